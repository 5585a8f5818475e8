"""Filters of images and measures of how alike two are."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.comparison import cast
from pipekeras.ops.define import FUNCTIONS, floating, operands, public, public_as
from pipekeras.ops.joining import stack
from pipekeras.ops.mathematics import log10
from pipekeras.ops.reduction import mean
from pipekeras.ops.resampling import batched, image_axes, unbatched


def _gaussian(size: int, sigma: float) -> np.ndarray:
    places = np.arange(size) - (size - 1) / 2.0
    weights = np.exp(-0.5 * (places / sigma) ** 2)
    return weights / weights.sum()


def _by_channel(x: Tensor, window: np.ndarray, padding: str) -> Tensor:
    """Convolve each channel of (batch, height, width, channels) with one window."""
    channels = x.shape[-1]
    if channels is None:
        raise ShapeError(f"the number of channels of shape {x.shape} must be known")
    kernel = np.repeat(window[:, :, None, None], channels, 2).astype(dtypes.NUMPY.get(x.dtype, "float32"))
    return FUNCTIONS["depthwise_conv"](x, convert(kernel, x.dtype), 1, padding, "channels_last")


def smoothed(x: Tensor, kernel_size: Any, sigma: Any) -> Tensor:
    """Convolve images (batch, height, width, channels) with a Gaussian."""
    vertical, horizontal = (int(item) for item in kernel_size)
    down, right = (float(item) for item in sigma)
    return _by_channel(x, np.outer(_gaussian(vertical, down), _gaussian(horizontal, right)), "same")


@public_as("image_gaussian_blur")
def gaussian_blur(images: Any, kernel_size: Any = (3, 3), sigma: Any = (1.0, 1.0), data_format: str | None = None) -> Tensor:
    """Smooth images with a Gaussian.

    Args:
        images: tensor (height, width, channels) or (batch, height, width, channels).
        kernel_size: (height, width) of the window, default (3, 3).
        sigma: (vertical, horizontal) standard deviation, default (1.0, 1.0).
        data_format: "channels_last" or "channels_first".

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> ops.image_gaussian_blur(np.ones((4, 4, 3))).shape
    (4, 4, 3)
    """
    x = floating(images)
    _, _, first = image_axes(x, data_format, "gaussian_blur")
    if min(float(item) for item in sigma) <= 0 or min(int(item) for item in kernel_size) < 1:
        raise ArgumentError(f"gaussian_blur: kernel_size {kernel_size} and sigma {sigma} must be above 0")
    x, alone = batched(x, first)
    return unbatched(smoothed(x, kernel_size, sigma), first, alone)


@public_as("image_sobel_edges")
def sobel_edges(images: Any, data_format: str | None = None) -> Tensor:
    """Change of brightness downwards and to the right at each element; zeros lie around the images.

    Args:
        images: tensor (batch, height, width, channels).
        data_format: "channels_last" or "channels_first".

    Output shape: that of the images and a last axis of 2: vertical and horizontal.

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> ops.image_sobel_edges(np.ones((1, 4, 4, 3))).shape
    (1, 4, 4, 3, 2)
    """
    x = floating(images)
    _, _, first = image_axes(x, data_format, "sobel_edges", (4,))
    x, alone = batched(x, first)
    window = np.outer([-1.0, 0.0, 1.0], [1.0, 2.0, 1.0])
    parts = [_by_channel(x, item, "same") for item in (window, window.T)]
    return stack([unbatched(item, first, alone) for item in parts], -1)


@public
def psnr(x1: Any, x2: Any, max_val: float) -> Tensor:
    """Ratio of the largest possible value to the noise between two signals, in decibels.

    Formula: 20 log10(max_val) - 10 log10(mean((x1 - x2)²)).

    >>> from pipekeras import ops
    >>> ops.psnr([0.0, 1.0], [0.1, 1.1], 1.0).numpy().round(2).item()
    20.0
    """
    (a, b), dtype = operands(x1, x2)
    a, b = floating(cast(a, dtype)), floating(cast(b, dtype))
    if a.shape != b.shape:
        raise ShapeError(f"psnr: signals of shapes {a.shape} and {b.shape} can't be compared", mend="both need one shape")
    noise = mean((a - b) * (a - b))
    return 20.0 * math.log10(float(max_val)) - log10(noise) * 10.0


@public_as("image_ssim")
def ssim(image1: Any, image2: Any, max_val: float = 1.0, filter_size: int = 11, filter_sigma: float = 1.5, k1: float = 0.01,
         k2: float = 0.03, data_format: str | None = None) -> Tensor:  # fmt: skip
    """How alike two images are in brightness, contrast and structure (Wang, Bovik, Sheikh, Simoncelli 2004).

    Args:
        image1, image2: tensors (height, width, channels) or (batch, height, width, channels).
        max_val: float, default 1, the largest possible value.
        filter_size: int, default 11, size of the Gaussian window, odd.
        filter_sigma: float, default 1.5, its standard deviation.
        k1, k2: float, default 0.01 and 0.03: they steady the ratios.
        data_format: "channels_last" or "channels_first".

    Output shape: (batch,), or () for single images.

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> ops.image_ssim(np.ones((1, 16, 16, 1)), np.ones((1, 16, 16, 1))).shape
    (1,)
    """
    (a, b), dtype = operands(image1, image2)
    a, b = floating(cast(a, dtype)), floating(cast(b, dtype))
    if a.shape != b.shape:
        raise ShapeError(f"ssim: images of shapes {a.shape} and {b.shape} can't be compared", mend="both need one shape")
    if filter_size < 1 or filter_size % 2 == 0:
        raise ArgumentError(f"ssim: filter_size must be odd and 1 or more, not {filter_size}")
    _, _, first = image_axes(a, data_format, "ssim")
    a, alone = batched(a, first)
    b, _ = batched(b, first)
    weights = _gaussian(filter_size, filter_sigma)
    window = np.outer(weights, weights)

    def local(x: Tensor) -> Tensor:
        return _by_channel(x, window, "valid")

    mean_a, mean_b = local(a), local(b)
    spread_a = local(a * a) - mean_a * mean_a
    spread_b = local(b * b) - mean_b * mean_b
    together = local(a * b) - mean_a * mean_b
    c1, c2 = (k1 * max_val) ** 2, (k2 * max_val) ** 2
    above = (mean_a * mean_b * 2.0 + c1) * (together * 2.0 + c2)
    below = (mean_a * mean_a + mean_b * mean_b + c1) * (spread_a + spread_b + c2)
    result = mean(above / below, (1, 2, 3))
    return result[0] if alone else result
