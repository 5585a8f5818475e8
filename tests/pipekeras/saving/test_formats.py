"""Files that Keras wrote are read, files written here are read by Keras, and training goes on with the same numbers."""

import json
import os

import h5py
import numpy as np
import pytest

from pipekeras import saving
from pipekeras.core.errors import ConfigurationError, FileFormatError, ShapeError, StateError
from pipekeras.layers import BatchNormalization, Concatenate, Dense, Dropout, Input
from pipekeras.models import Model, Sequential

keras = pytest.importorskip("keras")

GENERATOR = np.random.default_rng(0)
X = GENERATOR.normal(size=(24, 4)).astype("float32")
Y = GENERATOR.normal(size=(24, 2)).astype("float32")


def functional(layers, input_function, model):
    a = input_function((4,), name="a")
    h = layers.Dense(3, activation="relu", kernel_regularizer="l2", name="first")(a)
    h = layers.BatchNormalization(name="norm")(h)
    h = layers.Dropout(0.0, name="drop")(h)
    return model(a, layers.Dense(2, name="out")(h))


def theirs():
    keras.utils.set_random_seed(0)
    return functional(keras.layers, keras.Input, keras.Model)


def ours():
    import pipekeras.layers

    return functional(pipekeras.layers, Input, Model)


def close(one, other, tolerance=1e-5):
    np.testing.assert_allclose(np.asarray(one), np.asarray(other), rtol=0, atol=tolerance)


OPTIMIZERS = {
    "adam": lambda: "adam",
    "momentum": lambda: keras.optimizers.SGD(0.01, momentum=0.9, nesterov=True),
    "rmsprop": lambda: keras.optimizers.RMSprop(centered=True, momentum=0.5),
    "amsgrad": lambda: keras.optimizers.Adam(amsgrad=True),
    "schedule": lambda: keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.01, 2, 0.5)),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_training_goes_on_after_loading_what_keras_saved(name, tmp_path):
    model = theirs()
    model.compile(OPTIMIZERS[name](), "mse", metrics=["mae"])
    for _ in range(2):
        model.train_on_batch(X, Y)
    # Saving as .h5 makes Keras forget the optimizer's config, so .keras comes first.
    model.save(tmp_path / "m.keras")
    model.save(tmp_path / "m.h5")
    loaded = [saving.load_model(tmp_path / name) for name in ("m.keras", "m.h5")]
    for copy in loaded:
        close(copy.predict(X, verbose=0), model.predict(X, verbose=0))
    for _ in range(3):
        model.train_on_batch(X, Y)
        for copy in loaded:
            copy.train_on_batch(X, Y)
    for copy in loaded:
        for mine, real in zip(copy.get_weights(), model.get_weights(), strict=True):
            close(mine, real)


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop"])
def test_keras_goes_on_after_loading_what_is_saved_here(optimizer, tmp_path):
    model = ours()
    model.compile(optimizer, "mse", metrics=["mae"])
    for _ in range(2):
        model.train_on_batch(X, Y)
    model.save(tmp_path / "m.keras")
    model.save(tmp_path / "m.h5")
    real = keras.saving.load_model(tmp_path / "m.keras")
    close(keras.saving.load_model(tmp_path / "m.h5").predict(X, verbose=0), model.predict(X, verbose=0))
    close(real.predict(X, verbose=0), model.predict(X, verbose=0))
    for _ in range(3):
        model.train_on_batch(X, Y)
        real.train_on_batch(X, Y)
    for mine, other in zip(model.get_weights(), real.get_weights(), strict=True):
        close(mine, other)


def test_h5_has_keras_own_layout_to_the_name(tmp_path):
    """The same model saved by both differs in values and versions only."""
    real, mine = theirs(), ours()
    for model in (real, mine):
        model.compile("adam", "mean_squared_error", metrics=["mae"])
        model.train_on_batch(X, Y)
    real.save(tmp_path / "real.h5")
    mine.save(tmp_path / "mine.h5")

    def layout(path):
        found = {}
        with h5py.File(path) as file:
            file.visititems(lambda name, item: found.setdefault(name, getattr(item, "shape", None)))
            config = json.loads(file.attrs["model_config"])
            training = json.loads(file.attrs["training_config"])
            names = file["optimizer_weights"].attrs["weight_names"]
            order = [(name if isinstance(name, str) else name.decode()).split("/")[1] for name in names]
        config["config"].pop("name")
        for layer in config["config"]["layers"]:
            for node in layer["inbound_nodes"]:
                # Keras notes the default of an argument that was not given.
                node["kwargs"].pop("training", None)
        training.pop("jit_compile")
        training["optimizer_config"]["config"].pop("name", None)
        found = {name: shape for name, shape in found.items() if not name.startswith("optimizer_weights/")}
        return found, config, training, order

    for mine_part, real_part in zip(layout(tmp_path / "mine.h5"), layout(tmp_path / "real.h5"), strict=True):
        assert mine_part == real_part


