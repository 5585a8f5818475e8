"""Parts of images: cropping, padding, patches, sliding blocks."""

from __future__ import annotations

import itertools
from typing import Any

from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.graph.tensor import Tensor, convert, known
from pipekeras.ops.define import OPERATIONS, public, public_as
from pipekeras.ops.joining import concatenate, pad, stack
from pipekeras.ops.resampling import image_axes
from pipekeras.ops.shaping import expand_dims, moveaxis, reshape, squeeze
from pipekeras.ops.windows import output_length, per_axis


def _edges(
    name: str, length: int | None, before: int | None, after: int | None, target: int | None, add: bool
) -> tuple[int, int]:
    """Return how much is added (or cut) before and after, of which two of three numbers must be given."""
    given = [item is not None for item in (before, after, target)]
    if given.count(True) != 2:
        raise ArgumentError(f"{name}: of the two sides and the target size of an axis exactly two must be given")
    if target is not None:
        if length is None:
            raise ShapeError(f"{name}: the size of the images is not known, so a target size says nothing")
        whole = target - length if add else length - target
        if before is None:
            before = whole - (after or 0)
        else:
            after = whole - before
    if (before or 0) < 0 or (after or 0) < 0:
        raise ArgumentError(f"{name}: {before} before and {after} after an axis of size {length}; both must be 0 or more")
    return int(before or 0), int(after or 0)


@public_as("image_crop")
def crop_images(
    images: Any,
    top_cropping: int | None = None,
    left_cropping: int | None = None,
    bottom_cropping: int | None = None,
    right_cropping: int | None = None,
    target_height: int | None = None,
    target_width: int | None = None,
    data_format: str | None = None,
) -> Tensor:
    """Cut images; for each direction two of the two sides and the target size are given.

    Args:
        images: tensor (height, width, channels) or (batch, height, width, channels).
        top_cropping, bottom_cropping, left_cropping, right_cropping: int, elements to cut off.
        target_height, target_width: int, elements to keep.
        data_format: "channels_last" or "channels_first".

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> ops.image_crop(np.ones((4, 4, 3)), top_cropping=1, left_cropping=1, target_height=2, target_width=2).shape
    (2, 2, 3)
    """
    x = convert(images)
    vertical, horizontal, _ = image_axes(x, data_format, "crop_images")
    index: list[slice] = [slice(None)] * x.ndim
    for axis, before, after, target in (
        (vertical, top_cropping, bottom_cropping, target_height),
        (horizontal, left_cropping, right_cropping, target_width),
    ):
        length = x.shape[axis]
        first, last = _edges("crop_images", length, before, after, target, False)
        if length is None:
            raise ShapeError(f"crop_images: the size of axis {axis} of shape {x.shape} is not known")
        if first + last >= length:
            raise ArgumentError(f"crop_images: {first} and {last} cut off an axis of size {length} leave nothing")
        index[axis] = slice(first, length - last)
    return x[tuple(index)]


@public_as("image_pad")
def pad_images(
    images: Any,
    top_padding: int | None = None,
    left_padding: int | None = None,
    bottom_padding: int | None = None,
    right_padding: int | None = None,
    target_height: int | None = None,
    target_width: int | None = None,
    data_format: str | None = None,
) -> Tensor:
    """Add zeros around images; for each direction two of the two sides and the target size are given.

    Args:
        images: tensor (height, width, channels) or (batch, height, width, channels).
        top_padding, bottom_padding, left_padding, right_padding: int, elements to add.
        target_height, target_width: int, size of the result.
        data_format: "channels_last" or "channels_first".

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> ops.image_pad(np.ones((2, 2, 3)), 1, 1, 1, 1).shape
    (4, 4, 3)
    """
    x = convert(images)
    vertical, horizontal, _ = image_axes(x, data_format, "pad_images")
    widths = [(0, 0)] * x.ndim
    widths[vertical] = _edges("pad_images", x.shape[vertical], top_padding, bottom_padding, target_height, True)
    widths[horizontal] = _edges("pad_images", x.shape[horizontal], left_padding, right_padding, target_width, True)
    return pad(x, widths)


