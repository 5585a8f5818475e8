"""Gradient for the weights by the adjoint of F(2 x 2, 3 x 3): 16 sums over tiles where the plain way has 36.

A unit of work is one share of the tiles for one panel of channels and one of filters. Block by block it transforms the tiles
of the input and of the output's gradient and adds their products, place by place, to a slab of its own. The slabs of all
shares are then added in order and transformed back. How many shares there are depends on the shape alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING, Any

from pipekeras.core.errors import InternalError
from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernel import Kernel
from pipekeras.runtime.kernels.elementwise import ITEMSIZES
from pipekeras.runtime.kernels.matmul import product_lanes
from pipekeras.runtime.kernels.winograd import MULTIPLE, PLACES, Stencil, cut_part, cut_tiles, plane_of, write_transformed
from pipekeras.runtime.target import Target, host_target

if TYPE_CHECKING:
    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import Pointer, Value, Variable

_SIDE = 4
# Widest panel of channels and of filters, and tiles that are transformed together.
_PANEL = 64
_BLOCK = 48
_APART = 16
# Units of work that a gradient is cut into at least; each share costs a slab of memory.
_LEAST_UNITS = 8
_SLOTS = ("x", "x_image", "x_plane", "x_row", "planes", "height", "width", "channels", "front", "above", "left", "y_planes",
          "rows", "columns", "tiles", "share", "channel_panel", "filter_panel", "gradient", "g_plane", "g_row", "g_height",
          "g_width", "filters", "slabs", "scratch", "scratch_step", "depth", "high", "wide")  # fmt: skip
_BACK_SLOTS = ("slabs", "shares", "channels", "filters", "channel_panel", "filter_panel", "result", "depth", "height", "width",
               "high", "wide")  # fmt: skip
_known: dict[Any, Kernel] = {}


def _register_tile(dtype: str, target: Target, filters: int) -> tuple[int, int]:
    """Channels and vectors of filters that a register tile holds."""
    vectors = 2 if filters // product_lanes(dtype, target) % 2 == 0 else 1
    if target.vector_bits == 512:
        return (8, 2) if vectors == 2 else (16, 1)
    return (4, vectors)


def _panel(count: int) -> int:
    """The widest panel that divides the channels."""
    return next(width for width in (_PANEL, 48, 32, MULTIPLE) if count % width == 0)


class _GradientWriter:
    """Text of the kernel that fills the slabs."""

    def __init__(self, e: Emitter, dtype: str, height: int, vectors: int) -> None:
        self.e, self.dtype, self.height, self.vectors = e, dtype, height, vectors

    def word(self, name: str) -> Value:
        return self.e.argument(_SLOTS.index(name))

    def pointer(self, name: str) -> Pointer:
        return self.e.argument_pointer(_SLOTS.index(name), self.dtype)

    def write(self) -> None:
        e = self.e
        wide, high = self.word("channel_panel"), self.word("filter_panel")
        filter_panels = e.natural_division(self.word("filters"), high)
        panels = e.natural_division(self.word("depth"), wide) * filter_panels
        self.x_step, self.g_step = wide * _BLOCK + _APART, high * _BLOCK + _APART
        with e.loop(e.parameters[1], e.parameters[2]) as unit:
            share = e.natural_division(unit, panels)
            panel = unit - share * panels
            line = e.natural_division(panel, filter_panels)
            term, column = line * wide, (panel - line * filter_panels) * high
            slab = self.pointer("slabs").at(unit * wide * high * PLACES)
            self.clear(slab, wide * high * PLACES)
            scratch = self.pointer("scratch").at(unit * self.word("scratch_step"))
            turned = scratch.at(self.x_step * PLACES)
            first = share * self.word("share")
            last = e.minimum(first + self.word("share"), self.word("tiles"))
            with e.loop(first, last, _BLOCK) as block:
                count = e.minimum(e.constant(_BLOCK, "int64"), last - block)
                self.transform(block, count, term, column, scratch, turned)
                self.products(count, scratch, turned, slab)

    def clear(self, slab: Pointer, size: Value) -> None:
        e = self.e
        with e.loop(0, size, e.lanes) as place:
            e.store(e.constant(0, self.dtype, e.lanes), slab, place, e.lanes)

    def transform(self, block: Value, count: Value, term: Value, column: Value, scratch: Pointer, turned: Pointer) -> None:
        e, word = self.e, self.word
        wide, high, channels, filters = (word(name) for name in ("channel_panel", "filter_panel", "channels", "filters"))
        depth, part_row, part_column, channel = cut_part(e, term, channels, word("high"), word("wide"))
        sizes = [word(name) for name in ("planes", "height", "width")]
        steps = [*(word(name) for name in ("x_image", "x_plane", "x_row")), channels]
        planes, one, zero = word("y_planes"), e.constant(1, "int64"), e.constant(0, "int64")
        g_sizes, g_steps = [one, word("g_height"), word("g_width")], [word("g_plane"), zero, word("g_row"), filters]
        x, gradient = self.pointer("x"), self.pointer("gradient")
        above, left = word("above") - part_row * 3, word("left") - part_column * 3
        with e.loop(0, count) as index:
            number, row, line = cut_tiles(e, block + index, word("rows"), word("columns"))
            image = e.natural_division(number, planes)
            top, first = row * 2, line * 2
            plane = plane_of(e, x, image, number - image * planes + depth - word("front"), sizes, steps)
            write_transformed(e, plane, (top - above, first - left), (channel, channel + wide), scratch.at(index * wide),
                              self.x_step)
            plane = plane_of(e, gradient, number, zero, g_sizes, g_steps)
            with e.either(plane.holds(e, top, first, 2)) as (then, otherwise):
                for branch, inside in ((then, True), (otherwise, False)):
                    with branch, e.loop(0, high, e.lanes) as place:
                        load = plane.of_tile(e, top, first, column + place, inside)
                        lines = [_spread_back(e, [load(row, 0), load(row, 1)]) for row in range(2)]
                        for line_of in range(_SIDE):
                            for row_of, value in enumerate(_spread_back(e, [lines[0][line_of], lines[1][line_of]])):
                                e.store(value, turned, self.g_step * (_SIDE * row_of + line_of) + index * high + place, e.lanes)

    def products(self, count: Value, scratch: Pointer, turned: Pointer, slab: Pointer) -> None:
        """Add the outer products of a block's tiles to the slab."""
        e = self.e
        wide, high = self.word("channel_panel"), self.word("filter_panel")
        step = self.vectors * e.lanes
        with e.loop(0, PLACES) as place, e.loop(0, wide, self.height) as row, e.loop(0, high, step) as column:
            target = slab.at(place * wide * high + row * high + column)
            a, b = scratch.at(place * self.x_step + row), turned.at(place * self.g_step + column)
            sums: list[list[Variable]] = [
                [e.variable(e.load(target, high * line + e.lanes * v, e.lanes)) for v in range(self.vectors)]
                for line in range(self.height)
            ]
            with e.loop(0, count) as tile:
                line_of_b, line_of_a = b.at(tile * high), a.at(tile * wide)
                loaded = [e.load(line_of_b, e.lanes * v, e.lanes) for v in range(self.vectors)]
                for line in range(self.height):
                    factor = e.splat(e.load(line_of_a, line))
                    for v in range(self.vectors):
                        sums[line][v].set(e.fma(factor, loaded[v], sums[line][v].get()))
            for line in range(self.height):
                for v in range(self.vectors):
                    e.store(sums[line][v].get(), target, high * line + e.lanes * v, e.lanes)


