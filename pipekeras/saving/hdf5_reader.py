"""Reading HDF5 files by hand: only what a file of weights needs, checked before anything is read.

What the file holds is listed first, in a child process where there can be one (`quarantine`): the library that walks the
file trusts its structure. Here arrays are then read by place and length, without the library where they lie in one row.
"""

from __future__ import annotations

import io
import json
import math
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import h5py
import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import FileFormatError, PipekerasError, ShapeError
from pipekeras.saving import hdf5_listing, quarantine
from pipekeras.saving.hdf5_listing import HALF, Entry, Listing
from pipekeras.saving.limits import shown

SIGNATURE = b"\x89HDF\r\n\x1a\n"


@dataclass
class Dataset:
    """An array of the file."""

    entry: Entry
    file: File

    @property
    def path(self) -> str:
        """Where it is in the file."""
        return self.entry.path

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape."""
        return self.entry.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """Its type."""
        return np.dtype(self.entry.dtype)

    @property
    def size(self) -> int:
        """Number of elements."""
        return math.prod(self.entry.shape)

    def read(self, expected_shape: tuple[int, ...] | None = None) -> np.ndarray:
        """Read the array.

        Args:
            expected_shape: the shape that it must have; compared before memory is taken.

        Raises:
            ShapeError: When it has another one.
        """
        if expected_shape is not None and self.shape != tuple(expected_shape):
            raise ShapeError(f"{self.path} of the file has the shape {self.shape}; the model's has {tuple(expected_shape)}")
        values = self.file.values(self.entry)
        return dtypes.plain(values.view(dtypes.BFLOAT16)) if values.dtype == HALF else values


@dataclass
class Group(Mapping[str, "Group | Dataset"]):
    """A group, as a mapping of names to groups and data sets."""

    path: str
    file: File
    children: dict[str, Group | Dataset] = field(default_factory=dict)

    def __getitem__(self, path: str) -> Group | Dataset:
        found: Group | Dataset = self
        for name in path.split("/"):
            if not isinstance(found, Group) or name not in found.children:
                raise KeyError(path)
            found = found.children[name]
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.children)

    def __len__(self) -> int:
        return len(self.children)

    def group(self, path: str) -> Group:
        """The group at `path`.

        Raises:
            FileFormatError: When there is none.
        """
        found = self.get(path)
        if not isinstance(found, Group):
            raise FileFormatError(f"the file has no group {shown(path)} in {shown(self.path)}")
        return found

    def dataset(self, path: str) -> Dataset:
        """The array at `path`.

        Raises:
            FileFormatError: When there is none.
        """
        found = self.get(path)
        if not isinstance(found, Dataset):
            raise FileFormatError(f"the file has no data set {shown(path)} in {shown(self.path)}")
        return found

    def datasets(self) -> Iterator[Dataset]:
        """All arrays below."""
        for child in self.children.values():
            if isinstance(child, Group):
                yield from child.datasets()
            else:
                yield child

    def text(self, name: str) -> str | None:
        """The attribute `name`, a text, or None."""
        value = self.file.attribute(self, name)
        if value is None:
            return None
        if isinstance(value, np.ndarray) and value.shape == ():
            value = value.item()
        if isinstance(value, bytes):
            try:
                return value.decode("utf-8")
            except UnicodeDecodeError:
                raise FileFormatError(f"attribute {shown(name)} of {shown(self.path)} is not UTF-8 text") from None
        if isinstance(value, str):
            return value
        raise FileFormatError(f"attribute {shown(name)} of {shown(self.path)} is not a text")

    def names(self, name: str) -> list[str]:
        """The attribute `name`, a list of texts; a long one is put together from `name0`, `name1`, ...."""
        value = self.file.attribute(self, name)
        if value is not None:
            return self._texts(name, value)
        found: list[str] = []
        part = 0
        while (value := self.file.attribute(self, f"{name}{part}")) is not None:
            found.extend(self._texts(name, value))
            part += 1
        return found

    def _texts(self, name: str, value: Any) -> list[str]:
        texts: list[str] = []
        for item in np.asarray(value).reshape(-1).tolist():
            text = item.decode("utf-8", "strict") if isinstance(item, bytes) else item
            if not isinstance(text, str):
                raise FileFormatError(f"attribute {shown(name)} of {shown(self.path)} is not a list of texts")
            texts.append(text)
        return texts


class File:
    """An open file whose whole tree was found to be harmless.

    Args:
        source: path, or the bytes of a whole file.
        stream: the same, open for reading.
        size: length of the file in bytes.
        label: how messages call it.
        listed: what it holds.
    """

    def __init__(
        self, source: str | os.PathLike[str] | bytes, stream: BinaryIO, size: int, label: str, listed: Listing
    ) -> None:
        self.size = size
        self.label = label
        self._source = source
        self._stream = stream
        self._listed = listed
        self._opened: Any = None
        self._texts = 0
        self.root = Group("", self)
        groups = {"": self.root}

        def place(path: str, child: Group | Dataset) -> None:
            owner, _, name = path.rpartition("/")
            groups[owner].children[name] = child

        for path in listed.groups:
            groups[path] = Group(path, self)
            place(path, groups[path])
        for entry in listed.arrays:
            place(entry.path, Dataset(entry, self))

    def attribute(self, group: Group, name: str) -> Any:
        """The value of an attribute, or None; its size is checked before it is read."""
        owner = h5py.h5g.open(self._identifier(), f"/{group.path}".encode())
        value, texts = hdf5_listing.attribute(owner, name, group.path, self._listed, self.size, self._texts)
        self._texts += texts
        return value

    def values(self, entry: Entry) -> np.ndarray:
        """The values of an array."""
        if entry.offset is None:
            return hdf5_listing.read_by_library(self._identifier(), entry)
        values = np.empty(entry.shape, entry.dtype)
        self._stream.seek(entry.offset)
        # An array without axes has no memory view of its own to be read into.
        if self._stream.readinto(values.reshape(-1).view(np.uint8).data) != values.nbytes:  # type: ignore[attr-defined]
            raise FileFormatError(f"{self.label} ends before the values of {shown(entry.path)}")
        return values

    def close(self) -> None:
        """Let go of the file."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _identifier(self) -> Any:
        if self._opened is None:
            self._opened = hdf5_listing.open_file(self._source)
        return self._opened


