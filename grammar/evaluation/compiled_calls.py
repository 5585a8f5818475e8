"""The call that R names for a variable it cannot find in code that it compiles before it runs.

R compiles a loop at top level when it comes to it, and a function that holds a loop, or much else, when it is called.
There an argument of a function belongs to the call that it is written in, whatever that function has called by then;
and at top level, where no function is in progress, the mistake names the call of a builtin around the variable, or the
variable itself where the compiler does the work of that builtin.
"""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import PRIMITIVES, Builtin
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.machine import Frame, machine
from pipekeras.grammar.nodes import Call, LibrarySource, Symbol
from pipekeras.grammar.values import Closure

_LOOPS = frozenset(("for", "while", "repeat"))
_STEPS = """
    ( { if break next function return switch <- <<- = [ [[ $ @ : + - * / ^ == != < > <= >= & | ! && || seq_len seq_along
    sqrt exp log floor ceiling sign expm1 log1p cos sin tan acos asin atan cosh sinh tanh acosh asinh atanh gamma lgamma
    digamma trigamma cospi sinpi tanpi is.character is.complex is.double is.integer is.logical is.name is.null is.object
    is.symbol
"""
_INLINED = _LOOPS | frozenset(_STEPS.split())
"""What the compiler turns into steps of its own."""
_ELSEWHERE = frozenset((
    "quote", "bquote", "substitute", "expression", "~", "with", "within", "local", "eval", "evalq", "subset", "transform",
    "suppressWarnings", "suppressMessages", "withCallingHandlers", "system.time",
))  # fmt: skip
"""Functions that evaluate an argument of theirs in a call of their own, or not at all."""
_UNNAMED = frozenset(("rep", "round", "signif", "seq.int", "@"))
"""Builtins that evaluate their arguments themselves, and name no call for them."""
_ASSIGNMENTS = ("<-", "=", "<<-")
_MUCH = 50
"""Calls in a function of which R says that compiling it is worth while at once."""
_MOST_FRAMES = 40


def compiled_call(span: Any) -> Any:
    """The call for a variable that stands at a place and is not found; None where R does not compile the code there."""
    if span is None or type(span.source) is LibrarySource:
        return None
    frame, body = _written_in(span)
    if body is None:
        return None
    path: list[Call] = []
    if not _lead_to(body, span, path):
        return None
    if frame is None:
        loop = next((at for at, call in enumerate(path) if _name(call) in _LOOPS), None)
        if loop is None:
            return None
        path = path[loop:]
    elif not _is_compiled(body):
        return None
    environment = machine.global_environment if frame is None else frame.environment
    current = False if frame is None else frame.call
    for call in reversed(path):
        name = _name(call)
        if name == "function" or name in _ELSEWHERE:
            return None
        if name in _ASSIGNMENTS and _is_target(call, span):
            return current
        if name not in PRIMITIVES and name not in _INLINED and _is_function(call, environment):
            return call
    if frame is not None:
        return current
    name = _name(path[-1])
    if name in _UNNAMED:
        return current
    return path[-1] if name in PRIMITIVES and name not in _INLINED else Symbol(span.source.text[span.start : span.end])


def compiled_builtin(call: Any) -> bool:
    """Whether a call of a builtin stands in a loop at top level: R names that call where no function is in progress."""
    span = getattr(call, "span", None)
    if machine.frames or span is None or type(span.source) is LibrarySource:
        return False
    path: list[Call] = []
    statement = getattr(machine.session, "statement", None)
    return _lead_to(statement, span, path) and any(_name(one) in _LOOPS for one in path)


def _written_in(span: Any) -> tuple[Frame | None, Any]:
    """The function in progress that a place belongs to, and its body; at top level the statement."""
    for frame in machine.frames[: -_MOST_FRAMES - 1 : -1]:
        if type(frame.function) is Closure:
            template = frame.function.template
            if _holds(template.span, span) and _holds(getattr(template.body, "span", None), span):
                return frame, template.body
    statement = getattr(machine.session, "statement", None)
    return None, statement if _holds(getattr(statement, "span", None), span) else None


def _holds(around: Any, span: Any) -> bool:
    return (
        around is not None and around.source is span.source and around.start <= span.start and span.end <= around.end
    )


def _lead_to(node: Any, span: Any, path: list[Call]) -> bool:
    """Enter the calls around a place into a path, outermost first; the answer is whether the place is there."""
    while type(node) is Call and _holds(node.span, span):
        own: Any = node.span
        if own.start == span.start and own.end == span.end:
            return True
        path.append(node)
        parts = [argument.value for argument in node.args]
        node = next((part for part in (*parts, node.function) if _holds(getattr(part, "span", None), span)), None)
    return type(node) is Symbol or (node is None and bool(path))


def _name(call: Call) -> str:
    return call.function.name if type(call.function) is Symbol else ""


def _is_target(call: Call, span: Any) -> bool:
    """Whether a place is the variable that an assignment changes a part of."""
    target = call.args[0].value if call.args else None
    while type(target) is Call and target.args:
        target = target.args[0].value
    return type(target) is Symbol and target.span is span


def _is_function(call: Call, environment: Environment) -> bool:
    """Whether a call is that of a function which keeps its arguments to be evaluated later."""
    if type(call.function) is not Symbol:
        return True
    found = environment.get_function(call.function.name)
    return type(found) is Closure or (type(found) is Builtin and not found.primitive)


def _is_compiled(body: Any) -> bool:
    """Whether R compiles a function of this body when it is first called."""
    count = 0
    left = [body]
    while left:
        node = left.pop()
        if type(node) is Call:
            count += 1
            name = _name(node)
            if name in _LOOPS or count >= _MUCH:
                return True
            if name != "function":
                left.extend(argument.value for argument in node.args)
    return False
