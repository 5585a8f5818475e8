"""Summaries of vectors: the Summary group, means, variances, quantiles, order statistics."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import REGISTRY, builtin, call_function
from pipekeras.grammar.evaluation.dispatch import choose_method
from pipekeras.grammar.evaluation.machine import current_environment
from pipekeras.grammar.nodes import MISSING, Symbol, make_call
from pipekeras.grammar.text.collation import sorted_texts
from pipekeras.grammar.values import (
    FALSE,
    NA,
    NA_INTEGER,
    NA_REAL,
    NULL,
    TRUE,
    Closure,
    Vector,
    character,
    double,
    explicit_class,
    integer,
    is_na,
    is_na_not_nan,
    mk_list,
    names_of,
    object_array,
)
from pipekeras.grammar.vectors.arguments import flag, number
from pipekeras.grammar.vectors.coerce import KIND_RANK, coerce, convert
from pipekeras.grammar.vectors.report import fail, warn

Dots = list[tuple[str | None, Any]]


def exact_sum(data: np.ndarray) -> float:
    """Sum in extended precision, so that the last digit agrees with a long accumulator."""
    if len(data) < 3:
        return float(data.sum())
    return float(data.astype(np.longdouble).sum())


def exact_mean(data: np.ndarray) -> float:
    """Mean in extended precision with a second pass over the residuals."""
    size = len(data)
    if size == 0:
        return math.nan
    if size <= _PIECE:
        wide = data.astype(np.longdouble)
        mean = np.add.accumulate(wide)[-1] / size
        if np.isfinite(mean):
            return float(mean + np.add.accumulate(wide - mean)[-1] / size)
    mean = running_total(data, np.longdouble(0)) / size
    if not np.isfinite(mean):
        return float(data.sum() / size) if np.isnan(mean) else float(mean)
    mean += running_total(data, mean) / size
    return float(mean)


_PIECE = 4096
"""Elements that are summed before more are fetched: as many as a core's nearest cache holds."""


def running_total(data: np.ndarray, less: np.longdouble) -> np.longdouble:
    """The sum of the elements, each lessened by a number, term after term in extended precision."""
    total = np.longdouble(0)
    for start in range(0, len(data), _PIECE):
        piece = data[start : start + _PIECE].astype(np.longdouble)
        piece -= less
        if start:
            piece[0] += total
        total = np.add.accumulate(piece, out=piece)[-1]
    return np.longdouble(total)


def pieces_of(dots: Dots, na_rm: bool, name: str) -> tuple[list[np.ndarray], str]:
    """The arguments of a summary as arrays of one kind, and that kind."""
    rank = 2
    vectors = []
    for _, value in dots:
        if value is NULL:
            continue
        if type(value) is not Vector or value.kind in ("list", "expression"):
            kind = getattr(value, "kind", "list")
            fail(f"invalid 'type' ({kind}) of argument")
        if value.kind == "raw":
            fail("invalid 'type' (raw) of argument")
        if value.kind == "complex" and name not in ("sum", "prod"):
            fail("invalid 'type' (complex) of argument")
        if value.kind == "character" and name in ("sum", "prod"):
            fail("invalid 'type' (character) of argument")
        vectors.append(value)
        rank = max(rank, KIND_RANK[value.kind])
    kind = ("integer", "integer", "integer", "double", "complex", "character")[rank]
    pieces = []
    for value in vectors:
        # Truths count as numbers, also where their texts are compared.
        shown = convert(value.data, "logical", "integer") if value.kind == "logical" else value.data
        data = convert(shown, "integer" if value.kind == "logical" else value.kind, kind)
        if na_rm:
            data = data[~is_na(Vector(kind, data))]
        pieces.append(data)
    return pieces, kind


def missing_result(data: np.ndarray) -> Vector:
    """NA where one of the elements is that, NaN otherwise."""
    return double(NA_REAL if is_na_not_nan(data).any() else math.nan)


def drops_missing(na_rm: Any) -> bool:
    """Whether missing values are left out; an answer that is missing itself counts as yes."""
    return flag(na_rm, missing=True)


