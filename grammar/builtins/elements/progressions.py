"""Arithmetic progressions: ``seq.default`` by its own rules of types, and the faster, laxer ``seq.int``."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.elements.sequences import first_number
from pipekeras.grammar.builtins.numbers.arithmetic import colon_range
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.evaluation.machine import value_of
from pipekeras.grammar.values import NULL, Vector, double, explicit_class, integer
from pipekeras.grammar.vectors.arguments import number
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.report import fail, warn

WHOLE_LIMIT = 2147483647


@builtin("seq.int", "from = , to = , by = , length.out = NULL, along.with = NULL, ...")
def seq_int(
    start: Any = None, end: Any = None, by: Any = None, length_out: Any = NULL, along_with: Any = NULL,
    dots: Any = (),
) -> Any:
    return sequence(start, end, by, length_out, along_with)


@builtin("seq.default", "from = , to = , by = , length.out = NULL, along.with = NULL, ...")
def seq_default(
    start: Any = None, end: Any = None, by: Any = None, length_out: Any = NULL, along_with: Any = NULL,
    dots: Any = (),
) -> Any:
    return default_sequence(start, end, by, length_out, along_with)


@builtin("seq", "from, to, by, length.out = NULL, along.with = NULL, ...", generic="s3", lazy=True)
def seq(
    start: Any = None, end: Any = None, by: Any = None, length_out: Any = NULL, along_with: Any = NULL,
    dots: Any = (),
) -> Any:
    return default_sequence(start, end, by, length_out, along_with)


def _is_whole_kind(value: Any) -> bool:
    return type(value) is Vector and value.kind in ("integer", "logical") and not explicit_class(value)


def _only_one(start: Any) -> Vector:
    """``seq(x)``: up to a number, or along anything longer."""
    if len(start) == 1 and start.kind in ("integer", "double"):
        limit = number(start, "from")
        if not math.isfinite(limit):
            fail("'from' must be a finite number")
        return colon_range(1, limit, False)
    return integer(range(1, len(start) + 1))


def _checked(value: Any, name: str) -> float:
    amount = number(value, name)
    if not math.isfinite(amount):
        fail(f"'{name}' must be a finite number")
    return amount


def _wanted_length(length_out: Any) -> tuple[int | None, bool]:
    """How many elements are asked for, None when the number is none; and whether a whole kind asked."""
    if not len(length_out):
        fail("argument 'length.out' must be of length 1")
    if type(length_out) is Vector and length_out.kind == "character":
        fail("non-numeric argument to mathematical function")
    wanted = first_number(length_out, "length.out")
    if not math.isfinite(wanted) or wanted < 0:
        return None, False
    return math.ceil(wanted), _is_whole_kind(length_out)


def default_sequence(start: Any, end: Any, by: Any, length_out: Any, along_with: Any) -> Any:
    """``seq`` without dispatch: integers as long as every part that counts is one.

    The ends and the step may be promises: a bad start is told before the end is looked at, and the step comes last.
    """
    start, along_with, length_out = value_of(start), value_of(along_with), value_of(length_out)
    size: int | None = None
    whole_size, asked = False, along_with is not NULL or length_out is not NULL
    alone = start is None and end is None and by is None
    if along_with is not NULL:
        size, whole_size = len(along_with), True
    elif length_out is not NULL:
        size, whole_size = _wanted_length(length_out)
    if not asked and end is None and by is None:
        return integer(1) if start is None else _only_one(start)
    if start is not None and len(start) != 1:
        fail("'from' must be of length 1")
    end = value_of(end)
    if end is not None and len(end) != 1:
        fail("'to' must be of length 1")
    by = value_of(by)
    low = 1.0 if start is None else _checked(start, "from")
    high = 1.0 if end is None else _checked(end, "to")
    start, end = (double(bound) if getattr(value, "kind", "") == "character" else value
                  for value, bound in ((start, low), (end, high)))
    if not asked:
        return colon_range(low, high, False) if by is None else _stepping(low, high, start, end, by)
    if size is None:
        fail("'length.out' must be a non-negative number")
    if not size:
        return Vector("integer", np.empty(0, np.int32))
    if alone:
        return integer(range(1, size + 1))
    if by is None:
        return _spread(low, high, start, end, size, whole_size)
    if start is not None and end is not None:
        fail("too many arguments")
    if start is not None and "difftime" in (explicit_class(start) or ()):
        # Steps are added to the first by the class' own arithmetic.
        return call_builtin("+", start, call_builtin("*", integer(range(size)), by))
    return _stepped(low if end is None else high, start if end is None else end, by, size, end is not None)


def _stepping(low: float, high: float, start: Any, end: Any, by: Any) -> Vector:
    """From one number to another by steps."""
    whole = _is_whole_kind(start) and _is_whole_kind(end)
    distance = high - low
    if distance == 0 and high == 0:
        return Vector("double", None, None, high) if end is None else end
    if end is not None and "difftime" in (explicit_class(end) or ()):
        fail("second argument of / cannot be a \"difftime\" object")
    if len(by) != 1:
        fail("'by' must be of length 1")
    if by.kind in ("character", "list"):
        fail("non-numeric argument to binary operator")
    step = number(by, "by")
    whole = whole and _is_whole_kind(by)
    bounded = math.isfinite(distance)
    steps = math.nan if step == 0 and distance == 0 else math.copysign(math.inf, distance) if step == 0 else (
        distance / step if bounded else high / step - low / step)
    if not math.isfinite(steps):
        if step == 0 and distance == 0:
            return Vector("double", None, None, low) if start is None else start
        fail("invalid '(to - from)/by'")
    if steps < 0:
        fail("wrong sign in 'by' argument")
    if steps > WHOLE_LIMIT:
        fail("'by' argument is much too small")
    if bounded and abs(distance) / max(abs(high), abs(low)) < 100 * np.finfo(float).eps:
        return Vector("double", None, None, low) if start is None else start
    if whole:
        return Vector("integer", (low + np.arange(int(steps) + 1) * step).astype(np.int32))
    places = np.arange(int(steps + 1e-10) + 1)
    values = low + places * step if bounded else (low / 4 + places * (step / 4)) * 4
    kept = start.attributes if start is not None and "difftime" in (explicit_class(start) or ()) else None
    return Vector("double", np.minimum(values, high) if by.data[0] > 0 else np.maximum(values, high), kept)


def _spread(low: float, high: float, start: Any, end: Any, size: int, whole_size: bool) -> Vector:
    """So many numbers evenly between two, or up from one or down from one."""
    if end is None:
        high = low + (size - 1)
        whole = whole_size and _is_whole_kind(start) and high <= WHOLE_LIMIT
    else:
        whole = _is_whole_kind(end)
    if start is None:
        low = high - (size - 1)
        whole = whole and whole_size and low >= -WHOLE_LIMIT
    else:
        whole = whole and _is_whole_kind(start)
    truths = all(type(value) is Vector and value.kind == "logical" for value in (start, end))
    if truths and (size <= 2 or low == high):
        return Vector("logical", np.array([low, high][:size] if size <= 2 else [low] * size, np.int32))
    if size <= 2:
        return _numbers(np.array([low, high][:size]), whole)
    if low == high:
        return _numbers(np.full(size, low), _is_whole_kind(start) if start is not None else whole)
    pieces = size - 1
    if whole and whole_size and low % pieces == high % pieces:
        return _numbers(low + np.arange(size) * (high // pieces - low // pieces), True)
    if math.isfinite(high - low):
        inner = low + np.arange(1, pieces) * ((high - low) / pieces)
    else:
        inner = (low / 4 + np.arange(1, pieces) * ((high / 4 - low / 4) / pieces)) * 4
    return Vector("double", np.concatenate([[low], inner, [high]]))


def _numbers(values: np.ndarray, whole: bool) -> Vector:
    return Vector("integer", values.astype(np.int32)) if whole else Vector("double", values.astype(np.float64))


def _stepped(fixed: float, given: Any, by: Any, size: int, downwards: bool) -> Vector:
    """So many numbers by steps, up from the first or down from the last."""
    if by.kind in ("character", "list"):
        fail("non-numeric argument to binary operator")
    if len(by) not in (0, 1) and size % len(by) and len(by) % size:
        warn("longer object length is not a multiple of shorter object length")
    steps = coerce(by, "double").data
    if len(by) == 1 and steps[0] != steps[0] and _is_whole_kind(given) and _is_whole_kind(by):
        return integer([None] * size)
    places: np.ndarray = np.arange(size - 1, -1, -1) if downwards else np.arange(size)
    length = max(size, len(steps)) if len(steps) else 0
    values: np.ndarray = np.resize(places, length) * np.resize(steps, length) if length else np.empty(0)
    values = fixed - values if downwards else fixed + values
    inside = not len(values) or bool((np.abs(values) <= WHOLE_LIMIT).all())
    return _numbers(values, _is_whole_kind(given) and _is_whole_kind(by) and inside)


def sequence(start: Any, end: Any, by: Any, length_out: Any, along_with: Any) -> Any:
    """``seq`` without dispatch."""
    if along_with is not NULL:
        size: int | None = len(along_with)
        if start is None and end is None and by is None:
            return integer(range(1, (size or 0) + 1))
    elif length_out is not NULL:
        if type(length_out) is Vector and length_out.kind == "character":
            fail("non-numeric argument to mathematical function")
        wanted = first_number(length_out, "length.out")
        if wanted != wanted or wanted < 0:
            fail("'length.out' must be a non-negative number")
        size = math.ceil(wanted)
    else:
        size = None
    if size is None and end is None and by is None:
        if start is None:
            return integer(1)
        if len(start) == 1 and start.kind in ("integer", "double"):
            limit = number(start, "from")
            if not math.isfinite(limit):
                fail("'from' must be a finite number")
            return colon_range(1, limit, False)
        return integer(range(1, len(start) + 1))
    for value, name in ((start, "from"), (end, "to")):
        if value is not None:
            if len(value) != 1:
                fail(f"'{name}' must be of length 1")
            amount = number(value, name)
            if not math.isfinite(amount):
                fail(f"'{name}' must be a finite number")
    low = 1.0 if start is None else number(start, "from")
    high = 1.0 if end is None else number(end, "to")
    if size is None:
        if by is None:
            return colon_range(low, high, False)
        if len(by) != 1:
            fail("'by' must be of length 1")
        if by.kind == "list":
            fail("non-numeric argument to binary operator")
        step = number(by, "by")
        same = end if high == 0 else start
        if low == high and step == step and same is not None:
            return same.with_attributes(None)
        return _sequence_by(low, high, step, start, by, end is None or _is_whole_kind(end))
    if by is None:
        return _sequence_of_length(low, high, size, start, end)
    step = number(by, "by")
    if len(by) != 1:
        fail("'by' must be of length 1")
    if start is not None and end is not None:
        fail("too many arguments")
    if not size:
        return Vector("integer", np.empty(0, np.int32))
    values = low + np.arange(size) * step if end is None else high - np.arange(size - 1, -1, -1) * step
    if all(_is_whole_kind(value) for value in (start, end, by) if value is not None):
        return Vector("integer", values.astype(np.int32))
    return Vector("double", values)


def _sequence_by(low: float, high: float, step: float, start: Any, by: Any, whole_end: bool) -> Vector:
    distance = high - low
    if step == 0 and distance == 0:
        return Vector(start.kind, None, None, start.scalar) if start is not None else integer(1)
    if step != step:
        fail("invalid '(to - from)/by'")
    steps = distance / step if step else math.inf
    if not math.isfinite(steps):
        fail("invalid '(to - from)/by'")
    if steps < 0:
        fail("wrong sign in 'by' argument")
    if whole_end and (start is None or _is_whole_kind(start)) and _is_whole_kind(by):
        return Vector("integer", (low + np.arange(int(steps) + 1) * step).astype(np.int32))
    if steps > 2147483647:
        fail("'by' argument is much too small")
    amount = int(steps + 1e-10)
    values = low + np.arange(amount + 1) * step
    values = np.minimum(values, high) if step > 0 else np.maximum(values, high)
    return Vector("double", values)


def _sequence_of_length(low: float, high: float, size: int, start: Any, end: Any) -> Vector:
    if end is None and start is None:
        return integer(range(1, size + 1))
    if end is None:
        high = low + size - 1
    elif start is None:
        low = high - size + 1
    given = end if start is None else start
    values: np.ndarray
    if start is None or end is None:
        values = low + np.arange(size, dtype=np.float64)
        return Vector("integer", values.astype(np.int32)) if _is_whole_kind(given) else Vector("double", values)
    if size == 0:
        return Vector("integer", np.empty(0, np.int32))
    if size == 1:
        return Vector(start.kind, None, None, start.data[0].item())
    values = np.full(size, low)
    if low != high:
        step = (high - low) / (size - 1)
        values = low + np.arange(size) * step
        values[-1] = high
    if size == 2 and _is_whole_kind(start) and _is_whole_kind(end):
        return Vector("integer", values.astype(np.int32))
    return Vector("double", values)
