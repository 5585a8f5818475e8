"""Area under the curve of two ratios over all thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipekeras import ops
from pipekeras.core import configuration
from pipekeras.core.budget import charge
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.graph.tensor import convert
from pipekeras.nn.metrics.base import Metric, metric
from pipekeras.nn.metrics.counting import count, evenly_spaced

_CURVES = ("ROC", "PR", "PRGAIN")
_SUMMATIONS = ("interpolation", "minoring", "majoring")


@metric("auc")
class AUC(Metric):
    """Area under the ROC or the precision-recall curve, approximated at thresholds.

    Args:
        num_thresholds: int > 1, default 200.
        curve: "ROC", "PR" or "PRGAIN", default "ROC".
        summation_method: "interpolation" (trapezoids; true interpolation for "PR"), "minoring" or "majoring",
            default "interpolation".
        name: str or None, default "auc".
        dtype: str or None, default the default float.
        thresholds: list of float in [0, 1] or None; in place of num_thresholds evenly spaced ones.
        multi_label: bool, default False. Take the mean of the areas of all labels.
        num_labels: int or None, default None. Number of labels, when multi_label.
        label_weights: list of float or None, default None.
        from_logits: bool, default False. Predictions are logits.

    Raises:
        ConfigurationError: An option is unknown or out of range.

    >>> metric = AUC(num_thresholds=3)
    >>> metric.update_state([0, 0, 1, 1], [0.0, 0.5, 0.3, 0.9])
    >>> float(metric.result())
    0.75

    Source: Davis and Goadrich, 2006, The relationship between precision-recall and ROC curves.
    """

    _direction = "up"

    def __init__(
        self,
        num_thresholds: int = 200,
        curve: str = "ROC",
        summation_method: str = "interpolation",
        name: str | None = None,
        dtype: Any = None,
        thresholds: Sequence[float] | None = None,
        multi_label: bool = False,
        num_labels: int | None = None,
        label_weights: Any = None,
        from_logits: bool = False,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        if str(curve).upper() not in _CURVES:
            raise ConfigurationError(f"curve must be one of {', '.join(_CURVES)}, not {curve!r}")
        if str(summation_method).lower() not in _SUMMATIONS:
            raise ConfigurationError(f"summation_method must be one of {', '.join(_SUMMATIONS)}, not {summation_method!r}")
        if num_labels and not multi_label:
            raise ConfigurationError("num_labels only has a meaning with multi_label=True")
        if thresholds is None and num_thresholds < 2:
            raise ConfigurationError(f"num_thresholds must be 2 or more, not {num_thresholds!r}")
        self._given = None if thresholds is None else sorted(float(value) for value in thresholds)
        inner = self._given
        if inner is None:
            charge((int(num_thresholds),))
            inner = [index / (num_thresholds - 1) for index in range(1, int(num_thresholds) - 1)]
        self._even = self._given is None or evenly_spaced([0.0, *inner, 1.0])
        self.num_thresholds = len(inner) + 2
        # The outer thresholds lie beyond every probability, so that the curve reaches both corners.
        self._thresholds = [0.0 - configuration.epsilon(), *inner, 1.0 + configuration.epsilon()]
        self.curve = str(curve).upper()
        self.summation_method = str(summation_method).lower()
        self.multi_label = multi_label
        self.num_labels = num_labels
        self.label_weights = label_weights
        self.from_logits = from_logits
        self._built = False
        if not multi_label or num_labels:
            self._build((None, num_labels))

    @property
    def thresholds(self) -> list[float]:
        """The thresholds, the two outer ones included."""
        return list(self._thresholds)

    def _build(self, shape: Sequence[int | None]) -> None:
        if self.multi_label and len(shape) != 2:
            raise ShapeError(f"AUC of several labels needs predictions of shape (batch, labels); got {tuple(shape)}")
        labels = (int(shape[1] or 1),) if self.multi_label else ()
        own = (self.num_thresholds, *labels)
        self.true_positives = self.add_variable(own, name="true_positives")
        self.false_positives = self.add_variable(own, name="false_positives")
        self.true_negatives = self.add_variable(own, name="true_negatives")
        self.false_negatives = self.add_variable(own, name="false_negatives")
        self._built = True

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Gather a batch."""
        y_pred = convert(y_pred, self.dtype)
        if not self._built:
            self._build(y_pred.shape)
        counts = count(
            y_true,
            ops.sigmoid(y_pred) if self.from_logits else y_pred,
            self._thresholds,
            self.dtype,
            even=self._even,
            sample_weight=sample_weight,
            multi_label=self.multi_label,
            label_weights=None if self.multi_label else self.label_weights,
        )
        for cell in counts._fields:
            variable = getattr(self, cell)
            variable.assign(variable + getattr(counts, cell))

    def result(self) -> Any:
        """Return the area."""
        if self.curve == "PR" and self.summation_method == "interpolation":
            return self._total(self._interpolated_precision())
        x, y = self._curve()
        if self.summation_method == "interpolation":
            heights = (y[:-1] + y[1:]) * 0.5
        elif self.summation_method == "minoring":
            heights = ops.minimum(y[:-1], y[1:])
        else:
            heights = ops.maximum(y[:-1], y[1:])
        return self._total((x[:-1] - x[1:]) * heights)

    def _curve(self) -> tuple[Any, Any]:
        """Return the curve's two ratios at all thresholds."""
        positives = self.true_positives + self.false_negatives
        negatives = self.true_negatives + self.false_positives
        recall = ops.divide_no_nan(self.true_positives, positives)
        if self.curve == "ROC":
            return ops.divide_no_nan(self.false_positives, negatives), recall
        if self.curve == "PR":
            return recall, ops.divide_no_nan(self.true_positives, self.true_positives + self.false_positives)
        scale = ops.divide_no_nan(positives, negatives)
        none = ops.equal(self.true_positives, 0.0)
        recall_gain = 1.0 - scale * ops.divide_no_nan(self.false_negatives, self.true_positives)
        precision_gain = 1.0 - scale * ops.divide_no_nan(self.false_positives, self.true_positives)
        return ops.maximum(ops.where(none, 0.0, recall_gain), 0.0), ops.where(none, 1.0, precision_gain)

    def _interpolated_precision(self) -> Any:
        """Return the areas between thresholds under the precision, which is no straight line between two points."""
        true, predicted = self.true_positives, self.true_positives + self.false_positives
        rise = true[:-1] - true[1:]
        slope = ops.divide_no_nan(rise, ops.maximum(predicted[:-1] - predicted[1:], 0.0))
        intercept = true[1:] - slope * predicted[1:]
        both = ops.logical_and(predicted[:-1] > 0, predicted[1:] > 0)
        ratio = ops.where(both, ops.divide_no_nan(predicted[:-1], ops.maximum(predicted[1:], 0.0)), 1.0)
        positives = ops.maximum(true[1:] + self.false_negatives[1:], 0.0)
        return ops.divide_no_nan(slope * (rise + intercept * ops.log(ratio)), positives)

    def _total(self, areas: Any) -> Any:
        if not self.multi_label:
            return ops.sum(areas)
        by_label = ops.sum(areas, axis=0)
        if self.label_weights is None:
            return ops.mean(by_label)
        weights = convert(self.label_weights, self.dtype)
        return ops.divide_no_nan(ops.sum(by_label * weights), ops.sum(weights))

    def _configuration(self) -> dict[str, Any]:
        configured = {**super()._configuration(), "thresholds": self._given}
        if self._given is None:
            del configured["thresholds"]
        return configured
