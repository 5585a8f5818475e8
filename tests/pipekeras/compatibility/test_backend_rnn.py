"""K.rnn: a step of the user's over the times of a tensor. Numbers without a mask are those of Keras 3.15."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import pipekeras as pk
from pipekeras import backend as K
from pipekeras import layers, ops
from pipekeras.core.errors import ArgumentError

X = np.arange(24, dtype="float32").reshape(2, 4, 3) / 10
START = np.ones((2, 3), "float32")
MASK = np.array([[1, 0, 1, 0], [0, 1, 1, 1]], bool)


def step(now: Any, states: list[Any]) -> tuple[Any, list[Any]]:
    held = now * 0.5 + states[0] * 0.9 + (states[1] if len(states) > 1 else 0.0)
    return held * 2, [held]


def by_hand(backwards: bool = False, mask: Any = None, zero: bool = False, extra: float = 0.0) -> tuple[Any, Any]:
    held, shown, rows = START, np.zeros_like(START), []
    for time in range(3, -1, -1) if backwards else range(4):
        new = X[:, time] * 0.5 + held * 0.9 + extra
        keep = np.ones((2, 1), bool) if mask is None else mask[:, time, None]
        held = np.where(keep, new, held)
        shown = np.where(keep, new * 2, shown)
        rows.append(np.where(keep, new * 2, 0) if zero else shown)
    return np.stack(rows, 1), held


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, {}),
        ({"go_backwards": True}, {"backwards": True}),
        ({"unroll": True}, {}),
        ({"constants": [np.full((2, 3), 0.1, "float32")]}, {"extra": 0.1}),
        ({"mask": MASK}, {"mask": MASK}),
        ({"mask": MASK[..., None], "unroll": True}, {"mask": MASK}),
        ({"mask": MASK, "go_backwards": True}, {"mask": MASK, "backwards": True}),
        ({"mask": MASK, "zero_output_for_mask": True}, {"mask": MASK, "zero": True}),
    ],
)
def test_steps_over_time(given: dict[str, Any], wanted: dict[str, Any]) -> None:
    rows, held = by_hand(**wanted)
    last, outputs, states = K.rnn(step, X, [START], **given)
    np.testing.assert_allclose(outputs.numpy(), rows, rtol=1e-5)
    np.testing.assert_allclose(last.numpy(), rows[:, -1], rtol=1e-5)
    np.testing.assert_allclose(states[0].numpy(), held, rtol=1e-5)


def test_axes_and_lengths() -> None:
    rows, _ = by_hand()
    _, outputs, _ = K.rnn(step, X.swapaxes(0, 1), [START], time_major=True)
    np.testing.assert_allclose(outputs.numpy(), rows.swapaxes(0, 1), rtol=1e-5)
    assert K.rnn(step, X, [START], return_all_outputs=False)[1].shape == (2, 1, 3)
    with pytest.raises(ArgumentError, match="input_length 3"):
        K.rnn(step, X, [START], input_length=3)


def test_a_layer_written_with_it_learns() -> None:
    class Own(layers.Layer):
        def __init__(self, units: int) -> None:
            super().__init__()
            self.units = units

        def build(self, input_shape: Any) -> None:
            self.w = self.add_weight(shape=(input_shape[-1], self.units), name="w")
            self.u = self.add_weight(shape=(self.units, self.units), name="u")

        def call(self, inputs: Any) -> Any:
            def turn(now: Any, states: list[Any]) -> tuple[Any, list[Any]]:
                held = K.tanh(K.dot(now, self.w) + K.dot(states[0], self.u))
                return held, [held]

            return K.rnn(turn, inputs, [K.zeros((K.shape(inputs)[0], self.units))])[0]

    plain = layers.SimpleRNN(4, use_bias=False)
    model = pk.Sequential([pk.Input((4, 3)), Own(4), layers.Dense(1)])
    twin = pk.Sequential([pk.Input((4, 3)), plain, layers.Dense(1)])
    twin.set_weights(model.get_weights())
    for one in (model, twin):
        one.compile("sgd", "mse")
        one.fit(X, ops.ones((2, 1)), epochs=3, verbose=0)
    for one, other in zip(model.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)
