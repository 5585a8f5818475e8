"""Matrices and arrays: construction, binding, transposition, sums, apply, sweep, outer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin, dimension_names
from pipekeras.grammar.builtins.registry import REGISTRY, builtin, call_function
from pipekeras.grammar.values import (
    FALSE,
    NA_INTEGER,
    NA_REAL,
    NULL,
    Vector,
    character,
    dim_of,
    dispatch_class,
    explicit_class,
    get_attribute,
    integer,
    logical,
    mk_list,
    names_of,
)
from pipekeras.grammar.vectors.arguments import choice, count, flag, number
from pipekeras.grammar.vectors.coerce import coerce, integers, missing_value
from pipekeras.grammar.vectors.frames import is_frame
from pipekeras.grammar.vectors.indexing import drop_dimensions
from pipekeras.grammar.vectors.recycling import resized
from pipekeras.grammar.vectors.report import fail, warn
from pipekeras.grammar.vectors.shapes import as_array, axis_names, dimension_labels, dimension_list, from_array, stacked

Dots = list[tuple[str | None, Any]]


def _absent(kind: str) -> Any:
    """What fills an array for which there is nothing: of a complex number the real part alone is missing."""
    return complex(NA_REAL, 0.0) if kind == "complex" else missing_value(kind)


@builtin("matrix", "data = NA, nrow, ncol, byrow = FALSE, dimnames = NULL")
def matrix(data: Any, nrow: Any = None, ncol: Any = None, byrow: Any = FALSE, dimnames: Any = NULL) -> Any:
    return _matrix(data, nrow, ncol, byrow, dimnames)


def _matrix(data: Any, nrow: Any, ncol: Any, byrow: Any, dimnames: Any) -> Any:
    if is_frame(data):
        # A frame is the list of its columns here: each becomes one cell.
        data = Vector("list", data.data)
    if type(data) is not Vector:
        kind = call_builtin("typeof", data).items()[0]
        if kind in ("symbol", "environment", "closure", "builtin", "special"):
            fail(f"cannot coerce type '{kind}' to vector of type 'any'")
        fail(f"'data' must be of a vector type, was '{kind}'")
    if "factor" in (explicit_class(data) or []):
        data = call_builtin("as.character", data)
    elif "POSIXlt" in (explicit_class(data) or []):
        data = call_builtin("as.vector", data)
    size = len(data)
    rows = None if nrow is None else _extent(nrow, "nrow")
    columns = None if ncol is None else _extent(ncol, "ncol")
    if rows is None and columns is None:
        rows, columns = size, 1
    elif rows is None:
        assert columns is not None
        if columns == 0 and size:
            fail("data is too long")
        rows = -(-size // columns) if columns else 0
    elif columns is None:
        if rows == 0 and size:
            fail("data is too long")
        columns = -(-size // rows) if rows else 0
    total = rows * (columns or 0)
    if size > 1 and total and total % size:
        if (size > rows and size % rows) or (size < rows and rows % size):
            warn(f"data length [{size}] is not a sub-multiple or multiple of the number of rows [{rows}]")
        elif columns and ((size > columns and size % columns) or (size < columns and columns % size)):
            warn(f"data length [{size}] is not a sub-multiple or multiple of the number of columns [{columns}]")
        elif nrow is not None and ncol is not None:
            warn(f"data length differs from size of matrix: [{size} != {rows} x {columns}]")
    if size > 1 and total == 0:
        warn("non-empty data for zero-extent matrix")
    if size == 0:
        filled = np.empty(total, data.data.dtype)
        filled[:] = _absent(data.kind)
    else:
        filled = data.data if size == total else resized(data.data, total)
    if flag(byrow, "byrow"):
        filled = filled.reshape(rows, columns).ravel(order="F")
    attributes: dict[str, Any] = {"dim": integer([rows, columns])}
    if dimnames is not NULL and len(dimnames):
        checked = dimension_names(dimnames, [rows, columns or 0])
        if checked is not NULL:
            attributes["dimnames"] = checked
    return Vector(data.kind, filled, attributes)


def _extent(value: Any, name: str) -> int:
    if type(value) is not Vector or value.kind not in ("logical", "integer", "double"):
        fail("non-numeric matrix extent")
    amount = coerce(value, "double").data[0].item() if len(value) else math.nan
    if abs(amount) > 2147483647:
        warn("NAs introduced by coercion to integer range")
        amount = math.nan
    if amount != amount:
        fail(f"invalid '{name}' value (too large or NA)")
    if amount < 0:
        fail(f"invalid '{name}' value (< 0)")
    return int(amount)


@builtin("array", "data = NA, dim = length(data), dimnames = NULL")
def array(data: Any, dim: Any, dimnames: Any) -> Any:
    if type(data) is not Vector:
        fail("'data' must be of a vector type, was 'NULL'")
    if explicit_class(data):
        data = call_builtin("as.vector", data)
    shape = np.empty(0, np.int32) if dim is NULL else coerce(dim, "integer").data
    if len(shape) == 0:
        fail("'dims' cannot be of length 0")
    if (shape < 0).any():
        # R multiplies first: only where an even number of extents is below 0 it looks at each of them.
        if (shape < 0).sum() % 2 and (shape != 0).all():
            fail("negative length vectors are not allowed")
        fail("the dims contain missing values" if (shape == NA_INTEGER).any() else "the dims contain negative values")
    total = int(np.prod(shape.astype(np.int64)))
    if len(data) == 0:
        filled = np.empty(total, data.data.dtype)
        filled[:] = _absent(data.kind)
    else:
        filled = data.data if len(data) == total else resized(data.data, total)
    attributes: dict[str, Any] = {"dim": integer(shape)}
    if dimnames is not NULL and len(dimnames):
        checked = dimension_names(dimnames, shape.tolist())
        if checked is not NULL:
            attributes["dimnames"] = checked
    return Vector(data.kind, filled, attributes)


@builtin("t", "x", generic="s3")
def transpose(x: Any) -> Any:
    if type(x) is not Vector:
        fail("argument is not a matrix")
    if is_frame(x):
        x = call_builtin("as.matrix", x)
    shape = dim_of(x)
    if shape is None or len(shape) == 1:
        names = names_of(x)
        own = axis_names(x, 0) if shape is not None else character(names) if names else NULL
        titles = dimension_labels(x) if shape is not None else None
        parts = dimension_list(NULL, own, labels=["", titles[0] or ""] if titles else None)
        made = from_array(x.kind, x.data.reshape(1, -1), parts)
    elif len(shape) == 2:
        labels = dimension_labels(x)
        parts = dimension_list(axis_names(x, 1), axis_names(x, 0), labels=labels[::-1] if labels else None)
        made = from_array(x.kind, as_array(x).T, parts)
    else:
        fail("argument is not a matrix")
    if not x.attributes:
        return made
    if shape is not None and "dimnames" in x.attributes and "dimnames" not in (made.attributes or {}):
        titles = dimension_labels(x)
        titles = ["", titles[0] or ""] if titles and len(shape) == 1 else titles[::-1] if titles else None
        made = made.with_attribute("dimnames", mk_list([NULL, NULL], titles))
    extra = {k: v for k, v in x.attributes.items() if k not in ("dim", "dimnames", "names")}
    return made.with_attributes({**(made.attributes or {}), **extra}) if extra else made


def _permutation(a: Vector, perm: Any, shape: list[int]) -> list[int]:
    """The old axis of each new one, from 0; nothing turns the axes around."""
    if not len(perm):
        return list(range(len(shape)))[::-1]
    if len(perm) != len(shape):
        fail(f"'perm' is of wrong length {len(perm)} (!= {len(shape)})")
    if perm.kind == "character":
        labels = dimension_labels(a)
        if labels is None:
            fail("'a' does not have named dimnames")
        unknown = next((at for at, name in enumerate(perm.items(), 1) if name not in labels), None)
        if unknown is not None:
            fail(f"'perm[{unknown}]' does not match a dimension name")
        places = [labels.index(name) + 1 for name in perm.items()]
    else:
        places = integers(perm).tolist()
    if not all(1 <= place <= len(shape) for place in places):
        fail("value out of range in 'perm'")
    if len(set(places)) != len(places):
        fail("invalid 'perm' argument")
    return [place - 1 for place in places]


@builtin("aperm", "a, perm = NULL, resize = TRUE, ...", generic="s3")
def permute(a: Any, perm: Any, resize: Any, dots: Dots) -> Any:
    shape = dim_of(a)
    if shape is None:
        fail("invalid first argument, must be an array")
    order = list(range(len(shape)))[::-1] if perm is NULL else _permutation(a, perm, shape)
    labels = dimension_labels(a)
    names: Any = NULL
    if get_attribute(a, "dimnames") is not NULL:
        names = mk_list([axis_names(a, k) for k in order], [labels[k] or "" for k in order] if labels else None)
    made = from_array(a.kind, as_array(a).transpose(order), names)
    if not flag(resize):
        return made.with_attributes({"dim": integer(shape)})
    if "table" in (explicit_class(a) or []):
        return made.with_attributes({**(made.attributes or {}), "class": a.attributes["class"]})
    return made


@builtin("drop", "x")
def drop(x: Any) -> Any:
    return drop_dimensions(x)


def _row_sums(x: Any, na_rm: bool, by_row: bool, mean: bool, dims: int) -> Any:
    if is_frame(x):
        x = call_builtin("as.matrix", x)
    shape = dim_of(x)
    if shape is None or len(shape) < 2:
        fail("'x' must be an array of at least two dimensions")
    if x.kind in ("character", "list", "raw"):
        fail("'x' must be numeric")
    if x.kind == "complex":
        parts = [_row_sums(Vector("double", np.ascontiguousarray(part), x.attributes), na_rm, by_row, mean, dims)
                 for part in (x.data.real, x.data.imag)]
        return Vector("complex", parts[0].data + 1j * parts[1].data, parts[0].attributes)
    data = coerce(x, "double").data
    kept_shape = shape[:dims] if by_row else shape[dims:]
    first = int(np.prod(shape[:dims]))
    table = data.reshape((first, -1), order="F") if len(data) else data.reshape((first, int(np.prod(shape[dims:]))))
    wide = table.astype(np.longdouble)
    axis = 1 if by_row else 0
    amount: Any = table.shape[axis]
    if na_rm:
        missing = np.isnan(table)
        wide = np.where(missing, 0, wide)
        amount = (~missing).sum(axis=axis)
    total = wide.sum(axis=axis)
    if mean:
        with np.errstate(all="ignore"):
            total = total / amount
    result = total.astype(np.float64)
    if not na_rm:
        lost = np.isnan(result)
        if lost.any():
            for k in np.flatnonzero(lost).tolist():
                line = table[k] if by_row else table[:, k]
                result[k] = line.sum() if np.isnan(line).any() else result[k]
    if len(kept_shape) > 1:
        labels = get_attribute(x, "dimnames")
        names = NULL
        if labels is not NULL:
            chosen = labels.data[:dims] if by_row else labels.data[dims:]
            titles = dimension_labels(x)
            left = None if titles is None else titles[:dims] if by_row else titles[dims:]
            names = dimension_list(*chosen, labels=left)
        return from_array("double", result.reshape(kept_shape, order="F"), names)
    names = axis_names(x, 0 if by_row else len(shape) - 1)
    return Vector("double", result, {"names": names} if names is not NULL else None)


def _enter_sums(name: str, by_row: bool, mean: bool) -> None:
    @builtin(name, "x, na.rm = FALSE, dims = 1L")
    def sums(x: Any, na_rm: Any, dims: Any) -> Any:
        if type(na_rm) is not Vector or na_rm.kind in ("character", "list") or not len(na_rm):
            fail("invalid 'na.rm' argument")
        return _row_sums(x, flag(na_rm, "na.rm"), by_row, mean, count(dims, "dims"))


_enter_sums("rowSums", True, False)
_enter_sums("rowMeans", True, True)
_enter_sums("colSums", False, False)
_enter_sums("colMeans", False, True)


def _as_named_factor(x: Any, codes: Any, axis: int) -> Any:
    """Subscripts as the levels that their rows or columns are called by."""
    names = axis_names(x, axis)
    shape = dim_of(codes) or [0, 0]
    texts = [str(k) for k in range(1, shape[axis] + 1)] if names is NULL else names.items()
    return codes.with_attributes({**codes.attributes, "levels": character(texts), "class": character("factor")})


@builtin("row", "x, as.factor = FALSE")
def row_index(x: Any, as_factor: Any) -> Any:
    shape = dim_of(x) if not is_frame(x) else None
    if shape is None or len(shape) != 2:
        shape = [int(k) for k in call_builtin("dim", x).data] if is_frame(x) else fail(
            "a matrix-like object is required as argument to 'row'")
    codes = _places(shape, 0)
    return _as_named_factor(x, codes, 0) if flag(as_factor) else codes


@builtin("col", "x, as.factor = FALSE")
def column_index(x: Any, as_factor: Any) -> Any:
    shape = dim_of(x) if not is_frame(x) else [int(k) for k in call_builtin("dim", x).data]
    if shape is None or len(shape) != 2:
        fail("a matrix-like object is required as argument to 'col'")
    codes = _places(shape, 1)
    return _as_named_factor(x, codes, 1) if flag(as_factor) else codes


def _places(shape: Sequence[int], axis: int) -> Vector:
    """A matrix of the number of every cell's row, or column."""
    numbers = np.arange(1, shape[axis] + 1, dtype=np.int32)
    return from_array("integer", np.broadcast_to(numbers[:, None] if axis == 0 else numbers[None, :], tuple(shape)))


