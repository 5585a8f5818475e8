"""A recurrent layer's backward pass in parts, each over its own rows of the batch.

The gradients of weights are sums over all rows. Where weights are small such a sum is taken in parts, and the parts' sums are
added in their order at the end. Few threads have a part each: one runs its loop and takes its sums, and what it reads lies
in that core's cache. More threads share the whole batch's loop, and then the sums of each part. How many parts there are
depends on the shapes alone, so the bits don't depend on the threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernels.elementwise import ITEMSIZES, Operand
from pipekeras.runtime.kernels.recurrent import Gradients, Sequences, at
from pipekeras.runtime.kernels.recurrent_mask import mask_scratch
from pipekeras.runtime.kernels.recurrent_sums import Scratch, carried_bytes, recurrent_scratch, turned_bytes
from pipekeras.runtime.kernels.reduction import Reduce, reduction_kernel
from pipekeras.runtime.touches import stretch

_SMALL_WEIGHTS = 1024 * 1024
_OWN_WEIGHTS = 64 * 1024
_PARTS = 2


@dataclass(frozen=True)
class RowParts:
    """How a backward pass is parted.

    Args:
        whole: shapes of the layer.
        gates: of a cell.
        threads: that may run parts side by side; None: nobody may.
        has_mask: whether rows may stand still.
    """

    whole: Sequences
    gates: int
    threads: int | None
    has_mask: bool = False

    @property
    def columns(self) -> int:
        """Of the weights."""
        return self.gates * self.whole.units

    @property
    def count(self) -> int:
        """Number of parts."""
        s = self.whole
        weights = s.features + s.units
        if weights * self.columns * ITEMSIZES[s.dtype] > _SMALL_WEIGHTS or s.batch * s.time < 8 * weights:
            return 1
        return _PARTS if s.batch % _PARTS == 0 and s.batch // _PARTS >= s.height else 1

    @property
    def loops(self) -> int:
        """Number of parts that have a loop of their own; 1 where the whole batch has one."""
        return self.count if self.threads is not None and self.threads <= self.count else 1

    def shapes(self, parts: int) -> Sequences:
        """Shapes of one of so many parts."""
        return replace(self.whole, batch=self.whole.batch // parts)

    @property
    def is_turned_once(self) -> bool:
        """Whether all loops read the same turned weights; of small ones each has its own, in its core's cache."""
        return self.loops > 1 and turned_bytes(self.whole, self.columns) > _OWN_WEIGHTS

    @property
    def scratch_bytes(self) -> int:
        """Scratch memory for all of it."""
        return self._own_begin + self.loops * self._own_bytes + self._sums_bytes

    @property
    def _own_begin(self) -> int:
        return turned_bytes(self.whole, self.columns) + 64 if self.is_turned_once else 0

    @property
    def _own_bytes(self) -> int:
        shapes = self.shapes(self.loops)
        loop = carried_bytes(shapes) + 64 if self.is_turned_once else recurrent_scratch(shapes, self.gates)
        mask = mask_scratch(shapes) if self.has_mask else 0
        return -(-(loop + mask) // 64) * 64

    @property
    def _sum_elements(self) -> int:
        """Of a part's sums, one after the other; two rows are for the biases."""
        return (self.whole.features + self.whole.units + 2) * self.columns

    @property
    def _sums_bytes(self) -> int:
        return self.count * self._sum_elements * ITEMSIZES[self.whole.dtype] if self.count > 1 else 0

    def turned(self, scratch: int, recurrent: Any, kernel: Any) -> tuple[int | None, list[Command]]:
        """Where the weights that all parts read are turned to, and the commands that do it."""
        if not self.is_turned_once:
            return None, []
        space = Scratch(self.whole, scratch, self.columns)
        return space.turned_recurrent, space.turn(recurrent, kernel)

    def scratch(self, scratch: int, part: int) -> tuple[int, int]:
        """A loop's own memory, and the one for its mask."""
        own = scratch + self._own_begin + part * self._own_bytes
        return own, own + self._own_bytes - (mask_scratch(self.shapes(self.loops)) if self.has_mask else 0)

    def _sums(self, scratch: int, part: int) -> list[int]:
        """Where a part's sums for kernel, recurrent, bias and recurrent bias lie."""
        s = self.whole
        begin = at(scratch + self._own_begin + self.loops * self._own_bytes, part * self._sum_elements, s.dtype)
        rows = (0, s.features, s.features + s.units, s.features + s.units + 1)
        return [at(begin, row * self.columns, s.dtype) for row in rows]

    def targets(self, results: Gradients, scratch: int, part: int) -> Gradients:
        """Where a part's gradients go: sums to its own memory, what has rows to its rows."""
        if self.count == 1:
            return results
        s, first = self.whole, part * self.shapes(self.count).batch
        sums = zip(_of_weights(results), self._sums(scratch, part), strict=True)
        kernel, recurrent, bias, second = (None if result is None else place for result, place in sums)

        def rows(buffer: Any, size: int) -> Any:
            return None if buffer is None else at(buffer, first * size, s.dtype)

        each = s.time * self.columns
        return Gradients(rows(results.gates, each), kernel, recurrent, bias, rows(results.x, s.time * s.features),
                         rows(results.initial_state, s.units), rows(results.initial_cell, s.units),
                         rows(results.recurrent_gates, each), second)

    def added(self, results: Gradients, scratch: int) -> list[Command]:
        """Add the sums of all parts, in their order."""
        if self.count == 1:
            return []
        s, size = self.whole, self._sum_elements
        total = reduction_kernel([Operand(s.dtype)], (), [Reduce("sum", 0, s.dtype)], 0, 1, "kept")
        counts = (s.features * self.columns, s.units * self.columns, self.columns, self.columns)
        commands: list[Command] = []
        for result, place, count in zip(_of_weights(results), self._sums(scratch, 0), counts, strict=True):
            if result is None:
                continue
            command = total.command((self.count, count), [(place, (size, 1))], [(result, (1,))])
            length = count * ITEMSIZES[s.dtype]
            command.touches = [stretch(at(place, part * size, s.dtype), length) for part in range(self.count)], [
                stretch(result, length)]  # fmt: skip
            command.barrier = False if commands else None
            # Each thread adds some rows of all sums: it then reads only so much of what the others have written.
            command.threads = self.loops if self.loops > 1 else None
            commands.append(command)
        return commands


def _of_weights(results: Gradients) -> Sequence[Any]:
    return results.kernel, results.recurrent, results.bias, results.recurrent_bias
