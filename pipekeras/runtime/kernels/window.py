"""Channel-by-channel windows: pooling and depthwise convolution, with their gradients, as fused reductions.

Channels are the innermost, kept dimension, so lanes are channels; the window's dimensions are the reduced ones. Gradients for
the input are taken residue by residue of the strides, with the taps that reach inside only, so they need no borders.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernels.convolution import Phase, phases_of
from pipekeras.runtime.kernels.depthwise import fits_depthwise, row_commands, sums_scratch, weight_sum_commands
from pipekeras.runtime.kernels.elementwise import ITEMSIZES, Operand, Step, elementwise_kernel
from pipekeras.runtime.kernels.geometry import (
    Extra,
    Geometry,
    address_of,
    border_bytes,
    keep,
    pitches,
    side_by_side,
    with_borders,
)
from pipekeras.runtime.kernels.matmul import Epilogue
from pipekeras.runtime.kernels.padding import pad_command
from pipekeras.runtime.kernels.reduction import Reduce, reduction_kernel

_MULTIPLY = "multiply"


def _multiply(e: Any, a: Any, b: Any) -> Any:
    return a * b


def _chosen(e: Any, position: Any, tap: Any, gradient: Any) -> Any:
    return e.select(e.equal(position, tap), gradient, 0.0)


def window_scratch(geometry: Geometry, dtype: str) -> int:
    """Bytes of scratch for the borders of a forward pass or of a depthwise weight gradient."""
    return border_bytes(geometry.size, geometry.padding, geometry.batch, geometry.channels, dtype)


def depthwise_scratch(geometry: Geometry, dtype: str) -> int:
    """Bytes of scratch for a depthwise convolution, forward or its weights' gradient."""
    return sums_scratch(geometry, dtype) if fits_depthwise(geometry.window) else window_scratch(geometry, dtype)


def _window_strides(geometry: Geometry, size: Sequence[int]) -> tuple[list[int], list[int]]:
    """Input strides over (batch, output..., ) and over the window."""
    pitch = pitches(tuple(size), geometry.channels)  # type: ignore[arg-type]
    whole = pitch[0] * size[0]
    outer = [whole, *(pitch[axis] * geometry.strides[axis] for axis in range(3))]
    return outer, [pitch[axis] * geometry.dilation[axis] for axis in range(3)]


def _dense(shape: Sequence[int]) -> list[int]:
    result: list[int] = []
    step = 1
    for extent in reversed(shape):
        result.insert(0, step)
        step *= extent
    return result


# Pooling -------------------------------------------------------------------------------------------------------------


def pool_commands(geometry: Geometry, kind: str, x: Any, y: Any, dtype: str, *, positions: Any = None,
                  scratch: Any = None) -> list[Command]:
    """Pool each channel over windows.

    Args:
        geometry: filters equal channels, groups are ignored.
        kind: "maximum" or "sum" (an average is a sum times one over the number of real elements).
        x, y: dense, channels last.
        positions: int32, like y: which tap of the window (row-major) held the maximum; needed by `max_pool_gradient_commands`.
        scratch: `window_scratch` bytes.
    """
    g = geometry
    commands: list[Command] = []
    source, size = address_of(x), g.size
    if border_bytes(g.size, g.padding, g.batch, g.channels, dtype):
        border = float("-inf") if kind == "maximum" else 0.0
        commands.append(pad_command(x, address_of(scratch), g.batch, g.size, g.channels, g.padding, dtype, border))
        source, size = address_of(scratch), g.padded
    outer, window = _window_strides(g, size)
    outputs, results = [Reduce(kind, 0, dtype)], [y]
    if positions is not None:
        outputs.append(Reduce("argmaximum", 0, "int32"))
        results.append(positions)
    kernel = reduction_kernel([Operand(dtype)], (), outputs, 4, 3, "kept")
    shape = [g.batch, *g.output, g.channels]
    commands.append(kernel.command([g.batch, *g.output, *g.window, g.channels], [(source, [*outer, *window, 1])],
                                   [(result, _dense(shape)) for result in results]))
    return keep(commands, x, y, positions, scratch)


def _gradient_parts(geometry: Geometry) -> list[tuple[Phase, Phase, Phase]]:
    g = geometry
    parts: list[list[Phase]] = []
    for axis in range(3):
        found = phases_of(g.size[axis], g.window[axis], g.strides[axis], g.dilation[axis], g.padding[axis][0])
        parts.append([part for phase in found for part in phase.inside(g.strides[axis], g.output[axis])])
    return list(product(parts[0], parts[1], parts[2]))