@builtin(".row", "dim")
def row_of_extents(dim: Any) -> Any:
    return _places(_two_extents(dim, "row"), 0)


@builtin(".col", "dim")
def column_of_extents(dim: Any) -> Any:
    return _places(_two_extents(dim, "col"), 1)


def _two_extents(dim: Any, name: str) -> list[int]:
    extents = [] if type(dim) is not Vector else [int(extent) for extent in coerce(dim, "integer").data]
    if len(extents) != 2:
        fail(f"a matrix-like object is required as argument to '{name}'")
    if min(extents) < 0:
        fail("negative extents to matrix")
    if extents[0] * extents[1] >= 2**31:
        fail("vector is too large")
    return extents


def _triangle(x: Any, diagonal: bool, lower: bool) -> Any:
    extents = call_builtin("dim", x)
    shape = [] if extents is NULL else [int(extent) for extent in extents.data]
    if len(shape) != 2:
        shape = dim_of(call_builtin("as.matrix", x)) or []
    rows, columns = np.arange(shape[0])[:, None], np.arange(shape[1])[None, :]
    mask = (rows >= columns if diagonal else rows > columns) if lower else rows <= columns if diagonal else rows < columns
    return from_array("logical", mask.astype(np.int32))


@builtin("lower.tri", "x, diag = FALSE")
def lower_triangle(x: Any, diag: Any) -> Any:
    return _triangle(x, flag(diag), True)


