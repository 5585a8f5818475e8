"""What all convolution layers share, and the plain ones."""

from __future__ import annotations

from typing import Any, ClassVar

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import activate, choice, sizes, whole_number
from pipekeras.layers.base.arguments import data_format as checked_data_format
from pipekeras.layers.base.input_spec import InputSpec
from pipekeras.layers.base.layer import Layer
from pipekeras.layers.base.low_rank import LowRank, adapted
from pipekeras.nn import activations, constraints, initializers, regularizers
from pipekeras.ops.windows import output_length


class SpatialLayer(Layer):
    """Base of layers with a window that slides over spatial axes.

    Args:
        kernel_size: int or one for each spatial axis.
        strides: int or one for each spatial axis.
        padding: name of the padding.
        data_format: "channels_last" or "channels_first".
        dilation_rate: int or one for each spatial axis.
        use_bias: bool.
        activation: name, function or None.
    """

    rank: ClassVar[int]
    paddings: ClassVar[tuple[str, ...]] = ("valid", "same")
    # Whether windows that move by more than one element may have gaps as well; Keras allows it where channels are apart.
    strides_with_gaps: ClassVar[bool] = False

    def __init__(
        self,
        kernel_size: Any,
        strides: Any,
        padding: str,
        data_format: str | None,
        dilation_rate: Any,
        activation: Any,
        use_bias: bool,
        bias_initializer: Any,
        bias_regularizer: Any,
        bias_constraint: Any,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.kernel_size = sizes(self, "kernel_size", kernel_size, self.rank)
        self.strides = sizes(self, "strides", strides, self.rank)
        self.dilation_rate = sizes(self, "dilation_rate", dilation_rate, self.rank)
        self.padding = choice(self, "padding", padding, self.paddings)
        self.data_format = checked_data_format(self, data_format)
        if max(self.strides) > 1 and max(self.dilation_rate) > 1 and not self.strides_with_gaps:
            raise ConfigurationError(
                f"{type(self).__name__}: strides {self.strides} and dilation_rate {self.dilation_rate} can't both be above 1"
            )
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.bias_initializer = initializers.get(bias_initializer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.bias_constraint = constraints.get(bias_constraint)
        self.bias: Any = None
        self.input_spec = InputSpec(ndim=self.rank + 2)

    @property
    def channel_axis(self) -> int:
        """The number of the channels' axis."""
        return 1 if self.data_format == "channels_first" else -1

    def input_channels(self, input_shape: Any) -> int:
        """Return the number of channels, which must be known, and expect it from now on."""
        channels = input_shape[self.channel_axis]
        if channels is None:
            raise ShapeError(
                f"{self.describe()} needs to know the number of channels; got {tuple(input_shape)}",
                mend="give the channel axis a size where the input is declared",
            )
        self.input_spec = InputSpec(min_ndim=self.rank + 2, ndim=self.rank + 2, axes={self.channel_axis: channels})
        return int(channels)

    def add_bias(self, count: int) -> None:
        """Make the bias, if there is one."""
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(count,),
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
            )

    def finish(self, outputs: Any) -> Any:
        """Return the outputs with bias and activation."""
        if self.bias is not None:
            bias = self.bias
            if self.data_format == "channels_first":
                bias = ops.reshape(bias, (1, -1, *(1,) * self.rank))
            outputs = ops.add(outputs, bias)
        return activate(self.activation, outputs)

    def spatial(self, input_shape: Any) -> tuple[int | None, ...]:
        """Return the sizes of the spatial axes."""
        return tuple(input_shape[2:] if self.data_format == "channels_first" else input_shape[1:-1])

    def with_channels(self, batch: int | None, spatial: Any, channels: int) -> tuple[int | None, ...]:
        """Return a shape with the channels where they belong."""
        if self.data_format == "channels_first":
            return (batch, channels, *spatial)
        return (batch, *spatial, channels)

    def output_spatial(self, input_shape: Any) -> tuple[int | None, ...]:
        """Return the sizes of the output's spatial axes."""
        lengths = []
        for length, window, stride, dilation in zip(
            self.spatial(input_shape), self.kernel_size, self.strides, self.dilation_rate, strict=True
        ):
            pair = ((window - 1) * dilation, 0) if self.padding == "causal" else self.padding
            found = output_length(length, window, stride, dilation, pair)
            if found is not None and found <= 0:
                raise ShapeError(
                    f"{self.describe()}: a window of {self.kernel_size} does not fit into an input of shape "
                    f"{tuple(input_shape)}",
                    mend="use padding='same', a smaller kernel_size, or fewer pooling layers before it",
                )
            lengths.append(found)
        return tuple(lengths)

    def padding_amounts(self) -> Any:
        """Return the padding as the ops take it."""
        if self.padding != "causal":
            return self.padding
        return tuple(((window - 1) * step, 0) for window, step in zip(self.kernel_size, self.dilation_rate, strict=True))

    def wanted_input(self, specification: InputSpec) -> str:
        """Return the wanted shape in words."""
        channels = specification.axes.get(self.channel_axis, "channels")
        names = {1: ("steps",), 2: ("rows", "columns"), 3: ("depth", "rows", "columns")}[self.rank]
        order = (channels, *names) if self.data_format == "channels_first" else (*names, channels)
        return f"(batch, {', '.join(map(str, order))})"

    def shape_mend(self, specification: InputSpec, found: tuple[int | None, ...]) -> str | None:
        """Return how the input can be made to fit."""
        if len(found) == self.rank + 1:
            return "the channel axis is missing: put Reshape before it, or declare Input with a last axis of 1"
        return super().shape_mend(specification, found)


class _Convolution(SpatialLayer, LowRank):
    """Base of the plain convolutions."""

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any,
        padding: str,
        data_format: str | None,
        dilation_rate: Any,
        groups: int,
        activation: Any,
        use_bias: bool,
        kernel_initializer: Any,
        bias_initializer: Any,
        kernel_regularizer: Any,
        bias_regularizer: Any,
        activity_regularizer: Any,
        kernel_constraint: Any,
        bias_constraint: Any,
        lora_rank: int | None,
        lora_alpha: float | None,
        **options: Any,
    ) -> None:
        super().__init__(
            kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias, bias_initializer,
            bias_regularizer, bias_constraint, activity_regularizer=activity_regularizer, **options,
        )  # fmt: skip
        self.filters = whole_number(self, "filters", filters)
        self.groups = whole_number(self, "groups", groups)
        if self.filters % self.groups:
            raise ConfigurationError(f"{type(self).__name__}: groups={groups} must divide filters={filters}")
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self._prepare_low_rank(lora_rank, lora_alpha)

    def build(self, input_shape: Any) -> None:
        """Make kernel (*kernel_size, channels / groups, filters) and bias (filters)."""
        channels = self.input_channels(input_shape)
        if channels % self.groups:
            raise ShapeError(f"{self.describe()}: groups={self.groups} must divide the {channels} channels of the input")
        self.output_spatial(input_shape)
        self.kernel = self.add_weight(
            shape=(*self.kernel_size, channels // self.groups, self.filters),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
        )
        self.add_bias(self.filters)
        self._adapt_if_asked()

    optional_config = ("lora_rank", "lora_alpha")
    kernel = adapted("kernel", "The weights (*kernel_size, channels / groups, filters).")

    def call(self, inputs: Any) -> Any:
        """Return activation(convolution + bias)."""
        outputs = ops.conv(
            inputs, self.kernel, self.strides, self.padding_amounts(), self.data_format, self.dilation_rate
        )
        return self.finish(outputs)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape with fewer places and `filters` channels."""
        return self.with_channels(input_shape[0], self.output_spatial(input_shape), self.filters)


@register("layer", aliases=("Convolution1D", "AtrousConvolution1D"))
class Conv1D(_Convolution):
    """Convolution over sequences: the same small weighted sum at every place.

    Formula: y[b, o, f] = activation(sum_(k, c) x[b, o * strides + k * dilation_rate, c] kernel[k, c, f] + bias[f]).

    Args:
        filters: int, number of output channels.
        kernel_size: int, size of the window.
        strides: int, default 1; how far the window moves.
        padding: "valid" (default), "same", or "causal" (a step sees no later ones).
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: int, default 1; distance of the elements that a window sees.
        groups: int, default 1; channels are convolved in that many separate groups.
        activation: name, function or None (linear).
        use_bias: bool, default True.
        kernel_initializer: name or initializer, default "glorot_uniform".
        bias_initializer: name or initializer, default "zeros".
        kernel_regularizer: name, regularizer or None.
        bias_regularizer: name, regularizer or None.
        activity_regularizer: name, regularizer or None; penalises the output.
        kernel_constraint: name, constraint or None.
        bias_constraint: name, constraint or None.
        lora_rank: int or None; the rank of a product that is learnt on top of a frozen kernel.
        lora_alpha: float, default lora_rank; the product is multiplied by lora_alpha / lora_rank.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, steps, channels) -> (batch, new_steps, filters).

    Raises:
        ConfigurationError: an argument has a wrong value; strides and dilation_rate are both above 1.
        ShapeError: the window does not fit into the input; groups does not divide the channels.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Conv1D(32, 3)(np.zeros((4, 10, 128))).shape
    (4, 8, 32)
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
        groups: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        **options: Any,
    ) -> None:
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias,
            kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
            kernel_constraint, bias_constraint, lora_rank, lora_alpha, **options,
        )  # fmt: skip


