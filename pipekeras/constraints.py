"""Constraints: what a weight must keep to after each update."""

from typing import Any

from pipekeras.nn.constraints import *  # noqa: F403 - the names are listed once, there
from pipekeras.nn.constraints import __all__ as __all__


def __getattr__(name: str) -> Any:
    from pipekeras.nn import keras_1

    if name in keras_1.CONSTRAINTS:
        return keras_1.CONSTRAINTS[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
