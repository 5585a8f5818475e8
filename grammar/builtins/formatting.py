"""``format`` and its methods, ``formatC``, ``prettyNum``: values as text of chosen width and precision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import RError, builtin, machine
from pipekeras.grammar.nodes import Call, Symbol
from pipekeras.grammar.printing.dispatch import (
    condition,
    flag,
    invoke,
    keep_shape,
    one_text,
    option_number,
    optional_flag,
    optional_text,
    optional_whole,
    text_vector,
    texts_of,
)
from pipekeras.grammar.printing.marks import Marks, mark_all
from pipekeras.grammar.printing.numbers import (
    complex_layout,
    encode_complexes,
    encode_reals,
    integer_texts,
    logical_texts,
    real_layout,
)
from pipekeras.grammar.printing.text import escape_text, pad_text, text_width
from pipekeras.grammar.text.sprintf import format_integer, format_real
from pipekeras.grammar.values import NA_INTEGER, NULL, Vector, character, explicit_class, get_attribute, is_function, names_of
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.report import warn

_JUSTIFY = ("left", "right", "centre", "none")


def choose(value: Any, choices: Sequence[str], name: str) -> str:
    """A partially matched choice; a vector of all choices means the first."""
    if value is NULL or (isinstance(value, Vector) and len(value) != 1):
        return choices[0]
    text = one_text(value, name)
    hits = [choice for choice in choices if choice == text] or [c for c in choices if c.startswith(text)]
    if not hits:
        shown = ", ".join(f"\u201c{choice}\u201d" for choice in choices)
        raise RError(f"'arg' should be one of {shown}")
    return hits[0]


def _marks(big: Any, big_interval: Any, small: Any, small_interval: Any, decimal: Any, zero: Any, drop: Any) -> Marks:
    zero_text = None
    if isinstance(zero, Vector):
        zero_text = zero.items()[0] if zero.kind == "character" else (None if flag(zero, "zero.print") else " ")
    return Marks(
        optional_text(big, "big.mark") or "",
        optional_whole(big_interval, "big.interval") or 3,
        optional_text(small, "small.mark") or "",
        optional_whole(small_interval, "small.interval") or 5,
        optional_text(decimal, "decimal.mark") or option_decimal_mark(),
        optional_flag(drop),
        zero_text,
    )


def option_decimal_mark() -> str:
    """``options("OutDec")``."""
    value = machine.options.get("OutDec")
    return str(value.items()[0]) if isinstance(value, Vector) and value.kind == "character" else "."


def _scientific_penalty(scientific: Any) -> int:
    if isinstance(scientific, Vector) and len(scientific) != 1:
        raise RError("invalid 'scientific' argument")
    if isinstance(scientific, Vector) and len(scientific):
        item = scientific.items()[0]
        if scientific.kind == "logical":
            return option_number("scipen", 0) if item == NA_INTEGER else (-100 if item else 100)
        if item == item and item != NA_INTEGER:
            return int(item)
    return option_number("scipen", 0)


def format_vector(
    vector: Vector,
    trim: bool = False,
    digits: int | None = None,
    nsmall: int = 0,
    width: int = 0,
    scipen: int | None = None,
    na_encode: bool = True,
    justify: str = "left",
    marks: Marks | None = None,
) -> list[str | None]:
    """Text of an atomic vector's elements as ``format`` gives it."""
    kind = vector.kind
    if kind == "character":
        texts = [("NA" if na_encode else None) if item is None else item for item in vector.items()]
        if justify == "none":
            return texts
        return pad_escaped(texts, width, justify)
    penalty = option_number("scipen", 0) if scipen is None else scipen
    significant = option_number("digits", 7) if digits is None else digits
    if significant == 0:
        significant = 1
    if kind == "double":
        layout = real_layout(vector.data, significant, penalty, nsmall)
        shown = encode_reals(vector.data, layout)
    elif kind == "integer":
        shown = integer_texts(vector.items())
    elif kind == "logical":
        shown = logical_texts(vector.items())
    elif kind == "complex":
        shown = encode_complexes(vector.data, complex_layout(vector.data, significant, penalty, nsmall), significant)
    else:
        shown = [f"{byte:02x}" for byte in vector.items()]
    if marks is not None and not marks.plain:
        shown = mark_all([text.rjust(width) for text in shown], marks, "none" if trim or marks.drop_zeros else "common")
        if marks.drop_zeros and not trim:
            return list(shown)
    elif marks is None and kind in ("double", "complex") and option_decimal_mark() != ".":
        shown = [text.replace(".", option_decimal_mark()) for text in shown]
    if trim:
        return [text.strip() for text in shown]
    widest = max([width, *map(len, shown)]) if shown else width
    return [text.rjust(widest) for text in shown]


