"""The emitter that kernels are written with: all element operations, and the place of the elements at hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pipekeras.runtime.kernels.angles import Angles
from pipekeras.runtime.kernels.emitter import Operand, Value
from pipekeras.runtime.kernels.random import Random


class IndexNeeded(Exception):
    """A step that was tried once per row asks for the place of an element."""


class Emitter(Angles, Random):
    """Everything a kernel is written with."""

    _index: tuple[Value, Value] | None = None
    _index_is_aligned = False
    _linear: Value | None = None

    @contextmanager
    def at_index(self, row: Value, column: Value, aligned: bool = False) -> Iterator[None]:
        """Steps written in the body see the elements from that column on, of the row that begins at a linear index.

        Aligned promises that the sum of both is a multiple of the lanes.
        """
        outer = self._index, self._index_is_aligned, self._linear
        self._index, self._index_is_aligned, self._linear = (row, column), aligned, None
        yield
        self._index, self._index_is_aligned, self._linear = outer

    def linear_index(self) -> Value:
        """Each lane's place in the loop space, row-major."""
        if self._index is None:
            raise IndexNeeded
        if self._linear is None:
            self._linear = self.splat(self._index[0] + self._index[1]) + self.iota()
        return self._linear

    def is_aligned_index(self, index: Value) -> bool:
        """Whether this is the elements' own index and the first lane's is a multiple of the lanes."""
        return self._index_is_aligned and index is self._linear

    def column_index(self) -> Value:
        """Each lane's place in the innermost dimension."""
        if self._index is None:
            raise IndexNeeded
        return self.splat(self._index[1]) + self.iota()

    def natural_division(self, a: Value, b: Operand) -> Value:
        """Quotient of numbers known to be natural, the divisor not zero."""
        x, y = self.agree(a, b)
        return Value(self, self.builder.udiv(x.ir, y.ir), x.dtype, x.lanes)
