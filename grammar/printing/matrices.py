"""Printing of matrices and arrays: columns laid out one by one, wide matrices wrapped by columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from pipekeras.grammar.values import NULL, Vector, get_attribute, names_of

from .elements import element_texts
from .settings import DEFAULTS, PrintSettings
from .text import common_width, escape_text, pad_text, text_width
from .vectors import index_width

Labels = Sequence[str | None] | None


def dimension_labels(vector: Vector) -> tuple[list[Labels], list[str] | None]:
    """Labels along each dimension, and the names of the dimensions when they have any."""
    dimnames = get_attribute(vector, "dimnames")
    rank = len(get_attribute(vector, "dim"))
    if dimnames is NULL:
        return [None] * rank, None
    labels: list[Labels] = [None if entry is NULL else entry.items() for entry in dimnames.data]
    names = names_of(dimnames)
    return labels, None if names is None else [name or "" for name in names]


def _label(label: str | None, missing: str = "<NA>") -> str:
    return missing if label is None else escape_text(label)


def matrix_lines(
    columns: Sequence[Sequence[str]],
    rows: int,
    row_labels: Labels,
    column_labels: Labels,
    settings: PrintSettings = DEFAULTS,
    left: bool = False,
    row_title: str | None = None,
    column_title: str | None = None,
    least: int = 0,
    numbered_left: bool = False,
    all_rows: int = 0,
) -> list[str]:
    """Lines of a matrix given as columns of texts.

    Args:
        columns: the text of each column's elements.
        rows: number of rows.
        row_labels: row names, None for ``[1,]`` indices.
        column_labels: column names, None for ``[,1]`` indices.
        left: whether cells and column names are aligned to the left.
        row_title: name of the row dimension.
        column_title: name of the column dimension.
        least: width that no column falls below.
        numbered_left: whether ``[,1]`` stands on the left of its column though the cells stand on the right.
        all_rows: rows there are with those that are left out: their indices have their part in the layout.
    """
    shown_rows = [_label(label) for label in row_labels] if row_labels is not None else None
    label_width = common_width(shown_rows) if shown_rows is not None else index_width(max(rows, all_rows) + 1) + 3
    offset = 0
    if row_title is not None:
        title_width = text_width(row_title)
        offset = 2 if title_width < label_width + 2 else title_width - label_width
        label_width += offset
    if shown_rows is not None:
        heads = [" " * offset + pad_text(label, label_width - offset) for label in shown_rows[:rows]]
    else:
        heads = [" " * offset + f"[{row + 1},]".rjust(label_width - offset) for row in range(rows)]
    corner = pad_text(row_title or "", label_width)
    count = len(columns)
    above = [" " * label_width + column_title] if column_title is not None else []
    if count == 0:
        return [*above, corner, *heads]
    titles = [
        _label(column_labels[column]) if column_labels is not None else f"[,{column + 1}]" for column in range(count)
    ]
    widths = [max(least, common_width(columns[column]), text_width(titles[column])) for column in range(count)]
    justify = "left" if left else "right"
    gap = " " * settings.gap
    lines: list[str] = []
    start = 0
    while start < count:
        total = label_width
        stop = start
        while stop < count and (stop == start or total + widths[stop] + settings.gap < settings.width):
            total += widths[stop] + settings.gap
            stop += 1
        title_justify = justify if column_labels is not None or not (left or numbered_left) else "left"
        lines.extend(above)
        lines.append(
            corner
            + "".join(gap + pad_text(titles[column], widths[column], title_justify) for column in range(start, stop))
        )
        for row in range(rows):
            cells = [gap + pad_text(columns[column][row], widths[column], justify) for column in range(start, stop)]
            lines.append(heads[row] + "".join(cells))
        start = stop
    return lines


_MOST_LAID_OUT = 1_000_000
_WIDTHS_OF_NONE = {"logical": 1, "integer": 1, "complex": 2}
"""By kind, how wide a column without elements is at least."""


def _column_texts(vector: Vector, rows: int, count: int, settings: PrintSettings, shown: int) -> list[list[str]]:
    """The texts of every column, those of rows that are left out too: they have their part in the widths."""
    data = vector.data
    # Rows that are left out have their part in the layout, unless they are very many.
    laid_out = rows if len(data) <= _MOST_LAID_OUT else shown
    return [
        element_texts(Vector(vector.kind, data[column * rows : column * rows + laid_out]), settings)
        for column in range(count)
    ]


def array_lines(vector: Vector, settings: PrintSettings = DEFAULTS) -> list[str]:
    """Lines of an atomic vector with two or more dimensions."""
    dimensions = [int(size) for size in get_attribute(vector, "dim").data]
    labels, titles = dimension_labels(vector)
    if len(dimensions) == 2:
        return _flat_lines(vector, dimensions, labels, titles, settings)
    rows, columns = dimensions[:2]
    if 0 in dimensions[2:]:
        heads = matrix_lines([[""] * rows] * columns, rows, labels[0], labels[1], settings)
        extent = " x ".join(map(str, dimensions))
        return [f"<{extent} array of {vector.kind}>", *(line.rstrip() if row else line for row, line in enumerate(heads)), ""]
    size = rows * columns
    lines: list[str] = []
    ranges = [range(count) for count in reversed(dimensions[2:])]
    pages = len(vector) // size if size else 0
    full, rest = divmod(settings.limit, size) if size else (0, 0)
    rows_of_last = rest // columns if columns else 0
    shown_pages = full + (rows_of_last > 0) if full < pages and size else pages or len(list(product(*ranges)))
    for page, reversed_place in enumerate(product(*ranges)):
        if page == shown_pages:
            break
        place = reversed_place[::-1]
        parts = []
        for axis, position in enumerate(place, start=2):
            axis_labels = labels[axis]
            text = str(position + 1) if axis_labels is None else _label(axis_labels[position], "NA")
            if titles is not None and axis_labels is not None:
                text = f"{titles[axis]} = {text}"
            parts.append(text)
        lines.append(", , " + ", ".join(parts))
        lines.append("")
        piece = Vector(vector.kind, vector.data[page * size : (page + 1) * size])
        limit = settings.limit - page * size if size else settings.limit
        shown = _page_lines(piece, [rows, columns], labels[:2], titles, settings.with_changes(limit=limit))
        lines.extend(shown[:-1] if size > limit else shown)
        lines.append("")
    if shown_pages < pages:
        told = f"{rows - rows_of_last} row(s) and " if rows_of_last else ""
        lines.append(f' [ reached getOption("max.print") -- omitted {told}{pages - shown_pages} matrix slice(s) ]')
    return lines


def _flat_lines(
    vector: Vector, dimensions: Sequence[int], labels: Sequence[Labels], titles: list[str] | None, settings: PrintSettings
) -> list[str]:
    rows, count = dimensions
    if rows == 0 and count == 0:
        return ["<0 x 0 matrix>"]
    return _page_lines(vector, dimensions, labels, titles, settings)


def _page_lines(
    vector: Vector, dimensions: Sequence[int], labels: Sequence[Labels], titles: list[str] | None, settings: PrintSettings
) -> list[str]:
    rows, count = dimensions
    shown = rows
    if rows * count > settings.limit and count:
        shown = min(rows, max(settings.limit // count, 0))
    left = vector.kind == "character" and not settings.right
    row_title, column_title = titles[:2] if titles is not None else (None, None)
    lines = matrix_lines(
        _column_texts(vector, rows, count, settings, shown),
        shown, labels[0], labels[1], settings, left, row_title, column_title,
        0 if rows else _WIDTHS_OF_NONE.get(vector.kind, 0), vector.kind == "character", rows,
    )  # fmt: skip
    if shown < rows:
        left_out = f"{rows - shown} row" + ("s" if rows - shown > 1 else "")
        lines.append(f' [ reached getOption("max.print") -- omitted {left_out} ]')
    return lines
