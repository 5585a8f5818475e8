"""Random variates of the classical distributions, drawn exactly as R draws them.

Sources: Ahrens and Dieter (1974), algorithm GS, and (1982a), algorithm GD, both for gamma; (1982b), algorithm PD, for
Poisson; Kachitvichyanukul and Schmeiser (1988), algorithm BTPE for binomial; Cheng (1978), algorithms BB and BC for
beta.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence

from pipekeras.grammar.numeric.generator import GENERATOR

GAMMA_Q = (2.424e-4, 2.4511e-4, -7.388e-5, 0.00144121, 0.00801191, 0.02083148, 0.04166669)
GAMMA_A = (0.1233795, -0.1367177, 0.1423657, -0.1662921, 0.2000062, -0.250003, 0.3333333)
POISSON_A = (0.1250060, -0.1384794, 0.1421878, -0.1661269, 0.2000118, -0.2500068, 0.3333333, -0.5)
DENSITY_AT_ZERO = 0.398942280401432677939946059934
LARGEST_EXPONENT = sys.float_info.max_exp * math.log(2.0)


def _horner(coefficients: Sequence[float], x: float) -> float:
    value = 0.0
    for coefficient in coefficients:
        value = value * x + coefficient
    return value


def gamma(shape: float, scale: float) -> float:
    """One gamma variate; shape >= 0, scale >= 0."""
    if math.isnan(shape) or math.isnan(scale) or shape < 0 or scale < 0:
        return math.nan
    if shape == 0 or scale == 0:
        return 0.0
    if math.isinf(shape) or math.isinf(scale):
        return math.inf
    return scale * (_gamma_small(shape) if shape < 1 else _gamma_large(shape))


def _gamma_small(shape: float) -> float:
    bound = 1.0 + 0.36787944117144233 * shape
    while True:
        p = bound * GENERATOR.uniform()
        if p >= 1.0:
            x = -math.log((bound - p) / shape)
            if GENERATOR.exponential() >= (1.0 - shape) * math.log(x):
                return x
        else:
            x = math.exp(math.log(p) / shape)
            if GENERATOR.exponential() >= x:
                return x


def _gamma_large(shape: float) -> float:
    variance = shape - 0.5
    s = math.sqrt(variance)
    d = 5.656854 - s * 12
    t = GENERATOR.normal()
    x = s + 0.5 * t
    if t >= 0:
        return x * x
    u = GENERATOR.uniform()
    if d * u <= t * t * t:
        return x * x
    inverse = 1 / shape
    q0 = _horner(GAMMA_Q, inverse) * inverse
    if shape <= 3.686:
        b = 0.463 + s + 0.178 * variance
        spread = 1.235
        c = 0.195 / s - 0.079 + 0.16 * s
    elif shape <= 13.022:
        b = 1.654 + 0.0076 * variance
        spread = 1.68 / s + 0.275
        c = 0.062 / s + 0.024
    else:
        b, spread, c = 1.77, 0.75, 0.1515 / s

    def quotient(t: float) -> float:
        v = t / (s + s)
        if abs(v) <= 0.25:
            return q0 + 0.5 * t * t * _horner(GAMMA_A, v) * v
        return q0 - s * t + 0.25 * t * t + (variance + variance) * math.log(1.0 + v)

    if x > 0.0 and math.log(1.0 - u) <= quotient(t):
        return x * x
    while True:
        e = GENERATOR.exponential()
        u = GENERATOR.uniform()
        u = u + u - 1.0
        t = b - spread * e if u < 0.0 else b + spread * e
        if t >= -0.71874483771719:
            q = quotient(t)
            if q > 0.0 and c * abs(u) <= math.expm1(q) * math.exp(e - 0.5 * t * t):
                break
    x = s + 0.5 * t
    return x * x


def poisson(mean: float) -> float:
    """One Poisson variate; mean >= 0."""
    if not math.isfinite(mean) or mean < 0:
        return math.nan
    if mean == 0:
        return 0.0
    return _poisson_large(mean) if mean >= 10 else _poisson_small(mean)


def _poisson_small(mean: float) -> float:
    start = math.exp(-mean)
    while True:
        u = GENERATOR.uniform()
        if u <= start:
            return 0.0
        total = term = start
        for k in range(1, 36):
            term *= mean / k
            total += term
            if u <= total:
                return float(k)


def _poisson_large(mean: float) -> float:
    s = math.sqrt(mean)
    d = 6.0 * mean * mean
    g = mean + s * GENERATOR.normal()
    count = u = 0.0
    if g >= 0.0:
        count = math.floor(g)
        if count >= math.floor(mean - 1.1484):
            return float(count)
        difference = mean - count
        u = GENERATOR.uniform()
        if d * u >= difference * difference * difference:
            return float(count)
    omega = DENSITY_AT_ZERO / s
    b1 = 1.0 / (24.0 * mean)
    b2 = 0.3 * b1 * b1
    c3 = 1.0 / 7.0 * b1 * b2
    c2 = b2 - 15.0 * c3
    c1 = b1 - 6.0 * b2 + 45.0 * c3
    c0 = 1.0 - b1 + 3.0 * b2 - 15.0 * c3
    c = 0.1069 / mean

    def densities(count: float) -> tuple[float, float, float, float]:
        difference = mean - count
        if count < 10:
            px = -mean
            py = mean**count / math.factorial(int(count))
        else:
            delta = 0.083333333333333333333 / count
            delta = delta * (1.0 - 4.8 * delta * delta)
            v = difference / count
            if abs(v) <= 0.25:
                px = count * v * v * _horner(POISSON_A, v) - delta
            else:
                px = count * math.log(1 + v) - difference - delta
            py = DENSITY_AT_ZERO / math.sqrt(count)
        x = (0.5 - difference) / s
        x *= x
        return px, py, -0.5 * x, omega * (((c3 * x + c2) * x + c1) * x + c0)

    if g >= 0.0:
        px, py, fx, fy = densities(count)
        if fy - u * fy <= py * math.exp(px - fx):
            return float(count)
    while True:
        e = GENERATOR.exponential()
        u = 2 * GENERATOR.uniform() - 1.0
        t = 1.8 + math.copysign(e, u)
        if t > -0.6744:
            count = math.floor(mean + s * t)
            px, py, fx, fy = densities(count)
            if c * abs(u) <= py * math.exp(px + e) - fy * math.exp(fx + e):
                return float(count)


def binomial(size: float, probability: float) -> float:
    """One binomial variate; size a whole number >= 0, probability in [0, 1]."""
    if not math.isfinite(size) or size < 0 or size != round(size):
        return math.nan
    if not math.isfinite(probability) or probability < 0 or probability > 1:
        return math.nan
    if size == 0 or probability == 0.0:
        return 0.0
    if probability == 1.0:
        return size
    n = int(size)
    p = min(probability, 1.0 - probability)
    drawn = _binomial_large(n, p) if n * p >= 30.0 else _binomial_small(n, p)
    return float(n - drawn if probability > 0.5 else drawn)


def _binomial_small(n: int, p: float) -> int:
    q = 1.0 - p
    start = q**n
    ratio = p / q
    g = ratio * (n + 1)
    while True:
        drawn = 0
        f = start
        u = GENERATOR.uniform()
        while True:
            if u < f:
                return drawn
            if drawn > 110:
                break
            u -= f
            drawn += 1
            f *= g / drawn - ratio


def _stirling_tail(x: float) -> float:
    square = x * x
    return (13860.0 - (462.0 - (132.0 - (99.0 - 140.0 / square) / square) / square) / square) / x / 166320.0


def _binomial_large(n: int, p: float) -> int:
    q = 1.0 - p
    mean = n * p
    ratio = p / q
    g = ratio * (n + 1)
    variance = mean * q
    fm = mean + p
    m = int(fm)
    p1 = int(2.195 * math.sqrt(variance) - 4.6 * q) + 0.5
    centre = m + 0.5
    left, right = centre - p1, centre + p1
    c = 0.134 + 20.5 / (15.3 + m)
    slope = (fm - left) / (fm - left * p)
    left_rate = slope * (1.0 + 0.5 * slope)
    slope = (right - fm) / (right * q)
    right_rate = slope * (1.0 + 0.5 * slope)
    p2 = p1 * (1.0 + c + c)
    p3 = p2 + c / left_rate
    p4 = p3 + c / right_rate
    while True:
        u = GENERATOR.uniform() * p4
        v = GENERATOR.uniform()
        if u <= p1:
            return int(centre - p1 * v + u)
        if u <= p2:
            x = left + (u - p1) / c
            v = v * c + 1.0 - abs(centre - x) / p1
            if v > 1.0 or v <= 0.0:
                continue
            drawn = int(x)
        elif u > p3:
            drawn = int(right - math.log(v) / right_rate)
            if drawn > n:
                continue
            v = v * (u - p3) * right_rate
        else:
            drawn = int(left + math.log(v) / left_rate)
            if drawn < 0:
                continue
            v = v * (u - p2) * left_rate
        k = abs(drawn - m)
        if k <= 20 or k >= variance / 2 - 1:
            f = 1.0
            for i in range(m + 1, drawn + 1):
                f *= g / i - ratio
            for i in range(drawn + 1, m + 1):
                f /= g / i - ratio
            if v <= f:
                return drawn
            continue
        slack = (k / variance) * ((k * (k / 3.0 + 0.625) + 0.1666666666666) / variance + 0.5)
        normal = -float(k) * k / (2.0 * variance)
        log_v = math.log(v)
        if log_v < normal - slack:
            return drawn
        if log_v <= normal + slack:
            x1, f1, z, w = drawn + 1.0, fm + 1.0, n + 1.0 - fm, n - drawn + 1.0
            bound = centre * math.log(f1 / x1) + (n - m + 0.5) * math.log(z / w)
            bound += (drawn - m) * math.log(w * p / (x1 * q))
            bound += _stirling_tail(f1) + _stirling_tail(z) + _stirling_tail(x1) + _stirling_tail(w)
            if log_v <= bound:
                return drawn


def beta(first: float, second: float) -> float:
    """One beta variate; both shapes >= 0."""
    if math.isnan(first) or math.isnan(second) or first < 0 or second < 0:
        return math.nan
    if math.isinf(first) and math.isinf(second):
        return 0.5
    if first == 0 and second == 0:
        return 0.0 if GENERATOR.uniform() < 0.5 else 1.0
    if math.isinf(first) or second == 0:
        return 1.0
    if math.isinf(second) or first == 0:
        return 0.0
    a, b = min(first, second), max(first, second)
    total = a + b

    def odds(u: float, rate: float, factor: float) -> tuple[float, float]:
        v = rate * math.log(u / (1.0 - u))
        w = factor * math.exp(v) if v <= LARGEST_EXPONENT else sys.float_info.max
        return v, min(w, sys.float_info.max)

    if a <= 1.0:
        rate = 1.0 / a
        delta = 1.0 + b - a
        k1 = delta * (0.0138889 + 0.0416667 * a) / (b * rate - 0.777778)
        k2 = 0.25 + (0.5 + 0.25 / delta) * a
        while True:
            u1, u2 = GENERATOR.uniform(), GENERATOR.uniform()
            if u1 < 0.5:
                y = u1 * u2
                z = u1 * y
                if 0.25 * u2 + z - y >= k1:
                    continue
            else:
                z = u1 * u1 * u2
                if z <= 0.25:
                    v, w = odds(u1, rate, b)
                    break
                if z >= k2:
                    continue
            v, w = odds(u1, rate, b)
            if total * (math.log(total / (a + w)) + v) - 1.3862944 >= math.log(z):
                break
        return a / (a + w) if first == a else w / (a + w)
    rate = math.sqrt((total - 2.0) / (2.0 * a * b - total))
    gamma_constant = a + 1.0 / rate
    while True:
        u1, u2 = GENERATOR.uniform(), GENERATOR.uniform()
        v, w = odds(u1, rate, a)
        z = u1 * u1 * u2
        r = gamma_constant * v - 1.3862944
        s = a + r - w
        if s + 2.609438 >= 5.0 * z:
            break
        t = math.log(z)
        if s > t or r + total * math.log(total / (b + w)) >= t:
            break
    return b / (b + w) if first != a else w / (b + w)


def chi_squared(degrees: float, noncentral: float = 0.0) -> float:
    """One chi-squared variate."""
    if not (math.isfinite(noncentral) and noncentral >= 0):
        return math.nan
    if noncentral == 0.0:
        return gamma(degrees / 2.0, 2.0) if degrees >= 0 else math.nan
    if not (math.isfinite(degrees) and degrees >= 0):
        return math.nan
    value = poisson(noncentral / 2.0)
    if value > 0:
        value = chi_squared(2.0 * value)
    return value + gamma(degrees / 2.0, 2.0) if degrees > 0 else value


def _ratio(above: float, below: float) -> float:
    """A quotient of which the lower part may have vanished."""
    if below:
        return above / below
    return math.copysign(math.inf, above) if above else math.nan


def student_t(degrees: float) -> float:
    """One Student t variate."""
    if math.isnan(degrees) or degrees <= 0:
        return math.nan
    numerator = GENERATOR.normal()
    if math.isinf(degrees):
        return numerator
    return _ratio(numerator, math.sqrt(chi_squared(degrees) / degrees))


def fisher_f(first: float, second: float) -> float:
    """One F variate."""
    if not (first > 0 and second > 0):
        return math.nan
    numerator = chi_squared(first) / first if math.isfinite(first) else 1.0
    return _ratio(numerator, chi_squared(second) / second if math.isfinite(second) else 1.0)


def geometric(probability: float) -> float:
    """One geometric variate: failures before the first success."""
    if not 0 < probability <= 1:
        return math.nan
    return poisson(GENERATOR.exponential() * ((1 - probability) / probability))


def negative_binomial(size: float, probability: float) -> float:
    """One negative binomial variate: failures before `size` successes."""
    if not 0 < probability <= 1 or not size > 0:
        return math.nan
    return 0.0 if probability == 1 else poisson(gamma(size, (1 - probability) / probability))


def exponential(rate: float) -> float:
    """One exponential variate; an unlimited rate leaves no time."""
    scale = math.inf if rate == 0 else 1.0 / rate
    if scale == 0:
        return 0.0
    return scale * GENERATOR.exponential() if 0 < scale < math.inf else math.nan


def cauchy(location: float, scale: float) -> float:
    """One Cauchy variate; without spread the location itself."""
    if math.isnan(location) or not math.isfinite(scale) or scale < 0:
        return math.nan
    if scale == 0 or math.isinf(location):
        return location
    return location + scale * math.tan(math.pi * GENERATOR.uniform())


def logistic(location: float, scale: float) -> float:
    """One logistic variate; without spread the location itself."""
    if math.isnan(location) or not math.isfinite(scale):
        return math.nan
    if scale == 0 or math.isinf(location):
        return location
    u = GENERATOR.uniform()
    return location + scale * math.log(u / (1.0 - u))


def weibull(shape: float, scale: float) -> float:
    """One Weibull variate."""
    if not (math.isfinite(shape) and math.isfinite(scale) and shape > 0 and scale > 0):
        return 0.0 if scale == 0 else math.nan
    return scale * (-math.log(GENERATOR.uniform())) ** (1.0 / shape)


def log_normal(mean_log: float, sd_log: float) -> float:
    """One log-normal variate."""
    if math.isnan(mean_log) or not 0 <= sd_log < math.inf:
        return math.nan
    # Without spread nothing is drawn.
    power = mean_log + (sd_log * GENERATOR.normal() if sd_log and math.isfinite(mean_log) else 0.0)
    return math.inf if power > 709.78 else math.exp(power)


def multinomial(size: int, probabilities: Sequence[float]) -> list[int]:
    """Counts of `size` draws over classes; probabilities sum to one."""
    rest, left = 1.0, size
    counts = [0] * len(probabilities)
    for k, probability in enumerate(probabilities[:-1]):
        if probability != 0.0:
            share = probability / rest
            counts[k] = int(binomial(left, share)) if share < 1.0 else left
            left -= counts[k]
        if left <= 0:
            return counts
        rest -= probability
    counts[-1] = left
    return counts
