"""Loops and functions that have become hot: when they are written as Python, and how the written code is entered.

A unit is written when the ordinary code has run often enough. Its code stands on the operators' meaning at that time; where
the program gives one of them another, the ordinary code goes on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import BreakSignal, NextSignal
from pipekeras.grammar.evaluation.compiler import CHANGES, GUARDS
from pipekeras.grammar.evaluation.conditions import STOPPED
from pipekeras.grammar.evaluation.machine import force, machine
from pipekeras.grammar.hot import support
from pipekeras.grammar.hot.pure import NOT_PURE, Impure, Pure, gave_up, needed, number_truth, outer, pure_closure, short
from pipekeras.grammar.hot.statements import given_loop, result, statement
from pipekeras.grammar.hot.writer import Writer
from pipekeras.grammar.values import FALSE, NULL, TRUE, Closure, Promise, Vector

_LONGEST = 20000
"""Lines of generated code beyond which a unit is left to the ordinary code."""

_DEEPEST = 300
"""Columns of indentation beyond which it is left so too: Python nests neither blocks nor indentation without bounds."""


class Unit:
    """One piece of generated code.

    Attributes:
        code: the generated function; takes the environment, for a `for` loop its turns too.
        guards: of what its code stands on, the lists that say whether the program has given it another meaning.
        places: names that stand in subscripts: a parameter without argument leaves a place empty there.
    """

    __slots__ = ("checked", "code", "guards", "places", "text", "usable")

    def __init__(self, code: Callable[..., Any], guards: list[list[bool]], places: frozenset[str], text: str) -> None:
        self.code = code
        self.guards = guards
        self.places = places
        self.text = text
        self.checked = -1
        self.usable = False

    def fits(self, environment: Environment) -> bool:
        """Whether the code means what the tree means, in this environment and now."""
        if self.is_stale() or environment.guard is not None:
            return False
        return not environment.unsupplied or self.places.isdisjoint(environment.unsupplied)

    def is_stale(self) -> bool:
        """Whether the program has given something that the code stands on a meaning of its own."""
        if self.checked != CHANGES[0]:
            self.usable = not any(self.guards)
            self.checked = CHANGES[0]
        return not self.usable


@cache
def _names() -> dict[str, Any]:
    """What generated code finds by name."""
    names = {name: getattr(support, name) for name in vars(support) if not name.startswith("_")}
    names.update(
        BreakSignal=BreakSignal, NextSignal=NextSignal, STOPPED=STOPPED, CHANGES=CHANGES, machine=machine, force=force,
        Promise=Promise, Vector=Vector, FALSE=FALSE, NULL=NULL, TRUE=TRUE, square_root=math.sqrt, exponential=math.exp,
        floor=math.floor, copysign=math.copysign, Closure=Closure, Pure=Pure, Impure=Impure, NOT_PURE=NOT_PURE,
        pure_closure=pure_closure, needed=needed, gave_up=gave_up, truth=number_truth, short=short, outer=outer,
    )  # fmt: skip
    return names


def written(
    node: Any, environment: Environment, kind: str, parameters: Iterable[str] = (), plain: Callable[..., Any] | None = None
) -> Unit | None:
    """The unit of a function's body ("function"), of a loop ("while"), or of a `for` loop over turns of a sort."""
    first: Writer | None = None
    for _ in range(3):
        w = Writer(node, environment)
        if first is not None:
            w.learn(first)
        w.is_function = kind == "function"
        w.parameters = frozenset(parameters)
        w.depth = 2
        _write(w, node, kind)
        first = w
        if len(w.lines) > _LONGEST or max((len(line) - len(line.lstrip()) for line in w.lines), default=0) > _DEEPEST:
            return None
    assert first is not None
    text = _function_text(first, kind)
    names = dict(_names())
    names.update(first.constants)
    names["node"] = node
    try:
        exec(compile(text, "<hot code>", "exec"), names)
    except SyntaxError as error:
        # More than twenty loops and `try` within one another.
        if "too many statically nested blocks" in str(error):
            return None
        raise
    unit = Unit(names["run"], [GUARDS[name] for name in sorted(first.guards)], frozenset(first.places), text)
    names["unit"], names["plain_code"] = unit, plain
    return unit


def _write(w: Writer, node: Any, kind: str) -> None:
    if kind == "function":
        result(w, node)
        return
    if kind == "while":
        statement(w, node)
    else:
        given_loop(w, node, kind)
    if w.state is not None:
        w.settle()
        w.line("machine.visible = False")
        w.line("return NULL")


def _function_text(w: Writer, kind: str) -> str:
    """The whole function around the lines."""
    lines = ["def run(environment, items=None):"]
    if kind == "function":
        odd = "unit.checked != CHANGES[0] or not unit.usable or environment.guard is not None or environment.unsupplied"
        lines.append(f"    if ({odd}) and not unit.fits(environment): return plain_code(environment)")
    lines.append("    frame = environment.frame")
    locals_ = [w.local(name) for name in w.variables]
    locals_ += w.looked_at()
    lines.extend("    " + " = ".join(locals_[start : start + 40]) + " = None" for start in range(0, len(locals_), 40))
    if not w.is_quiet:
        lines.append("    version = CHANGES[0]")
    lines.append("    try:")
    lines.extend(w.lines or ["        pass"])
    lines.append("    except BaseException:")
    for name in sorted(w.assigned):
        local = w.local(name)
        lines.append(f"        if {local} is not None: frame[{name!r}] = boxed({local})")
    lines.append("        raise")
    return "\n".join(lines) + "\n"
