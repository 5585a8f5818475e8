"""Replacing parts of data frames: ``x[i, j] <- v``, ``x[[j]] <- v``, ``x$name <- v``.

A data frame is assigned to as the list of its columns, one column after the other, so the rules of vectors hold within
each: what does not fit a column fails as it fails there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin, store
from pipekeras.grammar.builtins.elements.indexing import split_value
from pipekeras.grammar.builtins.elements.ordering import unique_names
from pipekeras.grammar.builtins.frames.frame_indexing import take_rows
from pipekeras.grammar.builtins.frames.frames import column_length, recycle_column, without_names
from pipekeras.grammar.builtins.registry import MISSING, builtin
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.shown_calls import spoken_of
from pipekeras.grammar.values import (
    NA_INTEGER,
    NULL,
    Vector,
    character,
    dim_of,
    double,
    explicit_class,
    integer,
    is_na,
    names_of,
    type_of,
)
from pipekeras.grammar.vectors import assigning, indexing
from pipekeras.grammar.vectors.coerce import missing_value
from pipekeras.grammar.vectors.frames import (
    column_names,
    has_automatic_row_names,
    is_frame,
    numbered_row_names,
    row_count,
    row_name_texts,
)
from pipekeras.grammar.vectors.positions import resolve
from pipekeras.grammar.vectors.recycling import resized
from pipekeras.grammar.vectors.report import fail, warn

Dots = list[tuple[str | None, Any]]


def _rows(count: int) -> str:
    return f"{count} row" if count == 1 else f"{count} rows"


def _as_list(frame: Vector) -> Vector:
    """The columns as a plain list that remembers row names and further attributes."""
    return frame.with_attributes({k: v for k, v in (frame.attributes or {}).items() if k != "class"})


def _as_frame(columns: Vector, frame: Vector) -> Vector:
    """The list of columns with the class, and the attributes lost on the way, of the data frame it was."""
    old = frame.attributes or {}
    made = dict(columns.attributes or {})
    if len(columns):
        made.setdefault("names", character([]))
    stored = made.pop("row.names", old.get("row.names"))
    return columns.with_attributes({**made, "row.names": stored, "class": old["class"]})


def row_extent(value: Any) -> int:
    """How many rows a value fills."""
    return column_length(value) if type(value) is Vector else 0 if value is NULL or type(value) is Environment else 1


# The place of a column that an index of truths marks where there is none.
NOWHERE = 2**31


def fitted_column(value: Any, rows: int) -> Any:
    """A new column repeated to the number of rows.

    Raises:
        RError: a value whose rows do not go into those of the data frame.
    """
    if value is NULL:
        return NULL
    size = row_extent(value)
    if size == rows:
        return value
    if type(value) is not Vector and size:
        with spoken_of("rep(value, length.out = nrows)"):
            fail(f"attempt to replicate an object of type '{type_of(value)}'")
    flat = type(value) is Vector and len(dim_of(value) or []) <= 1 and not is_frame(value)
    if size > rows or size == 0 or rows % size or not flat:
        fail(f"replacement has {_rows(size)}, data has {rows}")
    return recycle_column(value, rows)


def _unnamed_atomic(value: Any) -> Any:
    return without_names(value) if type(value) is Vector and value.kind != "list" else value


@builtin("$<-.data.frame", "x, name, value")
def assign_frame_member(x: Any, name: Any, value: Any) -> Any:
    label = str(name.items()[0]) if type(name) is Vector else name.name
    column = _unnamed_atomic(fitted_column(value, row_count(x)))
    return _as_frame(assigning.assign_member(_as_list(x), label, column), x)


@builtin("[[<-.data.frame", "x, ...")
def assign_frame_element(x: Any, dots: Dots) -> Any:
    dots, value = split_value(dots)
    indices = [index for _, index in dots]
    if len(indices) == 2:
        return _assign_cell(x, indices[0], indices[1], value)
    made = assigning.assign_element(_as_list(x), indices, _unnamed_atomic(fitted_column(value, row_count(x))))
    if len(made) > len(x):
        names = column_names(made)
        names[-1] = names[-1] or f"V{len(names)}"
        made = made.with_attribute("names", character(unique_names(names)))
    return _as_frame(made, x)


def _assign_cell(x: Vector, row: Any, column: Any, value: Any) -> Vector:
    """``x[[i, j]] <- value``: one element of one column."""
    if row is MISSING or column is MISSING:
        fail("only valid calls are x[[j]] <- value or x[[i,j]] <- value")
    columns, chosen, _ = _with_rows(x, row, value)
    places = resolve(column, len(x), column_names(x), grow=True)
    beyond = [int(at) for at in places.at if at >= len(x)]
    if beyond:
        shown = ", ".join(str((places.new_names or {}).get(at, at + 1)) for at in beyond)
        fail(f"replacing element in non-existent column: {shown}")
    if len(chosen) > 1 or len(places.at) > 1:
        fail("only a single element should be replaced")
    at = integer([int(places.at[0]) + 1])
    inner = indexing.element(columns, [at])
    return _as_frame(assigning.assign_element(columns, [at], store(inner, "iseq", chosen, value, "[[<-")), x)


def _with_rows(x: Vector, index: Any, value: Any) -> tuple[Vector, Vector, int]:
    """The columns with room for the rows that an index names, which of the rows it names, and how many there are."""
    rows = row_count(x)
    if bool(is_na(index).any()) if type(index) is Vector else False:
        fail("missing values are not allowed in subscripted assignments of data frames")
    if type(index) is Vector and (dim_of(index) is not None or explicit_class(index)):
        index = Vector(index.kind, index.data)
    labels = row_name_texts(x) if type(index) is Vector and index.kind == "character" else None
    places = resolve(index, rows, labels, grow=True)
    if type(index) is Vector and index.kind == "logical" and len(places.at) and int(places.at.max()) >= rows:
        fail("non-existent rows not allowed")
    chosen = Vector("integer", (places.at + 1).astype(np.int32))
    total = int(places.at.max(initial=-1)) + 1
    if type(index) is Vector and index.kind == "double" and len(index) and index.data.max() > rows:
        total = max(total, rows + 1)
    if total <= rows:
        return _as_list(x), chosen, rows
    beyond = np.concatenate([np.arange(rows), np.full(total - rows, -1)])
    columns = x.with_data(np.array([None, *(take_rows(column, beyond) for column in x.data)], object)[1:])
    added = [(places.new_names or {}).get(at, str(at + 1)) or "NA" for at in range(rows, total)]
    if labels is None and is_frame(value) and row_count(value) >= total - rows:
        known = set(row_name_texts(x))
        for at, label in enumerate(row_name_texts(value)[: total - rows]):
            if label not in known:
                added[at] = label
                known.add(label)
    plain = has_automatic_row_names(x) and added == [str(at) for at in range(rows + 1, total + 1)]
    before = (x.attributes or {}).get("row.names")
    counted = before is not None and before.kind == "integer" and added == [str(at) for at in range(rows + 1, total + 1)]
    labels = unique_names([*row_name_texts(x), *added])
    stored = numbered_row_names(total) if plain else integer([int(label) for label in labels]) if counted and all(
        label.isdigit() for label in labels) else character(labels)
    return _as_list(columns.with_attribute("row.names", stored)), chosen, total


def _columns_named(columns: Vector, index: Any, value: Any) -> tuple[Sequence[float], list[str]]:
    """Positions, from 1, that an index of columns names, and the names of those that are new."""
    count = len(columns)
    if index is MISSING:
        return list(range(1, count + 1)), []
    if type(index) is Vector and bool(is_na(index).any()):
        fail("missing values are not allowed in subscripted assignments of data frames")
    names = column_names(columns)
    if type(index) is Vector and index.kind == "character":
        texts = [str(text) for text in index.items()]
        if "" in texts:
            fail('column name "" cannot match any column')
        new = [text for text in texts if text not in names]
        fresh = iter(range(count + 1, count + len(new) + 1))
        return [names.index(text) + 1 if text in names else next(fresh) for text in texts], new
    if type(index) is Vector and index.kind == "logical":
        return _columns_marked(index.data, count), []
    numbers = type(index) is Vector and index.kind in ("integer", "double")
    if not numbers or index.data.min(initial=0) < 0:
        return (resolve(index, count, names, grow=True).at + 1).tolist(), []
    positions = index.data.tolist()
    top = max(positions)
    if top <= count:
        return positions, []
    # Places are compared as they are given: 2.5 is a new column beside two, though what is written there is the second.
    last = count + 1 + max(int(top - count - 1 + 1e-10), 0)
    if len([position for position in positions if position > count]) != last - count:
        fail("new columns would leave holes after existing columns")
    given = names_of(value) if type(value) is Vector and value.kind == "list" else None
    if given:
        repeated_names = [given[k % len(given)] or "" for k in range(len(positions))]
        return positions, [name for name, at in zip(repeated_names, positions, strict=True) if at > count]
    return positions, [f"V{position}" for position in range(count + 1, last + 1)]


def _columns_marked(marks: np.ndarray, count: int) -> list[int]:
    """Positions, from 1, of the columns that truths mark; one beyond the last column is `NOWHERE`."""
    whole = np.resize(marks, max(count, len(marks))) if len(marks) else marks
    return [at + 1 if at < count else NOWHERE for at in np.flatnonzero(whole == 1).tolist()]


def _parts(value: Any, rows: int, count: int, all_rows: int) -> list[Any]:
    """What goes into each of `count` columns of `rows` rows; fewer parts are used again."""
    if value is NULL:
        return [NULL]
    if type(value) is not Vector or value.kind != "list":
        if count == 1:
            return [_one_part(value, rows, all_rows)]
        size = len(value) if type(value) is Vector else 1
        total = rows * count
        if size < total and (size == 0 or total % size):
            fail(f"replacement has {size} item{'' if size == 1 else 's'}, need {total}")
        table = call_builtin("matrix", value, integer([rows]), integer([count]))
        if count and not rows:
            fail("subscript out of bounds")
        kept = {k: v for k, v in (value.attributes or {}).items() if k not in ("names", "dim", "dimnames")} or None
        classes = explicit_class(value) or []
        kept = kept if classes and "factor" not in classes else None
        return [Vector(table.kind, table.data[k * rows : (k + 1) * rows], kept) for k in range(count)]
    return [_element_part(part, at, rows) for at, part in enumerate(value.data, 1)]


def _one_part(value: Any, rows: int, all_rows: int) -> Any:
    size = row_extent(value)
    if size > rows:
        fail(f"replacement has {_rows(size)}, data has {rows}")
    if 0 < size < rows:
        if rows % size or len(dim_of(value) or []) > 1 or is_frame(value):
            fail(f"replacement has {_rows(size)}, data has {all_rows}")
        value = recycle_column(value, rows)
    return without_names(value)


def _element_part(part: Any, position: int, rows: int) -> Any:
    size = row_extent(part)
    if type(part) is not Vector or size == rows:
        return part
    if len(dim_of(part) or []) == 2 or is_frame(part):
        fail(f"replacement element {position} is a matrix/data frame of {_rows(size)}, need {rows}")
    if 0 < size < rows:
        if rows % size:
            fail(f"replacement element {position} has {_rows(size)}, need {rows}")
        return recycle_column(part, rows)
    if size > rows:
        warn(f"replacement element {position} has {_rows(size)} to replace {rows} rows")
        return take_rows(part, np.arange(rows))
    return part


def _assign_cells(x: Vector, row_index: Any, column_index: Any, value: Any) -> Vector:
    if type(column_index) is Vector and explicit_class(column_index):
        column_index = Vector(column_index.kind, column_index.data)
    if column_index is NULL or (type(column_index) is Vector and len(column_index) == 0):
        return x
    by_rows = row_index is not MISSING
    columns, chosen, rows = _as_list(x), integer([]), row_count(x)
    if row_index is not MISSING and row_index is not NULL and len(row_index):
        columns, chosen, rows = _with_rows(x, row_index, value)
    before = len(columns)
    targets: Sequence[float]
    targets, new = _columns_named(columns, column_index, value)
    count = len(targets)
    if by_rows and not len(chosen) and NOWHERE in targets:
        with spoken_of("if (has.i && !length(iseq) && all(1L <= jseq & jseq <= nvars)) return(`class<-`(x, cl))"):
            fail("missing value where TRUE/FALSE needed")
    if by_rows and not len(chosen) and all(1 <= target <= before for target in targets):
        return x
    if len(set(targets)) != len(targets):
        fail("duplicate subscripts for columns")
    parts = _parts(value, len(chosen) or rows, count, rows)
    if len(parts) > count > 0:
        warn(f"provided {len(parts)} variables to replace {count} variables")
    order = [k % len(parts) for k in range(count)] if parts else []
    if len(order) < count:
        with spoken_of("x[[jj]][iseq] <- vjj"):
            fail("replacement has length zero")
    if by_rows and NOWHERE in targets:
        fail("missing value where TRUE/FALSE needed")
    if new:
        columns = _with_blank_columns(columns, new)
    if by_rows:
        for target, part in zip(targets, order, strict=True):
            columns = _assign_rows(columns, target, chosen, parts[part], before, rows)
    else:
        for target, part in sorted(zip(targets, order, strict=True), reverse=True):
            columns = _assign_column(columns, target, parts[part], rows)
    if new:
        columns = columns.with_attribute("names", character(unique_names(
            ["NA" if name is None else name for name in names_of(columns) or []])))
    return _as_frame(columns, x)


def _with_blank_columns(columns: Vector, new: list[str]) -> Vector:
    data = np.empty(len(columns) + len(new), object)
    data[:] = NULL
    data[: len(columns)] = columns.data
    names = character([*(names_of(columns) or []), *new])
    return Vector("list", data, {**(columns.attributes or {}), "names": names})


def _place(target: float) -> Vector:
    """An index as it was given: what R says of a wrong one depends on its kind."""
    return double(target) if isinstance(target, float) else integer(NA_INTEGER if target == NOWHERE else target)


def _assign_column(columns: Vector, target: float, part: Any, rows: int) -> Vector:
    """A whole column replaced, or taken away by NULL."""
    if type(part) is Vector and rows and not len(part):
        blank = np.array([missing_value(part.kind)] * rows, dtype=part.data.dtype)
        part = Vector(part.kind, blank)
    with spoken_of("x[[jj]] <- v"):
        return assigning.assign_element(columns, [_place(target)], _unnamed_atomic(part))


def _assign_rows(columns: Vector, target: float, chosen: Vector, part: Any, before: int, rows: int) -> Vector:
    """Some rows of a column; a column that is new takes the kind of the part and is missing elsewhere."""
    at = _place(target)
    if target > before:
        blank = call_builtin("[", part, Vector("logical", None, None, 0))
        columns = assigning.assign_element(columns, [at], blank)
        blank = indexing.element(columns, [at])
        shape = dim_of(part) if type(part) is Vector else None
        if shape is not None and len(shape) == 2:
            empty = np.array([missing_value(part.kind)] * (rows * shape[1]), dtype=part.data.dtype)
            made = Vector(part.kind, empty, {"dim": integer([rows, shape[1]])})
        else:
            made = call_builtin("length<-", blank, integer([rows]))
        columns = assigning.assign_element(columns, [at], made)
    old = indexing.element(columns, [at])
    shape = dim_of(old) if type(old) is Vector else None
    if shape is not None and len(shape) == 2:
        changed = call_builtin("[<-", old, chosen, MISSING, part)
    else:
        with spoken_of("x[[jj]][iseq] <- vjj"):
            changed = store(old, "iseq", chosen, part)
    return assigning.assign_element(columns, [at], changed)


@builtin("[<-.data.frame", "x, ...")
def assign_frame(x: Any, dots: Dots) -> Any:
    dots, value = split_value(dots)
    indices = [index for _, index in dots]
    if len(indices) > 2 and dots[-1][0]:
        from pipekeras.grammar.deparse import deparse_short

        fail(f"unused argument ({dots[-1][0]} = {deparse_short(indices[-1])})")
    if len(indices) == 2:
        return _assign_cells(x, indices[0], indices[1], value)
    if type(value) is Vector and value.kind != "list":
        value = without_names(value)
    index = indices[0] if indices else MISSING
    if index is MISSING and value is NULL:
        return call_builtin("[", x, Vector("logical", np.empty(0, np.int32)))
    if is_frame(index):
        index = call_builtin("as.matrix", index)
    shape = dim_of(index) if type(index) is Vector else None
    if shape is not None and len(shape) == 2 and type(index) is Vector:
        return _assign_mask(x, _as_mask(x, index, shape), value)
    return _assign_cells(x, MISSING, index, value)


def _as_mask(x: Vector, index: Vector, shape: list[int]) -> np.ndarray:
    """Which cells a matrix index names: a truth for every cell, or a row and a column in every line."""
    rows, count = row_count(x), len(x)
    if index.kind in ("integer", "double") and shape[1] == 2:
        mask = np.zeros((rows, count), bool)
        table = index.data.reshape(2, -1).astype(int)
        mask[table[0] - 1, table[1] - 1] = True
        return mask
    if index.kind != "logical" or shape != [rows, count]:
        fail("unsupported matrix index in replacement")
    return np.asarray(index.data == 1).reshape(count, rows).T


def _assign_mask(x: Vector, mask: np.ndarray, value: Any) -> Vector:
    wanted = int(mask.sum())
    if not wanted:
        return x
    size = len(value) if type(value) is Vector or value is NULL else 1
    if 1 < size < wanted and wanted % size == 0:
        value = Vector(value.kind, resized(value.data, wanted))
        size = wanted
    if size > 1 and size != wanted:
        fail("'value' is the wrong length")
    columns = _as_list(x)
    used = 0
    for k in range(len(x)):
        hits = np.flatnonzero(mask[:, k])
        if not len(hits):
            continue
        part = value if size <= 1 else call_builtin("[", value, integer(list(range(used + 1, used + len(hits) + 1))))
        used += len(hits)
        at = integer([k + 1])
        changed = call_builtin("[<-", indexing.element(columns, [at]), integer((hits + 1).tolist()), part)
        columns = assigning.assign_element(columns, [at], changed)
    return _as_frame(columns, x)
