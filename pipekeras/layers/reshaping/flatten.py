"""All axes but the batch made one."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import data_format as checked_data_format
from pipekeras.layers.base.arguments import product
from pipekeras.layers.base.input_spec import InputSpec
from pipekeras.layers.base.layer import Layer


@register("layer")
class Flatten(Layer):
    """Make one axis of all axes after the batch.

    Formula: y[b, i] = the i-th element of x[b], in row-major order.

    Args:
        data_format: "channels_last" (default) or "channels_first"; with the latter, channels are moved last first.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, d1, d2, ...) -> (batch, d1 * d2 * ...).

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Flatten()(np.zeros((2, 3, 4))).shape
    (2, 12)
    """

    def __init__(self, data_format: str | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.data_format = checked_data_format(self, data_format)
        self.input_spec = InputSpec(min_ndim=1)

    def call(self, inputs: Any) -> Any:
        """Return the inputs as (batch, elements)."""
        rank = inputs.ndim
        if self.data_format == "channels_first" and rank > 2:
            inputs = ops.transpose(inputs, (0, *range(2, rank), 1))
        elif rank == 2:
            return inputs
        batch = inputs.shape[0]
        size = product(inputs.shape[1:])
        return ops.reshape(inputs, (-1 if batch is None else batch, -1 if size is None else size))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return (batch, number of elements)."""
        return (input_shape[0], product(input_shape[1:]))
