"""Joining data frames: ``rbind``, ``cbind``, ``merge``, ``stack``, ``split`` and ``unsplit``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.attributes import call_builtin
from pipekeras.grammar.builtins.factors import as_factor, interaction, is_factor, is_ordered, level_texts, make_factor
from pipekeras.grammar.builtins.frame_indexing import take_frame_rows, take_rows
from pipekeras.grammar.builtins.frames import build_frame, column_length
from pipekeras.grammar.builtins.identity import identity_keys
from pipekeras.grammar.builtins.ordering import order_positions, unique_names
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.deparse import deparse_short
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.shown_calls import spoken_of
from pipekeras.grammar.nodes import Call
from pipekeras.grammar.values import (
    FALSE,
    NULL,
    TRUE,
    Vector,
    character,
    dim_of,
    explicit_class,
    integer,
    mk_list,
    names_of,
    object_array,
)
from pipekeras.grammar.vectors.arguments import flag
from pipekeras.grammar.vectors.coerce import KIND_RANK, coerce, convert
from pipekeras.grammar.vectors.frames import (
    column_names,
    has_automatic_row_names,
    is_frame,
    make_frame,
    row_count,
    row_name_texts,
    stored_row_names,
)
from pipekeras.grammar.vectors.recycling import resized
from pipekeras.grammar.vectors.report import fail, warn

Dots = list[tuple[str | None, Any]]


def bind_columns_of_kind(parts: list[Any]) -> Any:
    """One column from the pieces of several data frames: factors join levels, classes stay, kinds widen."""
    first = parts[0]
    if is_frame(first):
        return bind_frames([(None, part) for part in parts], [""] * len(parts), True)
    classes = explicit_class(first) or []
    if is_factor(first):
        levels = list(level_texts(first))
        codes: list[Any] = []
        refused = False
        for part in parts:
            text = is_factor(part) or part.kind == "character"
            for label in call_builtin("as.character", part).items():
                if label is None:
                    codes.append(None)
                    continue
                if label not in levels and not text:
                    codes.append(None)
                    refused = True
                    continue
                if label not in levels:
                    levels.append(label)
                codes.append(levels.index(label) + 1)
        if refused:
            warn("invalid factor level, NA generated")
        same = all(is_ordered(part) for part in parts if is_factor(part))
        return make_factor(codes, levels, "ordered" in classes and same)
    if any(is_factor(part) for part in parts):
        parts = [call_builtin("as.character", part) if is_factor(part) else part for part in parts]
    if "POSIXct" in classes:
        parts = [call_builtin("as.POSIXct", part) if "Date" in (explicit_class(part) or []) else part for part in parts]
    if "Date" in classes:
        parts = [call_builtin("as.Date", part) if "POSIXct" in (explicit_class(part) or []) else part for part in parts]
    if "Date" in classes and any(part.kind in ("integer", "double") and not explicit_class(part) for part in parts):
        fail("'origin' must be supplied")
    kind = max((part.kind for part in parts), key=lambda one: KIND_RANK[one])
    shape = dim_of(first)
    if shape is not None and len(shape) == 2:
        from pipekeras.grammar.builtins.binding import bind_matrices

        return bind_matrices([("", part) for part in parts], True)
    data = np.concatenate([convert(part.data, part.kind, kind) for part in parts])
    extra = {k: v for k, v in (first.attributes or {}).items() if k in ("class", "units", "tzone")}
    return Vector(kind, data, extra or None)


def bind_frames(pairs: Dots, labels: list[str], rows: bool) -> Any:
    """``rbind`` or ``cbind`` where at least one argument is a data frame."""
    if not rows:
        triples = [(name or None, value, label) for (name, value), label in zip(pairs, labels, strict=True)]
        made = build_frame(triples, NULL, False, False, False)
        template = next(value for _, value in pairs if is_frame(value))
        if explicit_class(template) != ["data.frame"]:
            return made.with_attribute("class", template.attributes["class"])
        return made
    return _bind_rows(pairs)


def _rows_brought(value: Any) -> int:
    """How many rows an argument of ``rbind`` seems to bring: a list as many as its first element has."""
    if is_frame(value):
        return row_count(value)
    if value.kind == "list":
        return column_length(value.data[0]) if value.data[0] is not NULL else 0
    return len(value)


class _Rows:
    """Rows gathered for a data frame: pieces of every column and the labels of the rows."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.pieces: list[list[Any]] = [[] for _ in names]
        self.labels: list[Any] = []
        self.automatic = True
        self.total = 0

    def add(self, parts: list[Any], count: int, label: str | None, own: list[Any] | None) -> None:
        """Rows of one argument; `own` are its row names where it has any."""
        for pieces, part in zip(self.pieces, parts, strict=True):
            pieces.append(part)
        numbers = list(range(self.total + 1, self.total + count + 1))
        if label:
            self.automatic = False
            given = own if own is not None else list(range(1, count + 1))
            self.labels.extend([label] if count == 1 else [f"{label}.{name}" for name in given])
        elif own is not None and not (self.automatic and own == list(range(1, count + 1))):
            self.automatic = False
            self.labels.extend(own)
        else:
            self.labels.extend(numbers)
        self.total += count

    def stored_names(self) -> Any:
        """Row names of the result, None when they are 1, 2, ..."""
        if self.automatic:
            return None
        labels = self.labels
        if len(set(map(str, labels))) != len(labels):
            labels = unique_names([str(label) for label in labels], "")
        return stored_row_names(labels)


