"""Convolutions in one to three dimensions: plain, grouped, by channel, separable, transposed.

Three primitives are each other's gradients: the convolution, and its adjoints with respect to input and kernel.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import ShapeError
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Shape, Tensor, convert
from pipekeras.ops.define import cast, primitive, public
from pipekeras.ops.shaping import reshape
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


def _grouped(values: np.ndarray, groups: int) -> np.ndarray:
    """Return (rows, channels) as (groups, rows, channels of a group)."""
    rows, channels = values.shape
    return values.reshape(rows, groups, channels // groups).transpose(1, 0, 2)


def _ungrouped(values: np.ndarray) -> np.ndarray:
    groups, rows, channels = values.shape
    return values.transpose(1, 0, 2).reshape(rows, groups * channels)


def _infer(x: Tensor, kernel: Tensor, strides: Numbers, padding: Padding, dilation: Numbers, groups: int) -> Spec:
    *window, channels, filters = kernel.shape
    if x.ndim != kernel.ndim:
        raise ShapeError(f"convolution: an input of shape {x.shape} does not go with a kernel of shape {kernel.shape}")
    if filters is not None and filters % groups:
        raise ShapeError(f"convolution: {filters} filters can't be split in the {groups} groups that the channels make")
    if x.shape[-1] is not None and channels is not None and x.shape[-1] != channels * groups:
        raise ShapeError(
            f"convolution: the input has {x.shape[-1]} channels; a kernel of shape {kernel.shape} "
            f"in {groups} groups needs {channels * groups}"
        )
    lengths = tuple(
        output_length(length, int(size or 1), stride, step, pair_at(padding, axis))
        for axis, (length, size, stride, step) in enumerate(zip(x.shape[1:-1], window, strides, dilation, strict=True))
    )
    check_lengths("convolution", lengths, x.shape)
    return Spec((x.shape[0], *lengths, filters), x.dtype)


def _gradient(
    g: Tensor, out: Tensor, x: Tensor, kernel: Tensor, strides: Numbers, padding: Padding, dilation: Numbers, groups: int
) -> tuple[Tensor, Tensor]:
    settings = {"strides": strides, "padding": padding, "dilation": dilation, "groups": groups}
    return (
        _convolution_input_gradient(g, kernel, shape=x.shape, **settings),
        _convolution_kernel_gradient(x, g, shape=kernel.shape, **settings),
    )


@primitive(_infer, _gradient, "convolution")
def _convolution(
    x: Any, kernel: Any, strides: Numbers, padding: Padding, dilation: Numbers, groups: int
) -> Any:
    window = kernel.shape[:-2]
    lengths = x.shape[1:-1]
    pads = amounts(lengths, window, strides, dilation, padding)
    outputs = tuple(
        output_length(length, size, stride, step, pair) or 0
        for length, size, stride, step, pair in zip(lengths, window, strides, dilation, pads, strict=True)
    )
    wide = padded(x, pads)
    filters = kernel.shape[-1]
    result = np.zeros((x.shape[0], *outputs, filters), x.dtype)
    flat = result.reshape(-1, filters)
    for place, index in positions(window, outputs, strides, dilation):
        seen = np.ascontiguousarray(wide[index]).reshape(-1, x.shape[-1])
        weights = kernel[place]
        if groups == 1:
            flat += seen @ weights
        else:
            by_group = weights.reshape(weights.shape[0], groups, filters // groups).transpose(1, 0, 2)
            flat += _ungrouped(_grouped(seen, groups) @ by_group)
    return result


def _infer_input(
    g: Tensor, kernel: Tensor, shape: Shape, strides: Numbers, padding: Padding, dilation: Numbers, groups: int
) -> Spec:
    return Spec(tuple(shape), g.dtype)


def _input_gradient(
    g: Tensor, out: Tensor, g_in: Tensor, kernel: Tensor, shape: Shape, strides: Numbers, padding: Padding,
    dilation: Numbers, groups: int,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    settings = {"strides": strides, "padding": padding, "dilation": dilation, "groups": groups}
    return (
        _convolution(g, kernel, **settings),
        _convolution_kernel_gradient(g, g_in, shape=kernel.shape, **settings),
    )


@primitive(_infer_input, _input_gradient, "convolution")
def _convolution_input_gradient(
    g: Any, kernel: Any, shape: Any, strides: Numbers, padding: Padding, dilation: Numbers, groups: int
) -> Any:
    window = kernel.shape[:-2]
    lengths = tuple(shape[1:-1])
    pads = amounts(lengths, window, strides, dilation, padding)
    outputs = g.shape[1:-1]
    batch, channels, filters = g.shape[0], shape[-1], g.shape[-1]
    wide = np.zeros(
        (batch, *(length + before + after for length, (before, after) in zip(lengths, pads, strict=True)), channels), g.dtype
    )
    flat = np.ascontiguousarray(g).reshape(-1, filters)
    for place, index in positions(window, outputs, strides, dilation):
        weights = kernel[place]
        if groups == 1:
            part = flat @ weights.T
        else:
            by_group = weights.reshape(weights.shape[0], groups, filters // groups).transpose(1, 2, 0)
            part = _ungrouped(_grouped(flat, groups) @ by_group)
        wide[index] += part.reshape(batch, *outputs, channels)
    return cropped(wide, pads, lengths)


def _infer_kernel(
    x: Tensor, g: Tensor, shape: Shape, strides: Numbers, padding: Padding, dilation: Numbers, groups: int
) -> Spec:
    return Spec(tuple(shape), x.dtype)


def _kernel_gradient(
    g: Tensor, out: Tensor, x: Tensor, g_in: Tensor, shape: Shape, strides: Numbers, padding: Padding,
    dilation: Numbers, groups: int,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    settings = {"strides": strides, "padding": padding, "dilation": dilation, "groups": groups}
    return (
        _convolution_input_gradient(g_in, g, shape=x.shape, **settings),
        _convolution(x, g, **settings),
    )


@primitive(_infer_kernel, _kernel_gradient, "convolution")
def _convolution_kernel_gradient(
    x: Any, g: Any, shape: Any, strides: Numbers, padding: Padding, dilation: Numbers, groups: int
) -> Any:
    window = tuple(shape[:-2])
    pads = amounts(x.shape[1:-1], window, strides, dilation, padding)
    outputs = g.shape[1:-1]
    wide = padded(x, pads)
    filters = g.shape[-1]
    flat = np.ascontiguousarray(g).reshape(-1, filters)
    result = np.zeros(shape, x.dtype)
    for place, index in positions(window, outputs, strides, dilation):
        seen = np.ascontiguousarray(wide[index]).reshape(-1, x.shape[-1])
        if groups == 1:
            result[place] = seen.T @ flat
        else:
            by_group = _grouped(seen, groups).transpose(0, 2, 1) @ _grouped(flat, groups)
            result[place] = by_group.transpose(1, 0, 2).reshape(shape[-2], filters)
    return result


def _both(inputs: Any, kernel: Any) -> tuple[Tensor, Tensor]:
    x, weights = convert(inputs), convert(kernel)
    joined = dtypes.as_float(dtypes.promote(x.dtype, weights.dtype))
    return cast(x, joined) if x.dtype != joined else x, cast(weights, joined) if weights.dtype != joined else weights


@public
def conv(
    inputs: Any, kernel: Any, strides: Any = 1, padding: Any = "valid", data_format: str | None = None, dilation_rate: Any = 1
) -> Tensor:
    """Convolution (cross-correlation) in one to three dimensions.

    Formula: y[b, o, f] = sum_{k, c} x[b, o * strides + k * dilation_rate - before, c] kernel[k, c, f].

    Args:
        inputs: tensor (batch, *spatial, channels).
        kernel: tensor (*window, channels / groups, filters); the number of groups follows from the channels.
        strides: int or one for each spatial axis, default 1.
        padding: "valid" (default), "same", or pairs (before, after).
        data_format: "channels_last" or "channels_first".
        dilation_rate: int or one for each spatial axis, default 1.

    >>> from pipekeras import ops
    >>> ops.conv([[[1.0], [2.0], [3.0]]], [[[1.0]], [[1.0]]])
    Tensor([[[3.],
             [5.]]], shape=(1, 2, 1), dtype=float32)
    """
    x, weights = _both(inputs, kernel)
    x, first = channels_last(x, data_format)
    rank = x.ndim - 2
    channels, of_kernel = x.shape[-1], weights.shape[-2]
    if channels is None or of_kernel is None or channels % of_kernel:
        raise ShapeError(f"conv: {channels} channels do not go with a kernel of shape {weights.shape}")
    result = _convolution(
        x,
        weights,
        strides=per_axis("strides", strides, rank),
        padding=standard_padding(padding),
        dilation=per_axis("dilation_rate", dilation_rate, rank),
        groups=channels // of_kernel,
    )
    return channels_back(result, first)


@public
def depthwise_conv(
    inputs: Any, kernel: Any, strides: Any = 1, padding: Any = "valid", data_format: str | None = None, dilation_rate: Any = 1
) -> Tensor:
    """Convolution of each channel by kernels of its own.

    Args:
        inputs: tensor (batch, *spatial, channels).
        kernel: tensor (*window, channels, multiplier); the result has channels * multiplier channels.
        strides: int or one for each spatial axis, default 1.
        padding: "valid" (default), "same", or pairs (before, after).
        data_format: "channels_last" or "channels_first".
        dilation_rate: int or one for each spatial axis, default 1.

    Example:

    >>> from pipekeras import ops
    >>> ops.depthwise_conv([[[1.0], [2.0], [3.0]]], [[[1.0]], [[1.0]]])
    Tensor([[[3.],
             [5.]]], shape=(1, 2, 1), dtype=float32)
    """
    x, weights = _both(inputs, kernel)
    *window, channels, multiplier = weights.shape
    assert channels is not None and multiplier is not None
    by_channel = reshape(weights, (*window, 1, channels * multiplier))
    return conv(x, by_channel, strides, padding, data_format, dilation_rate)


@public
def separable_conv(
    inputs: Any, depthwise_kernel: Any, pointwise_kernel: Any, strides: Any = 1, padding: Any = "valid",
    data_format: str | None = None, dilation_rate: Any = 1,
) -> Tensor:  # fmt: skip
    """Convolution of each channel by itself, then a mixing of the channels at every place.

    Args:
        inputs: tensor (batch, *spatial, channels).
        depthwise_kernel: tensor (*window, channels, multiplier).
        pointwise_kernel: tensor (1, ..., channels * multiplier, filters).
        strides: int or one for each spatial axis, default 1.
        padding: "valid" (default), "same", or pairs (before, after).
        data_format: "channels_last" or "channels_first".
        dilation_rate: int or one for each spatial axis, default 1.

    Example:

    >>> from pipekeras import ops
    >>> ops.separable_conv([[[1.0], [2.0], [3.0]]], [[[1.0]], [[1.0]]], [[[2.0]]])
    Tensor([[[ 6.],
             [10.]]], shape=(1, 2, 1), dtype=float32)
    """
    between = depthwise_conv(inputs, depthwise_kernel, strides, padding, data_format, dilation_rate)
    return conv(between, pointwise_kernel, 1, "valid", data_format, 1)


def transposed_length(
    length: int | None, window: int, stride: int, padding: str, output_padding: int | None, dilation: int
) -> int | None:
    """Return the size of a transposed convolution's output along an axis."""
    if length is None:
        return None
    reach = (window - 1) * dilation + 1
    if padding == "valid":
        extra = max(reach, stride) - reach if output_padding is None else output_padding
        return (length - 1) * stride + reach + extra
    if output_padding is None:
        return length * stride
    return (length - 1) * stride + reach % 2 + output_padding


