"""How often a prediction is right."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core import configuration
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.nn.losses.base import same_rank
from pipekeras.nn.metrics.base import metric
from pipekeras.nn.metrics.reduction import NamedMean


def _as_numbers(matches: Any) -> Tensor:
    return ops.cast(matches, configuration.floatx())


def accuracy(y_true: Any, y_pred: Any) -> Tensor:
    """1 where prediction and truth are equal, else 0.

    >>> accuracy([1.0, 2.0], [1.0, 3.0]).numpy()
    array([1., 0.], dtype=float32)
    """
    y_pred = convert(y_pred)
    y_true, y_pred = same_rank(convert(y_true, y_pred.dtype), y_pred)
    return _as_numbers(ops.equal(y_true, y_pred))


def binary_accuracy(y_true: Any, y_pred: Any, threshold: float = 0.5) -> Tensor:
    """1 where the prediction is on the true side of a threshold, else 0.

    Args:
        y_true: tensor, 0 or 1.
        y_pred: tensor of the same shape, probabilities.
        threshold: float, default 0.5.

    >>> binary_accuracy([[1.0], [0.0]], [[0.7], [0.6]]).numpy()
    array([[1.],
           [0.]], dtype=float32)
    """
    y_true, y_pred = same_rank(convert(y_true), convert(y_pred))
    return _as_numbers(ops.equal(y_true, ops.cast(ops.greater(y_pred, threshold), y_true.dtype)))


def categorical_accuracy(y_true: Any, y_pred: Any) -> Tensor:
    """1 where the largest prediction is that of the true class, else 0.

    Args:
        y_true: tensor of shape (batch, ..., classes), one-hot.
        y_pred: tensor of the same shape.

    Returns: tensor of shape (batch, ...).

    >>> categorical_accuracy([[0.0, 1.0]], [[0.3, 0.7]]).numpy()
    array([1.], dtype=float32)
    """
    return _as_numbers(ops.equal(ops.argmax(y_true, axis=-1), ops.argmax(y_pred, axis=-1)))


def sparse_categorical_accuracy(y_true: Any, y_pred: Any) -> Tensor:
    """1 where the largest prediction is that of the true class number, else 0.

    Args:
        y_true: tensor of shape (batch, ...) or (batch, ..., 1), class numbers.
        y_pred: tensor of shape (batch, ..., classes).

    Returns: tensor of shape (batch, ...).

    >>> sparse_categorical_accuracy([1], [[0.3, 0.7]]).numpy()
    array([1.], dtype=float32)
    """
    y_true, y_pred = convert(y_true), convert(y_pred)
    if len(y_true.shape) == len(y_pred.shape) and y_true.shape[-1] == 1:
        y_true = ops.squeeze(y_true, -1)
    chosen = ops.argmax(y_pred, axis=-1)
    matches = _as_numbers(ops.equal(y_true, chosen))
    return ops.squeeze(matches, -1) if len(matches.shape) > 1 and matches.shape[-1] == 1 else matches


def _flat_samples(y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    if len(y_pred.shape) > 2:
        y_pred = ops.reshape(y_pred, (-1, y_pred.shape[-1]))
    return (ops.reshape(y_true, (-1,)) if len(y_true.shape) > 1 else y_true), y_pred


def top_k_categorical_accuracy(y_true: Any, y_pred: Any, k: int = 5) -> Tensor:
    """1 where the true class is among the k largest predictions, else 0.

    Args:
        y_true: tensor of shape (batch, ..., classes), one-hot.
        y_pred: tensor of the same shape.
        k: int, default 5.

    Returns: tensor of shape (batch, ...).

    >>> top_k_categorical_accuracy([[0.0, 0.0, 1.0]], [[0.5, 0.2, 0.3]], k=2).numpy()
    array([1.], dtype=float32)
    """
    labels = ops.argmax(y_true, axis=-1)
    return sparse_top_k_categorical_accuracy(labels, y_pred, k)


def sparse_top_k_categorical_accuracy(y_true: Any, y_pred: Any, k: int = 5, from_sorted_ids: bool = False) -> Tensor:
    """1 where the true class number is among the k largest predictions, else 0.

    Args:
        y_true: tensor of shape (batch, ...), class numbers.
        y_pred: tensor of shape (batch, ..., classes); with `from_sorted_ids` class numbers, the best first.
        k: int, default 5.
        from_sorted_ids: bool, default False.

    Returns: tensor of the shape of y_true.

    >>> sparse_top_k_categorical_accuracy([2], [[0.5, 0.2, 0.3]], k=2).numpy()
    array([1.], dtype=float32)
    """
    y_true, y_pred = convert(y_true), convert(y_pred)
    shape = y_true.shape
    labels, y_pred = _flat_samples(y_true, y_pred)
    if from_sorted_ids:
        matches = ops.any(ops.equal(ops.expand_dims(labels, 1), y_pred[:, :k]), axis=1)
    else:
        matches = ops.in_top_k(labels, y_pred, k)
    matches = _as_numbers(matches)
    return ops.reshape(matches, shape) if len(shape) > 1 else matches


class _AccuracyMean(NamedMean):
    _direction = "up"


@metric()
class Accuracy(_AccuracyMean):
    """Share of predictions that equal the truth.

    Args:
        name: str, default "accuracy".
        dtype: str or None, default the default float.

    >>> metric = Accuracy()
    >>> metric.update_state([1.0, 2.0], [1.0, 3.0])
    >>> float(metric.result())
    0.5
    """

    def __init__(self, name: str | None = "accuracy", dtype: Any = None) -> None:
        super().__init__(accuracy, name, dtype)


@metric()
class BinaryAccuracy(_AccuracyMean):
    """Share of yes-or-no predictions on the true side of a threshold.

    Args:
        name: str, default "binary_accuracy".
        dtype: str or None, default the default float.
        threshold: float, default 0.5.

    >>> metric = BinaryAccuracy()
    >>> metric.update_state([[1.0], [0.0]], [[0.7], [0.6]])
    >>> float(metric.result())
    0.5
    """

    def __init__(self, name: str | None = "binary_accuracy", dtype: Any = None, threshold: float = 0.5) -> None:
        super().__init__(binary_accuracy, name, dtype, threshold=threshold)
        self.threshold = threshold


@metric()
class CategoricalAccuracy(_AccuracyMean):
    """Share of samples whose largest prediction is that of the true class; labels one-hot.

    Args:
        name: str, default "categorical_accuracy".
        dtype: str or None, default the default float.

    >>> metric = CategoricalAccuracy()
    >>> metric.update_state([[0.0, 1.0]], [[0.3, 0.7]])
    >>> float(metric.result())
    1.0
    """

    def __init__(self, name: str | None = "categorical_accuracy", dtype: Any = None) -> None:
        super().__init__(categorical_accuracy, name, dtype)


@metric()
class SparseCategoricalAccuracy(_AccuracyMean):
    """Share of samples whose largest prediction is that of the true class; labels are class numbers.

    Args:
        name: str, default "sparse_categorical_accuracy".
        dtype: str or None, default the default float.

    >>> metric = SparseCategoricalAccuracy()
    >>> metric.update_state([1], [[0.3, 0.7]])
    >>> float(metric.result())
    1.0
    """

    def __init__(self, name: str | None = "sparse_categorical_accuracy", dtype: Any = None) -> None:
        super().__init__(sparse_categorical_accuracy, name, dtype)


@metric()
class TopKCategoricalAccuracy(_AccuracyMean):
    """Share of samples whose true class is among the k largest predictions; labels one-hot.

    Args:
        k: int, default 5.
        name: str, default "top_k_categorical_accuracy".
        dtype: str or None, default the default float.

    >>> metric = TopKCategoricalAccuracy(k=2)
    >>> metric.update_state([[0.0, 0.0, 1.0]], [[0.5, 0.2, 0.3]])
    >>> float(metric.result())
    1.0
    """

    def __init__(self, k: int = 5, name: str | None = "top_k_categorical_accuracy", dtype: Any = None) -> None:
        super().__init__(top_k_categorical_accuracy, name, dtype, k=int(k))
        self.k = int(k)


@metric()
class SparseTopKCategoricalAccuracy(_AccuracyMean):
    """Share of samples whose true class is among the k largest predictions; labels are class numbers.

    Args:
        k: int, default 5.
        name: str, default "sparse_top_k_categorical_accuracy".
        dtype: str or None, default the default float.
        from_sorted_ids: bool, default False. Predictions are class numbers, the best first.

    >>> metric = SparseTopKCategoricalAccuracy(k=2)
    >>> metric.update_state([2], [[0.5, 0.2, 0.3]])
    >>> float(metric.result())
    1.0
    """

    def __init__(
        self,
        k: int = 5,
        name: str | None = "sparse_top_k_categorical_accuracy",
        dtype: Any = None,
        from_sorted_ids: bool = False,
    ) -> None:
        super().__init__(sparse_top_k_categorical_accuracy, name, dtype, k=int(k), from_sorted_ids=from_sorted_ids)
        self.k = int(k)
        self.from_sorted_ids = from_sorted_ids
