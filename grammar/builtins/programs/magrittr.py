"""magrittr's aliases and its functional sequences."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY, UNSET, Builtin, builtin, call_function, write
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.pipes import Sequence
from pipekeras.grammar.values import character, integer, mk_list
from pipekeras.grammar.vectors.coerce import integers

Dots = list[tuple[str | None, Any]]

_ALIASES = {
    "add": "+",
    "subtract": "-",
    "multiply_by": "*",
    "raise_to_power": "^",
    "multiply_by_matrix": "%*%",
    "divide_by": "/",
    "divide_by_int": "%/%",
    "mod": "%%",
    "is_in": "%in%",
    "and": "&",
    "or": "|",
    "equals": "==",
    "is_greater_than": ">",
    "is_less_than": "<",
    "is_weakly_greater_than": ">=",
    "is_weakly_less_than": "<=",
    "not": "!",
    "n'est pas": "!",
    "set_colnames": "colnames<-",
    "set_rownames": "rownames<-",
    "set_class": "class<-",
    "set_attr": "attr<-",
    "set_attributes": "attributes<-",
    "inset": "[<-",
    "inset2": "[[<-",
    "extract2": "[[",
    "use_series": "$",
}


def _alias(name: str, target: str) -> None:
    @builtin(name, "...", package="magrittr", needs_environment=True)
    def run(dots: Dots, *, environment: Environment) -> Any:
        function = environment.get_function(target)
        return call_function(function, dots, environment)


for _name, _target in _ALIASES.items():
    _alias(_name, _target)


@builtin("use_series", "x, name", lazy=True, package="magrittr", needs_environment=True)
def use_series(x: Any, name: Any, *, environment: Environment) -> Any:
    from pipekeras.grammar.builtins.registry import expression_of, value_of
    from pipekeras.grammar.nodes import Symbol

    node = expression_of(name)
    label = character(node.name) if type(node) is Symbol else value_of(name)
    return call_function(REGISTRY["$"], [(None, value_of(x)), (None, label)], environment)


def sequence_of(fseq: Any) -> Sequence:
    """The steps behind a functional sequence.

    Raises:
        RError: the value is no functional sequence.
    """
    if type(fseq) is Builtin and type(fseq.function) is Sequence:
        return fseq.function
    raise RError("'functions' can only take functional sequences as arguments.")


@builtin("functions", "fseq", package="magrittr")
def functions(fseq: Any) -> Any:
    return mk_list(sequence_of(fseq).functions())


@builtin("freduce", "value, function_list", package="magrittr", needs_environment=True)
def freduce(value: Any, function_list: Any, *, environment: Environment) -> Any:
    for function in function_list.data:
        value = call_function(function, [(None, value)], environment)
    return value


@builtin("print.fseq", "x, ...", package="magrittr")
def print_sequence(x: Any, dots: Dots) -> Any:
    from pipekeras.grammar.deparse import deparse_lines

    steps = sequence_of(x).functions()
    lines = [f" {at}. {''.join(deparse_lines(step.body))}" for at, step in enumerate(steps, 1)]
    write(
        "Functional sequence with the following components:\n\n"
        + "\n".join(lines)
        + "\n\nUse 'functions' to extract the individual functions. \n"
    )
    return x


@builtin("[.fseq", "x, i", package="magrittr")
def part_of_sequence(x: Any, i: Any = UNSET) -> Any:
    sequence = sequence_of(x)
    if i is UNSET:
        return x
    numbers = integer(range(len(sequence.chain.rights)))
    return sequence.part(call_function(REGISTRY["["], [(None, numbers), (None, i)]).items()).as_function()


@builtin("[[.fseq", "x, i", package="magrittr")
def step_of_sequence(x: Any, i: Any) -> Any:
    return sequence_of(x).functions()[int(integers(i)[0]) - 1]
