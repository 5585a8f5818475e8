"""What ops do at their edges: small and mixed types, half floats that overflow, tensors without elements, NaN."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pipekeras import GradientTape, Input, Model, ops, random
from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.graph.gradient import gradient
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.runtime.executable import Executable

NAN = float("nan")


def compiled(function: Callable[..., Any], *arrays: Any) -> Any:
    """Return what a function returns when it is compiled for these arrays."""
    tensors = [ops.convert_to_tensor(array) for array in arrays]
    graph, _ = trace(function, [Tensor.symbolic(tensor.shape, tensor.dtype) for tensor in tensors])
    executable = Executable(graph)
    for target, tensor in zip(executable.inputs, tensors, strict=True):
        target[...] = tensor.data
    executable.run()
    return Tensor(executable.outputs[0])


def both(function: Callable[..., Any], *arrays: Any) -> Tensor:
    """Return a result after making sure that the compiled one is the same, type included."""
    now, then = function(*[ops.convert_to_tensor(array) for array in arrays]), compiled(function, *arrays)
    assert (now.shape, now.dtype) == (then.shape, then.dtype)
    np.testing.assert_allclose(np.asarray(now, "float64"), np.asarray(then, "float64"), rtol=1e-3)
    return now


def small(dtype: str, value: int, *shape: int) -> np.ndarray:
    return np.full(shape, value, dtype)


@pytest.mark.parametrize(
    ("dtype", "sum_type"),
    [("bool", "int32"), ("int8", "int32"), ("int16", "int32"), ("uint8", "uint32"), ("uint16", "uint32"), ("int64", "int64")],
)
def test_small_integers_are_added_up_in_four_bytes(dtype: str, sum_type: str) -> None:
    value = 1 if dtype == "bool" else 100
    for name in ("sum", "nansum", "trace"):
        found = both(getattr(ops, name), small(dtype, value, 9, 9))
        assert found.dtype == sum_type and int(found) == value * (9 if name == "trace" else 81), name
    product = both(ops.prod, small(dtype, value, 4))
    assert product.dtype == sum_type and int(product) == value**4


def test_products_of_bytes_fit() -> None:
    x = small("int8", 100, 3, 3)
    for function in (ops.matmul, lambda a, b: ops.einsum("ij,jk->ik", a, b)):
        found = both(function, x, x)
        assert found.dtype == "int32" and int(found[0, 0]) == 30000
    assert both(lambda a: ops.einsum("ij,jk->i", a, a), small("uint8", 1, 3, 3)).dtype == "uint8"


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_the_mean_of_halves_does_not_overflow(dtype: str) -> None:
    x = ops.cast(np.tile([200.0, 400.0], 600), dtype)
    assert float(both(ops.mean, x)) == 300.0
    assert float(both(ops.var, x)) == 9984 if dtype == "bfloat16" else 10000
    assert float(both(ops.std, x)) == 100.0
    total = both(ops.sum, ops.cast(np.full(2000, 1.001), dtype))
    assert float(total) == pytest.approx(2000, rel=2e-3)


def test_limits_keep_their_sign_and_fraction() -> None:
    found = both(lambda x: ops.clip(x, -1.0, 1.5), np.array([0, 1, 7], "uint16"))
    assert found.dtype == "float32" and found.numpy().tolist() == [0.0, 1.0, 1.5]
    assert both(lambda x: ops.clip(x, 0, 3), np.array([True, False])).dtype == "int32"
    assert both(lambda x: ops.clip(x, 0.0, 1.5), np.array([1, 2], "float16")).dtype == "float16"
    assert both(lambda x: ops.clip(x, 2, 5), np.array([1, 9], "int8")).numpy().tolist() == [2, 5]


def test_limits_that_are_tensors_have_gradients() -> None:
    x, low, high = (Tensor(np.array(item)) for item in ([-3.0, 0.5, 4.0], [-1.0, -1.0, -1.0], 2.0))
    with GradientTape() as tape:
        value = ops.sum(ops.clip(x, low, high) * np.array([1.0, 10.0, 100.0]))
    found = [item.numpy().tolist() for item in tape.gradient(value, [x, low, high])]
    assert found == [[0.0, 10.0, 0.0], [1.0, 0.0, 0.0], 100.0]


def test_numbers_take_the_type_of_halves() -> None:
    half = ops.cast([1.0, 2.0], "bfloat16")
    flags = np.array([True, False])
    assert both(lambda x: ops.select([flags], [x], 7.0), half).dtype == "bfloat16"
    assert both(lambda x: ops.divide_no_nan(x, np.array([0, 2])), half).numpy().tolist() == [0.0, 1.0]
    assert ops.average(np.arange(3), weights=np.ones(3, "float16")).dtype == "float16"
    assert both(lambda x: ops.max(x, initial=1.5), np.array([0], "uint8")).numpy() == 1
    assert both(lambda x: ops.correlate(x, x), np.arange(4, dtype="int8")).dtype == "float32"


def test_reductions_of_nothing() -> None:
    nothing = np.zeros((0, 3), bool)
    assert both(lambda x: ops.any(x, axis=0), nothing).numpy().tolist() == [False] * 3
    assert both(lambda x: ops.all(x, axis=0), nothing).numpy().tolist() == [True] * 3
    assert bool(ops.allclose(np.zeros(0), np.zeros(0)))
    assert both(lambda x: ops.logsumexp(x, axis=0), np.zeros((0, 3))).numpy().tolist() == [-np.inf] * 3
    assert both(lambda x: ops.max(x, axis=1), np.zeros((0, 3))).shape == (0,)
    assert both(lambda x: ops.argmax(x, axis=1), np.zeros((0, 3))).shape == (0,)
    for function in (ops.max, ops.min, ops.argmax, lambda x: ops.amax(x, axis=0)):
        with pytest.raises(ShapeError, match="no largest or smallest element"):
            function(np.zeros((0, 3)))
    assert [part.shape for part in ops.vsplit(np.zeros((0, 6)), 2)] == [(0, 6), (0, 6)]
    assert ops.diag(np.zeros(0), 1).numpy().tolist() == [[0.0]]


def test_the_gradient_of_a_product_of_nothing_is_empty() -> None:
    (found,) = [compiled(lambda x: gradient(ops.sum(ops.prod(x, axis=0)), [x])[0], np.zeros((0, 3)))]
    assert found.shape == (0, 3)


@pytest.mark.parametrize("axis", [None, 0, (0, 1)])
def test_missing_numbers_have_no_part_in_the_gradient(axis: Any) -> None:
    x = np.array([[1.0, NAN, 4.0], [2.0, 5.0, NAN], [4.0, 1.0, 0.5]])
    for function in (ops.nanvar, ops.nanstd, ops.nanmean, ops.nansum, ops.nanmax):
        slope = compiled(lambda x, function=function: gradient(ops.sum(function(x, axis)), [x])[0], x).numpy()
        assert np.isfinite(slope).all() and (slope[np.isnan(x)] == 0).all()
        for place in ((0, 0), (1, 1), (2, 2)):
            moved = [x.copy(), x.copy()]
            moved[0][place] += 1e-6
            moved[1][place] -= 1e-6
            above, below = (float(ops.sum(function(item, axis))) for item in moved)
            np.testing.assert_allclose(slope[place], (above - below) / 2e-6, rtol=1e-4, atol=1e-6)


def test_logarithms_of_sums_of_unsigned_numbers() -> None:
    small_first = both(ops.logaddexp, np.array([2, 5], "uint8"), np.array([5, 2], "uint8"))
    np.testing.assert_allclose(small_first.numpy(), np.logaddexp([2.0, 5.0], [5.0, 2.0]), rtol=1e-6)
    assert ops.bincount(np.array([4, 1, 4], "uint8")).numpy().tolist() == [0, 1, 0, 0, 2]


def test_bits_of_bfloat16() -> None:
    x = ops.cast([1.0, -2.0, 0.15625], "bfloat16")
    bits = both(lambda x: ops.view(x, "uint16"), x)
    assert bits.numpy().tolist() == [0x3F80, 0xC000, 0x3E20]
    assert both(lambda x: ops.view(x, "bfloat16"), bits).dtype == "bfloat16"
    assert ops.view(bits, "bfloat16").numpy().tolist() == [1.0, -2.0, 0.15625]
    assert both(lambda x: ops.view(x, "int8"), ops.cast([[1.0], [2.0]], "bfloat16")).shape == (2, 2)


def test_the_slope_of_a_hypotenuse_at_its_tip_and_far_out() -> None:
    x, y = np.array([0.0, 3e38, 3.0], "float32"), np.array([0.0, 1e38, 4.0], "float32")
    slope = compiled(lambda a, b: gradient(ops.sum(ops.hypot(a, b) * 2.0), [a])[0], x, y).numpy()
    np.testing.assert_allclose(slope, [0.0, 2 * 3 / np.sqrt(10.0), 1.2], rtol=1e-5)


def test_filters_that_do_not_go_into_the_groups_are_told() -> None:
    with pytest.raises(ShapeError, match="4 filters can't be split in the 6 groups"):
        ops.conv(np.zeros((1, 5, 5, 6), "float32"), np.zeros((1, 1, 1, 4), "float32"))


def test_blocks_that_do_not_fit_are_told() -> None:
    x = np.zeros((1, 5), "float32")
    with pytest.raises(ShapeError, match="larger than the tensor"):
        ops.slice_update(x, [0, 1], np.ones((2, 3)))
    with pytest.raises(ShapeError, match="1 start indices for the 2 axes"):
        ops.slice_update(x, [0], np.ones((1, 3)))


def test_truth_values_have_no_difference() -> None:
    flags = np.array([True, False])
    for function in (lambda x: ops.subtract(x, x), ops.negative, ops.ptp):
        for x in (flags, Tensor.symbolic((2,), "bool")):
            with pytest.raises(ArgumentError, match="is for numbers, not for bool"):
                function(x)


def test_sizes_of_a_shape_may_be_tensors() -> None:
    size = ops.cast(3, "int64")
    for made in (ops.zeros((size, 2)), ops.ones((size, 2)), ops.full((size, 2), 5.0), ops.empty((size, 2)),
                 random.normal((size, 2)), random.uniform((size, 2)), random.randint((size, 2), 0, 4),
                 random.truncated_normal((size, 2)), ops.zeros(ops.convert_to_tensor([3, 2]))):  # fmt: skip
        assert made.shape == (3, 2)
    assert ops.full(size, 1.0).shape == (3,)


@pytest.mark.parametrize(
    ("dtype", "steps"),
    [
        ("float16", {1.0: 1.0009765625, 65504.0: np.inf, 2.0**-14: 2.0**-14 + 2.0**-24, 0.0: 2.0**-24}),
        ("bfloat16", {1.0: 1.0078125, 2.0**-126: 2.0**-126 + 2.0**-133, 0.0: 2.0**-133}),
    ],
)
def test_neighbours_of_halves_are_halves(dtype: str, steps: dict[float, float]) -> None:
    near = np.array([*steps, *[-x for x in steps], *steps.values(), np.nan, 1.0], "float32")
    far = np.array([np.inf] * len(steps) + [-np.inf] * len(steps) + [-1.0] * len(steps) + [1.0, np.nan], "float32")
    far[2 * len(steps) : 3 * len(steps)] = list(steps)
    expected = [*steps.values(), *[-x for x in steps.values()], *steps, np.nan, np.nan]
    eager = ops.nextafter(ops.cast(near, dtype), ops.cast(far, dtype))
    assert eager.dtype == dtype
    np.testing.assert_array_equal(np.asarray(eager, "float32"), expected)
    one, other = Input((len(near),), dtype=dtype), Input((len(near),), dtype=dtype)
    compiled = Model([one, other], ops.nextafter(one, other)).predict([near[None], far[None]], verbose=0)
    np.testing.assert_array_equal(np.asarray(compiled[0], "float32"), expected)


def test_bytes_of_halves_are_read_in_models_too() -> None:
    inputs = Input((3,), dtype="float16")
    model = Model(inputs, ops.view(inputs, "int16"))
    assert model.predict(np.array([[1.0, -2.0, 0.5]], "float16"), verbose=0).tolist() == [[15360, -16384, 14336]]


@pytest.mark.parametrize("name", ["power", "mod", "floor_divide", "left_shift", "right_shift", "gcd", "lcm"])
def test_numbers_made_of_bools_are_whole(name: str) -> None:
    result = getattr(ops, name)([True, True], [True, True])
    assert result.dtype == "int32"
    expected = {"mod": 0, "right_shift": 0, "left_shift": 2}.get(name, 1)
    assert result.numpy().tolist() == [expected] * 2


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32"])
@pytest.mark.parametrize(
    "name", ["arcsinh", "arctanh", "arctan", "sinh", "tanh", "log1p", "sqrt", "softsign", "squareplus", "relu6"]
)
def test_whole_numbers_count_as_floats_on_the_way(name: str, dtype: str) -> None:
    limits = (0, 1) if dtype == "bool" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
    whole = np.array([0, 1, limits[0], limits[1] // 2, limits[1]]).astype(dtype)
    function = getattr(ops, name)
    result = function(ops.convert_to_tensor(whole))
    assert result.dtype == "float32"
    np.testing.assert_allclose(np.asarray(result), np.asarray(function(whole.astype("float32"))), rtol=1e-6)


def test_whole_powers_below_zero_are_rounded_towards_zero() -> None:
    bases = np.array([0, 1, -1, -1, 2, -3, -2], "int32")
    exponents = np.array([-1, -5, -3, -2, -1, -2, 3], "int32")
    expected = [0, 1, -1, 1, 0, 0, -8]
    assert ops.power(bases, exponents).numpy().tolist() == expected
    assert compiled(ops.power, bases, exponents).numpy().tolist() == expected


@pytest.mark.parametrize("name", ["relu", "square"])
def test_bools_become_whole_numbers(name: str) -> None:
    result = getattr(ops, name)([False, True])
    assert result.dtype == "int32" and result.numpy().tolist() == [0, 1]
