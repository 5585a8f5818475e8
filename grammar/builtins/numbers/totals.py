"""`sum` and `prod`: each argument is taken together in extended precision, the arguments in doubles, one after another.

Which of NA and NaN comes out where both are met follows from the same order, as the processor keeps one of two.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.numbers.summaries import Dots, drops_missing, exact_sum, missing_result, pieces_of
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.values import NA_INTEGER, NA_REAL, NULL, Vector, double, integer, is_na_not_nan
from pipekeras.grammar.vectors.coerce import convert


def _older(first: float, second: float, made: float) -> float:
    """What an operation made of two numbers; of two missing ones the first."""
    return first if first != first and second != second else made


def _total(data: np.ndarray) -> float:
    if np.isnan(data).any():
        return float(missing_result(data).data[0])
    # A sum begins at zero, which no negative zero changes.
    return exact_sum(data) + 0.0


def _product(data: np.ndarray) -> float:
    if np.isnan(data).any():
        return float(missing_result(data).data[0])
    return float(np.multiply.reduce(data.astype(np.longdouble)))


@builtin("sum", "..., na.rm = FALSE", group="Summary")
def sum_builtin(dots: Dots, na_rm: Any) -> Any:
    drops = drops_missing(na_rm)
    pieces, kind = pieces_of(dots, drops, "sum")
    if kind == "integer":
        data = np.concatenate(pieces) if pieces else np.empty(0, np.int32)
        if len(data) and int(data.min()) == NA_INTEGER:
            return integer(None)
        total = int(data.sum(dtype=np.int64))
        return double(float(total)) if abs(total) > 2147483647 else integer(total)
    given = [value for _, value in dots if value is not NULL]
    if not drops and any(one.kind in ("integer", "logical") and (one.data == NA_INTEGER).any() for one in given):
        # A whole number or a truth that is missing ends the sum.
        return Vector(kind, None, None, complex(NA_REAL, NA_REAL) if kind == "complex" else NA_REAL)
    real = imaginary = 0.0
    with np.errstate(all="ignore"):
        for value, piece in zip(given, pieces, strict=True):
            if value.kind == "complex":
                more, further = _total(piece.real), _total(piece.imag)
                real, imaginary = _older(more, real, more + real), _older(further, imaginary, further + imaginary)
            else:
                more = _total(piece.real)
                real = _older(real, more, real + more)
    return Vector(kind, None, None, complex(real, imaginary) if kind == "complex" else real)


@builtin("prod", "..., na.rm = FALSE", group="Summary")
def prod(dots: Dots, na_rm: Any) -> Any:
    pieces, kind = pieces_of(dots, drops_missing(na_rm), "prod")
    given = [value for _, value in dots if value is not NULL]
    with np.errstate(all="ignore"):
        if kind == "complex":
            made = complex(1, 0)
            for value, piece in zip(given, pieces, strict=True):
                made = _times(made, piece) if value.kind == "complex" else _times_real(made, _product(piece.real))
            return Vector("complex", None, None, made)
        total = 1.0
        for piece in pieces:
            more = _product(convert(piece, kind, "double"))
            total = _older(total, more, total * more)
    return double(total)


def _times_real(made: complex, factor: float) -> complex:
    """Both parts times a number; the parts keep different ones of two missing factors."""
    real, imaginary = made.real, made.imag
    return complex(_older(real, factor, real * factor), _older(factor, imaginary, factor * imaginary))


def _times(made: complex, data: np.ndarray) -> complex:
    """A complex number times the product of an array."""
    a, b = made.real, made.imag
    factor = _complex_product(data)
    c, d = factor.real, factor.imag
    first, second = _older(a, c, a * c), _older(b, d, b * d)
    third, fourth = _older(d, a, a * d), _older(c, b, b * c)
    return complex(_older(first, second, first - second), _older(third, fourth, third + fourth))


def _complex_product(data: np.ndarray) -> complex:
    if np.isfinite(data).all():
        made = complex(data.astype(np.clongdouble).prod())
        if made == made:
            return made
    real, imaginary = np.longdouble(1), np.longdouble(0)
    for one in data.tolist():
        first, second = _by_element(real, one.real), _by_element(imaginary, one.imag)
        third, fourth = _by_element(real, one.imag), _by_element(imaginary, one.real)
        real, imaginary = _joined(first, second, first - second), _joined(third, fourth, third + fourth)
    return complex(float(real), float(imaginary))


def _by_element(made: np.longdouble, factor: float) -> np.longdouble:
    return made if made != made and factor != factor else np.longdouble(made * np.longdouble(factor))


def _joined(first: np.longdouble, second: np.longdouble, made: np.longdouble) -> np.longdouble:
    """What an operation made of two products, where of two missing ones NA is kept."""
    if first == first or second == second:
        return made
    return second if is_na_not_nan(np.array([float(second)]))[0] else first
