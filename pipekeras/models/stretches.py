"""Stretches of epochs: many short passes over the same rows as one compiled program.

An epoch of a few microseconds would spend its time in Python: a new order of the rows, metrics set back, results read.
When nobody but the History asks for the epochs, all of that goes into the program: orders are drawn for the whole
stretch beforehand, each repetition resets the metrics, runs every batch, computes the results and puts them down in a
row of their own. Python comes back about every 50 ms.
"""

from __future__ import annotations

import time
from functools import cache
from typing import Any

import numpy as np

from pipekeras.models.epochs import STRETCH_SECONDS, ArrayEpoch
from pipekeras.models.results import ResultReader, as_number
from pipekeras.nn.metrics.base import Metric
from pipekeras.runtime.executor import Command, StepCounter
from pipekeras.runtime.feed import gather_work
from pipekeras.runtime.kernels.movement import fill_command, record_command
from pipekeras.runtime.runs import Run

LEAST_EPOCHS = 24
"""Fewer epochs to come are not worth a program."""
LONGEST_EPOCH = 2e-3
"""Seconds; what Python does between epochs is nothing beside a longer one."""
MOST_COMMANDS = 2048
COMMANDS_OF_EPOCH = 4
"""Commands of a program that take about as long to prepare as Python takes between two epochs."""
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
        if seconds > LONGEST_EPOCH and self._run is None:
            return 0
        if self._run is None and not self._build(end - first):
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
        """Draw how `count` epochs change the order of the rows, each the order of the one before it."""
        generator = self._epoch.generator
        if generator is None:
            return
        changes = self._changes[:count]
        changes[:] = np.arange(self._epoch.count)
        if _permutes_as_it_shuffles(self._epoch.count):
            generator.permuted(changes, axis=1, out=changes)
        else:
            for row in changes:
                generator.shuffle(row)

    def _build(self, epochs: int) -> bool:
        """Make the program; tell whether this model and its metrics allow one."""
        epoch = self._epoch
        found = epoch.steps()
        worth = min(MOST_COMMANDS, COMMANDS_OF_EPOCH * epochs)
        if found is None or sum(len(step.executable.work) for step in found) > worth:
            return False
        if any(step.executable.settling for step in found):
            # Two programs on the same table must not both put updates off.
            return False
        named = epoch.model._named_metrics()
        reader = ResultReader(named)
        results = reader.program()
        if results is None or any(type(metric).reset_state is not Metric.reset_state for _, metric in named):
            return False
        self._length = max(1, min(epochs, MOST_ORDERED // epoch.count))
        variables = {id(variable): variable for _, metric in named for variable in metric.variables}
        work: list[Any] = [
            fill_command((variable.array, (1,)), (variable.array.size,), variable.dtype) for variable in variables.values()
        ]
        if epoch.generator is not None:
            self._changes = np.empty((self._length, epoch.count), np.int64)
            changed = np.empty_like(epoch.order)
            work += gather_work([epoch.order], [changed], self._changes, self._counter)
            work += gather_work([changed], [epoch.order], np.arange(epoch.count), self._counter, advance=0)
        start = 0
        for step in found:
            work += gather_work(epoch.leaves, step.executable.inputs, epoch.order, self._counter, start, advance=0)
            work += step.executable.work
            start += step.executable.inputs[0].shape[0]
        names, executable = results
        work += executable.work
        self._records = {}
        for name, array in zip(names, executable.outputs, strict=True):
            record = self._records[name] = np.zeros((self._length, *array.shape), array.dtype)
            work.append(record_command(array, record, array.nbytes, self._counter.address))
        if not all(isinstance(part, Command) for part in work):
            return False
        self._run = Run(work, self._counter, (found, executable, variables))
        return True


@cache
def _permutes_as_it_shuffles(count: int) -> bool:
    """Whether NumPy's `permuted` over rows of that length draws what a shuffle of each would: one call in place of many."""
    one, other = (np.random.Generator(np.random.PCG64(1)) for _ in range(2))
    rows = np.tile(np.arange(count), (3, 1))
    permuted = one.permuted(rows, axis=1)
    for row in rows:
        other.shuffle(row)
    return np.array_equal(permuted, rows) and one.bit_generator.state == other.bit_generator.state


def _numbers(record: np.ndarray) -> list[Any]:
    """Return each row of a record as a log holds it."""
    if record.size == len(record):
        return [float(value) for value in record.reshape(-1).tolist()]
    return [as_number(row) for row in record]
