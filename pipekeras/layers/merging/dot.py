"""Inner products of samples."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.core.registry import register
from pipekeras.core.structure import is_shape
from pipekeras.layers.base.layer import Layer


@register("layer")
class Dot(Layer):
    """Inner products between the samples of two tensors along an axis of each.

    Formula: y[b, i, j] = sum_k x1[b, i, k] x2[b, k, j], the sum running along `axes`.

    Args:
        axes: int or pair of int, the axes to sum along, counted with the batch axis (0).
        normalize: bool, default False; scale both to length 1 first, which gives the cosine of the angle.
        **options: name, trainable, dtype.

    Input shape -> output shape: list of (batch, ...) and (batch, ...) -> (batch, rest of the first, rest of the second);
    (batch, 1) when nothing is left.

    Raises:
        ShapeError: the sizes along the axes differ.
        ConfigurationError: axes is not one or two whole numbers, or names the batch axis.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Dot(axes=1)([np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]])])
    Tensor([[11.]], shape=(1, 1), dtype=float32)
    """

    def __init__(self, axes: Any, normalize: bool = False, **options: Any) -> None:
        super().__init__(**options)
        if isinstance(axes, list | tuple):
            if len(axes) != 2 or not all(isinstance(axis, int) for axis in axes):
                raise ConfigurationError(f"Dot: axes must be one whole number or two, not {axes!r}")
            axes = tuple(axes)
        elif not isinstance(axes, int):
            raise ConfigurationError(f"Dot: axes must be one whole number or two, not {axes!r}")
        self.axes = axes
        self.normalize = normalize
        self.supports_masking = True

    def _both(self, first: Any, second: Any) -> tuple[int, int]:
        """Return the summed axes as positive numbers, checked against the shapes."""
        axes = (self.axes, self.axes) if isinstance(self.axes, int) else self.axes
        resolved = tuple(axis % len(shape) for axis, shape in zip(axes, (first, second), strict=True))
        if 0 in resolved:
            raise ConfigurationError(f"{self.describe()}: axis 0 is the batch and can't be summed")
        sizes = first[resolved[0]], second[resolved[1]]
        if None not in sizes and sizes[0] != sizes[1]:
            raise ShapeError(
                f"{self.describe()} needs equal sizes along the axes; got {tuple(first)} and {tuple(second)}",
                mend="choose axes of equal size",
            )
        return resolved[0], resolved[1]

    def build(self, input_shape: Any) -> None:
        """Check the shapes; there are no weights."""
        if is_shape(input_shape) or len(input_shape) != 2:
            raise ShapeError(f"{self.describe()} needs a list of exactly 2 tensors; got {input_shape}")
        self._both(*input_shape)

    def call(self, inputs: Any) -> Any:
        """Return the inner products."""
        first, second = inputs
        axis1, axis2 = self._both(first.shape, second.shape)
        if self.normalize:
            first, second = _unit(first, axis1), _unit(second, axis2)
        return batch_dot(first, second, axis1, axis2)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the batch axis and what is left of both shapes."""
        first, second = (tuple(shape) for shape in input_shape)
        axis1, axis2 = self._both(first, second)
        rest = first[1:axis1] + first[axis1 + 1 :] + second[1:axis2] + second[axis2 + 1 :]
        return (first[0] if first[0] is not None else second[0], *(rest or (1,)))

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return None: the summed axes are gone."""
        return None


def _unit(tensor: Any, axis: int) -> Any:
    squares = ops.sum(ops.square(tensor), axis=axis, keepdims=True)
    return tensor * ops.rsqrt(ops.maximum(squares, 1e-12))


def batch_dot(first: Any, second: Any, axis1: int, axis2: int) -> Any:
    """Return inner products, sample by sample, along axis1 of the first tensor and axis2 of the second."""
    rest1 = [axis for axis in range(1, first.ndim) if axis != axis1]
    rest2 = [axis for axis in range(1, second.ndim) if axis != axis2]
    if not rest1 and not rest2:
        return ops.sum(first * second, axis=1, keepdims=True)
    shape = (
        first.shape[0],
        *(first.shape[axis] for axis in rest1),
        *(second.shape[axis] for axis in rest2),
    )
    left = ops.transpose(first, (0, *rest1, axis1))
    right = ops.transpose(second, (0, axis2, *rest2))
    length = first.shape[axis1]
    if len(rest1) != 1:
        left = ops.reshape(left, (_known(first.shape[0]), _size(first, rest1), _known(length)))
    if len(rest2) != 1:
        right = ops.reshape(right, (_known(second.shape[0]), _known(length), _size(second, rest2)))
    product = ops.matmul(left, right)
    if len(rest1) == 1 and len(rest2) == 1:
        return product
    return ops.reshape(product, tuple(_known(size) for size in shape))


def _known(size: int | None) -> int:
    return -1 if size is None else size


def _size(tensor: Any, axes: list[int]) -> int:
    result = 1
    for axis in axes:
        if tensor.shape[axis] is None:
            return -1
        result *= tensor.shape[axis]
    return result
