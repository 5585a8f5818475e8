"""Numbers in bins: cut() and pretty()."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.elements.factors import make_factor
from pipekeras.grammar.builtins.registry import UNSET, builtin
from pipekeras.grammar.errors import RError
from pipekeras.grammar.values import NA_INTEGER, NULL, Vector, explicit_class, integer
from pipekeras.grammar.vectors.arguments import flag, number
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.report import fail, warn

Dots = list[tuple[str | None, Any]]


def break_texts(breaks: np.ndarray, digits: int) -> list[str]:
    """Break points with as few significant digits as keep them apart."""
    texts: list[str] = []
    for precision in range(digits, max(12, digits) + 1):
        texts = [f"{value:.{precision}g}".replace("inf", "Inf") for value in breaks.tolist()]
        if len(set(texts)) == len(texts):
            break
    # formatC() pads the infinities to one width.
    return [" Inf" if text == "Inf" and "-Inf" in texts else text for text in texts]


@builtin("cut", "x, breaks, labels = NULL, include.lowest = FALSE, right = TRUE, dig.lab = 3L, ordered_result = FALSE, "
         "...", generic="s3")
def cut(x: Any, breaks: Any, labels: Any, include_lowest: Any, right: Any, dig_lab: Any, ordered_result: Any,
        dots: Dots) -> Any:
    if type(x) is not Vector or x.kind not in ("integer", "double") or {"factor", "difftime"} & set(explicit_class(x) or []):
        fail("'x' must be numeric")
    if type(breaks) is Vector and breaks.kind == "character" and len(breaks) == 1:
        few = breaks.data[0] is None or call_builtin("<", breaks, integer(2)).data[0] == 1
        fail("invalid number of intervals" if few else "non-numeric argument to binary operator")
    data = coerce(x, "double").data
    # Labels that are made ask for the same answers as conditions.
    told = ("", "") if labels is NULL else ("include.lowest", "right")
    lowest, closed_right = flag(include_lowest, told[0]), flag(right, told[1])
    digits = int(number(dig_lab))
    points = coerce(breaks, "double").data
    if len(points) == 1:
        if points[0] != points[0] or points[0] < 2:
            fail("invalid number of intervals")
        if points[0] >= 2**31 - 1:
            warn("NAs introduced by coercion to integer range")
            fail("'length.out' must be a non-negative number")
        count = int(points[0])
        finite = data[~np.isnan(data)]
        if np.isinf(finite).any():
            fail("missing value where TRUE/FALSE needed" if np.isinf(finite).all() and len(set(finite.tolist())) == 1
                 else "'from' must be a finite number" if np.isneginf(finite).any() else "'to' must be a finite number")
        if not len(finite):
            warn("no non-missing arguments to min; returning Inf")
            warn("no non-missing arguments to max; returning -Inf")
            fail("'from' must be a finite number")
        low, high = float(finite.min()), float(finite.max())
        width = high - low
        if width == 0:
            width = abs(low) or 1.0
            points = np.linspace(low - width / 1000, high + width / 1000, count + 1)
        else:
            points = np.linspace(low, high, count + 1)
            points[0], points[-1] = low - width / 1000, high + width / 1000
    else:
        points = np.sort(points[~np.isnan(points)])
    if len(np.unique(points)) != len(points):
        fail("'breaks' are not unique")
    count = len(points) - 1
    plain_codes = False
    if type(labels) is Vector and labels.kind == "logical":
        if len(labels) > 1:
            warn(f"'length(x) = {len(labels)} > 1' in coercion to 'logical(1)'")
        if labels.items()[0] == NA_INTEGER:
            fail("missing value where TRUE/FALSE needed")
        plain_codes = not labels.items()[0]
    if labels is NULL:
        texts = break_texts(points, digits)
        opening, closing = ("(", "]") if closed_right else ("[", ")")
        # Without an interval the label of nothing is left.
        shown = [f"{opening}{texts[k]},{texts[k + 1]}{closing}" for k in range(count)] or [f"{opening},{closing}"]
        if lowest:
            if closed_right or not count:
                shown[0] = "[" + shown[0][1:]
            else:
                shown[-1] = shown[-1][:-1] + "]"
    elif not plain_codes:
        shown = call_builtin("as.character", labels).items()
        if len(shown) != count:
            fail("lengths of 'breaks' and 'labels' differ")
    codes = np.searchsorted(points, data, side="left" if closed_right else "right")
    if lowest and len(points):
        codes = np.where(data == (points[0] if closed_right else points[-1]), 1 if closed_right else count, codes)
        if len(points) == 1:
            codes, count = (data == points[0]).astype(int), 1
    codes = np.where(np.isnan(data) | (codes < 1) | (codes > count), NA_INTEGER, codes).astype(np.int32)
    if plain_codes:
        return Vector("integer", codes)
    unique = list(dict.fromkeys(shown))
    if len(unique) != len(shown):
        codes = integer([None if c < 1 else unique.index(shown[c - 1]) + 1 for c in codes.tolist()]).data
    made = make_factor([], unique, flag(ordered_result))
    return Vector("integer", codes, made.attributes)


_LEAST_CELL = 2.0**-20 * 2.2250738585072014e-308
"""The least step between round numbers."""


def pretty_points(
    low: float,
    high: float,
    count: int,
    least: int | None = None,
    shrink: float = 0.75,
    bias: float = 1.5,
    five_bias: float = 2.75,
) -> np.ndarray:
    """About `count` + 1 round numbers that cover a range; steps are 1, 2 or 5 times a power of ten.

    Args:
        low: lower end of the range.
        high: upper end.
        count: wanted number of steps.
        least: fewest steps, a third of `count` by default.
        shrink: by how much the step shrinks where the range is hardly one.
        bias: how much larger steps are preferred.
        five_bias: the same for steps of five.
    """
    least = (count // 3 if count > 2 else 1) if least is None else least
    width = high - low
    if width == 0 and high == 0:
        cell, small = 1.0, True
    else:
        cell = max(abs(low), abs(high))
        bound = 1 + (1 / (1 + bias) if five_bias >= 1.5 * bias + 0.5 else 1.5 / (1 + five_bias))
        small = width < cell * bound * max(1, count) * 2.220446e-16 * 3
    if small:
        if cell > 10:
            cell = 9 + cell / 10
        cell *= shrink / max(least, 1)
    else:
        cell = width / count if count > 0 else width
    if cell < _LEAST_CELL:
        warn(f"R_pretty(): very small range 'cell'={cell:g}, corrected to {_LEAST_CELL:g}")
        cell = _LEAST_CELL
    base = 10.0 ** math.floor(math.log10(cell))
    unit = base
    if 2 * base - cell < bias * (cell - unit):
        unit = 2 * base
        if 5 * base - cell < five_bias * (cell - unit):
            unit = 5 * base
            if 10 * base - cell < bias * (cell - unit):
                unit = 10 * base
    first, last = math.floor(low / unit + 1e-10), math.ceil(high / unit - 1e-10)
    while first * unit > low + 1e-10 * unit:
        first -= 1
    while last * unit < high - 1e-10 * unit:
        last += 1
    missing = int(0.5 + least - (last - first))
    if missing > 0:
        if first >= 0:
            last += missing // 2
            first -= missing // 2 + missing % 2
        else:
            first -= missing // 2
            last += missing // 2 + missing % 2
    # An end that is a round number already stays as it was given, to the last bit.
    low, high = min(low, first * unit), max(high, last * unit)
    steps = int(last - first)
    if steps == 0:
        return np.array([low])
    step = (high - low) / steps
    points = low + np.arange(steps + 1) * step
    points[-1] = high
    points[np.abs(points) < 1e-14 * step] = 0.0
    return points


@builtin("pretty", "x, n = 5, min.n, shrink.sml = 0.75, high.u.bias = 1.5, u5.bias, ...", generic="s3")
def pretty(
    x: Any, n: Any, least: Any = UNSET, shrink: Any = None, bias: Any = None, five_bias: Any = UNSET, dots: Any = ()
) -> Any:
    if any(name in ("eps.correct", "f.min") for name, _ in dots):
        raise RError("arguments 'eps.correct' and 'f.min' of pretty() are not supported")
    if x is NULL:
        return NULL
    data = coerce(x, "double").data
    data = data[np.isfinite(data)]
    if not len(data):
        return x.with_attributes(None) if not len(x) else Vector(x.kind, x.data[:0])
    if n is not NULL and n.kind == "character":
        fail("non-numeric argument to binary operator")
    wanted = number(n, "n")
    if not 0 <= wanted < math.inf:
        fail("invalid 'n' argument")
    least = int(number(least)) if type(least) is Vector else int(wanted) // 3
    slope = number(bias, "high.u.bias")
    five = number(five_bias, "u5.bias") if type(five_bias) is Vector else 0.5 + 1.5 * slope
    points = pretty_points(
        float(data.min()), float(data.max()), int(wanted), least, number(shrink, "shrink.sml"), slope, five
    )
    made = points + 0.0
    # Whole steps between whole ends are whole numbers, unless zero is set among them.
    whole = np.abs(made).max() < 2**31 and bool((made == np.rint(made)).all() and (len(made) == 1 or (made != 0).all()))
    return Vector("integer", made.astype(np.int32)) if whole else Vector("double", made)
