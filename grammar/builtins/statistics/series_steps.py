"""The loops over time behind exponential smoothing, seasonal decomposition and ARIMA models.

Sources: C. C. Holt (1957) and P. R. Winters (1960); R. B. Cleveland, W. S. Cleveland, J. E. McRae and I. Terpenning,
Journal of Official Statistics 6 (1990); G. Gardner, A. C. Harvey and G. D. A. Phillips, Applied Statistics 29 (1980).
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.values import Value, Vector, mk_list
from pipekeras.grammar.vectors.arguments import flag, number, whole
from pipekeras.grammar.vectors.shapes import from_array

_CERTAIN = 1e4
"""Innovations of a larger variance are those of a state of which nothing is known yet."""

_SAME = 1e-15
"""Variances of states that differ by less than this share are one."""


def _doubles(x: Any) -> np.ndarray:
    return np.asarray(x.data, np.float64)


def _double(values: Any) -> Vector:
    return Vector("double", np.ascontiguousarray(values, np.float64))


@builtin(".holt_winters", "x, first, weights, level, trend, season, additive", package="internal")
def holt_winters(x: Any, first: Any, weights: Any, level: Any, trend: Any, season: Any, additive: Any) -> Value:
    """Smooth from observation `first` on; a weight that is NA has no such part. SSE, levels, trends, seasons."""
    values = _doubles(x).tolist()
    alpha, beta, gamma = _doubles(weights).tolist()
    trending, seasonal, adds = not math.isnan(beta), not math.isnan(gamma), flag(additive)
    levels, trends = [number(level)], [number(trend) if trending else 0.0]
    seasons = _doubles(season).tolist() if seasonal else []
    total = 0.0
    neutral = 0.0 if adds else 1.0
    for at, value in enumerate(values[whole(first) - 1 :]):
        expected = levels[-1] + trends[-1]
        part = seasons[at] if seasonal else neutral
        total += (value - (expected + part if adds else expected * part)) ** 2
        levels.append(alpha * (value - part if adds else value / part) + (1 - alpha) * expected)
        if trending:
            trends.append(beta * (levels[-1] - levels[-2]) + (1 - beta) * trends[-1])
        if seasonal:
            seasons.append(gamma * (value - levels[-1] if adds else value / levels[-1]) + (1 - gamma) * part)
    parts = [_double([total]), _double(levels), _double(trends), _double(seasons)]
    return mk_list(parts, ["SSE", "level", "trend", "seasonal"])


def _local(
    y: np.ndarray, length: int, degree: int, at: float, left: int, right: int, weights: np.ndarray | None
) -> float | None:
    """Local fit at a place among 1, 2, ... from the observations `left` to `right`."""
    count = len(y)
    reach = max(at - left, right - at) + ((length - count) // 2 if length > count else 0)
    places = np.arange(left, right + 1, dtype=np.float64)
    distance = np.abs(places - at)
    weight = np.where(distance <= 0.001 * reach, 1.0, (1 - (distance / reach) ** 3) ** 3 if reach else 1.0)
    weight[distance > 0.999 * reach] = 0
    if weights is not None:
        weight *= weights[left - 1 : right]
    total = weight.sum()
    if total <= 0:
        return None
    weight /= total
    if reach > 0 and degree > 0:
        centre = (weight * places).sum()
        spread = (weight * (places - centre) ** 2).sum()
        if math.sqrt(spread) > 0.001 * (count - 1):
            weight *= (at - centre) / spread * (places - centre) + 1
    return float((weight * y[left - 1 : right]).sum())


def _smooth(y: np.ndarray, length: int, degree: int, jump: int, weights: np.ndarray | None) -> np.ndarray:
    """Local fits at every `jump`-th observation and at the last, straight lines between."""
    count = len(y)
    if count < 2:
        return y.copy()
    jump = min(jump, count - 1)
    half = (length + 1) // 2
    made = np.empty(count)

    def window(i: int) -> tuple[int, int]:
        if length >= count:
            return 1, count
        if i <= half:
            return 1, length
        if i >= count - half + 1:
            return count - length + 1, count
        return i - half + 1, length + i - half

    places = list(range(1, count + 1, jump))
    ends = window(places[-1])
    for i in places:
        found = _local(y, length, degree, i, *window(i), weights)
        made[i - 1] = y[i - 1] if found is None else found
    if places[-1] != count:
        found = _local(y, length, degree, count, *ends, weights)
        made[count - 1] = y[count - 1] if found is None else found
        places.append(count)
    if jump > 1:
        for one, other in pairwise(places):
            step = (made[other - 1] - made[one - 1]) / (other - one)
            made[one : other - 1] = made[one - 1] + step * np.arange(1, other - one)
    return made


def _average(values: np.ndarray, width: int) -> np.ndarray:
    total = np.cumsum(np.concatenate([[0.0], values]))
    return (total[width:] - total[:-width]) / width


def _subseries(y: np.ndarray, period: int, length: int, degree: int, jump: int, weights: np.ndarray | None) -> np.ndarray:
    """Each month's years smoothed, a year more at either end."""
    made = np.empty(len(y) + 2 * period)
    for month in range(period):
        part = y[month::period]
        count = len(part)
        weight = None if weights is None else weights[month::period]
        inner = _smooth(part, length, degree, jump, weight)
        before = _local(part, length, degree, 0, 1, min(length, count), weight)
        after = _local(part, length, degree, count + 1, max(1, count - length + 1), count, weight)
        ends = (inner[0] if before is None else before, inner[-1] if after is None else after)
        made[month::period] = np.concatenate([[ends[0]], inner, [ends[1]]])
    return made


