"""The same elements in another shape."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import product
from pipekeras.layers.base.layer import Layer


@register("layer")
class Reshape(Layer):
    """Give each sample another shape with the same number of elements.

    Formula: y[b] = x[b] read in row-major order into target_shape.

    Args:
        target_shape: tuple of int without the batch axis; one size may be -1 (or None) and is then worked out.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, ...) -> (batch, *target_shape).

    Raises:
        ConfigurationError: more than one -1.
        ShapeError: the number of elements differs.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Reshape((3, -1))(np.zeros((2, 12))).shape
    (2, 3, 4)
    """

    def __init__(self, target_shape: Any, **options: Any) -> None:
        super().__init__(**options)
        self.target_shape = _target(target_shape)
        self.built = True

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the batch axis and the target, -1 worked out where it can be."""
        elements = product(input_shape[1:])
        wanted = product(size for size in self.target_shape if size != -1)
        assert wanted is not None
        if elements is None:
            return (input_shape[0], *(None if size == -1 else size for size in self.target_shape))
        fits = elements % wanted == 0 if -1 in self.target_shape and wanted else elements == wanted
        if not fits:
            raise ShapeError(
                f"{self.describe()} needs {wanted} elements in a sample; "
                f"got {elements}, in the shape {tuple(input_shape)}",
                mend="the sizes of target_shape must multiply to the number of elements; one of them may be -1",
            )
        return (input_shape[0], *(elements // wanted if size == -1 else size for size in self.target_shape))

    def call(self, inputs: Any) -> Any:
        """Return the inputs in their new shape."""
        batch, *target = self.compute_output_shape(inputs.shape)
        if batch is None and None in target:
            # Two sizes are open: those of the batch are taken from the tensor itself.
            return ops.reshape(inputs, (ops.shape(inputs)[0], *(-1 if size is None else size for size in target)))
        return ops.reshape(inputs, tuple(-1 if size is None else size for size in (batch, *target)))


def _target(target_shape: Any) -> tuple[int, ...]:
    if isinstance(target_shape, int | float):
        target_shape = (target_shape,)
    sizes: list[int] = []
    for size in target_shape:
        if size is None:
            size = -1
        if isinstance(size, bool) or not isinstance(size, int | float | np.number) or int(size) != size or size < -1:
            raise ConfigurationError(f"Reshape: target_shape holds whole numbers and one -1, not {size!r}")
        sizes.append(int(size))
    if sizes.count(-1) > 1:
        raise ConfigurationError(f"Reshape: target_shape {tuple(sizes)} has more than one -1; at most one can be worked out")
    return tuple(sizes)
