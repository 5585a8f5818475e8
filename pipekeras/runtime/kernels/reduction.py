"""Reductions of element-wise expressions: sums, extremes, products, truths and positions of extremes.

Loop dimensions are the `kept` outer ones, then the `reduced` outer ones, then the innermost. Where the innermost is
reduced, a work unit is one result: vectors are accumulated lane by lane and the lanes are joined at the end. Where it
is kept, a unit is a block of neighbouring results and lanes never mix. Either way the order of every sum depends on the
shape alone.

Argument array: extents (kept, reduced, innermost), then per input address and one stride per extent, then per output
address and one stride per kept extent (the innermost included when it is kept).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

from pipekeras.core.errors import InternalError
from pipekeras.runtime.executor import Buffer, Command, buffer_address, buffer_strides
from pipekeras.runtime.kernel import Kernel, source_identity
from pipekeras.runtime.kernels.elementwise import (
    ITEMSIZES,
    ExpressionWriter,
    Operand,
    RowPlace,
    Step,
    expression_cost,
    vector_itemsize,
)
from pipekeras.runtime.target import Target

if TYPE_CHECKING:
    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import Pointer, Value, Variable

KINDS = ("sum", "product", "maximum", "minimum", "any", "all", "argmaximum", "argminimum")
# Vectors that a unit of kept columns is wide, and accumulators that a cheap row sum uses.
COLUMN_VECTORS = 4
ROW_ACCUMULATORS = 4
_known: dict[tuple[Any, ...], ReductionKernel] = {}


@dataclass(frozen=True)
class Reduce:
    """One result of a reduction.

    Args:
        kind: one of `KINDS`.
        value: index of the value that is reduced (inputs first, then steps).
        dtype: type of the result in memory; positions are integers counted row-major over the reduced dimensions.
    """

    kind: str
    value: int
    dtype: str


class Accumulator:
    """The running result of one reduction, in one or several vectors (or single elements)."""

    def __init__(self, e: Emitter, reduce: Reduce, dtype: str, lanes: int) -> None:
        self.e = e
        self.kind = reduce.kind
        half = dtype in ("float16", "bfloat16")
        if self.kind in ("any", "all"):
            self.dtype = "bool"
        elif self.kind in ("sum", "product"):
            wanted = reduce.dtype
            self.dtype = "float32" if wanted in ("float16", "bfloat16") else wanted
        else:
            self.dtype = "float32" if half else dtype
        self.best: Variable = e.variable(e.constant(self.identity(), self.dtype, lanes))
        self.place: Variable | None = None
        if self.kind.startswith("arg"):
            self.place = e.variable(e.constant(-1, "int64", lanes))

    def identity(self) -> float | int | bool:
        """What changes nothing."""
        if self.kind in ("sum", "any"):
            return 0
        if self.kind in ("product", "all"):
            return 1
        return lowest(self.dtype) if self.kind.endswith("maximum") else highest(self.dtype)

    def add(self, value: Value, mask: Value | None, position: Value | None) -> None:
        """Take in one more element (per lane)."""
        e = self.e
        lanes = self.best.lanes
        value = e.as_value(value, self.dtype, lanes)
        best = self.best.get()
        if self.place is not None:
            assert position is not None
            self._replace(best, self.place.get(), value, e.as_value(position, "int64", lanes), mask)
            return
        if mask is not None:
            value = e.select(mask, value, e.constant(self.identity(), self.dtype, lanes))
        self.best.set(self.join(best, value))

    def join(self, a: Value, b: Value) -> Value:
        """Two partial results as one."""
        e = self.e
        joiners: dict[str, Callable[[Any, Any], Value]] = {
            "sum": e.add, "product": e.multiply, "maximum": e.maximum, "minimum": e.minimum, "any": e.logical_or,
            "all": e.logical_and,
        }
        return joiners[self.kind](a, b)

    def _wins(self, value: Value, best: Value) -> Value:
        """Whether the value comes before the best: more extreme, or the first NaN."""
        e = self.e
        more = e.greater(value, best) if self.kind == "argmaximum" else e.less(value, best)
        return e.logical_or(more, e.logical_and(e.is_nan(value), e.logical_not(e.is_nan(best))))

    def _replace(self, best: Value, place: Value, value: Value, position: Value, mask: Value | None) -> None:
        e = self.e
        assert self.place is not None
        wins = self._wins(value, best)
        alike = e.logical_or(e.equal(value, best), e.logical_and(e.is_nan(value), e.is_nan(best)))
        unset = e.equal(place, -1)
        earlier = e.logical_and(e.not_equal(position, -1), e.less(position, place))
        wins = e.logical_or(wins, e.logical_and(alike, e.logical_or(unset, earlier)))
        if mask is not None:
            wins = e.logical_and(wins, mask)
        self.best.set(e.select(wins, value, best))
        self.place.set(e.select(wins, position, place))

    def merge(self, other: Accumulator) -> None:
        """Take in the result of another accumulator."""
        if self.place is not None and other.place is not None:
            self._replace(self.best.get(), self.place.get(), other.best.get(), other.place.get(), None)
        else:
            self.best.set(self.join(self.best.get(), other.best.get()))

    def across_lanes(self) -> Value:
        """The one result of all lanes, joined in halves."""
        e = self.e
        best, lanes = self.best.get(), self.best.lanes
        place = self.place.get() if self.place is not None else None
        while lanes > 1:
            lanes //= 2
            low, high = range(lanes), range(lanes, 2 * lanes)
            upper, best = e.shuffle(best, best, list(high)), e.shuffle(best, best, list(low))
            if place is None:
                best = self.join(best, upper)
                continue
            upper_place, place = e.shuffle(place, place, list(high)), e.shuffle(place, place, list(low))
            wins = self._wins(upper, best)
            alike = e.logical_or(e.equal(upper, best), e.logical_and(e.is_nan(upper), e.is_nan(best)))
            first = e.logical_and(e.not_equal(upper_place, -1), e.logical_or(e.less(upper_place, place), e.equal(place, -1)))
            wins = e.logical_or(wins, e.logical_and(alike, first))
            best, place = e.select(wins, upper, best), e.select(wins, upper_place, place)
        return e.element(best if place is None else place, 0)

    def result(self) -> Value:
        """The results lane by lane."""
        return self.best.get() if self.place is None else self.place.get()


def lowest(dtype: str) -> float | int:
    """The least value of a type."""
    if dtype.startswith(("float", "bfloat")):
        return float("-inf")
    if dtype.startswith("uint") or dtype == "bool":
        return 0
    return -(1 << (8 * ITEMSIZES[dtype] - 1))


def highest(dtype: str) -> float | int:
    """The greatest value of a type."""
    if dtype.startswith(("float", "bfloat")):
        return float("inf")
    if dtype == "bool":
        return 1
    return (1 << (8 * ITEMSIZES[dtype] - (0 if dtype.startswith("uint") else 1))) - 1


class ReductionKernel(Kernel):
    """A fused reduction; made by `reduction_kernel`."""

    def __init__(self, inputs: Sequence[Operand], steps: Sequence[Step], outputs: Sequence[Reduce], kept: int, reduced: int,
                 inner: str, target: Target | None = None) -> None:
        self.inputs, self.steps, self.outputs = tuple(inputs), tuple(steps), tuple(outputs)
        self.kept, self.reduced, self.inner = kept, reduced, inner
        self.types = [operand.dtype for operand in inputs] + [step.dtype for step in steps]
        super().__init__("reduction", self._describe(), self._assemble, target)

    def _describe(self) -> str:
        lines = [f"kept {self.kept} reduced {self.reduced} innermost {self.inner}"]
        lines += [f"v{index} = {operand.dtype} {operand.access} input" for index, operand in enumerate(self.inputs)]
        lines += [f"v{len(self.inputs) + index} = {step.describe()}" for index, step in enumerate(self.steps)]
        lines += [f"output {output.dtype} {output.kind} of v{output.value}" for output in self.outputs]
        lines += sorted({source_identity(step.emit) for step in self.steps})
        return "\n; ".join(lines)

    @property
    def vector_lanes(self) -> int:
        """Elements in one vector of this kernel."""
        stores = [(output.value, Operand(output.dtype)) for output in self.outputs]
        return self.target.lanes(vector_itemsize(self.inputs, self.steps, stores))

    def command(self, extents: Sequence[int], inputs: Sequence[Buffer], outputs: Sequence[Buffer]) -> Command:
        """A launch; output strides cover the kept extents, the innermost included when it is kept."""
        if len(extents) != self.kept + self.reduced + 1:
            raise InternalError(f"{len(extents)} extents for a reduction of {self.kept + self.reduced + 1} dimensions")
        arguments: list[Any] = list(extents)
        for buffer in inputs:
            arguments += [buffer_address(buffer), *buffer_strides(buffer, extents)]
        kept = [*extents[:self.kept], *(extents[-1:] if self.inner == "kept" else ())]
        for buffer in outputs:
            strides = buffer_strides(buffer, kept)
            if self.inner == "kept" and strides[-1] != 1 and extents[-1] > 1:
                raise InternalError(f"results of kept columns must be neighbours; got stride {strides[-1]}")
            arguments += [buffer_address(buffer), *strides]
        units = prod(extents[:self.kept])
        if self.inner == "kept":
            units *= -(-extents[-1] // (COLUMN_VECTORS * self.vector_lanes))
        cost = prod(extents) * expression_cost(self.inputs, self.steps) + units * 8.0
        return Command(self, arguments, units, cost=cost)

    # The kernel's text ----------------------------------------------------------------------------------------------

    def _assemble(self, symbol: str, target: Target) -> str:
        from pipekeras.runtime.kernels import Emitter

        stores = [(output.value, Operand(output.dtype)) for output in self.outputs]
        e = Emitter(symbol, target, target.lanes(vector_itemsize(self.inputs, self.steps, stores)))
        self._e = e
        dimensions = self.kept + self.reduced + 1
        self._extents = [e.argument(index) for index in range(dimensions)]
        places = iter(range(dimensions, 1 << 30))
        self._bases: list[Pointer] = []
        self._strides: list[list[Value]] = []
        for operand in self.inputs:
            self._bases.append(e.argument_pointer(next(places), operand.dtype))
            self._strides.append([e.argument(next(places)) for _ in range(dimensions)])
        self._output_bases: list[Pointer] = []
        self._output_strides: list[list[Value]] = []
        for output in self.outputs:
            self._output_bases.append(e.argument_pointer(next(places), output.dtype))
            width = self.kept + (1 if self.inner == "kept" else 0)
            self._output_strides.append([e.argument(next(places)) for _ in range(width)])
        with e.loop(e.parameters[1], e.parameters[2]) as unit:
            if self.inner == "kept":
                width = COLUMN_VECTORS * e.lanes
                blocks = e.natural_division(self._extents[-1] + (width - 1), width)
                row = e.natural_division(unit, blocks)
                self._columns(row, (unit - row * blocks) * width)
            else:
                self._row(unit)
        return e.finish()

    def _kept_indices(self, row: Value) -> list[Value]:
        e = self._e
        indices: list[Value] = []
        for axis in reversed(range(self.kept)):
            if axis == 0:
                indices.insert(0, row)
                break
            quotient = e.natural_division(row, self._extents[axis])
            indices.insert(0, row - quotient * self._extents[axis])
            row = quotient
        return indices

    def _advance(self, pointers: list[Pointer], strides: list[list[Value]], axis: int, index: Value) -> list[Pointer]:
        return [pointer.at(index * stride[axis]) for pointer, stride in zip(pointers, strides, strict=True)]

    def _walk(self, pointers: list[Pointer], linear: Value, position: Value,
              body: Callable[[list[Pointer], Value, Value], None], axis: int = 0) -> None:
        """Loops over the reduced outer dimensions; the body gets row pointers, linear index and reduced position."""
        if axis == self.reduced:
            body(pointers, linear, position)
            return
        e, extent = self._e, self._extents[self.kept + axis]
        with e.loop(0, extent) as index:
            inner = self._advance(pointers, self._strides, self.kept + axis, index)
            self._walk(inner, linear * extent + index, position * extent + index, body, axis + 1)

    def _start(self, row: Value) -> tuple[list[Value], list[Pointer], list[Pointer]]:
        indices = self._kept_indices(row)
        pointers, results = self._bases, self._output_bases
        for axis, index in enumerate(indices):
            pointers = self._advance(pointers, self._strides, axis, index)
            results = self._advance(results, self._output_strides, axis, index)
        return indices, pointers, results

    def _writer(self, pointers: list[Pointer], linear: Value) -> ExpressionWriter:
        e, inner = self._e, self._extents[-1]
        strides = [stride[-1] for stride in self._strides]
        place = RowPlace(pointers, strides, e.constant(0, "int64"), inner, inner, linear * inner)
        writer = ExpressionWriter(e, self.inputs, self.steps, place)
        writer.write_uniform()
        return writer

    def _accumulators(self, lanes: int) -> list[Accumulator]:
        return [Accumulator(self._e, output, self.types[output.value], lanes) for output in self.outputs]

    def _row(self, row: Value) -> None:
        """One result: all elements of one kept index."""
        e, inner = self._e, self._extents[-1]
        _, pointers, results = self._start(row)
        positions = any(output.kind.startswith("arg") for output in self.outputs)
        count = 1 if positions or expression_cost(self.inputs, self.steps) > 0.6 else ROW_ACCUMULATORS
        sets = [self._accumulators(e.lanes) for _ in range(count)]

        def body(pointers: list[Pointer], linear: Value, position: Value) -> None:
            writer = self._writer(pointers, linear)
            base = position * inner

            def take(accumulators: list[Accumulator], column: Value, mask: Value | None) -> None:
                values = writer.write_vector(column, mask)
                place = e.splat(base + column) + e.iota() if positions else None
                for accumulator, output in zip(accumulators, self.outputs, strict=True):
                    accumulator.add(values[output.value], mask, place)

            wide = inner & -(e.lanes * count)
            whole = inner & -e.lanes
            with e.loop(0, wide, e.lanes * count) as column:
                for index, accumulators in enumerate(sets):
                    take(accumulators, column + index * e.lanes, None)
            if count > 1:
                with e.loop(wide, whole, e.lanes) as column:
                    take(sets[0], column, None)
            with e.when(e.less(whole, inner)):
                take(sets[0], whole, e.tail_mask(inner - whole))

        zero = e.constant(0, "int64")
        self._walk(pointers, row, zero, body)
        step = count
        while step > 1:
            step //= 2
            for index in range(step):
                for into, other in zip(sets[index], sets[index + step], strict=True):
                    into.merge(other)
        for accumulator, pointer in zip(sets[0], results, strict=True):
            e.store(accumulator.across_lanes(), pointer)

    def _columns(self, row: Value, first: Value) -> None:
        """A block of results: lanes are neighbouring kept columns."""
        e, inner = self._e, self._extents[-1]
        _, pointers, results = self._start(row)
        left = inner - first
        full = e.greater_equal(left, COLUMN_VECTORS * e.lanes)
        with e.either(full) as (then, otherwise):
            with then:
                self._column_group(row, pointers, results, first, COLUMN_VECTORS, None)
            with otherwise:
                whole = first + (left & -e.lanes)
                with e.loop(first, whole, e.lanes) as column:
                    self._column_group(row, pointers, results, column, 1, None)
                with e.when(e.less(whole, inner)):
                    self._column_group(row, pointers, results, whole, 1, e.tail_mask(inner - whole))

    def _column_group(self, row: Value, pointers: list[Pointer], results: list[Pointer], first: Value, vectors: int,
                      mask: Value | None) -> None:
        e = self._e
        sets = [self._accumulators(e.lanes) for _ in range(vectors)]

        def body(pointers: list[Pointer], linear: Value, position: Value) -> None:
            writer = self._writer(pointers, linear)
            for index, accumulators in enumerate(sets):
                values = writer.write_vector(first + index * e.lanes, mask)
                for accumulator, output in zip(accumulators, self.outputs, strict=True):
                    accumulator.add(values[output.value], mask, position)

        self._walk(pointers, row, e.constant(0, "int64"), body)
        for index, accumulators in enumerate(sets):
            column = first + index * e.lanes
            for accumulator, pointer in zip(accumulators, results, strict=True):
                e.store(accumulator.result(), pointer, column, e.lanes, mask)


def reduction_kernel(inputs: Sequence[Operand], steps: Sequence[Step], outputs: Sequence[Reduce], kept: int, reduced: int,
                     inner: str, target: Target | None = None) -> ReductionKernel:
    """The kernel of a fused reduction.

    Args:
        inputs: how each input buffer is read along the innermost dimension.
        steps: the expression before the reduction.
        outputs: the reductions, all over the same dimensions.
        kept: number of kept outer dimensions.
        reduced: number of reduced outer dimensions.
        inner: "reduced" or "kept", for the innermost dimension.
        target: the machine; default the host.
    """
    if inner not in ("reduced", "kept") or any(output.kind not in KINDS for output in outputs):
        raise InternalError(f"no reduction {[output.kind for output in outputs]} with innermost {inner!r}")
    key = (tuple(inputs), tuple(steps), tuple(outputs), kept, reduced, inner, target)
    try:
        found = _known.get(key)
    except TypeError:
        return ReductionKernel(inputs, steps, outputs, kept, reduced, inner, target)
    if found is None:
        found = _known[key] = ReductionKernel(inputs, steps, outputs, kept, reduced, inner, target)
    return found
