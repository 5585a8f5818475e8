"""The layer that does nothing."""

from __future__ import annotations

from typing import Any

from pipekeras.core.registry import register
from pipekeras.layers.base.layer import Layer


@register("layer")
class Identity(Layer):
    """Return the input unchanged.

    Formula: y = x.

    Args:
        **options: name, trainable, dtype.

    Input shape -> output shape: any -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Identity()(np.array([1.0, 2.0]))
    Tensor([1., 2.], shape=(2,), dtype=float32)
    """

    built_from_start = True

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.supports_masking = True

    def call(self, inputs: Any) -> Any:
        """Return the inputs."""
        return inputs

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input shape."""
        return input_shape
