"""Alternatives of the extended dialect: of all that match at a place the longest counts, not the first.

Python's engine takes the first alternative that leads to a match. So a pattern with alternatives is compiled several times:
once as it is, which finds where the leftmost match begins, and once for every choice of alternatives, where the others
cannot match. The longest of what these find at that place is the match.

TRE knows one way only in which alternatives match nothing at all: that of the first one that can. `^|$` therefore never
matches at the end of a text, and `^\\s*|\\s*$` does so only where there is space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product

_MOST_CHOICES = 24
_NEVER = "(?!)"
_PROBES = ("", "a", " ")


class Alternation:
    """Where the alternatives of one group begin in a list of tokens, and whether it spans the whole pattern."""

    def __init__(self, begin: int, whole: bool) -> None:
        self.begins = [begin]
        self.end = begin
        self.whole = whole


def alternations(tokens: Sequence[str]) -> list[Alternation]:
    """All groups of a pattern that have alternatives; the pattern itself is one, and so is a group around all of it."""
    found: list[Alternation] = []
    open_groups = [Alternation(0, True)]
    for at, token in enumerate(tokens):
        if token == "(" or (token.startswith("(?") and not token.endswith(")")):
            open_groups.append(Alternation(at + 1, open_groups[-1].whole and at == open_groups[-1].begins[0]))
        elif token and not token.strip(")"):
            for _ in token:
                closed = open_groups.pop()
                closed.end = at
                # What follows the group belongs to the pattern, and the group is then but a part of it.
                closed.whole = closed.whole and not any(tokens[at + 1 :])
                found.append(closed)
        elif token == "|":
            open_groups[-1].begins.append(at + 1)
    outermost = open_groups[0]
    outermost.end = len(tokens)
    found.append(outermost)
    return [group for group in found if len(group.begins) > 1]


def _is_plain(tokens: Sequence[str]) -> bool:
    return all(len(token) == 1 and (token.isalnum() or token == " ") for token in tokens) and bool(tokens)


def needs_choice(tokens: Sequence[str]) -> bool:
    """Whether a pattern has alternatives other than plain words of which no one begins another or nothing follows."""
    for group in alternations(tokens):
        ends = [*(begin - 1 for begin in group.begins[1:]), group.end]
        parts = [tokens[begin:end] for begin, end in zip(group.begins, ends, strict=True)]
        if not all(map(_is_plain, parts)):
            return True
        words = ["".join(part) for part in parts]
        if not group.whole and any(one != other and one.startswith(other) for one in words for other in words):
            return True
    return False


class LongestPattern:
    """A pattern with alternatives, searched as the extended dialect does.

    Args:
        tokens: the pattern in Python's syntax, one token each for brackets, quantifiers and the marks of groups.
        flags: how Python is to compile it.
    """

    def __init__(self, tokens: Sequence[str], flags: re.RegexFlag) -> None:
        self._any = re.compile("".join(tokens), flags)
        self.pattern = self._any.pattern
        self.groups = self._any.groups
        self.groupindex = self._any.groupindex
        groups = alternations(tokens)
        self._choices = [re.compile(text, flags) for text in _choices(tokens, groups)]
        self._empty: re.Pattern[str] | None = None
        outer = next((group for group in groups if group.whole), None)
        self._bounded = outer is not None
        if outer is not None:
            alone = (re.compile(_chosen(tokens, [(outer, k)]), flags) for k in range(len(outer.begins)))
            self._empty = next((one for one in alone if _matches_nothing(one)), None)

    def search(self, text: str, place: int = 0) -> re.Match[str] | None:
        """The leftmost match from a place on, and of those that begin there the longest."""
        while place <= len(text):
            first = self._any.search(text, place)
            if first is None:
                return None
            place = first.start()
            best = first if first.end() > place else None
            for choice in self._choices:
                match = choice.match(text, place)
                if match is not None and match.end() > (place if best is None else best.end()):
                    best = match
            if best is not None:
                return best
            if not self._bounded:
                return first
            nothing = None if self._empty is None else self._empty.match(text, place)
            if nothing is not None and nothing.end() == place:
                return nothing
            place += 1
        return None


def _choices(tokens: Sequence[str], groups: list[Alternation]) -> Iterator[str]:
    total = 1
    for group in groups:
        total *= len(group.begins)
    if total <= _MOST_CHOICES:
        for picks in product(*(range(len(group.begins)) for group in groups)):
            yield _chosen(tokens, list(zip(groups, picks, strict=True)))
        return
    for group in groups:
        for pick in range(len(group.begins)):
            yield _chosen(tokens, [(group, pick)])


def _chosen(tokens: Sequence[str], picks: list[tuple[Alternation, int]]) -> str:
    """The pattern where of each group one alternative is left; all groups keep their numbers."""
    blocked = {begin for group, pick in picks for k, begin in enumerate(group.begins) if k != pick}
    # An alternative may be empty, so that what blocks it stands in front of what ends it.
    return "".join((_NEVER if at in blocked else "") + token for at, token in enumerate([*tokens, ""]))


def _matches_nothing(pattern: re.Pattern[str]) -> bool:
    places = ((probe, place) for probe in _PROBES for place in range(len(probe) + 1))
    return any((match := pattern.match(probe, place)) is not None and match.end() == place for probe, place in places)