def test_weights_files_have_keras_own_layout(tmp_path):
    real, mine = theirs(), ours()
    for model in (real, mine):
        model.compile("adam", "mse")
        model.train_on_batch(X, Y)
        model.save_weights(tmp_path / f"{type(model).__module__.split('.')[0]}.weights.h5")

    def layout(path):
        found = {}
        with h5py.File(path) as file:
            file.visititems(lambda name, item: found.setdefault(name, (getattr(item, "shape", None), list(item.attrs))))
        return found

    assert layout(tmp_path / "pipekeras.weights.h5") == layout(tmp_path / "keras.weights.h5")
    mine.load_weights(tmp_path / "keras.weights.h5")
    close(mine.predict(X, verbose=0), real.predict(X, verbose=0))
    mine.optimizer.build(mine.trainable_variables)
    close(mine.optimizer.variables[3].numpy(), np.asarray(real.optimizer.variables[3]))


@pytest.mark.parametrize("ending", ["keras", "h5", "weights.h5"])
def test_nested_and_shared_models_both_ways(tmp_path, ending):
    def build(layers, input_function, model, stack):
        parts = [input_function((4,)), layers.Dense(3, name="i1"), layers.BatchNormalization(name="ibn")]
        inner = stack(parts, name="inner")
        left, right = input_function((4,), name="left"), input_function((4,), name="right")
        shared = layers.Dense(2, name="shared")
        joined = layers.Concatenate(name="joined")([shared(inner(left)), shared(inner(right))])
        return model([left, right], [layers.Dense(1, name="one")(joined), layers.Dense(2, name="two")(joined)])

    import pipekeras.layers

    mine = build(pipekeras.layers, Input, Model, Sequential)
    real = build(keras.layers, keras.Input, keras.Model, keras.Sequential)
    path = tmp_path / f"m.{ending}"
    if ending == "weights.h5":
        real.save_weights(path)
        mine.load_weights(path)
        mine.save_weights(tmp_path / "back.weights.h5")
        back = real
        back.load_weights(tmp_path / "back.weights.h5")
    else:
        real.save(path)
        mine = saving.load_model(path, compile=False)
        mine.save(tmp_path / f"back.{ending}")
        back = keras.saving.load_model(tmp_path / f"back.{ending}", compile=False)
    expected = real.predict([X, X[::-1]], verbose=0)
    for found in (mine.predict([X, X[::-1].copy()], verbose=0), back.predict([X, X[::-1]], verbose=0)):
        for one, other in zip(found, expected, strict=True):
            close(one, other)


def test_several_losses_and_metrics_come_back(tmp_path):
    def build(layers, input_function, model):
        a = input_function((4,), name="a")
        return model(a, [layers.Dense(2, name="one")(a), layers.Dense(1, name="two")(a)])

    real = build(keras.layers, keras.Input, keras.Model)
    real.compile(
        "sgd",
        loss={"one": "mse", "two": keras.losses.Huber()},
        loss_weights={"one": 1.0, "two": 0.25},
        metrics={"one": ["mae"], "two": [keras.metrics.RootMeanSquaredError(name="root")]},
    )
    targets = {"one": Y, "two": Y[:, :1]}
    real.train_on_batch(X, targets)
    real.save(tmp_path / "m.keras")
    real.save(tmp_path / "m.h5")
    expected = real.evaluate(X, targets, verbose=0, return_dict=True)
    for name in ("m.keras", "m.h5"):
        found = saving.load_model(tmp_path / name).evaluate(X, targets, verbose=0, return_dict=True)
        assert set(found) == set(expected)
        for key, value in expected.items():
            assert found[key] == pytest.approx(value, abs=1e-5)


