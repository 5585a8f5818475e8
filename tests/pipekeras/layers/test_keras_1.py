"""Layers called, and models written, as in Keras 1."""

from __future__ import annotations

import json
import warnings
from typing import Any

import numpy as np
import pytest

from pipekeras import layers, models
from pipekeras.core.errors import ArgumentError

SPELLINGS: list[tuple[str, tuple[Any, ...], dict[str, Any], dict[str, Any]]] = [
    ("Dense", (), {"output_dim": 3, "init": "uniform", "W_regularizer": "l2", "bias": False},
     {"units": 3, "kernel_initializer": "uniform", "kernel_regularizer": "l2", "use_bias": False}),
    ("Conv2D", (8, 3, 2), {"border_mode": "same", "subsample": (2, 2), "dim_ordering": "tf"},
     {"filters": 8, "kernel_size": (3, 2), "padding": "same", "strides": (2, 2), "data_format": "channels_last"}),
    ("Conv2D", (), {"nb_filter": 8, "nb_row": 3, "nb_col": 5, "dim_ordering": "th"},
     {"filters": 8, "kernel_size": (3, 5), "data_format": "channels_first"}),
    ("Conv1D", (4, 3), {"subsample_length": 2, "border_mode": "valid"}, {"filters": 4, "kernel_size": 3, "strides": 2}),
    ("MaxPooling1D", (), {"pool_length": 2, "stride": 1}, {"pool_size": 2, "strides": 1}),
    ("Embedding", (5, 3), {"init": "normal", "W_constraint": "unit_norm"},
     {"input_dim": 5, "output_dim": 3, "embeddings_initializer": "normal", "embeddings_constraint": "unit_norm"}),
    ("LSTM", (), {"output_dim": 3, "inner_activation": "tanh", "inner_init": "zeros", "dropout_U": 0.1, "consume_less": "gpu",
                  "forget_bias_init": "one"},
     {"units": 3, "recurrent_activation": "tanh", "recurrent_initializer": "zeros", "recurrent_dropout": 0.1}),
    ("Dropout", (), {"p": 0.3}, {"rate": 0.3}),
    ("GaussianNoise", (), {"sigma": 0.2}, {"stddev": 0.2}),
    ("BatchNormalization", (), {"mode": 0, "gamma_init": "zeros"}, {"gamma_initializer": "zeros"}),
    ("UpSampling1D", (), {"length": 3}, {"size": 3}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "args", "older", "today"), SPELLINGS, ids=[name for name, *_ in SPELLINGS])
def test_old_names_mean_todays(name: str, args: tuple[Any, ...], older: dict[str, Any], today: dict[str, Any]) -> None:
    make = getattr(layers, name)
    with pytest.warns(UserWarning, match=f"{name} was called as in Keras 1: .* today"):
        layer = make(*args, **older, name="same")
    assert layer.get_config() == make(**today, name="same").get_config()


def test_todays_names_are_not_taken_for_old_ones() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert layers.Embedding(input_dim=4, output_dim=2).output_dim == 2
        assert layers.Conv2D(8, 3, 2).strides == (2, 2)
        assert layers.Merge(mode="concat").mode == "concat"
        assert layers.RandomFlip(mode="horizontal").mode == "horizontal"
    with pytest.raises(ArgumentError, match="no argument 'mode'"):
        layers.BatchNormalization(mode=2)
    with pytest.raises(ArgumentError, match="no argument 'W_regularizer'"):
        layers.Dense(3, W_regularizer="l2", kernel_regularizer="l1")


def entry(name: str, class_name: str, inbound: Any, **config: Any) -> dict[str, Any]:
    nodes = [[[source, 0, 0] for source in inbound]] if inbound else []
    return {"class_name": class_name, "config": {"name": name, **config}, "name": name, "inbound_nodes": nodes}


def test_models_of_keras_1_are_read() -> None:
    old = {"init": "glorot_uniform", "activation": "relu", "bias": True, "W_regularizer": None, "b_regularizer": None,
           "activity_regularizer": None, "W_constraint": None, "b_constraint": None, "trainable": True}  # fmt: skip
    stack = [
        {"class_name": "Convolution2D", "config": {
            "name": "c", "batch_input_shape": [None, 8, 8, 1], "nb_filter": 4, "nb_row": 3, "nb_col": 3,
            "border_mode": "same", "subsample": [1, 1], "dim_ordering": "tf", "input_dtype": "float32", **old}},
        {"class_name": "Flatten", "config": {"name": "f", "trainable": True}},
        {"class_name": "Dropout", "config": {"p": 0.5, "name": "d", "trainable": True}},
        {"class_name": "Dense", "config": {"output_dim": 3, "name": "q", "input_dim": None, **old}},
    ]  # fmt: skip
    text = json.dumps({"class_name": "Sequential", "config": stack, "keras_version": "1.2.2"})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = models.model_from_json(text)
    assert model.output_shape == (None, 3) and model.count_params() == 40 + 8 * 8 * 4 * 3 + 3
    join = {"mode": "concat", "mode_type": "raw", "concat_axis": -1, "dot_axes": -1, "output_shape": None,
            "output_shape_type": "raw", "output_mask": None, "output_mask_type": "raw", "arguments": {}}  # fmt: skip
    graph = {
        "name": "m",
        "layers": [
            entry("i", "InputLayer", [], batch_input_shape=[None, 4], input_dtype="float32", sparse=False),
            entry("a", "Dense", ["i"], output_dim=3, input_dim=4, **old),
            entry("b", "Dense", ["i"], output_dim=2, **old),
            entry("join", "Merge", ["a", "b"], **join),
        ],
        "input_layers": [["i", 0, 0]],
        "output_layers": [["join", 0, 0]],
    }
    model = models.model_from_json(json.dumps({"class_name": "Model", "config": graph, "keras_version": "1.2.2"}))
    assert model.output_shape == (None, 5)
    assert model.predict(np.ones((2, 4))).shape == (2, 5)
