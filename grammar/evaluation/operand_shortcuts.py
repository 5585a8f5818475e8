"""Short ways through arithmetic, comparison and indexing of plain vectors, for the operators and for assignment.

As with `shortcuts`, each gives the value, or says that it does not apply: it never warns and never fails.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from pipekeras.grammar.evaluation.shortcuts import number_of
from pipekeras.grammar.values import NA_INTEGER, Vector

_LIMIT = 2**31
_MOST = 10000
"""Integers up to which a shortcut is one: it takes twice their memory."""
_least, _greatest = np.minimum.reduce, np.maximum.reduce

_ARRAY_OPERATIONS: dict[str, Callable[..., Any]] = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}


_FEW = 16
"""Elements up to which a list is looked through faster than an array."""
_INTEGERS = np.dtype(np.int32)
_NUMBERS = frozenset(("double", "integer"))


def _lacks_missing(data: np.ndarray) -> bool:
    """Whether no element of integers is missing."""
    if len(data) <= _FEW:
        return NA_INTEGER not in data.tolist()
    return bool(_least(data) != NA_INTEGER)


def lacks_nan(data: np.ndarray) -> bool:
    """Whether no double is missing; may be false where some are infinite."""
    if len(data) <= _FEW:
        total = sum(data.tolist())
        return bool(total == total)
    square = data.dot(data)
    return bool(square == square)


def _doubles(value: Vector) -> Any:
    """Elements of a plain numeric vector as doubles: a number or an array; None when there may be missing ones."""
    if value.scalar is not None:
        return number_of(value)
    if value.kind == "double":
        return value.array
    if value.kind == "integer" and value.array is not None and len(value.array) and _lacks_missing(value.array):
        return value.array.astype(np.float64)
    return None


def array_arithmetic(name: str, x: Vector, y: Vector) -> Vector | None:
    """Doubles by doubles, element by element: of one length or with a single one that is not missing."""
    compute = _ARRAY_OPERATIONS.get(name)
    one, other = x.scalar, y.scalar
    if compute is None:
        if name == "^":
            return _squares(x, other) if one is None and other == 2 and y.kind == "double" else _powers(x, y)
        return _remainders(name, x, other) if y.kind in _NUMBERS else None
    if x.kind != "double" or y.kind != "double":
        return _mixed_arithmetic(name, compute, x, y)
    try:
        # NumPy keeps silent in every program: `run_deep` has told it so.
        if other is not None:
            # A missing element stays what it is, NA or NaN, beside a single number.
            return Vector("double", compute(x.array, other)) if other == other and one is None else None
        if one is not None:
            return Vector("double", compute(one, y.array)) if one == one else None
        left, right = x.array, y.array
        if left is None or right is None or len(left) != len(right):
            return None
        made = compute(left, right)
    except MemoryError:
        return None
    return Vector("double", made) if lacks_nan(made) else None


def _squares(x: Vector, exponent: Any) -> Vector | None:
    data = x.array
    return Vector("double", data * data) if x.kind == "double" and data is not None and len(data) <= _MOST else None


_FEW_POWERS = 512
"""Powers up to which the C library makes them one by one."""


@cache
def _power() -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """The engine's powers, found when the first are asked for: a session without them starts sooner."""
    from pipekeras.grammar.vectors.arithmetic import DOUBLE_OPERATIONS

    return DOUBLE_OPERATIONS["^"]


def _powers(x: Vector, y: Vector) -> Vector | None:
    """Powers of a few numbers of which none is missing."""
    left, right = _doubles(x), _doubles(y)
    if left is None or right is None:
        return None
    left, right = np.atleast_1d(np.float64(left)), np.atleast_1d(np.float64(right))
    size, other = len(left), len(right)
    if not 0 < max(size, other) <= _FEW_POWERS or (size != other and size != 1 and other != 1) or not min(size, other):
        return None
    return Vector("double", _power()(left, right)) if lacks_nan(left) and lacks_nan(right) else None


