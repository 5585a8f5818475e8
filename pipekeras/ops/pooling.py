"""Pooling: the largest or mean element of each window."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Shape, Tensor, convert, known
from pipekeras.ops.arithmetic import divide
from pipekeras.ops.define import OPERATIONS, cast, constant, primitive, public
from pipekeras.ops.windows import (
    Padding,
    amounts,
    channels_back,
    channels_last,
    check_lengths,
    cropped,
    output_length,
    padded,
    pair_at,
    per_axis,
    positions,
    standard_padding,
)

Numbers = tuple[int, ...]


def _counts(lengths: Any, window: Numbers, strides: Numbers, pads: Any) -> tuple[int, ...]:
    return tuple(
        int(output_length(length, size, stride, 1, pair) or 0)
        for length, size, stride, pair in zip(lengths, window, strides, pads, strict=True)
    )


def _infer(x: Tensor, window: Numbers, strides: Numbers, padding: Padding) -> Spec:
    lengths = tuple(
        output_length(length, size, stride, 1, pair_at(padding, axis))
        for axis, (length, size, stride) in enumerate(zip(x.shape[1:-1], window, strides, strict=True))
    )
    check_lengths("pooling", lengths, x.shape)
    return Spec((x.shape[0], *lengths, x.shape[-1]), x.dtype)


def _lowest(dtype: np.dtype) -> Any:
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min


def _winners(x: np.ndarray, window: Numbers, strides: Numbers, padding: Padding) -> tuple[np.ndarray, np.ndarray, Any]:
    """Return the largest element of each window, the number of its place (the first at a tie), and the padding."""
    ones = (1,) * len(window)
    pads = amounts(x.shape[1:-1], window, strides, ones, padding)
    counts = _counts(x.shape[1:-1], window, strides, pads)
    wide = padded(x, pads, _lowest(x.dtype))
    best = np.full((x.shape[0], *counts, x.shape[-1]), _lowest(x.dtype), x.dtype)
    place_of = np.zeros(best.shape, np.int32)
    for number, (_, index) in enumerate(positions(window, counts, strides, ones)):
        seen = wide[index]
        larger = (seen > best) | (np.isnan(seen) & ~np.isnan(best)) if x.dtype.kind == "f" else seen > best
        place_of[larger] = number
        best[larger] = seen[larger]
    return best, place_of, pads


@primitive(
    _infer,
    lambda g, out, x, window, strides, padding: (
        OPERATIONS["max_pooling_gradient"](g, x, window=window, strides=strides, padding=padding),
    ),
    "pooling",
)
def _max_pooling(x: Any, window: Numbers, strides: Numbers, padding: Padding) -> Any:
    return _winners(x, window, strides, padding)[0]


def _infer_like_x(g: Tensor, x: Tensor, window: Numbers, strides: Numbers, padding: Padding) -> Spec:
    return Spec(x.shape, g.dtype)


@primitive(
    _infer_like_x,
    lambda g, out, g_in, x, window, strides, padding: (
        OPERATIONS["max_pooling_select"](g, x, window=window, strides=strides, padding=padding),
        None,
    ),
    "pooling",
)
def _max_pooling_gradient(g: Any, x: Any, window: Numbers, strides: Numbers, padding: Padding) -> Any:
    """Give each window's gradient to the element that won."""
    _, place_of, pads = _winners(x, window, strides, padding)
    lengths = x.shape[1:-1]
    wide = np.zeros(
        (x.shape[0], *(size + before + after for size, (before, after) in zip(lengths, pads, strict=True)), x.shape[-1]),
        g.dtype,
    )
    for number, (_, index) in enumerate(positions(window, g.shape[1:-1], strides, (1,) * len(window))):
        wide[index] += np.where(place_of == number, g, 0)
    return cropped(wide, pads, lengths)


def _infer_select(g: Tensor, x: Tensor, window: Numbers, strides: Numbers, padding: Padding) -> Spec:
    return Spec(_infer(x, window, strides, padding).shape, g.dtype)


@primitive(
    _infer_select,
    lambda g, out, g_in, x, window, strides, padding: (
        OPERATIONS["max_pooling_gradient"](g, x, window=window, strides=strides, padding=padding),
        None,
    ),
    "pooling",
)
def _max_pooling_select(g: Any, x: Any, window: Numbers, strides: Numbers, padding: Padding) -> Any:
    """Take from g the element at the place where x is largest in each window."""
    _, place_of, pads = _winners(x, window, strides, padding)
    wide = padded(g, pads)
    result = np.zeros(place_of.shape, g.dtype)
    for number, (_, index) in enumerate(positions(window, place_of.shape[1:-1], strides, (1,) * len(window))):
        result += np.where(place_of == number, wide[index], 0)
    return result


