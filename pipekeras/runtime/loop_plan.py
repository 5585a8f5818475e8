"""What is known of a loop before it is lowered: the graph of a turn, and whether its rows are shared out among the threads.

What a loop keeps of its turns for its gradient, and nobody else reads, lies part after part of the rows, not turn after turn:
what the threads write then lies far apart. Side by side in memory, each would fetch ahead what the other one is about to write.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING

from pipekeras.core import dtypes
from pipekeras.graph.body import Body
from pipekeras.graph.tensor import Tensor, known
from pipekeras.graph.trace import Graph
from pipekeras.graph.view import View
from pipekeras.passes.fuse import Group
from pipekeras.passes.order import ordered, roots
from pipekeras.passes.rows import MixesRows, RowGraph
from pipekeras.passes.simplify import simplify
from pipekeras.passes.verify import verify
from pipekeras.passes.widen import widen
from pipekeras.runtime.executor import PARALLEL_COST
from pipekeras.runtime.kernels.matmul import tile_shape
from pipekeras.runtime.target import host_target
from pipekeras.runtime.threads import thread_count
from pipekeras.runtime.turn_places import Turn

if TYPE_CHECKING:
    from pipekeras.runtime.lower import Lowering

# Each part of the rows is lowered by itself, which takes time before the first step.
_MOST_PARTS = 16
# All turns of a part must take so many times what it costs to share them out.
_WORTH = 2


class LoopPlan:
    """How a loop will be lowered.

    Args:
        lowering: of the graph around the loop.
        group: the loop and the parts that are read.
    """

    def __init__(self, lowering: Lowering, group: Group) -> None:
        self.scan = group.nodes[0]
        self.body: Body = self.scan.attributes["body"]
        self.turn = Turn(self.body, group, self.scan.attributes["until"])
        self.graph = _graph_of_turn(self.body, self.turn, lowering.schedule.fused)
        self._may_split = lowering.schedule.fused and lowering.targets is None

    @cached_property
    def split(self) -> RowGraph | None:
        """The turn as a graph of independent rows, None where the loop stays in one piece."""
        length: int | None = self.scan.attributes["length"]
        if not self._may_split or length is None or self.turn.until is not None:
            return None
        found = _split(self.body, self.turn, self.graph)
        if found is None or _estimate(self.graph) * length < _WORTH * PARALLEL_COST * (len(cuts_of(found.rows)) - 1):
            return None
        return found

    @cached_property
    def is_compiled(self) -> bool:
        """Whether all of a turn has kernels for certain; a loop that Python runs looks for turns one after the other."""
        for tensor in ordered(roots(self.graph)):
            if dtypes.is_complex(tensor.dtype) or 0 in known(tensor.shape):
                return False
            kind = None if tensor.operation is None else tensor.operation.kind
            if kind == "gather" or (kind == "matmul" and (tensor.dtype not in ("float32", "float64") or tensor.ndim > 5)):
                return False
        return True

    @property
    def cuts(self) -> list[int]:
        """Where the parts of the rows begin and end."""
        return [] if self.split is None else cuts_of(self.split.rows)


def plan_of(lowering: Lowering, group: Group) -> LoopPlan:
    """Return the plan of a loop; it is made once."""
    found = lowering.plans.get(id(group))
    if found is None:
        found = lowering.plans[id(group)] = LoopPlan(lowering, group)
    return found


def is_by_parts(lowering: Lowering, plan: LoopPlan, node: Tensor) -> bool:
    """Whether what a loop leaves of its turns may lie part after part: only loops with the same parts read its turns."""
    if not plan.is_compiled or any(item is node for item, _ in plan.turn.twins):
        return False
    found = _readers(lowering, node)
    return bool(found) and all(_takes_turns(lowering, known(node.shape), plan.cuts, *reader) for reader in found)


def parts_of_product(lowering: Lowering, node: Tensor) -> tuple[list[int], tuple[int, ...]] | None:
    """Return the parts that a product may be computed in, and its shape with the turns first, if only one loop reads it.

    The product holds rows for all turns, turn after turn. Threads then multiply the rows whose turns they will go through.
    """
    if lowering.targets is not None or node.ndim != 2:
        return None
    found = _readers(lowering, node)
    if len(found) != 1 or found[0][0].kind != "scan":
        return None
    group, reader, place = found[0]
    cuts, shape = plan_of(lowering, group).cuts, known(reader.inputs[place].shape)
    height, _ = tile_shape(shape[0], shape[1], node.dtype, host_target())
    if len(cuts) < 3 or any(cut % height for cut in cuts) or shape[1:] != (cuts[-1], node.shape[1]):
        return None
    return (cuts, shape) if _takes_turns(lowering, shape, cuts, group, reader, place) else None


def _readers(lowering: Lowering, node: Tensor) -> list[tuple[Group, Tensor, int]]:
    """Return who reads a value, and as which operand; nothing where it is a result of the graph."""
    schedule = lowering.schedule
    if id(node) in schedule.in_place:
        return []
    if any(lowering.view(item)[0] is node for item in (*schedule.results, *(value for _, value in schedule.copies))):
        return []
    return [
        (group, reader, place)
        for group in schedule.groups
        for reader in group.nodes
        for place, item in enumerate(reader.inputs)
        if lowering.view(item)[0] is node
    ]


def _takes_turns(
    lowering: Lowering, shape: tuple[int, ...], cuts: list[int], group: Group, reader: Tensor, place: int
) -> bool:
    """Whether an operand is the sequence of a loop that has these parts, turns as they lie in a tensor of that shape."""
    if group.kind != "scan":
        return False
    other = plan_of(lowering, group)
    index = place - len(other.body.carries)
    if reader is not other.scan or not 0 <= index < len(other.body.slices) or other.cuts != cuts or not other.is_compiled:
        return False
    _, view = lowering.view(reader.inputs[place])
    whole = View.contiguous(shape).strides
    is_of_turns = view.shape[1:] == shape[1:] and view.strides == whole and view.offset % max(1, whole[0]) == 0
    return is_of_turns and other.split is not None and other.split.along(other.body.slices[index]) is not None


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


def _estimate(graph: Graph) -> float:
    """Return about how many nanoseconds a turn takes one thread."""
    total = 0.0
    for tensor in ordered(roots(graph)):
        if tensor.operation is None or tensor.operation.kind == "view":
            continue
        size = prod(known(tensor.shape))
        if tensor.operation.kind == "matmul":
            left = known(tensor.inputs[0].shape)
            total += size * left[-2 if tensor.attributes["transpose_a"] else -1] * 0.02
        total += size * 0.15 + 10
    return total


def _split(body: Body, turn: Turn, graph: Graph) -> RowGraph | None:
    """Return the turn as a graph of independent rows, or None where it is none or the rows are too few."""
    carries = [body.carries[index] for index in turn.carries]
    first = Counter(item.shape[0] for item in carries if item.shape)
    rows = first.most_common(1)[0][0] if first else None
    if rows is None or len(cuts_of(rows)) < 3:
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


def cuts_of(rows: int) -> list[int]:
    """Return where the parts of so many rows begin and end: each thread's part is made of whole tiles of a product."""
    height, _ = tile_shape(rows, 1, "float32", host_target())
    tiles = rows // height
    parts = max(1, min(thread_count(), tiles, _MOST_PARTS))
    return [*(tiles * part // parts * height for part in range(parts)), rows]
