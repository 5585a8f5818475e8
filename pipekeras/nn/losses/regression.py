"""Losses of numbers against numbers."""

from __future__ import annotations

import math
from typing import Any

from pipekeras import ops
from pipekeras.core import configuration
from pipekeras.core.registry import register
from pipekeras.graph.tensor import Tensor
from pipekeras.nn.losses.base import NamedLoss, matched


@register("loss", aliases=("mse", "MSE"))
def mean_squared_error(y_true: Any, y_pred: Any) -> Tensor:
    """Mean of squared differences.

    Formula: mean((y_true - y_pred)^2) over the last axis.

    Args:
        y_true: tensor of shape (batch, ..., size).
        y_pred: tensor of the same shape.

    Returns: tensor of shape (batch, ...).

    >>> mean_squared_error([[0.0, 1.0]], [[1.0, 3.0]]).numpy()
    array([2.5], dtype=float32)
    """
    y_true, y_pred = matched(y_true, y_pred)
    return ops.mean(ops.square(y_true - y_pred), axis=-1)


@register("loss", aliases=("mae", "MAE"))
def mean_absolute_error(y_true: Any, y_pred: Any) -> Tensor:
    """Mean of differences in size.

    Formula: mean(|y_true - y_pred|) over the last axis.

    Args:
        y_true: tensor of shape (batch, ..., size).
        y_pred: tensor of the same shape.

    Returns: tensor of shape (batch, ...).

    >>> mean_absolute_error([[0.0, 1.0]], [[1.0, 3.0]]).numpy()
    array([1.5], dtype=float32)
    """
    y_true, y_pred = matched(y_true, y_pred)
    return ops.mean(ops.absolute(y_true - y_pred), axis=-1)


@register("loss", aliases=("mape", "MAPE"))
def mean_absolute_percentage_error(y_true: Any, y_pred: Any) -> Tensor:
    """Mean of differences in percent of the true values.

    Formula: 100 * mean(|y_true - y_pred| / max(|y_true|, 1e-7)) over the last axis.

    Args:
        y_true: tensor of shape (batch, ..., size).
        y_pred: tensor of the same shape.

    Returns: tensor of shape (batch, ...).

    >>> mean_absolute_percentage_error([[2.0, 1.0]], [[1.0, 1.0]]).numpy()
    array([25.], dtype=float32)
    """
    y_true, y_pred = matched(y_true, y_pred)
    size = ops.maximum(ops.absolute(y_true), configuration.epsilon())
    return ops.mean(ops.absolute((y_true - y_pred) / size), axis=-1) * 100.0


@register("loss", aliases=("msle", "MSLE"))
def mean_squared_logarithmic_error(y_true: Any, y_pred: Any) -> Tensor:
    """Mean of squared differences of logarithms.

    Formula: mean((log(y_true + 1) - log(y_pred + 1))^2) over the last axis, negative values counted as 0.

    Args:
        y_true: tensor of shape (batch, ..., size).
        y_pred: tensor of the same shape.

    Returns: tensor of shape (batch, ...).

    >>> mean_squared_logarithmic_error([[0.0]], [[1.0]]).numpy().round(4)
    array([0.4805], dtype=float32)
    """
    y_true, y_pred = matched(y_true, y_pred)
    least = configuration.epsilon()
    difference = ops.log(ops.maximum(y_pred, least) + 1.0) - ops.log(ops.maximum(y_true, least) + 1.0)
    return ops.mean(ops.square(difference), axis=-1)


@register("loss")
def huber(y_true: Any, y_pred: Any, delta: float = 1.0) -> Tensor:
    """Squared error for small differences, absolute error for large ones.

    Formula: mean of e^2 / 2 where |e| <= delta, else delta * |e| - delta^2 / 2, over the last axis.

    Args:
        y_true: tensor of shape (batch, ..., size).
        y_pred: tensor of the same shape.
        delta: float > 0, default 1.0.

    Returns: tensor of shape (batch, ...).

    >>> huber([[0.0, 0.0]], [[1.0, 3.0]]).numpy()
    array([1.5], dtype=float32)

    Source: Huber, 1964, Robust estimation of a location parameter.
    """
    y_true, y_pred = matched(y_true, y_pred)
    error = y_pred - y_true
    size = ops.absolute(error)
    return ops.mean(ops.where(size <= delta, ops.square(error) * 0.5, size * delta - 0.5 * delta * delta), axis=-1)


