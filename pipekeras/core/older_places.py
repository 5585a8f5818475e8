"""Where older Keras kept its names: modules that are elsewhere today, found when a script asks for them."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from typing import Any

_TABLE = "pipekeras.compatibility.older_modules"


class OlderPlaces:
    """The last finder of modules: asked for what is in no file, and about this package alone.

    >>> from pipekeras.layers.convolutional import Conv2D
    >>> Conv2D.__name__
    'Conv2D'
    """

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Return how a module of older Keras is made; None for any other."""
        if not name.startswith("pipekeras."):
            return None
        return importlib.import_module(_TABLE).specification(name)


def install() -> None:
    """Make modules of older Keras importable."""
    if OlderPlaces not in sys.meta_path:
        sys.meta_path.append(OlderPlaces)


def older_names(module: str) -> Callable[[str], Any]:
    """Return the `__getattr__` of a module that had more names, or modules below it, in older Keras.

    >>> from pipekeras.layers import core
    >>> core.Dense.__name__
    'Dense'
    """

    def __getattr__(name: str) -> Any:
        return importlib.import_module(_TABLE).member(module, name)

    return __getattr__
