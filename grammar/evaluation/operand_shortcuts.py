"""Short ways through arithmetic, comparison and indexing of plain vectors, for the operators and for assignment.

As with `shortcuts`, each gives the value, or says that it does not apply: it never warns and never fails.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
        return _squares(x, other) if name == "^" and one is None and other == 2 and y.kind == "double" else None
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
    """What an operation makes of a matrix or array without names and another of its shape, or a single plain number."""
    left, right = x.attributes, y.attributes
    if left is None:
        if right is None or len(right) != 1 or x.scalar is None:
            return None
        extents = right.get("dim")
    elif len(left) != 1:
        return None
    else:
        extents = left.get("dim")
        if right is None:
            if y.scalar is None:
                return None
        elif len(right) != 1 or extents is None:
            return None
        else:
            other = right.get("dim")
            if other is not extents and (other is None or other.items() != extents.items()):
                return None
    if extents is None:
        return None
    made = operation(name, x if left is None else _bare(x), y if right is None else _bare(y))
    return None if made is None else Vector(made.kind, made.data, {"dim": extents})


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


def part(vector: Vector, index: Vector) -> Vector | None:
    """`x[-i]`, `x[from:to]` and `x[wanted]` of a vector without attributes."""
    if index.attributes is not None:
        return None
    count = len(vector)
    number = index.scalar
    kind = index.kind
    if number is not None:
        if kind not in ("double", "integer") or not -count <= number <= -1:
            return None
        at = -int(number)
        data = vector.data
        return Vector(vector.kind, np.concatenate((data[: at - 1], data[at:])))
    where = index.array
    if where is None or not len(where):
        return None
    if kind == "integer":
        least, greatest = bounds(where)
        if least < 1 or greatest > count:
            return None
        return Vector(vector.kind, vector.data.take(where - 1))
    if kind == "logical" and len(where) == count and _lacks_missing(where):
        return Vector(vector.kind, vector.data[where.astype(bool)])
    return None


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
