"""Conditions: signalling, handling, restarts, warnings and messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipekeras.grammar.builtins.registry import (
    REGISTRY,
    UNSET,
    builtin,
    call_function,
    machine,
    value_of,
    write,
    write_error,
)
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError, UnwindSignal
from pipekeras.grammar.evaluation.conditions import (
    Handler,
    Muffled,
    error_text,
    fail,
    interrupt,
    keep_warning,
    make_condition,
    print_warnings,
    signal,
    with_restart,
)
from pipekeras.grammar.evaluation.dispatch import frame_of
from pipekeras.grammar.evaluation.inner_calls import spoken_call
from pipekeras.grammar.evaluation.machine import Frame, expression_of
from pipekeras.grammar.external import out_of_memory
from pipekeras.grammar.nodes import Argument, Call, Symbol
from pipekeras.grammar.values import (
    NULL,
    Promise,
    Vector,
    character,
    inherits,
    is_function,
    logical,
    mk_list,
    names_of,
)
from pipekeras.grammar.vectors.arguments import flag, whole
from pipekeras.grammar.vectors.report import no_method
from pipekeras.grammar.vectors.unsupported import only_default

Dots = list[tuple[str | None, Any]]


def call_with(name: str, *arguments: Any) -> Call:
    """A call node of a named function."""
    return Call(Symbol(name), tuple(a if isinstance(a, Argument) else Argument(None, a) for a in arguments))


_HANDLERS_1 = call_with("[[", Symbol("handlers"), Vector("integer", None, None, 1))
_TRY_CATCH_CALLS = (
    call_with("tryCatchList", Symbol("expr"), Symbol("classes"), Symbol("parentenv"), Symbol("handlers")),
    call_with("tryCatchOne", Symbol("expr"), Symbol("names"), Symbol("parentenv"), _HANDLERS_1),
)
_DO_TRY_CATCH = call_with(
    "doTryCatch",
    call_with("return", Symbol("expr")),
    Symbol("name"),
    Symbol("parentenv"),
    Symbol("handler"),
)
_HANDLER_CALL = Call(
    call_with("[[", Symbol("value"), Vector("integer", None, None, 3)), (Argument(None, Symbol("cond")),)
)


def condition_message(condition: Any) -> str:
    """The message text of a condition, by its method when it has one."""
    found = call_function(REGISTRY["conditionMessage"], [(None, condition)])
    return "" if type(found) is not Vector or not len(found) else str(found.items()[0])


def element(condition: Any, name: str) -> Any:
    """Element of a condition object, NULL when it has none."""
    names = names_of(condition) or []
    return condition.data[names.index(name)] if name in names else NULL


@builtin("tryCatch", "expr, ..., finally", lazy=True, needs_environment=True, invisible=None)
def try_catch(expr: Any = UNSET, dots: Any = (), final: Any = UNSET, *, environment: Environment) -> Any:
    handlers: list[tuple[str, Any]] = []
    for name, value in dots:
        if name is None:
            if expr is UNSET:
                expr = value
                continue
            raise RError("condition handlers must be specified with a condition class")
        handlers.append((name, value_of(value)))
    try:
        return run_protected(lambda: _protected(expr), handlers, environment)
    except RError as error:
        if final is not UNSET and machine.session is not None:
            # What nobody handles is reported before the last words are said.
            machine.session.report_first(error)
        raise
    finally:
        if final is not UNSET:
            visible = machine.visible
            value_of(final)
            machine.visible = visible


def _protected(expr: Any) -> Any:
    if expr is UNSET:
        raise RError('argument "expr" is missing, with no default', call=_TRY_CATCH_CALLS[0])
    return value_of(expr)


def _guarded(action: Callable[[], Any]) -> Any:
    """What an action gives; what goes wrong in it is told to the handlers first."""
    try:
        return action()
    except RError as error:
        if error.signalled:
            raise
        raise fail(error) from error.__cause__
    except MemoryError as error:
        raise fail(out_of_memory(error)) from error
    except KeyboardInterrupt as problem:
        interrupt(problem)
        raise


def run_protected(action: Callable[[], Any], handlers: list[tuple[str, Any]], environment: Environment) -> Any:
    """Run an action with exiting handlers, showing the calls that R's own tryCatch shows."""
    if not handlers:
        machine.frames.append(Frame(_TRY_CATCH_CALLS[0], REGISTRY["tryCatch"], None, environment))
        try:
            return action()
        finally:
            machine.frames.pop()
    targets = [object() for _ in handlers]
    saved = machine.handlers
    restarts = machine.restarts
    frames = machine.frames
    depth = len(frames)
    below = saved
    for target, (name, function) in zip(reversed(targets), reversed(handlers), strict=True):
        below = Handler(name, function, target, below)
    machine.handlers = below
    for call in _TRY_CATCH_CALLS:
        frames.append(Frame(call, REGISTRY["tryCatch"], None, environment))
    if len(handlers) > 1:
        frames.append(Frame(_TRY_CATCH_CALLS[0], REGISTRY["tryCatch"], None, environment))
        frames.append(Frame(_TRY_CATCH_CALLS[1], REGISTRY["tryCatch"], None, environment))
    frames.append(Frame(_DO_TRY_CATCH, REGISTRY["tryCatch"], None, environment))
    try:
        return _guarded(action)
    except UnwindSignal as unwind:
        at = next((k for k, target in enumerate(targets) if target is unwind.target), None)
        if at is None:
            raise
        handler, payload = unwind.handler, unwind.payload
    finally:
        machine.handlers = saved
        machine.restarts = restarts
        del frames[depth:]

    def handle() -> Any:
        machine.visible = True
        if not is_function(handler):
            raise fail(RError("attempt to apply non-function", call=_HANDLER_CALL))
        told = Promise(None, Symbol("cond"), None, payload)
        return call_function(handler, [(None, told)], environment, _HANDLER_CALL)

    if at + 1 < len(handlers):
        # What a handler does wrong itself is for those that are named after it.
        return run_protected(handle, handlers[at + 1 :], environment)
    for call in _TRY_CATCH_CALLS:
        frames.append(Frame(call, REGISTRY["tryCatch"], None, environment))
    try:
        return handle()
    finally:
        del frames[depth:]


