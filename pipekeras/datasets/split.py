"""The one way in which the shipped data sets are divided into training and test data."""

from __future__ import annotations

import numpy as np

TEST_STRIDE = 5
"""Every fifth example of each class is a test example."""

Arrays = tuple[np.ndarray, np.ndarray]


def stratified_split(x: np.ndarray, y: np.ndarray) -> tuple[Arrays, Arrays]:
    """Divide examples so that both parts hold each class in the same proportion, without chance.

    Within each class, in the order given, the 5th, 10th, 15th, ... example goes to the test part. In both parts the
    classes take turns (0, 1, 2, ..., 0, 1, 2, ...) as long as each lasts, so that the last examples, which
    `validation_split` takes, are of every class too.

    Args:
        x: Examples, shape (examples, ...).
        y: Class codes 0, 1, 2, ..., shape (examples,).

    Returns:
        `((x_train, y_train), (x_test, y_test))`.
    """
    rank = np.empty(len(y), dtype=np.int64)
    for code in np.unique(y):
        members = np.flatnonzero(y == code)
        rank[members] = np.arange(len(members))
    is_test = rank % TEST_STRIDE == TEST_STRIDE - 1
    order = np.lexsort((y, rank))
    train, test = order[~is_test[order]], order[is_test[order]]
    return (x[train], y[train]), (x[test], y[test])
