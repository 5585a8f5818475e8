"""Losses of the overlap of two regions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipekeras import ops
from pipekeras.core import configuration
from pipekeras.core.registry import register
from pipekeras.graph.tensor import Tensor
from pipekeras.nn.losses.base import NamedLoss, matched

Axis = int | Sequence[int] | None


@register("loss")
def dice(y_true: Any, y_pred: Any, axis: Axis = None) -> Tensor:
    """One less Dice's coefficient of overlap.

    Formula: 1 - 2 * sum(y_true * y_pred) / (sum(y_true) + sum(y_pred) + 1e-7).

    Args:
        y_true: tensor, 0 or 1.
        y_pred: tensor of the same shape, probabilities.
        axis: int, tuple of int or None (all), default None. What is summed over.

    Returns: tensor of the shape without the axes.

    >>> round(float(dice([[1.0, 0.0]], [[1.0, 1.0]])), 4)
    0.3333
    """
    y_true, y_pred = matched(y_true, y_pred)
    axis = tuple(axis) if isinstance(axis, list) else axis
    both = ops.sum(y_true * y_pred, axis=axis)
    total = ops.sum(y_true, axis=axis) + ops.sum(y_pred, axis=axis)
    return 1.0 - both * 2.0 / (total + configuration.epsilon())


@register("loss")
def tversky(y_true: Any, y_pred: Any, alpha: float = 0.5, beta: float = 0.5, axis: Axis = None) -> Tensor:
    """One less Tversky's index: an overlap that weighs both kinds of misses.

    Formula: 1 - b / (b + alpha * sum((1 - y_pred) * y_true) + beta * sum(y_pred * (1 - y_true)) + 1e-7),
    b = sum(y_true * y_pred).

    Args:
        y_true: tensor, 0 or 1.
        y_pred: tensor of the same shape, probabilities.
        alpha: float, default 0.5. Weight of what the prediction misses.
        beta: float, default 0.5. Weight of what the prediction adds.
        axis: int, tuple of int or None (all), default None. What is summed over.

    Returns: tensor of the shape without the axes.

    >>> round(float(tversky([[1.0, 0.0]], [[1.0, 1.0]])), 4)
    0.3333

    Source: Salehi, Erdogmus and Gholipour, 2017, Tversky loss function for image segmentation.
    """
    y_true, y_pred = matched(y_true, y_pred)
    axis = tuple(axis) if isinstance(axis, list) else axis
    both = ops.sum(y_true * y_pred, axis=axis)
    missed = ops.sum((1.0 - y_pred) * y_true, axis=axis)
    added = ops.sum(y_pred * (1.0 - y_true), axis=axis)
    return 1.0 - both / (both + missed * alpha + added * beta + configuration.epsilon())


@register("loss")
class Dice(NamedLoss):
    """`dice` as a loss object, reduced over the batch.

    Args:
        reduction: str or None, default "sum_over_batch_size"; or "sum", "mean_with_sample_weight", "none".
        name: str or None, default "dice". Name in logs.
        axis: int, tuple of int or None, default None. What is summed over.
        dtype: str or None, default None. Type in which the loss is computed.

    >>> round(float(Dice()([[1.0, 0.0]], [[1.0, 1.0]])), 4)
    0.3333
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "dice",
        axis: Axis = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(dice, reduction, name, dtype, axis=axis)
        self.axis = axis


@register("loss")
class Tversky(NamedLoss):
    """`tversky` as a loss object, reduced over the batch.

    Args:
        alpha: float, default 0.5. Weight of what the prediction misses.
        beta: float, default 0.5. Weight of what the prediction adds.
        reduction: str or None, default "sum_over_batch_size"; or "sum", "mean_with_sample_weight", "none".
        name: str or None, default "tversky". Name in logs.
        axis: int, tuple of int or None, default None. What is summed over.
        dtype: str or None, default None. Type in which the loss is computed.

    >>> round(float(Tversky()([[1.0, 0.0]], [[1.0, 1.0]])), 4)
    0.3333
    """

    def __init__(
        self,
        alpha: float = 0.5,
        beta: float = 0.5,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "tversky",
        axis: Axis = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(tversky, reduction, name, dtype, alpha=alpha, beta=beta, axis=axis)
        self.alpha = alpha
        self.beta = beta
        self.axis = axis