@primitive(
    _infer,
    lambda g, out, x, window, strides, padding: (
        OPERATIONS["sum_pooling_gradient"](g, shape=x.shape, window=window, strides=strides, padding=padding),
    ),
    "pooling",
)
def _sum_pooling(x: Any, window: Numbers, strides: Numbers, padding: Padding) -> Any:
    ones = (1,) * len(window)
    pads = amounts(x.shape[1:-1], window, strides, ones, padding)
    counts = _counts(x.shape[1:-1], window, strides, pads)
    wide = padded(x, pads)
    result = np.zeros((x.shape[0], *counts, x.shape[-1]), x.dtype)
    for _, index in positions(window, counts, strides, ones):
        result += wide[index]
    return result


def _infer_shape(g: Tensor, shape: Shape, window: Numbers, strides: Numbers, padding: Padding) -> Spec:
    return Spec(tuple(shape), g.dtype)


@primitive(
    _infer_shape,
    lambda g, out, g_in, shape, window, strides, padding: (
        _sum_pooling(g, window=window, strides=strides, padding=padding),
    ),
    "pooling",
)
def _sum_pooling_gradient(g: Any, shape: Any, window: Numbers, strides: Numbers, padding: Padding) -> Any:
    """Give each window's gradient to all of its elements."""
    ones = (1,) * len(window)
    lengths = tuple(shape[1:-1])
    pads = amounts(lengths, window, strides, ones, padding)
    wide = np.zeros(
        (g.shape[0], *(size + before + after for size, (before, after) in zip(lengths, pads, strict=True)), g.shape[-1]),
        g.dtype,
    )
    for _, index in positions(window, g.shape[1:-1], strides, ones):
        wide[index] += g
    return cropped(wide, pads, lengths)


def _settings(x: Tensor, pool_size: Any, strides: Any, padding: Any) -> dict[str, Any]:
    rank = x.ndim - 2
    window = per_axis("pool_size", pool_size, rank)
    return {
        "window": window,
        "strides": window if strides is None else per_axis("strides", strides, rank),
        "padding": standard_padding(padding),
    }


@public
def max_pool(
    inputs: Any, pool_size: Any, strides: Any = None, padding: str = "valid", data_format: str | None = None
) -> Tensor:
    """Largest element of each window.

    Args:
        inputs: tensor (batch, *spatial, channels).
        pool_size: int or one for each spatial axis.
        strides: int or one for each spatial axis, default pool_size.
        padding: "valid" (default) or "same".
        data_format: "channels_last" or "channels_first".

    >>> from pipekeras import ops
    >>> ops.max_pool([[[1.0], [3.0], [2.0], [0.0]]], 2)
    Tensor([[[3.],
             [2.]]], shape=(1, 2, 1), dtype=float32)
    """
    x, first = channels_last(convert(inputs), data_format)
    return channels_back(_max_pooling(x, **_settings(x, pool_size, strides, padding)), first)


@public
def average_pool(
    inputs: Any, pool_size: Any, strides: Any = None, padding: str = "valid", data_format: str | None = None
) -> Tensor:
    """Mean of each window; padding does not count.

    Args:
        inputs: tensor (batch, *spatial, channels).
        pool_size: int or one for each spatial axis.
        strides: int or one for each spatial axis, default pool_size.
        padding: "valid" (default) or "same".
        data_format: "channels_last" or "channels_first".

    >>> from pipekeras import ops
    >>> ops.average_pool([[[1.0], [3.0], [2.0], [0.0]]], 2)
    Tensor([[[2.],
             [1.]]], shape=(1, 2, 1), dtype=float32)
    """
    x = convert(inputs)
    if not dtypes.is_float(x.dtype):
        x = cast(x, dtypes.as_float(x.dtype))
    x, first = channels_last(x, data_format)
    settings = _settings(x, pool_size, strides, padding)
    sums = _sum_pooling(x, **settings)
    if settings["padding"] == "valid" or None in x.shape[1:-1]:
        count: Any = constant(float(np.prod(settings["window"])), x.dtype)
    else:
        ones = np.ones((1, *known(x.shape)[1:-1], 1), x.dtype)
        count = Tensor(_sum_pooling.reference(ones, **settings))
    return channels_back(divide(sums, count), first)
