"""Axes in another order."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import register
from pipekeras.layers.base.input_spec import InputSpec
from pipekeras.layers.base.layer import Layer


@register("layer")
class Permute(Layer):
    """Put the axes after the batch in another order.

    Formula: axis i of y is axis dims[i - 1] of x.

    Args:
        dims: tuple of int, a permutation of 1, 2, ..., without the batch axis.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, d1, d2, ...) -> the same sizes in the order of dims.

    Raises:
        ConfigurationError: dims is no permutation of 1, 2, ....

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Permute((2, 1))(np.zeros((5, 10, 64))).shape
    (5, 64, 10)
    """

    def __init__(self, dims: Any, **options: Any) -> None:
        super().__init__(**options)
        self.dims = tuple(int(axis) for axis in dims)
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise ConfigurationError(f"Permute: dims must be 1 to {len(self.dims)} in some order, not {self.dims}")
        self.input_spec = InputSpec(ndim=len(self.dims) + 1)

    def call(self, inputs: Any) -> Any:
        """Return the inputs with permuted axes."""
        return ops.transpose(inputs, (0, *self.dims))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the sizes in the new order."""
        return (input_shape[0], *(input_shape[axis] for axis in self.dims))
