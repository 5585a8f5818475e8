"""Reading elements: ``x[i]``, ``x[i, j]``, ``x[[i]]`` without S3 dispatch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.nodes import MISSING, Argument, Call, Formals, Symbol
from pipekeras.grammar.values import (
    NA_INTEGER,
    NULL,
    Attributes,
    Vector,
    character,
    dim_of,
    explicit_class,
    integer,
    mk_list,
    names_of,
    object_array,
    type_of,
)
from pipekeras.grammar.vectors.coerce import missing_value
from pipekeras.grammar.vectors.positions import Positions, matrix_positions, resolve
from pipekeras.grammar.vectors.report import fail, not_subsettable, out_of_bounds

LISTS = ("list", "expression")


def take(data: np.ndarray, at: np.ndarray, kind: str) -> np.ndarray:
    """Elements at the positions; -1 gives the kind's missing value."""
    if len(at) and int(at.min()) < 0:
        if len(data) == 0:
            result = np.empty(len(at), data.dtype)
            result[:] = missing_value(kind)
            return result
        result = data[at]
        result[at < 0] = missing_value(kind)
        return result
    return data[at]


def take_names(names: Sequence[str | None], at: np.ndarray) -> np.ndarray:
    """Names at the positions; NA where there is no such element."""
    return object_array([None if position < 0 else names[position] for position in at.tolist()])


def call_as_list(call: Call) -> Vector:
    """The parts of a call as a list: function, then arguments, with argument names."""
    values = [call.function] + [argument.value for argument in call.args]
    if len(values) == 3 and call.is_call_of("function"):
        # The fourth part of a function's code is where it was written: nowhere.
        values.append(NULL)
    if call.label or any(argument.name for argument in call.args):
        return mk_list(values, [call.label, *(argument.name or "" for argument in call.args)])
    return mk_list(values)


def list_as_call(parts: Vector, attributes: Attributes | None = None) -> Any:
    """A call from the list of its parts."""
    values = list(parts.data)
    if not values:
        return NULL
    if len(values) == 4 and values[3] is NULL and values[0] == Symbol("function"):
        values.pop()
    names = (names_of(parts) or [None] * len(values))[: len(values)]
    arguments = tuple(Argument(name or None, value) for name, value in zip(names[1:], values[1:], strict=True))
    made = Call(values[0], arguments, None, attributes)
    made.label = names[0] or ""
    return made


def subset(x: Any, indices: Sequence[Any], drop: bool = True, exact: bool = True) -> Any:
    """``x[...]``.

    Args:
        x: any vector, NULL or call.
        indices: one index value (or `MISSING`) per subscript; none at all selects everything.
        drop: whether dimensions of extent one disappear.
    """
    if type(x) is not Vector:
        if x is NULL:
            return NULL
        if type(x) is Call:
            picked = subset(call_as_list(x), indices)
            given = x.attributes or {}
            still_formula = "class" in given and len(picked) and picked.data[0] == Symbol("~")
            return list_as_call(picked, given if still_formula else None)
        return not_subsettable(x)
    count = len(indices)
    if count == 1:
        return _subset_vector(x, indices[0], drop)
    if count == 0:
        return x
    dimensions = dim_of(x)
    if dimensions is None or len(dimensions) != count:
        fail("incorrect number of dimensions")
    if drop and count == 2:
        single = _matrix_element(x, indices[0], indices[1], dimensions)
        if single is not None:
            return single
    return _subset_array(x, indices, dimensions, drop)


def _without_class(x: Vector) -> Vector:
    """All of a vector, which is all attributes but its class and its times; objects with slots stay as they are."""
    attributes = x.attributes or {}
    given = attributes.get("class")
    if ("tsp" not in attributes and given is None) or (given is not None and "package" in (given.attributes or {})):
        return x
    return x.with_attributes({name: value for name, value in attributes.items() if name not in ("class", "tsp")})


