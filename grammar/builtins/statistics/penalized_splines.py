"""Cubic smoothing splines: B-splines with a penalty on the second derivative.

Source: P. J. Green and B. W. Silverman, Nonparametric Regression and Generalized Linear Models (1994).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.values import Value, Vector, logical, mk_list
from pipekeras.grammar.vectors.arguments import number, whole
from pipekeras.grammar.vectors.shapes import from_array

_GOLDEN = 0.5 * (3 - math.sqrt(5))


def basis(at: np.ndarray, knots: np.ndarray, order: int = 4, derivative: int = 0) -> np.ndarray:
    """Values, or a derivative's, of all B-splines of an order, a row for each place."""
    if derivative:
        lower = basis(at, knots, order - 1, derivative - 1)
        count = len(knots) - order
        left = knots[order - 1 : order - 1 + count] - knots[:count]
        right = knots[order : order + count] - knots[1 : 1 + count]
        rise = np.divide(order - 1, left, out=np.zeros(count), where=left > 0)
        fall = np.divide(order - 1, right, out=np.zeros(count), where=right > 0)
        made: np.ndarray = lower[:, :count] * rise - lower[:, 1 : count + 1] * fall
        return made
    last = np.flatnonzero(np.diff(knots) > 0)[-1]
    cell = np.minimum(np.searchsorted(knots, at, side="right") - 1, last)
    values = np.zeros((len(at), len(knots) - 1))
    values[np.arange(len(at)), np.maximum(cell, 0)] = 1
    for degree in range(1, order):
        count = len(knots) - degree - 1
        left = knots[degree : degree + count] - knots[:count]
        right = knots[degree + 1 : degree + 1 + count] - knots[1 : 1 + count]
        rising = np.divide(at[:, None] - knots[:count], left, out=np.zeros((len(at), count)), where=left > 0)
        falling = np.divide(knots[degree + 1 : degree + 1 + count] - at[:, None], right,
                            out=np.zeros((len(at), count)), where=right > 0)
        values = rising * values[:, :count] + falling * values[:, 1 : count + 1]
    return values


def _penalty(knots: np.ndarray) -> np.ndarray:
    """Integrals of products of second derivatives, which are straight lines between the knots."""
    inner = np.unique(knots)
    width = np.diff(inner)[:, None]
    left = basis(inner[:-1], knots, 4, 2)
    rise = (basis(inner[:-1] + width[:, 0] / 2, knots, 4, 2) - left) * 2
    # R's penalty has 0.333 where the integral of a square has a third; smoothing parameters are told in its terms.
    mixed = (left * width).T @ rise / 2
    made: np.ndarray = (left * width).T @ left + mixed + mixed.T + 0.333 * (rise * width).T @ rise
    return made


