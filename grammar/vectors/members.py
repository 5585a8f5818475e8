"""Reading members by name: ``x$name`` without S3 dispatch."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.environment import Environment
from pipekeras.grammar.nodes import Call
from pipekeras.grammar.values import NULL, ExternalObject, ResultAttributes, Vector, names_of
from pipekeras.grammar.vectors.indexing import LISTS, call_as_list
from pipekeras.grammar.vectors.report import fail, not_subsettable


def _sizes_of_shape(x: Vector) -> Any:
    """``tensor$shape$as_list()``: a shape is a list of its sizes already."""
    from pipekeras.grammar.builtins.registry import Builtin

    return Builtin("as_list", lambda: x, "")


_LONG_NAMES = {"mae": "mean_absolute_error", "mse": "mean_squared_error", "acc": "accuracy"}


def result_of(x: Vector, name: str) -> Any:
    """``scores$accuracy`` of what `evaluate()` gives: by the name, its begin, or the long name of a short one."""
    names = names_of(x) or []
    hits = [place for place, one in enumerate(names) if one == name] or [
        place for place, one in enumerate(names) if one and (one.startswith(name) or _LONG_NAMES.get(one) == name)
    ]
    return Vector("double", x.data[hits[0] : hits[0] + 1].copy()) if len(hits) == 1 else NULL


def member(x: Any, name: str) -> Any:
    """``x$name``: partial matching on lists, exact on environments."""
    if type(x) is Vector:
        if x.kind not in LISTS:
            if type(x.attributes) is ResultAttributes:
                return result_of(x, name)
            fail("$ operator is invalid for atomic vectors")
        names = names_of(x)
        if names is None:
            return _sizes_of_shape(x) if name == "as_list" else NULL
        if name in names:
            return x.data[names.index(name)]
        hits = [position for position, one in enumerate(names) if one and one.startswith(name)]
        return x.data[hits[0]] if len(hits) == 1 else NULL
    if type(x) is Environment:
        found = x.get(name, inherits=False)
        if found is None and ".refClassDef" in x.frame:
            from pipekeras.grammar.evaluation.reference_classes import member_of

            return member_of(x, name)
        return NULL if found is None else found
    if x is NULL:
        return NULL
    if type(x) is Call:
        return member(call_as_list(x), name)
    if type(x) is ExternalObject:
        from pipekeras.grammar.external import member as external_member

        return external_member(x, name)
    return not_subsettable(x)
