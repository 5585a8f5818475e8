"""Tensors put together: what only they need is written where it will lie, and the gradient of a split is such a tensor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pipekeras import ops
from pipekeras.graph.gradient import vector_jacobian
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.runtime.executable import Executable, optimized

ROWS, COLUMNS = 5, 48


def results_of(function: Callable[..., Any], optimize: bool) -> tuple[list[np.ndarray], Executable]:
    graph, _ = trace(function, [Tensor.symbolic((ROWS, COLUMNS), "float32")])
    executable = Executable(graph, optimize=optimize)
    executable.inputs[0][...] = np.random.default_rng(3).standard_normal((ROWS, COLUMNS)).astype(np.float32)
    executable.run(2)
    return [item.copy() for item in executable.outputs], executable


def pieces(x: Any) -> list[Any]:
    return ops.split(x, 3, axis=-1)


def read_elsewhere(x: Any) -> Any:
    a, b, _ = pieces(ops.exp(x))
    double = a * 2
    return ops.concatenate([double, b - a], axis=-1), ops.sum(double, axis=0)


def also_a_result(x: Any) -> Any:
    a, b, _ = pieces(x)
    double = ops.tanh(a)
    return ops.concatenate([double, ops.tanh(b)], axis=-1), double


def seen_another_way(x: Any) -> Any:
    a, b, _ = pieces(x)
    double = ops.tanh(a)
    return ops.matmul(ops.concatenate([double, ops.tanh(b)], axis=-1), ops.ones((32, 3))) + ops.sum(ops.transpose(double)[:3])


def long_before(x: Any) -> Any:
    """Other values come and go between the parts: none may get the memory of what is put together."""
    a, b, c = pieces(x)
    early = ops.sin(a)
    between = ops.matmul(ops.exp(b), ops.ones((16, 16)) * 0.1)
    later = ops.cumsum(between, axis=1) + ops.matmul(between, ops.ones((16, 16)))
    return ops.matmul(ops.concatenate([early, later * c, ops.cos(later)], axis=-1), ops.ones((48, 2)))


JOINS: dict[str, Callable[..., Any]] = {
    "of parts that each have a kernel": lambda x: ops.concatenate([ops.exp(x[:, :16]), ops.tanh(x[:, 16:])], axis=-1) * 2,
    "below each other": lambda x: ops.concatenate([ops.exp(x), ops.tanh(x[1:3]), x], axis=0) + 1,
    "in the middle": lambda x: ops.concatenate([ops.reshape(ops.exp(x), (ROWS, 2, 24)), ops.ones((ROWS, 1, 24))], axis=1) - 1,
    "one part twice": lambda x: (lambda y: ops.concatenate([y, y], axis=-1) * 3)(ops.exp(x)),
    "of joined tensors": lambda x: ops.concatenate([ops.concatenate([ops.exp(x), ops.tanh(x)], axis=-1), x], axis=-1) - 1,
    "narrow parts": lambda x: ops.concatenate([ops.exp(x[:, :1]), ops.tanh(x[:, 1:])], axis=-1) * 2,
    "a part read elsewhere": read_elsewhere,
    "a part that is a result": also_a_result,
    "a part seen another way": seen_another_way,
    "parts made long before": long_before,
    "a result itself": lambda x: ops.concatenate([ops.exp(x), ops.tanh(x)], axis=-1),
}


@pytest.mark.parametrize("name", JOINS)
def test_joined_tensors_are_the_same_however_their_parts_are_written(name: str) -> None:
    x = np.random.default_rng(3).standard_normal((ROWS, COLUMNS)).astype(np.float32)
    found = results_of(JOINS[name], True)[0]
    expected = JOINS[name](ops.convert_to_tensor(x))
    for one, other in zip(found, expected if isinstance(expected, tuple) else (expected,), strict=True):
        np.testing.assert_allclose(one, np.asarray(other), rtol=2e-6, atol=2e-6)


def test_parts_of_a_join_need_no_copies() -> None:
    _, executable = results_of(JOINS["a result itself"], True)
    # Each kernel writes its half of every row.
    assert len(executable.work) == 2


def gradient(weigh: Callable[[Any], Any]) -> Callable[..., Any]:
    """The gradient of a function of the pieces of a tensor."""

    def function(x: Any) -> Any:
        y = ops.exp(x)
        return vector_jacobian([weigh(y)], [ops.ones((ROWS, 16))], [y])[0]

    return function


WHOLE = {
    "a split": lambda y: (lambda a, b, c: a * b + ops.tanh(c))(*pieces(y)),
    "its parts in another order": lambda y: (lambda a, b, c: ops.tanh(c) * ops.sin(b) - a * a * c)(*pieces(y)),
}
IN_PART = {
    "a part left out": lambda y: (lambda a, b, c: a * c)(*pieces(y)),
    "parts that overlap": lambda y: y[:, :16] * y[:, 8:24] + y[:, 24:40] * y[:, 32:],
    "every other column": lambda y: y[:, ::3] * y[:, 1::3] * y[:, 2::3],
    "parts of two axes": lambda y: ops.concatenate([y[:2, :16] * y[:2, 16:32], y[2:, 16:32] * y[2:, 32:]], axis=0),
}


@pytest.mark.parametrize("name", [*WHOLE, *IN_PART])
def test_the_gradient_of_a_split_is_put_together(name: str) -> None:
    function = gradient((WHOLE | IN_PART)[name])
    graph, _ = trace(function, [Tensor.symbolic((ROWS, COLUMNS), "float32")])
    operation = optimized(graph).outputs[0].operation
    assert operation is not None
    assert (operation.name == "concatenate") == (name in WHOLE)
    found, plain = results_of(function, True)[0], results_of(function, False)[0]
    np.testing.assert_allclose(found[0], plain[0], rtol=2e-6, atol=2e-6)
