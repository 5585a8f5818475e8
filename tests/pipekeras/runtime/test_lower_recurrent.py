"""Recurrent layers over whole sequences as compiled programs, against the NumPy references."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pipekeras import layers, models, ops, utils
from pipekeras.graph.gradient import GradientTape, gradient
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.models.data import Batch
from pipekeras.models.step import Step
from pipekeras.ops import recurrence
from pipekeras.ops.define import OPERATIONS
from pipekeras.passes.order import ordered, roots
from pipekeras.runtime.executable import Executable, optimized
from pipekeras.runtime.kernels import recurrent, recurrent_parts

RUNS = [(recurrence.lstm, 4), (recurrence.gru, 3), (recurrence.simple_rnn, 1)]
SIZES = [(1, 1, 1, 1), (3, 4, 5, 3), (13, 6, 2, 17), (32, 3, 20, 32)]
"""Batch, time, features and units."""


def arguments(gates: int, sizes: tuple[int, int, int, int], dtype: str) -> list[np.ndarray]:
    """Return x, kernel, recurrent, bias, state (and cell)."""
    batch, time, features, units = sizes
    random = np.random.default_rng(batch + gates)
    bias = (2, gates * units) if gates == 3 else (gates * units,)
    shapes = [(batch, time, features), (features, gates * units), (units, gates * units), bias, (batch, units)]
    if gates == 4:
        shapes.append((batch, units))
    return [(random.normal(size=shape) * 0.5).astype(dtype) for shape in shapes]


def same_values_and_gradients(run: Callable[..., Any], arrays: list[np.ndarray]) -> Executable:
    """Compare outputs and gradients of a recurrent op, compiled and by the references; return the program."""
    dtype = str(arrays[0].dtype)

    def total(outputs: Any) -> Any:
        terms = [
            ops.sum(output * ops.cast(np.cos(np.arange(float(np.prod(output.shape))) + number).reshape(output.shape), dtype))
            for number, output in enumerate(outputs)
        ]
        return sum(terms[1:], terms[0])

    def step(*tensors: Tensor) -> list[Any]:
        outputs = run(*tensors)
        return [*outputs, *gradient(total(outputs), list(tensors))]

    graph, _ = trace(step, [Tensor.symbolic(array.shape, dtype) for array in arrays])
    program = Executable(graph)
    for target, array in zip(program.inputs, arrays, strict=True):
        target[...] = array
    program.run(2)
    given = [Tensor(array) for array in arrays]
    with GradientTape() as tape:
        for item in given:
            tape.watch(item)
        outputs = run(*given)
        slopes = tape.gradient(total(outputs), given)
    tolerance = 2e-5 if dtype == "float32" else 1e-12
    for found, expected in zip(program.outputs, [*outputs, *slopes], strict=True):
        values = expected.numpy()
        np.testing.assert_allclose(found, values, rtol=tolerance, atol=tolerance * max(1.0, np.abs(values).max()))
    return program


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize(("run", "gates"), RUNS)
def test_sequences(
    run: Any, gates: int, sizes: tuple[int, int, int, int], dtype: str, backwards: bool, masked: bool
) -> None:
    arrays = arguments(gates, sizes, dtype)
    mask = np.random.default_rng(3).random(sizes[:2]) < 0.6 if masked else None
    program = same_values_and_gradients(lambda *tensors: run(*tensors, mask=mask, backwards=backwards), arrays)
    assert program.host_operations == []


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize(("name", "gates"), [("lstm_sequence", 4), ("gru_sequence", 3), ("simple_sequence", 1)])
def test_gradients_of_all_that_a_forward_pass_leaves(name: str, gates: int, masked: bool) -> None:
    arrays = arguments(gates, (3, 4, 5, 6), "float64")
    mask = [np.array([[True, False, True, True], [False, True, True, False], [False] * 4])] if masked else []
    saved = OPERATIONS[name].reference(*arrays, *mask, backwards=False)
    # The initial states are part of it, and so are the cells of every step.
    inner = arrays[0].shape[0] * arrays[0].shape[1] * 4 * arrays[2].shape[0] if gates > 1 else 0
    given = [np.random.default_rng(0).normal(size=saved.size - inner).reshape((-1,) if inner else saved.shape), saved]
    given += [*arrays, *mask]
    operation = OPERATIONS[f"{name}_gradient"]
    graph, _ = trace(
        lambda *tensors: operation(*tensors, backwards=False),
        [Tensor.symbolic(array.shape, str(array.dtype)) for array in given],
    )
    program = Executable(graph)
    for target, array in zip(program.inputs, given, strict=True):
        target[...] = array
    program.run()
    assert program.host_operations == []
    np.testing.assert_allclose(program.outputs[0], operation.reference(*given, backwards=False), rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("used", ["every state", "the last state"])
@pytest.mark.parametrize(("run", "gates"), RUNS)
def test_a_gradient_among_zeros_is_read_where_it_lies(run: Any, gates: int, used: str, masked: bool) -> None:
    arrays = arguments(gates, (8, 12, 3, 5), "float64")
    mask = np.random.default_rng(3).random((8, 12)) < 0.6 if masked else None

    def states(*tensors: Any) -> Any:
        every, last, *_ = run(*tensors, mask=mask)
        return [every] if used == "every state" else [last]

    same_values_and_gradients(states, arrays)
    graph, _ = trace(
        lambda *tensors: gradient(ops.sum(ops.sin(states(*tensors)[0])), list(tensors)),
        [Tensor.symbolic(array.shape, "float64") for array in arrays],
    )
    assert "place" not in {node.operation.name for node in ordered(roots(optimized(graph))) if node.operation}


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("sizes", [(8, 16, 4, 5), (13, 21, 3, 4), (16, 24, 6, 3)])
def test_chunks_of_time_change_no_bit(
    sizes: tuple[int, int, int, int], backwards: bool, masked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Products with the inputs, chunk by chunk within the loop: each result is summed in the same order."""
    arrays = arguments(4, sizes, "float64")
    mask = np.random.default_rng(3).random(sizes[:2]) < 0.6 if masked else None

    def run(*tensors: Any) -> Any:
        return recurrence.lstm(*tensors, mask=mask, backwards=backwards)

    whole = same_values_and_gradients(run, arrays)
    monkeypatch.setattr(recurrent, "_NEAR_BYTES", 0)
    monkeypatch.setattr(recurrent, "_OWN_BYTES", 8 * 8 * 4 * sizes[3] * 8)
    chunks = same_values_and_gradients(run, arrays)
    assert len(chunks.work) < len(whole.work)
    for one, other in zip(chunks.outputs, whole.outputs, strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("sizes", [(16, 24, 6, 3), (34, 8, 5, 2)])
@pytest.mark.parametrize(("run", "gates"), RUNS)
def test_parts_of_a_batch_change_no_bit(
    run: Any, gates: int, sizes: tuple[int, int, int, int], backwards: bool, masked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two threads have a part of the rows each, three share the loop over all of them; the sums are the same ones."""
    arrays = arguments(gates, sizes, "float64")
    mask = np.random.default_rng(3).random(sizes[:2]) < 0.6 if masked else None

    def commands(threads: int) -> Any:
        monkeypatch.setenv("PIPEKERAS_NUM_THREADS", str(threads))
        return same_values_and_gradients(lambda *tensors: run(*tensors, mask=mask, backwards=backwards), arrays)

    two, three = commands(2), commands(3)
    monkeypatch.setattr(recurrent_parts, "_OWN_WEIGHTS", 0)
    shared = commands(2)
    assert {item.part for item in two.work} == {item.part for item in shared.work} == {None, 0, 1}
    assert {item.part for item in three.work} == {None}
    assert len(two.work) > len(shared.work) > len(three.work)
    for program in (three, shared):
        for one, other in zip(program.outputs, two.outputs, strict=True):
            assert np.array_equal(one, other)


def test_only_the_initial_state_of_one_step_is_no_gradient_of_the_states() -> None:
    arrays = arguments(1, (4, 1, 3, 5), "float64")

    def first(*tensors: Any) -> Any:
        saved = OPERATIONS["simple_sequence"](*tensors, backwards=False)
        return [saved[:, 0]]

    same_values_and_gradients(first, arrays)


@pytest.mark.parametrize(("run", "gates"), RUNS)
def test_layers_read_each_others_states_where_they_lie(run: Any, gates: int) -> None:
    """Eight steps fill a tile: no copy of the states of every step is made for the next layer."""
    arrays = arguments(gates, (8, 8, 6, 6), "float64")

    def two(*tensors: Any) -> Any:
        every, *_ = run(*tensors)
        return [run(every, *tensors[1:])[1]]

    same_values_and_gradients(two, arrays)


@pytest.mark.parametrize(("run", "gates"), RUNS)
def test_operands_that_are_views_are_copied(run: Any, gates: int) -> None:
    arrays = arguments(gates, (4, 3, 5, 6), "float64")
    x, kernel, recurrent, *rest = arrays

    def turned(x: Any, kernel: Any, recurrent: Any, *rest: Any) -> Any:
        return run(ops.transpose(x, (1, 0, 2)), ops.transpose(kernel), ops.transpose(recurrent), *rest)

    given = [np.ascontiguousarray(x.swapaxes(0, 1)), np.ascontiguousarray(kernel.T), np.ascontiguousarray(recurrent.T), *rest]
    assert same_values_and_gradients(turned, given).host_operations == []


@pytest.mark.parametrize("layer", ["LSTM", "GRU", "SimpleRNN"])
def test_a_network_trains_the_same_compiled_and_by_references(layer: str) -> None:
    random = np.random.default_rng(5)
    y = random.integers(0, 2, 32).astype("int32")
    x = (random.normal(size=(32, 5, 3)) + y[:, None, None]).astype("float32")

    def network(**settings: Any) -> Any:
        utils.set_random_seed(3)
        inner = getattr(layers, layer)
        model = models.Sequential([
            layers.Input((5, 3)), inner(6, return_sequences=True), inner(4), layers.Dense(2, activation="softmax")
        ])  # fmt: skip
        model.compile("adam", "sparse_categorical_crossentropy", **settings)
        return model

    compiled, plain = network(), network(run_eagerly=True)
    histories = [model.fit(x, y, epochs=2, batch_size=16, shuffle=False, verbose=0).history for model in (compiled, plain)]
    np.testing.assert_allclose(histories[0]["loss"], histories[1]["loss"], rtol=1e-4)
    for one, other in zip(compiled.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)
    assert Step(compiled.train_step, Batch(x[:16], y[:16], None)).executable.host_operations == []


@pytest.mark.parametrize("layer", ["LSTM", "GRU", "SimpleRNN"])
def test_a_training_step_over_masked_sequences_is_one_program(layer: str) -> None:
    model = models.Sequential([
        layers.Input((7,)), layers.Embedding(10, 4, mask_zero=True), getattr(layers, layer)(5), layers.Dense(1)
    ])  # fmt: skip
    model.compile("adam", "mse")
    x, y = np.zeros((4, 7), "int32"), np.zeros((4, 1), "float32")
    assert Step(model.train_step, Batch(x, y, None)).executable.host_operations == []


def test_a_first_layer_computes_no_gradient_of_its_inputs() -> None:
    arrays = arguments(4, (3, 4, 5, 6), "float32")

    def step(*tensors: Tensor) -> list[Tensor]:
        states, *_ = recurrence.lstm(*tensors)
        return gradient(ops.sum(ops.sin(states)), list(tensors))

    shapes = [Tensor.symbolic(array.shape, str(array.dtype)) for array in arrays]
    whole = Executable(trace(step, shapes)[0], arrays)
    fewer = Executable(trace(lambda *tensors: step(*tensors)[1:], shapes)[0], arrays)
    whole.run(), fewer.run()
    assert len(fewer.work) < len(whole.work)
    for one, other in zip(fewer.outputs, whole.outputs[1:], strict=True):
        np.testing.assert_array_equal(one, other)
