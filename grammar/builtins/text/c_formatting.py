"""``formatC``: numbers in the style of C's printf, each by itself."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.registry import RError, builtin
from pipekeras.grammar.builtins.text.formatting import choose, format_vector, marks_of, warn_of_like_marks
from pipekeras.grammar.printing.dispatch import condition, invoke, optional_flag, optional_text, optional_whole, texts_of, whole
from pipekeras.grammar.printing.marks import mark_all
from pipekeras.grammar.text.sprintf import format_integer, format_real
from pipekeras.grammar.values import NA_INTEGER, NA_REAL, NULL, Vector, character, explicit_class, integer
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.report import warn

_C_FORMATS = ("d", "f", "e", "E", "g", "G", "fg", "s")


def _significant_fixed(value: float, digits: int, flags: str, columns: int) -> str:
    """Fixed notation with ``digits`` significant digits: the "fg" format."""
    power = math.floor(math.log10(abs(value)) + 1e-12)
    leading = round(abs(value) / 10.0**power + 1e-12, digits - 1) if power > -300 else 1.0
    if power > 0 and leading >= 10:
        # Rounded up to a power of ten; R loses the sign of such a number.
        value = leading * 10.0**power
        power += 1
    if power == -4 and abs(value) < 1e-4:
        power = -5
    if power >= -4:
        return f"%{flags}{columns or ''}.{max(power + 1, digits)}g" % value
    # Numbers for which `g` would write an exponent are not filled up to the width.
    text = f"%{flags}.{digits - 1 - power}f" % value
    return text if "#" in flags else text.rstrip("0")


@builtin(
    "formatC",
    "x, digits = NULL, width = NULL, format = NULL, flag = '', mode = NULL, big.mark = '', big.interval = 3L, "
    "small.mark = '', small.interval = 5L, decimal.mark = NULL, preserve.width = 'individual', zero.print = NULL, "
    "replace.zero = TRUE, drop0trailing = FALSE",
)
def format_c(
    x: Any, digits: Any, width: Any, format: Any, flag: Any, mode: Any, big_mark: Any, big_interval: Any,
    small_mark: Any, small_interval: Any, decimal_mark: Any, preserve_width: Any, zero_print: Any, replace_zero: Any,
    drop: Any,
) -> Any:  # fmt: skip
    """Numbers in the style of C's printf, each by itself."""
    if x is NULL:
        return character([])
    if isinstance(x, Vector) and explicit_class(x):
        if x.kind == "list":
            warn("class of 'x' was discarded")
        x = x.with_attribute("class", NULL)
    if isinstance(flag, Vector) and len(flag) != 1:
        raise RError("'flag' must be a string, i.e., of length 1")
    flags = "".join("NA" if text is None else text for text in texts_of(flag))
    if set(flags) - set("0+- #'I"):
        raise RError("'flag' should contain only characters from [0+- #'I]")
    if isinstance(x, Vector) and not len(x):
        return character([])
    x, wanted = _in_mode(x, mode)
    style = optional_text(format, "format")
    if wanted == "character" or style == "s":
        if wanted != "character":
            warn('coercing argument to "character" for format="s"')
            x = character(texts_of(x))
        return _format_texts(x, width, flags)
    if style is not None and style not in _C_FORMATS:
        raise RError("'format' must be one of {\"f\",\"e\",\"E\",\"g\",\"G\", \"fg\", \"s\"}")
    if isinstance(x, Vector) and x.kind == "list" and style == "d":
        x = coerce(x, "integer")
    if not isinstance(x, Vector) or x.kind in ("list", "expression"):
        raise RError(f"default method not implemented for type '{getattr(x, 'kind', 'unknown')}'")
    style = style or ("d" if wanted == "integer" else "g")
    if x.kind == "complex" and style in ("f", "fg"):
        raise RError("invalid comparison with complex values")
    if x.kind == "complex" and style == "d":
        if bool((x.data.imag != 0).any()) and not bool(np.isnan(x.data.imag).any()):
            warn("imaginary parts discarded in coercion")
        lost = np.isnan(x.data.imag) | np.isnan(x.data.real)
        x = Vector("double", np.where(lost, NA_REAL, x.data.real), x.attributes)
        x = Vector("double", np.round(x.data), x.attributes)
    if x.kind == "character":
        x = coerce(x, "double")
    if width is not NULL:
        condition(width)
    strange = x.kind in ("complex", "raw") or (wanted == "logical" and style != "d")
    precision, columns = _precision_and_width(digits, width, style, not strange)
    if strange:
        raise RError("unsupported type ")
    left = columns < 0 or flags == "-"
    if columns < 0:
        flags, columns = flags + "-", -columns
    marks = marks_of(big_mark, big_interval, small_mark, small_interval, decimal_mark, zero_print, drop)
    if marks.zero is not None:
        marks = replace(marks, replace_zero=optional_flag(replace_zero, True))
    if style == "d" and x.kind == "double":
        x = coerce(x, "integer")
    shown = _c_texts(x, style, precision, flags, columns)
    special = [at for at, item in enumerate(_numbers(x)) if item - item != 0]
    names = character(texts_of(Vector(x.kind, x.data[special])))
    aligned = format_vector(names, width=columns, justify="left" if left else "right")
    for at, name in zip(special, aligned, strict=True):
        shown[at] = str(name)
    if not marks.plain:
        warn_of_like_marks(marks)
        choose(preserve_width, ("common", "individual", "none"), "preserve.width")
        shown = mark_all(shown, marks, "individual")
    return character(shown, x.attributes)


