"""Recurrent layers over whole sequences, forward and backward, as single ops.

A loop over time written in small ops makes graphs as long as the sequence. These primitives hold the loop: the plain
recurrent layer, long short-term memory and gated recurrent units, with the usual activations. What they leave for their
gradients and for the caller lies in one flat result, part after part; views of it cost nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.define import primitive
from pipekeras.ops.indexing import getitem
from pipekeras.ops.recurrence_steps import Step, gru_step, lstm_step, second_derivatives, simple_step
from pipekeras.ops.shaping import reshape


def _sizes(x: Tensor, recurrent: Tensor) -> tuple[int, int, int, int]:
    batch, time, features = x.shape
    units = recurrent.shape[0]
    assert batch is not None and time is not None and features is not None and units is not None
    return batch, time, features, units


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 0.5 * (np.tanh(0.5 * z) + 1)


def _turned(values: np.ndarray, backwards: bool) -> np.ndarray:
    """Return values (batch, time, ...) in the order in which the loop meets them."""
    return values[:, ::-1] if backwards else values


def _parts(flat: np.ndarray, *shapes: tuple[int, ...]) -> list[np.ndarray]:
    """Return the parts of a flat array, as views."""
    found, start = [], 0
    for shape in shapes:
        size = int(np.prod(shape, dtype=np.int64))
        found.append(flat[start : start + size].reshape(shape))
        start += size
    return found


def _views(flat: Tensor, *shapes: tuple[int, ...]) -> list[Tensor]:
    found, start = [], 0
    for shape in shapes:
        size = int(np.prod(shape, dtype=np.int64))
        found.append(reshape(getitem(flat, slice(start, start + size)), shape))
        start += size
    return found


def _given(g: np.ndarray, *shapes: tuple[int, ...]) -> list[np.ndarray]:
    """Return the gradients of what a layer left, the states last.

    Of three axes are those of the new states alone, of all steps or of the last one; flat, those of everything.
    """
    if g.ndim == 1:
        return _parts(g, *shapes)
    found = [np.zeros(shape, g.dtype) for shape in shapes]
    found[-1][:, found[-1].shape[1] - g.shape[1] :] = g
    return found


def _second(step: Step, count: int) -> Any:
    """Return the rule of a layer's gradient, an op of (g, out, inputs of the layer, mask)."""

    def rule(gg: Tensor, result: Tensor, g: Tensor, out: Tensor, *inputs: Tensor, backwards: bool) -> list[Any]:
        mask = inputs[count] if len(inputs) > count else None
        of_g, others = second_derivatives(step, gg, g, inputs[:count], mask, backwards)
        # What the layer left depends on its inputs, and all of that is in their derivatives already.
        return [of_g, None, *others, *[None for _ in inputs[count:]]]

    return rule


# Long short-term memory: gates in the order i, f, c, o


def _lstm_shapes(batch: int, time: int, units: int) -> tuple[tuple[int, ...], ...]:
    """Shapes of activated gates, cells and states; cells and states have the initial ones in front."""
    return (batch, time, 4 * units), (batch, time + 1, units), (batch, time + 1, units)


def _infer_lstm(
    x: Tensor, kernel: Tensor, recurrent: Tensor, bias: Tensor, state: Tensor, cell: Tensor, *mask: Tensor, backwards: bool
) -> Spec:
    batch, time, _, units = _sizes(x, recurrent)
    return Spec((sum(int(np.prod(shape)) for shape in _lstm_shapes(batch, time, units)),), x.dtype)


def _lstm_rule(
    g: Tensor, out: Tensor, x: Tensor, kernel: Tensor, recurrent: Tensor, bias: Tensor, state: Tensor, cell: Tensor,
    *mask: Tensor, backwards: bool,
) -> list[Any]:  # fmt: skip
    batch, time, features, units = _sizes(x, recurrent)
    # No gradient comes for the gates: only the op itself sees them.
    of_states = getitem(g, slice(batch * time * 4 * units, None))
    flat = _lstm_sequence_gradient(of_states, out, x, kernel, recurrent, bias, state, cell, *mask, backwards=backwards)
    return [*_views(flat, *_lstm_gradient_shapes(batch, time, features, units)), *[None for _ in mask]]


def _lstm_gradient_shapes(batch: int, time: int, features: int, units: int) -> tuple[tuple[int, ...], ...]:
    four = 4 * units
    return (batch, time, features), (features, four), (units, four), (four,), (batch, units), (batch, units)


