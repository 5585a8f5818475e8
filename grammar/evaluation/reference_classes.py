"""Reference classes: objects that keep their identity while their fields change, as setRefClass() makes them.

An object is an environment that holds fields and methods alike. Methods are closures over it, so that ``field <<- value``
changes the object; a method that says ``callSuper`` stands in a small environment of its own, in which that name means
the method of the class above.
"""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import Builtin, FormalParameter, call_function
from pipekeras.grammar.environment import Environment, Guard
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation import s4
from pipekeras.grammar.evaluation.machine import machine, warn
from pipekeras.grammar.nodes import Argument, Call, Symbol
from pipekeras.grammar.values import NULL, Closure, Vector, character, class_of, is_function

Dots = list[tuple[str | None, Any]]
ROOT = "envRefClass"
OWN_CLASS = ".refClassDef"
STANDARD_METHODS = (
    "field", "trace", "getRefClass", "initFields", "copy", "callSuper", ".objectPackage", "export", "untrace", "getClass",
    "show", "usingMethods", ".objectParent", "import",
)  # fmt: skip
"""Names of the methods that every object has, in the order in which R shows them."""
BASIC_FIELDS = s4.BASIC | frozenset(
    ("ANY", "NULL", "environment", "matrix", "array", "data.frame", "factor", "ordered", "Date", "POSIXct", "POSIXt", "POSIXlt",
     "formula", "call", "name", "language", "double", "vector", "table", "ts", "lm", "glm", "aov", "difftime", "oldClass")
)  # fmt: skip
"""Classes of fields that need no definition."""


class ReferenceClass(s4.ClassDefinition):
    """A class with its own fields and methods, and the classes above it."""

    def __init__(self, name: str, parents: list[str], fields: dict[str, Any], place: Environment, virtual: bool) -> None:
        above = parents if any(_is_reference(one) for one in parents) else [*parents, ROOT]
        super().__init__(name, {}, above, {}, None, virtual)
        self.maker = self.make
        self.own_fields = fields
        self.methods: dict[str, Closure] = {}
        self.locked: set[str] = set()
        self.shared = Environment(place)
        for label in ("initFields", "copy", "field", "getClass", "getRefClass", "import", "export", "usingMethods"):
            self.shared.frame[label] = _found_by_self(label)

    def make(self, arguments: Dots) -> Any:
        """A new object, initialized."""
        if self.virtual:
            raise RError(
                f'trying to generate an object from a virtual class ("{self.name}")',
                mend="make an object of a class that contains it",
            )
        return initialized(self.bare(), self, arguments)

    def bare(self) -> Environment:
        """An object before its initialization: fields at the defaults of their classes."""
        return _new_object(self)

    def lineage(self) -> list[ReferenceClass]:
        """This class and those above it, nearest first."""
        known = s4.state().classes
        return [found for name in s4.superclasses(self.name) if isinstance(found := known.get(name), ReferenceClass)]

    def fields(self) -> dict[str, Any]:
        """Every field by name, those of the classes above first: a class name or a function that stands for the value."""
        every: dict[str, Any] = {}
        for one in reversed(self.lineage()):
            every.update(one.own_fields)
        return every

    def method_line(self, name: str) -> list[tuple[str, Closure]]:
        """The methods of that name, nearest first, each with the name of its class."""
        return [(one.name, one.methods[name]) for one in self.lineage() if name in one.methods]

    def method_names(self) -> list[str]:
        """Names of the methods of this class and of those above, nearest first, those that they replace too."""
        names: list[str] = []
        for one in self.lineage():
            for name in reversed(one.methods):
                shown = name if name not in names else f"{name}#{one.name}"
                names.append(shown)
        return [*names, *(f"{name}#{ROOT}" for name in names if name in STANDARD_METHODS)]


def _is_reference(name: str) -> bool:
    return isinstance(s4.state().classes.get(name), ReferenceClass)


def ensure_root() -> None:
    """Enter the classes that every reference class extends."""
    known = s4.state().classes
    if ROOT not in known:
        above = {ROOT: [".environment", "refClass"], ".environment": ["environment"], "refClass": ["refObject"]}
        for name, parents in above.items():
            known[name] = s4.ClassDefinition(name, {}, parents, {}, None, True)
        slots = {"field": "character", "className": "character"}
        known["uninitializedField"] = s4.ClassDefinition("uninitializedField", slots, [], {}, None, False)


def class_behind(value: Any) -> ReferenceClass | None:
    """Class of a reference object; None for any other value."""
    if type(value) is not Environment or OWN_CLASS not in value.frame or not value.attributes:
        return None
    found = s4.state().classes.get(class_of(value)[0])
    return found if isinstance(found, ReferenceClass) else None


