"""Texts as bytes: a byte that belongs to no character of UTF-8 stays in a text as itself, as in R."""

from __future__ import annotations

import re

_STRAY = re.compile("[\udc80-\udcff]")
"""How Python keeps such bytes in a text."""


def bytes_of(text: str) -> bytes:
    """The text in UTF-8, stray bytes as they were."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def text_of(data: bytes) -> str:
    """Bytes as text; what is no character stays a byte."""
    return data.decode("utf-8", "surrogateescape")


def is_valid(text: str) -> bool:
    """Whether a text holds characters alone."""
    return _STRAY.search(text) is None
