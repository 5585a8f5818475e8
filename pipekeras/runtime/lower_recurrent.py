"""Lowering of recurrent layers over whole sequences: the loop over time is one launch, forward and backward.

The flat results of these operations hold one part after the other; the kernels write each part where it lies.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from pipekeras.core import dtypes
from pipekeras.graph.tensor import Tensor, known
from pipekeras.graph.view import View
from pipekeras.passes.fuse import Group
from pipekeras.runtime.dense import aligned
from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernels.elementwise import Operand, Step, elementwise_kernel
from pipekeras.runtime.kernels.gru import gru_backward_commands, gru_forward_commands
from pipekeras.runtime.kernels.lstm import lstm_backward_commands, lstm_forward_commands
from pipekeras.runtime.kernels.matmul import tile_shape
from pipekeras.runtime.kernels.plain_recurrent import simple_backward_commands, simple_forward_commands
from pipekeras.runtime.kernels.recurrent import Gradients, Part, Sequences, at, first_part
from pipekeras.runtime.kernels.recurrent_mask import Mask
from pipekeras.runtime.kernels.recurrent_parts import RowParts
from pipekeras.runtime.kernels.recurrent_sums import weight_sums
from pipekeras.runtime.target import host_target
from pipekeras.runtime.threads import thread_count

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


class _Operands:
    """The operands of a layer or of its gradient: where each lies, and which of them a dense copy is made of first.

    Args:
        lowering: what is lowered.
        node: the layer or its gradient.
    """

    def __init__(self, lowering: Lowering, node: Tensor) -> None:
        self.kind, self.is_gradient = _kind(node)
        self.lowering, self.tensors = lowering, node.inputs
        self.first = 2 if self.is_gradient else 0
        self.count = _OPERANDS[self.kind] + self.first

    @property
    def x(self) -> Tensor:
        """The layer's input."""
        return self.tensors[self.first]

    def x_strides(self) -> tuple[int, int] | None:
        """Elements from row to row of the batch and from time to time where the input is read as it lies."""
        _, view = self.lowering.view(self.x)
        if view.is_contiguous or (view.shape[-1] > 1 and view.strides[-1] != 1):
            return None
        # Before the loop rows are taken batch by batch: a few steps would not fill their tiles.
        height, _ = tile_shape(view.shape[1], view.shape[2], self.x.dtype, host_target())
        if not self.is_gradient and view.shape[1] % height and view.shape[1] < 4 * height:
            return None
        return view.strides[0], view.strides[1]

    def copied(self) -> list[int]:
        """Places of the operands that are copied."""
        found = []
        for place, item in enumerate(self.tensors):
            # Where the sequence begins is copied into the states anyway, and a gradient has no use for it.
            begins = self.first + (3 if self.is_gradient else 4) <= place < self.count
            strided = place == self.first and self.x_strides() is not None
            if not begins and not strided and not self.lowering.view(item)[1].is_contiguous:
                found.append(place)
        return found

    def bytes(self) -> int:
        """Scratch memory for the copies."""
        return sum(_tensor_bytes(self.tensors[place]) for place in self.copied())

    def place(self, scratch: int) -> tuple[list[Command], list[int], int]:
        """Return commands that copy, where the operands lie then, and the scratch memory that is left."""
        from pipekeras.runtime.lower import copy_command

        commands, copied = [], self.copied()
        addresses = [self.lowering.placed(item)[0] for item in self.tensors]
        for place in copied:
            item = self.tensors[place]
            shape = known(item.shape)
            source = self.lowering.placed(item)
            commands.append(copy_command(item.dtype, shape, source, (scratch, View.contiguous(shape).strides)))
            addresses[place] = scratch
            scratch += _tensor_bytes(item)
        return commands, addresses, scratch


def _tensor_bytes(tensor: Tensor) -> int:
    return aligned(prod(known(tensor.shape)) * dtypes.STORAGE[tensor.dtype].itemsize)


def _sequences(operands: _Operands, node: Tensor) -> Sequences | None:
    """Return the sizes of a layer; None where no kernel takes it."""
    inputs, count = node.inputs, operands.count
    if node.dtype not in _FLOATS or any(item.dtype != node.dtype for item in inputs[:count]):
        return None
    if any(item.dtype != "bool" for item in inputs[count:]):
        return None
    batch, time, features = known(operands.x.shape)
    units = known(inputs[operands.first + 2].shape)[0]
    if 0 in (batch, time, features, units):
        return None
    return Sequences(batch, time, features, units, node.dtype, node.attributes["backwards"], operands.x_strides())


def _sums_bytes(s: Sequences, gates: int) -> int:
    """Bytes of the gradients of all gates' sums."""
    return aligned(s.batch * s.time * gates * s.units * dtypes.STORAGE[s.dtype].itemsize)


def _overwrites(lowering: Lowering, group: Group, operands: _Operands, s: Sequences) -> bool:
    """Whether the gradients of the gates' sums go where the gates lie: it is the last time that these are read."""
    gates = s.batch * s.time * _GATES[operands.kind] * s.units
    if operands.kind != "lstm" or 1 in operands.copied():
        return False
    return lowering.is_free_after(operands.tensors[1], group, gates)


