"""The call that a message speaks of: R names the function inside which a builtin of ours would have failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY, Builtin
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.compiled_calls import compiled_builtin
from pipekeras.grammar.evaluation.inner_calls import UNUSED, call_as_text, is_asked_for, placed, said_in
from pipekeras.grammar.evaluation.machine import INTERNAL, Frame, machine
from pipekeras.grammar.nodes import Argument, Call, Symbol
from pipekeras.grammar.values import FALSE, Promise

_DEFAULT_METHODS = frozenset((
    "anyDuplicated", "aperm", "as.Date", "chol", "cut", "diff", "duplicated", "format", "mean", "median", "qr", "quantile",
    "rev", "rowsum", "scale", "seq", "solve", "split", "summary", "t", "unique", "weighted.mean",
))  # fmt: skip
"""Generic functions whose mistakes R shows in the call of their default method."""
_SETTERS = frozenset((
    "names<-", "dim<-", "dimnames<-", "attr<-", "attributes<-", "levels<-", "class<-", "oldClass<-", "length<-",
    "environment<-", "storage.mode<-",
))  # fmt: skip
"""Replacement functions that are primitive in R, whose mistakes it shows in the assignment itself."""
_GROUP_OF = {
    name: group
    for group, names in (
        ("Ops", "+ - * / ^ %% %/% == != < > <= >= & | !"),
        ("Math", "abs sign sqrt floor ceiling trunc round signif exp log expm1 log1p cos sin tan cumsum cumprod cummax cummin "
                 "gamma lgamma log2 log10 tanh digamma"),
        ("Summary", "max min range sum prod any all"),
    )
    for name in names.split()
}


@contextmanager
def spoken_of(text: str) -> Iterator[None]:
    """What goes wrong inside speaks of this call where it names none: R's own code stands there in R."""
    try:
        yield
    except RError as error:
        if error.call is None:
            error.call = call_as_text(text)
        raise


@contextmanager
def standing_in(text: str, environment: Any) -> Iterator[None]:
    """What is evaluated inside stands in this call, which messages then name: R's own function asks for it there."""
    shown = call_as_text(text)
    depth = len(machine.frames)
    machine.frames.append(Frame(shown, REGISTRY[shown.function.name], None, environment))
    try:
        yield
    finally:
        del machine.frames[depth:]


def shown_call(
    call: Any, message: str, arguments: Sequence[tuple[str | None, Any]] = (), function: Builtin | None = None
) -> Any:
    """A call as R shows it with a message.

    Args:
        call: the call of the builtin that failed or warned.
        message: what it said.
        arguments: what the builtin was given, where that is known.
        function: the builtin, where that is known: a call may name it otherwise, as `lapply` does.

    Returns:
        The call of the default or the group's method, of the function that R's own would have called, or False where R
        speaks of the top level.
    """
    if _speaks_of_caller(message):
        inner = said_in(function.name, message) if function is not None else None
        if inner is not None:
            return placed(call, inner)
        return call if compiled_builtin(call) else current_call()
    if type(call) is not Call or type(call.function) is not Symbol:
        return call
    if call.function is INTERNAL:
        call, function = _program_call(), None
        if type(call) is not Call or type(call.function) is not Symbol:
            return call
    name = call.function.name if function is None else function.name
    stored = _element_store(call, message, arguments)
    if stored is not None:
        return stored
    if name in _GROUP_OF and message.startswith("dims [product"):
        return current_call()
    if message.startswith("no applicable method for '") and name != "UseMethod":
        return placed(call, f'UseMethod("{message.split(chr(39))[1]}")')
    if name in _SETTERS and call.args and type(call.args[0].value) is Symbol and call.args[0].value.name == "*tmp*":
        return machine.assignment
    inner = said_in(name, message)
    if inner is not None:
        return placed(call, inner)
    if is_asked_for(name, message) or message.startswith(UNUSED):
        return call
    if name in _DEFAULT_METHODS:
        return Call(Symbol(name + ".default"), call.args, call.span, call.attributes)
    if name.startswith(("[.", "[[.")) and not name.endswith(".data.frame"):
        # These methods leave the work to the next one.
        return Call(Symbol(name[: name.index(".")] + ".default"), call.args, call.span, call.attributes)
    grouped = _group_call(call, name, message, arguments)
    return call if grouped is None else grouped


_OWN_OPERATORS = frozenset(
    ("+.Date", "-.Date", "+.POSIXct", "-.POSIXct", "+.POSIXlt", "-.POSIXlt", "*.difftime", "/.difftime"))
"""Operators of moments that have a method of their own in R, apart from their group's."""

