"""Pictures in files as arrays of rows, columns and channels; pictures.R has what packages make of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.values import Value, Vector, integer
from pipekeras.grammar.vectors.arguments import text


@builtin(".read_picture", "path", package="internal")
def read_picture(path: Any) -> Value:
    """All channels of a picture, values 0 to 255."""
    from pipekeras.preprocessing import pictures

    found = pictures.read_picture(text(path))
    return Vector("double", found.astype(np.float64).ravel(order="F"), {"dim": integer(list(found.shape))})
