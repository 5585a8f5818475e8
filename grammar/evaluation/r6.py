"""R6 classes: generators, objects with public, private and active members, inheritance, cloning.

An object is an environment. Its methods are closures over an enclosing environment that binds `self`, `private` and
`super`, as in the R6 package, so everything that scripts do with environments works on objects.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipekeras.grammar.builtins.registry import Builtin, FormalParameter, call_function, machine
from pipekeras.grammar.environment import ActiveBinding, Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.listing_order import hashed
from pipekeras.grammar.evaluation.machine import evaluate
from pipekeras.grammar.nodes import Argument, Call, Symbol
from pipekeras.grammar.values import (
    NULL,
    TRUE,
    Closure,
    ExternalObject,
    Vector,
    character,
    inherits,
    logical,
    mk_list,
    names_of,
)

ENCLOSURE = ".__enclos_env__"
DEFINITION = ".__definition__"
"""Where a generator, and the enclosure of an object over a class of the runtime, keep the class."""


class NativeBase:
    """What makes a class of the runtime usable as the parent of an R6 class.

    A bridge makes a generator with `native_generator`; `prepare` runs before ``initialize`` and may add members to the
    object, `finish` runs after it and answers what ``$new()`` returns.
    """

    def prepare(self, instance: Environment, enclosure: Environment, arguments: list[tuple[str | None, Any]]) -> None:
        """Add the native members to a new object."""

    def super_members(self, instance: Environment, enclosure: Environment) -> dict[str, Any]:
        """What ``super$`` offers of the native class, by name."""
        return {}

    def finish(self, instance: Environment, enclosure: Environment, arguments: list[tuple[str | None, Any]]) -> Any:
        """The value of ``$new()``."""
        return instance


class ClassDefinition:
    """What `R6Class` was told; one per generator."""

    def __init__(self, name: str | None, place: Environment, inherit: Any, names: Sequence[str] = ()) -> None:
        self.name = name
        self.names = list(names) or ([] if name is None else [name])
        self.place = place
        self.inherit = inherit
        self.public: dict[str, Any] = {}
        self.private: dict[str, Any] = {}
        self.active: dict[str, Any] = {}
        self.has_private = False
        self.classed = True
        self.portable = True
        self.lock_objects = True
        self.lock_class = False
        self.cloneable = True
        self.generator: Environment | None = None
        self.native: NativeBase | None = None

    def parent(self) -> ClassDefinition | None:
        """Definition of the parent class, found when it is needed."""
        if self.inherit is NULL or self.inherit is None:
            return None
        found = self.inherit if type(self.inherit) is Environment else evaluate(self.inherit, self.place)
        definition = definition_of(found)
        if definition is None:
            raise RError("`inherit` must be a R6ClassGenerator.")
        if definition.portable != self.portable and definition.native is None:
            raise RError("Sub and superclass must both be portable or non-portable.")
        return definition

    def lineage(self) -> list[ClassDefinition]:
        """This class and its ancestors, nearest first."""
        line: list[ClassDefinition] = [self]
        while (parent := line[-1].parent()) is not None:
            if parent in line:
                raise RError("a class cannot inherit from itself")
            line.append(parent)
        return line


def definition_of(generator: Any) -> ClassDefinition | None:
    """Definition behind a generator value, or None."""
    if type(generator) is Environment:
        kept = generator.frame.get(DEFINITION)
        if kept is not None:
            return kept.value
    return None


def native_generator(name: str, base: NativeBase, place: Environment | None = None) -> Environment:
    """Generator for a class of the runtime, usable as ``inherit``."""
    definition = ClassDefinition(name, place or machine.base_environment, NULL)
    definition.native = base
    definition.lock_objects = False
    return make_generator(definition)


def make_generator(definition: ClassDefinition) -> Environment:
    """The generator environment with `new`, `set` and the description of the class."""
    generator = hashed(Environment(definition.place))
    definition.generator = generator
    frame = generator.frame
    # In the order of R6, for the table of names depends on it.
    frame["self"] = generator
    frame["clone_method"] = _clone_method(definition, generator)
    frame["get_inherit"] = function_value("get_inherit", lambda dots: _parent_generator(definition))
    frame["has_private"] = function_value(
        "has_private", lambda dots: logical(any(one.has_private for one in definition.lineage()))
    )
    frame["set"] = _setter(definition)
    frame["debug"] = function_value("debug", lambda dots: NULL)
    frame["undebug"] = function_value("undebug", lambda dots: NULL)
    frame["lock"] = function_value("lock", lambda dots: _set_lock(definition, True))
    frame["unlock"] = function_value("unlock", lambda dots: _set_lock(definition, False))
    frame["is_locked"] = function_value("is_locked", lambda dots: logical(definition.lock_class))
    frame["new"] = function_value("new", _maker(definition, generator))
    frame["classname"] = NULL if definition.name is None else character(definition.names)
    frame["active"] = NULL
    frame["portable"] = logical(definition.portable)
    frame["cloneable"] = logical(definition.cloneable)
    frame["parent_env"] = definition.place
    frame["lock_objects"] = logical(definition.lock_objects)
    frame["class"] = logical(definition.classed)
    frame["lock_class"] = logical(definition.lock_class)
    for label in ("public_fields", "private_fields", "public_methods", "private_methods"):
        frame[label] = NULL
    _describe(definition, frame)
    frame["inherit"] = NULL if definition.inherit is None else definition.inherit
    frame["debug_names"] = character([])
    frame[DEFINITION] = ExternalObject(definition)
    generator.attributes = {
        "name": character((definition.name or "") + "_generator"), "class": character("R6ClassGenerator"),
    }
    return generator


def _maker(definition: ClassDefinition, generator: Environment) -> Any:
    def new(dots: list[tuple[str | None, Any]]) -> Any:
        return instantiate(definition, dots)

    # The class behind the function, for who is given the function alone.
    new.generator = generator  # type: ignore[attr-defined]
    return new


def _describe(definition: ClassDefinition, frame: dict[str, Any]) -> None:
    generator_place = frame["self"]
    for label, members in (("public", definition.public), ("private", definition.private)):
        fields = {n: v for n, v in members.items() if not _is_method(v)}
        methods = {n: v for n, v in members.items() if _is_method(v)}
        if label == "public" and definition.cloneable:
            methods["clone"] = _clone_method(definition, generator_place)
        frame[f"{label}_fields"] = mk_list(list(fields.values()), list(fields)) if fields else NULL
        frame[f"{label}_methods"] = mk_list(list(methods.values()), list(methods)) if methods else NULL
    active = definition.active
    frame["active"] = mk_list(list(active.values()), list(active)) if active else NULL


def function_value(name: str, run: Any, signature: str = "...") -> Builtin:
    """A Python function of ``...`` as a function value."""
    made = Builtin(name, run, signature, package="R6", invisible=None)
    if signature == "...":
        from pipekeras.grammar.builtins.registry import UNSET

        made._formals = [FormalParameter("...", None, UNSET)]
    return made


def _is_method(value: Any) -> bool:
    return getattr(value, "kind", None) in ("closure", "builtin")


def _set_lock(definition: ClassDefinition, locked: bool) -> Any:
    definition.lock_class = locked
    if definition.generator is not None:
        definition.generator.frame["lock_class"] = logical(locked)
    machine.visible = False
    return NULL


def _parent_generator(definition: ClassDefinition) -> Any:
    parent = definition.parent()
    return NULL if parent is None or parent.generator is None else parent.generator


def _setter(definition: ClassDefinition) -> Builtin:
    def add(which: Any, name: Any, value: Any, overwrite: Any) -> Any:
        if definition.lock_class:
            raise RError("Can't modify a locked R6 class.")
        group = which.items()[0]
        label = name.items()[0]
        if group not in ("public", "private", "active"):
            raise RError("`which` must be 'public', 'private', or 'active'.")
        groups = {"public": definition.public, "private": definition.private, "active": definition.active}
        present = any(label in members for members in groups.values())
        if present and overwrite.items()[0] and label not in groups[group]:
            raise RError("All items in public, private, and active must have unique names.")
        if present and not overwrite.items()[0]:
            raise RError(f"Can't add {label} because it already present in {definition.name} generator.")
        if group == "active" and not _is_method(value):
            raise RError("All items in active must be functions.")
        groups[group].pop(label, None)
        groups[group][label] = value
        definition.has_private = definition.has_private or group == "private"
        if definition.generator is not None:
            _describe(definition, definition.generator.frame)
        machine.visible = False
        return NULL

    return Builtin("set", add, "which, name, value, overwrite = FALSE", package="R6", invisible=True)


def members_from(given: Any, what: str) -> dict[str, Any]:
    """Named members of a `public`, `private` or `active` list."""
    if given is NULL:
        return {}
    names = names_of(given)
    if type(given) is not Vector or given.kind != "list" or (len(given) and (names is None or not all(names))):
        raise RError("All elements of public, private, and active must be named.")
    if len(set(names or ())) != len(names or ()):
        raise RError("All items in public, private, and active must have unique names.")
    if what == "active" and not all(_is_method(value) for value in given.data):
        raise RError("All items in active must be functions.")
    return {str(name): value for name, value in zip(names or [], given.data, strict=True)}


def rebound(value: Any, enclosure: Environment) -> Any:
    """A method as a closure over an object's enclosing environment."""
    return Closure(value.template, enclosure, value.attributes) if type(value) is Closure else value


