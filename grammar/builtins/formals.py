"""Formals of builtins: R signatures as text, computed defaults, and R's argument matching."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import evaluate, expression_of, machine
from pipekeras.grammar.nodes import MISSING, Symbol
from pipekeras.grammar.spelling import quote_name
from pipekeras.grammar.values import FALSE, NA, NULL, TRUE, Promise, Vector

UNSET: Any = object()
"""Marks a formal that got no argument; as a Python default it says that the function deals with that itself."""
REQUIRED: Any = object()
"""Marks a formal whose Python parameter has no default."""



def slip(function: str, missing: str, formals: list[FormalParameter], values: list[Any]) -> str | None:
    """Mend for a missing argument when `...` took one whose name looks like it."""
    from difflib import get_close_matches

    for formal, value in zip(formals, values, strict=True):
        if formal.name == "..." and type(value) is list:
            near = get_close_matches(missing, [name for name, _ in value if name], 1, 0.6)
            if near:
                return f"{function}() has no argument '{near[0]}'; did you mean '{missing}'?"
    return None


class FormalParameter:
    """One parameter of a builtin: its name, R default and the Python default behind it."""

    __slots__ = ("default", "fallback", "name", "text")

    def __init__(self, name: str, text: str | None, default: Any) -> None:
        self.name = name
        self.text = text
        self.default = default
        self.fallback: Any = REQUIRED


class ComputedDefault:
    """A default that is an expression of other parameters."""

    __slots__ = ("expression", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.expression: Any = None

    def compute(self, formals: list[FormalParameter], values: list[Any], fallback: Any) -> Any:
        """The default's value, seen from the other arguments of the call; the fallback when it names a missing one."""
        expression = self.tree()
        frame: dict[str, Any] = {}
        place = Environment(machine.base_environment, frame)
        for formal, value in zip(formals, values, strict=True):
            if value is UNSET or value is None:
                default = formal.default
                if default is UNSET:
                    frame[formal.name] = MISSING
                elif type(default) is ComputedDefault:
                    frame[formal.name] = Promise(None, default.tree(), place)
                else:
                    frame[formal.name] = default
            elif formal.name != "...":
                frame[formal.name] = value
        if type(expression) is Symbol and frame.get(expression.name) is MISSING:
            return fallback
        return evaluate(expression, place)

    def tree(self) -> Any:
        """The parsed default."""
        if self.expression is None:
            from pipekeras.grammar.parse import parse_expression

            self.expression = parse_expression(self.text, "<default>")
        return self.expression


def match_formals(
    names: list[str], arguments: list[tuple[str | None, Any]]
) -> tuple[list[Any], list[tuple[str | None, Any]], bool]:
    """R's argument matching: exact names, then partial names before ``...``, then position.

    Returns:
        Values by formal (`UNSET` where nothing matched), what ``...`` takes, and whether there is a ``...``.
    """
    slots: list[Any] = [UNSET] * len(names)
    dots_at = names.index("...") if "..." in names else -1
    left: list[tuple[str | None, Any] | None] = list(arguments)
    named = False
    for position, (name, _) in enumerate(arguments):
        if name:
            named = True
            if name in names and name != "...":
                at = names.index(name)
                if slots[at] is not UNSET:
                    raise RError(f'formal argument "{name}" matched by multiple actual arguments')
                slots[at] = arguments[position][1]
                left[position] = None
    if named:
        before = names if dots_at < 0 else names[:dots_at]
        claimed: set[int] = set()
        for at, formal in enumerate(before):
            if slots[at] is not UNSET:
                continue
            for position, argument in enumerate(left):
                if argument is None or not argument[0] or not formal.startswith(argument[0]):
                    continue
                if slots[at] is not UNSET:
                    raise RError(f'formal argument "{formal}" matched by multiple actual arguments')
                if position in claimed:
                    raise RError(f"argument {position + 1} matches multiple formal arguments")
                slots[at] = argument[1]
                claimed.add(position)
        left = [None if position in claimed else argument for position, argument in enumerate(left)]
    dots: list[tuple[str | None, Any]] = []
    at = 0
    limit = len(names) if dots_at < 0 else dots_at
    unused: list[tuple[str | None, Any]] = []
    for argument in left:
        if argument is None:
            continue
        if not argument[0]:
            while at < limit and slots[at] is not UNSET:
                at += 1
            if at < limit:
                slots[at] = argument[1]
                at += 1
                continue
        if dots_at >= 0:
            dots.append(argument)
        else:
            unused.append(argument)
    if unused:
        raise unused_error(unused)
    return slots, dots, dots_at >= 0


def unused_error(unused: list[tuple[str | None, Any]]) -> RError:
    """R's error for arguments that no parameter takes."""
    from pipekeras.grammar.deparse import deparse_short

    shown = []
    for name, value in unused:
        expression = expression_of(value)
        text = "" if expression is MISSING else deparse_short(expression, keep_integer=False)
        if text.startswith("NA_"):
            text = "NA"
        shown.append(f"{quote_name(name)} = {text}" if name else text)
    plural = "s" if len(unused) > 1 else ""
    told = ", ".join(shown)
    # With a place left empty between commas they are shown as the list that they make.
    return RError(f"unused argument{plural} ({f'alist({told})' if '' in shown else told})")


def parse_signature(text: str) -> list[FormalParameter]:
    """Split R formals text into parameters."""
    formals = []
    for piece in _split_top_level(text):
        name, equals, default = piece.partition("=")
        name = name.strip().strip("`")
        if name:
            default = default.strip()
            formals.append(FormalParameter(name, default or None, _default_value(default) if equals and default else UNSET))
    return formals


def _split_top_level(text: str) -> Iterable[str]:
    depth = 0
    quote = ""
    start = 0
    escaped = False
    for position, letter in enumerate(text):
        if quote:
            if escaped:
                escaped = False
            elif letter == "\\":
                escaped = True
            elif letter == quote:
                quote = ""
        elif letter in "\"'`":
            quote = letter
        elif letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        elif letter == "," and depth == 0:
            yield text[start:position]
            start = position + 1
    yield text[start:]


_WORDS = {"NULL": NULL, "TRUE": TRUE, "FALSE": FALSE, "NA": NA}


def _default_value(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'" and "\\" not in text and text.count(text[0]) == 2:
        return Vector("character", None, None, text[1:-1])
    body = text[1:] if text.startswith("-") else text
    if body.endswith("L") and body[:-1].isdigit():
        return Vector("integer", None, None, int(text[:-1]))
    if body.replace(".", "", 1).replace("e-", "", 1).replace("e", "", 1).isdigit():
        return Vector("double", None, None, float(text))
    return ComputedDefault(text)
