"""Results of metrics: read from their variables, and compiled once they are read often."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.graph.trace import trace
from pipekeras.nn.metrics.reduction import Mean
from pipekeras.runtime.executable import Executable

OFTEN = 16
"""Reads after which the results are worth a program of their own."""


def as_number(value: Any) -> Any:
    """Return a result as a float, or as an array of its own if it has several elements."""
    array = np.asarray(value)
    return float(array.reshape(())) if array.size == 1 else array.copy()


def read(named: list[tuple[str, Any]]) -> dict[str, Any]:
    """Compute every metric's result now; a metric may give several by name."""
    logs: dict[str, Any] = {}
    for name, metric in named:
        if type(metric).result is Mean.result and metric.total.dtype == metric.count.dtype == "float32":
            logs[name] = _mean(metric)
            continue
        value = metric.result()
        if isinstance(value, dict):
            logs.update({key: as_number(item) for key, item in value.items()})
        else:
            logs[name] = as_number(value)
    return logs


def _mean(metric: Mean) -> float:
    """Return a mean's result without going through ops: most results are means, and most fits are short.

    A quotient of singles that is rounded to double first is the same single.
    """
    count = float(metric.count.array)
    return float(np.float32(float(metric.total.array) / count)) if count else 0.0


class ResultReader:
    """Reads the results of one set of metrics.

    Args:
        named: name and metric of each result.
    """

    def __init__(self, named: list[tuple[str, Any]]) -> None:
        self.named = named
        self._reads = 0
        self._executable: Executable | None = None
        self._names: list[str] = []
        self._held: Any = None

    def matches(self, named: list[tuple[str, Any]]) -> bool:
        """Whether this reader is for these very metrics."""
        return len(named) == len(self.named) and all(
            a[1] is b[1] and a[0] == b[0] for a, b in zip(named, self.named, strict=True)
        )

    def read(self) -> dict[str, Any]:
        """Return the present results by name."""
        if self._executable is None:
            self._reads += 1
            if self._reads == OFTEN:
                self._compile()
            if self._executable is None:
                return read(self.named)
        self._executable.run()
        return {name: as_number(array) for name, array in zip(self._names, self._executable.outputs, strict=True)}

    def program(self) -> tuple[list[str], Executable] | None:
        """Return the program of the results and their names in the order of its outputs; None where there can be none."""
        if self._executable is None:
            self._compile()
        return None if self._executable is None else (self._names, self._executable)

    def _compile(self) -> None:
        """Make a program of the results, if all of them are made of ops and none is one of several."""

        def results() -> Any:
            return {name: metric.result() for name, metric in self.named}

        try:
            graph, returned = trace(results, [])
        except Exception:
            # A metric of the user's may compute its result in plain Python: it goes on doing so.
            return
        if any(isinstance(value, dict) or not hasattr(value, "dtype") for value in returned.values()):
            return
        if any(value.data is not None for value in graph.outputs) or graph.updates:
            return
        if len(graph.outputs) != len(returned):
            # A result that is a variable itself is no output of the graph.
            return
        self._names = list(returned)
        self._held = graph.variables
        self._executable = Executable(graph)
