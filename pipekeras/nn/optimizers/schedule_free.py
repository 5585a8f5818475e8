"""Adam without a schedule of the rate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipekeras import ops
from pipekeras.graph.tensor import convert
from pipekeras.graph.trace import no_trace
from pipekeras.graph.variable import Variable
from pipekeras.nn.optimizers.base import Optimizer, optimizer


@optimizer()
class ScheduleFreeAdamW(Optimizer):
    """Schedule-free AdamW: averaging of iterates in place of a decaying rate.

    Formula: v <- v + (1 - beta_2) * (g^2 - v); z' = z - rate * g / (sqrt(v / (1 - beta_2^t)) + epsilon);
    x = (w - (1 - beta_1) * z) / beta_1; x' = (1 - 1/t) * x + z' / t; w <- (1 - beta_1) * z' + beta_1 * x'.

    Args:
        learning_rate: float, a `LearningRateSchedule` or a function without arguments, default 0.0025.
        beta_1: float in (0, 1), default 0.9. Share of the average in the point where gradients are taken.
        beta_2: float in [0, 1), default 0.999. Share of the old mean of squared gradients.
        epsilon: float > 0, default 1e-8. Keeps the division finite.
        warmup_steps: int, default 0. Steps over which the rate grows to its full value.
        {common}

    >>> import numpy as np
    >>> from pipekeras import Variable, optimizers
    >>> weight = Variable(np.array([1.0], "float32"))
    >>> optimizers.ScheduleFreeAdamW(0.1).apply([np.array([5.0], "float32")], [weight])
    >>> print(round(float(weight.numpy()[0]), 4))
    0.9

    Source: Defazio et al., 2024, The road less scheduled.
    """

    def __init__(
        self,
        learning_rate: Any = 0.0025,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        warmup_steps: int = 0,
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
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.warmup_steps = warmup_steps

    def build(self, variables: Sequence[Variable]) -> None:
        """Make the slots for `variables`."""
        if self.built:
            return
        super().build(variables)
        self._momentums: list[Any]
        self._velocities: list[Any]
        self._momentums, self._velocities = self.add_optimizer_variables(variables, ["momentum", "velocity"])
        with no_trace():
            for momentum, variable in zip(self._momentums, variables, strict=True):
                momentum.assign(variable.numpy())

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Change one variable by its gradient."""
        index, dtype = self._get_variable_index(variable), variable.dtype
        momentum, velocity = self._momentums[index], self._velocities[index]
        step = self._step_number(dtype)
        if self.warmup_steps > 0:
            warm = self._per_step("warm", dtype, lambda: ops.minimum(step / self.warmup_steps, 1.0))
            learning_rate = learning_rate * warm
        correction = self._per_step("correction", dtype, lambda: 1.0 - ops.power(self.beta_2, step))
        weight = self._per_step("weight", dtype, lambda: 1.0 / step)
        square = velocity + (ops.square(gradient) - velocity) * (1 - self.beta_2)
        old: Any = convert(momentum)
        new = old - gradient * learning_rate / (ops.sqrt(square / correction) + self.epsilon)
        average = (variable - old * (1 - self.beta_1)) / self.beta_1
        average = average * (1.0 - weight) + new * weight
        velocity.assign(square)
        momentum.assign(new)
        variable.assign(new * (1 - self.beta_1) + average * self.beta_1)
