"""Which metric or loss a short name means for given labels and predictions."""

from __future__ import annotations

from typing import Any

from pipekeras.core.errors import ConfigurationError
from pipekeras.nn.losses.base import Loss, LossFunctionWrapper, loss_name
from pipekeras.nn.losses.crossentropy import (
    binary_crossentropy,
    categorical_crossentropy,
    sparse_categorical_crossentropy,
)
from pipekeras.nn.metrics.accuracy import BinaryAccuracy, CategoricalAccuracy, SparseCategoricalAccuracy
from pipekeras.nn.metrics.base import Metric
from pipekeras.nn.metrics.reduction import MeanMetricWrapper

ACCURACY = ("accuracy", "acc")
CROSSENTROPY = ("crossentropy", "ce")
"""Names that stand for one of several, as the labels decide."""


def kind_of_labels(y_true: Any, y_pred: Any) -> str:
    """Tell from shapes whether labels are "binary", "sparse" class numbers or "categorical" one-hot codes.

    >>> import numpy as np
    >>> kind_of_labels(np.zeros((8,)), np.zeros((8, 3)))
    'sparse'
    """
    true, predicted = tuple(y_true.shape), tuple(y_pred.shape)
    last = predicted[-1] if predicted else 1
    if last == 1:
        return "binary"
    if len(true) < len(predicted) or (true and true[-1] == 1 and last is not None and last > 1):
        return "sparse"
    return "categorical"


def metric_for(identifier: Any, y_true: Any, y_pred: Any) -> Metric:
    """Return the metric object that an entry of `compile(metrics=...)` stands for, named as Keras names it.

    "accuracy" and "acc" become the accuracy that fits the shapes; functions become means of themselves.

    Args:
        identifier: str, dict, class, Metric, Loss or function.
        y_true: anything with the labels' shape.
        y_pred: anything with the predictions' shape.

    >>> import numpy as np
    >>> metric_for("accuracy", np.zeros((8,)), np.zeros((8, 3)))
    <SparseCategoricalAccuracy name=accuracy>
    """
    from pipekeras.nn import metrics

    if identifier is None:
        raise ConfigurationError("a metric was expected in metrics=, not None")
    if isinstance(identifier, str) and identifier.lower() in ACCURACY:
        kinds = {"binary": BinaryAccuracy, "sparse": SparseCategoricalAccuracy, "categorical": CategoricalAccuracy}
        return kinds[kind_of_labels(y_true, y_pred)](name=identifier)
    if isinstance(identifier, str) and identifier.lower() in CROSSENTROPY:
        kind = {"binary": "binary", "sparse": "sparse_categorical", "categorical": "categorical"}
        found = metrics.get(f"{kind[kind_of_labels(y_true, y_pred)]}_crossentropy")
    else:
        found = metrics.get(identifier)
    name = identifier if isinstance(identifier, str) else getattr(found, "name", None) or loss_name(found)
    if not isinstance(found, Metric):
        found = MeanMetricWrapper(found, name=name)
    found.name = name
    return found


def loss_for(identifier: Any, y_true: Any, y_pred: Any) -> Loss | None:
    """Return the loss object that an entry of `compile(loss=...)` stands for; None stays None.

    "crossentropy" and "ce" become the cross-entropy that fits the shapes; functions are wrapped.

    Args:
        identifier: str, dict, class, Loss, function or None.
        y_true: anything with the labels' shape.
        y_pred: anything with the predictions' shape.

    >>> import numpy as np
    >>> loss_for("mse", np.zeros((8, 1)), np.zeros((8, 1))).name
    'mse'
    """
    from pipekeras.nn import losses

    if identifier is None:
        return None
    if isinstance(identifier, str) and identifier.lower() in CROSSENTROPY:
        functions = {
            "binary": binary_crossentropy,
            "sparse": sparse_categorical_crossentropy,
            "categorical": categorical_crossentropy,
        }
        found: Any = functions[kind_of_labels(y_true, y_pred)]
    else:
        found = losses.get(identifier)
    if isinstance(found, Loss):
        return found
    name = identifier if isinstance(identifier, str) else loss_name(found)
    return LossFunctionWrapper(found, name=name)
