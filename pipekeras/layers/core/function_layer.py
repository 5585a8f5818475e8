"""A function as a layer."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from pipekeras.core import serialization
from pipekeras.core.errors import ArgumentError, ConfigurationError
from pipekeras.core.registry import register
from pipekeras.core.structure import flatten, is_shape, map_shapes
from pipekeras.layers.base.layer import Layer


@register("layer")
class Lambda(Layer):
    """Wrap a function of tensors as a layer without weights.

    Formula: y = function(x, **arguments).

    Args:
        function: function of the input, written with `pipekeras.ops`; it may also take `mask` and `training`.
        output_shape: tuple without the batch axis, or function of the input shape; default found by tracing.
        mask: mask, function `(inputs, mask)`, or None.
        arguments: dict of further keyword arguments for the function.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any -> what the function makes of it.

    Raises:
        ArgumentError: function is not callable.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Lambda(lambda x: x ** 2)(np.array([[3.0]]))
    Tensor([[9.]], shape=(1, 1), dtype=float32)
    """

    def __init__(
        self,
        function: Callable[..., Any],
        output_shape: Any = None,
        mask: Any = None,
        arguments: dict[str, Any] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        if not callable(function):
            raise ArgumentError(f"Lambda takes a function, not {type(function).__name__}")
        self.function = function
        self.arguments = arguments or {}
        self.mask = mask
        self.supports_masking = mask is not None
        self.__dict__["_output_shape"] = output_shape
        names = _parameter_names(function)
        self.__dict__["_wants"] = ("mask" in names, "training" in names)

    def call(self, inputs: Any, mask: Any = None, training: Any = None) -> Any:
        """Return the function's result."""
        keywords = dict(self.arguments)
        wants_mask, wants_training = self._wants
        if wants_mask:
            keywords["mask"] = mask
        if wants_training:
            keywords["training"] = training
        return self.function(inputs, **keywords)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return the mask given, or computed by the function given."""
        return self.mask(inputs, previous_mask) if callable(self.mask) else self.mask

    def _runs_code_of_users(self) -> bool:
        return True

    def _overrides_output_shape(self) -> bool:
        return self._output_shape is not None

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the declared output shape, or find it by tracing."""
        declared = self._output_shape
        if declared is None:
            return Layer.compute_output_shape(self, input_shape)
        if callable(declared):
            return declared(input_shape)
        batch = input_shape[0] if is_shape(input_shape) else flatten(input_shape)[0]
        return map_shapes(lambda shape: (batch, *shape), declared)

    def _configuration(self) -> dict[str, Any]:
        configuration = super()._configuration()
        configuration["output_shape"] = self._output_shape
        configuration["arguments"] = dict(self.arguments)
        for name in ("output_shape", "mask"):
            if configuration[name] is None:
                del configuration[name]
        return configuration

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None) -> Any:
        """Make the layer again; its function must be among the custom objects."""
        function = config.get("function")
        if isinstance(function, str):
            # Keras 2 wrote the bare name of a function.
            with serialization.custom_object_scope(custom_objects):
                config = {**config, "function": serialization.find_function(function)}
        elif isinstance(function, list | tuple):
            raise ConfigurationError(
                "the Lambda layer's function is stored as Python code, which is never run",
                mend="build the model again and load its weights, or save it with a named function",
            )
        kept = {
            name: value
            for name, value in config.items()
            if name not in ("function_type", "module", "output_shape_type", "output_shape_module") and value is not None
        }
        return super().from_config(kept, custom_objects)


def _parameter_names(function: Callable[..., Any]) -> tuple[str, ...]:
    try:
        return tuple(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return ()
