"""Order and identity: sorting, ranking, duplicates, matching, sets, runs, counting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cmp_to_key
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.elements.identity import identity_keys
from pipekeras.grammar.builtins.elements.indexing import told_length
from pipekeras.grammar.builtins.registry import UNSET, builtin, call_function, machine
from pipekeras.grammar.evaluation.dispatch import choose_method
from pipekeras.grammar.evaluation.machine import current_environment
from pipekeras.grammar.text.collation import Collation, ranks_of
from pipekeras.grammar.values import (
    NA_INTEGER,
    NA_REAL,
    NULL,
    Closure,
    Vector,
    character,
    explicit_class,
    integer,
    is_na,
    logical,
    mk_list,
    names_of,
)
from pipekeras.grammar.vectors.arguments import choice, flag, number
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.frames import is_frame
from pipekeras.grammar.vectors.indexing import subset
from pipekeras.grammar.vectors.report import fail, warn

Dots = list[tuple[str | None, Any]]


def sort_keys(vector: Vector) -> np.ndarray:
    """Numbers that sort as the elements do; missing elements get any number."""
    if vector.kind == "character":
        texts = vector.data
        missing = is_na(vector)
        known = texts[~missing] if missing.any() else texts
        table = ranks_of(known.tolist())
        return np.array([table.get(text, 0) for text in texts.tolist()], np.int64)
    if vector.kind == "complex":
        known = vector.data[~np.isnan(vector.data)].tolist()
        places = {pair: k for k, pair in enumerate(sorted({(number.real, number.imag) for number in known}))}
        return np.array([places.get((number.real, number.imag), 0) for number in vector.data.tolist()], np.int64)
    if vector.kind in ("logical", "integer"):
        return vector.data.astype(np.int64)
    if vector.kind in ("list", "expression"):
        if len(vector) < 2:
            return np.zeros(len(vector), np.int64)
        fail("unimplemented type 'list' in 'orderVector1'\n")
    if vector.kind == "raw" and len(vector) > 1:
        fail("unimplemented type 'raw' in 'orderVector1'\n")
    return vector.data


def order_positions(vectors: Sequence[Vector], decreasing: Sequence[bool], na_last: bool | None) -> np.ndarray:
    """Positions that sort by several keys, stable; missing values last, first, or dropped (None)."""
    columns = []
    lost = np.zeros(len(vectors[0]), bool)
    for vector, down in zip(vectors, decreasing, strict=True):
        missing = is_na(vector)
        keys = sort_keys(vector)
        if down:
            keys = -keys
        if missing.any():
            lost |= missing
            keys = np.where(missing, 0, keys)
        columns.append(keys)
        columns.append(missing if na_last is not False else ~missing)
    at = _lexical(columns)
    if na_last is None:
        at = at[~lost[at]]
    return at


def _lexical(columns: list[np.ndarray]) -> np.ndarray:
    keys: list[np.ndarray] = []
    for value, missing in zip(columns[0::2], columns[1::2], strict=True):
        keys.extend((missing, value))
    return np.lexsort(keys[::-1])


def _own_order(x: Any) -> np.ndarray | None:
    """Places of the elements by the program's own comparison; None where the class has none."""
    classes = explicit_class(x)
    if classes is not None and "numeric_version" in classes:
        return call_builtin("xtfrm", x).data
    if classes is None or type(choose_method(">", classes, current_environment(), "Ops")[0]) is not Closure:
        return None
    parts = [call_builtin("[", x, integer(at)) for at in range(1, told_length(x) + 1)]

    def compared(one: int, other: int) -> int:
        if flag(call_builtin("==", parts[one], parts[other])):
            return 0
        return 1 if flag(call_builtin(">", parts[one], parts[other])) else -1

    places = np.zeros(len(parts))
    before = None
    for at in sorted(range(len(parts)), key=cmp_to_key(compared)):
        places[at] = 0 if before is None else places[before] + (compared(at, before) != 0)
        before = at
    return places


def _own_keys(x: Vector) -> bool:
    """Whether a program's own class says in which order its elements stand: by a method of `xtfrm` or of `>`."""
    classes = explicit_class(x) or []
    own = choose_method("xtfrm", classes, current_environment())[0]
    if type(own) is not Closure and x.kind in ("list", "character"):
        own = choose_method(">", classes, current_environment(), "Ops")[0]
    return type(own) is Closure


