"""Attributes: names, dim, dimnames, levels, class and the general access."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.classes.classes import set_class
from pipekeras.grammar.builtins.registry import REGISTRY, UNSET, builtin, value_of
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.listing_order import listed_names
from pipekeras.grammar.evaluation.machine import call_function
from pipekeras.grammar.evaluation.shown_calls import spoken_of
from pipekeras.grammar.nodes import Argument, Call, Formals, Symbol
from pipekeras.grammar.values import (
    NA_INTEGER,
    NULL,
    Attributes,
    ExternalObject,
    Vector,
    character,
    class_of,
    dim_of,
    explicit_class,
    get_attribute,
    integer,
    mk_list,
    names_of,
)
from pipekeras.grammar.vectors.arguments import flag, text
from pipekeras.grammar.vectors.coerce import coerce, integers
from pipekeras.grammar.vectors.frames import has_automatic_row_names, is_frame, row_count
from pipekeras.grammar.vectors.indexing import call_as_list
from pipekeras.grammar.vectors.report import fail, warn

Dots = list[tuple[str | None, Any]]


def call_builtin(name: str, *values: Any, **named: Any) -> Any:
    """Call a function of the base environment with S3 dispatch."""
    arguments: Dots = [(None, value) for value in values]
    arguments.extend((key.replace("__", "."), value) for key, value in named.items())
    return call_function(REGISTRY[name], arguments)


def store(vector: Any, written: str, chosen: Any, part: Any, name: str = "[<-") -> Any:
    """Put values into a vector; a method that warns shows its call as R's own code writes it."""
    if explicit_class(vector) is None:
        return call_builtin(name, vector, chosen, part)
    shown = (Argument(None, Symbol("*tmp*")), Argument(None, Symbol(written)), Argument("value", part))
    return call_function(REGISTRY[name], [(None, vector), (None, chosen), ("value", part)], call=Call(Symbol(name), shown))


@builtin("names", "x", generic="internal")
def names(x: Any) -> Any:
    if type(x) is Environment:
        return character(listed_names(x))
    if type(x) is Call:
        return get_attribute(call_as_list(x), "names")
    if type(x) is Formals:
        return character(list(x.names))
    if type(x) is ExternalObject:
        from pipekeras.grammar.external import adapter_of

        return character(adapter_of(x.value).names(x.value))
    attributes = getattr(x, "attributes", None)
    if attributes and "names" in attributes:
        return attributes["names"]
    found = names_of(x)
    return NULL if found is None else character(found)


def name_vector(value: Any, length: int) -> Any:
    """Names as they are stored: texts, padded with NA to the length."""
    if value is NULL:
        return NULL
    if type(value) is Vector and value.attributes and ("levels" in value.attributes or "class" in value.attributes):
        value = call_builtin("as.character", value)
    made = coerce(value, "character")
    if len(made) > length:
        fail(f"'names' attribute [{len(made)}] must be the same length as the vector [{length}]")
    if len(made) < length:
        return character([*made.items(), *[None] * (length - len(made))])
    return made.with_attributes(None) if made.attributes else made


@builtin("names<-", "x, value", generic="internal")
def set_names_of(x: Any, value: Any) -> Any:
    if x is NULL:
        if value is NULL:
            return NULL
        fail("attempt to set an attribute on NULL")
    if type(x) is Call:
        from pipekeras.grammar.vectors.indexing import list_as_call

        return list_as_call(set_names_of(call_as_list(x), value), x.attributes)
    if type(x) is not Vector:
        fail("names() applied to a non-vector")
    dimensions = dim_of(x)
    if dimensions is not None and len(dimensions) == 1:
        if value is NULL:
            unnamed = call_builtin("names", x) is NULL
            return x if unnamed else x.with_attribute("dimnames", NULL)
        given = name_vector(value, len(x))
        return x.with_attribute("dimnames", mk_list([given if len(x) else NULL]))
    given = name_vector(value, len(x))
    if given is NULL:
        return x.with_attribute("names", NULL)
    attributes = x.attributes or {}
    if "names" in attributes:
        return x.with_attributes({**attributes, "names": given})
    return x.with_attributes({**attributes, "names": given})