# Weights


def test_weights_by_name_and_by_order(tmp_path):
    source = Sequential([Input((4,)), Dense(3, name="a"), Dense(3, name="b")])
    source.save_weights(tmp_path / "w.h5")
    target = Sequential([Input((4,)), Dense(3, name="new"), Dense(3, name="b")])
    before = target.layers[0].get_weights()[0]
    target.load_weights(tmp_path / "w.h5", by_name=True)
    np.testing.assert_array_equal(target.layers[0].get_weights()[0], before)
    np.testing.assert_array_equal(target.layers[1].get_weights()[0], source.layers[1].get_weights()[0])
    target.load_weights(tmp_path / "w.h5")
    np.testing.assert_array_equal(target.layers[0].get_weights()[0], source.layers[0].get_weights()[0])


@pytest.mark.parametrize("ending", ["h5", "weights.h5", "keras"])
def test_weights_that_do_not_fit_change_nothing(tmp_path, ending):
    source = Sequential([Input((4,)), Dense(3, name="a"), Dense(5, name="b")])
    path = tmp_path / f"w.{ending}"
    source.save(path) if ending == "keras" else source.save_weights(path)
    target = Sequential([Input((4,)), Dense(3, name="a"), Dense(2, name="b")])
    before = target.get_weights()
    with pytest.raises(ShapeError, match="'b'"):
        target.load_weights(path)
    for one, other in zip(target.get_weights(), before, strict=True):
        np.testing.assert_array_equal(one, other)
    with pytest.warns(UserWarning, match="'b'"):
        target.load_weights(path, skip_mismatch=True)
    np.testing.assert_array_equal(target.get_weights()[0], source.get_weights()[0])
    np.testing.assert_array_equal(target.get_weights()[2], before[2])
    other = Sequential([Input((4,)), Dense(3)])
    with pytest.raises(ShapeError):
        other.load_weights(path)


def test_weights_of_a_whole_model_file(tmp_path):
    source, target = ours(), ours()
    for ending in ("h5", "keras"):
        source.save(tmp_path / f"m.{ending}")
        target.load_weights(tmp_path / f"m.{ending}")
        close(target.predict(X, verbose=0), source.predict(X, verbose=0), 0)


def test_format_can_be_named_instead_of_the_ending(tmp_path):
    model = ours()
    model.save(tmp_path / "older", save_format="h5")
    model.save(tmp_path / "folder", save_format="tf")
    model.save_weights(tmp_path / "weights", save_format="h5")
    model.save_weights(tmp_path / "prefix", save_format="tf")
    assert h5py.is_hdf5(tmp_path / "older") and h5py.is_hdf5(tmp_path / "weights")
    assert os.listdir(tmp_path / "folder") == ["model.keras"]
    for name in ("older", "folder"):
        copy = saving.load_model(tmp_path / name, compile=False)
        close(copy.predict(X, verbose=0), model.predict(X, verbose=0), 0)
    for name in ("older", "folder", "weights", "prefix"):
        copy = ours()
        copy.load_weights(tmp_path / name)
        close(copy.predict(X, verbose=0), model.predict(X, verbose=0), 0)
    with pytest.raises(ConfigurationError, match="'keras', 'h5' or 'tf'"):
        model.save(tmp_path / "m", save_format="onnx")
    (tmp_path / "checkpoint.index").write_bytes(b"")
    with pytest.raises(FileFormatError, match="TensorFlow checkpoint"):
        model.load_weights(tmp_path / "checkpoint")
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "model.keras").symlink_to(tmp_path / "folder" / "model.keras")
    with pytest.raises(FileFormatError, match="link"):
        saving.load_model(tmp_path / "linked")


def test_long_lists_of_names_are_split(tmp_path):
    names = [f"a_layer_with_a_rather_long_name_{index:04}" + "x" * 300 for index in range(250)]
    model = Sequential([Input((2,)), *(Dense(2, name=name) for name in names)])
    model.save(tmp_path / "m.h5")
    with h5py.File(tmp_path / "m.h5") as file:
        assert "layer_names0" in file["model_weights"].attrs and "layer_names" not in file["model_weights"].attrs
    with pytest.warns(UserWarning):
        copy = saving.load_model(tmp_path / "m.h5")
    x = np.ones((1, 2), "float32")
    np.testing.assert_array_equal(np.asarray(copy(x)), np.asarray(model(x)))


