"""Images seen through a map of places: interpolation at coordinates, affine, perspective and elastic transforms."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.graph.tensor import Tensor, convert, known
from pipekeras.ops.arithmetic import absolute, clip, mod
from pipekeras.ops.comparison import cast, logical_and, where
from pipekeras.ops.define import FUNCTIONS, floating, public_as
from pipekeras.ops.indexing import take
from pipekeras.ops.joining import concatenate
from pipekeras.ops.mathematics import floor
from pipekeras.ops.resampling import batched, image_axes, unbatched
from pipekeras.ops.shaping import expand_dims, reshape

_MODES = ("constant", "nearest", "wrap", "mirror", "reflect")


def _inside(place: Tensor, size: int, mode: str) -> tuple[Tensor, Tensor | None]:
    """Return whole-number places brought into the axis by the fill mode, and where they were inside from the start."""
    if mode == "constant":
        return clip(place, 0, size - 1), logical_and(place >= 0, place < size)
    if mode == "nearest":
        return clip(place, 0, size - 1), None
    if mode == "wrap":
        return mod(place, size), None
    if mode == "mirror":
        turn = size - 1
        return (absolute(mod(place + turn, 2 * turn) - turn) if turn else place * 0), None
    turned = mod(place, 2 * size)
    return where(turned < size, turned, 2 * size - 1 - turned), None


def _interpolated(rows: Tensor, sizes: tuple[int, ...], places: list[Tensor], base: Any, order: int, mode: str,
                  fill_value: float) -> Tensor:  # fmt: skip
    """Read rows (elements, channels) at coordinates of one shape; `base` is added to the number of the row."""
    strides = [math.prod(sizes[axis + 1 :]) for axis in range(len(sizes))]
    total: Any = None
    choices: list[list[tuple[Tensor, Any]]] = []
    for place in places:
        if order == 0:
            # Halves are rounded away from 0.
            away = FUNCTIONS["sign"](place) * floor(absolute(place) + 0.5)
            choices.append([(cast(away, "int32"), None)])
        else:
            low = floor(place)
            share = place - FUNCTIONS["stop_gradient"](low)
            index = cast(low, "int32")
            choices.append([(index, 1.0 - share), (index + 1, share)])
    for corner in itertools.product(*choices):
        number: Any = base
        weight: Any = None
        valid: Any = None
        for (index, share), size, stride in zip(corner, sizes, strides, strict=True):
            fixed, known_inside = _inside(index, size, mode)
            number = fixed * stride + number
            if share is not None:
                weight = share if weight is None else weight * share
            if known_inside is not None:
                valid = known_inside if valid is None else logical_and(valid, known_inside)
        found = take(rows, number, 0)
        if valid is not None:
            found = where(expand_dims(valid, -1), found, cast(fill_value, found.dtype))
        part = found if weight is None else found * expand_dims(cast(weight, found.dtype), -1)
        total = part if total is None else total + part
    return total


def _check(order: int, mode: str, name: str) -> None:
    if order not in (0, 1):
        raise ArgumentError(f"{name}: order must be 0 or 1, not {order!r}")
    if mode not in _MODES:
        raise ArgumentError(f"{name}: fill_mode must be one of {', '.join(_MODES)}, not {mode!r}")


def _back(x: Tensor, dtype: str) -> Tensor:
    """Return results in the type of the input; whole numbers are rounded."""
    if x.dtype == dtype:
        return x
    return cast(FUNCTIONS["round"](x) if dtypes.is_integer(dtype) else x, dtype)


@public_as("image_map_coordinates")
def map_coordinates(inputs: Any, coordinates: Any, order: int, fill_mode: str = "constant", fill_value: Any = 0) -> Tensor:
    """Read a tensor at coordinates between its elements.

    Args:
        inputs: tensor of n axes.
        coordinates: tensor of shape (n, ...): a place on each axis.
        order: int: 0 for the nearest element, 1 for linear interpolation.
        fill_mode: what lies outside: "constant" (default), "nearest", "wrap", "mirror" or "reflect".
        fill_value: number, default 0, for "constant".

    >>> from pipekeras import ops
    >>> ops.image.map_coordinates([1.0, 3.0], [[0.5]], order=1)
    Tensor([2.], shape=(1,), dtype=float32)
    """
    _check(order, fill_mode, "map_coordinates")
    x, where_to = convert(inputs), convert(coordinates)
    if where_to.shape[0] != x.ndim:
        raise ShapeError(f"map_coordinates: coordinates of shape {where_to.shape} for a tensor of {x.ndim} axes",
                         mend="the first axis of coordinates needs one entry for each axis of inputs")  # fmt: skip
    values = floating(x) if order else x
    places = [floating(where_to[axis]) for axis in range(x.ndim)]
    rows = reshape(values, (-1, 1))
    read = _interpolated(rows, known(x.shape), places, 0, order, fill_mode, fill_value)
    return _back(read[..., 0], x.dtype)


def _sampled(x: Tensor, vertical: Tensor, horizontal: Tensor, interpolation: str, mode: str, fill_value: float) -> Tensor:
    """Read images (batch, height, width, channels) at places (batch, height, width)."""
    if interpolation not in ("nearest", "bilinear"):
        raise ArgumentError(f"interpolation must be 'nearest' or 'bilinear', not {interpolation!r}")
    if None in x.shape:
        return Tensor.symbolic((x.shape[0], *vertical.shape[1:], x.shape[-1]), x.dtype, None)
    count, height, width, channels = known(x.shape)
    values = floating(x)
    rows = reshape(values, (count * height * width, channels))
    base = np.arange(count, dtype=np.int32).reshape(-1, 1, 1) * np.int32(height * width)
    order = 0 if interpolation == "nearest" else 1
    read = _interpolated(rows, (height, width), [vertical, horizontal], base, order, mode, fill_value)
    return _back(read, x.dtype)


def _grid(height: int, width: int, dtype: str) -> tuple[np.ndarray, np.ndarray]:
    kind = dtypes.NUMPY.get(dtype, np.dtype("float32"))
    return np.arange(height, dtype=kind)[None, :, None], np.arange(width, dtype=kind)[None, None, :]


def _projected(x: Tensor, rows: Tensor, projective: bool) -> tuple[Tensor, Tensor]:
    """Return the places (vertical, horizontal) that each output element shows, for transforms (batch, 8)."""
    height, width = x.shape[1], x.shape[2]
    if height is None or width is None:
        raise ShapeError(f"the height and width of images of shape {x.shape} must be known")
    down, right = _grid(height, width, rows.dtype)
    numbers = [reshape(rows[:, index], (-1, 1, 1)) for index in range(8)]
    horizontal = numbers[0] * right + numbers[1] * down + numbers[2]
    vertical = numbers[3] * right + numbers[4] * down + numbers[5]
    if projective:
        scale = numbers[6] * right + numbers[7] * down + 1.0
        return vertical / scale, horizontal / scale
    return vertical, horizontal


@public_as("image_affine_transform")
def affine_transform(images: Any, transform: Any, interpolation: str = "bilinear", fill_mode: str = "constant",
                     fill_value: float = 0, data_format: str | None = None) -> Tensor:  # fmt: skip
    """Turn, scale, shear and move images.

    Formula: the output place (x, y) shows the input place (a0 x + a1 y + a2, b0 x + b1 y + b2).

    Args:
        images: tensor (height, width, channels) or (batch, height, width, channels).
        transform: a0, a1, a2, b0, b1, b2 and two numbers that are not used, of shape (8,) or (batch, 8).
        interpolation: "bilinear" (default) or "nearest".
        fill_mode: what lies outside: "constant" (default), "nearest", "wrap" or "reflect".
        fill_value: float, default 0, for "constant".
        data_format: "channels_last" or "channels_first".

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> ops.image_affine_transform(np.ones((4, 4, 3)), [1, 0, 0, 0, 1, 0, 0, 0]).shape
    (4, 4, 3)
    """
    _check(1, fill_mode, "affine_transform")
    x = convert(images)
    _, _, first = image_axes(x, data_format, "affine_transform")
    rows = floating(transform)
    if rows.ndim not in (1, 2) or rows.shape[-1] != 8:
        raise ShapeError(f"affine_transform: transform must have shape (8,) or (batch, 8); got {rows.shape}")
    x, alone = batched(x, first)
    rows = expand_dims(rows, 0) if rows.ndim == 1 else rows
    vertical, horizontal = _projected(x, rows, False)
    return unbatched(_sampled(x, vertical, horizontal, interpolation, fill_mode, fill_value), first, alone)


def _perspective(start: Tensor, end: Tensor) -> Tensor:
    """Return the transforms (batch, 8) that take each end point to its start point."""
    sx, sy = expand_dims(start[..., 0], -1), expand_dims(start[..., 1], -1)
    ex, ey = expand_dims(end[..., 0], -1), expand_dims(end[..., 1], -1)
    one, none = FUNCTIONS["ones_like"](ex), FUNCTIONS["zeros_like"](ex)
    upper = concatenate([ex, ey, one, none, none, none, -(sx * ex), -(sx * ey)], -1)
    lower = concatenate([none, none, none, ex, ey, one, -(sy * ex), -(sy * ey)], -1)
    matrix = concatenate([upper, lower], -2)
    right = concatenate([sx, sy], -2)
    return FUNCTIONS["solve"](matrix, right)[..., 0]


@public_as("image_perspective_transform")
def perspective_transform(images: Any, start_points: Any, end_points: Any, interpolation: str = "bilinear",
                          fill_value: float = 0, data_format: str | None = None) -> Tensor:  # fmt: skip
    """Show images as a plane seen at an angle: four points go to four others.

    Args:
        images: tensor (height, width, channels) or (batch, height, width, channels).
        start_points: tensor (4, 2) or (batch, 4, 2): points (x, y) of the input.
        end_points: tensor (4, 2) or (batch, 4, 2): where they go.
        interpolation: "bilinear" (default) or "nearest".
        fill_value: float, default 0, outside of the input.
        data_format: "channels_last" or "channels_first".
    """
    x = convert(images)
    _, _, first = image_axes(x, data_format, "perspective_transform")
    start, end = floating(start_points), floating(end_points)
    for points in (start, end):
        if points.shape[-2:] != (4, 2) or points.ndim not in (2, 3):
            raise ShapeError(f"perspective_transform: points must have shape (4, 2) or (batch, 4, 2); got {points.shape}")
    x, alone = batched(x, first)
    start, end = (expand_dims(item, 0) if item.ndim == 2 else item for item in (start, end))
    vertical, horizontal = _projected(x, _perspective(start, end), True)
    return unbatched(_sampled(x, vertical, horizontal, interpolation, "constant", fill_value), first, alone)


@public_as("image_elastic_transform")
def elastic_transform(images: Any, alpha: float = 20.0, sigma: float = 5.0, interpolation: str = "bilinear",
                      fill_mode: str = "reflect", fill_value: float = 0.0, seed: Any = None,
                      data_format: str | None = None) -> Tensor:  # fmt: skip
    """Shift the elements of images by smooth random amounts (Simard, Steinkraus, Platt 2003).

    Args:
        images: tensor (height, width, channels) or (batch, height, width, channels).
        alpha: float, default 20: how far elements move.
        sigma: float, default 5: width of the Gaussian that smooths the movement.
        interpolation: "bilinear" (default) or "nearest".
        fill_mode: what lies outside: "reflect" (default), "constant", "nearest" or "wrap".
        fill_value: float, default 0, for "constant".
        seed: int, SeedGenerator or None.
        data_format: "channels_last" or "channels_first".

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> ops.image_elastic_transform(np.ones((4, 4, 3)), seed=1).shape
    (4, 4, 3)
    """
    from pipekeras import random
    from pipekeras.ops.image_filters import smoothed

    _check(1, fill_mode, "elastic_transform")
    x = convert(images)
    _, _, first = image_axes(x, data_format, "elastic_transform")
    x, alone = batched(x, first)
    count, height, width, _ = x.shape
    if height is None or width is None:
        raise ShapeError(f"elastic_transform: the height and width of shape {x.shape} must be known")
    noise = random.uniform((count, height, width, 2), -1.0, 1.0, "float32", seed)
    moves = smoothed(noise, (_odd(6.0 * sigma), _odd(6.0 * sigma)), (sigma, sigma)) * alpha
    down, right = _grid(height, width, "float32")
    result = _sampled(x, moves[..., 0] + down, moves[..., 1] + right, interpolation, fill_mode, fill_value)
    return unbatched(result, first, alone)


def _odd(size: float) -> int:
    return int(size) | 1
