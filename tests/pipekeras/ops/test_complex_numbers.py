"""Complex numbers: arithmetic and derivatives, at once and compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pipekeras import ops
from pipekeras.graph.gradient import gradient
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.runtime.executable import Executable

RANDOM = np.random.default_rng(4)
_WEIGHTS = RANDOM.normal(size=(3, 2))


def size_of(z: Any) -> Any:
    return ops.sum(ops.absolute(z) * _WEIGHTS[:, 0])


LOSSES: dict[str, Callable[[Any], Any]] = {
    "product": lambda z: size_of(z * z * (1.0 + z)),
    "quotient": lambda z: size_of((z + 2.0) / z),
    "exponential": lambda z: ops.sum(ops.real(ops.exp(z)) + ops.imag(ops.sin(z)) * 2.0),
    "angle": lambda z: ops.sum(ops.angle(z * z) * _WEIGHTS[:, 1]),
    "conjugate": lambda z: ops.sum(ops.real(ops.conj(z) * z * z)),
    "polar": lambda z: ops.sum(ops.imag(ops.polar(ops.absolute(z), ops.real(z)))),
    "matrix product": lambda z: ops.sum(ops.absolute(ops.matmul(ops.reshape(z, (3, 1)), ops.reshape(z * z, (1, 3))))),
    "real and complex": lambda z: size_of(z * ops.real(z)),
}


@pytest.mark.parametrize("name", LOSSES)
def test_derivatives_equal_finite_differences(name: str) -> None:
    parts = RANDOM.uniform(0.3, 1.5, (3, 2))

    def loss(x: Any) -> Any:
        return LOSSES[name](ops.view_as_complex(x))

    def step(x: Tensor) -> list[Any]:
        value = loss(x)
        return [value, *gradient(value, [x])]

    graph, _ = trace(step, [Tensor.symbolic((3, 2), "float64")])
    executable = Executable(graph)
    executable.inputs[0][...] = parts
    executable.run()
    value, slope = executable.outputs
    np.testing.assert_allclose(value, np.asarray(loss(parts)), rtol=1e-12)
    expected = np.zeros_like(parts)
    for place in np.ndindex(parts.shape):
        moved = np.zeros_like(parts)
        moved[place] = 1e-6
        expected[place] = (float(loss(parts + moved)) - float(loss(parts - moved))) / 2e-6
    np.testing.assert_allclose(slope, expected, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("dtype", ["complex64", "complex128"])
def test_results_of_a_program_may_be_complex(dtype: str) -> None:
    z = (RANDOM.normal(size=(4, 3)) + 1j * RANDOM.normal(size=(4, 3))).astype(dtype)
    graph, _ = trace(lambda x: [ops.transpose(x * 2.0), x[1:, ::2]], [Tensor.symbolic(z.shape, dtype)])
    executable = Executable(graph)
    executable.inputs[0][...] = z
    executable.run()
    np.testing.assert_allclose(executable.outputs[0], z.T * 2.0)
    np.testing.assert_array_equal(executable.outputs[1], z[1:, ::2])
    assert [str(item.dtype) for item in executable.outputs] == [dtype, dtype]


def test_types_that_meet() -> None:
    assert (ops.view_as_complex(np.ones((1, 2), "float32")) + 1.0).dtype == "complex64"
    assert (ops.view_as_complex(np.ones((1, 2))) + np.ones(1, "float32")).dtype == "complex128"
    assert ops.cast(np.array([1 + 2j]), "float64").numpy().tolist() == [1.0]
