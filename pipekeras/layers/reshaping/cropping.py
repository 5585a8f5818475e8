"""Rows cut off at the ends of spatial axes."""

from __future__ import annotations

from typing import Any

from pipekeras.core.errors import ShapeError
from pipekeras.core.registry import register
from pipekeras.layers.reshaping.edges import EdgeLayer, Pairs, pairs


class _Cropping(EdgeLayer):
    edges: Pairs

    def call(self, inputs: Any) -> Any:
        """Return the inputs without the cropped rows."""
        self.compute_output_shape(inputs.shape)
        index = [slice(None)] * inputs.ndim
        for axis, (before, after) in zip(self.spatial_axes(), self.edges, strict=True):
            index[axis] = slice(before, -after if after else None)
        return inputs[tuple(index)]

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input shape with shorter spatial axes."""
        shape = list(input_shape)
        for axis, (before, after) in zip(self.spatial_axes(), self.edges, strict=True):
            if shape[axis] is not None:
                shape[axis] -= before + after
                if shape[axis] <= 0:
                    raise ShapeError(f"{self.describe()} cuts off all of axis {axis}; got {tuple(input_shape)}")
        return tuple(shape)


@register("layer")
class Cropping1D(_Cropping):
    """Cut steps off the ends of the time axis.

    Formula: y[b, t] = x[b, t + before].

    Args:
        cropping: int, or (before, after); default (1, 1).
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, time, features) -> (batch, time - before - after, features).

    Raises:
        ShapeError: nothing would be left.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Cropping1D((1, 2))(np.zeros((2, 10, 3))).shape
    (2, 7, 3)
    """

    rank = 1

    def __init__(self, cropping: Any = (1, 1), **options: Any) -> None:
        super().__init__(**options)
        self.edges = pairs(self, "cropping", cropping, 1)
        self.cropping = self.edges[0]


@register("layer")
class Cropping2D(_Cropping):
    """Cut rows and columns off images.

    Formula: y[b, i, j] = x[b, i + top, j + left].

    Args:
        cropping: int, (rows, columns) or ((top, bottom), (left, right)); default ((0, 0), (0, 0)).
        data_format: "channels_last" (default) or "channels_first".
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, rows, columns, channels) -> rows and columns less by what is cut.

    Raises:
        ShapeError: nothing would be left.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Cropping2D(((2, 2), (4, 4)))(np.zeros((2, 28, 28, 3))).shape
    (2, 24, 20, 3)
    """

    rank = 2

    def __init__(self, cropping: Any = ((0, 0), (0, 0)), data_format: str | None = None, **options: Any) -> None:
        super().__init__(data_format, **options)
        self.cropping = self.edges = pairs(self, "cropping", cropping, 2)


@register("layer")
class Cropping3D(_Cropping):
    """Cut slices off the ends of three spatial axes.

    Formula: y[b, i, j, k] = x[b, i + before1, j + before2, k + before3].

    Args:
        cropping: int, three numbers, or three pairs; default ((1, 1), (1, 1), (1, 1)).
        data_format: "channels_last" (default) or "channels_first".
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, d1, d2, d3, channels) -> d1, d2, d3 less by what is cut.

    Raises:
        ShapeError: nothing would be left.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Cropping3D(1)(np.zeros((2, 5, 6, 7, 3))).shape
    (2, 3, 4, 5, 3)
    """

    rank = 3

    def __init__(self, cropping: Any = ((1, 1), (1, 1), (1, 1)), data_format: str | None = None, **options: Any) -> None:
        super().__init__(data_format, **options)
        self.cropping = self.edges = pairs(self, "cropping", cropping, 3)
