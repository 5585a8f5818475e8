"""Sequences cut into windows and pairs of words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from pipekeras.core import configuration
from pipekeras.core.errors import ConfigurationError, DataError, ShapeError
from pipekeras.data.dataset import Dataset
from pipekeras.data.py_dataset import PyDataset
from pipekeras.utils.sequences import pad_sequences

__all__ = [
    "TimeseriesGenerator",
    "make_sampling_table",
    "pad_sequences",
    "skipgrams",
    "timeseries_dataset_from_array",
]

_EULER = 0.5772156649015329


def make_sampling_table(size: int, sampling_factor: float = 1e-05) -> np.ndarray:
    """Return for each word, by its rank, the probability with which skip-grams keep it.

    Formula: with the frequency f of rank i estimated by Zipf's law, p = min(1, sqrt(f / s) / (f / s)).

    Args:
        size: int, number of words.
        sampling_factor: float s, default 1e-5; the smaller, the more of the frequent words are left out.

    Input shape -> output shape:
        -> (size,)

    Example:
        >>> from pipekeras.preprocessing.sequence import make_sampling_table
        >>> make_sampling_table(3).round(5)
        array([0.00315, 0.00315, 0.00548])

    Source:
        T. Mikolov and others (2013), Distributed representations of words and phrases and their compositionality.
    """
    rank = np.arange(size, dtype=np.float64)
    rank[:1] = 1
    inverse = rank * (np.log(rank) + _EULER) + 0.5 - 1.0 / (12.0 * rank)
    share = sampling_factor * inverse
    return np.minimum(1.0, share / np.sqrt(share))


def skipgrams(
    sequence: Any,
    vocabulary_size: int,
    window_size: int = 4,
    negative_samples: float = 1.0,
    shuffle: bool = True,
    categorical: bool = False,
    sampling_table: Any = None,
    seed: int | None = None,
) -> tuple[list[list[int]], list[Any]]:
    """Return pairs of words with 1 where the second is near the first, and drawn pairs with 0.

    Args:
        sequence: list of word numbers; 0 stands for no word.
        vocabulary_size: int, largest word number plus 1.
        window_size: int, how far away a word is still near, default 4.
        negative_samples: float, drawn pairs for each true one, default 1.
        shuffle: bool, whether to mix the pairs, default True.
        categorical: bool, labels `[0, 1]` and `[1, 0]` in place of 1 and 0, default False.
        sampling_table: list of probabilities by word number, see `make_sampling_table`; default keeps every word.
        seed: int or None, fixes what is drawn.

    Returns:
        `(couples, labels)`.

    Example:
        >>> from pipekeras.preprocessing.sequence import skipgrams
        >>> couples, labels = skipgrams([1, 2], 3, negative_samples=0, shuffle=False)
        >>> couples, labels
        ([[1, 2], [2, 1]], [1, 1])
    """
    if window_size < 1:
        raise ConfigurationError(f"skipgrams: window_size must be 1 or more, not {window_size}")
    generator = np.random.default_rng(configuration.next_seed() if seed is None else seed)
    words = [int(word) for word in sequence]
    couples: list[list[int]] = []
    for place, word in enumerate(words):
        if not word or (sampling_table is not None and sampling_table[word] < generator.random()):
            continue
        near = range(max(0, place - window_size), min(len(words), place + window_size + 1))
        couples.extend([word, words[other]] for other in near if other != place and words[other])
    labels: list[Any] = [[0, 1] if categorical else 1] * len(couples)
    count = int(len(couples) * negative_samples)
    if count:
        firsts = [couples[position % len(couples)][0] for position in generator.permutation(count)]
        drawn = generator.integers(1, max(vocabulary_size, 2), count)
        couples += [[first, int(second)] for first, second in zip(firsts, drawn, strict=True)]
        labels += [[1, 0] if categorical else 0] * count
    if shuffle:
        order = generator.permutation(len(couples))
        couples = [couples[place] for place in order]
        labels = [labels[place] for place in order]
    return couples, labels


class TimeseriesGenerator(PyDataset):
    """Batches of windows of a series, each with the value that follows it.

    Args:
        data: array of shape (time, ...).
        targets: array with as many rows; row i is predicted from the window that ends before i.
        length: int, rows that a window spans.
        sampling_rate: int, only every so many rows of the window are kept, default 1.
        stride: int, rows between the starts of windows, default 1.
        start_index: int, rows before this are not used, default 0.
        end_index: int or None, rows after this are not used, default all.
        shuffle: bool, whether windows are drawn in place of taken in order, default False.
        reverse: bool, whether time runs backwards in a window, default False.
        batch_size: int, windows in a batch, default 128.

    Input shape -> output shape:
        (time, features) -> (batch, length / sampling_rate, features)

    Example:
        >>> import numpy as np
        >>> from pipekeras.preprocessing.sequence import TimeseriesGenerator
        >>> series = np.arange(6.0)
        >>> x, y = TimeseriesGenerator(series, series, length=2, batch_size=2)[0]
        >>> x.tolist(), y.tolist()
        ([[0.0, 1.0], [1.0, 2.0]], [2.0, 3.0])
    """

    def __init__(
        self,
        data: Any,
        targets: Any,
        length: int,
        sampling_rate: int = 1,
        stride: int = 1,
        start_index: int = 0,
        end_index: int | None = None,
        shuffle: bool = False,
        reverse: bool = False,
        batch_size: int = 128,
    ) -> None:
        super().__init__()
        self.data, self.targets = np.asarray(data), np.asarray(targets)
        if len(self.data) != len(self.targets):
            raise ShapeError(f"data have {len(self.data)} rows and targets {len(self.targets)}; they go together")
        self.length = length
        self.sampling_rate = sampling_rate
        self.stride = stride
        self.start_index = start_index + length
        self.end_index = len(self.data) - 1 if end_index is None else end_index
        self.shuffle = shuffle
        self.reverse = reverse
        self.batch_size = batch_size
        if self.start_index > self.end_index:
            raise DataError(
                f"no window of {length} rows ends between rows {self.start_index} and {self.end_index}",
                mend="take a shorter length, or more data",
            )
        self._generator = np.random.default_rng(configuration.next_seed()) if shuffle else None

    def __len__(self) -> int:
        span = self.batch_size * self.stride
        return (self.end_index - self.start_index + span) // span

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        if not 0 <= index < len(self):
            raise IndexError(f"batch {index} of {len(self)}")
        if self._generator is not None:
            rows = self._generator.integers(self.start_index, self.end_index + 1, self.batch_size)
        else:
            first = self.start_index + self.batch_size * self.stride * index
            rows = np.arange(first, min(first + self.batch_size * self.stride, self.end_index + 1), self.stride)
        samples = np.stack([self.data[row - self.length : row : self.sampling_rate] for row in rows])
        return (samples[:, ::-1] if self.reverse else samples), self.targets[rows]


def timeseries_dataset_from_array(
    data: Any,
    targets: Any,
    sequence_length: int,
    sequence_stride: int = 1,
    sampling_rate: int = 1,
    batch_size: int | None = 128,
    shuffle: bool = False,
    seed: int | None = None,
    start_index: int | None = None,
    end_index: int | None = None,
    format: str = "tf",
) -> Dataset:
    """Make a data set of windows of a series, with their targets.

    Args:
        data: array of shape (time, ...).
        targets: array whose row i belongs to the window that starts at i; None for windows alone.
        sequence_length: int, rows in a window.
        sequence_stride: int, rows between the starts of windows, default 1.
        sampling_rate: int, rows between neighbours in a window, default 1.
        batch_size: int, windows in a batch, default 128; None for single windows.
        shuffle: bool, default False.
        seed: int or None, fixes the order.
        start_index: int or None, rows before this are not used.
        end_index: int or None, rows from this on are not used.
        format: accepted for scripts that set it: there is one kind of data sets.

    Input shape -> output shape:
        (time, features) -> batches of (batch, sequence_length, features) and (batch, ...)

    Raises:
        ConfigurationError: a number is out of its range.

    Example:
        >>> import numpy as np
        >>> from pipekeras.preprocessing import timeseries_dataset_from_array
        >>> windows = timeseries_dataset_from_array(np.arange(5), np.arange(5) + 2, sequence_length=2, batch_size=2)
        >>> [(x.tolist(), y.tolist()) for x, y in windows]
        [([[0, 1], [1, 2]], [2, 3]), ([[2, 3], [3, 4]], [4, 5])]
    """
    rows, answers = np.asarray(data), None if targets is None else np.asarray(targets)
    for name, value in (("sequence_length", sequence_length), ("sequence_stride", sequence_stride),
                        ("sampling_rate", sampling_rate)):  # fmt: skip
        if value < 1:
            raise ConfigurationError(f"timeseries_dataset_from_array: {name} must be 1 or more, not {value}")
    if start_index is not None and not 0 <= start_index < len(rows):
        raise ConfigurationError(f"start_index must lie within the {len(rows)} rows, not {start_index}")
    first = start_index or 0
    last = len(rows) if end_index is None else end_index
    if not first < last <= len(rows):
        raise ConfigurationError(f"end_index must lie after start_index and within the {len(rows)} rows, not {end_index}")
    rows = rows[first:last]
    if answers is not None:
        answers = answers[first:last]
    span = (sequence_length - 1) * sampling_rate + 1
    starts = np.arange(0, len(rows) - span + 1, sequence_stride)
    if answers is not None:
        starts = starts[starts < len(answers)]
    generator = np.random.default_rng(configuration.next_seed() if seed is None else seed) if shuffle else None

    def windows() -> Iterator[Any]:
        for start in starts if generator is None else generator.permutation(starts):
            window = rows[start : start + span : sampling_rate]
            yield window if answers is None else (window, answers[start])

    made = Dataset(windows, len(starts))
    return made if batch_size is None else made.batch(batch_size)
