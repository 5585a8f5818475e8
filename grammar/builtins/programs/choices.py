"""switch, and what a function may ask about its own arguments."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import builtin, machine
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.compiler import code_of, machine_call
from pipekeras.grammar.evaluation.dispatch import frame_of
from pipekeras.grammar.evaluation.machine import evaluate, force, warn
from pipekeras.grammar.evaluation.shown_calls import current_call
from pipekeras.grammar.evaluation.sites import dots_of
from pipekeras.grammar.nodes import MISSING, Call, Symbol
from pipekeras.grammar.values import (
    NA_INTEGER,
    NULL,
    Closure,
    Promise,
    Vector,
    character,
    integer,
    logical,
)
from pipekeras.grammar.vectors.coerce import coerce

Dots = list[tuple[str | None, Any]]


@builtin("identity", "x", invisible=None)
def identity(x: Any) -> Any:
    return x


@builtin("force", "x", invisible=None)
def force_builtin(x: Any) -> Any:
    return x


@builtin("invisible", "x = NULL", invisible=True)
def invisible(x: Any) -> Any:
    return x


def _looks_at_dots(name: str, call: Call, environment: Environment, wanted: int) -> None:
    """Check a call of a function that looks at the dots of the function it stands in."""
    given = len(call.args)
    if given != wanted:
        raise RError(f"{given} argument{'s' * (given != 1)} passed to '{name}' which requires {wanted}")
    if not wanted and environment.find("...") is None:
        raise RError("incorrect context: the current call has no '...' to look in", call=machine_call())


@builtin("...length", "", special=True)
def dots_length(call: Call, environment: Environment) -> Any:
    _looks_at_dots("...length", call, environment, 0)
    return integer(len(dots_of(environment)))


@builtin("...elt", "n", special=True)
def dots_elt(call: Call, environment: Environment) -> Any:
    from pipekeras.grammar.evaluation.compiler import dots_element

    _looks_at_dots("...elt", call, environment, 1)
    place = evaluate(call.args[0].value, environment)
    if type(place) is not Vector or place.kind not in ("logical", "integer", "double") or len(place) != 1:
        raise RError("indexing '...' with an invalid index")
    at = coerce(place, "integer").items()[0]
    return dots_element(environment, NA_INTEGER if at is None else int(at))


@builtin(".dots_place", "otherwise", needs_environment=True)
def dots_place(otherwise: Any, *, environment: Environment) -> Any:
    """Where the expressions in the ``...`` of the calling function have their variables.

    That is one environment unless a wrapper adds expressions of its own to those that it hands on: then it is the
    wrapper's, with what the others need of theirs.
    """
    handed = [value for _, value in dots_of(environment) if type(value) is Promise and value.environment is not None]
    places = {id(promise.environment): promise.environment for promise in handed}
    if len(places) <= 1:
        return next(iter(places.values()), otherwise)
    joined = Environment(otherwise)
    own = {name for promise in handed if promise.environment is otherwise for name in names_in(promise.expression)}
    for promise in handed:
        for name in names_in(promise.expression):
            found = promise.environment.find(name)
            if found is not None and name not in own and found is not otherwise.find(name):
                joined.frame[name] = found.frame[name]
    return joined


def names_in(node: Any) -> list[str]:
    """The names in an expression, of functions too."""
    if type(node) is Symbol:
        return [node.name]
    if type(node) is not Call:
        return []
    return [name for part in (node.function, *(argument.value for argument in node.args)) for name in names_in(part)]


@builtin("...names", "", special=True)
def dots_names(call: Call, environment: Environment) -> Any:
    _looks_at_dots("...names", call, environment, 0)
    names = [name for name, _ in dots_of(environment)]
    return character([name or "" for name in names]) if any(names) else NULL


@builtin("missing", "x", special=True)
def missing(call: Call, environment: Environment) -> Any:
    if len(call.args) != 1:
        raise RError("invalid use of 'missing'")
    node = call.args[0].value
    name = node.name if type(node) is Symbol else node.items()[0] if type(node) is Vector else None
    if not isinstance(name, str):
        raise RError("invalid use of 'missing'")
    if name.startswith("..") and name[2:].isdigit():
        return logical(int(name[2:]) > len(dots_of(environment)))
    if name == "...":
        return logical(len(dots_of(environment)) == 0)
    if name not in environment.frame:
        raise RError("'missing' can only be used for arguments")
    return logical(is_missing(environment, name))


@builtin("nargs", "", special=True)
def nargs(call: Call, environment: Environment) -> Any:
    if call.args:
        raise RError(f"{len(call.args)} argument{'s' * (len(call.args) > 1)} passed to 'nargs' which requires 0")
    frame = frame_of(environment)
    return integer(0 if frame is None else len(frame.arguments[1]))


@builtin("interactive", "")
def interactive() -> Any:
    return logical(bool(machine.session and machine.session.interactive))


@builtin("switch", "EXPR, ...", special=True)
def switch(call: Call, environment: Environment) -> Any:
    if not call.args:
        raise RError("'EXPR' is missing")
    arguments = list(call.args)
    at = next((i for i, argument in enumerate(arguments) if argument.name == "EXPR"), 0)
    chooser = arguments.pop(at)
    alternatives: list[tuple[str | None, Any]] = []
    for argument in arguments:
        if type(argument.value) is Symbol and argument.value.name == "...":
            alternatives.extend(dots_of(environment))
        else:
            alternatives.append((argument.name, argument.value))
    return choose_alternative(evaluate(chooser.value, environment), alternatives, call, environment)


def choose_alternative(
    value: Any, alternatives: list[tuple[str | None, Any]], call: Call, environment: Environment
) -> Any:
    """The value of the alternative of `switch` that a chooser's value asks for."""
    if not alternatives:
        warn("'switch' with no alternatives", call)
        machine.visible = False
        return NULL
    if type(value) is not Vector or len(value) != 1:
        raise RError("EXPR must be a length 1 vector")
    if value.kind in ("list", "expression"):
        # No number and no name: nothing is chosen.
        machine.visible = False
        return NULL
    machine.visible = True
    if value.kind == "character":
        wanted = value.items()[0]
        return _switch_by_name("NA" if wanted is None else wanted, alternatives, environment)
    if value.attributes and "levels" in value.attributes:
        warn(
            "EXPR is a \"factor\", treated as integer.\n"
            " Consider using 'switch(as.character( * ), ...)' instead.",
            call,
        )
    number = value.items()[0]
    if value.kind == "complex":
        number = coerce(value, "double").items()[0]
    if value.kind == "raw":
        raise RError("unimplemented type 'raw' in 'asInteger'\n")
    if number == number and 1 <= number < len(alternatives) + 1:
        chosen = alternatives[int(number) - 1][1]
        if chosen is MISSING:
            raise RError("empty alternative in numeric switch", call=current_call())
        return _run_alternative(chosen, environment)
    machine.visible = False
    return NULL


