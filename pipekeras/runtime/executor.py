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

from pipekeras.core.errors import InternalError
from pipekeras.runtime.kernel import Kernel

# Below this estimated time (nanoseconds) a second thread costs more than it brings.
PARALLEL_COST = 6000.0
_FUNCTION = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)

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
    """

    kernel: Kernel
    arguments: list[Any]
    extent: int
    cost: float = 0.0
    threads: int | None = None
    barrier: bool | None = None

    def words(self) -> list[int]:
        """The argument array as int64s."""
        return [_word(argument) for argument in self.arguments]


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
        from pipekeras.runtime.threads import aligned_integers, thread_count, yield_address

        self.commands = list(commands)
        self.counter = counter
        most = thread_count() if threads is None else threads
        shares = [self._threads_of(command, most) for command in self.commands]
        self.threads = max(shares, default=1)
        words = [command.words() for command in self.commands]
        # Each command's arguments begin on a cache line, so that no line is shared with what a neighbour reads.
        starts = np.cumsum([0, *(-(-max(1, len(part)) // 8) * 8 for part in words)])
        self._arguments = aligned_integers(int(starts[-1]))
        self._table = aligned_integers(8 * max(1, len(words)))
        self._barrier = aligned_integers(8)
        base = array_address(self._arguments)
        table = self._table.reshape(-1, 8)
        meetings = _meetings(self.commands, shares)
        for index, (command, part) in enumerate(zip(self.commands, words, strict=True)):
            start = int(starts[index])
            self._arguments[start:start + len(part)] = part
            table[index, :5] = (command.kernel.address, base + 8 * start, command.extent, shares[index], meetings[index])
        self._job = aligned_integers(8)
        self._job[:7] = (array_address(self._table), len(words), 1, counter.address if counter else 0, self.threads,
                         array_address(self._barrier), yield_address())
        self._job_address = array_address(self._job)

    @staticmethod
    def _threads_of(command: Command, most: int) -> int:
        wanted = command.threads
        if wanted is None:
            wanted = most if command.cost >= PARALLEL_COST else 1
        return max(1, min(wanted, most, command.extent))

    def run(self, repetitions: int = 1) -> None:
        """Run the list that many times; returns when all of it is done."""
        self._job[2] = repetitions
        if self.threads == 1:
            _share()(self._job_address, 0, 0)
            return
        from pipekeras.runtime.threads import pool

        workers = pool(self.threads)
        self._barrier[0] = 0
        # The workers serve one program at a time; a second caller does its work alone and gets the same bits.
        if workers is not None and workers.lock.acquire(blocking=False):
            try:
                self._job[4] = self.threads
                workers.launch(self._job)
            finally:
                workers.lock.release()
        else:
            self._job[4] = 1
            _share()(self._job_address, 0, 0)

    def argument(self, command: int, place: int, value: Any) -> None:
        """Change one argument of one command; takes effect at the next run."""
        self.commands[command].arguments[place] = value
        start = (int(self._table.reshape(-1, 8)[command, 1]) - array_address(self._arguments)) // 8
        self._arguments[start + place] = _word(value)


def _meetings(commands: Sequence[Command], shares: Sequence[int]) -> list[bool]:
    """Before which commands the threads meet: between groups whose order could be seen."""
    result = []
    if max(shares, default=1) == 1:
        return [False] * len(commands)
    group_is_shared = True  # the end of the previous repetition
    group_is_empty = False
    for command, threads in zip(commands, shares, strict=True):
        meet = command.barrier
        if meet is None:
            meet = not group_is_empty and (group_is_shared or threads > 1)
        if meet:
            group_is_shared = False
        group_is_shared = group_is_shared or threads > 1
        group_is_empty = False
        result.append(meet)
    return result


def run_command(command: Command) -> None:
    """Run one launch now."""
    Program([command]).run()
