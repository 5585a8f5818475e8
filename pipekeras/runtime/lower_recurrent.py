"""Lowering of recurrent layers over whole sequences: the loop over time is one launch, forward and backward.

The flat results of these operations hold one part after the other; the kernels write each part where it lies.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from pipekeras.core import dtypes
from pipekeras.graph.tensor import Tensor, known
from pipekeras.passes.fuse import Group
from pipekeras.runtime.dense import aligned, copies_bytes, dense_operands
from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernels.elementwise import Operand, Step, elementwise_kernel
from pipekeras.runtime.kernels.recurrent import (
    Gradients,
    Sequences,
    gru_backward_commands,
    gru_forward_commands,
    lstm_backward_commands,
    lstm_forward_commands,
    recurrent_scratch,
    simple_backward_commands,
    simple_forward_commands,
)
from pipekeras.runtime.kernels.recurrent_mask import Mask, mask_scratch

if TYPE_CHECKING:
    from pipekeras.runtime.lower import Lowering

_FLOATS = ("float32", "float64")
_GATES = {"lstm": 4, "gru": 3, "simple": 1}
_OPERANDS = {"lstm": 6, "gru": 5, "simple": 5}
"""Number of operands of each layer; its gradient has two before them. A mask comes after them."""


def _kind(node: Tensor) -> tuple[str, bool]:
    """Return the kind of layer, and whether the operation is its gradient."""
    assert node.operation is not None
    kind, _, rest = node.operation.name.partition("_sequence")
    return kind, rest == "_gradient"


def _sequences(node: Tensor) -> Sequences | None:
    """Return the sizes of a layer; None where no kernel takes it."""
    kind, is_gradient = _kind(node)
    count = _OPERANDS[kind] + (2 if is_gradient else 0)
    if node.dtype not in _FLOATS or any(item.dtype != node.dtype for item in node.inputs[:count]):
        return None
    if any(item.dtype != "bool" for item in node.inputs[count:]):
        return None
    first = 2 if is_gradient else 0
    batch, time, features = known(node.inputs[first].shape)
    units = known(node.inputs[first + 2].shape)[0]
    if 0 in (batch, time, features, units):
        return None
    return Sequences(batch, time, features, units, node.dtype, node.attributes["backwards"])


def _sums_bytes(s: Sequences, gates: int) -> int:
    """Bytes of the gradients of all gates' sums."""
    return aligned(s.batch * s.time * gates * s.units * dtypes.STORAGE[s.dtype].itemsize)


def recurrent_bytes(lowering: Lowering, group: Group) -> int:
    """Return the scratch memory that a recurrent layer or its gradient needs."""
    (node,) = group.nodes
    s = _sequences(node)
    if s is None:
        return 0
    kind, is_gradient = _kind(node)
    size, gates = copies_bytes(lowering, node), _GATES[kind]
    if is_gradient:
        size += (2 if kind == "gru" else 1) * _sums_bytes(s, gates) + aligned(recurrent_scratch(s, gates))
        return size + (aligned(mask_scratch(s)) if len(node.inputs) > _OPERANDS[kind] + 2 else 0)
    if kind == "gru":
        return size + aligned(gates * s.units * dtypes.STORAGE[s.dtype].itemsize)
    return size + (_sums_bytes(s, gates) if kind == "simple" else 0)


def _places(s: Sequences, start: int, *shapes: tuple[int, ...]) -> list[int]:
    """Return where the parts of a flat tensor begin."""
    found = []
    for shape in shapes:
        found.append(start)
        start += prod(shape) * dtypes.STORAGE[s.dtype].itemsize
    return found


def _saved(s: Sequences, start: int, kind: str) -> list[int]:
    """Return where a forward pass leaves its parts: the states last, what else there is in front of them."""
    states = (s.batch, s.time + 1, s.units)
    shapes = {
        "lstm": ((s.batch, s.time, 4 * s.units), states, states),
        "gru": ((s.batch, s.time, 3 * s.units), (s.batch, s.time, s.units), states),
        "simple": (states,),
    }
    return _places(s, start, *shapes[kind])


def _add(dtype: str, shape: tuple[int, int], a: tuple[int, int], b: tuple[int, int], result: tuple[int, int]) -> Command:
    """Return the command result = a + b; each is an address and the elements from row to row."""
    kernel = elementwise_kernel(
        [Operand(dtype), Operand(dtype)], [Step("add", (0, 1), dtype, lambda e, a, b: a + b)], [2], 1
    )
    return kernel.command(shape, [(a[0], (a[1], 1)), (b[0], (b[1], 1))], [(result[0], (result[1], 1))])


