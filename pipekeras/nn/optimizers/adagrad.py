"""Steps divided by the gathered size of past gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipekeras import ops
from pipekeras.graph.variable import Variable
from pipekeras.nn.initializers.constant import Constant
from pipekeras.nn.optimizers.base import Optimizer, optimizer


@optimizer()
class Adagrad(Optimizer):
    """Adagrad: rates that shrink with the sum of squared gradients.

    Formula: a <- a + g^2; w <- w - rate * g / sqrt(a + epsilon).

    Args:
        learning_rate: float, a `LearningRateSchedule` or a function without arguments, default 0.001.
        initial_accumulator_value: float >= 0, default 0.1. Where a begins.
        epsilon: float > 0, default 1e-7. Keeps the division finite.
        {common}

    >>> import numpy as np
    >>> from pipekeras import Variable, optimizers
    >>> weight = Variable(np.array([1.0], "float32"))
    >>> optimizers.Adagrad(0.1).apply([np.array([2.0], "float32")], [weight])
    >>> print(round(float(weight.numpy()[0]), 4))
    0.9012

    Source: Duchi, Hazan and Singer, 2011, Adaptive subgradient methods for online learning.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        initial_accumulator_value: float = 0.1,
        epsilon: float = 1e-7,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            learning_rate,
            weight_decay=weight_decay,
            clipnorm=clipnorm,
            clipvalue=clipvalue,
            global_clipnorm=global_clipnorm,
            use_ema=use_ema,
            ema_momentum=ema_momentum,
            ema_overwrite_frequency=ema_overwrite_frequency,
            loss_scale_factor=loss_scale_factor,
            gradient_accumulation_steps=gradient_accumulation_steps,
            name=name,
            **kwargs,
        )
        self.initial_accumulator_value = initial_accumulator_value
        self.epsilon = epsilon

    def build(self, variables: Sequence[Variable]) -> None:
        """Make the slots for `variables`."""
        if self.built:
            return
        super().build(variables)
        start = Constant(self.initial_accumulator_value)
        self._sums: list[Any] = self.add_optimizer_variables(variables, "accumulator", start)

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Change one variable by its gradient."""
        accumulator = self._sums[self._get_variable_index(variable)]
        total = accumulator + ops.square(gradient)
        accumulator.assign(total)
        variable.assign(variable - gradient * learning_rate / ops.sqrt(total + self.epsilon))


@optimizer()
class Adadelta(Optimizer):
    """Adadelta: steps in proportion to the running size of earlier steps.

    Formula: a <- rho * a + (1 - rho) * g^2; d = -sqrt(b + epsilon) / sqrt(a + epsilon) * g;
    b <- rho * b + (1 - rho) * d^2; w <- w + rate * d.

    Args:
        learning_rate: float, a `LearningRateSchedule` or a function without arguments, default 0.001. The paper's is 1.0.
        rho: float in [0, 1], default 0.95. Share of the old means.
        epsilon: float > 0, default 1e-7. Keeps the division finite.
        {common}

    >>> import numpy as np
    >>> from pipekeras import Variable, optimizers
    >>> weight = Variable(np.array([1.0], "float32"))
    >>> optimizers.Adadelta(1.0).apply([np.array([2.0], "float32")], [weight])
    >>> print(round(float(weight.numpy()[0]), 4))
    0.9986

    Source: Zeiler, 2012, ADADELTA: an adaptive learning rate method.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: float = 0.95,
        epsilon: float = 1e-7,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            learning_rate,
            weight_decay=weight_decay,
            clipnorm=clipnorm,
            clipvalue=clipvalue,
            global_clipnorm=global_clipnorm,
            use_ema=use_ema,
            ema_momentum=ema_momentum,
            ema_overwrite_frequency=ema_overwrite_frequency,
            loss_scale_factor=loss_scale_factor,
            gradient_accumulation_steps=gradient_accumulation_steps,
            name=name,
            **kwargs,
        )
        self.rho = rho
        self.epsilon = epsilon

    def build(self, variables: Sequence[Variable]) -> None:
        """Make the slots for `variables`."""
        if self.built:
            return
        super().build(variables)
        names = ["accumulated_grad", "accumulated_delta_var"]
        self._squares: list[Any]
        self._steps: list[Any]
        self._squares, self._steps = self.add_optimizer_variables(variables, names)

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Change one variable by its gradient."""
        index = self._get_variable_index(variable)
        squares, steps = self._squares[index], self._steps[index]
        square = squares * self.rho + ops.square(gradient) * (1 - self.rho)
        size = ops.sqrt(steps + self.epsilon) / ops.sqrt(square + self.epsilon)
        step = size * gradient
        squares.assign(square)
        steps.assign(steps * self.rho + ops.square(step) * (1 - self.rho))
        variable.assign(variable - step * learning_rate)
