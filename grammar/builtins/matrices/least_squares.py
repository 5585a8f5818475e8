"""The QR decomposition by Householder reflections, and what least squares read from it.

Columns that are, to a tolerance, sums of multiples of the columns before them move to the end, so that a model's other
coefficients keep their places. Source: Dongarra, Bunch, Moler and Stewart, LINPACK Users' Guide (1979), chapter 9.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.values import (
    NA_REAL,
    NULL,
    Vector,
    character,
    dim_of,
    double,
    explicit_class,
    get_attribute,
    integer,
    logical,
    mk_list,
    names_of,
)
from pipekeras.grammar.vectors.arguments import flag, number, whole
from pipekeras.grammar.vectors.report import fail
from pipekeras.grammar.vectors.shapes import as_matrix_array, from_array
from pipekeras.grammar.vectors.unsupported import only_default

Dots = list[tuple[str | None, Any]]
_NEARLY_GONE = 1e-6


def _dots(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Sums of products down the columns, added from first to last: what is left of zero depends on the order."""
    products = left * right if right.ndim == 1 else left[:, None] * right
    return np.cumsum(products, axis=0)[-1] if len(products) else np.zeros(products.shape[1:])


def _length(column: np.ndarray) -> float:
    return float(np.sqrt(_dots(column, column)))


