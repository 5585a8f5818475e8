r"""Repetition, and the plainest sequences: ``rep``, ``seq_len``, ``seq_along``."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.registry import UNSET, builtin
from pipekeras.grammar.values import NA_INTEGER, NULL, Vector, explicit_class, integer, names_of, object_array, type_of
from pipekeras.grammar.vectors.arguments import count
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
    if len(times) == 1:
        return np.tile(positions, _count_of_copies(times))
    repeats = integers(times)
    if len(repeats) != len(positions) or (repeats < 0).any():
        fail("invalid 'times' argument")
    return np.repeat(positions, repeats)


def _count_of_copies(times: Any) -> int:
    """How often the whole is repeated; more than any vector is long is no count."""
    copies = count(times, "times")
    if copies >= 2**52:
        fail("invalid 'times' argument")
    return copies


@builtin("rep", "x, times = 1, length.out = NA, each = 1, ...", generic="internal")
def rep(x: Any = UNSET, times: Any = None, length_out: Any = None, each: Any = None, dots: Any = ()) -> Any:
    if x is UNSET:
        # Without anything at all there is nothing; with a number of times it is the missing argument that is meant.
        if len(times) == 1 and times.items() == [1] and each.items() == [1] and not dots:
            return NULL
        fail("attempt to replicate an object of type 'symbol'")
    if x is NULL:
        if _each(each) < 0:
            fail("invalid 'each' argument")
        if (_length_out(length_out) or 0) > 0:
            warn("'x' is NULL so the result will be NULL")
        return NULL
    if type(x) is not Vector:
        fail(f"attempt to replicate an object of type '{type_of(x)}'")
    limit = _length_out(length_out)
    repeats = _each(each)
    if repeats < 0:
        fail("invalid 'each' argument")
    if x.scalar is not None and x.attributes is None and limit is None and repeats == 1 and len(times) == 1:
        amount = _count_of_copies(times)
        return Vector(x.kind, np.full(amount, x.scalar, x.data.dtype) if x.kind != "character" else
                      object_array([x.scalar] * amount))
    if not len(x) and limit is None:
        return x
    if not repeats and limit and len(x):
        fail("invalid 'each' argument")
    positions = repeat_positions(len(x), times, repeats, limit)
    data = x.data[positions] if len(x) else coerce(subset(x, [integer([None] * len(positions))]), x.kind).data
    kept: dict[str, Any] = {}
    attributes = x.attributes or {}
    given = names_of(x)
    if given is not None:
        kept["names"] = Vector("character", object_array(
            [given[p] for p in positions.tolist()] if given else [""] * len(positions)))
    classes = explicit_class(x)
    if classes is not None and any(name in _REPEATED_CLASSES for name in classes):
        kept.update({k: v for k, v in attributes.items() if k not in ("names", "dim", "dimnames")})
    return Vector(x.kind, data, kept or None)


_REPEATED_CLASSES = ("factor", "Date", "POSIXct", "difftime", "numeric_version")
"""Classes that R repeats by a method of their own; others are lost."""


def first_number(value: Any, name: str) -> float:
    if value is NULL or len(value) == 0:
        return math.nan
    if len(value) > 1:
        warn(f"first element used of '{name}' argument")
    return coerce(value.with_attributes(None), "double").data[0].item()


def _each(value: Any) -> int:
    """How often each element is repeated; nothing or a missing number is once."""
    times = first_number(value, "each")
    return 1 if times != times else int(times)


def _length_out(value: Any) -> int | None:
    """The length that is asked for; None when it is not."""
    wanted = first_number(value, "length.out")
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
    if type(x) is Vector and any(name in (*_REPEATED_CLASSES, "POSIXlt") for name in explicit_class(x) or []):
        return call_builtin("rep", x, length__out=length_out)
    plain = type(length_out) is Vector and length_out.kind != "list"
    wanted = coerce(length_out, "double").data if plain else np.empty(0)
    if len(wanted) != 1 or not wanted[0] >= 0:
        fail("invalid 'length.out' value")
    if type(x) is not Vector:
        if x is NULL and wanted[0] < 1:
            return NULL
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
    if x is NULL and type(times) is Vector and (len(times) > 1 or bool((integers(times) < 0).any())):
        fail("invalid 'times' value")
    if type(x) is not Vector:
        fail("unimplemented type 'NULL' in 'rep3'\n" if x is NULL else "attempt to replicate non-vector")
    if any(name in _REPEATED_CLASSES for name in explicit_class(x) or []):
        return call_builtin("rep", x, times=times)
    if times is NULL:
        fail("invalid type (NULL) for 'times' (must be a vector)")
    repeats = integers(times)
    uneven = len(repeats) != 1 and len(repeats) != len(x)
    if uneven or (repeats < 0).any() or (repeats == NA_INTEGER).any():
        fail("invalid 'times' value")
    return _under_class(x, x.data[repeat_positions(len(x), times, 1, None)])


@builtin("seq_len", "length.out")
def seq_len(length_out: Any) -> Any:
    if len(length_out) != 1:
        warn("first element used of 'length.out' argument")
    amount = math.nan
    if type(length_out) is Vector and length_out.kind != "list" and len(length_out):
        amount = coerce(length_out, "double").data[0].item()
    if amount != amount or amount < 0:
        fail("argument must be coercible to non-negative integer")
    return Vector("integer", np.arange(1, int(amount) + 1, dtype=np.int32))


@builtin("seq_along", "along.with")
def seq_along(along_with: Any) -> Any:
    size = int(call_builtin("length", along_with).data[0])
    return Vector("integer", np.arange(1, size + 1, dtype=np.int32))
