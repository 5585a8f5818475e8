"""Recurrent layers over whole sequences: long short-term memory and gated recurrent units, forward and backward.

What does not depend on the past is taken out of the loop over time: the product of all inputs with their weights before it, the
gradients of inputs and weights after it. The loop itself is one launch (`sequence.py`) without a barrier, block of rows by
block of rows. Buffers are batch first: states have shape (batch, time + 1, units) with the initial state in front, gates
(batch, time, gates * units) in Keras' order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipekeras.core.errors import InternalError
from pipekeras.runtime.executor import Buffer, Command, array_address
from pipekeras.runtime.kernels.elementwise import ITEMSIZES, Operand, Step, elementwise_kernel
from pipekeras.runtime.kernels.geometry import keep
from pipekeras.runtime.kernels.matmul import Epilogue, Matrix, Product, product_lanes
from pipekeras.runtime.kernels.packing import pack_transposed_commands, packed_size
from pipekeras.runtime.kernels.recurrent_mask import Mask
from pipekeras.runtime.kernels.reduction import Reduce, reduction_kernel
from pipekeras.runtime.kernels.sequence import sequence_command
from pipekeras.runtime.target import host_target

Part = tuple[Command, int]


@dataclass(frozen=True)
class Sequences:
    """Shapes of a recurrent layer.

    Args:
        batch, time, features, units: sizes.
        dtype: element type of everything.
        backwards: go through time from its end; states then lie in the order in which they are made.
    """

    batch: int
    time: int
    features: int
    units: int
    dtype: str
    backwards: bool = False

    @property
    def height(self) -> int:
        """Rows of a block."""
        tallest = 8 if host_target().vector_bits == 512 else 6
        return next(rows for rows in (tallest, 4, 2, 1) if rows <= self.batch)

    @property
    def tile(self) -> tuple[int, int]:
        """Rows and vectors of a tile in the loop over time."""
        wide = host_target().vector_bits == 512
        return self.height, {8: 3, 6: 2, 4: 4 if wide else 2, 2: 4 if wide else 2, 1: 4 if wide else 2}[self.height]

    @property
    def blocks(self) -> int:
        """Blocks of rows in a batch."""
        return -(-self.batch // self.height)

    @property
    def width(self) -> int:
        """Columns of a tile."""
        return self.tile[1] * product_lanes(self.dtype, host_target())


def _at(buffer: Any, elements: int, dtype: str) -> int:
    base = buffer if isinstance(buffer, int) else array_address(buffer)
    return base + elements * ITEMSIZES[dtype]


def _inputs_command(s: Sequences, x: Any, kernel: Any, bias: Any, gates: Any, columns: int) -> Command:
    """gates[b, t] = x[b, t] @ kernel + bias for all times at once."""
    epilogue = Epilogue()
    extra: list[Matrix] = []
    if bias is not None:
        epilogue = Epilogue((Operand(s.dtype),), (Step("add", (0, 1), s.dtype, _add),), 2)
        extra = [(bias, (0, 1))]
    rows = s.batch * s.time
    if not s.backwards:
        return Product(rows, columns, s.features, x, s.features, 1, kernel, columns, gates, columns, s.dtype,
                       epilogue=epilogue, extra=extra).command()
    # Times are turned as the gates are written: states then lie in the order in which they are made.
    last = _at(x, (s.time - 1) * s.features, s.dtype)
    extra = [(buffer, (0, *strides)) for buffer, strides in extra]
    command = Product(s.time, columns, s.features, last, -s.features, 1, kernel, columns, gates, columns, s.dtype,
                      batch=[s.batch], a_batch=[s.time * s.features], c_batch=[s.time * columns], epilogue=epilogue,
                      extra=extra).command()
    return keep([command], x)[0]


def _add(e: Any, a: Any, b: Any) -> Any:
    return a + b


def _recurrent_product(s: Sequences, a: int, a_row: int, depth: int, b: Any, b_row: int, b_panel: int | None, c: int,
                       c_row: int, columns: int, adds: bool) -> Part:
    """A block's product inside of the loop; panels are counted fastest, so a block's units are neighbours."""
    product = Product(s.batch, columns, depth, a, a_row, 1, b, b_row, c, c_row, s.dtype, b_panel=b_panel, adds=adds,
                      tile=s.tile, order=0)
    return product.command(), -(-columns // s.width)


def _rows(s: Sequences, inputs: Sequence[tuple[int, int]], steps: Sequence[Step], outputs: Sequence[tuple[int, int, int]],
          broadcast: Sequence[int] = ()) -> Part:
    """An element-wise step of (batch, units): inputs are (address, row stride), outputs (value, address, row stride)."""
    operands = [Operand(s.dtype, "broadcast" if place in broadcast else "contiguous") for place in range(len(inputs))]
    kernel = elementwise_kernel(operands, steps, [value for value, _, _ in outputs], outer=1)
    sources: list[Buffer] = [(address, (row, 0 if place in broadcast else 1)) for place, (address, row) in enumerate(inputs)]
    command = kernel.command((s.batch, s.units), sources, [(address, (row, 1)) for _, address, row in outputs])
    return command, s.height * (command.extent // s.batch)


# Long short-term memory ----------------------------------------------------------------------------------------------


def _lstm_cell(dtype: str) -> list[Step]:
    """Values 0-3 the gates' sums i, f, c, o, 4 the old cell; results 5-8 the gates, 11 the cell, 13 the state."""
    return [
        Step("sigmoid", (0,), dtype, lambda e, z: e.sigmoid(z)),
        Step("sigmoid", (1,), dtype, lambda e, z: e.sigmoid(z)),
        Step("tanh", (2,), dtype, lambda e, z: e.tanh(z)),
        Step("sigmoid", (3,), dtype, lambda e, z: e.sigmoid(z)),
        Step("forgotten", (6, 4), dtype, lambda e, f, c: f * c),
        Step("added", (5, 7), dtype, lambda e, i, g: i * g),
        Step("cell", (9, 10), dtype, _add),
        Step("squashed", (11,), dtype, lambda e, c: e.tanh(c)),
        Step("state", (8, 12), dtype, lambda e, o, c: o * c),
    ]


