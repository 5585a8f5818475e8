"""Pictures made higher or wider by chance: sizes are drawn while training alone, and a compiled program takes them all."""

from __future__ import annotations

import pathlib
from typing import Any

import numpy as np
import pytest

import pipekeras as pk
from pipekeras import layers
from pipekeras.core.errors import ConfigurationError, DataError
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace

PICTURES = np.random.RandomState(0).rand(12, 6, 8, 1).astype("float32")
MEANS = PICTURES.mean((1, 2, 3))


def small() -> Any:
    return pk.Sequential(
        [
            pk.Input((6, 8, 1)),
            layers.RandomHeight(0.4, seed=1),
            layers.RandomWidth((-0.2, 0.5)),
            layers.Conv2D(3, 3, activation="relu"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(1),
        ]
    )


@pytest.mark.parametrize(("kind", "axis"), [(layers.RandomHeight, 1), (layers.RandomWidth, 2)])
def test_one_side_is_drawn_while_training(kind: Any, axis: int) -> None:
    layer = kind((-0.5, 0.5), seed=3)
    sizes = set()
    for _ in range(20):
        shape = list(layer(PICTURES, training=True).shape)
        sizes.add(shape.pop(axis))
        assert shape == [size for place, size in enumerate(PICTURES.shape) if place != axis]
    side = PICTURES.shape[axis]
    assert len(sizes) > 3 and min(sizes) >= side // 2 and max(sizes) <= side * 3 // 2
    np.testing.assert_array_equal(layer(PICTURES, training=False).numpy(), PICTURES)
    assert layer.compute_output_shape((None, 6, 8, 1))[axis] is None


def test_a_certain_factor_resizes() -> None:
    made = layers.RandomHeight((1.0, 1.0), interpolation="nearest")(PICTURES, training=True)
    np.testing.assert_array_equal(made.numpy(), PICTURES.repeat(2, axis=1))
    first = layers.RandomWidth((0.5, 0.5), data_format="channels_first")(PICTURES.transpose(0, 3, 1, 2), training=True)
    assert first.shape == (12, 1, 6, 12)


def test_models_that_begin_with_it_train_and_are_kept(tmp_path: pathlib.Path) -> None:
    model = small()
    model.compile("adam", "mse")
    history = model.fit(PICTURES, MEANS, batch_size=4, epochs=2, validation_split=0.25, verbose=0).history
    assert np.isfinite(history["loss"] + history["val_loss"]).all()
    path = tmp_path / "model.keras"
    model.save(path)
    again = pk.models.load_model(path)
    np.testing.assert_array_equal(model.predict(PICTURES, verbose=0), again.predict(PICTURES, verbose=0))
    np.testing.assert_allclose(model(PICTURES, training=False).numpy(), model.predict(PICTURES, verbose=0), rtol=1e-5)


def test_what_learns_does_not_stand_before_it() -> None:
    model = pk.Sequential([pk.Input((6, 8, 1)), layers.Conv2D(2, 3), layers.RandomHeight(0.2), layers.GlobalMaxPooling2D()])
    model.compile("sgd", "mse")
    with pytest.raises(ConfigurationError, match="learns, and a layer after it"):
        model.fit(PICTURES, np.zeros((12, 2)), verbose=0)


def test_models_written_by_hand_run_op_by_op() -> None:
    class Own(pk.Model):
        def __init__(self) -> None:
            super().__init__()
            self.sides, self.tail = layers.RandomHeight(0.3), pk.Sequential([layers.GlobalMaxPooling2D(), layers.Dense(1)])

        def call(self, inputs: Any, training: Any = None) -> Any:
            return self.tail(self.sides(inputs, training=training))

    model = Own()
    model.compile("sgd", "mse")
    with pytest.warns(UserWarning, match="runs op by op"):
        model.fit(PICTURES, MEANS, verbose=0)
    with pytest.raises(DataError, match="works on data"):
        trace(lambda x: layers.RandomHeight(0.3)(x, training=True), [Tensor.symbolic(PICTURES.shape, "float32")])


@pytest.mark.parametrize("factor", [-1.5, 1.5, (-1.0, 0.0), (0.5, 0.1)])
def test_factors_that_leave_nothing_are_refused(factor: Any) -> None:
    with pytest.raises(ConfigurationError, match="factor"):
        layers.RandomHeight(factor)
