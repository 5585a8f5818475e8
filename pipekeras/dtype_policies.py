"""Which types layers compute in and keep their weights in."""

from __future__ import annotations

from pipekeras.layers.base.dtype_policy import DTypePolicy, get

FloatDTypePolicy = DTypePolicy

__all__ = ["DTypePolicy", "FloatDTypePolicy", "get"]
