"""The condition system: handler and restart stacks, signalling, errors and deferred warnings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipekeras.grammar.builtins.registry import Builtin
from pipekeras.grammar.errors import RError, UnwindSignal
from pipekeras.grammar.evaluation.inner_calls import speak, spoken_call
from pipekeras.grammar.evaluation.machine import call_function, machine, write_error
from pipekeras.grammar.evaluation.shown_calls import shown_call
from pipekeras.grammar.nodes import Argument, Call, LibrarySource, Symbol, make_call
from pipekeras.grammar.values import NULL, Promise, Vector, character, explicit_class, mk_list


class Handler:
    """One handler on the stack, a linked list that grows at the head.

    Attributes:
        condition_class: class of conditions it takes.
        function: what to call with the condition.
        target: identity of the call to unwind to, or None for a calling handler.
        below: the handlers established before it.
    """

    __slots__ = ("below", "condition_class", "function", "target")

    def __init__(self, condition_class: str, function: Any, target: Any, below: Handler | None) -> None:
        self.condition_class = condition_class
        self.function = function
        self.target = target
        self.below = below


class Restart:
    """One restart on the stack; a linked list as handlers are."""

    __slots__ = ("below", "function", "name", "target", "value")

    def __init__(self, name: str, function: Any, target: Any, below: Restart | None) -> None:
        self.name = name
        self.function = function
        self.target = target
        self.below = below
        self.value: Any = None


def make_condition(message: Any, call: Any, classes: list[str], details: dict[str, Any] | None = None) -> Vector:
    """Condition object: a list of message and call with classes, and of further details."""
    more = details or {}
    if not isinstance(message, Vector):
        message = character(message)
    parts = [message, call if call not in (None, False) else NULL, *more.values()]
    made = mk_list(parts, ["message", "call", *more])
    assert made.attributes is not None
    made.attributes["class"] = character(classes)
    return made


def condition_of(error: RError) -> Vector:
    """Condition object of an error, built on first use."""
    if error.condition is None:
        error.condition = make_condition(
            error.message, error.call, [*(error.classes or ("simpleError",)), "error", "condition"], error.details
        )
    return error.condition


_CLASS_OF_MESSAGE = {
    "subscript out of bounds": ("subscriptOutOfBoundsError",),
    "is not subsettable": ("notSubsettableError",),
}
"""Classes of the errors that R itself tells apart, by the end of their message."""


def no_loop(call: Any) -> RError:
    """The error of a `break` or `next` that no loop surrounds."""
    return RError("no loop for break/next, jumping to top level", call=call)


def fail(error: RError) -> RError:
    """Show an error to the handlers; exiting handlers unwind from here, otherwise the error comes back for raising."""
    if error.signalled:
        return error
    if error.condition is None:
        speak(error)
    if not error.classes:
        for end, classes in _CLASS_OF_MESSAGE.items():
            if error.message.endswith(end):
                error.classes = classes
    if error.span is None:
        error.span = _nearest_span(error.call)
    if error.span is not None and type(error.span.source) is LibrarySource:
        error.raised_at = error.span
        error.span = _own_span()
    if machine.handlers is not None:
        thrown = error.condition is not None
        signal(condition_of(error), own_error=not thrown)
    error.signalled = True
    error.calls = [frame.call for frame in machine.frames]
    return error


def _nearest_span(call: Any) -> Any:
    span = getattr(call, "span", None)
    if span is not None:
        return span
    for frame in reversed(machine.frames):
        span = getattr(frame.call, "span", None)
        if span is not None:
            return span
    return None


def _own_span() -> Any:
    """Where the program itself stands: the innermost call that is written in it, else its running statement."""
    for frame in reversed(machine.frames):
        span = getattr(frame.call, "span", None)
        if span is not None and type(span.source) is not LibrarySource:
            return span
    return getattr(machine.session, "statement_span", None)


def signal(condition: Any, own_error: bool = False) -> None:
    """Run the handlers that a condition's classes match, innermost first.

    Args:
        condition: the condition.
        own_error: whether it was made for an error of no condition of its own: handlers then show another call.
    """
    classes = explicit_class(condition) or []
    saved = machine.handlers
    handler = saved
    try:
        while handler is not None:
            if handler.condition_class in classes:
                if handler.target is not None:
                    raise UnwindSignal(handler.target, handler.function, condition)
                machine.handlers = handler.below
                if own_error:
                    told = Promise(None, _HANDLER_CALL.args[0].value, None, condition)
                    call_function(handler.function, [(None, told)], call=_HANDLER_CALL)
                else:
                    call = Call(handler.function, (Argument(None, condition),))
                    call_function(handler.function, [(None, condition)], call=call)
            handler = handler.below
    finally:
        machine.handlers = saved


STOPPED = "stopped"
"""What a KeyboardInterrupt carries when not the user sent it but who bounds the program's time: nothing catches it."""


def interrupt(problem: KeyboardInterrupt) -> None:
    """Show Ctrl-C to the handlers of "interrupt"; exiting ones unwind from here. It is shown once."""
    if machine.handlers is None or problem.args:
        return
    problem.args = ("signalled",)
    signal(mk_list([], None).with_attributes({"class": character(["interrupt", "condition"])}))


_HANDLER_CALL = make_call("h", make_call("simpleError", Symbol("msg"), Symbol("call")))


_LONG_WARNING = 75
"""Columns of a warning or error, each counted with its header, beyond which the message stands on a line of its own."""


