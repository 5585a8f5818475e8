"""Functions of one complex number with the branches that R takes on the cuts."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable

import numpy as np

HALF_TURN = math.pi / 2
FLAT_TANGENT = 25.0
"""So far from the real axis the imaginary part of a tangent is one."""


def _guarded(exact: Callable[[complex], complex], loose: Callable[[complex], complex]) -> Callable[[complex], complex]:
    """A function that takes the C library's way where `cmath` refuses a number: infinite or not a number."""

    def apply(value: complex) -> complex:
        try:
            return exact(value)
        except (ValueError, OverflowError):
            with np.errstate(all="ignore"):
                return complex(loose(np.complex128(value)))

    return apply


def _of_library(function: Callable[[complex], complex]) -> Callable[[complex], complex]:
    """A function as the C library has it, which R asks too: its last bits differ from those of `cmath`."""

    def apply(value: complex) -> complex:
        with np.errstate(all="ignore"):
            return complex(function(np.complex128(value)))

    return apply


_arcsine = _of_library(np.arcsin)
_arccosine = _of_library(np.arccos)
_arctangent = _of_library(np.arctan)
_tangent = _of_library(np.tan)


def square_root(value: complex) -> complex:
    """The square root; on the imaginary axis both parts have one size."""
    real, imaginary = value.real, value.imag
    if real == 0 and imaginary and math.isfinite(imaginary):
        part = math.sqrt(0.5 * abs(imaginary))
        return complex(part, math.copysign(part, imaginary))
    return cmath.sqrt(value)


def exponential(value: complex) -> complex:
    """The exponential function; infinite where its size leaves the numbers."""
    try:
        size = math.exp(value.real)
    except OverflowError:
        size = math.inf
    if value.imag == 0:
        return complex(size, value.imag)
    if not math.isfinite(value.imag):
        # Of infinite size in no direction; of no size wherever it points.
        return complex(0.0, 0.0) if size == 0 else complex(size if math.isinf(value.real) else math.nan, math.nan)
    return complex(size * math.cos(value.imag), size * math.sin(value.imag))


def tangent(value: complex) -> complex:
    """The tangent, whose imaginary part is one far from the real axis."""
    if not (math.isfinite(value.real) and math.isfinite(value.imag)):
        return _tangent(value)
    if abs(value.imag) > FLAT_TANGENT:
        return complex(_tangent(value).real, math.copysign(1.0, value.imag))
    sine, cosine = math.sin(value.real), math.cos(value.real)
    high, wide = math.sinh(value.imag), math.cosh(value.imag)
    below = cosine * cosine + (high * high if abs(high) > abs(cosine) * 2.0**-52 else 0.0)
    return complex(sine * cosine / below, high * wide / below)


def arcsine(value: complex) -> complex:
    """The inverse sine; on the cuts of the real axis it is continuous from below on the right, from above on the left."""
    real = value.real
    if value.imag or abs(real) <= 1 or not math.isfinite(real):
        return _arcsine(value)
    right, left = 0.5 * abs(real + 1), 0.5 * abs(real - 1)
    size = right + left
    height = math.log(size + math.sqrt(size * size - 1))
    return complex(math.asin(right - left), -height if real > 1 else height)


def arccosine(value: complex) -> complex:
    """The inverse cosine, from the inverse sine on the cuts."""
    if value.imag or abs(value.real) <= 1:
        return _arccosine(value)
    beside = arcsine(value)
    return complex(HALF_TURN - beside.real, -beside.imag)


def arctangent(value: complex) -> complex:
    """The inverse tangent with the cuts of the imaginary axis."""
    imaginary = value.imag
    if value.real or abs(imaginary) < 1:
        return _arctangent(value)
    if abs(imaginary) == 1:
        return complex(0.0, math.copysign(math.inf, imaginary))
    above, below = (imaginary + 1) ** 2, (imaginary - 1) ** 2
    return complex(math.copysign(HALF_TURN, imaginary), 0.25 * math.log(above / below))


def _turned(value: complex) -> complex:
    """The number times the imaginary unit; nothing is left of the real part of an infinite number."""
    return complex(value.real * 0.0 - value.imag, value.real + value.imag * 0.0)


def _turned_back(value: complex) -> complex:
    return complex(value.real * 0.0 + value.imag, value.imag * 0.0 - value.real)


FUNCTIONS: dict[str, Callable[[complex], complex]] = {
    "sqrt": square_root, "exp": exponential, "tan": tangent, "asin": arcsine, "acos": arccosine, "atan": arctangent,
    "sin": _guarded(cmath.sin, np.sin), "cos": _guarded(cmath.cos, np.cos), "sinh": _guarded(cmath.sinh, np.sinh),
    "cosh": _guarded(cmath.cosh, np.cosh), "tanh": lambda value: _turned_back(tangent(_turned(value))),
    "asinh": lambda value: _turned_back(arcsine(_turned(value))), "acosh": lambda value: _turned(arccosine(value)),
    "atanh": lambda value: _turned_back(arctangent(_turned(value))),
}  # fmt: skip
"""By R's names."""
