"""Conversion between the kinds of vectors, element by element, with R's texts for numbers and its warnings."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
from pipekeras.grammar.values import (
    DTYPES,
    KIND_ORDER,
    NA_COMPLEX,
    NA_INTEGER,
    NA_REAL,
    NULL,
    Vector,
    is_na_not_nan,
    is_na_real,
    object_array,
)
from pipekeras.grammar.vectors.report import fail, warn

KIND_RANK = {kind: rank for rank, kind in enumerate(KIND_ORDER)}
DANGLING_EXPONENT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)[eE][+-]?$")
"""A number whose exponent has no digits: it counts as zero."""
HEXADECIMAL = re.compile(r"[+-]?0[xX][0-9a-fA-F]+(?:\.[0-9a-fA-F]*)?(?:[pP][+-]?\d+)?\Z")
TRUE_TEXTS = frozenset(("TRUE", "true", "T", "True"))
FALSE_TEXTS = frozenset(("FALSE", "false", "F", "False"))
COMPLEX_TEXT = re.compile(r"\s*([+-]?[\d.]+(?:[eE][+-]?\d+)?)([+-][\d.]+(?:[eE][+-]?\d+)?)i\s*\Z")
"""Both parts of a complex number have digits."""


def double_text(number: float, digits: int = 15) -> str | None:
    """Text of one double with up to `digits` significant digits, fixed unless scientific is narrower; None for NA."""
    if number != number:
        return None if is_na_real(number) else "NaN"
    if number in (math.inf, -math.inf):
        return "Inf" if number > 0 else "-Inf"
    if number == 0:
        return "0"
    plain = f"{number:.{digits}g}"
    mantissa, _, exponent = plain.partition("e")
    figures = mantissa.lstrip("-").replace(".", "").strip("0")
    negative = mantissa[0] == "-"
    significant = len(figures)
    if not exponent:
        if "." not in mantissa and len(mantissa) - negative <= 5:
            return plain
        first = mantissa.lstrip("-").partition(".")
        power = len(first[0]) - 1 if first[0] != "0" else len(first[2]) - len(first[2].lstrip("0")) + 1
        short = negative + significant + (significant > 1) + (5 if power >= 100 else 4)
        return plain if len(plain) <= short else f"{number:.{significant - 1}e}"
    power = int(exponent)
    after = max(0, significant - power - 1)
    fixed_width = negative + max(power, 0) + 1 + (after + 1 if after else 0)
    short = negative + significant + (significant > 1) + (5 if abs(power) >= 100 else 4)
    return f"{number:.{after}f}" if fixed_width <= short else f"{number:.{significant - 1}e}"


def double_texts(numbers: list[float]) -> list[str | None]:
    """Texts of many doubles with up to 15 significant digits, as ``options("scipen")`` wants them."""
    penalty = scientific_penalty()
    if penalty:
        from pipekeras.grammar.spelling import number_text

        return [None if is_na_real(number) else number_text(number, 15, penalty) for number in numbers]
    found: list[str | None] = []
    for number in numbers:
        plain = f"{number:.15g}"
        if (len(plain) <= 5 and plain.isdigit()) or ("." in plain and "e" not in plain and "0.000" not in plain[:6]):
            found.append(plain)
        else:
            found.append(double_text(number))
    return found


def complex_text(number: complex, digits: int = 15) -> str | None:
    """Text of one complex number; None for NA."""
    if is_na_real(number.real) or is_na_real(number.imag):
        return None
    from pipekeras.grammar.printing.numbers import complex_text as laid_out

    return laid_out(number, digits, scientific_penalty())


def scientific_penalty() -> int:
    """Columns by which the fixed form of a number that becomes text may be wider: ``options("scipen")``."""
    from pipekeras.grammar.evaluation.machine import machine

    option = machine.options.get("scipen")
    value = option.items()[0] if type(option) is Vector and option.kind in ("integer", "double") and len(option) else 0
    return int(value) if value == value and value != NA_INTEGER else 0


def parse_double(text: str | None) -> float | None:
    """Number that a text denotes by R's rules: NA for "NA", None when it denotes none."""
    if text is None:
        return NA_REAL
    stripped = text.strip()
    if stripped == "NA":
        return NA_REAL
    try:
        if "_" in stripped:
            return None
        return float(stripped)
    except ValueError:
        pass
    if DANGLING_EXPONENT.match(stripped):
        return float(stripped.rstrip("eE+-"))
    if HEXADECIMAL.match(stripped):
        return float.fromhex(stripped)
    return None


