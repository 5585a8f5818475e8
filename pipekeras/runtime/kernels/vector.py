"""Element operations over values: arithmetic, comparisons, bits, rounding and conversion, with NumPy's special cases.

Every method takes `Value`s or Python numbers. When types differ the wider one is taken, as NumPy does; a number takes
the type of the value beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from llvmlite import ir

from pipekeras.runtime.kernels.emitter import (
    HALVES,
    I16,
    ITEMSIZE,
    Builder,
    Operand,
    Value,
    is_float,
    is_unsigned,
    mangled,
    register_type,
)


@cache
def promoted(a: str, b: str) -> str:
    """The type that holds both: NumPy's rule, with bfloat16 beside float16 and 64-bit integers beside floats kept float."""
    if a == b:
        return a
    if is_float(a) != is_float(b):
        return a if is_float(a) else b
    if a in HALVES or b in HALVES:
        return "float32" if {a, b} == set(HALVES) else next(name for name in (a, b) if name not in HALVES)
    import numpy as np

    return str(np.promote_types(a, b))


class Arithmetic(Builder):
    """Element operations; see the module's text."""

    # Agreement of types ---------------------------------------------------------------------------------------------

    def agree(self, *operands: Operand, dtype: str | None = None) -> list[Value]:
        """The operands with one common type and number of lanes."""
        values = [operand for operand in operands if isinstance(operand, Value)]
        if dtype is None:
            dtype = self.dtype if not values else values[0].dtype
            for value in values[1:]:
                dtype = promoted(dtype, value.dtype)
            numbers = [operand for operand in operands if isinstance(operand, float)]
            if numbers and not is_float(dtype):
                dtype = "float32"
        lanes = max((value.lanes for value in values), default=0)
        return [self.as_value(operand, dtype, lanes) for operand in operands]

    def _value(self, result: Any, like: Value) -> Value:
        return Value(self, result, like.dtype, like.lanes)

    def _rounded(self, result: Any, like: Value) -> Value:
        """A fresh float result; the half types are rounded to what memory could hold."""
        value = Value(self, result, like.dtype, like.lanes)
        if like.dtype in HALVES:
            return self.from_storage(self.to_storage(value), like.dtype, like.lanes)
        return value

    def intrinsic(self, name: str, *operands: Value) -> Value:
        """An LLVM intrinsic that is overloaded on the operands' type."""
        kind = operands[0].ir.type
        result = self.call(f"llvm.{name}.{mangled(kind)}", kind, [operand.ir for operand in operands])
        return self._rounded(result, operands[0])

    # Arithmetic -----------------------------------------------------------------------------------------------------

    def _binary(self, a: Operand, b: Operand, floating: str, integer: str) -> Value:
        x, y = self.agree(a, b)
        if is_float(x.dtype):
            return self._rounded(getattr(self.builder, floating)(x.ir, y.ir), x)
        if x.dtype == "bool":
            integer = {"add": "or_", "sub": "xor", "mul": "and_"}[integer]
        return self._value(getattr(self.builder, integer)(x.ir, y.ir), x)

    def add(self, a: Operand, b: Operand) -> Value:
        """a + b."""
        return self._binary(a, b, "fadd", "add")

    def subtract(self, a: Operand, b: Operand) -> Value:
        """a - b."""
        return self._binary(a, b, "fsub", "sub")

    def multiply(self, a: Operand, b: Operand) -> Value:
        """a * b."""
        return self._binary(a, b, "fmul", "mul")

    def square(self, x: Operand) -> Value:
        """x * x."""
        return self.multiply(x, x)

    def divide(self, a: Operand, b: Operand) -> Value:
        """a / b; integers are divided as floats."""
        x, y = self.agree(a, b)
        if not is_float(x.dtype):
            wide = "float64" if ITEMSIZE[x.dtype] >= 4 else "float32"
            x, y = self.cast(x, wide), self.cast(y, wide)
        return self._rounded(self.builder.fdiv(x.ir, y.ir), x)

    def reciprocal(self, x: Operand) -> Value:
        """1 / x."""
        return self.divide(1.0, x)

    def _integer_division(self, x: Value, y: Value) -> tuple[Value, Value]:
        """Truncated quotient and remainder; division by 0 gives 0 and the overflowing case wraps, nothing traps."""
        zero = self.equal(y, 0)
        unsafe = zero if is_unsigned(x.dtype) else self.logical_or(zero, self.equal(y, -1))
        divisor = self.select(unsafe, 1, y)
        signed = not is_unsigned(x.dtype)
        quotient = self._value((self.builder.sdiv if signed else self.builder.udiv)(x.ir, divisor.ir), x)
        remainder = self._value((self.builder.srem if signed else self.builder.urem)(x.ir, divisor.ir), x)
        if signed:
            quotient = self.select(self.equal(y, -1), self.negative(x), quotient)
            remainder = self.select(unsafe, 0, remainder)
        return self.select(zero, 0, quotient), self.select(zero, 0, remainder)

    def floor_divide(self, a: Operand, b: Operand) -> Value:
        """The quotient rounded down."""
        x, y = self.agree(a, b)
        if x.dtype == "bool":
            x, y = self.cast(x, "int8"), self.cast(y, "int8")
        if is_float(x.dtype):
            left = self.remainder(x, y)
            exact = self.round(self.divide(self.subtract(x, left), y))
            return self.select(self.equal(y, 0), self.divide(x, y), exact)
        quotient, remainder = self._integer_division(x, y)
        if is_unsigned(x.dtype):
            return quotient
        below = self.logical_and(self.not_equal(remainder, 0), self.less(self.bitwise_xor(remainder, y), 0))
        return self.select(below, self.subtract(quotient, 1), quotient)

    def remainder(self, a: Operand, b: Operand) -> Value:
        """What the quotient rounded down leaves; takes the sign of b."""
        x, y = self.agree(a, b)
        if x.dtype == "bool":
            x, y = self.cast(x, "int8"), self.cast(y, "int8")
        if not is_float(x.dtype):
            left = self._integer_division(x, y)[1]
            if is_unsigned(x.dtype):
                return left
            other_sign = self.logical_and(self.not_equal(left, 0), self.less(self.bitwise_xor(left, y), 0))
            return self.select(other_sign, self.add(left, y), left)
        left = self.truncated_remainder(x, y)
        wrong = self.logical_and(self.not_equal(left, 0), self.not_equal(self.less(left, 0), self.less(y, 0)))
        kept = self.select(self.equal(left, 0), self.copy_sign(self.constant(0, x.dtype, x.lanes), y), left)
        return self.select(wrong, self.add(left, y), kept)

    def truncated_remainder(self, a: Operand, b: Operand) -> Value:
        """What the truncated quotient leaves; takes the sign of a (C's fmod)."""
        x, y = self.agree(a, b)
        if not is_float(x.dtype):
            return self._integer_division(x, y)[1]
        return self._rounded(self.builder.frem(x.ir, y.ir), x)

    def negative(self, x: Operand) -> Value:
        """-x."""
        value = self.agree(x)[0]
        if is_float(value.dtype):
            return self._value(self.builder.fneg(value.ir), value)
        return self.subtract(0, value)

    def absolute(self, x: Operand) -> Value:
        """|x|."""
        value = self.agree(x)[0]
        if is_float(value.dtype):
            return self.intrinsic("fabs", value)
        if is_unsigned(value.dtype):
            return value
        return self.select(self.less(value, 0), self.negative(value), value)

    def sign(self, x: Operand) -> Value:
        """-1, 0 or 1; NaN stays NaN."""
        value = self.agree(x)[0]
        if is_unsigned(value.dtype):
            return self.cast(self.not_equal(value, 0), value.dtype)
        ones = self.select(self.less(value, 0), -1, self.select(self.less(0, value), 1, 0), dtype=value.dtype)
        return self.select(self.is_nan(value), value, ones) if is_float(value.dtype) else ones

    def copy_sign(self, x: Operand, sign: Operand) -> Value:
        """|x| with the sign bit of the other."""
        return self.intrinsic("copysign", *self.agree(x, sign))

    def fma(self, a: Operand, b: Operand, c: Operand) -> Value:
        """a * b + c, rounded once where the machine can."""
        x, y, z = self.agree(a, b, c)
        if not is_float(x.dtype) or not self.target.has_fma:
            return self.add(self.multiply(x, y), z)
        return self.intrinsic("fma", x, y, z)

    def maximum(self, a: Operand, b: Operand) -> Value:
        """The larger one; a NaN wins."""
        return self._extreme(a, b, self.greater)

    def minimum(self, a: Operand, b: Operand) -> Value:
        """The smaller one; a NaN wins."""
        return self._extreme(a, b, self.less)

    def _extreme(self, a: Operand, b: Operand, wins: Callable[[Operand, Operand], Value]) -> Value:
        # A literal is never NaN, so one comparison that sends the unordered case to the other operand is enough.
        if not isinstance(a, Value):
            a, b = b, a
        x, y = self.agree(a, b)
        if is_float(x.dtype) and isinstance(b, Value):
            return self.select(self.logical_or(wins(x, y), self.is_nan(x)), x, y)
        if is_float(x.dtype):
            return self.select(wins(y, x), y, x)
        return self.select(wins(x, y), x, y)

    def clip(self, x: Operand, low: Operand, high: Operand) -> Value:
        """x kept between two bounds."""
        return self.minimum(self.maximum(x, low), high)

    # Comparison and logic -------------------------------------------------------------------------------------------

    def _compare(self, symbol: str, a: Operand, b: Operand) -> Value:
        x, y = self.agree(a, b)
        if is_float(x.dtype):
            compare = self.builder.fcmp_unordered if symbol == "!=" else self.builder.fcmp_ordered
        else:
            compare = self.builder.icmp_unsigned if is_unsigned(x.dtype) else self.builder.icmp_signed
        return Value(self, compare(symbol, x.ir, y.ir), "bool", x.lanes)

    def equal(self, a: Operand, b: Operand) -> Value:
        """a == b."""
        return self._compare("==", a, b)

    def not_equal(self, a: Operand, b: Operand) -> Value:
        """a != b."""
        return self._compare("!=", a, b)

    def less(self, a: Operand, b: Operand) -> Value:
        """a < b."""
        return self._compare("<", a, b)

    def less_equal(self, a: Operand, b: Operand) -> Value:
        """a <= b."""
        return self._compare("<=", a, b)

    def greater(self, a: Operand, b: Operand) -> Value:
        """a > b."""
        return self._compare(">", a, b)

    def greater_equal(self, a: Operand, b: Operand) -> Value:
        """a >= b."""
        return self._compare(">=", a, b)

    def is_nan(self, x: Operand) -> Value:
        """Whether x is not a number."""
        value = self.agree(x)[0]
        if not is_float(value.dtype):
            return self.constant(False, "bool", value.lanes)
        return Value(self, self.builder.fcmp_unordered("uno", value.ir, value.ir), "bool", value.lanes)

    def is_infinite(self, x: Operand) -> Value:
        """Whether x is an infinity."""
        value = self.agree(x)[0]
        if not is_float(value.dtype):
            return self.constant(False, "bool", value.lanes)
        return self.equal(self.absolute(value), self.constant(float("inf"), value.dtype))

    def is_finite(self, x: Operand) -> Value:
        """Whether x is neither infinite nor NaN."""
        value = self.agree(x)[0]
        if not is_float(value.dtype):
            return self.constant(True, "bool", value.lanes)
        return self.less(self.absolute(value), self.constant(float("inf"), value.dtype))

    def truth(self, x: Operand) -> Value:
        """x as bool: not zero."""
        return self.cast(self.agree(x)[0], "bool")

    def _logical(self, name: str, a: Operand, b: Operand) -> Value:
        x, y = self.agree(self.truth(a), self.truth(b))
        return self._value(getattr(self.builder, name)(x.ir, y.ir), x)

    def logical_and(self, a: Operand, b: Operand) -> Value:
        """Both are not zero."""
        return self._logical("and_", a, b)

    def logical_or(self, a: Operand, b: Operand) -> Value:
        """One of them is not zero."""
        return self._logical("or_", a, b)

    def logical_xor(self, a: Operand, b: Operand) -> Value:
        """Exactly one of them is not zero."""
        return self._logical("xor", a, b)

    def logical_not(self, x: Operand) -> Value:
        """x is zero."""
        value = self.truth(x)
        return self._value(self.builder.not_(value.ir), value)

    def select(self, condition: Operand, a: Operand, b: Operand, dtype: str | None = None) -> Value:
        """a where the condition holds, else b."""
        test = self.truth(condition)
        x, y = self.agree(a, b, dtype=dtype)
        lanes = max(test.lanes, x.lanes)
        x, y = self.as_value(x, x.dtype, lanes), self.as_value(y, y.dtype, lanes)
        if test.lanes != lanes:
            test = self.splat(test, lanes)
        return self._value(self.builder.select(test.ir, x.ir, y.ir), x)

    # Bits -----------------------------------------------------------------------------------------------------------

    def _bitwise(self, name: str, a: Operand, b: Operand) -> Value:
        x, y = self.agree(a, b)
        return self._value(getattr(self.builder, name)(x.ir, y.ir), x)

    def bitwise_and(self, a: Operand, b: Operand) -> Value:
        """a & b."""
        return self._bitwise("and_", a, b)

    def bitwise_or(self, a: Operand, b: Operand) -> Value:
        """a | b."""
        return self._bitwise("or_", a, b)

    def bitwise_xor(self, a: Operand, b: Operand) -> Value:
        """a ^ b."""
        return self._bitwise("xor", a, b)

    def bitwise_not(self, x: Operand) -> Value:
        """~x."""
        value = self.agree(x)[0]
        return self._value(self.builder.not_(value.ir), value)

    def shift_left(self, a: Operand, b: Operand) -> Value:
        """a << b; 0 when all bits are shifted out."""
        return self._shift("shl", a, b)

    def shift_right(self, a: Operand, b: Operand) -> Value:
        """a >> b; copies the sign of signed types."""
        x = self.agree(a)[0]
        return self._shift("lshr" if is_unsigned(x.dtype) else "ashr", a, b)

    def _shift(self, name: str, a: Operand, b: Operand) -> Value:
        x, y = self.agree(a, b)
        width = 8 * ITEMSIZE[x.dtype]
        shift = getattr(self.builder, name)
        if isinstance(y.ir, ir.Constant) and isinstance(b, int):
            return self._value(shift(x.ir, y.ir), x)
        inside = self.logical_and(self.greater_equal(y, 0), self.less(y, width))
        amount = self.select(inside, y, width - 1 if name == "ashr" else 0)
        moved = self._value(shift(x.ir, amount.ir), x)
        return moved if name == "ashr" else self.select(inside, moved, 0)

    def bitcast(self, x: Operand, dtype: str) -> Value:
        """The same bits read as another type of equal size."""
        value = self.agree(x)[0]
        return Value(self, self.builder.bitcast(value.ir, register_type(dtype, value.lanes)), dtype, value.lanes)

    # Rounding and conversion ----------------------------------------------------------------------------------------

    def _rounding(self, name: str, x: Operand) -> Value:
        value = self.agree(x)[0]
        return self.intrinsic(name, value) if is_float(value.dtype) else value

    def floor(self, x: Operand) -> Value:
        """Rounded down."""
        return self._rounding("floor", x)

    def ceil(self, x: Operand) -> Value:
        """Rounded up."""
        return self._rounding("ceil", x)

    def truncate(self, x: Operand) -> Value:
        """Rounded toward zero."""
        return self._rounding("trunc", x)

    def round(self, x: Operand) -> Value:
        """Rounded to the nearest whole number, halves to the even one."""
        return self._rounding("rint", x)

    def sqrt(self, x: Operand) -> Value:
        """Square root, correctly rounded."""
        return self.intrinsic("sqrt", self.floating(x))

    def floating(self, x: Operand) -> Value:
        """x as a float: integers become the step's type when that is one, else float32."""
        value = self.agree(x)[0]
        if is_float(value.dtype):
            return value
        return self.cast(value, self.dtype if is_float(self.dtype) else "float32")

    def cast(self, x: Operand, dtype: str) -> Value:
        """Convert the element type; floats to integers truncate, anything to bool is `!= 0`."""
        value = self.agree(x)[0]
        if value.dtype == dtype:
            return value
        if dtype == "bool":
            return self.not_equal(value, 0)
        if value.dtype in HALVES or dtype in HALVES:
            return self._cast_half(value, dtype)
        kind = register_type(dtype, value.lanes)
        name = _conversion(value.dtype, dtype)
        if name is None:
            return Value(self, value.ir, dtype, value.lanes)
        if name in ("fptosi", "fptoui"):
            return self._to_integer(value, dtype)
        return Value(self, getattr(self.builder, name)(value.ir, kind), dtype, value.lanes)

    def _to_integer(self, value: Value, dtype: str) -> Value:
        """Narrow types go through int32 and wrap, as NumPy does; what does not fit never becomes poison."""
        through = "int64" if dtype in ("int64", "uint64", "uint32") else "int32"
        kind = register_type(through, value.lanes)
        name = f"llvm.fptosi.sat.{mangled(kind)}.{mangled(value.ir.type)}"
        whole = Value(self, self.call(name, kind, [value.ir]), through, value.lanes)
        # x86 answers with the lowest integer for everything out of range, NaN included; NumPy shows the same.
        lowest = -(1 << (63 if through == "int64" else 31))
        limit = 2.0 ** (63 if through == "int64" else 31)
        fits = self.logical_and(self.less(value, limit), self.greater_equal(value, -limit))
        return self.cast(self.select(fits, whole, lowest), dtype)

    def _cast_half(self, value: Value, dtype: str) -> Value:
        if dtype in HALVES:
            single = value if value.dtype == "float32" or value.dtype in HALVES else self.cast(value, "float32")
            return self._rounded(single.ir, Value(self, single.ir, dtype, single.lanes))
        single = Value(self, value.ir, "float32", value.lanes)
        return self.cast(single, dtype)

    # Half types in memory -------------------------------------------------------------------------------------------

    def from_storage(self, found: Any, dtype: str, lanes: int) -> Value:
        """Bits of memory as a register value."""
        if dtype not in HALVES:
            return super().from_storage(found, dtype, lanes)
        if dtype == "float16" and self.target.has_half:
            half = ir.VectorType(ir.HalfType(), lanes) if lanes else ir.HalfType()
            wide = self.builder.fpext(self.builder.bitcast(found, half), register_type("float32", lanes))
            return Value(self, wide, dtype, lanes)
        bits = Value(self, self.builder.zext(found, register_type("uint32", lanes)), "uint32", lanes)
        if dtype == "bfloat16":
            return Value(self, self.bitcast(bits << 16, "float32").ir, dtype, lanes)
        # float16 without hardware: shift the fields into place, then mend the exponent by a product.
        sign = (bits & 0x8000) << 16
        magnitude = self.bitcast((bits & 0x7FFF) << 13, "float32") * (2.0**112)
        special = self.greater_equal(bits & 0x7FFF, 0x7C00)
        raw = self.bitcast(magnitude, "uint32")
        raw = self.select(special, raw | 0x7F800000, raw)
        return Value(self, self.bitcast(raw | sign, "float32").ir, dtype, lanes)

    def to_storage(self, value: Value) -> Any:
        """A register value as the bits that memory holds, rounded to nearest even."""
        if value.dtype not in HALVES:
            return super().to_storage(value)
        lanes = value.lanes
        narrow = ir.VectorType(I16, lanes) if lanes else I16
        if value.dtype == "float16" and self.target.has_half:
            half = ir.VectorType(ir.HalfType(), lanes) if lanes else ir.HalfType()
            return self.builder.bitcast(self.builder.fptrunc(value.ir, half), narrow)
        single = Value(self, value.ir, "float32", lanes)
        bits = self.bitcast(single, "uint32")
        if value.dtype == "bfloat16":
            rounded = (bits + (((bits >> 16) & 1) + 0x7FFF)) >> 16
            result = self.select(self.is_nan(single), (bits >> 16) | 0x40, rounded)
            return self.builder.trunc(result.ir, narrow)
        return self.builder.trunc(self._half_bits(single, bits).ir, narrow)

    def _half_bits(self, single: Value, bits: Value) -> Value:
        """float16 without hardware: round on the integer for normal numbers, by a float addition for tiny ones."""
        sign = (bits >> 16) & 0x8000
        magnitude = bits & 0x7FFFFFFF
        odd = (magnitude >> 13) & 1
        normal = (magnitude + (odd + (0x0FFF - (112 << 23)) % (1 << 32))) >> 13
        tiny_sum = self.bitcast(magnitude, "float32") + 0.5
        tiny = self.bitcast(tiny_sum, "uint32") - 0x3F000000
        result = self.select(self.less(magnitude, 113 << 23), tiny, normal)
        result = self.select(self.greater_equal(magnitude, 143 << 23), 0x7C00, result)
        result = self.select(self.is_nan(single), 0x7E00, result)
        return result | sign


def _conversion(origin: str, result: str) -> str | None:
    """LLVM's word for a conversion between types other than bool and the half types; None when the bits stay."""
    if is_float(origin) and is_float(result):
        return "fpext" if result == "float64" else "fptrunc"
    if is_float(origin):
        return "fptosi"
    if is_float(result):
        return "uitofp" if is_unsigned(origin) else "sitofp"
    if origin == "bool" or ITEMSIZE[result] > ITEMSIZE[origin]:
        return "zext" if is_unsigned(origin) else "sext"
    return "trunc" if ITEMSIZE[result] < ITEMSIZE[origin] else None
