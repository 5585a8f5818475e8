"""Zeros added at the ends of spatial axes."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.registry import register
from pipekeras.layers.reshaping.edges import EdgeLayer, Pairs, pairs


class _ZeroPadding(EdgeLayer):
    edges: Pairs

    def call(self, inputs: Any) -> Any:
        """Return the inputs with zeros around them."""
        widths = [(0, 0)] * inputs.ndim
        for axis, ends in zip(self.spatial_axes(), self.edges, strict=True):
            widths[axis] = ends
        return ops.pad(inputs, tuple(widths))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input shape with longer spatial axes."""
        shape = list(input_shape)
        for axis, (before, after) in zip(self.spatial_axes(), self.edges, strict=True):
            shape[axis] = None if shape[axis] is None else shape[axis] + before + after
        return tuple(shape)


@register("layer")
class ZeroPadding1D(_ZeroPadding):
    """Add zero steps at the ends of the time axis.

    Formula: y[b, t] = x[b, t - before], 0 outside.

    Args:
        padding: int, or (before, after); default 1.
        data_format: "channels_last" (default) or "channels_first".
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, time, features) -> (batch, time + before + after, features).

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.ZeroPadding1D(2)(np.zeros((2, 10, 3))).shape
    (2, 14, 3)
    """

    rank = 1

    def __init__(self, padding: Any = 1, data_format: str | None = None, **options: Any) -> None:
        from pipekeras.layers.base.arguments import data_format as checked

        super().__init__(**options)
        self.data_format = checked(self, data_format)
        self.edges = pairs(self, "padding", padding, 1)
        self.padding = self.edges[0]


@register("layer")
class ZeroPadding2D(_ZeroPadding):
    """Add rows and columns of zeros around images.

    Formula: y[b, i, j] = x[b, i - top, j - left], 0 outside.

    Args:
        padding: int, (rows, columns) or ((top, bottom), (left, right)); default (1, 1).
        data_format: "channels_last" (default) or "channels_first".
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, rows, columns, channels) -> rows and columns more by what is added.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.ZeroPadding2D(((1, 0), (2, 3)))(np.zeros((2, 4, 4, 1))).shape
    (2, 5, 9, 1)
    """

    rank = 2

    def __init__(self, padding: Any = (1, 1), data_format: str | None = None, **options: Any) -> None:
        super().__init__(data_format, **options)
        self.padding = self.edges = pairs(self, "padding", padding, 2)


@register("layer")
class ZeroPadding3D(_ZeroPadding):
    """Add slices of zeros at the ends of three spatial axes.

    Formula: y[b, i, j, k] = x[b, i - before1, j - before2, k - before3], 0 outside.

    Args:
        padding: int, three numbers, or three pairs; default ((1, 1), (1, 1), (1, 1)).
        data_format: "channels_last" (default) or "channels_first".
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, d1, d2, d3, channels) -> d1, d2, d3 more by what is added.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.ZeroPadding3D(1)(np.zeros((1, 2, 2, 3, 2))).shape
    (1, 4, 4, 5, 2)
    """

    rank = 3

    def __init__(self, padding: Any = ((1, 1), (1, 1), (1, 1)), data_format: str | None = None, **options: Any) -> None:
        super().__init__(data_format, **options)
        self.padding = self.edges = pairs(self, "padding", padding, 3)
