"""Harmonic means of precision and recall."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipekeras import ops
from pipekeras.core import configuration
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.graph.tensor import convert
from pipekeras.nn.metrics.base import Metric, metric

_AVERAGES = (None, "micro", "macro", "weighted")


@metric("fbeta_score")
class FBetaScore(Metric):
    """Weighted harmonic mean of precision and recall.

    Formula: (1 + beta^2) * precision * recall / (beta^2 * precision + recall), for each class.

    Args:
        average: None (one score for each class), "micro" (count all classes together), "macro" (mean of the classes)
            or "weighted" (mean weighted by their true counts); default None.
        beta: float > 0, default 1.0. Weight of recall.
        threshold: float in (0, 1] or None. Above it a prediction counts as positive; None counts the largest one.
        name: str, default "fbeta_score".
        dtype: str or None, default the default float.

    Raises:
        ConfigurationError: An option is unknown or out of range.
        ShapeError: The predictions are no matrix.

    >>> metric = FBetaScore(beta=2.0, threshold=0.5)
    >>> metric.update_state([[1, 1], [1, 0]], [[0.2, 0.6], [0.8, 0.2]])
    >>> metric.result().numpy().round(3)
    array([0.556, 1.   ], dtype=float32)
    """

    _direction = "up"

    def __init__(
        self,
        average: str | None = None,
        beta: float = 1.0,
        threshold: float | None = None,
        name: str | None = "fbeta_score",
        dtype: Any = None,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        if average not in _AVERAGES:
            raise ConfigurationError(f"average must be one of {', '.join(map(str, _AVERAGES))}, not {average!r}")
        if isinstance(beta, bool) or not isinstance(beta, int | float) or beta <= 0:
            raise ConfigurationError(f"beta must be a number above 0, not {beta!r}")
        if threshold is not None and not 0 < threshold <= 1:
            raise ConfigurationError(f"threshold must be in (0, 1] or None, not {threshold!r}")
        self.average = average
        self.beta = float(beta)
        self.threshold = threshold
        self._built = False

    def _build(self, shape: Sequence[int | None]) -> None:
        if len(shape) != 2 or shape[1] is None:
            raise ShapeError(f"{type(self).__name__} needs predictions of shape (batch, classes); got {tuple(shape)}")
        own = () if self.average == "micro" else (shape[1],)
        self.true_positives = self.add_variable(own, name="true_positives")
        self.false_positives = self.add_variable(own, name="false_positives")
        self.false_negatives = self.add_variable(own, name="false_negatives")
        self.intermediate_weights = self.add_variable(own, name="intermediate_weights")
        self._built = True

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Gather a batch."""
        y_true, y_pred = convert(y_true, self.dtype), convert(y_pred, self.dtype)
        if not self._built:
            self._build(y_pred.shape)
        if self.threshold is None:
            largest = ops.greater_equal(y_pred, ops.max(y_pred, axis=-1, keepdims=True))
            chosen = ops.logical_and(largest, ops.absolute(y_pred) > 1e-9)
        else:
            chosen = ops.greater(y_pred, self.threshold)
        chosen = ops.cast(chosen, self.dtype)
        weight = None if sample_weight is None else ops.expand_dims(convert(sample_weight, self.dtype), 1)

        def total(values: Any) -> Any:
            values = values if weight is None else values * weight
            return ops.sum(values, axis=None if self.average == "micro" else 0)

        self.true_positives.assign(self.true_positives + total(chosen * y_true))
        self.false_positives.assign(self.false_positives + total(chosen * (1.0 - y_true)))
        self.false_negatives.assign(self.false_negatives + total((1.0 - chosen) * y_true))
        self.intermediate_weights.assign(self.intermediate_weights + total(y_true))

    def result(self) -> Any:
        """Return the score, or one for each class."""
        least = configuration.epsilon()
        precision = self.true_positives / (self.true_positives + self.false_positives + least)
        recall = self.true_positives / (self.true_positives + self.false_negatives + least)
        square = self.beta**2
        score = precision * recall / (precision * square + recall + least) * (1 + square)
        if self.average == "weighted":
            return ops.sum(score * (self.intermediate_weights / (ops.sum(self.intermediate_weights) + least)))
        return score if self.average is None else ops.mean(score)


@metric()
class F1Score(FBetaScore):
    """Harmonic mean of precision and recall.

    Formula: 2 * precision * recall / (precision + recall), for each class.

    Args:
        average: None (one score for each class), "micro" (count all classes together), "macro" (mean of the classes)
            or "weighted" (mean weighted by their true counts); default None.
        threshold: float in (0, 1] or None. Above it a prediction counts as positive; None counts the largest one.
        name: str, default "f1_score".
        dtype: str or None, default the default float.

    >>> metric = F1Score(threshold=0.5, average="macro")
    >>> metric.update_state([[1, 1], [1, 0]], [[0.2, 0.6], [0.8, 0.2]])
    >>> print(round(float(metric.result()), 3))
    0.833
    """

    def __init__(
        self,
        average: str | None = None,
        threshold: float | None = None,
        name: str | None = "f1_score",
        dtype: Any = None,
    ) -> None:
        super().__init__(average, 1.0, threshold, name, dtype)
