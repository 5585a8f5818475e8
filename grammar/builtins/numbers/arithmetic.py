"""Operators: arithmetic, comparison, logic, ranges, sets membership and bits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.values import NA_INTEGER, NULL, ExternalObject, Vector, explicit_class
from pipekeras.grammar.vectors import arithmetic as kernels
from pipekeras.grammar.vectors import logic
from pipekeras.grammar.vectors.arguments import number
from pipekeras.grammar.vectors.coerce import coerce, convert, integers
from pipekeras.grammar.vectors.comparing import compare
from pipekeras.grammar.vectors.conforming import recycle
from pipekeras.grammar.vectors.report import fail, warn


def _enter_arithmetic(name: str) -> None:
    @builtin(name, "e1, e2", group="Ops")
    def operate(e1: Any, e2: Any = None) -> Any:
        if e2 is None:
            if name == "-":
                return kernels.negate(e1)
            if name == "+":
                return kernels.plus(e1)
            fail('argument "e2" is missing, with no default')
        return kernels.arithmetic(name, e1, e2)


def _enter_comparison(name: str) -> None:
    @builtin(name, "e1, e2", group="Ops")
    def operate(e1: Any, e2: Any) -> Any:
        return compare(name, e1, e2)


def _enter_logic(name: str) -> None:
    @builtin(name, "e1, e2", group="Ops")
    def operate(e1: Any, e2: Any) -> Any:
        return logic.logic(name, e1, e2)


for _name in ("+", "-", "*", "/", "^", "%%", "%/%"):
    _enter_arithmetic(_name)
for _name in ("==", "!=", "<", ">", "<=", ">="):
    _enter_comparison(_name)
for _name in ("&", "|"):
    _enter_logic(_name)


@builtin("!", "x", group="Ops")
def invert(x: Any) -> Any:
    return logic.invert(x)


@builtin("xor", "x, y")
def exclusive_or(x: Any, y: Any) -> Any:
    if any(type(value) is Vector and explicit_class(value) for value in (x, y)):
        either, both = call_builtin("|", x, y), call_builtin("&", x, y)
        return call_builtin("&", either, call_builtin("!", both))
    return logic.exclusive_or(x, y)


@builtin("isTRUE", "x")
def is_true(x: Any) -> Any:
    return _is_single_flag(x, 1)


@builtin("isFALSE", "x")
def is_false(x: Any) -> Any:
    return _is_single_flag(x, 0)


def _is_single_flag(x: Any, wanted: int) -> Vector:
    single = type(x) is Vector and x.kind == "logical" and len(x) == 1 and x.data[0] == wanted
    return Vector("logical", None, None, int(single))


LONGEST_VECTOR = 2.0**52


def colon_range(start: float, end: float, whole: bool) -> Vector:
    """``start:end``; integer when the start is whole and the end fits."""
    if abs(end - start) >= LONGEST_VECTOR:
        fail("result would be too long a vector")
    span = int(abs(end - start) + 1e-10) + 1
    step = 1 if start <= end else -1
    if whole or (start == int(start) and abs(start) <= 2147483647 and abs(start + step * (span - 1)) <= 2147483647):
        low = int(start)
        return Vector("integer", np.arange(low, low + step * span, step, dtype=np.int32))
    return Vector("double", start + step * np.arange(span, dtype=np.float64))


def _bound(value: Any, name: str) -> float:
    """An end of a range: the first element, read as a number where it is text."""
    if type(value) is Vector and value.kind == "character":
        return float(convert(value.data[:1], "character", "double")[0])
    if type(value) is not Vector or value.kind == "list":
        return math.nan
    return number(value, name)


@builtin(":", "from, to")
def colon(start: Any, end: Any) -> Any:
    if type(start) is Vector and type(end) is Vector:
        first_classes, second_classes = explicit_class(start), explicit_class(end)
        if first_classes and second_classes and "factor" in first_classes and "factor" in second_classes:
            from pipekeras.grammar.builtins.elements.factors import cross_factors

            return cross_factors(start, end)
    if type(start) is ExternalObject or type(end) is ExternalObject:
        start, end = (call_builtin("as.numeric", one) if type(one) is ExternalObject else one for one in (start, end))
    for value in (start, end):
        if value is NULL or (type(value) is Vector and len(value) == 0):
            fail("argument of length 0")
    for value in (start, end):
        if type(value) is Vector and len(value) > 1:
            warn(f"numerical expression has {len(value)} elements: only the first used")
    low, high = _bound(start, "from"), _bound(end, "to")
    if low != low or high != high:
        fail("NA/NaN argument")
    return colon_range(low, high, False)


def _bits(a: Any, b: Any, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Both operands as whole numbers of one length, and where one of them is missing."""
    kinds = ["integer" if kind == "double" else kind for kind in (getattr(value, "kind", "NULL") for value in (a, b))]
    a, b = (coerce(value, "integer") if getattr(value, "kind", "") == "double" else value for value in (a, b))
    if kinds[0] != kinds[1]:
        fail("'a' and 'b' must have the same type")
    _refuse_other_bits(kinds[0], name)
    left, right = integers(a), integers(b)
    length = max(len(left), len(right)) if len(left) and len(right) else 0
    left = recycle(left, length).astype(np.int64) if length else left[:0].astype(np.int64)
    right = recycle(right, length).astype(np.int64) if length else right[:0].astype(np.int64)
    return left, right, (left == NA_INTEGER) | (right == NA_INTEGER)


