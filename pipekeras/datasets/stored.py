"""Keras' stored data sets: found in the cache or downloaded into it, checked by digest, read without running anything.

Some of these files hold lists packed by Python's pickle. They are read by an unpickler that knows arrays, lists and
numbers and refuses everything else, after the digest of the whole file has been compared.
"""

from __future__ import annotations

import hashlib
import io
import pickle
import tarfile
import zipfile
from typing import Any, NamedTuple

import numpy as np

from pipekeras.core.errors import DataError
from pipekeras.datasets import cache
from pipekeras.datasets.split import Arrays

KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
TORONTO = "https://www.cs.toronto.edu/~kriz/"


class Stored(NamedTuple):
    """A file of Keras: name, address, size in bytes, SHA-256 (MD5 where Keras publishes no other)."""

    name: str
    origin: str
    size: int
    digest: str

    def content(self, path: str | None = None) -> bytes:
        """Return the file's bytes, from the cache or downloaded.

        Args:
            path: name in the cache, default the file's own.

        Raises:
            DataError: when it has another content, or is nowhere to be had.
        """
        folder = cache.cache_folder()
        name = path or self.name
        algorithm = "md5" if len(self.digest) == 32 else "sha256"
        found = cache.first_existing(name, [folder]) or cache.fetch(
            name, self.origin + self.name, self.digest, self.size, folder, algorithm
        )
        with found.open("rb") as stream:
            content = stream.read(self.size + 1)
        if hashlib.new(algorithm, content, usedforsecurity=False).hexdigest() != self.digest:
            raise DataError(
                f"{found} is not the file that its name promises (its content has another digest)",
                mend="delete it; it is downloaded again",
            )
        return content


BOSTON = Stored("boston_housing.npz", KERAS, 57_026, "f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5")
CALIFORNIA = Stored(
    "california_housing.npz", KERAS, 743_530, "1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f"
)
IMDB = Stored("imdb.npz", KERAS, 17_464_789, "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f")
IMDB_WORDS = Stored("imdb_word_index.json", KERAS, 1_641_221, "bfafd718b763782e994055a2d397834f")
REUTERS = Stored("reuters.npz", KERAS, 2_110_848, "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916")
REUTERS_WORDS = Stored("reuters_word_index.json", KERAS, 550_378, "4d44cc38712099c9e383dc6e5f11a921")
CIFAR10 = Stored(
    "cifar-10-python.tar.gz", TORONTO, 170_498_071, "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce"
)
CIFAR100 = Stored(
    "cifar-100-python.tar.gz", TORONTO, 169_001_437, "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7"
)

_HARMLESS = {
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("_codecs", "encode"),
}
"""What makes arrays; nothing else is looked up for a file."""


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _HARMLESS:
            raise DataError(f"the data set's file asks for {module}.{name}, which is no array, list or number")
        return super().find_class(module, name)


def plain(content: bytes | io.BufferedIOBase, **options: Any) -> Any:
    """Return arrays, lists and numbers that were packed by pickle; anything else is refused.

    Args:
        content: bytes, or a stream at the begin of them.
        **options: passed to the unpickler, such as `encoding`.

    Raises:
        DataError: the content is something else.
    """
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    try:
        return _PlainUnpickler(stream, **options).load()
    except (pickle.UnpicklingError, EOFError, AttributeError, TypeError, ValueError, KeyError, IndexError) as problem:
        raise DataError(f"the data set's file is damaged: {problem}") from None


def archive(content: bytes) -> dict[str, np.ndarray]:
    """Return the arrays of an .npz file; those of lists are read by `plain`.

    Args:
        content: bytes of the file.
    """
    found: dict[str, np.ndarray] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archived:
        for name in archived.namelist():
            with archived.open(name) as stream:
                version = np.lib.format.read_magic(stream)
                header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
                shape, by_column, dtype = header(stream)
                if dtype.hasobject:
                    values = plain(stream.read())
                else:
                    values = np.frombuffer(stream.read(), dtype).reshape(shape, order="F" if by_column else "C")
            found[name.removesuffix(".npy")] = values
    return found


def tables(content: bytes, names: list[str]) -> list[dict[str, Any]]:
    """Return tables packed by pickle in a .tar.gz file.

    Args:
        content: bytes of the file.
        names: last parts of the names of its members.
    """
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archived:
        members = {member.name.rpartition("/")[2]: member for member in archived.getmembers() if member.isfile()}
        found = []
        for name in names:
            stream = archived.extractfile(members[name])
            assert stream is not None
            found.append(plain(stream.read(), encoding="latin1"))
    return found


def divided(x: np.ndarray, y: np.ndarray, test_split: float, seed: int) -> tuple[Arrays, Arrays]:
    """Shuffle examples as Keras does and keep the last ones for the test.

    Args:
        x: examples.
        y: targets.
        test_split: share of the test.
        seed: fixes the order.
    """
    if not 0 <= test_split < 1:
        raise DataError(f"test_split must lie between 0 and 1, not {test_split}")
    order = np.arange(len(x))
    np.random.RandomState(seed).shuffle(order)
    x, y = x[order], y[order]
    edge = int(len(x) * (1 - test_split))
    return (np.array(x[:edge]), np.array(y[:edge])), (np.array(x[edge:]), np.array(y[edge:]))


def chosen_words(
    texts: list[list[int]], num_words: int | None, skip_top: int, start_char: int | None, oov_char: int | None, index_from: int
) -> list[list[int]]:
    """Return texts as Keras numbers their words: from `index_from` on, others replaced or left out.

    Args:
        texts: lists of word numbers, by frequency from 1.
        num_words: only numbers below this are kept.
        skip_top: so many of the most frequent words are left out.
        start_char: number that begins each text, or None.
        oov_char: number of the words left out; None drops them.
        index_from: what is added to each number.
    """
    begin = [] if start_char is None else [start_char]
    moved = [[*begin, *(word + index_from for word in text)] for text in texts]
    limit = num_words or max((max(text) for text in moved if text), default=0) + 1
    if oov_char is None:
        return [[word for word in text if skip_top <= word < limit] for text in moved]
    return [[word if skip_top <= word < limit else oov_char for word in text] for text in moved]


def as_objects(texts: list[list[int]]) -> np.ndarray:
    """Return texts of different length as an array of lists."""
    made = np.empty(len(texts), object)
    made[:] = texts
    return made
