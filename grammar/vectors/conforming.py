"""What two operands of an element-wise operation share: length, shape, names and other attributes."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.values import NULL, Attributes
from pipekeras.grammar.vectors.recycling import resized
from pipekeras.grammar.vectors.report import fail, warn


def recycle(data: np.ndarray, length: int) -> np.ndarray:
    """Elements repeated to a length."""
    count = len(data)
    if count == length:
        return data
    if count == 1:
        return np.broadcast_to(data, (length,))
    return resized(data, length)


def common_length(x: Any, y: Any) -> int:
    """Length of the result of an element-wise operation; warns when one length is no multiple of the other."""
    left, right = len(x), len(y)
    if left == right:
        return left
    if _is_array(x) and _is_array(y) and left != 1 and right != 1:
        fail("non-conformable arrays")
    if left == 0 or right == 0:
        return 0
    longer, shorter = (left, right) if left > right else (right, left)
    if shorter != 1 and longer % shorter:
        warn("longer object length is not a multiple of shorter object length")
    return longer


def _is_array(value: Any) -> bool:
    return value.attributes is not None and "dim" in value.attributes


_RECYCLED_ARRAY = "Recycling array of length 1 in {}\n  Use c() or as.vector() instead.\n"


def result_attributes(x: Any, y: Any, length: int, keep_all: bool) -> tuple[Attributes | None, bool]:
    """Attributes of an element-wise result, and whether the operands are conformable arrays.

    Args:
        x, y: operands.
        length: length of the result.
        keep_all: arithmetic keeps every attribute, comparison only dim, dimnames and names.
    """
    left, right = x.attributes, y.attributes
    if left is None and right is None:
        return None, False
    left_array, right_array = _is_array(x), _is_array(y)
    dropped = False
    if keep_all and left_array != right_array:
        if left_array and len(x) == 1 and len(y) != 1:
            if len(y) > 1:
                warn(_RECYCLED_ARRAY.format("array-vector arithmetic is deprecated."))
            left = {k: v for k, v in (left or {}).items() if k not in ("dim", "dimnames")}
            # The names of a vector are lost beside an array on its left, and stay beside one on its right.
            left_array, dropped = False, True
        elif right_array and len(y) == 1 and len(x) != 1:
            if len(x) > 1:
                warn(_RECYCLED_ARRAY.format("vector-array arithmetic is deprecated."))
            right = {k: v for k, v in (right or {}).items() if k not in ("dim", "dimnames")}
            right_array = False
    result: Attributes = {}
    dimensions: Any = None
    if left_array and right_array:
        assert left is not None and right is not None
        if left["dim"].items() != right["dim"].items():
            fail("non-conformable arrays")
        dimensions = left["dim"]
    elif left_array and left and (len(y) != 0 or len(x) == 0):
        dimensions = left["dim"]
        _check_array_length(x, y)
    elif right_array and right and (len(x) != 0 or len(y) == 0):
        dimensions = right["dim"]
        _check_array_length(y, x)
    special = ("names", "dim", "dimnames")
    if keep_all and length:
        if right and len(y) == length:
            result.update((k, v) for k, v in right.items() if k not in special)
        if left and len(x) == length:
            result.update((k, v) for k, v in left.items() if k not in special)
    if dimensions is not None:
        shape: Attributes = {"dim": dimensions}
        for attributes, is_array in ((left, left_array), (right, right_array)):
            if is_array and attributes and "dimnames" in attributes:
                shape["dimnames"] = attributes["dimnames"]
                break
        result.update(shape)
    elif not (dropped or left_array or right_array):
        # No names on the left are as many as there are results, when there are none.
        blank = keep_all and not length and not (left and "names" in left)
        for value, attributes in () if blank else ((x, left), (y, right)):
            if attributes and "names" in attributes and len(value) == length:
                result["names"] = attributes["names"]
                break
    return result or None, dimensions is not None


def line_attributes(attributes: Attributes | None) -> Attributes | None:
    """Names, extents and their names, as they are copied one by one: a line of one dimension gets its names twice."""
    if not attributes:
        return None
    kept: Attributes = {name: attributes[name] for name in ("names", "dim", "dimnames") if name in attributes}
    if "dim" in kept and len(kept["dim"]) == 1 and "dimnames" in kept and kept["dimnames"].data[0] is not NULL:
        kept = {"names": kept["dimnames"].data[0], **kept}
    return kept or None


def _check_array_length(array: Any, other: Any) -> None:
    if len(other) > len(array) > 0:
        fail(f"dims [product {len(array)}] do not match the length of object [{len(other)}]")
