"""Steps of a recurrent layer at which some rows of a batch stand still.

Forward, a row that stands still keeps its state. Backward, the gradient of such a row goes past the cell: it is set aside
before the cell's own gradient is taken, and added again after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernels.elementwise import ITEMSIZES, Operand, Step, elementwise_kernel

if TYPE_CHECKING:
    from pipekeras.runtime.kernels.recurrent import Part, Sequences


def mask_scratch(s: Sequences) -> int:
    """Bytes of scratch that the mask of a backward pass needs."""
    return (2 * s.batch + 1) * s.units * ITEMSIZES[s.dtype]


def _part(s: Sequences, mask: tuple[int, int] | None, inputs: Sequence[tuple[int, int]], steps: Sequence[Step],
          outputs: Sequence[tuple[int, int, int]]) -> Part:
    """An element-wise step of (batch, units); a mask is value 0. Inputs are (address, row stride), outputs (value, ...)."""
    operands = [Operand(s.dtype) for _ in inputs]
    sources = [(address, (row, 1)) for address, row in inputs]
    if mask is not None:
        operands.insert(0, Operand("bool", "broadcast"))
        sources.insert(0, (mask[0], (mask[1], 0)))
    kernel = elementwise_kernel(operands, steps, [value for value, _, _ in outputs], outer=1)
    command = kernel.command((s.batch, s.units), sources, [(address, (row, 1)) for _, address, row in outputs])
    return command, s.height * (command.extent // s.batch)


@dataclass(frozen=True)
class Mask:
    """Which steps count.

    Args:
        valid: address of bool (batch, time).
        scratch: address of `mask_scratch` bytes; a backward pass needs it.
    """

    valid: int
    scratch: int = 0

    def _at(self, s: Sequences, time: int) -> tuple[int, int]:
        """Address and row stride of a step, counted as the loop meets them."""
        return self.valid + (s.time - 1 - time if s.backwards else time), s.time

    def keep(self, s: Sequences, time: int, old: int, new: int, row: int) -> Part:
        """Write the old state over the new one where a row stands still."""
        steps = [Step("select", (0, 1, 2), s.dtype, lambda e, valid, new, old: e.select(valid, new, old))]
        return _part(s, self._at(s, time), [(new, row), (old, row)], steps, [(3, new, row)])

    def clear(self, s: Sequences) -> Command:
        """Fill the row of zeros."""
        from pipekeras.runtime.kernels.movement import fill_command

        return fill_command((self.zeros, (1,)), (s.units,), s.dtype, 0)

    @property
    def zeros(self) -> int:
        """Address of one row of zeros."""
        return self.scratch

    def _aside(self, s: Sequences, number: int) -> int:
        return self.scratch + (1 + number * s.batch) * s.units * ITEMSIZES[s.dtype]

    def set_aside(self, s: Sequences, time: int, number: int, carried: int, given: tuple[int, int]) -> Part:
        """Add what a step was given to the carried gradient, and set that aside where a row stands still.

        Args:
            s, time: shapes and step.
            number: 0 for states, 1 for cells.
            carried: address of the gradient (batch, units).
            given: address and row stride of what is added.
        """
        steps = [
            Step("add", (1, 2), s.dtype, lambda e, a, b: a + b),
            Step("passed", (0, 3), s.dtype, _passed),
            Step("aside", (0, 3), s.dtype, _aside),
        ]
        outputs = [(4, carried, s.units), (5, self._aside(s, number), s.units)]
        return _part(s, self._at(s, time), [(carried, s.units), given], steps, outputs)

    def add_again(self, s: Sequences, number: int, carried: int) -> Part:
        """Add what was set aside to the carried gradient."""
        add = Step("add", (0, 1), s.dtype, lambda e, a, b: a + b)
        return _part(s, None, [(carried, s.units), (self._aside(s, number), s.units)], [add], [(2, carried, s.units)])


def _passed(e: Any, valid: Any, gradient: Any) -> Any:
    return e.select(valid, gradient, 0.0)


def _aside(e: Any, valid: Any, gradient: Any) -> Any:
    return e.select(valid, 0.0, gradient)
