"""Dispatch of the operators: both operands are asked for a method, and must agree on it."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY, Builtin
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.dispatch import (
    NO_METHOD,
    Dispatch,
    choose_method,
    method_call,
    run_method,
    with_expressions,
)
from pipekeras.grammar.evaluation.machine import call_function, machine, warn
from pipekeras.grammar.evaluation.shown_calls import current_call
from pipekeras.grammar.evaluation.templates import Arguments
from pipekeras.grammar.values import NULL, Closure, Vector, dispatch_class, explicit_class, logical


def dispatch_operator(name: str, arguments: Arguments, call: Any, caller: Environment) -> Any:
    """Ops group: both operands are asked, and must agree on the method."""
    chosen: list[tuple[Any, int, bool, list[str]]] = []
    for _, value in arguments[:2]:
        given = explicit_class(value)
        if given is None:
            chosen.append((None, 0, False, []))
        else:
            classes = given if len(given) > 1 else dispatch_class(value)
            chosen.append((*choose_method(name, classes, caller, "Ops"), classes))
    left = chosen[0]
    right = chosen[1] if len(chosen) > 1 else (None, 0, False, [])
    if left[0] is None and right[0] is None:
        return NO_METHOD
    pick = left if left[0] is not None else right
    preferred = None
    if left[0] is not None and right[0] is not None and not _same_function(left[0], right[0]):
        preferred = _preferred(arguments, left, right, caller)
        pick = pick if preferred is None else preferred
    if preferred is None and left[0] is not None and right[0] is not None and not _same_function(left[0], right[0]):
        names = [_method_name(name, c) for c in (left, right)]
        warn(f'Incompatible methods ("{names[0]}", "{names[1]}") for "{name}"', current_call())
        return NO_METHOD
    method, position, by_group, classes = pick
    target = arguments[0][1] if pick is left else arguments[1][1]
    record = Dispatch(name, classes, position, target, "Ops", REGISTRY.get(name))
    shown = f"{'Ops' if by_group else name}.{classes[position]}"
    methods = [shown if one[0] is not None and _same_function(one[0], method) else "" for one in chosen]
    record.original = (REGISTRY.get(name), methods)
    lazy = with_expressions(arguments, call, caller)
    result = run_method(method, lazy, method_call(call, shown), caller, record)
    # A primitive's value prints, whatever its method says.
    machine.visible = True
    return result


def _preferred(arguments: Arguments, left: Any, right: Any, caller: Environment) -> Any:
    """The method that a class claims for itself where operands disagree (R 4.3: `chooseOpsMethod`), or None."""
    operands = [arguments[0][1], arguments[1][1]]
    for place, one in enumerate((left, right)):
        method = choose_method("chooseOpsMethod", one[3], caller)[0]
        if method is None:
            continue
        given = (operands[place], operands[1 - place], one[0], (right, left)[place][0], NULL, logical(place == 1))
        answer = call_function(method, list(zip(("x", "y", "mx", "my", "cl", "reverse"), given, strict=True)), caller)
        if type(answer) is Vector and answer.kind == "logical" and len(answer) == 1 and answer.items()[0]:
            return one
    return None


def _method_name(name: str, chosen: tuple[Any, int, bool, list[str]]) -> str:
    """What R calls a method of an operator; our own methods stand for those of its group."""
    method, position, by_group, classes = chosen
    shown = classes[position]
    if type(method) is Builtin:
        shown = "POSIXt" if shown.startswith("POSIX") else shown
        by_group = name not in ("+", "-") or shown not in ("Date", "POSIXt")
    return f"{'Ops' if by_group else name}.{shown}"


def _same_function(left: Any, right: Any) -> bool:
    if left is right:
        return True
    if type(left) is Builtin and type(right) is Builtin:
        return left.function is right.function
    return (
        type(left) is Closure
        and type(right) is Closure
        and left.template is right.template
    )
