"""What the passes leave out: constants computed once, equal nodes once, dead ones never, gradients that nobody needs."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from pipekeras import Input, Sequential, Variable, layers, ops
from pipekeras.graph.gradient import gradient
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import Graph, trace
from pipekeras.passes.fuse import fuse
from pipekeras.passes.order import ordered, roots
from pipekeras.passes.plan_memory import Slot, plan
from pipekeras.passes.simplify import simplify
from pipekeras.runtime.executable import Executable, optimized


def traced(function: Any, *shapes: tuple[int, ...]) -> Graph:
    return trace(function, [Tensor.symbolic(shape, "float32") for shape in shapes])[0]


def names(graph: Graph) -> list[str]:
    return [node.operation.name for node in ordered(roots(graph)) if node.operation is not None]


def test_what_is_constant_is_computed_while_tracing() -> None:
    graph = traced(lambda x: x + ops.exp(ops.ones((3,)) * 2.0) * ops.sum(ops.arange(4)), (2, 3))
    assert names(graph) == ["add"]


@pytest.mark.parametrize(
    ("function", "left"),
    [
        (lambda x: x * 1.0 + 0.0, []),
        (lambda x: (x - 0.0) / 1.0, []),
        (lambda x: ops.negative(ops.negative(x)), []),
        (lambda x: x**2.0, ["square"]),
        (lambda x: ops.transpose(ops.transpose(x)), []),
        (lambda x: ops.reshape(ops.reshape(x, (6,)), (3, 2)), ["reshape"]),
        (lambda x: ops.stop_gradient(x) * 2.0, ["multiply"]),
        (lambda x: ops.cast(ops.cast(x, "float32"), "float32"), []),
    ],
)
def test_what_changes_nothing_is_dropped(function: Any, left: list[str]) -> None:
    assert names(simplify(traced(function, (2, 3)))) == left


def test_equal_nodes_are_computed_once() -> None:
    def run(x: Any) -> Any:
        return ops.tanh(x * 2.0) + ops.sum(x, 0), ops.tanh(x * 2.0) * ops.sum(x, 0)

    before, after = traced(run, (2, 3)), simplify(traced(run, (2, 3)))
    assert names(before).count("tanh") == names(before).count("sum") == 2
    assert names(after).count("tanh") == names(after).count("sum") == names(after).count("multiply") - 1 == 1


def test_different_draws_are_not_one() -> None:
    from pipekeras import random

    generator = random.SeedGenerator(3)
    graph = optimized(traced(lambda x: random.uniform((2, 3), seed=generator) - random.uniform((2, 3), seed=generator), (1,)))
    executable = Executable(graph)
    executable.run()
    assert np.abs(executable.outputs[0]).min() > 0


def test_what_nobody_reads_is_not_computed() -> None:
    def run(x: Any) -> Any:
        ops.exp(x)
        return ops.sin(x)

    assert names(traced(run, (2, 3))) == ["sin"]


def test_a_loop_computes_only_what_is_read() -> None:
    def run(x: Any) -> Any:
        def turn(carry: Any, row: Any) -> Any:
            h, unread = carry
            return (ops.tanh(h + row), ops.exp(unread)), (ops.sin(h), h)

        (last, _), _ = ops.scan(turn, (x[0], x[0]), x)
        return last

    sizes = [len(Executable(traced(function, (9, 4))).work) for function in (run, _plain_loop)]
    assert sizes[0] == sizes[1]


def _plain_loop(x: Any) -> Any:
    return ops.scan(lambda h, row: (ops.tanh(h + row), None), x[0], x)[0]


def test_an_update_writes_into_the_variable_itself() -> None:
    weight = Variable(np.ones((4, 5), np.float32))

    def run(x: Any) -> Any:
        weight.assign_sub(x * 0.5)
        return ops.sum(x)

    schedule = fuse(traced(run, (4, 5)))
    assert list(schedule.in_place.values()) == [weight] and not schedule.copies


def test_memory_is_used_again_when_a_value_is_read_no_more() -> None:
    chain = [Slot(1000, step, step + 1) for step in range(10)]
    assert plan(chain) == 2 * 1024
    for one, other in pairwise(chain):
        assert one.offset + 1000 <= other.offset or other.offset + 1000 <= one.offset

    def long(x: Any) -> Any:
        for _ in range(12):
            x = ops.matmul(x, x) * 0.1
        return x

    one = Executable(traced(lambda x: ops.matmul(ops.matmul(x, x), x), (64, 64))).arena_size
    assert Executable(traced(long, (64, 64))).arena_size <= 4 * one + 4096


def test_a_small_arena_is_reused_by_values_of_the_same_size_only() -> None:
    """What threads have of a value depends on its size; another size would move rows from core to core."""
    sizes = [1024, 512, 1024, 512, 256]
    values = [Slot(size, step, step + 1) for step, size in enumerate(sizes)]
    assert plan(values) == 1024 + 512 + 256
    assert [value.offset for value in values] == [0, 1024, 0, 1024, 1536]
    large = [Slot(size * 4096, step, step + 1) for step, size in enumerate(sizes)]
    assert plan(large) == (1024 + 512) * 4096



FIRST_LAYERS = {
    "Dense": (lambda: layers.Dense(3), (5,), "matmul", 3),
    "Conv2D": (lambda: layers.Conv2D(4, 3), (6, 6, 2), "convolution_input_gradient", 0),
    "Embedding": (lambda: layers.Embedding(9, 3), (5,), "take_gradient", 1),
}


@pytest.mark.parametrize("name", FIRST_LAYERS)
def test_the_first_layer_gets_no_gradient_of_its_input(name: str) -> None:
    make, shape, operation, count = FIRST_LAYERS[name]
    model = Sequential([Input(shape), make(), layers.Flatten(), layers.Dense(2)])
    model.compile("sgd", "mse")
    x = np.ones((4, *shape), np.float32)
    model.train_on_batch(x, np.ones((4, 2), np.float32))
    graph = _training_graph(model, x)
    # A product each forward, for both weights, and for what lies between the layers; none for the data.
    wanted = {"Dense": 5}.get(name, count)
    assert names(graph).count(operation) == wanted


def _training_graph(model: Any, x: np.ndarray) -> Graph:
    placeholders = [Tensor.symbolic(x.shape, "float32"), Tensor.symbolic((len(x), 2), "float32")]
    weights = model.trainable_variables

    def step(x: Any, y: Any) -> Any:
        return gradient(ops.mean(ops.square(model(x, training=True) - y)), weights)

    return simplify(trace(step, placeholders)[0])


@pytest.mark.parametrize("own", [False, True])
def test_a_recurrent_first_layer_gets_no_gradient_of_its_input(own: bool) -> None:
    """With data instead of a product before it, there is one large product less: that of the inputs' gradient."""

    def products(before: bool) -> int:
        cell = layers.SimpleRNN(8, activation="relu" if own else "tanh")
        room = [layers.Activation("tanh"), layers.Dense(6)] if before else []
        model = Sequential([Input((7, 6)), *room, cell, layers.Dense(2)])
        x = np.ones((4, 7, 6), np.float32)
        graph = _training_graph(model, x)
        program = Executable(graph)
        return sum(type(part.kernel).__name__ == "MatmulKernel" for part in program.work if hasattr(part, "kernel"))

    # The dense layer itself adds its product and its weight's gradient; the third is the gradient that the cell now owes.
    assert products(True) - products(False) >= (3 if own else 2)
