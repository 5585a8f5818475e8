"""Slices of what was laid into zeros: gradients of parts of a flat tensor do not fill the whole of it."""

from __future__ import annotations

import numpy as np
import pytest

from pipekeras import GradientTape, ops
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.ops.define import OPERATIONS
from pipekeras.passes.order import ordered, roots
from pipekeras.passes.simplify import simplify
from pipekeras.runtime.executable import Executable


@pytest.mark.parametrize(("start", "length", "step", "expected"), [
    (3, 4, 1, None),  # exactly what was laid there
    (2, 8, 1, (8,)),  # all of it and zeros around it
    (3, 7, 1, (7,)),
    (4, 4, 1, (12,)),  # a part of it
    (0, 3, 1, (12,)),
    (1, 5, 2, (12,)),
])  # fmt: skip
def test_a_slice_of_zeros_around_a_tensor(start: int, length: int, step: int, expected: tuple[int, ...] | None) -> None:
    x = np.arange(1.0, 5.0)

    def run(tensor: Tensor) -> Tensor:
        laid = OPERATIONS["place"](tensor, shape=(12,), starts=(3,), steps=(1,), value=0.0)
        return OPERATIONS["slice"](laid, starts=(start,), lengths=(length,), steps=(step,)) * 2.0

    graph, _ = trace(run, [Tensor.symbolic((4,), "float64")])
    executable = Executable(graph, [x])
    executable.run()
    whole = np.zeros(12)
    whole[3:7] = x
    np.testing.assert_array_equal(executable.outputs[0], whole[start : start + length * step : step] * 2)
    found, waiting = [], list(simplify(graph).outputs)
    while waiting:
        node = waiting.pop()
        waiting.extend(node.inputs)
        if node.operation is not None and node.operation.name == "place":
            found.append(node.shape)
    assert found == ([] if expected is None else [expected])


def test_a_constant_that_a_tape_watched_is_a_constant() -> None:
    target = np.array([1, 0, 2])

    def run(tensor: Tensor) -> Tensor:
        with GradientTape():
            # On a tape a concrete tensor keeps how it came about.
            wanted = ops.one_hot(ops.convert_to_tensor(target) * 1, 3)
            assert wanted.data is not None
            assert wanted.operation is not None
            return ops.sum(tensor * ops.square(wanted), axis=1)

    graph, _ = trace(run, [Tensor.symbolic((3, 3), "float32")])
    x = np.arange(9.0, dtype="float32").reshape(3, 3)
    executable = Executable(graph, [x])
    executable.run()
    np.testing.assert_array_equal(executable.outputs[0], x[np.arange(3), target])
    assert all(
        item.operation is None
        for node in ordered(roots(simplify(graph)))
        for item in node.inputs
        if item.data is not None
    )
