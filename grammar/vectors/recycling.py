"""Repeating elements to a length."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def resized(data: np.ndarray, length: int) -> np.ndarray:
    """Elements repeated from the start until there are `length` of them.

    Args:
        data: one-dimensional, not empty unless the length is 0.
        length: wanted number of elements.
    """
    count = len(data)
    if count == length:
        return data
    if count == 1:
        made = np.empty(length, data.dtype)
        made.fill(data[0])
        return made
    if count == 0 or length <= count:
        return data[:length]
    return np.tile(data, -(-length // count))[:length]


_AT_ONCE = 2**23
"""Elements that are copied at once: between two such pieces a program can be interrupted."""


def joined(parts: Sequence[np.ndarray]) -> np.ndarray:
    """Arrays of one type, one after the other."""
    count = sum(map(len, parts))
    if count <= _AT_ONCE:
        return np.concatenate(parts)
    made = np.empty(count, parts[0].dtype)
    start = 0
    for part in parts:
        for at in range(0, len(part), _AT_ONCE):
            piece = part[at : at + _AT_ONCE]
            made[start : start + len(piece)] = piece
            start += len(piece)
    return made
