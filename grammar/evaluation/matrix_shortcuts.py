"""Short ways through products, binding and sums of plain matrices; the rules of `shortcuts` hold."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

import numpy as np
from pipekeras.grammar.evaluation.operand_shortcuts import lacks_nan
from pipekeras.grammar.evaluation.shortcuts import LONGEST, number_of, quick
from pipekeras.grammar.nodes import Symbol
from pipekeras.grammar.values import NULL, Vector, character, mk_list

_FEWEST_PRODUCTS = 8
"""Products of numbers up to which lists are faster than arrays."""
_MOST_PRODUCTS = 4096
"""Products of numbers up to which a matrix product is made here: larger ones are looked at more closely."""


@lru_cache(maxsize=1024)
def extents(rows: int, columns: int) -> Vector:
    """The extents of a matrix; shared, so nobody writes into them."""
    return Vector("integer", np.array([rows, columns], np.int32))


def shape_of(value: Any) -> Any:
    """Rows and columns of a matrix that has no other attribute, None for anything else."""
    if type(value) is not Vector or value.attributes is None or len(value.attributes) != 1:
        return None
    shape = value.attributes.get("dim")
    sizes = None if shape is None else shape.array
    return sizes.tolist() if sizes is not None and len(sizes) == 2 else None


def _numbers(x: Vector, turned: bool = False) -> Any:
    """The rows and columns of doubles as an array of NumPy; a line as one column, turned as one row; None for others."""
    if x.kind != "double":
        return None
    data = x.array
    if data is None:
        return None
    if x.attributes is None:
        return data.reshape((1, -1) if turned else (-1, 1))
    shape = shape_of(x)
    if shape is None:
        return None
    made = data.reshape(shape[1], shape[0])
    return made if turned else made.T


@cache
def _small_product() -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """How small products are made, found with the first one: a session without one starts sooner."""
    from pipekeras.grammar.numeric.dense_algebra import small_product

    return small_product


def _product_of_lists(rows: list[list[float]], columns: list[list[float]]) -> list[float]:
    """The elements of the product, column by column, each sum taken term after term from zero."""
    made = []
    for column in columns:
        for row in rows:
            total = 0.0
            for one, other in zip(row, column, strict=True):
                total += one * other
            made.append(total)
    return made


def _product(x: Any, y: Any) -> Any:
    """The matrix product of two arrays of NumPy, None where the sizes do not fit or numbers are missing."""
    rows, inner = x.shape
    also, columns = y.shape
    if inner != also or not 0 < rows * inner * columns <= _MOST_PRODUCTS:
        return None
    if rows * inner * columns <= _FEWEST_PRODUCTS:
        cells = _product_of_lists(x.tolist(), y.T.tolist())
        total = sum(cells)
        return Vector("double", np.array(cells), {"dim": extents(rows, columns)}) if total == total else None
    # Not by dot(): that fuses multiplications with sums, and the last digit shows it.
    made = _small_product()(x, y).T.ravel()
    return Vector("double", made, {"dim": extents(rows, columns)}) if lacks_nan(made) else None


@quick("%*%")
def _matrix_product(values: list[Any]) -> Any:
    if len(values) != 2:
        return None
    x, y = values
    if type(x) is not Vector or type(y) is not Vector or (x.attributes is None and y.attributes is None):
        return None
    left = _numbers(x, x.attributes is None)
    right = _numbers(y)
    return None if left is None or right is None else _product(left, right)


@quick("crossprod")
def _cross_product(values: list[Any]) -> Any:
    if not 1 <= len(values) <= 2 or any(shape_of(value) is None for value in values):
        return None
    left, right = _numbers(values[0], True), _numbers(values[-1])
    return None if left is None or right is None else _product(left, right)


def bound_plainly(values: list[Any], nodes: list[Any], rows: bool) -> Any:
    """Vectors and matrices of one kind, without names, as the rows or columns of a matrix; None for anything else.

    Args:
        values: what is bound.
        nodes: how each was written: a vector gives its line the name of its variable.
        rows: one below the other, else side by side.
    """
    if not values:
        return None
    kind = getattr(values[0], "kind", None)
    extent = along = 0
    labels: list[str] = []
    pieces = []
    for value, node in zip(values, nodes, strict=True):
        if type(value) is not Vector or value.kind != kind or kind == "list" or kind == "expression":
            return None
        data = value.data
        if value.attributes is None:
            across, lines = len(data), 1
            labels.append(node.name if type(node) is Symbol else "")
        else:
            shape = shape_of(value)
            if shape is None:
                return None
            lines, across = shape if rows else (shape[1], shape[0])
            labels.extend([""] * lines)
        if not across or (extent and across != extent):
            return None
        extent = across
        along += lines
        pieces.append(data if not rows or lines == 1 else data.reshape(across, lines).T.ravel())
    if not 0 < along * extent <= LONGEST:
        return None
    made = np.concatenate(pieces)
    if rows:
        made = made.reshape(along, extent).ravel("F")
    attributes: dict[str, Any] = {"dim": extents(along, extent) if rows else extents(extent, along)}
    if any(labels):
        names = character(labels)
        attributes["dimnames"] = mk_list([names, NULL] if rows else [NULL, names])
    return Vector(str(kind), made, attributes)


def bind_rows(values: list[Any], nodes: list[Any]) -> Any:
    """`rbind` of plain values."""
    return bound_plainly(values, nodes, True)


def bind_columns(values: list[Any], nodes: list[Any]) -> Any:
    """`cbind` of plain values."""
    return bound_plainly(values, nodes, False)


@quick("matrix")
def _matrix(values: list[Any]) -> Any:
    if len(values) != 3 or type(values[0]) is not Vector or values[0].attributes is not None:
        return None
    data, rows, columns = values[0], number_of(values[1]), number_of(values[2])
    if rows is None or columns is None or not 1 <= rows <= LONGEST or not 1 <= columns <= LONGEST:
        return None
    rows, columns = int(rows), int(columns)
    count = rows * columns
    if count > LONGEST:
        return None
    if len(data) == count:
        made = data.data
    elif len(data) == 1:
        made = np.empty(count, data.data.dtype)
        made.fill(data.data[0])
    else:
        return None
    return Vector(data.kind, made, {"dim": extents(rows, columns)})