def _bind_rows(pairs: Dots) -> Any:
    given = [(name, value) for name, value in pairs if len(value)]
    rows = [(name, value) for name, value in given if _rows_brought(value)]
    if not rows:
        return given[0][1] if given else pairs[0][1]
    rows = [(name, call_builtin("as.data.frame", value) if _is_matrix(value) else value) for name, value in rows]
    template = next((value for _, value in rows if is_frame(value)), None)
    if template is None:
        first = rows[0][1]
        made = build_frame([(None, first if first.kind == "list" else mk_list(
            [Vector(first.kind, first.data[k : k + 1]) for k in range(len(first))]), "")], NULL, False, True, False)
        return _bind_rows([(rows[0][0], made), *rows[1:]]) if len(rows) > 1 else made
    names = column_names(template)
    gathered = _Rows(names)
    named = any((name and is_frame(value)) or (is_frame(value) and not has_automatic_row_names(value)) for name, value in rows)
    for position, (name, value) in enumerate(rows, 1):
        if is_frame(value):
            own = column_names(value)
            if len(own) != len(names):
                fail("numbers of columns of arguments do not match")
            order = _same_names(names, own)
            count = row_count(value)
            labels = list(range(1, count + 1)) if has_automatic_row_names(value) else value.attributes["row.names"].items()
            gathered.add([value.data[at] for at in order], count, name, labels)
        elif value.kind == "list":
            parts = _parts_of_list(value, names)
            count = column_length(parts[0])
            single = not name and count == 1 and not gathered.automatic
            gathered.add(parts, count, name, [1] if single else None)
        else:
            if len(names) % len(value):
                warn(f"number of columns of result, {len(names)}, is not a multiple of vector length {len(value)} "
                     f"of arg {position}")
            bare = value.with_attributes(None)
            gathered.add([take_rows(bare, np.array([k % len(bare)])) for k in range(len(names))], 1,
                         name if named or not gathered.automatic else None, None)
    whole = [is_frame(value) for _, value in rows]
    columns = [_bind_pieces(pieces, whole) for pieces in gathered.pieces]
    return make_frame(columns, names, gathered.total, gathered.stored_names(), template)


def _is_matrix(value: Any) -> bool:
    return type(value) is Vector and len(dim_of(value) or []) == 2 and not is_frame(value)


def _same_names(names: list[str], own: list[str]) -> list[int]:
    """Where each column is found in another data frame; repeated names go by place."""
    if sorted(own) != sorted(names):
        fail("names do not match previous names")
    return [own.index(label) for label in names] if len(set(own)) == len(own) else list(range(len(own)))


