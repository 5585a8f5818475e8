"""What Keras 2 computed under a name that means something else today; configs of old files name it."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.custom_objects import known_to_old_files
from pipekeras.core.keras_2 import HARD_SIGMOID
from pipekeras.graph.tensor import Tensor


@known_to_old_files(HARD_SIGMOID)
def hard_sigmoid_of_keras_2(x: Any) -> Tensor:
    """Sigmoid of three straight lines as Keras 2 drew it.

    Formula: clip(0.2 x + 0.5, 0, 1).

    >>> hard_sigmoid_of_keras_2([-3.0, 0.0, 1.0]).numpy().round(4).tolist()
    [0.0, 0.5, 0.699999988079071]
    """
    return ops.clip(ops.multiply(x, 0.2) + 0.5, 0.0, 1.0)
