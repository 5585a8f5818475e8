"""Depthwise convolution: lanes are channels, the window's weights stay in registers along a row of pixels.

One kernel serves the forward pass and, with the window turned, the gradient for an input whose strides are 1. Another sums
the gradient for the weights, a share of the rows at a time. Neither needs a copy with borders: for lines outside of the image
there is a line of zeros, and pixels at the ends of a row look at each place. Sizes of the window are part of a kernel, the
rest is not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernel import Kernel
from pipekeras.runtime.kernels.elementwise import ITEMSIZES, Operand, vector_loop
from pipekeras.runtime.kernels.epilogue import EpilogueWriter
from pipekeras.runtime.kernels.geometry import Extra, Geometry, address_of
from pipekeras.runtime.kernels.matmul import Epilogue
from pipekeras.runtime.kernels.reduction import Reduce, reduction_kernel
from pipekeras.runtime.target import Target, host_target

if TYPE_CHECKING:
    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import Pointer, Value

_SLOTS = ("depth", "height", "width", "out_depth", "out_height", "out_width", "step_depth", "step_height", "step_width",
          "gap_depth", "gap_height", "gap_width", "front", "above", "left", "channels", "x", "weights", "tap", "y", "rows",
          "share", "zeros")  # fmt: skip
_MOST_TAPS = 27
# Shares that the rows are cut into for the gradient of the weights.
_SHARES = 16
_known: dict[Any, Kernel] = {}


def fits_depthwise(window: Sequence[int]) -> bool:
    """Whether the window is small enough for these kernels."""
    return prod(window) <= _MOST_TAPS


class _Rows:
    """The walk over rows of results: where each window begins, and which pixels see only the inside."""

    def __init__(self, e: Emitter, window: Sequence[int], dtype: str) -> None:
        self.e, self.window, self.dtype = e, tuple(window), dtype
        word = self.word
        self.x, self.zeros = word("x"), word("zeros")
        self.size = [word(name) for name in ("depth", "height", "width")]
        self.output = [word(name) for name in ("out_depth", "out_height", "out_width")]
        self.steps = [word(name) for name in ("step_depth", "step_height", "step_width")]
        self.gaps = [word(name) for name in ("gap_depth", "gap_height", "gap_width")]
        self.before = [word(name) for name in ("front", "above", "left")]
        self.channels = word("channels")
        self.taps = list(product(*(range(extent) for extent in window)))
        zero = e.constant(0, "int64")
        # Pixels from `first` to `last` see columns inside only.
        step = self.steps[2]
        self.first = e.minimum(e.natural_division(self.before[2] + (step - 1), step), self.output[2])
        reach = self.gaps[2] * (self.window[2] - 1)
        room = self.size[2] + self.before[2] - reach - 1
        fitting = e.natural_division(e.maximum(room, zero), step) + 1
        self.last = e.maximum(self.first, e.select(e.less(room, 0), zero, e.minimum(fitting, self.output[2])))

    def word(self, name: str) -> Value:
        return self.e.argument(_SLOTS.index(name))

    def pointer(self, name: str) -> Pointer:
        return self.e.argument_pointer(_SLOTS.index(name), self.dtype)

    def place(self, row: Value) -> tuple[Value, Value, Value]:
        """Image, depth and line of a row's number."""
        e = self.e
        rest = e.natural_division(row, self.output[1])
        image = e.natural_division(rest, self.output[0])
        return image, rest - image * self.output[0], row - rest * self.output[1]

    def lines(self, place: Sequence[Value]) -> list[Pointer]:
        """Where the window's lines of pixels begin, for one row of results; a line of zeros stands for what is outside."""
        e = self.e
        corner = [place[1] * self.steps[0] - self.before[0], place[2] * self.steps[1] - self.before[1]]
        found = []
        for tap in product(range(self.window[0]), range(self.window[1])):
            depth, line = (start + gap * step for start, gap, step in zip(corner, self.gaps, tap, strict=False))
            inside = e.logical_and(e.logical_and(e.greater_equal(depth, 0), e.less(depth, self.size[0])),
                                   e.logical_and(e.greater_equal(line, 0), e.less(line, self.size[1])))
            pixels = ((place[0] * self.size[0] + depth) * self.size[1] + line) * self.size[2]
            address = self.x + pixels * self.channels * ITEMSIZES[self.dtype]
            found.append(e.pointer(e.select(inside, address, self.zeros), self.dtype))
        return found

    def quick(self, lines: Sequence[Pointer], column: Value, channel: Value, mask: Value | None) -> list[Value]:
        """The elements under a window whose columns lie inside."""
        e = self.e
        start = (column * self.steps[2] - self.before[2]) * self.channels + channel
        gap = self.gaps[2] * self.channels
        return [e.load(line.at(start), gap * place, e.lanes, mask) for line in lines for place in range(self.window[2])]

    def careful(self, lines: Sequence[Pointer], column: Value, channel: Value, mask: Value | None) -> list[Value]:
        """The elements under any window: zeros outside."""
        e = self.e
        places = [column * self.steps[2] - self.before[2] + self.gaps[2] * place for place in range(self.window[2])]
        inside = [e.logical_and(e.greater_equal(place, 0), e.less(place, self.size[2])) for place in places]
        starts = [e.select(exists, place, 0) * self.channels + channel for exists, place in zip(inside, places, strict=True)]
        return [e.select(exists, e.load(line, start, e.lanes, mask), 0.0)
                for line in lines for exists, start in zip(inside, starts, strict=True)]

    def each_pixel(self, lines: Sequence[Pointer], channel: Value, mask: Value | None,
                   body: Callable[[Value, list[Value]], None]) -> None:
        """Run `body(column, elements)` along a row."""
        e = self.e
        with e.loop(0, self.first) as column:
            body(column, self.careful(lines, column, channel, mask))
        with e.loop(self.first, self.last) as column:
            body(column, self.quick(lines, column, channel, mask))
        with e.loop(self.last, self.output[2]) as column:
            body(column, self.careful(lines, column, channel, mask))


