"""Fashion-MNIST: 70,000 pictures of clothes, 28 x 28 pixels."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipekeras.core.registry import register
from pipekeras.datasets import cache
from pipekeras.datasets.split import Arrays

class_names = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip

ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
DEBIAN_FOLDER = Path("/usr/share/datasets/fashion-mnist")
"""Where Debian's package dataset-fashion-mnist puts the files."""


class _File(NamedTuple):
    name: str
    examples: int
    packed_size: int
    packed_sha256: str
    sha256: str


# Debian packs the same content without the name in the gzip header; only the unpacked digest holds for both.
_TRAIN_IMAGES = _File(
    "train-images-idx3-ubyte.gz",
    60_000,
    26_421_880,
    "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
)
_TRAIN_LABELS = _File(
    "train-labels-idx1-ubyte.gz",
    60_000,
    29_515,
    "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
)
_TEST_IMAGES = _File(
    "t10k-images-idx3-ubyte.gz",
    10_000,
    4_422_102,
    "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
)
_TEST_LABELS = _File(
    "t10k-labels-idx1-ubyte.gz",
    10_000,
    5_148,
    "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
)


@register("dataset", "fashion_mnist")
def load_data() -> tuple[Arrays, Arrays]:
    """Load 70,000 grey pictures of clothes of ten kinds (`class_names`).

    The four files are looked for in Keras' cache (`$KERAS_HOME` or `~/.keras`, there `datasets/fashion-mnist`), then
    where Debian's package dataset-fashion-mnist puts them, and are else downloaded into that cache. Wherever they lie,
    their content is checked against pinned SHA-256 digests.

    Returns:
        `((x_train, y_train), (x_test, y_test))`: `x` uint8 of shape (60000, 28, 28) and (10000, 28, 28), values 0 to
        255; `y` uint8 of shape (60000,) and (10000,), codes of `class_names`.

    Raises:
        DataError: When a file has another content, or is nowhere to be had.

    Example:
        >>> from pipekeras.datasets import fashion_mnist
        >>> (x_train, y_train), (x_test, y_test) = fashion_mnist.load_data()  # doctest: +SKIP

    Source:
        H. Xiao, K. Rasul and R. Vollgraf (2017), Fashion-MNIST, https://arxiv.org/abs/1708.07747; Zalando SE, MIT
        licence.
    """
    return (
        (_load(_TRAIN_IMAGES, (28, 28)), _load(_TRAIN_LABELS)),
        (_load(_TEST_IMAGES, (28, 28)), _load(_TEST_LABELS)),
    )


def _load(file: _File, example_shape: tuple[int, ...] = ()) -> np.ndarray:
    folder = cache.cache_folder() / "fashion-mnist"
    path = cache.first_existing(file.name, [folder, DEBIAN_FOLDER])
    if path is None:
        path = cache.fetch(file.name, ORIGIN + file.name, file.packed_sha256, file.packed_size, folder)
    shape = (file.examples, *example_shape)
    header = 4 + 4 * len(shape)
    content = cache.read_gzip(path, file.sha256, header + int(np.prod(shape)))
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape).copy()
