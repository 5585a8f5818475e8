"""Incomplete gamma and beta functions, the base of most distribution functions.

Sources: series and continued fractions of the NIST Digital Library of Mathematical Functions, 8.7, 8.9 and 8.17;
the modified Lentz method for continued fractions.
"""

from __future__ import annotations

import math

TINY = 1e-300
PRECISION = 1e-16
LIMIT = 100000


def gamma_lower(shape: float, x: float) -> float:
    """Regularised lower incomplete gamma function P(shape, x)."""
    if x <= 0:
        return 0.0
    if math.isinf(x):
        return 1.0
    if x < shape + 1:
        return _gamma_series(shape, x)
    return 1.0 - _gamma_fraction(shape, x)


def gamma_upper(shape: float, x: float) -> float:
    """Regularised upper incomplete gamma function Q(shape, x)."""
    if x <= 0:
        return 1.0
    if math.isinf(x):
        return 0.0
    if x < shape + 1:
        return 1.0 - _gamma_series(shape, x)
    return _gamma_fraction(shape, x)


def _gamma_front(shape: float, x: float) -> float:
    return math.exp(-x + shape * math.log(x) - math.lgamma(shape))


def _gamma_series(shape: float, x: float) -> float:
    term = total = 1.0 / shape
    n = shape
    for _ in range(LIMIT):
        n += 1
        term *= x / n
        total += term
        if abs(term) < abs(total) * PRECISION:
            break
    return total * _gamma_front(shape, x)


def _gamma_fraction(shape: float, x: float) -> float:
    b = x + 1 - shape
    c = 1 / TINY
    d = 1 / b
    h = d
    for i in range(1, LIMIT):
        an = -i * (i - shape)
        b += 2
        d = an * d + b
        d = TINY if abs(d) < TINY else d
        c = b + an / c
        c = TINY if abs(c) < TINY else c
        d = 1 / d
        step = d * c
        h *= step
        if abs(step - 1) < PRECISION:
            break
    return h * _gamma_front(shape, x)


def beta_lower(a: float, b: float, x: float) -> float:
    """Regularised incomplete beta function I_x(a, b)."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(a, b, x) / a
    return 1.0 - front * _beta_fraction(b, a, 1 - x) / b


def _beta_fraction(a: float, b: float, x: float) -> float:
    c = 1.0
    d = 1 - (a + b) * x / (a + 1)
    d = 1 / (TINY if abs(d) < TINY else d)
    h = d
    for m in range(1, LIMIT):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 + even * d
        d = TINY if abs(d) < TINY else d
        c = 1 + even / c
        c = TINY if abs(c) < TINY else c
        d = 1 / d
        h *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 + odd * d
        d = TINY if abs(d) < TINY else d
        c = 1 + odd / c
        c = TINY if abs(c) < TINY else c
        d = 1 / d
        step = d * c
        h *= step
        if abs(step - 1) < PRECISION:
            break
    return h
