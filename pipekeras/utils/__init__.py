"""Small helpers for data, and the names that Keras keeps in `keras.utils`.

Example:
    >>> from pipekeras.utils import to_categorical
    >>> to_categorical([0, 2], num_classes=3)
    array([[1., 0., 0.],
           [0., 0., 1.]])
"""

from pipekeras.core.configuration import set_random_seed
from pipekeras.core.custom_objects import (
    custom_object_scope,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    register_keras_serializable,
)
from pipekeras.data.py_dataset import PyDataset
from pipekeras.utils.numerical import normalize, to_categorical
from pipekeras.utils.plot_history import history_rows, plot_history
from pipekeras.utils.progbar import Progbar
from pipekeras.utils.sequences import pad_sequences

CustomObjectScope = custom_object_scope
Sequence = PyDataset

__all__ = [
    "CustomObjectScope",
    "Progbar",
    "PyDataset",
    "Sequence",
    "custom_object_scope",
    "get_custom_objects",
    "get_registered_name",
    "get_registered_object",
    "history_rows",
    "normalize",
    "pad_sequences",
    "plot_history",
    "register_keras_serializable",
    "set_random_seed",
    "to_categorical",
]
