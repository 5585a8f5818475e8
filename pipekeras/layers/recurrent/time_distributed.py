"""A layer applied to every time step."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ShapeError
from pipekeras.core.registry import register
from pipekeras.layers.base import call_signature
from pipekeras.layers.core.wrapper import Wrapper


@register("layer")
class TimeDistributed(Wrapper):
    """Apply a layer (or a model) to every time step of a sequence.

    Formula: y[:, t] = layer(x[:, t]).

    Args:
        layer: Layer.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, time, ...) -> (batch, time, *what the layer makes of ...).

    Raises:
        ShapeError: the input has no time axis.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.TimeDistributed(layers.Dense(8))(np.zeros((32, 10, 16))).shape
    (32, 10, 8)
    """

    def __init__(self, layer: Any, **options: Any) -> None:
        super().__init__(layer, **options)
        self.supports_masking = True

    def _step_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        if len(input_shape) < 3:
            raise ShapeError(
                f"{self.describe()} needs (batch, time, ...) with at least one more axis; got {tuple(input_shape)}",
                mend="add an axis with Reshape",
            )
        return (input_shape[0], *input_shape[2:])

    def build(self, input_shape: Any = None) -> None:
        """Build the layer for the shape of one step."""
        super().build(self._step_shape(input_shape))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the layer's output shape with the time axis."""
        shape = self.layer.compute_output_shape(self._step_shape(input_shape))
        return (shape[0], input_shape[1], *shape[1:])

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """Return the layer's output for all steps, computed together as one larger batch where steps cannot tell."""
        shape = inputs.shape
        self._step_shape(shape)
        if training and shape[1] is not None and self._learns_from_batches():
            return self._step_by_step(inputs, training)
        keywords: dict[str, Any] = {}
        signature = call_signature.of_method(self.layer, "call")
        if signature.has_training and training is not None:
            keywords["training"] = training
        if signature.has_mask and mask is not None:
            if mask.ndim < 2:
                raise ShapeError(f"{self.describe()} needs a mask (batch, time, ...); got {tuple(mask.shape)}")
            if mask.ndim > 2:
                keywords["mask"] = ops.reshape(mask, (-1, *mask.shape[2:]))
        together = ops.reshape(inputs, (-1, *_open(shape[2:])))
        outputs = self.layer(together, **keywords)
        batch, time = ops.shape(inputs)[:2]
        if batch is None and time is None:
            return ops.reshape(outputs, (ops.shape(inputs)[0], -1, *_open(outputs.shape[1:])))
        return ops.reshape(outputs, (*_open((batch, time)), *_open(outputs.shape[1:])))

    def _learns_from_batches(self) -> bool:
        """Whether the layer has state that a batch changes, such as moving averages: then steps are batches of their own."""
        return self.layer.trainable and any(not weight.trainable for weight in self.layer.weights)

    def _step_by_step(self, inputs: Any, training: Any) -> Any:
        keywords = {"training": training} if call_signature.of_method(self.layer, "call").has_training else {}
        steps = ops.unstack(inputs, axis=1)
        return ops.stack([self.layer(step, **keywords) for step in steps], axis=1)


def _open(sizes: Any) -> tuple[int, ...]:
    return tuple(-1 if size is None else size for size in sizes)