def _spread_back(e: Emitter, g: Sequence[Value]) -> list[Value]:
    """A times two numbers: four."""
    return [g[0], e.add(g[0], g[1]), e.subtract(g[0], g[1]), e.negative(g[1])]


def _assemble_back(symbol: str, target: Target, dtype: str) -> str:
    """G^T s G of the sum of the slabs; a unit is one channel of one part of the window."""
    from pipekeras.runtime.kernels import Emitter

    e = Emitter(symbol, target, product_lanes(dtype, target))
    word = {name: e.argument(index) for index, name in enumerate(_BACK_SLOTS)}
    slabs, result = (e.argument_pointer(_BACK_SLOTS.index(name), dtype) for name in ("slabs", "result"))
    wide, high = word["channel_panel"], word["filter_panel"]
    area = wide * high
    share_step = word["depth"] * word["filters"] * PLACES
    filter_panels = e.natural_division(word["filters"], high)
    tap = word["channels"] * word["filters"]
    height, width = word["height"], word["width"]
    with e.loop(e.parameters[1], e.parameters[2]) as term, e.loop(0, word["filters"], e.lanes) as column:
        depth, part_row, part_column, channel = cut_part(e, term, word["channels"], word["high"], word["wide"])
        line, panel = e.natural_division(term, wide), e.natural_division(column, high)
        start = (line * filter_panels + panel) * area * PLACES + (term - line * wide) * high + (column - panel * high)
        place = slabs.at(start)
        sums = [e.variable(e.load(place, area * index, e.lanes)) for index in range(PLACES)]
        with e.loop(1, word["shares"]) as share:
            for index in range(PLACES):
                sums[index].set(sums[index].get() + e.load(place.at(share * share_step), area * index, e.lanes))
        lines = [_fold(e, [sums[_SIDE * row + index].get() for row in range(_SIDE)]) for index in range(_SIDE)]
        target_place = result.at(channel * word["filters"] + column)
        for row in range(3):
            for index, value in enumerate(_fold(e, [lines[index][row] for index in range(_SIDE)])):
                top, first = part_row * 3 + row, part_column * 3 + index
                with e.when(e.logical_and(e.less(top, height), e.less(first, width))):
                    e.store(value, target_place, tap * ((depth * height + top) * width + first), e.lanes)
    return e.finish()


