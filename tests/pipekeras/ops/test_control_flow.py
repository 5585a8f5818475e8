"""Loops and branches: on values, compiled, compiled without fusion; their gradients against loops written out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pipekeras import GradientTape, Variable, ops
from pipekeras.core.errors import ArgumentError, ConfigurationError, ShapeError
from pipekeras.graph.gradient import gradient
from pipekeras.graph.operation import Operation, Spec
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.ops.loop_nodes import run_body
from pipekeras.passes.fuse import fuse
from pipekeras.passes.simplify import simplify
from pipekeras.runtime.executable import Executable, schedule_text

TURNS, ROWS, WIDTH = 7, 4, 6


def numbers(*shape: int) -> np.ndarray:
    return np.random.default_rng(sum(shape)).normal(size=shape) * 0.4


ARRAYS = [numbers(TURNS, ROWS, 5), numbers(5, WIDTH), numbers(WIDTH, WIDTH), numbers(WIDTH), numbers(ROWS, WIDTH)]


def build(function: Callable[..., Any], arrays: list[np.ndarray], optimize: bool = True) -> Executable:
    graph, _ = trace(function, [Tensor.symbolic(array.shape, str(array.dtype)) for array in arrays])
    executable = Executable(graph, optimize=optimize)
    for target, array in zip(executable.inputs, arrays, strict=True):
        target[...] = array
    return executable


def compiled(function: Callable[..., Any], arrays: list[np.ndarray], optimize: bool = True) -> list[np.ndarray]:
    """Run twice: the second time must begin like the first."""
    executable = build(function, arrays, optimize)
    executable.run()
    first = [item.copy() for item in executable.outputs]
    executable.run(3)
    for before, after in zip(first, executable.outputs, strict=True):
        assert before.tobytes() == after.tobytes()
    return executable.outputs


def recurrent(reverse: bool, written_out: bool = False) -> Callable[..., Any]:
    """A recurrent cell with an output of its own, and a counter of whole numbers beside the state."""

    def run(x: Any, kernel: Any, recurrent_kernel: Any, bias: Any, state: Any) -> Any:
        def turn(carry: Any, step: Any) -> Any:
            count, h = carry
            h = ops.tanh(ops.matmul(step, kernel) + ops.matmul(h, recurrent_kernel) + bias)
            return (count + 1, h), h * ops.cast(count + 1, h.dtype)

        if not written_out:
            (_, last), outputs = ops.scan(turn, (0, state), x, reverse=reverse)
            return last, outputs
        carry, rows = (ops.convert_to_tensor(0), state), []
        for place in range(TURNS)[::-1] if reverse else range(TURNS):
            carry, row = turn(carry, x[place])
            rows.append(row)
        return carry[1], ops.stack(rows[::-1] if reverse else rows)

    return run


def loss_of(function: Callable[..., Any]) -> Callable[..., Any]:
    def loss(*tensors: Any) -> Any:
        last, outputs = function(*tensors)
        return ops.sum(ops.square(outputs)) + ops.sum(ops.sin(last))

    return loss


def derivative(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *tensors: gradient(function(*tensors), list(tensors))


def assert_close(found: list[np.ndarray], expected: list[np.ndarray], tolerance: float = 1e-11) -> None:
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("optimize", [True, False])
def test_scan_compiled_equals_eager(reverse: bool, optimize: bool) -> None:
    eager = recurrent(reverse)(*[Tensor(array) for array in ARRAYS])
    executable = build(recurrent(reverse), ARRAYS, optimize)
    assert not executable.host_operations
    assert_close(compiled(recurrent(reverse), ARRAYS, optimize), [item.numpy() for item in eager])


@pytest.mark.parametrize("reverse", [False, True])
def test_scan_equals_its_reference(reverse: bool) -> None:
    graph, _ = trace(recurrent(reverse), [Tensor.symbolic(array.shape, str(array.dtype)) for array in ARRAYS])
    node = graph.outputs[0].inputs[0]
    assert node.operation is not None and node.operation.name == "scan"
    arrays = []
    for item in node.inputs:
        inner = Executable(type(graph)(graph.inputs, [item], {}, {}))
        for target, array in zip(inner.inputs, ARRAYS, strict=True):
            target[...] = array
        inner.run()
        arrays.append(inner.outputs[0].copy())
    parts = run_body(node.attributes["body"], TURNS, reverse, arrays)
    last, _ = recurrent(reverse)(*[Tensor(array) for array in ARRAYS])
    assert_close([parts["final", 1], parts["trail", 1][0 if reverse else -1]], [last.numpy()] * 2)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("optimize", [True, False])
def test_gradients_of_a_scan_equal_those_of_the_loop_written_out(reverse: bool, optimize: bool) -> None:
    expected = compiled(derivative(loss_of(recurrent(reverse, written_out=True))), ARRAYS)
    assert_close(compiled(derivative(loss_of(recurrent(reverse))), ARRAYS, optimize), expected)


def test_gradients_under_a_tape() -> None:
    tensors = [Tensor(array) for array in ARRAYS]
    with GradientTape() as tape:
        loss = loss_of(recurrent(False))(*tensors)
    found = [item.numpy() for item in tape.gradient(loss, tensors)]
    assert_close(found, compiled(derivative(loss_of(recurrent(False))), ARRAYS))


def test_second_derivatives() -> None:
    def second(written_out: bool) -> Any:
        scan = _written_out if written_out else ops.scan

        def run(x: Any, weights: Any) -> Any:
            last, rows = scan(lambda h, row: (ops.tanh(ops.matmul(h, weights) + row), h * row), x[0], x)
            (first,) = gradient(ops.sum(ops.square(rows)) + ops.sum(last), [weights])
            return gradient(ops.sum(ops.sin(first)), [x, weights])

        return run

    arrays = [numbers(3, 2, WIDTH), ARRAYS[2]]
    assert_close(compiled(second(False), arrays), compiled(second(True), arrays), 1e-9)


def test_the_products_of_the_slices_leave_the_loop() -> None:
    """The inputs are projected at once, and the gradients of the weights are one product each."""
    executable = build(derivative(loss_of(recurrent(False))), ARRAYS)
    graph, _ = trace(
        derivative(loss_of(recurrent(False))), [Tensor.symbolic(array.shape, str(array.dtype)) for array in ARRAYS]
    )
    lines = schedule_text(fuse(simplify(graph))).splitlines()
    products = [line for line in lines if line.strip().startswith("matmul:")]
    assert [line.rsplit("-> ", 1)[1] for line in products] == [f"({TURNS * ROWS}, {WIDTH})", f"({TURNS * ROWS}, 5)",
                                                              f"(5, {WIDTH})", f"({WIDTH}, {WIDTH})"]  # fmt: skip
    assert not executable.host_operations


def test_the_size_of_the_program_does_not_grow_with_the_turns() -> None:
    sizes = []
    for turns in (10, 1000):
        arrays = [numbers(turns, ROWS, 5), *ARRAYS[1:]]
        sizes.append(len(build(derivative(loss_of(recurrent(False))), arrays).work))
    assert sizes[0] == sizes[1]


def nested(x: Any, written_out: bool = False) -> Any:
    scan = _written_out if written_out else ops.scan

    def outer(carry: Any, rows: Any) -> Any:
        def inner(state: Any, row: Any) -> Any:
            state = ops.tanh(state + row * ops.sum(carry))
            return state, state * row

        state, products = scan(inner, carry, rows)
        return state, products

    last, products = scan(outer, ops.ones((5,), dtype="float64") * 0.1, x)
    return ops.sum(last) + ops.sum(ops.square(products))


def _written_out(function: Any, carry: Any, xs: Any) -> Any:
    rows = []
    for place in range(len(xs)):
        carry, row = function(carry, xs[place])
        rows.append(row)
    return carry, ops.stack(rows)


def test_a_loop_in_a_loop() -> None:
    x = numbers(4, 3, 5)
    assert_close(compiled(nested, [x]), [nested(Tensor(x)).numpy()])
    written = compiled(derivative(lambda x: nested(x, written_out=True)), [x])
    assert_close(compiled(derivative(nested), [x]), written)
    assert_close(compiled(derivative(nested), [x], optimize=False), written)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_large_turns_are_shared_among_threads(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPEKERAS_NUM_THREADS", str(threads))
    arrays = [numbers(9, 96, 64), numbers(64, 80) * 0.3, numbers(80, 80) * 0.3, numbers(80), numbers(96, 80)]

    def run(*tensors: Any) -> Any:
        first = recurrent(False)(tensors[0], *tensors[1:])
        return [*first, *nested_large(tensors[0])]

    def nested_large(x: Any) -> Any:
        def outer(carry: Any, row: Any) -> Any:
            inner, _ = ops.scan(lambda c, r: (ops.tanh(c + r), None), carry, ops.stack([row, row * 2, row + 1]))
            return ops.tanh(ops.matmul(inner, ops.matmul(ops.transpose(row), row))), inner

        return ops.scan(outer, x[0], x)

    eager = [item.numpy() for item in run(*[Tensor(array) for array in arrays])]
    assert_close(compiled(run, arrays), eager, 1e-9)


def test_threads_never_take_a_task_of_another_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand short shared turns, again and again: a thread that comes late once took what was not there to take."""
    monkeypatch.setenv("PIPEKERAS_NUM_THREADS", "3")

    def run(x: Any, weights: Any) -> Any:
        return ops.scan(lambda h, row: (ops.tanh(ops.matmul(h, weights) + row), None), x[0], x)[0]

    arrays = [numbers(500, 64, 48).astype(np.float32), numbers(48, 48).astype(np.float32) * 0.3]
    executable = build(run, arrays)
    executable.run()
    first = executable.outputs[0].copy()
    executable.run(12)
    assert executable.outputs[0].tobytes() == first.tobytes()


