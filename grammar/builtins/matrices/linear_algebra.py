"""Linear algebra: products, solving, decompositions, norms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.programs.language import function_of
from pipekeras.grammar.builtins.registry import REGISTRY, builtin, call_function
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.numeric.dense_algebra import (
    cholesky,
    determinant,
    inverse_of_factored,
    lu_decompose,
    product,
    solved,
    triangular_solution,
)
from pipekeras.grammar.numeric.symmetric_eigen import symmetric_eigen
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
    logical,
    mk_list,
    names_of,
)
from pipekeras.grammar.vectors.arguments import count, flag, number
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.frames import is_frame
from pipekeras.grammar.vectors.recycling import resized
from pipekeras.grammar.vectors.report import fail, no_method
from pipekeras.grammar.vectors.shapes import (
    as_array,
    as_matrix_array,
    axis_names,
    dimension_labels,
    dimension_list,
    from_array,
)

Dots = list[tuple[str | None, Any]]


def _product_operand(x: Any) -> Any:
    other = is_frame(x) or type(x) is not Vector or x.kind in ("character", "list", "raw", "expression")
    if other or "factor" in (explicit_class(x) or []):
        fail("requires numeric/complex matrix/vector arguments")
    return x


def _flat(x: Vector) -> Vector:
    """What is neither a matrix nor of one extent counts as a vector."""
    shape = dim_of(x)
    return x if shape is None or len(shape) == 2 else x.with_attributes(None)


def multiply(x: Any, y: Any) -> Vector:
    """Matrix product; a vector counts as a row or a column, whichever fits."""
    x, y = _flat(_product_operand(x)), _flat(_product_operand(y))
    kind = "complex" if "complex" in (x.kind, y.kind) else "double"
    left_shape, right_shape = dim_of(x), dim_of(y)
    left, right = as_array(x, kind), as_array(y, kind)
    left_names = axis_names(x, 0) if left_shape is not None else NULL
    right_names = axis_names(y, 1) if right_shape is not None else NULL
    if left.ndim == 1 and right.ndim == 1:
        if len(left) == len(right):
            left, right = left.reshape(1, -1), right.reshape(-1, 1)
        elif len(left) == 1:
            left, right = left.reshape(1, 1), right.reshape(1, -1)
        else:
            fail("non-conformable arguments")
    elif left.ndim == 1:
        rows = right.shape[0]
        # A vector that fits neither way counts as a matrix without elements.
        left = left.reshape(1, -1) if len(left) == rows else left.reshape(-1, 1) if rows == 1 else np.empty((0, 0), left.dtype)
    elif right.ndim == 1:
        columns = left.shape[1]
        right = right.reshape(-1, 1) if len(right) == columns else right.reshape(1, -1) if columns == 1 else np.empty(
            (0, 0), right.dtype)
    if left.ndim != 2 or right.ndim != 2 or left.shape[1] != right.shape[0]:
        fail("non-conformable arguments")
    titles = [dimension_labels(x) if left_shape is not None else None,
              dimension_labels(y) if right_shape is not None else None]
    labels = None
    if titles[0] is not None or titles[1] is not None:
        labels = ["" if titles[0] is None else titles[0][0] or "", "" if titles[1] is None else titles[1][1] or ""]
    names = dimension_list(left_names, right_names, labels=labels)
    if kind == "double" and (np.isnan(left).any() or np.isnan(right).any()):
        return from_array(kind, _product_with_missing(left, right), names)
    return from_array(kind, product(left, right), names)


def _product_with_missing(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The product where numbers are missing: the first missing one on the way of a sum decides between NA and NaN."""
    made = np.zeros((left.shape[0], right.shape[1]), np.longdouble)
    first = np.zeros(made.shape)
    with np.errstate(all="ignore"):
        for k in range(left.shape[1]):
            row, column = np.broadcast_arrays(right[k], left[:, k, None])
            step = np.where(np.isnan(column), column, np.where(np.isnan(row), row, column * row))
            known = ~np.isnan(first)
            made = made + step
            first = np.where(known & np.isnan(step), step, first)
        result = made.astype(np.float64)
    return np.where(np.isnan(first), first, result)


@builtin("%*%", "x, y", group="matrixOps")
def matrix_product(x: Any, y: Any) -> Any:
    return multiply(x, y)


def _column_matrix(x: Any) -> Any:
    return x if len(dim_of(x) or ()) == 2 else from_array(x.kind, x.data.reshape(-1, 1))


