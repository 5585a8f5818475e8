"""Corners that once differed from Keras: names of weighted metrics, masks of lists in files, steps of models without a call."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import pipekeras
from pipekeras import GradientTape, Input, Model, Sequential, layers, metrics, models, ops
from pipekeras.core.errors import ShapeError
from pipekeras.data import Dataset


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


def test_a_step_of_its_own_may_read_batches_that_call_does_not_know() -> None:
    """Three pictures a sample (anchor, like, unlike) in a data set: Keras takes them for x, y and sample_weight."""

    class Triplet(Model):
        def __init__(self) -> None:
            super().__init__()
            left, right = Input((2,)), Input((2,))
            shared = layers.Dense(2)
            self.pair = Model([left, right], [shared(left), shared(right)])
            self.loss_tracker = metrics.Mean(name="loss")

        def call(self, inputs: Any) -> Any:
            return self.pair(inputs)

        def train_step(self, data: Any) -> dict[str, Any]:
            anchor, like, unlike = data
            with GradientTape() as tape:
                near = ops.square(ops.subtract(*self.pair([anchor, like])))
                far = ops.square(ops.subtract(*self.pair([anchor, unlike])))
                loss = ops.mean(ops.maximum(near - far + 0.5, 0.0))
            weights = self.pair.trainable_weights
            self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
            self.loss_tracker.update_state(loss)
            return {"loss": self.loss_tracker.result()}

        @property
        def metrics(self) -> list[Any]:
            return [self.loss_tracker]

    rows = [np.random.default_rng(seed).normal(size=(8, 2)).astype("float32") for seed in range(3)]
    parts = tuple(Dataset.from_tensor_slices(array) for array in rows)
    model = Triplet()
    model.compile("sgd")
    before = model.pair.get_weights()
    history = model.fit(Dataset.zip(parts).batch(4), epochs=2, verbose=0)
    assert np.isfinite(history.history["loss"]).all()
    assert any((old != new).any() for old, new in zip(before, model.pair.get_weights(), strict=True))


def test_a_loss_of_its_own_need_not_know_of_training() -> None:
    class Scaled(Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = layers.Dense(1, kernel_initializer="ones")

        def call(self, inputs: Any) -> Any:
            return self.dense(inputs)

        def compute_loss(self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None) -> Any:
            return 10 * ops.mean(ops.abs(y - y_pred))

    model = Scaled()
    model.compile("sgd")
    assert model.evaluate(np.ones((4, 2)), np.ones((4, 1)), verbose=0) == 10.0
    model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)


def test_targets_of_outputs_without_a_loss_may_be_left_out() -> None:
    inputs = Input((4,))
    hidden = layers.Dense(3, kernel_initializer="ones")(inputs)
    model = Model(inputs, [layers.Dense(2, kernel_initializer="ones", name="out")(hidden), hidden])
    model.compile("sgd", loss=["mse", None], metrics=[["mae"], []])
    x, y = np.ones((8, 4)), np.ones((8, 2))
    found = model.evaluate(x, y, verbose=0, return_dict=True)
    assert found["loss"] == 121.0
    assert found["out_mae"] == 11.0
    weighted = model.evaluate(x, y, sample_weight=np.arange(8) % 2, verbose=0, return_dict=True)
    assert weighted["loss"] == 60.5
    model.fit(x, y, epochs=1, verbose=0)
    model.fit(x, [y, np.zeros((8, 3))], epochs=1, verbose=0)


def test_a_stack_that_saw_its_shape_in_data_takes_other_lengths() -> None:
    model = Sequential([layers.Dense(3), layers.Dense(2)])
    assert model(np.ones((2, 5, 4))).shape == (2, 5, 2)
    assert model(np.ones((2, 7, 4))).shape == (2, 7, 2)
    assert model.input_shape == (None, None, 4)
    with pytest.raises(ShapeError, match="needs shape"):
        model(np.ones((2, 7, 5)))
    assert model.input_shape == (None, None, 4)
    assert model.layers[0].output.shape == (None, None, 3)
    flat = Sequential([layers.Flatten(), layers.Dense(2)])
    flat(np.ones((2, 3, 4)))
    with pytest.raises(ShapeError, match="needs shape"):
        flat(np.ones((2, 4, 4)))
    assert flat.input_shape == (None, 3, 4)
