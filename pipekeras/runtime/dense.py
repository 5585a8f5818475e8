"""Operands of kernels that only take dense tensors: one that lies otherwise is copied into scratch memory first."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from pipekeras.core import dtypes
from pipekeras.graph.tensor import Tensor, known
from pipekeras.graph.view import View
from pipekeras.runtime.executor import Command

if TYPE_CHECKING:
    from pipekeras.runtime.lower import Lowering


def aligned(size: int) -> int:
    """Return a number of bytes rounded up, so that what follows begins a cache line."""
    return -(-size // 64) * 64


def _bytes(tensor: Tensor) -> int:
    return aligned(prod(known(tensor.shape)) * dtypes.STORAGE[tensor.dtype].itemsize)


def copies_bytes(lowering: Lowering, node: Tensor) -> int:
    """Return the scratch memory that dense copies of a node's operands need."""
    return sum(0 if lowering.view(item)[1].is_contiguous else _bytes(item) for item in node.inputs)


def dense_operands(lowering: Lowering, node: Tensor, scratch: int) -> tuple[list[Command], list[int], int]:
    """Return commands that copy operands to be dense, where the operands lie then, and the scratch memory that is left."""
    from pipekeras.runtime.lower import copy_command

    commands, addresses = [], []
    for item in node.inputs:
        placed = lowering.placed(item)
        if lowering.view(item)[1].is_contiguous:
            addresses.append(placed[0])
            continue
        shape = known(item.shape)
        commands.append(copy_command(item.dtype, shape, placed, (scratch, View.contiguous(shape).strides)))
        addresses.append(scratch)
        scratch += _bytes(item)
    return commands, addresses, scratch