@contextmanager
def reading(source: str | os.PathLike[str] | bytes, label: str | None = None) -> Iterator[File]:
    """Open a file, or the content of one, for reading.

    Args:
        source: path, or the bytes of a whole file.
        label: how messages call it, default the path.

    Raises:
        FileFormatError: When it is no HDF5 file, damaged, or not harmless.
    """
    name = label or ("the HDF5 data" if isinstance(source, bytes) else os.fspath(source))
    try:
        stream: BinaryIO = io.BytesIO(source) if isinstance(source, bytes) else open(source, "rb")  # noqa: SIM115
    except FileNotFoundError:
        raise FileFormatError(f"there is no file {name}", mend="check the path") from None
    file = None
    with stream:
        if stream.read(len(SIGNATURE)) != SIGNATURE:
            raise FileFormatError(f"{name} is not an HDF5 file", mend="name a file that ends in .h5 or .hdf5")
        try:
            size = stream.seek(0, os.SEEK_END)
            file = File(source, stream, size, name, _listed(source, stream, size, name))
            yield file
        except (RuntimeError, KeyError, ValueError, OSError) as problem:
            if isinstance(problem, PipekerasError):
                raise
            raise FileFormatError(f"{name} is damaged or no HDF5 file: {problem}") from problem
        finally:
            if file is not None:
                file.close()


def _listed(source: str | os.PathLike[str] | bytes, stream: BinaryIO, size: int, label: str) -> Listing:
    """What the file holds, found out in a child process."""

    def look() -> bytes:
        try:
            found = hdf5_listing.touch_everything(source, size, label)
        except FileFormatError as problem:
            return json.dumps({"message": problem.message, "mend": problem.mend}).encode()
        except (RuntimeError, KeyError, ValueError, OSError, TypeError, OverflowError, MemoryError) as problem:
            return json.dumps({"message": f"{label} is damaged or no HDF5 file: {problem}", "mend": None}).encode()
        if not isinstance(source, bytes) and _identity(os.stat(source)) != _identity(os.fstat(stream.fileno())):
            return json.dumps({"message": f"{label} was replaced while it was read", "mend": "load it again"}).encode()
        return json.dumps(found._asdict()).encode()

    answer = json.loads(quarantine.examine(look, size, label))
    if "message" in answer:
        raise FileFormatError(answer["message"], mend=answer["mend"])
    entries = [
        Entry(path, tuple(shape), dtype, offset, stored) for path, shape, dtype, offset, stored in answer["arrays"]
    ]
    return Listing(answer["groups"], entries, answer["stored"])


def _identity(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
