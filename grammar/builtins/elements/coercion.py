"""Type questions and conversions: ``as.*``, ``is.*``, ``vector`` and kin."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.elements.questions import shape_only
from pipekeras.grammar.builtins.registry import REGISTRY, builtin
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.inner_calls import call_as_text
from pipekeras.grammar.evaluation.machine import call_function
from pipekeras.grammar.nodes import Call, Formals, Symbol
from pipekeras.grammar.spelling import quote_name
from pipekeras.grammar.values import (
    DTYPES,
    NA_INTEGER,
    NULL,
    Vector,
    character,
    class_of,
    explicit_class,
    integer,
    is_function,
    is_pairlist,
    mk_list,
    mode_of,
    names_of,
    object_array,
    pairlist,
    type_of,
)
from pipekeras.grammar.vectors.arguments import count, first, flag, number, text
from pipekeras.grammar.vectors.coerce import coerce, convert, element_text, plain
from pipekeras.grammar.vectors.indexing import call_as_list, list_as_call
from pipekeras.grammar.vectors.recycling import resized
from pipekeras.grammar.vectors.report import fail, warn

Dots = list[tuple[str | None, Any]]
KIND_OF_MODE = {
    "logical": "logical",
    "integer": "integer",
    "double": "double",
    "numeric": "double",
    "complex": "complex",
    "character": "character",
    "raw": "raw",
    "list": "list",
    "expression": "expression",
}


def factor_texts(x: Vector) -> Vector:
    """Labels of a factor's elements."""
    levels = x.attributes["levels"].data if x.attributes else object_array([])
    codes = x.data
    known = codes[codes != NA_INTEGER] if x.kind == "integer" else codes
    if x.kind != "integer" or (len(known) and not 1 <= int(known.min()) <= int(known.max()) <= len(levels)):
        fail("malformed factor")
    table = object_array([None, *levels])
    return Vector("character", table[np.where(codes == NA_INTEGER, 0, codes)])


def as_kind(x: Any, kind: str) -> Any:
    """Plain vector of an atomic kind from any value."""
    if type(x) is Vector:
        classes = explicit_class(x)
        if classes is not None and "factor" in classes and kind == "character":
            return factor_texts(x)
        return plain(x, kind)
    if x is NULL:
        return Vector(kind, np.empty(0, DTYPES[kind]))
    if kind == "character":
        if type(x) is Symbol:
            return character(x.name)
        if type(x) is Call:
            # What is called stands by its plain name, names among the arguments as they are written.
            head, *rest = call_as_list(x).data
            return character([element_text(head), *(
                quote_name(part.name) if type(part) is Symbol else element_text(part) for part in rest)])
    if getattr(x, "kind", None) == "externalptr":
        from pipekeras.grammar.vectors.objects import as_vector

        return plain(as_vector(x), kind)
    shown = "double" if kind == "double" else kind
    article = type_of(x)
    if type(x) is Call:
        fail(f"'language' object cannot be coerced to type '{shown}'")
    return fail(f"cannot coerce type '{article}' to vector of type '{shown}'")


def _enter_converter(names: tuple[str, ...], kind: str) -> None:
    @builtin(names, "x, ...", generic="internal")
    def convert_to(x: Any, dots: Dots) -> Any:
        if type(x) is Vector and x.kind == kind and x.attributes is None:
            return x
        return as_kind(x, kind)


for _names, _kind in (
    (("as.logical",), "logical"),
    (("as.integer",), "integer"),
    (("as.double", "as.numeric"), "double"),
    (("as.complex",), "complex"),
    (("as.character",), "character"),
    (("as.raw",), "raw"),
):
    _enter_converter(_names, _kind)


