"""Adam, and Adam with decoupled weight decay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.variable import Variable
from pipekeras.nn.optimizers.base import Optimizer, optimizer


@optimizer()
class Adam(Optimizer):
    """Adam: steps from running means of the gradient and of its square.

    Formula: m <- m + (1 - beta_1) * (g - m); v <- v + (1 - beta_2) * (g^2 - v);
    w <- w - rate * sqrt(1 - beta_2^t) / (1 - beta_1^t) * m / (sqrt(v) + epsilon).

    Args:
        learning_rate: float, a `LearningRateSchedule` or a function without arguments, default 0.001.
        beta_1: float in [0, 1), default 0.9. Share of the old mean of gradients.
        beta_2: float in [0, 1), default 0.999. Share of the old mean of squared gradients.
        epsilon: float > 0, default 1e-7. Keeps the division finite.
        amsgrad: bool, default False. Divide by the largest v so far instead of v.
        {common}

    >>> import numpy as np
    >>> from pipekeras import Variable, optimizers
    >>> weight = Variable(np.array([1.0], "float32"))
    >>> optimizers.Adam(0.1).apply([np.array([5.0], "float32")], [weight])
    >>> print(round(float(weight.numpy()[0]), 4))
    0.9

    Source: Kingma and Ba, 2015, Adam: a method for stochastic optimization;
    Reddi et al., 2018, On the convergence of Adam and beyond (amsgrad).
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
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
        self.amsgrad = amsgrad

    def build(self, variables: Sequence[Variable]) -> None:
        """Make the slots for `variables`."""
        if self.built:
            return
        super().build(variables)
        self._momentums: list[Any]
        self._velocities: list[Any]
        self._momentums, self._velocities = self.add_optimizer_variables(variables, ["momentum", "velocity"])
        self._largest: list[Any] = []
        if self.amsgrad:
            self._largest = self.add_optimizer_variables(variables, "velocity_hat")

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Change one variable by its gradient."""
        index = self._get_variable_index(variable)
        momentum, velocity = self._momentums[index], self._velocities[index]
        rate = self._per_step("rate", variable.dtype, lambda: self._corrected_rate(learning_rate, variable.dtype))
        mean = momentum + (gradient - momentum) * (1 - self.beta_1)
        square = velocity + (ops.square(gradient) - velocity) * (1 - self.beta_2)
        momentum.assign(mean)
        velocity.assign(square)
        if self.amsgrad:
            largest = self._largest[index]
            square = ops.maximum(largest, square)
            largest.assign(square)
        variable.assign(variable - mean * rate / (ops.sqrt(square) + self.epsilon))

    def _corrected_rate(self, learning_rate: Any, dtype: str) -> Tensor:
        """Return the rate that makes up for means that began at zero."""
        step = self._step_number(dtype)
        first = 1.0 - ops.power(self.beta_1, step)
        second = 1.0 - ops.power(self.beta_2, step)
        return learning_rate * ops.sqrt(second) / first


@optimizer()
class AdamW(Adam):
    """Adam with weight decay that is kept apart from the gradient.

    Formula: w <- w - rate * weight_decay * w, then Adam's step.

    Args:
        learning_rate: float, a `LearningRateSchedule` or a function without arguments, default 0.001.
        beta_1: float in [0, 1), default 0.9. Share of the old mean of gradients.
        beta_2: float in [0, 1), default 0.999. Share of the old mean of squared gradients.
        epsilon: float > 0, default 1e-7. Keeps the division finite.
        amsgrad: bool, default False. Divide by the largest mean square so far.
        {common}

    Raises:
        ConfigurationError: weight_decay is None.

    >>> import numpy as np
    >>> from pipekeras import Variable, optimizers
    >>> weight = Variable(np.array([1.0], "float32"))
    >>> optimizers.AdamW(0.1, weight_decay=0.1).apply([np.array([0.0], "float32")], [weight])
    >>> print(round(float(weight.numpy()[0]), 4))
    0.99

    Source: Loshchilov and Hutter, 2019, Decoupled weight decay regularization.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
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
        if weight_decay is None:
            raise ConfigurationError("AdamW needs a weight_decay; it was None", mend="use Adam for none")
        super().__init__(
            learning_rate,
            beta_1,
            beta_2,
            epsilon,
            amsgrad,
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
