"""A vector repeated along a new axis."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import whole_number
from pipekeras.layers.base.input_spec import InputSpec
from pipekeras.layers.base.layer import Layer


@register("layer")
class RepeatVector(Layer):
    """Repeat each sample's vector n times along a new time axis.

    Formula: y[b, t] = x[b] for t = 1..n.

    Args:
        n: int, 1 or more.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, features) -> (batch, n, features).

    Raises:
        ConfigurationError: n is not a whole number of 1 or more.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RepeatVector(3)(np.zeros((2, 4))).shape
    (2, 3, 4)
    """

    def __init__(self, n: int, **options: Any) -> None:
        super().__init__(**options)
        self.n = whole_number(self, "n", n)
        self.input_spec = InputSpec(ndim=2)

    def call(self, inputs: Any) -> Any:
        """Return the inputs repeated."""
        return ops.repeat(ops.expand_dims(inputs, 1), self.n, axis=1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return (batch, n, features)."""
        return (input_shape[0], self.n, input_shape[1])
