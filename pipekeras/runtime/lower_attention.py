"""Lowering of attention and of its gradient: tensors are read however their heads lie, bias and mask with queries as lanes."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from pipekeras.core import dtypes
from pipekeras.graph.tensor import Tensor, known
from pipekeras.graph.view import View
from pipekeras.passes.fuse import Group
from pipekeras.runtime.dense import aligned
from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernels.attention import (
    MOST_DEPTH,
    Attention,
    Placed,
    attention_command,
    attention_gradient_command,
)

if TYPE_CHECKING:
    from pipekeras.runtime.lower import Lowering

_NAMES = {False: ("q", "k", "v"), True: ("g", "flat", "q", "k", "v")}


def _is_gradient(node: Tensor) -> bool:
    assert node.operation is not None
    return node.operation.name == "attention_gradient"


def _sizes(node: Tensor) -> Attention | None:
    """Return the sizes of an attention; None where no kernel takes it."""
    first = 2 if _is_gradient(node) else 0
    q, k, v = node.inputs[first : first + 3]
    batch, queries, heads, depth = known(q.shape)
    keys, values = known(k.shape)[1], known(v.shape)[3]
    if node.dtype not in ("float32", "float64") or 0 in (batch, queries, heads, depth, keys, values):
        return None
    if max(depth, values) > MOST_DEPTH:
        return None
    scale, causal = node.attributes["scale"], node.attributes["causal"]
    return Attention(batch, heads, queries, keys, depth, values, node.dtype, scale, causal)


def _is_copied(lowering: Lowering, item: Tensor) -> bool:
    """Whether a tensor's features are no neighbours."""
    return item.shape[-1] != 1 and lowering.view(item)[1].strides[-1] != 1


def _bytes(shape: tuple[int, ...], dtype: str) -> int:
    return aligned(prod(shape) * dtypes.STORAGE[dtype].itemsize)


def _turned_shape(s: Attention, item: Tensor) -> tuple[int, ...]:
    """Shape of a bias or mask whose queries are neighbours, filled up to whole panels."""
    batch, heads = known(item.shape)[:2]
    return batch, heads, s.keys, s.padded


def attention_bytes(lowering: Lowering, group: Group) -> int:
    """Return the scratch memory that an attention needs for operands that are laid out anew."""
    (node,) = group.nodes
    s = _sizes(node)
    if s is None:
        return 0
    names = _NAMES[_is_gradient(node)]
    size = 0
    for name, item in zip(names, node.inputs, strict=False):
        if name != "flat" and _is_copied(lowering, item):
            size += _bytes(known(item.shape), item.dtype)
    return size + sum(_bytes(_turned_shape(s, item), item.dtype) for item in node.inputs[len(names) :])


def lower_attention(lowering: Lowering, group: Group) -> list[Any] | None:
    """Return the commands of an attention or of its gradient."""
    from pipekeras.runtime.lower import copy_command

    (node,) = group.nodes
    s = _sizes(node)
    if s is None:
        return None
    is_gradient = _is_gradient(node)
    names = _NAMES[is_gradient]
    scratch = lowering.scratch(group) if attention_bytes(lowering, group) else 0
    commands: list[Command] = []
    tensors: dict[str, Placed] = {}
    for name, item in zip(names, node.inputs, strict=False):
        address, strides = lowering.placed(item)
        if name != "flat" and _is_copied(lowering, item):
            dense = View.contiguous(known(item.shape))
            commands.append(copy_command(item.dtype, dense.shape, (address, strides), (scratch, dense.strides)))
            address, strides = scratch, dense.strides
            scratch += _bytes(dense.shape, item.dtype)
        tensors[name] = address, strides[:3]
    turned: dict[str, Placed] = {}
    for name, item in zip([name for name in ("bias", "mask") if node.attributes[name]], node.inputs[len(names) :], strict=True):
        shape = _turned_shape(s, item)
        dense = View.contiguous(shape)
        address, strides = lowering.placed(item, (*shape[:2], s.queries, s.keys))
        across = (*strides[:2], strides[3], strides[2])
        commands.append(copy_command(item.dtype, (*shape[:3], s.queries), (address, across), (scratch, dense.strides)))
        # Repeated matrices are stepped over by 0.
        steps = [0 if extent == 1 else step for extent, step in zip(shape[:2], dense.strides, strict=False)]
        turned[name] = scratch, (*steps, dense.strides[2])
        scratch += _bytes(shape, item.dtype)
    result, size = lowering.address(node), dtypes.STORAGE[s.dtype].itemsize
    shape = (s.batch, s.queries, s.heads, s.values)
    if not is_gradient:
        out = result, View.contiguous(shape).strides[:3]
        statistics = result + prod(shape) * size
        q, k, v = (tensors[name] for name in names)
        return [*commands, attention_command(s, q, k, v, out, statistics, turned.get("bias"), turned.get("mask"))]
    saved = tensors.pop("flat")[0]
    tensors["out"] = saved, View.contiguous(shape).strides[:3]
    for name, item in zip(("dq", "dk", "dv"), node.inputs[2:5], strict=True):
        extents = known(item.shape)
        tensors[name] = result, View.contiguous(extents).strides[:3]
        result += prod(extents) * size
    return [
        *commands,
        attention_gradient_command(s, tensors, saved + prod(shape) * size, turned.get("bias"), turned.get("mask")),
    ]
