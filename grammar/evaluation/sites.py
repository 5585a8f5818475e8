"""Call sites: the arguments of a call in the source, prepared once for making promises and values."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.compiler import code_of, machine_call
from pipekeras.grammar.evaluation.conditions import fail
from pipekeras.grammar.evaluation.machine import force
from pipekeras.grammar.evaluation.templates import Arguments
from pipekeras.grammar.nodes import MISSING, Call, Symbol
from pipekeras.grammar.values import Promise


class Site:
    """The arguments of one call in the source, prepared for making promises and values.

    `plain` says that all of them are given, without names and without ``...``.
    """

    __slots__ = ("has_dots", "makers", "names", "nodes", "plain")

    def __init__(self, node: Call) -> None:
        self.has_dots = any(type(a.value) is Symbol and a.value.name == "..." for a in node.args)
        self.names = tuple(argument.name or None for argument in node.args)
        self.nodes = [argument.value for argument in node.args]
        self.makers = [(None if _is_constant(value) else code_of(value), value) for value in self.nodes]
        self.plain = not self.has_dots and not any(self.names) and MISSING not in self.nodes

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
        if not self.has_dots:
            return [
                (name, value if code is None else code(environment))
                for name, (code, value) in zip(self.names, self.makers, strict=True)
            ]
        arguments: Arguments = []
        for name, (code, value) in zip(self.names, self.makers, strict=True):
            if type(value) is Symbol and value.name == "...":
                for dot_name, dot_value in dots_of(environment):
                    arguments.append((dot_name or None, force(dot_value) if type(dot_value) is Promise else dot_value))
            else:
                arguments.append((name, value if code is None else code(environment)))
        return arguments

    def rest(self, environment: Environment) -> Arguments:
        """(name, value) pairs of all arguments but the first, evaluated; for calls without ``...``."""
        return [
            (name, value if code is None else code(environment))
            for name, (code, value) in zip(self.names[1:], self.makers[1:], strict=True)
        ]


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
