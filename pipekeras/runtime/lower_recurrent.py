"""Lowering of recurrent layers over whole sequences: the loop over time is one launch, forward and backward.

The flat results of these operations hold one part after the other; the kernels write each part where it lies. A mask keeps the
NumPy reference.
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
)

if TYPE_CHECKING:
    from pipekeras.runtime.lower import Lowering

_FLOATS = ("float32", "float64")
_OPERANDS = {"lstm_sequence": 6, "gru_sequence": 5, "lstm_sequence_gradient": 5, "gru_sequence_gradient": 5}
"""Number of operands of each operation without a mask."""


def _sequences(node: Tensor) -> Sequences | None:
    """Return the sizes of a layer; None where no kernel takes it."""
    assert node.operation is not None
    name = node.operation.name
    count = _OPERANDS.get(name)
    if count is None or len(node.inputs) != count:
        return None
    if node.dtype not in _FLOATS or any(item.dtype != node.dtype for item in node.inputs):
        return None
    first = 2 if name.endswith("gradient") else 0
    batch, time, features = known(node.inputs[first].shape)
    units = known(node.inputs[first + 2].shape)[0]
    if 0 in (batch, time, features, units):
        return None
    return Sequences(batch, time, features, units, node.dtype, node.attributes["backwards"])


def _gates(node: Tensor) -> int:
    assert node.operation is not None
    return 4 if node.operation.name.startswith("lstm") else 3


def _sums_bytes(s: Sequences, gates: int) -> int:
    """Bytes of the gradients of all gates' sums."""
    return aligned(s.batch * s.time * gates * s.units * dtypes.NUMPY[s.dtype].itemsize)


def recurrent_bytes(lowering: Lowering, group: Group) -> int:
    """Return the scratch memory that a recurrent layer or its gradient needs."""
    (node,) = group.nodes
    s = _sequences(node)
    if s is None:
        return 0
    assert node.operation is not None
    size, gates = copies_bytes(lowering, node), _gates(node)
    if node.operation.name.endswith("gradient"):
        return size + (1 if gates == 4 else 2) * _sums_bytes(s, gates) + aligned(recurrent_scratch(s, gates))
    return size + (0 if gates == 4 else aligned(gates * s.units * dtypes.NUMPY[s.dtype].itemsize))


def _places(s: Sequences, start: int, *shapes: tuple[int, ...]) -> list[int]:
    """Return where the parts of a flat tensor begin."""
    found = []
    for shape in shapes:
        found.append(start)
        start += prod(shape) * dtypes.NUMPY[s.dtype].itemsize
    return found


def _saved(s: Sequences, start: int, gates: int) -> list[int]:
    """Return where a forward pass leaves gates, cells (or what the past adds to the candidate), and states."""
    between = s.time + 1 if gates == 4 else s.time
    shapes = (s.batch, s.time, gates * s.units), (s.batch, between, s.units), (s.batch, s.time + 1, s.units)
    return _places(s, start, *shapes)


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
    assert node.operation is not None
    scratch = lowering.scratch(group) if recurrent_bytes(lowering, group) else 0
    commands, operands, scratch = dense_operands(lowering, node, scratch)
    result = lowering.address(node)
    if node.operation.name.endswith("gradient"):
        return commands + _backward(s, _gates(node), operands, result, scratch)
    return commands + _forward(s, _gates(node), operands, result, scratch)


def _forward(s: Sequences, gates: int, operands: list[int], result: int, scratch: int) -> list[Command]:
    from pipekeras.runtime.lower import copy_command

    x, kernel, recurrent, bias, state, *cell = operands
    activated, between, states = _saved(s, result, gates)
    row, u, item = (s.time + 1) * s.units, s.units, dtypes.NUMPY[s.dtype].itemsize
    commands = [copy_command(s.dtype, (s.batch, u), (state, (u, 1)), (states, (row, 1)))]
    if gates == 4:
        commands.append(copy_command(s.dtype, (s.batch, u), (cell[0], (u, 1)), (between, (row, 1))))
        return commands + lstm_forward_commands(s, x, kernel, recurrent, bias, activated, between, states)
    # Both biases of the gates z and r are added with the inputs; the candidate's second one goes through the reset gate.
    second, candidate = bias + 3 * u * item, 2 * u * item
    commands.append(_add(s.dtype, (1, 2 * u), (bias, 0), (second, 0), (scratch, 0)))
    commands.append(copy_command(s.dtype, (u,), (bias + candidate, (1,)), (scratch + candidate, (1,))))
    return commands + gru_forward_commands(
        s, x, kernel, recurrent, scratch, second + candidate, activated, between, states
    )


def _backward(s: Sequences, gates: int, operands: list[int], result: int, scratch: int) -> list[Command]:
    gradient, saved, x, kernel, recurrent = operands
    activated, between, states = _saved(s, saved, gates)
    _, of_between, of_states = _saved(s, gradient, gates)
    u, wide, item = s.units, gates * s.units, dtypes.NUMPY[s.dtype].itemsize
    row, first = (s.time + 1) * u, u * item
    shapes = (s.batch, s.time, s.features), (s.features, wide), (u, wide), (wide if gates == 4 else 2 * wide,), (s.batch, u)
    dx, dkernel, drecurrent, dbias, dstate, dcell = _places(s, result, *shapes, (s.batch, u))
    sums = scratch
    scratch += _sums_bytes(s, gates)
    found = Gradients(sums, dkernel, drecurrent, dbias, dx, dstate)
    if gates == 4:
        found.initial_cell = dcell
        commands = lstm_backward_commands(
            s, x, kernel, recurrent, activated, between, states, of_states + first, found, scratch, of_between + first, row
        )
        # The initial state and cell are part of what the forward pass left; they may have been used there too.
        commands.append(_add(s.dtype, (s.batch, u), (dcell, u), (of_between, row), (dcell, u)))
    else:
        found.recurrent_gates, found.recurrent_bias = scratch, dbias + wide * item
        scratch += _sums_bytes(s, gates)
        commands = gru_backward_commands(
            s, x, kernel, recurrent, activated, between, states, of_states + first, found, scratch, row
        )
    commands.append(_add(s.dtype, (s.batch, u), (dstate, u), (of_states, row), (dstate, u)))
    return commands
