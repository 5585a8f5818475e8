"""Which types layers compute in and keep their weights in."""

from __future__ import annotations

from typing import Any

from pipekeras.core import serialization
from pipekeras.core.errors import ConfigurationError
from pipekeras.layers.base.dtype_policy import DTypePolicy, get
from pipekeras.layers.base.policy_kinds import DTypePolicyMap, QuantizedDTypePolicy

FloatDTypePolicy = DTypePolicy

__all__ = [
    "DTypePolicy",
    "DTypePolicyMap",
    "FloatDTypePolicy",
    "QuantizedDTypePolicy",
    "deserialize",
    "get",
    "serialize",
]


def serialize(dtype_policy: DTypePolicy) -> dict[str, Any]:
    """Return a policy as plain data.

    >>> from pipekeras import dtype_policies
    >>> dtype_policies.serialize(dtype_policies.get("mixed_bfloat16"))["config"]
    {'name': 'mixed_bfloat16'}
    """
    return dtype_policy.to_json_object()


def deserialize(config: dict[str, Any], custom_objects: dict[str, Any] | None = None) -> Any:
    """Return the policy that `serialize` described, or one of the user's own classes.

    Raises:
        ConfigurationError: what is described is no policy.
    """
    found = serialization.deserialize(config, custom_objects)
    if not hasattr(found, "compute_dtype"):
        raise ConfigurationError(f"{config!r} describes no dtype policy")
    return found
