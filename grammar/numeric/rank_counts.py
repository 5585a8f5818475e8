"""Counts behind rank statistics, and chances of tables."""

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


def table_chance(rows: list[int], columns: list[int], observed: float) -> float:
    """Chance of all tables with these sums that are no likelier than `observed` (a probability).

    Tables are built column by column, the last and largest two at once; ways that leave the same sums of rows with the same
    chance are counted together. A way whose every end lies on one side of the observed chance is settled by bounds and a
    closed form, as in Mehta and Patel's network.
    """
    if len(rows) > len(columns):
        rows, columns = columns, rows
    columns = sorted(columns)
    total = sum(rows)
    front = sum(math.lgamma(n + 1) for n in (*rows, *columns)) - math.lgamma(total + 1)
    limit = math.log(observed) + 1e-7 - front
    chance = 0.0
    ways: dict[tuple[tuple[int, ...], float], float] = {(tuple(sorted(rows)), 0.0): 1.0}
    for at, column in enumerate(columns[:-2]):
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
    endings: dict[tuple[int, ...], tuple[np.ndarray, np.ndarray]] = {}
    for (left, part), count in ways.items():
        if left not in endings:
            endings[left] = _endings(left, columns[-2])
        logs, running = endings[left]
        reached = int(np.searchsorted(logs, limit - part, "right"))
        if reached:
            chance += count * math.exp(front + part + logs[-1]) * running[reached - 1]
    return min(1.0, float(chance))


def _endings(left: tuple[int, ...], column: int) -> tuple[np.ndarray, np.ndarray]:
    """What the last two columns can add to the logarithm, ascending, and running sums of its exponential by its largest."""
    sums, logs = np.zeros(1, dtype=int), np.zeros(1)
    for at, have in enumerate(left):
        cells = np.arange(have + 1)
        own = np.array([-math.lgamma(cell + 1) - math.lgamma(have - cell + 1) for cell in range(have + 1)])
        sums, logs = np.add.outer(sums, cells).ravel(), np.add.outer(logs, own).ravel()
        fits = (sums <= column) & (sums >= column - sum(left[at + 1 :]))
        sums, logs = sums[fits], logs[fits]
    logs.sort()
    return logs, np.cumsum(np.exp(logs - logs[-1]))


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
