"""The gamma function and its family: factorials, binomial coefficients, derivatives.

Source: W. Fullerton's Chebyshev series of the gamma function and of Stirling's remainder; D. E. Amos, Algorithm 610, for
the derivatives. R computes by the same series, so that the last digits agree.
"""

from __future__ import annotations

import math

LARGEST = 171.61447887182298
"""Beyond this the gamma function exceeds every double."""
SMALLEST = -170.5674972726612
TINIEST = 2.2474362225598545e-308
HALF_LOG_TWO_PI = 0.918938533204672741780329736406
HALF_LOG_HALF_PI = 0.225791352644727432363097614947
SERIES_OF_GAMMA = (
    0.0085711955909893314219, 0.0044153813248410067572, 0.056850436815993633786, -0.004219835396418560501,
    0.0013268081812124602206, -0.00018930245297988804325, 3.6069253274412452566e-5, -6.0567619044608642185e-6,
    1.0558295463022833447e-6, -1.8119673655423840483e-7, 3.1177249647153222778e-8, -5.3542196390196871409e-9,
    9.1932755198595889469e-10, -1.5779412802883397618e-10, 2.7079806229349545433e-11, -4.6468186538257301441e-12,
    7.9733501920074196565e-13, -1.3680782098309160258e-13, 2.3473194865638006572e-14, -4.0274326149490669328e-15,
    6.9100517473721009121e-16, -1.1855845002219929071e-16,
)  # fmt: skip
"""Chebyshev coefficients of gamma(1 + y) - 0.9375 for y from 0 to 1."""
SERIES_OF_REMAINDER = (
    0.16663894804518632472, -1.3849481760675638407e-5, 9.8108256469247294262e-9, -1.8091294755724941943e-11,
    6.2210980418926052271e-14,
)  # fmt: skip
"""Chebyshev coefficients of x times Stirling's remainder for x above 10."""
REMAINDERS = (
    0.0, 0.15342640972002736, 0.08106146679532726, 0.05481412105191765, 0.0413406959554093, 0.03316287351993629,
    0.02767792568499834, 0.023746163656297496, 0.020790672103765093, 0.018488450532673187, 0.016644691189821193,
    0.015134973221917378, 0.013876128823070748, 0.012810465242920227, 0.01189670994589177, 0.011104559758206917,
    0.010411265261972096, 0.009799416126158804, 0.009255462182712733, 0.008768700134139386, 0.00833056343336287,
    0.00793411456431402, 0.007573675487951841, 0.007244554301320383, 0.00694284010720953, 0.006665247032707682,
    0.006408994188004207, 0.006171712263039458, 0.0059513701127588475, 0.0057462165130101155, 0.005554733551962801,
)  # fmt: skip
"""Stirling's remainder of n! for n = 0, 0.5, 1, ..., 15."""
BERNOULLI = (
    0.16666666666666666, -0.03333333333333333, 0.023809523809523808, -0.03333333333333333, 0.07575757575757576,
    -0.2531135531135531, 1.1666666666666667, -7.092156862745098, 54.971177944862156, -529.1242424242424,
    6192.123188405797, -86580.25311355312, 1425517.1666666667, -27298231.067816094, 601580873.9006424,
    -15116315767.092157, 429614643061.1667, -13711655205088.332, 488332318973593.2, -1.9296579341940068e+16,
)  # fmt: skip
"""Bernoulli numbers of even index, from the second."""


def _chebyshev(x: float, coefficients: tuple[float, ...]) -> float:
    last = before = current = 0.0
    for coefficient in reversed(coefficients):
        before, last = last, current
        current = 2 * x * last - before + coefficient
    return (current - before) * 0.5


def gamma(value: float) -> float:
    """The gamma function; zero and negative integers have no value."""
    if value != value:
        return value
    if value in (0, -math.inf) or (value < 0 and value == math.floor(value)):
        raise ValueError
    size = abs(value)
    if size <= 10:
        return _small_gamma(value)
    if value > LARGEST:
        return math.inf
    if value < SMALLEST:
        return 0.0
    if size <= 50 and size == int(size):
        result = 1.0
        for factor in range(2, int(size)):
            result *= factor
    else:
        result = math.exp((size - 0.5) * math.log(size) - size + HALF_LOG_TWO_PI + remainder_of_factorial(size))
    if value > 0:
        return result
    return -math.pi / (size * sine_of_pi(size) * result)


