"""Lowering of operations over windows: convolutions, their adjoints, and pooling.

The kernels take dense tensors, channels last, with one to three spatial axes. An operand that lies otherwise is copied into
scratch memory first; what the kernels don't take stays a call of the NumPy reference.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.graph.tensor import Tensor, known
from pipekeras.graph.view import View
from pipekeras.ops.windows import amounts
from pipekeras.passes.fuse import Group
from pipekeras.runtime.dense import aligned, copies_bytes, dense_operands
from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernels.block_diagonal import grouped_commands, grouped_scratch
from pipekeras.runtime.kernels.elementwise import Operand, Step
from pipekeras.runtime.kernels.geometry import Extra, Geometry
from pipekeras.runtime.kernels.matmul import Epilogue
from pipekeras.runtime.kernels.pooling import lies_side_by_side, side_by_side_commands, side_by_side_gradient_commands
from pipekeras.runtime.kernels.window import (
    after_commands,
    depthwise_commands,
    depthwise_input_gradient_commands,
    depthwise_scratch,
    depthwise_weight_gradient_commands,
    max_pool_gradient_commands,
    pool_commands,
    sum_pool_gradient_commands,
    window_scratch,
)
from pipekeras.runtime.loops import access

if TYPE_CHECKING:
    from pipekeras.runtime.lower import Lowering

_FLOATS = ("float32", "float64")
_MOST_SPATIAL_AXES = 3
_KINDS = {"max_pooling": "maximum", "sum_pooling": "sum", "max_pooling_gradient": "maximum", "sum_pooling_gradient": "sum"}


def _geometry(x: Tensor, y: Tensor, kernel: tuple[int, ...], attributes: dict[str, Any], groups: int) -> Geometry | None:
    """Return the shapes of windows of x that y holds the results of; None where no kernel takes them.

    Args:
        x: input of the forward pass, or its gradient.
        y: result of the forward pass, or its gradient.
        kernel: sizes of the window.
        attributes: "strides", "padding" and perhaps "dilation".
        groups: number of groups that the channels are split in.
    """
    size, output = known(x.shape)[1:-1], known(y.shape)[1:-1]
    if x.dtype not in _FLOATS or y.dtype != x.dtype or not 1 <= len(size) <= _MOST_SPATIAL_AXES:
        return None
    if 0 in known(x.shape) or 0 in known(y.shape) or 0 in kernel:
        return None
    dilation = attributes.get("dilation", (1,) * len(size))
    padding = amounts(size, kernel, attributes["strides"], dilation, attributes["padding"])
    if any(amount < 0 for pair in padding for amount in pair):
        return None
    geometry = Geometry.of(
        known(x.shape)[0], size, known(x.shape)[-1], known(y.shape)[-1], kernel, attributes["strides"], dilation, padding,
        groups,
    )  # fmt: skip
    # A transposed convolution may leave elements at zero that no window reaches.
    return geometry if geometry.output[-len(size) :] == output else None


# Convolution


def _convolution(node: Tensor) -> Geometry | None:
    assert node.operation is not None
    first, second = node.inputs
    x, kernel, y = {
        "convolution": (first, second, node),
        "convolution_input_gradient": (node, second, first),
        "convolution_kernel_gradient": (first, node, second),
    }[node.operation.name]
    if kernel.dtype != x.dtype or 0 in known(kernel.shape):
        return None
    return _geometry(x, y, known(kernel.shape)[:-2], node.attributes, node.attributes["groups"])


def _is_depthwise(geometry: Geometry) -> bool:
    return geometry.groups == geometry.channels == geometry.filters > 1


def _convolution_scratch(node: Tensor, geometry: Geometry) -> int:
    """Bytes that the kernels of a convolution need."""
    assert node.operation is not None
    name = node.operation.name
    if _is_depthwise(geometry):
        return 0 if name == "convolution_input_gradient" else depthwise_scratch(geometry, node.dtype)
    return grouped_scratch(geometry, name, node.dtype)


def _target(lowering: Lowering, group: Group) -> Tensor | None:
    """Return the value whose memory holds the raw result until the nodes after it have run; None calls for scratch."""
    node, *following = group.nodes
    if not following:
        return node
    for item in group.outputs:
        if item.dtype == node.dtype and id(item) not in lowering.schedule.in_place:
            return item
    return None


def _raw_bytes(lowering: Lowering, group: Group) -> int:
    node = group.nodes[0]
    if _target(lowering, group) is not None:
        return 0
    return aligned(prod(known(node.shape)) * dtypes.STORAGE[node.dtype].itemsize)


def convolution_bytes(lowering: Lowering, group: Group) -> int:
    """Return the scratch memory that a convolution or an adjoint of one needs."""
    node = group.nodes[0]
    geometry = _convolution(node)
    if geometry is None:
        return 0
    return copies_bytes(lowering, node) + _raw_bytes(lowering, group) + _convolution_scratch(node, geometry)


def lower_convolution(lowering: Lowering, group: Group) -> list[Any] | None:
    """Return the commands of a convolution, of its input's gradient or of its kernel's gradient, and what runs on it."""
    node = group.nodes[0]
    assert node.operation is not None
    geometry = _convolution(node)
    if geometry is None:
        return None
    scratch = lowering.scratch(group) if convolution_bytes(lowering, group) else 0
    commands, (first, second), scratch = dense_operands(lowering, node, scratch)
    target = _target(lowering, group)
    result = scratch if target is None else lowering.address(target)
    scratch += _raw_bytes(lowering, group)
    epilogue, extra = _epilogue(lowering, group, target)
    dtype, name = node.dtype, node.operation.name
    if not _is_depthwise(geometry):
        return commands + grouped_commands(
            geometry, name, first, second, result, dtype, scratch, epilogue=epilogue, extra=extra
        )
    if name == "convolution_kernel_gradient":
        return commands + depthwise_weight_gradient_commands(geometry, first, second, result, dtype, scratch)
    run = depthwise_input_gradient_commands if name == "convolution_input_gradient" else depthwise_commands
    return commands + run(geometry, first, second, result, dtype, epilogue=epilogue, extra=extra, scratch=scratch)


def _epilogue(lowering: Lowering, group: Group, target: Tensor | None) -> tuple[Epilogue | None, list[Extra]]:
    """Return the expression of the nodes after a convolution, with its buffers."""
    node, *following = group.nodes
    if not following:
        return None, []
    shape = known(node.shape)
    inputs, buffers, steps, number = lowering.expression(following, shape, node)
    operands = tuple(Operand(item.dtype, access(placed[1][-1])) for item, placed in zip(inputs, buffers, strict=True))
    others = [item for item in group.outputs if item is not target]
    outputs = tuple((number[id(item)], Operand(item.dtype)) for item in others)
    own = View.contiguous(shape).strides
    places = [*buffers, *((lowering.address(item), own) for item in others)]
    missing = (0,) * (5 - len(shape))
    extra: list[Extra] = [(address, (strides[0], *missing, *strides[1:])) for address, strides in places]
    result = None if target is None else number[id(target)]
    return Epilogue(operands, tuple(Step(*step) for step in steps), result, outputs), extra


# Pooling


def _pooling(node: Tensor) -> Geometry | None:
    assert node.operation is not None
    name, first = node.operation.name, node.inputs[0]
    if name == "max_pooling_select" or any(item.dtype != node.dtype for item in node.inputs):
        return None
    x, y = (node, first) if name in ("max_pooling_gradient", "sum_pooling_gradient") else (first, node)
    return _geometry(x, y, node.attributes["window"], node.attributes, 1)


def _forward_of(lowering: Lowering, node: Tensor) -> Tensor | None:
    """Return the pooling that runs before a gradient over the same windows, if there is one."""
    for group in lowering.schedule.groups:
        first = group.nodes[0]
        if first is node:
            return None
        if (
            first.operation is not None
            and first.operation.name == "max_pooling"
            and first.inputs[0] is node.inputs[1]
            and first.attributes == node.attributes
        ):
            return first
    return None


def _shared_places(lowering: Lowering, node: Tensor, geometry: Geometry) -> int | None:
    """Return memory for the places of the largest elements when a gradient will ask a pooling for them."""
    for group in lowering.schedule.groups:
        other = group.nodes[0]
        if other.operation is None or other.operation.name != "max_pooling_gradient" or _pooling(other) is None:
            continue
        if _forward_of(lowering, other) is node:
            places = np.empty(_outputs(geometry), np.int32)
            lowering.keep.append(places)
            lowering.places[id(node)] = places.ctypes.data
            return places.ctypes.data
    return None


def _outputs(geometry: Geometry) -> int:
    return geometry.batch * prod(geometry.output) * geometry.channels


def _pooling_scratch(lowering: Lowering, node: Tensor, geometry: Geometry) -> int:
    """Bytes that the kernels of a pooling need."""
    assert node.operation is not None
    if node.operation.name == "sum_pooling_gradient":
        return 0
    if node.operation.name == "max_pooling_gradient" and _forward_of(lowering, node) is not None:
        return 0
    size = window_scratch(geometry, node.dtype)
    if node.operation.name == "max_pooling_gradient":
        count = _outputs(geometry)
        size += aligned(count * dtypes.STORAGE[node.dtype].itemsize) + aligned(count * dtypes.STORAGE["int32"].itemsize)
    return size


def pooling_bytes(lowering: Lowering, group: Group) -> int:
    """Return the scratch memory that a pooling or its gradient needs."""
    node = group.nodes[0]
    geometry = _pooling(node)
    if geometry is None:
        return 0
    return copies_bytes(lowering, node) + _raw_bytes(lowering, group) + _pooling_scratch(lowering, node, geometry)


def lower_pooling(lowering: Lowering, group: Group) -> list[Any] | None:
    """Return the commands of a pooling or of its gradient, and what runs on it."""
    node = group.nodes[0]
    assert node.operation is not None
    geometry = _pooling(node)
    if geometry is None:
        return None
    scratch = lowering.scratch(group) if pooling_bytes(lowering, group) else 0
    commands, operands, scratch = dense_operands(lowering, node, scratch)
    target = _target(lowering, group)
    result = scratch if target is None else lowering.address(target)
    scratch += _raw_bytes(lowering, group)
    dtype, name = node.dtype, node.operation.name
    if name in ("max_pooling", "sum_pooling"):
        found = _shared_places(lowering, node, geometry) if name == "max_pooling" else None
        return commands + _pool(geometry, _KINDS[name], operands[0], result, dtype, found, scratch)
    places = None
    if name == "max_pooling_gradient":
        forward = _forward_of(lowering, node)
        if forward is not None:
            places = lowering.places[id(forward)]
        else:
            largest = scratch + window_scratch(geometry, dtype)
            places = largest + aligned(_outputs(geometry) * dtypes.STORAGE[dtype].itemsize)
            commands += _pool(geometry, "maximum", operands[1], largest, dtype, places, scratch)
    epilogue, extra = _epilogue(lowering, group, target)
    if lies_side_by_side(geometry):
        return commands + side_by_side_gradient_commands(
            geometry, _KINDS[name], operands[0], places, result, dtype, epilogue=epilogue, extra=extra
        )
    if places is None:
        commands += sum_pool_gradient_commands(geometry, operands[0], result, dtype)
    else:
        commands += max_pool_gradient_commands(geometry, operands[0], places, result, dtype)
    return commands + after_commands(result, [geometry.batch, *geometry.size, geometry.channels], dtype, epilogue, extra)


def _pool(
    geometry: Geometry, kind: str, x: int, y: int, dtype: str, places: int | None, scratch: int
) -> list[Command]:
    if lies_side_by_side(geometry):
        return side_by_side_commands(geometry, kind, x, y, dtype, places)
    return pool_commands(geometry, kind, x, y, dtype, positions=places, scratch=scratch)
