"""Computing in a half type with float32 weights, under Keras' names."""

from __future__ import annotations

from pipekeras.config import dtype_policy, set_dtype_policy
from pipekeras.core.older_places import older_names
from pipekeras.layers.base.dtype_policy import DTypePolicy
from pipekeras.nn.optimizers import LossScaleOptimizer

Policy = DTypePolicy
__path__: list[str] = []
"""Keras 2 had a module below this one."""
__getattr__ = older_names(__name__)
global_policy = dtype_policy
set_global_policy = set_dtype_policy

__all__ = ["DTypePolicy", "LossScaleOptimizer", "Policy", "dtype_policy", "global_policy", "set_dtype_policy",
           "set_global_policy"]  # fmt: skip
