"""Data sets of the sounds in a folder: one folder for each class."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from pipekeras.core.errors import ArgumentError, DataError
from pipekeras.core.structure import flatten, pack_like
from pipekeras.data.dataset import Dataset
from pipekeras.preprocessing.folders import dataset_of_files

_SUFFIXES = (".wav",)


def audio_dataset_from_directory(
    directory: Any,
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Any = None,
    batch_size: int | None = 32,
    sampling_rate: int | None = None,
    output_sequence_length: int | None = None,
    ragged: bool = False,
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    follow_links: bool = False,
    verbose: bool = True,
) -> Any:
    """Make a data set of the `.wav` files in a folder; samples lie between -1 and 1.

    Args:
        directory: folder that holds a folder for each class.
        sampling_rate: int or None, samples per second that every file must have.
        output_sequence_length: int or None, samples kept of each sound, silence at the end of shorter ones; None fills the
            sounds of a batch up to the longest one.
        ragged: bool, must be False.
        labels, label_mode, class_names, batch_size, shuffle, seed, validation_split, subset, follow_links, verbose: as in
            `image_dataset_from_directory`.

    Input shape -> output shape:
        files -> batches of (batch, time, channels) float32 and labels

    Raises:
        DataError: there is no such folder, no sound in it, or a file that is no sound of whole numbers.
        ArgumentError: ragged batches are asked for.
    """
    if ragged:
        raise ArgumentError("sounds come as plain arrays: ragged must be False", mend="set output_sequence_length")

    def read(path: Path) -> np.ndarray:
        sound, rate = read_sound(path)
        if sampling_rate is not None and rate != sampling_rate:
            raise DataError(f"{path} has {rate} samples per second, not {sampling_rate}", mend="convert the files first")
        return sound if output_sequence_length is None else _lengthened(sound, output_sequence_length)

    return dataset_of_files(directory, labels, label_mode, class_names, batch_size, shuffle, seed, validation_split, subset,
                            follow_links, _SUFFIXES, read, verbose, _batched)  # fmt: skip


def read_sound(path: Any) -> tuple[np.ndarray, int]:
    """Return the samples (time, channels) of a `.wav` file between -1 and 1, and how many there are per second.

    Raises:
        DataError: the file is something else.
    """
    try:
        with wave.open(str(path), "rb") as file:
            width, channels, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
            data = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as problem:
        raise DataError(f"{path} is no sound that can be read: {problem}") from None
    if width == 3:
        parts = np.frombuffer(data, np.uint8).reshape(-1, 3)
        wide = np.zeros((len(parts), 4), np.uint8)
        wide[:, 1:] = parts
        whole = wide.view("<i4").ravel() >> 8
    elif width == 1:
        whole = np.frombuffer(data, np.uint8).astype(np.int16) - 128
    else:
        whole = np.frombuffer(data, f"<i{width}")
    return (whole / np.float32(2 ** (8 * width - 1))).astype(np.float32).reshape(-1, channels), rate


def _lengthened(sound: np.ndarray, length: int) -> np.ndarray:
    missing = max(length - len(sound), 0)
    return np.pad(sound[:length], ((0, missing), (0, 0)))


def _batched(sounds: Dataset, batch_size: int) -> Dataset:
    """Batches in which every sound is as long as the longest."""

    def filled() -> Iterator[Any]:
        group: list[Any] = []
        for element in sounds:
            group.append(element)
            if len(group) == batch_size:
                yield _stack(group)
                group = []
        if group:
            yield _stack(group)

    return Dataset(filled, -(-len(sounds) // batch_size))


def _stack(group: list[Any]) -> Any:
    longest = max(len(flatten(element)[0]) for element in group)
    leaves = list(zip(*(flatten(element) for element in group), strict=True))
    first = np.stack([_lengthened(np.asarray(sound), longest) for sound in leaves[0]])
    return pack_like(group[0], [first, *(np.stack([np.asarray(item) for item in leaf]) for leaf in leaves[1:])])
