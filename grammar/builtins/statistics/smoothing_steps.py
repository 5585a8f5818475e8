"""The loops behind exponential smoothing as models of states: passes over a series and the search for their parameters.

Sources: R. J. Hyndman, A. B. Koehler, J. K. Ord and R. D. Snyder, Forecasting with Exponential Smoothing (2008); R. J.
Hyndman, M. Akram and B. C. Archibald, Annals of the Institute of Statistical Mathematics 60 (2008), for the parameters
that are admissible; J. A. Nelder and R. Mead, Computer Journal 7 (1965), with the beginning and the end of J. C. Nash,
Compact Numerical Methods for Computers (1990), algorithm 19.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.values import Value, Vector, mk_list
from pipekeras.grammar.vectors.arguments import flag, number, whole
from pipekeras.grammar.vectors.shapes import from_array

_SMALL = 1e-10
"""What is divided by is at least about this."""

_HUGE = 1e10
"""What a division by less than that gives."""

_CLOSE = math.sqrt(np.finfo(np.float64).eps)
"""A simplex whose heights differ by less than this share has settled."""

_IMPOSSIBLE = 1e35
"""The height of points that cannot be judged."""


@dataclass(frozen=True)
class Kind:
    """Which parts a model has: each is "A" (added), "M" (multiplied) or "N" (absent)."""

    error: str
    trend: str
    season: str
    period: int


@dataclass(frozen=True)
class Passed:
    """A pass over a series: states after each step, errors, what was foretold, squares of errors of several steps."""

    states: list[list[float]]
    errors: list[float]
    fitted: list[float]
    squares: list[float]
    height: float


def _ahead(level: float, trend: float, season: list[float], kind: Kind, phi: float, steps: int) -> list[float]:
    """Forecasts of the steps that follow a state; `season` begins with the latest part."""
    found = []
    damped = phi
    power = phi
    for step in range(steps):
        value = level
        if kind.trend == "A":
            value += damped * trend
        elif kind.trend == "M":
            value = -99999.0 if trend < 0 else value * trend**damped
        if kind.season != "N":
            part = season[kind.period - 1 - step % kind.period]
            value = value + part if kind.season == "A" else value * part
        found.append(value)
        power *= phi
        damped += 1.0 if phi == 1.0 else power
    return found


def _passed(values: list[float], state: list[float], kind: Kind, weights: tuple[float, ...], steps: int, kept: bool) -> Passed:
    """Smooth a series from a state, and judge the errors by twice the likelihood's negative logarithm."""
    alpha, beta, gamma, phi = weights
    trending, growing = kind.trend != "N", kind.trend == "M"
    seasonal, adds, relative = kind.season != "N", kind.season == "A", kind.error == "M"
    period = kind.period
    level = state[0]
    trend = state[1] if trending else 0.0
    # The seasons stand in a ring: `at` is where the oldest one, that of the next observation, is.
    ring = state[1 + trending :][::-1] if seasonal else []
    at = 0
    share = beta / alpha if trending and alpha else 0.0
    states = [state] if kept else []
    errors, fitted = [], []
    squares, counts = [0.0] * steps, [0] * steps
    logarithms = 0.0
    size = len(values)
    for place, value in enumerate(values):
        if growing:
            carried = trend**phi if trend > 0 else 0.0
            expected = level * carried
        else:
            carried = phi * trend
            expected = level + carried
        if seasonal:
            part = ring[at]
            if adds:
                foretold, without = expected + part, value - part
            else:
                foretold = expected * part
                without = _HUGE if abs(part) < _SMALL else value / part
        else:
            foretold, without = expected, value
        if steps > 1:
            order = (ring[at:] + ring[:at])[::-1]
            for step, far in enumerate(_ahead(level, trend, order, kind, phi, min(steps, size - place))):
                counts[step] += 1
                squares[step] = (squares[step] * (counts[step] - 1) + (values[place + step] - far) ** 2) / counts[step]
        if relative:
            divisor = foretold + _SMALL if abs(foretold) < _SMALL else foretold
            errors.append((value - foretold) / divisor)
            logarithms += math.log(abs(foretold)) if foretold else -math.inf
        else:
            errors.append(value - foretold)
        fitted.append(foretold)
        before = level
        level = expected + alpha * (without - expected)
        if trending:
            moved = (_HUGE if abs(before) < _SMALL else level / before) if growing else level - before
            trend = carried + share * (moved - carried)
        if seasonal:
            own = value - expected if adds else (_HUGE if abs(expected) < _SMALL else value / expected)
            ring[at] = part + gamma * (own - part)
            at = at + 1 if at + 1 < period else 0
        if kept:
            states.append([level, *([trend] if trending else []), *(ring[at:] + ring[:at])[::-1]])
    total = 0.0
    for error in errors:
        total += error * error
    if steps == 1:
        squares = [sum((value - told) ** 2 for value, told in zip(values, fitted, strict=True)) / size]
    height = size * math.log(total) if total > 0 else -math.inf
    if relative:
        height += 2 * logarithms
    return Passed(states, errors, fitted, squares, height)


