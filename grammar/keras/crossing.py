"""Functions of the language called by the runtime: what they are given, and what they give back."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from pipekeras.grammar import external
from pipekeras.grammar.conversion import call_from_runtime
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.keras import convert
from pipekeras.grammar.nodes import MISSING
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


def call_with_known(function: Any, positional: list[Any], named: dict[str, Any], name: str = "") -> Any:
    """Call a function of the language, passing of the named arguments those that it takes.

    Args:
        function: the function.
        positional: what it gets by place.
        named: what it gets by name, where it takes that.
        name: what the function is called in errors.
    """
    parameters = parameters_of(function)
    takes_all = "..." in parameters
    arguments: Arguments = [(None, value) for value in positional]
    taken = set(parameters[: len(positional)])
    arguments += [(key, value) for key, value in named.items() if (key in parameters or takes_all) and key not in taken]
    if isinstance(function, Closure) and from_file(function.environment):
        from pipekeras.grammar.keras.sandbox import bounded

        with bounded():
            return call_from_runtime(function, arguments, name)
    return call_from_runtime(function, arguments, name)


def program_call(function: Any, method: Callable[[Any], Any]) -> Callable[..., Any]:
    """Return a `call` for classes of the program, which takes what the program's function takes.

    Args:
        function: the program's function; only its first argument has to be given.
        method: what tells an object's function.
    """
    optional: frozenset[str] = frozenset()
    if isinstance(function, Closure):
        optional = frozenset(name for name, default in function.formals if default is not MISSING)
    return _call_of(tuple(parameters_of(function)), optional, method)


@cache
def _call_of(parameters: tuple[str, ...], optional: frozenset[str], method: Callable[[Any], Any]) -> Callable[..., Any]:

    def call(self: Any, *given: Any, **named: Any) -> Any:
        """Run the program's call method."""
        function = method(self)
        mask = given_mask(named.pop("mask", None))
        extra = {"training": named.pop("training", None), "mask": mask}
        if "..." not in parameters:
            extra = {name: value for name, value in extra.items() if name in parameters[len(given) :]}
        # Where nobody says it, the function's own default holds.
        extra = {name: value for name, value in extra.items() if value is not None or name not in optional}
        arguments = [external.to_language(item) for item in given]
        options = {name: external.to_language(item) for name, item in {**named, **extra}.items()}
        return tensors(call_with_known(function, arguments, options, "call"))

    kinds = inspect.Parameter
    taken = [kinds("self", kinds.POSITIONAL_OR_KEYWORD)]
    names = [name for name in parameters if name != "..."]
    for place, name in enumerate(names):
        taken.append(kinds(name, kinds.POSITIONAL_OR_KEYWORD, default=None if place else kinds.empty))
    if "..." in parameters:
        taken.append(kinds("arguments", kinds.VAR_POSITIONAL))
        taken += [kinds(name, kinds.KEYWORD_ONLY, default=None) for name in ("training", "mask") if name not in names]
        taken.append(kinds("options", kinds.VAR_KEYWORD))
    call.__signature__ = inspect.Signature(taken)  # type: ignore[attr-defined]
    return call


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
