"""Gated recurrent units over whole sequences, forward and backward; the reset gate acts after the recurrent product."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from pipekeras.core.errors import InternalError
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
    kept,
    numbered,
    recurrent_product,
    rows_part,
    sigmoid_slope,
    tanh_slope,
    with_inputs,
)
from pipekeras.runtime.kernels.recurrent_mask import Mask
from pipekeras.runtime.kernels.recurrent_sums import Scratch, after_loop
from pipekeras.runtime.kernels.sequence import sequence_command


@cache
def _gru_cell(dtype: str) -> list[Step]:
    """Values 0-2 the gates' sums z, r, h, 3 what the past adds to h, 4 the bias of that, 5 the old state.

    Results: 6 and 7 the gates, 8 the past's part with its bias, 10 the candidate, 11 the state.
    """
    return [
        Step("sigmoid", (0,), dtype, lambda e, z: e.sigmoid(z)),
        Step("sigmoid", (1,), dtype, lambda e, z: e.sigmoid(z)),
        Step("add", (3, 4), dtype, add),
        Step("reset", (2, 7, 8), dtype, lambda e, x, r, h: e.fma(r, h, x)),
        Step("tanh", (9,), dtype, lambda e, z: e.tanh(z)),
        Step("state", (6, 5, 10), dtype, lambda e, z, h, new: e.fma(z, h - new, new)),
    ]


def gru_forward_commands(s: Sequences, x: Any, kernel: Any, recurrent: Any, bias: Any, recurrent_bias: Any, gates: Any,
                         past: Any, states: Any, mask: Mask | None = None, begins: Sequence[Part] = ()) -> list[Command]:
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
    commands, products = with_inputs(s, x, kernel, bias, gates, three)
    parts: list[Part] = [*begins]
    z_row, row, past_row = s.time * three, (s.time + 1) * u, s.time * u
    for time in range(s.time):
        if time in products:
            parts.append(products[time])
        z, old, part = at(gates, time * three, s.dtype), at(states, time * u, s.dtype), at(past, time * u, s.dtype)
        parts.append(recurrent_product(s, old, row, u, recurrent, three, None, z, z_row, 2 * u, True))
        parts.append(recurrent_product(s, old, row, u, at(recurrent, 2 * u, s.dtype), three, None, part, past_row, u, False))
        sums = [(at(z, gate * u, s.dtype), z_row) for gate in range(3)]
        outputs = [(6, *sums[0]), (7, *sums[1]), (10, *sums[2]), (8, part, past_row),
                   (11, at(states, (time + 1) * u, s.dtype), row)]
        inputs = [*sums, (part, past_row), (at(recurrent_bias, 0, s.dtype), 0), (old, row)]
        parts.append(rows_part(s, inputs, _gru_cell(s.dtype), outputs))
        parts += kept(s, mask, time, states)
    loop = sequence_command(parts, s.blocks)
    keep([loop], gates, past, states, recurrent, recurrent_bias, x, kernel, bias)
    return [*commands, loop]


@cache
def _gru_gradient(dtype: str, inputs: tuple[str, ...]) -> tuple[list[Step], dict[str, int]]:
    """Gates z and r, the candidate n, the past's part, the old state, gradients of the state carried back and given.

    Results: "kept", the old state's gradient past the gates, "dz" and "dr", "bend" of the candidate's sum, and "reset" of
    what the past adds to that.
    """
    # Nothing is carried to the last step, and not every step is given something.
    of_state = [name for name in ("carried", "above") if name in inputs]
    dh = "dh" if len(of_state) == 2 else of_state[0]
    steps: list[tuple[str, str, Body]] = [
        *([("dh", " ".join(of_state), add)] if len(of_state) == 2 else []),
        ("kept", f"{dh} z", lambda e, dh, z: dh * z),
        ("choice", f"{dh} old n", lambda e, dh, h, new: dh * (h - new)),
        ("dz", "choice z", sigmoid_slope),
        ("fresh", f"{dh} z", lambda e, dh, z: dh * (1.0 - z)),
        ("bend", "fresh n", tanh_slope),
        ("reset", "bend r", lambda e, dh, r: dh * r),
        ("dr", "bend past r", lambda e, dh, h, r: dh * h * (r * (1.0 - r))),
    ]
    return numbered(dtype, inputs, steps)


def gru_backward_commands(s: Sequences, x: Any, kernel: Any, recurrent: Any, gates: Any, past: Any, states: Any,
                          state_gradients: Any, results: Gradients, scratch: Any, pitch: int | None = None,
                          mask: Mask | None = None, given: int | None = None,
                          turned: int | None = None, has_sums: bool = True) -> list[Command]:
    """Gradients of a layer of gated recurrent units; arguments as for `lstm_backward_commands` and the forward pass.

    `results.recurrent_gates` must be given; `results.recurrent_bias` has 3 units. Scratch: `recurrent_scratch(s, 3)` bytes.
    """
    if results.recurrent_gates is None:
        raise InternalError("the gradient of gated recurrent units needs a buffer for the recurrent gates")
    u, three = s.units, 3 * s.units
    pitch = s.time * u if pitch is None else pitch
    space = Scratch(s, scratch, three, turned)
    commands = [*space.turn(recurrent, kernel if results.x is not None else None), *space.clear(mask)]
    z_row, row, past_row = s.time * three, (s.time + 1) * u, s.time * u
    parts: list[Part] = []
    first = 0 if given is None else s.time - given
    for time in reversed(range(s.time)):
        place = time * three
        above = (at(state_gradients, (time - first) * u, s.dtype), pitch) if time >= first else None
        if mask is not None:
            parts.append(mask.set_aside(s, time, 0, space.state, above or (mask.zeros, 0)))
            above = None
        inputs = {gate: (at(gates, place + index * u, s.dtype), z_row) for index, gate in enumerate("zrn")}
        inputs |= {"past": (at(past, time * u, s.dtype), past_row), "old": (at(states, time * u, s.dtype), row)}
        if mask is not None or time < s.time - 1:
            inputs["carried"] = (space.state, u)
        if above is not None:
            inputs["above"] = above
        steps, number = _gru_gradient(s.dtype, tuple(inputs))
        outputs = [(number[name], at(buffer, place + gate * u, s.dtype), z_row)
                   for buffer, last in ((results.gates, "bend"), (results.recurrent_gates, "reset"))
                   for gate, name in enumerate(("dz", "dr", last))]
        parts.append(rows_part(s, list(inputs.values()), steps, [*outputs, (number["kept"], space.state, u)]))
        parts.append(recurrent_product(s, at(results.recurrent_gates, place, s.dtype), z_row, three, space.turned_recurrent,
                                       s.width, three * s.width, space.state, u, u, True))
        if mask is not None:
            parts.append(mask.add_again(s, 0, space.state))
    loop = sequence_command(parts, s.blocks)
    commands += keep([loop], gates, past, states, state_gradients, results.gates, results.recurrent_gates, scratch)
    return commands + after_loop(s, x, states, results, space, has_sums)