def _subset_vector(x: Vector, index: Any, drop: bool) -> Any:
    attributes = x.attributes
    if index is MISSING:
        return _without_class(x) if attributes else x
    if attributes is None:
        scalar = index.scalar if type(index) is Vector else None
        if scalar is not None and index.kind in ("double", "integer") and 1 <= scalar < math.inf:
            position = int(scalar) - 1
            if x.array is None:
                if position == 0:
                    return x
            elif position < len(x.array) and x.kind not in LISTS:
                value = x.array.item(position)
                if value is not None:
                    return Vector(x.kind, None, None, value)
        at = resolve(index, len(x), None).at
        return Vector(x.kind, take(x.data, at, x.kind))
    dimensions = dim_of(x)
    if dimensions is not None and type(index) is Vector and index.attributes and "dim" in index.attributes:
        chosen = matrix_positions(index, dimensions, attributes.get("dimnames"))
        if chosen is not None:
            return Vector(x.kind, take(x.data, chosen, x.kind))
    names = names_of(x)
    positions = resolve(index, len(x), names)
    data = take(x.data, positions.at, x.kind)
    kept: Attributes = {}
    if names is not None:
        chosen_names = Vector("character", take_names(names, positions.at))
        if dimensions is not None and len(dimensions) == 1 and (len(data) > 1 or not drop):
            kept["dim"] = integer([len(data)])
            dimnames = attributes["dimnames"]
            kept["dimnames"] = Vector("list", object_array([chosen_names]), dimnames.attributes)
        else:
            kept["names"] = chosen_names
    elif dimensions is not None and len(dimensions) == 1 and (len(data) > 1 or not drop):
        kept["dim"] = integer([len(data)])
    classes = explicit_class(x)
    if classes is not None and "factor" in classes:
        kept["levels"] = attributes.get("levels", NULL)
        kept["class"] = attributes["class"]
    return Vector(x.kind, data, kept or None)


def _matrix_element(x: Vector, row: Any, column: Any, dimensions: list[int]) -> Vector | None:
    """One number out of a matrix at two plain positions; None when it is not that simple."""
    numbers = ("double", "integer")
    if type(row) is not Vector or type(column) is not Vector or row.kind not in numbers or column.kind not in numbers:
        return None
    i, j = row.scalar, column.scalar
    if i is None or j is None or not (1 <= i <= dimensions[0] and 1 <= j <= dimensions[1]) or x.array is None:
        return None
    attributes = x.attributes or {}
    dimnames = attributes.get("dimnames")
    one_sided = dimnames is not None and (dimnames.data[0] is NULL) != (dimnames.data[1] is NULL)
    if x.kind in LISTS or x.kind == "character" or one_sided or "class" in attributes:
        return None
    return Vector(x.kind, None, None, x.array.item(int(i) - 1 + (int(j) - 1) * dimensions[0]))


def dimension_positions(index: Any, extent: int, names: Any) -> Positions:
    """Positions of one subscript of an array; names is the dimension's name vector or NULL."""
    if type(index) is Vector and index.kind == "character":
        if names is NULL:
            fail("subscript out of bounds")
        return resolve(index, extent, names.items(), bound=True)
    return resolve(index, extent, None, bound=True)


def _subset_array(x: Vector, indices: Sequence[Any], dimensions: list[int], drop: bool) -> Vector:
    attributes = x.attributes or {}
    dimnames = attributes.get("dimnames")
    per_axis = []
    for axis, index in enumerate(indices):
        names = dimnames.data[axis] if dimnames is not None else NULL
        if type(index) is Vector and index.kind == "character" and dimnames is None:
            fail("no 'dimnames' attribute for array")
        per_axis.append(dimension_positions(index, dimensions[axis], names).at)
    flat, lost = flat_positions(per_axis, dimensions)
    data = x.data[flat] if len(x.data) else x.data
    if lost is not None:
        data = data.copy()
        data[lost] = missing_value(x.kind)
    shape = [len(at) for at in per_axis]
    new_names: list[Any] | None = None
    if dimnames is not None:
        new_names = []
        for axis, at in enumerate(per_axis):
            names = dimnames.data[axis]
            if names is NULL or len(at) == 0:
                new_names.append(NULL)
            else:
                new_names.append(Vector("character", take_names(names.items(), at)))
    labels = dimnames.attributes["names"].items() if dimnames is not None and dimnames.attributes else None
    result = shaped(x.kind, data, shape, new_names, labels)
    if new_names is not None and "dimnames" not in (result.attributes or {}):
        result = result.with_attribute("dimnames", mk_list(new_names, labels))
    classes = explicit_class(x)
    if classes is not None and "factor" in classes:
        result = result.with_attributes(
            {**(result.attributes or {}), "levels": attributes["levels"], "class": attributes["class"]}
        )
    return drop_dimensions(result) if drop else result


def flat_positions(per_axis: Sequence[np.ndarray], dimensions: Sequence[int]) -> tuple[np.ndarray, np.ndarray | None]:
    """Column-major positions of the cross product of per-dimension positions, and the mask of missing ones."""
    flat = np.zeros(1, np.int64)
    stride = 1
    lost: np.ndarray | None = None
    for at, extent in zip(per_axis, dimensions, strict=True):
        missing = at < 0
        if missing.any():
            at = np.where(missing, 0, at)
            mask = np.broadcast_to(missing[:, None], (len(at), len(flat))).ravel()
            lost = mask if lost is None else (np.tile(lost, len(at)) | mask)
        elif lost is not None:
            lost = np.tile(lost, len(at))
        flat = (at[:, None] * stride + flat[None, :]).ravel()
        stride *= extent
    return flat, lost


