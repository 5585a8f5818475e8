"""Follow the regularized leader."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError
from pipekeras.graph.variable import Variable
from pipekeras.nn.initializers.constant import Constant
from pipekeras.nn.optimizers.base import Optimizer, optimizer


@optimizer()
class Ftrl(Optimizer):
    """FTRL-proximal: for wide, sparse models; drives weights to exact zeros.

    Formula: n' = n + g^2; s = (n'^-p - n^-p) / rate; z <- z + g + 2 * shrinkage * w - s * w;
    w <- (clip(z, -l1, l1) - z) / (n'^-p / rate + 2 * l2 + beta / rate), p the learning rate power.

    Args:
        learning_rate: float, a `LearningRateSchedule` or a function without arguments, default 0.001.
        learning_rate_power: float <= 0, default -0.5. 0 keeps the rate fixed.
        initial_accumulator_value: float >= 0, default 0.1. Where n begins.
        l1_regularization_strength: float >= 0, default 0.0.
        l2_regularization_strength: float >= 0, default 0.0. Penalty that steadies the solution.
        l2_shrinkage_regularization_strength: float >= 0, default 0.0. Penalty on the size of the weights.
        beta: float, default 0.0. The beta of the paper.
        {common}

    Raises:
        ConfigurationError: An option is out of range.

    >>> import numpy as np
    >>> from pipekeras import Variable, optimizers
    >>> weight = Variable(np.array([0.0], "float32"))
    >>> optimizers.Ftrl(0.1).apply([np.array([2.0], "float32")], [weight])
    >>> print(round(float(weight.numpy()[0]), 4))
    -0.0988

    Source: McMahan et al., 2013, Ad click prediction: a view from the trenches.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        learning_rate_power: float = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        l2_shrinkage_regularization_strength: float = 0.0,
        beta: float = 0.0,
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
        strengths = {
            "initial_accumulator_value": initial_accumulator_value,
            "l1_regularization_strength": l1_regularization_strength,
            "l2_regularization_strength": l2_regularization_strength,
            "l2_shrinkage_regularization_strength": l2_shrinkage_regularization_strength,
            "-learning_rate_power": -learning_rate_power,
        }
        for option, value in strengths.items():
            if value < 0:
                raise ConfigurationError(f"{option} of Ftrl must be 0 or more, not {value!r}")
        self.learning_rate_power = learning_rate_power
        self.initial_accumulator_value = initial_accumulator_value
        self.l1_regularization_strength = l1_regularization_strength
        self.l2_regularization_strength = l2_regularization_strength
        self.l2_shrinkage_regularization_strength = l2_shrinkage_regularization_strength
        self.beta = beta

    def build(self, variables: Sequence[Variable]) -> None:
        """Make the slots for `variables`."""
        if self.built:
            return
        super().build(variables)
        start = Constant(self.initial_accumulator_value)
        self._sums: list[Any]
        self._linears: list[Any]
        names = ["accumulator", "linear"]
        self._sums, self._linears = self.add_optimizer_variables(variables, names, [start, "zeros"])

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Change one variable by its gradient."""
        index = self._get_variable_index(variable)
        accumulator, linear = self._sums[index], self._linears[index]
        power = -self.learning_rate_power
        total = accumulator + ops.square(gradient)
        scaled = ops.power(total, power) / learning_rate
        pull = gradient
        if self.l2_shrinkage_regularization_strength:
            pull = gradient + variable * (2 * self.l2_shrinkage_regularization_strength)
        sigma = scaled - ops.power(accumulator, power) / learning_rate
        new = linear + (pull - sigma * variable)
        quadratic = scaled + (self.beta / learning_rate + 2 * self.l2_regularization_strength)
        bound = self.l1_regularization_strength
        linear.assign(new)
        accumulator.assign(total)
        variable.assign((ops.clip(new, -bound, bound) - new) / quadratic)
