"""How large the parts of a model file may be, and how what it says is shown."""

from __future__ import annotations

OBJECTS = 200_000
DEPTH = 64
NAME_LENGTH = 1024
EXPANSION = 1100
"""Deflate packs at most 1032 : 1; what claims more is no packed data."""


def shown(name: str) -> str:
    """A text from a file for printing: control characters escaped, long ones cut.

    >>> shown("a\\x1b[2Jb")
    "'a\\\\x1b[2Jb'"
    """
    return repr(name if len(name) <= 80 else name[:77] + "...")
