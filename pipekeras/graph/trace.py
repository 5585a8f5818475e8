"""Tracing: running a function once on placeholders to learn its graph."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pipekeras.graph.tensor import Tensor

if TYPE_CHECKING:
    from pipekeras.graph.variable import Variable


class EndMayBeUnknown(Exception):
    """A range without an end, in code that was handed sizes of None: the end may have been one of them."""


class _Sizes(threading.local):
    unknown = False


sizes = _Sizes()


@contextmanager
def unknown_sizes(unknown: bool = True) -> Iterator[None]:
    """Tell functions for which None has a meaning of its own whether a size may be None here."""
    outer, sizes.unknown = sizes.unknown, unknown
    try:
        yield
    finally:
        sizes.unknown = outer


class Graph:
    """What one trace found.

    Args:
        inputs: the placeholders, in the order of the function's arguments.
        outputs: the tensors that the function returned.
        variables: leaf tensor of each variable that was read.
        updates: newest value of each variable that was assigned.
    """

    __slots__ = ("inputs", "outputs", "updates", "variables")

    def __init__(
        self,
        inputs: Sequence[Tensor],
        outputs: Sequence[Tensor],
        variables: dict[Variable, Tensor],
        updates: dict[Variable, Tensor],
    ) -> None:
        self.inputs = list(inputs)
        self.outputs = list(outputs)
        self.variables = variables
        self.updates = updates


class Trace:
    """Collects reads and writes of variables while a function runs on placeholders.

    Args:
        is_kept: whether the function's graph will be run; else only shapes are asked for.
    """

    __slots__ = ("is_kept", "read_leaves", "settled", "updates", "versions")

    def __init__(self, is_kept: bool = False) -> None:
        self.is_kept = is_kept
        self.read_leaves: dict[Variable, Tensor] = {}
        self.updates: dict[Variable, Tensor] = {}
        self.settled: set[Variable] = set()
        self.versions: dict[Variable, list[Tensor]] = {}

    def read(self, variable: Variable) -> Tensor:
        """Return the variable's newest value in this trace."""
        written = self.updates.get(variable)
        if written is None:
            return self.leaf(variable)
        return self._version(variable, written) if variable in self.settled else written

    def settle(self, variables: Iterable[Variable]) -> None:
        """Let derivatives end at what was written: an optimizer's step is behind, what follows begins at its result."""
        self.settled.update(variable for variable in variables if variable in self.updates)

    def _version(self, variable: Variable, written: Tensor) -> Tensor:
        """Return a value after an optimizer's step as a leaf of what follows."""
        from pipekeras.graph.gradient import ended

        known = self.versions.setdefault(variable, [])
        if not known or known[-1].inputs[0] is not written:
            known.append(ended(written))
        return known[-1]

    def leaf(self, variable: Variable) -> Tensor:
        """Return the placeholder of the variable's value before the step."""
        leaf = self.read_leaves.get(variable)
        if leaf is None:
            leaf = Tensor.symbolic(variable.shape, variable.dtype, name=variable.name)
            leaf.variable = variable
            self.read_leaves[variable] = leaf
        return leaf

    def write(self, variable: Variable, value: Tensor) -> None:
        """Record that the step leaves `value` in the variable."""
        self.updates[variable] = value
        self.settled.discard(variable)


class _Active(threading.local):
    def __init__(self) -> None:
        self.stack: list[Trace | None] = []


_active = _Active()


def current() -> Trace | None:
    """Return the trace that is being recorded by this thread, or None."""
    stack = _active.stack
    return stack[-1] if stack else None


@contextmanager
def tracing(trace: Trace | None = None) -> Iterator[Trace | None]:
    """Record into `trace` (a new one by default) inside the block."""
    trace = Trace() if trace is None else trace
    _active.stack.append(trace)
    try:
        yield trace
    finally:
        _active.stack.pop()


@contextmanager
def no_trace() -> Iterator[None]:
    """Leave the current trace for the block: variables made there get real values."""
    _active.stack.append(None)
    try:
        yield
    finally:
        _active.stack.pop()


class SymbolicScope:
    """A block in which only shapes and types are asked for: what is computed there is not run.

    Example:

    >>> import pipekeras as pk
    >>> with pk.SymbolicScope():
    ...     pk.ops.exp(pk.KerasTensor((None, 3))).shape
    (None, 3)
    """

    def __enter__(self) -> SymbolicScope:
        _active.stack.append(Trace())
        return self

    def __exit__(self, *exception: object) -> None:
        _active.stack.pop()


def trace(function: Callable[..., Any], inputs: Sequence[Tensor]) -> tuple[Graph, Any]:
    """Run `function` on placeholders and return its graph and what it returned, structure kept."""
    collected = Trace(is_kept=True)
    with tracing(collected):
        returned = function(*inputs)
    outputs: list[Tensor] = []
    _collect(returned, outputs)
    return Graph(inputs, outputs, collected.read_leaves, collected.updates), returned


def _collect(value: Any, into: list[Tensor]) -> None:
    if isinstance(value, Tensor):
        into.append(value)
    elif isinstance(value, dict):
        for item in value.values():
            _collect(item, into)
    elif isinstance(value, list | tuple):
        for item in value:
            _collect(item, into)
