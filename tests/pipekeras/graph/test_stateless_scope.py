"""Variables with other values for a while."""

from __future__ import annotations

import numpy as np
import pytest

import pipekeras as pk
from pipekeras import layers, ops
from pipekeras.core.errors import ArgumentError, ShapeError, StateError


def test_what_is_assigned_inside_is_gone_afterwards() -> None:
    mapped, other = pk.Variable([1.0, 2.0]), pk.Variable([3.0])
    given = np.array([5.0, 6.0], "float32")
    with pk.StatelessScope({mapped: given}) as scope:
        assert mapped.numpy().tolist() == [5, 6] and scope.get_current_value(other) is None
        mapped.assign_add([1.0, 1.0])
        other.assign([9.0])
        with pk.StatelessScope() as inner:
            mapped.assign([0.0, 0.0])
        assert inner.get_current_value(mapped).numpy().tolist() == [0, 0]
        assert mapped.numpy().tolist() == [6, 7] and float(other.numpy()[0]) == 9
    assert mapped.numpy().tolist() == [1, 2] and other.numpy().tolist() == [3] and given.tolist() == [5, 6]
    assert scope.get_current_value(mapped).numpy().tolist() == [6, 7]
    assert scope.get_current_value(other).numpy().tolist() == [9]


def test_gradients_reach_what_stands_in() -> None:
    variable, value = pk.Variable([1.0, 2.0]), ops.convert_to_tensor([3.0, 4.0])
    with pk.GradientTape() as tape, pk.StatelessScope([(variable, value)]):
        y = ops.sum(variable * variable)
    assert tape.gradient(y, value).numpy().tolist() == [6, 8]


def test_losses_are_collected() -> None:
    layer = layers.Dense(2, activity_regularizer="l2", kernel_initializer="ones")
    with pk.StatelessScope(collect_losses=True) as scope:
        layer(np.ones((1, 3), "float32"))
    assert [round(float(loss), 4) for loss in scope.losses] == [0.18]


def test_what_can_not_be_is_refused() -> None:
    variable = pk.Variable([1.0, 2.0])
    with pytest.raises(ShapeError, match="has shape"):
        pk.StatelessScope([(variable, np.zeros(3))])
    with pytest.raises(ArgumentError, match="for a variable"):
        pk.StatelessScope([(1, np.zeros(3))])
    model = pk.Sequential([pk.Input((2,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    with pytest.raises(StateError, match="inside of a StatelessScope"), pk.StatelessScope():
        model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)


def test_operations_of_ones_own_stand_between_layers() -> None:
    class Power(pk.Operation):
        def __init__(self, exponent: int, name: str | None = None) -> None:
            super().__init__(name=name)
            self.exponent = exponent

        def call(self, x):
            return x**self.exponent

        def compute_output_spec(self, x):
            return pk.KerasTensor(x.shape, x.dtype)

    inputs = pk.Input((3,))
    power = Power(2)
    model = pk.Model(inputs, power(inputs))
    assert model(np.array([[1.0, 2.0, 3.0]])).numpy().tolist() == [[1, 4, 9]]
    assert power.get_config()["exponent"] == 2 and power.output.shape == (None, 3)
    with pk.SymbolicScope():
        assert ops.exp(pk.KerasTensor((None, 3))).shape == (None, 3)