def lstm_forward_commands(s: Sequences, x: Any, kernel: Any, recurrent: Any, bias: Any, gates: Any, cells: Any,
                          states: Any, mask: Mask | None = None) -> list[Command]:
    """An LSTM layer over sequences.

    Args:
        s: shapes.
        x: (batch, time, features).
        kernel, recurrent, bias: (features, 4 units), (units, 4 units), (4 units) or None.
        gates: (batch, time, 4 units), takes the activated gates.
        cells, states: (batch, time + 1, units), with the initial ones at time 0.
        mask: steps at which rows stand still, or None.
    """
    u, four = s.units, 4 * s.units
    parts: list[Part] = []
    for time in range(s.time):
        z = _at(gates, time * four, s.dtype)
        z_row, row = s.time * four, (s.time + 1) * u
        parts.append(_recurrent_product(s, _at(states, time * u, s.dtype), row, u, recurrent, four, None, z, z_row, four, True))
        sums = [(_at(z, gate * u, s.dtype), z_row) for gate in range(4)]
        outputs = [(5 + gate, address, stride) for gate, (address, stride) in enumerate(sums)]
        outputs += [(11, _at(cells, (time + 1) * u, s.dtype), row), (13, _at(states, (time + 1) * u, s.dtype), row)]
        parts.append(_rows(s, [*sums, (_at(cells, time * u, s.dtype), row)], _lstm_cell(s.dtype), outputs))
        parts += _kept(s, mask, time, cells, states)
    loop = sequence_command(parts, s.blocks)
    keep([loop], gates, cells, states, recurrent)
    return [_inputs_command(s, x, kernel, bias, gates, four), loop]


