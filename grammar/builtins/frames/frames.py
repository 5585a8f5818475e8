"""Data frames: construction, conversion, dimensions and row names."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.elements.factors import factor
from pipekeras.grammar.builtins.elements.ordering import syntactic_name, unique_names
from pipekeras.grammar.builtins.registry import builtin, expression_of, value_of
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.dispatch import choose_method
from pipekeras.grammar.evaluation.machine import current_environment
from pipekeras.grammar.nodes import Call, Symbol
from pipekeras.grammar.values import (
    NULL,
    Vector,
    character,
    class_of,
    dim_of,
    explicit_class,
    get_attribute,
    integer,
    logical,
    mk_list,
    names_of,
)
from pipekeras.grammar.vectors.arguments import flag
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.frames import (
    automatic_row_names,
    column_names,
    has_automatic_row_names,
    has_chosen_row_names,
    is_frame,
    make_frame,
    numbered_row_names,
    row_count,
    row_name_vector,
    stored_row_names,
)
from pipekeras.grammar.vectors.recycling import resized
from pipekeras.grammar.vectors.report import fail, warn
from pipekeras.grammar.vectors.shapes import axis_names

Dots = list[tuple[str | None, Any]]


def column_length(value: Any) -> int:
    """Rows that a column contributes."""
    if is_frame(value):
        return row_count(value)
    shape = dim_of(value)
    return shape[0] if shape else len(value)


def recycle_column(value: Any, rows: int) -> Any:
    """A column repeated to the number of rows, class kept."""
    if column_length(value) == rows:
        return value
    data = resized(value.data, rows)
    kept = {k: v for k, v in (value.attributes or {}).items() if k not in ("names", "dim", "dimnames")}
    names = names_of(value) if value.kind == "list" and dim_of(value) is None else None
    if names is not None:
        kept["names"] = character([names[k % len(names)] for k in range(rows)])
    return Vector(value.kind, data, kept or None)


def without_names(value: Any) -> Any:
    """A column without its names."""
    if type(value) is Vector and value.attributes and "names" in value.attributes and not is_frame(value):
        return value.with_attribute("names", NULL)
    return value


def matrix_columns(value: Vector, prefix: str | None, shown: str = "") -> tuple[list[Any], list[str]]:
    """Columns of a matrix with their names; a single one without a name is called as its argument looks."""
    rows, count = (dim_of(value) or [len(value), 1])[:2]
    own = axis_names(value, 1)
    names = None
    if own is not NULL:
        names = ["NA" if name is None else name or f"V{k}" for k, name in enumerate(own.items(), 1)]
    columns = [Vector(value.kind, value.data[k * rows : (k + 1) * rows]) for k in range(count)]
    if count == 1:
        labels = [str(names[0]) if names is not None else prefix or shown or "1"]
    else:
        labels = [str(name) for name in (names or range(1, count + 1))]
        labels = [f"{prefix}.{label}" if prefix else label for label in labels]
    return columns, labels


def _row_labels(value: Vector) -> Any:
    """Names of a matrix' rows as they name those of a frame: made syntactic and different where they name none or several."""
    names = axis_names(value, 0)
    if names is NULL or (None not in names.items() and len(set(names.items())) == len(names)):
        return names
    return call_builtin("make.names", names, unique=logical(True))


_COLUMN_CLASSES = {
    "AsIs", "Date", "POSIXct", "POSIXlt", "POSIXt", "character", "complex", "data.frame", "difftime", "factor", "fs_path",
    "glue", "hms", "integer", "integer64", "list", "logical", "matrix", "model.matrix", "noquote", "numeric",
    "numeric_version", "ordered", "package_version", "raw", "table", "ts", "vector", "xtabs",
}  # fmt: skip
"""Classes that may be columns without a method of ``as.data.frame`` of the program's own."""
_WHOLE_LISTS = {"AsIs", "POSIXlt", "numeric_version"}
"""Classes of lists that are one column."""


