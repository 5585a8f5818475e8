"""Bytes found in bytes, and the room that printed elements take."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.values import Vector, integer, mk_list
from pipekeras.grammar.vectors.arguments import flag, text, whole
from pipekeras.grammar.vectors.report import fail


def _bytes(value: Any, name: str) -> bytes:
    if type(value) is Vector and value.kind == "raw":
        return bytes(value.data.tolist())
    if type(value) is Vector and value.kind == "character" and len(value):
        return text(value, name).encode("utf-8")
    return fail(f"invalid '{name}' argument")


def _raw(data: bytes) -> Vector:
    return Vector("raw", np.frombuffer(data, np.uint8).copy())


@builtin(
    "grepRaw",
    "pattern, x, offset = 1L, ignore.case = FALSE, value = FALSE, fixed = FALSE, all = FALSE, invert = FALSE",
)
def grep_raw(
    pattern: Any, x: Any, offset: Any, ignore: Any, value: Any, fixed: Any, every: Any, invert: Any
) -> Any:
    """Places of a pattern's matches in bytes, or with `value` the bytes that match."""
    wanted = _bytes(pattern, "pattern")
    data = _bytes(x, "x")
    try:
        search = re.compile(re.escape(wanted) if flag(fixed) else wanted, re.IGNORECASE if flag(ignore) else 0)
    except re.error as error:
        fail(f"invalid regular expression '{text(pattern)}', reason '{error.msg}'")
    found = list(search.finditer(data, whole(offset, "offset") - 1))
    if not flag(every):
        found = found[:1]
    if not flag(value):
        return integer([match.start() + 1 for match in found])
    if flag(invert):
        edges = [0, *(edge for match in found for edge in match.span()), len(data)]
        pieces = [data[edges[at] : edges[at + 1]] for at in range(0, len(edges), 2)]
        return mk_list([_raw(piece) for piece in pieces]) if flag(every) else _raw(b"".join(pieces))
    if flag(every):
        return mk_list([_raw(match.group()) for match in found])
    return _raw(found[0].group() if found else b"")


@builtin("format.info", "x, digits = NULL, nsmall = 0")
def format_info(x: Any, digits: Any, nsmall: Any) -> Any:
    """Width, decimals and kind of exponent that printing gives to a vector's elements."""
    from pipekeras.grammar.builtins.elements.attributes import call_builtin

    if type(x) is not Vector or x.kind in ("list", "expression"):
        fail("atomic vector arguments only")
    plain = Vector(x.kind, x.data)
    named = {} if digits is None or digits.kind == "NULL" else {"digits": digits}
    shown = [str(one) for one in call_builtin("format", plain, nsmall=nsmall, **named).items()]
    width = max((len(one) for one in shown), default=0)
    if x.kind not in ("double", "complex"):
        return integer(width)
    lead = next((one.strip() for one in shown if one.strip() not in ("NA", "NaN", "Inf", "-Inf")), "")
    mantissa, _, exponent = lead.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return integer([width, decimals, 0 if not exponent else 1 if len(exponent) <= 3 else 2])


