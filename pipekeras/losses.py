"""Losses: what training makes small."""

from pipekeras.core.older_places import older_names
from pipekeras.nn.losses import *  # noqa: F403 - the names are listed once, there
from pipekeras.nn.losses import __all__ as __all__

__getattr__ = older_names(__name__)
