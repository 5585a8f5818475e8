"""Lowering of sorting, of the largest few, and of running totals."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from pipekeras.core import dtypes
from pipekeras.graph.tensor import Tensor, known
from pipekeras.passes.fuse import Group
from pipekeras.runtime.dense import aligned, copies_bytes, dense_operands
from pipekeras.runtime.kernels.movement import copy_command
from pipekeras.runtime.kernels.ordering import MOST_KEPT, argsort_command, largest_command, running_command

if TYPE_CHECKING:
    from pipekeras.runtime.lower import Lowering

_INDEX_BYTES = 4


def _is_selected(node: Tensor) -> bool:
    """Whether the largest elements are kept in a list instead of sorting all."""
    return bool(node.attributes["k"] <= MOST_KEPT)


def _is_supported(node: Tensor) -> bool:
    dtype = node.inputs[0].dtype
    known_type = dtypes.is_float(dtype) or dtypes.is_integer(dtype) or dtype == "bool"
    return known_type and 0 not in known(node.inputs[0].shape) and 0 not in known(node.shape)


def _sorting_bytes(node: Tensor) -> int:
    """Bytes of the second array that sorting goes back and forth with, and of all indices where few are wanted."""
    assert node.operation is not None
    size = aligned(prod(known(node.inputs[0].shape)) * _INDEX_BYTES)
    if node.operation.name == "argsort":
        return size
    return 2 * size if node.operation.name == "top_indices" and not _is_selected(node) else 0


def ordering_bytes(lowering: Lowering, group: Group) -> int:
    """Return the scratch memory that the commands need."""
    (node,) = group.nodes
    return copies_bytes(lowering, node) + _sorting_bytes(node) if _is_supported(node) else 0


def lower_ordering(lowering: Lowering, group: Group) -> list[Any] | None:
    """Return the commands that order a tensor or sum along it."""
    (node,) = group.nodes
    if not _is_supported(node):
        return None
    assert node.operation is not None
    name, (x,) = node.operation.name, node.inputs
    shape, dtype = known(x.shape), x.dtype
    scratch = lowering.scratch(group) if ordering_bytes(lowering, group) else 0
    commands, (source,), scratch = dense_operands(lowering, node, scratch)
    result = lowering.address(node)
    if name == "top_indices":
        length, count = shape[-1], node.attributes["k"]
        lines = prod(shape[:-1])
        if _is_selected(node):
            return [*commands, largest_command(source, result, lines=lines, length=length, count=count, dtype=dtype)]
        every, other = scratch, scratch + _sorting_bytes(node) // 2
        return [
            *commands,
            argsort_command(source, every, other, outer=lines, length=length, inner=1, dtype=dtype, falling=True),
            copy_command((every, (length, 1)), (result, (count, 1)), (lines, count), "int32"),
        ]
    axis = node.attributes["axis"]
    sizes = {"outer": prod(shape[:axis]), "length": shape[axis], "inner": prod(shape[axis + 1 :])}
    if name == "argsort":
        return [*commands, argsort_command(source, result, scratch, dtype=dtype, **sizes)]
    return [*commands, running_command(source, result, dtype=dtype, product=name == "cumprod", **sizes)]
