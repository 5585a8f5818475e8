"""Sorting, the largest few and running totals as kernels, against NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pipekeras import ops
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.ops.define import OPERATIONS
from pipekeras.runtime.executable import Executable

SHAPES = [((1,), 0), ((70,), 0), ((3, 129), 1), ((64, 5), 0), ((2, 33, 20), 1)]


def values(shape: tuple[int, ...], dtype: str) -> np.ndarray:
    """Values with many equal ones, and with NaN and infinities among floats."""
    rng = np.random.default_rng(len(shape))
    if dtype == "bool":
        return rng.random(shape) < 0.5
    if dtype.startswith("uint"):
        return rng.integers(0, 200, shape).astype(dtype)
    found = rng.integers(-9, 9, shape).astype(dtype)
    if dtype.startswith("float") and found.size > 5:
        found.reshape(-1)[rng.integers(0, found.size, 5)] = [np.nan, np.inf, -np.inf, -0.0, np.nan]
    elif found.size > 5:
        found.reshape(-1)[[1, 4]] = np.iinfo(dtype).min
    return found


def compiled(function: Callable[..., Any], array: np.ndarray) -> np.ndarray:
    graph, _ = trace(function, [Tensor.symbolic(array.shape, str(array.dtype))])
    executable = Executable(graph, [array])
    executable.run()
    assert executable.host_operations == []
    return executable.outputs[0]


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "int32", "int64", "uint8", "bool"])
@pytest.mark.parametrize(("shape", "axis"), SHAPES)
def test_sorting_is_stable(shape: tuple[int, ...], axis: int, dtype: str) -> None:
    array = values(shape, dtype)
    found = compiled(lambda x: ops.argsort(x, axis), array)
    np.testing.assert_array_equal(found, np.argsort(array, axis=axis, kind="stable"))
    np.testing.assert_array_equal(compiled(lambda x: ops.sort(x, axis), array), np.sort(array, axis=axis, kind="stable"))


@pytest.mark.parametrize("dtype", ["float32", "int32", "uint8"])
@pytest.mark.parametrize("count", [1, 4, 32, 33, 100])
def test_the_largest_few(dtype: str, count: int) -> None:
    array = values((6, 100), dtype)
    wide = array.astype(np.float64)
    expected = np.argsort(-wide, axis=-1, kind="stable")[:, :count]
    np.testing.assert_array_equal(compiled(lambda x: ops.top_k(x, count)[1], array), expected)
    np.testing.assert_array_equal(ops.top_k(array, count)[1].numpy(), expected)
    np.testing.assert_array_equal(
        compiled(lambda x: ops.top_k(x, count)[0], array), np.take_along_axis(array, expected, axis=-1)
    )


@pytest.mark.parametrize("name", ["cumsum", "cumprod"])
@pytest.mark.parametrize("dtype", ["float32", "float64", "int32"])
@pytest.mark.parametrize(("shape", "axis"), SHAPES)
def test_running_totals(shape: tuple[int, ...], axis: int, dtype: str, name: str) -> None:
    rng = np.random.default_rng(3)
    array = (rng.standard_normal(shape) * 1.5).astype(dtype)
    found = compiled(lambda x: OPERATIONS[name](x, axis=axis), array)
    np.testing.assert_array_equal(found, getattr(np, name)(array, axis=axis, dtype=dtype))


def test_ordering_a_turned_tensor() -> None:
    array = np.random.default_rng(4).standard_normal((7, 9))
    np.testing.assert_array_equal(compiled(lambda x: ops.sort(ops.transpose(x), 1), array), np.sort(array.T, axis=1))
    np.testing.assert_array_equal(compiled(lambda x: ops.cumsum(ops.transpose(x), 1), array), np.cumsum(array.T, axis=1))
