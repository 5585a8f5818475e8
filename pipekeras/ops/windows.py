"""Sliding windows: which input elements each output element of a convolution or pooling sees.

Primitives here take channels last: (batch, *spatial, channels). `padding` is "valid", "same", or a pair of sizes
(before, after) for each spatial axis; "same" is worked out from the sizes when they are known.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

from pipekeras.core import configuration
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.graph.tensor import Tensor
from pipekeras.ops.shaping import transpose

Padding = str | tuple[tuple[int, int], ...]


def per_axis(name: str, value: Any, rank: int) -> tuple[int, ...]:
    """Return one whole number for each spatial axis."""
    if isinstance(value, int | np.integer):
        return (int(value),) * rank
    numbers = tuple(int(item) for item in value)
    if len(numbers) != rank:
        raise ConfigurationError(f"{name} must be a whole number or {rank} of them, not {value!r}")
    return numbers


def standard_padding(padding: Any) -> Padding:
    """Return "valid", "same" or pairs of sizes."""
    if isinstance(padding, str):
        if padding.lower() not in ("valid", "same"):
            raise ConfigurationError(f"padding must be 'valid' or 'same', not {padding!r}")
        return padding.lower()
    return tuple((int(before), int(after)) for before, after in padding)


def output_length(length: int | None, window: int, stride: int, dilation: int, padding: str | tuple[int, int]) -> int | None:
    """Return how many windows fit along an axis, None when its size is not known."""
    if length is None:
        return None
    if padding == "same":
        return -(-length // stride)
    before, after = (0, 0) if isinstance(padding, str) else padding
    reach = (window - 1) * dilation + 1
    return max(0, (length + int(before) + int(after) - reach) // stride + 1)


def pair_at(padding: Padding, axis: int) -> str | tuple[int, int]:
    """Return the padding of one spatial axis."""
    return padding if isinstance(padding, str) else padding[axis]


def amounts(
    lengths: tuple[int, ...], windows: tuple[int, ...], strides: tuple[int, ...], dilations: tuple[int, ...], padding: Padding
) -> tuple[tuple[int, int], ...]:
    """Return the padding of each spatial axis as (before, after)."""
    result = []
    for axis, (length, window, stride, dilation) in enumerate(zip(lengths, windows, strides, dilations, strict=True)):
        wanted = pair_at(padding, axis)
        if wanted == "same":
            reach = (window - 1) * dilation + 1
            total = max((-(-length // stride) - 1) * stride + reach - length, 0)
            result.append((total // 2, total - total // 2))
        else:
            result.append((0, 0) if wanted == "valid" else (int(wanted[0]), int(wanted[1])))
    return tuple(result)


def padded(x: np.ndarray, pads: tuple[tuple[int, int], ...], value: float = 0.0) -> np.ndarray:
    """Return an array with elements added around its spatial axes."""
    if not any(before or after for before, after in pads):
        return x
    return np.pad(x, ((0, 0), *pads, (0, 0)), constant_values=value)


def positions(
    windows: tuple[int, ...], outputs: tuple[int, ...], strides: tuple[int, ...], dilations: tuple[int, ...]
) -> Iterator[tuple[tuple[int, ...], tuple[slice, ...]]]:
    """Iterate over the places inside a window, each with the slice of the padded input that all windows see there."""
    for place in product(*(range(window) for window in windows)):
        spatial = tuple(
            slice(offset * dilation, offset * dilation + (count - 1) * stride + 1, stride)
            for offset, count, stride, dilation in zip(place, outputs, strides, dilations, strict=True)
        )
        yield place, (slice(None), *spatial)


def cropped(x: np.ndarray, pads: tuple[tuple[int, int], ...], lengths: tuple[int, ...]) -> np.ndarray:
    """Return the part of a padded array that is not padding."""
    spatial = tuple(slice(before, before + length) for (before, _), length in zip(pads, lengths, strict=True))
    return x[(slice(None), *spatial)]


def channels_last(x: Tensor, data_format: str | None) -> tuple[Tensor, bool]:
    """Return the tensor with channels last, and whether they were first."""
    chosen = data_format or configuration.image_data_format()
    if chosen not in ("channels_last", "channels_first"):
        raise ConfigurationError(f"data_format must be 'channels_last' or 'channels_first', not {data_format!r}")
    if chosen == "channels_last":
        return x, False
    return transpose(x, (0, *range(2, x.ndim), 1)), True


def channels_back(x: Tensor, first: bool) -> Tensor:
    """Return the tensor with channels where they were."""
    return transpose(x, (0, x.ndim - 1, *range(1, x.ndim - 1))) if first else x


def check_lengths(name: str, lengths: tuple[int | None, ...], shape: Any) -> None:
    """Raise a ShapeError when a window does not fit."""
    if any(length == 0 for length in lengths):
        raise ShapeError(
            f"{name}: the window does not fit into an input of shape {tuple(shape)}",
            mend="use padding='same', a smaller window, or fewer pooling layers before it",
        )
