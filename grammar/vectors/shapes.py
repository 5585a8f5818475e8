"""Matrices and arrays as NumPy arrays in R's column-major order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from pipekeras.grammar.values import NULL, Attributes, Vector, dim_of, get_attribute, integer, mk_list, names_of
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.report import fail


def as_array(x: Any, kind: str | None = None) -> np.ndarray:
    """Elements as an n-dimensional array; a plain vector stays one-dimensional."""
    vector = coerce(x, kind) if kind is not None else x
    shape = dim_of(x)
    return vector.data if shape is None else vector.data.reshape(shape, order="F")


def from_array(kind: str, array: np.ndarray, dimnames: Any = NULL) -> Vector:
    """Array value from a NumPy array of any rank."""
    attributes: Attributes = {"dim": integer(list(array.shape))}
    if dimnames is not NULL:
        attributes["dimnames"] = dimnames
    return Vector(kind, array.ravel(order="F"), attributes)


def stacked(x: Vector) -> np.ndarray:
    """Elements as an array; a list of arrays of one shape is an array with one axis more, as Python stacks them."""
    if x.kind != "list":
        return as_array(x)
    parts = [as_array(part) if type(part) is Vector and part.kind != "list" else None for part in x.data]
    shapes = {part.shape for part in parts if part is not None}
    if not parts or any(part is None for part in parts) or len(shapes) != 1:
        found = ", ".join(sorted(str(shape) for shape in shapes)) or "no arrays"
        fail(f"a list becomes an array when its elements are arrays of one shape; found {found}")
    made = np.stack([part for part in parts if part is not None])
    return made[:, 0] if shapes == {(1,)} else made


def axis_names(x: Any, axis: int) -> Any:
    """Names along a dimension, NULL when there are none."""
    dimnames = get_attribute(x, "dimnames")
    if dimnames is NULL or axis >= len(dimnames):
        return NULL
    return dimnames.data[axis]


def dimension_list(*parts: Any, labels: Sequence[str | None] | None = None) -> Any:
    """``dimnames`` list, NULL when every part is NULL."""
    if all(part is NULL for part in parts):
        return NULL
    return mk_list(parts, labels)


def dimension_labels(x: Any) -> list[str | None] | None:
    """Names of the dimnames list."""
    dimnames = get_attribute(x, "dimnames")
    return None if dimnames is NULL else names_of(dimnames)


def as_matrix_array(x: Any, kind: str, column: bool = True) -> np.ndarray:
    """Two-dimensional array; a vector counts as one column (or one row)."""
    array = as_array(x, kind)
    if array.ndim == 1:
        return array.reshape(-1, 1) if column else array.reshape(1, -1)
    return array
