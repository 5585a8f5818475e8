"""Layers that change pictures by chance, and layers that turn texts into numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipekeras import Sequential, layers
from pipekeras.core import serialization
from pipekeras.core.errors import ArgumentError, ConfigurationError, DataError, ShapeError, StateError
from pipekeras.layers.preprocessing.fingerprints import fingerprint64, keyed_hash64

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
    with pytest.raises(ConfigurationError, match="its input is numbers"):
        layers.TextVectorization(vocabulary=["x"])(layers.Input((1,)))


def test_hashing_gives_the_numbers_of_tensorflow() -> None:
    # Noted from Keras 3.15 on TensorFlow 2.21.
    assert layers.Hashing(50)(np.array([[1, 2], [300, -4]])).numpy().tolist() == [[49, 9], [45, 20]]
    assert layers.Hashing(5, mask_value="A")([["A", "B"], ["C", "D"]]).numpy().tolist() == [[0, 1], [4, 4]]
    assert layers.Hashing(3, salt=[133137, 137])(["A", "B", "C", "D", "E"]).numpy().tolist() == [0, 2, 0, 0, 0]
    marked = layers.Hashing(5, output_mode="multi_hot")([["A", "B"], ["C", "D"]]).numpy()
    assert marked.tolist() == [[0, 0, 0, 1, 1], [1, 0, 1, 0, 0]]
    pairs = (["A", "B", "A", "B", "A"], np.array([101, 101, 101, 102, 102]))
    assert layers.HashedCrossing(500)(pairs).numpy().tolist() == [391, 254, 391, 76, 23]
    assert layers.HashedCrossing(6)(([["a"], ["b"]], [["x"], ["y"]])).numpy().tolist() == [[4], [1]]
    with pytest.raises(ShapeError, match="all"):
        layers.HashedCrossing(6)((["a"], [["x"]]))
    with pytest.raises(ArgumentError, match="two or more"):
        layers.HashedCrossing(6)([["a", "b"]])


def test_fingerprints_of_all_lengths_are_those_of_tensorflow() -> None:
    # FarmHash mixes texts of up to 3, 7, 16, 32, 64 and more bytes in ways of their own.
    noted = {
        "": 0x9AE16A3B2F90404F,
        "a": 0xB3454265B6DF75E3,
        "abc": 0x24A5B3A074E7F369,
        "abcdefgh": 0xFEE9D22990C82909,
        "x" * 17: 0x9CE745A1F3812FA5,
        "y" * 32: 0x60A18CF87766FD4F,
        "z" * 33: 0xDB8508360D433B6F,
        "w" * 64: 0x3F380F640E6F07FA,
        "v" * 65: 0x8D92E5C887AB92A0,
        "hello world " * 20: 0x2DA990786B226F3C,
        "naïve": 0x98EA3B7590CCA661,
    }
    assert {text: fingerprint64(text.encode()) for text in noted} == noted
    assert keyed_hash64(b"abcdefghi", (1, 2)) % (1 << 62) == 545485191183657959
    assert keyed_hash64(b"hello world " * 20, (1, 2)) % (1 << 62) == 2360880623478010354


def test_unknown_words_share_places_as_in_tensorflow() -> None:
    words = ["1", "2", "3", "4", "5", "12"]
    assert layers.StringLookup(vocabulary=["a"], num_oov_indices=3)(words).numpy().tolist() == [0, 1, 0, 2, 1, 1]
    salted = layers.StringLookup(vocabulary=["a"], num_oov_indices=3, salt=5)
    assert salted(words).numpy().tolist() == [1, 0, 1, 2, 0, 0]
    numbers = [1, 2, 3, 4, -5, -7, 12]
    by_rest = layers.IntegerLookup(vocabulary=[12, 36], num_oov_indices=3)
    assert by_rest(numbers).numpy().tolist() == [1, 2, 0, 1, 1, 2, 3]
    hashed = layers.IntegerLookup(vocabulary=[12, 36], num_oov_indices=3, oov_method="farmhash")
    assert hashed(numbers).numpy().tolist() == [0, 1, 0, 2, 0, 2, 3]
    with pytest.raises(ConfigurationError, match="oov_method"):
        layers.IntegerLookup(vocabulary=[12], salt=7)


@pytest.mark.parametrize("mode", ["one_hot", "multi_hot", "count"])
def test_padding_words_count_nowhere_in_vectors(mode: str) -> None:
    layer = layers.StringLookup(vocabulary=["a", "b"], mask_token="", output_mode=mode)
    expected = [[[0, 1, 0], [0, 0, 0]]] if mode == "one_hot" else [[0, 1, 0]]
    assert layer([["a", ""]]).numpy().tolist() == expected


def test_text_is_cut_as_tensorflow_cuts_it() -> None:
    layer = layers.TextVectorization()
    layer.adapt(["The cat, sat!", "the dog's cat", "a  b\tc ünï Éa"])
    assert layer.get_vocabulary() == ["", "[UNK]", "the", "cat", "ünï", "Éa", "sat", "dogs", "c", "b", "a"]
    letters = layers.TextVectorization(split="character", vocabulary=[" ", "a"])
    assert letters(["a a"]).numpy().tolist() == [[3, 2, 3]]


@pytest.mark.parametrize(
    "layer",
    [
        layers.TextVectorization(vocabulary=["a", "b"], output_sequence_length=3),
        layers.StringLookup(vocabulary=["a"]),
        layers.IntegerLookup(vocabulary=[3]),
        layers.Hashing(7, salt=2),
        layers.HashedCrossing(7, output_mode="one_hot"),
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


def test_moments_have_an_axis_for_each_of_the_inputs() -> None:
    layer = layers.Normalization()
    assert layer.mean is None
    layer.adapt(np.array([[1.0, 2.0], [3.0, 6.0]]))
    assert layer.mean.numpy().tolist() == [[2.0, 4.0]]
    assert layer.variance.numpy().tolist() == [[1.0, 4.0]]
    given = layers.Normalization(mean=3.0, variance=4.0)
    given.build((None, 2))
    assert given.mean.numpy().tolist() == [[3.0, 3.0]]


@pytest.mark.parametrize("mode", ["one_hot", "multi_hot", "count"])
def test_places_and_counts_are_whole_numbers(mode: str) -> None:
    assert layers.IntegerLookup(vocabulary=[1, 2], output_mode=mode)(np.array([1, 1, 9])).dtype == "int32"
    assert layers.StringLookup(vocabulary=["a"], output_mode=mode)(np.array(["a", "b"])).dtype == "int32"
