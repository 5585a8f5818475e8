"""Fourier transforms by Singleton's mixed radix method, in the order of its sums, so that rounding is R's.

R. C. Singleton, "An algorithm for computing the mixed radix fast Fourier transform", IEEE Transactions on Audio and
Electroacoustics 17 (1969). Steps of a factor run over all blocks of the data at once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

LARGEST = 61
"""Longer odd steps take longer this way than by general methods."""


LONGEST = 1 << 17
"""Still longer ones are made by general methods too: the turns of the circle are counted one after the other here."""


def transform(values: np.ndarray, axis: int, inverse: bool) -> np.ndarray:
    """The transforms of complex values along an axis, not divided by their number."""
    length = values.shape[axis]
    if length < 2:
        return values
    if length > LONGEST or max(_factors(length)) > LARGEST:
        return np.fft.ifft(values, axis=axis) * length if inverse else np.fft.fft(values, axis=axis)
    return np.apply_along_axis(mixed_transform, axis, values, inverse)


def mixed_transform(values: np.ndarray, inverse: bool) -> np.ndarray:
    """The transform of complex values, not divided by their number."""
    length, sign = len(values), 1.0 if inverse else -1.0
    a, b = np.array(values.real), np.array(values.imag)
    factors = _factors(length)
    block = length
    for factor in factors:
        span = block // factor
        parts_a, parts_b = ([part.reshape(-1, factor, span)[:, at] for at in range(factor)] for part in (a, b))
        if factor in (2, 4):
            step = _two if factor == 2 else _four
            made_a, made_b = step(parts_a, parts_b, sign, block)
        else:
            made_a, made_b = _odd(parts_a, parts_b, sign)
            _turn(made_a, made_b, sign, block)
        a, b = (np.stack(made, axis=1).ravel() for made in (made_a, made_b))
        block = span
    order = range(len(factors) - 1, -1, -1)
    return _complex(*(part.reshape(factors).transpose(*order).ravel() for part in (a, b)))


def _complex(real: np.ndarray, imaginary: np.ndarray) -> np.ndarray:
    made = np.empty(len(real), np.complex128)
    made.real, made.imag = real, imaginary
    return made


def _factors(length: int) -> list[int]:
    """The factors in the order of the steps: halves of squares on both sides, what is left between them."""
    squares: list[int] = []
    while length % 16 == 0:
        squares.append(4)
        length //= 16
    odd = 3
    while odd * odd <= length:
        while length % (odd * odd) == 0:
            squares.append(odd)
            length //= odd * odd
        odd += 2
    if length <= 4:
        return [*squares, *([length] if length > 1 else []), *reversed(squares)]
    if length % 4 == 0:
        squares.append(2)
        length //= 4
    left = []
    prime = 2
    while length > 1:
        while length % prime == 0:
            left.append(prime)
            length //= prime
        prime += 1 + (prime > 2)
    return [*squares, *left, *reversed(squares)]


_SURE_STEPS = 32
"""After so many turns, each made from the one before it, one is computed anew."""


def _turns(sign: float, block: int, count: int) -> list[tuple[float, float]]:
    """Cosines and sines of the first multiples of a step's smallest turn."""
    angle, eighth = 8.0 / block, sign * math.pi / 4
    half = math.sin(0.5 * angle * eighth)
    less, more = 2.0 * half * half, math.sin(angle * eighth)
    found = [(1.0, 0.0)]
    for at in range(1, count):
        cosine, sine = found[-1]
        if at % _SURE_STEPS == 0:
            whole = at * angle * eighth
            found.append((math.cos(whole), math.sin(whole)))
        else:
            found.append((cosine - (less * cosine + more * sine), (more * cosine - less * sine) + sine))
    return found


