"""S4: classes with slots, and methods chosen by the classes of several arguments.

Objects are values like any other: assigning a slot gives a new object. A class that contains a basic type is a vector of
that type with its slots as attributes; any other is an `S4Object`, which is nothing but its slots.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipekeras.grammar.builtins.registry import Builtin
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.calls import apply_builtin, apply_closure
from pipekeras.grammar.evaluation.inner_calls import unnamed_call
from pipekeras.grammar.evaluation.machine import call_function, force, machine
from pipekeras.grammar.nodes import MISSING
from pipekeras.grammar.values import (
    EMPTY_LIST,
    NULL,
    Attributes,
    Closure,
    Promise,
    Vector,
    character,
    class_of,
    double,
    explicit_class,
    integer,
    is_function,
    logical,
)

BASIC = frozenset(("numeric", "character", "logical", "integer", "complex", "list", "function", "raw", "expression"))
"""Types that a class may contain."""


class S4Object:
    """An object that is its slots; they are attributes, beside the class."""

    __slots__ = ("attributes",)
    kind = "S4"

    def __init__(self, attributes: Attributes | None) -> None:
        self.attributes: Attributes | None = attributes

    def with_attributes(self, attributes: Attributes | None) -> S4Object:
        return S4Object(attributes or None)

    def with_attribute(self, name: str, value: Any) -> S4Object:
        """Same object with one slot set."""
        return S4Object({**(self.attributes or {}), name: value})


class ClassDefinition:
    """A class: its own and inherited slots by name, what it contains, defaults, validity."""

    def __init__(
        self, name: str, slots: dict[str, str], contains: list[str], prototype: dict[str, Any], validity: Any, virtual: bool
    ) -> None:
        self.name = name
        self.slots = slots
        self.contains = contains
        self.prototype = prototype
        self.validity = validity
        self.virtual = virtual
        self.maker: Callable[[list[tuple[str | None, Any]]], Any] | None = None


class Watched(dict[Any, Any]):
    """A table that tells when something is entered or taken out."""

    def __init__(self, changed: Callable[[], None]) -> None:
        super().__init__()
        self.changed = changed

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key, value)
        self.changed()

    def pop(self, *key_and_default: Any) -> Any:
        self.changed()
        return super().pop(*key_and_default)


class MethodTable:
    """Methods of one generic by the classes of their signature; `ranked` keeps their order for objects seen before.

    `telling` is how many arguments tell them apart, None while nobody has asked.
    """

    def __init__(self, name: str, parameters: list[str], default: Any) -> None:
        self.name = name
        self.parameters = parameters
        self.default = default
        self.ranked: dict[tuple[str, ...], list[Any]] = {}
        self.telling: int | None = None
        self.methods: dict[tuple[str, ...], Any] = Watched(self._forget)

    def _forget(self) -> None:
        """Another method may be nearer now, and more arguments may tell methods apart."""
        self.ranked.clear()
        self.telling = None


class S4State:
    """Classes, generics and unions of one session."""

    def __init__(self) -> None:
        self.classes: dict[str, ClassDefinition] = Watched(self._forget)
        self.generics: dict[str, MethodTable] = {}
        self.unions: dict[str, list[str]] = Watched(self._forget)
        self.coercions: dict[tuple[str, str], tuple[Any, Any]] = {}
        self.old_classes: dict[str, list[str]] = {}

    def _forget(self) -> None:
        """Other classes may be nearer now."""
        for table in self.generics.values():
            table.ranked.clear()


def state() -> S4State:
    """What the session that runs has defined."""
    store = machine.session.store
    if "s4" not in store:
        store["s4"] = S4State()
    found: S4State = store["s4"]
    return found


def definition_of(name: str) -> ClassDefinition:
    """A class by name.

    Raises:
        RError: there is none.
    """
    found = state().classes.get(name)
    if found is None:
        raise RError(f"\u201c{name}\u201d is not a defined class", mend=f'define it: setClass("{name}", ...)')
    return found


def is_s4(value: Any) -> bool:
    """Whether a value is an object of a class that setClass() made."""
    if isinstance(value, S4Object):
        return True
    given = explicit_class(value)
    return given is not None and "package" in (value.attributes["class"].attributes or {}) and given[0] in state().classes


def superclasses(name: str) -> list[str]:
    """A class and what it extends, nearest first, the unions that take any of them, and at last "ANY"."""
    known = state()
    ordered, waiting = [name], [name]
    while waiting:
        current = waiting.pop(0)
        definition = known.classes.get(current)
        parents = list(definition.contains) if definition is not None else []
        if current == "integer" or current == "double":
            parents.append("numeric")
        parents.extend(union for union, members in known.unions.items() if current in members)
        for parent in parents:
            if parent not in ordered:
                ordered.append(parent)
                waiting.append(parent)
    return ordered


def classes_of_value(value: Any) -> list[str]:
    """Every class that a value counts as, nearest first, without "ANY"."""
    if value is MISSING:
        return ["missing"]
    found: list[str] = []
    for name in [*class_of(value), *(["function"] if is_function(value) else [])]:
        found.extend(one for one in superclasses(name) if one not in found)
    if explicit_class(value) is not None and isinstance(value, Vector) and not is_s4(value):
        found.append("oldClass")
    kind = getattr(value, "kind", "")
    if kind in ("double", "integer") and "numeric" not in found and explicit_class(value) is None:
        found.append("numeric")
    if isinstance(value, Vector):
        base = "numeric" if kind == "double" else kind
        found.extend(one for one in (*superclasses(base), "vector") if one not in found)
    return found


def extends_class(value: Any, wanted: str) -> bool:
    """Whether a value may stand where a class is wanted."""
    return wanted == "ANY" or wanted in classes_of_value(value)


def empty_value(name: str) -> Any:
    """What a slot of a class holds before anything is put there."""
    from pipekeras.grammar.builtins.registry import REGISTRY

    basic = {
        "numeric": double([]), "character": character([]), "logical": logical([]), "integer": integer([]), "list": EMPTY_LIST,
    }  # fmt: skip
    if name in basic:
        return basic[name]
    makers = {"complex": "complex", "raw": "raw", "data.frame": "data.frame", "environment": "new.env", "matrix": "matrix",
              "expression": "expression"}  # fmt: skip
    if name in makers:
        return call_function(REGISTRY[makers[name]], [])
    if name == "function":
        from pipekeras.grammar.evaluation.templates import Template

        return Closure(Template((), NULL), machine.global_environment)
    definition = state().classes.get(name)
    return NULL if definition is None or definition.virtual else prototype_of(definition)


def class_attribute(name: str) -> Vector:
    """The class attribute of an object, which says where the class was defined."""
    return Vector("character", character([name]).data, {"package": character([".GlobalEnv"])})


def data_type(definition: ClassDefinition) -> str | None:
    """The basic type that a class contains, itself or by its parents."""
    return next((name for name in superclasses(definition.name) if name in BASIC), None)


def prototype_of(definition: ClassDefinition) -> Any:
    """An object of a class with every slot at its default."""
    values = {name: definition.prototype.get(name, MISSING) for name in definition.slots if name != ".Data"}
    attributes = {
        name: empty_value(definition.slots[name]) if value is MISSING else value for name, value in values.items()
    }
    attributes["class"] = class_attribute(definition.name)
    basic = data_type(definition)
    if basic is None:
        return S4Object(attributes)
    data = definition.prototype.get(".Data", MISSING)
    return (empty_value(basic) if data is MISSING else data).with_attributes(attributes)


def slot_problem(definition: ClassDefinition, name: str, value: Any) -> str | None:
    """What is wrong with a value in a slot, as validity checks say it."""
    wanted = definition.slots[name]
    if extends_class(value, wanted):
        return None
    found = class_of(value)
    return (
        f'invalid object for slot "{name}" in class "{definition.name}": got class "{found[0]}", '
        f'should be or extend class "{wanted}"'
    )


def check_validity(value: Any) -> None:
    """Slots and validity functions, those of parents first.

    Raises:
        RError: R's message about the first kind of problem.
    """
    definition = definition_of(class_of(value)[0])
    attributes = value.attributes or {}
    problems = [
        problem
        for name in definition.slots
        if name != ".Data" and (problem := slot_problem(definition, name, attributes.get(name, NULL))) is not None
    ]
    if not problems:
        for name in reversed(superclasses(definition.name)):
            parent = state().classes.get(name)
            if parent is not None and parent.validity is not None:
                told = call_function(parent.validity, [(None, value)])
                if isinstance(told, Vector) and told.kind == "character" and len(told):
                    problems = [str(text) for text in told.items()]
                    break
    if problems:
        head = f"invalid class \u201c{definition.name}\u201d object: "
        numbered = problems if len(problems) == 1 else [f"{at}: {text}" for at, text in enumerate(problems, 1)]
        raise RError("\n".join(head + text for text in numbered))


def initialized(value: Any, arguments: list[tuple[str | None, Any]]) -> Any:
    """The default of initialize(): slots by name, unnamed objects of parents or data, then validity."""
    definition = definition_of(class_of(value)[0])
    attributes = dict(value.attributes or {})
    wrong = [name for name, _ in arguments if name and name not in definition.slots]
    if wrong:
        plural = "s" if len(wrong) > 1 else ""
        listed = ", ".join(wrong)
        raise RError(
            f"invalid name{plural} for slot{plural} of class \u201c{definition.name}\u201d: {listed}",
            mend=f"its slots are {', '.join(definition.slots)}",
        )
    made = value
    for name, given in arguments:
        if name:
            continue
        if is_s4(given) and class_of(given)[0] in superclasses(definition.name):
            attributes.update({slot: held for slot, held in given.attributes.items() if slot != "class"})
            if isinstance(given, Vector):
                made = given
        elif data_type(definition) is not None:
            kept = {key: held for key, held in (getattr(given, "attributes", None) or {}).items() if key != "class"}
            attributes = {**kept, **attributes}
            made = given
        else:
            raise RError(
                f"cannot use object of class \u201c{class_of(given)[0]}\u201d in new():  class "
                f"\u201c{definition.name}\u201d does not extend that class"
            )
    for name, given in arguments:
        if name == ".Data":
            made = given
        elif name:
            attributes[name] = given
    made = made.with_attributes(attributes)
    if arguments:
        check_validity(made)
    return made


def ordered_methods(table: MethodTable, values: list[Any]) -> list[Any]:
    """Methods that fit the arguments, the nearest first, and the default at the end."""
    classes = [explicit_class(value) if type(value) is S4Object else None for value in values]
    key = tuple([one[0] for one in classes if one])
    # Objects of a class have the same methods until a class or a method is made; other values are looked at each time.
    known = table.ranked.get(key) if len(key) == len(values) else None
    if known is None:
        known = _ranked_methods(table, values)
        if len(key) == len(values):
            table.ranked[key] = known
    return list(known) if table.default is None else [*known, table.default]


def _ranked_methods(table: MethodTable, values: list[Any]) -> list[Any]:
    ranked = []
    orders = [[*classes_of_value(value), "ANY"] for value in values]
    for position, (signature, method) in enumerate(table.methods.items()):
        distance = 0
        for wanted, order in zip((*signature, *["ANY"] * len(orders)), orders, strict=False):
            if wanted not in order:
                break
            distance += order.index(wanted) if wanted != "ANY" else 1000
        else:
            ranked.append((distance, position, method))
    ranked.sort(key=lambda one: one[:2])
    return [method for _, _, method in ranked]


def _telling(table: MethodTable) -> int:
    """How many arguments tell methods apart: only those are evaluated to choose one."""
    if table.telling is None:
        ends = [at for signature in table.methods for at, wanted in enumerate(signature, 1) if wanted != "ANY"]
        table.telling = max(ends, default=1)
    return table.telling


def dispatch(name: str, environment: Environment) -> Any:
    """standardGeneric(): run the method for the arguments of the function in progress."""
    from pipekeras.grammar.evaluation.dispatch import frame_of

    table = state().generics.get(name)
    frame = frame_of(environment)
    if table is None or frame is None:
        raise RError(f"call to standardGeneric(\"{name}\") apparently not from the body of that generic function")
    values = []
    for parameter in table.parameters[: _telling(table)]:
        held = environment.frame.get(parameter, MISSING)
        supplied = parameter not in environment.unsupplied
        values.append(force(held) if type(held) is Promise and supplied else held if supplied else MISSING)
    methods = ordered_methods(table, values)
    if not methods:
        used = max((len(signature) for signature in table.methods), default=1)
        shown = ", ".join(f'"{"missing" if value is MISSING else class_of(value)[0]}"' for value in values[:used])
        raise RError(
            f"unable to find an inherited method for function \u2018{name}\u2019 for signature \u2018{shown}\u2019",
            call=unnamed_call("(function(classes, fdef, mtable) NULL)(classes, fdef, mtable)"),
            mend=f"setMethod(\"{name}\", ...) for that class, or call it with another argument",
        )
    names, given = frame.arguments
    return run_method(methods, list(zip(names, given, strict=True)), frame.call, frame.caller)


def run_method(methods: list[Any], arguments: list[tuple[str | None, Any]], call: Any, caller: Environment) -> Any:
    """Call the first of the methods; the others wait for callNextMethod()."""
    method = methods[0]
    if type(method) is Closure:
        return apply_closure(
            method, tuple(name or None for name, _ in arguments), [value for _, value in arguments], call, caller,
            NextMethods(methods[1:]),
        )  # fmt: skip
    if type(method) is Builtin and method.generic is not None and arguments and not method.lazy:
        from pipekeras.grammar.evaluation.subscripts import has_own_method

        label, first = arguments[0]
        first = force(first) if type(first) is Promise else first
        if has_own_method(method.name, first, caller):
            # A method written in the language sees its other arguments as they were written.
            return apply_builtin(method, [(label, first), *arguments[1:]], call, caller)
    return call_function(method, arguments, caller, call)


class NextMethods:
    """The methods that come after the one that runs; it takes the place of an S3 dispatch record in the frame."""

    locals: dict[str, Any] | None = None

    def __init__(self, methods: list[Any]) -> None:
        self.methods = methods

    def bind(self, frame: dict[str, Any]) -> None:
        """S4 methods see no variables that describe their dispatch."""
