"""What an HDF5 file holds, as plain data: the part of reading that walks the file's own structure, and may be sent to die.

The whole tree is walked by the library itself, which goes along hard links only and meets each object once. Links of
other kinds, objects met twice, named types, virtual, external or oddly filtered data, odd names, and data that declare
more than the file stores are refused, so that later steps handle plain groups and arrays only.
"""

from __future__ import annotations

import contextlib
import math
import os
from typing import Any, NamedTuple

import h5py
import numpy as np

from pipekeras.core.errors import FileFormatError
from pipekeras.saving import limits
from pipekeras.saving.limits import shown

# Deflate, byte shuffling, checksum, n-bit, scale-offset, LZF: those that the library brings along. A filter from
# elsewhere would load a plugin.
_FILTERS = frozenset((1, 2, 3, 5, 6, 32000))
_MOST_TOUCHED = 256 << 20
HALF = np.dtype("V2")
"""Two bytes that HDF5 knows nothing about: bfloat16, as Keras keeps it."""
_GROUP_BYTES = 3000
_DATASET_BYTES = 1500
_ATTRIBUTE_ELEMENTS = 4096
_ATTRIBUTE_MEMORY = 1 << 30
_HEAP_SLACK = 16 << 10
# Types whose bytes in the file are those in memory.
_PLAIN_TYPES = (
    h5py.h5t.IEEE_F32LE, h5py.h5t.STD_I64LE, h5py.h5t.STD_I32LE, h5py.h5t.STD_U32LE, h5py.h5t.IEEE_F64LE,
    h5py.h5t.STD_U8LE, h5py.h5t.STD_I8LE, h5py.h5t.STD_I16LE, h5py.h5t.STD_U16LE, h5py.h5t.STD_U64LE,
)  # fmt: skip


class Entry(NamedTuple):
    """What a file declares about an array: path, shape, type, and where its bytes lie if they lie in one row as they are."""

    path: str
    shape: tuple[int, ...]
    dtype: str
    offset: int | None
    stored: int


class Listing(NamedTuple):
    """Paths of all groups, and all arrays."""

    groups: list[str]
    arrays: list[Entry]
    stored: int
    """Bytes of all arrays."""

    def harmless_attribute(self, size: int, texts: int, elements: int) -> bool:
        """Whether a list of texts in an attribute may be read.

        All elements may name one long text of the file's heap, so the heap bounds only each of them.
        """
        explained = self.stored + texts + _GROUP_BYTES * (len(self.groups) + 1) + _DATASET_BYTES * len(self.arrays)
        heap = max(size - explained, 0) + _HEAP_SLACK
        return elements == 1 or (elements <= _ATTRIBUTE_ELEMENTS and elements * heap <= _ATTRIBUTE_MEMORY)


def open_file(source: str | os.PathLike[str] | bytes) -> Any:
    """Return h5py's low-level identifier of a file, or of the content of one."""
    if isinstance(source, bytes):
        return h5py.h5f.open_file_image(source)
    access = h5py.h5p.create(h5py.h5p.FILE_ACCESS)
    access.set_fclose_degree(h5py.h5f.CLOSE_STRONG)
    return h5py.h5f.open(os.fsencode(source), h5py.h5f.ACC_RDONLY, fapl=access)


def listing(identifier: Any, size: int, label: str) -> Listing:
    """Return what an open file holds.

    Args:
        identifier: h5py's low-level identifier of the file.
        size: length of the file in bytes.
        label: how messages call it.

    Raises:
        FileFormatError: When there is anything in it that files of weights do not have.
    """
    root = h5py.h5g.open(identifier, b"/")
    groups: list[str] = []
    found: list[tuple[bytes, str]] = []
    links = _checked_links(root, label)

    def meet(key: bytes, about: Any) -> FileFormatError | None:
        path = key.decode("utf-8")
        if about.type == h5py.h5o.TYPE_GROUP:
            groups.append(path)
        elif about.type == h5py.h5o.TYPE_DATASET:
            found.append((key, path))
        else:
            return FileFormatError(f"{label}: {shown(path)} is neither a group nor a data set")
        return None

    # What a visit's function returns ends the visit; the library does not bear errors raised there.
    problem = h5py.h5o.visit(root, meet, info=True)
    if problem is not None:
        raise problem
    if len(groups) + len(found) != links:
        raise FileFormatError(f"{label}: a group or data set occurs at two places")
    stored = 0
    arrays = []
    for key, path in found:
        entry = _checked_array(h5py.h5d.open(root, key), path, label)
        stored += entry.stored
        if stored > size:
            raise _declares_more(label, path, _bytes_of(entry), entry.stored)
        arrays.append(entry)
    return Listing(groups, arrays, stored)


def _checked_links(root: Any, label: str) -> int:
    """Count the links of the file, all of them hard ones."""
    count = 0

    def check(key: bytes, about: Any) -> FileFormatError | None:
        nonlocal count
        count += 1
        try:
            path = key.decode("utf-8")
        except UnicodeDecodeError:
            return FileFormatError(f"{label}: a name in it is not UTF-8 text: {shown(str(key))}")
        if path.count("/") > limits.DEPTH:
            return FileFormatError(f"{label} has groups nested more than {limits.DEPTH} deep")
        name = path.rpartition("/")[2]
        if name in (".", "..") or len(name) > limits.NAME_LENGTH or "\x00" in name:
            return FileFormatError(f"{label}: {shown(name)} is no name for a group or data set")
        if about.type != h5py.h5l.TYPE_HARD:
            return FileFormatError(
                f"{label}: {shown(path)} is a link to somewhere else; a file of weights holds its own data",
                mend="save the model again with everything in one file",
            )
        if count > limits.OBJECTS:
            return FileFormatError(f"{label} holds more than {limits.OBJECTS} groups and data sets")
        return None

    problem = root.links.visit(check, info=True)
    if problem is not None:
        raise problem
    return count


