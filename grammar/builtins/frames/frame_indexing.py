"""Reading and replacing parts of data frames."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.elements.indexing import end_bounds, wanted_counts
from pipekeras.grammar.builtins.elements.ordering import unique_names
from pipekeras.grammar.builtins.registry import MISSING, builtin
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.inner_calls import call_as_text
from pipekeras.grammar.evaluation.shown_calls import spoken_of
from pipekeras.grammar.values import NULL, Vector, character, dim_of, explicit_class, integer, is_na, mk_list, names_of
from pipekeras.grammar.vectors import indexing, members
from pipekeras.grammar.vectors.arguments import flag
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.frames import (
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
from pipekeras.grammar.vectors.report import fail
from pipekeras.grammar.vectors.shapes import axis_names

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
    if "names" not in (frame.attributes or {}):
        # What is not there is told by a missing name, and without names none is missing.
        return at
    if len(at) and int(at.min()) < 0:
        fail("undefined columns selected")
    return at


def _listed_columns(frame: Vector, index: Any) -> np.ndarray:
    try:
        return _column_positions(frame, index)
    except RError as error:
        if error.message != "undefined columns selected":
            error.call = call_as_text(".subset(x, j)")
        raise


def _row_positions(frame: Vector, index: Any) -> np.ndarray:
    with spoken_of("xj[i]"):
        return _rows_found(frame, index)


def _rows_found(frame: Vector, index: Any) -> np.ndarray:
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
    if column is NULL:
        return NULL
    shape = dim_of(column)
    index = Vector("integer", np.where(at < 0, -(2**31), at + 1).astype(np.int32))
    if is_frame(column):
        return take_frame_rows(column, at)
    if shape is not None and len(shape) == 2:
        return call_builtin("[", column, index, MISSING, drop=Vector("logical", None, None, 0))
    classes = explicit_class(column)
    if classes is None:
        # Without a class, names alone outlive the choice of elements.
        names = names_of(column)
        kept = None if names is None else {"names": character([names[k] if k >= 0 else None for k in at.tolist()])}
        return Vector(column.kind, indexing.take(column.data, at, column.kind), kept)
    if any(name in ("factor", "Date", "POSIXct", "difftime", "AsIs") for name in classes):
        extra = {k: v for k, v in (column.attributes or {}).items() if k not in ("names", "dim", "dimnames")}
        if "levels" in extra and "class" in extra:
            extra["class"] = extra.pop("class")
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
    if not labels and not has_automatic_row_names(frame):
        kept = frame.attributes["row.names"].kind if frame.attributes else "integer"
        return character([]) if kept == "character" else numbered_row_names(0)
    if all(isinstance(label, int) for label in labels):
        return stored_row_names(labels) if labels != list(range(1, len(labels) + 1)) else numbered_row_names(len(labels))
    return character(labels)


def take_frame_rows(frame: Vector, at: np.ndarray) -> Vector:
    """Rows of a data frame at positions from 0."""
    columns = [take_rows(column, at) for column in frame.data]
    return make_frame(columns, names_of(frame) or [], len(at), _picked_row_names(frame, at), frame)


def take_frame_columns(frame: Vector, at: np.ndarray) -> Vector:
    """Columns of a data frame at positions from 0; attributes that are no data frame's own are lost."""
    own = {k: v for k, v in (frame.attributes or {}).items() if k in ("names", "row.names", "class")}
    columns = [frame.data[k] if k >= 0 else NULL for k in at.tolist()]
    template = frame.with_attributes(own)
    if "names" not in own:
        return make_frame(columns, [], row_count(frame), own.get("row.names"), template)
    names = names_of(frame) or []
    return make_frame(columns, [names[k] for k in at.tolist()], row_count(frame), own.get("row.names"), template)


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
        with spoken_of(".subset(x, j)"):
            found = _columns_found(x, columns_index)
        if len(found) == 1:
            if found[0] < 0 and "names" not in (x.attributes or {}):
                return take_frame_rows(take_frame_columns(x, found[:0]), _row_positions(x, rows_index))
            if found[0] < 0:
                return NULL
            return take_rows(x.data[found[0]], _row_positions(x, rows_index))
    if columns_index is not MISSING:
        result = take_frame_columns(x, _listed_columns(x, columns_index))
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
    if rows_index is MISSING and columns_index is not MISSING and result.attributes:
        # Columns alone make the frame anew: its class stands before its row names, and further attributes are lost.
        kept = {name: result.attributes[name] for name in ("names", "class", "row.names") if name in result.attributes}
        return result.with_attributes(kept)
    return result


def mk_row(frame: Vector) -> Vector:
    """A one-row data frame as a list."""
    return Vector("list", frame.data, {"names": frame.attributes["names"]} if frame.attributes else None)


@builtin("[[.data.frame", "x, ..., exact = TRUE")
def frame_element(x: Any, dots: Dots, exact: Any) -> Any:
    indices = [value for _, value in dots]
    bare = Vector("list", x.data, {"names": x.attributes["names"]} if "names" in x.attributes else None)
    if len(indices) == 1:
        with spoken_of(".subset2(x, i, exact = exact)"):
            return indexing.element(bare, indices, flag(exact, "exact", False))
    names = column_names(x)
    wanted = indices[1]
    if type(wanted) is Vector and wanted.kind == "character" and len(wanted) == 1 and wanted.items()[0] not in names:
        return NULL
    with spoken_of(".subset2(x, ..2, exact = exact)"):
        column = indexing.element(bare, indices[1:2], True)
    at = _row_positions(x, indices[0])
    if len(at) != 1 or at[0] < 0:
        with spoken_of("col[[i, exact = exact]]"):
            fail("subscript out of bounds")
    picked = take_rows(column, at)
    return picked.data[0] if picked.kind == "list" else picked


@builtin("$.data.frame", "x, name")
def frame_member(x: Any, name: Any) -> Any:
    label = str(name.items()[0]) if type(name) is Vector else name.name
    bare = Vector("list", x.data, {"names": x.attributes["names"]} if "names" in x.attributes else None)
    return members.member(bare, label)


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
    if type(object) is not Vector or object.kind == "raw" or (object.kind == "list" and not is_frame(object)):
        return object
    # A column that is a list has no missing values.
    plain = [column for column in object.data if column.kind != "list"] if is_frame(object) else []
    if is_frame(object) and len(plain) < len(object):
        rows = np.arange(1, row_count(object) + 1, dtype=np.int32)
        keep = call_builtin("complete.cases", mk_list([Vector("integer", rows), *plain])).data == 1
    else:
        keep = call_builtin("complete.cases", object).data == 1
    if keep.all():
        return take_frame_rows(object, np.arange(len(keep))) if is_frame(object) and len(object) else object
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
        names = names_of(object) if shape is None else None
        if shape is not None and len(shape) == 2:
            # Rows are told in the order in which the columns, one after the other, lose them.
            gaps = is_na(object).reshape(shape, order="F")
            lost = np.array(list(dict.fromkeys(np.nonzero(gaps.T)[1].tolist())), np.int64)
            labels = axis_names(object, 0)
            names = None if labels is NULL else labels.items()
        action = integer((lost + 1).tolist(), {"class": character("omit")})
        if names is not None:
            lost_names = character([names[k] for k in lost.tolist()])
            action = action.with_attributes({"names": lost_names, **(action.attributes or {})})
        if shape is not None and len(shape) == 2:
            action = coerce(action, "double").with_attributes(action.attributes)
    return result.with_attribute("na.action", action)
