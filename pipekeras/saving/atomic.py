"""Writing files so that a crash leaves the old one or the new one, never half."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from pipekeras.core.errors import FileFormatError

_FAULTS_OF_DISKS = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO, errno.EROFS)


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[str]:
    """Give a temporary path beside `path`; when the block ends well, it takes the place of `path`.

    The temporary file has a random name, is readable by its owner only until it has the final name, is flushed to the
    disk before, and is removed when the block fails.

    Raises:
        FileFormatError: When the folder does not exist or can't be written to.

    Example:
        >>> import os, tempfile
        >>> from pipekeras.saving.atomic import replacing
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     with replacing(os.path.join(folder, "a.txt")) as temporary:
        ...         _ = open(temporary, "w").write("new")
        ...     os.listdir(folder)
        ['a.txt']
    """
    # A link stays a link; what it points to is replaced.
    target = os.path.realpath(os.fspath(path))
    folder, name = os.path.split(target)
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{name[:100]}.", suffix=".tmp", dir=folder)
    except OSError as problem:
        raise FileFormatError(
            f"{os.fspath(path)} can't be written: {problem.strerror}", mend="name a folder that exists and is yours"
        ) from None
    os.close(descriptor)
    try:
        yield temporary
        _give_permissions(temporary, target)
        _to_disk(temporary)
        os.replace(temporary, target)
        _to_disk(folder)
    except OSError as problem:
        if problem.errno not in _FAULTS_OF_DISKS:
            raise
        raise FileFormatError(
            f"{os.fspath(path)} can't be written: {problem.strerror}; what was there before is still there",
            mend="make room on the disk, or name another folder",
        ) from problem
    finally:
        with suppress(FileNotFoundError):
            os.unlink(temporary)


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write a whole text file, atomically."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a whole file, atomically."""
    with replacing(path) as temporary, open(temporary, "wb") as stream:
        stream.write(content)


def _give_permissions(temporary: str, target: str) -> None:
    """Those of the file that is replaced, or those that the user's mask gives to a new file."""
    try:
        mode = os.stat(target).st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        mode = 0o666 & ~mask
    os.chmod(temporary, mode)


def _to_disk(path: str) -> None:
    """Wait until what was written to a file, or the names in a folder, are on the disk."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        # Some file systems can't flush a folder.
        if not os.path.isdir(path):
            raise
    finally:
        os.close(descriptor)
