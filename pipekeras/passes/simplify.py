"""Simplify: one walk that folds constants, drops what changes nothing, and shares what is computed twice.

Dead nodes vanish by themselves: later stages walk from the outputs. Arithmetic on constants was already done while
tracing, as operations on concrete tensors run at once.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import InternalError
from pipekeras.graph.tensor import Shape, Tensor, known
from pipekeras.graph.trace import Graph
from pipekeras.ops.define import FUNCTIONS, OPERATIONS, constant
from pipekeras.passes.given import given_states
from pipekeras.passes.order import ordered, roots

Rule = Callable[[Tensor, tuple[Tensor, ...]], Tensor | None]
_rules: dict[str, Rule] = {}


def _rule(*names: str) -> Callable[[Rule], Rule]:
    def enter(function: Rule) -> Rule:
        for name in names:
            if name not in OPERATIONS:
                raise InternalError(f"a simplification for '{name}', which is no operation")
            _rules[name] = function
        return function

    return enter


def simplify(graph: Graph) -> Graph:
    """Return an equal graph with fewer nodes."""
    replaced: dict[int, Tensor] = {}
    seen: dict[Any, Tensor] = {}
    # Keys hold ids: nodes that a rule made and dropped must not give theirs to a later one.
    made: list[Tensor] = []
    for tensor in ordered(roots(graph)):
        operation = tensor.operation
        if operation is None:
            continue
        changed = False
        inputs = []
        for item in tensor.inputs:
            other = replaced.get(id(item))
            if other is None and item.data is not None and item.operation is not None:
                # A tape noted how it came about; here it is a constant, and constants have no operation.
                other = replaced[id(item)] = Tensor(item.data)
            if other is not None:
                changed = True
                inputs.append(other)
            else:
                inputs.append(item)
        operands = tuple(inputs)
        rule = _rules.get(operation.name)
        simpler = rule(tensor, operands) if rule is not None else None
        if simpler is not None:
            if simpler.shape != tensor.shape or simpler.dtype != tensor.dtype:
                raise InternalError(
                    f"simplifying {operation.name} turned {tensor.dtype}{tensor.shape} "
                    f"into {simpler.dtype}{simpler.shape}"
                )
            made.append(simpler)
            replaced[id(tensor)] = _shared(simpler, seen)
            continue
        node = Tensor.symbolic(tensor.shape, tensor.dtype, operation, operands, tensor.attributes) if changed else tensor
        made.append(node)
        shared = _shared(node, seen)
        if shared is not tensor:
            replaced[id(tensor)] = shared
    return Graph(
        graph.inputs,
        [replaced.get(id(item), item) for item in graph.outputs],
        graph.variables,
        {variable: replaced.get(id(item), item) for variable, item in graph.updates.items()},
    )


def _shared(tensor: Tensor, seen: dict[Any, Tensor]) -> Tensor:
    """Return the node that already computes the same, or this one."""
    if tensor.operation is None:
        return tensor
    try:
        key = (tensor.operation.name, tuple(map(id, tensor.inputs)), tuple(tensor.attributes.items()))
        return seen.setdefault(key, tensor)
    except TypeError:
        return tensor


def scalar(tensor: Tensor) -> float | None:
    """Return the number that a constant tensor repeats, or None."""
    data = tensor.data
    if data is None or data.size == 0:
        return None
    if data.size == 1 or not any(data.strides):
        first = dtypes.plain(np.asarray(data.flat[0]))
        return float(first) if first.dtype.kind in "fiub" else None
    return None


def _all(value: float, tensor: Tensor) -> bool:
    return tensor.data is not None and scalar(tensor) == value


@_rule("multiply")
def _multiply(tensor: Tensor, inputs: tuple[Tensor, ...]) -> Tensor | None:
    a, b = inputs
    if _all(1, b) and a.shape == tensor.shape:
        return a
    if _all(1, a) and b.shape == tensor.shape:
        return b
    if _all(-1, b) and a.shape == tensor.shape:
        return OPERATIONS["negative"](a)
    return None


@_rule("divide")
def _divide(tensor: Tensor, inputs: tuple[Tensor, ...]) -> Tensor | None:
    a, b = inputs
    if _all(1, b) and a.shape == tensor.shape:
        return a
    if b.operation is OPERATIONS["sqrt"] and b.shape == tensor.shape and tensor.dtype == "float32":
        # A step of an optimizer: the reciprocal root is one estimate made better.
        return OPERATIONS["multiply"](a, OPERATIONS["rsqrt"](b.inputs[0]))
    return None


@_rule("add")
def _add(tensor: Tensor, inputs: tuple[Tensor, ...]) -> Tensor | None:
    a, b = inputs
    if _all(0, b) and a.shape == tensor.shape:
        return a
    if _all(0, a) and b.shape == tensor.shape:
        return b
    if b.operation is not None and b.operation.name == "negative" and b.inputs[0].shape == b.shape:
        return OPERATIONS["subtract"](a, b.inputs[0])
    return _joined(tensor.shape, inputs)


def _joined(shape: Shape, parts: tuple[Tensor, ...]) -> Tensor | None:
    """Put parts together that were laid into zeros side by side and added: the gradient of a split."""
    laid: list[Tensor] = []
    waiting = list(parts)
    while waiting:
        part = waiting.pop()
        name = None if part.operation is None or part.shape != shape else part.operation.name
        if name == "add":
            waiting.extend(part.inputs)
        elif name == "place" and part.attributes["value"] == 0 and set(part.attributes["steps"]) == {1}:
            laid.append(part)
        else:
            return None
    axes = {axis for part in laid for axis, length in enumerate(part.inputs[0].shape) if length != shape[axis]}
    if len(axes) != 1:
        return None
    (axis,) = axes
    laid.sort(key=lambda part: part.attributes["starts"][axis])
    end = 0
    for part in laid:
        if part.attributes["starts"][axis] != end:
            return None
        end += known(part.inputs[0].shape)[axis]
    return OPERATIONS["concatenate"](*(part.inputs[0] for part in laid), axis=axis) if end == shape[axis] else None


@_rule("subtract")
def _subtract(tensor: Tensor, inputs: tuple[Tensor, ...]) -> Tensor | None:
    a, b = inputs
    return a if _all(0, b) and a.shape == tensor.shape else _subtract_rows(a, b)


def _subtract_rows(table: Tensor, step: Tensor) -> Tensor | None:
    """Leave rows alone that no index names: a variable minus the scaled gradient of a lookup in it.

    The same numbers come out, as a row that got no gradient has 0 times the rate taken off.
    """
    if table.variable is None or step.operation is None or step.operation.name != "multiply" or step.shape != table.shape:
        return None
    slope, rate = step.inputs
    if rate.shape != ():
        slope, rate = rate, slope
    if rate.shape != () or slope.operation is None or slope.operation.name != "take_gradient" or slope.attributes["axis"] != 0:
        return None
    updates, index = slope.inputs
    if table.dtype not in ("float32", "float64") or any(item.dtype != table.dtype for item in (updates, rate)):
        return None
    # With more indices than rows hardly a row is left alone.
    if slope.shape != table.shape or prod(known(index.shape)) > known(table.shape)[0]:
        return None
    return OPERATIONS["subtract_rows"](table, updates, index, rate)


@_rule("negative")
def _negative(tensor: Tensor, inputs: tuple[Tensor, ...]) -> Tensor | None:
    (a,) = inputs
    return a.inputs[0] if a.operation is not None and a.operation.name == "negative" else None


@_rule("power")
def _power(tensor: Tensor, inputs: tuple[Tensor, ...]) -> Tensor | None:
    a, b = inputs
    if a.shape != tensor.shape:
        return None
    exponent = scalar(b)
    if exponent == 1:
        return a
    if exponent == 2:
        return OPERATIONS["square"](a)
    if exponent == 3:
        return OPERATIONS["multiply"](OPERATIONS["square"](a), a)
    if exponent == 0.5 and dtypes.is_float(a.dtype):
        return OPERATIONS["sqrt"](a)
    return None


@_rule("cast")
def _cast(tensor: Tensor, inputs: tuple[Tensor, ...]) -> Tensor | None:
    return inputs[0] if inputs[0].dtype == tensor.dtype else None


@_rule("reshape")
def _reshape(tensor: Tensor, inputs: tuple[Tensor, ...]) -> Tensor | None:
    (a,) = inputs
    while a.operation is not None and a.operation.name == "reshape":
        a = a.inputs[0]
    if a.shape == tensor.shape:
        return a
    return None if a is inputs[0] else OPERATIONS["reshape"](a, shape=tensor.shape)


@_rule("slice")
def _slice(tensor: Tensor, inputs: tuple[Tensor, ...]) -> Tensor | None:
    (a,) = inputs
    if a.operation is None or a.operation.name != "place":
        return None
    (laid,) = a.inputs
    if laid.shape == tensor.shape and all(a.attributes[name] == tensor.attributes[name] for name in ("starts", "steps")):
        # What was laid into a larger tensor is taken out again.
        return laid
    if any(step != 1 for node in (a, tensor) for step in node.attributes["steps"]):
        return None
    starts = tuple(inner - outer for inner, outer in zip(a.attributes["starts"], tensor.attributes["starts"], strict=True))
    sizes = zip(starts, known(laid.shape), known(tensor.shape), strict=True)
    if any(start < 0 or start + size > room for start, size, room in sizes):
        return None
    # All of it lies in the slice: it is laid into a smaller tensor.
    return OPERATIONS["place"](laid, **{**a.attributes, "shape": tensor.shape, "starts": starts})


@_rule("lstm_sequence_gradient", "gru_sequence_gradient", "simple_sequence_gradient")
def _sequence_gradient(tensor: Tensor, inputs: tuple[Tensor, ...]) -> Tensor | None:
    given = given_states(inputs)
    assert tensor.operation is not None
    return None if given is None else tensor.operation(given, *inputs[1:], **tensor.attributes)


@_rule("transpose")
def _transpose(tensor: Tensor, inputs: tuple[Tensor, ...]) -> Tensor | None:
    (a,) = inputs
    axes = tensor.attributes["axes"]
    if a.operation is not None and a.operation.name == "transpose":
        inner = a.attributes["axes"]
        return FUNCTIONS["transpose"](a.inputs[0], tuple(inner[axis] for axis in axes))
    return None


@_rule("broadcast_to")
def _broadcast(tensor: Tensor, inputs: tuple[Tensor, ...]) -> Tensor | None:
    (a,) = inputs
    if a.shape == tensor.shape:
        return a
    if a.operation is not None and a.operation.name == "broadcast_to":
        return OPERATIONS["broadcast_to"](a.inputs[0], shape=tensor.shape)
    return None


@_rule("stop_gradient", "gradient_of", "own_gradient", "sloped")
def _stop_gradient(tensor: Tensor, inputs: tuple[Tensor, ...]) -> Tensor | None:
    # Gradients are taken by now.
    return inputs[0]


@_rule("sum")
def _sum(tensor: Tensor, inputs: tuple[Tensor, ...]) -> Tensor | None:
    (a,) = inputs
    axes = tensor.attributes["axis"]
    if all(a.shape[axis] == 1 for axis in axes):
        return FUNCTIONS["reshape"](a, tensor.shape)
    if a.operation is not None and a.operation.name == "broadcast_to" and dtypes.is_float(a.dtype):
        source = a.inputs[0]
        extra = a.ndim - source.ndim
        if all(axis < extra or source.shape[axis - extra] == 1 for axis in axes):
            count = float(np.prod([a.shape[axis] for axis in axes], dtype=np.float64))
            kept = tuple(
                1 if axis in axes else (1 if axis < extra else source.shape[axis - extra]) for axis in range(a.ndim)
            )
            value = FUNCTIONS["reshape"](source, kept) * constant(count, a.dtype)
            wide = tuple(1 if axis in axes else n for axis, n in enumerate(a.shape))
            return FUNCTIONS["reshape"](FUNCTIONS["broadcast_to"](value, wide), tensor.shape)
    return None


@_rule("matmul")
def _matmul(tensor: Tensor, inputs: tuple[Tensor, ...]) -> Tensor | None:
    a, b = inputs
    left, right = tensor.attributes["transpose_a"], tensor.attributes["transpose_b"]
    flat_a, turned_a = _turned(a)
    flat_b, turned_b = _turned(b)
    if not (turned_a or turned_b):
        return None
    return OPERATIONS["matmul"](flat_a, flat_b, transpose_a=left != turned_a, transpose_b=right != turned_b)


def _turned(x: Tensor) -> tuple[Tensor, bool]:
    """Look through a transpose of the last two axes."""
    if x.operation is not None and x.operation.name == "transpose":
        axes = x.attributes["axes"]
        rank = len(axes)
        if axes == (*range(rank - 2), rank - 1, rank - 2):
            return x.inputs[0], True
    return x, False
