"""Keras' stored data sets: digests, lists without code, words as Keras numbers them."""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipekeras.core.errors import DataError
from pipekeras.datasets import boston_housing, cifar10, cifar100, imdb, reuters, stored
from pipekeras.datasets.stored import archive, as_objects, chosen_words, plain


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Function that puts a file into the cache and lets its name promise that content."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "datasets").mkdir()

    def put(module: Any, name: str, content: bytes) -> None:
        own = getattr(stored, name)
        (tmp_path / "datasets" / own.name).write_bytes(content)
        made = own._replace(digest=hashlib.sha256(content).hexdigest(), size=len(content))
        monkeypatch.setattr(module, name, made)

    return put


def packed(**arrays: Any) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


class Evil:
    def __reduce__(self) -> Any:
        return os.system, ("true",)


def test_files_that_would_run_code_are_refused() -> None:
    with pytest.raises(DataError, match="system"):
        plain(pickle.dumps(Evil()))
    objects = np.empty(1, object)
    objects[0] = Evil()
    with pytest.raises(DataError, match="no array, list or number"):
        archive(packed(x=objects))
    with pytest.raises(DataError, match="damaged"):
        plain(b"\x80\x04\x95junk")


def test_a_file_with_another_content_is_refused(place: Any, tmp_path: Path) -> None:
    place(boston_housing, "BOSTON", packed(x=np.zeros((4, 2)), y=np.zeros(4)))
    (tmp_path / "datasets" / "boston_housing.npz").write_bytes(b"something else")
    with pytest.raises(DataError, match="another digest"):
        boston_housing.load_data()


def test_boston_is_shuffled_and_divided(place: Any) -> None:
    x, y = np.arange(20.0).reshape(10, 2), np.arange(10.0)
    place(boston_housing, "BOSTON", packed(x=x, y=y))
    (x_train, y_train), (_, y_test) = boston_housing.load_data()
    assert x_train.shape == (8, 2)
    assert y_test.shape == (2,)
    assert sorted([*y_train, *y_test]) == list(y)
    assert (x_train[:, 0] == 2 * y_train).all()


def test_words_are_numbered_as_keras_does() -> None:
    texts = [[1, 2, 5], [3]]
    assert chosen_words(texts, None, 0, 1, 2, 3) == [[1, 4, 5, 8], [1, 6]]
    assert chosen_words(texts, 6, 0, 1, 2, 3) == [[1, 4, 5, 2], [1, 2]]
    assert chosen_words(texts, 6, 5, None, None, 3) == [[5], []]


def test_reviews_and_newswires_come_as_lists(place: Any) -> None:
    x = as_objects([[1, 2, 3], [4], [5, 6]])
    place(imdb, "IMDB", packed(x_train=x, y_train=np.array([0, 1, 1]), x_test=x, y_test=np.array([1, 0, 0])))
    (x_train, y_train), _ = imdb.load_data(num_words=8)
    assert sorted(map(tuple, x_train)) == [(1, 2, 2), (1, 4, 5, 6), (1, 7)]
    assert y_train.sum() == 2
    (short, _), _ = imdb.load_data(maxlen=4)
    assert sorted(map(len, short)) == [2, 3]
    place(reuters, "REUTERS", packed(x=x, y=np.array([3, 4, 5])))
    (x_train, y_train), (x_test, _) = reuters.load_data(test_split=0.4)
    assert (len(x_train), len(x_test)) == (1, 2)
    assert set(y_train) < {3, 4, 5}


def test_cifar_is_read_from_its_archive(place: Any) -> None:
    def archived(members: dict[str, Any]) -> bytes:
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w:gz") as made:
            for name, value in members.items():
                content = pickle.dumps(value, protocol=2)
                info = tarfile.TarInfo(f"folder/{name}")
                info.size = len(content)
                made.addfile(info, io.BytesIO(content))
        return stream.getvalue()

    data = np.random.default_rng(1).integers(0, 256, (2, 3072), dtype=np.uint8)
    table = {"data": data, "labels": [3, 4], "fine_labels": [5, 6], "coarse_labels": [1, 2]}
    place(cifar10, "CIFAR10", archived({**{f"data_batch_{n}": table for n in range(1, 6)}, "test_batch": table}))
    (x_train, y_train), (x_test, _) = cifar10.load_data()
    assert x_train.shape == (10, 32, 32, 3)
    assert y_train[:2].tolist() == [[3], [4]]
    assert (x_test[0, :, :, 0].ravel() == data[0, :1024]).all()
    place(cifar100, "CIFAR100", archived({"train": table, "test": table}))
    assert cifar100.load_data("coarse")[0][1].tolist() == [[1], [2]]
