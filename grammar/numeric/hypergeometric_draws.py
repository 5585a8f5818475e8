"""Hypergeometric variates, drawn as R draws them.

Source: Kachitvichyanukul and Schmeiser (1985), algorithm H2PE; and inversion where the mode is near the lower end.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from pipekeras.grammar.numeric.generator import GENERATOR

Density = Callable[[float, float, float, float], float]


def hypergeometric(white: float, black: float, drawn: float, density: Density) -> float:
    """One draw, over the smaller colour and the smaller half of the urn; NaN where the urn is none."""
    if not (math.isfinite(white) and math.isfinite(black) and math.isfinite(drawn)):
        return math.nan
    m, n, k = round(white), round(black), round(drawn)
    total = m + n
    if m < 0 or n < 0 or k < 0 or k > total:
        return math.nan
    small, large = min(m, n), max(m, n)
    half = total - k if 2 * k >= total else k
    low, high = max(0, half - large), min(small, half)
    mode = int((half + 1.0) * (small + 1.0) / (total + 2.0))
    if low == high:
        found = high
    elif mode - low < 10:
        found = _by_inversion(small, large, half, low, high, density)
    else:
        found = _by_rejection(small, large, half, low, high, mode)
    if 2 * k >= total:
        return k - n + found if m > n else m - found
    return k - found if m > n else found


def _by_inversion(small: int, large: int, half: int, low: int, high: int, density: Density) -> int:
    while True:
        found = low
        u = GENERATOR.uniform()
        chance = density(low, small, large, half)
        while u > chance and found <= high:
            u -= chance
            chance *= (small - found) * (half - found)
            found += 1
            chance = chance / found / (large - half + found)
        if found <= high:
            return found


_FEW = tuple(math.log(math.factorial(i)) for i in range(8))


def _log_factorial(value: float) -> float:
    i = int(value)
    if i < 8:
        return _FEW[max(i, 0)]
    return (i + 0.5) * math.log(i) - i + 0.0833333333333333 / i - 0.00277777777777778 / i**3 + 0.9189385332


def _by_rejection(small: int, large: int, half: int, low: int, high: int, mode: int) -> int:
    """A box around the mode with an exponential tail on either side, and what lies above the density thrown away."""
    rest = large - half

    def height(x: float) -> float:
        return _log_factorial(x) + _log_factorial(small - x) + _log_factorial(half - x) + _log_factorial(rest + x)

    total = small + large
    spread = math.sqrt((total - half) / (total - 1.0) * half * small / total * large / total)
    width = int(1.5 * spread) + 0.5
    left, right = mode - width + 0.5, mode + width + 0.5
    top = height(mode)
    left_rate = -math.log(left * (rest + left) / (small - left + 1) / (half - left + 1))
    right_rate = -math.log((small - right + 1) * (half - right + 1) / right / (rest + right))
    box = width + width
    with_left = box + math.exp(top - height(left)) / left_rate
    whole = with_left + math.exp(top - height(right - 1)) / right_rate
    while True:
        u = GENERATOR.uniform() * whole
        v = GENERATOR.uniform()
        if u < box:
            found = int(left + u)
        elif u <= with_left:
            found = int(left + math.log(v) / left_rate)
            if found < low:
                continue
            v *= (u - box) * left_rate
        else:
            found = int(right - math.log(v) / right_rate)
            if found > high:
                continue
            v *= (u - with_left) * right_rate
        if mode < 100 or found <= 50:
            accepted = v <= _ratio(small, half, rest, mode, found)
        else:
            accepted = math.log(v) <= top - height(found)
        if accepted:
            return found


def _ratio(small: int, half: int, rest: int, mode: int, found: int) -> float:
    """The density beside that of the mode, factor by factor."""
    ratio = 1.0
    for i in range(mode + 1, found + 1):
        ratio = ratio * (small - i + 1) * (half - i + 1) / (rest + i) / i
    for i in range(found + 1, mode + 1):
        ratio = ratio * i * (rest + i) / (small - i + 1) / (half - i + 1)
    return ratio
