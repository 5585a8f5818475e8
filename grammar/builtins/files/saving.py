"""Saving and loading data in R's own files: ``saveRDS``, ``readRDS``, ``save``, ``load``, ``serialize``."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tempfile
import zlib
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.files.connections import is_connection
from pipekeras.grammar.builtins.registry import builtin, expression_of, value_of, write
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.nodes import Symbol
from pipekeras.grammar.values import NULL, Vector, character, names_of
from pipekeras.grammar.vectors.arguments import flag, text
from pipekeras.grammar.vectors.report import fail, warn
from pipekeras.grammar.vectors.serialization import serialize, serialize_named, unserialize
from pipekeras.grammar.vectors.unsupported import only_default

Dots = list[tuple[str | None, Any]]
_UNSUSPICIOUS_BYTES = 64 << 20
_EXPANSION = 1100
"""Deflate packs at most 1032 : 1."""
WORKSPACE = b"RDX2\n"
WORKSPACES = (WORKSPACE, b"RDX3\n")


def read_bytes(file: Any) -> bytes:
    """Bytes of a file, unpacked when it is compressed."""
    path = os.path.expanduser(text(file, "file"))
    try:
        with open(path, "rb") as handle:
            data = handle.read()
    except OSError as error:
        warn(f"cannot open compressed file '{path}', probable reason '{error.strerror}'")
        fail("cannot open the connection", mend=f"check that '{path}' exists and may be read")
    for start, reader in ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ\x00", lzma.open)):
        if data.startswith(start):
            return _unpacked(reader(io.BytesIO(data)), path, len(data))
    return data


def _unpacked(stream: Any, path: str, packed: int) -> bytes:
    """All of a stream, unless it unpacks to more than such a file may hold."""
    most = max(_UNSUSPICIOUS_BYTES, packed * _EXPANSION)
    try:
        with stream:
            content: bytes = stream.read(most + 1)
    except (OSError, EOFError, lzma.LZMAError, zlib.error):
        fail("read error: the file is truncated or damaged")
    if len(content) > most:
        fail(f"'{path}' has {packed} bytes and unpacks to more than {most}", mend="it was made to exhaust memory; don't use it")
    return content


def write_bytes(file: Any, data: bytes, compress: bool) -> None:
    """Write a file whole or not at all."""
    path = os.path.expanduser(text(file, "file"))
    folder = os.path.dirname(path) or "."
    try:
        handle, temporary = tempfile.mkstemp(dir=folder)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(gzip.compress(data, 6) if compress else data)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        warn(f"cannot open file '{path}': {error.strerror}")
        fail("cannot open the connection")


def _packs(compress: Any) -> bool:
    if compress.kind == "character":
        if compress.items()[0] != "gzip":
            fail(f"compress = \"{compress.items()[0]}\" is not supported: \"gzip\" is")
        return True
    return flag(compress)


@builtin("saveRDS", "object, file = '', ascii = FALSE, version = NULL, compress = TRUE, refhook = NULL", invisible=True)
def save_rds(object: Any, file: Any, ascii: Any, version: Any, compress: Any, refhook: Any) -> Any:
    only_default("saveRDS", refhook=(refhook, None))
    if flag(ascii):
        fail("ascii = TRUE is not supported")
    write_bytes(file, serialize(object), _packs(compress))
    return NULL


@builtin("readRDS", "file, refhook = NULL")
def read_rds(file: Any, refhook: Any) -> Any:
    if getattr(file, "kind", "") != "character" and not is_connection(file):
        fail("bad 'file' argument")
    only_default("readRDS", refhook=(refhook, None))
    return unserialize(read_bytes(file))


@builtin("save", "..., list = character(), file, ascii = FALSE, version = NULL, envir = NULL, compress = TRUE",
         lazy=True, needs_environment=True, invisible=True)
def save(dots: Dots, listed: Any, file: Any = None, ascii: Any = None, version: Any = None, envir: Any = None,
         compress: Any = None, *, environment: Environment) -> Any:
    if file is None:
        fail("'file' must be specified")
    only_default("save", ascii=(value_of(ascii), False))
    wanted = []
    for _, promise in dots:
        expression = expression_of(promise)
        wanted.append(expression.name if isinstance(expression, Symbol) else str(value_of(promise).items()[0]))
    wanted.extend(str(name) for name in value_of(listed).items())
    place = value_of(envir)
    place = environment if place is NULL else place
    values: dict[str, Any] = {}
    for name in wanted:
        found = place.get(name)
        if found is None:
            fail(f"object \u2018{name}\u2019 not found")
        values[name] = found
    write_bytes(value_of(file), WORKSPACE + serialize_named(values), _packs(value_of(compress)))
    return NULL


@builtin("load", "file, envir = NULL, verbose = FALSE", needs_environment=True, invisible=True)
def load(file: Any, envir: Any, verbose: Any, *, environment: Environment) -> Any:
    data = read_bytes(file)
    if data[:5] not in WORKSPACES:
        fail("bad restore file magic number (file may be corrupted) -- no data loaded")
    values = unserialize(data[5:])
    place = environment if envir is NULL else envir
    names = [str(name) for name in names_of(values) or []] if values is not NULL else []
    if flag(verbose):
        write("Loading objects:\n")
    for name, value in zip(names, values.data if values is not NULL else (), strict=True):
        if flag(verbose):
            write(f"  {name}\n")
        place.set(name, value)
    return character(names)


@builtin("serialize", "object, connection, ascii = FALSE, xdr = TRUE, version = NULL, refhook = NULL")
def serialize_builtin(object: Any, connection: Any, ascii: Any, xdr: Any, version: Any, refhook: Any) -> Any:
    if connection is not NULL:
        fail("writing to a connection is not supported: use connection = NULL, or saveRDS()")
    only_default("serialize", ascii=(ascii, False), xdr=(xdr, True), refhook=(refhook, None))
    return Vector("raw", np.frombuffer(serialize(object), np.uint8))


@builtin("unserialize", "connection, refhook = NULL")
def unserialize_builtin(connection: Any, refhook: Any) -> Any:
    only_default("unserialize", refhook=(refhook, None))
    if type(connection) is not Vector or connection.kind != "raw":
        fail("only a raw vector can be unserialized")
    return unserialize(connection.data.tobytes())
