"""Metrics that are means of losses."""

from __future__ import annotations

from typing import Any

from pipekeras.nn.losses import (
    binary_crossentropy,
    categorical_crossentropy,
    categorical_hinge,
    hinge,
    kl_divergence,
    log_cosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
    poisson,
    sparse_categorical_crossentropy,
    squared_hinge,
)
from pipekeras.nn.metrics.base import metric
from pipekeras.nn.metrics.reduction import NamedMean


@metric("mse", "MSE")
class MeanSquaredError(NamedMean):
    """Mean of squared differences.

    Args:
        name: str, default "mean_squared_error".
        dtype: str or None, default the default float.

    >>> metric = MeanSquaredError()
    >>> metric.update_state([[0.0, 1.0]], [[1.0, 3.0]])
    >>> print(round(float(metric.result()), 4))
    2.5
    """

    _direction = "down"

    def __init__(self, name: str | None = "mean_squared_error", dtype: Any = None) -> None:
        super().__init__(mean_squared_error, name, dtype)


@metric("mae", "MAE")
class MeanAbsoluteError(NamedMean):
    """Mean of differences in size.

    Args:
        name: str, default "mean_absolute_error".
        dtype: str or None, default the default float.

    >>> metric = MeanAbsoluteError()
    >>> metric.update_state([[0.0, 1.0]], [[1.0, 3.0]])
    >>> print(round(float(metric.result()), 4))
    1.5
    """

    _direction = "down"

    def __init__(self, name: str | None = "mean_absolute_error", dtype: Any = None) -> None:
        super().__init__(mean_absolute_error, name, dtype)


@metric("mape", "MAPE")
class MeanAbsolutePercentageError(NamedMean):
    """Mean of differences in percent of the true values.

    Args:
        name: str, default "mean_absolute_percentage_error".
        dtype: str or None, default the default float.

    >>> metric = MeanAbsolutePercentageError()
    >>> metric.update_state([[2.0, 1.0]], [[1.0, 1.0]])
    >>> print(round(float(metric.result()), 4))
    25.0
    """

    _direction = "down"

    def __init__(self, name: str | None = "mean_absolute_percentage_error", dtype: Any = None) -> None:
        super().__init__(mean_absolute_percentage_error, name, dtype)


@metric("msle", "MSLE")
class MeanSquaredLogarithmicError(NamedMean):
    """Mean of squared differences of logarithms.

    Args:
        name: str, default "mean_squared_logarithmic_error".
        dtype: str or None, default the default float.

    >>> metric = MeanSquaredLogarithmicError()
    >>> metric.update_state([[0.0]], [[1.0]])
    >>> print(round(float(metric.result()), 4))
    0.4805
    """

    _direction = "down"

    def __init__(self, name: str | None = "mean_squared_logarithmic_error", dtype: Any = None) -> None:
        super().__init__(mean_squared_logarithmic_error, name, dtype)


@metric("logcosh")
class LogCoshError(NamedMean):
    """Mean logarithm of the hyperbolic cosine of the error.

    Args:
        name: str, default "logcosh".
        dtype: str or None, default the default float.

    >>> metric = LogCoshError()
    >>> metric.update_state([[0.0]], [[1.0]])
    >>> print(round(float(metric.result()), 4))
    0.4338
    """

    _direction = "down"

    def __init__(self, name: str | None = "logcosh", dtype: Any = None) -> None:
        super().__init__(log_cosh, name, dtype)


@metric()
class Poisson(NamedMean):
    """Mean Poisson loss of rates against counts.

    Args:
        name: str, default "poisson".
        dtype: str or None, default the default float.

    >>> metric = Poisson()
    >>> metric.update_state([[1.0]], [[2.0]])
    >>> print(round(float(metric.result()), 4))
    1.3069
    """

    _direction = None

    def __init__(self, name: str | None = "poisson", dtype: Any = None) -> None:
        super().__init__(poisson, name, dtype)


@metric("kl_divergence", "kld", "KLD", "kullback_leibler_divergence")
class KLDivergence(NamedMean):
    """Mean Kullback-Leibler divergence of predicted from true probabilities.

    Args:
        name: str, default "kl_divergence".
        dtype: str or None, default the default float.

    >>> metric = KLDivergence()
    >>> metric.update_state([[0.5, 0.5]], [[0.5, 0.5]])
    >>> print(round(float(metric.result()), 4))
    0.0
    """

    _direction = None

    def __init__(self, name: str | None = "kl_divergence", dtype: Any = None) -> None:
        super().__init__(kl_divergence, name, dtype)


