"""What every layer keeps, checked over the registry: shapes, configs, gradients, a training step, and real Keras' numbers."""

from __future__ import annotations

import importlib.util
import json
import pathlib
import sys
import warnings
from typing import Any

import numpy as np
import pytest

from pipekeras import layers, models, ops
from pipekeras.core import registry, serialization
from pipekeras.core.structure import flatten, map_structure
from pipekeras.graph.gradient import gradient
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace

_spec = importlib.util.spec_from_file_location("layer_cases", pathlib.Path(__file__).with_name("layer_cases.py"))
layer_cases = importlib.util.module_from_spec(_spec)
sys.modules["layer_cases"] = layer_cases
_spec.loader.exec_module(layer_cases)
CASES = layer_cases.CASES

# Layers that are no function of one input, or a base of others.
WITHOUT_CASE = {"InputLayer", "Wrapper", "Lambda", "SimpleRNNCell", "LSTMCell", "GRUCell", "StackedRNNCells"}
# Texts are no tensors, and what is always drawn is checked in test_preprocessing.py.
WITHOUT_CASE |= {"Hashing", "HashedCrossing", "IntegerLookup", "StringLookup", "TextVectorization"}
WITHOUT_CASE |= {"RandomContrast", "RandomCrop", "RandomFlip"}
# What changes the size of pictures is checked in test_sizes.py.
WITHOUT_CASE |= {"RandomHeight", "RandomWidth"}
# What is drawn, or is no smooth function of numbers, is checked in test_pictures.py; a Pipeline is its layers.
WITHOUT_CASE |= {"AutoContrast", "Equalization", "ContrastLimitedAdaptiveHistogramEqualization", "Solarization"}
WITHOUT_CASE |= {f"Random{kind}" for kind in ("ColorJitter", "Grayscale", "Hue", "Invert", "Posterization", "Saturation")}
WITHOUT_CASE |= {f"Random{kind}" for kind in ("ElasticTransform", "Erasing", "GaussianBlur", "Perspective", "Shear")}
WITHOUT_CASE |= {"AugMix", "CutMix", "MixUp", "RandAugment", "MaxNumBoundingBoxes", "Pipeline", "MelSpectrogram"}
ids = [str(case) for case in CASES]


# Layers whose inputs are arguments of their own rather than one list.
SEPARATE = {"MultiHeadAttention", "GroupQueryAttention"}


def run(layer: Any, case: Any, inputs: Any, **keywords: Any) -> Any:
    """Call a layer on the inputs of a case."""
    return layer(*inputs, **keywords) if case.name in SEPARATE else layer(inputs, **keywords)


def data(case: Any, dtype: str = "float32", batch: int = 3) -> Any:
    """Return inputs for a case: an array, or a list of arrays."""
    generator = np.random.default_rng(len(str(case)))

    def one(shape: Any) -> np.ndarray:
        if case.integers:
            return generator.integers(0, case.integers, (batch, *shape)).astype("int32")
        return generator.normal(size=(batch, *shape)).astype(dtype)

    return [one(shape) for shape in case.shapes] if isinstance(case.shapes, list) else one(case.shapes)


def make(case: Any, **more: Any) -> Any:
    """Return a fresh layer of the case."""
    return getattr(layers, case.name)(**build_arguments(case.keywords, layers, more.get("dtype")), **more)


def build_arguments(keywords: dict[str, Any], home: Any, dtype: str | None = None) -> dict[str, Any]:
    """Return the keywords with ("layer", class, keywords) replaced by the layer itself, made by `home`."""

    def resolve(value: Any) -> Any:
        if isinstance(value, tuple) and value and value[0] == "layer":
            inner = build_arguments(value[2], home, dtype)
            return getattr(home, value[1])(**inner, **({} if dtype is None else {"dtype": dtype}))
        if isinstance(value, list):
            return [resolve(item) for item in value]
        return value

    return {key: resolve(value) for key, value in keywords.items()}


def plain(value: Any) -> Any:
    """Return nested data as JSON holds them."""
    return json.loads(json.dumps(value))


