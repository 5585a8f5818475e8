"""Losses of probabilities against classes."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core import configuration, dtypes
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.core.notices import warn as warn_user
from pipekeras.core.registry import register
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.nn.losses.base import NamedLoss, both_masks, matched


def _check(name: str, y_pred: Any, axis: Any) -> None:
    if isinstance(axis, bool) or int(axis) != axis:
        raise ConfigurationError(f"axis of {name} must be a whole number, not {axis!r}")
    if y_pred.shape and y_pred.shape[-1] == 1:
        warn_user(
            f"{name} of one class is 0 for every prediction; y_pred has shape {y_pred.shape}. "
            "Use binary_crossentropy for two classes and one output",
            SyntaxWarning)


def _same_shape(name: str, y_true: Any, y_pred: Any, mend: str | None = None) -> None:
    if y_true.shape != y_pred.shape and None not in (*y_true.shape, *y_pred.shape):
        raise ShapeError(f"{name} needs y_true and y_pred of one shape; got {y_true.shape} and {y_pred.shape}", mend)


_SPARSE = "for class numbers use sparse_categorical_crossentropy"


@register("loss", aliases=("bce", "BCE"))
def binary_crossentropy(
    y_true: Any, y_pred: Any, from_logits: bool = False, label_smoothing: float = 0.0, axis: int = -1
) -> Tensor:
    """Cross-entropy of yes-or-no labels.

    Formula: mean(-y_true * log(p) - (1 - y_true) * log(1 - p)) over an axis, p clipped to [1e-7, 1 - 1e-7].

    Args:
        y_true: tensor of shape (batch, ..., size), 0 or 1 or in between.
        y_pred: tensor of the same shape: probabilities, or logits.
        from_logits: bool, default False. Predictions are logits.
        label_smoothing: float in [0, 1], default 0.0. How far labels are pulled to 0.5.
        axis: int, default the last.

    Returns: tensor of the shape without the axis.

    >>> binary_crossentropy([[0.0, 1.0]], [[0.5, 0.5]]).numpy().round(4)
    array([0.6931], dtype=float32)
    """
    y_true, y_pred = matched(y_true, y_pred)
    _same_shape("binary_crossentropy", y_true, y_pred)
    if label_smoothing:
        y_true = y_true * (1.0 - label_smoothing) + 0.5 * label_smoothing
    return ops.mean(ops.binary_crossentropy(y_true, y_pred, from_logits), axis=axis)


@register("loss")
def binary_focal_crossentropy(
    y_true: Any,
    y_pred: Any,
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Tensor:
    """Cross-entropy of yes-or-no labels that looks away from what is already right.

    Formula: mean((1 - q)^gamma * binary cross-entropy), q the probability given to the true label; with
    `apply_class_balancing` times alpha for label 1 and 1 - alpha for label 0.

    Args:
        y_true: tensor of shape (batch, ..., size), 0 or 1.
        y_pred: tensor of the same shape: probabilities, or logits.
        apply_class_balancing: bool, default False.
        alpha: float in [0, 1], default 0.25. Weight of label 1.
        gamma: float >= 0, default 2.0. How much to look away.
        from_logits: bool, default False. Predictions are logits.
        label_smoothing: float in [0, 1], default 0.0. How far labels are pulled to 0.5.
        axis: int, default the last.

    Returns: tensor of the shape without the axis.

    >>> binary_focal_crossentropy([[1.0]], [[0.5]]).numpy().round(4)
    array([0.1733], dtype=float32)

    Source: Lin et al., 2018, Focal loss for dense object detection.
    """
    y_true, y_pred = matched(y_true, y_pred)
    if label_smoothing:
        y_true = y_true * (1.0 - label_smoothing) + 0.5 * label_smoothing
    if from_logits:
        y_pred = ops.sigmoid(y_pred)
    entropy = ops.binary_crossentropy(y_true, y_pred, False)
    right = y_true * y_pred + (1.0 - y_true) * (1.0 - y_pred)
    focal = ops.power(1.0 - right, float(gamma)) * entropy
    if apply_class_balancing:
        focal = focal * (y_true * alpha + (1.0 - y_true) * (1.0 - alpha))
    return ops.mean(focal, axis=axis)


@register("loss", aliases=("cce", "CCE"))
def categorical_crossentropy(
    y_true: Any, y_pred: Any, from_logits: bool = False, label_smoothing: float = 0.0, axis: int = -1
) -> Tensor:
    """Cross-entropy of one-hot labels.

    Formula: -sum(y_true * log(p)) over an axis, p scaled to sum to 1 and clipped to [1e-7, 1 - 1e-7].

    Args:
        y_true: tensor of shape (batch, ..., classes), one-hot or probabilities.
        y_pred: tensor of the same shape: probabilities, or logits.
        from_logits: bool, default False. Predictions are logits.
        label_smoothing: float in [0, 1], default 0.0. Share of the label that is spread over all classes.
        axis: int, default the last.

    Returns: tensor of the shape without the axis.

    >>> categorical_crossentropy([[0.0, 1.0]], [[0.5, 0.5]]).numpy().round(4)
    array([0.6931], dtype=float32)
    """
    y_true, y_pred = matched(y_true, y_pred)
    _check("categorical_crossentropy", y_pred, axis)
    _same_shape("categorical_crossentropy", y_true, y_pred, _SPARSE)
    if label_smoothing:
        y_true = y_true * (1.0 - label_smoothing) + label_smoothing / y_true.shape[-1]
    return ops.categorical_crossentropy(y_true, y_pred, from_logits, axis)


@register("loss")
def categorical_focal_crossentropy(
    y_true: Any,
    y_pred: Any,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Tensor:
    """Cross-entropy of one-hot labels that looks away from what is already right.

    Formula: sum(-alpha * (1 - p)^gamma * y_true * log(p)) over an axis.

    Args:
        y_true: tensor of shape (batch, ..., classes), one-hot.
        y_pred: tensor of the same shape: probabilities, or logits.
        alpha: float, or one for each class, default 0.25.
        gamma: float >= 0, default 2.0. How much to look away.
        from_logits: bool, default False. Predictions are logits.
        label_smoothing: float in [0, 1], default 0.0. Share of the label that is spread over all classes.
        axis: int, default the last.

    Returns: tensor of the shape without the axis.

    >>> categorical_focal_crossentropy([[0.0, 1.0]], [[0.5, 0.5]]).numpy().round(4)
    array([0.0433], dtype=float32)

    Source: Lin et al., 2018, Focal loss for dense object detection.
    """
    y_true, y_pred = matched(y_true, y_pred)
    _check("categorical_focal_crossentropy", y_pred, axis)
    if label_smoothing:
        y_true = y_true * (1.0 - label_smoothing) + label_smoothing / y_true.shape[-1]
    if from_logits:
        y_pred = ops.softmax(y_pred, axis)
    least = configuration.epsilon()
    p = ops.clip(y_pred / ops.sum(y_pred, axis=axis, keepdims=True), least, 1.0 - least)
    weight = ops.power(1.0 - p, float(gamma)) * (convert(alpha, p.dtype) if isinstance(alpha, list | tuple) else alpha)
    return -ops.sum(weight * y_true * ops.log(p), axis=axis)


@register("loss", aliases=("scce",))
def sparse_categorical_crossentropy(
    y_true: Any, y_pred: Any, from_logits: bool = False, ignore_class: int | None = None, axis: int = -1
) -> Tensor:
    """Cross-entropy of class numbers.

    Formula: -log(p[y_true]), p scaled to sum to 1 and clipped to [1e-7, 1 - 1e-7].

    Args:
        y_true: tensor of shape (batch, ...) or (batch, ..., 1), whole numbers from 0.
        y_pred: tensor of shape (batch, ..., classes): probabilities, or logits.
        from_logits: bool, default False. Predictions are logits.
        ignore_class: int or None, default None. A class number whose samples don't count.
        axis: int, the axis of the classes, default the last.

    Returns: tensor of the shape without the axis.

    >>> sparse_categorical_crossentropy([1], [[0.5, 0.5]]).numpy().round(4)
    array([0.6931], dtype=float32)
    """
    y_true, y_pred = convert(y_true), convert(y_pred)
    if not dtypes.is_float(y_pred.dtype):
        y_pred = ops.cast(y_pred, configuration.floatx())
    if len(y_true.shape) == len(y_pred.shape) and y_true.shape[axis] == 1:
        y_true = ops.squeeze(y_true, axis)
    axis = axis % len(y_pred.shape)
    wanted = (*y_pred.shape[:axis], *y_pred.shape[axis + 1 :])
    if y_true.shape != wanted and None not in (*y_true.shape, *wanted):
        raise ShapeError(
            f"sparse_categorical_crossentropy needs class numbers of shape {wanted} for predictions of shape "
            f"{y_pred.shape}; got {y_true.shape}",
            mend="for one-hot labels use categorical_crossentropy",
        )
    if ignore_class is None:
        return ops.sparse_categorical_crossentropy(y_true, y_pred, from_logits, axis)
    valid = ops.not_equal(y_true, ignore_class)
    y_true = ops.where(valid, y_true, 0)
    y_pred = ops.where(ops.expand_dims(valid, axis), y_pred, 0.0)
    losses = ops.where(valid, ops.sparse_categorical_crossentropy(y_true, y_pred, from_logits, axis), 0.0)
    losses.mask = both_masks(losses.mask, valid)
    return losses


@register("loss")
def categorical_generalized_cross_entropy(y_true: Any, y_pred: Any, q: float) -> Tensor:
    """Loss between cross-entropy and absolute error, for noisy labels.

    Formula: (1 - p[y_true]^q) / q.

    Args:
        y_true: tensor of shape (batch, ...), class numbers.
        y_pred: tensor of shape (batch, ..., classes), probabilities.
        q: float in (0, 1). Near 0 it is cross-entropy, at 1 absolute error.

    Returns: tensor of shape (batch, ...).

    >>> categorical_generalized_cross_entropy([1], [[0.75, 0.25]], 0.5).numpy()
    array([1.], dtype=float32)

    Source: Zhang and Sabuncu, 2018, Generalized cross entropy loss for training with noisy labels.
    """
    y_pred = convert(y_pred)
    codes = ops.one_hot(ops.cast(y_true, "int32"), y_pred.shape[-1], dtype=y_pred.dtype)
    p = ops.sum(y_pred * codes, axis=-1)
    return (1.0 - ops.power(p, float(q))) * (1.0 / q)


@register("loss")
class BinaryCrossentropy(NamedLoss):
    """`binary_crossentropy` as a loss object, reduced over the batch.

    Args:
        from_logits: bool, default False. Predictions are logits.
        label_smoothing: float, default 0.0. How far labels are pulled to 0.5.
        axis: int, default -1. Axis of the mean.
        reduction: str or None, default "sum_over_batch_size"; or "sum", "mean_with_sample_weight", "none".
        name: str or None, default "binary_crossentropy". Name in logs.
        dtype: str or None, default None. Type in which the loss is computed.

    >>> round(float(BinaryCrossentropy()([[0.0, 1.0]], [[0.5, 0.5]])), 4)
    0.6931
    """

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "binary_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            binary_crossentropy, reduction, name, dtype, from_logits=from_logits, label_smoothing=label_smoothing, axis=axis
        )
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing
        self.axis = axis


@register("loss")
class BinaryFocalCrossentropy(NamedLoss):
    """`binary_focal_crossentropy` as a loss object, reduced over the batch.

    Args:
        apply_class_balancing: bool, default False. Weigh the labels by alpha.
        alpha: float, default 0.25. Weight of label 1.
        gamma: float, default 2.0. How much to look away from what is right.
        from_logits: bool, default False. Predictions are logits.
        label_smoothing: float, default 0.0. How far labels are pulled to 0.5.
        axis: int, default -1. Axis of the mean.
        reduction: str or None, default "sum_over_batch_size"; or "sum", "mean_with_sample_weight", "none".
        name: str or None, default "binary_focal_crossentropy". Name in logs.
        dtype: str or None, default None. Type in which the loss is computed.

    >>> round(float(BinaryFocalCrossentropy()([[1.0]], [[0.5]])), 4)
    0.1733
    """

    def __init__(
        self,
        apply_class_balancing: bool = False,
        alpha: float = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "binary_focal_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            binary_focal_crossentropy,
            reduction,
            name,
            dtype,
            apply_class_balancing=apply_class_balancing,
            alpha=alpha,
            gamma=gamma,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )
        self.apply_class_balancing = apply_class_balancing
        self.alpha = alpha
        self.gamma = gamma
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing
        self.axis = axis


@register("loss")
class CategoricalCrossentropy(NamedLoss):
    """`categorical_crossentropy` as a loss object, reduced over the batch.

    Args:
        from_logits: bool, default False. Predictions are logits.
        label_smoothing: float, default 0.0. Share of the label that is spread over all classes.
        axis: int, default -1. Axis of the classes.
        reduction: str or None, default "sum_over_batch_size"; or "sum", "mean_with_sample_weight", "none".
        name: str or None, default "categorical_crossentropy". Name in logs.
        dtype: str or None, default None. Type in which the loss is computed.

    >>> round(float(CategoricalCrossentropy()([[0.0, 1.0]], [[0.5, 0.5]])), 4)
    0.6931
    """

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "categorical_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            categorical_crossentropy,
            reduction,
            name,
            dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing
        self.axis = axis


@register("loss")
class CategoricalFocalCrossentropy(NamedLoss):
    """`categorical_focal_crossentropy` as a loss object, reduced over the batch.

    Args:
        alpha: float or list, default 0.25. Weight, or one for each class.
        gamma: float, default 2.0. How much to look away from what is right.
        from_logits: bool, default False. Predictions are logits.
        label_smoothing: float, default 0.0. Share of the label that is spread over all classes.
        axis: int, default -1. Axis of the classes.
        reduction: str or None, default "sum_over_batch_size"; or "sum", "mean_with_sample_weight", "none".
        name: str or None, default "categorical_focal_crossentropy". Name in logs.
        dtype: str or None, default None. Type in which the loss is computed.

    >>> round(float(CategoricalFocalCrossentropy()([[0.0, 1.0]], [[0.5, 0.5]])), 4)
    0.0433
    """

    def __init__(
        self,
        alpha: Any = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "categorical_focal_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            categorical_focal_crossentropy,
            reduction,
            name,
            dtype,
            alpha=alpha,
            gamma=gamma,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )
        self.alpha = alpha
        self.gamma = gamma
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing
        self.axis = axis


@register("loss")
class SparseCategoricalCrossentropy(NamedLoss):
    """`sparse_categorical_crossentropy` as a loss object, reduced over the batch.

    Args:
        from_logits: bool, default False. Predictions are logits.
        ignore_class: int or None, default None. A class number whose samples don't count.
        reduction: str or None, default "sum_over_batch_size"; or "sum", "mean_with_sample_weight", "none".
        axis: int, default -1. Axis of the classes.
        name: str or None, default "sparse_categorical_crossentropy". Name in logs.
        dtype: str or None, default None. Type in which the loss is computed.

    >>> round(float(SparseCategoricalCrossentropy()([1], [[0.5, 0.5]])), 4)
    0.6931
    """

    def __init__(
        self,
        from_logits: bool = False,
        ignore_class: int | None = None,
        reduction: str | None = "sum_over_batch_size",
        axis: int = -1,
        name: str | None = "sparse_categorical_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            sparse_categorical_crossentropy,
            reduction,
            name,
            dtype,
            from_logits=from_logits,
            ignore_class=ignore_class,
            axis=axis,
        )
        self.from_logits = from_logits
        self.ignore_class = ignore_class
        self.axis = axis

    def _convert_true(self, value: Any) -> Tensor:
        # Class numbers stay whole: a float of 32 bits would not hold them all.
        return convert(value)


@register("loss")
class CategoricalGeneralizedCrossEntropy(NamedLoss):
    """`categorical_generalized_cross_entropy` as a loss object, reduced over the batch.

    Args:
        q: float, default 0.5. In (0, 1); near 0 it is cross-entropy, at 1 absolute error.
        reduction: str or None, default "sum_over_batch_size"; or "sum", "mean_with_sample_weight", "none".
        name: str or None, default "categorical_generalized_cross_entropy". Name in logs.
        dtype: str or None, default None. Type in which the loss is computed.

    Raises:
        ConfigurationError: q is not in (0, 1).

    >>> round(float(CategoricalGeneralizedCrossEntropy()([1], [[0.75, 0.25]])), 4)
    1.0
    """

    def __init__(
        self,
        q: float = 0.5,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "categorical_generalized_cross_entropy",
        dtype: Any = None,
    ) -> None:
        if not 0 < q < 1:
            raise ConfigurationError(f"q must be between 0 and 1, not {q!r}")
        super().__init__(categorical_generalized_cross_entropy, reduction, name, dtype, q=q)
        self.q = q

    def _convert_true(self, value: Any) -> Tensor:
        # Class numbers stay whole: a float of 32 bits would not hold them all.
        return convert(value)