def test_operations_without_a_kernel_run_turn_by_turn() -> None:
    sorted_rows = Operation("sorted_rows", lambda x: Spec(x.shape, x.dtype), lambda x: np.sort(x, -1))

    def run(x: Any) -> Any:
        return ops.scan(
            lambda carry, rows: (carry + sorted_rows(rows), sorted_rows(carry)), ops.zeros((4, 5), dtype="float64"), x,
            reverse=True,
        )  # fmt: skip

    x = ARRAYS[0]
    assert build(run, [x]).host_operations == ["sorted_rows"]
    assert_close(compiled(run, [x]), [item.numpy() for item in run(Tensor(x))])


def test_what_a_turn_writes_goes_on_in_the_next() -> None:
    total = Variable(np.zeros(2))

    def run(x: Any) -> Any:
        def turn(carry: Any, row: Any) -> Any:
            total.assign_add([1.0, 2.0])
            return carry + ops.sum(total) * ops.sum(row), total.value

        return ops.scan(turn, ops.convert_to_tensor(np.zeros(())), x)

    x = numbers(3, 2)
    executable = build(run, [x])
    executable.run()
    last, seen = executable.outputs
    sums = x.sum(1)
    np.testing.assert_allclose(last, sums @ [3.0, 6.0, 9.0])
    np.testing.assert_array_equal(seen, [[1, 2], [2, 4], [3, 6]])
    np.testing.assert_array_equal(total.numpy(), [3, 6])


