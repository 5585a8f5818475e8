"""Vectors with elements replaced: written where they stand while one variable alone holds them, else copied once.

Each function here writes only what needs no rule of R beyond "this element is that one now": elements of the vector's own
kind, places within it or just behind its end, no classes with methods. Everything else is left to the general way.
"""

from __future__ import annotations

from sys import getrefcount
from typing import Any

import numpy as np
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.generic_shortcuts import frame_column, has_element_method, is_plain_frame
from pipekeras.grammar.evaluation.operand_shortcuts import offset, plain_places
from pipekeras.grammar.values import NA_INTEGER, NULL, Promise, Vector


def _reference_counts() -> tuple[int, int, int]:
    """References to a vector, its array and its attributes that are seen when only one variable holds them."""
    frame = {"x": Vector("double", np.zeros(2), {"names": None})}
    held = frame.get("x")
    assert held is not None
    array = held.array
    attributes = held.attributes
    return getrefcount(held), getrefcount(array), getrefcount(attributes)


_NUMBERS = frozenset(("double", "integer"))
SOLE_VECTOR, SOLE_ARRAY, SOLE_ATTRIBUTES = _reference_counts()
_SOLE_HELD_ARRAY = SOLE_ARRAY - 1
"""References to an array that its vector alone holds."""
_NAMES = frozenset(("names",))
_LINES = frozenset(("names", "dim", "dimnames"))
"""Attributes that stay as they are when an element of an atomic vector is replaced."""


def put_line(held: Vector, index: Any, row: bool, value: Vector) -> bool:
    """Write a row or a column into a matrix that one variable alone holds; False when that cannot be done."""
    attributes, array = held.attributes, held.array
    if array is None or attributes is None or value.attributes is not None or value.kind != held.kind:
        return False
    if held.kind == "list" or held.kind == "expression" or "class" in attributes:
        return False
    shape = attributes.get("dim")
    number = index.scalar if type(index) is Vector and index.attributes is None and index.kind in _NUMBERS else None
    if number is None or shape is None or len(shape) != 2:
        return False
    rows, columns = shape.items()
    extent, length = (rows, columns) if row else (columns, rows)
    if not 1 <= number <= extent or len(value) not in (1, length) or not length:
        return False
    if getrefcount(array) != SOLE_ARRAY or array.base is not None or not array.flags.writeable:
        return False
    at = int(number) - 1
    place = slice(at, None, rows) if row else slice(at * rows, (at + 1) * rows)
    array[place] = value.scalar if value.array is None else value.array
    held.scalar = None
    return True


def put(held: Vector, at: int, value: Any, whole: bool, may_grow: bool) -> bool:
    """Write one element into a vector that one variable alone holds; False when that cannot be done."""
    item = _storable(held.kind, value, whole)
    array = held.array
    if item is None or array is None or getrefcount(array) != SOLE_ARRAY or array.base is not None:
        return False
    if not array.flags.writeable:
        return False
    count = len(array)
    if at >= count:
        if at > count or not may_grow or held.attributes is not None:
            return False
        array.resize(count + 1, refcheck=False)
    array[at] = item
    held.scalar = None
    return True


def _storable(kind: str, value: Any, whole: bool) -> Any:
    """The element as an array of that kind keeps it, None when the kinds do not fit."""
    if kind == "list":
        return value if whole and value is not NULL else None
    if type(value) is not Vector:
        return None
    item = value.scalar
    if item is None and value.array is not None and len(value.array) == 1:
        item = value.array.item(0)
    if item is None or (value.attributes is not None and value.attributes.keys() != _NAMES):
        return None
    if value.kind == kind and kind != "expression":
        return item
    if kind == "double" and value.kind == "integer" and item != NA_INTEGER:
        return float(item)
    return None


def put_named(held: Vector, label: str, value: Any, setter: str) -> bool:
    """Write the member of that name into a list that one variable alone holds, at its end when it is new."""
    attributes = held.attributes
    if attributes is not None and "class" in attributes and has_element_method(setter, attributes):
        return False
    return _put_by_name(held, label, value)


def _put_by_name(held: Vector, label: str, value: Any) -> bool:
    """Write the element of that name into the array of a vector, or grow both by one, if nobody else holds them."""
    attributes = held.attributes
    array = held.array
    if attributes is None or array is None:
        return False
    names = attributes.get("names")
    if names is None or getrefcount(array) != SOLE_ARRAY or array.base is not None or not array.flags.writeable:
        return False
    labels = names.items()
    if label and label in labels:  # no name is found by an empty text
        array[labels.index(label)] = value
        return True
    texts = names.array
    if getrefcount(attributes) != SOLE_ATTRIBUTES or getrefcount(names) != SOLE_VECTOR or texts is None or not label:
        return False
    if getrefcount(texts) != SOLE_ARRAY or texts.base is not None or not texts.flags.writeable:
        return False
    count = len(array)
    array.resize(count + 1, refcheck=False)
    array[count] = value
    texts.resize(count + 1, refcheck=False)
    texts[count] = label
    return True


def stored_in(held: Environment, place: Any, value: Any, setter: str) -> bool:
    """Bind a name in an environment that asks nobody about it; False when that is not so."""
    if type(place) is not Vector or place.kind != "character" or place.attributes is not None or place.scalar is None:
        return False
    if held.guard is not None or (held.attributes is not None and has_element_method(setter, held.attributes)):
        return False
    held.frame[place.scalar] = value
    return True


def promised(held: Any) -> Vector | None:
    """The vector of a parameter whose promise was forced; None for anything else."""
    value = held.value if type(held) is Promise else None
    return value if type(value) is Vector else None


