"""The gated recurrent unit."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import activate
from pipekeras.layers.recurrent.cell import GatedCell
from pipekeras.layers.recurrent.cell_layer import CellLayer
from pipekeras.nn import activations
from pipekeras.ops.recurrence import gru


@register("layer")
class GRUCell(GatedCell):
    """One step of the gated recurrent unit.

    Formula: z, r = recurrent_activation(gates of x W + h U + b), n = activation(x W_n + r (h U_n + b_n)) if reset_after,
    else activation(x W_n + (r h) U_n); h = z h + (1 - z) n. The kernels' columns are in the order z, r, n.

    Args:
        units: int, size of the output.
        activation: name, function or None, default "tanh".
        recurrent_activation: name or function of the gates, default "sigmoid".
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
        reset_after: bool, default True; whether the reset gate works after the matrix product.
        seed: int or None.
        **options: name, trainable, dtype.

    Input shape -> output shape: (batch, features) and states (batch, units) -> (batch, units) and new states.

    Raises:
        ConfigurationError: an argument has a wrong value.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RNN(layers.GRUCell(4))(np.zeros((2, 3, 5))).shape
    (2, 4)

    Source: Cho et al., Learning phrase representations using RNN encoder-decoder, 2014.
    """

    gates = 3

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
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
        reset_after: bool = True,
        seed: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(
            units, activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer,
            kernel_regularizer, recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint,
            bias_constraint, dropout, recurrent_dropout, seed, **options,
        )  # fmt: skip
        self.recurrent_activation = activations.get(recurrent_activation)
        self.reset_after = reset_after

    def bias_shape(self) -> tuple[int, ...]:
        """Return the shape of the bias: one for the inputs and one for the state when the reset gate works after."""
        width = 3 * self.units
        return (2, width) if self.reset_after else (width,)

    def input_bias(self) -> Any:
        """Return the bias of the inputs."""
        return self.bias[0] if self.bias is not None and self.reset_after else self.bias

    def advance(self, projected: Any, states: list[Any], training: Any) -> tuple[Any, list[Any]]:
        """Return output and new state of one step."""
        (state,) = states
        units = self.units
        kept = self.kept_state(state, training)
        if self.reset_after:
            inner = ops.matmul(kept, self.recurrent_kernel)
            if self.bias is not None:
                inner = inner + self.bias[1]
        else:
            inner = ops.matmul(kept, self.recurrent_kernel[:, : 2 * units])
        gates = self.recurrent_activation(projected[:, : 2 * units] + inner[:, : 2 * units])
        update, reset = gates[:, :units], gates[:, units:]
        if self.reset_after:
            recurrent = reset * inner[:, 2 * units :]
        else:
            recurrent = ops.matmul(reset * kept, self.recurrent_kernel[:, 2 * units :])
        new = activate(self.activation, projected[:, 2 * units :] + recurrent)
        output = update * state + (1.0 - update) * new
        return output, [output]

    def run_sequence(
        self, inputs: Any, states: list[Any], mask: Any, training: Any, backwards: bool
    ) -> tuple[Any, list[Any]] | None:
        """Return the outputs of a whole sequence and the last state by one op."""
        if type(self).advance is not GRUCell.advance or not self.reset_after or not self.usual_activations():
            return None
        outputs, state = gru(
            self.dropped_inputs(inputs, training), self.kernel, self.recurrent_kernel, self.sequence_bias(), states[0],
            mask=mask, backwards=backwards,
        )  # fmt: skip
        return outputs, [state]


@register("layer", aliases=("CuDNNGRU",))
class GRU(CellLayer):
    """Gated recurrent unit: an update gate blends the old state with a new one.

    Formula: z, r = recurrent_activation(gates of x W + h U + b), n = activation(x W_n + r (h U_n + b_n)) if reset_after,
    else activation(x W_n + (r h) U_n); h = z h + (1 - z) n. The kernels' columns are in the order z, r, n.

    Args:
        units: int, size of the output.
        activation: name, function or None, default "tanh".
        recurrent_activation: name or function of the gates, default "sigmoid".
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
        seed: int or None.
        return_sequences: bool, default False; whether all outputs are returned instead of the last.
        return_state: bool, default False; whether the last states are returned too.
        go_backwards: bool, default False; whether sequences are read from their end.
        stateful: bool, default False; whether the states go on from batch to batch; needs a fixed batch size.
        unroll: bool, default False; whether to lay the steps out one after the other in the graph.
        reset_after: bool, default True; whether the reset gate works after the matrix product.
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
    >>> layers.GRU(4, return_sequences=True)(np.zeros((32, 10, 8))).shape
    (32, 10, 4)

    Source: Cho et al., Learning phrase representations using RNN encoder-decoder, 2014.
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
        reset_after: bool = True,
        use_cudnn: Any = "auto",
        **options: Any,
    ) -> None:
        cell = GRUCell(
            units, activation=activation, recurrent_activation=recurrent_activation, use_bias=use_bias,
            kernel_initializer=kernel_initializer, recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer, kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer, bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint, recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint, dropout=dropout, recurrent_dropout=recurrent_dropout,
            reset_after=reset_after, seed=seed,
            dtype=options.get("dtype"), trainable=options.get("trainable", True), name="gru_cell",
        )  # fmt: skip
        super().__init__(
            cell, return_sequences, return_state, go_backwards, stateful, unroll,
            activity_regularizer=activity_regularizer, **options,
        )  # fmt: skip
