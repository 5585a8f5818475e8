"""Convolution by Winograd's minimal filtering, F(2 x 2, 3 x 3): 16 products where the sum takes 36.

The image is cut into tiles of 2 x 2 results, each of which sees 4 x 4 elements. Tile and window are transformed by matrices
of 0, 1, -1 and 1/2; in that room the convolution is an element-wise product, summed over the channels: 16 small matrix
products, one for each place. A block of tiles goes through all stages while it is in the second-level cache, so nothing of
the transformed image is ever in memory as a whole. Borders are read as zeros where they are needed; no padded copy is made.

A larger window is cut into parts of 3 x 3, the last ones filled up with zeros, and so is one with a depth, plane by plane; the
sum over the channels then goes on over the parts.

The order of every sum depends on the shape alone. Channels and filters come in whole multiples of `MULTIPLE`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

from pipekeras.core.errors import InternalError
from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernel import Kernel
from pipekeras.runtime.kernels.elementwise import ITEMSIZES
from pipekeras.runtime.kernels.epilogue import EpilogueWriter
from pipekeras.runtime.kernels.matmul import Epilogue, product_lanes
from pipekeras.runtime.target import Target, host_target

if TYPE_CHECKING:
    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import Pointer, Value, Variable

MULTIPLE = 16
PLACES = 16
_SIDE = 4
# Elements between the places of a block, beyond their own: rows of a cache line's distance don't share the same few sets.
_APART = 16
# Units of work that a convolution is cut into at most; each has scratch memory of its own.
_MOST_UNITS = 48
# Transformed weights up to these sizes (bytes) are read again for every 12 or 24 tiles.
_NEAR_WEIGHTS = (320 * 1024, 640 * 1024)
_MOST_BLOCK_BYTES = 400 * 1024
_SLOTS = ("x", "x_image", "x_plane", "x_row", "planes", "height", "width", "channels", "front", "above", "left", "y_planes",
          "rows", "columns", "tiles", "unit_tiles", "block", "weights", "filters", "y", "y_plane", "y_row", "y_height",
          "y_width", "scratch", "scratch_step", "depth", "deep", "high", "wide")  # fmt: skip
_WEIGHT_SLOTS = ("source", "channels", "filters", "result", "panel", "height", "width", "deep", "high", "wide")
_known: dict[Any, Any] = {}


@dataclass(frozen=True)
class Stencil:
    """A convolution with strides of 1: depth, height and width of everything.

    Args:
        size, output: of x and y.
        window: of the weights.
        before: zeros in front of, above and left of x; what is read beyond its other end is zero too.
    """

    batch: int
    size: tuple[int, int, int]
    output: tuple[int, int, int]
    window: tuple[int, int, int]
    before: tuple[int, int, int]
    channels: int
    filters: int

    @property
    def parts(self) -> tuple[int, int, int]:
        """How many parts of 3 x 3 the window has along each dimension."""
        return self.window[0], -(-self.window[1] // 3), -(-self.window[2] // 3)

    @property
    def depth(self) -> int:
        """Terms of the sums over channels and parts."""
        return prod(self.parts) * self.channels

    @property
    def rows(self) -> int:
        """Rows of tiles."""
        return -(-self.output[1] // 2)

    @property
    def columns(self) -> int:
        """Columns of tiles."""
        return -(-self.output[2] // 2)

    @property
    def tiles(self) -> int:
        """Tiles of the whole batch."""
        return self.batch * self.output[0] * self.rows * self.columns


def share_of_products(window: Sequence[int]) -> float:
    """Products that are left, as a share of those of the plain sum."""
    return -(-window[1] // 3) * -(-window[2] // 3) * PLACES / (4 * window[1] * window[2])


def tile_of(filters: int, dtype: str, target: Target) -> tuple[int, int]:
    """Rows and vectors of the register tile for that many filters."""
    vectors = filters // product_lanes(dtype, target)
    menu = ((4, 6), (3, 8), (2, 12), (1, 12)) if target.vector_bits == 512 else ((2, 6), (1, 6))
    return next((height, count) for count, height in menu if vectors % count == 0)


def cut_tiles(e: Emitter, tile: Value, rows: Value, columns: Value) -> tuple[Value, Value, Value]:
    """Image, row and column of a tile."""
    line = e.natural_division(tile, columns)
    image = e.natural_division(line, rows)
    return image, line - image * rows, tile - line * columns


def transform_window(e: Emitter, load: Callable[[int, int], Value], side: int = _SIDE) -> list[list[Value]]:
    """B^T d B of a 4 x 4 tile."""
    d = [[load(row, column) for column in range(side)] for row in range(side)]
    lines = [[_turned(e, [d[row][column] for row in range(side)], place) for column in range(side)] for place in range(side)]
    return [[_turned(e, line, place) for place in range(side)] for line in lines]


def _turned(e: Emitter, d: Sequence[Value], place: int) -> Value:
    a, b, minus = ((0, 2, True), (1, 2, False), (2, 1, True), (1, 3, True))[place]
    return e.subtract(d[a], d[b]) if minus else e.add(d[a], d[b])


def transform_back(e: Emitter, m: Sequence[Sequence[Value]]) -> list[list[Value]]:
    """A^T m A: the 2 x 2 results of a 4 x 4 product."""
    lines = [_sums(e, [m[row][column] for row in range(_SIDE)]) for column in range(_SIDE)]
    return [list(_sums(e, [lines[column][row] for column in range(_SIDE)])) for row in range(2)]


def _sums(e: Emitter, m: Sequence[Value]) -> tuple[Value, Value]:
    return e.add(e.add(m[0], m[1]), m[2]), e.subtract(e.subtract(m[1], m[2]), m[3])


@dataclass(frozen=True)
class Plane:
    """One plane of an image: where it begins, its sizes and element steps of rows and columns, and whether it exists."""

    start: Pointer
    sizes: tuple[Value, Value]
    steps: tuple[Value, Value]
    exists: Value

    def guarded(self, e: Emitter, row: Value, column: Value, channel: Value) -> Value:
        """A vector of an element's channels, zeros where the place lies outside."""
        inside = e.logical_and(e.logical_and(e.greater_equal(row, 0), e.less(row, self.sizes[0])),
                               e.logical_and(e.greater_equal(column, 0), e.less(column, self.sizes[1])))
        inside = e.logical_and(inside, self.exists)
        place = e.select(inside, row * self.steps[0] + column * self.steps[1], 0)
        return e.select(inside, e.load(self.start, place + channel, e.lanes), 0.0)

    def of_tile(self, e: Emitter, top: Value, first: Value, channel: Value, inside: bool) -> Callable[[int, int], Value]:
        """Read one vector at a row and column of a tile."""
        if inside:
            start = self.start.at(top * self.steps[0] + first * self.steps[1] + channel)
            return lambda row, column: e.load(start, self.steps[0] * row + self.steps[1] * column, e.lanes)
        return lambda row, column: self.guarded(e, top + row, first + column, channel)

    def holds(self, e: Emitter, top: Value, first: Value, side: int) -> Value:
        """Whether a square of that side lies inside."""
        inside = e.logical_and(e.logical_and(e.greater_equal(top, 0), e.less_equal(top + side, self.sizes[0])),
                               e.logical_and(e.greater_equal(first, 0), e.less_equal(first + side, self.sizes[1])))
        return e.logical_and(inside, self.exists)


