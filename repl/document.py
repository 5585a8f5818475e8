"""R Markdown and Quarto documents as programs: their chunks of R in order, each line where it stands in the document.

What is no R becomes empty lines, so the places in errors are those of the document. Chunks that are marked
`eval = FALSE` are left out, as they are when the document is rendered. Parameters of the document's head are `params`.
"""

from __future__ import annotations

import json
import re
from typing import Any

from pipekeras.repl.source import SourceError

_BEGIN = re.compile(r"^(?P<margin>[ \t>]*)(?P<fence>`{3,})[ \t]*\{[ \t]*(?P<engine>[A-Za-z0-9_]+)(?P<options>.*)\}[ \t]*$")
_FENCE = re.compile(r"^[ \t>]*(?P<fence>`{3,})[ \t]*(?P<rest>.*)$")
_EVAL = re.compile(r"(?<![\w.])eval[ \t]*=[ \t]*(?P<value>[^,}]+)")
_COMMENTED_EVAL = re.compile(r"^[ \t>]*#\|[ \t]*eval[ \t]*:[ \t]*(?P<value>.+?)[ \t]*$")
_WORDS = {"TRUE": True, "T": True, "true": True, "yes": True, "FALSE": False, "F": False, "false": False, "no": False}
_COMPUTING = frozenset(("python", "bash", "sh", "sql", "julia", "stan", "Rcpp", "octave", "perl", "ruby", "node"))


def program_of_document(text: str, name: str) -> str:
    """The program in a document's text.

    Args:
        text: the document.
        name: of its file, for errors.

    Returns:
        As many lines as the document has; those outside of chunks of R are empty.

    Raises:
        SourceError: a chunk has no end, says by an expression whether it is evaluated, or there is no chunk of R.
    """
    lines = text.split("\n")
    program = [""] * len(lines)
    found = False
    number = _head(lines, program, name)
    while number < len(lines):
        begin = _BEGIN.match(lines[number])
        fence = _FENCE.match(lines[number])
        if begin is None and fence is None:
            number += 1
            continue
        end = _end_of(lines, number, (begin or fence)["fence"])  # type: ignore[index]
        if begin is not None:
            if end is None:
                raise SourceError(f"a chunk of '{name}' has no end", "close it with a line of ```", _place(lines, number, name))
            engine = begin["engine"]
            if engine in ("r", "R"):
                found = True
                if _is_evaluated(lines, number, end, begin["options"], name):
                    margin = len(begin["margin"])
                    program[number + 1 : end] = [_within(line, margin) for line in lines[number + 1 : end]]
            elif engine in _COMPUTING:
                program[number] = f'message("{engine} code in line {number + 1} is left out")'
        number = len(lines) if end is None else end + 1
    if not found:
        raise SourceError(f"'{name}' holds no chunk of R", "a chunk begins with a line ```{r} and ends with a line ```")
    return "\n".join(program)


def _head(lines: list[str], program: list[str], name: str) -> int:
    """Write the parameters of the document's head into the program; return the line behind the head."""
    if not lines or lines[0].rstrip() != "---":
        return 0
    end = next((number for number in range(1, len(lines)) if lines[number].rstrip() in ("---", "...")), None)
    begin = next((number for number in range(1, end or 0) if lines[number].startswith("params:")), None)
    if end is None or begin is None:
        return 0 if end is None else end + 1
    import yaml

    try:
        head = yaml.safe_load("\n".join(lines[1:end]))
    except yaml.YAMLError as error:
        reason = str(error).splitlines()[0]
        raise SourceError(f"the head of '{name}' cannot be read: {reason}", None, _place(lines, begin, name)) from None
    given = head["params"] or {}
    if not isinstance(given, dict):
        raise SourceError(f"the parameters of '{name}' have no names", "write a line `name: value` for each",
                          _place(lines, begin, name))
    parts = [f"`{key}` = {_literal(_value(value))}" for key, value in given.items()]
    program[begin] = f"params <- list({', '.join(parts)})"
    return end + 1


def _value(given: Any) -> Any:
    """A parameter may be described: its value, a label and how it is asked for."""
    return given.get("value") if isinstance(given, dict) else given


def _literal(value: Any) -> str:
    """A value as the language writes it."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return f"{value}L" if abs(value) < 2**31 else f"{value}"
    if isinstance(value, float):
        return repr(value).replace("inf", "Inf").replace("nan", "NaN")
    if isinstance(value, list):
        return f"c({', '.join(map(_literal, value))})"
    return json.dumps(str(value), ensure_ascii=False)


def _end_of(lines: list[str], begin: int, fence: str) -> int | None:
    """The line that closes a fenced block: as many backticks or more, and nothing else."""
    for number in range(begin + 1, len(lines)):
        match = _FENCE.match(lines[number])
        if match is not None and not match["rest"] and len(match["fence"]) >= len(fence):
            return number
    return None


def _within(line: str, margin: int) -> str:
    """A line of a chunk that stands in a list or a quotation, without the quotation's marks."""
    return line[:margin].replace(">", " ") + line[margin:]


def _is_evaluated(lines: list[str], begin: int, end: int, options: str, name: str) -> bool:
    given = [(begin, match["value"].strip()) for match in _EVAL.finditer(options)]
    for number in range(begin + 1, end):
        match = _COMMENTED_EVAL.match(lines[number])
        if match is not None:
            given.append((number, match["value"]))
    for number, value in given:
        if value not in _WORDS:
            raise SourceError(
                f"whether a chunk of '{name}' is evaluated cannot be told before it runs: {value}",
                "write eval = TRUE or eval = FALSE", _place(lines, number, name),
            )  # fmt: skip
    return all(_WORDS[value] for _, value in given)


def _place(lines: list[str], number: int, name: str) -> str:
    return f"  {name}:{number + 1}:1   {lines[number]}"
