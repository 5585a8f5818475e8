"""Optimizers: how gradients become steps."""

from pipekeras.core.older_places import older_names
from pipekeras.nn.optimizers import *  # noqa: F403 - the names are listed once, there
from pipekeras.nn.optimizers import __all__ as _optimizers
from pipekeras.optimizers import schedules

__all__ = [*_optimizers, "schedules"]

__getattr__ = older_names(__name__)
