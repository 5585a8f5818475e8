"""One kernel for a whole element-wise expression: every input read once, every output written once.

The loop space has `outer` dimensions and an innermost one. Extents, strides and addresses are run-time arguments, so a
new batch size runs the same code. What depends on broadcast inputs alone is computed once per row, not once per
element.

Argument array: extents (outer, then innermost), block size, then per buffer its address, outer strides and inner
stride.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipekeras.core.errors import InternalError
from pipekeras.runtime.executor import Buffer, Command, buffer_address, buffer_strides
from pipekeras.runtime.kernel import Kernel, source_identity
from pipekeras.runtime.target import Target

if TYPE_CHECKING:
    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import Pointer, Value

BLOCK = 2048
ITEMSIZES = {"float32": 4, "float64": 8, "float16": 2, "bfloat16": 2, "bool": 1, "int8": 1, "int16": 2, "int32": 4,
             "int64": 8, "uint8": 1, "uint16": 2, "uint32": 4, "uint64": 8}
_HEAVY = ("exp", "log", "tanh", "sig", "soft", "erf", "gelu", "pow", "sin", "cos", "tan", "arc", "random", "mod", "remainder",
          "divide", "sqrt")


@dataclass(frozen=True)
class Operand:
    """A buffer as the kernel sees it.

    Args:
        dtype: element type in memory.
        access: along the innermost dimension: "contiguous" (stride 1), "broadcast" (stride 0) or "strided".
    """

    dtype: str
    access: str = "contiguous"


@dataclass(frozen=True)
class Step:
    """One step of an expression.

    Args:
        name: the op's name; together with the constants it must say all that `emit` does.
        operands: indices of values: inputs first, then earlier steps.
        dtype: type of the result.
        emit: writes the step: `emit(e, *operands, **constants)`.
        constants: literals of this step, part of the compiled code.
    """

    name: str
    operands: tuple[int, ...]
    dtype: str
    emit: Callable[..., Any]
    constants: tuple[tuple[str, Any], ...] = ()

    def describe(self) -> str:
        """The step as a line of text; equal text means equal code."""
        literals = "".join(f" {name}={value!r}" for name, value in self.constants)
        inputs = ", ".join(f"v{index}" for index in self.operands)
        return f"{self.dtype} {self.name}({inputs}){literals}"


Output = int | tuple[int, Operand]
_known: dict[tuple[Any, ...], ElementwiseKernel] = {}


class ElementwiseKernel(Kernel):
    """A fused expression; made by `elementwise_kernel`."""

    def __init__(self, inputs: Sequence[Operand], steps: Sequence[Step], outputs: Sequence[tuple[int, Operand]],
                 outer: int, target: Target | None = None) -> None:
        self.inputs = tuple(inputs)
        self.steps = tuple(steps)
        self.outputs = tuple(outputs)
        self.outer = outer
        super().__init__("elementwise", self._describe(), self._assemble, target)

    def _describe(self) -> str:
        lines = [f"outer {self.outer}"]
        lines += [f"v{index} = {operand.dtype} {operand.access} input" for index, operand in enumerate(self.inputs)]
        lines += [f"v{len(self.inputs) + index} = {step.describe()}" for index, step in enumerate(self.steps)]
        lines += [f"output v{index} as {operand.dtype} {operand.access}" for index, operand in self.outputs]
        lines += sorted({source_identity(step.emit) for step in self.steps})
        return "\n; ".join(lines)

    def _assemble(self, symbol: str, target: Target) -> str:
        from pipekeras.runtime.kernels import Emitter

        lanes = target.lanes(vector_itemsize(self.inputs, self.steps, self.outputs))
        # Random numbers come in blocks of four words: four vectors at once fill whole vectors of blocks.
        if self.outer == 0 and any("random" in step.name for step in self.steps):
            lanes *= 4
        e = Emitter(symbol, target, lanes)
        LoopNest(e, self.outer, [*self.inputs, *(operand for _, operand in self.outputs)]).write(self._row)
        return e.finish()

    def _row(self, e: Emitter, row: RowPlace) -> None:
        """One stretch of the innermost dimension."""
        writer = ExpressionWriter(e, self.inputs, self.steps, row)
        writer.write_uniform()
        stores = [(index, operand, row.buffers[len(self.inputs) + place], len(self.inputs) + place)
                  for place, (index, operand) in enumerate(self.outputs)]

        def body(column: Value, mask: Value | None) -> None:
            values = writer.write_vector(column, mask)
            for index, operand, pointer, place in stores:
                store_lane(e, values[index], operand, pointer, row.inner_strides[place], column, mask)

        vector_loop(e, row.begin, row.end, body)

    def command(self, extents: Sequence[int], inputs: Sequence[Buffer], outputs: Sequence[Buffer]) -> Command:
        """A launch over a loop space of `outer` + 1 extents."""
        if len(extents) != self.outer + 1 or len(inputs) != len(self.inputs) or len(outputs) != len(self.outputs):
            raise InternalError(f"kernel of {self.outer + 1} extents, {len(self.inputs)} inputs and {len(self.outputs)} "
                                f"outputs launched with {len(extents)}, {len(inputs)} and {len(outputs)}")
        arguments: list[Any] = [*extents, BLOCK]
        accesses = [*self.inputs, *(operand for _, operand in self.outputs)]
        for operand, buffer in zip(accesses, [*inputs, *outputs], strict=True):
            strides = buffer_strides(buffer, extents)
            wanted = {"contiguous": 1, "broadcast": 0}.get(operand.access)
            if wanted is not None and strides[-1] != wanted and extents[-1] > 1:
                raise InternalError(f"a {operand.access} buffer of a kernel came with innermost stride {strides[-1]}")
            arguments += [buffer_address(buffer), *strides]
        rows = 1
        for extent in extents[:-1]:
            rows *= extent
        units = rows * -(-extents[-1] // BLOCK)
        return Command(self, arguments, units, cost=rows * extents[-1] * self.element_cost + rows * 3.0)

    @property
    def element_cost(self) -> float:
        """Estimated nanoseconds per element on one thread."""
        stores = sum(ITEMSIZES[operand.dtype] * 0.02 for _, operand in self.outputs)
        return expression_cost(self.inputs, self.steps) + stores


def expression_cost(inputs: Sequence[Operand], steps: Sequence[Step]) -> float:
    """Estimated nanoseconds to read and compute one element on one thread."""
    memory = sum(ITEMSIZES[operand.dtype] * (3 if operand.access == "strided" else 1)
                 for operand in inputs if operand.access != "broadcast")
    heavy = sum(any(word in step.name for word in _HEAVY) for step in steps)
    return memory * 0.02 + heavy * 0.4 + len(steps) * 0.03


def elementwise_kernel(inputs: Sequence[Operand], steps: Sequence[Step], outputs: Sequence[Output], outer: int = 0,
                       target: Target | None = None) -> ElementwiseKernel:
    """The kernel of a fused expression.

    Args:
        inputs: how each input buffer is read.
        steps: the expression, in order.
        outputs: indices of the values to store; alone (contiguous, own type) or with an `Operand`.
        outer: number of loop dimensions beside the innermost one.
        target: the machine; default the host.
    """
    types = [operand.dtype for operand in inputs] + [step.dtype for step in steps]
    stores = [output if isinstance(output, tuple) else (output, Operand(types[output])) for output in outputs]
    key = (tuple(inputs), tuple(steps), tuple(stores), outer, target)
    try:
        found = _known.get(key)
    except TypeError:  # a constant that can't be hashed: built anew, and found in the cache by its text
        return ElementwiseKernel(inputs, steps, stores, outer, target)
    if found is None:
        found = _known[key] = ElementwiseKernel(inputs, steps, stores, outer, target)
    return found


# The pieces that reductions and row programs share -------------------------------------------------------------------


def vector_itemsize(inputs: Sequence[Operand], steps: Sequence[Step], outputs: Sequence[tuple[int, Operand]]) -> int:
    """Bytes of the element that fills one register: 4 as soon as something has 4 bytes or less, else 8."""
    types = [operand.dtype for operand in inputs] + [step.dtype for step in steps] + [operand.dtype for _, operand in outputs]
    return max(4, min((ITEMSIZES[dtype] for dtype in types), default=4))


@dataclass
class RowPlace:
    """Where a row program stands: pointers to the row's first elements, and the columns to do."""

    buffers: list[Pointer]
    inner_strides: list[Value]
    begin: Value
    end: Value
    inner: Value
    linear: Value
    aligned: bool = False  # linear + column is a multiple of the lanes for every vector


