"""Long short-term memory over whole sequences, forward and backward."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernels.elementwise import Step
from pipekeras.runtime.kernels.geometry import keep
from pipekeras.runtime.kernels.recurrent import (
    Body,
    Gradients,
    Part,
    Sequences,
    add,
    at,
    chunk,
    kept,
    numbered,
    recurrent_product,
    rows_part,
    sigmoid_slope,
    tanh_slope,
    with_inputs,
)
from pipekeras.runtime.kernels.recurrent_mask import Mask
from pipekeras.runtime.kernels.recurrent_sums import Scratch, after_loop, inputs_gradient_part
from pipekeras.runtime.kernels.sequence import sequence_command


@cache
def _lstm_cell(dtype: str) -> list[Step]:
    """Values 0-3 the gates' sums i, f, c, o, 4 the old cell; results 5-8 the gates, 11 the cell, 13 the state."""
    return [
        Step("sigmoid", (0,), dtype, lambda e, z: e.sigmoid(z)),
        Step("sigmoid", (1,), dtype, lambda e, z: e.sigmoid(z)),
        Step("tanh", (2,), dtype, lambda e, z: e.tanh(z)),
        Step("sigmoid", (3,), dtype, lambda e, z: e.sigmoid(z)),
        Step("forgotten", (6, 4), dtype, lambda e, f, c: f * c),
        Step("added", (5, 7), dtype, lambda e, i, g: i * g),
        Step("cell", (9, 10), dtype, add),
        Step("squashed", (11,), dtype, lambda e, c: e.tanh(c)),
        Step("state", (8, 12), dtype, lambda e, o, c: o * c),
    ]


def lstm_forward_commands(s: Sequences, x: Any, kernel: Any, recurrent: Any, bias: Any, gates: Any, cells: Any,
                          states: Any, mask: Mask | None = None, begins: Sequence[Part] = ()) -> list[Command]:
    """An LSTM layer over sequences.

    Args:
        s: shapes.
        x: (batch, time, features).
        kernel, recurrent, bias: (features, 4 units), (units, 4 units), (4 units) or None.
        gates: (batch, time, 4 units), takes the activated gates.
        cells, states: (batch, time + 1, units), with the initial ones at time 0.
        mask: steps at which rows stand still, or None.
        begins: parts that write what the layer begins with, where the loop does that.
    """
    u, four = s.units, 4 * s.units
    commands, products = with_inputs(s, x, kernel, bias, gates, four)
    parts: list[Part] = [*begins]
    for time in range(s.time):
        if time in products:
            parts.append(products[time])
        z = at(gates, time * four, s.dtype)
        z_row, row = s.time * four, (s.time + 1) * u
        parts.append(recurrent_product(s, at(states, time * u, s.dtype), row, u, recurrent, four, None, z, z_row, four, True))
        sums = [(at(z, gate * u, s.dtype), z_row) for gate in range(4)]
        outputs = [(5 + gate, address, stride) for gate, (address, stride) in enumerate(sums)]
        outputs += [(11, at(cells, (time + 1) * u, s.dtype), row), (13, at(states, (time + 1) * u, s.dtype), row)]
        parts.append(rows_part(s, [*sums, (at(cells, time * u, s.dtype), row)], _lstm_cell(s.dtype), outputs))
        parts += kept(s, mask, time, cells, states)
    loop = sequence_command(parts, s.blocks)
    keep([loop], gates, cells, states, recurrent, x, kernel, bias)
    return [*commands, loop]


@cache
def _lstm_gradient(dtype: str, inputs: tuple[str, ...]) -> tuple[list[Step], dict[str, int]]:
    """The gates, the cell and the old one, gradients of state and cell that are carried back and that are given.

    Results: "past", the old cell's gradient, and those of the gates' sums, "di", "df", "dg" and "do".
    """
    # Nothing is carried to the last step, and not every step is given something.
    of_state = [name for name in ("carried", "above") if name in inputs]
    of_cell = [name for name in ("carried_cell", "above_cell") if name in inputs]
    dh = "dh" if len(of_state) == 2 else of_state[0]
    dc = "dc0" if len(of_cell) == 2 else "".join(of_cell)
    steps: list[tuple[str, str, Body]] = [
        *([("dh", " ".join(of_state), add)] if len(of_state) == 2 else []),
        *([("dc0", " ".join(of_cell), add)] if len(of_cell) == 2 else []),
        ("tanh", "cell", lambda e, c: e.tanh(c)),
        ("dc", f"{dh} tanh o {dc}", _through if of_cell else _only_through),
        ("of_o", f"{dh} tanh", _times),
        ("of_i", "dc g", _times),
        ("of_f", "dc old", _times),
        ("of_g", "dc i", _times),
        ("past", "dc f", _times),
        ("di", "of_i i", sigmoid_slope),
        ("df", "of_f f", sigmoid_slope),
        ("dg", "of_g g", tanh_slope),
        ("do", "of_o o", sigmoid_slope),
    ]
    return numbered(dtype, inputs, steps)


