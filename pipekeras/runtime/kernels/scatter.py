"""Sums into rows: the gradient of reading rows by index, as of an embedding.

A work unit owns a range of rows of one table: it clears them and goes through all indices, taking those that fall into
its range. So equal indices are summed in their order whatever the number of threads, and the range is still in the cache
when it is added to.

Argument array: 0 rows of a table, 1 elements of a row, 2 ranges per table, 3 rows per range, 4 and 5 extents of the two
loops over the indices, 6 address of the updates, 7..9 their strides from table to table and along the two loops,
10 address of the indices, 11 address of the tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernel import Kernel
from pipekeras.runtime.kernels.elementwise import ITEMSIZES, vector_loop
from pipekeras.runtime.target import Target

if TYPE_CHECKING:
    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import Value

# Every range reads all indices, so there are few; each is small enough to stay near while it is added to.
_RANGE_BYTES = 128 * 1024
_MOST_RANGES = 8


@cache
def _kernel(dtype: str, index_dtype: str) -> Kernel:
    def assemble(symbol: str, target: Target) -> str:
        from pipekeras.runtime.kernels import Emitter

        e = Emitter(symbol, target, target.lanes(max(4, ITEMSIZES[dtype])))
        _write(e, dtype, index_dtype)
        return e.finish()

    return Kernel("scatter_rows", f"{dtype} by {index_dtype}", assemble)


def scatter_rows_command(updates: Any, index: Any, result: Any, *, rows: int, width: int, counts: tuple[int, int], dtype: str,
                         index_dtype: str = "int64", tables: int = 1, strides: Sequence[int] | None = None) -> Command:
    """result[t, r, :] = the sum of updates[t, i, j, :] over all i, j with index[i, j] == r, in order.

    Args:
        updates: rows whose elements are neighbours.
        index: (counts), dense; negative ones count from the end, those outside are left out.
        result: (tables, rows, width), dense; what it held does not matter.
        rows: rows of a table.
        width: elements of a row.
        counts: extents of the loops over the indices.
        tables: matrices before the indexed dimension.
        strides: of updates, in elements, from table to table and along both counts; 0 repeats; default dense.
    """
    outer, inner = counts
    strides = strides or (outer * inner * width, inner * width, width)
    size = ITEMSIZES[dtype]
    ranges = max(1, min(_MOST_RANGES, rows, -(-rows * width * size // _RANGE_BYTES)))
    arguments = [rows, width, ranges, -(-rows // ranges), outer, inner, updates, *strides, index, result]
    cost = tables * (rows * width * size * 0.02 + outer * inner * (ranges * 0.7 + 3.0 + width * size * 0.1))
    return Command(_kernel(dtype, index_dtype), arguments, tables * ranges, cost=cost)


def _write(e: Emitter, dtype: str, index_dtype: str) -> None:
    rows, width, ranges, per_range = (e.argument(place) for place in range(4))
    inner = e.argument(5)
    indices = e.argument_pointer(10, index_dtype)
    zero = e.constant(0, "int64")
    with e.loop(e.parameters[1], e.parameters[2]) as unit:
        table = e.natural_division(unit, ranges)
        first = (unit - table * ranges) * per_range
        last = e.minimum(first + per_range, rows)
        updates = e.argument_pointer(6, dtype).at(table * e.argument(7))
        result = e.argument_pointer(11, dtype).at(table * (rows * width))
        begin = result.at(first * width)
        vector_loop(e, zero, (last - first) * width, lambda column, mask, begin=begin: e.store(  # type: ignore[misc]
            e.constant(0, dtype, e.lanes), begin, column, e.lanes, mask))
        with e.loop(0, e.argument(4)) as i:
            of_row, from_row = indices.at(i * inner), updates.at(i * e.argument(8))
            with e.loop(0, inner) as j:
                row = e.cast(e.load(of_row, j), "int64")
                row = e.select(e.less(row, 0), row + rows, row)
                with e.when(e.logical_and(e.greater_equal(row, first), e.less(row, last))):
                    source, target = from_row.at(j * e.argument(9)), result.at(row * width)

                    def add(column: Value, mask: Value | None, source: Any = source, target: Any = target) -> None:
                        total = e.load(target, column, e.lanes, mask) + e.load(source, column, e.lanes, mask)
                        e.store(total, target, column, e.lanes, mask)

                    vector_loop(e, zero, width, add)
