"""Matrix products against NumPy: transposes, edges, batches, epilogues, and equal bits however the work is cut."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from pipekeras.runtime.executor import Program
from pipekeras.runtime.kernels.elementwise import Operand, Step
from pipekeras.runtime.kernels.matmul import Epilogue, matmul_commands, matmul_scratch, tile_shape
from pipekeras.runtime.target import Target

SIZES = [
    (1, 1, 1),
    (3, 5, 7),
    (32, 64, 32),
    (33, 67, 19),
    (6, 64, 10),
    (128, 10, 64),
    (17, 200, 33),
    (2, 16, 5),
    (5, 100, 40),
    (4, 3, 0),
    (30, 50, 600),
    (421, 307, 16),
]


def scratch_for(
    shape: tuple[int, int, int], dtype: str, transpose_b: bool, batch: tuple[int, ...] = (), strides: tuple[int, ...] = ()
) -> np.ndarray:
    return np.empty(matmul_scratch(shape, dtype, transpose_b, batch, strides) // 8 + 1, np.float64)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("transpose_a", "transpose_b"), list(itertools.product((False, True), repeat=2)))
def test_products(dtype: str, transpose_a: bool, transpose_b: bool) -> None:
    rng = np.random.default_rng(0)
    for (m, n, k), accumulate in itertools.product(SIZES, (False, True)):
        a = rng.standard_normal((k, m) if transpose_a else (m, k)).astype(dtype)
        b = rng.standard_normal((n, k) if transpose_b else (k, n)).astype(dtype)
        c = rng.standard_normal((m, n)).astype(dtype)
        expected = (a.T if transpose_a else a) @ (b.T if transpose_b else b) + (c if accumulate else 0)
        commands = matmul_commands(
            (a, (a.shape[1],)),
            (b, (b.shape[1],)),
            (c, (n,)),
            (m, n, k),
            dtype,
            transpose_a=transpose_a,
            transpose_b=transpose_b,
            accumulate=accumulate,
            scratch=scratch_for((m, n, k), dtype, transpose_b),
        )
        Program(commands).run()
        np.testing.assert_allclose(
            c, expected, rtol=1e-4 if dtype == "float32" else 1e-11, atol=1e-4 if dtype == "float32" else 1e-12
        )


def test_every_width(target: Target) -> None:
    rng = np.random.default_rng(1)
    for m, n, k in ((7, 9, 5), (16, 70, 33), (40, 4, 20)):
        a, b, c = rng.standard_normal((m, k), np.float32), rng.standard_normal((k, n), np.float32), np.empty((m, n), np.float32)
        Program(matmul_commands((a, (k,)), (b, (n,)), (c, (n,)), (m, n, k), "float32", target=target)).run()
        np.testing.assert_allclose(c, a @ b, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("transpose_b", [False, True])
def test_batches_and_repeated_matrices(transpose_b: bool) -> None:
    rng = np.random.default_rng(2)
    m, n, k = 9, 20, 13
    a = rng.standard_normal((3, 2, m, k), np.float32)
    b = rng.standard_normal((3, n, k) if transpose_b else (3, k, n), np.float32)
    c = np.empty((3, 2, m, n), np.float32)
    batch, b_strides = (3, 2), (n * k, 0)
    scratch = scratch_for((m, n, k), "float32", transpose_b, batch, b_strides)
    commands = matmul_commands(
        (a, (2 * m * k, m * k, k)),
        (b, (*b_strides, b.shape[-1])),
        (c, (2 * m * n, m * n, n)),
        (m, n, k),
        "float32",
        transpose_b=transpose_b,
        batch=batch,
        scratch=scratch,
    )
    Program(commands).run()
    right = b.transpose(0, 2, 1) if transpose_b else b
    np.testing.assert_allclose(c, a @ right[:, None], rtol=1e-4, atol=1e-5)


def test_epilogue_with_bias_activation_and_a_second_output(target: Target) -> None:
    rng = np.random.default_rng(3)
    m, n, k = 11, 37, 8
    a, b, bias = (
        rng.standard_normal((m, k), np.float32),
        rng.standard_normal((k, n), np.float32),
        rng.standard_normal(n, np.float32),
    )
    scale, c, before = rng.standard_normal(m, np.float32), np.empty((m, n), np.float32), np.empty((m, n), np.float32)
    epilogue = Epilogue(
        inputs=(Operand("float32"), Operand("float32", "broadcast")),
        steps=(
            Step("add", (0, 1), "float32", lambda e, v, w: v + w),
            Step("tanh", (3,), "float32", lambda e, v: e.tanh(v)),
            Step("scale", (4, 2), "float32", lambda e, v, w: v * w),
        ),
        result=5,
        outputs=((3, Operand("float32")),),
    )
    commands = matmul_commands(
        (a, (k,)),
        (b, (n,)),
        (c, (n,)),
        (m, n, k),
        "float32",
        epilogue=epilogue,
        target=target,
        extra=[(bias, (0, 1)), (scale, (1, 0)), (before, (n, 1))],
    )
    Program(commands).run()
    np.testing.assert_allclose(before, a @ b + bias, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(c, np.tanh(a @ b + bias) * scale[:, None], rtol=1e-4, atol=1e-5)


def test_rows_do_not_depend_on_batch_size_or_threads() -> None:
    rng = np.random.default_rng(4)
    a, b = rng.standard_normal((70, 300), np.float32), rng.standard_normal((300, 130), np.float32)

    def product(rows: int, threads: int) -> np.ndarray:
        c = np.empty((rows, 130), np.float32)
        commands = matmul_commands((a, (300,)), (b, (130,)), (c, (130,)), (rows, 130, 300), "float32")
        for command in commands:
            command.threads = threads
        Program(commands, threads=threads).run()
        return c

    whole = product(70, 1)
    for rows, threads in ((70, 2), (70, 3), (1, 1), (13, 2), (64, 1)):
        np.testing.assert_array_equal(product(rows, threads), whole[:rows])


@pytest.mark.parametrize("transpose_b", [False, True])
def test_half_types_are_summed_in_single_precision(transpose_b: bool) -> None:
    rng = np.random.default_rng(5)
    m, n, k = 9, 70, 500
    a = rng.standard_normal((m, k)).astype(np.float16)
    b = rng.standard_normal((n, k) if transpose_b else (k, n)).astype(np.float16)
    exact = a.astype(np.float64) @ (b.T if transpose_b else b).astype(np.float64)
    c = np.empty((m, n), np.float16)
    scratch = scratch_for((m, n, k), "float16", transpose_b)
    Program(
        matmul_commands(
            (a, (k,)), (b, (b.shape[1],)), (c, (n,)), (m, n, k), "float16", transpose_b=transpose_b, scratch=scratch
        )
    ).run()
    np.testing.assert_allclose(c, exact, rtol=1e-3, atol=1e-3)
    brain = [(array.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16) for array in (a, b)]
    a, b = ((array.astype(np.uint32) << 16).view(np.float32) for array in brain)
    stored = np.empty((m, n), np.uint16)
    commands = matmul_commands(
        (brain[0], (k,)),
        (brain[1], (b.shape[1],)),
        (stored, (n,)),
        (m, n, k),
        "bfloat16",
        transpose_b=transpose_b,
        scratch=scratch,
    )
    Program(commands).run()
    found = (stored.astype(np.uint32) << 16).view(np.float32)
    np.testing.assert_allclose(found, a @ (b.T if transpose_b else b), rtol=5e-3, atol=5e-3)


@pytest.mark.parametrize("dtype", ["int32", "int64", "int8", "uint8"])
def test_integers_wrap_as_in_numpy(dtype: str) -> None:
    rng = np.random.default_rng(6)
    a, b = rng.integers(0, 100, (7, 20)).astype(dtype), rng.integers(0, 100, (20, 37)).astype(dtype)
    c = np.empty((7, 37), dtype)
    Program(matmul_commands((a, (20,)), (b, (37,)), (c, (37,)), (7, 37, 20), dtype)).run()
    np.testing.assert_array_equal(c, a @ b)


def test_a_smaller_batch_compiles_no_further_kernel(target: Target) -> None:
    assert len({tile_shape(m, n, "float32", target) for m in (1, 3, 8, 10, 100) for n in (1, 10, 64, 100)}) == 1
    rng = np.random.default_rng(6)
    a, b = rng.standard_normal((12, 5), np.float32), rng.standard_normal((5, 100), np.float32)
    scale = Epilogue((Operand("float32", "scalar"),), (Step("scale", (0, 1), "float32", lambda e, v, w: v * w),), 2)
    factor, kernels = np.full(1, 3.0, np.float32), set()
    for rows in range(1, 13):
        c, raw = np.zeros((13, 100), np.float32), np.zeros((13, 100), np.float32)
        options = {"target": target, "epilogue": scale, "extra": [(factor, (0, 0))]}
        commands = matmul_commands((a, (5,)), (b, (100,)), (c, (100,)), (rows, 100, 5), "float32", **options)
        commands += matmul_commands((a, (5,)), (b, (100,)), (raw, (100,)), (rows, 100, 5), "float32", target=target)
        Program(commands).run()
        kernels |= {command.kernel.key for command in commands}
        np.testing.assert_allclose(raw[:rows], a[:rows] @ b, rtol=1e-4, atol=1e-5)
        np.testing.assert_array_equal(c[:rows], raw[:rows] * factor)
        assert not c[rows:].any()
        assert not raw[rows:].any()
    assert len(kernels) == 2


def test_a_result_that_nobody_wants_is_not_stored() -> None:
    a, b = np.ones((9, 4), np.float32), np.ones((4, 20), np.float32)
    c, other = np.zeros((9, 20), np.float32), np.zeros((9, 20), np.float32)
    epilogue = Epilogue((), (Step("twice", (0,), "float32", lambda e, v: v + v),), None, ((1, Operand("float32")),))
    options = {"epilogue": epilogue, "extra": [(other, (20, 1))]}
    Program(matmul_commands((a, (4,)), (b, (20,)), (c, (20,)), (9, 20, 4), "float32", **options)).run()
    assert not c.any()
    assert (other == 8).all()
