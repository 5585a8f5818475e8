"""Densities, distribution functions and quantiles of the classical distributions (``d``, ``p``, ``q``)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import UNSET, builtin
from pipekeras.grammar.numeric import distribution_functions as f
from pipekeras.grammar.numeric.distribution_functions import Function, continuous_inverse, discrete_inverse
from pipekeras.grammar.numeric.log_distributions import LOG_DENSITY, LOG_QUANTILE, LOG_TAIL
from pipekeras.grammar.numeric.normal import normal_probability
from pipekeras.grammar.numeric.special import beta_lower, gamma_lower, gamma_upper
from pipekeras.grammar.values import Vector
from pipekeras.grammar.vectors.arguments import flag
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.recycling import resized
from pipekeras.grammar.vectors.report import warn


def spread(function: Function, *values: Any) -> Vector:
    """Apply a scalar function to recycled vectors, NaN with a warning where it has no value."""
    columns = [coerce(value, "double") for value in values]
    size = 0 if any(len(column) == 0 for column in columns) else max(len(column) for column in columns)
    rows = [resized(column.data, size).tolist() for column in columns] if size else []
    made = []
    invalid = False
    for row in zip(*rows, strict=True):
        missing = next((value for value in row if value != value), None)
        if missing is not None:
            made.append(missing)
            continue
        try:
            value = function(*row)
        except (ValueError, ZeroDivisionError):
            value = math.nan
        except OverflowError:
            value = math.inf
        invalid = invalid or value != value
        made.append(value)
    if invalid:
        warn("NaNs produced")
    template = columns[0].attributes if columns and len(columns[0]) == size else None
    return Vector("double", np.array(made, np.float64), dict(template) if template else None)


DISTRIBUTIONS: dict[str, tuple[str, Function, Function, Function]] = {
    "norm": ("mean = 0, sd = 1", f.normal_density, f.normal_cumulative, f.normal_inverse),
    "unif": ("min = 0, max = 1", f.uniform_density, f.uniform_cumulative, f.uniform_inverse),
    "exp": ("rate = 1", f.exponential_density, f.exponential_cumulative, f.exponential_inverse),
    "binom": ("size, prob", f.binomial_density, f.binomial_cumulative, discrete_inverse(f.binomial_cumulative)),
    "pois": ("lambda", f.poisson_density, f.poisson_cumulative, discrete_inverse(f.poisson_cumulative)),
    "geom": ("prob", f.geometric_density, f.geometric_cumulative, discrete_inverse(f.geometric_cumulative)),
    "beta": ("shape1, shape2", f.beta_density, f.beta_cumulative, continuous_inverse(f.beta_cumulative, 0.0, 1.0)),
    "chisq": ("df", f.chi_density, f.chi_cumulative, continuous_inverse(f.chi_cumulative, 0.0, math.inf)),
    "t": ("df", f.student_density, f.student_cumulative, continuous_inverse(f.student_cumulative, -math.inf, math.inf)),
    "f": ("df1, df2", f.fisher_density, f.fisher_cumulative, continuous_inverse(f.fisher_cumulative, 0.0, math.inf)),
    "logis": ("location = 0, scale = 1", f.logistic_density, f.logistic_cumulative, f.logistic_inverse),
    "cauchy": ("location = 0, scale = 1", f.cauchy_density, f.cauchy_cumulative, f.cauchy_inverse),
    "weibull": ("shape, scale = 1", f.weibull_density, f.weibull_cumulative, f.weibull_inverse),
    "lnorm": ("meanlog = 0, sdlog = 1", f.log_normal_density, f.log_normal_cumulative, f.log_normal_inverse),
}


UPPER: dict[str, Function] = {
    "norm": lambda x, mean, sd: normal_probability((x - mean) / sd, True),
    "exp": lambda x, rate: math.exp(-rate * x) if x > 0 else 1.0,
    "binom": f.binomial_above,
    "pois": lambda x, mean: gamma_lower(math.floor(x + 1e-7) + 1, mean) if x >= 0 else 1.0,
    "beta": lambda x, a, b: beta_lower(b, a, 1 - x),
    "chisq": lambda x, degrees: gamma_upper(degrees / 2, x / 2),
    "t": lambda x, degrees: f.student_cumulative(-x, degrees),
    "f": lambda x, first, second: beta_lower(second / 2, first / 2, second / (first * x + second)) if x > 0 else 1.0,
    "logis": lambda x, location, scale: f.logistic_share((location - x) / scale),
    "weibull": lambda x, shape, scale: math.exp(-((x / scale) ** shape)) if x > 0 else 1.0,
    "lnorm": lambda x, mean, sd: normal_probability((math.log(x) - mean) / sd, True) if x > 0 else 1.0,
    "cauchy": lambda x, location, scale: 0.5 - math.atan((x - location) / scale) / math.pi if x <= location
    else math.atan(scale / (x - location)) / math.pi,
    "geom": lambda x, chance: math.exp((math.floor(x + 1e-7) + 1) * math.log1p(-chance)) if x >= 0 else 1.0,
}  # fmt: skip
"""What lies above a value, by itself: one minus the lower part has no digits left where little lies above."""


INVALID: dict[str, Callable[..., bool]] = {
    "exp": lambda rate: rate < 0,
    "logis": lambda location, scale: scale <= 0,
    "cauchy": lambda location, scale: scale <= 0,
    "weibull": lambda shape, scale: shape <= 0 or scale <= 0,
    "lnorm": lambda mean, sd: sd < 0,
    "chisq": lambda degrees: degrees < 0,
    "gamma": lambda shape, scale: shape < 0 or scale < 0,
    "beta": lambda first, second: first < 0 or second < 0,
    "f": lambda first, second: first <= 0 or second <= 0,
    "t": lambda degrees: degrees <= 0,
    "nbinom": lambda size, chance: size < 0,
}
"""Which parameters a distribution does not take, where its formulas would give a number all the same."""


_TINY = 1e-300
_LEAST_LOG = -700.0


def _within_domain(name: str, function: Function) -> Function:
    invalid = INVALID.get(name)
    if invalid is None:
        return function

    def checked(x: float, *parameters: float) -> float:
        if invalid(*parameters):
            raise ValueError
        return function(x, *parameters)

    return checked


NONCENTRAL = ("chisq", "f", "beta")
"""Distributions whose functions take a noncentrality: they are entered in a family of their own."""
CENTRAL: dict[str, tuple[Function, ...]] = {}
"""Density, distribution function and quantiles of these without a noncentrality."""


def logged(name: str, result: Vector, arguments: tuple[Any, ...], upper: bool | None = None) -> Vector:
    """Logarithms of densities (or of tails); those of numbers too small for a double are found by themselves.

    Args:
        name: the distribution.
        result: the densities, or what lies below or above.
        arguments: what the densities were computed of.
        upper: for tails, whether they lie above.
    """
    with np.errstate(all="ignore"):
        data = np.log(result.data)
    table = LOG_DENSITY if upper is None else LOG_TAIL
    function = table.get(name)
    tiny = np.flatnonzero(result.data < _TINY) if function is not None else ()
    if len(tiny) and function is not None:
        columns = [resized(coerce(value, "double").data, len(data)).tolist() for value in arguments]
        further = () if upper is None else (upper,)
        for at in tiny:
            try:
                data[at] = function(*(column[at] for column in columns), *further)
            except (ValueError, ZeroDivisionError, OverflowError):
                data[at] = -np.inf
    return Vector("double", data, result.attributes)


def _enter_distribution(name: str) -> None:
    parameters, *functions = DISTRIBUTIONS[name]
    density, cumulative, inverse = (_within_domain(name, function) for function in functions)
    count = parameters.count(",") + 1

    def density_builtin(x: Any, *rest: Any) -> Any:
        result = spread(density, x, *rest[:count])
        return logged(name, result, (x, *rest[:count])) if flag(rest[count]) else result

    if name not in NONCENTRAL:
        builtin(f"d{name}", f"x, {parameters}, log = FALSE", package="stats")(density_builtin)

    def cumulative_builtin(q: Any, *rest: Any) -> Any:
        above = None if flag(rest[count]) or name not in UPPER else _within_domain(name, UPPER[name])
        result = spread(cumulative if above is None else above, q, *rest[:count])
        data = result.data
        if above is None and not flag(rest[count]):
            data = 1 - data
        made = Vector("double", data, result.attributes)
        return logged(name, made, (q, *rest[:count]), not flag(rest[count])) if flag(rest[count + 1]) else made

    if name == "t":
        _enter_student(cumulative_builtin)
    elif name in NONCENTRAL:
        CENTRAL[name] = (density_builtin, cumulative_builtin)
    else:
        builtin(f"p{name}", f"q, {parameters}, lower.tail = TRUE, log.p = FALSE", package="stats")(cumulative_builtin)

    def inverse_builtin(p: Any, *rest: Any) -> Any:
        found = spread(inverse, chances(p, rest[count], rest[count + 1]), *rest[:count])
        far = LOG_QUANTILE.get(name)
        if far is None or not flag(rest[count + 1]) or not flag(rest[count]):
            return found
        columns = [resized(coerce(value, "double").data, len(found)) for value in (p, *rest[:count])]
        data = found.data.copy()
        for at in np.flatnonzero((columns[0] < _LEAST_LOG) & np.isfinite(columns[0])):
            data[at] = far(*(float(column[at]) for column in columns))
        return Vector("double", data, found.attributes)

    if name in NONCENTRAL:
        CENTRAL[name] += (inverse_builtin,)
    else:
        builtin(f"q{name}", f"p, {parameters}, lower.tail = TRUE, log.p = FALSE", package="stats")(inverse_builtin)


def chances(p: Any, lower: Any, log: Any) -> Vector:
    """Probabilities of what lies below."""
    chance = coerce(p, "double")
    data = chance.data
    if flag(log):
        # What lies above is close to nothing where the logarithm of the rest is.
        return Vector("double", np.exp(data) if flag(lower) else -np.expm1(data), chance.attributes)
    return Vector("double", data if flag(lower) else 1 - data, chance.attributes)


def _enter_student(central: Function) -> None:
    @builtin("pt", "q, df, ncp, lower.tail = TRUE, log.p = FALSE", package="stats")
    def pt(q: Any, degrees: Any, shift: Any = UNSET, lower: Any = None, log: Any = None) -> Any:
        if shift is UNSET:
            return central(q, degrees, lower, log)
        from pipekeras.grammar.numeric.bessel import noncentral_t

        result = spread(noncentral_t, q, degrees, shift)
        data = result.data if flag(lower) else 1 - result.data
        with np.errstate(all="ignore"):
            return Vector("double", np.log(data) if flag(log) else data, result.attributes)


for _name in DISTRIBUTIONS:
    _enter_distribution(_name)


@builtin("dgamma", "x, shape, rate = 1, scale = 1 / rate, log = FALSE", package="stats")
def dgamma(x: Any, shape: Any, rate: Any, scale: Any, log: Any) -> Any:
    result = spread(f.gamma_density, x, shape, scale)
    return logged("gamma", result, (x, shape, scale)) if flag(log) else result


@builtin("pgamma", "q, shape, rate = 1, scale = 1 / rate, lower.tail = TRUE, log.p = FALSE", package="stats")
def pgamma(q: Any, shape: Any, rate: Any, scale: Any, lower_tail: Any, log_p: Any) -> Any:
    function = f.gamma_cumulative if flag(lower_tail) else (lambda x, a, s: gamma_upper(a, x / s))
    result = spread(_within_domain("gamma", function), q, shape, scale)
    return logged("gamma", result, (q, shape, scale), not flag(lower_tail)) if flag(log_p) else result


@builtin("qgamma", "p, shape, rate = 1, scale = 1 / rate, lower.tail = TRUE, log.p = FALSE", package="stats")
def qgamma(p: Any, shape: Any, rate: Any, scale: Any, lower_tail: Any, log_p: Any) -> Any:
    data = coerce(p, "double").data
    data = np.exp(data) if flag(log_p) else data
    data = data if flag(lower_tail) else 1 - data
    return spread(continuous_inverse(f.gamma_cumulative, 0.0, math.inf), Vector("double", data), shape, scale)
