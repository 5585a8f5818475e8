"""Metrics of the confusion matrix at one or several thresholds."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.budget import charge
from pipekeras.core.errors import ConfigurationError
from pipekeras.nn.metrics.base import Metric, metric
from pipekeras.nn.metrics.counting import BELOW_ALL, count, evenly_spaced, threshold_list


class _ConditionCount(Metric):
    """Weighted count of one cell of the confusion matrix."""

    _cell: str

    def __init__(self, thresholds: Any = None, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(name=name, dtype=dtype)
        self._given = thresholds
        self.thresholds = threshold_list(thresholds, 0.5)
        self.accumulator = self.add_variable((len(self.thresholds),), name="accumulator")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Gather a batch."""
        even = evenly_spaced(self.thresholds)
        counts = count(y_true, y_pred, self.thresholds, self.dtype, even=even, sample_weight=sample_weight)
        self.accumulator.assign(self.accumulator + getattr(counts, self._cell))

    def result(self) -> Any:
        """Return the count, or one for each threshold."""
        return self.accumulator[0] if len(self.thresholds) == 1 else self.accumulator.value

    def _configuration(self) -> dict[str, Any]:
        return {**super()._configuration(), "thresholds": self._given}


@metric()
class TruePositives(_ConditionCount):
    """Weighted number of positives that are predicted as such.

    Args:
        thresholds: float in [0, 1] or list of them, default 0.5.
        name: str or None, default "true_positives".
        dtype: str or None, default the default float.

    >>> metric = TruePositives()
    >>> metric.update_state([0, 1, 1], [0.9, 0.2, 0.7])
    >>> float(metric.result())
    1.0
    """

    _cell = "true_positives"


@metric()
class FalsePositives(_ConditionCount):
    """Weighted number of negatives that are predicted as positive.

    Args:
        thresholds: float in [0, 1] or list of them, default 0.5.
        name: str or None, default "false_positives".
        dtype: str or None, default the default float.

    >>> metric = FalsePositives()
    >>> metric.update_state([0, 1, 1], [0.9, 0.2, 0.7])
    >>> float(metric.result())
    1.0
    """

    _cell = "false_positives"


@metric()
class TrueNegatives(_ConditionCount):
    """Weighted number of negatives that are predicted as such.

    Args:
        thresholds: float in [0, 1] or list of them, default 0.5.
        name: str or None, default "true_negatives".
        dtype: str or None, default the default float.

    >>> metric = TrueNegatives()
    >>> metric.update_state([0, 1, 1], [0.1, 0.2, 0.7])
    >>> float(metric.result())
    1.0
    """

    _cell = "true_negatives"


@metric()
class FalseNegatives(_ConditionCount):
    """Weighted number of positives that are predicted as negative.

    Args:
        thresholds: float in [0, 1] or list of them, default 0.5.
        name: str or None, default "false_negatives".
        dtype: str or None, default the default float.

    >>> metric = FalseNegatives()
    >>> metric.update_state([0, 1, 1], [0.9, 0.2, 0.7])
    >>> float(metric.result())
    1.0
    """

    _cell = "false_negatives"


