"""Feeding: the commands that gather a batch from the rows of a data set, inside the compiled loop."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipekeras.runtime.executor import Command, StepCounter
from pipekeras.runtime.kernels.movement import batch_gather_command
from pipekeras.runtime.kernels.streaming import worth_streaming


def gather_work(
    sources: Sequence[np.ndarray],
    targets: Sequence[np.ndarray],
    permutation: np.ndarray,
    counter: StepCounter,
    first: int = 0,
    advance: int | None = None,
) -> list[Command]:
    """Return the commands that fill each target with the rows that are due.

    Args:
        sources: all rows of each array, row by row in memory.
        targets: the buffer of one batch of each.
        permutation: int64 order of the rows; repetition i takes the i-th run of them.
        counter: number of repetitions done.
        first: where in the order the first repetition begins.
        advance: how far on the next one begins; default the rows of a batch.
    """
    return [
        batch_gather_command(
            source,
            permutation,
            target,
            batch=target.shape[0],
            row_bytes=source[:1].nbytes,
            counter=counter.address,
            first=first,
            advance=advance,
            # Of a matrix, which a dense layer takes, each thread reads all rows; of what is longer, those that it gathers.
            streamed=target.ndim == 2 and worth_streaming(target.nbytes),
        )
        for source, target in zip(sources, targets, strict=True)
    ]
