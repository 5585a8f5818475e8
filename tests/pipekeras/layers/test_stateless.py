"""Layers called with values from outside: their own stay, gradients reach the given ones."""

from __future__ import annotations

import numpy as np
import pytest

import pipekeras as pk
from pipekeras import layers, ops
from pipekeras.core.errors import ArgumentError, ShapeError, StateError

X = np.arange(6, dtype="float32").reshape(3, 2)


def test_values_come_in_and_go_out() -> None:
    layer = layers.BatchNormalization(momentum=0.5)
    layer.build((None, 2))
    before = [variable.numpy() for variable in layer.variables]
    state = [variable.value for variable in layer.non_trainable_variables]
    output, after = layer.stateless_call([np.full(2, 2.0), np.ones(2)], state, X, training=True)
    np.testing.assert_allclose(output.numpy(), 2 * (X - X.mean(0)) / np.sqrt(X.var(0) + 1e-3) + 1, rtol=1e-5)
    np.testing.assert_allclose(after[0].numpy(), X.mean(0) / 2)
    for variable, value in zip(layer.variables, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)
    _, again = layer.stateless_call([np.ones(2), np.ones(2)], after, X, training=True)
    np.testing.assert_allclose(again[0].numpy(), X.mean(0) * 0.75)
    np.testing.assert_allclose(after[0].numpy(), X.mean(0) / 2)


def test_gradients_reach_the_given_values() -> None:
    model = pk.Sequential([pk.Input((2,)), layers.Dense(1, kernel_regularizer=pk.regularizers.L2(0.5))])
    kernel, bias = ops.convert_to_tensor([[1.0], [2.0]]), ops.convert_to_tensor([0.5])
    with pk.GradientTape() as tape:
        tape.watch(kernel)
        output, _, losses = model.stateless_call([kernel, bias], [], X, return_losses=True)
        total = ops.sum(output) + ops.sum(ops.stack(losses))
    np.testing.assert_allclose(tape.gradient(total, kernel).numpy(), X.sum(0)[:, None] + [[1.0], [2.0]])
    np.testing.assert_allclose(losses[0].numpy(), 2.5)


def test_what_does_not_fit_is_refused() -> None:
    layer = layers.Dense(1)
    with pytest.raises(StateError, match="built"):
        layer.stateless_call([], [], X)
    layer.build((None, 2))
    with pytest.raises(ArgumentError, match="2 trainable variables; got 1"):
        layer.stateless_call([np.ones((2, 1))], [], X)
    with pytest.raises(ShapeError, match="kernel"):
        layer.stateless_call([np.ones((3, 1)), np.ones(1)], [], X)
    np.testing.assert_array_equal(layer.bias.numpy(), [0.0])
