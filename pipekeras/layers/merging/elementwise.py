"""Sum, difference, product, mean, largest and smallest of several tensors."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ShapeError
from pipekeras.core.registry import register
from pipekeras.layers.merging.merge import ElementwiseMerge


@register("layer")
class Add(ElementwiseMerge):
    """Add tensors element by element.

    Formula: y = x1 + x2 + ....

    Args:
        **options: name, trainable, dtype.

    Input shape -> output shape: list of (batch, ...) of matching shapes -> the same shape.

    Raises:
        ShapeError: the shapes do not match.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Add()([np.array([[1.0]]), np.array([[2.0]])])
    Tensor([[3.]], shape=(1, 1), dtype=float32)
    """

    def merge(self, tensors: list[Any]) -> Any:
        """Return the sum."""
        total = tensors[0]
        for tensor in tensors[1:]:
            total = ops.add(total, tensor)
        return total


@register("layer")
class Subtract(ElementwiseMerge):
    """Subtract the second tensor from the first.

    Formula: y = x1 - x2.

    Args:
        **options: name, trainable, dtype.

    Input shape -> output shape: list of two (batch, ...) of matching shapes -> the same shape.

    Raises:
        ShapeError: not two tensors, or their shapes do not match.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Subtract()([np.array([[1.0]]), np.array([[2.0]])])
    Tensor([[-1.]], shape=(1, 1), dtype=float32)
    """

    def build(self, input_shape: Any) -> None:
        """Check that there are two inputs."""
        super().build(input_shape)
        if len(input_shape) != 2:
            raise ShapeError(f"{self.describe()} needs exactly 2 tensors; got {len(input_shape)}")

    def merge(self, tensors: list[Any]) -> Any:
        """Return the difference."""
        if len(tensors) != 2:
            raise ShapeError(f"{self.describe()} needs exactly 2 tensors; got {len(tensors)}")
        return ops.subtract(tensors[0], tensors[1])


@register("layer")
class Multiply(ElementwiseMerge):
    """Multiply tensors element by element.

    Formula: y = x1 * x2 * ....

    Args:
        **options: name, trainable, dtype.

    Input shape -> output shape: list of (batch, ...) of matching shapes -> the same shape.

    Raises:
        ShapeError: the shapes do not match.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Multiply()([np.array([[3.0]]), np.array([[2.0]])])
    Tensor([[6.]], shape=(1, 1), dtype=float32)
    """

    def merge(self, tensors: list[Any]) -> Any:
        """Return the product; steps that one input masks count as 1, steps that all inputs mask give 0."""
        masks = [_spread(tensor.mask, tensor) for tensor in tensors]
        product = None
        for tensor, mask in zip(tensors, masks, strict=True):
            factor = tensor if mask is None else ops.where(mask, tensor, 1.0)
            product = factor if product is None else ops.multiply(product, factor)
        if any(mask is None for mask in masks):
            return product
        joined = masks[0]
        for mask in masks[1:]:
            joined = ops.logical_or(joined, mask)
        return ops.where(joined, product, 0.0)


def _spread(mask: Any, tensor: Any) -> Any:
    """Return a mask of steps for all features of the tensor."""
    return None if mask is None else ops.broadcast_to(ops.expand_dims(mask, -1), ops.shape(tensor))


@register("layer")
class Average(ElementwiseMerge):
    """Mean of tensors element by element.

    Formula: y = (x1 + x2 + ... + xn) / n.

    Args:
        **options: name, trainable, dtype.

    Input shape -> output shape: list of (batch, ...) of matching shapes -> the same shape.

    Raises:
        ShapeError: the shapes do not match.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Average()([np.array([[1.0]]), np.array([[2.0]])])
    Tensor([[1.5]], shape=(1, 1), dtype=float32)
    """

    def merge(self, tensors: list[Any]) -> Any:
        """Return the mean."""
        total = tensors[0]
        for tensor in tensors[1:]:
            total = ops.add(total, tensor)
        return ops.divide(total, float(len(tensors)))


@register("layer")
class Maximum(ElementwiseMerge):
    """Largest of tensors element by element.

    Formula: y = max(x1, x2, ...).

    Args:
        **options: name, trainable, dtype.

    Input shape -> output shape: list of (batch, ...) of matching shapes -> the same shape.

    Raises:
        ShapeError: the shapes do not match.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Maximum()([np.array([[1.0]]), np.array([[2.0]])])
    Tensor([[2.]], shape=(1, 1), dtype=float32)
    """

    def merge(self, tensors: list[Any]) -> Any:
        """Return the largest elements."""
        return _extreme(ops.maximum, tensors)


@register("layer")
class Minimum(ElementwiseMerge):
    """Smallest of tensors element by element.

    Formula: y = min(x1, x2, ...).

    Args:
        **options: name, trainable, dtype.

    Input shape -> output shape: list of (batch, ...) of matching shapes -> the same shape.

    Raises:
        ShapeError: the shapes do not match.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Minimum()([np.array([[1.0]]), np.array([[2.0]])])
    Tensor([[1.]], shape=(1, 1), dtype=float32)
    """

    def merge(self, tensors: list[Any]) -> Any:
        """Return the smallest elements."""
        return _extreme(ops.minimum, tensors)


def _extreme(choose: Any, tensors: list[Any]) -> Any:
    """Return the extreme elements; where one tensor is masked the others decide."""
    chosen = tensors[0]
    valid = _spread(tensors[0].mask, tensors[0])
    for tensor in tensors[1:]:
        mask = _spread(tensor.mask, tensor)
        if mask is not None:
            tensor = ops.where(mask, tensor, chosen)
        if valid is not None:
            chosen = ops.where(valid, chosen, tensor)
        valid = None if mask is None or valid is None else ops.logical_or(valid, mask)
        chosen = choose(chosen, tensor)
    return chosen
