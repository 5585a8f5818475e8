"""Short ways through functions of whole vectors and their attributes; the rules of `shortcuts` hold."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from functools import cache
from typing import Any, TypeGuard

import numpy as np
from pipekeras.grammar.evaluation.shortcuts import QUICK, Quick, combine, number_of, quick
from pipekeras.grammar.values import DTYPES, FALSE, NA_INTEGER, NULL, TRUE, Vector

_MOST = 10000
"""Elements up to which a shortcut is one: it cannot be interrupted."""


def _plain(value: Any) -> TypeGuard[Vector]:
    """Whether a value is a vector without attributes, not too long."""
    return type(value) is Vector and value.attributes is None and len(value) <= _MOST


def _text(value: Any) -> str | None:
    if type(value) is not Vector or value.kind != "character" or value.attributes is not None:
        return None
    held = value.scalar
    return None if held is None else str(held)


# Attributes


_SPECIAL = frozenset(("names", "dim", "dimnames", "class", "levels", "row.names", "tsp", "comment"))
"""Attributes with rules of their own."""


@quick("attr<-")
def _with_attribute(values: list[Any]) -> Any:
    if len(values) != 3 or type(values[0]) is not Vector or values[2] is NULL:
        return None
    name = _text(values[1])
    return None if not name or name in _SPECIAL else values[0].with_attribute(name, values[2])


@quick("attr")
def _attribute(values: list[Any]) -> Any:
    if len(values) != 2 or type(values[0]) is not Vector:
        return None
    name = _text(values[1])
    if name is None or name in _SPECIAL:
        return None
    attributes = values[0].attributes
    return NULL if attributes is None else attributes.get(name)


@quick("names<-")
def _with_names(values: list[Any]) -> Any:
    if len(values) != 2:
        return None
    x, names = values
    if type(x) is not Vector or not _plain(names) or names.kind != "character" or len(names) != len(x) or not len(x):
        return None
    if x.attributes is not None and (len(x.attributes) > 1 or "names" not in x.attributes):
        return None
    return x.with_attributes({"names": names})


@quick("dim")
def _shape(values: list[Any]) -> Any:
    value = values[0] if len(values) == 1 else None
    if type(value) is not Vector:
        return None
    attributes = value.attributes
    return NULL if attributes is None else None if "class" in attributes else attributes.get("dim", NULL)


def _frame_extent(value: Any, axis: int) -> Any:
    """Rows or columns of a plain data frame, None for anything else."""
    attributes = value.attributes if type(value) is Vector else None
    if attributes is None or value.kind != "list":
        return None
    classes, rows = attributes.get("class"), attributes.get("row.names")
    if classes is None or classes.items() != ["data.frame"] or type(rows) is not Vector:
        return None
    if axis:
        return Vector("integer", None, None, len(value))
    if rows.kind == "integer" and len(rows) == 2 and rows.data[0] == NA_INTEGER:
        return Vector("integer", None, None, abs(int(rows.data[1])))
    return Vector("integer", None, None, len(rows))


def _extent(axis: int) -> Quick:
    def run(values: list[Any]) -> Any:
        count = _frame_extent(values[0], axis) if len(values) == 1 else None
        if count is not None:
            return count
        shape = _shape(values)
        if shape is None or shape is NULL:
            return shape
        return Vector("integer", None, None, shape.items()[axis]) if len(shape) > axis else None

    return run


QUICK["nrow"] = _extent(0)
QUICK["ncol"] = _extent(1)


# Elements


def _one_missing(value: Vector) -> Vector | None:
    """Whether one value under a name is missing."""
    number, attributes = value.scalar, value.attributes
    if attributes is None or len(attributes) != 1 or "names" not in attributes or value.kind == "list":
        return None
    missing = number != number or (number == NA_INTEGER and value.kind in ("integer", "logical"))
    return Vector("logical", None, {**attributes}, int(missing))


@quick("is.na")
def _missing(values: list[Any]) -> Any:
    value = values[0] if len(values) == 1 else None
    if type(value) is Vector and value.scalar is not None and value.attributes is not None:
        return _one_missing(value)
    if not _plain(value) or not len(value):
        return None
    kind = value.kind
    if value.scalar is not None:
        if kind == "list":
            return None
        number = value.scalar
        return TRUE if number != number or (number == NA_INTEGER and kind in ("integer", "logical")) else FALSE
    if kind == "double":
        return Vector("logical", np.isnan(value.data).astype(np.int32))
    if kind in ("integer", "logical"):
        return Vector("logical", (value.data == NA_INTEGER).astype(np.int32))
    return None


@quick("which")
def _places(values: list[Any]) -> Any:
    value = values[0] if len(values) == 1 else None
    if not _plain(value) or value.kind != "logical":
        return None
    return Vector("integer", (np.flatnonzero(value.data == 1) + 1).astype(np.int32))


def _place_of(choose: Callable[[np.ndarray], Any]) -> Quick:
    def run(values: list[Any]) -> Any:
        value = values[0] if len(values) == 1 else None
        if not _plain(value) or value.kind != "double" or not len(value):
            return None
        data = value.data
        at = int(choose(data))
        # A missing number is what NumPy finds first, if there is one.
        return Vector("integer", None, None, at + 1) if data[at] == data[at] else None

    return run


QUICK["which.max"] = _place_of(np.argmax)
QUICK["which.min"] = _place_of(np.argmin)


@quick("rep")
def _repeated(values: list[Any]) -> Any:
    if len(values) != 2 or not _plain(values[0]):
        return None
    times = number_of(values[1])
    if times is None or not 0 <= times <= _MOST or len(values[0]) * times > _MOST:
        return None
    x, count = values[0], int(times)
    if x.scalar is not None and x.kind != "list":
        data = np.empty(count, DTYPES[x.kind])
        data.fill(x.scalar)
        return Vector(x.kind, data)
    return Vector(x.kind, np.concatenate([x.data] * count)) if count else None


@quick("unlist")
def _leaves(values: list[Any]) -> Any:
    value = values[0] if len(values) == 1 else None
    if type(value) is not Vector or value.kind != "list" or not 0 < len(value) <= _MOST:
        return None
    attributes, parts = value.attributes, value.data
    kind = getattr(parts[0], "kind", None)
    if kind not in ("double", "integer", "logical", "character") or (attributes and attributes.keys() != {"names"}):
        return None
    for part in parts:
        if type(part) is not Vector or part.kind != kind or part.attributes is not None:
            return None
        if attributes is not None and len(part) != 1:
            return None
    return Vector(kind, np.concatenate([part.data for part in parts]), attributes and {**attributes})


@quick("append")
def _appended(values: list[Any]) -> Any:
    return combine(values) if len(values) == 2 else None


def _of_bits(operation: Callable[[int, int], int]) -> Quick:
    def run(values: list[Any]) -> Any:
        if len(values) != 2:
            return None
        x, y = number_of(values[0]), number_of(values[1])
        if x is None or y is None or not abs(x) < 2**31 or not abs(y) < 2**31 or x != int(x) or y != int(y):
            return None
        return Vector("integer", None, None, operation(int(x), int(y)))

    return run


QUICK["bitwAnd"] = _of_bits(int.__and__)
QUICK["bitwOr"] = _of_bits(int.__or__)
QUICK["bitwXor"] = _of_bits(int.__xor__)


def _of_letters(change: Callable[[str], str]) -> Quick:
    def run(values: list[Any]) -> Any:
        text = _text(values[0]) if len(values) == 1 else None
        return Vector("character", None, None, change(text)) if text is not None and text.isascii() else None

    return run


QUICK["toupper"] = _of_letters(str.upper)
QUICK["tolower"] = _of_letters(str.lower)


# Vectors made of one value


_ZEROS = {"numeric": "double", "double": "double", "integer": "integer", "logical": "logical", "character": "character"}


def _made(kind: str, length: Any) -> Any:
    count = number_of(length)
    if count is None or not 0 <= count <= _MOST:
        return None
    made = np.empty(int(count), DTYPES[kind])
    made.fill("" if kind == "character" else NULL if kind == "list" else 0)
    return Vector(kind, made)


def _of_length(kind: str) -> Quick:
    return lambda values: _made(kind, values[0]) if len(values) == 1 else None


for _name, _kind in _ZEROS.items():
    QUICK[_name] = _of_length(_kind)


@quick("vector")
def _of_mode(values: list[Any]) -> Any:
    mode = _text(values[0]) if len(values) == 2 else None
    kind = "list" if mode == "list" else _ZEROS.get(mode or "")
    return None if kind is None else _made(kind, values[1])


@quick("%in%")
def _among(values: list[Any]) -> Any:
    if len(values) != 2:
        return None
    x, table = values
    if not _plain(x) or not _plain(table):
        return None
    if {x.kind, table.kind} == {"double", "integer"}:
        number = number_of(x)
        return None if number is None or abs(number) >= 2**31 else TRUE if number in table.items() else FALSE
    if x.kind != table.kind or x.kind not in ("character", "double", "integer"):
        return None
    held, wanted = table.items(), x.scalar
    if wanted is not None:
        return (TRUE if wanted in held else FALSE) if wanted == wanted else None
    wanted = x.items()
    if x.kind == "double" and any(item != item for item in wanted):
        return None
    among = set(held)
    return Vector("logical", np.array([item in among for item in wanted], np.int32))


@quick("cumsum")
def running_sums(values: list[Any]) -> Any:
    data = values[0].array if len(values) == 1 and _plain(values[0]) and values[0].kind == "double" else None
    if data is None:
        return None
    made = np.cumsum(data.astype(np.longdouble)).astype(np.float64) + 0.0
    return Vector("double", made) if len(made) and made[-1] == made[-1] else None


# Single random numbers


@cache
def _generator() -> Any:
    """The generator, found when the first number is drawn: a session without one starts sooner."""
    from pipekeras.grammar.numeric.generator import GENERATOR

    return GENERATOR


def _variate(values: list[Any], default: tuple[float, float]) -> Any:
    """The two parameters of a distribution of which one number is asked for, None where they are not plain."""
    if not 1 <= len(values) <= 3 or number_of(values[0]) != 1:
        return None
    given = [number_of(value) for value in values[1:]]
    if None in given or not all(map(math.isfinite, given)):
        return None
    return (*given, *default[len(given) :])


@quick("runif")
def _uniform(values: list[Any]) -> Any:
    found = _variate(values, (0.0, 1.0))
    if found is None or not found[0] < found[1]:
        return None
    low, high = float(found[0]), float(found[1])
    return Vector("double", None, None, low + (high - low) * _generator().uniform())


@quick("rnorm")
def _normal(values: list[Any]) -> Any:
    found = _variate(values, (0.0, 1.0))
    if found is None or not found[1] > 0:
        return None
    return Vector("double", None, None, found[0] + found[1] * _generator().normals(1).item())


# Operators that are called as functions


def _of_two_numbers(operation: Callable[[Any, Any], Any]) -> Quick:
    def run(values: list[Any]) -> Any:
        if len(values) != 2:
            return None
        x, y = number_of(values[0]), number_of(values[1])
        if x is None or y is None:
            return None
        made = operation(x, y)
        if values[0].kind == "double" or values[1].kind == "double":
            return Vector("double", None, None, made) if made == made else None
        return Vector("integer", None, None, made) if abs(made) < 2**31 else None

    return run


QUICK["+"] = _of_two_numbers(operator.add)
QUICK["-"] = _of_two_numbers(operator.sub)
QUICK["*"] = _of_two_numbers(operator.mul)