def _parts_of_list(value: Vector, names: list[str]) -> list[Any]:
    own = names_of(value)
    sizes = {0 if part is NULL else len(part) for part in value.data}
    if len(sizes) > 1:
        fail("invalid list argument: all variables should have the same length")
    if own is not None:
        if len(own) != len(names):
            fail("numbers of columns of arguments do not match")
        return [value.data[at] for at in _same_names(names, [str(name) for name in own])]
    if len(value) < len(names):
        fail("subscript out of bounds")
    return list(value.data[: len(names)])


def _widened_in_turn(pieces: list[Any], kind: str) -> list[Any]:
    """The pieces of a plain column in the kinds they have when one is put in after the other: TRUE is 1, then "1"."""
    if len({piece.kind for piece in pieces}) < 3 or any(explicit_class(piece) for piece in pieces):
        return pieces
    made: list[Any] = []
    for piece in pieces:
        kind = max(kind, piece.kind, key=lambda one: KIND_RANK[one])
        made = [coerce(one, kind) for one in [*made, piece]]
    return made


def _bind_pieces(pieces: list[Any], whole: list[bool]) -> Any:
    """One column; what lists and vectors bring is assigned to it by the rules of its class."""
    first = next(piece for piece, framed in zip(pieces, whole, strict=True) if framed)
    if all(whole):
        return bind_columns_of_kind(pieces)
    if not explicit_class(first):
        return bind_columns_of_kind(_widened_in_turn(pieces, first.kind))
    blank = call_builtin("[", first, Vector("integer", None, None, -(2**31)))
    column = bind_columns_of_kind([piece if framed else call_builtin("rep", blank, integer([column_length(piece)]))
                                   for piece, framed in zip(pieces, whole, strict=True)])
    start = 1
    for piece, framed in zip(pieces, whole, strict=True):
        stop = start + column_length(piece)
        if not framed:
            part = call_builtin("as.vector", piece) if is_factor(piece) else piece
            column = call_builtin("[<-", column, integer(list(range(start, stop))), part)
        start = stop
    return column


@builtin("rbind.data.frame", "..., deparse.level = 1, make.row.names = TRUE, stringsAsFactors = FALSE")
def rbind_frames(dots: Dots, deparse_level: Any, make_row_names: Any, strings_as_factors: Any) -> Any:
    if all(value is NULL for _, value in dots):
        return call_builtin("data.frame")
    return bind_frames([pair for pair in dots if pair[1] is not NULL], [name or "" for name, _ in dots], True)


@builtin("cbind.data.frame", "..., deparse.level = 1")
def cbind_frames(dots: Dots, deparse_level: Any) -> Any:
    kept = [pair for pair in dots if pair[1] is not NULL]
    if not kept:
        return call_builtin("data.frame")
    return bind_frames(kept, [name or "" for name, _ in kept], False)


def group_codes(value: Any) -> tuple[np.ndarray, Vector]:
    """Group of each element (from 0, -1 for none) and the factor that defines the groups."""
    if type(value) is Vector and value.kind == "list" and not is_factor(value):
        if not len(value):
            fail("attempt to select less than one element in integerOneIndex")
        made = interaction([(None, part) for part in value.data], FALSE, character("."), FALSE)
    else:
        made = as_factor(value)
    codes = made.data.astype(np.int64) - 1
    return np.where(made.data < 0, -1, codes), made


