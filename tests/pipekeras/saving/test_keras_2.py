"""Files in the forms that the versions of Keras 2 wrote."""

import io
import json
import zipfile

import h5py
import numpy as np
import pytest

from pipekeras import optimizers, saving
from pipekeras.core.errors import ConfigurationError, FileFormatError
from pipekeras.layers import Dense, Input
from pipekeras.models import Sequential, model_from_json

GENERATOR = np.random.default_rng(0)
X = GENERATOR.normal(size=(24, 4)).astype("float32")


def keras2_file(path, optimizer_names=None, optimizer_arrays=(), optimizer=None):
    """A file in the form in which Keras 2.3 wrote a Sequential model."""
    common = {"trainable": True, "dtype": "float32", "use_bias": True}
    scaling = {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": None}
    glorot = {"class_name": "VarianceScaling", "config": scaling}
    common |= {"kernel_initializer": glorot, "bias_initializer": {"class_name": "Zeros", "config": {}}}
    common |= {"kernel_regularizer": None, "bias_regularizer": None, "activity_regularizer": None}
    common |= {"kernel_constraint": None, "bias_constraint": None}
    first = {"name": "dense_1", "batch_input_shape": [None, 4], "units": 3, "activation": "relu", **common}
    drop = {"name": "dropout_1", "trainable": True, "rate": 0.5, "noise_shape": None, "seed": None}
    second = {"name": "dense_2", "units": 2, "activation": "softmax", **common}
    kinds = ("Dense", "Dropout", "Dense")
    layers = [{"class_name": kind, "config": c} for kind, c in zip(kinds, (first, drop, second), strict=True)]
    weights = {
        "dense_1": {"dense_1/kernel:0": GENERATOR.normal(size=(4, 3)), "dense_1/bias:0": GENERATOR.normal(size=3)},
        "dropout_1": {},
        "dense_2": {"dense_2/kernel:0": GENERATOR.normal(size=(3, 2)), "dense_2/bias:0": GENERATOR.normal(size=2)},
    }
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = b"2.3.1"
        file.attrs["backend"] = b"tensorflow"
        config = {"class_name": "Sequential", "config": {"name": "sequential_1", "layers": layers}}
        file.attrs["model_config"] = json.dumps(config).encode()
        if optimizer is not None:
            training = {"optimizer_config": optimizer, "loss": "categorical_crossentropy", "metrics": ["accuracy"]}
            training |= {"sample_weight_mode": None, "loss_weights": None}
            file.attrs["training_config"] = json.dumps(training).encode()
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = [name.encode() for name in weights]
        group.attrs["backend"], group.attrs["keras_version"] = b"tensorflow", b"2.3.1"
        for layer, arrays in weights.items():
            inner = group.create_group(layer)
            inner.attrs["weight_names"] = [name.encode() for name in arrays]
            for name, array in arrays.items():
                inner.create_dataset(name, data=array.astype("float32"))
        if optimizer_names is not None:
            group = file.create_group("optimizer_weights")
            group.attrs["weight_names"] = [name.encode() for name in optimizer_names]
            for name, array in zip(optimizer_names, optimizer_arrays, strict=True):
                group.create_dataset(name, data=array)
    return weights


def test_keras_2_model_is_read(tmp_path):
    weights = keras2_file(tmp_path / "old.h5")
    with pytest.warns(UserWarning, match="No training configuration"):
        model = saving.load_model(tmp_path / "old.h5")
    hidden = np.maximum(X @ weights["dense_1"]["dense_1/kernel:0"] + weights["dense_1"]["dense_1/bias:0"], 0)
    logits = hidden @ weights["dense_2"]["dense_2/kernel:0"] + weights["dense_2"]["dense_2/bias:0"]
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(model.predict(X, verbose=0), expected, rtol=0, atol=1e-5)


SHAPES = [(4, 3), (3,), (3, 2), (2,)]
SLOTS = ["dense_1/kernel", "dense_1/bias", "dense_2/kernel", "dense_2/bias"]


def adam_layouts():
    """The state of Adam as five kinds of Keras 2 laid it out: names and (slot, variable) of each array."""
    m, v = [("m", index) for index in range(4)], [("v", index) for index in range(4)]
    mixed = [pair for both in zip(m, v, strict=True) for pair in both]
    vhat = [("vhat", index) for index in range(4)]
    return {
        "2.2": (["Adam/iterations:0", *(f"training/Adam/Variable_{i}:0" for i in range(12))], [*m, *v, *vhat]),
        "2.3": (["Adam/iterations:0", *(f"training/Adam/{SLOTS[i]}/{s}:0" for s, i in [*m, *v])], [*m, *v]),
        "2.10": (["Adam/iter:0", *(f"Adam/{SLOTS[i]}/{s}:0" for s, i in [*m, *v])], [*m, *v]),
        "2.12": (["iteration:0", *(f"Adam/{s}/{SLOTS[i]}:0" for s, i in mixed)], mixed),
        "2.15": (["iteration:0", "learning_rate:0", *(f"Adam/{s}/{SLOTS[i]}:0" for s, i in mixed)], mixed),
    }


@pytest.mark.parametrize("version", adam_layouts())
def test_state_of_keras_2_optimizers_finds_its_slots(version, tmp_path):
    names, slots = adam_layouts()[version]
    values = {(slot, index): GENERATOR.random(SHAPES[index]).astype("float32") for slot in "mv" for index in range(4)}
    arrays = [np.int64(7)]
    if "learning_rate:0" in names:
        arrays.append(np.float32(0.25))
    arrays += [np.zeros(1, "float32") if slot == "vhat" else values[slot, index] for slot, index in slots]
    settings = {"lr": 0.25, "beta_1": 0.9, "beta_2": 0.999, "decay": 0.0, "epsilon": 1e-7, "amsgrad": False}
    config = {"class_name": "Adam", "config": settings}
    if version.startswith("2.1"):
        config["config"] |= {"name": "Adam", "learning_rate": 0.25, "jit_compile": False, "is_legacy_optimizer": False}
        config["config"].pop("lr")
    keras2_file(tmp_path / "old.h5", names, arrays, config)
    optimizer = saving.load_model(tmp_path / "old.h5").optimizer
    assert int(optimizer.iterations.numpy()) == 7 and float(optimizer.learning_rate) == 0.25
    saved = [variable.numpy() for variable in optimizer.variables[2:]]
    for index in range(4):
        np.testing.assert_array_equal(saved[2 * index], values["m", index])
        np.testing.assert_array_equal(saved[2 * index + 1], values["v", index])


def test_state_that_does_not_fit_is_left_out_with_a_word(tmp_path):
    config = {"class_name": "Adam", "config": {"lr": 0.25}}
    keras2_file(tmp_path / "old.h5", ["a", "b"], [np.int64(1), np.zeros(5, "float32")], config)
    with pytest.warns(UserWarning, match="fresh one"):
        model = saving.load_model(tmp_path / "old.h5")
    assert int(model.optimizer.iterations.numpy()) == 0


# What the last versions of Keras 2 wrote, as their own writer gave it


RECURRENT = {"units": 2, "activation": "tanh", "recurrent_activation": "hard_sigmoid", "use_bias": True, "name": "recurrent"}
KERAS_2_NAMES = {"GRU": {"implementation": 2}, "LSTM": {"unit_forget_bias": True, "time_major": False}}


def sequential_text(*layers, version="2.15.0"):
    """The JSON text of a model that Keras 2 would write."""
    first = {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 3, 4], "name": "x", "sparse": False}}
    config = {"name": "old", "layers": [first, *layers]}
    return json.dumps({"class_name": "Sequential", "config": config, "keras_version": version, "backend": "tensorflow"})


