"""Convolutions that treat each channel by itself."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import whole_number
from pipekeras.layers.convolution.convolution import SpatialLayer
from pipekeras.nn import constraints, initializers, regularizers


class _ByChannel(SpatialLayer):
    """Base of layers with a kernel for each channel."""

    strides_with_gaps = True

    def __init__(
        self,
        kernel_size: Any,
        strides: Any,
        padding: str,
        depth_multiplier: int,
        data_format: str | None,
        dilation_rate: Any,
        activation: Any,
        use_bias: bool,
        depthwise_initializer: Any,
        bias_initializer: Any,
        depthwise_regularizer: Any,
        bias_regularizer: Any,
        activity_regularizer: Any,
        depthwise_constraint: Any,
        bias_constraint: Any,
        **options: Any,
    ) -> None:
        super().__init__(
            kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias, bias_initializer,
            bias_regularizer, bias_constraint, activity_regularizer=activity_regularizer, **options,
        )  # fmt: skip
        self.depth_multiplier = whole_number(self, "depth_multiplier", depth_multiplier)
        self.depthwise_initializer = initializers.get(depthwise_initializer)
        self.depthwise_regularizer = regularizers.get(depthwise_regularizer)
        self.depthwise_constraint = constraints.get(depthwise_constraint)

    def add_depthwise(self, channels: int, name: str) -> Any:
        """Make the kernel (*kernel_size, channels, depth_multiplier)."""
        return self.add_weight(
            shape=(*self.kernel_size, channels, self.depth_multiplier),
            initializer=self.depthwise_initializer,
            regularizer=self.depthwise_regularizer,
            constraint=self.depthwise_constraint,
            name=name,
        )


class _Depthwise(_ByChannel):
    """Base of the depthwise convolutions."""

    def build(self, input_shape: Any) -> None:
        """Make kernel (*kernel_size, channels, depth_multiplier) and bias."""
        channels = self.input_channels(input_shape)
        self.output_spatial(input_shape)
        self.kernel = self.add_depthwise(channels, "kernel")
        self.add_bias(channels * self.depth_multiplier)

    def call(self, inputs: Any) -> Any:
        """Return activation(depthwise convolution + bias)."""
        outputs = ops.depthwise_conv(
            inputs, self.kernel, self.strides, self.padding_amounts(), self.data_format, self.dilation_rate
        )
        return self.finish(outputs)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape with fewer places and channels * depth_multiplier channels."""
        channels = input_shape[self.channel_axis] * self.depth_multiplier
        return self.with_channels(input_shape[0], self.output_spatial(input_shape), channels)


