"""Building vectors: ``c``, ``list``, ``unlist``, ``append``, ``rep``, ``seq``, ``rev``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin, store
from pipekeras.grammar.builtins.numbers.arithmetic import colon_range
from pipekeras.grammar.builtins.registry import builtin, value_of
from pipekeras.grammar.errors import RError
from pipekeras.grammar.values import NA_INTEGER, NULL, Vector, character, double, explicit_class, integer, mk_list, names_of
from pipekeras.grammar.vectors.arguments import flag, number
from pipekeras.grammar.vectors.coerce import KIND_RANK, coerce, convert
from pipekeras.grammar.vectors.frames import is_frame
from pipekeras.grammar.vectors.indexing import subset
from pipekeras.grammar.vectors.leaf_names import leaf_names
from pipekeras.grammar.vectors.recycling import joined
from pipekeras.grammar.vectors.report import fail

Dots = list[tuple[str | None, Any]]


def combine(pairs: Sequence[tuple[str | None, Any]], use_names: bool = True) -> Any:
    """``c``: concatenate values in their widest kind, joining outer and inner names."""
    rank = -1
    for _, value in pairs:
        kind = value.kind if type(value) is Vector else "NULL" if value is NULL else "list"
        if kind != "NULL":
            rank = max(rank, KIND_RANK[kind])
    if rank < 0:
        return NULL
    kind = ("raw", "logical", "integer", "double", "complex", "character", "list", "expression")[rank]
    pieces = []
    labels: list[str | None] = []
    named = False
    count = 0
    for outer, value in pairs:
        if value is NULL:
            # The name of nothing counts only before everything else.
            named = named or bool(use_names and outer and not count)
            continue
        if type(value) is not Vector:
            value = mk_list([value])
        pieces.append(convert(value.data, value.kind, kind))
        if use_names:
            inner = names_of(value)
            if not named and (outer or inner is not None):
                named = True
                labels.extend([""] * count)
            if named:
                labels.extend(joined_names(outer, inner, len(value)))
        count += len(value)
    data = joined(pieces) if len(pieces) != 1 else pieces[0]
    return Vector(kind, data, {"names": character(labels)} if named and len(data) else None)


def joined_names(outer: str | None, inner: Sequence[str | None] | None, size: int) -> list[str | None]:
    """Names of one argument's elements: ``outer``, ``outer1 outer2`` or ``outer.inner``."""
    if not outer:
        return list(inner) if inner is not None else [""] * size
    if inner is None:
        return [outer] if size == 1 else [f"{outer}{k}" for k in range(1, size + 1)]
    return [f"{outer}.NA" if name is None else f"{outer}.{name}" if name else (outer if size == 1 else f"{outer}{k}")
            for k, name in enumerate(inner, 1)]


@builtin("c", "...", generic="internal")
def c(dots: Dots) -> Any:
    options = {"recursive": False, "use.names": True}
    if any(name in options for name, _ in dots):
        for name, value in dots:
            if name in options:
                options[str(name)] = flag(value)
        dots = [pair for pair in dots if pair[0] not in options]
    if options["recursive"]:
        labels = [n for n, _ in dots]
        return flatten(mk_list([v for _, v in dots], labels if any(labels) else None), True, options["use.names"])
    return combine(dots, options["use.names"])


@builtin("c.factor", "..., recursive = TRUE")
def combine_factors(dots: Dots, recursive: Any) -> Any:
    # What lists hold counts as if it were given by itself.
    values = [leaf for _, value in dots for leaf in _leaf_values(value)]
    if not all("factor" in (explicit_class(value) or []) for value in values):
        bare = [(name, _bare(value)) for name, value in dots]
        names = [name or "" for name, _ in bare]
        return flatten(mk_list([value for _, value in bare], names if any(names) else None), True, True)
    levels: list[Any] = []
    for value in values:
        levels.extend(level for level in value.attributes["levels"].items() if level not in levels)
    # A missing level takes in the elements that are missing.
    lost = levels.index(None) + 1 if None in levels else None
    codes = [lost if code < 1 else levels.index(value.attributes["levels"].items()[code - 1]) + 1
             for value in values for code in value.data.tolist()]
    ordered = all("ordered" in (explicit_class(value) or []) for value in values)
    same = all(value.attributes["levels"].items() == levels for value in values)
    classes = ["ordered", "factor"] if ordered and same else ["factor"]
    given = [name or "" for name, _ in dots]
    listed = mk_list([_bare(value) for _, value in dots], given if any(given) else None)
    labels = names_of(flatten(listed, True, True))
    named = {"names": character(labels)} if labels else {}
    return integer(codes, {**named, "levels": character(levels), "class": character(classes)})


def _leaf_values(value: Any) -> list[Any]:
    if type(value) is Vector and value.kind == "list":
        return [leaf for element in value.data for leaf in _leaf_values(element)]
    return [] if value is NULL else [value]


