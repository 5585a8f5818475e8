"""Element-wise kernels against NumPy: shapes with tails, strides, broadcasting, types, special values."""

from __future__ import annotations

import numpy as np
import pytest

from pipekeras.runtime.executor import Program, run_command
from pipekeras.runtime.kernels.elementwise import Operand, Step, elementwise_kernel
from pipekeras.runtime.target import Target

SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, 1e-30, -1e-40, 1e30, np.inf, -np.inf, np.nan, 2.0, 1.5, -7.25, 100.0]


def unary(name: str, x: np.ndarray, dtype: str, target: Target | None = None) -> np.ndarray:
    y = np.empty(x.shape, dtype)
    kernel = elementwise_kernel(
        [Operand(str(x.dtype))], [Step(name, (0,), dtype, lambda e, v, name=name: getattr(e, name)(v))], [1], target=target
    )
    run_command(kernel.command(x.shape, [x], [y]))
    return y


def binary(name: str, a: np.ndarray, b: np.ndarray, dtype: str) -> np.ndarray:
    y = np.empty(a.shape, dtype)
    step = Step(name, (0, 1), dtype, lambda e, v, w, name=name: getattr(e, name)(v, w))
    kernel = elementwise_kernel([Operand(str(a.dtype)), Operand(str(b.dtype))], [step], [2])
    run_command(kernel.command(a.shape, [a, b], [y]))
    return y


@pytest.mark.parametrize("length", [1, 15, 16, 17, 33, 5000])
def test_bias_and_relu_over_rows(length: int, target: Target) -> None:
    rng = np.random.default_rng(length)
    x, bias = rng.standard_normal((3, length), np.float32), rng.standard_normal(length, np.float32)
    guarded = np.full((3, length + 1), 7.0, np.float32)
    steps = [
        Step("add", (0, 1), "float32", lambda e, a, b: a + b),
        Step("relu", (2,), "float32", lambda e, a: e.maximum(a, 0.0)),
    ]
    kernel = elementwise_kernel([Operand("float32")] * 2, steps, [3], outer=1, target=target)
    run_command(kernel.command((3, length), [x, (bias, (0, 1))], [(guarded, (length + 1, 1))]))
    np.testing.assert_array_equal(guarded[:, :length], np.maximum(x + bias, 0))
    assert (guarded[:, length] == 7).all()


def test_strided_and_broadcast_access(target: Target) -> None:
    rng = np.random.default_rng(0)
    x, column = rng.standard_normal((4, 5, 21)), rng.standard_normal((4, 5))
    turned = np.empty((4, 21, 5))
    kernel = elementwise_kernel(
        [Operand("float64"), Operand("float64", "broadcast")],
        [Step("multiply", (0, 1), "float64", lambda e, a, b: a * b)],
        [(2, Operand("float64", "strided"))],
        outer=2,
        target=target,
    )
    run_command(kernel.command((4, 5, 21), [x, (column, (5, 1, 0))], [(turned, (105, 1, 5))]))
    np.testing.assert_array_equal(turned, (x * column[..., None]).transpose(0, 2, 1))
    picked = np.empty((4, 5, 7))
    kernel = elementwise_kernel([Operand("float64", "strided")], [], [0], outer=2, target=target)
    run_command(kernel.command((4, 5, 7), [(x, (105, 21, 3))], [picked]))
    np.testing.assert_array_equal(picked, x[:, :, ::3])


def test_several_outputs_share_the_inputs_and_run_in_place() -> None:
    x = np.arange(100, dtype=np.float32)
    doubled = np.empty_like(x)
    steps = [Step("twice", (0,), "float32", lambda e, a: a * 2.0), Step("next", (1,), "float32", lambda e, a: a + 1.0)]
    kernel = elementwise_kernel([Operand("float32")], steps, [1, 2])
    run_command(kernel.command((100,), [x], [doubled, x]))
    np.testing.assert_array_equal(doubled, 2 * np.arange(100))
    np.testing.assert_array_equal(x, 2 * np.arange(100) + 1)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "name",
    [
        "exp",
        "expm1",
        "exp2",
        "log",
        "log1p",
        "log2",
        "log10",
        "sin",
        "cos",
        "tan",
        "tanh",
        "sinh",
        "cosh",
        "arcsin",
        "arccos",
        "arctan",
        "arcsinh",
        "arccosh",
        "arctanh",
        "sqrt",
        "floor",
        "ceil",
        "round",
        "truncate",
        "absolute",
        "negative",
        "sign",
    ],
)
def test_functions_agree_with_numpy(name: str, dtype: str) -> None:
    rng = np.random.default_rng(1)
    x = np.concatenate([np.array(SPECIAL), rng.uniform(-4, 4, 200), 10.0 ** rng.uniform(-6, 4, 100)]).astype(dtype)
    # How far the result lies from the exact one is tested at points; here special values and no gross error.
    with np.errstate(all="ignore"):
        reference = getattr(np, {"truncate": "trunc", "round": "rint"}.get(name, name))(x)
    np.testing.assert_allclose(unary(name, x, dtype), reference, rtol=8 * np.finfo(dtype).eps, atol=1e-44)


