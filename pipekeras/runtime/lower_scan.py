"""Lowering of loops: the commands of one turn, between a begin that moves their buffers on and an end that turns back."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.graph.body import Body, dependent
from pipekeras.graph.tensor import Tensor, known
from pipekeras.graph.trace import Graph
from pipekeras.graph.view import View
from pipekeras.passes.fuse import Group, fuse
from pipekeras.passes.simplify import simplify
from pipekeras.passes.verify import verify
from pipekeras.passes.widen import widen
from pipekeras.runtime.executor import Command
from pipekeras.runtime.host import HostCall
from pipekeras.runtime.repetition import LoopBegin, LoopEnd, Moving

if TYPE_CHECKING:
    from pipekeras.runtime.lower import Lowering

_LINE = 64
_MOST_TURNS = 1 << 62


class _Turn:
    """What of a body the parts that are read need: other carries, and what they come from, are left out."""

    def __init__(self, body: Body, group: Group, until: int | None) -> None:
        roles: dict[str, dict[int, Tensor]] = {"final": {}, "trail": {}, "stack": {}}
        # One part may have been asked for several times: the others are copies.
        self.twins: list[tuple[Tensor, Tensor]] = []
        for node in group.outputs:
            known_part = roles[node.attributes["role"]].setdefault(node.attributes["index"], node)
            if known_part is not node:
                self.twins.append((known_part, node))
        self.final, self.trail, self.stack = roles["final"], roles["trail"], roles["stack"]
        steering = {index: dependent(body.following, [carry]) for index, carry in enumerate(body.carries)}
        by_carry = {index: dependent(body.stacked, [carry]) for index, carry in enumerate(body.carries)}
        needed = {*self.final, *self.trail}
        needed |= {
            index for index, found in by_carry.items() if any(id(body.stacked[place]) in found for place in self.stack)
        }
        while True:
            more = {
                index
                for index, found in steering.items()
                if index not in needed and any(id(body.following[place]) in found for place in needed)
            }
            if not more:
                break
            needed |= more
        self.carries = sorted(needed)
        self.stacks = sorted(self.stack)
        # With trails and stacks to fill all turns are made; those after the end change nothing.
        self.until = until if until in needed and not self.trail and not self.stack else None


def _itemsize(tensor: Tensor) -> int:
    return dtypes.STORAGE[tensor.dtype].itemsize


class _Placing:
    """Where a turn's inputs and results lie.

    Args:
        lowering: of the graph around the loop.
        scan: the loop's node.
        turn: what of it is needed.
    """

    def __init__(self, lowering: Lowering, scan: Tensor, turn: _Turn) -> None:
        self.lowering = lowering
        self.body: Body = scan.attributes["body"]
        self.length: int = _MOST_TURNS if scan.attributes["length"] is None else scan.attributes["length"]
        self.ends_early = turn.until is not None
        self.flag = 0
        self.at_end: list[Command] = []
        self.reverse: bool = scan.attributes["reverse"]
        self.moving: list[Moving] = []
        self.layouts: dict[int, tuple[Tensor, View]] = {}
        self.addresses: dict[int, int] = {}
        self.targets: list[int] = []
        self.before: list[Command] = []
        self.after: list[Command] = []
        held, slices = len(self.body.carries), len(self.body.slices)
        for index in turn.carries:
            self._place_carry(scan.inputs[index], self.body.carries[index], turn.trail.get(index), turn.final.get(index))
            if index == turn.until:
                self.flag = self.addresses[id(self.body.carries[index])]
        for index, item in enumerate(self.body.slices):
            self._place_slice(item, scan.inputs[held + index])
        for item, outer in zip(self.body.captures, scan.inputs[held + slices :], strict=True):
            base, view = lowering.view(outer)
            self._lay(item, lowering.address(base) + view.offset * _itemsize(item), view)
        for index in turn.stacks:
            node = turn.stack[index]
            size = prod(known(node.shape)[1:]) * _itemsize(node)
            self.targets.append(self._moves(lowering.address(node), size))
        self.after += [lowering.copy_to(item, lowering.address(twin)) for item, twin in turn.twins]

    def _lay(self, item: Tensor, address: int, view: View) -> None:
        """Note where an input of the turn begins and how it lies."""
        if view.is_contiguous:
            self.addresses[id(item)] = address
            return
        buffer = Tensor.symbolic((), item.dtype)
        self.lowering.keep.append(buffer)
        self.addresses[id(buffer)] = address
        self.layouts[id(item)] = (buffer, View(view.shape, view.strides))

    def _moves(self, address: int, step: int) -> int:
        """Return what stands for an address that goes on by a step from slice to slice, in the order of the turns."""
        if not step:
            return address
        if self.reverse:
            address, step = address + (self.length - 1) * step, -step
        return self._region(Moving(self.lowering.regions.next(), address, step))

    def _region(self, moving: Moving) -> int:
        self.moving.append(moving)
        return moving.address

    def _place_slice(self, item: Tensor, sequence: Tensor) -> None:
        base, view = self.lowering.view(sequence)
        size = _itemsize(item)
        address = self._moves(self.lowering.address(base) + view.offset * size, view.strides[0] * size)
        self._lay(item, address, View(view.shape[1:], view.strides[1:]))

    def _place_carry(self, first: Tensor, carry: Tensor, trail: Tensor | None, final: Tensor | None) -> None:
        """Keep a carry in all places of its trail, or in two places that take turns."""
        lowering, regions = self.lowering, self.lowering.regions
        size = prod(known(carry.shape)) * _itemsize(carry)
        if self.ends_early:
            self._place_in_one(first, carry, size, final)
            return
        if trail is not None:
            begin = lowering.address(trail)
            step = -size if self.reverse else size
            start = begin + (self.length * size if self.reverse else 0)
            read = Moving(regions.next(), start, step)
            write = Moving(regions.next(), start + step, step)
            last = start + self.length * step
        else:
            room = -(-size // _LINE) * _LINE
            start = _room(lowering, 2 * room)
            read = Moving(regions.next(), start, room, 1, 0)
            write = Moving(regions.next(), start, room, 1, 1)
            last = start + (self.length & 1) * room
        self.before.append(lowering.copy_to(first, start))
        self.addresses[id(carry)] = self._region(read)
        self.targets.append(self._region(write))
        if final is not None:
            self.after.append(lowering.copy_to(self._stored(carry, last), lowering.address(final)))

    def _place_in_one(self, first: Tensor, carry: Tensor, size: int, final: Tensor | None) -> None:
        """Keep a carry where every turn finds it, whichever was the last: the turn's result is copied there."""
        lowering = self.lowering
        room = -(-size // _LINE) * _LINE
        start = _room(lowering, 2 * room)
        self.before.append(lowering.copy_to(first, start))
        self.addresses[id(carry)] = start
        self.targets.append(start + room)
        self.at_end.append(lowering.copy_to(self._stored(carry, start + room), start))
        if final is not None:
            self.after.append(lowering.copy_to(self._stored(carry, start), lowering.address(final)))

    def _stored(self, like: Tensor, address: int) -> Tensor:
        """Return a tensor whose values lie at an address."""
        stored = Tensor.symbolic(like.shape, like.dtype)
        self.lowering.keep.append(stored)
        self.lowering.addresses[id(stored)] = address
        return stored


def _room(lowering: Lowering, size: int) -> int:
    room = np.zeros(size + _LINE, np.uint8)
    lowering.keep.append(room)
    return -(-room.ctypes.data // _LINE) * _LINE


def _graph_of_turn(body: Body, turn: _Turn, fused: bool) -> Graph:
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
    from pipekeras.runtime.lower import Lowering as Lower
    from pipekeras.runtime.lower import NeedsPython

    scan = group.nodes[0]
    body = scan.attributes["body"]
    turn = _Turn(body, group, scan.attributes["until"])
    fused = lowering.schedule.fused
    graph = _graph_of_turn(body, turn, fused)
    placing = _Placing(lowering, scan, turn)
    if not placing.length or not placing.targets:
        return [*placing.before, *placing.after]
    schedule = fuse(graph, fused, placing.layouts)
    try:
        inner = Lower(graph, schedule, [], placing.addresses, placing.targets, lowering.regions)
    except NeedsPython:
        if lowering.targets is not None:
            raise
        return [TurnByTurn(lowering, group, turn, graph)]
    lowering.keep.extend((inner.keep, placing, graph))
    begin = LoopBegin(placing.length, placing.moving)
    return [*placing.before, begin, *inner.work, *placing.at_end, LoopEnd(begin, placing.flag), *placing.after]


class TurnByTurn(HostCall):
    """A loop whose turn is a program of its own that Python runs once for each slice.

    Args:
        lowering: of the graph around the loop.
        group: the loop and the parts that are read.
        turn: what of it is needed.
        graph: the turn.
    """

    def __init__(self, lowering: Lowering, group: Group, turn: _Turn, graph: Graph) -> None:
        from pipekeras.runtime.executable import Executable

        scan = group.nodes[0]
        super().__init__([scan], {}, [])
        self.length, self.reverse = scan.attributes["length"] or _MOST_TURNS, scan.attributes["reverse"]
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
