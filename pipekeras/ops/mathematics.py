"""Element-wise functions: exponentials, trigonometry, rounding, and the smooth functions of activations."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.define import FUNCTIONS, OPERATIONS, elementwise, floating, operands, public


def _f(name: str, *values: Any) -> Any:
    return FUNCTIONS[name](*values)


@elementwise(gradient=lambda g, out, x: (g * out,), dtype="float")
def exp(x: Any) -> Any:
    """Exponential: e ** x.

    Example:

    >>> from pipekeras import ops
    >>> ops.exp([-0.5, 0.5, 1.0]).numpy().round(4)
    array([0.6065, 1.6487, 2.7183], dtype=float32)
    """
    return np.exp(x)


@elementwise(gradient=lambda g, out, x: (g * (out + 1.0),), dtype="float")
def expm1(x: Any) -> Any:
    """Exponential minus one, exact near 0: e ** x - 1.

    Example:

    >>> from pipekeras import ops
    >>> ops.expm1([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-0.3935,  0.6487,  1.7183], dtype=float32)
    """
    return np.expm1(x)


@elementwise(gradient=lambda g, out, x: (g / x,), dtype="float")
def log(x: Any) -> Any:
    """Natural logarithm; -inf at 0 and NaN below.

    Example:

    >>> from pipekeras import ops
    >>> ops.log([0.5, 1.0, 2.0]).numpy().round(4)
    array([-0.6931,  0.    ,  0.6931], dtype=float32)
    """
    return np.log(x)


@elementwise(gradient=lambda g, out, x: (g / (x + 1.0),), dtype="float")
def log1p(x: Any) -> Any:
    """Logarithm of one plus x, exact near 0: log(1 + x).

    Example:

    >>> from pipekeras import ops
    >>> ops.log1p([0.5, 1.0, 2.0]).numpy().round(4)
    array([0.4055, 0.6931, 1.0986], dtype=float32)
    """
    return np.log1p(x)


@elementwise(gradient=lambda g, out, x: (g * (1.0 / math.log(2.0)) / x,), dtype="float")
def log2(x: Any) -> Any:
    """Logarithm to base 2, exact at powers of 2.

    Example:

    >>> from pipekeras import ops
    >>> ops.log2([0.5, 1.0, 2.0])
    Tensor([-1.,  0.,  1.], shape=(3,), dtype=float32)
    """
    return np.log2(x)


@elementwise(gradient=lambda g, out, x: (g * (1.0 / math.log(10.0)) / x,), dtype="float")
def log10(x: Any) -> Any:
    """Logarithm to base 10.

    Example:

    >>> from pipekeras import ops
    >>> ops.log10([0.5, 1.0, 2.0]).numpy().round(4)
    array([-0.301,  0.   ,  0.301], dtype=float32)
    """
    return np.log10(x)


@elementwise(gradient=lambda g, out, x: (g * out * math.log(2.0),), dtype="float")
def exp2(x: Any) -> Any:
    """Power of 2: 2 ** x, exact for whole numbers.

    Example:

    >>> from pipekeras import ops
    >>> ops.exp2([-0.5, 0.5, 1.0]).numpy().round(4)
    array([0.7071, 1.4142, 2.    ], dtype=float32)
    """
    return np.exp2(x)


@public
def logaddexp(x1: Any, x2: Any) -> Tensor:
    """Logarithm of a sum of exponentials without overflow: log(e ** x1 + e ** x2).

    Example:

    >>> from pipekeras import ops
    >>> ops.logaddexp([1.0, 4.0], [2.0, 3.0]).numpy().round(4)
    array([2.3133, 4.3133], dtype=float32)
    """
    (first, second), dtype = operands(x1, x2)
    # Whole numbers become floats first: below 0 unsigned ones begin again from above.
    first, second = (_f("cast", item, dtypes.as_float(dtype)) for item in (first, second))
    larger, smaller = _f("maximum", first, second), _f("minimum", first, second)
    # Equal infinities have no difference; 0 is what it stands for.
    return larger + log1p(exp(_f("where", _f("equal", larger, smaller), 0.0, smaller - larger)))


@elementwise(gradient=lambda g, out, x: (g * 0.5 / out,), dtype="float")
def sqrt(x: Any) -> Any:
    """Square root; NaN below 0.

    Example:

    >>> from pipekeras import ops
    >>> ops.sqrt([0.5, 1.0, 2.0]).numpy().round(4)
    array([0.7071, 1.    , 1.4142], dtype=float32)
    """
    return np.sqrt(x)


@elementwise(gradient=lambda g, out, x: (g * -0.5 * out * out * out,), dtype="float")
def rsqrt(x: Any) -> Any:
    """Reciprocal of the square root: 1 / sqrt(x).

    Example:

    >>> from pipekeras import ops
    >>> ops.rsqrt([0.5, 1.0, 2.0]).numpy().round(4)
    array([1.4142, 1.    , 0.7071], dtype=float32)
    """
    return 1.0 / np.sqrt(x)


@elementwise(gradient=lambda g, out, x: (g * _f("cos", x),), dtype="float")
def sin(x: Any) -> Any:
    """Sine of an angle in radians.

    Example:

    >>> from pipekeras import ops
    >>> ops.sin([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-0.4794,  0.4794,  0.8415], dtype=float32)
    """
    return np.sin(x)


@elementwise(gradient=lambda g, out, x: (-g * sin(x),), dtype="float")
def cos(x: Any) -> Any:
    """Cosine of an angle in radians.

    Example:

    >>> from pipekeras import ops
    >>> ops.cos([-0.5, 0.5, 1.0]).numpy().round(4)
    array([0.8776, 0.8776, 0.5403], dtype=float32)
    """
    return np.cos(x)


@elementwise(gradient=lambda g, out, x: (g * (out * out + 1.0),), dtype="float")
def tan(x: Any) -> Any:
    """Tangent of an angle in radians.

    Example:

    >>> from pipekeras import ops
    >>> ops.tan([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-0.5463,  0.5463,  1.5574], dtype=float32)
    """
    return np.tan(x)


@elementwise(gradient=lambda g, out, x: (g * rsqrt(1.0 - x * x),), dtype="float")
def arcsin(x: Any) -> Any:
    """Angle whose sine is x, in [-pi/2, pi/2].

    Example:

    >>> from pipekeras import ops
    >>> ops.arcsin([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-0.5236,  0.5236,  1.5708], dtype=float32)
    """
    return np.arcsin(x)


@elementwise(gradient=lambda g, out, x: (-g * rsqrt(1.0 - x * x),), dtype="float")
def arccos(x: Any) -> Any:
    """Angle whose cosine is x, in [0, pi].

    Example:

    >>> from pipekeras import ops
    >>> ops.arccos([-0.5, 0.5, 1.0]).numpy().round(4)
    array([2.0944, 1.0472, 0.    ], dtype=float32)
    """
    return np.arccos(x)


@elementwise(gradient=lambda g, out, x: (g / (x * x + 1.0),), dtype="float")
def arctan(x: Any) -> Any:
    """Angle whose tangent is x, in [-pi/2, pi/2].

    Example:

    >>> from pipekeras import ops
    >>> ops.arctan([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-0.4636,  0.4636,  0.7854], dtype=float32)
    """
    return np.arctan(x)


def _arctan2_gradient(g: Any, out: Tensor, x1: Any, x2: Any) -> tuple[Any, Any]:
    scale = g / (x1 * x1 + x2 * x2)
    return scale * x2, -scale * x1


@elementwise(gradient=_arctan2_gradient, dtype="float")
def arctan2(x1: Any, x2: Any) -> Any:
    """Angle of the point (x2, x1), in [-pi, pi].

    Example:

    >>> from pipekeras import ops
    >>> ops.arctan2([1.0, 4.0], [2.0, 3.0]).numpy().round(4)
    array([0.4636, 0.9273], dtype=float32)
    """
    return np.arctan2(x1, x2)


@elementwise(gradient=lambda g, out, x: (g * _f("cosh", x),), dtype="float")
def sinh(x: Any) -> Any:
    """Hyperbolic sine: (e ** x - e ** -x) / 2.

    Example:

    >>> from pipekeras import ops
    >>> ops.sinh([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-0.5211,  0.5211,  1.1752], dtype=float32)
    """
    return np.sinh(x)


@elementwise(gradient=lambda g, out, x: (g * sinh(x),), dtype="float")
def cosh(x: Any) -> Any:
    """Hyperbolic cosine: (e ** x + e ** -x) / 2.

    Example:

    >>> from pipekeras import ops
    >>> ops.cosh([-0.5, 0.5, 1.0]).numpy().round(4)
    array([1.1276, 1.1276, 1.5431], dtype=float32)
    """
    return np.cosh(x)


@elementwise(gradient=lambda g, out, x: (g * (1.0 - out * out),), dtype="float")
def tanh(x: Any) -> Any:
    """Hyperbolic tangent: sinh(x) / cosh(x).

    Example:

    >>> from pipekeras import ops
    >>> ops.tanh([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-0.4621,  0.4621,  0.7616], dtype=float32)
    """
    return np.tanh(x)


@public
def arcsinh(x: Any) -> Tensor:
    """Inverse of the hyperbolic sine.

    Example:

    >>> from pipekeras import ops
    >>> ops.arcsinh([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-0.4812,  0.4812,  0.8814], dtype=float32)
    """
    x = floating(x)
    size = _f("absolute", x)
    # Squares of large numbers overflow; there the result is log(2 x) to the last bit.
    bound = 200.0 if x.dtype == "float16" else 1e8
    tame = _f("minimum", size, bound)
    square = tame * tame
    near = log1p(tame + square / (sqrt(square + 1.0) + 1.0))
    far = log(_f("maximum", size, 1.0)) + math.log(2.0)
    found = _f("sign", x) * _f("where", size > bound, far, near)
    # Sizes have no slope at 0, where the function has.
    slope = _f("where", size > bound, 1.0 / _f("maximum", size, 1.0), 1.0 / sqrt(square + 1.0))
    return OPERATIONS["own_gradient"](found, x, rule=lambda g: [g * slope])


@public
def arccosh(x: Any) -> Tensor:
    """Inverse of the hyperbolic cosine, for x of 1 or more.

    Example:

    >>> from pipekeras import ops
    >>> ops.arccosh([1.0, 2.0]).numpy().round(4)
    array([0.   , 1.317], dtype=float32)
    """
    x = convert(x)
    return log(x + sqrt(x - 1.0) * sqrt(x + 1.0))


@public
def arctanh(x: Any) -> Tensor:
    """Inverse of the hyperbolic tangent, for x in (-1, 1).

    Example:

    >>> from pipekeras import ops
    >>> ops.arctanh([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-0.5493,  0.5493,     inf], dtype=float32)
    """
    x = floating(x)
    return (log1p(x) - log1p(-x)) * 0.5


def _sigmoid(x: Any) -> Any:
    # exp of a non-positive number can't overflow.
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0 / (1.0 + small), small / (1.0 + small)).astype(x.dtype)


@elementwise(gradient=lambda g, out, x: (g * out * (1.0 - out),), dtype="float")
def sigmoid(x: Any) -> Any:
    """Logistic function: 1 / (1 + e ** -x).

    >>> from pipekeras import ops
    >>> ops.sigmoid(0.0)
    Tensor(0.5, shape=(), dtype=float32)
    """
    return _sigmoid(x)


@elementwise(
    gradient=lambda g, out, x: (g * sigmoid(x),),
    dtype="float",
    emit=lambda e, x: e.maximum(x, 0.0) + e.log1p(e.exp(-e.absolute(x))),
)
def softplus(x: Any) -> Any:
    """Smooth ramp: log(1 + e ** x).

    Example:

    >>> from pipekeras import ops
    >>> ops.softplus([-0.5, 0.5, 1.0]).numpy().round(4)
    array([0.4741, 0.9741, 1.3133], dtype=float32)
    """
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


_erf = np.frompyfunc(math.erf, 1, 1)


@elementwise(gradient=lambda g, out, x: (g * exp(-x * x) * (2.0 / math.sqrt(math.pi)),), dtype="float")
def erf(x: Any) -> Any:
    """Error function: 2 / sqrt(pi) times the integral of e ** -t² from 0 to x.

    Example:

    >>> from pipekeras import ops
    >>> ops.erf([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-0.5205,  0.5205,  0.8427], dtype=float32)
    """
    return np.asarray(_erf(np.asarray(x, np.float64)), np.float64)


@elementwise(gradient=lambda g, out, x: (_f("where", _f("greater", out, 0), g, 0.0),),
             emit=lambda e, x: e.maximum(x, 0))  # fmt: skip
def _rectify(x: Any) -> Any:
    return np.maximum(x, 0)


@public
def relu(x: Any) -> Tensor:
    """Rectifier: max(x, 0); the derivative at 0 is 0.

    >>> from pipekeras import ops
    >>> ops.relu([-1.0, 2.0])
    Tensor([0., 2.], shape=(2,), dtype=float32)
    """
    x = convert(x)
    return _rectify(_f("cast", x, "int32") if x.dtype == "bool" else x)


@elementwise(gradient=lambda g, out, x: (None,), dtype="float")
def floor(x: Any) -> Any:
    """Largest whole number that is not above x.

    Example:

    >>> from pipekeras import ops
    >>> ops.floor([-1.5, 1.5])
    Tensor([-2.,  1.], shape=(2,), dtype=float32)
    """
    return np.floor(x)


@elementwise(gradient=lambda g, out, x: (None,), dtype="float")
def ceil(x: Any) -> Any:
    """Smallest whole number that is not below x.

    Example:

    >>> from pipekeras import ops
    >>> ops.ceil([-1.5, 1.5])
    Tensor([-1.,  2.], shape=(2,), dtype=float32)
    """
    return np.ceil(x)


@elementwise(gradient=lambda g, out, x: (None,), emit=lambda e, x: e.truncate(x))
def trunc(x: Any) -> Any:
    """Whole part of x: rounding towards 0.

    Example:

    >>> from pipekeras import ops
    >>> ops.trunc([-1.5, 1.5])
    Tensor([-1.,  1.], shape=(2,), dtype=float32)
    """
    return np.trunc(x)


@elementwise(gradient=lambda g, out, x: (None,), emit=lambda e, x: e.round(x))
def _round_even(x: Any) -> Any:
    return np.rint(x)


@public
def round(x: Any, decimals: int = 0) -> Tensor:
    """Round to `decimals` places; halves go to the even neighbour.

    Example:

    >>> from pipekeras import ops
    >>> ops.round([0.4, 1.6])
    Tensor([0., 2.], shape=(2,), dtype=float32)
    """
    x = convert(x)
    if x.dtype == "bool" or (decimals >= 0 and x.dtype.startswith(("int", "uint"))):
        return x
    if decimals == 0:
        return _round_even(x)
    scale = 10.0**decimals
    result = _round_even(x * scale) / scale
    return _f("cast", result, x.dtype)


@elementwise(gradient=None, emit=lambda e, x: e.is_nan(x), dtype="bool")
def isnan(x: Any) -> Any:
    """Whether each element is NaN.

    Example:

    >>> from pipekeras import ops
    >>> ops.isnan([1.0, float("-inf"), float("nan")])
    Tensor([False, False,  True], shape=(3,), dtype=bool)
    """
    return np.isnan(x)


@elementwise(gradient=None, emit=lambda e, x: e.is_infinite(x), dtype="bool")
def isinf(x: Any) -> Any:
    """Whether each element is infinite.

    Example:

    >>> from pipekeras import ops
    >>> ops.isinf([1.0, float("-inf"), float("nan")])
    Tensor([False,  True, False], shape=(3,), dtype=bool)
    """
    return np.isinf(x)


@elementwise(gradient=None, emit=lambda e, x: e.is_finite(x), dtype="bool")
def isfinite(x: Any) -> Any:
    """Whether each element is neither infinite nor NaN.

    Example:

    >>> from pipekeras import ops
    >>> ops.isfinite([1.0, float("-inf"), float("nan")])
    Tensor([ True, False, False], shape=(3,), dtype=bool)
    """
    return np.isfinite(x)