def plane_of(e: Emitter, x: Pointer, image: Value, depth: Value, sizes: Sequence[Value], steps: Sequence[Value]) -> Plane:
    """The plane at a depth of an image.

    Args:
        sizes: planes, rows and columns of an image.
        steps: elements from image to image, plane to plane, row to row and column to column.
    """
    exists = e.logical_and(e.greater_equal(depth, 0), e.less(depth, sizes[0]))
    start = x.at(image * steps[0] + e.select(exists, depth, 0) * steps[1])
    return Plane(start, (sizes[1], sizes[2]), (steps[2], steps[3]), exists)


class WinogradKernel(Kernel):
    """Forward pass (or input gradient, with turned weights); a unit is a stretch of tiles."""

    def __init__(self, dtype: str, height: int, vectors: int, epilogue: Epilogue, target: Target) -> None:
        self.dtype, self.height, self.vectors, self.epilogue = dtype, height, vectors, epilogue
        text = "\n; ".join([f"{dtype} tile {height} x {vectors}", *epilogue.describe()])
        super().__init__("winograd", text, self._assemble, target)

    def _word(self, name: str) -> Value:
        return self._e.argument(_SLOTS.index(name))

    def _assemble(self, symbol: str, target: Target) -> str:
        from pipekeras.runtime.kernels import Emitter

        e = self._e = Emitter(symbol, target, product_lanes(self.dtype, target))
        block_size = self._word("block")
        self._place_step = block_size * self._word("depth") + _APART
        self._product_step = block_size * (self.vectors * e.lanes) + _APART
        with e.loop(e.parameters[1], e.parameters[2]) as unit:
            first = unit * self._word("unit_tiles")
            last = e.minimum(first + self._word("unit_tiles"), self._word("tiles"))
            scratch = e.argument_pointer(_SLOTS.index("scratch"), self.dtype).at(unit * self._word("scratch_step"))
            products = scratch.at(self._place_step * PLACES)
            with e.loop(first, last, block_size) as block:
                count = e.minimum(block_size, last - block)
                self._transform(block, count, scratch)
                with e.loop(0, self._word("filters"), self.vectors * e.lanes) as column:
                    self._products(count, column, scratch, products)
                    self._results(block, count, column, products)
        return e.finish()

    def _tile_place(self, tile: Value) -> tuple[Value, Value, Value]:
        return cut_tiles(self._e, tile, self._word("rows"), self._word("columns"))

    def _transform(self, block: Value, count: Value, scratch: Pointer) -> None:
        e = self._e
        channels, depth = self._word("channels"), self._word("depth")
        sizes = [self._word(name) for name in ("planes", "height", "width")]
        steps = [*(self._word(name) for name in ("x_image", "x_plane", "x_row")), channels]
        front, above, left = (self._word(name) for name in ("front", "above", "left"))
        deep, high, wide = (self._word(name) for name in ("deep", "high", "wide"))
        planes = self._word("y_planes")
        x = e.argument_pointer(_SLOTS.index("x"), self.dtype)
        with e.loop(0, count) as index:
            number, row, column = self._tile_place(block + index)
            image = e.natural_division(number, planes)
            with e.loop(0, deep) as a:
                plane = plane_of(e, x, image, number - image * planes + a - front, sizes, steps)
                with e.loop(0, high) as b, e.loop(0, wide) as c:
                    part = (a * high + b) * wide + c
                    write_transformed(e, plane, (row * 2 - above + b * 3, column * 2 - left + c * 3),
                                      (e.constant(0, "int64"), channels), scratch.at(index * depth + part * channels),
                                      self._place_step)

    def _products(self, count: Value, column: Value, scratch: Pointer, products: Pointer) -> None:
        """The 16 matrix products of a block of tiles and one panel of filters."""
        e = self._e
        terms, width = self._word("depth"), self.vectors * e.lanes
        weights = e.argument_pointer(_SLOTS.index("weights"), self.dtype).at(column * terms)
        whole = terms * self._word("filters")
        with e.loop(0, PLACES) as place, e.loop(0, count, self.height) as row:
            a = scratch.at(place * self._place_step + row * terms)
            b = weights.at(place * whole)
            c = products.at(place * self._product_step + row * width)
            zero = e.constant(0, self.dtype, e.lanes)
            sums: list[list[Variable]] = [[e.variable(zero) for _ in range(self.vectors)] for _ in range(self.height)]
            starts = [a.at(terms * line) for line in range(0, self.height, 3)]
            with e.loop(0, terms) as depth:
                line_of_b = b.at(depth * width)
                loaded = [e.load(line_of_b, e.lanes * v, e.lanes) for v in range(self.vectors)]
                for line in range(self.height):
                    factor = e.splat(e.load(starts[line // 3].at(depth), terms * (line % 3)))
                    for v in range(self.vectors):
                        sums[line][v].set(e.fma(factor, loaded[v], sums[line][v].get()))
            for line in range(self.height):
                for v in range(self.vectors):
                    e.store(sums[line][v].get(), c, width * line + e.lanes * v, e.lanes)

    def _results(self, block: Value, count: Value, column: Value, products: Pointer) -> None:
        e = self._e
        width = self.vectors * e.lanes
        filters, planes = self._word("filters"), self._word("y_planes")
        y_plane, y_row, height, wide = self._word("y_plane"), self._word("y_row"), self._word("y_height"), self._word("y_width")
        y = e.argument_pointer(_SLOTS.index("y"), self.dtype)
        after = EpilogueWriter(e, self.epilogue, self.dtype, len(_SLOTS), 4)
        with e.loop(0, count) as index:
            number, tile_row, tile_column = self._tile_place(block + index)
            image = e.natural_division(number, planes)
            place = [image, number - image * planes]
            top, first = tile_row * 2, tile_column * 2
            target = y.at(number * y_plane + top * y_row + first * filters)
            low, right = e.less(top + 1, height), e.less(first + 1, wide)
            source = products.at(index * width)
            for v in range(self.vectors):
                m = [[e.load(source, self._product_step * (_SIDE * row + line) + e.lanes * v, e.lanes)
                      for line in range(_SIDE)] for row in range(_SIDE)]
                (a, b), (c, d) = transform_back(e, m)
                channel = column + e.lanes * v
                after.store(target, a, [*place, top, first], channel)
                with e.when(right):
                    after.store(target.at(filters), b, [*place, top, first + 1], channel)
                with e.when(low):
                    after.store(target.at(y_row), c, [*place, top + 1, first], channel)
                with e.when(e.logical_and(low, right)):
                    after.store(target.at(y_row + filters), d, [*place, top + 1, first + 1], channel)


def write_transformed(e: Emitter, plane: Plane, corner: tuple[Value, Value], channels: tuple[Value, Value], result: Pointer,
                      place_step: Value) -> None:
    """Transform one tile for a range of channels; place by place `place_step` apart."""
    top, first = corner

    def write(within: bool) -> None:
        with e.loop(channels[0], channels[1], e.lanes) as channel:
            lines = transform_window(e, plane.of_tile(e, top, first, channel, within))
            for row, line in enumerate(lines):
                for column, value in enumerate(line):
                    e.store(value, result, place_step * (_SIDE * row + column) + (channel - channels[0]), e.lanes)

    with e.either(plane.holds(e, top, first, _SIDE)) as (then, otherwise):
        with then:
            write(True)
        with otherwise:
            write(False)


def cut_part(e: Emitter, row: Value, channels: Value, high: Value, wide: Value) -> tuple[Value, Value, Value, Value]:
    """Depth, part row, part column and channel of a term's number."""
    part = e.natural_division(row, channels)
    line = e.natural_division(part, wide)
    plane = e.natural_division(line, high)
    return plane, line - plane * high, part - line * wide, row - part * channels


def _assemble_weights(symbol: str, target: Target, dtype: str) -> str:
    """G g G^T of every part of the window, laid out place by place in panels of filters; a unit is one term of the sums."""
    from pipekeras.runtime.kernels import Emitter

    e = Emitter(symbol, target, product_lanes(dtype, target))
    word = {name: e.argument(index) for index, name in enumerate(_WEIGHT_SLOTS)}
    source, result = (e.argument_pointer(_WEIGHT_SLOTS.index(name), dtype) for name in ("source", "result"))
    filters, panel, height, width = (word[name] for name in ("filters", "panel", "height", "width"))
    tap = word["channels"] * filters
    depth = word["deep"] * word["high"] * word["wide"] * word["channels"]
    with e.loop(e.parameters[1], e.parameters[2]) as term:
        plane, high, wide, channel = cut_part(e, term, word["channels"], word["high"], word["wide"])
        with e.loop(0, filters, e.lanes) as column:
            own = source.at(channel * filters + column)

            def load(row: int, line: int, own: Pointer = own, plane: Value = plane, high: Value = high,
                     wide: Value = wide) -> Value:
                top, first = high * 3 + row, wide * 3 + line
                inside = e.logical_and(e.less(top, height), e.less(first, width))
                place = e.select(inside, (plane * height + top) * width + first, 0)
                return e.select(inside, e.load(own, place * tap, e.lanes), 0.0)

            g = [[load(row, line) for line in range(3)] for row in range(3)]
            lines = [_spread(e, [g[row][line] for row in range(3)]) for line in range(3)]
            number = e.natural_division(column, panel)
            target_place = result.at(number * panel * depth + term * panel + (column - number * panel))
            for row in range(_SIDE):
                for index, value in enumerate(_spread(e, [lines[line][row] for line in range(3)])):
                    e.store(value, target_place, depth * filters * (_SIDE * row + index), e.lanes)
    return e.finish()


def _spread(e: Emitter, g: Sequence[Value]) -> list[Value]:
    """G times three numbers: four."""
    ends = e.add(g[0], g[2])
    return [g[0], e.multiply(e.add(ends, g[1]), 0.5), e.multiply(e.subtract(ends, g[1]), 0.5), g[2]]


def _weights_command(stencil: Stencil, source: int, result: int, panel: int, dtype: str) -> Command:
    """Transform weights of shape (*window, channels, filters)."""
    key = ("weights", dtype)
    if key not in _known:
        _known[key] = Kernel("winograd_weights", dtype, lambda symbol, target: _assemble_weights(symbol, target, dtype))
    arguments = [source, stencil.channels, stencil.filters, result, panel, *stencil.window[1:], *stencil.parts]
    return Command(_known[key], arguments, stencil.depth, cost=stencil.depth * stencil.filters * 3.0)


def winograd_kernel(dtype: str, height: int, vectors: int, epilogue: Epilogue, target: Target) -> WinogradKernel:
    """The kernel for one register tile and epilogue."""
    key = ("forward", dtype, height, vectors, epilogue, target)
    try:
        found = _known.get(key)
    except TypeError:
        return WinogradKernel(dtype, height, vectors, epilogue, target)
    if found is None:
        found = _known[key] = WinogradKernel(dtype, height, vectors, epilogue, target)
    return found


def _block(channels: int, filters: int, height: int, dtype: str) -> int:
    """Tiles that go through all stages together."""
    size = ITEMSIZES[dtype]
    weights = PLACES * channels * filters * size
    wanted = 12 if weights <= _NEAR_WEIGHTS[0] else 24 if weights <= _NEAR_WEIGHTS[1] else 48
    most = max(height, _MOST_BLOCK_BYTES // (PLACES * channels * size))
    return max(height, min(wanted, most) // height * height)


def _plan(stencil: Stencil, dtype: str) -> dict[str, int]:
    depth, filters = stencil.depth, stencil.filters
    height, vectors = tile_of(filters, dtype, host_target())
    panel = vectors * product_lanes(dtype, host_target())
    block = _block(depth, filters, height, dtype)
    blocks = -(-stencil.tiles // block)
    of_unit = -(-blocks // min(_MOST_UNITS, blocks))
    step = PLACES * (block * (depth + panel) + 2 * _APART)
    return {"height": height, "vectors": vectors, "panel": panel, "block": block, "unit_tiles": of_unit * block,
            "units": -(-blocks // of_unit), "step": step}  # fmt: skip


def winograd_scratch(stencil: Stencil, dtype: str) -> int:
    """Bytes that `winograd_commands` needs."""
    plan = _plan(stencil, dtype)
    return (plan["units"] * plan["step"] + PLACES * stencil.depth * stencil.filters) * ITEMSIZES[dtype]


def winograd_commands(stencil: Stencil, x: int, weights: int, y: int, dtype: str, scratch: int, *,
                      epilogue: Epilogue | None = None,
                      extra: Sequence[tuple[Any, Sequence[int]]] = ()) -> list[Command]:
    """y = convolution of x with the weights, then the epilogue.

    Args:
        x, weights, y: addresses of dense tensors, channels last.
        scratch: `winograd_scratch` bytes.
        epilogue: expression over y; `extra` are its buffers with strides of image, depth, row, pixel and column.
    """
    channels, filters, size, output = stencil.channels, stencil.filters, stencil.size, stencil.output
    if channels % MULTIPLE or filters % MULTIPLE:
        raise InternalError(f"a Winograd convolution of {channels} channels and {filters} filters")
    plan = _plan(stencil, dtype)
    turned = scratch + plan["units"] * plan["step"] * ITEMSIZES[dtype]
    epilogue = epilogue or Epilogue()
    if len(extra) != len(epilogue.buffers):
        raise InternalError(f"an epilogue of {len(epilogue.buffers)} buffers got {len(extra)}")
    arguments: list[Any] = [
        x, prod(size) * channels, size[1] * size[2] * channels, size[2] * channels, *size, channels, *stencil.before, output[0],
        stencil.rows, stencil.columns, stencil.tiles, plan["unit_tiles"], plan["block"], turned, filters, y,
        output[1] * output[2] * filters, output[2] * filters, *output[1:], scratch, plan["step"], stencil.depth,
        *stencil.parts,
    ]  # fmt: skip
    for buffer, strides in extra:
        arguments += [buffer, *strides]
    kernel = winograd_kernel(dtype, plan["height"], plan["vectors"], epilogue, host_target())
    return [_weights_command(stencil, weights, turned, plan["panel"], dtype),
            Command(kernel, arguments, plan["units"], cost=stencil.tiles * stencil.depth * filters * 0.4)]
