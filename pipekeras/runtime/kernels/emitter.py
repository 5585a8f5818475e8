"""Write the body of one kernel: values, variables, loops and memory over LLVM's assembly.

`Builder` knows types and control flow; `vector.Arithmetic` adds the element operations, `mathematics.Mathematics` and
`angles.Angles` the functions, `random.Random` the generator; `element_emitter.Emitter` is all of them. Values know
their element type by NumPy's name, so the same code serves float32 and float64, one element or a vector of them.

Types in memory and in registers differ: bool is a byte in memory and a bit in a register; float16 and bfloat16 are
computed in float32 and rounded after every step.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Union

from llvmlite import ir

from pipekeras.runtime.target import Target

I1, I8, I16, I32, I64 = (ir.IntType(bits) for bits in (1, 8, 16, 32, 64))
FLOATS = ("float32", "float64")
HALVES = ("float16", "bfloat16")
_STORAGE: dict[str, ir.Type] = {
    "float32": ir.FloatType(), "float64": ir.DoubleType(), "float16": I16, "bfloat16": I16, "bool": I8,
    "int8": I8, "int16": I16, "int32": I32, "int64": I64, "uint8": I8, "uint16": I16, "uint32": I32, "uint64": I64,
}
_REGISTER = _STORAGE | {"bool": I1, "float16": ir.FloatType(), "bfloat16": ir.FloatType()}
ITEMSIZE = {"float32": 4, "float64": 8, "float16": 2, "bfloat16": 2, "bool": 1, "int8": 1, "int16": 2, "int32": 4,
            "int64": 8, "uint8": 1, "uint16": 2, "uint32": 4, "uint64": 8}

Number = int | float | bool
Operand = Union["Value", int, float, bool]


def is_float(dtype: str) -> bool:
    """Whether arithmetic on that type is floating-point arithmetic."""
    return dtype in FLOATS or dtype in HALVES


def is_unsigned(dtype: str) -> bool:
    """Whether comparisons, division and widening treat the bits as non-negative."""
    return dtype.startswith("uint") or dtype == "bool"


def register_type(dtype: str, lanes: int) -> ir.Type:
    """The LLVM type of one element (lanes 0) or of a vector in a register."""
    return ir.VectorType(_REGISTER[dtype], lanes) if lanes else _REGISTER[dtype]


def storage_type(dtype: str, lanes: int) -> ir.Type:
    """The LLVM type of one element or of a vector in memory."""
    return ir.VectorType(_STORAGE[dtype], lanes) if lanes else _STORAGE[dtype]


def number_constant(dtype: str, lanes: int, value: Number) -> ir.Constant:
    """A literal, repeated over the lanes."""
    scalar: Any
    kind = _REGISTER[dtype]
    if is_float(dtype):
        scalar = float(value)
        if dtype != "float64" and abs(scalar) < 3.5e38:
            scalar = struct.unpack("f", struct.pack("f", scalar))[0]
    elif dtype == "bool":
        scalar = int(bool(value))
    else:
        width = 8 * ITEMSIZE[dtype]
        scalar = int(value) & ((1 << width) - 1)
        if not is_unsigned(dtype) and scalar >> (width - 1):
            scalar -= 1 << width
    if lanes:
        return ir.Constant(ir.VectorType(kind, lanes), [ir.Constant(kind, scalar)] * lanes)
    return ir.Constant(kind, scalar)


class Value:
    """A value in a register: one element (`lanes` 0, the same for all) or a vector."""

    __slots__ = ("dtype", "emitter", "ir", "lanes")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, emitter: Any, value: Any, dtype: str, lanes: int) -> None:
        self.emitter = emitter
        self.ir = value
        self.dtype = dtype
        self.lanes = lanes

    def __add__(self, other: Operand) -> Value:
        return self.emitter.add(self, other)

    def __radd__(self, other: Operand) -> Value:
        return self.emitter.add(other, self)

    def __sub__(self, other: Operand) -> Value:
        return self.emitter.subtract(self, other)

    def __rsub__(self, other: Operand) -> Value:
        return self.emitter.subtract(other, self)

    def __mul__(self, other: Operand) -> Value:
        return self.emitter.multiply(self, other)

    def __rmul__(self, other: Operand) -> Value:
        return self.emitter.multiply(other, self)

    def __truediv__(self, other: Operand) -> Value:
        return self.emitter.divide(self, other)

    def __rtruediv__(self, other: Operand) -> Value:
        return self.emitter.divide(other, self)

    def __floordiv__(self, other: Operand) -> Value:
        return self.emitter.floor_divide(self, other)

    def __mod__(self, other: Operand) -> Value:
        return self.emitter.remainder(self, other)

    def __neg__(self) -> Value:
        return self.emitter.negative(self)

    def __and__(self, other: Operand) -> Value:
        return self.emitter.bitwise_and(self, other)

    def __or__(self, other: Operand) -> Value:
        return self.emitter.bitwise_or(self, other)

    def __xor__(self, other: Operand) -> Value:
        return self.emitter.bitwise_xor(self, other)

    def __invert__(self) -> Value:
        return self.emitter.bitwise_not(self)

    def __lshift__(self, other: Operand) -> Value:
        return self.emitter.shift_left(self, other)

    def __rshift__(self, other: Operand) -> Value:
        return self.emitter.shift_right(self, other)

    def __lt__(self, other: Operand) -> Value:
        return self.emitter.less(self, other)

    def __le__(self, other: Operand) -> Value:
        return self.emitter.less_equal(self, other)

    def __gt__(self, other: Operand) -> Value:
        return self.emitter.greater(self, other)

    def __ge__(self, other: Operand) -> Value:
        return self.emitter.greater_equal(self, other)

    def __eq__(self, other: object) -> Value:  # type: ignore[override]
        return self.emitter.equal(self, other)

    def __ne__(self, other: object) -> Value:  # type: ignore[override]
        return self.emitter.not_equal(self, other)

    def __bool__(self) -> bool:
        raise TypeError("a value of a kernel is known only when the kernel runs; use e.select or e.when")


class Pointer:
    """An address of elements of one type."""

    __slots__ = ("dtype", "emitter", "ir")

    def __init__(self, emitter: Builder, value: Any, dtype: str) -> None:
        self.emitter = emitter
        self.ir = value
        self.dtype = dtype

    def at(self, offset: Value | int) -> Pointer:
        """The address `offset` elements further on."""
        index = self.emitter.as_index(offset)
        return Pointer(self.emitter, self.emitter.builder.gep(self.ir, [index], inbounds=False), self.dtype)

    def address(self) -> Value:
        """The address as a number."""
        return Value(self.emitter, self.emitter.builder.ptrtoint(self.ir, I64), "int64", 0)


class Variable:
    """A named place for a value that changes in a loop; becomes a register."""

    __slots__ = ("dtype", "emitter", "lanes", "slot")

    def __init__(self, emitter: Builder, slot: Any, dtype: str, lanes: int) -> None:
        self.emitter = emitter
        self.slot = slot
        self.dtype = dtype
        self.lanes = lanes

    def get(self) -> Value:
        """The value it has now."""
        return Value(self.emitter, self.emitter.builder.load(self.slot), self.dtype, self.lanes)

    def set(self, value: Operand) -> None:
        """Give it a new value."""
        found = self.emitter.as_value(value, self.dtype, self.lanes)
        self.emitter.builder.store(found.ir, self.slot)


class Builder:
    """Control flow and memory of one kernel function under construction.

    Args:
        symbol: name of the C function.
        target: the machine.
        lanes: elements that one vector holds in this kernel.
        parameters: number of int64 parameters; a kernel has three: arguments, begin, end.
    """

    def __init__(self, symbol: str, target: Target, lanes: int, parameters: int = 3) -> None:
        self.target = target
        self.lanes = lanes
        self.dtype = "float32"
        self.module = ir.Module(symbol)
        kind = ir.FunctionType(ir.VoidType(), [I64] * parameters)
        self.function = ir.Function(self.module, kind, symbol)
        self.function.attributes.add("nounwind")
        self._entry = self.function.append_basic_block("entry")
        start = self.function.append_basic_block("start")
        self.builder = ir.IRBuilder(start)
        self._start = start
        self._rolled: list[int] = []
        self.parameters = [Value(self, argument, "int64", 0) for argument in self.function.args]

    def finish(self) -> str:
        """End the function and return the module's text."""
        self.builder.ret_void()
        ir.IRBuilder(self._entry).branch(self._start)
        text = str(self.module)
        for number in self._rolled:
            text = re.sub(rf'!{{ !"rolled {number}" }}', f"distinct !{{ !{number}, !{len(self.module.metadata)} }}", text)
        if self._rolled:
            text += f'\n!{len(self.module.metadata)} = !{{ !"llvm.loop.unroll.disable" }}\n'
        return text

    def _keep_rolled(self, branch: Any) -> None:
        """Mark a loop's last branch: kernels unroll by hand where it pays, more only costs compile time."""
        number = len(self.module.metadata)
        self._rolled.append(number)
        branch.set_metadata("llvm.loop", self.module.add_metadata([ir.MetaDataString(self.module, f"rolled {number}")]))

    # Values ---------------------------------------------------------------------------------------------------------

    def as_value(self, value: Operand, dtype: str, lanes: int) -> Value:
        """`value` as that type with that many lanes: numbers become literals, single elements are repeated."""
        if not isinstance(value, Value):
            return Value(self, number_constant(dtype, lanes, value), dtype, lanes)
        if value.dtype != dtype:
            value = self.cast(value, dtype)
        if value.lanes == lanes:
            return value
        if value.lanes:
            raise TypeError(f"a vector of {value.lanes} can't be used where {lanes or 'one'} elements are needed")
        return self.splat(value, lanes)

    def as_index(self, value: Value | int) -> Any:
        """An int64 in LLVM's terms."""
        return self.as_value(value, "int64", 0).ir

    def cast(self, value: Operand, dtype: str) -> Value:
        """Convert to another element type; written in vector.py."""
        raise NotImplementedError

    def splat(self, value: Value, lanes: int | None = None) -> Value:
        """Repeat one element over all lanes."""
        lanes = self.lanes if lanes is None else lanes
        kind = ir.VectorType(value.ir.type, lanes)
        if isinstance(value.ir, ir.Constant):
            return Value(self, ir.Constant(kind, [value.ir] * lanes), value.dtype, lanes)
        first = self.builder.insert_element(ir.Constant(kind, ir.Undefined), value.ir, ir.Constant(I32, 0))
        order = ir.Constant(ir.VectorType(I32, lanes), [ir.Constant(I32, 0)] * lanes)
        return Value(self, self.builder.shuffle_vector(first, ir.Constant(kind, ir.Undefined), order), value.dtype, lanes)

    def constant(self, value: Number, dtype: str | None = None, lanes: int = 0) -> Value:
        """A literal of the given type, by default of the step being written."""
        dtype = dtype or self.dtype
        return Value(self, number_constant(dtype, lanes, value), dtype, lanes)

    def literals(self, values: Sequence[Number], dtype: str) -> Value:
        """A vector of different literals."""
        kind = _REGISTER[dtype]
        items = [number_constant(dtype, 0, value) for value in values]
        return Value(self, ir.Constant(ir.VectorType(kind, len(items)), items), dtype, len(items))

    def iota(self, dtype: str = "int64", lanes: int | None = None) -> Value:
        """0, 1, 2, ... over the lanes."""
        return self.literals(range(self.lanes if lanes is None else lanes), dtype)

    def element(self, vector: Value, index: int) -> Value:
        """One lane of a vector."""
        return Value(self, self.builder.extract_element(vector.ir, ir.Constant(I32, index)), vector.dtype, 0)

    def with_element(self, vector: Value, element: Value, index: int) -> Value:
        """The vector with one lane replaced."""
        result = self.builder.insert_element(vector.ir, element.ir, ir.Constant(I32, index))
        return Value(self, result, vector.dtype, vector.lanes)

    def shuffle(self, a: Value, b: Value, order: Sequence[int]) -> Value:
        """Lanes picked from two vectors laid end to end."""
        kind = ir.VectorType(I32, len(order))
        picks = ir.Constant(kind, [ir.Constant(I32, index) for index in order])
        return Value(self, self.builder.shuffle_vector(a.ir, b.ir, picks), a.dtype, len(order))

    def call(self, name: str, result: ir.Type, operands: Sequence[Any]) -> Any:
        """Call an LLVM intrinsic or C function on LLVM values."""
        known = self.module.globals.get(name)
        if known is None:
            known = ir.Function(self.module, ir.FunctionType(result, [operand.type for operand in operands]), name)
        return self.builder.call(known, operands)

    # Memory ---------------------------------------------------------------------------------------------------------

    def pointer(self, address: Value, dtype: str) -> Pointer:
        """An int64 address as a pointer to elements of a type."""
        return Pointer(self, self.builder.inttoptr(address.ir, _STORAGE[dtype].as_pointer()), dtype)

    def load(self, pointer: Pointer, offset: Value | int = 0, lanes: int = 0, mask: Value | None = None) -> Value:
        """Read one element, or `lanes` neighbours; lanes that the mask leaves out read as zero."""
        kind = storage_type(pointer.dtype, lanes)
        place = self.builder.gep(pointer.ir, [self.as_index(offset)]) if not _is_zero(offset) else pointer.ir
        size = ITEMSIZE[pointer.dtype]
        if not lanes:
            found = self.builder.load(place, align=size)
        elif mask is None:
            found = self.builder.load(self.builder.bitcast(place, kind.as_pointer()), align=size)
        else:
            place = self.builder.bitcast(place, kind.as_pointer())
            found = self.call(f"llvm.masked.load.{mangled(kind)}.p0", kind,
                              [place, ir.Constant(I32, size), mask.ir, ir.Constant(kind, None)])
        return self.from_storage(found, pointer.dtype, lanes)

    def store(self, value: Operand, pointer: Pointer, offset: Value | int = 0, lanes: int = 0,
              mask: Value | None = None) -> None:
        """Write one element, or `lanes` neighbours; lanes that the mask leaves out stay as they are."""
        found = self.as_value(value, pointer.dtype, lanes)
        kind = storage_type(pointer.dtype, lanes)
        bits = self.to_storage(found)
        place = self.builder.gep(pointer.ir, [self.as_index(offset)]) if not _is_zero(offset) else pointer.ir
        size = ITEMSIZE[pointer.dtype]
        if not lanes:
            self.builder.store(bits, place, align=size)
            return
        place = self.builder.bitcast(place, kind.as_pointer())
        if mask is None:
            self.builder.store(bits, place, align=size)
        else:
            self.call(f"llvm.masked.store.{mangled(kind)}.p0", ir.VoidType(),
                      [bits, place, ir.Constant(I32, size), mask.ir])

    def prefetch(self, pointer: Pointer, offset: Value | int = 0, write: bool = True) -> None:
        """Ask for a cache line that will be read, and written, soon; any address will do."""
        place = self.builder.bitcast(pointer.at(offset).ir, I8.as_pointer())
        self.call("llvm.prefetch.p0", ir.VoidType(), [place, *(ir.Constant(I32, number) for number in (int(write), 3, 1))])

    def _places(self, pointer: Pointer, offsets: Value) -> Any:
        """A vector of pointers, by way of integers: the assembly writer knows no vector of offsets."""
        steps = self.cast(offsets, "int64")
        addresses = self.builder.add(self.splat(pointer.address(), steps.lanes).ir, self.builder.mul(
            steps.ir, number_constant("int64", steps.lanes, ITEMSIZE[pointer.dtype])))
        return self.builder.inttoptr(addresses, ir.VectorType(pointer.ir.type, steps.lanes))

    def gather(self, pointer: Pointer, offsets: Value, mask: Value | None = None) -> Value:
        """Read one element per lane at its own offset."""
        lanes = offsets.lanes
        kind = storage_type(pointer.dtype, lanes)
        places = self._places(pointer, offsets)
        allowed = mask.ir if mask is not None else number_constant("bool", lanes, True)
        found = self.call(f"llvm.masked.gather.{mangled(kind)}.v{lanes}p0", kind,
                          [places, ir.Constant(I32, ITEMSIZE[pointer.dtype]), allowed, ir.Constant(kind, None)])
        return self.from_storage(found, pointer.dtype, lanes)

    def scatter(self, value: Operand, pointer: Pointer, offsets: Value, mask: Value | None = None) -> None:
        """Write one element per lane at its own offset."""
        lanes = offsets.lanes
        bits = self.to_storage(self.as_value(value, pointer.dtype, lanes))
        places = self._places(pointer, offsets)
        allowed = mask.ir if mask is not None else number_constant("bool", lanes, True)
        self.call(f"llvm.masked.scatter.{mangled(bits.type)}.v{lanes}p0", ir.VoidType(),
                  [bits, places, ir.Constant(I32, ITEMSIZE[pointer.dtype]), allowed])

    def from_storage(self, found: Any, dtype: str, lanes: int) -> Value:
        """Bits of memory as a register value; the half types are written in vector.py."""
        if dtype == "bool":
            zero = ir.Constant(found.type, None if lanes else 0)
            return Value(self, self.builder.icmp_unsigned("!=", found, zero), dtype, lanes)
        return Value(self, found, dtype, lanes)

    def to_storage(self, value: Value) -> Any:
        """A register value as the bits that memory holds."""
        if value.dtype == "bool":
            return self.builder.zext(value.ir, storage_type("bool", value.lanes))
        return value.ir

    # Arguments ------------------------------------------------------------------------------------------------------

    def argument(self, index: int) -> Value:
        """The int64 at that place of the argument array."""
        return self.load(self.pointer(self.parameters[0], "int64"), index)

    def argument_pointer(self, index: int, dtype: str) -> Pointer:
        """The address at that place of the argument array."""
        return self.pointer(self.argument(index), dtype)

    # Control flow ---------------------------------------------------------------------------------------------------

    def variable(self, value: Operand, dtype: str | None = None, lanes: int | None = None) -> Variable:
        """A place with a first value."""
        if isinstance(value, Value):
            dtype = dtype or value.dtype
            lanes = value.lanes if lanes is None else lanes
        dtype = dtype or self.dtype
        lanes = lanes or 0
        slot = ir.IRBuilder(self._entry).alloca(register_type(dtype, lanes))
        place = Variable(self, slot, dtype, lanes)
        place.set(value)
        return place

    def scratch(self, dtype: str, count: int) -> Pointer:
        """Memory for some elements of this call's own, beginning on a cache line."""
        slot = ir.IRBuilder(self._entry).alloca(ir.ArrayType(_STORAGE[dtype], count))
        slot.align = 64
        return Pointer(self, self.builder.bitcast(slot, _STORAGE[dtype].as_pointer()), dtype)

    def choose(self, condition: Value, first: Pointer, second: Pointer) -> Pointer:
        """One of two addresses."""
        return Pointer(self, self.builder.select(condition.ir, first.ir, second.ir), first.dtype)

    @contextmanager
    def loop(self, begin: Value | int, end: Value | int, step: Value | int = 1) -> Iterator[Value]:
        """Run the body for begin, begin + step, ... while below end."""
        counter = self.variable(begin, "int64", 0)
        limit = self.as_index(end)
        stride = self.as_index(step)
        head, body, done = (self.function.append_basic_block(name) for name in ("loop", "body", "done"))
        # Tested before the first turn and after each one: the body is one straight block for the optimizer.
        first = self.builder.icmp_signed("<", counter.get().ir, limit)
        self.builder.cbranch(first, head, done)
        self.builder.position_at_end(head)
        self.builder.branch(body)
        self.builder.position_at_end(body)
        index = counter.get()
        yield index
        following = self.builder.add(index.ir, stride, flags=["nsw"])
        counter.set(Value(self, following, "int64", 0))
        self._keep_rolled(self.builder.cbranch(self.builder.icmp_signed("<", following, limit), body, done))
        self.builder.position_at_end(done)

    @contextmanager
    def when(self, condition: Value) -> Iterator[None]:
        """Run the body when a single condition holds."""
        body, done = self.function.append_basic_block("when"), self.function.append_basic_block("after")
        self.builder.cbranch(condition.ir, body, done)
        self.builder.position_at_end(body)
        yield
        self.builder.branch(done)
        self.builder.position_at_end(done)

    @contextmanager
    def either(self, condition: Value) -> Iterator[tuple[Any, Any]]:
        """Two bodies: `with e.either(c) as (then, otherwise): with then: ...; with otherwise: ...`."""
        with self.builder.if_else(condition.ir) as branches:
            yield branches

    @contextmanager
    def forever(self) -> Iterator[Any]:
        """Repeat the body until `stop()`, the yielded function, is called at its end with a condition that holds."""
        body, done = self.function.append_basic_block("repeat"), self.function.append_basic_block("done")
        self.builder.branch(body)
        self.builder.position_at_end(body)
        conditions: list[Any] = []
        yield lambda condition: conditions.append(condition.ir)
        self.builder.cbranch(conditions[-1], done, body)
        self.builder.position_at_end(done)

    def tail_mask(self, count: Value, lanes: int | None = None) -> Value:
        """The first `count` lanes."""
        lanes = self.lanes if lanes is None else lanes
        order = self.iota("int32", lanes)
        limit = self.splat(Value(self, self.builder.trunc(count.ir, I32), "int32", 0), lanes)
        return Value(self, self.builder.icmp_signed("<", order.ir, limit.ir), "bool", lanes)


def _is_zero(offset: Value | int) -> bool:
    return isinstance(offset, int) and offset == 0


def mangled(kind: ir.Type) -> str:
    """LLVM's suffix for an intrinsic over that type."""
    if isinstance(kind, ir.VectorType):
        return f"v{kind.count}{mangled(kind.element)}"
    if isinstance(kind, ir.FloatType):
        return "f32"
    if isinstance(kind, ir.DoubleType):
        return "f64"
    return f"i{kind.width}"