_WHOLE = 1e9
"""Whole numbers below this have remainders and quotients that NumPy and R agree upon."""


def _remainders(name: str, x: Vector, divisor: Any) -> Vector | None:
    """`x %% n` and `x %/% n` of whole numbers by a positive one."""
    data = x.array
    if divisor is None or data is None or not 0 < len(data) <= _MOST or not 0 < divisor < _WHOLE or divisor % 1:
        return None
    if x.kind == "integer":
        if not _lacks_missing(data):
            return None
        if type(divisor) is float:
            data = data.astype(np.float64)
    elif x.kind != "double" or not (lacks_nan(data) and abs(data).max() < _WHOLE and (data % 1 == 0).all()):
        return None
    made = data % divisor if name == "%%" else data // divisor
    return Vector("integer", made.astype(_INTEGERS)) if made.dtype.kind == "i" else Vector("double", made + 0.0)


def _mixed_arithmetic(name: str, compute: Callable[..., Any], x: Vector, y: Vector) -> Vector | None:
    """Integers by integers or by doubles, where none is missing."""
    if x.kind != "double" and y.kind != "double" and name != "/":
        return _integer_arithmetic(compute, x, y)
    left, right = _doubles(x), _doubles(y)
    if left is None or right is None:
        return None
    if x.scalar is None and y.scalar is None and len(left) != len(right):
        return None
    try:
        made = compute(left, right)
    except MemoryError:
        return None
    return Vector("double", made) if lacks_nan(made) else None


Operation = Callable[[str, Vector, Vector], Vector | None]


def matrix_operation(operation: Operation, name: str, x: Vector, y: Vector) -> Vector | None:
    """What an operation makes of operands with nothing but names or the extents of a matrix or array, or a plain number."""
    left, right = x.attributes, y.attributes
    if left is None:
        if right is None or len(right) != 1 or (x.scalar is None and ("names" not in right or len(x) != len(y))):
            return None
        kept = right
    elif len(left) != 1:
        return None
    else:
        kept = left
        if right is None:
            if y.scalar is None and ("names" not in left or len(x) != len(y)):
                return None
        elif len(right) != 1 or left.keys() != right.keys():
            return None
        elif "names" in left:
            if len(x) != len(y):
                return None
        elif right is not left and ("dim" not in left or right["dim"].items() != left["dim"].items()):
            return None
    if ("dim" not in kept and "names" not in kept) or not len(x) or not len(y):
        return None
    made = operation(name, x if left is None else _bare(x), y if right is None else _bare(y))
    if made is None:
        return None
    return Vector(made.kind, made.data, {**kept}, made.data.item(0) if len(made.data) == 1 else None)


def _bare(value: Vector) -> Vector:
    """The elements alone, as an array also where there is one."""
    return value if value.scalar is None else Vector(value.kind, value.data)


def _integer_arithmetic(compute: Callable[..., Any], x: Vector, y: Vector) -> Vector | None:
    """Integers by integers, where no missing value is among them or comes out."""
    sides: list[Any] = []
    for value in (x, y):
        if value.kind != "integer":
            return None
        held = value.scalar
        if held is None:
            held = value.array
            if held is None or not 0 < len(held) <= _MOST or not _lacks_missing(held):
                return None
            held = held.astype(np.int64)
        elif held == NA_INTEGER:
            return None
        sides.append(held)
    left, right = sides
    if x.scalar is None and y.scalar is None and len(left) != len(right):
        return None
    made = compute(left, right)
    least, greatest = bounds(made)
    return Vector("integer", made.astype(_INTEGERS)) if least > -_LIMIT and greatest < _LIMIT else None


def negative_integers(x: Vector) -> Vector | None:
    """`-x` of integers without attributes, of which none is missing."""
    if x.scalar is not None:
        return Vector("integer", None, None, -x.scalar) if x.scalar != NA_INTEGER else None
    data = x.array
    return Vector("integer", -data) if data is not None and len(data) and _lacks_missing(data) else None


