"""Restarts: places that a handler can send the computation on to, and the muffling that rests on them."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from pipekeras.grammar.builtins.programs.conditions import Dots, call_with
from pipekeras.grammar.builtins.registry import REGISTRY, Builtin, builtin, call_function, machine, value_of, write
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError, UnwindSignal
from pipekeras.grammar.evaluation.conditions import Handler, Restart
from pipekeras.grammar.evaluation.machine import Frame
from pipekeras.grammar.evaluation.shown_calls import standing_in
from pipekeras.grammar.nodes import Symbol
from pipekeras.grammar.values import NULL, Vector, character, mk_list
from pipekeras.grammar.vectors.arguments import text


def _suppressor(name: str, condition_class: str, restart: str, handler: str) -> None:
    @builtin(name, "expr, classes = NULL", lazy=True, invisible=None, needs_environment=True)
    def suppress(expr: Any, classes: Any, *, environment: Environment) -> Any:
        wanted = value_of(classes)
        names = [condition_class] if wanted is NULL else [str(n) for n in wanted.items()]
        target_function = _invoker(restart)
        saved = machine.handlers
        below = saved
        for one in names:
            below = Handler(one, target_function, None, below)
        machine.handlers = below
        try:
            with standing_in(f"withCallingHandlers(expr, {condition_class} = {handler})", environment):
                return value_of(expr)
        finally:
            machine.handlers = saved


def _invoker(restart: str) -> Any:
    def run(condition: Any) -> Any:
        found = find_restart(restart)
        if found is not None:
            raise UnwindSignal(found.target, found, [])
        return NULL

    return Builtin("suppress", run, "c")


_suppressor(
    "suppressWarnings", "warning", "muffleWarning",
    'function(w) if (inherits(w, classes)) tryInvokeRestart("muffleWarning")',
)
_suppressor(
    "suppressMessages", "message", "muffleMessage",
    'function(c) if (inherits(c, classes)) tryInvokeRestart("muffleMessage")',
)
_suppressor(
    "suppressPackageStartupMessages", "packageStartupMessage", "muffleMessage",
    'function(c) tryInvokeRestart("muffleMessage")',
)


_ABORT = Restart("abort", NULL, object(), None)
"""The restart that is always there: back to top level."""


_PARTS = ["name", "exit", "handler", "description", "test", "interactive"]
_WAYS: WeakKeyDictionary[Environment, Restart] = WeakKeyDictionary()
"""The restarts behind the environments by which their objects tell where they lead."""


def find_restart(name: str) -> Restart | None:
    """Innermost restart of that name, or None."""
    restart = machine.restarts
    while restart is not None:
        if restart.name == name:
            return restart
        restart = restart.below
    return _ABORT if name == "abort" else None


def restart_object(restart: Restart) -> Any:
    """A restart as a value of the language."""
    if restart is _ABORT:
        made = mk_list([character(restart.name), NULL])
    else:
        way = Environment(machine.base_environment)
        _WAYS[way] = restart
        made = mk_list([character(restart.name), way, restart.function, character(""), NULL, NULL], _PARTS)
    return made.with_attributes({**(made.attributes or {}), "class": character("restart")})


@builtin("withRestarts", "expr, ...", lazy=True, invisible=None, needs_environment=True)
def with_restarts(expr: Any, dots: Dots, *, environment: Environment) -> Any:
    saved, handlers, depth = machine.restarts, machine.handlers, len(machine.frames)
    targets = []
    below = saved
    for name, value in reversed(dots):
        if name is None:
            raise RError("not a valid restart specification")
        target = object()
        below = Restart(name, value_of(value), target, below)
        targets.append(target)
    machine.restarts = below
    first = call_with("[[", Symbol("restarts"), Vector("integer", None, None, 1))
    shown = call_with("withOneRestart", Symbol("expr"), first)
    inner = call_with("doWithOneRestart", call_with("return", Symbol("expr")), Symbol("restart"))
    for call in (shown, inner):
        machine.frames.append(Frame(call, REGISTRY["withRestarts"], None, environment))
    try:
        return value_of(expr)
    except UnwindSignal as unwind:
        if unwind.target not in targets:
            raise
        restart, arguments = unwind.handler, unwind.payload
    finally:
        machine.restarts, machine.handlers = saved, handlers
        del machine.frames[depth:]
    return call_function(restart.function, arguments, environment)


@builtin("invokeRestart", "r, ...", needs_environment=True)
def invoke_restart(r: Any, dots: Dots, *, environment: Environment) -> Any:
    restart = _restart_of(r)
    if restart is None:
        raise RError(f"no 'restart' '{text(r)}' found")
    raise UnwindSignal(restart.target, restart, dots)


def _restart_of(r: Any) -> Restart | None:
    if type(r) is Vector and r.kind == "list":
        return _WAYS.get(r.data[1], _ABORT) if type(r.data[1]) is Environment else _ABORT
    return find_restart(text(r, "r"))


@builtin("tryInvokeRestart", "r, ...", invisible=True)
def try_invoke_restart(r: Any, dots: Dots) -> Any:
    restart = _restart_of(r)
    if restart is None:
        return NULL
    raise UnwindSignal(restart.target, restart, dots)


@builtin("computeRestarts", "cond = NULL")
def compute_restarts(cond: Any) -> Any:
    found = []
    restart = machine.restarts
    while restart is not None:
        found.append(restart_object(restart))
        restart = restart.below
    return mk_list([*found, restart_object(_ABORT)])


@builtin("findRestart", "name, cond = NULL")
def find_restart_builtin(name: Any, cond: Any) -> Any:
    found = find_restart(text(name))
    return NULL if found is None else restart_object(found)


@builtin("print.restart", "x, ...", invisible=True)
def print_restart(x: Any, dots: Dots) -> Any:
    write(f"<restart: {x.data[0].items()[0]} >\n")
    return x
