"""Copies, transposes, gathers and sums by index against NumPy."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from pipekeras.runtime.executor import Program, StepCounter, run_command
from pipekeras.runtime.kernels.movement import (
    batch_gather_command,
    concatenate_commands,
    copy_command,
    fill_command,
    gather_command,
    one_hot_command,
)
from pipekeras.runtime.kernels.packing import transpose_command
from pipekeras.runtime.target import Target


@pytest.mark.parametrize("dtype", ["float32", "float64", "int8", "bool", "int16"])
@pytest.mark.parametrize("shape", [(5, 7), (33, 70), (4, 5, 6), (3, 17, 20), (2, 3, 17, 9), (1, 40, 1)])
def test_every_transposition(shape: tuple[int, ...], dtype: str) -> None:
    x = (np.random.default_rng(0).standard_normal(shape) * 9).astype(dtype)
    for axes in itertools.permutations(range(len(shape))):
        view = x.transpose(axes)
        y = np.empty(view.shape, dtype)
        run_command(copy_command((x, [stride // x.itemsize for stride in view.strides]), y, view.shape, dtype))
        np.testing.assert_array_equal(y, view)


def test_transposition_at_every_width(target: Target) -> None:
    x = np.arange(37 * 50, dtype=np.float32).reshape(37, 50)
    y = np.empty((50, 37), np.float32)
    run_command(transpose_command(x, y, 37, 50, 50, 37, "float32", target=target))
    np.testing.assert_array_equal(y, x.T)


def test_copy_repeats_and_writes_into_slices() -> None:
    row, y = np.arange(6, dtype=np.float32), np.zeros((4, 10), np.float32)
    run_command(copy_command((row, (0, 1)), (y[:, 2:], (10, 1)), (4, 6), "float32"))
    np.testing.assert_array_equal(y[:, 2:8], np.tile(row, (4, 1)))
    assert not y[:, :2].any() and not y[:, 8:].any()


def test_fill() -> None:
    y = np.ones((3, 40), np.float32)
    run_command(fill_command((y[:, ::2], (40, 2)), (3, 20), "float32", 2.5))
    np.testing.assert_array_equal(y[:, ::2], 2.5)
    np.testing.assert_array_equal(y[:, 1::2], 1)


@pytest.mark.parametrize("index_dtype", ["int32", "int64"])
def test_gather_counts_from_the_end_and_stays_inside(index_dtype: str) -> None:
    table = np.random.default_rng(1).standard_normal((2, 50, 13)).astype(np.float32)
    index, y = np.array([3, -1, 49, 0, 700, -700], index_dtype), np.empty((2, 6, 13), np.float32)
    run_command(gather_command(table, index, y, outer=2, rows=50, count=6, width=13, dtype="float32", index_dtype=index_dtype))
    np.testing.assert_array_equal(y, table[:, [3, 49, 49, 0, 49, 0]])


@pytest.mark.parametrize("dtype", ["float32", "uint8"])
def test_batches_follow_the_step_counter(dtype: str) -> None:
    rng = np.random.default_rng(2)
    data, order = (rng.standard_normal((50, 13)) * 50).astype(dtype), rng.permutation(50)
    y, counter = np.empty((6, 13), dtype), StepCounter(1)
    program = Program(
        [batch_gather_command(data, order, y, batch=6, row_bytes=13 * data.itemsize, counter=counter.address)], counter
    )
    for step in range(1, 8):
        program.run()
        np.testing.assert_array_equal(y, data[order[6 * step : 6 * step + 6]])
    assert counter.value == 8


def test_one_hot_and_concatenation() -> None:
    index, y = np.array([0, 4, 2, 9], np.int32), np.empty((4, 5), np.float32)
    run_command(one_hot_command(index, y, 4, 5, "int32", "float32"))
    np.testing.assert_array_equal(y, np.vstack([np.eye(5), np.zeros((5, 5))])[index])
    left, right = np.arange(24.0).reshape(2, 3, 4), np.arange(40.0).reshape(2, 5, 4)
    joined = np.empty((2, 8, 4))
    Program(concatenate_commands([(left, 3), (right, 5)], joined, 2, 4, "float64")).run()
    np.testing.assert_array_equal(joined, np.concatenate([left, right], axis=1))
