"""Executables: a traced graph made ready to run any number of times."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipekeras.core import configuration, dtypes, memory
from pipekeras.graph.tensor import known
from pipekeras.graph.trace import Graph
from pipekeras.passes.fuse import Schedule, fuse
from pipekeras.passes.layout import move_transposes
from pipekeras.passes.print import graph_text
from pipekeras.passes.simplify import simplify
from pipekeras.passes.verify import verify
from pipekeras.passes.widen import widen
from pipekeras.runtime.executor import Command, StepCounter
from pipekeras.runtime.host import HostCall
from pipekeras.runtime.lower import Lowering
from pipekeras.runtime.runs import FedRun, Run, SharedRun


class Executable:
    """A compiled graph: fixed buffers for its inputs and outputs, and the commands that fill them.

    Args:
        graph: what to compute; every size known.
        inputs: arrays to read the graph's inputs from; made here if None.
        optimize: bool, default True; False skips simplification and fusion (tests compare the two).
    """

    def __init__(self, graph: Graph, inputs: Sequence[np.ndarray] | None = None, optimize: bool = True) -> None:
        show = configuration.debug("graph")
        if show:
            print(graph_text(graph, "traced graph"))
        if optimize:
            graph = optimized(graph)
            if show:
                print(graph_text(graph, "simplified graph"))
        widened = widen(graph)
        if widened is not graph:
            verify(widened, "widen")
            graph = widened
        if inputs is None:
            inputs = [memory.zeros(known(item.shape), dtypes.STORAGE[item.dtype]) for item in graph.inputs]
        self.inputs = list(inputs)
        schedule = fuse(graph, optimize)
        if show:
            print(schedule_text(schedule))
        lowering = Lowering(graph, schedule, self.inputs)
        self.outputs = lowering.outputs
        self.arena_size = lowering.arena.size
        self.work: list[Command | HostCall] = lowering.work
        # Runs after the last repetition: variables then hold what they should.
        self.settling = lowering.settling
        if show:
            print(program_text(self))
        self._keep = lowering.keep
        self._alone: Run | None = None
        self._shared: SharedRun | None = None

    @property
    def host_operations(self) -> list[str]:
        """Names of the operations that run as NumPy calls."""
        return sorted({name for part in self.work if isinstance(part, HostCall) for name in part.names})

    def bind(self, prelude: Sequence[Command], counter: StepCounter, postlude: Sequence[Command] = ()) -> Run | FedRun:
        """Return a run whose repetitions begin with `prelude`, such as gathering a batch, and end with `postlude`."""
        commands = [part for part in self.work if isinstance(part, Command)]
        if len(commands) < len(self.work):
            return Run([*prelude, *self.work, *postlude], counter, self, self.settling)
        if self._shared is None or not self._shared.takes(prelude, postlude):
            self._shared = SharedRun(prelude, commands, postlude, self, self.settling)
        return FedRun(self._shared, [*prelude, *postlude], counter)

    def run(self, repetitions: int = 1) -> None:
        """Compute the outputs from what lies in the inputs, that many times."""
        if self._alone is None:
            self._alone = Run(self.work, None, self, self.settling)
        self._alone.run(repetitions)


def optimized(graph: Graph) -> Graph:
    """Return an equal graph that is less work; it is checked after every pass."""
    graph = simplify(graph)
    verify(graph, "simplify")
    moved = move_transposes(graph)
    if moved is not graph:
        verify(moved, "layout")
        graph = simplify(moved)
        verify(graph, "simplify")
    return graph


def program_text(executable: Executable) -> str:
    """Return one line for each launch, and the memory that intermediate values share."""
    lines = [f"program ({executable.arena_size - 64} bytes of shared memory)"]
    for part in executable.work:
        if isinstance(part, HostCall):
            lines.append(f"  NumPy: {' '.join(part.names)}")
        else:
            units = f"{part.extent} unit{'' if part.extent == 1 else 's'} of work"
            lines.append(f"  {type(part.kernel).__name__.removesuffix('Kernel').lower()}: {units}")
    return "\n".join(lines)


def schedule_text(schedule: Schedule) -> str:
    """Return one line for each kernel: what it computes and the shapes it writes."""
    lines = ["kernels"]
    for group in schedule.groups:
        names = " ".join(node.operation.name for node in group.nodes if node.operation is not None)
        lines.append(f"  {group.kind}: {names} -> {', '.join(str(node.shape) for node in group.outputs)}")
    return "\n".join(lines)