def test_no_turns() -> None:
    def run(x: Any) -> Any:
        return ops.scan(lambda carry, row: (carry + row, row * 2), ops.ones((3,), dtype="float64"), x)

    for found in (compiled(run, [np.zeros((0, 3))]), [item.numpy() for item in run(Tensor(np.zeros((0, 3))))]):
        np.testing.assert_array_equal(found[0], np.ones(3))
        assert found[1].shape == (0, 3)


def grow(x: Any, most: int | None = None) -> Any:
    return ops.while_loop(
        lambda count, value: ops.sum(value) < 100.0, lambda count, value: (count + 1, value * 1.5 + 1.0), (0, x), most
    )


@pytest.mark.parametrize("scale", [0.1, 1.0, 1000.0])
@pytest.mark.parametrize("most", [None, 3, 40])
@pytest.mark.parametrize("optimize", [True, False])
def test_while_loop(scale: float, most: int | None, optimize: bool) -> None:
    x = np.abs(numbers(3)) * scale
    assert_close(
        compiled(lambda x: grow(x, most), [x], optimize), [item.numpy() for item in grow(Tensor(x), most)]
    )


def test_gradient_of_a_while_loop() -> None:
    x = np.abs(numbers(3))
    turns = int(grow(Tensor(x))[0])
    (found,) = compiled(derivative(lambda x: ops.sum(grow(x, 40)[1])), [x])
    np.testing.assert_allclose(found, np.full(3, 1.5**turns))
    with pytest.raises(ConfigurationError, match="maximum_iterations"):
        build(derivative(lambda x: ops.sum(grow(x)[1])), [x])


def test_fori_loop_with_numbers_known_and_not() -> None:
    def run(x: Any, last: Any) -> Any:
        fixed = ops.fori_loop(2, 6, lambda place, value: value * 1.1 + ops.cast(place, "float64"), x)
        return fixed, ops.fori_loop(0, last, lambda place, value: value + ops.cast(place, "float64"), x)

    arrays = [numbers(3), np.array(4, np.int32)]
    assert_close(compiled(run, arrays), [item.numpy() for item in run(*[Tensor(array) for array in arrays])])


