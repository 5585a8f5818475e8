"""Epochs: running through data once, in compiled stretches where that is possible."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from pipekeras.core import configuration
from pipekeras.core.errors import ArgumentError, DataError
from pipekeras.core.structure import flatten, map_structure, pack_like
from pipekeras.models import data as training_data
from pipekeras.models.data import Batch, BatchSource
from pipekeras.models.passes import Passes
from pipekeras.models.results import as_number
from pipekeras.models.step import EagerRun, EagerStep, Step
from pipekeras.runtime.executor import StepCounter
from pipekeras.runtime.runs import FedRun, Run

STRETCH_SECONDS = 0.05
MANY_BATCHES = 16
"""Batches of predictions that are worth a program of their own."""


def read_logs(model: Any, returned: Any = None) -> dict[str, Any]:
    """Return results by name: from a step that returned some, else from the metrics."""
    if isinstance(returned, dict) and returned:
        return {name: as_number(value) for name, value in returned.items()}
    return model._read_results()


class ArrayEpoch:
    """Passes over rows that lie in memory.

    Args:
        model: the model.
        mode: "train", "test" or "predict".
        data: all rows.
        size: rows in a batch.
        shuffle: bool, a new order in every pass.
        steps: int or None, batches in an epoch; training goes on in the next epoch where this one stopped.
    """

    def __init__(self, model: Any, mode: str, data: Batch, size: int, shuffle: bool, steps: int | None) -> None:
        self.model = model
        self.mode = mode
        self.data = data
        self.count = training_data.row_count(data)
        self.size = min(size, self.count)
        self.shuffle = shuffle and mode == "train"
        self.full, self.rest = divmod(self.count, self.size)
        self.passes = Passes(self.full + bool(self.rest), steps)
        self.length = self.passes.length
        self.order = np.arange(self.count, dtype=np.int64)
        self.generator = np.random.Generator(np.random.PCG64(configuration.next_seed())) if self.shuffle else None
        self._counter = StepCounter()
        self._runs: dict[int, tuple[Step | EagerStep, Run | FedRun | EagerRun]] = {}
        self.pace = 1e-3

    def _run_of(self, size: int, listeners: Any) -> tuple[Step | EagerStep, Run | FedRun | EagerRun]:
        """Return the program for batches of this many rows."""
        known = self._runs.get(size)
        if known is not None and listeners.only_watches():
            return known
        # A callback may have frozen a layer, or compiled the model anew.
        step = self.model._step(self.mode, training_data.rows(self.data, 0, size))
        if known is None or known[0] is not step:
            # The smaller last batch begins where the full ones end: its permutation is the tail alone.
            order = self.order if size == self.size else self.order[self.full * self.size :]
            known = self._runs[size] = (step, step.over(self.data, order, self._counter))
        return known

    @property
    def leaves(self) -> list[np.ndarray]:
        """The arrays of all rows."""
        return [leaf for leaf in flatten(tuple(self.data)) if leaf is not None]

    def steps(self) -> list[Step] | None:
        """Return the step of each batch of a pass, once a pass was made; None where one is not compiled or returned results."""
        sizes = [self.size] * self.full + [self.rest] * bool(self.rest)
        if not self.passes.are_epochs or any(size not in self._runs for size in sizes):
            return None
        steps = [self._runs[size][0] for size in sizes]
        compiled = [step for step in steps if isinstance(step, Step) and not step.results()]
        return compiled if len(compiled) == len(steps) else None

    def skip(self, epochs: int) -> None:
        """Bring the order of rows to where it is after so many epochs, without running them."""
        for _ in range(epochs):
            self._next_batches(quiet=True)

    def _next_batches(self, quiet: bool = False) -> range:
        """Return the batches of the next epoch, after a new order of the rows where that begins a pass."""
        if self.mode != "train":
            # Every measurement and prediction begins at the first row.
            return Passes(self.passes.batches, self.passes.steps).take(quiet)
        if self.generator is not None and self.passes.begins:
            self.generator.shuffle(self.order)
        return self.passes.take(quiet)

    def run(self, listeners: Any) -> dict[str, Any]:
        """Go through the batches of one epoch and return the results."""
        taken = self._next_batches()
        every_batch = listeners.listens_to_batches(self.mode)
        show = listeners.wants_progress()
        settles = every_batch or (show and listeners.samples_weights())
        done = 0
        step: Step | EagerStep | None = None
        full = max(0, min(taken.stop, self.full) - taken.start)
        for size, first, batches in ((self.size, taken.start, full), (self.rest, 0, int(taken.stop > self.full))):
            if not batches:
                continue
            step, run = self._run_of(size, listeners)
            self._counter.value = first
            left = batches
            try:
                while left:
                    stretch = 1 if every_batch else max(1, min(left, int(STRETCH_SECONDS / self.pace)))
                    if every_batch:
                        getattr(listeners, f"on_{self.mode}_batch_begin")(done)
                    start = time.perf_counter()
                    # Nobody looks at the weights before the last of these stretches is done.
                    run.run(stretch, settle=settles)
                    self.pace = max(1e-7, (time.perf_counter() - start) / stretch)
                    done += stretch
                    left -= stretch
                    if every_batch:
                        getattr(listeners, f"on_{self.mode}_batch_end")(done - 1, self._logs(step))
                    elif show:
                        listeners.on_progress(self.mode, done - 1, self._logs(step))
                    if self.mode == "train" and self.model.stop_training:
                        return self._logs(step)
            finally:
                run.settle()
        assert step is not None
        return self._logs(step)

    def _logs(self, step: Step | EagerStep) -> dict[str, Any]:
        return read_logs(self.model, step.results())

    def predict(self, listeners: Any) -> Any:
        """Return the outputs of all rows."""
        every_batch = listeners is not None and listeners.listens_to_batches("predict")
        collected: list[np.ndarray] | None = None
        template: Any = None
        first = 0
        batches = len(self._next_batches())
        full = min(self.full, batches)
        count = min(self.count, batches * self.size)
        if listeners is None and full >= MANY_BATCHES:
            step = self.model._step("predict", training_data.rows(self.data, 0, self.size))
            collected = self._predict_full_batches(step, full, count)
            if collected is not None:
                template, first = step.results(), full
        for index in range(first, batches):
            start = index * self.size
            stop = min(start + self.size, self.count)
            batch = training_data.rows(self.data, start, stop) if self.passes.batches > 1 else self.data
            if index == 0 or stop - start != self.size:
                step = self.model._step("predict", batch)
            if every_batch:
                listeners.on_predict_batch_begin(index)
            step.run(batch)
            template = step.results()
            outputs = flatten(template)
            if collected is None:
                collected = [np.empty((count, *array.shape[1:]), array.dtype) for array in outputs]
            for target, array in zip(collected, outputs, strict=True):
                target[start:stop] = array
            if every_batch:
                listeners.on_predict_batch_end(index, {"outputs": template})
            elif listeners is not None:
                listeners.on_progress("predict", index)
        return pack_like(template, collected or [])

    def _predict_full_batches(self, step: Step | EagerStep, full: int, count: int) -> list[np.ndarray] | None:
        """Return the outputs of `count` rows, those of `full` batches filled in by one program; None where there is none."""
        outputs = flatten(step.results()) if isinstance(step, Step) else []
        if not outputs or not all(isinstance(item, np.ndarray) and item.shape[:1] == (self.size,) for item in outputs):
            return None
        assert isinstance(step, Step)
        collected = [np.empty((count, *array.shape[1:]), array.dtype) for array in outputs]
        run = step.over(self.data, self.order, self._counter, list(zip(outputs, collected, strict=True)))
        self._counter.value = 0
        while self._counter.value < full:
            stretch = max(1, min(full - self._counter.value, int(STRETCH_SECONDS / self.pace)))
            start = time.perf_counter()
            run.run(stretch)
            self.pace = max(1e-7, (time.perf_counter() - start) / stretch)
        return collected


class NoBatches(DataError):
    """A source of batches was used up before an epoch began."""


class SourceEpoch:
    """Passes over a source that hands out batches.

    Args:
        model: the model.
        mode: "train", "test" or "predict".
        source: where the batches come from.
    """

    def __init__(self, model: Any, mode: str, source: BatchSource) -> None:
        self.model = model
        self.mode = mode
        self.source = source
        self.length = source.length

    def skip(self, epochs: int) -> None:
        """Bring rows in memory to the order that they have after so many passes; other sources begin anew."""
        if hasattr(self.source, "skip"):
            self.source.skip(epochs)

    def run(self, listeners: Any) -> dict[str, Any]:
        """Go through one epoch and return the results."""
        if self.mode != "train":
            self.source.reset()
        every_batch = listeners.listens_to_batches(self.mode)
        show = listeners.wants_progress()
        step: Step | EagerStep | None = None
        for index, batch in enumerate(self.source.epoch()):
            if every_batch:
                getattr(listeners, f"on_{self.mode}_batch_begin")(index)
            step = self.model._step(self.mode, batch)
            step.run(batch)
            if every_batch:
                getattr(listeners, f"on_{self.mode}_batch_end")(index, self._logs(step))
            elif show:
                listeners.on_progress(self.mode, index, self._logs(step))
            if self.mode == "train" and self.model.stop_training:
                break
        if step is None:
            raise NoBatches("the source of batches gave none", mend="a generator can be used once; make a new one")
        return self._logs(step)

    def _logs(self, step: Step | EagerStep) -> dict[str, Any]:
        return read_logs(self.model, step.results())

    def predict(self, listeners: Any) -> Any:
        """Return the outputs of all batches, joined."""
        if self.length is None and hasattr(self.source.source, "__next__"):
            raise ArgumentError("predict on a generator needs steps=", mend="say how many batches to take")
        parts: list[list[np.ndarray]] = []
        template: Any = None
        for index, batch in enumerate(self.source.epoch()):
            step = self.model._step("predict", batch)
            step.run(batch)
            template = map_structure(np.array, step.results())
            parts.append(flatten(template))
            if listeners is not None:
                listeners.on_progress("predict", index)
        if not parts:
            raise DataError("the source of batches gave none")
        return pack_like(template, [np.concatenate(pieces) for pieces in zip(*parts, strict=True)])
