"""Work on trees: substitute, bquote, calls matched to their function, names used in an expression."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.machine import Frame
from pipekeras.grammar.nodes import EMPTY_SYMBOL, MISSING, Argument, Call, Formals, Symbol
from pipekeras.grammar.values import NULL, Closure, Promise, Vector, mk_list, names_of, pairlist

_SHOWN_FORMALS = Path(__file__).parent.parent / "shown_formals.json"


def promise_expression(value: Any) -> Any:
    """Expression of a promise, through chains of promises; anything else is itself."""
    while type(value) is Promise:
        value = value.expression
    return value


def substitute(node: Any, frame: dict[str, Any]) -> Any:
    """The tree with bound names replaced by the expressions or values they stand for."""
    kind = type(node)
    if kind is Symbol:
        if node.name not in frame:
            return node
        value = frame[node.name]
        if type(value) is tuple:
            return node
        # A parameter that got nothing stands for nothing.
        return EMPTY_SYMBOL if value is MISSING else promise_expression(value)
    if kind is Call:
        if type(node.function) is Symbol and node.function.name == "..." and type(frame.get("...")) is tuple:
            return _call_of_dots(_substituted_arguments((Argument(None, node.function), *node.args), frame), node)
        return Call(
            substitute(node.function, frame), _substituted_arguments(node.args, frame), node.span, node.attributes
        )
    if kind is Formals:
        return Formals(
            Argument(p.name, p.value if p.value is MISSING else substitute(p.value, frame), p.span) for p in node
        )
    return node


def _call_of_dots(parts: tuple[Argument, ...], node: Call) -> Any:
    """What ``...()`` becomes: the first of the dots is called with the others, as in ``substitute(...())``."""
    if not parts:
        return NULL
    made = Call(parts[0].value, parts[1:], node.span, node.attributes)
    made.label = parts[0].name or ""
    return made


def _substituted_arguments(args: tuple[Argument, ...], frame: dict[str, Any]) -> tuple[Argument, ...]:
    made: list[Argument] = []
    for argument in args:
        value = argument.value
        if type(value) is Symbol and value.name == "..." and "..." in frame:
            dots = frame["..."]
            if type(dots) is tuple:
                made.extend(Argument(name or None, promise_expression(one)) for name, one in dots)
                continue
        put = value if value is MISSING else substitute(value, frame)
        made.append(Argument(argument.name, MISSING if put is EMPTY_SYMBOL else put, argument.span))
    return tuple(made)


def bquote(node: Any, evaluate: Callable[[Any], Any], splice: bool) -> Any:
    """The tree with ``.(x)`` replaced by values and, when asked for, ``..(x)`` spliced in."""
    if type(node) is Formals:
        return Formals(
            Argument(p.name, p.value if p.value is MISSING else bquote(p.value, evaluate, splice), p.span)
            for p in node
        )
    if type(node) is not Call:
        return node
    if node.is_call_of(".") and node.args:
        return evaluate(node.args[0].value)
    made: list[Argument] = []
    for argument in node.args:
        value = argument.value
        if splice and type(value) is Call and value.is_call_of("..") and value.args:
            made.extend(_spliced(evaluate(value.args[0].value)))
        elif value is MISSING:
            made.append(argument)
        else:
            made.append(Argument(argument.name, bquote(value, evaluate, splice), argument.span))
    return Call(bquote(node.function, evaluate, splice), tuple(made), node.span, node.attributes)


def _spliced(value: Any) -> Iterator[Argument]:
    from pipekeras.grammar.values import names_of

    if type(value) is Call:
        yield from (Argument(None, value.function), *value.args)
        return
    if value is NULL:
        return
    names = names_of(value) or [None] * len(value)
    for position, name in enumerate(names):
        yield Argument(name or None, element_at(value, position))


def element_at(value: Vector, position: int) -> Any:
    """One element of a vector as a value of its own."""
    item = value.data[position]
    if value.kind in ("list", "expression"):
        return item
    made = value.data[position : position + 1]
    if value.kind == "character":
        return Vector("character", made, None, item)
    return Vector(value.kind, made, None, item.item())


def list_environment(given: Any, enclosure: Environment) -> Environment:
    """Environment whose bindings are the named elements of a list or data frame."""
    names = names_of(given) or []
    frame = {name: element_at(given, at) for at, name in reversed(list(enumerate(names))) if name}
    return Environment(enclosure, frame)


def names_in(node: Any, functions: bool) -> Iterator[str]:
    """Names in a tree from left to right, function names too when asked for; those of parameters are no part of it."""
    kind = type(node)
    if kind is Symbol:
        yield node.name
    elif kind is Call:
        if type(node.function) is Symbol:
            if functions:
                yield node.function.name
        else:
            yield from names_in(node.function, functions)
        for argument in node.args:
            if argument.value is not MISSING:
                yield from names_in(argument.value, functions)
    elif kind is Vector and node.kind in ("list", "expression"):
        for item in node.data:
            yield from names_in(item, functions)


def formals_list(function: Any) -> Any:
    """``formals()`` of a function: a named list with the empty symbol where there is no default."""
    pairs = list(function.formals) if isinstance(function, Closure) else builtin_formals(function)
    if not pairs:
        return NULL
    return pairlist(mk_list([default for _, default in pairs], [name for name, _ in pairs]))


@cache
def shown_formals() -> dict[str, str]:
    """Usages that R shows otherwise than builtins are declared."""
    found: dict[str, str] = json.loads(_SHOWN_FORMALS.read_text(encoding="utf-8"))
    return found


def builtin_formals(function: Any) -> list[tuple[str, Any]]:
    """(name, default expression or MISSING) of a builtin, as R shows them.

    `shown_formals.json` has the usage of functions that take their arguments otherwise here: of a generic function
    whose methods are one builtin, or with a default that is found at the call.
    """
    from pipekeras.grammar.parse import parse_expression

    shown = shown_formals().get(function.name)
    if shown is not None:
        return [(formal.name, formal.value) for formal in parse_expression(f"function({shown}) NULL").args[0].value]
    return [
        (formal.name, MISSING if formal.text is None else parse_expression(formal.text)) for formal in function.formals
    ]


def matched_call(call: Call, names: list[str], arguments: list[tuple[str | None, Any]], expand_dots: bool) -> Call:
    """The call with its arguments under full names, in the order of the parameters."""
    from pipekeras.grammar.builtins.registry import UNSET, match_formals

    slots, dots, _ = match_formals(names, arguments)
    made: list[Argument] = []
    for name, slot in zip(names, slots, strict=True):
        if name == "...":
            if expand_dots:
                made.extend(Argument(dot_name, value) for dot_name, value in dots)
            elif dots:
                made.append(
                    Argument("...", mk_list([v for _, v in dots], [n for n, _ in dots] if any(n for n, _ in dots) else None))
                )
        elif slot is not UNSET and slot is not MISSING:
            made.append(Argument(name, slot))
    return Call(call.function, tuple(made), call.span)


def _dots_given(frame: Frame) -> Sequence[tuple[str | None, Any]]:
    """What ``...`` stands for in the call of a frame: the dots of the caller, or what a function like `lapply` hands on."""
    call = frame.call
    if type(call.function) is Symbol and call.function.name == "FUN" and frame.arguments is not None:
        # Such a function has no frame of its own: its dots are the arguments that come last.
        names, values = frame.arguments
        written = len(call.args) - 1
        return list(zip(names, values, strict=True))[written:]
    place = frame.caller.find("...") if isinstance(frame.caller, Environment) else None
    dots = place.frame["..."] if place is not None else ()
    return dots if type(dots) is tuple else ()


def call_arguments(frame: Frame) -> list[tuple[str | None, Any]]:
    """Arguments of a call in progress as (name, expression), with ``...`` expanded to what it stands for."""
    call = frame.call
    made: list[tuple[str | None, Any]] = []
    for argument in call.args:
        value = argument.value
        if type(value) is Symbol and value.name == "...":
            for at, (name, dot) in enumerate(_dots_given(frame), 1):
                expression = promise_expression(dot)
                if type(expression) is Symbol or type(expression) is Call:
                    expression = Symbol(f"..{at}")
                made.append((name or None, expression))
        else:
            made.append((argument.name, value))
    return made
