"""Recurrent layers step by step in small ops: what second derivatives of the ops over whole sequences are taken from.

The graph is as long as the sequence. Nothing of it is built unless a gradient is differentiated again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pipekeras.graph.gradient import gradient
from pipekeras.graph.tensor import Tensor
from pipekeras.ops.comparison import stop_gradient, where
from pipekeras.ops.creation import zeros_like
from pipekeras.ops.indexing import getitem
from pipekeras.ops.joining import concatenate, flip, stack
from pipekeras.ops.linear import matmul
from pipekeras.ops.mathematics import sigmoid, tanh
from pipekeras.ops.shaping import expand_dims, reshape

Step = Callable[[Any, list[Any], Any, Any], list[Any]]
"""(inputs' part of the gates' sums at one time, states, recurrent weights, bias) -> new states."""


def lstm_step(z: Any, states: list[Any], recurrent: Any, bias: Any) -> list[Any]:
    """Return the new state and cell."""
    state, cell = states
    i, f, g, o = _quarters(z + matmul(state, recurrent), 4)
    new = sigmoid(f) * cell + sigmoid(i) * tanh(g)
    return [sigmoid(o) * tanh(new), new]


def gru_step(z: Any, states: list[Any], recurrent: Any, bias: Any) -> list[Any]:
    """Return the new state; the reset gate works after the matrix product."""
    (state,) = states
    update, reset, new = _quarters(z, 3)
    inner_update, inner_reset, inner = _quarters(matmul(state, recurrent) + bias[1], 3)
    update, reset = sigmoid(update + inner_update), sigmoid(reset + inner_reset)
    new = tanh(new + reset * inner)
    return [new + update * (state - new)]


def simple_step(z: Any, states: list[Any], recurrent: Any, bias: Any) -> list[Any]:
    """Return the new state."""
    return [tanh(z + matmul(states[0], recurrent))]


def _quarters(z: Any, count: int) -> list[Any]:
    units = z.shape[1] // count
    return [z[:, place * units : (place + 1) * units] for place in range(count)]


def _all_states(step: Step, inputs: Sequence[Tensor], mask: Any, backwards: bool) -> list[Any]:
    """Return the states of all times, the first ones in front, each (batch, time + 1, units)."""
    x, kernel, recurrent, bias, *states = inputs
    sums: Any = matmul(x, kernel) + (bias[0] if bias.ndim == 2 else bias)
    if backwards:
        sums = flip(sums, 1)
        mask = None if mask is None else flip(mask, 1)
    found = [list(states)]
    for time in range(sums.shape[1]):
        new = step(sums[:, time], found[-1], recurrent, bias)
        if mask is not None:
            here = expand_dims(mask[:, time], -1)
            new = [where(here, item, old) for item, old in zip(new, found[-1], strict=True)]
        found.append(new)
    return [stack(list(parts), axis=1) for parts in zip(*found, strict=True)]


def second_derivatives(
    step: Step, gg: Tensor, g: Tensor, inputs: Sequence[Tensor], mask: Any, backwards: bool
) -> tuple[Any, list[Any]]:
    """Return derivatives of the flat gradient of a layer, weighted with gg.

    Args:
        step: one step of the layer.
        gg: what the gradient's parts, laid one after the other, are weighted with.
        g: the gradient for what the layer left, flat; cells and states, in this order, are its end.
        inputs: x, kernel, recurrent, bias, state and maybe cell.
        mask, backwards: as of the layer.

    Returns:
        The derivative for g, and those for the inputs.
    """
    of_result, *leaves = (stop_gradient(item) for item in (g, *inputs))
    parts = [reshape(item, (-1,)) for item in reversed(_all_states(step, leaves, mask, backwards))]
    states = concatenate(parts, 0) if len(parts) > 1 else parts[0]
    flat = reshape(of_result, (-1,))
    size = int(states.shape[0] or 0)
    weight = getitem(flat, slice(int(flat.shape[0] or 0) - size, None))
    first = [zeros_like(leaf) if item is None else item
             for item, leaf in zip(gradient(states, leaves, weight), leaves, strict=True)]  # fmt: skip
    laid = concatenate([reshape(item, (-1,)) for item in first], 0)
    of_g, *others = gradient(laid, [of_result, *leaves], gg)
    return of_g, others
