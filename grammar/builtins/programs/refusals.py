"""How a function of the library says which of its arguments it does not act on."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.numbers.comparison import same
from pipekeras.grammar.builtins.registry import builtin, warn
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.dispatch import frame_of
from pipekeras.grammar.evaluation.machine import evaluate
from pipekeras.grammar.evaluation.sites import is_missing
from pipekeras.grammar.nodes import MISSING, Call, Symbol
from pipekeras.grammar.values import NULL, Vector, character


def _equal(value: Any, default: Any) -> bool:
    if same(value, default):
        return True
    plain = type(value) is Vector and type(default) is Vector and len(value) == len(default) == 1
    return plain and {value.kind, default.kind} <= {"integer", "double"} and value.items() == default.items()


def _given(call: Call, environment: Environment) -> tuple[str, Any, list[str], str | None]:
    """The calling function's name and call, those of the named arguments that are not at their defaults, what to do instead."""
    frame = frame_of(environment)
    if frame is None:
        raise RError("only a function has arguments")
    defaults = dict(frame.function.formals)
    given = []
    mend = None
    for argument in call.args:
        if type(argument.value) is not Symbol:
            mend = evaluate(argument.value, environment).items()[0]
            continue
        name = argument.value.name
        if is_missing(name, environment):
            continue
        default = defaults[name]
        value = evaluate(argument.value, environment)
        if value is not NULL and (default is MISSING or not _equal(value, evaluate(default, environment))):
            given.append(name)
    head = frame.call.function if type(frame.call) is Call else None
    return head.name if type(head) is Symbol else "this function", frame.call, given, mend


@builtin(".unsupported", "...", special=True, invisible=True)
def unsupported(call: Call, environment: Environment) -> Any:
    """Refuse the arguments named here that are not at their defaults; a text among them says what to do instead."""
    name, caller, given, mend = _given(call, environment)
    if given:
        raise RError(f"argument '{given[0]}' of {name}() is not supported", call=caller, mend=mend)
    return NULL


@builtin(".passed_over", "...", special=True, invisible=True)
def passed_over(call: Call, environment: Environment) -> Any:
    """Warn of the arguments named here that are not at their defaults: the function goes on without them."""
    name, caller, given, _ = _given(call, environment)
    if given:
        shown = ", ".join(f"'{one}'" for one in given)
        many = len(given) > 1
        told = "arguments {} of {}() are" if many else "argument {} of {}() is"
        warn(told.format(shown, name) + " not supported and passed over", caller)
    return character(given)
