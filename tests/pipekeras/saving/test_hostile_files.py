"""Every way in which model files were used against others: the load fails with a plain error and touches nothing.

The files are made here, from a good one. While they are loaded the network is closed, nothing may be opened for writing,
no process may be started, and neither time nor memory may run away.
"""

import builtins
import io
import json
import os
import pickle
import resource
import socket
import subprocess
import sys
import time
import zipfile

import h5py
import numpy as np
import pytest

from pipekeras import saving
from pipekeras.core.errors import PipekerasError
from pipekeras.layers import Dense, Input
from pipekeras.models import Sequential, model_from_json, model_from_yaml


@pytest.fixture
def guarded(monkeypatch):
    """Run a load with everything closed that a harmless one does not need; returns the error's text."""
    real_open, real_os_open = builtins.open, os.open

    def refuse(*arguments, **keywords):
        raise AssertionError(f"a load must not do this: {arguments!r}")

    def reading_only(file, mode="r", *arguments, **keywords):
        assert not set(mode) & set("wax+"), f"a load must not write {file!r}"
        return real_open(file, mode, *arguments, **keywords)

    def low_reading_only(path, flags, *arguments, **keywords):
        assert not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT), f"a load must not write {path!r}"
        return real_os_open(path, flags, *arguments, **keywords)

    def run(action, *expected):
        with monkeypatch.context() as patch:
            patch.setattr(socket, "socket", refuse)
            patch.setattr(socket, "create_connection", refuse)
            patch.setattr(subprocess, "Popen", refuse)
            patch.setattr(os, "system", refuse)
            for name in ("mkdir", "makedirs", "rename", "replace", "unlink", "link", "symlink"):
                patch.setattr(os, name, refuse)
            patch.setattr(builtins, "open", reading_only)
            patch.setattr(io, "open", reading_only)
            patch.setattr(os, "open", low_reading_only)
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            start = time.perf_counter()
            with pytest.raises(PipekerasError) as caught:
                action()
            seconds = time.perf_counter() - start
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        text = str(caught.value)
        assert seconds < 1.0, seconds
        assert grown < 200_000, f"{grown} KiB more"
        assert "\x1b" not in text and len(text) < 2000
        for part in expected:
            assert part in text, text
        return text

    return run


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A folder with one model in all three formats."""
    folder = tmp_path_factory.mktemp("good")
    model = Sequential([Input((4,)), Dense(3, name="d")], name="m")
    saving.save_model(model, folder / "m.h5")
    saving.save_model(model, folder / "m.keras")
    saving.save_weights(model, folder / "m.weights.h5")
    for name in ("m.h5", "m.keras"):
        assert saving.load_model(folder / name).count_params() == 15
    return folder


@pytest.fixture
def changed_h5(good, tmp_path):
    """Make a changed copy of the good .h5 file."""

    def change(edit, name="bad.h5"):
        path = tmp_path / name
        path.write_bytes((good / "m.h5").read_bytes())
        with h5py.File(path, "r+") as file:
            edit(file)
        return path

    return change


KERNEL = "model_weights/d/m/d/kernel"


def replace_kernel(make):
    def edit(file):
        del file[KERNEL]
        make(file)

    return edit


def secret_file(tmp_path):
    path = tmp_path / "secret.h5"
    with h5py.File(path, "w") as file:
        file["data"] = np.ones((4, 3), "float32")
    return path


# HDF5: data that lies elsewhere


def test_external_link(changed_h5, tmp_path, guarded):
    secret = secret_file(tmp_path)
    path = changed_h5(replace_kernel(lambda file: file.__setitem__(KERNEL, h5py.ExternalLink(str(secret), "data"))))
    guarded(lambda: saving.load_model(path), "kernel", "link")


def test_external_link_in_the_middle_of_a_path(changed_h5, tmp_path, guarded):
    other = tmp_path / "other.h5"
    with h5py.File(other, "w") as file:
        file["d/kernel"] = np.ones((4, 3), "float32")
        file["d/bias"] = np.ones(3, "float32")

    def edit(file):
        del file["model_weights/d/m"]
        file["model_weights/d/m"] = h5py.ExternalLink(str(other), "/")

    path = changed_h5(edit)
    guarded(lambda: saving.load_model(path), "link")


def test_soft_link(changed_h5, guarded):
    path = changed_h5(replace_kernel(lambda file: file.__setitem__(KERNEL, h5py.SoftLink("/model_weights/d/m/d/bias"))))
    guarded(lambda: saving.load_model(path), "link")


def test_external_storage(changed_h5, tmp_path, guarded):
    raw = tmp_path / "raw.bin"
    raw.write_bytes(bytes(48))
    path = changed_h5(
        replace_kernel(
            lambda file: file.create_dataset(KERNEL, (4, 3), "float32", external=[(str(raw), 0, h5py.h5f.UNLIMITED)])
        )
    )
    guarded(lambda: saving.load_model(path), "other files")


def test_virtual_dataset(changed_h5, tmp_path, guarded):
    layout = h5py.VirtualLayout(shape=(4, 3), dtype="float32")
    layout[...] = h5py.VirtualSource(str(secret_file(tmp_path)), "data", shape=(4, 3))
    path = changed_h5(replace_kernel(lambda file: file.create_virtual_dataset(KERNEL, layout)))
    guarded(lambda: saving.load_model(path), "other files")


# HDF5: shapes of trees


def test_cyclic_hard_link(changed_h5, guarded):
    path = changed_h5(lambda file: file["model_weights/d"].__setitem__("loop", file["model_weights"]))
    guarded(lambda: saving.load_model(path), "two places")


def test_one_dataset_at_two_places(changed_h5, guarded):
    path = changed_h5(lambda file: file["model_weights/d"].__setitem__("again", file[KERNEL]))
    guarded(lambda: saving.load_model(path), "two places")


def test_deep_groups(changed_h5, guarded):
    path = changed_h5(lambda file: file.create_group("/".join(["g"] * 500)))
    guarded(lambda: saving.load_model(path), "deep")


def test_named_type_instead_of_data(changed_h5, guarded):
    path = changed_h5(replace_kernel(lambda file: file.__setitem__(KERNEL, np.dtype("float32"))))
    guarded(lambda: saving.load_model(path), "neither a group nor a data set")


# HDF5: kinds and amounts of data


@pytest.mark.parametrize(
    "dtype",
    [h5py.ref_dtype, h5py.string_dtype(), h5py.vlen_dtype(np.float32), np.dtype([("a", "f4")]), np.dtype("c8")],
    ids=["reference", "text", "lists", "compound", "complex"],
)
def test_data_that_is_no_number(changed_h5, dtype, guarded):
    path = changed_h5(replace_kernel(lambda file: file.create_dataset(KERNEL, (4, 3), dtype)))
    guarded(lambda: saving.load_model(path), "kernel")


@pytest.mark.parametrize("options", [{}, {"chunks": (1024, 1024)}, {"chunks": (1024, 1024), "compression": "gzip"}])
def test_petabytes_in_a_kilobyte(changed_h5, options, guarded):
    path = changed_h5(replace_kernel(lambda file: file.create_dataset(KERNEL, (2**25, 2**25), "float32", **options)))
    guarded(lambda: saving.load_model(path), "declares")


def test_many_that_add_up(changed_h5, guarded):
    def edit(file):
        for index in range(200):
            file.create_dataset(f"model_weights/d/x{index}", (10**8,), "float32")

    path = changed_h5(edit)
    guarded(lambda: saving.load_model(path), "declares")


def test_packed_zeros_are_compared_with_the_model_before_they_are_unpacked(changed_h5, guarded):
    def make(file):
        data = file.create_dataset(KERNEL, (100_000_000,), "float32", chunks=(10_000_000,), compression="gzip")
        data[:10_000_000] = 0

    path = changed_h5(replace_kernel(make))
    guarded(lambda: saving.load_model(path), "kernel")


def test_filter_from_a_plugin(changed_h5, guarded):
    def make(file):
        space = h5py.h5s.create_simple((4, 3))
        properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        properties.set_chunk((4, 3))
        properties.set_filter(32015, h5py.h5z.FLAG_OPTIONAL, ())
        h5py.h5d.create(file["model_weights/d/m/d"].id, b"kernel", h5py.h5t.IEEE_F32LE, space, properties)

    path = changed_h5(replace_kernel(make))
    guarded(lambda: saving.load_model(path), "filter")


def test_attribute_whose_names_multiply_one_long_text(changed_h5, guarded):
    length, count = 400_000, 4000

    def edit(file):
        names = np.array(["d" * length] + ["e"] * (count - 1), dtype=object)
        del file["model_weights"].attrs["layer_names"]
        file["model_weights"].attrs.create("layer_names", names, dtype=h5py.string_dtype())

    path = changed_h5(edit)
    content = path.read_bytes()
    # Each element is a length, an address and a number in the heap; let all be the first.
    position = content.index(length.to_bytes(4, "little"))
    while content[position + 16 : position + 20] != (1).to_bytes(4, "little"):
        position = content.index(length.to_bytes(4, "little"), position + 1)
    first = content[position : position + 16]
    path.write_bytes(content[:position] + first * count + content[position + 16 * count :])
    guarded(lambda: saving.load_model(path), "declares more")


def test_names_that_lead_out_of_the_group(changed_h5, guarded):
    for name in ("/model_weights/d/m/d/kernel", "../d/m/d/kernel", "missing", ""):
        def edit(file, name=name):
            file["model_weights/d"].attrs["weight_names"] = [name.encode(), b"m/d/bias"]

        path = changed_h5(edit)
        guarded(lambda path=path: saving.load_model(path), "no data set")


def test_numbers_where_names_belong(changed_h5, guarded):
    path = changed_h5(lambda file: file["model_weights"].attrs.__setitem__("layer_names", np.arange(3)))
    guarded(lambda: saving.load_model(path), "not a list of texts")


def test_cut_file(good, tmp_path, guarded):
    content = (good / "m.h5").read_bytes()
    for length in (9, 100, len(content) // 2, len(content) - 10):
        path = tmp_path / f"cut{length}.h5"
        path.write_bytes(content[:length])
        guarded(lambda path=path: saving.load_model(path))


def test_bytes_changed_at_random(good, tmp_path):
    """Whatever a damaged file does, it ends in a plain error or in a model, never in a crash of ours."""
    generator = np.random.default_rng(0)
    content = (good / "m.h5").read_bytes()
    for index in range(150):
        damaged = bytearray(content)
        for position in generator.integers(0, len(content), 20):
            damaged[position] = generator.integers(0, 256)
        path = tmp_path / "damaged.h5"
        path.write_bytes(bytes(damaged))
        try:
            saving.load_model(path)
        except PipekerasError:
            pass
        except (TypeError, ValueError, AttributeError) as problem:
            pytest.fail(f"damage number {index}: {problem!r}")


def test_file_that_sends_the_library_in_circles(good, tmp_path):
    """A child process looks first, with little time; what it does not survive is not opened."""
    from pipekeras.core.errors import FileFormatError
    from pipekeras.saving import quarantine

    def circle():
        while True:
            pass

    for look, word in ((circle, "never ends"), (os.abort, "breaks the HDF5 library")):
        with pytest.raises(FileFormatError, match=word):
            quarantine.examine(look, 1000, "the file")
    quarantine.examine(lambda: [][1], 1000, "the file")
    # The texts of attributes lie in a heap whose entries tell their own lengths: one of length -16 never ends.
    content = bytearray((good / "m.h5").read_bytes())
    position = content.index(b"GCOL") + 16
    content[position + 8 : position + 16] = (2**64 - 16).to_bytes(8, "little")
    path = tmp_path / "circle.h5"
    path.write_bytes(bytes(content))
    with pytest.raises(PipekerasError):
        saving.load_model(path)


# The config


def with_config(file, edit):
    config = json.loads(file.attrs["model_config"])
    edit(config)
    file.attrs["model_config"] = json.dumps(config)


def dense_of(config):
    return config["config"]["layers"][1]


@pytest.fixture
def both(good, tmp_path):
    """Make changed copies of the good model's config in both formats of whole models."""

    def change(edit):
        old = tmp_path / "bad.h5"
        old.write_bytes((good / "m.h5").read_bytes())
        with h5py.File(old, "r+") as file:
            with_config(file, edit)
        new = tmp_path / "bad.keras"
        with zipfile.ZipFile(good / "m.keras") as source, zipfile.ZipFile(new, "w") as target:
            for info in source.infolist():
                content = source.read(info)
                if info.filename == "config.json":
                    config = json.loads(content)
                    edit(config)
                    content = json.dumps(config).encode()
                target.writestr(info.filename, content)
        return [old, new]

    return change


