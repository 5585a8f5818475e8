"""The class of a value: class, oldClass, unclass, inherits and their replacements."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.s4 import is_s4, superclasses
from pipekeras.grammar.values import (
    DTYPES,
    NULL,
    ExternalObject,
    Vector,
    character,
    class_of,
    dim_of,
    explicit_class,
    get_attribute,
    integer,
    logical,
)
from pipekeras.grammar.vectors.arguments import flag
from pipekeras.grammar.vectors.arithmetic import empty
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.report import fail


@builtin("class", "x")
def class_builtin(x: Any) -> Any:
    given = get_attribute(x, "class")
    return character(class_of(x)) if given is NULL else given


@builtin("oldClass", "x")
def old_class(x: Any) -> Any:
    return get_attribute(x, "class")


def set_class(x: Any, value: Any) -> Any:
    """``class(x) <- value``: names of basic kinds convert, others set the attribute."""
    if value is NULL:
        return _raw_class(x, NULL)
    if type(value) is Vector and value.kind != "character" and explicit_class(value) is None:
        value = coerce(value.with_attributes(None), "character")
    classes = value.items()
    if x is NULL and len(classes) == 1 and classes[0] in ("numeric", *DTYPES):
        return empty("double" if classes[0] == "numeric" else str(classes[0]))
    if len(classes) == 1 and type(x) is Vector:
        wanted = classes[0]
        if wanted == "numeric":
            bare = _raw_class(x, NULL)
            return bare if x.kind in ("integer", "double") else coerce(bare, "double")
        if wanted in ("matrix", "array"):
            dimensions = dim_of(x)
            if dimensions is not None and (wanted == "array" or len(dimensions) == 2):
                return _raw_class(x, NULL)
            fail(f"invalid to set the class to matrix unless the dimension attribute is of length 2 (was "
                 f"{0 if dimensions is None else len(dimensions)})" if wanted == "matrix" else
                 "cannot set class to \"array\" unless the dimension attribute has length > 0")
        if wanted in ("integer", "double", "character", "logical", "complex", "list", "raw"):
            return coerce(_raw_class(x, NULL), str(wanted))
        if wanted == "factor" and x.kind != "integer":
            fail("adding class \"factor\" to an invalid object")
    if len(classes) == 1 and classes[0] == "function" and getattr(x, "kind", "") in ("closure", "builtin"):
        return _raw_class(x, NULL)
    return _raw_class(x, value)


def _raw_class(x: Any, value: Any) -> Any:
    if type(value) is Vector and len(value) == 0:
        value = NULL
    if x is NULL:
        if value is NULL:
            return NULL
        fail("attempt to set an attribute on NULL")
    if type(x) is Vector:
        return x.with_attribute("class", value)
    found = dict(getattr(x, "attributes", None) or {})
    if value is NULL:
        found.pop("class", None)
    else:
        found["class"] = value
    if type(x) is Environment:
        x.attributes = found or None
        return x
    return x.with_attributes(found or None)


@builtin("class<-", "x, value")
def assign_class(x: Any, value: Any) -> Any:
    return set_class(x, value)


@builtin("oldClass<-", "x, value")
def assign_old_class(x: Any, value: Any) -> Any:
    if value is not NULL and (type(value) is not Vector or value.kind != "character"):
        fail("attempt to set invalid 'class' attribute")
    return _raw_class(x, value)


@builtin("unclass", "x")
def unclass(x: Any) -> Any:
    if not getattr(x, "attributes", None):
        return x
    if type(x) is Environment:
        if explicit_class(x):
            fail("cannot unclass an environment")
        return x
    return _raw_class(x, NULL)


@builtin("inherits", "x, what, which = FALSE")
def inherits(x: Any, what: Any, which: Any) -> Any:
    classes = _inherited(x)
    if isinstance(what, ExternalObject) and isinstance(what.value, type):
        # Since R 4.3 a class may stand for its name; that of the runtime knows its objects itself.
        return logical(isinstance(x, ExternalObject) and isinstance(x.value, what.value))
    if type(what) is not Vector or what.kind != "character":
        fail("'what' must be a character vector")
    wanted = what.items()
    if flag(which):
        # Positions count the classes that class() tells, not the kinds behind them.
        classes = (explicit_class(x) and classes) or class_of(x)
        return integer([classes.index(name) + 1 if name in classes else 0 for name in wanted])
    return logical(any(name in classes for name in wanted))


def _inherited(x: Any) -> list[str]:
    given = explicit_class(x)
    if given is not None:
        return superclasses(given[0]) if is_s4(x) else given
    from pipekeras.grammar.values import dispatch_class

    return dispatch_class(x) + (["integer", "numeric"] if getattr(x, "kind", "") == "integer" else [])
