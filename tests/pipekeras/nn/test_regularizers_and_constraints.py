"""Penalties and constraints against real Keras."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from pipekeras import constraints, ops, regularizers
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.core.registry import entries
from pipekeras.graph.gradient import GradientTape
from pipekeras.graph.tensor import convert

VALUE = np.random.default_rng(5).normal(size=(6, 4)).astype("float32")
PENALTIES = [
    ("L1", {}), ("L1", {"l1": 0.3}), ("L2", {}), ("L2", {"l2": 0.3}), ("L1L2", {"l1": 0.1, "l2": 0.2}), ("L1L2", {}),
    ("L1L2", {"l1": 0.2}), ("L1L2", {"l2": 0.2}), ("OrthogonalRegularizer", {}),
    ("OrthogonalRegularizer", {"factor": 0.5, "mode": "columns"}),
]  # fmt: skip
LIMITS = [
    ("MaxNorm", {}), ("MaxNorm", {"max_value": 0.5, "axis": 1}), ("MaxNorm", {"max_value": 1.0, "axis": [0, 1]}),
    ("NonNeg", {}), ("UnitNorm", {}), ("UnitNorm", {"axis": [0, 1]}), ("UnitNorm", {"axis": None}), ("MaxNorm", {"axis": None}),
    ("MinMaxNorm", {"min_value": 0.5, "max_value": 1.5, "rate": 0.7}), ("MinMaxNorm", {"axis": 1}),
    ("MinMaxNorm", {"axis": None}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "options"), PENALTIES, ids=str)
def test_penalties_and_their_gradients_are_those_of_keras(name, options):
    import jax

    expected, gradient = jax.value_and_grad(getattr(keras.regularizers, name)(**options))(jax.numpy.asarray(VALUE))
    weight = convert(VALUE)
    with GradientTape() as tape:
        tape.watch(weight)
        penalty = getattr(regularizers, name)(**options)(weight)
    assert float(penalty) == pytest.approx(float(expected), rel=1e-5, abs=1e-7)
    found = tape.gradient(penalty, weight)
    np.testing.assert_allclose(0.0 if found is None else found.numpy(), gradient, atol=1e-6)


@pytest.mark.parametrize(("name", "options"), LIMITS, ids=str)
def test_constraints_are_those_of_keras(name, options):
    expected = getattr(keras.constraints, name)(**options)(VALUE)
    np.testing.assert_allclose(getattr(constraints, name)(**options)(VALUE).numpy(), expected, atol=1e-6)


@pytest.mark.parametrize(("ours", "theirs", "cases"), [
    (regularizers, keras.regularizers, PENALTIES), (constraints, keras.constraints, LIMITS),
])  # fmt: skip
def test_configs_and_names(ours, theirs, cases):
    assert [name for name in dir(theirs) if not name.startswith("_") and not hasattr(ours, name)] == []
    for name, options in cases:
        made = getattr(ours, name)(**options)
        config = ours.serialize(made)
        assert ours.deserialize(config).get_config() == made.get_config()
        other = theirs.deserialize(config)
        back = ours.deserialize(theirs.serialize(other)).get_config()
        # Keras keeps the strength of L1 in float32.
        assert back == made.get_config() or back == pytest.approx(made.get_config())
    assert ours.get(None) is None


def test_everything_registered_is_tested():
    own = [entry for kind in ("regularizer", "constraint") for entry in entries(kind)]
    own = [entry.name for entry in own if entry.value.__module__.startswith("pipekeras")]
    assert set(own) - {name for name, _ in PENALTIES + LIMITS} == {"Regularizer", "Constraint"}


def test_spellings_and_mistakes():
    assert isinstance(regularizers.get("l1_l2"), regularizers.L1L2)
    assert isinstance(regularizers.get("l1l2"), regularizers.L1L2)
    assert isinstance(constraints.get("nonneg"), constraints.NonNeg)
    assert isinstance(constraints.get("max_norm"), constraints.MaxNorm)
    with pytest.raises(ConfigurationError, match="l1 must be"):
        regularizers.L1(-1.0)
    with pytest.raises(ConfigurationError, match="l2 must be"):
        regularizers.L2(float("nan"))
    with pytest.raises(ConfigurationError, match="mode must be"):
        regularizers.OrthogonalRegularizer(mode="diagonal")
    with pytest.raises(ShapeError, match="needs a matrix"):
        regularizers.OrthogonalRegularizer()(np.ones((2, 2, 2), "float32"))
    with pytest.raises(ConfigurationError, match="unknown constraint"):
        constraints.get("maximum")

    def own(x):
        return ops.sum(x)

    assert regularizers.get(own) is own
