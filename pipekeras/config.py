"""Settings of the process, under Keras' names.

>>> from pipekeras import config
>>> config.set_dtype_policy("mixed_bfloat16")
>>> config.dtype_policy().compute_dtype
'bfloat16'
>>> config.set_dtype_policy(None)
"""

from __future__ import annotations

from typing import Any

from pipekeras.core.configuration import (
    epsilon,
    floatx,
    image_data_format,
    max_epochs,
    max_steps_per_epoch,
    set_epsilon,
    set_floatx,
    set_image_data_format,
    set_max_epochs,
    set_max_steps_per_epoch,
)
from pipekeras.utils.message import (
    disable_interactive_logging,
    enable_interactive_logging,
    is_interactive_logging_enabled,
)

__all__ = [
    "backend",
    "disable_interactive_logging",
    "dtype_policy",
    "enable_interactive_logging",
    "epsilon",
    "floatx",
    "image_data_format",
    "is_interactive_logging_enabled",
    "max_epochs",
    "max_steps_per_epoch",
    "set_dtype_policy",
    "set_epsilon",
    "set_floatx",
    "set_image_data_format",
    "set_max_epochs",
    "set_max_steps_per_epoch",
]


def backend() -> str:
    """Return the name of what computes.

    >>> from pipekeras import config
    >>> config.backend()
    'pipekeras'
    """
    from pipekeras.backend import functions

    return functions.backend()


def dtype_policy() -> Any:
    """Return the policy of layers that are given none."""
    from pipekeras.layers.base import dtype_policy as policies

    return policies.default_policy()


def set_dtype_policy(policy: Any) -> None:
    """Set the policy of layers made from here on.

    Args:
        policy: name ("float32", "mixed_bfloat16", "mixed_float16", ...), DTypePolicy, or None for the default float type.

    Raises:
        ConfigurationError: no float type computes there.
    """
    from pipekeras.layers.base import dtype_policy as policies

    policies.set_default_policy(policy)
