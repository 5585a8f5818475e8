"""One launch that runs a whole list of launches for one block of rows after the other.

In a recurrent network the rows of a batch never meet inside the loop over time. So a work unit here is a block of rows: it goes
through all steps of all times on one thread, while other threads do other blocks, and nobody waits for anybody. The
inner commands must count their work units block by block: units `[block * n, (block + 1) * n)` belong to a block, with n
of their own.

Argument array: 0 number of inner launches, 1 address of their table; a row of it is kernel, arguments, units per block, extent.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from pipekeras.runtime.executor import Command, array_address
from pipekeras.runtime.kernel import Kernel
from pipekeras.runtime.target import Target

_ROW = 4


@cache
def _kernel() -> Kernel:
    return Kernel("sequence", "inner launches block by block", _assemble)


def _assemble(symbol: str, target: Target) -> str:
    from llvmlite import ir

    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import I64

    e = Emitter(symbol, target, 4)
    count, table = e.argument(0), e.argument(1)
    kind = ir.FunctionType(ir.VoidType(), [I64, I64, I64]).as_pointer()
    with e.loop(e.parameters[1], e.parameters[2]) as block, e.loop(0, count) as index:
        row = e.pointer(table + index * (8 * _ROW), "int64")
        kernel, arguments, units, extent = (e.load(row, place) for place in range(_ROW))
        begin = e.minimum(block * units, extent)
        end = e.minimum(begin + units, extent)
        with e.when(e.less(begin, end)):
            e.builder.call(e.builder.inttoptr(kernel.ir, kind), [arguments.ir, begin.ir, end.ir])
    return e.finish()


class SequenceCommand(Command):
    """The launch of a sequence; its table is laid out when a program takes it in."""

    def __init__(self, parts: Sequence[tuple[Command, int]], blocks: int) -> None:
        self.parts = list(parts)
        super().__init__(_kernel(), [], blocks, cost=sum(command.cost for command, _ in parts))

    def kernels(self) -> list[Kernel]:
        """The sequence's own kernel and those of its parts."""
        return [self.kernel, *(command.kernel for command, _ in self.parts)]

    def words(self) -> list[int]:
        """Number of launches and address of their table."""
        inner = [command.words() for command, _ in self.parts]
        starts = np.cumsum([0, *(-(-max(1, len(words)) // 8) * 8 for words in inner)])
        self._words = np.zeros(int(starts[-1]), np.int64)
        self._table = np.zeros((len(self.parts), _ROW), np.int64)
        base = array_address(self._words)
        for index, ((command, units), words) in enumerate(zip(self.parts, inner, strict=True)):
            start = int(starts[index])
            self._words[start:start + len(words)] = words
            self._table[index] = (command.kernel.address, base + 8 * start, units, command.extent)
        return [len(self.parts), array_address(self._table)]

    def tables(self) -> list[np.ndarray]:
        """The parts' arguments and the table of launches."""
        return [self._words, self._table]


def sequence_command(parts: Sequence[tuple[Command, int]], blocks: int) -> SequenceCommand:
    """One launch of `blocks` work units; each runs its part of every command, in order.

    Args:
        parts: commands with the number of their work units that belong to one block.
        blocks: number of blocks.
    """
    return SequenceCommand(parts, blocks)
