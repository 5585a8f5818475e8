"""Contingency tables: counting, proportions, margins, conversion."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.elements.factors import factor, is_factor, level_texts
from pipekeras.grammar.builtins.elements.ordering import falling
from pipekeras.grammar.builtins.matrices.slices import chosen_axes, margin_subscripts
from pipekeras.grammar.builtins.registry import builtin, expression_of, value_of
from pipekeras.grammar.deparse import deparse_lines
from pipekeras.grammar.nodes import Symbol
from pipekeras.grammar.values import (
    DTYPES,
    FALSE,
    NA_INTEGER,
    NULL,
    Vector,
    character,
    dim_of,
    explicit_class,
    get_attribute,
    integer,
    is_na,
    mk_list,
    names_of,
    type_of,
)
from pipekeras.grammar.vectors.arguments import choice, flag, text
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.frames import is_frame, row_count
from pipekeras.grammar.vectors.indexing import subset
from pipekeras.grammar.vectors.recycling import resized
from pipekeras.grammar.vectors.report import fail

Dots = list[tuple[str | None, Any]]
TABLE_CLASS = character("table")


def labels_of_arguments(dots: Dots, level: int = 1) -> list[str]:
    """Names for arguments: their own, or the symbol that was passed."""
    labels = []
    for name, promise in dots:
        expression = expression_of(promise)
        if name:
            labels.append(name)
        elif level >= 1 and type(expression) is Symbol:
            labels.append(expression.name)
        elif level > 1:
            labels.append(deparse_lines(expression)[0])
        else:
            labels.append("")
    return labels


def count_table(values: list[Any], labels: list[str] | None, exclude: Any, use_na: str) -> Vector:
    """Counts of every combination of levels, as a value of class table."""
    codes = []
    dimnames = []
    for value in values:
        made = value
        if len(value) != len(values[0]):
            fail("all arguments must have the same length")
        if not is_factor(value):
            made = factor(value, exclude=exclude) if use_na == "no" else factor(value)
            if use_na == "no" and exclude is None and type(value) is Vector and value.kind == "double" and (
                    "NaN" in level_texts(made)):
                made = factor(made, exclude=character([None, "NaN"]))
        elif exclude is not NULL and exclude is not None:
            gone = [label for label in call_builtin("as.character", exclude).items() if label is not None]
            if is_na(exclude).any() and None in level_texts(made):
                made = factor(made, levels=character([label for label in level_texts(made) if label is not None]))
            if any(label in level_texts(made) for label in gone):
                # Levels that no element has stay.
                left = [label for label in level_texts(made) if label not in gone]
                made = factor(made, levels=character(left), exclude=NULL if None in left else None)
        levels = list(level_texts(made))
        data = made.data.astype(np.int64)
        missing = data == NA_INTEGER
        if use_na == "always" or (use_na == "ifany" and missing.any()):
            if None not in levels:
                levels.append(None)
            data = np.where(missing, levels.index(None) + 1, data)
            missing = np.zeros(len(data), bool)
        codes.append((data, missing))
        dimnames.append(character(levels))
    shape = [len(names) for names in dimnames]
    flat = np.zeros(len(codes[0][0]), np.int64)
    lost = np.zeros(len(flat), bool)
    stride = 1
    for (data, missing), extent in zip(codes, shape, strict=True):
        flat += (data - 1) * stride
        lost |= missing
        stride *= extent
    counts = np.bincount(flat[~lost], minlength=stride) if stride else np.empty(0, np.int64)
    shown = [names if len(names) else NULL for names in dimnames]
    return Vector("integer", counts.astype(np.int32), {
        "dim": integer(shape), "dimnames": mk_list(shown, labels), "class": TABLE_CLASS,
    })  # fmt: skip


@builtin("table", "..., exclude, useNA = 'no', dnn, deparse.level = 1", lazy=True)
def table(dots: Dots, exclude: Any = None, use_na: Any = None, dnn: Any = None, deparse_level: Any = None) -> Any:
    values = [value_of(promise) for _, promise in dots]
    wanted = choice(value_of(use_na), ("no", "ifany", "always"))
    level = int(coerce(value_of(deparse_level), "integer").data[0])
    labels = labels_of_arguments(dots, level)
    given = None if dnn is None else value_of(dnn)
    dropped: Any = None
    if exclude is not None:
        dropped = value_of(exclude)
        if dropped is NULL and wanted == "no":
            wanted = "ifany"
    if len(values) == 1 and type(values[0]) is Vector and values[0].kind == "list":
        own = names_of(values[0])
        values = list(values[0].data)
        if own is not None:
            labels = [name or "" for name in own]
        elif len(values) != 1:
            labels = [f"{labels[0]}.{number}" for number in range(1, len(values) + 1)]
    if not values:
        fail("nothing to tabulate")
    if any(type(value) is not Vector and value is not NULL for value in values):
        fail("unique() applies only to vectors")
    if given is NULL:
        return count_table(values, None, dropped, wanted)
    if given is not None:
        labels = [str(name) for name in call_builtin("as.character", given).items()]
        labels.extend([""] * (len(values) - len(labels)))
    return count_table(values, labels, dropped, wanted)


@builtin("[.table", "x, ..., drop = TRUE")
def subset_table(x: Any, dots: Dots, drop: Any) -> Any:
    bare = x.with_attributes({k: v for k, v in x.attributes.items() if k != "class"})
    result = subset(bare, [value for _, value in dots], flag(drop))
    held = get_attribute(x, "dimnames")
    if held is not NULL and len(held) == 1 and held.data[0] is NULL and dim_of(result) is not None:
        result = result.with_attribute("dimnames", held)
    if dim_of(result) is not None or dim_of(x) is None:
        # What never had extents, as a summary's numbers, stays a table as well.
        return result.with_attributes({**(result.attributes or {}), "class": TABLE_CLASS})
    return result


@builtin(("prop.table", "proportions"), "x, margin = NULL")
def proportions(x: Any, margin: Any) -> Any:
    if margin is NULL or not len(margin):
        return call_builtin("/", x, call_builtin("sum", x))
    totals = _margin_sums(x, margin)
    return call_builtin("sweep", x, margin, totals, character("/"), check__margin=FALSE)


def _whole_sums(sums: Vector) -> Vector:
    """Sums of whole numbers as integers, missing where one of them was."""
    data = np.where(np.isnan(sums.data), float(NA_INTEGER), sums.data).astype(np.int32)
    return Vector("integer", data, sums.attributes)


def _array_shape(x: Any) -> list[int]:
    """Extents of an array; plain numbers count as one of one dimension."""
    if type(x) is Vector:
        shape = dim_of(x)
        if shape is not None:
            return shape
        if x.kind in ("integer", "double") and explicit_class(x) is None:
            return [len(x)]
    return fail("'x' is not an array")


def _margin_sums(x: Any, margin: Any) -> Vector:
    shape = _array_shape(x)
    axes, _ = chosen_axes(shape, margin_subscripts(x, margin, "x"))
    if not axes:
        fail("length-0 dimension vector is invalid")
    if x.kind in ("character", "list"):
        fail(f"invalid 'type' ({x.kind}) of argument")
    if x.kind in ("integer", "logical"):
        x = coerce(x, "double")
        return _whole_sums(_margin_sums(x, margin))
    data = x.data.reshape(shape, order="F")
    other = tuple(k for k in range(len(shape)) if k not in axes)
    wide = data.astype(np.longdouble) if x.kind == "double" else data
    summed = np.transpose(wide.sum(axis=other), np.argsort(np.argsort(axes)))
    kind = {"integer": "integer", "logical": "integer", "complex": "complex"}.get(x.kind, "double")
    dimnames = get_attribute(x, "dimnames")
    attributes: dict[str, Any] = {"dim": integer([shape[k] for k in axes])}
    if dimnames is not NULL:
        labels = names_of(dimnames)
        chosen = [dimnames.data[k] for k in axes]
        attributes["dimnames"] = mk_list(chosen, [labels[k] for k in axes] if labels else None)
    return Vector(kind, summed.ravel(order="F").astype(DTYPES[kind]), attributes)


@builtin(("margin.table", "marginSums"), "x, margin = NULL")
def margin_sums(x: Any, margin: Any) -> Any:
    if margin is NULL or not len(margin):
        _array_shape(x)
        return call_builtin("sum", x)
    result = _margin_sums(x, margin)
    if explicit_class(x) is not None:
        return result.with_attributes({**(result.attributes or {}), "class": get_attribute(x, "class")})
    return result


def _lettered(count: int) -> list[str]:
    """Labels where there are none: the letters, then the letters with numbers."""
    return [chr(65 + k % 26) + (str(k // 26) if k >= 26 else "") for k in range(count)]


@builtin("as.table", "x, ...", generic="s3")
def as_table(x: Any, dots: Dots) -> Any:
    if "table" in (explicit_class(x) or []):
        return x
    if type(x) is not Vector or (dim_of(x) is None and not flag(call_builtin("is.numeric", x))):
        fail("cannot coerce to a table")
    shape = dim_of(x) or [len(x)]
    dimnames = get_attribute(x, "dimnames")
    parts = list(dimnames.data) if dimnames is not NULL else [NULL] * len(shape)
    if dim_of(x) is None and names_of(x) is not None:
        parts = [character(names_of(x))]
    filled = [part if part is not NULL or not extent else character(_lettered(extent))
              for part, extent in zip(parts, shape, strict=True)]
    labels = names_of(dimnames) if dimnames is not NULL else None
    return Vector(x.kind, x.data, {"dim": integer(shape), "dimnames": mk_list(filled, labels), "class": TABLE_CLASS})


@builtin("as.data.frame.table",
         "x, row.names = NULL, ..., responseName = 'Freq', stringsAsFactors = TRUE")
def table_to_frame(x: Any, row_names: Any, dots: Dots, response_name: Any, strings_as_factors: Any) -> Any:
    shape = dim_of(x)
    if shape is None:
        fail("'dimnames' applied to non-array")
    dimnames = get_attribute(x, "dimnames")
    labels = (names_of(dimnames) if dimnames is not NULL else None) or [""] * len(shape)
    if dimnames is NULL or any(part is NULL and extent for part, extent in zip(dimnames.data, shape, strict=True)):
        dimnames = get_attribute(call_builtin("as.table", x), "dimnames")
    columns: list[Any] = []
    names: list[str] = []
    repeat = 1
    total = len(x)
    # Axes without anything: each takes the place of the one before, and the first is never there.
    nothing = [axis for axis, extent in enumerate(shape) if dimnames.data[axis] is NULL and extent == 0]
    for axis, extent in enumerate(shape):
        levels = dimnames.data[axis]
        if axis in nothing:
            if len(nothing) > 1 and axis == nothing[1]:
                columns.append(NULL)
                names.append(labels[axis] or f"Var{axis + 1}")
            continue
        codes = resized(np.repeat(np.arange(1, extent + 1), repeat), total).astype(np.int32)
        repeat *= extent
        if flag(strings_as_factors):
            columns.append(Vector("integer", codes, {"levels": levels, "class": character("factor")}))
        else:
            columns.append(Vector("character", levels.data[codes - 1]))
        names.append(labels[axis] or f"Var{axis + 1}")
    columns.append(Vector(x.kind, x.data))
    names.append(text(response_name))
    from pipekeras.grammar.vectors.frames import make_frame

    made = make_frame(columns, names, total)
    return made if row_names is NULL else call_builtin("row.names<-", made, row_names)


@builtin("sort.table", "x, decreasing = FALSE, ...")
def sort_table(x: Any, decreasing: Any, dots: Dots) -> Any:
    falling(decreasing)
    at = call_builtin("order", x.with_attributes(None), decreasing=decreasing)
    return call_builtin("[", x, at)


@builtin("unique.table", "x, ...")
def unique_table(x: Any, dots: Dots) -> Any:
    return call_builtin("unique", x.with_attributes(None))


@builtin("as.vector.table", "x, mode = 'any'")
def table_as_vector(x: Any, mode: Any) -> Any:
    return call_builtin("as.vector", x.with_attributes(None), mode)


def _rows_of(column: Vector) -> int:
    shape = dim_of(column)
    return len(column) if shape is None else shape[0]


@builtin("complete.cases", "...", package="stats")
def complete_cases(dots: Dots) -> Any:
    keep: np.ndarray | None = None
    if all(value is NULL for _, value in dots):
        fail("no input has determined the number of cases")
    for _, value in dots:
        if type(value) is not Vector:
            if value is NULL:
                continue
            fail(f"invalid 'type' ({type_of(value)}) of argument")
        columns = list(value.data) if value.kind == "list" else [value]
        for column in columns:
            if type(column) is not Vector:
                fail("invalid 'type' (unknown) of argument")
            if _rows_of(column) != _rows_of(columns[0]):
                fail("not all arguments have the same length")
        if any(column.kind == "list" and explicit_class(column) in (None, ["AsIs"], ["data.frame"]) for column in columns):
            fail("invalid 'type' (list) of argument")
        if any(column.kind == "raw" for column in columns):
            fail("invalid 'type' (raw) of argument")
        for column in columns:
            missing: Any = is_na(column)
            shape = dim_of(column)
            if shape is not None and len(shape) == 2:
                missing = missing.reshape(shape, order="F").any(axis=1)
            if keep is not None and len(keep) != len(missing):
                fail("not all arguments have the same length")
            keep = np.asarray(~missing if keep is None else keep & ~missing)
    frames = [value for _, value in dots if is_frame(value)]
    if keep is None and frames:
        return Vector("logical", np.ones(row_count(frames[0]), np.int32))
    if keep is None:
        fail("no input has determined the number of cases")
    return Vector("logical", keep.astype(np.int32))