@builtin("withCallingHandlers", "expr, ...", lazy=True, invisible=None)
def with_calling_handlers(expr: Any = UNSET, dots: Any = ()) -> Any:
    saved = machine.handlers
    below = saved
    for name, value in reversed([(name, value_of(value)) for name, value in dots]):
        if name is None:
            raise RError("condition handlers must be specified with a condition class")
        below = Handler(name, value, None, below)
    machine.handlers = below
    try:
        return NULL if expr is UNSET else _guarded(lambda: value_of(expr))
    finally:
        machine.handlers = saved


@builtin("globalCallingHandlers", "...", invisible=None)
def global_calling_handlers(dots: Dots) -> Any:
    machine.visible = not dots
    if [value for _, value in dots] == [NULL]:
        # Nothing in place of handlers takes away those there are.
        machine.handlers = None
        return NULL
    for name, value in reversed(dots):
        machine.handlers = Handler(name or "condition", value, None, machine.handlers)
    return NULL if dots else mk_list([])


@builtin("try", "expr, silent = FALSE, outFile = NULL", lazy=True, needs_environment=True, invisible=None)
def try_builtin(expr: Any, silent: Any, out: Any, *, environment: Environment) -> Any:
    target = object()
    saved, restarts, depth = machine.handlers, machine.restarts, len(machine.frames)
    machine.handlers = Handler("error", NULL, target, saved)
    for call in _TRY_CATCH_CALLS:
        machine.frames.append(Frame(call, REGISTRY["tryCatch"], None, environment))
    machine.frames.append(Frame(_DO_TRY_CATCH, REGISTRY["tryCatch"], None, environment))
    try:
        try:
            return value_of(expr)
        except RError as error:
            if error.signalled:
                raise
            raise fail(error) from error.__cause__
        except MemoryError as error:
            raise fail(out_of_memory(error)) from error
    except UnwindSignal as unwind:
        if unwind.target is not target:
            raise
        condition = unwind.payload
    finally:
        machine.handlers, machine.restarts = saved, restarts
        own = machine.frames[depth - 1] if depth else None
        del machine.frames[depth:]
    failed: Any = element(condition, "call")
    if type(failed) is Call and failed.is_call_of("doTryCatch"):
        failed = own.call if own is not None else NULL
    message = _long_message(condition_message(condition), failed)
    if message.startswith("Error: "):
        message = "Error : " + message[len("Error: ") :]
    machine.session.store["last_error"] = message
    if not flag(value_of(silent)):
        place = value_of(out)
        if place is NULL:
            write_error(message)
        else:
            call_function(REGISTRY["cat"], [(None, character(message)), ("file", place)])
        print_warnings(addition=True)
    machine.visible = False
    return Vector(
        "character",
        character([message]).data,
        {"class": character("try-error"), "condition": condition},
    )