@builtin("as.vector", "x, mode = 'any'", generic="s3")
def as_vector(x: Any, mode: Any) -> Any:
    wanted = text(mode, "mode")
    if getattr(x, "kind", None) == "externalptr":
        from pipekeras.grammar.vectors.objects import as_vector as from_object

        x = from_object(x)
    if wanted == "any":
        if getattr(x, "kind", None) in ("closure", "builtin", "special"):
            fail(f"cannot coerce type '{type_of(x)}' to vector of type 'any'")
        if type(x) is Symbol:
            fail("cannot coerce type 'symbol' to vector of type 'any'")
        if type(x) is not Vector:
            return x
        classes = explicit_class(x)
        if classes is not None and "factor" in classes:
            return factor_texts(x)
        if x.kind in ("list", "expression"):
            kept = {k: v for k, v in (x.attributes or {}).items() if k == "names"}
            if classes is not None and "data.frame" in classes:
                return x.with_attributes(kept)
            if classes is not None and "POSIXlt" in classes:
                return call_builtin("as.list", x)
            return x
        return x if x.attributes is None else x.with_attributes(None)
    if wanted == "list":
        made = as_list(x, [])
        if "factor" in (explicit_class(x) or []) or type(made) is not Vector or type(x) is not Vector or x.kind == "list":
            return made
        bare = [part.with_attributes(None) if type(part) is Vector else part for part in made.data]
        names = call_builtin("names", x)
        return mk_list(bare, names_of(made) if names is NULL else names.items())
    if wanted == "symbol":
        return as_symbol(x)
    kind = KIND_OF_MODE.get(wanted)
    if kind is None:
        fail("invalid 'mode' argument")
    return as_kind(x, kind)


@builtin(("as.symbol", "as.name"), "x")
def as_symbol(x: Any) -> Any:
    if type(x) is Symbol:
        return x
    if type(x) is Vector and x.kind == "character" and not len(x):
        fail("invalid data of mode 'character' (too short)")
    label = as_kind(x, "character").items()
    if not label:
        fail("invalid data of mode 'character' (too short)")
    if label[0] == "":
        fail("attempt to use zero-length variable name")
    return Symbol("NA" if label[0] is None else str(label[0]))


@builtin("as.list", "x, ...", generic="s3")
def as_list(x: Any, dots: Dots) -> Any:
    if x is NULL:
        return mk_list()
    if type(x) is Environment:
        names = sorted(name for name in x.frame if not name.startswith("."))
        return mk_list([x.get(name, inherits=False) for name in names], names)
    if type(x) is Call:
        code = call_as_list(x)
        return code.with_attributes({**(code.attributes or {}), **x.attributes}) if x.attributes else code
    if is_function(x):
        return _function_parts(x)
    if type(x) is not Vector:
        return mk_list([x])
    classes = explicit_class(x)
    if classes is not None and "factor" in classes:
        codes = x.attributes or {}
        shared = {k: v for k, v in codes.items() if k in ("levels", "class")}
        parts = [Vector("integer", None, dict(shared), int(code)) for code in x.data]
        return Vector("list", object_array(parts), {"names": character(names_of(x))} if names_of(x) is not None else None)
    if classes is not None and "data.frame" in classes:
        notes = {name: value for name, value in (x.attributes or {}).items() if name not in ("class", "row.names")}
        return Vector("list", x.data, notes or None)
    if x.kind == "list":
        return x.with_data(x.data.copy()) if is_pairlist(x) else x
    kept = {"names": character(names_of(x))} if names_of(x) is not None else None
    data = convert(x.data, x.kind, "list")
    if classes is not None and any(name in ("Date", "POSIXct", "difftime") for name in classes):
        extra = {k: v for k, v in (x.attributes or {}).items() if k not in ("names", "dim", "dimnames")}
        data = object_array([part.with_attributes(dict(extra)) for part in data])
    return Vector("list", data, kept)


def _function_parts(x: Any) -> Vector:
    if getattr(x, "kind", "") != "closure":
        return mk_list([x])
    names = [name for name, _ in x.formals]
    return mk_list([*(default for _, default in x.formals), x.body], [*names, ""])


@builtin("as.call", "x")
def as_call(x: Any) -> Any:
    if type(x) is Call:
        return x
    if getattr(x, "kind", "") == "character":
        fail("as.call(<character>) not feasible; consider str2lang(<char.>)")
    if type(x) is not Vector or x.kind not in ("list", "expression"):
        fail("invalid argument list")
    if len(x) == 0:
        fail("invalid length 0 argument")
    made = list_as_call(x)
    made.label = ""
    return made


@builtin("as.pairlist", "x")
def as_pairlist(x: Any) -> Any:
    made = as_list(x, []) if x is not NULL else NULL
    return NULL if made is NULL or not len(made) else pairlist(made)


