"""Tables of names: each line says what a name of another library is here and what its arguments are called there.

A line is `name other.name = module:attribute` for something taken as it is, or
`name = module:attribute(first second=None)` for a function whose arguments, in the order of ours, have other names.
A parameter in square brackets is accepted and has no meaning here, as `name` of a graph's node.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
from collections.abc import Callable, Iterable
from typing import Any

from pipekeras.core.errors import ArgumentError, did_you_mean

Target = tuple[str, str | None]
"""Where a name is found, and the names of its arguments if they are others."""


@functools.cache
def read_table(text: str) -> dict[str, Target]:
    """Return what each name of a table stands for."""
    table: dict[str, Target] = {}
    for line in text.splitlines():
        names, equal_sign, target = line.partition(" = ")
        if not equal_sign:
            continue
        place, bracket, parameters = target.strip().partition("(")
        for name in names.split():
            table[name] = (place.strip(), parameters.removesuffix(")") if bracket else None)
    return table


def _parameters(text: str) -> tuple[list[inspect.Parameter], frozenset[str]]:
    parameters, unused = [], set()
    for word in text.split():
        plain = word.strip("[]")
        name, equal_sign, default = plain.partition("=")
        if word.startswith("["):
            unused.add(name)
        value = ast.literal_eval(default) if equal_sign else None if word.startswith("[") else inspect.Parameter.empty
        parameters.append(inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=value))
    return parameters, frozenset(unused)


def renamed(function: Callable[..., Any], label: str, parameters: str) -> Callable[..., Any]:
    """Return the function with its arguments called otherwise.

    Args:
        function: callable; the parameters stand for its arguments in their order.
        label: str, the name that it goes by in messages.
        parameters: str, names with defaults, those without a meaning here in square brackets.

    Raises:
        ArgumentError: a call has arguments that the function does not take.

    >>> subtract = renamed(lambda x, y: x - y, "tf.subtract", "a b [name]")
    >>> subtract(b=1, a=3, name="difference")
    2
    """
    declared, unused = _parameters(parameters)
    signature = inspect.Signature(declared)

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError as error:
            raise ArgumentError(f"{label}{signature}: {error}") from None
        bound.apply_defaults()
        return function(*[value for name, value in bound.arguments.items() if name not in unused])

    call.__name__ = call.__qualname__ = label.rpartition(".")[2]
    call.__signature__ = signature  # type: ignore[attr-defined]
    return call


def resolve(label: str, target: Target) -> Any:
    """Return the object that a name stands for."""
    place, parameters = target
    module, _, attribute = place.partition(":")
    value: Any = importlib.import_module(module)
    for piece in attribute.split(".") if attribute else ():
        value = getattr(value, piece)
    return value if parameters is None else renamed(value, label, parameters)


class Namespace:
    """Names below a dotted path of a table; further paths are namespaces again.

    Args:
        label: str, the path as messages show it.
        table: what each path stands for.
        prefix: str, the path that this namespace is, with a dot at its end; "" for the whole table.
    """

    def __init__(self, label: str, table: dict[str, Target], prefix: str = "") -> None:
        self._label = label
        self._table = table
        self._prefix = prefix

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = find(self._label, self._table, self._prefix, name)
        self.__dict__[name] = value
        return value

    def __dir__(self) -> list[str]:
        return members(self._table, self._prefix)

    def __repr__(self) -> str:
        return f"<names of {self._label}>"


def members(table: Iterable[str], prefix: str) -> list[str]:
    """Return the names directly below a path."""
    return sorted({path[len(prefix) :].partition(".")[0] for path in table if path.startswith(prefix)})


def find(label: str, table: dict[str, Target], prefix: str, name: str) -> Any:
    """Return what a name below a path stands for.

    Raises:
        AttributeError: the table has no such name; says which one may have been meant.
    """
    path = prefix + name
    target = table.get(path)
    if target is not None:
        return resolve(f"{label}.{name}", target)
    if any(other.startswith(path + ".") for other in table):
        return Namespace(f"{label}.{name}", table, path + ".")
    hint = did_you_mean(name, members(table, prefix))
    raise AttributeError(f"{label}.{name} is not among the names that pipekeras knows" + (f"; {hint}" if hint else ""))
