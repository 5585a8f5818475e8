"""Adam with the largest gradient in place of its mean square."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipekeras import ops
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.variable import Variable
from pipekeras.nn.optimizers.base import Optimizer, optimizer


@optimizer()
class Adamax(Optimizer):
    """Adamax: Adam whose divisor is a decaying maximum of the gradient's size.

    Formula: m <- m + (1 - beta_1) * (g - m); u <- max(beta_2 * u, |g|);
    w <- w - rate / (1 - beta_1^t) * m / (u + epsilon).

    Args:
        learning_rate: float, a `LearningRateSchedule` or a function without arguments, default 0.001.
        beta_1: float in [0, 1), default 0.9. Share of the old mean of gradients.
        beta_2: float in [0, 1), default 0.999. Share of the old maximum that is kept.
        epsilon: float > 0, default 1e-7. Keeps the division finite.
        {common}

    >>> import numpy as np
    >>> from pipekeras import Variable, optimizers
    >>> weight = Variable(np.array([1.0], "float32"))
    >>> optimizers.Adamax(0.1).apply([np.array([5.0], "float32")], [weight])
    >>> print(round(float(weight.numpy()[0]), 4))
    0.9

    Source: Kingma and Ba, 2015, Adam: a method for stochastic optimization, section 7.
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
        self._means: list[Any]
        self._norms: list[Any]
        self._means, self._norms = self.add_optimizer_variables(variables, ["momentum", "norm"])

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Change one variable by its gradient."""
        index = self._get_variable_index(variable)
        momentum, norm = self._means[index], self._norms[index]
        rate = self._per_step("rate", variable.dtype, lambda: self._corrected_rate(learning_rate, variable.dtype))
        mean = momentum + (gradient - momentum) * (1 - self.beta_1)
        size = ops.maximum(norm * self.beta_2, ops.absolute(gradient))
        momentum.assign(mean)
        norm.assign(size)
        variable.assign(variable - mean * rate / (size + self.epsilon))

    def _corrected_rate(self, learning_rate: Any, dtype: str) -> Tensor:
        return learning_rate / (1.0 - ops.power(self.beta_1, self._step_number(dtype)))
