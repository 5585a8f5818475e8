"""The base of losses, and how sample values, weights and masks become one number."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from pipekeras import ops
from pipekeras.core import configuration, dtypes, naming, serialization, structure
from pipekeras.core.configurable import Configurable
from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import register
from pipekeras.graph.tensor import Tensor, convert

REDUCTIONS = ("sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none", None)


@register("loss", aliases=("loss",))
class Loss(Configurable):
    """Base of losses; subclass it and write `call(y_true, y_pred)`.

    Args:
        name: str or None, default the class name in snake case.
        reduction: "sum_over_batch_size" or "mean" (divide by the number of values), "sum", "mean_with_sample_weight"
            (divide by the sum of the weights), or "none"; default "sum_over_batch_size".
        dtype: str or None, the type in which the loss is computed, default the default float.

    Raises:
        ConfigurationError: The reduction is unknown.

    >>> from pipekeras import losses, ops
    >>> class Largest(losses.Loss):
    ...     def call(self, y_true, y_pred):
    ...         return ops.max(ops.absolute(y_true - y_pred), axis=-1)
    >>> float(Largest()([[0.0, 0.0], [1.0, 1.0]], [[2.0, 1.0], [1.0, 0.0]]))
    1.5
    """

    def __init__(self, name: str | None = None, reduction: str | None = "sum_over_batch_size", dtype: Any = None) -> None:
        self.name = name or naming.unique_name(naming.snake_case(type(self).__name__))
        self.reduction = checked_reduction(reduction)
        self._dtype = None if dtype is None else dtypes.standardize(getattr(dtype, "compute_dtype", dtype))

    @property
    def dtype(self) -> str:
        """The type in which the loss is computed."""
        return self._dtype or configuration.floatx()

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Tensor:
        """Return the reduced loss.

        Args:
            y_true: true values, or a structure of them.
            y_pred: predictions of the same structure.
            sample_weight: None, or weights that broadcast to the losses of the samples.
        """
        predicted_mask = getattr(y_pred, "mask", None)
        y_pred = each_tensor(lambda value: convert(value, self.dtype), y_pred)
        y_true = each_tensor(self._convert_true, y_true)
        values = self.call(y_true, y_pred)
        mask = both_masks(predicted_mask, getattr(values, "mask", None))
        return reduce_weighted(values, sample_weight, mask, self.reduction)

    def _convert_true(self, value: Any) -> Tensor:
        return convert(value, self.dtype)

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return the loss of each sample; every loss writes its own.

        Args:
            y_true: tensor of the loss's type.
            y_pred: tensor of the loss's type.
        """
        raise ConfigurationError(f"{type(self).__name__} must define call(y_true, y_pred)")

    def _configuration(self) -> dict[str, Any]:
        configured = super()._configuration()
        configured["name"] = self.name
        # The type goes into a config only when it was chosen; Keras' configs of losses have none.
        if configured.get("dtype", self) is self or self._dtype is None:
            configured.pop("dtype", None)
        else:
            configured["dtype"] = self._dtype
        return configured

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"


@register("loss")
class LossFunctionWrapper(Loss):
    """Make a loss of a function.

    Args:
        fn: function `(y_true, y_pred, **kwargs)` that returns the losses of the samples.
        reduction: as of `Loss`.
        name: str or None.
        dtype: str or None.
        kwargs: further arguments of the function.

    >>> from pipekeras import losses
    >>> huber = LossFunctionWrapper(losses.huber, delta=2.0)
    >>> float(huber([[0.0]], [[1.0]]))
    0.5
    """

    def __init__(
        self,
        fn: Callable[..., Any],
        reduction: str | None = "sum_over_batch_size",
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name, reduction, dtype)
        self.fn = fn
        self._options = kwargs

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return what the function returns."""
        if isinstance(y_true, Tensor) and isinstance(y_pred, Tensor):
            y_true, y_pred = same_rank(y_true, y_pred)
        return self.fn(y_true, y_pred, **self._options)

    def _configuration(self) -> dict[str, Any]:
        return {**super()._configuration(), **self._options}


class NamedLoss(LossFunctionWrapper):
    """A loss of pipekeras' own: a function of this module under a class name."""

    def _configuration(self) -> dict[str, Any]:
        configured = super()._configuration()
        configured.pop("fn", None)
        return configured