def _fold(e: Emitter, s: Sequence[Value]) -> list[Value]:
    """The transpose of G times four numbers: three."""
    both, apart = e.multiply(e.add(s[1], s[2]), 0.5), e.multiply(e.subtract(s[1], s[2]), 0.5)
    return [e.add(s[0], both), apart, e.add(s[3], both)]


def _plan(stencil: Stencil) -> dict[str, int]:
    wide, high = _panel(stencil.channels), _panel(stencil.filters)
    panels = stencil.depth // wide * (stencil.filters // high)
    shares = min(-(-_LEAST_UNITS // panels), -(-stencil.tiles // _BLOCK))
    each = -(-stencil.tiles // shares)
    share = -(-each // _BLOCK) * _BLOCK
    shares = -(-stencil.tiles // share)
    return {"wide": wide, "high": high, "share": share, "shares": shares, "units": shares * panels,
            "step": PLACES * (_BLOCK * (wide + high) + 2 * _APART)}  # fmt: skip


def gradient_scratch(stencil: Stencil, dtype: str) -> int:
    """Bytes that `gradient_commands` needs."""
    plan = _plan(stencil)
    return (plan["shares"] * PLACES * stencil.depth * stencil.filters + plan["units"] * plan["step"]) * ITEMSIZES[dtype]


def gradient_commands(stencil: Stencil, x: int, gradient: int, result: int, dtype: str, scratch: int) -> list[Command]:
    """result = gradient for weights of shape (*window, channels, filters).

    Args:
        x, gradient, result: addresses of dense tensors, channels last.
        scratch: `gradient_scratch` bytes.
    """
    channels, filters, size, output = stencil.channels, stencil.filters, stencil.size, stencil.output
    if channels % MULTIPLE or filters % MULTIPLE:
        raise InternalError(f"a Winograd gradient of {channels} channels and {filters} filters")
    target = host_target()
    plan = _plan(stencil)
    height, vectors = _register_tile(dtype, target, plan["high"])
    key = ("gradient", dtype, height, vectors)
    if key not in _known:

        def build(symbol: str, target: Target) -> str:
            from pipekeras.runtime.kernels import Emitter

            e = Emitter(symbol, target, product_lanes(dtype, target))
            _GradientWriter(e, dtype, height, vectors).write()
            return e.finish()

        _known[key] = Kernel("winograd_gradient", f"{dtype} tile {height} x {vectors}", build)
        _known[("back", dtype)] = Kernel("winograd_back", dtype, lambda symbol, target: _assemble_back(symbol, target, dtype))
    space = scratch + plan["shares"] * PLACES * stencil.depth * filters * ITEMSIZES[dtype]
    parts = stencil.parts
    arguments = [
        x, prod(size) * channels, size[1] * size[2] * channels, size[2] * channels, *size, channels, *stencil.before, output[0],
        stencil.rows, stencil.columns, stencil.tiles, plan["share"], plan["wide"], plan["high"], gradient,
        output[1] * output[2] * filters, output[2] * filters, *output[1:], filters, scratch, space, plan["step"],
        stencil.depth, *parts[1:],
    ]  # fmt: skip
    back = [scratch, plan["shares"], channels, filters, plan["wide"], plan["high"], result, stencil.depth, *stencil.window[1:],
            *parts[1:]]  # fmt: skip
    work = stencil.depth * filters
    return [Command(_known[key], arguments, plan["units"], cost=stencil.tiles * work * 0.4),
            Command(_known[("back", dtype)], back, stencil.depth, cost=work * (4.0 + 2.0 * plan["shares"]))]
