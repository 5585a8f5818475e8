"""HDF5 files that were used against others: the load fails with a plain error and touches nothing."""

import io
import os
import zipfile

import h5py
import numpy as np
import pytest

from pipekeras import saving
from pipekeras.core.errors import FileFormatError, PipekerasError, ShapeError
from pipekeras.layers import Dense, Input
from pipekeras.models import Sequential
from pipekeras.saving import limits
from pipekeras.saving.hdf5_reader import reading

KERNEL = "model_weights/d/m/d/kernel"


def replace_kernel(make):
    def edit(file):
        del file[KERNEL]
        make(file)

    return edit


# Data that lies elsewhere


def test_external_link(changed_h5, secret_file, guarded):
    path = changed_h5(replace_kernel(lambda file: file.__setitem__(KERNEL, h5py.ExternalLink(str(secret_file), "data"))))
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


def test_virtual_dataset(changed_h5, secret_file, guarded):
    layout = h5py.VirtualLayout(shape=(4, 3), dtype="float32")
    layout[...] = h5py.VirtualSource(str(secret_file), "data", shape=(4, 3))
    path = changed_h5(replace_kernel(lambda file: file.create_virtual_dataset(KERNEL, layout)))
    guarded(lambda: saving.load_model(path), "other files")


# Shapes of trees


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


# Kinds and amounts of data


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
    from pipekeras.saving import quarantine

    def circle():
        while True:
            pass

    for look, word in ((circle, "never ends"), (os.abort, "breaks the HDF5 library"), (lambda: [][1], "breaks")):
        with pytest.raises(FileFormatError, match=word):
            quarantine.examine(look, 1000, "the file")
    assert quarantine.examine(lambda: b"seen" * 100_000, 1000, "the file") == b"seen" * 100_000
    # The texts of attributes lie in a heap whose entries tell their own lengths: one of length -16 never ends.
    content = bytearray((good / "m.h5").read_bytes())
    position = content.index(b"GCOL") + 16
    content[position + 8 : position + 16] = (2**64 - 16).to_bytes(8, "little")
    path = tmp_path / "circle.h5"
    path.write_bytes(bytes(content))
    with pytest.raises(PipekerasError):
        saving.load_model(path)


# Weights alone


def test_weights_only_is_checked_in_the_same_way(changed_h5, good, tmp_path, guarded, secret_file):
    model = Sequential([Input((4,)), Dense(3, name="d")], name="m")
    before = [weight.copy() for weight in model.get_weights()]
    path = changed_h5(replace_kernel(lambda file: file.__setitem__(KERNEL, h5py.ExternalLink(str(secret_file), "data"))))
    guarded(lambda: model.load_weights(path), "link")
    newer = tmp_path / "bad.weights.h5"
    newer.write_bytes((good / "m.weights.h5").read_bytes())
    with h5py.File(newer, "r+") as file:
        del file["layers/dense/vars/1"]
        file["layers/dense/vars/1"] = h5py.SoftLink("/layers/dense/vars/0")
    guarded(lambda: model.load_weights(newer), "link")
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_a_load_that_fails_at_the_last_layer_leaves_the_model_as_it_was(tmp_path):
    class Fussy(Dense):
        refuses = False

        def load_own_variables(self, store):
            self.kernel.assign(store["0"])
            if self.refuses:
                raise FileFormatError("not this one")
            self.bias.assign(store["1"])

    def made():
        return Sequential([Input((4,)), Dense(3), Fussy(2)])

    made().save_weights(tmp_path / "m.weights.h5")
    model = made()
    before = model.get_weights()
    model.layers[-1].refuses = True
    with pytest.raises(FileFormatError, match="not this one"):
        model.load_weights(tmp_path / "m.weights.h5")
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    model.layers[-1].refuses = False
    model.load_weights(tmp_path / "m.weights.h5")
    assert not np.array_equal(before[0], model.get_weights()[0])


