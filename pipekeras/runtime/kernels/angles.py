"""Trigonometric functions, their inverses and the error function, as in `mathematics.py`.

Sine, cosine and tangent of huge angles are left to the C library.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from llvmlite import ir

from pipekeras.runtime.kernels import polynomials
from pipekeras.runtime.kernels.emitter import HALVES, Operand, Value
from pipekeras.runtime.kernels.mathematics import INTEGER, Mathematics

# Half of pi in parts whose products with small whole numbers are exact.
_HALF_PI = (1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21)
_LARGEST_ANGLE = {"float32": 1e6, "float64": 1e8}


class Angles(Mathematics):
    """Functions of angles and the error function."""

    # Trigonometric functions ----------------------------------------------------------------------------------------

    def _quarter(self, x: Value) -> tuple[Value, Value]:
        """The quarter turn (integer) and the angle left, in [-pi/4, pi/4]; reduced in float64."""
        wide = self.cast(x, "float64")
        whole, quarter = self._nearest(wide * (2.0 / math.pi))
        rest = wide
        for part in _HALF_PI:
            rest = self.fma(whole, -part, rest)
        return self.cast(quarter, INTEGER[x.dtype]), self.cast(rest, x.dtype)

    def _sine_cosine(self, rest: Value) -> tuple[Value, Value]:
        square = rest * rest
        sine = self.fma(rest * square, self.polynomial(polynomials.SIN[rest.dtype], square), rest)
        half = square * 0.5
        top = self.subtract(1.0, half)
        lost = self.subtract(1.0, top) - half
        cosine = top + self.fma(square * square, self.polynomial(polynomials.COS[rest.dtype], square), lost)
        return sine, cosine

    def _turned(self, x: Value, turns: int) -> Value:
        quarter, rest = self._quarter(x)
        sine, cosine = self._sine_cosine(rest)
        quarter = quarter + turns
        result = self.select(self.not_equal(quarter & 1, 0), cosine, sine)
        return self.select(self.not_equal(quarter & 2, 0), -result, result)

    def _huge_angle(self, x: Value, near: Value, library: Callable[[Value], Value]) -> Value:
        """The near result, but the library's where a lane's angle is too large for a reduction in three parts."""
        huge = self.greater(self.absolute(x), _LARGEST_ANGLE[x.dtype])
        some = huge
        if x.lanes:
            bits = self.builder.bitcast(huge.ir, ir.IntType(x.lanes))
            some = Value(self, self.builder.icmp_unsigned("!=", bits, ir.Constant(bits.type, 0)), "bool", 0)
        result = self.variable(near)
        with self.when(some):
            result.set(self.select(huge, self.cast(library(self.cast(x, "float64")), x.dtype), near))
        return result.get()

    def sin(self, x: Operand) -> Value:
        """Sine of an angle in radians."""
        def body(value: Value) -> Value:
            near = self.select(self.equal(value, 0), value, self._turned(value, 0))
            return self._huge_angle(value, near, lambda wide: self.intrinsic("sin", wide))

        return self._in_single(body, x)

    def cos(self, x: Operand) -> Value:
        """Cosine of an angle in radians."""
        def body(value: Value) -> Value:
            return self._huge_angle(value, self._turned(value, 1), lambda wide: self.intrinsic("cos", wide))

        return self._in_single(body, x)

    def tan(self, x: Operand) -> Value:
        """Tangent of an angle in radians."""
        def body(value: Value) -> Value:
            quarter, rest = self._quarter(value)
            sine, cosine = self._sine_cosine(rest)
            odd = self.not_equal(quarter & 1, 0)
            result = self.select(odd, -cosine, sine) / self.select(odd, sine, cosine)
            near = self.select(self.equal(value, 0), value, result)
            return self._huge_angle(value, near, lambda wide: self.intrinsic("sin", wide) / self.intrinsic("cos", wide))

        return self._in_single(body, x)

    def arctan(self, x: Operand) -> Value:
        """Inverse tangent, in [-pi/2, pi/2]."""
        def body(value: Value) -> Value:
            size = self.absolute(value)
            return self.copy_sign(self._arctan_ratio(size, self.constant(1.0, value.dtype, value.lanes)), value)

        return self._in_single(body, x)

    def _arctan_ratio(self, y: Value, x: Value) -> Value:
        """arctan(y / x) for y, x >= 0 and not both zero or both infinite, by one division."""
        middle = self.greater(y, x * (math.sqrt(2.0) - 1.0))
        top = self.greater(y, x * (math.sqrt(2.0) + 1.0))
        over = self.select(top, -x, self.select(middle, y - x, y))
        under = self.select(top, y, self.select(middle, y + x, x))
        ratio = over / under
        square = ratio * ratio
        near = ratio * square * self.polynomial(polynomials.ARCTAN[y.dtype], square)
        low = {"float32": (-4.371139e-08, -2.1855695e-08), "float64": (6.123233995736766e-17, 3.061616997868383e-17)}[y.dtype]
        base = self.select(top, math.pi / 2, self.select(middle, math.pi / 4, 0.0), dtype=y.dtype)
        base_low = self.select(top, low[0], self.select(middle, low[1], 0.0), dtype=y.dtype)
        return base + (ratio + (near + base_low))

    def arctan2(self, a: Operand, b: Operand) -> Value:
        """Angle of the point (b, a), in [-pi, pi]."""
        y, x = self.agree(self.floating(a), self.floating(b))
        if y.dtype in HALVES:
            return self.cast(self.arctan2(self.cast(y, "float32"), self.cast(x, "float32")), y.dtype)
        rise, run = self.absolute(y), self.absolute(x)
        both_infinite = self.logical_and(self.is_infinite(y), self.is_infinite(x))
        rise, run = self.select(both_infinite, 1.0, rise), self.select(both_infinite, 1.0, run)
        both_zero = self.logical_and(self.equal(y, 0), self.equal(x, 0))
        angle = self._arctan_ratio(rise, self.select(both_zero, 1.0, run))
        angle = self.select(self.is_infinite(run), self.select(self.is_finite(y), 0.0, angle), angle)
        angle = self.select(self.logical_and(self.is_infinite(rise), self.is_finite(x)), math.pi / 2, angle)
        left = self.less(self.bitcast(x, INTEGER[x.dtype]), 0)
        low = {"float32": -8.742278e-08, "float64": 1.2246467991473532e-16}[y.dtype]
        angle = self.select(left, self.subtract(math.pi, angle - low), angle)
        result = self.copy_sign(angle, y)
        return self.select(self.logical_or(self.is_nan(y), self.is_nan(x)), math.nan, result)

    def _arcsine_near(self, size: Value, square: Value) -> Value:
        return self.fma(size * square, self.polynomial(polynomials.ARCSIN[size.dtype], square), size)

    def arcsin(self, x: Operand) -> Value:
        """Inverse sine; NaN outside [-1, 1]."""
        def body(value: Value) -> Value:
            size = self.absolute(value)
            far = self.greater(size, 0.5)
            square = self.select(far, self.fma(size, -0.5, 0.5), size * size)
            root = self.select(far, self.sqrt(square), size)
            near = self._arcsine_near(root, square)
            return self.copy_sign(self.select(far, self.fma(near, -2.0, math.pi / 2), near), value)

        return self._in_single(body, x)

    def arccos(self, x: Operand) -> Value:
        """Inverse cosine; NaN outside [-1, 1]."""
        def body(value: Value) -> Value:
            size = self.absolute(value)
            far = self.greater(size, 0.5)
            square = self.select(far, self.fma(size, -0.5, 0.5), size * size)
            root = self.select(far, self.sqrt(square), value)
            near = self._arcsine_near(root, square)
            outer = self.select(self.less(value, 0), self.subtract(math.pi, near * 2.0), near * 2.0)
            return self.select(far, outer, self.subtract(math.pi / 2, near))

        return self._in_single(body, x)

    # The error function ---------------------------------------------------------------------------------------------

    def _erfc_far(self, size: Value) -> Value:
        """erfc for sizes of at least 1."""
        bounded = self.minimum(size, 28.0)
        place = (bounded - 3.0) / (bounded + 3.0)
        scaled = self.polynomial(polynomials.ERFCX[size.dtype], place) / self.fma(bounded, 2.0, 1.0)
        square = bounded * bounded
        lost = self.fma(bounded, bounded, -square) if self.target.has_fma else self.constant(0.0, size.dtype, size.lanes)
        return self._exp(-square) * self.fma(scaled, -lost, scaled)

    def _erf_near(self, value: Value) -> Value:
        square = value * value
        return self.fma(value, self.polynomial(polynomials.ERF[value.dtype], square), value)

    def erf(self, x: Operand) -> Value:
        """Error function."""
        def body(value: Value) -> Value:
            size = self.absolute(value)
            far = self.copy_sign(self.subtract(1.0, self._erfc_far(size)), value)
            return self.select(self.less(size, 1.0), self._erf_near(self.clip(value, -1.0, 1.0)), far)

        return self._in_single(body, x)

    def erfc(self, x: Operand) -> Value:
        """1 - erf(x), exact for large x."""
        return self._in_single(self._erfc, x)

    def _erfc(self, value: Value) -> Value:
        size = self.absolute(value)
        far = self._erfc_far(size)
        far = self.select(self.less(value, 0), self.subtract(2.0, far), far)
        return self.select(self.less(size, 1.0), self.subtract(1.0, self._erf_near(self.clip(value, -1.0, 1.0))), far)

    def erfinv(self, x: Operand) -> Value:
        """The number whose erf is x; infinite at -1 and 1."""
        def body(value: Value) -> Value:
            size = self.absolute(value)
            gap = (self.subtract(1.0, size)) * (size + 1.0)
            weight = -self._log(gap)
            center = self.polynomial(polynomials.ERFINV[value.dtype], self.minimum(weight, 5.0) - 2.5)
            tail = self.polynomial(polynomials.ERFINV_TAIL[value.dtype], self.sqrt(self.clip(weight, 5.0, 38.0)) - 3.0)
            result = self.select(self.less(weight, 5.0), center, tail) * size
            if value.dtype == "float64":
                slope = self._exp(-(result * result)) * (2.0 / math.sqrt(math.pi))
                better = result + (self._erfc(result) - self.subtract(1.0, size)) / slope
                result = self.select(self.less(weight, 5.0), result, better)
            result = self.select(self.equal(size, 1.0), math.inf, result)
            return self.copy_sign(result, value)

        return self._in_single(body, x)