def _orderable(value: Any, place: int, drops_missing: bool = False) -> Vector:
    if value is NULL and drops_missing:
        return Vector("integer", np.empty(0, np.int32))
    if type(value) is not Vector:
        fail(f"argument {place} is not a vector")
    classes = explicit_class(value)
    if classes is not None and value.kind in ("list", "character"):
        made = call_builtin("xtfrm", value)
        return Vector("integer", np.empty(0, np.int32)) if made is NULL else made
    if classes is not None and choose_method("xtfrm", classes, current_environment())[0] is not None:
        return call_builtin("xtfrm", value)
    return value


@builtin("order", "..., na.last = TRUE, decreasing = FALSE, method = 'auto'")
def order(dots: Dots, na_last: Any, decreasing: Any, method: Any) -> Any:
    drops_missing = na_last.data[0] == NA_INTEGER
    if decreasing.kind == "character":
        decreasing = coerce(decreasing, "logical")
    if dots and decreasing.kind == "logical" and (decreasing.data == NA_INTEGER).any():
        numbers = all(type(value) is Vector and value.kind in ("logical", "integer", "double") for _, value in dots)
        fail(f"'decreasing' {'elements ' if numbers else ''}must be TRUE or FALSE")
    vectors = [_orderable(value, place, drops_missing) for place, (_, value) in enumerate(dots, 1)]
    if not vectors:
        return NULL
    if drops_missing and vectors[0].kind == "raw":
        fail("incompatible types (from logical to raw) in subassignment type fix")
    sizes = [len(vector) for vector in vectors]
    if len(set(sizes)) > 1:
        if drops_missing and sizes[0] and any(vector.kind in ("character", "complex") for vector in vectors):
            place, other = next((k, size) for k, size in enumerate(sizes, 1) if size != sizes[0])
            fail(f"values must be length {sizes[0]},\n but FUN(X[[{place}]]) result is length {other}")
        fail("argument lengths differ")
    downs = [bool(value) for value in decreasing.data.tolist()]
    downs = [downs[k % len(downs)] for k in range(len(vectors))]
    keep = None if na_last.data[0] == NA_INTEGER else flag(na_last)
    at = _by_method(method, lambda: order_positions(vectors, downs, keep))
    return Vector("integer", (at + 1).astype(np.int32))


def _by_method(method: Any, positions: Callable[[], np.ndarray]) -> np.ndarray:
    """Sorted positions; the method "radix" compares texts by their code points."""
    if type(method) is not Vector or method.data[0] != "radix" or Collation.by_code:
        return positions()
    Collation.by_code = True
    try:
        return positions()
    finally:
        Collation.by_code = False


@builtin("xtfrm", "x", generic="internal")
def sort_proxy(x: Any) -> Any:
    if is_frame(x):
        warn("cannot xtfrm data frames")
        return rank(_cells(x), character("keep"), character("min")).with_attributes(None)
    if type(x) is not Vector or x.kind in ("integer", "double"):
        classes = explicit_class(x) if type(x) is Vector else None
        if classes is None:
            return x
        if not {"factor", "Date", "POSIXct", "difftime"}.isdisjoint(classes):
            return x.with_attributes(None)
        return x.with_attributes({name: value for name, value in (x.attributes or {}).items() if name != "class"})
    places = _own_order(x)
    if places is not None:
        return Vector("integer", rank_data(places, "min").astype(np.int32))
    if x.kind == "list" and len(x) > 1:
        of_class = "comparison of these types is not implemented"
        fail(of_class if explicit_class(x) else "unimplemented type 'list' in 'greater'\n")
    ranks = rank(x.with_attributes(None), character("keep"), character("min"))
    return coerce(ranks, "integer") if x.kind == "character" else ranks


def falling(decreasing: Any, plain_text: bool = False) -> bool:
    """Whether the order is from high to low; the sentence of a missing answer is another for texts without a class.

    Raises:
        RError: not one truth, or a missing one.
    """
    if type(decreasing) is not Vector or decreasing.kind != "logical" or len(decreasing) != 1:
        fail("'decreasing' must be a length-1 logical vector.\nDid you intend to set 'partial'?")
    if decreasing.data[0] == NA_INTEGER:
        fail(f"'decreasing' {'' if plain_text else 'elements '}must be TRUE or FALSE")
    return bool(decreasing.data[0])


