"""Stretches of epochs: many short passes over the same rows as one compiled program.

An epoch of a few microseconds would spend its time in Python: a new order of the rows, metrics set back, results read.
When nobody but the History asks for the epochs, all of that goes into the program: orders are drawn for the whole
stretch beforehand, each repetition resets the metrics, runs every batch, computes the results and puts them down in a
row of their own. Python comes back about every 50 ms.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from pipekeras.models.epochs import STRETCH_SECONDS, ArrayEpoch
from pipekeras.models.results import ResultReader, as_number
from pipekeras.nn.metrics.base import Metric
from pipekeras.runtime.executable import Run
from pipekeras.runtime.executor import Command, StepCounter
from pipekeras.runtime.feed import gather_work
from pipekeras.runtime.kernels.movement import fill_command, record_command

LEAST_EPOCHS = 24
"""Fewer epochs to come are not worth a program."""
LONGEST_EPOCH = 2e-3
"""Seconds; what Python does between epochs is nothing beside a longer one."""
MOST_COMMANDS = 2048
MOST_ORDERED = 1 << 19
"""Row numbers drawn at once: 4 MB of them."""


class Stretches:
    """Runs epochs of a fit without coming back for each of them, where that is possible.

    Args:
        epoch: the passes over the training data.
    """

    def __init__(self, epoch: ArrayEpoch) -> None:
        self._epoch = epoch
        self._counter = StepCounter()
        self._run: Run | None = None
        self._length = 0
        self._refused = False

    def run(self, first: int, end: int, history: Any) -> int:
        """Run epochs from `first` on and tell the history their results; return how many, 0 where each must run alone.

        Args:
            first: number of the next epoch.
            end: number after the last one.
            history: the History, alone among the callbacks.
        """
        epoch = self._epoch
        if self._refused or (end - first < LEAST_EPOCHS and self._run is None):
            return 0
        seconds = epoch.pace * epoch.length
        if self._run is None and not self._build(seconds, end - first):
            self._refused = True
            return 0
        assert self._run is not None
        count = max(1, min(end - first, self._length, int(STRETCH_SECONDS / seconds)))
        self._draw(count)
        self._counter.value = 0
        start = time.perf_counter()
        try:
            self._run.run(count)
        finally:
            # Ctrl-C comes here: what was learned is logged too.
            done = self._counter.value
            history.extend(first, {name: _numbers(record[:done]) for name, record in self._records.items()})
        epoch.pace = max(1e-7, (time.perf_counter() - start) / count / epoch.length)
        return count

    def last_logs(self, count: int) -> dict[str, Any]:
        """Return the results of the last of `count` epochs that ran together."""
        return {name: as_number(record[count - 1]) for name, record in self._records.items()}

    def _draw(self, count: int) -> None:
        """Draw the orders of `count` epochs, each from the one before it, as single epochs do."""
        epoch = self._epoch
        if epoch.generator is None:
            return
        for place in range(count):
            epoch.generator.shuffle(epoch.order)
            self._orders[place] = epoch.order

    def _build(self, seconds: float, epochs: int) -> bool:
        """Make the program; tell whether this model and its metrics allow one."""
        epoch = self._epoch
        found = epoch.steps()
        if seconds > LONGEST_EPOCH or found is None:
            return False
        named = epoch.model._named_metrics()
        reader = ResultReader(named)
        results = reader.program()
        if results is None or any(type(metric).reset_state is not Metric.reset_state for _, metric in named):
            return False
        self._length = max(1, min(epochs, MOST_ORDERED // epoch.count))
        rows = self._length if epoch.generator is not None else 1
        # Without shuffling every epoch goes through the one order there is.
        self._orders = np.tile(epoch.order, (rows, 1))
        advance = epoch.count if epoch.generator is not None else 0
        variables = {id(variable): variable for _, metric in named for variable in metric.variables}
        work: list[Any] = [
            fill_command((variable.array, (1,)), (variable.array.size,), variable.dtype) for variable in variables.values()
        ]
        start = 0
        for step in found:
            work += gather_work(epoch.leaves, step.executable.inputs, self._orders, self._counter, start, advance)
            work += step.executable.work
            start += step.executable.inputs[0].shape[0]
        names, executable = results
        work += executable.work
        self._records = {}
        for name, array in zip(names, executable.outputs, strict=True):
            record = self._records[name] = np.zeros((self._length, *array.shape), array.dtype)
            work.append(record_command(array, record, array.nbytes, self._counter.address))
        if len(work) > MOST_COMMANDS or not all(isinstance(part, Command) for part in work):
            return False
        self._run = Run(work, self._counter, (found, executable, variables))
        return True


def _numbers(record: np.ndarray) -> list[Any]:
    """Return each row of a record as a log holds it."""
    if record.size == len(record):
        return [float(value) for value in record.reshape(-1).tolist()]
    return [as_number(row) for row in record]
