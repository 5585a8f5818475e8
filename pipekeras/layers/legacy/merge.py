"""Keras 1's one layer for all ways to join tensors."""

from __future__ import annotations

from typing import Any

from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.core.registry import register
from pipekeras.core.structure import is_shape
from pipekeras.layers.base.layer import Layer
from pipekeras.layers.merging.concatenate import Concatenate
from pipekeras.layers.merging.dot import Dot
from pipekeras.layers.merging.elementwise import Add, Average, Maximum, Minimum, Multiply

_MODES = ("sum", "mul", "concat", "ave", "cos", "dot", "max", "min")


@register("layer")
class Merge(Layer):
    """Join a list of tensors, or the outputs of a list of layers or models.

    Formula: by mode: "sum" x1 + x2 + ..., "mul" the product, "ave" the mean, "max" and "min", "concat" side by side,
    "dot" inner products along dot_axes, "cos" the cosine of the angle; or function(list of tensors).

    Args:
        layers: list of layers or models, each for one input, or None to join the inputs themselves.
        mode: one of the names above, default "sum", or a function of the list of tensors.
        concat_axis: int, default -1; the axis of "concat".
        dot_axes: int or pair of int, default -1; the axes of "dot" and "cos".
        output_shape: tuple without the batch axis, or function of the input shapes; for a function as mode.
        arguments: dict of further keyword arguments for a function as mode.
        **options: name, trainable, dtype.

    Input shape -> output shape: list of (batch, ...) -> by mode.

    Raises:
        ConfigurationError: an unknown mode.
        ShapeError: the shapes do not go together.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Merge(mode="concat")([np.ones((2, 3)), np.ones((2, 4))]).shape
    (2, 7)
    """

    def __init__(
        self,
        layers: Any = None,
        mode: Any = "sum",
        concat_axis: int = -1,
        dot_axes: Any = -1,
        output_shape: Any = None,
        arguments: dict[str, Any] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        if not callable(mode) and mode not in _MODES:
            raise ConfigurationError(f"Merge: mode must be one of {', '.join(_MODES)} or a function, not {mode!r}")
        self.layers = list(layers) if layers else None
        self.mode = mode
        self.concat_axis = concat_axis
        self.dot_axes = dot_axes
        self.arguments = arguments or {}
        self.__dict__["_declared_output"] = output_shape
        self.__dict__["_joiner"] = None if callable(mode) else self._make_joiner()
        self.supports_masking = True

    def _make_joiner(self) -> Layer:
        same: dict[str, Any] = {"dtype": self.dtype_policy, "name": f"{self.name}_joiner"}
        kinds: dict[str, Any] = {"sum": Add, "mul": Multiply, "ave": Average, "max": Maximum, "min": Minimum}
        if self.mode in kinds:
            return kinds[self.mode](**same)
        if self.mode == "concat":
            return Concatenate(self.concat_axis, **same)
        axes = self.dot_axes
        if isinstance(axes, list | tuple):
            axes = tuple(axis[0] if isinstance(axis, list | tuple) else axis for axis in axes)
        return Dot(axes, normalize=self.mode == "cos", **same)

    def joining(self) -> Merge:
        """Return a layer that joins tensors in the same way, without layers of its own."""
        return Merge(None, self.mode, self.concat_axis, self.dot_axes, self._declared_output, self.arguments)

    def build(self, input_shape: Any) -> None:
        """Check the shapes; there are no weights but those of the layers given."""
        if is_shape(input_shape) or len(input_shape) < 2:
            raise ShapeError(f"{self.describe()} needs a list of 2 or more tensors; got {input_shape}")
        if self.layers is not None and len(self.layers) != len(input_shape):
            raise ShapeError(f"{self.describe()} has {len(self.layers)} layers; got {len(input_shape)} inputs")

    def call(self, inputs: Any) -> Any:
        """Return the inputs joined."""
        tensors = list(inputs)
        if self.layers is not None:
            tensors = [layer(tensor) for layer, tensor in zip(self.layers, tensors, strict=True)]
        if callable(self.mode):
            return self.mode(tensors, **self.arguments)
        return self._joiner(tensors)

    def _overrides_output_shape(self) -> bool:
        return callable(self.mode) and self._declared_output is not None

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the declared output shape, or find it by tracing."""
        declared = self._declared_output
        if not callable(self.mode) or declared is None:
            return Layer.compute_output_shape(self, input_shape)
        return declared(input_shape) if callable(declared) else (input_shape[0][0], *declared)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return what the way of joining makes of the masks."""
        if self.layers is not None or callable(self.mode):
            return None
        return self._joiner.compute_mask(inputs, previous_mask)

    def _configuration(self) -> dict[str, Any]:
        return {**super()._configuration(), "output_shape": self._declared_output, "layers": self.layers}


def merge(
    inputs: Any, mode: Any = "sum", concat_axis: int = -1, dot_axes: Any = -1, output_shape: Any = None, name: str | None = None
) -> Any:
    """Join a list of tensors; see `Merge`."""
    return Merge(None, mode, concat_axis, dot_axes, output_shape, name=name)(inputs)
