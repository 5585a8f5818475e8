"""Pictures as arrays: read, written, resized, cropped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pipekeras.core import configuration
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.core.older_places import older_names
from pipekeras.preprocessing.affine import apply_affine_transform
from pipekeras.preprocessing.image_batches import DirectoryIterator, NumpyArrayIterator
from pipekeras.preprocessing.image_generator import ImageDataGenerator
from pipekeras.preprocessing.pictures import read_picture, write_picture

__all__ = [
    "DirectoryIterator",
    "ImageDataGenerator",
    "NumpyArrayIterator",
    "Picture",
    "apply_affine_transform",
    "array_to_img",
    "img_to_array",
    "load_img",
    "resize",
    "save_img",
    "smart_resize",
]

_MODES = {"grayscale": 1, "rgb": 3, "rgba": 4}


def _box(x: np.ndarray) -> np.ndarray:
    return ((x > -0.5) & (x <= 0.5)).astype(np.float64)


def _triangle(x: np.ndarray) -> np.ndarray:
    return np.maximum(0.0, 1.0 - np.abs(x))


def _cubic(x: np.ndarray) -> np.ndarray:
    distance = np.abs(x)
    near = ((1.5 * distance - 2.5) * distance) * distance + 1
    far = ((-0.5 * distance + 2.5) * distance - 4) * distance + 2
    return np.where(distance < 1, near, np.where(distance < 2, far, 0.0))


def _lanczos(x: np.ndarray) -> np.ndarray:
    return np.where(np.abs(x) < 3, np.sinc(x) * np.sinc(x / 3), 0.0)


def _hamming(x: np.ndarray) -> np.ndarray:
    return np.where(np.abs(x) < 1, np.sinc(x) * (0.54 + 0.46 * np.cos(np.pi * x)), 0.0)


_FILTERS: dict[str, tuple[Callable[[np.ndarray], np.ndarray], float]] = {
    "bilinear": (_triangle, 1.0), "bicubic": (_cubic, 2.0), "lanczos": (_lanczos, 3.0), "box": (_box, 0.5),
    "hamming": (_hamming, 1.0),
}  # fmt: skip


def _weights(size: int, wanted: int, kernel: Callable[[np.ndarray], np.ndarray], support: float) -> np.ndarray:
    """Return the matrix that resizes one axis; smaller pictures average over what falls together."""
    scale = size / wanted
    stretch = max(scale, 1.0)
    centres = (np.arange(wanted) + 0.5) * scale
    places = np.arange(size) + 0.5
    weights = kernel((places - centres[:, None]) / stretch)
    weights[np.abs(places - centres[:, None]) > support * stretch] = 0.0
    return weights / weights.sum(axis=1, keepdims=True)


def resize(picture: np.ndarray, height: int, width: int, interpolation: str = "nearest") -> np.ndarray:
    """Return a picture in another size, as Pillow does it.

    Args:
        picture: array of shape (height, width, channels).
        height: int, rows wanted.
        width: int, columns wanted.
        interpolation: "nearest" (default), "bilinear", "bicubic", "lanczos", "box" or "hamming".

    Input shape -> output shape:
        (rows, columns, channels) -> (height, width, channels)

    Example:
        >>> import numpy as np
        >>> from pipekeras.preprocessing.image import resize
        >>> resize(np.arange(4.0).reshape(2, 2, 1), 1, 1, "bilinear").ravel()
        array([1.5])
    """
    rows, columns = picture.shape[:2]
    if (rows, columns) == (height, width):
        return picture
    if interpolation == "nearest":
        down = np.minimum(((np.arange(height) + 0.5) * rows / height).astype(int), rows - 1)
        across = np.minimum(((np.arange(width) + 0.5) * columns / width).astype(int), columns - 1)
        return picture[down][:, across]
    if interpolation not in _FILTERS:
        raise ConfigurationError(f"interpolation must be nearest, {', '.join(_FILTERS)}; not {interpolation!r}")
    kernel, support = _FILTERS[interpolation]
    made = np.einsum("ij,jkc->ikc", _weights(rows, height, kernel, support), picture.astype(np.float64))
    made = np.einsum("kj,ijc->ikc", _weights(columns, width, kernel, support), made)
    if picture.dtype == np.uint8:
        return np.clip(np.floor(made + 0.5), 0, 255).astype(np.uint8)
    return made.astype(picture.dtype)


class Picture:
    """A picture in memory.

    Args:
        array: uint8 of shape (height, width, channels).
    """

    def __init__(self, array: np.ndarray) -> None:
        self.array = array

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.array.shape[1], self.array.shape[0]

    @property
    def mode(self) -> str:
        """ "L", "LA", "RGB" or "RGBA"."""
        return ("L", "LA", "RGB", "RGBA")[self.array.shape[2] - 1]

    def convert(self, mode: str) -> Picture:
        """Return the picture in another mode.

        Args:
            mode: "L", "RGB" or "RGBA".
        """
        return Picture(_channels(self.array, {"L": 1, "RGB": 3, "RGBA": 4}[mode]))

    def resize(self, size: tuple[int, int], interpolation: str = "bicubic") -> Picture:
        """Return the picture in another size.

        Args:
            size: width and height.
            interpolation: as in `resize`.
        """
        return Picture(resize(self.array, size[1], size[0], interpolation))

    def save(self, path: Any) -> None:
        """Write the picture to a file.

        Args:
            path: file; its suffix tells the format.
        """
        write_picture(path, self.array)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        shown = self.array[..., 0] if self.array.shape[2] == 1 else self.array
        return np.array(shown, dtype)

    def __repr__(self) -> str:
        width, height = self.size
        return f"<Picture mode={self.mode} size={width}x{height}>"


def _channels(array: np.ndarray, wanted: int) -> np.ndarray:
    found = array.shape[2]
    if found == wanted:
        return array
    colours, opacity = (array[..., :-1], array[..., -1:]) if found in (2, 4) else (array, None)
    if wanted == 1 and colours.shape[2] == 3:
        # The luma of ITU-R 601-2, with Pillow's rounding.
        weighed = colours.astype(np.int64) @ np.array([19595, 38470, 7471]) + 0x8000
        return (weighed >> 16).astype(np.uint8)[..., None]
    if wanted >= 3 and colours.shape[2] == 1:
        colours = np.repeat(colours, 3, axis=2)
    if wanted == 4:
        full = np.full((*array.shape[:2], 1), 255, np.uint8) if opacity is None else opacity
        return np.concatenate([colours, full], axis=2)
    return colours


def load_img(
    path: Any,
    color_mode: str = "rgb",
    target_size: Any = None,
    interpolation: str = "nearest",
    keep_aspect_ratio: bool = False,
) -> Picture:
    """Read a picture from a file.

    Args:
        path: file; PNG, or with Pillow any format that it reads.
        color_mode: "grayscale", "rgb" (default) or "rgba".
        target_size: None, or height and width.
        interpolation: "nearest" (default), "bilinear", "bicubic", "lanczos", "box" or "hamming".
        keep_aspect_ratio: bool, whether to cut the middle out rather than distort, default False.

    Raises:
        DataError: the file can't be read.
    """
    if color_mode not in _MODES:
        raise ConfigurationError(f"color_mode must be {', '.join(_MODES)}; not {color_mode!r}")
    array = _channels(read_picture(path), _MODES[color_mode])
    if target_size is not None:
        height, width = (int(size) for size in tuple(target_size)[:2])
        if keep_aspect_ratio:
            array = _middle(array, height, width)
        array = resize(array, height, width, interpolation)
    return Picture(array)


def _middle(array: np.ndarray, height: int, width: int) -> np.ndarray:
    """Cut out the middle with the proportions of height and width."""
    rows, columns = array.shape[:2]
    keep_rows, keep_columns = min(rows, columns * height // width) or rows, min(columns, rows * width // height) or columns
    top, left = (rows - keep_rows) // 2, (columns - keep_columns) // 2
    return array[top : top + keep_rows, left : left + keep_columns]


def img_to_array(img: Any, data_format: str | None = None, dtype: Any = None) -> np.ndarray:
    """Return a picture as an array of numbers.

    Args:
        img: `Picture`, or array of two or three axes.
        data_format: "channels_last", "channels_first", or None (the setting).
        dtype: type of the numbers, default `floatx()`.

    Input shape -> output shape:
        picture -> (height, width, channels), or (channels, height, width)
    """
    layout = _layout(data_format)
    array = img.array if isinstance(img, Picture) else np.asarray(img)
    if array.ndim == 2:
        array = array[..., None]
    if array.ndim != 3:
        raise ShapeError(f"a picture has two or three axes; found the shape {array.shape}")
    array = array.astype(dtype or configuration.floatx())
    return array.transpose(2, 0, 1) if layout == "channels_first" else array


def _layout(data_format: str | None) -> str:
    layout = data_format or configuration.image_data_format()
    if layout not in ("channels_last", "channels_first"):
        raise ConfigurationError(f"data_format must be 'channels_last' or 'channels_first', not {layout!r}")
    return layout


def array_to_img(x: Any, data_format: str | None = None, scale: bool = True, dtype: Any = None) -> Picture:
    """Return an array as a picture.

    Args:
        x: array of shape (height, width, channels) or (channels, height, width).
        data_format: "channels_last", "channels_first", or None (the setting).
        scale: bool, whether to stretch the values to 0 to 255, default True.
        dtype: type of the numbers on the way, default `floatx()`.
    """
    array = np.asarray(x, dtype or configuration.floatx())
    if array.ndim != 3:
        raise ShapeError(f"a picture has three axes; found the shape {array.shape}")
    if _layout(data_format) == "channels_first":
        array = array.transpose(1, 2, 0)
    if scale:
        array = array - array.min()
        largest = array.max()
        array = array / largest * 255 if largest else array
    return Picture(np.clip(array, 0, 255).astype(np.uint8))


def save_img(path: Any, x: Any, data_format: str | None = None, file_format: str | None = None, scale: bool = True) -> None:
    """Write an array as a picture.

    Args:
        path: file.
        x: array of shape (height, width, channels) or (channels, height, width).
        data_format: "channels_last", "channels_first", or None (the setting).
        file_format: str, default by the suffix.
        scale: bool, whether to stretch the values to 0 to 255, default True.
    """
    write_picture(path, array_to_img(x, data_format, scale).array, file_format)


def smart_resize(x: Any, size: Any, interpolation: str = "bilinear", data_format: str | None = None) -> np.ndarray:
    """Cut the middle with the wanted proportions out of pictures and resize it, so that nothing is distorted.

    Args:
        x: array of shape (height, width, channels), or with a first axis of pictures.
        size: height and width.
        interpolation: as in `resize`, default "bilinear".
        data_format: "channels_last", "channels_first", or None (the setting).
    """
    array = np.asarray(x)
    height, width = (int(value) for value in size)
    if array.ndim == 4:
        return np.stack([smart_resize(one, size, interpolation, data_format) for one in array])
    first = _layout(data_format) == "channels_first"
    if first:
        array = array.transpose(1, 2, 0)
    made = resize(_middle(array, height, width), height, width, interpolation)
    return made.transpose(2, 0, 1) if first else made


__getattr__ = older_names(__name__)
