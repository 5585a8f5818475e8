"""Rounding numbers: to whole ones, to digits behind the point, to significant digits."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.numbers.mathematics import numeric_argument
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.numeric.rounding import LOG10_2, MOST_DIGITS, power_of_ten, round_double
from pipekeras.grammar.values import (
    NA_REAL,
    NULL,
    Vector,
    is_na_real,
)
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.conforming import recycle
from pipekeras.grammar.vectors.report import fail

Dots = list[tuple[str | None, Any]]

MOST_SIGNIFICANT = 306
"""More digits than any complex number has: nothing is rounded."""

_FEW = 16
"""Numbers up to which they are rounded one by one: arrays take longer to begin with."""


def _enter_whole(name: str, function: Callable[[np.ndarray], np.ndarray]) -> None:
    @builtin(name, "x, ...", group="Math")
    def apply(x: Any, dots: Dots) -> Any:
        x = numeric_argument(x)
        if x.kind in ("integer", "logical"):
            return coerce(x, "double")
        if x.kind == "complex":
            fail("unimplemented complex function")
        return Vector(x.kind, function(x.data), x.attributes)


_enter_whole("floor", np.floor)
_enter_whole("ceiling", np.ceil)
_enter_whole("trunc", np.trunc)


def round_array(data: np.ndarray, digits: int) -> np.ndarray:
    """`round_double` over an array."""
    if digits == 0:
        return np.rint(data) + 0.0
    with np.errstate(all="ignore"):
        size = np.abs(data)
        power = power_of_ten(digits)
        scaled = size * power
        low, high = np.floor(scaled), np.ceil(scaled)
        below, above = low / power, high / power
        distance_below, distance_above = size - below, above - size
        nearer = (distance_below < distance_above) | ((distance_below == distance_above) & (low % 2 == 0))
        result = np.copysign(np.where(nearer, below, above), data)
        exact = ~np.isfinite(scaled) | (data == 0)
        exact |= digits + (np.frexp(size)[1] - 0.5) * LOG10_2 > MOST_DIGITS
    return np.where(exact, data, result)


def signif_double(value: float, digits: int) -> float:
    """Round to significant digits."""
    if value != value or math.isinf(value) or value == 0.0 or digits > 22:
        return value
    digits = max(digits, 1)
    size = abs(value)
    exponent = digits - 1 - math.floor(math.log10(size))
    scale = math.log10(size)
    if abs(scale) >= 306:
        # Near the ends of the numbers in two steps; nearest the largest one nothing may be rounded up, but is cut off.
        step = digits - 22 if scale > 0 else digits + 22
        first, second = power_of_ten(step), power_of_ten(exponent - step)
        half = 0.0 if scale > 308 - 10.0**-digits else 0.5
        return math.copysign(math.floor(size * first * second + half) / first / second, value)
    if exponent > 0:
        small = power_of_ten(exponent - 308) if exponent > 308 else 1.0
        power = power_of_ten(min(exponent, 308))
        return math.copysign(float(round(size * power * small)) / power / small, value)
    power = power_of_ten(-exponent)
    return math.copysign(float(round(size / power)) * power, value)


def _rounded(x: Any, digits: Any, rounder: Callable[[float, int], float], whole: bool) -> Any:
    x = numeric_argument(x)
    if x.kind == "complex":
        return _complex_rounded(x, digits, whole)
    wanted = np.empty(0) if digits is NULL else coerce(numeric_argument(digits), "double").data
    if len(wanted) == 0:
        fail("invalid second argument of length 0")
    if whole and x.kind in ("integer", "logical") and np.all(wanted >= 0):
        return coerce(x, "double")
    vector = coerce(x, "double")
    if vector.scalar is not None and len(wanted) == 1:
        if wanted[0] != wanted[0]:
            return Vector("double", None, vector.attributes, _unknown(vector.scalar, wanted[0]))
        return Vector("double", None, vector.attributes, rounder(vector.scalar, _digits(wanted[0])))
    length = max(len(vector), len(wanted)) if len(vector) else 0
    data = recycle(vector.data, length) if length else vector.data
    if len(wanted) == 1 and abs(wanted[0]) <= 300 and rounder is round_double and length > _FEW:
        return Vector("double", round_array(data, _digits(wanted[0])), vector.attributes)
    if np.isnan(wanted).any():
        wanted = recycle(wanted, length)
        values = [_unknown(v, d) if d != d else rounder(v, _digits(d)) for v, d in zip(data.tolist(), wanted, strict=True)]
    elif len(wanted) == 1:
        precision = _digits(wanted[0])
        values = [rounder(v, precision) for v in data.tolist()]
    else:
        values = [rounder(v, _digits(d)) for v, d in zip(data.tolist(), recycle(wanted, length).tolist(), strict=True)]
    return Vector("double", np.array(values, np.float64), vector.attributes)


def _unknown(value: float, digits: float) -> float:
    """What a number is with nobody knows how many digits: missing if either is, else no number."""
    return NA_REAL if is_na_real(value) or is_na_real(digits) else math.nan


def _complex_rounded(x: Vector, digits: Any, whole: bool) -> Vector:
    """Both parts of a number are rounded at one place: for significant digits at that of the larger part."""
    wanted = np.empty(0) if digits is NULL else coerce(numeric_argument(digits), "double").data
    if len(wanted) == 0:
        fail("invalid second argument of length 0")
    length = max(len(x), len(wanted)) if len(x) else 0
    data = recycle(x.data, length) if length else x.data
    values = []
    for value, places in zip(data.tolist(), recycle(wanted, length).tolist() if length else (), strict=True):
        size = max((abs(part) for part in (value.real, value.imag) if math.isfinite(part)), default=0.0)
        if places != places:
            values.append(complex(NA_REAL, NA_REAL) if whole else value if size == 0 else complex(0.0, 0.0))
            continue
        behind = _digits(places)
        if not whole:
            if size == 0 or behind > MOST_SIGNIFICANT:
                values.append(value)
                continue
            behind = max(behind, 1) - math.floor(math.log10(size)) - 1
        values.append(complex(round_double(value.real, behind), round_double(value.imag, behind)))
    return Vector("complex", np.array(values, np.complex128), x.attributes)


def _digits(value: float) -> int:
    return math.floor(min(max(value, -400.0), 400.0) + 0.5)


@builtin("round", "x, digits = 0, ...", group="Math")
def round_builtin(x: Any, digits: Any, dots: Dots) -> Any:
    if dots:
        fail(f"{2 + len(dots)} arguments passed to 'round' which requires 1 or 2 arguments")
    return _rounded(x, digits, round_double, True)


@builtin("signif", "x, digits = 6", group="Math")
def signif(x: Any, digits: Any) -> Any:
    return _rounded(x, digits, signif_double, False)
