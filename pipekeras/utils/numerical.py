"""Class codes and vector norms."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.core.errors import DataError


def to_categorical(x: Any, num_classes: int | None = None) -> np.ndarray:
    """Turn class codes into rows of zeros with a one.

    `result[..., k] = 1 if x[...] == k else 0`.

    Args:
        x: codes, whole numbers from 0 on, of any shape; a last axis of length 1 is dropped.
        num_classes: int or None, number of classes, default the largest code + 1.

    Input shape -> output shape:
        (examples, ...) -> (examples, ..., num_classes)

    Raises:
        DataError: When a code is not a whole number, is missing, or is outside of 0 .. num_classes - 1.

    Example:
        >>> from pipekeras.utils import to_categorical
        >>> to_categorical([1, 0, 1])
        array([[0., 1.],
               [1., 0.],
               [0., 1.]])
    """
    given = np.asarray(x.numpy() if hasattr(x, "numpy") else x)
    try:
        codes = given.astype(np.int64)
    except (TypeError, ValueError):
        message = f"class codes must be whole numbers, not {given.dtype}"
        raise DataError(message, mend="code the classes 0, 1, 2, ...") from None
    if given.dtype.kind == "f" and not np.array_equal(codes, given):
        raise DataError("class codes must be whole numbers; found fractions or NaN", mend="round or clean them first")
    if codes.ndim > 1 and codes.shape[-1] == 1:
        codes = codes[..., 0]
    if codes.size == 0 and num_classes is None:
        raise DataError("the number of classes can't be found out without any code", mend="pass num_classes")
    count = int(codes.max()) + 1 if num_classes is None else int(num_classes)
    wrong = codes[(codes < 0) | (codes >= count)]
    if wrong.size:
        raise DataError(
            f"class codes must be 0 to {count - 1}; found {wrong.flat[0]}",
            mend="codes begin at 0: subtract 1 from codes that begin at 1"
            if codes.min() == 1
            else "pass a larger num_classes",
        )
    result = np.zeros((codes.size, count))
    result[np.arange(codes.size), codes.reshape(-1)] = 1
    return result.reshape(*codes.shape, count)


def normalize(x: Any, axis: int = -1, order: float = 2) -> Any:
    """Divide by the norm along an axis; vectors of norm 0 stay as they are.

    `x / (sum(|x| ** order) ** (1 / order))`.

    Args:
        x: array (gives an array) or tensor (gives a tensor).
        axis: int, axis along which the norm is taken, default -1.
        order: float, order of the norm, default 2.

    Input shape -> output shape:
        any -> the same

    Example:
        >>> import numpy as np
        >>> from pipekeras.utils import normalize
        >>> normalize(np.array([[3.0, 4.0], [0.0, 0.0]]))
        array([[0.6, 0.8],
               [0. , 0. ]])
    """
    if hasattr(x, "numpy"):
        from pipekeras import ops

        return ops.normalize(x, axis=axis, order=order)
    array = np.asarray(x)
    norm = np.linalg.norm(array, order, axis, keepdims=True)
    return array / np.where(norm == 0, 1, norm)
