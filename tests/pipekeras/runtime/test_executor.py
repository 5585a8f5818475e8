"""Programs: order, threads and barriers, forks, counters."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import threading

import numpy as np
import pytest

from pipekeras.runtime.executor import Command, Program, StepCounter
from pipekeras.runtime.kernels.elementwise import ElementwiseKernel, Operand, Step, elementwise_kernel


def increment() -> ElementwiseKernel:
    return elementwise_kernel([Operand("float64")], [Step("increment", (0,), "float64", lambda e, v: v + 1.0)], [1])


def chain(length: int, threads: int, size: int = 20000) -> tuple[Program, list[np.ndarray]]:
    """A program in which each command reads what the one before wrote, reversed, so that shares cross."""
    arrays = [np.zeros(size) for _ in range(length + 1)]
    kernel = elementwise_kernel(
        [Operand("float64", "strided")], [Step("increment", (0,), "float64", lambda e, v: v + 1.0)], [1]
    )
    commands = []
    for before, after in itertools.pairwise(arrays):
        command = kernel.command((size,), [(before[::-1].__array_interface__["data"][0], (-1,))], [after])
        command.threads = threads
        commands.append(command)
    return Program(commands, threads=threads), arrays


@pytest.mark.parametrize("threads", [1, 2, 3, 5])
def test_commands_see_what_came_before(threads: int) -> None:
    program, arrays = chain(6, threads)
    program.run(50)
    for index, array in enumerate(arrays):
        np.testing.assert_array_equal(array, index)
    arrays[0][:] = np.arange(arrays[0].size)
    program.run()
    np.testing.assert_array_equal(arrays[-1], np.arange(arrays[0].size) + 6)


def test_single_thread_commands_between_shared_ones() -> None:
    x = np.zeros(30000)
    commands = []
    for threads in (2, 1, 1, 2, 1):
        command = increment().command((30000,), [x], [x])
        command.threads = threads
        commands.append(command)
    Program(commands, threads=2).run(20)
    np.testing.assert_array_equal(x, 100)


def test_small_work_stays_on_one_thread() -> None:
    x = np.zeros(100)
    assert Program([increment().command((100,), [x], [x])], threads=4).threads == 1
    big = np.zeros(1 << 20)
    assert Program([increment().command((1 << 20,), [big], [big])], threads=4).threads == 4


def test_the_counter_steps_once_per_repetition() -> None:
    x, counter = np.zeros(50000), StepCounter()
    command = increment().command((50000,), [x], [x])
    command.threads = 2
    Program([command], counter, threads=2).run(7)
    assert counter.value == 7
    np.testing.assert_array_equal(x, 7)
    counter.value = 2
    assert counter.value == 2


def test_arguments_can_change_between_runs() -> None:
    x, y = np.zeros(10), np.zeros(10)
    program = Program([increment().command((10,), [x], [x])])
    program.run()
    program.argument(0, 2, y)
    program.argument(0, 4, y)
    program.run(3)
    np.testing.assert_array_equal(x, 1)
    np.testing.assert_array_equal(y, 3)


def test_programs_may_run_from_several_threads_at_once() -> None:
    made = [chain(5, 2) for _ in range(4)]

    def work(program: Program) -> None:
        for _ in range(20):
            program.run(2)

    workers = [threading.Thread(target=work, args=(program,)) for program, _ in made]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for _, arrays in made:
        np.testing.assert_array_equal(arrays[-1], 5)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_has_its_own_workers() -> None:
    script = """
import os, sys
import numpy as np
from pipekeras.runtime.executor import Program
from pipekeras.runtime.kernels.elementwise import Operand, Step, elementwise_kernel
x = np.zeros(40000)
kernel = elementwise_kernel([Operand("float64")], [Step("increment", (0,), "float64", lambda e, v: v + 1.0)], [1])
command = kernel.command((40000,), [x], [x])
command.threads = 2
program = Program([command], threads=2)
program.run(3)
child = os.fork()
program.run(4)
assert (x == 7).all()
if child:
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    print("done")
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0 and done.stdout.strip() == "done", done.stderr


def test_a_program_keeps_what_it_uses_alive() -> None:
    program, _arrays = chain(2, 1)
    assert all(isinstance(command, Command) for command in program.commands)
    x = np.zeros(64)
    kept = Program([increment().command((64,), [x], [x])])
    del x
    junk = [np.full(64, 3.0) for _ in range(50)]
    kept.run(4)
    np.testing.assert_array_equal(kept.commands[0].arguments[2], 4)
    assert all((array == 3).all() for array in junk)
