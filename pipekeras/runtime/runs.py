"""Runs: commands, and calls back into Python between them, ready to be repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

from pipekeras.runtime.executor import Command, Program, StepCounter
from pipekeras.runtime.threads import thread_count


class Work(Protocol):
    """A piece of a run that is not a command."""

    def run(self) -> None:
        """Do it once."""


class Run:
    """Commands and calls in order, ready to be repeated.

    Args:
        parts: commands, joined to programs, and calls back into Python between them.
        counter: stepped after every repetition; the prelude may read it.
        owner: kept alive as long as the run.
        settling: commands that bring up to date what repetitions leave for later.
    """

    def __init__(
        self,
        parts: Sequence[Command | Work],
        counter: StepCounter | None,
        owner: Any,
        settling: Sequence[Command] = (),
    ) -> None:
        self._owner = owner
        self._counter = counter
        self._parts: list[Program | Work] = []
        stretch: list[Command] = []
        for part in parts:
            if isinstance(part, Command):
                stretch.append(part)
                continue
            if stretch:
                self._parts.append(Program(stretch))
                stretch = []
            self._parts.append(part)
        self._settling = Program(settling) if settling else None
        self._program: Program | None = None
        if not self._parts:
            self._program = Program(stretch, counter)
        elif stretch:
            self._parts.append(Program(stretch))

    def run(self, repetitions: int = 1, settle: bool = True) -> None:
        """Run everything that many times.

        Args:
            repetitions: int.
            settle: bool, default True; False leaves variables behind until `settle` is called, so that more repetitions
                can follow for less.
        """
        try:
            self._repeat(repetitions)
        finally:
            if settle:
                self.settle()

    def settle(self) -> None:
        """Bring every variable up to date."""
        if self._settling is not None:
            self._settling.run()

    def _repeat(self, repetitions: int) -> None:
        if self._program is not None:
            self._program.run(repetitions)
            return
        for _ in range(repetitions):
            for part in self._parts:
                part.run()
            if self._counter is not None:
                self._counter.value += 1


class SharedRun(Run):
    """A run whose first and last commands are given other arguments from use to use: its program is built once.

    Args:
        prelude: what a repetition begins with, for whom it is first.
        work: what it goes on with.
        postlude: what it ends with.
        owner: kept alive as long as the run.
        settling: as of `Run`.
    """

    def __init__(
        self, prelude: Sequence[Command], work: Sequence[Command], postlude: Sequence[Command], owner: Any,
        settling: Sequence[Command],
    ) -> None:  # fmt: skip
        # As numbers: what the first user gathers from is not kept alive.
        first, last = ([replace(command, arguments=command.words()) for command in part] for part in (prelude, postlude))
        super().__init__([*first, *work, *last], StepCounter(), owner, settling)
        begin = len(prelude) + len(work)
        self._places = [*range(len(prelude)), *range(begin, begin + len(postlude))]
        self._form = self._form_of(prelude, postlude)
        self._user: object = None

    @staticmethod
    def _form_of(prelude: Sequence[Command], postlude: Sequence[Command]) -> list[Any]:
        ends = [[(part.kernel.name, part.kernel.text, part.extent) for part in end] for end in (prelude, postlude)]
        return [thread_count(), *ends]

    def takes(self, prelude: Sequence[Command], postlude: Sequence[Command]) -> bool:
        """Whether these commands differ from those that the program was built with in nothing but their arguments."""
        return self._form_of(prelude, postlude) == self._form

    def feed(self, user: object, words: Sequence[list[int]], counter: StepCounter) -> None:
        """Let the next repetitions have these arguments and step this counter, unless it is that user's turn already."""
        if self._user is user:
            return
        assert self._program is not None
        for place, part in zip(self._places, words, strict=True):
            self._program.rewrite(place, part)
        self._program.count_with(counter)
        self._user = user


class FedRun:
    """A shared run with the arguments of one user, who may take turns with others.

    Args:
        shared: what is run.
        ends: the user's own first and last commands; what they refer to is kept alive.
        counter: stepped after every repetition.
    """

    def __init__(self, shared: SharedRun, ends: Sequence[Command], counter: StepCounter) -> None:
        self._shared, self._ends, self._counter = shared, list(ends), counter
        self._words = [command.words() for command in ends]
        self._turn = object()

    def run(self, repetitions: int = 1, settle: bool = True) -> None:
        """Run everything that many times; see `Run.run`."""
        self._shared.feed(self._turn, self._words, self._counter)
        self._shared.run(repetitions, settle)

    def settle(self) -> None:
        """Bring every variable up to date."""
        self._shared.settle()
