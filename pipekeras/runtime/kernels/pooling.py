"""Pooling over windows that lie side by side, and its gradient: every element is read and written once.

This is the common case: the strides are the window's sizes and there is no padding. A unit of work is one row of windows.
For a maximum the forward pass may note which tap of the window (row-major) held it; the gradient then needs nothing else. What
is element-wise and follows the gradient runs on it before it leaves the cache. Other windows are pooled by `window.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernel import Kernel
from pipekeras.runtime.kernels.elementwise import ITEMSIZES, vector_loop
from pipekeras.runtime.kernels.epilogue import EpilogueWriter
from pipekeras.runtime.kernels.geometry import Extra, Geometry, address_of
from pipekeras.runtime.kernels.matmul import Epilogue
from pipekeras.runtime.target import Target, host_target

if TYPE_CHECKING:
    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import Pointer, Value

# Sizes of x and y, channels, then addresses: the large tensor, the small one, the places of the maxima.
_WORDS = 10
# Windows of more taps are rare, and their kernels long.
_MOST_TAPS = 32
_known: dict[Any, Kernel] = {}


def lies_side_by_side(geometry: Geometry) -> bool:
    """Whether no element is in two windows and none is padding."""
    g = geometry
    return (g.strides == g.window and g.dilation == (1, 1, 1) and not any(map(sum, g.padding))
            and prod(g.window) <= _MOST_TAPS)


class _Pooling:
    """What forward and backward kernels share: the walk over rows of windows."""

    def __init__(self, e: Emitter, window: Sequence[int], dtype: str) -> None:
        self.e, self.window, self.dtype = e, tuple(window), dtype
        self.size = [e.argument(axis) for axis in range(3)]
        self.output = [e.argument(3 + axis) for axis in range(3)]
        self.channels = e.argument(6)
        self.taps = list(product(*(range(extent) for extent in window)))

    def place_of(self, index: Sequence[Value], sizes: Sequence[Value]) -> Value:
        """Offset of a pixel: image, depth, row, column."""
        line = index[0]
        for place, extent in zip(index[1:], sizes, strict=True):
            line = line * extent + place
        return line * self.channels

    def rows(self, counts: Sequence[Value]) -> Any:
        """Loop over the units."""
        e = self.e
        with e.loop(e.parameters[1], e.parameters[2]) as unit:
            rest = e.natural_division(unit, counts[1])
            image = e.natural_division(rest, counts[0])
            yield image, rest - image * counts[0], unit - rest * counts[1]

    def corner(self, block: Sequence[Value]) -> list[Value]:
        return [block[0], *(place * extent for place, extent in zip(block[1:], self.window, strict=True))]

    def tap_offset(self, tap: Sequence[int]) -> Value:
        depth, row, column = tap
        return ((self.size[1] * depth + row) * self.size[2] + column) * self.channels


def _forward(symbol: str, target: Target, window: Sequence[int], dtype: str, kind: str, places: bool) -> str:
    from pipekeras.runtime.kernels import Emitter

    e = Emitter(symbol, target, target.lanes(max(4, ITEMSIZES[dtype])))
    pool = _Pooling(e, window, dtype)
    x, y, found = e.argument_pointer(7, dtype), e.argument_pointer(8, dtype), e.argument_pointer(9, "int32")
    for image, depth, row in pool.rows(pool.output):
        with e.loop(0, pool.output[2]) as column:
            block = [image, depth, row, column]
            source = x.at(pool.place_of(pool.corner(block), pool.size))
            own = pool.place_of(block, pool.output)

            def body(channel: Value, mask: Value | None, source: Pointer = source, own: Value = own) -> None:
                best = e.load(source, channel, e.lanes, mask)
                place = e.constant(0, "int32", e.lanes)
                for number, tap in enumerate(pool.taps[1:], 1):
                    value = e.load(source, pool.tap_offset(tap) + channel, e.lanes, mask)
                    if kind == "sum":
                        best = e.add(best, value)
                        continue
                    new = e.logical_and(e.is_nan(value), e.logical_not(e.is_nan(best)))
                    wins = e.logical_or(e.greater(value, best), new)
                    best, place = e.select(wins, value, best), e.select(wins, e.constant(number, "int32", e.lanes), place)
                e.store(best, y.at(own), channel, e.lanes, mask)
                if places:
                    e.store(place, found.at(own), channel, e.lanes, mask)

            vector_loop(e, e.constant(0, "int64"), pool.channels, body)
    return e.finish()


def _backward(symbol: str, target: Target, window: Sequence[int], dtype: str, kind: str, epilogue: Epilogue) -> str:
    from pipekeras.runtime.kernels import Emitter

    e = Emitter(symbol, target, target.lanes(max(4, ITEMSIZES[dtype])))
    pool = _Pooling(e, window, dtype)
    result, gradient, places = e.argument_pointer(7, dtype), e.argument_pointer(8, dtype), e.argument_pointer(9, "int32")
    after = EpilogueWriter(e, epilogue, dtype, _WORDS, 4)
    # The last blocks may hold elements that no window reaches.
    counts = [e.natural_division(extent + (taps - 1), e.constant(taps, "int64"))
              for extent, taps in zip(pool.size, window, strict=True)]

    def write(block: Sequence[Value], inside: bool) -> None:
        corner, own = pool.corner(block), pool.place_of(block, pool.output)

        def body(channel: Value, mask: Value | None) -> None:
            value = e.load(gradient.at(own), channel, e.lanes, mask) if inside else e.constant(0, dtype, e.lanes)
            chosen = None
            if inside and kind != "sum":
                chosen = e.load(places.at(own), channel, e.lanes, mask)
            for number, tap in enumerate(pool.taps):
                index = [corner[0], *(start + step for start, step in zip(corner[1:], tap, strict=True))]
                part = value if chosen is None else e.select(e.equal(chosen, number), value, 0.0)
                pixel = result.at(pool.place_of(index, pool.size))
                if inside:
                    after.store(pixel, part, index, channel, mask)
                    continue
                exists = e.logical_and(e.logical_and(e.less(index[1], pool.size[0]), e.less(index[2], pool.size[1])),
                                       e.less(index[3], pool.size[2]))
                with e.when(exists):
                    after.store(pixel, part, index, channel, mask)

        vector_loop(e, e.constant(0, "int64"), pool.channels, body)

    for image, depth, row in pool.rows(counts):
        with e.loop(0, counts[2]) as column:
            block = [image, depth, row, column]
            inside = e.logical_and(e.logical_and(e.less(depth, pool.output[0]), e.less(row, pool.output[1])),
                                   e.less(column, pool.output[2]))
            with e.either(inside) as (then, otherwise):
                with then:
                    write(block, True)
                with otherwise:
                    write(block, False)
    return e.finish()


def _arguments(g: Geometry, large: Any, small: Any, places: Any) -> list[Any]:
    return [*g.size, *g.output, g.channels, address_of(large), address_of(small), address_of(places)]


def side_by_side_commands(geometry: Geometry, kind: str, x: Any, y: Any, dtype: str, places: Any = None) -> list[Command]:
    """Pool; arguments as for `window.pool_commands`."""
    g = geometry
    key = ("forward", g.window, dtype, kind, places is not None, host_target())
    if key not in _known:
        text = f"{kind} of {g.window} {dtype}{' and their places' if places is not None else ''}"
        _known[key] = Kernel("pooling", text, lambda symbol, target: _forward(symbol, target, g.window, dtype, kind,
                                                                              places is not None))
    cost = g.batch * prod(g.size) * g.channels * 0.15
    return [Command(_known[key], _arguments(g, x, y, places), g.batch * g.output[0] * g.output[1], cost=cost)]


def side_by_side_gradient_commands(geometry: Geometry, kind: str, gradient: Any, places: Any, result: Any, dtype: str, *,
                                   epilogue: Epilogue | None = None, extra: Sequence[Extra] = ()) -> list[Command]:
    """result = gradient for x, then the epilogue; `places` as `side_by_side_commands` left them, None for sums."""
    g, after = geometry, epilogue or Epilogue()
    key: Any = ("backward", g.window, dtype, kind, after, host_target())
    try:
        kernel = _known.get(key)
    except TypeError:  # an epilogue with a constant that can't be hashed
        key = kernel = None
    if kernel is None:
        text = "\n; ".join([f"gradient of {kind} of {g.window} {dtype}", *after.describe()])
        kernel = Kernel("pooling", text, lambda symbol, target: _backward(symbol, target, g.window, dtype, kind, after))
        if key is not None:
            _known[key] = kernel
    arguments = _arguments(g, result, gradient, places)
    for buffer, strides in extra:
        arguments += [address_of(buffer), *strides]
    rows = [-(-extent // taps) for extent, taps in zip(g.size[:2], g.window[:2], strict=True)]
    return [Command(kernel, arguments, g.batch * prod(rows), cost=g.batch * prod(g.size) * g.channels * 0.2)]