MARSHALLED = "4wEAAAAAAAAAAAAAAAAAAAABAAAAAwAAAHMEAAAAlwB8AFMAqQBOqQD6AXjzAAAAAA=="


@pytest.mark.parametrize(
    "function",
    [
        {"class_name": "__lambda__", "config": {"code": MARSHALLED, "defaults": None, "closure": None}},
        [MARSHALLED, None, None],
        {"module": "os", "class_name": "function", "config": "system", "registered_name": "system"},
        {"module": "builtins", "class_name": "function", "config": "eval", "registered_name": "eval"},
        {"module": "pipekeras.datasets.cache", "class_name": "function", "config": "fetch", "registered_name": "fetch"},
        {"module": "pipekeras.saving", "class_name": "function", "config": "load_model", "registered_name": None},
    ],
    ids=["lambda", "keras 2 lambda", "os.system", "eval", "own downloader", "own loader"],
)
def test_code_from_the_config(both, function, guarded):
    def edit(config):
        layer = {"class_name": "Lambda", "module": "keras.layers", "config": {"name": "d", "function": function}}
        config["config"]["layers"][1] = layer

    for path in both(edit):
        guarded(lambda path=path: saving.load_model(path))
        guarded(lambda path=path: saving.load_model(path, safe_mode=False))


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "system"),
        ("builtins", "exec"),
        ("subprocess", "Popen"),
        ("pipekeras.datasets.cache", "fetch"),
        ("pipekeras.saving.api", "load_model"),
        ("keras.utils", "get_file"),
        ("pickle", "loads"),
        ("pipekeras.layers", "TFSMLayer"),
        ("pipekeras.layers", "__import__"),
    ],
)
def test_classes_from_anywhere(both, module, name, guarded):
    def edit(config):
        dense_of(config).update({"module": module, "class_name": name, "registered_name": name})

    for path in both(edit):
        guarded(lambda path=path: saving.load_model(path), name)


