"""Functions that run once their environment is out of reach, or at the end of the program.

The environment and its finalizer hold each other, so only the search for unreachable cycles finds them; it hands the
environment back whole, and the function runs at the next `gc()` or at the end.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import count
from typing import Any
from weakref import WeakSet

from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import machine, write_error
from pipekeras.grammar.nodes import Argument, Call

_NUMBERS = count()


class Finalizer:
    """A function and the environment that it waits for.

    Attributes:
        owner: the environment; None once the function has run.
        function: called with the environment.
        at_exit: whether it also runs at the end of the program.
        known: where the finalizers of a session are found.
    """

    __slots__ = ("__weakref__", "at_exit", "function", "known", "number", "owner")

    def __init__(self, owner: Environment, function: Any, at_exit: bool, known: Finalizers) -> None:
        self.owner: Environment | None = owner
        self.function = function
        self.at_exit = at_exit
        self.known = known
        self.number = next(_NUMBERS)

    def __del__(self) -> None:
        if self.owner is not None:
            self.known.pending.append(self)

    def run(self) -> None:
        """Call the function once; a mistake in it is told, and the program goes on."""
        from pipekeras.grammar.builtins.registry import call_function

        owner, self.owner = self.owner, None
        if owner is None:
            return
        with suppress(AttributeError):
            owner.finalizers.remove(self)
        try:
            call_function(self.function, [(None, owner)], None, Call(self.function, (Argument(None, owner),)))
        except RError as error:
            if machine.session is None:
                write_error(f"Error: {error.message}\n")
            elif not error.reported:
                machine.session.report(error)


class Finalizers:
    """The finalizers of one session."""

    def __init__(self) -> None:
        self.waiting: WeakSet[Finalizer] = WeakSet()
        self.pending: list[Finalizer] = []

    def add(self, owner: Environment, function: Any, at_exit: bool) -> None:
        """Have a function wait for its environment."""
        made = Finalizer(owner, function, at_exit, self)
        try:
            owner.finalizers.append(made)
        except AttributeError:
            owner.finalizers = [made]
        self.waiting.add(made)

    def run_pending(self) -> None:
        """Run those whose environments are out of reach, the latest first."""
        while self.pending:
            due, self.pending = sorted(self.pending, key=lambda one: -one.number), []
            for one in due:
                one.run()

    def run_all(self) -> None:
        """What the end of a program runs: those out of reach, and all that asked for it."""
        due = [one for one in list(self.waiting) if one.at_exit and one.owner is not None]
        self.pending.extend(one for one in due if one not in self.pending)
        self.run_pending()


def finalizers_of_session() -> Finalizers:
    """The finalizers of the session that runs."""
    store = machine.session.store
    found: Finalizers | None = store.get("finalizers")
    if found is None:
        found = store["finalizers"] = Finalizers()
    return found
