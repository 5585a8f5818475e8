"""Bytes and characters of files: readChar(), readBin()."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.errors import RError
from pipekeras.grammar.values import NA_INTEGER, Value, Vector, character
from pipekeras.grammar.vectors.arguments import number, text

_TYPES = {"double": ("f", 8), "numeric": ("f", 8), "integer": ("i", 4), "int": ("i", 4), "logical": ("i", 4), "raw": ("u", 1)}


def _content(con: Any) -> bytes:
    if not isinstance(con, Vector) or con.kind != "character":
        raise RError("connections are not read by bytes here", mend="give the path of the file")
    path = os.path.expanduser(text(con))
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except OSError as problem:
        raise RError(f"cannot open file '{path}': {problem.strerror}") from None


@builtin("readChar", "con, nchars, useBytes = FALSE")
def read_char(con: Any, nchars: Any, use_bytes: Any) -> Value:
    """Texts of given numbers of characters, one after the other, from a file."""
    characters = _content(con).decode("utf-8", errors="replace")
    found, place = [], 0
    for count in nchars.items():
        if place < len(characters):
            found.append(characters[place : place + int(count)])
        place += int(count)
    return character(found)


@builtin("readBin", "con, what, n = 1L, size = NA_integer_, signed = TRUE, endian = .Platform$endian")
def read_bin(con: Any, what: Any, n: Any, size: Any, signed: Any, endian: Any) -> Value:
    """Numbers or raw bytes of a file."""
    kind = text(what) if isinstance(what, Vector) and what.kind == "character" and len(what) else what.kind
    if kind not in _TYPES:
        raise RError(f"readBin() does not read '{kind}' here", mend=f"what is one of {', '.join(_TYPES)}")
    letter, usual = _TYPES[kind]
    given = size.items()[0]
    width = usual if given is None or given == NA_INTEGER or given != given else int(given)
    if letter == "i" and width < 4 and not signed.items()[0]:
        letter = "u"
    order = ">" if text(endian) in ("big", "swap") else "<"
    content = _content(con)
    count = min(int(number(n)), len(content) // width)
    values = np.frombuffer(content, f"{order}{letter}{width}", count)
    if kind == "raw":
        return Vector("raw", values.copy())
    if letter == "f":
        return Vector("double", values.astype(np.float64))
    return Vector("logical" if kind == "logical" else "integer", values.astype(np.int32))
