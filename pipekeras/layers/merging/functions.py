"""The merging layers as functions of a list of tensors."""

from __future__ import annotations

from typing import Any

from pipekeras.layers.merging.concatenate import Concatenate
from pipekeras.layers.merging.dot import Dot
from pipekeras.layers.merging.elementwise import Add, Average, Maximum, Minimum, Multiply, Subtract


def add(inputs: Any, **options: Any) -> Any:
    """Add tensors element by element; see `Add`."""
    return Add(**options)(inputs)


def subtract(inputs: Any, **options: Any) -> Any:
    """Subtract the second tensor from the first; see `Subtract`."""
    return Subtract(**options)(inputs)


def multiply(inputs: Any, **options: Any) -> Any:
    """Multiply tensors element by element; see `Multiply`."""
    return Multiply(**options)(inputs)


def average(inputs: Any, **options: Any) -> Any:
    """Mean of tensors element by element; see `Average`."""
    return Average(**options)(inputs)


def maximum(inputs: Any, **options: Any) -> Any:
    """Largest of tensors element by element; see `Maximum`."""
    return Maximum(**options)(inputs)


def minimum(inputs: Any, **options: Any) -> Any:
    """Smallest of tensors element by element; see `Minimum`."""
    return Minimum(**options)(inputs)


def concatenate(inputs: Any, axis: int = -1, **options: Any) -> Any:
    """Put tensors side by side along an axis; see `Concatenate`."""
    return Concatenate(axis=axis, **options)(inputs)


def dot(inputs: Any, axes: Any = -1, **options: Any) -> Any:
    """Inner products of samples; see `Dot`."""
    return Dot(axes=axes, **options)(inputs)
