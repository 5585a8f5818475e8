"""Evaluation of expressions in places that a program names: `eval` and kin, `local`, and the calls in progress they show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY, UNSET, builtin, machine
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError, ReturnSignal
from pipekeras.grammar.evaluation.calls import run_on_exit
from pipekeras.grammar.evaluation.compiler import code_of
from pipekeras.grammar.evaluation.conditions import fail
from pipekeras.grammar.evaluation.dispatch import context_of
from pipekeras.grammar.evaluation.inner_calls import call_as_text
from pipekeras.grammar.evaluation.listing_order import hashed
from pipekeras.grammar.evaluation.machine import Frame, expression_of, force, value_of
from pipekeras.grammar.evaluation.quoting import list_environment
from pipekeras.grammar.nodes import Argument, Call, Symbol, is_language
from pipekeras.grammar.values import NULL, Promise, Vector, logical, mk_list
from pipekeras.grammar.vectors.arguments import number, whole

_NO_ARGUMENTS: tuple[tuple[Any, ...], list[Any]] = ((), [])
_EVAL_IN_PARENT = Call(Symbol("eval"), (Argument(None, Symbol("expr")), Argument(None, Symbol("p"))))


@contextmanager
def inner_frames(calls: tuple[Call, ...], caller: Environment) -> Iterator[None]:
    """While a builtin does what R does by calls of functions, those calls are in progress."""
    frames = machine.frames
    depth = len(frames)
    frames.extend(Frame(call, REGISTRY["eval"], None, caller, _NO_ARGUMENTS) for call in calls)
    try:
        yield
    finally:
        del frames[depth:]


def environment_meant(given: Any, enclosure: Any, environment: Environment) -> Environment:
    """Where `eval` looks: an environment, the elements of a list, or the frame of a call by its number."""
    if type(given) is Environment:
        return given
    if given is NULL:
        return Environment(enclosure if type(enclosure) is Environment else machine.base_environment)
    if type(given) is Vector and given.kind == "list":
        return list_environment(given, enclosure if type(enclosure) is Environment else environment)
    if type(given) is Vector and given.kind in ("double", "integer"):
        frames = [machine.global_environment, *(f.environment for f in machine.frames)]
        if len(given) != 1:
            raise RError("numeric 'envir' arg not of length one")
        position = whole(given, "envir")
        chosen = frames[position] if 0 <= position < len(frames) else environment
        return chosen if chosen is not None else environment
    raise RError("invalid 'envir' argument of type '" + given.kind + "'")


def evaluate_in(expression: Any, place: Environment, caller: Environment, call: Any, enclosure: Any = NULL) -> Any:
    """Evaluate as ``eval`` does: a call of its own over its environment, which ``return`` and ``on.exit`` speak of."""
    _check_reach(expression, place)
    frames = machine.frames
    evaluating = Environment(machine.base_environment, {"expr": expression, "envir": place, "enclos": enclosure})
    if frames and frames[-1].environment is None:
        frames[-1].environment = evaluating
    frame = Frame(call, REGISTRY["eval"], place, evaluating, _NO_ARGUMENTS)
    frames.append(frame)
    try:
        if type(expression) is Vector and expression.kind == "expression":
            result: Any = NULL
            for one in expression.data:
                machine.visible = True
                result = code_of(one)(place)
            return result
        machine.visible = True
        if type(expression) is Promise:
            return force(expression)
        return code_of(expression)(place) if is_language(expression) else expression
    except ReturnSignal as signal:
        if signal.environment is not place:
            raise
        return signal.value
    finally:
        left = None if frame.on_exit is None else run_on_exit(frame)
        frames.pop()
        if left is not None:
            return left.value  # noqa: B012 - what on.exit() returns stands for the result, as in a function


def _check_reach(expression: Any, place: Environment) -> None:
    """An error where a call's function cannot be found because no package is behind the environment."""
    behind = place
    while behind.parent is not None:
        behind = behind.parent
    if behind.name != "R_EmptyEnv":
        return
    if type(expression) is Call and type(expression.function) is Symbol:
        name = expression.function.name
        if place.get_function(name) is None:
            raise fail(RError(f'could not find function "{name}"', call=expression, span=expression.span))


@builtin("eval", "expr, envir, enclos", needs_environment=True, needs_call=True, invisible=None)
def eval_builtin(expr: Any, envir: Any = UNSET, enclos: Any = UNSET, *, environment: Environment, call: Any) -> Any:
    place = environment if envir is UNSET else environment_meant(envir, enclos, environment)
    return evaluate_in(expr, place, environment, call)


@builtin("evalq", "expr, envir, enclos", lazy=True, needs_environment=True, needs_call=True, invisible=None)
def evalq(expr: Any, envir: Any = UNSET, enclos: Any = UNSET, *, environment: Environment, call: Any) -> Any:
    place = environment
    if envir is not UNSET:
        place = environment_meant(value_of(envir), None if enclos is UNSET else value_of(enclos), environment)
    return evaluate_in(expression_of(expr), place, environment, call)


@builtin("eval.parent", "expr, n = 1", needs_environment=True, needs_call=True, invisible=None)
def eval_parent(expr: Any, n: Any, *, environment: Environment, call: Any) -> Any:
    place = environment
    count = number(n, "n")
    if not 0 <= count < 2**31 - 1:
        raise RError("invalid 'n' value")
    for _ in range(int(count)):
        frame = context_of(place)
        if frame is None:
            place = machine.global_environment
            break
        place = frame.caller
    with inner_frames((_EVAL_IN_PARENT,), place):
        return evaluate_in(expr, place, environment, _EVAL_IN_PARENT)


@builtin("local", "expr, envir", lazy=True, needs_environment=True, needs_call=True, invisible=None)
def local(expr: Any, envir: Any = UNSET, *, environment: Environment, call: Any) -> Any:
    written = expression_of(expr)
    if envir is UNSET:
        place, shown = hashed(Environment(environment)), Call(Symbol("new.env"), ())
    else:
        place, shown = environment_meant(value_of(envir), None, environment), expression_of(envir)
    quoted = Argument(None, Call(Symbol("quote"), (Argument(None, written),)))
    evaluation = Call(Symbol("eval"), (quoted, Argument(None, shown)), call.span)
    # R's local() comes to its evaluation by way of eval.parent(): the calls in progress show it.
    first = call_as_text("eval.parent(substitute(eval(quote(expr), envir)))")
    with inner_frames((first, _EVAL_IN_PARENT, _EVAL_IN_PARENT, evaluation), environment):
        return evaluate_in(written, place, environment, evaluation)


@builtin("withVisible", "x", lazy=True)
def with_visible(x: Any) -> Any:
    machine.visible = True
    value = value_of(x)
    return mk_list([value, logical(machine.visible)], ["value", "visible"])
