"""Find a data file where users already have it, or download it into Keras' own cache.

A file is trusted for its content, not for its place: every file is compared with a pinned SHA-256 before it is read.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from pipekeras.core.errors import DataError

CHUNK = 1 << 20
TIMEOUT_SECONDS = 30


def cache_folder() -> Path:
    """Keras' folder for data sets: `$KERAS_HOME/datasets`, else `~/.keras/datasets`."""
    home = os.environ.get("KERAS_HOME")
    return (Path(home) if home else Path.home() / ".keras") / "datasets"


def fetch(name: str, origin: str, sha256: str, size: int, folder: Path, algorithm: str = "sha256") -> Path:
    """Download `origin` to `folder/name`, which is there complete and checked, or not at all.

    Args:
        name: Name of the file in `folder`.
        origin: Address (https).
        sha256: Pinned digest of the file, in hexadecimal.
        size: Length of the file in bytes; a longer answer is cut off and refused.
        folder: Folder of the cache, made when it is missing.
        algorithm: What made the digest: "sha256", or "md5" for texts whose publisher pins no other.

    Raises:
        DataError: When the address cannot be reached or answers with something else.
    """
    from urllib.request import urlopen

    folder.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=f".{name}.", suffix=".part", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            try:
                with urlopen(origin, timeout=TIMEOUT_SECONDS) as answer:
                    found = _copy(answer, stream, size, algorithm)
            except OSError as problem:
                raise DataError(
                    f"{name} could not be downloaded from {origin}: {problem}",
                    mend=f"check the network, or put the file into {folder} by hand",
                ) from None
            stream.flush()
            os.fsync(stream.fileno())
        if found != sha256:
            raise DataError(
                f"what {origin} sent is not the expected {name}: digest {found}, expected {sha256}",
                mend=f"try again later, or put the true file into {folder} by hand",
            )
        target = folder / name
        os.replace(temporary, target)
        return target
    finally:
        with suppress(FileNotFoundError):
            os.unlink(temporary)


def _copy(source: BinaryIO, target: BinaryIO, size: int, algorithm: str) -> str:
    """Copy at most `size` bytes and one more, which spoils the digest; return the digest of what was copied."""
    digest = hashlib.new(algorithm, usedforsecurity=False)
    left = size + 1
    while left and (chunk := source.read(min(CHUNK, left))):
        target.write(chunk)
        digest.update(chunk)
        left -= len(chunk)
    return digest.hexdigest()


def read_gzip(path: Path, sha256: str, size: int) -> bytes:
    """Unpack a gzip file whose content is known beforehand.

    Args:
        path: The file.
        sha256: Pinned digest of the unpacked content, so that differently packed copies are equally good.
        size: Length of the unpacked content; no more than that is ever unpacked.

    Raises:
        DataError: When the content is another.
    """
    try:
        with gzip.open(path, "rb") as stream:
            content = stream.read(size + 1)
    except (OSError, EOFError) as problem:
        raise DataError(f"{path} could not be read: {problem}", mend="delete it; it is downloaded again") from None
    if len(content) != size or hashlib.sha256(content).hexdigest() != sha256:
        raise DataError(
            f"{path} is not the file that its name promises (its content has another SHA-256)",
            mend="delete it; it is downloaded again",
        )
    return content


def read_file(path: Path, sha256: str, size: int) -> bytes:
    """Read a file of known size and SHA-256.

    Raises:
        DataError: When the content is another.
    """
    with path.open("rb") as stream:
        content = stream.read(size + 1)
    if len(content) != size or hashlib.sha256(content).hexdigest() != sha256:
        raise DataError(
            f"{path} is not the file that its name promises (it has another SHA-256)",
            mend="delete it; it is downloaded again",
        )
    return content


def first_existing(name: str, folders: Sequence[Path]) -> Path | None:
    """The first `folder/name` that is a file."""
    for folder in folders:
        path = folder / name
        if path.is_file():
            return path
    return None
