"""Kernels that move elements: strided copies and transposes, fills, rows by index, one-hot rows.

Elements are moved bit by bit, so types of equal size share kernels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from pipekeras.core.errors import InternalError
from pipekeras.runtime.executor import Buffer, Command, buffer_address, buffer_strides
from pipekeras.runtime.kernel import Kernel
from pipekeras.runtime.kernels.elementwise import ITEMSIZES, Operand, Step, elementwise_kernel, vector_loop
from pipekeras.runtime.kernels.packing import BATCHES, transpose_command
from pipekeras.runtime.kernels.streaming import fence, lies_on_lines, stream
from pipekeras.runtime.target import Target

if TYPE_CHECKING:
    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import Value

_known: dict[tuple[str, str, str], Kernel] = {}


def _bits(dtype: str) -> str:
    return f"uint{8 * ITEMSIZES[dtype]}"


def _kernel(name: str, dtype: str, index: str, body: Callable[[Emitter, str, str], None]) -> Kernel:
    """One kernel per element and index type."""
    key = (name, dtype, index)
    found = _known.get(key)
    if found is None:
        def assemble(symbol: str, target: Target) -> str:
            from pipekeras.runtime.kernels import Emitter

            e = Emitter(symbol, target, target.lanes(max(4, ITEMSIZES[dtype])))
            body(e, dtype, index)
            return e.finish()

        found = _known[key] = Kernel(name, f"{dtype} by {index}", assemble)
    return found


# Copies --------------------------------------------------------------------------------------------------------------


def copy_command(source: Buffer, result: Buffer, extents: Sequence[int], dtype: str) -> Command:
    """result[...] = source[...] over equal extents and any strides; a source stride of 0 repeats."""
    axes = _collapsed(extents, buffer_strides(source, extents), buffer_strides(result, extents))
    kind = _bits(dtype)
    from_address, to_address = buffer_address(source), buffer_address(result)
    if axes[-1][1] not in (0, 1) and axes[-1][2] == 1:
        across = next((place for place, axis in enumerate(axes[:-1]) if axis[1] == 1), None)
        batch = [axis for place, axis in enumerate(axes[:-1]) if place != across]
        if across is not None and len(batch) <= BATCHES and axes[across][0] > 3 and axes[-1][0] > 3:
            # The source's neighbours lie along another dimension than the result's: transpose blocks of the two.
            rows, row_stride, _ = axes[-1]
            columns, _, result_stride = axes[across]
            return transpose_command(from_address, to_address, rows, columns, row_stride, result_stride, kind,
                                     batch=[axis[0] for axis in batch], source_batch=[axis[1] for axis in batch],
                                     result_batch=[axis[2] for axis in batch])
    access = [{0: "broadcast", 1: "contiguous"}.get(stride, "strided") for stride in axes[-1][1:]]
    if access[1] == "broadcast":
        access[1] = "contiguous"
    kernel = elementwise_kernel([Operand(kind, access[0])], [], [(0, Operand(kind, access[1]))], outer=len(axes) - 1)
    return kernel.command([axis[0] for axis in axes], [(from_address, [axis[1] for axis in axes])],
                          [(to_address, [axis[2] for axis in axes])])


def _collapsed(extents: Sequence[int], source: Sequence[int], result: Sequence[int]) -> list[tuple[int, int, int]]:
    """Loop dimensions in the result's order, neighbours merged where both sides allow it."""
    axes = sorted((axis for axis in zip(extents, source, result, strict=True) if axis[0] != 1), key=lambda axis: -abs(axis[2]))
    merged: list[tuple[int, int, int]] = []
    for extent, from_stride, to_stride in axes:
        if merged and merged[-1][1] == from_stride * extent and merged[-1][2] == to_stride * extent:
            merged[-1] = (merged[-1][0] * extent, from_stride, to_stride)
        else:
            merged.append((extent, from_stride, to_stride))
    return merged or [(1, 1, 1)]


