"""Dropout."""

from __future__ import annotations

from typing import Any

from pipekeras import random
from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import fraction, whole_number
from pipekeras.layers.base.layer import Layer


@register("layer")
class Dropout(Layer):
    """Set random elements to zero while training, so that no unit can rely on another.

    Formula: y = x m / (1 - rate), m = 1 with probability 1 - rate, else 0; y = x outside of training.

    Args:
        rate: float, 0 to 1; the share of elements that are dropped.
        noise_shape: tuple of int or None; shape of the mask, 1 where elements are dropped together.
        seed: int or None.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any -> the same.

    Raises:
        ConfigurationError: rate is outside of 0 to 1.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> x = np.ones((2, 3))
    >>> layers.Dropout(0.5)(x)
    Tensor([[1., 1., 1.],
            [1., 1., 1.]], shape=(2, 3), dtype=float32)
    >>> float(layers.Dropout(0.5, seed=1)(np.ones((100, 100)), training=True).numpy().max())
    2.0

    Source: Srivastava et al., Dropout: a simple way to prevent neural networks from overfitting, JMLR 2014.
    """

    built_from_start = True

    def __init__(self, rate: float, noise_shape: Any = None, seed: int | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.rate = fraction(self, "rate", rate)
        self.seed = seed
        self.noise_shape = _noise_shape(self, noise_shape)
        if self.rate > 0:
            self.seed_generator = random.SeedGenerator(seed)
        self.supports_masking = True

    def call(self, inputs: Any, training: Any = False) -> Any:
        """Return the inputs with elements dropped while training."""
        if training and self.rate > 0:
            return random.dropout(inputs, self.rate, noise_shape=self.noise_shape, seed=self.seed_generator)
        return inputs

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input shape."""
        return input_shape


def _noise_shape(layer: Layer, noise_shape: Any) -> tuple[int | None, ...] | None:
    if noise_shape is None:
        return None
    if not isinstance(noise_shape, list | tuple):
        raise ConfigurationError(f"{type(layer).__name__}: noise_shape must be a tuple, not {noise_shape!r}")
    return tuple(None if size is None else whole_number(layer, "noise_shape", size) for size in noise_shape)
