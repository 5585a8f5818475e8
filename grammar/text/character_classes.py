"""Sets of characters in Python's class syntax: POSIX names and Unicode properties."""

from __future__ import annotations

import json
import unicodedata
from functools import lru_cache
from pathlib import Path

_IN_ASCII = {
    "alpha": "A-Za-z",
    "digit": "0-9",
    "alnum": "A-Za-z0-9",
    "upper": "A-Z",
    "lower": "a-z",
    "space": " \\t\\n\\r\\x0b\\f",
    "blank": " \\t",
    "punct": "!-/:-@\\[-`{-~",
    "cntrl": "\\x00-\\x1f\\x7f",
    "print": " -~",
    "graph": "!-~",
    "xdigit": "0-9A-Fa-f",
    "word": "\\w",
}
_SPACES = " \u1680\u2000-\u2006\u2008-\u200a\u205f\u3000"
_FIXED = {
    "digit": "0-9",
    "xdigit": "0-9A-Fa-f",
    "word": "\\w",
    "blank": "\\t" + _SPACES,
    "space": "\\t\\n\\r\\x0b\\f" + _SPACES + "\u2028\u2029",
    "cntrl": "\\x00-\\x1f\\x7f-\\x9f\u2028\u2029",
}
_MADE_OF = {"alnum": ("alpha",), "graph": ("alpha", "punct"), "print": ("alpha", "punct")}


def posix_class(name: str, perl: bool) -> str | None:
    """Class contents for a POSIX name; None for an unknown one. The Perl dialect knows ASCII only."""
    if name not in _IN_ASCII:
        return None
    return _IN_ASCII[name] if perl else _FIXED.get(name) or _in_unicode(name)


@lru_cache(maxsize=16)
def _in_unicode(name: str) -> str:
    """Which characters the C library takes for letters, capitals, punctuation and so on, by `character_ranges.json`."""
    stored = json.loads((Path(__file__).parents[1] / "character_ranges.json").read_text(encoding="ascii"))
    found = [_IN_ASCII[name], _SPACES[1:] if name == "print" else ""]
    for part in _MADE_OF.get(name, (name,)):
        for low, _, high in (codes.partition("-") for codes in stored[part].split()):
            found.append(f"{chr(int(low, 16))}-{chr(int(high, 16))}" if high else chr(int(low, 16)))
    return "".join(found)


@lru_cache(maxsize=64)
def property_class(name: str, negated: bool) -> str | None:
    """Class contents for a Unicode general category such as ``L`` or ``Lu``; None for an unknown one."""
    if name == "Any":
        return "\\x00-\U0010ffff"
    if name[0] not in "LMNPSZC" or len(name) > 2:
        return None
    ranges = []
    start = None
    for code in range(0x20000):
        inside = unicodedata.category(chr(code)).startswith(name) != negated
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            ranges.append((start, code - 1))
            start = None
    if start is not None:
        ranges.append((start, 0x10FFFF if negated else 0x1FFFF))
    return "".join(
        f"\\U{low:08x}" if low == high else f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges
    )
