"""The normal distribution: density, probability and quantile to double precision.

Source: Wichura (1988), algorithm AS 241 (quantile); Cody (1969), "Rational Chebyshev approximations for the
error function" (probability).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

CENTRE_NUMERATOR = (
    2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
    13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
)  # fmt: skip
CENTRE_DENOMINATOR = (
    5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
    5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0,
)  # fmt: skip
MIDDLE_NUMERATOR = (
    7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
    3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
)  # fmt: skip
MIDDLE_DENOMINATOR = (
    1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
    0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0,
)  # fmt: skip
TAIL_NUMERATOR = (
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
    0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
)  # fmt: skip
TAIL_DENOMINATOR = (
    2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
    0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0,
)  # fmt: skip


def _polynomial(coefficients: tuple[float, ...], x: float | np.ndarray) -> float | np.ndarray:
    value: float | np.ndarray = coefficients[0]
    for coefficient in coefficients[1:]:
        value = value * x + coefficient
    return value


def normal_quantile_scalar(p: float) -> float:
    """Standard normal quantile of one probability in [0, 1]; NaN outside."""
    if math.isnan(p):
        return p
    if p <= 0.0 or p >= 1.0:
        return -math.inf if p == 0.0 else math.inf if p == 1.0 else math.nan
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return float(q * _polynomial(CENTRE_NUMERATOR, r) / _polynomial(CENTRE_DENOMINATOR, r))
    r = math.sqrt(-math.log(p if q < 0 else 0.5 - p + 0.5))
    if r <= 5.0:
        value = _polynomial(MIDDLE_NUMERATOR, r - 1.6) / _polynomial(MIDDLE_DENOMINATOR, r - 1.6)
    else:
        value = _polynomial(TAIL_NUMERATOR, r - 5.0) / _polynomial(TAIL_DENOMINATOR, r - 5.0)
    return float(-value if q < 0 else value)


def normal_quantile_far(r: float) -> float:
    """Quantile of a chance whose logarithm is ``-r**2``, far below: by the same fraction, as R has it there."""
    return -float(_polynomial(TAIL_NUMERATOR, r - 5.0) / _polynomial(TAIL_DENOMINATOR, r - 5.0))


def normal_quantile(p: np.ndarray) -> np.ndarray:
    """Standard normal quantiles of an array of probabilities."""
    q = p - 0.5
    r = 0.180625 - q * q
    result = np.asarray(q * _polynomial(CENTRE_NUMERATOR, r) / _polynomial(CENTRE_DENOMINATOR, r))
    for index in np.flatnonzero(~(np.abs(q) <= 0.425)):
        result[index] = normal_quantile_scalar(float(p[index]))
    return result


CENTRAL_ABOVE = (
    2.2352520354606839287, 161.02823106855587881, 1067.6894854603709582, 18154.981253343561249, 0.065682337918207449113,
)  # fmt: skip
CENTRAL_BELOW = (47.20258190468824187, 976.09855173777669322, 10260.932208618978205, 45507.789335026729956)
OUTER_ABOVE = (
    0.39894151208813466764, 8.8831497943883759412, 93.506656132177855979, 597.27027639480026226, 2494.5375852903726711,
    6848.1904505362823326, 11602.651437647350124, 9842.7148383839780218, 1.0765576773720192317e-8,
)  # fmt: skip
OUTER_BELOW = (
    22.266688044328115691, 235.38790178262499861, 1519.377599407554805, 6485.558298266760755, 18615.571640885098091,
    34900.952721145977266, 38912.003286093271411, 19685.429676859990727,
)  # fmt: skip
FAR_ABOVE = (
    0.21589853405795699, 0.1274011611602473639, 0.022235277870649807, 0.001421619193227893466, 2.9112874951168792e-5,
    0.02307344176494017303,
)  # fmt: skip
FAR_BELOW = (1.28426009614491121, 0.468238212480865118, 0.0659881378689285515, 0.00378239633202758244, 7.29751555083966205e-5)
NOTHING_BEYOND = 37.5193
ALL_BEYOND = 8.2924
ROOT_OF_32 = 5.656854249492380195206754896838
SHARE_OF_ROOT = 0.398942280401432677939946059934
"""One by the square root of two pi."""


def _ratio(above: tuple[float, ...], below: tuple[float, ...], x: Any, factor: Any = 1.0) -> Any:
    """A factor times a ratio of polynomials; the leading coefficient above stands last, the one below is one."""
    numerator, denominator = above[-1] * x, x
    for upper, lower in zip(above[:-2], below[:-1], strict=True):
        numerator = (numerator + upper) * x
        denominator = (denominator + lower) * x
    return factor * (numerator + above[-2]) / (denominator + below[-1])


def normal_probability(x: float, upper: bool = False) -> float:
    """Standard normal distribution function, or its complement."""
    if math.isnan(x):
        return x
    size = abs(x)
    if size <= 0.67448975:
        square = x * x if size > 1.11e-16 else 0.0
        middle = _ratio(CENTRAL_ABOVE, CENTRAL_BELOW, square, x)
        return 0.5 - middle if upper else 0.5 + middle
    if size >= (NOTHING_BEYOND if upper == (x > 0) else ALL_BEYOND):
        return 1.0 if upper == (x < 0) else 0.0
    if size <= ROOT_OF_32:
        tail = _ratio(OUTER_ABOVE, OUTER_BELOW, size)
    else:
        inverse = 1.0 / (x * x)
        tail = (SHARE_OF_ROOT - _ratio(FAR_ABOVE, FAR_BELOW, inverse, inverse)) / size
    # The exponential of the square in two parts: the first is exact.
    coarse = math.trunc(size * 16) / 16
    rest = (size - coarse) * (size + coarse)
    tail = math.exp(-coarse * coarse * 0.5) * math.exp(-rest * 0.5) * tail
    return tail if upper == (x > 0) else 1.0 - tail


def normal_probabilities(x: np.ndarray) -> np.ndarray:
    """Standard normal distribution function of an array of finite numbers, to the last bit or two.

    NumPy's exponential may differ from C's in the last bit: this is for sums over many of them, not for what is shown.
    """
    size = np.minimum(np.abs(x), NOTHING_BEYOND)
    outer = np.clip(size, 0.67448975, ROOT_OF_32)
    far = np.maximum(size, ROOT_OF_32)
    inverse = 1.0 / (far * far)
    ratio = np.where(
        size <= ROOT_OF_32,
        _ratio(OUTER_ABOVE, OUTER_BELOW, outer),
        (SHARE_OF_ROOT - _ratio(FAR_ABOVE, FAR_BELOW, inverse, inverse)) / far,
    )
    tail = np.exp(-0.5 * size * size) * ratio
    middle = np.clip(x, -0.67448975, 0.67448975)
    inner = 0.5 + _ratio(CENTRAL_ABOVE, CENTRAL_BELOW, middle * middle, middle)
    return np.where(size <= 0.67448975, inner, np.where(x < 0, tail, 1.0 - tail))
