"""The gradient tape with TensorFlow's derivatives of many values at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras import ops
from pipekeras.core.errors import ShapeError
from pipekeras.graph.gradient import GradientTape as Tape
from pipekeras.graph.tensor import convert, known


class GradientTape(Tape):
    """Records operations on concrete tensors so that they can be differentiated.

    >>> import pipekeras
    >>> x = pipekeras.Variable([1.0, 2.0])
    >>> with GradientTape() as tape:
    ...     y = x * x
    >>> tape.jacobian(y, x).numpy().tolist()
    [[2.0, 0.0], [0.0, 4.0]]
    """

    def jacobian(self, target: Any, sources: Any, unconnected_gradients: Any = None, parallel_iterations: int | None = None,
                 experimental_use_pfor: bool = True) -> Any:  # fmt: skip
        """Return the derivative of every element of a tensor, shape (*target.shape, *source.shape), for each source.

        Args:
            target: tensor.
            sources: tensor or variable, or a list of them.
            unconnected_gradients, parallel_iterations, experimental_use_pfor: accepted for scripts that set them.
        """
        tensor = convert(target)
        shape = known(tensor.shape)
        many = isinstance(sources, list | tuple)
        rows = [
            self.gradient(tensor, list(sources) if many else [sources], unit.reshape(shape))
            for unit in np.eye(int(np.prod(shape)), dtype=tensor.dtype)
        ]
        found = [_stacked(list(column), shape) for column in zip(*rows, strict=True)]
        return found if many else found[0]

    def batch_jacobian(self, target: Any, source: Any, unconnected_gradients: Any = None,
                       parallel_iterations: int | None = None, experimental_use_pfor: bool = True) -> Any:  # fmt: skip
        """Return each row's derivative by the same row of the source, shape (batch, *target.shape[1:], *source.shape[1:]).

        Args:
            target, source: tensors of as many rows; a row of the target rests on that row of the source alone.
            unconnected_gradients, parallel_iterations, experimental_use_pfor: accepted for scripts that set them.

        Raises:
            ShapeError: the numbers of rows differ.
        """
        tensor, shape = convert(target), known(convert(target).shape)
        rows = known(convert(source).shape)[0]
        if rows != shape[0]:
            raise ShapeError(f"the target has {shape[0]} rows and the source {rows}")
        columns = []
        for unit in np.eye(int(np.prod(shape[1:])), dtype=tensor.dtype):
            weights = np.broadcast_to(unit.reshape(shape[1:]), shape).copy()
            columns.append(self.gradient(tensor, source, weights))
        if columns[0] is None:
            return None
        stacked = ops.stack(columns, axis=1)
        return ops.reshape(stacked, (rows, *shape[1:], *known(stacked.shape)[2:]))


def _stacked(rows: list[Any], shape: tuple[int, ...]) -> Any:
    if rows[0] is None:
        return None
    stacked = ops.stack(rows)
    return ops.reshape(stacked, (*shape, *known(stacked.shape)[1:]))
