"""Cells on top of each other."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import register
from pipekeras.layers.base import call_signature
from pipekeras.layers.base.layer import Layer


@register("layer")
class StackedRNNCells(Layer):
    """Several recurrent cells as one: the output of each is the input of the next.

    Formula: (h1, s1) = cell1(x, s1), (h2, s2) = cell2(h1, s2), ....

    Args:
        cells: list of cells.
        **options: name, trainable, dtype.

    Input shape -> output shape: (batch, features) and the states of all cells -> (batch, units of the last cell) and states.

    Raises:
        ConfigurationError: something in the list is not a cell.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> cells = layers.StackedRNNCells([layers.GRUCell(4), layers.GRUCell(2)])
    >>> layers.RNN(cells)(np.zeros((3, 5, 8))).shape
    (3, 2)
    """

    def __init__(self, cells: list[Any], **options: Any) -> None:
        super().__init__(**options)
        for cell in cells:
            if not hasattr(cell, "call") or not hasattr(cell, "state_size"):
                raise ConfigurationError(
                    f"StackedRNNCells: a cell needs call(inputs, states) and state_size; got {type(cell).__name__}"
                )
        self.cells = list(cells)

    @property
    def state_size(self) -> list[Any]:
        """Sizes of the states of each cell."""
        return [cell.state_size for cell in self.cells]

    @property
    def output_size(self) -> int:
        """Size of the last cell's output."""
        return _width(self.cells[-1])

    def build(self, input_shape: Any) -> None:
        """Build the cells, each for the output of the one before."""
        shape = tuple(input_shape)
        for cell in self.cells:
            if isinstance(cell, Layer) and not cell.built:
                cell.build(shape)
            shape = (shape[0], _width(cell))

    def get_initial_state(self, batch_size: int | None = None) -> list[Any]:
        """Return states of zeros for each cell."""
        states = []
        for cell in self.cells:
            if hasattr(cell, "get_initial_state"):
                states.append(cell.get_initial_state(batch_size=batch_size))
            else:
                sizes = cell.state_size if isinstance(cell.state_size, list | tuple) else [cell.state_size]
                states.append([ops.zeros((batch_size, size), dtype=self.compute_dtype) for size in sizes])
        return states

    def call(self, inputs: Any, states: Any, training: Any = False) -> tuple[Any, list[Any]]:
        """Return the last cell's output and the new states of all."""
        new_states = []
        for cell, state in zip(self.cells, states, strict=True):
            listed = isinstance(state, list | tuple)
            keywords = {}
            if isinstance(cell, Layer) and call_signature.of_method(cell, "call").has_training:
                keywords["training"] = training
            run = cell if callable(cell) else cell.call
            inputs, new = run(inputs, list(state) if listed else [state], **keywords)
            if not isinstance(new, list | tuple):
                new = [new]
            new_states.append(list(new) if listed else new[0])
        return inputs, new_states


def _width(cell: Any) -> int:
    width = getattr(cell, "output_size", None)
    if width is None:
        size = cell.state_size
        width = size[0] if isinstance(size, list | tuple) else size
    return int(width)
