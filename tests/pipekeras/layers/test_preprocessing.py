"""Layers that change pictures by chance, and layers that turn texts into numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipekeras import Sequential, layers
from pipekeras.core import serialization
from pipekeras.core.errors import ConfigurationError, DataError, StateError

PICTURES = np.arange(2 * 4 * 5 * 3, dtype="float32").reshape(2, 4, 5, 3)


def test_flips_give_each_picture_or_its_mirror_image() -> None:
    layer = layers.RandomFlip("horizontal", seed=1)
    seen = set()
    for _ in range(12):
        for picture, made in zip(PICTURES, layer(PICTURES).numpy(), strict=True):
            mirrored = np.array_equal(made, picture[:, ::-1])
            assert mirrored or np.array_equal(made, picture)
            seen.add(mirrored)
    assert seen == {True, False}


@pytest.mark.parametrize(
    "layer",
    [
        layers.RandomFlip(),
        layers.RandomRotation(0.3),
        layers.RandomZoom(0.4),
        layers.RandomTranslation(0.4, 0.4),
        layers.RandomContrast(0.5),
        layers.RandomBrightness(0.5),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_nothing_changes_outside_of_training_and_something_within(layer: Any) -> None:
    np.testing.assert_array_equal(layer(PICTURES, training=False).numpy(), PICTURES)
    assert any(not np.array_equal(layer(PICTURES).numpy(), PICTURES) for _ in range(8))
    np.testing.assert_array_equal(Sequential([layer]).predict(PICTURES, verbose=0), PICTURES)


def test_contrast_keeps_the_mean_and_scales_the_rest() -> None:
    made = layers.RandomContrast(0.5, value_range=(-1e6, 1e6), seed=2)(PICTURES).numpy()
    means = PICTURES.mean(axis=(1, 2), keepdims=True)
    np.testing.assert_allclose(made.mean(axis=(1, 2), keepdims=True), means, rtol=1e-5)
    shares = (made - means)[:, 0, 0, 0] / (PICTURES - means)[:, 0, 0, 0]
    assert ((shares >= 0.5) & (shares <= 1.5)).all()
    assert shares[0] != shares[1]


def test_a_random_crop_is_a_part_of_the_picture() -> None:
    layer = layers.RandomCrop(2, 3, seed=3)
    parts = {PICTURES[0, top : top + 2, left : left + 3].tobytes() for top in range(3) for left in range(3)}
    found = {layer(PICTURES).numpy()[0].tobytes() for _ in range(20)}
    assert found <= parts
    assert len(found) > 2
    assert layer(PICTURES, training=False).shape == (2, 2, 3, 3)


def test_augmentation_trains_inside_of_a_model() -> None:
    model = Sequential([layers.RandomFlip(), layers.RandomRotation(0.1), layers.Flatten(), layers.Dense(1)])
    model.compile("sgd", "mse")
    history = model.fit(PICTURES / 100, np.ones((2, 1)), epochs=2, verbose=0)
    assert np.isfinite(history.history["loss"]).all()


def test_text_vectorization_counts_cuts_and_pads() -> None:
    layer = layers.TextVectorization(output_sequence_length=4)
    layer.adapt(["the cat sat", "The dog; the cat!"])
    assert layer.get_vocabulary() == ["", "[UNK]", "the", "cat", "sat", "dog"]
    assert layer(["the bird sat", "dog"]).numpy().tolist() == [[2, 1, 4, 0], [5, 0, 0, 0]]
    counted = layers.TextVectorization(vocabulary=["a", "b"], output_mode="count")
    assert counted(["a b a x"]).numpy().tolist() == [[1.0, 2.0, 1.0]]
    grouped = layers.TextVectorization(ngrams=2, output_mode="multi_hot", vocabulary=["a b", "b"])
    assert grouped([["a b"]]).numpy().tolist() == [[1.0, 1.0, 1.0]]


def test_text_vectorization_agrees_with_keras_on_weights_of_terms() -> None:
    layer = layers.TextVectorization(output_mode="tf_idf")
    layer.adapt(["a b", "a c", "a"])
    # idf = log(1 + documents / (1 + documents with the word))
    expected = {"a": np.log(1 + 3 / 4), "b": np.log(1 + 3 / 2), "c": np.log(1 + 3 / 2)}
    row = layer(["a a b"]).numpy()[0]
    for word, number in zip(layer.get_vocabulary(), row, strict=True):
        wanted = {"a": 2 * expected["a"], "b": expected["b"]}.get(word, 0.0)
        assert number == pytest.approx(wanted)


def test_lookups_invert_and_refuse() -> None:
    forward = layers.StringLookup(vocabulary=["x", "y"])
    backward = layers.StringLookup(vocabulary=["x", "y"], invert=True)
    assert backward(forward(["y", "q", "x"])).tolist() == ["y", "[UNK]", "x"]
    assert layers.IntegerLookup(vocabulary=[7, 9], output_mode="one_hot")([[9], [1]]).numpy().tolist() == [[0, 0, 1], [1, 0, 0]]
    with pytest.raises(DataError, match="num_oov_indices is 0"):
        layers.StringLookup(vocabulary=["x"], num_oov_indices=0)(["z"])
    with pytest.raises(StateError, match="no vocabulary"):
        layers.StringLookup()(["x"])
    with pytest.raises(ConfigurationError, match="twice"):
        layers.StringLookup(vocabulary=["x", "x"])
    with pytest.raises(DataError, match="before the model"):
        layers.TextVectorization(vocabulary=["x"])(layers.Input((1,)))


def test_hashing_is_the_same_in_every_process() -> None:
    assert layers.Hashing(1000)(["a", "b"]).numpy().tolist() == [907, 681]


@pytest.mark.parametrize(
    "layer",
    [
        layers.TextVectorization(vocabulary=["a", "b"], output_sequence_length=3),
        layers.StringLookup(vocabulary=["a"]),
        layers.IntegerLookup(vocabulary=[3]),
        layers.Hashing(7, salt=2),
        layers.RandomFlip(seed=4),
        layers.RandomContrast((0.1, 0.2)),
        layers.RandomCrop(2, 2),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_configs_make_equal_layers(layer: Any) -> None:
    again = serialization.deserialize(serialization.serialize(layer))
    assert type(again) is type(layer)
    assert serialization.serialize(again) == serialization.serialize(layer)