_SUMS = {"-.Date": "unclass(as.Date(e1)) - e2", "-.POSIXct": "unclass(e1) - e2", "-.POSIXlt": "unclass(e1) - e2",
         "+.Date": "unclass(e1) + unclass(e2)", "+.POSIXct": "unclass(e1) + unclass(e2)",
         "+.POSIXlt": "unclass(e1) + unclass(e2)"}
"""What such a method computes, which is where text fails."""


def _group_call(call: Call, name: str, message: str, arguments: Sequence[tuple[str | None, Any]]) -> Call | None:
    """The call of the method for a whole group of functions, where R has that one; None for any other function."""
    for class_name in ("ordered", "factor", "Date", "POSIXct", "POSIXlt", "difftime", "data.frame"):
        if name.endswith("." + class_name) and name[: -len(class_name) - 1] in _GROUP_OF:
            break
    else:
        return None
    group = _GROUP_OF[name[: -len(class_name) - 1]]
    if class_name == "factor" and message.endswith("is not meaningful for ordered factors"):
        return Call(Symbol("Ops.ordered"), call.args, call.span, call.attributes)
    if class_name == "data.frame" and message in ("invalid argument to unary operator", "invalid argument type"):
        return placed(call, "FUN(left)")
    if message == "non-numeric argument to binary operator":
        inner = "FUN(left, right)" if class_name == "data.frame" else _SUMS.get(name)
        return None if inner is None else placed(call, inner)
    if message.startswith("character string is not") and class_name in ("POSIXct", "POSIXlt"):
        return placed(call, "as.POSIXlt.character(x, tz, ...)")
    if class_name == "data.frame" and group == "Summary":
        return placed(call, "FUN(X[[i]], ...)")
    if name in _OWN_OPERATORS:
        if not name.endswith(("POSIXct", "POSIXlt")):
            return None
        return Call(Symbol(name[:2] + "POSIXt"), call.args, call.span, call.attributes)
    if class_name in ("POSIXct", "POSIXlt") and group != "Summary":
        class_name = "POSIXt"
    shown = call.args
    if group == "Summary" and arguments:
        given = [(label, value) for label, value in arguments if label != "na.rm"]
        dropping = next((_value_of(value) for label, value in arguments if label == "na.rm"), FALSE)
        shown = (*(Argument(label, _value_of(value)) for label, value in given), Argument("na.rm", dropping))
    return Call(Symbol(f"{group}.{class_name}"), shown, call.span, call.attributes)


def _value_of(given: Any) -> Any:
    """An argument's value; a promise that nobody asked for stays what it is."""
    return given.value if type(given) is Promise and given.value is not None else given


def _element_store(call: Call, message: str, arguments: Sequence[tuple[str | None, Any]]) -> Call | None:
    """The call of ``[<-`` or ``[[<-`` for a place that there is not: R tells that mistake of the function itself."""
    if not arguments:
        return None
    if message in ("subscript out of bounds", "no 'dimnames' attribute for array"):
        head = "["
    elif message.startswith("no such index at level") or (
        message.startswith("attempt to select ") and "OneIndex" not in message
    ):
        head = "[["
    else:
        return None
    if call.function.name not in ("<-", "=", "<<-") or len(call.args) != 2:
        return None
    target = call.args[0].value
    if type(target) is not Call or type(target.function) is not Symbol or target.function.name != head:
        return None
    last = Argument("value", _value_of(arguments[-1][1]))
    return Call(Symbol(head + "<-"), (Argument(None, Symbol("*tmp*")), *target.args[1:], last), call.span)


_OF_THE_CALLER = (
    "NAs introduced by coercion",
    "imaginary parts discarded in coercion",
    "out-of-range values treated as 0",
    "Incompatible methods (",
    "probable complete loss of accuracy in modulus",
    "unimplemented complex operation",
    "integer overflow in 'cumsum'",
)
"""Beginnings of what R says where it knows only the function in progress."""


def _speaks_of_caller(message: str) -> bool:
    """Whether R's own code for a message knows only the function in progress."""
    return (
        message == "attempt to apply non-function"
        or "object cannot be coerced to type '" in message
        or message == "'nzchar()' requires a character vector"
        or message.startswith(_OF_THE_CALLER)
    )


def _program_call() -> Any:
    """Call of the innermost function in progress that the program itself has called."""
    for frame in reversed(machine.frames):
        if type(frame.call) is not Call or frame.call.function is not INTERNAL:
            return frame.call
    return False


def current_call() -> Any:
    """Call of the innermost function of the program in progress, False at top level."""
    frames = machine.frames
    return frames[-1].call if frames else False