class Parts:
    """The environments of one object: the object, its private members, an enclosure for each class of its line."""

    __slots__ = ("enclosures", "instance", "private")

    def __init__(self, definition: ClassDefinition, line: list[ClassDefinition]) -> None:
        has_private = any(one.has_private for one in line)
        self.private: Environment | None
        if definition.portable:
            self.private = Environment(empty_parent()) if has_private else None
            self.instance = Environment(empty_parent())
            enclosure = Environment(definition.place)
        else:
            self.private = Environment(definition.place) if has_private else None
            self.instance = enclosure = Environment(self.private or definition.place)
        self.enclosures = [enclosure]
        self._bind_self(enclosure)
        for one in line[1:]:
            above = Environment(one.place if definition.portable else self.instance)
            self._bind_self(above)
            self.enclosures.append(above)
        for at in range(len(line) - 1, 0, -1):
            self.enclosures[at - 1].frame["super"] = self._make_super(line, at)
        self.instance.frame = {ENCLOSURE: enclosure, **self.instance.frame}

    def _bind_self(self, enclosure: Environment) -> None:
        enclosure.frame["self"] = self.instance
        if self.private is not None:
            enclosure.frame["private"] = self.private

    def _make_super(self, line: list[ClassDefinition], at: int) -> Environment:
        """The `super` object that methods of class `at - 1` see: the inherited methods, run on this object."""
        made = Environment(empty_parent())
        enclosure = self.enclosures[at]
        above = enclosure.frame.get("super")
        if type(above) is Environment:
            for name, value in above.frame.items():
                if type(value) is ActiveBinding:
                    made.make_active(name, value.function)
                else:
                    made.frame[name] = value
        made.frame[ENCLOSURE] = enclosure
        parent = line[at]
        if parent.native is not None:
            made.frame.update(parent.native.super_members(self.instance, enclosure))
        for members in (parent.public, parent.private):
            made.frame.update({name: rebound(value, enclosure) for name, value in members.items() if _is_method(value)})
        for name, function in parent.active.items():
            made.make_active(name, rebound(function, enclosure))
        if line[-1].native is not None and "initialize" in made.frame:
            # As Python's classes call it.
            made.frame["__init__"] = made.frame["initialize"]
        return made


