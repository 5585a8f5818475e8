"""S4 from the program's side: setClass, new, setGeneric, setMethod, validity, slots, is and show."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY, UNSET, Builtin, builtin, call_function, machine, write, write_error
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation import s4
from pipekeras.grammar.evaluation.compiler import note_binding
from pipekeras.grammar.evaluation.dispatch import current_arguments, frame_of
from pipekeras.grammar.evaluation.inner_calls import unnamed_call
from pipekeras.grammar.evaluation.s4 import ClassDefinition, MethodTable, state
from pipekeras.grammar.evaluation.templates import Template
from pipekeras.grammar.nodes import MISSING, Argument, Call, Symbol
from pipekeras.grammar.values import (
    NULL,
    Closure,
    Vector,
    character,
    class_of,
    is_function,
    logical,
    mk_list,
    names_of,
    type_of,
)
from pipekeras.grammar.vectors.arguments import flag, text
from pipekeras.grammar.vectors.unsupported import only_default

Dots = list[tuple[str | None, Any]]
_ARITHMETIC = ("+", "-", "*", "^", "%%", "%/%", "/")
_COMPARISON = ("==", ">", "<", "!=", "<=", ">=")
_GROUPS = {
    "Arith": _ARITHMETIC,
    "Compare": _COMPARISON,
    "Logic": ("&", "|"),
    "Ops": (*_ARITHMETIC, *_COMPARISON, "&", "|"),
    "Math": ("abs", "sign", "sqrt", "ceiling", "floor", "trunc", "cummax", "cummin", "cumprod", "cumsum", "exp", "log", "cos",
             "sin", "tan"),
    "Summary": ("max", "min", "range", "sum", "prod", "any", "all"),
}  # fmt: skip


def _named_texts(value: Any) -> list[tuple[str, str]]:
    """(name, class) pairs of a representation; unnamed entries have the empty name."""
    if value is NULL or value is UNSET:
        return []
    names = names_of(value) or [""] * len(value)
    items = value.data if value.kind == "list" else [character(item) for item in value.items()]
    pairs = [(name or "", text(item)) for name, item in zip(names, items, strict=True)]
    if value.kind == "character" and all(not name for name, _ in pairs):
        return [(one, "ANY") for _, one in pairs]
    return pairs


@builtin("representation", "...", package="methods")
def representation(dots: Dots) -> Any:
    return mk_list([value for _, value in dots], [name for name, _ in dots])


@builtin("prototype", "...", package="methods")
def prototype(dots: Dots) -> Any:
    return mk_list([value for _, value in dots], [name for name, _ in dots])


@builtin("setClass", "Class, representation, prototype, contains = character(), validity, access, where, version, sealed, "
         "package, S3methods = FALSE, slots", package="methods", invisible=True)  # fmt: skip
def set_class(name: Any, given: Any = UNSET, defaults: Any = UNSET, contains: Any = NULL, validity: Any = UNSET,
              access: Any = None, where: Any = None, version: Any = None, sealed: Any = None, package: Any = None,
              s3_methods: Any = None, slots: Any = UNSET) -> Any:  # fmt: skip
    only_default("setClass", access=(access, None), version=(version, None), S3methods=(s3_methods, False))
    label = text(name, "Class")
    own = {slot: wanted for slot, wanted in _named_texts(slots) if slot}
    parents = [str(item) for item in contains.items()]
    if given is not UNSET and given is not NULL:
        for slot, wanted in zip(names_of(given) or [""] * len(given), given.data if given.kind == "list" else
                                [character(one) for one in given.items()], strict=True):  # fmt: skip
            if slot:
                own[slot] = text(wanted)
            else:
                parents.append(text(wanted))
    virtual = "VIRTUAL" in parents or (not own and not parents and given is UNSET and slots is UNSET)
    parents = [parent for parent in parents if parent != "VIRTUAL"]
    every = dict(own)
    held: dict[str, Any] = {}
    for parent in parents:
        known = state().classes.get(parent)
        if known is None and parent not in s4.BASIC and parent not in state().unions:
            raise RError(f"no definition was found for superclass \u201c{parent}\u201d in the specification of class "
                         f"\u201c{label}\u201d")  # fmt: skip
        if known is not None:
            every.update({slot: wanted for slot, wanted in known.slots.items() if slot not in every})
            held.update({slot: value for slot, value in known.prototype.items() if slot not in held})
    if defaults is not UNSET and defaults is not NULL:
        names = names_of(defaults) or [""] * len(defaults)
        values = defaults.data if defaults.kind == "list" else [Vector(defaults.kind, defaults.data[at : at + 1])
                                                                for at in range(len(defaults))]  # fmt: skip
        held.update({slot or ".Data": value for slot, value in zip(names, values, strict=True)})
    if any(parent in s4.BASIC for one in parents for parent in s4.superclasses(one)):
        every = {".Data": next(p for one in parents for p in s4.superclasses(one) if p in s4.BASIC), **every}
    check = None if validity is UNSET or validity is NULL else validity
    definition = ClassDefinition(label, every, parents, held, check, virtual)
    for slot, value in held.items():
        if slot in every and slot != ".Data" and s4.slot_problem(definition, slot, value) is not None:
            raise RError(
                f"in making the prototype for class \u201c{label}\u201d elements of the prototype failed to match the "
                f'corresponding slot class: {slot} (class "{every[slot]}" )'
            )
    state().classes[label] = definition
    return _generator(label)


def _generator(name: str) -> Builtin:
    def make(dots: Dots, *, environment: Environment) -> Any:
        return new_object(character(name), dots, environment=environment)

    made = Builtin(name, make, "...", needs_environment=True, package="methods")
    made.attributes = {
        "class": Vector("character", character(["classGeneratorFunction"]).data, {"package": character(["methods"])}),
        "className": character(name),
    }
    return made


@builtin("setClassUnion", "name, members = character(), where", package="methods", invisible=True)
def set_union(name: Any, members: Any, where: Any = None) -> Any:
    label = text(name)
    state().unions[label] = [str(item) for item in members.items()]
    state().classes[label] = ClassDefinition(label, {}, [], {}, None, True)
    return _generator(label)


@builtin("setValidity", "Class, method, where", package="methods")
def set_validity(name: Any, method: Any, where: Any = None) -> Any:
    s4.definition_of(text(name)).validity = method
    return mk_list([name]).with_attribute("class", character("classRepresentation"))


@builtin("validObject", "object, test = FALSE, complete = FALSE", package="methods")
def valid_object(target: Any, test: Any, complete: Any) -> Any:
    only_default("validObject", complete=(complete, False))
    if type(target) is Vector and not target.attributes:
        return logical(True)
    try:
        s4.check_validity(target)
    except RError as error:
        if not flag(test):
            raise
        return character(error.message.partition(" object: ")[2])
    return logical(True)


@builtin("new", "Class, ...", package="methods", needs_environment=True)
def new_object(name: Any, dots: Dots, *, environment: Environment) -> Any:
    label = text(name, "Class")
    if label not in state().classes and (label in s4.BASIC or label == "environment"):
        return dots[0][1] if dots else s4.empty_value(label)
    definition = s4.definition_of(label)
    if definition.maker is not None:
        return definition.maker(dots)
    if definition.virtual:
        raise RError(
            f'trying to generate an object from a virtual class ("{label}")', mend="make an object of a class that extends it"
        )
    value = s4.prototype_of(definition)
    table = state().generics.get("initialize")
    if table is None:
        return s4.initialized(value, dots)
    call = Call(Symbol("initialize"), (Argument(None, Symbol("value")), Argument(None, Symbol("..."))))
    return s4.run_method(s4.ordered_methods(table, [value]), [(None, value), *dots], call, environment)


@builtin("initialize", ".Object, ...", package="methods", needs_environment=True)
def initialize(target: Any, dots: Dots, *, environment: Environment) -> Any:
    return s4.initialized(target, dots)


def _parameters_of(function: Any) -> list[str]:
    if type(function) is Closure:
        return list(function.template.names)
    return [formal.name for formal in function.formals]


def _generic(name: str, function: Any, default: Any, environment: Environment) -> MethodTable:
    """Enter a generic function and bind it; its formals are those of the function given."""
    parameters = [parameter for parameter in _parameters_of(function) if parameter != "..."]
    table = MethodTable(name, parameters, default)
    state().generics[name] = table
    if type(function) is Closure and any(_calls_standard_generic(function.body)):
        made = function
    else:
        formals = function.formals if type(function) is Closure else tuple((one, MISSING) for one in _parameters_of(function))
        body = Call(Symbol("standardGeneric"), (Argument(None, character(name)),))
        made = Closure(Template(tuple(formals), body), environment)
    note_binding(name)
    machine.global_environment.set(name, made)
    return table


def _calls_standard_generic(tree: Any) -> Any:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Call):
            if node.is_call_of("standardGeneric"):
                yield node
            waiting.extend(argument.value for argument in node.args)


@builtin("setGeneric", "name, def = NULL, group = list(), valueClass = character(), where, package = NULL, signature = NULL, "
         "useAsDefault = NULL, genericFunction = NULL, simpleInheritanceOnly = NULL", package="methods",
         needs_environment=True)  # fmt: skip
def set_generic(
    name: Any, definition: Any, group: Any, value_class: Any, where: Any = None, package: Any = None, chosen: Any = NULL,
    default: Any = None, function: Any = None, simple: Any = None, *, environment: Environment,
) -> Any:  # fmt: skip
    if len(group):
        raise RError("argument 'group' of setGeneric() is not supported", mend="methods for Math and kin need no setGeneric()")
    only_default("setGeneric", useAsDefault=(default, None), genericFunction=(function, None),
                 simpleInheritanceOnly=(simple, False))
    label = text(name)
    existing = environment.get_function(label)
    if definition is NULL:
        if existing is None:
            raise RError(f"must supply a function skeleton for \u2018{label}\u2019, explicitly or via an existing function")
        own = f"package \u2018{existing.package}\u2019" if type(existing) is Builtin else "function \u2018" + label + "\u2019"
        if machine.session.interactive:
            write_error(f"Creating a generic function for \u2018{label}\u2019 from {own} in the global environment\n")
        _generic(label, existing, existing, environment)
    else:
        default = existing if existing is not None and label not in state().generics else None
        if default is not None and _parameters_of(default) != _parameters_of(definition):
            default = None
            write_error(f"Creating a new generic function for \u2018{label}\u2019 in the global environment\n")
        _generic(label, definition, default, environment)
    if chosen is not NULL:
        state().generics[label].parameters = [str(item) for item in chosen.items()]
    return character(label)


@builtin("standardGeneric", "f", needs_environment=True, invisible=None, package="methods")
def standard_generic(name: Any, *, environment: Environment) -> Any:
    return s4.dispatch(text(name, "f"), environment)


def signature_of(given: Any, table: MethodTable) -> tuple[str, ...]:
    names = names_of(given)
    items = [str(item) for item in given.items()]
    if names is None or not any(names):
        return tuple(items)
    by_name = {name: item for name, item in zip(names, items, strict=True) if name}
    free = iter([item for name, item in zip(names, items, strict=True) if not name])
    return tuple(by_name.get(parameter) or next(free, "ANY") for parameter in table.parameters)


@builtin("signature", "...", package="methods")
def signature(dots: Dots) -> Any:
    texts = [text(value) for _, value in dots]
    made = character(texts)
    return made.with_attribute("names", character([name or "" for name, _ in dots])) if any(n for n, _ in dots) else made


@builtin("setMethod", "f, signature = character(), definition, where, valueClass = NULL, sealed", package="methods",
         needs_environment=True, invisible=True)  # fmt: skip
def set_method(name: Any, given: Any, definition: Any = UNSET, where: Any = None, value_class: Any = None, sealed: Any = None,
               *, environment: Environment) -> Any:  # fmt: skip
    label = text(name, "f")
    if definition is UNSET or not is_function(definition):
        raise RError("the method must be a function", mend='setMethod("name", "class", function(x) ...)')
    for one in _GROUPS.get(label, (label,)):
        method = definition
        if label in _GROUPS and type(definition) is Closure:
            place = Environment(definition.environment, {".Generic": character(one)})
            method = Closure(definition.template, place)
        table = state().generics.get(one)
        if table is None:
            existing = environment.get_function(one)
            if existing is None:
                mend = f'setGeneric("{label}", ...) first'
                raise RError(f"no existing definition for function \u2018{label}\u2019", mend=mend)
            if one in ("show", "initialize"):
                table = MethodTable(one, [".Object" if one == "initialize" else "object"], REGISTRY[one])
                state().generics[one] = table
            else:
                table = _generic(one, existing, existing, machine.global_environment)
        table.methods[signature_of(given, table)] = method
    return character(label)


@builtin("setReplaceMethod", "f, ...", package="methods", needs_environment=True, invisible=True)
def set_replace_method(name: Any, dots: Dots, *, environment: Environment) -> Any:
    return call_function(REGISTRY["setMethod"], [(None, character(text(name) + "<-")), *dots], environment)


@builtin("callNextMethod", "...", lazy=True, package="methods", needs_environment=True, invisible=None)
def call_next_method(dots: Dots, *, environment: Environment) -> Any:
    frame = frame_of(environment)
    record = None if frame is None else frame.dispatch
    if frame is None or type(record) is not s4.NextMethods:
        raise RError("callNextMethod() called from outside a method dispatch")
    arguments = dots if dots else current_arguments(frame)
    if not record.methods:
        raise RError("no next method available")
    result = s4.run_method(record.methods, arguments, frame.call, environment)
    if not dots:
        machine.visible = True
    return result


@builtin("slot", "object, name", package="methods")
def read_slot(target: Any, name: Any) -> Any:
    if type(target) is Vector and not target.attributes:
        raise RError(f'cannot get a slot ("{text(name)}") from an object of type "{type_of(target)}"')
    return call_function(REGISTRY["@"], [(None, target), (None, name)])


@builtin("@<-", "object, name, value")
def assign_slot(target: Any, name: Any, value: Any) -> Any:
    label = str(name.name if type(name) is Symbol else text(name) or "NA")
    if not s4.is_s4(target):
        raise RError(f"\u2018{label}\u2019 is not a slot in class \u201c{class_of(target)[-1]}\u201d", call=False)
    definition = s4.definition_of(class_of(target)[0])
    if label not in definition.slots:
        raise RError(
            f'no slot of name "{label}" for this object of class "{definition.name}"',
            mend=f"its slots are {', '.join(definition.slots)}",
        )
    wanted = definition.slots[label]
    if not s4.extends_class(value, wanted):
        raise RError(
            f"assignment of an object of class \u201c{class_of(value)[0]}\u201d is not valid for @\u2018{label}\u2019 in an "
            f'object of class \u201c{definition.name}\u201d; is(value, "{wanted}") is not TRUE',
            call=unnamed_call("(function(cl, name, valueClass) NULL)(cl, name, valueClass)"),
        )
    if label == ".Data":
        return value.with_attributes(target.attributes)
    return target.with_attributes({**target.attributes, label: value})


@builtin("slot<-", "object, name, check = TRUE, value", package="methods")
def replace_slot(target: Any, name: Any, check: Any, value: Any) -> Any:
    flag(check, "check")
    return assign_slot(target, name, value)


@builtin("show", "object", package="methods", invisible=True, needs_environment=True)
def show(target: Any, *, environment: Environment) -> Any:
    if s4.is_s4(target):
        show_object(target, environment)
    else:
        call_function(REGISTRY["print"], [(None, target)], environment)
    return NULL


def show_object(target: Any, environment: Environment) -> None:
    """Show an object by its class' method, or slot by slot."""
    table = state().generics.get("show")
    methods = [] if table is None else [one for one in s4.ordered_methods(table, [target]) if type(one) is not Builtin]
    if methods:
        call = Call(Symbol("show"), (Argument(None, Symbol("object")),))
        s4.run_method(methods, [(None, target)], call, environment)
        return
    if type(target) is Environment:
        from pipekeras.grammar.builtins.classes.reference_classes import show_reference

        show_reference(target)
        return
    name = class_of(target)[0]
    write(f'An object of class "{name}"\n')
    attributes = target.attributes or {}
    if isinstance(target, Vector):
        _print(target.with_attributes(None), environment)
    for slot in s4.definition_of(name).slots:
        if slot != ".Data":
            write(f'Slot "{slot}":\n')
            _print(attributes.get(slot, NULL), environment)
            write("\n")


def _print(value: Any, environment: Environment) -> None:
    if s4.is_s4(value):
        show_object(value, environment)
    else:
        call_function(machine.global_environment.get_function("print"), [(None, value)], environment)


@builtin("isS4", "object")
def is_s4(target: Any) -> Any:
    return logical(s4.is_s4(target))


@builtin(".as_parent", "object, Class", package="internal")
def as_parent(target: Any, name: Any) -> Any:
    """An object as one of a class that it extends: the slots of that class alone."""
    label = text(name)
    if label in s4.BASIC:
        return target.with_attributes(None)
    slots = {slot: held for slot, held in target.attributes.items() if slot in s4.definition_of(label).slots}
    return target.with_attributes({**slots, "class": s4.class_attribute(label)})


@builtin("callGeneric", "...", package="methods", needs_environment=True, invisible=None)
def call_generic(dots: Dots, *, environment: Environment) -> Any:
    name = environment.get(".Generic")
    if name is None:
        raise RError("callGeneric() must be called from within a method body")
    return call_function(environment.get_function(text(name)), dots, environment)
