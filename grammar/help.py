"""What `?name` shows: how a function is called and what its documentation says."""

from __future__ import annotations

import inspect
from typing import Any

from pipekeras.grammar.deparse import deparse_short
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.nodes import MISSING
from pipekeras.grammar.spelling import quote_name
from pipekeras.grammar.values import Closure, ExternalObject


def parameters_of(function: Any) -> list[tuple[str, str | None]]:
    """Names and default texts of a function's parameters, None where there is no default."""
    if isinstance(function, Closure):
        return [(name, None if default is MISSING else deparse_short(default)) for name, default in function.formals]
    if getattr(function, "kind", "") in ("builtin", "special"):
        return [(formal.name, formal.text) for formal in function.formals]
    if isinstance(function, ExternalObject) and callable(function.value):
        return _python_parameters(function.value)
    return []


def _python_parameters(target: Any) -> list[tuple[str, str | None]]:
    try:
        signature = inspect.signature(target)
    except (TypeError, ValueError):
        return []
    found: list[tuple[str, str | None]] = []
    for parameter in signature.parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            if ("...", None) not in found:
                found.append(("...", None))
        else:
            default = parameter.default
            found.append((parameter.name, None if default is parameter.empty else _r_text(default)))
    return found


def _r_text(value: Any) -> str:
    if value is None:
        return "NULL"
    if value is True or value is False:
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)


def usage(name: str, function: Any, width: int = 80) -> str:
    """The call with all parameters and defaults, wrapped at the width."""
    pieces = [
        parameter if default is None else f"{parameter} = {default}" for parameter, default in parameters_of(function)
    ]
    head = quote_name(name) + "("
    whole = head + ", ".join(pieces) + ")"
    if len(whole) <= width:
        return whole
    lines, line = [], "  "
    for position, piece in enumerate(pieces):
        addition = piece + ("," if position < len(pieces) - 1 else "")
        if len(line) + len(addition) > width and line.strip():
            lines.append(line.rstrip())
            line = "  "
        line += addition + " "
    return "\n".join([head, *lines, line.rstrip(), ")"])


def documentation_of(function: Any) -> str | None:
    """The function's documentation without indentation, or None."""
    if isinstance(function, Closure):
        return None
    if isinstance(function, Environment):
        return _class_documentation(function)
    target = function.value if isinstance(function, ExternalObject) else getattr(function, "function", None)
    target = getattr(function, "documents", None) or getattr(target, "documents", None) or target
    text = inspect.getdoc(target) if target is not None else None
    return text or None


def _class_documentation(generator: Environment) -> str | None:
    """What the runtime's class behind an R6 generator says of itself."""
    from pipekeras.grammar.evaluation.r6 import definition_of

    definition = definition_of(generator)
    native = None if definition is None else definition.native
    return None if native is None else inspect.getdoc(native)


def help_text(topic: str, environment: Environment) -> str | None:
    """The help page of a name, or None when there is nothing by that name."""
    function = environment.get_function(topic)
    if function is None:
        found = environment.get(topic)
        told = _class_documentation(found) if isinstance(found, Environment) else None
        return None if told is None else f"{topic}$new(...)\n\n{told}"
    page = usage(topic, function)
    documentation = documentation_of(function)
    if documentation:
        page += "\n\n" + documentation
    elif isinstance(function, Closure):
        page += "\n\na function of the program; print it to read its code"
    return page


def bound_names(environment: Environment) -> list[str]:
    """Names bound in an environment, those included that are made when first asked for."""
    names = getattr(environment.frame, "names", None)
    return names() if names is not None else list(environment.frame)


def _all_names(environment: Environment) -> set[str]:
    known: set[str] = set()
    scope: Environment | None = environment
    while scope is not None:
        known.update(bound_names(scope))
        scope = scope.parent
    return known


def topics_with(part: str, environment: Environment) -> list[str]:
    """Functions whose names hold a text, in whatever case, in the order of the alphabet."""
    wanted = part.lower()
    found = sorted(name for name in _all_names(environment) if wanted in name.lower() and not name.startswith("."))
    return [name for name in found if environment.get_function(name) is not None]


def near_topics(topic: str, environment: Environment, count: int = 3) -> list[str]:
    """Names of functions near a name that is not there."""
    from difflib import get_close_matches

    known = _all_names(environment)
    return get_close_matches(topic, sorted(known), count, 0.6)
