"""Matrix product from register tiles: every element of C is one chain of fused multiply-adds over k, in order.

A tile is `height` rows by `vectors` vectors of C, held in registers for the whole of k; elements of A are repeated over
the lanes, rows of B are read as vectors. The chain of an element does not depend on the tile it falls into, so neither
tile shape nor thread count nor batch size changes a bit. The last rows of a matrix are covered by moving the tile up
and storing new rows only; a matrix with fewer rows than a tile is done row by row.

A is read through two strides, which covers its transpose; a transposed B is first laid out in panels (`packing.py`).
An epilogue, any element-wise expression, runs over each finished tile while it is in the cache.

The depth may be summed in several nested loops, *taps*, each with its own strides in A and B: that makes the same kernel
a convolution (`convolution.py`). The outermost loop of the depth may lie outside of the tiles, in *chunks*, so that what
a chunk reads stays in the cache for all tiles; C then carries the chains from chunk to chunk.

Argument array: see `SLOTS`; every slot that is a tuple there holds that many words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipekeras.runtime.kernel import Kernel, source_identity
from pipekeras.runtime.kernels.elementwise import (
    ITEMSIZES,
    ExpressionWriter,
    Operand,
    RowPlace,
    Step,
    store_lane,
    vector_loop,
)
from pipekeras.runtime.kernels.streaming import LINE, fence, lies_on_lines, stream
from pipekeras.runtime.target import Target, host_target

if TYPE_CHECKING:
    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import Pointer, Value, Variable

BATCHES = 3
TAPS = 3
# Name and number of words of every argument, in order; epilogue buffers follow, each with address and strides.
SLOTS = {
    "rows": 1, "columns": 1, "depth": 1, "a": 1, "a_row": 1, "a_depth": 1, "b": 1, "b_depth": 1, "b_panel": 1, "c": 1,
    "c_row": 1, "adds": 1, "order": 1, "batch": BATCHES, "a_batch": BATCHES, "b_batch": BATCHES,
    "c_batch": BATCHES, "taps": TAPS, "a_taps": TAPS, "b_taps": TAPS, "chunks": 1, "a_chunk": 1, "b_chunk": 1,
    "groups": 1, "group": 1, "b_group": 1, "streams": 1,
}
_PLACE = {name: sum(list(SLOTS.values())[:index]) for index, name in enumerate(SLOTS)}
_FIRST_EXTRA = sum(SLOTS.values())
_EXTRA_WIDTH = 1 + BATCHES + 2
# A result of more elements is too large to be in the cache when its update begins.
_FAR_ELEMENTS = 1 << 16
# An A of more elements than half of a second-level cache is not fetched at once, nor one of a quarter of that.
_SECOND_LEVEL_ELEMENTS = 1 << 17
_known: dict[tuple[Any, ...], MatmulKernel] = {}


@dataclass(frozen=True)
class Epilogue:
    """What happens to the product before it is stored.

    Args:
        inputs: how each further buffer is read along a row, or "scalar" for one number; value 0 is the product, these are
            1, 2, ...
        steps: the expression.
        result: index of the value that becomes C; None leaves what C holds then to chance.
        outputs: further values to store, each with its own buffer (which come after the inputs' buffers).
    """

    inputs: tuple[Operand, ...] = ()
    steps: tuple[Step, ...] = ()
    result: int | None = 0
    outputs: tuple[tuple[int, Operand], ...] = field(default=())

    @property
    def buffers(self) -> tuple[Operand, ...]:
        """All further buffers: inputs, then outputs."""
        return self.inputs + tuple(operand for _, operand in self.outputs)

    def describe(self) -> list[str]:
        """The expression as text."""
        lines = [f"v{1 + index} = {operand.dtype} {operand.access} input" for index, operand in enumerate(self.inputs)]
        lines += [f"v{1 + len(self.inputs) + index} = {step.describe()}" for index, step in enumerate(self.steps)]
        lines += [f"output v{index} as {operand.dtype} {operand.access}" for index, operand in self.outputs]
        lines += [f"result v{self.result}", *sorted({source_identity(step.emit) for step in self.steps})]
        return lines


def product_lanes(dtype: str, target: Target) -> int:
    """Elements of one vector in a tile; the half types are computed in float32."""
    return target.lanes(max(4, ITEMSIZES[dtype]))


class MatmulKernel(Kernel):
    """A product with one tile shape and one epilogue; made by `matmul_kernel`."""

    def __init__(self, dtype: str, height: int, vectors: int, epilogue: Epilogue, target: Target) -> None:
        self.dtype, self.height, self.vectors, self.epilogue = dtype, height, vectors, epilogue
        text = "\n; ".join([f"{dtype} tile {height} x {vectors}", *epilogue.describe()])
        super().__init__("matmul", text, self._assemble, target)

    def _assemble(self, symbol: str, target: Target) -> str:
        from pipekeras.runtime.kernels import Emitter

        e = Emitter(symbol, target, product_lanes(self.dtype, target))
        self._write(e)
        return e.finish()

    def _write(self, e: Emitter) -> None:
        self._e = e
        width = e.lanes * self.vectors
        rows = self._word("rows")
        # Columns may fall into groups of whole panels, one for each thread.
        groups, group = self._word("groups"), self._word("group")
        own_panels = e.natural_division(group + (width - 1), width)
        panels = groups * own_panels
        tiles = e.natural_division(rows + (self.height - 1), self.height)
        chunks = self._word("chunks")
        batches = self._word("batch") * self._word("batch", 1) * self._word("batch", 2)
        # Which index runs fastest: panels (0), tiles then batches (1), tiles then panels (2); see `_unit_order`.
        order = self._word("order")
        panel_fastest, panel_slowest = e.equal(order, 0), e.equal(order, 1)
        fast = e.select(panel_fastest, panels, tiles)
        middle = e.select(panel_fastest, tiles, e.select(panel_slowest, batches, panels))
        self._spare = e.scratch(self.dtype, width)
        if self._on_tile:
            self._finished = e.scratch(self.dtype, self.height * width)
        self._streams = self._streaming()
        begin, end = e.parameters[1], e.parameters[2]
        strip = e.natural_division(begin, fast)
        slow = e.natural_division(strip, middle)
        starts = (begin - strip * fast, strip - slow * middle, slow)
        with e.loop(0, chunks) as chunk:
            self._first_chunk, self._last_chunk = e.equal(chunk, 0), e.equal(chunk, chunks - 1)
            first_place, second_place, third_place = (e.variable(start) for start in starts)
            strides = [_PLACE["a_batch"], _PLACE["b_batch"], _PLACE["c_batch"]]
            strides += [_FIRST_EXTRA + _EXTRA_WIDTH * index + 1 for index in range(len(self.epilogue.buffers))]
            # Where the batch at hand begins in each buffer, by the place of the buffer's batch strides.
            self._offsets = {place: e.variable(0, "int64") for place in strides}
            self._batch = e.variable(0, "int64")
            with e.loop(begin, end):
                first_index, second_index, third_index = first_place.get(), second_place.get(), third_place.get()
                panel = e.select(panel_fastest, first_index, e.select(panel_slowest, third_index, second_index))
                tile = e.select(panel_fastest, second_index, first_index)
                with e.when(e.greater(batches, 1)):
                    self._find_batch(e.select(panel_slowest, second_index, third_index))
                first = e.maximum(e.minimum(tile * self.height, rows - self.height), 0)
                skipped = tile * self.height - first
                which = e.variable(0, "int64")
                with e.when(e.greater(groups, 1)):
                    which.set(e.natural_division(panel, own_panels))
                member = panel - which.get() * own_panels
                column = which.get() * group + member * width
                b_place = which.get() * self._word("b_group") + member * self._word("b_panel")
                self._panel(chunk, first, skipped, b_place, column, (which.get() + 1) * group - column,
                            e.logical_and(e.greater(groups, 1), e.equal(member + tile, 0)))
                # The next unit: indices carry, a division for each would cost as much as a small tile.
                ends_strip = e.equal(first_index + 1, fast)
                ends_block = e.logical_and(ends_strip, e.equal(second_index + 1, middle))
                first_place.set(e.select(ends_strip, 0, first_index + 1))
                second_place.set(e.select(ends_block, 0, second_index + e.cast(ends_strip, "int64")))
                third_place.set(third_index + e.cast(ends_block, "int64"))
        with e.when(e.not_equal(self._word("streams"), 0)):
            fence(e)

    def _streaming(self) -> list[Value]:
        """Whether the result, and each further output, goes past the caches: bit by bit of a word, if they lie on lines."""
        e, found = self._e, []
        word = self._word("streams")
        places = [(_PLACE["c"], [_PLACE["c_row"], *(_PLACE["c_batch"] + axis for axis in range(BATCHES))], self.dtype)]
        first = _FIRST_EXTRA + _EXTRA_WIDTH * len(self.epilogue.inputs)
        for position, (_, operand) in enumerate(self.epilogue.outputs):
            place = first + _EXTRA_WIDTH * position
            places.append((place, [place + 1 + axis for axis in range(BATCHES + 1)], operand.dtype))
        for position, (address, steps, dtype) in enumerate(places):
            is_wanted = e.not_equal(word & (1 << position), 0)
            buffer = e.argument_pointer(address, dtype)
            found.append(e.logical_and(is_wanted, lies_on_lines(e, buffer, [e.argument(step) for step in steps])))
        return found

    def _word(self, name: str, index: int = 0) -> Value:
        return self._e.argument(_PLACE[name] + index)

    @property
    def _on_tile(self) -> bool:
        """Whether an expression runs on finished tiles."""
        return bool(self.epilogue.steps or self.epilogue.outputs or self.epilogue.result is None)

    def _find_batch(self, batch: Value) -> None:
        """Note where a batch, counted over all batch dimensions, begins in every buffer."""
        e = self._e
        indices: list[Value] = []
        counted = batch
        for axis in reversed(range(1, BATCHES)):
            extent = self._word("batch", axis)
            quotient = e.natural_division(batch, extent)
            indices.insert(0, batch - quotient * extent)
            batch = quotient
        indices.insert(0, batch)
        self._batch.set(counted)
        for place, offset in self._offsets.items():
            parts = [index * e.argument(place + axis) for axis, index in enumerate(indices)]
            offset.set(parts[0] + parts[1] + parts[2])

    def _matrix(self, address: int, strides: int, dtype: str) -> Pointer:
        """A buffer's pointer moved to the batch at hand."""
        return self._e.argument_pointer(address, dtype).at(self._offsets[strides].get())

    def _panel(self, chunk: Value, first: Value, skipped: Value, b_place: Value, column: Value, left: Value,
               is_first: Value) -> None:
        """One tile of C, by the variant that fits the columns left."""
        e = self._e
        a, b, c = (self._matrix(_PLACE[name], _PLACE[f"{name}_batch"], self.dtype) for name in "abc")
        a = a.at(first * self._word("a_row") + chunk * self._word("a_chunk"))
        b = b.at(b_place + chunk * self._word("b_chunk"))
        c = c.at(first * self._word("c_row") + column)
        self._adds = e.logical_or(e.not_equal(self._word("adds"), 0), e.logical_not(self._first_chunk))
        rows = self._word("rows")
        buffers = self._buffers(first, column) if self._on_tile else []
        with e.when(is_first):
            self._fetch_all(a)
        with e.when(e.logical_and(self._last_chunk, e.greater(rows * self._word("columns"), _FAR_ELEMENTS))):
            self._fetch_ahead(buffers, left)
        with e.either(e.greater_equal(rows, self.height)) as (then, otherwise):
            with then:
                self._lines_of_tile(a, b, c, left, self.height, skipped, e.constant(0, "int64"))
            with otherwise, e.loop(0, rows) as line:
                self._lines_of_tile(a.at(line * self._word("a_row")), b, c.at(line * self._word("c_row")), left, 1,
                                    e.constant(0, "int64"), line)
        if self._on_tile:
            with e.when(self._last_chunk):
                self._epilogue(buffers, first, skipped, column, e.minimum(left, e.lanes * self.vectors), c)

    def _buffers(self, first: Value, column: Value) -> list[tuple[Pointer, Value, Value]]:
        """Where the tile begins in each buffer of the epilogue, with the buffer's row and column strides."""
        e, found = self._e, []
        for index, operand in enumerate(self.epilogue.buffers):
            place = _FIRST_EXTRA + _EXTRA_WIDTH * index
            row_stride, column_stride = e.argument(place + 1 + BATCHES), e.argument(place + 2 + BATCHES)
            base = self._matrix(place, place + 1, operand.dtype)
            found.append((base.at(first * row_stride + column * column_stride), row_stride, column_stride))
        return found

    def _fetch_all(self, a: Pointer) -> None:
        """Have A near, row by row as it lies: tile by tile, each line would come by itself from another thread."""
        e = self._e
        row, depth = self._word("a_row"), self._word("a_depth")
        lies_by_rows = e.equal(depth, 1)
        count = e.select(lies_by_rows, self._word("rows"), self._word("depth"))
        length = e.select(lies_by_rows, self._word("depth"), self._word("rows"))
        step = e.select(lies_by_rows, row, depth)
        size = count * length
        is_worth = e.logical_and(e.greater(size, _SECOND_LEVEL_ELEMENTS // 4), e.less_equal(size, _SECOND_LEVEL_ELEMENTS))
        with e.when(is_worth), e.loop(0, count) as index, e.loop(0, length, LINE // ITEMSIZES[self.dtype]) as place:
            e.prefetch(a.at(index * step), place, write=False)

    def _fetch_ahead(self, buffers: list[tuple[Pointer, Value, Value]], left: Value) -> None:
        """Have the tile's part of large matrices, such as weights to be updated, near when the product is done.

        No more than that: what lies beyond may be another thread's, and would come from its cache and go back there.
        """
        e = self._e
        for (base, row_stride, _), operand in zip(buffers, self.epilogue.inputs, strict=False):
            if operand.access == "contiguous":
                for v in range(self.vectors):
                    place = e.minimum(e.constant(v * e.lanes, "int64"), left - 1)
                    with e.loop(0, self.height) as line:
                        e.prefetch(base.at(line * row_stride), place)

    def _lines_of_tile(self, a: Pointer, b: Pointer, c: Pointer, left: Value, height: int, skipped: Value, line: Value) -> None:
        """The product for some rows of a tile, by the variant that fits the columns left."""
        e = self._e
        whole = e.greater_equal(left, e.lanes * self.vectors)
        # With AVX-512 a mask costs nothing; elsewhere whole tiles get a variant without one.
        masks_whole = e.target.vector_bits == 512
        self._is_whole = whole
        for vectors in range(1, self.vectors + 1):
            fits = e.greater(left, e.lanes * (vectors - 1))
            if vectors < self.vectors:
                fits = e.logical_and(fits, e.less_equal(left, e.lanes * vectors))
            elif not masks_whole:
                fits = e.logical_and(fits, e.logical_not(whole))
            with e.when(fits):
                mask = e.tail_mask(e.minimum(left - e.lanes * (vectors - 1), e.lanes))
                self._tile(a, b, c, height, [None] * (vectors - 1) + [mask], skipped, line)
        if not masks_whole:
            with e.when(whole):
                self._tile(a, b, c, height, [None] * self.vectors, skipped, line)

    def _tile(self, a: Pointer, b: Pointer, c: Pointer, height: int, limits: list[Value | None], skipped: Value,
              first_line: Value) -> None:
        e, lanes = self._e, self._e.lanes
        row_stride, c_stride = self._word("a_row"), self._word("c_row")
        # Sums of half types are kept in float32 and rounded once, when they are stored.
        computed = "float32" if self.dtype in ("float16", "bfloat16") else self.dtype
        zero = e.constant(0, computed, lanes)
        sums: list[list[Variable]] = [[e.variable(zero) for _ in limits] for _ in range(height)]
        with e.when(self._adds):
            for line in range(height):
                for v, limit in enumerate(limits):
                    sums[line][v].set(e.cast(e.load(c.at(c_stride * line), lanes * v, lanes, limit), computed))
        self._taps(a, b, sums, row_stride, limits)
        if not self._on_tile:
            if height != self.height or len(limits) != self.vectors:
                self._store(sums, c, c_stride, limits, skipped)
                return
            is_whole = e.logical_and(self._is_whole, e.logical_and(self._last_chunk, e.equal(skipped, 0)))
            with e.either(e.logical_and(self._streams[0], is_whole)) as (then, otherwise):
                with then:
                    for line in range(height):
                        for v in range(len(limits)):
                            stream(e, sums[line][v].get(), c, c_stride * line + lanes * v)
                with otherwise:
                    self._store(sums, c, c_stride, limits, skipped)
            return
        with e.either(self._last_chunk) as (then, otherwise):
            with then:
                # The expression reads the tile from memory of its own, in whole vectors.
                finished = self._finished.at(first_line * (lanes * self.vectors))
                for line in range(height):
                    for v in range(len(limits)):
                        e.store(sums[line][v].get(), finished, lanes * (self.vectors * line + v), lanes)
            with otherwise:
                self._store(sums, c, c_stride, limits, skipped)

    def _store(self, sums: list[list[Variable]], c: Pointer, c_stride: Value, limits: list[Value | None],
               skipped: Value) -> None:
        e, lanes = self._e, self._e.lanes
        for line in range(len(sums)):
            target = c.at(c_stride * line)
            if len(sums) > 1:
                # Lines that the tile above has done go where nobody reads: cheaper, and quicker to compile, than branches.
                target = e.choose(e.greater_equal(e.constant(line, "int64"), skipped), target, self._spare)
            for v, limit in enumerate(limits):
                e.store(sums[line][v].get(), target, lanes * v, lanes, limit)

    def _taps(self, a: Pointer, b: Pointer, sums: list[list[Variable]], row_stride: Value, limits: list[Value | None],
              level: int = 0) -> None:
        """The nested loops of the depth."""
        e = self._e
        if level == TAPS:
            self._depth(a, b, sums, row_stride, limits)
            return
        with e.loop(0, self._word("taps", level)) as tap:
            self._taps(a.at(tap * self._word("a_taps", level)), b.at(tap * self._word("b_taps", level)), sums, row_stride,
                       limits, level + 1)

    def _depth(self, a: Pointer, b: Pointer, sums: list[list[Variable]], row_stride: Value, limits: list[Value | None]) -> None:
        """The innermost loop: one element of each row of A times one row of B."""
        e, lanes = self._e, self._e.lanes
        a_step, b_step = self._word("a_depth"), self._word("b_depth")
        # Rows are reached from every third one, so that few registers hold addresses.
        starts = [e.variable(e.constant(0, "int64")) for _ in range(0, len(sums), 3)]
        for index, start in enumerate(starts):
            start.set(row_stride * (3 * index))
        b_place = e.variable(e.constant(0, "int64"))
        with e.loop(0, self._word("depth")):
            place = b_place.get()
            row = b.at(place)
            computed = sums[0][0].dtype
            loaded = [e.cast(e.load(row, lanes * v, lanes, limit), computed) for v, limit in enumerate(limits)]
            for index, start in enumerate(starts):
                base = a.at(start.get())
                for line in range(min(3, len(sums) - 3 * index)):
                    factor = e.splat(e.cast(e.load(base, row_stride * line if line else 0), computed))
                    for v in range(len(limits)):
                        total = sums[3 * index + line][v]
                        total.set(e.fma(factor, loaded[v], total.get()))
                start.set(start.get() + a_step)
            b_place.set(place + b_step)

    def _epilogue(self, buffers: list[tuple[Pointer, Value, Value]], first: Value, skipped: Value, column: Value,
                  width: Value, c: Pointer) -> None:
        """The expression over a finished tile."""
        e, epilogue = self._e, self.epilogue
        bases = [base for base, _, _ in buffers]
        row_strides, column_strides = [stride for _, stride, _ in buffers], [stride for _, _, stride in buffers]
        operands = [Operand(self.dtype), *epilogue.inputs]
        c_stride = self._word("c_row")
        zero = e.constant(0, "int64")
        scalars = {1 + index: e.load(base) for index, base in enumerate(bases[:len(epilogue.inputs)])
                   if epilogue.inputs[index].access == "scalar"}

        def lines(offset: Value, mask: Value | None) -> None:
            """One vector of every row: rows are many, vectors in a row few."""
            with e.loop(skipped, e.minimum(self._word("rows"), self.height)) as line:
                product = self._finished.at(line * (e.lanes * self.vectors))
                pointers = [base.at(line * stride) for base, stride in zip(bases, row_strides, strict=True)]
                linear = (self._batch.get() * self._word("rows") + first + line) * self._word("columns") + column
                strides = [e.constant(1, "int64"), *column_strides]
                row = RowPlace([product, *pointers], strides, zero, width, width, linear)
                writer = ExpressionWriter(e, operands, epilogue.steps, row, scalars)
                writer.write_uniform()
                values = writer.write_vector(offset, mask)
                for position, (index, operand) in enumerate(epilogue.outputs):
                    buffer = len(epilogue.inputs) + position
                    self._put(1 + position, values[index], operand, pointers[buffer], column_strides[buffer], offset, mask)
                if epilogue.result is not None:
                    self._put(0, values[epilogue.result], operands[0], c.at(line * c_stride), strides[0], offset, mask)

        vector_loop(e, zero, width, lines)

    def _put(self, position: int, value: Value, operand: Operand, pointer: Pointer, stride: Value, offset: Value,
             mask: Value | None) -> None:
        """Write a vector of a result, past the caches if that is wanted."""
        e = self._e
        if mask is not None or operand.access != "contiguous" or e.lanes * ITEMSIZES[operand.dtype] < 16:
            store_lane(e, value, operand, pointer, stride, offset, mask)
            return
        with e.either(self._streams[position]) as (then, otherwise):
            with then:
                stream(e, value, pointer, offset)
            with otherwise:
                store_lane(e, value, operand, pointer, stride, offset, mask)


def matmul_kernel(dtype: str, height: int, vectors: int, epilogue: Epilogue | None = None,
                  target: Target | None = None) -> MatmulKernel:
    """The kernel for one tile shape and epilogue."""
    target = target or host_target()
    epilogue = epilogue or Epilogue()
    key = (dtype, height, vectors, epilogue, target)
    try:
        found = _known.get(key)
    except TypeError:
        return MatmulKernel(dtype, height, vectors, epilogue, target)
    if found is None:
        found = _known[key] = MatmulKernel(dtype, height, vectors, epilogue, target)
    return found
