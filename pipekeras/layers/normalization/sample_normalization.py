"""Normalisation within each sample: layer, root mean square, unit length."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core import dtypes
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.core.registry import register
from pipekeras.layers.base.layer import Layer
from pipekeras.nn import constraints, initializers, regularizers


def checked_axes(layer: Layer, axis: Any) -> int | list[int]:
    """Return one axis or a list of them."""
    if isinstance(axis, list | tuple) and all(isinstance(item, int) for item in axis):
        return list(axis)
    if isinstance(axis, int) and not isinstance(axis, bool):
        return axis
    raise ConfigurationError(f"{type(layer).__name__}: axis must be a whole number or a list of them, not {axis!r}")


def _are_last(axes: tuple[int, ...], rank: int) -> bool:
    """Whether axes are the last ones: weights then lie as the inputs do."""
    found = sorted(axis % rank for axis in axes)
    return found == list(range(rank - len(found), rank))


def check_axes_exist(layer: Layer, axis: int | list[int], shape: Any) -> None:
    """Raise a ShapeError when the input has no such axis."""
    for item in [axis] if isinstance(axis, int) else axis:
        if not -len(shape) <= item < len(shape):
            raise ShapeError(f"{layer.describe()} needs an input with axis {item}; got {tuple(shape)}")


def in_float32(inputs: Any) -> Any:
    """Return inputs of a half type as float32: means and variances need more digits."""
    return ops.cast(inputs, "float32") if inputs.dtype in dtypes.HALVES else inputs


class _SampleNormalization(Layer):
    """Base of layers whose weights have the sizes of the normalised axes."""

    axis: int | list[int]

    def weight_shape(self, input_shape: Any) -> tuple[int, ...]:
        """Return the sizes of the normalised axes; the axes are kept as a sorted list, as Keras keeps them."""
        check_axes_exist(self, self.axis, input_shape)
        axes = sorted(self.axis) if isinstance(self.axis, list) else [self.axis]
        self.axis = axes
        return tuple(input_shape[axis] for axis in axes)

    def aligned(self, weights: Any, inputs: Any) -> Any:
        """Return weights in a shape that meets the inputs axis by axis."""
        rank = inputs.ndim
        axes = sorted(axis % rank for axis in ([self.axis] if isinstance(self.axis, int) else self.axis))
        if axes == list(range(rank - len(axes), rank)):
            return weights
        shape = [inputs.shape[axis] if axis in axes else 1 for axis in range(rank)]
        return ops.reshape(weights, tuple(shape))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input shape."""
        check_axes_exist(self, self.axis, input_shape)
        return input_shape