def _refuse_other_bits(kind: str, name: str) -> None:
    if kind != "integer":
        fail(f"unimplemented type '{kind}' in '{name}'\n")


def _finish_bits(result: np.ndarray, missing: np.ndarray) -> Vector:
    made = result.astype(np.int32)
    if missing.any():
        made[missing] = NA_INTEGER
    return Vector("integer", made)


@builtin("bitwAnd", "a, b")
def bit_and(a: Any, b: Any) -> Any:
    left, right, missing = _bits(a, b, "bitwAnd")
    return _finish_bits(left & right, missing)


@builtin("bitwOr", "a, b")
def bit_or(a: Any, b: Any) -> Any:
    left, right, missing = _bits(a, b, "bitwOr")
    return _finish_bits(left | right, missing)


@builtin("bitwXor", "a, b")
def bit_xor(a: Any, b: Any) -> Any:
    left, right, missing = _bits(a, b, "bitwXor")
    return _finish_bits(left ^ right, missing)


@builtin("bitwNot", "a")
def bit_not(a: Any) -> Any:
    kind = getattr(a, "kind", "NULL")
    _refuse_other_bits("integer" if kind == "double" else kind, "bitwNot")
    data = integers(a)
    return Vector("integer", np.where(data == NA_INTEGER, NA_INTEGER, ~data).astype(np.int32))


@builtin("bitwShiftL", "a, n")
def shift_left(a: Any, n: Any) -> Any:
    return _shift(a, n, True)


@builtin("bitwShiftR", "a, n")
def shift_right(a: Any, n: Any) -> Any:
    return _shift(a, n, False)


def _shift(a: Any, n: Any, left: bool) -> Vector:
    """The 32 bits moved: what is moved out is lost, and the highest bit stands for the sign."""
    if getattr(a, "kind", "") not in ("integer", "double"):
        fail("'a' and 'b' must have the same type")
    if type(n) is Vector and n.kind in ("logical", "character"):
        n = coerce(n, "integer")
    data, amount, missing = _bits(a, n, "bitwShiftL" if left else "bitwShiftR")
    unsigned = data & 0xFFFFFFFF
    missing = missing | (amount < 0) | (amount > 31)
    amount = np.where(missing, 0, amount)
    shifted = ((unsigned << amount) & 0xFFFFFFFF) if left else unsigned >> amount
    return _finish_bits(shifted.astype(np.uint32).view(np.int32), missing)


@builtin("intToBits", "x")
def int_to_bits(x: Any) -> Any:
    data = integers(x).astype(np.uint32)
    bits = (data[:, None] >> np.arange(32, dtype=np.uint32)) & 1
    return Vector("raw", bits.astype(np.uint8).ravel())


@builtin("packBits", "x, type = 'raw'")
def pack_bits(x: Any, type: Any) -> Any:
    bits = (convert(x.data, x.kind, "integer") if x.kind != "raw" else x.data).astype(np.uint8) & 1
    wanted = type.items()[0]
    width = {"raw": 8, "double": 64}.get(wanted, 32)
    if len(bits) % width:
        fail(f"argument 'x' must be a multiple of {width} long")
    packed = np.packbits(bits, bitorder="little")
    if wanted == "raw":
        return Vector("raw", packed)
    if wanted == "double":
        return Vector("double", packed.view("<f8").astype(np.float64))
    return Vector("integer", packed.view("<i4").astype(np.int32))


@builtin("rawToBits", "x")
def raw_to_bits(x: Any) -> Any:
    if type(x) is not Vector or x.kind != "raw":
        fail("argument 'x' must be a raw vector")
    return Vector("raw", np.unpackbits(x.data, bitorder="little"))
