"""Fourier transforms of a small odd prime length in the order of sums of Singleton's method, so that rounding is R's."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

LARGEST = 61
"""Longer ones take longer this way than by general methods."""


def is_small_prime(length: int) -> bool:
    """Whether a transform of this length is one of Singleton's single steps."""
    return 3 <= length <= LARGEST and all(length % k for k in range(2, math.isqrt(length) + 1))


def prime_transform(values: np.ndarray, inverse: bool) -> np.ndarray:
    """The transform of complex values, not divided by their number."""
    length, sign = len(values), 1.0 if inverse else -1.0
    a, b = values.real.tolist(), values.imag.tolist()
    if length == 3:
        return _of_three(a, b, sign * math.sqrt(0.75))
    half = length // 2
    turned = [(a[j] + a[-j], b[j] + b[-j], a[j] - a[-j], b[j] - b[-j]) for j in range(1, half + 1)]
    found = np.empty(length, np.complex128)
    real, imaginary = a[0], b[0]
    for sums_a, sums_b, _, _ in turned:
        real, imaginary = (real + sums_a, imaginary + sums_b)
    found[0] = complex(real, imaginary)
    cosines, sines = _of_five(sign) if length == 5 else _circle(length, sign)
    for j in range(1, half + 1):
        real, imaginary, real_turn, imaginary_turn = a[0], b[0], 0.0, 0.0
        if length == 5:
            real, imaginary, real_turn, imaginary_turn = _five_parts(a[0], b[0], turned, cosines, sines, j)
        else:
            for k, (sums_a, sums_b, gaps_a, gaps_b) in enumerate(turned, 1):
                at = j * k % length
                real, imaginary = sums_a * cosines[at] + real, sums_b * cosines[at] + imaginary
                real_turn, imaginary_turn = gaps_a * sines[at] + real_turn, gaps_b * sines[at] + imaginary_turn
        found[j] = complex(real - imaginary_turn, imaginary + real_turn)
        found[length - j] = complex(real + imaginary_turn, imaginary - real_turn)
    return found


def _of_three(a: list[float], b: list[float], sine: float) -> np.ndarray:
    sum_a, sum_b = a[1] + a[2], b[1] + b[2]
    real, imaginary = -0.5 * sum_a + a[0], -0.5 * sum_b + b[0]
    turn_a, turn_b = (a[1] - a[2]) * sine, (b[1] - b[2]) * sine
    return np.array([
        complex(a[0] + sum_a, b[0] + sum_b),
        complex(real - turn_b, imaginary + turn_a),
        complex(real + turn_b, imaginary - turn_a),
    ])


def _of_five(sign: float) -> tuple[list[float], list[float]]:
    angle = math.pi / 4 / 0.625
    cosine, sine = math.cos(angle), sign * math.sin(angle)
    return [1.0, cosine, cosine * cosine - sine * sine], [0.0, sine, 2.0 * cosine * sine]


def _five_parts(a: float, b: float, turned: Sequence[tuple[float, ...]], cosines: list[float], sines: list[float],
                j: int) -> tuple[float, float, float, float]:
    first, second = turned
    near, far, back = (1, 2, 1.0) if j == 1 else (2, 1, -1.0)
    return (
        first[0] * cosines[near] + second[0] * cosines[far] + a,
        first[1] * cosines[near] + second[1] * cosines[far] + b,
        first[2] * sines[near] + back * (second[2] * sines[far]),
        first[3] * sines[near] + back * (second[3] * sines[far]),
    )


def _circle(length: int, sign: float) -> tuple[list[float], list[float]]:
    """Cosines and sines of the multiples of one part of the circle, each from the one before it, from both ends."""
    angle = sign * (math.pi / 4) / (length / 8.0)
    step_cosine, step_sine = math.cos(angle), math.sin(angle)
    cosines, sines = [1.0] * (length + 1), [0.0] * (length + 1)
    last, j = length, 1
    while j < last:
        cosines[j] = cosines[last] * step_cosine + sines[last] * step_sine
        sines[j] = cosines[last] * step_sine - sines[last] * step_cosine
        last -= 1
        cosines[last], sines[last] = cosines[j], -sines[j]
        j += 1
    return cosines, sines
