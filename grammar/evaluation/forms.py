"""Brings in every module that enters forms, and makes each form a function value too (`sapply(x, "[")`)."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY, Builtin
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation import assign, choosing, control, operators, pipes, recalling, subscripts
from pipekeras.grammar.evaluation.compiler import FORMS
from pipekeras.grammar.nodes import Call, Symbol

_ = (assign, choosing, control, operators, pipes, recalling, subscripts)


def _form_function(name: str) -> Builtin:
    compiler = FORMS[name]
    symbol = Symbol(name)

    def run(call: Call, environment: Environment) -> Any:
        code = compiler(Call(symbol, call.args, call.span))
        if code is None:
            given = len(call.args)
            if name in ("&&", "||"):
                raise RError(f"'{name}' operator requires 2 arguments")
            if name == "(":
                raise RError(f"{given} argument{'' if given == 1 else 's'} passed to '(' which requires 1")
            raise RError(f"invalid use of '{name}'")
        return code(environment)

    return Builtin(name, run, "...", special=True)


FUNCTIONS = ("{", "(", "if", "for", "while", "repeat", "break", "next", "function", "return", "&&", "||", "<-", "=", "<<-")
for _name in FUNCTIONS:
    REGISTRY[_name] = _form_function(_name)
