"""Helpers for arrays, where Keras 1 and 2 kept them."""

from __future__ import annotations

from pipekeras.core.older_places import older_names
from pipekeras.utils.numerical import normalize, to_categorical

__all__ = ["normalize", "to_categorical"]

__getattr__ = older_names(__name__)
