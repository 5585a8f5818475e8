"""Sets of characters in Python's class syntax: POSIX names and Unicode properties."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

POSIX_CLASSES: dict[str, tuple[str, str]] = {
    "alpha": ("A-Za-z", "A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02c1\u0370-\u03ff\u0400-\u052f"
              "\u0531-\u0587\u05d0-\u05ea\u0620-\u064a\u0904-\u0939\u0e01-\u0e30\u1e00-\u1fff\u3041-\u3096"
              "\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"),
    "digit": ("0-9", "0-9"),
    "alnum": ("A-Za-z0-9", ""),
    "upper": ("A-Z", "A-Z\u00c0-\u00d6\u00d8-\u00de\u0391-\u03a9\u0410-\u042f"),
    "lower": ("a-z", "a-z\u00b5\u00df-\u00f6\u00f8-\u00ff\u03b1-\u03c9\u0430-\u044f"),
    "space": (" \\t\\n\\r\\x0b\\f", " \\t\\n\\r\\x0b\\f\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000"),
    "blank": (" \\t", " \\t"),
    "punct": ("!-/:-@\\[-`{-~", "!-/:-@\\[-`{-~\u00a1-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7"
              "\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u3001-\u3003"),
    "cntrl": ("\\x00-\\x1f\\x7f", "\\x00-\\x1f\\x7f-\\x9f"),
    "print": (" -~", " -~\u00a0-\U0010ffff"),
    "graph": ("!-~", "!-~\u00a1-\U0010ffff"),
    "xdigit": ("0-9A-Fa-f", "0-9A-Fa-f"),
    "word": ("\\w", "\\w"),
}  # fmt: skip
"""Class contents by POSIX name, for ASCII (Perl dialect) and for Unicode (extended dialect)."""

POSIX_CLASSES["alnum"] = ("A-Za-z0-9", POSIX_CLASSES["alpha"][1] + "0-9")


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
