"""Cross-entropies of probabilities and of logits."""

from __future__ import annotations

from typing import Any

from pipekeras.core import configuration
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.arithmetic import absolute, clip, maximum
from pipekeras.ops.comparison import cast
from pipekeras.ops.define import FUNCTIONS, floating, public
from pipekeras.ops.mathematics import exp, log, log1p
from pipekeras.ops.neural import log_softmax
from pipekeras.ops.reduction import sum
from pipekeras.ops.softmax_loss import crossentropy_of_softmax


@public
def binary_crossentropy(target: Any, output: Any, from_logits: bool = False) -> Tensor:
    """Cross-entropy of two-way probabilities, element by element.

    Formula: -(t * log(p) + (1 - t) * log(1 - p)), p clipped to [epsilon, 1 - epsilon].

    Example:

    >>> from pipekeras import ops
    >>> ops.binary_crossentropy([0.0, 1.0], [0.25, 0.5]).numpy().round(4)
    array([0.2877, 0.6931], dtype=float32)
    """
    output = floating(output)
    target = cast(target, output.dtype)
    if from_logits:
        return maximum(output, 0.0) - output * target + log1p(exp(-absolute(output)))
    least = configuration.epsilon()
    p = clip(output, least, 1.0 - least)
    return -(target * log(p) + (1.0 - target) * log(1.0 - p))


@public
def categorical_crossentropy(target: Any, output: Any, from_logits: bool = False, axis: int = -1) -> Tensor:
    """Cross-entropy of class probabilities along an axis.

    Formula: -sum(t * log(p)), p made to sum to 1 and clipped to [epsilon, 1 - epsilon].

    Example:

    >>> from pipekeras import ops
    >>> ops.categorical_crossentropy([0.0, 1.0], [0.25, 0.75]).numpy().round(4)
    np.float32(0.2877)
    """
    output = floating(output)
    target = cast(target, output.dtype)
    if from_logits:
        return -sum(target * log_softmax(output, axis), axis)
    together = crossentropy_of_softmax(target, output, axis)
    if together is not None:
        return together
    least = configuration.epsilon()
    p = clip(output / sum(output, axis, True), least, 1.0 - least)
    return -sum(target * log(p), axis)


@public
def sparse_categorical_crossentropy(target: Any, output: Any, from_logits: bool = False, axis: int = -1) -> Tensor:
    """Cross-entropy of class probabilities against class numbers.

    Args:
        target: integers of the shape of `output` without `axis` (or with size 1 there).
        output: probabilities, or logits.
        from_logits: bool, default False.
        axis: int, the axis of the classes, default the last.

    Example:

    >>> from pipekeras import ops
    >>> ops.sparse_categorical_crossentropy([1], [[0.25, 0.75]]).numpy().round(4)
    array([0.2877], dtype=float32)
    """
    output = floating(output)
    target = convert(target)
    if target.ndim == output.ndim and target.shape[-1] == 1:
        target = FUNCTIONS["squeeze"](target, -1)
    codes = FUNCTIONS["one_hot"](cast(target, "int32"), output.shape[axis], axis, output.dtype)
    if from_logits:
        return -sum(codes * log_softmax(output, axis), axis)
    together = crossentropy_of_softmax(codes, output, axis, fixed=True)
    if together is not None:
        return together
    least = configuration.epsilon()
    p = clip(output / sum(output, axis, True), least, 1.0 - least)
    return -sum(codes * log(p), axis)
