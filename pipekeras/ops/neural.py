"""Activations and other functions of neural networks, composed from the primitives."""

from __future__ import annotations

import math
from typing import Any

from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.arithmetic import absolute, negative, square
from pipekeras.ops.comparison import cast, stop_gradient, where
from pipekeras.ops.define import FUNCTIONS, floating, primitive, public
from pipekeras.ops.mathematics import erf, exp, expm1, relu, sigmoid, softplus, sqrt, tanh
from pipekeras.ops.reduction import logsumexp, max, sum
from pipekeras.ops.shaping import reshape


@public
def softmax(x: Any, axis: int | None = -1) -> Tensor:
    """Turn numbers into probabilities.

    Formula: e ** x / sum(e ** x) over `axis`, computed after subtracting the largest x.

    >>> from pipekeras import ops
    >>> ops.softmax([0.0, 0.0])
    Tensor([0.5, 0.5], shape=(2,), dtype=float32)
    """
    x = floating(x)
    if axis is None:
        return reshape(softmax(reshape(x, (-1,))), x.shape)
    if x.ndim and x.shape[axis] == 0:
        return x
    powers = exp(x - stop_gradient(max(x, axis, True)))
    return powers / sum(powers, axis, True)


@public
def log_softmax(x: Any, axis: int | None = -1) -> Tensor:
    """Logarithm of `softmax`, without a detour through tiny numbers.

    Example:

    >>> from pipekeras import ops
    >>> ops.log_softmax([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-2.1041, -1.1041, -0.6041], dtype=float32)
    """
    x = floating(x)
    if axis is None:
        return reshape(log_softmax(reshape(x, (-1,))), x.shape)
    return x - logsumexp(x, axis, True)


def _between(x: Any, low: float, high: float) -> Tensor:
    """Clip with a slope of 0 at both ends, as the piecewise linear activations have everywhere; clip() has 1 there."""
    x = convert(x)
    return where(x <= low, low, where(x >= high, high, x))


def _not_above_zero(x: Tensor) -> Tensor:
    """min(x, 0) with a slope of 1 at 0, where minimum() halves it: a unit that rests at 0 learns at full speed."""
    return where(x > 0, 0.0, x)


@public
def relu6(x: Any) -> Tensor:
    """Rectifier that stops at 6: min(max(x, 0), 6).

    Example:

    >>> from pipekeras import ops
    >>> ops.relu6([-1.0, 3.0, 8.0])
    Tensor([0., 3., 6.], shape=(3,), dtype=float32)
    """
    return _between(floating(x), 0, 6)


@public
def leaky_relu(x: Any, negative_slope: float = 0.2) -> Tensor:
    """Rectifier with a slope below 0: x if x > 0 else negative_slope * x.

    Example:

    >>> from pipekeras import ops
    >>> ops.leaky_relu([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-0.1,  0.5,  1. ], dtype=float32)
    """
    x = floating(x)
    return where(x > 0, x, x * negative_slope)


@public
def elu(x: Any, alpha: float = 1.0) -> Tensor:
    """Exponential linear unit: x if x > 0 else alpha * (e ** x - 1).

    Example:

    >>> from pipekeras import ops
    >>> ops.elu([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-0.3935,  0.5   ,  1.    ], dtype=float32)
    """
    x = floating(x)
    return where(x > 0, x, expm1(_not_above_zero(x)) * alpha)


@public
def selu(x: Any) -> Tensor:
    """Scaled exponential linear unit (Klambauer et al. 2017).

    Example:

    >>> from pipekeras import ops
    >>> ops.selu([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-0.6918,  0.5254,  1.0507], dtype=float32)
    """
    return elu(x, 1.6732632423543772) * 1.0507009873554805


@public
def celu(x: Any, alpha: float = 1.0) -> Tensor:
    """Continuously differentiable exponential linear unit: max(x, 0) + min(0, alpha * (e ** (x / alpha) - 1)).

    Example:

    >>> from pipekeras import ops
    >>> ops.celu([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-0.3935,  0.5   ,  1.    ], dtype=float32)
    """
    x = floating(x)
    return relu(x) + expm1(_not_above_zero(x) / alpha) * alpha


def _exact_gelu_slope(x: Tensor) -> Any:
    share: Any = (erf(x * math.sqrt(0.5)) + 1.0) * 0.5
    return share + x * exp(x * x * -0.5) * (1.0 / math.sqrt(2.0 * math.pi))


def _bent(x: Any) -> Any:
    """The argument of tanh that comes close to the error function's."""
    return (x + x * x * x * 0.044715) * math.sqrt(2.0 / math.pi)


