"""Metrics of numbers against numbers that are no mean of a loss."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipekeras import ops
from pipekeras.core import configuration
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.core.notices import warn as warn_user
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.nn.losses.base import matched, same_rank
from pipekeras.nn.metrics.base import Metric, metric
from pipekeras.nn.metrics.reduction import Mean, NamedMean

_AGGREGATIONS = (None, "uniform_average", "variance_weighted_average")


@metric("rmse")
class RootMeanSquaredError(Mean):
    """Root of the mean of squared differences.

    Formula: sqrt(mean((y_true - y_pred)^2)) over everything gathered.

    Args:
        name: str, default "root_mean_squared_error".
        dtype: str or None, default the default float.

    >>> metric = RootMeanSquaredError()
    >>> metric.update_state([[0.0], [0.0]], [[3.0], [4.0]])
    >>> print(round(float(metric.result()), 4))
    3.5355
    """

    _direction = "down"

    def __init__(self, name: str | None = "root_mean_squared_error", dtype: Any = None) -> None:
        super().__init__(name=name, dtype=dtype)

    # Keras' hierarchy: a mean whose values come from two tensors.
    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:  # type: ignore[override]
        """Gather a batch."""
        y_true, y_pred = same_rank(convert(y_true, self.dtype), convert(y_pred, self.dtype))
        super().update_state(ops.square(y_pred - y_true), sample_weight)

    def result(self) -> Any:
        """Return the error so far."""
        return ops.sqrt(super().result())


def cosine_similarity(y_true: Any, y_pred: Any, axis: int = -1) -> Tensor:
    """Cosine of the angle between two vectors: 1 when they point the same way.

    >>> cosine_similarity([[0.0, 1.0]], [[0.0, 3.0]]).numpy().round(4)
    array([1.], dtype=float32)
    """
    y_true, y_pred = matched(y_true, y_pred)
    return ops.sum(ops.normalize(y_true, axis) * ops.normalize(y_pred, axis), axis=axis)


@metric("cosine", "cosine_proximity")
class CosineSimilarity(NamedMean):
    """Mean cosine of the angle between predicted and true vectors.

    Formula: mean(sum(y_true * y_pred) / (|y_true| * |y_pred|)) over an axis.

    Args:
        name: str, default "cosine_similarity".
        dtype: str or None, default the default float.
        axis: int, default the last.

    >>> metric = CosineSimilarity()
    >>> metric.update_state([[0.0, 1.0], [1.0, 1.0]], [[1.0, 0.0], [1.0, 1.0]])
    >>> print(round(float(metric.result()), 4))
    0.5
    """

    _direction = "up"

    def __init__(self, name: str | None = "cosine_similarity", dtype: Any = None, axis: int = -1) -> None:
        super().__init__(cosine_similarity, name, dtype, axis=axis)
        self.axis = axis


@metric()
class R2Score(Metric):
    """Share of the variance that the predictions explain.

    Formula: 1 - sum((y_true - y_pred)^2) / sum((y_true - mean(y_true))^2), for each output.

    Args:
        class_aggregation: "uniform_average" (mean of the outputs), "variance_weighted_average", or None (one score for
            each output); default "uniform_average".
        num_regressors: int, default 0. Number of predictors, for the adjusted score.
        name: str, default "r2_score".
        dtype: str or None, default the default float.

    Raises:
        ConfigurationError: An option is unknown or out of range.
        ShapeError: The predictions are no matrix.

    >>> metric = R2Score()
    >>> metric.update_state([[1.0], [4.0], [3.0]], [[2.0], [4.0], [4.0]])
    >>> print(round(float(metric.result()), 4))
    0.5714
    """

    _direction = "up"

    def __init__(
        self,
        class_aggregation: str | None = "uniform_average",
        num_regressors: int = 0,
        name: str | None = "r2_score",
        dtype: Any = None,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        if class_aggregation not in _AGGREGATIONS:
            raise ConfigurationError(
                f"class_aggregation must be one of {', '.join(map(str, _AGGREGATIONS))}, not {class_aggregation!r}"
            )
        if num_regressors < 0:
            raise ConfigurationError(f"num_regressors must be 0 or more, not {num_regressors!r}")
        self.class_aggregation = class_aggregation
        self.num_regressors = int(num_regressors)
        self.num_samples = self.add_variable((), name="num_samples")
        self._built = False

    def _build(self, shape: Sequence[int | None]) -> None:
        if len(shape) != 2 or shape[1] is None:
            raise ShapeError(f"R2Score needs predictions of shape (batch, outputs); got {tuple(shape)}")
        own = (shape[1],)
        self.squared_sum = self.add_variable(own, name="squared_sum")
        self.sum = self.add_variable(own, name="sum")
        self.total_mse = self.add_variable(own, name="residual")
        self.count = self.add_variable(own, name="count")
        self._built = True

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Gather a batch."""
        y_true, y_pred = same_rank(convert(y_true, self.dtype), convert(y_pred, self.dtype))
        if not self._built:
            self._build(y_true.shape)
        weight = convert(1.0 if sample_weight is None else sample_weight, self.dtype)
        if len(weight.shape) == 1:
            weight = ops.expand_dims(weight, 1)
        weight = ops.broadcast_to(weight, y_true.shape)
        weighted = y_true * weight
        self.sum.assign(self.sum + ops.sum(weighted, axis=0))
        self.squared_sum.assign(self.squared_sum + ops.sum(y_true * weighted, axis=0))
        self.total_mse.assign(self.total_mse + ops.sum(ops.square(y_true - y_pred) * weight, axis=0))
        self.count.assign(self.count + ops.sum(weight, axis=0))
        self.num_samples.assign(self.num_samples + ops.size(y_true))

    def result(self) -> Any:
        """Return the score, or one for each output."""
        if not self._built:
            return ops.zeros((), self.dtype)
        variation = self.squared_sum - self.sum * (self.sum / self.count)
        scores = 1.0 - self.total_mse / variation
        scores = ops.where(ops.isinf(scores), 0.0, scores)
        if self.class_aggregation == "uniform_average":
            scores = ops.mean(scores)
        elif self.class_aggregation == "variance_weighted_average":
            scores = ops.sum(variation * scores) / ops.sum(variation)
        return self._adjusted(scores) if self.num_regressors else scores

    def _adjusted(self, scores: Any) -> Any:
        freedom = self.num_samples - (self.num_regressors + 1)
        enough = ops.greater(freedom, 0)
        if enough.data is not None and not enough.data:
            warn_user(f"{self.num_regressors} predictors are too many for the samples; R2 is not adjusted")
        adjusted = 1.0 - (1.0 - scores) * (self.num_samples - 1.0) / ops.where(enough, freedom, 1.0)
        return ops.where(enough, adjusted, scores)


