"""Executables: a traced graph made ready to run any number of times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

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
from pipekeras.runtime.executor import Command, Program, StepCounter
from pipekeras.runtime.host import HostCall
from pipekeras.runtime.lower import Lowering


class Work(Protocol):
    """A piece of a run that is not a command."""

    def run(self) -> None:
        """Do it once."""


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

    @property
    def host_operations(self) -> list[str]:
        """Names of the operations that run as NumPy calls."""
        return sorted({name for part in self.work if isinstance(part, HostCall) for name in part.names})

    def bind(
        self,
        prelude: Sequence[Command | Work] = (),
        counter: StepCounter | None = None,
        postlude: Sequence[Command | Work] = (),
    ) -> Run:
        """Return a run whose repetitions begin with `prelude`, such as gathering a batch, and end with `postlude`."""
        return Run([*prelude, *self.work, *postlude], counter, self, self.settling)

    def run(self, repetitions: int = 1) -> None:
        """Compute the outputs from what lies in the inputs, that many times."""
        if self._alone is None:
            self._alone = self.bind()
        self._alone.run(repetitions)


class Run:
    """Commands and calls in order, ready to be repeated.

    Args:
        parts: commands, joined to programs, and calls back into Python between them.
        counter: stepped after every repetition; the prelude may read it.
        owner: kept alive as long as the run.
        settling: commands that bring up to date what repetitions leave for later.
    """

    def __init__(
        self,
        parts: Sequence[Command | Work],
        counter: StepCounter | None,
        owner: Any,
        settling: Sequence[Command] = (),
    ) -> None:
        self._owner = owner
        self._counter = counter
        self._parts: list[Program | Work] = []
        stretch: list[Command] = []
        for part in parts:
            if isinstance(part, Command):
                stretch.append(part)
                continue
            if stretch:
                self._parts.append(Program(stretch))
                stretch = []
            self._parts.append(part)
        self._settling = Program(settling) if settling else None
        self._program: Program | None = None
        if not self._parts:
            self._program = Program(stretch, counter)
        elif stretch:
            self._parts.append(Program(stretch))

    @property
    def is_compiled(self) -> bool:
        """Whether repetitions run without coming back to Python."""
        return self._program is not None

    def run(self, repetitions: int = 1, settle: bool = True) -> None:
        """Run everything that many times.

        Args:
            repetitions: int.
            settle: bool, default True; False leaves variables behind until `settle` is called, so that more repetitions
                can follow for less.
        """
        try:
            self._repeat(repetitions)
        finally:
            if settle:
                self.settle()

    def settle(self) -> None:
        """Bring every variable up to date."""
        if self._settling is not None:
            self._settling.run()

    def _repeat(self, repetitions: int) -> None:
        if self._program is not None:
            self._program.run(repetitions)
            return
        for _ in range(repetitions):
            for part in self._parts:
                part.run()
            if self._counter is not None:
                self._counter.value += 1


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
