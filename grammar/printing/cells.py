"""One value in a few words: what stands in a cell of a list matrix and in a formatted list."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.nodes import Call, Symbol
from pipekeras.grammar.values import NULL, Vector, class_of, is_function

from .dispatch import invoke
from .elements import element_texts, has_class
from .settings import PrintSettings


def cell_text(value: Any, settings: PrintSettings) -> str:
    """Text of a list element inside a printed list matrix."""
    if value is NULL:
        return "NULL"
    if isinstance(value, Vector):
        if has_class(value) and len(value) == 1 and value.kind != "list":
            made = invoke("format", value)
            return str(made.items()[0])
        if has_class(value):
            return f"{class_of(value)[0]},{len(value)}"
        if value.kind == "list":
            return f"list,{len(value)}"
        if value.kind == "expression":
            return "?" if len(value) == 1 else f"expression,{len(value)}"
        if len(value) == 1 and value.kind == "character":
            text = value.items()[0]
            return f'"{"NA" if text is None else text}"'
        if len(value) == 1 and value.kind != "raw":
            return element_texts(Vector(value.kind, value.data), settings)[0].strip()
        name = "numeric" if value.kind == "double" else value.kind
        return f"{name},{len(value)}"
    if isinstance(value, Call):
        return "expression"
    if isinstance(value, Symbol) or is_function(value):
        return "?"
    if value.kind == "environment":
        return "<environment>"
    return "?"
