"""Lowering of what only moves elements: views made real, tensors put together, tensors laid into larger ones.

What an element-wise kernel computes only to be put together with other tensors, it writes to where it will lie.
"""

from __future__ import annotations

from itertools import accumulate
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.graph.tensor import Tensor, known
from pipekeras.graph.view import View
from pipekeras.passes.fuse import Group, Schedule

if TYPE_CHECKING:
    from pipekeras.runtime.lower import Lowering

# Stretches of fewer bytes are quicker written side by side, and moved later.
_LEAST_STRETCH = 64


def _starts(node: Tensor) -> list[int]:
    """Return where the inputs of a concatenation begin along its axis."""
    axis = node.attributes["axis"]
    return [0, *accumulate(known(item.shape)[axis] for item in node.inputs)][:-1]


def written_into(schedule: Schedule) -> dict[int, tuple[Tensor, View]]:
    """Return the values that are written into the concatenation that alone reads them, and how they lie there, by id."""
    made = {id(node): group for group in schedule.groups if group.kind == "elementwise" for node in group.outputs}
    # Variables are written only when nobody reads what they held before.
    joins = [
        group.nodes[0]
        for group in schedule.groups
        if group.kind == "copy" and _is_join(group.nodes[0]) and id(group.nodes[0]) not in schedule.in_place
    ]
    if not joins:
        return {}
    seen = {id(base) for base, _ in schedule.source.values()} | {id(item) for item in schedule.results}
    seen |= {id(value) for _, value in schedule.copies} | set(schedule.in_place)
    readers: dict[int, int] = {}
    for group in schedule.groups:
        for node in group.nodes:
            for item in node.inputs:
                if made.get(id(item)) is not group:
                    readers[id(item)] = readers.get(id(item), 0) + 1
    found: dict[int, tuple[Tensor, View]] = {}
    for node in joins:
        own, axis = View.contiguous(known(node.shape)), node.attributes["axis"]
        for item, start in zip(node.inputs, _starts(node), strict=True):
            shape = known(item.shape)
            stretch = prod(shape[axis:]) * dtypes.STORAGE[item.dtype].itemsize
            is_only_read_here = id(item) in made and id(item) not in seen and readers[id(item)] == 1
            if is_only_read_here and item.dtype == node.dtype and stretch >= _LEAST_STRETCH:
                found[id(item)] = (node, View(shape, own.strides, start * own.strides[axis]))
    return found


def _is_join(node: Tensor) -> bool:
    assert node.operation is not None
    return node.operation.name == "concatenate" and not dtypes.is_complex(node.dtype)


def lower_copies(lowering: Lowering, group: Group) -> list[Any] | None:
    """Return the commands that move elements to where they are wanted."""
    (node,) = group.nodes
    assert node.operation is not None
    if node.operation.kind == "view":
        return _realized(lowering, node)
    if node.operation.name == "concatenate":
        return _joined(lowering, node)
    return _laid(lowering, node) if node.operation.name == "place" else None


def _realized(lowering: Lowering, node: Tensor) -> list[Any]:
    from pipekeras.runtime.lower import copy_command

    operation = node.operation
    assert operation is not None
    shape, target = known(node.shape), lowering.address(node)
    base, view = lowering.view(node.inputs[0])
    seen = operation.facts["view"](view, **node.attributes)
    if seen is None:
        # Only a reshape of a strided view: the elements in their order are the result.
        placed = lowering.placed(node.inputs[0])
        source_shape = known(node.inputs[0].shape)
        return [copy_command(node.dtype, source_shape, placed, (target, View.contiguous(source_shape).strides))]
    address = lowering.address(base) + seen.offset * dtypes.STORAGE[node.dtype].itemsize
    return [copy_command(node.dtype, shape, (address, seen.strides), (target, View.contiguous(shape).strides))]


def _joined(lowering: Lowering, node: Tensor) -> list[Any]:
    from pipekeras.runtime.lower import copy_command

    axis, own, target = node.attributes["axis"], View.contiguous(known(node.shape)), lowering.address(node)
    commands = []
    for item, start in zip(node.inputs, _starts(node), strict=True):
        part = known(item.shape)
        offset = start * own.strides[axis] * dtypes.STORAGE[node.dtype].itemsize
        if 0 not in part and id(item) not in lowering.written_into:
            commands.append(copy_command(node.dtype, part, lowering.placed(item), (target + offset, own.strides)))
    return commands


def _laid(lowering: Lowering, node: Tensor) -> list[Any]:
    from pipekeras.runtime.lower import copy_command

    (item,) = node.inputs
    shape, part, target = known(node.shape), known(item.shape), lowering.address(node)
    own = View.contiguous(shape)
    value = dtypes.stored(np.full((), node.attributes["value"]), node.dtype)
    lowering.keep.append(value)
    inner = own.sliced(node.attributes["starts"], part, node.attributes["steps"])
    commands = [copy_command(node.dtype, shape, (value.ctypes.data, (0,) * len(shape)), (target, own.strides))]
    if 0 not in part:
        place = (target + inner.offset * dtypes.STORAGE[node.dtype].itemsize, inner.strides)
        commands.append(copy_command(node.dtype, part, lowering.placed(item), place))
    return commands
