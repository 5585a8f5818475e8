"""`tf`: the names of TensorFlow that Keras scripts use, over our own ops, layers and data sets.

Everything runs at once or, inside of a model, as part of its program; there are no sessions and no graphs to manage.

>>> from pipekeras.compatibility import tensorflow as tf
>>> tf.reduce_mean(tf.constant([[1.0, 3.0], [5.0, 7.0]]), axis=0)
Tensor([3., 5.], shape=(2,), dtype=float32)
>>> tf.keras.layers.Dense(2).units
2
"""

from __future__ import annotations

from typing import Any

from pipekeras.compatibility.naming import find, members, read_table
from pipekeras.compatibility.tensorflow.table import NAMES


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    value = find("tf", read_table(NAMES), "", name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return members(read_table(NAMES), "")
