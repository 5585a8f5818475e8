"""Activations: functions that layers apply to their outputs, by name or by object."""

from __future__ import annotations

import types
from typing import Any

from pipekeras import ops
from pipekeras.core import serialization
from pipekeras.core.registry import register
from pipekeras.graph.tensor import Tensor
from pipekeras.nn import keras_2 as _keras_2  # noqa: F401 - its names are looked up
from pipekeras.nn.lookup import resolve

__all__ = [
    "celu",
    "deserialize",
    "elu",
    "exponential",
    "gelu",
    "get",
    "glu",
    "hard_shrink",
    "hard_sigmoid",
    "hard_silu",
    "hard_swish",
    "hard_tanh",
    "leaky_relu",
    "linear",
    "log_sigmoid",
    "log_softmax",
    "mish",
    "relu",
    "relu6",
    "selu",
    "serialize",
    "sigmoid",
    "silu",
    "soft_shrink",
    "softmax",
    "softplus",
    "softsign",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "squareplus",
    "swish",
    "tanh",
    "tanh_shrink",
    "threshold",
]


@register("activation")
def linear(x: Any) -> Any:
    """Return the input as it is.

    >>> linear(3.0)
    3.0
    """
    return x


@register("activation")
def relu(x: Any, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0) -> Tensor:
    """Rectifier.

    Formula: max(x, 0); in general x for x > threshold (at most max_value), else negative_slope * (x - threshold).

    Args:
        x: tensor.
        negative_slope: float, default 0.0.
        max_value: float or None, default None.
        threshold: float, default 0.0.

    >>> relu([-1.0, 2.0]).numpy()
    array([0., 2.], dtype=float32)
    """
    if not threshold and max_value is None:
        return ops.leaky_relu(x, negative_slope) if negative_slope else ops.relu(x)
    x = ops.convert_to_tensor(x)
    positive = ops.where(ops.greater(x, threshold), x, 0) if threshold else ops.relu(x)
    if max_value is not None:
        positive = ops.clip(positive, 0.0, max_value)
    if negative_slope:
        positive = positive - ops.relu(threshold - x) * negative_slope
    return positive


@register("activation")
def leaky_relu(x: Any, negative_slope: float = 0.2) -> Tensor:
    """Rectifier with a slope below 0: x for x > 0, else negative_slope * x.

    >>> leaky_relu([-1.0, 2.0]).numpy()
    array([-0.2,  2. ], dtype=float32)
    """
    return ops.leaky_relu(x, negative_slope)


@register("activation")
def relu6(x: Any) -> Tensor:
    """Rectifier that stops at 6: min(max(x, 0), 6).

    >>> relu6([-1.0, 8.0]).numpy()
    array([0., 6.], dtype=float32)
    """
    return ops.relu6(x)


@register("activation")
def elu(x: Any, alpha: float = 1.0) -> Tensor:
    """Exponential linear unit: x for x > 0, else alpha * (e^x - 1).

    >>> elu([-1.0, 2.0]).numpy().round(3)
    array([-0.632,  2.   ], dtype=float32)

    Source: Clevert, Unterthiner and Hochreiter, 2016, Fast and accurate deep network learning by ELUs.
    """
    return ops.elu(x, alpha)


@register("activation")
def selu(x: Any) -> Tensor:
    """Scaled exponential linear unit: 1.0507 * elu(x, 1.6733).

    >>> selu([-1.0, 2.0]).numpy().round(3)
    array([-1.111,  2.101], dtype=float32)

    Source: Klambauer et al., 2017, Self-normalizing neural networks.
    """
    return ops.selu(x)


@register("activation")
def celu(x: Any, alpha: float = 1.0) -> Tensor:
    """Exponential linear unit without a kink: max(x, 0) + min(0, alpha * (e^(x / alpha) - 1)).

    >>> celu([-1.0, 2.0]).numpy().round(3)
    array([-0.632,  2.   ], dtype=float32)

    Source: Barron, 2017, Continuously differentiable exponential linear units.
    """
    return ops.celu(x, alpha)