def changed(
    held: Vector, is_sole: bool, places: tuple[Any, ...], value: Any, whole: bool, setter: str
) -> Vector | None:
    """The vector with elements replaced; None when that is not plain.

    Args:
        held: the vector; it is written into if possible where `is_sole` says that one variable alone holds it.
        places: what stands between the brackets.
        value: what is stored.
        whole: whether one element is replaced, as by `[[<-` and `$<-`.
        setter: the replacement function, of which a class may have a method.
    """
    place = places[0]
    if len(places) == 1 and type(place) is Vector and place.kind == "character":
        if not place.scalar or place.attributes is not None:
            return None
        return _changed_by_name(held, is_sole, place.scalar, value, whole, setter)
    at = offset(held, places, held.attributes)
    if at >= 0:
        if value is NULL:
            return _without(held, at) if whole and held.kind == "list" and len(places) == 1 else None
        if is_sole and put(held, at, value, whole, len(places) == 1):
            return held
        return _copied(held, at, value, whole, len(places) == 1)
    if len(places) == 1:
        return None if whole else _changed_at_places(held, is_sole, place, value)
    return _changed_cell(held, is_sole, places, value) if len(places) == 2 and not whole else None


def _changed_by_name(held: Vector, is_sole: bool, label: str, value: Any, whole: bool, setter: str) -> Vector | None:
    """The vector with the element of that name replaced, added or, by NULL, removed."""
    attributes = held.attributes
    if held.kind == "list":
        if not whole or type(held.data) is not np.ndarray or has_element_method(setter, attributes):
            return None
        if value is NULL:
            labels = [] if attributes is None or "names" not in attributes else attributes["names"].items()
            return _without(held, labels.index(label)) if label in labels else None
        item = value
    else:
        # `$<-` makes a list of what is none, and warns.
        item = None if setter == "$<-" else _storable(held.kind, value, whole)
        if item is None or (attributes is not None and attributes.keys() != _NAMES):
            return None
    if is_sole and _put_by_name(held, label, item):
        held.scalar = None
        return held
    return _copied_by_name(held, label, item)


def _copied_by_name(held: Vector, label: str, item: Any) -> Vector | None:
    """A copy with the element of that name, at its end when it is new."""
    attributes, data = held.attributes, held.data
    names = None if attributes is None else attributes.get("names")
    labels = [] if names is None else names.items()
    if label in labels:
        array = data.copy()
        array[labels.index(label)] = item
        return Vector(held.kind, array, attributes)
    count = len(data)
    if attributes is not None and (names is None or type(attributes) is not dict or "dim" in attributes):
        return None
    array, texts = np.empty(count + 1, data.dtype), np.empty(count + 1, object)
    array[:count] = data
    array[count] = item
    texts[:count] = "" if names is None else names.data
    texts[count] = label
    return Vector(held.kind, array, {**(attributes or {}), "names": Vector("character", texts)})


def _copied(held: Vector, at: int, value: Any, whole: bool, may_grow: bool) -> Vector | None:
    """A copy with one element written."""
    if at > len(held) or _storable(held.kind, value, whole) is None or type(held.data) is not np.ndarray:
        return None
    made = Vector(held.kind, held.data.copy(), held.attributes)
    return made if put(made, at, value, whole, may_grow) else None


def _without(held: Vector, at: int) -> Vector | None:
    """A list without one of its elements."""
    attributes, data = held.attributes, held.data
    if at >= len(data) or type(data) is not np.ndarray or (attributes is not None and attributes.keys() != _NAMES):
        return None
    rest = np.concatenate((data[:at], data[at + 1 :]))
    if attributes is None:
        return Vector("list", rest)
    texts = attributes["names"].data
    return Vector("list", rest, {"names": Vector("character", np.concatenate((texts[:at], texts[at + 1 :])))})


def _changed_at_places(held: Vector, is_sole: bool, index: Any, value: Any) -> Vector | None:
    """`x[c(1, 3)] <- v` and `x[wanted] <- v` with one value for all places."""
    attributes, data = held.attributes, held.data
    item = None if held.kind == "list" else _storable(held.kind, value, False)
    if item is None or type(index) is not Vector or (attributes is not None and not attributes.keys() <= _LINES):
        return None
    where = plain_places(index, len(data), None)
    if where is None:
        return None
    if not (is_sole and getrefcount(data) == SOLE_ARRAY and data.base is None and data.flags.writeable):
        held = Vector(held.kind, data.copy(), attributes)
        held.data[where] = item
        return held
    data[where] = item
    held.scalar = None
    return held


def _changed_cell(held: Vector, is_sole: bool, places: tuple[Any, ...], value: Any) -> Vector | None:
    """`d[i, "name"] <- v` of a data frame, in a column that is there and keeps its kind."""
    row, column = places
    if type(row) is not Vector or type(column) is not Vector or not is_plain_frame(held, "[<-", "[[<-"):
        return None
    at = frame_column(held, column)
    if at < 0:
        return None
    before = held.data[at]
    line = offset(before, (row,), None) if type(before) is Vector and before.attributes is None else -1
    if not 0 <= line < len(before) or before.kind == "list":
        return None
    made = _copied(before, line, value, False, False)
    if made is None:
        return None
    if not (is_sole and getrefcount(held.array) == _SOLE_HELD_ARRAY and held.data.base is None and held.data.flags.writeable):
        held = Vector("list", held.data.copy(), held.attributes)
    held.data[at] = made
    return held
