"""One step of a convolutional long short-term memory."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.layers.base.arguments import activate, choice, sizes, whole_number
from pipekeras.layers.base.arguments import data_format as checked_data_format
from pipekeras.layers.recurrent.cell import DropoutCell
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