def recurrent_bytes(lowering: Lowering, group: Group) -> int:
    """Return the scratch memory that a recurrent layer or its gradient needs."""
    (node,) = group.nodes
    operands = _Operands(lowering, node)
    s = _sequences(operands, node)
    if s is None:
        return 0
    kind, size, gates = operands.kind, operands.bytes(), _GATES[operands.kind]
    if operands.is_gradient:
        if not _overwrites(lowering, group, operands, s):
            size += (2 if kind == "gru" else 1) * _sums_bytes(s, gates)
        return size + aligned(RowParts(s, gates, _threads(lowering), len(node.inputs) > operands.count).scratch_bytes)
    if kind == "gru":
        return size + aligned(gates * s.units * dtypes.STORAGE[s.dtype].itemsize)
    return size + (_sums_bytes(s, gates) if kind == "simple" else 0)


def _threads(lowering: Lowering) -> int | None:
    """Return how many threads may run parts side by side; None in the turn of a loop, which knows no parts."""
    return thread_count() if lowering.targets is None else None


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
    operands = _Operands(lowering, node)
    s = _sequences(operands, node)
    if s is None:
        return None
    scratch = lowering.scratch(group) if recurrent_bytes(lowering, group) else 0
    commands, addresses, scratch = operands.place(scratch)
    mask = None
    if len(addresses) > operands.count:
        mask = Mask(addresses.pop())
    if operands.is_gradient:
        found = _Backward(lowering, node, operands.kind, s)
        return commands + found.commands(addresses, scratch, mask, _overwrites(lowering, group, operands, s))
    begins = [lowering.placed(item)[1] for item in node.inputs[4 : operands.count]]
    return commands + _forward(s, operands.kind, addresses, begins, lowering.address(node), scratch, mask)


def _forward(
    s: Sequences, kind: str, operands: list[int], begins: list[tuple[int, ...]], result: int, scratch: int, mask: Mask | None
) -> list[Command]:
    from pipekeras.runtime.lower import copy_command

    x, kernel, recurrent, bias, *firsts = operands
    *others, states = _saved(s, result, kind)
    row, u, item = (s.time + 1) * s.units, s.units, dtypes.STORAGE[s.dtype].itemsize
    commands: list[Command] = []
    parts: list[Part] = []
    for first, strides, target in zip(firsts, begins, (states, *others[1:]), strict=False):
        if strides[1] in (0, 1):
            parts.append(first_part(s, first, strides, target))
        else:
            commands.append(copy_command(s.dtype, (s.batch, u), (first, strides), (target, (row, 1))))
    if kind == "simple":
        return commands + simple_forward_commands(s, x, kernel, recurrent, bias, scratch, states, mask, parts)
    gates, between = others
    if kind == "lstm":
        return commands + lstm_forward_commands(s, x, kernel, recurrent, bias, gates, between, states, mask, parts)
    # Both biases of the gates z and r are added with the inputs; the candidate's second one goes through the reset gate.
    second, candidate = bias + 3 * u * item, 2 * u * item
    commands.append(_add(s.dtype, (1, 2 * u), (bias, 0), (second, 0), (scratch, 0)))
    commands.append(copy_command(s.dtype, (u,), (bias + candidate, (1,)), (scratch + candidate, (1,))))
    return commands + gru_forward_commands(
        s, x, kernel, recurrent, scratch, second + candidate, gates, between, states, mask, parts
    )


