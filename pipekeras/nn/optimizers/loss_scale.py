"""Scaling of the loss, for training in float16."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError
from pipekeras.graph.variable import Variable
from pipekeras.nn.initializers.constant import Constant
from pipekeras.nn.optimizers.base import Optimizer, optimizer


@optimizer()
class LossScaleOptimizer(Optimizer):
    """Wrap an optimizer so that small gradients survive half precision.

    The loss is multiplied by a scale and the gradients divided by it. Steps whose gradients are not finite are
    left out and halve the scale; `dynamic_growth_steps` good steps in a row double it.

    Args:
        inner_optimizer: Optimizer that makes the steps.
        initial_scale: float > 0, default 32768.
        dynamic_growth_steps: int, default 2000.
        name: str or None, default "loss_scale_optimizer".

    Raises:
        ConfigurationError: inner_optimizer is not an optimizer.

    >>> import numpy as np
    >>> from pipekeras import Variable, optimizers
    >>> scaled = optimizers.LossScaleOptimizer(optimizers.SGD(0.5), initial_scale=4.0)
    >>> weight = Variable(np.array([1.0], "float32"))
    >>> scaled.apply([np.array([4.0], "float32")], [weight])
    >>> weight.numpy()
    array([0.5], dtype=float32)
    """

    def __init__(
        self,
        inner_optimizer: Optimizer,
        initial_scale: float = 2.0**15,
        dynamic_growth_steps: int = 2000,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        if not isinstance(inner_optimizer, Optimizer):
            raise ConfigurationError(f"LossScaleOptimizer wraps an optimizer, not {inner_optimizer!r}")
        foreign = {key: value for key, value in kwargs.items() if value not in (None, False, 0.99) and key != "dynamic"}
        if foreign or not kwargs.get("dynamic", True):
            raise ConfigurationError(
                f"LossScaleOptimizer does not take {', '.join(foreign) or 'dynamic=False'}",
                mend="set it on the inner optimizer",
            )
        super().__init__(0.0, name=name)
        self.inner_optimizer = inner_optimizer
        self.initial_scale = initial_scale
        self.dynamic_growth_steps = dynamic_growth_steps
        inner_optimizer.loss_scale_factor = None

    def build(self, variables: Sequence[Variable]) -> None:
        """Make the scale and the state of the inner optimizer."""
        if self.built:
            return
        self.step_counter: Any = self.add_variable((), dtype="int32", name="step_counter")
        self.dynamic_scale: Any = self.add_variable((), Constant(self.initial_scale), dtype="float32", name="dynamic_scale")
        self.inner_optimizer.build(variables)
        super().build(variables)

    @property
    def variables(self) -> list[Variable]:
        """Own state, then that of the inner optimizer."""
        return [*self._variables, *self.inner_optimizer.variables]

    @property
    def iterations(self) -> Any:
        """Steps made by the inner optimizer."""
        return self.inner_optimizer.iterations

    @iterations.setter
    def iterations(self, counter: Any) -> None:
        self.inner_optimizer.iterations = counter

    @property
    def learning_rate(self) -> Any:
        """Learning rate of the inner optimizer."""
        return self.inner_optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        self.inner_optimizer.learning_rate = value

    def apply(self, grads: Sequence[Any], trainable_variables: Sequence[Variable] | None = None) -> None:
        """Make one step with unscaled gradients, or none when a gradient is not finite."""
        variables = self._known_variables(trainable_variables)
        present = [gradient for gradient in grads if gradient is not None]
        finite: Any = ops.all(ops.isfinite(present[0]))
        for gradient in present[1:]:
            finite = ops.logical_and(finite, ops.all(ops.isfinite(gradient)))
        scale = self.dynamic_scale.value
        state = [*variables, *self.inner_optimizer.variables]
        before = [(variable, variable.value) for variable in state]
        unscaled = [None if gradient is None else gradient / ops.cast(scale, gradient.dtype) for gradient in grads]
        self.inner_optimizer.apply(unscaled, variables)
        for variable, old in before:
            new = variable.value
            if new is not old:
                variable.assign(ops.where(finite, new, old))
        grown = ops.equal(self.step_counter, self.dynamic_growth_steps - 1)
        self.step_counter.assign(ops.where(ops.logical_and(finite, ops.logical_not(grown)), self.step_counter + 1, 0))
        self.dynamic_scale.assign(scale * ops.where(finite, ops.where(grown, 2.0, 1.0), 0.5))

    def knows(self, variables: Iterable[Variable]) -> bool:
        """Whether the inner optimizer was built for these variables."""
        return self.inner_optimizer.knows(variables)

    def companion(self) -> Any:
        """Return a wrapper of a companion of the inner optimizer."""
        return type(self)(self.inner_optimizer.companion(), self.initial_scale, self.dynamic_growth_steps)

    def scale_loss(self, loss: Any) -> Any:
        """Multiply a loss by the present scale."""
        return loss * (self.dynamic_scale.value if self.built else self.initial_scale)

    def finalize_variable_values(self, var_list: Sequence[Variable]) -> None:
        """Put the inner optimizer's moving averages into the weights, if it keeps any."""
        self.inner_optimizer.finalize_variable_values(var_list)

    def _configuration(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "inner_optimizer": self.inner_optimizer,
            "initial_scale": self.initial_scale,
            "dynamic_growth_steps": self.dynamic_growth_steps,
        }