def pad_escaped(texts: list[str | None], width: int, justify: str) -> list[str | None]:
    """Texts brought to one width, in which escapes such as ``\\n`` count as they print; NA stays."""
    sizes = [0 if text is None else text_width(escape_text(text)) for text in texts]
    widest = max([width, *sizes])
    out: list[str | None] = []
    for text, size in zip(texts, sizes, strict=True):
        if text is None:
            out.append(None)
            continue
        lack = widest - size
        left = 0 if justify == "left" else lack if justify == "right" else lack // 2
        out.append(" " * left + text + " " * (lack - left))
    return out


def _list_element_text(element: Any, options: dict[str, Any]) -> str:
    if element is NULL:
        return "NULL"
    if isinstance(element, Vector):
        if element.kind == "list":
            flat = invoke("unlist", element)
            if flat is NULL:
                return "NULL"
            if isinstance(flat, Vector) and flat.kind != "list":
                return ", ".join(str(text) for text in format_vector(flat, trim=not options.get("width"), **options))
        if element.kind in ("list", "expression"):
            parts: list[str] = []
            for item in element.items():
                if isinstance(item, Vector) and item.kind not in ("list", "expression"):
                    shown = format_vector(item, trim=not options.get("width"), **options)
                    parts.extend(str(text) for text in shown)
                else:
                    parts.append(_list_element_text(item, options))
            return ", ".join(parts)
        bare = Vector(element.kind, element.data)
        return ", ".join(str(text) for text in format_vector(bare, trim=not options.get("width"), **options))
    if isinstance(element, (Call, Symbol)) or is_function(element):
        from pipekeras.grammar.printing.functions import deparsed

        return ", ".join(deparsed(element))
    from pipekeras.grammar.printing.show import describe_reference

    return "<environment>" if element.kind == "environment" else describe_reference(element)


@builtin(
    ("format", "format.default"),
    "x, trim = FALSE, digits = NULL, nsmall = 0L, justify = NULL, width = NULL, na.encode = TRUE, scientific = NA, "
    "big.mark = '', big.interval = 3L, small.mark = '', small.interval = 5L, decimal.mark = NULL, zero.print = NULL, "
    "drop0trailing = FALSE, ...",
    generic="s3",
)
def format_default(
    x: Any, trim: Any, digits: Any, nsmall: Any, justify: Any, width: Any, na_encode: Any, scientific: Any,
    big_mark: Any, big_interval: Any, small_mark: Any, small_interval: Any, decimal_mark: Any, zero_print: Any,
    drop: Any, dots: Any,
) -> Any:  # fmt: skip
    """Elements as text of one width."""
    if isinstance(x, Vector) and "factor" in (get_class(x)):
        return format_factor(x, [("width", width), ("justify", justify)])
    how = choose(justify, _JUSTIFY, "justify")
    if isinstance(x, (Call, Symbol)) or is_function(x):
        from pipekeras.grammar.printing.functions import deparsed, language_lines

        return character(deparsed(x) if not isinstance(x, Call) else language_lines(_bare_formula(x)))
    if x is NULL:
        return character("NULL")
    if not isinstance(x, Vector):
        from pipekeras.grammar.printing.show import describe_reference, environment_text

        return character(
            "<environment>" if x.kind == "environment" and not x.name else
            environment_text(x) if x.kind == "environment" else describe_reference(x)
        )  # fmt: skip
    significant = optional_whole(digits, "digits")
    if significant is not None and not 1 <= significant <= 22:
        raise RError(f"invalid value {significant} for 'digits' argument")
    least = optional_whole(nsmall, "nsmall") or 0
    if not 0 <= least <= 20:
        raise RError("invalid 'nsmall' argument")
    columns = optional_whole(width, "width") or 0
    if columns < 0 or (width is not NULL and optional_whole(width, "width") is None):
        raise RError("invalid 'width' argument")
    if isinstance(na_encode, Vector) and (na_encode.kind == "character" or na_encode.items()[:1] == [NA_INTEGER]):
        raise RError("invalid 'na.encode' argument")
    marks = _marks(big_mark, big_interval, small_mark, small_interval, decimal_mark, zero_print, drop)
    if x.kind == "list":
        options = {
            "digits": significant, "nsmall": least, "marks": marks, "width": columns,
            "justify": how,
        }  # fmt: skip
        names = names_of(x)
        texts = character([_list_element_text(element, options) for element in x.items()])
        return texts if names is None else texts.with_attribute("names", character(names))
    if x.kind == "expression":
        from pipekeras.grammar.printing.functions import deparsed

        return character(deparsed(x))
    made = format_vector(
        x, flag(trim, "trim"), significant, least, columns, _scientific_penalty(scientific),
        optional_flag(na_encode, True), how, marks,
    )  # fmt: skip
    return keep_shape(x if get_attribute(x, "dim") is NULL else x.with_attribute("names", NULL), made)


