"""Corners that once differed from Keras: names of weighted metrics, masks of lists in files, steps of models without a call."""

from __future__ import annotations

import numpy as np

import pipekeras
from pipekeras import Input, Model, Sequential, layers, metrics, models, ops


def test_a_weighted_metric_says_so_where_its_name_is_taken() -> None:
    model = Sequential([Input((3,)), layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["mae"], weighted_metrics=["mae", "mse"])
    found = model.evaluate(np.ones((4, 3)), np.ones((4, 1)), sample_weight=np.arange(4.0), verbose=0, return_dict=True)
    assert list(found) == ["loss", "mae", "weighted_mae", "mse"]


def test_masks_of_a_list_of_inputs_survive_a_config() -> None:
    first, second = Input((3, 2)), Input((4, 2))
    outputs = layers.Attention()([layers.Masking()(first), layers.Masking()(second)])
    model = Model([first, second], outputs)
    again = models.model_from_json(model.to_json())
    data = [np.random.default_rng(0).normal(size=(2, *shape)).astype("float32") for shape in ((3, 2), (4, 2))]
    data[1][0, 2:] = 0
    np.testing.assert_array_equal(again(data).numpy(), model(data).numpy())
    assert '"mask"' not in model.to_json()


def test_steps_that_learn_from_batches_are_batches_of_their_own() -> None:
    layer = layers.TimeDistributed(layers.BatchNormalization())
    x = np.random.default_rng(1).normal(size=(8, 3, 2)).astype("float32") * [[[1.0], [5.0], [9.0]]]
    found = layer(x.astype("float32"), training=True).numpy()
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-5)


def test_a_model_without_a_call_learns_by_its_own_step() -> None:
    class Pair(Model):
        def __init__(self, part: Model) -> None:
            super().__init__()
            self.part = part
            self.seen = metrics.Mean(name="seen")

        def train_step(self, data: object) -> dict[str, object]:
            with pipekeras.GradientTape() as tape:
                loss = ops.mean(ops.square(self.part(data) - 1.0))
            weights = self.part.trainable_weights
            self.rate.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
            self.seen.update_state(loss)
            return {"seen": self.seen.result()}

        def compile(self, rate: object) -> None:
            super().compile()
            self.rate = rate

    model = Pair(Sequential([Input((3,)), layers.Dense(1)]))
    model.compile(pipekeras.optimizers.SGD(0.1))
    history = model.fit(np.ones((4, 3), "float32"), epochs=3, verbose=0).history["seen"]
    assert history[2] < history[1] < history[0]
