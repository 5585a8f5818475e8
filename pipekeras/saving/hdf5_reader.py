"""Reading HDF5 files by hand: only what a file of weights needs, checked before anything is read.

The whole tree is walked first. Links that are not hard links, objects met twice, named types, virtual, external or
oddly filtered data, odd names, and data that declare more than the file stores are refused, so that later steps handle
plain groups and arrays only.
"""

from __future__ import annotations

import contextlib
import io
import math
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import h5py
import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import FileFormatError, PipekerasError, ShapeError
from pipekeras.saving import limits, quarantine
from pipekeras.saving.limits import shown

SIGNATURE = b"\x89HDF\r\n\x1a\n"
# Deflate, byte shuffling, checksum, n-bit, scale-offset, LZF: those that the library brings along. A filter from
# elsewhere would load a plugin.
_FILTERS = frozenset((1, 2, 3, 5, 6, 32000))
_GROUP_BYTES = 3000
_DATASET_BYTES = 1500
_ATTRIBUTE_ELEMENTS = 4096
_ATTRIBUTE_MEMORY = 1 << 30
_HEAP_SLACK = 16 << 10
_MOST_TOUCHED = 256 << 20


_HALF = np.dtype("V2")


@dataclass
class Dataset:
    """What the file declares about an array."""

    path: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    identifier: Any

    @property
    def size(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)

    @property
    def is_in_pieces(self) -> bool:
        """Whether the values lie in chunks that an index finds, and not in one row."""
        return bool(self.identifier.get_create_plist().get_layout() == h5py.h5d.CHUNKED)

    def read(self, expected_shape: tuple[int, ...] | None = None) -> np.ndarray:
        """Read the array.

        Args:
            expected_shape: the shape that it must have; compared before memory is taken.

        Raises:
            ShapeError: When it has another one.
        """
        if expected_shape is not None and self.shape != tuple(expected_shape):
            raise ShapeError(f"{self.path} of the file has the shape {self.shape}; the model's has {tuple(expected_shape)}")
        values = np.empty(self.shape, self.dtype)
        self.identifier.read(h5py.h5s.ALL, h5py.h5s.ALL, values)
        # Two bytes that HDF5 knows nothing about are how Keras keeps bfloat16.
        return dtypes.plain(values.view(dtypes.BFLOAT16)) if self.dtype == _HALF else values


