"""Batches of pictures, moved, turned and mirrored by chance."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipekeras.core import configuration
from pipekeras.core.errors import ConfigurationError, DataError, ShapeError, StateError
from pipekeras.preprocessing.affine import FILL_MODES, apply_affine_transform
from pipekeras.preprocessing.image_batches import DirectoryIterator, NumpyArrayIterator, part_of, pictures_in


class ImageDataGenerator:
    """Batches of pictures that are changed by chance each time they are handed out.

    Args:
        featurewise_center: bool, subtract the mean of all pictures (`fit` measures it).
        samplewise_center: bool, subtract each picture's own mean.
        featurewise_std_normalization: bool, divide by the deviation of all pictures.
        samplewise_std_normalization: bool, divide by each picture's own deviation.
        zca_whitening: bool, make pixels uncorrelated.
        zca_epsilon: float, default 1e-6.
        rotation_range: float, largest turn in degrees.
        width_shift_range: float, share of the width, or pixels from 1 on; or a list of pixels to choose from.
        height_shift_range: the same for the height.
        brightness_range: two floats between which the factor of the brightness is drawn.
        shear_range: float, largest angle in degrees.
        zoom_range: float z for 1 - z to 1 + z, or two floats.
        channel_shift_range: float, largest shift of the values of a channel.
        fill_mode: "nearest" (default), "constant", "reflect" or "wrap": what lies outside of the picture.
        cval: float, the value outside for "constant".
        horizontal_flip: bool, mirror by chance.
        vertical_flip: bool, turn upside down by chance.
        rescale: float that values are multiplied by at last.
        preprocessing_function: function of a picture, applied after the changes.
        data_format: "channels_last", "channels_first", or None (the setting).
        validation_split: float, share of the pictures kept for subset "validation".
        dtype: type of the batches, default `floatx()`.

    Example:
        >>> import numpy as np
        >>> from pipekeras.preprocessing.image import ImageDataGenerator
        >>> generator = ImageDataGenerator(rescale=1 / 255)
        >>> pictures = np.full((3, 2, 2, 1), 255.0)
        >>> batches = generator.flow(pictures, np.arange(3), batch_size=2, shuffle=False)
        >>> [x.shape for x, y in batches], float(batches[0][0].max())
        ([(2, 2, 2, 1), (1, 2, 2, 1)], 1.0)
    """

    def __init__(
        self,
        featurewise_center: bool = False,
        samplewise_center: bool = False,
        featurewise_std_normalization: bool = False,
        samplewise_std_normalization: bool = False,
        zca_whitening: bool = False,
        zca_epsilon: float = 1e-06,
        rotation_range: float = 0,
        width_shift_range: Any = 0.0,
        height_shift_range: Any = 0.0,
        brightness_range: Any = None,
        shear_range: float = 0.0,
        zoom_range: Any = 0.0,
        channel_shift_range: float = 0.0,
        fill_mode: str = "nearest",
        cval: float = 0.0,
        horizontal_flip: bool = False,
        vertical_flip: bool = False,
        rescale: float | None = None,
        preprocessing_function: Callable[[np.ndarray], Any] | None = None,
        data_format: str | None = None,
        validation_split: float = 0.0,
        dtype: Any = None,
    ) -> None:
        if fill_mode not in FILL_MODES:
            raise ConfigurationError(f"fill_mode must be {', '.join(FILL_MODES)}; not {fill_mode!r}")
        if validation_split and not 0 < validation_split < 1:
            raise ConfigurationError(f"validation_split must lie between 0 and 1, not {validation_split}")
        if np.ndim(zoom_range) == 0:
            zoom_range = [1 - float(zoom_range), 1 + float(zoom_range)]
        if len(zoom_range) != 2:
            raise ConfigurationError(f"zoom_range must be a number or two numbers, not {zoom_range!r}")
        if brightness_range is not None and len(brightness_range) != 2:
            raise ConfigurationError(f"brightness_range must be two numbers, not {brightness_range!r}")
        self.featurewise_center = featurewise_center or zca_whitening or featurewise_std_normalization
        self.samplewise_center = samplewise_center or samplewise_std_normalization
        self.featurewise_std_normalization = featurewise_std_normalization and not zca_whitening
        self.samplewise_std_normalization = samplewise_std_normalization
        self.zca_whitening = zca_whitening
        self.zca_epsilon = zca_epsilon
        self.rotation_range = rotation_range
        self.width_shift_range = width_shift_range
        self.height_shift_range = height_shift_range
        self.brightness_range = brightness_range
        self.shear_range = shear_range
        self.zoom_range = zoom_range
        self.channel_shift_range = channel_shift_range
        self.fill_mode = fill_mode
        self.cval = cval
        self.horizontal_flip = horizontal_flip
        self.vertical_flip = vertical_flip
        self.rescale = rescale
        self.preprocessing_function = preprocessing_function
        self.data_format = data_format or configuration.image_data_format()
        self.validation_split = validation_split
        self.dtype = dtype or configuration.floatx()
        self.mean: Any = None
        self.std: Any = None
        self.whitening: Any = None

    # One picture

    def random_transform(self, x: np.ndarray, seed: Any = None) -> np.ndarray:
        """Return a picture turned, moved, zoomed, mirrored and recoloured by chance.

        Args:
            x: array of three axes.
            seed: int, random generator or None.
        """
        chance = seed if isinstance(seed, np.random.Generator) else np.random.default_rng(
            configuration.next_seed() if seed is None else seed
        )  # fmt: skip
        first = self.data_format == "channels_first"
        picture = x.transpose(1, 2, 0) if first else x
        rows, columns = picture.shape[:2]
        turn = chance.uniform(-self.rotation_range, self.rotation_range) if self.rotation_range else 0.0
        down = _shift(self.height_shift_range, rows, chance)
        across = _shift(self.width_shift_range, columns, chance)
        slant = chance.uniform(-self.shear_range, self.shear_range) if self.shear_range else 0.0
        low, high = self.zoom_range
        zoom = (1.0, 1.0) if low == high == 1 else tuple(chance.uniform(low, high, 2))
        if turn or down or across or slant or zoom != (1.0, 1.0):
            picture = apply_affine_transform(picture, turn, down, across, slant, zoom[0], zoom[1], self.fill_mode, self.cval)
        if self.channel_shift_range:
            shift = chance.uniform(-self.channel_shift_range, self.channel_shift_range)
            picture = np.clip(picture + shift, picture.min(), picture.max()).astype(picture.dtype)
        if self.horizontal_flip and chance.random() < 0.5:
            picture = picture[:, ::-1]
        if self.vertical_flip and chance.random() < 0.5:
            picture = picture[::-1]
        if self.brightness_range is not None:
            factor = chance.uniform(*self.brightness_range)
            picture = np.clip(picture * factor, 0, 255).astype(picture.dtype)
        return picture.transpose(2, 0, 1) if first else picture

    def standardize(self, x: np.ndarray) -> np.ndarray:
        """Return a picture after preprocessing function, rescaling and normalisation.

        Args:
            x: array of three axes.
        """
        if self.preprocessing_function is not None:
            x = np.asarray(self.preprocessing_function(x))
        if self.rescale:
            x = x * np.asarray(self.rescale, x.dtype)
        if self.samplewise_center:
            x = x - x.mean(keepdims=True)
        if self.samplewise_std_normalization:
            x = x / (x.std(keepdims=True) + 1e-6)
        if self.featurewise_center:
            self._measured()
            x = x - self.mean
        if self.featurewise_std_normalization:
            x = x / (self.std + 1e-6)
        if self.zca_whitening:
            x = (x.reshape(1, -1) @ self.whitening).reshape(x.shape)
        return x

    def _measured(self) -> None:
        if self.mean is None:
            raise StateError(
                "the generator normalises by all pictures and has not seen them", mend="call fit(x) on the generator first"
            )

    def fit(self, x: Any, augment: bool = False, rounds: int = 1, seed: int | None = None) -> None:
        """Measure mean, deviation and correlations of pictures.

        Args:
            x: array of four axes.
            augment: bool, whether to measure changed pictures, default False.
            rounds: int, how many changed copies are measured, default 1.
            seed: int or None, fixes the changes.
        """
        pictures = np.array(x, self.dtype)
        if pictures.ndim != 4:
            raise ShapeError(f"pictures have four axes; found the shape {pictures.shape}")
        chance = np.random.default_rng(configuration.next_seed() if seed is None else seed)
        if augment:
            pictures = np.stack([self.random_transform(one, chance) for _ in range(rounds) for one in pictures])
        axes = (0, 2, 3) if self.data_format == "channels_first" else (0, 1, 2)
        self.mean = pictures.mean(axis=axes, keepdims=True)[0]
        pictures = pictures - self.mean
        self.std = pictures.std(axis=axes, keepdims=True)[0]
        if self.zca_whitening:
            flat = pictures.reshape(len(pictures), -1)
            vectors, values, _ = np.linalg.svd(flat.T @ flat / len(flat), hermitian=True)
            self.whitening = (vectors / np.sqrt(values + self.zca_epsilon)) @ vectors.T

    # Batches

    def flow(
        self,
        x: Any,
        y: Any = None,
        batch_size: int = 32,
        shuffle: bool = True,
        sample_weight: Any = None,
        seed: int | None = None,
        save_to_dir: Any = None,
        save_prefix: str = "",
        save_format: str = "png",
        subset: str | None = None,
    ) -> NumpyArrayIterator:
        """Return batches of pictures that are in memory.

        Args:
            x: array of four axes.
            y: array of targets or None.
            batch_size: int, default 32.
            shuffle: bool, default True.
            sample_weight: array or None.
            seed: int or None, fixes order and changes.
            save_to_dir: folder to which the changed pictures are written, or None.
            save_prefix, save_format: begin of their names, and format.
            subset: None, "training" or "validation".
        """
        return NumpyArrayIterator(
            self, x, y, batch_size, shuffle, sample_weight, seed, save_to_dir, save_prefix, save_format, subset
        )

    def flow_from_directory(
        self,
        directory: Any,
        target_size: Any = (256, 256),
        color_mode: str = "rgb",
        classes: Sequence[str] | None = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        save_to_dir: Any = None,
        save_prefix: str = "",
        save_format: str = "png",
        follow_links: bool = False,
        subset: str | None = None,
        interpolation: str = "nearest",
    ) -> DirectoryIterator:
        """Return batches of pictures that lie in one folder for each class.

        Args:
            directory: folder of the folders.
            target_size: height and width.
            color_mode: "grayscale", "rgb" or "rgba".
            classes: names of the folders in the order of their numbers, default all, sorted.
            class_mode: "categorical" (default), "binary", "sparse", "input" or None.
            batch_size: int, default 32.
            shuffle: bool, default True.
            seed: int or None, fixes order and changes.
            save_to_dir, save_prefix, save_format: where the changed pictures are written to.
            follow_links: bool, whether folders that are links are entered.
            subset: None, "training" or "validation".
            interpolation: how pictures are resized, default "nearest".
        """
        root = Path(directory)
        if not root.is_dir():
            raise DataError(f"there is no folder {directory}")
        names = list(classes) if classes else sorted(path.name for path in root.iterdir() if path.is_dir())
        found = [(path, number) for number, name in enumerate(names) for path in pictures_in(root / name, follow_links)]
        indices = {name: number for number, name in enumerate(names)}
        batches = DirectoryIterator(
            self, [path for path, _ in found], [number for _, number in found], indices, class_mode, target_size,
            color_mode, batch_size, shuffle, seed, save_to_dir, save_prefix, save_format, subset, interpolation, root,
        )  # fmt: skip
        print(f"Found {batches.samples} images belonging to {len(names)} classes.")
        return batches

    def flow_from_dataframe(
        self,
        dataframe: Any,
        directory: Any = None,
        x_col: str = "filename",
        y_col: Any = "class",
        target_size: Any = (256, 256),
        color_mode: str = "rgb",
        classes: Sequence[str] | None = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        save_to_dir: Any = None,
        save_prefix: str = "",
        save_format: str = "png",
        subset: str | None = None,
        interpolation: str = "nearest",
    ) -> DirectoryIterator:
        """Return batches of pictures that a table names.

        Args:
            dataframe: table that gives columns by name: a dict of lists, or anything with `[column]`.
            directory: folder of the files, or None for full paths.
            x_col: column of file names.
            y_col: column of classes, or of numbers for class_mode "raw" (once "other"); a list gives a row of numbers.
            target_size, color_mode, classes, class_mode, batch_size, shuffle, seed: as in `flow_from_directory`.
            save_to_dir, save_prefix, save_format, subset, interpolation: likewise.
        """
        root = Path(directory) if directory is not None else Path()
        paths = [root / str(name) for name in dataframe[x_col]]
        present = [place for place, path in enumerate(paths) if path.is_file()]
        if len(present) < len(paths):
            first = next(str(path) for path in paths if not path.is_file())
            absent = f"{len(paths) - len(present)} of {len(paths)} pictures are not there, the first is {first}"
            if not present:
                raise DataError(absent)
            warnings.warn(f"{absent}; their rows are left out", stacklevel=2)
            paths = [paths[place] for place in present]
        indices: dict[str, int] = {}
        targets: Any = [0] * len(paths)
        if class_mode == "other":
            # The name that "raw" had before Keras 2.3.
            class_mode = "raw"
        if class_mode == "raw":
            columns = y_col if isinstance(y_col, list | tuple) else [y_col]
            targets = np.stack([np.asarray(dataframe[column], np.float64)[present] for column in columns], axis=1)
            targets = targets[:, 0] if len(columns) == 1 else targets
        elif class_mode not in (None, "input"):
            given = list(dataframe[y_col])
            labels = [str(given[place]) for place in present]
            names = list(classes) if classes else sorted(set(labels))
            indices = {name: number for number, name in enumerate(names)}
            kept = [place for place, label in enumerate(labels) if label in indices]
            paths, targets = [paths[place] for place in kept], [indices[labels[place]] for place in kept]
        # The rows of the table are cut in two as they stand, not class by class.
        part = part_of(len(paths), self.validation_split, subset)
        paths, targets = paths[part], targets[part]
        classes_found = f" belonging to {len(indices)} classes" if class_mode not in ("raw", "input", None) else ""
        print(f"Found {len(paths)} validated image filenames{classes_found}.")
        return DirectoryIterator(
            self, paths, targets, indices, class_mode, target_size, color_mode, batch_size, shuffle, seed, save_to_dir,
            save_prefix, save_format, None, interpolation, root,
        )  # fmt: skip


def _shift(span: Any, size: int, chance: np.random.Generator) -> float:
    if np.ndim(span):
        return float(chance.choice(np.asarray(span)) * chance.choice([-1, 1]))
    if not span:
        return 0.0
    drawn = float(chance.uniform(-span, span))
    return drawn * size if span < 1 else drawn