def _extreme_scalar(dots: Dots, largest: bool) -> Any:
    """Extreme of plain single doubles and integers; None when they are anything else."""
    best: Any = None
    double_seen = False
    for _, value in dots:
        scalar = value.scalar if type(value) is Vector else None
        if scalar is None or value.kind not in ("double", "integer") or scalar != scalar:
            return None
        if value.kind == "double":
            double_seen = True
        elif scalar == NA_INTEGER:
            return None
        if best is None or (scalar > best if largest else scalar < best):
            best = scalar
    if best is None:
        return None
    return Vector("double", None, None, float(best)) if double_seen else Vector("integer", None, None, best)


def _extremes_beside_texts(dots: Dots, na_rm: bool, name: str) -> Dots:
    """Beside texts each vector of numbers counts as the text of its own extreme, in seven digits."""
    kinds = [getattr(value, "kind", "NULL") for _, value in dots]
    if "character" not in kinds or not set(kinds) & {"integer", "double"}:
        return dots
    made: Dots = []
    for kind, (label, value) in zip(kinds, dots, strict=True):
        if kind in ("logical", "integer", "double") and len(value):
            own = _extreme([(None, value)], na_rm, name) if not na_rm or not is_na(value).all() else double([])
            missing = len(own) == 0 or is_na_not_nan(np.asarray(coerce(own, "double").data)).any()
            value = own if missing else call_function(REGISTRY["format"], [(None, own), ("digits", integer(7))])
        made.append((label, value))
    return made


def _extreme(dots: Dots, na_rm: bool, name: str, call: Any = None) -> Any:
    quick = _extreme_scalar(dots, name == "max")
    if quick is not None:
        return quick
    pieces, kind = pieces_of(_extremes_beside_texts(dots, na_rm, name), na_rm, name)
    data = np.concatenate(pieces) if pieces else np.empty(0, np.int32)
    worst = math.inf if name == "min" else -math.inf
    if len(data) == 0:
        if kind == "character":
            warn("no non-missing arguments, returning NA")
            return character(None)
        warn(f"no non-missing arguments to {name}; returning {'Inf' if name == 'min' else '-Inf'}", call)
        return double(worst)
    if kind == "character":
        values = data.tolist()
        if None in values:
            return character(None)
        return character(sorted_texts(set(values))[0 if name == "min" else -1])
    if kind == "integer":
        if int(data.min()) == NA_INTEGER:
            return integer(None)
        return integer(int(data.min() if name == "min" else data.max()))
    if np.isnan(data).any():
        return missing_result(data)
    return double(float(data.min() if name == "min" else data.max()))


@builtin("max", "..., na.rm = FALSE", group="Summary")
def max_builtin(dots: Dots, na_rm: Any) -> Any:
    return _extreme(dots, drops_missing(na_rm), "max")


@builtin("min", "..., na.rm = FALSE", group="Summary")
def min_builtin(dots: Dots, na_rm: Any) -> Any:
    return _extreme(dots, drops_missing(na_rm), "min")


_OF_NUMBERS = (make_call("min", Symbol("x")), make_call("max", Symbol("x")))
"""Calls inside R's `range` that its warnings name for numbers."""


def _joins_itself(value: Any) -> bool:
    """Whether a program's own method joins values of this class."""
    classes = explicit_class(value)
    return classes is not None and type(choose_method("c", classes, current_environment())[0]) is Closure


@builtin("range", "..., na.rm = FALSE, finite = FALSE", group="Summary")
def range_builtin(dots: Dots, na_rm: Any, finite: Any) -> Any:
    drop = flag(na_rm)
    if flag(finite):
        kept: Dots = []
        for name, value in dots:
            if getattr(value, "kind", "") == "character":
                kept.append((name, value))
                continue
            data = coerce(value, "double").data
            kept.append((name, Vector("double", data[np.isfinite(data)])))
        dots, drop = kept, True
    flat: Dots = []
    for name, value in dots:
        if type(value) is Vector and value.kind == "list":
            from pipekeras.grammar.builtins.elements.combine import flatten

            value = flatten(value, True, False)
        flat.append((name, value))
    if len(flat) > 1 or (flat and _joins_itself(flat[0][1])):
        # A method of the class gets to see that R joins whatever lies within, too.
        recursive = [("recursive", TRUE)] if _joins_itself(flat[0][1]) else []
        flat = [(None, call_function(REGISTRY["c"], [*flat, *recursive]))]
    # R asks numbers without `na.rm`: it has dropped what is missing itself.
    numbers = len(flat) == 1 and getattr(flat[0][1], "kind", "") in ("integer", "double")
    calls = _OF_NUMBERS if numbers else (None, None)
    low, high = _extreme(flat, drop, "min", calls[0]), _extreme(flat, drop, "max", calls[1])
    return Vector(low.kind, np.concatenate([low.data, high.data]))