@builtin("upper.tri", "x, diag = FALSE")
def upper_triangle(x: Any, diag: Any) -> Any:
    return _triangle(x, flag(diag), False)


@builtin("max.col", "m, ties.method = c('random', 'first', 'last')")
def max_column(m: Any, ties_method: Any) -> Any:
    from pipekeras.grammar.numeric.generator import GENERATOR

    method = choice(ties_method, ("random", "first", "last"))
    table = as_array(call_builtin("as.matrix", m), "double")
    result: list[int | None] = []
    for line in table:
        if not len(line) or np.isnan(line).any():
            result.append(None)
            continue
        if method == "random":
            tolerance = 1e-5 * np.abs(line[np.isfinite(line)]).max(initial=0.0)
            best, at, ties = float(line[0]), 0, 1
            for k in range(1, len(line)):
                if line[k] > best + tolerance:
                    best, at, ties = float(line[k]), k, 1
                elif line[k] >= best - tolerance:
                    ties += 1
                    if ties * GENERATOR.uniform() < 1.0:
                        at = k
            result.append(at + 1)
        else:
            hits = np.flatnonzero(line == line.max())
            result.append(int(hits[0 if method == "first" else -1]) + 1)
    return integer(result)


@builtin("as.matrix", "x, ...", generic="s3")
def as_matrix(x: Any, dots: Dots) -> Any:
    if getattr(x, "kind", None) == "externalptr":
        from pipekeras.grammar.vectors.objects import as_vector

        x = as_vector(x)
    if x is NULL:
        fail("'data' must be of a vector type, was 'NULL'")
    if type(x) is not Vector:
        fail(f"cannot coerce type '{call_builtin('typeof', x).items()[0]}' to vector of type 'any'")
    shape = dim_of(x)
    if shape is not None and len(shape) == 2:
        return x
    names = names_of(x)
    if "factor" in (explicit_class(x) or []):
        x = call_builtin("as.character", x)
    part = character(names) if names is not None else NULL
    if shape is not None:
        part = axis_names(x, 0) if len(shape) == 1 else NULL
    return from_array(x.kind, x.data.reshape(-1, 1), dimension_list(part, NULL))


