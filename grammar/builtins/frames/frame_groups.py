"""Arithmetic, mathematics and summaries of whole data frames."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.frames.frame_matrices import flat_columns, frame_as_matrix
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.values import FALSE, NA_INTEGER, NULL, Vector, character, dim_of, explicit_class, integer, mk_list
from pipekeras.grammar.vectors.frames import column_names, has_chosen_row_names, is_frame, make_frame, row_count, row_name_texts
from pipekeras.grammar.vectors.recycling import resized
from pipekeras.grammar.vectors.report import fail
from pipekeras.grammar.vectors.shapes import dimension_list, from_array

Dots = list[tuple[str | None, Any]]


@builtin("is.na.data.frame", "x")
def frame_missing(x: Any) -> Any:
    if not is_frame(x):
        fail("is.na.data.frame() takes a data frame; is.na() takes anything")
    rows = row_count(x)
    parts = [call_builtin("is.na", column) for column in x.data]
    if any(dim_of(part) is not None for part in parts):
        # A matrix or frame among the columns brings its own names, or none.
        joined = call_builtin("cbind", **dict(zip(column_names(x), parts, strict=True)))
        return joined if not has_chosen_row_names(x) else call_builtin("rownames<-", joined, character(row_name_texts(x)))
    columns = [part.data for part in parts]
    table = np.array(columns, np.int32).T.reshape(rows, len(x))
    rows_part = character(row_name_texts(x)) if has_chosen_row_names(x) and rows else NULL
    return from_array("logical", table, dimension_list(rows_part, character(column_names(x)) if len(x) else NULL))


def _frame_operands(name: str, e1: Any, e2: Any) -> tuple[Vector, list[Any], list[Any]]:
    template = e1 if is_frame(e1) else e2
    if not is_frame(template):
        fail('no argument of class "data.frame"')
    count, rows = len(template), row_count(template)

    def parts(value: Any) -> list[Any]:
        if is_frame(value):
            if len(value) != count or row_count(value) != rows:
                fail(f"\u2018{name}\u2019 only defined for equally-sized data frames")
            return list(value.data)
        if type(value) is Vector and value.kind == "list":
            if len(value) <= 1:
                return [call_builtin("[[", value, integer(1))] * count
            if len(value) != count:
                fail(f"list of length {len(value)} not meaningful")
            return list(value.data)
        if type(value) is Vector and len(value) > 1:
            if not rows and count:
                fail("subscript out of bounds")
            full = resized(value.data, rows * count)
            return [Vector(value.kind, full[k * rows : (k + 1) * rows]) for k in range(count)]
        return [value] * count

    return template, parts(e1), parts(e2)


def _enter_frame_operator(name: str) -> None:
    @builtin(f"{name}.data.frame", "e1, e2")
    def operate(e1: Any, e2: Any = None) -> Any:
        if e2 is None:
            made = [call_builtin(name, column) for column in e1.data]
            if name == "!":
                return _truth_table(made, e1)
            return _frame_of(made, e1)
        template, left, right = _frame_operands(name, e1, e2)
        results = [call_builtin(name, a, b) for a, b in zip(left, right, strict=True)]
        if name not in ("+", "-", "*", "/", "^", "%%", "%/%"):
            return _truth_table(results, template)
        return _frame_of(results, template)


def _frame_of(results: list[Any], template: Vector) -> Any:
    """New columns under the names of a frame; without columns only chosen row names keep the rows."""
    rows, chosen = row_count(template), has_chosen_row_names(template)
    if not results and not chosen:
        return make_frame([], [], 0)
    if all(type(part) is Vector and len(part) == rows for part in results):
        return make_frame(results, column_names(template), rows, (template.attributes or {})["row.names"])
    labels = character(row_name_texts(template)) if chosen else NULL
    return call_builtin("data.frame", mk_list(results, column_names(template)), row__names=labels, check__names=FALSE)


def _truth_table(results: list[Any], template: Vector) -> Any:
    """Logical columns as a matrix with the names of a data frame."""
    rows = row_count(template)
    found = [r.data for r in results if type(r) is Vector]
    data = np.concatenate(found) if found else np.empty(0, np.int32)
    if not len(data):
        data = np.full(rows * len(results), NA_INTEGER, np.int32)
    elif rows and len(data) != rows * len(results):
        fail("length of 'dimnames' [2] not equal to array extent")
    table = data.reshape(len(results), rows).T
    rows_part = character(row_name_texts(template)) if has_chosen_row_names(template) and rows else NULL
    if not results and rows_part is NULL:
        return from_array("logical", table, mk_list([NULL, NULL]))
    if not results:
        return from_array("logical", table, dimension_list(rows_part, NULL))
    return from_array("logical", table, dimension_list(rows_part, character(column_names(template))))


for _name in ("+", "-", "*", "/", "^", "%%", "%/%", "==", "!=", "<", ">", "<=", ">=", "&", "|", "!"):
    _enter_frame_operator(_name)


def _is_number_like(column: Any) -> bool:
    other = {"factor", "Date", "POSIXct", "difftime"}.intersection(explicit_class(column) or [])
    return column.kind in ("logical", "integer", "double", "complex") and not other


def _enter_frame_math(name: str) -> None:
    @builtin(f"{name}.data.frame", "x, ...")
    def apply(x: Any, dots: Dots) -> Any:
        wrong = [label for label, column in zip(column_names(x), x.data, strict=True) if not _is_number_like(column)]
        if wrong:
            fail("non-numeric-alike variable(s) in data frame: " + ", ".join(wrong))
        from pipekeras.grammar.builtins.registry import REGISTRY, call_function

        made = [call_function(REGISTRY[name], [(None, column), *dots]) for column in x.data]
        return make_frame(made, column_names(x), row_count(x), x.attributes["row.names"])


for _name in ("abs", "sqrt", "exp", "expm1", "log", "log10", "log2", "log1p", "round", "signif", "floor", "ceiling",
              "trunc", "sign", "gamma", "lgamma", "digamma", "trigamma", "sin", "cos", "tan", "sinpi", "cospi", "tanpi",
              "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
              "cumsum", "cumprod", "cummax", "cummin"):
    _enter_frame_math(_name)


def _enter_frame_summary(name: str) -> None:
    @builtin(f"{name}.data.frame", "..., na.rm = FALSE")
    def summarise(dots: Dots, na_rm: Any) -> Any:
        from pipekeras.grammar.builtins.registry import REGISTRY, call_function

        values: Dots = []
        for _, value in dots:
            if is_frame(value):
                if not row_count(value):
                    values.append((None, Vector("logical", np.empty(0, np.int32))))
                    continue
                for column in flat_columns(value.data, column_names(value))[0]:
                    if column.kind not in ("logical", "integer", "double", "complex") or explicit_class(column):
                        fail("only defined on a data frame with all numeric-alike variables")
                    values.append((None, column))
            else:
                values.append((None, value))
        return call_function(REGISTRY[name], [*values, ("na.rm", na_rm)])


for _name in ("sum", "prod", "max", "min", "range", "any", "all"):
    _enter_frame_summary(_name)


@builtin("rev.data.frame", "x")
def reversed_frame(x: Any) -> Any:
    return call_builtin("[", x, integer(range(len(x), 0, -1)))


@builtin("t.data.frame", "x")
def transposed_frame(x: Any) -> Any:
    table = frame_as_matrix(x, NULL, [])
    turned = call_builtin("t", table)
    return turned if "dimnames" in (turned.attributes or {}) else turned.with_attribute("dimnames", mk_list([NULL, NULL]))
