"""Adam with steps in proportion to each layer's weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipekeras import ops
from pipekeras.graph.variable import Variable
from pipekeras.nn.optimizers.base import Optimizer, optimizer


@optimizer()
class Lamb(Optimizer):
    """LAMB: Adam whose step is scaled by the norm of the variable, for large batches.

    Formula: m, v as in Adam; u = m / (1 - beta_1^t) / (sqrt(v / (1 - beta_2^t)) + epsilon);
    w <- w - rate * |w| / |u| * u, the ratio being 1 where a norm is 0.

    Args:
        learning_rate: float, a `LearningRateSchedule` or a function without arguments, default 0.001.
        beta_1: float in [0, 1), default 0.9. Share of the old mean of gradients.
        beta_2: float in [0, 1), default 0.999. Share of the old mean of squared gradients.
        epsilon: float > 0, default 1e-7. Keeps the division finite.
        {common}

    >>> import numpy as np
    >>> from pipekeras import Variable, optimizers
    >>> weight = Variable(np.array([3.0, 4.0], "float32"))
    >>> optimizers.Lamb(0.1).apply([np.array([1.0, 0.0], "float32")], [weight])
    >>> print(weight.numpy().round(3))
    [2.5 4. ]

    Source: You et al., 2020, Large batch optimization for deep learning: training BERT in 76 minutes.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
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
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon

    def build(self, variables: Sequence[Variable]) -> None:
        """Make the slots for `variables`."""
        if self.built:
            return
        super().build(variables)
        self._momentums: list[Any]
        self._velocities: list[Any]
        self._momentums, self._velocities = self.add_optimizer_variables(variables, ["momentum", "velocity"])

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Change one variable by its gradient."""
        index, dtype = self._get_variable_index(variable), variable.dtype
        momentum, velocity = self._momentums[index], self._velocities[index]
        step = self._step_number(dtype)
        first = self._per_step("first", dtype, lambda: 1.0 - ops.power(self.beta_1, step))
        second = self._per_step("second", dtype, lambda: 1.0 - ops.power(self.beta_2, step))
        mean = momentum + (gradient - momentum) * (1 - self.beta_1)
        square = velocity + (ops.square(gradient) - velocity) * (1 - self.beta_2)
        momentum.assign(mean)
        velocity.assign(square)
        update = mean / first / (ops.sqrt(square / second) + self.epsilon)
        weight_norm = ops.sqrt(ops.sum(ops.square(variable)))
        update_norm = ops.sqrt(ops.sum(ops.square(update)))
        both = ops.logical_and(weight_norm > 0, update_norm > 0)
        ratio = ops.where(both, weight_norm / update_norm, 1.0)
        variable.assign(variable - update * (ratio * learning_rate))
