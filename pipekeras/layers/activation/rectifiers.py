"""Activation layers that have settings of their own."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import number
from pipekeras.layers.base.input_spec import InputSpec
from pipekeras.layers.base.layer import Layer
from pipekeras.nn import constraints, initializers, regularizers


class _Elementwise(Layer):
    """Base of layers that keep the shape, have no weights and take masks."""

    built_from_start = True

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.supports_masking = True

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input shape."""
        return input_shape


@register("layer")
class ReLU(_Elementwise):
    """Rectified linear unit.

    Formula: y = max_value if x >= max_value; x if threshold <= x; negative_slope (x - threshold) otherwise.

    Args:
        max_value: float, 0 or more, or None (no limit).
        negative_slope: float, 0 or more, default 0.
        threshold: float, 0 or more, default 0.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any -> the same.

    Raises:
        ConfigurationError: a setting is negative.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.ReLU(max_value=6)(np.array([-3.0, 2.0, 9.0]))
    Tensor([0., 2., 6.], shape=(3,), dtype=float32)
    """

    def __init__(
        self, max_value: float | None = None, negative_slope: float = 0.0, threshold: float = 0.0, **options: Any
    ) -> None:
        super().__init__(**options)
        self.max_value = None if max_value is None else _not_negative(self, "max_value", max_value)
        self.negative_slope = _not_negative(self, "negative_slope", 0.0 if negative_slope is None else negative_slope)
        self.threshold = _not_negative(self, "threshold", 0.0 if threshold is None else threshold)

    def call(self, inputs: Any) -> Any:
        """Return the rectified inputs."""
        slope, limit = self.negative_slope, self.max_value
        if self.threshold == 0:
            outputs = ops.relu(inputs) if slope == 0 else ops.leaky_relu(inputs, slope)
        else:
            below = 0.0 if slope == 0 else (inputs - self.threshold) * slope
            outputs = ops.where(ops.greater_equal(inputs, self.threshold), inputs, below)
        return outputs if limit is None else ops.minimum(outputs, limit)


@register("layer")
class LeakyReLU(_Elementwise):
    """Rectified linear unit with a small slope below zero.

    Formula: y = x if x >= 0, negative_slope x otherwise.

    Args:
        negative_slope: float, 0 or more, default 0.3.
        **options: name, trainable, dtype, input_shape; `alpha` is the older name of negative_slope.

    Input shape -> output shape: any -> the same.

    Raises:
        ConfigurationError: negative_slope is negative.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.LeakyReLU(0.5)(np.array([-2.0, 2.0]))
    Tensor([-1.,  2.], shape=(2,), dtype=float32)
    """

    def __init__(self, negative_slope: float = 0.3, **options: Any) -> None:
        negative_slope = options.pop("alpha", negative_slope)
        super().__init__(**options)
        self.negative_slope = _not_negative(self, "negative_slope", negative_slope)

    def call(self, inputs: Any) -> Any:
        """Return the rectified inputs."""
        return ops.leaky_relu(inputs, self.negative_slope)


