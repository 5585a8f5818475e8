"""Regularizers: penalties on weights or outputs that are added to the loss."""

from typing import Any

from pipekeras.nn.regularizers import *  # noqa: F403 - the names are listed once, there
from pipekeras.nn.regularizers import __all__ as __all__


def __getattr__(name: str) -> Any:
    from pipekeras.nn import keras_1

    if name in keras_1.REGULARIZERS:
        return keras_1.REGULARIZERS[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
