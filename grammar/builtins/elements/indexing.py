"""Element access as builtins: ``[``, ``[[``, ``$`` and their replacement forms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.registry import MISSING, builtin
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.shown_calls import current_call
from pipekeras.grammar.nodes import Call, Symbol
from pipekeras.grammar.values import (
    NULL,
    ExternalObject,
    Vector,
    character,
    class_of,
    dim_of,
    explicit_class,
    get_attribute,
    is_na,
    mk_list,
    names_of,
)
from pipekeras.grammar.vectors import assigning, indexing, members
from pipekeras.grammar.vectors.arguments import flag
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.report import fail, warn

Dots = list[tuple[str | None, Any]]


def split_options(dots: Dots, *options: str) -> tuple[list[Any], dict[str, Any]]:
    """Separate index values from named options such as ``drop`` and ``exact``."""
    indices = []
    found: dict[str, Any] = {}
    for name, value in dots:
        if name in options:
            found[name] = value
        else:
            indices.append(value)
    return indices, found


@builtin("[", "x, ...", generic="internal")
def subset(x: Any, dots: Dots) -> Any:
    indices, options = split_options(dots, "drop", "exact")
    drop = flag(options["drop"], "drop", True) if options.get("drop", MISSING) is not MISSING else True
    if type(x) is ExternalObject:
        from pipekeras.grammar.vectors.objects import subset_object

        return subset_object(x, dots)
    return indexing.subset(x, indices, drop)


@builtin("[[", "x, ...", generic="internal")
def element(x: Any, dots: Dots) -> Any:
    indices, options = split_options(dots, "exact", "drop")
    exact = True
    if "exact" in options:
        exact = flag(options["exact"], "exact", False)
    if type(x) is ExternalObject:
        from pipekeras.grammar.vectors.objects import element_of_object

        return element_of_object(x, dots)
    return indexing.element(x, indices, exact)


def member_text(name: Any) -> str:
    """Name on the right of ``$``."""
    if isinstance(name, Symbol):
        return name.name
    if type(name) is Vector and name.kind == "character" and len(name) == 1:
        return str(name.data[0])
    return fail("invalid subscript type")


@builtin("$", "x, name", generic="internal")
def member(x: Any, name: Any) -> Any:
    return members.member(x, member_text(name))


@builtin("@", "object, name")
def slot(target: Any, name: Any) -> Any:
    label = member_text(name)
    if type(target) is ExternalObject and label == "r" and hasattr(target.value, "shape"):
        # keras3 marks elements counted from 1 so, which is how tensors are read here anyway.
        return target
    classes = explicit_class(target)
    declared = (getattr(target, "attributes", None) or {}).get("class")
    if classes and declared is not None and "package" in (declared.attributes or {}):
        # A class that names its package is R's mark of objects with slots, which are attributes.
        if label == ".Data" and type(target) is Vector:
            return target.with_attributes(None)
        found = (target.attributes or {}).get(label)
        if found is None:
            raise RError(f'no slot of name "{label}" for this object of class "{classes[0]}"', call=current_call())
        return found
    if classes:
        raise RError(f'trying to get slot "{label}" from an object (class "{classes[0]}") that is not an S4 object ',
                     call=current_call())  # fmt: skip
    kind = ["matrix" if len(dim_of(target) or ()) == 2 else "array"] if dim_of(target) else class_of(target)[-1:]
    message = f'trying to get slot "{label}" from an object of a basic class ("{kind[0]}") with no slots'
    raise RError(message, call=current_call())


def split_value(dots: Dots) -> tuple[Dots, Any]:
    """Separate the value of a replacement call, named or last, from its index values."""
    for position, (name, value) in enumerate(dots):
        if name == "value":
            return dots[:position] + dots[position + 1 :], value
    if not dots:
        fail('argument "value" is missing, with no default')
    return dots[:-1], dots[-1][1]


@builtin("[<-", "x, ...", generic="internal")
def assign_subset(x: Any, dots: Dots) -> Any:
    indices, value = split_value(dots)
    if type(x) is ExternalObject:
        from pipekeras.grammar.vectors.objects import set_element_of_object

        return set_element_of_object(x, indices, value)
    return assigning.assign_subset(x, [index for _, index in indices], value)


@builtin("[[<-", "x, ...", generic="internal")
def assign_element(x: Any, dots: Dots) -> Any:
    indices, value = split_value(dots)
    if type(x) is ExternalObject:
        from pipekeras.grammar.vectors.objects import set_element_of_object

        return set_element_of_object(x, indices, value)
    return assigning.assign_element(x, [index for _, index in indices], value)


@builtin("$<-", "x, name, value", generic="internal")
def assign_member(x: Any, name: Any, value: Any) -> Any:
    return assigning.assign_member(x, member_text(name), value)


@builtin("getElement", "object, name")
def get_element(object: Any, name: Any) -> Any:
    return indexing.element(object, [name])


_KEPT_OF_FACTORS = ("contrasts", "levels", "class")
"""Attributes of a factor that a part of it has as well."""


@builtin("[.factor", "x, ..., drop = FALSE", needs_call=True)
def subset_factor(x: Any, dots: Dots, drop: Any, call: Any) -> Any:
    bare = x.with_attributes({k: v for k, v in x.attributes.items() if k in ("names", "dim", "dimnames")})
    # Handed on only where it is given: extents of one disappear else.
    given = any(argument.name == "drop" for argument in getattr(call, "args", ()))
    picked = indexing.subset(bare, [value for _, value in dots], flag(drop, "drop") if given else True)
    attributes = dict(picked.attributes or {})
    attributes.update((k, x.attributes[k]) for k in _KEPT_OF_FACTORS if k in x.attributes)
    result = picked.with_attributes(attributes)
    if flag(drop, "drop"):
        from pipekeras.grammar.builtins.elements.factors import drop_unused

        return drop_unused(result)
    return result


@builtin("[[.factor", "x, ...")
def element_factor(x: Any, dots: Dots) -> Any:
    picked = indexing.element(x.with_attributes({"names": x.attributes["names"]} if "names" in x.attributes else None),
                              [value for _, value in dots])
    return picked.with_attributes({k: x.attributes[k] for k in _KEPT_OF_FACTORS if k in x.attributes})


def level_codes(x: Vector, value: Any) -> Vector:
    """Codes of the values among a factor's levels, with R's warning for unknown ones."""
    levels = x.attributes["levels"].items() if x.attributes and "levels" in x.attributes else []
    if type(value) is Vector and value.attributes and "levels" in value.attributes:
        own = value.attributes["levels"].data
        given: list[Any] = [None if code < 1 else own[code - 1] for code in value.data]
    else:
        absent = is_na(value) if type(value) is Vector and value.kind == "double" else ()
        given = coerce(value, "character").items()
        given = [None if gone else text for text, gone in zip(given, absent, strict=True)] if len(absent) else given
    codes: list[int | None] = []
    unknown = False
    for text in given:
        if text is None:
            codes.append(None)
        elif text in levels:
            codes.append(levels.index(text) + 1)
        else:
            codes.append(None)
            unknown = True
    if unknown:
        warn("invalid factor level, NA generated")
    from pipekeras.grammar.values import integer

    return integer(codes)


@builtin("[<-.factor", "x, ...")
def assign_factor(x: Any, dots: Dots) -> Any:
    dots, value = split_value(dots)
    return _with_codes(x, dots, level_codes(x, value), assigning.assign_subset)


def _with_codes(x: Any, dots: Dots, codes: Any, assign: Any) -> Any:
    """A factor with other codes in some places."""
    bare = x.with_attributes({k: v for k, v in x.attributes.items() if k in ("names", "dim", "dimnames")})
    if not len(codes) and not len(x) and assign is assigning.assign_subset:
        return x
    changed = assign(bare, [index for _, index in dots], codes)
    own = changed.attributes or {}
    others = {k: v for k, v in x.attributes.items() if k in own or k not in ("names", "dim", "dimnames", "class")}
    # What has grown got its names first; the class is put on last.
    kept = {**own, **others, **own} if len(changed) > len(x) else {**others, **own}
    return changed.with_attributes({**kept, "class": x.attributes["class"]})


@builtin("[[<-.factor", "x, ...")
def assign_factor_element(x: Any, dots: Dots) -> Any:
    dots, value = split_value(dots)
    return _with_codes(x, dots, level_codes(x, value), assigning.assign_element)


@builtin("head", "x, ...", generic="s3", package="utils")
def head(x: Any, dots: Dots) -> Any:
    return _ends(x, dots, True)


@builtin("tail", "x, ...", generic="s3", package="utils")
def tail(x: Any, dots: Dots) -> Any:
    return _ends(x, dots, False)


def end_bounds(length: int, wanted: float, from_start: bool) -> tuple[int, int]:
    size = min(wanted, length) if wanted >= 0 else max(0, length + wanted)
    taken = math.floor(size) if from_start else math.ceil(size)
    return (0, taken) if from_start else (length - taken, length)


def _ends(x: Any, dots: Dots, from_start: bool) -> Any:
    dimensions = dim_of(x)
    wanted: list[float] = [6]
    for name, value in dots:
        if name in (None, "n"):
            wanted = wanted_counts(value, dimensions)
            break
    if any(name == "addrownums" for name, _ in dots):
        warn("tail(., addrownums = V) is deprecated.\nUse tail(., keepnums = V) instead.\n")
    keep_numbers = not any(name in ("keepnums", "addrownums") and not flag(value) for name, value in dots)
    if getattr(x, "kind", None) in ("closure", "builtin", "special"):
        return _function_ends(x, dots, from_start)
    if type(x) is ExternalObject:
        return _external_ends(x, wanted[0], from_start)
    if type(x) is Call:
        low, high = end_bounds(len(x.args) + 1, wanted[0], from_start)
        return indexing.subset(x, [Vector("integer", np.arange(low + 1, high + 1, dtype=np.int32))])
    if dimensions is not None and len(dimensions) >= 2:
        return _matrix_ends(x, dimensions, wanted, from_start, keep_numbers)
    low, high = end_bounds(told_length(x), wanted[0], from_start)
    index = Vector("integer", np.arange(low + 1, high + 1, dtype=np.int32))
    from pipekeras.grammar.builtins.registry import REGISTRY
    from pipekeras.grammar.evaluation.machine import call_function

    if get_attribute(x, "class") is not NULL:
        whole = [("drop", Vector("logical", None, None, 0))] if dimensions is not None else []
        return call_function(REGISTRY["["], [(None, x), (None, index), *whole])
    return indexing.subset(x, [index], dimensions is None)


def _external_ends(x: Any, wanted: float, from_start: bool) -> Any:
    """The first or last part of an object of the runtime, such as a tensor, along its first axis."""
    from pipekeras.grammar.builtins.registry import REGISTRY
    from pipekeras.grammar.evaluation.machine import call_function

    shape = call_builtin("dim", x)
    length = int((call_builtin("length", x) if shape is NULL else shape).data[0])
    low, high = end_bounds(length, wanted, from_start)
    index = Vector("integer", np.arange(low + 1, high + 1, dtype=np.int32))
    whole = [(None, MISSING)] * (len(shape) - 1)
    return call_function(REGISTRY["["], [(None, x), (None, index), *whole, ("drop", Vector("logical", None, None, 0))])


def wanted_counts(value: Any, dimensions: list[int] | None) -> list[float]:
    """How many elements the argument `n` asks for; any text that is no number asks for all."""
    missing = type(value) is not Vector or len(value) == 0 or bool(is_na(value).all())
    if missing:
        fail("invalid 'n' -  must contain at least one non-missing element, got none.")
    room = 1 if dimensions is None else len(dimensions)
    if len(value) > room:
        if dimensions is None:
            fail(f"invalid 'n' - must have length one when dim(x) is NULL, got {len(value)}")
        fail(f"invalid 'n' - length(n) must be <= length(dim(x)), got {len(value)} > {room}")
    if value.kind == "character":
        return [float(text) if str(text).lstrip("-").isdigit() else 2.0**31 for text in value.items()]
    return coerce(value, "double").data.tolist()


def _function_ends(x: Any, dots: Dots, from_start: bool) -> Any:
    """The first or last lines of a function's text."""
    lines = call_builtin("as.matrix", call_builtin("deparse", x))
    labels = [str(line) for line in range(1, len(lines) + 1)]
    table = lines.with_attribute("dimnames", mk_list([character(labels), character([""])]))
    return call_builtin("noquote", _ends(table, dots, from_start))


