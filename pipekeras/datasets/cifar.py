"""What the two CIFAR data sets share."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.core import configuration


def pictures(table: dict[str, Any], labels: str) -> tuple[np.ndarray, np.ndarray]:
    """Return pictures and classes of one of CIFAR's tables.

    Args:
        table: its content.
        labels: key of the classes.
    """
    x = np.asarray(table["data"], np.uint8).reshape(-1, 3, 32, 32)
    if configuration.image_data_format() == "channels_last":
        x = x.transpose(0, 2, 3, 1)
    return np.ascontiguousarray(x), np.asarray(table[labels]).reshape(-1, 1)
