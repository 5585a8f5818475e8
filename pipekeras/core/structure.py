"""Nested lists, tuples and dicts of tensors: walk them, map over them, put them together again.

Everything that is not a list, tuple or dict is a leaf. Dicts are walked in sorted order of their keys, as Keras does,
so that the flat order never depends on the order of insertion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any


def is_nested(structure: Any) -> bool:
    """Whether `structure` is a container that these functions walk into."""
    return isinstance(structure, list | tuple | dict)


def flatten(structure: Any) -> list[Any]:
    """Return the leaves of a structure in order.

    >>> flatten({"b": 2, "a": [1, (3,)]})
    [1, 3, 2]
    """
    if not isinstance(structure, list | tuple | dict):
        return [structure]
    leaves: list[Any] = []
    _collect(structure, leaves)
    return leaves


def _collect(value: Any, leaves: list[Any]) -> None:
    if isinstance(value, dict):
        for key in sorted(value, key=str):
            _collect(value[key], leaves)
    elif isinstance(value, list | tuple):
        for item in value:
            _collect(item, leaves)
    else:
        leaves.append(value)


def rebuild(value: Any, items: Iterable[Any]) -> Any:
    """Return a container like the list or tuple `value` (named tuples too) that holds `items`."""
    if isinstance(value, list):
        return list(items)
    if hasattr(value, "_fields"):
        return type(value)(*items)
    return tuple(items)


def map_structure(function: Callable[..., Any], value: Any, *others: Any) -> Any:
    """Return a structure like `value` with `function` applied to its leaves (and the leaves of the others beside them).

    >>> map_structure(lambda x: x + 1, {"a": 1, "b": (2, 3)})
    {'a': 2, 'b': (3, 4)}
    """
    if isinstance(value, dict):
        return {
            key: map_structure(function, value[key], *(other[key] for other in others)) for key in sorted(value, key=str)
        }
    if isinstance(value, list | tuple):
        return rebuild(value, [map_structure(function, *items) for items in zip(value, *others, strict=True)])
    return function(value, *others)


def pack_like(value: Any, leaves: Iterable[Any]) -> Any:
    """Return a structure like `value` whose leaves are taken from `leaves` in order.

    >>> pack_like([0, (0,)], [1, 2])
    [1, (2,)]
    """
    return _pack(value, iter(leaves))


def _pack(value: Any, leaves: Iterator[Any]) -> Any:
    if isinstance(value, dict):
        packed = {key: _pack(value[key], leaves) for key in sorted(value, key=str)}
        return {key: packed[key] for key in value}
    if isinstance(value, list | tuple):
        return rebuild(value, [_pack(item, leaves) for item in value])
    return next(leaves)


def is_shape(value: Any) -> bool:
    """Whether `value` is one shape: a list or tuple of whole numbers and None, and of nothing else."""
    return isinstance(value, list | tuple) and all(size is None or isinstance(size, int) for size in value)


def map_shapes(function: Callable[[tuple[int | None, ...]], Any], value: Any) -> Any:
    """Apply `function` to every shape in a structure of shapes.

    >>> map_shapes(len, [(None, 3), (None, 4, 5)])
    [2, 3]
    """
    if is_shape(value):
        return function(tuple(value))
    if isinstance(value, dict):
        return {key: map_shapes(function, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return rebuild(value, [map_shapes(function, item) for item in value])
    return value


def flatten_with_path(structure: Any) -> list[tuple[tuple[Any, ...], Any]]:
    """Return the leaves in order, each with the keys and numbers that lead to it.

    Example:

    >>> from pipekeras import tree
    >>> tree.flatten_with_path({"b": 3, "a": [1, 2]})
    [(('a', 0), 1), (('a', 1), 2), (('b',), 3)]
    """
    return list(_paths(structure, ()))


def _paths(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, dict):
        for key in sorted(value, key=str):
            yield from _paths(value[key], (*path, key))
    elif hasattr(value, "_fields"):
        for name in value._fields:
            yield from _paths(getattr(value, name), (*path, name))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _paths(item, (*path, index))
    else:
        yield path, value