def shaped(
    kind: str, data: np.ndarray, shape: Sequence[int], dimnames: list[Any] | None, labels: Sequence[str | None] | None
) -> Vector:
    """Array value with dimension names when any are given."""
    attributes: Attributes = {"dim": integer(list(shape))}
    if dimnames is not None and any(names is not NULL for names in dimnames):
        attributes["dimnames"] = mk_list(dimnames, labels)
    return Vector(kind, data, attributes)


def drop_dimensions(x: Any) -> Any:
    """Remove dimensions of extent one; a single remaining dimension becomes names."""
    dimensions = dim_of(x)
    if dimensions is None:
        return x
    kept = [axis for axis, extent in enumerate(dimensions) if extent != 1]
    if len(kept) == len(dimensions):
        return x
    attributes = dict(x.attributes)
    dimnames = attributes.pop("dimnames", None)
    attributes.pop("dim")
    if len(kept) <= 1:
        if dimnames is not None:
            if len(kept) == 1:
                names = dimnames.data[kept[0]]
            else:
                given = [names for names in dimnames.data if names is not NULL]
                names = given[0] if len(given) == 1 else NULL
            if names is not NULL:
                attributes = {"names": names, **attributes}
    else:
        shape: Attributes = {"dim": integer([dimensions[axis] for axis in kept])}
        if dimnames is not None:
            labels = names_of(dimnames)
            chosen = [dimnames.data[axis] for axis in kept]
            if any(names is not NULL for names in chosen):
                shape["dimnames"] = mk_list(chosen, None if labels is None else [labels[axis] for axis in kept])
        attributes = {**shape, **attributes}
    return Vector(x.kind, x.array, attributes or None, x.scalar)


def single_position(
    index: Any,
    length: int,
    names: Sequence[str | None] | None,
    exact: bool = True,
    assigning: bool = False,
    at: int | None = None,
) -> int:
    """Position that ``[[`` selects; -1 when there is none, -2 when it lies beyond the end.

    Args:
        index: any index value.
        length: how many elements there are.
        names: their names, or None.
        exact: whether a name must match as a whole.
        assigning: whether the element is to be replaced, which R words differently.
        at: which element of a longer index counts; None when the index must have one only.

    Raises:
        RError: an index that selects no element or several.
    """
    place = "OneIndex" if assigning else "get1index"
    if index is NULL:
        fail(f"attempt to select less than one element in {place}")
    if type(index) is not Vector:
        fail(f"invalid subscript type '{type_of(index)}'")
    count = len(index)
    if at is None:
        if count != 1:
            fail(f"attempt to select {'less' if count == 0 else 'more'} than one element in {place}")
        at = 0
    kind = index.kind
    if kind == "character":
        return _named_position(index.data[at], names, exact)
    if kind == "double":
        return _real_position(index.data[at].item(), length, assigning)
    if kind in ("integer", "logical"):
        whole = index.data[at].item()
        if whole == NA_INTEGER and not assigning:
            return -1
        if whole > 0:
            return whole - 1 if whole <= length else -2
        if length == 2 and whole in (-1, -2):
            return 2 + whole
        few = whole == 0 or length < 2
        fail(f"attempt to select {'less' if few else 'more'} than one element in integerOneIndex")
    return fail(f"invalid subscript type '{kind}'")


def _named_position(wanted: str | None, names: Sequence[str | None] | None, exact: bool) -> int:
    if names is None or wanted is None:
        return -1
    if wanted in names and wanted != "":
        return names.index(wanted)
    if not exact:
        hits = [position for position, name in enumerate(names) if name and name.startswith(wanted)]
        if len(hits) == 1:
            return hits[0]
    return -1


def _real_position(value: float, length: int, assigning: bool) -> int:
    if value != value:
        return -1
    whole = int(value) if abs(value) < 1e18 else (2**62 if value > 0 else -(2**62))
    if whole > 0:
        return whole - 1 if whole <= length else -2
    if length == 2 and whole in (-1, -2):
        return 2 + whole
    if not assigning and whole != 0:
        fail("invalid negative subscript in get1index <real>")
    few = whole == 0 or length < 2
    place = "OneIndex" if assigning else "get1index"
    return fail(f"attempt to select {'less' if few else 'more'} than one element in {place} <real>")