def parse_complex(text: str | None) -> complex | None:
    """Complex number that a text denotes; None when it denotes none."""
    real = parse_double(text)
    if real is not None:
        return NA_COMPLEX if is_na_real(real) else complex(real, 0.0)
    match = COMPLEX_TEXT.match(text or "")
    if not match:
        return None
    try:
        return complex(float(match[1]), float(match[2]))
    except ValueError:
        return None


def parse_logical(text: str | None) -> int:
    """Logical code that a text denotes, NA when it denotes none."""
    if text in TRUE_TEXTS:
        return 1
    return 0 if text in FALSE_TEXTS else NA_INTEGER


def _any_unread(texts: np.ndarray, numbers: list[Any]) -> bool:
    """Whether some text is no number, such as "NA"; a missing or blank one is missing without a word."""
    return any(text and not text.isspace() and (number is None or (number != number and text.strip() == "NA"))
               for text, number in zip(texts, numbers, strict=True))


def _from_text(data: np.ndarray, kind: str) -> np.ndarray:
    if kind == "logical":
        return np.array([parse_logical(text) for text in data], np.int32)
    if kind == "complex":
        numbers = [parse_complex(text) for text in data]
        if _any_unread(data, numbers):
            warn("NAs introduced by coercion")
        return np.array([NA_COMPLEX if n is None else n for n in numbers], np.complex128)
    parsed = [parse_double(text) for text in data]
    if _any_unread(data, parsed):
        warn("NAs introduced by coercion")
    doubles = np.array([NA_REAL if n is None else n for n in parsed], np.float64)
    if kind == "double":
        return doubles
    if kind == "integer":
        return doubles_to_integers(doubles)
    return convert(doubles, "double", "raw")


def doubles_to_integers(data: np.ndarray) -> np.ndarray:
    """Truncate towards zero; NaN and numbers outside the integer range become NA (the latter with a warning)."""
    missing = np.isnan(data)
    outside = (np.abs(data) >= 2147483648.0) & ~missing
    if outside.any():
        warn("NAs introduced by coercion to integer range")
        missing = missing | outside
    if missing.any():
        result = np.where(missing, 0.0, data).astype(np.int32)
        result[missing] = NA_INTEGER
        return result
    return data.astype(np.int32)


def _to_raw(data: np.ndarray) -> np.ndarray:
    wrong = ~((data >= 0) & (data < 256))
    if wrong.any():
        warn("out-of-range values treated as 0 in coercion to raw")
    return np.where(wrong, 0, data).astype(np.uint8)


def _integers_to_double(data: np.ndarray) -> np.ndarray:
    result = data.astype(np.float64)
    missing = data == NA_INTEGER
    if missing.any():
        result[missing] = NA_REAL
    return result


def _to_text(data: np.ndarray, kind: str) -> np.ndarray:
    values = data.tolist()
    if kind == "integer":
        return object_array([None if v == NA_INTEGER else str(v) for v in values])
    if kind == "logical":
        return object_array([None if v == NA_INTEGER else "TRUE" if v else "FALSE" for v in values])
    if kind in ("double", "complex"):
        texts = double_texts(values) if kind == "double" else [complex_text(v) for v in values]
        mark = decimal_mark()
        return object_array(texts if mark == "." else [None if text is None else text.replace(".", mark) for text in texts])
    return object_array([f"{v:02x}" for v in values])