def _no_frame(classes: list[str]) -> Any:
    shown = ", ".join(f'"{name}"' for name in classes)
    fail(f"cannot coerce class \u2018{shown if len(classes) == 1 else f'c({shown})'}\u2019 to a data.frame")


def expand_argument(name: str | None, value: Any, shown: str, text_factors: bool) -> tuple[list[Any], list[str], Any]:
    """Columns, names and row names that one argument of ``data.frame`` gives."""
    if value is NULL:
        return [], [], NULL
    if is_frame(value):
        names = column_names(value)
        labels = [f"{name}.{column}" for column in names] if name and len(names) > 1 else names
        if len(value.data) == 1 and not any(names):
            # A method that was asked for no name leaves it to the argument.
            labels = [name or shown]
        rows = value.attributes["row.names"] if has_chosen_row_names(value) else NULL
        if rows is not NULL and has_automatic_row_names(value):
            rows = integer(range(1, row_count(value) + 1))
        return list(value.data), labels, rows
    if type(value) is not Vector:
        _no_frame(class_of(value))
    shape = dim_of(value)
    if shape is not None and len(shape) > 2 and not explicit_class(value):
        value = _flattened(value, shape)
        shape = dim_of(value)
    classes = explicit_class(value) or []
    if classes and not _COLUMN_CLASSES.intersection(classes):
        if choose_method("as.data.frame", classes, current_environment())[0] is None:
            _no_frame(classes)
        return expand_argument(name, call_builtin("as.data.frame", value, optional=logical(True)), shown, text_factors)
    if "POSIXlt" in classes:
        value = call_builtin("as.POSIXct", value)
    if shape is not None and len(shape) == 2 and "table" not in classes and "AsIs" not in classes:
        columns, labels = matrix_columns(value, name, shown)
        if text_factors:
            columns = [factor(c) if c.kind == "character" else c for c in columns]
        return columns, labels, _row_labels(value)
    if "table" in (explicit_class(value) or []):
        made = call_builtin("as.data.frame", value)
        return list(made.data), [f"{name}.{c}" if name else c for c in column_names(made)], NULL
    if value.kind == "list" and not _WHOLE_LISTS.intersection(explicit_class(value) or []):
        pairs = list_pairs(value)
        made = build_frame(pairs, NULL, False, False, text_factors)
        own = column_names(made)
        labels = [f"{name}.{label}" for label in own] if name and len(own) > 1 else own
        return list(made.data), labels, get_attribute(made, "row.names") if has_chosen_row_names(made) else NULL
    if value.kind == "character" and text_factors:
        value = factor(value)
    if shape is not None and len(shape) == 1 and not classes:
        rows = axis_names(value, 0)
        value = value.with_attributes({k: v for k, v in (value.attributes or {}).items() if k not in ("dim", "dimnames")})
        return [value], [name or shown], rows
    return [value], [name or shown], get_attribute(value, "names")


def list_pairs(value: Vector) -> list[tuple[str | None, Any, str]]:
    """The elements of a list as arguments of ``data.frame``, each with what it looks like when written down."""
    from pipekeras.grammar.deparse import deparse_lines

    given = names_of(value)
    names = [None] * len(value) if given is None else ["NA" if name is None else name or None for name in given]
    return [(name, part, "" if name else deparse_lines(part)[0] if type(part) is Vector else f"V{position}")
            for position, (name, part) in enumerate(zip(names, value.data, strict=True), 1)]


