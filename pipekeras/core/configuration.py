"""Settings of the process: default float, epsilon, data format, seeds, debugging."""

from __future__ import annotations

import os
from typing import Any

from pipekeras.core.errors import ConfigurationError

_settings: dict[str, Any] = {"floatx": "float32", "epsilon": 1e-7, "image_data_format": "channels_last",
                             "max_epochs": None, "max_steps_per_epoch": None, "flash_attention": None}  # fmt: skip
_seed_state: dict[str, int | None] = {"seed": None, "drawn": 0}


def floatx() -> str:
    """Return the default float type, "float32" unless it was set.

    >>> floatx()
    'float32'
    """
    return _settings["floatx"]


def set_floatx(value: str) -> None:
    """Set the default float type: "bfloat16", "float16", "float32" or "float64"."""
    if value not in ("bfloat16", "float16", "float32", "float64"):
        raise ConfigurationError(f"floatx must be 'bfloat16', 'float16', 'float32' or 'float64', not {value!r}")
    _settings["floatx"] = value


def epsilon() -> float:
    """Return the small number that keeps divisions and logarithms finite (1e-7)."""
    return _settings["epsilon"]


def set_epsilon(value: float) -> None:
    """Set the value of `epsilon()`."""
    _settings["epsilon"] = float(value)


def image_data_format() -> str:
    """Return "channels_last" or "channels_first", the default of image layers."""
    return _settings["image_data_format"]


def set_image_data_format(value: str) -> None:
    """Set the default of image layers: "channels_last" or "channels_first"."""
    if value not in ("channels_last", "channels_first"):
        raise ConfigurationError(f"data format must be 'channels_last' or 'channels_first', not {value!r}")
    _settings["image_data_format"] = value


def max_epochs() -> int | None:
    """Return the most epochs that any `fit` trains, None for no limit."""
    return _settings["max_epochs"]


def set_max_epochs(max_epochs: int | None) -> None:
    """Let no `fit` train longer than so many epochs: a trial run of a script that trains for hours."""
    _settings["max_epochs"] = _limit(max_epochs, "max_epochs")


def max_steps_per_epoch() -> int | None:
    """Return the most batches that an epoch of `fit`, `evaluate` or `predict` takes, None for no limit."""
    return _settings["max_steps_per_epoch"]


def set_max_steps_per_epoch(max_steps_per_epoch: int | None) -> None:
    """Let no epoch of `fit`, `evaluate` or `predict` take more than so many batches."""
    _settings["max_steps_per_epoch"] = _limit(max_steps_per_epoch, "max_steps_per_epoch")


def enable_flash_attention() -> None:
    """Ask for attention that never holds its matrix of weights, as it never does."""
    _settings["flash_attention"] = True


def disable_flash_attention() -> None:
    """Take back what `enable_flash_attention` asked for; the way of computing stays the same."""
    _settings["flash_attention"] = False


def is_flash_attention_enabled() -> bool | None:
    """Return what was asked for last, None before.

    >>> is_flash_attention_enabled() is None
    True
    """
    return _settings["flash_attention"]


def _limit(value: int | None, name: str) -> int | None:
    if value is not None and (isinstance(value, bool) or int(value) != value or value < 1):
        raise ConfigurationError(f"{name} must be a whole number of 1 or more, or None, not {value!r}")
    return None if value is None else int(value)


def at_most(value: int | None, limit: int | None) -> int | None:
    """Return the smaller of a number and a limit; None stands for no limit on either side.

    >>> at_most(None, 3), at_most(5, 3), at_most(2, None)
    (3, 3, 2)
    """
    return limit if value is None else value if limit is None else min(value, limit)


def set_random_seed(seed: int) -> None:
    """Fix every random number that pipekeras draws from here on, and NumPy's and Python's too.

    Args:
        seed: int, 0 or more.

    >>> import pipekeras
    >>> pipekeras.utils.set_random_seed(1)
    """
    if isinstance(seed, bool) or int(seed) != seed or seed < 0:
        raise ConfigurationError(f"seed must be a whole number of 0 or more, not {seed!r}")
    import random

    import numpy

    random.seed(int(seed))
    numpy.random.seed(int(seed) % 2**32)
    _seed_state["seed"] = int(seed)
    _seed_state["drawn"] = 0


def next_seed() -> int:
    """Return a fresh 63-bit seed: the next of the fixed sequence, or one from the system's entropy."""
    seed = _seed_state["seed"]
    if seed is None:
        return int.from_bytes(os.urandom(8), "little") >> 1
    drawn = _seed_state["drawn"] or 0
    _seed_state["drawn"] = drawn + 1
    return _mix(seed, drawn)


def _mix(seed: int, drawn: int) -> int:
    """Scramble (seed, number) with the finalizer of SplitMix64 (Steele, Lea, Flood 2014)."""
    mask = 2**64 - 1
    value = (seed * 0x9E3779B97F4A7C15 + (drawn + 1) * 0xD1B54A32D192ED03) & mask
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & mask
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & mask
    return (value ^ (value >> 31)) >> 1


def debug(topic: str) -> bool:
    """Whether the environment variable PIPEKERAS_DEBUG (a comma-separated list) names `topic`."""
    return topic in os.environ.get("PIPEKERAS_DEBUG", "").split(",")
