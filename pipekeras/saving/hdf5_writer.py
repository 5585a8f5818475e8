"""Writing what Keras keeps in HDF5 files."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import h5py
import numpy as np

from pipekeras.core.errors import ConfigurationError
from pipekeras.saving.atomic import replacing

ATTRIBUTE_BYTES = 64512
"""HDF5 keeps at most 64 KiB in an object's header; longer lists are split."""


@contextmanager
def writing(path: str | os.PathLike[str]) -> Iterator[Any]:
    """Give an empty HDF5 file that takes the place of `path` when the block ends well.

    It is made in memory: the HDF5 library does not survive a disk without room.
    """
    with replacing(path) as temporary:
        content = io.BytesIO()
        with h5py.File(content, "w") as file:
            yield file
        with open(temporary, "wb") as stream:
            stream.write(content.getbuffer())


def write_names(group: Any, name: str, values: Sequence[str]) -> None:
    """Write a list of texts as the attribute `name`, or as `name0`, `name1`, ... when it is long."""
    if not values:
        group.attrs[name] = np.zeros(0)
        return
    texts = np.asarray([value.encode("utf-8") for value in values])
    if texts.itemsize > ATTRIBUTE_BYTES:
        raise ConfigurationError("a name of more than 64,512 bytes can't be saved")
    parts = 1
    while any(part.nbytes > ATTRIBUTE_BYTES for part in np.array_split(texts, parts)):
        parts += 1
    if parts == 1:
        group.attrs[name] = texts
        return
    for index, part in enumerate(np.array_split(texts, parts)):
        group.attrs[f"{name}{index}"] = part


def write_arrays(group: Any, names: Sequence[str], arrays: Sequence[np.ndarray]) -> None:
    """Write arrays under `names`, which the attribute `weight_names` lists in order; equal names get numbers."""
    written: list[str] = []
    taken: set[str] = set()
    for name, array in zip(names, arrays, strict=True):
        path = name.strip("/") or "variable"
        number = 1
        while path in taken:
            path = f"{name.strip('/')}_{number}"
            number += 1
        taken.add(path)
        written.append(path)
        group.create_dataset(path, data=array)
    write_names(group, "weight_names", written)
