"""The names that the leaves of a nested list get where it becomes one vector.

An element with a name begins a base, ``outer.inner``. What stands under a base without a name of its own carries the base,
and a number where the base has several such leaves; leaves with names count as well, so that a number says which leaf of
the base it is.
"""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.values import NULL, Vector, names_of

_LISTS = ("list", "expression")


class _MissingName(str):
    """A missing name, which counts as the text NA where it is joined with others."""


_MISSING = _MissingName("NA")


def leaf_names(value: Vector, recursive: bool) -> list[str | None]:
    """Names of the leaves of a list in their order; without `recursive`, lists within it are taken element by element."""
    namer = _Namer(recursive)
    own = names_of(value)
    for position, part in enumerate(value.data):
        namer.seen = namer.count = 0
        namer.enter(part, "", _own_name(own, position))
    return namer.made


def _own_name(names: list[str | None] | None, position: int) -> str:
    if names is None:
        return ""
    name = names[position]
    return _MISSING if name is None else name


class _Namer:
    """The walk over a list: leaves seen under the current base, and how many of them have no name but the base."""

    def __init__(self, recursive: bool) -> None:
        self.recursive = recursive
        self.made: list[str | None] = []
        self.seen = 0
        self.count = 0

    def enter(self, value: Any, base: str, name: str) -> None:
        """Name the leaves of one element."""
        before, count = 0, self.count
        if name:
            base = f"{base}.{name}" if base else name
            before, self.seen = self.seen, 0
            self.count = self._bare_leaves(value)
        if type(value) is not Vector:
            if value is not NULL:
                self._leaf(base, "")
        elif self.recursive and value.kind in _LISTS:
            own = names_of(value)
            for position, part in enumerate(value.data):
                self.enter(part, base, _own_name(own, position))
        else:
            own = names_of(value)
            if own is None and not base:
                self.made.extend([""] * len(value))
            else:
                for position in range(len(value)):
                    self._leaf(base, _own_name(own, position))
        if name:
            self.count = count
        self.seen += before

    def _leaf(self, base: str, name: str) -> None:
        self.seen += 1
        if base and name:
            self.made.append(f"{base}.{name}")
        elif base and self.count != 1:
            self.made.append(f"{base}{self.seen}")
        else:
            label = base or name
            self.made.append(None if label is _MISSING else label)

    def _bare_leaves(self, value: Any) -> int:
        """Leaves that no name within the value stands for."""
        if type(value) is not Vector:
            return 0 if value is NULL else 1
        if not self.recursive or value.kind not in _LISTS:
            return len(value)
        own = names_of(value)
        return sum(self._bare_leaves(part) for k, part in enumerate(value.data) if not _own_name(own, k))
