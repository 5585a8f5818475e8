"""The shipped data sets are whole and split as documented; cached and downloaded files are trusted by content only."""

import gzip
import hashlib
import os
from pathlib import Path

import numpy as np
import pytest

from pipekeras.core import registry
from pipekeras.core.errors import DataError
from pipekeras.datasets import cache, digits, fashion_mnist, iris, mnist
from pipekeras.datasets.split import stratified_split


def test_iris_holds_fishers_table():
    (x_train, y_train), (x_test, y_test) = iris.load_data()
    x, y = np.concatenate([x_train, x_test]), np.concatenate([y_train, y_test])
    assert x.dtype == np.float32 and x.shape == (150, 4)
    means = {code: x[y == code].mean(axis=0) for code in range(3)}
    np.testing.assert_allclose(means[0], [5.006, 3.428, 1.462, 0.246], rtol=1e-5)
    np.testing.assert_allclose(means[1], [5.936, 2.770, 4.260, 1.326], rtol=1e-5)
    np.testing.assert_allclose(means[2], [6.588, 2.974, 5.552, 2.026], rtol=1e-5)
    assert np.bincount(y_test).tolist() == [10, 10, 10]


def test_digits_hold_the_uci_pictures():
    (x_train, y_train), (x_test, y_test) = digits.load_data()
    assert x_train.shape == (1442, 8, 8) and x_test.shape == (355, 8, 8)
    counts = np.bincount(np.concatenate([y_train, y_test]))
    assert counts.tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert int(x_train.sum()) + int(x_test.sum()) == 561718
    # The first picture of the collection is a zero.
    assert y_train[0] == 0 and x_train[0][0].tolist() == [0, 0, 5, 13, 9, 1, 0, 0]


def test_split_takes_every_fifth_of_each_class_and_lets_the_classes_take_turns():
    y = np.array([1, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1])
    x = np.arange(11)
    (x_train, y_train), (x_test, y_test) = stratified_split(x, y)
    assert x_test.tolist() == [9, 5] and y_test.tolist() == [0, 1]
    assert y_train.tolist() == [0, 1, 0, 1, 0, 1, 0, 1, 1]
    assert sorted([*x_train, *x_test]) == list(range(11))


def test_registry_knows_the_data_sets():
    assert {"iris", "digits", "mnist", "fashion_mnist"} <= {entry.name for entry in registry.entries("dataset")}


def pack(folder: Path, name: str, content: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(gzip.compress(content))
    return path


def test_fetch_keeps_only_the_promised_file(tmp_path):
    source = tmp_path / "source.bin"
    source.write_bytes(b"true content")
    folder = tmp_path / "cache"
    good = hashlib.sha256(b"true content").hexdigest()
    path = cache.fetch("data.bin", source.as_uri(), good, 12, folder)
    assert path.read_bytes() == b"true content" and os.listdir(folder) == ["data.bin"]
    source.write_bytes(b"forged content")
    with pytest.raises(DataError, match="not the expected data"):
        cache.fetch("data.bin", source.as_uri(), good, 12, folder)
    assert path.read_bytes() == b"true content" and os.listdir(folder) == ["data.bin"]


def test_fetch_never_follows_a_link_planted_at_the_target(tmp_path):
    source, victim = tmp_path / "source.bin", tmp_path / "victim"
    source.write_bytes(b"new")
    victim.write_text("mine")
    folder = tmp_path / "cache"
    folder.mkdir()
    (folder / "data.bin").symlink_to(victim)
    cache.fetch("data.bin", source.as_uri(), hashlib.sha256(b"new").hexdigest(), 3, folder)
    assert victim.read_text() == "mine"


def test_unreachable_address_is_a_plain_error(tmp_path):
    with pytest.raises(DataError, match="could not be downloaded") as caught:
        cache.fetch("data.bin", (tmp_path / "nowhere").as_uri(), "0" * 64, 3, tmp_path / "cache")
    assert "by hand" in caught.value.mend
    assert os.listdir(tmp_path / "cache") == []


def test_packed_file_is_known_by_its_content_and_bombs_stay_packed(tmp_path):
    content = b"labels"
    digest = hashlib.sha256(content).hexdigest()
    assert cache.read_gzip(pack(tmp_path, "good.gz", content), digest, 6) == content
    with pytest.raises(DataError, match="another SHA-256"):
        cache.read_gzip(pack(tmp_path, "other.gz", b"lapels"), digest, 6)
    with pytest.raises(DataError, match="another SHA-256"):
        cache.read_gzip(pack(tmp_path, "bomb.gz", bytes(50_000_000)), digest, 6)
    broken = tmp_path / "broken.gz"
    broken.write_bytes(b"no gzip")
    with pytest.raises(DataError, match="could not be read"):
        cache.read_gzip(broken, digest, 6)


def small_fashion(monkeypatch, folder: Path) -> None:
    """Files in the form of Fashion-MNIST, with three and two examples, in `folder`."""
    contents = {}
    for name, examples in (("TRAIN", 3), ("TEST", 2)):
        images = bytes(16) + bytes(np.arange(examples * 784, dtype=np.uint8))
        labels = bytes(8) + bytes(range(examples))
        contents[f"_{name}_IMAGES"] = (examples, images)
        contents[f"_{name}_LABELS"] = (examples, labels)
    for attribute, (examples, content) in contents.items():
        original = getattr(fashion_mnist, attribute)
        path = pack(folder, original.name, content)
        described = original._replace(
            examples=examples,
            packed_size=path.stat().st_size,
            packed_sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        monkeypatch.setattr(fashion_mnist, attribute, described)


@pytest.mark.parametrize("place", ["keras cache", "debian", "download"])
def test_fashion_mnist_is_found_in_each_place(tmp_path, monkeypatch, place):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(fashion_mnist, "DEBIAN_FOLDER", tmp_path / "debian")
    folder = {
        "keras cache": tmp_path / "keras" / "datasets" / "fashion-mnist",
        "debian": tmp_path / "debian",
        "download": tmp_path / "server",
    }[place]
    small_fashion(monkeypatch, folder)
    monkeypatch.setattr(fashion_mnist, "ORIGIN", (tmp_path / "server").as_uri() + "/")
    (x_train, y_train), (x_test, y_test) = fashion_mnist.load_data()
    assert x_train.shape == (3, 28, 28) and x_test.shape == (2, 28, 28) and x_train.dtype == np.uint8
    assert y_train.tolist() == [0, 1, 2] and y_test.tolist() == [0, 1]
    assert x_train.flags.writeable
    downloaded = tmp_path / "keras" / "datasets" / "fashion-mnist"
    assert (len(os.listdir(downloaded)) == 4) if place != "debian" else not downloaded.exists()


def test_true_fashion_mnist_has_the_pinned_content():
    folders = [cache.cache_folder() / "fashion-mnist", fashion_mnist.DEBIAN_FOLDER]
    files = [fashion_mnist._TRAIN_LABELS, fashion_mnist._TEST_IMAGES]
    if not all(cache.first_existing(file.name, folders) for file in files):
        pytest.skip("the files are not on this machine")
    (x_train, y_train), _ = fashion_mnist.load_data()
    assert np.bincount(y_train).tolist() == [6000] * 10 and x_train.shape == (60000, 28, 28)


def test_forged_mnist_in_the_cache_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "datasets").mkdir()
    forged = tmp_path / "datasets" / "mnist.npz"
    np.savez(forged, x_train=np.array([{"a": 1}], dtype=object))
    with pytest.raises(DataError, match="not the file that its name promises"):
        mnist.load_data()
