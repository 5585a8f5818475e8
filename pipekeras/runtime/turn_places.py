"""Where the turn of a loop finds what it reads and leaves what it computes, for all rows of a batch or for some."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipekeras.core import dtypes, memory
from pipekeras.graph.body import Body, dependent
from pipekeras.graph.tensor import Tensor, known
from pipekeras.graph.view import View
from pipekeras.passes.fuse import Group
from pipekeras.runtime.executor import Command, array_address
from pipekeras.runtime.repetition import Moving

if TYPE_CHECKING:
    from pipekeras.runtime.lower import Lowering

_LINE = 64
MOST_TURNS = 1 << 62


class Turn:
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


class Rows(NamedTuple):
    """Some rows of a batch.

    Args:
        begin, end: the first one, and the one after the last.
        inputs: of the turn that hold rows: what stands for each of them, by id.
    """

    begin: int
    end: int
    inputs: dict[int, Tensor]


def itemsize(tensor: Tensor) -> int:
    """Return the bytes of an element in memory."""
    return dtypes.STORAGE[tensor.dtype].itemsize


class Places:
    """Where a turn's inputs and results lie.

    Args:
        lowering: of the graph around the loop.
        scan: the loop's node.
        turn: what of it is needed.
        rows: those that the turn computes; None means all.
    """

    def __init__(self, lowering: Lowering, scan: Tensor, turn: Turn, rows: Rows | None = None) -> None:
        self.lowering = lowering
        self.rows = rows
        self.body: Body = scan.attributes["body"]
        self.length: int = MOST_TURNS if scan.attributes["length"] is None else scan.attributes["length"]
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
        # Inputs whose values no turn changes.
        self.steady: set[int] = set()
        held, slices = len(self.body.carries), len(self.body.slices)
        for index in turn.carries:
            self._place_carry(scan.inputs[index], self.body.carries[index], turn.trail.get(index), turn.final.get(index))
            if index == turn.until:
                self.flag = self.addresses[id(self.body.carries[index])]
        for index, item in enumerate(self.body.slices):
            self._place_slice(item, scan.inputs[held + index])
        for item, outer in zip(self.body.captures, scan.inputs[held + slices :], strict=True):
            base, view = lowering.view(outer)
            self._lay(item, lowering.address(base) + view.offset * itemsize(item), view)
            self.steady.add(id(self.layouts[id(item)][0] if id(item) in self.layouts else item))
        for index in turn.stacks:
            node = turn.stack[index]
            self.targets.append(self._moves(*self._turns_of(node)))

    @property
    def _first(self) -> int:
        """The first row that the turn computes."""
        return 0 if self.rows is None else self.rows.begin

    def _turns_of(self, node: Tensor) -> tuple[int, int]:
        """Return where the own rows of what is left of the turns begin, and the bytes from turn to turn."""
        address = self.lowering.address(node)
        turns, *shape = self.lowering.by_parts.get(id(node), known(node.shape))
        row = prod(shape[1:]) * itemsize(node)
        if self.rows is None:
            return address, prod(shape) * itemsize(node)
        if id(node) in self.lowering.by_parts:
            return address + self.rows.begin * turns * row, (self.rows.end - self.rows.begin) * row
        return address + self.rows.begin * row, prod(shape) * itemsize(node)

    def _of_turn(self, item: Tensor) -> Tensor:
        """What stands for an input of the body in the turn's graph."""
        return item if self.rows is None else self.rows.inputs.get(id(item), item)

    def _some(self, item: Tensor, view: View, axis: int = 0) -> View:
        """Return the view of the rows of an input of the body."""
        if self.rows is None or id(item) not in self.rows.inputs:
            return view
        starts, lengths = [0] * len(view.shape), list(view.shape)
        starts[axis], lengths[axis] = self.rows.begin, self.rows.end - self.rows.begin
        return view.sliced(starts, lengths, [1] * len(lengths))

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
        size = itemsize(item)
        if self.rows is not None and id(base) in self.lowering.by_parts:
            begin, step = self._turns_of(base)
            before = view.offset // prod(self.lowering.by_parts[id(base)][1:])
            own = self._of_turn(item)
            self._lay(own, self._moves(begin + before * step, step), View.contiguous(known(own.shape)))
            return
        view = self._some(item, view, 1)
        address = self._moves(self.lowering.address(base) + view.offset * size, view.strides[0] * size)
        self._lay(self._of_turn(item), address, View(view.shape[1:], view.strides[1:]))

    def _place_carry(self, first: Tensor, carry: Tensor, trail: Tensor | None, final: Tensor | None) -> None:
        """Keep a carry in all places of its trail, or in two places that take turns."""
        lowering, regions = self.lowering, self.lowering.regions
        own = self._of_turn(carry)
        size = prod(known(own.shape)) * itemsize(carry)
        # Bytes of the rows that others compute, in front of the own ones.
        skipped = 0 if own is carry else self._first * prod(known(carry.shape)[1:]) * itemsize(carry)
        if self.ends_early:
            self._place_in_one(first, carry, size, final)
            return
        if trail is not None:
            begin, step = self._turns_of(trail)
            start = begin + (self.length * step if self.reverse else 0)
            step = -step if self.reverse else step
            read = Moving(regions.next(), start, step)
            write = Moving(regions.next(), start + step, step)
            last = start + self.length * step
        else:
            line = -(-size // _LINE) * _LINE
            start = room(lowering, 2 * line)
            read = Moving(regions.next(), start, line, 1, 0)
            write = Moving(regions.next(), start, line, 1, 1)
            last = start + (self.length & 1) * line
        self.before.append(self._copy_first(first, carry, start))
        self.addresses[id(own)] = self._region(read)
        self.targets.append(self._region(write))
        # What is the same for all rows is computed with each part of them; one of them hands it out.
        if final is not None and (own is not carry or self._first == 0):
            self.after.append(lowering.copy_to(self._stored(own, last), lowering.address(final) + skipped))

    def _copy_first(self, first: Tensor, carry: Tensor, target: int) -> Command:
        """Copy what a carry begins with to where the first turn reads it."""
        from pipekeras.runtime.lower import copy_command

        base, view = self.lowering.view(first)
        view = self._some(carry, view.broadcast(known(carry.shape)))
        source = (self.lowering.address(base) + view.offset * itemsize(carry), view.strides)
        return copy_command(carry.dtype, view.shape, source, (target, View.contiguous(view.shape).strides))

    def _place_in_one(self, first: Tensor, carry: Tensor, size: int, final: Tensor | None) -> None:
        """Keep a carry where every turn finds it, whichever was the last: the turn's result is copied there."""
        lowering = self.lowering
        line = -(-size // _LINE) * _LINE
        start = room(lowering, 2 * line)
        self.before.append(lowering.copy_to(first, start))
        self.addresses[id(carry)] = start
        self.targets.append(start + line)
        self.at_end.append(lowering.copy_to(self._stored(carry, start + line), start))
        if final is not None:
            self.after.append(lowering.copy_to(self._stored(carry, start), lowering.address(final)))

    def _stored(self, like: Tensor, address: int) -> Tensor:
        """Return a tensor whose values lie at an address."""
        stored = Tensor.symbolic(like.shape, like.dtype)
        self.lowering.keep.append(stored)
        self.lowering.addresses[id(stored)] = address
        return stored


def room(lowering: Lowering, size: int) -> int:
    """Return the address of memory that stays as long as the program."""
    found = memory.zeros((size,), np.uint8)
    lowering.keep.append(found)
    return array_address(found)
