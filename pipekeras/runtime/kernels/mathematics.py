"""Vectorised functions: exponentials, logarithms, hyperbolic functions, powers; `angles.py` has the rest.

Each has one body for one element or a vector, float32 or float64, and is a pure function of its operand's bits. Errors
measured against 50-digit values lie within 2 units in the last place (3 for compositions such as tan and cosh).
Infinities, NaN, signed zeros and tiny numbers come out as in NumPy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from llvmlite import ir

from pipekeras.runtime.kernels import polynomials
from pipekeras.runtime.kernels.emitter import HALVES, Operand, Value
from pipekeras.runtime.kernels.vector import Arithmetic

# Constants in parts whose products with small whole numbers are exact.
_LN2 = {"float32": (0.693145751953125, 1.42860682030941723212e-6),
        "float64": (6.93147180369123816490e-01, 1.90821492927058770002e-10)}
_MAGIC = {"float32": 12582912.0, "float64": 6755399441055744.0}
_MANTISSA = {"float32": 23, "float64": 52}
_BIAS = {"float32": 127, "float64": 1023}
INTEGER = {"float32": "int32", "float64": "int64"}
_ROOT_HALF = {"float32": 0x3F3504F3, "float64": 0x3FE6A09E667F3BCD}
_SMALLEST = {"float32": 2.0**-126, "float64": 2.0**-1022}
_EXP_RANGE = {"float32": (-104.0, 89.0), "float64": (-746.0, 710.0)}


class Mathematics(Arithmetic):
    """Functions of floats; integers are converted first."""

    # Helpers --------------------------------------------------------------------------------------------------------

    def _in_single(self, function: Callable[[Value], Value], x: Operand) -> Value:
        """Run the half types through float32 and round once."""
        value = self.floating(x)
        if value.dtype not in HALVES:
            return function(value)
        return self.cast(function(self.cast(value, "float32")), value.dtype)

    def polynomial(self, coefficients: Sequence[float], x: Value) -> Value:
        """Horner's scheme, highest power first."""
        result = self.constant(coefficients[0], x.dtype, x.lanes)
        for coefficient in coefficients[1:]:
            result = self.fma(result, x, coefficient)
        return result

    def _nearest(self, x: Value) -> tuple[Value, Value]:
        """The nearest whole number, as a float and as an integer; good for |x| < 2^22 (2^51), garbage stays defined."""
        magic = _MAGIC[x.dtype]
        shifted = x + magic
        bits = self.bitcast(shifted, INTEGER[x.dtype])
        zero = self.bitcast(self.constant(magic, x.dtype, x.lanes), INTEGER[x.dtype])
        return shifted - magic, bits - zero

    def _power_of_two(self, exponent: Value, dtype: str) -> Value:
        """2 ** exponent for exponents of normal numbers."""
        return self.bitcast((exponent + _BIAS[dtype]) << _MANTISSA[dtype], dtype)

    def _scale(self, x: Value, exponent: Value) -> Value:
        """x * 2 ** exponent; in two steps, so that tiny and huge results come out right, where no instruction does it."""
        if x.dtype == "float32" and x.lanes == 16 and self.target.vector_bits == 512:
            ones = ir.Constant(ir.IntType(16), -1)
            power = self.cast(exponent, "float32").ir
            found = self.call("llvm.x86.avx512.mask.scalef.ps.512", x.ir.type,
                              [x.ir, power, ir.Constant(x.ir.type, None), ones, ir.Constant(ir.IntType(32), 4)])
            return Value(self, found, "float32", 16)
        half = exponent >> 1
        return x * self._power_of_two(half, x.dtype) * self._power_of_two(exponent - half, x.dtype)

    def _exp_parts(self, x: Value) -> tuple[Value, Value]:
        """n and r with x = n ln(2) + r, |r| <= ln(2) / 2."""
        whole, exponent = self._nearest(x * (1.0 / math.log(2.0)))
        high, low = _LN2[x.dtype]
        return exponent, self.fma(whole, -low, self.fma(whole, -high, x))

    # Exponentials ---------------------------------------------------------------------------------------------------

    def exp(self, x: Operand) -> Value:
        """e ** x."""
        return self._in_single(self._exp, x)

    def _exp(self, x: Value) -> Value:
        low, high = _EXP_RANGE[x.dtype]
        exponent, rest = self._exp_parts(self.clip(x, low, high))
        return self._scale(self._exp_near_zero(rest), exponent)

    def _exp_near_zero(self, rest: Value) -> Value:
        tail = self.polynomial(polynomials.EXP[rest.dtype], rest)
        return self.fma(rest * rest, tail, rest) + 1.0

    def exp2(self, x: Operand) -> Value:
        """2 ** x."""
        def body(value: Value) -> Value:
            limit = {"float32": (-151.0, 129.0), "float64": (-1076.0, 1025.0)}[value.dtype]
            whole, exponent = self._nearest(self.clip(value, *limit))
            return self._scale(self._exp_near_zero((self.clip(value, *limit) - whole) * math.log(2.0)), exponent)

        return self._in_single(body, x)

    def expm1(self, x: Operand) -> Value:
        """e ** x - 1, exact near zero."""
        return self._in_single(self._expm1, x)

    def _expm1(self, x: Value) -> Value:
        low, high = {"float32": (-18.0, 89.0), "float64": (-40.0, 710.0)}[x.dtype]
        exponent, rest = self._exp_parts(self.clip(x, low, high))
        near = self.fma(rest * rest, self.polynomial(polynomials.EXP[x.dtype], rest), rest)
        scale = self._power_of_two(exponent - 1, x.dtype)
        result = self.fma(scale, near, scale - 0.5) * 2.0
        return self.select(self.equal(exponent, 0), self.select(self.equal(x, 0), x, near), result)

    def sigmoid(self, x: Operand) -> Value:
        """1 / (1 + e ** -x)."""
        def body(value: Value) -> Value:
            small = self._exp(-self.absolute(value))
            return self.select(self.less(value, 0), small, 1.0) / (small + 1.0)

        return self._in_single(body, x)

    def softplus(self, x: Operand) -> Value:
        """log(1 + e ** x)."""
        def body(value: Value) -> Value:
            return self.maximum(value, 0.0) + self._log1p(self._exp(-self.absolute(value)))

        return self._in_single(body, x)

    # Hyperbolic functions -------------------------------------------------------------------------------------------

    def tanh(self, x: Operand) -> Value:
        """Hyperbolic tangent."""
        def body(value: Value) -> Value:
            limit = {"float32": 10.0, "float64": 23.0}[value.dtype]
            grown = self._expm1(self.minimum(self.absolute(value), limit) * 2.0)
            return self.copy_sign(grown / (grown + 2.0), value)

        return self._in_single(body, x)

    def sinh(self, x: Operand) -> Value:
        """Hyperbolic sine."""
        def body(value: Value) -> Value:
            size = self.absolute(value)
            grown = self._expm1(self.minimum(size, 20.0))
            small = (grown + grown / (grown + 1.0)) * 0.5
            half = self._exp(size * 0.5)
            return self.copy_sign(self.select(self.greater(size, 20.0), half * 0.5 * half, small), value)

        return self._in_single(body, x)

    def cosh(self, x: Operand) -> Value:
        """Hyperbolic cosine."""
        def body(value: Value) -> Value:
            size = self.absolute(value)
            grown = self._exp(self.minimum(size, 20.0))
            small = grown * 0.5 + self.divide(0.5, grown)
            half = self._exp(size * 0.5)
            return self.select(self.greater(size, 20.0), half * 0.5 * half, small)

        return self._in_single(body, x)

    def arcsinh(self, x: Operand) -> Value:
        """Inverse hyperbolic sine."""
        def body(value: Value) -> Value:
            size = self.absolute(value)
            tame = self.minimum(size, 1e8)
            squared = tame * tame
            near = self._log1p(tame + squared / (self.sqrt(squared + 1.0) + 1.0))
            return self.copy_sign(self.select(self.greater(size, 1e8), self._log(size) + math.log(2.0), near), value)

        return self._in_single(body, x)

    def arccosh(self, x: Operand) -> Value:
        """Inverse hyperbolic cosine; NaN below 1."""
        def body(value: Value) -> Value:
            over = self.minimum(value, 1e8) - 1.0
            near = self._log1p(over + self.sqrt(over * 2.0 + over * over))
            return self.select(self.greater(value, 1e8), self._log(value) + math.log(2.0), near)

        return self._in_single(body, x)

    def arctanh(self, x: Operand) -> Value:
        """Inverse hyperbolic tangent; NaN outside [-1, 1]."""
        def body(value: Value) -> Value:
            size = self.absolute(value)
            return self.copy_sign(self._log1p(size * 2.0 / (self.subtract(1.0, size))) * 0.5, value)

        return self._in_single(body, x)

    # Logarithms -----------------------------------------------------------------------------------------------------

    def _log_parts(self, x: Value) -> tuple[Value, Value]:
        """k (as float) and f with x = 2 ** k (1 + f), sqrt(1/2) <= 1 + f < sqrt(2); x positive and finite."""
        dtype, integer = x.dtype, INTEGER[x.dtype]
        lift = _MANTISSA[dtype] + 1
        tiny = self.less(x, _SMALLEST[dtype])
        x = self.select(tiny, x * 2.0**lift, x)
        offset = self.bitcast(x, integer) - _ROOT_HALF[dtype]
        exponent = self.cast(offset >> _MANTISSA[dtype], dtype)
        mantissa = self.bitcast((offset & ((1 << _MANTISSA[dtype]) - 1)) + _ROOT_HALF[dtype], dtype)
        return self.select(tiny, exponent - float(lift), exponent), mantissa - 1.0

    def _log_near_one(self, f: Value) -> tuple[Value, Value, Value]:
        """s, R and f^2 / 2 with log(1 + f) = f - (f^2 / 2 - s (f^2 / 2 + R))."""
        ratio = f / (f + 2.0)
        square = ratio * ratio
        rest = self.polynomial(polynomials.LOG[f.dtype], square) * square
        return ratio, rest, f * f * 0.5

    def _log_limits(self, x: Value, result: Value) -> Value:
        result = self.select(self.equal(x, math.inf), x, result)
        result = self.select(self.less(x, 0), math.nan, result)
        result = self.select(self.equal(x, 0), -math.inf, result)
        return self.select(self.is_nan(x), x, result)

    def log(self, x: Operand) -> Value:
        """Natural logarithm; -inf at 0, NaN below."""
        return self._in_single(self._log, x)

    def _log(self, x: Value) -> Value:
        exponent, f = self._log_parts(x)
        ratio, rest, half = self._log_near_one(f)
        high, low = _LN2[x.dtype]
        inner = self.fma(ratio, half + rest, exponent * low)
        return self._log_limits(x, self.fma(exponent, high, f - (half - inner)))

    def log1p(self, x: Operand) -> Value:
        """log(1 + x), exact near zero; -inf at -1, NaN below."""
        return self._in_single(self._log1p, x)

    def _log1p(self, x: Value) -> Value:
        total = x + 1.0
        exponent, f = self._log_parts(total)
        # What the addition rounded away, relative to the sum.
        lost = self.select(self.greater(x, 1.0), self.subtract(1.0, total - x), x - (total - 1.0)) / total
        lost = self.select(self.greater(x, 1e30), 0.0, lost)
        ratio, rest, half = self._log_near_one(f)
        high, low = _LN2[x.dtype]
        inner = self.fma(ratio, half + rest, self.fma(exponent, low, lost))
        result = self._log_limits(total, self.fma(exponent, high, f - (half - inner)))
        return self.select(self.equal(x, 0), x, result)

    def log2(self, x: Operand) -> Value:
        """Logarithm to base 2; exact at powers of two."""
        return self._in_single(lambda value: self._log_base(value, 1.0, 0.0, 1.0 / math.log(2.0)), x)

    def log10(self, x: Operand) -> Value:
        """Logarithm to base 10."""
        parts = {"float32": (0.301025390625, 4.605038981195214e-06), "float64": (0.30102999566383914, 1.4205407613706e-13)}
        return self._in_single(lambda value: self._log_base(value, *parts[value.dtype], 1.0 / math.log(10.0)), x)

    def _log_base(self, x: Value, high: float, low: float, scale: float) -> Value:
        exponent, f = self._log_parts(x)
        ratio, rest, half = self._log_near_one(f)
        natural = f - (half - ratio * (half + rest))
        return self._log_limits(x, self.fma(exponent, high, self.fma(natural, scale, exponent * low)))

    # Powers ---------------------------------------------------------------------------------------------------------

    def rsqrt(self, x: Operand) -> Value:
        """1 / sqrt(x); AVX-512 has an estimate that saves division and root, the slowest instructions of all."""
        return self._in_single(self._rsqrt, x)

    def _rsqrt(self, x: Value) -> Value:
        if x.dtype != "float32" or self.target.vector_bits != 512:
            return self.divide(1.0, self.sqrt(x))
        start = self._rsqrt_estimate(x)
        # One step of Newton's; at 0 and infinity, where it is 0 times infinity, the estimate is exact.
        product = x * start
        better = self.fma(start * 0.5, self.fma(self.negative(product), start, 1.0), start)
        return self.select(self.is_nan(product), start, better)

    def _rsqrt_estimate(self, x: Value) -> Value:
        """1 / sqrt(x) to 14 bits."""
        if not x.lanes:
            return self.element(self._rsqrt_estimate(self.splat(x, 4)), 0)
        if x.lanes > 16:
            half = x.lanes // 2
            parts = [self.shuffle(x, x, range(begin, begin + half)) for begin in (0, half)]
            low, high = (self._rsqrt_estimate(part) for part in parts)
            return self.shuffle(low, high, range(x.lanes))
        mask = ir.Constant(ir.IntType(16 if x.lanes == 16 else 8), -1)
        found = self.call(f"llvm.x86.avx512.rsqrt14.ps.{32 * x.lanes}", x.ir.type, [x.ir, ir.Constant(x.ir.type, None), mask])
        return Value(self, found, "float32", x.lanes)

    def power(self, a: Operand, b: Operand) -> Value:
        """a ** b, with the special cases of C's pow; integer types by repeated squaring."""
        x, y = self.agree(a, b)
        if x.dtype == "bool":
            x, y = self.cast(x, "int8"), self.cast(y, "int8")
        if x.dtype in HALVES or x.dtype == "float32":
            wide = self._power(self.cast(x, "float64"), self.cast(y, "float64"), exact=False)
            return self.cast(wide, x.dtype)
        if x.dtype == "float64":
            return self._power(x, y, exact=True)
        return self._integer_power(x, y)

    def _integer_power(self, x: Value, y: Value) -> Value:
        result = self.constant(1, x.dtype, x.lanes)
        base, exponent = x, y
        for _ in range(6):  # a larger exponent overflows every base but -1, 0 and 1, which have their period by then
            result = self.select(self.not_equal(exponent & 1, 0), result * base, result)
            base, exponent = base * base, exponent >> 1
        odd = self.not_equal(y & 1, 0)
        unit = self.logical_or(self.equal(x, 1), self.equal(x, -1 if x.dtype.startswith("int") else 1))
        result = self.select(unit, self.select(odd, x, 1), result)
        return self.select(self.less(y, 0), self.select(unit, result, 0), result)

    def _power(self, x: Value, y: Value, exact: bool) -> Value:
        size = self.absolute(x)
        high, low = self._log_pair(size) if exact else (self._log(size), self.constant(0.0, x.dtype, x.lanes))
        product = y * high
        # The product's rounding error is carried into the exponential, which would magnify it.
        error = self.fma(y, high, -product) if self.target.has_fma else self._product_error(y, high, product)
        error = self.fma(y, low, error)
        error = self.select(self.is_finite(error), error, 0.0)
        bounded = self.clip(product, -800.0, 800.0)
        exponent, rest = self._exp_parts(bounded)
        result = self._scale(self._exp_near_zero(rest + error), exponent)
        result = self.select(self.is_nan(product), product, result)
        whole = self.equal(self.truncate(y), y)
        half = y * 0.5
        odd = self.logical_and(whole, self.not_equal(self.truncate(half), half))
        negative = self.less(self.bitcast(x, "int64"), 0)
        result = self.select(self.logical_and(negative, odd), -result, result)
        broken = self.logical_and(self.logical_and(self.less(x, 0), self.logical_not(whole)), self.is_finite(x))
        result = self.select(broken, math.nan, result)
        unit = self.logical_and(self.equal(x, -1.0), self.is_infinite(y))
        ones = self.logical_or(self.logical_or(self.equal(y, 0), self.equal(x, 1.0)), unit)
        return self.select(ones, 1.0, result)

    def _product_error(self, a: Value, b: Value, product: Value) -> Value:
        """a * b - product without a fused multiply-add: split both into halves."""
        def split(value: Value) -> tuple[Value, Value]:
            scaled = value * 134217729.0
            top = scaled - (scaled - value)
            return top, value - top

        a_top, a_rest = split(a)
        b_top, b_rest = split(b)
        return ((a_top * b_top - product) + a_top * b_rest + a_rest * b_top) + a_rest * b_rest

    def _log_pair(self, x: Value) -> tuple[Value, Value]:
        """log(x) for float64 as a sum of two numbers, good to about 2 ** -66."""
        exponent, f = self._log_parts(x)
        total = f + 2.0
        total_rest = f - (total - 2.0)
        ratio = f / total
        remainder = self._exact_remainder(f, ratio, total)
        ratio_rest = (remainder - ratio * total_rest) / total
        square = ratio * ratio
        series = self.polynomial(polynomials.LOG["float64"], square) * square * ratio
        high, low = _LN2["float64"]
        first = exponent * high
        main = ratio * 2.0
        top = first + main
        lost = self.select(self.greater(self.absolute(first), self.absolute(main)), (first - top) + main, (main - top) + first)
        rest = lost + (self.fma(exponent, low, ratio_rest * 2.0) + series)
        result = top + rest
        low_part = (top - result) + rest
        limited = self._log_limits(x, result)
        return limited, self.select(self.is_finite(limited), low_part, 0.0)

    def _exact_remainder(self, f: Value, ratio: Value, total: Value) -> Value:
        if self.target.has_fma:
            return self.fma(-ratio, total, f)
        product = ratio * total
        return (f - product) - self._product_error(ratio, total, product)