def _two(a: list[np.ndarray], b: list[np.ndarray], sign: float, block: int) -> tuple[list[Any], list[Any]]:
    span = block // 2
    cosines, sines = np.ones(span), np.zeros(span)
    for at, (cosine, sine) in enumerate(_turns(sign, block, span // 2 + 1)):
        # A turn and its mirror image have the same sine.
        if 0 < at < span:
            cosines[span - at], sines[span - at] = -cosine, sine
            cosines[at], sines[at] = cosine, sine
    gap_a, gap_b = a[0] - a[1], b[0] - b[1]
    turned_a, turned_b = cosines * gap_a - sines * gap_b, sines * gap_a + cosines * gap_b
    turned_a[:, 0], turned_b[:, 0] = gap_a[:, 0], gap_b[:, 0]
    return [a[0] + a[1], turned_a], [b[0] + b[1], turned_b]


def _four(a: list[np.ndarray], b: list[np.ndarray], sign: float, block: int) -> tuple[list[Any], list[Any]]:
    span = block // 4
    turns = np.empty((6, span))
    for at, (cosine, sine) in enumerate(_turns(sign, block, span)):
        second, second_sine = cosine * cosine - sine * sine, 2.0 * cosine * sine
        third, third_sine = second * cosine - second_sine * sine, second * sine + second_sine * cosine
        turns[:, at] = cosine, second, third, sine, second_sine, third_sine
    even_a, even_gap_a, odd_a, odd_gap_a = a[0] + a[2], a[0] - a[2], a[1] + a[3], a[1] - a[3]
    even_b, even_gap_b, odd_b, odd_gap_b = b[0] + b[2], b[0] - b[2], b[1] + b[3], b[1] - b[3]
    middle_a, middle_b = even_a - odd_a, even_b - odd_b
    if sign < 0:
        first_a, last_a = even_gap_a + odd_gap_b, even_gap_a - odd_gap_b
        first_b, last_b = even_gap_b - odd_gap_a, even_gap_b + odd_gap_a
    else:
        first_a, last_a = even_gap_a - odd_gap_b, even_gap_a + odd_gap_b
        first_b, last_b = even_gap_b + odd_gap_a, even_gap_b - odd_gap_a
    made_a, made_b = [even_a + odd_a], [even_b + odd_b]
    for at, (part_a, part_b) in enumerate(((first_a, first_b), (middle_a, middle_b), (last_a, last_b))):
        turned_a, turned_b = part_a * turns[at] - part_b * turns[at + 3], part_a * turns[at + 3] + part_b * turns[at]
        turned_a[:, 0], turned_b[:, 0] = part_a[:, 0], part_b[:, 0]
        made_a.append(turned_a)
        made_b.append(turned_b)
    return made_a, made_b


def _turn(a: list[np.ndarray], b: list[np.ndarray], sign: float, block: int) -> None:
    """Turn the parts of an odd step, all but the first, by multiples of their place."""
    span = block // len(a)
    cosines, sines = np.empty((len(a), span)), np.empty((len(a), span))
    for place, (cosine, sine) in enumerate(_turns(sign, block, span)):
        near, far = cosine, sine
        for at in range(1, len(a)):
            cosines[at, place], sines[at, place] = near, far
            shift = sine * far
            far = sine * near + cosine * far
            near = cosine * near - shift
    for at in range(1, len(a)):
        part_a, part_b = a[at][:, 1:], b[at][:, 1:]
        turned = cosines[at, 1:] * part_a - sines[at, 1:] * part_b
        b[at][:, 1:] = sines[at, 1:] * part_a + cosines[at, 1:] * part_b
        a[at][:, 1:] = turned


def _odd(a: list[np.ndarray], b: list[np.ndarray], sign: float) -> tuple[list[Any], list[Any]]:
    """A step of an odd factor."""
    length = len(a)
    if length == 3:
        return _of_three(a, b, sign * math.sqrt(0.75))
    half = length // 2
    turned = [(a[j] + a[-j], b[j] + b[-j], a[j] - a[-j], b[j] - b[-j]) for j in range(1, half + 1)]
    made_a: list[Any] = [None] * length
    made_b: list[Any] = [None] * length
    real, imaginary = a[0], b[0]
    for sums_a, sums_b, _, _ in turned:
        real, imaginary = (real + sums_a, imaginary + sums_b)
    made_a[0], made_b[0] = real, imaginary
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
        made_a[j], made_b[j] = real - imaginary_turn, imaginary + real_turn
        made_a[length - j], made_b[length - j] = real + imaginary_turn, imaginary - real_turn
    return made_a, made_b


def _of_three(a: list[np.ndarray], b: list[np.ndarray], sine: float) -> tuple[list[Any], list[Any]]:
    sum_a, sum_b = a[1] + a[2], b[1] + b[2]
    real, imaginary = -0.5 * sum_a + a[0], -0.5 * sum_b + b[0]
    turn_a, turn_b = (a[1] - a[2]) * sine, (b[1] - b[2]) * sine
    return [a[0] + sum_a, real - turn_b, real + turn_b], [b[0] + sum_b, imaginary + turn_a, imaginary - turn_a]


def _of_five(sign: float) -> tuple[list[float], list[float]]:
    angle = math.pi / 4 / 0.625
    cosine, sine = math.cos(angle), sign * math.sin(angle)
    return [1.0, cosine, cosine * cosine - sine * sine], [0.0, sine, 2.0 * cosine * sine]


def _five_parts(a: Any, b: Any, turned: Sequence[tuple[Any, ...]], cosines: list[float], sines: list[float],
                j: int) -> tuple[Any, Any, Any, Any]:
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