@register("layer")
class PReLU(Layer):
    """Rectified linear unit whose slope below zero is learnt, one for each element.

    Formula: y = max(0, x) + alpha min(0, x).

    Args:
        alpha_initializer: name or initializer, default "zeros".
        alpha_regularizer: name, regularizer or None.
        alpha_constraint: name, constraint or None.
        shared_axes: list of int or None; axes (counted with the batch, from 1) along which one slope is shared.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.PReLU("ones")(np.array([[-2.0, 2.0]]))
    Tensor([[-2.,  2.]], shape=(1, 2), dtype=float32)

    Source: He et al., Delving deep into rectifiers, 2015.
    """

    def __init__(
        self,
        alpha_initializer: Any = "Zeros",
        alpha_regularizer: Any = None,
        alpha_constraint: Any = None,
        shared_axes: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.alpha_initializer = initializers.get(alpha_initializer)
        self.alpha_regularizer = regularizers.get(alpha_regularizer)
        self.alpha_constraint = constraints.get(alpha_constraint)
        if shared_axes is None:
            self.shared_axes = None
        else:
            axes = shared_axes if isinstance(shared_axes, list | tuple) else [shared_axes]
            self.shared_axes = [int(axis) for axis in axes]
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Make the slopes."""
        shape = list(input_shape[1:])
        for axis in self.shared_axes or []:
            shape[axis - 1] = 1
        self.alpha = self.add_weight(
            shape=shape,
            initializer=self.alpha_initializer,
            regularizer=self.alpha_regularizer,
            constraint=self.alpha_constraint,
            name="alpha",
        )
        shared = set(self.shared_axes or [])
        axes = {axis: input_shape[axis] for axis in range(1, len(input_shape)) if axis not in shared}
        self.input_spec = InputSpec(ndim=len(input_shape), axes=axes)

    def call(self, inputs: Any) -> Any:
        """Return the rectified inputs."""
        return ops.relu(inputs) - self.alpha * ops.relu(-inputs)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input shape."""
        return input_shape


@register("layer")
class ELU(_Elementwise):
    """Exponential linear unit.

    Formula: y = x if x > 0, alpha (exp(x) - 1) otherwise.

    Args:
        alpha: float, 0 or more, default 1.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any -> the same.

    Raises:
        ConfigurationError: alpha is negative.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.ELU()(np.array([-1.0, 2.0])).numpy().round(4)
    array([-0.6321,  2.    ], dtype=float32)

    Source: Clevert et al., Fast and accurate deep network learning by exponential linear units, 2015.
    """

    def __init__(self, alpha: float = 1.0, **options: Any) -> None:
        super().__init__(**options)
        self.alpha = _not_negative(self, "alpha", alpha)

    def call(self, inputs: Any) -> Any:
        """Return the activated inputs."""
        return ops.elu(inputs, self.alpha)


@register("layer")
class ThresholdedReLU(_Elementwise):
    """Identity above a threshold, zero below.

    Formula: y = x if x > theta, 0 otherwise.

    Args:
        theta: float, 0 or more, default 1.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any -> the same.

    Raises:
        ConfigurationError: theta is negative.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.ThresholdedReLU(1.5)(np.array([1.0, 2.0]))
    Tensor([0., 2.], shape=(2,), dtype=float32)

    Source: Konda et al., Zero-bias autoencoders and the benefits of co-adapting features, 2014.
    """

    def __init__(self, theta: float = 1.0, **options: Any) -> None:
        super().__init__(**options)
        self.theta = _not_negative(self, "theta", theta)

    def call(self, inputs: Any) -> Any:
        """Return the inputs above the threshold."""
        return ops.where(ops.greater(inputs, self.theta), inputs, 0.0)


@register("layer")
class Softmax(_Elementwise):
    """Softmax along one or several axes.

    Formula: y_i = exp(x_i) / sum_j exp(x_j).

    Args:
        axis: int or list of int, default -1.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any -> the same. `mask` may be given at the call: elements where it is False get 0.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Softmax()(np.array([1.0, 1.0]))
    Tensor([0.5, 0.5], shape=(2,), dtype=float32)
    """

    def __init__(self, axis: Any = -1, **options: Any) -> None:
        super().__init__(**options)
        self.axis = list(axis) if isinstance(axis, list | tuple) else int(axis)

    def call(self, inputs: Any, mask: Any = None) -> Any:
        """Return the softmax of the inputs."""
        if mask is not None:
            # Far below every logit, so that masked elements come out as 0.
            lowest = -3e4 if inputs.dtype == "float16" else -3.4e38 / 2
            inputs = ops.where(mask, inputs, lowest)
        if isinstance(self.axis, int):
            outputs = ops.softmax(inputs, axis=self.axis)
        elif len(self.axis) == 1:
            outputs = ops.softmax(inputs, axis=self.axis[0])
        else:
            axes = tuple(self.axis)
            outputs = ops.exp(inputs - ops.logsumexp(inputs, axis=axes, keepdims=True))
        return outputs if mask is None else ops.where(mask, outputs, 0.0)


def _not_negative(layer: Layer, name: str, value: Any) -> float:
    if value is None or number(layer, name, value) < 0:
        raise ConfigurationError(f"{type(layer).__name__}: {name} must be 0 or more, not {value!r}")
    return value