@builtin("sort", "x, decreasing = FALSE, na.last = NA, ...", generic="s3")
def sort(x: Any, decreasing: Any, na_last: Any, dots: Dots) -> Any:
    numeric = getattr(x, "kind", "") in ("logical", "integer", "double")
    down = falling(decreasing, not numeric and (x is NULL or explicit_class(x) is None))
    if x is NULL:
        return NULL
    if is_frame(x):
        return call_builtin("[", x, call_builtin("order", x, decreasing=logical(down)))
    if type(x) is Vector and explicit_class(x) is not None and _own_keys(x):
        places = call_builtin("order", x, decreasing=logical(down), **{"na.last": na_last})
        return call_builtin("[", x, places)
    if type(x) is not Vector or x.kind in ("list", "expression"):
        if type(x) is Vector and explicit_class(x) is not None:
            fail("comparison of these types is not implemented" if "AsIs" in (explicit_class(x) or []) else
                 f"unimplemented type '{x.kind}' in 'orderVector1'\n")
        fail("'x' must be atomic")
    if x.kind == "raw":
        fail("unimplemented type 'raw' in 'orderVector1'\n" if names_of(x) is not None else "raw vectors cannot be sorted")
    keep = None if na_last.data[0] == NA_INTEGER else flag(na_last)
    others = dict(dots)
    if not {None, "method"}.issuperset(others):
        kept = {"decreasing": decreasing, "na.last": na_last, **others}
        return call_function(machine.base_environment.get_function("sort.int"), [(None, x), *kept.items()])
    method = others.get("method", NULL)
    at = _by_method(method, lambda: order_positions([x], [down], keep))
    if explicit_class(x) is not None or names_of(x) is not None:
        if x.kind == "integer" and explicit_class(x) is None and not down and at.tolist() == list(range(len(x))):
            # Whole numbers that stand in order already are not taken apart: they lose their extents.
            return Vector("integer", x.data, {"names": character(names_of(x))} if names_of(x) is not None else None)
        return call_builtin("[", x, Vector("integer", (at + 1).astype(np.int32)))
    return Vector(x.kind, x.data[at])


@builtin("is.unsorted", "x, na.rm = FALSE, strictly = FALSE")
def is_unsorted(x: Any, na_rm: Any, strictly: Any) -> Any:
    if x is NULL:
        return logical(False)
    if type(x) is not Vector or len(x) <= 1:
        return logical(False)
    if x.kind == "raw":
        x = coerce(x, "integer")
    if x.kind == "list":
        if not is_frame(x):
            return logical([None])
        if call_builtin("anyNA", x, logical(True)).items() == [1] and not flag(na_rm):
            return logical([None])
        # Columns are compared with those before them, row by row.
        pair = (call_builtin("[", x, integer([leaving])) for leaving in (-1, -len(x)))
        return call_builtin("!", call_builtin("all", call_builtin(">" if flag(strictly) else ">=", *pair)))
    if is_na(x).any():
        if not flag(na_rm):
            return logical([None])
        x = Vector(x.kind, x.data[~is_na(x)])
    keys = sort_keys(x)
    steps = np.diff(keys)
    return logical(bool((steps <= 0).any() if flag(strictly) else (steps < 0).any()))


def rank_data(keys: np.ndarray, ties: str = "average") -> np.ndarray:
    """Ranks of numbers without missing values."""
    at = np.argsort(keys, kind="stable")
    size = len(keys)
    ranks = np.empty(size)
    ranks[at] = np.arange(1, size + 1)
    if ties == "first" or size == 0:
        return ranks
    ordered = keys[at]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    ends = np.concatenate([starts[1:], [size]])
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if end - start > 1:
            value = {"average": (start + 1 + end) / 2, "min": start + 1, "max": end}[ties]
            ranks[at[start:end]] = value
    return ranks


def _cells(frame: Vector) -> Vector:
    """All cells of a frame, column by column, under the names of its columns as far as they reach."""
    cells = call_builtin("as.matrix", frame)
    titles = names_of(frame) or []
    names = character([*titles, *[None] * (len(cells) - len(titles))]) if len(cells) else None
    return Vector(cells.kind, cells.data, {"names": names} if names is not None else None)


