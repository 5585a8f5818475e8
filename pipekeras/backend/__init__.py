"""`K`: the functions of keras.backend that scripts for Keras 2 and 3 use, over our ops.

>>> from pipekeras import backend as K
>>> K.mean(K.constant([1.0, 3.0]))
Tensor(2., shape=(), dtype=float32)
>>> K.floatx()
'float32'
"""

from __future__ import annotations

from typing import Any

from pipekeras.backend.table import NAMES
from pipekeras.compatibility.naming import find, members, read_table
from pipekeras.core.older_places import older_names


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    if name.endswith("_backend") or name == "common":
        return older_names(__name__)(name)
    value = find("K", read_table(NAMES), "", name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return members(read_table(NAMES), "")
