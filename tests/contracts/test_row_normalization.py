"""Normalised rows as one op: kernel, reference and gradients against the formula in small ops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipekeras import layers, ops
from pipekeras.graph.gradient import gradient
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.runtime.executable import Executable

CASES = [(centered, scaled, shifted) for centered in (True, False) for scaled in (True, False)
         for shifted in ((True, False) if centered else (False,))]  # fmt: skip
SHAPE = (3, 4, 21)


def arrays_of(scaled: bool, shifted: bool, dtype: str = "float64") -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.standard_normal(shape).astype(dtype) for shape in (SHAPE, *[SHAPE[-1:]] * (scaled + shifted))]


def normalized(tensors: Any, centered: bool, scaled: bool, shifted: bool) -> Any:
    x, *extra = tensors
    scale, shift = (extra[0] if scaled else None), (extra[-1] if shifted else None)
    if centered:
        return ops.layer_normalization(x, scale, shift, epsilon=0.01)
    return ops.rms_normalization(x, scale, epsilon=0.01)


def plain(tensors: Any, centered: bool, scaled: bool, shifted: bool) -> Any:
    """The formula in small ops."""
    x, *extra = tensors
    away = x - ops.mean(x, -1, True) if centered else x
    result = away * ops.rsqrt(ops.mean(away * away, -1, True) + 0.01)
    result = result * extra[0] if scaled else result
    return result + extra[-1] if shifted else result


def compiled(function: Any, arrays: list[np.ndarray]) -> Executable:
    graph, _ = trace(function, [Tensor.symbolic(array.shape, str(array.dtype)) for array in arrays])
    executable = Executable(graph, arrays)
    executable.run()
    return executable


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("centered", "scaled", "shifted"), CASES)
def test_values_and_slopes_follow_the_formula(centered: bool, scaled: bool, shifted: bool, dtype: str) -> None:
    arrays = arrays_of(scaled, shifted, dtype)

    def step(function: Any) -> Any:
        def run(*tensors: Tensor) -> list[Any]:
            y = function(tensors, centered, scaled, shifted)
            return [y, *gradient(ops.sum(ops.sin(y * 2.0)), list(tensors))]

        return run

    found, expected = compiled(step(normalized), arrays), compiled(step(plain), arrays)
    assert found.host_operations == []
    assert len(found.work) < len(expected.work)
    tolerance = 3e-5 if dtype == "float32" else 1e-12
    for one, other in zip(found.outputs, expected.outputs, strict=True):
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance)
    # The NumPy reference, which runs on values at once.
    now = normalized([ops.convert_to_tensor(array) for array in arrays], centered, scaled, shifted)
    np.testing.assert_allclose(now.numpy(), expected.outputs[0], rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(("centered", "scaled", "shifted"), [(True, True, True), (False, True, False)])
def test_second_derivatives_follow_the_formula(centered: bool, scaled: bool, shifted: bool) -> None:
    arrays = arrays_of(scaled, shifted)

    def step(function: Any) -> Any:
        def run(*tensors: Tensor) -> Any:
            first = gradient(ops.sum(ops.sin(function(tensors, centered, scaled, shifted))), list(tensors))
            total: Any = 0.0
            for item in first:
                total = total + ops.sum(ops.square(item))
            return [item for item in gradient(total, list(tensors)) if item is not None]

        return run

    for one, other in zip(compiled(step(normalized), arrays).outputs, compiled(step(plain), arrays).outputs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-11)


def test_axes_that_are_not_the_last_are_normalised_in_small_ops() -> None:
    x = arrays_of(False, False)[0]
    for axis, options in ((1, {}), ((1, 2), {}), (-1, {"rms_scaling": True})):
        layer = layers.LayerNormalization(axis=axis, dtype="float64", **options)
        layer(x)
        layer.set_weights([np.random.default_rng(1).standard_normal(item.shape) for item in layer.get_weights()])
        axes = axis if isinstance(axis, tuple) else (axis % 3,)
        shape = [x.shape[place] if place in axes else 1 for place in range(3)]
        gamma, *beta = (item.reshape(shape) for item in layer.get_weights())
        away = x if options else x - x.mean(axes, keepdims=True)
        expected = away / np.sqrt(x.var(axes, keepdims=True) + 1e-3) * gamma + (beta[0] if beta else 0)
        np.testing.assert_allclose(layer(x).numpy(), expected, rtol=1e-10, atol=1e-12)


def test_threads_change_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    arrays = [rng.standard_normal(shape).astype("float32") for shape in ((300, 70), (70,))]

    def run(x: Tensor, scale: Tensor) -> list[Any]:
        y = ops.layer_normalization(x, scale)
        return [y, *gradient(ops.sum(ops.sin(y)), [x, scale])]

    found = []
    for threads in ("1", "2", "3"):
        monkeypatch.setenv("PIPEKERAS_NUM_THREADS", threads)
        found.append(compiled(run, arrays).outputs)
    for other in found[1:]:
        for one, two in zip(found[0], other, strict=True):
            np.testing.assert_array_equal(one, two)
