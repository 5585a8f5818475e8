"""What scripts of Keras 1 and 2 do with models: generators, losses and metrics from outside, freezing after compile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from pipekeras import Input, Model, Sequential, layers
from pipekeras import backend as K
from pipekeras.core.errors import ArgumentError
from pipekeras.optimizers import Adam


def batches() -> Iterator[tuple[np.ndarray, np.ndarray]]:
    while True:
        yield np.ones((10, 4)), np.ones((10, 1))


def test_generators_under_their_older_names() -> None:
    model = Sequential([layers.Dense(1, input_dim=4)])
    model.compile("sgd", "mse", metrics=["mae"])
    history = model.fit_generator(
        batches(), samples_per_epoch=35, nb_epoch=2, validation_data=batches(), nb_val_samples=20, verbose=0, max_q_size=2
    )
    assert int(model.optimizer.iterations) == 8 and len(history.history["val_loss"]) == 2
    model.fit_generator(batches(), steps_per_epoch=3, epochs=1, verbose=0, workers=4, use_multiprocessing=True)
    assert int(model.optimizer.iterations) == 11
    assert len(model.evaluate_generator(batches(), steps=2)) == 2
    assert model.predict_generator(batches(), val_samples=30).shape == (30, 1)
    with pytest.raises(ArgumentError, match="stepz"):
        model.fit_generator(batches(), stepz=3)


def test_losses_and_metrics_of_the_graph_are_added_from_outside() -> None:
    a = Input((3,))
    h = layers.Dense(2)(a)
    model = Model(a, layers.Dense(1)(h))
    model.add_loss(0.1 * K.sum(K.square(h)))
    model.add_metric(K.mean(h), name="level", aggregation="mean")
    model.compile("sgd", "mse")
    x, y = np.ones((4, 3)), np.zeros((4, 1))
    hidden, output = Model(a, h).predict(x, verbose=0), model.predict(x, verbose=0)
    results = model.evaluate(x, y, verbose=0, return_dict=True)
    np.testing.assert_allclose(results["loss"], (output**2).mean() + 0.1 * (hidden**2).sum(), rtol=1e-5)
    np.testing.assert_allclose(results["level"], hidden.mean(), rtol=1e-5)
    losses = model.fit(x, y, epochs=5, verbose=0).history["loss"]
    assert losses[-1] < losses[0]


def test_what_is_frozen_after_compile_is_trained_until_the_next_one() -> None:
    shared = Adam(0.01)
    judge = Sequential([layers.Dense(3, activation="tanh", input_dim=2), layers.Dense(1, activation="sigmoid")])
    judge.compile(shared, "binary_crossentropy")
    maker = Sequential([layers.Dense(2, input_dim=2)])
    judge.trainable = False
    z = Input((2,))
    both = Model(z, judge(maker(z)))
    both.compile(shared, "binary_crossentropy")
    x, one = np.ones((4, 2)), np.ones((4, 1))
    for _ in range(2):
        before = judge.get_weights()[0], maker.get_weights()[0]
        judge.train_on_batch(x, one)
        assert np.abs(judge.get_weights()[0] - before[0]).max() > 0
        before = judge.get_weights()[0], maker.get_weights()[0]
        both.train_on_batch(x, one)
        assert np.abs(maker.get_weights()[0] - before[1]).max() > 0
        np.testing.assert_array_equal(judge.get_weights()[0], before[0])
    assert not judge.trainable and int(shared.iterations) == 4
    K.set_value(shared.lr, 0.0)
    before = judge.get_weights()[0], maker.get_weights()[0]
    judge.train_on_batch(x, one), both.train_on_batch(x, one)
    np.testing.assert_array_equal(maker.get_weights()[0], before[1])
    judge.compile("sgd", "mse")
    assert judge.trainable_weights == []


def test_arguments_of_weights_in_the_order_of_keras_2() -> None:
    class Line(layers.Layer):
        def build(self, input_shape: Any) -> None:
            self.w = self.add_weight("w", (input_shape[-1], 2), None, "ones")
            self.b = self.add_weight("b", shape=(2,), initializer="zeros")

        def call(self, inputs: Any) -> Any:
            self.add_metric(K.mean(inputs), name="level")
            return K.dot(inputs, self.w) + self.b

    layer = Line()
    np.testing.assert_array_equal(np.asarray(layer(np.ones((1, 3), "float32"))), [[3.0, 3.0]])
    assert [weight.name for weight in layer.weights] == ["w", "b"]
