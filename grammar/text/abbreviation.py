"""Texts shortened as R's `abbreviate` does it: lower case vowels go first, then other lower case letters, ends first."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def abbreviated(text: str, length: int, by_class: bool = True) -> str:
    """One text brought to a length, the beginnings of its words kept as long as possible.

    Args:
        text: what to shorten.
        length: characters to come down to, spaces not counted.
        by_class: whether lower case vowels and then lower case letters go before anything else.
    """
    stripped = text.lstrip(" ")
    if len(stripped) <= length:
        return stripped
    letters = list(stripped.rstrip() or stripped[:1])
    spaces = sum(letter.isspace() for letter in letters[1:])

    def short_enough() -> bool:
        return len(letters) - spaces <= length

    def thin_out(goes: Callable[[str], bool], may_go: Callable[[int], bool]) -> None:
        for at in range(len(letters) - 1, 0, -1):
            if short_enough():
                return
            if goes(letters[at]) and may_go(at):
                del letters[at]

    def within_word(at: int) -> bool:
        return not letters[at - 1].isspace()

    def ends_word(at: int) -> bool:
        return within_word(at) and (at + 1 == len(letters) or letters[at + 1].isspace())

    if by_class:
        for goes in (_is_lower_vowel, str.islower):
            thin_out(goes, ends_word)
            thin_out(goes, within_word)
    thin_out(lambda letter: not letter.isspace(), within_word)
    if len(letters) > length:
        letters[1:] = [letter for letter in letters[1:] if not letter.isspace()]
    return "".join(letters)


_VOWELS = frozenset("aeiouàáãäåèéêëìíîïòóôõöøùúûüāăąēĕėĘěĩīĭį\u0131ōŏőũūŭůűų")
"""What R drops first: it knows no â and ę."""


def _is_lower_vowel(letter: str) -> bool:
    return letter in _VOWELS


def told_apart(texts: Sequence[str], length: int, by_class: bool, both_sides: bool) -> list[str]:
    """Different texts shortened so far only that they stay different.

    Args:
        texts: what to shorten, each once.
        length: characters to come down to where that keeps them apart.
        by_class: as for `abbreviated`.
        both_sides: whether a text that looks like an earlier one is tried from its end before it is left longer.
    """
    made = list(texts)
    pending = list(range(len(texts)))
    while pending:
        for at in pending:
            made[at] = abbreviated(texts[at], length, by_class)
        again = _repeated(made)
        if again and both_sides:
            for at in again:
                made[at] = abbreviated(texts[at][::-1], length, by_class)[::-1]
            again = _repeated(made)
        length += 1
        shared = {made[at] for at in again}
        pending = [at for at, text in enumerate(made) if text in shared]
        if length > 1 + max(map(len, texts), default=0):
            break
    return made


def _repeated(texts: Sequence[str]) -> list[int]:
    """Places of texts that stand before, too."""
    seen: set[str] = set()
    found = []
    for at, text in enumerate(texts):
        if text in seen:
            found.append(at)
        seen.add(text)
    return found
