"""The plain recurrent layer."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import activate
from pipekeras.layers.recurrent.cell import GatedCell
from pipekeras.layers.recurrent.cell_layer import CellLayer
from pipekeras.ops.recurrence import simple_rnn


@register("layer")
class SimpleRNNCell(GatedCell):
    """One step of the plain recurrent layer.

    Formula: h[t] = activation(x[t] W + h[t - 1] U + b).

    Args:
        units: int, size of the output.
        activation: name, function or None, default "tanh".
        use_bias: bool, default True.
        kernel_initializer: name or initializer, default "glorot_uniform".
        recurrent_initializer: name or initializer, default "orthogonal".
        bias_initializer: name or initializer, default "zeros".
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

    Input shape -> output shape: (batch, features) and states (batch, units) -> (batch, units) and new states.

    Raises:
        ConfigurationError: an argument has a wrong value.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RNN(layers.SimpleRNNCell(4))(np.zeros((2, 3, 5))).shape
    (2, 4)

    Source: Elman, Finding structure in time, 1990.
    """

    gates = 1

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
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

    def advance(self, projected: Any, states: list[Any], training: Any) -> tuple[Any, list[Any]]:
        """Return output and new state of one step."""
        (state,) = states
        output = activate(
            self.activation, projected + ops.matmul(self.kept_state(state, training), self.recurrent_kernel)
        )
        return output, [output]

    def run_sequence(
        self, inputs: Any, states: list[Any], mask: Any, training: Any, backwards: bool
    ) -> tuple[Any, list[Any]] | None:
        """Return the outputs of a whole sequence and the last state by one op."""
        if type(self).advance is not SimpleRNNCell.advance or getattr(self.activation, "__name__", "") != "tanh":
            return None
        outputs, state = simple_rnn(
            self.dropped_inputs(inputs, training), self.kernel, self.recurrent_kernel, self.sequence_bias(), states[0],
            mask=mask, backwards=backwards,
        )  # fmt: skip
        return outputs, [state]


@register("layer")
class SimpleRNN(CellLayer):
    """Plain recurrent layer: the output is the state, and it goes back in.

    Formula: h[t] = activation(x[t] W + h[t - 1] U + b).

    Args:
        units: int, size of the output.
        activation: name, function or None, default "tanh".
        use_bias: bool, default True.
        kernel_initializer: name or initializer, default "glorot_uniform".
        recurrent_initializer: name or initializer, default "orthogonal".
        bias_initializer: name or initializer, default "zeros".
        kernel_regularizer: name, regularizer or None.
        recurrent_regularizer: name, regularizer or None.
        bias_regularizer: name, regularizer or None.
        activity_regularizer: name, regularizer or None; penalises the output.
        kernel_constraint: name, constraint or None.
        recurrent_constraint: name, constraint or None.
        bias_constraint: name, constraint or None.
        dropout: float, 0 to 1, default 0; share of the inputs that is dropped while training.
        recurrent_dropout: float, 0 to 1, default 0; share of the state that is dropped while training.
        return_sequences: bool, default False; whether all outputs are returned instead of the last.
        return_state: bool, default False; whether the last states are returned too.
        go_backwards: bool, default False; whether sequences are read from their end.
        stateful: bool, default False; whether the states go on from batch to batch; needs a fixed batch size.
        unroll: bool, default False; whether to lay the steps out one after the other in the graph.
        seed: int or None.
        **options: name, trainable, dtype, input_shape; zero_output_for_mask.

    Input shape -> output shape: (batch, time, features) -> (batch, units), or (batch, time, units) with return_sequences;
    with return_state a tuple of it and the states.

    Raises:
        ConfigurationError: an argument has a wrong value.
        ShapeError: stateful without a fixed batch size.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.SimpleRNN(4, return_sequences=True)(np.zeros((32, 10, 8))).shape
    (32, 10, 4)

    Source: Elman, Finding structure in time, 1990.
    """

    hidden_config = ("seed",)

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        seed: int | None = None,
        **options: Any,
    ) -> None:
        cell = SimpleRNNCell(
            units, activation=activation, use_bias=use_bias,
            kernel_initializer=kernel_initializer, recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer, kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer, bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint, recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint, dropout=dropout, recurrent_dropout=recurrent_dropout, seed=seed,
            dtype=options.get("dtype"), trainable=options.get("trainable", True), name="simple_rnn_cell",
        )  # fmt: skip
        super().__init__(
            cell, return_sequences, return_state, go_backwards, stateful, unroll,
            activity_regularizer=activity_regularizer, **options,
        )  # fmt: skip
