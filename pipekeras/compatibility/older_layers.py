"""Layers and models of older Keras that are written with today's."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.custom_objects import register_keras_serializable
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.graph.variable import Variable
from pipekeras.layers import Conv2DTranspose, Dense, Layer
from pipekeras.models import Model
from pipekeras.nn import activations


class Recurrent(Layer):
    """Base of recurrent layers of one's own as Keras 1 had it: a subclass writes `step`, and `build` sets `self.states`.

    Formula: (y[t], state[t]) = step(x[t], state[t - 1]).

    Args:
        return_sequences: bool, default False; whether all outputs are returned instead of the last.
        go_backwards: bool, default False; whether sequences are read from their end.
        stateful: bool, default False; whether the states go on from batch to batch; needs a fixed batch size.
        unroll: bool, default False; whether to lay the steps out one after the other in the graph.
        weights: list of arrays, default None; the first values.
        **options: name, trainable, dtype, input_shape, input_dim and input_length.

    Input shape -> output shape: (batch, time, features) -> (batch, output_dim), or (batch, time, output_dim).

    Example:

    >>> import numpy as np
    >>> class RunningSum(Recurrent):
    ...     def __init__(self, output_dim, **options):
    ...         self.output_dim = output_dim
    ...         super().__init__(**options)
    ...     def build(self, input_shape):
    ...         self.states = [None]
    ...     def step(self, x, states):
    ...         return x + states[0], [x + states[0]]
    >>> RunningSum(2)(np.ones((1, 3, 2))).numpy()
    array([[3., 3.]], dtype=float32)
    """

    states: Any

    def __init__(
        self,
        weights: Any = None,
        return_sequences: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        **options: Any,
    ) -> None:
        for name in ("consume_less", "implementation"):
            options.pop(name, None)
        if weights is not None:
            options["weights"] = weights
        super().__init__(**options)
        self.return_sequences = return_sequences
        self.go_backwards = go_backwards
        self.stateful = stateful
        self.unroll = unroll
        self.supports_masking = True
        self.__dict__.setdefault("states", [None])

    def _width(self) -> int:
        width = getattr(self, "output_dim", None) or getattr(self, "units", None)
        if width is None:
            raise ConfigurationError(f"{type(self).__name__} must set self.output_dim, how wide its output is")
        return int(width)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the output."""
        batch, length = input_shape[0], input_shape[1]
        return (batch, length, self._width()) if self.return_sequences else (batch, self._width())

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return the mask of the steps if all outputs are returned."""
        return previous_mask if self.return_sequences else None

    def get_initial_states(self, x: Any) -> list[Any]:
        """Return zeros for every state."""
        row = ops.sum(ops.zeros_like(x), axis=(1, 2), keepdims=False)
        start = ops.repeat(ops.expand_dims(row, 1), self._width(), 1)
        return [start for _ in self.states]

    def get_initial_state(self, x: Any) -> list[Any]:
        """Return the first states, under their name in Keras 2.0."""
        return self.get_initial_states(x)

    def preprocess_input(self, x: Any) -> Any:
        """Return what the steps read; a subclass may compute for all steps at once here."""
        return x

    def get_constants(self, x: Any) -> list[Any]:
        """Return tensors that each step gets behind its states."""
        return []

    def step(self, x: Any, states: Any) -> Any:
        """Return the output and the new states of one step; every subclass writes its own."""
        raise ConfigurationError(f"{type(self).__name__} must define step(x, states)")

    def reset_states(self) -> None:
        """Set the states of a stateful layer to 0."""
        shape = getattr(self, "batch_input_shape", None) or self.__dict__.get("_batch_shape")
        if shape is None or shape[0] is None:
            raise ShapeError(f"{type(self).__name__} is stateful and needs a fixed batch size",
                             mend="give it batch_input_shape=(batch size, time, features)")  # fmt: skip
        zeros = [[0.0] * self._width() for _ in range(int(shape[0]))]
        if self.states and isinstance(self.states[0], Variable):
            for state in self.states:
                state.assign(zeros)
        else:
            self.states = [Variable(ops.convert_to_tensor(zeros), trainable=False, name="state") for _ in self.states]

    def call(self, x: Any, mask: Any = None) -> Any:
        """Run `step` over the sequences."""
        from pipekeras import backend as K

        started = self.stateful and all(isinstance(state, Variable) for state in self.states)
        initial = [state.value for state in self.states] if started else self.get_initial_states(x)
        last, outputs, states = K.rnn(
            self.step,
            self.preprocess_input(x),
            initial,
            go_backwards=self.go_backwards,
            mask=mask,
            constants=self.get_constants(x),
            unroll=self.unroll,
        )
        if started:
            for variable, state in zip(self.states, states, strict=True):
                variable.assign(state)
        return outputs if self.return_sequences else last


class _Merge(Layer):
    """Base of layers of one's own that join tensors, as Keras 2 had it: a subclass writes `_merge_function(inputs)`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.supports_masking = True

    def _merge_function(self, inputs: Any) -> Any:
        raise ConfigurationError(f"{type(self).__name__} must define _merge_function(inputs)")

    def call(self, inputs: Any) -> Any:
        """Join the inputs."""
        return self._merge_function(inputs)


