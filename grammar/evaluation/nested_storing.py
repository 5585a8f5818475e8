"""Assignment deep inside lists and environments, written in place where nobody else can see what changes.

`l$a$b <- v`, `l$v[i] <- v`, `self$rows[[k]] <- v`, `l[["a"]]$b <- v` and `names(x)[i] <- v`. Every list on the way must
be held by its place alone, as Python's count of references tells; then only the last element is written. Everything else
goes the general way, which reads level by level and puts new values back.
"""

from __future__ import annotations

from sys import getrefcount
from typing import TYPE_CHECKING, Any

from pipekeras.grammar.builtins.registry import REGISTRY
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.changing import (
    SOLE_ARRAY,
    SOLE_ATTRIBUTES,
    SOLE_VECTOR,
    put,
    put_named,
)
from pipekeras.grammar.evaluation.compiler import GUARDS, Code, code_of
from pipekeras.grammar.evaluation.generic_shortcuts import has_element_method, is_plain_frame
from pipekeras.grammar.evaluation.machine import machine
from pipekeras.grammar.evaluation.operand_shortcuts import offset
from pipekeras.grammar.evaluation.sites import is_missing
from pipekeras.grammar.nodes import MISSING, Call, Symbol
from pipekeras.grammar.values import NULL, Vector

if TYPE_CHECKING:
    from pipekeras.grammar.evaluation.assign import Replacement, Step

def compile_nested_store(target: Call, value: Code, general: Replacement) -> Code | None:
    """The short way for a target of several levels, or None when it has none."""
    if general.variable is None or len(general.steps) < 2:
        return None
    first, last = general.steps[0], general.steps[-1]
    if first.name == "names" and len(general.steps) == 2 and last.name == "[" and len(first.call.args) == 1:
        places = _places(last)
        return None if places is None or len(places) != 1 else _names_store(places[0], value, general)
    labels: list[Vector | Code] = []
    for step in general.steps[:-1]:
        label = _steady_label(step)
        if label is None:
            return None
        labels.append(label)
    if last.name == "$":
        return None if last.label is None else _deep_store(labels, last.label, [], value, general)
    places = _places(last)
    return None if places is None else _deep_store(labels, None, places, value, general)


def _steady_label(step: Step) -> Vector | Code | None:
    """What picks an element on the way: a name, or an index that may be looked at twice."""
    if step.name == "$":
        return step.label
    arguments = step.call.args[1:]
    if step.name != "[[" or len(arguments) != 1 or arguments[0].name is not None:
        return None
    index = arguments[0].value
    if type(index) is Vector:
        return index
    return code_of(index) if type(index) is Symbol and index.name[:2] != ".." else None


def _places(step: Step) -> list[Code] | None:
    """The indices of the last level: one or two, without names."""
    places = step.call.args[1:]
    if step.name not in ("[", "[[") or not 1 <= len(places) <= 2 or step.site.has_dots:
        return None
    if any(place.name is not None or place.value is MISSING for place in places):
        return None
    return [code_of(place.value) for place in places]


def _has_methods(attributes: Any) -> bool:
    """Whether some class of an object may have its own way of reading or assigning elements."""
    return attributes is not None and "class" in attributes and any(has_element_method(one, attributes) for one in _GENERICS)


_GENERICS = ("$", "$<-", "[[", "[[<-", "[", "[<-")


