"""`get`, `serialize` and `deserialize` of every family, over the registry and the one serialization."""

from __future__ import annotations

import inspect
from typing import Any

from pipekeras.core import naming, registry, serialization
from pipekeras.core.custom_objects import get_registered_object
from pipekeras.core.errors import ConfigurationError, did_you_mean


def find(kind: str, name: str) -> Any:
    """Return the class or function called `name` in any accepted spelling.

    Custom objects come first, then the exact name, then the name without regard to case and underscores.

    Raises:
        ConfigurationError: There is none; the nearest name is in the mend.
    """
    custom = get_registered_object(name)
    if custom is not None:
        return custom
    found = registry.find(kind, name)
    if found is None:
        folded = name.lower()
        known = [spelling for entry in registry.entries(kind) for spelling in (entry.name, *entry.aliases)]
        for spelling in known:
            if folded == spelling.lower():
                return registry.find(kind, spelling)
        hint = did_you_mean(name, known) or f"known are {', '.join(sorted({entry.name for entry in registry.entries(kind)}))}"
        raise ConfigurationError(f"unknown {kind} '{name}'", mend=hint)
    return found


def resolve(kind: str, identifier: Any) -> Any:
    """Return the object that an identifier stands for: a name, a config, a class or a ready object.

    Raises:
        ConfigurationError: The identifier stands for nothing of this kind.
    """
    if isinstance(identifier, dict):
        identifier = serialization.deserialize(identifier, kind=kind)
    elif isinstance(identifier, str):
        identifier = find(kind, identifier)
    if inspect.isclass(identifier):
        return identifier()
    if callable(identifier) or hasattr(identifier, "get_config"):
        return identifier
    raise ConfigurationError(f"{identifier!r} is no {kind}", mend=f"give a name, a config, a class or an object of a {kind}")


def snake_aliases(name: str, *further: str) -> tuple[str, ...]:
    """Return the snake-case spelling of a class name and further ones, without `name` itself.

    >>> snake_aliases("GlorotUniform")
    ('glorot_uniform',)
    """
    spellings = dict.fromkeys((naming.snake_case(name), *further))
    return tuple(spelling for spelling in spellings if spelling != name)
