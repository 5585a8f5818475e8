"""Steps: the model's own Python traced once for each shape of a batch, then run as compiled programs."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.structure import flatten, map_structure, pack_like
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.models.data import Batch
from pipekeras.ops.comparison import cast
from pipekeras.runtime.executable import Executable
from pipekeras.runtime.executor import StepCounter
from pipekeras.runtime.feed import gather_work
from pipekeras.runtime.kernels.movement import record_command
from pipekeras.runtime.runs import FedRun, Run

MOST_KEPT = 32
"""Programs that a model keeps; the one not used for longest goes first."""


class Step:
    """One of a model's functions (train, test or predict) compiled for one shape of batch.

    Args:
        function: takes (x, y, sample_weight) of tensors and returns results: a tensor or a structure of tensors.
        batch: arrays of one batch; only shapes and types matter.
        plain: bool, default True; whether results come in types that NumPy has: bfloat16 as float32.
    """

    def __init__(self, function: Callable[[Batch], Any], batch: Batch, plain: bool = True) -> None:
        # Where arrays stood, not the arrays: as views of all rows they would keep these alive.
        self._template = Batch(*[None if part is None else map_structure(_is_given, part) for part in batch])
        leaves = [leaf for leaf in flatten(tuple(batch)) if leaf is not None]
        placeholders = [Tensor.symbolic(leaf.shape, dtypes.standardize(leaf.dtype)) for leaf in leaves]

        def on_batch(*tensors: Tensor) -> Any:
            return function(self._fill(tensors))

        graph, self._returned = trace(on_batch, placeholders)
        returned = graph.outputs
        if plain:
            graph.outputs = [cast(item, "float32") if item.dtype == "bfloat16" else item for item in returned]
        self.executable = Executable(graph)
        # Programs are found by the identity of variables: as long as this one lives, so do its variables.
        self._held = (list(graph.variables), list(graph.updates))
        self._outputs = {id(tensor): array for tensor, array in zip(returned, self.executable.outputs, strict=True)}

    def _fill(self, tensors: tuple[Tensor, ...]) -> Batch:
        """Put tensors where the arrays of the template were."""
        items = iter(tensors)
        leaves = [None if leaf is None else next(items) for leaf in flatten(tuple(self._template))]
        return Batch(*pack_like(tuple(self._template), leaves))

    def results(self) -> Any:
        """Return what the function returned in the last run, arrays in place of tensors; they are overwritten by the next."""
        return _replace(self._returned, self._outputs)

    def load(self, batch: Batch) -> None:
        """Copy a batch into the program's inputs."""
        arrays = [leaf for leaf in flatten(tuple(batch)) if leaf is not None]
        for target, array in zip(self.executable.inputs, arrays, strict=True):
            np.copyto(target, array)

    def run(self, batch: Batch) -> None:
        """Run once on a batch."""
        self.load(batch)
        self.executable.run()

    def over(
        self,
        data: Batch,
        permutation: np.ndarray,
        counter: StepCounter,
        records: Sequence[tuple[np.ndarray, np.ndarray]] = (),
    ) -> Run | FedRun:
        """Return a run that gathers its batches from all rows.

        Args:
            data: all rows.
            permutation: int64 order of the rows; repetition i takes its i-th run of them.
            counter: number of repetitions done.
            records: results, and the array that repetition i puts each into as its i-th run of rows.
        """
        arrays = [leaf for leaf in flatten(tuple(data)) if leaf is not None]
        prelude = gather_work(arrays, self.executable.inputs, permutation, counter)
        kept = [record_command(result, record, result.nbytes, counter.address) for result, record in records]
        return self.executable.bind(prelude, counter, kept)


def _is_given(leaf: Any) -> bool | None:
    return None if leaf is None else True


class EagerStep:
    """One of a model's functions run op by op on concrete tensors, to look into it: `compile(run_eagerly = TRUE)`.

    Args:
        function: as of `Step`.
        size: rows in a batch.
    """

    def __init__(self, function: Callable[[Batch], Any], size: int) -> None:
        self._function = function
        self._size = size
        self._returned: Any = None

    def results(self) -> Any:
        """Return what the function returned in the last run, arrays in place of tensors."""
        return _arrays(self._returned)

    def run(self, batch: Batch) -> None:
        """Run once on a batch."""
        self._returned = self._function(
            Batch(*[None if part is None else map_structure(_concrete, part) for part in batch])
        )

    def over(self, data: Batch, permutation: np.ndarray, counter: StepCounter) -> EagerRun:
        """Return a run over batches of all rows; see `Step.over`."""
        return EagerRun(self, data, permutation, counter, self._size)


class EagerRun:
    """Batches of all rows, one after the other, through an eager step."""

    def __init__(self, step: EagerStep, data: Batch, permutation: np.ndarray, counter: StepCounter, size: int) -> None:
        self._step, self._data, self._permutation, self._counter, self._size = step, data, permutation, counter, size

    def run(self, repetitions: int = 1, settle: bool = True) -> None:
        """Run that many batches; an eager step leaves nothing to settle."""
        for _ in range(repetitions):
            start = self._counter.value * self._size
            rows = self._permutation[start : start + self._size]

            def cut(leaf: Any, rows: np.ndarray = rows) -> Any:
                return None if leaf is None else leaf[rows]

            self._step.run(Batch(*[None if part is None else map_structure(cut, part) for part in self._data]))
            self._counter.value += 1

    def settle(self) -> None:
        """Nothing: every step has changed all that it changes."""


def _concrete(leaf: Any) -> Any:
    return leaf if leaf is None or leaf.dtype == object else Tensor(leaf)


def _arrays(value: Any) -> Any:
    if isinstance(value, Tensor):
        return value.numpy()
    if isinstance(value, dict):
        return {key: _arrays(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)([_arrays(item) for item in value])
    return value


def _replace(value: Any, arrays: dict[int, np.ndarray]) -> Any:
    if isinstance(value, Tensor):
        return arrays[id(value)]
    if isinstance(value, dict):
        return {key: _replace(item, arrays) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)([_replace(item, arrays) for item in value])
    return value


class StepCache:
    """The compiled steps of a model, by mode, shapes and what is trainable."""

    def __init__(self) -> None:
        self._steps: OrderedDict[Any, Step] = OrderedDict()

    def get(self, key: Any, function: Callable[[Batch], Any], batch: Batch) -> Step:
        """Return the step for a batch's shapes, compiled now if it is new."""
        full = (key, *[(leaf.shape, leaf.dtype.char) if leaf is not None else None for leaf in flatten(tuple(batch))])
        step = self._steps.get(full)
        if step is None:
            step = self._steps[full] = Step(function, batch)
            if len(self._steps) > MOST_KEPT:
                self._steps.popitem(last=False)
        else:
            self._steps.move_to_end(full)
        return step

    def clear(self) -> None:
        """Forget everything, after `compile` or a change of the layers."""
        self._steps.clear()

    def __len__(self) -> int:
        return len(self._steps)
