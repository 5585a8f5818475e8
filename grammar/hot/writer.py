"""The source under construction: its lines, constants and temporaries, and what is known of each variable at this point.

A variable of the program lives in the frame of its environment; generated code keeps what it has read or assigned in a
variable of its own (`v3`), None when it holds nothing. Before anything runs that may look at the frame, all of them are
written back and forgotten ("settled").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pipekeras.grammar.environment import Environment
from pipekeras.grammar.nodes import Call

UNHELD, PERHAPS, HELD = 0, 1, 2
"""Whether a variable's value is at hand at some point of the code."""
BARE = frozenset(("float", "int", "truth"))
"""Sorts of values that are Python's numbers for certain; any other sort is "mixed"."""

STALE = "CHANGES[0] != version and unit.is_stale()"
"""Whether the program has given something that the code stands on a meaning of its own."""


@dataclass
class Value:
    """The text of an expression that gives a value, free of effects and cheap, and what is known of the value.

    Attributes:
        sort: "float", "int", "truth" or "mixed".
        likely_boxed: whether the value was a vector, and not a number, when the code was written.
        constant: the number itself where it is written in the program.
    """

    text: str
    sort: str = "mixed"
    likely_boxed: bool = False
    constant: Any = None


@dataclass
class State:
    """What is known at one point: which variables are at hand, their sorts, and which the frame may not have yet.

    `unsure` says that code of the program ran which may have given an operator a meaning of its own.
    """

    held: dict[str, int] = field(default_factory=dict)
    sorts: dict[str, str] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    unknown: int = UNHELD
    unsure: bool = False

    def copy(self) -> State:
        return State(dict(self.held), dict(self.sorts), set(self.changed), self.unknown, self.unsure)


