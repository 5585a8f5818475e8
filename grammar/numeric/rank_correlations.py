"""Distributions of Kendall's and Spearman's statistics under independence.

Sources: M. G. Kendall, Rank Correlation Methods (1970); D. J. Best and D. E. Roberts, Applied Statistics 24 (1975),
algorithm 89, for the series of many values.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from pipekeras.grammar.numeric.normal import normal_probability

COUNTED = 9
"""Up to so many values all orders are counted for Spearman's statistic."""

_SERIES = np.array([
    [0.2274, 0.2531, 0.1745],
    [-0.0758, 0.1033, 0.3932],
    [0.0, -0.0879, -0.0151],
    [0.0, 0.0072, -0.0831],
    [0.0, 0.0, 0.0131],
    [0.0, 0.0, -0.00046],
])  # fmt: skip
"""Edgeworth's corrections: rows by powers of the squared deviate, columns by powers of 1/n."""


def kendall_score(x: np.ndarray, y: np.ndarray) -> float:
    """How many more pairs are in the same order than in opposite orders."""
    return float(sum(np.sum(np.sign(x[i] - x[:i]) * np.sign(y[i] - y[:i])) for i in range(1, len(x))))


def kendall_variance(x: np.ndarray, y: np.ndarray) -> float:
    """Variance of the score, with runs of equal values taken into account."""
    n = len(x)
    runs = [np.unique(values, return_counts=True)[1].astype(float) for values in (x, y)]

    def single(t: np.ndarray | float) -> np.ndarray | float:
        return t * (t - 1) * (2 * t + 5)

    pairs = [float(np.sum(t * (t - 1))) for t in runs]
    triples = [float(np.sum(t * (t - 1) * (t - 2))) for t in runs]
    variance = float(single(float(n)) - sum(np.sum(single(t)) for t in runs)) / 18
    variance += pairs[0] * pairs[1] / (2 * n * (n - 1))
    return variance + triples[0] * triples[1] / (9 * n * (n - 1) * (n - 2))


@lru_cache(maxsize=16)
def _concordant_shares(n: int) -> np.ndarray:
    """Shares of the orders of n values by their concordant pairs: the k-th value adds 0 to k - 1 of them, all alike."""
    shares = np.ones(1)
    for k in range(2, n + 1):
        shares = np.convolve(shares, np.full(k, 1 / k))
    return shares


def kendall_tails(pairs: int, n: int) -> tuple[float, float]:
    """Chances of at most and of at least so many concordant pairs."""
    shares = _concordant_shares(n)
    return float(np.sum(shares[: pairs + 1])), float(np.sum(shares[pairs:]))


@lru_cache(maxsize=COUNTED)
def _distance_shares(n: int) -> np.ndarray:
    """Shares of the orders of n values by the sum of their squared distances from 1, 2, ..., n.

    Values are placed one after another; orders that have taken the same places are counted together.
    """
    top = n * (n * n - 1) // 3
    ways = {0: np.eye(1, top + 1)[0]}
    for value in range(n):
        following: dict[int, np.ndarray] = {}
        for taken, counts in ways.items():
            for place in range(n):
                if not taken >> place & 1:
                    step = (place - value) ** 2
                    moved = np.concatenate((np.zeros(step), counts))[: top + 1]
                    following[taken | 1 << place] = following.get(taken | 1 << place, 0.0) + moved
        ways = following
    return ways[2**n - 1] / math.factorial(n)


def _spearman_at_least(distance: int, n: int) -> tuple[float, float]:
    """Chances of a sum of squared distances (an even number) of at least `distance`, and of less."""
    if distance <= 0 or distance > n * (n * n - 1) // 3:
        return (1.0, 0.0) if distance <= 0 else (0.0, 1.0)
    if n <= COUNTED:
        shares = _distance_shares(n)
        return float(np.sum(shares[distance:])), float(np.sum(shares[:distance]))
    x = (6 * (distance - 1) / (n * (n * n - 1)) - 1) * math.sqrt(n - 1)
    correction = x / n * float(np.polynomial.polynomial.polyval2d(x * x, 1 / n, _SERIES)) / math.exp(x * x / 2)
    chances = normal_probability(x, upper=True) + correction, normal_probability(x) - correction
    return min(1.0, max(0.0, chances[0])), min(1.0, max(0.0, chances[1]))


def spearman_tails(distance: int, n: int) -> tuple[float, float]:
    """Chances of a sum of squared distances of at most and of at least `distance`."""
    even = 2 * math.ceil(distance / 2)
    return _spearman_at_least(even + 2, n)[1], _spearman_at_least(even, n)[0]