def _kept(s: Sequences, mask: Mask | None, time: int, *buffers: Any) -> list[Part]:
    """Where rows stand still, states (batch, time + 1, units) stay what they were."""
    if mask is None:
        return []
    places = [[_at(buffer, (time + later) * s.units, s.dtype) for later in (0, 1)] for buffer in buffers]
    return [mask.keep(s, time, old, new, (s.time + 1) * s.units) for old, new in places]


def _lstm_gradient(dtype: str) -> list[Step]:
    """Values 0-3 the gates, 4 the cell, 5 the old cell, 6 and 7 gradients of the state, 8 of the cell.

    Results: 16 the old cell's gradient, 17-20 those of the gates' sums (i, f, c, o).
    """
    return [
        Step("add", (6, 7), dtype, _add),  # 9 gradient of the state
        Step("tanh", (4,), dtype, lambda e, c: e.tanh(c)),  # 10
        Step("through", (9, 0, 10, 8, 3), dtype, lambda e, dh, i, c, dc, o: e.fma(dh * o, 1.0 - c * c, dc)),  # 11 of the cell
        Step("output", (9, 10), dtype, lambda e, dh, c: dh * c),  # 12
        Step("input", (11, 2), dtype, lambda e, dc, g: dc * g),  # 13
        Step("forget", (11, 5), dtype, lambda e, dc, c: dc * c),  # 14
        Step("candidate", (11, 0), dtype, lambda e, dc, i: dc * i),  # 15
        Step("past", (11, 1), dtype, lambda e, dc, f: dc * f),  # 16
        Step("slope", (13, 0), dtype, _sigmoid_slope),  # 17
        Step("slope", (14, 1), dtype, _sigmoid_slope),  # 18
        Step("bend", (15, 2), dtype, _tanh_slope),  # 19
        Step("slope", (12, 3), dtype, _sigmoid_slope),  # 20
    ]


def _sigmoid_slope(e: Any, gradient: Any, y: Any) -> Any:
    return gradient * (y * (1.0 - y))


def _tanh_slope(e: Any, gradient: Any, y: Any) -> Any:
    return gradient * (1.0 - y * y)


def recurrent_scratch(s: Sequences, gates: int) -> int:
    """Bytes of scratch that a backward pass needs: turned weights, and gradients carried from time to time."""
    turned = packed_size(s.units, gates * s.units, s.width) + packed_size(s.features, gates * s.units, s.width)
    return (turned + 3 * s.batch * s.units) * ITEMSIZES[s.dtype] + 256


