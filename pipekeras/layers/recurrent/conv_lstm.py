"""Long short-term memory whose products are convolutions."""

from __future__ import annotations

from typing import Any, ClassVar

from pipekeras.core.registry import register
from pipekeras.layers.base.input_spec import InputSpec
from pipekeras.layers.recurrent.cell_layer import CellLayer
from pipekeras.layers.recurrent.conv_lstm_cell import ConvLSTMCell


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
