"""Steps that run op by op because `compile` was asked for it."""

from __future__ import annotations

from typing import Any

import numpy as np

import pipekeras
from pipekeras import layers
from pipekeras.graph.tensor import Tensor

RNG = np.random.default_rng(4)
X, Y = RNG.standard_normal((21, 3)).astype(np.float32), RNG.standard_normal((21, 1)).astype(np.float32)


class Watched(layers.Layer):
    """Notes whether the values it sees are there."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.seen: list[bool] = []

    def call(self, x: Any) -> Any:
        """Pass on."""
        self.seen.append(isinstance(x, Tensor) and x.data is not None)
        return x


def network(**settings: Any) -> tuple[Any, Watched]:
    pipekeras.utils.set_random_seed(2)
    watched = Watched()
    model = pipekeras.Sequential([pipekeras.Input((3,)), layers.Dense(5, "tanh"), watched, layers.Dense(1)])
    model.compile("adam", "mse", metrics=["mae"], **settings)
    watched.seen.clear()
    return model, watched


def test_every_batch_goes_through_python_and_gives_the_compiled_results() -> None:
    (eager, seen), (compiled, traced) = network(run_eagerly=True), network()
    histories = []
    for model in (eager, compiled):
        pipekeras.utils.set_random_seed(3)
        histories.append(model.fit(X, Y, batch_size=8, epochs=3, verbose=0, validation_data=(X, Y)).history)
    # Three batches in three epochs, and the validation's, which go by 8 too.
    assert sum(seen.seen) == 3 * (3 + 3)
    assert not any(traced.seen)
    for name, values in histories[1].items():
        np.testing.assert_allclose(histories[0][name], values, rtol=1e-4)
    for one, other in zip(eager.get_weights(), compiled.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_one_batch_and_predictions() -> None:
    (eager, seen), (compiled, _) = network(run_eagerly=True), network()
    np.testing.assert_allclose(eager.train_on_batch(X, Y), compiled.train_on_batch(X, Y), rtol=1e-5)
    np.testing.assert_allclose(eager.predict(X, batch_size=8, verbose=0), compiled.predict(X, verbose=0), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(eager.evaluate(X, Y, verbose=0), compiled.evaluate(X, Y, verbose=0), rtol=1e-5)
    assert sum(seen.seen) == 1 + 3 + 1


class Twice(pipekeras.Model):
    """Steps twice for each batch: the second step's derivatives begin at what the first one left."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = layers.Dense(1, kernel_initializer="ones", use_bias=False)

    def call(self, x: Any) -> Any:
        """Weigh the inputs."""
        return self.dense(x)

    def train_step(self, data: Any) -> Any:
        """Run two steps of the optimizer."""
        x, y = data
        loss = None
        for _ in range(2):
            with pipekeras.GradientTape() as tape:
                loss = pipekeras.ops.mean(pipekeras.ops.square(self(x) - y))
            self.optimizer.apply(tape.gradient(loss, self.trainable_weights), self.trainable_weights)
        return {"loss": loss}


def test_derivatives_end_at_what_an_optimizer_has_left() -> None:
    for optimizer in (pipekeras.optimizers.SGD, pipekeras.optimizers.Adam):
        weights = []
        for eager in (True, False):
            model = Twice()
            model.compile(optimizer(0.1), run_eagerly=eager)
            model.fit(np.ones((4, 2), np.float32), np.zeros((4, 1), np.float32), epochs=2, verbose=0)
            weights.append(model.get_weights()[0])
        np.testing.assert_allclose(weights[0], weights[1], rtol=1e-6)