@primitive(_infer_lstm, _lstm_rule, "recurrent")
def _lstm_sequence(x: Any, kernel: Any, recurrent: Any, bias: Any, state: Any, cell: Any, *mask: Any, backwards: bool) -> Any:
    batch, time, _ = x.shape
    u = recurrent.shape[0]
    shapes = _lstm_shapes(batch, time, u)
    flat = np.empty(sum(int(np.prod(shape)) for shape in shapes), x.dtype)
    gates, cells, states = _parts(flat, *shapes)
    gates[...] = _turned(x, backwards) @ kernel + bias
    valid = _turned(mask[0], backwards) if mask else None
    cells[:, 0], states[:, 0] = cell, state
    for t in range(time):
        z = gates[:, t]
        z += states[:, t] @ recurrent
        z[:, : 2 * u] = _sigmoid(z[:, : 2 * u])
        z[:, 2 * u : 3 * u] = np.tanh(z[:, 2 * u : 3 * u])
        z[:, 3 * u :] = _sigmoid(z[:, 3 * u :])
        new = z[:, u : 2 * u] * cells[:, t] + z[:, :u] * z[:, 2 * u : 3 * u]
        output = z[:, 3 * u :] * np.tanh(new)
        if valid is None:
            cells[:, t + 1], states[:, t + 1] = new, output
        else:
            here = valid[:, t, None]
            cells[:, t + 1] = np.where(here, new, cells[:, t])
            states[:, t + 1] = np.where(here, output, states[:, t])
    return flat


def _infer_lstm_gradient(
    g: Tensor, out: Tensor, x: Tensor, kernel: Tensor, recurrent: Tensor, *others: Tensor, backwards: bool
) -> Spec:
    shapes = _lstm_gradient_shapes(*_sizes(x, recurrent))
    return Spec((sum(int(np.prod(shape)) for shape in shapes),), x.dtype)


@primitive(_infer_lstm_gradient, _second(lstm_step, 6), "recurrent")
def _lstm_sequence_gradient(
    g: Any, out: Any, x: Any, kernel: Any, recurrent: Any, bias: Any, state: Any, cell: Any, *mask: Any, backwards: bool
) -> Any:
    batch, time, features = x.shape
    u = recurrent.shape[0]
    gates, cells, states = _parts(out, *_lstm_shapes(batch, time, u))
    of_cells, of_states = _given(g, *_lstm_shapes(batch, time, u)[1:])
    shapes = _lstm_gradient_shapes(batch, time, features, u)
    flat = np.empty(sum(int(np.prod(shape)) for shape in shapes), x.dtype)
    dx, dkernel, drecurrent, dbias, dstate, dcell = _parts(flat, *shapes)
    valid = _turned(mask[0], backwards).astype(x.dtype) if mask else None
    dz = np.empty_like(gates)
    state, cell = of_states[:, time].copy(), of_cells[:, time].copy()
    for t in range(time - 1, -1, -1):
        i, f, c, o = (gates[:, t, gate * u : (gate + 1) * u] for gate in range(4))
        here = None if valid is None else valid[:, t, None]
        dh = state if here is None else state * here
        dc_all = cell if here is None else cell * here
        # The new cell of a masked step was not kept; its tanh is that of the kept one and meets a zero.
        squashed = np.tanh(cells[:, t + 1])
        dc = dc_all + dh * o * (1 - squashed * squashed)
        dz[:, t, :u] = dc * c * i * (1 - i)
        dz[:, t, u : 2 * u] = dc * cells[:, t] * f * (1 - f)
        dz[:, t, 2 * u : 3 * u] = dc * i * (1 - c * c)
        dz[:, t, 3 * u :] = dh * squashed * o * (1 - o)
        before_state, before_cell = dz[:, t] @ recurrent.T, dc * f
        if here is not None:
            before_state += state * (1 - here)
            before_cell += cell * (1 - here)
        state, cell = before_state + of_states[:, t], before_cell + of_cells[:, t]
    dstate[...], dcell[...] = state, cell
    rows = dz.reshape(batch * time, 4 * u)
    turned = _turned(x, backwards)
    dx[...] = _turned((rows @ kernel.T).reshape(batch, time, features), backwards)
    dkernel[...] = turned.reshape(batch * time, features).T @ rows
    drecurrent[...] = np.ascontiguousarray(states[:, :-1]).reshape(batch * time, u).T @ rows
    dbias[...] = rows.sum(axis=0)
    return flat


