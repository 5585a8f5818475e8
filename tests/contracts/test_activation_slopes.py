"""Activations whose derivative is written as one piece: value, first and second derivative."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipekeras import ops
from pipekeras.graph.gradient import GradientTape, gradient
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.passes.fuse import fuse
from pipekeras.passes.simplify import simplify
from pipekeras.runtime.executable import Executable

KINDS = [pytest.param(False, id="exact"), pytest.param(True, id="tanh")]
X = np.linspace(-4.0, 4.0, 41)


def values(x: np.ndarray, approximate: bool) -> np.ndarray:
    return ops.gelu(x, approximate=approximate).numpy()


@pytest.mark.parametrize("approximate", KINDS)
def test_derivatives_agree_with_finite_differences(approximate: bool) -> None:
    with GradientTape() as outer:
        with GradientTape() as inner:
            x = ops.convert_to_tensor(X)
            y = ops.sum(ops.gelu(x, approximate=approximate))
        first = inner.gradient(y, x)
        total = ops.sum(first)
    second = outer.gradient(total, x)
    step = 1e-4
    above, here, below = (values(X + shift, approximate) for shift in (step, 0.0, -step))
    np.testing.assert_allclose(first.numpy(), (above - below) / (2 * step), atol=1e-7)
    np.testing.assert_allclose(second.numpy(), (above - 2 * here + below) / step**2, atol=1e-6)


@pytest.mark.parametrize("approximate", KINDS)
def test_a_step_keeps_the_slope_alone(approximate: bool) -> None:
    def step(x: Tensor, weights: Tensor) -> list[Any]:
        y = ops.gelu(x, approximate=approximate)
        return [y, *gradient(ops.sum(ops.sin(y @ weights)), [x])]

    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal((16, 16)).astype("float32") for _ in range(2)]
    graph, _ = trace(step, [Tensor.symbolic(array.shape, "float32") for array in arrays])
    executable, plain = Executable(graph, arrays), Executable(graph, arrays, optimize=False)
    executable.run(), plain.run()
    # The kernel of the value writes the slope beside it, and nothing of what the two are made from.
    groups = fuse(simplify(graph)).groups
    names = [{node.operation.name for node in group.nodes if node.operation is not None} for group in groups]
    written = [len(group.outputs) for group, found in zip(groups, names, strict=True) if found & {"erf", "tanh"}]
    assert written == [2]
    for found, expected in zip(executable.outputs, plain.outputs, strict=True):
        np.testing.assert_allclose(found, expected, rtol=2e-5, atol=1e-6)
