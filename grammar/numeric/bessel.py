"""Bessel functions of real order by quadrature of their integrals, and the noncentral t distribution by its series."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from pipekeras.grammar.numeric.normal import normal_probability
from pipekeras.grammar.numeric.special import beta_lower

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(32)


def _integral(function: Callable[[np.ndarray], np.ndarray], end: float, pieces: int) -> float:
    """Integral from 0 to `end` in equal pieces."""
    half = end / pieces / 2
    middles = half * (2 * np.arange(pieces) + 1)
    nodes = (middles[:, None] + half * _NODES).ravel()
    return float(np.sum(function(nodes) * np.tile(half * _WEIGHTS, pieces)))


def _tail(function: Callable[[np.ndarray], np.ndarray], x: float, order: float) -> float:
    """Integral over the half-line of something that falls as exp(order t - x sinh t)."""
    end = math.asinh((60.0 + 8.0 * order + 40.0 * max(0.0, -math.log(min(x, 1.0))) * order) / x) + 1.0
    with np.errstate(over="ignore", under="ignore"):
        return _integral(function, end, 8 + int(2 * end))


def _pieces(x: float, order: float) -> int:
    return 4 + int((x + order) / 8)


def bessel_j(x: float, order: float) -> float:
    """Bessel function of the first kind."""
    if x == 0:
        return 1.0 if order == 0 else 0.0
    made = _integral(lambda t: np.cos(order * t - x * np.sin(t)), math.pi, _pieces(x, order)) / math.pi
    if order == int(order):
        return made
    return made - math.sin(order * math.pi) / math.pi * _tail(lambda t: np.exp(-x * np.sinh(t) - order * t), x, 0.0)


def bessel_y(x: float, order: float) -> float:
    """Bessel function of the second kind."""
    if x == 0:
        return -math.inf
    wave = _integral(lambda t: np.sin(x * np.sin(t) - order * t), math.pi, _pieces(x, order))
    turned = math.cos(order * math.pi)
    rest = _tail(lambda t: np.exp(order * t - x * np.sinh(t)) + turned * np.exp(-order * t - x * np.sinh(t)), x, order)
    return (wave - rest) / math.pi


def bessel_i(x: float, order: float, scaled: bool) -> float:
    """Modified Bessel function of the first kind, times exp(-x) where scaled."""
    if x == 0:
        return 1.0 if order == 0 else 0.0
    made = _integral(lambda t: np.exp(x * (np.cos(t) - 1)) * np.cos(order * t), math.pi, 8 + _pieces(x, order)) / math.pi
    if order != int(order):
        end = _tail(lambda t: np.exp(-x * (np.cosh(t) + 1) - order * t), x, 0.0)
        made -= math.sin(order * math.pi) / math.pi * end
    return made if scaled else made * math.exp(x)


def bessel_k(x: float, order: float, scaled: bool) -> float:
    """Modified Bessel function of the second kind, times exp(x) where scaled."""
    if x == 0:
        return math.inf
    order = abs(order)
    made = _tail(lambda t: (np.exp(order * t - x * (np.cosh(t) - 1)) + np.exp(-order * t - x * (np.cosh(t) - 1))) / 2, x, order)
    return made if scaled else made * math.exp(-x)


def noncentral_t(value: float, degrees: float, shift: float) -> float:
    """Distribution function of the noncentral t, by Lenth's series of incomplete beta functions."""
    if value < 0:
        return 1.0 - noncentral_t(-value, degrees, -shift)
    x = value * value / (value * value + degrees)
    total = 0.0
    if x > 0:
        half = 0.5 * shift * shift
        p = 0.5 * math.exp(-half)
        q = math.sqrt(2 / math.pi) * 0.5 * math.exp(-half) * shift
        for at in range(2000):
            step = p * beta_lower(at + 0.5, degrees / 2, x) + q * beta_lower(at + 1.0, degrees / 2, x)
            total += step
            if at > half and abs(p) + abs(q) < 1e-17:
                break
            p *= half / (at + 1)
            q *= half / (at + 1.5)
    return min(1.0, total + normal_probability(-shift))
