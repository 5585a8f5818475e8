"""Sums into rows by index: their order, negative and foreign indices, ranges, and how gradients of lookups lie."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipekeras import ops
from pipekeras.graph.gradient import gradient
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.graph.variable import Variable
from pipekeras.runtime.executable import Executable
from pipekeras.runtime.executor import Program
from pipekeras.runtime.host import HostCall
from pipekeras.runtime.kernels.scatter import scatter_rows_command


def expected_sums(updates: np.ndarray, index: np.ndarray, rows: int) -> np.ndarray:
    """Sum one row after the other."""
    result = np.zeros((updates.shape[0], rows, updates.shape[-1]), updates.dtype)
    for table in range(len(updates)):
        for row, update in zip(index.ravel(), updates[table], strict=True):
            if -rows <= row < rows:
                result[table, row] += update
    return result


@pytest.mark.parametrize(("rows", "width"), [(5, 33), (3000, 40), (7, 1)])
@pytest.mark.parametrize("index_dtype", ["int32", "int64"])
def test_sums_into_rows_keep_their_order(rows: int, width: int, index_dtype: str) -> None:
    rng = np.random.default_rng(3)
    index = rng.integers(-rows, rows + 2, 400).astype(index_dtype)
    updates = rng.standard_normal((2, 400, width)).astype(np.float32)
    expected = expected_sums(updates, index, rows)
    for threads in (1, 2, 3):
        table = np.full((2, rows, width), np.nan, np.float32)
        command = scatter_rows_command(
            updates, index, table, rows=rows, width=width, counts=(1, 400), dtype="float32", index_dtype=index_dtype, tables=2
        )
        command.threads = threads
        Program([command], threads=threads).run()
        np.testing.assert_array_equal(table, expected)


def test_repeated_updates_are_read_by_strides() -> None:
    index, updates = np.array([[1, 1, 4], [0, 4, 4]], np.int32), np.arange(6.0).reshape(2, 3)
    table = np.empty((5, 3))
    command = scatter_rows_command(updates, index, table, rows=5, width=3, counts=(2, 3), dtype="float64",
                                   index_dtype="int32", strides=(0, 3, 0))  # fmt: skip
    Program([command]).run()
    np.testing.assert_array_equal(table, [[3, 4, 5], [0, 2, 4], [0, 0, 0], [0, 0, 0], [6, 9, 12]])


@pytest.mark.parametrize(
    ("shape", "index_shape", "axis", "reduce"),
    [
        ((30, 8), (4, 6), 0, lambda y: ops.mean(y, axis=1)),
        ((30, 8), (4, 6), 0, lambda y: ops.sum(ops.transpose(y, (2, 1, 0)) ** 2)),
        ((3, 30, 8), (7,), 1, lambda y: ops.sum(y**2, axis=-1)),
        ((3, 2, 30), (5, 2), 2, lambda y: ops.sum(y**2)),
    ],
)
def test_gradients_of_lookups_compile(shape: tuple[int, ...], index_shape: tuple[int, ...], axis: int, reduce: Any) -> None:
    rng = np.random.default_rng(4)
    table, index = rng.standard_normal(shape), rng.integers(0, 30, index_shape).astype(np.int32)

    def run(x: Tensor, i: Tensor) -> Any:
        return gradient(ops.sum(reduce(ops.take(x, i, axis)) * 3.0), [x])[0]

    graph, _ = trace(run, [Tensor.symbolic(shape, "float64"), Tensor.symbolic(index_shape, "int32")])
    executable = Executable(graph, [table, index])
    executable.run()
    assert executable.host_operations == []
    plain = Executable(graph, [table, index], optimize=False)
    plain.run()
    np.testing.assert_allclose(executable.outputs[0], plain.outputs[0], rtol=1e-12)
    picked = {}
    for place in rng.permutation(table.size)[:6]:
        value = table.flat[place]
        found = []
        for step in (1e-5, -1e-5):
            table.flat[place] = value + step
            found.append(float(ops.sum(reduce(ops.take(table, index, axis)) * 3.0).numpy()))
        table.flat[place] = value
        picked[place] = (found[0] - found[1]) / 2e-5
    for place, slope in picked.items():
        assert executable.outputs[0].flat[place] == pytest.approx(slope, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("pooled", [False, True])
def test_plain_descent_leaves_rows_alone_that_no_index_names(pooled: bool) -> None:
    rng = np.random.default_rng(5)
    first = rng.standard_normal((500, 24)).astype("float32")
    index = rng.integers(-500, 500, (5, 30)).astype(np.int32)
    index[0] = 7  # one row many times
    weights = rng.standard_normal((5, 24) if pooled else (5, 30, 24)).astype("float32")
    rate = Variable(0.1)

    def step(table: Variable, i: Tensor, w: Tensor) -> None:
        seen = ops.take(table, i, 0)
        slope = gradient(ops.sum((ops.mean(seen, axis=1) if pooled else seen) * w), [table])[0]
        table.assign(table - slope * rate)

    found = []
    for optimize in (True, False):
        table = Variable(first)
        placeholders = [Tensor.symbolic(array.shape, str(array.dtype)) for array in (index, weights)]
        graph, _ = trace(lambda i, w, table=table: step(table, i, w), placeholders)
        for threads in ("1", "3"):
            table.assign(first)
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("PIPEKERAS_NUM_THREADS", threads)
                executable = Executable(graph, [index, weights], optimize=optimize)
                executable.run(2)
            found.append(table.numpy().copy())
        kinds = [part.kernel.name for part in executable.work if not isinstance(part, HostCall)]
        assert ("subtract_rows" in kinds) == optimize
    for other in found[1:]:
        np.testing.assert_array_equal(found[0], other)
    untouched = np.setdiff1d(np.arange(500), index % 500)
    np.testing.assert_array_equal(found[0][untouched], first[untouched])
    assert (found[0][7] != first[7]).all()


def test_a_table_that_is_read_later_is_copied_first() -> None:
    rng = np.random.default_rng(6)
    first, index = rng.standard_normal((50, 3)).astype("float32"), np.array([3, 3, 9], np.int32)
    table, rate = Variable(first), Variable(0.5)

    def step(i: Tensor) -> Tensor:
        old = ops.sum(table * 1.0, axis=0)
        slope = gradient(ops.sum(ops.square(ops.take(table, i, 0))), [table])[0]
        table.assign(table - slope * rate)
        return old

    graph, _ = trace(step, [Tensor.symbolic(index.shape, "int32")])
    executable = Executable(graph, [index])
    executable.run()
    np.testing.assert_allclose(executable.outputs[0], first.sum(axis=0), rtol=1e-5)
    expected = first.copy()
    expected[3] -= 2 * first[3]
    expected[9] -= first[9]
    np.testing.assert_allclose(table.numpy(), expected, rtol=1e-6, atol=1e-7)