@pytest.mark.parametrize("bits_name", ["exp", "log", "tanh", "erf", "sin", "power", "arctan2"])
def test_every_width_computes_the_same_functions(bits_name: str, target: Target) -> None:
    x = np.random.default_rng(2).uniform(0.01, 5, 77).astype(np.float32)
    if bits_name in ("power", "arctan2"):
        y = np.empty_like(x)
        step = Step(bits_name, (0, 0), "float32", lambda e, a, b, name=bits_name: getattr(e, name)(a, b))
        run_command(elementwise_kernel([Operand("float32")], [step], [1], target=target).command((77,), [x], [y]))
        reference = getattr(np, bits_name)(x, x)
    else:
        y = unary(bits_name, x, "float32", target)
        import math

        reference = np.array([math.erf(v) for v in x]) if bits_name == "erf" else getattr(np, bits_name)(x.astype(np.float64))
    np.testing.assert_allclose(y, reference, rtol=1e-6)


# Values from 50-digit arithmetic.
POINTS = {
    "exp": [(0.125, 1.1331484530668263168), (-20.5, 1.2501528663867426289e-9), (80.25, 7.1142999658303045143e34)],
    "log": [(0.125, -2.0794415416798359283), (1.0009765625, 0.00097608597305545889596), (35000000000.0, 24.278613898435824836)],
    "tanh": [(0.25, 0.24491866240370912928), (3.5, 0.99817789761119870928)],
    "erf": [(0.5, 0.52049987781304653768), (1.25, 0.92290012825645823014), (-2.75, -0.99989937807788036316)],
    "erfc": [(3.0, 0.000022090496998585441373), (0.25, 0.72367360983176306701), (8.5, 2.7623240713337714461e-33)],
    "erfinv": [(0.5, 0.47693627620446987338), (-0.9375, -1.3171503349861307489)],
    "sigmoid": [(2.0, 0.88079707797788244406), (-30.0, 9.3576229688392989538e-14)],
    "softplus": [(1.5, 1.7014132779827524095), (-20.0, 2.0611536203143807032e-9)],
    "expm1": [(7.62939453125e-06, 7.6294236351544717432e-6), (-0.75, -0.52763344725898529286)],
    "log1p": [(7.62939453125e-06, 7.6293654275675721559e-6), (-0.75, -1.3862943611198906188)],
    "sin": [(2.5, 0.59847214410395649405), (10000.0, -0.30561438888825214136)],
    "cos": [(2.5, -0.80114361554693371483), (12345.0, 0.11143578678412722608)],
}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", sorted(POINTS))
def test_functions_are_exact_to_a_few_last_places(name: str, dtype: str) -> None:
    x = np.array([point for point, _ in POINTS[name]], dtype)
    expected = np.array([value for _, value in POINTS[name]])
    error = np.abs(unary(name, x, dtype).astype(np.float64) - expected) / np.spacing(np.abs(expected).astype(dtype))
    assert error.max() <= 3.0


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_power_follows_the_special_cases(dtype: str) -> None:
    a, b = (grid.ravel().astype(dtype) for grid in np.meshgrid([*SPECIAL, 0.99, 7.0], [*SPECIAL, -3.0, 5.0, 0.3]))
    with np.errstate(all="ignore"):
        expected = np.power(a, b)
    np.testing.assert_allclose(binary("power", a, b, dtype), expected, rtol=4 * np.finfo(dtype).eps, atol=1e-44)


