"""Noncentral chi-squared, F and beta distributions: central ones mixed by Poisson weights.

Source: N. L. Johnson, S. Kotz and N. Balakrishnan, Continuous Univariate Distributions 2 (1995), chapters 29 and 30.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from pipekeras.grammar.numeric.special import beta_lower, gamma_lower, gamma_upper


def _mixed(part: Callable[[int], float], shift: float) -> float:
    """Sum of `part(j)` weighted by the chances of a Poisson variable with mean shift / 2."""
    if math.isnan(shift) or shift < 0 or math.isinf(shift):
        return math.nan
    mean = shift / 2
    if mean == 0:
        return part(0)
    reach = 9 * math.sqrt(mean) + 40
    first = max(0, math.floor(mean - reach))
    terms = [math.exp(j * math.log(mean) - mean - math.lgamma(j + 1)) * part(j) for j in range(first, math.ceil(mean + reach))]
    return math.fsum(terms)


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
    return 0.0 if x <= 0 else 1.0 if x >= 1 else min(_mixed(lambda j: beta_lower(a + j, b, x), shift), 1.0)


def beta_above(x: float, a: float, b: float, shift: float) -> float:
    return 1.0 if x <= 0 else 0.0 if x >= 1 else min(_mixed(lambda j: beta_lower(b, a + j, 1 - x), shift), 1.0)


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
    rest = second / (first * x + second)
    return min(_mixed(lambda j: beta_lower(second / 2, first / 2 + j, rest), shift), 1.0)


def fisher_density(x: float, first: float, second: float, shift: float) -> float:
    if x <= 0:
        return 0.0
    ratio = first / second
    return beta_density(ratio * x / (1 + ratio * x), first / 2, second / 2, shift) * ratio / (1 + ratio * x) ** 2
