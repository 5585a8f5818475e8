"""Joining data frames by common columns: merge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.elements.factors import is_factor
from pipekeras.grammar.builtins.elements.identity import identity_keys
from pipekeras.grammar.builtins.elements.ordering import order_positions
from pipekeras.grammar.builtins.frames.frame_binding import bind_columns_of_kind
from pipekeras.grammar.builtins.frames.frame_indexing import take_frame_rows, take_rows
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.shown_calls import spoken_of
from pipekeras.grammar.values import (
    FALSE,
    NA_INTEGER,
    NULL,
    TRUE,
    Vector,
    character,
    dim_of,
    explicit_class,
    integer,
)
from pipekeras.grammar.vectors.arguments import flag
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.frames import (
    column_names,
    is_frame,
    make_frame,
    row_count,
    row_name_texts,
)
from pipekeras.grammar.vectors.report import fail, warn

Keys = list[tuple[Any, ...]]


def _merge_keys(x: Vector, x_names: list[str], y: Vector, y_names: list[str]) -> tuple[Keys, Keys]:
    """What every row of both frames goes by: one key column as it compares, several as they are bound together."""
    left, right = [], []
    for x_name, y_name in zip(x_names, y_names, strict=True):
        one, other = x.data[column_names(x).index(x_name)], y.data[column_names(y).index(y_name)]
        if len(x_names) > 1:
            bound = identity_keys(_comparable(bind_columns_of_kind([one, other])))
            left.append(bound[: row_count(x)])
            right.append(bound[row_count(x) :])
            continue
        if is_factor(one) or is_factor(other):
            one, other = call_builtin("as.character", one), call_builtin("as.character", other)
        elif "character" in (one.kind, other.kind) and one.kind != other.kind:
            # Numbers and truths meet texts as texts.
            one, other = (coerce(column.with_attributes(None), "character") for column in (one, other))
        left.append(identity_keys(_comparable(one)))
        right.append(identity_keys(_comparable(other)))
    if not x_names:
        return [()] * row_count(x), [()] * row_count(y)
    return list(zip(*left, strict=True)), list(zip(*right, strict=True))


def _comparable(column: Vector) -> Vector:
    if is_factor(column):
        return call_builtin("as.character", column)
    return coerce(column, "double") if column.kind in ("integer", "logical") else column


def _as_frame(value: Any, name: str) -> Any:
    made = call_builtin("as.data.frame", value)
    series = type(value) is Vector and "ts" in (explicit_class(value) or [])
    if type(value) is Vector and value.kind != "list" and len(made) == 1 and len(dim_of(value) or []) < 2 and not series:
        return made.with_attribute("names", character(name))
    return made


def _met(left: Sequence[Any], right: Sequence[Any]) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Rows of one key beside each other: keys as they come up first on the left, rows as R's sort leaves them.

    Returns:
        The pairs, and all rows of each side in the order of that sort.
    """
    numbers: dict[Any, int] = {}
    known = set(right)
    for key in left:
        if key in known:
            numbers.setdefault(key, len(numbers) + 1)
    rows: list[dict[int, list[int]]] = []
    orders = []
    for keys in (left, right):
        codes = [numbers.get(key, 0) for key in keys]
        order = _by_increments(codes)
        of_key: dict[int, list[int]] = {}
        for at in order:
            of_key.setdefault(codes[at], []).append(at)
        rows.append(of_key)
        orders.append(order)
    return [(i, j) for code in numbers.values() for i in rows[0][code] for j in rows[1][code]], orders[0], orders[1]


def _by_increments(codes: list[int]) -> list[int]:
    """Order of whole numbers by Shell's sort; from nine on equal ones need not stay in their order, and R shows that."""
    order = list(range(len(codes)))
    step = 1
    while step <= len(codes) // 9:
        step = 3 * step + 1
    while step > 0:
        for first in range(step, len(order)):
            moved = order[first]
            at = first
            while at >= step and codes[order[at - step]] > codes[moved]:
                order[at] = order[at - step]
                at -= step
            order[at] = moved
        step //= 3
    return order


@builtin("merge", "x, y, by, by.x, by.y, all = FALSE, all.x = all, "
                  "all.y = all, sort = TRUE, suffixes = c('.x', '.y'), no.dups = TRUE, ...", generic="s3")
