"""``print`` and its methods for the classes of base R."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import RError, builtin, write
from pipekeras.grammar.builtins.text.formatting import INVALID_DIGITS, checked_digits, factor_labels, format_vector, get_class
from pipekeras.grammar.evaluation.s4 import is_s4
from pipekeras.grammar.nodes import Symbol
from pipekeras.grammar.printing.dispatch import (
    current_settings,
    flag,
    invoke,
    keep_shape,
    option_number,
    optional_flag,
    optional_text,
    optional_whole,
    texts_of,
)
from pipekeras.grammar.printing.frames import UNEVEN_COLUMNS, as_many, frame_lines
from pipekeras.grammar.printing.settings import PrintSettings
from pipekeras.grammar.printing.show import show, write_lines
from pipekeras.grammar.printing.text import escape_text, text_width
from pipekeras.grammar.values import (
    NULL,
    TRUE,
    Vector,
    character,
    dim_of,
    get_attribute,
    integer,
    is_na,
    logical,
    names_of,
)
from pipekeras.grammar.vectors.frames import is_frame, row_count, row_name_vector
from pipekeras.grammar.vectors.report import warn

Dots = list[tuple[str | None, Any]]


def _settings(
    digits: Any = NULL, quote: Any = None, na_print: Any = NULL, gap: Any = NULL, right: Any = None, limit: Any = NULL,
    width: Any = NULL,
) -> PrintSettings:  # fmt: skip
    significant = checked_digits(digits, "invalid printing digits {}")
    return current_settings(
        digits=max(significant, 1) if significant is not None else None,
        quote=None if quote is None else flag(quote, "quote"),
        na_print=optional_text(na_print, "na.print"),
        gap=optional_whole(gap, "print.gap"),
        right=None if right is None else flag(right, "right"),
        limit=optional_whole(limit, "max"),
        width=optional_whole(width, "width"),
    )


@builtin(
    ("print", "print.default"),
    "x, digits = NULL, quote = TRUE, na.print = NULL, print.gap = NULL, right = FALSE, max = NULL, width = NULL, "
    "useSource = TRUE, ...",
    generic="s3",
    invisible=True,
)
def print_default(
    x: Any, digits: Any, quote: Any, na_print: Any, gap: Any, right: Any, limit: Any, width: Any, use_source: Any,
    dots: Dots,
) -> Any:  # fmt: skip
    """Show a value and return it."""
    if is_s4(x):
        invoke("show", x)
        return x
    settings = _settings(digits, quote, na_print, gap, right, limit, width)
    if isinstance(x, Vector) and x.kind == "list":
        given = {"digits": digits, "na.print": na_print, "print.gap": gap, "max": limit, "width": width}
        passed = [(name, value) for name, value in given.items() if value is not NULL]
        if not settings.quote:
            passed.append(("quote", quote))
        if settings.right:
            passed.append(("right", right))
        settings = settings.with_changes(passed=tuple(passed))
    show(x, settings, use_source=optional_flag(use_source, True))
    return x


@builtin("print.function", "x, useSource = TRUE, ...", invisible=True)
def print_function(x: Any, use_source: Any, dots: Dots) -> Any:
    """A function as it was written, or its code deparsed."""
    # What only has the class of a function is shown as what it is.
    show(x, current_settings(), use_source=optional_flag(use_source, True))
    return x


def settings_from(dots: Dots, **changes: Any) -> PrintSettings:
    """Print settings that a method got by ``...``, with changes of its own."""
    given = {name: value for name, value in dots if name}
    made = _settings(
        given.get("digits", NULL), given.get("quote"), given.get("na.print", NULL), given.get("print.gap", NULL),
        given.get("right"), given.get("max", NULL), given.get("width", NULL),
    )  # fmt: skip
    kept = {name: value for name, value in changes.items() if value is not None}
    return made.with_changes(**kept) if kept else made


@builtin("noquote", "obj, right = FALSE")
def noquote(obj: Any, right: Any) -> Any:
    """Mark text to be printed without quotes."""
    if obj is NULL:
        raise RError("attempt to set an attribute on NULL")
    if isinstance(obj, Symbol):
        raise RError("cannot set attribute on a symbol")
    if not isinstance(obj, Vector):
        return obj
    classes = get_class(obj)
    if "noquote" in classes:
        return obj
    # The name of the class says on which side the text stands.
    sides = {"names": character([""] * len(classes) + ["right"])} if optional_flag(right) else None
    return obj.with_attribute("class", character([*classes, "noquote"], sides))


@builtin("print.noquote", "x, quote = FALSE, right = FALSE, ...", invisible=True)
def print_noquote(x: Vector, quote: Any, right: Any, dots: Dots) -> Any:
    """Text without quotes."""
    rest = [name for name in get_class(x) if name != "noquote"]
    if "right" in (names_of(get_attribute(x, "class")) or []):
        right = TRUE
    bare = x.with_attribute("class", character(rest) if rest else NULL)
    named = {name: value for name, value in dots if name}
    invoke("print", bare, quote=quote, right=right, **named)
    return x


@builtin("print.factor", "x, quote = FALSE, max.levels = NULL, width = NULL, ...", invisible=True)
def print_factor(x: Vector, quote: Any, max_levels: Any, width: Any, dots: Dots) -> Any:
    """Labels, then the levels."""
    ordered = "ordered" in get_class(x)
    if len(x) == 0:
        write(("ordered" if ordered else "factor") + "(0)\n")
    else:
        labels = keep_shape(x, factor_labels(x))
        extra = {k: v for k, v in (x.attributes or {}).items() if k not in ("levels", "class")}
        labels = labels.with_attributes({**(labels.attributes or {}), **extra})
        wanted = flag(quote, "quote")
        show(labels, settings_from(dots, quote=wanted).with_changes(passed=(("quote", logical(wanted)),)))
    found = get_attribute(x, "levels")
    mark, missing = ('"', "NA") if flag(quote, "quote") else ("", "<NA>")
    levels = [] if found is NULL else [missing if level is None else escape_text(level, mark) for level in found.items()]
    columns = optional_whole(width, "width") or option_number("width", 80)
    most = optional_whole(max_levels, "max.levels")
    count = len(levels)
    if most is None:
        most = _levels_that_fit(levels, columns - 15, 3 if ordered else 1)
    elif most == 0 and isinstance(max_levels, Vector):
        return x
    between = " < " if ordered else " "
    dropped = count > most
    shown = [*levels[: max(1, most - 1)], "...", *(levels[-1:] if most > 1 else [])] if dropped else levels
    write((f"{count} " if dropped else "") + "Levels: " + between.join(shown) + "\n")
    return x


def _levels_that_fit(levels: list[str], columns: int, between: int) -> int:
    """How many levels fit in so many columns, each with what stands between two: all, or one more than are shown first."""
    total = sum(text_width(level) + between for level in levels)
    if total <= columns or len(levels) <= 1:
        return len(levels)
    used = 0
    for position, level in enumerate(levels):
        used += text_width(level) + between
        if used > columns:
            return max(1, position)
    return len(levels)


@builtin(
    "print.table",
    "x, digits = NULL, quote = FALSE, na.print = '', zero.print = '0', right = NULL, justify = 'none', print.gap = NULL, ...",
    invisible=True,
)
def print_table(
    x: Vector, digits: Any, quote: Any, na_print: Any, zero_print: Any, right: Any, justify: Any, gap: Any, dots: Dots
) -> Any:
    """A contingency table in one format for all cells."""
    dimensions = dim_of(x)
    if dimensions is not None and 0 in dimensions:
        write("< table of extent " + " x ".join(map(str, dimensions)) + " >\n")
        return x
    numeric = x.kind in ("integer", "double", "complex")
    bare = Vector(x.kind, x.data, None)
    texts = format_vector(bare, digits=optional_whole(digits, "digits"), justify=optional_text(justify, "justify") or "none")
    blank = optional_text(na_print, "na.print") or ""
    zero = optional_text(zero_print, "zero.print")
    missing = is_na(bare)
    for position, lost in enumerate(missing.tolist()):
        if lost:
            texts[position] = blank
        elif zero not in (None, "0") and numeric and x.data[position] == 0:
            texts[position] = zero
    shown = keep_shape(x if dimensions is None or len(dimensions) < 2 else x.with_attribute("names", NULL), texts)
    aligned = numeric if right is NULL else flag(right, "right")
    limit = next((value for name, value in dots if name == "max"), NULL)
    settings = _settings(quote=quote, gap=gap, limit=limit).with_changes(right=aligned, quote=flag(quote, "quote"))
    show(shown, settings)
    return x


@builtin(
    "print.data.frame",
    "x, ..., digits = NULL, quote = FALSE, right = TRUE, row.names = TRUE, max = NULL",
    invisible=True,
)
def print_data_frame(x: Vector, dots: Dots, digits: Any, quote: Any, right: Any, row_names: Any, limit: Any) -> Any:
    """A data frame, one line a row."""
    if not isinstance(x, Vector):
        raise RError("print.data.frame() takes a data frame", mend="write print(x)")
    if x.kind == "list" and len(x) and row_count(x):
        digits = Vector("integer", None, None, asked) if (asked := checked_digits(digits, INVALID_DIGITS)) is not None else NULL
    else:
        digits = NULL
    settings = _settings(digits, quote, limit=limit).with_changes(right=flag(right, "right"))
    if x.kind != "list" or "row.names" not in (x.attributes or {}):
        # What was only given the class has names, but no rows.
        if len(x):
            show(get_attribute(x, "names"), settings)
        write_lines(["<0 rows> (or 0-length row.names)" if len(x) else "data frame with 0 columns and 0 rows"])
        return x
    named = isinstance(row_names, Vector) and row_names.kind == "character"
    labels = [str(text) for text in row_names.items()] if named else None
    columns = next((value for name, value in dots if name == "width"), None)
    if columns is not None:
        settings = settings.with_changes(width=optional_whole(columns, "width"))
    gap = next((value for name, value in dots if name == "print.gap"), None)
    if gap is not None:
        settings = settings.with_changes(gap=optional_whole(gap, "print.gap"))
    na_print = next((value for name, value in dots if name == "na.print"), None)
    if na_print is not None:
        settings = settings.with_changes(na_print=optional_text(na_print, "na.print"))
    shows_rows = True if named else flag(row_names, "row.names")
    write_lines(frame_lines(x, settings, optional_whole(digits, "digits"), shows_rows, labels))
    return x


@builtin("format.data.frame", "x, ..., justify = 'none'")
def format_data_frame(x: Vector, dots: Dots, justify: Any) -> Any:
    """A data frame whose columns are texts."""
    from pipekeras.grammar.values import object_array

    named = {name: value for name, value in dots if name}
    unnamed = [value for name, value in dots if not name]
    columns = []
    rows, uneven = row_count(x), False
    for column in x.data:
        made = invoke("format", column, *unnamed, justify=justify, **named)
        if isinstance(made, Vector) and dim_of(made) is None and made.kind == "character" and len(made) != rows:
            uneven = True
            made = character(as_many(made.items(), rows))
        plain = isinstance(made, Vector) and not is_frame(made)
        columns.append(made.with_attribute("class", character("AsIs")) if plain else made)
    given = x.attributes or {}
    if uneven:
        warn(UNEVEN_COLUMNS)
    labels = row_name_vector(x) if columns else given["row.names"]
    kept: dict[str, Any] = {name: given[name] for name in ("names", "class") if name in given}
    return Vector("list", object_array(columns), {**kept, "row.names": labels})


@builtin("print.summaryDefault", "x, digits = NULL, quote = FALSE, ...", invisible=True)
def print_summary(x: Vector, digits: Any, quote: Any, dots: Dots) -> Any:
    """The six numbers of a summary under their names."""
    if "Date" in get_class(x) or "POSIXct" in get_class(x):
        bare = x.with_attribute("class", character([name for name in get_class(x) if name not in ("summaryDefault", "table")]))
        figures = optional_whole(digits, "digits") or max(3, option_number("digits", 7) - 3)
        cells, names = texts_of(invoke("format", bare, digits=integer(figures))), names_of(x) or []
        missing = get_attribute(x, "NAs")
        if missing is not NULL:
            cells, names = [*cells, str(missing.items()[0])], [*names, "NA's"]
        show(character(cells, {"names": character(names)} if names else None), current_settings())
        return x
    named = {} if digits is NULL else {"digits": digits}
    if x.kind in ("character", "logical"):
        shown = keep_shape(x, texts_of(Vector(x.kind, x.data)))
    else:
        shown = invoke("format.summaryDefault", x, **named)
        if x.kind == "double" and np.isnan(x.data).any() and "NA's" not in (names_of(x) or []):
            blank = np.isnan(x.data).tolist()
            shown = character(["" if lost else text for text, lost in zip(texts_of(shown), blank, strict=True)])
    show(keep_shape(x, shown.data), _settings(quote=quote))
    return x


@builtin("print.simple.list", "x, ...", invisible=True)
def print_simple_list(x: Vector, dots: Dots) -> Any:
    """A list as one column of values."""
    if x.kind != "list":
        x = invoke("as.list", x)
    texts = [", ".join(str(text) for text in texts_of(element)) for element in x.items()]
    names = [name or "" for name in names_of(x) or [""] * len(x)]
    from pipekeras.grammar.printing.matrices import matrix_lines

    write_lines(matrix_lines([texts], len(x), names, ["_"], current_settings(quote=False), left=True))
    return x


@builtin(("print.hexmode", "print.octmode"), "x, ...", invisible=True)
def print_base_number(x: Vector, dots: Dots) -> Any:
    """Integers in another base."""
    show(keep_shape(x, texts_of(invoke("format", x))), current_settings())
    return x


def _digits_of(x: Vector, letter: str) -> list[str | None]:
    """Integers, or doubles that were put among them, in another base."""
    return [None if item != item or item == -(2**31) else format(int(item) & 0xFFFFFFFF, letter) for item in x.items()]


@builtin(("as.character.hexmode", "as.character.octmode"), "x, ...")
def base_number_texts(x: Vector, dots: Dots) -> Any:
    """Integers in base 16 or 8, each as short as it is."""
    letter = "o" if "octmode" in get_class(x) else "x"
    return keep_shape(x, _digits_of(x, letter))


@builtin(("format.hexmode", "format.octmode"), "x, width = NULL, upper.case = FALSE, ...")
def format_base_number(x: Vector, width: Any, upper_case: Any, dots: Dots) -> Any:
    """Integers in base 16 or 8, filled with zeros to one width."""
    letter = "o" if "octmode" in get_class(x) else "X" if optional_flag(upper_case) else "x"
    texts = _digits_of(x, letter)
    widest = max([optional_whole(width, "width") or 0, *(len(text) for text in texts if text is not None)], default=0)
    return keep_shape(x, [None if text is None else text.rjust(widest, "0") for text in texts])


@builtin(("as.hexmode", "as.octmode"), "x", needs_call=True)
def as_base_number(x: Any, call: Any = None) -> Any:
    """Mark integers to be shown in base 16 or 8."""
    from pipekeras.grammar.vectors.coerce import coerce

    name = getattr(getattr(call, "function", None), "name", "as.hexmode")
    octal = name == "as.octmode"
    if name[3:] in get_class(x):
        return x
    if x.kind == "double":
        if np.isinf(x.data).any():
            warn("NAs introduced by coercion to integer range")
            raise RError("missing value where TRUE/FALSE needed")
        if all(value != value or value == int(value) for value in x.data.tolist()):
            x = coerce(x.with_attributes(None), "integer")
    elif x.kind == "character":
        x = invoke("strtoi", x, Vector("integer", None, None, 8 if octal else 16))
        if any(value is None or value < 0 for value in x.items()):
            x = NULL
    if getattr(x, "kind", "") != "integer" or "factor" in get_class(x):
        raise RError(f"'x' cannot be coerced to class \"{name[3:]}\"")
    return x.with_attribute("class", character("octmode" if octal else "hexmode"))


@builtin("print.listof", "x, ...", invisible=True)
def print_listof(x: Vector, dots: Dots) -> Any:
    """Components with a heading each."""
    if x.kind != "list":
        x = invoke("as.list", x)
    names = names_of(x) or [f"Component {position}" for position in range(1, len(x) + 1)]
    for name, element in zip(names, x.items(), strict=True):
        write(f"{name or ''} :\n")
        invoke("print", element)
        write("\n")
    return x
