"""Files in the forms that the versions of Keras 2 wrote."""

import json

import h5py
import numpy as np
import pytest

from pipekeras import saving

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
