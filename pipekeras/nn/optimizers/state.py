"""The state of an optimizer: its variables, and how they are saved and loaded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Self

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.configurable import Configurable
from pipekeras.core.errors import ConfigurationError, ShapeError, StateError
from pipekeras.core.notices import warn as warn_user
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.graph.trace import current, no_trace
from pipekeras.graph.variable import Variable

# What Keras 2 wrote of its optimizers and says nothing here.
OF_KERAS_2 = ("is_legacy_optimizer", "jit_compile", "use_locking")


class OptimizerState(Configurable):
    """What an optimizer keeps between steps; the base of `Optimizer`."""

    name: str
    built: bool
    _variables: list[Variable]
    _trainable_variables: list[Variable]

    def apply(self, grads: Sequence[Any], trainable_variables: Sequence[Variable] | None = None) -> None:
        """Make one step; `Optimizer` says how."""
        raise ConfigurationError(f"{type(self).__name__} must define apply(grads, trainable_variables)")

    @property
    def variables(self) -> list[Variable]:
        """All state: the step counter, the learning rate, then the slots in the order of their making."""
        return list(self._variables)

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None) -> Self:
        """Make an optimizer from what `get_config` returned here or in any Keras from 2.2 on.

        Args:
            config: dict of constructor arguments; nested objects as their own configs.
            custom_objects: dict of name to class or function, for parts that are not pipekeras' own.
        """
        kept = {name: value for name, value in config.items() if name not in OF_KERAS_2}
        if kept.get("epsilon", 0) is None:
            del kept["epsilon"]
        return super().from_config(kept, custom_objects)

    def _track(self, variable: Variable) -> Variable:
        variable.path = f"{self.name}/{variable.name}"
        self._variables.append(variable)
        return variable

    def add_variable(
        self,
        shape: Sequence[int],
        initializer: Any = "zeros",
        dtype: str | None = None,
        aggregation: str = "none",
        layout: Any = None,
        name: str | None = None,
    ) -> Variable:
        """Make a variable of the optimizer's own.

        Args:
            shape: tuple of int.
            initializer: "zeros", an Initializer, or a function `(shape, dtype)`; default "zeros".
            dtype: str, default the default float.
            aggregation: accepted for scripts that set it: there is one copy of each variable.
            layout: accepted for scripts that set it: a variable lies in one place.
            name: str.
        """
        if initializer == "zeros":
            initializer = _zeros
        elif isinstance(initializer, str):
            from pipekeras.nn import initializers

            initializer = initializers.get(initializer)
        with no_trace():
            return self._track(Variable(initializer, shape=tuple(shape), dtype=dtype, trainable=False, name=name))

    def add_variable_from_reference(
        self, reference_variable: Variable, name: str | None = None, initializer: Any = "zeros"
    ) -> Variable:
        """Make a variable like `reference_variable`, named after it."""
        path = reference_variable.path.replace("/", "_").replace(":", "_")
        return self.add_variable(
            reference_variable.shape, initializer, reference_variable.dtype, name=f"{path}_{name or 'var'}"
        )

    def add_optimizer_variables(
        self, trainable_variables: Iterable[Variable], name: str | Sequence[str], initializer: Any = "zeros"
    ) -> Any:
        """Make one slot, or one of each of several names, for every trainable variable.

        Args:
            trainable_variables: the variables to be trained.
            name: str or list of str.
            initializer: one initializer, or one for each name.

        Returns: a list of variables; for a list of names a tuple of such lists.
        """
        names = [name] if isinstance(name, str) else list(name)
        starts = list(initializer) if isinstance(initializer, list | tuple) else [initializer] * len(names)
        if len(starts) != len(names):
            raise ConfigurationError(f"{len(names)} names need as many initializers, not {len(starts)}")
        slots: tuple[list[Variable], ...] = tuple([] for _ in names)
        for variable in trainable_variables:
            for slot, slot_name, start in zip(slots, names, starts, strict=True):
                slot.append(self.add_variable_from_reference(variable, slot_name, start))
        return slots[0] if isinstance(name, str) else slots

    def stateless_apply(
        self, optimizer_variables: Sequence[Any], grads: Sequence[Any], trainable_variables: Sequence[Any]
    ) -> tuple[list[Tensor], list[Tensor]]:
        """Return what one step makes of given values, and leave the optimizer and its variables as they are.

        Args:
            optimizer_variables: values in the order of `variables`.
            grads: gradients, one for each trainable variable.
            trainable_variables: values of the variables that the optimizer was built with.

        Returns: new values of the trainable variables, and of the optimizer's.
        """
        if not self.built or current() is not None:
            raise StateError("stateless_apply() needs a built optimizer and concrete values")
        targets = [*self._trainable_variables, *self.variables]
        values = [*trainable_variables, *optimizer_variables]
        if len(values) != len(targets):
            raise ShapeError(f"{self.name} needs {len(targets)} values, not {len(values)}")
        before = [target.numpy() for target in targets]
        try:
            for target, value in zip(targets, values, strict=True):
                target.assign(value)
            self.apply(grads)
            after = [convert(target.numpy()) for target in targets]
        finally:
            for target, value in zip(targets, before, strict=True):
                target.assign(value)
        count = len(self._trainable_variables)
        return after[:count], after[count:]

    def get_weights(self) -> list[np.ndarray]:
        """Return the values of `variables`."""
        return [variable.numpy() for variable in self.variables]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Set the values of `variables`."""
        if not self.built:
            raise StateError(f"{self.name} is not built yet", mend="call build(variables) before set_weights()")
        variables = self.variables
        if len(weights) != len(variables):
            raise ShapeError(f"{self.name} has {len(variables)} variables; {len(weights)} values can't be set")
        for variable, weight in zip(variables, weights, strict=True):
            variable.assign(weight)

    def save_own_variables(self, store: Any) -> None:
        """Write the state into a mapping of number to array."""
        for index, variable in enumerate(self.variables):
            store[str(index)] = variable.numpy()

    def load_own_variables(self, store: Any) -> None:
        """Read the state from a mapping of number to array; warns and leaves it as it is when the counts differ."""
        variables = self.variables
        if len(store.keys()) != len(variables):
            warn_user(
                f"the state of {self.name} was not loaded: it has {len(variables)} variables, the file {len(store.keys())}")
            return
        for index, variable in enumerate(variables):
            variable.assign(store[str(index)][()])


def _zeros(shape: Sequence[int], dtype: str) -> np.ndarray:
    return np.zeros(tuple(shape), dtypes.STORAGE[dtype])
