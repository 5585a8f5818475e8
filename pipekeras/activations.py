"""Activations: functions that layers apply to their outputs."""

from pipekeras.nn.activations import *  # noqa: F403 - the names are listed once, there
from pipekeras.nn.activations import __all__ as __all__
