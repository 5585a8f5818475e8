"""The gamma function and its family: factorials, binomial coefficients, derivatives."""

from __future__ import annotations

import math


def gamma(value: float) -> float:
    """The gamma function; an integer below one has no value."""
    if value == 0 or (value < 0 and value == int(value)):
        raise ValueError
    if value == math.inf:
        return math.inf
    if value > 171.61447887182298:
        return math.inf
    if value > 50 or (value > 10 and value != int(value)):
        return math.exp((value - 0.5) * math.log(value) - value + HALF_LOG_TWO_PI + _stirling_rest(value))
    return math.gamma(value)


HALF_LOG_TWO_PI = 0.918938533204672741780329736406


def _stirling_rest(value: float) -> float:
    """What Stirling's formula lacks of the log gamma function, for values above 10."""
    square = 1 / (value * value)
    return (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188)))) / value


def log_gamma(value: float) -> float:
    """Logarithm of the absolute gamma function."""
    if value <= 0 and value == math.floor(value):
        return math.inf
    return math.lgamma(value)


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


def cosine_of_pi(value: float) -> float:
    """Cosine of pi times the value, exact at the halves."""
    reduced = math.fmod(abs(value), 2.0)
    if reduced in (0.5, 1.5):
        return 0.0
    return math.cos(math.pi * reduced)


def digamma(value: float) -> float:
    """Derivative of the log gamma function, by recurrence and asymptotic series."""
    if value <= 0 and value == math.floor(value):
        raise ValueError
    if value < 0:
        return digamma(1 - value) - math.pi / math.tan(math.pi * value)
    result = 0.0
    while value < 20:
        result -= 1 / value
        value += 1
    square = 1 / (value * value)
    series = square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square * 5 / 660))))
    return result + math.log(value) - 0.5 / value - series


def trigamma(value: float) -> float:
    """Second derivative of the log gamma function, by recurrence and asymptotic series."""
    if value <= 0 and value == math.floor(value):
        return math.inf
    if value < 0:
        return -trigamma(1 - value) + (math.pi / math.sin(math.pi * value)) ** 2
    result = 0.0
    while value < 15:
        result += 1 / (value * value)
        value += 1
    square = 1 / (value * value)
    series = 1 / 6 - square * (1 / 30 - square * (1 / 42 - square * (1 / 30 - square * 5 / 66)))
    return result + 1 / value + square / 2 + square / value * series


def choose_value(n: float, k: float) -> float:
    """Binomial coefficient for real n."""
    k = round(k)
    if k < 30:
        if k < 0:
            return 0.0
        if n - k < k and n >= 0 and n == int(n):
            k = n - k
            if k < 0:
                return 0.0
        result = 1.0
        for j in range(1, int(k) + 1):
            result *= (n - k + j) / j if n == int(n) else (n - j + 1) / j
        return float(round(result)) if n == int(n) else result
    if n < 0:
        value = choose_value(-n + k - 1, k)
        return -value if k % 2 else value
    if n == int(n):
        if n < k:
            return 0.0
        if n - k < 30:
            return choose_value(n, n - k)
        if n <= 2000:
            return float(math.comb(int(n), int(k)))
        logarithm = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
        return math.inf if logarithm > 709.8 else float(round(math.exp(logarithm)))
    return math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1))


def beta_value(p: float, q: float) -> float:
    """The beta function of two positive numbers."""
    if p < 0 or q < 0:
        raise ValueError
    if p == 0 or q == 0:
        return math.inf
    if p + q < 171.61447887182298:
        return 1 / gamma(p + q) * gamma(p) * gamma(q)
    return math.exp(math.lgamma(p) + math.lgamma(q) - math.lgamma(p + q))


def factorial_value(value: float) -> float:
    """Factorial of a real number, by the gamma function."""
    if value < 0:
        raise ValueError
    return gamma(value + 1)
