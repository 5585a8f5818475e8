"""Callbacks and constraints written in the language: R6 classes over the runtime's bases."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar import external
from pipekeras.grammar.conversion import call_from_runtime
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.r6 import DEFINITION, NativeBase, function_value, native_generator
from pipekeras.grammar.keras import members
from pipekeras.grammar.keras.crossing import HANDLE, Arguments, call_with_known, parameters_of, tensors
from pipekeras.grammar.keras.names import OWN
from pipekeras.grammar.keras.saved_classes import OfProgram, note_origin
from pipekeras.grammar.values import NULL, ExternalObject, integer, mk_list

from pipekeras.callbacks.callback import Callback
from pipekeras.nn.constraints import Constraint

_HOOKS = tuple(name for name in dir(Callback) if name.startswith("on_"))


class LanguageCallback(Callback):
    """A callback whose hooks are functions of the language."""

    def __init__(self, hooks: dict[str, Any]) -> None:
        super().__init__()
        for name, function in hooks.items():
            self.__dict__[name] = _hook(name, function)


def _hook(name: str, function: Any) -> Any:
    def run(*arguments: Any, **named: Any) -> None:
        positional = [integer(item) if isinstance(item, int) else _logs_value(item) for item in arguments]
        if "logs" in named:
            positional.append(_logs_value(named["logs"]))
        count = len(parameters_of(function))
        given: Arguments = [(None, value) for value in positional[: max(count, 0)]]
        call_from_runtime(function, given, name)

    return run


def _logs_value(logs: Any) -> Any:
    return external.to_language(logs) if logs else mk_list([])


class CallbackBase(NativeBase):
    """`KerasCallback`: an object of a class that inherits from it stands for a callback."""

    def prepare(self, instance: Environment, enclosure: Environment, arguments: Arguments) -> None:
        callback = LanguageCallback({name: instance.frame[name] for name in _HOOKS if name in instance.frame})
        callback.__dict__[members.INSTANCE] = instance
        instance.frame[HANDLE] = ExternalObject(callback)
        for name in ("model", "params"):
            if name not in instance.frame or instance.frame[name] is NULL:
                instance.frame.pop(name, None)
                instance.make_active(name, function_value(name, _reader_of(callback, name)))

    def super_members(self, instance: Environment, enclosure: Environment) -> dict[str, Any]:
        """The base's initialize does nothing."""
        return {"initialize": function_value("initialize", lambda dots: NULL)}


def _reader_of(target: Any, name: str) -> Any:
    return lambda dots: external.to_language(getattr(target, name))


class LanguageConstraint(OfProgram, Constraint):
    """A constraint that is a function of the language."""

    def __init__(self, methods: dict[str, Any] | None = None) -> None:
        self.__dict__["_methods"] = methods or {}

    def __call__(self, w: Any) -> Any:
        return tensors(call_with_known(self.__dict__["_methods"]["call"], [ExternalObject(w)], {}, "call"))


class ConstraintBase(NativeBase):
    """`KerasConstraint`: an object of a class that inherits from it stands for a constraint."""

    def prepare(self, instance: Environment, enclosure: Environment, arguments: Arguments) -> None:
        function = instance.frame.get("call")
        if function is None:
            raise RError("a constraint needs a method call(w)")
        methods = {name: instance.frame[name] for name in ("call", "get_config") if name in instance.frame}
        definition = enclosure.frame[DEFINITION].value
        # A class of its own: files then have the program's name for it.
        constraint = type(definition.name or "Constraint", (LanguageConstraint,), {})(methods)
        note_origin(constraint, definition, arguments)
        instance.frame[HANDLE] = ExternalObject(constraint)


external.register_adapter(LanguageCallback, members.FieldsOfObject())
OWN["KerasCallback"] = native_generator("KerasCallback", CallbackBase())
OWN["KerasConstraint"] = native_generator("KerasConstraint", ConstraintBase())
