"""One value in a few words: what stands in a cell of a list matrix and in a formatted list."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.nodes import Call
from pipekeras.grammar.values import NULL, Vector, class_of

from .dispatch import invoke
from .elements import element_texts, has_class
from .settings import PrintSettings
from .text import escape_text


def cell_text(value: Any, settings: PrintSettings) -> str:
    """Text of a list element inside a printed list matrix."""
    if value is NULL:
        return "NULL"
    if has_class(value) and isinstance(value, (Vector, Call)):
        made = invoke("format", value)
        if isinstance(made, Vector) and made.kind == "character" and len(made) == 1:
            return str(made.items()[0])
        return f"{class_of(value)[0]},{len(value) if isinstance(value, Vector) else 1 + len(value.args)}"
    if isinstance(value, Vector):
        if value.kind == "list":
            return f"list,{len(value)}"
        if value.kind == "expression":
            return "?"
        if len(value) == 1 and value.kind == "character":
            text = value.items()[0]
            return f'"{"NA" if text is None else escape_text(text)}"'
        if len(value) == 1 and value.kind != "raw":
            return element_texts(Vector(value.kind, value.data), settings)[0].strip()
        name = "numeric" if value.kind == "double" else value.kind
        return f"{name},{len(value)}"
    if isinstance(value, Call):
        return "expression"
    return "?"
