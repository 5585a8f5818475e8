"""Blocks in which variables have other values, and after which they are as they were."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.graph import trace as tracing
from pipekeras.graph.operation import recording
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.graph.variable import Variable, aside


class StatelessScope:
    """Let variables have other values inside the block; what is assigned there is gone after it.

    Gradients for the values that stand in flow through them.

    Args:
        state_mapping: pairs of a variable and the value that it has inside, or a dict of them; default none.
        collect_losses: bool, default False; whether `losses` collects what layers add inside.
        initialize_variables: accepted for scripts that set it: a variable made inside has its first values at once.

    Raises:
        ArgumentError: a pair without a variable, or the block begins inside of a compiled function.
        ShapeError: a value of another shape than the variable's.

    Example:

    >>> import pipekeras as pk
    >>> weight = pk.Variable([1.0, 2.0])
    >>> with pk.StatelessScope([(weight, [5.0, 6.0])]) as scope:
    ...     changed = weight.assign_add([1.0, 1.0])
    >>> scope.get_current_value(weight), weight.numpy().tolist()
    (Tensor([6., 7.], shape=(2,), dtype=float32), [1.0, 2.0])
    """

    def __init__(self, state_mapping: Any = None, collect_losses: bool = False, initialize_variables: bool = True) -> None:
        pairs: Iterable[Any] = state_mapping.items() if isinstance(state_mapping, dict) else state_mapping or ()
        self.collect_losses = collect_losses
        self.initialize_variables = initialize_variables
        self.losses: list[Any] = []
        self.state_mapping: dict[Variable, Tensor] = {}
        for variable, given in pairs:
            if not isinstance(variable, Variable):
                raise ArgumentError(f"state_mapping pairs variables with values; got {variable!r} for a variable")
            value = convert(given, variable.dtype)
            if value.shape != variable.shape or value.data is None:
                raise ShapeError(f"variable '{variable.path}' has shape {variable.shape}; got a value of {value.shape}")
            self.state_mapping[variable] = value
        self._before: dict[Variable, tuple[np.ndarray, Tensor | None]] = {}
        self._own: set[Variable] = set()
        self._outer: Any = None

    def __enter__(self) -> StatelessScope:
        if tracing.current() is not None:
            raise ArgumentError("a StatelessScope holds concrete values; it can't begin inside of a compiled function")
        self._outer, aside.scope = aside.scope, self
        # Programs that hold the addresses of the variables must not run: everything goes op by op, as under a tape.
        recording.depth += 1
        for variable, value in self.state_mapping.items():
            self._before[variable] = (variable.array, variable._leaf)
            variable._array, variable._leaf = value.data, value
        return self

    def __exit__(self, *exception: object) -> None:
        recording.depth -= 1
        aside.scope = self._outer
        for variable, (array, leaf) in self._before.items():
            self.state_mapping[variable] = Tensor(variable.array)
            variable._array, variable._leaf = array, leaf
        self._before.clear()
        self._own.clear()

    def set_aside(self, variable: Variable) -> None:
        """Give a variable that is about to be assigned to values of its own."""
        if variable in self._own:
            return
        self._before.setdefault(variable, (variable.array, variable._leaf))
        variable._array, variable._leaf = variable.array.copy(), None
        self._own.add(variable)

    def get_current_value(self, variable: Variable) -> Tensor | None:
        """Return the value that a variable has, or had at the end of the block; None if it is as it was before."""
        if variable in self._before:
            return variable.value
        return self.state_mapping.get(variable)

    def add_update(self, update: tuple[Variable, Any]) -> None:
        """Give a variable another value inside: a pair of the two."""
        variable, value = update
        variable.assign(value)

    def add_loss(self, loss: Any) -> None:
        """Collect a loss."""
        self.losses.append(loss)
