r"""Sequences and repetition: ``rep``, ``seq``, ``seq_len`` and their kin."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.arithmetic import colon_range
from pipekeras.grammar.builtins.attributes import call_builtin
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.values import NA_INTEGER, NULL, Vector, explicit_class, integer, names_of, object_array
from pipekeras.grammar.vectors.arguments import count, number
from pipekeras.grammar.vectors.coerce import coerce, integers
from pipekeras.grammar.vectors.indexing import subset
from pipekeras.grammar.vectors.recycling import resized
from pipekeras.grammar.vectors.report import fail, warn

Dots = list[tuple[str | None, Any]]


def repeat_positions(size: int, times: Any, each: int, length_out: int | None) -> np.ndarray:
    """Positions that ``rep`` takes from a vector of a size."""
    positions = np.repeat(np.arange(size), each)
    if not size and length_out is None:
        return positions
    if length_out is not None:
        return resized(positions, length_out) if size else np.full(length_out, -1)
    repeats = integers(times)
    if len(repeats) == 1:
        if repeats[0] == NA_INTEGER or repeats[0] < 0:
            fail("invalid 'times' argument")
        return np.tile(positions, int(repeats[0]))
    if len(repeats) != len(positions) or (repeats < 0).any():
        fail("invalid 'times' argument")
    return np.repeat(positions, repeats)


@builtin("rep", "x, times = 1, each = 1, length.out = NA, ...", generic="internal")
def rep(x: Any, times: Any, each: Any, length_out: Any, dots: Dots) -> Any:
    if x is NULL:
        if _each(each) < 0:
            fail("invalid 'each' argument")
        if (_length_out(length_out) or 0) > 0:
            warn("'x' is NULL so the result will be NULL")
        return NULL
    if type(x) is not Vector:
        fail("attempt to replicate an object of type '" + getattr(x, "kind", "closure") + "'")
    limit = _length_out(length_out)
    repeats = _each(each)
    if repeats < 0:
        fail("invalid 'each' argument")
    if x.scalar is not None and x.attributes is None and limit is None and repeats == 1 and len(times) == 1:
        amount = count(times, "times")
        return Vector(x.kind, np.full(amount, x.scalar, x.data.dtype) if x.kind != "character" else
                      object_array([x.scalar] * amount))
    if not len(x) and limit is None:
        return x
    positions = repeat_positions(len(x), times, repeats, limit)
    data = x.data[positions] if len(x) else coerce(subset(x, [integer([None] * len(positions))]), x.kind).data
    kept: dict[str, Any] = {}
    attributes = x.attributes or {}
    given = names_of(x)
    if given is not None:
        kept["names"] = Vector("character", object_array([given[p] for p in positions.tolist()]))
    classes = explicit_class(x)
    if classes is not None and any(name in _REPEATED_CLASSES for name in classes):
        kept.update({k: v for k, v in attributes.items() if k not in ("names", "dim", "dimnames")})
    return Vector(x.kind, data, kept or None)


_REPEATED_CLASSES = ("factor", "Date", "POSIXct", "difftime", "noquote", "numeric_version")
"""Classes that R repeats by a method of their own; others are lost."""


def _first_number(value: Any, name: str) -> float:
    if value is NULL or len(value) == 0:
        return math.nan
    if len(value) > 1:
        warn(f"first element used of '{name}' argument")
    return coerce(value.with_attributes(None), "double").data[0].item()


def _each(value: Any) -> int:
    """How often each element is repeated; nothing or a missing number is once."""
    times = _first_number(value, "each")
    return 1 if times != times else int(times)


def _length_out(value: Any) -> int | None:
    """The length that is asked for; None when it is not."""
    wanted = _first_number(value, "length.out")
    if wanted != wanted:
        return None
    if wanted < 0:
        fail("invalid 'length.out' argument")
    if math.isinf(wanted) or wanted > 2.0**52:
        fail("invalid 'length.out' argument")
    return int(wanted)


def _is_missing(value: Vector) -> bool:
    data = value.data[0]
    return bool(data != data) or data is None or (value.kind in ("logical", "integer") and data == NA_INTEGER)


@builtin("rep_len", "x, length.out")
def rep_len(x: Any, length_out: Any) -> Any:
    plain = type(length_out) is Vector and length_out.kind != "list"
    wanted = coerce(length_out, "double").data if plain else np.empty(0)
    if len(wanted) != 1 or not wanted[0] >= 0:
        fail("invalid 'length.out' value")
    if type(x) is not Vector:
        fail("attempt to replicate non-vector" if x is not NULL else "cannot replicate NULL to a non-zero length")
    if len(x) == 0:
        return subset(x.with_attributes(None), [integer([None] * int(wanted[0]))])
    return _under_class(x, x.data[repeat_positions(len(x), NULL, 1, int(wanted[0]))])


def _under_class(x: Vector, data: np.ndarray) -> Vector:
    """Repeated elements under the class of a factor, of dates or of durations; other attributes go."""
    if not any(name in _REPEATED_CLASSES for name in explicit_class(x) or []):
        return Vector(x.kind, data)
    kept = {name: value for name, value in (x.attributes or {}).items() if name in ("class", "tzone", "levels", "units")}
    return Vector(x.kind, data, kept)


@builtin("rep.int", "x, times")
def rep_int(x: Any, times: Any) -> Any:
    if type(x) is not Vector:
        fail("unimplemented type 'NULL' in 'rep3'\n" if x is NULL else "attempt to replicate non-vector")
    repeats = integers(times)
    uneven = len(repeats) != 1 and len(repeats) != len(x)
    if uneven or (repeats < 0).any() or (repeats == NA_INTEGER).any():
        fail("invalid 'times' value")
    return _under_class(x, x.data[repeat_positions(len(x), times, 1, None)])


@builtin("seq_len", "length.out")
def seq_len(length_out: Any) -> Any:
    if len(length_out) != 1:
        warn("first element used of 'length.out' argument")
    amount = coerce(length_out, "double").data[0].item() if length_out is not NULL and len(length_out) else math.nan
    if amount != amount or amount < 0:
        fail("argument must be coercible to non-negative integer")
    return Vector("integer", np.arange(1, int(amount) + 1, dtype=np.int32))


@builtin("seq_along", "along.with")
def seq_along(along_with: Any) -> Any:
    size = int(call_builtin("length", along_with).data[0])
    return Vector("integer", np.arange(1, size + 1, dtype=np.int32))


@builtin(("seq.int", "seq.default"), "from = , to = , by = , length.out = NULL, along.with = NULL, ...")
def seq_int(
    start: Any = None, end: Any = None, by: Any = None, length_out: Any = NULL, along_with: Any = NULL,
    dots: Any = (),
) -> Any:
    return sequence(start, end, by, length_out, along_with)


@builtin("seq", "from, to, by, length.out = NULL, along.with = NULL, ...", generic="s3")
def seq(
    start: Any = None, end: Any = None, by: Any = None, length_out: Any = NULL, along_with: Any = NULL,
    dots: Any = (),
) -> Any:
    return sequence(start, end, by, length_out, along_with)


def _is_whole_kind(value: Any) -> bool:
    return type(value) is Vector and value.kind in ("integer", "logical")


def sequence(start: Any, end: Any, by: Any, length_out: Any, along_with: Any) -> Any:
    """``seq`` without dispatch."""
    if along_with is not NULL:
        size: int | None = len(along_with)
        if start is None and end is None and by is None:
            return integer(range(1, (size or 0) + 1))
    elif length_out is not NULL:
        if type(length_out) is Vector and length_out.kind == "character":
            fail("non-numeric argument to mathematical function")
        wanted = _first_number(length_out, "length.out")
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
        if by.kind in ("character", "list"):
            fail("non-numeric argument to binary operator")
        return _sequence_by(low, high, number(by, "by"), start, by)
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


def _sequence_by(low: float, high: float, step: float, start: Any, by: Any) -> Vector:
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
    if (start is None or _is_whole_kind(start)) and _is_whole_kind(by):
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
