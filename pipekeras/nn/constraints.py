"""Constraints: what a weight must keep to after each update."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipekeras import ops
from pipekeras.core import configuration, serialization
from pipekeras.core.configurable import Configurable
from pipekeras.core.registry import register
from pipekeras.graph.tensor import convert
from pipekeras.nn.lookup import resolve, snake_aliases

Axis = int | Sequence[int] | None

__all__ = [
    "Constraint",
    "MaxNorm",
    "MinMaxNorm",
    "NonNeg",
    "UnitNorm",
    "deserialize",
    "get",
    "max_norm",
    "min_max_norm",
    "non_neg",
    "serialize",
    "unit_norm",
]


def _constraint(cls: Any) -> Any:
    return register("constraint", aliases=(*snake_aliases(cls.__name__), cls.__name__.lower()))(cls)


@register("constraint", aliases=("constraint",))
class Constraint(Configurable):
    """Base of constraints; subclass it and write `__call__(w)`.

    >>> from pipekeras import constraints, ops
    >>> class Integral(constraints.Constraint):
    ...     def __call__(self, w):
    ...         return ops.round(w)
    >>> Integral()([0.6, -1.2]).numpy()
    array([ 1., -1.], dtype=float32)
    """

    def __call__(self, w: Any) -> Any:
        """Return the weight as it should be.

        Args:
            w: tensor, the weight after an update.
        """
        return w


def _norms(w: Any, axis: Axis) -> Any:
    axis = axis if axis is None or isinstance(axis, int) else tuple(axis)
    return ops.sqrt(ops.sum(ops.square(w), axis=axis, keepdims=True))


def _axes(axis: Any) -> Axis:
    if axis is None:
        return None
    return [int(item) for item in axis] if isinstance(axis, list | tuple) else int(axis)


@_constraint
class MaxNorm(Constraint):
    """Keep the norms of units at most at a value.

    Formula: w * min(|w|, max_value) / (|w| + 1e-7), norms taken over `axis`.

    Args:
        max_value: float, default 2.
        axis: int or list of int, default 0: the inputs of each unit of a dense layer; [0, 1, 2] for a convolution. None
            takes one norm of the whole weight.

    >>> MaxNorm(1.0)([[3.0], [4.0]]).numpy().round(3)
    array([[0.6],
           [0.8]], dtype=float32)
    """

    def __init__(self, max_value: float = 2, axis: Axis = 0) -> None:
        self.max_value = max_value
        self.axis = _axes(axis)

    def __call__(self, w: Any) -> Any:
        """Return the weight, scaled where it is too long."""
        w = convert(w)
        norms = _norms(w, self.axis)
        return w * (ops.clip(norms, 0, self.max_value) / (norms + configuration.epsilon()))


@_constraint
class MinMaxNorm(Constraint):
    """Pull the norms of units into an interval.

    Formula: w * (rate * clip(|w|, min_value, max_value) + (1 - rate) * |w|) / (|w| + 1e-7).

    Args:
        min_value: float, default 0.0.
        max_value: float, default 1.0.
        rate: float in [0, 1], default 1.0. How far to go at each update.
        axis: int or list of int, default 0; None takes one norm of the whole weight.

    >>> MinMaxNorm(2.0, 3.0)([[0.6], [0.8]]).numpy().round(3)
    array([[1.2],
           [1.6]], dtype=float32)
    """

    def __init__(self, min_value: float = 0.0, max_value: float = 1.0, rate: float = 1.0, axis: Axis = 0) -> None:
        self.min_value = min_value
        self.max_value = max_value
        self.rate = rate
        self.axis = _axes(axis)

    def __call__(self, w: Any) -> Any:
        """Return the weight, scaled towards the interval."""
        w = convert(w)
        norms = _norms(w, self.axis)
        desired = ops.clip(norms, self.min_value, self.max_value)
        if self.rate != 1:
            desired = desired * self.rate + norms * (1 - self.rate)
        return w * (desired / (norms + configuration.epsilon()))


@_constraint
class NonNeg(Constraint):
    """Keep weights from falling below 0.

    Formula: max(w, 0).

    >>> NonNeg()([-1.0, 2.0]).numpy()
    array([0., 2.], dtype=float32)
    """

    def __call__(self, w: Any) -> Any:
        """Return the weight without what is below 0."""
        return ops.maximum(w, 0)


@_constraint
class UnitNorm(Constraint):
    """Keep the norms of units at 1.

    Formula: w / (|w| + 1e-7), norms taken over `axis`.

    Args:
        axis: int or list of int, default 0; None takes one norm of the whole weight.

    >>> UnitNorm()([[3.0], [4.0]]).numpy().round(3)
    array([[0.6],
           [0.8]], dtype=float32)
    """

    def __init__(self, axis: Axis = 0) -> None:
        self.axis = _axes(axis)

    def __call__(self, w: Any) -> Any:
        """Return the weight, scaled."""
        w = convert(w)
        return w / (_norms(w, self.axis) + configuration.epsilon())


max_norm = MaxNorm
min_max_norm = MinMaxNorm
non_neg = NonNeg
unit_norm = UnitNorm


def serialize(constraint: Any) -> Any:
    """Return the config of a constraint.

    >>> serialize(MaxNorm(3))["config"]
    {'max_value': 3, 'axis': 0}
    """
    return serialization.serialize(constraint)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """Make a constraint from its config.

    Args:
        config: dict, what `serialize` returned.
        custom_objects: dict of name to class, for constraints of your own.

    >>> deserialize({"class_name": "MaxNorm", "config": {"max_value": 3}}).max_value
    3
    """
    return serialization.deserialize(config, custom_objects, kind="constraint")


def get(identifier: Any) -> Any:
    """Return the constraint that an identifier stands for; None stays None.

    Args:
        identifier: str such as "non_neg", dict, class, Constraint, function of a tensor, or None.

    Raises:
        ConfigurationError: There is no such constraint.

    >>> type(get("non_neg")).__name__
    'NonNeg'
    """
    return None if identifier is None else resolve("constraint", identifier)
