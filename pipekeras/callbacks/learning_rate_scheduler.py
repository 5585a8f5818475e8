"""Set the learning rate of every epoch by a function."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from pipekeras.callbacks.callback import Callback, Logs
from pipekeras.callbacks.learning_rate import read_learning_rate
from pipekeras.core.errors import DataError
from pipekeras.core.registry import register
from pipekeras.utils.message import print_message


@register("callback")
class LearningRateScheduler(Callback):
    """Set the learning rate at the beginning of each epoch to what a function returns.

    The results of each epoch get an entry `learning_rate`.

    Args:
        schedule: function `(epoch, learning_rate)` or `(epoch)` that returns the new rate; the first epoch is 0.
        verbose: 0 or 1 (print the new rate), default 0.

    Raises:
        DataError: When the function returns something that is not a number.

    Example:
        >>> from pipekeras.callbacks import LearningRateScheduler
        >>> halve = LearningRateScheduler(lambda epoch, rate: rate / 2 if epoch else rate)
        >>> halve.schedule(1, 0.5)
        0.25
    """

    def __init__(self, schedule: Callable[..., Any], verbose: int = 0) -> None:
        super().__init__()
        self.schedule = schedule
        self.verbose = verbose
        self._takes_rate = _takes_two(schedule)

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        optimizer = self.model.optimizer
        current = read_learning_rate(optimizer)
        found = self.schedule(epoch, current) if self._takes_rate else self.schedule(epoch)
        try:
            rate = float(np.asarray(found.numpy() if hasattr(found, "numpy") else found).item())
        except (TypeError, ValueError):
            raise DataError(
                f"the schedule must return a number as learning rate; for epoch {epoch} it returned {found!r}"
            ) from None
        optimizer.learning_rate = rate
        if self.verbose > 0:
            print_message(f"\nEpoch {epoch + 1}: LearningRateScheduler setting learning rate to {rate}.")

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        if logs is not None:
            logs["learning_rate"] = read_learning_rate(self.model.optimizer)


def _takes_two(function: Callable[..., Any]) -> bool:
    """Whether `function` can be called with two positional arguments; assumed where that can't be found out."""
    try:
        inspect.signature(function).bind(0, 0.0)
    except ValueError:
        return True
    except TypeError:
        return False
    return True