@register("layer", aliases=("Convolution2D", "AtrousConvolution2D"))
class Conv2D(_Convolution):
    """Convolution over images: the same small weighted sum at every place.

    Formula: y[b, o, f] = activation(sum_(k, c) x[b, o * strides + k * dilation_rate, c] kernel[k, c, f] + bias[f]).

    Args:
        filters: int, number of output channels.
        kernel_size: int or (rows, columns), size of the window.
        strides: int or (rows, columns), default (1, 1); how far the window moves.
        padding: "valid" (default) or "same".
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: int or (rows, columns), default (1, 1); distance of the elements that a window sees.
        groups: int, default 1; channels are convolved in that many separate groups.
        activation: name, function or None (linear).
        use_bias: bool, default True.
        kernel_initializer: name or initializer, default "glorot_uniform".
        bias_initializer: name or initializer, default "zeros".
        kernel_regularizer: name, regularizer or None.
        bias_regularizer: name, regularizer or None.
        activity_regularizer: name, regularizer or None; penalises the output.
        kernel_constraint: name, constraint or None.
        bias_constraint: name, constraint or None.
        lora_rank: int or None; the rank of a product that is learnt on top of a frozen kernel.
        lora_alpha: float, default lora_rank; the product is multiplied by lora_alpha / lora_rank.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, rows, columns, channels) -> (batch, new_rows, new_columns, filters).

    Raises:
        ConfigurationError: an argument has a wrong value; strides and dilation_rate are both above 1.
        ShapeError: the window does not fit into the input; groups does not divide the channels.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Conv2D(2, 3, padding="same")(np.zeros((4, 28, 28, 3))).shape
    (4, 28, 28, 2)
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
        groups: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        **options: Any,
    ) -> None:
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias,
            kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
            kernel_constraint, bias_constraint, lora_rank, lora_alpha, **options,
        )  # fmt: skip


@register("layer", aliases=("Convolution3D",))
class Conv3D(_Convolution):
    """Convolution over volumes: the same small weighted sum at every place.

    Formula: y[b, o, f] = activation(sum_(k, c) x[b, o * strides + k * dilation_rate, c] kernel[k, c, f] + bias[f]).

    Args:
        filters: int, number of output channels.
        kernel_size: int or three numbers, size of the window.
        strides: int or three numbers, default (1, 1, 1); how far the window moves.
        padding: "valid" (default) or "same".
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: int or three numbers, default (1, 1, 1); distance of the elements that a window sees.
        groups: int, default 1; channels are convolved in that many separate groups.
        activation: name, function or None (linear).
        use_bias: bool, default True.
        kernel_initializer: name or initializer, default "glorot_uniform".
        bias_initializer: name or initializer, default "zeros".
        kernel_regularizer: name, regularizer or None.
        bias_regularizer: name, regularizer or None.
        activity_regularizer: name, regularizer or None; penalises the output.
        kernel_constraint: name, constraint or None.
        bias_constraint: name, constraint or None.
        lora_rank: int or None; the rank of a product that is learnt on top of a frozen kernel.
        lora_alpha: float, default lora_rank; the product is multiplied by lora_alpha / lora_rank.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, depth, rows, columns, channels)
    -> (batch, new_depth, new_rows, new_columns, filters).

    Raises:
        ConfigurationError: an argument has a wrong value; strides and dilation_rate are both above 1.
        ShapeError: the window does not fit into the input; groups does not divide the channels.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Conv3D(4, 3)(np.zeros((1, 5, 5, 5, 2))).shape
    (1, 3, 3, 3, 4)
    """

    rank = 3

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = (1, 1, 1),
        groups: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        **options: Any,
    ) -> None:
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias,
            kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
            kernel_constraint, bias_constraint, lora_rank, lora_alpha, **options,
        )  # fmt: skip
