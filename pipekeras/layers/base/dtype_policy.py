"""Which types a layer computes in and keeps its weights in."""

from __future__ import annotations

from typing import Any

from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError, ConfigurationError
from pipekeras.core.registry import register


@register("policy", aliases=("FloatDTypePolicy", "Policy"))
class DTypePolicy:
    """The type of a layer's computation and the type of its weights.

    Args:
        name: str, a data type ("float32", "float64", ...), or "mixed_float16": compute in float16, keep float32 weights.

    Raises:
        ConfigurationError: the name is not a type.

    >>> DTypePolicy("mixed_float16").compute_dtype
    'float16'
    """

    __slots__ = ("compute_dtype", "name", "variable_dtype")

    def __init__(self, name: str | None = None) -> None:
        if name == "mixed_float16":
            self.compute_dtype, self.variable_dtype = "float16", "float32"
        elif isinstance(name, str) and "bfloat16" in name:
            raise ConfigurationError(f"dtype policy '{name}' is not available", mend="use 'float32' or 'mixed_float16'")
        else:
            self.compute_dtype = self.variable_dtype = dtypes.standardize(name)
        self.name = name if isinstance(name, str) and name.startswith("mixed") else self.compute_dtype

    def __repr__(self) -> str:
        return f'<DTypePolicy "{self.name}">'

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DTypePolicy) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> DTypePolicy:
        """Return the policy that `get_config` described."""
        return cls(**config)

    def to_json_object(self) -> dict[str, Any]:
        """Return the object that configs hold under "dtype"."""
        return {"module": "keras", "class_name": "DTypePolicy", "config": {"name": self.name}, "registered_name": None}


_known: dict[str, DTypePolicy] = {}


def get(value: Any) -> DTypePolicy:
    """Return the policy meant by a type's name, a policy, or the object that a config has in its place."""
    if value is None:
        value = dtypes.standardize(None)
    if isinstance(value, DTypePolicy):
        return value
    if isinstance(value, dict):
        config = value.get("config")
        if value.get("class_name") not in ("DTypePolicy", "Policy", "FloatDTypePolicy") or not isinstance(config, dict):
            raise ConfigurationError(f"a dtype policy of kind {value.get('class_name')!r} is not known")
        return get(config.get("name"))
    if not isinstance(value, str):
        try:
            value = dtypes.standardize(value)
        except ConfigurationError:
            raise ArgumentError(f"dtype must be a type's name or a DTypePolicy, not {value!r}") from None
    policy = _known.get(value)
    if policy is None:
        policy = _known[value] = DTypePolicy(value)
    return policy
