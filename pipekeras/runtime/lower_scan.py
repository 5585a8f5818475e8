"""Lowering of loops: the commands of one turn, between a begin that moves their buffers on and an end that turns back.

Where no row of a batch rests on another one, the loop is lowered several times, each for some of the rows: a thread then goes
through all turns of its rows without waiting for anybody.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from pipekeras.graph.tensor import known
from pipekeras.graph.trace import Graph
from pipekeras.passes.fuse import Group, fuse
from pipekeras.passes.verify import verify
from pipekeras.runtime.host import HostCall
from pipekeras.runtime.loop_plan import LoopPlan, is_by_parts, plan_of
from pipekeras.runtime.repetition import LoopBegin, LoopEnd
from pipekeras.runtime.turn_places import MOST_TURNS, Places, Rows, Turn

if TYPE_CHECKING:
    from pipekeras.runtime.lower import Lowering


def lower_scan(lowering: Lowering, group: Group) -> list[Any] | None:
    """Return the commands of a loop, or a call that runs it turn by turn where an operation has no kernel."""
    from pipekeras.runtime.lower import NeedsPython

    plan = plan_of(lowering, group)
    turn = plan.turn
    twins = [lowering.copy_to(item, lowering.address(twin)) for item, twin in turn.twins]
    try:
        return [*(_in_parts(lowering, plan) or _commands(lowering, plan, plan.graph)), *twins]
    except NeedsPython:
        if lowering.targets is not None:
            raise
        return [TurnByTurn(lowering, group, turn, plan.graph)]


def _commands(lowering: Lowering, plan: LoopPlan, graph: Graph, rows: Rows | None = None) -> list[Any]:
    """Return the commands of a loop for all rows, or for some by the graph of a turn for them."""
    from pipekeras.runtime.lower import Lowering as Lower

    places = Places(lowering, plan.scan, plan.turn, rows)
    if not places.length or not places.targets:
        return [*places.before, *places.after]
    schedule = fuse(graph, lowering.schedule.fused, places.layouts)
    inner = Lower(graph, schedule, [], places.addresses, places.targets, lowering.regions, places.steady)
    lowering.keep.extend((inner.keep, places, graph))
    begin = LoopBegin(places.length, places.moving)
    turning = [begin, *inner.work, *places.at_end, LoopEnd(begin, places.flag)]
    return [*places.before, *inner.ahead, *turning, *places.after]


def _in_parts(lowering: Lowering, plan: LoopPlan) -> list[Any] | None:
    """Return the commands of a loop for one part of the rows after the other; None where rows are better kept together."""
    if plan.split is None:
        return None
    for node in (*plan.turn.trail.values(), *plan.turn.stack.values()):
        if is_by_parts(lowering, plan, node):
            lowering.by_parts[id(node)] = known(node.shape)
    found: list[Any] = []
    for part, (begin, end) in enumerate(pairwise(plan.cuts)):
        own, inputs = plan.split.part(begin, end)
        verify(own, "rows, in a loop")
        commands = _commands(lowering, plan, own, Rows(begin, end, inputs))
        for command in commands:
            command.part = part
        found += commands
    return found


class TurnByTurn(HostCall):
    """A loop whose turn is a program of its own that Python runs once for each slice.

    Args:
        lowering: of the graph around the loop.
        group: the loop and the parts that are read.
        turn: what of it is needed.
        graph: the turn.
    """

    def __init__(self, lowering: Lowering, group: Group, turn: Turn, graph: Graph) -> None:
        from pipekeras.runtime.executable import Executable

        scan = group.nodes[0]
        super().__init__([scan], {}, [])
        self.length, self.reverse = scan.attributes["length"] or MOST_TURNS, scan.attributes["reverse"]
        self.turn = turn
        self.outer = [lowering.numpy_view(item) for item in scan.inputs]
        self.parts = {id(node): lowering.numpy_view(node) for node in group.outputs}
        self.executable = Executable(graph, optimize=lowering.schedule.fused)
        self.held = len(scan.attributes["body"].carries)
        self.slices = len(scan.attributes["body"].slices)

    @property
    def names(self) -> list[str]:
        """The operations of the turn that have no kernel."""
        return self.executable.host_operations

    def run(self) -> None:
        """Compute once."""
        inputs, outputs, turn = self.executable.inputs, self.executable.outputs, self.turn
        for target, value in zip(inputs[: self.held], self.outer, strict=False):
            np.copyto(target, value)
        for target, value in zip(inputs[self.held + self.slices :], self.outer[self.held + self.slices :], strict=True):
            np.copyto(target, value)
        self._note_border(self.length if self.reverse else 0)
        for place in range(self.length - 1, -1, -1) if self.reverse else range(self.length):
            for index in range(self.held, self.held + self.slices):
                np.copyto(inputs[index], self.outer[index][place])
            self.executable.run()
            for index, value in zip(turn.carries, [item.copy() for item in outputs[: len(turn.carries)]], strict=True):
                np.copyto(inputs[index], value)
            if turn.until is not None and not inputs[turn.until]:
                break
            for index, value in zip(turn.stacks, outputs[len(turn.carries) :], strict=True):
                self.parts[id(turn.stack[index])][place] = value
            self._note_border(place if self.reverse else place + 1)
        for index, node in turn.final.items():
            np.copyto(self.parts[id(node)], self.executable.inputs[index])
        for item, twin in turn.twins:
            np.copyto(self.parts[id(twin)], self.parts[id(item)])

    def _note_border(self, place: int) -> None:
        for index, node in self.turn.trail.items():
            self.parts[id(node)][place] = self.executable.inputs[index]