def _line_beside(x: Any, other: Any, axis: int) -> Any:
    """A vector as the row or the column that fits the extent of the other operand's matrix along an axis."""
    extents = dim_of(other) or ()
    if len(dim_of(x) or ()) == 2 or len(extents) != 2:
        return _column_matrix(x)
    as_row = len(x) == extents[1] if axis == 1 else len(x) != extents[0] and extents[0] == 1
    return from_array(x.kind, x.data.reshape(1, -1)) if as_row else _column_matrix(x)


@builtin("crossprod", "x, y = NULL")
def cross_product(x: Any, y: Any) -> Any:
    left = _product_operand(x)
    if y is NULL:
        left = right = _column_matrix(left)
    else:
        # One number beside a vector is a matrix of one row.
        single = len(left) == 1 and len(dim_of(left) or ()) != 2
        right = _product_operand(y)
        left = _column_matrix(left)
        right = _line_beside(right, left, 0) if not single or len(dim_of(right) or ()) == 2 else from_array(
            right.kind, right.data.reshape(1, -1))
    return multiply(call_builtin("t", left), right)


@builtin("tcrossprod", "x, y = NULL")
def transposed_cross_product(x: Any, y: Any) -> Any:
    left = _product_operand(x)
    right = left if y is NULL else _product_operand(y)
    if len(dim_of(left) or ()) != 2:
        left, right = _line_beside(left, right, 1), _column_matrix(right)
    elif (dim_of(left) or [0])[0] == 1:
        right = _line_beside(right, left, 1)  # a vector is a row only beside a single row
    else:
        right = _column_matrix(right)
    return multiply(left, call_builtin("t", right))


@builtin("diag", "x = 1, nrow, ncol, names = TRUE")
def diag(x: Any, nrow: Any = None, ncol: Any = None, names: Any = None) -> Any:
    shape = dim_of(x)
    if shape is not None and len(shape) == 2:
        if nrow is not None or ncol is not None:
            fail("'nrow' or 'ncol' cannot be specified when 'x' is a matrix")
        line = np.array(np.diagonal(as_array(x)))
        rows, columns = axis_names(x, 0), axis_names(x, 1)
        if rows is not NULL and columns is not NULL and flag(names):
            size = len(line)
            if rows.items()[:size] == columns.items()[:size]:
                return Vector(x.kind, line, {"names": character(rows.items()[:size])})
        return Vector(x.kind, line)
    if shape is not None and len(shape) > 2:
        fail("'x' is an array, but not one-dimensional.")
    if x is NULL:
        x = Vector("double", np.empty(0))
    if x.kind in ("character", "list") and (len(x) != 1 or nrow is not None or ncol is not None):
        x = coerce(x.with_attributes(None), "double")
    if len(x) == 1 and nrow is None and ncol is None:
        size = whole_extent(x)
        return _with_diagonal("double", np.ones(1), size, size)
    rows_count = whole_extent(nrow) if nrow is not None else len(x)
    columns_count = count(ncol, "ncol") if ncol is not None else rows_count
    return _with_diagonal(x.kind, x.data, rows_count, columns_count)


def _with_diagonal(kind: str, data: np.ndarray, rows: int, columns: int) -> Vector:
    """A matrix of zeros but for its diagonal, laid out by columns at once: turning a large one takes seconds."""
    size = min(rows, columns)
    flat = np.zeros(rows * columns, data.dtype)
    flat[: size * (rows + 1) : rows + 1] = resized(data, size)
    return Vector(kind, flat, {"dim": integer([rows, columns])})


def whole_extent(x: Any) -> int:
    """How many rows a number asks for, with R's words for one that cannot."""
    given = coerce(x, "double").data[0].item()
    if given != given or abs(given) > 2147483647:
        fail("invalid 'nrow' value (too large or NA)")
    if given <= -1:
        fail("invalid 'nrow' value (< 0)")
    return int(given)


@builtin("diag<-", "x, value")
def set_diagonal(x: Any, value: Any) -> Any:
    shape = dim_of(x)
    if shape is None or len(shape) != 2:
        fail("only matrix diagonals can be replaced")
    size = min(shape)
    if len(value) not in (1, size):
        fail("replacement diagonal has wrong length")
    if not size:
        return x
    index = from_array("integer", np.repeat(np.arange(1, size + 1, dtype=np.int32)[:, None], 2, axis=1))
    return call_builtin("[<-", x, index, value)


