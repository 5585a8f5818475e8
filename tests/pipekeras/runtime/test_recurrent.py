"""Recurrent layers against step-by-step NumPy, and their gradients against finite differences of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from pipekeras.runtime.executor import Program
from pipekeras.runtime.kernels.gru import gru_backward_commands, gru_forward_commands
from pipekeras.runtime.kernels.lstm import lstm_backward_commands, lstm_forward_commands
from pipekeras.runtime.kernels.plain_recurrent import simple_backward_commands, simple_forward_commands
from pipekeras.runtime.kernels.recurrent import Gradients, Sequences
from pipekeras.runtime.kernels.recurrent_sums import recurrent_scratch

Weights = dict[str, np.ndarray]
SHAPES = [(3, 4, 5, 6), (17, 3, 2, 20), (8, 2, 7, 33), (1, 5, 3, 4), (12, 9, 3, 5)]


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def reference(cell: str, w: Weights, backwards: bool = False) -> np.ndarray:
    """All states, in the order in which they are made."""
    x = w["x"][:, ::-1] if backwards else w["x"]
    h, c = w["state"], w.get("cell")
    states = []
    for time in range(x.shape[1]):
        z = x[:, time] @ w["kernel"] + w["bias"]
        past = h @ w["recurrent"]
        if cell == "lstm":
            i, f, g, o = np.split(z + past, 4, axis=1)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        elif cell == "gru":
            (xz, xr, xh), (hz, hr, hh) = np.split(z, 3, axis=1), np.split(past, 3, axis=1)
            update, reset = sigmoid(xz + hz), sigmoid(xr + hr)
            h = update * h + (1 - update) * np.tanh(xh + reset * (hh + w["recurrent_bias"]))
        else:
            h = np.tanh(z + past)
        states.append(h)
    return np.stack(states, axis=1)


def sample(cell: str, shape: tuple[int, int, int, int]) -> Weights:
    batch, time, features, units = shape
    gates = {"lstm": 4, "gru": 3, "simple": 1}[cell]
    rng = np.random.default_rng(0)

    def draw(*size: int) -> np.ndarray:
        return rng.standard_normal(size) * 0.5

    w = {"x": draw(batch, time, features), "kernel": draw(features, gates * units), "recurrent": draw(units, gates * units),
         "bias": draw(gates * units), "state": draw(batch, units)}  # fmt: skip
    if cell == "lstm":
        w["cell"] = draw(batch, units)
    if cell == "gru":
        w["recurrent_bias"] = draw(units)
    return w


class Run:
    """One forward and backward pass on the kernels."""

    def __init__(
        self, cell: str, w: Weights, gradient: np.ndarray, dtype: str, threads: int = 1, backwards: bool = False
    ) -> None:
        w = {name: array.astype(dtype) for name, array in w.items()}
        batch, time, features = w["x"].shape
        units = w["state"].shape[1]
        s = Sequences(batch, time, features, units, dtype, backwards)
        count = w["kernel"].shape[1] // units

        def empty(*shape: int) -> np.ndarray:
            return np.full(shape, np.nan, dtype)

        self.states, gates = empty(batch, time + 1, units), empty(batch, time, count * units)
        self.states[:, 0] = w["state"]
        self.results = Gradients(
            gates=empty(*gates.shape),
            kernel=empty(*w["kernel"].shape),
            recurrent=empty(*w["recurrent"].shape),
            bias=empty(count * units),
            x=empty(*w["x"].shape),
            initial_state=empty(batch, units),
        )
        x, kernel, recurrent, bias = w["x"], w["kernel"], w["recurrent"], w["bias"]
        scratch = np.full(recurrent_scratch(s, count) // 8 + 1, np.nan)
        gradient = gradient.astype(dtype)
        if cell == "lstm":
            cells = empty(batch, time + 1, units)
            cells[:, 0] = w["cell"]
            self.results.initial_cell = empty(batch, units)
            forward = lstm_forward_commands(s, x, kernel, recurrent, bias, gates, cells, self.states)
            backward = lstm_backward_commands(
                s, x, kernel, recurrent, gates, cells, self.states, gradient, self.results, scratch
            )
        elif cell == "gru":
            past = empty(batch, time, units)
            self.results.recurrent_gates, self.results.recurrent_bias = empty(*gates.shape), empty(count * units)
            extra = w["recurrent_bias"]
            forward = gru_forward_commands(s, x, kernel, recurrent, bias, extra, gates, past, self.states)
            backward = gru_backward_commands(s, x, kernel, recurrent, gates, past, self.states, gradient, self.results, scratch)
        else:
            forward = simple_forward_commands(s, x, kernel, recurrent, bias, gates, self.states)
            backward = simple_backward_commands(s, x, kernel, recurrent, self.states, gradient, self.results, scratch)
        for command in (*forward, *backward):
            command.threads = threads
        Program([*forward, *backward], threads=threads).run()

    def gradients(self) -> Weights:
        r = self.results
        found = {"x": r.x, "kernel": r.kernel, "recurrent": r.recurrent, "bias": r.bias, "state": r.initial_state}
        if r.initial_cell is not None:
            found["cell"] = r.initial_cell
        if r.recurrent_bias is not None:
            units = r.initial_state.shape[1]
            found["recurrent_bias"] = r.recurrent_bias[2 * units :]
        return found


def slope(f: Callable[[], float], array: np.ndarray, place: tuple[int, ...]) -> float:
    step, kept = 1e-5, array[place]
    array[place] = kept + step
    high = f()
    array[place] = kept - step
    low = f()
    array[place] = kept
    return (high - low) / (2 * step)


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("cell", ["lstm", "gru", "simple"])
def test_states_and_gradients(cell: str, backwards: bool) -> None:
    for shape in SHAPES:
        w = sample(cell, shape)
        expected = reference(cell, w, backwards)
        rng = np.random.default_rng(1)
        gradient = rng.standard_normal(expected.shape)
        run = Run(cell, w, gradient, "float64", backwards=backwards)
        np.testing.assert_allclose(run.states[:, 1:], expected, rtol=1e-10, atol=1e-12)
        for name, found in run.gradients().items():
            for _ in range(3):
                place = tuple(int(rng.integers(0, extent)) for extent in found.shape)
                expected_slope = slope(lambda w=w, g=gradient: float((reference(cell, w, backwards) * g).sum()), w[name], place)
                np.testing.assert_allclose(found[place], expected_slope, rtol=1e-5, atol=1e-6, err_msg=f"{name} {shape}")


@pytest.mark.parametrize("cell", ["lstm", "gru", "simple"])
def test_single_precision_and_equal_bits_on_any_number_of_threads(cell: str) -> None:
    w = sample(cell, (21, 6, 4, 18))
    gradient = np.random.default_rng(2).standard_normal((21, 6, 18))
    runs = [Run(cell, w, gradient, "float32", threads) for threads in (1, 2, 3)]
    np.testing.assert_allclose(runs[0].states[:, 1:], reference(cell, w), rtol=1e-4, atol=1e-5)
    for other in runs[1:]:
        np.testing.assert_array_equal(runs[0].states, other.states)
        for name, found in runs[0].gradients().items():
            np.testing.assert_array_equal(found, other.gradients()[name])