def lstm(
    x: Any, kernel: Any, recurrent: Any, bias: Any, state: Any, cell: Any, mask: Any = None, backwards: bool = False
) -> tuple[Tensor, Tensor, Tensor]:
    """Run a long short-term memory (tanh, sigmoid gates) over sequences.

    Formula: i, f, o = sigmoid(x W + h U + b), g = tanh(x W + h U + b), c = f c + i g, h = o tanh(c).

    Args:
        x: (batch, time, features), all sizes known.
        kernel, recurrent, bias: (features, 4 units), (units, 4 units), (4 units); gates in the order i, f, g, o.
        state, cell: (batch, units), where the sequence begins.
        mask: bool (batch, time) or None; at masked steps state and cell stay.
        backwards: whether to read the sequence from its end.

    Returns:
        States of all steps (batch, time, units) in the order in which they are made, the last state, the last cell.
    """
    tensors = [convert(item) for item in (x, kernel, recurrent, bias, state, cell)]
    batch, time, _, units = _sizes(tensors[0], tensors[2])
    extra = [] if mask is None else [convert(mask)]
    flat = _lstm_sequence(*tensors, *extra, backwards=backwards)
    _, cells, states = _views(flat, *_lstm_shapes(batch, time, units))
    return getitem(states, (slice(None), slice(1, None))), getitem(states, (slice(None), -1)), getitem(cells, (slice(None), -1))


# Gated recurrent unit, the reset gate after the recurrent product: gates in the order z, r, n


def _gru_shapes(batch: int, time: int, units: int) -> tuple[tuple[int, ...], ...]:
    """Shapes of gates and candidate, of what the past adds to the candidate, and of states with the initial one in front."""
    return (batch, time, 3 * units), (batch, time, units), (batch, time + 1, units)


def _infer_gru(
    x: Tensor, kernel: Tensor, recurrent: Tensor, bias: Tensor, state: Tensor, *mask: Tensor, backwards: bool
) -> Spec:
    batch, time, _, units = _sizes(x, recurrent)
    return Spec((sum(int(np.prod(shape)) for shape in _gru_shapes(batch, time, units)),), x.dtype)


def _gru_rule(
    g: Tensor, out: Tensor, x: Tensor, kernel: Tensor, recurrent: Tensor, bias: Tensor, state: Tensor, *mask: Tensor,
    backwards: bool,
) -> list[Any]:  # fmt: skip
    batch, time, features, units = _sizes(x, recurrent)
    of_states = getitem(g, slice(batch * time * 4 * units, None))
    flat = _gru_sequence_gradient(of_states, out, x, kernel, recurrent, bias, state, *mask, backwards=backwards)
    return [*_views(flat, *_gru_gradient_shapes(batch, time, features, units)), *[None for _ in mask]]


def _gru_gradient_shapes(batch: int, time: int, features: int, units: int) -> tuple[tuple[int, ...], ...]:
    three = 3 * units
    return (batch, time, features), (features, three), (units, three), (2, three), (batch, units)


@primitive(_infer_gru, _gru_rule, "recurrent")
def _gru_sequence(x: Any, kernel: Any, recurrent: Any, bias: Any, state: Any, *mask: Any, backwards: bool) -> Any:
    batch, time, _ = x.shape
    u = recurrent.shape[0]
    shapes = _gru_shapes(batch, time, u)
    flat = np.empty(sum(int(np.prod(shape)) for shape in shapes), x.dtype)
    gates, past, states = _parts(flat, *shapes)
    gates[...] = _turned(x, backwards) @ kernel + bias[0]
    valid = _turned(mask[0], backwards) if mask else None
    states[:, 0] = state
    for t in range(time):
        z = gates[:, t]
        inner = states[:, t] @ recurrent + bias[1]
        z[:, : 2 * u] = _sigmoid(z[:, : 2 * u] + inner[:, : 2 * u])
        past[:, t] = inner[:, 2 * u :]
        z[:, 2 * u :] = np.tanh(z[:, 2 * u :] + z[:, u : 2 * u] * past[:, t])
        new = z[:, 2 * u :] + z[:, :u] * (states[:, t] - z[:, 2 * u :])
        states[:, t + 1] = new if valid is None else np.where(valid[:, t, None], new, states[:, t])
    return flat


