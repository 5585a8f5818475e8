"""Objects of the program's classes in files: their configurations, their text, and how a configuration makes them again."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar import external
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.r6 import ClassDefinition, instantiate
from pipekeras.grammar.keras import convert
from pipekeras.grammar.keras.crossing import FILE, HANDLE, Arguments, call_with_known, file_text, parameters_of
from pipekeras.grammar.values import NULL, ExternalObject

from pipekeras.core import serialization
from pipekeras.core.notices import warn as warn_user

_PRIVATE = {"dtype": "_dtype"}
"""Options that objects of the runtime keep under another name."""


class OfProgram:
    """What an object of a class written in the language says of itself to files."""

    _class_definition: ClassDefinition
    own_options: tuple[str, ...] = ()
    """Arguments of the runtime's constructor, which configurations hold beside the program's."""

    def source_pieces(self) -> dict[str, str] | None:
        """Return the text of the class, for files; a class that is not all text goes without, with a warning."""
        definition = self.__dict__.get("_definition")
        return None if definition is None else pieces_of_class(definition)

    def get_config(self) -> dict[str, Any]:
        """Return the options of the runtime, and what the program's get_config says or the object was made with."""
        options = {name: getattr(self, name) for name in self.own_options}
        return {**options, **program_config(self)}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None) -> Any:
        """Make an object of the program's class, as copies are made."""
        with serialization.custom_object_scope(custom_objects):
            return made_from(cls._class_definition, config)


def pieces_of_class(definition: ClassDefinition) -> dict[str, str] | None:
    """Return the text of a class, or None with a warning where it is not all text."""
    from pipekeras.grammar.keras import sources

    kept = file_text(definition.place)
    if kept is not None:
        return {FILE: kept}
    try:
        return sources.pieces_of(definition)
    except RError as problem:
        warn_user(f"the source of {definition.name} is not saved with the model: {problem.message}")
        return None


def program_config(target: Any) -> dict[str, Any]:
    """Return what the program's get_config method says; without one, the plain arguments that the object was made with."""
    method = (target.__dict__.get("_methods") or {}).get("get_config")
    if method is not None:
        found = external.to_python(call_with_known(method, [], {}, "get_config"))
        return convert.whole(found) if isinstance(found, dict) else {}
    given = target.__dict__.get("_given") or {}
    return {name: convert.whole(external.to_python(value)) for name, value in given.items()}


def note_origin(target: Any, definition: ClassDefinition, arguments: Arguments) -> None:
    """Remember the class and the arguments of an object of the program."""
    start = initializer_of(definition)
    known = parameters_of(start) if start is not None else []
    unnamed = iter([name for name in known if name not in {label for label, _ in arguments}])
    target.__dict__["_definition"] = type(target)._class_definition = definition
    target.__dict__["_given"] = {
        name: value for name, value in ((label or next(unnamed, None), value) for label, value in arguments) if name in known
    }


def initializer_of(definition: ClassDefinition) -> Any:
    """Return the nearest initialize method of a class and its parents, or None."""
    return next((one.public["initialize"] for one in definition.lineage() if "initialize" in one.public), None)


def made_from(definition: ClassDefinition, config: dict[str, Any]) -> Any:
    """Return the object of the runtime behind a new object of a class, made with a configuration."""
    start = initializer_of(definition)
    known = parameters_of(start) if start is not None else []
    given = {name: external.to_language(serialization.revive(value)) for name, value in config.items()}
    taken = given if "..." in known else {name: value for name, value in given.items() if name in known}
    made = instantiate(definition, list(taken.items()))
    handle = made if isinstance(made, ExternalObject) else made.frame.get(HANDLE)
    if not isinstance(handle, ExternalObject):
        raise RError(f"class {definition.name} stands for nothing that a model could have")
    target = handle.value
    for name in getattr(type(target), "own_options", ()):
        if name in given and name not in taken and given[name] is not NULL:
            setattr(target, _PRIVATE.get(name, name), convert.argument(name, given[name]))
    return target


def loadable_class(name: str, definition: ClassDefinition) -> type:
    """Return the class that a file's configuration may name for a class of losses, metrics and the like."""

    def from_config(cls: Any, config: dict[str, Any]) -> Any:
        return made_from(definition, config)

    return type(name, (), {"from_config": classmethod(from_config)})