@builtin("split", "x, f, drop = FALSE, ...", generic="s3")
def split(x: Any, f: Any, drop: Any, dots: Dots) -> Any:
    if getattr(f, "kind", None) == "language":
        names = call_builtin("all.vars", f).items()
        absent = [name for name in names if name not in column_names(x)] if is_frame(x) else []
        if absent:
            fail(f"object '{absent[0]}' not found")
        f = x.data[column_names(x).index(str(names[0]))] if len(names) == 1 else mk_list(
            [x.data[column_names(x).index(str(name))] for name in names])
    if type(f) is Vector and f.kind == "list" and len(f) > 1:
        sep = next((value for name, value in dots if name == "sep"), character("."))
        lexical = next((value for name, value in dots if name == "lex.order"), FALSE)
        f = interaction([(None, part) for part in f.data], drop, sep, lexical)
    codes, made = group_codes(f)
    if type(x) is not Vector:
        fail("first argument must be a vector")
    size = row_count(x) if is_frame(x) else len(x)
    if len(codes) == 0 and size:
        fail("group length is 0 but data length > 0")
    used = set(codes.tolist())
    if len(codes) and len(codes) != size:
        if size % len(codes):
            warn("data length is not a multiple of split variable")
        codes = resized(codes, size)
    levels = level_texts(made)
    parts = []
    labels = []
    for k, label in enumerate(levels):
        at = np.flatnonzero(codes == k)
        if flag(drop) and k not in used:
            continue
        labels.append(label)
        if is_frame(x):
            parts.append(take_frame_rows(x, at))
        elif explicit_class(x) is not None and not is_factor(x):
            parts.append(call_builtin("[", x, integer((at + 1).tolist())))
        else:
            kept = {k2: v for k2, v in (x.attributes or {}).items() if k2 in ("levels", "class")} or {}
            names = names_of(x)
            if names is not None:
                kept = {"names": Vector("character", object_array([names[p] for p in at.tolist()])), **kept}
            parts.append(Vector(x.kind, x.data[at], kept or None))
    return mk_list(parts).with_attribute("names", character(labels))


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
    if type(value) is Vector and value.kind != "list" and dim_of(value) is None:
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
    if len(left_keys) > 1 and flag(sort) and pairs and not (flag(all_x) or flag(all_y)):
        # R sorts several keys as the one text that it has pasted them to, so that 10 comes before 9.
        texts = [call_builtin("as.character", column).items() for column in key_columns]
        pasted = ["\r".join("NA" if part is None else str(part) for part in row) for row in zip(*texts, strict=True)]
        pairs = [pairs[k] for k in sorted(range(len(pairs)), key=pasted.__getitem__)]
    elif left_keys and flag(sort) and pairs:
        order = order_positions([_sortable(column) for column in key_columns], [False] * len(key_columns), True)
        pairs = [pairs[k] for k in order.tolist()]
    extra_left = [i for i in order_left if i not in matched_left] if flag(all_x) else []
    extra_right = [j for j in order_right if j not in matched_right] if flag(all_y) else []
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
            columns.append(take_rows(column, right_at))
            labels.append(f"{name}{marks[1]}" if name in rest_left else name)
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
    made = made.with_attributes({name: attributes[name] for name in ("names", "row.names", "class")})
    if (extra_left or extra_right) and flag(sort) and left_keys:
        keys_now = [_sortable(column) for column in columns[: len(left_keys)]]
        return take_frame_rows(made, order_positions(keys_now, [False] * len(keys_now), True)).with_attribute(
            "row.names", make_frame([], [], len(left_at)).attributes["row.names"])  # type: ignore[index]
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


@builtin("unstack", "x, form, ...", generic="s3", package="utils")
def unstack(x: Any, form: Any = None, dots: Any = ()) -> Any:
    form = next((value for name, value in dots if name in (None, "form")), None) if form is None else form
    if type(x) is not Vector or x.kind != "list" or len(x) < 2:
        fail('argument "form" is missing, with no default' if form is None else "'x' must be a list or a data frame")
    values, groups = x.data[0], x.data[1]
    if type(form) is Call and len(form.args) == 2:
        at = [deparse_short(argument.value) for argument in form.args]
        values, groups = (x.data[column_names(x).index(name)] for name in at)
    parts = split(values, groups, FALSE, [])
    if len({column_length(part) for part in parts.data}) == 1:
        return make_frame(list(parts.data), [str(name) for name in names_of(parts) or []], len(parts.data[0]))
    return parts