@builtin("setNames", "object = nm, nm", package="stats", lazy=True)
def set_names(object: Any, nm: Any) -> Any:
    # The names are looked at first, as in every assignment.
    nm = value_of(nm)
    object = value_of(object)
    with spoken_of("names(object) <- nm"):
        return call_builtin("names<-", object, nm)


@builtin("unname", "obj, force = FALSE")
def unname(obj: Any, force: Any) -> Any:
    if type(obj) is not Vector or not obj.attributes:
        return obj
    classes = explicit_class(obj)
    if classes and "data.frame" in classes and not flag(force):
        return obj.with_attribute("names", NULL)
    return obj.with_attributes({k: v for k, v in obj.attributes.items() if k not in ("names", "dimnames")})


@builtin("dim", "x", generic="internal")
def dim(x: Any) -> Any:
    if getattr(x, "kind", None) == "externalptr":
        from pipekeras.grammar.vectors.objects import shape_of

        return shape_of(x)
    return get_attribute(x, "dim")


@builtin("dim<-", "x, value", generic="internal")
def set_dim(x: Any, value: Any) -> Any:
    if value is NULL:
        if not x.attributes:
            return x
        return x.with_attributes({k: v for k, v in x.attributes.items() if k not in ("names", "dim", "dimnames")})
    if x is NULL:
        fail("attempt to set an attribute on NULL")
    if type(x) is not Vector:
        fail("invalid first argument, must be vector (list or atomic)")
    shape = integers(value)
    if len(shape) == 0:
        fail("length-0 dimension vector is invalid")
    if (shape < 0).any():
        fail("the dims contain negative values" if not (shape == -(2**31)).any() else "the dims contain missing values")
    product = int(np.prod(shape.astype(np.int64)))
    if product != len(x):
        fail(f"dims [product {product}] do not match the length of object [{len(x)}]")
    kept = {k: v for k, v in (x.attributes or {}).items() if k not in ("names", "dim", "dimnames")}
    return x.with_attributes({**kept, "dim": integer(shape)})


def _with_shape(x: Any, value: Any) -> Any:
    """The attribute dim alone set or taken away: unlike ``dim<-`` this leaves the names."""
    made = set_dim(x, value)
    held = (x.attributes or {}) if type(x) is Vector else {}
    if "names" not in held:
        return made
    shape = (made.attributes or {}).get("dim")
    kept = {name: shape if name == "dim" else held[name] for name in held if name != "dimnames"}
    return made.with_attributes({**kept, "dim": shape} if shape is not None else {k: v for k, v in kept.items() if k != "dim"})


def dimension_names(value: Any, dimensions: list[int]) -> Any:
    """Checked ``dimnames`` list: texts or NULL per dimension."""
    if value is NULL:
        return NULL
    if type(value) is not Vector or value.kind != "list":
        fail("'dimnames' must be a list")
    if len(value) > len(dimensions):
        fail(f"length of 'dimnames' [{len(value)}] must match that of 'dims' [{len(dimensions)}]")
    parts: list[Any] = []
    for axis, part in enumerate(value.data):
        if part is NULL or len(part) == 0:
            parts.append(NULL)
            continue
        if part.attributes and "levels" in part.attributes:
            part = call_builtin("as.character", part)
        labels = names_of(part) if part.kind == "character" else None
        made = coerce(part, "character").with_attributes(None if labels is None else {"names": character(labels)})
        if len(made) != dimensions[axis]:
            fail(f"length of 'dimnames' [{axis + 1}] not equal to array extent")
        parts.append(made)
    parts.extend([NULL] * (len(dimensions) - len(parts)))
    if not len(value):
        return NULL
    return mk_list(parts, names_of(value))


@builtin("dimnames", "x", generic="internal")
def dimnames(x: Any) -> Any:
    return get_attribute(x, "dimnames")


