"""HDF5 files that were used against others: the load fails with a plain error and touches nothing."""

import os

import h5py
import numpy as np
import pytest

from pipekeras import saving
from pipekeras.core.errors import PipekerasError
from pipekeras.layers import Dense, Input
from pipekeras.models import Sequential

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
    from pipekeras.core.errors import FileFormatError
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
