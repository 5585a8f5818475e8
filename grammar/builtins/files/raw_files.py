"""Bytes of files, raw vectors and connections: readBin(), writeBin(), readChar(), writeChar(), rawConnection(), seek()."""

from __future__ import annotations

import os
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from pipekeras.grammar.builtins.files.connections import (
    Connection,
    connection_of,
    enter_connection,
    is_connection,
    must_be_connection,
)
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.errors import RError
from pipekeras.grammar.values import NA_INTEGER, NULL, Value, Vector, character, double, integer
from pipekeras.grammar.vectors.arguments import flag, number, text
from pipekeras.grammar.vectors.coerce import coerce

_TYPES = {
    "double": ("f", 8), "numeric": ("f", 8), "integer": ("i", 4), "int": ("i", 4), "logical": ("i", 4), "raw": ("u", 1),
    "complex": ("c", 16),
}  # fmt: skip


class RawConnection(Connection):
    """A connection over bytes in memory."""

    def __init__(self, data: bytes, mode: str) -> None:
        super().__init__("object", "rawConnection", mode)
        self.data = bytearray(data)
        self.place = len(data) if mode.startswith("a") else 0

    def write(self, text: str) -> None:
        """Write text as UTF-8."""
        self.put(text.encode("utf-8"))

    def put(self, data: bytes) -> None:
        """Write bytes over what stands at the place."""
        self.data[self.place : self.place + len(data)] = data
        self.place += len(data)

    def take(self, count: int) -> bytes:
        """The next bytes."""
        taken = bytes(self.data[self.place : self.place + count])
        self.place += len(taken)
        return taken

    def read(self, count: int) -> list[str]:
        """The next lines, all of them for a negative count."""
        lines = bytes(self.data[self.place :]).decode("utf-8", "replace").splitlines(keepends=True)
        taken = lines if count < 0 else lines[:count]
        self.place += len("".join(taken).encode("utf-8"))
        return [line.rstrip("\n") for line in taken]


_PLACES: WeakKeyDictionary[Connection, int] = WeakKeyDictionary()
"""How many bytes were read from each open file."""


def _file_bytes(path: str) -> bytes:
    full = os.path.expanduser(path)
    try:
        with open(full, "rb") as stream:
            return stream.read()
    except OSError as problem:
        raise RError(f"cannot open file '{path}': {problem.strerror}") from None


class _Source:
    """Where bytes are read from, and how far."""

    def __init__(self, con: Any) -> None:
        self.connection = connection_of(con) if is_connection(con) else None
        self.start = 0
        if isinstance(self.connection, RawConnection):
            self.content = bytes(self.connection.data)
            self.start = self.connection.place
        elif self.connection is not None:
            self.content = _file_bytes(self.connection.description)
            self.start = _PLACES.get(self.connection, 0) if self.connection.mode else 0
        elif isinstance(con, Vector) and con.kind == "raw":
            self.content = bytes(con.data.tolist())
        else:
            self.content = _file_bytes(text(con, "con"))

    def rest(self) -> bytes:
        return self.content[self.start :]

    def taken(self, count: int) -> None:
        if isinstance(self.connection, RawConnection):
            self.connection.place += count
        elif self.connection is not None and self.connection.mode:
            _PLACES[self.connection] = self.start + count


def _send(data: bytes, con: Any) -> Any:
    if isinstance(con, Vector) and con.kind == "raw":
        return Vector("raw", np.frombuffer(data, np.uint8).copy())
    connection = connection_of(con)
    if isinstance(connection, RawConnection):
        connection.put(data)
        return NULL
    path = os.path.expanduser(connection.description)
    try:
        with open(path, "ab" if connection.mode else "wb") as stream:
            stream.write(data)
    except OSError as problem:
        raise RError(f"cannot open file '{connection.description}': {problem.strerror}") from None
    return NULL


@builtin("rawConnection", "object, open = 'r'")
def raw_connection(object: Any, mode: Any) -> Value:
    """Bytes in memory as a connection."""
    if not isinstance(object, Vector) or object.kind != "raw":
        raise RError("invalid 'raw' argument")
    return enter_connection(RawConnection(bytes(object.data.tolist()), text(mode, "open")))


@builtin("rawConnectionValue", "con")
def raw_connection_value(con: Any) -> Value:
    """The bytes of a raw connection."""
    connection = connection_of(con)
    if not isinstance(connection, RawConnection):
        raise RError("'con' is not a rawConnection")
    return Vector("raw", np.frombuffer(bytes(connection.data), np.uint8).copy())


@builtin("seek", "con, where = NA, origin = 'start', rw = '', ...", generic="s3")
def seek(con: Any, where: Any, origin: Any, direction: Any, dots: Any) -> Value:
    """The place in a connection, which `where` moves."""
    must_be_connection(con, "seek")
    connection = connection_of(con)
    before = connection.place if isinstance(connection, RawConnection) else _PLACES.get(connection, 0)
    wanted = where.items()[0]
    if wanted is not None and wanted == wanted and wanted != NA_INTEGER:
        size = len(connection.data) if isinstance(connection, RawConnection) else len(_file_bytes(connection.description))
        base = {"start": 0, "current": before, "end": size}.get(text(origin, "origin"))
        if base is None:
            raise RError("'origin' should be one of \u201cstart\u201d, \u201ccurrent\u201d, \u201cend\u201d")
        after = base + int(wanted)
        if isinstance(connection, RawConnection):
            connection.place = after
        else:
            _PLACES[connection] = after
    return double(float(before))