def merge(x: Any, y: Any, by: Any = None, by_x: Any = None, by_y: Any = None, all_rows: Any = FALSE, all_x: Any = FALSE,
          all_y: Any = FALSE, sort: Any = TRUE, suffixes: Any = NULL, no_dups: Any = TRUE, dots: Any = ()) -> Any:
    x, y = _as_frame(x, "x"), _as_frame(y, "y")
    if by is None:
        by = call_builtin("intersect", character(column_names(x)), character(column_names(y)))
    by_x, by_y = by if by_x is None else by_x, by if by_y is None else by_y
    x, by_x = _with_row_names(x, by_x)
    y, by_y = _with_row_names(y, by_y)
    left_names, right_names = column_names(x), column_names(y)

    def keys(given: Any, names: list[str], side: str) -> list[str]:
        if given is NULL:
            return []
        if given.kind == "character":
            for label in given.items():
                if label not in names:
                    with spoken_of(f"fix.by(by.{side}, {side})"):
                        raise RError("'by' must specify a uniquely valid column")
            return [str(label) for label in given.items()]
        return [names[int(k) - 1] for k in coerce(given, "double").data]

    left_keys, right_keys = keys(by_x, left_names, "x"), keys(by_y, right_names, "y")
    if len(left_keys) != len(right_keys):
        fail("'by.x' and 'by.y' specify different numbers of columns")
    left, right = _merge_keys(x, left_keys, y, right_keys)
    pairs, order_left, order_right = _met(left, right)
    if not left_keys:
        pairs = [(i, j) for j in range(row_count(y)) for i in range(row_count(x))]
    apart = next((value for name, value in dots if name == "incomparables"), NULL)
    if apart is not NULL and len(left_keys) == 1:
        alone = call_builtin("%in%", x.data[left_names.index(left_keys[0])], apart).data
        pairs = [(i, j) for i, j in pairs if not alone[i]]
    matched_left, matched_right = {i for i, _ in pairs}, {j for _, j in pairs}
    key_columns = [take_rows(x.data[left_names.index(name)], np.array([i for i, _ in pairs], np.int64))
                   for name in left_keys]
    extra_left = [i for i in order_left if i not in matched_left] if flag(all_x) else []
    extra_right = [j for j in order_right if j not in matched_right] if flag(all_y) else []
    if extra_left or extra_right or not (left_keys and flag(sort) and pairs):
        pass  # With rows that have no partner all is put in order at the end.
    elif len(left_keys) > 1:
        # R sorts several keys as the one text that it has pasted them to, so that 10 comes before 9.
        texts = [call_builtin("as.character", column).items() for column in key_columns]
        pasted = ["\r".join("NA" if part is None else str(part) for part in row) for row in zip(*texts, strict=True)]
        pairs = [pairs[k] for k in sorted(range(len(pairs)), key=pasted.__getitem__)]
    else:
        key = call_builtin("as.character", key_columns[0]) if is_factor(key_columns[0]) else key_columns[0]
        pairs = [pairs[k] for k in order_positions([_sortable(key)], [False], True).tolist()]
    left_at = np.array([i for i, _ in pairs] + extra_left + [-1] * len(extra_right), np.int64)
    right_at = np.array([j for _, j in pairs] + [-1] * len(extra_left) + extra_right, np.int64)
    columns = []
    for name, other in zip(left_keys, right_keys, strict=True):
        main = take_rows(x.data[left_names.index(name)], left_at[: len(pairs) + len(extra_left)])
        if extra_right:
            more = take_rows(y.data[right_names.index(other)], np.array(extra_right, np.int64))
            main = bind_columns_of_kind([main, more])
        columns.append(main)
    labels = list(left_keys)
    rest_left = [name for name in left_names if name not in left_keys]
    rest_right = [name for name in right_names if name not in right_keys]
    marks = suffixes.items()
    # Columns of one name are told apart by their places.
    for name, column in zip(left_names, x.data, strict=True):
        if name not in left_keys:
            columns.append(take_rows(column, left_at))
            labels.append(f"{name}{marks[0]}" if name in rest_right else name)
    for name, column in zip(right_names, y.data, strict=True):
        if name not in right_keys:
            columns.append(_matched(column, right_at))
            label = f"{name}{marks[1]}" if name in rest_left else name
            labels.append(f"{label}{marks[1]}" if flag(no_dups) and label in left_keys else label)
    if not left_keys and not pairs and len(x) == len(y) == 1:
        # Two bare columns without rows are bound to a matrix.
        return call_builtin("cbind", *columns).with_attribute("row.names", integer([]))
    if not left_keys and not pairs:
        # Nothing meets nothing: a single column that is bound goes by how its selection is written.
        labels = [f"{side}[FALSE, ]" if len(frame) == 1 else label
                  for side, frame, part in (("x", x, rest_left), ("y", y, rest_right)) for label in part]
    twice = [f"\u2018{label}\u2019" for label in dict.fromkeys(labels) if labels.count(label) > 1]
    if twice and left_keys:
        warn(f"column name{'s' if len(twice) > 1 else ''} {', '.join(twice)} {'are' if len(twice) > 1 else 'is'} "
             "duplicated in the result")
    made = make_frame(columns, labels, len(left_at))
    attributes = made.attributes or {}
    made = made.with_attributes({name: attributes[name] for name in (
        ("names", "row.names", "class") if left_keys else ("names", "class", "row.names"))})
    if (extra_left or extra_right) and flag(sort) and left_keys:
        keys_now = [_sortable(column) for column in columns[: len(left_keys)]]
        return take_frame_rows(made, order_positions(keys_now, [False] * len(keys_now), True)).with_attribute(
            "row.names", make_frame([], [], len(left_at)).attributes["row.names"])  # type: ignore[index]
    return made


def _matched(column: Any, at: np.ndarray) -> Any:
    """A second frame's column in the joined rows: without a partner its values are missing, in a list too."""
    made = take_rows(column, at)
    if type(made) is Vector and made.kind == "list" and (at < 0).any() and not is_frame(made):
        data = made.data.copy()
        data[at < 0] = [Vector("logical", None, None, NA_INTEGER)] * int((at < 0).sum())
        made = made.with_data(data)
    return made


def _with_row_names(frame: Vector, by: Any) -> tuple[Vector, Any]:
    """The frame with a first column of row names, if the key asks for them by ``"row.names"`` or 0."""
    if type(by) is not Vector or not any(item in ("row.names", 0) for item in by.items()) or by.kind == "logical":
        return frame, by
    rows = character(row_name_texts(frame)).with_attribute("class", character("AsIs"))
    wider = make_frame([rows, *frame.data], ["Row.names", *column_names(frame)], row_count(frame))
    if by.kind == "character":
        return wider, character(["Row.names" if item == "row.names" else item for item in by.items()])
    return wider, Vector("double", coerce(by, "double").data + 1)


def _sortable(column: Any) -> Vector:
    return column.with_attributes(None) if column.attributes else column