@builtin("as.array", "x, ...", generic="s3")
def as_array_builtin(x: Any, dots: Dots) -> Any:
    if x is NULL:
        fail("attempt to set an attribute on NULL")
    if getattr(x, "kind", None) == "externalptr":
        from pipekeras.grammar.vectors.objects import as_vector

        x = as_vector(x)
    if dim_of(x) is not None:
        return x
    names = names_of(x)
    made = x.with_attribute("names", NULL).with_attribute("dim", integer([len(x)]))
    return made if names is None else made.with_attribute("dimnames", mk_list([character(names)]))


@builtin("array_reshape", "x, dim, order = c('C', 'F')", package="reticulate")
def array_reshape(x: Any, dim: Any, order: Any) -> Any:
    if is_frame(x):
        x = call_builtin("as.matrix", x)
    if getattr(x, "kind", None) == "externalptr":
        from pipekeras.grammar.vectors.objects import as_vector

        x = as_vector(x)
    wanted: Any = dim
    if type(dim) is Vector and dim.kind == "list":
        wanted = integer([-1 if part is NULL else int(number(part)) for part in dim.data])
    shape = [int(k) for k in coerce(wanted, "double").data]
    layout = choice(order, ("C", "F"), "order")
    source = stacked(x)
    size = source.size
    if shape.count(-1) == 1:
        known = -int(np.prod(shape))
        if known == 0 or size % known:
            fail(f"cannot reshape array of size {size} into shape ({', '.join(map(str, shape))})")
    elif int(np.prod(shape)) != size:
        fail(f"cannot reshape array of size {size} into shape ({', '.join(map(str, shape))})",
             mend="the new dimensions must multiply to the number of elements")
    made = np.reshape(source, shape, order=layout)  # type: ignore[call-overload]
    return from_array(x.kind if x.kind != "list" else _kind_of_parts(x), made)