@builtin("readChar", "con, nchars, useBytes = FALSE")
def read_char(con: Any, nchars: Any, use_bytes: Any) -> Value:
    """Texts of given numbers of characters, one after the other."""
    source = _Source(con)
    if flag(use_bytes):
        return _characters_by_bytes(source, [int(count) for count in nchars.items()])
    characters = source.rest().decode("utf-8", errors="replace")
    found, place = [], 0
    for count in nchars.items():
        if place < len(characters):
            found.append(characters[place : place + int(count)])
        place += int(count)
    source.taken(len(characters[:place].encode("utf-8")))
    return character(found)


def _characters_by_bytes(source: _Source, counts: list[int]) -> Value:
    """Texts of given numbers of bytes, one after the other."""
    held = source.rest()
    found, place = [], 0
    for count in counts:
        if place < len(held):
            found.append(held[place : place + count].decode("utf-8", errors="surrogateescape"))
        place += count
    source.taken(min(place, len(held)))
    return character(found)


@builtin("writeChar", "object, con, nchars = nchar(object, type = 'chars'), eos = '', useBytes = FALSE", invisible=True)
def write_char(object: Any, con: Any, nchars: Any = NULL, eos: Any = None, use_bytes: Any = None) -> Value:
    """Texts without anything between them but the end mark, a zero byte for the empty one."""
    if not isinstance(object, Vector) or object.kind != "character":
        raise RError("can only write character objects")
    counts = [len(item or "") for item in object.items()] if nchars is NULL else [int(n) for n in nchars.items()]
    ending = b"" if eos is NULL else text(eos, "eos").encode("utf-8") + b"\0"
    made = b"".join(
        str(item)[:count].ljust(count, "\0").encode("utf-8") + ending
        for item, count in zip(object.items(), counts, strict=False)
    )
    return _send(made, con)


def _swapped(endian: Any) -> bool:
    return text(endian, "endian") in ("big", "swap")


@builtin("readBin", "con, what, n = 1L, size = NA_integer_, signed = TRUE, endian = .Platform$endian")
def read_bin(con: Any, what: Any, n: Any, size: Any, signed: Any, endian: Any) -> Value:
    """Numbers, texts or raw bytes of a file, a connection or a raw vector."""
    kind = text(what) if isinstance(what, Vector) and what.kind == "character" and len(what) else what.kind
    source = _Source(con)
    content = source.rest()
    if kind == "character":
        texts: list[str] = []
        place = 0
        while len(texts) < int(number(n)) and place < len(content):
            end = content.find(b"\0", place)
            end = len(content) if end < 0 else end
            texts.append(content[place:end].decode("utf-8", "replace"))
            place = end + 1
        source.taken(min(place, len(content)))
        return character(texts)
    if kind not in _TYPES:
        raise RError("invalid 'what' argument", mend=f"what is one of {', '.join(_TYPES)}, character")
    letter, usual = _TYPES[kind]
    given = size.items()[0]
    width = usual if given is None or given == NA_INTEGER or given != given else int(given)
    if letter == "i" and width < 4 and not flag(signed):
        letter = "u"
    count = min(int(number(n)), len(content) // width)
    try:
        values = np.frombuffer(content, f"{'>' if _swapped(endian) else '<'}{letter}{width}", count)
    except TypeError:
        raise RError(f"size {width} is unknown on this machine") from None
    source.taken(count * width)
    if kind == "raw":
        return Vector("raw", values.astype(np.uint8))
    if letter == "f":
        return Vector("double", values.astype(np.float64))
    if letter == "c":
        return Vector("complex", values.astype(np.complex128))
    return Vector("logical" if kind == "logical" else "integer", values.astype(np.int32))


@builtin("writeBin", "object, con, size = NA_integer_, endian = .Platform$endian, useBytes = FALSE", invisible=None)
def write_bin(object: Any, con: Any, size: Any, endian: Any, use_bytes: Any) -> Value:
    """Elements as the bytes that readBin() reads."""
    from pipekeras.grammar.evaluation.machine import machine

    if not isinstance(object, Vector) or object.kind in ("list", "expression"):
        raise RError("can only write vector objects")
    machine.visible = isinstance(con, Vector) and con.kind == "raw"
    if object.kind == "character":
        return _send(b"".join((item or "NA").encode("utf-8") + b"\0" for item in object.items()), con)
    letter, usual = _TYPES[object.kind]
    given = size.items()[0]
    width = usual if given is None or given == NA_INTEGER or given != given else int(given)
    try:
        made = object.data.astype(f"{'>' if _swapped(endian) else '<'}{letter}{width}")
    except TypeError:
        raise RError(f"size {width} is unknown on this machine") from None
    return _send(made.tobytes(), con)


@builtin("rawShift", "x, n")
def raw_shift(x: Any, n: Any) -> Value:
    """Bytes with their bits moved up, or down for a negative number."""
    if not isinstance(x, Vector) or x.kind != "raw":
        raise RError("argument 'x' must be a raw vector")
    by = int(coerce(n, "integer").data[0]) if len(n) else NA_INTEGER
    if not -8 <= by <= 8:
        raise RError("argument 'n' must be a small integer")
    data = x.data.astype(np.int64)
    return Vector("raw", ((data << by if by >= 0 else data >> -by) & 255).astype(np.uint8), x.attributes)


@builtin("numToBits", "x")
def number_bits(x: Any) -> Value:
    """The 64 bits of each double, the sign last."""
    data = np.asarray(x.data, np.float64).astype("<f8").tobytes()
    return Vector("raw", np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little"))


@builtin("numToInts", "x")
def number_halves(x: Any) -> Value:
    """The two integers that each double consists of, the upper one last."""
    data = np.asarray(x.data, np.float64).astype("<f8").tobytes()
    return integer(np.frombuffer(data, "<i4").astype(int).tolist())
