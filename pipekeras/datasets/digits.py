"""Handwritten digits: 1797 pictures of 8 x 8 pixels."""

from __future__ import annotations

import gzip
from importlib.resources import files

import numpy as np

from pipekeras.core.registry import register
from pipekeras.datasets.split import Arrays, stratified_split


@register("dataset", "digits")
def load_data() -> tuple[Arrays, Arrays]:
    """Load 1797 handwritten digits of 8 x 8 pixels.

    A pixel counts the dark points, 0 to 16, in a 4 x 4 block of the scanned 32 x 32 picture; divide by 16 for values
    between 0 and 1. The data is shipped with the package, so nothing is downloaded. The split is fixed: of each digit,
    in the order of the original file, every fifth picture is a test example; in both parts the digits take turns.

    Returns:
        `((x_train, y_train), (x_test, y_test))`: `x` uint8 of shape (1442, 8, 8) and (355, 8, 8), `y` uint8 of shape
        (1442,) and (355,), the digits 0 to 9.

    Example:
        >>> from pipekeras.datasets import digits
        >>> (x_train, y_train), (x_test, y_test) = digits.load_data()
        >>> x_train.shape, x_test.shape, int(x_train.max())
        ((1442, 8, 8), (355, 8, 8), 16)

    Source:
        E. Alpaydin and C. Kaynak (1998), Optical Recognition of Handwritten Digits, UCI Machine Learning Repository
        (the test part of that collection), https://doi.org/10.24432/C50P49, CC BY 4.0.
    """
    with files(__package__).joinpath("data/digits.npy.gz").open("rb") as stored, gzip.open(stored) as stream:
        table = np.lib.format.read_array(stream, allow_pickle=False)
    return stratified_split(table[:, :64].reshape(-1, 8, 8), table[:, 64])
