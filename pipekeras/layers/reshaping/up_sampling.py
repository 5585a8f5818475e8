"""Spatial axes made longer."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras import ops
from pipekeras.core.errors import ShapeError
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import choice, sizes, whole_number
from pipekeras.layers.base.arguments import data_format as checked_data_format
from pipekeras.layers.base.input_spec import InputSpec
from pipekeras.layers.base.layer import Layer


def _longer(input_shape: Any, factors: tuple[int, ...], first: int) -> tuple[int | None, ...]:
    shape = list(input_shape)
    for axis, factor in enumerate(factors, start=first):
        shape[axis] = None if shape[axis] is None else shape[axis] * factor
    return tuple(shape)


@register("layer")
class UpSampling1D(Layer):
    """Repeat each time step.

    Formula: y[b, t] = x[b, floor(t / size)].

    Args:
        size: int, default 2.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, time, features) -> (batch, time * size, features).

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.UpSampling1D(3)(np.zeros((2, 4, 5))).shape
    (2, 12, 5)
    """

    def __init__(self, size: Any = 2, **options: Any) -> None:
        super().__init__(**options)
        self.size = whole_number(self, "size", size[0] if isinstance(size, list | tuple) and len(size) == 1 else size)
        self.input_spec = InputSpec(ndim=3)

    def call(self, inputs: Any) -> Any:
        """Return the inputs with steps repeated."""
        return ops.repeat(inputs, self.size, axis=1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape with a longer time axis."""
        return _longer(input_shape, (self.size,), 1)


@register("layer")
class UpSampling2D(Layer):
    """Make images larger by repeating or blending pixels.

    Formula (nearest): y[b, i, j] = x[b, floor(i / size[0]), floor(j / size[1])].

    Args:
        size: int or (rows, columns); default (2, 2).
        data_format: "channels_last" (default) or "channels_first".
        interpolation: "nearest" (default), "bilinear", "bicubic", "lanczos3" or "lanczos5".
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, rows, columns, channels) -> (batch, rows * size[0], columns * size[1], channels).

    Raises:
        ShapeError: the image's size is not known and pixels are to be blended.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.UpSampling2D((1, 2))(np.zeros((2, 2, 1, 3))).shape
    (2, 2, 2, 3)
    """

    def __init__(
        self, size: Any = (2, 2), data_format: str | None = None, interpolation: str = "nearest", **options: Any
    ) -> None:
        super().__init__(**options)
        self.data_format = checked_data_format(self, data_format)
        self.size = sizes(self, "size", size, 2)
        self.interpolation = choice(
            self, "interpolation", interpolation, ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")
        )
        self.input_spec = InputSpec(ndim=4)

    def call(self, inputs: Any) -> Any:
        """Return the larger images."""
        first = 2 if self.data_format == "channels_first" else 1
        outputs = inputs
        for axis, factor in zip((first, first + 1), self.size, strict=True):
            if factor == 1:
                continue
            if self.interpolation == "nearest":
                outputs = ops.repeat(outputs, factor, axis=axis)
            else:
                outputs = self._blend(outputs, axis, factor)
        return outputs

    def _blend(self, inputs: Any, axis: int, factor: int) -> Any:
        length = inputs.shape[axis]
        if length is None:
            raise ShapeError(f"{self.describe()} needs images of known size; got {tuple(inputs.shape)}")
        weights = blending_weights(length, length * factor, self.interpolation)
        weights_tensor = ops.convert_to_tensor(weights.astype(inputs.dtype))
        moved = ops.moveaxis(inputs, axis, -1)
        return ops.moveaxis(ops.matmul(moved, weights_tensor), -1, axis)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape with larger images."""
        return _longer(input_shape, self.size, 2 if self.data_format == "channels_first" else 1)


def blending_weights(length: int, new_length: int, interpolation: str) -> np.ndarray:
    """Return the matrix (length, new_length) that resizes a line of pixels by a kernel of the given name.

    Pixels are squares with their centres at half numbers; weights that would reach outside are shared by the rest.
    """
    kernels = {
        "bilinear": (1.0, lambda x: 1.0 - x),
        "bicubic": (2.0, _cubic),
        "lanczos3": (3.0, lambda x: _lanczos(x, 3.0)),
        "lanczos5": (5.0, lambda x: _lanczos(x, 5.0)),
    }
    radius, kernel = kernels[interpolation]
    centres = (np.arange(new_length) + 0.5) * length / new_length - 0.5
    distances = np.abs(centres[None, :] - np.arange(length)[:, None])
    weights = np.where(distances < radius, kernel(np.minimum(distances, radius)), 0.0)
    return weights / weights.sum(axis=0, keepdims=True)


def _cubic(x: np.ndarray) -> np.ndarray:
    """Keys' cubic kernel with a = -0.5."""
    near = (1.5 * x - 2.5) * x * x + 1.0
    far = ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0
    return np.where(x <= 1, near, far)


def _lanczos(x: np.ndarray, radius: float) -> np.ndarray:
    return np.sinc(x) * np.sinc(x / radius)


@register("layer")
class UpSampling3D(Layer):
    """Repeat the elements along three spatial axes.

    Formula: y[b, i, j, k] = x[b, floor(i / size[0]), floor(j / size[1]), floor(k / size[2])].

    Args:
        size: int or three numbers; default (2, 2, 2).
        data_format: "channels_last" (default) or "channels_first".
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, d1, d2, d3, channels) -> d1, d2, d3 times size.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.UpSampling3D(2)(np.zeros((2, 1, 2, 1, 3))).shape
    (2, 2, 4, 2, 3)
    """

    def __init__(self, size: Any = (2, 2, 2), data_format: str | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.data_format = checked_data_format(self, data_format)
        self.size = sizes(self, "size", size, 3)
        self.input_spec = InputSpec(ndim=5)

    def call(self, inputs: Any) -> Any:
        """Return the inputs with elements repeated."""
        first = 2 if self.data_format == "channels_first" else 1
        outputs = inputs
        for axis, factor in enumerate(self.size, start=first):
            if factor > 1:
                outputs = ops.repeat(outputs, factor, axis=axis)
        return outputs

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape with longer spatial axes."""
        return _longer(input_shape, self.size, 2 if self.data_format == "channels_first" else 1)
