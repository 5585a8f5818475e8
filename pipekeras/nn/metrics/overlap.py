"""Intersection over union of predicted and true classes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pipekeras import ops
from pipekeras.core import configuration
from pipekeras.core.errors import ConfigurationError
from pipekeras.graph.tensor import convert
from pipekeras.nn.metrics.base import Metric, metric

# Whole numbers up to here are exact in float32.
_EXACT = 2**24


class _ConfusionMatrix(Metric):
    """Gathers the confusion matrix of class numbers: true classes in rows, predicted ones in columns."""

    _direction = "up"

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None:
        super().__init__(name=name, dtype=dtype or "int32")
        self.num_classes = int(num_classes)
        self.ignore_class = ignore_class
        self.sparse_y_true = sparse_y_true
        self.sparse_y_pred = sparse_y_pred
        self.axis = axis
        self.total_cm = self.add_variable((self.num_classes, self.num_classes), name="total_confusion_matrix")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Gather a batch."""
        y_true = convert(y_true) if self.sparse_y_true else ops.argmax(y_true, axis=self.axis)
        y_pred = convert(y_pred) if self.sparse_y_pred else ops.argmax(y_pred, axis=self.axis)
        y_true = ops.reshape(ops.cast(y_true, "int32"), (-1,))
        y_pred = ops.reshape(ops.cast(y_pred, "int32"), (-1,))
        size = math.prod(y_true.shape)
        dtype = "float64" if size > _EXACT else "float32"
        # Class numbers out of range have empty one-hot codes, so that they count nowhere.
        rows = ops.one_hot(y_true, self.num_classes, dtype=dtype)
        columns = ops.one_hot(y_pred, self.num_classes, dtype=dtype)
        if self.ignore_class is not None:
            rows = rows * ops.cast(ops.expand_dims(ops.not_equal(y_true, self.ignore_class), -1), dtype)
        if sample_weight is not None:
            weight = ops.cast(ops.cast(sample_weight, self.dtype), dtype)
            weight = ops.reshape(weight, (-1,)) if len(weight.shape) > 1 else weight
            rows = rows * ops.expand_dims(ops.broadcast_to(weight, (size,)), -1)
        matrix = ops.matmul(ops.transpose(rows), columns)
        self.total_cm.assign(self.total_cm + ops.cast(matrix, self.dtype))


@metric()
class IoU(_ConfusionMatrix):
    """Mean over some classes of the intersection over the union of true and predicted places.

    Formula: true positives / (true positives + false positives + false negatives), for each class that occurs.

    Args:
        num_classes: int.
        target_class_ids: list of int, the classes whose mean is taken.
        name: str or None, default "io_u".
        dtype: str or None, default "int32".
        ignore_class: int or None, default None. True places of this class don't count.
        sparse_y_true: bool, default True. True values are class numbers; else the largest along the axis is.
        sparse_y_pred: bool, default True. Predictions are class numbers.
        axis: int, default the last. Axis of the classes where values are not class numbers.

    Raises:
        ConfigurationError: A class id is out of range.

    >>> metric = IoU(num_classes=2, target_class_ids=[0])
    >>> metric.update_state([0, 0, 1, 1], [0, 1, 0, 1])
    >>> print(round(float(metric.result()), 4))
    0.3333
    """

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int],
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None:
        super().__init__(num_classes, name, dtype, ignore_class, sparse_y_true, sparse_y_pred, axis)
        self.target_class_ids = [int(number) for number in target_class_ids]
        if max(self.target_class_ids) >= num_classes or min(self.target_class_ids) < 0:
            raise ConfigurationError(f"class ids must be 0 to {num_classes - 1}, not {self.target_class_ids}")

    def result(self) -> Any:
        """Return the mean."""
        matrix = ops.cast(self.total_cm, "float32")
        both = ops.sum(matrix * ops.eye(self.num_classes), axis=0)
        union = ops.sum(matrix, axis=0) + ops.sum(matrix, axis=1) - both
        if self.target_class_ids != list(range(self.num_classes)):
            both, union = ops.take(both, self.target_class_ids, 0), ops.take(union, self.target_class_ids, 0)
        occurs = ops.cast(union > 1e-9, "float32")
        least = configuration.epsilon()
        return ops.sum(both / (union + least) * occurs) / (ops.sum(occurs) + least)


