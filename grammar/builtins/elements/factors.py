"""Factors: construction, levels, cutting numbers into bins, crossing."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.elements.coercion import factor_texts
from pipekeras.grammar.builtins.elements.identity import identity_keys, match_positions
from pipekeras.grammar.builtins.elements.ordering import order_positions
from pipekeras.grammar.builtins.registry import REGISTRY, UNSET, builtin, call_function, machine
from pipekeras.grammar.printing.numbers import missing_complex
from pipekeras.grammar.values import (
    NA_INTEGER,
    NULL,
    TRUE,
    Vector,
    character,
    explicit_class,
    integer,
    is_na,
    is_na_not_nan,
    mk_list,
    names_of,
)
from pipekeras.grammar.vectors.arguments import flag, number, text
from pipekeras.grammar.vectors.frames import is_frame
from pipekeras.grammar.vectors.recycling import resized
from pipekeras.grammar.vectors.report import fail, no_method, warn

Dots = list[tuple[str | None, Any]]


def is_factor(x: Any) -> bool:
    """Whether a value is a factor."""
    return "factor" in (explicit_class(x) or [])


def is_ordered(x: Any) -> bool:
    """Whether a value is an ordered factor."""
    return "ordered" in (explicit_class(x) or [])


def level_texts(x: Vector) -> list[Any]:
    """Levels of a factor as texts."""
    return x.attributes["levels"].items() if x.attributes and "levels" in x.attributes else []


def make_factor(codes: Any, levels: list[Any], ordered: bool = False, names: Any = None) -> Vector:
    """Factor from integer codes (None or NA for missing) and level texts."""
    attributes: dict[str, Any] = {}
    if names is not None:
        attributes["names"] = names
    attributes["levels"] = character(list(levels))
    attributes["class"] = character(["ordered", "factor"] if ordered else ["factor"])
    made = integer(codes)
    return Vector("integer", made.data, attributes)


def _sorted_unique(x: Any) -> Any:
    if type(x) is Vector and x.attributes and "dim" in x.attributes:
        x = x.with_attributes({k: v for k, v in x.attributes.items() if k not in ("dim", "dimnames")})
    unique = call_builtin("unique", x)
    if unique is NULL:
        return character([])
    bare = unique.with_attributes(None)
    at = order_positions([bare], [False], None).tolist()
    if bare.kind == "complex":
        missing = np.isnan(bare.data.real) | np.isnan(bare.data.imag)
        at += np.flatnonzero(missing & ~missing_complex(bare.data)).tolist()
    if bare.kind == "double":
        at += np.flatnonzero(np.isnan(bare.data) & ~is_na_not_nan(bare.data)).tolist()
    return call_builtin("[", unique, integer([k + 1 for k in at]))


def _frame_factor(x: Vector, labels: Any, exclude: Any, ordered: Any) -> Any:
    """The factor whose elements are the columns, written down; the order is that of the values in them."""
    unique = call_builtin("unique", x)
    texts = call_builtin("as.character", unique).items()
    at = (call_builtin("order", unique).data - 1).tolist()
    levels = dict.fromkeys(texts[k] for k in at if k < len(texts))
    return factor(call_builtin("as.list", x), character(list(levels)), labels, exclude, ordered)


@builtin("factor", "x = character(), levels, labels, exclude = NA, ordered, nmax = NA")
def factor(x: Any, levels: Any = None, labels: Any = None, exclude: Any = None, ordered: Any = None,
           nmax: Any = None) -> Any:
    levels_given = levels
    if x is NULL:
        x = character([])
    if "POSIXlt" in (explicit_class(x) or []):
        x = call_builtin("as.POSIXct", x)
    if "numeric_version" in (explicit_class(x) or []):
        if levels is None:
            levels = call_builtin("as.character", call_builtin("sort", call_builtin("unique", x)))
        x = call_builtin("as.character", x)
    if is_frame(x) and levels is None:
        return _frame_factor(x, labels, exclude, ordered)
    if type(x) is Vector and x.kind in ("list", "raw"):
        if len(x) == 0:
            x = character([])
        elif levels is None and len(set(identity_keys(x))) > 1:
            fail(f"unimplemented type '{x.kind}' in 'orderVector1'\n")
    if type(x) is not Vector:
        fail("unique() applies only to vectors" if levels is None else "'x' must be atomic")
    if levels is None:
        if is_factor(x):
            used = set(x.data.tolist())
            source = level_texts(x)
            levels = character([level for k, level in enumerate(source, 1) if k in used])
        else:
            levels = _sorted_unique(x)
    if ordered is None and is_ordered(x):
        ordered = TRUE
    if exclude is not None and exclude is not NULL and len(exclude) == 1 and is_na(exclude).all():
        exclude = None
    known = exclude is NULL or (exclude is not None and not is_na(exclude).any())
    if known and levels_given is None and type(x) is Vector and is_na(x).any() and not (exclude is NULL and is_factor(x)):
        levels = call_builtin("c", levels, Vector("logical", None, None, NA_INTEGER))
        if x.kind == "double":
            # What is no number comes last, in the order in which it appears.
            every = call_builtin("unique", x.with_attributes(None))
            found = np.concatenate([levels.data[~is_na(levels)], every.data[is_na(every)]])
            levels = Vector("double", found, levels.attributes)
    if exclude is None and labels is None:
        quick = _numeric_factor(x, levels, ordered)
        if quick is not None:
            return quick
    level_list = call_builtin("as.character", levels).items() if levels is not NULL else []
    if levels_given is None:
        # Numbers that differ in their last bits alone read the same.
        level_list = list(dict.fromkeys(level_list))
    # Days and moments that are given as levels meet the texts of the elements as numbers, which no text equals.
    bare = _without_days(levels_given)
    keys = level_list if bare is levels_given else call_builtin("as.character", bare).items()
    dropped: list[Any] = []
    if exclude is not None and exclude is not NULL:
        dropped = call_builtin("as.character", _without_days(exclude)).items()
    if exclude is None or exclude is not NULL:
        kept = [at for at, key in enumerate(keys) if (key is not None or known) and key not in dropped]
        level_list, keys = [level_list[at] for at in kept], [keys[at] for at in kept]
    texts = call_builtin("as.character", x).items()
    place = {level: k for k, level in reversed(list(enumerate(keys, 1)))}
    codes = [place.get(value) for value in texts]
    shown = level_list
    if labels is not None and not (type(labels) is Vector and labels is levels):
        given = call_builtin("as.character", labels).items()
        if type(labels) is not Vector or labels.attributes is not levels.attributes or given != [*level_list]:
            if len(given) == 1 and len(level_list) != 1 and given[0] is None:
                # A number is pasted to a single label, and pasting makes NA a text.
                given = ["NA"]
            if not level_list and len(given) == 1:
                shown = given
            elif len(given) == len(level_list):
                unique = list(dict.fromkeys(given))
                codes = [None if code is None else unique.index(given[code - 1]) + 1 for code in codes]
                shown = unique
            elif len(given) == 1:
                shown = [f"{given[0]}{k}" for k in range(1, len(level_list) + 1)]
            else:
                fail(f"invalid 'labels'; length {len(given)} should be 1 or {len(level_list)}")
    elif len(set(level_list)) != len(level_list):
        position = next(k for k, level in enumerate(level_list) if level in level_list[:k]) + 1
        fail(f"factor level [{position}] is duplicated")
    names = x.attributes.get("names") if x.attributes else None
    if names is None and names_of(x) is not None:
        names = character(names_of(x))
    return make_factor(codes, shown, ordered is not None and flag(ordered), names)


def _without_days(values: Any) -> Any:
    """Dates and moments as bare numbers; anything else as it is."""
    moments = {"Date", "POSIXct"}.intersection(explicit_class(values) or [])
    return values.with_attributes(None) if moments else values


def _numeric_factor(x: Any, levels: Any, ordered: Any) -> Vector | None:
    """The factor of plain numbers, matched as numbers when that cannot differ from matching their texts."""
    plain = ("integer", "double")
    if levels is NULL or x.kind not in plain or levels.kind not in plain or explicit_class(x) or explicit_class(levels):
        return None
    if x.kind == "double" and not np.all(np.isnan(x.data) | (x.data == np.rint(x.data))):
        return None
    data = levels.data
    if x.kind == "double" and np.isnan(x.data).any():
        return None
    if len(np.unique(data)) != len(data) or is_na(levels).any():
        return None
    codes = match_positions(Vector(x.kind, x.data), Vector(levels.kind, data)) + 1
    texts = call_builtin("as.character", levels.with_attributes(None)).items()
    given = names_of(x)
    names = None if given is None else character(given)
    made = make_factor([], texts, ordered is not None and flag(ordered), names)
    return Vector("integer", np.where(codes < 1, NA_INTEGER, codes).astype(np.int32), made.attributes)


@builtin("as.factor", "x")
def as_factor(x: Any) -> Any:
    return x if is_factor(x) else factor(x)


@builtin("ordered", "x, ...")
def ordered(x: Any, dots: Dots) -> Any:
    return call_function(REGISTRY["factor"], [(None, x), *dots, ("ordered", TRUE)])


@builtin("as.ordered", "x")
def as_ordered(x: Any) -> Any:
    return x if is_ordered(x) else ordered(x, [])


@builtin("nlevels", "x")
def level_count(x: Any) -> Any:
    levels = call_builtin("levels", x)
    return integer(len(levels))


@builtin("levels<-.factor", "x, value")
def set_factor_levels(x: Any, value: Any) -> Any:
    old = level_texts(x)
    if type(value) is Vector and value.kind == "list":
        fresh = names_of(value) or []
        if len(value) and not fresh:
            fail("invalid 'times' value")
        mapping: dict[Any, int] = {}
        for k, part in enumerate(value.data, 1):
            for label in call_builtin("as.character", part).items():
                mapping[label] = k
        codes = [None if code < 1 else mapping.get(old[code - 1]) for code in x.data.tolist()]
        return Vector("integer", integer(codes).data, {**(x.attributes or {}), "levels": character(list(fresh))})
    given = call_builtin("as.character", value).items()
    if len(given) < len(old):
        fail("number of levels differs")
    unique = [level for level in dict.fromkeys(given) if level is not None]
    place = {level: k for k, level in enumerate(unique, 1)}
    codes = [None if code < 1 else place.get(given[code - 1]) for code in x.data.tolist()]
    return Vector("integer", integer(codes).data, {**(x.attributes or {}), "levels": character(unique)})


def drop_unused(x: Vector, excluded: Collection[Any] = ()) -> Vector:
    """The factor without levels that no element has, and without those excluded."""
    levels = level_texts(x)
    given = x.data.tolist()
    if None in levels and not excluded:
        given = [code if code > 0 else levels.index(None) + 1 for code in given]
    used = sorted({code for code in given if code > 0 and levels[code - 1] not in excluded})
    place = {code: k for k, code in enumerate(used, 1)}
    codes = [place.get(code) for code in given]
    kept = character([levels[code - 1] for code in used])
    had = x.attributes or {}
    attributes: dict[str, Any] = {
        name: kept if name == "levels" else had[name] for name in ("names", "levels", "class") if name in had
    }
    return Vector("integer", integer(codes).data, attributes)


@builtin("droplevels", "x, ...", generic="s3")
def droplevels(x: Any, dots: Dots) -> Any:
    if is_factor(x):
        given = next((value for name, value in dots if name == "exclude" or name is None), NULL)
        return drop_unused(x, call_builtin("as.character", given).items() if given is not NULL else ())
    if "data.frame" in (explicit_class(x) or []):
        given = dict(dots)
        kept = given.get("except", NULL)
        positions = call_builtin("seq_along", x) if kept is NULL else call_builtin("[", call_builtin("seq_along", x), kept)
        left = set() if kept is NULL else {int(position) - 1 for position in positions.data}
        excluded = call_builtin("as.character", given["exclude"]).items() if given.get("exclude", NULL) is not NULL else ()
        columns = [
            drop_unused(column, excluded) if is_factor(column) and place not in left else column
            for place, column in enumerate(x.data)
        ]
        return mk_list(columns).with_attributes(x.attributes)
    return no_method("droplevels", x)


@builtin("relevel", "x, ref, ...", generic="s3", package="stats")
def relevel(x: Any, ref: Any = UNSET, dots: Any = ()) -> Any:
    if is_ordered(x):
        fail("'relevel' only for unordered factors")
    if not is_factor(x):
        fail("'relevel' only for (unordered) factors")
    if ref is UNSET:
        fail('argument "ref" is missing, with no default')
    levels = level_texts(x)
    if ref.kind == "character":
        wanted = ref.items()[0]
        if wanted not in levels:
            fail("'ref' must be an existing level")
        position = levels.index(wanted)
    else:
        position = int(number(ref)) - 1
    order = [position, *(k for k in range(len(levels)) if k != position)]
    place = {old + 1: new for new, old in enumerate(order, 1)}
    codes = [place.get(code) for code in x.data.tolist()]
    names = names_of(x)
    return make_factor(codes, [levels[k] for k in order], False, None if names is None else character(names))


@builtin("reorder.default", "x, X, FUN = mean, ..., order = is.ordered(x), decreasing = FALSE", package="stats")
def reorder(x: Any, values: Any, function: Any, dots: Dots, ordered: Any, decreasing: Any) -> Any:
    by_group = machine.base_environment.get_function("tapply")
    scores = call_function(by_group, [(None, values), (None, x), (None, function), *dots])
    at = order_positions([scores.with_attributes(None)], [flag(decreasing)], True)
    labels = call_builtin("levels", as_factor(x)).items()
    made = factor(x, character([labels[k] for k in at.tolist()]), ordered=ordered)
    return made.with_attributes({**(made.attributes or {}), "scores": scores})


@builtin("addNA", "x, ifany = FALSE")
def add_missing_level(x: Any, ifany: Any) -> Any:
    x = as_factor(x)
    if flag(ifany) and not is_na(x).any():
        return x
    known = level_texts(x)
    levels = known if None in known else [*known, None]
    codes = np.where(x.data == NA_INTEGER, levels.index(None) + 1, x.data)
    return Vector("integer", codes.astype(np.int32), {**(x.attributes or {}), "levels": character(levels)})


def cross_factors(first: Vector, second: Vector, separator: str = ":") -> Vector:
    """``f:g``: all pairs of levels, the second varying fastest."""
    if len(first) != len(second):
        fail("unequal factor lengths")
    left, right = (["NA" if text is None else text for text in level_texts(factor)] for factor in (first, second))
    codes = [
        None if a < 1 or b < 1 else (a - 1) * len(right) + b
        for a, b in zip(first.data.tolist(), second.data.tolist(), strict=True)
    ]
    return make_factor(codes, [f"{a}{separator}{b}" for a in left for b in right])


@builtin("interaction", "..., drop = FALSE, sep = '.', lex.order = FALSE")
def interaction(dots: Dots, drop: Any, sep: Any, lex_order: Any) -> Any:
    values = [value for _, value in dots]
    if len(values) == 1 and type(values[0]) is Vector and values[0].kind == "list":
        values = list(values[0].data)
        if not values:
            fail("attempt to select less than one element in integerOneIndex")
    factors = [as_factor(value) for value in values]
    if not factors:
        fail("No factors specified")
    size = max(len(f) for f in factors) if all(len(f) for f in factors) else 0
    if any(len(f) and size % len(f) for f in factors):
        warn("longer object length is not a multiple of shorter object length")
    factors = [f.with_data(resized(f.data, size)) if size else f.with_data(f.data[:0]) for f in factors]
    mark = text(sep, "sep")
    lexical = flag(lex_order)
    tables = [level_texts(f) for f in factors]
    codes = [
        None if any(c < 1 for c in row) else _cell(row, tables, lexical)
        for row in zip(*(f.data.tolist() for f in factors), strict=True)
    ]
    if lexical:
        labels = [mark.join("NA" if p is None else str(p) for p in parts) for parts in itertools.product(*tables)]
    else:
        labels = [mark.join("NA" if p is None else str(p) for p in reversed(parts))
                  for parts in itertools.product(*reversed(tables))]
    made = make_factor(codes, labels)
    return drop_unused(made) if flag(drop) else made


def _cell(row: tuple[int, ...], tables: list[list[Any]], lexical: bool) -> int:
    code = 0
    if lexical:
        for value, table in zip(row, tables, strict=True):
            code = code * len(table) + value - 1
        return code + 1
    stride = 1
    for value, table in zip(row, tables, strict=True):
        code += (value - 1) * stride
        stride *= len(table)
    return code + 1


@builtin("summary.factor", "object, maxsum = 100L, ...")
def summary_factor(object: Any, maxsum: Any, dots: Dots) -> Any:
    levels = level_texts(object)
    codes = object.data
    counts = np.bincount(codes[codes > 0], minlength=len(levels) + 1)[1:]
    missing = int((codes == NA_INTEGER).sum())
    values, labels = counts.tolist(), list(levels)
    limit = int(number(maxsum))
    if len(values) + bool(missing) > limit:
        order = sorted(range(len(values)), key=lambda at: -values[at])
        kept = max(limit - 1 - bool(missing), 0)
        rest = sum(values[at] for at in order[kept:])
        values, labels = [values[at] for at in order[:kept]], [labels[at] for at in order[:kept]]
        values.append(rest)
        labels.append("(Other)")
    if missing:
        values.append(missing)
        labels.append("NA's")
    return integer(values, {"names": character(labels)} if labels else None)


@builtin("as.logical.factor", "x, ...")
def factor_truths(x: Any, dots: Dots) -> Any:
    return call_builtin("as.logical", factor_texts(x))


@builtin("as.integer.factor", "x, ...")
def factor_codes(x: Any, dots: Dots) -> Any:
    return Vector("integer", x.data)


@builtin("rep.factor", "x, ...")
def rep_factor(x: Any, dots: Dots) -> Any:
    kept = {"names": x.attributes["names"]} if "names" in x.attributes else None
    made = call_function(REGISTRY["rep"], [(None, x.with_attributes(kept)), *dots])
    factor_again = make_factor(made.data, level_texts(x), is_ordered(x), (made.attributes or {}).get("names"))
    attributes = factor_again.attributes or {}
    return factor_again.with_attributes({name: attributes[name] for name in ("names", "class", "levels") if name in attributes})


@builtin("as.vector.factor", "x, mode = 'any'")
def factor_as_vector(x: Any, mode: Any) -> Any:
    wanted = text(mode)
    if wanted in ("any", "character"):
        return factor_texts(x)
    if wanted == "list":
        return call_builtin("as.list", x)
    return call_builtin("as.vector", Vector("integer", x.data), mode)


@builtin("is.na.factor", "x")
def factor_missing(x: Any) -> Any:
    names = (x.attributes or {}).get("names")
    return Vector("logical", (x.data == NA_INTEGER).astype(np.int32), {"names": names} if names is not None else None)


@builtin("gl", "n, k, length = n * k, labels = seq_len(n), ordered = FALSE")
def generate_levels(n: Any, k: Any, length: Any, labels: Any, ordered: Any) -> Any:
    levels, each, size = number(n), number(k), number(length)
    if not 0 <= levels < 2**31:
        fail("argument must be coercible to non-negative integer")
    if not 0 <= each < 2**31:
        fail("invalid 'times' value")
    if not 0 <= size < 2**52:
        fail("invalid 'length.out' value")
    levels, each, size = int(levels), int(each), int(size)
    codes = resized(np.repeat(np.arange(1, levels + 1), each), size)
    shown = call_builtin("as.character", labels).items()
    return make_factor(codes.tolist(), shown, flag(ordered))
