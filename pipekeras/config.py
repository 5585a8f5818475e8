"""Settings of the process, under Keras' names.

>>> from pipekeras import config
>>> config.set_dtype_policy("mixed_bfloat16")
>>> config.dtype_policy().compute_dtype
'bfloat16'
>>> config.set_dtype_policy(None)
"""

from __future__ import annotations

from typing import Any

from pipekeras.core import notices
from pipekeras.core.configuration import (
    disable_flash_attention,
    enable_flash_attention,
    epsilon,
    floatx,
    image_data_format,
    is_flash_attention_enabled,
    max_epochs,
    max_steps_per_epoch,
    set_epsilon,
    set_floatx,
    set_image_data_format,
    set_max_epochs,
    set_max_steps_per_epoch,
)
from pipekeras.core.errors import ConfigurationError
from pipekeras.utils.message import (
    disable_interactive_logging,
    enable_interactive_logging,
    is_interactive_logging_enabled,
)

__all__ = [
    "backend",
    "disable_flash_attention",
    "disable_interactive_logging",
    "disable_traceback_filtering",
    "dtype_policy",
    "enable_flash_attention",
    "enable_interactive_logging",
    "enable_traceback_filtering",
    "enable_unsafe_deserialization",
    "epsilon",
    "floatx",
    "image_data_format",
    "is_flash_attention_enabled",
    "is_interactive_logging_enabled",
    "is_nnx_enabled",
    "is_traceback_filtering_enabled",
    "max_epochs",
    "max_steps_per_epoch",
    "set_backend",
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


def set_backend(backend: str) -> None:
    """Accept the name of what computes anyway.

    Args:
        backend: str, "pipekeras".

    Raises:
        ConfigurationError: another one is asked for.

    >>> from pipekeras import config
    >>> config.set_backend("pipekeras")
    """
    if backend != "pipekeras":
        raise ConfigurationError(f"there is no backend {backend!r}: pipekeras computes by itself", mend="leave the call out")


def enable_unsafe_deserialization() -> None:
    """Refuse: nothing in a model's file ever becomes code, and there is no switch for it.

    Raises:
        ConfigurationError: always.
    """
    raise ConfigurationError(
        "code in model files is never run, and nothing turns that off",
        mend="pass functions and classes of your own to the load as custom_objects",
    )


def enable_traceback_filtering() -> None:
    """Warn: Python shows the frames of errors as they are."""
    notices.warn("tracebacks show all frames: there is no filter to turn on")


def disable_traceback_filtering() -> None:
    """Leave tracebacks as they are: whole."""


def is_traceback_filtering_enabled() -> bool:
    """Whether frames are left out of tracebacks, which they never are.

    >>> from pipekeras import config
    >>> config.is_traceback_filtering_enabled()
    False
    """
    return False


def is_nnx_enabled() -> bool:
    """Whether variables are those of Flax, which they never are."""
    return False