@builtin("rank", "x, na.last = TRUE, ties.method = 'average'")
def rank(x: Any, na_last: Any, ties_method: Any) -> Any:
    if is_frame(x):
        x = _cells(x)
    elif x is not NULL and "POSIXlt" in (explicit_class(x) or []):
        x = call_builtin("as.POSIXct", x)
    ties = choice(ties_method, ("average", "first", "last", "random", "max", "min"))
    if x is NULL:
        if ties in ("first", "last", "random"):
            fail("argument 1 is not a vector")
        return Vector("double", np.empty(0)) if ties == "average" else Vector("integer", np.empty(0, np.int32))
    places = _own_order(x)
    if ties in ("average", "min", "max"):
        if x.kind == "raw":
            fail("raw vectors cannot be sorted")
        if x.kind == "list" and len(x) > 1 and places is None:
            fail("unimplemented type 'list' in 'greater'\n")
    elif x.kind == "list" and places is None:
        fail("'x' must be atomic for 'sort.list', method \"shell\" and \"quick\"\nHave you called 'sort' on a list?")
    missing = is_na(x)
    keys = sort_keys(x) if places is None else places
    ranks = np.full(len(x), np.nan)
    known = np.flatnonzero(~missing)
    if ties == "random":
        from pipekeras.grammar.numeric.generator import GENERATOR

        shuffled = known[np.argsort(GENERATOR.uniforms(len(known)), kind="stable")]
        ranks[shuffled] = rank_data(keys[shuffled], "first")
    elif ties == "last":
        ranks[known] = rank_data(keys[known][::-1], "first")[::-1]
    else:
        ranks[known] = rank_data(keys[known], ties)
    if missing.any():
        mode = na_last.items()[0]
        if mode == "keep":
            ranks[missing] = np.nan
        elif mode in (0, "FALSE"):
            ranks[known] += missing.sum()
            ranks[missing] = np.arange(1, missing.sum() + 1)
        else:
            ranks[missing] = np.arange(len(known) + 1, len(x) + 1)
    names = names_of(x)
    if missing.any() and na_last.items()[0] == NA_INTEGER:
        ranks = ranks[~missing]
        names = None if names is None else [name for name, lost in zip(names, missing.tolist(), strict=True) if not lost]
    kept = {"names": character(names)} if names is not None else None
    lost = np.isnan(ranks)
    if ties == "average":
        ranks[lost] = NA_REAL
        return Vector("double", ranks, kept)
    if lost.any():
        return Vector("integer", np.where(lost, NA_INTEGER, ranks).astype(np.int32), kept)
    return Vector("integer", ranks.astype(np.int32), kept)


@builtin("tabulate", "bin, nbins")
def tabulate(bin: Any, nbins: Any = UNSET) -> Any:
    counted = bin is not NULL and ("factor" in (explicit_class(bin) or []) or flag(call_builtin("is.numeric", bin)))
    if not counted or bin.kind not in ("integer", "double"):
        fail("'bin' must be numeric or a factor")
    codes = coerce(bin, "integer").data
    if nbins is UNSET:
        nbins = integer(max([1, *codes.tolist()]))
    size = number(nbins, "nbin")
    if size != size:
        fail("missing value where TRUE/FALSE needed")
    if size >= 2**31:
        fail("attempt to make a table with >= 2^31 elements")
    if size < 0:
        fail("invalid 'nbin' argument")
    size = int(size)
    codes = codes[(codes >= 1) & (codes <= size)]
    return Vector("integer", np.bincount(codes, minlength=size + 1)[1:].astype(np.int32))


@builtin("rle", "x")
def run_lengths(x: Any) -> Any:
    if type(x) is Vector and x.kind == "list" and explicit_class(x):
        return _runs_of_class(x)
    if type(x) is Vector and x.kind == "list" and len(x) > 1:
        fail("comparison of these types is not implemented")
    if type(x) is not Vector or (set(x.attributes or ()) - {"names"} and x.kind != "list"):
        fail("'x' must be a vector of an atomic type")
    if x.kind == "list":
        # Without neighbours nothing is compared.
        runs = mk_list([integer([1] * len(x)), x], ["lengths", "values"])
        return runs.with_attributes({**(runs.attributes or {}), "class": character("rle")})
    keys = identity_keys(x)
    # Nobody knows whether a missing element equals its neighbour, so each one is a run of its own.
    missing = is_na(x).tolist()
    ends = [k for k in range(len(keys)) if k == len(keys) - 1 or missing[k] or missing[k + 1] or keys[k] != keys[k + 1]]
    starts = [-1, *ends[:-1]]
    lengths = integer([e - s for s, e in zip(starts, ends, strict=True)] if ends else [])
    names = names_of(x)
    if names is not None and ends:
        # The comparison of neighbours carries the name of the second one.
        lengths = lengths.with_attribute("names", character([*(names[e + 1] for e in ends[:-1]), ""]))
    made = mk_list([lengths,
                    subset(x, [integer([e + 1 for e in ends])])], ["lengths", "values"])  # fmt: skip
    return made.with_attributes({**(made.attributes or {}), "class": character("rle")})


