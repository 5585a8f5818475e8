"""Losses and metrics that read tensors from inside the model, as that of a variational autoencoder does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import pipekeras as pk
from pipekeras import ops
from pipekeras.core.errors import ConfigurationError, ShapeError


def _parts() -> tuple[Any, Any, Any, Any]:
    inputs = pk.Input((6,))
    hidden = pk.layers.Dense(4, activation="tanh")(inputs)
    mean, spread = pk.layers.Dense(2)(hidden), pk.layers.Dense(2)(hidden)
    return inputs, mean, spread, pk.Model(inputs, pk.layers.Dense(6)(mean + 0 * spread))


def _divergence(mean: Any, spread: Any) -> Any:
    return -0.5 * ops.mean(1 + spread - ops.square(mean) - ops.exp(spread), axis=-1)


@pytest.mark.parametrize("before", [False, True], ids=["inside the loss", "before the loss"])
@pytest.mark.parametrize("eager", [False, True], ids=["compiled", "eager"])
def test_a_loss_reads_tensors_of_the_model(before: bool, eager: bool) -> None:
    inputs, mean, spread, model = _parts()
    beside = _divergence(mean, spread)

    def loss(truth: Any, prediction: Any) -> Any:
        return ops.mean(ops.square(truth - prediction), axis=-1) + (beside if before else _divergence(mean, spread))

    def seen(truth: Any, prediction: Any) -> Any:
        return ops.mean(spread)

    model.compile("sgd", loss, metrics=[seen], run_eagerly=eager)
    data = np.random.default_rng(0).normal(size=(12, 6)).astype("float32")
    means, spreads = pk.Model(inputs, [mean, spread]).predict(data, verbose=0)
    expected = np.mean((data - model.predict(data, verbose=0)) ** 2) + np.mean(
        -0.5 * np.mean(1 + spreads - means**2 - np.exp(spreads), axis=-1)
    )
    found = model.evaluate(data, data, verbose=0)
    np.testing.assert_allclose(found, [expected, spreads.mean()], rtol=1e-5)
    losses = model.fit(data, data, epochs=3, verbose=0).history["loss"]
    assert losses[2] < losses[0]


def test_a_tensor_of_another_model_is_told() -> None:
    _, _, _, model = _parts()
    other = pk.layers.Dense(1)(pk.Input((3,)))
    model.compile("sgd", lambda truth, prediction: ops.mean(ops.square(truth - prediction)) + ops.mean(other))
    with pytest.raises((ConfigurationError, ShapeError), match="does not follow from the model's inputs"):
        model.fit(np.zeros((4, 6)), np.zeros((4, 6)), verbose=0)