def fill_command(result: Buffer, extents: Sequence[int], dtype: str, value: float | int | bool = 0) -> Command:
    """result[...] = value; a value's kernel is compiled once, 0 and 1 are what is common."""
    step = Step("fill", (), dtype, lambda e, value: e.constant(value), (("value", value),))
    axes = _collapsed(extents, buffer_strides(result, extents), buffer_strides(result, extents))
    access = "contiguous" if axes[-1][2] == 1 else "strided"
    kernel = elementwise_kernel([], [step], [(0, Operand(dtype, access))], outer=len(axes) - 1)
    return kernel.command([axis[0] for axis in axes], [], [(buffer_address(result), [axis[2] for axis in axes])])


def one_hot_command(index: Buffer, result: Buffer, rows: int, classes: int, index_dtype: str, dtype: str) -> Command:
    """result[i, c] = 1 where c == index[i], else 0; strides of index: (1,) or (s,), of result: (row, 1)."""
    step = Step("one_hot", (0,), dtype, lambda e, label: e.equal(e.cast(label, "int64"), e.column_index()))
    kernel = elementwise_kernel([Operand(index_dtype, "broadcast")], [step], [1], outer=1)
    return kernel.command((rows, classes), [(buffer_address(index), [buffer_strides(index, (rows,))[0], 0])],
                          [(buffer_address(result), buffer_strides(result, (rows, classes)))])


# Rows by index -------------------------------------------------------------------------------------------------------


def gather_command(table: Any, index: Any, result: Any, *, outer: int = 1, rows: int, count: int, width: int, dtype: str,
                   index_dtype: str = "int64", table_strides: Sequence[int] | None = None,
                   result_strides: Sequence[int] | None = None) -> Command:
    """result[o, i, :] = table[o, index[i], :].

    Args:
        outer: matrices before the indexed dimension.
        rows: extent of the indexed dimension; negative indices count from its end, what lies outside is held at the border.
        count: number of indices.
        width: elements of a row, neighbours in memory.
        table_strides, result_strides: (matrix, row) strides in elements; default dense.
    """
    table_strides = table_strides or (rows * width, width)
    result_strides = result_strides or (count * width, width)
    kernel = _kernel("gather", _bits(dtype), index_dtype, _write_gather)
    arguments = [count, width, rows, table, *table_strides, index, result, *result_strides]
    return Command(kernel, arguments, outer * count, cost=outer * count * (4.0 + width * ITEMSIZES[dtype] * 0.05))


def _bounded_index(e: Emitter, index: Value, rows: Value) -> Value:
    """Negative indices count from the end; the rest is held inside."""
    wrapped = e.select(e.less(index, 0), index + rows, index)
    return e.maximum(e.minimum(wrapped, rows - 1), 0)


def _write_gather(e: Emitter, dtype: str, index_dtype: str) -> None:
    count, width, rows = e.argument(0), e.argument(1), e.argument(2)
    table, indices, result = e.argument_pointer(3, dtype), e.argument_pointer(6, index_dtype), e.argument_pointer(7, dtype)
    zero = e.constant(0, "int64")
    with e.loop(e.parameters[1], e.parameters[2]) as unit:
        matrix = e.natural_division(unit, count)
        place = unit - matrix * count
        row = _bounded_index(e, e.cast(e.load(indices, place), "int64"), rows)
        source = table.at(matrix * e.argument(4) + row * e.argument(5))
        target = result.at(matrix * e.argument(8) + place * e.argument(9))
        vector_loop(e, zero, width, lambda column, mask, source=source, target=target: e.store(  # type: ignore[misc]
            e.load(source, column, e.lanes, mask), target, column, e.lanes, mask))


