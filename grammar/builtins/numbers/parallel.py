"""Extremes side by side: pmax() and pmin()."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.elements.questions import shape_only
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.values import DTYPES, NA_INTEGER, NULL, Vector, explicit_class, is_na
from pipekeras.grammar.vectors.arguments import flag
from pipekeras.grammar.vectors.coerce import KIND_RANK, convert
from pipekeras.grammar.vectors.comparing import compare
from pipekeras.grammar.vectors.conforming import recycle
from pipekeras.grammar.vectors.report import fail, warn

Dots = list[tuple[str | None, Any]]


def _parallel(dots: Dots, na_rm: bool, largest: bool) -> Any:
    values = [value for _, value in dots]
    if not values:
        fail("no arguments")
    if len(values) == 1 and (values[0] is NULL or values[0].kind == "logical"):
        return values[0]
    if any(value is not NULL and (value.kind == "list" or explicit_class(value)) for value in values):
        return _parallel_by_steps(values, na_rm, largest)
    if any(value is not NULL and value.kind in ("complex", "raw") for value in values):
        fail("invalid input type")
    rank = max(KIND_RANK["integer"] if value is NULL else KIND_RANK[value.kind] for value in values)
    kind = next(name for name, value in KIND_RANK.items() if value == max(rank, KIND_RANK["integer"]))
    if any(value is NULL or len(value) == 0 for value in values):
        return _under_attributes_of(values[0], Vector(kind, np.empty(0, DTYPES[kind])))
    length = max(len(value) for value in values)
    result: np.ndarray | None = None
    for value in values:
        data = recycle(convert(value.data, value.kind, kind), length)
        if length % len(value):
            warn("an argument will be fractionally recycled")
        if result is None:
            result = np.array(data)
            continue
        result = _pairwise(result, data, kind, na_rm, largest)
    assert result is not None
    return _under_attributes_of(values[0], Vector(kind, result))


def _parallel_by_steps(values: list[Any], na_rm: bool, largest: bool) -> Any:
    """Lists and classed vectors: compared and assigned to by the rules of their class, one argument after the other."""
    result = values[0]
    any_missing = False
    for value in values[1:]:
        result, value = _of_one_length(result, value)
        left_missing, right_missing = call_builtin("is.na", result), call_builtin("is.na", value)
        any_missing = any_missing or bool((left_missing.data == 1).any() or (right_missing.data == 1).any())
        if (left_missing.data == 1).any():
            result = call_builtin("[<-", result, left_missing, call_builtin("[", value, left_missing))
        if (right_missing.data == 1).any():
            value = call_builtin("[<-", value, right_missing, call_builtin("[", result, right_missing))
        change = call_builtin("<" if largest else ">", result, value)
        change = Vector("logical", (change.data == 1).astype(np.int32), shape_only(change))
        result = call_builtin("[<-", result, change, call_builtin("[", value, change))
        if any_missing and not na_rm:
            lost = call_builtin("|", left_missing, right_missing)
            if (lost.data == 1).any():
                result = call_builtin("[<-", result, lost, Vector("logical", None, None, NA_INTEGER))
        result = _under_attributes_of(values[0], result)
    return result


def _of_one_length(left: Any, right: Any) -> tuple[Any, Any]:
    """Both repeated to the longer length; an empty one makes both empty."""
    size, other = (0 if one is NULL else len(one) for one in (left, right))
    length = Vector("integer", None, None, max(size, other) if size and other else 0)
    if size and other and max(size, other) % min(size, other):
        warn("an argument will be fractionally recycled")
    if size and (size < other or not other):
        left = call_builtin("rep", left, length__out=length)
    elif other and (other < size or not size):
        right = call_builtin("rep", right, length__out=length)
    return left, right


def _under_attributes_of(template: Any, made: Any) -> Any:
    if type(template) is not Vector or not template.attributes:
        return made
    return call_builtin("mostattributes<-", made, call_builtin("attributes", template))


def _pairwise(left: np.ndarray, right: np.ndarray, kind: str, na_rm: bool, largest: bool) -> np.ndarray:
    left_missing, right_missing = is_na(Vector(kind, left)), is_na(Vector(kind, np.asarray(right)))
    if kind == "character":
        left_safe, right_safe = np.where(left_missing, "", left), np.where(right_missing, "", right)
        chosen = compare(">=" if largest else "<=", Vector("character", left_safe), Vector("character", right_safe)).data
        result = np.where(chosen.astype(bool), left, right)
    else:
        with np.errstate(all="ignore"):
            result = np.where(left >= right if largest else left <= right, left, right)
    if not (left_missing.any() or right_missing.any()):
        return result
    if na_rm:
        return np.where(left_missing, right, np.where(right_missing, left, result))
    return np.where(right_missing, right, np.where(left_missing, left, result))


def _drops(na_rm: Any) -> bool:
    if type(na_rm) is Vector and len(na_rm) and na_rm.items()[0] == NA_INTEGER:
        fail("invalid 'na.rm' value")
    return flag(na_rm, "na.rm")


@builtin("pmax", "..., na.rm = FALSE")
def parallel_max(dots: Dots, na_rm: Any) -> Any:
    return _parallel(dots, _drops(na_rm), True)


@builtin("pmin", "..., na.rm = FALSE")
def parallel_min(dots: Dots, na_rm: Any) -> Any:
    return _parallel(dots, _drops(na_rm), False)


@builtin("pmax.int", "..., na.rm = FALSE")
def plain_max(dots: Dots, na_rm: Any) -> Any:
    """The largest side by side of plain vectors, without attributes."""
    return _parallel([(name, _bare(value)) for name, value in dots], _drops(na_rm), True)


@builtin("pmin.int", "..., na.rm = FALSE")
def plain_min(dots: Dots, na_rm: Any) -> Any:
    """The smallest side by side of plain vectors, without attributes."""
    return _parallel([(name, _bare(value)) for name, value in dots], _drops(na_rm), False)


def _bare(value: Any) -> Any:
    if value is NULL:
        return value
    if type(value) is not Vector or value.kind == "list":
        return fail("invalid input type")
    return value.with_attributes(None)
