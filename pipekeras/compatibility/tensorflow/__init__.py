"""`tf`: the names of TensorFlow that Keras scripts use, over our own ops, layers and data sets.

Everything runs at once or, inside of a model, as part of its program; sessions and graphs are taken and hold nothing.

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

__version__ = "2.18.0"

_INSTEAD = {
    "contrib": "TensorFlow 2 has no contrib; tf.keras holds what it became",
    "estimator": "use a model: tf.keras.Sequential or tf.keras.Model",
    "feature_column": "use preprocessing layers of tf.keras.layers",
    "SparseTensor": "tensors are dense: tf.scatter_nd(indices, values, shape) makes one",
    "sparse": "tensors are dense: tf.scatter_nd(indices, values, shape) makes one",
    "RaggedTensor": "rows need one length: tf.keras.utils.pad_sequences fills them up",
    "ragged": "rows need one length: tf.keras.utils.pad_sequences fills them up",
    "lite": "models are saved with model.save()",
    "tpu": "there is one device, the processor",
}
"""What to write for names of TensorFlow that have no meaning here."""


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    if name in _INSTEAD:
        raise AttributeError(f"tf.{name} has no counterpart in pipekeras; {_INSTEAD[name]}")
    value = find("tf", read_table(NAMES), "", name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return members(read_table(NAMES), "")