def told_length(x: Any) -> int:
    """The length of a value as a method of its class tells it."""
    if explicit_class(x) is None:
        return length_of(x)
    told = call_builtin("length", x)
    counted = type(told) is Vector and told.kind in ("integer", "double") and len(told) == 1
    return int(told.data[0]) if counted else length_of(x)


def length_of(x: Any) -> int:
    """Number of elements by R's ``length``."""
    if type(x) is Environment:
        return len(x.frame)
    return len(x) if type(x) is Vector or x is NULL else 1


def _matrix_ends(x: Any, dimensions: list[int], wanted: list[float], from_start: bool, keep_numbers: bool) -> Any:
    indices: list[Any] = [MISSING] * len(dimensions)
    dimnames = get_attribute(x, "dimnames")
    chosen: dict[int, np.ndarray] = {}
    for axis, amount in enumerate(wanted[: len(dimensions)]):
        if amount != amount:
            continue
        low, high = end_bounds(dimensions[axis], amount, from_start)
        indices[axis] = Vector("integer", np.arange(low + 1, high + 1, dtype=np.int32))
        chosen[axis] = np.arange(low + 1, high + 1)
    result = indexing.subset(x, indices, drop=False)
    if "table" in (explicit_class(x) or ()):
        result = result.with_attribute("class", get_attribute(x, "class"))
    if from_start or not keep_numbers:
        return result
    labels = list(_names_of_axes(result, len(dimensions)))
    for axis, numbers in chosen.items():
        if labels[axis] is NULL and len(numbers):
            texts = [f"[{number},]" if axis == 0 else f"[,{number}]" if axis == 1 else f"{number}" for number in numbers]
            width = max(map(len, texts))
            labels[axis] = character([text.rjust(width) if axis == 0 else text for text in texts])
    return result.with_attribute("dimnames", mk_list(labels, names_of(dimnames) if dimnames is not NULL else None))


def _names_of_axes(value: Any, count: int) -> list[Any]:
    given = get_attribute(value, "dimnames")
    return [NULL] * count if given is NULL else list(given.data)
