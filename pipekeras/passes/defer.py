"""Defer: find tables whose rows an optimizer may bring up to date when they are read.

A table qualifies when a step reads it by one list of row numbers and nothing else, and its gradient, the sums into the rows
that were read, goes into one element-wise update of the table and of the optimizer's state for it. All else that the
update reads must be one number for the whole table. Such a sum and its update become one group.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from pipekeras.graph.tensor import Tensor, known
from pipekeras.graph.variable import Variable

if TYPE_CHECKING:
    from pipekeras.passes.fuse import Fuser, Group

LEAST_ELEMENTS = 1 << 16
"""A smaller table stays in the caches: to go through all of it costs less than to keep books."""
_MOST_OFFSET = 1 << 31


def defer_rows(fuser: Fuser, in_place: dict[int, Variable]) -> dict[int, Group]:
    """Join sums into rows with the updates that they go into; return each such group by the id of the reading of rows.

    Args:
        fuser: with all its groups.
        in_place: variables that are written in place, by the id of the new value.
    """
    found: dict[int, Group] = {}
    for sums in fuser.groups:
        if sums.kind != "scatter" or fuser.absorbed >> sums.number & 1:
            continue
        (gradient,) = sums.nodes
        update = _update_of(fuser, gradient, in_place)
        reading = None if update is None else _only_reading(fuser, gradient, update, in_place)
        if update is None or reading is None:
            continue
        update.kind = "row_update"
        update.nodes.insert(0, gradient)
        fuser.group_of[id(gradient)] = update
        fuser.absorbed |= 1 << sums.number
        found[id(reading)] = update
    return found


def _update_of(fuser: Fuser, gradient: Tensor, in_place: dict[int, Variable]) -> Group | None:
    """The element-wise group that alone reads a gradient, if it writes nothing but variables as large as it is."""
    shape, operation = known(gradient.shape), gradient.operation
    assert operation is not None
    if operation.name != "take_gradient" or gradient.attributes["axis"] != 0 or prod(shape) < LEAST_ELEMENTS:
        return None
    updates, index = gradient.inputs
    span = prod(known(updates.shape))
    if gradient.dtype not in ("float32", "float64") or not 0 < span < _MOST_OFFSET or id(gradient) in fuser.root_ids:
        return None
    if not fuser.look_through(index)[1].is_contiguous:
        return None
    readers = {id(fuser.group_of.get(id(user))): fuser.group_of.get(id(user)) for user in fuser.users[id(gradient)]}
    group = next(iter(readers.values())) if len(readers) == 1 else None
    if group is None or group.kind != "elementwise":
        return None
    own = {id(node) for node in group.nodes}
    for node in group.nodes:
        outside = any(id(user) not in own for user in fuser.users.get(id(node), []))
        written = in_place.get(id(node))
        drawn = node.operation is None or node.operation.kind != "elementwise"
        if drawn or node.shape != gradient.shape or outside or (id(node) in fuser.root_ids) != (written is not None):
            return None
        if written is not None and node.dtype != gradient.dtype:
            return None
    return group if _operands_fit(fuser, gradient, group, in_place) else None


def _operands_fit(fuser: Fuser, gradient: Tensor, group: Group, in_place: dict[int, Variable]) -> bool:
    """Whether an update reads its gradient, what it writes itself, and single numbers."""
    own = {id(gradient), *(id(node) for node in group.nodes)}
    written = {in_place[id(node)] for node in group.nodes if id(node) in in_place}
    for node in group.nodes:
        for item in node.inputs:
            if id(item) in own:
                continue
            base, view = fuser.look_through(item)
            if item.dtype != gradient.dtype:
                return False
            if base.variable in written:
                if base is not item or item.shape != gradient.shape:
                    return False
            elif any(view.broadcast(known(gradient.shape)).strides):
                return False
    return True


def _only_reading(fuser: Fuser, gradient: Tensor, group: Group, in_place: dict[int, Variable]) -> Tensor | None:
    """The one other node that reads what an update writes, if it reads the very rows that the gradient is for."""
    written = {in_place[id(node)] for node in group.nodes if id(node) in in_place}
    found: list[Tensor] = []
    for other in fuser.groups:
        if other is group or fuser.absorbed >> other.number & 1:
            continue
        found += [
            node for node in other.nodes if any(fuser.look_through(item)[0].variable in written for item in node.inputs)
        ]
    if len(found) != 1 or fuser.group_of[id(found[0])].kind != "gather":
        return None
    (reading,) = found
    table, index = reading.inputs
    fits = table.variable in written and table.shape == gradient.shape and index is gradient.inputs[1]
    return reading if fits and reading.attributes["axis"] == 0 else None
