"""Random tensors with TensorFlow's arguments."""

from __future__ import annotations

from typing import Any

from pipekeras import ops, random
from pipekeras.compatibility.tensorflow.tensors import _sizes
from pipekeras.core.errors import ArgumentError
from pipekeras.graph.tensor import Tensor, convert


def _shape(shape: Any) -> Any:
    return tuple(shape) if isinstance(shape, tuple | list) and None in shape else _sizes(shape)


def normal(shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = "float32", seed: Any = None,
           name: str | None = None) -> Tensor:  # fmt: skip
    """Draw from the normal distribution."""
    return random.normal(_shape(shape), 0.0, 1.0, dtype, seed) * stddev + mean


def truncated_normal(shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = "float32", seed: Any = None,
                     name: str | None = None) -> Tensor:  # fmt: skip
    """Draw from the normal distribution cut off at two standard deviations."""
    return random.truncated_normal(_shape(shape), 0.0, 1.0, dtype, seed) * stddev + mean


def uniform(shape: Any, minval: Any = 0, maxval: Any = None, dtype: Any = "float32", seed: Any = None,
            name: str | None = None) -> Tensor:  # fmt: skip
    """Draw from the uniform distribution on [minval, maxval); whole numbers need maxval."""
    if "int" in str(dtype):
        if maxval is None:
            raise ArgumentError("tf.random.uniform: whole numbers need maxval")
        return random.randint(_shape(shape), int(minval), int(maxval), dtype, seed)
    high = 1.0 if maxval is None else maxval
    return random.uniform(_shape(shape), 0.0, 1.0, dtype, seed) * (convert(high, dtype) - minval) + minval


def gamma(shape: Any, alpha: Any, beta: Any = None, dtype: Any = "float32", seed: Any = None,
          name: str | None = None) -> Tensor:  # fmt: skip
    """Draw from the gamma distribution of shape alpha and rate beta."""
    # Each number of alpha gets draws of that shape.
    rates = convert(alpha, dtype)
    result = random.gamma((*_shape(shape), *rates.shape), rates if rates.ndim else float(rates), dtype, seed)
    return result if beta is None else result / beta


def categorical(logits: Any, num_samples: int, dtype: Any = "int64", seed: Any = None, name: str | None = None) -> Tensor:
    """Draw class numbers from logits of shape (batch, classes)."""
    return random.categorical(logits, int(num_samples), dtype or "int64", seed)


def shuffle(value: Any, seed: Any = None, name: str | None = None) -> Tensor:
    """Put the rows in a random order."""
    return random.shuffle(value, 0, seed)


def _pair(seed: Any) -> Any:
    return ops.cast(convert(seed), "uint32")


def stateless_normal(shape: Any, seed: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = "float32",
                     name: str | None = None) -> Tensor:  # fmt: skip
    """Draw from the normal distribution as a function of a pair of seeds."""
    return normal(shape, mean, stddev, dtype, _pair(seed))


def stateless_uniform(shape: Any, seed: Any, minval: Any = 0, maxval: Any = None, dtype: Any = "float32",
                      name: str | None = None) -> Tensor:  # fmt: skip
    """Draw from the uniform distribution as a function of a pair of seeds."""
    return uniform(shape, minval, maxval, dtype, _pair(seed))