def _long_message(message: str, call: Any) -> str:
    return error_text(RError(message, call=False if call is NULL else call))


def _joined(dots: Dots) -> str:
    parts = []
    for _, value in dots:
        if value is NULL:
            continue
        made = call_function(REGISTRY["as.character"], [(None, value)])
        parts.append("".join("NA" if item is None else str(item) for item in made.items()))
    return "".join(parts)


def calling_call() -> Any:
    """Call of the function that called the builtin in progress; False at top level."""
    frames = machine.frames
    return frames[-2].call if len(frames) > 1 else False


@builtin("stop", "..., call. = TRUE, domain = NULL")
def stop(dots: Dots, with_call: Any, domain: Any) -> Any:
    if len(dots) == 1 and _is_condition(dots[0][1]):
        condition = dots[0][1]
        raise fail(error_from(condition))
    call = calling_call() if flag(with_call, "call.") else False
    raise fail(RError(_joined(dots), call=call, span=_calling_span()))


def _calling_span() -> Any:
    for frame in reversed(machine.frames):
        span = getattr(frame.call, "span", None)
        if span is not None:
            return span
    return None


def _is_condition(value: Any) -> bool:
    return type(value) is Vector and value.kind == "list" and inherits(value, "condition")


def error_from(condition: Any) -> RError:
    """Exception that carries a condition object."""
    call = element(condition, "call")
    return RError(condition_message(condition), call=False if call is NULL else call, condition=condition,
                  span=_calling_span())


@builtin("warning", "..., call. = TRUE, immediate. = FALSE, noBreaks. = FALSE, domain = NULL", invisible=True)
def warning(dots: Dots, with_call: Any, immediate: Any, breaks: Any, domain: Any) -> Any:
    if len(dots) == 1 and _is_condition(dots[0][1]):
        condition = dots[0][1]
        message = condition_message(condition)
        call = element(condition, "call")
    else:
        message = _joined(dots)
        call = spoken_call(calling_call(), message) if flag(with_call, "call.") else NULL
        condition = make_condition(message, call, ["simpleWarning", "warning", "condition"])
    try:
        with_restart("muffleWarning", lambda: signal(condition))
    except Muffled:
        return character(message)
    keep_warning(message, False if call is NULL else call)
    if flag(immediate):
        print_warnings()
    return character(message)


@builtin("message", "..., domain = NULL, appendLF = TRUE", invisible=True, needs_call=True)
def message(dots: Dots, domain: Any, newline: Any, *, call: Any) -> Any:
    if len(dots) == 1 and _is_condition(dots[0][1]):
        condition = dots[0][1]
        shown = condition_message(condition)
    else:
        shown = _joined(dots) + ("\n" if flag(newline) else "")
        condition = make_condition(shown, call, ["simpleMessage", "message", "condition"])
    try:
        with_restart("muffleMessage", lambda: signal(condition))
    except Muffled:
        return NULL
    write_error(shown)
    return NULL


@builtin("packageStartupMessage", "..., domain = NULL, appendLF = TRUE", invisible=True, needs_call=True)
def package_startup_message(dots: Dots, domain: Any, newline: Any, *, call: Any) -> Any:
    condition = make_condition(
        _joined(dots) + ("\n" if flag(newline) else ""),
        call,
        ["packageStartupMessage", "simpleMessage", "message", "condition"],
    )
    return message([(None, condition)], NULL, logical(True), call=call)


@builtin("signalCondition", "cond")
def signal_condition(cond: Any) -> Any:
    if not _is_condition(cond):
        cond = make_condition(_joined([(None, cond)]), NULL, ["simpleCondition", "condition"])
    signal(cond)
    return NULL


def _maker(name: str, classes: list[str]) -> None:
    @builtin(name, "message, call = NULL")
    def make(given: Any, call: Any) -> Any:
        shown = given if name == "simpleMessage" else call_function(REGISTRY["as.character"], [(None, given)])
        made = mk_list([shown, call], ["message", "call"])
        return made.with_attribute("class", character(classes))


_maker("simpleError", ["simpleError", "error", "condition"])
_maker("simpleWarning", ["simpleWarning", "warning", "condition"])
_maker("simpleCondition", ["simpleCondition", "condition"])
_maker("simpleMessage", ["simpleMessage", "message", "condition"])