def instantiate(definition: ClassDefinition, arguments: list[tuple[str | None, Any]]) -> Any:
    """A new object: members bound, ``initialize`` run, bindings locked."""
    line = definition.lineage()
    parts = Parts(definition, line)
    instance, private, enclosure = parts.instance, parts.private, parts.enclosures[0]
    cloneable = any(one.cloneable for one in line)
    _bind_members(line, parts, _clone_method(definition, instance) if cloneable else None)
    if definition.classed:
        classes = [name for one in line if one.classed for name in one.names]
        instance.attributes = {"class": character([*classes, "R6"])}
    native = next((one.native for one in line if one.native is not None), None)
    if native is not None:
        enclosure.frame[DEFINITION] = ExternalObject(definition)
        native.prepare(instance, enclosure, arguments)
    _lock(definition, instance, private, line, native is not None)
    _note_finalizer(parts)
    start = instance.frame.get("initialize")
    if _is_method(start):
        call_function(start, arguments, call=_INITIALIZE)
    elif arguments and native is None:
        raise RError("Called new() with arguments, but there is no initialize method.")
    machine.visible = True
    return instance if native is None else native.finish(instance, enclosure, arguments)


_INITIALIZE = Call(Symbol("initialize"), (Argument(None, Symbol("...")),))


def empty_parent() -> Environment:
    """Parent of object environments: nothing is inherited by name."""
    from pipekeras.grammar.builtins.programs.environments import empty_environment

    return empty_environment()


def _bind_members(line: list[ClassDefinition], parts: Parts, clone_method: Builtin | None) -> None:
    """Bind the members of all classes; a child's member replaces its parent's, inherited methods keep their class.

    Fields are bound after methods: of two members of one name the field stays, whichever class it comes from.
    """
    fields: dict[str, Any] = {}
    methods: dict[str, Any] = {}
    active: dict[str, Any] = {}
    for definition, enclosure in zip(reversed(line), reversed(parts.enclosures), strict=True):
        for name, value in definition.public.items():
            # Taken out and put in again, for names are listed in the order in which the last class gave them.
            table = methods if _is_method(value) else fields
            table.pop(name, None)
            table[name] = rebound(value, enclosure)
        if parts.private is not None:
            for name, value in definition.private.items():
                if not _is_method(value) or _is_method(parts.private.frame.get(name, value)):
                    parts.private.frame[name] = rebound(value, enclosure)
        for name, function in definition.active.items():
            active.pop(name, None)
            active[name] = rebound(function, enclosure)
        if definition.cloneable and clone_method is not None:
            methods.pop("clone", None)
            methods["clone"] = clone_method
    if any(name in fields or name in methods for name in active):
        raise RError("symbol already has a regular binding")
    for name in reversed(active):
        parts.instance.make_active(name, active[name])
    for name in reversed(fields):
        parts.instance.frame[name] = fields[name]
    for name in reversed(methods):
        parts.instance.frame.setdefault(name, methods[name])


