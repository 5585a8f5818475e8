"""Group normalization."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ShapeError
from pipekeras.core.registry import register
from pipekeras.layers.base.input_spec import InputSpec
from pipekeras.layers.base.layer import Layer
from pipekeras.layers.normalization.sample_normalization import check_axes_exist, in_float32
from pipekeras.nn import constraints, initializers, regularizers


@register("layer")
class GroupNormalization(Layer):
    """Bring groups of channels of each sample to mean 0 and variance 1.

    Formula: y = gamma (x - mean) / sqrt(variance + epsilon) + beta, moments over a group of channels and all pixels.

    Args:
        groups: int, default 32; a divisor of the number of channels. -1 is one group for each channel.
        axis: int, default -1; the axis of the channels.
        epsilon: float, default 0.001.
        center: bool, default True; whether beta is added.
        scale: bool, default True; whether gamma multiplies.
        beta_initializer: name or initializer, default "zeros".
        gamma_initializer: name or initializer, default "ones".
        beta_regularizer: name, regularizer or None.
        gamma_regularizer: name, regularizer or None.
        beta_constraint: name, constraint or None.
        gamma_constraint: name, constraint or None.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, ..., channels) -> the same.

    Raises:
        ShapeError: groups does not divide the number of channels.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.GroupNormalization(2)(np.zeros((1, 4, 4, 6))).shape
    (1, 4, 4, 6)

    Source: Wu and He, Group normalization, 2018.
    """

    def __init__(
        self,
        groups: int = 32,
        axis: int = -1,
        epsilon: float = 0.001,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.groups = int(groups)
        self.axis = int(axis)
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.beta_constraint = constraints.get(beta_constraint)
        self.gamma_constraint = constraints.get(gamma_constraint)
        self.gamma: Any = None
        self.beta: Any = None
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Make gamma and beta, one for each channel."""
        check_axes_exist(self, self.axis, input_shape)
        channels = input_shape[self.axis]
        if channels is None:
            raise ShapeError(f"{self.describe()} needs a known size on axis {self.axis}; got {tuple(input_shape)}")
        if self.groups == -1:
            self.groups = channels
        if channels % self.groups:
            raise ShapeError(
                f"{self.describe()} needs a number of channels that {self.groups} divides; got {channels}",
                mend="choose groups among the divisors of the number of channels",
            )
        self.input_spec = InputSpec(ndim=len(input_shape), axes={self.axis: channels})
        if self.scale:
            self.gamma = self.add_weight(
                shape=(channels,),
                initializer=self.gamma_initializer,
                regularizer=self.gamma_regularizer,
                constraint=self.gamma_constraint,
                name="gamma",
            )
        if self.center:
            self.beta = self.add_weight(
                shape=(channels,),
                initializer=self.beta_initializer,
                regularizer=self.beta_regularizer,
                constraint=self.beta_constraint,
                name="beta",
            )

    def call(self, inputs: Any) -> Any:
        """Return the normalised inputs."""
        original, inputs = inputs.dtype, in_float32(inputs)
        rank = inputs.ndim
        axis = self.axis % rank
        shape = [-1 if size is None else size for size in inputs.shape]
        channels = inputs.shape[axis]
        assert channels is not None
        grouped_shape = (*shape[:axis], self.groups, channels // self.groups, *shape[axis + 1 :])
        grouped = ops.reshape(inputs, tuple(grouped_shape))
        axes = tuple(number for number in range(1, rank + 1) if number != axis)
        mean, variance = ops.moments(grouped, axes=axes, keepdims=True)
        outputs = (grouped - mean) * ops.rsqrt(variance + self.epsilon)
        weight_shape = [1] * (rank + 1)
        weight_shape[axis : axis + 2] = [self.groups, channels // self.groups]
        if self.gamma is not None:
            outputs = outputs * ops.reshape(self.gamma, tuple(weight_shape))
        if self.beta is not None:
            outputs = outputs + ops.reshape(self.beta, tuple(weight_shape))
        return ops.cast(ops.reshape(outputs, tuple(shape)), original)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input shape."""
        check_axes_exist(self, self.axis, input_shape)
        return input_shape
