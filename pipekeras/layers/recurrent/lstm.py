"""Long short-term memory."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import activate
from pipekeras.layers.recurrent.cell import GatedCell
from pipekeras.layers.recurrent.cell_layer import CellLayer
from pipekeras.nn import activations
from pipekeras.ops.recurrence import lstm


@register("layer")
class LSTMCell(GatedCell):
    """One step of the long short-term memory.

    Formula: i, f, o = recurrent_activation(gates of x W + h U + b), g = activation(x W_c + h U_c + b_c);
    c = f c + i g, h = o activation(c). The kernels' columns are in the order i, f, c, o.

    Args:
        units: int, size of the output.
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
        kernel_constraint: name, constraint or None.
        recurrent_constraint: name, constraint or None.
        bias_constraint: name, constraint or None.
        dropout: float, 0 to 1, default 0; share of the inputs that is dropped while training.
        recurrent_dropout: float, 0 to 1, default 0; share of the state that is dropped while training.
        seed: int or None.
        **options: name, trainable, dtype.

    Input shape -> output shape: (batch, features) and states [(batch, units), (batch, units)] -> (batch, units) and new states.

    Raises:
        ConfigurationError: an argument has a wrong value.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RNN(layers.LSTMCell(4))(np.zeros((2, 3, 5))).shape
    (2, 4)

    Source: Hochreiter and Schmidhuber, Long short-term memory, 1997.
    """

    gates = 4

    def __init__(
        self,
        units: int,
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
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(
            units, activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer,
            kernel_regularizer, recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint,
            bias_constraint, dropout, recurrent_dropout, seed, **options,
        )  # fmt: skip
        self.recurrent_activation = activations.get(recurrent_activation)
        self.unit_forget_bias = unit_forget_bias

    @property
    def state_size(self) -> list[int]:
        """Sizes of output state and memory."""
        return [self.units, self.units]

    def starting_bias(self) -> Any:
        """Return the initializer of the bias: ones for the forget gate, if asked for."""
        if not self.unit_forget_bias:
            return self.bias_initializer
        units, start = self.units, self.bias_initializer

        def initialize(shape: Any, dtype: Any = None) -> Any:
            parts = [
                start((units,), dtype=dtype), ops.ones((units,), dtype=dtype), start((units * 2,), dtype=dtype)
            ]  # fmt: skip
            return ops.concatenate(parts, axis=0)

        return initialize

    def advance(self, projected: Any, states: list[Any], training: Any) -> tuple[Any, list[Any]]:
        """Return output and new states of one step."""
        state, memory = states
        gates = projected + ops.matmul(self.kept_state(state, training), self.recurrent_kernel)
        units = self.units
        taken = self.recurrent_activation(gates[:, :units])
        kept = self.recurrent_activation(gates[:, units : 2 * units])
        new = activate(self.activation, gates[:, 2 * units : 3 * units])
        given = self.recurrent_activation(gates[:, 3 * units :])
        memory = kept * memory + taken * new
        output = given * activate(self.activation, memory)
        return output, [output, memory]

    def run_sequence(
        self, inputs: Any, states: list[Any], mask: Any, training: Any, backwards: bool
    ) -> tuple[Any, list[Any]] | None:
        """Return the outputs of a whole sequence and the last states by one op."""
        if type(self).advance is not LSTMCell.advance or not self.usual_activations():
            return None
        state, memory = states
        outputs, state, memory = lstm(
            self.dropped_inputs(inputs, training), self.kernel, self.recurrent_kernel, self.sequence_bias(), state, memory,
            mask=mask, backwards=backwards,
        )  # fmt: skip
        return outputs, [state, memory]


@register("layer", aliases=("CuDNNLSTM",))
class LSTM(CellLayer):
    """Long short-term memory: gates decide what a memory cell keeps, takes up and gives out.

    Formula: i, f, o = recurrent_activation(gates of x W + h U + b), g = activation(x W_c + h U_c + b_c);
    c = f c + i g, h = o activation(c). The kernels' columns are in the order i, f, c, o.

    Args:
        units: int, size of the output.
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
        stateful: bool, default False; whether the states go on from batch to batch; needs a fixed batch size.
        unroll: bool, default False; whether to lay the steps out one after the other in the graph.
        use_cudnn: accepted for scripts that set it.
        **options: name, trainable, dtype, input_shape; zero_output_for_mask.

    Input shape -> output shape: (batch, time, features) -> (batch, units), or (batch, time, units) with return_sequences;
    with return_state a tuple of it and the states.

    Raises:
        ConfigurationError: an argument has a wrong value.
        ShapeError: stateful without a fixed batch size.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.LSTM(4, return_sequences=True)(np.zeros((32, 10, 8))).shape
    (32, 10, 4)

    Source: Hochreiter and Schmidhuber, Long short-term memory, 1997.
    """

    hidden_config = ("use_cudnn",)

    def __init__(
        self,
        units: int,
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
        unroll: bool = False,
        use_cudnn: Any = "auto",
        **options: Any,
    ) -> None:
        cell = LSTMCell(
            units, activation=activation, recurrent_activation=recurrent_activation, use_bias=use_bias,
            kernel_initializer=kernel_initializer, recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer, unit_forget_bias=unit_forget_bias, kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer, bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint, recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint, dropout=dropout, recurrent_dropout=recurrent_dropout, seed=seed,
            dtype=options.get("dtype"), trainable=options.get("trainable", True), name="lstm_cell",
        )  # fmt: skip
        super().__init__(
            cell, return_sequences, return_state, go_backwards, stateful, unroll,
            activity_regularizer=activity_regularizer, **options,
        )  # fmt: skip