def _in_mode(x: Any, mode: Any) -> tuple[Any, str]:
    """The value in the mode that was asked for, and what mode it is in."""
    wanted = optional_text(mode, "mode")
    if wanted is None:
        return x, getattr(x, "kind", "unknown")
    if wanted == "character":
        return x, wanted
    if wanted not in ("double", "real", "integer"):
        raise RError("'mode' must be \"double\" (\"real\"), \"integer\" or \"character\"")
    kind = "integer" if wanted == "integer" else "double"
    return (coerce(x, kind) if isinstance(x, Vector) and x.kind != kind else x), kind


def _format_texts(x: Any, width: Any, flags: str) -> Any:
    """Values laid out by ``format`` in a width."""
    columns = 0
    if width is not NULL:
        condition(call_builtin("<", width, integer(0)))
        columns = optional_whole(width, "width") or 0
        flags = "-" if columns < 0 else flags
    side = character("left" if flags == "-" else "right")
    return invoke("format.default", x, width=integer(abs(columns)), justify=side)


_MOST_DIGITS = {"f": 324}
"""Significant digits, or for "f" those after the point, that are ever written; 50 elsewhere."""


def _precision_and_width(digits: Any, width: Any, style: str, known: bool) -> tuple[int | None, int]:
    columns = optional_whole(width, "width")
    if digits is NULL:
        return None, (2 if style == "d" else 4) if columns == 0 else columns or 0
    most = _MOST_DIGITS.get(style, 50)
    if isinstance(digits, Vector) and digits.kind == "character":
        # A text is compared with the most digits as texts are; only what is not reduced is reckoned with.
        if str(digits.items()[0]) <= str(most):
            raise RError("non-numeric argument to binary operator")
        precision = most + 1
    else:
        condition(call_builtin("<", digits, integer(0)))
        precision = whole(digits, "digits")
    if precision < 0:
        precision = 6
    elif precision > most:
        warn(f"'digits' reduced to {most}")
        precision = most
    if columns is None:
        columns = precision + 1 if precision else 0
    elif not columns and not precision and known:
        raise RError("width cannot be zero")
    return precision, columns or precision


def _c_texts(x: Vector, style: str, precision: int | None, flags: str, columns: int) -> list[str]:
    """Each number by itself."""
    flags = "".join(letter for letter in dict.fromkeys(flags) if letter not in "'I")
    if style == "d":
        return [_format_whole(item, flags, columns) for item in _wholes(x)]
    return [_format_number(item, style, precision, flags, columns) for item in _numbers(x)]


def _wholes(x: Vector) -> list[int]:
    if x.kind in ("integer", "logical"):
        return x.items()
    return [NA_INTEGER if value != value else int(value) for value in _numbers(x)]


def _numbers(x: Vector) -> list[float]:
    from pipekeras.grammar.vectors.coerce import doubles

    numbers: list[float] = np.asarray(doubles(Vector(x.kind, x.data))).tolist()
    return numbers


def _format_whole(value: int, flags: str, columns: int) -> str:
    if abs(value) >= 2**31 and value != NA_INTEGER:
        return f"%{flags}{columns or ''}d" % value
    return format_integer(value, flags.replace("#", ""), columns, None, "d")


def _format_number(value: float, style: str, precision: int | None, flags: str, columns: int) -> str:
    if style == "fg":
        if value != value or value in (float("inf"), float("-inf")):
            return format_real(value, flags, columns, None, "f")
        if value == 0:
            return "0"
        return _significant_fixed(value, max(4 if precision is None else precision, 1), flags, columns)
    return format_real(value, flags, columns, 4 if precision is None or precision < 0 else precision, style)