def _kind_of_parts(x: Vector) -> str:
    """The widest kind among the elements of a list."""
    return max((part.kind for part in x.data), key=("raw", "logical", "integer", "double", "complex", "character").index)


def _as_line(part: Vector) -> Vector:
    """A vector as an array of one dimension."""
    names = names_of(part)
    kept: dict[str, Any] = {"dim": integer(len(part))}
    if names is not None:
        kept["dimnames"] = mk_list([character(names)])
    return Vector(part.kind, part.data, kept)


@builtin("isSymmetric", "object, tol = 100 * .Machine$double.eps, ...", generic="s3")
def is_symmetric(object: Any, tol: Any, dots: Dots) -> Any:
    extents = dim_of(object) if type(object) is Vector else None
    if extents is None or len(extents) != 2:
        classes = dispatch_class(object)
        shown = ", ".join(f"'{one}'" for one in classes)
        given = f'"c({shown})"' if len(classes) > 1 else f'"{classes[0]}"'
        fail(f"no applicable method for 'isSymmetric' applied to an object of class {given}")
    if extents[0] != extents[1]:
        return FALSE
    turned = call_builtin("t", object)
    if object.kind == "complex":
        turned = call_builtin("Conj", turned)
    same = call_function(REGISTRY["all.equal"], [(None, object), (None, turned), ("tolerance", tol), *dots])
    return logical(same.kind == "logical")
