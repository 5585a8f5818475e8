"""Questions about values: ``is.*``, missing and finite elements."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.evaluation.dispatch import choose_method
from pipekeras.grammar.evaluation.machine import current_environment
from pipekeras.grammar.nodes import MISSING, Call, Formals, Symbol
from pipekeras.grammar.values import (
    FALSE,
    NA_INTEGER,
    NULL,
    TRUE,
    Closure,
    Vector,
    dim_of,
    explicit_class,
    is_na,
    logical,
    type_of,
)
from pipekeras.grammar.values import (
    is_pairlist as is_pairs,
)
from pipekeras.grammar.vectors.arguments import flag, text
from pipekeras.grammar.vectors.report import fail, warn


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
        return logical(not is_pairs(x))
    if wanted == "numeric":
        return logical(x.kind in ("integer", "double"))
    return logical(type_of(x) == wanted)


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
    return logical(x is NULL or type(x) is Formals or is_pairs(x))


def shape_only(x: Vector) -> dict[str, Any] | None:
    return {k: v for k, v in (x.attributes or {}).items() if k in ("names", "dim", "dimnames")} or None


@builtin("is.na", "x", generic="internal")
def is_na_builtin(x: Any) -> Any:
    if x is NULL:
        return Vector("logical", np.empty(0, np.int32))
    if type(x) is not Vector:
        if x is not MISSING:
            warn(f"is.na() applied to non-(list or vector) of type '{type_of(x)}'")
        return logical([False] * (1 + len(x.args))) if type(x) is Call else FALSE
    if x.kind == "expression":
        warn("is.na() applied to non-(list or vector) of type 'expression'")
    scalar = x.scalar
    if scalar is not None and x.attributes is None:
        if x.kind in ("integer", "logical"):
            return logical(scalar == NA_INTEGER)
        return logical(scalar != scalar)
    return Vector("logical", is_na(x).astype(np.int32), shape_only(x))


@builtin("is.na<-", "x, value")
def set_missing(x: Any, value: Any) -> Any:
    return call_builtin("[<-", x, value, logical([None]))


@builtin("is.nan", "x")
def is_nan(x: Any) -> Any:
    if type(x) is Vector and x.kind == "double":
        from pipekeras.grammar.values import is_na_not_nan

        data = x.data
        return Vector("logical", (np.isnan(data) & ~is_na_not_nan(data)).astype(np.int32), shape_only(x))
    if type(x) is Vector and x.kind == "complex":
        from pipekeras.grammar.values import is_na_not_nan

        parts = np.ascontiguousarray(x.data.real), np.ascontiguousarray(x.data.imag)
        told = [np.isnan(part) & ~is_na_not_nan(part) for part in parts]
        return Vector("logical", (told[0] | told[1]).astype(np.int32), shape_only(x))
    if type(x) is Vector and x.kind == "list":
        fail("default method not implemented for type 'list'")
    if x is NULL:
        return Vector("logical", np.empty(0, np.int32))
    return Vector("logical", np.zeros(len(x), np.int32), shape_only(x))


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
    elif x.kind in ("character", "raw"):
        mask = np.zeros(len(x), bool)
    else:
        mask = (~is_na(x)) if finite else np.zeros(len(x), bool)
    return Vector("logical", mask.astype(np.int32), shape_only(x))


@builtin("anyNA", "x, recursive = FALSE", generic="internal")
def any_missing(x: Any, recursive: Any) -> Any:
    if type(x) is not Vector:
        if x is NULL:
            return FALSE
        fail(f"anyNA() applied to non-(list or vector) of type '{type_of(x)}'")
    classes = explicit_class(x)
    if classes is not None and type(choose_method("is.na", classes, current_environment())[0]) is Closure:
        return call_builtin("any", call_builtin("is.na", x))
    if x.kind == "list" and (flag(recursive) or "data.frame" in (explicit_class(x) or [])):
        return logical(any(any_missing(part, recursive) is TRUE for part in x.data))
    return logical(bool(is_na(x).any()))
