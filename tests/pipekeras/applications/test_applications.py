"""Known networks: sizes as published, weights that fit Keras' files, refusals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipekeras import applications
from pipekeras.applications import imagenet_utils
from pipekeras.core.errors import ConfigurationError, DataError, ShapeError

WEIGHTS = {"MobileNet": 4_253_864, "MobileNetV2": 3_538_984, "ResNet50": 25_636_712}


@pytest.mark.parametrize("name", WEIGHTS)
def test_networks_have_as_many_weights_as_keras_has(name: str) -> None:
    assert getattr(applications, name)(weights=None).count_params() == WEIGHTS[name]


def test_small_mobilenets_of_the_third_version_have_as_many_weights_as_keras_has() -> None:
    options = {"weights": None, "include_top": False, "input_shape": (32, 32, 3), "pooling": "max"}
    plain = applications.MobileNetV3Small(**options)
    assert (plain.count_params(), plain.output_shape) == (939_120, (None, 576))
    assert applications.MobileNetV3Small(minimalistic=True, **options).count_params() == 441_000


def test_cells_of_nasnet_have_as_many_weights_as_keras_has() -> None:
    from pipekeras.applications.nasnet import NASNet

    model = NASNet((32, 32, 3), 96, 1, 8, True, 2, weights=None, classes=3)
    assert (model.count_params(), len(model.layers), model.output_shape) == (26_833, 363, (None, 3))
    with pytest.raises(ConfigurationError, match="multiple of 96"):
        NASNet((32, 32, 3), 100, weights=None)


@pytest.mark.parametrize("name", ["VGG16", "InceptionV3"])
def test_layers_that_programs_ask_for_are_there(name: str) -> None:
    wanted = {"VGG16": "block3_conv1", "InceptionV3": "mixed10"}
    model = getattr(applications, name)(weights=None, include_top=False, input_shape=(96, 96, 3))
    assert len(model.get_layer(wanted[name]).output.shape) == 4


def test_weights_come_from_files_of_this_computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    options = {"input_shape": (32, 32, 3), "alpha": 0.25}
    with pytest.raises(DataError, match="nothing is downloaded"):
        applications.MobileNet(**options)
    model = applications.MobileNet(weights=None, **options)
    (tmp_path / "models").mkdir()
    model.save_weights(str(tmp_path / "models" / "mobilenet_0.25_32_tf.weights.h5"))
    again = applications.MobileNet(**options)
    np.testing.assert_array_equal(again.get_weights()[0], model.get_weights()[0])


def test_arguments_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="classes=1000"):
        applications.VGG16(classes=3)
    with pytest.raises(ConfigurationError, match="pooling"):
        applications.VGG16(include_top=False, weights=None, pooling="sum")
    with pytest.raises(ShapeError, match="at least 71"):
        applications.Xception(weights=None, include_top=False, input_shape=(32, 32, 3))
    pooled = applications.VGG19(include_top=False, weights=None, input_shape=(32, 32, 3), pooling="avg")
    assert pooled.output_shape == (None, 512)


def test_pictures_are_prepared_in_three_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = np.array([[[0.0, 127.5, 255.0]]])
    np.testing.assert_allclose(
        imagenet_utils.preprocess_input(picture).ravel(), [255 - 103.939, 127.5 - 116.779, -123.68], rtol=1e-5
    )
    torch = imagenet_utils.preprocess_input(picture, mode="torch").ravel()
    np.testing.assert_allclose(torch, [-0.485 / 0.229, (0.5 - 0.456) / 0.224, (1 - 0.406) / 0.225], rtol=1e-5)
    assert applications.mobilenet_v2.preprocess_input(picture).max() == 1.0
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(DataError, match="imagenet_class_index"):
        imagenet_utils.decode_predictions(np.zeros((1, 1000)))
