"""Call sites: the arguments of a call in the source, prepared once for making promises and values."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.compiler import Code, code_of, machine_call
from pipekeras.grammar.evaluation.conditions import fail
from pipekeras.grammar.evaluation.machine import force
from pipekeras.grammar.evaluation.templates import Arguments
from pipekeras.grammar.nodes import MISSING, Call, Symbol
from pipekeras.grammar.values import Promise


class Site:
    """The arguments of one call in the source, prepared for making promises and values.

    `plain` says that all of them are given, without names and without ``...``; `has_gaps` that a place may be empty.
    """

    __slots__ = ("has_dots", "has_gaps", "makers", "names", "nodes", "plain")

    def __init__(self, node: Call) -> None:
        self.has_dots = any(type(a.value) is Symbol and a.value.name == "..." for a in node.args)
        self.names = tuple(argument.name or None for argument in node.args)
        self.nodes = [argument.value for argument in node.args]
        self.makers = [(None if _is_constant(value) else code_of(value), value) for value in self.nodes]
        self.has_gaps = self.has_dots or MISSING in self.nodes
        self.plain = not self.has_gaps and not any(self.names)

    def promises(self, environment: Environment) -> list[Any]:
        """One promise per argument; constants stand for themselves."""
        return [
            value if code is None else Promise(code, value, environment) for code, value in self.makers
        ]

    def with_dots(self, environment: Environment) -> tuple[tuple[str | None, ...], list[Any]]:
        """Names and promises with ``...`` spliced in."""
        names: list[str | None] = []
        values: list[Any] = []
        for name, (code, value) in zip(self.names, self.makers, strict=True):
            if type(value) is Symbol and value.name == "...":
                for dot_name, dot_value in dots_of(environment):
                    names.append(dot_name or None)
                    values.append(dot_value)
            else:
                names.append(name)
                values.append(value if code is None else Promise(code, value, environment))
        return tuple(names), values

    def evaluated(self, environment: Environment) -> Arguments:
        """(name, value) pairs with every argument evaluated; missing ones stay MISSING."""
        return self._pairs(environment, False)

    def kept(self, environment: Environment) -> Arguments:
        """As `evaluated`; a parameter that got no argument leaves its place empty too, as in a subscript."""
        return self._pairs(environment, True)

    def _pairs(self, environment: Environment, keeping: bool) -> Arguments:
        if not self.has_dots and not keeping:
            return [
                (name, value if code is None else code(environment))
                for name, (code, value) in zip(self.names, self.makers, strict=True)
            ]
        arguments: Arguments = []
        for name, (code, value) in zip(self.names, self.makers, strict=True):
            if type(value) is Symbol and value.name == "...":
                for dot_name, dot_value in dots_of(environment):
                    arguments.append((dot_name or None, force(dot_value) if type(dot_value) is Promise else dot_value))
            elif code is None:
                arguments.append((name, value))
            else:
                arguments.append((name, given(code, value, environment) if keeping else code(environment)))
        return arguments

    def rest(self, environment: Environment) -> Arguments:
        """(name, value) pairs of all arguments but the first, evaluated as by `kept`; for calls without ``...``."""
        return [
            (name, value if code is None else given(code, value, environment))
            for name, (code, value) in zip(self.names[1:], self.makers[1:], strict=True)
        ]


def given(code: Code, node: Any, environment: Environment) -> Any:
    """Value of an argument; MISSING for a parameter of the function around that got none, here or further out."""
    return MISSING if type(node) is Symbol and is_missing(node.name, environment) else code(environment)


def is_missing(name: str, environment: Environment) -> bool:
    """Whether a name stands for a parameter without argument and default, handed on through any number of calls."""
    while True:
        held = environment.frame.get(name)
        if held is MISSING:
            return True
        if type(held) is not Promise or type(held.expression) is not Symbol or held.value is not None:
            return False
        if held.environment is None or held.environment is environment:
            return False
        name, environment = held.expression.name, held.environment


def read_at_once(node: Any) -> str:
    """The name of a variable whose binding may be looked at before its code is run; no name for anything else."""
    if type(node) is not Symbol or node.name.startswith(".."):
        return ""
    return node.name


def plain_operands(node: Call, count: int) -> bool:
    """Whether a call has so many arguments, all of them given, without names and without ``...``."""
    return len(node.args) == count and all(
        argument.name is None
        and argument.value is not MISSING
        and not (type(argument.value) is Symbol and argument.value.name == "...")
        for argument in node.args
    )


def _is_constant(value: Any) -> bool:
    kind = type(value)
    return kind is not Call and kind is not Symbol and kind is not Promise


def dots_of(environment: Environment) -> tuple[tuple[str | None, Any], ...]:
    """Contents of ``...`` as seen from an environment."""
    place = environment.find("...")
    if place is None:
        raise fail(RError("'...' used in an incorrect context", call=machine_call()))
    dots = place.frame["..."]
    return dots if type(dots) is tuple else ()
