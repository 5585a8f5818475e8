"""``rbind`` and ``cbind`` of vectors and matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import REGISTRY, builtin, call_function, expression_of, machine, value_of
from pipekeras.grammar.deparse import deparse_short
from pipekeras.grammar.evaluation.dispatch import find_method, home_in_library
from pipekeras.grammar.nodes import Call, Symbol
from pipekeras.grammar.values import (
    NULL,
    Closure,
    Vector,
    character,
    dim_of,
    explicit_class,
    integer,
    is_function,
    mk_list,
    names_of,
)
from pipekeras.grammar.vectors.arguments import flag, number
from pipekeras.grammar.vectors.coerce import KIND_RANK, convert
from pipekeras.grammar.vectors.frames import is_frame, row_count
from pipekeras.grammar.vectors.indexing import call_as_list
from pipekeras.grammar.vectors.recycling import resized
from pipekeras.grammar.vectors.report import fail, warn
from pipekeras.grammar.vectors.shapes import axis_names, dimension_list, from_array

Dots = list[tuple[str | None, Any]]


def _bind(dots: Dots, rows: bool, level: int) -> Any:
    given = [value_of(promise) for _, promise in dots]
    plain = _bound_plainly(dots, given, rows, level)
    if plain is not None:
        return plain
    values: list[tuple[str, Any]] = []
    numbers: list[int] = []
    skipped = 0
    empty = all(value is NULL or (type(value) is Vector and not len(value) and not _reaches_across(value, rows))
                for value in given)
    all_null = all(value is NULL for value in given)
    for (name, promise), value in zip(dots, given, strict=True):
        if value is NULL and (all_null or not empty):
            skipped += 1
            continue
        if value is NULL:
            value = Vector("logical", np.empty(0, np.int32))
        label = name or ""
        if not label and level >= 1 and len(dim_of(value) or ()) != 2 and not is_frame(value):
            expression = expression_of(promise)
            if type(expression) is Symbol:
                label = expression.name
            elif level >= 2:
                written = deparse_short(expression)
                label = written if len(written) <= 10 else written[:10] + "..."
        values.append((label, value))
        numbers.append(len(numbers) + 1 + skipped)
    if not values:
        return NULL
    if any(is_frame(value) for _, value in values):
        from pipekeras.grammar.builtins.frames.frame_binding import bind_frames
        from pipekeras.grammar.builtins.frames.frames import shown_expression

        named = [(name, value_of(promise)) for name, promise in dots]
        chosen = ("make.row.names", "stringsAsFactors") if rows else ("make.row.names", "stringsAsFactors", "row.names")
        options: dict[str | None, Any] = {name: value for name, value in named if name in chosen}
        kept = [k for k, (name, value) in enumerate(named) if name not in options and (value is not NULL or not rows)]
        shown = [named[k][0] or shown_expression(dots[k][1]) for k in kept]
        made = bind_frames([named[k] for k in kept], [str(label) for label in shown], rows)
        return _as_asked(made, options, rows)
    for _, value in values:
        if getattr(value, "kind", None) == "externalptr":
            fail("cannot bind runtime objects: turn them into arrays with as.array() first")
    method = _binding_method(values, rows)
    if method is not None:
        if any("ts" in (explicit_class(value) or []) for _, value in values):
            # Series are named by what was written, whatever that is.
            shown = [name or deparse_short(expression_of(promise)) for name, promise in dots if value_of(promise) is not NULL]
            values = [(label, value) for label, (_, value) in zip(shown, values, strict=True)]
        elif type(method) is Closure and home_in_library(method) is None:
            # A program's own method gets what was written, with the names that were written.
            return call_function(method, list(dots))
        return call_function(method, [(label or None, value) for label, value in values])
    return bind_matrices(values, rows, numbers)


def _bound_plainly(dots: Dots, given: list[Any], rows: bool, level: int) -> Vector | None:
    """Vectors of one kind and length without attributes as the rows or columns of a matrix; None for anything else."""
    if level > 1 or not given:
        return None
    first = given[0]
    if type(first) is not Vector or first.kind in ("list", "expression") or not len(first):
        return None
    kind, size = first.kind, len(first)
    for value in given:
        if type(value) is not Vector or value.kind != kind or value.attributes is not None or len(value) != size:
            return None
    labels = []
    for name, promise in dots:
        expression = None if name or level < 1 else expression_of(promise)
        labels.append(expression.name if type(expression) is Symbol else name or "")
    pieces = [value.data for value in given]
    data = np.stack(pieces, axis=1).ravel() if rows else np.concatenate(pieces)
    attributes: dict[str, Any] = {"dim": integer([len(given), size] if rows else [size, len(given)])}
    if any(labels):
        names = character(labels)
        attributes["dimnames"] = mk_list([names, NULL] if rows else [NULL, names])
    return Vector(kind, data, attributes)


def _as_asked(made: Any, options: dict[str | None, Any], rows: bool) -> Any:
    """A bound data frame without row names where that was asked for; texts of data frames stay texts in any case."""
    if rows and "make.row.names" in options and not flag(options["make.row.names"]):
        made = made.with_attribute("row.names", integer([None, -row_count(made)]))
    if "row.names" in options:
        labels = options["row.names"]
        if labels is NULL:
            return made.with_attribute("row.names", integer([None, -row_count(made)]))
        return call_function(REGISTRY["row.names<-"], [(None, made), (None, labels)])
    return made


def _binding_method(values: list[tuple[str, Any]], rows: bool) -> Any:
    generic = "rbind" if rows else "cbind"
    for _, value in values:
        for name in explicit_class(value) or []:
            found = find_method(f"{generic}.{name}", machine.global_environment)
            if found is not None:
                return found
    return None


def _reaches_across(value: Vector, rows: bool) -> bool:
    """Whether a value without elements has an extent across all the same: then the result is not empty."""
    shape = dim_of(value)
    return is_frame(value) or (shape is not None and len(shape) == 2 and shape[1 if rows else 0] > 0)


def without_single_dimension(value: Any) -> Any:
    """A one-dimensional array as a vector with names; an array of more than two extents as one without."""
    shape = dim_of(value)
    if shape is None or len(shape) == 2:
        return value
    if len(shape) > 2:
        return Vector(value.kind, value.data)
    names = names_of(value)
    return Vector(value.kind, value.data, {"names": character(names)} if names is not None else None)


def bind_matrices(values: list[tuple[str, Any]], rows: bool, numbers: list[int] | None = None) -> Vector:
    """``rbind`` or ``cbind`` of vectors and matrices; ``numbers`` says which arguments of the program they are."""
    values = [(label, mk_list(call_as_list(value).data) if type(value) is Call else value) for label, value in values]
    for _, value in values:
        if rows and is_function(value):
            kind = "builtin" if getattr(value, "primitive", False) else "closure"
            fail(f"cannot coerce type '{kind}' to vector of type 'list'")
    values = [(label, value if type(value) is Vector or value is NULL else mk_list([value])) for label, value in values]
    values = [(label, without_single_dimension(value)) for label, value in values]
    matrices = [value for _, value in values if dim_of(value) is not None]
    along, across = (0, 1) if rows else (1, 0)
    extents = {(dim_of(value) or [])[across] for value in matrices}
    if len(extents) > 1:
        position = next(k for k, (_, v) in enumerate(values)
                        if dim_of(v) is not None and dim_of(v)[across] != dim_of(matrices[0])[across])  # type: ignore[index]
        fail(f"number of {'columns' if rows else 'rows'} of matrices must match (see arg {position + 1})")
    extent = extents.pop() if extents else max(len(value) for _, value in values)
    numbers = numbers or list(range(1, len(values) + 1))
    counted = [dim_of(v) is not None or len(v) > 0 or extent == 0 for _, v in values]
    usable = [pair for pair, counts in zip(values, counted, strict=True) if counts]
    numbers = [number for number, counts in zip(numbers, counted, strict=True) if counts]
    rank = max(KIND_RANK[v.kind] if type(v) is Vector else KIND_RANK["list"] for _, v in values)
    kind = next(name for name, value in KIND_RANK.items() if value == rank)
    pieces = []
    along_names: list[str | None] = []
    across_names: Any = NULL
    named = False
    mismatch = False
    for label, value in usable:
        if type(value) is not Vector:
            value = mk_list([value])
        if "factor" in (explicit_class(value) or []):
            own_names = (value.attributes or {}).get("names")
            value = Vector("integer", value.data, None if own_names is None else {"names": own_names})
        data = convert(value.data, value.kind, kind)
        shape = dim_of(value)
        if shape is None:
            if len(value) and (extent % len(value) or len(value) > extent) and not mismatch:
                mismatch = True
            size = extent
            line = resized(data, size) if len(data) else data
            pieces.append(line.reshape(1, -1) if rows else line.reshape(-1, 1))
            along_names.append(label)
            named = named or bool(label)
            if across_names is NULL and extent and len(value) == extent and names_of(value) is not None:
                across_names = character(names_of(value))
        else:
            pieces.append(data.reshape(shape, order="F"))
            own = axis_names(value, along)
            if own is not NULL:
                named = True
                along_names.extend(own.items())
            else:
                along_names.extend([""] * shape[along])
            if across_names is NULL:
                other = axis_names(value, across)
                if other is not NULL:
                    across_names = other
    if mismatch:
        which = "columns" if rows else "rows"
        sizes = [len(v) if dim_of(v) is None else 0 for _, v in usable]
        position = next(k for k, size in enumerate(sizes) if size and (extent % size or size > extent))
        shown = numbers[position] if numbers and len(numbers) == len(usable) else position + 1
        warn(f"number of {which} of result is not a multiple of vector length (arg {shown})")
    joined = np.concatenate(pieces, axis=along) if pieces else np.empty((0, extent) if rows else (extent, 0))
    along_part = character(along_names) if named else NULL
    parts = (along_part, across_names) if rows else (across_names, along_part)
    blank = extent == 0 and not any(names_of(value) for _, value in usable if dim_of(value) is None)
    return from_array(kind, joined, mk_list(parts) if blank else dimension_list(*parts))


def _forced(dots: Dots) -> Dots:
    """The arguments, evaluated; what is said from here on is said of this call again."""
    for _, value in dots:
        value_of(value)
    if machine.frames:
        machine.builtin_call = machine.frames[-1].call
    return dots


@builtin("rbind", "..., deparse.level = 1", lazy=True)
def rbind(dots: Dots, deparse_level: Any) -> Any:
    return _bind(_forced(dots), True, int(number(value_of(deparse_level))))


@builtin("cbind", "..., deparse.level = 1", lazy=True)
def cbind(dots: Dots, deparse_level: Any) -> Any:
    return _bind(_forced(dots), False, int(number(value_of(deparse_level))))