@pytest.mark.parametrize("kind", KERAS_2_NAMES)
def test_hard_sigmoid_is_what_the_writer_meant(kind, tmp_path):
    """Keras 3 draws it with other slopes; a model that goes by the name alone computes something else than it learned."""
    text = sequential_text({"class_name": kind, "config": {**RECURRENT, **KERAS_2_NAMES[kind]}})
    model = model_from_json(text)
    gates = {"GRU": 3, "LSTM": 4}[kind]
    weights = [GENERATOR.normal(size=size).astype("float32") for size in ((4, 2 * gates), (2, 2 * gates), (2 * gates,))]
    model.set_weights(weights)
    x = GENERATOR.normal(size=(5, 3, 4)).astype("float32")
    found = model.predict(x, verbose=0)
    hard = lambda z: np.clip(0.2 * z + 0.5, 0, 1)  # noqa: E731
    (w, u, b), h, c = weights, np.zeros((5, 2)), np.zeros((5, 2))
    for step in range(3):
        if kind == "LSTM":
            i, f, g, o = np.split(x[:, step] @ w + h @ u + b, 4, axis=1)
            c = hard(f) * c + hard(i) * np.tanh(g)
            h = hard(o) * np.tanh(c)
        else:
            # The versions that did not name reset_after reset before the product.
            from_x = x[:, step] @ w + b
            z, r = np.split(hard(from_x[:, :4] + h @ u[:, :4]), 2, axis=1)
            h = z * h + (1 - z) * np.tanh(from_x[:, 4:] + (r * h) @ u[:, 4:])
    np.testing.assert_allclose(found, h, rtol=0, atol=1e-5)
    # Saved here it stays what it is.
    model.save(tmp_path / "new.keras")
    np.testing.assert_array_equal(saving.load_model(tmp_path / "new.keras").predict(x, verbose=0), found)
    # Of today's version the name means what it means today.
    today = model_from_json(text.replace("2.15.0", "3.15.1").replace('"implementation": 2', '"reset_after": false'))
    today.set_weights(weights)
    assert np.abs(today.predict(x, verbose=0) - found).max() > 1e-3


