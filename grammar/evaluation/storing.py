"""Assignment to one element or member, written in place where nobody else can see the vector.

`x[i] <- v`, `x[[i]] <- v`, `m[i, j] <- v`, `l$name <- v`, `l[["name"]] <- v` and `e$name <- v`. Vectors are shared freely,
so Python's own count of references tells whether a variable is the only holder; then its array is written into, or
grown by one, and a loop that fills a vector costs the same at every turn. Everything else goes the general way.
"""

from __future__ import annotations

from sys import getrefcount
from typing import TYPE_CHECKING, Any

import numpy as np
from pipekeras.grammar.builtins.registry import REGISTRY
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.compiler import ELEMENT_METHODS, GUARDS, Code, code_of
from pipekeras.grammar.evaluation.machine import machine
from pipekeras.grammar.evaluation.operand_shortcuts import offset
from pipekeras.grammar.evaluation.sites import is_missing
from pipekeras.grammar.nodes import MISSING, Call, Symbol
from pipekeras.grammar.values import NA_INTEGER, NULL, Vector

if TYPE_CHECKING:
    from pipekeras.grammar.evaluation.assign import Replacement


def _reference_counts() -> tuple[int, int, int]:
    """References to a vector, its array and its attributes that are seen when only one variable holds them."""
    frame = {"x": Vector("double", np.zeros(2), {"names": None})}
    held = frame.get("x")
    assert held is not None
    array = held.array
    attributes = held.attributes
    return getrefcount(held), getrefcount(array), getrefcount(attributes)


_NUMBERS = frozenset(("double", "integer"))
_LIMIT = 2**31
SOLE_VECTOR, SOLE_ARRAY, SOLE_ATTRIBUTES = _reference_counts()


def compile_store(target: Call, value: Code, general: Replacement) -> Code | None:
    """The short way for a target of one level, or None when it has none."""
    if len(general.steps) != 1 or general.variable is None:
        return None
    step = general.steps[0]
    if step.name == "$" and step.label is not None:
        return _member_store(step.label, None, value, general)
    if step.name not in ("[", "[["):
        return None
    places = target.args[1:]
    if not places or step.site.has_dots or any(place.name is not None for place in places):
        return None
    given = [place for place in places if place.value is not MISSING]
    if len(given) < len(places):
        if step.name == "[[" or len(places) != 2 or len(given) != 1:
            return None
        parameters = [place.value.name for place in given if type(place.value) is Symbol]
        return _line_store(places[1].value is MISSING, code_of(given[0].value), value, general, parameters)
    codes = [code_of(place.value) for place in places]
    if step.name == "[[" and len(codes) == 1:
        return _member_store(None, codes[0], value, general)
    parameters = [place.value.name for place in places if type(place.value) is Symbol]
    return _element_store(codes, value, general, parameters)


def _element_store(codes: list[Code], value: Code, general: Replacement, parameters: list[str]) -> Code:
    """`x[i] <- v`, `m[i, j] <- v`, `m[[i, j]] <- v`; a parameter that got no argument leaves its place empty."""
    assert general.variable is not None
    name = general.variable.name
    whole = general.steps[0].name == "[["
    getter = GUARDS[general.steps[0].name]

    single = len(codes) == 1
    first, last = codes[0], codes[-1]
    two = len(codes) == 2

    def store_element(environment: Environment) -> Any:
        result = value(environment)
        held = environment.frame.get(name)
        if type(held) is not Vector or getter or environment.guard is not None or type(result) is not Vector:
            return general.finish(result, environment, None)
        if environment.unsupplied and any(is_missing(one, environment) for one in parameters):
            return general.finish(result, environment, None)
        attributes = held.attributes
        indices: tuple[Any, ...]
        if two:
            i, j = first(environment), last(environment)
            at = -1
            if attributes is not None and type(i) is Vector and type(j) is Vector:
                row, column, shape = i.scalar, j.scalar, attributes.get("dim")
                if (
                    row is not None and column is not None and shape is not None and shape.array is not None
                    and i.kind in _NUMBERS and j.kind in _NUMBERS and i.attributes is None and j.attributes is None
                    and (len(attributes) == 1 or "class" not in attributes)
                ):  # fmt: skip
                    extents = shape.array.tolist()
                    if len(extents) == 2 and 1 <= row <= extents[0] and 1 <= column <= extents[1]:
                        at = (int(column) - 1) * extents[0] + int(row) - 1
            indices = (i, j)
        elif single:
            i = first(environment)
            number = i.scalar if type(i) is Vector else None
            if (
                number is not None and i.kind in _NUMBERS and 1 <= number < _LIMIT and i.attributes is None
                and (attributes is None or "class" not in attributes)
            ):  # fmt: skip
                at = int(number) - 1
            else:
                at = -1
            indices = (i,)
        else:
            indices = tuple([code(environment) for code in codes])
            at = offset(held, indices, attributes)
        array = held.array
        if (
            held.kind == "double" and result.kind == "double" and array is not None and 0 <= at < len(array)
            and result.scalar is not None and result.attributes is None and array.base is None
            and getrefcount(held) == SOLE_VECTOR and getrefcount(array) == SOLE_ARRAY and array.flags.writeable
        ):  # fmt: skip
            array[at] = result.scalar
            held.scalar = None
            machine.visible = False
            return result
        del array
        if at >= 0 and getrefcount(held) == SOLE_VECTOR and put(held, at, result, whole, single):
            machine.visible = False
            return result
        return general.finish(result, environment, [(None, index) for index in indices])

    return store_element


