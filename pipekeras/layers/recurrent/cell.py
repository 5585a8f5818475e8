"""What the recurrent cells share: arguments, weights, dropout masks that last for a sequence."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from pipekeras import ops, random
from pipekeras.core.errors import ShapeError
from pipekeras.layers.base.arguments import fraction, whole_number
from pipekeras.layers.base.layer import Layer
from pipekeras.nn import activations, constraints, initializers, regularizers


class DropoutCell(Layer):
    """Base of cells with dropout: one mask for the inputs and one for the state, the same at all steps of a sequence."""

    dropout: float
    recurrent_dropout: float

    def _start_dropout(self, dropout: float, recurrent_dropout: float, seed: Any) -> None:
        self.dropout = fraction(self, "dropout", dropout)
        self.recurrent_dropout = fraction(self, "recurrent_dropout", recurrent_dropout)
        self.seed = seed
        self.seed_generator = random.SeedGenerator(seed=seed)
        self.reset_masks()

    def reset_masks(self) -> None:
        """Forget the masks: the next sequence gets new ones."""
        self.__dict__["_masks"] = {}

    def get_dropout_mask(self, step_input: Any) -> Any:
        """Return the mask for the inputs of this sequence."""
        return self._mask("inputs", self.dropout, step_input)

    def get_recurrent_dropout_mask(self, step_input: Any) -> Any:
        """Return the mask for the state in this sequence."""
        return self._mask("state", self.recurrent_dropout, step_input)

    def _mask(self, kind: str, rate: float, like: Any) -> Any:
        masks = self.__dict__["_masks"]
        if kind not in masks:
            masks[kind] = random.dropout(ops.ones_like(like), rate, seed=self.seed_generator)
        return masks[kind]

    def forget_masks(self, but: Collection[str]) -> dict[str, tuple[Any, str]]:
        """Forget the masks of other kinds than these; return shape and type of each."""
        masks = self.__dict__["_masks"]
        found = {kind: (mask.shape, mask.dtype) for kind, mask in masks.items() if kind not in but}
        for kind in found:
            del masks[kind]
        return found

    def known_masks(self) -> list[str]:
        """Return the kinds of masks that are made."""
        return list(self.__dict__["_masks"])

    def make_masks_like(self, wanted: dict[str, tuple[Any, str]]) -> None:
        """Make masks of these shapes and types, for all steps of a sequence."""
        rates = {"inputs": self.dropout, "state": self.recurrent_dropout}
        for kind, (shape, dtype) in wanted.items():
            self._mask(kind, rates[kind], ops.ones(shape, dtype=dtype))

    def reset_dropout_mask(self) -> None:
        """Forget the mask for the inputs."""
        self.__dict__["_masks"].pop("inputs", None)

    def reset_recurrent_dropout_mask(self) -> None:
        """Forget the mask for the state."""
        self.__dict__["_masks"].pop("state", None)


class GatedCell(DropoutCell):
    """Base of SimpleRNNCell, LSTMCell and GRUCell.

    The kernels of all gates lie side by side in one matrix. `project` computes what depends on the inputs alone, for
    one step or for a whole sequence at once; `advance` does one step from there.
    """

    gates: ClassVar[int]

    def __init__(
        self,
        units: int,
        activation: Any,
        use_bias: bool,
        kernel_initializer: Any,
        recurrent_initializer: Any,
        bias_initializer: Any,
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
        options.pop("implementation", None)
        super().__init__(**options)
        self.units = whole_number(self, "units", units)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.recurrent_initializer = initializers.get(recurrent_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.recurrent_regularizer = regularizers.get(recurrent_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.recurrent_constraint = constraints.get(recurrent_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.bias: Any = None
        self._start_dropout(dropout, recurrent_dropout, seed)

    @property
    def state_size(self) -> Any:
        """Sizes of the states."""
        return self.units

    @property
    def output_size(self) -> int:
        """Size of the output."""
        return self.units

    def bias_shape(self) -> tuple[int, ...]:
        """Return the shape of the bias."""
        return (self.units * self.gates,)

    def starting_bias(self) -> Any:
        """Return the initializer of the bias."""
        return self.bias_initializer

    def build(self, input_shape: Any) -> None:
        """Make kernel (features, gates * units), recurrent_kernel (units, gates * units) and bias."""
        features = input_shape[-1]
        if features is None:
            raise ShapeError(f"{self.describe()} needs to know the number of features; got {tuple(input_shape)}")
        width = self.units * self.gates
        self.kernel = self.add_weight(
            shape=(features, width),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
        )
        self.recurrent_kernel = self.add_weight(
            shape=(self.units, width),
            initializer=self.recurrent_initializer,
            regularizer=self.recurrent_regularizer,
            constraint=self.recurrent_constraint,
            name="recurrent_kernel",
        )
        if self.use_bias:
            self.bias = self.add_weight(
                shape=self.bias_shape(),
                initializer=self.starting_bias(),
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
            )

    def input_bias(self) -> Any:
        """Return the bias that is added to the projected inputs, or None."""
        return self.bias

    def project(self, inputs: Any, training: Any) -> Any:
        """Return inputs · kernel + bias, with dropout, for (batch, features) or (time, batch, features)."""
        if training and self.dropout > 0:
            inputs = inputs * self.get_dropout_mask(inputs if inputs.ndim == 2 else inputs[0])
        projected = ops.matmul(inputs, self.kernel)
        bias = self.input_bias()
        return projected if bias is None else projected + bias

    def kept_state(self, state: Any, training: Any) -> Any:
        """Return the state with recurrent dropout."""
        if training and self.recurrent_dropout > 0:
            return state * self.get_recurrent_dropout_mask(state)
        return state

    def advance(self, projected: Any, states: list[Any], training: Any) -> tuple[Any, list[Any]]:
        """Return output and new states of one step."""
        raise NotImplementedError

    def call(self, inputs: Any, states: Any, training: Any = False) -> tuple[Any, Any]:
        """Return output and new states of one step from (batch, features)."""
        single = not isinstance(states, list | tuple)
        output, new_states = self.advance(
            self.project(inputs, training), [states] if single else list(states), training
        )
        return output, (new_states[0] if single else new_states)

    def compute_output_shape(self, input_shape: Any, states_shape: Any = None) -> Any:
        """Return the shapes of output and new states."""
        state = (input_shape[0], self.units)
        sizes = self.state_size
        return state, ([state] * len(sizes) if isinstance(sizes, list | tuple) else [state])

    def get_initial_state(self, batch_size: int | None = None) -> list[Any]:
        """Return states of zeros."""
        sizes = self.state_size if isinstance(self.state_size, list | tuple) else [self.state_size]
        return [ops.zeros((batch_size, size), dtype=self.compute_dtype) for size in sizes]

    def run_sequence(
        self, inputs: Any, states: list[Any], mask: Any, training: Any, backwards: bool
    ) -> tuple[Any, list[Any]] | None:
        """Return the outputs of a whole sequence (batch, time, features) and the last states by one op.

        None if the cell's settings need the loop over single steps.
        """
        return None

    def usual_activations(self) -> bool:
        """Whether the activations are tanh and sigmoid, which the ops over whole sequences know."""
        names = getattr(self.activation, "__name__", ""), getattr(self.recurrent_activation, "__name__", "")
        return names == ("tanh", "sigmoid")

    def dropped_inputs(self, inputs: Any, training: Any) -> Any:
        """Return a sequence (batch, time, features) with dropout, the same at all steps."""
        if training and self.dropout > 0:
            return inputs * ops.expand_dims(self.get_dropout_mask(inputs[:, 0]), 1)
        return inputs

    def sequence_bias(self) -> Any:
        """Return the bias, or zeros in its place."""
        return self.bias if self.bias is not None else ops.zeros(self.bias_shape(), dtype=self.compute_dtype)

    def projects_ahead(self) -> bool:
        """Whether a whole sequence may be projected at once: unless a subclass has its own `call`."""
        return type(self).call is GatedCell.call and not self.__dict__.get("call")