def lstm_backward_commands(s: Sequences, x: Any, kernel: Any, recurrent: Any, gates: Any, cells: Any, states: Any,
                           state_gradients: Any, results: Gradients, scratch: Any, cell_gradients: Any = None,
                           pitch: int | None = None, mask: Mask | None = None) -> list[Command]:
    """Gradients of an LSTM layer.

    Args:
        x, kernel, recurrent: as in the forward pass.
        gates, cells, states: what it left.
        state_gradients: (batch, time, units), gradients for the states at times 1 and later.
        results: where the gradients go.
        scratch: `recurrent_scratch(s, 4)` bytes.
        cell_gradients: like state_gradients, for the cells; None when only the states were used.
        pitch: elements from row to row of the batch in state_gradients and cell_gradients, default time * units.
        mask: as in the forward pass.
    """
    pitch = s.time * s.units if pitch is None else pitch
    u, four = s.units, 4 * s.units
    space = _Scratch(s, scratch, four)
    commands = space.turn(recurrent, kernel if results.x is not None else None)
    parts: list[Part] = []
    row, z_row = (s.time + 1) * u, s.time * four
    commands += space.clear(mask)
    for time in reversed(range(s.time)):
        place = time * four
        above = (_at(state_gradients, time * u, s.dtype), pitch)
        if mask is not None:
            of_cell = (mask.zeros, 0) if cell_gradients is None else (_at(cell_gradients, time * u, s.dtype), pitch)
            parts += [mask.set_aside(s, time, 0, space.state, above), mask.set_aside(s, time, 1, space.cell, of_cell)]
            above = (mask.zeros, 0)
        elif cell_gradients is not None:
            given = [(space.cell, u), (_at(cell_gradients, time * u, s.dtype), pitch)]
            parts.append(_rows(s, given, [Step("add", (0, 1), s.dtype, _add)], [(2, space.cell, u)]))
        sums = [(_at(gates, place + gate * u, s.dtype), z_row) for gate in range(4)]
        inputs = [*sums, (_at(cells, (time + 1) * u, s.dtype), row), (_at(cells, time * u, s.dtype), row),
                  above, (space.state, u), (space.cell, u)]
        outputs = [(17 + gate, _at(results.gates, place + gate * u, s.dtype), z_row) for gate in range(4)]
        parts.append(_rows(s, inputs, _lstm_gradient(s.dtype), [*outputs, (16, space.cell, u)]))
        parts.append(_recurrent_product(s, _at(results.gates, place, s.dtype), z_row, four, space.turned_recurrent, s.width,
                                        four * s.width, space.state, u, u, False))
        if mask is not None:
            parts += [mask.add_again(s, 0, space.state), mask.add_again(s, 1, space.cell)]
    loop = sequence_command(parts, s.blocks)
    commands += keep([loop], gates, cells, state_gradients, cell_gradients, results.gates, scratch)
    commands += _after_loop(s, x, states, results, space, four)
    if results.initial_state is not None:
        commands.append(_copy_rows(s, space.state, results.initial_state))
    if results.initial_cell is not None:
        commands.append(_copy_rows(s, space.cell, results.initial_cell))
    return commands


@dataclass
class Gradients:
    """Where a backward pass writes; what may be None is then not computed.

    Args:
        gates: (batch, time, gates * units), gradients of the gates' sums; the pass works with it.
        kernel, recurrent, bias: like the weights.
        x: like the input.
        initial_state, initial_cell: (batch, units).
        recurrent_gates, recurrent_bias: of gated recurrent units: gradients of what the recurrent weights add to the gates'
            sums (like gates; needed), and of their own bias.
    """

    gates: Any
    kernel: Any
    recurrent: Any
    bias: Any = None
    x: Any = None
    initial_state: Any = None
    initial_cell: Any = None
    recurrent_gates: Any = None
    recurrent_bias: Any = None


