r"""What of Perl's dialect Python's engine has no mark for: ``\K``, ``\G``, and groups that share a number.

What was matched before ``\K`` does not belong to the match: an empty group stands in its place, and the match is told to begin
where that group is. A pattern that begins with ``\G`` matches where the search begins, or nowhere. The groups in alternatives
of ``(?|`` are numbered alike: they are groups of their own here, of which the one that took part is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence


class KeptMatch:
    """A match told as Perl tells it: from its mark on, by Perl's numbers of its groups."""

    def __init__(self, found: re.Match[str], pattern: KeptPattern) -> None:
        self._found = found
        self.re = pattern
        self.string = found.string

    def span(self, group: int = 0) -> tuple[int, int]:
        if group == 0:
            begin = self._found.start()
            return max(self._found.start(self.re.mark), begin) if self.re.mark else begin, self._found.end()
        spans = map(self._found.span, self.re.numbers[group])
        return next((span for span in spans if span[0] >= 0), (-1, -1))

    def start(self, group: int = 0) -> int:
        return self.span(group)[0]

    def end(self, group: int = 0) -> int:
        return self.span(group)[1]

    def group(self, group: int = 0) -> str | None:
        begin, end = self.span(group)
        return None if begin < 0 else self.string[begin:end]


class KeptPattern:
    """A pattern with marks of Perl's, searched as a compiled one is.

    Args:
        found: the pattern with an empty group in place of ``\\K``.
        mark: the number of that group, 0 where there is none.
        numbers: by Perl's number of a group the numbers that it has here.
        continues: whether a match begins where the search does.
    """

    def __init__(self, found: re.Pattern[str], mark: int, numbers: Sequence[Sequence[int]], continues: bool) -> None:
        self._search = found.match if continues else found.search
        self.mark = mark
        self.numbers = numbers
        self.pattern = found.pattern
        self.groups = len(numbers) - 1
        self.groupindex = {name: next(at for at, own in enumerate(numbers) if given in own)
                           for name, given in found.groupindex.items()}  # fmt: skip

    def search(self, text: str, place: int = 0) -> KeptMatch | None:
        found = self._search(text, place)
        return None if found is None else KeptMatch(found, self)