@builtin("vector", "mode = 'logical', length = 0L")
def vector(mode: Any, length: Any) -> Any:
    return make_vector(text(mode, "mode"), _vector_length(length))


def _vector_length(length: Any) -> int:
    if type(length) is not Vector or len(length) != 1 or length.kind == "logical":
        fail("invalid 'length' argument")
    amount = number(length)
    if amount != amount and length.kind in ("logical", "integer"):
        fail("invalid 'length' argument")
    if amount != amount:
        fail("vector size cannot be NA/NaN")
    if amount < 0:
        fail("invalid 'length' argument")
    if amount > 2**52:
        fail("vector size cannot be infinite" if math.isinf(amount) else "vector size specified is too large")
    return int(amount)


def make_vector(mode: str, length: int) -> Any:
    """A vector of a mode filled with its zero."""
    kind = KIND_OF_MODE.get(mode)
    if kind is None:
        fail(f"vector: cannot make a vector of mode '{mode}'.")
    if kind in ("list", "expression"):
        return Vector(kind, object_array([NULL] * length))
    if kind == "character":
        return Vector(kind, object_array([""] * length))
    return Vector(kind, np.zeros(length, DTYPES[kind]))


def _enter_maker(name: str) -> None:
    @builtin(name, "length = 0L")
    def make(length: Any) -> Any:
        return make_vector(name, _vector_length(length))


for _name in ("logical", "integer", "double", "numeric", "character", "raw"):
    _enter_maker(_name)


_TURNED = "1i * rep_len(argument, n)"
_STRETCHED = f"rep_len(modulus, n) * exp({_TURNED})"


def _polar(size: int, modulus: Any, argument: Any) -> Any:
    """Complex numbers of lengths and angles; what an operator refuses is told with the operator's call."""
    repeated = []
    for name, part in (("modulus", modulus), ("argument", argument)):
        if type(part) is not Vector and not (part is NULL and not size):
            problem = "cannot replicate NULL to a non-zero length" if part is NULL else "attempt to replicate non-vector"
            raise RError(problem, call=call_as_text(f"rep_len({name}, n)"))
        repeated.append(call_builtin("rep_len", part, integer(size)))
    for part, call in zip(repeated[::-1], (_TURNED, _STRETCHED), strict=True):
        if part is not NULL and part.kind not in ("logical", "integer", "double", "complex"):
            raise RError("non-numeric argument to binary operator", call=call_as_text(call))
    turned = call_builtin("exp", call_builtin("*", Vector("complex", None, None, 1j), repeated[1]))
    return call_builtin("*", repeated[0], turned)


@builtin("complex", "length.out = 0, real = numeric(), imaginary = numeric(), modulus = 1, argument = 0")
def complex_builtin(length_out: Any, real: Any, imaginary: Any, modulus: Any, argument: Any) -> Any:
    unasked = [formal.default for formal in REGISTRY["complex"].formals[3:]]
    if modulus is not unasked[0] or argument is not unasked[1]:
        return _polar(max(count(length_out), len(argument), len(modulus)), modulus, argument)
    parts = [coerce(part, "double").data for part in (real, imaginary)]
    size = max(count(length_out), len(parts[0]), len(parts[1]))
    r = resized(parts[0], size) if len(parts[0]) else np.zeros(size)
    i = resized(parts[1], size) if len(parts[1]) else np.zeros(size)
    made = np.empty(size, np.complex128)
    made.real, made.imag = r, i
    return Vector("complex", made)


@builtin("typeof", "x")
def typeof(x: Any) -> Any:
    return character(type_of(x))


@builtin("mode", "x")
def mode(x: Any) -> Any:
    return character(mode_of(x))


@builtin("storage.mode", "x")
def storage_mode(x: Any) -> Any:
    return character("function" if is_function(x) else type_of(x))


