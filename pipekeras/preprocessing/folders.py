"""Data sets of the files in a folder: one folder for each class."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from pipekeras import ops
from pipekeras.core import configuration
from pipekeras.core.errors import ConfigurationError, DataError
from pipekeras.data.dataset import Dataset

_IMAGE_SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".png")
_TEXT_SUFFIXES = (".txt",)


def image_dataset_from_directory(
    directory: Any,
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Any = None,
    color_mode: str = "rgb",
    batch_size: int | None = 32,
    image_size: Any = (256, 256),
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    interpolation: str = "bilinear",
    follow_links: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    data_format: str | None = None,
    format: str = "tf",
    verbose: bool = True,
) -> Any:
    """Make a data set of the pictures in a folder.

    Args:
        directory: folder that holds a folder for each class.
        labels: "inferred" (by folder), None, or a list with a number for each file in the order of their names.
        label_mode: "int" (default), "binary", "categorical" or None.
        class_names: names of the folders in the order of their numbers, default sorted.
        color_mode: "grayscale", "rgb" or "rgba".
        batch_size: int, default 32; None for single pictures.
        image_size: height and width, default 256 x 256.
        shuffle: bool, default True.
        seed: int or None, fixes the order and the split.
        validation_split: float, share that subset "validation" gets.
        subset: "training", "validation", or "both" for a pair of data sets.
        interpolation: how pictures are resized, default "bilinear".
        follow_links: bool, whether folders that are links are entered.
        crop_to_aspect_ratio: bool, whether to cut the middle out rather than distort.
        pad_to_aspect_ratio: bool, whether to add black edges rather than distort.
        data_format: "channels_last", "channels_first", or None (the setting).
        format: accepted for scripts that set it: there is one kind of data sets.
        verbose: bool, default True; whether to print how many files were found.

    Input shape -> output shape:
        files -> batches of (batch, height, width, channels) float32 and labels

    Raises:
        DataError: there is no such folder, or no picture in it.
        ConfigurationError: both ways not to distort at once.
    """
    from pipekeras.preprocessing.image import img_to_array, load_img

    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise ConfigurationError("crop_to_aspect_ratio and pad_to_aspect_ratio exclude each other")

    size = tuple(int(value) for value in image_size)

    def read(path: Path) -> np.ndarray:
        if pad_to_aspect_ratio:
            whole = ops.image.resize(
                img_to_array(load_img(path, color_mode), "channels_last"), size, interpolation, pad_to_aspect_ratio=True,
                data_format="channels_last",
            )  # fmt: skip
            first = (data_format or configuration.image_data_format()) == "channels_first"
            return np.moveaxis(np.asarray(whole), -1, 0) if first else np.asarray(whole)
        return img_to_array(load_img(path, color_mode, size, interpolation, crop_to_aspect_ratio), data_format)

    return dataset_of_files(directory, labels, label_mode, class_names, batch_size, shuffle, seed, validation_split, subset,
                    follow_links, _IMAGE_SUFFIXES, read, verbose)  # fmt: skip


def text_dataset_from_directory(
    directory: Any,
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Any = None,
    batch_size: int | None = 32,
    max_length: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    follow_links: bool = False,
    format: str = "tf",
    verbose: bool = True,
) -> Any:
    """Make a data set of the `.txt` files in a folder.

    Args:
        directory: folder that holds a folder for each class.
        max_length: int or None, characters kept of each text.
        labels, label_mode, class_names, batch_size, shuffle, seed, validation_split, subset, follow_links, format,
            verbose: as in `image_dataset_from_directory`.

    Input shape -> output shape:
        files -> batches of (batch,) texts and labels
    """

    def read(path: Path) -> np.ndarray:
        return np.array(path.read_text(encoding="utf-8", errors="replace")[:max_length])

    return dataset_of_files(directory, labels, label_mode, class_names, batch_size, shuffle, seed, validation_split, subset,
                    follow_links, _TEXT_SUFFIXES, read, verbose)  # fmt: skip


def _files(folder: Path, suffixes: tuple[str, ...], follow_links: bool) -> list[Path]:
    import os

    found: list[Path] = []
    for place, _, names in os.walk(folder, followlinks=follow_links):
        found.extend(Path(place) / name for name in names if name.lower().endswith(suffixes))
    return sorted(found)


def dataset_of_files(directory: Any, labels: Any, label_mode: str | None, class_names: Any, batch_size: int | None,
                     shuffle: bool, seed: int | None, validation_split: float | None, subset: str | None, follow_links: bool,
                     suffixes: tuple[str, ...], read: Callable[[Path], np.ndarray], verbose: bool,
                     batched: Callable[[Dataset, int], Dataset] = Dataset.batch) -> Any:  # fmt: skip
    """Make a data set of the files in a folder that end as asked, each as `read` gives it."""
    root = Path(directory)
    if not root.is_dir():
        raise DataError(f"there is no folder {directory}")
    if label_mode not in ("int", "binary", "categorical", None):
        raise ConfigurationError(f"label_mode must be int, binary, categorical or None, not {label_mode!r}")
    if (validation_split is None) != (subset is None):
        raise ConfigurationError("validation_split and subset go together")
    if subset not in (None, "training", "validation", "both"):
        raise ConfigurationError(f"subset must be training, validation or both, not {subset!r}")
    if subset is not None and shuffle and seed is None and subset != "both":
        raise ConfigurationError("a shuffled split needs a seed, so that both parts are drawn alike", mend="pass seed=")
    names: list[str] = []
    if labels == "inferred":
        names = [str(name) for name in class_names] if class_names else sorted(p.name for p in root.iterdir() if p.is_dir())
        pairs = [(path, number) for number, name in enumerate(names) for path in _files(root / name, suffixes, follow_links)]
        paths, numbers = [path for path, _ in pairs], [number for _, number in pairs]
    else:
        paths = _files(root, suffixes, follow_links)
        numbers = [0] * len(paths) if labels is None else [int(label) for label in labels]
        if len(numbers) != len(paths):
            raise DataError(f"there are {len(paths)} files and {len(numbers)} labels")
    if labels is None:
        label_mode = None
    if not paths:
        raise DataError(f"no file in {directory} ends in {', '.join(suffixes)}")
    if label_mode == "binary" and len(names) not in (0, 2):
        raise ConfigurationError(f"label_mode 'binary' needs two classes; found {len(names)}")
    if verbose:
        print(f"Found {len(paths)} files" + (f" belonging to {len(names)} classes." if names else "."))
    drawn = configuration.next_seed() if seed is None else seed
    order = np.random.default_rng(drawn).permutation(len(paths)) if shuffle else np.arange(len(paths))
    count = len(names) or max(numbers) + 1

    def made_of(rows: np.ndarray, chance: np.random.Generator) -> Dataset:
        def elements() -> Iterator[Any]:
            for row in chance.permutation(rows) if shuffle else rows:
                value, number = read(paths[row]), numbers[row]
                if label_mode is None:
                    yield value
                elif label_mode == "categorical":
                    yield value, np.eye(count, dtype=np.float32)[number]
                else:
                    yield value, np.array([number], np.float32) if label_mode == "binary" else np.int32(number)

        made = Dataset(elements, len(rows))
        made = made if batch_size is None else batched(made, batch_size)
        made.class_names = names  # type: ignore[attr-defined]
        made.file_paths = [str(paths[row]) for row in rows]  # type: ignore[attr-defined]
        return made

    if validation_split is None:
        return made_of(order, np.random.default_rng(drawn + 1))
    edge = len(order) - int(validation_split * len(paths))
    parts = {"training": order[:edge], "validation": order[edge:]}
    found = []
    for part in ("training", "validation") if subset == "both" else (str(subset),):
        if verbose:
            print(f"Using {len(parts[part])} files for {part}.")
        found.append(made_of(parts[part], np.random.default_rng(drawn + 1)))
    return tuple(found) if subset == "both" else found[0]
