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


def _doubles(value: Vector) -> Any:
    """Elements of a plain numeric vector as doubles: a number or an array; None when there may be missing ones."""
    if value.scalar is not None:
        return number_of(value)
    if value.kind == "double":
        return value.array
    if value.kind == "integer" and value.array is not None and len(value.array) and value.array.min() != NA_INTEGER:
        return value.array.astype(np.float64)
    return None


def array_arithmetic(name: str, x: Vector, y: Vector) -> Vector | None:
    """Doubles by doubles, element by element: of one length or with a single one, and no missing value comes out."""
    compute = _ARRAY_OPERATIONS.get(name)
    if compute is None:
        return None
    if x.kind != "double" and y.kind != "double" and name != "/":
        return _integer_arithmetic(compute, x, y)
    left, right = _doubles(x), _doubles(y)
    if left is None or right is None:
        return None
    if x.scalar is None and y.scalar is None and len(left) != len(right):
        return None
    try:
        # NumPy keeps silent in every program: `run_deep` has told it so.
        made = compute(left, right)
        square = made.dot(made)
    except MemoryError:
        return None
    return Vector("double", made) if square == square else None


def matrix_arithmetic(name: str, x: Vector, y: Vector) -> Vector | None:
    """Doubles of a matrix or array without names by those of another of its shape, or by a single plain one."""
    shape = _shape_alone(x)
    other = _shape_alone(y)
    if shape is None or other is None:
        whole, single = (x, y) if other is None else (y, x)
        if single.attributes is not None or single.scalar is None:
            return None
        extents = _shape_alone(whole)
    else:
        extents = shape if shape.items() == other.items() else None
    if extents is None:
        return None
    made = array_arithmetic(name, _bare(x), _bare(y))
    return None if made is None else made.with_attributes({"dim": extents})


def _shape_alone(value: Vector) -> Vector | None:
    """The extents of a vector that has no other attribute."""
    attributes = value.attributes
    return attributes.get("dim") if attributes is not None and len(attributes) == 1 else None


def _bare(value: Vector) -> Vector:
    """The elements alone, as an array also where there is one."""
    return value if value.attributes is None else Vector(value.kind, value.data)


def _integer_arithmetic(compute: Callable[..., Any], x: Vector, y: Vector) -> Vector | None:
    """Integers by integers, where no missing value is among them or comes out."""
    sides: list[Any] = []
    for value in (x, y):
        if value.kind != "integer":
            return None
        held = value.scalar
        if held is None:
            held = value.array
            if held is None or not 0 < len(held) <= _MOST or _least(held) == NA_INTEGER:
                return None
            held = held.astype(np.int64)
        elif held == NA_INTEGER:
            return None
        sides.append(held)
    left, right = sides
    if x.scalar is None and y.scalar is None and len(left) != len(right):
        return None
    made = compute(left, right)
    return Vector("integer", made.astype(np.int32)) if _least(made) > -_LIMIT and _greatest(made) < _LIMIT else None


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
    if x.scalar is None and y.scalar is None and len(left) != len(right):
        return None
    for side in (left, right):
        if type(side) is np.ndarray:
            square = side.dot(side)
            if square != square:
                return None
    try:
        return Vector("logical", _ARRAY_COMPARISONS[name](left, right).astype(np.int32))
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
        if _least(where) < 1 or _greatest(where) > count:
            return None
        return Vector(vector.kind, vector.data[where - 1])
    if kind == "logical" and len(where) == count and _least(where) >= 0:
        return Vector(vector.kind, vector.data[where == 1])
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
