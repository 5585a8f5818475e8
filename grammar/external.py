"""How the language sees objects of the runtime: an adapter per Python type.

An `ExternalObject` wraps any Python object. What ``obj$member``, ``obj(...)``, ``obj$x <- v``, ``length(obj)``,
``names(obj)``, ``print(obj)`` and ``dim(obj)`` do is decided by the adapter registered for the nearest class in the
object's type. The base adapter gives plain Python semantics: attributes, calls, iteration.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from inspect import signature
from types import FunctionType
from typing import Any

from pipekeras.grammar.errors import RError
from pipekeras.grammar.values import NULL, ExternalObject

Arguments = list[tuple[str | None, Any]]


class Adapter:
    """Plain behaviour; override per type and enter with `register_adapter`."""

    def classes(self, target: Any) -> list[str]:
        """Classes for ``class(obj)`` and S3 dispatch, most special first."""
        return [f"{cls.__module__}.{cls.__qualname__}" for cls in type(target).__mro__ if cls is not object] + [
            "python.builtin.object"
        ]

    def member(self, target: Any, name: str) -> Any:
        """Value of ``obj$name`` as a value of the language."""
        try:
            found = getattr(target, name)
        except AttributeError:
            raise RError(
                f"'{type(target).__name__}' object has no member '{name}'", mend=_near_member(target, name)
            ) from None
        return to_language(found)

    def set_member(self, target: Any, name: str, value: Any) -> None:
        """What ``obj$name <- value`` does."""
        setattr(target, name, to_python(value))

    def element(self, target: Any, arguments: Arguments) -> Any:
        """Value of ``obj[[...]]``."""
        return to_language(target[_index(arguments)])

    def subset(self, target: Any, arguments: Arguments) -> Any:
        """Value of ``obj[...]``."""
        return to_language(target[_index(arguments)])

    def set_element(self, target: Any, arguments: Arguments, value: Any) -> None:
        """What ``obj[[...]] <- value`` does."""
        target[_index(arguments)] = to_python(value)

    def call(self, target: Any, arguments: Arguments) -> Any:
        """What ``obj(...)`` does."""
        if not callable(target):
            raise RError("attempt to apply non-function")
        positional = [to_python(value) for name, value in arguments if not name]
        named = {name: to_python(value) for name, value in arguments if name}
        return to_language(target(*positional, **named))

    def pipe(self, target: Any, value: Any) -> Any:
        """What ``value %>% obj`` does: the same as ``obj(value)``."""
        return self.call(target, [(None, value)])

    def operator(self, name: str, left: Any, right: Any) -> Any:
        """Result of an operator with this object on one side, or NotImplemented; ``right`` is None for ``-obj``."""
        return NotImplemented

    def function(self, name: str, target: Any, arguments: Arguments) -> Any:
        """Result of a function of R's Math or Summary group (``exp(obj)``, ``sum(obj)``), or NotImplemented."""
        return NotImplemented

    def length(self, target: Any) -> int:
        """``length(obj)``."""
        return len(target) if hasattr(target, "__len__") else 1

    def names(self, target: Any) -> list[str]:
        """``names(obj)``, also what completion offers after ``$``."""
        return [name for name in dir(target) if not name.startswith("_")]

    def dim(self, target: Any) -> list[int] | None:
        """``dim(obj)``, None for no dimensions."""
        shape = getattr(target, "shape", None)
        return list(shape) if isinstance(shape, tuple) else None

    def text(self, target: Any) -> str:
        """What ``print(obj)`` writes, without the last newline."""
        if isinstance(target, FunctionType):
            return f"<function {target.__name__}({', '.join(signature(target).parameters)})>"
        return str(target)

    def iterate(self, target: Any) -> Iterator[Any]:
        """Values that ``for (x in obj)`` runs over."""
        return (to_language(item) for item in target)


ADAPTERS: dict[type, Adapter] = {object: Adapter()}
def register_adapter(cls: type, adapter: Adapter) -> None:
    """Use this adapter for objects of a class and its subclasses."""
    ADAPTERS[cls] = adapter


def adapter_of(target: Any) -> Adapter:
    """Adapter for a Python object."""
    for cls in type(target).__mro__:
        adapter = ADAPTERS.get(cls)
        if adapter is not None:
            return adapter
    return ADAPTERS[object]


def classes_of(value: ExternalObject) -> list[str]:
    return adapter_of(value.value).classes(value.value)


def call_object(target: ExternalObject, arguments: Arguments) -> Any:
    """``obj(...)``."""
    return adapter_of(target.value).call(target.value, arguments)