@register("loss", aliases=("logcosh",))
def log_cosh(y_true: Any, y_pred: Any) -> Tensor:
    """Logarithm of the hyperbolic cosine of the error: about e^2 / 2 when small, |e| - log(2) when large.

    Formula: mean(log(cosh(y_pred - y_true))) over the last axis.

    Args:
        y_true: tensor of shape (batch, ..., size).
        y_pred: tensor of the same shape.

    Returns: tensor of shape (batch, ...).

    >>> log_cosh([[0.0]], [[1.0]]).numpy().round(4)
    array([0.4338], dtype=float32)
    """
    y_true, y_pred = matched(y_true, y_pred)
    error = y_pred - y_true
    return ops.mean(error + ops.softplus(error * -2.0) - math.log(2.0), axis=-1)


@register("loss", aliases=("cosine", "cosine_proximity"))
def cosine_similarity(y_true: Any, y_pred: Any, axis: int = -1) -> Tensor:
    """Negative cosine of the angle between two vectors: -1 when they point the same way.

    Formula: -sum(y_true * y_pred) / (|y_true| * |y_pred|) over an axis.

    Args:
        y_true: tensor.
        y_pred: tensor of the same shape.
        axis: int, default the last.

    Returns: tensor of the shape without the axis.

    >>> cosine_similarity([[0.0, 1.0]], [[0.0, 3.0]]).numpy().round(4)
    array([-1.], dtype=float32)
    """
    y_true, y_pred = matched(y_true, y_pred)
    return -ops.sum(ops.normalize(y_true, axis) * ops.normalize(y_pred, axis), axis=axis)


@register("loss")
def poisson(y_true: Any, y_pred: Any) -> Tensor:
    """Negative logarithm of a Poisson likelihood, without its constant.

    Formula: mean(y_pred - y_true * log(y_pred + 1e-7)) over the last axis.

    Args:
        y_true: tensor of shape (batch, ..., size), counts.
        y_pred: tensor of the same shape, positive rates.

    Returns: tensor of shape (batch, ...).

    >>> poisson([[1.0]], [[2.0]]).numpy().round(4)
    array([1.3069], dtype=float32)
    """
    y_true, y_pred = matched(y_true, y_pred)
    return ops.mean(y_pred - y_true * ops.log(y_pred + configuration.epsilon()), axis=-1)


@register("loss", aliases=("kld", "KLD", "kullback_leibler_divergence"))
def kl_divergence(y_true: Any, y_pred: Any) -> Tensor:
    """Kullback-Leibler divergence of predicted from true probabilities.

    Formula: sum(y_true * log(y_true / y_pred)) over the last axis, both clipped to [1e-7, 1].

    Args:
        y_true: tensor of shape (batch, ..., classes), probabilities.
        y_pred: tensor of the same shape.

    Returns: tensor of shape (batch, ...).

    >>> kl_divergence([[0.5, 0.5]], [[0.5, 0.5]]).numpy()
    array([0.], dtype=float32)
    """
    y_true, y_pred = matched(y_true, y_pred)
    least = configuration.epsilon()
    y_true, y_pred = ops.clip(y_true, least, 1.0), ops.clip(y_pred, least, 1.0)
    return ops.sum(y_true * ops.log(y_true / y_pred), axis=-1)


@register("loss")
class MeanSquaredError(NamedLoss):
    """`mean_squared_error` as a loss object, reduced over the batch.

    Args:
        reduction: str or None, default "sum_over_batch_size"; or "sum", "mean_with_sample_weight", "none".
        name: str or None, default "mean_squared_error". Name in logs.
        dtype: str or None, default None. Type in which the loss is computed.

    >>> round(float(MeanSquaredError()([[0.0, 1.0]], [[1.0, 3.0]])), 4)
    2.5
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "mean_squared_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(mean_squared_error, reduction, name, dtype)


@register("loss")
class MeanAbsoluteError(NamedLoss):
    """`mean_absolute_error` as a loss object, reduced over the batch.

    Args:
        reduction: str or None, default "sum_over_batch_size"; or "sum", "mean_with_sample_weight", "none".
        name: str or None, default "mean_absolute_error". Name in logs.
        dtype: str or None, default None. Type in which the loss is computed.

    >>> round(float(MeanAbsoluteError()([[0.0, 1.0]], [[1.0, 3.0]])), 4)
    1.5
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "mean_absolute_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(mean_absolute_error, reduction, name, dtype)