@builtin("dimnames<-", "x, value", generic="internal")
def set_dimnames(x: Any, value: Any) -> Any:
    if value is NULL:
        return NULL if x is NULL else x.with_attribute("dimnames", NULL)
    if x is NULL:
        fail("attempt to set an attribute on NULL")
    dimensions = dim_of(x)
    if dimensions is None:
        fail("'dimnames' applied to non-array")
    return x.with_attribute("dimnames", dimension_names(value, dimensions))


def _extent(x: Any, axis: int) -> Any:
    shape = call_builtin("dim", x)
    if shape is NULL or len(shape) <= axis:
        return NULL if shape is NULL else integer([None])
    return Vector(shape.kind, shape.data[axis : axis + 1])


@builtin("nrow", "x")
def nrow(x: Any) -> Any:
    return _extent(x, 0)


@builtin("ncol", "x")
def ncol(x: Any) -> Any:
    return _extent(x, 1)


@builtin("NROW", "x")
def nrow_or_length(x: Any) -> Any:
    shape = call_builtin("dim", x)
    return Vector("integer", shape.data[:1]) if shape is not NULL else call_builtin("length", x)


@builtin("NCOL", "x")
def ncol_or_one(x: Any) -> Any:
    shape = call_builtin("dim", x)
    return Vector("integer", shape.data[1:2]) if shape is not NULL and len(shape) > 1 else integer(1)


def _names_on(axis: int, x: Any, do_null: Any, prefix: Any) -> Any:
    given = call_builtin("dimnames", x)
    found = NULL
    if given is not NULL and len(given) <= axis:
        fail("subscript out of bounds")
    if given is not NULL:
        found = given.data[axis]
    if found is not NULL or flag(do_null):
        return found
    shape = call_builtin("dim", x)
    if axis:
        extent = 1 if shape is NULL or len(shape) < 2 else shape.data[1]
    else:
        extent = (0 if x is NULL else len(x)) if shape is NULL else shape.data[0]
    label = text(prefix)
    return character([f"{label}{k}" for k in range(1, int(extent) + 1)])


@builtin("rownames", "x, do.NULL = TRUE, prefix = 'row'")
def rownames(x: Any, do_null: Any, prefix: Any) -> Any:
    if explicit_class(x) and "data.frame" in class_of(x):
        return call_builtin("row.names", x)
    return _names_on(0, x, do_null, prefix)


@builtin("colnames", "x, do.NULL = TRUE, prefix = 'col'")
def colnames(x: Any, do_null: Any, prefix: Any) -> Any:
    if explicit_class(x) and "data.frame" in class_of(x):
        return names(x)
    return _names_on(1, x, do_null, prefix)


def _set_names_on(axis: int, x: Any, value: Any) -> Any:
    if value is NULL and get_attribute(x, "dimnames") is NULL:
        return x
    dimensions = dim_of(x)
    if dimensions is None or len(dimensions) <= axis:
        lacking = "less than two dimensions" if axis else "no dimensions"
        fail(f"attempt to set '{'col' if axis else 'row'}names' on an object with {lacking}")
    given = get_attribute(x, "dimnames")
    parts = list(given.data) if given is not NULL else [NULL] * len(dimensions)
    parts[axis] = value
    labels = names_of(given) if given is not NULL else None
    with spoken_of("dimnames(x) <- dn"):
        return call_builtin("dimnames<-", x, mk_list(parts, labels))


@builtin("rownames<-", "x, value")
def set_rownames(x: Any, value: Any) -> Any:
    if explicit_class(x) and "data.frame" in class_of(x):
        return call_builtin("row.names<-", x, value)
    return _set_names_on(0, x, value)


@builtin("colnames<-", "x, value")
def set_colnames(x: Any, value: Any) -> Any:
    if explicit_class(x) and "data.frame" in class_of(x):
        return call_builtin("names<-", x, value)
    return _set_names_on(1, x, value)


@builtin("levels", "x", generic="internal")
def levels(x: Any) -> Any:
    return get_attribute(x, "levels")


