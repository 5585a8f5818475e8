"""Comparison of vectors: text by the alphabet, lists by their elements, recycling and missing values."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from pipekeras.grammar.text.collation import alphabet_key, ordered_like_codes, ranks_of
from pipekeras.grammar.values import FALSE, NA, NA_INTEGER, NULL, TRUE, Vector, dim_of
from pipekeras.grammar.vectors.arithmetic import NUMERIC
from pipekeras.grammar.vectors.coerce import KIND_RANK, coerce, convert
from pipekeras.grammar.vectors.conforming import common_length, recycle, result_attributes
from pipekeras.grammar.vectors.positions import is_factor
from pipekeras.grammar.vectors.report import fail

COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def _comparable(value: Any, name: str, other: Any) -> Any:
    if type(value) is Vector:
        if value.kind == "expression":
            fail("comparison is not allowed for expressions")
        return value
    if value is NULL:
        return Vector("logical", np.empty(0, np.int32))
    kind = getattr(value, "kind", None)
    if kind in ("symbol", "language"):
        from pipekeras.grammar.vectors.coerce import element_text

        return Vector("character", None, None, element_text(value))
    shown = {"closure": "closure", "builtin": "builtin", "special": "special"}.get(kind or "", kind or "environment")
    fail(f"comparison ({name}) is possible only for atomic and list types")
    return shown


def compare(name: str, x: Any, y: Any) -> Vector:
    """Comparison without S3 dispatch.

    Args:
        name: one of ``== != < > <= >=``.
        x, y: vectors, NULL, symbols or calls.
    """
    if type(x) is Vector and type(y) is Vector and x.attributes is None and y.attributes is None:
        a, b = x.scalar, y.scalar
        if a is not None and b is not None:
            left, right = x.kind, y.kind
            if left in NUMERIC and right in NUMERIC:
                if a != a or b != b or (left != "double" and a == NA_INTEGER) or (right != "double" and b == NA_INTEGER):
                    return NA
                return TRUE if COMPARISONS[name](a, b) else FALSE
            if left == "character" and right == "character":
                if name not in ("==", "!=") and not ordered_like_codes((a, b)):
                    a, b = alphabet_key(a), alphabet_key(b)
                return TRUE if COMPARISONS[name](a, b) else FALSE
    x, y = _comparable(x, name, y), _comparable(y, name, x)
    length = common_length(x, y)
    if dim_of(x) is not None and dim_of(y) is not None:
        result_attributes(x, y, length, False)
    left_data, right_data, kind = _common_kind(x, y, name)
    if length and kind == "complex" and name not in ("==", "!="):
        fail("invalid comparison with complex values")
    attributes, _ = result_attributes(x, y, length, False)
    if length == 0:
        return Vector("logical", np.empty(0, np.int32), attributes)
    if len(left_data) != 1:
        left_data = recycle(left_data, length)
    if len(right_data) != 1:
        right_data = recycle(right_data, length)
    if kind == "character":
        left_missing, right_missing = left_data == None, right_data == None  # noqa: E711
        if left_missing.any() or right_missing.any():
            missing = np.broadcast_to(left_missing | right_missing, (length,))
            left_safe = np.where(left_missing, "", left_data)
            right_safe = np.where(right_missing, "", right_data)
            if name not in ("==", "!="):
                left_safe, right_safe = _text_ranks(left_safe, right_safe)
            result = np.broadcast_to(COMPARISONS[name](left_safe, right_safe), (length,)).astype(np.int32)
            result[missing.astype(bool)] = NA_INTEGER
            return Vector("logical", result, attributes)
        if name not in ("==", "!="):
            left_data, right_data = _text_ranks(left_data, right_data)
        result = np.broadcast_to(COMPARISONS[name](left_data, right_data), (length,)).astype(np.int32)
        return Vector("logical", result, attributes)
    with np.errstate(all="ignore"):
        result = np.broadcast_to(COMPARISONS[name](left_data, right_data), (length,)).astype(np.int32)
    if kind in ("integer", "logical"):
        missing = (left_data == NA_INTEGER) | (right_data == NA_INTEGER)
    elif kind == "raw":
        missing = np.zeros(1, bool)
    else:
        missing = np.isnan(left_data) | np.isnan(right_data)
    if missing.any():
        result[np.broadcast_to(missing, (length,))] = NA_INTEGER
    return Vector("logical", result, attributes)


def _text_ranks(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Numbers that compare as the texts do; the texts themselves where their code points serve."""
    texts = {*left.tolist(), *right.tolist()}
    if ordered_like_codes(texts):
        return left, right
    ranks = ranks_of(texts)
    return np.array([ranks[text] for text in left.tolist()]), np.array([ranks[text] for text in right.tolist()])


def _common_kind(x: Vector, y: Vector, name: str) -> tuple[np.ndarray, np.ndarray, str]:
    kinds = [x.kind, y.kind]
    if "list" in kinds:
        x, y = _unwrap_list(x, y), _unwrap_list(y, x)
        kinds = [x.kind, y.kind]
    kind = max(kinds, key=lambda one: KIND_RANK[one])
    if kind == "logical" and "raw" in kinds:
        left, right = ((part.data != 0).astype(np.int32) if part.kind == "raw" else part.data for part in (x, y))
        return left, right, "integer"
    if kind == "logical":
        kind = "integer"
    return convert(x.data, x.kind, kind), convert(y.data, y.kind, kind), kind


RAW_READERS = {
    "raw": "asInteger", "integer": "asInteger", "double": "asReal", "complex": "asComplex",
}  # fmt: skip
"""By the kind that a raw element of a list is compared with: the reader that R says does not know raw."""


def _unwrap_list(x: Vector, other: Vector) -> Vector:
    """A list's elements in the type of what they are compared with."""
    if x.kind != "list":
        return x
    if len(x) == 0 or len(other) == 0:
        return Vector("logical", np.empty(0, np.int32))
    if other.kind == "list" or (other.attributes and "levels" in other.attributes and is_factor(other)):
        fail("comparison of these types is not implemented")
    for element in x.data:
        if other.kind != "character" and (type(element) is not Vector or len(element) > 1):
            fail(f"'list' object cannot be coerced to type '{other.kind}'")
    if any(type(part) is Vector and part.kind == "raw" and len(part) == 1 for part in x.data):
        reader = RAW_READERS.get(other.kind)
        if reader:
            fail(f"unimplemented type 'raw' in '{reader}'\n")
    return coerce(x.with_attributes(None), other.kind)
