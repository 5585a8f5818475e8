"""A count of what changes about models: which layers, weights and metrics they have, and which weights training changes.

What is derived from all parts of a model is remembered with the count, and found anew once the count has moved.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, SupportsIndex


class Changes:
    """The count, of all models together."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0


changes = Changes()


class CountedList(list[Any]):
    """A list whose changes are counted."""

    def append(self, value: Any) -> None:
        changes.count += 1
        super().append(value)

    def extend(self, values: Iterable[Any]) -> None:
        changes.count += 1
        super().extend(values)

    def __iadd__(self, values: Iterable[Any]) -> CountedList:  # type: ignore[misc]
        self.extend(values)
        return self

    def insert(self, index: SupportsIndex, value: Any) -> None:
        changes.count += 1
        super().insert(index, value)

    def __setitem__(self, index: Any, value: Any) -> None:
        changes.count += 1
        super().__setitem__(index, value)

    def __delitem__(self, index: Any) -> None:
        changes.count += 1
        super().__delitem__(index)

    def pop(self, index: SupportsIndex = -1) -> Any:
        changes.count += 1
        return super().pop(index)

    def remove(self, value: Any) -> None:
        changes.count += 1
        super().remove(value)

    def clear(self) -> None:
        changes.count += 1
        super().clear()

    def __reduce__(self) -> Any:
        return (CountedList, (list(self),))