def checked_reduction(reduction: str | None) -> str | None:
    """Return the reduction, or raise a ConfigurationError."""
    if reduction in ("auto", "AUTO"):
        # Keras 2's name of the default.
        return "sum_over_batch_size"
    if reduction not in REDUCTIONS:
        raise ConfigurationError(f"reduction must be one of {', '.join(map(str, REDUCTIONS))}, not {reduction!r}")
    return reduction


def matched(y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    """Convert true values to the type of the predictions, and bring both to one rank."""
    y_pred = convert(y_pred)
    if not dtypes.is_float(y_pred.dtype):
        y_pred = ops.cast(y_pred, configuration.floatx())
    return same_rank(convert(y_true, y_pred.dtype), y_pred)


def same_rank(first: Any, second: Any, expand: bool = True) -> tuple[Any, Any]:
    """Bring two tensors to one rank where an axis of size 1 at the end is all that differs.

    A vector beside a column becomes a column (with `expand`); otherwise the axis is dropped.
    """
    difference = len(first.shape) - len(second.shape)
    if difference == 1 and first.shape[-1] == 1:
        if len(second.shape) == 1 and expand:
            return first, ops.expand_dims(second, -1)
        return ops.squeeze(first, -1), second
    if difference == -1 and second.shape[-1] == 1:
        if len(first.shape) == 1 and expand:
            return ops.expand_dims(first, -1), second
        return first, ops.squeeze(second, -1)
    return first, second


def each_tensor(function: Callable[[Any], Tensor], value: Any) -> Any:
    """Apply a function to every tensor of a structure; nested lists of plain numbers are one tensor."""
    if isinstance(value, dict):
        return {key: each_tensor(function, item) for key, item in value.items()}
    if isinstance(value, list | tuple) and any(hasattr(item, "shape") or isinstance(item, dict) for item in value):
        return structure.rebuild(value, [each_tensor(function, item) for item in value])
    return function(value)


def both_masks(first: Any, second: Any) -> Any:
    """Return the mask that keeps what both keep; None keeps everything."""
    if first is None or second is None:
        return second if first is None else first
    return ops.logical_and(first, second)


def apply_mask(sample_weight: Any, mask: Any, dtype: str, reduction: str | None) -> Any:
    """Turn a mask into weights, on top of those given.

    Where the loss will be divided by the number of values, kept values are weighted up so that masked ones don't count.
    """
    if mask is None:
        return sample_weight
    mask = convert(mask)
    weight = ops.cast(mask, dtype)
    if reduction in ("mean", "sum_over_batch_size"):
        weight = weight * ops.divide_no_nan(float(math.prod(mask.shape)), ops.sum(weight))
    if sample_weight is None:
        return weight
    weight, sample_weight = same_rank(weight, convert(sample_weight, dtype))
    return weight * sample_weight


def reduce_weighted(values: Any, sample_weight: Any, mask: Any, reduction: str | None) -> Tensor:
    """Weight the losses of the samples and reduce them to one number."""
    values = convert(values)
    weight = apply_mask(sample_weight, mask, values.dtype, reduction)
    if weight is not None:
        values, weight = same_rank(values, convert(weight, values.dtype))
        values = values * weight
    if reduction in (None, "none") or values.shape == ():
        return values
    if reduction == "sum":
        return ops.sum(values)
    if reduction == "mean_with_sample_weight" and weight is not None:
        return ops.divide_no_nan(ops.sum(values), ops.sum(weight))
    if 0 in values.shape:
        return ops.sum(values)
    return ops.mean(values)


def loss_name(function: Any) -> str:
    """Return the name that a loss or metric made of `function` goes by."""
    name = serialization.get_registered_name(function)
    return "lambda" if name == "<lambda>" else name.split(">")[-1]