class _Scratch:
    """Turned weights and carried gradients in the caller's scratch memory."""

    def __init__(self, s: Sequences, scratch: Any, columns: int) -> None:
        if scratch is None:
            raise InternalError("the gradient of a recurrent layer needs scratch")
        self.s, self.columns, self.buffer = s, columns, scratch
        self.turned_recurrent = -(-_at(scratch, 0, s.dtype) // 64) * 64
        self.turned_kernel = _at(self.turned_recurrent, packed_size(s.units, columns, s.width), s.dtype)
        self.state = _at(self.turned_kernel, packed_size(s.features, columns, s.width), s.dtype)
        self.cell = _at(self.state, s.batch * s.units, s.dtype)
        self.other = _at(self.cell, s.batch * s.units, s.dtype)

    def turn(self, recurrent: Any, kernel: Any) -> list[Command]:
        """Transpose the weights into panels."""
        s, target = self.s, host_target()
        commands = pack_transposed_commands((recurrent, (self.columns,)), (s.units, self.columns), s.width, (),
                                            self.turned_recurrent, s.dtype, target)
        if kernel is not None:
            commands += pack_transposed_commands((kernel, (self.columns,)), (s.features, self.columns), s.width, (),
                                                 self.turned_kernel, s.dtype, target)
        return commands

    def clear(self, mask: Mask | None) -> list[Command]:
        """No gradient comes from beyond the last time."""
        from pipekeras.runtime.kernels.movement import fill_command

        s = self.s
        filled = [fill_command((self.state, (1,)), (2 * s.batch * s.units,), s.dtype, 0)]
        return filled if mask is None else [*filled, mask.clear(s)]


def _copy_rows(s: Sequences, source: int, result: Any) -> Command:
    from pipekeras.runtime.kernels.movement import copy_command

    return copy_command((source, (1,)), (result, (1,)), (s.batch * s.units,), s.dtype)


def _after_loop(s: Sequences, x: Any, states: Any, results: Gradients, space: _Scratch, columns: int) -> list[Command]:
    """Gradients that are sums over time, and the inputs' gradient, each as one product."""
    u, gates, rows = s.units, results.gates, s.batch * s.time
    past = gates if results.recurrent_gates is None else results.recurrent_gates
    commands: list[Command] = []
    # Depth runs over time, then over the batch: x and states have their own strides.
    step = -s.features if s.backwards else s.features
    first = _at(x, (s.time - 1) * s.features if s.backwards else 0, s.dtype)
    commands.append(Product(s.features, columns, s.time, first, 1, step, gates, columns, results.kernel, columns, s.dtype,
                            taps=[s.batch], a_taps=[s.time * s.features], b_taps=[s.time * columns]).command())
    commands.append(Product(u, columns, s.time, states, 1, u, past, columns, results.recurrent, columns, s.dtype,
                            taps=[s.batch], a_taps=[(s.time + 1) * u], b_taps=[s.time * columns]).command())
    for bias, source in ((results.bias, gates), (results.recurrent_bias, past)):
        if bias is not None:
            total = reduction_kernel([Operand(s.dtype)], (), [Reduce("sum", 0, s.dtype)], 0, 1, "kept")
            commands.append(total.command((rows, columns), [(source, (columns, 1))], [(bias, (1,))]))
    if results.x is not None:
        target = _at(results.x, (s.time - 1) * s.features if s.backwards else 0, s.dtype)
        commands.append(Product(s.time, s.features, columns, gates, columns, 1, space.turned_kernel, s.width, target, step,
                                s.dtype, b_panel=columns * s.width, batch=[s.batch], a_batch=[s.time * columns],
                                c_batch=[s.time * s.features], tile=(_tall(s), s.tile[1])).command())
    return keep(commands, x, results.x, space.buffer)


def _tall(s: Sequences) -> int:
    """Rows of a tile for products over time; as wide as the panels that were laid out."""
    return next(rows for rows in (s.height, 4, 2, 1) if rows <= min(s.time, s.height))


# Gated recurrent units -----------------------------------------------------------------------------------------------


def _gru_cell(dtype: str) -> list[Step]:
    """Values 0-2 the gates' sums z, r, h, 3 what the past adds to h, 4 the bias of that, 5 the old state.

    Results: 6 and 7 the gates, 8 the past's part with its bias, 10 the candidate, 11 the state.
    """
    return [
        Step("sigmoid", (0,), dtype, lambda e, z: e.sigmoid(z)),
        Step("sigmoid", (1,), dtype, lambda e, z: e.sigmoid(z)),
        Step("add", (3, 4), dtype, _add),
        Step("reset", (2, 7, 8), dtype, lambda e, x, r, h: e.fma(r, h, x)),
        Step("tanh", (9,), dtype, lambda e, z: e.tanh(z)),
        Step("state", (6, 5, 10), dtype, lambda e, z, h, new: e.fma(z, h - new, new)),
    ]


def gru_forward_commands(s: Sequences, x: Any, kernel: Any, recurrent: Any, bias: Any, recurrent_bias: Any, gates: Any,
                         past: Any, states: Any, mask: Mask | None = None) -> list[Command]:
    """A layer of gated recurrent units over sequences; the reset gate acts after the recurrent product.

    Args:
        s: shapes.
        x: (batch, time, features).
        kernel, recurrent: (features, 3 units), (units, 3 units).
        bias: (3 units) or None: the input's bias, with that of the recurrent weights added for the gates z and r.
        recurrent_bias: (units), the recurrent weights' bias for h.
        gates: (batch, time, 3 units), takes the activated gates and the candidate.
        past: (batch, time, units), takes what the past adds to the candidate before the reset.
        states: (batch, time + 1, units), with the initial one at time 0.
    """
    u, three = s.units, 3 * s.units
    parts: list[Part] = []
    z_row, row, past_row = s.time * three, (s.time + 1) * u, s.time * u
    for time in range(s.time):
        z, old, part = _at(gates, time * three, s.dtype), _at(states, time * u, s.dtype), _at(past, time * u, s.dtype)
        parts.append(_recurrent_product(s, old, row, u, recurrent, three, None, z, z_row, 2 * u, True))
        parts.append(_recurrent_product(s, old, row, u, _at(recurrent, 2 * u, s.dtype), three, None, part, past_row, u, False))
        sums = [(_at(z, gate * u, s.dtype), z_row) for gate in range(3)]
        outputs = [(6, *sums[0]), (7, *sums[1]), (10, *sums[2]), (8, part, past_row),
                   (11, _at(states, (time + 1) * u, s.dtype), row)]
        inputs = [*sums, (part, past_row), (_at(recurrent_bias, 0, s.dtype), 0), (old, row)]
        parts.append(_rows(s, inputs, _gru_cell(s.dtype), outputs))
        parts += _kept(s, mask, time, states)
    loop = sequence_command(parts, s.blocks)
    keep([loop], gates, past, states, recurrent, recurrent_bias)
    return [_inputs_command(s, x, kernel, bias, gates, three), loop]


def _gru_gradient(dtype: str) -> list[Step]:
    """Values 0 z, 1 r, 2 candidate, 3 the past's part, 4 the old state, 5 and 6 gradients of the state.

    Results: 8 the old state's gradient past the gates, 10 and 14 those of z and r, 12 of h, 13 of what the past adds to h.
    """
    return [
        Step("add", (5, 6), dtype, _add),  # 7
        Step("kept", (7, 0), dtype, lambda e, dh, z: dh * z),  # 8
        Step("choice", (7, 4, 2), dtype, lambda e, dh, h, new: dh * (h - new)),  # 9
        Step("slope", (9, 0), dtype, _sigmoid_slope),  # 10
        Step("fresh", (7, 0), dtype, lambda e, dh, z: dh * (1.0 - z)),  # 11
        Step("bend", (11, 2), dtype, _tanh_slope),  # 12
        Step("reset", (12, 1), dtype, lambda e, dh, r: dh * r),  # 13
        Step("gate", (12, 3, 1), dtype, lambda e, dh, h, r: dh * h * (r * (1.0 - r))),  # 14
    ]


def gru_backward_commands(s: Sequences, x: Any, kernel: Any, recurrent: Any, gates: Any, past: Any, states: Any,
                          state_gradients: Any, results: Gradients, scratch: Any, pitch: int | None = None,
                          mask: Mask | None = None) -> list[Command]:
    """Gradients of a layer of gated recurrent units; arguments as for `lstm_backward_commands` and the forward pass.

    `results.recurrent_gates` must be given; `results.recurrent_bias` has 3 units. Scratch: `recurrent_scratch(s, 3)` bytes.
    """
    if results.recurrent_gates is None:
        raise InternalError("the gradient of gated recurrent units needs a buffer for the recurrent gates")
    u, three = s.units, 3 * s.units
    pitch = s.time * u if pitch is None else pitch
    space = _Scratch(s, scratch, three)
    commands = [*space.turn(recurrent, kernel if results.x is not None else None), *space.clear(mask)]
    z_row, row, past_row = s.time * three, (s.time + 1) * u, s.time * u
    parts: list[Part] = []
    for time in reversed(range(s.time)):
        place = time * three
        inputs = [(_at(gates, place + gate * u, s.dtype), z_row) for gate in range(3)]
        above = (_at(state_gradients, time * u, s.dtype), pitch)
        if mask is not None:
            parts.append(mask.set_aside(s, time, 0, space.state, above))
            above = (mask.zeros, 0)
        inputs += [(_at(past, time * u, s.dtype), past_row), (_at(states, time * u, s.dtype), row), above, (space.state, u)]
        outputs = [(value, _at(buffer, place + gate * u, s.dtype), z_row)
                   for buffer, last in ((results.gates, 12), (results.recurrent_gates, 13))
                   for gate, value in enumerate((10, 14, last))]
        parts.append(_rows(s, inputs, _gru_gradient(s.dtype), [*outputs, (8, space.state, u)]))
        parts.append(_recurrent_product(s, _at(results.recurrent_gates, place, s.dtype), z_row, three, space.turned_recurrent,
                                        s.width, three * s.width, space.state, u, u, True))
        if mask is not None:
            parts.append(mask.add_again(s, 0, space.state))
    loop = sequence_command(parts, s.blocks)
    commands += keep([loop], gates, past, states, state_gradients, results.gates, results.recurrent_gates, scratch)
    commands += _after_loop(s, x, states, results, space, three)
    if results.initial_state is not None:
        commands.append(_copy_rows(s, space.state, results.initial_state))
    return commands


# Simple recurrent networks -------------------------------------------------------------------------------------------


def simple_forward_commands(s: Sequences, x: Any, kernel: Any, recurrent: Any, bias: Any, gates: Any,
                            states: Any, mask: Mask | None = None) -> list[Command]:
    """state = tanh(x @ kernel + bias + state @ recurrent) over sequences; gates (batch, time, units) takes the sums."""
    u = s.units
    parts: list[Part] = []
    row, z_row = (s.time + 1) * u, s.time * u
    for time in range(s.time):
        z = _at(gates, time * u, s.dtype)
        parts.append(_recurrent_product(s, _at(states, time * u, s.dtype), row, u, recurrent, u, None, z, z_row, u, True))
        tanh = [Step("tanh", (0,), s.dtype, lambda e, v: e.tanh(v))]
        parts.append(_rows(s, [(z, z_row)], tanh, [(1, _at(states, (time + 1) * u, s.dtype), row)]))
        parts += _kept(s, mask, time, states)
    loop = sequence_command(parts, s.blocks)
    keep([loop], gates, states, recurrent)
    return [_inputs_command(s, x, kernel, bias, gates, u), loop]


def simple_backward_commands(s: Sequences, x: Any, kernel: Any, recurrent: Any, states: Any, state_gradients: Any,
                             results: Gradients, scratch: Any, pitch: int | None = None,
                             mask: Mask | None = None) -> list[Command]:
    """Gradients of `simple_forward_commands`; scratch: `recurrent_scratch(s, 1)` bytes; pitch as for the other layers."""
    u = s.units
    pitch = s.time * u if pitch is None else pitch
    space = _Scratch(s, scratch, u)
    commands = [*space.turn(recurrent, kernel if results.x is not None else None), *space.clear(mask)]
    row, steps = (s.time + 1) * u, [Step("add", (0, 1), s.dtype, _add), Step("bend", (3, 2), s.dtype, _tanh_slope)]
    parts: list[Part] = []
    for time in reversed(range(s.time)):
        z = _at(results.gates, time * u, s.dtype)
        above = (_at(state_gradients, time * u, s.dtype), pitch)
        if mask is not None:
            parts.append(mask.set_aside(s, time, 0, space.state, above))
            above = (mask.zeros, 0)
        inputs = [above, (space.state, u), (_at(states, (time + 1) * u, s.dtype), row)]
        parts.append(_rows(s, inputs, steps, [(4, z, s.time * u)]))
        parts.append(_recurrent_product(s, z, s.time * u, u, space.turned_recurrent, s.width, u * s.width, space.state, u, u,
                                        False))
        if mask is not None:
            parts.append(mask.add_again(s, 0, space.state))
    loop = sequence_command(parts, s.blocks)
    commands += keep([loop], states, state_gradients, results.gates, scratch)
    commands += _after_loop(s, x, states, results, space, u)
    if results.initial_state is not None:
        commands.append(_copy_rows(s, space.state, results.initial_state))
    return commands