def _deep_store(
    labels: list[Vector | Code], member: Vector | None, codes: list[Code], value: Code, general: Replacement
) -> Code:
    """Walk down by `labels`, then write the `member`, or the element at the places that `codes` give."""
    assert general.variable is not None
    name = general.variable.name
    last = general.steps[-1]
    whole = last.name == "[["
    guards = [GUARDS[one] for one in {step.name for step in general.steps}]
    parameters = [place.value.name for place in last.call.args[1:] if codes and type(place.value) is Symbol]

    def store_deep(environment: Environment) -> Any:
        result = value(environment)
        if environment.guard is not None or result is NULL or result is MISSING or any(guards):
            return general.finish(result, environment, None)
        if environment.unsupplied and any(is_missing(one, environment) for one in parameters):
            # A parameter that got no argument leaves its place empty.
            return general.finish(result, environment, None)
        indices = [code(environment) for code in codes]
        place: Any = environment.frame.get(name)
        root = None
        is_column = False
        if type(place) is not Vector:
            place = root = environment.get(name) if place is None else place
            if type(root) is not Environment:
                root = place = None
        for label in labels:
            wanted = label if type(label) is Vector else label(environment)  # type: ignore[operator]
            if type(wanted) is not Vector or wanted.scalar is None or wanted.attributes is not None:
                place = None
                break
            key = wanted.scalar
            if type(place) is Environment:
                if type(key) is not str or place.guard is not None or _has_methods(place.attributes):
                    place = None
                    break
                place = place.frame.get(key)
                continue
            if type(place) is not Vector or place.kind != "list" or getrefcount(place) != SOLE_VECTOR:
                place = None
                break
            attributes, array = place.attributes, place.array
            if array is None or getrefcount(array) != SOLE_ARRAY:
                place = None
                break
            if _has_methods(attributes):
                if not codes or not is_plain_frame(place, *_GENERICS):
                    place = None
                    break
                is_column = True
            at = _position(key, wanted.kind, attributes, len(array))
            if at < 0:
                place = None
                break
            place = array[at]
            array = None
        done = False
        if type(place) is Environment:
            if member is not None and place.guard is None and not _has_methods(place.attributes):
                place.frame[member.scalar] = result
                done = True
        elif type(place) is Vector and getrefcount(place) == SOLE_VECTOR and not _has_methods(place.attributes):
            if member is not None:
                done = place.kind == "list" and put_named(place, member.scalar, result, last.setter)
            elif whole and len(indices) == 1 and place.kind == "list" and _is_name(indices[0]):
                done = put_named(place, indices[0].scalar, result, last.setter)
            else:
                at = offset(place, indices, place.attributes)
                # A column of a data frame keeps its length.
                done = 0 <= at < (len(place) if is_column else at + 1) and put(place, at, result, whole, len(indices) == 1)
        if not done:
            return general.finish(result, environment, [(None, index) for index in indices] if codes else None)
        if root is not None:
            environment.frame[name] = root
        machine.visible = False
        return result

    return store_deep


def _is_name(index: Any) -> bool:
    return type(index) is Vector and index.kind == "character" and index.scalar is not None and index.attributes is None


def _position(key: Any, kind: str, attributes: Any, count: int) -> int:
    """Where in a list an element stands that a name or a number picks; -1 when it is not there."""
    if kind == "character":
        names = attributes.get("names") if attributes is not None else None
        labels = [] if names is None else names.items()
        return labels.index(key) if key in labels else -1
    if kind not in ("double", "integer") or not 1 <= key < count + 1:
        return -1
    return int(key) - 1


def _names_store(place: Code, value: Code, general: Replacement) -> Code:
    """`names(x)[i] <- v` of a vector that has names already."""
    assert general.variable is not None
    name = general.variable.name
    guard = GUARDS["["]
    renamers = [GUARDS.setdefault(one, []) for one in _RENAMERS]
    written = general.steps[-1].call.args[1].value
    parameters = [written.name] if type(written) is Symbol else []

    def store_name(environment: Environment) -> Any:
        result = value(environment)
        if environment.unsupplied and any(is_missing(one, environment) for one in parameters):
            return general.finish(result, environment, None)
        index = place(environment)
        held: Any = environment.frame.get(name)
        if (
            not guard
            and environment.guard is None
            and type(held) is Vector
            and _is_name(result)
            and getrefcount(held) == SOLE_VECTOR
            and _renameable(held, index)
            and (not any(renamers) or _own_renamers(environment))
        ):
            _rename(held, int(index.scalar) - 1, result.scalar)
            machine.visible = False
            return result
        return general.finish(result, environment, [(None, index)])

    return store_name


_RENAMERS = ("names", "names<-")


def _own_renamers(environment: Environment) -> bool:
    """Whether the functions of names are still the language's own."""
    return all(environment.get_function(one) is REGISTRY[one] for one in _RENAMERS)


def _renameable(held: Vector, index: Any) -> bool:
    """Whether one name can be changed in place: attributes of its own, and a plain index within it."""
    attributes = held.attributes
    if attributes is None or "class" in attributes or "dim" in attributes or getrefcount(attributes) != SOLE_ATTRIBUTES:
        return False
    names = attributes.get("names")
    return names is not None and names.attributes is None and 0 <= offset(names, [index], None) < len(names)


def _rename(held: Vector, at: int, text: str) -> None:
    attributes = held.attributes
    assert attributes is not None
    names = attributes["names"]
    texts = names.data
    if getrefcount(names) == SOLE_VECTOR and getrefcount(texts) == SOLE_ARRAY and texts.base is None and texts.flags.writeable:
        texts[at] = text
        names.scalar = None
        return
    texts = texts.copy()
    texts[at] = text
    attributes["names"] = Vector("character", texts)
