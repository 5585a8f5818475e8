"""The memory that commands touch: who knows it can tell which of them may run side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipekeras.core import dtypes
from pipekeras.graph.tensor import Tensor
from pipekeras.runtime.executor import Command, Touches, array_address

if TYPE_CHECKING:
    from pipekeras.passes.fuse import Group
    from pipekeras.runtime.lower import Lowering

_KNOWN = frozenset(("elementwise", "reduce", "matmul", "recurrent"))
"""Kinds of groups whose kernels read their inputs, write their outputs, and use no memory but their scratch."""


def stretch(buffer: Any, size: int) -> tuple[int, int]:
    """Return begin and end of a buffer, an address or an array, of that many bytes."""
    begin = buffer if isinstance(buffer, int) else array_address(buffer)
    return begin, begin + size


def note_touches(lowering: Lowering, group: Group, commands: Sequence[Any]) -> None:
    """Tell the commands of a group what the group touches, as far as they don't know better.

    In the turn of a loop nothing is said: addresses move there.
    """
    if group.kind not in _KNOWN or lowering.targets is not None:
        return
    inside = {id(node) for node in group.nodes}
    reads = [_of(lowering, item) for node in group.nodes for item in node.inputs if id(item) not in inside]
    writes = [_of(lowering, node) for node in group.outputs]
    scratch = lowering.scratch_sizes.get(id(group))
    if scratch:
        writes.append(stretch(lowering.scratch(group), scratch))
    touches: Touches = (reads, writes)
    for command in commands:
        if isinstance(command, Command) and command.touches is None:
            command.touches = touches


def _of(lowering: Lowering, tensor: Tensor) -> tuple[int, int]:
    """Return begin and end of the memory that a tensor's values lie in."""
    base, view = lowering.view(tensor)
    itemsize = dtypes.STORAGE[tensor.dtype].itemsize
    reach = [(length - 1) * stride for length, stride in zip(view.shape, view.strides, strict=True)]
    first = view.offset + sum(step for step in reach if step < 0)
    last = view.offset + sum(step for step in reach if step > 0)
    address = lowering.address(base)
    return address + first * itemsize, address + (last + 1) * itemsize
