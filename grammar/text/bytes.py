"""Texts as bytes: a byte that belongs to no character of UTF-8 stays in a text as itself, as in R."""

from __future__ import annotations

import re

_STRAY = re.compile("[\udc80-\udcff]")
"""How Python keeps such bytes in a text."""


class Latin1(str):
    """A text that is declared to lie in memory in Latin-1: it reads as any other, but has one byte for each letter."""


class Octets(str):
    """A text that is declared to be bytes of no encoding: beyond ASCII it reads as their numbers."""

    def __new__(cls, data: bytes) -> Octets:
        """The text that these bytes are shown as."""
        made = super().__new__(cls, "".join(chr(byte) if byte < 128 else f"\\x{byte:02x}" for byte in data))
        made.data = data
        return made

    data: bytes


def bytes_of(text: str) -> bytes:
    """The text in UTF-8, stray bytes as they were."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def text_of(data: bytes) -> str:
    """Bytes as text; what is no character stays a byte."""
    return data.decode("utf-8", "surrogateescape")


def bytes_in_memory(text: str) -> bytes:
    """The bytes that `charToRaw` shows: those of the encoding that the text is declared to be in."""
    if isinstance(text, Octets):
        return text.data
    return text.encode("latin-1") if isinstance(text, Latin1) else bytes_of(text)


def is_valid(text: str) -> bool:
    """Whether a text holds characters alone."""
    return _STRAY.search(text) is None