def _new_object(definition: ReferenceClass) -> Environment:
    made = Environment(definition.shared)
    made.attributes = {"class": s4.class_attribute(definition.name)}
    made.guard = Guard()
    frame = made.frame
    frame[".self"] = made
    frame[OWN_CLASS] = character(definition.name)
    locked = {name for one in definition.lineage() for name in one.locked}
    for name, wanted in definition.fields().items():
        if is_function(wanted):
            made.make_active(name, Closure(wanted.template, made) if type(wanted) is Closure else wanted)
        elif wanted != "ANY" or name in locked:
            made.make_active(name, _checked_field(name, wanted, definition.name, name in locked))
        else:
            frame[name] = _uninitialized(name, wanted)
    for name in {name for one in definition.lineage() for name in one.methods}:
        frame[name] = bound_method(definition, made, name)
    made.guard.locked = True
    return made


def _uninitialized(name: str, wanted: str) -> Any:
    kind = Vector("character", character(["uninitializedField"]).data, {"package": character(["methods"])})
    return s4.S4Object({"field": character(name), "className": character(wanted), "class": kind})


def _default(name: str, wanted: str) -> Any:
    if wanted == "ANY" or (wanted in s4.state().unions):
        return _uninitialized(name, wanted)
    known = s4.state().classes.get(wanted)
    if isinstance(known, ReferenceClass):
        return _uninitialized(name, wanted) if known.virtual else known.bare()
    if wanted in ("matrix", "factor"):
        from pipekeras.grammar.builtins.registry import REGISTRY

        if wanted == "factor":
            return call_function(REGISTRY["factor"], [])
        return call_function(REGISTRY["matrix"], [(None, s4.empty_value("logical")), ("nrow", s4.integer(0)),
                                                  ("ncol", s4.integer(0))])  # fmt: skip
    return s4.empty_value(wanted)


def function_of_dots(name: str, run: Any) -> Builtin:
    """A Python function of ``...`` as a function value."""
    from pipekeras.grammar.builtins.registry import UNSET

    made = Builtin(name, run, "...", package="methods", invisible=None)
    made._formals = [FormalParameter("...", None, UNSET)]
    return made


def _checked_field(name: str, wanted: str, owner: str, locked: bool) -> Builtin:
    """The function behind a field that takes values of one class only, or only one value."""
    held: list[Any] = []

    def run(dots: Dots) -> Any:
        if not dots:
            return held[0] if held else _default(name, wanted)
        value = dots[0][1]
        if held and locked:
            raise RError(f"invalid replacement: reference class field \u2018{name}\u2019 is read-only", call=False)
        if not s4.extends_class(value, wanted):
            raise RError(
                f"invalid assignment for reference class field \u2018{name}\u2019, should be from class \u201c{wanted}\u201d "
                f"or a subclass (was class \u201c{class_of(value)[0]}\u201d)",
                call=False,
                mend=f'a field of any class is declared {name} = "ANY"',
            )
        held[:] = [value]
        machine.visible = False
        return NULL

    return function_of_dots(name, run)


def mentions_super(closure: Closure) -> bool:
    """Whether a method speaks of ``callSuper``."""
    waiting: list[Any] = [closure.body]
    while waiting:
        node = waiting.pop()
        if type(node) is Symbol and node.name == "callSuper":
            return True
        if isinstance(node, Call):
            waiting.append(node.function)
            waiting.extend(argument.value for argument in node.args)
    return False


def bound_method(definition: ReferenceClass, target: Environment, name: str) -> Any:
    """A method of an object, with the methods above it where it calls them."""
    above: Any = standard_method(target, name) if name in STANDARD_METHODS else None
    if above is None:
        above = function_of_dots("callSuper", _default_initialize(target) if name == "initialize" else lambda dots: NULL)
    for _, method in reversed(definition.method_line(name)):
        place = Environment(target, {"callSuper": above}) if mentions_super(method) else target
        above = Closure(method.template, place, method.attributes)
    return above


def _default_initialize(target: Environment) -> Any:
    return lambda dots: initialize_fields(target, dots)


def initialized(target: Environment, definition: ReferenceClass, arguments: Dots) -> Environment:
    """Run the class' ``initialize``, or set the fields that the arguments name."""
    start = target.frame.get("initialize")
    if start is None:
        initialize_fields(target, arguments)
    else:
        own = Call(Symbol("$"), (Argument(None, Symbol(".Object")), Argument(None, Symbol("initialize"))))
        call_function(start, arguments, call=Call(own, (Argument(None, Symbol("...")),)))
    machine.visible = True
    return target


def initialize_fields(target: Environment, arguments: Dots) -> Any:
    """Set fields by name; an unnamed object of a class above gives its fields."""
    for name, value in arguments:
        if name:
            continue
        if class_behind(value) is None:
            warn(
                "unnamed arguments to $new() must be objects from a reference class; got an object of class "
                f"\u201c{class_of(value)[0]}\u201d"
            )
        else:
            import_fields(target, value)
    for name, value in arguments:
        if name:
            set_field(target, name, value)
    return target


