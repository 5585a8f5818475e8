"""Objects that know their own configuration: constructor arguments in, `get_config()` out.

A class that inherits from `Configurable` writes its arguments once, in its constructor. The base records
them, so `get_config` and `from_config` need no code in the class, and saving, cloning and printing follow.
"""

from __future__ import annotations

import functools
import inspect
import reprlib
from collections.abc import Callable
from typing import Any, Self

from pipekeras.core import serialization
from pipekeras.core.budget import STEPS_FOR_CONSTRUCTOR, work

_RECORD = "_constructor_arguments"


class _Parameters:
    """Names, defaults and kinds of a constructor's parameters, worked out at the first construction."""

    def __init__(self, constructor: Callable[..., None]) -> None:
        self.constructor = constructor

    @functools.cached_property
    def defaults(self) -> dict[str, Any]:
        parameters = list(inspect.signature(self.constructor).parameters.values())[1:]
        unnamed = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
        return {parameter.name: parameter.default for parameter in parameters if parameter.kind not in unnamed}

    @functools.cached_property
    def positional(self) -> tuple[str, ...]:
        parameters = list(inspect.signature(self.constructor).parameters.values())[1:]
        positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        return tuple(parameter.name for parameter in parameters if parameter.kind in positional)

    @functools.cached_property
    def passes_keywords_on(self) -> bool:
        """Whether keywords that are not named here go to the constructor of the base class."""
        parameters = inspect.signature(self.constructor).parameters.values()
        return any(parameter.kind == inspect.Parameter.VAR_KEYWORD for parameter in parameters)

    def bind(self, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments by name, defaults included; what the constructor will refuse is left out."""
        bound = {name: value for name, value in self.defaults.items() if value is not inspect.Parameter.empty}
        bound.update(zip(self.positional, arguments, strict=False))
        bound.update((name, value) for name, value in keywords.items() if name in self.defaults)
        return bound


def _recording(owner: type, constructor: Callable[..., None]) -> Callable[..., None]:
    parameters = _Parameters(constructor)

    @functools.wraps(constructor)
    def __init__(self: Any, *arguments: Any, **keywords: Any) -> None:
        # object's own setter: a layer's __setattr__ would track what is only being noted here.
        if _RECORD not in self.__dict__:
            object.__setattr__(self, _RECORD, {})
        if work.left is not None:
            work.spend(STEPS_FOR_CONSTRUCTOR)
        self.__dict__[_RECORD][owner] = (parameters, parameters.bind(arguments, keywords))
        constructor(self, *arguments, **keywords)

    return __init__


class Configurable:
    """Base of everything that is written to and made from a config.

    Subclasses keep a constructor argument in an attribute of the same name when it may change later or
    was normalised; the attribute is then what `get_config` reports, the recorded argument otherwise.
    """

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if "__init__" in cls.__dict__:
            setattr(cls, "__init__", _recording(cls, cls.__dict__["__init__"]))  # noqa: B010 - mypy minds the other form

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments as plain data, from which `from_config` makes an equal object.

        A subclass of your own that overrides this and calls `super().get_config()` gets the arguments
        of the class that it extends, and adds its own.
        """
        return {name: serialization.serialize(value) for name, value in self._configuration().items()}

    def __repr__(self) -> str:
        """Name the class and what it was made with, short enough for a line.

        >>> from pipekeras import regularizers
        >>> regularizers.L2(0.1)
        <L2 l2=0.1>
        """
        try:
            given = {name: value for name, value in self._configuration().items() if value is not None and name != "name"}
        except Exception:
            # An object of the user's that is half made is still shown, in an error message most of all.
            given = {}
        return f"<{' '.join([type(self).__name__, *[f'{name}={reprlib.repr(value)}' for name, value in given.items()]])}>"

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None) -> Self:
        """Make an object from what `get_config` returned.

        Args:
            config: dict of constructor arguments; nested objects as their own configs.
            custom_objects: dict of name to class or function, for parts that are not pipekeras' own.
        """
        with serialization.custom_object_scope(custom_objects):
            return cls(**{name: serialization.revive(value) for name, value in config.items()})

    def _configuration(self) -> dict[str, Any]:
        """Return the constructor's arguments as objects. Classes of pipekeras refine this, not `get_config`."""
        recorded = self.__dict__.get(_RECORD, {})
        arguments: dict[str, Any] = {}
        for base in self._configured_class().__mro__:
            if base in recorded:
                parameters, bound = recorded[base]
                arguments = {**bound, **arguments}
                if not parameters.passes_keywords_on:
                    break
        for name in arguments:
            if name in self.__dict__:
                arguments[name] = self.__dict__[name]
            elif isinstance(getattr(type(self), name, None), property):
                arguments[name] = getattr(self, name)
        return arguments

    def _configured_class(self) -> type:
        """Return the class whose arguments `get_config` reports: the one below the last override of it."""
        order = [base for base in type(self).__mro__ if issubclass(base, Configurable)]
        overriding = [index for index, base in enumerate(order[:-1]) if "get_config" in base.__dict__]
        return order[overriding[-1] + 1] if overriding else order[0]
