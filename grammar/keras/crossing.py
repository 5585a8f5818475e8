"""Functions of the language called by the runtime: what they are given, and what they give back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipekeras.grammar import external
from pipekeras.grammar.builtins.registry import call_function
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.keras import convert
from pipekeras.grammar.values import NULL, Closure, ExternalObject, Vector, integer, mk_list, names_of

from pipekeras.core.structure import flatten

HANDLE = ".__object__"
"""Where an R6 object keeps the object of the runtime that it stands for."""

FILE = "source of a file"
"""Name of the environment that stands in place of the packages for the source text in a model file."""

Arguments = list[tuple[str | None, Any]]


def parameters_of(function: Any) -> list[str]:
    """Return the names of a function's parameters."""
    if isinstance(function, Closure):
        return [name for name, _ in function.formals]
    return [formal.name for formal in function.formals]


def call_with_known(function: Any, positional: list[Any], named: dict[str, Any]) -> Any:
    """Call a function of the language, passing of the named arguments those that it takes."""
    parameters = parameters_of(function)
    takes_all = "..." in parameters
    arguments: Arguments = [(None, value) for value in positional]
    taken = set(parameters[: len(positional)])
    arguments += [(name, value) for name, value in named.items() if (name in parameters or takes_all) and name not in taken]
    if isinstance(function, Closure) and from_file(function.environment):
        from pipekeras.grammar.keras.sandbox import bounded

        with bounded():
            return call_function(function, arguments)
    return call_function(function, arguments)


def from_file(environment: Environment | None) -> bool:
    """Whether a function with this environment comes from the source text in a model file."""
    place = environment
    while place is not None and place.parent is not None:
        place = place.parent
    return place is not None and place.name == FILE


def file_text(environment: Environment | None) -> str | None:
    """Return the source text in a model file that a function with this environment comes from, or None."""
    for place in program_environments(environment):
        kept = place.frame.get(FILE)
        if isinstance(kept, ExternalObject):
            return str(kept.value)
    return None


def program_environments(environment: Environment | None) -> Iterator[Environment]:
    """Yield the environments of the program itself, from the given one outwards, without those of packages."""
    place = environment
    while place is not None and place.name not in ("base", "package:keras", FILE):
        yield place
        place = place.parent


def shape_value(shape: Any) -> Any:
    """Return a shape, or a list of shapes, as lists with NULL for any size."""
    if shape is None:
        return NULL
    if isinstance(shape, dict):
        return mk_list([shape_value(item) for item in shape.values()], list(shape))
    if shape and isinstance(shape[0], list | tuple):
        return mk_list([shape_value(item) for item in shape])
    return mk_list([NULL if size is None else integer(int(size)) for size in shape])


def tensors(value: Any) -> Any:
    """Return what a function of the language gave: a tensor, or a list or dict of tensors."""
    if isinstance(value, ExternalObject):
        return value.value
    if isinstance(value, Vector) and value.kind == "list":
        names = names_of(value)
        items = [tensors(item) for item in value.data]
        return dict(zip(map(str, names), items, strict=True)) if names is not None and all(names) else items
    return convert.tensor_or_array(value)


def given_mask(mask: Any) -> Any:
    """Return the mask that a call of the program gets: nothing where no input has one, several inputs or one."""
    return mask if any(leaf is not None for leaf in flatten(mask)) else None


def _unwrapped(value: Any) -> Any:
    """An R6 object that stands for an object of the runtime crosses the border as that object."""
    if type(value) is Environment:
        handle = value.frame.get(HANDLE)
        if isinstance(handle, ExternalObject):
            return handle.value
    return NotImplemented


external.TO_PYTHON.append(_unwrapped)
