"""Rounding to decimal digits as R does it: the nearer of the two decimals beside a number."""

from __future__ import annotations

import math

LOG10_2 = math.log10(2)
MOST_DIGITS = 15
"""Decimal digits that every number holds: one that has no more of them before the asked place stays as it is."""


def power_of_ten(exponent: int) -> float:
    """A power of ten by repeated squaring, with the rounding errors that has."""
    result, factor, rest = 1.0, 10.0, abs(exponent)
    while True:
        if rest & 1:
            result *= factor
        rest >>= 1
        if not rest:
            return 1 / result if exponent < 0 else result
        factor *= factor


def round_double(value: float, digits: int) -> float:
    """Round to decimal digits: the nearer of the two neighbouring decimals, the even one when both are as near."""
    if value != value or math.isinf(value) or value == 0.0:
        return value
    if digits == 0:
        return math.copysign(float(round(value)), value) if abs(value) < 4503599627370496.0 else value
    if digits < -308:
        return 0.0
    size = abs(value)
    if digits + (math.frexp(size)[1] - 0.5) * LOG10_2 > MOST_DIGITS:
        return value
    extra = power_of_ten(digits - 308) if digits > 308 else 1.0
    power = power_of_ten(min(digits, 308))
    scaled = size * power * extra
    if math.isinf(scaled):
        return value
    low = math.floor(scaled)
    below = low / power / extra
    above = math.ceil(scaled) / power / extra
    distance_below, distance_above = size - below, above - size
    nearer_below = distance_below < distance_above or (distance_below == distance_above and low % 2 == 0)
    return math.copysign(below if nearer_below else above, value)