@register("activation")
def gelu(x: Any, approximate: bool = False) -> Tensor:
    """Gaussian error linear unit: x times the standard normal distribution function at x.

    Args:
        x: tensor.
        approximate: bool, default False. Use tanh in place of the error function.

    >>> gelu([-1.0, 2.0]).numpy().round(3)
    array([-0.159,  1.954], dtype=float32)

    Source: Hendrycks and Gimpel, 2016, Gaussian error linear units.
    """
    return ops.gelu(x, approximate)


@register("activation")
def glu(x: Any, axis: int = -1) -> Tensor:
    """Gated linear unit: the first half of an axis times the sigmoid of the second.

    >>> glu([2.0, 0.0]).numpy()
    array([1.], dtype=float32)

    Source: Dauphin et al., 2017, Language modeling with gated convolutional networks.
    """
    return ops.glu(x, axis)


@register("activation", aliases=("swish",))
def silu(x: Any) -> Tensor:
    """Sigmoid linear unit: x * sigmoid(x).

    >>> silu([-1.0, 2.0]).numpy().round(3)
    array([-0.269,  1.762], dtype=float32)

    Source: Ramachandran, Zoph and Le, 2017, Searching for activation functions.
    """
    return ops.silu(x)


@register("activation")
def mish(x: Any) -> Tensor:
    """x * tanh(softplus(x)).

    >>> mish([-1.0, 2.0]).numpy().round(3)
    array([-0.303,  1.944], dtype=float32)

    Source: Misra, 2019, Mish: a self regularized non-monotonic activation function.
    """
    return ops.mish(x)


@register("activation")
def sigmoid(x: Any) -> Tensor:
    """Logistic function: 1 / (1 + e^-x).

    >>> sigmoid([0.0, 2.0]).numpy().round(3)
    array([0.5  , 0.881], dtype=float32)
    """
    return ops.sigmoid(x)


@register("activation")
def hard_sigmoid(x: Any) -> Tensor:
    """Sigmoid in three straight lines: clip(x / 6 + 1 / 2, 0, 1).

    >>> hard_sigmoid([-3.0, 0.0, 4.0]).numpy()
    array([0. , 0.5, 1. ], dtype=float32)
    """
    return ops.hard_sigmoid(x)


@register("activation")
def log_sigmoid(x: Any) -> Tensor:
    """Logarithm of the logistic function: -log(1 + e^-x).

    >>> log_sigmoid([0.0, 2.0]).numpy().round(3)
    array([-0.693, -0.127], dtype=float32)
    """
    return ops.log_sigmoid(x)


@register("activation")
def sparse_sigmoid(x: Any) -> Tensor:
    """0 up to -1, 1 from 1, a straight line in between.

    >>> sparse_sigmoid([-2.0, 0.0, 2.0]).numpy()
    array([0. , 0.5, 1. ], dtype=float32)
    """
    return ops.sparse_sigmoid(x)


@register("activation", aliases=("hard_swish",))
def hard_silu(x: Any) -> Tensor:
    """x * hard_sigmoid(x).

    >>> hard_silu([-3.0, 3.0]).numpy()
    array([-0.,  3.], dtype=float32)

    Source: Howard et al., 2019, Searching for MobileNetV3.
    """
    return ops.hard_silu(x)


@register("activation")
def tanh(x: Any) -> Tensor:
    """Hyperbolic tangent.

    >>> tanh([0.0, 1.0]).numpy().round(3)
    array([0.   , 0.762], dtype=float32)
    """
    return ops.tanh(x)


@register("activation")
def hard_tanh(x: Any) -> Tensor:
    """Clip to [-1, 1].

    >>> hard_tanh([-2.0, 0.5]).numpy()
    array([-1. ,  0.5], dtype=float32)
    """
    return ops.hard_tanh(x)


@register("activation")
def tanh_shrink(x: Any) -> Tensor:
    """x - tanh(x).

    >>> tanh_shrink([0.0, 1.0]).numpy().round(3)
    array([0.   , 0.238], dtype=float32)
    """
    return ops.tanh_shrink(x)


@register("activation")
def hard_shrink(x: Any, threshold: float = 0.5) -> Tensor:
    """x where |x| > threshold, else 0.

    >>> hard_shrink([-1.0, 0.3]).numpy()
    array([-1.,  0.], dtype=float32)
    """
    return ops.hard_shrink(x, threshold)