def step_into(x: Any, index: Vector, level: int, exact: bool = True) -> Any:
    """What the element of a longer index finds at its level of nested lists."""
    if x is not NULL and (type(x) is not Vector or x.kind not in LISTS):
        if level:
            fail(f"recursive indexing failed at level {level + 1}\n")
        fail("attempt to select more than one element in vectorIndex")
    position = single_position(index, len(x), names_of(x) if x is not NULL else None, exact, at=level)
    if position < 0:
        fail(f"no such index at level {level + 1}\n")
    return x.data[position] if type(x) is Vector else NULL


def element(x: Any, indices: Sequence[Any], exact: bool = True) -> Any:
    """``x[[...]]``."""
    if type(x) is Vector and len(indices) == 1:
        index = indices[0]
        if type(index) is Vector and index.scalar is not None and index.kind in ("double", "integer"):
            position = index.scalar
            if 1 <= position <= len(x):
                return _element_at(x, int(position) - 1)
    return _element(x, indices, exact)


def _element_at(x: Vector, position: int) -> Any:
    if x.kind in LISTS:
        return x.data[position]
    if x.array is None:
        result = Vector(x.kind, None, None, x.scalar)
    elif x.kind == "character":
        value = x.array[position]
        result = character(value)
    else:
        result = Vector(x.kind, None, None, x.array.item(position))
    if x.attributes is not None and "levels" in x.attributes:
        classes = explicit_class(x)
        if classes is not None and "factor" in classes:
            return result.with_attributes({"levels": x.attributes["levels"], "class": x.attributes["class"]})
    return result


def _element(x: Any, indices: Sequence[Any], exact: bool) -> Any:
    if x is NULL:
        return NULL
    if type(x) is Environment:
        if len(indices) > 1:
            fail("incorrect number of subscripts")
        if len(indices) != 1 or type(indices[0]) is not Vector or indices[0].kind != "character":
            fail("wrong arguments for subsetting an environment")
        if len(indices[0]) != 1:
            fail("subscript out of bounds")
        found = x.get(indices[0].data[0], inherits=False)
        return NULL if found is None else found
    if type(x) is Call:
        try:
            return _element(call_as_list(x), indices, exact)
        except RError as error:
            if "object" in error.details:
                error.details["object"] = x
            raise
    if type(x) is Formals:
        return _element(mk_list([p.value for p in x], list(x.names)), indices, exact)
    if type(x) is not Vector:
        return not_subsettable(x)
    if len(indices) == 0 or (len(indices) == 1 and indices[0] is MISSING):
        # An empty subscript finds no element, which of a list is nothing.
        return NULL if x.kind in LISTS else out_of_bounds(x, MISSING)
    if len(indices) == 1:
        index = indices[0]
        if type(index) is Vector and len(index) > 1:
            return _element_by_path(x, index, exact)
        position = single_position(index, len(x), names_of(x), exact)
        if position == -1 and x.kind in LISTS:
            return NULL
        if position < 0:
            out_of_bounds(x, index)
        return _element_at(x, position)
    dimensions = dim_of(x)
    if dimensions is None or len(dimensions) != len(indices):
        fail("incorrect number of subscripts")
    dimnames = (x.attributes or {}).get("dimnames")
    at = 0
    stride = 1
    for axis, index in enumerate(indices):
        names = dimnames.data[axis].items() if dimnames is not None and dimnames.data[axis] is not NULL else None
        position = single_position(index, dimensions[axis], names, exact)
        if position < 0:
            out_of_bounds(x, index, axis + 1)
        at += position * stride
        stride *= dimensions[axis]
    return _element_at(x, at)


def _element_by_path(x: Any, index: Vector, exact: bool) -> Any:
    if x.kind not in LISTS:
        fail("attempt to select more than one element in vectorIndex")
    value: Any = x
    last = len(index) - 1
    for level in range(last):
        if type(value) is Environment or type(value) is Call:
            value = _element(value, [Vector(index.kind, index.data[level : level + 1])], exact)
        else:
            value = step_into(value, index, level, exact)
    if value is NULL:
        if single_position(index, 0, None, exact, at=last) == -1:
            return NULL
        fail("subscript out of bounds")
    if value is not NULL and type(value) not in (Vector, Environment, Call, Formals):
        # A symbol or a function has one part, which cannot stand alone.
        if single_position(index, 1, None, exact, at=last) != 0:
            fail("subscript out of bounds")
        fail(f"invalid type/length ({type_of(value)}/1) in vector allocation")
    if type(value) is Vector and value.kind not in LISTS and value.attributes and "levels" in value.attributes:
        value = value.with_attributes({k: v for k, v in value.attributes.items() if k == "names"})
    try:
        return _element(value, [Vector(index.kind, index.data[last:])], exact)
    except RError as error:
        if "index" in error.details:
            error.details["index"] = index
        raise
