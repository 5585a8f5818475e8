"""Loops and branches inside a program.

A branch is commands between two marks; the first sends the executor to the second where a flag does not hold.

A loop is commands that run again and again on memory that moves from turn to turn.

The commands of a turn lie in the program's list once. Where they read or write a slice of a sequence they were lowered
with an address in a *region*, a stretch of numbers that no memory has; the command that begins a turn writes the true
addresses of the turn into their argument arrays. The command that ends it sends the executor back.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from pipekeras.runtime.executor import Command, array_address
from pipekeras.runtime.kernel import Kernel
from pipekeras.runtime.target import Target

_FIRST_REGION = 1 << 56
_REGION = 1 << 44
_MIDDLE = _REGION // 2  # addresses before a buffer's begin are in its region too
_LINE = 8  # int64s in a cache line
ENTRY = ("place", "base", "step", "mask", "ahead")


@dataclass(frozen=True)
class Moving:
    """A buffer whose place depends on the turn: base + step * ((turn + ahead) & mask).

    Args:
        region: number of its region, from `Regions`.
        base: address; may itself lie in the region of a loop around this one.
        step: bytes.
        mask: -1, or 1 for two places that take turns.
        ahead: turns that it is ahead.
    """

    region: int
    base: int
    step: int
    mask: int = -1
    ahead: int = 0

    @property
    def address(self) -> int:
        """What commands are lowered with."""
        return _FIRST_REGION + self.region * _REGION + _MIDDLE


class Regions:
    """Numbers of regions, one for each moving buffer of a program."""

    def __init__(self) -> None:
        self._numbers = itertools.count()

    def next(self) -> int:
        """Return a number not given before."""
        return next(self._numbers)


@cache
def _kernel() -> Kernel:
    return Kernel("turn", "write the addresses of a turn, step its counter", _assemble)


def _assemble(symbol: str, target: Target) -> str:
    from pipekeras.runtime.kernels import Emitter

    e = Emitter(symbol, target, 4)
    counter, count, table = e.argument_pointer(0, "int64"), e.argument(1), e.argument(2)
    turn = e.load(counter)
    with e.loop(0, count) as index:
        row = e.pointer(table + index * (8 * len(ENTRY)), "int64")
        place, base, step, mask, ahead = (e.load(row, column) for column in range(len(ENTRY)))
        e.store(base + step * e.bitwise_and(turn + ahead, mask), e.pointer(place, "int64"))
    e.store(turn + 1, counter)
    return e.finish()


class LoopBegin(Command):
    """The first command of a turn.

    Args:
        length: number of turns, at least 1.
        moving: the buffers that move.
    """

    def __init__(self, length: int, moving: Sequence[Moving]) -> None:
        super().__init__(_kernel(), [0, 0, 0], 1, threads=1)
        self.length = length
        self.moving = {item.region: item for item in moving}


class LoopEnd(Command):
    """Marks the end of a turn; launches nothing.

    Args:
        begin: of the loop.
        flag: address of a byte that ends the loop when it is 0; 0 where there is none.
    """

    def __init__(self, begin: LoopBegin, flag: int = 0) -> None:
        super().__init__(_kernel(), [0, 0, 0], 0, threads=1)
        self.begin = begin
        self.flag = flag


class SkipBegin(Command):
    """Goes on at its SkipEnd unless a flag holds; launches nothing.

    Args:
        flag: address of a byte.
    """

    def __init__(self, flag: int) -> None:
        super().__init__(_kernel(), [0, 0, 0], 0, threads=1)
        self.flag = flag


class SkipEnd(Command):
    """Marks where commands go on that may have been left out; launches nothing."""

    def __init__(self) -> None:
        super().__init__(_kernel(), [0, 0, 0], 0, threads=1)


@dataclass
class Skip:
    """A stretch of a program that only runs where a flag holds.

    Args:
        first: index of its SkipBegin.
        last: index of its SkipEnd.
        flag: address of a byte.
    """

    first: int
    last: int
    flag: int


@dataclass
class Loop:
    """A loop in a program.

    Args:
        first: index of its LoopBegin.
        last: index of its LoopEnd.
        length: number of turns.
        counter: turns begun; one number.
        flag: address of a byte that ends the loop when it is 0, or 0.
        entries: what the begin of a turn writes where, see ENTRY.
    """

    first: int
    last: int
    length: int
    flag: int
    counter: np.ndarray
    entries: np.ndarray

    def turning(self) -> tuple[int, int, int]:
        """Where the counter lies, the number of turns, and the address of the flag."""
        return array_address(self.counter), self.length, self.flag


def find_loops(commands: Sequence[Command]) -> list[Loop]:
    """Return the loops of a list of commands, inner ones first."""
    from pipekeras.runtime.threads import aligned_integers

    loops: list[Loop] = []
    begun: list[int] = []
    for index, command in enumerate(commands):
        if isinstance(command, LoopBegin):
            begun.append(index)
        elif isinstance(command, LoopEnd):
            # By nesting, not by identity: a step that is repeated in the list has the same commands every time.
            counter, entries = aligned_integers(_LINE), np.zeros((0, len(ENTRY)), np.int64)
            loops.append(Loop(begun.pop(), index, command.begin.length, command.flag, counter, entries))
    return loops


def find_skips(commands: Sequence[Command]) -> list[Skip]:
    """Return the stretches of a list of commands that may be left out, inner ones first."""
    skips: list[Skip] = []
    begun: list[int] = []
    for index, command in enumerate(commands):
        if isinstance(command, SkipBegin):
            begun.append(index)
        elif isinstance(command, SkipEnd):
            first = begun.pop()
            begin = commands[first]
            assert isinstance(begin, SkipBegin)
            skips.append(Skip(first, index, begin.flag))
    return skips


@dataclass
class Split:
    """A stretch of a program whose parts may run side by side.

    Args:
        first: index of its first command.
        last: index of its last command.
        parts: first command of each part, and the one after its last.
    """

    first: int
    last: int
    parts: list[tuple[int, int]]


def find_splits(commands: Sequence[Command]) -> list[Split]:
    """Return the stretches of a list of commands that say of which part they are."""
    splits: list[Split] = []
    before: int | None = None
    for index, command in enumerate(commands):
        if command.part is not None:
            if command.part == 0 and before != 0:
                splits.append(Split(index, index, []))
            if command.part != before:
                splits[-1].parts.append((index, index))
            splits[-1].last = index
            splits[-1].parts[-1] = (splits[-1].parts[-1][0], index + 1)
        before = command.part
    return splits


def connect(loops: Sequence[Loop], commands: Sequence[Command], arguments: Sequence[Sequence[np.ndarray]]) -> None:
    """Find every word that must change from turn to turn, and give the begin of a turn the list of them.

    Args:
        loops: inner ones first.
        commands: all commands.
        arguments: the arrays of words that each command reads, its argument array first, at their final addresses.
    """
    for loop in loops:
        begin = commands[loop.first]
        assert isinstance(begin, LoopBegin)
        inner = [other.entries for other in loops if loop.first < other.first and other.last < loop.last]
        arrays = [array for index in range(loop.first + 1, loop.last) for array in arguments[index]] + inner
        rows = [row for array in arrays for row in _moving_words(array, begin.moving)]
        loop.entries = np.array(rows, np.int64).reshape(-1, len(ENTRY))
        arguments[loop.first][0][:3] = (array_address(loop.counter), len(rows), array_address(loop.entries))


def _moving_words(array: np.ndarray, moving: dict[int, Moving]) -> list[tuple[int, ...]]:
    flat = array.reshape(-1)
    rows: list[tuple[int, ...]] = []
    for position in np.flatnonzero(flat >= _FIRST_REGION).tolist():
        word = int(flat[position])
        buffer = moving.get((word - _FIRST_REGION) // _REGION)
        if buffer is not None:
            place = array_address(flat) + 8 * position
            rows.append((place, buffer.base + word - buffer.address, buffer.step, buffer.mask, buffer.ahead))
    return rows
