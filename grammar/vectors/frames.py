"""Data frames as values: a list of columns with names, row names and class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from pipekeras.grammar.values import (
    NA_INTEGER,
    NULL,
    Attributes,
    Vector,
    character,
    explicit_class,
    names_of,
    object_array,
)

FRAME_CLASS = character("data.frame")


def is_frame(x: Any) -> bool:
    """Whether a value is a data frame."""
    return "data.frame" in (explicit_class(x) or [])


def automatic_row_names(count: int) -> Vector:
    """Row names 1, 2, ... in their compact form."""
    return Vector("integer", np.array([NA_INTEGER, -count], np.int32))


def make_frame(
    columns: Sequence[Any], names: Sequence[str | None], rows: int, row_names: Any = None, template: Any = None
) -> Vector:
    """Data frame of finished columns.

    Args:
        columns: column values, all of `rows` rows.
        names: column names.
        rows: number of rows.
        row_names: stored row names, automatic when None.
        template: data frame whose class and further attributes are kept.
    """
    attributes: Attributes = {"names": character(list(names))}
    if not names and template is not None and "names" not in (template.attributes or {}):
        attributes = {}
    kept = template.attributes if template is not None and template.attributes else None
    stored = automatic_row_names(rows) if row_names is None else row_names
    if kept is None:
        attributes.update({"class": FRAME_CLASS, "row.names": stored} if columns else
                          {"row.names": stored, "class": FRAME_CLASS})
    else:
        attributes.update((name, value) for name, value in kept.items() if name not in ("names", "class", "row.names"))
        attributes["row.names"] = stored
        attributes["class"] = kept.get("class", FRAME_CLASS)
    return Vector("list", object_array(list(columns)), attributes)


def row_count(frame: Vector) -> int:
    """Number of rows."""
    stored = (frame.attributes or {}).get("row.names", NULL)
    if stored is NULL:
        return 0
    if stored.kind == "integer" and len(stored) == 2 and stored.data[0] == NA_INTEGER:
        return abs(int(stored.data[1]))
    return len(stored)


def numbered_row_names(count: int) -> Vector:
    """Row names 1, 2, ... that somebody chose, in their compact form."""
    return Vector("integer", np.array([NA_INTEGER, count], np.int32)) if count else automatic_row_names(0)


def has_chosen_row_names(frame: Vector) -> bool:
    """Whether the row names are more than the count of the rows: rows were picked, or named."""
    stored = (frame.attributes or {}).get("row.names", NULL)
    return stored is not NULL and (not has_automatic_row_names(frame) or int(stored.data[1]) > 0)


def has_automatic_row_names(frame: Vector) -> bool:
    """Whether the row names are 1, 2, ... in compact form."""
    stored = (frame.attributes or {}).get("row.names", NULL)
    return stored is not NULL and stored.kind == "integer" and len(stored) == 2 and int(stored.data[0]) == NA_INTEGER


def row_name_texts(frame: Vector) -> list[str]:
    """Row names as texts."""
    stored = (frame.attributes or {}).get("row.names", NULL)
    if stored is NULL:
        return []
    if has_automatic_row_names(frame):
        return [str(k) for k in range(1, row_count(frame) + 1)]
    return ["NA" if name is None else str(name) for name in stored.items()]


def row_name_vector(frame: Vector) -> Vector:
    """Row names as a vector of texts; one that is missing stays so."""
    stored = (frame.attributes or {}).get("row.names", NULL)
    if type(stored) is Vector and stored.kind == "character":
        return stored.with_attributes(None) if stored.attributes else stored
    return character(row_name_texts(frame))


def column_names(frame: Vector) -> list[str]:
    """Column names as texts."""
    return [name or "" for name in names_of(frame) or []]


def column(frame: Vector, name: str) -> Any:
    """Column of that name; NULL when there is none."""
    names = column_names(frame)
    return frame.data[names.index(name)] if name in names else NULL


def stored_row_names(labels: Sequence[Any]) -> Vector:
    """Row names as they are stored: compact when they are 1, 2, ..., integers when all are whole, texts otherwise."""
    count = len(labels)
    if all(label == position for position, label in enumerate(labels, 1)):
        return automatic_row_names(count)
    if all(isinstance(label, (int, np.integer)) for label in labels):
        return Vector("integer", np.array(labels, np.int32))
    return character([str(label) for label in labels])
