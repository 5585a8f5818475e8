"""`model(x)` gives the same warm and cold, sees new weights and layers, and leaves tapes and traces alone."""

from __future__ import annotations

import numpy as np

from pipekeras import GradientTape, Input, Sequential, layers, ops
from pipekeras.models.direct import WARM

X = np.random.default_rng(0).normal(size=(4, 6)).astype("float32")


def stack() -> Sequential:
    return Sequential([Input((6,)), layers.Dense(5, activation="tanh"), layers.Dropout(0.5), layers.Dense(2)])


def test_warm_calls_equal_cold_ones_and_own_their_values() -> None:
    model = stack()
    results = [model(X) for _ in range(WARM + 4)]
    assert model.__dict__["_direct_calls"]._programs
    for found in results[1:]:
        np.testing.assert_allclose(found.numpy(), results[0].numpy(), rtol=1e-5, atol=1e-6)
    kept = results[-1].numpy()
    model(X + 1)
    assert np.array_equal(kept, results[-1].numpy())
    np.testing.assert_allclose(model(X.astype("float64")).numpy(), kept, rtol=1e-5, atol=1e-6)


def test_new_weights_and_new_layers_are_seen() -> None:
    model = stack()
    for _ in range(WARM + 2):
        before = model(X).numpy()
    model.set_weights([weight * 2 for weight in model.get_weights()])
    assert not np.allclose(model(X).numpy(), before)
    model.add(layers.Dense(3))
    assert model(X).shape == (4, 3)
    model.pop()
    assert model(X).shape == (4, 2)


def test_training_calls_and_tapes_run_op_by_op() -> None:
    model = stack()
    for _ in range(WARM + 2):
        model(X)
    assert not np.array_equal(model(X, training=True).numpy(), model(X, training=True).numpy())
    with GradientTape() as tape:
        loss = ops.sum(model(X))
    assert all(gradient is not None for gradient in tape.gradient(loss, model.trainable_weights))