def _through(e: Any, dh: Any, c: Any, o: Any, dc: Any) -> Any:
    return e.fma(dh * o, 1.0 - c * c, dc)


def _only_through(e: Any, dh: Any, c: Any, o: Any) -> Any:
    return dh * o * (1.0 - c * c)


def _times(e: Any, a: Any, b: Any) -> Any:
    return a * b


def lstm_backward_commands(s: Sequences, x: Any, kernel: Any, recurrent: Any, gates: Any, cells: Any, states: Any,
                           state_gradients: Any, results: Gradients, scratch: Any, cell_gradients: Any = None,
                           pitch: int | None = None, mask: Mask | None = None, given: int | None = None,
                           turned: int | None = None, has_sums: bool = True) -> list[Command]:
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
        given: how many of the last times state_gradients holds, default all of them.
        turned: address of turned weights that somebody else has made; None makes them here.
        has_sums: whether the gradients of kernel, recurrent and bias are taken; else `weight_sums` does that later.
    """
    pitch = s.time * s.units if pitch is None else pitch
    u, four = s.units, 4 * s.units
    space = Scratch(s, scratch, four, turned)
    commands = space.turn(recurrent, kernel if results.x is not None else None)
    parts: list[Part] = []
    row, z_row = (s.time + 1) * u, s.time * four
    commands += space.clear(mask)
    first = 0 if given is None else s.time - given
    length = chunk(s, four) if results.x is not None else 0
    for time in reversed(range(s.time)):
        place = time * four
        above = (at(state_gradients, (time - first) * u, s.dtype), pitch) if time >= first else None
        above_cell = None if cell_gradients is None else (at(cell_gradients, time * u, s.dtype), pitch)
        if mask is not None:
            zeros = (mask.zeros, 0)
            parts += [mask.set_aside(s, time, 0, space.state, above or zeros),
                      mask.set_aside(s, time, 1, space.cell, above_cell or zeros)]
            above = above_cell = None
        sums = [(at(gates, place + gate * u, s.dtype), z_row) for gate in range(4)]
        inputs = {**dict(zip("ifgo", sums, strict=True)), "cell": (at(cells, (time + 1) * u, s.dtype), row),
                  "old": (at(cells, time * u, s.dtype), row)}
        if mask is not None or time < s.time - 1:
            inputs |= {"carried": (space.state, u), "carried_cell": (space.cell, u)}
        inputs |= {name: item for name, item in (("above", above), ("above_cell", above_cell)) if item is not None}
        steps, number = _lstm_gradient(s.dtype, tuple(inputs))
        outputs = [(number[f"d{gate}"], at(results.gates, place + index * u, s.dtype), z_row)
                   for index, gate in enumerate("ifgo")]
        parts.append(rows_part(s, list(inputs.values()), steps, [*outputs, (number["past"], space.cell, u)]))
        parts.append(recurrent_product(s, at(results.gates, place, s.dtype), z_row, four, space.turned_recurrent, s.width,
                                       four * s.width, space.state, u, u, False))
        if mask is not None:
            parts += [mask.add_again(s, 0, space.state), mask.add_again(s, 1, space.cell)]
        if length and time % length == 0:
            parts.append(inputs_gradient_part(s, results, space, time, min(length, s.time - time)))
    loop = sequence_command(parts, s.blocks)
    commands += keep([loop], gates, cells, state_gradients, cell_gradients, results.gates, scratch)
    return commands + after_loop(s, x, states, results, space, has_sums, has_inputs=bool(length))
