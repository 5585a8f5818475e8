"""Optimizers: how gradients become steps."""

from pipekeras.nn import schedules
from pipekeras.nn.optimizers import *  # noqa: F403
from pipekeras.nn.optimizers import __all__ as _optimizers

__all__ = [*_optimizers, "schedules"]
