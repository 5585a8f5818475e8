"""Quantiles, medians and other measures by order; standard deviations."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.numbers.summaries import exact_mean
from pipekeras.grammar.builtins.registry import REGISTRY, builtin, call_function
from pipekeras.grammar.builtins.statistics.covariance import var
from pipekeras.grammar.values import (
    FALSE,
    NA_INTEGER,
    NA_REAL,
    NULL,
    Vector,
    character,
    double,
    explicit_class,
    integer,
    is_na,
    logical,
    names_of,
)
from pipekeras.grammar.vectors.arguments import first, flag, number
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.frames import is_frame
from pipekeras.grammar.vectors.report import fail

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
        # The fuzz finds the place; whether it lies beyond the element is asked of the product as it was rounded.
        if kind == 1:
            weight = 1.0 if nppm > j else 0.0
        elif kind == 2:
            weight = 1.0 if nppm > j else 0.5
        elif kind == 0:
            weight = 0.0
        else:
            weight = 0.0 if nppm == j and j % 2 == 0 else 1.0
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
        made = call_builtin("[<-", made, integer(k + 1), value=call_builtin("+", *both))
    return made


def percent_names(probabilities: np.ndarray, digits: int = 7) -> list[str]:
    """Names such as "25%" of quantiles."""
    percents = double(100 * probabilities)
    shown = call_builtin("formatC", percents, format=character("fg"), width=integer(1), digits=integer(digits))
    return [f"{text}%" if p == p else "" for p, text in zip(probabilities.tolist(), shown.items(), strict=True)]


@builtin("quantile", "x, probs = seq(0, 1, 0.25), na.rm = FALSE, names = TRUE, type = 7, digits = 7, ...", generic="s3",
         package="stats")
def quantile(x: Any, probs: Any, na_rm: Any, names: Any, type: Any, digits: Any, dots: Dots) -> Any:
    if len(type) > 1:
        fail("the condition has length > 1")
    if getattr(type, "kind", "") == "character" and type.items() != ["7"]:
        fail("non-numeric argument to binary operator")
    asked = number(type)
    if asked != asked:
        fail("missing value where TRUE/FALSE needed")
    # A type below one is none: the lower element is taken.
    method = max(int(asked), 0)
    flag(na_rm)
    classes = explicit_class(x) or []
    if "factor" in classes:
        if "ordered" not in classes:
            fail("(unordered) factors are not allowed")
        if method not in (1, 3):
            fail("'type' must be 1 or 3 for ordered factors")
    by_class = x is not NULL and (bool(classes) or x.kind not in ("logical", "integer", "double"))
    missing = call_builtin("is.na", x).data == 1 if by_class else np.isnan(coerce(x, "double").data)
    if method > 9 or 3 < asked < 4:
        # R finds no constants for such a type.
        fail("object 'a' not found")
    if missing.any() and not flag(na_rm):
        fail("missing values and NaN's not allowed if 'na.rm' is FALSE")
    if getattr(probs, "kind", "") == "character":
        outside = any(text is not None and not "-2.22044604925031e-14" <= text <= "1.00000000000002" for text in probs.items())
        fail("'probs' outside [0,1]" if outside else "non-numeric argument to binary operator")
    texts = getattr(x, "kind", "") == "character"
    if texts and (method == 7 or (not len(x) and method not in (1, 3))):
        fail("non-numeric argument to binary operator")
    wanted = coerce(probs, "double").data
    tolerance = 100 * np.finfo(np.float64).eps
    if np.any((wanted < -tolerance) | (wanted > 1 + tolerance)):
        fail("'probs' outside [0,1]")
    wanted = np.clip(wanted, 0.0, 1.0)
    if by_class:
        made = _quantile_of_class(call_builtin("sort", x if classes else x.with_attributes(None)), wanted, method)
        labels = character(percent_names(wanted, int(number(digits)))) if flag(names) and len(wanted) else None
        return made if labels is None else call_builtin("names<-", made, labels)
    ordered = np.sort(coerce(x, "double").data[~missing])
    values = [
        p if p != p else NA_REAL if len(ordered) == 0 else quantile_sorted(ordered, p, method)
        for p in wanted.tolist()
    ]
    result = double(values)
    if x is not NULL and x.kind in ("logical", "integer") and (method in (1, 3) or (
            method == 2 and all(value == value and value in ordered for value in values))):
        # An element is hit, not made: it stays what it is.
        result = Vector(x.kind, result.data.astype(np.int32)) if len(ordered) and not np.isnan(result.data).any() else result
        if not len(ordered) and x.kind == "logical":
            result = Vector("logical", np.full(len(values), -(2**31), np.int32))
    if flag(names) and len(values):
        return result.with_attributes({"names": character(percent_names(wanted, int(number(digits))))})
    return result


def _condition(na_rm: Any) -> bool:
    """Whether missing values are left out; R asks so with `if`."""
    if type(na_rm) is Vector and len(na_rm) > 1:
        fail("the condition has length > 1")
    return flag(na_rm)


@builtin("median", "x, na.rm = FALSE, ...", generic="s3", package="stats")
def median(x: Any, na_rm: Any, dots: Dots) -> Any:
    if x is NULL:
        return NULL
    if "factor" in (explicit_class(x) or []) or is_frame(x):
        fail("need numeric data")
    if type(x) is not Vector:
        call_builtin("is.na", x)
        fail("'x' must be atomic")
    drops = _condition(na_rm)
    if not len(x) and call_builtin("names", x) is not NULL:
        # The middle of nothing has the name of nothing.
        return call_builtin("[", x, integer(None))
    if explicit_class(x) is not None or x.kind not in ("logical", "integer", "double"):
        return _median_of_class(x if call_builtin("names", x) is NULL else call_builtin("names<-", x, NULL), drops)
    data = x.data
    missing = is_na(x)
    if drops:
        data = data[~missing]
    size = len(data)
    if size == 0 or (missing.any() and not drops):
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


@builtin("sd", "x, na.rm = FALSE", package="stats")
def sd(x: Any, na_rm: Any) -> Any:
    _condition(na_rm)
    if "POSIXlt" in (explicit_class(x) or []):
        x = call_builtin("as.double", x)
    if type(x) is Vector and (x.kind == "list" or "factor" in (explicit_class(x) or [])) and not is_frame(x):
        return var(x, NULL, na_rm)
    bare = Vector("double", coerce(x, "double").data)
    value = float(first(var(bare, NULL, na_rm)))
    return double(math.sqrt(value) if value == value else value)


@builtin("mad", "x, center, constant = 1.4826, na.rm = FALSE, low = FALSE, high = FALSE", package="stats")
def mad(x: Any, center: Any = None, constant: Any = NULL, na_rm: Any = FALSE, low: Any = FALSE, high: Any = FALSE) -> Any:
    if flag(na_rm):
        x = call_builtin("[", x, call_builtin("!", call_builtin("is.na", x)))
    size = int(number(call_builtin("length", x)))
    middle = call_builtin("median", x) if center is None else center
    distances = call_builtin("abs", call_builtin("-", x, middle))
    if not (flag(low) or flag(high)) or size % 2:
        return call_builtin("*", constant, call_builtin("median", distances))
    if flag(low) and flag(high):
        fail("'low' and 'high' cannot be both TRUE")
    place = integer(size // 2 + flag(high))
    ordered = call_function(REGISTRY["sort"], [(None, distances), ("partial", place)])
    return call_builtin("*", constant, call_builtin("[", ordered, place))


@builtin("IQR", "x, na.rm = FALSE, type = 7", package="stats")
def interquartile(x: Any, na_rm: Any, type: Any) -> Any:
    numbers = double(coerce(x, "double").data)
    found = quantile(numbers, double([0.25, 0.75]), na_rm, FALSE, type, integer(7), []).data
    return double(float(found[1] - found[0]))


@builtin("weighted.mean", "x, w, ..., na.rm = FALSE", generic="s3", package="stats")
def weighted_mean(x: Any, w: Any = None, dots: Any = (), na_rm: Any = FALSE) -> Any:
    known = call_builtin("!", call_builtin("is.na", x)) if flag(na_rm) else None
    if w is None:
        x = x if known is None else call_builtin("[", x, known)
        return call_builtin("/", call_builtin("sum", x), call_builtin("length", x))
    if first(call_builtin("length", w)) != first(call_builtin("length", x)):
        fail("'x' and 'w' must have the same length")
    if known is not None:
        x, w = call_builtin("[", x, known), call_builtin("[", w, known)
    # What weighs nothing does not count, not even where it is missing.
    weighed = call_builtin("[", call_builtin("*", x, w), call_builtin("!=", w, integer(0)))
    return call_builtin("/", call_builtin("sum", weighed), call_builtin("sum", w))


@builtin(("weighted.mean.Date", "weighted.mean.POSIXct", "weighted.mean.difftime"), "x, w, ...", package="stats")
def weighted_mean_of_class(x: Any, w: Any = None, dots: Any = ()) -> Any:
    kept = {k: v for k, v in x.attributes.items() if k in ("class", "units", "tzone")}
    na_rm = next((value for name, value in dots if name == "na.rm"), FALSE)
    return weighted_mean(x.with_attributes(None), w, (), na_rm).with_attributes(kept)


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