def _forward(symbol: str, target: Target, window: Sequence[int], dtype: str, epilogue: Epilogue) -> str:
    from pipekeras.runtime.kernels import Emitter

    e = Emitter(symbol, target, target.lanes(max(4, ITEMSIZES[dtype])))
    rows = _Rows(e, window, dtype)
    after = EpilogueWriter(e, epilogue, dtype, len(_SLOTS), 4)
    weights, y, tap_step = rows.pointer("weights"), rows.pointer("y"), rows.word("tap")
    with e.loop(e.parameters[1], e.parameters[2]) as row:
        place = rows.place(row)
        lines = rows.lines(place)

        def block(channel: Value, mask: Value | None, row: Value = row, place: Any = place, lines: Any = lines) -> None:
            factors = [e.load(weights, tap_step * number + channel, e.lanes, mask) for number in range(len(rows.taps))]

            def pixel(column: Value, elements: list[Value]) -> None:
                total = e.constant(0, dtype, e.lanes)
                for factor, value in zip(factors, elements, strict=True):
                    total = e.fma(factor, value, total)
                own = y.at((row * rows.output[2] + column) * rows.channels)
                after.store(own, total, [*place, column], channel, mask)

            rows.each_pixel(lines, channel, mask, pixel)

        vector_loop(e, e.constant(0, "int64"), rows.channels, block)
    return e.finish()