def decimal_mark() -> str:
    """What separates decimals in numbers that become text: ``options("OutDec")``."""
    from pipekeras.grammar.evaluation.machine import machine

    option = machine.options.get("OutDec")
    return "." if option is None else str(option.items()[0])


def convert(data: np.ndarray, source: str, target: str) -> np.ndarray:
    """Elements of an atomic kind as another atomic kind (or as list elements).

    Args:
        data: array of the source kind.
        source, target: kinds.
    """
    if source == target:
        return data
    if target in ("list", "expression"):
        if source in ("list", "expression"):
            return data
        if source == "character":
            return object_array([Vector("character", object_array([v])) for v in data])
        return object_array([Vector(source, None, None, v) for v in data.tolist()])
    if source in ("list", "expression"):
        return _from_list(data, target)
    if target == "character":
        return _to_text(data, source)
    if source == "character":
        return _from_text(data, target)
    if source == "raw":
        return (data != 0).astype(np.int32) if target == "logical" else data.astype(DTYPES[target])
    if source == "complex":
        if target == "logical":
            return np.where(np.isnan(data), NA_INTEGER, data != 0).astype(np.int32)
        real = np.where(np.isnan(data), NA_REAL, data.real)
        made = real if target == "raw" else convert(real, "double", target)
        kept = ~np.isnan(data)
        if target == "integer":
            kept &= made != NA_INTEGER
        if np.any(data.imag[kept] != 0):
            warn("imaginary parts discarded in coercion")
        return convert(real, "double", target) if target == "raw" else made
    if target == "double":
        return _integers_to_double(data)
    if target == "integer":
        return data if source == "logical" else doubles_to_integers(data)
    if target == "logical":
        missing = np.isnan(data) if source == "double" else data == NA_INTEGER
        result = (data != 0).astype(np.int32)
        result[missing] = NA_INTEGER
        return result
    if target == "complex":
        doubles = data if source == "double" else _integers_to_double(data)
        result = doubles.astype(np.complex128)
        if source != "double":
            result[data == NA_INTEGER] = NA_COMPLEX
        return result
    whole = doubles_to_integers(data) if source == "double" else data
    return _to_raw(np.where(whole == NA_INTEGER, -1, whole))


def as_stored(data: np.ndarray, source: str, kind: str) -> np.ndarray:
    """Elements as a vector of a kind takes them in: a missing number is missing in both parts of a complex one."""
    made = convert(data, source, kind)
    if kind == "complex" and source == "double":
        made[is_na_not_nan(data)] = NA_COMPLEX
    return made


_ATOMIC = ("logical", "integer", "double", "complex", "character")
_READERS = {"integer": "asInteger", "double": "asReal", "complex": "asComplex"}
"""What reads an element of a list as a number, as R names it where the element is raw."""


def _half_missing(number: complex) -> bool:
    """Whether a part of a complex number is no number while the number as a whole is something."""
    return number != number and not (is_na_real(number.real) and is_na_real(number.imag))


def _from_list(data: np.ndarray, target: str) -> np.ndarray:
    result = np.empty(len(data), DTYPES[target])
    if target not in ("character", "raw") and any(element is NULL or (getattr(element, "kind", "") in (*_ATOMIC, "raw")
                                                                      and len(element) > 1) for element in data):
        fail(f"'list' object cannot be coerced to type '{target}'")
    if target not in ("character", "raw") and any(
            getattr(element, "kind", "") in ("list", "expression") and len(element) != 1 for element in data):
        fail(f"'list' object cannot be coerced to type '{target}'")
    reader = _READERS.get(target)
    if reader and any(type(element) is Vector and element.kind == "raw" and len(element) for element in data):
        fail(f"unimplemented type 'raw' in '{reader}'\n")
    for position, element in enumerate(data):
        single = type(element) is Vector and len(element) == 1 and element.kind not in ("list", "expression")
        named = single and element.kind != "character" and "names" in (element.attributes or ())
        half = single and element.kind == "complex" and _half_missing(element.data[0])
        if target == "character" and (named or half or (single and element.kind == "raw")):
            result[position] = element_text(element)
        elif single:
            # Numbers in lists are written as code, so the mark of decimals is the usual one.
            written = target == "character" and element.kind == "double"
            made = double_texts(element.data.tolist())[0] if written else convert(element.data, element.kind, target)[0]
            # A missing element that is no text becomes the text "NA".
            result[position] = "NA" if made is None and element.kind != "character" else made
        elif type(element) is Vector and len(element) == 0 and element.kind in (*_ATOMIC, "raw") and target in _ATOMIC[:-1]:
            result[position] = missing_value(target)
        elif target == "character" and getattr(element, "kind", "") == "symbol":
            from pipekeras.grammar.spelling import quote_name

            result[position] = quote_name(element.name)
        elif target == "character":
            result[position] = element_text(element)
        elif type(element) is Vector and len(element) == 1 and target in _ATOMIC[:-1]:
            result[position] = missing_value(target)
        else:
            fail(f"'list' object cannot be coerced to type '{target}'")
    return result