@builtin("levels<-", "x, value", generic="internal")
def set_levels(x: Any, value: Any) -> Any:
    if x is NULL and value is NULL:
        return NULL
    given = value.items() if type(value) is Vector and value.kind != "list" else []
    if len(set(given)) != len(given):
        position = next(k for k, level in enumerate(given) if level in given[:k]) + 1
        fail(f"factor level [{position}] is duplicated")
    if x is NULL:
        fail("attempt to set an attribute on NULL")
    return x.with_attribute("levels", value)


def row_names_value(stored: Any) -> Any:
    """Row names as R shows them: the compact form ``c(NA, -n)`` is expanded."""
    if type(stored) is Vector and stored.kind == "integer" and len(stored) == 2 and stored.data[0] == -(2**31):
        return Vector("integer", np.arange(1, abs(int(stored.data[1])) + 1, dtype=np.int32))
    return stored


@builtin("attributes", "x")
def attributes(x: Any) -> Any:
    found = getattr(x, "attributes", None)
    if not found:
        return NULL
    return mk_list([row_names_value(v) if k == "row.names" else v for k, v in found.items()], list(found))


def _check_series(x: Any, value: Any) -> None:
    """Whether start, end and frequency fit the values that they are set for."""
    if type(value) is not Vector or value.kind not in ("double", "integer") or len(value) != 3:
        fail("'tsp' attribute must be numeric of length three")
    start, end, frequency = coerce(value, "double").data.tolist()
    if not frequency > 0:
        fail("invalid time series parameters specified")
    shape = dim_of(x) if type(x) is Vector else None
    size = shape[0] if shape else len(x)
    if not size:
        fail("cannot assign 'tsp' to zero-length vector")
    if abs(end - start - (size - 1) / frequency) > 1e-5:
        fail("invalid time series parameters specified")


def set_attribute(x: Any, name: str, value: Any) -> Any:
    """One attribute set under R's checks for the special ones."""
    if x is NULL:
        x = mk_list()
    if name in ("names", "dim", "dimnames", "class", "levels", "row.names", "tsp"):
        if name == "names":
            # What is stored as an attribute loses its class: names of dates and factors are their numbers.
            made = set_names_of(x, value.with_attributes(None) if type(value) is Vector and value.attributes else value)
            inner = names_of(value) if type(value) is Vector and value.kind == "character" else None
            held = (made.attributes or {}).get("names") if type(made) is Vector else None
            if inner is None or held is None:
                return made
            # Set as an attribute, names keep names of their own.
            given = held.with_attribute("names", character(inner))
            return made.with_attribute("names", given) if len(inner) == len(made) else made
        if name == "dim":
            return _with_shape(x, value)
        if name == "dimnames":
            return set_dimnames(x, value)
        if name == "class":
            if type(value) is Vector and value.kind != "character" and explicit_class(value) is None:
                fail("attempt to set invalid 'class' attribute")
            return set_class(x, value)
        if name == "tsp" and value is not NULL:
            _check_series(x, value)
        if name == "row.names" and type(value) is Vector and value.kind == "double":
            value = coerce(value, "integer")
    if type(x) is Environment:
        found = dict(x.attributes or {})
        if value is NULL:
            found.pop(name, None)
        else:
            found[name] = value
        x.attributes = found or None
        return x
    if type(x) is Vector:
        return x.with_attribute(name, value)
    if type(x) is Symbol:
        fail("cannot set attribute on a symbol")
    found = dict(getattr(x, "attributes", None) or {})
    if value is NULL:
        found.pop(name, None)
    else:
        found[name] = value
    return x.with_attributes(found or None)


@builtin("attributes<-", "x, value")
def set_attributes(x: Any, value: Any) -> Any:
    if type(x) is Vector or hasattr(x, "with_attributes"):
        x = x.with_attributes(None)
    return _set_many(x, value)