class LoopNest:
    """Walk work units: each is one block of columns of one row; row indices advance by carrying, not by division."""

    def __init__(self, e: Emitter, outer: int, operands: Sequence[Operand]) -> None:
        self.e = e
        self.outer = outer
        self.operands = operands

    def write(self, body: Callable[[Emitter, RowPlace], None]) -> None:
        """Write the loops with `body` inside."""
        e, outer = self.e, self.outer
        extents = [e.argument(index) for index in range(outer + 1)]
        inner = extents[-1]
        block = e.argument(outer + 1)
        first = outer + 2
        width = outer + 2
        bases = [e.argument_pointer(first + width * place, operand.dtype) for place, operand in enumerate(self.operands)]
        strides = [[e.argument(first + width * place + 1 + axis) for axis in range(outer + 1)]
                   for place in range(len(self.operands))]
        begin, end = e.parameters[1], e.parameters[2]
        blocks = e.natural_division(inner + (block - 1), block)
        row = e.natural_division(begin, blocks)
        place = e.variable(begin - row * blocks)
        rows = e.variable(row)
        indices: list[Any] = [None] * outer
        rest = row
        for axis in reversed(range(outer)):
            quotient = e.natural_division(rest, extents[axis]) if axis else None
            indices[axis] = e.variable(rest if quotient is None else rest - quotient * extents[axis])
            rest = rest if quotient is None else quotient
        with e.loop(begin, end):
            pointers = []
            for base, buffer_strides_ in zip(bases, strides, strict=True):
                offset: Any = None
                for axis in range(outer):
                    part = indices[axis].get() * buffer_strides_[axis]
                    offset = part if offset is None else offset + part
                pointers.append(base if offset is None else base.at(offset))
            start = place.get() * block
            stop = e.minimum(start + block, inner)
            linear = rows.get() * inner
            body(e, RowPlace(pointers, [strides_[-1] for strides_ in strides], start, stop, inner, linear, outer == 0))
            self._advance(place, rows, indices, blocks, extents)

    def _advance(self, place: Any, rows: Any, indices: list[Any], blocks: Value, extents: list[Value]) -> None:
        e = self.e
        following = place.get() + 1
        carry = e.equal(following, blocks)
        place.set(e.select(carry, 0, following))
        rows.set(rows.get() + e.cast(carry, "int64"))
        for axis in reversed(range(self.outer)):
            following = indices[axis].get() + e.cast(carry, "int64")
            if axis == 0:
                indices[axis].set(following)
                return
            carry = e.logical_and(carry, e.equal(following, extents[axis]))
            indices[axis].set(e.select(carry, 0, following))


