"""Configs of models as the versions of Keras 2 wrote them, brought to what they mean today.

What older configs call otherwise is translated where it is read. Here is what they call as today and mean otherwise: the
version of the writer alone tells it.
"""

from __future__ import annotations

from typing import Any

from pipekeras.core import keras_2_functions

HARD_SIGMOID = "Keras2>hard_sigmoid_of_keras_2"
"""Name, in configs, of what Keras 2 called hard_sigmoid: clip(0.2 x + 0.5, 0, 1), not relu6(x + 3) / 6."""
_ACTIVATIONS = ("activation", "recurrent_activation")
_GATED = ("GRU", "GRUCell")
_DEEPEST = 200
"""What is nested deeper is no config of a model; reading it refuses it in words."""


def is_keras_2(version: Any) -> bool:
    """Whether a version that a file names is one of Keras 2 or 1.

    >>> is_keras_2("2.15.0"), is_keras_2("3.15.1"), is_keras_2(None)
    (True, False, False)
    """
    return isinstance(version, str) and version.startswith(("1.", "2."))


def meaning_today(config: Any, depth: int = 0) -> Any:
    """Return a config that Keras 2 wrote with names that have the same meaning today.

    >>> meaning_today({"class_name": "GRU", "config": {"recurrent_activation": "hard_sigmoid"}})
    {'class_name': 'GRU', 'config': {'recurrent_activation': 'Keras2>hard_sigmoid_of_keras_2', 'reset_after': False}}
    """
    if isinstance(config, list) and depth < _DEEPEST:
        return [meaning_today(item, depth + 1) for item in config]
    if not isinstance(config, dict) or depth >= _DEEPEST:
        return config
    found: dict[str, Any] = {
        key: HARD_SIGMOID if key in _ACTIVATIONS and _is_hard_sigmoid(value) else meaning_today(value, depth + 1)
        for key, value in config.items()
    }
    if found.get("class_name") in keras_2_functions.CLASSES:
        return keras_2_functions.as_op(found)
    if found.get("class_name") in _GATED and isinstance(found.get("config"), dict):
        # Versions that do not name the option had not got it.
        found["config"].setdefault("reset_after", False)
    return found


def _is_hard_sigmoid(value: Any) -> bool:
    if isinstance(value, dict) and value.get("class_name") == "function":
        value = value.get("config")
    return bool(value == "hard_sigmoid")
