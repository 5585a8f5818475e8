"""Chances of the largest distance between distribution functions under the null hypothesis, exactly.

A walk goes through the values in order and is stopped where the distance gets too large; the chances of being stopped add
up to that of the distance. Sources: A. Moscovich and B. Nadler, Statistics and Probability Letters 123 (2017), for one
sample; J. L. Hodges, Arkiv för Matematik 3 (1958), for two.
"""

from __future__ import annotations

import math

import numpy as np


def _poisson(mean: float, top: int) -> np.ndarray:
    """Chances of 0, 1, ..., `top` events."""
    if mean <= 0:
        return np.eye(1, top + 1)[0]
    counts = np.arange(top + 1)
    logarithms = counts * math.log(mean) - mean - np.array([math.lgamma(count + 1) for count in counts])
    return np.asarray(np.exp(logarithms))


def one_sample_above(distance: float, size: int) -> float:
    """Chance that the largest distance of `size` draws from their distribution is at least `distance`.

    The number of draws up to a time is that of a Poisson process with `size` events up to time one. It has to be below i
    until i/size - distance, and above j from j/size + distance on.
    """
    if not 0 < distance < 1:
        return float(distance <= 0)
    at_most = [(i / size - distance, slice(i, None)) for i in range(1, size + 1)]
    at_least = [(j / size + distance, slice(0, j + 1)) for j in range(size)]
    checks = sorted((check for check in at_most + at_least if 0 < check[0] < 1), key=lambda check: check[0])
    walk, now, stopped = np.eye(1, size + 1)[0], 0.0, 0.0
    for time, outside in checks:
        walk = np.convolve(walk, _poisson(size * (time - now), size))[: size + 1]
        # What is stopped counts as far as it would have come to all draws in the end.
        stopped += float(walk[outside] @ _poisson(size * (1 - time), size)[::-1][outside])
        walk[outside] = 0.0
        now = time
    return stopped / float(_poisson(size, size)[size])


def two_samples_above(distance: float, first: int, second: int, ends: list[bool], two_sided: bool) -> float:
    """Chance that two samples' distribution functions get as far apart as `distance`.

    Args:
        ends: for each place of the pooled sample whether it ends a run of equal values.
        two_sided: whether the first may lie on either side of the second, or only above.
    """
    drawn = np.arange(first + 1)
    # Distances are whole numbers over the product of the sizes.
    least = math.ceil(distance * first * second - 1e-7)
    walk, stopped = np.eye(1, first + 1)[0], 0.0
    for place, ends_run in enumerate(ends):
        left = first + second - place
        from_first = walk * (first - drawn) / left
        walk = walk * np.maximum(second - (place - drawn), 0) / left
        walk[1:] += from_first[:-1]
        if ends_run:
            apart = drawn * second - (place + 1 - drawn) * first
            outside = (np.abs(apart) if two_sided else apart) >= least
            stopped += float(walk[outside].sum())
            walk[outside] = 0.0
    return stopped