def _square(x: Any) -> np.ndarray:
    table = as_matrix_array(x, "complex" if x.kind == "complex" else "double")
    if table.ndim != 2:
        fail("'a' must be a square matrix")
    _check_square(table)
    return table


def _check_square(table: np.ndarray) -> None:
    if table.shape[0] != table.shape[1]:
        fail(f"'a' ({table.shape[0]} x {table.shape[1]}) must be square")


@builtin("solve", "a, b, ...", generic="s3")
def solve(a: Any, b: Any = None, dots: Any = ()) -> Any:
    right_side = b if type(b) is Vector else None
    complex_side = "complex" in (getattr(a, "kind", ""), getattr(right_side, "kind", ""))
    a = call_builtin("as.matrix", a)
    if type(a) is not Vector or a.kind not in ("logical", "integer", "double", "complex"):
        fail("'a' must be a numeric matrix")
    kind = "complex" if complex_side else "double"
    table = as_matrix_array(a, kind)
    if table.shape[0] == 0:
        fail("'a' is 0-diml")
    _check_square(table)
    right = None if b is None else _right_side(b, kind, table)
    factors, order, zero = lu_decompose(table)
    if np.isnan(table).any() and not zero:
        fail("system is computationally singular: reciprocal condition number = 0")
    if zero:
        fail("Lapack routine zgesv: system is exactly singular" if complex_side else
             f"Lapack routine dgesv: system is exactly singular: U[{zero},{zero}] = 0")
    reciprocal = 1.0 / (np.linalg.cond(table, 1) or np.inf)
    least = next((number(value) for name, value in dots if name == "tol"), 2.220446049250313e-16)
    if reciprocal < least and not complex_side:
        fail(f"system is computationally singular: reciprocal condition number = {reciprocal:.6g}")
    rows, columns = axis_names(a, 0), axis_names(a, 1)
    if right is None:
        return from_array(kind, solved(table, factors, order, np.eye(table.shape[0])), dimension_list(columns, rows))
    solution = solved(table, factors, order, right.reshape(len(right), -1))
    if right.ndim == 1:
        return Vector(kind, solution[:, 0], {"names": columns} if columns is not NULL else None)
    return from_array(kind, solution, dimension_list(columns, axis_names(b, 1)))


def _right_side(b: Any, kind: str, table: np.ndarray) -> np.ndarray:
    """The right-hand side of a system as an array of the kind that is solved in."""
    if is_frame(b):
        b = call_builtin("as.matrix", b)
    if b is NULL:
        b = double([])
    if type(b) is not Vector:
        fail("'b' must be a numeric matrix")
    shape = dim_of(b) or [len(b), 1]
    if shape[0] != table.shape[0]:
        fail(f"'b' ({shape[0]} x {shape[1]}) must be compatible with 'a' ({table.shape[0]} x {table.shape[1]})")
    if shape[1] == 0:
        fail("no right-hand side in 'b'")
    return as_array(b, kind)


def _square_of_numbers(x: Any) -> np.ndarray:
    """A matrix that has a determinant."""
    shape = dim_of(x) if type(x) is Vector else None
    if shape is None or len(shape) != 2:
        no_method("determinant", x)
    if shape[0] != shape[1]:
        fail("'x' must be a square matrix")
    if x.kind == "complex":
        fail("'determinant' not currently defined for complex matrices")
    return as_matrix_array(x, "double")


@builtin("det", "x, ...")
def det(x: Any, dots: Dots) -> Any:
    if explicit_class(x):
        found = call_builtin("determinant", x)
        return double(float(found.data[1].data[0] * np.exp(found.data[0].data[0])))
    table = _square_of_numbers(x)
    sign, logarithm = determinant(table)
    return double(sign * math.exp(logarithm) if logarithm < 709.0 else sign * float(np.exp(logarithm)))


@builtin("determinant", "x, logarithm = TRUE, ...", generic="s3")
def determinant_builtin(x: Any, logarithm: Any, dots: Dots) -> Any:
    sign, size = determinant(_square_of_numbers(x))
    with np.errstate(over="ignore"):
        modulus = double(size if flag(logarithm) else float(np.exp(size)), {"logarithm": logical(flag(logarithm))})
    return mk_list([modulus, integer(int(sign))], ["modulus", "sign"]).with_attribute(
        "class", character("det"))