def _truths(dots: Dots, na_rm: bool, name: str) -> tuple[bool, bool, bool]:
    any_true = any_false = any_missing = False
    for _, value in dots:
        if any_true if name == "any" else any_false:
            # Settled: what follows is not looked at.
            break
        if value is NULL:
            continue
        if type(value) is Vector and len(value) == 0:
            continue
        if type(value) is not Vector or value.kind == "expression":
            fail(f"invalid 'type' ({getattr(value, 'kind', 'list')}) of argument")
        if value.kind in ("double", "complex", "character", "raw", "list"):
            warn(f"coercing argument of type '{value.kind}' to logical")
        data = convert(value.data, value.kind, "logical")
        any_missing = any_missing or bool((data == NA_INTEGER).any())
        any_true = any_true or bool((data == 1).any())
        any_false = any_false or bool((data == 0).any())
        if value.kind in ("integer", "raw"):
            any_true = any_true or bool(((data != 0) & (data != NA_INTEGER)).any())
    return any_true, any_false, any_missing and not na_rm


@builtin("any", "..., na.rm = FALSE", group="Summary")
def any_builtin(dots: Dots, na_rm: Any) -> Any:
    any_true, _, missing = _truths(dots, drops_missing(na_rm), "any")
    return TRUE if any_true else NA if missing else FALSE


@builtin("all", "..., na.rm = FALSE", group="Summary")
def all_builtin(dots: Dots, na_rm: Any) -> Any:
    _, any_false, missing = _truths(dots, drops_missing(na_rm), "all")
    return FALSE if any_false else NA if missing else TRUE


@builtin("mean", "x, ...", generic="s3")
def mean(x: Any, dots: Dots) -> Any:
    # A place left empty is an argument left to its default.
    dots = [(name, value) for name, value in dots if value is not MISSING]
    options = dict(dots)
    positional = [value for name, value in dots if name is None]
    asked = options.get("na.rm", positional[1] if len(positional) > 1 else FALSE)
    drop = len(asked) == 1 and asked.kind == "logical" and asked.items()[0] == 1
    asked_trim = options.get("trim", positional[0] if positional else None)
    if type(x) is not Vector or x.kind not in ("logical", "integer", "double", "complex"):
        warn("argument is not numeric or logical: returning NA")
        return double(NA_REAL)
    if "factor" in (explicit_class(x) or []):
        warn("argument is not numeric or logical: returning NA")
        return double(NA_REAL)
    trim = 0.0 if asked_trim is None else _trim(asked_trim, x)
    if x.kind == "complex":
        if drop:
            x = Vector("complex", x.data[~np.isnan(x.data)])
        return Vector("complex", None, None, complex(exact_mean(x.data.real), exact_mean(x.data.imag)))
    data = coerce(x, "double").data
    if drop:
        data = data[~np.isnan(data)]
    if trim > 0 and len(data):
        if np.isnan(data).any():
            return double(NA_REAL)
        if trim >= 0.5:
            return double(float(np.median(data)))
        low = int(len(data) * trim)
        data = np.sort(data)[low : len(data) - low]
    if np.isnan(data).any():
        return missing_result(data)
    return double(exact_mean(data))


def _trim(asked: Any, x: Vector) -> float:
    """The part of the values that a mean leaves out at each end."""
    if type(asked) is not Vector or asked.kind not in ("integer", "double") or len(asked) != 1:
        fail("'trim' must be numeric of length one")
    trim = number(asked)
    if trim > 0 and x.kind == "complex":
        fail("trimmed means are not defined for complex data")
    return trim


@builtin(("mean.Date", "mean.POSIXct", "mean.difftime"), "x, ...")
def mean_of_class(x: Any, dots: Dots) -> Any:
    kept = {k: v for k, v in x.attributes.items() if k in ("class", "units", "tzone")}
    bare = x.with_attributes(None)
    return mean(bare, dots).with_attributes(kept)


