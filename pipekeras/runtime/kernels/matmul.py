"""Matrix product from register tiles: every element of C is one chain of fused multiply-adds over k, in order.

A tile is `height` rows by `vectors` vectors of C, held in registers for the whole of k; elements of A are repeated over
the lanes, rows of B are read as vectors. The chain of an element does not depend on the tile it falls into, so neither
tile shape nor thread count nor batch size changes a bit. The last rows of a matrix are covered by moving the tile up
and storing new rows only.

A is read through two strides, which covers its transpose; a transposed B is first laid out in panels (`packing.py`).
An epilogue, any element-wise expression, runs over each finished tile while it is in the cache.

Argument array: 0 rows m, 1 columns n, 2 depth k, 3 address of A, 4 its row stride, 5 its depth stride, 6 address of B,
7 its depth stride, 8 its panel stride, 9 address of C, 10 its row stride, 11 whether to add to C, 12..14 batch extents,
then batch strides (three each) of A, B, C; then per epilogue buffer its address, three batch strides, row stride and
column stride.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, Any

from pipekeras.core.errors import InternalError
from pipekeras.runtime.executor import Command, buffer_address
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
from pipekeras.runtime.target import Target, host_target

if TYPE_CHECKING:
    import numpy as np

    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import Pointer, Value, Variable

BATCHES = 3
_FIRST_BATCH = 12
_FIRST_STRIDES = _FIRST_BATCH + BATCHES
_FIRST_EXTRA = _FIRST_STRIDES + 3 * BATCHES
_EXTRA_WIDTH = 1 + BATCHES + 2
# Tile shapes with their relative speed, for 32 and for 16 vector registers.
_WIDE_TILES = ((6, 4, 1.0), (8, 3, 1.0), (8, 2, 0.96), (8, 1, 0.9), (4, 4, 0.9), (2, 4, 0.6), (1, 4, 0.4), (1, 1, 0.2))
_NARROW_TILES = ((6, 2, 1.0), (4, 2, 0.9), (2, 2, 0.6), (8, 1, 0.8), (1, 2, 0.3), (1, 1, 0.25))
_known: dict[tuple[Any, ...], MatmulKernel] = {}


@dataclass(frozen=True)
class Epilogue:
    """What happens to the product before it is stored.

    Args:
        inputs: how each further buffer is read along a row; value 0 is the product, these are 1, 2, ...
        steps: the expression.
        result: index of the value that becomes C.
        outputs: further values to store, each with its own buffer (which come after the inputs' buffers).
    """

    inputs: tuple[Operand, ...] = ()
    steps: tuple[Step, ...] = ()
    result: int = 0
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


def tile_shape(m: int, n: int, dtype: str, target: Target) -> tuple[int, int]:
    """The tile that wastes least on a matrix of m rows and n columns."""
    lanes = target.lanes(ITEMSIZES[dtype])
    menu = _WIDE_TILES if target.vector_bits == 512 else _NARROW_TILES
    best, best_cost = (1, 1), float("inf")
    for height, vectors, speed in menu:
        if height > m:
            continue
        columns = -(-n // lanes)
        # The last panel computes only the vectors it needs.
        full, rest = divmod(columns, vectors)
        cost = -(-m // height) * (height * full * vectors / speed + max(height * rest, 6 if rest else 0) / speed)
        if cost < best_cost:
            best, best_cost = (height, vectors), cost
    return best


class MatmulKernel(Kernel):
    """A product with one tile shape and one epilogue; made by `matmul_kernel`."""

    def __init__(self, dtype: str, height: int, vectors: int, epilogue: Epilogue, target: Target) -> None:
        self.dtype, self.height, self.vectors, self.epilogue = dtype, height, vectors, epilogue
        text = "\n; ".join([f"{dtype} tile {height} x {vectors}", *epilogue.describe()])
        super().__init__("matmul", text, self._assemble, target)

    def _assemble(self, symbol: str, target: Target) -> str:
        from pipekeras.runtime.kernels import Emitter

        e = Emitter(symbol, target, target.lanes(ITEMSIZES[self.dtype]))
        self._write(e)
        return e.finish()

    def _write(self, e: Emitter) -> None:
        self._e = e
        width = e.lanes * self.vectors
        rows, columns = e.argument(0), e.argument(1)
        panels = e.natural_division(columns + (width - 1), width)
        tiles = e.natural_division(rows + (self.height - 1), self.height)
        per_matrix = panels * tiles
        with e.loop(e.parameters[1], e.parameters[2]) as unit:
            batch = e.natural_division(unit, per_matrix)
            rest = unit - batch * per_matrix
            panel = e.natural_division(rest, tiles)
            tile = rest - panel * tiles
            self._indices = self._batch_indices(batch)
            first = e.minimum(tile * self.height, rows - self.height)
            skipped = tile * self.height - first
            self._panel(first, skipped, panel, panel * width, columns)

    def _batch_indices(self, batch: Value) -> list[Value]:
        e = self._e
        indices: list[Value] = []
        for axis in reversed(range(1, BATCHES)):
            extent = e.argument(_FIRST_BATCH + axis)
            quotient = e.natural_division(batch, extent)
            indices.insert(0, batch - quotient * extent)
            batch = quotient
        return [batch, *indices]

    def _matrix(self, address: int, strides: int, dtype: str) -> Pointer:
        """A buffer's pointer moved to the batch at hand."""
        e = self._e
        offset = self._indices[0] * e.argument(strides)
        for axis in range(1, BATCHES):
            offset = offset + self._indices[axis] * e.argument(strides + axis)
        return e.argument_pointer(address, dtype).at(offset)

    def _panel(self, first: Value, skipped: Value, panel: Value, column: Value, columns: Value) -> None:
        """One tile of C, by the variant that fits the columns left."""
        e = self._e
        a = self._matrix(3, _FIRST_STRIDES, self.dtype).at(first * e.argument(4))
        b = self._matrix(6, _FIRST_STRIDES + BATCHES, self.dtype).at(panel * e.argument(8))
        c = self._matrix(9, _FIRST_STRIDES + 2 * BATCHES, self.dtype).at(first * e.argument(10) + column)
        left = columns - column
        whole = e.greater_equal(left, e.lanes * self.vectors)
        with e.either(whole) as (then, otherwise):
            with then:
                self._tile(a, b, c, self.vectors, None, skipped)
            with otherwise:
                for vectors in range(1, self.vectors + 1):
                    fits = e.logical_and(e.greater(left, e.lanes * (vectors - 1)), e.less_equal(left, e.lanes * vectors))
                    with e.when(fits):
                        mask = e.tail_mask(left - e.lanes * (vectors - 1))
                        self._tile(a, b, c, vectors, mask, skipped)
        if self.epilogue.steps or self.epilogue.outputs:
            self._epilogue(first, skipped, column, e.minimum(left, e.lanes * self.vectors), c)

    def _tile(self, a: Pointer, b: Pointer, c: Pointer, vectors: int, mask: Value | None, skipped: Value) -> None:
        e, lanes = self._e, self._e.lanes
        row_stride, a_step, b_step = e.argument(4), e.argument(5), e.argument(7)
        zero = e.constant(0, self.dtype, lanes)
        sums: list[list[Variable]] = [[e.variable(zero) for _ in range(vectors)] for _ in range(self.height)]
        # Rows are reached from every third one, so that few registers hold addresses.
        starts = [e.variable(e.constant(0, "int64")) for _ in range(0, self.height, 3)]
        for index, start in enumerate(starts):
            start.set(row_stride * (3 * index))
        b_place = e.variable(e.constant(0, "int64"))
        with e.loop(0, e.argument(2)):
            place = b_place.get()
            row = b.at(place)
            loaded = [e.load(row, lanes * v, lanes, mask if v == vectors - 1 else None) for v in range(vectors)]
            for index, start in enumerate(starts):
                base = a.at(start.get())
                for line in range(min(3, self.height - 3 * index)):
                    factor = e.splat(e.load(base, row_stride * line if line else 0))
                    for v in range(vectors):
                        total = sums[3 * index + line][v]
                        total.set(e.fma(factor, loaded[v], total.get()))
                start.set(start.get() + a_step)
            b_place.set(place + b_step)
        c_stride = e.argument(10)
        adds = e.not_equal(e.argument(11), 0)
        for line in range(self.height):
            target = c.at(c_stride * line)
            with e.when(e.greater_equal(e.constant(line, "int64"), skipped)):
                with e.when(adds):
                    for v in range(vectors):
                        limit = mask if v == vectors - 1 else None
                        sums[line][v].set(sums[line][v].get() + e.load(target, lanes * v, lanes, limit))
                for v in range(vectors):
                    e.store(sums[line][v].get(), target, lanes * v, lanes, mask if v == vectors - 1 else None)

    def _epilogue(self, first: Value, skipped: Value, column: Value, width: Value, c: Pointer) -> None:
        """The expression over a tile that has just been stored."""
        e, epilogue = self._e, self.epilogue
        bases, row_strides, column_strides = [], [], []
        for index, operand in enumerate(epilogue.buffers):
            place = _FIRST_EXTRA + _EXTRA_WIDTH * index
            row_strides.append(e.argument(place + 1 + BATCHES))
            column_strides.append(e.argument(place + 2 + BATCHES))
            base = self._matrix(place, place + 1, operand.dtype)
            bases.append(base.at(first * row_strides[-1] + column * column_strides[-1]))
        operands = [Operand(self.dtype), *epilogue.inputs]
        c_stride = e.argument(10)
        zero = e.constant(0, "int64")
        with e.loop(skipped, self.height) as line:
            target = c.at(line * c_stride)
            pointers = [base.at(line * stride) for base, stride in zip(bases, row_strides, strict=True)]
            linear = (first + line) * e.argument(1) + column
            strides = [e.constant(1, "int64"), *column_strides]
            row = RowPlace([target, *pointers], strides, zero, width, width, linear)
            writer = ExpressionWriter(e, operands, epilogue.steps, row)
            writer.write_uniform()

            def body(offset: Value, mask: Value | None, writer: ExpressionWriter = writer, target: Pointer = target,
                     pointers: list[Pointer] = pointers) -> None:
                values = writer.write_vector(offset, mask)
                for position, (index, operand) in enumerate(epilogue.outputs):
                    buffer = len(epilogue.inputs) + position
                    store_lane(e, values[index], operand, pointers[buffer], column_strides[buffer], offset, mask)
                e.store(values[epilogue.result], target, offset, e.lanes, mask)

            vector_loop(e, zero, width, body)


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


Matrix = tuple["np.ndarray | int", Sequence[int]]


def matmul_scratch(shape: Sequence[int], dtype: str, transpose_b: bool, batch: Sequence[int] = (),
                   b_batch_strides: Sequence[int] = ()) -> int:
    """Bytes of scratch that `matmul_commands` needs for a product of shape (m, n, k)."""
    if not transpose_b:
        return 0
    from pipekeras.runtime.kernels.packing import packed_size

    _, n, k = shape
    width = tile_shape(shape[0], n, dtype, host_target())[1] * host_target().lanes(ITEMSIZES[dtype])
    matrices = prod(extent for extent, stride in zip(batch, b_batch_strides, strict=True) if stride) if b_batch_strides else 1
    return packed_size(n, k, width) * ITEMSIZES[dtype] * matrices


def matmul_commands(a: Matrix, b: Matrix, c: Matrix, shape: Sequence[int], dtype: str, *, transpose_a: bool = False,
                    transpose_b: bool = False, batch: Sequence[int] = (), accumulate: bool = False,
                    epilogue: Epilogue | None = None, extra: Sequence[Matrix] = (), scratch: np.ndarray | int | None = None,
                    target: Target | None = None) -> list[Command]:
    """C = A @ B (+ C), then the epilogue.

    Args:
        a, b, c: `(array or address, strides)`: one stride per batch dimension (0 to repeat), then the row stride; rows are
            those of the matrix as it lies in memory, before any transposition; elements of a row are neighbours.
        shape: (m, n, k) of the product.
        dtype: element type of all three.
        transpose_a: A lies in memory as (k, m).
        transpose_b: B lies in memory as (n, k); needs scratch.
        batch: up to three batch extents.
        accumulate: add to C instead of overwriting it.
        epilogue: expression over the product; `extra` are its buffers: batch strides, row stride, column stride.
        scratch: `matmul_scratch` bytes.
    """
    m, n, k = shape
    target = target or host_target()
    if len(batch) > BATCHES:
        raise InternalError(f"a matrix product of {len(batch)} batch dimensions; {BATCHES} are possible")
    if m == 0 or n == 0 or prod(batch) == 0:
        return []
    epilogue = epilogue or Epilogue()
    height, vectors = tile_shape(m, n, dtype, target)
    width = vectors * target.lanes(ITEMSIZES[dtype])
    commands: list[Command] = []
    *b_batch, b_row = b[1]
    b_address: Any = buffer_address((b[0], ()))
    b_panel = width
    if transpose_b:
        from pipekeras.runtime.kernels.packing import pack_transposed_commands, packed_size

        if scratch is None:
            raise InternalError("a product with a transposed right matrix needs scratch")
        size = packed_size(n, k, width)
        commands += pack_transposed_commands(b, (n, k), width, batch, scratch, dtype, target)
        b_address, b_row, b_panel = scratch, width, k * width
        b_batch = _packed_strides(b_batch, batch, size)
    missing = BATCHES - len(batch)
    *a_batch, a_row = a[1]
    *c_batch, c_row = c[1]

    def padded(strides: Sequence[int]) -> list[int]:
        return [0] * missing + list(strides)

    arguments: list[Any] = [m, n, k, buffer_address((a[0], ())), *((1, a_row) if transpose_a else (a_row, 1)), b_address, b_row,
                            b_panel, buffer_address((c[0], ())), c_row, int(accumulate), *([1] * missing), *batch,
                            *padded(a_batch), *padded(b_batch), *padded(c_batch)]
    if len(extra) != len(epilogue.buffers):
        raise InternalError(f"an epilogue of {len(epilogue.buffers)} buffers got {len(extra)}")
    for buffer, strides in extra:
        arguments += [buffer, *padded(strides[:-2]), *strides[-2:]]
    units = prod(batch) * -(-m // height) * -(-n // width)
    kernel = matmul_kernel(dtype, height, vectors, epilogue, target)
    cost = prod(batch) * m * -(-n // target.lanes(ITEMSIZES[dtype])) * (k * 0.35 + 2.0)
    commands.append(Command(kernel, arguments, units, cost=cost))
    return commands


def _packed_strides(strides: Sequence[int], batch: Sequence[int], size: int) -> list[int]:
    """Batch strides of packed matrices: dense, but 0 where the original repeats."""
    result: list[int] = []
    step = size
    for stride, extent in zip(reversed(strides), reversed(batch), strict=True):
        result.insert(0, step if stride else 0)
        if stride:
            step *= extent
    return result
