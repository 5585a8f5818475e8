"""Tensors put side by side."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ShapeError
from pipekeras.core.registry import register
from pipekeras.core.structure import is_shape
from pipekeras.layers.base.layer import Layer
from pipekeras.layers.merging.merge import check_list


@register("layer")
class Concatenate(Layer):
    """Put tensors side by side along an axis.

    Formula: y = [x1, x2, ...] along axis.

    Args:
        axis: int, default -1 (the last); counted from 0, the batch axis included.
        **options: name, trainable, dtype.

    Input shape -> output shape: list of (batch, ...), equal but for the axis -> sizes along the axis added up.

    Raises:
        ShapeError: the other sizes differ.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Concatenate()([np.array([[1.0]]), np.array([[2.0, 3.0]])])
    Tensor([[1., 2., 3.]], shape=(1, 3), dtype=float32)
    """

    def __init__(self, axis: int = -1, **options: Any) -> None:
        super().__init__(**options)
        self.axis = int(axis)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Check the shapes; there are no weights."""
        self.compute_output_shape(input_shape)

    def call(self, inputs: Any) -> Any:
        """Return the inputs side by side."""
        check_list(self, inputs, 1)
        return ops.concatenate(list(inputs), axis=self.axis)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the common shape with the sizes along the axis added up."""
        if is_shape(input_shape) or not isinstance(input_shape, list | tuple) or not input_shape:
            raise ShapeError(f"{self.describe()} needs a list of tensors; got one of shape {input_shape}")
        shapes = [tuple(shape) for shape in input_shape]
        result = list(shapes[0])
        rank = len(result)
        listed = " and ".join(str(shape) for shape in shapes)
        if any(len(shape) != rank for shape in shapes) or not -rank <= self.axis < rank:
            raise ShapeError(f"{self.describe()} needs inputs of one rank that have axis {self.axis}; got {listed}")
        joined = self.axis % rank
        for shape in shapes[1:]:
            for axis, size in enumerate(shape):
                known = result[axis]
                if axis == joined:
                    result[axis] = None if known is None or size is None else known + size
                elif known is None:
                    result[axis] = size
                elif size is not None and size != known:
                    raise ShapeError(
                        f"{self.describe()} needs inputs that differ in axis {self.axis} only; got {listed}",
                        mend="join along another axis, or reshape the inputs first",
                    )
        return tuple(result)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return the masks joined along the axis; where features are joined, a step is valid if all inputs say so."""
        if previous_mask is None or all(mask is None for mask in previous_mask):
            return None
        masks = []
        for tensor, mask in zip(inputs, previous_mask, strict=True):
            if mask is None:
                masks.append(ops.ones_like(tensor, dtype="bool"))
            elif mask.ndim < tensor.ndim:
                shape = ops.shape(tensor)
                masks.append(ops.broadcast_to(ops.expand_dims(mask, axis=-1), shape))
            else:
                masks.append(mask)
        joined = ops.concatenate(masks, axis=self.axis)
        return ops.any(joined, axis=-1, keepdims=False)