def _bare_formula(x: Call) -> Call:
    """A formula without the environment that it carries; other calls as they are."""
    return Call(x.function, x.args, x.span) if "formula" in get_class(x) else x


def get_class(x: Any) -> list[str]:
    """The class attribute as a list of names, empty without one."""
    given = get_attribute(x, "class")
    return [] if given is NULL else given.items()


@builtin("format.factor", "x, ...")
def format_factor(x: Vector, dots: list[tuple[str | None, Any]]) -> Any:
    """The labels of a factor as text of one width."""
    labels = character(factor_labels(x))
    made = keep_shape(x, labels.data)
    named = {name: value for name, value in dots if name and value is not NULL}
    return invoke("format.default", made, **named)


def factor_labels(x: Vector) -> list[str | None]:
    """The label of each element of a factor."""
    levels = get_attribute(x, "levels")
    names = levels.items() if levels is not NULL else []
    return [names[int(code) - 1] if 1 <= code <= len(names) else None for code in x.items()]


@builtin(
    "prettyNum",
    "x, big.mark = '', big.interval = 3L, small.mark = '', small.interval = 5L, decimal.mark = NULL, "
    "input.d.mark = NULL, preserve.width = 'common', zero.print = NULL, replace.zero = FALSE, drop0trailing = FALSE, "
    "is.cmplx = NA, ...",
)
def pretty_number(
    x: Any, big_mark: Any, big_interval: Any, small_mark: Any, small_interval: Any, decimal_mark: Any,
    input_mark: Any, preserve_width: Any, zero_print: Any, replace_zero: Any, drop: Any, is_complex: Any, dots: Any,
) -> Any:  # fmt: skip
    """Numbers as text with marks between the digits."""
    marks = _marks(big_mark, big_interval, small_mark, small_interval, decimal_mark, zero_print, drop)
    if isinstance(x, Vector) and x.kind == "character":
        how = choose(preserve_width, ("common", "individual", "none"), "preserve.width")
        return keep_shape(x, mark_all(["NA" if text is None else text for text in x.items()], marks, how))
    if not isinstance(x, Vector):
        return text_vector(x)
    named = {name: value for name, value in dots if name}
    texts = []
    for position in range(len(x)):
        one = Vector(x.kind, x.data[position : position + 1])
        texts.append(invoke("format", one, **named).items()[0])
    names = names_of(x)
    made = character(mark_all(texts, marks, "individual"))
    return made if names is None else made.with_attribute("names", character(names))


_C_FORMATS = ("d", "f", "e", "E", "g", "G", "fg", "s")


