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
        name: str, a data type ("float32", "bfloat16", ...), "mixed_bfloat16" or "mixed_float16": compute in the half
            type, keep float32 weights; default the policy of the process.

    Raises:
        ConfigurationError: the name is not a type.

    >>> DTypePolicy("mixed_bfloat16").compute_dtype
    'bfloat16'
    """

    __slots__ = ("compute_dtype", "name", "variable_dtype")

    name: str
    compute_dtype: str
    variable_dtype: str

    def __init__(self, name: str | None = None) -> None:
        if name is None:
            chosen = default_policy()
            name = getattr(chosen, "default_policy", chosen).name
        if type(self) is DTypePolicy and isinstance(name, str) and "_from_" in name:
            raise ConfigurationError(f"'{name}' is a quantised policy", mend=f"write dtype_policies.get({name!r})")
        if name in ("mixed_float16", "mixed_bfloat16"):
            self.compute_dtype, self.variable_dtype = name.removeprefix("mixed_"), "float32"
        elif isinstance(name, str) and name.startswith("mixed"):
            raise ConfigurationError(
                f"dtype policy '{name}' does not exist", mend="use 'mixed_bfloat16' or 'mixed_float16'"
            )
        else:
            self.compute_dtype = self.variable_dtype = dtypes.standardize(name)
        self.name = name if isinstance(name, str) and name.startswith("mixed") else self.compute_dtype

    @property
    def quantization_mode(self) -> str | None:
        """How weights are kept in few bits: None, they are not."""
        return None

    def __repr__(self) -> str:
        return f'<DTypePolicy "{self.name}">'

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and isinstance(other, DTypePolicy) and other.name == self.name

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
_chosen: list[DTypePolicy] = []


def default_policy() -> DTypePolicy:
    """Return the policy of layers that are given none: the one that was set, or the default float type."""
    return _chosen[0] if _chosen else get(dtypes.standardize(None))


def set_default_policy(policy: Any) -> None:
    """Set the policy of layers made from here on; None goes back to the default float type.

    Args:
        policy: DTypePolicy, its name, or None.

    >>> set_default_policy("mixed_bfloat16")
    >>> default_policy()
    <DTypePolicy "mixed_bfloat16">
    >>> set_default_policy(None)
    """
    chosen = [] if policy is None else [get(policy)]
    if chosen and not dtypes.is_float(chosen[0].compute_dtype):
        raise ConfigurationError(
            f"the policy of the process must compute in a float type, not {chosen[0].compute_dtype}",
            mend="give whole numbers their type where they are used: dtype='int32' of a layer or an input",
        )
    _chosen[:] = chosen


def get(identifier: Any) -> DTypePolicy:
    """Return the policy meant by a type's name, a policy, or the object that a config has in its place."""
    if identifier is None:
        return default_policy()
    if isinstance(identifier, DTypePolicy):
        return identifier
    if isinstance(identifier, dict):
        from pipekeras.layers.base import policy_kinds

        found = policy_kinds.from_object(identifier)
        if found is not None:
            return found
        config = identifier.get("config")
        if identifier.get("class_name") not in ("DTypePolicy", "Policy", "FloatDTypePolicy") or not isinstance(config, dict):
            raise ConfigurationError(f"a dtype policy of kind {identifier.get('class_name')!r} is not known")
        return get(config.get("name"))
    if not isinstance(identifier, str):
        try:
            identifier = dtypes.standardize(identifier)
        except ConfigurationError:
            raise ArgumentError(f"dtype must be a type's name or a DTypePolicy, not {identifier!r}") from None
    policy = _known.get(identifier)
    if policy is None and "_from_" in identifier:
        from pipekeras.layers.base import policy_kinds

        policy = _known[identifier] = policy_kinds.from_name(identifier)
    if policy is None:
        policy = _known[identifier] = DTypePolicy(identifier)
    return policy
