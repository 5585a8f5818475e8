"""Coercion between classes as setAs() defines it, S3 classes made known to S4, class definitions as values."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import UNSET, builtin
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation import s4
from pipekeras.grammar.evaluation.s4 import ClassDefinition, state
from pipekeras.grammar.values import NULL, Vector, character, explicit_class, is_function, logical, mk_list
from pipekeras.grammar.vectors.arguments import flag, text
from pipekeras.grammar.vectors.unsupported import only_default


@builtin("setAs", "from, to, def, replace, where", package="methods", invisible=True)
def set_as(source: Any, target: Any, definition: Any, replace: Any = UNSET, where: Any = UNSET) -> Any:
    if not is_function(definition):
        raise RError("the method for coercion must be a function of one argument", mend='setAs("A", "B", function(from) ...)')
    state().coercions[text(source, "from"), text(target, "to")] = (definition, NULL if replace is UNSET else replace)
    return NULL


@builtin(".coercion", "object, Class, replacing", package="internal")
def coercion(target: Any, name: Any, replacing: Any) -> Any:
    """The method that makes an object of that class, or puts one in its place; NULL when none was set."""
    known = state().coercions
    wanted = text(name, "Class")
    for one in s4.classes_of_value(target) if known else ():
        found = known.get((one, wanted))
        if found is not None and (explicit_class(target) or [""])[0] != wanted:
            return found[1] if flag(replacing) else found[0]
    return NULL


@builtin("setOldClass", "Classes, prototype, where, test = FALSE, S4Class", package="methods", invisible=True)
def set_old_class(classes: Any, prototype: Any = UNSET, where: Any = UNSET, test: Any = NULL, given: Any = UNSET) -> Any:
    only_default("setOldClass", test=(test, False), S4Class=(None if given is UNSET else given, None))
    names = [str(item) for item in classes.items()]
    for at, name in enumerate(names):
        state().old_classes[name] = names[at + 1 :]
    return NULL


def class_value(definition: ClassDefinition) -> Vector:
    """A class definition as a value that prints."""
    return mk_list([character(definition.name)]).with_attribute("class", character("classRepresentation"))


@builtin(("getClass", "getClassDef"), "Class, ...", package="methods", needs_call=True)
def get_class(name: Any, dots: Any, *, call: Any) -> Any:
    if type(name) is Vector and (explicit_class(name) or [""])[0] == "classRepresentation":
        return name
    label = text(name, "Class")
    if label not in state().classes:
        if call is not None and call.is_call_of("getClassDef"):
            return NULL
        raise RError(f"\u201c{label}\u201d is not a defined class", mend=f'define it: setClass("{label}", ...)')
    return class_value(state().classes[label])


@builtin(".class_validity", "definition", package="internal")
def class_validity(definition: Any) -> Any:
    found = s4.definition_of(text(definition.data[0] if definition.kind == "list" else definition)).validity
    return NULL if found is None else found


@builtin(".generic_names", "", package="internal")
def generic_names() -> Any:
    return character(sorted(state().generics))


@builtin("isClassUnion", "Class", package="methods")
def is_class_union(name: Any) -> Any:
    return logical(text(name) in state().unions)