def _run_alternative(node: Any, environment: Environment) -> Any:
    if type(node) is Promise:
        return force(node)
    return code_of(node)(environment)


def _switch_by_name(wanted: str, alternatives: list[tuple[str | None, Any]], environment: Environment) -> Any:
    defaults = [node for name, node in alternatives if not name]
    if len(defaults) > 1:
        shown = "' and '".join(_short(node) for node in defaults[:2])
        raise RError(f"duplicate 'switch' defaults: '{shown}'", call=current_call())
    for position, (name, _) in enumerate(alternatives):
        if name == wanted:
            for _, node in alternatives[position:]:
                if node is not MISSING:
                    return _run_alternative(node, environment)
            break
    else:
        if defaults:
            if defaults[0] is MISSING:
                raise RError("argument is missing, with no default", call=current_call())
            return _run_alternative(defaults[0], environment)
    machine.visible = False
    return NULL


def _short(node: Any) -> str:
    from pipekeras.grammar.deparse import deparse_short

    return deparse_short(node)


def is_missing(environment: Environment, name: str) -> bool:
    """Whether a parameter got no argument, or only one that is itself a missing parameter."""
    value = environment.frame.get(name)
    if value is MISSING:
        return True
    if name in environment.unsupplied:
        frame = frame_of(environment)
        if frame is None or type(frame.function) is not Closure:
            return True
        default = dict(frame.function.formals).get(name)
        return value is default or (type(value) is Promise and value.expression is default)
    # Further out a parameter that fell back on its default is there: only one without any is still missing.
    seen: set[tuple[int, str]] = set()
    while type(value) is Promise and type(value.expression) is Symbol and value.environment is not None:
        environment, name = value.environment, value.expression.name
        if (id(environment), name) in seen:
            return False
        seen.add((id(environment), name))
        value = environment.frame.get(name)
    return value is MISSING
