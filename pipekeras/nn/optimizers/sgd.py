"""Gradient descent with momentum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipekeras.core.errors import ConfigurationError
from pipekeras.graph.variable import Variable
from pipekeras.nn.optimizers.base import Optimizer, optimizer


@optimizer()
class SGD(Optimizer):
    """Gradient descent, with momentum if asked for.

    Formula: without momentum w <- w - rate * g. With momentum v <- momentum * v - rate * g and w <- w + v;
    with Nesterov's momentum w <- w + momentum * v - rate * g, v taken after its update.

    Args:
        learning_rate: float, a `LearningRateSchedule` or a function without arguments, default 0.01.
        momentum: float in [0, 1], default 0.0.
        nesterov: bool, default False.
        {common}

    Raises:
        ConfigurationError: momentum is not between 0 and 1.

    >>> import numpy as np
    >>> from pipekeras import Variable, optimizers
    >>> weight = Variable(np.array([1.0, 2.0], "float32"))
    >>> optimizers.SGD(0.1).apply([np.array([1.0, 1.0], "float32")], [weight])
    >>> weight.numpy()
    array([0.9, 1.9], dtype=float32)

    Source: Sutskever et al., 2013, On the importance of initialization and momentum in deep learning.
    """

    def __init__(
        self,
        learning_rate: Any = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
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
        if isinstance(momentum, bool) or not isinstance(momentum, int | float) or not 0 <= momentum <= 1:
            raise ConfigurationError(f"momentum must be a number between 0 and 1, not {momentum!r}")
        self.momentum = momentum
        self.nesterov = nesterov

    def build(self, variables: Sequence[Variable]) -> None:
        """Make the slots for `variables`."""
        if self.built:
            return
        super().build(variables)
        self.momentums: list[Any] = []
        if self.momentum:
            self.momentums = self.add_optimizer_variables(variables, "momentum")

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Change one variable by its gradient."""
        step = gradient * learning_rate
        if not self.momentum:
            variable.assign(variable - step)
            return
        velocity = self.momentums[self._get_variable_index(variable)]
        new = velocity * self.momentum - step
        velocity.assign(new)
        variable.assign(variable + (new * self.momentum - step if self.nesterov else new))
