"""Run lists of kernel launches in one compiled loop, on one thread or several.

Threads run the same list side by side: a command's work units are shared out by number, and the threads meet at a
barrier where one command may read what another has written. Since no kernel's result depends on how its units are
shared out, a program gives the same bits on any number of threads.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from pipekeras.core.errors import InternalError, StateError
from pipekeras.graph.variable import aside
from pipekeras.runtime.kernel import Kernel, load_kernels

# Below this estimated time (nanoseconds) a second thread costs more than it brings.
PARALLEL_COST = 6000.0
_COUNTER = 3  # its place in a job
_FUNCTION = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)

Touches = tuple[Sequence[tuple[int, int]], Sequence[tuple[int, int]]]
Buffer = np.ndarray | int | tuple[np.ndarray | int, Sequence[int]]


def array_address(array: np.ndarray) -> int:
    """Address of an array's first element."""
    return int(array.__array_interface__["data"][0])


def buffer_address(buffer: Buffer) -> np.ndarray | int:
    """The array or address of a buffer."""
    return buffer[0] if isinstance(buffer, tuple) else buffer


def buffer_strides(buffer: Buffer, extents: Sequence[int]) -> list[int]:
    """A buffer's strides in elements, one per loop dimension."""
    if isinstance(buffer, tuple):
        if len(buffer[1]) != len(extents):
            raise InternalError(f"{len(buffer[1])} strides for {len(extents)} loop dimensions")
        return list(buffer[1])
    if not isinstance(buffer, np.ndarray) or buffer.shape != tuple(extents):
        raise InternalError(f"a buffer without strides must be an array of shape {tuple(extents)}")
    return [stride // buffer.itemsize for stride in buffer.strides]


@dataclass
class Command:
    """One launch.

    Args:
        kernel: what runs.
        arguments: its argument array: ints, floats (stored bit by bit) and arrays (their address).
        extent: number of work units.
        cost: estimated nanoseconds on one thread; decides whether several threads share it.
        threads: how many threads share it; None decides by cost.
        barrier: whether threads meet before it; None means wherever order could matter. False promises that it neither
            reads nor overwrites what the commands since the last barrier write or read.
        touches: the memory it reads and the memory it writes, begins and ends of stretches; None where nobody says.
        part: number of the part of a piece of work, where the parts follow one another from 0 on and none of them touches
            what another one writes; one thread runs all of a part.
    """

    kernel: Kernel
    arguments: list[Any]
    extent: int
    cost: float = 0.0
    threads: int | None = None
    barrier: bool | None = None
    touches: Touches | None = None
    part: int | None = None

    def kernels(self) -> list[Kernel]:
        """Every kernel that the launch runs."""
        return [self.kernel]

    def words(self) -> list[int]:
        """The argument array as int64s."""
        return [argument if type(argument) is int else _word(argument) for argument in self.arguments]

    def tables(self) -> list[np.ndarray]:
        """Further arrays of int64s that the last call of `words` refers to; whoever uses the words keeps them."""
        return []


def _word(argument: Any) -> int:
    if isinstance(argument, np.ndarray):
        return array_address(argument)
    if isinstance(argument, float):
        return int(struct.unpack("q", struct.pack("d", argument))[0])
    return int(argument)


class StepCounter:
    """The number of repetitions done; kernels may read it at its address."""

    def __init__(self, value: int = 0) -> None:
        self._array = np.zeros(1, np.int64)
        self._array[0] = value

    @property
    def address(self) -> int:
        """Where the count lies."""
        return array_address(self._array)

    @property
    def value(self) -> int:
        """The count."""
        return int(self._array[0])

    @value.setter
    def value(self, value: int) -> None:
        self._array[0] = value


@cache
def _share() -> Any:
    from pipekeras.runtime.kernels import loops

    return _FUNCTION(loops.share_kernel().address)


class Program:
    """A list of commands, ready to run any number of times.

    Args:
        commands: in order.
        counter: stepped once after every repetition.
        threads: most threads to use; default what the settings or the machine say.
    """

    def __init__(self, commands: Sequence[Command], counter: StepCounter | None = None, threads: int | None = None) -> None:
        from pipekeras.runtime.kernels import loops
        from pipekeras.runtime.repetition import connect, find_loops, find_skips, find_splits
        from pipekeras.runtime.schedule import schedule
        from pipekeras.runtime.threads import aligned_integers, thread_count, yield_address

        self.commands = list(commands)
        self.counter = counter
        most = thread_count() if threads is None else threads
        shares = [self._threads_of(command, most) for command in self.commands]
        splits = find_splits(self.commands)
        self.threads = max([*shares, *(min(most, len(split.parts)) for split in splits)], default=1)
        self._loops, skips = find_loops(self.commands), find_skips(self.commands)
        order, phases, tasks = schedule(self.commands, shares, self.threads, self._loops, skips, splits)
        # Where each command stands in the table; loops and branches stand where they stood.
        self._places = {index: place for place, index in enumerate(order)}
        commands = [self.commands[index] for index in order]
        load_kernels(kernel for command in commands for kernel in command.kernels())
        # One by one: a command that stands in the list twice makes tables anew for each of its places.
        laid_out = [(command.words(), command.tables()) for command in commands]
        words, self._tables = [part for part, _ in laid_out], [tables for _, tables in laid_out]
        # Each command's arguments begin on a cache line, so that no line is shared with what a neighbour reads.
        starts = np.cumsum([0, *(-(-max(1, len(part)) // 8) * 8 for part in words)])
        self._arguments = aligned_integers(int(starts[-1]))
        self._table = aligned_integers(loops.COMMAND_WORDS * max(1, len(words)))
        self._starts = starts
        base = array_address(self._arguments)
        table = self._table.reshape(-1, loops.COMMAND_WORDS)
        for index, (command, part) in enumerate(zip(commands, words, strict=True)):
            start = int(starts[index])
            self._arguments[start:start + len(part)] = part
            table[index, :3] = (command.kernel.address, base + 8 * start, command.extent)
        if self._loops:
            arrays = [self._arguments[start : start + len(part)] for start, part in zip(starts, words, strict=False)]
            connect(self._loops, commands, [[a, *b] for a, b in zip(arrays, self._tables, strict=True)])
        for loop in self._loops:
            table[loop.last, 3:7] = (loop.last - loop.first, *loop.turning())
        for skip in skips:
            table[skip.first, 3:7] = (skip.first - skip.last, 0, 0, skip.flag)
        self._phases, self._tasks = _packed(phases), _packed(tasks)
        self._state = aligned_integers((2 + self.threads) * loops.LINE_BYTES // 8)
        self._job = aligned_integers(16)
        words_of_job = (array_address(self._table), len(words), 1, counter.address if counter else 0, self.threads,
                        array_address(self._phases), len(phases), array_address(self._tasks), array_address(self._state),
                        yield_address())
        self._job[:len(words_of_job)] = words_of_job
        self._job_address = array_address(self._job)

    @staticmethod
    def _threads_of(command: Command, most: int) -> int:
        wanted = command.threads if command.part is None else 1
        if wanted is None:
            wanted = most if command.cost >= PARALLEL_COST else 1
        return max(1, min(wanted, most, command.extent))

    def run(self, repetitions: int = 1) -> None:
        """Run the list that many times; returns when all of it is done."""
        if repetitions < 1:
            return
        if aside.scope is not None:
            raise StateError(
                "a compiled program can't run inside of a StatelessScope: it holds the variables themselves",
                mend="call the model, or its stateless_call(), inside; fit(), evaluate() and predict() outside",
            )
        self._job[2] = repetitions
        if self.threads == 1:
            _share()(self._job_address, 0, 0)
            return
        from pipekeras.runtime.threads import pool

        workers = pool(self.threads)
        # The workers serve one program at a time; a second caller does its work alone and gets the same bits.
        if workers is not None and workers.lock.acquire(blocking=False):
            try:
                self._job[4] = self.threads
                self._open_first_phase()
                workers.launch(self._job)
            finally:
                workers.lock.release()
        else:
            self._job[4] = 1
            _share()(self._job_address, 0, 0)

    def _open_first_phase(self) -> None:
        self._state[:] = 0
        self._state[0] = 1 << 32

    def argument(self, command: int, place: int, value: Any) -> None:
        """Change one argument of one command; takes effect at the next run."""
        self.commands[command].arguments[place] = value
        self._arguments[self._starts[self._places[command]] + place] = _word(value)

    def rewrite(self, command: int, words: Sequence[int]) -> None:
        """Change all arguments of one command to as many others; takes effect at the next run."""
        start = self._starts[self._places[command]]
        self._arguments[start : start + len(words)] = words

    def count_with(self, counter: StepCounter) -> None:
        """Step another counter from the next run on."""
        self.counter = counter
        self._job[_COUNTER] = counter.address


def _packed(rows: list[list[int]]) -> np.ndarray:
    from pipekeras.runtime.threads import aligned_integers

    flat = [word for row in rows for word in row]
    packed = aligned_integers(max(8, len(flat)))
    packed[:len(flat)] = flat
    return packed


def run_command(command: Command) -> None:
    """Run one launch now."""
    Program([command]).run()
