"""Reading members by name: ``x$name`` without S3 dispatch."""

from __future__ import annotations

from math import prod
from typing import Any

from pipekeras.grammar.environment import Environment
from pipekeras.grammar.nodes import Call
from pipekeras.grammar.values import (
    NULL,
    ExternalObject,
    ResultAttributes,
    TextTensorAttributes,
    Vector,
    character,
    dim_of,
    integer,
    logical,
    names_of,
)
from pipekeras.grammar.vectors.indexing import LISTS, call_as_list
from pipekeras.grammar.vectors.report import fail, not_subsettable


def _question_of_shape(x: Vector, name: str) -> Any:
    """``tensor$shape$as_list()`` and what else Python's shapes are asked for: a shape is a list of its sizes."""
    from pipekeras.grammar.builtins.registry import Builtin

    if name == "as_list":
        return Builtin(name, lambda: Vector(x.kind, x.data), "")
    if not x.attributes or "class" not in x.attributes or "keras_shape" not in x.attributes["class"].items():
        return NULL
    if name in ("ndims", "rank"):
        return integer(len(x))
    known = all(size is not NULL for size in x.data)
    if name == "is_fully_defined":
        return Builtin(name, lambda: logical(known), "")
    if name == "num_elements":
        return Builtin(name, lambda: integer(prod(int(size.data[0]) for size in x.data)) if known else NULL, "")
    return NULL


_QUESTIONS = frozenset(("as_list", "ndims", "rank", "is_fully_defined", "num_elements"))
def _question_of_texts(x: Vector, name: str) -> Any:
    """What a tensor of texts, which is an array of the language, is asked for by name."""
    from pipekeras.grammar.builtins.registry import Builtin

    if name == "numpy":
        return Builtin(name, lambda: x, "")
    if name == "dtype":
        return character("string")
    sizes = dim_of(x) or []
    if name in ("ndim", "rank"):
        return integer(len(sizes))
    from pipekeras.grammar.keras.shapes import shape_of

    return shape_of(sizes) if name == "shape" else Builtin(name, lambda: shape_of(sizes), "")


_OF_TEXTS = frozenset(("shape", "get_shape", "dtype", "ndim", "rank", "numpy"))
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
            if type(x.attributes) is TextTensorAttributes and name in _OF_TEXTS:
                return _question_of_texts(x, name)
            fail("$ operator is invalid for atomic vectors")
        names = names_of(x)
        if names is None:
            return _question_of_shape(x, name) if name in _QUESTIONS else NULL
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
    if getattr(x, "kind", None) == "builtin" and name in ("from_config", "classname", "__name__"):
        from pipekeras.grammar.keras.custom_words import member_of_class

        found = member_of_class(x, name)
        if found is not None:
            return found
    return not_subsettable(x)
