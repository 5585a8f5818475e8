"""Networks that came with Keras 3: their sizes, names and numbers are Keras' own."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import pytest

from pipekeras import applications, saving


def _numbers(model: Any) -> np.ndarray:
    random = np.random.RandomState(0)
    for weight in model.weights:
        drawn = random.randn(*weight.shape)
        near_one = weight.name.endswith("variance") or "gamma" in weight.path or "variable" in weight.name
        weight.assign(np.abs(drawn) * 0.1 + 0.5 if near_one else drawn * 0.08)
    x = np.random.RandomState(1).uniform(0, 255, (2, 33, 35, 3)).astype("float32")
    return np.asarray(model(x)).ravel()[:5]


def test_efficientnet_of_the_second_version() -> None:
    model = applications.EfficientNetV2B0(weights=None, input_shape=(33, 35, 3), classes=7)
    assert (model.name, model.count_params(), len(model.layers)) == ("efficientnetv2-b0", 5_928_279, 273)
    np.testing.assert_allclose(_numbers(model), [0.18814, 0.11468, 0.10636, 0.12675, 0.10696], atol=2e-5)
    made_wider = importlib.import_module("pipekeras.applications.efficientnet_v2")._Blocks(None, 1.2)
    assert [made_wider.filters(count) for count in (16, 32, 48, 1280)] == [16, 40, 56, 1536]


def test_convnext(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    module = importlib.import_module("pipekeras.applications.convnext")
    monkeypatch.setitem(module._NETWORKS, "Tiny", ((1, 2, 1, 1), (4, 6, 8, 10)))
    model = applications.ConvNeXtTiny(weights=None, input_shape=(33, 35, 3), classes=3, name="small")
    names = [layer.name for layer in model.layers]
    assert names[1:4] == ["small_prestem_normalization", "small_stem", "small_stage_0_block_0_depthwise_conv"]
    assert (names[-1], model.output_shape, model.count_params()) == ("small_head_dense", (None, 3), 4_913)
    x = np.random.RandomState(1).uniform(0, 255, (2, 33, 35, 3)).astype("float32")
    model.save(tmp_path / "small.keras")
    again = saving.load_model(tmp_path / "small.keras")
    np.testing.assert_allclose(again.predict(x, verbose=0), model.predict(x, verbose=0), atol=1e-6)
    layer = saving.serialize_keras_object(model.get_layer("small_stage_0_block_0_layer_scale"))
    assert (layer["module"], layer["registered_name"]) == ("keras.src.applications.convnext", "LayerScale")
    headless = applications.ConvNeXtTiny(
        weights=None, include_top=False, include_preprocessing=False, input_shape=(33, 35, 3), pooling="avg"
    )
    assert headless.layers[1].name == "convnext_tiny_stem"
    assert type(headless.layers[-1]).__name__ == "LayerNormalization"
    picture = np.ones((1, 1, 3))
    assert applications.convnext.preprocess_input is not None
    assert applications.efficientnet_v2.preprocess_input(picture) is picture
