"""What may stand at the cursor: names, the arguments of the call around it, the members of an object."""

from __future__ import annotations

import os
import re
from typing import Any, NamedTuple

from pipekeras.grammar.environment import ActiveBinding, Environment
from pipekeras.grammar.help import bound_names, parameters_of
from pipekeras.grammar.layout import drop_newlines
from pipekeras.grammar.lexer import KEYWORDS, Token, tokenize
from pipekeras.grammar.spelling import quote_name
from pipekeras.grammar.values import ExternalObject, Promise, Vector, names_of

_CHAIN = re.compile(r"(?P<owner>[\w.]+(?:[$@][\w.]+)*)[$@](?P<prefix>[\w.]*)\Z")
_WORD = re.compile(r"(?P<word>[\w.]*)\Z")
_MOST_FILES = 5000
_OPENERS = frozenset(("OPEN", "OPEN_BRACKET", "OPEN_DOUBLE", "OPEN_BRACE"))
_CLOSERS = frozenset(("CLOSE", "CLOSE_BRACKET", "CLOSE_BRACE"))


class Completion(NamedTuple):
    """One thing that may stand at the cursor.

    Attributes:
        text: what to insert.
        start: how far before the cursor it begins, as a negative number.
        kind: "argument", "member", "function", "value", "word", "file" or "folder".
    """

    text: str
    start: int
    kind: str


def completions(before: str, environment: Environment) -> list[Completion]:
    """Everything that may complete the text before the cursor, best first.

    Args:
        before: the input up to the cursor.
        environment: where names are looked up; nothing is evaluated.
    """
    tokens = tokenize(before)
    if tokens and tokens[-1][0] == "INCOMPLETE_STRING":
        quote, start = tokens[-1][1], tokens[-1][2]
        return [] if quote == "`" else _paths(before[start + len(quote) :])
    if _in_comment(before):
        return []
    chain = _CHAIN.search(before)
    if chain is not None:
        return _members(chain["owner"], chain["prefix"], environment)
    match = _WORD.search(before)
    prefix = match["word"] if match else ""
    if prefix[:1].isdigit():
        return []
    found = _arguments(tokens, prefix, environment)
    if prefix:
        found += _names(prefix, environment)
    return found


def enclosing_call(tokens: list[Token]) -> tuple[str | None, list[str]]:
    """Name of the function whose arguments the text ends in, and the names of arguments already given."""
    depth = 0
    given: list[str] = []
    for index in range(len(tokens) - 1, -1, -1):
        kind, text = tokens[index][:2]
        if kind in _CLOSERS:
            depth += 1
        elif kind in _OPENERS:
            if depth:
                depth -= 2 if kind == "OPEN_DOUBLE" and depth > 1 else 1
                continue
            if kind != "OPEN" or not index or tokens[index - 1][0] != "SYMBOL":
                return None, []
            return tokens[index - 1][1].strip("`"), given
        elif kind == "EQUALS" and not depth and index and tokens[index - 1][0] == "SYMBOL":
            given.append(tokens[index - 1][1])
        elif kind == "SEMICOLON" and not depth:
            return None, []
        del text
    return None, []


def _paths(written: str) -> list[Completion]:
    """Files and folders whose paths begin as the text in quotes does; hidden ones when their dot is written."""
    if "\n" in written or "\\" in written or "://" in written:
        return []
    folder, prefix = os.path.split(written)
    if not folder and prefix in ("", "~"):
        folder, prefix = ("~", "") if prefix else ("", "")
    try:
        entries = sorted(os.scandir(os.path.expanduser(folder) or "."), key=lambda entry: entry.name)
    except OSError:
        return []
    found = []
    for entry in entries[:_MOST_FILES]:
        name = entry.name
        if name.startswith(prefix) and (prefix.startswith(".") or not name.startswith(".")) and not set(name) & set("\\\"'\n"):
            is_folder = entry.is_dir()
            found.append(Completion(name + "/" * is_folder, -len(prefix), "folder" if is_folder else "file"))
    return found


def _in_comment(before: str) -> bool:
    line = before[before.rfind("\n") + 1 :]
    if "#" not in line:
        return False
    tokens = tokenize(before)
    end = tokens[-1][3] if tokens else 0
    return "#" in before[end:]


def _arguments(tokens: list[Token], prefix: str, environment: Environment) -> list[Completion]:
    shown = drop_newlines(tokens, 0)[:-1]
    if prefix and shown and shown[-1][0] in ("SYMBOL", "CONSTANT", *KEYWORDS.values()):
        shown = shown[:-1]
    if not shown or shown[-1][0] not in ("OPEN", "COMMA"):
        return []
    name, given = enclosing_call(shown)
    if name is None:
        return []
    function = environment.get_function(name)
    return [
        Completion(f"{quote_name(parameter)} = ", -len(prefix), "argument")
        for parameter, _ in parameters_of(function)
        if parameter.startswith(prefix) and parameter != "..." and parameter not in given
    ]


def _names(prefix: str, environment: Environment) -> list[Completion]:
    found: dict[str, str] = {}
    scope: Environment | None = environment
    while scope is not None:
        for name in bound_names(scope):
            if name.startswith(prefix) and name not in found and not name.endswith("<-"):
                found[name] = "word" if name in KEYWORDS else _kind_of(scope, name)
        scope = scope.parent
    for word in KEYWORDS:
        if word.startswith(prefix):
            found.setdefault(word, "word")
    return [
        Completion(name if name in KEYWORDS else quote_name(name), -len(prefix), found[name]) for name in sorted(found)
    ]


def _kind_of(scope: Environment, name: str) -> str:
    # dict.get: a frame that makes its bindings when they are asked for is not asked.
    value = dict.get(scope.frame, name)
    if value is None or isinstance(value, Promise):
        return "function"
    return "function" if getattr(value, "kind", "") in ("closure", "builtin", "special") else "value"


def _members(owner: str, prefix: str, environment: Environment) -> list[Completion]:
    parts = re.split(r"[$@]", owner)
    value = _plain(environment.get(parts[0]) if _bound(environment, parts[0]) else None)
    for part in parts[1:]:
        value = _plain(_member(value, part))
        if value is None:
            return []
    return [
        Completion(quote_name(name), -len(prefix), "member") for name in _member_names(value) if name.startswith(prefix)
    ]


def _bound(environment: Environment, name: str) -> bool:
    return environment.find(name) is not None


def _plain(value: Any) -> Any:
    """The value, unless looking at it would run code."""
    if isinstance(value, ActiveBinding):
        return None
    return value.value if isinstance(value, Promise) else value


def _member(value: Any, name: str) -> Any:
    if isinstance(value, Environment):
        return value.frame.get(name)
    if isinstance(value, Vector) and value.kind == "list":
        names = names_of(value) or []
        return value.items()[names.index(name)] if name in names else None
    if isinstance(value, ExternalObject):
        target = getattr(type(value.value), name, None)
        if isinstance(target, property) and name not in vars(value.value):
            return None
        found = getattr(value.value, name, None)
        return found if found is None else ExternalObject(found)
    return None


def _member_names(value: Any) -> list[str]:
    if isinstance(value, Environment):
        return sorted(name for name in value.frame if not name.startswith("."))
    if isinstance(value, Vector):
        return [name for name in names_of(value) or [] if name]
    if isinstance(value, ExternalObject):
        from pipekeras.grammar.external import adapter_of

        return adapter_of(value.value).names(value.value)
    return []