@builtin("mode<-", "x, value", needs_environment=True)
def set_mode(x: Any, value: Any, *, environment: Environment) -> Any:
    """As `storage.mode<-`; any other mode is what its function `as.` makes."""
    wanted = coerce(value, "character")
    mode = wanted.items()[0]
    if mode in KIND_OF_MODE or mode == "call":
        return set_storage_mode(x, wanted)
    maker = environment.get_function(f"as.{mode}")
    if maker is None:
        fail(f"object 'as.{mode}' of mode 'function' was not found")
    return call_function(maker, [(None, x)])


@builtin("storage.mode<-", "x, value")
def set_storage_mode(x: Any, value: Any) -> Any:
    if getattr(value, "kind", "") != "character":
        fail("'value' must be non-null character string")
    if text(value, "value") == "call":
        return call_builtin("as.call", x)
    wanted = KIND_OF_MODE.get(text(value, "value"))
    if wanted is None:
        fail("invalid value")
    if "factor" in (explicit_class(x) or []) and wanted != x.kind:
        fail("invalid to change the storage mode of a factor")
    if wanted == "list":
        kept = x.attributes if type(x) is Vector else None
        made = as_list(x.with_attributes(None) if kept else x, [])
        return made.with_attributes(kept) if kept else made
    return coerce(x, wanted)


@builtin("is.element", "el, set")
def is_element(el: Any, table: Any) -> Any:
    return call_builtin("%in%", el, table)


@builtin("length", "x", generic="internal")
def length(x: Any) -> Any:
    kind = type(x)
    if kind is Vector:
        return Vector("integer", None, None, len(x))
    if x is NULL:
        return integer(0)
    if kind is Environment:
        return integer(len(x.frame))
    if kind is Call:
        return integer(len(call_as_list(x)))
    if kind is Formals:
        return integer(len(x))
    if getattr(x, "kind", None) == "externalptr":
        from pipekeras.grammar.vectors.objects import length_of

        return integer(length_of(x))
    return integer(1)


@builtin("length<-", "x, value", generic="internal")
def set_length(x: Any, value: Any) -> Any:
    wanted = _wanted_length(x, value)
    if x is NULL:
        if wanted:
            warn("length of NULL cannot be changed")
        return NULL
    if wanted == len(x):
        return x
    from pipekeras.grammar.vectors.assigning import grown

    given = names_of(x)
    data = x.data[:wanted] if wanted <= len(x) else grown(x.data, wanted, x.kind)
    kept: dict[str, Any] = {}
    if given is not None:
        kept["names"] = character([*given[:wanted], *[""] * (wanted - len(given))])
    if _GROWING_CLASSES.intersection(explicit_class(x) or ()):
        kept.update((k, v) for k, v in x.attributes.items() if k in ("levels", "class", "units", "tzone"))
    return Vector(x.kind, data, kept or None)


_GROWING_CLASSES = frozenset(("factor", "Date", "POSIXct", "difftime"))
"""Classes that keep what they are when their length is set."""


def _wanted_length(x: Any, value: Any) -> int:
    if x is not NULL and type(x) is not Vector:
        fail("cannot set length of non-(vector or list)")
    size = len(value) if type(value) is Vector else 0 if value is NULL else 1
    if size != 1:
        fail("wrong length for 'value' argument")
    if type(value) is not Vector or value.kind not in ("integer", "double", "character"):
        fail("invalid value")
    wanted = coerce(value, "double").data[0].item()
    if wanted != wanted and value.kind != "integer":
        fail("vector size cannot be NA/NaN")
    if math.isinf(wanted):
        fail("vector size cannot be infinite")
    if not wanted >= 0:
        fail("invalid value")
    return int(wanted)


@builtin("lengths", "x, use.names = TRUE")
def lengths(x: Any, use_names: Any) -> Any:
    if x is NULL:
        return integer([])
    if type(x) is not Vector:
        fail("'x' must be a list or atomic vector")
    parts = x.data if x.kind in ("list", "expression") else ()
    sizes = [int(first(call_builtin("length", part))) for part in parts] or [1] * len(x)
    result = integer(sizes)
    kept = {name: value for name, value in (shape_only(x) or {}).items() if name == "dim" or flag(use_names)} or None
    return result if kept is None else Vector("integer", np.array(sizes, np.int32), kept)


@builtin("data.class", "x")
def data_class(x: Any) -> Any:
    found = class_of(x)[0]
    return character("numeric" if found in ("integer", "double") else found)