def _backward(symbol: str, target: Target, window: Sequence[int], dtype: str) -> str:
    """Sums of one share of the rows: (share, tap, channel)."""
    from pipekeras.runtime.kernels import Emitter

    e = Emitter(symbol, target, target.lanes(max(4, ITEMSIZES[dtype])))
    rows = _Rows(e, window, dtype)
    gradient, sums = rows.pointer("weights"), rows.pointer("y")
    zero = e.constant(0, "int64")
    with e.loop(e.parameters[1], e.parameters[2]) as share:
        own = sums.at(share * rows.channels * len(rows.taps))
        with e.loop(0, len(rows.taps)) as tap:
            vector_loop(e, zero, rows.channels, lambda channel, mask, tap=tap, own=own: e.store(  # type: ignore[misc]
                e.constant(0, dtype, e.lanes), own.at(tap * rows.channels), channel, e.lanes, mask))
        first = share * rows.word("share")
        with e.loop(first, e.minimum(first + rows.word("share"), rows.word("rows"))) as row:
            lines = rows.lines(rows.place(row))

            def block(channel: Value, mask: Value | None, row: Value = row, lines: Any = lines, own: Pointer = own) -> None:
                totals = [e.variable(e.load(own.at(rows.channels * number), channel, e.lanes, mask))
                          for number in range(len(rows.taps))]

                def pixel(column: Value, elements: list[Value]) -> None:
                    g = e.load(gradient.at((row * rows.output[2] + column) * rows.channels), channel, e.lanes, mask)
                    for total, value in zip(totals, elements, strict=True):
                        total.set(e.fma(g, value, total.get()))

                rows.each_pixel(lines, channel, mask, pixel)
                for number, total in enumerate(totals):
                    e.store(total.get(), own.at(rows.channels * number), channel, e.lanes, mask)

            vector_loop(e, zero, rows.channels, block)
    return e.finish()


def _arguments(g: Geometry, x: int, weights: int, tap: int, y: int, share: int) -> list[Any]:
    rows = g.batch * g.output[0] * g.output[1]
    return [*g.size, *g.output, *g.strides, *g.dilation, *(low for low, _ in g.padding), g.channels, x, weights, tap, y, rows,
            share, np.zeros(g.size[2] * g.channels)]  # fmt: skip


def row_commands(geometry: Geometry, x: int, weights: int, y: int, dtype: str, *, turned: bool = False,
                 epilogue: Epilogue | None = None, extra: Sequence[Extra] = ()) -> list[Command]:
    """y = each channel of x convolved with its own window, then the epilogue; all addresses of dense tensors.

    Args:
        turned: read the window's taps last first.
    """
    g, after = geometry, epilogue or Epilogue()
    key: Any = ("forward", g.window, dtype, after, host_target())
    try:
        kernel = _known.get(key)
    except TypeError:  # an epilogue with a constant that can't be hashed
        key = kernel = None
    if kernel is None:
        text = "\n; ".join([f"{g.window} {dtype}", *after.describe()])
        kernel = Kernel("depthwise", text, lambda symbol, target: _forward(symbol, target, g.window, dtype, after))
        if key is not None:
            _known[key] = kernel
    taps = prod(g.window)
    first, step = (weights + (taps - 1) * g.channels * ITEMSIZES[dtype], -g.channels) if turned else (weights, g.channels)
    arguments = _arguments(g, x, first, step, y, 0)
    for buffer, strides in extra:
        arguments += [address_of(buffer), *strides]
    rows = g.batch * g.output[0] * g.output[1]
    return [Command(kernel, arguments, rows, cost=rows * g.output[2] * g.channels * taps * 0.03)]


def sums_scratch(geometry: Geometry, dtype: str) -> int:
    """Bytes that `weight_sum_commands` needs."""
    return _SHARES * prod(geometry.window) * geometry.channels * ITEMSIZES[dtype]


def weight_sum_commands(geometry: Geometry, x: int, gradient: int, result: int, dtype: str, scratch: int) -> list[Command]:
    """result = gradient for the weights; `scratch` has `sums_scratch` bytes."""
    g = geometry
    key = ("backward", g.window, dtype, host_target())
    if key not in _known:
        text = f"weights of {g.window} {dtype}"
        _known[key] = Kernel("depthwise", text, lambda symbol, target: _backward(symbol, target, g.window, dtype))
    rows = g.batch * g.output[0] * g.output[1]
    share = -(-rows // _SHARES)
    shares = -(-rows // share)
    count = prod(g.window) * g.channels
    fill = Command(_known[key], _arguments(g, x, gradient, 0, scratch, share), shares,
                   cost=rows * g.output[2] * count * 0.04)
    join = reduction_kernel([Operand(dtype)], (), [Reduce("sum", 0, dtype)], 0, 1, "kept")
    return [fill, join.command([shares, count], [(scratch, (count, 1))], [(result, (1,))])]