def _runs_of_class(x: Vector) -> Vector:
    """Runs of what a class keeps in a list, such as versions and moments in parts: their own methods compare neighbours."""
    size = int(call_builtin("length", x).items()[0])
    ends: list[int] = []
    if size:
        later = call_builtin("[", x, integer(list(range(2, size + 1))))
        earlier = call_builtin("[", x, integer(list(range(1, size))))
        differs = call_builtin("!=", later, earlier).items() if size > 1 else []
        ends = [*(at for at, one in enumerate(differs, 1) if one), size]
    lengths = integer([end - start for start, end in zip([0, *ends], ends, strict=False)])
    made = mk_list([lengths, call_builtin("[", x, integer(ends))], ["lengths", "values"])
    return made.with_attributes({**(made.attributes or {}), "class": character("rle")})


@builtin("inverse.rle", "x, ...")
def inverse_runs(x: Any, dots: Dots) -> Any:
    if type(x) is Vector and x.kind != "list":
        fail("$ operator is invalid for atomic vectors")
    if type(x) is not Vector or len(x) < 2:
        fail("invalid 'rle' structure")
    return call_builtin("rep.int", x.data[1], x.data[0])


@builtin("findInterval", "x, vec, rightmost.closed = FALSE, all.inside = FALSE, left.open = FALSE")
def find_interval(x: Any, vec: Any, rightmost_closed: Any, all_inside: Any, left_open: Any) -> Any:
    x, vec = (call_builtin("as.POSIXct", value) if "POSIXlt" in (explicit_class(value) or []) else value for value in (x, vec))
    data, breaks = coerce(x, "double").data, coerce(vec, "double").data
    if len(breaks) > 1 and (np.diff(breaks) < 0).any():
        fail("'vec' must be sorted non-decreasingly and not contain NAs")
    open_left = flag(left_open)
    found = np.searchsorted(breaks, data, side="left" if open_left else "right")
    if flag(rightmost_closed) and len(breaks):
        found = np.where(data == breaks[0], 1, found) if open_left else np.where(data == breaks[-1], len(breaks) - 1, found)
    if flag(all_inside):
        found = np.clip(found, 1, len(breaks) - 1)
    return Vector("integer", np.where(np.isnan(data), NA_INTEGER, found).astype(np.int32))


def unique_names(given: Sequence[Any], mark: str = ".") -> list[Any]:
    """Names made unique by a counter after each repeated one."""
    taken = set(given)
    seen: set[Any] = set()
    counters: dict[Any, int] = {}
    result = []
    for name in given:
        if name not in seen:
            seen.add(name)
            result.append(name)
            continue
        count = counters.get(name, 0) + 1
        while f"{name}{mark}{count}" in taken:
            count += 1
        counters[name] = count
        fresh = f"{name}{mark}{count}"
        taken.add(fresh)
        result.append(fresh)
    return result


RESERVED = frozenset(
    ("if", "else", "repeat", "while", "function", "for", "next", "break", "TRUE", "FALSE", "NULL", "Inf", "NaN", "NA",
     "NA_integer_", "NA_real_", "NA_character_", "in")
)  # fmt: skip


def syntactic_name(name: str | None) -> str:
    """A valid variable name made of any text."""
    if name is None:
        return "NA."
    made = "".join(letter if letter.isalnum() or letter in "._" else "." for letter in name)
    starts_well = name[:1].isalpha() or (name[:1] == "." and not name[1:2].isdigit())
    if not starts_well:
        made = "X" + made
    return made + "." if made in RESERVED else made
