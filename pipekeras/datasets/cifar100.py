"""CIFAR-100: 60,000 colour pictures of a hundred kinds, 32 x 32 pixels."""

from __future__ import annotations

from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import register
from pipekeras.datasets.cifar import pictures
from pipekeras.datasets.split import Arrays
from pipekeras.datasets.stored import CIFAR100, tables


@register("dataset", "cifar100")
def load_data(label_mode: str = "fine") -> tuple[Arrays, Arrays]:
    """Load 60,000 colour pictures of a hundred kinds.

    Args:
        label_mode: "fine" (100 kinds, the default) or "coarse" (20 groups).

    Returns:
        `((x_train, y_train), (x_test, y_test))`: `x` uint8 of shape (50000, 32, 32, 3) and (10000, 32, 32, 3), `y` of
        shape (50000, 1) and (10000, 1).

    Raises:
        DataError: When the file has another content, or is nowhere to be had.

    Example:
        >>> from pipekeras.datasets import cifar100
        >>> (x_train, y_train), (x_test, y_test) = cifar100.load_data()  # doctest: +SKIP

    Source:
        A. Krizhevsky (2009), Learning multiple layers of features from tiny images.
    """
    if label_mode not in ("fine", "coarse"):
        raise ConfigurationError(f"label_mode must be 'fine' or 'coarse', not {label_mode!r}")
    train, test = tables(CIFAR100.content(), ["train", "test"])
    return pictures(train, f"{label_mode}_labels"), pictures(test, f"{label_mode}_labels")
