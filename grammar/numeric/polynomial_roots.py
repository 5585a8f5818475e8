"""Zeros of a complex polynomial by the three-stage method of Jenkins and Traub.

A first stage without shifts makes the small zeros stand out, a second one with a fixed shift on the circle that holds
the smallest zero separates one of them, and a third one, Newton's method in disguise, converges to it. The polynomial
is divided by the zero found, and the rest goes the same way.

Source: M. A. Jenkins, J. F. Traub: "Zeros of a complex polynomial", Communications of the ACM 15 (1972), algorithm 419.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

_ROUNDING = 2.0**-52
_PRODUCT_ROUNDING = 2 * math.sqrt(2) * _ROUNDING
_TURN = complex(-0.06975647374412529990, 0.99756405025982424767)
"""Rotation by 94 degrees: each shift is tried that far from the one before."""


class NoConvergence(ArithmeticError):
    """No zero was found after all shifts."""


def _length(value: complex) -> float:
    return math.hypot(value.real, value.imag)


def _divided(coefficients: Sequence[complex], at: complex) -> list[complex]:
    """Horner's scheme: coefficients of the quotient by ``z - at``; the last one is the value."""
    value = coefficients[0]
    made = [value]
    for coefficient in coefficients[1:]:
        value = value * at + coefficient
        made.append(value)
    return made


def _error_bound(quotient: Sequence[complex], distance: float, size: float) -> float:
    """Largest rounding error of a value of the polynomial found by Horner's scheme."""
    total = _length(quotient[0]) * _PRODUCT_ROUNDING / (_ROUNDING + _PRODUCT_ROUNDING)
    for part in quotient:
        total = total * distance + _length(part)
    return total * (_ROUNDING + _PRODUCT_ROUNDING) - size * _PRODUCT_ROUNDING


def smallest_radius(sizes: Sequence[float]) -> float:
    """Cauchy's lower bound of the moduli of all zeros, from the moduli of the coefficients."""
    sizes = [*sizes[:-1], -sizes[-1]]
    degree = len(sizes) - 1
    radius = math.exp((math.log(-sizes[-1]) - math.log(sizes[0])) / degree)
    if sizes[-2] != 0:
        radius = min(radius, -sizes[-1] / sizes[-2])
    while True:
        shorter = radius * 0.1
        value = sizes[0]
        for size in sizes[1:]:
            value = value * shorter + size
        if value <= 0:
            break
        radius = shorter
    step = radius
    while abs(step / radius) > 0.005:
        line = [sizes[0]]
        for size in sizes[1:]:
            line.append(line[-1] * radius + size)
        slope = line[0]
        for value in line[1:-1]:
            slope = slope * radius + value
        step = line[-1] / slope
        radius -= step
    return radius