class _Separable(_ByChannel):
    """Base of the separable convolutions."""

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any,
        padding: str,
        data_format: str | None,
        dilation_rate: Any,
        depth_multiplier: int,
        activation: Any,
        use_bias: bool,
        depthwise_initializer: Any,
        pointwise_initializer: Any,
        bias_initializer: Any,
        depthwise_regularizer: Any,
        pointwise_regularizer: Any,
        bias_regularizer: Any,
        activity_regularizer: Any,
        depthwise_constraint: Any,
        pointwise_constraint: Any,
        bias_constraint: Any,
        **options: Any,
    ) -> None:
        super().__init__(
            kernel_size, strides, padding, depth_multiplier, data_format, dilation_rate, activation, use_bias,
            depthwise_initializer, bias_initializer, depthwise_regularizer, bias_regularizer, activity_regularizer,
            depthwise_constraint, bias_constraint, **options,
        )  # fmt: skip
        self.filters = whole_number(self, "filters", filters)
        self.pointwise_initializer = initializers.get(pointwise_initializer)
        self.pointwise_regularizer = regularizers.get(pointwise_regularizer)
        self.pointwise_constraint = constraints.get(pointwise_constraint)

    def build(self, input_shape: Any) -> None:
        """Make depthwise_kernel, pointwise_kernel (1, ..., channels * depth_multiplier, filters) and bias."""
        channels = self.input_channels(input_shape)
        self.output_spatial(input_shape)
        self.depthwise_kernel = self.add_depthwise(channels, "depthwise_kernel")
        self.pointwise_kernel = self.add_weight(
            shape=(*(1,) * self.rank, channels * self.depth_multiplier, self.filters),
            initializer=self.pointwise_initializer,
            regularizer=self.pointwise_regularizer,
            constraint=self.pointwise_constraint,
            name="pointwise_kernel",
        )
        self.add_bias(self.filters)

    def call(self, inputs: Any) -> Any:
        """Return activation(separable convolution + bias)."""
        outputs = ops.separable_conv(
            inputs, self.depthwise_kernel, self.pointwise_kernel, self.strides, self.padding_amounts(),
            self.data_format, self.dilation_rate,
        )  # fmt: skip
        return self.finish(outputs)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape with fewer places and `filters` channels."""
        return self.with_channels(input_shape[0], self.output_spatial(input_shape), self.filters)


@register("layer")
class DepthwiseConv1D(_Depthwise):
    """Convolution of sequences that treats each channel by itself.

    Formula: y[b, o, c * m + j] = activation(sum_k x[b, o * strides + k * dilation_rate, c] kernel[k, c, j] + bias).

    Args:
        kernel_size: int, size of the window.
        strides: int, default 1; how far the window moves.
        padding: "valid" (default), "same", or "causal".
        depth_multiplier: int, default 1; output channels for each input channel.
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: int, default 1; distance of the elements that a window sees.
        activation: name, function or None (linear).
        use_bias: bool, default True.
        depthwise_initializer: name or initializer, default "glorot_uniform".
        bias_initializer: name or initializer, default "zeros".
        depthwise_regularizer: name, regularizer or None.
        bias_regularizer: name, regularizer or None.
        activity_regularizer: name, regularizer or None; penalises the output.
        depthwise_constraint: name, constraint or None.
        bias_constraint: name, constraint or None.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, steps, channels) -> (batch, new_steps, channels * depth_multiplier).

    Raises:
        ConfigurationError: an argument has a wrong value.
        ShapeError: the window does not fit into the input.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.DepthwiseConv1D(3)(np.zeros((4, 10, 12))).shape
    (4, 8, 12)
    """

    rank = 1
    paddings = ("valid", "same", "causal")

    def __init__(
        self,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        depth_multiplier: int = 1,
        data_format: str | None = None,
        dilation_rate: Any = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        bias_constraint: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(
            kernel_size, strides, padding, depth_multiplier, data_format, dilation_rate, activation, use_bias,
            depthwise_initializer, bias_initializer, depthwise_regularizer, bias_regularizer, activity_regularizer,
            depthwise_constraint, bias_constraint, **options,
        )  # fmt: skip


@register("layer", aliases=("DepthwiseConvolution2D",))
class DepthwiseConv2D(_Depthwise):
    """Convolution of images that treats each channel by itself.

    Formula: y[b, o, c * m + j] = activation(sum_k x[b, o * strides + k * dilation_rate, c] kernel[k, c, j] + bias).

    Args:
        kernel_size: int or (rows, columns), size of the window.
        strides: int or (rows, columns), default (1, 1); how far the window moves.
        padding: "valid" (default) or "same".
        depth_multiplier: int, default 1; output channels for each input channel.
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: int or (rows, columns), default (1, 1); distance of the elements that a window sees.
        activation: name, function or None (linear).
        use_bias: bool, default True.
        depthwise_initializer: name or initializer, default "glorot_uniform".
        bias_initializer: name or initializer, default "zeros".
        depthwise_regularizer: name, regularizer or None.
        bias_regularizer: name, regularizer or None.
        activity_regularizer: name, regularizer or None; penalises the output.
        depthwise_constraint: name, constraint or None.
        bias_constraint: name, constraint or None.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, rows, columns, channels)
    -> (batch, new_rows, new_columns, channels * depth_multiplier).

    Raises:
        ConfigurationError: an argument has a wrong value.
        ShapeError: the window does not fit into the input.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.DepthwiseConv2D(3)(np.zeros((4, 10, 10, 12))).shape
    (4, 8, 8, 12)
    """

    rank = 2

    def __init__(
        self,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: str = "valid",
        depth_multiplier: int = 1,
        data_format: str | None = None,
        dilation_rate: Any = (1, 1),
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        bias_constraint: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(
            kernel_size, strides, padding, depth_multiplier, data_format, dilation_rate, activation, use_bias,
            depthwise_initializer, bias_initializer, depthwise_regularizer, bias_regularizer, activity_regularizer,
            depthwise_constraint, bias_constraint, **options,
        )  # fmt: skip


@register("layer", aliases=("SeparableConvolution1D",))
class SeparableConv1D(_Separable):
    """Convolution of sequences channel by channel, followed by a mixing of the channels.

    Formula: y = activation(pointwise(depthwise(x)) + bias).

    Args:
        filters: int, number of output channels.
        kernel_size: int, size of the window.
        strides: int, default 1; how far the window moves.
        padding: "valid" (default), "same", or "causal".
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: int, default 1; distance of the elements that a window sees.
        depth_multiplier: int, default 1; channels between the two steps for each input channel.
        activation: name, function or None (linear).
        use_bias: bool, default True.
        depthwise_initializer: name or initializer, default "glorot_uniform".
        pointwise_initializer: name or initializer, default "glorot_uniform".
        bias_initializer: name or initializer, default "zeros".
        depthwise_regularizer: name, regularizer or None.
        pointwise_regularizer: name, regularizer or None.
        bias_regularizer: name, regularizer or None.
        activity_regularizer: name, regularizer or None; penalises the output.
        depthwise_constraint: name, constraint or None.
        pointwise_constraint: name, constraint or None.
        bias_constraint: name, constraint or None.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, steps, channels) -> (batch, new_steps, filters).

    Raises:
        ConfigurationError: an argument has a wrong value.
        ShapeError: the window does not fit into the input.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.SeparableConv1D(3, 3)(np.zeros((4, 10, 12))).shape
    (4, 8, 3)

    Source: Chollet, Xception: deep learning with depthwise separable convolutions, 2017.
    """

    rank = 1
    paddings = ("valid", "same", "causal")

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        pointwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        bias_constraint: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias,
            depthwise_initializer, pointwise_initializer, bias_initializer, depthwise_regularizer,
            pointwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, pointwise_constraint,
            bias_constraint, **options,
        )  # fmt: skip


@register("layer", aliases=("SeparableConvolution2D",))
class SeparableConv2D(_Separable):
    """Convolution of images channel by channel, followed by a mixing of the channels.

    Formula: y = activation(pointwise(depthwise(x)) + bias).

    Args:
        filters: int, number of output channels.
        kernel_size: int or (rows, columns), size of the window.
        strides: int or (rows, columns), default (1, 1); how far the window moves.
        padding: "valid" (default) or "same".
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: int or (rows, columns), default (1, 1); distance of the elements that a window sees.
        depth_multiplier: int, default 1; channels between the two steps for each input channel.
        activation: name, function or None (linear).
        use_bias: bool, default True.
        depthwise_initializer: name or initializer, default "glorot_uniform".
        pointwise_initializer: name or initializer, default "glorot_uniform".
        bias_initializer: name or initializer, default "zeros".
        depthwise_regularizer: name, regularizer or None.
        pointwise_regularizer: name, regularizer or None.
        bias_regularizer: name, regularizer or None.
        activity_regularizer: name, regularizer or None; penalises the output.
        depthwise_constraint: name, constraint or None.
        pointwise_constraint: name, constraint or None.
        bias_constraint: name, constraint or None.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, rows, columns, channels) -> (batch, new_rows, new_columns, filters).

    Raises:
        ConfigurationError: an argument has a wrong value.
        ShapeError: the window does not fit into the input.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.SeparableConv2D(3, 3)(np.zeros((4, 10, 10, 12))).shape
    (4, 8, 8, 3)

    Source: Chollet, Xception: deep learning with depthwise separable convolutions, 2017.
    """

    rank = 2

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = (1, 1),
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        pointwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        bias_constraint: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias,
            depthwise_initializer, pointwise_initializer, bias_initializer, depthwise_regularizer,
            pointwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, pointwise_constraint,
            bias_constraint, **options,
        )  # fmt: skip
