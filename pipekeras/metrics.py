"""Metrics: what tells how good predictions are."""

from pipekeras.nn.metrics import *  # noqa: F403 - the names are listed once, there
from pipekeras.nn.metrics import __all__ as __all__