@metric()
class BinaryIoU(IoU):
    """Intersection over union of yes-or-no places.

    Args:
        target_class_ids: list of int, default (0, 1). 0 for the places below the threshold, 1 for those above.
        threshold: float, default 0.5.
        name: str or None, default "binary_io_u".
        dtype: str or None, default "int32".

    >>> metric = BinaryIoU()
    >>> metric.update_state([0, 1, 0, 1], [0.1, 0.2, 0.4, 0.7])
    >>> print(round(float(metric.result()), 4))
    0.5833
    """

    def __init__(
        self,
        target_class_ids: Sequence[int] = (0, 1),
        threshold: float = 0.5,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(2, target_class_ids, name, dtype)
        self.threshold = threshold

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Gather a batch."""
        above = ops.greater_equal(convert(y_pred, "float32"), self.threshold)
        super().update_state(y_true, ops.cast(above, "int32"), sample_weight)


@metric()
class MeanIoU(IoU):
    """Mean over all classes of the intersection over the union of true and predicted places.

    Args:
        num_classes: int.
        name: str or None, default "mean_io_u".
        dtype: str or None, default "int32".
        ignore_class: int or None, default None. True places of this class don't count.
        sparse_y_true: bool, default True. True values are class numbers.
        sparse_y_pred: bool, default True. Predictions are class numbers.
        axis: int, default the last. Axis of the classes where values are not class numbers.

    >>> metric = MeanIoU(num_classes=2)
    >>> metric.update_state([0, 0, 1, 1], [0, 1, 0, 1])
    >>> print(round(float(metric.result()), 4))
    0.3333
    """

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None:
        everything = range(int(num_classes))
        super().__init__(num_classes, everything, name, dtype, ignore_class, sparse_y_true, sparse_y_pred, axis)


@metric()
class OneHotIoU(IoU):
    """Intersection over union where labels are one-hot and predictions are scores of all classes.

    Args:
        num_classes: int.
        target_class_ids: list of int, the classes whose mean is taken.
        name: str or None, default "one_hot_io_u".
        dtype: str or None, default "int32".
        ignore_class: int or None, default None. True places of this class don't count.
        sparse_y_pred: bool, default False. Predictions are class numbers.
        axis: int, default the last. Axis of the classes.

    >>> metric = OneHotIoU(num_classes=2, target_class_ids=[1])
    >>> metric.update_state([[0, 1], [1, 0]], [[0.2, 0.8], [0.3, 0.7]])
    >>> print(round(float(metric.result()), 4))
    0.5
    """

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int],
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ) -> None:
        super().__init__(num_classes, target_class_ids, name, dtype, ignore_class, False, sparse_y_pred, axis)


@metric()
class OneHotMeanIoU(MeanIoU):
    """Mean intersection over union where labels are one-hot and predictions are scores of all classes.

    Args:
        num_classes: int.
        name: str or None, default "one_hot_mean_io_u".
        dtype: str or None, default "int32".
        ignore_class: int or None, default None. True places of this class don't count.
        sparse_y_pred: bool, default False. Predictions are class numbers.
        axis: int, default the last. Axis of the classes.

    >>> metric = OneHotMeanIoU(num_classes=2)
    >>> metric.update_state([[0, 1], [1, 0]], [[0.2, 0.8], [0.7, 0.3]])
    >>> print(round(float(metric.result()), 4))
    1.0
    """

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ) -> None:
        super().__init__(num_classes, name, dtype, ignore_class, False, sparse_y_pred, axis)