def element_text(element: Any) -> str:
    """Text of one list element as `as.character` writes it: the deparsed element."""
    kind = getattr(element, "kind", None)
    if kind == "symbol":
        return str(element.name)
    if kind == "character" and len(element) == 1:
        return str(element.data[0])
    from dataclasses import replace

    from pipekeras.grammar.deparse import PRINT_OPTIONS, deparse_lines

    lines = deparse_lines(element, replace(PRINT_OPTIONS, width=10**6, keep_integer=False, keep_missing=False))
    return "\n".join(lines)


def coerce(vector: Any, kind: str) -> Vector:
    """Vector of the wanted kind under the same attributes (the same object when nothing changes)."""
    if vector is NULL:
        return Vector(kind, np.empty(0, DTYPES[kind]))
    if vector.kind == kind:
        return vector
    scalar = vector.scalar
    if scalar is not None:
        converted = _scalar_conversion(scalar, vector.kind, kind)
        if converted is not None:
            return Vector(kind, None, vector.attributes, converted)
    return Vector(kind, convert(vector.data, vector.kind, kind), vector.attributes)


def _scalar_conversion(scalar: Any, source: str, target: str) -> Any:
    if target == "double" and source in ("integer", "logical"):
        return NA_REAL if scalar == NA_INTEGER else float(scalar)
    if target == "integer":
        if source == "logical":
            return scalar
        if source == "double" and -2147483648.0 < scalar < 2147483648.0:
            return int(scalar)
    if target == "logical":
        if source == "double" and scalar == scalar:
            return 1 if scalar else 0
        if source == "integer":
            return scalar if scalar == NA_INTEGER else 1 if scalar else 0
    return None


def plain(vector: Any, kind: str) -> Vector:
    """Vector of the wanted kind without attributes."""
    made = coerce(vector, kind)
    return made if made.attributes is None else made.with_attributes(None)


def widest(kinds: list[str]) -> str:
    """The widest of several kinds in R's order of coercion ("NULL" counts as none)."""
    rank = max((KIND_RANK[kind] for kind in kinds if kind != "NULL"), default=-1)
    return KIND_ORDER[rank] if rank >= 0 else "NULL"


def missing_value(kind: str) -> Any:
    """The element that stands for "missing" in a kind; NULL for lists, zero for raw."""
    return _MISSING[kind]


_MISSING: dict[str, Any] = {
    "logical": NA_INTEGER,
    "integer": NA_INTEGER,
    "double": NA_REAL,
    "complex": NA_COMPLEX,
    "character": None,
    "raw": 0,
    "list": NULL,
    "expression": NULL,
}

def doubles(value: Any) -> np.ndarray:
    """Elements as a double array."""
    return coerce(value, "double").data


def integers(value: Any) -> np.ndarray:
    """Elements as an int32 array with NA codes."""
    return coerce(value, "integer").data


def texts(value: Any) -> list[str | None]:
    """Elements as a Python list of texts (None for NA)."""
    return coerce(value, "character").data.tolist()
