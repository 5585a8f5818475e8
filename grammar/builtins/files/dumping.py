"""Values as code: dput, dget, dump."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY, builtin, call_function, warn, write
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.machine import evaluate
from pipekeras.grammar.values import NULL, Vector, character
from pipekeras.grammar.vectors.arguments import text

Dots = list[tuple[str | None, Any]]


def code_lines(value: Any, control: Any) -> list[str]:
    """Lines of code that make the value, keeping what R's `control` names."""
    from pipekeras.grammar.deparse import DEFAULT_OPTIONS, controlled, deparse_lines

    words = [] if control is NULL else [str(word) for word in control.items()]
    return deparse_lines(value, controlled(DEFAULT_OPTIONS, words))


@builtin("dput", "x, file = '', control = c('keepNA', 'keepInteger', 'niceNames', 'showAttributes')", invisible=True)
def dput(x: Any, file: Any, control: Any) -> Any:
    lines = code_lines(x, control)
    if type(file) is Vector and file.kind == "character" and text(file) == "":
        write("\n".join(lines) + "\n")
    else:
        call_function(REGISTRY["writeLines"], [(None, character(lines)), (None, file)])
    return x


@builtin("dget", "file, keep.source = FALSE", needs_environment=True)
def dget(file: Any, keep: Any, *, environment: Environment) -> Any:
    from pipekeras.grammar.parse import parse_text

    lines = call_function(REGISTRY["readLines"], [(None, file)])
    value: Any = NULL
    for expression in parse_text("\n".join(str(line) for line in lines.items())):
        value = evaluate(expression, environment)
    return value


@builtin(
    "dump", "list, file = 'dumpdata.R', append = FALSE, control = 'all', envir, evaluate = TRUE",
    needs_environment=True, invisible=True,
)
def dump(names: Any, file: Any, append: Any, control: Any, envir: Any = None, forced: Any = None,
         *, environment: Environment) -> Any:
    place = envir if type(envir) is Environment else environment
    lines: list[str] = []
    found: list[str] = []
    wanted = [str(name) for name in names.items()]
    if all(place.get(name) is None for name in wanted):
        return character([])
    for name in wanted:
        value = place.get(name)
        if value is None:
            warn(f"object '{name}' not found")
            continue
        found.append(name)
        lines += [f"{name} <-", *code_lines(value, control)]
    if type(file) is Vector and file.kind == "character" and text(file) == "":
        write("\n".join(lines) + "\n")
    else:
        words = character("\n".join(lines) + "\n")
        call_function(REGISTRY["cat"], [(None, words), ("file", file), ("append", append)])
    return character(found)