@pytest.mark.parametrize("ending", [".keras", ".h5", ".weights.h5"])
def test_weights_of_another_shape_change_nothing(tmp_path, ending):
    other = Sequential([Input((4,)), Dense(3), Dense(5)])
    (other.save_weights if ending.startswith(".w") else other.save)(tmp_path / f"m{ending}")
    model = Sequential([Input((4,)), Dense(3), Dense(2)])
    before = model.get_weights()
    with pytest.raises(ShapeError):
        model.load_weights(tmp_path / f"m{ending}")
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_state_of_another_optimizer_is_left_out_with_a_word(tmp_path):
    model = Sequential([Input((4,)), Dense(3)])
    model.compile("adam", "mse")
    model.fit(np.ones((8, 4)), np.ones((8, 3)), verbose=0)
    model.save(tmp_path / "m.keras")
    model.save(tmp_path / "m.h5")
    with h5py.File(tmp_path / "m.h5", "r+") as file:
        names = list(file["optimizer_weights"].attrs["weight_names"])
        del file["optimizer_weights"][names[-1]]
        file["optimizer_weights"][names[-1]] = np.zeros(7, "float32")
    with pytest.warns(UserWarning, match="does not fit the optimizer"):
        again = saving.load_model(tmp_path / "m.h5")
    np.testing.assert_array_equal(again.get_weights()[0], model.get_weights()[0])
    rebuilt = tmp_path / "n.keras"
    with zipfile.ZipFile(tmp_path / "m.keras") as source, zipfile.ZipFile(rebuilt, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == "model.weights.h5":
                stream = io.BytesIO(content)
                with h5py.File(stream, "r+") as file:
                    del file["optimizer/vars/2"]
                    file["optimizer/vars/2"] = np.zeros((9, 9), "float32")
                content = stream.getvalue()
            target.writestr(info.filename, content)
    with pytest.warns(UserWarning, match="fresh one"):
        again = saving.load_model(rebuilt)
    np.testing.assert_array_equal(again.get_weights()[0], model.get_weights()[0])


def test_object_references_and_soft_links_in_a_circle(changed_h5, guarded):
    def circle(file):
        file["model_weights/a"] = h5py.SoftLink("/model_weights/b")
        file["model_weights/b"] = h5py.SoftLink("/model_weights/a")

    looped = changed_h5(circle)
    guarded(lambda: saving.load_model(looped), "link")

    def reference(file):
        file["model_weights"].attrs["layer_names"] = np.array([file.ref, file.ref], dtype=h5py.ref_dtype)

    referring = changed_h5(reference, "refers.h5")
    guarded(lambda: saving.load_model(referring), "neither text nor number")


def test_groups_without_number(changed_h5, monkeypatch, guarded):
    monkeypatch.setattr(limits, "OBJECTS", 100)
    path = changed_h5(lambda file: [file.create_group(f"more/{index}") for index in range(120)])
    guarded(lambda: saving.load_model(path), "more than 100")


def test_values_in_every_form_are_read_as_they_were_written(tmp_path):
    """Rows that lie as they are come by place, all others by way of the library; the numbers are the same."""
    generator = np.random.default_rng(0)
    values = {kind: (generator.random((3, 5)) * 100).astype(kind) for kind in ("f4", "f8", ">f4", "i8", "u1", ">i2", "?", "f2")}
    with h5py.File(tmp_path / "m.h5", "w", userblock_size=0) as file:
        for kind, array in values.items():
            file[f"plain/{kind}"] = array
            file.create_dataset(f"packed/{kind}", data=array, chunks=(2, 2), compression="gzip", shuffle=True)
        file["plain/number"] = np.float32(3.5)
        file["plain/none"] = np.zeros((0, 4), "f4")
    content = (tmp_path / "m.h5").read_bytes()
    for source in (tmp_path / "m.h5", content):
        with reading(source) as file:
            for kind, array in values.items():
                for form in ("plain", "packed"):
                    np.testing.assert_array_equal(file.root.dataset(f"{form}/{kind}").read((3, 5)), array)
            assert file.root.dataset("plain/number").read(()) == np.float32(3.5)
            assert file.root.dataset("plain/none").read().shape == (0, 4)
