"""Numbers brought into a better range: rescaled, or to mean 0 and variance 1."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from pipekeras import ops
from pipekeras.core import configuration
from pipekeras.core.errors import ArgumentError, ConfigurationError, DataError, ShapeError
from pipekeras.core.registry import register
from pipekeras.graph.tensor import Tensor
from pipekeras.layers.base.layer import Layer


@register("layer")
class Rescaling(Layer):
    """Multiply by a factor and add an offset.

    Formula: y = scale x + offset.

    Args:
        scale: float, or a list with one for each channel.
        offset: float, or a list with one for each channel; default 0.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Rescaling(1 / 255)(np.array([255.0]))
    Tensor([1.], shape=(1,), dtype=float32)
    """

    def __init__(self, scale: Any, offset: Any = 0.0, **options: Any) -> None:
        super().__init__(**options)
        self.scale = scale
        self.offset = offset
        self.supports_masking = True

    def call(self, inputs: Any) -> Any:
        """Return the rescaled inputs."""
        values = inputs if inputs.dtype == self.compute_dtype else ops.cast(inputs, self.compute_dtype)
        return values * _constant(self.scale, values) + _constant(self.offset, values)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input shape."""
        return input_shape


def _constant(value: Any, like: Any) -> Any:
    return value if isinstance(value, int | float) else ops.convert_to_tensor(np.asarray(value), dtype=like.dtype)


@register("layer")
class Normalization(Layer):
    """Bring features to mean 0 and variance 1 by moments that were measured beforehand.

    Formula: y = (x - mean) / max(sqrt(variance), epsilon); with invert, y = mean + x max(sqrt(variance), epsilon).

    Args:
        axis: int, tuple of int or None, default -1; axes with moments of their own. None is one mean for everything.
        mean: float, list or None; default measured by `adapt`.
        variance: float, list or None; default measured by `adapt`.
        invert: bool, default False; whether to undo the normalisation.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any -> the same.

    Raises:
        ConfigurationError: only one of mean and variance is given.
        ShapeError: the input has no such axis, or its size is not known.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layer = layers.Normalization(axis=None)
    >>> layer.adapt(np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
    >>> layer(np.array([3.0, 5.0])).numpy().round(4)
    array([0.    , 1.4142], dtype=float32)
    """

    def __init__(self, axis: Any = -1, mean: Any = None, variance: Any = None, invert: bool = False, **options: Any) -> None:
        super().__init__(**options)
        if (mean is None) != (variance is None):
            raise ConfigurationError("Normalization: mean and variance are given together or not at all")
        if mean is not None and np.shape(mean) != np.shape(variance):
            raise ShapeError(f"Normalization: mean has shape {np.shape(mean)} and variance {np.shape(variance)}")
        self.axis = () if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
        self.input_mean = mean
        self.input_variance = variance
        self.invert = invert
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Make the moments."""
        rank = len(input_shape)
        if any(not -rank <= axis < rank for axis in self.axis):
            raise ShapeError(f"{self.describe()} needs an input with axes {self.axis}; got {tuple(input_shape)}")
        kept = tuple(sorted(axis % rank for axis in self.axis))
        if any(input_shape[axis] is None for axis in kept):
            raise ShapeError(f"{self.describe()} needs known sizes on axes {self.axis}; got {tuple(input_shape)}")
        shape = tuple(input_shape[axis] for axis in kept)
        self.__dict__["_kept"] = kept
        self.__dict__["_aligned"] = tuple(input_shape[axis] if axis in kept else 1 for axis in range(rank))
        if self.input_mean is None:
            self.adapt_mean = self.add_weight(shape=shape, initializer="zeros", trainable=False, name="mean")
            self.adapt_variance = self.add_weight(shape=shape, initializer="ones", trainable=False, name="variance")
            self.count = self.add_weight(shape=(), initializer="zeros", dtype="int32", trainable=False, name="count")
        else:
            self.__dict__["_given"] = self._spread(self.input_mean, rank), self._spread(self.input_variance, rank)

    @property
    def mean(self) -> Any:
        """The mean, with an axis for each of the input's; None before it is known."""
        return self._aligned_moments()[0]

    @property
    def variance(self) -> Any:
        """The variance, with an axis for each of the input's; None before it is known."""
        return self._aligned_moments()[1]

    def _aligned_moments(self) -> tuple[Any, Any]:
        if not self.built:
            return None, None
        if self.input_mean is not None:
            given: tuple[Any, Any] = self.__dict__["_given"]
            return given
        return ops.reshape(self.adapt_mean, self._aligned), ops.reshape(self.adapt_variance, self._aligned)

    def _spread(self, values: Any, rank: int) -> Tensor:
        array = np.asarray(values, self.compute_dtype)
        if array.ndim:
            shape = [1] * rank
            for axis, size in zip(self._kept[-array.ndim :], array.shape, strict=True):
                shape[axis] = size
            array = array.reshape(shape)
        return Tensor(np.ascontiguousarray(np.broadcast_to(array, self._aligned)))

    def adapt(self, data: Any) -> None:
        """Measure mean and variance.

        Args:
            data: array, or an iterable of batches.

        Raises:
            DataError: there are no data.
        """
        if self.input_mean is not None:
            raise ArgumentError("Normalization: mean and variance were given; there is nothing to measure")
        batches = batches_of(data)
        total: Any = None
        for batch in batches:
            array = np.asarray(batch[0] if isinstance(batch, tuple) else batch, "float64")
            if not self.built:
                self.build(array.shape)
            axes = tuple(axis for axis in range(array.ndim) if axis not in self._kept)
            count = int(np.prod([array.shape[axis] for axis in axes], dtype=np.int64))
            part = (count, array.mean(axis=axes), array.var(axis=axes))
            total = part if total is None else _joined(total, part)
        if total is None:
            raise DataError("Normalization: adapt() got no data")
        self.adapt_mean.assign(total[1].astype(self.adapt_mean.dtype))
        self.adapt_variance.assign(total[2].astype(self.adapt_variance.dtype))

    def call(self, inputs: Any) -> Any:
        """Return the normalised inputs."""
        values = inputs if inputs.dtype == self.compute_dtype else ops.cast(inputs, self.compute_dtype)
        mean, variance = self._aligned_moments()
        deviation = ops.maximum(ops.sqrt(variance), configuration.epsilon())
        return mean + values * deviation if self.invert else (values - mean) / deviation

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input shape."""
        return input_shape

    def _configuration(self) -> dict[str, Any]:
        def plain(value: Any) -> Any:
            return None if value is None else np.asarray(value).tolist()

        return {**super()._configuration(), "mean": plain(self.input_mean), "variance": plain(self.input_variance)}


def _joined(first: Any, second: Any) -> Any:
    """Return count, mean and variance of two sets of data together."""
    count = first[0] + second[0]
    weights = first[0] / count, second[0] / count
    mean = first[1] * weights[0] + second[1] * weights[1]
    variance = (first[2] + (first[1] - mean) ** 2) * weights[0] + (second[2] + (second[1] - mean) ** 2) * weights[1]
    return count, mean, variance


def batches_of(data: Any) -> Iterable[Any]:
    """Return an array as one batch, and an iterable as its batches."""
    return [data] if hasattr(data, "shape") or (isinstance(data, list) and not hasattr(data[0], "shape")) else data
