"""Densities, distribution functions and quantiles of the classical distributions (``d``, ``p``, ``q``)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import UNSET, builtin
from pipekeras.grammar.numeric.log_distributions import LOG_DENSITY, LOG_QUANTILE, LOG_TAIL
from pipekeras.grammar.numeric.normal import SHARE_OF_ROOT, normal_probability, normal_quantile_scalar
from pipekeras.grammar.numeric.special import beta_lower, gamma_lower, gamma_upper
from pipekeras.grammar.values import Vector
from pipekeras.grammar.vectors.arguments import flag
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.recycling import resized
from pipekeras.grammar.vectors.report import warn

Function = Callable[..., float]
ROOT_TWO_PI = math.sqrt(2 * math.pi)


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


def _positive(value: float) -> None:
    if value < 0:
        raise ValueError


def normal_density(x: float, mean: float, sd: float) -> float:
    _positive(sd)
    if sd == 0:
        return math.inf if x == mean else 0.0
    z = abs((x - mean) / sd)
    if not z >= 5.0:
        return SHARE_OF_ROOT * math.exp(-0.5 * z * z) / sd
    if z > math.sqrt(2.0 * math.log(2.0) * 1073):
        return 0.0
    # The square in two parts, the first of which is exact.
    coarse = round(z * 65536.0) / 65536.0
    rest = z - coarse
    return SHARE_OF_ROOT / sd * (math.exp(-0.5 * coarse * coarse) * math.exp((-0.5 * rest - coarse) * rest))


def normal_cumulative(x: float, mean: float, sd: float) -> float:
    _positive(sd)
    if sd == 0:
        return 1.0 if x >= mean else 0.0
    return normal_probability((x - mean) / sd)


def normal_inverse(p: float, mean: float, sd: float) -> float:
    _positive(sd)
    return mean + sd * normal_quantile_scalar(p)


def uniform_density(x: float, low: float, high: float) -> float:
    if high <= low:
        raise ValueError
    return 1 / (high - low) if low <= x <= high else 0.0


def uniform_cumulative(x: float, low: float, high: float) -> float:
    if high < low:
        raise ValueError
    return min(1.0, max(0.0, (x - low) / (high - low)))


def uniform_inverse(p: float, low: float, high: float) -> float:
    if not 0 <= p <= 1 or high < low:
        raise ValueError
    return low + p * (high - low)


def exponential_density(x: float, rate: float) -> float:
    _positive(rate)
    return rate * math.exp(-rate * x) if x >= 0 else 0.0


def exponential_cumulative(x: float, rate: float) -> float:
    _positive(rate)
    return -math.expm1(-rate * x) if x > 0 else 0.0


def exponential_inverse(p: float, rate: float) -> float:
    if not 0 <= p <= 1:
        raise ValueError
    return math.inf if p == 1 else -math.log1p(-p) / rate


def binomial_density(x: float, size: float, probability: float) -> float:
    if not 0 <= probability <= 1 or size < 0 or size != int(size):
        raise ValueError
    if x < 0 or x > size or x != int(x):
        return 0.0
    if probability in (0, 1):
        return 1.0 if x == (0 if probability == 0 else size) else 0.0
    n, k = int(size), int(x)
    if n < 1000:
        return math.comb(n, k) * probability**k * (1 - probability) ** (n - k)
    choose = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.exp(choose + k * math.log(probability) + (n - k) * math.log1p(-probability))


def binomial_cumulative(x: float, size: float, probability: float) -> float:
    if not 0 <= probability <= 1 or size < 0:
        raise ValueError
    x = math.floor(x + 1e-7)
    if x < 0:
        return 0.0
    if x >= size:
        return 1.0
    if size <= 200:
        return min(1.0, math.fsum(binomial_density(k, size, probability) for k in range(int(x) + 1)))
    return 1 - beta_lower(x + 1, size - x, probability)


def binomial_above(x: float, size: float, probability: float) -> float:
    """The chance of more than x: that of fewer failures, summed from the small end."""
    x = math.floor(x + 1e-7)
    if not 0 <= x < size:
        return float(x < 0)
    if size <= 200:
        return binomial_cumulative(size - x - 1, size, 1 - probability)
    return beta_lower(x + 1, size - x, probability)


def poisson_density(x: float, mean: float) -> float:
    _positive(mean)
    if x < 0 or x != int(x):
        return 0.0
    if mean == 0:
        return 1.0 if x == 0 else 0.0
    return math.exp(x * math.log(mean) - mean - math.lgamma(x + 1))


def poisson_cumulative(x: float, mean: float) -> float:
    _positive(mean)
    if x < 0:
        return 0.0
    return 1.0 if mean == 0 else gamma_upper(math.floor(x + 1e-7) + 1, mean)


def geometric_density(x: float, probability: float) -> float:
    if not 0 < probability <= 1:
        raise ValueError
    return probability * (1 - probability) ** x if x >= 0 and x == int(x) else 0.0


def geometric_cumulative(x: float, probability: float) -> float:
    return 0.0 if x < 0 else -math.expm1(math.log1p(-probability) * (math.floor(x + 1e-7) + 1))


def gamma_density(x: float, shape: float, scale: float) -> float:
    _positive(shape)
    if x < 0:
        return 0.0
    if x == 0:
        return math.inf if shape < 1 else 1 / scale if shape == 1 else 0.0
    return math.exp((shape - 1) * math.log(x / scale) - x / scale - math.lgamma(shape)) / scale


def gamma_cumulative(x: float, shape: float, scale: float) -> float:
    return gamma_lower(shape, x / scale)


def beta_density(x: float, a: float, b: float) -> float:
    if x < 0 or x > 1:
        return 0.0
    if x in (0, 1):
        edge = a if x == 0 else b
        return math.inf if edge < 1 else (b if x == 0 else a) if edge == 1 else 0.0
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return math.exp(front + (a - 1) * math.log(x) + (b - 1) * math.log1p(-x))


def beta_cumulative(x: float, a: float, b: float) -> float:
    return beta_lower(a, b, x)


def chi_density(x: float, degrees: float) -> float:
    return gamma_density(x, degrees / 2, 2.0)


def chi_cumulative(x: float, degrees: float) -> float:
    return gamma_lower(degrees / 2, x / 2)


def student_density(x: float, degrees: float) -> float:
    if degrees <= 0:
        raise ValueError
    front = math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)
    return math.exp(front - (degrees + 1) / 2 * math.log1p(x * x / degrees)) / math.sqrt(degrees * math.pi)


def student_cumulative(x: float, degrees: float) -> float:
    if degrees <= 0:
        raise ValueError
    if math.isinf(x):
        return 1.0 if x > 0 else 0.0
    tail = 0.5 * beta_lower(degrees / 2, 0.5, degrees / (degrees + x * x))
    return 1 - tail if x > 0 else tail


def fisher_density(x: float, first: float, second: float) -> float:
    if x < 0:
        return 0.0
    if x == 0:
        return math.inf if first < 2 else 1.0 if first == 2 else 0.0
    front = math.lgamma((first + second) / 2) - math.lgamma(first / 2) - math.lgamma(second / 2)
    ratio = first / second
    return math.exp(front + first / 2 * math.log(ratio) + (first / 2 - 1) * math.log(x)
                    - (first + second) / 2 * math.log1p(ratio * x))


def fisher_cumulative(x: float, first: float, second: float) -> float:
    return 0.0 if x <= 0 else beta_lower(first / 2, second / 2, first * x / (first * x + second))


def logistic_density(x: float, location: float, scale: float) -> float:
    z = math.exp(-abs((x - location) / scale))
    return z / (scale * (1 + z) ** 2)


def logistic_cumulative(x: float, location: float, scale: float) -> float:
    return _reached((x - location) / scale)


def _reached(z: float) -> float:
    return 0.0 if z < -709.0 else 1 / (1 + math.exp(-z))


def logistic_inverse(p: float, location: float, scale: float) -> float:
    if p in (0.0, 1.0):
        return math.inf if p else -math.inf
    return location + scale * math.log(p / (1 - p))


def cauchy_density(x: float, location: float, scale: float) -> float:
    z = (x - location) / scale
    return 1 / (math.pi * scale * (1 + z * z))


def cauchy_cumulative(x: float, location: float, scale: float) -> float:
    if x < location - scale:
        return math.atan(scale / (location - x)) / math.pi
    return 0.5 + math.atan((x - location) / scale) / math.pi


def cauchy_inverse(p: float, location: float, scale: float) -> float:
    return location + scale * math.tan(math.pi * (p - 0.5))


def weibull_density(x: float, shape: float, scale: float) -> float:
    if x < 0:
        return 0.0
    return shape / scale * (x / scale) ** (shape - 1) * math.exp(-((x / scale) ** shape))


def weibull_cumulative(x: float, shape: float, scale: float) -> float:
    return 0.0 if x <= 0 else -math.expm1(-((x / scale) ** shape))


def weibull_inverse(p: float, shape: float, scale: float) -> float:
    return scale * (-math.log1p(-p)) ** (1 / shape)


def log_normal_density(x: float, mean: float, sd: float) -> float:
    return 0.0 if x <= 0 else normal_density(math.log(x), mean, sd) / x


def log_normal_cumulative(x: float, mean: float, sd: float) -> float:
    return 0.0 if x <= 0 else normal_cumulative(math.log(x), mean, sd)


def log_normal_inverse(p: float, mean: float, sd: float) -> float:
    return math.exp(normal_inverse(p, mean, sd))


def continuous_inverse(cumulative: Function, low: float, high: float) -> Function:
    """Quantile function by bisection to the last bit, widening unbounded sides first."""

    def inverse(p: float, *parameters: float) -> float:
        if not 0 <= p <= 1:
            raise ValueError
        if p == 0:
            return low
        if p == 1:
            return high
        a = low if math.isfinite(low) else -1.0
        b = high if math.isfinite(high) else 1.0
        while not math.isfinite(high) and cumulative(b, *parameters) < p:
            b *= 2
        while not math.isfinite(low) and cumulative(a, *parameters) > p:
            a *= 2
        for _ in range(2000):
            middle = (a + b) / 2
            if middle in (a, b):
                break
            if cumulative(middle, *parameters) < p:
                a = middle
            else:
                b = middle
        return b

    return inverse


def discrete_inverse(cumulative: Function) -> Function:
    """Quantile function of a distribution on 0, 1, 2, ...: the smallest value that reaches the probability."""

    def inverse(p: float, *parameters: float) -> float:
        if not 0 <= p <= 1:
            raise ValueError
        if p == 1:
            return parameters[0] if cumulative is binomial_cumulative else math.inf
        low, high = -1, 1
        target = p * (1 - 64 * 2.220446e-16)
        while cumulative(high, *parameters) < target:
            high *= 2
        while high - low > 1:
            middle = (low + high) // 2
            if cumulative(middle, *parameters) < target:
                low = middle
            else:
                high = middle
        return float(high)

    return inverse


DISTRIBUTIONS: dict[str, tuple[str, Function, Function, Function]] = {
    "norm": ("mean = 0, sd = 1", normal_density, normal_cumulative, normal_inverse),
    "unif": ("min = 0, max = 1", uniform_density, uniform_cumulative, uniform_inverse),
    "exp": ("rate = 1", exponential_density, exponential_cumulative, exponential_inverse),
    "binom": ("size, prob", binomial_density, binomial_cumulative, discrete_inverse(binomial_cumulative)),
    "pois": ("lambda", poisson_density, poisson_cumulative, discrete_inverse(poisson_cumulative)),
    "geom": ("prob", geometric_density, geometric_cumulative, discrete_inverse(geometric_cumulative)),
    "beta": ("shape1, shape2", beta_density, beta_cumulative, continuous_inverse(beta_cumulative, 0.0, 1.0)),
    "chisq": ("df", chi_density, chi_cumulative, continuous_inverse(chi_cumulative, 0.0, math.inf)),
    "t": ("df", student_density, student_cumulative, continuous_inverse(student_cumulative, -math.inf, math.inf)),
    "f": ("df1, df2", fisher_density, fisher_cumulative, continuous_inverse(fisher_cumulative, 0.0, math.inf)),
    "logis": ("location = 0, scale = 1", logistic_density, logistic_cumulative, logistic_inverse),
    "cauchy": ("location = 0, scale = 1", cauchy_density, cauchy_cumulative, cauchy_inverse),
    "weibull": ("shape, scale = 1", weibull_density, weibull_cumulative, weibull_inverse),
    "lnorm": ("meanlog = 0, sdlog = 1", log_normal_density, log_normal_cumulative, log_normal_inverse),
}


UPPER: dict[str, Function] = {
    "norm": lambda x, mean, sd: normal_probability((x - mean) / sd, True),
    "exp": lambda x, rate: math.exp(-rate * x) if x > 0 else 1.0,
    "binom": binomial_above,
    "pois": lambda x, mean: gamma_lower(math.floor(x + 1e-7) + 1, mean) if x >= 0 else 1.0,
    "beta": lambda x, a, b: beta_lower(b, a, 1 - x),
    "chisq": lambda x, degrees: gamma_upper(degrees / 2, x / 2),
    "t": lambda x, degrees: student_cumulative(-x, degrees),
    "f": lambda x, first, second: beta_lower(second / 2, first / 2, second / (first * x + second)) if x > 0 else 1.0,
    "logis": lambda x, location, scale: _reached((location - x) / scale),
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
    result = spread(gamma_density, x, shape, scale)
    return logged("gamma", result, (x, shape, scale)) if flag(log) else result


@builtin("pgamma", "q, shape, rate = 1, scale = 1 / rate, lower.tail = TRUE, log.p = FALSE", package="stats")
def pgamma(q: Any, shape: Any, rate: Any, scale: Any, lower_tail: Any, log_p: Any) -> Any:
    function = gamma_cumulative if flag(lower_tail) else (lambda x, a, s: gamma_upper(a, x / s))
    result = spread(_within_domain("gamma", function), q, shape, scale)
    return logged("gamma", result, (q, shape, scale), not flag(lower_tail)) if flag(log_p) else result


@builtin("qgamma", "p, shape, rate = 1, scale = 1 / rate, lower.tail = TRUE, log.p = FALSE", package="stats")
def qgamma(p: Any, shape: Any, rate: Any, scale: Any, lower_tail: Any, log_p: Any) -> Any:
    data = coerce(p, "double").data
    data = np.exp(data) if flag(log_p) else data
    data = data if flag(lower_tail) else 1 - data
    return spread(continuous_inverse(gamma_cumulative, 0.0, math.inf), Vector("double", data), shape, scale)