def _infer_gru_gradient(
    g: Tensor, out: Tensor, x: Tensor, kernel: Tensor, recurrent: Tensor, *others: Tensor, backwards: bool
) -> Spec:
    shapes = _gru_gradient_shapes(*_sizes(x, recurrent))
    return Spec((sum(int(np.prod(shape)) for shape in shapes),), x.dtype)


@primitive(_infer_gru_gradient, _second(gru_step, 5), "recurrent")
def _gru_sequence_gradient(
    g: Any, out: Any, x: Any, kernel: Any, recurrent: Any, bias: Any, state: Any, *mask: Any, backwards: bool
) -> Any:
    batch, time, features = x.shape
    u = recurrent.shape[0]
    gates, past, states = _parts(out, *_gru_shapes(batch, time, u))
    (of_states,) = _given(g, *_gru_shapes(batch, time, u)[2:])
    shapes = _gru_gradient_shapes(batch, time, features, u)
    flat = np.empty(sum(int(np.prod(shape)) for shape in shapes), x.dtype)
    dx, dkernel, drecurrent, dbias, dstate = _parts(flat, *shapes)
    valid = _turned(mask[0], backwards).astype(x.dtype) if mask else None
    dz, dinner = np.empty_like(gates), np.empty_like(gates)
    state = of_states[:, time].copy()
    for t in range(time - 1, -1, -1):
        z, r, n = (gates[:, t, gate * u : (gate + 1) * u] for gate in range(3))
        here = None if valid is None else valid[:, t, None]
        dh = state if here is None else state * here
        dn = dh * (1 - z) * (1 - n * n)
        dz[:, t, :u] = dinner[:, t, :u] = dh * (states[:, t] - n) * z * (1 - z)
        dz[:, t, u : 2 * u] = dinner[:, t, u : 2 * u] = dn * past[:, t] * r * (1 - r)
        dz[:, t, 2 * u :] = dn
        dinner[:, t, 2 * u :] = dn * r
        before = dinner[:, t] @ recurrent.T + dh * z
        if here is not None:
            before += state * (1 - here)
        state = before + of_states[:, t]
    dstate[...] = state
    rows, inner = dz.reshape(batch * time, 3 * u), dinner.reshape(batch * time, 3 * u)
    dx[...] = _turned((rows @ kernel.T).reshape(batch, time, features), backwards)
    dkernel[...] = _turned(x, backwards).reshape(batch * time, features).T @ rows
    drecurrent[...] = np.ascontiguousarray(states[:, :-1]).reshape(batch * time, u).T @ inner
    dbias[0], dbias[1] = rows.sum(axis=0), inner.sum(axis=0)
    return flat


def gru(
    x: Any, kernel: Any, recurrent: Any, bias: Any, state: Any, mask: Any = None, backwards: bool = False
) -> tuple[Tensor, Tensor]:
    """Run gated recurrent units (tanh, sigmoid gates, reset after the recurrent product) over sequences.

    Formula: z, r = sigmoid(x W + b + h U + b'), n = tanh(x W + b + r (h U + b')), h = z h + (1 - z) n.

    Args:
        x: (batch, time, features), all sizes known.
        kernel, recurrent: (features, 3 units), (units, 3 units); gates in the order z, r, n.
        bias: (2, 3 units), for the inputs and for the state.
        state: (batch, units), where the sequence begins.
        mask: bool (batch, time) or None; at masked steps the state stays.
        backwards: whether to read the sequence from its end.

    Returns:
        States of all steps (batch, time, units) in the order in which they are made, and the last state.
    """
    tensors = [convert(item) for item in (x, kernel, recurrent, bias, state)]
    batch, time, _, units = _sizes(tensors[0], tensors[2])
    extra = [] if mask is None else [convert(mask)]
    flat = _gru_sequence(*tensors, *extra, backwards=backwards)
    _, _, states = _views(flat, *_gru_shapes(batch, time, units))
    return getitem(states, (slice(None), slice(1, None))), getitem(states, (slice(None), -1))


# The plain recurrent layer: its states are all that it leaves, the initial one in front


def _infer_simple(
    x: Tensor, kernel: Tensor, recurrent: Tensor, bias: Tensor, state: Tensor, *mask: Tensor, backwards: bool
) -> Spec:
    batch, time, _, units = _sizes(x, recurrent)
    return Spec((batch, time + 1, units), x.dtype)


