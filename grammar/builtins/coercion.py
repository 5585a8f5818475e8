"""Type questions and conversions: ``as.*``, ``is.*``, ``vector`` and kin."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.attributes import call_builtin
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.nodes import Call, Formals, Symbol
from pipekeras.grammar.values import (
    DTYPES,
    FALSE,
    NA_INTEGER,
    NULL,
    TRUE,
    Vector,
    character,
    class_of,
    dim_of,
    explicit_class,
    integer,
    is_function,
    is_na,
    logical,
    mk_list,
    mode_of,
    names_of,
    object_array,
    type_of,
)
from pipekeras.grammar.vectors.arguments import count, first, flag, text
from pipekeras.grammar.vectors.coerce import coerce, convert, element_text, plain
from pipekeras.grammar.vectors.indexing import call_as_list, list_as_call
from pipekeras.grammar.vectors.recycling import resized
from pipekeras.grammar.vectors.report import fail

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
            return character([element_text(part) for part in call_as_list(x).data])
    if getattr(x, "kind", None) == "externalptr":
        from pipekeras.grammar.vectors.objects import as_vector

        return plain(as_vector(x), kind)
    shown = "double" if kind == "double" else kind
    article = type_of(x)
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
        if type(x) is not Vector:
            return x
        classes = explicit_class(x)
        if classes is not None and "factor" in classes:
            return factor_texts(x)
        if x.kind in ("list", "expression"):
            kept = {k: v for k, v in (x.attributes or {}).items() if k == "names"}
            if classes is not None and "data.frame" in classes:
                return x.with_attributes(kept)
            return x if dim_of(x) is None else x.with_attributes(kept or None)
        return x if x.attributes is None else x.with_attributes(None)
    if wanted == "list":
        return as_list(x, [])
    if wanted == "symbol":
        return as_symbol(x)
    kind = KIND_OF_MODE.get(wanted)
    if kind is None:
        fail(f"vector: cannot make a vector of mode '{wanted}'.")
    return as_kind(x, kind)


@builtin(("as.symbol", "as.name"), "x")
def as_symbol(x: Any) -> Any:
    if type(x) is Symbol:
        return x
    label = as_kind(x, "character").items()
    if not label:
        fail("invalid type/length (symbol/0) in vector allocation")
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
        return call_as_list(x)
    if is_function(x):
        return _function_parts(x)
    if type(x) is not Vector:
        return mk_list([x])
    classes = explicit_class(x)
    if classes is not None and "factor" in classes:
        codes = x.attributes or {}
        shared = {k: v for k, v in codes.items() if k in ("levels", "class")}
        parts = [Vector("integer", None, dict(shared), int(code)) for code in x.data]
        return mk_list(parts, names_of(x))
    if classes is not None and "data.frame" in classes:
        return Vector("list", x.data, {"names": (x.attributes or {})["names"]} if names_of(x) is not None else None)
    if x.kind == "list":
        if classes is not None or dim_of(x) is not None:
            return Vector("list", x.data, {"names": character(names_of(x))} if names_of(x) is not None else None)
        return x
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
    if type(x) is not Vector or x.kind not in ("list", "expression") or len(x) == 0:
        fail("invalid argument list")
    return list_as_call(x)


@builtin("as.pairlist", "x")
def as_pairlist(x: Any) -> Any:
    return as_list(x, []) if x is not NULL else NULL


@builtin("vector", "mode = 'logical', length = 0L")
def vector(mode: Any, length: Any) -> Any:
    return make_vector(text(mode, "mode"), count(length, "length"))


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
        return make_vector(name, count(length, "length"))


for _name in ("logical", "integer", "double", "numeric", "character", "raw"):
    _enter_maker(_name)


@builtin("complex", "length.out = 0, real = numeric(), imaginary = numeric(), modulus = 1, argument = 0")
def complex_builtin(length_out: Any, real: Any, imaginary: Any, modulus: Any, argument: Any) -> Any:
    parts = [coerce(part, "double").data for part in (real, imaginary, modulus, argument)]
    if len(parts[0]) == 0 and len(parts[1]) == 0 and (len(modulus) > 1 or len(argument) > 1 or
                                                      first(modulus) != 1 or first(argument) != 0):
        size = max(len(parts[2]), len(parts[3]))
        m, a = resized(parts[2], size), resized(parts[3], size)
        return Vector("complex", m * np.cos(a) + 1j * m * np.sin(a))
    size = max(count(length_out), len(parts[0]), len(parts[1]))
    r = resized(parts[0], size) if len(parts[0]) else np.zeros(size)
    i = resized(parts[1], size) if len(parts[1]) else np.zeros(size)
    return Vector("complex", r + 1j * i)


@builtin("typeof", "x")
def typeof(x: Any) -> Any:
    return character(type_of(x))


@builtin("mode", "x")
def mode(x: Any) -> Any:
    return character(mode_of(x))


@builtin("storage.mode", "x")
def storage_mode(x: Any) -> Any:
    return character("function" if is_function(x) else type_of(x))


@builtin(("storage.mode<-", "mode<-"), "x, value")
def set_storage_mode(x: Any, value: Any) -> Any:
    wanted = KIND_OF_MODE.get(text(value, "value"))
    if wanted is None:
        fail("invalid value")
    if wanted == "list":
        return as_list(x, [])
    return coerce(x, wanted)


def _enter_kind_question(name: str, *kinds: str) -> None:
    @builtin(name, "x")
    def ask(x: Any) -> Any:
        return TRUE if getattr(x, "kind", "") in kinds else FALSE


_enter_kind_question("is.logical", "logical")
_enter_kind_question("is.integer", "integer")
_enter_kind_question("is.double", "double")
_enter_kind_question("is.complex", "complex")
_enter_kind_question("is.character", "character")
_enter_kind_question("is.raw", "raw")
_enter_kind_question("is.null", "NULL")
_enter_kind_question("is.expression", "expression")
_enter_kind_question("is.environment", "environment")


@builtin("is.list", "x")
def is_list(x: Any) -> Any:
    return logical(getattr(x, "kind", "") == "list")


@builtin("is.numeric", "x", generic="internal")
def is_numeric(x: Any) -> Any:
    classes = explicit_class(x)
    if classes is not None and any(name in ("factor", "Date", "POSIXct", "difftime") for name in classes):
        return FALSE
    return logical(getattr(x, "kind", "") in ("integer", "double"))


@builtin("is.atomic", "x")
def is_atomic(x: Any) -> Any:
    return logical(x is NULL or (type(x) is Vector and x.kind not in ("list", "expression")))


@builtin("is.recursive", "x")
def is_recursive(x: Any) -> Any:
    return logical(not (x is NULL or type(x) is Symbol or (type(x) is Vector and x.kind not in ("list", "expression"))))


@builtin("is.vector", "x, mode = 'any'")
def is_vector(x: Any, mode: Any) -> Any:
    wanted = text(mode, "mode")
    if type(x) is not Vector:
        return FALSE
    if any(name != "names" for name in (x.attributes or {})):
        return FALSE
    if wanted == "any":
        return TRUE
    if wanted == "numeric":
        return logical(x.kind in ("integer", "double"))
    return logical(x.kind == wanted)


@builtin("is.matrix", "x", generic="internal")
def is_matrix(x: Any) -> Any:
    shape = call_builtin("dim", x)
    return logical(shape is not NULL and len(shape) == 2 and not _is_frame(x))


def _is_frame(x: Any) -> bool:
    classes = explicit_class(x)
    return classes is not None and "data.frame" in classes


@builtin("is.array", "x", generic="internal")
def is_array(x: Any) -> Any:
    return logical(dim_of(x) is not None)


@builtin("is.data.frame", "x")
def is_data_frame(x: Any) -> Any:
    return logical(_is_frame(x))


@builtin("is.factor", "x")
def is_factor_builtin(x: Any) -> Any:
    return logical("factor" in (explicit_class(x) or []))


@builtin("is.ordered", "x")
def is_ordered(x: Any) -> Any:
    return logical("ordered" in (explicit_class(x) or []))


@builtin("is.table", "x")
def is_table(x: Any) -> Any:
    return logical("table" in (explicit_class(x) or []))


@builtin("is.object", "x")
def is_object(x: Any) -> Any:
    return logical(explicit_class(x) is not None)


@builtin("is.function", "x")
def is_function_builtin(x: Any) -> Any:
    return logical(is_function(x))


@builtin("is.primitive", "x")
def is_primitive(x: Any) -> Any:
    return logical(bool(getattr(x, "primitive", False)))


@builtin(("is.name", "is.symbol"), "x")
def is_symbol(x: Any) -> Any:
    return logical(type(x) is Symbol)


@builtin("is.call", "x")
def is_call(x: Any) -> Any:
    return logical(type(x) is Call)


@builtin("is.language", "x")
def is_language(x: Any) -> Any:
    return logical(type(x) in (Symbol, Call) or getattr(x, "kind", "") == "expression")


@builtin("is.pairlist", "x")
def is_pairlist(x: Any) -> Any:
    return logical(x is NULL or type(x) is Formals)


def _shape_only(x: Vector) -> dict[str, Any] | None:
    return {k: v for k, v in (x.attributes or {}).items() if k in ("names", "dim", "dimnames")} or None


@builtin("is.na", "x", generic="internal")
def is_na_builtin(x: Any) -> Any:
    if x is NULL:
        return Vector("logical", np.empty(0, np.int32))
    if type(x) is not Vector:
        return FALSE
    scalar = x.scalar
    if scalar is not None and x.attributes is None:
        if x.kind in ("integer", "logical"):
            return logical(scalar == NA_INTEGER)
        return logical(scalar != scalar)
    return Vector("logical", is_na(x).astype(np.int32), _shape_only(x))


@builtin("is.na<-", "x, value")
def set_missing(x: Any, value: Any) -> Any:
    return call_builtin("[<-", x, value, logical([None]))


@builtin("is.nan", "x")
def is_nan(x: Any) -> Any:
    if type(x) is Vector and x.kind == "double":
        from pipekeras.grammar.values import is_na_not_nan

        data = x.data
        return Vector("logical", (np.isnan(data) & ~is_na_not_nan(data)).astype(np.int32), _shape_only(x))
    if type(x) is Vector and x.kind == "list":
        fail("default method not implemented for type 'list'")
    if x is NULL:
        return Vector("logical", np.empty(0, np.int32))
    return Vector("logical", np.zeros(len(x), np.int32), _shape_only(x))


@builtin("is.finite", "x")
def is_finite(x: Any) -> Any:
    return _finiteness(x, True)


@builtin("is.infinite", "x")
def is_infinite(x: Any) -> Any:
    return _finiteness(x, False)


def _finiteness(x: Any, finite: bool) -> Vector:
    if x is NULL:
        return Vector("logical", np.empty(0, np.int32))
    if type(x) is not Vector or x.kind == "list":
        fail(f"default method not implemented for type '{type_of(x)}'")
    if x.kind in ("double", "complex"):
        mask = np.isfinite(x.data) if finite else np.isinf(x.data)
    elif x.kind == "character":
        mask = np.zeros(len(x), bool)
    else:
        mask = (~is_na(x)) if finite else np.zeros(len(x), bool)
    return Vector("logical", mask.astype(np.int32), _shape_only(x))


@builtin("anyNA", "x, recursive = FALSE", generic="internal")
def any_missing(x: Any, recursive: Any) -> Any:
    if type(x) is not Vector:
        return FALSE
    if flag(recursive) and x.kind == "list":
        return logical(any(any_missing(part, recursive) is TRUE for part in x.data))
    return logical(bool(is_na(x).any()))


@builtin("is.element", "el, table")
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
        return integer(len(x.args) + 1)
    if kind is Formals:
        return integer(len(x))
    if getattr(x, "kind", None) == "externalptr":
        from pipekeras.grammar.vectors.objects import length_of

        return integer(length_of(x))
    return integer(1)


@builtin("length<-", "x, value", generic="internal")
def set_length(x: Any, value: Any) -> Any:
    wanted = count(value, "value")
    if x is NULL:
        return NULL if wanted == 0 else Vector("list", object_array([NULL] * wanted))
    from pipekeras.grammar.vectors.assigning import grown

    given = names_of(x)
    data = x.data[:wanted] if wanted <= len(x) else grown(x.data, wanted, x.kind)
    if given is None:
        return Vector(x.kind, data)
    names = [*given[:wanted], *[""] * (wanted - len(given))]
    return Vector(x.kind, data, {"names": character(names)})


@builtin("lengths", "x, use.names = TRUE")
def lengths(x: Any, use_names: Any) -> Any:
    if x is NULL:
        return integer([])
    sizes = [int(first(call_builtin("length", part))) for part in x.data] if x.kind == "list" else [1] * len(x)
    result = integer(sizes)
    kept = _shape_only(x) if flag(use_names) else None
    return result if kept is None else Vector("integer", np.array(sizes, np.int32), kept)


@builtin("as.environment", "x")
def as_environment(x: Any) -> Any:
    from pipekeras.grammar.evaluation.machine import machine

    if type(x) is Environment:
        return x
    if type(x) is Vector and x.kind == "list":
        return Environment(None, {str(name): value for name, value in zip(names_of(x) or [], x.data, strict=False)})
    if type(x) is Vector and x.kind in ("double", "integer") and first(x) == 1:
        return machine.global_environment
    if type(x) is Vector and x.kind == "character" and x.data[0] == ".GlobalEnv":
        return machine.global_environment
    return fail("invalid object for 'as.environment'")


@builtin("data.class", "x")
def data_class(x: Any) -> Any:
    return character(class_of(x)[0])


@builtin("as.numeric_version", "x")
def as_numeric_version(x: Any) -> Any:
    return numeric_version(x, TRUE)


@builtin(("numeric_version", "package_version"), "x, strict = TRUE")
def numeric_version(x: Any, strict: Any) -> Any:
    if "numeric_version" in (explicit_class(x) or []):
        return x
    parts = []
    for label in as_kind(x, "character").items():
        pieces = str(label).replace("-", ".").split(".")
        if not all(piece.isdigit() for piece in pieces):
            if flag(strict):
                fail(f"invalid version specification \u2018{label}\u2019")
            parts.append(Vector("integer", np.empty(0, np.int32)))
            continue
        parts.append(integer([int(piece) for piece in pieces]))
    made = mk_list(parts)
    return made.with_attributes({"class": character(["package_version", "numeric_version"])})


@builtin(("as.character.numeric_version", "format.numeric_version"), "x, ...")
def version_text(x: Any, dots: Dots) -> Any:
    return character([".".join(str(piece) for piece in part.data) for part in x.data])


@builtin("print.numeric_version", "x, ...", invisible=True)
def print_version(x: Any, dots: Dots) -> Any:
    from pipekeras.grammar.builtins.registry import write

    shown = " ".join(f"\u2018{label}\u2019" for label in version_text(x, []).items())
    write(f"[1] {shown}\n")
    return x


def _enter_version_comparison(name: str) -> None:
    import operator

    compare = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le,
               ">=": operator.ge}[name]

    @builtin(f"{name}.numeric_version", "e1, e2")
    def compare_versions(e1: Any, e2: Any) -> Any:
        left = [tuple(part.data.tolist()) for part in numeric_version(e1, TRUE).data]
        right = [tuple(part.data.tolist()) for part in numeric_version(e2, TRUE).data]
        size = max(len(left), len(right))
        return logical([bool(compare(left[k % len(left)], right[k % len(right)])) for k in range(size)])


for _name in ("==", "!=", "<", ">", "<=", ">="):
    _enter_version_comparison(_name)
