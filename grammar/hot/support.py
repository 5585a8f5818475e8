"""What generated code calls: values in and out of their vectors, and every step that is not a plain number's.

Generated code holds a double, an integer or a truth value that is not missing and has no attributes as a Python float, int
or bool ("bare"); everything else is the value itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from sys import getrefcount
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import REGISTRY, Builtin
from pipekeras.grammar.environment import ActiveBinding, Environment
from pipekeras.grammar.evaluation.assign import store
from pipekeras.grammar.evaluation.calls import apply_builtin
from pipekeras.grammar.evaluation.changing import SOLE_VECTOR as SOLE_HELD
from pipekeras.grammar.evaluation.changing import changed, stored_in
from pipekeras.grammar.evaluation.conditions import fail
from pipekeras.grammar.evaluation.control import elements_of, plain_items, side_of, truth
from pipekeras.grammar.evaluation.generic_shortcuts import has_element_method
from pipekeras.grammar.evaluation.machine import EXPRESSION_DEPTH, Frame, machine, too_deep
from pipekeras.grammar.evaluation.operand_shortcuts import (
    array_arithmetic,
    array_comparison,
    lacks_nan,
    matrix_operation,
    part,
)
from pipekeras.grammar.evaluation.subscripts import loses_names
from pipekeras.grammar.nodes import EMPTY_SYMBOL, MISSING, Call
from pipekeras.grammar.values import FALSE, NA, NA_INTEGER, NULL, TRUE, Promise, Vector

_ARITHMETIC = frozenset(("+", "-", "*", "/", "^", "%%", "%/%"))


def boxed(value: Any) -> Any:
    """The value of the language that a bare number stands for."""
    kind = type(value)
    if kind is float:
        return Vector("double", None, None, value)
    if kind is int:
        return Vector("integer", None, None, value)
    if kind is bool:
        return TRUE if value else FALSE
    return value


def bare(value: Any) -> Any:
    """The Python number of a plain one, any other value as it is."""
    if type(value) is Vector and value.attributes is None:
        number = value.scalar
        kind = type(number)
        if kind is float:
            return number
        if kind is int and number != NA_INTEGER:
            if value.kind == "integer":
                return number
            if value.kind == "logical":
                return number != 0
    return value


def own(frame: dict[str, Any], name: str) -> Any:
    """The vector that a frame itself holds, bare where it is a number; None for anything else."""
    value = frame.get(name)
    if type(value) is not Vector:
        return None
    number = value.scalar
    if number is None or value.attributes is not None:
        return value
    if type(number) is float:
        return number
    return bare(value)


def seen(environment: Environment, name: str) -> Any:
    """The value that a name stands for, bare where it is a number; None where finding out would run code or fail."""
    place: Environment | None = environment
    while place is not None:
        value = place.frame.get(name)
        if value is not None:
            kind = type(value)
            if kind is Vector:
                return bare(value)
            if kind is Promise:
                return bare(value.value)
            return None if value is MISSING or value is EMPTY_SYMBOL or kind is ActiveBinding or kind is tuple else value
        place = place.parent
    return None


def operated(name: str, a: Any, b: Any, node: Call, environment: Environment) -> Any:
    """An arithmetic operator or a comparison of any two values."""
    a, b = boxed(a), boxed(b)
    if type(a) is Vector and type(b) is Vector:
        operation = array_arithmetic if name in _ARITHMETIC else array_comparison
        if a.attributes is None and b.attributes is None:
            one, other = a.scalar, b.scalar
            if one is None or other is None:
                made = operation(name, a, b)
            elif type(one) is str and type(other) is str and name in ("==", "!="):
                return (one == other) is (name == "==")
            else:
                made = None
        else:
            made = matrix_operation(operation, name, a, b)
        if made is not None:
            return bare(made)
    return bare(apply_builtin(REGISTRY[name], [(None, a), (None, b)], node, environment))


def of_vectors(name: str, a: Any, b: Any) -> Any:
    """An operator between values of which one is likely a plain vector; None where that is not so."""
    a, b = boxed(a), boxed(b)
    if type(a) is not Vector or type(b) is not Vector:
        return None
    one, other = a.scalar, b.scalar
    if one is not None and other is not None:
        if type(one) is not str or type(other) is not str or a.attributes is not None or b.attributes is not None:
            return None
        return one == other if name == "==" else one != other if name == "!=" else None
    operation = array_arithmetic if name in _ARITHMETIC else array_comparison
    if a.attributes is None and b.attributes is None:
        return bare(operation(name, a, b))
    return bare(matrix_operation(operation, name, a, b))


def _of_doubles(name: str, compute: Callable[..., Any]) -> Callable[..., Any]:
    """An operator as `of_vectors`, with the shortest way for doubles; `constant` is a number on the right as an array."""

    def run(a: Any, b: Any, constant: Any = None) -> Any:
        try:
            return directly(a, b, constant)
        except MemoryError:
            return None

    def directly(a: Any, b: Any, constant: Any) -> Any:
        if type(a) is Vector:
            left = a.array
            if left is not None and a.attributes is None and a.kind == "double":
                if type(b) is float:
                    if b == b:
                        return Vector("double", compute(left, b if constant is None else constant))
                elif type(b) is Vector and b.attributes is None and b.kind == "double":
                    right = b.array
                    if right is not None and len(left) == len(right):
                        made = compute(left, right)
                        if lacks_nan(made):
                            return Vector("double", made)
        elif type(a) is float and type(b) is Vector and a == a:
            right = b.array
            if right is not None and b.attributes is None and b.kind == "double":
                return Vector("double", compute(a, right))
        return of_vectors(name, a, b)

    return run


sum_of_vectors = _of_doubles("+", np.add)
difference_of_vectors = _of_doubles("-", np.subtract)
product_of_vectors = _of_doubles("*", np.multiply)
quotient_of_vectors = _of_doubles("/", np.divide)


def power_of_vector(a: Any, b: Any, _constant: Any = None) -> Any:
    """`a ^ b` as `of_vectors`."""
    if b == 2 and type(a) is Vector and a.attributes is None and a.kind == "double" and a.array is not None:
        return Vector("double", a.array * a.array)
    return of_vectors("^", a, b)


def negated(name: str, a: Any, node: Call, environment: Environment) -> Any:
    """A sign, or `!`, before any value."""
    return bare(apply_builtin(REGISTRY[name], [(None, boxed(a))], node, environment))


def called(function: Builtin, values: list[Any], node: Call, environment: Environment) -> Any:
    """A builtin on evaluated arguments that its shortcut left to it."""
    arguments: list[tuple[str | None, Any]] = [(None, boxed(value)) for value in values]
    if function.primitive:
        return bare(apply_builtin(function, arguments, node, environment))
    frames = machine.frames
    if len(frames) >= EXPRESSION_DEPTH:
        raise fail(too_deep())
    frames.append(Frame(node, function, None, environment))
    try:
        return bare(apply_builtin(function, arguments, node, environment))
    finally:
        frames.pop()


def truth_of(value: Any, node: Call) -> bool:
    """The condition of `if` and `while`."""
    kind = type(value)
    if kind is bool or kind is int or (kind is float and value == value):
        return bool(value)
    return truth(boxed(value), node)


def side_truth(value: Any, side: str, node: Call) -> bool | None:
    """One side of `&&` or `||`; None where it is missing."""
    found = side_of(boxed(value), side, node)
    return None if found == NA_INTEGER else found != 0


UNKNOWN = NA
"""What `&&` and `||` give where neither side decides."""


# Elements


Table = tuple[Any, Any, int]
"""A vector that was looked at, its array, and how many elements may be read; -1 for what is not read here."""


def plain(value: Any) -> Table:
    """An atomic vector without attributes."""
    if type(value) is Vector and value.attributes is None and value.kind != "list" and value.kind != "expression":
        array = value.data
        return value, array, len(array)
    return value, None, -1


def listed(value: Any) -> Table:
    """A vector without a class, whose elements `[[` gives."""
    if type(value) is Vector and (value.attributes is None or "class" not in value.attributes):
        array = value.data
        return value, array, len(array)
    return value, None, -1


def element(value: Vector, item: Any) -> Any:
    """An item of an array as `[` and `[[` give it, bare where it is a number; None where it takes more than that."""
    kind = value.kind
    if kind == "double":
        return item
    if kind == "integer":
        return item if item != NA_INTEGER else Vector("integer", None, None, item)
    if kind == "logical":
        return item == 1 if item != NA_INTEGER else Vector("logical", None, None, item)
    if kind == "character":
        return None if item is None else Vector("character", None, None, item)
    if kind == "list":
        return EMPTY_SYMBOL if item is MISSING else bare(item)
    return None


def member(value: Any, name: str) -> Any:
    """`x$name` of an environment or a list that has it, bare where it is a number; None where it takes more than that."""
    if type(value) is Environment:
        if has_element_method("$", value.attributes):
            return None
        found = value.frame.get(name)
    else:
        attributes = value.attributes if type(value) is Vector and value.kind == "list" else None
        if attributes is None or has_element_method("$", attributes):
            return None
        names = attributes.get("names")
        labels = () if names is None else names.items()
        found = value.data[labels.index(name)] if name in labels else None
    kind = type(found)
    if kind is Vector:
        return bare(found)
    return None if kind is Promise or kind is ActiveBinding or found is MISSING else found


def item_at(value: Vector, place: Any) -> Any:
    """The element at a place of a plain vector; None where it takes more than that."""
    array = value.array
    if array is None or (type(place) is not int and type(place) is not float) or not 1 <= place <= len(array):
        return None
    item = array.item(int(place) - 1)
    return item if type(item) is float else element(value, item)


def of_part(value: Vector, place: Any) -> Any:
    """`x[-i]`, `x[from:to]` and `x[wanted]` of a plain vector; None for other places."""
    return bare(part(value, boxed(place))) if type(boxed(place)) is Vector else None


def extents(value: Any) -> tuple[Any, Any, int, int]:
    """A matrix whose cells have no names, its array, rows and columns; -1 for anything else."""
    attributes = value.attributes if type(value) is Vector else None
    if attributes is not None and value.kind != "list" and value.kind != "expression" and value.array is not None:
        shape = attributes.get("dim")
        if shape is not None and len(shape) == 2 and (
            len(attributes) == 1 or (len(attributes) == 2 and "dimnames" in attributes and loses_names(attributes["dimnames"]))
        ):  # fmt: skip
            rows, columns = shape.data.tolist()
            return value, value.array, rows, columns
    return value, None, -1, -1


def subscript(name: str, value: Any, places: tuple[Any, ...], node: Call, environment: Environment) -> Any:
    """`x[i]`, `x[[i]]` and `m[i, j]` with evaluated places."""
    arguments: list[tuple[str | None, Any]] = [(None, value), *((None, boxed(place)) for place in places)]
    return bare(apply_builtin(REGISTRY[name], arguments, node, environment))


_STORED: dict[str, tuple[type, type]] = {"double": (float, int), "integer": (int, int), "logical": (bool, bool)}


def counted(held: Any) -> tuple[int, int]:
    """References to a vector and to its array."""
    array = held.array
    return getrefcount(held), getrefcount(array)


def _sole() -> tuple[int, int]:
    frame = {"x": Vector("double", np.zeros(2))}
    held = frame.get("x")
    return counted(held)


SOLE_VECTOR, SOLE_ARRAY = _sole()
"""References to a vector that a frame and a variable of generated code hold, and to its array."""


NOT_WRITABLE = (None, None, None, None, 1, -1)


def writable(count: tuple[int, int], held: Any) -> tuple[Any, Any, Any, Any, int, int]:
    """A vector whose array may be written into at once, that array, the classes of what fits, rows of a matrix and elements."""
    classes = _STORED.get(held.kind)
    array = held.array
    attributes = held.attributes
    if classes is None or array is None or count[0] > SOLE_VECTOR or count[1] > SOLE_ARRAY or array.base is not None:
        return NOT_WRITABLE
    rows = 0
    if attributes is not None:
        if "class" in attributes:
            return NOT_WRITABLE
        shape = attributes.get("dim")
        rows = int(shape.data[0]) if shape is not None and len(shape) == 2 else 0
    if not array.flags.writeable:
        return NOT_WRITABLE
    # Whoever writes one element no longer holds the number that a vector of one was made of.
    held.scalar = None
    return held, array, classes[0], classes[1], rows, len(array)


def stored(environment: Environment, name: str, value: Any, places: tuple[Any, ...], whole: bool, setter: str) -> bool:
    """Write one element in place into what a frame alone holds; False when that cannot be done."""
    held: Any = environment.frame.get(name)
    if type(held) is not Vector or environment.guard is not None:
        return False
    is_sole = getrefcount(held) == SOLE_HELD
    made = changed(held, is_sole, places, value, whole, setter)
    if made is None:
        return False
    environment.frame[name] = made
    return True


def store_outside(environment: Environment, name: str, value: Any, index: Any, general: Any) -> None:
    """`e[[name]] <- value` of an environment, and of a vector that the frame itself does not hold."""
    held = environment.get(name)
    places = None
    if type(held) is Environment and environment.guard is None and value is not NULL:
        place = index(environment)
        if stored_in(held, place, value, general.steps[0].setter):
            environment.frame[name] = held
            return
        places = [(None, place)]
    general.finish(value, environment, places)


# Loops


def turns(value: Any, node: Call) -> Iterable[Any]:
    """What a `for` loop runs over, numbers bare."""
    if type(value) is Vector and value.attributes is None:
        if value.kind == "double":
            return iter(plain_items(value))
        if value.kind == "integer":
            return (one if one != NA_INTEGER else Vector("integer", None, None, one) for one in plain_items(value))
    return (bare(one) for one in elements_of(boxed(value), node))


def counted_turns(first: Any, last: Any) -> Iterable[Any] | None:
    """What a loop over `first:last` runs over; None where the ends are not plain whole numbers."""
    for end in (first, last):
        if type(end) is not int and (type(end) is not float or not abs(end) < 2**31 or end != int(end)):
            return None
    low, high = int(first), int(last)
    return range(low, high + 1) if low <= high else range(low, high - 1, -1)


def turns_along(value: Any) -> Iterable[Any] | None:
    """What a loop over `seq_along(x)` runs over."""
    if type(value) is Vector:
        return None if value.attributes is not None and "class" in value.attributes else range(1, len(value) + 1)
    return range(1, 2) if type(value) in _BARE else range(0) if value is NULL else None


def turns_of_length(value: Any) -> Iterable[Any] | None:
    """What a loop over `seq_len(n)` runs over."""
    if type(value) is int or (type(value) is float and value == value and abs(value) < 2**31 and value == int(value)):
        return range(1, int(value) + 1) if value >= 0 else None
    return None


_BARE = frozenset((float, int, bool))


def rest_of_loop(code: Any, environment: Environment, first: Any, items: Iterator[Any]) -> Any:
    """The turns of a `for` loop from this one on, by the ordinary code."""
    return code(environment, itertools.chain((boxed(first),), map(boxed, items)))


class GuardedFrame:
    """A frame whose bindings have become locked or active: every assignment asks."""

    def __init__(self, environment: Environment, node: Call) -> None:
        self.environment = environment
        self.node = node

    def get(self, name: str) -> Any:
        """The binding."""
        return self.environment.frame.get(name)

    def __setitem__(self, name: str, value: Any) -> None:
        store(self.environment, name, value, self.node)