def time_distributed_dense(
    x: Any,
    w: Any,
    b: Any = None,
    dropout: Any = None,
    input_dim: Any = None,
    output_dim: Any = None,
    timesteps: Any = None,
    training: Any = None,
    activation: Any = "linear",
) -> Any:
    """Return x * w + b for every step of sequences.

    Args:
        x: tensor of shape (batch, time, features).
        w: tensor of shape (features, units).
        b: tensor of shape (units,) or None.
        dropout: None or 0; drop the inputs by K.dropout before.
        input_dim, output_dim, timesteps, training: accepted; the shapes tell.
        activation: name or function.
    """
    if dropout:
        from pipekeras import backend as K

        x = K.in_train_phase(lambda: K.dropout(x, float(dropout)), x, training)
    product = ops.matmul(x, w)
    return activations.get(activation)(product if b is None else product + b)


def TimeDistributedDense(output_dim: int, **options: Any) -> Any:
    """Return a Dense layer, which works on every step by itself."""
    length = options.pop("input_length", None)
    if "input_dim" in options and length is not None:
        options["input_shape"] = (length, options.pop("input_dim"))
    elif "input_dim" in options:
        options["input_shape"] = (None, options.pop("input_dim"))
    return Dense(output_dim, **options)


def Deconvolution2D(nb_filter: int, nb_row: Any = None, nb_col: Any = None, output_shape: Any = None, **options: Any) -> Any:
    """Return a Conv2DTranspose: filters, rows and columns of the kernel; the shape of the output follows from them."""
    size = options.pop("kernel_size", None) or ((nb_row, nb_col) if nb_col is not None else nb_row)
    return Conv2DTranspose(nb_filter, kernel_size=size, **options)


@register_keras_serializable(package="keras_1")
class ParametricSoftplus(Layer):
    """Softplus with a learned size and slope.

    Formula: y = alpha * log(1 + exp(beta * x)).

    Args:
        alpha_init: float, default 0.2.
        beta_init: float, default 5.0.
        shared_axes: list of int, default None; axes along which the numbers are shared.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, ...) -> the same.

    Example:

    >>> ParametricSoftplus(1.0, 1.0)([[0.0]]).numpy().round(4)
    array([[0.6931]], dtype=float32)
    """

    def __init__(self, alpha_init: float = 0.2, beta_init: float = 5.0, shared_axes: Any = None, **options: Any) -> None:
        super().__init__(**options)
        self.alpha_init, self.beta_init, self.shared_axes = alpha_init, beta_init, shared_axes
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Make the two numbers of each element."""
        shape = _of_elements(input_shape, self.shared_axes)
        self.alpha = self.add_weight(shape=shape, initializer=_constant(self.alpha_init), name="alpha")
        self.beta = self.add_weight(shape=shape, initializer=_constant(self.beta_init), name="beta")

    def call(self, inputs: Any) -> Any:
        """Compute the formula."""
        return ops.softplus(inputs * self.beta) * self.alpha


@register_keras_serializable(package="keras_1")
class SReLU(Layer):
    """Rectifier of three straight lines whose corners and slopes are learned.

    Formula: t_r + a_r (x - t_r) from t_r on, x between, t_l + a_l (x - t_l) up to t_l; t_r = t_l + |threshold|.

    Args:
        t_left_init, a_left_init, t_right_init, a_right_init: initializers; zeros, Glorot uniform, Glorot uniform, ones.
        shared_axes: list of int, default None; axes along which the numbers are shared.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, ...) -> the same.

    Example:

    >>> SReLU(a_left_init="zeros", t_right_init="ones")([[-1.0, 0.5, 3.0]]).numpy()
    array([[0. , 0.5, 3. ]], dtype=float32)
    """

    def __init__(
        self,
        t_left_init: Any = "zeros",
        a_left_init: Any = "glorot_uniform",
        t_right_init: Any = "glorot_uniform",
        a_right_init: Any = "ones",
        shared_axes: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.t_left_init, self.a_left_init = t_left_init, a_left_init
        self.t_right_init, self.a_right_init = t_right_init, a_right_init
        self.shared_axes = shared_axes
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Make corners and slopes."""
        shape = _of_elements(input_shape, self.shared_axes)
        for name in ("t_left", "a_left", "t_right", "a_right"):
            start = getattr(self, f"{name}_init")
            start = {"zero": "zeros", "one": "ones"}.get(start, start) if isinstance(start, str) else start
            setattr(self, name, self.add_weight(shape=shape, initializer=start, name=name))

    def call(self, inputs: Any) -> Any:
        """Compute the formula."""
        right = self.t_left + ops.abs(self.t_right)
        left_line = self.t_left + self.a_left * (inputs - self.t_left)
        right_line = right + self.a_right * (inputs - right)
        middle = ops.where(ops.greater(inputs, self.t_left), inputs, left_line)
        return ops.where(ops.greater_equal(inputs, right), right_line, middle)


