"""Different optimizers for different variables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence
from typing import Any

from pipekeras.core.configurable import Configurable
from pipekeras.core.errors import ArgumentError, ConfigurationError, ShapeError, StateError
from pipekeras.graph.variable import Variable
from pipekeras.nn.optimizers.base import Optimizer, optimizer
from pipekeras.nn.optimizers.loss_scale import LossScaleOptimizer


@optimizer()
class OptimizerMap(Configurable, MutableMapping[str, Any]):
    """Which optimizer trains which variable, by regular expressions over variable paths.

    Args:
        default_optimizer: Optimizer of the variables that no expression matches.
        optimizer_map: dict of regular expression to Optimizer, or None.

    Raises:
        ConfigurationError: A value is not an optimizer, or several expressions match one path.

    >>> from pipekeras import optimizers
    >>> chosen = optimizers.OptimizerMap(optimizers.SGD(), {".*bias": optimizers.Adam()})
    >>> type(chosen["dense/bias"]).__name__, type(chosen["dense/kernel"]).__name__
    ('Adam', 'SGD')
    """

    def __init__(self, default_optimizer: Optimizer, optimizer_map: dict[str, Any] | None = None) -> None:
        self.default_optimizer = _checked(default_optimizer)
        self.optimizer_map: dict[str, Any] = {}
        for pattern, chosen in (optimizer_map or {}).items():
            self[pattern] = chosen

    def __getitem__(self, key: str) -> Any:
        if key in self.optimizer_map:
            return self.optimizer_map[key]
        matching = [pattern for pattern in self.optimizer_map if re.fullmatch(pattern, key)]
        if len(matching) > 1:
            raise ConfigurationError(f"variable '{key}' matches several patterns: {', '.join(matching)}")
        return self.optimizer_map[matching[0]] if matching else self.default_optimizer

    def __setitem__(self, key: str, chosen: Any) -> None:
        if not isinstance(key, str):
            raise ConfigurationError(f"the keys of an OptimizerMap are strings, not {key!r}")
        if key in self.optimizer_map:
            raise ConfigurationError(f"'{key}' is already in the OptimizerMap")
        self.optimizer_map[key] = _checked(chosen)

    def __delitem__(self, key: str) -> None:
        del self.optimizer_map[key]

    def __len__(self) -> int:
        return len(self.optimizer_map)

    def __iter__(self) -> Iterator[str]:
        return iter(self.optimizer_map)

    def __call__(self, variable: Variable) -> Any:
        """Return the optimizer of a variable."""
        return self[variable.path]


@optimizer()
class MultiOptimizer(Optimizer):
    """Train each variable with the optimizer that a map or function chooses for it.

    Args:
        optimizer_map: OptimizerMap, or function of a variable that returns an optimizer.
        loss_scale_factor: float or None, default None; handed to the inner optimizers.
        name: str or None, default "multi_optimizer".

    Raises:
        ConfigurationError: The map returns something that is not a plain optimizer.

    >>> import numpy as np
    >>> from pipekeras import Variable, optimizers
    >>> weights = [Variable(np.array([1.0], "float32"), name=name) for name in ("kernel", "bias")]
    >>> chosen = optimizers.OptimizerMap(optimizers.SGD(0.5), {"bias": optimizers.SGD(0.1)})
    >>> optimizers.MultiOptimizer(chosen).apply([np.array([1.0], "float32")] * 2, weights)
    >>> [round(float(weight.numpy()[0]), 2) for weight in weights]
    [0.5, 0.9]
    """

    def __init__(
        self,
        optimizer_map: OptimizerMap | Callable[[Variable], Optimizer],
        loss_scale_factor: float | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(0.0, loss_scale_factor=loss_scale_factor, name=name)
        self.optimizer_map = optimizer_map
        self._inner: list[Optimizer] = []
        self._choice: dict[int, int] = {}
        if isinstance(optimizer_map, OptimizerMap):
            for chosen in (*optimizer_map.optimizer_map.values(), optimizer_map.default_optimizer):
                self._adopt(chosen)

    def _adopt(self, chosen: Optimizer) -> int:
        for index, known in enumerate(self._inner):
            if known is chosen:
                return index
        chosen.loss_scale_factor = self.loss_scale_factor
        self._inner.append(chosen)
        return len(self._inner) - 1

    @property
    def optimizers(self) -> list[Optimizer]:
        """The inner optimizers."""
        return list(self._inner)

    @property
    def variables(self) -> list[Variable]:
        """Own state, then that of the inner optimizers."""
        return [*self._variables, *(variable for inner in self._inner for variable in inner.variables)]

    @property
    def learning_rate(self) -> Any:
        """Not defined: each inner optimizer has its own."""
        raise AttributeError("a MultiOptimizer has no learning rate of its own; ask one of its `optimizers`")

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        raise AttributeError("a MultiOptimizer has no learning rate of its own; set it on one of its `optimizers`")

    def knows(self, variables: Iterable[Variable]) -> bool:
        """True: which of the optimizers knows a variable is found out in the step."""
        return True

    def build(self, variables: Sequence[Variable]) -> None:
        """Choose an optimizer for each variable and build them all."""
        if self.built:
            return
        for variable in variables:
            self._choice[id(variable)] = self._adopt(_checked(self.optimizer_map(variable)))
        for inner, group in zip(self._inner, self._grouped(variables), strict=True):
            if group:
                inner.build(group)
        super().build(variables)

    def _grouped(self, variables: Sequence[Variable]) -> list[list[Variable]]:
        groups: list[list[Variable]] = [[] for _ in self._inner]
        for variable in variables:
            groups[self._choice[id(variable)]].append(variable)
        return groups

    def apply(self, grads: Sequence[Any], trainable_variables: Sequence[Variable] | None = None) -> None:
        """Make one step with each inner optimizer."""
        if not grads:
            return
        variables = self._known_variables(trainable_variables)
        if len(grads) != len(variables):
            raise ShapeError(f"{self.name} got {len(grads)} gradients for {len(variables)} variables")
        gradient_of = {id(variable): gradient for variable, gradient in zip(variables, grads, strict=True)}
        for inner, group in zip(self._inner, self._grouped(variables), strict=True):
            if group:
                inner.apply([gradient_of[id(variable)] for variable in group], group)
        self._iterations.assign_add(1)

    def finalize_variable_values(self, var_list: Sequence[Variable]) -> None:
        """Let each inner optimizer put its moving averages into its weights."""
        if not self.built:
            raise StateError(f"{self.name} is not built yet")
        for inner, group in zip(self._inner, self._grouped(var_list), strict=True):
            if group:
                inner.finalize_variable_values(group)

    def _configuration(self) -> dict[str, Any]:
        if not isinstance(self.optimizer_map, OptimizerMap):
            raise ArgumentError("a MultiOptimizer whose map is a function can't be saved", mend="use an OptimizerMap")
        return {"optimizer_map": self.optimizer_map, "loss_scale_factor": self.loss_scale_factor, "name": self.name}


def _checked(chosen: Any) -> Any:
    if not isinstance(chosen, Optimizer) or isinstance(chosen, LossScaleOptimizer | MultiOptimizer):
        raise ConfigurationError(f"an OptimizerMap holds plain optimizers, not {chosen!r}")
    return chosen
