"""Counts behind rank statistics, and chances of tables and of the largest distance between distributions."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np


@lru_cache(maxsize=64)
def rank_sum_counts(first: int, second: int) -> np.ndarray:
    """How many choices of `first` ranks among all have each sum above the smallest, as doubles.

    Raises:
        ValueError: one of the two groups is empty.
    """
    if first < 1 or second < 1:
        raise ValueError
    top = first * second
    counts = np.zeros(top + 1)
    counts[0] = 1.0
    # The counts are the coefficients of a Gaussian binomial: multiply by (1 - q^(second + i)), divide by (1 - q^i).
    for i in range(1, first + 1):
        step = second + i
        if step <= top:
            counts[step:] -= counts[:-step].copy()
        for at in range(i, top + 1):
            counts[at] += counts[at - i]
    return counts


@lru_cache(maxsize=64)
def signed_rank_counts(size: int) -> np.ndarray:
    """How many sets of the ranks 1..size have each sum.

    Raises:
        ValueError: there are no ranks.
    """
    if size < 1:
        raise ValueError
    counts = np.zeros(size * (size + 1) // 2 + 1)
    counts[0] = 1.0
    for rank in range(1, size + 1):
        counts[rank:] += counts[:-rank].copy()
    return counts


def kolmogorov_chance(distance: float, size: int) -> float:
    """Chance that the largest distance of `size` draws from their distribution is below a value, exactly.

    A power of a matrix, as Marsaglia, Tsang and Wang give it.
    """
    k = int(size * distance) + 1
    order = 2 * k - 1
    left = k - size * distance
    matrix = np.array([[0.0 if i - j + 1 < 0 else 1.0 for j in range(order)] for i in range(order)])
    for i in range(order):
        matrix[i, 0] -= left ** (i + 1)
        matrix[order - 1, i] -= left ** (order - i)
    matrix[order - 1, 0] += (2 * left - 1) ** order if 2 * left - 1 > 0 else 0.0
    for i in range(order):
        for j in range(order):
            if i - j + 1 > 0:
                matrix[i, j] /= math.factorial(i - j + 1)
    power, scale = np.eye(order), 0
    base, base_scale, left_over = matrix, 0, size
    while left_over:
        if left_over % 2:
            power, scale = power @ base, scale + base_scale
        base, base_scale = base @ base, 2 * base_scale
        if base[k - 1, k - 1] > 1e140:
            base, base_scale = base * 1e-140, base_scale + 140
        left_over //= 2
    chance = float(power[k - 1, k - 1])
    for i in range(1, size + 1):
        chance = chance * i / size
        if chance < 1e-140:
            chance, scale = chance * 1e140, scale - 140
    return chance * 10.0**scale


def smirnov_chance(distance: float, first: int, second: int, ties: list[bool] | None, two_sided: bool) -> float:
    """Chance that two samples' distribution functions stay closer than `distance`, by counting paths.

    Args:
        ties: for each place of the pooled sample whether it ends a run of equal values; None without ties.
    """
    a, b = float(first), float(second)
    bound = (0.5 + math.floor(distance * a * b - 1e-7)) / (a * b)

    def outside(i: int, j: int) -> bool:
        apart = i / a - j / b
        return (abs(apart) if two_sided else apart) >= bound and (ties is None or ties[i + j - 1])

    row = [0.0 if j and outside(0, j) else 1.0 for j in range(second + 1)]
    for j in range(1, second + 1):
        row[j] = 0.0 if outside(0, j) else row[j - 1]
    for i in range(1, first + 1):
        weight = i / (i + second)
        row[0] = 0.0 if outside(i, 0) else weight * row[0]
        for j in range(1, second + 1):
            row[j] = 0.0 if outside(i, j) else weight * row[j] + row[j - 1]
    return row[second]


def table_chance(rows: list[int], columns: list[int], observed: float) -> float:
    """Chance of all tables with these sums that are no likelier than `observed` (a probability).

    Tables are built column by column; ways that leave the same sums of rows with the same chance are counted together. A
    way whose every end lies on one side of the observed chance is settled by bounds and a closed form, as in Mehta and
    Patel's network.
    """
    if len(rows) > len(columns):
        rows, columns = columns, rows
    columns = sorted(columns, reverse=True)
    total = sum(rows)
    front = sum(math.lgamma(n + 1) for n in (*rows, *columns)) - math.lgamma(total + 1)
    limit = math.log(observed) + 1e-7 - front
    chance = 0.0
    ways: dict[tuple[tuple[int, ...], float], float] = {(tuple(sorted(rows)), 0.0): 1.0}
    for at, column in enumerate(columns):
        rest = columns[at + 1 :]
        steps: dict[tuple[int, ...], dict[tuple[tuple[int, ...], float], int]] = {}
        bounds: dict[tuple[int, ...], tuple[float, float, float]] = {}
        following: dict[tuple[tuple[int, ...], float], float] = {}
        for (left, part), count in ways.items():
            if left not in steps:
                steps[left] = _steps(left, column)
            for (after, step), times in steps[left].items():
                if after not in bounds:
                    bounds[after] = _bounds(after, rest)
                low, high, everything = bounds[after]
                now = part + step
                if now + high <= limit:
                    chance += count * times * math.exp(front + now + everything)
                elif now + low <= limit:
                    key = (after, round(now, 9))
                    following[key] = following.get(key, 0.0) + count * times
        ways = following
    return min(1.0, chance)


def _steps(left: tuple[int, ...], column: int) -> dict[tuple[tuple[int, ...], float], int]:
    """The ways to fill one column: what is left of the rows, what the cells add to the logarithm, how often."""
    found: dict[tuple[tuple[int, ...], float], int] = {}
    for cells in _fillings(left, column):
        after = tuple(sorted(have - used for have, used in zip(left, cells, strict=True)))
        key = (after, round(-sum(math.lgamma(cell + 1) for cell in cells), 11))
        found[key] = found.get(key, 0) + 1
    return found


def _bounds(left: tuple[int, ...], columns: list[int]) -> tuple[float, float, float]:
    """Smallest and largest that the columns to come can add, and the logarithm of the sum over all ways."""
    if not columns:
        return 0.0, 0.0, 0.0
    if len(columns) == 1:
        only = -sum(math.lgamma(cell + 1) for cell in left)
        return only, only, only
    low = high = 0.0
    for column in columns:
        room = column
        for have in reversed(left):
            used = min(have, room)
            low -= math.lgamma(used + 1)
            room -= used
        open_rows = sum(1 for have in left if have)
        share, over = divmod(column, open_rows)
        high -= over * math.lgamma(share + 2) + (open_rows - over) * math.lgamma(share + 1)
    everything = math.lgamma(sum(columns) + 1) - sum(math.lgamma(n + 1) for n in (*left, *columns))
    return low, min(high, _even_rows(left, len(columns))), everything


def _even_rows(left: tuple[int, ...], count: int) -> float:
    """The most that rows can add when each is spread evenly over the columns."""
    total = 0.0
    for have in left:
        share, over = divmod(have, count)
        total -= over * math.lgamma(share + 2) + (count - over) * math.lgamma(share + 1)
    return total


def _fillings(left: tuple[int, ...], column: int) -> list[tuple[int, ...]]:
    if len(left) == 1:
        return [(column,)] if column <= left[0] else []
    room = sum(left[1:])
    return [
        (first, *rest)
        for first in range(max(0, column - room), min(left[0], column) + 1)
        for rest in _fillings(left[1:], column - first)
    ]
