"""Layers of the program as source text: the class, its parents, and the functions and values that its methods use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipekeras.grammar.deparse import deparse_lines
from pipekeras.grammar.deparse_values import EXACT_OPTIONS
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.r6 import ClassDefinition, definition_of
from pipekeras.grammar.keras.crossing import FILE, program_environments
from pipekeras.grammar.keras.custom_words import generator_behind
from pipekeras.grammar.nodes import Call, Formals, Symbol
from pipekeras.grammar.values import NULL, Closure, Vector

MOST_ELEMENTS = 10_000
"""Longer vectors that a method uses are data, not source."""


def pieces_of(definition: ClassDefinition) -> dict[str, str]:
    """Return the assignments that make a class, by name, in the order in which they must run.

    Raises:
        RError: a field that is no plain value, such as a layer, cannot be written as text.
    """
    pieces: dict[str, str] = {}
    _add_class(definition, pieces, set())
    return pieces


def pieces_of_function(function: Closure, name: str) -> dict[str, str]:
    """Return the assignments that make a function under a name, those of what it uses first."""
    pieces: dict[str, str] = {}
    _add_used(function, pieces, set())
    pieces[name] = f"{_name(name)} <- {_code(function, name)}"
    return pieces


def text_of_file(text: str) -> dict[str, str]:
    """Return the text that a model file held, as the one piece that it is."""
    return {FILE: text}


def _add_class(definition: ClassDefinition, pieces: dict[str, str], begun: set[int]) -> None:
    name = definition.name
    if name is None or definition.native is not None or id(definition) in begun:
        return
    begun.add(id(definition))
    parent = definition.parent()
    if parent is not None:
        _add_class(parent, pieces, begun)
    groups = {"public": definition.public, "private": definition.private, "active": definition.active}
    for members in groups.values():
        for value in members.values():
            if type(value) is Closure:
                _add_used(value, pieces, begun)
    written = [f'"{name}"', f"inherit = {parent.name}" if parent is not None else "", "lock_objects = FALSE"]
    for label, members in groups.items():
        if members:
            inner = ",\n".join(f"  {_name(key)} = {_code(value, f'{name}${key}')}" for key, value in members.items())
            written.append(f"{label} = list(\n{inner})")
    pieces[name] = f"{_name(name)} <- R6Class({', '.join(part for part in written if part)})"


def _add_used(function: Closure, pieces: dict[str, str], begun: set[int]) -> None:
    """Add what a function uses of the program around it."""
    if id(function.template) in begun:
        return
    begun.add(id(function.template))
    trees = [function.template.body, *[value for _, value in function.formals]]
    own = {name for name, _ in function.formals} | set(_bound_in(trees))
    for name in dict.fromkeys(symbols_in(trees)):
        if name in pieces or name in own:
            continue
        found = _of_program(function.environment, name)
        definition = definition_of(generator_behind(found)) if found is not None else None
        if definition is not None:
            _add_class(definition, pieces, begun)
        elif type(found) is Closure:
            _add_used(found, pieces, begun)
            pieces[name] = f"{_name(name)} <- {_code(found, name)}"
        elif type(found) is Vector and found.kind != "list" and len(found) <= MOST_ELEMENTS:
            pieces[name] = f"{_name(name)} <- {_code(found, name)}"


def _of_program(environment: Environment, name: str) -> Any:
    """Return what a name means in the program itself, or None for a name of a package."""
    for place in program_environments(environment):
        found = place.get(name, inherits=False)
        if found is not None:
            return found
    return None


def nodes_of(trees: list[Any]) -> Iterator[Any]:
    """Yield all parts of trees of code; of `x$name`, the name is none."""
    waiting = list(trees)
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Call):
            waiting.append(node.function)
            found = [argument.value for argument in node.args]
            waiting.extend(found[:1] if node.is_call_of("$") or node.is_call_of("@") else found)
        elif isinstance(node, Formals):
            waiting.extend(parameter.value for parameter in node.parameters)


def symbols_in(trees: list[Any]) -> Iterator[str]:
    """Yield the names in trees of code."""
    return (node.name for node in nodes_of(trees) if isinstance(node, Symbol))


def _bound_in(trees: list[Any]) -> Iterator[str]:
    """Yield the names that code gives values of its own: parameters, assigned names, variables of loops."""
    for node in nodes_of(trees):
        if isinstance(node, Formals):
            yield from node.names
        elif isinstance(node, Call) and any(node.is_call_of(name) for name in ("<-", "=", "for")):
            target = node.args[0].value
            yield from [target.name] if isinstance(target, Symbol) else []


def _name(name: str) -> str:
    return name if name.isidentifier() and not name.startswith("_") else f"`{name}`"


def _code(value: Any, what: str) -> str:
    if type(value) is not Closure and type(value) is not Vector and value is not NULL:
        raise RError(f"{what} is no plain value and cannot be written as source text",
                     mend="give it in initialize(), or leave the source out")  # fmt: skip
    return "\n".join(deparse_lines(value, EXACT_OPTIONS))
