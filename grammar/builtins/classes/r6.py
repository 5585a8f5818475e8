"""R6Class and what belongs to it: printing of objects and generators, tests."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY, builtin, call_function, value_of, write
from pipekeras.grammar.deparse import deparse_lines
from pipekeras.grammar.environment import ActiveBinding, Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import expression_of
from pipekeras.grammar.evaluation.r6 import (
    ENCLOSURE,
    ClassDefinition,
    definition_of,
    is_object,
    make_generator,
    members_from,
)
from pipekeras.grammar.text.collation import sorted_texts
from pipekeras.grammar.values import NULL, Vector, character, class_of, explicit_class, is_function, logical
from pipekeras.grammar.vectors.arguments import flag

Dots = list[tuple[str | None, Any]]


@builtin(
    "R6Class",
    "classname = NULL, public = list(), private = NULL, active = NULL, inherit = NULL, lock_objects = TRUE, "
    "class = TRUE, portable = TRUE, lock_class = FALSE, cloneable = TRUE, parent_env, lock",
    lazy=True,
    needs_environment=True,
    package="R6",
)
def r6_class(
    classname: Any, public: Any, private: Any, active: Any, inherit: Any, lock_objects: Any, classed: Any,
    portable: Any, lock_class: Any, cloneable: Any, parent_env: Any = None, lock: Any = None,
    *, environment: Environment,
) -> Any:
    name = value_of(classname)
    place = environment if parent_env is None else value_of(parent_env)
    names = [] if name is NULL else texts_of(name)
    definition = ClassDefinition(names[0] if names else None, place, expression_of(inherit), names)
    definition.public = members_from(value_of(public), "public")
    given_private = value_of(private)
    definition.private = members_from(given_private, "private")
    definition.active = members_from(value_of(active), "active")
    definition.has_private = given_private is not NULL
    labels = [*definition.public, *definition.private, *definition.active]
    if len(set(labels)) != len(labels):
        raise RError("All items in public, private, and active must have unique names.")
    if any(one in labels for one in ("self", "private", "super")):
        raise RError("Items cannot use reserved names 'self', 'private', and 'super'.")
    if "clone" in labels and flag(value_of(cloneable)):
        raise RError("Cannot add a member with reserved name 'clone'.")
    if "initialize" in definition.private or "initialize" in definition.active:
        raise RError("'initialize' is not allowed in private or active.")
    definition.lock_objects = flag(value_of(lock_objects if lock is None else lock))
    definition.classed = flag(value_of(classed))
    definition.portable = flag(value_of(portable))
    definition.lock_class = flag(value_of(lock_class))
    definition.cloneable = flag(value_of(cloneable))
    return make_generator(definition)


@builtin("is.R6", "x", package="R6")
def is_r6(x: Any) -> Any:
    return logical(is_object(x))


@builtin("is.R6Class", "x", package="R6")
def is_r6_class(x: Any) -> Any:
    return logical(definition_of(x) is not None)


def arguments_text(function: Any) -> str:
    """Header of a function as summaries show it: ``function (x, y = 2) ``."""
    shown = call_function(REGISTRY["args"], [(None, function)])
    return deparse_lines(shown)[0]


def summary_of(value: Any) -> str:
    """One member in a line."""
    if type(value) is ActiveBinding:
        return "active binding"
    if is_function(value):
        return arguments_text(value)
    if type(value) is Environment:
        classes = explicit_class(value)
        return "environment" if classes is None else ", ".join(classes)
    if value is NULL:
        return "NULL"
    if type(value) is Vector and value.kind not in ("list", "expression") and explicit_class(value) is None:
        return trimmed(" ".join(texts_of(value)))
    if type(value) is Vector and value.kind not in ("list", "expression"):
        return trimmed(" ".join(texts_of(value)))
    return ", ".join(class_of(value))


def texts_of(value: Any) -> list[str]:
    """Elements as ``as.character`` gives them."""
    made = call_function(REGISTRY["as.character"], [(None, value)])
    return ["NA" if item is None else str(item) for item in made.items()]


def trimmed(line: str, limit: int = 60) -> str:
    """A line cut to the limit with dots."""
    return line if len(line) <= limit else line[: limit - 4] + " ..."


def member_lines(place: Environment, indent: str = "    ") -> list[str]:
    """One line per member of an environment, in the order of their names."""
    hidden = (ENCLOSURE, ".__active__")
    names = sorted_texts([name for name in place.frame if name not in hidden])
    return [member_line(name, place.frame[name], indent) for name in names]


def member_line(name: str, value: Any, indent: str = "    ") -> str:
    """A member as summaries show it; a text of several lines is indented as a whole."""
    return f"{indent}{name}: {summary_of(value)}".replace("\n", f"\n{indent}")


def object_lines(x: Environment) -> list[str]:
    """Text of an object."""
    classes = explicit_class(x) or ["R6"]
    lines = [f"<{classes[0]}>"]
    if len(classes) > 2:
        lines.append(f"  Inherits from: <{classes[1]}>")
    lines.append("  Public:")
    lines.extend(member_lines(x))
    enclosure = x.frame.get(ENCLOSURE)
    private = enclosure.frame.get("private") if type(enclosure) is Environment else None
    if type(private) is Environment:
        lines.append("  Private:")
        lines.extend(member_lines(private))
    return lines


@builtin("format.R6", "x, ...", package="R6")
def format_object(x: Any, dots: Dots) -> Any:
    own = x.frame.get("format")
    if is_function(own):
        return call_function(own, dots)
    return character("\n".join(object_lines(x)))


@builtin("print.R6", "x, ...", package="R6", invisible=True)
def print_object(x: Any, dots: Dots) -> Any:
    own = x.frame.get("print")
    if is_function(own):
        return call_function(own, dots)
    shown = call_function(REGISTRY["format.R6"], [(None, x), *dots])
    write("\n".join(str(item) for item in shown.items()) + "\n")
    return x


@builtin("print.R6ClassGenerator", "x, ...", package="R6", invisible=True)
def print_generator(x: Any, dots: Dots) -> Any:
    write("\n".join(generator_lines(x)) + "\n")
    return x


@builtin("format.R6ClassGenerator", "x, ...", package="R6")
def format_generator(x: Any, dots: Dots) -> Any:
    return character("\n".join(generator_lines(x)))


def generator_lines(x: Any) -> list[str]:
    """Text of a class."""
    definition = definition_of(x)
    if definition is None:
        raise RError("not a class generator")
    lines = [f"<{name}> object generator" for name in definition.names or ["R6"]]
    if definition.inherit is not NULL and definition.inherit is not None:
        lines.append(f"  Inherits from: <{''.join(deparse_lines(definition.inherit))}>")
    lines.append("  Public:")
    fields = [(n, v) for n, v in definition.public.items() if not is_function(v)]
    methods = [(n, v) for n, v in definition.public.items() if is_function(v)]
    lines.extend(member_line(name, value) for name, value in [*fields, *methods])
    if definition.cloneable:
        lines.append("    clone: function (deep = FALSE) ")
    if definition.active:
        lines.append("  Active bindings:")
        lines.extend(member_line(name, value) for name, value in definition.active.items())
    if definition.has_private:
        lines.append("  Private:")
        fields = [(n, v) for n, v in definition.private.items() if not is_function(v)]
        methods = [(n, v) for n, v in definition.private.items() if is_function(v)]
        lines.extend(member_line(name, value) for name, value in [*fields, *methods])
    place = call_function(REGISTRY["format"], [(None, definition.place)]).items()[0]
    if definition.place.name == "R_GlobalEnv":
        place = "<environment: R_GlobalEnv>"
    elif place == "<environment>":
        place = f"<environment: {hex(id(definition.place))}>"
    lines.append(f"  Parent env: {place}")
    lines.append(f"  Locked objects: {'TRUE' if definition.lock_objects else 'FALSE'}")
    lines.append(f"  Locked class: {'TRUE' if definition.lock_class else 'FALSE'}")
    lines.append(f"  Portable: {'TRUE' if definition.portable else 'FALSE'}")
    return lines


@builtin("as.list.R6", "x, ...", package="R6")
def object_as_list(x: Any, dots: Dots) -> Any:
    return call_function(REGISTRY["as.list.environment"], [(None, x), ("all.names", logical(True))])
