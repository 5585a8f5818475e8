"""The order of texts: letters before case and accents, punctuation before digits before letters.

This is the root order of the Unicode collation algorithm for Latin, Greek and Cyrillic text, which R follows in every
locale but C. A program that asks for ``Sys.setlocale("LC_COLLATE", "C")`` gets the order of the code points.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

Key = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]

_MARKS = "\t\n\v\f\r \u00a0_-\u2013\u2014,;:!?.\u2026'\u2018\u2019\"\u201c\u201d()[]{}@*/\\&#%`\u00b0^\u2192+\u00d7<=>|~"
_MONEY = "$\u00a3\u20ac"
_RANKS = {mark: rank for rank, mark in enumerate(_MARKS, 1)}
_RANKS.update({mark: 900 + rank for rank, mark in enumerate(_MONEY)})
_FIRST_LETTER = 1000
_OTHER_SYMBOL = 800
_SPREAD = {
    "\u00e6": "a\u0338e", "\u00c6": "A\u0338E", "\u00f8": "o\u0338", "\u00d8": "O\u0338",
    "\u0153": "o\u0335e", "\u0152": "O\u0335E", "\u0142": "l\u0335", "\u0141": "L\u0335",
    "\u0111": "d\u0335", "\u0110": "D\u0335",
}  # fmt: skip
_PLAIN = re.compile("[0-9a-z]*")


class Collation:
    """How the running program compares texts.

    Attributes:
        by_code: order of the code points instead of the alphabet's.
    """

    by_code = False


def ordered_like_codes(texts: Iterable[str]) -> bool:
    """Whether the order of code points is the right one for these texts."""
    return Collation.by_code or _PLAIN.fullmatch("".join(texts)) is not None


@lru_cache(maxsize=65536)
def alphabet_key(text: str) -> Key:
    """Sorts as the text does: by letters, then by accents, then small before capital."""
    base: list[int] = []
    accents: list[int] = []
    cases: list[int] = []
    if not text.isascii():
        text = unicodedata.normalize("NFD", "".join(_SPREAD.get(letter, letter) for letter in text))
    for letter in text:
        if unicodedata.combining(letter):
            if accents:
                accents[-1] = accents[-1] * 4096 + ord(letter)
            continue
        rank = _RANKS.get(letter)
        if rank is None:
            if letter.isalnum():
                for small in letter.casefold():
                    base.append(_FIRST_LETTER + ord(small))
                    accents.append(0)
                    cases.append(letter != small)
                continue
            if unicodedata.category(letter) in ("Cc", "Cf"):
                continue
            rank = _OTHER_SYMBOL
            base.append(rank)
            base.append(ord(letter))
        else:
            base.append(rank)
        accents.append(0)
        cases.append(0)
    return tuple(base), tuple(accents), tuple(cases)


def sorted_texts(texts: Iterable[str]) -> list[str]:
    """Texts in order."""
    known = list(texts)
    return sorted(known) if ordered_like_codes(known) else sorted(known, key=alphabet_key)


def ranks_of(texts: Iterable[str]) -> dict[str, int]:
    """A number for every different text that sorts as the text does."""
    known = sorted_texts(set(texts))
    ranks: dict[str, int] = {}
    written_apart = not ordered_like_codes(known)
    rank, before = -1, None
    for text in known:
        # An accent may be written as a letter of its own: such texts sort as one.
        key = alphabet_key(text) if written_apart and not text.isascii() else text
        rank += key != before
        ranks[text], before = rank, key
    return ranks