# Custom parts


@saving.register_keras_serializable("tests")
class Twice(Dense):
    def call(self, inputs):
        return 2 * super().call(inputs)


class Thrice(Dense):
    def call(self, inputs):
        return 3 * super().call(inputs)


@pytest.mark.parametrize("ending", ["h5", "keras"])
def test_custom_layers_come_from_the_caller_only(tmp_path, ending):
    model = Sequential([Input((4,)), Twice(3), Thrice(2)])
    model.save(tmp_path / f"m.{ending}")
    with pytest.raises(ConfigurationError, match="unknown class 'Thrice'") as caught:
        saving.load_model(tmp_path / f"m.{ending}")
    assert "custom_objects={'Thrice': the class}" in caught.value.mend
    copy = saving.load_model(tmp_path / f"m.{ending}", custom_objects={"Thrice": Thrice}, compile=False)
    assert [type(layer) for layer in copy.layers] == [Twice, Thrice]
    close(copy.predict(X, verbose=0), model.predict(X, verbose=0), 0)


def test_subclassed_models_save_their_weights(tmp_path):
    class Net(Model):
        def __init__(self):
            super().__init__()
            self.blocks = [Dense(3), Dense(3)]
            self.norm = BatchNormalization()
            self.heads = {"one": Dense(2)}

        def call(self, inputs):
            for block in self.blocks:
                inputs = block(inputs)
            return self.heads["one"](self.norm(inputs))

    class Real(keras.Model):
        def __init__(self):
            super().__init__()
            self.blocks = [keras.layers.Dense(3), keras.layers.Dense(3)]
            self.norm = keras.layers.BatchNormalization()
            self.heads = {"one": keras.layers.Dense(2)}

        def call(self, inputs):
            for block in self.blocks:
                inputs = block(inputs)
            return self.heads["one"](self.norm(inputs))

    mine, real = Net(), Real()
    mine.build((None, 4))
    expected = real.predict(X, verbose=0)
    real.save_weights(tmp_path / "real.weights.h5")
    mine.load_weights(tmp_path / "real.weights.h5")
    close(mine.predict(X, verbose=0), expected)
    mine.save_weights(tmp_path / "mine.weights.h5")
    real.load_weights(tmp_path / "mine.weights.h5")
    close(real.predict(X, verbose=0), expected)


# Mistakes and crashes


def test_mistakes_are_named(tmp_path):
    model = ours()
    with pytest.raises(ConfigurationError, match="whole models are saved") as caught:
        model.save(tmp_path / "model.zip")
    assert "model.zip.keras" in caught.value.mend
    with pytest.raises(ConfigurationError, match="weights are saved"):
        model.save_weights(tmp_path / "weights.npz")
    model.save(tmp_path / "m.keras")
    with pytest.raises(ConfigurationError, match="exists already"):
        model.save(tmp_path / "m.keras", overwrite=False)
    with pytest.raises(StateError, match="no weights yet"):
        Sequential([Dense(3)]).save(tmp_path / "late.keras")
    with pytest.raises(FileFormatError, match="can't be written"):
        model.save(tmp_path / "no" / "such" / "folder.keras")
    model.save_weights(tmp_path / "w.h5")
    with pytest.raises(FileFormatError, match="holds weights but no model") as caught:
        saving.load_model(tmp_path / "w.h5")
    assert "load_weights" in caught.value.mend
    assert sorted(os.listdir(tmp_path)) == ["m.keras", "w.h5"]


def test_two_inputs_to_and_fro(tmp_path):
    a, b = Input((3,), name="a"), Input((2,), name="b")
    model = Model({"a": a, "b": b}, Dense(1)(Dropout(0.1)(Concatenate()([a, b]))))
    data = {"a": X[:, :3].copy(), "b": X[:, 2:].copy()}
    for ending in ("keras", "h5"):
        model.save(tmp_path / f"m.{ending}")
        copy = saving.load_model(tmp_path / f"m.{ending}", compile=False)
        close(copy.predict(data, verbose=0), model.predict(data, verbose=0), 0)
        real = keras.saving.load_model(tmp_path / f"m.{ending}", compile=False)
        close(real.predict(data, verbose=0), model.predict(data, verbose=0))
