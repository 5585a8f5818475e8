"""``summary``: six numbers of a vector, counts of a factor, the columns of a data frame side by side."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.numbers.summaries import exact_mean
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.builtins.text.formatting import format_vector, get_class, pad_escaped
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.nodes import Call, Symbol
from pipekeras.grammar.printing.dispatch import invoke, option_number, optional_whole, texts_of
from pipekeras.grammar.printing.text import text_width
from pipekeras.grammar.values import (
    NA_INTEGER,
    NA_REAL,
    NULL,
    Vector,
    character,
    class_of,
    dim_of,
    double,
    explicit_class,
    get_attribute,
    integer,
    is_function,
    logical,
    mk_list,
    mode_of,
    names_of,
    type_of,
)
from pipekeras.grammar.vectors.coerce import doubles
from pipekeras.grammar.vectors.frames import is_frame

Dots = list[tuple[str | None, Any]]
_CLASS = character(["summaryDefault", "table"])
_SIX = ["Min.", "1st Qu.", "Median", "Mean", "3rd Qu.", "Max."]


def quantile(ordered: np.ndarray, share: float) -> float:
    """Quantile by linear interpolation between order statistics."""
    if not len(ordered):
        return NA_REAL
    place = (len(ordered) - 1) * share
    low = math.floor(place + 4 * np.finfo(float).eps)
    part = place - low
    value = float(ordered[low])
    if part > 1e-12 and low + 1 < len(ordered) and float(ordered[low + 1]) != value:
        value = (1 - part) * value + part * float(ordered[low + 1])
    return value


def six_numbers(data: np.ndarray) -> list[float]:
    """Minimum, quartiles, mean and maximum."""
    ordered = np.sort(data)
    quartiles = [quantile(ordered, share) for share in (0, 0.25, 0.5, 0.75, 1)]
    return [*quartiles[:3], exact_mean(data), *quartiles[3:]]


@builtin(("summary", "summary.default"), "object, ..., digits = NULL, quantile.type = 7", generic="s3")
def summary_default(object: Any, dots: Dots, digits: Any, kind: Any) -> Any:
    """What a value holds, in a few numbers or words."""
    if isinstance(object, Vector) and "factor" in get_class(object):
        return invoke("summary.factor", object)
    if isinstance(object, Vector) and explicit_class(object) and len(dim_of(object) or ()) == 2:
        # A matrix under a class that has no summary of its own.
        return invoke("summary", object.with_attribute("class", NULL))
    if isinstance(object, Vector) and object.kind in ("double", "integer") and "difftime" not in get_class(object):
        data = doubles(Vector(object.kind, object.data))
        missing = np.isnan(data)
        values, names = six_numbers(data[~missing]), list(_SIX)
        style = optional_whole(kind, "quantile.type")
        if style != 7:
            quartiles = invoke("quantile", double(data[~missing].tolist()), type=integer(style), names=logical(False)).items()
            values = [*quartiles[:3], values[3], *quartiles[3:]]
        if digits is not NULL:
            values = doubles(invoke("signif", double(values), digits)).tolist()
        if missing.any():
            values.append(float(missing.sum()))
            names.append("NA's")
        return double(values, {"names": character(names), "class": _CLASS})
    if isinstance(object, Vector) and object.kind == "logical":
        items = object.items()
        parts = [("Mode", "logical")]
        for code, name in ((0, "FALSE"), (1, "TRUE"), (NA_INTEGER, "NA's")):
            count = items.count(code)
            if count:
                parts.append((name, str(count)))
        return character([text for _, text in parts], {"names": character([name for name, _ in parts]), "class": _CLASS})
    if isinstance(object, Vector) and object.kind == "list" and len(object):
        return _list_summary(object)
    if is_function(object):
        raise RError(f"object of type '{type_of(object)}' is not subsettable")
    classes = explicit_class(object)
    shown = classes[0] if classes else class_of(object)[0] if is_function(object) or object is NULL else "-none-"
    if isinstance(object, Vector) and not classes:
        shown = class_of(object)[0]
    size = len(object) if isinstance(object, Vector) or object is NULL else 1
    if type(object) is Environment:
        size, shown = int(invoke("length", object).items()[0]), classes[0] if classes else "environment"
        if size:
            raise RError("wrong arguments for subsetting an environment")
    if type(object) is Call:
        shown, size = class_of(object)[0], len(object.args) + 1
    elif type(object) is Symbol:
        shown = "name"
    return character(
        [str(size), "NULL" if object is NULL else shown, mode_of(object)],
        {"names": character(["Length", "Class", "Mode"]), "class": _CLASS},
    )


def _list_summary(value: Vector) -> Vector:
    rows = []
    elements = value.items()
    if explicit_class(value):
        elements = [invoke("[[", value, integer(at)) for at in range(1, len(value) + 1)]
    for element in elements:
        classes = explicit_class(element)
        size = len(element) if isinstance(element, Vector) or element is NULL else int(invoke("length", element).items()[0])
        rows.append((str(size), classes[0] if classes else "-none-", mode_of(element)))
    widest = max(len(size) for size, _, _ in rows)
    rows = [(size.rjust(widest), name, mode) for size, name, mode in rows]
    names = names_of(value)
    labels = NULL if names is None else character(list(names))
    return character(
        [row[column] for column in range(3) for row in rows],
        {
            "dim": integer([len(rows), 3]),
            "dimnames": mk_list([labels, character(["Length", "Class", "Mode"])]),
            "class": _CLASS,
        },
    )


def _column_cells(column: Any, most: int, digits: int) -> tuple[list[str], int]:
    """The cells of one column of a summary, and the width of their labels."""
    if _is_plain_list(column):
        parts = [str(text) for text in _list_summary(column).items()]
        width, count = max(map(text_width, parts)), len(column)
        return ["  ".join(parts[row + count * k].ljust(width) for k in range(3)) for row in range(count)], width
    if isinstance(column, Vector) and "factor" in get_class(column):
        made = invoke("summary.factor", column, maxsum=integer(most))
    elif set(get_class(column)) & {"POSIXct", "POSIXlt"} or _is_plain_number(column):
        made = invoke("summary", column, digits=integer(12))
    else:
        made = invoke("summary", column)
    names = [name or "" for name in names_of(made) or []]
    classes = get_class(made)
    if "summaryDefault" in classes and made.kind == "double" and not set(classes) & {"Date", "POSIXct"}:
        texts = texts_of(invoke("format.summaryDefault", made, digits=integer(digits)))
    elif set(classes) - {"summaryDefault", "table"}:
        rest = [name for name in classes if name not in ("summaryDefault", "table")]
        bare = made.with_attribute("class", character(rest))
        texts = ["NA" if text is None else text for text in texts_of(invoke("format", bare, digits=integer(digits)))]
        if (missing := get_attribute(made, "NAs")) is not NULL:
            texts, names = [*texts, str(missing.items()[0])], [*names, "NA's"]
    else:
        texts = format_vector(Vector(made.kind, made.data), digits=digits)
    labels = [label or "" for label in pad_escaped(list(names), 0, "left")]
    cells = [f"{label}:{text}  " for label, text in zip(labels, texts, strict=True)]
    return cells, text_width(labels[0]) if labels else 0


def _is_plain_number(column: Any) -> bool:
    return isinstance(column, Vector) and not explicit_class(column) and column.kind in ("integer", "double")


def _is_plain_list(column: Any) -> bool:
    bare = isinstance(column, Vector) and explicit_class(column) in (None, ["AsIs"])
    return bare and column.kind == "list" and len(column) > 0


def _is_matrix(column: Any) -> bool:
    if is_frame(column):
        return True
    dimensions = dim_of(column)
    return dimensions is not None and len(dimensions) == 2 and column.kind not in ("list", "character")


def _matrix_cells(name: str, column: Vector, most: int) -> tuple[list[str], str]:
    """The cells of a matrix among the columns, beside one another, and their title."""
    from pipekeras.grammar.builtins.frames.frame_matrices import flat_columns

    parts, titles = flat_columns([column], [""])
    named = [title[1:] or f"V{at}" for at, title in enumerate(titles, 1)]
    if get_attribute(column, "dimnames") is NULL and not is_frame(column):
        named = [f"V{at}" for at in range(1, len(parts) + 1)]
    # The columns of a matrix are told with all their digits, however few the others show.
    found = [_column_cells(part, most, 12)[0] for part in parts]
    rows = max((len(cells) for cells in found), default=0)
    widths = [max(map(text_width, cells), default=0) for cells in found]
    # The cells stand in one matrix of texts, which are all padded to one width.
    widths = [max(widths, default=0)] * len(widths)
    filled = [[cell.ljust(width) for cell in cells + ["NA"] * (rows - len(cells))]
              for cells, width in zip(found, widths, strict=True)]
    heads = [_list_title(name, width, (title,)) for title, width in zip(named, widths, strict=True)]
    return ["  ".join(cells) for cells in zip(*filled, strict=True)], "  ".join(heads)


def _list_title(name: str, width: int, parts: tuple[str, ...] = ("Length", "Class", "Mode")) -> str:
    """The title of a column of several parts, each in the middle of a cell of this width."""
    titles = []
    for part in parts:
        label = f"{name}.{part}"
        spare = width - text_width(label)
        left = max(math.floor(spare / 2), 0)
        titles.append(" " * left + label + " " * max(spare - left, 0))
    return "  ".join(titles)


@builtin("summary.data.frame", "object, maxsum = 7L, digits = NULL, ...")
def summary_data_frame(object: Any, maxsum: Any, digits: Any, dots: Dots) -> Any:
    """The summaries of all columns, one beside the other."""
    if type(object) is not Vector or object.kind != "list":
        raise RError("summary.data.frame() is for data frames and lists", mend="call summary()")
    significant = optional_whole(digits, "digits") or max(3, option_number("digits", 7) - 3)
    most = optional_whole(maxsum, "maxsum") or 7
    matrices = {
        at: _matrix_cells(name or "", column, most)
        for at, (name, column) in enumerate(zip(names_of(object) or [], object.items(), strict=True)) if _is_matrix(column)
    }
    columns = [(matrices[at][0], 0) if at in matrices else _column_cells(column, most, significant)
               for at, column in enumerate(object.items())]
    rows = max((len(cells) for cells, _ in columns), default=0)
    titles = []
    for at, ((_, width), name, column) in enumerate(zip(columns, names_of(object) or [], object.items(), strict=True)):
        label = name or ""
        if at in matrices:
            titles.append(matrices[at][1])
        elif _is_plain_list(column):
            titles.append(_list_title(label, width))
        else:
            titles.append(" " * max(math.floor(width - text_width(label) / 2), 0) + label)
    data: list[str | None] = []
    for (cells, _), column in zip(columns, object.items(), strict=True):
        data.extend([*cells, *["    " if _is_plain_list(column) else None] * (rows - len(cells))])
    return character(
        data,
        {
            "dim": integer([rows, len(columns)]),
            **({"dimnames": mk_list([character([""] * rows), character(titles)])} if columns else {}),
            "class": character("table"),
        },
    )


@builtin("summary.matrix", "object, ...")
def summary_matrix(object: Any, dots: Dots) -> Any:
    """The summaries of the columns of a matrix."""
    known = {key: value for key, value in dots if key in ("digits", "maxsum")}
    return invoke("summary.data.frame", invoke("as.data.frame", object), **known)


@builtin("format.table", "x, ...")
def format_table(x: Any, dots: Dots) -> Any:
    """The cells of a table as text of one width."""
    named = {name: value for name, value in dots if name}
    bare = Vector(x.kind, x.data, {k: v for k, v in x.attributes.items() if k != "class"})
    return invoke("format.default", bare, *[value for name, value in dots if not name], **named)
