"""Boxes around what is seen on pictures."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ArgumentError
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import whole_number
from pipekeras.layers.base.layer import Layer


@register("layer")
class MaxNumBoundingBoxes(Layer):
    """Give every picture the same number of boxes: some are cut off, or missing ones filled in.

    Args:
        max_number: int, number of boxes.
        fill_value: int, default -1; what missing boxes and their labels hold.
        **options: name, trainable, dtype.

    Input shape -> output shape: a dict with "bounding_boxes", a dict of "boxes" (batch, n, 4) and "labels" (batch, n) ->
    the same with n = max_number; pictures alone stay as they are.

    Raises:
        ArgumentError: "bounding_boxes" holds anything else.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> boxes = {"boxes": np.ones((2, 1, 4)), "labels": np.ones((2, 1))}
    >>> made = layers.MaxNumBoundingBoxes(3)({"images": np.ones((2, 4, 4, 3)), "bounding_boxes": boxes})
    >>> made["bounding_boxes"]["labels"].numpy().tolist()
    [[1.0, -1.0, -1.0], [1.0, -1.0, -1.0]]
    """

    built_from_start = True

    def __init__(self, max_number: int, fill_value: int = -1, **options: Any) -> None:
        super().__init__(**options)
        self.max_number = whole_number(self, "max_number", max_number)
        self.fill_value = fill_value

    def call(self, inputs: Any) -> Any:
        """Return the inputs with the wanted number of boxes."""
        if not isinstance(inputs, dict) or "bounding_boxes" not in inputs:
            return inputs
        known = inputs["bounding_boxes"]
        if set(known) != {"boxes", "labels"}:
            raise ArgumentError(f"{self.describe()}: bounding_boxes hold 'boxes' and 'labels'; got {sorted(known)}")
        made = {}
        for name, values in known.items():
            kept = values[:, : self.max_number]
            width = [(0, 0)] * kept.ndim
            width[1] = (0, self.max_number - kept.shape[1])
            made[name] = ops.pad(kept, tuple(width), constant_values=self.fill_value)
        return {**inputs, "bounding_boxes": made}
