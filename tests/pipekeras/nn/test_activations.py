"""Activations against real Keras, and `get` in all its forms."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from pipekeras import activations, ops
from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import entries
from pipekeras.graph.gradient import GradientTape
from pipekeras.graph.tensor import convert

OPTIONS = {
    "relu": [{}, {"negative_slope": 0.1}, {"max_value": 1.5}, {"threshold": 0.4},
             {"negative_slope": 0.2, "max_value": 1.0, "threshold": 0.3}, {"max_value": 6}],
    "leaky_relu": [{}, {"negative_slope": 0.3}],
    "elu": [{}, {"alpha": 0.5}],
    "celu": [{}, {"alpha": 0.5}],
    "gelu": [{}, {"approximate": True}],
    "glu": [{}, {"axis": 0}],
    "hard_shrink": [{}, {"threshold": 0.8}],
    "soft_shrink": [{}, {"threshold": 0.8}],
    "threshold": [{"threshold": 0.2, "default_value": -1.0}],
    "softmax": [{}, {"axis": 0}],
    "log_softmax": [{}, {"axis": 0}],
    "sparsemax": [{}, {"axis": 0}],
    "squareplus": [{}, {"b": 1.0}],
}  # fmt: skip
CASES = [
    pytest.param(entry.name, options, id=f"{entry.name}-{options}")
    for entry in entries("activation")
    if hasattr(keras.activations, entry.name)
    for options in OPTIONS.get(entry.name, [{}])
]


def test_every_activation_of_keras_is_here():
    missing = [name for name in dir(keras.activations) if not name.startswith("_") and not hasattr(activations, name)]
    assert missing == []


@pytest.mark.parametrize(("name", "options"), CASES)
def test_values_and_gradients_are_those_of_keras(name, options):
    import jax

    x = np.random.default_rng(3).normal(size=(6, 8)).astype("float32") * 2
    theirs = getattr(keras.activations, name)
    shape = jax.eval_shape(lambda value: theirs(value, **options), x).shape
    weight = np.random.default_rng(4).normal(size=shape).astype("float32")

    @jax.jit
    def value_and_gradient(value):
        result, pull = jax.vjp(lambda inner: theirs(inner, **options), value)
        return result, pull(weight)[0]

    expected, expected_gradient = value_and_gradient(x)
    tensor = convert(x)
    with GradientTape() as tape:
        tape.watch(tensor)
        ours = getattr(activations, name)(tensor, **options)
        total = convert(ours) * weight
    np.testing.assert_allclose(ours.numpy(), expected, atol=2e-6, rtol=2e-6)
    np.testing.assert_allclose(tape.gradient(total, tensor).numpy(), expected_gradient, atol=5e-6, rtol=5e-6)


def test_get_accepts_names_configs_and_functions():
    assert activations.get(None) is activations.linear
    assert activations.get("swish") is activations.silu
    assert activations.get("ReLU") is activations.relu
    config = {"module": "builtins", "class_name": "function", "config": "relu", "registered_name": "function"}
    assert activations.get(config) is activations.relu

    def own(x):
        return x

    assert activations.get(own) is own
    assert activations.deserialize("own", {"own": own}) is own
    assert activations.serialize(own) == "own"


def test_a_misspelt_name_is_told_the_nearest():
    with pytest.raises(ConfigurationError, match="unknown activation 'sigmiod'") as caught:
        activations.get("sigmiod")
    assert caught.value.mend == "did you mean 'sigmoid'?"
    with pytest.raises(ConfigurationError, match="is no activation"):
        activations.get(3)


@pytest.mark.parametrize(
    ("name", "points", "slopes"),
    [
        ("elu", [0.0], [1.0]),
        ("celu", [0.0], [1.0]),
        ("selu", [0.0], [1.6732632423543772 * 1.0507009873554805]),
        ("relu", [0.0], [0.0]),
        ("relu6", [0.0, 3.0, 6.0], [0.0, 1.0, 0.0]),
        ("hard_sigmoid", [-3.0, 0.0, 3.0], [0.0, 1 / 6, 0.0]),
        ("hard_tanh", [-1.0, 0.0, 1.0], [0.0, 1.0, 0.0]),
        ("sparse_sigmoid", [-1.0, 0.0, 1.0], [0.0, 0.5, 0.0]),
    ],
)
def test_slopes_where_the_pieces_meet(name, points, slopes):
    # Biases start at 0 and masked steps are 0: these points are common, and frameworks agree on them.
    values = convert(np.array(points, "float32"))
    with GradientTape() as tape:
        tape.watch(values)
        total = ops.sum(getattr(activations, name)(values))
    np.testing.assert_allclose(tape.gradient(total, values).numpy(), slopes, rtol=1e-6)