def _simple_rule(
    g: Tensor, out: Tensor, x: Tensor, kernel: Tensor, recurrent: Tensor, bias: Tensor, state: Tensor, *mask: Tensor,
    backwards: bool,
) -> list[Any]:  # fmt: skip
    flat = _simple_sequence_gradient(g, out, x, kernel, recurrent, bias, state, *mask, backwards=backwards)
    return [*_views(flat, *_simple_gradient_shapes(*_sizes(x, recurrent))), *[None for _ in mask]]


def _simple_gradient_shapes(batch: int, time: int, features: int, units: int) -> tuple[tuple[int, ...], ...]:
    return (batch, time, features), (features, units), (units, units), (units,), (batch, units)


@primitive(_infer_simple, _simple_rule, "recurrent")
def _simple_sequence(x: Any, kernel: Any, recurrent: Any, bias: Any, state: Any, *mask: Any, backwards: bool) -> Any:
    batch, time, _ = x.shape
    states = np.empty((batch, time + 1, recurrent.shape[0]), x.dtype)
    sums = _turned(x, backwards) @ kernel + bias
    valid = _turned(mask[0], backwards) if mask else None
    states[:, 0] = state
    for t in range(time):
        new = np.tanh(sums[:, t] + states[:, t] @ recurrent)
        states[:, t + 1] = new if valid is None else np.where(valid[:, t, None], new, states[:, t])
    return states


def _infer_simple_gradient(
    g: Tensor, out: Tensor, x: Tensor, kernel: Tensor, recurrent: Tensor, *others: Tensor, backwards: bool
) -> Spec:
    shapes = _simple_gradient_shapes(*_sizes(x, recurrent))
    return Spec((sum(int(np.prod(shape)) for shape in shapes),), x.dtype)


@primitive(_infer_simple_gradient, _second(simple_step, 5), "recurrent")
def _simple_sequence_gradient(
    g: Any, out: Any, x: Any, kernel: Any, recurrent: Any, bias: Any, state: Any, *mask: Any, backwards: bool
) -> Any:
    batch, time, features = x.shape
    u = recurrent.shape[0]
    shapes = _simple_gradient_shapes(batch, time, features, u)
    flat = np.empty(sum(int(np.prod(shape)) for shape in shapes), x.dtype)
    dx, dkernel, drecurrent, dbias, dstate = _parts(flat, *shapes)
    (of_states,) = _given(g, (batch, time + 1, u))
    valid = _turned(mask[0], backwards).astype(x.dtype) if mask else None
    dz = np.empty((batch, time, u), x.dtype)
    state = of_states[:, time].copy()
    for t in range(time - 1, -1, -1):
        here = None if valid is None else valid[:, t, None]
        dh = state if here is None else state * here
        dz[:, t] = dh * (1 - out[:, t + 1] * out[:, t + 1])
        before = dz[:, t] @ recurrent.T
        if here is not None:
            before += state * (1 - here)
        state = before + of_states[:, t]
    dstate[...] = state
    rows = dz.reshape(batch * time, u)
    dx[...] = _turned((rows @ kernel.T).reshape(batch, time, features), backwards)
    dkernel[...] = _turned(x, backwards).reshape(batch * time, features).T @ rows
    drecurrent[...] = np.ascontiguousarray(out[:, :-1]).reshape(batch * time, u).T @ rows
    dbias[...] = rows.sum(axis=0)
    return flat


def simple_rnn(
    x: Any, kernel: Any, recurrent: Any, bias: Any, state: Any, mask: Any = None, backwards: bool = False
) -> tuple[Tensor, Tensor]:
    """Run a plain recurrent layer (tanh) over sequences.

    Formula: h = tanh(x W + h U + b).

    Args:
        x: (batch, time, features), all sizes known.
        kernel, recurrent, bias: (features, units), (units, units), (units).
        state: (batch, units), where the sequence begins.
        mask: bool (batch, time) or None; at masked steps the state stays.
        backwards: whether to read the sequence from its end.

    Returns:
        States of all steps (batch, time, units) in the order in which they are made, and the last state.
    """
    tensors = [convert(item) for item in (x, kernel, recurrent, bias, state)]
    extra = [] if mask is None else [convert(mask)]
    states = _simple_sequence(*tensors, *extra, backwards=backwards)
    return getitem(states, (slice(None), slice(1, None))), getitem(states, (slice(None), -1))
