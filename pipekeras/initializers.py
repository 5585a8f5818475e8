"""Initializers: how weights begin."""

from pipekeras.nn.initializers import *  # noqa: F403 - the names are listed once, there
from pipekeras.nn.initializers import __all__ as __all__
