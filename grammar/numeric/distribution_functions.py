"""Densities, distribution functions and quantiles of the classical distributions, of one number at a time.

A ValueError says that there is no value: it becomes NaN with a warning.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from pipekeras.grammar.numeric.normal import SHARE_OF_ROOT, normal_probability, normal_quantile_scalar
from pipekeras.grammar.numeric.special import beta_lower, gamma_lower, gamma_upper

Function = Callable[..., float]


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


_NEARLY_NORMAL = 1e6
"""Degrees of freedom beyond which Student's law is the normal one bent a little (Abramowitz and Stegun, 26.7.8)."""


def student_density(x: float, degrees: float) -> float:
    if degrees <= 0:
        raise ValueError
    if math.isinf(degrees):
        return normal_density(x, 0.0, 1.0)
    bend = (degrees + 1) / 2 * math.log1p(x * x / degrees)
    if degrees > _NEARLY_NORMAL:
        return math.exp(-bend - 0.25 / degrees) / math.sqrt(2 * math.pi)
    front = math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)
    return math.exp(front - bend) / math.sqrt(degrees * math.pi)


def student_cumulative(x: float, degrees: float) -> float:
    if degrees <= 0:
        raise ValueError
    if math.isinf(x):
        return 1.0 if x > 0 else 0.0
    if degrees > _NEARLY_NORMAL:
        return normal_cumulative(x * (1 - 0.25 / degrees) / math.sqrt(1 + x * x / degrees / 2), 0.0, 1.0)
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
    return logistic_share((x - location) / scale)


def logistic_share(z: float) -> float:
    """The logistic distribution function."""
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


def _is_always_nothing(cumulative: Function, parameters: tuple[float, ...]) -> bool:
    try:
        return cumulative(0, *parameters) == 1
    except (ValueError, ZeroDivisionError):
        return False


def discrete_inverse(cumulative: Function) -> Function:
    """Quantile function of a distribution on 0, 1, 2, ...: the smallest value that reaches the probability."""

    def inverse(p: float, *parameters: float) -> float:
        if not 0 <= p <= 1:
            raise ValueError
        if p == 1:
            if cumulative is binomial_cumulative:
                return parameters[0]
            return 0.0 if _is_always_nothing(cumulative, parameters) else math.inf
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
