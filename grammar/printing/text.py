"""Strings as R shows them: escapes, the columns that characters take, padding."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

_NAMED_ESCAPES = {
    "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\a": "\\a", "\b": "\\b", "\f": "\\f", "\v": "\\v", "\0": "\\0",
}  # fmt: skip
_ZERO_WIDTH = {"Mn", "Me", "Cf"}
_SHOWN = {"Zs", "Mn", "Me", "Mc", "Cf", "Co"}
"""Categories that a terminal is given as they are, though Python calls some of them unprintable."""


def character_width(character: str) -> int:
    """Columns that one character takes: 0 for combining marks, 2 for wide ones, else 1."""
    if character < "\u0300":
        return 1 if " " <= character < "\x7f" or character >= "\xa0" else 0
    category = unicodedata.category(character)
    if category in _ZERO_WIDTH:
        return 0
    if category == "Cn":
        return 1
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def leading_columns(text: str, room: int) -> str:
    """As much of a string's begin as so many columns hold."""
    for kept, character in enumerate(text):
        room -= character_width(character)
        if room < 0:
            return text[:kept]
    return text


def text_width(text: str) -> int:
    """Columns that a string takes."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(map(character_width, text))


def escape_text(text: str, quote: str = "") -> str:
    """``text`` with backslash escapes for what cannot be shown, and within ``quote`` when that is given."""
    if text.isprintable() and "\\" not in text and (not quote or quote not in text):
        return quote + text + quote
    out = []
    for character in text:
        if character == quote and quote:
            out.append("\\" + character)
        elif character in _NAMED_ESCAPES:
            out.append(_NAMED_ESCAPES[character])
        elif character < " " or character == "\x7f":
            out.append(f"\\{ord(character):03o}")
        elif character.isprintable() or unicodedata.category(character) in _SHOWN:
            out.append(character)
        elif "\udc80" <= character <= "\udcff":
            out.append(f"\\x{ord(character) - 0xDC00:02x}")
        elif ord(character) <= 0xFFFF:
            out.append(f"\\u{ord(character):04x}")
        else:
            out.append(f"\\U{{{ord(character):06x}}}")
    return quote + "".join(out) + quote


def pad_text(text: str, width: int, justify: str = "left") -> str:
    """``text`` brought to ``width`` columns; ``justify`` is left, right or centre."""
    lack = width - text_width(text)
    if lack <= 0 or justify == "none":
        return text
    if justify == "left":
        return text + " " * lack
    if justify == "right":
        return " " * lack + text
    return " " * (lack // 2) + text + " " * (lack - lack // 2)


def show_strings(values: Iterable[str | None], quote: bool, na_text: str | None = None) -> list[str]:
    """Strings escaped and quoted for printing, not padded."""
    missing = na_text if na_text is not None else ("NA" if quote else "<NA>")
    mark = '"' if quote else ""
    return [missing if value is None else escape_text(value, mark) for value in values]


def common_width(texts: Sequence[str]) -> int:
    """The columns of the widest text."""
    return max(map(text_width, texts), default=0)
