"""How large the parts of a model file may be, and how what it says is shown."""

from __future__ import annotations

import json
from typing import Any

from pipekeras.core.errors import FileFormatError

CONFIG_BYTES = 16 << 20
"""A config is text about layers; real ones have kilobytes."""
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


def parse_json(text: str | bytes, what: str) -> Any:
    """Read JSON of bounded size.

    Args:
        text: the JSON text.
        what: what it is, for messages.

    Raises:
        FileFormatError: When it is too large, too deeply nested, or not JSON.
    """
    if len(text) > CONFIG_BYTES:
        raise FileFormatError(f"{what} has {len(text)} bytes; at most {CONFIG_BYTES} are read")
    try:
        return json.loads(text)
    except RecursionError:
        raise FileFormatError(f"{what} is nested too deeply") from None
    except ValueError as problem:
        raise FileFormatError(f"{what} is not valid JSON: {problem}") from None
