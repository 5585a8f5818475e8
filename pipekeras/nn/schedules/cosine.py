"""Rates that fall along a cosine, once or with restarts."""

from __future__ import annotations

import math
from typing import Any

from pipekeras import ops
from pipekeras.core.registry import register
from pipekeras.nn.schedules.base import LearningRateSchedule, as_rate_type, check_positive


@register("schedule")
class CosineDecay(LearningRateSchedule):
    """Let the rate fall along half a cosine, after a linear warm-up if asked for.

    Formula: initial * ((1 - alpha) * (1 + cos(pi * s / decay_steps)) / 2 + alpha), s = min(step, decay_steps). With
    `warmup_target` the rate first rises to it from the initial rate in `warmup_steps` steps, and falls from there.

    Args:
        initial_learning_rate: float.
        decay_steps: int > 0.
        alpha: float, default 0.0. The last rate as a share of the first.
        name: str, default "CosineDecay".
        warmup_target: float or None, default None.
        warmup_steps: int, default 0.

    Raises:
        ConfigurationError: decay_steps is not positive.

    >>> from pipekeras import optimizers
    >>> schedule = optimizers.schedules.CosineDecay(0.1, decay_steps=10)
    >>> print(round(float(schedule(5)), 4))
    0.05

    Source: Loshchilov and Hutter, 2017, SGDR: stochastic gradient descent with warm restarts.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        alpha: float = 0.0,
        name: str = "CosineDecay",
        warmup_target: float | None = None,
        warmup_steps: int = 0,
    ) -> None:
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.alpha = alpha
        self.name = name
        self.warmup_target = warmup_target
        self.warmup_steps = warmup_steps
        check_positive(self, decay_steps=decay_steps)

    def __call__(self, step: Any) -> Any:
        """Return the learning rate at a step."""
        step = as_rate_type(step)
        if self.warmup_target is None:
            return self._fall(ops.minimum(step, self.decay_steps), self.initial_learning_rate)
        step = ops.minimum(step, self.decay_steps + self.warmup_steps)
        falling = self._fall(step - self.warmup_steps, self.warmup_target)
        if not self.warmup_steps:
            return falling
        rise = self.warmup_target - self.initial_learning_rate
        rising = step / self.warmup_steps * rise + self.initial_learning_rate
        return ops.where(ops.less(step, self.warmup_steps), rising, falling)

    def _fall(self, step: Any, start: float) -> Any:
        cosine = (ops.cos(step / self.decay_steps * math.pi) + 1.0) * 0.5
        return (cosine * (1.0 - self.alpha) + self.alpha) * start


@register("schedule")
class CosineDecayRestarts(LearningRateSchedule):
    """Let the rate fall along half a cosine again and again, over periods that may grow.

    Args:
        initial_learning_rate: float.
        first_decay_steps: int > 0, length of the first period.
        t_mul: float, default 2.0. Length of each period as a multiple of the one before.
        m_mul: float, default 1.0. First rate of each period as a multiple of the one before.
        alpha: float, default 0.0. The last rate as a share of the first.
        name: str, default "SGDRDecay".

    Raises:
        ConfigurationError: first_decay_steps is not positive.

    >>> from pipekeras import optimizers
    >>> schedule = optimizers.schedules.CosineDecayRestarts(0.1, first_decay_steps=10)
    >>> print(round(float(schedule(20)), 4))
    0.05

    Source: Loshchilov and Hutter, 2017, SGDR: stochastic gradient descent with warm restarts.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        first_decay_steps: int,
        t_mul: float = 2.0,
        m_mul: float = 1.0,
        alpha: float = 0.0,
        name: str = "SGDRDecay",
    ) -> None:
        self.initial_learning_rate = initial_learning_rate
        self.first_decay_steps = first_decay_steps
        self.t_mul = t_mul
        self.m_mul = m_mul
        self.alpha = alpha
        self.name = name
        check_positive(self, first_decay_steps=first_decay_steps)

    def __call__(self, step: Any) -> Any:
        """Return the learning rate at a step."""
        periods = as_rate_type(step) / self.first_decay_steps
        if self.t_mul == 1.0:
            restarts = ops.floor(periods)
            share = periods - restarts
        else:
            growth = float(self.t_mul)
            restarts = ops.floor(ops.log(1.0 - periods * (1.0 - growth)) / math.log(growth))
            length = ops.power(growth, restarts)
            share = (periods - (1.0 - length) / (1.0 - growth)) / length
        cosine = (ops.cos(share * math.pi) + 1.0) * (0.5 * ops.power(float(self.m_mul), restarts))
        return (cosine * (1.0 - self.alpha) + self.alpha) * self.initial_learning_rate
