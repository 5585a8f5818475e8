"""Policies beyond one type for all: another one for each layer's path, and weights kept in 8 bits."""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping
from typing import Any

from pipekeras.core.errors import ArgumentError, ConfigurationError, FileFormatError
from pipekeras.core.registry import register
from pipekeras.layers.base.dtype_policy import DTypePolicy, default_policy, get

MODES = ("int8",)
_OTHER_MODES = ("int4", "float8", "gptq", "awq")


def check_mode(mode: Any) -> str:
    """Return the mode of quantisation if it is one that layers have.

    Raises:
        ConfigurationError: it is another one.
    """
    if mode in MODES:
        return str(mode)
    what = "not available here" if mode in _OTHER_MODES else "not a mode of quantisation"
    raise ConfigurationError(f"quantising to {mode!r} is {what}", mend="use 'int8'")


@register("policy")
class QuantizedDTypePolicy(DTypePolicy):
    """Weights in few bits; computation and the other weights as another policy says.

    Args:
        mode: "int8".
        source_name: str, the name of the other policy; default the policy of the process.

    Raises:
        ConfigurationError: the mode is not available, or computation would be in float16, which sums overflow.

    Example:

    >>> from pipekeras import dtype_policies
    >>> dtype_policies.QuantizedDTypePolicy("int8", "float32").name
    'int8_from_float32'
    """

    __slots__ = ("mode", "source_name")

    def __init__(self, mode: str, source_name: str | None = None) -> None:
        source = DTypePolicy(source_name)
        self.mode = check_mode(mode)
        self.source_name = source.name
        self.compute_dtype, self.variable_dtype = source.compute_dtype, source.variable_dtype
        if self.compute_dtype == "float16":
            raise ConfigurationError(
                "sums of whole numbers overflow in float16", mend="quantise from 'float32', 'bfloat16' or 'mixed_bfloat16'"
            )
        self.name = f"{mode}_from_{source.name}"

    @property
    def quantization_mode(self) -> str:
        """The mode."""
        return self.mode

    def __repr__(self) -> str:
        return f'<QuantizedDTypePolicy "{self.name}">'

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"mode": self.mode, "source_name": self.source_name}

    def to_json_object(self) -> dict[str, Any]:
        """Return the object that configs hold under "dtype"."""
        return _as_object(self)


