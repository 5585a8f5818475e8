"""Data frames as matrices: as.matrix and data.matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.elements.factors import factor
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.values import (
    NULL,
    Vector,
    character,
    dim_of,
    explicit_class,
    get_attribute,
    integer,
    mk_list,
)
from pipekeras.grammar.vectors.coerce import KIND_RANK, coerce, convert
from pipekeras.grammar.vectors.frames import (
    column_names,
    has_chosen_row_names,
    is_frame,
    make_frame,
    row_count,
    row_name_texts,
)
from pipekeras.grammar.vectors.shapes import from_array

Dots = list[tuple[str | None, Any]]



@builtin("as.matrix.data.frame", "x, rownames.force = NA, ...")
def frame_as_matrix(x: Any, rownames_force: Any, dots: Dots) -> Any:
    rows, count = row_count(x), len(x)
    columns = []
    rank = 1
    parts, titles = flat_columns(x.data, column_names(x))
    if any(column.kind == "list" for column in parts):
        # A list among the columns makes a matrix of lists; nothing in it is written as text.
        parts = [c.with_attributes(None) if c.kind == "list" else call_builtin("as.list", call_builtin("as.vector", c))
                 for c in parts]
    count = len(parts)
    texts = any(not _numeric_column(column) for column in parts)
    for column in parts:
        if texts:
            column = _text_column(column)
        rank = max(rank, KIND_RANK[column.kind])
        columns.append(column)
    kind = next(name for name, value in KIND_RANK.items() if value == rank)
    if not columns:
        kind = "logical"
    data = [convert(column.data, column.kind, kind) for column in columns]
    if not rows:
        kind, data = "logical", []
    table = np.array(data, dtype=data[0].dtype).T if data else np.empty((rows, count), np.int32)
    row_part = character(row_name_texts(x)) if has_chosen_row_names(x) and rows else NULL
    if type(rownames_force) is Vector and rownames_force.data[0] == 1:
        row_part = character(row_name_texts(x))
    column_part = character(titles) if len(x) else NULL
    return from_array(kind, table.reshape(rows, count), mk_list([row_part, column_part]))


_NOT_NUMBERS = frozenset(("factor", "Date", "POSIXct", "POSIXlt", "difftime"))
"""Classes whose values R does not call numeric: in a matrix they stand as texts."""


def flat_columns(x: Sequence[Any], names: Sequence[str]) -> tuple[list[Any], list[str]]:
    """Columns and their names; a matrix or frame among them gives several, and one without names for them keeps its own."""
    parts: list[Any] = []
    titles: list[str] = []
    for column, name in zip(x, names, strict=True):
        if is_frame(column):
            inside, inner = flat_columns(column.data, column_names(column))
            parts += inside
            titles += [f"{name}.{title}" for title in inner]
            continue
        dimensions = dim_of(column)
        if dimensions is None or len(dimensions) != 2:
            parts.append(column)
            titles.append(name)
            continue
        rows, count = dimensions
        dimnames = get_attribute(column, "dimnames")
        known = [] if dimnames is NULL or dimnames.data[1] is NULL else dimnames.data[1].items()
        parts += [Vector(column.kind, column.data[at * rows : (at + 1) * rows]) for at in range(count)]
        inner = known or [str(at + 1) for at in range(count)]
        titles += [name] if count == 1 else [f"{name}.{title}" for title in inner]
    return parts, titles


def _numeric_column(column: Any) -> bool:
    if not _NOT_NUMBERS.isdisjoint(explicit_class(column) or ()):
        return False
    return column.kind in ("logical", "integer", "double", "complex", "list")


def _text_column(column: Any) -> Any:
    classes = explicit_class(column) or []
    if "factor" in classes or column.kind == "character" or column.kind == "logical":
        return call_builtin("as.character", column)
    if classes:
        return call_builtin("format", column)
    missing = np.isnan(column.data) if column.kind == "double" else column.data == -(2**31)
    shown = call_builtin("format", column)
    data = np.array(shown.data, dtype=object)
    data[missing] = None
    return Vector("character", data)


@builtin("data.matrix", "frame, rownames.force = NA")
def data_matrix(frame: Any, rownames_force: Any) -> Any:
    if not is_frame(frame):
        return call_builtin("as.matrix", frame)
    columns = []
    for column in frame.data:
        if column.kind == "character":
            column = factor(column)
        if column.kind in ("list", "complex"):
            column = call_builtin("as.double", column)
        if column.kind in ("logical", "raw"):
            column = coerce(column, "integer" if column.kind == "logical" else "double")
        columns.append(column.with_attributes(None))
    plain = make_frame(columns, column_names(frame), row_count(frame), frame.attributes["row.names"])
    made = frame_as_matrix(plain, rownames_force, [])
    if len(made) or not columns:
        return made if columns else coerce(made, "integer")
    return coerce(made, max((column.kind for column in [*columns, integer([])]), key=lambda kind: KIND_RANK[kind]))
