"""Lowering of rows by index: reading them, and summing gradients into them."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from pipekeras.core import dtypes
from pipekeras.core.errors import InternalError
from pipekeras.graph.tensor import Tensor, known
from pipekeras.graph.view import View
from pipekeras.passes.fuse import Group
from pipekeras.runtime.dense import aligned, copies_bytes, dense_operands
from pipekeras.runtime.kernels.movement import gather_command
from pipekeras.runtime.kernels.scatter import join_rows_command, scatter_rows_command, subtract_rows_command
from pipekeras.runtime.loops import collapse

if TYPE_CHECKING:
    from pipekeras.runtime.lower import Lowering


def lower_gather(lowering: Lowering, group: Group) -> list[Any] | None:
    """Return the command that reads rows by index."""
    from pipekeras.runtime.lower_deferred import before_reading

    (node,) = group.nodes
    table, index = node.inputs
    if not (lowering.view(table)[1].is_contiguous and lowering.view(index)[1].is_contiguous) or 0 in node.shape:
        return None
    axis, shape = node.attributes["axis"], known(table.shape)
    return [
        *before_reading(lowering, node),
        gather_command(
            lowering.placed(table)[0],
            lowering.placed(index)[0],
            lowering.address(node),
            outer=prod(shape[:axis]),
            rows=shape[axis],
            count=prod(known(index.shape)),
            width=prod(shape[axis + 1 :]),
            dtype=node.dtype,
            index_dtype=index.dtype,
        )
    ]


def _strides(view: View, before: int, indices: int) -> tuple[tuple[int, int], tuple[int, int, int]] | None:
    """Return the extents of the loops over indices, and strides of tables and loops; None where a dense copy is needed.

    Args:
        view: how the updates lie.
        before, indices: their number of axes before the index's, and of the index's own.
    """
    parts = view.shape[:before], view.shape[before : before + indices], view.shape[before + indices :]
    steps = view.strides[:before], view.strides[before : before + indices], view.strides[before + indices :]
    (tables, (table_steps,)), (loops, (loop_steps,)), (row, (row_steps,)) = (
        collapse(part, [step]) for part, step in zip(parts, steps, strict=True)
    )
    if len(tables) > 1 or len(loops) > 2 or len(row) > 1 or (row[0] > 1 and row_steps[0] != 1):
        return None
    missing = 2 - len(loops)
    first, second = [1] * missing + loops
    return (first, second), (table_steps[0], *[0] * missing, *loop_steps)  # type: ignore[return-value]


def _copied(lowering: Lowering, updates: Tensor, index: Tensor, axis: int) -> bool:
    """Whether the updates are laid out anew before they are summed."""
    return _strides(lowering.view(updates)[1], axis, index.ndim) is None


def scatter_bytes(lowering: Lowering, group: Group) -> int:
    """Return the scratch memory that dense copies of updates and indices need."""
    (node,) = group.nodes
    updates, index = node.inputs
    return row_updates_bytes(lowering, updates, index, node.attributes["axis"])


def row_updates_bytes(lowering: Lowering, updates: Tensor, index: Tensor, axis: int) -> int:
    """Return the scratch memory that dense copies of updates and indices need."""
    size = 0
    if _copied(lowering, updates, index, axis):
        size += aligned(prod(known(updates.shape)) * dtypes.STORAGE[updates.dtype].itemsize)
    if not lowering.view(index)[1].is_contiguous:
        size += aligned(prod(known(index.shape)) * dtypes.STORAGE[index.dtype].itemsize)
    return size


class RowUpdates:
    """Updates and indices as the kernels read them, and the copies that come first."""

    def __init__(self, lowering: Lowering, updates: Tensor, index: Tensor, axis: int, scratch: int) -> None:
        from pipekeras.runtime.lower import copy_command

        self.commands: list[Any] = []
        places, views = [], []
        for item, copied in (
            (updates, _copied(lowering, updates, index, axis)),
            (index, not lowering.view(index)[1].is_contiguous),
        ):
            place = lowering.placed(item)
            if copied and 0 not in known(item.shape):
                dense = View.contiguous(known(item.shape))
                self.commands.append(copy_command(item.dtype, dense.shape, place, (scratch, dense.strides)))
                place = scratch, dense.strides
                scratch += aligned(prod(dense.shape) * dtypes.STORAGE[item.dtype].itemsize)
            places.append(place[0])
            views.append(View(known(item.shape), place[1]))
        self.updates, self.index = places
        self.scratch = scratch
        found = _strides(views[0], axis, index.ndim)
        if found is None:
            raise InternalError("updates that were copied lie densely")
        self.counts, self.strides = found


def lower_scatter(lowering: Lowering, group: Group) -> list[Any] | None:
    """Return the commands that sum rows by index into a table of zeros."""
    (node,) = group.nodes
    updates, index = node.inputs
    shape, axis = known(node.shape), node.attributes["axis"]
    if 0 in shape or 0 in known(updates.shape):
        return None
    scratch = lowering.scratch(group) if scatter_bytes(lowering, group) else 0
    given = RowUpdates(lowering, updates, index, axis, scratch)
    return [
        *given.commands,
        scatter_rows_command(
            given.updates,
            given.index,
            lowering.address(node),
            rows=shape[axis],
            width=prod(shape[axis + 1 :]),
            counts=given.counts,
            dtype=node.dtype,
            index_dtype=index.dtype,
            tables=prod(shape[:axis]),
            strides=given.strides,
        ),
    ]


def join_rows_bytes(lowering: Lowering, group: Group) -> int:
    """Return the scratch memory that dense copies of updates and indices need."""
    (node,) = group.nodes
    return copies_bytes(lowering, node)


def lower_join_rows(lowering: Lowering, group: Group) -> list[Any] | None:
    """Return the commands that copy a table and join its rows with updates."""
    (node,) = group.nodes
    table, index, updates = node.inputs
    if node.dtype == "bool" or 0 in known(table.shape) or 0 in known(updates.shape):
        return None
    scratch = lowering.scratch(group) if join_rows_bytes(lowering, group) else 0
    commands, (_, where_to, new), _ = dense_operands(lowering, node, scratch)
    result = lowering.address(node)
    return [
        lowering.copy_to(table, result),
        *commands,
        join_rows_command(
            new,
            where_to,
            result,
            rows=known(table.shape)[0],
            width=prod(known(table.shape)[1:]),
            count=known(index.shape)[0],
            dtype=node.dtype,
            index_dtype=index.dtype,
            reduction=node.attributes["reduction"],
        ),
    ]


def subtract_rows_bytes(lowering: Lowering, group: Group) -> int:
    """Return the scratch memory for the sums of the rows, and for dense copies of updates and indices."""
    (node,) = group.nodes
    _, updates, index, _ = node.inputs
    sums = aligned(prod(known(node.shape)) * dtypes.STORAGE[node.dtype].itemsize)
    return sums + row_updates_bytes(lowering, updates, index, 0)


def lower_subtract_rows(lowering: Lowering, group: Group) -> list[Any] | None:
    """Return the commands that take scaled sums off the rows that are named; a variable's rows are changed in place."""
    from pipekeras.runtime.lower import copy_command

    (node,) = group.nodes
    table, updates, index, rate = node.inputs
    shape = known(node.shape)
    if 0 in shape or 0 in known(updates.shape):
        return None
    sums = lowering.scratch(group)
    given = RowUpdates(lowering, updates, index, 0, sums + aligned(prod(shape) * dtypes.STORAGE[node.dtype].itemsize))
    result, dense = lowering.address(node), View.contiguous(shape).strides
    source = lowering.placed(table)
    commands = given.commands
    if source[0] != result:
        commands.append(copy_command(node.dtype, shape, source, (result, dense)))
    command = subtract_rows_command(
        result,
        sums,
        given.updates,
        given.index,
        lowering.placed(rate)[0],
        rows=shape[0],
        width=prod(shape[1:]),
        counts=given.counts,
        dtype=node.dtype,
        index_dtype=index.dtype,
        strides=given.strides,
    )
    return [*commands, command]
