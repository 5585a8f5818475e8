"""Joining data frames: ``rbind``, ``cbind``, ``merge``, ``stack``, ``split`` and ``unsplit``."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.attributes import call_builtin
from pipekeras.grammar.builtins.factors import as_factor, interaction, is_factor, level_texts, make_factor
from pipekeras.grammar.builtins.frame_indexing import take_frame_rows, take_rows
from pipekeras.grammar.builtins.frames import build_frame, column_length
from pipekeras.grammar.builtins.identity import identity_keys
from pipekeras.grammar.builtins.ordering import order_positions, unique_names
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.values import (
    FALSE,
    NULL,
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
        for part in parts:
            for label in call_builtin("as.character", part).items():
                if label is None:
                    codes.append(None)
                    continue
                if label not in levels:
                    levels.append(label)
                codes.append(levels.index(label) + 1)
        same = all(is_factor(part) and level_texts(part) == level_texts(first) for part in parts)
        return make_factor(codes, levels, "ordered" in classes and same)
    if any(is_factor(part) for part in parts):
        parts = [call_builtin("as.character", part) if is_factor(part) else part for part in parts]
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
    frames = [(name, value) for name, value in pairs if len(value)]
    if not frames:
        return pairs[0][1]
    template = next((value for _, value in frames if is_frame(value)), None)
    if template is None:
        return pairs[0][1]
    names = column_names(template)
    pieces: list[list[Any]] = [[] for _ in names]
    row_labels: list[Any] = []
    automatic = True
    total = 0
    for name, value in frames:
        if is_frame(value):
            count = row_count(value)
            own = column_names(value)
            if len(own) != len(names):
                fail("numbers of columns of arguments do not match")
            if sorted(own) != sorted(names):
                fail("names do not match previous names")
            order = [own.index(label) for label in names] if len(set(own)) == len(own) else list(range(len(own)))
            for k, at in enumerate(order):
                pieces[k].append(value.data[at])
            own_labels: list[Any] = list(range(1, count + 1))
            if not has_automatic_row_names(value):
                own_labels = value.attributes["row.names"].items()
            if name:
                automatic = False
                row_labels.extend([name] if count == 1 else [f"{name}.{label}" for label in own_labels])
            elif has_automatic_row_names(value) and row_labels == list(range(1, total + 1)):
                row_labels.extend(range(total + 1, total + count + 1))
            else:
                automatic = False
                row_labels.extend(own_labels)
        else:
            parts = _row_parts(value, names)
            count = max(len(part) for part in parts) if parts else 0
            for k, part in enumerate(parts):
                pieces[k].append(part)
            if name:
                automatic = False
                row_labels.extend([name] if count == 1 else [f"{name}{k}" for k in range(1, count + 1)])
            else:
                row_labels.extend(range(total + 1, total + count + 1))
        total += count
    columns = [bind_columns_of_kind(parts) for parts in pieces]
    if automatic:
        stored_names: Any = None
    else:
        if len(set(map(str, row_labels))) != len(row_labels):
            row_labels = unique_names([str(label) for label in row_labels], "")
        stored_names = stored_row_names(row_labels)
    return make_frame(columns, names, total, stored_names, template)


def _row_parts(value: Any, names: list[str]) -> list[Any]:
    if value.kind == "list":
        own = names_of(value)
        parts = list(value.data)
        if own is not None and set(own) == set(names):
            parts = [parts[own.index(label)] for label in names]
        if len(parts) < len(names):
            parts = [parts[k % len(parts)] for k in range(len(names))]
        return parts[: len(names)]
    shape = dim_of(value)
    if shape is not None and len(shape) == 2:
        from pipekeras.grammar.builtins.frames import matrix_columns

        return matrix_columns(value, None)[0]
    bare = value.with_attributes(None) if not explicit_class(value) else value
    return [take_rows(bare, np.array([k % len(bare)])) for k in range(len(names))]


@builtin("rbind.data.frame", "..., deparse.level = 1, make.row.names = TRUE, stringsAsFactors = FALSE")
def rbind_frames(dots: Dots, deparse_level: Any, make_row_names: Any, strings_as_factors: Any) -> Any:
    return bind_frames([pair for pair in dots if pair[1] is not NULL], [name or "" for name, _ in dots], True)


@builtin("cbind.data.frame", "..., deparse.level = 1")
def cbind_frames(dots: Dots, deparse_level: Any) -> Any:
    kept = [pair for pair in dots if pair[1] is not NULL]
    return bind_frames(kept, [name or "" for name, _ in kept], False)


def group_codes(value: Any) -> tuple[np.ndarray, Vector]:
    """Group of each element (from 0, -1 for none) and the factor that defines the groups."""
    if type(value) is Vector and value.kind == "list" and not is_factor(value):
        made = interaction([(None, part) for part in value.data], FALSE, character("."), FALSE)
    else:
        made = as_factor(value)
    codes = made.data.astype(np.int64) - 1
    return np.where(made.data < 0, -1, codes), made


@builtin("split", "x, f, drop = FALSE, ...", generic="s3")
def split(x: Any, f: Any, drop: Any, dots: Dots) -> Any:
    if getattr(f, "kind", None) == "language":
        names = call_builtin("all.vars", f).items()
        f = x.data[column_names(x).index(str(names[0]))] if len(names) == 1 else mk_list(
            [x.data[column_names(x).index(str(name))] for name in names])
    if type(f) is Vector and f.kind == "list" and len(f) > 1:
        sep = next((value for name, value in dots if name == "sep"), character("."))
        f = interaction([(None, part) for part in f.data], drop, sep, FALSE)
    if x is NULL:
        fail("first argument must be a vector")
    codes, made = group_codes(f)
    size = row_count(x) if is_frame(x) else len(x)
    if len(codes) == 0 and size:
        fail("group length is 0 but data length > 0")
    if len(codes) and len(codes) != size:
        if size % len(codes):
            warn("data length is not a multiple of split variable")
        codes = resized(codes, size)
    levels = level_texts(made)
    parts = []
    labels = []
    for k, label in enumerate(levels):
        at = np.flatnonzero(codes == k)
        if flag(drop) and not len(at):
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


@builtin("unsplit", "value, f, drop = FALSE")
def unsplit(value: Any, f: Any, drop: Any) -> Any:
    codes, _ = group_codes(f)
    parts = list(value.data)
    if parts and is_frame(parts[0]):
        joined = bind_frames([(None, part) for part in parts], [""] * len(parts), True)
        order = np.concatenate([np.flatnonzero(codes == k) for k in range(len(parts))])
        back = np.empty(len(order), np.int64)
        back[order] = np.arange(len(order))
        return take_frame_rows(joined, back)
    joined = call_builtin("unlist", mk_list(parts))
    order = np.concatenate([np.flatnonzero(codes == k) for k in range(len(parts))])
    data = np.empty(len(order), joined.data.dtype)
    data[order] = joined.data
    extra = {k: v for k, v in (joined.attributes or {}).items() if k in ("levels", "class")}
    return Vector(joined.kind, data, extra or None)


def _merge_keys(x: Vector, names: list[str]) -> list[tuple[Any, ...]]:
    columns = []
    for name in names:
        column = x.data[column_names(x).index(name)]
        columns.append(identity_keys(call_builtin("as.character", column) if is_factor(column) else coerce(
            column, "double") if column.kind in ("integer", "logical") else column))
    return list(zip(*columns, strict=True)) if columns else [()] * row_count(x)


def _as_frame(value: Any, name: str) -> Any:
    made = call_builtin("as.data.frame", value)
    if type(value) is Vector and value.kind != "list" and dim_of(value) is None:
        return made.with_attribute("names", character(name))
    return made


@builtin("merge", "x, y, by = intersect(names(x), names(y)), by.x = by, by.y = by, all = FALSE, all.x = all, "
                  "all.y = all, sort = TRUE, suffixes = c('.x', '.y'), no.dups = TRUE, ...", generic="s3")
def merge(x: Any, y: Any, by: Any, by_x: Any, by_y: Any, all_rows: Any, all_x: Any, all_y: Any, sort: Any,
          suffixes: Any, no_dups: Any, dots: Dots) -> Any:
    x, y = _as_frame(x, "x"), _as_frame(y, "y")
    left_names, right_names = column_names(x), column_names(y)

    def keys(given: Any, names: list[str]) -> list[str]:
        if given is NULL:
            return []
        if given.kind == "character":
            for label in given.items():
                if label not in names:
                    fail("'by' must specify a uniquely valid column")
            return [str(label) for label in given.items()]
        return [names[int(k) - 1] for k in coerce(given, "double").data]

    left_keys, right_keys = keys(by_x, left_names), keys(by_y, right_names)
    if len(left_keys) != len(right_keys):
        fail("'by.x' and 'by.y' specify different numbers of columns")
    left, right = _merge_keys(x, left_keys), _merge_keys(y, right_keys)
    places: dict[Any, list[int]] = {}
    for k, key in enumerate(right):
        places.setdefault(key, []).append(k)
    pairs = [(i, j) for i, key in enumerate(left) for j in places.get(key, [])]
    if not left_keys:
        pairs = [(i, j) for j in range(row_count(y)) for i in range(row_count(x))]
    matched_left, matched_right = {i for i, _ in pairs}, {j for _, j in pairs}
    key_columns = [take_rows(x.data[left_names.index(name)], np.array([i for i, _ in pairs], np.int64))
                   for name in left_keys]
    if left_keys and flag(sort) and pairs:
        order = order_positions([_sortable(column) for column in key_columns], [False] * len(key_columns), True)
        pairs = [pairs[k] for k in order.tolist()]
    extra_left = [i for i in range(row_count(x)) if i not in matched_left] if flag(all_x) else []
    extra_right = [j for j in range(row_count(y)) if j not in matched_right] if flag(all_y) else []
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
    for name in rest_left:
        columns.append(take_rows(x.data[left_names.index(name)], left_at))
        labels.append(f"{name}{marks[0]}" if name in rest_right else name)
    for name in rest_right:
        columns.append(take_rows(y.data[right_names.index(name)], right_at))
        labels.append(f"{name}{marks[1]}" if name in rest_left else name)
    made = make_frame(columns, labels, len(left_at))
    if (extra_left or extra_right) and flag(sort) and left_keys:
        keys_now = [_sortable(column) for column in columns[: len(left_keys)]]
        return take_frame_rows(made, order_positions(keys_now, [False] * len(keys_now), True)).with_attribute(
            "row.names", make_frame([], [], len(left_at)).attributes["row.names"])  # type: ignore[index]
    return made


def _sortable(column: Any) -> Vector:
    return column.with_attributes(None) if column.attributes else column


@builtin("stack", "x, ...", generic="s3", package="utils")
def stack(x: Any, dots: Dots) -> Any:
    if type(x) is Vector and x.kind != "list" and names_of(x) is not None:
        x = call_builtin("as.list", x)
    if type(x) is not Vector or x.kind != "list":
        fail("arguments imply differing number of rows: 1, 0")
    names = column_names(x) if is_frame(x) else [name or "" for name in names_of(x) or []]
    kept = [k for k, part in enumerate(x.data) if type(part) is Vector and not set(part.attributes or ()) - {"names"}]
    if len(kept) < len(x):
        warn("non-vector columns will be ignored")
    names = [names[k] for k in kept]
    parts = [x.data[k] for k in kept]
    values = call_builtin("unlist", mk_list(parts))
    codes = np.repeat(np.arange(1, len(parts) + 1), [len(part) for part in parts])
    return make_frame([values, make_factor(codes.tolist(), names)], ["values", "ind"], len(values))


@builtin("unstack", "x, form, ...", generic="s3", package="utils")
def unstack(x: Any, form: Any = None, dots: Any = ()) -> Any:
    parts = split(x.data[0], x.data[1], FALSE, [])
    if len({column_length(part) for part in parts.data}) == 1:
        return make_frame(list(parts.data), [str(name) for name in names_of(parts) or []], len(parts.data[0]))
    return parts
