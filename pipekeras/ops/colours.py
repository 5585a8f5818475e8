"""Colours of images: grey, and hue, saturation and value."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.arithmetic import absolute, clip, mod
from pipekeras.ops.comparison import cast, equal, where
from pipekeras.ops.define import FUNCTIONS, public_as
from pipekeras.ops.joining import stack
from pipekeras.ops.reduction import max, min, sum
from pipekeras.ops.resampling import image_axes
from pipekeras.ops.shaping import moveaxis


def _channels_last(images: Any, data_format: str | None, name: str, floats: bool) -> tuple[Tensor, bool]:
    x = convert(images)
    if floats and not dtypes.is_float(x.dtype):
        raise ArgumentError(f"{name} needs images of floats in [0, 1], not {x.dtype}", mend="divide by 255.0 first")
    _, _, first = image_axes(x, data_format, name)
    moved = moveaxis(x, -3, -1) if first else x
    if moved.shape[-1] != 3:
        raise ShapeError(f"{name} needs 3 channels; shape {x.shape} has {moved.shape[-1]}",
                         mend="check data_format")  # fmt: skip
    return moved, first


@public_as("image_rgb_to_grayscale")
def rgb_to_grayscale(images: Any, data_format: str | None = None) -> Tensor:
    """Brightness of colours: 0.2989 red + 0.5870 green + 0.1140 blue.

    Args:
        images: tensor (height, width, 3) or (batch, height, width, 3).
        data_format: "channels_last" or "channels_first".

    Output shape: one channel in place of three.

    >>> from pipekeras import ops
    >>> ops.image.rgb_to_grayscale([[[1.0, 0.0, 0.0]]]).numpy().round(4).ravel()
    array([0.2989], dtype=float32)
    """
    x, first = _channels_last(images, data_format, "rgb_to_grayscale", False)
    dtype = x.dtype
    values = x if dtypes.is_float(dtype) else cast(x, "float32")
    weights = np.array([0.2989, 0.5870, 0.1140], dtypes.NUMPY.get(values.dtype, "float32"))
    grey = cast(sum(values * cast(weights, values.dtype), -1, True), dtype)
    return moveaxis(grey, -1, -3) if first else grey


@public_as("image_rgb_to_hsv")
def rgb_to_hsv(images: Any, data_format: str | None = None) -> Tensor:
    """Hue, saturation and value of colours, all in [0, 1]; red has hue 0, green 1/3, blue 2/3.

    Args:
        images: tensor of floats in [0, 1], (height, width, 3) or (batch, height, width, 3).
        data_format: "channels_last" or "channels_first".

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> ops.image_rgb_to_hsv(np.ones((4, 4, 3))).shape
    (4, 4, 3)
    """
    x, first = _channels_last(images, data_format, "rgb_to_hsv", True)
    red, green, blue = x[..., 0], x[..., 1], x[..., 2]
    value, low = max(x, -1), min(x, -1)
    spread = value - low
    grey = equal(spread, 0)
    safe = where(grey, 1.0, spread)
    black = equal(value, 0)
    saturation = where(black, 0.0, spread / where(black, 1.0, value))
    hue = where(
        equal(value, red),
        (green - blue) / safe,
        where(equal(value, green), (blue - red) / safe + 2.0, (red - green) / safe + 4.0),
    )
    hue = where(grey, 0.0, mod(hue / 6.0, 1.0))
    result = stack([hue, saturation, value], -1)
    return moveaxis(result, -1, -3) if first else result


@public_as("image_hsv_to_rgb")
def hsv_to_rgb(images: Any, data_format: str | None = None) -> Tensor:
    """Colours of hue, saturation and value.

    Formula: with d = |6 hue - k| for k = 3, 2, 4 the channels are value * (1 - saturation * (1 - clip(c))), where c is
    d - 1 for red and 2 - d for green and blue.

    Args:
        images: tensor of floats in [0, 1], (height, width, 3) or (batch, height, width, 3).
        data_format: "channels_last" or "channels_first".

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> ops.image_hsv_to_rgb(np.ones((4, 4, 3))).shape
    (4, 4, 3)
    """
    x, first = _channels_last(images, data_format, "hsv_to_rgb", True)
    hue, saturation, value = mod(x[..., 0], 1.0) * 6.0, x[..., 1], x[..., 2]
    shares = [absolute(hue - 3.0) - 1.0, 2.0 - absolute(hue - 2.0), 2.0 - absolute(hue - 4.0)]
    channels = [value * (1.0 - saturation * (1.0 - clip(share, 0.0, 1.0))) for share in shares]
    result = FUNCTIONS["stack"](channels, -1)
    return moveaxis(result, -1, -3) if first else result
