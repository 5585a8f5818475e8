"""Which commands run side by side, and who owns their tasks."""

from __future__ import annotations

import random

import numpy as np
import pytest

from pipekeras import ops
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.runtime.executable import Executable
from pipekeras.runtime.executor import Command, Program, Touches
from pipekeras.runtime.kernels.elementwise import Operand, Step, elementwise_kernel
from pipekeras.runtime.schedule import schedule

TWICE = elementwise_kernel([Operand("float32")], [Step("add", (0, 0), "float32", lambda e, a, b: a + b)], [1])
JOINED = elementwise_kernel([Operand("float32")] * 2, [Step("less", (0, 1), "float32", lambda e, a, b: a - b * 0.5)], [2])


def command(reads: list[int], writes: list[int], cost: float = 2000.0, threads: int | None = None) -> Command:
    """A command that touches numbered pieces of memory."""
    touches: Touches = ([(10 * n, 10 * n + 10) for n in reads], [(10 * n, 10 * n + 10) for n in writes])
    return Command(TWICE, [], 8, cost=cost, threads=threads, touches=touches)


def owned(tasks: list[list[int]], order: list[int], threads: int) -> list[list[list[int]]]:
    """The commands of each task, by the thread that owns it; tasks with nothing to do are left out."""
    share = len(tasks) // threads
    assert share * threads == len(tasks)
    return [
        [order[first:last] for first, last, begin, end in tasks[share * thread : share * (thread + 1)] if end != 0 or begin]
        for thread in range(threads)
    ]


def test_small_commands_that_are_independent_are_tasks_of_their_own() -> None:
    # 0 and 2 hang together, so do 1 and 3; they stand side by side in the list.
    commands = [command([1], [2]), command([3], [4]), command([2], [5]), command([4], [6]), command([], [], 9000.0, 2)]
    order, phases, tasks = schedule(commands, [1, 1, 1, 1, 2], 2)
    assert len(phases) == 2
    assert phases[0][1] == 2
    assert owned(tasks[:2], order, 2) == [[[0, 2]], [[1, 3]]]


@pytest.mark.parametrize("commands", [
    [command([1], [2]), command([2], [3]), command([3], [4])],  # a chain
    [command([1], [2], 500.0), command([3], [4], 500.0)],  # too small
    [Command(TWICE, [], 8, cost=2000.0), command([3], [4])],  # nobody says what the first one touches
])  # fmt: skip
def test_other_small_commands_are_one_task(commands: list[Command]) -> None:
    commands = [*commands, command([], [], 9000.0, 2)]
    order, _, tasks = schedule(commands, [*[1] * (len(commands) - 1), 2], 2)
    assert order == list(range(len(commands)))
    assert tasks[0] == [0, len(commands) - 1, 0, -1]


def test_each_thread_owns_the_same_stretch_of_every_command_of_a_phase() -> None:
    commands = [command([1], [2], 40000.0), command([1], [3], 40000.0), command([1], [4], 100.0)]
    for item in commands[1:]:
        item.barrier = False
    _, phases, tasks = schedule(commands, [2, 2, 1], 2)
    assert len(phases) == 1
    half = len(tasks) // 2
    for thread, own in enumerate((tasks[:half], tasks[half:])):
        for index in (0, 1):
            units = {unit for first, _, begin, end in own if first == index for unit in range(begin, end)}
            assert units == set(range(4 * thread, 4 * thread + 4))
    # The small one goes first, where there is least to do.
    assert tasks[0] == [2, 3, 0, 8]


@pytest.mark.parametrize("cost", [9000.0, 22000.0, 23900.0, 1e6])
def test_a_batch_is_cut_in_the_middle_whatever_a_command_costs(cost: float) -> None:
    """Eleven tasks for two threads would give one of them rows that the other has in every other command."""
    _, phases, tasks = schedule([Command(TWICE, [], 24, cost=cost)], [2], 2)
    assert phases[0][1] % 2 == 0
    assert tasks[phases[0][1] // 2][2] == 12


@pytest.mark.parametrize("seed", range(20))
def test_commands_that_depend_on_one_another_keep_their_order(seed: int) -> None:
    """Programs of small commands over a few arrays, in the order and with the tasks of two threads, against one by one."""
    draw = random.Random(seed)
    numbers = np.random.default_rng(seed)
    arrays = [numbers.standard_normal(64).astype(np.float32) for _ in range(6)]
    expected = [array.copy() for array in arrays]
    commands = []
    for _ in range(12):
        a, b, target = (draw.randrange(6) for _ in range(3))
        made = JOINED.command((64,), [arrays[a], arrays[b]], [arrays[target]])
        made.cost = 1000.0
        places = [array.ctypes.data for array in arrays]
        made.touches = [(places[n], places[n] + 256) for n in (a, b)], [(places[target], places[target] + 256)]
        commands.append(made)
        expected[target] = expected[a] - expected[b] * np.float32(0.5)
    # Something for two threads, so that the rest is arranged for two.
    other = np.zeros(4096, np.float32)
    commands.append(TWICE.command((4096,), [other], [other]))
    commands[-1].threads = 2
    program = Program(commands, threads=2)
    program.run()
    for found, wanted in zip(arrays, expected, strict=True):
        np.testing.assert_array_equal(found, wanted)


def test_an_argument_is_changed_where_its_command_stands_now() -> None:
    arrays = [np.full(64, float(n), np.float32) for n in range(6)]
    results = [np.zeros(64, np.float32) for _ in range(3)]
    commands = []
    for n, result in enumerate(results):
        made = TWICE.command((64,), [arrays[n]], [result])
        made.cost = 1000.0 + n
        made.touches = [(arrays[n].ctypes.data, arrays[n].ctypes.data + 256)], [(result.ctypes.data, result.ctypes.data + 256)]
        commands.append(made)
    other = np.zeros(4096, np.float32)
    commands.append(TWICE.command((4096,), [other], [other]))
    commands[-1].threads = 2
    program = Program(commands, threads=2)
    place = next(index for index, item in enumerate(commands[0].arguments) if item is arrays[0])
    program.argument(0, place, arrays[5])
    program.run()
    assert [result[0] for result in results] == [10.0, 2.0, 4.0]


def test_groups_say_what_they_touch() -> None:
    x = Tensor.symbolic((8, 16), "float32")
    graph, _ = trace(lambda x: [ops.sum(ops.exp(x), axis=1), ops.matmul(x, ops.transpose(x))], [x])
    executable = Executable(graph)
    begin = executable.inputs[0].ctypes.data
    for part in executable.work:
        assert isinstance(part, Command) and part.touches is not None
        reads, writes = part.touches
        assert (begin, begin + 8 * 16 * 4) in reads
        assert not any(first < begin + 8 * 16 * 4 and begin < last for first, last in writes)


def test_a_long_command_by_itself_is_cut_for_all_threads() -> None:
    """Each thread has the same part of a weight's update as of the sum before it; what depends on another one stays whole."""
    commands = [command([1], [2]), command([3], [4], 900.0), command([4], [5], 900.0), command([6], [7], 4000.0)]
    order, phases, tasks = schedule(commands, [1, 1, 1, 1], 2)
    assert len(phases) == 1 and sorted(order) == [0, 1, 2, 3]
    first, second = tasks[: len(tasks) // 2], tasks[len(tasks) // 2 :]
    for own, half in ((first, [0, 4]), (second, [4, 8])):
        assert {order[task[0]] for task in own if task[2:] == half} == {0, 3}
    whole = [[order[place] for place in range(*task[:2])] for task in tasks if task[3] == -1]
    assert whole == [[1, 2]]