def _tanh_gelu_slope(x: Tensor) -> Any:
    squashed: Any = tanh(_bent(x))
    bend: Any = (x * x * (3.0 * 0.044715) + 1.0) * math.sqrt(2.0 / math.pi)
    return (squashed + 1.0) * 0.5 + x * 0.5 * (1.0 - squashed * squashed) * bend


_SLOPES = {"exact_gelu": _exact_gelu_slope, "tanh_gelu": _tanh_gelu_slope}


@primitive(
    lambda value, x, kind: Spec(value.shape, value.dtype),
    lambda g, out, value, x, kind: (None, g * _SLOPES[kind](x)),
    "view",
    view=lambda view, **_: view,
)
def _sloped(value: Any, x: Any, kind: str) -> Any:
    """A function of x, with its derivative in one piece: a step then keeps that one instead of all that it is made from.

    What value and derivative share is computed once, as everything is that occurs twice in a graph.
    """
    return value


@public
def gelu(x: Any, approximate: bool = True) -> Tensor:
    """Gaussian error linear unit: x times the normal distribution function at x (Hendrycks, Gimpel 2016).

    Args:
        x: tensor.
        approximate: bool, default True; True uses tanh in place of the error function.

    Example:

    >>> from pipekeras import ops
    >>> ops.gelu([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-0.1543,  0.3457,  0.8412], dtype=float32)
    """
    x = floating(x)
    if approximate:
        return _sloped(x * 0.5 * (tanh(_bent(x)) + 1.0), x, kind="tanh_gelu")
    return _sloped(x * 0.5 * (erf(x * math.sqrt(0.5)) + 1.0), x, kind="exact_gelu")


@public
def silu(x: Any) -> Tensor:
    """Sigmoid linear unit: x * sigmoid(x).

    Example:

    >>> from pipekeras import ops
    >>> ops.silu([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-0.1888,  0.3112,  0.7311], dtype=float32)
    """
    x = floating(x)
    return x * sigmoid(x)


swish = silu
FUNCTIONS["swish"] = silu


@public
def softsign(x: Any) -> Tensor:
    """x / (1 + |x|).

    Example:

    >>> from pipekeras import ops
    >>> ops.softsign([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-0.3333,  0.3333,  0.5   ], dtype=float32)
    """
    x = floating(x)
    return x / (absolute(x) + 1.0)


@public
def log_sigmoid(x: Any) -> Tensor:
    """Logarithm of the logistic function, without a detour through tiny numbers.

    Example:

    >>> from pipekeras import ops
    >>> ops.log_sigmoid([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-0.9741, -0.4741, -0.3133], dtype=float32)
    """
    return negative(softplus(negative(floating(x))))


@public
def hard_sigmoid(x: Any) -> Tensor:
    """Piecewise linear sigmoid: clip(x / 6 + 1 / 2, 0, 1).

    Example:

    >>> from pipekeras import ops
    >>> ops.hard_sigmoid([-0.5, 0.5, 1.0]).numpy().round(4)
    array([0.4167, 0.5833, 0.6667], dtype=float32)
    """
    return _between(floating(x) * (1.0 / 6.0) + 0.5, 0.0, 1.0)


@public
def hard_silu(x: Any) -> Tensor:
    """x * hard_sigmoid(x).

    Example:

    >>> from pipekeras import ops
    >>> ops.hard_silu([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-0.2083,  0.2917,  0.6667], dtype=float32)
    """
    x = floating(x)
    return x * hard_sigmoid(x)


hard_swish = hard_silu
FUNCTIONS["hard_swish"] = hard_silu


@public
def hard_tanh(x: Any) -> Tensor:
    """Clip to [-1, 1].

    Example:

    >>> from pipekeras import ops
    >>> ops.hard_tanh([-0.5, 0.5, 1.0])
    Tensor([-0.5,  0.5,  1. ], shape=(3,), dtype=float32)
    """
    return _between(floating(x), -1.0, 1.0)


@public
def hard_shrink(x: Any, threshold: float = 0.5) -> Tensor:
    """x where |x| > threshold, else 0.

    Example:

    >>> from pipekeras import ops
    >>> ops.hard_shrink([-0.5, 0.5, 1.0])
    Tensor([0., 0., 1.], shape=(3,), dtype=float32)
    """
    x = floating(x)
    return where(absolute(x) > threshold, x, 0.0)


