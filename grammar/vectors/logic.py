"""Three-valued logic on vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.values import FALSE, NA, NA_INTEGER, NULL, TRUE, Vector
from pipekeras.grammar.vectors.coerce import convert
from pipekeras.grammar.vectors.conforming import common_length, line_attributes, recycle, result_attributes
from pipekeras.grammar.vectors.report import fail


def _truth(value: Any, name: str, side: str) -> tuple[np.ndarray, Any]:
    if value is NULL:
        return np.empty(0, np.int32), Vector("logical", np.empty(0, np.int32))
    if type(value) is not Vector or value.kind in ("character", "list", "expression", "raw"):
        fail("operations are possible only for numeric, logical or complex types")
    return convert(value.data, value.kind, "logical"), value


def logic(name: str, x: Any, y: Any) -> Vector:
    """Element-wise ``&`` and ``|`` in three-valued logic; raw operands combine bitwise."""
    if type(x) is Vector and type(y) is Vector and x.kind == "raw" and y.kind == "raw":
        length = common_length(x, y)
        attributes, _ = result_attributes(x, y, length, False)
        left, right = recycle(x.data, length), recycle(y.data, length)
        return Vector("raw", left & right if name == "&" else left | right, attributes)
    left, x = _truth(x, name, "left")
    right, y = _truth(y, name, "right")
    length = common_length(x, y)
    attributes, _ = result_attributes(x, y, length, False)
    if length == 0:
        return Vector("logical", np.empty(0, np.int32), attributes)
    left, right = recycle(left, length), recycle(right, length)
    decisive = 0 if name == "&" else 1
    result = (left & right if decisive == 0 else left | right).astype(np.int32)
    missing = (left == NA_INTEGER) | (right == NA_INTEGER)
    if missing.any():
        decided = (left == decisive) | (right == decisive)
        result = np.where(missing, np.where(decided, decisive, NA_INTEGER), result).astype(np.int32)
    return Vector("logical", result, attributes)


def invert(x: Any) -> Vector:
    """``!x``: logical negation; raw inverts bits."""
    if type(x) is not Vector or (x.kind in ("character", "list", "expression") and len(x)):
        fail("invalid argument type")
    if x.kind in ("character", "list", "expression"):
        return Vector("logical", np.empty(0, np.int32))
    if x.kind == "raw":
        return Vector("raw", ~x.data, x.attributes)
    scalar = x.scalar
    if scalar is not None and x.attributes is None and x.kind != "complex":
        if scalar == NA_INTEGER or scalar != scalar:
            return NA
        return FALSE if scalar else TRUE
    data = convert(x.data, x.kind, "logical")
    result = np.where(data == NA_INTEGER, NA_INTEGER, 1 - data).astype(np.int32)
    attributes = x.attributes
    if attributes and x.kind != "logical":
        attributes = line_attributes(attributes)
    return Vector("logical", result, attributes)


def exclusive_or(x: Any, y: Any) -> Vector:
    """Element-wise exclusive or."""
    left, right = logic("|", x, y), logic("&", x, y)
    return logic("&", left, invert(right))