def _admissible(weights: tuple[float, ...], kind: Kind) -> bool:
    """Whether the influence of observations dies out."""
    alpha, beta, gamma, phi = weights
    if not 0 <= phi <= 1 + 1e-8:
        return False
    if kind.season == "N":
        if alpha < 1 - 1 / phi or alpha > 1 + 1 / phi:
            return False
        return kind.trend == "N" or alpha * (phi - 1) <= beta <= (1 + phi) * (2 - alpha)
    period = kind.period
    if gamma < max(1 - 1 / phi - alpha, 0) or gamma > 1 + 1 / phi - alpha:
        return False
    if alpha < 1 - 1 / phi - gamma * (1 - period + phi + phi * period) / (2 * phi * period):
        return False
    if kind.trend == "N":
        beta = 0.0
    if beta < -(1 - phi) * (gamma / period + alpha):
        return False
    middle = alpha + beta - alpha * phi
    polynomial = [1.0, alpha + beta - phi, *[middle] * (period - 2)]
    polynomial += [middle + gamma - 1, phi * (1 - alpha - gamma)]
    return bool(np.abs(np.roots(polynomial)).max(initial=0.0) <= 1 + 1e-10)


def _within(weights: tuple[float, ...], kind: Kind, lower: list[float], upper: list[float], free: list[bool]) -> bool:
    """Whether the weights lie between their bounds, the later ones within what the first leaves of the unit interval."""
    alpha, beta, gamma, phi = weights
    if free[0] and not lower[0] <= alpha <= upper[0]:
        return False
    if kind.trend != "N" and free[1] and not lower[1] <= beta <= min(alpha, upper[1]):
        return False
    if kind.season != "N" and free[2] and not lower[2] <= gamma <= min(1 - alpha, upper[2]):
        return False
    return not free[3] or lower[3] <= phi <= upper[3]


def _simplex(judge: Callable[[list[float]], float], start: list[float], most: int) -> tuple[list[float], float, int, int]:
    """The lowest point that a simplex finds: the point, its height, whether the search was cut off, and evaluations."""

    def judged(point: Any) -> float:
        height = judge(point.tolist())
        return height if math.isfinite(height) else _IMPOSSIBLE

    size = len(start)
    corners = np.tile(np.asarray(start, np.float64), (size + 1, 1))
    heights = [judged(corners[0])]
    settled = _CLOSE * (abs(heights[0]) + _CLOSE)
    reach = max(0.1 * abs(value) for value in start) or 0.1
    for k in range(size):
        step = reach
        while corners[k + 1, k] + step == corners[k + 1, k]:
            step *= 10
        corners[k + 1, k] += step
        heights.append(judged(corners[k + 1]))
    count = size + 1
    low = 0
    shrunken = False
    while True:
        if shrunken:
            shrunken = False
            for place in range(size + 1):
                if place != low:
                    heights[place] = judged(corners[place])
            count += size
        high = low
        lowest = highest = heights[low]
        for place, height in enumerate(heights):
            if height < lowest:
                low, lowest = place, height
            if height > highest:
                high, highest = place, height
        if highest <= lowest + settled:
            return corners[low].tolist(), lowest, 0, count
        worst = corners[high]
        centre = np.add.reduce(np.concatenate([-worst[None], corners]), axis=0) / size
        away = 2.0 * centre - worst
        height = judged(away)
        count += 2
        if height < lowest:
            further = 2.0 * away + (1 - 2.0) * centre
            best = judged(further)
            corners[high], heights[high] = (further, best) if best < height else (away, height)
        else:
            if height < highest:
                corners[high], heights[high] = away, height
            inner = 0.5 * corners[high] + 0.5 * centre
            best = judged(inner)
            if best < heights[high]:
                corners[high], heights[high] = inner, best
            elif height >= highest:
                # The count is looked at before the shrunken corners are judged.
                shrunken = True
                for place in range(size + 1):
                    if place != low:
                        corners[place] = 0.5 * (corners[place] - corners[low]) + corners[low]
        if count > most:
            return corners[low].tolist(), lowest, 1, count