@builtin("kronecker", "X, Y, FUN = '*', make.dimnames = FALSE, ...", needs_environment=True)
def kronecker(x: Any, y: Any, function: Any, make_dimnames: Any, dots: Dots, *, environment: Environment) -> Any:
    if x is NULL or y is NULL:
        fail("attempt to set an attribute on NULL")
    left, right = (list(dim_of(one) or [len(one)]) for one in (x, y))
    axes = max(len(left), len(right))
    left, right = left + [1] * (axes - len(left)), right + [1] * (axes - len(right))
    if type(function) is not Vector or function.items() != ["*"]:
        function = function_of(function, environment)
    table = call_function(REGISTRY["outer"], [(None, x), (None, y), (None, function), *dots], environment)
    # The axes of the one and of the other alternate, the second one's running faster.
    cells = table.data.reshape([*left, *right], order="F")
    mixed = cells.transpose([part for axis in range(axes) for part in (axes + axis, axis)])
    made = Vector(table.kind, mixed.ravel(order="F"), {"dim": integer([a * b for a, b in zip(left, right, strict=True)])})
    known = [(_names_along(x, axis), _names_along(y, axis)) for axis in range(axes)]
    if not flag(make_dimnames) or all(names is None for pair in known for names in pair):
        return made
    return made.with_attribute("dimnames", dimension_list(*(
        _crossed_names(known[axis][0] or [""] * left[axis], known[axis][1] or [""] * right[axis]) for axis in range(axes))))


def _names_along(x: Any, axis: int) -> list[str] | None:
    """Names along an axis; None where there are none."""
    shape = dim_of(x)
    if shape is None:
        found = names_of(x) if axis == 0 else None
        return None if found is None else [str(name) for name in found]
    names: Any = axis_names(x, axis) if axis < len(shape) else NULL
    return None if names is NULL else [str(name) for name in names.items()]


def _crossed_names(left: list[str], right: list[str]) -> Any:
    return character([f"{a}:{b}" for a in left for b in right])


@builtin("%x%", "X, Y", needs_environment=True)
def kronecker_operator(x: Any, y: Any, *, environment: Environment) -> Any:
    return kronecker(x, y, character("*"), FALSE, [], environment=environment)


@builtin("eigen", "x, symmetric, only.values = FALSE, EISPACK = FALSE")
def eigen(x: Any, symmetric: Any = None, only_values: Any = FALSE, eispack: Any = FALSE) -> Any:
    given = call_builtin("as.matrix", x)
    if len(set(dim_of(given) or ())) > 1:
        fail("non-square matrix in 'eigen'")
    table = _square(given)
    if not np.isfinite(table).all():
        fail("infinite or missing values in 'x'")
    is_symmetric = bool(np.allclose(table, table.conj().T, rtol=1e-13)) if symmetric is None else flag(symmetric)
    if is_symmetric and not np.iscomplexobj(table):
        values, vectors = symmetric_eigen(table)
    elif is_symmetric:
        values, vectors = np.linalg.eigh(table)
        values, vectors = values[::-1], vectors[:, ::-1]
    else:
        values, vectors = np.linalg.eig(table)
        order = np.argsort(-np.abs(values), kind="stable")
        values, vectors = values[order], vectors[:, order]
        if np.iscomplexobj(values) and not np.iscomplexobj(table) and np.all(values.imag == 0):
            values, vectors = values.real, vectors.real
    kind = "complex" if np.iscomplexobj(vectors) else "double"
    shown = NULL if flag(only_values) else from_array(kind, np.ascontiguousarray(vectors))
    kind = "complex" if np.iscomplexobj(values) else "double"
    made = mk_list([Vector(kind, np.ascontiguousarray(values)), shown], ["values", "vectors"])
    return made if flag(only_values) else made.with_attribute("class", character("eigen"))


@builtin("svd", "x, nu, nv")
def svd(x: Any, nu: Any = None, nv: Any = None) -> Any:
    kind = "complex" if type(x) is Vector and x.kind == "complex" else "double"
    table = as_matrix_array(call_builtin("as.matrix", x), kind)
    if not np.isfinite(table).all():
        fail("infinite or missing values in 'x'")
    if not table.size:
        fail("a dimension is zero")
    thin = min(table.shape)
    asked = [thin if wanted is None else count(wanted, name) for name, wanted in (("nu", nu), ("nv", nv))]
    left, values, right = np.linalg.svd(table, full_matrices=max(asked) > thin)
    parts = [double(values)]
    names = ["d"]
    for name, kept, vectors in (("u", asked[0], left), ("v", asked[1], right.conj().T)):
        if kept > vectors.shape[0]:
            fail(f"invalid 'n{name}': {kept} singular vectors of length {vectors.shape[0]}")
        if kept:
            parts.append(from_array(kind, vectors[:, :kept]))
            names.append(name)
    return mk_list(parts, names)


