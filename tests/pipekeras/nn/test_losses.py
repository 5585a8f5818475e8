"""Losses against real Keras: values for every reduction, gradients, masks, configs."""

from __future__ import annotations

import importlib.util
import pathlib
import warnings

import keras
import numpy as np
import pytest

import pipekeras
from pipekeras import losses, ops
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.core.registry import entries
from pipekeras.graph.gradient import GradientTape
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.graph.trace import trace

_spec = importlib.util.spec_from_file_location("loss_cases", pathlib.Path(__file__).with_name("loss_cases.py"))
loss_cases = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(loss_cases)
CASES, NAMES = loss_cases.CASES, loss_cases.NAMES
WEIGHTS = np.linspace(0.1, 2.0, loss_cases.BATCH).astype("float32")


def _has_axis_of_samples(name, options, labels):
    return name not in ("Dice", "Tversky") and options.get("axis") != 0 and np.ndim(labels) < 3


@pytest.mark.parametrize(("name", "options", "data"), CASES, ids=NAMES)
def test_values_and_gradients_are_those_of_keras(name, options, data):
    import jax

    y_true, y_pred = data
    theirs, ours = getattr(keras.losses, name)(**options), getattr(losses, name)(**options)
    each = jax.eval_shape(theirs.call, *[np.asarray(value, "float32") for value in data]).shape
    weight = None
    if each == (loss_cases.BATCH,) and _has_axis_of_samples(name, options, y_true):
        weight = WEIGHTS
    function = jax.jit(jax.value_and_grad(lambda value: theirs(y_true, value, sample_weight=weight)))
    expected, expected_gradient = function(y_pred)
    prediction = convert(y_pred)
    with GradientTape() as tape:
        tape.watch(prediction)
        loss = ours(y_true, prediction, sample_weight=weight)
    assert float(loss) == pytest.approx(float(expected), rel=2e-6, abs=2e-6)
    assert ours.call(convert(y_true), convert(y_pred)).shape == each
    largest = max(1.0, float(np.abs(expected_gradient).max()))
    found = tape.gradient(loss, prediction).numpy()
    np.testing.assert_allclose(found, expected_gradient, rtol=1e-5, atol=2e-6 * largest)


@pytest.mark.parametrize("reduction", ["sum_over_batch_size", "mean", "sum", "none", None, "mean_with_sample_weight"])
def test_reductions_are_those_of_keras(reduction):
    values = loss_cases.normal(loss_cases.BATCH, 3), loss_cases.normal(loss_cases.BATCH, 3)
    for weight in (None, WEIGHTS, WEIGHTS[:, None]):
        expected = keras.losses.MeanSquaredError(reduction=reduction)(*values, sample_weight=weight)
        found = losses.MeanSquaredError(reduction=reduction)(*values, sample_weight=weight)
        assert found.shape == np.shape(expected)
        np.testing.assert_allclose(found.numpy(), expected, rtol=2e-6)


def test_every_loss_of_keras_is_here():
    missing = [name for name in dir(keras.losses) if not name.startswith("_") and not hasattr(losses, name)]
    assert missing == []
    tested = {name for name, _, _ in CASES}
    ours = {entry.name for entry in entries("loss") if isinstance(entry.value, type)}
    assert ours - tested <= {"Loss", "LossFunctionWrapper"}


@pytest.mark.parametrize(("name", "options", "data"), CASES, ids=NAMES)
def test_configs_are_read_on_both_sides(name, options, data):
    ours = getattr(losses, name)(**options)
    config = losses.serialize(ours)
    assert losses.deserialize(config).get_config() == ours.get_config()
    # Keras' deserialize does not know every loss that it exports; the class does.
    theirs = getattr(keras.losses, name).from_config(config["config"])
    for option, value in options.items():
        assert theirs._fn_kwargs[option] == value
    back = losses.deserialize(keras.losses.serialize(getattr(keras.losses, name)()))
    assert type(back) is type(ours)


def test_names_and_functions():
    for name in ("mse", "MSE", "mean_squared_error", "bce", "kld", "mape", "msle", "cosine_similarity", "Huber"):
        assert callable(losses.get(name))
    assert losses.get("mse") is losses.mean_squared_error
    assert losses.get(None) is None
    with pytest.raises(ConfigurationError, match="unknown loss 'mean_squared_eror'"):
        losses.get("mean_squared_eror")
    with pytest.raises(ConfigurationError, match="reduction must be one of"):
        losses.MeanSquaredError(reduction="average")


def test_labels_of_the_wrong_kind_are_told_apart():
    with pytest.raises(ShapeError) as caught:
        losses.categorical_crossentropy(np.array([1, 2]), np.ones((2, 3), "float32"))
    assert "sparse_categorical_crossentropy" in caught.value.mend
    with pytest.raises(ShapeError) as caught:
        losses.sparse_categorical_crossentropy(np.eye(3), np.ones((3, 3), "float32"))
    assert "categorical_crossentropy" in caught.value.mend
    with pytest.warns(SyntaxWarning, match="binary_crossentropy"):
        losses.categorical_crossentropy(np.ones((2, 1), "float32"), np.ones((2, 1), "float32"))


def test_a_mask_takes_samples_out_as_in_keras():
    y_true, y_pred = loss_cases.normal(4, 3, 2), loss_cases.normal(4, 3, 2)
    mask = np.array([[1, 1, 0], [1, 0, 0], [1, 1, 1], [0, 0, 0]], bool)
    theirs = keras.ops.convert_to_tensor(y_pred)
    keras.src.backend.set_keras_mask(theirs, keras.ops.convert_to_tensor(mask))
    ours = convert(y_pred)
    ours.mask = convert(mask)
    for reduction in ("sum_over_batch_size", "sum", "none"):
        expected = keras.losses.MeanSquaredError(reduction=reduction)(y_true, theirs)
        found = losses.MeanSquaredError(reduction=reduction)(y_true, ours)
        np.testing.assert_allclose(found.numpy(), expected, rtol=1e-6)


def test_dtype_and_structures():
    loss = losses.MeanSquaredError(dtype="float64")
    assert loss([[1.0]], [[2.0]]).dtype == "float64"

    class Both(losses.Loss):
        def call(self, y_true, y_pred):
            return ops.square(y_true["a"] - y_pred["a"]) + y_pred["b"]

    values = {"a": np.array([1.0, 2.0], "float32"), "b": np.array([3.0, 5.0], "float32")}
    assert float(Both()(values, values)) == 4.0


def test_a_loss_traces_into_few_nodes():
    from pipekeras.passes.order import ordered, roots

    labels, predictions = Tensor.symbolic((32,), "int32"), Tensor.symbolic((32, 10), "float32")
    graph, _ = trace(losses.SparseCategoricalCrossentropy(), [labels, predictions])
    assert len(ordered(roots(graph))) <= 20


def test_user_losses_round_trip_by_name_only():
    def own_loss(y_true, y_pred):
        return ops.mean(ops.absolute(y_true - y_pred), axis=-1)

    config = pipekeras.saving.serialize_keras_object(own_loss)
    assert config["config"] == "own_loss"
    with pytest.raises(ConfigurationError, match="own_loss"):
        losses.deserialize(config)
    assert losses.deserialize(config, {"own_loss": own_loss}) is own_loss


def test_no_warnings_in_ordinary_use():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        losses.CategoricalCrossentropy()(np.eye(3, dtype="float32"), np.full((3, 3), 1 / 3, "float32"))
