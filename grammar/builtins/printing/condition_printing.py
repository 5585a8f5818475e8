"""Conditions and kept warnings as texts: how they print."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY, builtin, call_function, machine
from pipekeras.grammar.values import NULL, character, explicit_class, inherits, mk_list

Dots = list[tuple[str | None, Any]]


@builtin("print.condition", "x, ...", invisible=True)
def print_condition(x: Any, dots: Dots) -> Any:
    shown, call, name = _told(x)
    where = [] if call is None else [character(" in "), character(call)]
    parts = [character("<"), character(name), *where, character(": "), shown, character(">\n")]
    call_function(REGISTRY["cat"], [*((None, part) for part in parts), ("sep", character(""))])
    return x


def _told(x: Any) -> tuple[Any, list[str] | None, str]:
    """The message, the lines of the call and the first class of a condition."""
    from pipekeras.grammar.deparse import deparse_lines

    shown = call_function(REGISTRY["conditionMessage"], [(None, x)])
    call = call_function(REGISTRY["conditionCall"], [(None, x)])
    return shown, None if call is NULL else deparse_lines(call), (explicit_class(x) or ["condition"])[0]


@builtin("as.character.condition", "x, ...")
def condition_as_character(x: Any, dots: Dots) -> Any:
    shown, call, name = _told(x)
    head = "Error" if inherits(x, "error") else name
    if call is not None:
        head += f" in {call[0]}"
    return call_function(REGISTRY["paste0"], [(None, part) for part in (character(head + ": "), shown, character("\n"))])


@builtin("print.try-error", "x, ...", invisible=True)
def print_try_error(x: Any, dots: Dots) -> Any:
    return call_function(REGISTRY["print.default"], [(None, x)])


@builtin("warnings", "...", invisible=None)
def warnings_builtin(dots: Dots) -> Any:
    kept = machine.warnings or machine.last_warnings
    if not kept:
        machine.visible = False
        return NULL
    made = mk_list([NULL if call in (None, False) else call for _, call in kept], [message for message, _ in kept])
    made.attributes["class"] = character("warnings")  # type: ignore[index]
    return made