def _extreme_position(x: Any, largest: bool) -> Any:
    data = coerce(x, "double").data
    usable = np.where(np.isnan(data), -math.inf if largest else math.inf, data)
    if len(data) == 0 or np.isnan(data).all():
        return Vector("integer", np.empty(0, np.int32))
    valid = ~np.isnan(data)
    best = usable.max() if largest else usable.min()
    position = int(np.flatnonzero((usable == best) & valid)[0])
    names = names_of(x)
    return integer([position + 1], {"names": character([names[position]])}) if names else integer(position + 1)


@builtin("which.max", "x")
def which_max(x: Any) -> Any:
    return _extreme_position(x, True)


@builtin("which.min", "x")
def which_min(x: Any) -> Any:
    return _extreme_position(x, False)


@builtin("which", "x, arr.ind = FALSE, useNames = TRUE")
def which(x: Any, arr_ind: Any, use_names: Any) -> Any:
    if type(x) is not Vector or x.kind != "logical":
        fail("argument to 'which' is not logical")
    at = np.flatnonzero(x.data == 1)
    dimensions = (x.attributes or {}).get("dim")
    if dimensions is not None and flag(arr_ind):
        made = array_indices(at, [int(n) for n in dimensions.data], (x.attributes or {}).get("dimnames", NULL))
        return made if flag(use_names) else made.with_attribute("dimnames", NULL)
    names = names_of(x)
    result = Vector("integer", (at + 1).astype(np.int32))
    if names is not None:
        return result.with_attributes({"names": Vector("character", object_array([names[p] for p in at.tolist()]))})
    return result


def array_indices(at: np.ndarray, dimensions: list[int], dimnames: Any, missing: np.ndarray | None = None) -> Vector:
    """Positions of an array as a matrix of one-based subscripts, in columns that are called as its extents are."""
    columns = []
    rest = at.astype(np.int64)
    for extent in dimensions:
        part = rest % extent + 1
        columns.append(part if missing is None else np.where(missing, NA_INTEGER, part))
        rest = rest // extent
    labels: list[Any] = ["row", "col"] if len(dimensions) == 2 else [f"dim{k}" for k in range(1, len(dimensions) + 1)]
    titles = None if dimnames is NULL else names_of(dimnames)
    if titles is not None and any(titles):
        labels = titles
    rows: Any = NULL
    if dimnames is not NULL and dimnames.data[0] is not NULL and len(at):
        names = dimnames.data[0].items()
        rows = character([None if k == NA_INTEGER else names[k - 1] for k in columns[0].tolist()])
    data = np.concatenate(columns).astype(np.int32) if columns else np.empty(0, np.int32)
    return Vector("integer", data, {
        "dim": integer([len(at), len(dimensions)]), "dimnames": mk_list([rows, character(labels)]),
    })  # fmt: skip


@builtin("arrayInd", "ind, .dim, .dimnames = NULL, useNames = FALSE")
def array_indices_builtin(ind: Any, dim: Any, dimnames: Any, use_names: Any) -> Any:
    given = coerce(ind, "double").data
    missing = np.isnan(given)
    at = np.where(missing, 1.0, given).astype(np.int64) - 1
    made = array_indices(at, coerce(dim, "integer").data.tolist(), dimnames, missing)
    return made if flag(use_names) else made.with_attribute("dimnames", NULL)


@builtin("cumall", "x", package="dplyr")
def cumulative_all(x: Any) -> Any:
    return _decided_so_far(convert(x.data, x.kind, "logical"), 0)


@builtin("cumany", "x", package="dplyr")
def cumulative_any(x: Any) -> Any:
    return _decided_so_far(convert(x.data, x.kind, "logical"), 1)


def _decided_so_far(truths: np.ndarray, deciding: int) -> Any:
    """Once the deciding truth has come it stays; before, all are known to be the other one or it is not known yet."""
    unknown = np.maximum.accumulate(truths == NA_INTEGER) if len(truths) else truths.astype(bool)
    decided = np.maximum.accumulate(truths == deciding) if len(truths) else unknown
    return Vector("logical", np.where(decided, deciding, np.where(unknown, NA_INTEGER, 1 - deciding)).astype(np.int32))
