"""Putting data frames together and apart: ``rbind``, ``cbind``, ``split`` and ``unstack``."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin, store
from pipekeras.grammar.builtins.elements.factors import as_factor, interaction, is_factor, is_ordered, level_texts, make_factor
from pipekeras.grammar.builtins.elements.indexing import told_length
from pipekeras.grammar.builtins.elements.ordering import unique_names
from pipekeras.grammar.builtins.frames.frame_indexing import take_frame_rows, take_rows
from pipekeras.grammar.builtins.frames.frames import build_frame, column_length
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.deparse import deparse_short
from pipekeras.grammar.nodes import Argument, Call, Symbol
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
        refused: Any = None
        for part in parts:
            text = is_factor(part) or part.kind == "character"
            for label in call_builtin("as.character", part).items():
                if label is None:
                    codes.append(None)
                    continue
                if label not in levels and not text:
                    codes.append(None)
                    refused = part
                    continue
                if label not in levels:
                    levels.append(label)
                codes.append(levels.index(label) + 1)
        if refused is not None:
            shown = (Argument(None, Symbol("*tmp*")), Argument(None, Symbol("ri")), Argument("value", refused))
            warn("invalid factor level, NA generated", Call(Symbol("[<-.factor"), shown))
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
        from pipekeras.grammar.builtins.elements.binding import bind_matrices

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
        # R makes a plain data frame, whatever the first was; data.table binds by a method of its own.
        if "data.table" in (explicit_class(template) or ()):
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
        if first.kind == "list":
            _refuse_uneven(first)
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
            counted_anew = not name and not gathered.automatic
            gathered.add(parts, count, name, list(range(1, count + 1)) if counted_anew else None)
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


def _refuse_uneven(value: Vector) -> None:
    if len({0 if part is NULL else len(part) for part in value.data}) > 1:
        fail("invalid list argument: all variables should have the same length")


def _parts_of_list(value: Vector, names: list[str]) -> list[Any]:
    own = names_of(value)
    _refuse_uneven(value)
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
            column = store(column, "ri", integer(list(range(start, stop))), part)
        start = stop
    return column


@builtin("rbind.data.frame", "..., deparse.level = 1, make.row.names = TRUE, stringsAsFactors = FALSE")
def rbind_frames(dots: Dots, deparse_level: Any, make_row_names: Any, strings_as_factors: Any) -> Any:
    if all(value is NULL for _, value in dots):
        return call_builtin("data.frame")
    made = bind_frames([pair for pair in dots if pair[1] is not NULL], [name or "" for name, _ in dots], True)
    return made if flag(make_row_names) else made.with_attribute("row.names", integer([None, -row_count(made)]))


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
    given = codes
    if type(x) is not Vector:
        fail("first argument must be a vector")
    size = row_count(x) if is_frame(x) else told_length(x)
    if len(codes) == 0 and size:
        fail("group length is 0 but data length > 0")
    if len(codes) and len(codes) != size:
        if size % len(codes):
            warn("data length is not a multiple of split variable")
        codes = resized(codes, size)
    levels = level_texts(made)
    used = set(given.tolist())
    parts = []
    labels = []
    dropping = flag(drop)
    by_group = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[by_group], np.arange(len(levels) + 1)).tolist()
    for k, label in enumerate(levels):
        at = by_group[bounds[k] : bounds[k + 1]]
        if dropping and k not in used:
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
    sizes = {column_length(part) for part in parts.data}
    if sizes == {1}:
        # Groups of one value each are a column, not a row.
        return make_frame([call_builtin("unlist", parts.with_attribute("names", NULL))], ["res"], len(parts),
                          character([str(name) for name in names_of(parts) or []]))
    if len(sizes) == 1:
        return make_frame(list(parts.data), [str(name) for name in names_of(parts) or []], len(parts.data[0]))
    return parts
