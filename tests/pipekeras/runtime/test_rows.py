"""Loops whose rows are independent: each thread goes through all turns of its rows, and the bits are those of one thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from pipekeras import Input, Sequential, initializers, layers, ops, optimizers
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.passes.rows import MixesRows, RowGraph
from pipekeras.runtime import loop_plan, lower_matmul, lower_scan
from pipekeras.runtime.executable import Executable
from pipekeras.runtime.executor import Command, Program
from pipekeras.runtime.kernels.elementwise import Operand, Step, elementwise_kernel
from pipekeras.runtime.repetition import find_splits
from pipekeras.runtime.schedule import schedule

TIME, FEATURES, UNITS = 6, 5, 8


class Cell(layers.Layer):
    """A cell with one matrix for its inputs and one for its first state; `rule` says the rest."""

    def __init__(self, rule: Callable[..., Any], gates: int = 1, states: int = 1) -> None:
        super().__init__()
        self.rule, self.gates, self.state_size = rule, gates, [UNITS] * states

    def build(self, shape: Any) -> None:
        width = self.gates * UNITS
        self.kernel = self.add_weight(shape=(shape[-1], width), initializer=initializers.GlorotUniform(1), name="kernel")
        self.recurrent = self.add_weight(shape=(UNITS, width), initializer=initializers.GlorotUniform(2), name="recurrent")
        self.bias = self.add_weight(shape=(width,), initializer=initializers.RandomNormal(seed=3), name="bias")

    def call(self, x: Any, states: Any) -> Any:
        return self.rule(self, x, *states)


def plain(cell: Cell, x: Any, h: Any) -> Any:
    h = ops.tanh(ops.matmul(x, cell.kernel) + ops.matmul(h, cell.recurrent) + cell.bias)
    return h, [h]


def lstm(cell: Cell, x: Any, h: Any, c: Any) -> Any:
    i, f, g, o = ops.split(ops.matmul(x, cell.kernel) + ops.matmul(h, cell.recurrent) + cell.bias, 4, axis=-1)
    c = ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(g)
    h = ops.sigmoid(o) * ops.tanh(c)
    return h, [h, c]


def gru(cell: Cell, x: Any, h: Any) -> Any:
    given, kept = ops.matmul(x, cell.kernel) + cell.bias, ops.matmul(h, cell.recurrent)
    z, r = (ops.sigmoid(given[:, s : s + UNITS] + kept[:, s : s + UNITS]) for s in (0, UNITS))
    h = z * h + (1 - z) * ops.tanh(given[:, 2 * UNITS :] + r * kept[:, 2 * UNITS :])
    return h, [h]


def normalized(cell: Cell, x: Any, h: Any) -> Any:
    """Sums along each row, rows repeated, turned and folded."""
    s = ops.matmul(x, cell.kernel) + ops.matmul(h, cell.recurrent)
    centre = ops.mean(s, axis=-1, keepdims=True)
    s = (s - centre) / ops.sqrt(ops.mean(ops.square(s - centre), axis=-1, keepdims=True) + 1e-3)
    heads = ops.transpose(ops.reshape(s + cell.bias, (-1, 2, UNITS // 2)), (0, 2, 1))
    weights = ops.softmax(ops.matmul(ops.reshape(s, (-1, 2, UNITS // 2)), heads), axis=-1)
    mixed = ops.reshape(ops.matmul(weights, ops.transpose(heads, (0, 2, 1))), (-1, UNITS))
    h = ops.concatenate([ops.tanh(mixed)[:, 2:], ops.zeros_like(h)[:, :2]], axis=-1) * 0.5 + h * 0.5
    return h, [h]


def over_the_batch(cell: Cell, x: Any, h: Any) -> Any:
    """Every row rests on all others: this is to stay one loop."""
    h = ops.tanh(ops.matmul(x, cell.kernel) + ops.matmul(h - ops.mean(h, axis=0, keepdims=True), cell.recurrent) + cell.bias)
    return h, [h]


CELLS: dict[str, Callable[[], Any]] = {
    "plain": lambda: layers.RNN(Cell(plain)),
    "lstm": lambda: layers.RNN(Cell(lstm, 4, 2)),
    "gru": lambda: layers.RNN(Cell(gru, 3)),
    "normalized": lambda: layers.RNN(Cell(normalized)),
    "backwards": lambda: layers.RNN(Cell(lstm, 4, 2), go_backwards=True, return_sequences=True),
    "sequences": lambda: layers.RNN(Cell(gru, 3), return_sequences=True),
    "stacked": lambda: layers.RNN([Cell(lstm, 4, 2), Cell(plain)]),
    "over the batch": lambda: layers.RNN(Cell(over_the_batch)),
}  # fmt: skip
WHOLE = {"over the batch"}


@pytest.fixture
def cheap_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the smallest loop be worth sharing out."""
    monkeypatch.setattr(loop_plan, "_WORTH", 0)


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many parts each loop that is lowered has; 0 where it stays one."""
    found: list[int] = []
    original = lower_scan._in_parts

    def noted(*arguments: Any) -> Any:
        commands = original(*arguments)
        splits = find_splits([item for item in commands or [] if isinstance(item, Command)])
        found.append(len(splits[0].parts) if splits else 0)
        return commands

    monkeypatch.setattr(lower_scan, "_in_parts", noted)
    return found


def trained(make: Callable[[], Any], batch: int, masked: bool) -> list[np.ndarray]:
    """What a model predicts, and its weights after three steps."""
    numbers = np.random.default_rng(5)
    x = numbers.standard_normal((batch, TIME, FEATURES)).astype(np.float32)
    if masked:
        x[::3, -2:] = 0.0
        x[1::4, :1] = 0.0
    y = numbers.standard_normal((batch, 2)).astype(np.float32)
    start = [layers.Masking()] if masked else []
    end = layers.Dense(2, kernel_initializer=initializers.GlorotUniform(4))
    model = Sequential([Input((TIME, FEATURES)), *start, make(), layers.Flatten(), end])
    model.compile(optimizers.SGD(0.1), "mse")
    before = model.predict(x, batch_size=batch, verbose=0)
    for _ in range(3):
        model.train_on_batch(x, y)
    return [before, *model.get_weights()]


@pytest.mark.parametrize(("name", "masked"), [*((name, False) for name in CELLS), ("lstm", True), ("stacked", True)])
def test_own_cells_have_the_same_bits_on_any_number_of_threads(
    name: str, masked: bool, monkeypatch: pytest.MonkeyPatch, cheap_parts: None, parts: list[int]
) -> None:
    found = {}
    for threads in (1, 2, 3):
        monkeypatch.setenv("PIPEKERAS_NUM_THREADS", str(threads))
        parts.clear()
        found[threads] = trained(CELLS[name], 27, masked)
        # 27 rows are three tiles of eight, or four of six, and some more.
        assert parts and set(parts) == {0 if threads == 1 or name in WHOLE else threads}, parts
    assert np.abs(found[1][0]).max() > 0
    for threads in (2, 3):
        for one, other in zip(found[1], found[threads], strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(("name", "kept"), [("lstm", 6), ("sequences", 4), ("over the batch", 0)])
def test_what_only_the_gradient_reads_lies_part_after_part(
    name: str, kept: int, monkeypatch: pytest.MonkeyPatch, cheap_parts: None
) -> None:
    """Of an LSTM cell all gates, and both states at the borders, of which the new one of the output is read by others too."""
    found: list[bool] = []
    original = lower_scan.is_by_parts

    def noted(*arguments: Any) -> bool:
        found.append(original(*arguments))
        return found[-1]

    monkeypatch.setattr(lower_scan, "is_by_parts", noted)
    monkeypatch.setenv("PIPEKERAS_NUM_THREADS", "2")
    trained(CELLS[name], 27, False)
    assert sum(found) == kept, found


@pytest.mark.parametrize(("batch", "expected"), [(24, 2), (27, 0)])
def test_a_product_for_all_turns_has_the_parts_of_the_loop_that_reads_it(
    batch: int, expected: int, monkeypatch: pytest.MonkeyPatch, cheap_parts: None
) -> None:
    """Rows are cut between tiles, so that none is computed twice; a last tile that is not full keeps the product whole."""
    found: list[Any] = []
    original = lower_matmul.parts_of_product

    def noted(*arguments: Any) -> Any:
        found.append(original(*arguments))
        return found[-1]

    monkeypatch.setattr(lower_matmul, "parts_of_product", noted)
    results = {}
    for threads in (1, 2):
        monkeypatch.setenv("PIPEKERAS_NUM_THREADS", str(threads))
        found.clear()
        results[threads] = trained(CELLS["lstm"], batch, False)
        assert sum(item is not None for item in found) == (expected if threads == 2 else 0)
    for one, other in zip(results[1], results[2], strict=True):
        np.testing.assert_array_equal(one, other)


def scanned(x: Any, table: Any, weights: Any) -> Any:
    """A counter, a table read by row, a sequence that all rows share, and a sum that a turn leaves."""

    def turn(carry: Any, given: Any) -> Any:
        state, count = carry
        row, shared = given
        chosen = ops.take(table, ops.argmax(row, axis=-1), axis=0)
        state = ops.tanh(ops.matmul(state, weights) + chosen * shared + ops.cast(count, "float32") * 0.125)
        return (state, count + 1), (ops.sum(state, axis=-1), state)

    first = (ops.zeros((x.shape[1], weights.shape[0])), ops.convert_to_tensor(np.int32(2)))
    (state, count), (sums, states) = ops.scan(turn, first, (x, ops.sin(ops.arange(x.shape[0], dtype="float32"))))
    (gradient,) = [ops.sum(states * states, axis=(0, 2))]
    return state, count, sums, gradient


def test_what_all_rows_share_goes_with_every_part(
    monkeypatch: pytest.MonkeyPatch, cheap_parts: None, parts: list[int]
) -> None:
    numbers = np.random.default_rng(1)
    arrays = [numbers.standard_normal(shape).astype(np.float32) for shape in ((7, 26, 4), (4, 6), (6, 6))]
    monkeypatch.setenv("PIPEKERAS_NUM_THREADS", "3")
    results = []
    for optimize in (True, False):
        graph, _ = trace(scanned, [Tensor.symbolic(array.shape, "float32") for array in arrays])
        executable = Executable(graph, optimize=optimize)
        for place, array in zip(executable.inputs, arrays, strict=True):
            place[...] = array
        executable.run()
        executable.run()
        results.append([item.copy() for item in executable.outputs])
    assert parts == [3, 0]
    assert results[0][1] == 9
    for one, other in zip(*results, strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-6, atol=2e-6)


def test_a_small_loop_stays_in_one_piece(monkeypatch: pytest.MonkeyPatch, parts: list[int]) -> None:
    monkeypatch.setenv("PIPEKERAS_NUM_THREADS", "2")
    trained(CELLS["plain"], 27, False)
    assert set(parts) == {0}


# Rows of a graph ------------------------------------------------------------------------------------------------------

BATCH = 6
BY_ROWS: dict[str, Callable[..., Any]] = {
    "aligned at the last axes": lambda x, w: x + w[0] - w[1:2],
    "a constant for each row": lambda x, w: x * np.arange(BATCH, dtype=np.float32)[:, None],
    "left side": lambda x, w: ops.matmul(x, w),
    "turned left side": lambda x, w: ops.matmul(ops.transpose(ops.transpose(x)), w),
    "all in a row": lambda x, w: ops.reshape(ops.reshape(x, (-1,)) * np.arange(4 * BATCH, dtype=np.float32), (BATCH, 4)),
    "matrices": lambda x, w: ops.matmul(ops.reshape(x, (BATCH, 2, 2)), ops.reshape(x, (BATCH, 2, 2))),
    "matrices and one for all": lambda x, w: ops.matmul(ops.reshape(x, (BATCH, 2, 2)), w[:2, :2]),
    "sum along a row": lambda x, w: x - ops.sum(x, axis=1, keepdims=True),
    "sum without its axis": lambda x, w: ops.sum(ops.reshape(x, (1, BATCH, 4)), axis=0),
    "folded and unfolded": lambda x, w: ops.reshape(ops.reshape(x, (BATCH, 2, 2)) * 2, (BATCH, 4)),
    "repeated": lambda x, w: ops.broadcast_to(x[:, :1], (BATCH, 4)) + ops.broadcast_to(w[:1], (BATCH, 4)),
    "joined": lambda x, w: ops.concatenate([x, ops.broadcast_to(w[:1], (BATCH, 4))], axis=1),
    "chosen from a table": lambda x, w: ops.take(w, ops.argmax(x, axis=1), axis=0),
    "some columns": lambda x, w: x[:, 3:0:-2],
    "what is the same for all": lambda x, w: (x, ops.broadcast_to(w[:1], (BATCH, 4))),
}
MIXED: dict[str, Callable[..., Any]] = {
    "sum over the rows": lambda x, w: x - ops.sum(x, axis=0),
    "both sides": lambda x, w: ops.matmul(x, ops.transpose(x)),
    "right side": lambda x, w: ops.matmul(w, ops.transpose(x)),
    "product over the rows": lambda x, w: ops.matmul(ops.transpose(x), x),
    "rows joined to rows": lambda x, w: ops.concatenate([x, x], axis=0),
    "some rows": lambda x, w: x[1:] + 1,
    "rows turned round": lambda x, w: x[::-1] + 1,
    "all in a row": lambda x, w: ops.reshape(x, (-1,)) * 2,
    "sum over all in a row": lambda x, w: ops.sum(ops.reshape(x, (-1,)), keepdims=True) + x,
    "two meanings of an axis": lambda x, w: ops.reshape(x[:, 0], (1, BATCH)) + ops.reshape(x[:, 0], (BATCH, 1)),
    "running sum": lambda x, w: ops.cumsum(x, axis=0),
    "much that is the same for all": lambda x, w: x[:, :1] + ops.sum(ops.exp(w)),
}  # fmt: skip


def traced(function: Callable[..., Any]) -> RowGraph:
    inputs = [Tensor.symbolic((BATCH, 4), "float32"), Tensor.symbolic((4, 4), "float32")]
    graph, _ = trace(function, inputs)
    return RowGraph(graph, inputs[:1], BATCH)


def computed(graph: Any, arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
    executable = Executable(graph, optimize=False)
    for place, array in zip(executable.inputs, arrays, strict=True):
        place[...] = array
    executable.run()
    return [item.copy() for item in executable.outputs]


@pytest.mark.parametrize("name", BY_ROWS)
def test_some_rows_of_a_graph_are_those_of_the_whole(name: str) -> None:
    rows = traced(BY_ROWS[name])
    numbers = np.random.default_rng(2)
    x, w = (numbers.standard_normal(shape).astype(np.float32) for shape in ((BATCH, 4), (4, 4)))
    whole = computed(rows.graph, [x, w])
    for begin, end in ((0, 2), (2, 6)):
        graph, inputs = rows.part(begin, end)
        assert [item.shape for item in inputs.values()] == [(end - begin, 4)]
        for one, other in zip(computed(graph, [x[begin:end], w]), whole, strict=True):
            np.testing.assert_array_equal(one, other[begin:end])


@pytest.mark.parametrize("name", MIXED)
def test_a_graph_that_mixes_rows_is_left_alone(name: str) -> None:
    with pytest.raises(MixesRows):
        rows = traced(MIXED[name])
        if not all(rows.has_rows(item) for item in rows.graph.outputs):
            raise MixesRows


# Parts in a program ---------------------------------------------------------------------------------------------------


def _command(part: int | None = None, threads: int | None = 1) -> Command:
    twice = elementwise_kernel([Operand("float32")], [Step("add", (0, 0), "float32", lambda e, a, b: a + b)], [1])
    return Command(twice, [], 8, cost=100.0, threads=threads, part=part)


def test_parts_of_neighbouring_pieces_are_told_apart() -> None:
    commands = [_command(part) for part in (None, 0, 0, 1, None, 0, 1, 2, 0, 1)]
    assert [(split.first, split.last, split.parts) for split in find_splits(commands)] == [
        (1, 3, [(1, 3), (3, 4)]),
        (5, 7, [(5, 6), (6, 7), (7, 8)]),
        (8, 9, [(8, 9), (9, 10)]),
    ]


def test_parts_are_tasks_between_two_meetings() -> None:
    commands = [_command(part) for part in (None, 0, 0, 1, None)]
    splits = find_splits(commands)
    order, phases, tasks = schedule(commands, [1] * 5, 2, (), (), splits)
    assert order == [0, 1, 2, 3, 4]
    assert [phase[:2] for phase in phases] == [[0, 1], [1, 2], [3, 1]]
    assert tasks == [[0, 1, 0, -1], [1, 3, 0, -1], [3, 4, 0, -1], [4, 5, 0, -1]]
    # One thread has nobody to meet.
    assert len(schedule(commands, [1] * 5, 1, (), (), splits)[1]) == 1


def test_a_program_takes_no_more_threads_than_it_has_parts() -> None:
    values = np.ones(64, np.float32)
    doubled = np.zeros(64, np.float32)
    kernel = elementwise_kernel([Operand("float32")], [Step("add", (0, 0), "float32", lambda e, a, b: a + b)], [1])
    commands = []
    for part in range(2):
        half = slice(32 * part, 32 * part + 32)
        commands.append(kernel.command([32], [values[half]], [doubled[half]]))
        commands[-1].part = part
    for threads, expected in ((1, 1), (2, 2), (5, 2)):
        doubled[:] = 0
        program = Program(commands, threads=threads)
        assert program.threads == expected
        program.run(3)
        np.testing.assert_array_equal(doubled, 2.0)
