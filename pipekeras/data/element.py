"""What iterating over a data set hands out: arrays that also answer to `numpy()`, as the tensors of other libraries do."""

from __future__ import annotations

from typing import Any

import numpy as np


class ElementArray(np.ndarray):
    """An array of numbers or texts; a single number is one without axes.

    Scripts written for tf.data call `numpy()` on what they get, others treat it as an array: both work.
    """

    def numpy(self) -> Any:
        """Return the plain array, or the plain number or text."""
        return np.asarray(self)[()]

    def __repr__(self) -> str:
        return repr(np.asarray(self)[()])

    def __hash__(self) -> int:  # type: ignore[override]
        # A single label may be a key of a dict, as a number may.
        return hash(self.item())


def handed_out(leaf: Any) -> Any:
    """Return a leaf of an element as it is handed to users."""
    if isinstance(leaf, np.ndarray | np.generic):
        return np.asarray(leaf).view(ElementArray)
    return leaf