@register("policy")
class DTypePolicyMap(DTypePolicy, MutableMapping):
    """A policy for each layer by its path, such as "encoder/dense".

    A key is a path, or a regular expression that matches whole paths; layers that no key means have the default.

    Args:
        default_policy: DTypePolicy, its name, or None for the policy of the process.
        policy_map: dict of path to policy.

    Raises:
        ConfigurationError: a path matches several expressions, or a key is entered twice.

    Example:

    >>> from pipekeras import dtype_policies
    >>> policies = dtype_policies.DTypePolicyMap("float32", {"encoder/.*": "bfloat16"})
    >>> policies["encoder/dense"].name, policies["decoder/dense"].name
    ('bfloat16', 'float32')
    """

    __slots__ = ("_given", "_policies", "default_policy")

    def __init__(self, default_policy: Any = None, policy_map: dict[str, Any] | None = None) -> None:
        if isinstance(default_policy, DTypePolicyMap):
            raise ConfigurationError("the default of a DTypePolicyMap can't be another one", mend="give it one policy")
        if policy_map is not None and not isinstance(policy_map, dict):
            raise ArgumentError(f"policy_map must be a dict of paths and policies, not {type(policy_map).__name__}")
        self._given = default_policy
        self.default_policy = _default(default_policy)
        self.name = f"map_{self.default_policy.name}"
        self.compute_dtype = self.default_policy.compute_dtype
        self.variable_dtype = self.default_policy.variable_dtype
        self._policies: dict[str, DTypePolicy] = {}
        for path, policy in (policy_map or {}).items():
            self[path] = policy

    @property
    def quantization_mode(self) -> str | None:
        """How layers that have the default keep their weights."""
        return self.default_policy.quantization_mode

    def __getitem__(self, path: str) -> DTypePolicy:
        if path in self._policies:
            return self._policies[path]
        matches = [key for key in self._policies if re.fullmatch(key, path)]
        if len(matches) > 1:
            raise ConfigurationError(f"path '{path}' matches several keys of the DTypePolicyMap: {', '.join(matches)}")
        return self._policies[matches[0]] if matches else self.default_policy

    def __setitem__(self, path: str, policy: Any) -> None:
        if path in self._policies:
            raise ConfigurationError(
                f"'{path}' is in the DTypePolicyMap already", mend=f"delete it first: del policies[{path!r}]"
            )
        try:
            re.compile(path)
        except (re.error, TypeError) as problem:
            raise ConfigurationError(f"{path!r} is neither a path nor a regular expression: {problem}") from None
        self._policies[path] = get(policy)

    def __delitem__(self, path: str) -> None:
        del self._policies[path]

    def __contains__(self, path: object) -> bool:
        return path in self._policies

    def __len__(self) -> int:
        return len(self._policies)

    def __iter__(self) -> Iterator[str]:
        return iter(self._policies)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, DTypePolicyMap)
            and other.default_policy == self.default_policy
            and other._policies == self._policies
        )

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        mapping = [(path, policy.name) for path, policy in self._policies.items()]
        return f"<DTypePolicyMap default_policy={self.default_policy.name}, mapping={mapping}>"

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments as plain data."""
        given = self._given.to_json_object() if isinstance(self._given, DTypePolicy) else self._given
        return {
            "default_policy": given,
            "policy_map": {path: policy.to_json_object() for path, policy in self._policies.items()},
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None) -> DTypePolicyMap:
        """Return the map that `get_config` described.

        Args:
            config: what `get_config` returned.
            custom_objects: dict of name to class, for policies of one's own.

        Raises:
            FileFormatError: an expression that could take very long.
        """
        policies = config.get("policy_map") or {}
        if not isinstance(policies, dict):
            raise FileFormatError("the policies of a DTypePolicyMap must be a mapping")
        for pattern in policies:
            if re.search(r"\)[*+{?]|\\[1-9]|\(\?", pattern) or len(re.findall(r"[*+{]", pattern)) > 3:
                raise FileFormatError(f"the expression {pattern[:80]!r} of a DTypePolicyMap could take very long to match")
        return cls(config.get("default_policy"), {path: get(policy) for path, policy in policies.items()})

    def to_json_object(self) -> dict[str, Any]:
        """Return the object that configs hold under "dtype"."""
        return _as_object(self)


def _default(policy: Any) -> DTypePolicy:
    found = default_policy() if policy is None else get(policy)
    # The policy of the process may be a map itself.
    return found.default_policy if isinstance(found, DTypePolicyMap) else found


def _as_object(policy: DTypePolicy) -> dict[str, Any]:
    name = type(policy).__name__
    return {"module": "keras.dtype_policies", "class_name": name, "config": policy.get_config(), "registered_name": None}


def from_object(value: dict[str, Any]) -> DTypePolicy | None:
    """Return the policy that a config describes, if it is of a kind from here."""
    kinds = {"QuantizedDTypePolicy": QuantizedDTypePolicy, "DTypePolicyMap": DTypePolicyMap}
    cls = kinds.get(str(value.get("class_name")))
    config = value.get("config")
    if cls is None or not isinstance(config, dict):
        return None
    if cls is QuantizedDTypePolicy:
        return QuantizedDTypePolicy(config.get("mode"), config.get("source_name"))  # type: ignore[arg-type]
    return DTypePolicyMap.from_config(config)


def from_name(name: str) -> DTypePolicy:
    """Return the policy of a name such as "int8_from_float32"."""
    mode, _, source = name.partition("_from_")
    return QuantizedDTypePolicy(mode, source)
