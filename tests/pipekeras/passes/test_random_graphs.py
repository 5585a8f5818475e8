"""A thousand random graphs: eager, compiled, compiled without fusion and NumPy agree, and so do their gradients."""

from __future__ import annotations

import importlib.util
import pathlib
import sys
from typing import Any

import numpy as np
import pytest

from pipekeras import GradientTape, ops
from pipekeras.graph.gradient import gradient
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.runtime.executable import Executable

_spec = importlib.util.spec_from_file_location("random_graphs", pathlib.Path(__file__).with_name("random_graphs.py"))
assert _spec is not None and _spec.loader is not None
graphs = importlib.util.module_from_spec(_spec)
sys.modules["random_graphs"] = graphs
_spec.loader.exec_module(graphs)

GRAPHS = 1000
SEEDS_OF_A_PLAN = 10
IN_A_TEST = 40


def compiled(plan: Any, numbers: Any, optimize: bool) -> list[np.ndarray]:
    """Return outputs and gradients of the inputs."""

    def step(*tensors: Tensor) -> list[Any]:
        *inputs, weights, index = tensors
        found = graphs.outputs_of(ops, plan, inputs, weights, index)
        return [*found, *_known(gradient(graphs.loss(found), inputs), inputs)]

    given = [*numbers.arrays, numbers.weights, numbers.index]
    graph, _ = trace(step, [Tensor.symbolic(array.shape, str(array.dtype)) for array in given])
    executable = Executable(graph, optimize=optimize)
    for target, array in zip(executable.inputs, given, strict=True):
        target[...] = array
    executable.run()
    return executable.outputs


def eager(plan: Any, numbers: Any) -> list[np.ndarray]:
    inputs = [Tensor(array) for array in numbers.arrays]
    with GradientTape() as tape:
        found = graphs.outputs_of(ops, plan, inputs, Tensor(numbers.weights), Tensor(numbers.index))
        total = graphs.loss(found)
    return [item.numpy() for item in [*found, *_known(tape.gradient(total, inputs), inputs)]]


def _known(gradients: Any, inputs: Any) -> list[Any]:
    return [ops.zeros_like(item) if g is None else g for g, item in zip(gradients, inputs, strict=True)]


def assert_near(found: np.ndarray, expected: np.ndarray, tolerance: float, what: str) -> None:
    scale = max(1.0, float(np.abs(expected).max(initial=0.0)))
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance * scale, err_msg=what)


def check(seed: int) -> None:
    plan = graphs.draw_plan(seed // SEEDS_OF_A_PLAN)
    numbers = graphs.draw_numbers(seed, plan.dtype)
    tolerance = 2e-11 if plan.dtype == "float64" else 5e-4
    by_eager, fused, unfused = eager(plan, numbers), compiled(plan, numbers, True), compiled(plan, numbers, False)
    label = f"seed {seed}: {plan.steps}"
    for a, b, c in zip(by_eager, fused, unfused, strict=True):
        assert_near(b, c, tolerance, f"fused and unfused, {label}")
        assert_near(a, b, tolerance, f"eager and fused, {label}")
    expected = graphs.by_numpy(plan, numbers)
    for a, b in zip(fused, expected, strict=False):
        assert_near(a, b, tolerance, f"fused and NumPy, {label}")
    if plan.dtype == "float64":
        check_slope(plan, numbers, fused[len(expected) :], label)


def check_slope(plan: Any, numbers: Any, gradients: list[np.ndarray], label: str) -> None:
    """The gradients against NumPy's difference along one direction, taken twice so that a kink between shows itself."""
    random = np.random.default_rng(0)
    way = [random.normal(size=array.shape) for array in numbers.arrays]
    slopes = []
    for step in (1e-6, 2e-6):
        above, below = (
            [array + sign * step * part for array, part in zip(numbers.arrays, way, strict=True)] for sign in (1, -1)
        )
        ends = [graphs.loss_by_numpy(plan, numbers, arrays) for arrays in (above, below)]
        slopes.append((ends[0] - ends[1]) / (2 * step))
    found = sum(float((g * part).sum()) for g, part in zip(gradients, way, strict=True))
    size = max(1.0, abs(found), *[float(np.abs(g).max()) for g in gradients])
    if abs(slopes[0] - slopes[1]) < 1e-6 * size:
        assert abs(found - slopes[0]) < 2e-5 * size, f"slope {slopes[0]} against {found}, {label}"


@pytest.mark.parametrize("first", range(0, GRAPHS, IN_A_TEST))
def test_random_graphs(first: int) -> None:
    for seed in range(first, first + IN_A_TEST):
        check(seed)
