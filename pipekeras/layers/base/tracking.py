"""Lists and dicts that tell their layer about the variables and layers put into them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, SupportsIndex

from pipekeras.graph.variable import Variable

if TYPE_CHECKING:
    from pipekeras.layers.base.state import LayerState

_kinds: dict[type, str | None] = {}


def kind_of(value: Any) -> str | None:
    """Return what a layer keeps account of: "variable", "layer", "metric", "seeds", "list", "dict", "tuple" or None."""
    cls = type(value)
    try:
        return _kinds[cls]
    except KeyError:
        kind = _kinds[cls] = _classify(cls)
        return kind


def _classify(cls: type) -> str | None:
    if issubclass(cls, Variable):
        return "variable"
    if issubclass(cls, TrackedList | TrackedDict):
        return None
    if cls in (list, tuple, dict):
        return cls.__name__
    # Metrics and seed generators belong to packages that layers don't import; their protocol tells them.
    if hasattr(cls, "update_state") and hasattr(cls, "reset_state"):
        return "metric"
    if hasattr(cls, "add_weight") and hasattr(cls, "call"):
        return "layer"
    if cls.__name__ == "SeedGenerator" or any(base.__name__ == "SeedGenerator" for base in cls.__mro__):
        return "seeds"
    return None


class TrackedList(list):
    """A list of a layer's; what is put into it becomes part of the layer's state."""

    def __init__(self, values: Iterable[Any], owner: LayerState) -> None:
        self._owner = owner
        super().__init__(owner._track(value) for value in values)

    def append(self, value: Any) -> None:
        super().append(self._owner._track(value))

    def insert(self, index: SupportsIndex, value: Any) -> None:
        super().insert(index, self._owner._track(value))

    def extend(self, values: Iterable[Any]) -> None:
        super().extend(self._owner._track(value) for value in values)

    def __iadd__(self, values: Iterable[Any]) -> TrackedList:  # type: ignore[misc]
        self.extend(values)
        return self

    def __setitem__(self, index: Any, value: Any) -> None:
        replaced = self[index]
        for old in replaced if isinstance(index, slice) else [replaced]:
            self._owner._untrack(old)
        track = self._owner._track
        super().__setitem__(index, [track(item) for item in value] if isinstance(index, slice) else track(value))

    def __delitem__(self, index: Any) -> None:
        for old in self[index] if isinstance(index, slice) else [self[index]]:
            self._owner._untrack(old)
        super().__delitem__(index)

    def remove(self, value: Any) -> None:
        del self[self.index(value)]

    def pop(self, index: SupportsIndex = -1) -> Any:
        value = super().pop(index)
        self._owner._untrack(value)
        return value

    def clear(self) -> None:
        for value in self:
            self._owner._untrack(value)
        super().clear()

    def __reduce__(self) -> Any:
        return (list, (list(self),))


class TrackedDict(dict):
    """A dict of a layer's; what is put into it becomes part of the layer's state."""

    def __init__(self, values: Mapping[Any, Any], owner: LayerState) -> None:
        self._owner = owner
        super().__init__({key: owner._track(value) for key, value in values.items()})

    def __setitem__(self, key: Any, value: Any) -> None:
        if key in self:
            self._owner._untrack(self[key])
        super().__setitem__(key, self._owner._track(value))

    def __delitem__(self, key: Any) -> None:
        self._owner._untrack(self[key])
        super().__delitem__(key)

    def update(self, *others: Any, **items: Any) -> None:
        for key, value in dict(*others, **items).items():
            self[key] = value

    def pop(self, key: Any, *default: Any) -> Any:
        if key in self:
            self._owner._untrack(self[key])
        return super().pop(key, *default)

    def __reduce__(self) -> Any:
        return (dict, (dict(self),))
