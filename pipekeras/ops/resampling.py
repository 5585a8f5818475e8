"""Images of another size: each output element is a weighted sum of input elements, axis by axis."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pipekeras.core import configuration, dtypes
from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.graph.tensor import Tensor, convert, known
from pipekeras.ops.arithmetic import absolute
from pipekeras.ops.comparison import logical_and, where
from pipekeras.ops.define import FUNCTIONS, floating, public_as
from pipekeras.ops.indexing import take
from pipekeras.ops.joining import pad
from pipekeras.ops.linear import matmul
from pipekeras.ops.mathematics import sin
from pipekeras.ops.shaping import expand_dims, moveaxis, squeeze


def image_axes(x: Tensor, data_format: str | None, name: str, ranks: tuple[int, ...] = (3, 4)) -> tuple[int, int, bool]:
    """Return the axes of height and width, and whether channels stand first."""
    chosen = data_format or configuration.image_data_format()
    if chosen not in ("channels_last", "channels_first"):
        raise ArgumentError(f"{name}: data_format must be 'channels_last' or 'channels_first', not {data_format!r}")
    if x.ndim not in ranks:
        wanted = " or ".join("(batch, height, width, channels)" if rank == 4 else "(height, width, channels)" for rank in ranks)
        raise ShapeError(f"{name} needs images {wanted}; got shape {x.shape}")
    first = chosen == "channels_first"
    height = x.ndim - (2 if first else 3)
    return height, height + 1, first


def batched(x: Tensor, first: bool) -> tuple[Tensor, bool]:
    """Return images as (batch, height, width, channels), and whether there was no batch."""
    alone = x.ndim == 3
    if alone:
        x = expand_dims(x, 0)
    return (moveaxis(x, 1, -1) if first else x), alone


def unbatched(x: Tensor, first: bool, alone: bool) -> Tensor:
    """Undo `batched`."""
    if first:
        x = moveaxis(x, -1, 1)
    return squeeze(x, 0) if alone else x


def _triangle(distance: Any) -> Any:
    return np.maximum(0.0, 1.0 - distance)


def _cubic(distance: Any) -> Any:
    """Keys' cubic with a = -1/2."""
    near = ((1.5 * distance - 2.5) * distance) * distance + 1.0
    far = ((-0.5 * distance + 2.5) * distance - 4.0) * distance + 2.0
    return np.where(distance >= 2.0, 0.0, np.where(distance >= 1.0, far, near))


def _lanczos(radius: float, distance: Any) -> Any:
    inner = np.where(distance > 1e-3, distance, 1.0)
    value = radius * np.sin(np.pi * inner) * np.sin(np.pi * inner / radius) / (np.pi**2 * inner**2)
    return np.where(distance > 1e-3, np.where(distance > radius, 0.0, value), 1.0)


_KERNELS: dict[str, Callable[[Any], Any]] = {
    "bilinear": _triangle,
    "bicubic": _cubic,
    "lanczos3": functools.partial(_lanczos, 3.0),
    "lanczos5": functools.partial(_lanczos, 5.0),
}
_ALIASES = {"linear": "bilinear", "trilinear": "bilinear", "triangle": "bilinear", "cubic": "bicubic", "tricubic": "bicubic"}


@functools.lru_cache(maxsize=256)
def _weights(own: int, wanted: int, method: str, antialias: bool) -> np.ndarray:
    """Matrix (wanted, own) of the share that each input element has in each output element."""
    ratio = own / wanted
    return _shares(own, wanted, ratio, 0.0, method, antialias)


def _shares(own: int, wanted: int, ratio: float, shift: float, method: str, antialias: bool) -> np.ndarray:
    width = max(ratio, 1.0) if antialias else 1.0
    places = (np.arange(wanted) + 0.5) * ratio - shift * ratio - 0.5
    distance = np.abs(places[:, None] - np.arange(own)) / width
    shares = _KERNELS[method](distance)
    total = shares.sum(1, keepdims=True)
    shares = np.where(np.abs(total) > 1000.0 * np.finfo(np.float32).eps, shares / np.where(total == 0, 1.0, total), 0.0)
    inside = (places >= -0.5) & (places <= own - 0.5)
    return np.where(inside[:, None], shares, 0.0)


