"""Direct calls: `model(x)` on an array, compiled once the same shape comes again and again."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.core.structure import map_structure
from pipekeras.graph.operation import recording
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import current
from pipekeras.models.data import Batch
from pipekeras.models.step import Step

WARM = 3
"""Calls with one shape that run op by op before the shape gets a program."""
MOST_SHAPES = 8


class DirectCalls:
    """Programs of one model for calls on single arrays.

    Args:
        model: a functional or sequential model.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._graph: Any = None
        self._seen: dict[Any, int] = {}
        self._programs: dict[Any, tuple[Step, np.ndarray, Any]] = {}

    def run(self, x: Any, graph: Any) -> Any:
        """Return the outputs for an array or concrete tensor, or None where the call must run op by op.

        Args:
            x: the argument of the call.
            graph: what identifies the model's present layers; programs for others are dropped.
        """
        if recording.depth or current() is not None or self._model.__dict__.get("run_eagerly"):
            # Under a tape, in a trace, or when `compile` asked for it, every op is to be seen.
            return None
        data = x.data if type(x) is Tensor and x.history is None and x.mask is None else x
        if type(data) is not np.ndarray or data.ndim == 0:
            return None
        if graph is not self._graph:
            self._graph = graph
            self._seen.clear()
            self._programs.clear()
        key = (data.shape, data.dtype.char)
        found = self._programs.get(key)
        if found is None:
            count = self._seen[key] = self._seen.get(key, 0) + 1
            if count <= WARM or not self._model.built or len(self._seen) > 256:
                return None
            found = self._compile(key, data)
        step, target, output = found
        np.copyto(target, data, casting="same_kind")
        step.executable.run()
        return Tensor(output.copy()) if type(output) is np.ndarray else map_structure(_own, output)

    def _compile(self, key: Any, data: np.ndarray) -> tuple[Step, np.ndarray, Any]:
        if len(self._programs) >= MOST_SHAPES:
            self._programs.clear()
        wanted = np.zeros(data.shape, np.float32 if data.dtype == np.float64 else data.dtype)
        step = Step(lambda batch: self._model(batch.x, training=False), Batch(wanted), plain=False)
        found = self._programs[key] = (step, step.executable.inputs[0], step.results())
        return found


def _own(array: np.ndarray) -> Tensor:
    return Tensor(array.copy())
