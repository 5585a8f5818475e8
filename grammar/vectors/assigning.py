"""Replacing elements: ``x[i] <- v``, ``x[i, j] <- v``, ``x[[i]] <- v`` and ``x$name <- v`` without S3 dispatch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.nodes import MISSING, Call
from pipekeras.grammar.values import (
    DTYPES,
    NA_INTEGER,
    NULL,
    Attributes,
    ExternalObject,
    Vector,
    character,
    dim_of,
    is_function,
    is_pairlist,
    mk_list,
    names_of,
    pairlist,
    type_of,
)
from pipekeras.grammar.vectors.coerce import KIND_RANK, as_stored, convert, missing_value
from pipekeras.grammar.vectors.indexing import (
    LISTS,
    call_as_list,
    flat_positions,
    list_as_call,
    not_subsettable,
    single_position,
    step_into,
)
from pipekeras.grammar.vectors.positions import Positions, matrix_positions, resolve
from pipekeras.grammar.vectors.recycling import resized
from pipekeras.grammar.vectors.report import fail, warn


def _as_vector_value(value: Any) -> Vector:
    """What is assigned, as a vector: functions, environments and language count as one list element."""
    if type(value) is Vector:
        return value
    return mk_list([value])


def _refuse_reference(x: Vector, value: Any) -> None:
    """A function, an environment or a part of the language is no vector: only ``[[<-`` takes it as an element."""
    kind = type_of(value)
    if x.kind in LISTS:
        if is_function(value):
            fail(f"cannot coerce type '{kind}' to vector of type '{x.kind}'", mend="put it there with [[ ]], or in a list()")
    elif kind in ("closure", "builtin", "special", "environment", "symbol", "language"):
        fail(f"incompatible types (from {kind} to {x.kind}) in subassignment type fix")


def _widen(x: Vector, value: Vector) -> tuple[np.ndarray, np.ndarray, str]:
    if x.kind == value.kind:
        return x.data, value.data, x.kind
    if "raw" in (x.kind, value.kind) and x.kind not in LISTS and value.kind not in LISTS:
        fail(f"incompatible types (from {value.kind} to {x.kind}) in subassignment type fix")
    kind = x.kind if KIND_RANK[x.kind] >= KIND_RANK[value.kind] else value.kind
    return convert(x.data, x.kind, kind), as_stored(value.data, value.kind, kind), kind


def grown(data: np.ndarray, length: int, kind: str) -> np.ndarray:
    """A copy with room for `length` elements, the new ones missing."""
    result = np.empty(length, DTYPES[kind])
    count = len(data)
    result[:count] = data
    if length > count:
        result[count:] = missing_value(kind)
    return result


def _grown_names(names: list[str | None] | None, positions: Positions, old_length: int) -> Vector | None:
    if names is None and not positions.new_names:
        return None
    texts: list[str | None] = list(names) if names is not None else [""] * old_length
    texts.extend([""] * (positions.length - len(texts)))
    for position, name in (positions.new_names or {}).items():
        texts[position] = name
    return character(texts)


def _attributes_after_growth(x: Vector, positions: Positions) -> Attributes | None:
    attributes = x.attributes
    grew = positions.length > len(x)
    if not grew and not positions.new_names:
        return attributes
    names = _grown_names(names_of(x), positions, len(x))
    kept = {k: v for k, v in (attributes or {}).items() if k not in ("dim", "dimnames", "names")}
    return ({"names": names, **kept} if names is not None else kept) or None


def assign_subset(x: Any, indices: Sequence[Any], value: Any) -> Any:
    """``x[...] <- value``; returns the changed copy."""
    if type(x) is not Vector:
        if x is NULL:
            if value is NULL or (type(value) is Vector and not len(value)):
                return NULL
            if is_function(value):
                fail(f"invalid type/length ({type_of(value)}/0) in vector allocation", mend="start with list() and use [[ ]]")
            x = Vector(_as_vector_value(value).kind, np.empty(0, DTYPES[_as_vector_value(value).kind]))
        elif type(x) is Call:
            return list_as_call(assign_subset(call_as_list(x), indices, value), x.attributes)
        else:
            return not_subsettable(x)
    if not len(x) and type(value) is Vector and not len(value) and (value.kind == x.kind or value.kind in LISTS):
        return x
    if len(indices) > 1:
        return _assign_array(x, indices, value)
    index = indices[0] if indices else MISSING
    if x.attributes is None and type(value) is Vector and value.kind == x.kind and value.scalar is not None:
        scalar = index.scalar if type(index) is Vector else None
        if scalar is not None and index.kind in ("double", "integer") and 1 <= scalar <= len(x):
            data = x.data.copy()
            data[int(scalar) - 1] = value.scalar
            return Vector(x.kind, data)
        if scalar is not None and index.kind in ("double", "integer") and scalar == len(x) + 1:
            data = np.empty(int(scalar), DTYPES[x.kind])
            data[:-1] = x.data
            data[-1] = value.scalar
            return Vector(x.kind, data)
    dimensions = dim_of(x)
    if dimensions is not None and type(index) is Vector and index.attributes and "dim" in index.attributes:
        chosen = matrix_positions(index, dimensions, (x.attributes or {}).get("dimnames"))
        if chosen is not None:
            return _store(x, Positions(chosen, len(x)), value)
    names = names_of(x) if type(index) is Vector and index.kind == "character" else None
    positions = resolve(index, len(x), names, grow=True)
    if value is NULL and x.kind in LISTS:
        return _delete(x, positions)
    made = _store(x, positions, value)
    return made if type(index) is not Vector or index.kind != "character" else _told_by_names(made, names)


def _told_by_names(made: Vector, names: Sequence[str | None] | None) -> Vector:
    """What a subscript of texts leaves: no shape, and the names stand first."""
    held = made.attributes
    if not held or ("dim" not in held and ("names" not in held or next(iter(held)) == "names")):
        return made
    first = held.get("names") if "names" in held or names is None else character(list(names))
    kept = {name: value for name, value in held.items() if name not in ("names", "dim", "dimnames")}
    return made.with_attributes((kept if first is None else {"names": first, **kept}) or None)


def _store(x: Vector, positions: Positions, value: Any) -> Vector:
    at = positions.at
    count = len(at)
    if value is NULL:
        if count:
            fail("replacement has length zero")
        value = Vector(x.kind, x.data[:0])
    elif type(value) is Vector and not len(value) and not count:
        positions = Positions(at, len(x))
    elif type(value) is not Vector:
        _refuse_reference(x, value)
    vector = _as_vector_value(value)
    attributes = _attributes_after_growth(x, positions)
    if count and len(vector) > 1 and int(at.min()) < 0:
        fail("NAs are not allowed in subscripted assignments")
    data, new, kind = _widen(x, vector)
    if len(vector) == 0 and count:
        fail("replacement has length zero")
    if kind != x.kind and kind in LISTS and attributes is not None:
        names = names_of(x.with_attributes(attributes))
        attributes = {"names": character(names)} if names is not None else None
    if count == 0 and positions.length <= len(x):
        return Vector(kind, data, attributes)
    result = grown(data, positions.length, kind)
    if count:
        if count % len(new):
            warn("number of items to replace is not a multiple of replacement length")
        if len(new) == 1:
            result[at[at >= 0] if int(at.min()) < 0 else at] = new[0]
        else:
            result[at] = new if len(new) == count else resized(new, count)
    return Vector(kind, result, attributes)


def _delete(x: Vector, positions: Positions) -> Vector:
    if not len(positions.at) and positions.length <= len(x):
        return x
    grows = positions.length > len(x)
    positions = Positions(positions.at, positions.length if not positions.new_names else len(x))
    keep = np.ones(max(positions.length, len(x)), bool)
    keep[positions.at[(positions.at >= 0) & (positions.at < len(keep))]] = False
    if keep.all() and not grows:
        return x
    data = grown(x.data, len(keep), x.kind) if len(keep) > len(x) else x.data
    attributes = dict(_attributes_after_growth(x, positions) or {})
    names = attributes.get("names")
    own = names_of(x)
    if names is None and own is not None and len(own) == len(keep):
        names = character(own)
    if names is not None:
        attributes["names"] = Vector("character", names.data[keep])
    for name in ("dim", "dimnames"):
        attributes.pop(name, None)
    return Vector(x.kind, data[keep], attributes or None)


def _assign_array(x: Vector, indices: Sequence[Any], value: Any) -> Vector:
    dimensions = dim_of(x)
    if dimensions is None or len(dimensions) != len(indices):
        if dimensions is None or len(indices) == 2:
            fail("incorrect number of subscripts on matrix" if len(indices) == 2 else "incorrect number of subscripts")
        fail("incorrect number of subscripts")
    dimnames = (x.attributes or {}).get("dimnames")
    per_axis = []
    for axis, index in enumerate(indices):
        names = None
        if type(index) is Vector and index.kind == "character":
            if dimnames is None:
                fail("no 'dimnames' attribute for array")
            if dimnames.data[axis] is not NULL:
                names = dimnames.data[axis].items()
        per_axis.append(resolve(index, dimensions[axis], names, bound=True).at)
    flat, lost = flat_positions(per_axis, dimensions)
    count = len(flat)
    given_null = value is NULL
    if value is NULL:
        value = mk_list([]) if x.kind in LISTS else Vector("logical", np.empty(0, np.int32))
    vector = _as_vector_value(value)
    if len(vector) == 0 and count and not given_null:
        fail("replacement has length zero")
    several = len(vector) > 1 or given_null
    if several and any(len(at) and int(at.min()) < 0 for at in per_axis):
        fail("NAs are not allowed in subscripted assignments")
    if count == 0:
        if given_null:
            return x
        data, _, kind = _widen(x, vector)
        return Vector(kind, data, x.attributes if kind == x.kind or kind not in LISTS else None)
    if len(vector) == 0 or count % len(vector):
        fail("number of items to replace is not a multiple of replacement length")
    data, new, kind = _widen(x, vector)
    result = np.array(data, copy=True)
    if lost is not None:
        flat = flat[~lost]
    result[flat] = new[0] if len(new) == 1 else new if len(new) == count else resized(new, count)
    return Vector(kind, result, x.attributes if kind == x.kind or kind not in LISTS else None)


def assign_element(x: Any, indices: Sequence[Any], value: Any) -> Any:
    """``x[[...]] <- value``; returns the changed copy (an environment is changed in place)."""
    if type(x) is Environment:
        index = indices[0]
        if type(index) is not Vector or index.kind != "character" or len(index) != 1:
            fail("wrong args for environment subassignment")
        x.set(index.data[0], value)
        return x
    if x is NULL:
        if value is NULL:
            return NULL
        x = mk_list()
    if type(x) is Call:
        held = call_as_list(x)
        if len(indices) == 1 and not _holds_place(held, indices[0], value):
            return x
        return list_as_call(assign_element(held, indices, value), x.attributes)
    if type(x) is not Vector:
        return not_subsettable(x)
    if is_pairlist(x):
        return _still_pairs(assign_element(_plain_list(x), indices, value))
    if len(indices) > 1:
        if x.kind in LISTS:
            return _assign_array(x, _cell(x, indices), mk_list([value]))
        if type(value) is Vector and len(value) > 1:
            fail("more elements supplied than there are to replace")
        return _assign_array(x, _cell(x, indices), value)
    index = indices[0] if indices else MISSING
    if index is MISSING:
        fail("[[ ]] with missing subscript")
    if type(index) is Vector and len(index) > 1:
        return _assign_by_path(x, index, value)
    if x.kind not in LISTS:
        if value is NULL or (type(value) is Vector and len(value) == 0):
            fail("replacement has length zero")
        if type(value) is Vector and len(value) > 1:
            fail("more elements supplied than there are to replace")
    position = _target_position(x, index)
    if x.kind == "expression" and type(value) is Vector and value.kind in ("raw", "list"):
        where = "in [[ assignment" if value.kind == "list" else "in subassignment type fix"
        fail(f"incompatible types (from {value.kind} to expression) {where}")
    if x.kind in LISTS:
        if value is NULL:
            if position.at[0] >= len(x):
                return x
            return _delete(x, position)
        return _put(x, position, value)
    if value is NULL:
        fail("replacement has length zero")
    if type(value) is Vector and value.kind not in LISTS:
        if len(value) == 0:
            fail("replacement has length zero")
        if len(value) > 1:
            fail("more elements supplied than there are to replace")
        return _store(x, position, value)
    names = names_of(x)
    kept: Attributes | None = {"names": character(names)} if names is not None else None
    return _put(Vector("list", convert(x.data, x.kind, "list"), kept), position, value)


def _holds_place(parts: Vector, index: Any, value: Any) -> bool:
    """Whether an index names a part of a call (or a new one); an index of nothing changes nothing."""
    if index is NULL or (type(index) is Vector and not len(index)):
        fail("internal error: index -1 from length 0")
    if type(index) is not Vector or len(index) > 1:
        return True
    size = len(parts)
    place = index.data[0]
    if index.kind == "character":
        known = place in (names_of(parts) or [])
        if value is NULL and not known and size > 2:
            fail("subscript out of bounds")
        return known or value is not NULL
    if index.kind not in ("double", "integer", "logical"):
        return True
    if index.kind == "logical":
        if place != 0:
            fail("invalid subscript in list assign")
        return False
    if place != place or place == NA_INTEGER or 0 <= place < 1:
        return False
    if place < 0 and (size != 2 or place < -2):
        fail("invalid subscript in list assign")
    if value is NULL and place > size > 2:
        fail("subscript out of bounds")
    return True


def _target_position(x: Vector, index: Any) -> Positions:
    names = names_of(x)
    if type(index) is Vector and len(index) == 1 and index.kind == "character":
        if names is not None and index.items()[0] is None and None in names:
            # One place has a missing name, and that one is meant, as often as it is named.
            return Positions(np.array([names.index(None)], np.int64), len(x))
        return resolve(index, len(x), names, grow=True)
    if type(index) is Vector and len(index) == 1 and index.kind in ("double", "integer", "logical"):
        position = single_position(index, len(x), names, assigning=True)
        if position == -2:
            position = int(index.data[0]) - 1
        if position < 0:
            fail("[[ ]] subscript out of bounds" if index.data[0] != index.data[0] else "subscript out of bounds")
        return Positions(np.array([position], np.int64), max(len(x), position + 1))
    single_position(index, len(x), names, assigning=True)
    return fail("subscript out of bounds")


def _cell(x: Vector, indices: Sequence[Any]) -> list[Vector]:
    """The one cell that ``x[[i, j]] <- value`` means, as a whole number along each axis."""
    if any(index is MISSING for index in indices):
        fail("[[ ]] with missing subscript")
    dimensions = dim_of(x)
    if dimensions is None or len(dimensions) != len(indices):
        return fail("[[ ]] improper number of subscripts")
    dimnames = (x.attributes or {}).get("dimnames")
    places = []
    for axis, index in enumerate(indices):
        names = None if dimnames is None or dimnames.data[axis] is NULL else dimnames.data[axis].items()
        position = single_position(index, dimensions[axis], names)
        if position < 0:
            fail("[[ ]] subscript out of bounds")
        places.append(Vector("integer", None, None, position + 1))
    return places


def _put(x: Vector, positions: Positions, value: Any) -> Vector:
    result = grown(x.data, max(positions.length, len(x)), x.kind)
    result[int(positions.at[0])] = value
    return Vector(x.kind, result, _attributes_after_growth(x, positions))


def _assign_by_path(x: Any, index: Vector, value: Any, level: int = 0) -> Any:
    if level < len(index) - 2:
        inner = step_into(x, index, level)
    else:
        position = -1
        if type(x) is Vector or (x is NULL and level):
            position = single_position(index, 0 if x is NULL else len(x), names_of(x), assigning=True, at=level)
        if type(x) is not Vector or x.kind not in LISTS:
            if level:
                fail("should only be called in an assignment context." if x is NULL else
                     f"recursive indexing failed at level {level + 1}\n")
            fail("attempt to select more than one element in vectorIndex")
        if position < 0:
            fail(f"no such index at level {level + 1}\n")
        inner = x.data[position]
    one = Vector(index.kind, index.data[level : level + 1])
    if level < len(index) - 2:
        return assign_element(x, [one], _assign_by_path(inner, index, value, level + 1))
    last = Vector(index.kind, index.data[level + 1 :])
    if inner is NULL:
        return _set_element(x, one, _put_into_nothing(last, value))
    return _set_element(x, one, assign_element(inner, [last], value))


def _put_into_nothing(index: Vector, value: Any) -> Any:
    """What NULL at the end of a path becomes: a list without names, as long as the place asks for."""
    wanted = index.data[0]
    if index.kind == "logical":
        fail("invalid subscript in list assign")
    nothing = wanted != wanted or wanted == NA_INTEGER or wanted <= 0 if index.kind in ("integer", "double") else False
    if nothing:
        return NULL
    if value is NULL:
        fail("subscript out of bounds")
    return assign_element(NULL, [Vector("integer", None, None, 1) if index.kind == "character" else index], value)


def _set_element(x: Vector, index: Vector, value: Any) -> Vector:
    """A copy of a list with one element replaced; NULL is a value like others."""
    data = x.data.copy()
    data[single_position(index, len(x), names_of(x), assigning=True)] = value
    return x.with_data(data)


def _plain_list(x: Vector) -> Vector:
    return Vector("list", x.data.view(np.ndarray), x.attributes)


def _still_pairs(changed: Any) -> Any:
    return pairlist(changed) if len(changed) else NULL


def assign_member(x: Any, name: str, value: Any) -> Any:
    """``x$name <- value``; returns the changed copy (an environment is changed in place)."""
    if type(x) is Environment:
        if ".refClassDef" in x.frame and name not in x.frame:
            from pipekeras.grammar.evaluation.reference_classes import set_field

            set_field(x, name, value)
        else:
            x.set(name, value)
        return x
    if type(x) is ExternalObject:
        from pipekeras.grammar.external import set_member

        set_member(x, name, value)
        return x
    if type(x) is Call:
        return list_as_call(assign_member(call_as_list(x), name, value), x.attributes)
    if x is NULL:
        if value is NULL:
            return NULL
        x = Vector("list", np.empty(0, object))
    if type(x) is not Vector:
        return not_subsettable(x)
    if is_pairlist(x):
        return _still_pairs(assign_member(_plain_list(x), name, value))
    if x.kind not in LISTS:
        warn("Coercing LHS to a list")
        given = names_of(x)
        kept: Attributes | None = {"names": character(given)} if given is not None and len(x) else None
        x = Vector("list", convert(x.data, x.kind, "list"), kept)
    names = names_of(x)
    if names is not None and name in names:
        position = names.index(name)
        if value is NULL:
            return _delete(x, Positions(np.array([position]), len(x)))
        data = x.data.copy()
        data[position] = value
        return Vector(x.kind, data, x.attributes)
    if value is NULL:
        return x
    count = len(x)
    return _put(x, Positions(np.array([count]), count + 1, {count: name}), value)