def _gradient_commands(geometry: Geometry, result: Any, dtype: str, operands: Sequence[Operand], steps: Sequence[Step],
                       sources: Callable[[tuple[Phase, Phase, Phase]], list[tuple[Any, list[int]]]]) -> list[Command]:
    """For every part of the input: a sum over the taps that reach it."""
    g = geometry
    pitch = pitches(g.size, g.channels)
    kernel = reduction_kernel(operands, steps, [Reduce("sum", len(operands) + len(steps) - 1, dtype)], 4, 3, "kept")
    commands: list[Command] = []
    for axes in _gradient_parts(g):
        place = address_of(result) + ITEMSIZES[dtype] * sum(axis.first * step for axis, step in zip(axes, pitch, strict=True))
        strides = [pitch[0] * g.size[0], *(step * stride for step, stride in zip(pitch, g.strides, strict=True)), 1]
        extents = [g.batch, *(axis.count for axis in axes), *(axis.taps for axis in axes), g.channels]
        commands.append(kernel.command(extents, sources(axes), [(place, strides)]))
    return side_by_side(commands)


def _output_place(geometry: Geometry, axes: tuple[Phase, Phase, Phase], buffer: Any, dtype: str) -> tuple[int, list[int]]:
    """Where the parts' taps read a tensor that lies like the output."""
    pitch = pitches(geometry.output, geometry.channels)
    start = sum(axis.start * step for axis, step in zip(axes, pitch, strict=True) if axis.taps)
    taps = [axis.step * step for axis, step in zip(axes, pitch, strict=True)]
    return address_of(buffer) + ITEMSIZES[dtype] * start, [pitch[0] * geometry.output[0], *pitch, *taps, 1]


def max_pool_gradient_commands(geometry: Geometry, gradient: Any, positions: Any, result: Any, dtype: str) -> list[Command]:
    """result = gradient for x: each window's gradient goes to the tap that `pool_commands` found."""
    g = geometry
    # The taps' numbers, in the reversed window that the phases count in.
    numbers = np.arange(int(np.prod(g.window)), dtype=np.int32)[::-1].copy()
    steps = _dense(g.window)

    def sources(axes: tuple[Phase, Phase, Phase]) -> list[tuple[Any, list[int]]]:
        first = sum(axis.turned * step for axis, step in zip(axes, steps, strict=True))
        taps = [axis.tap_step * step for axis, step in zip(axes, steps, strict=True)]
        return [_output_place(g, axes, positions, "int32"), (address_of(numbers) + 4 * first, [0, 0, 0, 0, *taps, 0]),
                _output_place(g, axes, gradient, dtype)]

    operands = [Operand("int32"), Operand("int32", "broadcast"), Operand(dtype)]
    chosen = [Step("chosen", (0, 1, 2), dtype, _chosen)]
    return keep(_gradient_commands(g, result, dtype, operands, chosen, sources), gradient, positions, result, numbers)


def sum_pool_gradient_commands(geometry: Geometry, gradient: Any, result: Any, dtype: str) -> list[Command]:
    """result = gradient for x of sums over windows."""
    commands = _gradient_commands(geometry, result, dtype, [Operand(dtype)], (),
                                  lambda axes: [_output_place(geometry, axes, gradient, dtype)])
    return keep(commands, gradient, result)


# Depthwise convolution -----------------------------------------------------------------------------------------------


def depthwise_commands(geometry: Geometry, x: Any, weights: Any, y: Any, dtype: str, *, epilogue: Epilogue | None = None,
                       extra: Sequence[Extra] = (), scratch: Any = None) -> list[Command]:
    """y = each channel convolved with its own window; weights have shape (*window, 1, channels).

    Arguments as for `convolution.forward_commands`.
    """
    g = geometry
    if fits_depthwise(g.window):
        found = row_commands(g, address_of(x), address_of(weights), address_of(y), dtype, epilogue=epilogue, extra=extra)
        return keep(found, x, weights, y, *(buffer for buffer, _ in extra))
    commands: list[Command] = []
    source, size = with_borders(x, g.size, g.padding, g.batch, g.channels, dtype, address_of(scratch), commands)
    outer, window = _window_strides(g, size)
    shape = [g.batch, *g.output, g.channels]
    kernel = reduction_kernel([Operand(dtype), Operand(dtype)], [Step(_MULTIPLY, (0, 1), dtype, _multiply)],
                              [Reduce("sum", 2, dtype)], 4, 3, "kept")
    strides = [0, 0, 0, 0, *(step * g.channels for step in _dense(g.window)), 1]
    commands.append(kernel.command([g.batch, *g.output, *g.window, g.channels],
                                   [(source, [*outer, *window, 1]), (weights, strides)], [(y, _dense(shape))]))
    commands += after_commands(y, shape, dtype, epilogue, extra)
    return keep(commands, x, weights, y, scratch)