@public
def soft_shrink(x: Any, threshold: float = 0.5) -> Tensor:
    """x moved towards 0 by the threshold; 0 between -threshold and threshold.

    Example:

    >>> from pipekeras import ops
    >>> ops.soft_shrink([-0.5, 0.5, 1.0])
    Tensor([0. , 0. , 0.5], shape=(3,), dtype=float32)
    """
    x = floating(x)
    return where(x > threshold, x - threshold, where(x < -threshold, x + threshold, 0.0))


@public
def tanh_shrink(x: Any) -> Tensor:
    """x - tanh(x).

    Example:

    >>> from pipekeras import ops
    >>> ops.tanh_shrink([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-0.0379,  0.0379,  0.2384], dtype=float32)
    """
    x = floating(x)
    return x - tanh(x)


@public
def squareplus(x: Any, b: float = 4) -> Tensor:
    """Smooth ramp: (x + sqrt(x ** 2 + b)) / 2.

    Example:

    >>> from pipekeras import ops
    >>> ops.squareplus([-0.5, 0.5, 1.0]).numpy().round(4)
    array([0.7808, 1.2808, 1.618 ], dtype=float32)
    """
    x = floating(x)
    return (x + sqrt(square(x) + b)) * 0.5


@public
def sparse_plus(x: Any) -> Tensor:
    """0 up to -1, (x + 1) ** 2 / 4 in between, x from 1.

    Example:

    >>> from pipekeras import ops
    >>> ops.sparse_plus([-0.5, 0.5, 1.0]).numpy().round(4)
    array([0.0625, 0.5625, 1.    ], dtype=float32)
    """
    x = floating(x)
    return where(x <= -1, 0.0, where(x < 1, square(x + 1.0) * 0.25, x))


@public
def sparse_sigmoid(x: Any) -> Tensor:
    """0 up to -1, (x + 1) / 2 in between, 1 from 1.

    Example:

    >>> from pipekeras import ops
    >>> ops.sparse_sigmoid([-0.5, 0.5, 1.0])
    Tensor([0.25, 0.75, 1.  ], shape=(3,), dtype=float32)
    """
    return _between((floating(x) + 1.0) * 0.5, 0.0, 1.0)


@public
def threshold(x: Any, threshold: float, default_value: float) -> Tensor:
    """x where x > threshold, else the default value.

    Example:

    >>> from pipekeras import ops
    >>> ops.threshold([0.1, 2.0], 1.0, 0.0)
    Tensor([0., 2.], shape=(2,), dtype=float32)
    """
    x = floating(x)
    return where(x > threshold, x, default_value)


@public
def mish(x: Any) -> Tensor:
    """x * tanh(softplus(x)) (Misra 2019).

    Example:

    >>> from pipekeras import ops
    >>> ops.mish([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-0.2207,  0.3752,  0.8651], dtype=float32)
    """
    x = floating(x)
    return x * tanh(softplus(x))


@public
def glu(x: Any, axis: int = -1) -> Tensor:
    """Gated linear unit: the first half times the sigmoid of the second (Dauphin et al. 2017).

    Example:

    >>> from pipekeras import ops
    >>> ops.glu([1.0, 2.0, 0.0, 0.0])
    Tensor([0.5, 1. ], shape=(2,), dtype=float32)
    """
    first, second = FUNCTIONS["split"](floating(x), 2, axis)
    return first * sigmoid(second)


@public
def sparsemax(x: Any, axis: int = -1) -> Tensor:
    """Subtract a threshold and rectify, so that many results are exactly 0 (after Martins, Astudillo 2016).

    The threshold is the one that Keras computes, from the sum of all partial sums of the support. With a support of one
    element it is the paper's projection onto the probability simplex; with more, results may sum to less than 1.

    Example:

    >>> from pipekeras import ops
    >>> ops.sparsemax([-0.5, 0.5, 1.0])
    Tensor([0.  , 0.  , 0.25], shape=(3,), dtype=float32)
    """
    x = floating(x)
    moved = FUNCTIONS["moveaxis"](x, axis, -1)
    ordered = FUNCTIONS["flip"](FUNCTIONS["sort"](moved, -1), -1)
    sums = FUNCTIONS["cumsum"](ordered, -1)
    ranks = FUNCTIONS["arange"](1, (moved.shape[-1] or 0) + 1, dtype=x.dtype)
    support = ordered - (sums - 1.0) / ranks > 0
    size = sum(cast(support, x.dtype), -1, True)
    tau = (sum(where(support, sums, 0.0), -1, True) - 1.0) / size
    return FUNCTIONS["moveaxis"](relu(moved - tau), -1, axis)