def test_options_without_meaning_today_are_left_out():
    shapes = {name: [None, 3, 4] for name in ("query_shape", "key_shape", "value_shape")}
    attention = {"class_name": "MultiHeadAttention", "name": "attend", "inbound_nodes": [[["x", 0, 0, {"value": ["x", 0, 0]}]]]}
    attention["config"] = {"num_heads": 2, "key_dim": 3, "name": "attend", "softmax_robust_masking": False, **shapes}
    entry = {"class_name": "InputLayer", "name": "x", "inbound_nodes": []}
    entry["config"] = {"batch_input_shape": [None, 3, 4], "name": "x", "ragged": False}
    config = {"name": "old", "layers": [entry, attention], "input_layers": [["x", 0, 0]], "output_layers": [["attend", 0, 0]]}
    text = json.dumps({"class_name": "Functional", "config": config, "keras_version": "2.15.0"})
    assert model_from_json(text).output_shape == (None, 3, 4)
    kernel = dict.fromkeys(("kernel_initializer", "kernel_regularizer", "kernel_constraint"))
    kinds = {"SeparableConv1D": {"filters": 2, **kernel}, "DepthwiseConv1D": {}, "Conv1DTranspose": {"filters": 2}}
    for kind, more in kinds.items():
        layer = {"class_name": kind, "config": {"kernel_size": [1], "groups": 1, **more}}
        assert model_from_json(sequential_text(layer)).count_params() > 0
    grouped = {"class_name": "DepthwiseConv1D", "config": {"kernel_size": [1], "groups": 2}}
    with pytest.raises(ConfigurationError, match="groups"):
        model_from_json(sequential_text(grouped))


def slots_in_archive(kind, count):
    """Arrays in the order in which the archives of Keras 2 hold them, and the state that they are here, by its names."""
    def slot(name, index):
        return name, index, GENERATOR.random(SHAPES[index]).astype("float32")

    names = {"Adam": ("momentum", "velocity"), "Nadam": ("momentum", "velocity"), "SGD": ("momentum",),
             "RMSprop": ("velocity", "momentum", "average_gradient"), "Ftrl": ("accumulator", "linear")}[kind]  # fmt: skip
    side_by_side = kind != "RMSprop"
    if side_by_side:
        return [slot(name, index) for index in range(count) for name in names]
    return [slot(name, index) for name in names for index in range(count)]