def pipe_into(target: ExternalObject, value: Any) -> Any:
    """``value %>% obj``."""
    return adapter_of(target.value).pipe(target.value, value)


def member(target: ExternalObject, name: str) -> Any:
    """``obj$name``."""
    _check_confined(target.value, name, False)
    return adapter_of(target.value).member(target.value, name)


def set_member(target: ExternalObject, name: str, value: Any) -> ExternalObject:
    """``obj$name <- value``; the object itself changes."""
    _check_confined(target.value, name, True)
    adapter_of(target.value).set_member(target.value, name, value)
    return target


def _check_confined(target: Any, name: str, setting: bool) -> None:
    from pipekeras.grammar.evaluation.machine import machine

    if machine.confined is None or name in machine.confined:
        return
    # An object of a class of the program has fields of its own, which are no members of the runtime's.
    fields = getattr(target, "__dict__", {}).get("_instance")
    held = fields.frame if fields is not None else target.__dict__ if getattr(target, "takes_fields", False) else None
    own = held is not None and not hasattr(type(target), name) and (setting or name in held)
    if not own or name.startswith(("_", ".")):
        raise RError(f"the source in the file uses the member ${name} of an object, which a file may not")


def iterate(target: ExternalObject) -> Iterator[Any]:
    """Values of a ``for`` loop over an object."""
    if not hasattr(target.value, "__iter__"):
        raise RError("invalid for() loop sequence")
    return adapter_of(target.value).iterate(target.value)


def _near_member(target: Any, name: str) -> str | None:
    from difflib import get_close_matches

    close = get_close_matches(name, [n for n in dir(target) if not n.startswith("_")], 1)
    return f"did you mean '{close[0]}'?" if close else None


def _index(arguments: Arguments) -> Any:
    values = [to_python(value) for _, value in arguments]
    values = [value - 1 if isinstance(value, int) and value > 0 else value for value in values]
    return values[0] if len(values) == 1 else tuple(values)


TO_LANGUAGE: list[Callable[[Any], Any]] = []
"""Converters tried before the plain ones; each answers NotImplemented to pass."""
TO_PYTHON: list[Callable[[Any], Any]] = []
"""The other way round."""
ERRORS: list[Callable[[Exception], RError | None]] = []
"""Translators of Python exceptions (the runtime's own error tree) into errors of the language."""


def to_language(value: Any) -> Any:
    """A Python value as a value of the language: numbers, strings, lists and arrays by copy, the rest wrapped."""
    for converter in TO_LANGUAGE:
        made = converter(value)
        if made is not NotImplemented:
            return made
    from pipekeras.grammar.conversion import plain_to_language

    return plain_to_language(value)


def to_python(value: Any) -> Any:
    """A value of the language as a plain Python value: scalars, lists, dicts, arrays; functions become callables."""
    for converter in TO_PYTHON:
        made = converter(value)
        if made is not NotImplemented:
            return made
    from pipekeras.grammar.conversion import plain_to_python

    return plain_to_python(value)


def out_of_memory(error: MemoryError) -> RError:
    """R's error for a value that is larger than the memory."""
    shape, dtype = getattr(error, "shape", None), getattr(error, "dtype", None)
    if shape is None or dtype is None:
        return RError("cannot allocate memory for the result", call=False)
    size = math.prod(shape) * dtype.itemsize / 1024
    for unit in ("Kb", "Mb", "Gb"):
        if size < 1024 or unit == "Gb":
            break
        size /= 1024
    return RError(f"cannot allocate vector of size {size:.1f} {unit}", call=False)


def error_of(error: Exception) -> RError:
    """Error of the language for a Python exception."""
    for translator in ERRORS:
        made = translator(error)
        if made is not None:
            made.__cause__ = error
            return made
    if isinstance(error, MemoryError):
        made = out_of_memory(error)
    elif isinstance(error, OSError):
        reason = error.strerror or str(error)
        made = RError(f"cannot open file '{error.filename}': {reason}" if error.filename else reason)
    else:
        from pipekeras.core.errors import PipekerasError

        if isinstance(error, PipekerasError):
            made = RError(str(error))
        else:
            made = RError(
                f"internal problem: {type(error).__name__}: {error}",
                mend="this is a mistake in pipekeras, not in the program; run with --debug to see where",
            )
    made.__cause__ = error
    return made


__all__ = [
    "NULL",
    "Adapter",
    "ExternalObject",
    "adapter_of",
    "call_object",
    "classes_of",
    "error_of",
    "iterate",
    "member",
    "pipe_into",
    "register_adapter",
    "set_member",
    "to_language",
    "to_python",
]
