"""Sampling from a finite population, in R's order of draws.

Source: Walker (1977), alias method; R manual page `sample`.
"""

from __future__ import annotations

import numpy as np
from pipekeras.grammar.numeric.generator import GENERATOR

WALKER_CLASSES = 200
HASHING_POPULATION = 1e7


def sort_descending(keys: list[float], labels: list[int]) -> None:
    """Heap sort of both lists by descending key, in place.

    The order among equal keys shows in the sampled values, so it has to be this very heap walk.
    """
    count = len(keys)
    if count <= 1:
        return
    start, end = count // 2, count - 1
    while True:
        if start > 0:
            start -= 1
            key, label = keys[start], labels[start]
        else:
            key, label = keys[end], labels[end]
            keys[end], labels[end] = keys[0], labels[0]
            end -= 1
            if end == 0:
                keys[0], labels[0] = key, label
                return
        hole, child = start, 2 * start + 1
        while child <= end:
            if child < end and keys[child] > keys[child + 1]:
                child += 1
            if key <= keys[child]:
                break
            keys[hole], labels[hole] = keys[child], labels[child]
            hole, child = child, 2 * child + 1
        keys[hole], labels[hole] = key, label


def sample_plain(population: float, size: int, replace: bool) -> np.ndarray:
    """Equal probabilities: `size` one-based indices out of `population`."""
    if replace or size < 2:
        return GENERATOR.indices(population, size) + 1
    if population > HASHING_POPULATION and size <= population / 2:
        return sample_hashed(population, size)
    left = int(population)
    pool = list(range(1, left + 1))
    made = []
    for chosen in GENERATOR.shrinking_indices(left, size):
        made.append(pool[chosen])
        left -= 1
        pool[chosen] = pool[left]
    return np.array(made, dtype=np.int64)


def sample_hashed(population: float, size: int) -> np.ndarray:
    """Without replacement out of many: what was drawn before is drawn anew."""
    seen: set[int] = set()
    drawn = np.empty(size, dtype=np.int64)
    for position in range(size):
        value = GENERATOR.index(population) + 1
        while value in seen:
            value = GENERATOR.index(population) + 1
        seen.add(value)
        drawn[position] = value
    return drawn


def sample_weighted(probabilities: np.ndarray, size: int, replace: bool) -> np.ndarray:
    """Unequal probabilities, which sum to one: `size` one-based indices."""
    if replace and int(np.sum(len(probabilities) * probabilities > 0.1)) > WALKER_CLASSES:
        return _sample_alias(probabilities, size)
    labels = list(range(1, len(probabilities) + 1))
    keys = probabilities.tolist()
    sort_descending(keys, labels)
    if replace:
        bounds = np.cumsum(keys)
        bounds[-1] = np.inf
        return np.array(labels)[np.searchsorted(bounds, GENERATOR.uniforms(size), side="left")]
    drawn = np.empty(size, dtype=np.int64)
    total = 1.0
    for position in range(size):
        threshold = total * GENERATOR.uniform()
        mass = keys[0]
        chosen = 0
        while threshold > mass and chosen < len(keys) - 1:
            chosen += 1
            mass += keys[chosen]
        drawn[position] = labels.pop(chosen)
        total -= keys.pop(chosen)
    return drawn


def _sample_alias(probabilities: np.ndarray, size: int) -> np.ndarray:
    count = len(probabilities)
    scaled = (probabilities * count).tolist()
    alias = [0] * count
    order = [0] * count
    low, high = -1, count
    for index, value in enumerate(scaled):
        if value < 1.0:
            low += 1
            order[low] = index
        else:
            high -= 1
            order[high] = index
    if low >= 0 and high < count:
        for k in range(count - 1):
            poor, rich = order[k], order[high]
            alias[poor] = rich
            scaled[rich] += scaled[poor] - 1.0
            if scaled[rich] < 1.0:
                high += 1
            if high >= count:
                break
    thresholds = [value + index for index, value in enumerate(scaled)]
    drawn = np.empty(size, dtype=np.int64)
    for position in range(size):
        if GENERATOR.sample_rounding:
            u = GENERATOR.uniform() * count
            k = int(u)
        else:
            # Without the bias of rounding the column is drawn first, and the place in it apart.
            k = int(GENERATOR.index(count))
            u = k + GENERATOR.uniform()
        drawn[position] = (k if u < thresholds[k] else alias[k]) + 1
    return drawn
