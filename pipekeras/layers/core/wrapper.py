"""The base of layers around a layer."""

from __future__ import annotations

from typing import Any

from pipekeras.core.errors import ArgumentError
from pipekeras.core.registry import register
from pipekeras.layers.base.layer import Layer


@register("layer")
class Wrapper(Layer):
    """Base of layers that change how another layer works.

    Args:
        layer: Layer, the one that is wrapped.
        **options: name, trainable, dtype.

    Input shape -> output shape: as the subclass says.

    Raises:
        ArgumentError: layer is not a layer.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> class Twice(layers.Wrapper):
    ...     def call(self, inputs):
    ...         return self.layer(self.layer(inputs))
    >>> Twice(layers.Rescaling(3.0))(np.array([[1.0]]))
    Tensor([[9.]], shape=(1, 1), dtype=float32)
    """

    def __init__(self, layer: Any, **options: Any) -> None:
        super().__init__(**options)
        if not isinstance(layer, Layer):
            raise ArgumentError(f"{type(self).__name__} wraps a layer, not {type(layer).__name__}")
        self.layer = layer

    def build(self, input_shape: Any = None) -> None:
        """Build the wrapped layer."""
        if not self.layer.built:
            self.layer.build(input_shape)
