"""Repeating elements to a length."""

from __future__ import annotations

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