def lower_recurrent(lowering: Lowering, group: Group) -> list[Any] | None:
    """Return the commands of a recurrent layer over sequences or of its gradient."""
    (node,) = group.nodes
    s = _sequences(node)
    if s is None:
        return None
    scratch = lowering.scratch(group) if recurrent_bytes(lowering, group) else 0
    commands, operands, scratch = dense_operands(lowering, node, scratch)
    kind, is_gradient = _kind(node)
    count = _OPERANDS[kind] + (2 if is_gradient else 0)
    mask = None
    if len(operands) > count:
        mask = Mask(operands.pop(), scratch)
        scratch += aligned(mask_scratch(s)) if is_gradient else 0
    result = lowering.address(node)
    if not is_gradient:
        return commands + _forward(s, kind, operands, result, scratch, mask)
    with_inputs = _reads_first(lowering, node, prod(known(node.inputs[2].shape)))
    return commands + _backward(s, kind, operands, result, scratch, mask, with_inputs)


def _reads_first(lowering: Lowering, node: Tensor, size: int) -> bool:
    """Whether anybody reads the first elements of a flat result: the inputs' gradient, which a first layer has no use for."""
    readers = [item for group in lowering.schedule.groups for user in group.nodes for item in user.inputs]
    if any(item is node for item in [*readers, *lowering.schedule.results]):
        return True
    return any(base is node and view.offset < size for base, view in lowering.schedule.source.values())


def _forward(s: Sequences, kind: str, operands: list[int], result: int, scratch: int, mask: Mask | None) -> list[Command]:
    from pipekeras.runtime.lower import copy_command

    x, kernel, recurrent, bias, state, *cell = operands
    *others, states = _saved(s, result, kind)
    row, u, item = (s.time + 1) * s.units, s.units, dtypes.STORAGE[s.dtype].itemsize
    commands = [copy_command(s.dtype, (s.batch, u), (state, (u, 1)), (states, (row, 1)))]
    if kind == "simple":
        return commands + simple_forward_commands(s, x, kernel, recurrent, bias, scratch, states, mask)
    gates, between = others
    if kind == "lstm":
        commands.append(copy_command(s.dtype, (s.batch, u), (cell[0], (u, 1)), (between, (row, 1))))
        return commands + lstm_forward_commands(s, x, kernel, recurrent, bias, gates, between, states, mask)
    # Both biases of the gates z and r are added with the inputs; the candidate's second one goes through the reset gate.
    second, candidate = bias + 3 * u * item, 2 * u * item
    commands.append(_add(s.dtype, (1, 2 * u), (bias, 0), (second, 0), (scratch, 0)))
    commands.append(copy_command(s.dtype, (u,), (bias + candidate, (1,)), (scratch + candidate, (1,))))
    return commands + gru_forward_commands(
        s, x, kernel, recurrent, scratch, second + candidate, gates, between, states, mask
    )


def _backward(
    s: Sequences, kind: str, operands: list[int], result: int, scratch: int, mask: Mask | None, with_inputs: bool
) -> list[Command]:
    gradient, saved, x, kernel, recurrent, *_ = operands
    *others, states = _saved(s, saved, kind)
    # Of what a forward pass left, only cells and states are given gradients; they lie one after the other.
    states_shape = (s.batch, s.time + 1, s.units)
    of_cells, of_states = _places(s, gradient, states_shape, states_shape) if kind == "lstm" else (0, gradient)
    u, wide, item = s.units, _GATES[kind] * s.units, dtypes.STORAGE[s.dtype].itemsize
    row, first = (s.time + 1) * u, u * item
    biases = 2 * wide if kind == "gru" else wide
    shapes = (s.batch, s.time, s.features), (s.features, wide), (u, wide), (biases,), (s.batch, u), (s.batch, u)
    dx, dkernel, drecurrent, dbias, dstate, dcell = _places(s, result, *shapes)
    found = Gradients(scratch, dkernel, drecurrent, dbias, dx if with_inputs else None, dstate)
    scratch += _sums_bytes(s, _GATES[kind])
    later = of_states + first
    if kind == "simple":
        commands = simple_backward_commands(s, x, kernel, recurrent, states, later, found, scratch, row, mask)
    elif kind == "lstm":
        gates, cells = others
        found.initial_cell = dcell
        commands = lstm_backward_commands(
            s, x, kernel, recurrent, gates, cells, states, later, found, scratch, of_cells + first, row, mask
        )
        # Initial states are part of what a forward pass leaves: what their place there was given comes on top.
        commands.append(_add(s.dtype, (s.batch, u), (dcell, u), (of_cells, row), (dcell, u)))
    else:
        gates, past = others
        found.recurrent_gates, found.recurrent_bias = scratch, dbias + wide * item
        scratch += _sums_bytes(s, _GATES[kind])
        commands = gru_backward_commands(s, x, kernel, recurrent, gates, past, states, later, found, scratch, row, mask)
    commands.append(_add(s.dtype, (s.batch, u), (dstate, u), (of_states, row), (dstate, u)))
    return commands
