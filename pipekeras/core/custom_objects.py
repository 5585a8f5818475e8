"""Classes and functions that a caller adds to what configs may name."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, TypeVar

from pipekeras.core.errors import ConfigurationError

Registered = TypeVar("Registered")

_registered: dict[str, Any] = {}
_registered_names: dict[Any, str] = {}
_of_old_files: dict[str, Any] = {}
_scope: ContextVar[dict[str, Any] | None] = ContextVar("custom_objects", default=None)


def get_custom_objects() -> dict[str, Any]:
    """Return the process-wide table of custom objects; entries may be added to it.

    >>> get_custom_objects()["my_activation"] = lambda x: x
    >>> "my_activation" in get_custom_objects()
    True
    >>> del get_custom_objects()["my_activation"]
    """
    return _registered


@contextlib.contextmanager
def custom_object_scope(custom_objects: dict[str, Any] | None = None) -> Iterator[None]:
    """Let configs name the given classes and functions inside a `with` block.

    Args:
        custom_objects: dict of name to class or function.

    >>> from pipekeras import activations
    >>> with custom_object_scope({"twice": lambda x: 2 * x}):
    ...     activations.get("twice")(3)
    6
    """
    token = _scope.set({**(_scope.get() or {}), **(custom_objects or {})})
    try:
        yield
    finally:
        _scope.reset(token)


def register_keras_serializable(
    package: str = "Custom", name: str | None = None
) -> Callable[[Registered], Registered]:
    """Register a class or function of your own under `package>name`, so that configs may name it.

    Args:
        package: str, a prefix that keeps names of several authors apart.
        name: str, default the object's own name.

    Raises:
        ConfigurationError: A class has no `get_config`, or the name is taken.

    >>> @register_keras_serializable("docs")
    ... def double(x):
    ...     return 2 * x
    >>> get_registered_name(double)
    'docs>double'
    """

    def enter(value: Registered) -> Registered:
        public = f"{package}>{name or getattr(value, '__name__', type(value).__name__)}"
        if inspect.isclass(value) and not hasattr(value, "get_config"):
            raise ConfigurationError(f"{value.__name__} can't be registered: it has no get_config()")
        taken = _registered.get(public)
        # A class of the same name replaces the earlier one when its module is run again, as in a notebook.
        if taken is not None and getattr(taken, "__module__", None) != getattr(value, "__module__", None):
            message = f"'{public}' is already registered: {taken!r}"
            raise ConfigurationError(message, mend="choose another package or name")
        _registered[public] = value
        _registered_names[value] = public
        return value

    return enter


def known_to_old_files(name: str) -> Callable[[Registered], Registered]:
    """Give a function of ours a name that configs may use, but that is no word of its kind and no object of the user's."""

    def enter(value: Registered) -> Registered:
        _of_old_files[name] = value
        _registered_names[value] = name
        return value

    return enter


def get_registered_name(obj: Any) -> str:
    """Return the name that a class or function was registered under, or its own name."""
    try:
        known = _registered_names.get(obj)
    except TypeError:
        known = None
    return known or str(getattr(obj, "__name__", type(obj).__name__))


def get_registered_object(
    name: str, custom_objects: dict[str, Any] | None = None, module_objects: dict[str, Any] | None = None
) -> Any | None:
    """Return the custom class or function called `name`, or None.

    Args:
        name: str, with or without its `package>` prefix.
        custom_objects: dict of name to object, looked at first.
        module_objects: dict of name to object, looked at last.
    """
    for table in (custom_objects, _scope.get(), _registered):
        if table and name in table:
            return table[name]
    ending = f">{name}"
    found = next((value for key, value in _registered.items() if key.endswith(ending)), None)
    if found is None:
        found = _of_old_files.get(name)
    return (module_objects or {}).get(name) if found is None else found