@register("loss")
class MeanAbsolutePercentageError(NamedLoss):
    """`mean_absolute_percentage_error` as a loss object, reduced over the batch.

    Args:
        reduction: str or None, default "sum_over_batch_size"; or "sum", "mean_with_sample_weight", "none".
        name: str or None, default "mean_absolute_percentage_error". Name in logs.
        dtype: str or None, default None. Type in which the loss is computed.

    >>> round(float(MeanAbsolutePercentageError()([[2.0, 1.0]], [[1.0, 1.0]])), 4)
    25.0
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "mean_absolute_percentage_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(mean_absolute_percentage_error, reduction, name, dtype)


@register("loss")
class MeanSquaredLogarithmicError(NamedLoss):
    """`mean_squared_logarithmic_error` as a loss object, reduced over the batch.

    Args:
        reduction: str or None, default "sum_over_batch_size"; or "sum", "mean_with_sample_weight", "none".
        name: str or None, default "mean_squared_logarithmic_error". Name in logs.
        dtype: str or None, default None. Type in which the loss is computed.

    >>> round(float(MeanSquaredLogarithmicError()([[0.0]], [[1.0]])), 4)
    0.4805
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "mean_squared_logarithmic_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(mean_squared_logarithmic_error, reduction, name, dtype)


@register("loss")
class Huber(NamedLoss):
    """`huber` as a loss object, reduced over the batch.

    Args:
        delta: float, default 1.0. Where the square ends.
        reduction: str or None, default "sum_over_batch_size"; or "sum", "mean_with_sample_weight", "none".
        name: str or None, default "huber_loss". Name in logs.
        dtype: str or None, default None. Type in which the loss is computed.

    >>> round(float(Huber()([[0.0, 0.0]], [[1.0, 3.0]])), 4)
    1.5
    """

    def __init__(
        self,
        delta: float = 1.0,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "huber_loss",
        dtype: Any = None,
    ) -> None:
        super().__init__(huber, reduction, name, dtype, delta=delta)
        self.delta = delta


@register("loss")
class LogCosh(NamedLoss):
    """`log_cosh` as a loss object, reduced over the batch.

    Args:
        reduction: str or None, default "sum_over_batch_size"; or "sum", "mean_with_sample_weight", "none".
        name: str or None, default "log_cosh". Name in logs.
        dtype: str or None, default None. Type in which the loss is computed.

    >>> round(float(LogCosh()([[0.0]], [[1.0]])), 4)
    0.4338
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "log_cosh",
        dtype: Any = None,
    ) -> None:
        super().__init__(log_cosh, reduction, name, dtype)


@register("loss")
class CosineSimilarity(NamedLoss):
    """`cosine_similarity` as a loss object, reduced over the batch.

    Args:
        axis: int, default -1. Axis of the vectors.
        reduction: str or None, default "sum_over_batch_size"; or "sum", "mean_with_sample_weight", "none".
        name: str or None, default "cosine_similarity". Name in logs.
        dtype: str or None, default None. Type in which the loss is computed.

    >>> round(float(CosineSimilarity()([[0.0, 1.0]], [[0.0, 3.0]])), 4)
    -1.0
    """

    def __init__(
        self,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "cosine_similarity",
        dtype: Any = None,
    ) -> None:
        super().__init__(cosine_similarity, reduction, name, dtype, axis=axis)
        self.axis = axis


@register("loss")
class Poisson(NamedLoss):
    """`poisson` as a loss object, reduced over the batch.

    Args:
        reduction: str or None, default "sum_over_batch_size"; or "sum", "mean_with_sample_weight", "none".
        name: str or None, default "poisson". Name in logs.
        dtype: str or None, default None. Type in which the loss is computed.

    >>> round(float(Poisson()([[1.0]], [[2.0]])), 4)
    1.3069
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "poisson",
        dtype: Any = None,
    ) -> None:
        super().__init__(poisson, reduction, name, dtype)


@register("loss")
class KLDivergence(NamedLoss):
    """`kl_divergence` as a loss object, reduced over the batch.

    Args:
        reduction: str or None, default "sum_over_batch_size"; or "sum", "mean_with_sample_weight", "none".
        name: str or None, default "kl_divergence". Name in logs.
        dtype: str or None, default None. Type in which the loss is computed.

    >>> round(float(KLDivergence()([[0.5, 0.5]], [[0.5, 0.5]])), 4)
    0.0
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "kl_divergence",
        dtype: Any = None,
    ) -> None:
        super().__init__(kl_divergence, reduction, name, dtype)