def batch_gather_command(dataset: Any, permutation: Any, result: Any, *, batch: int, row_bytes: int, counter: int,
                         first: int = 0, advance: int | None = None, stride_bytes: int | None = None,
                         streamed: bool = False) -> Command:
    """result[i] = dataset[permutation[first + step * advance + i]] for the step that the counter at that address shows.

    Args:
        dataset: rows of `row_bytes` bytes, `stride_bytes` apart.
        permutation: int64 row numbers.
        counter: address of the step counter.
        first: where in the permutation step 0 begins.
        advance: how far on the next step begins; default `batch`.
        streamed: whether rows go past the caches, if they can.
    """
    stride_bytes = row_bytes if stride_bytes is None else stride_bytes
    dtype = next(name for name, size in (("uint32", 4), ("uint8", 1)) if row_bytes % size == 0 and stride_bytes % size == 0)
    size = ITEMSIZES[dtype]
    kernel = _kernel("batch_gather", dtype, "int64", _write_batch_gather)
    arguments = [batch, row_bytes // size, dataset, stride_bytes // size, permutation, counter, first, result,
                 batch if advance is None else advance, int(streamed)]
    # Rows of a shuffled data set come from far away.
    return Command(kernel, arguments, batch, cost=batch * (10.0 + row_bytes * 0.2))


def _write_batch_gather(e: Emitter, dtype: str, index_dtype: str) -> None:
    width, stride = e.argument(1), e.argument(3)
    dataset, permutation = e.argument_pointer(2, dtype), e.argument_pointer(4, index_dtype)
    step = e.load(e.argument_pointer(5, "int64"))
    start = e.argument(6) + step * e.argument(8)
    result = e.argument_pointer(7, dtype)
    zero = e.constant(0, "int64")
    streams = e.logical_and(e.not_equal(e.argument(9), 0), lies_on_lines(e, result, [width]))

    with e.either(streams) as (then, otherwise):
        with then:
            with e.loop(e.parameters[1], e.parameters[2]) as unit:
                source, target = dataset.at(e.load(permutation, start + unit) * stride), result.at(unit * width)
                with e.loop(0, width, e.lanes) as column:
                    stream(e, e.load(source, column, e.lanes), target, column)
            fence(e)
        with otherwise, e.loop(e.parameters[1], e.parameters[2]) as unit:
            source, target = dataset.at(e.load(permutation, start + unit) * stride), result.at(unit * width)
            vector_loop(e, zero, width, lambda column, mask, source=source, target=target: e.store(  # type: ignore[misc]
                e.load(source, column, e.lanes, mask), target, column, e.lanes, mask))


def record_command(source: Any, record: Any, size: int, counter: int) -> Command:
    """record[step] = source for the step that the counter at that address shows; rows of `size` bytes."""
    dtype = "uint8" if size % 4 else "uint32"
    kernel = _kernel("record", dtype, "int64", _write_record)
    return Command(kernel, [source, record, size // ITEMSIZES[dtype], counter], 1, cost=4.0 + size * 0.05)


def _write_record(e: Emitter, dtype: str, index_dtype: str) -> None:
    size = e.argument(2)
    source = e.argument_pointer(0, dtype)
    target = e.argument_pointer(1, dtype).at(e.load(e.argument_pointer(3, "int64")) * size)
    with e.when(e.less(e.parameters[1], e.parameters[2])):
        vector_loop(e, e.constant(0, "int64"), size, lambda column, mask: e.store(
            e.load(source, column, e.lanes, mask), target, column, e.lanes, mask))


# Joining -----------------------------------------------------------------------------------------------------------


def concatenate_commands(sources: Sequence[tuple[Any, int]], result: Any, before: int, after: int, dtype: str) -> list[Command]:
    """Join dense arrays along one dimension: each source has shape (before, its extent, after)."""
    total = sum(extent for _, extent in sources)
    commands, start = [], 0
    for source, extent in sources:
        if extent:
            target: Any = result
            offset = start * after
            if offset:
                target = _moved(result, offset, dtype)
            commands.append(copy_command((source, (extent * after, 1)), (target, (total * after, 1)),
                                         (before, extent * after), dtype))
        start += extent
    return commands


def _moved(buffer: Any, offset: int, dtype: str) -> Any:
    """A buffer that begins `offset` elements further on."""
    if isinstance(buffer, int):
        return buffer + offset * ITEMSIZES[dtype]
    flat = buffer.reshape(-1)
    if flat.base is not buffer and flat.base is not buffer.base:
        raise InternalError("arrays that are joined must be dense")
    return flat[offset:]

