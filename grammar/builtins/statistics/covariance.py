"""Variances, covariances and correlations of columns, and columns brought to mean zero and spread one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.numbers.summaries import exact_mean, exact_sum
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.values import (
    FALSE,
    NA_REAL,
    NULL,
    Vector,
    character,
    dim_of,
    double,
    explicit_class,
    integer,
)
from pipekeras.grammar.vectors.arguments import flag
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.complex_parts import divided
from pipekeras.grammar.vectors.frames import is_frame
from pipekeras.grammar.vectors.recycling import resized
from pipekeras.grammar.vectors.report import fail, warn
from pipekeras.grammar.vectors.shapes import axis_names, dimension_list, from_array

Dots = list[tuple[str | None, Any]]
_NUMBERS = ("logical", "integer", "double")


def _is_matrix(x: Any) -> bool:
    return len(dim_of(x) or ()) == 2


def _columns(x: Any) -> tuple[np.ndarray, Any]:
    """A matrix or vector as a two-dimensional double array, with its column names."""
    data = coerce(x, "double").data
    if not _is_matrix(x):
        return data.reshape(-1, 1), NULL
    return data.reshape(dim_of(x), order="F"), axis_names(x, 1)


def _covariance(x: Any, y: Any, use: str, correlation: bool, of_ranks: bool = False) -> Any:
    left, left_names = _columns(x)
    right, right_names = (left, left_names) if y is NULL else _columns(y)
    if left.shape[0] != right.shape[0]:
        fail("incompatible dimensions")
    if use == "all.obs" and (np.isnan(left).any() or np.isnan(right).any()):
        fail("missing observations in cov/cor")
    if use in ("complete.obs", "na.or.complete"):
        keep = ~(np.isnan(left).any(axis=1) | np.isnan(right).any(axis=1))
        left, right = left[keep], right[keep]
        if left.shape[0] == 0 and use == "complete.obs":
            fail("no complete element pairs")
    pairwise = use == "pairwise.complete.obs"
    if of_ranks and not pairwise:
        left, right = _ranked(left), _ranked(right)
    # A column's correlation with itself is not looked at, unless pairs are taken one by one.
    own = correlation and y is NULL and not pairwise and left.shape[0] > 1
    result = np.empty((left.shape[1], right.shape[1]))
    constant = False
    for i in range(left.shape[1]):
        for j in range(right.shape[1]):
            if own and i == j:
                result[i, j] = 1.0
                continue
            a, b = left[:, i], right[:, j]
            if pairwise:
                keep = ~(np.isnan(a) | np.isnan(b))
                a, b = a[keep], b[keep]
                if of_ranks:
                    a, b = _ranked(a[:, None])[:, 0], _ranked(b[:, None])[:, 0]
            value, flat = _pair(a, b, correlation, "pair" if pairwise else "own" if y is NULL else "two")
            result[i, j] = value
            # A column that does not change is told of, also beside an earlier one of which something is missing.
            constant = constant or flat or (own and j < i and left.shape[0] > 1 and bool(np.ptp(left[:, i]) == 0))
    if constant:
        warn("the standard deviation is zero")
    return _table(result, x, y, left_names, right_names)


def _table(result: np.ndarray, x: Any, y: Any, left_names: Any, right_names: Any) -> Any:
    """One number for two vectors, a matrix with the names of the columns otherwise."""
    if not _is_matrix(x) and (y is NULL or not _is_matrix(y)):
        return double(float(result[0, 0]))
    return from_array("double", result, dimension_list(left_names, right_names))


def _pair(a: np.ndarray, b: np.ndarray, correlation: bool, sides: str) -> tuple[float, bool]:
    """A covariance or correlation of two columns, and whether one of them does not change.

    Where it is rounded shows in the last digit: among the columns of one matrix ("own") their covariances are rounded
    first, between two ("two") the spreads, and for pairs taken one by one ("pair") only the result.
    """
    size = len(a)
    if size < 2 or np.isnan(a).any() or np.isnan(b).any():
        return NA_REAL, False
    da = a.astype(np.longdouble) - np.longdouble(exact_mean(a))
    db = da if b is a else b.astype(np.longdouble) - np.longdouble(exact_mean(b))
    product = (da * db).sum()
    if not correlation:
        return float(product / (size - 1)), False
    if not (da * da).sum() or not (db * db).sum():
        return NA_REAL, True
    if sides == "pair":
        spread = np.sqrt((da * da).sum()) * np.sqrt((db * db).sum())
        if spread == 0:
            return NA_REAL, True
        return float(min(max(product / spread, np.longdouble(-1)), np.longdouble(1))), False
    variances = [(part * part).sum() / (size - 1) for part in (da, db)]
    first, second = (math.sqrt(float(one)) if sides == "own" else float(np.sqrt(one)) for one in variances)
    if first == 0 or second == 0:
        return NA_REAL, True
    return min(max(float(product / (size - 1)) / (first * second), -1.0), 1.0), False


def _use(given: Any) -> str:
    wanted = given.items()[0] if type(given) is Vector and given.kind == "character" and len(given) else None
    fitting = [] if wanted is None else [option for option in (
        "everything", "all.obs", "complete.obs", "na.or.complete", "pairwise.complete.obs") if option.startswith(wanted)]
    return fitting[0] if len(fitting) == 1 else fail("invalid 'use' argument")


def _variable(x: Any, name: str) -> Any:
    """One side of a variance: frames as matrices, texts as the numbers that they show."""
    if x is NULL:
        return x
    if is_frame(x):
        x = call_builtin("as.matrix", x)
    if type(x) is not Vector or x.kind in ("list", "expression"):
        fail(f"is.atomic({name}) is not TRUE")
    if "factor" in (explicit_class(x) or []):
        fail("Calling var(x) on a factor x is defunct.\n  Use something like 'all(duplicated(x)[-1L])' to test for "
             "a constant vector.")
    return x


@builtin("var", "x, y = NULL, na.rm = FALSE, use", package="stats")
def var(x: Any, y: Any = NULL, na_rm: Any = FALSE, use: Any = None) -> Any:
    method = _use(use if use is not None else character("na.or.complete" if flag(na_rm) else "everything"))
    x, y = _variable(x, "x"), _variable(y, "y")
    if x is NULL:
        fail("'x' is NULL")
    x, y = (side if side is NULL or side.kind in _NUMBERS else coerce(side, "double") for side in (x, y))
    return _covariance(x, y, method, False)


def _ranked(table: np.ndarray) -> np.ndarray:
    """The rank of each element in its column; what is missing stays so."""
    from pipekeras.grammar.builtins.elements.ordering import rank_data

    if not table.size:
        return table
    ranks = np.array([rank_data(column) for column in table.T]).T
    return np.where(np.isnan(table), NA_REAL, ranks)


def _numeric_side(x: Any, name: str, correlation: bool) -> None:
    """Refuse what holds no numbers, in the words of the function that asks."""
    other = {"factor", "Date", "POSIXct", "difftime"}
    if type(x) is Vector and x.kind in _NUMBERS and not other.intersection(explicit_class(x) or []):
        return
    fail(f"'{name}' must be numeric" if correlation else f"is.numeric({name}) || is.logical({name}) is not TRUE")


def _with_method(x: Any, y: Any, use: Any, method: Any, correlation: bool) -> Any:
    rule = _use(use)
    wanted = call_builtin("match.arg", method, character(["pearson", "kendall", "spearman"])).items()[0]
    x, y = (call_builtin("as.matrix", side) if is_frame(side) else side for side in (x, y))
    if y is NULL and not _is_matrix(x):
        fail("supply both 'x' and 'y' or a matrix-like 'x'")
    _numeric_side(x, "x", correlation)
    if y is not NULL:
        _numeric_side(y, "y", correlation)
    if wanted == "kendall":
        return _kendall(x, y)
    return _covariance(x, y, rule, correlation, of_ranks=wanted == "spearman")


def _kendall(x: Any, y: Any) -> Any:
    left, left_names = _columns(x)
    right, right_names = (left, left_names) if y is NULL else _columns(y)
    if left.shape[0] != right.shape[0]:
        fail("incompatible dimensions")
    rows = left.shape[0]
    # One line of signs of all differences for every column.
    first = np.sign(left[:, None] - left[None, :]).reshape(rows * rows, -1)
    second = np.sign(right[:, None] - right[None, :]).reshape(rows * rows, -1)
    with np.errstate(all="ignore"):
        result = first.T @ second / np.sqrt(np.outer((first**2).sum(axis=0), (second**2).sum(axis=0)))
    result = np.where(np.isnan(result), NA_REAL, result)
    if not np.isnan(first).any() and not np.isnan(second).any() and np.isnan(result).any():
        warn("the standard deviation is zero")
    if y is NULL:
        np.fill_diagonal(result, 1.0)
    return _table(result, x, y, left_names, right_names)


@builtin("cov", "x, y = NULL, use = 'everything', method = c('pearson', 'kendall', 'spearman')", package="stats")
def cov(x: Any, y: Any, use: Any, method: Any) -> Any:
    return _with_method(x, y, use, method, False)


@builtin("cor", "x, y = NULL, use = 'everything', method = c('pearson', 'kendall', 'spearman')", package="stats")
def cor(x: Any, y: Any, use: Any, method: Any) -> Any:
    return _with_method(x, y, use, method, True)


def _asked_for(option: Any) -> bool:
    """Whether a logical option asks for what the columns themselves say."""
    if len(option) > 1:
        fail("the condition has length > 1")
    if option.data[0] not in (0, 1):
        fail("missing value where TRUE/FALSE needed")
    return bool(option.data[0])


def _for_each_column(table: np.ndarray, option: Any, name: str, of_column: Any) -> Any:
    """What is taken from (or divides) each column: from the columns, or given for them; None for nothing."""
    if type(option) is Vector and option.kind == "logical":
        if not _asked_for(option):
            return None
        made = [of_column(column if of_column is _column_mean else column[~np.isnan(column)]) for column in table.T]
        return Vector("complex" if np.iscomplexobj(table) else "double", np.array(made, table.dtype))
    if option is not NULL and option.kind not in ("integer", "double"):
        option = coerce(option.with_attributes(None), "double")
    if len(option) != table.shape[1]:
        fail(f"length of '{name}' must equal the number of columns of 'x'")
    return option


def _column_mean(column: np.ndarray) -> Any:
    if np.iscomplexobj(column):
        # A complex number of which one part is missing still has the other.
        return complex(*(exact_mean(part[~np.isnan(part)]) for part in (column.real, column.imag)))
    return exact_mean(column[~np.isnan(column)])


def _column_spread(column: np.ndarray) -> Any:
    if np.iscomplexobj(column):
        squares = call_builtin("sum", call_builtin("^", Vector("complex", column), integer(2)))
        return call_builtin("sqrt", call_builtin("/", squares, integer(max(1, len(column) - 1)))).data[0]
    return math.sqrt(exact_sum(column * column) / max(1, len(column) - 1))


def _divided_columns(table: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    if not np.iscomplexobj(table):
        return table / numbers
    below = np.broadcast_to(numbers, table.shape)
    return divided(table.ravel(order="F"), below.ravel(order="F")).reshape(table.shape, order="F")


@builtin("scale", "x, center = TRUE, scale = TRUE", generic="s3")
def scale(x: Any, center: Any, scale: Any) -> Any:
    source = call_builtin("as.matrix", x)
    if type(source) is not Vector or source.kind in ("list", "expression"):
        fail("'x' must be numeric")
    if source.kind in ("character", "raw"):
        if center.kind == "logical" and _asked_for(center):
            fail("'x' must be numeric")
        if center.kind != "logical" or scale.kind != "logical" or _asked_for(scale):
            fail("non-numeric argument to binary operator")
        return source
    kind = "complex" if source.kind == "complex" else "double"
    made = coerce(source, kind).data.reshape(dim_of(source), order="F")
    # A series stays one.
    kept = ("dim", "dimnames", "tsp", "class")
    attributes = {name: value for name, value in (source.attributes or {}).items() if name in kept}
    names = axis_names(source, 1)
    for option, name, note, of_column in (
        (center, "center", "scaled:center", _column_mean), (scale, "scale", "scaled:scale", _column_spread)
    ):
        found = _for_each_column(made, option, name, of_column)
        if found is None:
            continue
        numbers = resized(coerce(found, kind).data, made.shape[1])
        with np.errstate(all="ignore"):
            made = made - numbers if name == "center" else _divided_columns(made, numbers)
        if found.kind != "complex":
            attributes[note] = found.with_attribute("names", names) if option.kind == "logical" and names is not NULL else found
    if made.size and all(option.kind == "logical" and not option.data[0] for option in (center, scale)):
        return source
    return Vector(kind, made.ravel(order="F"), attributes)
