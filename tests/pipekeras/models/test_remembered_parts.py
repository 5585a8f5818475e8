"""What follows from a model's parts is remembered from step to step, and found anew when a part changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import pipekeras as pk
from pipekeras import layers, ops
from pipekeras.core.errors import ShapeError

X, Y = np.ones((4, 3), np.float32), np.zeros((4, 2), np.float32)


def _model() -> Any:
    model = pk.Sequential([pk.Input((3,)), layers.Dense(5), layers.Dense(2)])
    model.compile("sgd", "mse")
    model.train_on_batch(X, Y)
    return model


def _changed(model: Any) -> list[bool]:
    before = model.get_weights()
    model.train_on_batch(X, Y)
    return [not np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True)]


def test_a_step_does_not_walk_over_the_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    model = _model()
    walks = []
    found = type(model)._all_layers
    monkeypatch.setattr(type(model), "_all_layers", lambda self: walks.append(self) or found(self))
    for _ in range(3):
        model.train_on_batch(X, Y)
    assert not walks


def test_freezing_counts_from_the_next_compile_on() -> None:
    model = _model()
    model.layers[0].trainable = False
    assert all(_changed(model))
    model.compile("sgd", "mse")
    assert _changed(model) == [False, False, True, True]
    model.layers[0].trainable = True
    assert _changed(model) == [False, False, True, True]
    model.compile("sgd", "mse")
    assert all(_changed(model))


def test_layers_added_and_taken_away_are_seen() -> None:
    model = _model()
    model.add(layers.Dense(2))
    assert len(model._flatten_layers()) == 4
    assert len(_changed(model)) == 6
    model.pop()
    assert len(model._flatten_layers()) == 3
    assert len(_changed(model)) == 4


def test_a_sequential_model_without_a_declared_shape_takes_other_lengths() -> None:
    model = pk.Sequential([layers.Dense(2)])
    assert model(np.ones((2, 5, 4))).shape == (2, 5, 2)
    assert model(np.ones((2, 6, 4))).shape == (2, 6, 2)
    model.compile("sgd", "mse")
    model.fit(np.ones((2, 7, 4)), np.ones((2, 7, 2)), verbose=0)
    with pytest.raises(ShapeError, match="needs shape"):
        model(np.ones((2, 5, 3)))


def test_ranges_up_to_a_size_that_is_not_known() -> None:
    class Positions(layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.words, self.places = layers.Embedding(9, 4), layers.Embedding(6, 4)
            self.after = pk.Sequential([layers.Dense(4)])

        def call(self, inputs: Any) -> Any:
            length = ops.shape(inputs)[-1]
            return self.after(self.words(inputs) + self.places(ops.arange(0, length, 1)))

    start = pk.Input((None,), dtype="int32")
    output = Positions()(start)
    assert output.shape == (None, None, 4)
    model = pk.Model(start, output)
    for length in (3, 5):
        assert model(np.ones((2, length), np.int32)).shape == (2, length, 4)


def test_masks_are_shown_as_keras_guides_show_them() -> None:
    embedded = layers.Embedding(5, 2, mask_zero=True)(np.array([[1, 0]]))
    assert embedded._keras_mask.numpy().tolist() == [[True, False]]
    assert layers.Dense(2)(np.ones((1, 2)))._keras_mask is None
