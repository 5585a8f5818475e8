"""The ops over whole sequences against the loop over single steps, and their gradients against finite differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipekeras import layers, ops
from pipekeras.graph.gradient import GradientTape, gradient
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.ops import recurrence
from pipekeras.runtime.executable import Executable

KINDS = [("LSTM", recurrence.lstm, 4), ("GRU", recurrence.gru, 3), ("SimpleRNN", recurrence.simple_rnn, 1)]


def arguments(gates: int, seed: int = 0) -> list[np.ndarray]:
    """Return x, kernel, recurrent, bias, state (and cell)."""
    generator = np.random.default_rng(seed)
    bias = (2, gates * 3) if gates == 3 else (gates * 3,)
    shapes = [(2, 4, 5), (5, gates * 3), (3, gates * 3), bias, (2, 3), *([(2, 3)] if gates == 4 else [])]
    return [generator.normal(size=shape) * 0.5 for shape in shapes]


MASK = np.array([[True, True, False, True], [False, True, True, False]])


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize(("name", "run", "gates"), KINDS)
def test_whole_sequences_equal_single_steps(name: str, run: Any, gates: int, masked: bool, backwards: bool) -> None:
    x = arguments(gates)[0]
    options = {"return_sequences": True, "return_state": True, "go_backwards": backwards, "dtype": "float64"}
    whole, steps = getattr(layers, name)(3, **options), getattr(layers, name)(3, unroll=True, **options)
    given = layers.Masking(dtype="float64")(np.where(MASK[..., None], x, 0)) if masked else x
    whole(given), steps(given)
    steps.set_weights(whole.get_weights())
    for one, other in zip(whole(given), steps(given), strict=True):
        np.testing.assert_allclose(one.numpy(), other.numpy(), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize(("name", "run", "gates"), KINDS)
def test_gradients_agree_with_finite_differences(name: str, run: Any, gates: int, masked: bool, backwards: bool) -> None:
    arrays = arguments(gates, seed=1)
    mask = MASK if masked else None

    def scalar(tensors: list[Any]) -> Any:
        total: Any = 0.0
        for number, output in enumerate(run(*tensors, mask=mask, backwards=backwards)):
            weights = np.cos(np.arange(float(np.prod(output.shape))) + number).reshape(output.shape)
            total = total + ops.sum(output * weights)
        return total

    with GradientTape() as tape:
        tensors = [ops.convert_to_tensor(array) for array in arrays]
        slopes = tape.gradient(scalar(tensors), tensors)
    for array, slope in zip(arrays, slopes, strict=True):
        for place in np.random.default_rng(2).permutation(array.size)[:6]:
            kept = array.flat[place]
            found = []
            for step in (1e-6, -1e-6):
                array.flat[place] = kept + step
                found.append(float(scalar([ops.convert_to_tensor(item) for item in arrays])))
            array.flat[place] = kept
            assert slope.numpy().flat[place] == pytest.approx((found[0] - found[1]) / 2e-6, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize(("name", "run", "gates"), KINDS)
def test_second_derivatives_agree_with_finite_differences(
    name: str, run: Any, gates: int, masked: bool, backwards: bool
) -> None:
    arrays = arguments(gates, seed=2)
    mask = MASK if masked else None

    def slope(tensors: list[Any]) -> Any:
        """A sum over squares of first derivatives."""
        with GradientTape() as tape:
            total: Any = 0.0
            for output in run(*tensors, mask=mask, backwards=backwards):
                total = total + ops.sum(ops.sin(output))
            first = tape.gradient(total, tensors)
        squares: Any = 0.0
        for item in first:
            squares = squares + ops.sum(ops.square(item))
        return squares

    with GradientTape() as outer:
        tensors = [ops.convert_to_tensor(array) for array in arrays]
        second = outer.gradient(slope(tensors), tensors)
    for array, found in zip(arrays, second, strict=True):
        for place in np.random.default_rng(3).permutation(array.size)[:3]:
            kept = array.flat[place]
            sides = []
            for step in (1e-5, -1e-5):
                array.flat[place] = kept + step
                sides.append(float(slope([ops.convert_to_tensor(item) for item in arrays])))
            array.flat[place] = kept
            assert found.numpy().flat[place] == pytest.approx((sides[0] - sides[1]) / 2e-5, rel=1e-5, abs=1e-7)


def test_a_penalty_on_gradients_compiles() -> None:
    arrays = [array.astype("float32") for array in arguments(4)]

    def step(*tensors: Tensor) -> Any:
        states, *_ = recurrence.lstm(*tensors)
        (slope,) = gradient(ops.sum(states), [tensors[0]])
        return gradient(ops.sum(ops.square(slope)), list(tensors))

    graph, _ = trace(step, [Tensor.symbolic(array.shape, "float32") for array in arrays])
    executable, plain = Executable(graph, arrays), Executable(graph, arrays, optimize=False)
    executable.run(), plain.run()
    assert executable.host_operations == []
    for found, expected in zip(executable.outputs, plain.outputs, strict=True):
        np.testing.assert_allclose(found, expected, rtol=2e-4, atol=1e-5)
        assert np.abs(found).max() > 0
