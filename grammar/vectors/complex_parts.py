"""Sums, products and quotients of complex numbers where a part is not a number.

R leaves these to the C language: an infinite factor makes a product infinite even where the sum of its parts is no
number, and of two parts that are no numbers, NA or NaN, the one that is met first stays.
"""

from __future__ import annotations

import math

import numpy as np


def _product(first: float, second: float) -> float:
    return first if first != first else second if second != second else first * second


def _sum(first: float, second: float) -> float:
    return first if first != first else second if second != second else first + second


def _difference(first: float, second: float) -> float:
    return first if first != first else second if second != second else first - second


def _quotient(first: float, second: float) -> float:
    if first != first or second != second:
        return first if first != first else second
    with np.errstate(all="ignore"):
        return float(np.float64(first) / np.float64(second))


def added(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Sums; where both parts are no numbers, the right one stays."""
    made = left + right
    for part, mine, other in ((made.real, left.real, right.real), (made.imag, left.imag, right.imag)):
        both = np.isnan(mine) & np.isnan(other)
        part[both] = other[both]
    return made


def multiplied(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Products, each part rounded as it is written: NumPy fuses steps on some machines."""
    a, b, c, d = left.real, left.imag, right.real, right.imag
    made = np.empty(len(left), np.complex128)
    made.real, made.imag = a * c - b * d, a * d + b * c
    for k in np.flatnonzero(np.isnan(made.real) | np.isnan(made.imag)).tolist():
        made[k] = _lost_product(complex(left[k]), complex(right[k]))
    return made


_LARGE = np.finfo(np.float64).max / 2
_SMALL = float(np.finfo(np.float64).eps)
_NORMAL = float(np.finfo(np.float64).tiny)


def divided(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Quotients: the smaller part of the divisor is taken as a share of the larger one.

    Numbers near the ends of the range are scaled by powers of two before, and a share too small for a normal number
    is taken of the other factor first.

    References:
        Smith, "Algorithm 116: Complex division", 1962; Baudin and Smith, "A robust complex division in Scilab", 2012.
    """
    swapped = np.abs(right.real) < np.abs(right.imag)
    # Divided by the imaginary unit on both sides, the larger part comes first.
    a, b, c, d = (np.where(swapped, *pair) for pair in (
        (left.imag, left.real), (-left.real, left.imag), (right.imag, right.real), (-right.real, right.imag)))
    scale = _scale(np.abs(a), np.abs(b), np.abs(c))
    a, b, c, d = a * scale, b * scale, c * scale, d * scale
    share = d / c
    ordinary = np.abs(share) > _NORMAL
    below = c + d * share
    made = np.empty(len(left), np.complex128)
    made.real = (a + np.where(ordinary, b * share, d * (b / c))) / below
    made.imag = (b - np.where(ordinary, a * share, d * (a / c))) / below
    for k in np.flatnonzero(np.isnan(made.real) | np.isnan(made.imag)).tolist():
        made[k] = _lost_quotient(complex(left[k]), complex(right[k]))
    return made


def _scale(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """What both numbers are multiplied by, of the sizes of the dividend's parts and the divisor's larger one."""
    room = _LARGE * _SMALL
    vanishing = ((a < _NORMAL) & (b < room) | (b < _NORMAL) & (a < room)) & (c < room)
    return np.where(c >= _LARGE, 0.5, np.where((c < _SMALL) | vanishing, 1 / _SMALL, 1.0))


def _is_infinite(value: complex) -> bool:
    return math.isinf(value.real) or math.isinf(value.imag)


def _is_finite(value: complex) -> bool:
    return math.isfinite(value.real) and math.isfinite(value.imag)


def _direction(value: complex) -> tuple[float, float]:
    """Of an infinite number: one for a part that is infinite and zero for the other, with their signs."""
    real, imaginary = (math.copysign(1.0 if math.isinf(part) else 0.0, part) for part in (value.real, value.imag))
    return real, imaginary


def _lost_product(left: complex, right: complex) -> complex:
    a, b, c, d = left.real, left.imag, right.real, right.imag
    real = _difference(_product(c, a), _product(d, b))
    imaginary = _sum(_product(c, b), _product(a, d))
    if real == real or imaginary == imaginary or not (_is_infinite(left) or _is_infinite(right)):
        return complex(real, imaginary)
    first, second = (
        _direction(value) if _is_infinite(value) else
        tuple(math.copysign(0.0, part) if math.isnan(part) else part for part in (value.real, value.imag))
        for value in (left, right)
    )  # fmt: skip
    return complex(math.inf * (first[0] * second[0] - first[1] * second[1]),
                   math.inf * (first[0] * second[1] + first[1] * second[0]))


def _lost_quotient(left: complex, right: complex) -> complex:
    larger = max(abs(right.real), abs(right.imag))
    scale = float(_scale(*np.abs(np.array([[left.real], [left.imag], [larger]])))[0])
    a, b, c, d = (part * scale for part in (left.real, left.imag, right.real, right.imag))
    if abs(c) < abs(d):
        ratio = c / d
        below = c * ratio + d
        ordinary = abs(ratio) > _NORMAL
        first = _product(a, ratio) if ordinary else _product(c, _quotient(a, d))
        second = _product(b, ratio) if ordinary else _product(c, _quotient(b, d))
        real, imaginary = _quotient(_sum(first, b), below), _quotient(_difference(second, a), below)
    else:
        ratio = _quotient(d, c)
        below = _sum(_product(d, ratio), c)
        ordinary = abs(ratio) > _NORMAL
        first = _product(b, ratio) if ordinary else _product(_quotient(b, c), d)
        second = _product(a, ratio) if ordinary else _product(_quotient(a, c), d)
        real, imaginary = _quotient(_sum(first, a), below), _quotient(_difference(b, second), below)
    if real == real or imaginary == imaginary:
        return complex(real, imaginary)
    if c == 0 and d == 0 and (a == a or b == b):
        return complex(math.copysign(math.inf, c) * a, math.copysign(math.inf, c) * b)
    if _is_infinite(left) and _is_finite(right):
        a, b = _direction(left)
        return complex(math.inf * (a * c + b * d), math.inf * (b * c - a * d))
    if _is_infinite(right) and _is_finite(left):
        c, d = _direction(right)
        return complex(0.0 * (a * c + b * d), 0.0 * (b * c - a * d))
    return complex(real, imaginary)
