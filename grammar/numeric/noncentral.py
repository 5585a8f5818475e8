"""Noncentral chi-squared, F and beta distributions: central ones mixed by Poisson weights.

Source: N. L. Johnson, S. Kotz and N. Balakrishnan, Continuous Univariate Distributions 2 (1995), chapters 29 and 30.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from pipekeras.grammar.numeric.special import beta_lower, gamma_lower, gamma_upper


def _mixed(part: Callable[[int], float], shift: float) -> float:
    """Sum of `part(j)` weighted by the chances of a Poisson variable with mean shift / 2."""
    if math.isnan(shift) or shift < 0 or math.isinf(shift):
        return math.nan
    mean = shift / 2
    if mean == 0:
        return part(0)
    return math.fsum(math.exp(j * math.log(mean) - mean - math.lgamma(j + 1)) * part(j) for j in _around(mean))


def _around(mean: float) -> range:
    """The values of a Poisson variable that have a chance worth counting."""
    reach = 9 * math.sqrt(mean) + 40
    return range(max(0, math.floor(mean - reach)), math.ceil(mean + reach))


def _mixed_beta(x: float, a: float, b: float, shift: float, upper: bool) -> float:
    """The distribution function of a mixed beta variable, or its complement.

    Of many terms each follows from its neighbour: I(x; a + 1, b) = I(x; a, b) - x^a (1 - x)^b / (a B(a, b)). Only
    positive numbers are added.
    """
    places = _around(shift / 2) if 0 < shift < math.inf else range(0)
    if len(places) <= 500:
        return _mixed(lambda j: beta_lower(b, a + j, 1 - x) if upper else beta_lower(a + j, b, x), shift)
    at = np.arange(places.start, places.stop)
    weights = np.exp(_running(at[0] * math.log(shift / 2) - shift / 2 - math.lgamma(at[0] + 1), np.log(shift / 2 / at[1:])))
    first = a + places.start
    begin = first * math.log(x) + b * math.log1p(-x) - math.lgamma(first + 1) - math.lgamma(b) + math.lgamma(first + b)
    steps = np.exp(_running(begin, np.log(x * (a + at[:-1] + b) / (a + at[1:]))))
    if upper:
        parts = beta_lower(b, first, 1 - x) + np.concatenate(([0.0], np.cumsum(steps[:-1])))
    else:
        parts = beta_lower(a + places.stop, b, x) + np.cumsum(steps[::-1])[::-1]
    return float(np.sum(weights * parts))


def _running(begin: float, steps: np.ndarray) -> np.ndarray:
    return begin + np.concatenate(([0.0], np.cumsum(steps)))


def chi_lower(x: float, degrees: float, shift: float) -> float:
    return 0.0 if x <= 0 else min(_mixed(lambda j: gamma_lower(degrees / 2 + j, x / 2), shift), 1.0)


def chi_upper(x: float, degrees: float, shift: float) -> float:
    return 1.0 if x <= 0 else min(_mixed(lambda j: gamma_upper(degrees / 2 + j, x / 2), shift), 1.0)


def chi_density(x: float, degrees: float, shift: float) -> float:
    if x < 0 or (x == 0 and degrees > 2):
        return 0.0
    if x == 0:
        return math.inf if degrees < 2 else math.exp(-shift / 2) / 2

    def part(j: int) -> float:
        shape = degrees / 2 + j
        return math.exp((shape - 1) * math.log(x / 2) - x / 2 - math.lgamma(shape)) / 2

    return _mixed(part, shift)


def beta_below(x: float, a: float, b: float, shift: float) -> float:
    return 0.0 if x <= 0 else 1.0 if x >= 1 else min(_mixed_beta(x, a, b, shift, False), 1.0)


def beta_above(x: float, a: float, b: float, shift: float) -> float:
    return 1.0 if x <= 0 else 0.0 if x >= 1 else min(_mixed_beta(x, a, b, shift, True), 1.0)


def beta_density(x: float, a: float, b: float, shift: float) -> float:
    if not 0 < x < 1:
        return 0.0

    def part(j: int) -> float:
        constant = math.lgamma(a + j + b) - math.lgamma(a + j) - math.lgamma(b)
        return math.exp(constant + (a + j - 1) * math.log(x) + (b - 1) * math.log1p(-x))

    return _mixed(part, shift)


def fisher_lower(x: float, first: float, second: float, shift: float) -> float:
    return 0.0 if x <= 0 else beta_below(first * x / (first * x + second), first / 2, second / 2, shift)


def fisher_upper(x: float, first: float, second: float, shift: float) -> float:
    if x <= 0:
        return 1.0
    return beta_above(first * x / (first * x + second), first / 2, second / 2, shift)


def fisher_density(x: float, first: float, second: float, shift: float) -> float:
    if x <= 0:
        return 0.0
    ratio = first / second
    return beta_density(ratio * x / (1 + ratio * x), first / 2, second / 2, shift) * ratio / (1 + ratio * x) ** 2
