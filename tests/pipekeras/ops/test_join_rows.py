"""Rows changed by index in a compiled step: the kernel against the operation's NumPy reference."""

from __future__ import annotations

import numpy as np
import pytest

from pipekeras import ops
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.ops.define import OPERATIONS
from pipekeras.runtime.executable import Executable


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "int32", "uint8"])
@pytest.mark.parametrize("reduction", ["set", "add", "mul", "max", "min"])
def test_every_way_to_join(reduction: str, dtype: str) -> None:
    random = np.random.default_rng(4)
    operation = OPERATIONS["scatter_rows"]
    for rows, width, count in ((7, 5, 20), (1, 1, 3), (300, 200, 40)):
        table, updates = (random.integers(1, 5, shape).astype(dtype) for shape in ((rows, width), (count, width)))
        # Some rows are named often, some indices lie outside on either side.
        index = random.integers(-3, min(rows, 12) + 3, count)
        given = [table, index, updates]
        graph, _ = trace(
            lambda *tensors: operation(*tensors, reduction=reduction),
            [Tensor.symbolic(array.shape, str(array.dtype)) for array in given],
        )
        executable = Executable(graph)
        assert not executable.host_operations
        for target, array in zip(executable.inputs, given, strict=True):
            target[...] = array
        expected = operation.reference(*given, reduction=reduction)
        for _ in range(2):
            executable.run()
            np.testing.assert_allclose(executable.outputs[0], expected, rtol=1e-3 if dtype == "float16" else 1e-6)


def test_missing_numbers_stay_missing_and_views_are_read_as_they_lie() -> None:
    table, updates = np.arange(12.0).reshape(4, 3), np.array([[1.0, np.nan, 9.0], [50.0, 0.0, -1.0]])

    def step(table: Tensor, updates: Tensor) -> Tensor:
        turned = ops.transpose(ops.transpose(table) * 1.0)
        return ops.scatter_update(turned[::-1], np.array([[1], [-1]]), updates[:, ::-1], reduction="max")

    graph, _ = trace(step, [Tensor.symbolic(array.shape, "float64") for array in (table, updates)])
    executable = Executable(graph)
    for target, array in zip(executable.inputs, (table, updates), strict=True):
        target[...] = array
    executable.run()
    np.testing.assert_array_equal(executable.outputs[0], step(Tensor(table), Tensor(updates)).numpy())