@builtin("mostattributes<-", "obj, value")
def set_most_attributes(obj: Any, value: Any) -> Any:
    if value is NULL or len(value) == 0:
        return obj
    names = names_of(value) if type(value) is Vector and value.kind == "list" else None
    if names is None:
        fail("'value' must be NULL or a named list")
    pairs = {name or "": one for name, one in zip(names, value.data, strict=True)}
    shape, dimnames, labels = (pairs.pop(name, NULL) for name in ("dim", "dimnames", "names"))
    obj = obj.with_attributes(None)
    for name, one in pairs.items():
        obj = set_attribute(obj, name, one)
    size = len(obj)
    extents = [] if shape is NULL else [int(extent) for extent in shape.items()]
    fits = shape is not NULL and math.prod(extents) == size
    if fits:
        obj = set_dim(obj, shape)
    if fits and dimnames is not NULL and all(
            part is NULL or not len(part) or len(part) == extent for part, extent in zip(dimnames.data, extents, strict=True)):
        obj = set_dimnames(obj, dimnames)
    if labels is not NULL and not fits and len(labels) == size:
        obj = set_attribute(obj, "names", labels)
    return obj


def _set_many(x: Any, value: Any) -> Any:
    if value is NULL:
        return x
    if type(value) is not Vector or value.kind != "list":
        fail("attributes must be a list or NULL")
    if len(value) == 0:
        return x
    given = names_of(value)
    if given is None:
        fail("attributes must be named")
    pairs = list(zip(given, value.data, strict=True))
    pairs.sort(key=lambda pair: pair[0] != "dim")
    for name, one in pairs:
        x = set_attribute(x, name or "", one)
    return x


@builtin("attr", "x, which, exact = FALSE")
def attr(x: Any = UNSET, which: Any = UNSET, exact: Any = None) -> Any:
    if x is UNSET or which is UNSET:
        fail("either 2 or 3 arguments are required")
    if type(which) is not Vector or which.kind != "character":
        fail("'which' must be of mode character")
    if len(which) != 1:
        fail("exactly one attribute 'which' must be given")
    wanted = text(which, "which")
    found: Attributes = getattr(x, "attributes", None) or {}
    if wanted == "names":
        return names(x)
    if wanted in found:
        return row_names_value(found[wanted]) if wanted == "row.names" else found[wanted]
    if not flag(exact):
        hits = [name for name in found if name.startswith(wanted)]
        if len(hits) == 1:
            return found[hits[0]]
    return NULL


@builtin("attr<-", "x, which, value")
def set_attr(x: Any, which: Any, value: Any) -> Any:
    if x is NULL:
        if value is NULL:
            return NULL
        fail("attempt to set an attribute on NULL")
    if getattr(which, "kind", "") != "character":
        fail("'name' must be non-null character string")
    return set_attribute(x, text(which, "name"), value)


@builtin("structure", ".Data, ...")
def structure(data: Any, dots: Dots) -> Any:
    renamed = {".Names": "names", ".Dim": "dim", ".Dimnames": "dimnames", ".Class": "class", ".Label": "levels"}
    pairs = [(renamed.get(name or "", name or ""), value) for name, value in dots]
    pairs.sort(key=lambda pair: pair[0] != "dim")
    if data is NULL:
        warn("Calling 'structure(NULL, *)' is deprecated, as NULL cannot have attributes.\n"
             "  Consider 'structure(list(), *)' instead.")
        data = mk_list() if pairs else NULL
    if type(data) is Vector and data.kind == "double" and "factor" in str(dict(pairs).get("class", "")):
        data = coerce(data, "integer")
    names = (data.attributes or {}).get("names") if type(data) is Vector and pairs and pairs[0][0] == "dim" else None
    if names is not None:
        data = set_names_of(set_dim(data, pairs.pop(0)[1]), names)
    if type(data) is Vector and is_frame(data) and has_automatic_row_names(data) and "class" in dict(pairs):
        new_class = dict(pairs)["class"]
        if new_class is NULL or "data.frame" not in new_class.items():
            # Rows of what is no data frame any more are numbers that somebody chose.
            data = data.with_attribute("row.names", integer([NA_INTEGER, row_count(data)]))
    for name, value in pairs:
        if name == "":
            fail("attributes must be named")
        data = set_attribute(data, name, value)
    return data
