"""Batches as tuples, and data sets in two parts."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.core.errors import ArgumentError
from pipekeras.core.structure import flatten, map_structure
from pipekeras.data.dataset import Dataset


def pack_x_y_sample_weight(x: Any, y: Any = None, sample_weight: Any = None) -> Any:
    """Return what a data set hands out for a batch: x alone, (x, y) or (x, y, sample_weight).

    Args:
        x: inputs.
        y: targets or None.
        sample_weight: weights of the samples or None.

    Example:

    >>> from pipekeras import utils
    >>> utils.pack_x_y_sample_weight("x", "y")
    ('x', 'y')
    """
    if sample_weight is not None:
        return (x, y, sample_weight)
    if y is not None:
        return (x, y)
    return (x,) if isinstance(x, list | tuple) else x


def unpack_x_y_sample_weight(data: Any) -> tuple[Any, Any, Any]:
    """Return the three parts of a batch, None for what it has not.

    Args:
        data: x, (x,), (x, y) or (x, y, sample_weight).

    Raises:
        ArgumentError: there are more than three parts.

    Example:

    >>> from pipekeras import utils
    >>> utils.unpack_x_y_sample_weight(("x", "y"))
    ('x', 'y', None)
    """
    parts = tuple(data) if isinstance(data, list | tuple) else (data,)
    if len(parts) > 3:
        raise ArgumentError(f"a batch must be x, (x, y) or (x, y, sample_weight); got {len(parts)} parts")
    x, y, sample_weight = (*parts, None, None, None)[:3]
    return x, y, sample_weight


def split_dataset(
    dataset: Any,
    left_size: float | None = None,
    right_size: float | None = None,
    shuffle: bool = False,
    seed: int | None = None,
    preferred_backend: str | None = None,
) -> tuple[Dataset, Dataset]:
    """Return the first and the second part of a data set.

    Args:
        dataset: `Dataset`, array, or a list, tuple or dict of arrays with as many rows each.
        left_size: samples of the first part: int, or share of all between 0 and 1; None for the rest.
        right_size: the same of the second part; one of the two may be None.
        shuffle: bool, order the samples by chance first, default False.
        seed: int for the shuffling.
        preferred_backend: accepted for scripts that set it; there is one kind of data sets.

    Raises:
        ArgumentError: a size is no share or number of samples, or they do not fit.

    Example:

    >>> import numpy as np
    >>> from pipekeras import utils
    >>> left, right = utils.split_dataset(np.arange(10), left_size=0.8)
    >>> len(left), len(right)
    (8, 2)
    """
    data = dataset if isinstance(dataset, Dataset) else Dataset.from_tensor_slices(dataset)
    samples = list(data)
    total = len(samples)
    left, right = _sizes(left_size, right_size, total)
    if shuffle:
        order = np.random.default_rng(seed).permutation(total)
        samples = [samples[index] for index in order]
    return _of_samples(samples[:left]), _of_samples(samples[total - right :])


def _sizes(left: float | None, right: float | None, total: int) -> tuple[int, int]:
    for name, size in (("left_size", left), ("right_size", right)):
        if size is None:
            continue
        if isinstance(size, bool) or not isinstance(size, int | float):
            raise ArgumentError(f"split_dataset: {name} must be a number, not {size!r}")
        if size <= 0 or (isinstance(size, float) and size >= 1) or size >= total:
            raise ArgumentError(
                f"split_dataset: {name} must be a share between 0 and 1 or a number of samples below {total}, not {size!r}"
            )
    if left is None and right is None:
        raise ArgumentError("split_dataset needs left_size or right_size")
    first = None if left is None else round(left * total) if isinstance(left, float) else left
    second = None if right is None else round(right * total) if isinstance(right, float) else right
    first = total - second if first is None and second is not None else first
    second = total - first if second is None and first is not None else second
    assert first is not None
    assert second is not None
    if not first or not second or first + second > total:
        raise ArgumentError(f"split_dataset: {first} and {second} samples can't be taken of {total}")
    return first, second


def _of_samples(samples: list[Any]) -> Dataset:
    stacked = [np.stack([np.asarray(leaf) for leaf in leaves]) for leaves in zip(*map(flatten, samples), strict=True)]
    leaves = iter(stacked)
    return Dataset.from_tensor_slices(map_structure(lambda _: next(leaves), samples[0]))