def _along(x: Tensor, axis: int, weights: Any) -> Tensor:
    """Multiply an axis by a matrix (new, old)."""
    moved = moveaxis(x, axis, -2) if axis != x.ndim - 1 else expand_dims(x, -1)
    result = matmul(weights, moved)
    return moveaxis(result, -2, axis) if axis != x.ndim - 1 else squeeze(result, -1)


def _method(interpolation: str, name: str, known_ones: Sequence[str]) -> str:
    if interpolation not in known_ones:
        raise ArgumentError(f"{name}: interpolation must be one of {', '.join(known_ones)}, not {interpolation!r}")
    return interpolation


def _nearest_places(own: int, wanted: int) -> np.ndarray:
    return np.floor((np.arange(wanted) + 0.5) * (own / wanted)).astype(np.int32)


def resized(x: Tensor, sizes: dict[int, int], interpolation: str, antialias: bool) -> Tensor:
    """Give axes of a tensor new sizes."""
    dtype = x.dtype
    if interpolation != "nearest":
        x = floating(x)
    for axis, wanted in sizes.items():
        own = x.shape[axis]
        if own is None:
            raise ShapeError(f"resize: the size of axis {axis} of shape {x.shape} is not known")
        if own == wanted:
            continue
        if interpolation == "nearest":
            x = take(x, _nearest_places(own, wanted), axis)
        else:
            x = _along(x, axis, convert(_weights(own, wanted, interpolation, antialias), x.dtype))
    if not dtypes.is_integer(dtype) or interpolation == "nearest":
        return x
    return FUNCTIONS["saturate_cast"](FUNCTIONS["round"](x), dtype)


@public_as("image_resize")
def resize(
    images: Any,
    size: Sequence[int],
    interpolation: str = "bilinear",
    antialias: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    fill_mode: str = "constant",
    fill_value: float = 0.0,
    data_format: str | None = None,
) -> Tensor:
    """Give images another height and width.

    Args:
        images: tensor (height, width, channels) or (batch, height, width, channels).
        size: (height, width).
        interpolation: "bilinear" (default), "nearest", "bicubic", "lanczos3" or "lanczos5".
        antialias: bool, default False: weigh all elements that an output element covers where images shrink.
        crop_to_aspect_ratio: bool, default False: cut the images first, so that they are not distorted.
        pad_to_aspect_ratio: bool, default False: add to the images first, so that they are not distorted.
        fill_mode: "constant", what is added then.
        fill_value: float, default 0, what is added then.
        data_format: "channels_last" or "channels_first".

    >>> from pipekeras import ops
    >>> ops.image.resize([[[0.0], [1.0]]], (1, 4)).numpy().ravel().tolist()
    [0.0, 0.25, 0.75, 1.0]
    """
    _method(interpolation, "resize", ("bilinear", "nearest", "bicubic", "lanczos3", "lanczos5"))
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise ArgumentError("resize: only one of crop_to_aspect_ratio and pad_to_aspect_ratio can be True")
    if fill_mode != "constant":
        raise ArgumentError(f"resize: fill_mode must be 'constant', not {fill_mode!r}")
    x = convert(images)
    vertical, horizontal, _ = image_axes(x, data_format, "resize")
    wanted = tuple(int(item) for item in size)
    if len(wanted) != 2 or min(wanted) < 1:
        raise ArgumentError(f"resize: size must be (height, width), both 1 or more; got {tuple(size)}")
    if crop_to_aspect_ratio or pad_to_aspect_ratio:
        height, width = known((x.shape[vertical], x.shape[horizontal]))
        # The size of the same shape as what is asked for, with the width or the height that there is.
        other_height = int(float(width * wanted[0]) / wanted[1])
        other_width = int(float(height * wanted[1]) / wanted[0])
        if crop_to_aspect_ratio:
            target = (max(min(height, other_height), 1), max(min(width, other_width), 1))
            top, left = int(float(height - target[0]) / 2), int(float(width - target[1]) / 2)
            x = x[_block(x.ndim, {vertical: (top, target[0]), horizontal: (left, target[1])})]
        else:
            target = (max(height, other_height), max(width, other_width))
            top, left = int(float(target[0] - height) / 2), int(float(target[1] - width) / 2)
            widths = [(0, 0)] * x.ndim
            # As much on both sides: where an odd number is missing, Keras leaves the last line out and stretches the rest.
            widths[vertical], widths[horizontal] = (top, top), (left, left)
            x = pad(x, widths, constant_values=fill_value)
    return resized(x, {vertical: wanted[0], horizontal: wanted[1]}, interpolation, antialias)


