"""Spectral normalization."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import whole_number
from pipekeras.layers.base.input_spec import InputSpec
from pipekeras.layers.core.wrapper import Wrapper
from pipekeras.nn import initializers


@register("layer")
class SpectralNormalization(Wrapper):
    """Divide the kernel of a layer by its largest singular value while training.

    Formula: W <- W / sigma(W), sigma found by power iteration u <- unit(unit(u W^T) W).

    Args:
        layer: Layer that has a `kernel` or `embeddings`.
        power_iterations: int, default 1.
        **options: name, trainable, dtype.

    Input shape -> output shape: those of the layer.

    Raises:
        ConfigurationError: the layer has no kernel.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.SpectralNormalization(layers.Dense(10))(np.ones((2, 3))).shape
    (2, 10)

    Source: Miyato et al., Spectral normalization for generative adversarial networks, 2018.
    """

    def __init__(self, layer: Any, power_iterations: int = 1, **options: Any) -> None:
        super().__init__(layer, **options)
        self.power_iterations = whole_number(self, "power_iterations", power_iterations)

    def build(self, input_shape: Any = None) -> None:
        """Build the layer, and make the vector that follows the largest singular direction."""
        super().build(input_shape)
        self.input_spec = InputSpec(min_ndim=1, axes={-1: input_shape[-1]})
        for name in ("kernel", "embeddings"):
            if hasattr(self.layer, name):
                self.kernel = getattr(self.layer, name)
                break
        else:
            raise ConfigurationError(f"{self.layer.describe()} has no kernel to be normalised")
        self.vector_u = self.add_weight(
            shape=(1, self.kernel.shape[-1]),
            initializer=initializers.TruncatedNormal(stddev=0.02),
            dtype=self.kernel.dtype,
            trainable=False,
            name="vector_u",
        )

    def call(self, inputs: Any, training: Any = False) -> Any:
        """Return the layer's output; while training, normalise its kernel first."""
        if training:
            vector, kernel = self.normalized_weights()
            # A kernel of zeros has no direction and stays as it is.
            empty = ops.all(ops.equal(self.kernel, 0.0))
            self.vector_u.assign(ops.where(empty, self.vector_u, vector))
            # The step learns the kernel that it used: the gradient is the divided kernel's, not that of the division.
            self.kernel.assign(self.kernel + ops.stop_gradient(ops.where(empty, 0.0, kernel - self.kernel)))
        return self.layer(inputs)

    def normalized_weights(self) -> tuple[Any, Any]:
        """Return the new vector and the kernel divided by its largest singular value."""
        weights = ops.reshape(self.kernel, (-1, self.kernel.shape[-1]))
        vector_u = self.vector_u
        vector_v = vector_u
        for _ in range(self.power_iterations):
            vector_v = _unit(ops.matmul(vector_u, ops.transpose(weights)))
            vector_u = _unit(ops.matmul(vector_v, weights))
        vector_u = ops.stop_gradient(vector_u)
        vector_v = ops.stop_gradient(vector_v)
        sigma = ops.matmul(ops.matmul(vector_v, weights), ops.transpose(vector_u))
        return vector_u, ops.reshape(weights / sigma, self.kernel.shape)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the layer's output shape."""
        return self.layer.compute_output_shape(input_shape)


def _unit(vector: Any) -> Any:
    return vector * ops.rsqrt(ops.maximum(ops.sum(ops.square(vector)), 1e-14))