class _Search:
    """The way to one zero of a polynomial whose coefficients begin with the highest power."""

    def __init__(self, polynomial: list[complex]) -> None:
        self.polynomial = polynomial
        self.degree = len(polynomial) - 1
        self.companion: list[complex] = []
        self.shift = 0j
        self.quotient: list[complex] = []
        self.companion_quotient: list[complex] = []
        self.step = 0j

    def start(self, steps: int) -> None:
        """Steps without a shift, beginning with the derivative."""
        polynomial, degree = self.polynomial, self.degree
        companion = [complex((degree - k) * c.real / degree, (degree - k) * c.imag / degree)
                     for k, c in enumerate(polynomial[:-1])]
        for _ in range(steps):
            if _length(companion[-1]) <= _ROUNDING * 10 * _length(polynomial[-2]):
                companion = [0j, *companion[:-1]]
                continue
            factor = -polynomial[-1] / companion[-1]
            companion = [polynomial[0], *(factor * h + p for h, p in zip(companion, polynomial[1:-1], strict=False))]
        self.companion = companion

    def evaluate(self) -> complex:
        """The value at the shift; the quotient is kept."""
        self.quotient = _divided(self.polynomial, self.shift)
        return self.quotient[-1]

    def correct(self, value: complex) -> bool:
        """Find the next step from the shift; False says that the companion vanishes there."""
        self.companion_quotient = _divided(self.companion, self.shift)
        found = self.companion_quotient[-1]
        if _length(found) <= _ROUNDING * 10 * _length(self.companion[-1]):
            self.step = 0j
            return False
        self.step = -value / found
        return True

    def advance(self, usable: bool) -> None:
        """The next companion polynomial."""
        if usable:
            rest = [self.step * h + q for h, q in zip(self.companion_quotient, self.quotient[1:-1], strict=False)]
            self.companion = [self.quotient[0], *rest]
        else:
            self.companion = [0j, *self.companion_quotient[:-1]]

    def fixed(self, steps: int) -> complex | None:
        """Steps with a fixed shift; the zero once the third stage converges."""
        value = self.evaluate()
        testing, passed = True, False
        usable = self.correct(value)
        near = self.shift
        for number in range(1, steps + 1):
            before = self.step
            self.advance(usable)
            usable = self.correct(value)
            near = self.shift + self.step
            if not usable or not testing or number == steps:
                continue
            if _length(self.step - before) >= 0.5 * _length(near):
                passed = False
            elif not passed:
                passed = True
            else:
                kept = (self.companion, self.shift)
                found = self.moving(10, near)
                if found is not None:
                    return found
                testing = False
                self.companion, self.shift = kept
                value = self.evaluate()
                usable = self.correct(value)
        return self.moving(10, near)

    def moving(self, steps: int, near: complex) -> complex | None:
        """Steps whose shift moves along; the zero, or None when they go astray."""
        self.shift = near
        clustered = False
        last = relative = 0.0
        for number in range(steps):
            value = self.evaluate()
            size, distance = _length(value), _length(self.shift)
            if size <= 20 * _error_bound(self.quotient, distance, size):
                return self.shift
            if number and not clustered and size >= last and relative < 0.05:
                # The steps stall near several zeros: some with a fixed shift into their midst single one out.
                clustered = True
                part = math.sqrt(max(relative, _ROUNDING))
                self.shift = self.shift * complex(1 + part, part)
                value = self.evaluate()
                for _ in range(5):
                    self.advance(self.correct(value))
                last = math.inf
            else:
                if number and size * 0.1 > last:
                    return None
                last = size
            self.advance(self.correct(value))
            if self.correct(value):
                relative = _length(self.step) / _length(self.shift)
                self.shift = self.shift + self.step
        return None


def _scale(sizes: Sequence[float]) -> float:
    """A power of two that keeps very large and very small coefficients from overflowing."""
    largest, smallest = max(sizes), min(size for size in sizes if size)
    low = 2.2250738585072014e-308 / _ROUNDING
    if smallest >= low and largest <= math.sqrt(1.7976931348623157e308):
        return 1.0
    wanted = low / smallest
    if wanted <= 1:
        wanted = 1 / (math.sqrt(largest) * math.sqrt(smallest))
    elif 1.7976931348623157e308 / wanted > largest:
        wanted = 1.0
    return 2.0 ** int(math.log(wanted) / math.log(2.0) + 0.5)


def zeros(coefficients: Sequence[complex]) -> list[complex]:
    """All zeros of a polynomial.

    Args:
        coefficients: beginning with the highest power, which is not zero.

    Raises:
        NoConvergence: a zero resists all shifts.
    """
    rest = list(coefficients)
    found: list[complex] = []
    while len(rest) > 1 and rest[-1] == 0:
        rest.pop()
        found.append(0j)
    factor = _scale([_length(c) for c in rest])
    if factor != 1.0:
        rest = [complex(c.real * factor, c.imag * factor) for c in rest]
    direction = complex(math.sqrt(0.5), -math.sqrt(0.5))
    while len(rest) > 2:
        radius = smallest_radius([_length(c) for c in rest])
        search = _Search(rest)
        zero = None
        for attempt in range(18):
            if attempt % 9 == 0:
                search.start(5)
            direction = direction * _TURN
            search.shift = complex(radius * direction.real, radius * direction.imag)
            zero = search.fixed((attempt % 9 + 1) * 10)
            if zero is not None:
                break
        if zero is None:
            raise NoConvergence("no zero was found")
        found.append(zero)
        rest = search.quotient[:-1]
    if len(rest) == 2:
        found.append(-rest[1] / rest[0])
    return found
