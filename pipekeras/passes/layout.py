"""Layout: models with channels first run on channels last.

The kernels over windows take channels last, so an op with channels first turns its input, works, and turns its result back.
This pass moves the turning back down: through element-wise work, reductions, concatenations, slices and borders, until it
meets the next turning and both vanish. What is left is one turning where data enters and one where it leaves.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from pipekeras.graph.tensor import Tensor, known
from pipekeras.graph.trace import Graph
from pipekeras.ops.define import FUNCTIONS
from pipekeras.passes.order import ordered, roots

Axes = tuple[int, ...]
Rule = Callable[[Tensor, tuple[Tensor, ...], Axes], "Tensor | None"]
# An operand of so many times fewer elements than the result is turned wherever that helps.
_SMALL = 8
_WINDOWS = ("convolution", "pooling")


def move_transposes(graph: Graph) -> Graph:
    """Return an equal graph in which channels stay last between the ops that need them there."""
    order = ordered(roots(graph))
    if not _turns_channels(order):
        return graph
    replaced: dict[int, Tensor] = {}
    # Nodes are known by their ids: what is dropped on the way must not give its id to a later one.
    made: list[Tensor] = []
    for tensor in order:
        operation = tensor.operation
        if operation is None:
            continue
        inputs = tuple(replaced.get(id(item), item) for item in tensor.inputs)
        moved = _moved(tensor, inputs)
        if moved is None and any(a is not b for a, b in zip(inputs, tensor.inputs, strict=True)):
            moved = operation(*inputs, **tensor.attributes)
        if moved is not None:
            made.append(moved)
            replaced[id(tensor)] = moved
    return Graph(
        graph.inputs,
        [replaced.get(id(item), item) for item in graph.outputs],
        graph.variables,
        {variable: replaced.get(id(item), item) for variable, item in graph.updates.items()},
    )


def _turns_channels(order: list[Tensor]) -> bool:
    """Whether an op over windows turns its operands or its result."""
    for tensor in order:
        turned = _turning(tensor) is not None
        for item in tensor.inputs:
            if item.operation is None or tensor.operation is None:
                continue
            if turned and item.operation.kind in _WINDOWS:
                return True
            if tensor.operation.kind in _WINDOWS and item.operation.name == "transpose":
                return True
    return False


def _turning(tensor: Tensor) -> Axes | None:
    """Return the order of axes by which a node moves its last axis behind the first, or None."""
    if tensor.operation is None or tensor.operation.name != "transpose" or tensor.ndim < 3:
        return None
    axes = tensor.attributes["axes"]
    return axes if axes == (0, tensor.ndim - 1, *range(1, tensor.ndim - 1)) else None


def _inverse(axes: Axes) -> Axes:
    return tuple(sorted(range(len(axes)), key=axes.__getitem__))


def _turn(tensor: Tensor, axes: Axes) -> Tensor:
    """Return the tensor with its axes in another order; two turnings are one, or none."""
    if tensor.operation is not None and tensor.operation.name == "transpose":
        inner = tensor.attributes["axes"]
        return _turn(tensor.inputs[0], tuple(inner[axis] for axis in axes))
    return FUNCTIONS["transpose"](tensor, axes)


def _moved(tensor: Tensor, inputs: tuple[Tensor, ...]) -> Tensor | None:
    """Return the node with a turning of its inputs moved behind it, or None where there is none to move."""
    operation = tensor.operation
    assert operation is not None
    if operation.name == "transpose":
        (item,) = inputs
        if item.operation is not None and item.operation.name == "transpose":
            return _turn(item, tensor.attributes["axes"])
        return None
    axes = next((found for found in map(_turning, inputs) if found is not None), None)
    if axes is None:
        return None
    rule = _RULES.get(operation.name) or _RULES.get(operation.kind)
    return rule(tensor, inputs, axes) if rule is not None else None


def _is_light(tensor: Tensor, shape: tuple[int, ...]) -> bool:
    """Whether reading the tensor in another order costs little."""
    if tensor.operation is not None and tensor.operation.name == "broadcast_to":
        tensor = tensor.inputs[0]
    return prod(known(tensor.shape)) * _SMALL <= prod(shape)


def _elementwise(tensor: Tensor, inputs: tuple[Tensor, ...], axes: Axes) -> Tensor | None:
    shape, back = known(tensor.shape), _inverse(axes)
    turned = sum(_turning(item) is not None and item.shape == shape for item in inputs)
    heavy = sum(_turning(item) is None and not _is_light(item, shape) for item in inputs)
    if not turned or heavy > turned:
        return None
    operands = []
    for item in inputs:
        if item.ndim == 0:
            operands.append(item)
            continue
        if item.ndim < len(axes):
            item = FUNCTIONS["reshape"](item, (1,) * (len(axes) - item.ndim) + tuple(item.shape))
        operands.append(_turn(item, back))
    assert tensor.operation is not None
    return _turn(tensor.operation(*operands, **tensor.attributes), axes)


def _reduce(tensor: Tensor, inputs: tuple[Tensor, ...], axes: Axes) -> Tensor | None:
    reduced = tensor.attributes["axis"]
    assert tensor.operation is not None
    if tensor.operation.name.startswith("arg") and len(reduced) > 1:
        # Places are counted over the reduced axes in their order.
        return None
    places = tuple(sorted(axes[axis] for axis in reduced))
    result = tensor.operation(inputs[0].inputs[0], **{**tensor.attributes, "axis": places})
    if tensor.attributes.get("keepdims"):
        return _turn(result, axes)
    left = [axis for axis in range(len(axes)) if axis not in places]
    wanted = [axes[axis] for axis in range(len(axes)) if axis not in reduced]
    order = tuple(left.index(axis) for axis in wanted)
    return result if order == tuple(range(len(order))) else _turn(result, order)


def _concatenate(tensor: Tensor, inputs: tuple[Tensor, ...], axes: Axes) -> Tensor | None:
    if any(_turning(item) is None for item in inputs):
        return None
    assert tensor.operation is not None
    parts = [item.inputs[0] for item in inputs]
    return _turn(tensor.operation(*parts, **{**tensor.attributes, "axis": axes[tensor.attributes["axis"]]}), axes)


def _per_axis(tensor: Tensor, inputs: tuple[Tensor, ...], axes: Axes) -> Tensor | None:
    """Operations whose attributes hold one number for each axis."""
    if tensor.ndim != len(axes):
        return None
    back = _inverse(axes)
    attributes = {
        name: tuple(value[axis] for axis in back) if isinstance(value, tuple) and len(value) == len(axes) else value
        for name, value in tensor.attributes.items()
    }
    assert tensor.operation is not None
    return _turn(tensor.operation(inputs[0].inputs[0], **attributes), axes)


_RULES: dict[str, Rule] = {
    "elementwise": _elementwise,
    "reduce": _reduce,
    "concatenate": _concatenate,
    "slice": _per_axis,
    "place": _per_axis,
    "broadcast_to": _per_axis,
}
"""By the operation's name, or by its kind."""
