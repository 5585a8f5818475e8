"""Short ways through common functions for plain operands: what loops call a million times.

A shortcut gets the evaluated arguments of a call without names and gives the value, or None to leave the call to the
function itself. It never warns and never fails, and answers only where no method could be asked: for values without
attributes that it looks at.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import REGISTRY
from pipekeras.grammar.evaluation.compiler import GUARDS
from pipekeras.grammar.text.bytes import is_valid
from pipekeras.grammar.values import FALSE, NA_INTEGER, NULL, TRUE, Vector, object_array

LONGEST = 2**20
"""Elements up to which a shortcut makes vectors: larger ones may not fit, and who makes them should be told."""
Quick = Callable[[list[Any]], Any]
QUICK: dict[str, Quick] = {}
"""Shortcuts by name."""


def quick(*names: str) -> Callable[[Quick], Quick]:
    """Enter a shortcut under names of builtins."""

    def enter(function: Quick) -> Quick:
        for name in names:
            QUICK[name] = function
        return function

    return enter


_LABELS: dict[tuple[str | None, ...], Vector] = {}
"""Names of lists that programs make, by the call's own names; shared, so nobody writes into them."""


def _named_list(names: tuple[str | None, ...], values: list[Any]) -> Any:
    """`list(a = x, b = y)`, and `list(x, y)`."""
    labels = _LABELS.get(names)
    if labels is None and any(names):
        if len(_LABELS) > 5000:
            _LABELS.clear()
        texts = np.empty(len(names), object)
        texts[:] = [name or "" for name in names]
        labels = _LABELS[names] = Vector("character", texts)
    array = np.empty(len(values), object)
    for at, value in enumerate(values):
        array[at] = value
    return Vector("list", array, None if labels is None else {"names": labels})


def install() -> None:
    """Give the builtins their shortcuts."""
    import pipekeras.grammar.evaluation.asking_shortcuts as asking
    import pipekeras.grammar.evaluation.generic_shortcuts
    import pipekeras.grammar.evaluation.vector_shortcuts  # noqa: F401 - they fill the table
    from pipekeras.grammar.evaluation.matrix_shortcuts import bind_columns, bind_rows

    REGISTRY["list"].quick_named = _named_list
    for name, named in (("c", asking.combine_named), ("paste", asking.paste_named), ("paste0", asking.paste0_named)):
        REGISTRY[name].quick_named = named
    for name in ("sum", "max", "min", "mean", "range", "prod"):
        REGISTRY[name].quick_named = asking.without_missing(QUICK[name])
    REGISTRY["rbind"].quick_written, REGISTRY["cbind"].quick_written = bind_rows, bind_columns
    for name, function in QUICK.items():
        entry = REGISTRY.get(name)
        if entry is not None:
            entry.quick = function
            GUARDS.setdefault(name, [])


def number_of(value: Any) -> Any:
    """The Python number of a plain double or integer, None for anything else and for missing values."""
    if type(value) is not Vector or value.attributes is not None:
        return None
    number = value.scalar
    if number is None or number != number:
        return None
    kind = value.kind
    return number if kind == "double" or (kind == "integer" and number != NA_INTEGER) else None


_FEW = 100
"""Elements up to which a function of the C library is called one by one."""


def _of_one_double(function: Callable[[float], float]) -> Quick:
    def run(values: list[Any]) -> Any:
        if len(values) != 1:
            return None
        number = number_of(values[0])
        try:
            if number is not None:
                return Vector("double", None, None, function(float(number)))
            data = doubles_of(values[0])
            if data is None or not 0 < len(data) <= _FEW:
                return None
            made = [function(item) for item in data.tolist()]
        except (ValueError, OverflowError):
            return None
        total = sum(made)
        return Vector("double", np.array(made), values[0].attributes) if total == total else None

    return run


def doubles_of(value: Any) -> Any:
    """The array of doubles that have no attributes but the extents of a matrix or array; None for anything else."""
    if type(value) is not Vector or value.kind != "double" or value.array is None:
        return None
    attributes = value.attributes
    return value.array if attributes is None or (len(attributes) == 1 and "dim" in attributes) else None


for _name, _function in (
    ("sqrt", math.sqrt), ("exp", math.exp), ("sin", math.sin), ("cos", math.cos), ("tan", math.tan), ("tanh", math.tanh),
    ("log", math.log),
):  # fmt: skip
    QUICK[_name] = _of_one_double(_function)


_root_of_one = QUICK["sqrt"]


@quick("sqrt")
def _roots(values: list[Any]) -> Any:
    data = doubles_of(values[0]) if len(values) == 1 else None
    if data is None:
        return _root_of_one(values)
    if len(data) > LONGEST:
        return None
    made = np.sqrt(data)
    square = made.dot(made)
    return Vector("double", made, values[0].attributes) if square == square else None


