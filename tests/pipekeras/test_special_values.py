"""Ops at infinity, at zero and of nothing; what models tell of how they were compiled."""

from __future__ import annotations

import numpy as np

import pipekeras as pk
from pipekeras import GradientTape, ops


def test_inverse_hyperbolic_sine_of_large_numbers() -> None:
    x = ops.convert_to_tensor(np.array([np.inf, -np.inf, 1e30, 0.0, -3.0], "float32"))
    with GradientTape() as tape:
        y = ops.arcsinh(x)
    np.testing.assert_allclose(y, [np.inf, -np.inf, 69.77069, 0, -1.8184465], rtol=1e-6)
    np.testing.assert_allclose(tape.gradient(y, x), [0, 0, 1e-30, 1, 0.31622776], rtol=1e-5)


def test_ops_of_nothing() -> None:
    assert ops.softmax(np.zeros((3, 0))).shape == (3, 0)
    assert ops.max(np.zeros((0, 3)), axis=0, initial=2.0).numpy().tolist() == [2, 2, 2]
    assert float(ops.min(np.zeros(0), initial=-1.0)) == -1


def test_logarithm_of_any_determinant() -> None:
    x = ops.convert_to_tensor(np.array([[0.0, 2.0], [3.0, 1.0]], "float32"))
    with GradientTape() as tape:
        y = ops.logdet(x)
    assert abs(float(y) - np.log(6)) < 1e-6
    np.testing.assert_allclose(tape.gradient(y, x), np.linalg.inv(x.numpy()).T, atol=1e-6)


def test_types_at_their_limits() -> None:
    assert ops.convert_to_tensor([1 + 2j]).dtype == "complex64"
    assert float(ops.saturate_cast(ops.cast([1e10], "bfloat16"), "float16")[0]) == 65280


def test_a_model_tells_how_it_was_compiled() -> None:
    model = pk.Sequential([pk.Input((2,)), pk.layers.Dense(1)])
    assert model.jit_compile and not model.run_eagerly
    model.compile("sgd", "mse", run_eagerly=True, steps_per_execution=4)
    assert model.run_eagerly and not model.jit_compile and model.steps_per_execution == 4
