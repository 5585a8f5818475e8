"""Regularizers: penalties on weights or outputs that are added to the loss."""

from __future__ import annotations

import math
from typing import Any

from pipekeras import ops
from pipekeras.core import serialization
from pipekeras.core.configurable import Configurable
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.core.registry import register
from pipekeras.graph.tensor import Tensor
from pipekeras.nn.lookup import resolve

__all__ = [
    "L1",
    "L1L2",
    "L2",
    "OrthogonalRegularizer",
    "Regularizer",
    "deserialize",
    "get",
    "l1",
    "l1_l2",
    "l2",
    "orthogonal_regularizer",
    "serialize",
]


@register("regularizer", aliases=("regularizer",))
class Regularizer(Configurable):
    """Base of regularizers; subclass it and write `__call__(x)`.

    >>> from pipekeras import ops, regularizers
    >>> class Largest(regularizers.Regularizer):
    ...     def __call__(self, x):
    ...         return ops.max(ops.absolute(x))
    >>> float(Largest()([1.0, -3.0]))
    3.0
    """

    def __call__(self, x: Any) -> Any:
        """Return the penalty, a scalar.

        Args:
            x: tensor, a weight or an output.
        """
        return 0.0


def _strength(name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not 0 <= number < math.inf:
        raise ConfigurationError(f"{name} must be a finite number of 0 or more, not {value!r}")
    return number


@register("regularizer", aliases=("l1_l2", "l1l2", "activity_l1l2"))
class L1L2(Regularizer):
    """Penalty on sizes and squares.

    Formula: l1 * sum(|x|) + l2 * sum(x^2).

    Args:
        l1: float >= 0, default 0.0.
        l2: float >= 0, default 0.0.

    Raises:
        ConfigurationError: A strength is negative or not finite.

    >>> round(float(L1L2(l1=0.1, l2=0.01)([1.0, -2.0])), 4)
    0.35
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None:
        self.l1 = _strength("l1", 0.0 if l1 is None else l1)
        self.l2 = _strength("l2", 0.0 if l2 is None else l2)

    def __call__(self, x: Any) -> Any:
        """Return the penalty."""
        if not self.l1 and not self.l2:
            return ops.convert_to_tensor(0.0)
        if not self.l2:
            return ops.sum(ops.absolute(x)) * self.l1
        squares = ops.sum(ops.square(x)) * self.l2
        return squares + ops.sum(ops.absolute(x)) * self.l1 if self.l1 else squares


@register("regularizer", aliases=("l1", "activity_l1"))
class L1(Regularizer):
    """Penalty on sizes, which drives weights to exact zeros.

    Formula: l1 * sum(|x|).

    Args:
        l1: float >= 0, default 0.01.

    Raises:
        ConfigurationError: The strength is negative or not finite.

    >>> round(float(L1(0.1)([1.0, -2.0])), 4)
    0.3
    """

    def __init__(self, l1: float = 0.01) -> None:
        self.l1 = _strength("l1", 0.01 if l1 is None else l1)

    def __call__(self, x: Any) -> Any:
        """Return the penalty."""
        return ops.sum(ops.absolute(x)) * self.l1


@register("regularizer", aliases=("l2", "activity_l2"))
class L2(Regularizer):
    """Penalty on squares, which keeps weights small.

    Formula: l2 * sum(x^2).

    Args:
        l2: float >= 0, default 0.01.

    Raises:
        ConfigurationError: The strength is negative or not finite.

    >>> round(float(L2(0.1)([1.0, -2.0])), 4)
    0.5
    """

    def __init__(self, l2: float = 0.01) -> None:
        self.l2 = _strength("l2", 0.01 if l2 is None else l2)

    def __call__(self, x: Any) -> Any:
        """Return the penalty."""
        return ops.sum(ops.square(x)) * self.l2


@register("regularizer", aliases=("orthogonal_regularizer",))
class OrthogonalRegularizer(Regularizer):
    """Penalty on rows, or columns, of a matrix that are not at right angles.

    Formula: factor times the mean of |cos(angle)| over all pairs of rows.

    Args:
        factor: float >= 0, default 0.01.
        mode: "rows" or "columns", default "rows".

    Raises:
        ConfigurationError: An option is out of range.
        ShapeError: The weight is not a matrix.

    >>> round(float(OrthogonalRegularizer(1.0)([[1.0, 0.0], [1.0, 1.0]])), 4)
    0.7071
    """

    def __init__(self, factor: float = 0.01, mode: str = "rows") -> None:
        if mode not in ("rows", "columns"):
            raise ConfigurationError(f"mode must be 'rows' or 'columns', not {mode!r}")
        self.factor = _strength("factor", factor)
        self.mode = mode

    def __call__(self, x: Any) -> Any:
        """Return the penalty."""
        x = ops.convert_to_tensor(x)
        if x.ndim != 2:
            raise ShapeError(f"OrthogonalRegularizer needs a matrix; got shape {x.shape}")
        by_rows = self.mode == "rows"
        x = ops.normalize(x, axis=1 if by_rows else 0)
        other: Tensor = ops.transpose(x)
        product = ops.matmul(x, other) if by_rows else ops.matmul(other, x)
        size = x.shape[0 if by_rows else 1]
        apart = ops.absolute(product * (1.0 - ops.eye(size, dtype=x.dtype)))
        return ops.sum(apart) * (self.factor / (size * (size - 1.0)))


l1 = L1
l2 = L2
l1_l2 = L1L2
orthogonal_regularizer = OrthogonalRegularizer


def serialize(regularizer: Any) -> Any:
    """Return the config of a regularizer.

    >>> serialize(L2(0.5))["config"]
    {'l2': 0.5}
    """
    return serialization.serialize(regularizer)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """Make a regularizer from its config.

    Args:
        config: dict, what `serialize` returned.
        custom_objects: dict of name to class, for regularizers of your own.

    >>> deserialize({"class_name": "L2", "config": {"l2": 0.5}}).l2
    0.5
    """
    return serialization.deserialize(config, custom_objects, kind="regularizer")


def get(identifier: Any) -> Any:
    """Return the regularizer that an identifier stands for; None stays None.

    Args:
        identifier: str such as "l2", dict, class, Regularizer, function of a tensor, or None.

    Raises:
        ConfigurationError: There is no such regularizer.

    >>> get("l1").l1
    0.01
    """
    return None if identifier is None else resolve("regularizer", identifier)
