"""Data frames as text: every column formatted by itself, all aligned to the right."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.values import NULL, Vector, dim_of, get_attribute, integer, names_of, object_array
from pipekeras.grammar.vectors.report import warn

from .dispatch import invoke, texts_of
from .elements import has_class
from .matrices import matrix_lines
from .settings import PrintSettings
from .text import escape_text
from .vectors import wrapped_lines


def frame_rows(frame: Vector) -> int:
    """Number of rows."""
    row_names = get_attribute(frame, "row.names")
    if row_names is NULL:
        return len(frame.data[0]) if len(frame) else 0
    if row_names.kind == "integer" and len(row_names) == 2 and row_names.data[0] == -(2**31):
        return abs(int(row_names.data[1]))
    return len(row_names)


def frame_row_names(frame: Vector) -> list[str]:
    """Row names as text; automatic ones count from 1."""
    row_names = get_attribute(frame, "row.names")
    count = frame_rows(frame)
    if row_names is NULL or (row_names.kind == "integer" and len(row_names) == 2 and row_names.data[0] == -(2**31)):
        return [str(row + 1) for row in range(count)]
    return ["<NA>" if text is None else text for text in texts_of(row_names)]


UNEVEN_COLUMNS = "corrupt data frame: columns will be truncated or padded with NAs"


def as_many(texts: list[str | None], rows: int) -> list[str | None]:
    """The texts of a column, one for each row: a column put together by hand may have fewer or more."""
    return texts if len(texts) == rows else [*texts[:rows], *[None] * (rows - len(texts))]


def column_texts(column: Any, name: str, digits: int | None) -> list[tuple[str, list[str | None]]]:
    """Titles and texts of one column; a matrix or data frame inside gives several."""
    if column is NULL:
        return [(name, ["NULL"])]
    dimensions = dim_of(column)
    named: dict[str, Any] = {} if digits is None else {"digits": integer(digits)}
    if isinstance(column, Vector) and "data.frame" in _classes(column):
        inner = names_of(column) or []
        return [
            pair
            for part, title in zip(column.data, inner, strict=True)
            for pair in column_texts(part, f"{name}.{title}" if len(inner) > 1 else str(title), digits)
        ]
    if dimensions is not None and len(dimensions) > 2:
        # An array stands there as the matrix that has its rows.
        dimensions = [dimensions[0], len(column) // max(dimensions[0], 1)]
        column = Vector(column.kind, column.data, {"dim": integer(dimensions)})
    if dimensions is not None and len(dimensions) == 2:
        rows, count = dimensions
        made = column.items() if column.kind == "character" else texts_of(invoke("format", column, **named))
        dimnames = get_attribute(column, "dimnames")
        titles = [str(at + 1) for at in range(count)]
        own = dimnames is not NULL and dimnames.data[1] is not NULL
        if own:
            titles = [str(title) for title in dimnames.data[1].items()]
        if count == 1:
            return [(titles[0] if own else name, made)]
        return [(f"{name}.{titles[at]}", made[at * rows : (at + 1) * rows]) for at in range(count)]
    if isinstance(column, Vector) and column.kind == "character" and not set(_classes(column)) - {"AsIs"}:
        return [(name, column.items())]
    if isinstance(column, Vector) and "factor" in _classes(column):
        from pipekeras.grammar.builtins.text.formatting import factor_labels

        return [(name, factor_labels(column))]
    if isinstance(column, Vector) and column.kind == "list" and not has_class(column):
        return [(name, ["NULL" if part is NULL else ", ".join(_list_cell(part)) for part in column.data])]
    return [(name, texts_of(invoke("format", column, **named)))]


def _list_cell(part: Any) -> list[str]:
    """The elements of a value inside a list column, as texts; a class is not looked at."""
    if isinstance(part, Vector) and part.kind == "character":
        return [str(text) if text is not None else "NA" for text in part.items()]
    if isinstance(part, Vector) and part.kind != "list":
        return [str(text).strip() for text in texts_of(invoke("format", Vector(part.kind, part.data)))]
    return [str(text) for text in texts_of(invoke("format", Vector("list", object_array([part]))))]


def _classes(value: Vector) -> list[str]:
    given = get_attribute(value, "class")
    return [] if given is NULL else given.items()


def frame_lines(
    frame: Vector,
    settings: PrintSettings,
    digits: int | None = None,
    row_names: bool = True,
    labels: list[str] | None = None,
) -> list[str]:
    """Lines of a printed data frame.

    Args:
        frame: the data frame.
        settings: width, quote, right, ...
        digits: significant digits of its numbers, None for the option.
        row_names: whether each row begins with its name.
        labels: names shown instead of the frame's own row names.
    """
    given = names_of(frame) or [""] * len(frame)
    names = ["NA" if name is None else name for name in given]
    rows = frame_rows(frame)
    if not len(frame):
        plural = f"{rows} row{'' if rows == 1 else 's'}"
        return [f"data frame with 0 columns and {plural}"]
    if rows == 0 and names_of(frame) is None:
        return ["NULL", "<0 rows> (or 0-length row.names)"]
    if rows == 0:
        return [
            *wrapped_lines(["<NA>" if name is None else escape_text(str(name)) for name in given], settings, left=True),
            "<0 rows> (or 0-length row.names)",
        ]
    shown_rows = rows
    if rows * len(frame) > settings.limit:
        shown_rows = max(settings.limit // len(frame), 0)
    titles: list[str | None] = []
    columns: list[list[str]] = []
    uneven = False
    mark = '"' if settings.quote else ""
    for column, name in zip(frame.data, names, strict=True):
        part = column if shown_rows == rows else _head(column, shown_rows)
        for title, texts in column_texts(part, "NA" if name is None else name, digits):
            titles.append(title)
            uneven = uneven or len(texts) != shown_rows
            texts = as_many(texts, shown_rows)
            columns.append([settings.na_string if text is None else escape_text(text, mark) for text in texts])
    if uneven:
        warn(UNEVEN_COLUMNS)
    heads = labels if labels is not None else frame_row_names(frame)
    if not row_names:
        heads = [""] * rows
    # Where no row is shown, nothing but the room for the number of one is left.
    lines = matrix_lines(columns, shown_rows, heads[:shown_rows] or None, titles, settings, left=not settings.right)
    if shown_rows < rows:
        lines.append(f' [ reached \'max\' / getOption("max.print") -- omitted {rows - shown_rows} rows ]')
    return lines


def _head(column: Any, rows: int) -> Any:
    if column is NULL:
        return NULL
    dimensions = dim_of(column)
    index = integer(list(range(1, rows + 1)))
    if dimensions is not None and len(dimensions) == 2:
        from pipekeras.grammar.nodes import MISSING
        from pipekeras.grammar.vectors.indexing import subset

        return subset(column, [index, MISSING], drop=False)
    return invoke("[", column, index)
