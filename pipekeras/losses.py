"""Losses: what training makes small."""

from pipekeras.nn.losses import *  # noqa: F403 - the names are listed once, there
from pipekeras.nn.losses import __all__ as __all__