def _line_store(row: bool, code: Code, value: Code, general: Replacement, parameters: list[str]) -> Code:
    """`m[i, ] <- v` and `m[, j] <- v`."""
    assert general.variable is not None
    name = general.variable.name
    getter = GUARDS["["]

    def store_line(environment: Environment) -> Any:
        result = value(environment)
        held = environment.frame.get(name)
        if type(held) is not Vector or getter or environment.guard is not None or type(result) is not Vector:
            return general.finish(result, environment, None)
        if parameters and is_missing(parameters[0], environment):
            return general.finish(result, environment, None)
        index = code(environment)
        if getrefcount(held) == SOLE_VECTOR and put_line(held, index, row, result):
            machine.visible = False
            return result
        places: list[tuple[str | None, Any]] = [(None, index), (None, MISSING)]
        return general.finish(result, environment, places if row else places[::-1])

    return store_line


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
    if item is None or value.attributes is not None:
        return None
    if value.kind == kind and kind != "expression":
        return item
    if kind == "double" and value.kind == "integer" and item != NA_INTEGER:
        return float(item)
    return None


def _has_store_method(setter: str, attributes: Any) -> bool:
    """Whether some class of an object has its own way of assigning elements."""
    if attributes is None or "class" not in attributes:
        return False
    if ELEMENT_METHODS or machine.methods:
        return True
    return any(f"{setter}.{one}" in REGISTRY for one in attributes["class"].items())


def _member_store(label: Vector | None, index: Code | None, value: Code, general: Replacement) -> Code:
    """`l$name <- v` with the name as `label`; `l[[i]] <- v` and `l[["name"]] <- v` with its `index`."""
    assert general.variable is not None
    name = general.variable.name
    step = general.steps[0]
    setter = step.setter
    getter = GUARDS[step.name]

    def store_member(environment: Environment) -> Any:
        result = value(environment)
        held: Any = environment.frame.get(name)
        if getter or environment.guard is not None or result is NULL or result is MISSING:
            return general.finish(result, environment, None)
        kind: type = type(held)
        if kind is not Vector:
            if held is None:
                held = environment.get(name)
                kind = type(held)
            if kind is not Environment or _has_store_method(setter, held.attributes):
                return general.finish(result, environment, None)
        place = label if index is None else index(environment)
        if type(place) is Vector and place.attributes is None and place.scalar is not None:
            if kind is Environment:
                if place.kind == "character" and held.guard is None:
                    held.frame[place.scalar] = result
                    environment.frame[name] = held
                    machine.visible = False
                    return result
            elif getrefcount(held) == SOLE_VECTOR:
                if place.kind == "character":
                    done = held.kind == "list" and put_named(held, place.scalar, result, setter)
                else:
                    at = offset(held, [place], held.attributes)
                    done = at >= 0 and put(held, at, result, True, True)
                if done:
                    machine.visible = False
                    return result
        return general.finish(result, environment, None if index is None else [(None, place)])

    return store_member


def put_named(held: Vector, label: str, value: Any, setter: str) -> bool:
    """Write the member of that name into a list that one variable alone holds, at its end when it is new."""
    attributes = held.attributes
    array = held.array
    if attributes is None or array is None or _has_store_method(setter, attributes):
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