class _Backward:
    """The gradient of a layer; what nobody reads of it is not computed.

    Args:
        lowering: what is lowered.
        node: the gradient; its result is flat, part after part.
        kind: of layer.
        s: its sizes.
    """

    def __init__(self, lowering: Lowering, node: Tensor, kind: str, s: Sequences) -> None:
        self.node, self.kind, self.s = node, kind, s
        self.result, self.threads = lowering.address(node), _threads(lowering)
        schedule = lowering.schedule
        readers = [item for group in schedule.groups for user in group.nodes for item in user.inputs]
        readers += [*schedule.results, *(value for _, value in schedule.copies)]
        self.is_read_whole = any(item is node for item in readers)
        self.views = [view for base, view in schedule.source.values() if base is node]

    def _is_read(self, begin: int, end: int) -> bool:
        """Whether anybody reads elements of the flat result; a first layer has no use for the inputs' gradient."""
        if self.is_read_whole:
            return True
        for view in self.views:
            reach = [(length - 1) * stride for length, stride in zip(view.shape, view.strides, strict=True)]
            first = view.offset + sum(step for step in reach if step < 0)
            if view.size and first < end and view.offset + sum(step for step in reach if step > 0) >= begin:
                return True
        return False

    def _targets(self, *shapes: tuple[int, ...]) -> list[int | None]:
        """Return where the parts of the result go, None for what nobody reads."""
        found: list[int | None] = []
        begin = 0
        for shape, address in zip(shapes, _places(self.s, self.result, *shapes), strict=True):
            found.append(address if self._is_read(begin, begin + prod(shape)) else None)
            begin += prod(shape)
        return found

    def commands(self, operands: list[int], scratch: int, mask: Mask | None, overwrites: bool) -> list[Command]:
        """Return the commands that compute it; `overwrites` takes the gates' memory for the gradients of their sums."""
        s, kind = self.s, self.kind
        saved, kernel, recurrent = operands[1], operands[3], operands[4]
        u, wide = s.units, _GATES[kind] * s.units
        biases = ((wide,), (wide,)) if kind == "gru" else ((wide,),)
        begins = ((s.batch, u), (s.batch, u)) if kind == "lstm" else ((s.batch, u),)
        dx, dkernel, drecurrent, dbias, *rest = self._targets(
            (s.batch, s.time, s.features), (s.features, wide), (u, wide), *biases, *begins
        )
        gates = _saved(s, saved, kind)[0]
        found = Gradients(gates if overwrites else scratch, dkernel, drecurrent, dbias, dx)
        if not overwrites:
            scratch += _sums_bytes(s, _GATES[kind])
        if kind == "gru":
            found.recurrent_gates, found.recurrent_bias, scratch = scratch, rest.pop(0), scratch + _sums_bytes(s, 3)
        found.initial_state, found.initial_cell = (*rest, None)[:2]
        parts = RowParts(s, _GATES[kind], self.threads, mask is not None)
        turned, commands = parts.turned(scratch, recurrent, kernel if dx is not None else None)
        shapes = parts.shapes(parts.loops)
        for part in range(parts.loops):
            own, of_mask = parts.scratch(scratch, part)
            first = part * shapes.batch
            own_mask = None if mask is None else Mask(mask.valid + first * s.time, of_mask)
            results = found if parts.loops == 1 else parts.targets(found, scratch, part)
            of_rows = self._of_rows(shapes, first, operands, results, own, own_mask, turned, parts.loops == parts.count)
            for command in of_rows:
                command.part = part if parts.loops > 1 else None
            commands += of_rows
        if parts.loops < parts.count:
            shapes = parts.shapes(parts.count)
            for part in range(parts.count):
                first = part * shapes.batch
                x, states = at(operands[2], first * s.x_row, s.dtype), _saved(s, saved, kind)[-1]
                states = at(states, first * (s.time + 1) * u, s.dtype)
                sums = weight_sums(shapes, x, states, parts.targets(found, scratch, part), wide)
                for command in sums[:1] if part else []:
                    command.barrier = False
                commands += sums
        return commands + parts.added(found, scratch)

    def _of_rows(self, s: Sequences, first: int, operands: list[int], found: Gradients, scratch: int, mask: Mask | None,
                 turned: int | None, has_sums: bool) -> list[Command]:
        """Return the commands for some rows of the batch from `first` on; `s` has as many."""
        gradient, saved, x, kernel, recurrent, *_ = operands
        kind, u, row = self.kind, s.units, (s.time + 1) * s.units
        x = at(x, first * s.x_row, s.dtype)
        sizes = {"lstm": (s.time * 4 * u, row, row), "gru": (s.time * 3 * u, s.time * u, row), "simple": (row,)}[kind]
        *others, states = (
            at(place, first * size, s.dtype) for place, size in zip(_saved(self.s, saved, kind), sizes, strict=True)
        )
        # Of what a forward pass left, only cells and states are given gradients; they lie one after the other.
        shape = known(self.node.inputs[0].shape)
        given = shape[1] if len(shape) == 3 and shape[1] <= s.time else None
        whole = ((self.s.batch, s.time + 1, u),) * (2 if kind == "lstm" else 1)
        pitch = row if given is None else given * u
        *of_cells, of_states = (
            at(place, first * pitch, s.dtype) for place in (_places(s, gradient, *whole) if given is None else (gradient,))
        )
        later = at(of_states, u, s.dtype) if given is None else of_states
        if kind == "simple":
            commands = simple_backward_commands(
                s, x, kernel, recurrent, states, later, found, scratch, pitch, mask, given, turned, has_sums
            )
        elif kind == "lstm":
            gates, cells = others
            later_cells = at(of_cells[0], u, s.dtype) if of_cells else None
            commands = lstm_backward_commands(
                s, x, kernel, recurrent, gates, cells, states, later, found, scratch, later_cells, pitch, mask, given,
                turned, has_sums,
            )  # fmt: skip
        else:
            gates, past = others
            commands = gru_backward_commands(
                s, x, kernel, recurrent, gates, past, states, later, found, scratch, pitch, mask, given, turned, has_sums
            )
        # Initial states are part of what a forward pass leaves: what their place there was given comes on top.
        for target, place in ((found.initial_state, of_states), (found.initial_cell, *of_cells, 0)[:2]):
            if given is None and target is not None:
                commands.append(_add(s.dtype, (s.batch, u), (target, u), (place, row), (target, u)))
        return commands
