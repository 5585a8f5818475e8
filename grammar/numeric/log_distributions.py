"""Logarithms of densities and of tails where the densities and tails themselves are too small for a double.

A likelihood is a sum of such logarithms, and a search for its maximum begins far away from it.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from pipekeras.grammar.numeric.normal import normal_quantile_far

LogDensity = Callable[..., float]
LogTail = Callable[..., float]

_HALF_LOG_TWO_PI = 0.918938533204672741780329736406
_MOST_TERMS = 100_000


def log_choose(n: float, k: float) -> float:
    """Logarithm of a binomial coefficient."""
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def log_beta(a: float, b: float) -> float:
    """Logarithm of the beta function."""
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _times_log(amount: float, value: float) -> float:
    return 0.0 if amount == 0 else -math.inf if value <= 0 else amount * math.log(value)


def _whole(x: float) -> bool:
    return x >= 0 and x == math.floor(x) and math.isfinite(x)


def log_normal_curve(x: float, mean: float, sd: float) -> float:
    """Normal density."""
    z = (x - mean) / sd
    return -(_HALF_LOG_TWO_PI + 0.5 * z * z + math.log(sd))


def _exponential(x: float, rate: float) -> float:
    return -math.inf if x < 0 else math.log(rate) - rate * x


def _gamma(x: float, shape: float, scale: float) -> float:
    if x <= 0 or math.isinf(x):
        return -math.inf
    z = x / scale
    return (shape - 1) * math.log(z) - z - math.lgamma(shape) - math.log(scale)


def _poisson(x: float, mean: float) -> float:
    return _times_log(x, mean) - mean - math.lgamma(x + 1) if _whole(x) else -math.inf


def _binomial(x: float, size: float, chance: float) -> float:
    if not _whole(x) or x > size:
        return -math.inf
    rest = 0.0 if x == size else -math.inf if chance >= 1 else (size - x) * math.log1p(-chance)
    return log_choose(size, x) + _times_log(x, chance) + rest


def _geometric(x: float, chance: float) -> float:
    return math.log(chance) + x * math.log1p(-chance) if _whole(x) and chance < 1 else -math.inf


def _negative_binomial(x: float, size: float, chance: float) -> float:
    if not _whole(x):
        return -math.inf
    return math.lgamma(x + size) - math.lgamma(size) - math.lgamma(x + 1) + size * math.log(chance) + x * math.log1p(-chance)


def _beta(x: float, a: float, b: float) -> float:
    if not 0 < x < 1:
        return -math.inf
    return (a - 1) * math.log(x) + (b - 1) * math.log1p(-x) - log_beta(a, b)


def _chi(x: float, degrees: float) -> float:
    return _gamma(x, degrees / 2, 2.0)


def _student(x: float, degrees: float) -> float:
    if math.isinf(x):
        return -math.inf
    if math.isinf(degrees):
        return log_normal_curve(x, 0.0, 1.0)
    size = abs(x)
    spread = math.log1p(size / degrees * size) if size < 1e100 else 2 * math.log(size) - math.log(degrees)
    return -log_beta(degrees / 2, 0.5) - 0.5 * math.log(degrees) - (degrees + 1) / 2 * spread


def _fisher(x: float, first: float, second: float) -> float:
    if x <= 0 or math.isinf(x):
        return -math.inf
    ratio = math.log(first) - math.log(second)
    logs = ratio + math.log(x)
    spread = logs if logs > 40 else math.log1p(math.exp(logs))
    return first / 2 * ratio + (first / 2 - 1) * math.log(x) - (first + second) / 2 * spread - log_beta(first / 2, second / 2)


def _logistic(x: float, location: float, scale: float) -> float:
    z = abs((x - location) / scale)
    return -(z + math.log(scale) + 2 * math.log1p(math.exp(-z)))


def _cauchy(x: float, location: float, scale: float) -> float:
    z = abs((x - location) / scale)
    return -math.log(math.pi * scale * (1 + z * z))


def _weibull(x: float, shape: float, scale: float) -> float:
    if x <= 0 or math.isinf(x):
        return -math.inf
    logs = math.log(x / scale)
    return math.log(shape / scale) + (shape - 1) * logs - math.exp(shape * logs)


def _log_normal(x: float, mean: float, sd: float) -> float:
    return log_normal_curve(math.log(x), mean, sd) - math.log(x) if 0 < x < math.inf else -math.inf


def _hypergeometric(x: float, white: float, black: float, drawn: float) -> float:
    if not _whole(x) or x > white or x > drawn or drawn - x > black:
        return -math.inf
    return log_choose(white, x) + log_choose(black, drawn - x) - log_choose(white + black, drawn)


LOG_DENSITY: dict[str, LogDensity] = {
    "norm": log_normal_curve, "exp": _exponential, "gamma": _gamma, "pois": _poisson, "binom": _binomial, "geom": _geometric,
    "nbinom": _negative_binomial, "beta": _beta, "chisq": _chi, "t": _student, "f": _fisher, "logis": _logistic,
    "cauchy": _cauchy, "weibull": _weibull, "lnorm": _log_normal, "hyper": _hypergeometric,
}
"""By R's names of the distributions, with R's parameters (the gamma distribution's are shape and scale)."""


def log_normal_tail(z: float) -> float:
    """Normal distribution function far below its mean, by its asymptotic series."""
    if math.isinf(z):
        return -math.inf
    series, term = 1.0, 1.0
    for k in range(1, 8):
        term *= -(2 * k - 1) / (z * z)
        series += term
    return -0.5 * z * z - math.log(-z) - _HALF_LOG_TWO_PI + math.log(series)


def _gamma_tail(x: float, shape: float, scale: float, upper: bool) -> float:
    z = x / scale
    if z <= 0:
        return 0.0 if upper else -math.inf
    if math.isinf(z):
        return -math.inf if upper else 0.0
    lead = shape * math.log(z) - z
    total, term = 1.0, 1.0
    if not upper:
        for k in range(1, _MOST_TERMS):
            term *= z / (shape + k)
            total += term
            if term < total * 1e-17:
                break
        return lead - math.lgamma(shape + 1) + math.log(total)
    # Legendre's continued fraction, by Lentz's method.
    b = z + 1 - shape
    c, d = 1e300, 1 / b
    fraction = d
    for k in range(1, _MOST_TERMS):
        a = -k * (k - shape)
        b += 2
        d = 1 / (a * d + b)
        c = b + a / c
        fraction *= c * d
        if abs(c * d - 1) < 1e-16:
            break
    return lead - math.lgamma(shape) + math.log(fraction)


def _beta_tail(x: float, rest: float, a: float, b: float) -> float:
    """What a beta distribution has below `x`, which is small; `rest` is 1 - x."""
    if x <= 0:
        return -math.inf
    total, term = 1.0, 1.0
    for k in range(_MOST_TERMS):
        term *= (a + b + k) / (a + 1 + k) * x
        total += term
        if term < total * 1e-17:
            break
    return a * math.log(x) + b * math.log(rest) - math.log(a) - log_beta(a, b) + math.log(total)


def _student_tail(x: float, degrees: float, upper: bool) -> float:
    size = x if upper else -x
    if size <= 0:
        return 0.0
    if size > 1e100:
        # The square of the value is no number any more: the first term is all there is.
        a = degrees / 2
        return math.log(0.5) + a * (math.log(degrees) - 2 * math.log(size)) - math.log(a) - log_beta(a, 0.5)
    share = degrees / (degrees + size * size)
    return math.log(0.5) + _beta_tail(share, 1 - share, degrees / 2, 0.5)


def _fisher_tail(x: float, first: float, second: float, upper: bool) -> float:
    above = second / (first * x + second)
    if upper:
        return _beta_tail(above, 1 - above, second / 2, first / 2)
    below = first * x / (first * x + second)
    return _beta_tail(below, above, first / 2, second / 2)


def _logistic_tail(x: float, location: float, scale: float, upper: bool) -> float:
    z = (x - location) / scale
    z = z if upper else -z
    return -z - math.log1p(math.exp(-z)) if z > 0 else -math.log1p(math.exp(z))


def _cauchy_tail(x: float, location: float, scale: float, upper: bool) -> float:
    z = (x - location) / scale
    z = z if upper else -z
    return math.log(math.atan(1 / z) / math.pi) if z > 0 else 0.0


def _terms_up(first: float, ratio: Callable[[float], float], k: float, step: int) -> float:
    """The sum of a discrete tail from its first and largest term, whose logarithm is given."""
    total, term = 1.0, 1.0
    for _ in range(_MOST_TERMS):
        term *= ratio(k)
        k += step
        total += term
        if term < total * 1e-17:
            break
    return first + math.log(total)


def _binomial_tail(x: float, size: float, chance: float, upper: bool) -> float:
    odds = chance / (1 - chance)
    k = math.floor(x + 1e-7)
    if upper:
        return _terms_up(_binomial(k + 1, size, chance), lambda at: (size - at) / (at + 1) * odds, k + 1, 1)
    return _terms_up(_binomial(k, size, chance), lambda at: at / (size - at + 1) / odds, k, -1)


def _negative_binomial_tail(x: float, size: float, chance: float, upper: bool) -> float:
    k = math.floor(x + 1e-7)
    if upper:
        first = _negative_binomial(k + 1, size, chance)
        return _terms_up(first, lambda at: (at + size) / (at + 1) * (1 - chance), k + 1, 1)
    return _terms_up(_negative_binomial(k, size, chance), lambda at: at / (at + size - 1) / (1 - chance), k, -1)


LOG_TAIL: dict[str, LogTail] = {
    "norm": lambda x, mean, sd, upper: log_normal_tail((mean - x) / sd if upper else (x - mean) / sd),
    "exp": lambda x, rate, upper: -rate * x if upper else math.log(-math.expm1(-rate * x)),
    "gamma": _gamma_tail,
    "chisq": lambda x, degrees, upper: _gamma_tail(x, degrees / 2, 2.0, upper),
    "pois": lambda x, mean, upper: _gamma_tail(mean, math.floor(x + 1e-7) + 1, 1.0, not upper),
    "binom": _binomial_tail,
    "nbinom": _negative_binomial_tail,
    "geom": lambda x, chance, upper: (math.floor(x + 1e-7) + 1) * math.log1p(-chance) if upper else -math.inf,
    "beta": lambda x, a, b, upper: _beta_tail(1 - x, x, b, a) if upper else _beta_tail(x, 1 - x, a, b),
    "t": _student_tail,
    "f": _fisher_tail,
    "logis": _logistic_tail,
    "cauchy": _cauchy_tail,
    "weibull": lambda x, shape, scale, upper: -((x / scale) ** shape) if upper else shape * math.log(x / scale),
    "lnorm": lambda x, mean, sd, upper: log_normal_tail((mean - math.log(x)) / sd if upper else (math.log(x) - mean) / sd),
}
"""What lies below a value, or above it where `upper`; used where that has no double of its own."""


LOG_QUANTILE: dict[str, Callable[..., float]] = {
    "norm": lambda logs, mean, sd: mean + sd * normal_quantile_far(math.sqrt(-logs)),
    "lnorm": lambda logs, mean, sd: math.exp(mean + sd * normal_quantile_far(math.sqrt(-logs))),
    "logis": lambda logs, location, scale: location + scale * logs,
    "weibull": lambda logs, shape, scale: scale * math.exp(logs / shape),
    "exp": lambda logs, rate: math.exp(logs) / rate,
}
"""Quantiles of chances too small for a double, by the logarithm of what lies below."""
