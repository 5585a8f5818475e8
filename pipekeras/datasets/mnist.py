"""MNIST: 70,000 handwritten digits, 28 x 28 pixels."""

from __future__ import annotations

import io

import numpy as np

from pipekeras.core.registry import register
from pipekeras.datasets import cache
from pipekeras.datasets.split import Arrays

ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
SIZE = 11_490_434
SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
"""The digest that Keras itself pins."""


@register("dataset", "mnist")
def load_data(path: str = "mnist.npz") -> tuple[Arrays, Arrays]:
    """Load 70,000 handwritten digits.

    The file is looked for in Keras' cache (`$KERAS_HOME` or `~/.keras`, there `datasets`) and else downloaded into it.
    Its content is checked against a pinned SHA-256.

    Args:
        path: Name of the file in the cache.

    Returns:
        `((x_train, y_train), (x_test, y_test))`: `x` uint8 of shape (60000, 28, 28) and (10000, 28, 28), values 0 to
        255; `y` uint8 of shape (60000,) and (10000,), the digits 0 to 9.

    Raises:
        DataError: When the file has another content, or is nowhere to be had.

    Example:
        >>> from pipekeras.datasets import mnist
        >>> (x_train, y_train), (x_test, y_test) = mnist.load_data()  # doctest: +SKIP

    Source:
        Y. LeCun and C. Cortes, derived from NIST's collections, CC BY-SA 3.0.
    """
    folder = cache.cache_folder()
    stored = cache.first_existing(path, [folder]) or cache.fetch(path, ORIGIN, SHA256, SIZE, folder)
    content = cache.read_file(stored, SHA256, SIZE)
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])