def pearson_correlation(y_true: Any, y_pred: Any, axis: int = -1) -> Tensor:
    """Linear correlation of each sample's values.

    Formula: mean(z(y_true) * z(y_pred)) over an axis, z the values less their mean over their standard deviation.

    >>> pearson_correlation([[0.0, 1.0, 0.5]], [[0.1, 0.9, 0.5]]).numpy().round(3)
    array([1.], dtype=float32)
    """
    y_true, y_pred = matched(y_true, y_pred)
    y_true = y_true - ops.mean(y_true, axis=axis, keepdims=True)
    y_pred = y_pred - ops.mean(y_pred, axis=axis, keepdims=True)
    y_true = y_true / ops.std(y_true, axis=axis, keepdims=True)
    y_pred = y_pred / ops.std(y_pred, axis=axis, keepdims=True)
    return ops.mean(y_true * y_pred, axis=axis)


def concordance_correlation(y_true: Any, y_pred: Any, axis: int = -1) -> Tensor:
    """Agreement of each sample's values: correlation that also minds scale and place.

    Formula: mean(2 * (y_true - mean(y_pred)) * (y_pred - mean(y_pred)) / (var(y_true) + var(y_pred)
    + (mean(y_true) - mean(y_pred))^2 + 1e-7)) over an axis.

    >>> concordance_correlation([[0.0, 1.0, 0.5]], [[0.1, 0.9, 0.2]]).numpy().round(4)
    array([0.8791], dtype=float32)
    """
    y_true, y_pred = matched(y_true, y_pred)
    true_mean = ops.mean(y_true, axis=axis, keepdims=True)
    predicted_mean = ops.mean(y_pred, axis=axis, keepdims=True)
    true_variance = ops.var(y_true - true_mean, axis=axis, keepdims=True)
    predicted_variance = ops.var(y_pred - predicted_mean, axis=axis, keepdims=True)
    together = (y_true - predicted_mean) * (y_pred - predicted_mean)
    spread = true_variance + predicted_variance + ops.square(true_mean - predicted_mean)
    return ops.mean(together * 2.0 / (spread + configuration.epsilon()), axis=axis)


@metric()
class PearsonCorrelation(NamedMean):
    """Mean linear correlation of predicted and true values of each sample.

    Args:
        name: str, default "pearson_correlation".
        dtype: str or None, default the default float.
        axis: int, default the last.

    >>> metric = PearsonCorrelation()
    >>> metric.update_state([[0.0, 1.0, 0.5], [1.0, 1.0, 0.2]], [[0.1, 0.9, 0.5], [1.0, 0.9, 0.2]])
    >>> print(round(float(metric.result()), 3))
    0.997
    """

    _direction = "up"

    def __init__(self, name: str | None = "pearson_correlation", dtype: Any = None, axis: int = -1) -> None:
        super().__init__(pearson_correlation, name, dtype, axis=axis)
        self.axis = axis


@metric()
class ConcordanceCorrelation(NamedMean):
    """Mean agreement of predicted and true values of each sample.

    Args:
        name: str, default "concordance_correlation".
        dtype: str or None, default the default float.
        axis: int, default the last.

    >>> metric = ConcordanceCorrelation()
    >>> metric.update_state([[0.0, 1.0, 0.5], [1.0, 1.0, 0.2]], [[0.1, 0.9, 0.2], [1.0, 0.9, 0.2]])
    >>> print(round(float(metric.result()), 3))
    0.933
    """

    _direction = "up"

    def __init__(self, name: str | None = "concordance_correlation", dtype: Any = None, axis: int = -1) -> None:
        super().__init__(concordance_correlation, name, dtype, axis=axis)
        self.axis = axis
