"""From an index value to element positions, by R's rules for every kind of index.

Positions count from 0; -1 stands for "no such element" (a missing or, when reading, an absent one).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from pipekeras.grammar.nodes import MISSING
from pipekeras.grammar.values import NA_INTEGER, NULL, Vector, explicit_class, type_of
from pipekeras.grammar.vectors.recycling import resized
from pipekeras.grammar.vectors.report import fail

NONE = np.empty(0, np.int64)


class Positions:
    """Resolved index.

    Attributes:
        at: positions as int64.
        length: length that the vector needs to hold all of them.
        new_names: names of elements beyond the end, by position, from a character index.
        texts: the index itself when it was character (the names asked for), else None.
    """

    __slots__ = ("at", "length", "new_names", "texts")

    def __init__(
        self, at: np.ndarray, length: int, new_names: dict[int, str | None] | None = None, texts: list[Any] | None = None
    ) -> None:
        self.at = at
        self.length = length
        self.new_names = new_names
        self.texts = texts


def resolve(
    index: Any, length: int, names: Sequence[str | None] | None, *, grow: bool = False, bound: bool = False
) -> Positions:
    """Positions that an index selects in a vector.

    Args:
        index: any index value, or `MISSING` for all.
        length: length of the vector (extent of the dimension).
        names: names of the vector (dimnames), or None.
        grow: the index is assigned to: positions beyond the end stay, unknown names get fresh positions.
        bound: the index belongs to a dimension: anything outside is an error.

    Raises:
        RError: an invalid index, with R's message.
    """
    if index is MISSING:
        return Positions(np.arange(length, dtype=np.int64), length)
    if index is NULL:
        return Positions(NONE, length)
    if type(index) is not Vector:
        fail(f"invalid subscript type '{type_of(index)}'")
    kind = index.kind
    if kind == "character":
        return _by_name(index, length, names, grow, bound)
    if kind == "logical":
        return _by_mask(index.data, length, grow, bound)
    if kind == "integer":
        return _by_number(index.data.astype(np.int64), index.data == NA_INTEGER, length, grow, bound)
    if kind == "double":
        data = index.data
        missing = np.isnan(data)
        beyond = np.abs(data) >= 2.0**62
        if missing.any() or beyond.any():
            missing = missing | beyond
            return _by_number(np.where(missing, 0, data).astype(np.int64), missing, length, grow, bound)
        return _by_number(data.astype(np.int64), missing, length, grow, bound)
    return fail(f"invalid subscript type '{kind}'")


def _by_number(data: np.ndarray, missing: np.ndarray, length: int, grow: bool, bound: bool) -> Positions:
    if len(data) == 0:
        return Positions(NONE, length)
    has_missing = bool(missing.any())
    if has_missing:
        data = data.copy()
        data[missing] = 1
    low = int(data.min())
    if low < 0:
        if bound and int(data.max()) > length:
            fail("subscript out of bounds")
        if has_missing or int(data.max()) > 0:
            fail("only 0's may be mixed with negative subscripts")
        keep = np.ones(length, bool)
        drop = -data[data < 0] - 1
        keep[drop[drop < length]] = False
        return Positions(np.flatnonzero(keep), length)
    if low == 0:
        kept = data != 0
        data = data[kept]
        missing = missing[kept]
    at = data - 1
    if has_missing:
        at[missing] = -1
    top = int(at.max(initial=-1)) + 1
    if top > length:
        if bound:
            fail("subscript out of bounds")
        if grow:
            return Positions(at, top)
        at[at >= length] = -1
    return Positions(at, length)


def _by_mask(data: np.ndarray, length: int, grow: bool, bound: bool) -> Positions:
    count = len(data)
    if count > length:
        if bound:
            fail("(subscript) logical subscript too long")
        chosen = np.flatnonzero(data != 0)
        at = chosen.astype(np.int64)
        needed = count
        if not grow:
            at = np.where(at >= length, -1, at)
        at = np.where(data[chosen] == NA_INTEGER, -1, at)
        return Positions(at, needed if grow else length)
    if count == 0:
        return Positions(NONE, length)
    if count < length:
        data = resized(data, length)
    chosen = np.flatnonzero(data)
    if len(chosen) and int(data.min()) < 0:
        chosen = np.where(data[chosen] == NA_INTEGER, -1, chosen)
    return Positions(chosen, length)


def _by_name(
    index: Vector, length: int, names: Sequence[str | None] | None, grow: bool, bound: bool
) -> Positions:
    wanted = index.items()
    known: dict[str, int] = {}
    if names is not None:
        if len(wanted) == 1 and wanted[0]:
            try:
                return Positions(np.array([names.index(wanted[0])], np.int64), length, None, wanted)
            except ValueError:
                pass
        else:
            for position in range(len(names) - 1, -1, -1):
                name = names[position]
                if name:
                    known[name] = position
    at = np.empty(len(wanted), np.int64)
    fresh: dict[int, str | None] = {}
    end = length
    for position, name in enumerate(wanted):
        found = known.get(name, -1) if name else -1
        if found < 0:
            if bound:
                fail("subscript out of bounds")
            if grow:
                found = end
                fresh[end] = name
                if name:
                    known[name] = end
                end += 1
        at[position] = found
    return Positions(at, end, fresh or None, wanted)


def matrix_positions(index: Vector, dimensions: list[int], dimnames: Any) -> np.ndarray | None:
    """Positions that a matrix index (one row per element) selects; None when it is no such index.

    Args:
        index: the index; numeric or character with one column per dimension.
        dimensions: extents of the array.
        dimnames: list of names per dimension, or None.
    """
    attributes = index.attributes
    shape = attributes.get("dim") if attributes else None
    if shape is None or len(shape) != 2 or int(shape.data[1]) != len(dimensions):
        return None
    rows = int(shape.data[0])
    if index.kind in ("integer", "double"):
        numbers = index.data
        if index.kind == "double":
            missing = np.isnan(numbers)
            codes = np.where(missing, 0, numbers).astype(np.int64)
        else:
            missing = numbers == NA_INTEGER
            codes = numbers.astype(np.int64)
        table = codes.reshape(len(dimensions), rows)
        lost = missing.reshape(len(dimensions), rows).any(axis=0)
        if (table[:, ~lost] < 0).any():
            fail("negative values are not allowed in a matrix subscript")
        extents = np.array(dimensions)[:, None]
        if (table > extents)[:, ~lost].any():
            fail("subscript out of bounds")
        zero = (table == 0).any(axis=0) & ~lost
        strides = np.cumprod([1, *dimensions[:-1]])
        at = ((table - 1) * strides[:, None]).sum(axis=0)
        at[lost] = -1
        return at[~zero]
    if index.kind == "character":
        if dimnames is None:
            fail("no 'dimnames' attribute for array")
        strides = np.cumprod([1, *dimensions[:-1]])
        at = np.zeros(rows, np.int64)
        wanted = index.data.reshape(len(dimensions), rows)
        for axis in range(len(dimensions)):
            names = dimnames.data[axis]
            if names is NULL:
                fail("subscript out of bounds")
            found = resolve(Vector("character", wanted[axis]), dimensions[axis], names.items(), bound=True)
            at += found.at * strides[axis]
        return at
    return None


def is_factor(value: Any) -> bool:
    """Whether a value has class factor."""
    classes = explicit_class(value)
    return classes is not None and "factor" in classes
