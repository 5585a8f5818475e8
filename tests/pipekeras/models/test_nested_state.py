"""The values of a model as a tree."""

from __future__ import annotations

import numpy as np
import pytest

from pipekeras import Input, Sequential, layers
from pipekeras.core.errors import ArgumentError, ConfigurationError


def _model():
    model = Sequential(
        [Input((3,)), layers.Dense(2, name="first"), layers.Dropout(0.5), layers.Dense(1, name="last")], name="net"
    )
    model.compile("adam", "mse", metrics=["mae"])
    return model


def test_a_tree_restores_the_whole_state():
    model, other = _model(), _model()
    model.fit(np.ones((4, 3)), np.ones((4, 1)), verbose=0)
    other.fit(np.zeros((4, 3)), np.ones((4, 1)), verbose=0)
    tree = model.get_state_tree(value_format="numpy_array")
    assert set(tree) == {"trainable_variables", "non_trainable_variables", "optimizer_variables", "metrics_variables"}
    assert tree["trainable_variables"]["net"]["first"]["kernel"].shape == (3, 2)
    assert tree["optimizer_variables"][model.optimizer.name]["iteration"] == 1
    assert tree["metrics_variables"]["loss"]["count"] == 4
    other.set_state_tree({"trainable_variables": tree["trainable_variables"]})
    for ours, theirs in zip(model.get_weights(), other.get_weights(), strict=True):
        assert np.array_equal(ours, theirs)


def test_values_are_copies():
    model = _model()
    tree = model.get_state_tree()
    before = tree["trainable_variables"]["net"]["first"]["bias"].numpy().copy()
    model.set_state_tree({"trainable_variables": {"net": {"first": {"bias": [1.0, 2.0]}}}})
    assert np.array_equal(tree["trainable_variables"]["net"]["first"]["bias"].numpy(), before)
    assert np.array_equal(model.get_layer("first").bias.numpy(), [1.0, 2.0])


def test_unknown_names_are_told():
    model = _model()
    with pytest.raises(ConfigurationError, match="'net/first/weight'"):
        model.set_state_tree({"trainable_variables": {"net": {"first": {"weight": 0.0}}}})
    with pytest.raises(ConfigurationError, match="'weights'"):
        model.set_state_tree({"weights": {}})
    with pytest.raises(ArgumentError, match="value_format"):
        model.get_state_tree("list")
