"""cond and switch in compiled steps: the branch that is taken runs, alone, and so does its gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pipekeras import GradientTape, Variable, ops
from pipekeras.core.errors import ShapeError
from pipekeras.graph.gradient import gradient
from pipekeras.graph.operation import Operation, Spec
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.ops.choices import _reference
from pipekeras.runtime.executable import Executable

X = np.random.default_rng(3).normal(size=(5, 8))
W = np.random.default_rng(4).normal(size=(8, 8))


def build(function: Callable[..., Any], arrays: list[np.ndarray], optimize: bool = True) -> Executable:
    graph, _ = trace(function, [Tensor.symbolic(array.shape, str(array.dtype)) for array in arrays])
    return Executable(graph, optimize=optimize)


def run(executable: Executable, arrays: list[Any]) -> list[np.ndarray]:
    for target, array in zip(executable.inputs, arrays, strict=True):
        target[...] = array
    executable.run(2)
    return [item.copy() for item in executable.outputs]


def chosen(flag: Any, x: Any, w: Any) -> Any:
    """Branches that share captures, have results of their own, and read a view."""
    first, second = ops.cond(
        flag,
        lambda: (ops.tanh(ops.matmul(x, w)), ops.sum(x[:, ::2], 0)),
        lambda: (ops.sin(x) * 2.0, ops.sum(ops.exp(x)[:, 1::2], 0)),
    )
    return ops.sum(ops.square(first)) + ops.sum(ops.sin(second))


def slopes(flag: Any, x: Any, w: Any) -> Any:
    value = chosen(flag, x, w)
    return [value, *[ops.zeros_like(item) if g is None else g for item, g in zip((x, w), gradient(value, [x, w]), strict=True)]]


@pytest.mark.parametrize("optimize", [True, False])
def test_values_and_gradients_are_those_of_the_branch(optimize: bool) -> None:
    executable = build(slopes, [np.array(True), X, W], optimize)
    assert not executable.host_operations
    for flag in (True, False, True):
        found = run(executable, [flag, X, W])
        inputs = [Tensor(X), Tensor(W)]
        with GradientTape() as tape:
            value = chosen(flag, *inputs)
        expected = tape.gradient(value, inputs)
        np.testing.assert_allclose(found[0], value.numpy(), rtol=1e-12)
        for array, item, source in zip(found[1:], expected, inputs, strict=True):
            np.testing.assert_allclose(array, np.zeros(source.shape) if item is None else item.numpy(), rtol=1e-11, atol=1e-12)


def test_the_other_branch_leaves_no_trace_in_the_gradient() -> None:
    def step(x: Any) -> Any:
        # The root has no slope at 0: 0 times infinity would come through a choice made afterwards.
        value = ops.cond(ops.sum(x) > 0, lambda: ops.sum(ops.sqrt(x)), lambda: ops.sum(x * 3.0))
        return gradient(value, [x])[0]

    executable = build(step, [np.zeros(3)])
    np.testing.assert_array_equal(run(executable, [np.zeros(3)])[0], [3.0, 3.0, 3.0])
    np.testing.assert_array_equal(run(executable, [np.full(3, 4.0)])[0], [0.25, 0.25, 0.25])


def test_a_branch_without_end_is_left_out() -> None:
    def step(x: Any) -> Any:
        return ops.cond(x < 0, lambda: ops.while_loop(lambda n: n < 1, lambda n: n * 1.0, x), lambda: x + 1.0)

    assert run(build(step, [np.zeros(())]), [2.0])[0] == 3.0


def test_second_derivatives() -> None:
    def step(flag: Any, x: Any) -> Any:
        value = ops.cond(flag, lambda: ops.sum(x**3), lambda: ops.sum(ops.sin(x)))
        (first,) = gradient(value, [x])
        return gradient(ops.sum(first), [x])[0]

    x = X[0]
    executable = build(step, [np.array(True), x])
    np.testing.assert_allclose(run(executable, [True, x])[0], 6 * x, rtol=1e-12)
    np.testing.assert_allclose(run(executable, [False, x])[0], -np.sin(x), rtol=1e-12)


@pytest.mark.parametrize("place", [-3, 0, 1, 2, 7])
def test_switch_among_several(place: int) -> None:
    functions = [lambda x: x + 1.0, lambda x: ops.exp(x), lambda x: ops.switch(0, [lambda y: y * 2.0], x)]

    def step(index: Any, x: Any) -> Any:
        value = ops.switch(index, functions, x)
        return value, gradient(ops.sum(value), [x])[0]

    value, slope = run(build(step, [np.array(0, np.int32), X]), [place, X])
    expected = [(X + 1, np.ones_like(X)), (np.exp(X), np.exp(X)), (X * 2, np.full_like(X, 2.0))][min(max(place, 0), 2)]
    np.testing.assert_allclose(value, expected[0], rtol=1e-12)
    np.testing.assert_allclose(slope, expected[1], rtol=1e-12)


def in_a_loop(rows: Any, w: Any) -> Any:
    def turn(carry: Any, row: Any) -> Any:
        new = ops.cond(ops.sum(row) > 0, lambda: ops.tanh(ops.matmul(carry, w) + row), lambda: carry * row[::-1])
        return new, ops.switch(ops.cast(row[0] > 0, "int32"), [lambda: new, lambda: new * new])

    last, rest = ops.scan(turn, ops.ones_like(rows[0]), rows)
    return ops.sum(last) + ops.sum(ops.square(rest))


def test_branches_in_a_loop_and_its_gradient() -> None:
    def step(rows: Any, w: Any) -> Any:
        value = in_a_loop(rows, w)
        return [value, *gradient(value, [rows, w])]

    inputs = [Tensor(X), Tensor(W)]
    with GradientTape() as tape:
        value = in_a_loop(*inputs)
    expected = [value, *tape.gradient(value, inputs)]
    executable = build(step, [X, W])
    assert not executable.host_operations
    for found, item in zip(run(executable, [X, W]), expected, strict=True):
        np.testing.assert_allclose(found, item.numpy(), rtol=1e-10, atol=1e-12)


def test_a_loop_in_a_branch_and_its_gradient() -> None:
    def value_of(flag: Any, rows: Any, w: Any) -> Any:
        def loop() -> Any:
            return ops.scan(lambda carry, row: (ops.tanh(ops.matmul(carry, w) + row), carry * row), rows[0], rows)[1]

        return ops.sum(ops.square(ops.cond(flag, loop, lambda: ops.cond(ops.sum(w) > 0, lambda: rows, lambda: rows * 2.0))))

    def step(flag: Any, rows: Any, w: Any) -> Any:
        value = value_of(flag, rows, w)
        return [value, *gradient(value, [rows, w])]

    executable = build(step, [np.array(True), X, W])
    for flag in (True, False):
        inputs = [Tensor(X), Tensor(W)]
        with GradientTape() as tape:
            value = value_of(flag, *inputs)
        expected = tape.gradient(value, inputs)
        found = run(executable, [flag, X, W])
        for array, item, source in zip(found[1:], expected, inputs, strict=True):
            np.testing.assert_allclose(array, np.zeros(source.shape) if item is None else item.numpy(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_threads_leave_a_branch_out_together(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPEKERAS_NUM_THREADS", str(threads))
    random = np.random.default_rng(8)
    x, w = random.normal(size=(96, 256)), random.normal(size=(256, 256)) / 16

    def step(flag: Any, x: Any, w: Any) -> Any:
        for _ in range(3):
            x = ops.cond(flag, lambda x=x: ops.tanh(ops.matmul(x, w)), lambda x=x: ops.matmul(x * 0.5, w) + 1.0)
            flag = ops.logical_not(flag)
        return x

    executable = build(step, [np.array(True), x, w])
    for flag in (True, False):
        expected, holds = x, flag
        for _ in range(3):
            expected, holds = (np.tanh(expected @ w) if holds else (expected * 0.5) @ w + 1.0), not holds
        np.testing.assert_allclose(run(executable, [flag, x, w])[0], expected, rtol=1e-9, atol=1e-10)


def test_an_operation_without_a_kernel_runs_only_where_its_branch_is_taken() -> None:
    calls: list[int] = []

    def reference(x: Any) -> Any:
        calls.append(1)
        return np.cbrt(x)

    counted = Operation("counted_root", lambda x: Spec(x.shape, x.dtype), reference)

    def step(flag: Any, x: Any) -> Any:
        first = ops.cond(flag, lambda: counted(x), lambda: x * 2.0)
        return first, ops.scan(lambda c, row: (ops.cond(c[0] > 0, lambda: counted(row), lambda: -row), c), x[0], x)[0]

    executable = build(step, [np.array(False), X])
    assert "counted_root" in executable.host_operations
    expected = X[0]
    taken = 0
    for row in X:
        taken += expected[0] > 0
        expected = np.cbrt(row) if expected[0] > 0 else -row
    for flag in (False, True):
        calls.clear()
        first, last = run(executable, [flag, X])
        np.testing.assert_allclose(first, np.cbrt(X) if flag else X * 2, rtol=1e-12)
        np.testing.assert_allclose(last, expected, rtol=1e-12)
        assert len(calls) == 2 * (flag + taken)


def test_variables_are_written_by_the_branch_that_runs() -> None:
    first, second = Variable(np.zeros(2, "float32")), Variable(np.float32(5))

    def step(flag: Any) -> Any:
        def yes() -> Any:
            first.assign_add([1.0, 2.0])
            return second + 0.0

        def no() -> Any:
            second.assign(second * 2.0)
            return ops.sum(first)

        return ops.cond(flag, yes, no)

    executable = build(step, [np.array(True)])
    executable.inputs[0][...] = True
    executable.run()
    assert executable.outputs[0] == 5 and first.numpy().tolist() == [1, 2] and second.numpy() == 5
    executable.inputs[0][...] = False
    executable.run()
    assert executable.outputs[0] == 3 and first.numpy().tolist() == [1, 2] and second.numpy() == 10


def test_the_reference_of_a_choice_is_what_its_branches_say() -> None:
    def step(flag: Any, x: Any) -> Any:
        return ops.cond(flag, lambda: ops.sin(x), lambda: x + 2.0)

    graph, value = trace(step, [Tensor.symbolic((), "bool"), Tensor.symbolic(X.shape, "float64")])
    node = value.inputs[0]
    assert len(node.inputs) == 3 and graph.outputs == [value]
    for flag, expected in ((True, np.sin(X)), (False, X + 2)):
        found = _reference(np.array(flag), np.array(not flag), X, **node.attributes)
        np.testing.assert_array_equal(found[-1, 0], expected)


def test_functions_that_differ_in_what_they_return_are_told() -> None:
    x = Tensor.symbolic((3,), "float32")
    with pytest.raises(ShapeError, match=r"cond: result 0 is float32\(3,\) from one function and float64\(3,\) from another"):
        ops.cond(ops.sum(x) > 0, lambda: x, lambda: ops.cast(x, "float64"))
    with pytest.raises(ShapeError, match="switch: one function returned 1 tensors, another 2"):
        ops.switch(ops.cast(ops.sum(x), "int32"), [lambda: x, lambda: (x, x)])