@pytest.mark.parametrize("name", ["StringLookup", "IntegerLookup", "TextVectorization"])
def test_vocabulary_that_is_a_path(both, tmp_path, name, guarded):
    secret = tmp_path / "secret.txt"
    secret.write_text("1\n2\n")

    def edit(config):
        dense_of(config).update(
            {"module": "keras.layers", "class_name": name, "registered_name": None, "config": {"vocabulary": str(secret)}}
        )

    for path in both(edit):
        guarded(lambda path=path: saving.load_model(path), "vocabulary")


@pytest.mark.parametrize(
    "place", ["activation", "kernel_initializer", "kernel_regularizer", "bias_constraint"]
)
def test_functions_from_anywhere_as_an_option(both, place, guarded):
    options = (
        "os.system",
        {"module": "os", "class_name": "system", "config": {"command": "true"}, "registered_name": None},
        {"module": "builtins", "class_name": "function", "config": "print", "registered_name": "function"},
        {"class_name": "__lambda__", "config": {"code": MARSHALLED}},
    )
    for option in options:
        def edit(config, option=option):
            dense_of(config)["config"][place] = option

        for path in both(edit):
            guarded(lambda path=path: saving.load_model(path))


def test_units_of_a_billion(both, guarded):
    def edit(config):
        dense_of(config)["config"]["units"] = 10**9
        dense_of(config).pop("build_config", None)

    for path in both(edit):
        guarded(lambda path=path: saving.load_model(path), "the config asks for weights")