@builtin("chol", "x, ...", generic="s3")
def cholesky_factor(x: Any, dots: Dots) -> Any:
    if any(name == "pivot" and flag(value) for name, value in dots):
        raise RError("argument 'pivot' of chol() is not supported", mend="chol() works without pivots; see qr()")
    if type(x) is Vector and len(set(dim_of(x) or ())) > 1:
        fail("'a' must be a square matrix")
    if type(x) is Vector and x.kind == "complex":
        fail("complex matrices not permitted at present")
    table = _square(x)
    upper, minor = cholesky(table)
    if minor:
        fail(f"the leading minor of order {minor} is not positive definite")
    return from_array("double", upper, dimension_list(axis_names(x, 0), axis_names(x, 1)))


@builtin("chol2inv", "x, ...")
def cholesky_inverse(x: Any, dots: Dots) -> Any:
    if type(x) is not Vector or x.kind not in ("logical", "integer", "double"):
        fail("'a' must be a numeric matrix")
    upper = np.triu(_square(x))
    size = next((number(value) for name, value in dots if name in (None, "size")), float(len(upper)))
    if not 0 < size <= len(upper):
        fail("'size' argument must be a positive integer" if not size > 0 else "'size' cannot exceed nrow(x) = "
             f"{len(upper)}")
    upper = upper[: int(size), : int(size)]
    zero = np.flatnonzero(np.diag(upper) == 0)
    if len(zero):
        at = int(zero[0]) + 1
        fail(f"element ({at}, {at}) is zero, so the inverse cannot be computed")
    return from_array("double", inverse_of_factored(upper))


@builtin("backsolve", "r, x, k = ncol(r), upper.tri = TRUE, transpose = FALSE")
def back_solve(r: Any, x: Any, k: Any, upper_tri: Any, transpose: Any) -> Any:
    table = as_matrix_array(r, "double")
    right = as_array(x, "double")
    size = int(number(k))
    if not 0 <= size <= min(table.shape) or len(right) < size:
        fail("invalid 'k' argument")
    table, right = table[:size, :size], right[:size]
    zero = np.flatnonzero(np.diag(table) == 0)
    if len(zero):
        fail(f"singular matrix in 'backsolve'. First zero in diagonal [{int(zero[0]) + 1}]")
    upper = flag(upper_tri)
    if flag(transpose):
        table, upper = table.T, not upper
    solution = triangular_solution(table, right.reshape(len(right), -1), upper)
    return Vector("double", solution[:, 0]) if right.ndim == 1 else from_array("double", solution)


@builtin("norm", "x, type = c('O', 'I', 'F', 'M', '2')")
def norm(x: Any, type: Any) -> Any:
    wanted = str(type.items()[0]).upper()
    if wanted == "2" and dim_of(x) is None and x.kind in ("logical", "integer", "double") and len(x):
        # The largest singular value takes a vector for a column.
        values = coerce(x, "double").data
        return double(NA_REAL if np.isnan(values).any() else float(np.linalg.norm(values)))
    if dim_of(x) is None or len(dim_of(x) or ()) != 2 or x.kind in ("character", "list"):
        fail("'A' must be a numeric matrix")
    table = as_matrix_array(x, "double")
    if len(wanted) != 1:
        fail(f"argument type[1]='{type.items()[0]}' must be a character string of string length 1")
    if wanted in ("O", "1"):
        return double(float(np.abs(table).sum(axis=0).max()))
    if wanted == "I":
        return double(float(np.abs(table).sum(axis=1).max()))
    if wanted in ("F", "E"):
        return double(float(np.sqrt((table * table).sum())))
    if wanted == "M":
        return double(float(np.abs(table).max()))
    if wanted == "2":
        return double(float(np.linalg.norm(table, 2)))
    return fail(f"argument type[1]='{type.items()[0]}' must be one of 'M','1','O','I','F' or 'E'")
