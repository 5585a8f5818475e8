"""Transposed convolutions, which make their input larger."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import sizes, whole_number
from pipekeras.layers.convolution.convolution import SpatialLayer
from pipekeras.nn import constraints, initializers, regularizers
from pipekeras.ops.convolution import transposed_length


class _Transposed(SpatialLayer):
    """Base of the transposed convolutions."""

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any,
        padding: str,
        output_padding: Any,
        data_format: str | None,
        dilation_rate: Any,
        activation: Any,
        use_bias: bool,
        kernel_initializer: Any,
        bias_initializer: Any,
        kernel_regularizer: Any,
        bias_regularizer: Any,
        activity_regularizer: Any,
        kernel_constraint: Any,
        bias_constraint: Any,
        **options: Any,
    ) -> None:
        super().__init__(
            kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias, bias_initializer,
            bias_regularizer, bias_constraint, activity_regularizer=activity_regularizer, **options,
        )  # fmt: skip
        self.filters = whole_number(self, "filters", filters)
        self.output_padding = None if output_padding is None else sizes(self, "output_padding", output_padding, self.rank, 0)
        if self.output_padding is not None:
            for extra, stride in zip(self.output_padding, self.strides, strict=True):
                if extra >= stride:
                    raise ConfigurationError(
                        f"{type(self).__name__}: output_padding {self.output_padding} must be below strides {self.strides}"
                    )
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)

    def build(self, input_shape: Any) -> None:
        """Make kernel (*kernel_size, filters, channels) and bias (filters)."""
        channels = self.input_channels(input_shape)
        self.kernel = self.add_weight(
            shape=(*self.kernel_size, self.filters, channels),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
        )
        self.add_bias(self.filters)

    def call(self, inputs: Any) -> Any:
        """Return activation(transposed convolution + bias)."""
        outputs = ops.conv_transpose(
            inputs, self.kernel, self.strides, self.padding, self.output_padding, self.data_format, self.dilation_rate
        )
        return self.finish(outputs)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape with more places and `filters` channels."""
        extras = self.output_padding or (None,) * self.rank
        settings = zip(
            self.spatial(input_shape), self.kernel_size, self.strides, extras, self.dilation_rate, strict=True
        )
        lengths = [
            transposed_length(length, window, stride, self.padding, extra, dilation)
            for length, window, stride, extra, dilation in settings
        ]
        return self.with_channels(input_shape[0], lengths, self.filters)


@register("layer", aliases=("Convolution1DTranspose",))
class Conv1DTranspose(_Transposed):
    """Transposed convolution over sequences: the adjoint of a convolution, which makes its input larger.

    Formula: y = activation(z + bias), z[b, i * strides + k * dilation_rate, f] summing x[b, i, c] kernel[k, f, c].

    Args:
        filters: int, number of output channels.
        kernel_size: int, size of the window.
        strides: int, default 1; how far apart the windows of neighbouring elements are.
        padding: "valid" (default) or "same".
        output_padding: int, below strides, or None (worked out); elements added at the ends.
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: int, default 1; distance of the elements that a window sees.
        activation: name, function or None (linear).
        use_bias: bool, default True.
        kernel_initializer: name or initializer, default "glorot_uniform".
        bias_initializer: name or initializer, default "zeros".
        kernel_regularizer: name, regularizer or None.
        bias_regularizer: name, regularizer or None.
        activity_regularizer: name, regularizer or None; penalises the output.
        kernel_constraint: name, constraint or None.
        bias_constraint: name, constraint or None.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, steps, channels) -> (batch, new_steps, filters).

    Raises:
        ConfigurationError: an argument has a wrong value.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Conv1DTranspose(32, 3, 2)(np.zeros((4, 10, 128))).shape
    (4, 21, 32)

    Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning, 2016.
    """

    rank = 1

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        output_padding: Any = None,
        data_format: str | None = None,
        dilation_rate: Any = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(
            filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias,
            kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
            kernel_constraint, bias_constraint, **options,
        )  # fmt: skip


@register("layer", aliases=("Convolution2DTranspose",))
class Conv2DTranspose(_Transposed):
    """Transposed convolution over images: the adjoint of a convolution, which makes its input larger.

    Formula: y = activation(z + bias), z[b, i * strides + k * dilation_rate, f] summing x[b, i, c] kernel[k, f, c].

    Args:
        filters: int, number of output channels.
        kernel_size: int or (rows, columns), size of the window.
        strides: int or (rows, columns), default (1, 1); how far apart the windows of neighbouring elements are.
        padding: "valid" (default) or "same".
        output_padding: int or (rows, columns), below strides, or None (worked out); elements added at the ends.
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: int or (rows, columns), default (1, 1); distance of the elements that a window sees.
        activation: name, function or None (linear).
        use_bias: bool, default True.
        kernel_initializer: name or initializer, default "glorot_uniform".
        bias_initializer: name or initializer, default "zeros".
        kernel_regularizer: name, regularizer or None.
        bias_regularizer: name, regularizer or None.
        activity_regularizer: name, regularizer or None; penalises the output.
        kernel_constraint: name, constraint or None.
        bias_constraint: name, constraint or None.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, rows, columns, channels) -> (batch, new_rows, new_columns, filters).

    Raises:
        ConfigurationError: an argument has a wrong value.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Conv2DTranspose(2, 3, strides=2, padding="same")(np.zeros((4, 5, 5, 3))).shape
    (4, 10, 10, 2)

    Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning, 2016.
    """

    rank = 2

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: str = "valid",
        output_padding: Any = None,
        data_format: str | None = None,
        dilation_rate: Any = (1, 1),
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(
            filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias,
            kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
            kernel_constraint, bias_constraint, **options,
        )  # fmt: skip


@register("layer", aliases=("Convolution3DTranspose",))
class Conv3DTranspose(_Transposed):
    """Transposed convolution over volumes: the adjoint of a convolution, which makes its input larger.

    Formula: y = activation(z + bias), z[b, i * strides + k * dilation_rate, f] summing x[b, i, c] kernel[k, f, c].

    Args:
        filters: int, number of output channels.
        kernel_size: int or three numbers, size of the window.
        strides: int or three numbers, default (1, 1, 1); how far apart the windows of neighbouring elements are.
        padding: "valid" (default) or "same".
        data_format: "channels_last" (default) or "channels_first".
        output_padding: int or three numbers, below strides, or None (worked out); elements added at the ends.
        dilation_rate: int or three numbers, default (1, 1, 1); distance of the elements that a window sees.
        activation: name, function or None (linear).
        use_bias: bool, default True.
        kernel_initializer: name or initializer, default "glorot_uniform".
        bias_initializer: name or initializer, default "zeros".
        kernel_regularizer: name, regularizer or None.
        bias_regularizer: name, regularizer or None.
        activity_regularizer: name, regularizer or None; penalises the output.
        kernel_constraint: name, constraint or None.
        bias_constraint: name, constraint or None.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, depth, rows, columns, channels)
    -> (batch, new_depth, new_rows, new_columns, filters).

    Raises:
        ConfigurationError: an argument has a wrong value.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Conv3DTranspose(4, 2)(np.zeros((1, 3, 3, 3, 2))).shape
    (1, 4, 4, 4, 4)

    Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning, 2016.
    """

    rank = 3

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        output_padding: Any = None,
        dilation_rate: Any = (1, 1, 1),
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(
            filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias,
            kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
            kernel_constraint, bias_constraint, **options,
        )  # fmt: skip
