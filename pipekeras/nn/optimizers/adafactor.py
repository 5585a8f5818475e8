"""Adaptive steps with factored memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipekeras import ops
from pipekeras.graph.variable import Variable
from pipekeras.nn.optimizers.base import Optimizer, optimizer


@optimizer()
class Adafactor(Optimizer):
    """Adafactor: means of squared gradients kept by row and column only.

    Formula: with rho_t = min(rate, 1 / sqrt(t)), alpha = max(epsilon_2, rms(w)) * rho_t, b = 1 - t^beta_2_decay and
    q = g^2 + epsilon_1: r and c are running means of q over the last and the last but one axis,
    v = r * c / mean(r); u = g / sqrt(v); w <- w - alpha * u / max(1, rms(u) / clip_threshold).
    Variables of fewer than two axes keep v whole.

    Args:
        learning_rate: float, a `LearningRateSchedule` or a function without arguments, default 0.001.
        beta_2_decay: float, default -0.8. Exponent of the decay.
        epsilon_1: float, default 1e-30. Keeps the means positive.
        epsilon_2: float, default 1e-3. Least size of the weights that a step is measured by.
        clip_threshold: float, default 1.0. Largest root mean square of a step.
        relative_step: bool, default True. Bound the rate by 1 / sqrt(t).
        {common}

    >>> import numpy as np
    >>> from pipekeras import Variable, optimizers
    >>> weight = Variable(np.array([[1.0, 2.0]], "float32"))
    >>> optimizers.Adafactor(0.5).apply([np.array([[1.0, 1.0]], "float32")], [weight])
    >>> print(weight.numpy().round(3))
    [[0.209 1.209]]

    Source: Shazeer and Stern, 2018, Adafactor: adaptive learning rates with sublinear memory cost.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_2_decay: float = -0.8,
        epsilon_1: float = 1e-30,
        epsilon_2: float = 1e-3,
        clip_threshold: float = 1.0,
        relative_step: bool = True,
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
        self.beta_2_decay = beta_2_decay
        self.epsilon_1 = epsilon_1
        self.epsilon_2 = epsilon_2
        self.clip_threshold = clip_threshold
        self.relative_step = relative_step

    def build(self, variables: Sequence[Variable]) -> None:
        """Make the slots for `variables`."""
        if self.built:
            return
        super().build(variables)
        self._rows: list[Any] = []
        self._columns: list[Any] = []
        self._velocities: list[Any] = []
        for variable in variables:
            shape = variable.shape
            if len(shape) < 2:
                # Unused; they hold the places that saved states of Keras have for them.
                self._rows.append(self._placeholder(variable.name))
                self._columns.append(self._placeholder(variable.name))
            else:
                self._rows.append(self.add_variable(shape[:-1], dtype=variable.dtype, name=variable.name))
                self._columns.append(self.add_variable((*shape[:-2], shape[-1]), dtype=variable.dtype, name=variable.name))
            self._velocities.append(self.add_variable_from_reference(variable, "velocity"))

    def _placeholder(self, name: str) -> Variable:
        variable = self.add_variable((), dtype="int32", name=name)
        variable.path = name
        return variable

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Change one variable by its gradient."""
        dtype, index = variable.dtype, self._get_variable_index(variable)
        step = self._step_number(dtype)
        bound = self._per_step("rho", dtype, lambda: ops.minimum(learning_rate, 1.0 / ops.sqrt(step)))
        keep = self._per_step("keep", dtype, lambda: 1.0 - ops.power(step, self.beta_2_decay))
        square = ops.square(gradient) + self.epsilon_1
        velocity = self._velocities[index]
        if len(variable.shape) >= 2:
            row, column = self._rows[index], self._columns[index]
            new_row = row * keep + ops.mean(square, axis=-1) * (1.0 - keep)
            new_column = column * keep + ops.mean(square, axis=-2) * (1.0 - keep)
            row.assign(new_row)
            column.assign(new_column)
            share = new_row / ops.mean(new_row, axis=-1, keepdims=True)
            spread = ops.expand_dims(share, -1) * ops.expand_dims(new_column, -2)
        else:
            spread = velocity * keep + square * (1.0 - keep)
        velocity.assign(spread)
        direction = gradient / ops.sqrt(spread)
        scale = ops.maximum(_root_mean_square(variable), self.epsilon_2) * bound
        shortening = ops.maximum(_root_mean_square(direction) / self.clip_threshold, 1.0)
        variable.assign(variable - direction * (scale / shortening))


def _root_mean_square(x: Any) -> Any:
    return ops.sqrt(ops.mean(ops.square(x)))
