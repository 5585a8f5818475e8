"""Adam with Nesterov's momentum."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pipekeras import ops
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import no_trace
from pipekeras.graph.variable import Variable
from pipekeras.nn.optimizers.base import Optimizer, optimizer


@optimizer()
class Nadam(Optimizer):
    """Nadam: Adam that looks one step ahead.

    Formula: with u_t = beta_1 * (1 - 0.96^t / 2) and U_t = u_1 * ... * u_t, and m, v as in Adam,
    m^ = u_(t+1) * m / (1 - U_(t+1)) + (1 - u_t) * g / (1 - U_t), v^ = v / (1 - beta_2^t),
    w <- w - rate * m^ / (sqrt(v^) + epsilon).

    Args:
        learning_rate: float, a `LearningRateSchedule` or a function without arguments, default 0.001.
        beta_1: float in [0, 1), default 0.9. Share of the old mean of gradients.
        beta_2: float in [0, 1), default 0.999. Share of the old mean of squared gradients.
        epsilon: float > 0, default 1e-7. Keeps the division finite.
        {common}

    >>> import numpy as np
    >>> from pipekeras import Variable, optimizers
    >>> weight = Variable(np.array([1.0], "float32"))
    >>> optimizers.Nadam(0.1).apply([np.array([5.0], "float32")], [weight])
    >>> print(round(float(weight.numpy()[0]), 3))
    0.894

    Source: Dozat, 2016, Incorporating Nesterov momentum into Adam.
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
        with no_trace():
            product = Variable(1.0, dtype=variables[0].dtype if variables else None, trainable=False, name="variable")
        self._product: Any = self._track(product)
        product.path = product.name

    def _backend_update_step(self, grads: list[Tensor], trainable_variables: list[Variable], learning_rate: Any) -> None:
        self._product.assign(self._product * self._weight(1, self._product.dtype))
        super()._backend_update_step(grads, trainable_variables, learning_rate)

    def product_after(self, steps: int) -> float:
        """Return U after so many steps."""
        return math.prod(self.beta_1 * (1.0 - 0.5 * 0.96**step) for step in range(1, steps + 1))

    def _weight(self, ahead: int, dtype: str) -> Any:
        """Return u of this step (1) or the next (2)."""
        step = ops.cast(self.iterations + ahead, dtype)
        return self.beta_1 * (1.0 - 0.5 * ops.power(0.96, step))

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Change one variable by its gradient."""
        index, dtype = self._get_variable_index(variable), variable.dtype
        momentum, velocity = self._momentums[index], self._velocities[index]
        past = self._per_step("past", dtype, lambda: self._share_of_mean(dtype))
        present = self._per_step("present", dtype, lambda: self._share_of_gradient(dtype))
        correction = self._per_step("correction", dtype, lambda: 1.0 - ops.power(self.beta_2, self._step_number(dtype)))
        mean = momentum + (gradient - momentum) * (1 - self.beta_1)
        square = velocity + (ops.square(gradient) - velocity) * (1 - self.beta_2)
        momentum.assign(mean)
        velocity.assign(square)
        ahead = mean * past + gradient * present
        variable.assign(variable - ahead * learning_rate / (ops.sqrt(square / correction) + self.epsilon))

    def _share_of_mean(self, dtype: str) -> Tensor:
        weight = self._weight(2, dtype)
        return weight / (1.0 - ops.cast(self._product, dtype) * weight)

    def _share_of_gradient(self, dtype: str) -> Tensor:
        return (1.0 - self._weight(1, dtype)) / (1.0 - ops.cast(self._product, dtype))
