"""Arithmetic, comparison and logic on vectors: recycling, missing values, integer overflow, attributes.

The public functions take two values and try a path for plain scalars first that never touches NumPy.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from pipekeras.grammar.values import DTYPES, NA_INTEGER, NA_REAL, NULL, Vector, dim_of, is_na_not_nan, is_na_real
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.complex_parts import added, divided, multiplied
from pipekeras.grammar.vectors.conforming import common_length, line_attributes, recycle, result_attributes
from pipekeras.grammar.vectors.report import fail, warn

NUMERIC = frozenset(("logical", "integer", "double"))
INTEGER_LIMIT = 2147483647
MODULUS_LIMIT = 2.0**63
"""Quotients beyond this fill a long double, so nothing is known of the remainder."""
LOST = 2.0**-60
"""A remainder may be lost in the divisor, and is then none, from this share of it: a long double has 64 digits."""
WHOLE_LIMIT = 2.0**63
"""Beyond this a smaller number of the other sign is added to a divisor as it is, though it is lost in it."""
WHOLE_SPACED = 2.0**50
"""Quotients beyond this keep too little behind the point to be rounded to the whole number that they are."""
EXACT_LIBRARY_LIMIT = 512
"""Up to this many elements, powers go through the C library one by one, bit for bit as R; longer ones through NumPy."""

def scalar_modulo(x: float, y: float) -> float:
    """Remainder with the sign of the divisor."""
    if y == 0.0:
        return math.nan
    if x != x or y != y:
        return x + y
    if math.isinf(x):
        return math.nan
    if math.isinf(y):
        return x if x == 0 or (x > 0) == (y > 0) else y
    rest = math.fmod(x, y)
    quotient = abs(x / y)
    if quotient > 2048 and (y % 1 or quotient > MODULUS_LIMIT):
        if quotient > MODULUS_LIMIT:
            warn("probable complete loss of accuracy in modulus")
        return float(_coarse_modulo(np.float64(x), np.float64(y)))
    if rest != 0 and (rest < 0) != (y < 0):
        return 0.0 if abs(rest) < abs(y) * LOST and abs(y) <= WHOLE_LIMIT and np.longdouble(rest) + y == y else rest + y
    return rest + 0.0


def _coarse_modulo(x: Any, y: Any) -> Any:
    """A remainder by long doubles: what is left when the product of the quotient has more digits than they hold."""
    with np.errstate(all="ignore"):
        divisor = np.asarray(y).astype(np.longdouble)
        rest = np.asarray(x).astype(np.longdouble) - np.floor(x / y).astype(np.longdouble) * divisor
        return (rest - np.floor(rest / divisor) * divisor).astype(np.float64)


def _large_quotient(x: Any, y: Any) -> Any:
    """A floored quotient that is rounded to whole numbers already: less what its product in long doubles is too much."""
    with np.errstate(all="ignore"):
        whole = np.floor(x / y)
        rest = np.asarray(x).astype(np.longdouble) - whole * np.asarray(y).astype(np.longdouble)
        return (whole + np.floor(rest / y)).astype(np.float64)


def scalar_quotient(x: float, y: float) -> float:
    """Floored quotient."""
    if y == 0.0:
        return scalar_divide(x, y)
    quotient = x / y
    if quotient != quotient or math.isinf(quotient):
        return quotient
    if abs(quotient) > WHOLE_SPACED:
        return float(_large_quotient(np.float64(x), np.float64(y)))
    if abs(quotient) < 1:
        return 0.0 if x == 0 or (x > 0) == (y > 0) else -1.0
    return float(round((x - scalar_modulo(x, y)) / y))


def scalar_divide(x: float, y: float) -> float:
    """Quotient with IEEE rules for a zero divisor."""
    try:
        return x / y
    except ZeroDivisionError:
        if x != x:
            return x
        if x == 0:
            return math.nan
        return math.copysign(math.inf, x) * math.copysign(1.0, y)


def scalar_power(x: float, y: float) -> float:
    """Power by the C library's rules, but where a sign without end is asked for: that is no number."""
    if y == 2.0:
        return x * x
    if x == 1.0 or y == 0.0:
        return 1.0
    if x != x or y != y:
        return x + y
    if x == 0.0:
        return 0.0 if y > 0 else math.inf
    if x < 0 and (math.isinf(y) or (x == -math.inf and not y.is_integer())):
        return math.nan
    try:
        return math.pow(x, y)
    except OverflowError:
        return -math.inf if x < 0 and y % 2 == 1 else math.inf
    except ValueError:
        return math.nan


