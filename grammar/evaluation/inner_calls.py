"""The calls inside R's own functions that its messages speak of, where ours have no such call to fail in.

`inner_calls.json` holds by function what GNU R was seen to name: under ``said`` the call for a message that begins so,
under ``missing`` its parameters in the order in which it asks for them, each with the call that misses it, and under
``object`` the call in which a parameter's argument is evaluated. An empty text is the function's own call, and
``=name`` is that call with another name, as of a method. ``NULL`` is no call at all. ``takes`` says how many arguments
a primitive function has, and the name of a single one.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from pipekeras.grammar.builtins.formals import UNSET, match_formals, unused_error
from pipekeras.grammar.builtins.registry import Builtin
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.compiled_calls import compiled_call
from pipekeras.grammar.evaluation.machine import Frame, machine
from pipekeras.grammar.nodes import MISSING, Call, LibrarySource, Symbol
from pipekeras.grammar.values import Closure, Promise

_TABLE = Path(__file__).parent.parent / "inner_calls.json"
_MOST_FRAMES = 40
"""Frames that are looked through for the call of a message: what a mistake costs must not grow with the recursion."""
_MISSING = 'argument "'
_NOT_FOUND = "object '"
UNUSED = "unused argument"


@cache
def _told() -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = json.loads(_TABLE.read_text(encoding="utf-8"))
    return found


@cache
def call_as_text(text: str) -> Any:
    """The call that a text of R spells; it stands nowhere in the program."""
    from pipekeras.grammar.parse import parse_expression

    made = parse_expression(text)
    return Call(made.function, made.args)


def unnamed_call(text: str) -> Call:
    """As `call_as_text` for the call of a function without a name, which R shows as the function itself."""
    from pipekeras.grammar.evaluation.machine import evaluate

    made = call_as_text(text)
    return Call(evaluate(made.function, machine.base_environment), made.args)


def said_in(name: str, message: str) -> str | None:
    """The call for a message of a function, as a text of the table; None where the table says nothing."""
    table = _told()
    # A method is spoken of as its generic function is.
    for known in (name, name.rpartition(".")[0], name.partition(".")[0]):
        for beginning, inner in table.get(known, {}).get("said", {}).items():
            if message.startswith(beginning):
                return inner
    return None


def is_asked_for(name: str, message: str) -> bool:
    """Whether a message tells of a missing argument of a function whose order of asking is known."""
    return message.startswith(_MISSING) and "missing" in _told().get(name, {})


def placed(call: Call, inner: str) -> Any:
    """A call that a text of the table spells, in the place of a call of the program."""
    if not inner:
        return call
    if inner == "NULL":
        return False
    if inner.startswith("="):
        return Call(Symbol(inner[1:]), call.args, call.span, call.attributes)
    found = call_as_text(inner)
    return Call(found.function, found.args, call.span)


def _first_missing(name: str, formals: list[str], call: Call) -> tuple[str, str] | None:
    """The parameter without argument that R's function asks for first, and the call that misses it."""
    order = _told().get(name, {}).get("missing")
    slots = _slots(formals, call) if order else None
    if not order or slots is None:
        return None
    for formal, inner in order.items():
        if formal in formals and (slots[formals.index(formal)] is UNSET or slots[formals.index(formal)] is MISSING):
            return formal, inner
    return None


def _slots(formals: list[str], call: Call) -> list[Any] | None:
    """The written argument of each parameter; None where `...` hides it or the arguments do not fit."""
    if any(type(argument.value) is Symbol and argument.value.name == "..." for argument in call.args):
        return None
    try:
        return match_formals(formals, [(argument.name, argument.value) for argument in call.args])[0]
    except RError:
        return None


def speak(error: RError) -> None:
    """Let an error that names a function of the library, or an argument of one, name the call that R's would name."""
    message = error.message
    if message.startswith(_NOT_FOUND) and message.endswith("' not found"):
        compiled = compiled_call(error.span)
        if compiled is not None:
            error.call = compiled
            return
    entry = _entry(error.call)
    if entry is None:
        _count(error)
        return
    call = entry.call
    if _is_left_unused(entry, error):
        return
    if type(call.function) is not Symbol:
        return
    name = entry.function.name if type(entry.function) is Builtin else call.function.name
    formals = _formals(entry.function)
    inner = said_in(name, message)
    if inner is None and message.startswith(UNUSED) and type(entry.function) is Builtin:
        error.message = _unused_as_written(formals, call) or message
        return
    lacking = message.startswith(_MISSING) and message.endswith("is missing, with no default")
    if inner is None and lacking:
        first = _first_missing(name, formals, call)
        if first is not None:
            error.message = f'{_MISSING}{first[0]}" is missing, with no default'
            inner = first[1]
    if inner is None and message.endswith(" is not a function, character or symbol"):
        asked = _told().get(name, {}).get("missing", {})
        inner = asked.get("FUN", asked.get("f"))
    if inner is None:
        inner = _touched(name, entry, formals, error)
    if inner is not None:
        error.call = placed(call, inner)


