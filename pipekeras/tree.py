"""Nested lists, tuples and dicts, under the names of `keras.tree`.

Lists, tuples (named ones too) and dicts are walked into, dicts in sorted order of their keys; everything else is a leaf.

>>> from pipekeras import tree
>>> tree.map_structure(lambda x: 2 * x, {"a": 1, "b": [2, 3]})
{'a': 2, 'b': [4, 6]}
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pipekeras.core.errors import ArgumentError, DataError
from pipekeras.core.structure import flatten, flatten_with_path, is_nested, map_shapes, pack_like, rebuild
from pipekeras.core.structure import map_structure as _map_structure

__all__ = [
    "MAP_TO_NONE",
    "assert_same_paths",
    "assert_same_structure",
    "flatten",
    "flatten_with_path",
    "is_nested",
    "lists_to_tuples",
    "map_shape_structure",
    "map_structure",
    "map_structure_up_to",
    "pack_sequence_as",
    "traverse",
]


class MAP_TO_NONE:
    """What a function given to `traverse` returns to put None in a place."""


def map_structure(func: Callable[..., Any], *structures: Any, none_is_leaf: bool = True) -> Any:
    """Return a structure of what `func` makes of the leaves.

    Args:
        func: function of one leaf of each structure.
        *structures: one structure or several of the same form.
        none_is_leaf: bool, default True; False leaves None as it is.

    Raises:
        ArgumentError: func can't be called, or there is no structure.
        DataError: the structures differ.

    Example:

    >>> from pipekeras import tree
    >>> tree.map_structure(lambda x, y: x + y, [1, (2,)], [10, (20,)])
    [11, (22,)]
    """
    if not callable(func):
        raise ArgumentError(f"map_structure needs a function first, not {func!r}")
    if not structures:
        raise ArgumentError("map_structure needs at least one structure")
    for other in structures[1:]:
        assert_same_structure(structures[0], other)
    if none_is_leaf:
        return _map_structure(func, *structures)
    return _map_structure(lambda first, *others: None if first is None else func(first, *others), *structures)


def assert_same_structure(a: Any, b: Any, check_types: bool = True) -> None:
    """Raise unless two structures have the same containers with the same keys and lengths.

    Args:
        a: structure.
        b: structure.
        check_types: bool, default True; False takes lists for tuples.

    Raises:
        DataError: they differ; says where.

    Example:

    >>> from pipekeras import tree
    >>> tree.assert_same_structure([1, (2, 3)], [4, (5, 6)])
    """
    _compare(a, b, (), check_types)


def _compare(a: Any, b: Any, path: tuple[Any, ...], check_types: bool) -> None:
    place = f" at {list(path)}" if path else ""
    if not is_nested(a) and not is_nested(b):
        return
    alike = not check_types and isinstance(a, list | tuple) and isinstance(b, list | tuple)
    if type(a) is not type(b) and not alike:
        raise DataError(f"structures differ{place}: {type(a).__name__} and {type(b).__name__}")
    if isinstance(a, dict):
        if set(a) != set(b):
            raise DataError(f"structures differ{place}: keys {sorted(a, key=str)} and {sorted(b, key=str)}")
        for key in a:
            _compare(a[key], b[key], (*path, key), check_types)
        return
    if len(a) != len(b):
        raise DataError(f"structures differ{place}: {len(a)} items and {len(b)}")
    for index, (one, other) in enumerate(zip(a, b, strict=True)):
        _compare(one, other, (*path, index), check_types)


def assert_same_paths(a: Any, b: Any) -> None:
    """Raise unless the same paths lead to leaves in both structures; lists and tuples are alike here.

    Raises:
        DataError: they differ; names the paths that one has alone.

    Example:

    >>> from pipekeras import tree
    >>> tree.assert_same_paths({"a": [1]}, {"a": (2,)})
    """
    first, second = ({path for path, _ in flatten_with_path(value)} for value in (a, b))
    if first != second:
        raise DataError(
            f"structures have different paths: {sorted(map(str, first - second))} only in the first, "
            f"{sorted(map(str, second - first))} only in the second"
        )


def pack_sequence_as(structure: Any, flat_sequence: Sequence[Any]) -> Any:
    """Return a structure of the same form whose leaves are those of a flat sequence, in order.

    Raises:
        DataError: the structure has another number of leaves.

    Example:

    >>> from pipekeras import tree
    >>> tree.pack_sequence_as({"a": 0, "b": [0]}, [1, 2])
    {'a': 1, 'b': [2]}
    """
    leaves = list(flat_sequence)
    wanted = len(flatten(structure))
    if len(leaves) != wanted:
        raise DataError(f"the structure has {wanted} leaves; got {len(leaves)}")
    return pack_like(structure, leaves)


def map_structure_up_to(shallow_structure: Any, func: Callable[..., Any], *structures: Any) -> Any:
    """Return what `func` makes of the parts that stand where the shallow structure has its leaves.

    Example:

    >>> from pipekeras import tree
    >>> tree.map_structure_up_to({"a": 0}, len, {"a": [1, 2, 3]})
    {'a': 3}
    """
    if not structures:
        raise ArgumentError("map_structure_up_to needs at least one structure")
    if not is_nested(shallow_structure):
        return func(*structures)
    for other in structures:
        if not is_nested(other) or len(other) != len(shallow_structure):
            raise DataError(f"a part has another form than the shallow structure {shallow_structure!r}: {other!r}")
    if isinstance(shallow_structure, dict):
        return {
            key: map_structure_up_to(part, func, *(other[key] for other in structures))
            for key, part in shallow_structure.items()
        }
    parts = zip(shallow_structure, *structures, strict=True)
    return rebuild(shallow_structure, [map_structure_up_to(part, func, *others) for part, *others in parts])


def traverse(func: Callable[[Any], Any], structure: Any, top_down: bool = True) -> Any:
    """Return a structure in which `func` has replaced containers and leaves.

    Args:
        func: function of a container or leaf; it returns what to put there, None to leave it and go on inside,
            or `MAP_TO_NONE` to put None there.
        structure: the structure.
        top_down: bool, ask for a container before its items, default True.

    Example:

    >>> from pipekeras import tree
    >>> tree.traverse(lambda x: tuple(x) if isinstance(x, list) else None, [1, [2, 3]], top_down=False)
    (1, (2, 3))
    """

    def answer(value: Any) -> Any:
        found = func(value)
        return _NO_ANSWER if found is None else None if found is MAP_TO_NONE else found

    if top_down:
        found = answer(structure)
        if found is not _NO_ANSWER:
            return found
    inside = structure
    if isinstance(structure, dict):
        inside = {key: traverse(func, item, top_down) for key, item in structure.items()}
    elif is_nested(structure):
        inside = rebuild(structure, [traverse(func, item, top_down) for item in structure])
    if top_down:
        return inside
    found = answer(inside)
    return inside if found is _NO_ANSWER else found


_NO_ANSWER = object()


def lists_to_tuples(structure: Any) -> Any:
    """Return the structure with tuples in place of lists.

    Example:

    >>> from pipekeras import tree
    >>> tree.lists_to_tuples([1, [2]])
    (1, (2,))
    """
    return traverse(lambda value: tuple(value) if isinstance(value, list) else None, structure, top_down=False)


def map_shape_structure(func: Callable[[tuple[int | None, ...]], Any], structure: Any) -> Any:
    """Return what `func` makes of each shape of a structure of shapes.

    Example:

    >>> from pipekeras import tree
    >>> tree.map_shape_structure(len, {"a": (None, 3), "b": (None, 4, 5)})
    {'a': 2, 'b': 3}
    """
    return map_shapes(func, structure)