def _power_array(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    if y.ndim == 0 or len(y) == 1:
        exponent = float(y if y.ndim == 0 else y[0])
        if exponent == 2.0:
            return x * x
        if exponent == 1.0:
            return x + 0.0
    if max(x.size, y.size) <= EXACT_LIBRARY_LIMIT:
        left, right = np.broadcast_arrays(x, y)
        return np.array([scalar_power(a, b) for a, b in zip(left.tolist(), right.tolist(), strict=True)], np.float64)
    result = np.power(x + 0.0, y)  # a zero with a sign is a zero like another
    odd = np.isnan(result)
    if odd.any():
        result = np.where(odd & (np.isnan(x) | np.isnan(y)), x + y, result)
    signless = (x < 0) & (np.isinf(y) | (np.isneginf(x) & (y != np.floor(y))))
    return np.where(signless, np.nan, result) if signless.any() else result


def _modulo_array(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    result = _fine_modulo(x, y)
    quotient = np.abs(x / y)
    usable = np.isfinite(x) & (y != 0)
    coarse = (quotient > 2048) & usable & ((y % 1 != 0) | (quotient > MODULUS_LIMIT))
    if coarse.any():
        for _ in range(int((usable & (quotient > MODULUS_LIMIT)).sum())):
            warn("probable complete loss of accuracy in modulus")
        left, right = np.broadcast_to(x, coarse.shape), np.broadcast_to(y, coarse.shape)
        result[coarse] = _coarse_modulo(left[coarse], right[coarse])
    return result


def _fine_modulo(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    rest = np.fmod(x, y) + 0.0
    wrong = (rest != 0) & ((rest < 0) != (y < 0))
    result = np.where(wrong, rest + y, rest)
    lost = wrong & (np.abs(rest) < np.abs(y) * LOST) & (np.abs(y) <= WHOLE_LIMIT)
    if lost.any():
        result = np.where(lost & (rest.astype(np.longdouble) + y == y), 0.0, result)
    infinite = np.isinf(y) & np.isfinite(x)
    if infinite.any():
        result = np.where(infinite, np.where((x == 0) | ((x > 0) == (y > 0)), x, y), result)
    missing = (np.isnan(x) | np.isnan(y)) & (y != 0)
    if missing.any():
        result = np.where(missing, x + y, result)
    return np.where(y == 0, np.nan, result)


def _quotient_array(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    quotient = x / y
    large = np.isfinite(quotient) & (np.abs(quotient) > WHOLE_SPACED) & (y != 0)
    if large.any():
        quotient = np.where(large, _large_quotient(x, y), quotient)
    plain = np.isfinite(quotient) & ~large & (y != 0)
    exact = np.rint((x - _fine_modulo(x, y)) / y)
    exact = np.where(np.abs(quotient) < 1, np.where((x == 0) | ((x > 0) == (y > 0)), 0.0, -1.0), exact)
    return np.where(plain, exact, quotient)


DOUBLE_OPERATIONS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": _power_array,
    "%%": _modulo_array,
    "%/%": _quotient_array,
}
INTEGER_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
SCALAR_OPERATIONS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": scalar_divide,
    "^": scalar_power,
    "%%": scalar_modulo,
    "%/%": scalar_quotient,
}


def _operand(value: Any) -> Any:
    if type(value) is Vector and value.kind not in ("character", "list", "raw", "expression"):
        return value
    if value is NULL:
        return Vector("integer", np.empty(0, np.int32))
    mend = "text is no number: as.numeric() makes one of it" if getattr(value, "kind", "") == "character" else None
    return fail("non-numeric argument to binary operator", mend=mend)


def _of_scalars(name: str, a: float, b: float) -> float:
    """A double operation; of two missing operands the first says whether the result is NA or NaN."""
    if a != a and b != b:
        if name == "%%":
            return a if is_na_real(a) else b
        return b if name == "^" else a
    return SCALAR_OPERATIONS[name](a, b)


def _scalar_result(name: str, x: Vector, y: Vector) -> Vector | None:
    a, b = x.scalar, y.scalar
    left, right = x.kind, y.kind
    if left == "double":
        if right != "double":
            if right == "complex":
                return None
            b = NA_REAL if b == NA_INTEGER else float(b)
        return Vector("double", None, None, _of_scalars(name, a, b))
    if left == "complex" or right == "complex":
        return None
    if right == "double":
        a = NA_REAL if a == NA_INTEGER else float(a)
        return Vector("double", None, None, _of_scalars(name, a, b))
    missing = a == NA_INTEGER or b == NA_INTEGER
    if name in ("/", "^"):
        a = NA_REAL if a == NA_INTEGER else float(a)
        b = NA_REAL if b == NA_INTEGER else float(b)
        return Vector("double", None, None, SCALAR_OPERATIONS[name](a, b))
    if missing:
        return Vector("integer", None, None, NA_INTEGER)
    if name in ("%%", "%/%"):
        if b == 0:
            return Vector("integer", None, None, NA_INTEGER)
        return Vector("integer", None, None, a % b if name == "%%" else a // b)
    value = INTEGER_OPERATIONS[name](a, b)
    if not -INTEGER_LIMIT <= value <= INTEGER_LIMIT:
        warn("NAs produced by integer overflow")
        value = NA_INTEGER
    return Vector("integer", None, None, value)


def arithmetic(name: str, x: Any, y: Any) -> Vector:
    """Binary arithmetic without S3 dispatch.

    Args:
        name: one of ``+ - * / ^ %% %/%``.
        x, y: vectors or NULL.

    Raises:
        RError: a non-numeric operand, or arrays of different shape.
    """
    x, y = _operand(x), _operand(y)
    if x.attributes is None and y.attributes is None and x.scalar is not None and y.scalar is not None:
        result = _scalar_result(name, x, y)
        if result is not None:
            return result
    left_kind, right_kind = x.kind, y.kind
    length = common_length(x, y)
    if length and name in ("%%", "%/%") and "complex" in (left_kind, right_kind):
        if dim_of(x) is not None and dim_of(y) is not None:
            result_attributes(x, y, length, True)
        fail("unimplemented complex operation")
    attributes, _ = result_attributes(x, y, length, True)
    if left_kind == "complex" or right_kind == "complex":
        return Vector("complex", _complex_arithmetic(name, x, y, length), attributes)
    if left_kind == "double" or right_kind == "double" or name in ("/", "^"):
        left, right = coerce(x, "double").data, coerce(y, "double").data
        if len(left) != length and len(left) != 1:
            left = recycle(left, length)
        if len(right) != length and len(right) != 1:
            right = recycle(right, length)
        if length == 0:
            left = right = np.empty(0)
        with np.errstate(all="ignore"):
            values: np.ndarray = DOUBLE_OPERATIONS[name](left, right)
        if length and np.isnan(values.min()):
            values = _with_kind_of_missing(name, left, right, values,
                                           "integer" in (x.kind, y.kind) or len(y) in (1, len(x)))
        return Vector("double", values, attributes)
    left, right = recycle(x.data, length) if length else x.data[:0], recycle(y.data, length) if length else y.data[:0]
    return Vector("integer", _integer_arithmetic(name, left, right), attributes)


def _with_kind_of_missing(
    name: str, left: np.ndarray, right: np.ndarray, result: np.ndarray, first: bool
) -> np.ndarray:
    """Where both operands are missing, NA or NaN as R has it: what the operand that its processor loop keeps is."""
    both = np.isnan(left) & np.isnan(right)
    if not both.any():
        return result
    kept = right if name == "^" or (name in ("+", "*") and not first) else left
    if name == "%%":
        kept = np.where(is_na_not_nan(np.broadcast_to(left, result.shape)), left, right)
    return np.where(both, kept, result)


def _integer_arithmetic(name: str, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    missing = (left == NA_INTEGER) | (right == NA_INTEGER)
    if name in ("%%", "%/%"):
        missing = missing | (right == 0)
        divisor = np.where(right == 0, 1, right).astype(np.int64)
        wide = left.astype(np.int64) % divisor if name == "%%" else left.astype(np.int64) // divisor
    else:
        wide = INTEGER_OPERATIONS[name](left.astype(np.int64), right.astype(np.int64))
        overflow = (np.abs(wide) > INTEGER_LIMIT) & ~missing
        if overflow.any():
            warn("NAs produced by integer overflow")
            missing = missing | overflow
    if missing.any():
        wide[missing] = NA_INTEGER
    return wide.astype(np.int32)


def _complex_arithmetic(name: str, x: Vector, y: Vector, length: int) -> np.ndarray:
    left = recycle(coerce(x, "complex").data, length) if length else np.empty(0, np.complex128)
    right = recycle(coerce(y, "complex").data, length) if length else np.empty(0, np.complex128)
    with np.errstate(all="ignore"):
        if name == "+":
            return added(left, right)
        if name == "-":
            return left - right
        if name == "*":
            return multiplied(left, right)
        if name == "/":
            return divided(left, right)
        if name == "^":
            whole = (right.imag == 0) & (right.real == np.rint(right.real)) & (np.abs(right.real) <= 65536)
            return np.array(
                [_complex_power(a, b, w) for a, b, w in zip(left.tolist(), right.tolist(), whole.tolist(), strict=True)],
                np.complex128,
            )
    return left


def _complex_power(base: complex, exponent: complex, whole: bool) -> complex:
    """One power; zero has the powers of a real zero, or none."""
    if base == 0:
        return complex(scalar_power(0.0, exponent.real)) if exponent.imag == 0 else complex(math.nan, math.nan)
    if whole:
        return _whole_power(base, int(exponent.real))
    return complex(np.power(np.complex128(base), np.complex128(exponent)))


def _whole_power(base: complex, exponent: int) -> complex:
    if exponent == 1:
        return base
    result = complex(1.0)
    factor = complex(base)
    for bit in reversed(bin(abs(exponent))[2:]):
        if bit == "1":
            result *= factor
        factor *= factor
    return complex(divided(np.array([1.0 + 0j]), np.array([result]))[0]) if exponent < 0 else result


def negate(x: Any) -> Vector:
    """Unary minus; keeps attributes."""
    if x is NULL or type(x) is not Vector or x.kind in ("character", "list", "raw", "expression"):
        fail("invalid argument to unary operator")
    scalar = x.scalar
    if scalar is not None and x.attributes is None:
        if x.kind == "double":
            return Vector("double", None, None, -scalar)
        if x.kind != "complex":
            return Vector("integer", None, None, scalar if scalar == NA_INTEGER else -scalar)
    if x.kind in ("logical", "integer"):
        kept = line_attributes(x.attributes) if x.kind == "logical" else x.attributes
        return Vector("integer", np.where(x.data == NA_INTEGER, NA_INTEGER, -x.data).astype(np.int32), kept)
    return Vector(x.kind, -x.data, x.attributes)


def plus(x: Any) -> Vector:
    """Unary plus; logical becomes integer."""
    if x is NULL or type(x) is not Vector or x.kind in ("character", "list", "raw", "expression"):
        fail("invalid argument to unary operator")
    return Vector("integer", x.array, line_attributes(x.attributes), x.scalar) if x.kind == "logical" else x


def empty(kind: str) -> Vector:
    """A vector of length zero."""
    return Vector(kind, np.empty(0, DTYPES[kind]))