@register("activation")
def soft_shrink(x: Any, threshold: float = 0.5) -> Tensor:
    """x moved towards 0 by the threshold, 0 within it.

    >>> soft_shrink([-1.0, 0.3]).numpy()
    array([-0.5,  0. ], dtype=float32)
    """
    return ops.soft_shrink(x, threshold)


@register("activation")
def threshold(x: Any, threshold: float, default_value: float) -> Tensor:
    """x where x > threshold, else default_value.

    >>> threshold([0.2, 0.9], 0.5, -1.0).numpy()
    array([-1. ,  0.9], dtype=float32)
    """
    return ops.threshold(x, threshold, default_value)


@register("activation")
def softplus(x: Any) -> Tensor:
    """Smooth rectifier: log(1 + e^x).

    >>> softplus([0.0, 2.0]).numpy().round(3)
    array([0.693, 2.127], dtype=float32)
    """
    return ops.softplus(x)


@register("activation")
def sparse_plus(x: Any) -> Tensor:
    """0 up to -1, (x + 1)^2 / 4 up to 1, x from there.

    >>> sparse_plus([-2.0, 0.0, 2.0]).numpy()
    array([0.  , 0.25, 2.  ], dtype=float32)
    """
    return ops.sparse_plus(x)


@register("activation")
def squareplus(x: Any, b: float = 4) -> Tensor:
    """Smooth rectifier without exponentials: (x + sqrt(x^2 + b)) / 2.

    >>> squareplus([0.0, 2.0]).numpy().round(3)
    array([1.   , 2.414], dtype=float32)

    Source: Barron, 2021, Squareplus: a softplus-like algebraic rectifier.
    """
    return ops.squareplus(x, b)


@register("activation")
def softsign(x: Any) -> Tensor:
    """x / (1 + |x|).

    >>> softsign([-1.0, 3.0]).numpy()
    array([-0.5 ,  0.75], dtype=float32)
    """
    return ops.softsign(x)


@register("activation")
def exponential(x: Any) -> Tensor:
    """e^x.

    >>> exponential([0.0, 1.0]).numpy().round(3)
    array([1.   , 2.718], dtype=float32)
    """
    return ops.exp(x)


@register("activation")
def softmax(x: Any, axis: int | None = -1) -> Tensor:
    """Turn numbers into probabilities: e^x / sum(e^x) over an axis.

    >>> softmax([0.0, 0.0]).numpy()
    array([0.5, 0.5], dtype=float32)
    """
    return ops.softmax(x, axis)


@register("activation")
def log_softmax(x: Any, axis: int | None = -1) -> Tensor:
    """Logarithm of softmax: x - log(sum(e^x)).

    >>> log_softmax([0.0, 0.0]).numpy().round(3)
    array([-0.693, -0.693], dtype=float32)
    """
    return ops.log_softmax(x, axis)


@register("activation")
def sparsemax(x: Any, axis: int = -1) -> Tensor:
    """Subtract a threshold and rectify, so that many results are exactly 0.

    Formula: max(x - t, 0). The threshold t is the one that Keras computes; with one element above it this is the
    projection onto the probability simplex, with more the results may sum to less than 1.

    >>> sparsemax([2.0, 0.0, 0.5]).numpy()
    array([1., 0., 0.], dtype=float32)

    Source: Martins and Astudillo, 2016, From softmax to sparsemax.
    """
    return ops.sparsemax(x, axis)


swish = silu
hard_swish = hard_silu


def serialize(activation: Any) -> Any:
    """Return the name of an activation of ours or of yours, or the config of an object.

    >>> serialize(relu)
    'relu'
    """
    config = serialization.serialize(activation)
    if isinstance(activation, types.FunctionType) and isinstance(config, dict):
        return config["config"]
    return config


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """Return the activation that a name or config stands for.

    Args:
        config: str or dict.
        custom_objects: dict of name to function, for activations of your own.

    >>> deserialize("relu") is relu
    True
    """
    with serialization.custom_object_scope(custom_objects):
        return get(config)


def get(identifier: Any) -> Any:
    """Return the activation that an identifier stands for; None is `linear`.

    Args:
        identifier: str such as "relu", dict, function of a tensor, or None.

    Raises:
        ConfigurationError: There is no such activation.

    >>> get("swish") is silu
    True
    """
    return linear if identifier is None else resolve("activation", identifier)