def _significant_fixed(value: float, digits: int, flags: str) -> str:
    """Fixed notation with ``digits`` significant digits: the "fg" format."""
    text = f"{value:.{max(digits, 1) - 1}e}"
    power = int(text.partition("e")[2])
    decimals = max(digits - 1 - power, 0)
    shown = f"{value:.{decimals}f}"
    if "#" not in flags and "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return shown


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
    if isinstance(x, Vector) and explicit_class(x) and "factor" not in get_class(x) and x.kind == "list":
        warn("class of 'x' was discarded")
    if not isinstance(x, Vector) or x.kind in ("list", "expression"):
        raise RError(f"default method not implemented for type '{getattr(x, 'kind', 'unknown')}'")
    if "factor" in get_class(x):
        x = x.with_attributes({k: v for k, v in (x.attributes or {}).items() if k != "class"})
    if isinstance(flag, Vector) and len(flag) != 1:
        raise RError("'flag' must be a string, i.e., of length 1")
    flags = one_text(flag, "flag")
    if width is not NULL:
        condition(width)
    kind = x.kind
    wanted = optional_text(mode, "mode") or {"integer": "integer", "character": "character"}.get(kind, kind)
    style = optional_text(format, "format")
    if style is None:
        style = "s" if wanted == "character" else "d" if wanted == "integer" else "g"
    if mode is not NULL and wanted not in ("double", "real", "integer", "character"):
        raise RError("'mode' must be \"double\" (\"real\"), \"integer\" or \"character\"")
    if not len(x) and wanted == "logical":
        return character([])
    if wanted in ("complex", "raw") or (wanted == "logical" and style != "d"):
        raise RError("unsupported type ")
    if style == "s" and wanted != "character":
        warn('coercing argument to "character" for format="s"')
    if wanted != "character" and x.kind == "character":
        x = coerce(x, "double")
    if set(flags) - set("0+- #'I"):
        raise RError("'flag' should contain only characters from [0+- #'I]")
    if style not in _C_FORMATS:
        raise RError("'format' must be one of {\"f\",\"e\",\"E\",\"g\",\"G\", \"fg\", \"s\"}")
    precision = optional_whole(digits, "digits")
    columns = optional_whole(width, "width")
    if columns is None:
        texts_only = style == "s" or wanted == "character"
        columns = 0 if precision is None or precision < 0 or texts_only else precision + 1 if precision else 0
    if columns < 0:
        flags, columns = flags + "-", -columns
    marks = _marks(big_mark, big_interval, small_mark, small_interval, decimal_mark, zero_print, drop)
    if style == "s" or wanted == "character":
        side = "left" if "-" in flags else "right"
        return keep_shape(x, pad_escaped(["NA" if text is None else text for text in texts_of(x)], columns, side))
    if not len(x):
        return character([])
    flags = "".join(dict.fromkeys(flags.replace("'", "")))
    if style == "d" and x.kind == "double":
        x = _within_integers(x)
    if style == "d":
        shown = [_format_whole(item, flags, 0 if marks.big else columns) for item in _wholes(x)]
    else:
        shown = [_format_number(item, style, precision, flags, 0 if marks.big else columns) for item in _numbers(x)]
        special = [at for at, item in enumerate(_numbers(x)) if item - item != 0]
        for at in special:
            shown[at] = _format_number(_numbers(x)[at], style, precision, flags.replace("+", ""), 0 if marks.big else columns)
        widest = max((len(shown[at]) for at in special), default=0)
        for at in special:
            shown[at] = pad_text(shown[at], widest, "left" if "-" in flags else "right")
    if not marks.plain:
        shown = mark_all(shown, marks, "individual")
        side = "left" if "-" in flags else "right"
        shown = [pad_text(text, columns, side) for text in shown]
    return keep_shape(x, shown)


def _within_integers(x: Vector) -> Vector:
    """Numbers beyond the integers are missing, with a warning."""
    outside = np.abs(x.data) >= 2147483648.0
    if outside.any():
        warn("NAs introduced by coercion to integer range")
    return x.with_data(np.where(outside, np.nan, x.data))


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
        text = _significant_fixed(value, 4 if precision is None else precision, flags)
        if "+" in flags and not text.startswith("-"):
            text = "+" + text
        if "0" in flags and "-" not in flags:
            return text.rjust(columns, "0") if not text.startswith("-") else "-" + text[1:].rjust(columns - 1, "0")
        return text.ljust(columns) if "-" in flags else text.rjust(columns)
    return format_real(value, flags, columns, 4 if precision is None or precision < 0 else precision, style)


@builtin("format.summaryDefault", "x, digits = NULL, ...", invisible=None)
def format_summary(x: Vector, digits: Any, dots: Any) -> Any:
    """The numbers of a summary with few digits; the count of missing values apart."""
    significant = optional_whole(digits, "digits")
    if significant is None:
        significant = max(3, option_number("digits", 7) - 3)
    names = names_of(x) or []
    count = names.index("NA's") if "NA's" in names else None
    if x.kind not in ("double", "integer"):
        return keep_shape(x, format_vector(Vector(x.kind, x.data), digits=significant))
    data = x.data
    main = data if count is None else np.delete(data, count)
    main = zap_small(np.asarray(main, dtype=float), 7)
    texts = format_vector(Vector("double", main), digits=significant)
    if count is not None:
        texts.insert(count, str(int(data[count])))
    machine.visible = count is None
    return keep_shape(x, texts)


def zap_small(data: np.ndarray, digits: int) -> np.ndarray:
    """Numbers that are nothing beside the largest become zero."""
    finite = np.abs(data[np.isfinite(data)])
    largest = float(finite.max()) if finite.size else 0.0
    if largest == 0.0:
        return data
    places = max(0, int(np.floor(digits - np.log10(largest) + 0.5)))
    from pipekeras.grammar.builtins.mathematics import round_array

    made: np.ndarray = round_array(data, min(places, 300))
    return made