def test_many_large_layers_that_add_up(both, guarded):
    def edit(config):
        layer = dense_of(config)
        layers = config["config"]["layers"]
        for index in range(50):
            copy = json.loads(json.dumps(layer))
            copy["config"].update({"units": 5000, "name": f"more{index}"})
            copy.pop("build_config", None)
            layers.append(copy)

    for path in both(edit):
        guarded(lambda path=path: saving.load_model(path), "the config asks for weights")


def test_deep_and_huge_json(changed_h5, good, tmp_path, guarded):
    deep = "[" * 200_000 + "]" * 200_000
    huge = json.dumps({"class_name": "Sequential", "config": {"layers": ["x" * (17 << 20)]}})
    nested = '{"class_name": "Sequential", "config": ' * 3000 + "{}" + "}" * 3000
    for text in (deep, huge, nested, "{", "null", "[]", '{"class_name": 3}', '{"class_name": "Dense", "config": 4}'):
        old = changed_h5(lambda file, text=text: file.attrs.__setitem__("model_config", text))
        guarded(lambda path=old: saving.load_model(path))
        new = tmp_path / "bad.keras"
        with zipfile.ZipFile(good / "m.keras") as source, zipfile.ZipFile(new, "w") as target:
            for name in ("metadata.json", "model.weights.h5"):
                target.writestr(name, source.read(name))
            target.writestr("config.json", text)
        guarded(lambda path=new: saving.load_model(path))


