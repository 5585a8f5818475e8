"""Sums into rows: the gradient of reading rows by index, as of an embedding.

A work unit owns a range of rows of one table: it clears them and goes through all indices, taking those that fall into
its range. So equal indices are summed in their order whatever the number of threads, and the range is still in the cache
when it is added to.

Argument array: 0 rows of a table, 1 elements of a row, 2 ranges per table, 3 rows per range, 4 and 5 extents of the two
loops over the indices, 6 address of the updates, 7..9 their strides from table to table and along the two loops,
10 address of the indices, 11 address of the tables; where rows are subtracted, 12 address of their sums, 13 of the rate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernel import Kernel
from pipekeras.runtime.kernels.elementwise import ITEMSIZES, vector_loop
from pipekeras.runtime.target import Target

if TYPE_CHECKING:
    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import Pointer, Value

# Every range reads all indices, so there are few; each is small enough to stay near while it is added to.
_RANGE_BYTES = 128 * 1024
_MOST_RANGES = 8


@cache
def _kernel(dtype: str, index_dtype: str, subtracts: bool) -> Kernel:
    def assemble(symbol: str, target: Target) -> str:
        from pipekeras.runtime.kernels import Emitter

        e = Emitter(symbol, target, target.lanes(max(4, ITEMSIZES[dtype])))
        (_write_subtraction if subtracts else _write_sums)(e, dtype, index_dtype)
        return e.finish()

    return Kernel("subtract_rows" if subtracts else "scatter_rows", f"{dtype} by {index_dtype}", assemble)


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
    return Command(_kernel(dtype, index_dtype, False), arguments, tables * ranges, cost=cost)


def subtract_rows_command(table: Any, sums: Any, updates: Any, index: Any, rate: Any, *, rows: int, width: int,
                          counts: tuple[int, int], dtype: str, index_dtype: str = "int64",
                          strides: Sequence[int] | None = None) -> Command:
    """table[r, :] -= rate * the sum of updates[i, j, :] over all i, j with index[i, j] == r, for the rows that are named.

    Args:
        sums: scratch as large as the table, of which only the rows that are named are used.
        rate: address of one number.
        others: as for `scatter_rows_command`.
    """
    outer, inner = counts
    strides = strides or (0, inner * width, width)
    ranges = max(1, min(_MOST_RANGES, rows, -(-outer * inner // 512)))
    arguments = [rows, width, ranges, -(-rows // ranges), outer, inner, updates, *strides, index, table, sums, rate]
    cost = outer * inner * (ranges * 2.0 + 8.0 + width * ITEMSIZES[dtype] * 0.3)
    return Command(_kernel(dtype, index_dtype, True), arguments, ranges, cost=cost)


def join_rows_command(updates: Any, index: Any, result: Any, *, rows: int, width: int, count: int, dtype: str,
                      index_dtype: str, reduction: str) -> Command:
    """result[index[i], :] joined with updates[i, :], for each i in order; indices outside, negative ones too, are left out.

    Args:
        updates, index, result: (count, width), (count,) and (rows, width), dense.
        reduction: "set", "add", "mul", "max" or "min".
    """
    ranges = max(1, min(_MOST_RANGES, rows, -(-rows * width * ITEMSIZES[dtype] // _RANGE_BYTES)))
    arguments = [rows, width, ranges, -(-rows // ranges), 1, count, updates, 0, 0, width, index, result]
    cost = count * (ranges * 0.7 + 3.0 + width * ITEMSIZES[dtype] * 0.1)
    return Command(_join_kernel(dtype, index_dtype, reduction), arguments, ranges, cost=cost)


@cache
def _join_kernel(dtype: str, index_dtype: str, reduction: str) -> Kernel:
    def assemble(symbol: str, target: Target) -> str:
        from pipekeras.runtime.kernels import Emitter

        e = Emitter(symbol, target, target.lanes(max(4, ITEMSIZES[dtype])))
        _write_joins(e, dtype, index_dtype, reduction)
        return e.finish()

    return Kernel("join_rows", f"{reduction} {dtype} by {index_dtype}", assemble)


def _write_joins(e: Emitter, dtype: str, index_dtype: str, reduction: str) -> None:
    rows, width, per_range = e.argument(0), e.argument(1), e.argument(3)
    updates, result = e.argument_pointer(6, dtype), e.argument_pointer(11, dtype)
    joined: Callable[[Value, Value], Value] = {
        "set": lambda old, new: new,
        "add": lambda old, new: old + new,
        "mul": lambda old, new: old * new,
        "max": e.maximum,
        "min": e.minimum,
    }[reduction]
    with e.loop(e.parameters[1], e.parameters[2]) as unit:
        first = unit * per_range
        last = e.minimum(first + per_range, rows)

        def join(row: Value, i: Value, j: Value) -> None:
            source, target = updates.at(j * e.argument(9)), result.at(row * width)
            vector_loop(e, e.constant(0, "int64"), width, lambda column, mask: e.store(
                joined(e.load(target, column, e.lanes, mask), e.load(source, column, e.lanes, mask)),
                target, column, e.lanes, mask))  # fmt: skip

        _each_index(e, first, last, index_dtype, join, from_end=False)


Visit = Callable[["Value", "Value", "Value"], None]


def _each_index(e: Emitter, first: Value, last: Value, index_dtype: str, visit: Visit, from_end: bool = True) -> None:
    """Run `visit(row, i, j)` for all indices that name a row of the range, in order; negative ones count from the end."""
    rows, inner = e.argument(0), e.argument(5)
    indices = e.argument_pointer(10, index_dtype)
    with e.loop(0, e.argument(4)) as i:
        line = indices.at(i * inner)
        with e.loop(0, inner) as j:
            row = e.cast(e.load(line, j), "int64")
            if from_end:
                row = e.select(e.less(row, 0), row + rows, row)
            with e.when(e.logical_and(e.greater_equal(row, first), e.less(row, last))):
                visit(row, i, j)


def _clear(e: Emitter, place: Pointer, count: Value, dtype: str) -> None:
    vector_loop(e, e.constant(0, "int64"), count, lambda column, mask: e.store(
        e.constant(0, dtype, e.lanes), place, column, e.lanes, mask))


def _add_row(e: Emitter, source: Pointer, target: Pointer, width: Value) -> None:
    vector_loop(e, e.constant(0, "int64"), width, lambda column, mask: e.store(
        e.load(target, column, e.lanes, mask) + e.load(source, column, e.lanes, mask), target, column, e.lanes, mask))


def _write_sums(e: Emitter, dtype: str, index_dtype: str) -> None:
    rows, width, ranges, per_range = (e.argument(place) for place in range(4))
    with e.loop(e.parameters[1], e.parameters[2]) as unit:
        table = e.natural_division(unit, ranges)
        first = (unit - table * ranges) * per_range
        last = e.minimum(first + per_range, rows)
        updates = e.argument_pointer(6, dtype).at(table * e.argument(7))
        result = e.argument_pointer(11, dtype).at(table * (rows * width))
        _clear(e, result.at(first * width), (last - first) * width, dtype)

        def add(row: Value, i: Value, j: Value) -> None:
            source = updates.at(i * e.argument(8) + j * e.argument(9))
            _add_row(e, source, result.at(row * width), width)

        _each_index(e, first, last, index_dtype, add)


def _write_subtraction(e: Emitter, dtype: str, index_dtype: str) -> None:
    rows, width, per_range = e.argument(0), e.argument(1), e.argument(3)
    updates, table, sums = (e.argument_pointer(place, dtype) for place in (6, 11, 12))
    rate = e.load(e.argument_pointer(13, dtype))
    with e.loop(e.parameters[1], e.parameters[2]) as unit:
        first = unit * per_range
        last = e.minimum(first + per_range, rows)
        _each_index(e, first, last, index_dtype, lambda row, i, j: _clear(e, sums.at(row * width), width, dtype))
        _each_index(e, first, last, index_dtype, lambda row, i, j: _add_row(
            e, updates.at(i * e.argument(8) + j * e.argument(9)), sums.at(row * width), width))

        def subtract(row: Value, i: Value, j: Value) -> None:
            total, target = sums.at(row * width), table.at(row * width)

            def body(column: Value, mask: Value | None) -> None:
                step = e.load(total, column, e.lanes, mask) * e.splat(rate)
                e.store(e.load(target, column, e.lanes, mask) - step, target, column, e.lanes, mask)

            vector_loop(e, e.constant(0, "int64"), width, body)
            # A row that is named again finds nothing left to subtract.
            _clear(e, total, width, dtype)

        _each_index(e, first, last, index_dtype, subtract)
