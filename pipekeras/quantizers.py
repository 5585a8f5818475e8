"""Quantizers: numbers in few bits, and what they stand for."""

from pipekeras.nn.quantizers import *  # noqa: F403 - the names are listed once, there
from pipekeras.nn.quantizers import __all__ as __all__
