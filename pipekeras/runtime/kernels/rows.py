"""Row programs: element-wise steps and reductions over the innermost dimension, mixed freely, in one kernel.

Softmax, normalisations and cross-entropy read a row several times; here the later readings find it in the cache. Each
reduction ends a pass over the row; a pass computes what its reductions and the outputs need, anew from the inputs.
Between passes only single numbers are kept.

Argument array: as for element-wise kernels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

from pipekeras.core.errors import InternalError
from pipekeras.runtime.executor import Buffer, Command, buffer_address, buffer_strides
from pipekeras.runtime.kernel import Kernel, source_identity
from pipekeras.runtime.kernels.elementwise import (
    ExpressionWriter,
    LoopNest,
    Operand,
    RowPlace,
    Step,
    expression_cost,
    load_lane,
    store_lane,
    vector_itemsize,
    vector_loop,
)
from pipekeras.runtime.kernels.reduction import KINDS, Accumulator, Reduce
from pipekeras.runtime.target import Target

if TYPE_CHECKING:
    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import Value

_known: dict[tuple[Any, ...], RowKernel] = {}


@dataclass(frozen=True)
class RowReduce:
    """A reduction of a value over the row; its result is the same for all of the row.

    Args:
        kind: one of the kinds of `reduction.py`.
        value: index of the value: inputs first, then steps and reductions in order.
        dtype: type of the result.
    """

    kind: str
    value: int
    dtype: str


Item = Step | RowReduce


class RowKernel(Kernel):
    """A row program; made by `row_kernel`."""

    def __init__(self, inputs: Sequence[Operand], items: Sequence[Item], outputs: Sequence[tuple[int, Operand]], outer: int,
                 target: Target | None = None) -> None:
        self.inputs, self.items, self.outputs, self.outer = tuple(inputs), tuple(items), tuple(outputs), outer
        self.types = [operand.dtype for operand in inputs] + [item.dtype for item in items]
        self.steps = [item for item in items if isinstance(item, Step)]
        self._levels, self._row_wide = self._plan()
        super().__init__("rows", self._describe(), self._assemble, target)

    def _plan(self) -> tuple[list[int], list[bool]]:
        """For every value the pass in which it is first known, and whether it is one number per row."""
        levels = [0] * len(self.inputs)
        row_wide = [operand.access == "broadcast" for operand in self.inputs]
        for item in self.items:
            if isinstance(item, RowReduce):
                if item.kind not in KINDS:
                    raise InternalError(f"no reduction of kind {item.kind!r}")
                levels.append(levels[item.value] + 1)
                row_wide.append(True)
            else:
                levels.append(max((levels[index] for index in item.operands), default=0))
                row_wide.append(bool(item.operands) and all(row_wide[index] for index in item.operands))
        return levels, row_wide

    def _describe(self) -> str:
        lines = [f"rows, outer {self.outer}"]
        lines += [f"v{index} = {operand.dtype} {operand.access} input" for index, operand in enumerate(self.inputs)]
        for index, item in enumerate(self.items, len(self.inputs)):
            text = item.describe() if isinstance(item, Step) else f"{item.dtype} {item.kind} of v{item.value} over the row"
            lines.append(f"v{index} = {text}")
        lines += [f"output v{index} as {operand.dtype} {operand.access}" for index, operand in self.outputs]
        lines += sorted({source_identity(step.emit) for step in self.steps})
        return "\n; ".join(lines)

    def _assemble(self, symbol: str, target: Target) -> str:
        from pipekeras.runtime.kernels import Emitter

        e = Emitter(symbol, target, target.lanes(vector_itemsize(self.inputs, self.steps, self.outputs)))
        LoopNest(e, self.outer, [*self.inputs, *(operand for _, operand in self.outputs)]).write(self._row)
        return e.finish()

    def _row(self, e: Emitter, row: RowPlace) -> None:
        reader = _RowReader(e, self, row)
        reduced = [index for index in range(len(self.inputs), len(self.types))
                   if isinstance(self.items[index - len(self.inputs)], RowReduce)]
        for level in range(max((self._levels[index] for index in reduced), default=0)):
            wanted = [index for index in reduced if self._levels[index] == level + 1]
            results = self._reduce(e, row, reader, wanted)
            for index, value in zip(wanted, results, strict=True):
                reader.known[index] = e.as_value(value, self.types[index], 0)
            reader.settle()
        stores = [(index, operand, len(self.inputs) + place) for place, (index, operand) in enumerate(self.outputs)]
        for index, operand, place in stores:
            if operand.access == "broadcast":
                e.store(reader.row_value(index), row.buffers[place])
        vectors = [store for store in stores if store[1].access != "broadcast"]
        if not vectors:
            return

        def body(column: Value, mask: Value | None) -> None:
            with reader.at(column, mask):
                for index, operand, place in vectors:
                    value = reader.value(index)
                    store_lane(e, value, operand, row.buffers[place], row.inner_strides[place], column, mask)

        vector_loop(e, row.begin, row.end, body)

    def _reduce(self, e: Emitter, row: RowPlace, reader: _RowReader, wanted: list[int]) -> list[Value]:
        """One pass over the row for the reductions that are next."""
        items = [self.items[index - len(self.inputs)] for index in wanted]
        reductions = [item for item in items if isinstance(item, RowReduce)]
        accumulators = [Accumulator(e, Reduce(item.kind, item.value, item.dtype), self.types[item.value], e.lanes)
                        for item in reductions]

        def body(column: Value, mask: Value | None) -> None:
            with reader.at(column, mask):
                place = e.splat(column) + e.iota()
                for accumulator, item in zip(accumulators, reductions, strict=True):
                    accumulator.add(e.as_value(reader.value(item.value), self.types[item.value], e.lanes), mask, place)

        vector_loop(e, row.begin, row.end, body)
        return [accumulator.across_lanes() for accumulator in accumulators]

    def command(self, extents: Sequence[int], inputs: Sequence[Buffer], outputs: Sequence[Buffer]) -> Command:
        """A launch; an output of access "broadcast" takes one number per row."""
        if len(extents) != self.outer + 1:
            raise InternalError(f"{len(extents)} extents for a row program of {self.outer + 1} dimensions")
        arguments: list[Any] = [*extents, max(1, extents[-1])]
        for buffer in [*inputs, *outputs]:
            arguments += [buffer_address(buffer), *buffer_strides(buffer, extents)]
        passes = 1 + max(self._levels)
        cost = prod(extents) * expression_cost(self.inputs, self.steps) * passes + prod(extents[:-1]) * 10.0 * passes
        return Command(self, arguments, prod(extents[:-1]), cost=cost)


class _RowReader:
    """Compute values of a row program where they are needed, each at most once per place."""

    def __init__(self, e: Emitter, kernel: RowKernel, row: RowPlace) -> None:
        self.e, self.kernel, self.row = e, kernel, row
        self.known: dict[int, Value] = {}
        self._here: dict[int, Value] = {}
        self._column: Value | None = None
        self._mask: Value | None = None
        self._writer = ExpressionWriter(e, kernel.inputs, (), row)
        self._writer.write_uniform()
        self.known.update(self._writer.uniform)
        self.settle()

    def at(self, column: Value, mask: Value | None) -> _RowReader:
        """Values asked for in the body are those of the vector at that column."""
        self._column, self._mask, self._here = column, mask, {}
        return self

    def __enter__(self) -> _RowReader:
        assert self._column is not None
        self._context = self.e.at_index(self.row.linear, self._column)
        self._context.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._context.__exit__(None, None, None)
        self._here = {}

    def settle(self) -> None:
        """Compute, outside of the vectors' loop, what is one number per row and can be known by now."""
        for index, item in enumerate(self.kernel.items, len(self.kernel.inputs)):
            if isinstance(item, Step) and item.operands and all(operand in self.known for operand in item.operands):
                self.row_value(index)

    def row_value(self, index: int) -> Value:
        """A value that is one number per row."""
        if index not in self.known:
            self.known[index] = self._compute(index, self.row_value)
        return self.known[index]

    def value(self, index: int) -> Value:
        """A value at the current place."""
        if index in self.known:
            return self.known[index]
        if index not in self._here:
            self._here[index] = self._compute(index, self.value)
        return self._here[index]

    def _compute(self, index: int, operand_value: Any) -> Value:
        inputs = self.kernel.inputs
        if index < len(inputs):
            assert self._column is not None
            stride = self.row.inner_strides[index]
            return load_lane(self.e, inputs[index], self.row.buffers[index], stride, self._column, self._mask)
        item = self.kernel.items[index - len(inputs)]
        if isinstance(item, RowReduce):
            raise InternalError(f"value {index} of a row program is used before its pass")
        return self._writer.write_step(item, [operand_value(operand) for operand in item.operands])


def row_kernel(inputs: Sequence[Operand], items: Sequence[Item], outputs: Sequence[int | tuple[int, Operand]], outer: int = 1,
               target: Target | None = None) -> RowKernel:
    """The kernel of a row program.

    Args:
        inputs: how each buffer is read along the row.
        items: steps and reductions in order; operand indices count inputs first, then items.
        outputs: indices of values to store; alone (contiguous, own type) or with an `Operand`; access "broadcast" stores one
            number per row and is only for values that are such.
        outer: number of dimensions before the row's.
        target: the machine; default the host.
    """
    types = [operand.dtype for operand in inputs] + [item.dtype for item in items]
    stores = [output if isinstance(output, tuple) else (output, Operand(types[output])) for output in outputs]
    key = (tuple(inputs), tuple(items), tuple(stores), outer, target)
    try:
        found = _known.get(key)
    except TypeError:
        return RowKernel(inputs, items, stores, outer, target)
    if found is None:
        found = _known[key] = RowKernel(inputs, items, stores, outer, target)
    return found
