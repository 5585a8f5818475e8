"""Friedman's super smoother: running lines whose span is chosen along the way by cross-validation.

Source: J. H. Friedman, A variable span smoother, Laboratory for Computational Statistics, Stanford University, report 5 (1984).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.values import Value, Vector
from pipekeras.grammar.vectors.arguments import flag, number

_SPANS = (0.05, 0.2, 0.5)
"""The shares of the observations that a narrow, a middle and a wide line are fitted to."""

_LEAST = 1e-7
"""The smallest share by which a span is widened."""


class _Line:
    """A least squares line through a window, kept up to date as observations come and go."""

    def __init__(self) -> None:
        self.weight = self.x = self.y = self.spread = self.shared = 0.0

    def take(self, x: float, y: float, weight: float) -> None:
        before = self.weight
        self.weight += weight
        if self.weight > 0:
            self.x = (before * self.x + weight * x) / self.weight
            self.y = (before * self.y + weight * y) / self.weight
        share = self.weight * weight * (x - self.x) / before if before > 0 else 0.0
        self.spread += share * (x - self.x)
        self.shared += share * (y - self.y)

    def drop(self, x: float, y: float, weight: float) -> None:
        before = self.weight
        self.weight -= weight
        share = before * weight * (x - self.x) / self.weight if self.weight > 0 else 0.0
        self.spread -= share * (x - self.x)
        self.shared -= share * (y - self.y)
        if self.weight > 0:
            self.x = (before * self.x - weight * x) / self.weight
            self.y = (before * self.y - weight * y) / self.weight


def _running_lines(
    x: list[float], y: list[float], weights: list[float], span: float, periodic: bool, flat: float
) -> tuple[list[float], list[float]]:
    """Lines of one span, and the sizes of the residuals that each would have without its own observation."""
    count = len(x)
    half = max(2, int(0.5 * span * count + 0.5))

    def at(place: int) -> tuple[float, float, float]:
        turn, inner = divmod(place, count)
        return x[inner] + turn, y[inner], weights[inner]

    line = _Line()
    for place in range(-half - 1, half) if periodic else range(min(2 * half + 1, count)):
        line.take(*at(place))
    smooth: list[float] = []
    residuals: list[float] = []
    for place in range(count):
        gone, come = place - half - 1, place + half
        if periodic or (gone >= 0 and come < count):
            line.drop(*at(gone))
            line.take(*at(come))
        sloped = line.spread > flat
        smooth.append((line.shared / line.spread if sloped else 0.0) * (x[place] - line.x) + line.y)
        lever = 1 / line.weight if line.weight > 0 else 0.0
        if sloped:
            lever += (x[place] - line.x) ** 2 / line.spread
        left = 1 - weights[place] * lever
        # An observation that the line goes through whatever it is says nothing: the one before speaks for it.
        residuals.append(abs(y[place] - smooth[-1]) / left if left > 0 else residuals[-1] if residuals else 0.0)
    # Observations at one place have one value.
    first = 0
    while first < count:
        last = first
        while last + 1 < count and x[last + 1] <= x[first]:
            last += 1
        if last > first:
            total = sum(weights[first : last + 1])
            shared = sum(weights[k] * smooth[k] for k in range(first, last + 1))
            smooth[first : last + 1] = [shared / total if total > 0 else 0.0] * (last - first + 1)
        first = last + 1
    return smooth, residuals


def _spanned(x: list[float], y: list[float], weights: list[float], periodic: bool, bass: float, flat: float) -> list[float]:
    """The smooth whose span is chosen at every place, `bass` (0 to 10) leaning towards the widest."""

    def smoothed(values: list[float], span: float) -> list[float]:
        return _running_lines(x, values, weights, span, periodic, flat)[0]

    lines, errors = [], []
    for span in _SPANS:
        line, residuals = _running_lines(x, y, weights, span, periodic, flat)
        lines.append(line)
        errors.append(smoothed(residuals, _SPANS[1]))
    chosen = []
    for each in zip(*errors, strict=True):
        least = min(each)
        span = _SPANS[each.index(least)]
        if 0 < bass <= 10 and 0 < least < each[2]:
            span += (_SPANS[2] - span) * max(_LEAST, least / each[2]) ** (10 - bass)
        chosen.append(span)
    blended = []
    for place, span in enumerate(smoothed(chosen, _SPANS[1])):
        beyond = min(max(span, _SPANS[0]), _SPANS[2]) - _SPANS[1]
        other, reach = (0, _SPANS[1] - _SPANS[0]) if beyond < 0 else (2, _SPANS[2] - _SPANS[1])
        share = abs(beyond) / reach
        blended.append((1 - share) * lines[1][place] + share * lines[other][place])
    return smoothed(blended, _SPANS[0])


@builtin(".super_smooth", "x, y, weights, span, periodic, bass", package="internal")
def super_smooth(x: Any, y: Any, weights: Any, span: Any, periodic: Any, bass: Any) -> Value:
    """Smoothed values of observations in the order of x; a span of 0 is chosen along the way."""
    places, values, shares = (np.asarray(part.data, np.float64).tolist() for part in (x, y, weights))
    count = len(places)
    if places[-1] <= places[0]:
        middle = float(np.average(values, weights=shares))
        return Vector("double", np.full(count, middle))
    low, high = count // 4, 3 * (count // 4)
    while low < 1 or places[high - 1] <= places[low - 1]:
        low, high = max(1, low - 1), min(count, high + 1)
    flat = (1e-3 * (places[high - 1] - places[low - 1])) ** 2
    wanted = number(span)
    made = (
        _running_lines(places, values, shares, wanted, flag(periodic), flat)[0]
        if wanted > 0
        else _spanned(places, values, shares, flag(periodic), number(bass), flat)
    )
    return Vector("double", np.asarray(made))
