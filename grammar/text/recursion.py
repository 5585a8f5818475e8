"""Perl patterns that call themselves, ``(?R)`` and ``(?1)``, written out to a depth that texts seldom go beyond.

Python's engine knows no recursion. A call is replaced by what it calls, in which calls are replaced again, and the innermost
one never matches.
"""

from __future__ import annotations

import re

_CALL = re.compile(r"\(\?(?:(R|0)|([1-9]\d?)|&(\w+)|P>(\w+))\)")
_PART = re.compile(r"\\.|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]|\(\?P?<\w+>|\(\?P?'\w+'|\(\?|\(|\)", re.DOTALL)
_MOST_LEVELS = 12
_MOST_LETTERS = 12000


def calls_itself(pattern: str) -> bool:
    """Whether a pattern has a call of itself or of a group."""
    return _CALL.search(pattern) is not None


def written_out(pattern: str) -> str:
    """The pattern with its calls written out; what they match is not captured."""
    bodies = _bodies(pattern)

    def body_of(call: re.Match[str]) -> str | None:
        name = call[2] or call[3] or call[4]
        return _without_captures(pattern) if name is None else bodies.get(name)

    inner: dict[str, str] = {}
    for call in _CALL.finditer(pattern):
        called = body_of(call)
        if called is None:
            return pattern
        inner[call[0]] = called
    made = dict.fromkeys(inner, "(?!)")
    for _ in range(_MOST_LEVELS):
        further = {call: "(?:" + _filled(body, made) + ")" for call, body in inner.items()}
        if sum(map(len, further.values())) > _MOST_LETTERS:
            break
        made = further
    return _filled(pattern, made)


def _filled(text: str, known: dict[str, str]) -> str:
    return _CALL.sub(lambda call: known[call[0]], text)


def _bodies(pattern: str) -> dict[str, str]:
    """What every capturing group holds, by its number and by its name, with no captures of its own."""
    found: dict[str, str] = {}
    opened: list[tuple[list[str], int]] = []
    count = 0
    for part in _PART.finditer(pattern):
        if part[0].startswith("("):
            named = re.match(r"\(\?P?[<'](\w+)", part[0])
            labels = []
            if part[0] == "(" or named:
                count += 1
                labels = [str(count), *(named.groups() if named else ())]
            opened.append((labels, part.end()))
        elif part[0] == ")" and opened:
            labels, begin = opened.pop()
            found.update(dict.fromkeys(labels, _without_captures(pattern[begin : part.start()])))
    return found


def _without_captures(text: str) -> str:
    def opened(part: re.Match[str]) -> str:
        return "(?:" if part[0] == "(" or re.match(r"\(\?P?[<']\w", part[0]) else part[0]

    return _PART.sub(opened, text)
