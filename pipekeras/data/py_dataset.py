"""Batches by number, written by subclassing."""

from __future__ import annotations

from typing import Any

from pipekeras.core.errors import ConfigurationError


class PyDataset:
    """Base class of data sets that make batch number `index` when they are asked for it.

    A subclass writes `__len__`, the number of batches in an epoch, and `__getitem__(index)`, which returns
    `(x, y)` or `(x, y, sample_weight)` of that batch. `on_epoch_end` may reorder the data.

    Args:
        workers: int, accepted for scripts that set it: batches are made in the thread that trains, default 1.
        use_multiprocessing: bool, likewise, default False.
        max_queue_size: int, likewise, default 10.

    Example:
        >>> import numpy as np
        >>> from pipekeras.utils import PyDataset
        >>> class Squares(PyDataset):
        ...     def __len__(self):
        ...         return 3
        ...     def __getitem__(self, index):
        ...         x = np.arange(4 * index, 4 * index + 4, dtype="float32")[:, None]
        ...         return x, x**2
        >>> [len(x) for x, y in Squares()]
        [4, 4, 4]

    Source:
        Keras, https://keras.io/api/utils/python_utils/#pydataset-class
    """

    def __init__(self, workers: int = 1, use_multiprocessing: bool = False, max_queue_size: int = 10) -> None:
        self.workers = workers
        self.use_multiprocessing = use_multiprocessing
        self.max_queue_size = max_queue_size

    def __getitem__(self, index: int) -> Any:
        """Batch number `index`, from 0."""
        raise self._missing("__getitem__(self, index)")

    def __len__(self) -> int:
        """Number of batches in an epoch."""
        raise self._missing("__len__(self)")

    @property
    def num_batches(self) -> int:
        """Number of batches in an epoch."""
        return len(self)

    def on_epoch_begin(self) -> None:
        """Called before an epoch."""

    def on_epoch_end(self) -> None:
        """Called after an epoch."""

    def __iter__(self) -> Any:
        return (self[index] for index in range(len(self)))

    def _missing(self, method: str) -> ConfigurationError:
        return ConfigurationError(f"{type(self).__name__} must say what {method} returns", mend="write that method")