def _lock(
    definition: ClassDefinition, instance: Environment, private: Environment | None,
    line: list[ClassDefinition], native: bool,
) -> None:
    for place, label in ((instance, "public"), (private, "private")):
        if place is None:
            continue
        if definition.lock_objects and not native:
            place.lock()
        methods = {
            name for one in line for name, value in getattr(one, label).items() if _is_method(value)
        }
        place.lock_binding(name for name in methods if _is_method(place.frame.get(name)))


def _clone_method(definition: ClassDefinition, instance: Environment) -> Builtin:
    def run(deep: Any) -> Any:
        return clone(definition, instance, bool(deep.items()[0]))

    return Builtin("clone", run, "deep = FALSE", package="R6")


def clone(definition: ClassDefinition, source: Environment, deep: bool) -> Environment:
    """A copy of an object; with `deep` its R6 members are copied too, or what ``deep_clone`` says."""
    line = definition.lineage()
    old = _enclosures(source)
    old_private = old[0].frame.get("private")
    parts = Parts(definition, line)
    made, private = parts.instance, parts.private
    moved = {id(before): after for before, after in zip(old, parts.enclosures, strict=False)}
    custom = old_private.frame.get("deep_clone") if type(old_private) is Environment else None
    for place, origin in ((made, source), (private, old_private)):
        if place is None or type(origin) is not Environment:
            continue
        asked = custom is not None and deep
        for name, value in _in_cloning_order(origin, place is made) if asked else list(origin.frame.items()):
            if name == ENCLOSURE or (not definition.portable and name in ("self", "private", "super")):
                continue
            if deep and custom is not None and _is_method(value):
                # R6 asks deep_clone about methods too, but an object's methods are its class'.
                _deep_copy(name, value, custom)
            if name == "clone" and place is made:
                place.frame[name] = _clone_method(definition, made)
            elif type(value) is ActiveBinding:
                function = value.function
                place.make_active(name, rebound(function, moved.get(id(function.environment), parts.enclosures[0])))
            elif type(value) is Closure and id(value.environment) in moved:
                place.frame[name] = rebound(value, moved[id(value.environment)])
            elif deep and not _is_method(value):
                place.frame[name] = _deep_copy(name, value, custom)
            else:
                place.frame[name] = value
    made.attributes = dict(source.attributes) if source.attributes else None
    _lock(definition, made, private, line, False)
    _note_finalizer(parts)
    return made


def _note_finalizer(parts: Parts) -> None:
    """Have the object's own `finalize` run once it is out of reach, and at the end of the program."""
    place = parts.instance if "finalize" in parts.instance.frame else parts.private
    if place is not None and type(place.frame.get("finalize")) is Closure:
        from pipekeras.grammar.evaluation.finalizers import finalizers_of_session

        # R6 looks the method up when the time has come; it gets no argument.
        members = place.frame
        run = function_value("finalize", lambda dots: call_function(members["finalize"], []))
        finalizers_of_session().add(parts.instance, run, True)


def _in_cloning_order(origin: Environment, public: bool) -> list[tuple[str, Any]]:
    """Members as R6 shows them to deep_clone: public ones by name, private ones from the last, fields before methods."""
    members = list(origin.frame.items())
    if public:
        return sorted(members, key=lambda one: one[0])
    methods = [one for one in members if _is_method(one[1])]
    return [*methods, *(one for one in members if not _is_method(one[1]))][::-1]


def _enclosures(instance: Environment) -> list[Environment]:
    """Enclosing environments of an object's methods: its own class first, then the classes above."""
    found = []
    place: Any = instance
    while type(place) is Environment and ENCLOSURE in place.frame:
        enclosure = place.frame[ENCLOSURE]
        found.append(enclosure)
        place = enclosure.frame.get("super")
    return found


def _deep_copy(name: str, value: Any, custom: Any) -> Any:
    if custom is not None:
        return call_function(custom, [(None, character(name)), (None, value)])
    if type(value) is Environment and ENCLOSURE in value.frame and "clone" in value.frame:
        return call_function(value.frame["clone"], [("deep", TRUE)])
    return value


def is_object(value: Any) -> bool:
    """Whether a value is an R6 object."""
    return type(value) is Environment and inherits(value, "R6")
