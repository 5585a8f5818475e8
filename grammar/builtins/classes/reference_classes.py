"""setRefClass and what belongs to it: generators, their methods, how objects and classes are shown."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY, UNSET, Builtin, builtin, call_function, machine, write
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation import s4
from pipekeras.grammar.evaluation.reference_classes import (
    BASIC_FIELDS,
    ROOT,
    STANDARD_METHODS,
    ReferenceClass,
    class_behind,
    ensure_root,
    function_of_dots,
)
from pipekeras.grammar.nodes import Argument, Call, Symbol
from pipekeras.grammar.values import NULL, Closure, Vector, character, class_of, is_function, names_of
from pipekeras.grammar.vectors.arguments import text

Dots = list[tuple[str | None, Any]]


def _declared_fields(given: Any, owner: str) -> dict[str, Any]:
    """Fields by name: a class name, or the function that stands for the value."""
    if given is NULL or given is UNSET or len(given) == 0:
        return {}
    names = names_of(given)
    if names is None:
        return {str(name): "ANY" for name in given.items()}
    fields: dict[str, Any] = {}
    items = given.data if given.kind == "list" else [character(one) for one in given.items()]
    known = s4.state().classes
    for name, item in zip(names, items, strict=True):
        fields[str(name)] = item if is_function(item) else text(item)
        wanted = fields[str(name)]
        if isinstance(wanted, str) and wanted not in BASIC_FIELDS and wanted not in known:
            raise RError(f"class \u201c{wanted}\u201d for field \u2018{name}\u2019 is not defined")
    return fields


def _add_methods(definition: ReferenceClass, dots: Dots) -> None:
    for name, value in dots:
        if name is None and type(value) is Vector and value.kind == "list":
            _add_methods(definition, list(zip(names_of(value) or [], value.data, strict=False)))
            continue
        if type(value) is not Closure or not name:
            raise RError(
                f"cannot use object of class \u201c{class_of(value)[0]}\u201d in new():  class \u201crefMethodDef\u201d does "
                "not extend that class",
                mend="methods are functions with names: methods(area = function() ...)",
            )
        definition.methods[str(name)] = value


@builtin("setRefClass", "Class, fields = character(), contains = 'envRefClass', methods = list(), where, inheritPackage, ...",
         package="methods", needs_environment=True, invisible=True)  # fmt: skip
def set_ref_class(
    name: Any, fields: Any, contains: Any, methods: Any, where: Any = UNSET, inherit: Any = UNSET, dots: Dots | None = None,
    *, environment: Environment,
) -> Any:  # fmt: skip
    ensure_root()
    label = text(name, "Class")
    parents = [str(item) for item in contains.items()]
    virtual = "VIRTUAL" in parents
    parents = [parent for parent in parents if parent not in ("VIRTUAL", ROOT)]
    for parent in parents:
        if parent not in s4.state().classes:
            raise RError(
                f"no definition found for superclass \u201c{parent}\u201d in the specification of class \u201c{label}\u201d"
            )
    place = where if type(where) is Environment else environment
    definition = ReferenceClass(label, parents, _declared_fields(fields, label), place, virtual)
    _add_methods(definition, [(None, methods)])
    s4.state().classes[label] = definition
    return generator(definition)


def generator(definition: ReferenceClass) -> Builtin:
    """The function that makes objects of a class; ``$`` reads its other members."""

    def make(dots: Dots) -> Any:
        return definition.make(dots)

    # The class behind the function, for `$` and for who is given the function alone.
    make.definition = definition  # type: ignore[attr-defined]
    made = function_of_dots(definition.name, make)
    kind = Vector("character", character(["refObjectGenerator"]).data, {"package": character(["methods"])})
    made.attributes = {"class": kind, "className": character(definition.name)}
    return made


def _definition(x: Any) -> ReferenceClass:
    found: ReferenceClass = x.function.definition
    return found


@builtin("$.refObjectGenerator", "x, name")
def generator_member(x: Any, name: Any) -> Any:
    definition = _definition(x)
    label = name.name if type(name) is Symbol else text(name)
    members: dict[str, Any] = {
        "new": definition.make,
        "methods": lambda dots: _methods(definition, dots),
        "fields": lambda dots: _fields(definition),
        "lock": lambda dots: _lock(definition, dots),
        "accessors": lambda dots: _accessors(definition, dots),
        "show": lambda dots: _show_class(definition, "Reference Class"),
        "help": lambda dots: _help(definition, dots),
    }
    if label == "className":
        return character(definition.name)
    if label == "def":
        return x
    if label not in members:
        raise RError(
            f"\u2018{label}\u2019 is not a valid field or method name for reference class \u201crefObjectGenerator\u201d",
            mend=f"a generator has {', '.join((*members, 'className'))}",
        )
    return function_of_dots(label, members[label])


def _methods(definition: ReferenceClass, dots: Dots) -> Any:
    if dots and type(dots[0][1]) is Vector and dots[0][1].kind == "character":
        found = definition.method_line(text(dots[0][1]))
        return found[0][1] if found else NULL
    if dots:
        _add_methods(definition, dots)
        machine.visible = False
        return NULL
    standard = [one for one in STANDARD_METHODS if not definition.method_line(one)]
    return character(sorted([*definition.method_names(), *standard]))


def _fields(definition: ReferenceClass) -> Any:
    fields = definition.fields()
    shown = ["activeBindingFunction" if is_function(one) else one for one in fields.values()]
    return character(shown, {"names": character(list(fields))}) if fields else character([])


def _lock(definition: ReferenceClass, dots: Dots) -> Any:
    names = [str(item) for _, value in dots for item in value.items()]
    if not names:
        return character(sorted(definition.locked))
    fields = definition.fields()
    wrong = [name for name in names if name not in fields]
    if wrong:
        raise RError(f"the definition of class \u201c{definition.name}\u201d has no field {wrong[0]} to lock")
    definition.locked.update(names)
    machine.visible = False
    return NULL


def _accessors(definition: ReferenceClass, dots: Dots) -> Any:
    from pipekeras.grammar.evaluation.machine import evaluate
    from pipekeras.grammar.nodes import Source
    from pipekeras.grammar.parse import parse_program

    for _, value in dots:
        for item in value.items():
            ending = item[:1].upper() + item[1:]
            for name, code in ((f"get{ending}", f"function() {item}"), (f"set{ending}", _SETTER.format(item))):
                tree = parse_program(Source("accessors", code)).expressions[0]
                definition.methods[name] = evaluate(tree, machine.global_environment)
    machine.visible = False
    return NULL


_SETTER = "function(value) {{ {} <<- value; invisible(.self) }}"


def _help(definition: ReferenceClass, dots: Dots) -> Any:
    """A method's header and the text that its body begins with."""
    from pipekeras.grammar.deparse import deparse_lines

    for _, value in dots:
        for _, method in definition.method_line(text(value))[:1]:
            header = call_function(REGISTRY["args"], [(None, method)])
            head = deparse_lines(header)[0].removeprefix("function ").strip()
            write(f"Call:\n${text(value)}{head}\n\n\n")
            body = method.body
            first = body.args[0].value if isinstance(body, Call) and body.is_call_of("{") and body.args else body
            if type(first) is Vector and first.kind == "character":
                write(text(first) + "\n\n")
    machine.visible = False
    return NULL


