"""Batches of pictures from memory and from files, each picture changed as its generator says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipekeras.core import configuration
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.data.py_dataset import PyDataset

if TYPE_CHECKING:
    from pipekeras.preprocessing.image_generator import ImageDataGenerator

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".ppm", ".tif", ".tiff", ".gif")
_CLASS_MODES = ("binary", "categorical", "sparse", "input", "raw", None)


def pictures_in(folder: Path, follow_links: bool = False) -> list[Path]:
    """Return the pictures in a folder and the folders in it, sorted by name."""
    import os

    found: list[Path] = []
    for place, _, files in os.walk(folder, followlinks=follow_links):
        found.extend(Path(place) / name for name in files if name.lower().endswith(SUFFIXES))
    return sorted(found)


class _Batches(PyDataset):
    """Batches of n pictures in an order drawn anew for each epoch."""

    def __init__(self, generator: ImageDataGenerator, n: int, batch_size: int, shuffle: bool, seed: int | None,
                 save: tuple[Any, str, str]) -> None:  # fmt: skip
        super().__init__()
        if batch_size < 1:
            raise ConfigurationError(f"batch_size must be 1 or more, not {batch_size}")
        self.image_data_generator = generator
        self.n = n
        self.batch_size = batch_size
        self.shuffle = shuffle
        self._chance = np.random.default_rng(configuration.next_seed() if seed is None else seed)
        self._save = save
        self._next = 0
        self.total_batches_seen = 0
        self.on_epoch_end()

    def __len__(self) -> int:
        return -(-self.n // self.batch_size)

    def on_epoch_end(self) -> None:
        """Draw another order."""
        self._order = self._chance.permutation(self.n) if self.shuffle else np.arange(self.n)

    def __getitem__(self, index: int) -> Any:
        if not 0 <= index < len(self):
            raise IndexError(f"batch {index} of {len(self)}")
        return self._batch(self._order[index * self.batch_size : (index + 1) * self.batch_size])

    def __next__(self) -> Any:
        if self._next >= len(self):
            self.reset()
        self._next += 1
        self.total_batches_seen += 1
        return self[self._next - 1]

    def next(self) -> Any:
        """Return the next batch."""
        return self.__next__()

    def reset(self) -> None:
        """Begin again with the first batch, in another order."""
        self._next = 0
        self.on_epoch_end()

    @property
    def batch_index(self) -> int:
        """Number of the next batch, from 0."""
        return self._next % len(self)

    def _batch(self, rows: np.ndarray) -> Any:
        raise NotImplementedError

    def _changed(self, picture: np.ndarray, row: int) -> np.ndarray:
        from pipekeras.preprocessing.image import save_img

        generator = self.image_data_generator
        made = generator.standardize(generator.random_transform(picture.astype(generator.dtype), self._chance))
        folder, prefix, kind = self._save
        if folder:
            name = f"{prefix}_{row}_{self._chance.integers(10**7)}.{kind}"
            save_img(Path(folder) / name, made, generator.data_format)
        return made


def part_of(count: int, share: float, subset: str | None) -> slice:
    """Return the places of a subset among so many pictures: the first share is kept for validation."""
    if subset is None:
        return slice(None)
    if subset not in ("training", "validation") or not share:
        raise ConfigurationError(
            f"subset {subset!r} needs validation_split in the generator, and is 'training' or 'validation'"
        )
    edge = int(count * share)
    return slice(edge, None) if subset == "training" else slice(edge)


class NumpyArrayIterator(_Batches):
    """Batches of pictures in memory; made by `ImageDataGenerator.flow`."""

    def __init__(self, generator: ImageDataGenerator, x: Any, y: Any, batch_size: int, shuffle: bool, sample_weight: Any,
                 seed: int | None, save_to_dir: Any, save_prefix: str, save_format: str,
                 subset: str | None) -> None:  # fmt: skip
        self.x = np.asarray(x)
        if self.x.ndim != 4:
            raise ShapeError(f"pictures have four axes; found the shape {self.x.shape}")
        part = part_of(len(self.x), generator.validation_split, subset)
        self.y = None if y is None else np.asarray(y)
        self.sample_weight = None if sample_weight is None else np.asarray(sample_weight)
        for name, other in (("y", self.y), ("sample_weight", self.sample_weight)):
            if other is not None and len(other) != len(self.x):
                raise ShapeError(f"x has {len(self.x)} pictures and {name} {len(other)} rows")
        self.x = self.x[part]
        self.y = None if self.y is None else self.y[part]
        self.sample_weight = None if self.sample_weight is None else self.sample_weight[part]
        self.samples = len(self.x)
        super().__init__(generator, self.samples, batch_size, shuffle, seed, (save_to_dir, save_prefix, save_format))

    def _batch(self, rows: np.ndarray) -> Any:
        pictures = np.stack([self._changed(self.x[row], int(row)) for row in rows])
        if self.y is None:
            return pictures
        if self.sample_weight is None:
            return pictures, self.y[rows]
        return pictures, self.y[rows], self.sample_weight[rows]


class DirectoryIterator(_Batches):
    """Batches of pictures in files; made by `ImageDataGenerator.flow_from_directory` and `flow_from_dataframe`."""

    def __init__(self, generator: ImageDataGenerator, paths: list[Path], targets: Any, indices: dict[str, int],
                 class_mode: str | None, target_size: Any, color_mode: str, batch_size: int, shuffle: bool,
                 seed: int | None, save_to_dir: Any, save_prefix: str, save_format: str, subset: str | None,
                 interpolation: str, root: Path) -> None:  # fmt: skip
        if class_mode not in _CLASS_MODES:
            raise ConfigurationError(f"class_mode must be {', '.join(map(str, _CLASS_MODES))}; not {class_mode!r}")
        part = part_of(len(paths), generator.validation_split, subset)
        if subset is not None and isinstance(targets, list):
            # Each class gives its own share to the validation set.
            members: dict[int, list[int]] = {}
            for place, number in enumerate(targets):
                members.setdefault(number, []).append(place)
            kept = [
                place for group in members.values() for place in group[part_of(len(group), generator.validation_split, subset)]
            ]
        else:
            kept = list(range(len(paths)))[part]
        self.paths = [paths[place] for place in kept]
        self.filepaths = [str(path) for path in self.paths]
        self.filenames = [str(path.relative_to(root)) if path.is_relative_to(root) else str(path) for path in self.paths]
        self.classes = np.asarray([targets[place] for place in kept])
        self.labels = self.classes
        self.samples = len(self.paths)
        self.class_indices = indices
        self.num_classes = len(indices)
        self.class_mode = class_mode
        self.target_size = tuple(int(size) for size in target_size)
        self.color_mode = color_mode
        self.directory = str(root)
        channels = {"grayscale": 1, "rgb": 3, "rgba": 4}.get(color_mode, 3)
        is_first = generator.data_format == "channels_first"
        self.image_shape = (channels, *self.target_size) if is_first else (*self.target_size, channels)
        self.interpolation = interpolation
        super().__init__(generator, len(self.paths), batch_size, shuffle, seed, (save_to_dir, save_prefix, save_format))

    def _batch(self, rows: np.ndarray) -> Any:
        from pipekeras.preprocessing.image import img_to_array, load_img

        layout = self.image_data_generator.data_format
        pictures = np.stack(
            [
                self._changed(
                    img_to_array(load_img(self.paths[row], self.color_mode, self.target_size, self.interpolation), layout),
                    int(row),
                )
                for row in rows
            ]
        )
        if self.class_mode is None:
            return pictures
        if self.class_mode == "input":
            return pictures, pictures.copy()
        numbers = self.classes[rows]
        if self.class_mode == "categorical":
            return pictures, np.eye(self.num_classes, dtype=pictures.dtype)[numbers]
        return pictures, numbers.astype(pictures.dtype) if self.class_mode == "binary" else numbers
