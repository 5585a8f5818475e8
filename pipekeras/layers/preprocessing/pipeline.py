"""Several layers as one."""

from __future__ import annotations

from typing import Any

from pipekeras.core import serialization
from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import register
from pipekeras.layers.base import call_signature
from pipekeras.layers.base.layer import Layer


@register("layer")
class Pipeline(Layer):
    """Layers applied one after the other, without weights of its own: for preprocessing, in a data set's `map` too.

    Args:
        layers: list of layers.
        name: str.

    Input shape -> output shape: that of the first layer -> that of the last.

    Raises:
        ConfigurationError: layers is no list of layers.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Pipeline([layers.Rescaling(2.0), layers.Rescaling(1.0, offset=1.0)])(np.ones((1, 2)))
    Tensor([[3., 3.]], shape=(1, 2), dtype=float32)
    """

    def __init__(self, layers: Any, name: str | None = None) -> None:
        super().__init__(name=name)
        if not isinstance(layers, list | tuple) or not all(isinstance(layer, Layer) for layer in layers):
            raise ConfigurationError(f"Pipeline: layers must be a list of layers, not {layers!r}")
        self.stages = list(layers)
        self.supports_masking = True

    @property
    def layers(self) -> list[Layer]:
        """The layers, in order."""
        return self.stages

    def call(self, inputs: Any, training: Any = True) -> Any:
        """Return what the last layer gives."""
        for layer in self.stages:
            takes = training is not None and call_signature.of_method(layer, "call").has_training
            inputs = layer(inputs, training=training) if takes else layer(inputs)
        return inputs

    def _configuration(self) -> dict[str, Any]:
        return {"layers": list(self.stages), "name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None) -> Any:
        """Make the layers of a configuration again."""
        listed = config.get("layers")
        if not isinstance(listed, list | tuple):
            raise ConfigurationError("the config of a Pipeline has no list of layers")
        with serialization.custom_object_scope(custom_objects):
            made = [item if isinstance(item, Layer) else serialization.deserialize(item, kind="layer") for item in listed]
        return cls(made, config.get("name"))
