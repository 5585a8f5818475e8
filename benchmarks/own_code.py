"""Layers, cells and losses that a user wrote, beside the built-in ones: both are compiled, so both should cost the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

LIMIT = 1.3


def _parts() -> tuple[Any, Any, Any, Any]:
    from pipekeras import layers, ops

    class OwnCell(layers.Layer):
        """relu(x W + h U + b)."""

        def __init__(self, units: int) -> None:
            super().__init__()
            self.units = self.state_size = units

        def build(self, shape: Any) -> None:
            self.kernel = self.add_weight(shape=(shape[-1], self.units), name="kernel")
            self.recurrent = self.add_weight(shape=(self.units, self.units), initializer="orthogonal", name="recurrent")
            self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")

        def call(self, x: Any, states: Any) -> Any:
            h = ops.relu(ops.matmul(x, self.kernel) + ops.matmul(states[0], self.recurrent) + self.bias)
            return h, [h]

    class OwnLSTMCell(layers.Layer):
        """The gates of an LSTM written out."""

        def __init__(self, units: int) -> None:
            super().__init__()
            self.units, self.state_size = units, [units, units]

        def build(self, shape: Any) -> None:
            self.kernel = self.add_weight(shape=(shape[-1], 4 * self.units), name="kernel")
            self.recurrent = self.add_weight(shape=(self.units, 4 * self.units), initializer="orthogonal", name="recurrent")
            self.bias = self.add_weight(shape=(4 * self.units,), initializer="zeros", name="bias")

        def call(self, x: Any, states: Any) -> Any:
            h, c = states
            product = ops.matmul(x, self.kernel) + ops.matmul(h, self.recurrent) + self.bias
            i, f, g, o = ops.split(product, 4, axis=-1)
            c = ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(g)
            h = ops.sigmoid(o) * ops.tanh(c)
            return h, [h, c]

    class OwnDense(layers.Layer):
        """relu(x W + b)."""

        def __init__(self, units: int) -> None:
            super().__init__()
            self.units = units

        def build(self, shape: Any) -> None:
            self.kernel = self.add_weight(shape=(shape[-1], self.units), name="kernel")
            self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")

        def call(self, x: Any) -> Any:
            return ops.relu(ops.matmul(x, self.kernel) + self.bias)

    def own_loss(y_true: Any, y_pred: Any) -> Any:
        return ops.mean(ops.square(y_pred - y_true), axis=-1)

    return OwnCell, OwnLSTMCell, OwnDense, own_loss


def _pair(make: Callable[[bool], Any], shape: tuple[int, ...], batch: int, losses: tuple[Any, Any]) -> list[float]:
    """Seconds per step of the user's and of the built-in one, measured in turns, best of nine."""
    from pipekeras import Input, Sequential, layers

    steps = 12
    x = np.random.default_rng(0).normal(size=(batch * steps, *shape)).astype("float32")
    y = x.reshape(len(x), -1)[:, :4].copy()
    models = []
    for own in (True, False):
        model = Sequential([Input(shape), make(own), layers.Dense(4)])
        model.compile("adam", losses[0] if own else losses[1])
        model.fit(x, y, batch_size=batch, epochs=2, verbose=0)
        models.append(model)
    best = [float("inf")] * 2
    for _ in range(9):
        for place, model in enumerate(models):
            start = time.perf_counter()
            model.fit(x, y, batch_size=batch, epochs=1, verbose=0)
            best[place] = min(best[place], (time.perf_counter() - start) / steps)
    return best


def rows() -> Iterator[tuple[str, float, float]]:
    """What it is, seconds per step of the user's, seconds of the built-in one."""
    from pipekeras import layers

    cell, lstm_cell, dense, loss = _parts()
    mse = ("mse", "mse")

    def plain(own: bool) -> Any:
        return layers.RNN(cell(32)) if own else layers.SimpleRNN(32, activation="relu")

    def lstm(own: bool) -> Any:
        return layers.RNN(lstm_cell(128)) if own else layers.LSTM(128)

    def full(own: bool) -> Any:
        return dense(256) if own else layers.Dense(256, activation="relu")

    yield ("own plain cell, batch 64, 8 x 16 to 32", *_pair(plain, (8, 16), 64, mse))
    yield ("own LSTM cell, batch 32, 80 x 128 to 128", *_pair(lstm, (80, 128), 32, mse))
    yield ("own dense layer, batch 128, 256 to 256", *_pair(full, (256,), 128, mse))
    yield ("own loss, batch 128, 64 to 64",
           *_pair(lambda own: layers.Dense(64, activation="relu"), (64,), 128, (loss, "mse")))