def build_frame(
    pairs: list[tuple[str | None, Any, str]], row_names: Any, check_rows: bool, check_names: bool, text_factors: bool
) -> Vector:
    """``data.frame``: columns of all arguments, recycled to the longest."""
    columns: list[Any] = []
    labels: list[str] = []
    sizes: list[int] = []
    found_rows: Any = NULL
    for name, value, shown in pairs:
        more, more_labels, rows = expand_argument(name, value, shown, text_factors)
        if rows is not NULL and found_rows is NULL and rows.kind == "character" and len(rows):
            if len(set(rows.items())) == len(rows):
                found_rows = rows
        elif rows is not NULL and found_rows is NULL and (is_frame(value) or rows.kind == "integer"):
            found_rows = rows
        columns.extend(more)
        labels.extend(more_labels)
        alone = _rows_without_columns(value)
        sizes.extend([column_length(column) for column in more] if alone is None else [alone])
    rows_count = max(sizes, default=0)
    # A column marked by I() stays as it is: only texts are repeated.
    stiff = any(column_length(column) != rows_count and column.kind != "character"
                for column in columns if type(column) is Vector and "AsIs" in (explicit_class(column) or []))
    # Only plain vectors, factors, dates and moments are repeated.
    stiff = stiff or any(column_length(column) != rows_count and column_length(column) for column in columns
                         if type(column) is Vector and "difftime" in (explicit_class(column) or []))
    apart = min(sizes, default=0) == 0 and rows_count > 0
    if apart or any(size and rows_count % size for size in sizes) or stiff:
        fail("arguments imply differing number of rows: " + ", ".join(str(s) for s in dict.fromkeys(sizes)))
    if found_rows is not NULL and len(found_rows) != rows_count:
        warn("row names were found from a short variable and have been discarded")
    if found_rows is not NULL and len(found_rows) == rows_count and None in found_rows.items():
        fail("row names contain missing values")
    columns = [without_names(recycle_column(column, rows_count)) for column in columns]
    if check_names:
        labels = unique_names([syntactic_name(label) for label in labels])
    stored: Any = None
    if row_names is not NULL:
        if columns and type(row_names) is Vector and len(row_names) == 1 and rows_count != 1:
            asked = row_names.items()[0]
            if row_names.kind == "character":
                at = labels.index(asked) if asked in labels else -1
            else:
                at = int(coerce(row_names, "double").data[0]) - 1
            if not 0 <= at < len(columns):
                fail("'row.names' should specify one of the variables")
            stored = call_builtin("as.character", columns.pop(at))
            labels.pop(at)
        else:
            if not columns:
                rows_count = len(row_names)
            stored = row_names if row_names.kind == "integer" else call_builtin("as.character", row_names)
            if len(stored) != rows_count:
                fail("row names supplied are of the wrong length")
        if len(set(stored.items())) != len(stored):
            fail("duplicate row.names: " + ", ".join(_duplicates(stored.items())))
    elif found_rows is not NULL and len(found_rows) == rows_count:
        counted = found_rows.kind == "integer" and found_rows.items() == list(range(1, rows_count + 1))
        stored = numbered_row_names(rows_count) if counted else found_rows
    return make_frame(columns, labels, rows_count, stored)


def _rows_without_columns(value: Any) -> int | None:
    """The rows that an argument without columns stands for; None for one with columns."""
    bare = type(value) is Vector and value.kind == "list" and not len(value) and dim_of(value) is None
    if value is NULL or (bare and not is_frame(value)):
        return 0
    shape = dim_of(value) if type(value) is Vector and not len(value) else None
    if is_frame(value) and not len(value):
        return row_count(value)
    return shape[0] if shape is not None and len(shape) == 2 and not shape[1] else None


def _duplicates(labels: list[Any]) -> list[str]:
    return list(dict.fromkeys(str(label) for k, label in enumerate(labels) if label in labels[:k]))


def shown_expression(promise: Any, whole: bool = False) -> str:
    """Name that an unnamed argument gives its column: the expression's text, all of it or its first line."""
    expression = expression_of(promise)
    if type(expression) is Symbol:
        return expression.name
    if type(expression) is Call or type(expression) is Vector:
        from pipekeras.grammar.deparse import deparse_lines

        lines = deparse_lines(expression)
        if whole:
            return " ".join(line.strip() for line in lines)
        # What stands within I() names the column, and R looks at nothing but the line's ends for it.
        return lines[0][2:-1] if lines[0].startswith("I(") and lines[0].endswith(")") else lines[0]
    return "V1"


