"""Lowering of tables whose rows are brought up to date when they are read."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from pipekeras.graph.tensor import Tensor, known
from pipekeras.passes.fuse import Group
from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernels.deferred_rows import DeferredRows, Rule
from pipekeras.runtime.kernels.elementwise import Step
from pipekeras.runtime.lower_indexing import RowUpdates, row_updates_bytes
from pipekeras.runtime.threads import thread_count

if TYPE_CHECKING:
    from pipekeras.runtime.lower import Lowering

_MOST_OWNERS = 64


def row_update_bytes(lowering: Lowering, group: Group) -> int:
    """Return the scratch memory that a dense copy of the updates needs."""
    updates, index = group.nodes[0].inputs
    return row_updates_bytes(lowering, updates, index, 0)


class DeferredUpdate:
    """The commands around one table: before its rows are read, and where their gradient is there.

    Args:
        group: the sums into rows and the update.
    """

    def __init__(self, lowering: Lowering, group: Group) -> None:
        gradient, *following = group.nodes
        shape = known(gradient.shape)
        _, buffers, steps, number = lowering.expression(following, shape, gradient)
        states = [lowering.address(item) for item in group.outputs]
        operands: list[tuple[str, int]] = []
        self._numbers: list[int] = []
        for address, strides in buffers:
            if any(strides):
                operands.append(("state", states.index(address)))
            else:
                operands.append(("number", len(self._numbers)))
                self._numbers.append(address)
        rule = Rule(
            gradient.dtype,
            len(states),
            len(self._numbers),
            tuple(operands),
            tuple(Step(*step) for step in steps),
            tuple(number[id(item)] for item in group.outputs),
        )
        updates, index = gradient.inputs
        scratch = lowering.scratch(group) if row_update_bytes(lowering, group) else 0
        self._given = RowUpdates(lowering, updates, index, 0, scratch)
        self._index_dtype = index.dtype
        owners = 1 << (min(_MOST_OWNERS, thread_count()) - 1).bit_length()
        self.rows = DeferredRows(rule, states, shape[0], prod(shape[1:]), self._given.counts, owners)
        lowering.keep.append(self.rows)
        lowering.settling.append(self.rows.settle())

    def before_reading(self) -> Command:
        """What brings the rows up to date that are read next."""
        _, *strides = self._given.strides
        return self.rows.catch_up(self._given.index, self._index_dtype, (strides[0], strides[1]))

    def update(self) -> list[Command]:
        """What changes the rows by their gradient."""
        return [*self._given.commands, self.rows.note(self._numbers), self.rows.update(self._given.updates)]


def lower_row_update(lowering: Lowering, group: Group) -> list[Any]:
    """Return the commands that change the rows that were read."""
    return lowering.deferred[id(group)].update()


def before_reading(lowering: Lowering, reading: Tensor) -> list[Any]:
    """Return the command that must come before rows are read, if there is one."""
    group = lowering.schedule.deferred.get(id(reading))
    if group is None:
        return []
    deferred = lowering.deferred[id(group)] = DeferredUpdate(lowering, group)
    return [deferred.before_reading()]
