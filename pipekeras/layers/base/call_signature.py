"""What `call` takes: worked out once for each class, used at every call."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from pipekeras.core.errors import ArgumentError


class CallSignature:
    """The parameters of a `call` (or `build`) method, in the form in which calls need them.

    Args:
        function: the method as the class holds it, `self` first, or a bound method.
        bound: bool, whether `function` takes no `self`.
    """

    __slots__ = ("defaults", "has_keywords", "has_mask", "has_positional", "has_training", "names", "required")

    def __init__(self, function: Callable[..., Any], bound: bool = False) -> None:
        parameters = list(inspect.signature(function).parameters.values())
        if not bound:
            parameters = parameters[1:]
        self.has_positional = any(item.kind is inspect.Parameter.VAR_POSITIONAL for item in parameters)
        self.has_keywords = any(item.kind is inspect.Parameter.VAR_KEYWORD for item in parameters)
        named = [
            item
            for item in parameters
            if item.kind not in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
        ]
        self.names = tuple(item.name for item in named)
        self.defaults = {item.name: item.default for item in named if item.default is not inspect.Parameter.empty}
        self.required = tuple(name for name in self.names if name not in self.defaults)
        self.has_training = "training" in self.names
        self.has_mask = "mask" in self.names

    def bind(self, owner: str, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> dict[str, Any]:
        """Return the given arguments by name, without defaults.

        Raises:
            ArgumentError: too many, unknown, doubled or missing arguments.
        """
        names = self.names
        if len(arguments) > len(names) and not self.has_positional:
            raise ArgumentError(f"{owner} takes {len(names)} positional arguments; got {len(arguments)}")
        bound = dict(zip(names, arguments, strict=False))
        for extra, value in enumerate(arguments[len(names) :]):
            bound[f"argument_{len(names) + extra}"] = value
        for name, value in keywords.items():
            if name in bound:
                raise ArgumentError(f"{owner} got argument '{name}' twice")
            if name not in names and not self.has_keywords:
                mend = "masks reach a layer on its input tensors" if name == "mask" else None
                known = ", ".join(names)
                raise ArgumentError(f"{owner} is called with ({known}); it takes no argument '{name}'", mend=mend)
            bound[name] = value
        missing = [name for name in self.required if name not in bound]
        if missing:
            raise ArgumentError(f"{owner} is called without its argument '{missing[0]}'")
        return bound


_signatures: dict[Any, CallSignature] = {}


def of_method(owner: Any, name: str) -> CallSignature:
    """Return the signature of `owner.name`; cached by the function unless it belongs to the instance alone."""
    own = owner.__dict__.get(name)
    if own is not None:
        return CallSignature(own, bound=True)
    function = getattr(type(owner), name)
    known = _signatures.get(function)
    if known is None:
        known = _signatures[function] = CallSignature(function)
    return known


def takes_training(layer: Any) -> bool:
    """Whether a layer's call wants to know whether it is trained."""
    return of_method(layer, "call").has_training