class _PositiveRatio(Metric):
    """Share of true positives in a sum of two cells."""

    _direction = "up"
    _other: str

    def __init__(
        self,
        thresholds: Any = None,
        top_k: int | None = None,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        self._given = thresholds
        self.top_k = None if top_k is None else int(top_k)
        self.class_id = None if class_id is None else int(class_id)
        self.thresholds = threshold_list(thresholds, 0.5 if top_k is None else BELOW_ALL)
        shape = (len(self.thresholds),)
        self.true_positives = self.add_variable(shape, name="true_positives")
        setattr(self, self._other, self.add_variable(shape, name=self._other))

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Gather a batch."""
        counts = count(
            y_true,
            y_pred,
            self.thresholds,
            self.dtype,
            even=evenly_spaced(self.thresholds),
            top_k=self.top_k,
            class_id=self.class_id,
            sample_weight=sample_weight,
        )
        other = getattr(self, self._other)
        self.true_positives.assign(self.true_positives + counts.true_positives)
        other.assign(other + getattr(counts, self._other))

    def result(self) -> Any:
        """Return the ratio, or one for each threshold."""
        ratio = ops.divide_no_nan(self.true_positives, self.true_positives + getattr(self, self._other))
        return ratio[0] if len(self.thresholds) == 1 else ratio

    def _configuration(self) -> dict[str, Any]:
        return {**super()._configuration(), "thresholds": self._given}


@metric()
class Precision(_PositiveRatio):
    """Share of predicted positives that are positive.

    Formula: true positives / (true positives + false positives).

    Args:
        thresholds: float in [0, 1] or list of them, default 0.5.
        top_k: int or None, default None. Only the k largest predictions of a sample count as positive.
        class_id: int or None, default None. The only class that counts.
        name: str or None, default "precision".
        dtype: str or None, default the default float.

    >>> metric = Precision()
    >>> metric.update_state([0, 1, 1], [0.9, 0.2, 0.7])
    >>> float(metric.result())
    0.5
    """

    _other = "false_positives"


@metric()
class Recall(_PositiveRatio):
    """Share of positives that are predicted as such.

    Formula: true positives / (true positives + false negatives).

    Args:
        thresholds: float in [0, 1] or list of them, default 0.5.
        top_k: int or None, default None. Only the k largest predictions of a sample count as positive.
        class_id: int or None, default None. The only class that counts.
        name: str or None, default "recall".
        dtype: str or None, default the default float.

    >>> metric = Recall()
    >>> metric.update_state([0, 1, 1], [0.9, 0.2, 0.7])
    >>> float(metric.result())
    0.5
    """

    _other = "false_negatives"


class _AtOperatingPoint(Metric):
    """The best of one ratio where another one is at least a value, over evenly spaced thresholds."""

    _direction = "up"
    _argument: str

    def __init__(self, value: float, num_thresholds: int, class_id: int | None, name: str | None, dtype: Any) -> None:
        super().__init__(name=name, dtype=dtype)
        if not 0 <= value <= 1:
            raise ConfigurationError(f"{self._argument} must be in [0, 1], not {value!r}")
        if num_thresholds < 1:
            raise ConfigurationError(f"num_thresholds must be 1 or more, not {num_thresholds!r}")
        setattr(self, self._argument, value)
        self.num_thresholds = int(num_thresholds)
        charge((self.num_thresholds,))
        self.class_id = None if class_id is None else int(class_id)
        steps = self.num_thresholds - 1
        self.thresholds = [index / steps for index in range(self.num_thresholds)] if steps else [0.5]
        shape = (self.num_thresholds,)
        self.true_positives = self.add_variable(shape, name="true_positives")
        self.false_positives = self.add_variable(shape, name="false_positives")
        self.true_negatives = self.add_variable(shape, name="true_negatives")
        self.false_negatives = self.add_variable(shape, name="false_negatives")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Gather a batch."""
        counts = count(
            y_true,
            y_pred,
            self.thresholds,
            self.dtype,
            even=self.num_thresholds > 1,
            class_id=self.class_id,
            sample_weight=sample_weight,
        )
        for cell in counts._fields:
            variable = getattr(self, cell)
            variable.assign(variable + getattr(counts, cell))

    def _sensitivity(self) -> Any:
        return ops.divide_no_nan(self.true_positives, self.true_positives + self.false_negatives)

    def _specificity(self) -> Any:
        return ops.divide_no_nan(self.true_negatives, self.true_negatives + self.false_positives)

    def _precision(self) -> Any:
        return ops.divide_no_nan(self.true_positives, self.true_positives + self.false_positives)

    def _best(self, ratio: Any, bounded: Any) -> Any:
        feasible = ops.greater_equal(bounded, getattr(self, self._argument))
        return ops.max(ops.where(feasible, ratio, 0.0))


@metric()
class SensitivityAtSpecificity(_AtOperatingPoint):
    """The best sensitivity where the specificity is at least a value.

    Formula: sensitivity = true positives / positives; specificity = true negatives / negatives.

    Args:
        specificity: float in [0, 1].
        num_thresholds: int, default 200.
        class_id: int or None, default None. The only class that counts.
        name: str or None, default "sensitivity_at_specificity".
        dtype: str or None, default the default float.

    >>> metric = SensitivityAtSpecificity(0.5)
    >>> metric.update_state([0, 0, 0, 1, 1], [0.0, 0.3, 0.8, 0.3, 0.8])
    >>> float(metric.result())
    0.5
    """

    _argument = "specificity"

    def __init__(
        self,
        specificity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(specificity, num_thresholds, class_id, name, dtype)

    def result(self) -> Any:
        """Return the sensitivity."""
        return self._best(self._sensitivity(), self._specificity())


@metric()
class SpecificityAtSensitivity(_AtOperatingPoint):
    """The best specificity where the sensitivity is at least a value.

    Formula: sensitivity = true positives / positives; specificity = true negatives / negatives.

    Args:
        sensitivity: float in [0, 1].
        num_thresholds: int, default 200.
        class_id: int or None, default None. The only class that counts.
        name: str or None, default "specificity_at_sensitivity".
        dtype: str or None, default the default float.

    >>> metric = SpecificityAtSensitivity(0.5)
    >>> metric.update_state([0, 0, 0, 1, 1], [0.0, 0.3, 0.8, 0.3, 0.8])
    >>> print(round(float(metric.result()), 4))
    0.6667
    """

    _argument = "sensitivity"

    def __init__(
        self,
        sensitivity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(sensitivity, num_thresholds, class_id, name, dtype)

    def result(self) -> Any:
        """Return the specificity."""
        return self._best(self._specificity(), self._sensitivity())


@metric()
class PrecisionAtRecall(_AtOperatingPoint):
    """The best precision where the recall is at least a value.

    Args:
        recall: float in [0, 1].
        num_thresholds: int, default 200.
        class_id: int or None, default None. The only class that counts.
        name: str or None, default "precision_at_recall".
        dtype: str or None, default the default float.

    >>> metric = PrecisionAtRecall(0.5)
    >>> metric.update_state([0, 0, 0, 1, 1], [0.0, 0.3, 0.8, 0.3, 0.8])
    >>> float(metric.result())
    0.5
    """

    _argument = "recall"

    def __init__(
        self,
        recall: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(recall, num_thresholds, class_id, name, dtype)

    def result(self) -> Any:
        """Return the precision."""
        return self._best(self._precision(), self._sensitivity())


@metric()
class RecallAtPrecision(_AtOperatingPoint):
    """The best recall where the precision is at least a value.

    Args:
        precision: float in [0, 1].
        num_thresholds: int, default 200.
        class_id: int or None, default None. The only class that counts.
        name: str or None, default "recall_at_precision".
        dtype: str or None, default the default float.

    >>> metric = RecallAtPrecision(0.8)
    >>> metric.update_state([0, 0, 1, 1], [0.0, 0.5, 0.3, 0.9])
    >>> float(metric.result())
    0.5
    """

    _argument = "precision"

    def __init__(
        self,
        precision: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(precision, num_thresholds, class_id, name, dtype)

    def result(self) -> Any:
        """Return the recall."""
        return self._best(self._sensitivity(), self._precision())