class Fit:
    """Fits of one set of data with any smoothing parameter."""

    def __init__(self, knots: np.ndarray, x: np.ndarray, y: np.ndarray, root: np.ndarray, within: float) -> None:
        self.root, self.y, self.within = root, y, within
        self.design = basis(x, knots)
        weighted = self.design * root[:, None]
        self.gram = weighted.T @ weighted
        self.aim = weighted.T @ (root * y)
        self.penalty = _penalty(knots)
        count = len(self.gram)
        middle = slice(2, count - 3)
        self.ratio = float(np.diag(self.gram)[middle].sum() / np.diag(self.penalty)[middle].sum())

    def at(self, amount: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Coefficients, fitted values and leverages."""
        system = self.gram + amount * self.penalty
        solved = np.linalg.solve(system, np.column_stack([self.aim, self.design.T]))
        coefficients = solved[:, 0]
        leverage = (self.design * solved[:, 1:].T).sum(axis=1) * self.root**2
        return coefficients, self.design @ coefficients, leverage

    def judged(self, amount: float, kind: int, offset: float, price: float) -> float:
        """Generalised (1) or plain (2) cross-validation, or how far the degrees of freedom are from those wanted (3)."""
        _, fitted, leverage = self.at(amount)
        rest = self.root * (self.y - fitted)
        if kind == 1:
            total = float((self.root**2).sum())
            share = 1 - (offset + price * leverage.sum()) / total
            return float((self.within + (rest**2).sum()) / total / share**2)
        if kind == 2:
            return float(((rest / (1 - leverage)) ** 2).mean())
        return 3 + (offset - float(leverage.sum())) ** 2


@builtin(".spline_search", "knots, x, y, root, within, kind, offset, price, control, given", package="internal")
def spline_search(
    knots: Any, x: Any, y: Any, root: Any, within: Any, kind: Any, offset: Any, price: Any, control: Any, given: Any
) -> Value:
    """The best smoothing parameter by Brent's search, or the one given, with the fit it makes."""
    fit = Fit(knots.data, x.data, y.data, root.data, number(within))
    low, high, tolerance, small, most = (float(value) for value in control.data)
    how, moved, cost = whole(kind), number(offset), number(price)

    def amount(spar: float) -> float:
        return fit.ratio * 256 ** (3 * spar - 1)

    turns, converged = 0, True
    spar, chosen = math.nan, 0.0
    if len(given.data) == 2:
        chosen = float(given.data[1])
    elif len(given.data):
        spar = float(given.data[0])
        chosen = amount(spar)
    else:
        tried: list[float] = []

        def judged(spar: float) -> float:
            tried.append(amount(spar))
            return fit.judged(tried[-1], how, moved, cost)

        spar, turns, converged = _brent(judged, low, high, tolerance, small, most)
        # The fit that R returns is that of the search's last trial, a tolerance away from the best.
        chosen = tried[-1]
    coefficients, fitted, leverage = fit.at(chosen)
    scores = [fit.judged(chosen, which, moved if which < 3 else 0.0, cost) for which in (1, 2)]
    return mk_list(
        [*(Vector("double", np.ascontiguousarray(value, np.float64)) for value in
           (coefficients, fitted, leverage, [spar, chosen, fit.ratio, turns], scores)), logical([converged])],
        ["coef", "fitted", "lev", "search", "scores", "converged"],
    )  # fmt: skip


def _brent(
    value: Any, low: float, high: float, tolerance: float, small: float, most: float
) -> tuple[float, int, bool]:
    """Where a function of one variable is least, in how many turns, and whether that was found."""
    third = second = best = low + _GOLDEN * (high - low)
    at_third = at_second = at_best = value(best)
    step = before = 0.0
    turn = 0
    while True:
        middle = (low + high) / 2
        near = small * abs(best) + tolerance / 3
        turn += 1
        if abs(best - middle) <= 2 * near - (high - low) / 2:
            return best, turn, True
        if turn > most:
            return best, turn, False
        golden = True
        if abs(before) > near and all(map(math.isfinite, (at_best, at_second, at_third))):
            r = (best - second) * (at_best - at_third)
            q = (best - third) * (at_best - at_second)
            p = (best - third) * q - (best - second) * r
            q = 2 * (q - r)
            if q > 0:
                p = -p
            q = abs(q)
            last, before = before, step
            if abs(p) < abs(0.5 * q * last) and q != 0 and q * (low - best) < p < q * (high - best):
                step = p / q
                trial = best + step
                if trial - low < 2 * near or high - trial < 2 * near:
                    step = math.copysign(near, middle - best)
                golden = False
        if golden:
            before = (low if best >= middle else high) - best
            step = _GOLDEN * before
        trial = best + (math.copysign(near, step) if abs(step) < near else step)
        found = value(trial)
        if not math.isfinite(found):
            found = 2e100
        if found <= at_best:
            if trial >= best:
                low = best
            else:
                high = best
            third, at_third, second, at_second, best, at_best = second, at_second, best, at_best, trial, found
        else:
            if trial < best:
                low = trial
            else:
                high = trial
            if found <= at_second or second == best:
                third, at_third, second, at_second = second, at_second, trial, found
            elif found <= at_third or third in (best, second):
                third, at_third = trial, found


@builtin(".spline_basis", "at, knots, derivative", package="internal")
def spline_basis(at: Any, knots: Any, derivative: Any) -> Value:
    """Cubic B-splines, or their derivatives, at places, one in each column."""
    return from_array("double", basis(np.asarray(at.data, np.float64), knots.data, 4, whole(derivative)))
