"""Regularizers: penalties on weights or outputs that are added to the loss."""

from pipekeras.nn.regularizers import *  # noqa: F403 - the names are listed once, there
from pipekeras.nn.regularizers import __all__ as __all__