def _of_one_fraction(function: Callable[[float], int]) -> Quick:
    def run(values: list[Any]) -> Any:
        number = number_of(values[0]) if len(values) == 1 else None
        if number is None or type(number) is not float or math.isinf(number):
            return None
        return Vector("double", None, None, math.copysign(float(function(number)), number))

    return run


for _name, _rounding in (("floor", math.floor), ("ceiling", math.ceil), ("round", round), ("trunc", math.trunc)):
    QUICK[_name] = _of_one_fraction(_rounding)


@quick("abs")
def _absolute(values: list[Any]) -> Any:
    if len(values) != 1:
        return None
    number = number_of(values[0])
    if number is not None:
        return Vector(values[0].kind, None, None, abs(number))
    data = doubles_of(values[0])
    return None if data is None else Vector("double", np.abs(data), values[0].attributes)


def _without_class(value: Any) -> bool:
    return type(value) is Vector and (value.attributes is None or "class" not in value.attributes)


@quick("length")
def _length(values: list[Any]) -> Any:
    if len(values) != 1:
        return None
    value = values[0]
    return Vector("integer", None, None, len(value)) if value is NULL or _without_class(value) else None


@quick("is.null")
def _is_null(values: list[Any]) -> Any:
    return None if len(values) != 1 else TRUE if values[0] is NULL else FALSE


@quick("is.numeric")
def _is_numeric(values: list[Any]) -> Any:
    if len(values) != 1 or not _without_class(values[0]):
        return None
    return TRUE if values[0].kind in ("double", "integer") else FALSE


@quick("is.character")
def _is_character(values: list[Any]) -> Any:
    if len(values) != 1 or type(values[0]) is not Vector:
        return None
    return TRUE if values[0].kind == "character" else FALSE


@quick("names")
def _names(values: list[Any]) -> Any:
    value = values[0] if len(values) == 1 else None
    if type(value) is not Vector:
        return None
    attributes = value.attributes
    if attributes is None:
        return NULL
    return None if "class" in attributes or "dim" in attributes else attributes.get("names", NULL)


_total = np.add.reduce


@quick("sum")
def _sum(values: list[Any]) -> Any:
    if len(values) > 1:
        return _sum_of_numbers(values)
    value = values[0] if values else None
    if type(value) is not Vector:
        return None
    kind = value.kind
    if value.scalar is not None:
        # A sum begins at zero, which no negative zero changes.
        return None if number_of(value) is None else value if value.scalar else Vector(kind, None, None, value.scalar + 0)
    attributes = value.attributes
    if attributes is not None and (len(attributes) > 1 or not ("dim" in attributes or "names" in attributes)):
        return None
    data = value.array
    if data is None or not 0 < len(data) <= 1000:
        return None
    if kind == "double":
        total = float(_total(data) if len(data) < 3 else _total(data.astype(np.longdouble))) + 0.0
        return Vector("double", None, None, total) if total == total else None
    if kind in ("integer", "logical"):
        numbers = data.tolist()
        total = sum(numbers)
        return Vector("integer", None, None, total) if abs(total) < 2**31 and NA_INTEGER not in numbers else None
    return None


def _sum_of_numbers(values: list[Any]) -> Any:
    """Single numbers of one kind together."""
    numbers = [number_of(value) for value in values]
    kind = values[0].kind if numbers[0] is not None else ""
    if None in numbers or any(value.kind != kind for value in values):
        return None
    if kind == "integer":
        total = sum(numbers)
        return Vector("integer", None, None, total) if abs(total) < 2**31 else None
    made = 0.0
    for number in numbers:
        made += number
    return Vector("double", None, None, made) if made == made else None


def _extreme(choose: Callable[..., Any]) -> Quick:
    def run(values: list[Any]) -> Any:
        if len(values) == 1:
            data = doubles_of(values[0])
            if data is not None:
                return _extreme_of_doubles(data, choose)
        numbers = [number_of(value) for value in values]
        if not numbers or None in numbers:
            return None
        best = choose(numbers)
        if any(value.kind == "double" for value in values):
            return Vector("double", None, None, float(best))
        return Vector("integer", None, None, best)

    return run


def _extreme_of_doubles(data: np.ndarray, choose: Callable[..., Any]) -> Any:
    """The greatest or the least of some doubles, of which none is missing."""
    if not 0 < len(data) <= _FEW:
        return None
    items = data.tolist()
    total = sum(items)
    return Vector("double", None, None, choose(items)) if total == total else None


QUICK["max"] = _extreme(max)
QUICK["min"] = _extreme(min)


def _of_truths(deciding: int) -> Quick:
    answer, other = (TRUE, FALSE) if deciding else (FALSE, TRUE)

    def run(values: list[Any]) -> Any:
        value = values[0] if len(values) == 1 else None
        if type(value) is not Vector or value.kind != "logical" or value.attributes is not None or len(value) > 1000:
            return None
        truths = value.items()
        return answer if deciding in truths else None if NA_INTEGER in truths else other

    return run