def _transposed_before(window: int, stride: int, padding: str, output_padding: int | None, dilation: int) -> int:
    """Return how many leading elements of the full result a transposed convolution leaves out."""
    reach = (window - 1) * dilation + 1
    if padding == "valid":
        return 0
    total = stride + reach - 2 if output_padding is None else reach + reach % 2 - 2 + output_padding
    left = min(total // 2 + total % 2, reach - 1) if output_padding is None else total // 2 + total % 2
    return reach - 1 - min(left, reach - 1)


@public
def conv_transpose(
    inputs: Any, kernel: Any, strides: Any = 1, padding: str = "valid", output_padding: Any = None,
    data_format: str | None = None, dilation_rate: Any = 1,
) -> Tensor:  # fmt: skip
    """Transposed convolution: the adjoint of a convolution, which makes its input larger by `strides`.

    Args:
        inputs: tensor (batch, *spatial, channels).
        kernel: tensor (*window, filters, channels).
        strides: int or one for each spatial axis, default 1.
        padding: "valid" (default) or "same".
        output_padding: int, one for each spatial axis, or None (worked out).
        data_format: "channels_last" or "channels_first".
        dilation_rate: int or one for each spatial axis, default 1.

    Example:

    >>> from pipekeras import ops
    >>> ops.conv_transpose([[[1.0], [2.0]]], [[[1.0]], [[1.0]]], strides=2)
    Tensor([[[1.],
             [1.],
             [2.],
             [2.]]], shape=(1, 4, 1), dtype=float32)
    """
    x, weights = _both(inputs, kernel)
    x, first = channels_last(x, data_format)
    rank = x.ndim - 2
    steps, dilation = per_axis("strides", strides, rank), per_axis("dilation_rate", dilation_rate, rank)
    extra = (None,) * rank if output_padding is None else per_axis("output_padding", output_padding, rank)
    window = tuple(int(size or 1) for size in weights.shape[:-2])
    chosen = standard_padding(padding)
    assert isinstance(chosen, str)
    lengths, pairs = [], []
    for length, size, stride, more, step in zip(x.shape[1:-1], window, steps, extra, dilation, strict=True):
        result = transposed_length(length, size, stride, chosen, more, step)
        lengths.append(result)
        before = _transposed_before(size, stride, chosen, more, step)
        if result is None or length is None:
            pairs.append((before, 0))
            continue
        # What the windows reach beyond the result; more than they reach is left at zero.
        reach = (size - 1) * step + 1
        pairs.append((before, max((length - 1) * stride + reach - before - result, 0)))
    result_tensor = _convolution_input_gradient(
        x,
        weights,
        shape=(x.shape[0], *lengths, weights.shape[-2]),
        strides=steps,
        padding=tuple(pairs),
        dilation=dilation,
        groups=1,
    )
    return channels_back(result_tensor, first)