def negated_truths(x: Any) -> Vector | None:
    """`!x` of truths of which none is missing."""
    if type(x) is not Vector or x.kind != "logical" or x.array is None or not len(x.array):
        return None
    attributes = x.attributes
    if attributes is not None and (len(attributes) > 1 or not ("names" in attributes or "dim" in attributes)):
        return None
    return Vector("logical", 1 - x.array, attributes) if _lacks_missing(x.array) else None


def joined_truths(x: Any, y: Any, both: bool) -> Vector | None:
    """`x & y`, or `x | y`, of truths of one length without attributes, of which none is missing."""
    if type(x) is not Vector or type(y) is not Vector or x.kind != "logical" or y.kind != "logical":
        return None
    if x.attributes is not None or y.attributes is not None or len(x) != len(y) or not len(x):
        return None
    left, right = x.data, y.data
    if not _lacks_missing(left) or not _lacks_missing(right):
        return None
    return Vector("logical", left & right if both else left | right)


def bounds(data: np.ndarray) -> tuple[Any, Any]:
    """The least and the greatest of some numbers."""
    if len(data) <= _FEW:
        items = data.tolist()
        return min(items), max(items)
    return _least(data), _greatest(data)


_ARRAY_COMPARISONS: dict[str, Callable[..., Any]] = {
    "==": np.equal, "!=": np.not_equal, "<": np.less, ">": np.greater, "<=": np.less_equal, ">=": np.greater_equal,
}  # fmt: skip


def array_comparison(name: str, x: Vector, y: Vector) -> Vector | None:
    """Values by values, element by element: of one length or with a single one, none of them missing."""
    if x.kind == "character" and y.kind == "character" and name in ("==", "!="):
        return _texts_compared(name, x, y)
    left, right = _doubles(x), _doubles(y)
    if left is None or right is None:
        return None
    if type(left) is np.ndarray:
        if not lacks_nan(left) or (type(right) is np.ndarray and (len(left) != len(right) or not lacks_nan(right))):
            return None
    elif type(right) is not np.ndarray or not lacks_nan(right):
        return None
    try:
        return Vector("logical", _ARRAY_COMPARISONS[name](left, right).astype(_INTEGERS))
    except MemoryError:
        return None


def _texts_compared(name: str, x: Vector, y: Vector) -> Vector | None:
    """Whether texts are the same."""
    left, right = x.items(), y.items()
    if max(len(left), len(right)) > _MOST or None in left or None in right:
        return None
    if len(right) == 1:
        only = right[0]
        truths = [one == only for one in left]
    elif len(left) == len(right):
        truths = [one == other for one, other in zip(left, right, strict=True)]
    else:
        return None
    made = np.array(truths, np.int32)
    return Vector("logical", made if name == "==" else 1 - made)


def plain_places(index: Vector, count: int, names: Vector | None) -> Any:
    """What picks the elements out of an array of so many that an index without attributes means.

    That is a slice, an array of places or a mask; None where an element is missing, is not there or would be left empty.
    """
    number, kind = index.scalar, index.kind
    if index.attributes is not None:
        return None
    if number is not None:
        if kind == "double" or kind == "integer":
            if 1 <= number < count + 1:
                at = int(number)
                return slice(at - 1, at)
            if not -count <= number <= -1:
                return None
            wanted = np.ones(count, bool)
            wanted[-int(number) - 1] = False
            return wanted
        labels = names.items() if names is not None and number else ()
        if kind != "character" or number not in labels:
            return None
        at = labels.index(number)
        return slice(at, at + 1)
    where = index.array
    if where is None or not len(where):
        return None
    if kind == "integer" or (kind == "double" and lacks_nan(where)):
        least, greatest = bounds(where)
        if least >= 1 and greatest < count + 1:
            return (where if kind == "integer" else where.astype(np.int64)) - 1
        if greatest > -1 or least <= -_LIMIT:
            return None
        wanted = np.ones(count, bool)
        wanted[[at for at in (-where.astype(np.int64) - 1).tolist() if at < count]] = False
        return wanted
    if kind == "logical":
        return where.astype(bool) if len(where) == count and _lacks_missing(where) else None
    if kind != "character" or names is None or len(where) > _FEW:
        return None
    labels, wanted_labels = names.items(), where.tolist()
    if not all(wanted_labels) or not all(one in labels for one in wanted_labels):
        return None
    return np.array([labels.index(one) for one in wanted_labels])


