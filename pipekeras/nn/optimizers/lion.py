"""Steps of one size, by sign."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError
from pipekeras.graph.variable import Variable
from pipekeras.nn.optimizers.base import Optimizer, optimizer


@optimizer()
class Lion(Optimizer):
    """Lion: step by the sign of a mix of momentum and gradient.

    Formula: w <- w - rate * sign(beta_1 * m + (1 - beta_1) * g); m <- beta_2 * m + (1 - beta_2) * g.

    Args:
        learning_rate: float, a `LearningRateSchedule` or a function without arguments, default 0.001.
            Take 3 to 10 times less than for Adam.
        beta_1: float in (0, 1], default 0.9. Share of the momentum in the step.
        beta_2: float in [0, 1), default 0.99. Share of the old momentum in the new.
        {common}

    Raises:
        ConfigurationError: beta_1 is not in (0, 1].

    >>> import numpy as np
    >>> from pipekeras import Variable, optimizers
    >>> weight = Variable(np.array([1.0, 1.0], "float32"))
    >>> optimizers.Lion(0.25).apply([np.array([5.0, -0.1], "float32")], [weight])
    >>> weight.numpy()
    array([0.75, 1.25], dtype=float32)

    Source: Chen et al., 2023, Symbolic discovery of optimization algorithms.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.99,
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
        if not 0 < beta_1 <= 1:
            raise ConfigurationError(f"beta_1 of Lion must be in (0, 1], not {beta_1!r}", mend="0 would ignore momentum")
        self.beta_1 = beta_1
        self.beta_2 = beta_2

    def build(self, variables: Sequence[Variable]) -> None:
        """Make the slots for `variables`."""
        if self.built:
            return
        super().build(variables)
        self._momentums: list[Any] = self.add_optimizer_variables(variables, "momentum")

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Change one variable by its gradient."""
        momentum = self._momentums[self._get_variable_index(variable)]
        direction = ops.sign(momentum * self.beta_1 + gradient * (1.0 - self.beta_1))
        variable.assign(variable - direction * learning_rate)
        momentum.assign(momentum * self.beta_2 + gradient * (1.0 - self.beta_2))