def decompose(table: np.ndarray, tolerance: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Reflections and triangle in one array, the reflections' first elements, the columns' order, the rank."""
    made = table.copy()
    rows, columns = made.shape
    order = np.arange(columns)
    rest = np.array([_length(made[:, at]) for at in range(columns)])
    exact = rest.copy()
    first = np.where(rest == 0, 1.0, rest)
    heads = rest.copy()
    rank = columns
    for at in range(min(rows, columns)):
        while at < rank and heads[at] < first[at] * tolerance:
            for array in (order, heads, exact, first):
                array[at:] = np.roll(array[at:], -1)
            made[:, at:] = np.roll(made[:, at:], -1, axis=1)
            rank -= 1
        if at == rows - 1:
            break
        size = _length(made[at:, at])
        if size == 0:
            continue
        size = -size if made[at, at] < 0 else size
        mirror = made[at:, at]
        mirror *= 1 / size
        mirror[0] += 1
        for other in range(at + 1, columns):
            column = made[at:, other]
            column -= float(_dots(mirror, column)) / mirror[0] * mirror
            if heads[other] == 0:
                continue
            left = max(1 - (abs(float(made[at, other])) / heads[other]) ** 2, 0.0)
            if left < _NEARLY_GONE:
                heads[other] = exact[other] = _length(made[at + 1 :, other])
            else:
                heads[other] *= np.sqrt(left)
        heads[at] = mirror[0]
        made[at, at] = -size
    return made, heads, order, min(rank, rows)


@builtin("qr", "x, ...", generic="s3")
def qr(x: Any, dots: Dots) -> Any:
    given = dict(dots)
    source = call_builtin("as.matrix", x)
    table = as_matrix_array(source, "double")
    if not np.isfinite(table).all():
        fail("NA/NaN/Inf in foreign function call (arg 1)")
    compact, heads, order, rank = decompose(np.asarray(table, np.float64), number(given["tol"]) if "tol" in given else 1e-7)
    shown = from_array("double", compact)
    labels = get_attribute(source, "dimnames")
    if labels is not NULL:
        columns = labels.data[1]
        if columns is not NULL:
            columns = character([columns.items()[at] for at in order])
        shown = shown.with_attribute("dimnames", mk_list([labels.data[0], columns]))
    parts = [shown, integer(rank), double(heads), integer([int(at) + 1 for at in order])]
    return mk_list(parts, ["qr", "rank", "qraux", "pivot"]).with_attribute("class", character("qr"))


class _Parts:
    """The arrays of a decomposition that a program hands back."""

    def __init__(self, value: Any) -> None:
        if type(value) is not Vector or value.kind != "list" or "qr" not in (explicit_class(value) or []):
            fail("argument is not a QR decomposition")
        named = dict(zip(names_of(value) or [], value.data, strict=True))
        self.table = np.asarray(as_matrix_array(named["qr"], "double"), np.float64)
        self.rank = whole(named["rank"])
        self.heads = named["qraux"].data
        self.order = [int(one) - 1 for one in named["pivot"].items()]
        labels = get_attribute(named["qr"], "dimnames")
        self.rows = NULL if labels is NULL else labels.data[0]
        self.columns = NULL if labels is NULL else labels.data[1]

    def turned(self, y: np.ndarray, back: bool) -> np.ndarray:
        """Q y, or with `back` the transpose of Q times y."""
        made = np.array(y, np.float64)
        count = min(self.rank, self.table.shape[0] - 1)
        for at in range(count) if back else reversed(range(count)):
            if self.heads[at] == 0:
                continue
            mirror = np.concatenate(([self.heads[at]], self.table[at + 1 :, at]))
            made[at:] -= np.outer(mirror, _dots(mirror, made[at:]) / mirror[0])
        return made

    def triangle(self) -> np.ndarray:
        return np.triu(self.table[: min(self.table.shape)])

    def solved(self, y: np.ndarray) -> np.ndarray:
        """Coefficients in the order of the original columns, NA for those left out."""
        turned = self.turned(y, True)[: self.rank]
        found = np.full((self.table.shape[1], y.shape[1]), NA_REAL)
        if self.rank:
            found[self.order[: self.rank]] = _back(self.triangle()[: self.rank, : self.rank], turned)
        return found


def _back(upper: np.ndarray, right: np.ndarray) -> np.ndarray:
    made = np.array(right)
    for at in reversed(range(len(upper))):
        made[at] /= upper[at, at]
        made[:at] -= np.outer(upper[:at, at], made[at])
    return made


def _columns(y: Any, rows: int) -> tuple[np.ndarray, bool]:
    plain = dim_of(y) is None
    table = np.asarray(as_matrix_array(call_builtin("as.matrix", y), "double"), np.float64)
    if len(table) != rows:
        fail("'qr' and 'y' must have the same number of rows")
    return table, plain


def _like(table: np.ndarray, plain: bool, y: Any, rows: Any = NULL) -> Vector:
    if plain:
        made = double(table[:, 0])
        return made if rows is NULL else made.with_attribute("names", rows)
    made = from_array("double", table)
    labels = get_attribute(y, "dimnames")
    columns = NULL if labels is NULL else labels.data[1]
    if rows is NULL and columns is NULL:
        return made
    return made.with_attribute("dimnames", mk_list([rows, columns]))


@builtin("qr.qy", "qr, y")
def qr_qy(qr: Any, y: Any) -> Any:
    parts = _Parts(qr)
    table, plain = _columns(y, len(parts.table))
    return _like(parts.turned(table, False), plain, y)


@builtin("qr.qty", "qr, y")
def qr_qty(qr: Any, y: Any) -> Any:
    parts = _Parts(qr)
    table, plain = _columns(y, len(parts.table))
    return _like(parts.turned(table, True), plain, y)


@builtin("qr.coef", "qr, y")
def qr_coef(qr: Any, y: Any) -> Any:
    parts = _Parts(qr)
    table, plain = _columns(y, len(parts.table))
    names: Any = NULL
    if parts.columns is not NULL:
        placed: list[str | None] = [""] * len(parts.order)
        for at, place in enumerate(parts.order):
            placed[place] = parts.columns.items()[at]
        names = character(placed)
    return _like(parts.solved(table), plain, y, names)


def _fitted(parts: _Parts, table: np.ndarray, rest: bool) -> np.ndarray:
    turned = parts.turned(table, True)
    if rest:
        turned[: parts.rank] = 0
    else:
        turned[parts.rank :] = 0
    return parts.turned(turned, False)


@builtin("qr.fitted", "qr, y, k = NULL")
def qr_fitted(qr: Any, y: Any, k: Any) -> Any:
    parts = _Parts(qr)
    if k is not NULL:
        parts.rank = min(whole(k, "k"), parts.rank)
    table, plain = _columns(y, len(parts.table))
    return _like(_fitted(parts, table, False), plain, y)


@builtin("qr.resid", "qr, y")
def qr_resid(qr: Any, y: Any) -> Any:
    parts = _Parts(qr)
    table, plain = _columns(y, len(parts.table))
    return _like(_fitted(parts, table, True), plain, y)


@builtin("qr.Q", "qr, complete = FALSE, ...")
def qr_q(qr: Any, complete: Any, dots: Dots) -> Any:
    parts = _Parts(qr)
    rows, columns = parts.table.shape
    start = np.eye(rows, rows if flag(complete) else min(rows, columns))
    return from_array("double", parts.turned(start, False))


@builtin("qr.R", "qr, complete = FALSE, ...")
def qr_r(qr: Any, complete: Any, dots: Dots) -> Any:
    parts = _Parts(qr)
    made = np.triu(parts.table) if flag(complete) else parts.triangle()
    shown = from_array("double", made)
    if parts.columns is NULL:
        return shown
    rows = NULL if parts.rows is NULL else character(list(parts.rows.items())[: len(made)])
    return shown.with_attribute("dimnames", mk_list([rows, parts.columns]))


@builtin("qr.X", "qr, complete = FALSE, ncol = NULL")
def qr_x(qr: Any, complete: Any, ncol: Any) -> Any:
    only_default("qr.X", complete=(complete, False), ncol=(ncol, None))
    parts = _Parts(qr)
    rows, columns = parts.table.shape
    start = np.zeros((rows, columns))
    start[: min(rows, columns)] = parts.triangle()
    made = np.empty_like(start)
    made[:, parts.order] = parts.turned(start, False)
    shown = from_array("double", made)
    if parts.columns is NULL:
        return shown
    placed: list[str | None] = [""] * columns
    for at, place in enumerate(parts.order):
        placed[place] = parts.columns.items()[at]
    return shown.with_attribute("dimnames", mk_list([parts.rows, character(placed)]))


@builtin(("qr.solve", "solve.qr"), "a, b, tol = 1e-7")
def qr_solve(a: Any, b: Any = None, tol: Any = None) -> Any:
    if "qr" not in (explicit_class(a) or []):
        a = qr(a, [("tol", tol)])
    parts = _Parts(a)
    if parts.rank < min(parts.table.shape):
        fail("singular matrix 'a' in solve")
    if b is None:
        b = from_array("double", np.eye(len(parts.table)))
    return qr_coef(a, b)


@builtin("is.qr", "x")
def is_qr(x: Any) -> Any:
    return logical("qr" in (explicit_class(x) or []))
