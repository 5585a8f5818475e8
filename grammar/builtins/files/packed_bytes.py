"""Bytes packed and unpacked, and digests of files."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import RError, builtin, warn
from pipekeras.grammar.text.bytes import bytes_of
from pipekeras.grammar.values import NULL, Vector, character
from pipekeras.grammar.vectors.arguments import choice, flag, text

_KINDS = ("gzip", "bzip2", "xz", "none")


def _given_bytes(value: Any) -> bytes:
    if type(value) is Vector and value.kind == "character":
        return bytes_of("\n".join(str(line) for line in value.items()))
    if type(value) is not Vector or value.kind != "raw":
        raise RError("'from' must be raw or character")
    return bytes(value.data.astype(np.uint8))


def _raw(data: bytes) -> Vector:
    return Vector("raw", np.frombuffer(data, np.uint8).copy())


@builtin("memCompress", "from, type = c('gzip', 'bzip2', 'xz', 'none')")
def compress_in_memory(source: Any, kind: Any) -> Any:
    import bz2
    import lzma
    import zlib

    data = _given_bytes(source)
    wanted = choice(kind, _KINDS)
    if wanted == "gzip":
        return _raw(zlib.compress(data))
    if wanted == "bzip2":
        return _raw(bz2.compress(data))
    return _raw(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME) if wanted == "xz" else data)


@builtin("memDecompress", "from, type = c('unknown', 'gzip', 'bzip2', 'xz', 'none'), asChar = FALSE")
def expand_in_memory(source: Any, kind: Any, as_text: Any) -> Any:
    import bz2
    import lzma
    import zlib

    data = _given_bytes(source)
    wanted = choice(kind, ("unknown", *_KINDS))
    if wanted == "unknown":
        begins = {b"BZh": "bzip2", b"\xfd7z": "xz", b"\x1f\x8b\x08": "gzip"}
        wanted = begins.get(data[:3], "none")
        if wanted == "none":
            warn("unknown compression, assuming none")
    try:
        if wanted == "gzip":
            data = zlib.decompress(data, 15 + 32)
        elif wanted == "bzip2":
            data = bz2.decompress(data)
        elif wanted == "xz":
            data = lzma.decompress(data)
    except (OSError, zlib.error, lzma.LZMAError, ValueError):
        raise RError(f"internal error -3 in memDecompress({_KINDS.index(wanted) + 2})") from None
    return character(data.decode("utf-8", "surrogateescape")) if flag(as_text) else _raw(data)


@builtin("md5sum", "files", package="tools")
def file_digests(files: Any) -> Any:
    """The digest of each file, named by it; NA where there is none."""
    from hashlib import md5

    found: list[str | None] = []
    for path in files.items():
        try:
            with open(os.path.expanduser(str(path)), "rb") as handle:
                found.append(md5(handle.read()).hexdigest())
        except OSError:
            found.append(None)
    return character(found, {"names": files.with_attributes(None)})


@builtin("Sys.chmod", "paths, mode = '0777', use_umask = TRUE", invisible=True)
def change_modes(paths: Any, mode: Any, use_umask: Any) -> Any:
    """Who may read, write and run files."""
    umask = os.umask(0)
    os.umask(umask)
    wanted = int(text(mode), 8) if mode.kind == "character" else int(mode.items()[0])
    if flag(use_umask):
        wanted &= ~umask
    done = []
    for path in paths.items():
        try:
            os.chmod(os.path.expanduser(str(path)), wanted)
            done.append(1)
        except OSError:
            done.append(0)
    return Vector("logical", np.array(done, np.int32)) if done else NULL
