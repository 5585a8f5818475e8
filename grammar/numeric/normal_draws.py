"""Standard normal numbers by the methods besides inversion.

Sources: Box and Muller (1958); Ahrens and Dieter (1973), algorithm FL with five bits, whose tables these are; Kinderman
and Ramage (1976), with Josef Leydold's corrections.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from sys import float_info

Draw = Callable[[], float]

_A = (
    0.0, 0.3917609e-1, 0.7841241e-1, 0.1177699, 0.1573107, 0.1970991, 0.2372021, 0.2776904, 0.3186394, 0.3601299, 0.4022501,
    0.4450965, 0.4887764, 0.5334097, 0.5791322, 0.6260990, 0.6744898, 0.7245144, 0.7764218, 0.8305109, 0.8871466, 0.9467818,
    1.009990, 1.077516, 1.150349, 1.229859, 1.318011, 1.417797, 1.534121, 1.675940, 1.862732, 2.153875,
)
_D = (
    0.0, 0.0, 0.0, 0.0, 0.0, 0.2636843, 0.2425085, 0.2255674, 0.2116342, 0.1999243, 0.1899108, 0.1812252, 0.1736014, 0.1668419,
    0.1607967, 0.1553497, 0.1504094, 0.1459026, 0.1417700, 0.1379632, 0.1344418, 0.1311722, 0.1281260, 0.1252791, 0.1226109,
    0.1201036, 0.1177417, 0.1155119, 0.1134023, 0.1114027, 0.1095039,
)
_T = (
    0.7673828e-3, 0.2306870e-2, 0.3860618e-2, 0.5438454e-2, 0.7050699e-2, 0.8708396e-2, 0.1042357e-1, 0.1220953e-1,
    0.1408125e-1, 0.1605579e-1, 0.1815290e-1, 0.2039573e-1, 0.2281177e-1, 0.2543407e-1, 0.2830296e-1, 0.3146822e-1,
    0.3499233e-1, 0.3895483e-1, 0.4345878e-1, 0.4864035e-1, 0.5468334e-1, 0.6184222e-1, 0.7047983e-1, 0.8113195e-1,
    0.9462444e-1, 0.1123001, 0.1364980, 0.1716886, 0.2276241, 0.3304980, 0.5847031,
)
_H = (
    0.3920617e-1, 0.3932705e-1, 0.3950999e-1, 0.3975703e-1, 0.4007093e-1, 0.4045533e-1, 0.4091481e-1, 0.4145507e-1,
    0.4208311e-1, 0.4280748e-1, 0.4363863e-1, 0.4458932e-1, 0.4567523e-1, 0.4691571e-1, 0.4833487e-1, 0.4996298e-1,
    0.5183859e-1, 0.5401138e-1, 0.5654656e-1, 0.5953130e-1, 0.6308489e-1, 0.6737503e-1, 0.7264544e-1, 0.7926471e-1,
    0.8781922e-1, 0.9930398e-1, 0.1155599, 0.1404344, 0.1836142, 0.2790016, 0.7010474,
)


def box_muller_pair(draw: Draw) -> tuple[float, float]:
    """Two independent numbers, from an angle and a radius."""
    angle = 2 * math.pi * draw()
    radius = math.sqrt(-2 * math.log(draw())) + 10 * float_info.min
    return radius * math.cos(angle), radius * math.sin(angle)


def ahrens_dieter(draw: Draw) -> float:
    """One number by Forsythe's method on 32 strips and a tail."""
    u = draw()
    negative = u > 0.5
    u = 32 * (u + u - (1 if negative else 0))
    strip = min(int(u), 31)
    value = _in_strip(draw, strip, u - strip) if strip else _in_tail(draw, u)
    return -value if negative else value


def _falls(draw: Draw, first: float, limit: float) -> tuple[bool, float]:
    """Whether a run of falling numbers from `first` ends at an even place; the last number drawn with it."""
    while first <= limit:
        following = draw()
        if first < following:
            return False, following
        limit = following
        first = draw()
    return True, first


def _in_strip(draw: Draw, strip: int, u: float) -> float:
    low = _A[strip - 1]
    while u <= _T[strip - 1]:
        step = draw() * (_A[strip] - low)
        if _falls(draw, u, (step * 0.5 + low) * step)[0]:
            return low + step
        u = draw()
    return low + (u - _T[strip - 1]) * _H[strip - 1]


def _in_tail(draw: Draw, u: float) -> float:
    at, low = 6, _A[31]
    while True:
        u += u
        if u >= 1:
            break
        low += _D[at - 1]
        at += 1
    u -= 1
    while True:
        step = u * _D[at - 1]
        if _falls(draw, draw(), (step * 0.5 + low) * step)[0]:
            return low + step
        u = draw()


_END = 2.216035867166471


def _height(x: float) -> float:
    """How far the normal density lies above the triangle below it."""
    return 0.398942280401433 * math.exp(-x * x / 2.0) - 0.180025191068563 * (_END - x)


_REGIONS = (
    (0.958720824790463, _END, -0.630834801921960, 0.755591531667601, 0.034240503750111),
    (0.911312780288703, 0.479727404222441, 1.105473661022070, 0.872834976671790, 0.049264496373128),
    (0.0, 0.479727404222441, -0.595507138015940, 0.805577924423817, 0.053377549506886),
)
"""The wedges between triangle and density: from which number on, begin, slope, sure acceptance, scale of the rest."""


def kinderman_ramage(draw: Draw) -> float:
    """One number from a triangle, a tail or one of the wedges between triangle and density."""
    u = draw()
    if u < 0.884070402298758:
        return _END * (1.131131635444180 * u + draw() - 1)
    if u >= 0.973310954173898:
        while True:
            first, second = draw(), draw()
            square = _END * _END - 2 * math.log(second)
            if first * first < _END * _END / square:
                return math.sqrt(square) if u < 0.986655477086949 else -math.sqrt(square)
    _, begin, slope, sure, scale = next(region for region in _REGIONS if u >= region[0])
    while True:
        first, second = draw(), draw()
        value = begin + slope * min(first, second)
        if value < 0.0:
            continue
        if max(first, second) <= sure or scale * abs(first - second) <= _height(value):
            return value if first < second else -value