def _block(rank: int, parts: dict[int, tuple[int, int]]) -> tuple[slice, ...]:
    return tuple(slice(parts[a][0], parts[a][0] + parts[a][1]) if a in parts else slice(None) for a in range(rank))


def _traced_kernel(method: str, distance: Tensor) -> Tensor:
    """The kernels as ops, for scales that are only known when the program runs."""
    if method == "bilinear":
        return FUNCTIONS["maximum"](1.0 - distance, 0.0)
    if method == "bicubic":
        near = ((distance * 1.5 - 2.5) * distance) * distance + 1.0
        far = ((distance * -0.5 + 2.5) * distance - 4.0) * distance + 2.0
        return where(distance >= 2.0, 0.0, where(distance >= 1.0, far, near))
    radius = 3.0 if method == "lanczos3" else 5.0
    inner = where(distance > 1e-3, distance, 1.0)
    value = sin(inner * math.pi) * sin(inner * (math.pi / radius)) * (radius / math.pi**2) / (inner * inner)
    return where(distance > 1e-3, where(distance > radius, 0.0, value), 1.0)


@public_as("image_scale_and_translate")
def scale_and_translate(
    images: Any,
    output_shape: Sequence[int],
    scale: Any,
    translation: Any,
    spatial_dims: Sequence[int],
    method: str,
    antialias: bool = True,
) -> Tensor:
    """Sample images at scaled and moved places.

    Formula: the output place x * scale + translation shows the input place x, places counted from the middle of the
    first element; 0 where it lies outside.

    Args:
        images: tensor.
        output_shape: tuple of int, the whole shape of the result.
        scale: tensor of one number for each of `spatial_dims`.
        translation: tensor of one number for each of `spatial_dims`.
        spatial_dims: tuple of int, axes.
        method: "linear", "bilinear", "trilinear", "triangle", "cubic", "bicubic", "tricubic", "lanczos3", "lanczos5".
        antialias: bool, default True.

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> ops.image_scale_and_translate(np.ones((4, 4, 3)), (8, 8, 3), [2.0, 2.0], [0.0, 0.0], (0, 1), "linear").shape
    (8, 8, 3)
    """
    chosen = _ALIASES.get(method, method)
    if chosen not in _KERNELS:
        raise ArgumentError(f"scale_and_translate: method must be one of {', '.join([*_KERNELS, *_ALIASES])}, not {method!r}")
    x = floating(images)
    factors, shifts = convert(scale, x.dtype), convert(translation, x.dtype)
    for position, axis in enumerate(spatial_dims):
        place = axis % x.ndim
        own, wanted = known((x.shape[place],))[0], int(output_shape[place])
        ratio = 1.0 / factors[position]
        width = FUNCTIONS["maximum"](ratio, 1.0) if antialias else 1.0
        points = (convert(np.arange(wanted) + 0.5, x.dtype) - shifts[position]) * ratio - 0.5
        distance = absolute(expand_dims(points, 1) - convert(np.arange(own), x.dtype)) / width
        shares = _traced_kernel(chosen, distance)
        total = FUNCTIONS["sum"](shares, 1, True)
        enough = absolute(total) > 1000.0 * float(np.finfo(np.float32).eps)
        shares = where(enough, shares / where(enough, total, 1.0), 0.0)
        inside = expand_dims(logical_and(points >= -0.5, points <= own - 0.5), 1)
        x = _along(x, place, where(inside, shares, 0.0))
    return x


