"""Values that cannot be what a parameter's type says: texts for numbers, numbers for texts.

The runtime's classes keep most options until training begins; who wrote `patience = "a lot"` should hear of it at once,
and `check`, which never trains, should too.
"""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.errors import RError
from pipekeras.grammar.values import Vector

_MEANT = {"int": "a whole number", "float": "a number", "bool": "TRUE or FALSE", "str": "a text", "None": "NULL"}
_GROUPS = {
    "int": "number", "float": "number", "bool": "number", "str": "character", "os.PathLike[str]": "character",
}  # fmt: skip
"""What a part of a type takes; of numbers and TRUE or FALSE any serves for any, as in R."""
_KINDS = {
    "logical": "number", "integer": "number", "double": "number", "complex": "number", "character": "character",
    "closure": "function", "builtin": "function", "special": "function",
}  # fmt: skip


def check_kind(word: str, label: str, annotation: Any, value: Any) -> None:
    """Raise an RError where a value of the language is of a kind that the parameter's type excludes.

    Only types made of numbers, TRUE or FALSE, texts, functions and NULL exclude anything.

    Args:
        word: the word of the language, for the message.
        label: the parameter's name in the language.
        annotation: the parameter's type as text.
        value: value of the language.
    """
    group = _KINDS.get(getattr(value, "kind", ""))
    parts = _parts(str(annotation))
    known = [part for part in parts if part != "None"]
    if group is None or not known:
        return
    taken = {"function" if part.startswith("Callable[") else _GROUPS.get(part, "anything") for part in known}
    if group in taken or "anything" in taken:
        return
    shown = [part for part in parts if part != "os.PathLike[str]" and not (part == "int" and "float" in parts)]
    meant = [_MEANT.get(part, "a function") for part in shown]
    raise RError(f"{word}(): {label} must be {' or '.join(meant)}, not {_shown(value)}", mend=_mend(label, taken, known, value))


def _parts(annotation: str) -> list[str]:
    """The types joined by `|`, but not inside of brackets."""
    found, depth = [""], 0
    for letter in annotation.replace(" | ", "|"):
        depth += (letter == "[") - (letter == "]")
        if letter == "|" and not depth:
            found.append("")
        else:
            found[-1] += letter
    return found


def _shown(value: Any) -> str:
    from pipekeras.grammar.deparse import deparse_short

    return deparse_short(value) if type(value) is Vector else "a function"


def _mend(label: str, taken: set[str], known: list[str], value: Any) -> str:
    text = str(value.items()[0]) if type(value) is Vector and len(value) == 1 else ""
    if known == ["bool"]:
        return f"write {label} = TRUE or {label} = FALSE, without quotes"
    if "character" in taken:
        return f'write the text in quotes: {label} = "..."'
    if "function" in taken:
        return f"give {label} a function, without quotes or a call"
    try:
        float(text)
    except ValueError:
        return f"give {label} a number, without quotes"
    return f"write {label} = {text}, without quotes"