@builtin(".stl", "y, period, windows, degrees, jumps, inner, outer", package="internal")
def stl(y: Any, period: Any, windows: Any, degrees: Any, jumps: Any, inner: Any, outer: Any) -> Value:
    """Seasonal, trend and robustness weights; windows, degrees and jumps are the season's, the trend's, the low-pass'."""
    values = _doubles(y)
    cycle, rounds, again = whole(period), whole(inner), whole(outer)
    long = [max(3, int(width)) | 1 for width in _doubles(windows)]
    degree = [int(value) for value in _doubles(degrees)]
    jump = [max(1, int(value)) for value in _doubles(jumps)]
    count = len(values)
    trend, season = np.zeros(count), np.zeros(count)
    weights: np.ndarray | None = None
    for turn in range(again + 1):
        for _ in range(rounds):
            cycles = _subseries(values - trend, cycle, long[0], degree[0], jump[0], weights)
            passed = _average(_average(_average(cycles, cycle), cycle), 3)
            season = cycles[cycle : cycle + count] - _smooth(passed, long[2], degree[2], jump[2], None)
            trend = _smooth(values - season, long[1], degree[1], jump[1], weights)
        if turn < again:
            rest = np.abs(values - trend - season)
            ordered = np.sort(rest)
            bound = 3 * (ordered[count // 2] + ordered[count - count // 2 - 1])
            weights = np.where(rest <= 0.001 * bound, 1.0, (1 - (rest / bound) ** 2) ** 2)
            weights[rest > 0.999 * bound] = 0
    return mk_list([_double(season), _double(trend), _double(np.ones(count) if weights is None else weights)],
                   ["seasonal", "trend", "weights"])


@builtin(".arima_rest", "x, ar, ma, skipped", package="internal")
def conditional_rest(x: Any, ar: Any, ma: Any, skipped: Any) -> Value:
    """Residuals of a differenced series, those of the first `skipped` observations set to zero."""
    values, past, shocks = _doubles(x).tolist(), _doubles(ar).tolist(), _doubles(ma).tolist()
    found = [0.0] * len(values)
    for at in range(whole(skipped), len(values)):
        rest = values[at]
        for back, weight in enumerate(past, 1):
            if at - back >= 0:
                rest -= weight * values[at - back]
        for back, weight in enumerate(shocks[: at - whole(skipped)], 1):
            rest -= weight * found[at - back]
        found[at] = rest
    return _double(found)


@builtin(".stationary_weights", "raw", package="internal")
def stationary_weights(raw: Any) -> Value:
    """Weights of a stationary autoregression from any numbers, by way of its partial autocorrelations."""
    found = np.zeros(0)
    for partial in np.tanh(_doubles(raw)):
        found = np.append(found - partial * found[::-1], partial)
    return _double(found)


@builtin(".arima_weights", "p, arma", package="internal")
def arima_weights(p: Any, arma: Any) -> Value:
    """Coefficients of the product of the plain and the seasonal polynomial, of the autoregression and of the shocks."""
    sizes = [int(count) for count in arma.data[:5]]
    period = sizes.pop()
    own, shocks, seasonal, seasonal_shocks = np.split(_doubles(p)[: sum(sizes)], np.cumsum(sizes)[:-1])

    def product(plain: np.ndarray, far: np.ndarray) -> np.ndarray:
        spread = np.zeros(1 + period * len(far))
        spread[0] = 1
        spread[period::period] = far
        made: np.ndarray = np.convolve(np.concatenate([[1.0], plain]), spread)[1:]
        return made

    return mk_list([_double(-product(-own, -seasonal)), _double(product(shocks, seasonal_shocks))], ["phi", "theta"])


def _stationary(transition: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Variance that the transition and its noise leave as it is, by doubling the number of steps summed."""
    total, power = noise.copy(), transition.copy()
    for _ in range(60):
        more = power @ total @ power.T
        total = total + more
        power = power @ power
        if np.abs(more).max(initial=0.0) <= 1e-16 * np.abs(total).max(initial=0.0):
            break
    return total


def _state(ar: np.ndarray, ma: np.ndarray, delta: np.ndarray, kappa: float) -> tuple[np.ndarray, ...]:
    """Observation, transition, noise and first variance of the states of an ARIMA model."""
    size = max(len(ar), len(ma) + 1)
    count = size + len(delta)
    observed = np.zeros(count)
    observed[0] = 1
    observed[size:] = delta
    transition = np.zeros((count, count))
    transition[: len(ar), 0] = ar
    transition[np.arange(size - 1), np.arange(1, size)] = 1
    if len(delta):
        transition[size] = observed
        transition[np.arange(size + 1, count), np.arange(size, count - 1)] = 1
    shock = np.zeros(count)
    shock[0] = 1
    shock[1 : 1 + len(ma)] = ma
    noise = np.outer(shock, shock)
    first = np.zeros((count, count))
    first[:size, :size] = _stationary(transition[:size, :size], noise[:size, :size])
    first[np.arange(size, count), np.arange(size, count)] = kappa
    return observed, transition, noise, first


@builtin(".arima_filter", "x, ar, ma, delta, kappa, ahead", package="internal")
def kalman(x: Any, ar: Any, ma: Any, delta: Any, kappa: Any, ahead: Any) -> Value:
    """Sum of squares, sum of logarithms and count of the innovations, residuals; means and variances of what is ahead."""
    observed, transition, noise, variance = _state(_doubles(ar), _doubles(ma), _doubles(delta), number(kappa))
    state = np.zeros(len(observed))
    squares = logarithms = 0.0
    used = 0
    rests = []
    plain = not len(_doubles(delta))
    column, gain, steady = variance[:, 0], 0.0, False
    if not np.isfinite(variance).all():
        return mk_list([_double([math.inf, 0.0, 1.0])], ["sums"])
    for value in _doubles(x).tolist():
        if math.isnan(value):
            rests.append(math.nan)
        else:
            if not steady:
                column = variance[:, 0] if plain else variance @ observed
                gain = float(column[0] if plain else observed @ column)
            rest = value - float(state[0] if plain else observed @ state)
            if gain < _CERTAIN:
                used += 1
                squares += rest * rest / gain
                logarithms += math.log(gain) if gain > 0 else -math.inf
            rests.append(rest / math.sqrt(gain) if gain > 0 else math.nan)
            state = state + column * (rest / gain)
        state = transition @ state
        # Without gaps the variance soon comes back to itself at every step, and is left alone from then on.
        if math.isnan(value):
            variance, steady = transition @ variance @ transition.T + noise, False
        elif not steady:
            after = transition @ (variance - np.outer(column, column) / gain) @ transition.T + noise
            steady = bool(np.abs(after - variance).max() <= _SAME * np.abs(after).max())
            variance = after
    means, spreads = [], []
    for _ in range(whole(ahead)):
        means.append(float(observed @ state))
        spreads.append(float(observed @ variance @ observed))
        state = transition @ state
        variance = transition @ variance @ transition.T + noise
    return mk_list([_double([squares, logarithms, used]), _double(rests), _double(means), _double(spreads)],
                   ["sums", "residuals", "mean", "variance"])


@builtin(".whittle_step", "covariances, order", package="internal")
def levinson(covariances: Any, order: Any) -> Value:
    """Yule-Walker coefficients of every order in the rows of a matrix, and the variance left by each."""
    values = _doubles(covariances)
    most = whole(order)
    found = np.zeros((most, most))
    left = np.empty(most + 1)
    left[0] = values[0]
    for k in range(most):
        before = found[k - 1, :k] if k else np.zeros(0)
        last = (values[k + 1] - float(before @ values[k:0:-1])) / left[k]
        found[k, :k] = before - last * before[::-1]
        found[k, k] = last
        left[k + 1] = left[k] * (1 - last * last)
    return mk_list([from_array("double", found), _double(left)], ["coefs", "vars"])
