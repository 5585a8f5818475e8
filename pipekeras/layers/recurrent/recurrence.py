"""Running a cell over the steps of a sequence."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ArgumentError, ConfigurationError, ShapeError
from pipekeras.core.registry import register
from pipekeras.core.structure import flatten, map_structure
from pipekeras.graph import trace as tracing
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.graph.variable import Variable
from pipekeras.layers.base import call_signature
from pipekeras.layers.base.input_spec import InputSpec
from pipekeras.layers.base.layer import Layer
from pipekeras.layers.base.state import name_scope
from pipekeras.layers.recurrent.cell import DropoutCell, GatedCell
from pipekeras.layers.recurrent.stacked_cells import StackedRNNCells
from pipekeras.layers.recurrent.time_loop import is_loop, run_loop, spread


@register("layer")
class RNN(Layer):
    """Run a recurrent cell over the steps of sequences.

    Formula: (y[t], state[t]) = cell(x[t], state[t - 1]).

    Args:
        cell: layer with `call(inputs, states)` that returns (output, new states), and with `state_size`; or a list of
            such cells, which are stacked.
        return_sequences: bool, default False; whether all outputs are returned instead of the last.
        return_state: bool, default False; whether the last states are returned too.
        go_backwards: bool, default False; whether sequences are read from their end.
        stateful: bool, default False; whether the states go on from batch to batch; needs a fixed batch size.
        unroll: bool, default False; whether to lay the steps out one after the other in the graph.
        zero_output_for_mask: bool, default False; whether the output of masked steps is 0 instead of the one before.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, time, ...) -> (batch, units), or (batch, time, units) with return_sequences;
    with return_state a tuple of it and the states.

    Raises:
        ConfigurationError: the cell has no state_size or no call.
        ShapeError: stateful without a fixed batch size.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RNN([layers.LSTMCell(4), layers.GRUCell(3)])(np.zeros((2, 5, 8))).shape
    (2, 3)
    """

    def __init__(
        self,
        cell: Any,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        zero_output_for_mask: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._start(cell, return_sequences, return_state, go_backwards, stateful, unroll, zero_output_for_mask)

    def _start(
        self,
        cell: Any,
        return_sequences: bool,
        return_state: bool,
        go_backwards: bool,
        stateful: bool,
        unroll: bool,
        zero_output_for_mask: bool,
    ) -> None:
        if isinstance(cell, list | tuple):
            cell = StackedRNNCells(list(cell))
        if not hasattr(cell, "call") or not hasattr(cell, "state_size"):
            raise ConfigurationError(
                f"{type(self).__name__}: a cell needs call(inputs, states) and state_size; "
                f"{type(cell).__name__} lacks {'call' if not hasattr(cell, 'call') else 'state_size'}"
            )
        self.cell = cell
        self.return_sequences = return_sequences
        self.return_state = return_state
        self.go_backwards = go_backwards
        self.stateful = stateful
        self.unroll = unroll
        self.zero_output_for_mask = zero_output_for_mask
        self.supports_masking = True
        self.__dict__["states"] = None

    @property
    def state_size(self) -> list[Any]:
        """Sizes of the states, in a list."""
        size = self.cell.state_size
        return [size] if isinstance(size, int) else list(size)

    # Shapes and weights

    def compute_output_shape(self, sequences_shape: Any, initial_state_shape: Any = None) -> Any:
        """Return the shape of the output, and of the states if they are returned."""
        batch, length = sequences_shape[:2]
        width = getattr(self.cell, "output_size", None)
        if width is None:
            width = flatten(self.state_size)[0]
        output = (batch, length, width) if self.return_sequences else (batch, width)
        if not self.return_state:
            return output
        states = [
            (batch, size) if isinstance(size, int) else [(batch, inner) for inner in size] for size in self.state_size
        ]
        return (output, *states)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return the mask of the steps if all outputs are returned."""
        mask = flatten(previous_mask)[0]
        own = mask if self.return_sequences else None
        return [own, *[None for _ in self.state_size]] if self.return_state else own

    def build(self, sequences_shape: Any, initial_state_shape: Any = None) -> None:
        """Build the cell for a step's shape, and make the states if they last."""
        shape = tuple(sequences_shape)
        if isinstance(self.cell, Layer) and not self.cell.built:
            self.cell.build((shape[0], *shape[2:]))
        if self.input_spec is None and len(shape) == 3:
            self.input_spec = InputSpec(ndim=3, axes={-1: shape[-1]})
        if self.stateful and self.states is None:
            if shape[0] is None:
                raise ShapeError(
                    f"{self.describe()} keeps its states from batch to batch and needs a fixed batch size; got {shape}",
                    mend="declare batch_shape=(batch size, time, features) at the input",
                )
            with name_scope(self.name), tracing.no_trace():
                states = map_structure(
                    lambda state: Variable(state, trainable=False, name="rnn_state"), self.get_initial_state(shape[0])
                )
            # Not weights: set beside the tracking.
            self.__dict__["states"] = states

    def get_initial_state(self, batch_size: int | None) -> list[Any]:
        """Return states of zeros."""
        if hasattr(self.cell, "get_initial_state"):
            states = self.cell.get_initial_state(batch_size=batch_size)
            return list(states) if isinstance(states, list | tuple) else [states]
        dtype = getattr(self.cell, "compute_dtype", self.compute_dtype)
        return [ops.zeros((batch_size, size), dtype=dtype) for size in self.state_size]

    def reset_state(self, states: Any = None) -> None:
        """Set the lasting states to zero, or to the arrays given."""
        if self.states is None:
            return
        held = flatten(self.states)
        given = [None] * len(held) if states is None else flatten(states)
        if len(given) != len(held):
            raise ArgumentError(f"{self.describe()} has {len(held)} states; got {len(given)}")
        for variable, value in zip(held, given, strict=True):
            variable.assign(ops.zeros(variable.shape, dtype=variable.dtype) if value is None else value)

    def reset_states(self, states: Any = None) -> None:
        """Set the lasting states to zero; the older name of `reset_state`."""
        self.reset_state(states)

    # Running

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        # Keras 2 took [sequences, *states] in place of the keyword.
        if args and isinstance(args[0], list | tuple) and len(args[0]) > 1 and "initial_state" not in kwargs:
            first, *states = args[0]
            if hasattr(first, "shape"):
                return super().__call__(first, *args[1:], initial_state=states, **kwargs)
        return super().__call__(*args, **kwargs)

    def call(self, sequences: Any, initial_state: Any = None, mask: Any = None, training: Any = False) -> Any:
        """Return the outputs for sequences (batch, time, ...)."""
        if sequences.shape[0] is None or sequences.shape[1] is None:
            return self._unknown_length(sequences)
        if mask is not None and isinstance(mask, list | tuple):
            mask = mask[0]
        states = self._first_states(sequences, initial_state)
        # A masked step repeats the output before it, at the start 0: with other first states that is not the state.
        output_is_state = mask is None or (initial_state is None and not self.stateful)
        at_once = self._at_once(sequences, states, mask, training, output_is_state)
        if at_once is None:
            whole, output, states = self.run(sequences, states, mask, training)
        else:
            whole, states = at_once
            output = states[0]
        _reset_masks(self.cell)
        if self.stateful:
            for variable, state in zip(flatten(self.states), flatten(states), strict=True):
                variable.assign(state)
        if self.return_sequences:
            result = whole
            if self.zero_output_for_mask and mask is not None:
                kept = ops.flip(mask, 1) if self.go_backwards else mask
                result = ops.where(spread(kept, result), result, 0.0)
        else:
            result = output
            if self.zero_output_for_mask and mask is not None:
                last = mask[:, 0] if self.go_backwards else mask[:, -1]
                result = ops.where(spread(last, result), result, 0.0)
        return (result, *states) if self.return_state else result

    def _at_once(
        self, sequences: Any, states: Any, mask: Any, training: Any, output_is_state: bool
    ) -> tuple[Any, list[Any]] | None:
        """Return all outputs and the last states by an op over whole sequences, or None where the loop is needed."""
        cell = self.cell
        if self.unroll or not output_is_state or not isinstance(cell, GatedCell) or not cell.projects_ahead():
            return None
        if training and cell.recurrent_dropout > 0:
            return None
        return cell.run_sequence(sequences, states, mask, training, self.go_backwards)

    def _unknown_length(self, sequences: Any) -> Any:
        """Return placeholders: with an unknown number of steps only shapes can be told."""
        shapes = self.compute_output_shape(sequences.shape)
        if not self.return_state:
            return Tensor.symbolic(shapes, self.compute_dtype)
        output, *states = shapes
        placeholders = [
            Tensor.symbolic(shape, self.compute_dtype)
            if not isinstance(shape, list)
            else [Tensor.symbolic(inner, self.compute_dtype) for inner in shape]
            for shape in states
        ]
        return (Tensor.symbolic(output, self.compute_dtype), *placeholders)

    def _first_states(self, sequences: Any, initial_state: Any) -> list[Any]:
        batch = sequences.shape[0]
        if initial_state is None:
            if not self.stateful:
                return self.get_initial_state(batch)
            expected = flatten(self.states)[0].shape[0]
            if batch is not None and batch != expected:
                raise ShapeError(
                    f"{self.describe()} keeps states for batches of {expected}; got a batch of {batch}",
                    mend="give batches of one size, without a smaller last one",
                )
            initial_state = self.states
        states = list(initial_state) if isinstance(initial_state, list | tuple) else [initial_state]
        if len(states) != len(self.state_size):
            raise ShapeError(f"{self.describe()} has {len(self.state_size)} states; got {len(states)} initial ones")
        dtype = getattr(self.cell, "compute_dtype", self.compute_dtype)
        return map_structure(lambda state: convert(state, dtype), states)

    def run(self, sequences: Any, states: Any, mask: Any, training: Any) -> tuple[Any, Any, Any]:
        """Return the outputs of all steps in the order in which they are computed, the last one, and the last states."""
        cell = self.cell
        ahead = isinstance(cell, GatedCell) and cell.projects_ahead()
        steps = ops.transpose(sequences, (1, 0, *range(2, sequences.ndim)))
        if ahead:
            steps = cell.project(steps, training)
        if self.go_backwards:
            steps = ops.flip(steps, 0)
        if mask is not None:
            mask = ops.transpose(mask)
            mask = ops.flip(mask, 0) if self.go_backwards else mask
        keywords = {}
        if isinstance(cell, Layer) and call_signature.of_method(cell, "call").has_training:
            keywords["training"] = training

        def one_step(step: Any, now: Any) -> tuple[Any, Any]:
            if ahead:
                return cell.advance(step, now, training)
            return cell(step, now, **keywords)

        if not self.unroll and is_loop(steps, states):
            outputs, last, states = run_loop(cell, one_step, steps, states, mask)
            return ops.transpose(outputs, (1, 0, *range(2, outputs.ndim))), last, states
        found: list[Any] = []
        for place in range(steps.shape[0]):
            output, new_states = one_step(steps[place], states)
            if not isinstance(new_states, list | tuple):
                new_states = [new_states]
            if mask is not None:
                valid = mask[place]
                before = found[-1] if found else ops.zeros_like(output)
                output = ops.where(spread(valid, output), output, before)
                new_states = map_structure(
                    lambda new, old, valid=valid: ops.where(spread(valid, new), new, old), list(new_states), list(states)
                )
            states = list(new_states)
            found.append(output)
        return ops.stack(found, axis=1), found[-1], states


def _reset_masks(cell: Any) -> None:
    if isinstance(cell, DropoutCell):
        cell.reset_masks()
    for inner in getattr(cell, "cells", []):
        _reset_masks(inner)
