"""How generators, class definitions and the methods of a generic are shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipekeras.grammar.builtins.registry import builtin, write
from pipekeras.grammar.evaluation import s4
from pipekeras.grammar.evaluation.machine import machine
from pipekeras.grammar.evaluation.s4 import state
from pipekeras.grammar.printing.dispatch import current_settings
from pipekeras.grammar.printing.show import show
from pipekeras.grammar.values import NULL
from pipekeras.grammar.vectors.arguments import text

Dots = list[tuple[str | None, Any]]


@builtin("print.formula", "x, ...", invisible=True, package="stats")
def print_formula(x: Any, dots: Dots) -> Any:
    """What a formula says, and its environment unless that is the global one."""
    bare = x.with_attributes({k: v for k, v in x.attributes.items() if k not in ("class", ".Environment")})
    show(bare, current_settings())
    environment = x.attributes.get(".Environment", NULL)
    if environment is not machine.global_environment:
        show(environment, current_settings())
    return x


@builtin("print.classGeneratorFunction", "x, ...", invisible=True)
def print_generator(x: Any, dots: Dots) -> Any:
    name = text(x.attributes["className"])
    write(f"class generator function for class \u201c{name}\u201d from package \u2018.GlobalEnv\u2019\n")
    write(f'function (...) \nnew("{name}", ...)\n')
    return x


@builtin("print.classRepresentation", "x, ...", invisible=True)
def print_class(x: Any, dots: Dots) -> Any:
    definition = s4.definition_of(text(x.data[0]))
    write(f'{"Virtual Class" if definition.virtual else "Class"} "{definition.name}" [in ".GlobalEnv"]\n')
    if not definition.slots:
        write("\nNo Slots, prototype of class \"S4\"\n")
    else:
        names, classes = list(definition.slots), list(definition.slots.values())
        width = max(len(one) for one in (*names, *classes))
        write("\nSlots:\n" + " " * (6 + len(names) * (width + 1)) + "\n")
        for head, cells in (("Name: ", names), ("Class:", classes)):
            write(head + "".join(f" {cell:>{width}}" for cell in cells) + "\n")
    parents = s4.superclasses(definition.name)[1:]
    basic = s4.data_type(definition)
    if basic is not None:
        _write_data_part(definition.name, basic, parents)
    elif parents:
        _write_related("Extends", definition.name, parents)
    below = [one for one in state().classes if one != definition.name and definition.name in s4.superclasses(one)]
    if below:
        _write_related("Known Subclasses", definition.name, below)
    return x


def _write_data_part(name: str, basic: str, parents: list[str]) -> None:
    """The classes above one that is a vector with slots."""
    write("\nExtends: \n")
    way = parents.index(basic)
    for parent in parents[:way]:
        write(f'Class "{parent}", directly\n')
    own = state().classes[name].contains
    if basic in own:
        write(f'Class "{basic}", from data part\n')
        write(f'Class "vector", by class "{basic}", distance 2\n')
    else:
        write(f'Class "{basic}", by class "{own[0]}", distance {way + 1}\n')
        write(f'Class "vector", by class "{own[0]}", distance {way + 2}\n')


def _steps_down(name: str) -> list[str]:
    return [one for one, known in state().classes.items() if name in known.contains]


def _path(start: str, end: str, steps: Callable[[str], list[str]]) -> list[str]:
    """Shortest way between two classes, without its start."""
    paths = [[start]]
    while paths:
        path = paths.pop(0)
        if path[-1] == end:
            return path[1:]
        paths.extend([*path, one] for one in steps(path[-1]) if one not in path)
    return [end]


def _write_related(head: str, name: str, others: list[str]) -> None:
    """The classes above or below a class: a line of names, or one line for each with the way to it."""
    def direct(one: str) -> list[str]:
        known = state().classes.get(one)
        return _steps_down(one) if head != "Extends" else [] if known is None else known.contains

    ways = {other: _path(name, other, direct) for other in others}
    if all(len(way) == 1 for way in ways.values()):
        write(f"\n{head}: " + ", ".join(f'"{other}"' for other in others) + "\n")
        return
    write(f"\n{head}: \n")
    for other, way in sorted(ways.items(), key=lambda one: len(one[1])):
        way_there = "directly" if len(way) == 1 else f'by class "{way[0]}", distance {len(way)}'
        write(f'Class "{other}", {way_there}\n')


@builtin("showMethods", "f, ...", package="methods", invisible=True)
def show_methods(name: Any, dots: Dots) -> Any:
    label = text(name)
    table = state().generics.get(label)
    if table is None:
        write(f'\nFunction "{label}":\n <not an S4 generic function>\n')
        return NULL
    write(f'Function: {label} (package .GlobalEnv)\n')
    if not table.methods:
        write("<No methods>\n")
    size = max((len(known) for known in table.methods), default=1)
    for known in table.methods:
        padded = (*known, *["ANY"] * (size - len(known)))
        write(", ".join(f'{parameter}="{one}"' for parameter, one in zip(table.parameters, padded, strict=False)) + "\n")
    write("\n")
    return NULL
