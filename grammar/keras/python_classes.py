"""`%py_class%` and PyClass(): classes as reticulate writes them, `Name(Parent) %py_class% { method <- function(...) ... }`."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import Builtin
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import evaluate, expression_of, value_of
from pipekeras.grammar.evaluation.r6 import ClassDefinition, definition_of, function_value, make_generator
from pipekeras.grammar.evaluation.templates import Template
from pipekeras.grammar.keras.classes import settle_members
from pipekeras.grammar.keras.crossing import Arguments
from pipekeras.grammar.keras.custom_words import generator_behind, instance_layer
from pipekeras.grammar.keras.names import OWN, word
from pipekeras.grammar.nodes import Call, Symbol
from pipekeras.grammar.values import NULL, Closure, ExternalObject, Vector, is_function, mk_list, names_of

_PARENTS = {
    "Layer": "KerasLayer", "Wrapper": "KerasWrapper", "Callback": "KerasCallback", "Constraint": "KerasConstraint",
}  # fmt: skip
"""R6 class that stands for a class of the runtime."""


def parent_generator(value: Any) -> Any:
    """Return the generator that a class may inherit from: of a class of the program, or of a class of the runtime."""
    found = generator_behind(value)
    if definition_of(found) is not None:
        return found
    name = value.value.__name__ if isinstance(value, ExternalObject) and isinstance(value.value, type) else None
    if name in _PARENTS:
        return OWN[_PARENTS[name]]
    from pipekeras.grammar.keras import classes

    if name in classes.BASES:
        return classes.parent(str(name))
    known = ", ".join([*_PARENTS, *classes.BASES])
    raise RError(
        f"a class of the program can't inherit from {name or 'this'}",
        mend=f"the classes to inherit from are {known}",
    )


def constructor(generator: Any) -> Builtin:
    """Return the function that makes objects of a class: `Name(...)`."""
    is_layer = any(one.name in ("KerasLayer", "KerasWrapper") for one in definition_of(generator).lineage())  # type: ignore[union-attr]

    def make(dots: Arguments) -> Any:
        if is_layer:
            values = mk_list([value for _, value in dots], [name or "" for name, _ in dots])
            return ExternalObject(instance_layer(generator, values))
        found = generator.frame["new"].function(dots)
        handle = found.frame.get(".__object__") if type(found) is Environment else None
        return found if handle is None else handle

    make.generator = generator  # type: ignore[attr-defined]
    return function_value(str(generator.frame["classname"].items()[0]), make)


@word("%py_class%", "spec, body", lazy=True, needs_environment=True, invisible=True)
def py_class(spec: Any, body: Any, *, environment: Any) -> Any:
    """Make a class and give it its name: Name(Parent) %py_class% { initialize <- function() ... }.

    Args:
        spec: the name, or a call of the name with the parent class.
        body: assignments in braces; functions are methods, `name %<-active% function(value)` is an active field.
    """
    tree, content = expression_of(spec), expression_of(body)
    place = getattr(spec, "environment", None) or environment
    head = tree.function if isinstance(tree, Call) else tree
    if not isinstance(head, Symbol):
        raise RError("the left side of %py_class% is a name, or a name with its parent class",
                     mend="write MyLayer(keras$layers$Layer) %py_class% { ... }")  # fmt: skip
    parents = [evaluate(item.value, place) for item in tree.args if not item.name] if isinstance(tree, Call) else []
    if len(parents) > 1:
        raise RError(f"{head.name} has {len(parents)} parents; one is possible")
    inherit = parent_generator(parents[0]) if parents else NULL
    definition = ClassDefinition(head.name, place, inherit)
    definition.lock_objects = False
    members = Environment(place)
    statements = [item.value for item in content.args] if _is_call(content, "{") else [content]
    for statement in statements:
        if _is_call(statement, "%<-active%") and isinstance(statement.args[0].value, Symbol):
            definition.active[statement.args[0].value.name] = evaluate(statement.args[1].value, members)
        else:
            evaluate(statement, members)
    definition.public.update(members.frame)
    settle_members(definition)
    made = constructor(make_generator(definition))
    place.set(head.name, made)
    return made


@word("PyClass", "classname, defs = list(), inherit = NULL", needs_environment=True)
def py_class_of_list(classname: Any, defs: Any, inherit: Any, *, environment: Any) -> Any:
    """Make a class of a list of methods whose first argument is the object: PyClass("Name", list(call = function(self, x) x)).

    Args:
        classname: name of the class.
        defs: named list of methods and values; `__init__` is called for a new object.
        inherit: class that it inherits from, or a list of one.
    """
    labels = names_of(defs) or []
    if len(labels) != len(defs) or not all(labels):
        raise RError("defs must be a list of methods by name", mend="write list(call = function(self, inputs) inputs)")
    parents = list(inherit.data) if isinstance(inherit, Vector) and inherit.kind == "list" else [inherit]
    if len(parents) > 1:
        raise RError(f"the class has {len(parents)} parents; one is possible")
    parent = parent_generator(parents[0]) if parents and parents[0] is not NULL else NULL
    definition = ClassDefinition(str(classname.items()[0]), environment, parent)
    definition.lock_objects = False
    definition.public.update({str(name): _method(str(name), one) for name, one in zip(labels, defs.data, strict=True)})
    settle_members(definition)
    return constructor(make_generator(definition))


def _method(name: str, value: Any) -> Any:
    """Return a method without its first argument: `self` is known in methods."""
    if type(value) is not Closure:
        return value
    first = value.formals[0][0] if value.formals else None
    if first != "self":
        raise RError(f"the first argument of method {name}() must be self; got {first or 'none'}",
                     mend=f"write {name} = function(self, ...)")  # fmt: skip
    return Closure(Template(value.formals[1:], value.body, value.template.span), value.environment)


@word("%<-active%", "sym, value", lazy=True, needs_environment=True, invisible=True)
def active_assignment(sym: Any, value: Any, *, environment: Any) -> Any:
    """Bind a name to a function that is called whenever the name is read, or written with the new value.

    Args:
        sym: the name.
        value: the function; inside %py_class% it makes a property.
    """
    name, function = expression_of(sym), value_of(value)
    if not isinstance(name, Symbol) or not is_function(function):
        raise RError("%<-active% binds a name to a function", mend="write total %<-active% function() sum(parts)")
    place = getattr(sym, "environment", None) or environment
    place.make_active(name.name, function)
    return function


def _is_call(tree: Any, name: str) -> bool:
    return isinstance(tree, Call) and isinstance(tree.function, Symbol) and tree.function.name == name
