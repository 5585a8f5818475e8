"""Batch normalization."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core import configuration, dtypes
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import number
from pipekeras.layers.base.input_spec import InputSpec
from pipekeras.layers.base.layer import Layer
from pipekeras.nn import constraints, initializers, regularizers


@register("layer")
class BatchNormalization(Layer):
    """Bring each feature to mean 0 and variance 1, over the batch while training, by running means otherwise.

    Formula: y = gamma (x - mean) / sqrt(variance + epsilon) + beta;
    while training, moving = momentum * moving + (1 - momentum) * batch.

    Args:
        axis: int, default -1; the axis of the features.
        momentum: float, default 0.99; how slowly the running means follow.
        epsilon: float, default 0.001.
        center: bool, default True; whether beta is added.
        scale: bool, default True; whether gamma multiplies.
        beta_initializer: name or initializer, default "zeros".
        gamma_initializer: name or initializer, default "ones".
        moving_mean_initializer: name or initializer, default "zeros".
        moving_variance_initializer: name or initializer, default "ones".
        beta_regularizer: name, regularizer or None.
        gamma_regularizer: name, regularizer or None.
        beta_constraint: name, constraint or None.
        gamma_constraint: name, constraint or None.
        renorm: bool, must be False.
        renorm_clipping: must be None.
        renorm_momentum: float, default 0.99.
        synchronized: bool, must be False.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, ..., features) -> the same.

    Raises:
        ConfigurationError: renorm or synchronized is asked for.
        ShapeError: the size of the feature axis is not known.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> x = np.array([[1.0], [3.0]])
    >>> layers.BatchNormalization(epsilon=1e-6)(x, training=True).numpy().round(3)
    array([[-1.],
           [ 1.]], dtype=float32)

    Source: Ioffe and Szegedy, Batch normalization, 2015.
    """

    def __init__(
        self,
        axis: int = -1,
        momentum: float = 0.99,
        epsilon: float = 0.001,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        moving_mean_initializer: Any = "zeros",
        moving_variance_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        renorm: bool = False,
        renorm_clipping: Any = None,
        renorm_momentum: float = 0.99,
        synchronized: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        if renorm or synchronized:
            raise ConfigurationError("BatchNormalization: renorm and synchronized are not available; leave them False")
        self.axis = int(axis)
        self.momentum = number(self, "momentum", momentum)
        self.epsilon = number(self, "epsilon", epsilon)
        self.center = center
        self.scale = scale
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.moving_mean_initializer = initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = initializers.get(moving_variance_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.beta_constraint = constraints.get(beta_constraint)
        self.gamma_constraint = constraints.get(gamma_constraint)
        self.gamma: Any = None
        self.beta: Any = None
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Make gamma, beta and the running mean and variance, one of each for every feature."""
        rank = len(input_shape)
        if not -rank <= self.axis < rank:
            raise ShapeError(f"{self.describe()} needs an input with axis {self.axis}; got {tuple(input_shape)}")
        features = input_shape[self.axis]
        if features is None:
            raise ShapeError(f"{self.describe()} needs a known size on axis {self.axis}; got {tuple(input_shape)}")
        shape = (features,)
        if self.scale:
            self.gamma = self.add_weight(
                shape=shape,
                initializer=self.gamma_initializer,
                regularizer=self.gamma_regularizer,
                constraint=self.gamma_constraint,
                name="gamma",
            )
        if self.center:
            self.beta = self.add_weight(
                shape=shape,
                initializer=self.beta_initializer,
                regularizer=self.beta_regularizer,
                constraint=self.beta_constraint,
                name="beta",
            )
        self.moving_mean = self.add_weight(
            shape=shape, initializer=self.moving_mean_initializer, trainable=False, autocast=False, name="moving_mean"
        )
        self.moving_variance = self.add_weight(
            shape=shape, initializer=self.moving_variance_initializer, trainable=False, autocast=False,
            name="moving_variance",
        )  # fmt: skip
        self.input_spec = InputSpec(ndim=rank, axes={self.axis: features})

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """Return the normalised inputs; while training, move the running means."""
        original = inputs.dtype
        if original in dtypes.HALVES:
            # Sums over a batch overflow in float16, and bfloat16 has too few digits for them.
            inputs = ops.cast(inputs, "float32")
        rank = inputs.ndim
        feature_axis = self.axis % rank
        axes = tuple(axis for axis in range(rank) if axis != feature_axis)
        shape = tuple(-1 if axis == feature_axis else 1 for axis in range(rank))
        aligned = feature_axis == rank - 1

        def along(values: Any) -> Any:
            return values if aligned else ops.reshape(values, shape)

        if training and self.trainable:
            mean, variance = self._moments(inputs, mask, axes)
            keep = self.momentum
            self.moving_mean.assign(self.moving_mean * keep + mean * (1.0 - keep))
            self.moving_variance.assign(self.moving_variance * keep + variance * (1.0 - keep))
        else:
            mean, variance = self.moving_mean, self.moving_variance
        factor = ops.rsqrt(variance + self.epsilon)
        if self.gamma is not None:
            factor = factor * self.gamma
        outputs = (inputs - along(mean)) * along(factor)
        if self.beta is not None:
            outputs = outputs + along(self.beta)
        return outputs if outputs.dtype == original else ops.cast(outputs, original)

    def _moments(self, inputs: Any, mask: Any, axes: tuple[int, ...]) -> tuple[Any, Any]:
        """Return mean and variance over the batch; masked steps do not count."""
        if mask is None:
            return ops.moments(inputs, axes=axes)
        if mask.ndim != inputs.ndim - 1:
            raise ShapeError(
                f"{self.describe()} needs a mask of one axis less than its input; "
                f"got {tuple(mask.shape)} for {tuple(inputs.shape)}"
            )
        valid = ops.broadcast_to(ops.expand_dims(mask, -1), ops.shape(inputs))
        count = ops.sum(ops.cast(valid, inputs.dtype), axis=axes, keepdims=True) + configuration.epsilon()
        mean = ops.sum(ops.where(valid, inputs, 0.0), axis=axes, keepdims=True) / count
        squares = ops.square(ops.where(valid, inputs - mean, 0.0))
        variance = ops.sum(squares, axis=axes, keepdims=True) / count
        return ops.squeeze(mean, axes), ops.squeeze(variance, axes)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input shape."""
        return input_shape