@pytest.mark.parametrize("kind", ["Adam", "Nadam", "SGD", "RMSprop", "Ftrl"])
def test_state_in_archives_of_keras_2(kind, tmp_path):
    """No learning rate among the arrays, kinds of slots in another order, and options of its own in the config."""
    model = Sequential([Input((4,)), Dense(3, name="dense_1"), Dense(2, name="dense_2")])
    options = {"SGD": {"momentum": 0.9}, "RMSprop": {"centered": True, "momentum": 0.1}}.get(kind, {})
    model.compile(getattr(optimizers, kind)(0.25, **options), "mse", metrics=["mae"])
    model.save(tmp_path / "new.keras")
    slots = slots_in_archive(kind, len(SHAPES))
    with zipfile.ZipFile(tmp_path / "new.keras") as new, zipfile.ZipFile(tmp_path / "old.keras", "w") as old:
        config = json.loads(new.read("config.json"))
        config["compile_config"]["optimizer"]["config"] |= {"jit_compile": False, "is_legacy_optimizer": False}
        config["compile_config"]["optimizer"]["config"].pop("loss_scale_factor")
        config["compile_config"]["optimizer"]["config"].pop("gradient_accumulation_steps")
        mse = {"module": "keras.losses", "class_name": "MeanSquaredError", "registered_name": None}
        config["compile_config"]["loss"] = {**mse, "config": {"reduction": "auto", "name": "mse", "fn": "mean_squared_error"}}
        old.writestr("config.json", json.dumps(config))
        old.writestr("metadata.json", json.dumps({"keras_version": "2.15.0", "date_saved": "2024-01-01@00:00:00"}))
        content = io.BytesIO(new.read("model.weights.h5"))
        with h5py.File(content, "r+") as file:
            if "optimizer" in file:
                del file["optimizer"]
            for index, value in enumerate([np.int64(7), *(array for _, _, array in slots)]):
                file.create_dataset(f"optimizer/vars/{index}", data=value)
        old.writestr("model.weights.h5", content.getvalue())
    optimizer = saving.load_model(tmp_path / "old.keras").optimizer
    assert int(optimizer.iterations.numpy()) == 7 and float(optimizer.learning_rate) == 0.25
    by_name = {variable.name: variable.numpy() for variable in optimizer.variables}
    endings = ["dense_1_kernel", "dense_1_bias", "dense_2_kernel", "dense_2_bias"]
    for name, index, array in slots:
        found = [value for key, value in by_name.items() if key.endswith(f"{endings[index]}_{name}")]
        assert len(found) == 1
        np.testing.assert_array_equal(found[0], array)
    if kind == "Nadam":
        product = np.prod([0.9 * (1 - 0.5 * 0.96**step) for step in range(1, 8)])
        assert float(optimizer._product.numpy()) == pytest.approx(product, rel=1e-6)


def test_optimizers_that_keras_2_wrote_as_custom_objects(tmp_path):
    """From 2.11 on, .h5 files call Adam "Custom>Adam"."""
    settings = {"name": "Adam", "learning_rate": 0.25, "jit_compile": True, "is_legacy_optimizer": False, "beta_1": 0.8}
    keras2_file(tmp_path / "old.h5", optimizer={"class_name": "Custom>Adam", "config": settings})
    optimizer = saving.load_model(tmp_path / "old.h5").optimizer
    assert type(optimizer) is optimizers.Adam and optimizer.beta_1 == 0.8


def function_entry(name, function, node):
    return {"class_name": "TFOpLambda", "name": name, "inbound_nodes": [node], "config": {"name": name, "function": function}}


def test_functions_between_layers_are_ops():
    """As Keras 2 wrote softmax(3 - (x + 2 d) / (1 + mean(x))) of the inputs x and the layer's outputs d."""
    dense = {"class_name": "Dense", "name": "d", "inbound_nodes": [[["x", 0, 0, {}]]]}
    dense["config"] = {"name": "d", "units": 4, "use_bias": False, "activation": "linear"}
    inputs = {"class_name": "InputLayer", "name": "x", "inbound_nodes": []}
    inputs["config"] = {"batch_input_shape": [None, 4], "name": "x"}
    entries = [
        inputs,
        dense,
        function_entry("twice", "math.multiply", ["d", 0, 0, {"y": 2.0, "name": None}]),
        function_entry("add", "__operators__.add", ["x", 0, 0, {"y": ["twice", 0, 0], "name": None}]),
        function_entry("mean", "math.reduce_mean", ["x", 0, 0, {"axis": 1, "keepdims": True}]),
        function_entry("one", "__operators__.add", ["_CONSTANT_VALUE", -1, 1.0, {"y": ["mean", 0, 0], "name": None}]),
        function_entry("share", "math.truediv", ["add", 0, 0, {"y": ["one", 0, 0], "name": None}]),
        function_entry("three", "math.subtract", ["_CONSTANT_VALUE", -1, 3.0, {"y": ["share", 0, 0], "name": None}]),
        function_entry("soft", "nn.softmax", ["three", 0, 0, {}]),
    ]
    config = {"name": "old", "layers": entries, "input_layers": [["x", 0, 0]], "output_layers": [["soft", 0, 0]]}
    text = json.dumps({"class_name": "Functional", "config": config, "keras_version": "2.15.0"})
    model = model_from_json(text)
    x, kernel = X + 3, model.get_weights()[0]
    logits = 3 - (x + 2 * (x @ kernel)) / (1 + x.mean(axis=1, keepdims=True))
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(model.predict(x, verbose=0), expected, rtol=0, atol=1e-5)
    with pytest.raises(FileFormatError, match=r"io\.read_file"):
        model_from_json(text.replace("nn.softmax", "io.read_file"))
    with pytest.raises(FileFormatError, match="names no tensors"):
        model_from_json(text.replace('["three", 0, 0, {}]', '["three"]'))
