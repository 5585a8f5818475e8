"""Every operation of the table against its NumPy reference, finite differences, and itself fused and unfused."""

from __future__ import annotations

import importlib.util
import pathlib
import sys
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pytest

from pipekeras import ops
from pipekeras.graph.gradient import gradient
from pipekeras.graph.operation import Operation
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.ops.define import OPERATIONS
from pipekeras.runtime.executable import Executable

_spec = importlib.util.spec_from_file_location("further_cases", pathlib.Path(__file__).with_name("further_cases.py"))
further_cases = importlib.util.module_from_spec(_spec)
sys.modules["further_cases"] = further_cases
_spec.loader.exec_module(further_cases)

RANDOM = np.random.default_rng(7)


class Case(NamedTuple):
    """Inputs of one call: arrays and attributes."""

    arrays: tuple[np.ndarray, ...]
    attributes: Mapping[str, Any] = MappingProxyType({})


def real(*shape: int, low: float = -2.0, high: float = 2.0) -> np.ndarray:
    """Random floats that are no whole numbers and lie apart from the kinks at 0."""
    values = RANDOM.uniform(low, high, shape)
    return np.where(np.abs(values) < 0.05, 0.3, values)


def positive(*shape: int) -> np.ndarray:
    return real(*shape, low=0.2, high=2.0)


def flags(*shape: int) -> np.ndarray:
    return RANDOM.random(shape) < 0.5


def apart(*shape: int) -> np.ndarray:
    """Values that all differ clearly, so that which is largest does not change under small steps."""
    return RANDOM.permutation(np.arange(np.prod(shape), dtype=np.float64)).reshape(shape) * 0.1 - 0.4


UNARY = ("negative", "absolute", "sign", "square", "exp", "expm1", "sin", "cos", "tan", "arctan", "sinh", "cosh", "tanh",
         "sigmoid", "softplus", "erf", "rectify", "floor", "ceil", "trunc", "round_even", "isnan", "isinf",
         "isfinite")  # fmt: skip
POSITIVE = ("log", "log1p", "sqrt", "rsqrt", "reciprocal")
BINARY = ("add", "subtract", "multiply", "divide", "floor_divide", "mod", "maximum", "minimum", "equal", "not_equal",
          "less", "less_equal", "greater", "greater_equal", "arctan2")  # fmt: skip

CASES: dict[str, list[Case]] = {
    **{name: [Case((real(3, 37),)), Case((real(),))] for name in UNARY},
    **{name: [Case((positive(3, 37),))] for name in POSITIVE},
    **{
        name: [Case((real(4, 19), real(4, 19))), Case((real(4, 19), real(19))), Case((real(4, 1), real(3, 1, 5)))]
        for name in BINARY
    },
    "arcsin": [Case((real(3, 37, low=-0.9, high=0.9),))],
    "arccos": [Case((real(3, 37, low=-0.9, high=0.9),))],
    "power": [Case((positive(4, 19), real(4, 19))), Case((positive(4, 19), real(1)))],
    "clip": [
        Case((real(4, 19), np.array(-1.01), np.array(1.02))),
        Case((real(4, 1), real(4, 9, low=-1.5, high=-0.5), real(9, low=0.2))),
    ],
    **{name: [Case((flags(4, 19), flags(4, 19)))] for name in ("and", "or", "xor")},
    "not": [Case((flags(4, 19),))],
    "select": [Case((flags(4, 19), real(4, 19), real(4, 19))), Case((flags(4, 1), real(19), real(4, 19)))],
    "cast": [
        Case((real(4, 19),), {"dtype": "int32"}),
        Case((real(4, 19),), {"dtype": "bool"}),
        Case((RANDOM.integers(-5, 5, (4, 19)).astype(np.int32),), {"dtype": "float64"}),
    ],
    "stop_gradient": [Case((real(4, 5),))],
    "gradient_of": [Case((real(4, 5), real(4, 5)))],
    "delayed": [Case((real(4, 19), real()))],
    "reshape": [Case((real(4, 6),), {"shape": (3, 8)})],
    "transpose": [Case((real(2, 3, 4),), {"axes": (2, 0, 1)})],
    "broadcast_to": [Case((real(3, 1),), {"shape": (2, 3, 4)})],
    "slice": [Case((real(5, 6),), {"starts": (1, 5), "lengths": (3, 3), "steps": (1, -2)})],
    "place": [Case((real(3, 2),), {"shape": (5, 7), "starts": (1, 0), "steps": (1, 3), "value": 0.5})],
    "concatenate": [Case((real(3, 2), real(3, 4), real(3, 1)), {"axis": 1}), Case((real(2, 3), real(1, 3)), {"axis": 0})],
    "matmul": [
        Case((real(5, 7), real(7, 3)), {"transpose_a": False, "transpose_b": False}),
        Case((real(7, 5), real(7, 3)), {"transpose_a": True, "transpose_b": False}),
        Case((real(5, 7), real(3, 7)), {"transpose_a": False, "transpose_b": True}),
        Case((real(7, 5), real(3, 7)), {"transpose_a": True, "transpose_b": True}),
        Case((real(2, 1, 5, 7), real(3, 7, 4)), {"transpose_a": False, "transpose_b": False}),
        Case((real(33, 40), real(40, 70)), {"transpose_a": False, "transpose_b": False}),
    ],
    **{
        name: [
            Case((real(4, 5, 33),), {"axis": axis, "keepdims": keep})
            for axis, keep in (((2,), False), ((0,), True), ((1,), False), ((0, 1), False), ((0, 1, 2), False))
        ]
        for name in ("sum",)
    },
    **{
        name: [
            Case((apart(4, 5, 3),), {"axis": axis, "keepdims": keep})
            for axis, keep in (((2,), False), ((0,), True), ((0, 1, 2), False))
        ]
        for name in ("max", "min")
    },
    "prod": [Case((real(4, 3),), {"axis": (1,), "keepdims": False}), Case((real(4, 3),), {"axis": (0,), "keepdims": True})],
    "argmax": [Case((apart(4, 7),), {"axis": (1,), "keepdims": False}), Case((apart(4, 7),), {"axis": (0,), "keepdims": True})],
    "argmin": [Case((apart(4, 7),), {"axis": (1,), "keepdims": False})],
    "take": [
        Case((real(6, 3), np.array([[0, 5], [2, 2]], np.int32)), {"axis": 0}),
        Case((real(2, 6, 3), np.array([4, 1, 1], np.int64)), {"axis": 1}),
    ],
    "take_gradient": [Case((real(4, 3), np.array([0, 5, 2, 2], np.int32)), {"shape": (6, 3), "axis": 0})],
    "random_bits": [Case((np.array(3, np.uint32), np.array(1, np.uint32)), {"shape": (5, 33)})],
    "cumsum": [Case((real(4, 5),), {"axis": 1})],
    "cumprod": [Case((real(4, 5),), {"axis": 0})],
    "argsort": [Case((apart(4, 5),), {"axis": 1})],
    "top_indices": [Case((apart(4, 5),), {"k": 2})],
    **{
        name: [Case(arrays, attributes) for arrays, attributes in cases] for name, cases in further_cases.FURTHER.items()
    },
}
"""Inputs for every operation; a name without an entry here fails the first test."""

