"""Steps divided by the running size of the gradient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipekeras import ops
from pipekeras.graph.variable import Variable
from pipekeras.nn.optimizers.base import Optimizer, optimizer


@optimizer()
class RMSprop(Optimizer):
    """RMSprop: divide each step by a running root mean square of the gradient.

    Formula: v <- rho * v + (1 - rho) * g^2 and w <- w - rate * g / sqrt(v + epsilon). With `centered`, the running
    mean m of g makes the divisor sqrt(v - m^2 + epsilon); with `momentum`, steps are accumulated:
    u <- momentum * u + step, w <- w - u.

    Args:
        learning_rate: float, a `LearningRateSchedule` or a function without arguments, default 0.001.
        rho: float in [0, 1], default 0.9. Share of the old mean.
        momentum: float in [0, 1], default 0.0.
        epsilon: float > 0, default 1e-7. Keeps the division finite.
        centered: bool, default False. Divide by the estimated standard deviation instead.
        {common}

    >>> import numpy as np
    >>> from pipekeras import Variable, optimizers
    >>> weight = Variable(np.array([1.0], "float32"))
    >>> optimizers.RMSprop(0.1).apply([np.array([5.0], "float32")], [weight])
    >>> print(round(float(weight.numpy()[0]), 4))
    0.6838

    Source: Hinton, 2012, Neural networks for machine learning, lecture 6e.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
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
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered

    def build(self, variables: Sequence[Variable]) -> None:
        """Make the slots for `variables`."""
        if self.built:
            return
        super().build(variables)
        self._velocities: list[Any] = self.add_optimizer_variables(variables, "velocity")
        self._momentums: list[Any] = []
        if self.momentum > 0:
            self._momentums = self.add_optimizer_variables(variables, "momentum")
        self._average_gradients: list[Any] = []
        if self.centered:
            self._average_gradients = self.add_optimizer_variables(variables, "average_gradient")

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Change one variable by its gradient."""
        index = self._get_variable_index(variable)
        velocity = self._velocities[index]
        square = velocity * self.rho + ops.square(gradient) * (1 - self.rho)
        velocity.assign(square)
        spread = square
        if self.centered:
            average = self._average_gradients[index]
            mean = average * self.rho + gradient * (1 - self.rho)
            average.assign(mean)
            spread = square - ops.square(mean)
        step = gradient * learning_rate / ops.sqrt(spread + self.epsilon)
        if self.momentum > 0:
            momentum = self._momentums[index]
            step = momentum * self.momentum + step
            momentum.assign(step)
        variable.assign(variable - step)
