"""Pictures in files and in batches."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipekeras.core.errors import ConfigurationError, DataError, FileFormatError, StateError
from pipekeras.preprocessing import image_dataset_from_directory, pictures, text_dataset_from_directory
from pipekeras.preprocessing.image import (
    ImageDataGenerator,
    apply_affine_transform,
    array_to_img,
    img_to_array,
    load_img,
    resize,
    save_img,
    smart_resize,
)
from pipekeras.preprocessing.pictures import decode_picture, encode_png

RANDOM = np.random.default_rng(1)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_png_files_keep_every_bit(tmp_path: Path, channels: int) -> None:
    picture = RANDOM.integers(0, 256, (5, 7, channels), dtype=np.uint8)
    (tmp_path / "a.png").write_bytes(encode_png(picture))
    np.testing.assert_array_equal(decode_picture((tmp_path / "a.png").read_bytes()), picture)


def test_damaged_and_other_files_are_refused_with_a_word(tmp_path: Path) -> None:
    good = encode_png(np.zeros((4, 4, 3), np.uint8))
    for content in (good[:40], good[:20] + b"\xff" * 30, good[:8] + good[8:16] + b"\x7f" * 8 + good[24:]):
        with pytest.raises((FileFormatError, DataError)):
            decode_picture(content)
    with pytest.raises(DataError, match="can't be read"):
        load_img(tmp_path / "none.png")


def test_a_picture_that_claims_to_be_huge_is_not_unpacked() -> None:
    good = encode_png(np.zeros((4, 4, 3), np.uint8))
    huge = good[:16] + (1 << 20).to_bytes(4, "big") * 2 + good[24:]
    with pytest.raises(FileFormatError, match="too large"):
        decode_picture(huge)


def test_resizing_keeps_means_and_corners() -> None:
    ramp = np.arange(16.0).reshape(4, 4, 1)
    assert resize(ramp, 2, 2)[..., 0].tolist() == [[5.0, 7.0], [13.0, 15.0]]
    for kind in ("bilinear", "bicubic", "lanczos", "box", "hamming"):
        assert resize(ramp, 2, 2, kind).mean() == pytest.approx(7.5)
        assert resize(np.full((3, 5, 2), 4.0), 7, 2, kind) == pytest.approx(4.0)
    assert smart_resize(np.zeros((10, 20, 3)), (5, 5)).shape == (5, 5, 3)
    with pytest.raises(ConfigurationError, match="interpolation"):
        resize(ramp, 2, 2, "other")


def test_pictures_are_written_and_read(tmp_path: Path) -> None:
    array = RANDOM.integers(0, 256, (6, 5, 3)).astype("float32")
    save_img(tmp_path / "a.png", array, scale=False)
    np.testing.assert_array_equal(img_to_array(load_img(tmp_path / "a.png")), array)
    assert img_to_array(load_img(tmp_path / "a.png", "grayscale", (3, 2))).shape == (3, 2, 1)
    assert array_to_img(array).size == (5, 6)
    assert img_to_array(array_to_img(array), "channels_first").shape == (3, 6, 5)


def test_affine_transforms_move_and_turn() -> None:
    picture = np.arange(9.0).reshape(3, 3, 1)
    np.testing.assert_allclose(apply_affine_transform(picture, theta=90)[..., 0], np.rot90(picture[..., 0], -1), atol=1e-9)
    moved = apply_affine_transform(picture, tx=1, fill_mode="constant", cval=-1.0)[..., 0]
    assert moved.tolist() == [[3, 4, 5], [6, 7, 8], [-1, -1, -1]]
    wrapped = apply_affine_transform(picture, ty=1, fill_mode="wrap")[..., 0]
    assert wrapped[0].tolist() == [1, 2, 0]


def test_generators_change_pictures_and_keep_targets() -> None:
    pictures = RANDOM.random((10, 6, 6, 3)).astype("float32")
    generator = ImageDataGenerator(rotation_range=30, width_shift_range=0.2, horizontal_flip=True, zoom_range=0.2)
    batches = generator.flow(pictures, np.arange(10), batch_size=4, seed=2)
    targets = np.concatenate([y for _, y in batches])
    assert sorted(targets) == list(range(10))
    assert not np.allclose(batches[0][0], pictures[batches._order[:4]])
    again = generator.flow(pictures, np.arange(10), batch_size=4, seed=2)
    np.testing.assert_array_equal(batches[1][1].shape, again[1][1].shape)
    parts = ImageDataGenerator(validation_split=0.3)
    assert parts.flow(pictures, subset="validation").n == 3
    assert parts.flow(pictures, subset="training").n == 7


def test_featurewise_normalisation_needs_a_fit() -> None:
    pictures = RANDOM.random((20, 4, 4, 2)) * 5
    generator = ImageDataGenerator(featurewise_center=True, featurewise_std_normalization=True)
    with pytest.raises(StateError, match="fit"):
        generator.flow(pictures)[0]
    generator.fit(pictures)
    found = generator.flow(pictures, batch_size=20, shuffle=False)[0]
    np.testing.assert_allclose(found.mean(axis=(0, 1, 2)), 0, atol=1e-4)
    np.testing.assert_allclose(found.std(axis=(0, 1, 2)), 1, atol=1e-3)


def folders(root: Path) -> Path:
    for place, name in enumerate(("cats", "dogs")):
        (root / name).mkdir()
        for number in range(4):
            save_img(root / name / f"{number}.png", np.full((4, 4, 3), 100.0 * place + number), scale=False)
            (root / name / f"{number}.txt").write_text(f"{name} {number}")
    return root


def test_folders_give_batches_with_classes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = folders(tmp_path)
    batches = ImageDataGenerator().flow_from_directory(root, target_size=(2, 3), class_mode="binary", batch_size=8, seed=1)
    x, y = batches[0]
    assert x.shape == (8, 2, 3, 3)
    assert ((x[:, 0, 0, 0] >= 100) == (y == 1)).all()
    assert batches.class_indices == {"cats": 0, "dogs": 1}
    assert (batches.image_shape, batches.directory) == ((2, 3, 3), str(root))
    capsys.readouterr()
    part = ImageDataGenerator(validation_split=0.25).flow_from_directory(root, color_mode="grayscale", subset="training")
    assert capsys.readouterr().out == "Found 6 images belonging to 2 classes.\n"
    assert (part.n, part.image_shape) == (6, (256, 256, 1))
    table = {"file": ["cats/0.png", "dogs/1.png"], "kind": ["c", "d"]}
    named = ImageDataGenerator().flow_from_dataframe(table, root, "file", "kind", target_size=(2, 2), shuffle=False)
    assert named[0][1].tolist() == [[1, 0], [0, 1]]
    table = {"file": [f"{kind}s/{place}.png" for kind in ("cat", "dog") for place in (0, 1)], "kind": ["c", "c", "d", "d"]}
    capsys.readouterr()
    halves = ImageDataGenerator(validation_split=0.25)
    sizes = [halves.flow_from_dataframe(table, root, "file", "kind", subset=part).n for part in ("training", "validation")]
    assert sizes == [3, 1]
    assert capsys.readouterr().out.splitlines()[1] == "Found 1 validated image filenames belonging to 2 classes."
    table = {"file": ["cats/0.png", "cats/lost.png", "dogs/1.png"], "price": [1.0, 2.0, 3.0], "kind": ["c", "c", "d"]}
    for mode, column, expected in (("other", "price", [1, 3]), ("raw", "price", [1, 3]), ("sparse", "kind", [0, 1])):
        with pytest.warns(UserWarning, match="1 of 3 pictures are not there.*lost.png; their rows are left out"):
            named = ImageDataGenerator().flow_from_dataframe(
                table, root, "file", column, class_mode=mode, target_size=(2, 2), shuffle=False
            )
        assert named[0][1].tolist() == expected
    with pytest.raises(DataError, match="1 of 1 pictures"):
        ImageDataGenerator().flow_from_dataframe({"file": ["lost.png"]}, root, "file", class_mode=None)
    dataset = image_dataset_from_directory(root, image_size=(2, 2), batch_size=3, label_mode="categorical", seed=1)
    assert [len(labels) for _, labels in dataset] == [3, 3, 2]
    assert dataset.class_names == ["cats", "dogs"]
    split = {"validation_split": 0.25, "seed": 3, "batch_size": None, "image_size": (2, 2)}
    train = image_dataset_from_directory(root, subset="training", **split).file_paths
    held = image_dataset_from_directory(root, subset="validation", **split).file_paths
    assert len(held) == 2
    assert not set(train) & set(held)
    texts = [str(text) for text, _ in text_dataset_from_directory(root, batch_size=None, shuffle=False)]
    assert texts[0] == "cats 0"
    assert "Found 8 files belonging to 2 classes." in capsys.readouterr().out


@pytest.mark.parametrize("kinds", ["mixed", "corner"])
@pytest.mark.parametrize("shape", [(7, 5, 3), (3, 40, 1), (40, 3, 4), (1, 9, 3), (9, 2, 2)], ids=str)
def test_filters_are_undone_by_diagonals_as_line_by_line(shape: tuple[int, int, int], kinds: str, monkeypatch: Any) -> None:
    height, width, channels = shape
    lines = RANDOM.integers(0, 256, (height, width * channels + 1), dtype=np.uint8)
    lines[:, 0] = 4 if kinds == "corner" else RANDOM.integers(0, 5, height)
    monkeypatch.setattr(pictures, "_LONG", 1 << 60)
    slowly = pictures._unfiltered(lines, channels)
    monkeypatch.setattr(pictures, "_LONG", -1)
    np.testing.assert_array_equal(pictures._unfiltered(lines, channels), slowly)


def test_a_long_thin_picture_is_not_unpacked() -> None:
    good = encode_png(np.zeros((4, 4, 1), np.uint8))
    thin = good[:16] + (1).to_bytes(4, "big") + (1 << 24).to_bytes(4, "big") + good[24:]
    with pytest.raises(FileFormatError, match="too large"):
        decode_picture(thin)


def test_other_formats_are_measured_before_they_are_unpacked_and_start_no_program() -> None:
    image = pytest.importorskip("PIL.Image", reason="makes the pictures, and pillow reads such files")
    stream = io.BytesIO()
    image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(stream, "BMP")
    good = stream.getvalue()
    assert decode_picture(good).shape == (8, 8, 3)
    for side in (9000, 20_000, 60_000):
        with pytest.raises(FileFormatError):
            decode_picture(good[:18] + side.to_bytes(4, "little") * 2 + good[26:])
    with pytest.raises(FileFormatError):
        decode_picture(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n")
