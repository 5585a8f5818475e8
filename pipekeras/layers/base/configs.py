"""Layers to plain data and back."""

from __future__ import annotations

from typing import Any

from pipekeras.core import serialization
from pipekeras.core.errors import ConfigurationError
from pipekeras.layers.base.layer import Layer


def serialize(layer: Layer) -> dict[str, Any]:
    """Return a layer as plain data, in the form that Keras 3.15 writes.

    >>> from pipekeras import layers
    >>> layers.serialize(layers.Flatten())["class_name"]
    'Flatten'
    """
    return dict(serialization.serialize(layer))


def deserialize(config: dict[str, Any], custom_objects: dict[str, Any] | None = None) -> Layer:
    """Make the layer that plain data describe, written here or by any Keras from 2.2 on.

    Args:
        config: dict with class_name and config.
        custom_objects: dict of name to class, for layers that are not pipekeras' own.

    Raises:
        ConfigurationError: the data describe something else, or an unknown class.

    >>> from pipekeras import layers
    >>> layers.deserialize({"class_name": "Dense", "config": {"units": 3}}).units
    3
    """
    made = serialization.deserialize(config, custom_objects, kind="layer")
    if not isinstance(made, Layer):
        raise ConfigurationError(f"this describes a {type(made).__name__}, not a layer")
    return made