def _of_elements(input_shape: Any, shared_axes: Any) -> tuple[int, ...]:
    sizes = list(input_shape)[1:]
    for axis in shared_axes or ():
        sizes[axis - 1] = 1
    return tuple(sizes)


def _constant(value: Any) -> Any:
    from pipekeras import initializers

    return initializers.Constant(value) if isinstance(value, int | float) else value


class LinearModel(Model):
    """A sum of straight lines: one Dense layer without an own bias for each input, and one bias.

    Args:
        units: int, default 1.
        activation: name or function, default None.
        use_bias: bool, default True.
        kernel_initializer, bias_initializer: initializers, default "zeros".
        kernel_regularizer, bias_regularizer: regularizers, default None.
        **options: name, trainable, dtype.

    Example:

    >>> import numpy as np
    >>> LinearModel(2)(np.ones((3, 4))).shape
    (3, 2)
    """

    def __init__(
        self,
        units: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "zeros",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.units, self.use_bias = units, use_bias
        self.activation = activations.get(activation)
        self.kernel_initializer, self.bias_initializer = kernel_initializer, bias_initializer
        self.kernel_regularizer, self.bias_regularizer = kernel_regularizer, bias_regularizer

    def build(self, input_shape: Any) -> None:
        """Make a Dense layer for each input."""
        several = isinstance(input_shape, list | dict) or (input_shape and isinstance(input_shape[0], list | tuple))
        shapes = list(input_shape.values() if isinstance(input_shape, dict) else input_shape) if several else [input_shape]
        self.dense_layers = [
            Dense(self.units, use_bias=False, kernel_initializer=self.kernel_initializer,
                  kernel_regularizer=self.kernel_regularizer)
            for _ in shapes
        ]  # fmt: skip
        for layer, shape in zip(self.dense_layers, shapes, strict=True):
            layer.build(shape)
        self.bias = (
            self.add_weight(shape=(self.units,), initializer=self.bias_initializer, regularizer=self.bias_regularizer,
                            name="bias")
            if self.use_bias else None
        )  # fmt: skip
        self.built = True

    def call(self, inputs: Any) -> Any:
        """Add the lines."""
        parts = list(inputs.values()) if isinstance(inputs, dict) else inputs if isinstance(inputs, list | tuple) else [inputs]
        total = sum(layer(part) for layer, part in zip(self.dense_layers[1:], parts[1:], strict=True)) if parts[1:] else 0.0
        total = self.dense_layers[0](parts[0]) + total
        return self.activation(total if self.bias is None else total + self.bias)


class WideDeepModel(Model):
    """The sum of a linear model and a deep one, through an activation.

    Args:
        linear_model: LinearModel.
        dnn_model: Model.
        activation: name or function, default None.
        **options: name, trainable, dtype.

    Example:

    >>> import numpy as np
    >>> from pipekeras import Sequential, layers
    >>> WideDeepModel(LinearModel(), Sequential([layers.Dense(1)]))([np.ones((3, 2)), np.ones((3, 5))]).shape
    (3, 1)
    """

    def __init__(self, linear_model: Any, dnn_model: Any, activation: Any = None, **options: Any) -> None:
        super().__init__(**options)
        self.linear_model, self.dnn_model = linear_model, dnn_model
        self.activation = activations.get(activation)

    def call(self, inputs: Any) -> Any:
        """Add what both models say."""
        wide, deep = inputs if isinstance(inputs, list | tuple) and len(inputs) == 2 else (inputs, inputs)
        return self.activation(self.linear_model(wide) + self.dnn_model(deep))