@dataclass
class Group(Mapping[str, "Group | Dataset"]):
    """A group, as a mapping of names to groups and data sets."""

    path: str
    identifier: Any
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

    def declared_elements(self) -> int:
        """Number of values in all arrays below."""
        return sum(dataset.size for dataset in self.datasets())

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
        identifier: h5py's low-level identifier of the file.
        size: length of the file in bytes.
        label: how messages call it.
    """

    def __init__(self, identifier: Any, size: int, label: str) -> None:
        # Closing the file closes all that was opened in it; it stays open as long as this object lives.
        self.identifier = identifier
        self.size = size
        self.label = label
        self._addresses: set[int] = set()
        self._groups = 0
        self._datasets = 0
        self._stored = 0
        self._texts = 0
        self.root = Group("", h5py.h5g.open(identifier, b"/"), self)
        self._remember(self.root.identifier)
        self._walk(self.root, 0)

    def attribute(self, group: Group, name: str) -> Any:
        """The value of an attribute, or None; its size is checked before it is read."""
        key = name.encode("utf-8")
        if not h5py.h5a.exists(group.identifier, key):
            return None
        attribute = h5py.h5a.open(group.identifier, key)
        elements = math.prod(attribute.shape) if attribute.shape else 1
        kind = attribute.get_type()
        if kind.get_class() not in (h5py.h5t.STRING, h5py.h5t.INTEGER, h5py.h5t.FLOAT):
            raise FileFormatError(f"attribute {shown(name)} of {shown(group.path)} is neither text nor number")
        variable_length = isinstance(kind, h5py.h5t.TypeStringID) and kind.is_variable_str()
        if variable_length:
            # All elements may name one long text of the file's heap, so the heap bounds only each of them.
            explained = self._stored + self._texts + _GROUP_BYTES * self._groups + _DATASET_BYTES * self._datasets
            heap = max(self.size - explained, 0) + _HEAP_SLACK
            harmless = elements == 1 or (elements <= _ATTRIBUTE_ELEMENTS and elements * heap <= _ATTRIBUTE_MEMORY)
        else:
            harmless = elements * kind.get_size() <= self.size
        if not harmless:
            raise FileFormatError(f"attribute {shown(name)} of {shown(group.path)} declares more than the file holds")
        value = h5py.AttributeManager(_Located(group.identifier))[name]
        if variable_length and elements == 1:
            self._texts += len(value)
        return value

    def _walk(self, group: Group, depth: int) -> None:
        if depth > limits.DEPTH:
            raise FileFormatError(f"{self.label} has groups nested more than {limits.DEPTH} deep")
        links = group.identifier.links
        for key in list(group.identifier):
            name = self._checked_name(key, group)
            path = f"{group.path}/{name}" if group.path else name
            if links.get_info(key).type != h5py.h5l.TYPE_HARD:
                raise FileFormatError(
                    f"{self.label}: {shown(path)} is a link to somewhere else; a file of weights holds its own data",
                    mend="save the model again with everything in one file",
                )
            child = h5py.h5o.open(group.identifier, key)
            self._remember(child)
            if isinstance(child, h5py.h5g.GroupID):
                self._groups += 1
                inner = Group(path, child, self)
                group.children[name] = inner
                self._walk(inner, depth + 1)
            elif isinstance(child, h5py.h5d.DatasetID):
                self._datasets += 1
                group.children[name] = self._checked_dataset(child, path)
            else:
                raise FileFormatError(f"{self.label}: {shown(path)} is neither a group nor a data set")

    def _remember(self, identifier: Any) -> None:
        address = h5py.h5o.get_info(identifier).addr
        if address in self._addresses:
            raise FileFormatError(f"{self.label}: a group or data set occurs at two places")
        self._addresses.add(address)
        if len(self._addresses) > limits.OBJECTS:
            raise FileFormatError(f"{self.label} holds more than {limits.OBJECTS} groups and data sets")

    def _checked_name(self, key: bytes, group: Group) -> str:
        try:
            name = key.decode("utf-8")
        except UnicodeDecodeError:
            raise FileFormatError(f"{self.label}: a name in {shown(group.path)} is not UTF-8 text") from None
        if name in (".", "..") or len(name) > limits.NAME_LENGTH or "\x00" in name:
            raise FileFormatError(f"{self.label}: {shown(name)} is no name for a group or data set")
        return name

    def _checked_dataset(self, identifier: Any, path: str) -> Dataset:
        properties = identifier.get_create_plist()
        if properties.get_external_count() or properties.get_layout() == h5py.h5d.VIRTUAL:
            raise FileFormatError(
                f"{self.label}: {shown(path)} keeps its data in other files",
                mend="save the model again with everything in one file",
            )
        filters = [properties.get_filter(index)[0] for index in range(properties.get_nfilters())]
        if not _FILTERS.issuperset(filters):
            raise FileFormatError(f"{self.label}: {shown(path)} is packed by an unknown filter")
        kind = identifier.get_type()
        if kind.get_class() == h5py.h5t.STRING and not kind.is_variable_str():
            dtype = np.dtype(f"S{kind.get_size()}")
        elif kind.get_class() == h5py.h5t.OPAQUE and kind.get_size() == _HALF.itemsize:
            dtype = _HALF
        elif kind.get_class() in (h5py.h5t.INTEGER, h5py.h5t.FLOAT, h5py.h5t.ENUM):
            dtype = identifier.dtype
            if dtype.kind not in "biuf" or dtype.itemsize > 8:
                raise FileFormatError(f"{self.label}: {shown(path)} holds values of the type {dtype}")
        else:
            raise FileFormatError(f"{self.label}: {shown(path)} holds neither numbers nor plain texts")
        if identifier.get_space().get_simple_extent_type() == h5py.h5s.NULL:
            raise FileFormatError(f"{self.label}: {shown(path)} is empty")
        shape = tuple(int(length) for length in identifier.shape)
        declared, stored = math.prod(shape) * dtype.itemsize, identifier.get_storage_size()
        self._stored += stored
        if self._stored > self.size or declared > (stored * limits.EXPANSION if filters else stored):
            raise FileFormatError(
                f"{self.label}: {shown(path)} declares {declared} bytes but stores {stored}",
                mend="the file is damaged or was made to exhaust memory; don't use it",
            )
        return Dataset(path, shape, dtype, identifier)


class _Located:
    """As much of an h5py object as its manager of attributes needs."""

    def __init__(self, identifier: Any) -> None:
        self.id = identifier


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
        size = len(source) if isinstance(source, bytes) else os.path.getsize(source)
        with contextlib.nullcontext(io.BytesIO(source)) if isinstance(source, bytes) else open(source, "rb") as stream:
            if stream.read(len(SIGNATURE)) != SIGNATURE:
                raise FileFormatError(f"{name} is not an HDF5 file", mend="name a file that ends in .h5 or .hdf5")
    except FileNotFoundError:
        raise FileFormatError(f"there is no file {name}", mend="check the path") from None
    quarantine.examine(lambda: _touch_everything(source, size), size, name)
    identifier = None
    try:
        identifier = _open(source)
        file = File(identifier, size, name)
        yield file
    except (RuntimeError, KeyError, ValueError, OSError) as problem:
        if isinstance(problem, PipekerasError):
            raise
        raise FileFormatError(f"{name} is damaged or no HDF5 file: {problem}") from problem
    finally:
        if identifier is not None:
            identifier.close()


def _open(source: str | os.PathLike[str] | bytes) -> Any:
    if isinstance(source, bytes):
        return h5py.h5f.open_file_image(source)
    access = h5py.h5p.create(h5py.h5p.FILE_ACCESS)
    access.set_fclose_degree(h5py.h5f.CLOSE_STRONG)
    return h5py.h5f.open(os.fsencode(source), h5py.h5f.ACC_RDONLY, fapl=access)


def _touch_everything(source: str | os.PathLike[str] | bytes, size: int) -> None:
    """Read all that a load may read: the tree, the attributes of its groups, and data that lie in pieces."""
    file = File(_open(source), size, "")
    groups = [file.root]
    while groups:
        group = groups.pop()
        # What Python refuses here the parent refuses too, or never reads; the rest is still to be tried.
        with contextlib.suppress(Exception):
            for name in h5py.AttributeManager(_Located(group.identifier)):
                with contextlib.suppress(Exception):
                    file.attribute(group, name)
        for child in group.values():
            if isinstance(child, Group):
                groups.append(child)
            elif child.size * child.dtype.itemsize <= _MOST_TOUCHED and child.is_in_pieces:
                with contextlib.suppress(Exception):
                    child.read()