@builtin("print.refObjectGenerator", "x, ...", invisible=True)
def print_generator(x: Any, dots: Dots) -> Any:
    _show_class(_definition(x), "Generator for class")
    return x


def _show_class(definition: ReferenceClass, head: str) -> Any:
    write(f'{head} "{definition.name}":\n')
    fields = {name: "activeBindingFunction" if is_function(one) else one for name, one in definition.fields().items()}
    if fields:
        width = max(len(one) for one in (*fields, *fields.values())) + 1
        write("\nClass fields:\n" + " " * (6 + width * len(fields)) + "\n")
        for label, cells in (("Name: ", list(fields)), ("Class:", list(fields.values()))):
            write(label + "".join(f"{cell:>{width}}" for cell in cells) + "\n")
    else:
        write("\nNo fields defined\n")
    standard = [one for one in STANDARD_METHODS if not definition.method_line(one)]
    _write_listed("Class Methods: ", [*definition.method_names(), *standard])
    _write_listed("Reference Superclasses: ", [*(one.name for one in definition.lineage()[1:]), ROOT])
    write("\n")
    machine.visible = False
    return NULL


def _write_listed(head: str, names: list[str]) -> None:
    """A heading and quoted names, wrapped at the width of a line."""
    write(f"\n{head}\n")
    line = "    "
    for at, name in enumerate(names):
        word = f' "{name}"' + ("," if at + 1 < len(names) else "")
        if len(line) + len(word) > 79:
            write(line + " \n")
            line = "    "
        line += word
    write(line + "\n")


def show_fields(target: Environment) -> None:
    """An object field by field."""
    write(f'Reference class object of class "{class_of(target)[0]}"\n')
    definition = class_behind(target)
    for name in definition.fields() if definition is not None else ():
        write(f'Field "{name}":\n')
        show_value(target.get(name, inherits=False))


def show_value(value: Any) -> None:
    """A value as it would be shown at top level."""
    place = machine.global_environment
    call_function(place.get_function("show" if s4.is_s4(value) else "print"), [(None, value)], place)


def show_reference(target: Environment) -> None:
    """An object by its class' own ``show``, or field by field."""
    own = target.frame.get("show")
    if own is None:
        show_fields(target)
    else:
        whole = Call(Symbol("$"), (Argument(None, Symbol("object")), Argument(None, Symbol("show"))))
        call_function(own, [], call=Call(whole, ()))


def structure_of(target: Environment) -> tuple[str, list[str], str, list[str]]:
    """What str() says of an object: its head, the names of its fields, how many methods, the names of the class' own."""
    definition = class_behind(target)
    assert definition is not None
    fields = list(definition.fields())
    names = definition.method_names()
    plural = "" if len(fields) == 1 else "s"
    head = f"Reference class '{definition.name}' [package \".GlobalEnv\"] with {len(fields)} field{plural}"
    count = len({*names, *STANDARD_METHODS})
    own = sorted(name for name in names if name not in STANDARD_METHODS)
    if not own:
        return head, fields, f"and {count} methods.", own
    return head, fields, f"and {count} methods, of which {len(own)} {'is' if len(own) == 1 else 'are'}  possibly relevant", own


@builtin("getRefClass", "Class, where", package="methods")
def get_ref_class(name: Any, where: Any = UNSET) -> Any:
    known = class_behind(name)
    found = known if known is not None else s4.state().classes.get(text(name, "Class"))
    if not isinstance(found, ReferenceClass):
        raise RError(f"class \u201c{text(name)}\u201d is not defined as a reference class")
    return generator(found)