def signal_warning(message: str, call: Any = None, condition: Any = None) -> None:
    """Raise a warning; see `machine.warn`."""
    if call is None:
        call = spoken_call(_warning_call(message), message)
    if condition is None:
        condition = make_condition(message, call, ["simpleWarning", "warning", "condition"])
    if machine.handlers is not None:
        speaking = machine.builtin_call
        try:
            with_restart("muffleWarning", lambda: signal(condition))
        except Muffled:
            return
        finally:
            machine.builtin_call = speaking
    keep_warning(message, call)


def _warning_call(message: str) -> Any:
    """The call of the builtin that warns, as R shows it."""
    call = machine.builtin_call
    function = machine.frames[-1].function if machine.frames and machine.frames[-1].call is call else None
    return shown_call(call, message, (), function if type(function) is Builtin else None)


class Muffled(Exception):
    """A muffling restart was invoked."""


def with_restart(name: str, action: Any) -> None:
    """Run an action with a muffling restart established; `Muffled` when it was invoked."""
    target = object()
    saved = machine.restarts
    saved_handlers = machine.handlers
    machine.restarts = Restart(name, None, target, saved)
    try:
        action()
    except UnwindSignal as unwind:
        if unwind.target is not target:
            raise
        machine.handlers = saved_handlers
        raise Muffled from None
    finally:
        machine.restarts = saved


def keep_warning(message: str, call: Any) -> None:
    """Defer a warning to the end of the top-level expression, or treat it as ``options(warn)`` says."""
    level = machine.options.get("warn")
    number = 0 if level is None else int(level.items()[0])
    if number < 0:
        return
    if number >= 2:
        error = RError(f"(converted from warning) {message}", call=call)
        raise fail(error)
    if number == 1:
        write_error(_one_warning(message, call))
        return
    if len(machine.warnings) < 50:
        machine.warnings.append((message, call))
    else:
        machine.warnings_dropped += 1


def call_text(call: Any) -> str:
    """First line of a call's text, as error and warning headers show it."""
    from pipekeras.grammar.deparse import DEFAULT_OPTIONS, deparse_lines

    if type(call) is Call and type(call.function) is Builtin and not call.function.primitive:
        call = Call(_as_closure(call.function), call.args)
    return deparse_lines(call, replace(DEFAULT_OPTIONS, show_attributes=False))[0]


def _as_closure(function: Builtin) -> Any:
    """A builtin that is a function of R's own language there, as a message shows it: with its parameters."""
    from pipekeras.grammar.evaluation.quoting import builtin_formals
    from pipekeras.grammar.evaluation.templates import Template
    from pipekeras.grammar.values import Closure

    return Closure(Template(tuple(builtin_formals(function)), NULL), machine.base_environment)


def _one_warning(message: str, call: Any) -> str:
    if call in (None, False) or call is NULL:
        return f"Warning: {message}\n"
    text = call_text(call)
    if len(text) + len(message.split("\n")[0]) + 18 > _LONG_WARNING:
        return f"Warning in {text} :\n  {message}\n"
    return f"Warning in {text} : {message}\n"


def print_warnings(addition: bool = False) -> None:
    """Print the deferred warnings as R does after a top-level expression, or after an error that they came before."""
    kept = machine.warnings
    if not kept:
        return
    machine.warnings = []
    dropped, machine.warnings_dropped = machine.warnings_dropped, 0
    machine.last_warnings = kept
    if addition:
        write_error("In addition: ")
    if len(kept) == 1:
        message, call = kept[0]
        if call in (None, False) or call is NULL:
            write_error(f"Warning message:\n{message} \n")
        else:
            text = call_text(call)
            long = len(text) + len(message.split("\n")[0]) + 6 > _LONG_WARNING
            write_error(f"Warning message:\nIn {text} :{chr(10) if long else ''}{'  ' if long else ' '}{message}\n")
        return
    if len(kept) <= 10:
        lines = ["Warning messages:\n"]
        for number, (message, call) in enumerate(kept, 1):
            if call in (None, False) or call is NULL:
                lines.append(f"{number}: {message} \n")
            else:
                text = call_text(call)
                long = len(text) + len(message.split("\n")[0]) + 10 > _LONG_WARNING
                lines.append(f"{number}: In {text} :{chr(10) if long else ''}{'  ' if long else ' '}{message}\n")
        write_error("".join(lines))
        return
    if dropped or len(kept) >= 50:
        write_error("There were 50 or more warnings (use warnings() to see the first 50)\n")
    else:
        write_error(f"There were {len(kept)} warnings (use warnings() to see them)\n")


def error_text(error: RError) -> str:
    """R's text of an uncaught error: header, call, message."""
    condition = condition_of(error)
    message = error.message
    if condition is not None and error.condition is not None:
        message = _message_of(error.condition, message)
    call = error.call
    if call in (None, False) or call is NULL:
        return f"Error: {message}\n"
    text = call_text(call)
    first = message.split("\n")[0]
    if len(text) + len(first) + 14 > _LONG_WARNING:
        return f"Error in {text} : \n  {message}\n"
    return f"Error in {text} : {message}\n"


def _message_of(condition: Any, fallback: str) -> str:
    from pipekeras.grammar.values import names_of

    names = names_of(condition) or []
    if "message" in names:
        value = condition.data[names.index("message")]
        if isinstance(value, Vector) and value.kind == "character" and len(value):
            return str(value.items()[0])
    return fallback
