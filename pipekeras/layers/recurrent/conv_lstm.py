"""Long short-term memory whose products are convolutions."""

from __future__ import annotations

from typing import Any, ClassVar

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import activate, choice, sizes, whole_number
from pipekeras.layers.base.arguments import data_format as checked_data_format
from pipekeras.layers.base.input_spec import InputSpec
from pipekeras.layers.recurrent.cell import DropoutCell
from pipekeras.layers.recurrent.cell_layer import CellLayer
from pipekeras.nn import activations, constraints, initializers, regularizers
from pipekeras.ops.windows import output_length


class ConvLSTMCell(DropoutCell):
    """One step of a convolutional long short-term memory.

    Formula: as LSTM, with x * W and h * U convolutions; the kernels' filters are in the order i, f, c, o.

    Args:
        rank: int, number of spatial axes.
        **options: the arguments of ConvLSTM2D.

    Input shape -> output shape: (batch, *spatial, channels) and states -> (batch, *new_spatial, filters) and new states.
    """

    def __init__(
        self,
        rank: int,
        filters: int,
        kernel_size: Any,
        strides: Any,
        padding: str,
        data_format: str | None,
        dilation_rate: Any,
        activation: Any,
        recurrent_activation: Any,
        use_bias: bool,
        kernel_initializer: Any,
        recurrent_initializer: Any,
        bias_initializer: Any,
        unit_forget_bias: bool,
        kernel_regularizer: Any,
        recurrent_regularizer: Any,
        bias_regularizer: Any,
        kernel_constraint: Any,
        recurrent_constraint: Any,
        bias_constraint: Any,
        dropout: float,
        recurrent_dropout: float,
        seed: Any,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.rank = rank
        self.filters = whole_number(self, "filters", filters)
        self.kernel_size = sizes(self, "kernel_size", kernel_size, rank)
        self.strides = sizes(self, "strides", strides, rank)
        self.padding = choice(self, "padding", padding, ("valid", "same"))
        self.data_format = checked_data_format(self, data_format)
        self.dilation_rate = sizes(self, "dilation_rate", dilation_rate, rank)
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ConfigurationError("strides and dilation_rate can't both be above 1")
        self.activation = activations.get(activation)
        self.recurrent_activation = activations.get(recurrent_activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.recurrent_initializer = initializers.get(recurrent_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.unit_forget_bias = unit_forget_bias
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.recurrent_regularizer = regularizers.get(recurrent_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.recurrent_constraint = constraints.get(recurrent_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.bias: Any = None
        self._start_dropout(dropout, recurrent_dropout, seed)
        self.__dict__["state_shape"] = None

    @property
    def state_size(self) -> list[int]:
        """Sizes of output state and memory: their numbers of filters."""
        return [self.filters, self.filters]

    def shape_of_state(self, step_shape: Any) -> tuple[int | None, ...]:
        """Return the shape of a state for a step of the given shape."""
        first = self.data_format == "channels_first"
        spatial = step_shape[2:] if first else step_shape[1:-1]
        lengths = tuple(
            output_length(length, window, stride, dilation, self.padding)
            for length, window, stride, dilation in zip(
                spatial, self.kernel_size, self.strides, self.dilation_rate, strict=True
            )
        )
        return (step_shape[0], self.filters, *lengths) if first else (step_shape[0], *lengths, self.filters)

    def build(self, input_shape: Any) -> None:
        """Make kernel, recurrent_kernel and bias."""
        channels = input_shape[1 if self.data_format == "channels_first" else -1]
        if channels is None:
            raise ShapeError(f"{self.describe()} needs to know the number of channels; got {tuple(input_shape)}")
        self.__dict__["state_shape"] = self.shape_of_state(tuple(input_shape))[1:]
        self.kernel = self.add_weight(
            shape=(*self.kernel_size, channels, self.filters * 4),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
        )
        self.recurrent_kernel = self.add_weight(
            shape=(*self.kernel_size, self.filters, self.filters * 4),
            initializer=self.recurrent_initializer,
            regularizer=self.recurrent_regularizer,
            constraint=self.recurrent_constraint,
            name="recurrent_kernel",
        )
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(self.filters * 4,),
                initializer=self._starting_bias(),
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
            )

    def _starting_bias(self) -> Any:
        if not self.unit_forget_bias:
            return self.bias_initializer
        filters, start = self.filters, self.bias_initializer

        def initialize(shape: Any, dtype: Any = None) -> Any:
            parts = [
                start((filters,), dtype=dtype), ops.ones((filters,), dtype=dtype), start((filters * 2,), dtype=dtype)
            ]  # fmt: skip
            return ops.concatenate(parts, axis=0)

        return initialize

    def get_initial_state(self, batch_size: int | None = None) -> list[Any]:
        """Return states of zeros."""
        shape = self.__dict__["state_shape"]
        return [ops.zeros((batch_size, *shape), dtype=self.compute_dtype) for _ in range(2)]

    def call(self, inputs: Any, states: Any, training: Any = False) -> tuple[Any, list[Any]]:
        """Return output and new states of one step."""
        state, memory = states
        if training and self.dropout > 0:
            inputs = inputs * self.get_dropout_mask(inputs)
        if training and self.recurrent_dropout > 0:
            state = state * self.get_recurrent_dropout_mask(state)
        first = self.data_format == "channels_first"
        gates = ops.conv(inputs, self.kernel, self.strides, self.padding, self.data_format, self.dilation_rate)
        if self.bias is not None:
            bias = ops.reshape(self.bias, (1, -1, *(1,) * self.rank)) if first else self.bias
            gates = gates + bias
        gates = gates + ops.conv(state, self.recurrent_kernel, 1, "same", self.data_format)
        taken, kept, new, given = ops.split(gates, 4, axis=1 if first else -1)
        memory = self.recurrent_activation(kept) * memory + self.recurrent_activation(taken) * activate(self.activation, new)
        output = self.recurrent_activation(given) * activate(self.activation, memory)
        return output, [output, memory]


class _ConvLSTM(CellLayer):
    """Base of the convolutional long short-term memories."""

    rank: ClassVar[int]

    def __init__(self, cell_arguments: dict[str, Any], settings: tuple[Any, ...], **options: Any) -> None:
        cell = ConvLSTMCell(
            self.rank, name="conv_lstm_cell", dtype=options.get("dtype"),
            trainable=options.get("trainable", True), **cell_arguments,
        )  # fmt: skip
        super().__init__(cell, *settings, **options)
        self.input_spec = InputSpec(ndim=self.rank + 3)

    def compute_output_shape(self, sequences_shape: Any, initial_state_shape: Any = None) -> Any:
        """Return the shape of the output, and of the states if they are returned."""
        shape = tuple(sequences_shape)
        state = self.cell.shape_of_state((shape[0], *shape[2:]))
        output = (state[0], shape[1], *state[1:]) if self.return_sequences else state
        return (output, state, state) if self.return_state else output

    def wanted_input(self, specification: InputSpec) -> str:
        """Return the wanted shape in words."""
        return specification.wanted()


@register("layer")
class ConvLSTM1D(_ConvLSTM):
    """Convolutional long short-term memory over sequences of lines.

    Formula: as LSTM, with every product of inputs or state with a kernel a convolution.

    Args:
        filters: int, number of output channels.
        kernel_size: int, size of the window.
        strides: int, default 1.
        padding: "valid" (default) or "same".
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: int, default 1.
        activation: name, function or None, default "tanh".
        recurrent_activation: name or function of the gates, default "sigmoid".
        use_bias: bool, default True.
        kernel_initializer: name or initializer, default "glorot_uniform".
        recurrent_initializer: name or initializer, default "orthogonal".
        bias_initializer: name or initializer, default "zeros".
        unit_forget_bias: bool, default True; whether the bias of the forget gate begins at 1.
        kernel_regularizer: name, regularizer or None.
        recurrent_regularizer: name, regularizer or None.
        bias_regularizer: name, regularizer or None.
        activity_regularizer: name, regularizer or None; penalises the output.
        kernel_constraint: name, constraint or None.
        recurrent_constraint: name, constraint or None.
        bias_constraint: name, constraint or None.
        dropout: float, 0 to 1, default 0; share of the inputs that is dropped while training.
        recurrent_dropout: float, 0 to 1, default 0; share of the state that is dropped while training.
        seed: int or None.
        return_sequences: bool, default False; whether all outputs are returned instead of the last.
        return_state: bool, default False; whether the last states are returned too.
        go_backwards: bool, default False; whether sequences are read from their end.
        stateful: bool, default False; whether the states go on from batch to batch.
        **options: name, trainable, dtype, input_shape; zero_output_for_mask, unroll.

    Input shape -> output shape: (batch, time, steps, channels) -> (batch, new_steps, filters);
    a time axis stays with return_sequences.

    Raises:
        ConfigurationError: an argument has a wrong value.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.ConvLSTM1D(4, 3)(np.zeros((1, 3, 8, 2))).shape
    (1, 6, 4)

    Source: Shi et al., Convolutional LSTM network, 2015.
    """

    rank = 1

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        **options: Any,
    ) -> None:
        cell = {
            "filters": filters,
            "kernel_size": kernel_size,
            "strides": strides,
            "padding": padding,
            "data_format": data_format,
            "dilation_rate": dilation_rate,
            "activation": activation,
            "recurrent_activation": recurrent_activation,
            "use_bias": use_bias,
            "kernel_initializer": kernel_initializer,
            "recurrent_initializer": recurrent_initializer,
            "bias_initializer": bias_initializer,
            "unit_forget_bias": unit_forget_bias,
            "kernel_regularizer": kernel_regularizer,
            "recurrent_regularizer": recurrent_regularizer,
            "bias_regularizer": bias_regularizer,
            "kernel_constraint": kernel_constraint,
            "recurrent_constraint": recurrent_constraint,
            "bias_constraint": bias_constraint,
            "dropout": dropout,
            "recurrent_dropout": recurrent_dropout,
            "seed": seed,
        }
        settings = (return_sequences, return_state, go_backwards, stateful, options.pop("unroll", False))
        super().__init__(cell, settings, activity_regularizer=activity_regularizer, **options)

    def _configuration(self) -> dict[str, Any]:
        return {**super()._configuration(), "unroll": self.unroll}


@register("layer")
class ConvLSTM2D(_ConvLSTM):
    """Convolutional long short-term memory over sequences of images.

    Formula: as LSTM, with every product of inputs or state with a kernel a convolution.

    Args:
        filters: int, number of output channels.
        kernel_size: int or (rows, columns), size of the window.
        strides: int or (rows, columns), default 1.
        padding: "valid" (default) or "same".
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: int or (rows, columns), default 1.
        activation: name, function or None, default "tanh".
        recurrent_activation: name or function of the gates, default "sigmoid".
        use_bias: bool, default True.
        kernel_initializer: name or initializer, default "glorot_uniform".
        recurrent_initializer: name or initializer, default "orthogonal".
        bias_initializer: name or initializer, default "zeros".
        unit_forget_bias: bool, default True; whether the bias of the forget gate begins at 1.
        kernel_regularizer: name, regularizer or None.
        recurrent_regularizer: name, regularizer or None.
        bias_regularizer: name, regularizer or None.
        activity_regularizer: name, regularizer or None; penalises the output.
        kernel_constraint: name, constraint or None.
        recurrent_constraint: name, constraint or None.
        bias_constraint: name, constraint or None.
        dropout: float, 0 to 1, default 0; share of the inputs that is dropped while training.
        recurrent_dropout: float, 0 to 1, default 0; share of the state that is dropped while training.
        seed: int or None.
        return_sequences: bool, default False; whether all outputs are returned instead of the last.
        return_state: bool, default False; whether the last states are returned too.
        go_backwards: bool, default False; whether sequences are read from their end.
        stateful: bool, default False; whether the states go on from batch to batch.
        **options: name, trainable, dtype, input_shape; zero_output_for_mask, unroll.

    Input shape -> output shape: (batch, time, rows, columns, channels) -> (batch, new_rows, new_columns, filters);
    a time axis stays with return_sequences.

    Raises:
        ConfigurationError: an argument has a wrong value.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.ConvLSTM2D(4, 3)(np.zeros((1, 3, 8, 8, 2))).shape
    (1, 6, 6, 4)

    Source: Shi et al., Convolutional LSTM network, 2015.
    """

    rank = 2

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        **options: Any,
    ) -> None:
        cell = {
            "filters": filters,
            "kernel_size": kernel_size,
            "strides": strides,
            "padding": padding,
            "data_format": data_format,
            "dilation_rate": dilation_rate,
            "activation": activation,
            "recurrent_activation": recurrent_activation,
            "use_bias": use_bias,
            "kernel_initializer": kernel_initializer,
            "recurrent_initializer": recurrent_initializer,
            "bias_initializer": bias_initializer,
            "unit_forget_bias": unit_forget_bias,
            "kernel_regularizer": kernel_regularizer,
            "recurrent_regularizer": recurrent_regularizer,
            "bias_regularizer": bias_regularizer,
            "kernel_constraint": kernel_constraint,
            "recurrent_constraint": recurrent_constraint,
            "bias_constraint": bias_constraint,
            "dropout": dropout,
            "recurrent_dropout": recurrent_dropout,
            "seed": seed,
        }
        settings = (return_sequences, return_state, go_backwards, stateful, options.pop("unroll", False))
        super().__init__(cell, settings, activity_regularizer=activity_regularizer, **options)

    def _configuration(self) -> dict[str, Any]:
        return {**super()._configuration(), "unroll": self.unroll}


@register("layer")
class ConvLSTM3D(_ConvLSTM):
    """Convolutional long short-term memory over sequences of volumes.

    Formula: as LSTM, with every product of inputs or state with a kernel a convolution.

    Args:
        filters: int, number of output channels.
        kernel_size: int or three numbers, size of the window.
        strides: int or three numbers, default 1.
        padding: "valid" (default) or "same".
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: int or three numbers, default 1.
        activation: name, function or None, default "tanh".
        recurrent_activation: name or function of the gates, default "sigmoid".
        use_bias: bool, default True.
        kernel_initializer: name or initializer, default "glorot_uniform".
        recurrent_initializer: name or initializer, default "orthogonal".
        bias_initializer: name or initializer, default "zeros".
        unit_forget_bias: bool, default True; whether the bias of the forget gate begins at 1.
        kernel_regularizer: name, regularizer or None.
        recurrent_regularizer: name, regularizer or None.
        bias_regularizer: name, regularizer or None.
        activity_regularizer: name, regularizer or None; penalises the output.
        kernel_constraint: name, constraint or None.
        recurrent_constraint: name, constraint or None.
        bias_constraint: name, constraint or None.
        dropout: float, 0 to 1, default 0; share of the inputs that is dropped while training.
        recurrent_dropout: float, 0 to 1, default 0; share of the state that is dropped while training.
        seed: int or None.
        return_sequences: bool, default False; whether all outputs are returned instead of the last.
        return_state: bool, default False; whether the last states are returned too.
        go_backwards: bool, default False; whether sequences are read from their end.
        stateful: bool, default False; whether the states go on from batch to batch.
        **options: name, trainable, dtype, input_shape; zero_output_for_mask, unroll.

    Input shape -> output shape: (batch, time, d1, d2, d3, channels) -> (batch, new_d1, new_d2, new_d3, filters);
    a time axis stays with return_sequences.

    Raises:
        ConfigurationError: an argument has a wrong value.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.ConvLSTM3D(4, 3)(np.zeros((1, 2, 4, 4, 4, 1))).shape
    (1, 2, 2, 2, 4)

    Source: Shi et al., Convolutional LSTM network, 2015.
    """

    rank = 3

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        **options: Any,
    ) -> None:
        cell = {
            "filters": filters,
            "kernel_size": kernel_size,
            "strides": strides,
            "padding": padding,
            "data_format": data_format,
            "dilation_rate": dilation_rate,
            "activation": activation,
            "recurrent_activation": recurrent_activation,
            "use_bias": use_bias,
            "kernel_initializer": kernel_initializer,
            "recurrent_initializer": recurrent_initializer,
            "bias_initializer": bias_initializer,
            "unit_forget_bias": unit_forget_bias,
            "kernel_regularizer": kernel_regularizer,
            "recurrent_regularizer": recurrent_regularizer,
            "bias_regularizer": bias_regularizer,
            "kernel_constraint": kernel_constraint,
            "recurrent_constraint": recurrent_constraint,
            "bias_constraint": bias_constraint,
            "dropout": dropout,
            "recurrent_dropout": recurrent_dropout,
            "seed": seed,
        }
        settings = (return_sequences, return_state, go_backwards, stateful, options.pop("unroll", False))
        super().__init__(cell, settings, activity_regularizer=activity_regularizer, **options)

    def _configuration(self) -> dict[str, Any]:
        return {**super()._configuration(), "unroll": self.unroll}
