"""Mathematical functions of two arguments, element by element: atan2, choose and beta and their logarithms."""

from __future__ import annotations

import cmath
import math
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.numbers.mathematics import map_pairs
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.numeric.gamma import (
    beta_value,
    choose_value,
)
from pipekeras.grammar.numeric.gamma import (
    log_beta as log_beta_value,
)
from pipekeras.grammar.numeric.gamma import (
    log_choose as log_choose_value,
)
from pipekeras.grammar.values import (
    NA_COMPLEX,
    Vector,
    explicit_class,
)
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.conforming import common_length, recycle, result_attributes
from pipekeras.grammar.vectors.report import fail, warn


@builtin("atan2", "y, x")
def arctangent(y: Any, x: Any) -> Any:
    if any(type(side) is Vector and "factor" in (explicit_class(side) or []) for side in (y, x)):
        fail("non-numeric argument to mathematical function")
    if "complex" in (getattr(y, "kind", ""), getattr(x, "kind", "")):
        return _complex_angles(y, x)
    return map_pairs(y, x, math.atan2, warns=False)


def _complex_angle(y: complex, x: complex) -> complex:
    """The angle whose tangent is a quotient of complex numbers, in the half plane of the divisor."""
    if cmath.isnan(y) or cmath.isnan(x):
        return complex(math.nan, math.nan)
    if x == 0:
        return NA_COMPLEX if y == 0 else complex(math.copysign(math.pi / 2, y.real), 0)
    with np.errstate(all="ignore"):
        quotient = complex(np.complex128(y) / np.complex128(x))
    if quotient.real == 0 and abs(quotient.imag) == 1:
        angle = complex(0, math.copysign(math.inf, quotient.imag))
    else:
        angle = cmath.atan(quotient)
    if x.real < 0:
        angle += math.pi
    return angle - 2 * math.pi if angle.real > math.pi else angle


def _complex_angles(y: Any, x: Any) -> Vector:
    length = common_length(y, x)
    attributes, _ = result_attributes(y, x, length, True)
    empty = np.empty(0, np.complex128)
    left, right = (recycle(coerce(side, "complex").data, length) if length else empty for side in (y, x))
    values = np.array([_complex_angle(a, b) for a, b in zip(left, right, strict=True)], np.complex128)
    if length and np.isnan(values[~np.isnan(left) & ~np.isnan(right)]).any():
        warn('NaNs produced in function "atan2"')
    return Vector("complex", values, attributes)


def _whole_size(size: float) -> float:
    """How many are chosen; a fraction is rounded, and told."""
    if not math.isfinite(size):
        return size
    whole = float(round(size))
    if abs(size - whole) > 1e-7 * max(1.0, abs(size)):
        warn(f"'k' ({size:.2f}) must be integer, rounded to {whole:.0f}")
    return whole


@builtin("choose", "n, k")
def choose(n: Any, k: Any) -> Any:
    return map_pairs(n, k, lambda pool, size: choose_value(pool, _whole_size(size)))


@builtin("lchoose", "n, k")
def log_choose(n: Any, k: Any) -> Any:
    return map_pairs(n, k, lambda pool, size: log_choose_value(pool, _whole_size(size)))


@builtin("beta", "a, b")
def beta(a: Any, b: Any) -> Any:
    return map_pairs(a, b, beta_value)


@builtin("lbeta", "a, b")
def log_beta(a: Any, b: Any) -> Any:
    return map_pairs(a, b, log_beta_value)
