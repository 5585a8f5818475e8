"""How the printing engine and the text builtins reach the running program: functions by name, options, plain arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import call_function, current_environment, machine
from pipekeras.grammar.nodes import Argument, Call, Symbol
from pipekeras.grammar.values import NA_INTEGER, NULL, Vector, character, get_attribute

from .elements import has_class, plain_texts
from .settings import PrintSettings


def invoke(name: str, *values: Any, **named: Any) -> Any:
    """Call the function that a name stands for in the running program; S3 dispatch happens as in the language."""
    function = current_environment().get_function(name)
    if function is None:
        raise RError(f'could not find function "{name}"')
    arguments: list[tuple[str | None, Any]] = [(None, value) for value in values]
    arguments.extend(named.items())
    return call_function(function, arguments)


def option_number(name: str, default: int) -> int:
    """A whole number kept in ``options()``."""
    value = machine.options.get(name)
    if isinstance(value, Vector) and len(value) and value.kind in ("integer", "double", "logical"):
        number = value.items()[0]
        if number == number and number != NA_INTEGER:
            return int(number)
    return default


def current_settings(**changes: Any) -> PrintSettings:
    """Print settings from ``options()`` with changes; None leaves a setting as it is."""
    settings = PrintSettings(
        digits=option_number("digits", 7),
        width=option_number("width", 80),
        scipen=option_number("scipen", 0),
        limit=option_number("max.print", 99999),
        decimal=_decimal_mark(),
    )
    kept = {name: value for name, value in changes.items() if value is not None}
    return settings.with_changes(**kept) if kept else settings


def _decimal_mark() -> str:
    mark = machine.options.get("OutDec")
    return "." if mark is None else str(mark.items()[0])


def flag(value: Any, name: str) -> bool:
    """A single TRUE or FALSE."""
    if isinstance(value, Vector) and len(value) == 1 and value.kind in ("logical", "integer", "double"):
        item = value.items()[0]
        if item == item and item != NA_INTEGER:
            return bool(item)
    raise RError(f"invalid '{name}' argument")


def condition(value: Any) -> bool:
    """What ``if`` makes of a value, with its errors."""
    from pipekeras.grammar.evaluation.control import truth

    spoken = machine.builtin_call
    return truth(value, spoken if type(spoken) is Call else Call(Symbol("if"), (Argument(None, Symbol("condition")),)))


def optional_flag(value: Any, default: bool = False) -> bool:
    """A truth value where anything that is none counts as the default."""
    if isinstance(value, Vector) and len(value) >= 1 and value.kind in ("logical", "integer", "double"):
        item = value.items()[0]
        if item == item and item != NA_INTEGER:
            return bool(item)
    return default


def whole(value: Any, name: str) -> int:
    """A single whole number."""
    if isinstance(value, Vector) and len(value) >= 1 and value.kind in ("logical", "integer", "double"):
        item = value.items()[0]
        if item == item and item != NA_INTEGER:
            return int(item)
    raise RError(f"invalid '{name}' argument")


def optional_whole(value: Any, name: str) -> int | None:
    """A single whole number, None for NULL (and NA)."""
    if value is NULL or value is None:
        return None
    if isinstance(value, Vector) and len(value) >= 1 and value.kind in ("logical", "integer", "double"):
        item = value.items()[0]
        return None if item != item or item == NA_INTEGER else int(item)
    raise RError(f"invalid '{name}' argument")


def one_text(value: Any, name: str) -> str:
    """A single string."""
    if isinstance(value, Vector) and value.kind == "character" and len(value) >= 1:
        item = value.items()[0]
        if item is not None:
            return str(item)
    raise RError(f"invalid '{name}' argument")


def optional_text(value: Any, name: str) -> str | None:
    """A single string, None for NULL."""
    return None if value is NULL or value is None else one_text(value, name)


def text_vector(value: Any) -> Vector:
    """``as.character`` of any value, through its class when it has one."""
    if isinstance(value, Vector):
        if value.kind == "character" and not has_class(value):
            return value
        if not has_class(value) and value.kind not in ("list", "expression"):
            shown = plain_texts(value, 15, option_number("scipen", 0))
            mark = machine.options.get("OutDec") if value.kind in ("double", "complex") else None
            if mark is not None and mark.items() != ["."]:
                shown = [None if text is None else text.replace(".", str(mark.items()[0])) for text in shown]
            return character(shown)
    elif value is NULL:
        return character([])
    made = invoke("as.character", value)
    if not isinstance(made, Vector) or made.kind != "character":
        raise RError("argument is not a character vector")
    return made


def texts_of(value: Any) -> list[str | None]:
    """``as.character`` of any value as a Python list, None for NA."""
    items: list[str | None] = text_vector(value).items()
    return items


def keep_attributes(source: Any, values: Sequence[Any]) -> Vector:
    """New texts under all attributes of texts; of other values only their names or shape."""
    if isinstance(source, Vector) and source.kind == "character":
        return character(values).with_attributes(source.attributes)
    return keep_shape(source, values)


def keep_shape(source: Any, values: Sequence[Any] | np.ndarray, kind: str = "character", more: Sequence[str] = ()) -> Vector:
    """A new vector under the names, dim and dimnames of ``source`` (and other attributes by name)."""
    from pipekeras.grammar.values import vector_of

    attributes = {}
    for name in ("names", "dim", "dimnames", *more):
        value = get_attribute(source, name)
        if value is not NULL:
            attributes[name] = value
    return vector_of(kind, values, attributes or None)
