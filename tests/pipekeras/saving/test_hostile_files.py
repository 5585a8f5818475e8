"""Archives, pickles and folders that were used against others: the load fails with a plain error and touches nothing."""

import io
import os
import pickle
import sys
import zipfile

import h5py
import pytest

from pipekeras import saving

# Archives


def rebuilt(good, tmp_path, add=None, leave_out=(), compression=zipfile.ZIP_STORED):
    path = tmp_path / "bad.keras"
    with zipfile.ZipFile(good / "m.keras") as source, zipfile.ZipFile(path, "w", compression) as target:
        for info in source.infolist():
            if info.filename not in leave_out:
                target.writestr(info.filename, source.read(info))
        if add is not None:
            add(target)
    return path


@pytest.mark.parametrize("name", ["../escaped.txt", "a/../../escaped.txt", "/tmp/escaped.txt", "..\\escaped.txt", "C:/x"])
def test_member_that_points_outside(good, tmp_path, name, guarded):
    path = rebuilt(good, tmp_path, lambda archive: archive.writestr(name, "x"))
    guarded(lambda: saving.load_model(path), "outside")


@pytest.mark.parametrize("kind", [0o120777, 0o020666, 0o010644])
def test_member_that_is_a_link_or_device(good, tmp_path, kind, guarded):
    def add(archive):
        info = zipfile.ZipInfo("assets/link")
        info.create_system = 3
        info.external_attr = kind << 16
        archive.writestr(info, "/etc/passwd")

    path = rebuilt(good, tmp_path, add)
    guarded(lambda: saving.load_model(path), "link")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_member_that_occurs_twice(good, tmp_path, guarded):
    path = rebuilt(good, tmp_path, lambda archive: archive.writestr("config.json", "{}"))
    guarded(lambda: saving.load_model(path), "twice")


def test_member_that_is_encrypted(good, tmp_path, guarded):
    path = rebuilt(good, tmp_path)
    content = bytearray(path.read_bytes())
    position = content.find(b"PK\x01\x02")
    content[position + 8] |= 1
    path.write_bytes(bytes(content))
    guarded(lambda: saving.load_model(path), "encrypted")


def test_bomb_as_one_member(good, tmp_path, guarded):
    def add(archive):
        archive.writestr("config.json", b" " * (300 << 20), zipfile.ZIP_DEFLATED)

    path = rebuilt(good, tmp_path, add, ["config.json"])
    guarded(lambda: saving.load_model(path), "at most")


def test_bomb_as_weights(good, tmp_path, guarded):
    def add(archive):
        archive.writestr("model.weights.h5", bytes(400 << 20), zipfile.ZIP_DEFLATED)

    path = rebuilt(good, tmp_path, add, ["model.weights.h5"])
    guarded(lambda: saving.load_model(path))


def test_member_that_lies_about_its_size(good, tmp_path, guarded):
    def add(archive):
        archive.writestr("config.json", b" " * 5000, zipfile.ZIP_DEFLATED)

    path = rebuilt(good, tmp_path, add, ["config.json"])
    content = path.read_bytes().replace((5000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    path.write_bytes(content)
    guarded(lambda: saving.load_model(path))


@pytest.mark.parametrize("missing", ["config.json", "metadata.json", "model.weights.h5"])
def test_member_that_is_missing(good, tmp_path, missing, guarded):
    path = rebuilt(good, tmp_path, leave_out=[missing])
    guarded(lambda: saving.load_model(path), missing)


def test_unusual_compression(good, tmp_path, guarded):
    path = rebuilt(good, tmp_path, compression=zipfile.ZIP_LZMA)
    guarded(lambda: saving.load_model(path), "unusual")


def test_too_many_members(good, tmp_path, guarded):
    def add(archive):
        for index in range(10_001):
            archive.writestr(f"assets/{index}", b"")

    path = rebuilt(good, tmp_path, add)
    guarded(lambda: saving.load_model(path), "members")


def test_cut_archive(good, tmp_path, guarded):
    content = (good / "m.keras").read_bytes()
    for length in (4, 100, len(content) // 2, len(content) - 5):
        path = tmp_path / f"cut{length}.keras"
        path.write_bytes(content[:length])
        guarded(lambda path=path: saving.load_model(path))


def test_hostile_weights_inside_an_archive(good, tmp_path, guarded, secret_file):
    def add(archive):
        buffer = io.BytesIO(zipfile.ZipFile(good / "m.keras").read("model.weights.h5"))
        with h5py.File(buffer, "r+") as file:
            del file["layers/dense/vars/0"]
            file["layers/dense/vars/0"] = h5py.ExternalLink(str(secret_file), "data")
        archive.writestr("model.weights.h5", buffer.getvalue())

    path = rebuilt(good, tmp_path, add, ["model.weights.h5"])
    guarded(lambda: saving.load_model(path), "link")


# Other ways in


class Bait:
    def __reduce__(self):
        return (os.system, ("touch escaped",))


@pytest.mark.parametrize("name", ["model.h5", "model.keras", "model.pkl"])
def test_pickle_under_any_name(tmp_path, name, guarded):
    path = tmp_path / name
    path.write_bytes(pickle.dumps(Bait()))
    guarded(lambda: saving.load_model(path), "pickle")


def test_folders_and_missing_files(tmp_path, guarded):
    guarded(lambda: saving.load_model(tmp_path), "folder")
    (tmp_path / "saved_model.pb").write_bytes(b"")
    guarded(lambda: saving.load_model(tmp_path), "SavedModel", "save it again as .keras")
    guarded(lambda: saving.load_model(tmp_path / "none.keras"), "there is no file")
    (tmp_path / "text.keras").write_text("hello")
    guarded(lambda: saving.load_model(tmp_path / "text.keras"), "neither")


def test_nothing_was_left_behind():
    assert not os.path.exists("escaped") and not os.path.exists("/tmp/escaped.txt")
    assert "pickle" in sys.modules
