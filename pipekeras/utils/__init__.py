"""Small helpers for data, and the names that Keras keeps in `keras.utils`.

Example:
    >>> from pipekeras.utils import to_categorical
    >>> to_categorical([0, 2], num_classes=3)
    array([[1., 0., 0.],
           [0., 0., 1.]])
"""

from __future__ import annotations

import importlib
from typing import Any

from pipekeras.core.configuration import set_random_seed
from pipekeras.core.custom_objects import (
    custom_object_scope,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    register_keras_serializable,
)
from pipekeras.core.older_places import older_names
from pipekeras.data.py_dataset import PyDataset
from pipekeras.utils.batches import pack_x_y_sample_weight, split_dataset, unpack_x_y_sample_weight
from pipekeras.utils.config import Config
from pipekeras.utils.message import (
    disable_interactive_logging,
    enable_interactive_logging,
    is_interactive_logging_enabled,
)
from pipekeras.utils.numerical import normalize, to_categorical
from pipekeras.utils.plot_history import history_rows, plot_history
from pipekeras.utils.progbar import Progbar
from pipekeras.utils.sequences import pad_sequences

CustomObjectScope = custom_object_scope
Sequence = PyDataset

# What Keras lists among its tools, and where it is here: other floors of the house, which are not loaded for a tool.
_ELSEWHERE = {
    "FeatureSpace": "pipekeras.layers.preprocessing.feature_space",
    "array_to_img": "pipekeras.preprocessing.image",
    "audio_dataset_from_directory": "pipekeras.preprocessing",
    "clear_session": "pipekeras.backend",
    "deserialize_keras_object": "pipekeras.saving",
    "get_source_inputs": "pipekeras.layers.base.node",
    "image_dataset_from_directory": "pipekeras.preprocessing",
    "img_to_array": "pipekeras.preprocessing.image",
    "is_keras_tensor": "pipekeras.backend",
    "load_img": "pipekeras.preprocessing.image",
    "model_to_dot": "pipekeras.models.dot",
    "plot_model": "pipekeras.models.dot",
    "save_img": "pipekeras.preprocessing.image",
    "serialize_keras_object": "pipekeras.saving",
    "standardize_dtype": "pipekeras.backend",
    "text_dataset_from_directory": "pipekeras.preprocessing",
    "timeseries_dataset_from_array": "pipekeras.preprocessing",
}

__all__ = [
    "Config",
    "CustomObjectScope",
    "Progbar",
    "PyDataset",
    "Sequence",
    "custom_object_scope",
    "disable_interactive_logging",
    "enable_interactive_logging",
    "get_custom_objects",
    "get_registered_name",
    "get_registered_object",
    "history_rows",
    "is_interactive_logging_enabled",
    "normalize",
    "pack_x_y_sample_weight",
    "pad_sequences",
    "plot_history",
    "register_keras_serializable",
    "set_random_seed",
    "split_dataset",
    "to_categorical",
    "unpack_x_y_sample_weight",
]
__all__ += sorted([*_ELSEWHERE, "bounding_boxes"])


def __getattr__(name: str) -> Any:
    if name == "bounding_boxes":
        return importlib.import_module("pipekeras.utils.bounding_boxes")
    if name not in _ELSEWHERE:
        return older_names(__name__)(name)
    return getattr(importlib.import_module(_ELSEWHERE[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_ELSEWHERE, "bounding_boxes"})
