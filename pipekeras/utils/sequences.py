"""Sequences of different lengths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipekeras.core.errors import ConfigurationError, DataError, ShapeError


def pad_sequences(
    sequences: Sequence[Any],
    maxlen: int | None = None,
    dtype: Any = "int32",
    padding: str = "pre",
    truncating: str = "pre",
    value: Any = 0.0,
) -> np.ndarray:
    """Make sequences equally long by filling up the short ones and cutting the long ones.

    Args:
        sequences: list of sequences; the elements of all sequences have one shape.
        maxlen: int or None, length of the result, default that of the longest sequence.
        dtype: type of the result, default "int32"; `object` for strings of any length.
        padding: "pre" or "post", the end at which short sequences are filled up, default "pre".
        truncating: "pre" or "post", the end at which long sequences are cut, default "pre".
        value: what short sequences are filled up with, default 0.

    Input shape -> output shape:
        list of (time, ...) -> (sequences, maxlen, ...)

    Raises:
        ConfigurationError: For another `padding` or `truncating`, or a text `value` with a numeric `dtype`.
        DataError: When an element of the list is not a sequence.
        ShapeError: When the elements of the sequences differ in shape.

    Example:
        >>> from pipekeras.utils import pad_sequences
        >>> pad_sequences([[1], [2, 3], [4, 5, 6]], maxlen=2)
        array([[0, 1],
               [2, 3],
               [5, 6]], dtype=int32)
    """
    for name, choice in (("padding", padding), ("truncating", truncating)):
        if choice not in ("pre", "post"):
            raise ConfigurationError(f"{name} must be 'pre' or 'post', not {choice!r}")
    kind = np.dtype(dtype).kind
    if isinstance(value, str) and kind not in "OUS":
        raise ConfigurationError(f"a text can't fill up sequences of {dtype}", mend="pass dtype=object")
    for position, sequence in enumerate(sequences):
        if not hasattr(sequence, "__len__"):
            raise DataError(f"element {position} of the list is not a sequence: {sequence!r}")
    element_shape = next((np.asarray(sequence).shape[1:] for sequence in sequences if len(sequence)), ())
    length = max((len(sequence) for sequence in sequences), default=0) if maxlen is None else int(maxlen)
    result = np.full((len(sequences), length, *element_shape), value, dtype=dtype)
    for position, sequence in enumerate(sequences):
        start = max(len(sequence) - length, 0) if truncating == "pre" else 0
        kept = np.asarray(sequence[start : start + length], dtype=dtype)
        if not len(kept):
            continue
        if kept.shape[1:] != element_shape:
            raise ShapeError(
                f"the elements of sequence {position} have the shape {kept.shape[1:]}; those before it {element_shape}"
            )
        if padding == "post":
            result[position, : len(kept)] = kept
        else:
            result[position, length - len(kept) :] = kept
    return result