@pytest.mark.parametrize("name", ["arctan2", "maximum", "minimum", "remainder", "divide", "floor_divide"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_pairs_of_special_floats(name: str, dtype: str) -> None:
    a, b = (grid.ravel().astype(dtype) for grid in np.meshgrid(SPECIAL, SPECIAL))
    with np.errstate(all="ignore"):
        expected = getattr(np, name)(a, b)
    found = binary(name, a, b, dtype)
    keep = slice(None)
    if name == "floor_divide":  # quotients of infinities and by zero differ between NumPy's own paths
        with np.errstate(all="ignore"):
            keep = np.isfinite(a) & np.isfinite(b) & (np.abs(a / b) < 1e6)
    np.testing.assert_allclose(found[keep], expected[keep], rtol=8 * np.finfo(dtype).eps)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int32", "int64", "uint32"])
@pytest.mark.parametrize(
    "name", ["add", "subtract", "multiply", "floor_divide", "remainder", "maximum", "minimum", "bitwise_and", "bitwise_xor"]
)
def test_integer_pairs(name: str, dtype: str) -> None:
    limits = np.iinfo(dtype)
    values = np.array([0, 1, 2, 3, 7, limits.max, limits.min, limits.max - 1, *([-1, -2, -7] if limits.min else [])]).astype(
        dtype
    )
    a, b = (grid.ravel() for grid in np.meshgrid(values, values))
    with np.errstate(all="ignore"):
        expected = getattr(np, name)(a, b)
    np.testing.assert_array_equal(binary(name, a, b, dtype), expected)


@pytest.mark.parametrize("origin", ["bool", "int8", "uint8", "int32", "int64", "float32", "float64", "float16"])
@pytest.mark.parametrize("result", ["bool", "int8", "uint8", "int32", "int64", "float32", "float64", "float16"])
def test_casts(origin: str, result: str) -> None:
    x = np.array([0, 1, 2, 100, 127, 3.75, 0.5]).astype(origin)
    step = Step("cast", (0,), result, lambda e, a: a)
    y = np.empty(x.shape, result)
    run_command(elementwise_kernel([Operand(origin)], [step], [1]).command(x.shape, [x], [y]))
    np.testing.assert_array_equal(y, x.astype(result))


def test_half_types_round_to_nearest_even(target: Target) -> None:
    rng = np.random.default_rng(3)
    x = np.concatenate(
        [np.array(SPECIAL), rng.standard_normal(500), 10 ** rng.uniform(-9, 6, 500), [65519.0, 65520.0, 6e-8, 2.9e-8]]
    )
    x = x.astype(np.float32)
    half, back = np.empty(x.shape, np.float16), np.empty(x.shape, np.float32)
    run_command(
        elementwise_kernel([Operand("float32")], [Step("narrow", (0,), "float16", lambda e, a: a)], [1], target=target).command(
            x.shape, [x], [half]
        )
    )
    with np.errstate(over="ignore"):
        np.testing.assert_array_equal(half, x.astype(np.float16))
    run_command(
        elementwise_kernel([Operand("float16")], [Step("widen", (0,), "float32", lambda e, a: a)], [1], target=target).command(
            x.shape, [half], [back]
        )
    )
    np.testing.assert_array_equal(back, half.astype(np.float32))


def test_bfloat16_keeps_eight_bits_of_mantissa() -> None:
    x = np.array([1.0, 1.00390625, 1.01171875, -3.14159, 1e38, np.inf, np.nan], np.float32)
    stored = np.empty(x.shape, np.uint16)
    kernel = elementwise_kernel([Operand("float32")], [Step("narrow", (0,), "bfloat16", lambda e, a: a)], [1])
    run_command(kernel.command(x.shape, [x], [stored]))
    back = (stored.astype(np.uint32) << 16).view(np.float32)
    np.testing.assert_array_equal(back[:3], np.array([1.0, 1.0, 1.015625], np.float32))
    np.testing.assert_allclose(back[3:], x[3:], rtol=2**-8)


def test_random_bits_are_philox() -> None:
    """The published test vector: key and counter all zero, then all ones."""
    words = [np.empty(1, np.uint32) for _ in range(4)]
    for seed, expected in (
        (0, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        (-1, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    ):
        key = np.array([seed], np.int64)
        steps = [
            Step(f"word{place}", (0,), "uint32", lambda e, s, place=place: e.random_bits(s, s, s)[place]) for place in range(4)
        ]
        kernel = elementwise_kernel([Operand("int64")], steps, [1, 2, 3, 4])
        run_command(kernel.command((1,), [key], words))
        assert tuple(int(word[0]) for word in words) == expected


def test_words_of_a_block_are_dealt_to_four_elements(target: Target) -> None:
    seed, draw = np.array([-5], np.int64), np.array([7], np.int64)
    inputs = [Operand("int64", "broadcast")] * 2
    found = []
    for outer, shape in ((0, (1003,)), (1, (17, 59))):
        out = np.empty(shape, np.uint32)
        step = Step("random_word", (0, 1), "uint32", lambda e, s, d: e.random_word(s, d, e.linear_index()))
        kernel = elementwise_kernel(inputs, [step], [2], outer=outer, target=target)
        zeros = [0] * len(shape)
        run_command(kernel.command(shape, [(seed, zeros), (draw, zeros)], [out]))
        found.append(out.ravel())
    blocks = np.empty((4, 251), np.uint32)
    steps = [
        Step(f"word{place}", (0, 1), "uint32", lambda e, s, d, place=place: e.random_bits(s, d, e.linear_index())[place])
        for place in range(4)
    ]
    zero = [0]
    kernel = elementwise_kernel(inputs, steps, [2, 3, 4, 5])
    run_command(kernel.command((251,), [(seed, zero), (draw, zero)], list(blocks)))
    np.testing.assert_array_equal(found[0], blocks.T.ravel()[:1003])
    np.testing.assert_array_equal(found[1], found[0])


def test_uniform_numbers_depend_on_the_index_alone() -> None:
    def draw(shape: tuple[int, ...], dtype: str) -> np.ndarray:
        out = np.empty(shape, dtype)
        step = Step("uniform", (0,), dtype, lambda e, seed: e.random_uniform(e.random_bits(seed, 5, e.linear_index()), e.dtype))
        kernel = elementwise_kernel([Operand("int64", "broadcast")], [step], [1], outer=len(shape) - 1)
        run_command(kernel.command(shape, [(np.array([42], np.int64), [0] * len(shape))], [out]))
        return out

    for dtype in ("float32", "float64"):
        flat = draw((10007,), dtype)
        assert flat.min() >= 0 and flat.max() < 1
        assert abs(flat.mean() - 0.5) < 0.01 and abs(flat.var() - 1 / 12) < 0.003
        np.testing.assert_array_equal(draw((7, 13), dtype).ravel(), flat[:91])


def test_splitting_changes_no_bit() -> None:
    x = np.random.default_rng(4).standard_normal((37, 1000), np.float32)
    steps = [Step("tanh", (0,), "float32", lambda e, a: e.tanh(a))]
    results = []
    for threads in (1, 2, 3):
        y = np.empty_like(x)
        command = elementwise_kernel([Operand("float32")], steps, [1], outer=1).command(x.shape, [x], [y])
        command.threads = threads
        Program([command], threads=threads).run()
        results.append(y)
    np.testing.assert_array_equal(results[0], results[1])
    np.testing.assert_array_equal(results[0], results[2])


@pytest.mark.parametrize("count", [1, 77, 5000])
def test_reciprocal_roots_at_every_size_of_number(count: int, target: Target) -> None:
    x = np.exp2(np.random.default_rng(3).uniform(-126, 127, count)).astype(np.float32)
    x[: len(SPECIAL)] = np.array(SPECIAL, np.float32)[:count]
    y = unary("rsqrt", x, "float32", target)
    with np.errstate(all="ignore"):
        expected = 1.0 / np.sqrt(x.astype(np.float64))
        error = np.abs(y - expected) / np.spacing(np.abs(expected).astype(np.float32))
    exact = ~np.isfinite(expected) | (expected == 0)
    np.testing.assert_array_equal(y[exact], expected[exact].astype(np.float32))
    assert error[~exact].max(initial=0.0) <= 2.0


def test_a_quotient_by_a_root_is_a_product_in_every_kernel(target: Target) -> None:
    a, b = np.random.default_rng(4).uniform(0.1, 9, (2, 100)).astype(np.float32)
    kernel = elementwise_kernel(
        [Operand("float32"), Operand("float32", "broadcast")],
        [
            Step("rsqrt", (1,), "float32", lambda e, v: e.rsqrt(v)),
            Step("multiply", (0, 2), "float32", lambda e, v, w: v * w),
        ],
        [3],
        target=target,
    )
    y = np.empty(100, np.float32)
    run_command(kernel.command((100,), [a, (b, (0,))], [y]))
    np.testing.assert_allclose(y, a / np.sqrt(b[0]), rtol=3e-7)