@builtin("data.frame", "..., row.names, check.rows = FALSE, check.names = TRUE, fix.empty.names = TRUE, "
                       "stringsAsFactors = FALSE", lazy=True)
def data_frame(dots: Dots, row_names: Any = None, check_rows: Any = None, check_names: Any = None,
               fix_empty_names: Any = None, strings_as_factors: Any = None) -> Any:
    pairs = []
    for name, promise in dots:
        value = value_of(promise)
        # The columns of a data frame have names of their own: how it was written, maybe a long value, does not matter.
        pairs.append((name, value, "" if name or is_frame(value) else shown_expression(promise)))
    wanted = NULL if row_names is None else value_of(row_names)
    made = build_frame(pairs, wanted, flag(value_of(check_rows)), flag(value_of(check_names)),
                       flag(value_of(strings_as_factors)))
    if fix_empty_names is not None and not flag(value_of(fix_empty_names)):
        given = [made_name for made_name, value, _ in pairs if value is not NULL]
        if len(given) == len(made):
            kept = [name if own else "" for own, name in zip(given, column_names(made), strict=True)]
            made = made.with_attribute("names", character(kept))
    # Row names are taken from the columns unless the call says that there are to be none.
    if row_names is None or wanted is not NULL:
        return made
    return made.with_attribute("row.names", automatic_row_names(row_count(made)))


@builtin("as.data.frame", "x, row.names = NULL, optional = FALSE, ..., stringsAsFactors = FALSE", generic="s3",
         needs_call=True)
def as_data_frame(x: Any, row_names: Any, optional: Any, dots: Dots, strings_as_factors: Any, call: Any = None) -> Any:
    if getattr(x, "kind", None) == "externalptr":
        from pipekeras.grammar.vectors.objects import as_vector

        x = as_vector(x)
    if is_frame(x):
        return x
    if x is NULL:
        return make_frame([], [], 0)
    if type(x) is not Vector:
        _no_frame(class_of(x))
    unknown = explicit_class(x)
    if unknown is not None and not _COLUMN_CLASSES.intersection(unknown):
        _no_frame(unknown)
    text_factors = flag(strings_as_factors)
    shape = dim_of(x)
    if shape is not None and len(shape) > 2:
        x = _flattened(x, shape)
        shape = dim_of(x)
    if shape is not None and len(shape) == 2:
        columns, labels = matrix_columns(x, None)
        if axis_names(x, 1) is NULL:
            labels = [f"V{k}" for k in range(1, shape[1] + 1)]
        if text_factors:
            columns = [factor(c) if c.kind == "character" else c for c in columns]
        rows = row_names if row_names is not NULL else _row_labels(x)
        stored = None if rows is NULL else rows
        made = make_frame(columns, labels, shape[0], stored)
        own = made.attributes or {}
        return made if columns else made.with_attributes({name: own[name] for name in ("class", "row.names")})
    if x.kind == "list" and not _WHOLE_LISTS.intersection(unknown or []):
        given = dict(dots)
        mended = not flag(optional) and ("check.names" not in given or flag(given["check.names"]))
        made = build_frame(list_pairs(x), row_names, False, mended, text_factors)
        return call_builtin("names<-", made, given["col.names"]) if "col.names" in given else made
    shown = next((str(value.items()[0]) for name, value in dots if name == "nm"), "x")
    is_series = "ts" in (unknown or [])
    named_by_call = shown == "x" and not is_series and type(call) is Call and bool(call.args)
    # What our own code hands over has no expression: a vector with attributes stands in the call itself.
    handed_over = named_by_call and type(call.args[0].value) is Vector and bool(call.args[0].value.attributes)
    if named_by_call and not handed_over and getattr(call.function, "name", "").startswith("as.data.frame"):
        shown = shown_expression(call.args[0].value, whole=True)
    row_texts = names_of(x) if row_names is NULL else None
    # A name that is missing names no row of data.frame(), but one of as.data.frame() as long as no other is it.
    gaps = row_texts is not None and None in row_texts
    made = build_frame([(None, without_names(x) if gaps else x, shown)], row_names, False, False, text_factors)
    if row_texts is not None and gaps and len(set(row_texts)) == len(row_texts):
        made = made.with_attribute("row.names", character(row_texts))
    if not len(x) and shape is None:
        return made.with_attribute("row.names", character([]))
    return made.with_attributes({name: (made.attributes or {})[name] for name in ("names", "row.names", "class")})


