"""Executables: a traced graph made ready to run any number of times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipekeras.core import configuration, dtypes
from pipekeras.graph.tensor import known
from pipekeras.graph.trace import Graph
from pipekeras.passes.fuse import fuse
from pipekeras.passes.print import graph_text
from pipekeras.passes.simplify import simplify
from pipekeras.runtime.executor import Command, Program, StepCounter
from pipekeras.runtime.host import HostCall
from pipekeras.runtime.lower import Lowering


class Executable:
    """A compiled graph: fixed buffers for its inputs and outputs, and the programs that fill them.

    Args:
        graph: what to compute; every size known.
        inputs: arrays to read the graph's inputs from; made here if None.
        prelude: commands to run before the graph in every repetition, such as gathering a batch.
        counter: counts repetitions; the prelude may read it.
        optimize: bool, default True; False skips simplification and fusion (tests compare the two).
    """

    def __init__(
        self,
        graph: Graph,
        inputs: Sequence[np.ndarray] | None = None,
        prelude: Sequence[Command] = (),
        counter: StepCounter | None = None,
        optimize: bool = True,
    ) -> None:
        if configuration.debug("graph"):
            print(graph_text(graph, "traced graph"))
        if optimize:
            graph = simplify(graph)
            if configuration.debug("graph"):
                print(graph_text(graph, "simplified graph"))
        if inputs is None:
            inputs = [np.zeros(known(item.shape), dtypes.NUMPY[item.dtype]) for item in graph.inputs]
        self.inputs = list(inputs)
        schedule = fuse(graph, optimize)
        if configuration.debug("graph"):
            print("kernels")
            for group in schedule.groups:
                names = " ".join(node.operation.name for node in group.nodes if node.operation is not None)
                print(f"  {group.kind}: {names} -> {', '.join(str(node.shape) for node in group.outputs)}")
        lowering = Lowering(graph, schedule, self.inputs)
        self.outputs = lowering.outputs
        self.arena_size = lowering.arena.size
        self._keep: list[Any] = [lowering.keep, list(prelude)]
        self._counter = counter
        self._parts: list[Program | HostCall] = []
        stretch: list[Command] = list(prelude)
        for work in lowering.work:
            if isinstance(work, HostCall):
                if stretch:
                    self._parts.append(Program(stretch))
                    stretch = []
                self._parts.append(work)
            else:
                stretch.append(work)
        self.is_compiled = not self._parts
        if self.is_compiled:
            self._program = Program(stretch, counter)
        elif stretch:
            self._parts.append(Program(stretch))

    @property
    def host_operations(self) -> list[str]:
        """Names of the operations that run as NumPy calls."""
        return sorted({name for part in self._parts if isinstance(part, HostCall) for name in part.names})

    @property
    def commands(self) -> list[Command]:
        """The commands of the compiled program (empty when NumPy calls cut it)."""
        return self._program.commands if self.is_compiled else []

    def run(self, repetitions: int = 1) -> None:
        """Run the prelude and the graph that many times."""
        if self.is_compiled:
            self._program.run(repetitions)
            return
        for _ in range(repetitions):
            for part in self._parts:
                part.run()
            if self._counter is not None:
                self._counter.value += 1
