"""The studentized range: its distribution function by quadrature, its quantiles by the secant method."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise

import numpy as np
from pipekeras.grammar.numeric.normal import normal_probabilities

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)


@lru_cache(maxsize=1)
def _grid() -> tuple[np.ndarray, np.ndarray]:
    """Nodes over the line of the normal distribution, with weights that hold its density."""
    edges = np.linspace(-8.5, 8.5, 18)
    half = (edges[1:] - edges[:-1]) / 2
    middle = (edges[1:] + edges[:-1]) / 2
    nodes = (middle[:, None] + half[:, None] * _NODES).ravel()
    weights = (half[:, None] * _WEIGHTS).ravel() * np.exp(-0.5 * nodes**2) / math.sqrt(2 * math.pi)
    return nodes, weights


@lru_cache(maxsize=1)
def _grid_probabilities() -> np.ndarray:
    return normal_probabilities(_grid()[0])


def _range_chance(width: float, groups: float) -> float:
    """Chance that the range of `groups` normal values is below a width."""
    if width <= 0:
        return 0.0
    nodes, weights = _grid()
    above = normal_probabilities(nodes + width)
    return min(1.0, float(groups * np.sum(weights * np.maximum(above - _grid_probabilities(), 0.0) ** (groups - 1))))


def range_probability(q: float, groups: float, degrees: float, ranges: float = 1.0) -> float:
    """Chance that a studentized range (or the largest of several) is at most `q`."""
    if q <= 0:
        return 0.0
    if degrees < 2 or ranges < 1 or groups < 2:
        raise ValueError
    if math.isinf(q):
        return 1.0
    if degrees > 25000:
        return _range_chance(q, groups) ** ranges
    # The scale is chi / sqrt(degrees); its density is integrated over the logarithm of the scale.
    half = degrees / 2
    front = math.log(2.0) + half * math.log(half) - math.lgamma(half)
    spread = 1 / math.sqrt(2 * degrees)
    low, high = -9 * spread - 6 / degrees, min(9 * spread, 3.0)
    edges = np.linspace(low, high, 7)
    total = 0.0
    for start, end in pairwise(edges.tolist()):
        reach, middle = (end - start) / 2, (end + start) / 2
        for node, weight in zip(_NODES, _WEIGHTS, strict=True):
            log_scale = middle + reach * node
            density = math.exp(front + degrees * log_scale - half * math.exp(2 * log_scale))
            if density * weight > 1e-18:
                total += reach * weight * density * _range_chance(q * math.exp(log_scale), groups) ** ranges
    return min(1.0, total)


def _start(p: float, groups: float, degrees: float) -> float:
    """A first guess at a quantile, by Odeh and Evans' formula for the normal one."""
    tail = 0.5 - 0.5 * p
    y = math.sqrt(math.log(1 / (tail * tail)))
    above = (((y * -0.453642210148e-04 - 0.204231210125) * y - 0.342242088547) * y - 1.0) * y + 0.322232421088
    below = (((y * 0.38560700634e-02 + 0.103537752850) * y + 0.531103462366) * y + 0.588581570495) * y + 0.993484626060e-01
    t = y + above / below
    if degrees < 120:
        t += (t * t * t + t) / degrees / 4
    q = 0.8832 - 0.2368 * t
    if degrees < 120:
        q = q - 1.214 / degrees + 1.208 * t / degrees
    return t * (q * math.log(groups - 1) + 1.4142)


def range_quantile(p: float, groups: float, degrees: float, ranges: float = 1.0) -> float:
    """Quantile of the studentized range, to the four decimals at which the secant method of the field's tables stops."""
    if not 0 <= p <= 1 or degrees < 2 or ranges < 1 or groups < 2:
        raise ValueError
    if p in (0, 1):
        return 0.0 if p == 0 else math.inf
    before = _start(p, groups, degrees)
    value_before = range_probability(before, groups, degrees, ranges) - p
    current = max(0.0, before - 1) if value_before > 0 and before > 1 else before + 1
    value = range_probability(current, groups, degrees, ranges) - p
    for _ in range(50):
        answer = current - value * (current - before) / (value - value_before)
        value_before, before = value, current
        if answer < 0:
            answer, value = 0.0, -p
        value = range_probability(answer, groups, degrees, ranges) - p
        current = answer
        if abs(current - before) < 0.0001:
            break
    return current