def part(vector: Vector, index: Vector) -> Vector | None:
    """`x[i]` for one or more plain places of a vector that has no attributes but names."""
    attributes = vector.attributes
    names = None
    if attributes is not None:
        names = attributes.get("names")
        if names is None or len(attributes) != 1:
            return None
    elif index.kind == "character":
        return None
    data = vector.data
    number = number_of(index) if names is None else None
    if number is not None and -len(data) <= number <= -1:
        at = -int(number)
        return Vector(vector.kind, np.concatenate((data[: at - 1], data[at:])))
    where = plain_places(index, len(data), names)
    if where is None:
        return None
    if names is None:
        return Vector(vector.kind, data[where].copy() if type(where) is slice else data[where])
    if type(where) is not slice:
        return Vector(vector.kind, data[where], {"names": Vector("character", names.data[where])})
    at = where.start
    kept = {"names": Vector("character", None, None, names.data[at])} if names.data[at] is not None else None
    item = data.item(at)
    if kept is None or vector.kind == "list" or item is None:
        return Vector(vector.kind, data[where].copy(), {"names": Vector("character", names.data[where].copy())})
    return Vector(vector.kind, None, kept, item)


def line(matrix: Vector, place: Any, row: bool) -> Vector | None:
    """`m[i, ]`, or `m[, i]`, of a matrix without names; None for anything else."""
    attributes = matrix.attributes
    number = number_of(place)
    if attributes is None or len(attributes) != 1 or number is None or number < 1:
        return None
    shape = attributes.get("dim")
    if shape is None or len(shape) != 2:
        return None
    rows, columns = shape.items()
    at = int(number) - 1
    if at >= (rows if row else columns):
        return None
    data = matrix.data[at::rows] if row else matrix.data[at * rows : (at + 1) * rows]
    return Vector(matrix.kind, data.copy())


def cell_offset(indices: Sequence[Any], attributes: dict[str, Any]) -> int:
    """Position in the array that a plain positive place along each extent means, -1 when they are anything else."""
    shape = attributes.get("dim")
    if shape is None:
        return -1
    extents = shape.items()
    if len(extents) != len(indices):
        return -1
    at = 0
    stride = 1
    for index, extent in zip(indices, extents, strict=True):
        if type(index) is not Vector or index.attributes is not None:
            return -1
        number = index.scalar
        if number is None or (index.kind != "double" and index.kind != "integer") or not 1 <= number <= extent:
            return -1
        at += (int(number) - 1) * stride
        stride *= extent
    return at


def offset(held: Vector, indices: Sequence[Any], attributes: Any) -> int:
    """Position in the array that plain positive indices mean, -1 when they are anything else."""
    if attributes is not None and "class" in attributes:
        return -1
    if len(indices) > 1:
        return -1 if attributes is None else cell_offset(indices, attributes)
    row = _whole(indices[0])
    return row - 1 if row > 0 else -1


def _whole(index: Any) -> int:
    """A plain positive index, 0 for any other."""
    if type(index) is not Vector or index.attributes is not None:
        return 0
    number = index.scalar
    if number is None or (index.kind != "double" and index.kind != "integer") or not 1 <= number < _LIMIT:
        return 0
    return int(number)
