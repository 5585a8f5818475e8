"""Feeding: the commands that gather a batch from the rows of a data set, inside the compiled loop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipekeras.runtime.executor import StepCounter


class Gather:
    """Gathers rows in Python; serves until the compiled gather is there.

    Args:
        source: all rows.
        target: buffer of one batch.
        permutation: order of the rows.
        counter: number of batches done.
    """

    def __init__(self, source: np.ndarray, target: np.ndarray, permutation: np.ndarray, counter: StepCounter) -> None:
        self._source, self._target = source, target
        self._permutation, self._counter = permutation, counter

    def run(self) -> None:
        """Gather the batch that is due."""
        size = self._target.shape[0]
        start = self._counter.value * size
        np.take(self._source, self._permutation[start : start + size], axis=0, out=self._target)


def gather_work(
    sources: Sequence[np.ndarray], targets: Sequence[np.ndarray], permutation: np.ndarray, counter: StepCounter
) -> list[Any]:
    """Return the work that fills each target with the rows that are due."""
    return [Gather(source, target, permutation, counter) for source, target in zip(sources, targets, strict=True)]
