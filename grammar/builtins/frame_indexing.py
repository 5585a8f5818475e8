"""Reading and replacing parts of data frames."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.attributes import call_builtin
from pipekeras.grammar.builtins.frames import column_length, recycle_column, without_names
from pipekeras.grammar.builtins.indexing import end_bounds, split_value, wanted_counts
from pipekeras.grammar.builtins.ordering import unique_names
from pipekeras.grammar.builtins.registry import MISSING, builtin
from pipekeras.grammar.values import NULL, Vector, character, dim_of, explicit_class, integer, is_na, object_array
from pipekeras.grammar.vectors import assigning, indexing
from pipekeras.grammar.vectors.arguments import flag
from pipekeras.grammar.vectors.coerce import missing_value
from pipekeras.grammar.vectors.frames import (
    automatic_row_names,
    column_names,
    has_automatic_row_names,
    is_frame,
    make_frame,
    numbered_row_names,
    row_count,
    row_name_texts,
    stored_row_names,
)
from pipekeras.grammar.vectors.positions import resolve
from pipekeras.grammar.vectors.recycling import resized
from pipekeras.grammar.vectors.report import fail, warn

Dots = list[tuple[str | None, Any]]


def _columns_found(frame: Vector, index: Any) -> np.ndarray:
    """Positions of columns, -1 for those that are not there."""
    if index is MISSING:
        return np.arange(len(frame))
    if type(index) is Vector and "factor" in (explicit_class(index) or []):
        index = Vector("integer", index.data)
    return resolve(index, len(frame), column_names(frame)).at


def _column_positions(frame: Vector, index: Any) -> np.ndarray:
    at = _columns_found(frame, index)
    if len(at) and int(at.min()) < 0:
        fail("undefined columns selected")
    return at


def _row_positions(frame: Vector, index: Any) -> np.ndarray:
    rows = row_count(frame)
    if type(index) is Vector and index.kind == "character":
        labels = row_name_texts(frame)
        places = {label: k for k, label in reversed(list(enumerate(labels)))}
        found = []
        for wanted in index.items():
            at = places.get(str(wanted), -1) if wanted is not None else -1
            if at < 0 and wanted is not None:
                hits = [k for k, label in enumerate(labels) if label.startswith(str(wanted))]
                at = hits[0] if len(hits) == 1 else -1
            found.append(at)
        return np.array(found, np.int64)
    if type(index) is Vector and "factor" in (explicit_class(index) or []):
        index = Vector("integer", index.data)
    if type(index) is Vector and dim_of(index) is not None and len(dim_of(index) or []) == 2:
        index = Vector(index.kind, index.data)
    return resolve(index, rows, None).at


def take_rows(column: Any, at: np.ndarray) -> Any:
    """Rows of one column; -1 gives a missing one. Class and levels stay."""
    shape = dim_of(column)
    index = Vector("integer", np.where(at < 0, -(2**31), at + 1).astype(np.int32))
    if is_frame(column):
        return take_frame_rows(column, at)
    if shape is not None and len(shape) == 2:
        return call_builtin("[", column, index, MISSING, drop=Vector("logical", None, None, 0))
    classes = explicit_class(column)
    if classes is None or any(name in ("factor", "Date", "POSIXct", "difftime", "AsIs") for name in classes):
        extra = {k: v for k, v in (column.attributes or {}).items() if k not in ("names", "dim", "dimnames")}
        return Vector(column.kind, indexing.take(column.data, at, column.kind), extra or None)
    return call_builtin("[", column, index)


def _picked_row_names(frame: Vector, at: np.ndarray) -> Any:
    if has_automatic_row_names(frame):
        labels: list[Any] = (at + 1).tolist()
        if np.array_equal(at, np.arange(len(at))):
            return numbered_row_names(len(at))
    else:
        stored = frame.attributes["row.names"].items() if frame.attributes else []
        labels = [stored[k] if k >= 0 else None for k in at.tolist()]
    if any(k < 0 for k in at.tolist()) or len(set(labels)) != len(labels):
        texts = ["NA" if k < 0 else str(label) for k, label in zip(at.tolist(), labels, strict=True)]
        return character(unique_names(texts))
    if all(isinstance(label, int) for label in labels):
        return stored_row_names(labels) if labels != list(range(1, len(labels) + 1)) else numbered_row_names(len(labels))
    return character(labels)


def take_frame_rows(frame: Vector, at: np.ndarray) -> Vector:
    """Rows of a data frame at positions from 0."""
    columns = [take_rows(column, at) for column in frame.data]
    return make_frame(columns, column_names(frame), len(at), _picked_row_names(frame, at), frame)


def take_frame_columns(frame: Vector, at: np.ndarray) -> Vector:
    """Columns of a data frame at positions from 0."""
    names = column_names(frame)
    picked = [names[k] for k in at.tolist()]
    return make_frame([frame.data[k] for k in at.tolist()], picked, row_count(frame),
                      (frame.attributes or {}).get("row.names"), frame)


@builtin("[.data.frame", "x, ...")
def subset_frame(x: Any, dots: Dots) -> Any:
    drop: bool | None = None
    indices = []
    for name, value in dots:
        if name == "drop":
            drop = None if value is MISSING else flag(value)
        else:
            indices.append(value)
    if len(indices) == 0:
        return x
    if len(indices) == 1:
        index = indices[0]
        if index is MISSING:
            return x
        if type(index) is Vector and dim_of(index) is not None and len(dim_of(index) or []) == 2:
            table = call_builtin("as.matrix", x)
            return call_builtin("[", table, index)
        if is_frame(index):
            return call_builtin("[", call_builtin("as.matrix", x), call_builtin("as.matrix", index))
        picked = take_frame_columns(x, _column_positions(x, index))
        labels = column_names(picked)
        return picked if len(set(labels)) == len(labels) else picked.with_attribute(
            "names", character(unique_names(labels)))
    rows_index, columns_index = indices[0], indices[1]
    result = x
    if rows_index is not MISSING and columns_index is not MISSING and drop is not False:
        found = _columns_found(x, columns_index)
        if len(found) == 1:
            if found[0] < 0:
                return NULL
            return take_rows(x.data[found[0]], _row_positions(x, rows_index))
    if columns_index is not MISSING:
        result = take_frame_columns(x, _column_positions(x, columns_index))
        labels = column_names(result)
        if len(set(labels)) != len(labels):
            result = result.with_attribute("names", character(unique_names(labels)))
    if rows_index is not MISSING:
        at = _row_positions(x, rows_index)
        result = take_frame_rows(result, at)
        if drop is not False and len(result) == 1:
            return result.data[0]
        if drop and len(at) == 1:
            return mk_row(result)
        return result
    if (drop is None or drop) and len(result) == 1:
        return result.data[0]
    return result


def mk_row(frame: Vector) -> Vector:
    """A one-row data frame as a list."""
    return Vector("list", frame.data, {"names": frame.attributes["names"]} if frame.attributes else None)


@builtin("[[.data.frame", "x, ..., exact = TRUE")
def frame_element(x: Any, dots: Dots, exact: Any) -> Any:
    indices = [value for _, value in dots]
    bare = Vector("list", x.data, {"names": x.attributes["names"]} if "names" in x.attributes else None)
    if len(indices) == 1:
        return indexing.element(bare, indices, flag(exact, "exact", False))
    column = indexing.element(bare, indices[1:], True)
    at = _row_positions(x, indices[0])
    if len(at) != 1 or at[0] < 0:
        fail("subscript out of bounds")
    picked = take_rows(column, at)
    return picked.data[0] if picked.kind == "list" else picked


def fitted_column(value: Any, rows: int, columns: int) -> Any:
    """A new column checked against the number of rows and recycled."""
    size = column_length(value) if type(value) is Vector else 1
    if type(value) is not Vector:
        fail("replacement is not a vector")
    if size == rows or columns == 0:
        return without_names(value)
    if size == 0 or rows % size or size > rows:
        fail(f"replacement has {size} row{'s' if size != 1 else ''}, data has {rows}")
    return without_names(recycle_column(value, rows))


def _with_column(x: Vector, position: int, name: str, value: Any) -> Vector:
    names = column_names(x)
    columns = list(x.data)
    rows = row_count(x)
    stored = (x.attributes or {}).get("row.names")
    if value is NULL:
        if position < len(columns):
            columns.pop(position)
            names.pop(position)
        return make_frame(columns, names, rows, stored, x)
    column = fitted_column(value, rows, len(columns)) if len(columns) or rows else without_names(value)
    if len(x) == 0 and rows == 0:
        rows = column_length(column)
        stored = automatic_row_names(rows)
    if position < len(columns):
        columns[position] = column
    else:
        while len(columns) < position:
            fail("new columns would leave holes after existing columns")
        columns.append(column)
        names.append(name)
    return make_frame(columns, names, rows, stored, x)


@builtin("$<-.data.frame", "x, name, value")
def assign_frame_member(x: Any, name: Any, value: Any) -> Any:
    label = str(name.items()[0]) if type(name) is Vector else name.name
    names = column_names(x)
    position = names.index(label) if label in names else len(names)
    return _with_column(x, position, label, value)


@builtin("[[<-.data.frame", "x, ...")
def assign_frame_element(x: Any, dots: Dots) -> Any:
    dots, value = split_value(dots)
    indices = [index for _, index in dots]
    if len(indices) == 2:
        return _assign_cells(x, indices[0], indices[1], value)
    index = indices[0]
    names = column_names(x)
    if index.kind == "character":
        return assign_frame_member(x, index, value)
    bare = Vector("list", x.data, {"names": x.attributes["names"]} if "names" in x.attributes else None)
    if len(index) > 1:
        made = assigning.assign_element(bare, [index], value)
        return x.with_data(made.data)
    position = int(indexing.single_position(index, len(x), names, assigning=True))
    if position == -2:
        position = int(index.data[0]) - 1
    if position < 0:
        fail("subscript out of bounds")
    return _with_column(x, position, names[position] if position < len(names) else f"V{position + 1}", value)


def _columns_of_value(value: Any, count: int, selected: int, rows: int) -> list[Any]:
    """What goes into each of `count` columns when `selected` of the rows are assigned to.

    Raises:
        RError: a value that does not fill the cells evenly.
    """
    if value is NULL:
        return [NULL] * count
    if type(value) is not Vector or value.kind != "list":
        parts = _columns_of_vector(value, count, selected, rows)
    else:
        parts = [_fitted_element(part, k, selected) for k, part in enumerate(value.data, 1)]
        if not parts:
            return [NULL] * count
    if len(parts) > count > 0:
        warn(f"provided {len(parts)} variables to replace {count} variables")
    return [parts[k % len(parts)] for k in range(count)]


def _for_no_row(value: Vector, new: bool, rows: int) -> Vector:
    """What is left of a value when no row is chosen; a new column must fit the rows all the same."""
    size = column_length(value)
    if new and size and (size > rows or rows % size):
        fail(f"replacement has {size} row{'' if size == 1 else 's'}, data has {rows}")
    return Vector(value.kind, value.data[:0], value.attributes if explicit_class(value) else None)


def _columns_of_vector(value: Any, count: int, selected: int, rows: int) -> list[Any]:
    if type(value) is not Vector:
        fail("replacement is not a vector")
    if count == 1:
        size = column_length(value)
        uneven = size < selected and size > 0 and selected % size
        if size > selected or uneven:
            fail(f"replacement has {size} row{'' if size == 1 else 's'}, data has {rows if uneven else selected}")
        return [without_names(value if size in (0, selected) else recycle_column(value, selected))]
    total = selected * count
    if len(value) < total and (len(value) == 0 or total % len(value)):
        fail(f"replacement has {len(value)} item{'' if len(value) == 1 else 's'}, need {total}")
    kept = {k: v for k, v in (value.attributes or {}).items() if k not in ("names", "dim", "dimnames")} or None
    full = resized(value.data, total)
    return [Vector(value.kind, full[k * selected : (k + 1) * selected], kept) for k in range(count)]


def _fitted_element(part: Any, position: int, selected: int) -> Any:
    """One element of a list as a column of that many rows."""
    if type(part) is not Vector:
        return part
    size = column_length(part)
    if 0 < size < selected:
        if selected % size:
            plural = "" if size == 1 else "s"
            fail(f"replacement element {position} has {size} row{plural}, need {selected}")
        return recycle_column(part, selected)
    if size > selected:
        plural = "" if size == 1 else "s"
        warn(f"replacement element {position} has {size} row{plural} to replace {selected} rows")
        return take_rows(part, np.arange(selected))
    return part


def _assign_cells(x: Vector, rows_index: Any, columns_index: Any, value: Any) -> Vector:
    names = column_names(x)
    rows = row_count(x)
    columns = list(x.data)
    stored = (x.attributes or {}).get("row.names", automatic_row_names(rows))
    new_rows = rows
    row_labels: list[str] | None = None
    if rows_index is MISSING:
        at = np.arange(rows)
        whole = True
    else:
        whole = False
        labels = row_name_texts(x) if type(rows_index) is Vector and rows_index.kind == "character" else None
        if type(rows_index) is Vector and rows_index.kind == "logical" and (rows_index.data == -(2**31)).any():
            fail("missing values are not allowed in subscripted assignments of data frames")
        if type(rows_index) is Vector and dim_of(rows_index) is not None:
            rows_index = Vector(rows_index.kind, rows_index.data)
        places = resolve(rows_index, rows, labels, grow=True)
        at = places.at
        if len(at) and int(at.min()) < 0:
            fail("missing values are not allowed in subscripted assignments of data frames")
        new_rows = max(rows, places.length)
        if places.new_names:
            row_labels = [*row_name_texts(x), *[""] * (new_rows - rows)]
            for position, label in places.new_names.items():
                row_labels[position] = label
    if columns_index is MISSING:
        targets = list(range(len(columns)))
    else:
        positions = resolve(columns_index, len(columns), names, grow=True)
        targets = positions.at.tolist()
        for position in range(len(columns), positions.length):
            fresh = (positions.new_names or {}).get(position, f"V{position + 1}")
            if position not in targets:
                fail("new columns would leave holes after existing columns")
            names.append(fresh)
            columns.append(None)
    if whole and type(columns_index) is Vector and columns_index.kind in ("logical", "integer", "double") and (
            is_na(columns_index).any()):
        fail("missing values are not allowed in subscripted assignments of data frames")
    if value is NULL and whole:
        keep = [k for k in range(len(columns)) if k not in targets]
        return make_frame([columns[k] for k in keep], [names[k] for k in keep], rows, stored, x)
    if new_rows > rows:
        beyond = np.concatenate([np.arange(rows), np.full(new_rows - rows, -1)])
        columns = [None if column is None else take_rows(column, beyond) for column in columns]
        if row_labels is not None:
            stored = character(row_labels)
        elif has_automatic_row_names(x):
            stored = automatic_row_names(new_rows)
        else:
            stored = character([*row_name_texts(x), *(str(k) for k in range(rows + 1, new_rows + 1))])
    if not targets or (not len(at) and not whole and value is NULL):
        return x
    if not len(at) and not whole and type(value) is Vector and value.kind != "list":
        values = [_for_no_row(value, columns[target] is None, rows) for target in targets]
    else:
        values = _columns_of_value(value, len(targets), len(at), rows)
    index = Vector("integer", (at + 1).astype(np.int32))
    gone: list[int] = []
    for target, part in zip(targets, values, strict=True):
        old = columns[target]
        if part is NULL and whole:
            gone.append(target)
            continue
        if type(part) is not Vector:
            fail("replacement has length zero")
        size = column_length(part)
        if whole:
            if size == 0 and new_rows:
                part = Vector(part.kind, np.array([missing_value(part.kind)] * new_rows, dtype=part.data.dtype))
            columns[target] = without_names(part)
            continue
        if old is None:
            blank = object_array([NULL] * new_rows) if part.kind == "list" else np.array(
                [missing_value(part.kind)] * new_rows, dtype=part.data.dtype)
            extra = {k: v for k, v in (part.attributes or {}).items() if k in ("levels", "class", "units", "tzone")}
            old = Vector(part.kind, blank, extra or None)
        if size == 0 and len(at):
            fail("replacement has length zero")
        columns[target] = _assigned_column(old, index, without_names(part))
    keep = [k for k in range(len(columns)) if k not in gone]
    return make_frame([columns[k] for k in keep], [names[k] for k in keep], new_rows, stored, x)


def _assigned_column(old: Any, index: Vector, part: Any) -> Any:
    classes = explicit_class(old)
    if classes is None and "factor" in (explicit_class(part) or []):
        if old.kind == "character":
            part = call_builtin("as.character", part)
        elif old.kind == "logical" and (old.data == -(2**31)).all():
            blank = Vector("integer", np.full(len(old), -(2**31), np.int32), dict(part.attributes))
            return call_builtin("[<-", blank, index, part)
    if classes is None:
        bare = part.with_attributes(None) if part.attributes and not explicit_class(part) else part
        return assigning.assign_subset(old, [index], bare)
    return call_builtin("[<-", old, index, part)


@builtin("[<-.data.frame", "x, ...")
def assign_frame(x: Any, dots: Dots) -> Any:
    dots, value = split_value(dots)
    indices = [index for _, index in dots]
    if len(indices) == 2:
        return _assign_cells(x, indices[0], indices[1], value)
    index = indices[0] if indices else MISSING
    if is_frame(index):
        index = call_builtin("as.matrix", index)
    if type(index) is Vector and index.kind == "logical" and dim_of(index) is not None and len(
            dim_of(index) or []) == 2:
        return _assign_mask(x, index, value)
    return _assign_cells(x, MISSING, index, value)


def _assign_mask(x: Vector, mask: Vector, value: Any) -> Vector:
    rows = row_count(x)
    table = mask.data.reshape(rows, -1, order="F")
    columns = list(x.data)
    given = value.data if type(value) is Vector else object_array([value])
    used = 0
    for k in range(len(columns)):
        hits = np.flatnonzero(table[:, k] == 1)
        if not len(hits):
            continue
        index = integer((hits + 1).tolist())
        part = value if len(given) == 1 else Vector(value.kind, resized(given[used:], len(hits)))
        used += len(hits)
        columns[k] = _assigned_column(columns[k], index, part)
    return make_frame(columns, column_names(x), rows, (x.attributes or {}).get("row.names"), x)


@builtin("$.data.frame", "x, name")
def frame_member(x: Any, name: Any) -> Any:
    label = str(name.items()[0]) if type(name) is Vector else name.name
    bare = Vector("list", x.data, {"names": x.attributes["names"]} if "names" in x.attributes else None)
    return indexing.member(bare, label)


@builtin("head.data.frame", "x, n = 6L, ...")
def frame_head(x: Any, n: Any, dots: Dots) -> Any:
    return _frame_end(x, n, True)


@builtin("tail.data.frame", "x, n = 6L, ...")
def frame_tail(x: Any, n: Any, dots: Dots) -> Any:
    return _frame_end(x, n, False)


def _frame_end(x: Any, n: Any, from_start: bool) -> Any:
    bounds = [end_bounds(size, wanted, from_start) if wanted == wanted else (0, size)
              for size, wanted in zip((row_count(x), len(x)), wanted_counts(n, [row_count(x), len(x)]), strict=False)]
    made = take_frame_rows(x, np.arange(*bounds[0]))
    return made if len(bounds) == 1 else take_frame_columns(made, np.arange(*bounds[1]))


@builtin("na.omit", "object, ...", generic="s3", package="stats")
def omit_missing(object: Any, dots: Dots) -> Any:
    keep = call_builtin("complete.cases", object).data == 1
    if keep.all():
        return object
    lost = np.flatnonzero(~keep)
    if is_frame(object):
        labels = row_name_texts(object)
        result = take_frame_rows(object, np.flatnonzero(keep))
        action = integer((lost + 1).tolist(), {
            "names": character([labels[k] for k in lost.tolist()]), "class": character("omit")})
    else:
        index = Vector("integer", (np.flatnonzero(keep) + 1).astype(np.int32))
        shape = dim_of(object)
        if shape is not None and len(shape) == 2:
            result = call_builtin("[", object, index, MISSING, drop=Vector("logical", None, None, 0))
        else:
            result = call_builtin("[", object, index)
        action = integer((lost + 1).tolist(), {"class": character("omit")})
    return result.with_attribute("na.action", action)
