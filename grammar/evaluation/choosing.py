"""`switch` with its alternatives compiled once and found by a table."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.calls import compile_plain_call, run_special
from pipekeras.grammar.evaluation.compiler import GUARDS, Code, code_of, form
from pipekeras.grammar.evaluation.machine import machine
from pipekeras.grammar.nodes import MISSING, Call, Symbol
from pipekeras.grammar.values import NULL, Vector


@form("switch")
def compile_switch(node: Call) -> Code | None:
    """`switch(chooser, name = value, ..., default)`; odd choosers go to the function itself."""
    if len(node.args) < 2 or node.args[0].value is MISSING or node.args[0].name not in (None, "", "EXPR"):
        return None
    alternatives = node.args[1:]
    if any(_is_dots(argument.value) or argument.name == "EXPR" for argument in alternatives):
        return None
    several = sum(not argument.name for argument in alternatives) > 1
    if _is_dots(node.args[0].value) or (several and any(argument.name for argument in alternatives)):
        return None
    if any(not argument.name and argument.value is MISSING for argument in alternatives):
        return None
    chooser = code_of(node.args[0].value)
    codes = [None if argument.value is MISSING else code_of(argument.value) for argument in alternatives]
    table: dict[str, Code | None] = {}
    for at, argument in enumerate(alternatives):
        if argument.name:
            table.setdefault(argument.name, next((code for code in codes[at:] if code is not None), None))
    default = next((code for argument, code in zip(alternatives, codes, strict=True) if not argument.name), None)
    guard = GUARDS["switch"]
    slow = compile_plain_call(node)

    def choose(environment: Environment) -> Any:
        if guard:
            return slow(environment)
        value = chooser(environment)
        chosen: Code | None
        if type(value) is Vector and value.scalar is not None and value.attributes is None:
            held, kind = value.scalar, value.kind
            if kind == "character" and held and not several:
                chosen = table.get(held, default)
            elif kind in ("double", "integer") and held == held:
                within = 1 <= held < len(codes) + 1
                chosen = codes[int(held) - 1] if within else None
                if within and chosen is None:
                    return _asked(value, environment)
            else:
                return _asked(value, environment)
            if chosen is None:
                machine.visible = False
                return NULL
            machine.visible = True
            return chosen(environment)
        return _asked(value, environment)

    def _asked(value: Any, environment: Environment) -> Any:
        from pipekeras.grammar.builtins.programs.choices import choose_alternative

        listed = [(argument.name, argument.value) for argument in alternatives]

        def ask(call: Call, place: Environment) -> Any:
            return choose_alternative(value, listed, call, place)

        return run_special(REGISTRY["switch"], ask, node, environment)

    return choose


def _is_dots(value: Any) -> bool:
    return type(value) is Symbol and value.name == "..."
