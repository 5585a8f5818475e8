"""Windows that fade a signal in and out: weights of a number of points."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.define import public
from pipekeras.ops.mathematics import cos
from pipekeras.ops.special import i0


def _window_positions(count: int, name: str) -> np.ndarray:
    return np.arange(count, dtype=dtypes.NUMPY[dtypes.standardize(None)])


def _cosine_window(x: Any, weights: tuple[float, ...], name: str) -> Tensor:
    count = _window_length(x, name)
    positions = _window_positions(count, name)
    total: Any = weights[0]
    for order, weight in enumerate(weights[1:], start=1):
        total = total + cos(positions * (2.0 * math.pi * order / max(count - 1, 1))) * weight
    return total if count > 1 else convert(np.ones(count, positions.dtype))


def _window_length(x: Any, name: str) -> int:
    count = convert(x)
    if count.ndim or count.data is None or not dtypes.is_integer(count.dtype):
        raise ArgumentError(f"{name} needs the number of points, a whole number known now; got {count!r}")
    return max(int(count), 0)


@public
def bartlett(x: int) -> Tensor:
    """Triangular window of `x` points: 1 - |2n / (x - 1) - 1|.

    Example:

    >>> from pipekeras import ops
    >>> ops.bartlett(3)
    Tensor([0., 1., 0.], shape=(3,), dtype=float32)
    """
    count = _window_length(x, "bartlett")
    positions = _window_positions(count, "bartlett")
    return convert(1.0 - np.abs(2.0 * positions / (count - 1) - 1.0).astype(positions.dtype) if count > 1
                   else np.ones(count, positions.dtype))  # fmt: skip


@public
def blackman(x: int) -> Tensor:
    """Blackman's window of `x` points: 0.42 - 0.5 cos(2 pi n / (x - 1)) + 0.08 cos(4 pi n / (x - 1)).

    Example:

    >>> from pipekeras import ops
    >>> ops.blackman(3).numpy().round(4)
    array([-0.,  1., -0.], dtype=float32)
    """
    return _cosine_window(x, (0.42, -0.5, 0.08), "blackman")


@public
def hamming(x: int) -> Tensor:
    """Hamming's window of `x` points: 0.54 - 0.46 cos(2 pi n / (x - 1)).

    Example:

    >>> from pipekeras import ops
    >>> ops.hamming(3).numpy().round(4)
    array([0.08, 1.  , 0.08], dtype=float32)
    """
    return _cosine_window(x, (0.54, -0.46), "hamming")


@public
def hanning(x: int) -> Tensor:
    """Hann's window of `x` points: 0.5 - 0.5 cos(2 pi n / (x - 1)).

    Example:

    >>> from pipekeras import ops
    >>> ops.hanning(3)
    Tensor([0., 1., 0.], shape=(3,), dtype=float32)
    """
    return _cosine_window(x, (0.5, -0.5), "hanning")


@public
def kaiser(x: int, beta: float) -> Tensor:
    """Kaiser's window of `x` points: i0(beta sqrt(1 - (2n / (x - 1) - 1)²)) / i0(beta).

    Example:

    >>> from pipekeras import ops
    >>> ops.kaiser(3, 1.0).numpy().round(4)
    array([0.7898, 1.    , 0.7898], dtype=float32)
    """
    count = _window_length(x, "kaiser")
    positions = _window_positions(count, "kaiser")
    if count < 2:
        return convert(np.ones(count, positions.dtype))
    inner = np.sqrt(np.maximum(1.0 - (2.0 * positions / (count - 1) - 1.0) ** 2, 0.0)).astype(positions.dtype)
    return i0(convert(beta, str(positions.dtype)) * inner) / i0(convert(beta, str(positions.dtype)))
