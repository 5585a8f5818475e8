"""Lowering of loops: the commands of one turn, between a begin that moves their buffers on and an end that turns back.

Where no row of a batch rests on another one, the loop is lowered several times, each for some of the rows: a thread then goes
through all turns of its rows without waiting for anybody.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from pipekeras.graph.body import Body
from pipekeras.graph.trace import Graph
from pipekeras.passes.fuse import Group, fuse
from pipekeras.passes.rows import MixesRows, RowGraph
from pipekeras.passes.simplify import simplify
from pipekeras.passes.verify import verify
from pipekeras.passes.widen import widen
from pipekeras.runtime.executor import PARALLEL_COST
from pipekeras.runtime.host import HostCall
from pipekeras.runtime.kernels.matmul import tile_shape
from pipekeras.runtime.repetition import LoopBegin, LoopEnd
from pipekeras.runtime.target import host_target
from pipekeras.runtime.threads import thread_count
from pipekeras.runtime.turn_places import MOST_TURNS, Places, Rows, Turn

if TYPE_CHECKING:
    from pipekeras.graph.tensor import Tensor
    from pipekeras.runtime.lower import Lowering

# Each part of the rows is lowered by itself, which takes time before the first step.
_MOST_PARTS = 16
# All turns of a part must take so many times what it costs to share them out.
_WORTH = 2


def _graph_of_turn(body: Body, turn: Turn, fused: bool) -> Graph:
    graph = Graph(
        [*body.carries, *body.slices, *body.captures],
        [*[body.following[index] for index in turn.carries], *[body.stacked[index] for index in turn.stacks]],
        {},
        {},
    )
    if fused:
        graph = simplify(graph)
        verify(graph, "simplify, in a loop")
    graph = widen(graph)
    verify(graph, "widen, in a loop")
    return graph


def lower_scan(lowering: Lowering, group: Group) -> list[Any] | None:
    """Return the commands of a loop, or a call that runs it turn by turn where an operation has no kernel."""
    from pipekeras.runtime.lower import NeedsPython

    scan = group.nodes[0]
    body = scan.attributes["body"]
    turn = Turn(body, group, scan.attributes["until"])
    graph = _graph_of_turn(body, turn, lowering.schedule.fused)
    twins = [lowering.copy_to(item, lowering.address(twin)) for item, twin in turn.twins]
    try:
        return [*(_in_parts(lowering, scan, turn, graph) or _commands(lowering, scan, turn, graph)), *twins]
    except NeedsPython:
        if lowering.targets is not None:
            raise
        return [TurnByTurn(lowering, group, turn, graph)]


def _commands(lowering: Lowering, scan: Tensor, turn: Turn, graph: Graph, rows: Rows | None = None) -> list[Any]:
    """Return the commands of a loop for all rows, or for some by the graph of a turn for them."""
    from pipekeras.runtime.lower import Lowering as Lower

    places = Places(lowering, scan, turn, rows)
    if not places.length or not places.targets:
        return [*places.before, *places.after]
    schedule = fuse(graph, lowering.schedule.fused, places.layouts)
    inner = Lower(graph, schedule, [], places.addresses, places.targets, lowering.regions, places.steady)
    lowering.keep.extend((inner.keep, places, graph))
    begin = LoopBegin(places.length, places.moving)
    turning = [begin, *inner.work, *places.at_end, LoopEnd(begin, places.flag)]
    return [*places.before, *inner.ahead, *turning, *places.after]


def _in_parts(lowering: Lowering, scan: Tensor, turn: Turn, graph: Graph) -> list[Any] | None:
    """Return the commands of a loop for one part of the rows after the other; None where rows are better kept together."""
    length: int | None = scan.attributes["length"]
    if not lowering.schedule.fused or lowering.targets is not None or length is None or turn.until is not None:
        return None
    split = _split(scan.attributes["body"], turn, graph)
    if split is None:
        return None
    cuts = _cuts(split.rows)
    found: list[Any] = []
    for part, (begin, end) in enumerate(pairwise(cuts)):
        own, inputs = split.part(begin, end)
        verify(own, "rows, in a loop")
        commands = _commands(lowering, scan, turn, own, Rows(begin, end, inputs))
        if part == 0 and sum(command.cost for command in commands) * length < _WORTH * PARALLEL_COST:
            return None
        for command in commands:
            command.part = part
        found += commands
    return found


def _split(body: Body, turn: Turn, graph: Graph) -> RowGraph | None:
    """Return the turn as a graph of independent rows, or None where it is none or the rows are too few."""
    carries = [body.carries[index] for index in turn.carries]
    first = Counter(item.shape[0] for item in carries if item.shape)
    rows = first.most_common(1)[0][0] if first else None
    if rows is None or len(_cuts(rows)) < 3:
        return None
    try:
        split = RowGraph(graph, [item for item in (*carries, *body.slices) if item.shape[:1] == (rows,)], rows)
    except MixesRows:
        return None
    for index, carry, result in zip(turn.carries, carries, graph.outputs, strict=False):
        if split.along(carry) is not None and split.has_rows(result):
            continue
        # What is the same for all rows each part keeps for itself.
        if split.along(carry) is not None or split.along(result) is not None or index in turn.trail:
            return None
    return split if all(split.has_rows(item) for item in graph.outputs[len(carries) :]) else None


def _cuts(rows: int) -> list[int]:
    """Return where the parts of so many rows begin and end: each thread's part is made of whole tiles of a product."""
    height, _ = tile_shape(rows, 1, "float32", host_target())
    tiles = rows // height
    parts = max(1, min(thread_count(), tiles, _MOST_PARTS))
    return [*(tiles * part // parts * height for part in range(parts)), rows]


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
