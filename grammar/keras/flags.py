"""Flags: numbers and texts of a program that its command line, or a file, may set to others."""

from __future__ import annotations

import os
from typing import Any

from pipekeras.grammar import external
from pipekeras.grammar.builtins.registry import machine
from pipekeras.grammar.errors import RError
from pipekeras.grammar.keras.names import word
from pipekeras.grammar.values import NULL, Vector, character, double, integer, logical, mk_list, names_of


def _flag(kind: str) -> None:
    @word(f"flag_{kind}", "name, default, description = NULL")
    def make(name: Any, default: Any, description: Any) -> Any:
        words = NULL if description is NULL else description
        return mk_list([character(kind), name, _valued(kind, default), words], ["type", "name", "default", "description"])

    make.__doc__ = f"""Declare a flag for flags(): {kind}.

    Args:
        name: text, what `--name` on the command line sets.
        default: value when nobody sets it.
        description: text.
    """


for _kind in ("numeric", "integer", "boolean", "string"):
    _flag(_kind)

_TRUE = ("true", "t", "yes", "1")
_FALSE = ("false", "f", "no", "0")


def _valued(kind: str, value: Any) -> Any:
    """Return a value in the type of its flag."""
    plain = external.to_python(value) if not isinstance(value, str | int | float | bool | None) else value
    if plain is None:
        return NULL
    if isinstance(plain, list):
        return mk_list([_valued(kind, item) for item in plain])
    try:
        if kind == "numeric":
            return double(float(plain))
        if kind == "integer":
            return integer(int(float(plain)))
    except (TypeError, ValueError):
        raise RError(f"a flag of type {kind} can't be {plain!r}") from None
    if kind == "string":
        return character(str(plain))
    text = str(plain).lower()
    if text not in _TRUE + _FALSE:
        raise RError(f"a flag of type boolean can't be {plain!r}", mend="write TRUE or FALSE")
    return logical(text in _TRUE)


def _from_file(file: str, config: str) -> dict[str, Any]:
    if not os.path.isfile(file):
        return {}
    import yaml

    with open(file, encoding="utf-8") as stream:
        found = yaml.safe_load(stream) or {}
    if not isinstance(found, dict):
        raise RError(f"{file} must hold names and values")
    if isinstance(found.get("default"), dict):
        chosen = found.get(config)
        return {**found["default"], **(chosen if isinstance(chosen, dict) else {})}
    return found


def _from_arguments(arguments: list[str]) -> dict[str, str]:
    """Return what `--name value` and `--name=value` say; a lonely `--name` means true."""
    found: dict[str, str] = {}
    place = 0
    while place < len(arguments):
        argument = arguments[place]
        place += 1
        if not argument.startswith("--"):
            continue
        name, equals, value = argument[2:].partition("=")
        if not equals:
            value = "TRUE"
            if place < len(arguments) and not arguments[place].startswith("--"):
                value = arguments[place]
                place += 1
        found[name.replace("-", "_")] = value
    return found


@word("flags", "..., config = NULL, file = 'flags.yml', arguments = NULL")
def flags(dots: Any, config: Any, file: Any, arguments: Any) -> Any:
    """Return the values of flags as a list: of the command line, else of a file, else their defaults.

    Args:
        ...: flag_numeric(), flag_integer(), flag_boolean(), flag_string().
        config: section of the file, default that of $R_CONFIG_ACTIVE.
        file: YAML file of values, default flags.yml where it exists.
        arguments: character vector, default the program's command line.
    """
    section = os.environ.get("R_CONFIG_ACTIVE", "default") if config is NULL else str(config.items()[0])
    stored = {} if file is NULL else _from_file(os.path.expanduser(str(file.items()[0])), section)
    session = machine.session
    line = list(session.arguments) if session is not None else []
    run = session.store.get("run") if session is not None else None
    said: dict[str, Any] = _from_arguments([str(item) for item in arguments.items()] if arguments is not NULL else line)
    if run is not None:
        said = {**said, **run["flags"]}
    values: list[Any] = []
    names: list[str] = []
    for _, flag in dots:
        parts = dict(zip([str(name) for name in names_of(flag) or []], flag.data, strict=True)) if isinstance(
            flag, Vector) and flag.kind == "list" else {}  # fmt: skip
        if "type" not in parts:
            raise RError("flags() takes flag_numeric(), flag_integer(), flag_boolean() and flag_string()")
        kind, name = str(parts["type"].items()[0]), str(parts["name"].items()[0])
        names.append(name)
        if name in said:
            values.append(_valued(kind, said[name]))
        else:
            values.append(_valued(kind, stored[name]) if name in stored else parts["default"])
    if run is not None:
        run["flags"] = {name: external.to_python(value) for name, value in zip(names, values, strict=True)}
    return mk_list(values, names)
