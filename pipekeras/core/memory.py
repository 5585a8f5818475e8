"""Memory that begins on a cache line and ends on one: vectors read it whole, and threads share no line by chance."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

LINE = 64


def zeros(shape: Sequence[int], dtype: Any) -> np.ndarray:
    """Return an array of zeros; half types as `dtypes.STORAGE` has them."""
    kind = np.dtype(dtype)
    size = prod(shape) * kind.itemsize
    room = np.zeros(-(-size // LINE) * LINE + LINE, np.uint8)
    skipped = -room.ctypes.data % LINE
    return room[skipped : skipped + size].view(kind).reshape(shape)


def copied(array: np.ndarray) -> np.ndarray:
    """Return a copy whose rows lie one after the other."""
    result = zeros(array.shape, array.dtype)
    result[...] = array
    return result
