"""What is written past the caches, and large products cut by columns, give what they gave, on any number of threads."""

from __future__ import annotations

import numpy as np
import pytest

from pipekeras.core import memory
from pipekeras.runtime.executor import Program, StepCounter
from pipekeras.runtime.kernels.matmul import matmul_commands, matmul_scratch
from pipekeras.runtime.kernels.matmul_kernel import SLOTS
from pipekeras.runtime.kernels.movement import batch_gather_command
from pipekeras.runtime.kernels.packing import transpose_command


@pytest.fixture(autouse=True)
def two_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPEKERAS_NUM_THREADS", "2")


def drawn(shape: tuple[int, ...], off_line: int = 0) -> np.ndarray:
    """Random numbers that begin so many elements behind a line."""
    size = int(np.prod(shape))
    found = memory.zeros((size + off_line,), np.float32)[off_line:].reshape(shape)
    found[...] = np.random.default_rng(size).normal(size=shape)
    return found


@pytest.mark.parametrize("shape", [(100, 512, 300), (128, 512, 784), (7, 1024, 512), (33, 500, 500), (200, 960, 400)])
@pytest.mark.parametrize("turned", [(False, False), (False, True), (True, False), (True, True)])
@pytest.mark.parametrize("off_line", [0, 4])
def test_products_cut_by_columns(shape: tuple[int, int, int], turned: tuple[bool, bool], off_line: int) -> None:
    m, n, k = shape
    a, b = drawn((k, m) if turned[0] else (m, k)), drawn((n, k) if turned[1] else (k, n), off_line)
    scratch = memory.zeros((matmul_scratch(shape, "float32", turned[1]) + 64,), np.uint8)
    wanted = (a.T if turned[0] else a) @ (b.T if turned[1] else b)
    results = []
    for threads in (1, 2, 3):
        c = memory.zeros((m * n + off_line,), np.float32)[off_line:].reshape(m, n)
        commands = matmul_commands(
            (a, [a.shape[1]]), (b, [b.shape[1]]), (c, [n]), shape, "float32",
            transpose_a=turned[0], transpose_b=turned[1], scratch=scratch,
        )  # fmt: skip
        Program(commands, threads=threads).run()
        np.testing.assert_allclose(c, wanted, atol=1e-3)
        results.append(c.tobytes())
    assert len(set(results)) == 1


def test_a_product_of_large_weights_is_cut_for_the_threads() -> None:
    words = {}
    for n in (512, 500):
        a, b, c = drawn((64, 512)), drawn((512, n)), drawn((64, n))
        (command,) = matmul_commands((a, [512]), (b, [n]), (c, [n]), (64, n, 512), "float32")
        words[n] = command.arguments[sum(list(SLOTS.values())[: list(SLOTS).index("groups")])]
    # 500 columns don't fall into lines for two.
    assert words == {512: 2, 500: 1}


@pytest.mark.parametrize("width", [784, 100])
@pytest.mark.parametrize("dtype", ["float32", "uint8"])
@pytest.mark.parametrize("off_line", [0, 3])
def test_gathered_rows(width: int, dtype: str, off_line: int) -> None:
    rows = np.random.default_rng(1).integers(0, 200, (300, width)).astype(dtype)
    order = np.random.default_rng(2).permutation(300)
    counter = StepCounter(1)
    size = np.dtype(dtype).itemsize
    for threads in (1, 2):
        room = memory.zeros((128 * width + off_line,), dtype)
        result = room[off_line:].reshape(128, width)
        command = batch_gather_command(
            rows, order, result, batch=128, row_bytes=width * size, counter=counter.address, advance=128, streamed=True,
        )
        Program([command], threads=threads).run()
        np.testing.assert_array_equal(result, rows[order[128:256]])
        assert not room[:off_line].any()


@pytest.mark.parametrize("dtype", ["float32", "float64", "uint16", "uint8"])
@pytest.mark.parametrize("shape", [(64, 96), (70, 33), (5, 100)])
def test_streamed_transposes(dtype: str, shape: tuple[int, int]) -> None:
    rows, columns = shape
    source = np.random.default_rng(3).integers(0, 200, shape).astype(dtype)
    result = memory.zeros((columns, rows), dtype)
    Program([transpose_command(source, result, rows, columns, columns, rows, dtype, streamed=True)], threads=1).run()
    np.testing.assert_array_equal(result, source.T)


def test_variables_and_results_begin_on_lines() -> None:
    import pipekeras as pk

    for shape in ((), (3,), (5, 7), (0, 4)):
        for dtype in ("float32", "bfloat16", "int8", "bool"):
            variable = pk.Variable(np.ones(shape), dtype=dtype)
            assert variable.array.ctypes.data % memory.LINE == 0 or variable.array.size == 0
            assert variable.array.shape == shape
            np.testing.assert_array_equal(variable.numpy(), np.ones(shape))
