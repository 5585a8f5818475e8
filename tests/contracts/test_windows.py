"""Operations over windows: each compiled against its NumPy reference, its gradient against finite differences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pytest

from pipekeras import ops
from pipekeras.graph.gradient import gradient
from pipekeras.graph.operation import Operation
from pipekeras.graph.tensor import Tensor, known
from pipekeras.graph.trace import trace
from pipekeras.ops.define import OPERATIONS
from pipekeras.runtime.executable import Executable

NAMES = sorted(name for name, operation in OPERATIONS.items() if operation.kind in ("convolution", "pooling"))
ON_HOST = {"max_pooling_select"}
"""Only second derivatives of a maximum need this one; it has no kernel."""


class Windows(NamedTuple):
    """Shapes and settings that a convolution or a pooling can have."""

    size: tuple[int, ...]
    window: tuple[int, ...]
    strides: tuple[int, ...]
    padding: Any
    dilation: tuple[int, ...]
    channels: int = 3
    filters: int = 5
    groups: int = 1
    batch: int = 2


CASES = [
    Windows((7,), (3,), (1,), "valid", (1,)),
    Windows((8,), (3,), (2,), "same", (1,)),
    Windows((9,), (2,), (1,), ((2, 0),), (3,), channels=2, filters=4),
    Windows((5, 6), (3, 3), (1, 1), "same", (1, 1), channels=1, filters=4),
    Windows((5, 6), (2, 3), (2, 1), "valid", (1, 1)),
    Windows((6, 5), (2, 2), (3, 3), "valid", (1, 1)),
    Windows((6, 7), (3, 2), (1, 2), ((1, 0), (2, 1)), (2, 1)),
    Windows((5, 5), (3, 3), (1, 1), "same", (1, 1), channels=4, filters=6, groups=2),
    Windows((5, 6), (3, 2), (2, 2), "same", (1, 1), channels=4, filters=4, groups=4),
    Windows((5, 6), (3, 2), (1, 1), "valid", (1, 2), channels=3, filters=6, groups=3),
    # Many small groups, of which several are computed as one; as many as go into the number of groups.
    Windows((5, 6), (3, 3), (1, 1), "same", (1, 1), channels=24, filters=24, groups=12),
    Windows((5, 6), (3, 2), (2, 1), "same", (1, 1), channels=8, filters=16, groups=8),
    Windows((5, 6), (2, 2), (1, 1), "same", (2, 1), channels=14, filters=21, groups=7),
    Windows((6,), (3,), (1,), "same", (1,), channels=12, filters=18, groups=6),
    Windows((3, 4, 5), (2, 2, 2), (1, 2, 1), "same", (1, 1, 1), channels=2, filters=3),
    Windows((4, 4, 3), (2, 1, 3), (2, 2, 1), "valid", (1, 1, 1), channels=2, filters=2),
]


class Call(NamedTuple):
    """Arrays and attributes of one call of an operation."""

    arrays: list[np.ndarray]
    attributes: Mapping[str, Any] = MappingProxyType({})


def call(name: str, case: Windows) -> Call:
    """Return arguments for one operation; pooling reads neither filters, groups nor dilation."""
    random = np.random.default_rng(CASES.index(case))
    x_shape = (case.batch, *case.size, case.channels)
    # All elements differ clearly, so that small steps do not change which is largest.
    x = random.permutation(np.arange(np.prod(x_shape), dtype=np.float64)).reshape(x_shape) * 0.01 - 0.4
    if OPERATIONS[name].kind == "pooling":
        # A window that lies in the border alone has no largest element: pooling gets no more padding than it needs.
        padding = case.padding if isinstance(case.padding, str) else "same"
        settings: dict[str, Any] = {"window": case.window, "strides": case.strides, "padding": padding}
        y = random.normal(size=known(OPERATIONS["sum_pooling"].infer(Tensor(x), **settings).shape))
        return {
            "max_pooling": Call([x], settings),
            "sum_pooling": Call([x], settings),
            "max_pooling_gradient": Call([y, x], settings),
            "max_pooling_select": Call([random.normal(size=x_shape), x], settings),
            "sum_pooling_gradient": Call([y], {**settings, "shape": x_shape}),
        }[name]
    kernel = random.normal(size=(*case.window, case.channels // case.groups, case.filters))
    settings = {"strides": case.strides, "padding": case.padding, "dilation": case.dilation, "groups": case.groups}
    y = random.normal(size=known(OPERATIONS["convolution"].infer(Tensor(x), Tensor(kernel), **settings).shape))
    return {
        "convolution": Call([x, kernel], settings),
        "convolution_input_gradient": Call([y, kernel], {**settings, "shape": x_shape}),
        "convolution_kernel_gradient": Call([x, y], {**settings, "shape": kernel.shape}),
    }[name]


def executable(function: Callable[..., Any], arrays: list[np.ndarray]) -> Executable:
    graph, _ = trace(function, [Tensor.symbolic(array.shape, str(array.dtype)) for array in arrays])
    made = Executable(graph)
    for target, array in zip(made.inputs, arrays, strict=True):
        target[...] = array
    made.run()
    return made


def each(names: list[str]) -> list[Any]:
    return [
        pytest.param(OPERATIONS[name], call(name, case), id=f"{name}-{number}")
        for name in names
        for number, case in enumerate(CASES)
    ]


def test_every_operation_over_windows_is_here() -> None:
    assert NAMES == [
        "convolution", "convolution_input_gradient", "convolution_kernel_gradient", "max_pooling", "max_pooling_gradient",
        "max_pooling_select", "sum_pooling", "sum_pooling_gradient",
    ]  # fmt: skip


def direct(x: np.ndarray, kernel: np.ndarray, case: Windows) -> np.ndarray:
    """Convolution element for element, by its formula."""
    rank, (batch, *size) = len(case.window), x.shape[:-1]
    if case.padding == "same":
        pads = []
        for length, taps, stride, step in zip(size, case.window, case.strides, case.dilation, strict=True):
            total = max((-(-length // stride) - 1) * stride + (taps - 1) * step + 1 - length, 0)
            pads.append((total // 2, total - total // 2))
    else:
        pads = [(0, 0)] * rank if case.padding == "valid" else list(case.padding)
    wide = np.pad(x, [(0, 0), *pads, (0, 0)])
    outputs = [
        (length - (taps - 1) * step - 1) // stride + 1
        for length, taps, stride, step in zip(wide.shape[1:-1], case.window, case.strides, case.dilation, strict=True)
    ]
    result = np.zeros((batch, *outputs, case.filters))
    of_group, per_group = kernel.shape[-2], case.filters // case.groups
    for place in np.ndindex(*outputs):
        for tap in np.ndindex(*case.window):
            at = tuple(
                o * stride + k * step for o, stride, k, step in zip(place, case.strides, tap, case.dilation, strict=True)
            )
            for group in range(case.groups):
                seen = wide[(slice(None), *at, slice(group * of_group, (group + 1) * of_group))]
                filters = slice(group * per_group, (group + 1) * per_group)
                result[(slice(None), *place, filters)] += seen @ kernel[tap][:, filters]
    return result


@pytest.mark.parametrize("case", CASES)
def test_convolution_follows_its_formula(case: Windows) -> None:
    (x, kernel), attributes = call("convolution", case)
    found = OPERATIONS["convolution"].reference(x, kernel, **attributes)
    np.testing.assert_allclose(found, direct(x, kernel, case), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("operation", "arguments"), each(NAMES))
def test_compiled_equals_reference(operation: Operation, arguments: Call, dtype: str) -> None:
    arrays = [array.astype(dtype) for array in arguments.arrays]
    expected = np.asarray(operation.reference(*arrays, **arguments.attributes))
    spec = operation.infer(*[Tensor(array) for array in arrays], **arguments.attributes)
    made = executable(lambda *tensors: operation(*tensors, **arguments.attributes), arrays)
    assert made.host_operations == ([operation.name] if operation.name in ON_HOST else [])
    (found,) = made.outputs
    assert found.shape == expected.shape == spec.shape
    assert str(found.dtype) == spec.dtype == dtype
    tolerance = 2e-6 if dtype == "float32" else 1e-13
    scale = max(1.0, float(np.abs(expected).max()))
    np.testing.assert_allclose(found, expected, rtol=tolerance * 4, atol=tolerance * scale * 4)


def numeric_gradient(function: Callable[..., float], arrays: list[np.ndarray], index: int, step: float) -> np.ndarray:
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


@pytest.mark.parametrize(("operation", "arguments"), each(NAMES))
def test_gradient_equals_finite_differences(operation: Operation, arguments: Call) -> None:
    arrays = [array.copy() for array in arguments.arrays]
    attributes = arguments.attributes
    spec = operation.infer(*[Tensor(array) for array in arrays], **attributes)
    weights = np.random.default_rng(1).normal(size=known(spec.shape))

    def scalar(*inputs: np.ndarray) -> float:
        return float(np.sum(np.asarray(operation.reference(*inputs, **attributes)) * weights))

    def step(*tensors: Tensor) -> list[Any]:
        found = gradient(ops.sum(operation(*tensors, **attributes) * weights), list(tensors))
        return [ops.zeros_like(tensor) if g is None else g for tensor, g in zip(tensors, found, strict=True)]

    found = executable(step, arrays).outputs
    for index, array in enumerate(found):
        expected = numeric_gradient(scalar, arrays, index, 1e-4)
        np.testing.assert_allclose(array, expected, rtol=1e-6, atol=1e-6)
