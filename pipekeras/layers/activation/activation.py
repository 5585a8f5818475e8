"""Any activation function as a layer."""

from __future__ import annotations

from typing import Any

from pipekeras.core.registry import register
from pipekeras.layers.base.layer import Layer
from pipekeras.nn import activations


@register("layer")
class Activation(Layer):
    """Apply an activation function.

    Formula: y = activation(x).

    Args:
        activation: name or function of a tensor.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any -> the same.

    Raises:
        ConfigurationError: an unknown name.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Activation("relu")(np.array([-3.0, 2.0]))
    Tensor([0., 2.], shape=(2,), dtype=float32)
    """

    built_from_start = True

    def __init__(self, activation: Any, **options: Any) -> None:
        super().__init__(**options)
        self.activation = activations.get(activation)
        self.supports_masking = True

    def call(self, inputs: Any) -> Any:
        """Return activation(inputs)."""
        return self.activation(inputs)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input shape."""
        return input_shape
