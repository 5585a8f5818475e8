"""The base of learning rates that change with the step."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core import configuration
from pipekeras.core.configurable import Configurable
from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import register


@register("schedule")
class LearningRateSchedule(Configurable):
    """A learning rate as a function of the number of steps made; subclass it and write `__call__(step)`.

    >>> from pipekeras import optimizers
    >>> class Halving(optimizers.schedules.LearningRateSchedule):
    ...     def __call__(self, step):
    ...         return 0.5 ** ops.cast(step, "float32")
    >>> float(optimizers.SGD(Halving()).learning_rate)
    1.0
    """

    def __call__(self, step: Any) -> Any:
        """Return the learning rate at a step.

        Args:
            step: scalar integer, 0 at the first update.
        """
        raise ConfigurationError(f"{type(self).__name__} must define __call__(step)")


def as_rate_type(step: Any) -> Any:
    """Return the step as a number of the type in which rates are computed."""
    return ops.cast(step, configuration.floatx())


def check_positive(schedule: LearningRateSchedule, **periods: float) -> None:
    """Raise a ConfigurationError unless all periods are above 0."""
    for name, value in periods.items():
        if value <= 0:
            raise ConfigurationError(f"{name} of {type(schedule).__name__} must be above 0, not {value!r}")