_WRONG_COUNTS = {
    **dict.fromkeys(["+", "-", "*", "/", "^", "%%", "%/%"], ("operator needs one or two arguments", "invalid unary operator")),
    **dict.fromkeys(["==", "!=", "<", ">", "<=", ">="], ("operator needs two arguments",) * 2),
}
"""What operators say of too few or too many operands, and of a single one."""


def _count(error: RError) -> None:
    """Let an error of a primitive function that got too many or too few arguments say so, as R does before all else."""
    call = error.call
    if type(call) is not Call or type(call.function) is not Symbol:
        return
    name, given = call.function.name, len(call.args)
    wrong = _WRONG_COUNTS.get(name)
    if wrong is not None and (given not in (1, 2) or (given == 1 and name not in ("+", "-"))):
        error.message, error.classes = wrong[given == 1], ()
        return
    takes = _told().get(name, {}).get("takes")
    if takes is None or any(type(argument.value) is Symbol and argument.value.name == "..." for argument in call.args):
        return
    empty = next((at for at, argument in enumerate(call.args, 1) if argument.value is MISSING), None)
    if empty is not None:
        error.message, error.classes = f"argument {empty} is empty", ()
    elif given != int(takes["count"]):
        plural = "" if given == 1 else "s"
        error.message = f"{given} argument{plural} passed to '{name}' which requires {takes['count']}"
        error.classes = ()
    elif given and "name" in takes and call.args[0].name and not takes["name"].startswith(call.args[0].name):
        error.message = f"supplied argument name '{call.args[0].name}' does not match '{takes['name']}'"
        error.classes = ()


def _is_left_unused(entry: Frame, error: RError) -> bool:
    """Turn an error of an argument into that of an argument which no parameter takes: R tells that one first."""
    function, call = entry.function, entry.call
    if type(function) is not Builtin or function.lazy or function.special or error.message.startswith(UNUSED):
        return False
    formals = _formals(function)
    if "..." in formals or not any(_stands_in(error.span, argument.value) for argument in call.args):
        return False
    told = _unused_as_written(formals, call)
    if told is None:
        return False
    error.message, error.call, error.classes = told, call, ()
    return True


def spoken_call(call: Any, message: str) -> Any:
    """The call of a warning that comes from the library, as R's own function would name it."""
    entry = _entry(call)
    if entry is None or type(entry.call.function) is not Symbol:
        return call
    inner = said_in(entry.call.function.name, message)
    return call if inner is None else placed(entry.call, inner)


def _formals(function: Any) -> list[str]:
    if type(function) is Builtin:
        return [formal.name for formal in function.formals]
    return list(function.template.names)


def _entry(call: Any) -> Frame | None:
    """The frame of the library's function that the program called, when a mistake's call is that one or one inside."""
    if type(call) is not Call:
        return None
    inside = _of_library(call)
    for frame in machine.frames[: -_MOST_FRAMES - 1 : -1]:
        if type(frame.call) is not Call:
            return None
        if inside:
            if not _of_library(frame.call):
                return frame if _is_ours(frame.function) else None
        elif frame.call is call:
            return frame if _is_ours(frame.function) else None
    return None


def _of_library(call: Call) -> bool:
    return call.span is not None and type(call.span.source) is LibrarySource


def _is_ours(function: Any) -> bool:
    if type(function) is Closure:
        span = function.template.span
        return span is not None and type(span.source) is LibrarySource
    return type(function) is Builtin


def _touched(name: str, entry: Frame, formals: list[str], error: RError) -> str | None:
    """The call in which R evaluates the argument that an error comes from."""
    call = entry.call
    table = _told().get(name, {}).get("object")
    slots = _slots(formals, call) if table else None
    if not table or slots is None:
        return None
    given = {formal: slot for formal, slot in zip(formals, slots, strict=True) if slot is not UNSET and formal != "..."}
    for at, argument in enumerate(call.args):
        if _stands_in(error.span, argument.value) or _is_awaited(argument.value, entry.caller):
            formal = next((formal for formal, slot in given.items() if slot is argument.value), "")
            return table.get(formal, table.get("...") if at else None)
    return None


def _is_awaited(node: Any, environment: Any) -> bool:
    """Whether an argument is a variable whose own expression is being evaluated: an argument of the caller."""
    held = environment.frame.get(node.name) if type(node) is Symbol and environment is not None else None
    return type(held) is Promise and held.forcing


def _stands_in(span: Any, node: Any) -> bool:
    """Whether a place lies within an argument."""
    around = getattr(node, "span", None)
    return (
        span is not None
        and around is not None
        and span.source is around.source
        and around.start <= span.start
        and span.end <= around.end
    )


def _unused_as_written(formals: list[str], call: Call) -> str | None:
    """R's message for arguments that no parameter takes, which shows how they are written; None where `...` hides them."""
    marked = [(argument.name, at) for at, argument in enumerate(call.args)]
    if any(type(argument.value) is Symbol and argument.value.name == "..." for argument in call.args):
        return None
    left = match_formals([*formals, "..."], marked)[1]
    return unused_error([(name, call.args[at].value) for name, at in left]).message if left else None