def _checked_array(identifier: Any, path: str, label: str) -> Entry:
    properties = identifier.get_create_plist()
    layout = properties.get_layout()
    if layout == h5py.h5d.VIRTUAL or (layout == h5py.h5d.CONTIGUOUS and properties.get_external_count()):
        raise FileFormatError(
            f"{label}: {shown(path)} keeps its data in other files",
            mend="save the model again with everything in one file",
        )
    filters = [properties.get_filter(index)[0] for index in range(properties.get_nfilters())]
    if not _FILTERS.issuperset(filters):
        raise FileFormatError(f"{label}: {shown(path)} is packed by an unknown filter")
    kind = identifier.get_type()
    dtype = _plain_type(kind, path, label)
    space = identifier.get_space()
    if space.get_simple_extent_type() == h5py.h5s.NULL:
        raise FileFormatError(f"{label}: {shown(path)} is empty")
    shape = tuple(int(length) for length in space.get_simple_extent_dims())
    declared, stored = math.prod(shape) * dtype.itemsize, int(identifier.get_storage_size())
    if declared > (stored * limits.EXPANSION if filters else stored):
        raise _declares_more(label, path, declared, stored)
    in_one_row = layout == h5py.h5d.CONTIGUOUS and (dtype == HALF or any(kind.equal(plain) for plain in _PLAIN_TYPES))
    return Entry(path, shape, dtype.str, identifier.get_offset() if in_one_row else None, stored)


def _plain_type(kind: Any, path: str, label: str) -> np.dtype[Any]:
    group = kind.get_class()
    if group in (h5py.h5t.INTEGER, h5py.h5t.FLOAT, h5py.h5t.ENUM):
        dtype: np.dtype[Any] = kind.dtype
        if dtype.kind not in "biuf" or dtype.itemsize > 8:
            raise FileFormatError(f"{label}: {shown(path)} holds values of the type {dtype}")
        return dtype
    if group == h5py.h5t.STRING and not kind.is_variable_str():
        return np.dtype(f"S{kind.get_size()}")
    if group == h5py.h5t.OPAQUE and kind.get_size() == HALF.itemsize:
        return HALF
    raise FileFormatError(f"{label}: {shown(path)} holds neither numbers nor plain texts")


def _bytes_of(entry: Entry) -> int:
    return math.prod(entry.shape) * np.dtype(entry.dtype).itemsize


def _declares_more(label: str, path: str, declared: int, stored: int) -> FileFormatError:
    return FileFormatError(
        f"{label}: {shown(path)} declares {declared} bytes but stores {stored}",
        mend="the file is damaged or was made to exhaust memory; don't use it",
    )


def attribute(
    owner: Any, name: str, path: str, listed: Listing, size: int, texts: int
) -> tuple[Any, int]:
    """The value of an attribute, its size checked before it is read, and how much text it brings.

    Args:
        owner: h5py's low-level identifier of a group.
        name: the attribute.
        path: of the group, for messages.
        listed: what the file holds.
        size: length of the file in bytes.
        texts: characters of texts read before.

    Returns:
        None and 0 where there is no such attribute.
    """
    key = name.encode("utf-8")
    if not h5py.h5a.exists(owner, key):
        return None, 0
    opened = h5py.h5a.open(owner, key)
    elements = math.prod(opened.shape) if opened.shape else 1
    kind = opened.get_type()
    if kind.get_class() not in (h5py.h5t.STRING, h5py.h5t.INTEGER, h5py.h5t.FLOAT):
        raise FileFormatError(f"attribute {shown(name)} of {shown(path)} is neither text nor number")
    variable_length = isinstance(kind, h5py.h5t.TypeStringID) and kind.is_variable_str()
    harmless = listed.harmless_attribute(size, texts, elements) if variable_length else elements * kind.get_size() <= size
    if not harmless:
        raise FileFormatError(f"attribute {shown(name)} of {shown(path)} declares more than the file holds")
    value = h5py.AttributeManager(_Located(owner))[name]
    return value, len(value) if variable_length and elements == 1 else 0


class _Located:
    """As much of an h5py object as its manager of attributes needs."""

    def __init__(self, identifier: Any) -> None:
        self.id = identifier


def touch_everything(source: str | os.PathLike[str] | bytes, size: int, label: str) -> Listing:
    """List a file, and read all that a load may read by way of the library: attributes of groups, data in pieces."""
    identifier = open_file(source)
    listed = listing(identifier, size, label)
    # What Python refuses here is refused again, or never read; what counts is what the library survives.
    texts = 0
    for path in ("/", *listed.groups):
        if path.endswith("/vars"):
            # The newer layout notes there what the user called a layer, which is never read.
            continue
        with contextlib.suppress(Exception):
            group = h5py.h5g.open(identifier, path.encode("utf-8"))
            for name in h5py.AttributeManager(_Located(group)):
                with contextlib.suppress(Exception):
                    texts += attribute(group, name, path, listed, size, texts)[1]
    for entry in listed.arrays:
        if entry.offset is None and _bytes_of(entry) <= _MOST_TOUCHED:
            with contextlib.suppress(Exception):
                read_by_library(identifier, entry)
    return listed


def read_by_library(identifier: Any, entry: Entry) -> np.ndarray:
    """The values of an array that does not lie in the file as it lies in memory."""
    values = np.empty(entry.shape, entry.dtype)
    h5py.h5d.open(identifier, entry.path.encode("utf-8")).read(h5py.h5s.ALL, h5py.h5s.ALL, values)
    return values
