"""Images with TensorFlow's arguments: (height, width, channels), with or without a batch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from pipekeras import ops, random
from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.graph.tensor import Tensor, convert

_FIRST_METHODS = {0: "bilinear", 1: "nearest", 2: "bicubic"}


def _sizes(size: Any) -> tuple[int, int]:
    height, width = (int(item) for item in np.asarray(size).tolist())
    return height, width


def resize(images: Any, size: Any, method: Any = "bilinear", preserve_aspect_ratio: bool = False, antialias: bool = False,
           name: str | None = None) -> Tensor:  # fmt: skip
    """Give images another height and width, as float32 unless the method is "nearest"."""
    x = convert(images)
    chosen = str(_FIRST_METHODS.get(method, method)).lower()
    if chosen not in ("bilinear", "nearest", "bicubic", "lanczos3", "lanczos5"):
        raise ArgumentError(f"tf.image.resize: method '{method}' is not supported",
                            mend="use 'bilinear', 'nearest', 'bicubic', 'lanczos3' or 'lanczos5'")  # fmt: skip
    wanted = _sizes(size)
    if preserve_aspect_ratio:
        height, width = x.shape[-3] or 1, x.shape[-2] or 1
        ratio = min(wanted[0] / height, wanted[1] / width)
        wanted = (max(round(height * ratio), 1), max(round(width * ratio), 1))
    if chosen != "nearest":
        x = ops.cast(x, "float32")
    return ops.image.resize(x, wanted, chosen, antialias, data_format="channels_last")


def resize_with_crop_or_pad(image: Any, target_height: int, target_width: int) -> Tensor:
    """Cut images in the middle, or add zeros evenly around them."""
    x = convert(image)
    for axis, target in ((x.ndim - 3, int(target_height)), (x.ndim - 2, int(target_width))):
        length = x.shape[axis] or 0
        if length > target:
            start = (length - target) // 2
            x = x[(slice(None),) * axis + (slice(start, start + target),)]
        elif length < target:
            before = (target - length) // 2
            x = ops.pad(x, [(before, target - length - before) if place == axis else (0, 0) for place in range(x.ndim)])
    return x


def convert_image_dtype(image: Any, dtype: Any, saturate: bool = False, name: str | None = None) -> Tensor:
    """Convert images between whole numbers up to the largest of their type and floats in [0, 1]."""
    x, kind = convert(image), dtypes.standardize(dtype)
    if x.dtype == kind:
        return x
    from_whole, to_whole = dtypes.is_integer(x.dtype), dtypes.is_integer(kind)
    if from_whole and to_whole:
        own, other = (int(np.iinfo(dtypes.NUMPY[item]).max) for item in (x.dtype, kind))
        if own > other:
            return ops.cast(ops.floor_divide(x, (own + 1) // (other + 1)), kind)
        return ops.cast(x, kind) * ((other + 1) // (own + 1))
    if from_whole:
        return ops.cast(x, kind) * (1.0 / float(np.iinfo(dtypes.NUMPY[x.dtype]).max))
    if to_whole:
        scaled = x * (float(np.iinfo(dtypes.NUMPY[kind]).max) + 0.5)
        return ops.saturate_cast(scaled, kind) if saturate else ops.cast(scaled, kind)
    return ops.cast(x, kind)


def _as_before(values: Tensor, original: Tensor) -> Tensor:
    return values if values.dtype == original.dtype else convert_image_dtype(values, original.dtype, saturate=True)


def _floats(images: Any) -> tuple[Tensor, Tensor]:
    x = convert(images)
    return (x if dtypes.is_float(x.dtype) else convert_image_dtype(x, "float32")), x


def grayscale_to_rgb(images: Any, name: str | None = None) -> Tensor:
    """One channel repeated three times."""
    return ops.repeat(images, 3, -1)


def flip_left_right(image: Any) -> Tensor:
    """Mirror images from left to right."""
    return ops.flip(image, -2)


def flip_up_down(image: Any) -> Tensor:
    """Mirror images from top to bottom."""
    return ops.flip(image, -3)


def _sometimes(image: Any, changed: Tensor, seed: Any) -> Tensor:
    x = convert(image)
    shape = (x.shape[0], 1, 1, 1) if x.ndim == 4 else (1, 1, 1)
    return ops.where(random.uniform(shape, seed=seed) < 0.5, changed, x)


def random_flip_left_right(image: Any, seed: Any = None) -> Tensor:
    """Mirror each image from left to right with probability 1/2."""
    return _sometimes(image, flip_left_right(image), seed)


def random_flip_up_down(image: Any, seed: Any = None) -> Tensor:
    """Mirror each image from top to bottom with probability 1/2."""
    return _sometimes(image, flip_up_down(image), seed)


def rot90(image: Any, k: int = 1, name: str | None = None) -> Tensor:
    """Turn images by 90 degrees k times, against the clock."""
    return ops.rot90(image, int(k), (-3, -2))


def transpose(image: Any, name: str | None = None) -> Tensor:
    """Exchange height and width."""
    return ops.swapaxes(image, -3, -2)


def adjust_brightness(image: Any, delta: Any) -> Tensor:
    """Add to every element, counted in [0, 1]."""
    values, x = _floats(image)
    return _as_before(values + delta, x)


def adjust_contrast(images: Any, contrast_factor: Any) -> Tensor:
    """Move every element from or to the mean of its channel."""
    values, x = _floats(images)
    centre = ops.mean(values, (-3, -2), True)
    return _as_before((values - centre) * contrast_factor + centre, x)


def _in_hsv(image: Any, change: Any) -> Tensor:
    values, x = _floats(image)
    parts = ops.image.rgb_to_hsv(values, data_format="channels_last")
    hue, saturation, value = change(parts[..., 0], parts[..., 1], parts[..., 2])
    changed = ops.image.hsv_to_rgb(ops.stack([hue, saturation, value], -1), data_format="channels_last")
    return _as_before(changed, x)


def adjust_saturation(image: Any, saturation_factor: Any, name: str | None = None) -> Tensor:
    """Multiply the saturation of colours."""
    return _in_hsv(image, lambda hue, saturation, value: (hue, ops.clip(saturation * saturation_factor, 0.0, 1.0), value))


def adjust_hue(image: Any, delta: Any, name: str | None = None) -> Tensor:
    """Turn the hue of colours by a share of the circle."""
    return _in_hsv(image, lambda hue, saturation, value: (ops.mod(hue + delta, 1.0), saturation, value))


def adjust_gamma(image: Any, gamma: float = 1, gain: float = 1) -> Tensor:
    """gain * image ** gamma."""
    values, x = _floats(image)
    return _as_before(ops.power(values, gamma) * gain, x)


def _between(low: float, high: float, seed: Any) -> Tensor:
    if not low <= high:
        raise ArgumentError(f"the lower limit {low} must not be above the upper one {high}")
    return random.uniform((), float(low), float(high), seed=seed)


def random_brightness(image: Any, max_delta: float, seed: Any = None) -> Tensor:
    """Add a random amount between -max_delta and max_delta."""
    return adjust_brightness(image, _between(-max_delta, max_delta, seed))


def random_contrast(image: Any, lower: float, upper: float, seed: Any = None) -> Tensor:
    """Change the contrast by a random factor."""
    return adjust_contrast(image, _between(lower, upper, seed))


def random_saturation(image: Any, lower: float, upper: float, seed: Any = None) -> Tensor:
    """Change the saturation by a random factor."""
    return adjust_saturation(image, _between(lower, upper, seed))


def random_hue(image: Any, max_delta: float, seed: Any = None) -> Tensor:
    """Turn the hue by a random share of the circle."""
    return adjust_hue(image, _between(-max_delta, max_delta, seed))


def per_image_standardization(image: Any) -> Tensor:
    """Give each image mean 0 and variance 1 (the deviation bounded by 1 / sqrt(number of elements))."""
    x = ops.cast(image, "float32")
    axes = (-3, -2, -1)
    count = math.prod(n or 1 for n in x.shape[-3:])
    centred = x - ops.mean(x, axes, True)
    return centred / ops.maximum(ops.std(x, axes, True), 1.0 / math.sqrt(count))


def central_crop(image: Any, central_fraction: float) -> Tensor:
    """Keep the middle of images, a share of each side."""
    if not 0.0 < central_fraction <= 1.0:
        raise ArgumentError(f"tf.image.central_crop: the share must be in (0, 1], not {central_fraction}")
    x = convert(image)
    index: list[Any] = [slice(None)] * x.ndim
    for axis in (x.ndim - 3, x.ndim - 2):
        length = x.shape[axis] or 0
        start = int((length - length * central_fraction) / 2)
        index[axis] = slice(start, length - start)
    return x[tuple(index)]


def crop_to_bounding_box(image: Any, offset_height: int, offset_width: int, target_height: int, target_width: int) -> Tensor:
    """Cut a box out of images."""
    x = convert(image)
    top, left, height, width = (int(item) for item in (offset_height, offset_width, target_height, target_width))
    if min(top, left) < 0 or top + height > (x.shape[-3] or 0) or left + width > (x.shape[-2] or 0):
        raise ShapeError(f"a box of {height} by {width} at ({top}, {left}) does not lie in images of shape {x.shape}")
    return x[(slice(None),) * (x.ndim - 3) + (slice(top, top + height), slice(left, left + width))]


def pad_to_bounding_box(image: Any, offset_height: int, offset_width: int, target_height: int, target_width: int) -> Tensor:
    """Lay images into larger ones of zeros."""
    return ops.image.pad_images(image, int(offset_height), int(offset_width), target_height=int(target_height),
                                target_width=int(target_width), data_format="channels_last")  # fmt: skip


def random_crop(value: Any, size: Sequence[int], seed: Any = None, name: str | None = None) -> Tensor:
    """Cut a block of a size out of a tensor at a random place."""
    x = convert(value)
    wanted = [int(item) for item in np.asarray(size).tolist()]
    starts = []
    for number, (own, length) in enumerate(zip(x.shape, wanted, strict=True)):
        if own is None or length > own:
            raise ShapeError(f"a block of shape {tuple(wanted)} does not lie in a tensor of shape {x.shape}")
        draw = None if seed is None else seed + number
        starts.append(int(random.randint((), 0, own - length + 1, seed=draw)))
    return x[tuple(slice(start, start + length) for start, length in zip(starts, wanted, strict=True))]


def total_variation(images: Any, name: str | None = None) -> Tensor:
    """Sum of the differences of neighbours, for each image."""
    x = convert(images)
    down = ops.absolute(x[..., 1:, :, :] - x[..., :-1, :, :])
    right = ops.absolute(x[..., :, 1:, :] - x[..., :, :-1, :])
    return ops.sum(down, (-3, -2, -1)) + ops.sum(right, (-3, -2, -1))


def psnr(a: Any, b: Any, max_val: float, name: str | None = None) -> Tensor:
    """Ratio of the largest possible value to the noise, in decibels, for each image."""
    x, y = convert(a), convert(b)
    kind = dtypes.as_float(dtypes.promote(x.dtype, y.dtype))
    noise = ops.mean(ops.square(ops.cast(x, kind) - ops.cast(y, kind)), (-3, -2, -1))
    return 20.0 * math.log10(float(max_val)) - ops.log10(noise) * 10.0


def extract_patches(images: Any, sizes: Sequence[int], strides: Sequence[int], rates: Sequence[int], padding: str,
                    name: str | None = None) -> Tensor:  # fmt: skip
    """Cut patches out of images; sizes, strides and rates are given for all four axes."""
    parts = [tuple(int(item) for item in values[1:3]) for values in (sizes, strides, rates)]
    return ops.image.extract_patches(images, parts[0], parts[1], parts[2], padding.lower(), "channels_last")


def decode_image(contents: Any, channels: int = 0, dtype: Any = "uint8", name: str | None = None, **options: Any) -> Tensor:
    """The picture that a file's bytes hold: PNG, or with Pillow any other kind.

    Args:
        contents: bytes, as `tf.io.read_file` returns them.
        channels: int: 0 (as in the file), 1, 3 or 4.
        dtype: str, "uint8" (default) or a type that the picture is scaled to.
    """
    from pipekeras.preprocessing.pictures import decode_picture

    picture = decode_picture(bytes(contents))
    if channels not in (0, 1, 3, 4):
        raise ArgumentError(f"a picture has 1, 3 or 4 channels, not {channels}")
    if channels and picture.shape[-1] != channels:
        colours, opacity = (picture[..., :-1], picture[..., -1:]) if picture.shape[-1] in (2, 4) else (picture, None)
        if channels == 1:
            colours = np.asarray(ops.image.rgb_to_grayscale(colours, "channels_last")) if colours.shape[-1] == 3 else colours
        elif colours.shape[-1] == 1:
            colours = np.repeat(colours, 3, -1)
        if channels == 4:
            full = np.full((*picture.shape[:2], 1), 255, np.uint8) if opacity is None else opacity
            colours = np.concatenate([colours, full], -1)
        picture = colours
    return convert_image_dtype(picture, dtype)


def encode_png(image: Any, compression: int = -1, name: str | None = None) -> bytes:
    """The bytes of a PNG file that holds a picture of uint8."""
    from pipekeras.preprocessing.pictures import encode_png as encode

    return encode(np.asarray(convert(image)))
