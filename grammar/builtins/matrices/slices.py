"""What is done to every row, column or pair: apply, sweep, outer, asplit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.matrices.matrices import _as_line
from pipekeras.grammar.builtins.programs.language import function_of
from pipekeras.grammar.builtins.registry import REGISTRY, builtin, call_function
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.shown_calls import call_as_text
from pipekeras.grammar.values import (
    FALSE,
    NA_INTEGER,
    NULL,
    ExternalObject,
    Vector,
    character,
    dim_of,
    explicit_class,
    get_attribute,
    integer,
    mk_list,
    names_of,
    object_array,
)
from pipekeras.grammar.vectors.arguments import flag
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.frames import is_frame
from pipekeras.grammar.vectors.report import fail, warn
from pipekeras.grammar.vectors.shapes import as_array, axis_names, dimension_labels, dimension_list, from_array

Dots = list[tuple[str | None, Any]]


def slices_along(x: Any, axes: list[int]) -> tuple[list[Any], list[int]]:
    """Sub-arrays of x for every combination of subscripts on the axes, in column-major order."""
    shape = dim_of(x) or []
    others = [k for k in range(len(shape)) if k not in axes]
    data = as_array(x).transpose([*others, *axes])
    kept_shape = [shape[k] for k in axes]
    inner_shape = [shape[k] for k in others]
    flat = data.reshape((*inner_shape, int(np.prod(kept_shape, dtype=np.int64))), order="F")
    names = [axis_names(x, k) for k in others]
    labels = dimension_labels(x)
    parts: list[Any] = []
    for k in range(flat.shape[-1]):
        piece = flat[..., k]
        if len(inner_shape) == 1:
            attributes = {"names": names[0]} if names[0] is not NULL else None
            parts.append(Vector(x.kind, np.ascontiguousarray(piece), attributes))
        elif not inner_shape:
            parts.append(Vector(x.kind, np.atleast_1d(piece)))
        else:
            inner = dimension_list(*names, labels=[labels[j] or "" for j in others] if labels else None)
            parts.append(from_array(x.kind, piece, inner))
    return parts, kept_shape


def _apply_to_nothing(x: Any, axes: list[int], function: Any, dots: Dots) -> Any:
    """What ``apply`` gives where there is nothing to visit: the kind of one trial, without elements."""
    shape = dim_of(x) or []
    others = [extent for k, extent in enumerate(shape) if k not in axes]
    blank = call_builtin("vector", character("list" if x.kind == "list" else x.kind), integer(int(np.prod(others))))
    trial = call_function(function, [(None, blank), *dots])
    if type(trial) is not Vector:
        return trial
    if len(axes) < 2:
        return call_builtin("[", call_builtin("[", trial, integer(1)), integer(-1))
    made = Vector(trial.kind, trial.data[:0], {"dim": integer([shape[k] for k in axes])})
    # Dimnames without a name are kept where the table that was visited had them.
    held = get_attribute(x, "dimnames")
    return made if held is NULL else made.with_attribute("dimnames", mk_list([held.data[k] for k in axes]))


def margin_subscripts(x: Any, margin: Any, shown: str = "X") -> Any:
    """A margin as subscripts of the dimensions: names are looked up among those of the dimnames."""
    if type(margin) is not Vector or margin.kind != "character":
        return margin
    labels = dimension_labels(x)
    if not labels:
        fail(f"'{shown}' must have named dimnames")
    if not set(margin.items()) <= set(labels):
        fail("not all elements of 'MARGIN' are names of dimensions")
    return integer([labels.index(name) + 1 for name in margin.items()])


def chosen_axes(shape: list[int], margin: Any) -> tuple[list[int], list[int]]:
    """Axes that a margin chooses, and the others; numbers, truths and what is left out count as they do in subscripts."""
    every = integer(list(range(1, len(shape) + 1)))
    others = call_builtin("[", every, call_builtin("-", margin))
    axes = call_builtin("[", every, margin)
    if NA_INTEGER in axes.data or NA_INTEGER in others.data:
        fail("'MARGIN' does not match dim(X)")
    if not len(axes) and not len(others):
        fail(f"dims [product 1] do not match the length of object [{math.prod(shape)}]")
    if len(axes) + len(others) != len(shape):
        fail(f"'perm' is of wrong length {len(axes) + len(others)} (!= {len(shape)})")
    return [int(k) - 1 for k in axes.data], [int(k) - 1 for k in others.data]


def _kept_dimnames(parts: list[Any], labels: list[str] | None) -> Any:
    """``dimnames`` of what is left of a table: its extents keep their own names where their elements have none."""
    return mk_list(parts, labels) if labels and any(labels) else dimension_list(*parts, labels=labels)


@builtin("apply", "X, MARGIN, FUN, ..., simplify = TRUE", needs_environment=True)
def apply(x: Any, margin: Any, function: Any, dots: Dots, simplify: Any, *, environment: Environment) -> Any:
    function = function_of(function, environment)
    if is_frame(x):
        x = call_builtin("as.matrix", x)
    elif type(x) is ExternalObject:
        x = call_builtin("as.array", x)
    shape = dim_of(x)
    if shape is None:
        fail("dim(X) must have a positive length")
    axes, _ = chosen_axes(shape, margin_subscripts(x, margin))
    parts, kept_shape = slices_along(x, axes)
    if not parts:
        return _apply_to_nothing(x, axes, function, dots)
    shown = call_as_text("FUN(newX[, i], ...)")
    results = [call_function(function, [(None, part), *dots], None, shown) for part in parts]
    labels = dimension_labels(x)
    kept_names = [axis_names(x, k) for k in axes]
    kept_labels = [labels[k] or "" for k in axes] if labels else None
    sizes = {len(r) if type(r) is Vector or r is NULL else 1 for r in results}
    if all(r is NULL for r in results):
        return NULL
    nested = any(type(r) is not Vector or r.kind == "list" for r in results)
    plain = type(simplify) is Vector and simplify.kind == "logical" and simplify.data.tolist() == [1]
    if not plain or len(sizes) != 1 or not results or nested:
        made = mk_list(results)
        if len(axes) == 1:
            return made.with_attributes({"names": kept_names[0]}) if kept_names[0] is not NULL else made
        names = _kept_dimnames(kept_names, kept_labels)
        shape_only = {"dim": integer(kept_shape)}
        return Vector("list", made.data, shape_only if names is NULL else {**shape_only, "dimnames": names})
    size = sizes.pop()
    from pipekeras.grammar.builtins.elements.combine import combine

    if any(explicit_class(r) for r in results):
        joined = call_builtin("unlist", mk_list(results), use__names=FALSE)
        if (len(axes) > 1 or size != 1) and explicit_class(joined):
            joined = call_builtin("as.vector", joined)
    else:
        joined = combine([(None, r) for r in results], use_names=False)
    if not size:
        return joined
    if size == 1:
        if len(axes) == 1:
            names = kept_names[0]
            return joined.with_attribute("names", names)
        return from_array(joined.kind, joined.data.reshape(kept_shape, order="F"), _kept_dimnames(kept_names, kept_labels))
    first_names = get_attribute(results[0], "names") if dim_of(results[0]) is None else NULL
    if any(names_of(r) != names_of(results[0]) for r in results):
        first_names = NULL
    # What the function gave has the label of the extent that it got, where it is as long.
    first = next(((labels or [])[k] or "" for k in range(len(shape)) if k not in axes and labels), "")
    gone = next((axis_names(x, k) for k in range(len(shape)) if k not in axes), NULL)
    if len(first_names) != len(gone):
        first = ""
    names = _kept_dimnames([first_names, *kept_names], [first, *kept_labels] if kept_labels else None)
    return from_array(joined.kind, joined.data.reshape((size, *kept_shape), order="F"), names)


@builtin("sweep", "x, MARGIN, STATS, FUN = '-', check.margin = TRUE, ...", needs_environment=True)
def sweep(
    x: Any, margin: Any, stats: Any, function: Any, check_margin: Any, dots: Dots, *, environment: Environment
) -> Any:
    function = function_of(function, environment)
    shape = call_builtin("dim", x)
    margin = margin_subscripts(x, margin, "x")
    extents = call_builtin("[", shape, margin)
    if flag(check_margin):
        extents = integer([]) if extents is NULL else extents
        if NA_INTEGER in extents.data:
            fail("missing value where TRUE/FALSE needed")
        _check_sweep(extents.data.tolist(), stats)
    turned = call_builtin("c", margin, call_builtin("[", call_builtin("seq_along", shape), call_builtin("-", margin)))
    full = call_builtin("array", stats, call_builtin("[", shape, turned))
    full = call_builtin("aperm", full, call_builtin("order", turned))
    shown = call_as_text("FUN(x, aperm(array(STATS, dims[perm]), order(perm)), ...)")
    return call_function(function, [(None, x), (None, full), *dots], None, shown)


def _check_sweep(extents: list[int], stats: Any) -> None:
    """Warn where the statistics do not fill the extents that they are spread over."""
    size, shape = (0 if stats is NULL else len(stats)), dim_of(stats) if type(stats) is Vector else None
    if size > math.prod(extents):
        warn("STATS is longer than the extent of 'dim(x)[MARGIN]'")
    elif shape is not None:
        if [extent for extent in shape if extent > 1] != [extent for extent in extents if extent > 1]:
            warn("length(STATS) or dim(STATS) do not match dim(x)[MARGIN]")
    else:
        steps = [math.prod(extents[:k]) for k in range(len(extents) + 1)]
        if not size:
            if 0 not in steps:
                warn("no non-missing arguments to max; returning -Inf")
            return
        upper, lower = min(step for step in steps if step >= size), max(step for step in steps if step <= size)
        if upper % size or size % lower:
            warn("STATS does not recycle exactly across MARGIN")


def outer_product(x: Any, y: Any, function: Any, dots: Dots) -> Any:
    """All pairs of elements of two arrays through a vectorised function."""
    # Moments in parts are repeated and paired as the numbers that they stand for.
    x, y = (call_builtin("as.POSIXct", value) if "POSIXlt" in (explicit_class(value) or []) else value for value in (x, y))
    given = (x, y)
    x, y = (Vector("logical", np.empty(0, np.int32)) if value is NULL else value for value in given)
    left_shape, right_shape = dim_of(x) or [len(x)], dim_of(y) or [len(y)]
    left: Any = Vector(x.kind, np.tile(x.data, len(y)))
    right: Any = Vector(y.kind, np.repeat(y.data, len(x)))
    if explicit_class(x) is not None:
        left = call_builtin("rep", x, times=integer(len(y)))
    if explicit_class(y) is not None:
        right = call_builtin("rep", y, each=integer(len(x)))
    shown = [NULL if value is NULL else part for value, part in ((given[0], left), (given[1], right))]
    call = call_as_text("FUN(X, Y, ...)")
    result = call_function(function, [*((None, part) for part in shown), *dots], None, call)
    if result is NULL and not len(left):
        fail("attempt to set an attribute on NULL")
    if type(result) is not Vector or len(result) != len(left):
        fail(f"dims [product {len(left)}] do not match the length of object [{len(result)}]")
    names = []
    named = False
    titles: list[str] = []
    for value, shape in ((x, left_shape), (y, right_shape)):
        if dim_of(value) is None:
            own = names_of(value)
            named = named or own is not None
            names.append(character(own) if own else NULL)
            titles.append("")
        else:
            names.extend(axis_names(value, k) for k in range(len(shape)))
            titles.extend(label or "" for label in dimension_labels(value) or [""] * len(shape))
    titled = any(dim_of(value) is not None and dimension_labels(value) is not None for value in (x, y))
    attributes = {name: value for name, value in (result.attributes or {}).items() if name not in ("names", "dimnames")}
    attributes["dim"] = integer([*left_shape, *right_shape])
    joined = dimension_list(*names, labels=titles if titled else None)
    if joined is NULL and named:
        joined = mk_list(names)
    if joined is not NULL:
        attributes["dimnames"] = joined
    return Vector(result.kind, result.data, attributes)


@builtin("outer", "X, Y, FUN = '*', ...", needs_environment=True)
def outer(x: Any, y: Any, function: Any, dots: Dots, *, environment: Environment) -> Any:
    if type(function) is Vector and function.kind == "character" and function.items() == ["*"]:
        return multiplication_table(x, y)
    return outer_product(x, y, function_of(function, environment), dots)


def multiplication_table(x: Any, y: Any) -> Any:
    """Products of all pairs of numbers."""
    numeric = ("logical", "integer", "double", "complex")
    if y is NULL and type(x) is Vector and x.kind in numeric and dim_of(x) is None:
        # Without a second factor the first one stands in for it, and the shape then fits no more.
        if len(x):
            fail(f"dims [product 0] do not match the length of object [{len(x) ** 2}]")
        y = x.with_attributes(None)
    for value in (x, y):
        if type(value) is not Vector or value.kind not in numeric or "factor" in (explicit_class(value) or []):
            fail("requires numeric/complex matrix/vector arguments")
    # Only numbers, extents and names are multiplied: dates and the like lose their class.
    bare = [value.with_attributes({
        name: kept for name, kept in value.attributes.items() if name in ("dim", "dimnames", "names")
    } or None) if value.attributes else value for value in (x, y)]
    # The table is a product of matrices, and so of doubles.
    factors = [coerce(value, "double") if value.kind in ("integer", "logical") else value for value in bare]
    return outer_product(factors[0], factors[1], REGISTRY["*"], [])


@builtin("%o%", "X, Y")
def outer_operator(x: Any, y: Any) -> Any:
    return multiplication_table(x, y)


@builtin("asplit", "x, MARGIN")
def array_split(x: Any, margin: Any) -> Any:
    wanted = coerce(margin, "double").data
    axes = [int(k) - 1 for k in wanted[~np.isnan(wanted)]]
    if len(axes) < len(wanted) or not all(0 <= axis < len(dim_of(x) or []) for axis in axes):
        fail("dim(X) must have a positive length" if dim_of(x) is None else "'MARGIN' does not match dim(X)")
    parts, shape = slices_along(x, axes)
    parts = [part if dim_of(part) is not None else _as_line(part) for part in parts]
    names = axis_names(x, axes[0])
    attributes: dict[str, Any] = {"dim": integer(shape)}
    joined = dimension_list(*(axis_names(x, k) for k in axes))
    if joined is not NULL:
        attributes["dimnames"] = joined
    if len(axes) == 1:
        attributes = {"dim": integer(shape)}
        if names is not NULL:
            attributes["dimnames"] = mk_list([names])
    return Vector("list", object_array(parts), attributes)


@builtin("slice.index", "x, MARGIN")
def slice_index(x: Any, margin: Any) -> Any:
    shape = dim_of(x) or [len(x)]
    if type(margin) is Vector and margin.kind == "character":
        axes = chosen_axes(dim_of(x) or [], margin_subscripts(x, margin, "x"))[0]
    else:
        places = coerce(margin, "double").data.tolist()
        if any(place != place for place in places):
            fail("missing value where TRUE/FALSE needed")
        if not places or any(place != int(place) or not 1 <= place <= len(shape) for place in places):
            fail("incorrect value for 'MARGIN'")
        axes = [int(place) - 1 for place in places]
    made, step = np.ones(shape, np.int32), 1
    for axis in axes:
        steps = step * np.arange(shape[axis], dtype=np.int32)
        made = made + steps.reshape([-1 if k == axis else 1 for k in range(len(shape))])
        step *= shape[axis]
    return from_array("integer", made)
