"""Losses of margins."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.registry import register
from pipekeras.graph.tensor import Tensor
from pipekeras.nn.losses.base import NamedLoss, matched


def _signs(y_true: Any) -> Any:
    """Turn labels 0 and 1 into -1 and 1, if all labels are 0 or 1."""
    binary = ops.all(ops.logical_or(ops.equal(y_true, 0), ops.equal(y_true, 1)))
    return ops.where(binary, y_true * 2.0 - 1.0, y_true)


@register("loss")
def hinge(y_true: Any, y_pred: Any) -> Tensor:
    """Linear penalty on predictions that are not beyond a margin of 1 on the right side.

    Formula: mean(max(1 - y_true * y_pred, 0)) over the last axis; labels 0 and 1 count as -1 and 1.

    Args:
        y_true: tensor of shape (batch, ..., size), -1 or 1, or 0 or 1.
        y_pred: tensor of the same shape.

    Returns: tensor of shape (batch, ...).

    >>> hinge([[1.0, -1.0]], [[0.5, -2.0]]).numpy()
    array([0.25], dtype=float32)
    """
    y_true, y_pred = matched(y_true, y_pred)
    return ops.mean(ops.maximum(1.0 - _signs(y_true) * y_pred, 0.0), axis=-1)


@register("loss")
def squared_hinge(y_true: Any, y_pred: Any) -> Tensor:
    """Square of the hinge penalty.

    Formula: mean(max(1 - y_true * y_pred, 0)^2) over the last axis; labels 0 and 1 count as -1 and 1.

    Args:
        y_true: tensor of shape (batch, ..., size), -1 or 1, or 0 or 1.
        y_pred: tensor of the same shape.

    Returns: tensor of shape (batch, ...).

    >>> squared_hinge([[1.0, -1.0]], [[0.5, -2.0]]).numpy()
    array([0.125], dtype=float32)
    """
    y_true, y_pred = matched(y_true, y_pred)
    return ops.mean(ops.square(ops.maximum(1.0 - _signs(y_true) * y_pred, 0.0)), axis=-1)


@register("loss")
def categorical_hinge(y_true: Any, y_pred: Any) -> Tensor:
    """Penalty unless the right class is ahead of every other by 1.

    Formula: max(max((1 - y_true) * y_pred) - sum(y_true * y_pred) + 1, 0) over the last axis.

    Args:
        y_true: tensor of shape (batch, ..., classes), one-hot.
        y_pred: tensor of the same shape.

    Returns: tensor of shape (batch, ...).

    >>> categorical_hinge([[0.0, 1.0]], [[0.4, 0.6]]).numpy().round(4)
    array([0.8], dtype=float32)
    """
    y_true, y_pred = matched(y_true, y_pred)
    right = ops.sum(y_true * y_pred, axis=-1)
    wrong = ops.max((1.0 - y_true) * y_pred, axis=-1)
    return ops.maximum(wrong - right + 1.0, 0.0)


@register("loss")
class Hinge(NamedLoss):
    """`hinge` as a loss object, reduced over the batch.

    Args:
        reduction: str or None, default "sum_over_batch_size"; or "sum", "mean_with_sample_weight", "none".
        name: str or None, default "hinge". Name in logs.
        dtype: str or None, default None. Type in which the loss is computed.

    >>> round(float(Hinge()([[1.0, -1.0]], [[0.5, -2.0]])), 4)
    0.25
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "hinge",
        dtype: Any = None,
    ) -> None:
        super().__init__(hinge, reduction, name, dtype)


@register("loss")
class SquaredHinge(NamedLoss):
    """`squared_hinge` as a loss object, reduced over the batch.

    Args:
        reduction: str or None, default "sum_over_batch_size"; or "sum", "mean_with_sample_weight", "none".
        name: str or None, default "squared_hinge". Name in logs.
        dtype: str or None, default None. Type in which the loss is computed.

    >>> round(float(SquaredHinge()([[1.0, -1.0]], [[0.5, -2.0]])), 4)
    0.125
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "squared_hinge",
        dtype: Any = None,
    ) -> None:
        super().__init__(squared_hinge, reduction, name, dtype)


@register("loss")
class CategoricalHinge(NamedLoss):
    """`categorical_hinge` as a loss object, reduced over the batch.

    Args:
        reduction: str or None, default "sum_over_batch_size"; or "sum", "mean_with_sample_weight", "none".
        name: str or None, default "categorical_hinge". Name in logs.
        dtype: str or None, default None. Type in which the loss is computed.

    >>> round(float(CategoricalHinge()([[0.0, 1.0]], [[0.4, 0.6]])), 4)
    0.8
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "categorical_hinge",
        dtype: Any = None,
    ) -> None:
        super().__init__(categorical_hinge, reduction, name, dtype)
