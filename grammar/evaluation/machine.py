"""The state of the running program and the operations that everything else calls: force, call, warn, write.

There is one `Machine`; a `Session` puts its own state into it while it runs. Keeping it in one place makes the hot
paths plain attribute reads.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from typing import Any

from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.nodes import Argument, Call, Symbol
from pipekeras.grammar.values import Promise

EXPRESSION_DEPTH = 5000
"""Nesting of function calls at which R gives up too (``options(expressions = 5000)``)."""


class Frame:
    """One function call in progress."""

    __slots__ = (
        "arguments",
        "call",
        "caller",
        "dispatch",
        "environment",
        "function",
        "on_exit",
        "returned",
    )

    def __init__(self, call: Any, function: Any, environment: Any, caller: Any, arguments: Any = None) -> None:
        self.call = call
        self.function = function
        self.environment = environment
        self.caller = caller
        self.arguments = arguments
        self.dispatch: Any = None
        self.on_exit: list[Any] | None = None
        self.returned: Any


class Machine:
    """State of the program that is running.

    Attributes:
        global_environment: where top-level assignments go.
        base_environment: where the builtins are found.
        frames: function calls in progress, innermost last.
        handlers: condition handlers established, innermost last.
        assignment: the replacement in progress, and `replaced` the part of its target that is replaced just now.
        restarts: restarts established, innermost last.
        visible: whether the value just computed prints by itself at top level.
        warnings: deferred warnings as (message, call).
        writer: where standard output goes; ``sink`` and ``capture.output`` replace it.
        error_writer: where messages, warnings and errors go.
        options: ``options()`` by name.
        methods: S3 methods registered by name, ``generic.class``.
        interrupted: set by the shell to stop the program at the next loop turn or call.
        confined: while code of a file runs, the members of the runtime's objects that it may use.
    """

    def __init__(self) -> None:
        self.base_environment = Environment(None, name="base")
        self.global_environment = Environment(self.base_environment, name="R_GlobalEnv")
        self.frames: list[Frame] = []
        self.handlers: Any = None
        self.restarts: Any = None
        self.visible = True
        self.warnings: list[tuple[str, Any]] = []
        self.last_warnings: list[tuple[str, Any]] = []
        self.warnings_dropped = 0
        self.builtin_call: Any = None
        self.assignment: Any = None
        self.replaced: Any = None
        self.writer: Any = None
        self.error_writer: Any = None
        self.options: dict[str, Any] = {}
        self.interrupted = False
        self.confined: frozenset[str] | None = None
        self.session: Any = None
        self.attached: list[str] = []
        self.source_frames: list[Any] = []
        self.tags: dict[str, Any] = {}
        self.methods: dict[str, Any] = {}


machine = Machine()


def write(text: str) -> None:
    """Write text to the program's standard output."""
    writer = machine.writer
    (sys.stdout if writer is None else writer).write(text)


def write_error(text: str) -> None:
    """Write text to the program's error output."""
    writer = machine.error_writer
    (sys.stderr if writer is None else writer).write(text)


def force(promise: Promise) -> Any:
    """Value of a promise, computed on first use."""
    value = promise.value
    if value is not None:
        return value
    if promise.forcing:
        raise RError("promise already under evaluation: recursive default argument reference or earlier problems?")
    promise.forcing = True
    try:
        code = promise.code
        if code is None:
            from pipekeras.grammar.evaluation.compiler import code_of

            code = code_of(promise.expression)
        value = code(promise.environment)
    finally:
        promise.forcing = False
    promise.value = value
    promise.environment = None
    return value


def value_of(argument: Any) -> Any:
    """Value of a lazily passed argument: a promise is forced, anything else is the value."""
    return force(argument) if type(argument) is Promise else argument


def expression_of(argument: Any) -> Any:
    """Expression that a lazily passed argument stands for; the value itself when there is none."""
    if type(argument) is Promise:
        expression = argument.expression
        while type(expression) is Promise:
            expression = expression.expression
        return expression
    return argument


def evaluate(expression: Any, environment: Environment) -> Any:
    """Evaluate a language object in an environment."""
    from pipekeras.grammar.evaluation.compiler import code_of

    return code_of(expression)(environment)


INTERNAL = Symbol("FUN")
"""The function of calls that builtins make: messages speak of the builtin instead."""


def call_function(
    function: Any,
    arguments: list[tuple[str | None, Any]],
    environment: Environment | None = None,
    call: Any = None,
) -> Any:
    """Call any function of the language from Python.

    Args:
        function: Closure, Builtin or callable ExternalObject.
        arguments: (name or None, value) pairs; a value may be a Promise.
        environment: the calling environment (``parent.frame()``); the current one when absent.
        call: call node that errors, ``sys.call`` and ``match.call`` show; made from the values when absent.
    """
    if environment is None:
        environment = current_environment()
    if call is None:
        call = Call(INTERNAL, tuple(Argument(name, expression_of(value)) for name, value in arguments))
    speaking = machine.builtin_call
    value = _applying()(function, arguments, environment, call)
    # What the builtin that called says from here on is its own again.
    machine.builtin_call = speaking
    return value


@cache
def _applying() -> Callable[..., Any]:
    """How functions are applied, found once: that room stands on this one."""
    from pipekeras.grammar.evaluation.calls import apply_function

    return apply_function


def current_environment() -> Environment:
    """Environment of the innermost closure in progress, else the global environment."""
    for frame in reversed(machine.frames):
        if frame.environment is not None:
            return frame.environment
    return machine.global_environment


def warn(message: str, call: Any = None) -> None:
    """Raise a warning: handlers see it first, then it is kept and printed as R prints deferred warnings.

    Args:
        message: R's message text.
        call: call that it speaks of; None is the builtin call being evaluated, False is no call.
    """
    from pipekeras.grammar.evaluation.conditions import signal_warning

    signal_warning(message, call)


def too_deep() -> RError:
    """The error for runaway recursion."""
    return RError(
        "evaluation nested too deeply: infinite recursion / options(expressions=)?",
        call=False,
        classes=("expressionStackOverflowError", "stackOverflowError"),
        mend="a function calls itself without end: check the condition that should stop it",
    )
