"""Files as bytes and folders, and the small parts of data sets."""

from __future__ import annotations

import glob
import itertools
import os
from collections.abc import Iterator
from typing import Any

from pipekeras.core.errors import DataError
from pipekeras.data import Dataset


def _path(value: Any) -> str:
    item = value.item() if hasattr(value, "item") else value
    return os.path.expanduser(item.decode("utf-8") if isinstance(item, bytes) else str(item))


def read_file(filename: Any, name: str | None = None) -> bytes:
    """The bytes of a file."""
    path = _path(filename)
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise DataError(f"'{path}' can't be read: {error.strerror}") from None


def write_file(filename: Any, contents: Any, name: str | None = None) -> None:
    """Write bytes, or text, to a file; folders on the way are made."""
    path = _path(filename)
    data = contents.encode("utf-8") if isinstance(contents, str) else bytes(contents)
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)
    except OSError as error:
        raise DataError(f"'{path}' can't be written: {error.strerror}") from None


def exists(path: Any) -> bool:
    """Whether a file or folder exists."""
    return os.path.exists(_path(path))


def listdir(path: Any) -> list[str]:
    """Names in a folder, sorted."""
    return sorted(os.listdir(_path(path)))


def makedirs(path: Any) -> None:
    """Make a folder and those on the way to it."""
    os.makedirs(_path(path), exist_ok=True)


def glob_of(pattern: Any) -> list[str]:
    """Files that match a pattern, sorted."""
    return sorted(glob.glob(_path(pattern)))


def open_file(name: Any, mode: str = "r") -> Any:
    """Open a file."""
    return open(_path(name), mode)


def counter(start: int = 0, step: int = 1, dtype: Any = "int64") -> Dataset:
    """Whole numbers without an end."""

    def numbers() -> Iterator[Any]:
        import numpy as np

        return (np.asarray(number, dtype) for number in itertools.count(int(start), int(step)))

    return Dataset(numbers, -1)


def cardinality(dataset: Any) -> int:
    """Number of elements; -1 without an end, -2 when unknown."""
    return int(dataset.cardinality())
