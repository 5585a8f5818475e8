"""Which elements are the same: duplicates, matching, sets."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.elements.coercion import factor_texts
from pipekeras.grammar.builtins.registry import builtin, value_of
from pipekeras.grammar.nodes import Call, Symbol
from pipekeras.grammar.printing.numbers import missing_complex
from pipekeras.grammar.values import FALSE, NULL, TRUE, Vector, dim_of, explicit_class, get_attribute, integer, logical, mk_list
from pipekeras.grammar.vectors.arguments import flag, number
from pipekeras.grammar.vectors.coerce import KIND_RANK, coerce, convert
from pipekeras.grammar.vectors.report import fail

Dots = list[tuple[str | None, Any]]


def identity_keys(vector: Vector, kind: str | None = None) -> list[Hashable]:
    """Hashable keys, equal exactly for equal elements (all NaN are one, all NA are one)."""
    wanted = kind or vector.kind
    data = convert(vector.data, vector.kind, wanted)
    if wanted == "double":
        from pipekeras.grammar.values import is_na_not_nan

        keys: list[Hashable] = (data + 0.0).tolist()
        if np.isnan(data).any():
            missing = is_na_not_nan(data)
            for position in np.flatnonzero(np.isnan(data)).tolist():
                keys[position] = "NA" if missing[position] else "NaN"
        return keys
    if wanted in ("list", "expression"):
        return [element_key(value) for value in data]
    if wanted == "complex":
        lost = missing_complex(data).tolist()
        return ["NA" if na else (_part_key(z.real), _part_key(z.imag)) for z, na in zip(data.tolist(), lost, strict=True)]
    return list(data.tolist())


def _part_key(part: float) -> Hashable:
    return part if part == part else "NaN"


def element_key(value: Any) -> Hashable:
    """Key of a list element: kind, elements and attributes."""
    if type(value) is Vector:
        attributes = tuple(sorted((k, element_key(v)) for k, v in (value.attributes or {}).items()))
        return (value.kind, tuple(identity_keys(value)), attributes)
    if value is NULL:
        return "NULL"
    if type(value) is Symbol:
        return ("symbol", value.name)
    if type(value) is Call:
        attributes = tuple(sorted((k, element_key(v)) for k, v in (value.attributes or {}).items()))
        parts = tuple((argument.name, element_key(argument.value)) for argument in value.args)
        return ("call", element_key(value.function), parts, attributes)
    return id(value)


def _as_keys(x: Any) -> list[Hashable]:
    if "factor" in (explicit_class(x) or []):
        return identity_keys(factor_texts(x))
    return identity_keys(x)


def duplicate_mask(keys: Sequence[Hashable], from_last: bool = False) -> np.ndarray:
    """True where an equal key came before."""
    count = len(keys)
    # Of the places of a key the one that is entered last stays.
    places = zip(keys, range(count), strict=True) if from_last else zip(reversed(keys), range(count - 1, -1, -1), strict=True)
    kept = dict(places)
    mask = np.ones(count, bool)
    mask[np.fromiter(kept.values(), np.int64, len(kept))] = False
    return mask


def row_keys(x: Vector) -> list[Hashable]:
    """One key per row of a matrix or data frame."""
    if x.kind == "list" and dim_of(x) is None:
        columns = [row_keys(column) if dim_of(column) is not None or "data.frame" in (explicit_class(column) or ())
                   else _as_keys(column) for column in x.data]
        return list(zip(*columns, strict=True)) if columns else []
    return slice_keys(x, 0)


def slice_keys(x: Vector, axis: int) -> list[Hashable]:
    """One key per slice of an array along one of its dimensions."""
    shape = dim_of(x) or [len(x)]
    keys = identity_keys(x.with_attributes(None))
    across = len(keys) // shape[axis] if shape[axis] else 0
    places = np.moveaxis(np.arange(len(keys)).reshape(shape, order="F"), axis, 0).reshape(shape[axis], across)
    return [tuple(keys[k] for k in row) for row in places.tolist()]


def _margin(x: Vector, dots: Dots) -> int:
    """Which dimension the argument MARGIN names, the first by default."""
    given = next((value for name, value in dots if name == "MARGIN"), None)
    axis = 1 if given is None else int(number(given, "MARGIN"))
    if not 1 <= axis <= len(dim_of(x) or []):
        fail(f"MARGIN = {axis} is invalid for dim = {', '.join(str(extent) for extent in dim_of(x) or [])}")
    return axis - 1


def _from_last(given: Any) -> bool:
    """Whether repetitions are looked for from the end."""
    if type(given) is not Vector or len(given) < 1 or flag(given, missing=True) != flag(given, missing=False):
        fail("'fromLast' must be TRUE or FALSE")
    return flag(given)


@builtin("duplicated", "x, incomparables = FALSE, fromLast = FALSE, ...", generic="s3")
def duplicated(x: Any, incomparables: Any, from_last: Any, dots: Dots) -> Any:
    last = _from_last(from_last)
    if x is NULL:
        return Vector("logical", np.empty(0, np.int32))
    if type(x) is not Vector:
        fail("duplicated() applies only to vectors")
    shape = dim_of(x)
    classes = explicit_class(x) or []
    frame = "data.frame" in classes
    rows = frame or (shape is not None and (not classes or "matrix" in classes or "array" in classes))
    axis = 0 if frame or not rows else _margin(x, dots)
    if rows and not frame and math.prod(extent for k, extent in enumerate(shape or []) if k != axis) <= 1:
        # Slices of one element or none: the elements themselves are compared, and the shape stays.
        kept = {k: v for k, v in (x.attributes or {}).items() if k in ("dim", "dimnames")}
        return Vector("logical", duplicate_mask(_as_keys(x), last).astype(np.int32), kept)
    keys = row_keys(x) if frame else slice_keys(x, axis) if rows else _as_keys(x)
    repeated = duplicate_mask(keys, last)
    if not rows:
        repeated = repeated & ~np.asarray(_never_equal(x, incomparables))
    made = Vector("logical", repeated.astype(np.int32))
    if shape is None or frame or not rows:
        return made
    dimnames = get_attribute(x, "dimnames")
    named = {} if dimnames is NULL else {"dimnames": mk_list([dimnames.data[axis]])}
    return made.with_attributes({"dim": integer(shape[axis : axis + 1]), **named})


@builtin("anyDuplicated", "x, incomparables = FALSE, fromLast = FALSE, ...", generic="s3")
def any_duplicated(x: Any, incomparables: Any, from_last: Any, dots: Dots) -> Any:
    mask = duplicated(x, incomparables, from_last, dots).data
    hits = np.flatnonzero(mask)
    if not len(hits):
        return integer(0)
    return integer(int(hits[-1 if _from_last(from_last) else 0]) + 1)


_KEPT_BY_UNIQUE = {"factor": ("class", "levels"), "Date": ("class",), "POSIXct": ("class", "tzone")}
"""Attributes that stay with distinct elements, by class; those of any other class go."""


@builtin("unique", "x, incomparables = FALSE, fromLast = FALSE, ...", generic="s3")
def unique(x: Any, incomparables: Any, from_last: Any, dots: Dots) -> Any:
    last = _from_last(from_last)
    if x is NULL:
        return NULL
    if type(x) is not Vector:
        fail("unique() applies only to vectors")
    classes = explicit_class(x)
    frame = classes is not None and "data.frame" in classes
    if frame or (dim_of(x) is not None and (classes is None or "matrix" in classes or "array" in classes)):
        from pipekeras.grammar.builtins.registry import REGISTRY, call_function
        from pipekeras.grammar.nodes import MISSING

        axis, extents = (0, 2) if frame else (_margin(x, dots), len(dim_of(x) or []))
        keep = Vector("logical", 1 - duplicated(x, incomparables, from_last, dots).data)
        if not frame and not len(x):
            keep = Vector("logical", np.empty(0, np.int32))
        places: Dots = [(None, MISSING)] * extents
        places[axis] = (None, keep)
        return call_function(REGISTRY["["], [(None, x), *places, ("drop", FALSE)])
    never = _never_equal(x, incomparables)
    plain = never is False and not last
    if x.kind in ("integer", "double", "logical") and classes is None and len(x) > 64 and plain:
        data = x.data
        if x.kind != "double" or not np.isnan(data).any():
            _, at = np.unique(data, return_index=True)
            return Vector(x.kind, data[np.sort(at)])
    keep_at = np.flatnonzero(~duplicate_mask(_as_keys(x), last) | never)
    kept = next((names for name, names in _KEPT_BY_UNIQUE.items() if name in (classes or [])), ())
    extra = {k: v for k, v in (x.attributes or {}).items() if k in kept}
    return Vector(x.kind, x.data[keep_at], extra or None)


def _comparable(x: Any) -> Any:
    if x is NULL:
        return Vector("logical", np.empty(0, np.int32))
    if type(x) is not Vector:
        fail("'match' requires vector arguments")
    if "factor" in (explicit_class(x) or []):
        return factor_texts(x)
    if x.kind == "list" and "POSIXlt" in (explicit_class(x) or []):
        return call_builtin("as.POSIXct", x)
    return coerce(x, "character") if x.kind == "raw" else x


def match_positions(x: Any, table: Any) -> np.ndarray:
    """Position (from 0) of the first equal element of the table, -1 for none."""
    x, table = _comparable(x), _comparable(table)
    if "list" in (x.kind, table.kind) or "expression" in (x.kind, table.kind):
        x, table = (call_builtin("as.character", one.with_attributes(None)) for one in (x, table))
    kind = x.kind if KIND_RANK[x.kind] >= KIND_RANK[table.kind] else table.kind
    if kind == "logical":
        kind = "integer"
    if kind in ("integer", "double") and len(x) > 64 and len(table):
        fast = _match_numbers(convert(x.data, x.kind, kind), convert(table.data, table.kind, kind))
        if fast is not None:
            return fast
    known: dict[Hashable, int] = {}
    for position, key in enumerate(identity_keys(table, kind)):
        known.setdefault(key, position)
    return np.array([known.get(key, -1) for key in identity_keys(x, kind)], np.int64)


def _match_numbers(data: np.ndarray, table: np.ndarray) -> np.ndarray | None:
    if data.dtype == np.float64 and (np.isnan(data).any() or np.isnan(table).any()):
        return None
    at = np.argsort(table, kind="stable")
    ordered = table[at]
    place = np.minimum(np.searchsorted(ordered, data, side="left"), len(table) - 1)
    return np.where(ordered[place] == data, at[place], -1)


def _never_equal(x: Any, incomparables: Any) -> Any:
    """Which elements are of those that count as equal to nothing; FALSE and NULL say none."""
    if incomparables is NULL:
        return False
    if type(incomparables) is Vector and incomparables.kind == "logical" and incomparables.items() == [0]:
        return False
    return match_positions(x, incomparables) >= 0


@builtin("match", "x, table, nomatch = NA_integer_, incomparables = NULL")
def match(x: Any, table: Any, nomatch: Any, incomparables: Any) -> Any:
    at = match_positions(x, table)
    absent = coerce(nomatch, "integer").data[0]
    at = np.where(_never_equal(x, incomparables), -1, at)
    return Vector("integer", np.where(at < 0, absent, at + 1).astype(np.int32))


@builtin("%in%", "x, table")
def is_in(x: Any, table: Any) -> Any:
    both = type(x) is Vector and type(table) is Vector and x.kind == "character" and table.kind == "character"
    if both and x.scalar is not None:
        return TRUE if x.scalar in table.items() else FALSE
    return Vector("logical", (match_positions(x, table) >= 0).astype(np.int32))


def _plain(x: Any) -> Any:
    return call_builtin("as.vector", x)


def _distinct_elements(x: Any, wanted: np.ndarray) -> Any:
    """The elements that are wanted, each once."""
    repeated = call_builtin("duplicated", call_builtin("unclass", x))
    first = call_builtin("!", repeated)
    return call_builtin("[", x, call_builtin("&", first, Vector("logical", wanted.astype(np.int32))))


@builtin("union", "x, y", generic="s3")
def union(x: Any, y: Any) -> Any:
    return call_builtin("unique", call_builtin("c", _plain(x), _plain(y)))


@builtin("intersect", "x, y", lazy=True, generic="s3")
def intersect(x: Any, y: Any) -> Any:
    x = value_of(x)
    if x is NULL or (y := value_of(y)) is NULL:
        return NULL
    x, y = _plain(x), _plain(y)
    return call_builtin("c", _distinct_elements(x, match_positions(x, y) >= 0), call_builtin("[", y, integer([])))


@builtin("setdiff", "x, y", generic="s3")
def setdiff(x: Any, y: Any) -> Any:
    x = _plain(x)
    return x if x is NULL else _distinct_elements(x, match_positions(x, _plain(y)) < 0)


@builtin("setequal", "x, y", generic="s3")
def setequal(x: Any, y: Any) -> Any:
    return logical(bool((match_positions(x, y) >= 0).all() and (match_positions(y, x) >= 0).all()))