class Writer:
    """Lines of one function, with the state at its end."""

    def __init__(self, node: Call, environment: Environment) -> None:
        self.node = node
        self.environment = environment
        self.lines: list[str] = []
        self.depth = 1
        self.constants: dict[str, Any] = {}
        self.known: dict[int, str] = {}
        self.temporaries = 0
        self.readers: dict[str, set[str]] = {}
        self.all_readers: dict[str, set[str]] = {}
        self.foreign_steps = 0
        self.variables: dict[str, int] = {}
        self.assigned: set[str] = set()
        self.written: set[str] = set()
        self.subjects: set[str] = set()
        self.lists: set[str] = set()
        self.tables: set[str] = set()
        self.guards: set[str] = set()
        self.places: set[str] = set()
        self.loops: list[int] = []
        self.is_function = False
        self.parameters: frozenset[str] = frozenset()
        self.is_quiet = False
        self.state: State | None = State()

    # Text

    def line(self, text: str) -> None:
        """Add a line at the present depth."""
        self.lines.append("    " * self.depth + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Lines below a head such as `if x:`."""
        self.line(head)
        self.depth += 1
        before = len(self.lines)
        try:
            yield
            if len(self.lines) == before:
                self.line("pass")
        finally:
            self.depth -= 1

    def constant(self, value: Any, prefix: str = "k") -> str:
        """The name under which generated code finds an object."""
        name = self.known.get(id(value))
        if name is None:
            name = self.known[id(value)] = f"{prefix}{len(self.constants)}"
            self.constants[name] = value
        return name

    def temporary(self, text: str | None = None) -> str:
        """A new variable of the generated code, set at once when a text is given."""
        self.temporaries += 1
        name = f"t{self.temporaries}"
        if text is not None:
            self.line(f"{name} = {text}")
        return name

    def reader(self, variable: str) -> str:
        """A temporary that will hold what a variable of the program holds."""
        made = self.temporary()
        self.readers.setdefault(variable, set()).add(made)
        return made

    def let_go(self, variable: str, further: Sequence[str] = (), but: Iterable[str] = ()) -> None:
        """Drop what else holds a variable's vector, but what is yet wanted, so that it may be written into."""
        readers = self.readers.get(variable, set()) | self.all_readers.get(variable, set())
        names = [*sorted(readers.difference(but)), *further]
        if names:
            self.line(" = ".join(names) + " = None")

    @contextmanager
    def unless_stale(self, instead: str, leaving: bool = False) -> Iterator[None]:
        """Lines that run where the operators still mean what they meant; else the ordinary code runs `instead`."""
        assert self.state is not None
        if not self.state.unsure:
            yield
            return
        before = self.fork()
        with self.block(f"if {STALE}:"):
            self.foreign(instead)
        other = None if leaving else self.state
        self.state = before
        before.unsure = False
        with self.block("else:"):
            yield
        if other is not None:
            self.join(other, self.state)

    # Variables

    def local(self, name: str) -> str:
        """The generated code's own variable for one of the program."""
        at = self.variables.setdefault(name, len(self.variables))
        return f"v{at}"

    def holding(self, name: str) -> int:
        """Whether the value is at hand."""
        assert self.state is not None
        return self.state.held.get(name, self.state.unknown)

    def hold(self, name: str, sort: str) -> None:
        """The variable was just assigned."""
        assert self.state is not None
        self.local(name)
        self.state.held[name] = HELD
        self.state.sorts[name] = sort
        self.state.changed.add(name)

    def write_back(self) -> None:
        """Give the frame what it may not have yet; the values stay at hand."""
        assert self.state is not None
        for name in sorted(self.state.changed):
            local = self.local(name)
            kept = self.state.held.get(name, self.state.unknown)
            sort = self.state.sorts.get(name, "mixed") if kept == HELD else "mixed"
            if sort == "float":
                text = f"Vector('double', None, None, {local})"
            elif sort == "int":
                text = f"Vector('integer', None, None, {local})"
            elif sort == "truth":
                text = f"TRUE if {local} else FALSE"
            else:
                text = f"{local} if type({local}) is Vector else boxed({local})"
            put = f"frame[{name!r}] = {text}"
            if kept == UNHELD:
                continue
            self.line(put if kept == HELD else f"if {local} is not None: {put}")
        self.state.changed.clear()

    def settle(self) -> None:
        """Write back and forget: what runs next may read or change any variable."""
        assert self.state is not None
        self.write_back()
        gone = [self.local(name) for name in self.variables if self.holding(name) != UNHELD]
        forgotten = [*gone, *self.looked_at()]
        if forgotten:
            self.line(" = ".join(forgotten) + " = None")
        self.state.held = dict.fromkeys(self.variables, UNHELD)
        self.state.unknown = UNHELD
        self.state.sorts.clear()

    def looked_at(self) -> list[str]:
        """The generated variables that hold vectors which were looked at once for many reads or writes, and their arrays."""
        sets = (("r", self.subjects), ("l", self.lists), ("m", self.tables), ("w", self.written))
        return [f"{kind}{self.variables[name]}{part}" for kind, names in sets for name in sorted(names) for part in "ka"]

    def foreign(self, text: str) -> None:
        """A step that may run code of the program."""
        self.foreign_steps += 1
        self.settle()
        self.line(text)
        self.line("if environment.guard is not None: frame = GuardedFrame(environment, node)")
        assert self.state is not None
        self.state.unsure = True

    def learn(self, first: Writer) -> None:
        """Take over which variables a first writing of the same code came upon."""
        self.variables = dict(first.variables)
        self.assigned, self.written = first.assigned, first.written
        self.subjects, self.lists, self.tables = first.subjects, first.lists, first.tables
        self.all_readers = first.readers
        self.is_quiet = not first.foreign_steps

    # Ways through the code

    def fork(self) -> State:
        """The state before a branch, to begin the other one with."""
        assert self.state is not None
        return self.state.copy()

    def join(self, *states: State | None) -> None:
        """Go on where several ways meet; those that left by a jump are None."""
        here = [state for state in states if state is not None]
        if not here:
            self.state = None
            return
        made = here[0].copy()
        for other in here[1:]:
            for name in set(made.held) | set(other.held):
                one, two = made.held.get(name, made.unknown), other.held.get(name, other.unknown)
                made.held[name] = one if one == two else PERHAPS
                if made.sorts.get(name) != other.sorts.get(name):
                    made.sorts.pop(name, None)
            made.unknown = made.unknown if made.unknown == other.unknown else PERHAPS
            made.changed |= other.changed
            made.unsure |= other.unsure
        self.state = made

    def blur(self, changed: set[str]) -> None:
        """At the head of a loop: any variable may or may not be at hand, and those may have been changed."""
        assert self.state is not None
        self.state.held = dict.fromkeys(self.variables, PERHAPS)
        self.state.unknown = PERHAPS
        self.state.sorts.clear()
        self.state.changed |= changed