def test_map_and_vectorized_map() -> None:
    x, weights = numbers(6, 2, 3), numbers(3, 4)
    for mapped in (ops.map, ops.vectorized_map):
        (found,) = compiled(lambda x, w, mapped=mapped: mapped(lambda rows: ops.matmul(rows, w) + 1.0, x), [x, weights])
        np.testing.assert_allclose(found, x @ weights + 1.0, rtol=1e-12)


def test_cond_chooses_results_and_writes() -> None:
    chosen = Variable(0.0)

    def run(x: Any) -> Any:
        def positive() -> Any:
            chosen.assign(1.0)
            return x * 2.0

        def other() -> Any:
            chosen.assign(chosen.value - 1.0)
            return ops.exp(x)

        return ops.cond(ops.sum(x) > 0.0, positive, other)

    for value, expected, left in ((3.0, 6.0, 1.0), (-1.0, np.exp(-1.0), 0.0)):
        executable = build(run, [np.array([value])])
        executable.run()
        np.testing.assert_allclose(executable.outputs[0], [expected])
        assert float(chosen) == left
    assert ops.cond(True, lambda: 1, lambda: 2) == 1


@pytest.mark.parametrize("place", [-1, 0, 1, 2, 9])
def test_switch(place: int) -> None:
    def run(index: Any, x: Any) -> Any:
        return ops.switch(index, [lambda x: x + 1.0, lambda x: x * 2.0, ops.sin], x)

    arrays = [np.array(place, np.int32), numbers(3)]
    assert_close(compiled(run, arrays), [run(place, Tensor(arrays[1])).numpy()])


@pytest.mark.parametrize("length", [1, 2, 5, 8])
@pytest.mark.parametrize("reverse", [False, True])
def test_associative_scan(length: int, reverse: bool) -> None:
    x = numbers(2, length)
    expected = np.flip(np.cumsum(np.flip(x, 1), 1), 1) if reverse else np.cumsum(x, 1)
    np.testing.assert_allclose(ops.associative_scan(lambda a, b: a + b, x, reverse, axis=1).numpy(), expected)
    (found,) = compiled(lambda x: ops.associative_scan(lambda a, b: a + b, x, reverse, axis=1), [x])
    np.testing.assert_allclose(found, expected)


@pytest.mark.parametrize("optimize", [True, False])
def test_custom_gradient(optimize: bool) -> None:
    @ops.custom_gradient
    def straight(x: Any, scale: Any) -> Any:
        return ops.floor(x * scale), lambda upstream: (upstream * 3.0, None)

    @ops.custom_gradient
    def pair(x: Any) -> Any:
        return (x * 2.0, x * 5.0), lambda first, second: first * 10.0 + second

    x, scale = numbers(4), np.array(2.0)
    (found,) = compiled(lambda x, s: gradient(ops.sum(straight(x, s) * 2.0), [x]), [x, scale], optimize)
    np.testing.assert_array_equal(found, np.full(4, 6.0))
    (found,) = compiled(lambda x: gradient(ops.sum(pair(x)[0]) + ops.sum(pair(x)[1]) * 7.0, [x]), [x], optimize)
    np.testing.assert_array_equal(found, np.full(4, 17.0))


def test_mistakes_are_told() -> None:
    x = Tensor(numbers(3, 2))
    with pytest.raises(ShapeError, match=r"came in as float64\(2,\) and was returned as float64\(\)"):
        ops.scan(lambda carry, row: (ops.sum(carry), row), x[0], x)
    with pytest.raises(ShapeError, match="returned a carry of 2 tensors; it was given 1"):
        build(lambda x: ops.scan(lambda carry, row: ((carry, carry), row), x[0], x), [numbers(3, 2)])
    with pytest.raises(ArgumentError, match="length"):
        ops.scan(lambda carry, row: (carry, row), x)
    with pytest.raises(ShapeError, match="number of turns"):
        ops.scan(lambda carry, row: (carry, row), x[0], x, length=5)
    with pytest.raises(ShapeError, match="scalar has no axis"):
        ops.map(lambda row: row, 3.0)
    with pytest.raises(ShapeError, match=r"result 0 is float64\(2,\)"):
        build(lambda x: ops.cond(ops.sum(x) > 0, lambda: x[0], lambda: ops.sum(x)), [numbers(3, 2)])
