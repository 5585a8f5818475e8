"""The folder of compiled kernels: one content-named file each, checked before use, never a pickle.

A file is `magic, header length, header (JSON), object code`; the header holds the SHA-256 of the object code. Whatever
is truncated, foreign or corrupt counts as missing and is written anew. Writes go to a temporary name and are renamed,
so any number of processes may fill the same folder at once. The readable text that a kernel was made from lies beside
it.

The folder is `PIPEKERAS_CACHE`, else `$XDG_CACHE_HOME/pipekeras`, else `~/.cache/pipekeras`; it must belong to the user
and be closed to others, because what lies in it is executed. Where no such folder can be had, kernels live in memory.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import tempfile
import time
from functools import cache
from pathlib import Path

MAGIC = b"pipekeras kernel 1\n"
SIZE_LIMIT = 256 * 1024 * 1024
_KEPT_SHARE = 0.75
_TRIM_SECONDS = 3600


def default_folder() -> Path | None:
    """Where the settings say that the cache lies; None when there is no home either."""
    named = os.environ.get("PIPEKERAS_CACHE")
    if named:
        return Path(named).expanduser()
    base = os.environ.get("XDG_CACHE_HOME")
    if base and os.path.isabs(base):
        return Path(base) / "pipekeras"
    try:
        return Path.home() / ".cache" / "pipekeras"
    except RuntimeError:
        return None


def private_folder(folder: Path) -> bool:
    """Make `folder` if it is missing; tell whether it is a directory that only this user can write to."""
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        status, itself = folder.stat(), folder.lstat()
    except OSError:
        return False
    if not stat.S_ISDIR(status.st_mode):
        return False
    if not hasattr(os, "getuid"):
        return True
    # A link may lead to the folder, but it must be the user's own link: anybody can plant one in a shared folder.
    if status.st_uid != os.getuid() or itself.st_uid != os.getuid():
        return False
    if status.st_mode & 0o022:
        # Our own folder, but others may write to it: close it, or do without.
        try:
            folder.chmod(0o700)
        except OSError:
            return False
    return True


class KernelCache:
    """Object files by key; memory behind it when the folder cannot be used or written."""

    def __init__(self, folder: Path | None, size_limit: int = SIZE_LIMIT) -> None:
        self.folder = folder if folder is not None and private_folder(folder) else None
        self.size_limit = size_limit
        self._memory: dict[str, bytes] = {}

    def _path(self, key: str) -> Path | None:
        return None if self.folder is None else self.folder / f"{key}.kernel"

    def find(self, key: str) -> bytes | None:
        """The object code kept under `key`, or None when there is none that can be trusted."""
        known = self._memory.get(key)
        if known is not None:
            return known
        path = self._path(key)
        if path is None:
            return None
        try:
            return _unpack(_read_own(path), key)
        except OSError:
            return None

    def store(self, key: str, object_code: bytes, text: str) -> None:
        """Keep object code under `key`, with the readable text it came from."""
        path = self._path(key)
        if path is not None:
            try:
                _write(path, _pack(key, object_code))
                _write(path.with_suffix(".txt"), text.encode())
            except OSError:
                path = None
        if path is None:
            self._memory[key] = object_code
            return
        self._trim_now_and_then()

    def _trim_now_and_then(self) -> None:
        """Look at the folder's size once an hour, whoever writes to it; a file tells when that was."""
        assert self.folder is not None
        stamp = self.folder / ".trimmed"
        with contextlib.suppress(OSError):
            try:
                if time.time() - stamp.stat().st_mtime < _TRIM_SECONDS:
                    return
            except FileNotFoundError:
                pass
            stamp.touch()
            self._trim()

    def _trim(self) -> None:
        """Drop the files unused for longest once the folder outgrows its limit."""
        assert self.folder is not None
        files = []
        for entry in os.scandir(self.folder):
            if entry.name.endswith((".kernel", ".txt", ".part")):
                with contextlib.suppress(OSError):
                    status = entry.stat()
                    files.append((max(status.st_atime, status.st_mtime), status.st_size, Path(entry.path)))
        total = sum(size for _, size, _ in files)
        if total <= self.size_limit:
            return
        for _, size, path in sorted(files, key=lambda entry: entry[0]):
            if total <= self.size_limit * _KEPT_SHARE:
                break
            with contextlib.suppress(OSError):
                path.unlink()
                total -= size


def _pack(key: str, object_code: bytes) -> bytes:
    header = json.dumps({"key": key, "sha256": hashlib.sha256(object_code).hexdigest(), "size": len(object_code)}).encode()
    return MAGIC + len(header).to_bytes(8, "little") + header + object_code


def _unpack(data: bytes, key: str) -> bytes | None:
    start = len(MAGIC) + 8
    if len(data) < start or not data.startswith(MAGIC):
        return None
    end = start + int.from_bytes(data[len(MAGIC):start], "little")
    if end > len(data):
        return None
    try:
        header = json.loads(data[start:end])
    except ValueError:
        return None
    object_code = data[end:]
    if not isinstance(header, dict) or header.get("key") != key or header.get("size") != len(object_code):
        return None
    return object_code if header.get("sha256") == hashlib.sha256(object_code).hexdigest() else None


def _read_own(path: Path) -> bytes:
    """The content of a plain file that only this user can have written: the folder may once have been open to others.

    Raises:
        OSError: when there is none.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise PermissionError(f"{path} is no plain file")
        if hasattr(os, "getuid") and (status.st_uid != os.getuid() or status.st_mode & 0o022):
            raise PermissionError(f"{path} could have been written by another user")
        return file.read()


def _write(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(name, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


@cache
def kernel_cache() -> KernelCache:
    """The cache of this process; the settings are read once."""
    return KernelCache(default_folder())
