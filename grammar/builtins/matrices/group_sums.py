"""Sums of rows by group."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.values import NA_INTEGER, Vector, character, explicit_class, integer, mk_list, names_of
from pipekeras.grammar.vectors.arguments import flag
from pipekeras.grammar.vectors.frames import is_frame
from pipekeras.grammar.vectors.report import fail, warn
from pipekeras.grammar.vectors.shapes import axis_names

Dots = list[tuple[str | None, Any]]


@builtin("rowsum", "x, group, reorder = TRUE, ...", generic="s3")
def row_sum(x: Any, group: Any, reorder: Any, dots: Dots) -> Any:
    """The sum of the rows of each group, column by column."""
    drop = next((flag(value) for name, value in dots if name == "na.rm"), False)
    frame = is_frame(x)
    if frame and any(not _is_number(column) for column in x.data):
        fail("non-numeric data frame in rowsum")
    if not frame and not (_is_number(x) and flag(call_builtin("is.numeric", x))):
        fail("'x' must be numeric")
    rows = int(call_builtin("NROW", x).data[0])
    if len(group) != rows:
        fail("incorrect length for 'group'")
    if (call_builtin("is.na", group).data == 1).any():
        warn("missing values for 'group'")
    known = call_builtin("unique", group)
    if flag(reorder) and len(known):
        known = call_builtin("sort", known, na__last=flag_of(True))
    code = call_builtin("match", group, known).data - 1
    labels = character(call_builtin("as.character", known).items())
    if frame:
        columns = [Vector(column.kind, _sums(column.data.reshape(-1, 1), column.kind, code, len(known), drop).ravel())
                   for column in x.data]
        return mk_list(columns).with_attributes({
            "names": character(names_of(x) or []), "class": character("data.frame"), "row.names": labels})
    table = x.data.reshape((rows, -1), order="F") if rows else x.data.reshape((0, int(call_builtin("NCOL", x).data[0])))
    sums = _sums(table, x.kind, code, len(known), drop)
    return Vector(x.kind, sums.ravel(order="F"), {
        "dim": integer(list(sums.shape)), "dimnames": mk_list([labels, axis_names(x, 1)])})


def flag_of(value: bool) -> Vector:
    """A truth value as a vector."""
    return Vector("logical", None, None, int(value))


def _is_number(x: Any) -> bool:
    return type(x) is Vector and x.kind in ("integer", "double") and "factor" not in (explicit_class(x) or [])


def _sums(table: np.ndarray, kind: str, code: np.ndarray, count: int, drop: bool) -> np.ndarray:
    """One row of sums for each group; a missing number makes a sum missing unless it is dropped."""
    missing = table == NA_INTEGER if kind == "integer" else np.isnan(table)
    wide = np.where(missing, 0, table).astype(np.longdouble if kind == "double" else np.int64)
    made = np.zeros((count, table.shape[1]), wide.dtype)
    np.add.at(made, code, wide)
    result = made.astype(np.float64)
    if kind == "integer":
        result = np.where(np.abs(result) > 2147483647, NA_INTEGER, result)
    if not drop:
        for row, column in np.argwhere(missing):
            held = result[code[row], column]
            result[code[row], column] = NA_INTEGER if kind == "integer" else held if held != held else table[row, column]
    return result.astype(np.int32) if kind == "integer" else result