ELSEWHERE = {
    "convolution": "test_windows.py",
    "convolution_input_gradient": "test_windows.py",
    "convolution_kernel_gradient": "test_windows.py",
    "max_pooling": "test_windows.py",
    "max_pooling_gradient": "test_windows.py",
    "max_pooling_select": "test_windows.py",
    "sum_pooling": "test_windows.py",
    "sum_pooling_gradient": "test_windows.py",
    "normalize_rows": "test_row_normalization.py",
    "normalize_rows_gradient": "test_row_normalization.py",
    "sloped": "test_activation_slopes.py",
    "subtract_rows": "test_scatter.py",
    "attention": "test_attention.py",
    "attention_gradient": "test_attention.py",
    "gru_sequence": "test_recurrence.py",
    "gru_sequence_gradient": "test_recurrence.py",
    "lstm_sequence": "test_recurrence.py",
    "lstm_sequence_gradient": "test_recurrence.py",
    "simple_sequence": "test_recurrence.py",
    "simple_sequence_gradient": "test_recurrence.py",
    "scan": "test_control_flow.py",
    "scan_part": "test_control_flow.py",
    "scan_cotangent": "test_control_flow.py",
    "own_gradient": "test_control_flow.py",
    "choice": "test_branches.py",
    "choice_part": "test_branches.py",
    "choice_cotangent": "test_branches.py",
}
"""Operations over windows and over sequences, and those of control flow, have their cases in files of their own."""


def test_every_operation_has_cases() -> None:
    assert set(OPERATIONS) == set(CASES) | set(ELSEWHERE)


def each(names: Any) -> list[Any]:
    return [
        pytest.param(OPERATIONS[name], case, id=f"{name}-{index}")
        for name in names
        if name in OPERATIONS
        for index, case in enumerate(CASES[name])
    ]


def as_type(array: np.ndarray, dtype: str) -> np.ndarray:
    return array.astype(dtype) if array.dtype == np.float64 else array


def compiled(function: Callable[..., Any], arrays: list[np.ndarray], optimize: bool = True) -> list[np.ndarray]:
    graph, _ = trace(function, [Tensor.symbolic(array.shape, str(array.dtype)) for array in arrays])
    executable = Executable(graph, optimize=optimize)
    for target, array in zip(executable.inputs, arrays, strict=True):
        target[...] = array
    executable.run()
    return executable.outputs


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("operation", "case"), each(CASES))
def test_compiled_equals_reference(operation: Operation, case: Case, dtype: str) -> None:
    arrays = [as_type(array, dtype) for array in case.arrays]
    expected = np.asarray(operation.reference(*arrays, **case.attributes))
    spec = operation.infer(*[Tensor(array) for array in arrays], **case.attributes)
    (found,) = compiled(lambda *tensors: operation(*tensors, **case.attributes), arrays)
    assert found.shape == expected.shape == spec.shape
    assert str(found.dtype) == spec.dtype
    tolerance = 2e-6 if dtype == "float32" else 1e-13
    scale = max(1.0, float(np.abs(expected).astype(np.float64).max(initial=0.0)))
    wide = np.complex128 if np.iscomplexobj(expected) else np.float64
    np.testing.assert_allclose(found.astype(wide), expected.astype(wide), rtol=tolerance * 4, atol=tolerance * scale)