def _small_gamma(value: float) -> float:
    steps = math.floor(value)
    rest = value - steps
    result = _chebyshev(rest * 2 - 1, SERIES_OF_GAMMA) + 0.9375
    if steps >= 1:
        for factor in range(1, steps):
            result *= rest + factor
        return result
    if rest < TINIEST:
        return math.copysign(math.inf, value)
    for factor in range(1 - steps):
        result /= value + factor
    return result


def remainder_of_gamma(value: float) -> float:
    """What Stirling's formula lacks of the log gamma function, for values of 10 and more."""
    if value < 94906265.62425156:
        ratio = 10 / value
        return _chebyshev(ratio * ratio * 2 - 1, SERIES_OF_REMAINDER) / value
    return 1 / (value * 12)


def remainder_of_factorial(value: float) -> float:
    """What Stirling's formula lacks of the log factorial."""
    if value <= 15:
        if value + value == int(value + value):
            return REMAINDERS[int(value + value)]
        return log_gamma(value + 1) - (value + 0.5) * math.log(value) + value - HALF_LOG_TWO_PI
    square = value * value
    if value > 500:
        return (1 / 12 - 1 / 360 / square) / value
    if value > 80:
        return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / value
    if value > 35:
        return (1 / 12 - (1 / 360 - (1 / 1260 - 1 / 1680 / square) / square) / square) / value
    return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / value


def log_gamma(value: float) -> float:
    """Logarithm of the absolute gamma function."""
    if value != value:
        return value
    if value <= 0 and value == math.trunc(value):
        return math.inf
    size = abs(value)
    if size < 1e-306:
        return -math.log(size)
    if size <= 10:
        return math.log(abs(gamma(value)))
    if size > 2.5327372760800758e305:
        return math.inf
    if value > 0:
        if value > 1e17:
            return value * (math.log(value) - 1)
        main = HALF_LOG_TWO_PI + (value - 0.5) * math.log(value) - value
        return main if value > 4934720 else main + remainder_of_gamma(value)
    sine = abs(sine_of_pi(size))
    return HALF_LOG_HALF_PI + (value - 0.5) * math.log(size) - value - math.log(sine) - remainder_of_gamma(size)


def sine_of_pi(value: float) -> float:
    """Sine of pi times the value, exact at the quarters."""
    reduced = math.fmod(value, 2.0)
    if reduced in (0.0, 1.0, -1.0):
        return 0.0
    if reduced in (0.5, -1.5):
        return 1.0
    if reduced in (-0.5, 1.5):
        return -1.0
    return math.sin(math.pi * reduced)


def tangent_of_pi(value: float) -> float:
    """Tangent of pi times the value, exact at the quarters."""
    reduced = math.fmod(value, 1.0)
    if reduced <= -0.5:
        reduced += 1.0
    elif reduced > 0.5:
        reduced -= 1.0
    exact = {0.0: 0.0, 0.5: math.nan, 0.25: 1.0, -0.25: -1.0}
    return exact[reduced] if reduced in exact else math.tan(math.pi * reduced)


def cosine_of_pi(value: float) -> float:
    """Cosine of pi times the value, exact at the halves."""
    reduced = math.fmod(abs(value), 2.0)
    if reduced in (0.5, 1.5):
        return 0.0
    return math.cos(math.pi * reduced)


def _derivative(value: float, order: int) -> float:
    """Minus the digamma function (order 0) or the trigamma function (order 1) of a positive number.

    The asymptotic series is summed well above the value, and the recurrence leads back.
    """
    if value < 1.1102230246251565e-16:
        return value ** -(order + 1)
    least = 9 if order == 0 else 10
    steps = least - int(value) if value < least else 0
    start = value + steps
    tail = 0.5 / start
    square = 1 / (start * start)
    factor = (order + 1) * 0.5 * square
    total = factor * BERNOULLI[0]
    first = tail if order == 0 else tail + 1 / order
    if abs(total) >= 2.220446049250313e-16 * tail:
        place = 2.0
        for number in BERNOULLI[1:]:
            factor *= ((place + order + 1) / (place + 1)) * ((place + order) / (place + 2)) * square
            term = factor * number
            if abs(term) < 2.220446049250313e-16 * tail:
                break
            total += term
            place += 2
    total = (total + first) * math.exp(-order * math.log(start))
    if order == 0:
        for step in range(1, steps + 1):
            total += 1 / (value + (steps - step))
        return total - math.log(start)
    for step in range(steps - 1, -1, -1):
        total += (value + step) ** -2
    return total


