"""Calls in progress: parent.frame, sys.call and kin, on.exit."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import builtin, machine, unused_error
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.dispatch import context_of, frame_of
from pipekeras.grammar.nodes import Argument, Call, Symbol
from pipekeras.grammar.values import (
    NULL,
    integer,
    mk_list,
)
from pipekeras.grammar.vectors.arguments import flag, number, whole

Dots = list[tuple[str | None, Any]]


def _frame_number(environment: Environment) -> int:
    """Position, counted from 1, of the call whose environment this is; 0 at top level."""
    for position in range(len(machine.frames), 0, -1):
        if machine.frames[position - 1].environment is environment:
            return position
    return 0


def _caller(environment: Environment) -> Environment:
    frame = frame_of(environment)
    if frame is None:
        return machine.global_environment
    return frame.caller if frame.caller is not None else machine.global_environment


@builtin("parent.frame", "n = 1", needs_environment=True)
def parent_frame(n: Any, *, environment: Environment) -> Any:
    count = number(n, "n")
    if not 1 <= count < 2**31:
        raise RError("invalid 'n' value")
    place = environment
    at = len(machine.frames)
    for _ in range(int(count)):
        # An `eval` over an environment is a call inside the one whose environment it is: the search goes outwards.
        while at and machine.frames[at - 1].environment is not place:
            at -= 1
        if not at:
            return machine.global_environment
        at -= 1
        place = machine.frames[at].caller
        if place is None:
            return machine.global_environment
    return place


def _chosen_frame(which: Any, environment: Environment) -> Any:
    wanted = whole(which, "which")
    own = _frame_number(environment)
    at = own + wanted if wanted <= 0 else wanted
    if not 0 <= at <= own:
        raise RError("not that many frames on the stack")
    return None if at == 0 else machine.frames[at - 1]


@builtin("sys.call", "which = 0", needs_environment=True)
def system_call(which: Any, *, environment: Environment) -> Any:
    frame = _chosen_frame(which, environment)
    return NULL if frame is None else frame.call


@builtin("sys.function", "which = 0", needs_environment=True)
def system_function(which: Any, *, environment: Environment) -> Any:
    frame = _chosen_frame(which, environment)
    return NULL if frame is None else frame.function


@builtin("sys.frame", "which = 0", needs_environment=True)
def system_frame(which: Any, *, environment: Environment) -> Any:
    frame = _chosen_frame(which, environment)
    if frame is None:
        return machine.global_environment
    return frame.environment if frame.environment is not None else Environment(machine.base_environment)


@builtin("sys.nframe", "", needs_environment=True)
def system_frame_number(*, environment: Environment) -> Any:
    return integer(_frame_number(environment))


@builtin("sys.parent", "n = 1", needs_environment=True)
def system_parent(n: Any, *, environment: Environment) -> Any:
    place = environment
    for _ in range(whole(n)):
        if place is machine.global_environment:
            break
        place = _caller(place)
    return integer(0 if place is machine.global_environment else _frame_number(place))


def _visible_frames(environment: Environment) -> list[Any]:
    return machine.frames[: _frame_number(environment)]


@builtin("sys.calls", "", needs_environment=True)
def system_calls(*, environment: Environment) -> Any:
    frames = _visible_frames(environment)
    return mk_list([frame.call for frame in frames]) if frames else NULL


@builtin("sys.parents", "", needs_environment=True)
def system_parents(*, environment: Environment) -> Any:
    frames = _visible_frames(environment)
    numbers = {id(frame.environment): at for at, frame in reversed(list(enumerate(frames, 1))) if frame.environment is not None}
    return integer([numbers.get(id(frame.caller), 0) for frame in frames])


@builtin("sys.frames", "", needs_environment=True)
def system_frames(*, environment: Environment) -> Any:
    frames = _visible_frames(environment)
    places = [f.environment if f.environment is not None else Environment(machine.base_environment) for f in frames]
    return mk_list(places) if frames else NULL


@builtin("on.exit", "expr = NULL, add = FALSE, after = TRUE", special=True, invisible=True)
def on_exit(call: Call, environment: Environment) -> Any:
    from pipekeras.grammar.evaluation.machine import evaluate

    given: dict[str, Any] = {}
    order = ["expr", "add", "after"]
    for argument in call.args:
        name = argument.name
        if name:
            name = next((one for one in order if one.startswith(name)), None)
            if name is None:
                raise RError("invalid 'add' argument")
        else:
            name = next((one for one in order if one not in given), None)
            if name is None:
                raise unused_error([(argument.name, argument.value)])
        given[name] = argument.value
    frame = context_of(environment)
    machine.visible = False
    if frame is None:
        return NULL
    add = "add" in given and flag(evaluate(given["add"], environment), "add")
    after = "after" not in given or flag(evaluate(given["after"], environment), "after")
    code = [given["expr"]] if "expr" in given else []
    kept = frame.on_exit or []
    if not add:
        frame.on_exit = code
    elif after:
        frame.on_exit = [*kept, *code]
    else:
        frame.on_exit = [*code, *kept]
    machine.visible = False
    return NULL


@builtin("returnValue", "default")
def return_value(default: Any = NULL) -> Any:
    """What the function returns whose on.exit() runs; the default where it ends by an error."""
    return next((frame.returned for frame in reversed(machine.frames) if hasattr(frame, "returned")), default)


@builtin("sys.on.exit", "", needs_environment=True)
def system_on_exit(*, environment: Environment) -> Any:
    frame = context_of(environment)
    waiting = [] if frame is None else frame.on_exit or []
    if not waiting:
        return NULL
    return waiting[0] if len(waiting) == 1 else Call(Symbol("{"), tuple(Argument(None, one) for one in waiting))
