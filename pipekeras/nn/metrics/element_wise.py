"""Means that older versions of Keras had: of each element of a tensor, and of errors in shares of given numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipekeras import ops
from pipekeras.core.errors import ShapeError
from pipekeras.graph.tensor import convert
from pipekeras.nn.losses.base import same_rank
from pipekeras.nn.metrics.base import metric
from pipekeras.nn.metrics.reduction import Mean


@metric()
class MeanRelativeError(Mean):
    """Mean of the errors' sizes as shares of given numbers.

    Formula: mean(|y_true - y_pred| / normalizer), 0 where the normalizer is 0.

    Args:
        normalizer: array of numbers of the predictions' shape, or one that broadcasts to it.
        name: str or None, default "mean_relative_error".
        dtype: str or None, default the default float.

    >>> error = MeanRelativeError(normalizer=[1.0, 3.0, 2.0, 3.0])
    >>> error.update_state([1.0, 3.0, 2.0, 3.0], [2.0, 4.0, 6.0, 8.0])
    >>> float(error.result())
    1.25
    """

    def __init__(self, normalizer: Any, name: str | None = "mean_relative_error", dtype: Any = None) -> None:
        super().__init__(name=name, dtype=dtype)
        self.normalizer = np.asarray(normalizer, self.dtype)

    # A mean whose values come from two tensors.
    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:  # type: ignore[override]
        """Gather a batch."""
        y_true, y_pred = same_rank(convert(y_true, self.dtype), convert(y_pred, self.dtype))
        super().update_state(ops.divide_no_nan(ops.abs(y_true - y_pred), self.normalizer), sample_weight)

    def _configuration(self) -> dict[str, Any]:
        return {**super()._configuration(), "normalizer": self.normalizer.tolist()}


@metric()
class MeanTensor(Mean):
    """Weighted mean of each element over what was gathered.

    Formula: sum(weight * value) / sum(weight), element by element, 0 where nothing was gathered.

    Args:
        name: str or None, default "mean_tensor".
        dtype: str or None, default the default float.
        shape: tuple of int or None, shape of the values; default that of the first.

    Raises:
        ShapeError: values of another shape than the first.

    >>> mean = MeanTensor()
    >>> mean.update_state([0.0, 1.0, 2.0, 3.0])
    >>> mean.update_state([4.0, 5.0, 6.0, 7.0], sample_weight=[0.0, 3.0, 1.0, 1.0])
    >>> mean.result().numpy().tolist()
    [0.0, 4.0, 4.0, 5.0]
    """

    def __init__(self, name: str | None = "mean_tensor", dtype: Any = None, shape: Sequence[int] | None = None) -> None:
        super(Mean, self).__init__(name=name, dtype=dtype)
        self.shape = None if shape is None else tuple(int(size) for size in shape)
        if self.shape is not None:
            self._make(self.shape)

    def _make(self, shape: tuple[int, ...]) -> None:
        self._seen = shape
        self.total = self.add_variable(shape, name="total")
        self.count = self.add_variable(shape, name="count")

    def update_state(self, values: Any, sample_weight: Any = None) -> None:
        """Gather one value for each element."""
        values = convert(values, self.dtype)
        if "total" not in self.__dict__:
            self._make(tuple(int(size or 0) for size in values.shape))
        if tuple(values.shape) != self._seen:
            raise ShapeError(f"{self.name} gathers values of shape {self._seen}; got {tuple(values.shape)}")
        weight: Any = ops.ones_like(values)
        if sample_weight is not None:
            given = convert(sample_weight, self.dtype)
            while len(given.shape) < len(values.shape):
                given = ops.expand_dims(given, -1)
            weight = weight * given
        self.total.assign(self.total + values * weight)
        self.count.assign(self.count + weight)

    def result(self) -> Any:
        """Return the means so far."""
        if "total" not in self.__dict__:
            return ops.zeros((), self.dtype)
        return ops.divide_no_nan(self.total, self.count)

    def reset_state(self) -> None:
        """Forget what was gathered."""
        if "total" in self.__dict__:
            super().reset_state()
