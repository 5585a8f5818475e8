"""Questions about classes and methods of S4: which there are, what they extend, which method applies."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.classes.s4 import signature_of
from pipekeras.grammar.builtins.registry import UNSET, builtin
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation import s4
from pipekeras.grammar.evaluation.s4 import state
from pipekeras.grammar.values import (
    NULL,
    Closure,
    Vector,
    character,
    class_of,
    logical,
)
from pipekeras.grammar.vectors.arguments import flag, text
from pipekeras.grammar.vectors.unsupported import only_default

Dots = list[tuple[str | None, Any]]


def _find(name: Any, given: Any, inherited: bool) -> Any:
    table = state().generics.get(text(name, "f"))
    if table is None:
        return None
    wanted = signature_of(given, table)
    if wanted in table.methods or not inherited:
        return table.methods.get(wanted)
    orders = [[*s4.superclasses(one), "ANY"] for one in wanted]
    for known, method in table.methods.items():
        if all(one in order for one, order in zip(known, orders, strict=False)):
            return method
    return None


@builtin(("existsMethod", "hasMethod"), "f, signature = character(), where", package="methods", needs_call=True)
def exists_method(name: Any, given: Any, where: Any = None, *, call: Any) -> Any:
    if len(given) == 0:
        table = state().generics.get(text(name, "f"))
        return logical(table is not None and bool(table.methods))
    return logical(_find(name, given, not call.is_call_of("existsMethod")) is not None)


@builtin(("getMethod", "selectMethod"), "f, signature = character(), where, optional = FALSE, mlist, fdef", package="methods",
         needs_call=True)  # fmt: skip
def get_method(
    name: Any, given: Any, where: Any = None, optional: Any = NULL, methods: Any = None, definition: Any = None, *, call: Any
) -> Any:
    only_default("getMethod", mlist=(methods, None), fdef=(definition, None))
    found = _find(name, given, not call.is_call_of("getMethod"))
    if found is None and flag(optional):
        return NULL
    if found is None:
        shown = ", ".join(f"\u201c{item}\u201d" for item in given.items())
        raise RError(f"no method for \u2018{text(name)}\u2019 matches class {shown}")
    table = state().generics[text(name, "f")]
    defined = next((known for known, method in table.methods.items() if method is found), ())
    if type(found) is not Closure:
        return found
    target = signature_of(given, table)
    size = max(len(known) for known in table.methods)
    labels = character(table.parameters[:size])
    described = {label: character(list((*one, *["ANY"] * size)[:size]), {"names": labels})
                 for label, one in (("target", target), ("defined", defined))}  # fmt: skip
    kind = Vector("character", character(["MethodDefinition"]).data, {"package": character(["methods"])})
    return found.with_attributes({**described, "class": kind})


@builtin("isGeneric", "f, where, fdef, getName = FALSE", package="methods")
def is_generic(name: Any, where: Any = None, definition: Any = None, by_name: Any = None) -> Any:
    only_default("isGeneric", fdef=(definition, None), getName=(by_name, False))
    return logical(text(name, "f") in state().generics)


@builtin("removeMethod", "f, signature = character(), where", package="methods")
def remove_method(name: Any, given: Any, where: Any = None) -> Any:
    table = state().generics.get(text(name, "f"))
    return logical(table is not None and table.methods.pop(signature_of(given, table), None) is not None)


@builtin("isVirtualClass", "Class, where", package="methods")
def is_virtual(name: Any, where: Any = None) -> Any:
    found = state().classes.get(text(name))
    return logical(found is not None and found.virtual)


@builtin(("existsClass", "isClass"), "Class, ...", package="methods")
def is_class(name: Any, dots: Dots) -> Any:
    return logical(text(name) in state().classes or text(name) in s4.BASIC)


@builtin("removeClass", "Class, ...", package="methods")
def remove_class(name: Any, dots: Dots) -> Any:
    return logical(state().classes.pop(text(name), None) is not None)


_ABOVE_BASIC = {
    "array": "structure vector",
    "call": "language",
    "character": "vector data.frameRowLabels SuperClassMethod",
    "complex": "vector",
    "data.frame": "list oldClass vector",
    "Date": "oldClass",
    "environment": "refObject",
    "expression": "vector",
    "factor": "integer oldClass double numeric vector data.frameRowLabels",
    "formula": "oldClass",
    "function": "OptionalFunction PossibleMethod",
    "integer": "double numeric vector data.frameRowLabels",
    "list": "vector",
    "logical": "vector",
    "matrix": "array structure vector",
    "name": "language refObject",
    "NULL": "OptionalFunction optionalMethod",
    "numeric": "vector",
    "ordered": "factor integer oldClass double numeric vector data.frameRowLabels",
    "POSIXct": "POSIXt oldClass",
    "POSIXlt": "POSIXt oldClass",
    "raw": "vector",
    "table": "oldClass",
}
"""The classes above the basic ones, in the order in which R tells them."""


@builtin("extends", "class1, class2, ...", package="methods")
def extends(first: Any, second: Any = UNSET, dots: Dots | None = None) -> Any:
    order = s4.superclasses(text(first))
    if second is UNSET and order[0] in _ABOVE_BASIC:
        return character([order[0], *_ABOVE_BASIC[order[0]].split()])
    return character(order) if second is UNSET else logical(text(second) in order or text(second) == "ANY")


@builtin("slotNames", "x", package="methods")
def slot_names(x: Any) -> Any:
    name = text(x) if isinstance(x, Vector) and x.kind == "character" and not s4.is_s4(x) else class_of(x)[0]
    return character(list(s4.definition_of(name).slots))


@builtin("getSlots", "x", package="methods")
def get_slots(x: Any) -> Any:
    slots = s4.definition_of(text(x)).slots
    return character(list(slots.values()), {"names": character(list(slots))})


@builtin(".hasSlot", "object, name", package="methods")
def has_slot(target: Any, name: Any) -> Any:
    return logical(text(name) in (getattr(target, "attributes", None) or {}))
