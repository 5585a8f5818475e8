"""Rates that fall by a formula: exponential, inverse time, polynomial, piecewise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipekeras import ops
from pipekeras.core import dtypes
from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import register
from pipekeras.graph.tensor import convert
from pipekeras.nn.schedules.base import LearningRateSchedule, as_rate_type, check_positive


@register("schedule")
class ExponentialDecay(LearningRateSchedule):
    """Multiply the rate by a factor every so many steps.

    Formula: initial_learning_rate * decay_rate ^ (step / decay_steps), the quotient rounded down with `staircase`.

    Args:
        initial_learning_rate: float.
        decay_steps: int > 0, steps over which the rate falls by the factor.
        decay_rate: float, the factor.
        staircase: bool, default False. Fall in jumps.
        name: str, default "ExponentialDecay".

    Raises:
        ConfigurationError: decay_steps is not positive.

    >>> from pipekeras import optimizers
    >>> schedule = optimizers.schedules.ExponentialDecay(0.1, decay_steps=10, decay_rate=0.5)
    >>> print(round(float(schedule(20)), 4))
    0.025
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        decay_rate: float,
        staircase: bool = False,
        name: str = "ExponentialDecay",
    ) -> None:
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.decay_rate = decay_rate
        self.staircase = staircase
        self.name = name
        check_positive(self, decay_steps=decay_steps)

    def __call__(self, step: Any) -> Any:
        """Return the learning rate at a step."""
        periods = as_rate_type(step) / self.decay_steps
        if self.staircase:
            periods = ops.floor(periods)
        return self.initial_learning_rate * ops.power(float(self.decay_rate), periods)


@register("schedule")
class InverseTimeDecay(LearningRateSchedule):
    """Divide the rate by a sum that grows with the step.

    Formula: initial_learning_rate / (1 + decay_rate * step / decay_steps), the quotient rounded down with `staircase`.

    Args:
        initial_learning_rate: float.
        decay_steps: int > 0.
        decay_rate: float.
        staircase: bool, default False. Fall in jumps.
        name: str, default "InverseTimeDecay".

    Raises:
        ConfigurationError: decay_steps is not positive.

    >>> from pipekeras import optimizers
    >>> schedule = optimizers.schedules.InverseTimeDecay(0.1, decay_steps=10, decay_rate=1.0)
    >>> print(round(float(schedule(10)), 4))
    0.05
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        decay_rate: float,
        staircase: bool = False,
        name: str = "InverseTimeDecay",
    ) -> None:
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.decay_rate = decay_rate
        self.staircase = staircase
        self.name = name
        check_positive(self, decay_steps=decay_steps)

    def __call__(self, step: Any) -> Any:
        """Return the learning rate at a step."""
        periods = as_rate_type(step) / self.decay_steps
        if self.staircase:
            periods = ops.floor(periods)
        return self.initial_learning_rate / (1.0 + self.decay_rate * periods)


@register("schedule")
class PolynomialDecay(LearningRateSchedule):
    """Let the rate fall to an end value along a power of the time left.

    Formula: with s = min(step, decay_steps): (initial - end) * (1 - s / decay_steps) ^ power + end. With `cycle`,
    decay_steps grows to the next multiple instead, and the rate rises again.

    Args:
        initial_learning_rate: float.
        decay_steps: int > 0.
        end_learning_rate: float, default 0.0001.
        power: float, default 1.0, a straight line.
        cycle: bool, default False.
        name: str, default "PolynomialDecay".

    Raises:
        ConfigurationError: decay_steps is not positive.

    >>> from pipekeras import optimizers
    >>> schedule = optimizers.schedules.PolynomialDecay(0.1, decay_steps=10, end_learning_rate=0.0)
    >>> print(round(float(schedule(5)), 4))
    0.05
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        end_learning_rate: float = 0.0001,
        power: float = 1.0,
        cycle: bool = False,
        name: str = "PolynomialDecay",
    ) -> None:
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.end_learning_rate = end_learning_rate
        self.power = power
        self.cycle = cycle
        self.name = name
        check_positive(self, decay_steps=decay_steps)

    def __call__(self, step: Any) -> Any:
        """Return the learning rate at a step."""
        step = as_rate_type(step)
        if self.cycle:
            cycles = ops.maximum(ops.ceil(step / self.decay_steps), 1.0)
            share = step / (cycles * self.decay_steps)
        else:
            share = ops.minimum(step, self.decay_steps) / self.decay_steps
        fall = self.initial_learning_rate - self.end_learning_rate
        return fall * ops.power(1.0 - share, float(self.power)) + self.end_learning_rate


@register("schedule")
class PiecewiseConstantDecay(LearningRateSchedule):
    """Use one rate up to a step, the next up to another, and so on.

    Formula: values[0] while step <= boundaries[0], values[1] while step <= boundaries[1], ..., values[-1] after.

    Args:
        boundaries: list of rising numbers of steps.
        values: list of rates, one more than boundaries.
        name: str, default "PiecewiseConstant".

    Raises:
        ConfigurationError: The lengths don't fit.

    >>> from pipekeras import optimizers
    >>> schedule = optimizers.schedules.PiecewiseConstantDecay([10], [1.0, 0.5])
    >>> float(schedule(10)), float(schedule(11))
    (1.0, 0.5)
    """

    def __init__(self, boundaries: Sequence[float], values: Sequence[float], name: str = "PiecewiseConstant") -> None:
        if len(boundaries) != len(values) - 1:
            raise ConfigurationError(
                f"{len(values)} values need {len(values) - 1} boundaries between them, not {len(boundaries)}"
            )
        self.boundaries = boundaries
        self.values = values
        self.name = name

    def __call__(self, step: Any) -> Any:
        """Return the learning rate at a step."""
        step = convert(step)
        rate = ops.convert_to_tensor(float(self.values[-1]))
        for boundary, value in zip(reversed(self.boundaries), reversed(self.values[:-1]), strict=True):
            limit = int(boundary) if dtypes.is_integer(step.dtype) else boundary
            rate = ops.where(ops.less_equal(step, limit), float(value), rate)
        return rate