QUICK["any"] = _of_truths(1)
QUICK["all"] = _of_truths(0)

_JOINED_KINDS = frozenset(("double", "integer", "logical", "character", "list"))


@quick("c")
def combine(values: list[Any]) -> Any:
    kind = None
    for value in values:
        if value is NULL:
            continue
        if type(value) is not Vector or value.attributes is not None:
            return None
        if kind is not None and value.kind != kind:
            kinds = {kind, value.kind}
            if kinds == {"double", "integer"}:
                return _joined_numbers(values)
            return _joined_list(values) if "list" in kinds else None
        kind = value.kind
    if kind is None or kind not in _JOINED_KINDS:
        return None
    parts = [value.data for value in values if value is not NULL]
    if sum(map(len, parts)) > LONGEST:
        return None
    return Vector(kind, np.concatenate(parts)) if len(parts) > 1 else Vector(kind, parts[0])


def _joined_list(values: list[Any]) -> Any:
    """Lists and single values as one list."""
    items: list[Any] = []
    for value in values:
        if value is NULL:
            continue
        if type(value) is not Vector or value.attributes is not None or (value.kind != "list" and value.scalar is None):
            return None
        items.extend(value.data if value.kind == "list" else (value,))
    return Vector("list", object_array(items)) if len(items) <= LONGEST else None


def _joined_numbers(values: list[Any]) -> Any:
    """Single numbers of both kinds as doubles."""
    numbers = [number_of(value) for value in values]
    return None if None in numbers else Vector("double", np.array(numbers, np.float64))


@quick("seq_len")
def _sequence(values: list[Any]) -> Any:
    number = number_of(values[0]) if len(values) == 1 else None
    if number is None or not 0 <= number <= LONGEST or number != int(number):
        return None
    return Vector("integer", np.arange(1, int(number) + 1, dtype=np.int32))


@quick("seq_along")
def _along(values: list[Any]) -> Any:
    if len(values) != 1 or not (values[0] is NULL or _without_class(values[0])):
        return None
    return Vector("integer", np.arange(1, len(values[0]) + 1, dtype=np.int32))


@quick(":")
def _range(values: list[Any]) -> Any:
    if len(values) != 2:
        return None
    low, high = number_of(values[0]), number_of(values[1])
    if low is None or high is None or abs(low) >= 2**31 or abs(high) >= 2**31 or low != int(low) or high != int(high):
        return None
    low, high = int(low), int(high)
    if abs(high - low) > LONGEST:
        return None
    step = 1 if low <= high else -1
    return Vector("integer", np.arange(low, high + step, step, dtype=np.int32))


def text_of(value: Any) -> str | None:
    """What `as.character` makes of one plain text or small whole number."""
    if type(value) is not Vector or value.attributes is not None:
        return None
    held = value.scalar
    kind = value.kind
    if kind == "character":
        return None if held is None else str(held)
    number = number_of(value)
    if number is None:
        return None
    if kind == "double":
        if number != int(number) if abs(number) < 100000 else True:
            return None
        return str(int(number))
    return str(number)


def _read(value: Any) -> Any:
    """The number of a plain double or integer, or of a text of at most nine digits."""
    if type(value) is not Vector or value.attributes is not None:
        return None
    if value.kind != "character":
        return number_of(value)
    text = value.scalar
    return int(text) if text is not None and 0 < len(text) < 10 and text.isascii() and text.isdigit() else None


@quick("as.numeric", "as.double")
def _as_double(values: list[Any]) -> Any:
    number = _read(values[0]) if len(values) == 1 else None
    return None if number is None else Vector("double", None, None, float(number))


@quick("as.integer")
def _as_integer(values: list[Any]) -> Any:
    number = _read(values[0]) if len(values) == 1 else None
    if number is None or abs(number) >= 2**31:
        return None
    return Vector("integer", None, None, int(number))


@quick("nchar")
def _letters(values: list[Any]) -> Any:
    value = values[0] if len(values) == 1 else None
    if type(value) is not Vector or value.kind != "character" or value.attributes is not None or value.scalar is None:
        return None
    letters = value.scalar
    return Vector("integer", None, None, len(letters)) if letters.isascii() or is_valid(letters) else None


@quick("substr")
def _substring(values: list[Any]) -> Any:
    if len(values) != 3 or type(values[0]) is not Vector or values[0].kind != "character":
        return None
    text, first, last = values[0].scalar, number_of(values[1]), number_of(values[2])
    if text is None or values[0].attributes is not None or first is None or last is None or abs(last) >= 2**31:
        return None
    return Vector("character", None, None, text[max(int(first), 1) - 1 : max(int(last), 0)])
