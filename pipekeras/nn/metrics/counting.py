"""True and false positives and negatives at thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from pipekeras import ops
from pipekeras.core import configuration
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.graph.tensor import convert
from pipekeras.nn.losses.base import same_rank

# Stands for "not among the k largest"; below every probability.
BELOW_ALL = -1e10


class Counts(NamedTuple):
    """Weighted counts of a batch, one for each threshold (and label)."""

    true_positives: Any
    false_positives: Any
    true_negatives: Any
    false_negatives: Any


def threshold_list(thresholds: Any, default: float) -> list[float]:
    """Return the thresholds as a list, or raise a ConfigurationError if one is not in [0, 1]."""
    if thresholds is None:
        return [default]
    listed = list(thresholds) if isinstance(thresholds, list | tuple | np.ndarray) else [thresholds]
    wrong = [value for value in listed if value is None or not 0 <= value <= 1]
    if wrong:
        raise ConfigurationError(f"thresholds must be in [0, 1], not {wrong}")
    return [float(value) for value in listed]


def evenly_spaced(thresholds: Sequence[float]) -> bool:
    """Whether the thresholds cut [0, 1] into equal parts."""
    count = len(thresholds)
    if count < 3:
        return False
    even = np.arange(count, dtype=np.float32) / (count - 1)
    return bool(np.allclose(thresholds, even, atol=configuration.epsilon()))


def keep_top_k(y_pred: Any, k: int) -> Any:
    """Return the predictions with all but the k largest of each sample far below every threshold."""
    _, indices = ops.top_k(y_pred, k)
    chosen = ops.sum(ops.one_hot(indices, y_pred.shape[-1], dtype=y_pred.dtype), axis=-2)
    return y_pred * chosen + (1.0 - chosen) * BELOW_ALL


def count(
    y_true: Any,
    y_pred: Any,
    thresholds: Sequence[float],
    dtype: str,
    *,
    even: bool = False,
    top_k: int | None = None,
    class_id: int | None = None,
    sample_weight: Any = None,
    multi_label: bool = False,
    label_weights: Any = None,
) -> Counts:
    """Count a batch at all thresholds at once.

    Args:
        y_true: tensor, 0 or 1.
        y_pred: tensor of the same shape, probabilities.
        thresholds: rising numbers.
        dtype: type of the counts.
        even: whether the thresholds are evenly spaced over [0, 1]; they are then found by rounding, as Keras does.
        top_k: int or None, how many predictions of a sample may be positive.
        class_id: int or None, the only class that counts.
        sample_weight: None or weights.
        multi_label: whether each label is counted by itself.
        label_weights: None or a weight for each label.

    Returns: counts of shape (thresholds,), or (thresholds, labels) with `multi_label`.
    """
    y_pred, y_true = same_rank(convert(y_pred, dtype), convert(y_true, dtype))
    weight = None
    if sample_weight is not None:
        weight = ops.expand_dims(convert(sample_weight, dtype), -1)
        _, weight = same_rank(y_true, weight, expand=False)
    if top_k is not None:
        y_pred = keep_top_k(y_pred, top_k)
    if class_id is not None:
        if len(y_pred.shape) == 1:
            raise ShapeError(f"class_id needs predictions of shape (batch, classes); got {y_pred.shape}")
        y_true, y_pred = y_true[..., class_id, None], y_pred[..., class_id, None]
    labels = ops.cast(ops.not_equal(y_true, 0), dtype)
    weight = _joined(weight, label_weights, y_pred, dtype)
    positives = labels if weight is None else labels * weight
    negatives = (1.0 - labels) if weight is None else (1.0 - labels) * weight
    if multi_label:
        return _counted_by_label(y_pred, positives, negatives, thresholds, even, dtype)
    beyond = ops.cast(_beyond(ops.reshape(y_pred, (1, -1)), thresholds, even, dtype, 1), dtype)
    kinds = ops.stack([ops.reshape(positives, (-1,)), ops.reshape(negatives, (-1,))], axis=1)
    counted = ops.matmul(beyond, kinds)
    totals = ops.sum(kinds, axis=0)
    missed = totals - counted
    return Counts(counted[:, 0], counted[:, 1], missed[:, 1], missed[:, 0])


def _joined(weight: Any, label_weights: Any, y_pred: Any, dtype: str) -> Any:
    if weight is not None and weight.shape != y_pred.shape:
        weight = ops.broadcast_to(weight, y_pred.shape)
    if label_weights is None:
        return weight
    by_label = ops.broadcast_to(ops.expand_dims(convert(label_weights, dtype), 0), y_pred.shape)
    return by_label if weight is None else weight * by_label


def _beyond(y_pred: Any, thresholds: Sequence[float], even: bool, dtype: str, rank: int) -> Any:
    """Return which predictions are above which threshold; thresholds lie along the first axis."""
    shape = (len(thresholds),) + (1,) * rank
    if not even:
        return ops.greater(y_pred, ops.convert_to_tensor(np.asarray(thresholds).reshape(shape), dtype))
    last = len(thresholds) - 1
    bucket = ops.ceil(ops.clip(y_pred, 0.0, 1.0) * last) - 1.0
    if thresholds[0] < 0.0 or thresholds[-1] > 1.0:
        bucket = ops.maximum(bucket, 0.0)
    return ops.greater_equal(bucket, ops.convert_to_tensor(np.arange(last + 1).reshape(shape), dtype))


def _counted_by_label(
    y_pred: Any, positives: Any, negatives: Any, thresholds: Sequence[float], even: bool, dtype: str
) -> Counts:
    beyond = ops.cast(_beyond(ops.expand_dims(y_pred, 0), thresholds, even, dtype, 2), dtype)
    true_positives = ops.sum(beyond * ops.expand_dims(positives, 0), axis=1)
    false_positives = ops.sum(beyond * ops.expand_dims(negatives, 0), axis=1)
    return Counts(
        true_positives,
        false_positives,
        ops.sum(negatives, axis=0) - false_positives,
        ops.sum(positives, axis=0) - true_positives,
    )