@register("layer")
class LayerNormalization(_SampleNormalization):
    """Bring each sample to mean 0 and variance 1 over its features.

    Formula: y = gamma (x - mean) / sqrt(variance + epsilon) + beta, mean and variance over axis.

    Args:
        axis: int or list of int, default -1.
        epsilon: float, default 0.001.
        center: bool, default True; whether beta is added.
        scale: bool, default True; whether gamma multiplies.
        beta_initializer: name or initializer, default "zeros".
        gamma_initializer: name or initializer, default "ones".
        beta_regularizer: name, regularizer or None.
        gamma_regularizer: name, regularizer or None.
        beta_constraint: name, constraint or None.
        gamma_constraint: name, constraint or None.
        **options: name, trainable, dtype, input_shape; `rms_scaling` (x gamma / sqrt(variance + epsilon), no mean).

    Input shape -> output shape: (batch, ..., features) -> the same.

    Raises:
        ShapeError: the input has no such axis.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.LayerNormalization(epsilon=1e-6)(np.array([[1.0, 3.0]])).numpy().round(3)
    array([[-1.,  1.]], dtype=float32)

    Source: Ba et al., Layer normalization, 2016.
    """

    def __init__(
        self,
        axis: Any = -1,
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
        rms_scaling = options.pop("rms_scaling", False)
        super().__init__(**options)
        self.axis = checked_axes(self, axis)
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        self.rms_scaling = rms_scaling
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
        """Make gamma and beta."""
        shape = self.weight_shape(input_shape)
        if self.scale or self.rms_scaling:
            self.gamma = self.add_weight(
                shape=shape,
                initializer=self.gamma_initializer,
                regularizer=self.gamma_regularizer,
                constraint=self.gamma_constraint,
                name="gamma",
            )
        if self.center and not self.rms_scaling:
            self.beta = self.add_weight(
                shape=shape,
                initializer=self.beta_initializer,
                regularizer=self.beta_regularizer,
                constraint=self.beta_constraint,
                name="beta",
            )

    def call(self, inputs: Any) -> Any:
        """Return the normalised inputs."""
        original, inputs = inputs.dtype, in_float32(inputs)
        axes = (self.axis,) if isinstance(self.axis, int) else tuple(self.axis)
        if not self.rms_scaling and _are_last(axes, inputs.ndim):
            return ops.cast(ops.layer_normalization(inputs, self.gamma, self.beta, axes, self.epsilon), original)
        mean, variance = ops.moments(inputs, axes=axes, keepdims=True)
        factor = ops.rsqrt(variance + self.epsilon)
        outputs = inputs * factor if self.rms_scaling else (inputs - mean) * factor
        if self.gamma is not None:
            outputs = outputs * self.aligned(self.gamma, inputs)
        if self.beta is not None:
            outputs = outputs + self.aligned(self.beta, inputs)
        return ops.cast(outputs, original)

    def _configuration(self) -> dict[str, Any]:
        return {**super()._configuration(), "rms_scaling": self.rms_scaling}


@register("layer")
class RMSNormalization(_SampleNormalization):
    """Divide each sample by the root mean square of its features.

    Formula: y = scale x / sqrt(mean(x^2) + epsilon), the mean over axis.

    Args:
        axis: int or list of int, default -1.
        epsilon: float, default 1e-6.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, ..., features) -> the same.

    Raises:
        ShapeError: the input has no such axis.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RMSNormalization()(np.array([[3.0, 3.0]])).numpy().round(3)
    array([[1., 1.]], dtype=float32)

    Source: Zhang and Sennrich, Root mean square layer normalization, 2019.
    """

    def __init__(self, axis: Any = -1, epsilon: float = 1e-6, **options: Any) -> None:
        super().__init__(**options)
        self.axis = checked_axes(self, axis)
        self.epsilon = epsilon

    def build(self, input_shape: Any) -> None:
        """Make the scale."""
        self.scale = self.add_weight(shape=self.weight_shape(input_shape), initializer="ones", name="scale")

    def call(self, inputs: Any) -> Any:
        """Return the normalised inputs."""
        original, inputs = inputs.dtype, in_float32(inputs)
        axes = (self.axis,) if isinstance(self.axis, int) else tuple(self.axis)
        if _are_last(axes, inputs.ndim):
            return ops.cast(ops.rms_normalization(inputs, self.scale, axes, self.epsilon), original)
        factor = ops.rsqrt(ops.mean(ops.square(inputs), axis=axes, keepdims=True) + self.epsilon)
        return ops.cast(inputs * factor * self.aligned(self.scale, inputs), original)


@register("layer")
class UnitNormalization(Layer):
    """Scale each sample to length 1.

    Formula: y = x / sqrt(sum x^2), the sum over axis.

    Args:
        axis: int or list of int, default -1.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any -> the same.

    Raises:
        ShapeError: the input has no such axis.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.UnitNormalization()(np.array([[3.0, 4.0]])).numpy().round(3)
    array([[0.6, 0.8]], dtype=float32)
    """

    built_from_start = True

    def __init__(self, axis: Any = -1, **options: Any) -> None:
        super().__init__(**options)
        self.axis = checked_axes(self, axis)
        self.supports_masking = True

    def call(self, inputs: Any) -> Any:
        """Return the inputs scaled to length 1."""
        axes = (self.axis,) if isinstance(self.axis, int) else tuple(self.axis)
        squares = ops.sum(ops.square(inputs), axis=axes, keepdims=True)
        return inputs * ops.rsqrt(ops.maximum(squares, 1e-24))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input shape."""
        check_axes_exist(self, self.axis, input_shape)
        return input_shape
