"""Updates of variables: in place where that is safe, and always with the values from before the step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipekeras import Variable, ops
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.runtime.executable import Executable

X = np.arange(6, dtype=np.float32).reshape(2, 3) + 1


def run(step: Any, optimize: bool) -> list[np.ndarray]:
    graph, _ = trace(step, [Tensor.symbolic(X.shape, "float32")])
    executable = Executable(graph, optimize=optimize)
    executable.inputs[0][...] = X
    executable.run()
    return executable.outputs


@pytest.mark.parametrize("optimize", [True, False])
def test_variables_change_places(optimize: bool) -> None:
    a, b = Variable(X * 2), Variable(X * 3)

    def step(x: Tensor) -> Any:
        old_a, old_b = a.value, b.value
        a.assign(old_b)
        b.assign(old_a)
        return ops.sum(x)

    run(step, optimize)
    assert np.array_equal(a.numpy(), X * 3) and np.array_equal(b.numpy(), X * 2)


@pytest.mark.parametrize("optimize", [True, False])
def test_an_output_keeps_the_value_from_before(optimize: bool) -> None:
    a, kept = Variable(X * 2), Variable(X * 0)

    def step(x: Tensor) -> Any:
        before = a.value
        kept.assign(before)
        a.assign(before + x)
        return before, a.value, ops.transpose(before)

    before, after, turned = run(step, optimize)
    assert np.array_equal(before, X * 2) and np.array_equal(after, X * 3) and np.array_equal(turned, X.T * 2)
    assert np.array_equal(kept.numpy(), X * 2) and np.array_equal(a.numpy(), X * 3)


@pytest.mark.parametrize("optimize", [True, False])
def test_a_weight_is_read_by_others_before_its_update(optimize: bool) -> None:
    weight = Variable(np.eye(3, dtype=np.float32) * 2)

    def step(x: Tensor) -> Any:
        y = ops.matmul(x, weight)
        weight.assign_sub(ops.matmul(ops.transpose(x), y))
        return ops.matmul(y, ops.transpose(weight.value)), y

    first, y = run(step, optimize)
    new = np.eye(3) * 2 - X.T @ (X * 2)
    assert np.allclose(y, X * 2) and np.allclose(weight.numpy(), new) and np.allclose(first, (X * 2) @ new.T)
