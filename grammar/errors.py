"""Errors of the language and the exceptions that carry control flow through the interpreter."""

from __future__ import annotations

from typing import Any


class RError(Exception):
    """An error in a program, carrying an R condition, the call it happened in and its place in the source.

    Args:
        message: R's message text, without the ``Error in`` header.
        call: call the message speaks of. None means "the builtin call being evaluated" and is filled in by the
            evaluator; False means that the message names no call.
        condition: condition object to carry (built from message and call when absent).
        span: place in the source; filled in by the evaluator from the call.
        mend: one line saying how to mend the program, or None.
        classes: condition classes that stand in place of ``simpleError``.
        details: what the condition tells besides message and call, by name.

    Attributes:
        raised_at: the place in the library, when a function of the library raised it; `span` is then where the program
            called it.
    """

    def __init__(
        self,
        message: str = "",
        call: Any = None,
        *,
        condition: Any = None,
        span: Any = None,
        mend: str | None = None,
        classes: tuple[str, ...] = (),
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.call = call
        self.condition = condition
        self.span = span
        self.mend = mend
        self.classes = classes
        self.details = details or {}
        self.signalled = False
        self.reported = False
        self.calls: list[Any] = []
        self.raised_at: Any = None

    def __str__(self) -> str:
        return self.message


class ControlFlow(BaseException):
    """Base of the exceptions that move control and are no errors; ``except Exception`` never stops them."""


class ReturnSignal(ControlFlow):
    """``return(value)`` on its way to the function call that owns ``environment``."""

    def __init__(self, environment: Any, value: Any) -> None:
        self.environment = environment
        self.value = value


class LoopSignal(ControlFlow):
    """A jump on its way to the innermost loop of the function that owns ``environment``."""

    def __init__(self, environment: Any) -> None:
        self.environment = environment


class BreakSignal(LoopSignal):
    """``break``."""


class NextSignal(LoopSignal):
    """``next``."""


class UnwindSignal(ControlFlow):
    """A condition or restart on its way to the call that established its handler."""

    def __init__(self, target: Any, handler: Any, payload: Any) -> None:
        self.target = target
        self.handler = handler
        self.payload = payload


class QuitSignal(ControlFlow):
    """``quit()``: the program ends with a status."""

    def __init__(self, status: int) -> None:
        self.status = status
