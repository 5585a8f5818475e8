"""The search path: what programs attach and detach."""

from __future__ import annotations

import os
from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY, RError, builtin, call_function, expression_of, machine, value_of
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.compiler import note_binding
from pipekeras.grammar.evaluation.quoting import list_environment
from pipekeras.grammar.evaluation.search_path import attached_environments, attached_under
from pipekeras.grammar.nodes import Symbol
from pipekeras.grammar.values import NULL, Vector, character
from pipekeras.grammar.vectors.arguments import flag, text, whole
from pipekeras.grammar.vectors.unsupported import only_default

_PACKAGES = ("stats", "graphics", "grDevices", "utils", "datasets", "methods")


@builtin("search", "")
def search() -> Any:
    own = [place.name or "" for place in attached_environments()]
    loaded = [name if ":" in name else f"package:{name}" for name in reversed(machine.attached)]
    standard = [f"package:{name}" for name in _PACKAGES if f"package:{name}" not in loaded]
    return character([".GlobalEnv", *own, *loaded, *standard, "Autoloads", "package:base"])


@builtin("attach", "what, pos = 2L, name = NULL, warn.conflicts = TRUE", invisible=True, lazy=True)
def attach(what: Any, pos: Any, name: Any, conflicts: Any) -> Any:
    only_default("attach", pos=(value_of(pos), 2))
    from pipekeras.grammar.deparse import deparse_short

    source = value_of(what)
    given = value_of(name)
    made = Environment(machine.global_environment.parent)
    if type(source) is Vector and source.kind == "character" and len(source) == 1:
        return _attach_file(str(source.items()[0]), given, made)
    if source is not NULL:
        if type(source) is not Environment and (type(source) is not Vector or source.kind != "list"):
            raise RError("'attach' only works for lists, data frames and environments")
        found = source.frame if type(source) is Environment else list_environment(source, made).frame
        made.frame.update(found)
        for bound in found:
            note_binding(bound)
    made.name = deparse_short(expression_of(what)) if given is NULL else text(given)
    machine.global_environment.parent = made
    return made


def _attach_file(path: str, given: Any, made: Environment) -> Any:
    """The objects of a file, as load() finds them, between the program and what it attached before."""
    if not os.path.exists(os.path.expanduser(path)):
        raise RError(f"file '{path}' not found")
    call_function(REGISTRY["load"], [("file", character(path)), ("envir", made)])
    for bound in made.frame:
        note_binding(bound)
    made.name = f"file:{path}" if given is NULL else text(given)
    machine.global_environment.parent = made
    return made


@builtin(
    "detach", "name = NULL, pos = 2L, unload = FALSE, character.only = FALSE, force = FALSE", lazy=True, invisible=True
)
def detach(name: Any, pos: Any, unload: Any, only: Any, force: Any) -> Any:
    node = expression_of(name)
    if flag(value_of(only)):
        label = text(value_of(name))
    elif node is NULL or (type(node) is Vector and node.kind in ("double", "integer")):
        at = whole(value_of(pos)) if node is NULL else whole(node)
        found = attached_under(at)
        label = "" if found is None else found.name or ""
    elif type(node) is Symbol:
        label = node.name
    else:
        from pipekeras.grammar.deparse import deparse_short

        label = text(node) if type(node) is Vector else deparse_short(node)
    above = machine.global_environment
    while above.parent is not None and above.parent is not machine.base_environment:
        if above.parent.name == label:
            gone = above.parent
            above.parent = gone.parent
            return gone
        above = above.parent
    plain = label.removeprefix("package:")
    if label.startswith("package:") or plain in machine.attached:
        if plain in machine.attached:
            machine.attached.remove(plain)
        return NULL
    raise RError("invalid 'name' argument")
