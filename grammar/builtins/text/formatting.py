"""``format`` and its methods, ``prettyNum``: values as text of chosen width and precision."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import RError, builtin, machine
from pipekeras.grammar.deparse import deparse_lines
from pipekeras.grammar.evaluation.shown_calls import call_as_text
from pipekeras.grammar.nodes import Call, Symbol
from pipekeras.grammar.printing.dispatch import (
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
from pipekeras.grammar.printing.marks import Marks, mark_all, marked, truncates_zeros
from pipekeras.grammar.printing.numbers import (
    ComplexLayout,
    complex_layout,
    encode_complexes,
    encode_reals,
    integer_texts,
    logical_texts,
    real_layout,
)
from pipekeras.grammar.printing.text import escape_text, text_width
from pipekeras.grammar.values import (
    NA_INTEGER,
    NULL,
    Vector,
    character,
    get_attribute,
    integer,
    is_function,
    is_na,
    names_of,
)
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.report import warn

_PART = re.compile(r"\d+(?:\.\d+)?(?:e[-+]\d+)?")
"""A part of a complex number, without its sign."""
_COMPLEX = re.compile(r"(?P<real>.*[0-9] *)(?P<sign>[-+])(?P<imaginary> *[0-9].*)(?P<unit>i)")
"""A complex number as text; what stands before its second sign is the real part."""
_JUSTIFY = ("left", "right", "centre", "none")


INVALID_DIGITS = "invalid value {} for 'digits' argument"


def checked_digits(digits: Any, sentence: str) -> int | None:
    """How many digits are asked for; the sentence tells a number that is none of 1 to 22."""
    if isinstance(digits, Vector) and digits.kind == "character":
        digits = coerce(digits, "integer")
    if isinstance(digits, Vector) and len(digits) and is_na(digits)[0]:
        raise RError(sentence.format(NA_INTEGER))
    significant = optional_whole(digits, "digits")
    if significant is not None and not 0 < significant <= 22 and (significant or isinstance(digits, Vector)):
        raise RError(sentence.format(significant))
    return significant


def choose(value: Any, choices: Sequence[str], name: str) -> str:
    """A partially matched choice; a vector of all choices means the first."""
    if value is NULL or (isinstance(value, Vector) and len(value) != 1):
        return choices[0]
    if not isinstance(value, Vector) or value.kind != "character":
        raise RError("'arg' must be NULL or a character vector", call=call_as_text(f"match.arg({name})"))
    text = one_text(value, name)
    hits = [choice for choice in choices if choice == text] or [c for c in choices if c.startswith(text)]
    if not hits:
        shown = ", ".join(f"\u201c{choice}\u201d" for choice in choices)
        raise RError(f"'arg' should be one of {shown}", call=call_as_text(f"match.arg({name})"))
    return hits[0]


def marks_of(big: Any, big_interval: Any, small: Any, small_interval: Any, decimal: Any, zero: Any, drop: Any) -> Marks:
    zero_text = None
    if isinstance(zero, Vector):
        zero_text = zero.items()[0] if zero.kind == "character" else ("0" if flag(zero, "zero.print") else " ")
    return Marks(
        optional_text(big, "big.mark") or "",
        optional_whole(big_interval, "big.interval") or 3,
        optional_text(small, "small.mark") or "",
        optional_whole(small_interval, "small.interval") or 5,
        optional_text(decimal, "decimal.mark") or option_decimal_mark(),
        optional_flag(drop),
        zero_text,
    )


def warn_of_like_marks(marks: Marks) -> None:
    if marks.big == marks.decimal:
        warn(f"'big.mark' and 'decimal.mark' are both '{marks.big}', which could be confusing")


def option_decimal_mark() -> str:
    """``options("OutDec")``."""
    value = machine.options.get("OutDec")
    return str(value.items()[0]) if isinstance(value, Vector) and value.kind == "character" else "."


def _scientific_penalty(scientific: Any) -> int:
    if isinstance(scientific, Vector) and (len(scientific) != 1 or scientific.kind == "character"):
        raise RError("invalid 'scientific' argument")
    if isinstance(scientific, Vector) and len(scientific):
        item = scientific.items()[0]
        if scientific.kind == "logical":
            return option_number("scipen", 0) if item == NA_INTEGER else (-100 if item else 310)
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
        layouts = complex_layout(vector.data, significant, penalty, nsmall)
        # Each part takes the width for itself.
        layouts = ComplexLayout(*(part._replace(width=width if trim else max(part.width, width)) for part in layouts))
        shown = encode_complexes(vector.data, layouts, significant)
    else:
        shown = [f"{byte:02x}" for byte in vector.items()]
    if marks is not None and not marks.plain and kind == "complex":
        inside = replace(marks, zero=None)
        shown = [_PART.sub(lambda part: marked(part[0], inside), text) for text in shown]
        if marks.drop_zeros:
            return list(shown)
    elif marks is not None and not marks.plain:
        shown = [text.rjust(width) for text in shown]
        warn_of_short_zeros(shown, marks)
        shown = mark_all(shown, marks, "none" if trim or marks.drop_zeros else "common")
        if marks.drop_zeros and not trim:
            return list(shown)
    elif marks is None and kind in ("double", "complex") and option_decimal_mark() != ".":
        shown = [text.replace(".", option_decimal_mark()) for text in shown]
    if trim:
        return [text if kind == "complex" and width else text.strip().rjust(width) for text in shown]
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
                return ", ".join(str(text) for text in format_vector(flat, trim=True, **options))
        if element.kind == "expression":
            from pipekeras.grammar.printing.functions import deparsed

            return ", ".join(deparsed(element))
        if element.kind == "list":
            parts: list[str] = []
            for item in element.items():
                if isinstance(item, Vector) and item.kind not in ("list", "expression"):
                    shown = format_vector(item, trim=True, **options)
                    parts.extend(str(text) for text in shown)
                else:
                    parts.append(_list_element_text(item, options))
            return ", ".join(parts)
        bare = Vector(element.kind, element.data)
        if bare.kind == "raw":
            return ", ".join(map(str, format_vector(bare)))
        return ", ".join(str(text) for text in format_vector(bare, trim=True, **options))
    if isinstance(element, Symbol):
        return element.name
    if isinstance(element, Call) and not get_class(element):
        return ", ".join(deparse_lines(element))
    if isinstance(element, Call) or is_function(element):
        from pipekeras.grammar.printing.functions import deparsed

        return ", ".join(deparsed(element))
    from pipekeras.grammar.printing.show import describe_reference, environment_text

    return environment_text(element) if element.kind == "environment" else describe_reference(element)


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
    trimmed = _trims(trim, x)
    if isinstance(x, Vector) and "factor" in (get_class(x)):
        return format_factor(x, [("width", width), ("justify", justify)])
    how = choose(justify, _JUSTIFY, "justify")
    if isinstance(x, Symbol):
        return character(x.name)
    if isinstance(x, Call) or is_function(x):
        from pipekeras.grammar.printing.functions import deparsed, language_lines

        if isinstance(x, Call) and "formula" not in get_class(x):
            return character(deparse_lines(x))
        return character(deparsed(x) if not isinstance(x, Call) else language_lines(_bare_formula(x)))
    if x is NULL:
        return character("NULL")
    if not isinstance(x, Vector):
        from pipekeras.grammar.printing.show import describe_reference, environment_text

        return character(environment_text(x) if x.kind == "environment" else describe_reference(x))
    if isinstance(digits, Vector) and digits.kind == "character":
        digits = coerce(digits, "integer")
    if isinstance(digits, Vector) and len(digits) and is_na(digits)[0]:
        raise RError(f"invalid value {NA_INTEGER} for 'digits' argument")
    significant = optional_whole(digits, "digits")
    if significant is not None and not 1 <= significant <= 22:
        raise RError(f"invalid value {significant} for 'digits' argument")
    if isinstance(nsmall, Vector) and nsmall.kind == "character":
        nsmall = coerce(nsmall, "integer")
    least = optional_whole(nsmall, "nsmall")
    if least is None or not 0 <= least <= 20:
        raise RError("invalid 'nsmall' argument")
    if isinstance(width, Vector) and width.kind == "character":
        width = coerce(width, "integer")
    columns = max(optional_whole(width, "width") or 0, 0)
    if width is not NULL and optional_whole(width, "width") is None:
        raise RError("invalid 'width' argument")
    if isinstance(na_encode, Vector) and (na_encode.kind == "character" or na_encode.items()[:1] == [NA_INTEGER]):
        raise RError("invalid 'na.encode' argument")
    if x.kind in ("logical", "integer"):
        # Without decimals there are no zeros to leave out.
        drop = Vector("logical", None, None, 0)
    marks = marks_of(big_mark, big_interval, small_mark, small_interval, decimal_mark, zero_print, drop)
    if x.kind == "list":
        options = {
            "digits": significant, "nsmall": least, "marks": marks, "width": columns,
            "justify": how, "scipen": _scientific_penalty(scientific),
        }  # fmt: skip
        for element in x.items():
            if isinstance(element, Vector) and element.kind != "character":
                warn_of_like_marks(marks)
        names = names_of(x)
        texts = character([_list_element_text(element, options) for element in x.items()])
        return texts if names is None else texts.with_attribute("names", character(names))
    if x.kind == "expression":
        from pipekeras.grammar.printing.functions import deparsed

        return character(deparsed(x))
    if x.kind != "character":
        warn_of_like_marks(marks)
    if x.kind == "raw":
        return character(format_vector(x))
    made = format_vector(
        x, trimmed, significant, least, columns, _scientific_penalty(scientific),
        optional_flag(na_encode, True), how, marks,
    )  # fmt: skip
    return keep_shape(x if get_attribute(x, "dim") is NULL else x.with_attribute("names", NULL), made)


def _trims(trim: Any, x: Any) -> bool:
    """Whether blanks are left out; a text or nothing says neither, which matters where elements are formatted."""
    told = trim.items()[0] if isinstance(trim, Vector) and trim.kind in ("logical", "integer", "double") and len(trim) else None
    if told is not None and told == told and told != NA_INTEGER:
        return bool(told)
    if isinstance(x, Vector) and x.kind not in ("raw", "expression") and (x.kind != "list" or _has_numbers_or_text(x)):
        raise RError("invalid 'trim' argument")
    return False


def _has_numbers_or_text(x: Vector) -> bool:
    """Whether an element of a list is one that is formatted, not only named."""
    elements = [element for element in x.items() if isinstance(element, Vector)]
    return any(element.kind != "raw" if element.kind != "list" else _has_numbers_or_text(element) for element in elements)


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
    return invoke("format.default", made, *[value for name, value in dots if not name], **named)


def factor_labels(x: Vector) -> list[str | None]:
    """The label of each element of a factor.

    Raises:
        RError: codes that are no whole numbers, or that stand for no level.
    """
    levels = get_attribute(x, "levels")
    names: list[str | None] = levels.items() if levels is not NULL else []
    codes = [0 if code == NA_INTEGER else code for code in x.items()]
    if x.kind != "integer" or not all(0 <= code <= len(names) for code in codes):
        raise RError("malformed factor")
    return [names[code - 1] if code else None for code in codes]


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
    marks = marks_of(big_mark, big_interval, small_mark, small_interval, decimal_mark, zero_print, drop)
    warn_of_like_marks(marks)
    if marks.plain and isinstance(x, Vector) and x.kind == "character":
        return x
    how = "common" if marks.plain else choose(preserve_width, ("common", "individual", "none"), "preserve.width")
    if isinstance(x, Vector) and x.kind == "character":
        point = optional_text(input_mark, "input.d.mark")
        return _marked_texts(x, replace(marks, point=marks.decimal if point is None else point), how)
    if not isinstance(x, Vector):
        return text_vector(x)
    named = {name: value for name, value in dots if name}
    texts = []
    if get_class(x):
        x = invoke("as.list", x)
    for position in range(len(x)):
        one = x.data[position] if x.kind == "list" else Vector(x.kind, x.data[position : position + 1])
        warn_of_like_marks(marks)
        shown = texts_of(invoke("format", one, **named))
        if len(shown) != 1:
            raise RError(f"values must be length 1,\n but FUN(X[[{position + 1}]]) result is length {len(shown)}")
        texts.append(shown[0] or "NA")
    names = names_of(x)
    made = character(mark_all(texts, marks, "individual"))
    return made if names is None else made.with_attribute("names", character(names))


def _marked_texts(x: Vector, marks: Marks, how: str) -> Vector:
    """Texts with marks between their digits; those of complex numbers part by part."""
    texts = ["NA" if text is None else text for text in x.items()]
    found = [_COMPLEX.fullmatch(text) for text in texts]
    if any(found):
        pairs = [(at, match) for at, match in enumerate(found) if match is not None]
        parts = [mark_all([match[group] for _, match in pairs], marks, how) for group in ("real", "imaginary")]
        for (at, match), real, imaginary in zip(pairs, *parts, strict=True):
            texts[at] = f"{real}{match['sign']}{imaginary}{match['unit']}"
        return keep_shape(x, texts)
    made = mark_all(texts, marks, how)
    if None in x.data and how != "none" and not any(len(new) > len(old) for new, old in zip(made, texts, strict=True)):
        raise RError("missing value where TRUE/FALSE needed")
    warn_of_short_zeros(texts, marks)
    return keep_shape(x, made)


def warn_of_short_zeros(texts: Sequence[str], marks: Marks) -> None:
    """Warn where the text for zeros has no room in a zero."""
    if truncates_zeros(texts, marks):
        warn("'zero.print' is truncated to fit into formatted zeros; consider 'replace=TRUE'")


@builtin("format.summaryDefault", "x, digits = NULL, ...", invisible=None)
def format_summary(x: Vector, digits: Any, dots: Any) -> Any:
    """The numbers of a summary with few digits; the count of missing values apart."""
    if {"Date", "POSIXct"} & set(get_class(x)):
        kept = [name for name in get_class(x) if name not in ("summaryDefault", "table")]
        digits = integer(max(3, option_number("digits", 7) - 3)) if digits is NULL else digits
        counted = digits.kind in ("double", "integer")
        made = invoke("format", x.with_attribute("class", character(kept)), **({"digits": digits} if counted else {}))
        missing = get_attribute(x, "NAs")
        if missing is NULL:
            return made
        labels = character([*(names_of(made) or [""] * len(made)), "NA's"])
        return character([*made.items(), str(missing.items()[0])], {"names": labels})
    significant = checked_digits(digits, INVALID_DIGITS)
    if significant is None:
        significant = max(3, option_number("digits", 7) - 3)
    names = names_of(x) or []
    count = names.index("NA's") if "NA's" in names else None
    if x.kind not in ("double", "integer"):
        return keep_shape(x, format_vector(Vector(x.kind, x.data), digits=significant))
    data = x.data
    # The count of what is missing has its part in what is small.
    whole_data = zap_small(np.asarray(data, dtype=float), int(option_number("digits", 7)))
    main = whole_data if count is None else np.delete(whole_data, count)
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
    from pipekeras.grammar.builtins.numbers.rounding import round_array

    made: np.ndarray = round_array(data, min(places, 320))
    return made
