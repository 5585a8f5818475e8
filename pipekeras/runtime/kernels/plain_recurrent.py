"""The plain recurrent layer over whole sequences, forward and backward."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernels.elementwise import Step
from pipekeras.runtime.kernels.geometry import keep
from pipekeras.runtime.kernels.recurrent import (
    Gradients,
    Part,
    Sequences,
    add,
    at,
    kept,
    recurrent_product,
    rows_part,
    tanh_slope,
    with_inputs,
)
from pipekeras.runtime.kernels.recurrent_mask import Mask
from pipekeras.runtime.kernels.recurrent_sums import Scratch, after_loop
from pipekeras.runtime.kernels.sequence import sequence_command


def simple_forward_commands(s: Sequences, x: Any, kernel: Any, recurrent: Any, bias: Any, gates: Any,
                            states: Any, mask: Mask | None = None, begins: Sequence[Part] = ()) -> list[Command]:
    """state = tanh(x @ kernel + bias + state @ recurrent) over sequences; gates (batch, time, units) takes the sums."""
    u = s.units
    commands, products = with_inputs(s, x, kernel, bias, gates, u)
    parts: list[Part] = [*begins]
    row, z_row = (s.time + 1) * u, s.time * u
    for time in range(s.time):
        if time in products:
            parts.append(products[time])
        z = at(gates, time * u, s.dtype)
        parts.append(recurrent_product(s, at(states, time * u, s.dtype), row, u, recurrent, u, None, z, z_row, u, True))
        tanh = [Step("tanh", (0,), s.dtype, lambda e, v: e.tanh(v))]
        parts.append(rows_part(s, [(z, z_row)], tanh, [(1, at(states, (time + 1) * u, s.dtype), row)]))
        parts += kept(s, mask, time, states)
    loop = sequence_command(parts, s.blocks)
    keep([loop], gates, states, recurrent, x, kernel, bias)
    return [*commands, loop]


def simple_backward_commands(s: Sequences, x: Any, kernel: Any, recurrent: Any, states: Any, state_gradients: Any,
                             results: Gradients, scratch: Any, pitch: int | None = None,
                             mask: Mask | None = None, given: int | None = None,
                             turned: int | None = None, has_sums: bool = True) -> list[Command]:
    """Gradients of `simple_forward_commands`; scratch: `recurrent_scratch(s, 1)` bytes; pitch as for the other layers."""
    u = s.units
    pitch = s.time * u if pitch is None else pitch
    space = Scratch(s, scratch, u, turned)
    commands = [*space.turn(recurrent, kernel if results.x is not None else None), *space.clear(mask)]
    row = (s.time + 1) * u
    parts: list[Part] = []
    first = 0 if given is None else s.time - given
    for time in reversed(range(s.time)):
        z = at(results.gates, time * u, s.dtype)
        above = (at(state_gradients, (time - first) * u, s.dtype), pitch) if time >= first else None
        if mask is not None:
            parts.append(mask.set_aside(s, time, 0, space.state, above or (mask.zeros, 0)))
            above = None
        # Nothing is carried to the last step, and not every step is given something.
        carried = (space.state, u) if mask is not None or time < s.time - 1 else None
        inputs = [(at(states, (time + 1) * u, s.dtype), row), *(item for item in (carried, above) if item is not None)]
        steps = [Step("bend", (1, 0), s.dtype, tanh_slope)]
        if len(inputs) == 3:
            steps = [Step("add", (1, 2), s.dtype, add), Step("bend", (3, 0), s.dtype, tanh_slope)]
        parts.append(rows_part(s, inputs, steps, [(len(inputs) + len(steps) - 1, z, s.time * u)]))
        parts.append(recurrent_product(s, z, s.time * u, u, space.turned_recurrent, s.width, u * s.width, space.state, u, u,
                                        False))
        if mask is not None:
            parts.append(mask.add_again(s, 0, space.state))
    loop = sequence_command(parts, s.blocks)
    commands += keep([loop], states, state_gradients, results.gates, scratch)
    return commands + after_loop(s, x, states, results, space, has_sums)