@metric()
class Hinge(NamedMean):
    """Mean hinge loss.

    Args:
        name: str, default "hinge".
        dtype: str or None, default the default float.

    >>> metric = Hinge()
    >>> metric.update_state([[1.0, -1.0]], [[0.5, -2.0]])
    >>> print(round(float(metric.result()), 4))
    0.25
    """

    _direction = "down"

    def __init__(self, name: str | None = "hinge", dtype: Any = None) -> None:
        super().__init__(hinge, name, dtype)


@metric()
class SquaredHinge(NamedMean):
    """Mean squared hinge loss.

    Args:
        name: str, default "squared_hinge".
        dtype: str or None, default the default float.

    >>> metric = SquaredHinge()
    >>> metric.update_state([[1.0, -1.0]], [[0.5, -2.0]])
    >>> print(round(float(metric.result()), 4))
    0.125
    """

    _direction = "down"

    def __init__(self, name: str | None = "squared_hinge", dtype: Any = None) -> None:
        super().__init__(squared_hinge, name, dtype)


@metric()
class CategoricalHinge(NamedMean):
    """Mean hinge loss of classes.

    Args:
        name: str, default "categorical_hinge".
        dtype: str or None, default the default float.

    >>> metric = CategoricalHinge()
    >>> metric.update_state([[0.0, 1.0]], [[0.4, 0.6]])
    >>> print(round(float(metric.result()), 4))
    0.8
    """

    _direction = "down"

    def __init__(self, name: str | None = "categorical_hinge", dtype: Any = None) -> None:
        super().__init__(categorical_hinge, name, dtype)


@metric("bce", "BCE")
class BinaryCrossentropy(NamedMean):
    """Mean cross-entropy of yes-or-no labels.

    Args:
        name: str, default "binary_crossentropy".
        dtype: str or None, default the default float.
        from_logits: bool, default False. Predictions are logits.
        label_smoothing: float, default 0. How far labels are evened out.

    >>> metric = BinaryCrossentropy()
    >>> metric.update_state([[0.0, 1.0]], [[0.5, 0.5]])
    >>> print(round(float(metric.result()), 4))
    0.6931
    """

    _direction = "down"

    def __init__(
        self, name: str | None = "binary_crossentropy", dtype: Any = None, from_logits: bool = False, label_smoothing: float = 0
    ) -> None:
        super().__init__(binary_crossentropy, name, dtype, from_logits=from_logits, label_smoothing=label_smoothing)
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing


@metric("cce", "CCE")
class CategoricalCrossentropy(NamedMean):
    """Mean cross-entropy of one-hot labels.

    Args:
        name: str, default "categorical_crossentropy".
        dtype: str or None, default the default float.
        from_logits: bool, default False. Predictions are logits.
        label_smoothing: float, default 0. How far labels are evened out.
        axis: int, default -1. Axis of the classes.

    >>> metric = CategoricalCrossentropy()
    >>> metric.update_state([[0.0, 1.0]], [[0.5, 0.5]])
    >>> print(round(float(metric.result()), 4))
    0.6931
    """

    _direction = "down"

    def __init__(
        self,
        name: str | None = "categorical_crossentropy",
        dtype: Any = None,
        from_logits: bool = False,
        label_smoothing: float = 0,
        axis: int = -1,
    ) -> None:
        super().__init__(
            categorical_crossentropy, name, dtype, from_logits=from_logits, label_smoothing=label_smoothing, axis=axis
        )
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing
        self.axis = axis


@metric("scce")
class SparseCategoricalCrossentropy(NamedMean):
    """Mean cross-entropy of class numbers.

    Args:
        name: str, default "sparse_categorical_crossentropy".
        dtype: str or None, default the default float.
        from_logits: bool, default False. Predictions are logits.
        ignore_class: int or None, default None. A class number whose samples don't count.
        axis: int, default -1. Axis of the classes.

    >>> metric = SparseCategoricalCrossentropy()
    >>> metric.update_state([1], [[0.5, 0.5]])
    >>> print(round(float(metric.result()), 4))
    0.6931
    """

    _direction = "down"

    def __init__(
        self,
        name: str | None = "sparse_categorical_crossentropy",
        dtype: Any = None,
        from_logits: bool = False,
        ignore_class: int | None = None,
        axis: int = -1,
    ) -> None:
        super().__init__(
            sparse_categorical_crossentropy, name, dtype, from_logits=from_logits, ignore_class=ignore_class, axis=axis
        )
        self.from_logits = from_logits
        self.ignore_class = ignore_class
        self.axis = axis
