"""Marking time steps that are to be skipped."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.registry import register
from pipekeras.layers.base.layer import Layer


@register("layer")
class Masking(Layer):
    """Mask the time steps whose features all equal a value; later layers that support masks skip them.

    Formula: mask[b, t] = any(x[b, t, :] != mask_value); masked steps are set to 0.

    Args:
        mask_value: float, default 0.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, time, features) -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> x = np.array([[[1.0], [0.0], [2.0]]])
    >>> layers.Masking()(x).mask
    Tensor([[ True, False,  True]], shape=(1, 3), dtype=bool)
    """

    built_from_start = True

    def __init__(self, mask_value: Any = 0.0, **options: Any) -> None:
        super().__init__(**options)
        self.mask_value = mask_value
        self.supports_masking = True

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return where any feature differs from the value."""
        return ops.any(ops.not_equal(inputs, self.mask_value), axis=-1)

    def call(self, inputs: Any) -> Any:
        """Return the inputs with zeros at masked steps, and the mask with them."""
        kept = ops.any(ops.not_equal(inputs, self.mask_value), axis=-1, keepdims=True)
        outputs = ops.where(kept, inputs, 0.0)
        outputs.mask = ops.squeeze(kept, axis=-1)
        return outputs

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input shape."""
        return input_shape
