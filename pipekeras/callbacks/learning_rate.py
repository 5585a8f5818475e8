"""Reading the learning rate of an optimizer as a number."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.core.errors import StateError


def read_learning_rate(optimizer: Any) -> float:
    """The current learning rate of `optimizer`.

    Raises:
        StateError: When the optimizer has none.
    """
    value = getattr(optimizer, "learning_rate", None)
    if value is None:
        raise StateError(f"{optimizer!r} has no learning rate", mend="compile the model with an optimizer")
    return float(np.asarray(value.numpy() if hasattr(value, "numpy") else value).item())
