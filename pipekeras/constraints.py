"""Constraints: what a weight must keep to after each update."""

from pipekeras.nn.constraints import *  # noqa: F403 - the names are listed once, there
from pipekeras.nn.constraints import __all__ as __all__