def digamma(value: float) -> float:
    """Derivative of the log gamma function."""
    if value == -math.inf or value == 0 or (value < 0 and value == math.floor(value)):
        raise ValueError
    if value == math.inf:
        return math.inf
    if value < 0:
        other = 1 - value
        angle = math.pi * value
        return -(_derivative(other, 0) + math.pi * (math.cos(angle) / math.sin(angle)))
    return -_derivative(value, 0)


def trigamma(value: float) -> float:
    """Second derivative of the log gamma function."""
    if value == 0 or (value < 0 and value == math.floor(value)):
        return math.inf
    if value == math.inf:
        return 0.0
    if value < 0:
        return -(_derivative(1 - value, 1) - math.pi * math.pi / sine_of_pi(1 - value) ** 2)
    return _derivative(value, 1)


def log_beta(p: float, q: float) -> float:
    """Logarithm of the beta function of two numbers that are not negative."""
    p, q = min(p, q), max(p, q)
    if p < 0:
        raise ValueError
    if p == 0:
        return math.inf
    if math.isinf(q):
        return -math.inf
    if p >= 10:
        rest = remainder_of_gamma(p) + remainder_of_gamma(q) - remainder_of_gamma(p + q)
        return (math.log(q) * -0.5 + HALF_LOG_TWO_PI + rest + (p - 0.5) * math.log(p / (p + q))
                + q * math.log1p(-p / (p + q)))
    if q >= 10:
        rest = remainder_of_gamma(q) - remainder_of_gamma(p + q)
        return log_gamma(p) + rest + p - p * math.log(p + q) + (q - 0.5) * math.log1p(-p / (p + q))
    if p < 1e-306:
        return math.log(math.exp(log_gamma(q) - log_gamma(p + q))) + log_gamma(p)
    return math.log(gamma(p) * (gamma(q) / gamma(p + q)))


def beta_value(p: float, q: float) -> float:
    """The beta function of two numbers that are not negative."""
    if p < 0 or q < 0:
        raise ValueError
    if p == 0 or q == 0:
        return math.inf
    if math.isinf(p) or math.isinf(q):
        return 0.0
    if p + q < LARGEST:
        return 1 / gamma(p + q) * gamma(p) * gamma(q)
    return math.exp(log_beta(p, q))


def _log_choose_fast(n: float, k: float) -> float:
    return -math.log(n + 1) - log_beta(n - k + 1, k + 1)


def log_choose(n: float, k: float) -> float:
    """Logarithm of the absolute binomial coefficient."""
    k = float(round(k))
    if k < 2:
        return -math.inf if k < 0 else 0.0 if k == 0 else math.log(abs(n))
    if n < 0:
        return log_choose(-n + k - 1, k)
    if n == int(n):
        if n < k:
            return -math.inf
        return log_choose(n, n - k) if n - k < 2 else _log_choose_fast(n, k)
    if n < k - 1:
        return log_gamma(n + 1) - log_gamma(n - k + 1) - log_gamma(k + 1)
    return _log_choose_fast(n, k)


def choose_value(n: float, k: float) -> float:
    """Binomial coefficient for real n."""
    k = float(round(k))
    whole = abs(n - round(n)) <= 1e-7 * max(1.0, abs(n)) if math.isfinite(n) else False
    if k < 30:
        if whole and n >= 0 and n - k < k:
            k = float(round(n - k))
        if k < 0:
            return 0.0
        if k == 0:
            return 1.0
        result = n
        for divisor in range(2, int(k) + 1):
            n -= 1
            result *= n / divisor
        return float(round(result)) if whole and math.isfinite(result) else result
    if n < 0:
        value = choose_value(-n + k - 1, k)
        return -value if k % 2 else value
    if whole:
        n = float(round(n))
        if n < k:
            return 0.0
        if n - k < 30:
            return choose_value(n, n - k)
        value = _log_choose_fast(n, k)
        return math.inf if value > 709.782712893384 else float(round(math.exp(value)))
    if n < k - 1:
        sign = 1 if math.floor(n - k + 1) % 2 == 0 else -1
        return sign * math.exp(log_gamma(n + 1) - log_gamma(n - k + 1) - log_gamma(k + 1))
    return math.exp(_log_choose_fast(n, k))