def rounded(value: Any) -> Any:
    """Return nested data with floats to six digits: Keras keeps some settings in float32."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list) else value


def test_every_layer_has_a_case() -> None:
    covered = {case.name for case in CASES} | WITHOUT_CASE
    ours = {entry.name for entry in registry.entries("layer") if entry.value.__module__.startswith("pipekeras.")}
    assert ours - covered == set()


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_inferred_shape_is_the_real_one(case: Any) -> None:
    layer = make(case)
    inputs = data(case)
    shapes = map_structure(lambda array: (None, *array.shape[1:]), inputs)
    symbolic = run(layer, case, map_structure(lambda array: layers.Input(array.shape[1:], dtype=str(array.dtype)), inputs))
    real = run(layer, case, inputs)
    inferred = layer.compute_output_shape(*shapes) if case.name in SEPARATE else layer.compute_output_shape(shapes)
    single = [inferred] if isinstance(real, Tensor) else list(inferred)
    for promised, given, actual in zip(flatten(symbolic), single, flatten(real), strict=True):
        assert len(promised.shape) == len(actual.shape)
        assert all(size in (None, other) for size, other in zip(promised.shape, actual.shape, strict=True))
        assert all(size in (None, other) for size, other in zip(given, actual.shape, strict=True))
        assert promised.dtype == actual.dtype


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_config_makes_an_equal_layer(case: Any) -> None:
    layer = make(case)
    run(layer, case, data(case))
    written = plain(serialization.serialize(layer))
    again = serialization.deserialize(written)
    assert type(again) is type(layer)
    assert plain(serialization.serialize(again)) == written
    again.set_weights(layer.get_weights())
    for one, other in zip(flatten(run(layer, case, data(case))), flatten(run(again, case, data(case))), strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy())


@pytest.mark.parametrize("case", [case for case in CASES if case.smooth and not case.integers], ids=str)
def test_gradient_agrees_with_finite_differences(case: Any) -> None:
    layer = make(case, dtype="float64")
    arrays = [array.astype("float64") for array in flatten(data(case, "float64", batch=2))]
    structure = isinstance(case.shapes, list)
    run(layer, case, arrays if structure else arrays[0])
    generator = np.random.default_rng(5)
    for variable in layer.weights:
        if variable.dtype == "float64":
            variable.assign(variable.numpy() + 0.1 * np.abs(generator.normal(size=variable.shape)))

    def scalar(*tensors: Any) -> Any:
        outputs = flatten(run(layer, case, list(tensors) if structure else tensors[0]))
        weights = [np.cos(np.arange(int(np.prod(out.shape))) + 1.0).reshape(out.shape) for out in outputs]
        total = ops.sum(outputs[0] * weights[0])
        for out, weight in zip(outputs[1:], weights[1:], strict=True):
            total = total + ops.sum(out * weight)
        return total

    sources = [Tensor.symbolic(array.shape, "float64") for array in arrays]
    trainable = layer.trainable_weights
    collected, _ = trace(lambda *tensors: gradient(scalar(*tensors), [*tensors, *trainable]), sources)
    derived = _run(collected, arrays)
    step = 1e-5
    held = [*arrays, *[variable.array for variable in trainable]]
    for values, slope in zip(held, derived, strict=True):
        found = np.zeros(values.shape)
        picked = generator.permutation(values.size)[:12]
        for place in picked:
            before = values.flat[place]
            values.flat[place] = before + step
            upper = float(scalar(*[ops.convert_to_tensor(array) for array in arrays]))
            values.flat[place] = before - step
            lower = float(scalar(*[ops.convert_to_tensor(array) for array in arrays]))
            values.flat[place] = before
            found.flat[place] = (upper - lower) / (2 * step)
        np.testing.assert_allclose(slope.ravel()[picked], found.ravel()[picked], rtol=2e-5, atol=2e-7)


def _run(graph: Any, arrays: list[np.ndarray]) -> list[np.ndarray]:
    """Evaluate a traced graph with NumPy, op by op."""
    known: dict[int, np.ndarray] = {id(leaf): array for leaf, array in zip(graph.inputs, arrays, strict=True)}
    known.update((id(leaf), variable.array) for variable, leaf in graph.variables.items())

    def value(tensor: Tensor) -> np.ndarray:
        if tensor.data is not None:
            return tensor.data
        if id(tensor) not in known:
            parts = [value(item) for item in tensor.inputs]
            known[id(tensor)] = np.asarray(tensor.operation.reference(*parts, **tensor.attributes))
        return known[id(tensor)]

    return [value(output) for output in graph.outputs]


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_a_training_step_runs_and_moves_the_weights(case: Any) -> None:
    inputs = data(case, batch=4)
    sources = map_structure(lambda array: layers.Input(array.shape[1:], dtype=str(array.dtype)), inputs)
    layer = make(case)
    outputs = flatten(run(layer, case, sources))
    targets = [np.ones((4, *[size or 2 for size in out.shape[1:]]), "float32") * 0.5 for out in outputs]
    model = models.Model(sources, outputs if len(outputs) > 1 else outputs[0])
    model.compile(optimizer="sgd", loss="mse")
    before = [variable.numpy() for variable in layer.trainable_weights]
    if any(target.shape != model_output.shape for target, model_output in zip(targets, flatten(model(inputs)), strict=True)):
        targets = [np.zeros(out.shape, "float32") for out in flatten(model(inputs))]
    loss = model.train_on_batch(inputs, targets if len(targets) > 1 else targets[0])
    assert np.all(np.isfinite(loss))
    if before:
        assert any(np.any(old != new.numpy()) for old, new in zip(before, layer.trainable_weights, strict=True))


@pytest.fixture(scope="module")
def keras() -> Any:
    return pytest.importorskip("keras")


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_agrees_with_keras(case: Any, keras: Any) -> None:
    if not hasattr(keras.layers, case.name):
        pytest.skip(f"Keras 3 has no {case.name}")
    inputs = data(case)
    theirs = getattr(keras.layers, case.name)(**build_arguments(case.keywords, keras.layers), name="layer")
    ours = make(case, name="layer")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = run(theirs, case, inputs)
    found = run(ours, case, inputs)
    assert [tuple(weight.shape) for weight in ours.weights] == [tuple(weight.shape) for weight in theirs.weights]
    assert [weight.path for weight in ours.weights] == [weight.path for weight in theirs.weights]
    assert [weight.trainable for weight in ours.weights] == [weight.trainable for weight in theirs.weights]
    theirs_written = json.loads(json.dumps(keras.saving.serialize_keras_object(theirs)))
    ours_written = plain(serialization.serialize(ours))
    if theirs_written.get("build_config") == {"input_shape": None}:
        # Keras does not look at the shape of an array that a layer takes unconverted.
        del theirs_written["build_config"], ours_written["build_config"]
    assert rounded(ours_written) == rounded(theirs_written)
    generator = np.random.default_rng(3)
    weights = [np.abs(generator.normal(size=weight.shape)) * 0.5 + 0.05 for weight in theirs.weights]
    theirs.set_weights(weights)
    if hasattr(theirs, "finalize_state"):
        # Keras' Normalization computes with a copy of its weights.
        theirs.finalize_state()
    ours.set_weights(weights)
    for training in (False, True):
        if training and case.random:
            continue
        keywords = {"training": training} if "training" in theirs.call.__code__.co_varnames else {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = run(theirs, case, inputs, **keywords)
        found = run(ours, case, inputs, **keywords)
        for one, other in zip(flatten(found), keras.tree.flatten(expected), strict=True):
            assert one.dtype == keras.backend.standardize_dtype(other.dtype)
            np.testing.assert_allclose(one.numpy(), np.asarray(other), rtol=1e-5, atol=1e-5)
        for one, other in zip(ours.losses, theirs.losses, strict=True):
            np.testing.assert_allclose(float(one), float(other), rtol=1e-5)
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
