"""The tables of everything that has a public name.

A class or function enters its table by a decorator where it is defined; configs, the pipe language,
help and completion read the tables, so nothing is listed twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from pipekeras.core.errors import ConfigurationError, InternalError, did_you_mean

Registered = TypeVar("Registered")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: the object, its public name and the other names that it answers to."""

    name: str
    value: Any
    aliases: tuple[str, ...] = ()


_tables: dict[str, dict[str, Entry]] = {}
# The first row of each object, by its identity.
_rows: dict[str, dict[int, Entry]] = {}


def register(kind: str, name: str | None = None, aliases: tuple[str, ...] = ()) -> Callable[[Registered], Registered]:
    """Enter a class or function into the table `kind` under its own name, or `name`.

    Args:
        kind: "layer", "loss", "metric", "optimizer", "activation", ....
        name: str, default the object's `__name__`.
        aliases: further names, such as "mse".
    """

    def enter(value: Registered) -> Registered:
        public = name or getattr(value, "__name__", None)
        if public is None:
            raise InternalError(f"a {kind} without a name")
        table = _tables.setdefault(kind, {})
        entry = Entry(public, value, aliases)
        for key in (public, *aliases):
            if key in table and table[key].value is not value:
                raise InternalError(f"two {kind}s are called '{key}'")
            table[key] = entry
        _rows.setdefault(kind, {}).setdefault(id(value), entry)
        return value

    return enter


def find(kind: str, name: str) -> Any | None:
    """Return what the table `kind` has under `name`, or None."""
    entry = _tables.get(kind, {}).get(name)
    return None if entry is None else entry.value


def lookup(kind: str, name: str) -> Any:
    """Return what the table `kind` has under `name`; a ConfigurationError with the nearest name otherwise."""
    found = find(kind, name)
    if found is None:
        known = sorted(_tables.get(kind, {}))
        raise ConfigurationError(
            f"unknown {kind} '{name}'", mend=did_you_mean(name, known) or f"known are {', '.join(known)}"
        )
    return found


def row_of(kind: str, value: Any) -> Entry | None:
    """Return the row of the table `kind` that holds `value`, or None."""
    return _rows.get(kind, {}).get(id(value))


def entries(kind: str) -> Iterator[Entry]:
    """Iterate over the rows of the table `kind`, each once, in the order of definition."""
    seen: set[str] = set()
    for entry in list(_tables.get(kind, {}).values()):
        if entry.name not in seen:
            seen.add(entry.name)
            yield entry
