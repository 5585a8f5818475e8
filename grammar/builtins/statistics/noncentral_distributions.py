"""Chi-squared, F and beta distributions, with a noncentrality where one is given."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import UNSET, builtin
from pipekeras.grammar.builtins.statistics.distributions import CENTRAL, chances, continuous_inverse, spread
from pipekeras.grammar.numeric import noncentral
from pipekeras.grammar.values import Vector
from pipekeras.grammar.vectors.arguments import flag, number

Function = Callable[..., float]

SHIFTED: dict[str, tuple[Function, Function, Function, float]] = {
    "chisq": (noncentral.chi_density, noncentral.chi_lower, noncentral.chi_upper, math.inf),
    "f": (noncentral.fisher_density, noncentral.fisher_lower, noncentral.fisher_upper, math.inf),
    "beta": (noncentral.beta_density, noncentral.beta_below, noncentral.beta_above, 1.0),
}
"""Density, what lies below and above, and the largest value."""


def _is_central(shift: Any) -> bool:
    return shift is UNSET or (len(shift) == 1 and number(shift) == 0)


def _logged(result: Vector, log: Any) -> Vector:
    if not flag(log):
        return result
    with np.errstate(all="ignore"):
        return Vector("double", np.log(result.data), result.attributes)


def _density(name: str, x: Any, given: tuple[Any, ...], shift: Any, log: Any) -> Any:
    if _is_central(shift):
        return CENTRAL[name][0](x, *given, log)
    return _logged(spread(SHIFTED[name][0], x, *given, shift), log)


def _cumulative(name: str, q: Any, given: tuple[Any, ...], shift: Any, lower: Any, log: Any) -> Any:
    if _is_central(shift):
        return CENTRAL[name][1](q, *given, lower, log)
    _, below, above, _ = SHIFTED[name]
    return _logged(spread(below if flag(lower) else above, q, *given, shift), log)


def _inverse(name: str, p: Any, given: tuple[Any, ...], shift: Any, lower: Any, log: Any) -> Any:
    if _is_central(shift):
        return CENTRAL[name][2](p, *given, lower, log)
    _, below, _, largest = SHIFTED[name]
    return spread(continuous_inverse(below, 0.0, largest), chances(p, lower, log), *given, shift)


def _enter(name: str, parameters: str, count: int) -> None:
    tails = "lower.tail = TRUE, log.p = FALSE"

    def entered(letter: str, first: str, rest: str, function: Callable[..., Any]) -> None:
        if count == 1:
            def called(x: Any, a: Any, shift: Any = UNSET, *more: Any) -> Any:
                return function(name, x, (a,), shift, *more)
        else:
            def called(x: Any, a: Any, b: Any, shift: Any = UNSET, *more: Any) -> Any:  # type: ignore[misc]
                return function(name, x, (a, b), shift, *more)
        builtin(f"{letter}{name}", f"{first}, {parameters}, {rest}", package="stats")(called)

    entered("d", "x", "log = FALSE", _density)
    entered("p", "q", tails, _cumulative)
    entered("q", "p", tails, _inverse)


_enter("chisq", "df, ncp = 0", 1)
_enter("f", "df1, df2, ncp", 2)
_enter("beta", "shape1, shape2, ncp = 0", 2)