def after_commands(y: Any, shape: Sequence[int], dtype: str, epilogue: Epilogue | None,
                   extra: Sequence[Extra]) -> list[Command]:
    """The expression over a result that has been written."""
    if epilogue is None:
        return []
    own, cut = (y, _dense(shape)), len(epilogue.inputs)
    stores, places = list(epilogue.outputs), list(extra[cut:])
    if epilogue.result is not None:
        stores, places = [(epilogue.result, Operand(dtype)), *stores], [own, *places]
    kernel = elementwise_kernel([Operand(dtype), *epilogue.inputs], epilogue.steps, stores, outer=4)
    return [kernel.command(shape, [own, *extra[:cut]], places)]


def depthwise_input_gradient_commands(geometry: Geometry, gradient: Any, weights: Any, result: Any, dtype: str,
                                      scratch: Any = None, *, epilogue: Epilogue | None = None,
                                      extra: Sequence[Extra] = ()) -> list[Command]:
    """result = gradient for x of a depthwise convolution, then the epilogue."""
    g = geometry
    turned = _turned(g)
    if fits_depthwise(g.window) and g.strides == (1, 1, 1) and min(map(min, turned.padding)) >= 0:
        found = row_commands(turned, address_of(gradient), address_of(weights), address_of(result), dtype, turned=True,
                             epilogue=epilogue, extra=extra)
        return keep(found, gradient, weights, result, *(buffer for buffer, _ in extra))
    steps = [step * g.channels for step in _dense(g.window)]
    last = sum((taps - 1) * step for taps, step in zip(g.window, steps, strict=True))

    def sources(axes: tuple[Phase, Phase, Phase]) -> list[tuple[Any, list[int]]]:
        first = last - sum(axis.turned * step for axis, step in zip(axes, steps, strict=True))
        taps = [-axis.tap_step * step for axis, step in zip(axes, steps, strict=True)]
        return [_output_place(g, axes, gradient, dtype),
                (address_of(weights) + ITEMSIZES[dtype] * first, [0, 0, 0, 0, *taps, 1])]

    operands = [Operand(dtype), Operand(dtype)]
    commands = _gradient_commands(g, result, dtype, operands, [Step(_MULTIPLY, (0, 1), dtype, _multiply)], sources)
    commands += after_commands(result, [g.batch, *g.size, g.channels], dtype, epilogue, extra)
    return keep(commands, gradient, weights, result)


def _turned(g: Geometry) -> Geometry:
    """The convolution, with the window turned, that leads from the gradient for y to the one for x; strides are 1."""
    reach = [(taps - 1) * step for taps, step in zip(g.window, g.dilation, strict=True)]
    padding = tuple((far - low, far - high) for far, (low, high) in zip(reach, g.padding, strict=True))
    return replace(g, size=g.output, padding=padding)  # type: ignore[arg-type]


def depthwise_weight_gradient_commands(geometry: Geometry, x: Any, gradient: Any, result: Any, dtype: str,
                                       scratch: Any = None) -> list[Command]:
    """result = gradient for the weights of a depthwise convolution; `scratch` has `depthwise_scratch` bytes."""
    g = geometry
    if fits_depthwise(g.window):
        found = weight_sum_commands(g, address_of(x), address_of(gradient), address_of(result), dtype, address_of(scratch))
        return keep(found, x, gradient, result, scratch)
    commands: list[Command] = []
    source, size = with_borders(x, g.size, g.padding, g.batch, g.channels, dtype, address_of(scratch), commands)
    outer, window = _window_strides(g, size)
    kernel = reduction_kernel([Operand(dtype), Operand(dtype)], [Step(_MULTIPLY, (0, 1), dtype, _multiply)],
                              [Reduce("sum", 2, dtype)], 3, 4, "kept")
    extents = [*g.window, g.batch, *g.output, g.channels]
    strides = [0, 0, 0, *_dense([g.batch, *g.output, g.channels])]
    commands.append(kernel.command(extents, [(source, [*window, *outer, 1]), (gradient, strides)],
                                   [(result, [step * g.channels for step in _dense(g.window)] + [1])]))
    return keep(commands, x, gradient, result, scratch)