def _flattened(x: Vector, shape: list[int]) -> Vector:
    """An array of three or more dimensions as a matrix: rows stay, all other subscripts together name the columns."""
    names = [axis_names(x, k) for k in range(len(shape))]
    attributes: dict[str, Any] = {"dim": integer([shape[0], int(np.prod(shape[1:]))])}
    if any(part is not NULL for part in names):
        texts = [[str(k) for k in range(1, extent + 1)] if part is NULL else [str(t) for t in part.items()]
                 for part, extent in zip(names[1:], shape[1:], strict=True)]
        labels = [".".join(reversed(parts)) for parts in itertools.product(*reversed(texts))]
        attributes["dimnames"] = mk_list([names[0], character(labels)])
    return Vector(x.kind, x.data, attributes)


@builtin("as.list.data.frame", "x, ...")
def frame_as_list(x: Any, dots: Dots) -> Any:
    return x.with_attributes({name: value for name, value in x.attributes.items() if name not in ("class", "row.names")})


@builtin("dim.data.frame", "x")
def frame_dim(x: Any) -> Any:
    return integer([row_count(x), len(x)])


@builtin("dimnames.data.frame", "x")
def frame_dimnames(x: Any) -> Any:
    named = get_attribute(x, "names")
    return mk_list([row_name_vector(x), NULL if named is NULL else character(column_names(x))])


@builtin("dimnames<-.data.frame", "x, value")
def set_frame_dimnames(x: Any, value: Any) -> Any:
    wanted = [row_count(x), len(x)]
    fits = type(value) is Vector and value.kind == "list" and len(value) == 2
    if not fits or [0 if part is NULL else len(part) for part in value.data] != wanted:
        fail("invalid 'dimnames' given for data frame")
    made = call_builtin("row.names<-", x, call_builtin("as.character", value.data[0]))
    return made.with_attribute("names", call_builtin("as.character", value.data[1]))


@builtin("row.names", "x", generic="s3")
def row_names_builtin(x: Any) -> Any:
    if is_frame(x):
        return row_name_vector(x)
    return call_builtin("rownames", x)


@builtin("row.names<-", "x, value", generic="s3")
def set_row_names(x: Any, value: Any) -> Any:
    if not is_frame(x):
        return call_builtin("rownames<-", x, value)
    rows = row_count(x)
    if value is NULL:
        return x.with_attribute("row.names", automatic_row_names(rows))
    if len(value) != rows:
        fail("invalid 'row.names' length")
    labels = value if value.kind == "integer" and "factor" not in (explicit_class(value) or []) else call_builtin(
        "as.character", value)
    if len(set(labels.items())) != len(labels):
        repeated = ", ".join(f"\u2018{name}\u2019" for name in _duplicates(labels.items()))
        from pipekeras.grammar.vectors.report import warn

        plural = "values" if len(_duplicates(labels.items())) > 1 else "value"
        warn(f"non-unique {plural} when setting 'row.names': {repeated}")
        fail("duplicate 'row.names' are not allowed")
    if None in labels.items():
        fail("missing values in 'row.names' are not allowed")
    if labels.kind != "integer":
        stored = labels.with_attributes(None)
    elif labels.items() == list(range(1, rows + 1)):
        stored = numbered_row_names(rows)
    else:
        stored = stored_row_names(labels.items())
    return x.with_attribute("row.names", stored)