def _classed_maker(name: str, kind: str) -> None:
    @builtin(name, "message, ..., class = character(), call = NULL")
    def make(given: Any, dots: Dots, classes: Any, call: Any) -> Any:
        shown = call_function(REGISTRY["as.character"], [(None, given)])
        made = mk_list([shown, call, *(v for _, v in dots)], ["message", "call", *(n or "" for n, _ in dots)])
        named = [] if classes is NULL else classes.items()
        made.attributes["class"] = character([*named, kind, "condition"])  # type: ignore[index]
        return made


_classed_maker("errorCondition", "error")
_classed_maker("warningCondition", "warning")


@builtin("allowInterrupts", "expr")
def allow_interrupts(expression: Any) -> Any:
    """The value itself: a program may be interrupted at any time."""
    return expression


@builtin("conditionMessage", "c", generic="s3")
def condition_message_builtin(c: Any) -> Any:
    return _told(c, "message", "conditionMessage")


@builtin("conditionCall", "c", generic="s3")
def condition_call_builtin(c: Any) -> Any:
    return _told(c, "call", "conditionCall")


def _told(condition: Any, part: str, generic: str) -> Any:
    """A part of a condition; what is none has no method that tells it."""
    if not inherits(condition, "condition"):
        no_method(generic, condition)
    return element(condition, part)


@builtin("geterrmessage", "")
def last_error_message() -> Any:
    return character(machine.session.store.get("last_error", ""))


@builtin("traceback", "x = NULL, max.lines = NULL, ...", invisible=True)
def traceback(x: Any, most: Any, dots: Dots) -> Any:
    """The calls that the last uncaught error came through, innermost first."""
    from pipekeras.grammar.deparse import deparse_lines

    given = x is not NULL and whole(x, "x") == 0
    calls = [frame.call for frame in machine.frames[:-1]] if given else machine.session.store.get("traceback", [])
    if not calls:
        write("No traceback available \n")
        return NULL
    lines_of = [deparse_lines(call) for call in reversed(calls)]
    for number, lines in zip(range(len(calls), 0, -1), lines_of, strict=True):
        shown = lines if most is NULL else lines[: whole(most, "max.lines")]
        shown = [*shown[:-1], shown[-1] + " ..."] if len(shown) < len(lines) else shown
        head = f"{number}: "
        write("\n".join((" " * len(head) if at else head) + line for at, line in enumerate(shown)) + "\n")
    return mk_list([character(lines) for lines in lines_of])


@builtin("stopifnot", "..., exprs, exprObject, local = TRUE", lazy=True, needs_environment=True, invisible=True)
def stop_if_not(
    dots: Dots, exprs: Any = UNSET, expr_object: Any = UNSET, local: Any = None, *, environment: Environment
) -> Any:
    if expr_object is not UNSET:
        raise RError("argument 'exprObject' of stopifnot() is not supported", mend="write the conditions as arguments")
    if local is not None:
        only_default("stopifnot", local=(value_of(local), True))
    checks: list[tuple[str | None, Any, Any]] = [(n, expression_of(v), v) for n, v in dots]
    if exprs is not UNSET:
        block = expression_of(exprs)
        parts = [a.value for a in block.args] if type(block) is Call and block.is_call_of("{") else [block]
        from pipekeras.grammar.evaluation.compiler import code_of

        checks.extend((None, part, Promise(code_of(part), part, environment)) for part in parts)
    frame = frame_of(environment)
    call = False if frame is None else frame.call
    for name, node, given in checks:
        value = value_of(given)
        if type(value) is Vector and value.kind == "logical" and all(item == 1 for item in value.items()):
            continue
        span = getattr(node, "span", None)
        raise fail(RError(name or _complaint(node, value), call=call, span=span))
    return NULL


def _complaint(node: Any, value: Any) -> str:
    from pipekeras.grammar.deparse import deparse_lines

    lines = deparse_lines(node)
    shown = lines[0] if len(lines) == 1 else lines[0] + " ...."
    if type(node) is Call and node.is_call_of("all.equal") and type(value) is Vector and value.kind == "character":
        written = [deparse_lines(argument.value) for argument in node.args[:2]]
        left, right = (text[0] if len(text) == 1 else text[0] + " ...." for text in written)
        reasons = [str(reason) for reason in value.items()]
        told = reasons if len(reasons) <= 3 else [*reasons[:3], "...."]
        return f"{left} and {right} are not equal:\n  " + "\n  ".join(told)
    if value is NULL or (type(value) is Vector and len(value) != 1):
        return f"{shown} are not all TRUE"
    return f"{shown} is not TRUE"