def test_config_that_is_no_model(both, guarded):
    def edit(config):
        layer = dense_of(config)
        config.clear()
        config.update(layer)

    for path in both(edit):
        guarded(lambda path=path: saving.load_model(path))


def test_names_with_control_characters_are_shown_escaped(both, guarded):
    def edit(config):
        dense_of(config).update({"class_name": "Den\x1b[2Jse", "registered_name": None})

    for path in both(edit):
        assert "\\x1b" in guarded(lambda path=path: saving.load_model(path))


def test_layer_named_like_a_path_stays_a_name(both, tmp_path):
    def edit(config):
        dense_of(config)["config"]["name"] = "../../escaped"

    before = sorted(os.listdir(tmp_path.parent))
    for path in both(edit):
        try:
            model = saving.load_model(path)
        except PipekerasError:
            continue
        saving.save_model(model, tmp_path / "again.keras")
    assert sorted(os.listdir(tmp_path.parent)) == before


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


def test_hostile_weights_inside_an_archive(good, tmp_path, guarded):
    def add(archive):
        buffer = io.BytesIO(zipfile.ZipFile(good / "m.keras").read("model.weights.h5"))
        with h5py.File(buffer, "r+") as file:
            del file["layers/dense/vars/0"]
            file["layers/dense/vars/0"] = h5py.ExternalLink(str(secret_file(tmp_path)), "data")
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


def test_weights_only_is_checked_in_the_same_way(changed_h5, good, tmp_path, guarded):
    model = Sequential([Input((4,)), Dense(3, name="d")], name="m")
    before = [weight.copy() for weight in model.get_weights()]
    secret = secret_file(tmp_path)
    path = changed_h5(replace_kernel(lambda file: file.__setitem__(KERNEL, h5py.ExternalLink(str(secret), "data"))))
    guarded(lambda: model.load_weights(path), "link")
    newer = tmp_path / "bad.weights.h5"
    newer.write_bytes((good / "m.weights.h5").read_bytes())
    with h5py.File(newer, "r+") as file:
        del file["layers/dense/vars/1"]
        file["layers/dense/vars/1"] = h5py.SoftLink("/layers/dense/vars/0")
    guarded(lambda: model.load_weights(newer), "link")
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_yaml_makes_no_objects(guarded):
    for text in (
        "!!python/object/apply:os.system ['touch escaped']",
        "class_name: !!python/name:os.system\nconfig: {}",
        "class_name: Sequential\nconfig: !!python/object:pipekeras.layers.Dense {}",
    ):
        guarded(lambda text=text: model_from_yaml(text))


def test_yaml_aliases_do_not_multiply(guarded):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{index}: &a{index} [{', '.join([f'*a{index - 1}'] * 10)}]" for index in range(1, 12)]
    lines += ["class_name: Sequential", "config: {layers: [{class_name: Dense, config: {units: *a11}}]}"]
    guarded(lambda: model_from_yaml("\n".join(lines)), "aliases")


def test_json_makes_no_objects(guarded):
    guarded(lambda: model_from_json('{"class_name": "system", "module": "os", "config": {"command": "true"}}'))
    guarded(lambda: model_from_json("[" * 100_000))


def test_nothing_was_left_behind():
    assert not os.path.exists("escaped") and not os.path.exists("/tmp/escaped.txt")
    assert "pickle" in sys.modules
