"""Models as JSON: what Keras 3 writes is read and the other way round; configs of Keras 2 are read."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import pipekeras
from pipekeras import layers, models
from pipekeras.core import naming
from pipekeras.core.errors import ConfigurationError, FileFormatError, UserError


@pytest.fixture(scope="module")
def keras() -> Any:
    return pytest.importorskip("keras")


def plain(text: str) -> Any:
    """Return JSON text as data, with names that count up per process left as they are."""
    return json.loads(text)


def stack(home: Any) -> Any:
    """A stack for images, made by `home` (pipekeras or Keras)."""
    return home.Sequential(
        [
            home.layers.Input((8, 8, 1), name="image"),
            home.layers.Conv2D(3, 3, activation="relu", kernel_regularizer="l2", name="conv"),
            home.layers.MaxPooling2D(name="pool"),
            home.layers.Flatten(name="flat"),
            home.layers.Dropout(0.3, seed=4, name="drop"),
            home.layers.Dense(5, activation="softmax", bias_constraint="max_norm", name="out"),
        ],
        name="stack",
    )


def graph(home: Any) -> Any:
    """A graph with a shared layer, an inner model, ops between layers, two inputs and two outputs."""
    a, b = home.layers.Input((4,), name="a"), home.layers.Input((4,), name="b")
    shared = home.layers.Dense(3, name="shared")
    left, right = shared(a), shared(b)
    joined = home.layers.Concatenate(name="joined")([left, right])
    mixed = left * 2.0 + home.ops.exp(joined[:, :3])
    normal = home.layers.BatchNormalization(name="normal")(mixed)
    inner = home.Sequential([home.layers.Dense(2, name="deep")], name="inner")
    return home.Model([a, b], [inner(normal), home.layers.Add(name="sum")([left, right])], name="graph")


def masked_sequence(home: Any) -> Any:
    """A model of sequences with padding."""
    return sequence(home, mask_zero=True)


def sequence(home: Any, mask_zero: bool = False) -> Any:
    """A model of sequences."""
    words = home.layers.Input((6,), dtype="int32", name="words")
    x = home.layers.Embedding(20, 4, mask_zero=mask_zero, name="embedding")(words)
    x = home.layers.Bidirectional(home.layers.LSTM(3, return_sequences=True, name="lstm"), name="both")(x)
    x = home.layers.TimeDistributed(home.layers.Dense(2, name="step"), name="steps")(x)
    return home.Model(words, home.layers.GRU(2, name="gru")(x), name="sequence")


def three_inputs(home: Any) -> Any:
    """A model with arguments by name."""
    q, v = home.layers.Input((3, 4), name="q"), home.layers.Input((5, 4), name="v")
    attended = home.layers.MultiHeadAttention(2, 3, name="attention")(q, value=v, use_causal_mask=True)
    return home.Model({"q": q, "v": v}, {"y": home.layers.LayerNormalization(name="norm")(attended)}, name="attend")


BUILDERS = [stack, graph, sequence, three_inputs]


@pytest.mark.parametrize("build", BUILDERS)
def test_json_is_what_keras_writes(build: Any, keras: Any) -> None:
    naming.reset_names()
    keras.backend.clear_session()
    ours, theirs = build(pipekeras), build(keras)
    assert plain(ours.to_json()) == plain(theirs.to_json())


# Keras writes the ops that compute masks as layers; here masks are found anew, so that text differs.
@pytest.mark.parametrize("build", [*BUILDERS, masked_sequence])
def test_keras_reads_ours_and_we_read_keras(build: Any, keras: Any) -> None:
    ours, theirs = build(pipekeras), build(keras)
    read_by_keras = keras.models.model_from_json(ours.to_json())
    read_by_us = models.model_from_json(theirs.to_json())
    assert [w.shape for w in read_by_us.weights] == [tuple(w.shape) for w in theirs.weights]
    generator = np.random.default_rng(0)
    weights = [np.abs(generator.normal(size=w.shape)).astype("float32") * 0.3 for w in ours.weights]
    for model in (ours, theirs, read_by_keras, read_by_us):
        model.set_weights(weights)
    inputs = [
        generator.integers(0, 5, (2, *t.shape[1:])) if "int" in t.dtype else generator.normal(size=(2, *t.shape[1:]))
        for t in ours.inputs
    ]
    inputs = [array.astype("int32" if "int" in str(array.dtype) else "float32") for array in inputs]
    given: Any = inputs if len(inputs) > 1 else inputs[0]
    if build is three_inputs:
        given = {"q": inputs[0], "v": inputs[1]}
    expected = keras.tree.flatten(theirs(given))
    for model in (ours, read_by_keras, read_by_us):
        found = keras.tree.flatten(model(given))
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(np.asarray(one), np.asarray(other), rtol=1e-5, atol=1e-5)


def test_a_shared_object_stays_one() -> None:
    x = layers.Input((2,))
    layer = layers.Dense(2, name="d")
    model = models.Model(x, layer(layer(x)))
    again = models.model_from_json(model.to_json())
    assert len(again.layers) == 2 and len(again.get_layer("d").inbound_nodes) == 2
    assert models.model_from_yaml(model.to_yaml()).to_json() == again.to_json()


KERAS_2_STACK = {
    "class_name": "Sequential",
    "config": {
        "name": "sequential_1",
        "layers": [
            {
                "class_name": "Dense",
                "config": {
                    "name": "dense_1", "trainable": True, "batch_input_shape": [None, 4], "dtype": "float32", "units": 3,
                    "activation": "relu", "use_bias": True,
                    "kernel_initializer": {
                        "class_name": "VarianceScaling",
                        "config": {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": None},
                    },
                    "bias_initializer": {"class_name": "Zeros", "config": {}}, "kernel_regularizer": None,
                    "bias_regularizer": {"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.01}},
                    "activity_regularizer": None, "kernel_constraint": None, "bias_constraint": None,
                },
            },
            {"class_name": "BatchNormalization", "config": {"name": "bn", "axis": [1], "momentum": 0.9, "fused": True}},
            {"class_name": "LeakyReLU", "config": {"name": "leaky", "alpha": 0.2}},
            {"class_name": "Reshape", "config": {"name": "r", "target_shape": [1, 3]}},
            {"class_name": "CuDNNLSTM", "config": {"name": "lstm", "units": 2, "return_sequences": False}},
        ],
    },
    "keras_version": "2.2.4",
    "backend": "tensorflow",
}  # fmt: skip

KERAS_2_GRAPH = {
    "class_name": "Model",
    "config": {
        "name": "model_1",
        "layers": [
            {"name": "a", "class_name": "InputLayer",
             "config": {"batch_input_shape": [None, 4], "dtype": "float32", "sparse": False, "name": "a"}, "inbound_nodes": []},
            {"name": "b", "class_name": "InputLayer",
             "config": {"batch_input_shape": [None, 4], "dtype": "float32", "sparse": False, "ragged": False, "name": "b"},
             "inbound_nodes": []},
            {"name": "d", "class_name": "Dense", "config": {"name": "d", "units": 2},
             "inbound_nodes": [[["a", 0, 0, {}]], [["b", 0, 0, {}]]]},
            {"name": "c", "class_name": "Concatenate", "config": {"name": "c", "axis": -1},
             "inbound_nodes": [[["d", 0, 0, {}], ["d", 1, 0, {}]]]},
        ],
        "input_layers": [["a", 0, 0], ["b", 0, 0]],
        "output_layers": [["c", 0, 0]],
    },
}  # fmt: skip


def test_keras_2_stacks_are_read() -> None:
    model = models.model_from_config(KERAS_2_STACK)
    assert model.output_shape == (None, 2) and model.layers[1].axis == 1 and model.layers[2].negative_slope == 0.2
    assert model.layers[0].bias_regularizer is not None
    bare = {**KERAS_2_STACK, "config": KERAS_2_STACK["config"]["layers"]}  # type: ignore[index]
    assert len(models.model_from_config(bare).layers) == 5


def test_keras_2_graphs_are_read() -> None:
    model = models.model_from_json(json.dumps(KERAS_2_GRAPH))
    assert model.output_shape == (None, 4) and len(model.get_layer("d").inbound_nodes) == 2


def test_broken_and_hostile_configs_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="not a model as JSON"):
        models.model_from_json("{")
    with pytest.raises(ConfigurationError, match="class_name or config is missing"):
        models.model_from_json("{}")
    with pytest.raises(ConfigurationError, match="not a model"):
        models.model_from_config({"class_name": "Dense", "config": {"units": 1}, "module": "keras.layers"})
    with pytest.raises(UserError):
        models.model_from_config({"class_name": "system", "module": "os", "config": {"command": "true"}})
    missing = json.loads(json.dumps(KERAS_2_GRAPH))
    missing["config"]["layers"][3]["inbound_nodes"] = [[["nowhere", 0, 0, {}]]]
    with pytest.raises(UserError, match="nowhere"):
        models.model_from_config(missing)
    circle = json.loads(json.dumps(KERAS_2_GRAPH))
    circle["config"]["layers"][2]["inbound_nodes"] = [[["c", 0, 0, {}]]]
    with pytest.raises(UserError, match="need tensors that no layer gives"):
        models.model_from_config(circle)
    code = {
        "class_name": "Sequential",
        "config": {"name": "s", "layers": [
            {"class_name": "Lambda",
             "config": {"name": "l", "function": {"class_name": "__lambda__", "config": {"code": "x"}}}}]},
    }  # fmt: skip
    with pytest.raises(FileFormatError, match="never run"):
        models.model_from_config(code)


def test_custom_layers_come_from_the_caller() -> None:
    class Own(layers.Layer):
        def __init__(self, units: int, **options: Any) -> None:
            super().__init__(**options)
            self.units = units
            self.inner = layers.Dense(units)

        def call(self, inputs: Any) -> Any:
            return self.inner(inputs)

    model = models.Sequential([layers.Input((3,)), Own(2, name="own")])
    text = model.to_json()
    with pytest.raises(ConfigurationError, match="custom_objects"):
        models.model_from_json(text)
    again = models.model_from_json(text, custom_objects={"Own": Own})
    assert again.output_shape == (None, 2) and again.get_layer("own").units == 2