def _kind(letters: Any, period: Any) -> Kind:
    error, trend, season = (str(letter) for letter in letters.data[:3])
    return Kind(error, trend, season, whole(period))


def _state_of(point: list[float], kind: Kind) -> list[float]:
    """A whole state from the free ones: the first season is what makes the others' sum come out even."""
    if kind.season == "N":
        return point
    seasons = point[1 + (kind.trend != "N") :]
    return [*point, (kind.period if kind.season == "M" else 0.0) - sum(seasons)]


def _numbers(x: Any) -> list[float]:
    return [float(value) for value in np.asarray(x.data, np.float64)]


@builtin(".ets_pass", "y, state, kind, period, weights, steps", package="internal")
def ets_pass(y: Any, state: Any, kind: Any, period: Any, weights: Any, steps: Any) -> Value:
    """States (a row for each time), errors, fitted values, mean squares of some steps ahead, and the likelihood's height."""
    made = _passed(_numbers(y), _numbers(state), _kind(kind, period), tuple(_numbers(weights)), whole(steps), True)
    parts = [Vector("double", np.asarray(part, np.float64)) for part in (made.errors, made.fitted, made.squares, [made.height])]
    return mk_list(
        [from_array("double", np.asarray(made.states, np.float64)), *parts], ["states", "errors", "fitted", "amse", "height"]
    )


@builtin(
    ".ets_search",
    "y, start, kind, period, weights, free, lower, upper, criterion, steps, usual, admissible, most",
    package="internal",
)
def ets_search(
    y: Any,
    start: Any,
    kind: Any,
    period: Any,
    weights: Any,
    free: Any,
    lower: Any,
    upper: Any,
    criterion: Any,
    steps: Any,
    usual: Any,
    admissible: Any,
    most: Any,
) -> Value:
    """Weights that are free and a first state, by what makes the criterion least: parameters, value, failure and count."""
    values, kinds = _numbers(y), _kind(kind, period)
    held, open_ = _numbers(weights), [bool(value) for value in free.data]
    least, largest = _numbers(lower), _numbers(upper)
    wanted, reach = str(criterion.data[0]), whole(steps)
    places = [place for place in range(4) if open_[place]]
    bounded, checked = flag(usual), flag(admissible)

    def judge(point: list[float]) -> float:
        found = held.copy()
        for place, value in zip(places, point, strict=False):
            found[place] = value
        weights_ = (found[0], found[1], found[2], found[3])
        if bounded and not _within(weights_, kinds, least, largest, open_):
            return math.inf
        state = _state_of(point[len(places) :], kinds)
        if kinds.season == "M" and min(state[1 + (kinds.trend != "N") :]) < 0:
            return math.inf
        if checked and not _admissible(weights_, kinds):
            return math.inf
        try:
            made = _passed(values, state, kinds, weights_, reach if wanted == "amse" else 1, False)
        except OverflowError:
            return math.inf
        if wanted == "lik":
            return max(made.height, -1e10)
        if wanted == "mse":
            return made.squares[0]
        if wanted == "amse":
            return sum(square / reach for square in made.squares)
        if wanted == "sigma":
            return sum(error * error / len(values) for error in made.errors)
        return sum(abs(error) / len(values) for error in made.errors)

    best, height, cut, count = _simplex(judge, _numbers(start), int(number(most)))
    return mk_list(
        [
            Vector("double", np.asarray(best)),
            Vector("double", np.asarray([height])),
            Vector("double", np.asarray([float(cut), float(count)])),
        ],
        ["par", "value", "counts"],
    )
