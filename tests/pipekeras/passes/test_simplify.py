"""Slices of what was laid into zeros: gradients of parts of a flat tensor do not fill the whole of it."""

from __future__ import annotations

import numpy as np
import pytest

from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.ops.define import OPERATIONS
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