def _bare(value: Any) -> Any:
    if type(value) is Vector and value.kind == "list":
        return Vector(value.kind, np.array([None, *map(_bare, value.data)], object)[1:], value.attributes)
    if type(value) is Vector and "factor" in (explicit_class(value) or []):
        names = names_of(value)
        return value.with_attributes({"names": character(names)} if names is not None else None)
    return value


def _in_class(value: Any, name: str) -> Any:
    """A value as a date or moment; plain numbers have no origin to count from."""
    if type(value) is not Vector or name in (explicit_class(value) or []):
        return value
    if value.kind == "logical" and explicit_class(value) is None and bool((value.data == NA_INTEGER).all()):
        return value
    if value.kind in ("double", "integer") and explicit_class(value) is None and np.isfinite(value.data).any():
        # Numbers count from nowhere.
        fail("'origin' must be supplied")
    try:
        return call_builtin(f"as.{name}", value)
    except RError as problem:
        if not str(problem).startswith("do not know how to convert"):
            raise
        fail(f"do not know how to convert 'e' to class \u201c{name}\u201d")


def _same_zone(values: list[Any]) -> bool:
    zones = [(value.attributes or {}).get("tzone") if type(value) is Vector else None for value in values]
    return all(zone is not None and zone.items() == zones[0].items() for zone in zones) if zones[0] is not None else False


def _enter_moments(name: str) -> None:
    @builtin(f"c.{name}", "..., recursive = FALSE")
    def combine_moments(dots: Dots, recursive: Any) -> Any:
        given = [(label, value) for label, value in dots if value is not NULL]
        made = [(label, _in_class(value, name)) for label, value in given]
        if not made:
            return Vector("double", np.empty(0), {"class": character(["POSIXct", "POSIXt"] if name == "POSIXct" else [name])})
        result = combine([(label, _without_class(value)) for label, value in made])
        first = made[0][1]
        extra = {"class": (first.attributes or {}).get("class", character(name))}
        if name == "POSIXct" and _same_zone([value for _, value in given]):
            extra["tzone"] = first.attributes["tzone"]
        return result.with_attributes({**(result.attributes or {}), **extra})


def _without_class(value: Any) -> Any:
    if type(value) is Vector and value.attributes:
        return value.with_attributes({"names": value.attributes["names"]} if "names" in value.attributes else None)
    return value


for _name in ("Date", "POSIXct"):
    _enter_moments(_name)


@builtin("c.difftime", "..., recursive = FALSE")
def combine_durations(dots: Dots, recursive: Any) -> Any:
    given = [(label, value) for label, value in dots if value is not NULL]
    units = [value.attributes["units"].items()[0] for _, value in given if "difftime" in (explicit_class(value) or [])]
    common = units[0] if len(set(units)) == 1 else "secs"
    pieces = []
    for label, value in given:
        if "difftime" in (explicit_class(value) or []):
            value = call_builtin("units<-", value, character(common))
        elif {"factor", "Date", "POSIXct"} & set(explicit_class(value) or []) or value.kind not in (
                "integer", "double", "character"):
            fail("'tim' is not character or numeric")
        elif value.kind == "character":
            # A text that is no time of the clock is no duration.
            names = names_of(value)
            value = double([None] * len(value), None if names is None else {"names": character(names)})
        pieces.append((label, _without_class(value)))
    result = combine(pieces) if pieces else Vector("double", np.empty(0))
    return result.with_attributes(
        {**(result.attributes or {}), "class": character("difftime"), "units": character(common)}
    )


@builtin("list", "...")
def list_builtin(dots: Dots) -> Any:
    if any(name for name, _ in dots):
        return mk_list([value for _, value in dots], [name for name, _ in dots])
    return mk_list([value for _, value in dots])


def _leaves(value: Any, name: str | None, out: list[tuple[str | None, Any]], recursive: bool) -> None:
    """Collect the atomic leaves of a nested list, each with the name that it has in its own list."""
    inner = names_of(value)
    for position, part in enumerate(value.data):
        own = inner[position] if inner is not None else None
        if recursive and type(part) is Vector and part.kind in ("list", "expression"):
            _leaves(part, own, out, recursive)
        else:
            out.append((own, part))


