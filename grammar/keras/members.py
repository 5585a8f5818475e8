"""Objects of classes written in the language, as their methods see them: own fields first, then the runtime's members."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.environment import ActiveBinding, Environment
from pipekeras.grammar.external import Adapter, Arguments
from pipekeras.grammar.keras.objects import ModelAdapter, ObjectAdapter
from pipekeras.grammar.values import NULL, Closure, ExternalObject, Vector

from pipekeras.graph.variable import Variable
from pipekeras.layers.base.layer import Layer
from pipekeras.models.model import Model
from pipekeras.nn.metrics.base import Metric

INSTANCE = "_instance"
"""Where an object of the runtime keeps the environment with the fields that the program gave it."""


def instance_of(target: Any) -> Environment | None:
    """Return the environment of an object's fields, or None for an object of the runtime alone."""
    found = getattr(target, "__dict__", {}).get(INSTANCE)
    return found if type(found) is Environment else None


def bind_self(instance: Environment, handle: ExternalObject) -> None:
    """Let `self` in all methods be the object that the runtime sees: callable, with the runtime's members."""
    handle.value.__dict__[INSTANCE] = instance
    pending: list[Environment] = [instance]
    while pending:
        for value in list(pending.pop().frame.values()):
            found = value.function if type(value) is ActiveBinding else value
            if type(found) is not Closure or "self" not in found.environment.frame:
                continue
            if found.environment.frame["self"] is handle:
                continue
            found.environment.frame["self"] = handle
            for name in ("super", "private"):
                inner = found.environment.frame.get(name)
                if type(inner) is Environment:
                    pending.append(inner)


def tracked_parts(value: Any) -> list[Any]:
    """Return the layers, metrics and variables that a value of the language holds."""
    if isinstance(value, ExternalObject):
        return [value.value] if isinstance(value.value, Layer | Metric | Variable) else []
    if isinstance(value, Vector) and value.kind == "list":
        return [found for item in value.data for found in tracked_parts(item)]
    if type(value) is Environment:
        handle = value.frame.get(".__object__")
        return tracked_parts(handle) if isinstance(handle, ExternalObject) else []
    return []


def track(target: Any, name: str, value: Any) -> None:
    """Let an object of the runtime own what a field holds: its weights are trained, saved and counted."""
    found = [item for item in tracked_parts(value) if item is not target]
    if found:
        label = f"field_{name}" if hasattr(type(target), name) else name
        setattr(target, label, found if len(found) > 1 else found[0])


class _Fields(Adapter):
    """Members that the program gave an object come before those of the runtime."""

    def member(self, target: Any, name: str) -> Any:
        instance = instance_of(target)
        found = None if instance is None else instance.get(name, inherits=False)
        return super().member(target, name) if found is None or (found is NULL and hasattr(target, name)) else found

    def set_member(self, target: Any, name: str, value: Any) -> None:
        instance = instance_of(target)
        setting = getattr(getattr(type(target), name, None), "fset", None)
        if instance is None or (setting is not None and name not in instance.frame):
            super().set_member(target, name, value)
            return
        instance.set(name, value)
        if isinstance(target, Model | Metric):
            track(target, name, value)

    def element(self, target: Any, arguments: Arguments) -> Any:
        key = arguments[0][1] if len(arguments) == 1 else NULL
        if isinstance(key, Vector) and key.kind == "character" and len(key) == 1:
            return self.member(target, str(key.items()[0]))
        return super().element(target, arguments)

    def set_element(self, target: Any, arguments: Arguments, value: Any) -> None:
        key = arguments[0][1] if len(arguments) == 1 else NULL
        if isinstance(key, Vector) and key.kind == "character" and len(key) == 1:
            self.set_member(target, str(key.items()[0]), value)
        else:
            super().set_element(target, arguments, value)


class FieldsOfObject(_Fields, ObjectAdapter):
    """Losses, metrics and schedules of the program."""


class FieldsOfModel(_Fields, ModelAdapter):
    """Models of the program."""
