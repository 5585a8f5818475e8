"""Assignment to one element or member, written in place where nobody else can see the vector.

`x[i] <- v`, `x[[i]] <- v`, `m[i, j] <- v`, `l$name <- v`, `l[["name"]] <- v` and `e$name <- v`. Vectors are shared freely,
so Python's own count of references tells whether a variable is the only holder; then its array is written into, or
grown by one, and a loop that fills a vector costs the same at every turn. Everything else goes the general way.
"""

from __future__ import annotations

from sys import getrefcount
from typing import TYPE_CHECKING, Any

from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.changing import (
    SOLE_ARRAY,
    SOLE_VECTOR,
    changed,
    promised,
    put,
    put_line,
    stored_in,
)
from pipekeras.grammar.evaluation.compiler import GUARDS, Code, code_of
from pipekeras.grammar.evaluation.machine import machine
from pipekeras.grammar.evaluation.operand_shortcuts import offset
from pipekeras.grammar.evaluation.sites import is_missing
from pipekeras.grammar.nodes import MISSING, Call, Symbol
from pipekeras.grammar.values import NULL, Promise, Vector

if TYPE_CHECKING:
    from pipekeras.grammar.evaluation.assign import Replacement


_NUMBERS = frozenset(("double", "integer"))
_LIMIT = 2**31


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

    setter = general.steps[0].setter

    def store_element(environment: Environment) -> Any:
        result = value(environment)
        held = environment.frame.get(name)
        if getter or environment.guard is not None or type(result) is not Vector:
            return general.finish(result, environment, None)
        if type(held) is not Vector:
            return store_anew(environment, promised(held), result)
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
        is_sole = getrefcount(held) == SOLE_VECTOR
        if at >= 0 and is_sole and put(held, at, result, whole, single):
            machine.visible = False
            return result
        made = changed(held, is_sole, indices, result, whole, setter)
        if made is not None:
            environment.frame[name] = made
            machine.visible = False
            return result
        return general.finish(result, environment, [(None, index) for index in indices])

    def store_anew(environment: Environment, held: Vector | None, result: Vector) -> Any:
        """The first store into a parameter: what it was given belongs to others too."""
        if held is None or (environment.unsupplied and any(is_missing(one, environment) for one in parameters)):
            return general.finish(result, environment, None)
        indices = tuple([code(environment) for code in codes])
        made = changed(held, False, indices, result, whole, setter)
        if made is not None:
            environment.frame[name] = made
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
        if getter or environment.guard is not None or result is MISSING:
            return general.finish(result, environment, None)
        kind: type = type(held)
        is_shared = False
        if kind is not Vector:
            if held is None:
                held = environment.get(name)
                kind = type(held)
            elif kind is Promise:
                held, is_shared = held.value, True
                kind = type(held)
            if not (kind is Vector and is_shared) and (kind is not Environment or result is NULL):
                return general.finish(result, environment, None)
        place = label if index is None else index(environment)
        if type(place) is Vector and place.attributes is None and place.scalar is not None:
            if kind is Environment:
                if stored_in(held, place, result, setter):
                    environment.frame[name] = held
                    machine.visible = False
                    return result
            else:
                is_sole = not is_shared and getrefcount(held) == SOLE_VECTOR
                made = changed(held, is_sole, (place,), result, True, setter)
                if made is not None:
                    environment.frame[name] = made
                    machine.visible = False
                    return result
        return general.finish(result, environment, None if index is None else [(None, place)])

    return store_member
