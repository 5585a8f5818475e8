"""Layers that change pictures: against numbers of Keras where nothing is drawn, and by what must hold where something is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipekeras import Input, Model, Sequential, layers
from pipekeras.core import configuration, serialization
from pipekeras.core.errors import ArgumentError, ConfigurationError
from pipekeras.core.registry import find

PICTURE = (np.arange(72).reshape(1, 6, 4, 3) * 37 % 256).astype("float32")
# Mean, deviation and three values of what Keras 3.15 on JAX gives.
NOTED: list[tuple[str, dict[str, Any], list[float]]] = [
    ("Equalization", {"bins": 16}, [126.056, 79.606, 162.0, 174.0, 23.0]),
    ("Equalization", {"value_range": (0, 300)}, [150.0, 90.347, 182.353, 208.235, 38.824]),
    (
        "ContrastLimitedAdaptiveHistogramEqualization",
        {"tile_grid_size": (2, 2), "clip_limit": 1.5},
        [123.05, 74.514, 154.268, 169.035, 30.441],
    ),
    (
        "ContrastLimitedAdaptiveHistogramEqualization",
        {"tile_grid_size": (4, 3)},
        [124.189, 74.447, 155.551, 168.396, 32.117],
    ),
    ("RandomHue", {"factor": (1, 1)}, [124.403, 74.768, 228.0, 95.0, 249.0]),
    ("RandomSaturation", {"factor": (0.3, 0.3)}, [156.19, 55.67, 196.286, 169.0, 155.143]),
    ("RandomSharpness", {"factor": (0.1, 0.1)}, [105.326, 36.881, 138.246, 153.246, 46.985]),
    ("RandomColorDegeneration", {"factor": (0.4, 0.4)}, [121.867, 60.575, 166.056, 151.458, 57.87]),
    ("RandomPosterization", {"factor": (3, 3)}, [107.111, 75.077, 128.0, 160.0, 0.0]),
    ("Solarization", {}, [132.611, 74.576, 101.0, 86.0, 225.0]),
    ("RandomInvert", {"factor": (1, 1)}, [132.611, 74.576, 101.0, 86.0, 225.0]),
    ("RandomGrayscale", {"factor": 1.0}, [121.085, 55.206, 184.14, 125.146, 99.674]),
    ("RandomGaussianBlur", {"factor": (1, 1), "sigma": (0.7, 0.7)}, [102.516, 25.697, 122.842, 137.842, 54.018]),
]
DRAWN: list[Any] = [
    layers.RandomShear(0.3, 0.2, seed=1),
    layers.RandomPerspective(factor=(1, 1), scale=0.4, seed=1),
    layers.RandomElasticTransform(factor=(1, 1), scale=(0.5, 1), seed=1),
    layers.RandomErasing(factor=(1, 1), scale=(0.2, 0.4), seed=1),
    layers.RandomColorJitter(brightness_factor=0.2, contrast_factor=0.2, saturation_factor=0.2, hue_factor=0.2, seed=1),
    layers.MixUp(seed=1),
    layers.CutMix(seed=1),
    layers.RandAugment(seed=1),
    layers.AugMix(num_chains=2, chain_depth=1, seed=1),
]


def layer_class(name: str) -> Any:
    return find("layer", name)


@pytest.mark.parametrize(("name", "options", "expected"), NOTED, ids=lambda value: str(value)[:40])
def test_what_is_not_drawn_is_as_in_keras(name: str, options: dict[str, Any], expected: list[float]) -> None:
    layer = layer_class(name)(**options)
    made = layer(PICTURE).numpy()
    found = [made.mean(), made.std(), made[0, 1, 2, 0], made[0, 4, 1, 2], made[0, 5, 3, 1]]
    assert np.allclose(found, expected, atol=2e-3)
    if name in ("Solarization",):
        return
    first = layer_class(name)(**options, data_format="channels_first")(PICTURE.transpose(0, 3, 1, 2)).numpy()
    assert np.allclose(first.transpose(0, 2, 3, 1), made, atol=1e-3)


@pytest.mark.parametrize("layer", DRAWN, ids=lambda layer: type(layer).__name__)
def test_what_is_drawn_stays_in_range_and_out_of_inference(layer: Any) -> None:
    configuration.set_random_seed(3)
    pictures = np.random.default_rng(1).uniform(0, 255, (4, 8, 8, 3)).astype("float32")
    made = layer(pictures).numpy()
    assert made.shape == pictures.shape and not np.allclose(made, pictures)
    assert made.min() >= -1e-3 and made.max() <= 255 + 1e-3
    assert np.array_equal(layer(pictures, training=False).numpy(), pictures)
    assert layer(pictures[0]).shape == (8, 8, 3) or isinstance(layer, layers.MixUp | layers.CutMix)
    again = serialization.deserialize(serialization.serialize(layer))
    assert serialization.serialize(again) == serialization.serialize(layer)


def test_mixed_labels_follow_the_pictures() -> None:
    configuration.set_random_seed(4)
    pictures = np.arange(4.0).reshape(4, 1, 1, 1) * np.ones((4, 6, 6, 1))
    labels = np.eye(4)
    for layer in (layers.MixUp(alpha=1.0), layers.CutMix()):
        made = layer({"images": pictures, "labels": labels})
        shares = made["labels"].numpy()
        assert np.allclose(shares.sum(axis=1), 1.0)
        # A picture of the value k has the label k: the mean of a mixture is what its labels say, to a pixel's width.
        told, seen = shares @ np.arange(4.0), made["images"].numpy().mean(axis=(1, 2, 3))
        assert np.abs(told - seen).max() < (1e-5 if isinstance(layer, layers.MixUp) else 1.2)


def test_a_model_trains_through_changed_pictures() -> None:
    model = Sequential([layers.RandomInvert(value_range=(0, 1)), layers.Flatten(), layers.Dense(1)])
    model.compile("sgd", "mse")
    pictures = np.random.default_rng(1).uniform(0, 1, (4, 2, 2, 1))
    assert np.isfinite(model.fit(pictures, np.zeros(4), epochs=2, verbose=0).history["loss"]).all()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: layers.RandomHue(1.5), "between 0 and 1"),
        (lambda: layers.RandomPosterization(9), "between 1 and 8"),
        (lambda: layers.AutoContrast(value_range=3), "two different numbers"),
        (lambda: layers.RandomGaussianBlur(kernel_size=4), "odd"),
        (lambda: layers.Pipeline(["relu"]), "list of layers"),
        (lambda: layers.STFTSpectrogram(frame_length=8, frame_step=9), "must not exceed"),
        (lambda: layers.STFTSpectrogram(frame_length=8, window="box"), "unknown window"),
        (lambda: layers.MelSpectrogram(fft_length=8, sequence_length=9), "must not exceed"),
        (lambda: layers.HashedCrossing(0), "1 or more"),
    ],
)
def test_options_that_make_no_sense_are_refused(wrong: Any, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        wrong()


def test_boxes_are_cut_or_filled_up() -> None:
    data = {"images": PICTURE, "bounding_boxes": {"boxes": np.ones((1, 3, 4)), "labels": np.ones((1, 3))}}
    made = layers.MaxNumBoundingBoxes(2)(data)["bounding_boxes"]
    assert made["boxes"].shape == (1, 2, 4) and made["labels"].shape == (1, 2)
    assert layers.MaxNumBoundingBoxes(4, fill_value=-2)(data)["bounding_boxes"]["labels"].numpy().tolist() == [[1, 1, 1, -2]]
    with pytest.raises(ArgumentError, match="hold 'boxes' and 'labels'"):
        layers.MaxNumBoundingBoxes(2)({"images": PICTURE, "bounding_boxes": {"boxes": np.ones((1, 3, 4))}})


def test_a_pipeline_is_saved_with_its_layers() -> None:
    pipeline = layers.Pipeline([layers.Rescaling(0.5), layers.RandomFlip(seed=1)])
    source = Input((4, 4, 1))
    model = Model(source, pipeline(source))
    again = Model.from_config(model.get_config())
    assert [type(layer).__name__ for layer in again.layers[1].layers] == ["Rescaling", "RandomFlip"]
    assert np.allclose(again.predict(np.ones((2, 4, 4, 1))), 0.5)


def test_reversible_embeddings_share_their_table() -> None:
    layer = layers.ReversibleEmbedding(6, 4, mask_zero=True)
    vectors = layer(np.array([[1, 0]]))
    scores = layer(vectors, reverse=True).numpy()
    table = layer.get_weights()[0]
    assert np.allclose(scores, table[[[1, 0]]] @ table.T, atol=1e-6)
    assert vectors.mask is not None and vectors.mask.numpy().tolist() == [[True, False]]
    apart = layers.ReversibleEmbedding(6, 4, tie_weights=False, logit_soft_cap=0.5)
    apart.build((None, 2))
    assert [weight.shape for weight in apart.get_weights()] == [(6, 4), (4, 6)]
    assert np.abs(apart(np.full((1, 2, 4), 100.0), reverse=True).numpy()).max() <= 0.5


def test_resizing_fills_up_the_same_on_both_sides():
    """Where one line is missing, Keras leaves it out and stretches what is there."""
    x = np.arange(6.0, dtype="float32").reshape(1, 2, 3, 1)
    filled = layers.Resizing(2, 4, interpolation="nearest", pad_to_aspect_ratio=True, fill_value=9.0)
    plain = layers.Resizing(2, 4, interpolation="nearest")
    np.testing.assert_array_equal(filled(x), plain(x))
    assert filled(x[:, :, :2])[0, 0, :, 0].numpy().tolist() == [9.0, 0.0, 1.0, 9.0]


def test_resizing_weighs_what_a_smaller_picture_covers():
    x = np.asarray([0.0, 0.0, 0.0, 8.0, 8.0, 0.0, 0.0, 0.0], "float32").reshape(1, 1, 8, 1)
    found = [layers.Resizing(1, 2, antialias=chosen)(x).numpy().ravel() for chosen in (False, True)]
    np.testing.assert_allclose(found[0], [0.0, 0.0], atol=1e-6)
    # Triangles that reach four elements far: the middle two count 0.625 and 0.375 of the 3.5 that all together count.
    np.testing.assert_allclose(found[1], [2.2857144, 2.2857144], atol=1e-5)
    assert layers.Resizing(1, 2, antialias=True).get_config()["antialias"] is True
