"""Further element-wise functions: roots, error functions, scaled logarithms, signs and special values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.arithmetic import absolute, clip, maximum, minimum, mod
from pipekeras.ops.comparison import _truth, cast, equal, isclose, logical_and, logical_not, where
from pipekeras.ops.define import elementwise, floating, operands, primitive, public, public_as
from pipekeras.ops.mathematics import exp, exp2, isinf, isnan, log2, sin
from pipekeras.ops.reduction import all as all_of
from pipekeras.ops.reduction import mean


@elementwise(
    gradient=lambda g, out, x: (g / (3.0 * out * out),),
    dtype="float",
    emit=lambda e, x: e.copy_sign(e.power(e.absolute(x), 1.0 / 3.0), x),
)
def cbrt(x: Any) -> Any:
    """Cube root, of negative numbers too.

    >>> from pipekeras import ops
    >>> ops.cbrt([8.0, -1.0])
    Tensor([ 2., -1.], shape=(2,), dtype=float32)
    """
    return np.cbrt(x)


_erfc = np.frompyfunc(math.erfc, 1, 1)


@elementwise(gradient=lambda g, out, x: (g * exp(-x * x) * (-2.0 / math.sqrt(math.pi)),), dtype="float")
def erfc(x: Any) -> Any:
    """Complement of the error function: 1 - erf(x), exact where it is small.

    Example:

    >>> from pipekeras import ops
    >>> ops.erfc([-0.5, 0.5, 1.0]).numpy().round(4)
    array([1.5205, 0.4795, 0.1573], dtype=float32)
    """
    return np.asarray(_erfc(np.asarray(x, np.float64)), np.float64)


def _inverse_error(p: float) -> float:
    """Solve erf(x) = p by bisection on the complement, which keeps its digits where p is near 1."""
    if math.isnan(p) or abs(p) > 1.0:
        return math.nan
    if abs(p) == 1.0:
        return math.copysign(math.inf, p)
    size = abs(p)
    # Below, erf is nearly linear and the first guess is good; above, the guess follows the tail.
    x = size * math.sqrt(math.pi) / 2.0 if size < 0.5 else math.sqrt(-math.log((1.0 - size) * 1.2))
    for _ in range(60):
        error = math.erf(x) - size if size < 0.5 else (1.0 - size) - math.erfc(x)
        step = error / (2.0 / math.sqrt(math.pi) * math.exp(-x * x))
        # Halley's correction: the second derivative is -2x times the first.
        step /= 1.0 + x * step
        x -= step
        if abs(step) <= 1e-16 * abs(x):
            break
    return math.copysign(x, p)


_erfinv = np.frompyfunc(_inverse_error, 1, 1)


@elementwise(gradient=lambda g, out, x: (g * exp(out * out) * (math.sqrt(math.pi) / 2.0),), dtype="float")
def erfinv(x: Any) -> Any:
    """Inverse of the error function on (-1, 1); infinite at the ends and NaN outside.

    >>> from pipekeras import ops
    >>> ops.erfinv([0.0, 0.5]).numpy().round(4)
    array([0.    , 0.4769], dtype=float32)
    """
    return np.asarray(_erfinv(np.asarray(x, np.float64)), np.float64)


@elementwise(
    gradient=lambda g, out, x1, x2: _hypot_gradient(g, out, x1, x2),
    dtype="float",
    emit=lambda e, x1, x2: _emit_hypot(e, e.absolute(x1), e.absolute(x2)),
)
def hypot(x1: Any, x2: Any) -> Any:
    """Length of the hypotenuse, sqrt(x1² + x2²), without overflow on the way.

    Example:

    >>> from pipekeras import ops
    >>> ops.hypot([1.0, 4.0], [2.0, 3.0]).numpy().round(4)
    array([2.2361, 5.    ], dtype=float32)
    """
    return np.hypot(x1, x2)


def _hypot_gradient(g: Tensor, out: Tensor, x1: Tensor, x2: Tensor) -> tuple[Tensor, Tensor]:
    # The quotient first: the product may be too large. At 0 there is a tip, whose slopes to both sides make 0.
    length = where(equal(out, 0.0), 1.0, out)
    return g * (x1 / length), g * (x2 / length)


def _emit_hypot(e: Any, a: Any, b: Any) -> Any:
    larger, smaller = e.maximum(a, b), e.minimum(a, b)
    ratio = e.select(e.equal(larger, smaller), 1.0, smaller / larger)
    return e.select(e.equal(larger, 0.0), larger, larger * e.sqrt(ratio * ratio + 1.0))


@public
def logaddexp2(x1: Any, x2: Any) -> Tensor:
    """Logarithm to base 2 of a sum of powers of 2, without overflow: log2(2 ** x1 + 2 ** x2).

    Example:

    >>> from pipekeras import ops
    >>> ops.logaddexp2([1.0, 4.0], [2.0, 3.0]).numpy().round(4)
    array([2.585, 4.585], dtype=float32)
    """
    (first, second), dtype = operands(x1, x2)
    first, second = floating(cast(first, dtype)), floating(cast(second, dtype))
    larger, smaller = maximum(first, second), minimum(first, second)
    gap = where(equal(larger, smaller), 0.0, smaller - larger)
    return larger + log2(exp2(gap) + 1.0)


@public
def ldexp(x1: Any, x2: Any) -> Tensor:
    """Scale by a power of 2: x1 * 2 ** x2 with whole x2.

    Example:

    >>> from pipekeras import ops
    >>> ops.ldexp([1.0, 3.0], [2, 1])
    Tensor([4., 6.], shape=(2,), dtype=float32)
    """
    x = floating(x1)
    return x * exp2(cast(x2, x.dtype))


@public
def deg2rad(x: Any) -> Tensor:
    """Angle in radians of an angle in degrees.

    Example:

    >>> from pipekeras import ops
    >>> ops.deg2rad([0.0, 180.0]).numpy().round(4)
    array([0.    , 3.1416], dtype=float32)
    """
    return floating(x) * (math.pi / 180.0)


@public
def rad2deg(x: Any) -> Tensor:
    """Angle in degrees of an angle in radians.

    Example:

    >>> from pipekeras import ops
    >>> ops.rad2deg([0.0, 1.0]).numpy().round(4)
    array([ 0.    , 57.2958], dtype=float32)
    """
    return floating(x) * (180.0 / math.pi)


@public
def fabs(x: Any) -> Tensor:
    """Absolute value as a float.

    Example:

    >>> from pipekeras import ops
    >>> ops.fabs([-0.5, 0.5, 1.0])
    Tensor([0.5, 0.5, 1. ], shape=(3,), dtype=float32)
    """
    return absolute(floating(x))


@public
def fmax(x1: Any, x2: Any) -> Tensor:
    """The larger of two elements; the other one where one is NaN.

    Example:

    >>> from pipekeras import ops
    >>> ops.fmax([1.0, 4.0], [2.0, 3.0])
    Tensor([2., 4.], shape=(2,), dtype=float32)
    """
    (a, b), dtype = operands(x1, x2)
    a, b = cast(a, dtype), cast(b, dtype)
    if not dtypes.is_float(dtype):
        return maximum(a, b)
    return where(isnan(a), b, where(isnan(b), a, maximum(a, b)))


@public
def fmin(x1: Any, x2: Any) -> Tensor:
    """The smaller of two elements; the other one where one is NaN.

    Example:

    >>> from pipekeras import ops
    >>> ops.fmin([1.0, 4.0], [2.0, 3.0])
    Tensor([1., 3.], shape=(2,), dtype=float32)
    """
    (a, b), dtype = operands(x1, x2)
    a, b = cast(a, dtype), cast(b, dtype)
    if not dtypes.is_float(dtype):
        return minimum(a, b)
    return where(isnan(a), b, where(isnan(b), a, minimum(a, b)))


@public
def fmod(x1: Any, x2: Any) -> Tensor:
    """Remainder of the division that rounds towards 0; it has the sign of x1.

    >>> from pipekeras import ops
    >>> ops.fmod([-7, 7], 3)
    Tensor([-1,  1], shape=(2,), dtype=int32)
    """
    (a, b), dtype = operands(x1, x2)
    a, b = cast(a, dtype), cast(b, dtype)
    rest = mod(absolute(a), absolute(b))
    return where(a < 0, -rest, rest) if not dtype.startswith("uint") else rest


@public
def heaviside(x1: Any, x2: Any) -> Tensor:
    """Step function: 0 below 0, 1 above, x2 at 0.

    Example:

    >>> from pipekeras import ops
    >>> ops.heaviside([-1.0, 0.0, 2.0], 0.5)
    Tensor([0. , 0.5, 1. ], shape=(3,), dtype=float32)
    """
    (a, b), dtype = operands(x1, x2)
    a, b = floating(cast(a, dtype)), floating(cast(b, dtype))
    step = where(equal(a, 0), b, cast(a > 0, b.dtype))
    return where(isnan(a), a, step)


@public
def sinc(x: Any) -> Tensor:
    """sin(pi x) / (pi x), and 1 at 0.

    Example:

    >>> from pipekeras import ops
    >>> ops.sinc([-0.5, 0.5, 1.0]).numpy().round(4)
    array([ 0.6366,  0.6366, -0.    ], dtype=float32)
    """
    x = floating(x)
    zero = equal(x, 0)
    turned = where(zero, 1.0, x * math.pi)
    return where(zero, 1.0, sin(turned) / turned)


@public
def i0(x: Any) -> Tensor:
    """Modified Bessel function of the first kind, order 0.

    Formula: the mean of e ** (x cos t) over a full turn of t. The mean over evenly spaced angles converges faster than
    any power of their number, so a fixed number of them is exact for every x whose result is finite.

    >>> from pipekeras import ops
    >>> ops.i0([0.0, 1.0]).numpy().round(4)
    array([1.    , 1.2661], dtype=float32)
    """
    x = floating(x)
    # Half a turn is enough, as the cosine is even; the error falls like e ** (-count² / 2x).
    count = 120 if x.dtype == "float64" else 44
    angles = (np.arange(count) + 0.5) * (math.pi / count)
    size = absolute(x)
    cosines = convert(np.cos(angles), x.dtype)
    from pipekeras.ops.shaping import expand_dims

    wide = expand_dims(size, -1)
    # e ** |x| is taken in two halves: it may overflow where the product does not.
    half = exp(size * 0.5)
    return mean(exp(wide * (cosines - 1.0)), -1) * half * half


@public
def isneginf(x: Any) -> Tensor:
    """Whether each element is minus infinity.

    Example:

    >>> from pipekeras import ops
    >>> ops.isneginf([1.0, float("-inf"), float("nan")])
    Tensor([False,  True, False], shape=(3,), dtype=bool)
    """
    x = floating(x)
    return logical_and(isinf(x), x < 0)


@public
def isposinf(x: Any) -> Tensor:
    """Whether each element is plus infinity.

    Example:

    >>> from pipekeras import ops
    >>> ops.isposinf([1.0, float("-inf"), float("nan")])
    Tensor([False, False, False], shape=(3,), dtype=bool)
    """
    x = floating(x)
    return logical_and(isinf(x), x > 0)


@public
def nan_to_num(x: Any, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None) -> Tensor:
    """Replace NaN by a number, and infinities by the largest numbers of the type or by given ones.

    >>> from pipekeras import ops
    >>> ops.nan_to_num([float("nan"), float("inf"), 1.0], posinf=9.0)
    Tensor([0., 9., 1.], shape=(3,), dtype=float32)
    """
    x = convert(x)
    if not dtypes.is_float(x.dtype):
        return x
    limit = _largest(x.dtype)
    x = where(isnan(x), nan, x)
    x = where(isposinf(x), limit if posinf is None else posinf, x)
    return where(isneginf(x), -limit if neginf is None else neginf, x)


def _largest(dtype: str) -> float:
    # The largest bfloat16: 8 bits of precision at the exponents of float32.
    return float(2.0**127 * (2.0 - 2.0**-7)) if dtype == "bfloat16" else float(np.finfo(dtypes.NUMPY[dtype]).max)


@public
def allclose(x1: Any, x2: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Tensor:
    """Whether |x1 - x2| <= atol + rtol * |x2| for every element.

    >>> from pipekeras import ops
    >>> bool(ops.allclose([1.0, 2.0], [1.0, 2.000001]))
    True
    """
    return all_of(isclose(x1, x2, rtol, atol, equal_nan))


@public
def saturate_cast(x: Any, dtype: Any) -> Tensor:
    """Convert to another type; what it can't hold becomes its smallest or largest number.

    >>> from pipekeras import ops
    >>> ops.saturate_cast([-3.0, 300.0], "uint8")
    Tensor([  0, 255], shape=(2,), dtype=uint8)
    """
    x = convert(x)
    name = dtypes.standardize(dtype)
    if name == "bool" or x.dtype == "bool":
        return cast(x, name)
    low, high = _limits(name)
    own_low, own_high = _limits(x.dtype)
    if dtypes.is_integer(name):
        # A float of few digits may round the limit up beyond the type; one step down stays inside.
        low, high = max(low, own_low), min(high, own_high)
        if dtypes.is_float(x.dtype) and x.dtype in dtypes.NUMPY:
            kind = dtypes.NUMPY[x.dtype].type
            if float(kind(high)) > high:
                clipped = cast(clip(x, low, float(np.nextafter(kind(high), kind(0)))), name)
                return where(x >= float(kind(high)), convert(np.asarray(high, dtypes.NUMPY[name])), clipped)
    elif dtypes.is_float(x.dtype):
        low, high = max(low, own_low), min(high, own_high)
        if x.dtype == "bfloat16" and name == "float16":
            # The largest number of float16 is none of bfloat16, which rounds it up.
            low, high = -65280.0, 65280.0
    return cast(clip(x, low, high), name) if dtypes.is_float(x.dtype) or dtypes.is_integer(name) else cast(x, name)


def _limits(dtype: str) -> tuple[Any, Any]:
    if dtypes.is_float(dtype):
        return -_largest(dtype), _largest(dtype)
    info = np.iinfo(dtypes.NUMPY[dtype])
    return int(info.min), int(info.max)


@public_as("select")
def select_case(condlist: Sequence[Any], choicelist: Sequence[Any], default: Any = 0) -> Tensor:
    """For each element, the choice of the first condition that holds, else the default.

    Args:
        condlist: list of bool tensors.
        choicelist: list of as many tensors.
        default: number or tensor, default 0.

    >>> from pipekeras import ops
    >>> ops.select([[True, False, False], [True, True, False]], [[1, 2, 3], [4, 5, 6]], 9)
    Tensor([1, 5, 9], shape=(3,), dtype=int32)
    """
    if len(condlist) != len(choicelist) or not condlist:
        raise ArgumentError(f"select needs as many choices as conditions; got {len(choicelist)} and {len(condlist)}")
    result: Any = default
    if not isinstance(default, Tensor):
        # A number takes the type in which the choices meet.
        result = operands(*choicelist, default)[0][-1]
    for condition, choice in zip(reversed(list(condlist)), reversed(list(choicelist)), strict=True):
        result = where(_truth(condition), choice, result)
    return convert(result)


def _infer_occurs(x1: Tensor, x2: Tensor) -> Spec:
    return Spec(x1.shape, "bool")


@primitive(_infer_occurs, None)
def _occurs(x1: Any, x2: Any) -> Any:
    return np.isin(x1, x2)


@public
def isin(x1: Any, x2: Any, assume_unique: bool = False, invert: bool = False) -> Tensor:
    """Whether each element of x1 occurs in x2.

    Args:
        x1: tensor.
        x2: tensor, flattened.
        assume_unique: bool, accepted for Keras' sake: the result is the same.
        invert: bool, default False; True asks whether it does not occur.

    >>> from pipekeras import ops
    >>> ops.isin([1, 2, 3], [3, 1])
    Tensor([ True, False,  True], shape=(3,), dtype=bool)
    """
    from pipekeras.ops.reduction import any as any_of
    from pipekeras.ops.shaping import expand_dims, reshape

    (a, b), dtype = operands(x1, x2)
    if b.size is None or b.size > 64:
        known = _occurs(cast(a, dtype), cast(b, dtype))
        return logical_not(known) if invert else known
    found = any_of(equal(expand_dims(cast(a, dtype), -1), reshape(cast(b, dtype), (-1,))), -1)
    return logical_not(found) if invert else found


