"""Pooling to a given number of windows, whatever the size of the input."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.define import floating, public
from pipekeras.ops.indexing import take
from pipekeras.ops.linear import matmul
from pipekeras.ops.reduction import max
from pipekeras.ops.shaping import moveaxis
from pipekeras.ops.windows import channels_back, channels_last, per_axis


def _borders(length: int, count: int) -> list[tuple[int, int]]:
    """Return where each window begins and ends: window i covers what lies between i / count and (i + 1) / count."""
    return [(index * length // count, -((-(index + 1) * length) // count)) for index in range(count)]


def _prepared(inputs: Any, output_size: Any, data_format: str | None, name: str) -> tuple[Tensor, tuple[int, ...], bool]:
    x = convert(inputs)
    if x.ndim < 3:
        raise ShapeError(f"{name} needs a batch, spatial axes and channels; got shape {x.shape}")
    counts = per_axis("output_size", output_size, x.ndim - 2)
    if min(counts) < 1:
        raise ArgumentError(f"{name}: output_size must be 1 or more on every axis, not {output_size!r}")
    x, first = channels_last(x, data_format)
    if None in x.shape[1:-1]:
        raise ShapeError(f"{name}: the spatial sizes of shape {x.shape} must be known")
    return x, counts, first


@public
def adaptive_average_pool(inputs: Any, output_size: Any, data_format: str | None = None) -> Tensor:
    """Mean of each of a given number of windows.

    Args:
        inputs: tensor (batch, *spatial, channels).
        output_size: int or one for each spatial axis: number of windows. Neighbours may overlap by one element.
        data_format: "channels_last" or "channels_first".

    >>> from pipekeras import ops
    >>> ops.adaptive_average_pool([[[1.0], [2.0], [3.0], [6.0]]], 2).numpy().ravel().tolist()
    [1.5, 4.5]
    """
    x, counts, first = _prepared(inputs, output_size, data_format, "adaptive_average_pool")
    x = floating(x)
    for axis, count in enumerate(counts, start=1):
        length = x.shape[axis] or 0
        shares = np.zeros((count, length), dtypes.NUMPY.get(x.dtype, np.dtype("float32")))
        for row, (begin, end) in enumerate(_borders(length, count)):
            shares[row, begin:end] = 1.0 / (end - begin)
        x = moveaxis(matmul(convert(shares, x.dtype), moveaxis(x, axis, -2)), -2, axis)
    return channels_back(x, first)


@public
def adaptive_max_pool(inputs: Any, output_size: Any, data_format: str | None = None) -> Tensor:
    """Largest element of each of a given number of windows; arguments as for `adaptive_average_pool`.

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> ops.adaptive_max_pool(np.arange(4.0).reshape(1, 4, 1), 2)
    Tensor([[[1.],
             [3.]]], shape=(1, 2, 1), dtype=float64)
    """
    x, counts, first = _prepared(inputs, output_size, data_format, "adaptive_max_pool")
    for axis, count in enumerate(counts, start=1):
        borders = _borders(x.shape[axis] or 0, count)
        longest = np.max([end - begin for begin, end in borders])
        # A shorter window repeats its last element, which changes no maximum.
        places = np.array([[begin + min(k, end - begin - 1) for k in range(longest)] for begin, end in borders], np.int32)
        x = max(take(x, places, axis), axis + 1)
    return channels_back(x, first)
