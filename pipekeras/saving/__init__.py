"""Models and weights in files.

Nothing heavy is imported before it is used.

Example:
    >>> from pipekeras import saving
    >>> saving.load_model("missing.keras")
    Traceback (most recent call last):
        ...
    pipekeras.core.errors.FileFormatError: there is no file missing.keras
      mend: check the path
"""

from typing import Any

from pipekeras.core.custom_objects import (
    custom_object_scope,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    register_keras_serializable,
)
from pipekeras.core.serialization import deserialize as deserialize_keras_object
from pipekeras.core.serialization import serialize as serialize_keras_object
from pipekeras.saving.api import load_model, save_model
from pipekeras.saving.sources import source_of
from pipekeras.saving.weights import load_weights, save_weights

CustomObjectScope = custom_object_scope

__all__ = [
    "CustomObjectScope",
    "KerasFileEditor",
    "custom_object_scope",
    "deserialize_keras_object",
    "get_custom_objects",
    "get_registered_name",
    "get_registered_object",
    "load_model",
    "load_weights",
    "register_keras_serializable",
    "save_model",
    "save_weights",
    "serialize_keras_object",
    "source_of",
]


def __getattr__(name: str) -> Any:
    if name == "KerasFileEditor":
        from pipekeras.saving.file_editor import KerasFileEditor

        return KerasFileEditor
    raise AttributeError(f"module 'pipekeras.saving' has no attribute '{name}'")
