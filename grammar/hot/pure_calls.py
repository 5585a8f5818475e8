"""Calls of pure functions from hot code: tried with numbers, made the ordinary way where that does not do."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.hot.expressions import brought, general, is_name
from pipekeras.grammar.hot.pure import NotPureError, Numbers, pure_closure
from pipekeras.grammar.hot.writer import Value, Writer
from pipekeras.grammar.nodes import Call


class _Here:
    """The place in hot code where the arguments of a call are written; as a function's body to `Numbers`."""

    def __init__(self, w: Writer) -> None:
        self.w = w
        self.guards = w.guards
        self.constants = w.constants
        self.bound: set[str] = set()

    @property
    def depth(self) -> int:
        """How far lines are indented."""
        return self.w.depth

    @depth.setter
    def depth(self, depth: int) -> None:
        self.w.depth = depth

    def line(self, text: str) -> None:
        """Add a line."""
        self.w.line(text.replace("depth + 1", "1"))

    def put(self, text: str) -> str:
        """Add a line that sets a new variable."""
        return self.w.temporary(text.replace("depth + 1", "1"))


def pure_call(w: Writer, node: Call) -> Value | None:
    """Write a call of a function that is pure now; None where it is not, or its arguments are more than numbers."""
    name = node.function.name
    if _assigns_function(w, node) or pure_closure(w.environment, name, len(node.args)) is None:
        return None
    start, temporaries, depth = len(w.lines), w.temporaries, w.depth
    found = w.temporary(f"pure_closure(environment, {name!r}, {len(node.args)})")
    made = w.temporary()
    texts: dict[str, str] = {}
    _bring(w, node, texts)
    before = w.fork()
    try:
        with w.block(f"if {found} is not None:"):
            with w.block("try:"):
                numbers = Numbers(_Here(w), texts.__getitem__)
                given = ", ".join(numbers.number(argument.value) for argument in node.args)
                w.line(f"{made} = {found}.template.pure.code({found}.environment, 1, {given})")
            with w.block("except NOT_PURE:"):
                w.line(f"{found} = gave_up({found})")
    except (NotPureError, KeyError):
        del w.lines[start:]
        w.temporaries, w.depth = temporaries, depth
        w.state = before
        return None
    with w.block(f"if {found} is None:"):
        value = general(w, node)
        w.line(f"{made} = {value.text}")
    w.line(f"{found} = None")
    w.join(before, w.state)
    return Value(made)


def _assigns_function(w: Writer, node: Any) -> bool:
    """Whether the code around assigns a function that is called here: the frame may not have it yet."""
    if type(node) is not Call:
        return False
    called = node.function.name if is_name(node.function) else ""
    return called in w.assigned or any(_assigns_function(w, argument.value) for argument in node.args)


def _bring(w: Writer, node: Any, texts: dict[str, str]) -> None:
    """Bring the variables of a call's arguments to hand where that runs no code; None is no number."""
    if is_name(node):
        name = node.name
        if name not in texts:
            texts[name] = brought(w, name)
    elif type(node) is Call:
        for argument in node.args:
            _bring(w, argument.value, texts)
