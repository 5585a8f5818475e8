"""Means and sums over batches, and metrics that are means of a function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipekeras import ops
from pipekeras.graph.tensor import convert
from pipekeras.nn.losses.base import Loss, apply_mask, same_rank
from pipekeras.nn.metrics.base import Metric, metric


def weighted_samples(values: Any, sample_weight: Any, reduce: Callable[..., Any], dtype: str) -> tuple[Any, Any]:
    """Reduce values to one for each sample, times its weight; returns them and the weights.

    Weights may stop at an axis before the values do; the axes after it are reduced first.
    """
    mask = getattr(values, "mask", None)
    values = convert(values, dtype)
    if sample_weight is not None:
        weight = convert(sample_weight, dtype)
        if mask is not None:
            weight = apply_mask(weight, mask, dtype, "sum")
        values, weight = same_rank(values, weight)
        rank = len(weight.shape)
        if len(values.shape) > rank:
            values = reduce(values, axis=tuple(range(rank, len(values.shape))))
        if weight.shape != values.shape:
            weight = ops.broadcast_to(weight, values.shape)
        values = values * weight
        sample_weight = reduce(weight, axis=tuple(range(1, rank))) if rank > 1 else weight
    if len(values.shape) > 1:
        values = reduce(values, axis=tuple(range(1, len(values.shape))))
    return values, sample_weight


@metric()
class Sum(Metric):
    """Weighted sum of values.

    Args:
        name: str, default "sum".
        dtype: str or None, default the default float.

    >>> total = Sum()
    >>> total.update_state([1.0, 2.0], sample_weight=[1.0, 3.0])
    >>> float(total.result())
    7.0
    """

    def __init__(self, name: str | None = "sum", dtype: Any = None) -> None:
        super().__init__(name=name, dtype=dtype)
        self.total = self.add_variable((), name="total")

    def update_state(self, values: Any, sample_weight: Any = None) -> None:
        """Gather values of a batch."""
        values, _ = weighted_samples(values, sample_weight, ops.sum, self.dtype)
        self.total.assign(self.total + ops.sum(values))

    def result(self) -> Any:
        """Return the sum so far."""
        return self.total.value


@metric()
class Mean(Metric):
    """Weighted mean of values.

    Formula: sum(weight * value) / sum(weight), 0 where nothing was gathered.

    Args:
        name: str, default "mean".
        dtype: str or None, default the default float.

    >>> mean = Mean()
    >>> mean.update_state([1.0, 2.0], sample_weight=[1.0, 3.0])
    >>> float(mean.result())
    1.75
    """

    def __init__(self, name: str | None = "mean", dtype: Any = None) -> None:
        super().__init__(name=name, dtype=dtype)
        self.total = self.add_variable((), name="total")
        self.count = self.add_variable((), name="count")

    def update_state(self, values: Any, sample_weight: Any = None) -> None:
        """Gather values of a batch."""
        values, weight = weighted_samples(values, sample_weight, ops.mean, self.dtype)
        total = ops.sum(values) if values.shape else values
        number = ops.sum(weight) if weight is not None else (values.shape[0] if values.shape else 1)
        self.total.assign(self.total + total)
        self.count.assign(self.count + number)

    def result(self) -> Any:
        """Return the mean so far."""
        return ops.divide_no_nan(self.total, self.count)


@metric()
class MeanMetricWrapper(Mean):
    """Weighted mean of a function of true values and predictions.

    Args:
        fn: function `(y_true, y_pred, **kwargs)` that returns one value for each sample, or a dict of such values.
        name: str or None, default "mean_metric_wrapper"; `compile` names it after the function.
        dtype: str or None, default the default float.
        kwargs: further arguments of the function.

    >>> from pipekeras import losses
    >>> error = MeanMetricWrapper(losses.mean_squared_error)
    >>> error.update_state([[0.0], [0.0]], [[1.0], [2.0]])
    >>> float(error.result())
    2.5
    """

    def __init__(self, fn: Callable[..., Any], name: str | None = None, dtype: Any = None, **kwargs: Any) -> None:
        super().__init__(name=name, dtype=dtype)
        self.fn = fn
        self._options = kwargs
        if isinstance(fn, Loss):
            self._direction = "down"

    # Keras' hierarchy: a mean whose values come from two tensors.
    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:  # type: ignore[override]
        """Gather a batch."""
        mask = getattr(y_pred, "mask", None)
        values = self.fn(y_true, y_pred, **self._options)
        weight = apply_mask(sample_weight, mask, self.dtype, "sum")
        if isinstance(values, dict):
            self._gather_by_name(values, weight)
        else:
            super().update_state(values, weight)

    _parts: dict[str, Mean]

    def _gather_by_name(self, values: dict[str, Any], weight: Any) -> None:
        """Gather several values, as functions for Keras 1 return them; from here on the result has their names."""
        if not isinstance(self, _MeansByName):
            self.__class__ = _MeansByName
            self.__dict__["_parts"] = {str(name): Mean(str(name), self.dtype) for name in values}
            self._metrics += self._parts.values()
        for name, part in self._parts.items():
            part.update_state(values[name], weight)

    def _configuration(self) -> dict[str, Any]:
        return {**super()._configuration(), **self._options}


class _MeansByName(MeanMetricWrapper):
    """What a MeanMetricWrapper becomes when its function returns a dict."""

    def result(self) -> Any:
        """Return the mean of each value so far, by name."""
        return {name: part.result() for name, part in self._parts.items()}


class NamedMean(MeanMetricWrapper):
    """A metric of pipekeras' own: the mean of a function under a class name."""

    def _configuration(self) -> dict[str, Any]:
        configured = super()._configuration()
        configured.pop("fn", None)
        return configured