def import_fields(target: Environment, source: Environment) -> None:
    """Copy the fields that both objects have."""
    definition = class_behind(source)
    fields = _fields_of(target)
    for name in definition.fields() if definition is not None else ():
        if name in fields:
            target.set(name, source.get(name, inherits=False))


def _fields_of(target: Environment) -> dict[str, Any]:
    definition = class_behind(target)
    return {} if definition is None else definition.fields()


def set_field(target: Environment, name: str, value: Any) -> None:
    """Assign a field.

    Raises:
        RError: there is no such field, or the value is of another class.
    """
    fields = _fields_of(target)
    if name not in fields:
        mend = f"its fields are {', '.join(fields)}" if fields else "the class has no fields"
        raise RError(
            f"\u2018{name}\u2019 is not a field in class \u201c{class_of(target)[0]}\u201d",
            call=_internal_call("envRefSetField(x, what, refObjectClass(x), selfEnv, value)"),
            mend=mend,
        )
    target.set(name, value)


def _internal_call(code: str) -> Any:
    """The call that R names as the place of a mistake with fields."""
    from pipekeras.grammar.nodes import Source
    from pipekeras.grammar.parse import parse_program

    return parse_program(Source("methods", code)).expressions[0]


def member_of(target: Environment, name: str) -> Any:
    """What ``object$name`` is where the object itself holds no such name: a method that every object has.

    Raises:
        RError: there is none.
    """
    found = standard_method(target, name)
    if found is None:
        definition = class_behind(target)
        offered = [] if definition is None else [*definition.fields(), *definition.method_names()]
        raise RError(
            f"\u2018{name}\u2019 is not a valid field or method name for reference class \u201c{class_of(target)[0]}\u201d",
            call=_internal_call("envRefInferField(x, what, getClass(class(x)), selfEnv)"),
            mend=f"it has {', '.join(offered)}" if offered else None,
        )
    return found


def _found_by_self(name: str) -> Builtin:
    """A standard method that methods call by its name alone: it works on the object whose method calls."""

    def run(dots: Dots, *, environment: Environment) -> Any:
        return call_function(standard_method(environment.get(".self"), name), dots)

    return Builtin(name, run, "...", needs_environment=True, package="methods", invisible=None)


def standard_method(target: Environment, name: str) -> Builtin | None:
    """A method that every object has, for this object."""
    runs: dict[str, Any] = {
        "copy": lambda dots: copied(target, bool(dots) and bool(dots[0][1].items()[0])),
        "field": lambda dots: _field(target, dots),
        "initFields": lambda dots: initialize_fields(target, dots),
        "show": lambda dots: _show(target),
        "getClass": lambda dots: _generator_of(target),
        "getRefClass": lambda dots: _generator_of(target),
        "import": lambda dots: _import(target, dots),
        "export": lambda dots: _export(target, dots),
        "usingMethods": lambda dots: _quiet(),
    }
    run = runs.get(name)
    return None if run is None else function_of_dots(name, run)


def _quiet() -> Any:
    machine.visible = False
    return NULL


def _field(target: Environment, dots: Dots) -> Any:
    name = str(dots[0][1].items()[0])
    if len(dots) > 1:
        set_field(target, name, dots[1][1])
        return _quiet()
    found = target.get(name, inherits=False)
    if found is None or name not in _fields_of(target):
        raise RError(
            f"\u2018{name}\u2019 is not a valid field or method name for reference class \u201c{class_of(target)[0]}\u201d"
        )
    return found


def _import(target: Environment, dots: Dots) -> Any:
    import_fields(target, dots[0][1])
    machine.visible = False
    return target


def _export(target: Environment, dots: Dots) -> Any:
    wanted = s4.state().classes.get(str(dots[0][1].items()[0]))
    if not isinstance(wanted, ReferenceClass):
        raise RError("export() takes the name of a reference class that the object's class contains")
    made = wanted.bare()
    import_fields(made, target)
    return made


def copied(target: Environment, shallow: bool) -> Environment:
    """A new object of the class with the same fields; objects in fields are copied too unless it is shallow."""
    definition = class_behind(target)
    if definition is None:
        raise RError("copy() works on objects of reference classes")
    made = definition.make([])
    for name, wanted in definition.fields().items():
        if is_function(wanted):
            continue
        value = target.get(name, inherits=False)
        if not shallow and class_behind(value) is not None:
            value = copied(value, False)
        made.set(name, value)
    machine.visible = True
    return made


def _show(target: Environment) -> Any:
    from pipekeras.grammar.builtins.classes.reference_classes import show_fields

    show_fields(target)
    return _quiet()


def _generator_of(target: Environment) -> Any:
    from pipekeras.grammar.builtins.classes.reference_classes import generator

    definition = class_behind(target)
    return NULL if definition is None else generator(definition)
