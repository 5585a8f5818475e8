"""Variances, correlations, quantiles and other order statistics."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.attributes import call_builtin
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.builtins.summaries import exact_mean, exact_sum
from pipekeras.grammar.values import (
    FALSE,
    NA_INTEGER,
    NA_REAL,
    NULL,
    Vector,
    character,
    dim_of,
    double,
    explicit_class,
    integer,
    is_na,
    logical,
    mk_list,
    names_of,
)
from pipekeras.grammar.vectors.arguments import first, flag, number
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.frames import is_frame
from pipekeras.grammar.vectors.recycling import resized
from pipekeras.grammar.vectors.report import fail, warn

Dots = list[tuple[str | None, Any]]


def quantile_sorted(data: np.ndarray, probability: float, kind: int = 7) -> float:
    """Sample quantile of sorted data.

    Args:
        data: ascending values without missing ones.
        probability: in [0, 1].
        kind: Hyndman and Fan's type 1 to 9.
    """
    size = len(data)
    if kind == 7:
        # Counted from one, as the rounding of the fraction is that of the place from one.
        index = 1 + (size - 1) * probability
        low = math.floor(index) - 1
        fraction = index - low - 1
        value = data[low]
        if fraction == 0:
            return float(value)
        above = data[min(low + 1, size - 1)]
        return float((1 - fraction) * value + fraction * above)
    fuzz = 4 * 2.220446e-16
    if kind <= 3:
        nppm = size * probability - (0.5 if kind == 3 else 0)
        j = math.floor(nppm + fuzz)
        on_grid = abs(nppm - j) <= fuzz
        if kind == 1:
            weight = 0.0 if on_grid else 1.0
        elif kind == 2:
            weight = 0.5 if on_grid else 1.0
        else:
            weight = 0.0 if on_grid and j % 2 == 0 else 1.0
    else:
        a, b = {4: (0.0, 1.0), 5: (0.5, 0.5), 6: (0.0, 0.0), 8: (1 / 3, 1 / 3), 9: (0.375, 0.375)}[kind]
        nppm = a + probability * (size + 1 - a - b)
        j = math.floor(nppm + fuzz)
        weight = nppm - j
        if abs(weight) < fuzz:
            weight = 0.0
    padded = np.concatenate([data[:1], data[:1], data, data[-1:], data[-1:]])
    low_value, high_value = float(padded[j + 1]), float(padded[j + 2])
    if weight == 0:
        return low_value
    return high_value if weight == 1 else (1 - weight) * low_value + weight * high_value


def _quantile_of_class(ordered: Any, wanted: np.ndarray, method: int) -> Any:
    """Quantiles of sorted elements of a class: elements where one is hit, weighted means by its own arithmetic elsewhere."""
    size = len(ordered)
    # The quantiles of 1, 2, ... tell between which two elements each one lies, and where.
    places = [math.nan if p != p or not size else quantile_sorted(np.arange(1.0, size + 1), min(max(p, 0.0), 1.0), method)
              for p in wanted.tolist()]
    low = [None if place != place else math.floor(place) for place in places]
    made = call_builtin("[", ordered, integer(low))
    above = call_builtin("[", ordered, integer([None if place != place else math.ceil(place) for place in places]))
    differs = call_builtin("!=", above, made).data == 1
    for k in np.flatnonzero(differs).tolist():
        part = places[k] - math.floor(places[k])
        both = [call_builtin("*", double(weight), call_builtin("[", value, integer(k + 1)))
                for weight, value in ((1 - part, made), (part, above))]
        made = call_builtin("[<-", made, integer(k + 1), call_builtin("+", *both))
    return made


def percent_names(probabilities: np.ndarray, digits: int = 7) -> list[str]:
    """Names such as "25%" of quantiles."""
    percents = double(100 * probabilities)
    shown = call_builtin("formatC", percents, format=character("fg"), width=integer(1), digits=integer(digits))
    return [f"{text}%" if p == p else "" for p, text in zip(probabilities.tolist(), shown.items(), strict=True)]


@builtin("quantile", "x, probs = seq(0, 1, 0.25), na.rm = FALSE, names = TRUE, type = 7, digits = 7, ...", generic="s3",
         package="stats")
def quantile(x: Any, probs: Any, na_rm: Any, names: Any, type: Any, digits: Any, dots: Dots) -> Any:
    method = int(number(type))
    classes = explicit_class(x) or []
    if "factor" in classes:
        if "ordered" not in classes:
            fail("(unordered) factors are not allowed")
        if method not in (1, 3):
            fail("'type' must be 1 or 3 for ordered factors")
    by_class = x is not NULL and (bool(classes) or x.kind not in ("logical", "integer", "double"))
    missing = call_builtin("is.na", x).data == 1 if by_class else np.isnan(coerce(x, "double").data)
    if missing.any() and not flag(na_rm):
        fail("missing values and NaN's not allowed if 'na.rm' is FALSE")
    if getattr(probs, "kind", "") == "character":
        outside = any(text is not None and not "-2.22044604925031e-14" <= text <= "1.00000000000002" for text in probs.items())
        fail("'probs' outside [0,1]" if outside else "non-numeric argument to binary operator")
    wanted = coerce(probs, "double").data
    if np.any((wanted < -1e-12) | (wanted > 1 + 1e-12)):
        fail("'probs' outside [0,1]")
    if by_class:
        made = _quantile_of_class(call_builtin("sort", x if dim_of(x) else x.with_attribute("names", NULL)), wanted, method)
        labels = character(percent_names(wanted, int(number(digits)))) if flag(names) and len(wanted) else None
        return made if labels is None else call_builtin("names<-", made, labels)
    ordered = np.sort(coerce(x, "double").data[~missing])
    values = [
        p if p != p else NA_REAL if len(ordered) == 0 else quantile_sorted(ordered, min(max(p, 0.0), 1.0), method)
        for p in wanted.tolist()
    ]
    result = double(values)
    if flag(names) and len(values):
        return result.with_attributes({"names": character(percent_names(wanted, int(number(digits))))})
    return result


@builtin("median", "x, na.rm = FALSE, ...", generic="s3", package="stats")
def median(x: Any, na_rm: Any, dots: Dots) -> Any:
    if x is NULL:
        return NULL
    if "factor" in (explicit_class(x) or []) or is_frame(x):
        fail("need numeric data")
    if type(x) is not Vector or x.kind == "list":
        fail("'x' must be atomic")
    if explicit_class(x) is not None or x.kind in ("character", "complex", "raw"):
        return _median_of_class(x.with_attribute("names", NULL), flag(na_rm))
    data = x.data
    missing = is_na(x)
    if flag(na_rm):
        data = data[~missing]
    size = len(data)
    if size == 0 or (missing.any() and not flag(na_rm)):
        return Vector(x.kind, None, None, NA_REAL if x.kind == "double" else NA_INTEGER)
    ordered = np.sort(data)
    half = size // 2
    if size % 2:
        return Vector(x.kind, ordered[half : half + 1])
    middle = exact_mean(ordered[half - 1 : half + 1].astype(np.float64))
    return double(middle)


def _median_of_class(x: Vector, na_rm: bool) -> Any:
    """The middle element, or the mean of two, by the order and the mean that the class has."""
    missing = call_builtin("is.na", x).data == 1
    if missing.any() and na_rm:
        x = call_builtin("[", x, Vector("logical", (~missing).astype(np.int32)))
    size = len(x)
    if size == 0 or (missing.any() and not na_rm):
        return call_builtin("[", x, integer([None]))
    ordered = call_builtin("sort", x)
    half = size // 2
    if size % 2:
        return call_builtin("[", ordered, integer(half + 1))
    return call_builtin("mean", call_builtin("[", ordered, integer([half, half + 1])))


def _columns(x: Any) -> tuple[np.ndarray, list[Any] | None]:
    """A matrix, data frame or vector as a two-dimensional double array, with column names."""
    if type(x) is Vector and x.kind == "list":
        columns = []
        for part in x.data:
            if part.kind not in ("logical", "integer", "double") or "factor" in (explicit_class(part) or []):
                fail("'x' must be numeric")
            columns.append(coerce(part, "double").data)
        return np.array(columns).T.reshape(-1, len(columns)), names_of(x)
    if type(x) is not Vector or x.kind == "character":
        fail("'x' must be numeric")
    if "factor" in (explicit_class(x) or []):
        fail("Calling var(x) on a factor x is defunct.\n  Use something like 'all(duplicated(x)[-1L])' to test for "
             "a constant vector.")
    data = coerce(x, "double").data
    dimensions = (x.attributes or {}).get("dim")
    if dimensions is None or len(dimensions) != 2:
        return data.reshape(-1, 1), None
    dimnames = (x.attributes or {}).get("dimnames")
    names = dimnames.data[1].items() if dimnames is not None and dimnames.data[1] is not NULL else None
    return data.reshape(tuple(int(n) for n in dimensions.data), order="F"), names


def _is_flat(x: Any) -> bool:
    shape = (x.attributes or {}).get("dim") if type(x) is Vector else None
    return type(x) is Vector and x.kind != "list" and (shape is None or len(shape) != 2)


def _covariance(x: Any, y: Any, use: str, correlation: bool) -> Any:
    left, left_names = _columns(x)
    right, right_names = (left, left_names) if y is NULL else _columns(y)
    if left.shape[0] != right.shape[0]:
        fail("incompatible dimensions")
    if use in ("complete.obs", "na.or.complete"):
        keep = ~(np.isnan(left).any(axis=1) | np.isnan(right).any(axis=1))
        left, right = left[keep], right[keep]
        if left.shape[0] == 0 and use == "complete.obs":
            fail("no complete element pairs")
    pairwise = use == "pairwise.complete.obs"
    result = np.empty((left.shape[1], right.shape[1]))
    constant = False
    for i in range(left.shape[1]):
        for j in range(right.shape[1]):
            a, b = left[:, i], right[:, j]
            if pairwise:
                keep = ~(np.isnan(a) | np.isnan(b))
                a, b = a[keep], b[keep]
            value, flat = _pair(a, b, correlation)
            result[i, j] = value
            constant = constant or flat
    if constant:
        warn("the standard deviation is zero")
    if correlation and y is NULL and not pairwise and left.shape[0] > 1:
        np.fill_diagonal(result, 1.0)
    if _is_flat(x) and (y is NULL or _is_flat(y)):
        return double(float(result[0, 0]))
    made = Vector("double", result.ravel(order="F"), {"dim": integer(list(result.shape))})
    if left_names is not None or right_names is not None:
        parts = [character(n) if n is not None else NULL for n in (left_names, right_names)]
        return made.with_attribute("dimnames", mk_list(parts))
    return made


def _pair(a: np.ndarray, b: np.ndarray, correlation: bool) -> tuple[float, bool]:
    size = len(a)
    if size < 2 or np.isnan(a).any() or np.isnan(b).any():
        return NA_REAL, False
    wide_a = a.astype(np.longdouble)
    wide_b = b.astype(np.longdouble)
    da, db = wide_a - np.longdouble(exact_mean(a)), wide_b - np.longdouble(exact_mean(b))
    product = (da * db).sum()
    if not correlation:
        return float(product / (size - 1)), False
    spread = np.sqrt((da * da).sum()) * np.sqrt((db * db).sum())
    if spread == 0:
        return NA_REAL, True
    return float(min(max(product / spread, np.longdouble(-1)), np.longdouble(1))), False


@builtin("var", "x, y = NULL, na.rm = FALSE, use", package="stats")
def var(x: Any, y: Any, na_rm: Any, use: Any = NULL) -> Any:
    if x is NULL:
        fail("'x' is NULL")
    if type(x) is Vector and x.kind == "list" and not is_frame(x):
        fail("is.atomic(x) is not TRUE")
    if type(x) is Vector and x.kind == "character" and dim_of(x) is None:
        x = coerce(x, "double")
    method = use.items()[0] if use is not NULL else "na.or.complete" if flag(na_rm) else "everything"
    return _covariance(x, y, _use(str(method)), False)


def _use(given: str) -> str:
    for option in ("everything", "all.obs", "complete.obs", "na.or.complete", "pairwise.complete.obs"):
        if option.startswith(given):
            return option
    return fail("invalid 'use' argument")


def _ranked(x: Any) -> Any:
    from pipekeras.grammar.builtins.ordering import rank_data

    table, names = _columns(x)
    ranked = np.array([rank_data(table[:, k]) for k in range(table.shape[1])]).T.ravel(order="F")
    return Vector("double", ranked, x.attributes if x.kind != "list" else {
        "dim": integer(list(table.shape)), "dimnames": mk_list([NULL, character(names or [])])})


def _with_method(x: Any, y: Any, use: Any, method: Any, correlation: bool) -> Any:
    wanted = str(method.items()[0])
    if wanted == "spearman":
        x, y = _ranked(x), NULL if y is NULL else _ranked(y)
    elif wanted == "kendall":
        return _kendall(x, y)
    if correlation and y is NULL and (x is NULL or _is_flat(x)):
        fail("supply both 'x' and 'y' or a matrix-like 'x'")
    return _covariance(x, y, _use(str(use.items()[0])), correlation)


def _kendall(x: Any, y: Any) -> Any:
    if y is NULL and _is_flat(x):
        fail("supply both 'x' and 'y' or a matrix-like 'x'")
    left, left_names = _columns(x)
    right, right_names = (left, left_names) if y is NULL else _columns(y)
    if left.shape[0] != right.shape[0]:
        fail("incompatible dimensions")
    rows = left.shape[0]
    # One line of signs of all differences for every column.
    first = np.sign(left[:, None] - left[None, :]).reshape(rows * rows, -1)
    second = np.sign(right[:, None] - right[None, :]).reshape(rows * rows, -1)
    with np.errstate(all="ignore"):
        result = first.T @ second / np.sqrt(np.outer((first**2).sum(axis=0), (second**2).sum(axis=0)))
    result = np.where(np.isnan(result), NA_REAL, result)
    if not np.isnan(first).any() and not np.isnan(second).any() and np.isnan(result).any():
        warn("the standard deviation is zero")
    if y is NULL:
        np.fill_diagonal(result, 1.0)
    if _is_flat(x) and _is_flat(y):
        return double(float(result[0, 0]))
    made = Vector("double", result.ravel(order="F"), {"dim": integer(list(result.shape))})
    if left_names is None and right_names is None:
        return made
    return made.with_attribute("dimnames", mk_list([
        NULL if names is None else character(names) for names in (left_names, right_names)]))


@builtin("cov", "x, y = NULL, use = 'everything', method = 'pearson'", package="stats")
def cov(x: Any, y: Any, use: Any, method: Any) -> Any:
    return _with_method(x, y, use, method, False)


@builtin("cor", "x, y = NULL, use = 'everything', method = 'pearson'", package="stats")
def cor(x: Any, y: Any, use: Any, method: Any) -> Any:
    return _with_method(x, y, use, method, True)


@builtin("sd", "x, na.rm = FALSE", package="stats")
def sd(x: Any, na_rm: Any) -> Any:
    if type(x) is Vector and (x.kind == "list" or "factor" in (explicit_class(x) or [])) and not is_frame(x):
        return var(x, NULL, na_rm)
    bare = Vector("double", coerce(x, "double").data)
    value = float(first(var(bare, NULL, na_rm)))
    return double(math.sqrt(value) if value == value else value)


@builtin("mad", "x, center, constant = 1.4826, na.rm = FALSE, low = FALSE, high = FALSE", package="stats")
def mad(x: Any, center: Any = None, constant: Any = NULL, na_rm: Any = FALSE, low: Any = FALSE, high: Any = FALSE) -> Any:
    if type(x) is Vector and x.kind == "character":
        call_builtin("median", x)
        fail("non-numeric argument to binary operator")
    data = coerce(x, "double").data
    if flag(na_rm):
        data = data[~np.isnan(data)]
    if not len(data) or np.isnan(data).any():
        return double(NA_REAL)
    distances = np.sort(np.abs(data - (float(np.median(data)) if center is None else number(center))))
    size = len(distances)
    if np.isnan(distances).any():
        return double(NA_REAL)
    if (flag(low) or flag(high)) and size % 2 == 0:
        if flag(low) and flag(high):
            fail("'low' and 'high' cannot be both TRUE")
        return double(number(constant) * float(distances[size // 2 - (not flag(high))]))
    return double(number(constant) * float(np.median(distances)))


@builtin("IQR", "x, na.rm = FALSE, type = 7", package="stats")
def interquartile(x: Any, na_rm: Any, type: Any) -> Any:
    found = quantile(x, double([0.25, 0.75]), na_rm, FALSE, type, integer(7), []).data
    return double(float(found[1] - found[0]))


@builtin("fivenum", "x, na.rm = TRUE", package="stats")
def five_numbers(x: Any, na_rm: Any) -> Any:
    if getattr(x, "kind", "") in ("character", "raw", "list", "complex") or (x is not NULL and explicit_class(x)):
        return _five_of_class(x, flag(na_rm))
    given = coerce(x, "double").data
    if np.isnan(given).any() and not flag(na_rm):
        return logical([None] * 5)
    order = np.argsort(given, kind="stable")
    order = order[~np.isnan(given[order])]
    data = given[order]
    size = len(data)
    if size == 0:
        return logical([None] * 5)
    quarter = math.floor((size + 3) / 2) / 2
    depths = np.array([1, quarter, (size + 1) / 2, size + 1 - quarter, size])
    low = np.floor(depths).astype(int) - 1
    made = double(0.5 * (data[low] + data[np.ceil(depths).astype(int) - 1]))
    names = names_of(x)
    return made if names is None else made.with_attribute("names", character([names[k] for k in order[low].tolist()]))


def _five_of_class(x: Any, na_rm: bool) -> Any:
    """Five numbers by the order and the arithmetic that the class has."""
    missing = call_builtin("is.na", x)
    if (missing.data == 1).any():
        if not na_rm:
            return logical([None] * 5)
        x = call_builtin("[", x, call_builtin("!", missing))
    x = call_builtin("sort", x)
    size = len(x)
    if not size:
        return logical([None] * 5)
    quarter = math.floor((size + 3) / 2) / 2
    depths = [1.0, quarter, (size + 1) / 2, size + 1 - quarter, float(size)]
    low, high = (call_builtin("[", x, integer([int(whole(depth)) for depth in depths])) for whole in (math.floor, math.ceil))
    return call_builtin("*", double(0.5), call_builtin("+", low, high))


@builtin("scale", "x, center = TRUE, scale = TRUE", generic="s3")
def scale(x: Any, center: Any, scale: Any) -> Any:
    table, names = _columns(call_builtin("as.matrix", x))
    made = np.array(table, copy=True)
    attributes: dict[str, Any] = {"dim": integer(list(made.shape))}
    source = call_builtin("as.matrix", x)
    if source.attributes and "dimnames" in source.attributes:
        attributes["dimnames"] = source.attributes["dimnames"]
    labels = {"names": character(names)} if names is not None else None

    def per_column(function: Any) -> np.ndarray:
        return np.array([function(made[:, k][~np.isnan(made[:, k])]) for k in range(made.shape[1])])

    both = (center, scale)
    if all(option.kind == "logical" and len(option) == 1 and option.data[0] == 0 for option in both):
        return source
    if center.kind == "logical":
        middle = per_column(exact_mean) if flag(center) else None
    else:
        middle = resized(coerce(center, "double").data, made.shape[1])
    if middle is not None:
        made = made - middle
        attributes["scaled:center"] = double(middle, labels if center.kind == "logical" else None)
    if scale.kind == "logical":
        spread = None
        if flag(scale):
            spread = per_column(lambda v: math.sqrt(exact_sum(v * v) / max(1, len(v) - 1)))
    else:
        spread = resized(coerce(scale, "double").data, made.shape[1])
    if spread is not None:
        with np.errstate(all="ignore"):
            made = made / spread
        attributes["scaled:scale"] = double(spread, labels if scale.kind == "logical" else None)
    return Vector("double", made.ravel(order="F"), attributes)