def _patches(images: Any, size: Any, strides: Any, dilation_rate: Any, padding: str, data_format: str | None, rank: int,
             name: str) -> Tensor:  # fmt: skip
    x = convert(images)
    if x.ndim not in (rank + 1, rank + 2):
        raise ShapeError(f"{name} needs images of {rank} spatial axes, with or without a batch; got shape {x.shape}")
    if padding not in ("same", "valid"):
        raise ArgumentError(f"{name}: padding must be 'same' or 'valid', not {padding!r}")
    from pipekeras.core import configuration

    first = (data_format or configuration.image_data_format()) == "channels_first"
    alone = x.ndim == rank + 1
    x = expand_dims(x, 0) if alone else x
    x = moveaxis(x, 1, -1) if first else x
    window = per_axis("size", size, rank)
    step = window if strides is None else per_axis("strides", strides, rank)
    spread = per_axis("dilation_rate", dilation_rate, rank)
    lengths = x.shape[1:-1]
    if None in lengths:
        raise ShapeError(f"{name}: the spatial sizes of shape {x.shape} must be known")
    counts = []
    widths = [(0, 0)]
    for length, wide, stride, gap in zip(known(lengths), window, step, spread, strict=True):
        count = output_length(length, wide, stride, gap, padding)
        counts.append(int(count or 0))
        total = max((int(count or 0) - 1) * stride + (wide - 1) * gap + 1 - length, 0) if padding == "same" else 0
        widths.append((total // 2, total - total // 2))
    if 0 in counts:
        raise ShapeError(f"{name}: patches of {window} do not fit into images of shape {x.shape}")
    wider = pad(x, [*widths, (0, 0)])
    parts = []
    for place in itertools.product(*(range(item) for item in window)):
        index = tuple(
            slice(offset * gap, offset * gap + (count - 1) * stride + 1, stride)
            for offset, gap, count, stride in zip(place, spread, counts, step, strict=True)
        )
        parts.append(wider[(slice(None), *index)])
    result = concatenate(parts, -1)
    result = moveaxis(result, -1, 1) if first else result
    return squeeze(result, 0) if alone else result


@public_as("image_extract_patches")
def extract_patches(images: Any, size: Any, strides: Any = None, dilation_rate: Any = 1, padding: str = "valid",
                    data_format: str | None = None) -> Tensor:  # fmt: skip
    """Cut patches out of images and lay each in the channels of its place.

    Args:
        images: tensor (batch, height, width, channels), or with depth for patches of three sizes; the batch may miss.
        size: int, (height, width) or (depth, height, width) of a patch.
        strides: int or tuple, from one patch to the next, default `size`.
        dilation_rate: int or tuple, from one element of a patch to the next, default 1.
        padding: "valid" (default) or "same".
        data_format: "channels_last" or "channels_first".

    >>> from pipekeras import ops
    >>> ops.image.extract_patches([[[1.0], [2.0]], [[3.0], [4.0]]], 2).numpy().tolist()
    [[[1.0, 2.0, 3.0, 4.0]]]
    """
    rank = 3 if isinstance(size, list | tuple) and len(size) == 3 else 2
    return _patches(images, size, strides, dilation_rate, padding, data_format, rank, "extract_patches")


@public_as("image_extract_patches_3d")
def extract_patches_3d(volumes: Any, size: Any, strides: Any = None, dilation_rate: Any = 1, padding: str = "valid",
                       data_format: str | None = None) -> Tensor:  # fmt: skip
    """Cut patches out of volumes; arguments as for `extract_patches`, with three spatial axes.

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> ops.image_extract_patches_3d(np.ones((4, 4, 4, 1)), 2).shape
    (2, 2, 2, 8)
    """
    return _patches(volumes, size, strides, dilation_rate, padding, data_format, 3, "extract_patches_3d")


def _blocks(height: int, width: int, kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> Any:
    window, spread = per_axis("kernel_size", kernel_size, 2), per_axis("dilation", dilation, 2)
    around, step = per_axis("padding", padding, 2), per_axis("stride", stride, 2)
    counts = tuple(
        (length + 2 * edge - gap * (wide - 1) - 1) // jump + 1
        for length, edge, gap, wide, jump in zip((height, width), around, spread, window, step, strict=True)
    )
    if min(counts) < 1:
        raise ShapeError(f"blocks of {window} do not fit into images of {height} by {width}")
    return window, spread, around, step, counts


@public
def unfold(x: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Tensor:
    """Lay the sliding blocks of images out in columns.

    Args:
        x: tensor (batch, channels, height, width).
        kernel_size: int or (height, width) of a block.
        dilation: int or pair, from one element of a block to the next, default 1.
        padding: int or pair, zeros added on both sides, default 0.
        stride: int or pair, from one block to the next, default 1.

    Output shape: (batch, channels * height * width of a block, number of blocks).

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> ops.unfold(np.ones((1, 1, 3, 3)), 2).shape
    (1, 4, 4)
    """
    x = convert(x)
    if x.ndim != 4 or x.shape[2] is None or x.shape[3] is None or x.shape[1] is None:
        raise ShapeError(f"unfold needs images (batch, channels, height, width) of known sizes; got shape {x.shape}")
    height, width = x.shape[2], x.shape[3]
    window, spread, around, step, counts = _blocks(height, width, kernel_size, dilation, padding, stride)
    wide = pad(x, [(0, 0), (0, 0), *[(edge, edge) for edge in around]])
    parts = []
    for row, column in itertools.product(range(window[0]), range(window[1])):
        first = (row * spread[0], column * spread[1])
        places = [slice(a, a + (n - 1) * b + 1, b) for a, n, b in zip(first, counts, step, strict=True)]
        parts.append(wide[(slice(None), slice(None), *places)])
    stacked = stack(parts, 2)
    batch = -1 if x.shape[0] is None else x.shape[0]
    return reshape(stacked, (batch, x.shape[1] * window[0] * window[1], counts[0] * counts[1]))


@public
def fold(x: Any, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Tensor:
    """Add up columns of sliding blocks to images; the counterpart of `unfold`.

    Args:
        x: tensor (batch, channels * height * width of a block, number of blocks).
        output_size: int or (height, width) of the images.
        kernel_size, dilation, padding, stride: as given to `unfold`.

    Output shape: (batch, channels, height, width).

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> ops.fold(np.ones((1, 4, 4)), (3, 3), 2).shape
    (1, 1, 3, 3)
    """
    x = convert(x)
    height, width = per_axis("output_size", output_size, 2)
    window, spread, around, step, counts = _blocks(height, width, kernel_size, dilation, padding, stride)
    size = window[0] * window[1]
    if x.ndim != 3 or x.shape[1] is None or x.shape[1] % size or x.shape[2] not in (None, counts[0] * counts[1]):
        raise ShapeError(f"fold: shape {x.shape} does not hold {counts[0]} by {counts[1]} blocks of {window}")
    channels = x.shape[1] // size
    batch = -1 if x.shape[0] is None else x.shape[0]
    blocks = reshape(x, (batch, channels, *window, *counts))
    total: Any = None
    shape = (x.shape[0], channels, height + 2 * around[0], width + 2 * around[1])
    for row, column in itertools.product(range(window[0]), range(window[1])):
        part = OPERATIONS["place"](
            blocks[:, :, row, column],
            shape=shape,
            starts=(0, 0, row * spread[0], column * spread[1]),
            steps=(1, 1, *step),
            value=0.0,
        )
        total = part if total is None else total + part
    return total[:, :, around[0] : around[0] + height, around[1] : around[1] + width]
