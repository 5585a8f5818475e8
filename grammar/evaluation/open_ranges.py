"""`x[2:NULL]`, `x[NA:3]`, `x[1:9:2]` and `` x[`::2`] `` on tensors: ranges that go on to an end, or in steps.

To R itself a range needs two ends, and has steps of one.
"""

from __future__ import annotations

import re
from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.calls import apply_builtin
from pipekeras.grammar.evaluation.compiler import Code, code_of
from pipekeras.grammar.evaluation.sites import given
from pipekeras.grammar.nodes import MISSING, Call, Symbol
from pipekeras.grammar.values import NA_INTEGER, NULL, ExternalObject, Vector

_IN_A_NAME = re.compile(r"(-?\d*):(-?\d*)(?::(-?\d*))?")
"""Python's own writing of a range, between backticks."""


def is_open_range(node: Any) -> bool:
    """Whether a place is written as a range with NULL or NA for an end, with a step, or as Python writes it."""
    if type(node) is Symbol:
        return _IN_A_NAME.fullmatch(node.name) is not None
    return _is_range(node) and any(_is_open(one.value) or _is_range(one.value) for one in node.args)


def _is_range(node: Any) -> bool:
    return type(node) is Call and node.is_call_of(":") and len(node.args) == 2


def _ends(node: Any) -> list[Any]:
    """Return what an open range is written with: its ends, and its step where it has one."""
    if type(node) is Symbol:
        found = _IN_A_NAME.fullmatch(node.name)
        return [Vector("integer", None, None, int(part)) if part else NULL for part in (found.groups() if found else ())]
    first, last = (one.value for one in node.args)
    return [*_ends(first), last] if _is_range(first) else [first, last]


def _is_open(end: Any) -> bool:
    return end is NULL or (type(end) is Vector and end.kind == "logical" and end.scalar == NA_INTEGER)


def compile_open_ranges(node: Call, general: Any) -> Code:
    """Read places of which some are ranges with an open end; `general` reads any subject that is no object of Python."""
    subject = code_of(node.args[0].value)
    places: list[Any] = []
    for argument in node.args[1:]:
        if is_open_range(argument.value):
            ends = [None if _is_open(end) else code_of(end) for end in _ends(argument.value)]
            places.append((argument.name, None, ends))
        elif argument.value is MISSING:
            places.append((argument.name, None, None))
        else:
            places.append((argument.name, code_of(argument.value), argument.value))

    def run(environment: Environment) -> Any:
        x = subject(environment)
        if type(x) is not ExternalObject:
            return general(x, environment)
        found: list[tuple[str | None, Any]] = []
        for name, code, written in places:
            if written is None:
                found.append((name, MISSING))
            elif code is None:
                found.append((name, ExternalObject(_slice(*(end and _whole(end(environment)) for end in written)))))
            else:
                found.append((name, given(code, written, environment)))
        return apply_builtin(REGISTRY["["], [(None, x), *found], node, environment)

    return run


def _whole(value: Any) -> int | None:
    if value is NULL:
        return None
    found = value.scalar if type(value) is Vector else value
    return int(found.value if isinstance(found, ExternalObject) else found)


def _slice(low: int | None, high: int | None, step: int | None = None) -> slice:
    """Return Python's range for one that counts from 1, backwards from -1, and includes its end."""
    start = None if low is None else low - 1 if low > 0 else low
    stop = None if high is None else high if high > 0 else high + 1 or None
    return slice(start, stop, step)
