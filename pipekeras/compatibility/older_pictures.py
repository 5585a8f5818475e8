"""Pictures turned, moved, slanted and zoomed by chance, under the names of keras.preprocessing.image in Keras 1 and 2."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.core.errors import ArgumentError
from pipekeras.preprocessing.affine import apply_affine_transform


def _changed(x: Any, axes: tuple[int, int, int], fill_mode: str, cval: float, **change: float) -> np.ndarray:
    picture = np.moveaxis(np.asarray(x), axes, (0, 1, 2))
    return np.moveaxis(apply_affine_transform(picture, fill_mode=fill_mode, cval=cval, **change), (0, 1, 2), axes)


def _order(interpolation_order: int) -> None:
    if interpolation_order != 1:
        raise ArgumentError(f"pictures are changed with interpolation_order=1, not {interpolation_order!r}")


def random_rotation(x: Any, rg: float, row_axis: int = 1, col_axis: int = 2, channel_axis: int = 0,
                    fill_mode: str = "nearest", cval: float = 0.0, interpolation_order: int = 1) -> np.ndarray:  # fmt: skip
    """Turn a picture by up to `rg` degrees."""
    _order(interpolation_order)
    theta = float(np.random.uniform(-rg, rg))
    return _changed(x, (row_axis, col_axis, channel_axis), fill_mode, cval, theta=theta)


def random_shift(x: Any, wrg: float, hrg: float, row_axis: int = 1, col_axis: int = 2, channel_axis: int = 0,
                 fill_mode: str = "nearest", cval: float = 0.0, interpolation_order: int = 1) -> np.ndarray:  # fmt: skip
    """Move a picture by up to these shares of its width and height."""
    _order(interpolation_order)
    sizes = np.shape(x)
    down = float(np.random.uniform(-hrg, hrg)) * sizes[row_axis]
    across = float(np.random.uniform(-wrg, wrg)) * sizes[col_axis]
    return _changed(x, (row_axis, col_axis, channel_axis), fill_mode, cval, tx=down, ty=across)


def random_shear(x: Any, intensity: float, row_axis: int = 1, col_axis: int = 2, channel_axis: int = 0,
                 fill_mode: str = "nearest", cval: float = 0.0, interpolation_order: int = 1) -> np.ndarray:  # fmt: skip
    """Slant a picture by up to `intensity` degrees."""
    _order(interpolation_order)
    shear = float(np.random.uniform(-intensity, intensity))
    return _changed(x, (row_axis, col_axis, channel_axis), fill_mode, cval, shear=shear)


def random_zoom(x: Any, zoom_range: Any, row_axis: int = 1, col_axis: int = 2, channel_axis: int = 0,
                fill_mode: str = "nearest", cval: float = 0.0, interpolation_order: int = 1) -> np.ndarray:  # fmt: skip
    """Zoom a picture by factors between the two numbers of `zoom_range`, one for each axis."""
    _order(interpolation_order)
    if np.size(zoom_range) != 2:
        raise ArgumentError(f"zoom_range must be two numbers, not {zoom_range!r}")
    zx, zy = (1.0, 1.0) if tuple(zoom_range) == (1, 1) else np.random.uniform(zoom_range[0], zoom_range[1], 2)
    return _changed(x, (row_axis, col_axis, channel_axis), fill_mode, cval, zx=float(zx), zy=float(zy))


def random_channel_shift(x: Any, intensity: float, channel_axis: int = 0) -> np.ndarray:
    """Add a number of up to `intensity` to each channel, within the picture's own smallest and largest value."""
    picture = np.moveaxis(np.asarray(x), channel_axis, 0)
    moved = [np.clip(part + np.random.uniform(-intensity, intensity), picture.min(), picture.max()) for part in picture]
    return np.moveaxis(np.stack(moved), 0, channel_axis)


def random_brightness(x: Any, brightness_range: Any, scale: bool = True) -> np.ndarray:
    """Multiply a picture by a factor between the two numbers of `brightness_range`; values stay within 0 and 255.

    Args:
        x: array; with `scale` its values are first brought to 0 to 255.
        brightness_range: two numbers.
        scale: bool, default True.
    """
    if np.size(brightness_range) != 2:
        raise ArgumentError(f"brightness_range must be two numbers, not {brightness_range!r}")
    picture = np.asarray(x, "float64")
    if scale:
        picture = picture - picture.min()
        picture = picture * (255.0 / (picture.max() or 1.0))
    return np.clip(picture * np.random.uniform(*brightness_range), 0, 255)


def flip_axis(x: Any, axis: int) -> np.ndarray:
    """Mirror a picture along an axis."""
    return np.flip(np.asarray(x), axis)
