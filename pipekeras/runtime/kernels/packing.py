"""Lay a transposed matrix out in panels for the product, or transpose it outright, block by block in registers.

A block of lanes x lanes elements is read as rows, transposed by log2(lanes) rounds of shuffles, and written as rows. A
panel is `width` columns of the result, depth by depth: element (k, j) of panel p is column p * width + j.

Argument array: 0 rows of the source, 1 its columns, 2 address of the source, 3 its row stride, 4 address of the result,
5 its row stride, 6 rows per panel of the source, 7 panel stride of the result, 8..10 batch extents, 11..13 source batch
strides, 14..16 result's, 17 whether the result goes past the caches.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING, Any

from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernel import Kernel
from pipekeras.runtime.kernels.elementwise import ITEMSIZES
from pipekeras.runtime.kernels.streaming import LINE, fence, lies_on_lines, stream, worth_streaming
from pipekeras.runtime.target import Target, host_target

if TYPE_CHECKING:
    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import Pointer, Value

BATCHES = 3
_known: dict[tuple[str, Target], TransposeKernel] = {}


class TransposeKernel(Kernel):
    """Transposition by blocks; a work unit is one strip of `lanes` source rows."""

    def __init__(self, dtype: str, target: Target) -> None:
        self.dtype = dtype
        super().__init__("transpose", f"{dtype} by blocks", self._assemble, target)

    def _assemble(self, symbol: str, target: Target) -> str:
        from pipekeras.runtime.kernels import Emitter

        e = Emitter(symbol, target, min(16, target.lanes(ITEMSIZES[self.dtype])))
        lanes = e.lanes
        rows, columns, row_stride, result_stride = e.argument(0), e.argument(1), e.argument(3), e.argument(5)
        per_panel, panel_stride = e.argument(6), e.argument(7)
        strips = e.natural_division(rows + (lanes - 1), lanes)
        with e.loop(e.parameters[1], e.parameters[2]) as unit:
            batch = e.natural_division(unit, strips)
            row = (unit - batch * strips) * lanes
            source, result = e.argument_pointer(2, self.dtype), e.argument_pointer(4, self.dtype)
            for axis in reversed(range(BATCHES)):
                extent = e.argument(8 + axis)
                quotient = e.natural_division(batch, extent)
                index = batch - quotient * extent
                batch = quotient
                source, result = source.at(index * e.argument(11 + axis)), result.at(index * e.argument(14 + axis))
            panel = e.natural_division(row, per_panel)
            lies_well = lies_on_lines(e, result, [result_stride, panel_stride, per_panel])
            streams = e.logical_and(e.not_equal(e.argument(17), 0), lies_well)
            source = source.at(row * row_stride)
            result = result.at(panel * panel_stride + (row - panel * per_panel))
            whole = columns & -lanes
            left = rows - row
            with e.either(e.greater_equal(left, lanes)) as (then, otherwise):
                with then, e.either(streams) as (far, near):
                    with far, e.loop(0, whole, lanes) as column:
                        self._block(e, source.at(column), row_stride, result.at(column * result_stride), result_stride, True)
                    with near, e.loop(0, whole, lanes) as column:
                        self._block(e, source.at(column), row_stride, result.at(column * result_stride), result_stride, False)
                with otherwise:
                    self._edge(e, source, row_stride, result, result_stride, e.constant(0, "int64"), whole, left)
            self._edge(e, source, row_stride, result, result_stride, whole, columns, e.minimum(left, lanes))
        with e.when(e.not_equal(e.argument(17), 0)):
            fence(e)
        return e.finish()

    def _block(self, e: Emitter, source: Pointer, row_stride: Value, result: Pointer, result_stride: Value,
               streamed: bool) -> None:
        lanes = e.lanes
        vectors = [e.load(source, row_stride * index, lanes) for index in range(lanes)]
        for index, vector in enumerate(transposed_vectors(e, vectors)):
            if streamed:
                stream(e, vector, result, result_stride * index)
            else:
                e.store(vector, result, result_stride * index, lanes)

    def _edge(self, e: Emitter, source: Pointer, row_stride: Value, result: Pointer, result_stride: Value, begin: Value,
              end: Value, left: Value) -> None:
        """Columns whose strip or block is not full: one gathered vector per column."""
        mask = e.tail_mask(left)
        offsets = e.iota() * row_stride
        with e.loop(begin, end) as column:
            e.store(e.gather(source.at(column), offsets, mask), result, column * result_stride, e.lanes, mask)


def transposed_vectors(e: Emitter, vectors: Sequence[Value]) -> list[Value]:
    """As many vectors as they have lanes: lane j of vector i becomes lane i of vector j."""
    found, lanes, span = list(vectors), len(vectors), 1
    while span < lanes:
        # Exchange the off-diagonal quarters of every 2 span x 2 span square.
        low = [index if not index & span else index - span + lanes for index in range(lanes)]
        high = [index + span if not index & span else index + lanes for index in range(lanes)]
        for index in range(lanes):
            if not index & span:
                a, b = found[index], found[index + span]
                found[index], found[index + span] = e.shuffle(a, b, low), e.shuffle(a, b, high)
        span *= 2
    return found


def transpose_kernel(dtype: str, target: Target | None = None) -> TransposeKernel:
    """The kernel for one element type; types of equal size share one."""
    key = (f"uint{8 * ITEMSIZES[dtype]}", target or host_target())
    found = _known.get(key)
    if found is None:
        found = _known[key] = TransposeKernel(*key)
    return found


def packed_size(columns: int, depth: int, width: int) -> int:
    """Elements that the panels of one matrix take."""
    return -(-columns // width) * width * depth


def transpose_command(source: Any, result: Any, rows: int, columns: int, row_stride: int, result_stride: int, dtype: str, *,
                      batch: Sequence[int] = (), source_batch: Sequence[int] = (), result_batch: Sequence[int] = (),
                      per_panel: int | None = None, panel_stride: int = 0, streamed: bool = False,
                      target: Target | None = None) -> Command:
    """result[j, i] = source[i, j] for matrices whose rows' elements are neighbours; in panels, past the caches, when asked."""
    target = target or host_target()
    missing = BATCHES - len(batch)
    kernel = transpose_kernel(dtype, target)
    lanes = min(16, target.lanes(ITEMSIZES[dtype]))
    arguments = [rows, columns, source, row_stride, result, result_stride, per_panel or max(rows, 1), panel_stride,
                 *([1] * missing), *batch, *([0] * missing), *source_batch, *([0] * missing), *result_batch, int(streamed)]
    units = prod(batch) * -(-rows // lanes) if columns else 0
    return Command(kernel, arguments, units, cost=prod(batch) * rows * columns * 0.12)


def pack_transposed_commands(b: tuple[Any, Sequence[int]], shape: Sequence[int], width: int, batch: Sequence[int], scratch: Any,
                             dtype: str, target: Target) -> list[Command]:
    """Panels of the transpose of B, which lies as (n, k); repeated matrices are packed once."""
    n, k = shape
    *strides, row_stride = b[1]
    kept = [(extent, stride) for extent, stride in zip(batch, strides, strict=True) if stride]
    extents = [extent for extent, _ in kept]
    size = packed_size(n, k, width)
    result_batch = [size * prod(extents[axis + 1:]) for axis in range(len(extents))]
    return [transpose_command(b[0], scratch, n, k, row_stride, width, dtype, batch=extents,
                              source_batch=[stride for _, stride in kept], result_batch=result_batch, per_panel=width,
                              panel_stride=k * width, target=target)]


def pack_groups_command(b: Any, shape: tuple[int, int], row_stride: int, width: int, scratch: Any, dtype: str, groups: int,
                        target: Target) -> Command:
    """Panels of the transpose of B, which lies as (n, k), in groups of rows of B.

    A thread does as many columns of B as there are groups, if they are whole lines: those of a weight that it updates, too.
    """
    n, k = shape
    rows = n // groups
    # Down the columns, a line at a time: along the rows a core's prefetcher would run on into what is another thread's.
    line = LINE // ITEMSIZES[dtype]
    parts = k // line if k % (groups * line) == 0 else 1
    columns = k // parts
    return transpose_command(b, scratch, rows, columns, row_stride, width, dtype, batch=[parts, groups],
                             source_batch=[columns, rows * row_stride],
                             result_batch=[columns * width, packed_size(rows, k, width)], per_panel=width,
                             panel_stride=k * width, streamed=worth_streaming(n * k * ITEMSIZES[dtype]), target=target)