def differentiable() -> list[str]:
    # gradient_of is there to have another gradient than its value's; test_softmax_loss.py holds it.
    names = [name for name in CASES if name in OPERATIONS and name != "gradient_of"]
    return [name for name in names if OPERATIONS[name].gradient is not None]


def numeric_gradient(function: Callable[..., float], arrays: list[np.ndarray], index: int, step: float = 1e-6) -> np.ndarray:
    """Central differences of a scalar function with respect to one array."""
    result = np.zeros_like(arrays[index])
    flat = arrays[index].reshape(-1)
    for position in range(flat.size):
        kept = flat[position]
        flat[position] = kept + step
        above = function(*arrays)
        flat[position] = kept - step
        below = function(*arrays)
        flat[position] = kept
        result.reshape(-1)[position] = (above - below) / (2 * step)
    return result


@pytest.mark.parametrize(("operation", "case"), each(differentiable()))
def test_gradient_equals_finite_differences(operation: Operation, case: Case) -> None:
    arrays = [array.copy() for array in case.arrays]
    if arrays[0].size > 400:
        # Larger cases only check the kernel's tiles; their gradients are covered by the small ones.
        arrays = [array[tuple(slice(0, 5) for _ in array.shape)].copy() for array in arrays]
    places = [index for index, array in enumerate(arrays) if array.dtype == np.float64]
    spec = operation.infer(*[Tensor(array) for array in arrays], **case.attributes)
    if not spec.dtype.startswith("float") or not places:
        pytest.skip("the result is not a float")
    weights = np.asarray(RANDOM.normal(size=spec.shape))

    def scalar(*inputs: np.ndarray) -> float:
        return float(np.sum(np.asarray(operation.reference(*inputs, **case.attributes)) * weights))

    def step(*tensors: Tensor) -> list[Any]:
        loss = ops.sum(operation(*tensors, **case.attributes) * weights)
        found = gradient(loss, [tensors[index] for index in places])
        return [ops.zeros_like(tensors[index]) if g is None else g for index, g in zip(places, found, strict=True)]

    found = compiled(step, arrays)
    for index, array in zip(places, found, strict=True):
        if operation.name == "stop_gradient":
            assert not array.any()
            continue
        np.testing.assert_allclose(array, numeric_gradient(scalar, arrays, index), rtol=2e-5, atol=2e-6)


def test_second_order_gradients() -> None:
    x = real(5)

    def step(tensor: Tensor) -> Any:
        y = ops.sum(ops.sin(tensor) * ops.exp(tensor))
        (first,) = gradient(y, [tensor])
        return gradient(ops.sum(first), [tensor])

    (found,) = compiled(step, [x])
    np.testing.assert_allclose(found, 2 * np.cos(x) * np.exp(x), rtol=1e-10)


@pytest.mark.parametrize("seed", range(12))
def test_random_graphs_fused_and_unfused_agree(seed: int) -> None:
    generator = np.random.default_rng(seed)
    arrays = [generator.normal(size=shape).astype(np.float32) for shape in ((6, 8), (6, 8), (8,), (6, 1), (8, 8))]
    plan = [(generator.integers(0, 9), generator.integers(0, 50, 2)) for _ in range(25)]

    def build(*tensors: Tensor) -> list[Any]:
        pool = list(tensors[:4])
        for kind, (i, j) in plan:
            a, b = pool[i % len(pool)], pool[j % len(pool)]
            made = [
                lambda a=a, b=b: a + b,
                lambda a=a, b=b: a * b,
                lambda a=a: ops.tanh(a),
                lambda a=a, b=b: ops.maximum(a, b),
                lambda a=a: ops.sum(a, axis=-1, keepdims=True),
                lambda a=a: ops.mean(a, axis=0, keepdims=True),
                lambda a=a: ops.where(a > 0, a, a * 0.1),
                lambda a=a: ops.matmul(a, tensors[4]) if a.shape[-1] == 8 and a.ndim == 2 else a - 1.0,
                lambda a=a: ops.transpose(ops.transpose(a)),
            ][kind]()
            pool.append(made)
        return pool[-4:]

    eager = [np.asarray(item) for item in build(*[Tensor(array) for array in arrays])]
    fused, unfused = compiled(build, arrays), compiled(build, arrays, optimize=False)
    for a, b, c in zip(eager, fused, unfused, strict=True):
        scale = max(1.0, float(np.abs(a).max()))
        np.testing.assert_allclose(b, c, rtol=1e-5, atol=1e-5 * scale)
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-4 * scale)
