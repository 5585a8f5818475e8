"""Perl's ``\\K``: what was matched before it does not belong to the match.

Python's engine has no such mark. So an empty group stands in its place, and the match is told to begin where that group is.
"""

from __future__ import annotations

import re


class KeptMatch:
    """A match that begins at the mark; its groups are counted without the one that stands for the mark."""

    def __init__(self, found: re.Match[str], pattern: KeptPattern) -> None:
        self._found = found
        self.re = pattern
        self.string = found.string

    def span(self, group: int = 0) -> tuple[int, int]:
        if group == 0:
            return max(self._found.start(self.re.mark), self._found.start()), self._found.end()
        return self._found.span(group + (group >= self.re.mark))

    def start(self, group: int = 0) -> int:
        return self.span(group)[0]

    def end(self, group: int = 0) -> int:
        return self.span(group)[1]

    def group(self, group: int = 0) -> str | None:
        begin, end = self.span(group)
        return None if begin < 0 else self.string[begin:end]


class KeptPattern:
    """A pattern with a mark, searched as a compiled one is.

    Args:
        found: the pattern with an empty group in place of the mark.
        mark: the number of that group.
    """

    def __init__(self, found: re.Pattern[str], mark: int) -> None:
        self._found = found
        self.mark = mark
        self.pattern = found.pattern
        self.groups = found.groups - 1
        self.groupindex = {name: at - (at > mark) for name, at in found.groupindex.items()}

    def search(self, text: str, place: int = 0) -> KeptMatch | None:
        found = self._found.search(text, place)
        return None if found is None else KeptMatch(found, self)