class ExpressionWriter:
    """Write the steps of an expression for one row: uniform ones once, the others for each vector."""

    def __init__(self, e: Emitter, inputs: Sequence[Operand], steps: Sequence[Step], row: RowPlace,
                 scalars: Mapping[int, Value] | None = None) -> None:
        self.e = e
        self.inputs = inputs
        self.steps = steps
        self.row = row
        self.uniform: dict[int, Value] = dict(scalars or {})

    def write_uniform(self) -> None:
        """Everything that is the same along the row."""
        from pipekeras.runtime.kernels.element_emitter import IndexNeeded

        e = self.e
        for index, operand in enumerate(self.inputs):
            if operand.access == "broadcast" and index not in self.uniform:
                self.uniform[index] = e.load(self.row.buffers[index])
        for position, step in enumerate(self.steps):
            if all(index in self.uniform for index in step.operands):
                # A step that asks for its element's place is left to the vectors.
                with contextlib.suppress(IndexNeeded):
                    self.uniform[len(self.inputs) + position] = self._step(step, self.uniform)

    def write_vector(self, column: Value, mask: Value | None) -> dict[int, Value]:
        """All values for the vector of elements that begins at `column`."""
        e = self.e
        values = dict(self.uniform)
        with e.at_index(self.row.linear, column, self.row.aligned):
            for index, operand in enumerate(self.inputs):
                if index not in values:
                    values[index] = load_lane(e, operand, self.row.buffers[index], self.row.inner_strides[index], column, mask)
            for position, step in enumerate(self.steps):
                index = len(self.inputs) + position
                if index not in values:
                    values[index] = self._step(step, values)
        return values

    def _step(self, step: Step, values: dict[int, Value]) -> Value:
        return self.write_step(step, [values[index] for index in step.operands])

    def write_step(self, step: Step, operands: Sequence[Value]) -> Value:
        """One step over operands that are known."""
        e = self.e
        outer_dtype, e.dtype = e.dtype, step.dtype
        try:
            result = step.emit(e, *operands, **dict(step.constants))
        finally:
            e.dtype = outer_dtype
        return e.as_value(result, step.dtype, result.lanes if not isinstance(result, (int, float)) else 0)


def load_lane(e: Emitter, operand: Operand, pointer: Pointer, stride: Value, column: Value, mask: Value | None) -> Value:
    """The vector of a buffer's elements that begins at `column`."""
    if operand.access == "contiguous":
        return e.load(pointer, column, e.lanes, mask)
    if operand.access == "broadcast":
        return e.load(pointer)
    return e.gather(pointer.at(column * stride), e.iota() * stride, mask)


def store_lane(e: Emitter, value: Value, operand: Operand, pointer: Pointer, stride: Value, column: Value,
               mask: Value | None) -> None:
    """Write the vector of a buffer's elements that begins at `column`."""
    if operand.access == "contiguous":
        e.store(value, pointer, column, e.lanes, mask)
        return
    if value.lanes == 0:
        value = e.splat(value)
    e.scatter(value, pointer.at(column * stride), e.iota() * stride, mask)


def vector_loop(e: Emitter, begin: Value, end: Value, body: Callable[[Value, Value | None], None]) -> None:
    """Full vectors, then one masked vector for the rest: the same code for both, so no result depends on its place."""
    lanes = e.lanes
    whole = begin + ((end - begin) & -lanes)
    with e.loop(begin, whole, lanes) as column:
        body(column, None)
    with e.when(e.less(whole, end)):
        body(whole, e.tail_mask(end - whole))
