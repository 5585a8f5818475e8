"""CIFAR-10: 60,000 colour pictures of ten kinds, 32 x 32 pixels."""

from __future__ import annotations

import numpy as np

from pipekeras.core.registry import register
from pipekeras.datasets.cifar import pictures
from pipekeras.datasets.split import Arrays
from pipekeras.datasets.stored import CIFAR10, tables


@register("dataset", "cifar10")
def load_data() -> tuple[Arrays, Arrays]:
    """Load 60,000 colour pictures of ten kinds.

    Returns:
        `((x_train, y_train), (x_test, y_test))`: `x` uint8 of shape (50000, 32, 32, 3) and (10000, 32, 32, 3), `y` of
        shape (50000, 1) and (10000, 1).

    Raises:
        DataError: When the file has another content, or is nowhere to be had.

    Example:
        >>> from pipekeras.datasets import cifar10
        >>> (x_train, y_train), (x_test, y_test) = cifar10.load_data()  # doctest: +SKIP

    Source:
        A. Krizhevsky (2009), Learning multiple layers of features from tiny images.
    """
    batches = [pictures(table, "labels") for table in tables(CIFAR10.content(), [f"data_batch_{n}" for n in range(1, 6)])]
    x_train, y_train = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    x_test, y_test = pictures(tables(CIFAR10.content(), ["test_batch"])[0], "labels")
    return (x_train, y_train.astype("uint8")), (x_test, y_test)