@builtin("rownames<-.data.frame", "x, value")
def set_frame_rownames(x: Any, value: Any) -> Any:
    return set_row_names(x, value)


@builtin(".row_names_info", "x, type = 1L")
def row_names_info(x: Any, type: Any) -> Any:
    rows = row_count(x)
    return integer(-rows if not has_chosen_row_names(x) and flag(type) else rows)


def _grid_of_nothing(pairs: Dots) -> tuple[list[Any], list[str]]:
    """Columns of a grid without rows: what is NULL takes the place it is put in away, and the next ones move up."""
    cells: list[tuple[str, Any]] = [(name or f"Var{k}", NULL) for k, (name, _) in enumerate(pairs, 1)]
    for at, (_, value) in enumerate(pairs):
        if value is NULL:
            del cells[at : at + 1]
            continue
        cells.extend([("", NULL)] * (at + 1 - len(cells)))
        cells[at] = (cells[at][0], call_builtin("[", value, Vector("logical", None, None, 0)))
    return [value for _, value in cells], [name for name, _ in cells]


@builtin("expand.grid", "..., KEEP.OUT.ATTRS = TRUE, stringsAsFactors = TRUE")
def expand_grid(dots: Dots, keep_attributes: Any, strings_as_factors: Any) -> Any:
    pairs = dots
    if len(dots) == 1 and type(dots[0][1]) is Vector and dots[0][1].kind == "list":
        inner = dots[0][1]
        pairs = list(zip(names_of(inner) or [None] * len(inner), inner.data, strict=True))
    total = int(np.prod([len(value) for _, value in pairs])) if pairs else 0
    columns, labels = ([], []) if total else _grid_of_nothing(pairs)
    repeat = 1
    for k, (name, value) in enumerate(pairs if total else [], 1):
        at = resized(np.repeat(np.arange(len(value)), repeat), total)
        repeat *= len(value)
        if value.kind == "character" and flag(strings_as_factors):
            value = factor(value, call_builtin("unique", value))
        if len(dim_of(value) or ()) == 1:
            columns.append(call_builtin("[", value, integer(at + 1)))
            labels.append(name or f"Var{k}")
            continue
        kept = {a: v for a, v in (value.attributes or {}).items() if a not in ("names", "dim", "dimnames")}
        given_names = names_of(value)
        if given_names is not None:
            kept = {"names": character([given_names[place] for place in at.tolist()]), **kept}
        columns.append(Vector(value.kind, value.data[at], kept or None))
        labels.append(name or f"Var{k}")
    made = make_frame(columns, labels, total)
    if flag(keep_attributes) and pairs:
        grid_labels = [name or f"Var{k}" for k, (name, _) in enumerate(pairs, 1)]
        given = [name or "" for name, _ in pairs]
        sizes = integer([len(value) for _, value in pairs], {"names": character(given)} if any(given) else None)
        texts: list[Any] = []
        for label, (_, value) in zip(grid_labels, pairs, strict=True):
            if not total:
                texts.append(NULL)
                continue
            number_like = value.kind in ("integer", "double") and not explicit_class(value)
            shown = call_builtin("format" if number_like else "as.character", value).items()
            texts.append(character([f"{label}={'NA' if text is None else text}" for text in shown]))
        attrs = mk_list([sizes, mk_list(texts, grid_labels)], ["dim", "dimnames"])
        kept = made.attributes or {}
        return made.with_attributes({"names": kept["names"], "out.attrs": attrs, **kept})
    return made


@builtin("I", "x")
def as_is(x: Any) -> Any:
    classes = explicit_class(x) or []
    if "AsIs" in classes or type(x) is Environment:
        return x
    return call_builtin("class<-", x, character(["AsIs", *classes]))
