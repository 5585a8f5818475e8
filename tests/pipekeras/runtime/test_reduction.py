"""Reductions and row programs against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from pipekeras.runtime.executor import Program, run_command
from pipekeras.runtime.kernels.elementwise import Operand, Step
from pipekeras.runtime.kernels.reduction import KINDS, Reduce, reduction_kernel
from pipekeras.runtime.kernels.rows import RowReduce, row_kernel
from pipekeras.runtime.kernels.staged import reduction_commands, reduction_scratch
from pipekeras.runtime.target import Target

NUMPY = {
    "sum": np.sum,
    "product": np.prod,
    "maximum": np.max,
    "minimum": np.min,
    "any": np.any,
    "all": np.all,
    "argmaximum": np.argmax,
    "argminimum": np.argmin,
}
SHAPES = [(3, 5, 37), (2, 3, 200), (1, 1, 5), (4, 7, 64)]


def result_type(kind: str, dtype: str) -> str:
    return "int64" if kind.startswith("arg") else "bool" if kind in ("any", "all") else dtype


def sample(kind: str, shape: tuple[int, ...], dtype: str) -> np.ndarray:
    x = np.random.default_rng(len(kind)).standard_normal(shape)
    if kind in ("any", "all"):
        return (x > (2.0 if kind == "any" else -2.0)).astype(dtype)
    return (x * (1 if kind == "product" else 3)).astype(dtype)


@pytest.mark.parametrize("dtype", ["float32", "int32"])
@pytest.mark.parametrize("kind", KINDS)
def test_rows_and_columns(kind: str, dtype: str) -> None:
    out = result_type(kind, dtype)
    rows = reduction_kernel([Operand(dtype)], [], [Reduce(kind, 0, out)], 1, 1, "reduced")
    columns = reduction_kernel([Operand(dtype)], [], [Reduce(kind, 0, out)], 1, 1, "kept")
    for shape in SHAPES:
        x = sample(kind, shape, dtype)
        y = np.empty(shape[:1], out)
        run_command(rows.command(shape, [x], [y]))
        np.testing.assert_allclose(y, NUMPY[kind](x.reshape(shape[0], -1), axis=1), rtol=1e-5, atol=1e-4)
        y = np.empty((shape[0], shape[2]), out)
        run_command(columns.command(shape, [x], [y]))
        np.testing.assert_allclose(y, NUMPY[kind](x, axis=1), rtol=1e-5, atol=1e-5)


def test_every_width_sums(target: Target) -> None:
    x = np.random.default_rng(0).standard_normal((6, 131))
    y, z = np.empty(6), np.empty(131)
    square = Step("square", (0,), "float64", lambda e, v: v * v)
    kernel = reduction_kernel([Operand("float64")], [square], [Reduce("sum", 1, "float64")], 1, 0, "reduced", target)
    run_command(kernel.command(x.shape, [x], [y]))
    np.testing.assert_allclose(y, (x * x).sum(1), rtol=1e-13)
    kernel = reduction_kernel([Operand("float64")], [square], [Reduce("sum", 1, "float64")], 0, 1, "kept", target)
    run_command(kernel.command(x.shape, [x], [z]))
    np.testing.assert_allclose(z, (x * x).sum(0), rtol=1e-13)


def test_several_results_in_one_pass() -> None:
    x = np.random.default_rng(1).standard_normal((9, 50), np.float32)
    total, largest, place = np.empty(9, np.float32), np.empty(9, np.float32), np.empty(9, np.int64)
    outputs = [Reduce("sum", 0, "float32"), Reduce("maximum", 0, "float32"), Reduce("argmaximum", 0, "int64")]
    kernel = reduction_kernel([Operand("float32")], [], outputs, 1, 0, "reduced")
    run_command(kernel.command(x.shape, [x], [total, largest, place]))
    np.testing.assert_allclose(total, x.sum(1), rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(largest, x.max(1))
    np.testing.assert_array_equal(place, x.argmax(1))


def test_positions_are_the_first_and_nan_wins() -> None:
    x = np.zeros((4, 40), np.float32)
    x[1, 17] = x[1, 33] = 5
    x[2, 30] = np.nan
    x[2, 5] = 9
    x[3] = -np.inf
    found, largest = np.empty(4, np.int64), np.empty(4, np.float32)
    outputs = [Reduce("argmaximum", 0, "int64"), Reduce("maximum", 0, "float32")]
    run_command(reduction_kernel([Operand("float32")], [], outputs, 1, 0, "reduced").command(x.shape, [x], [found, largest]))
    np.testing.assert_array_equal(found, [0, 17, 30, 0])
    np.testing.assert_array_equal(largest, [0, 5, np.nan, -np.inf])


def test_an_empty_sum_is_zero() -> None:
    y = np.full(3, 9.0, np.float32)
    kernel = reduction_kernel([Operand("float32")], [], [Reduce("sum", 0, "float32")], 1, 0, "reduced")
    run_command(kernel.command((3, 0), [(np.empty(1, np.float32), (0, 1))], [y]))
    np.testing.assert_array_equal(y, 0)


def test_threads_change_no_bit_of_a_sum() -> None:
    x = np.random.default_rng(2).standard_normal((50, 3001), np.float32)
    for inner, kept, reduced, size in (("reduced", 1, 0, 50), ("kept", 0, 1, 3001)):
        kernel = reduction_kernel([Operand("float32")], [], [Reduce("sum", 0, "float32")], kept, reduced, inner)
        results = []
        for threads in (1, 2, 3):
            y = np.empty(size, np.float32)
            command = kernel.command(x.shape, [x], [y])
            command.threads = threads
            Program([command], threads=threads).run()
            results.append(y)
        np.testing.assert_array_equal(results[0], results[1])
        np.testing.assert_array_equal(results[0], results[2])


@pytest.mark.parametrize("kind", ["sum", "maximum", "any"])
@pytest.mark.parametrize(
    ("kept", "reduced", "inner", "role"),
    [((), (), 100_003, "reduced"), ((2,), (700,), 101, "reduced"), ((), (5000, 3), 37, "kept"), ((2,), (9001,), 40, "kept"),
     ((3,), (5,), 7, "reduced")],
)  # fmt: skip
def test_large_reductions_in_two_stages(
    kept: tuple[int, ...], reduced: tuple[int, ...], inner: int, role: str, kind: str
) -> None:
    shape = (*kept, *reduced, inner)
    x = sample(kind, shape, "float32")
    out = result_type(kind, "float32")
    outputs = [Reduce(kind, 0, out), Reduce("sum", 0, "float32")]
    axes = tuple(range(len(kept), len(shape) - (1 if role == "kept" else 0)))
    expected = NUMPY[kind](x, axis=axes)
    size = reduction_scratch(outputs, kept, reduced, inner, role)
    assert (size > 0) == (x.size > 1000)
    found = []
    for threads in (1, 2):
        y, total = np.empty(expected.shape, out), np.empty(expected.shape, np.float32)
        commands = reduction_commands(
            [Operand("float32")], (), outputs, kept, reduced, inner, role, [x], [y, total], np.empty(size // 8 + 1)
        )
        for command in commands:
            command.threads = threads
        Program(commands, threads=threads).run()
        np.testing.assert_allclose(y, expected, rtol=1e-4, atol=1e-2)
        np.testing.assert_allclose(total, x.sum(axis=axes, dtype=np.float64), rtol=1e-4, atol=1e-2)
        found.append((y, total))
    np.testing.assert_array_equal(found[0], found[1])


@pytest.mark.parametrize("shape", [(5, 10), (33, 70), (3, 1), (7, 128)])
def test_softmax_and_its_logarithm_in_one_row_program(shape: tuple[int, int], target: Target) -> None:
    x = (np.random.default_rng(3).standard_normal(shape) * 4).astype(np.float32)
    y, logarithm = np.empty_like(x), np.empty(shape[0], np.float32)
    items = [
        RowReduce("maximum", 0, "float32"),
        Step("subtract", (0, 1), "float32", lambda e, v, m: v - m),
        Step("exp", (2,), "float32", lambda e, v: e.exp(v)),
        RowReduce("sum", 3, "float32"),
        Step("divide", (3, 4), "float32", lambda e, v, s: v / s),
        Step("log", (4,), "float32", lambda e, s: e.log(s)),
        Step("add", (6, 1), "float32", lambda e, s, m: s + m),
    ]
    kernel = row_kernel([Operand("float32")], items, [5, (7, Operand("float32", "broadcast"))], target=target)
    run_command(kernel.command(shape, [x], [y, (logarithm, (1, 0))]))
    wide = np.exp(x.astype(np.float64))
    np.testing.assert_allclose(y, wide / wide.sum(1, keepdims=True), rtol=2e-6)
    np.testing.assert_allclose(logarithm, np.log(wide.sum(1)), rtol=2e-6)