def flatten(x: Any, recursive: bool, use_names: bool) -> Any:
    """``unlist``: one vector of all leaves, or the list itself when a leaf is no vector."""
    if type(x) is not Vector or x.kind not in ("list", "expression"):
        return x
    leaves: list[tuple[str | None, Any]] = []
    _leaves(x, None, leaves, recursive)
    values = [part for _, part in leaves if part is not NULL]
    if not values:
        return NULL
    if any(type(part) is not Vector for part in values):
        if not recursive:
            return combine(leaves, use_names)
        return _single_leaves(values, leaf_names(x, recursive) if use_names and _has_names(x) else None)
    if all("factor" in (explicit_class(part) or []) for _, part in leaves):
        made = combine_factors([(None, part.with_attributes({k: v for k, v in part.attributes.items() if k != "names"}))
                                for part in values], NULL).with_attribute("class", character("factor"))
        if not use_names or not _has_names(x):
            return made
        return made.with_attributes({"names": character(leaf_names(x, recursive)), **made.attributes})
    rank = max(KIND_RANK[part.kind] for part in values)
    kind = next(name for name, value in KIND_RANK.items() if value == rank)
    data = np.concatenate([_leaf_data(part, kind) for part in values])
    if not use_names:
        return Vector(kind, data)
    if not len(data) or not _has_names(x):
        return Vector(kind, data)
    return Vector(kind, data, {"names": character(leaf_names(x, recursive))})


def _has_names(x: Any) -> bool:
    """Whether a list, or anything in it, carries names, be they of nothing."""
    if type(x) is not Vector:
        return False
    return names_of(x) is not None or (x.kind == "list" and any(map(_has_names, x.data)))


def _single_leaves(leaves: list[Any], names: list[str | None] | None) -> Vector:
    """A list with every element of every vector by itself, beside the leaves that are no vectors."""
    parts: list[Any] = []
    for part in leaves:
        if type(part) is Vector and part.kind != "expression":
            parts.extend(Vector(part.kind, part.data[at : at + 1]) for at in range(len(part)))
        elif type(part) is Vector:
            parts.extend(part.data)
        else:
            parts.append(part)
    return mk_list(parts, None if names is None else [name or "" for name in names])


def _leaf_data(part: Vector, kind: str) -> np.ndarray:
    return convert(part.data, part.kind, kind)


@builtin("unlist", "x, recursive = TRUE, use.names = TRUE", generic="internal")
def unlist(x: Any, recursive: Any, use_names: Any) -> Any:
    return flatten(x, flag(recursive), flag(use_names))


@builtin("append", "x, values, after = length(x)", lazy=True)
def append(x: Any, values: Any, after: Any) -> Any:
    # What is put in between is asked for last.
    x, after = value_of(x), value_of(after)
    size = 0 if x is NULL else int(number(call_builtin("length", x), "length"))
    if type(after) is Vector and after.kind == "character":
        fail("invalid argument type")
    if type(after) is not Vector or len(after) == 0:
        fail("argument is of length zero")
    if len(after) > 1:
        fail("the condition has length > 1")
    place = number(after, "after")
    if place != place:
        fail("missing value where TRUE/FALSE needed")
    values = value_of(values)
    if place == 0:
        return call_builtin("c", values, x)
    if place >= size:
        return call_builtin("c", x, values)
    head = call_builtin("[", x, colon_range(1, place, False))
    tail = call_builtin("[", x, colon_range(place + 1, size, False))
    return call_builtin("c", head, values, tail)


@builtin("rev", "x", generic="s3")
def rev(x: Any) -> Any:
    if x is NULL:
        return NULL
    general = type(x) is not Vector or explicit_class(x) is not None
    size = int(coerce(call_builtin("length", x), "integer").data[0]) if general else len(x)
    if not size:
        return x
    index = Vector("integer", np.arange(size, 0, -1, dtype=np.int32))
    if general:
        return call_builtin("[", x, index)
    if x.attributes and "dim" in x.attributes and len(x.attributes["dim"]) > 1:
        return Vector(x.kind, x.data[::-1])
    return subset(x, [index])


@builtin("replace", "x, list, values")
def replace(x: Any, list: Any, values: Any) -> Any:
    return store(x, "list", list, values)


@builtin("modifyList", "x, val, keep.null = FALSE", package="utils")
def modify_list(x: Any, val: Any, keep_null: Any) -> Any:
    if type(x) is not Vector or x.kind != "list" or type(val) is not Vector or val.kind != "list":
        fail(f"is.list({'val' if type(x) is Vector and x.kind == 'list' else 'x'}) is not TRUE")
    keep = flag(keep_null)
    from pipekeras.grammar.vectors.assigning import assign_element, assign_subset

    first_of: dict[str, Any] = {}
    for name, value in zip(names_of(val) or [], val.data, strict=False):
        if name:
            first_of.setdefault(name, value)
    for name, value in first_of.items():
        if is_frame(x):
            x = call_builtin("[[<-", x, character(name), value)
            continue
        label = character(name)
        given = names_of(x) or []
        old = x.data[given.index(name)] if name in given else NULL
        if type(old) is Vector and old.kind == "list" and type(value) is Vector and value.kind == "list":
            x = assign_element(x, [label], modify_list(old, value, keep_null))
        elif value is NULL and keep:
            x = assign_subset(x, [label], mk_list([NULL]))
        else:
            x = assign_element(x, [label], value)
    return x
