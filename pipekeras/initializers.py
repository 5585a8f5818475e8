"""Initializers: how weights begin."""

from pipekeras.core.older_places import older_names
from pipekeras.nn.initializers import *  # noqa: F403 - the names are listed once, there
from pipekeras.nn.initializers import __all__ as __all__

__getattr__ = older_names(__name__)
