"""Boxes around things in pictures: their formats, how far they overlap, and how they move with a picture.

>>> import numpy as np
>>> from pipekeras.utils import bounding_boxes
>>> bounding_boxes.convert_format(np.array([[10.0, 20.0, 30.0, 60.0]]), "xyxy", "xywh").numpy().tolist()
[[10.0, 20.0, 20.0, 40.0]]
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pipekeras import ops
from pipekeras.core.configuration import epsilon
from pipekeras.core.errors import ArgumentError, ShapeError

__all__ = [
    "affine_transform",
    "clip_to_image_size",
    "compute_ciou",
    "compute_iou",
    "convert_format",
    "crop",
    "decode_deltas_to_boxes",
    "encode_box_to_deltas",
    "pad",
]

FORMATS = (
    "xyxy", "yxyx", "xywh", "center_xywh", "center_yxhw", "rel_xyxy", "rel_yxyx", "rel_xywh", "rel_center_xywh",
)  # fmt: skip
_DELTAS = ("center_xywh", "center_yxhw")


def _format(name: str) -> str:
    found = name.lower()
    if found not in FORMATS:
        raise ArgumentError(f"there is no format {name!r} of boxes", mend=f"write one of {', '.join(FORMATS)}")
    return found


def _four(boxes: Any) -> Any:
    boxes = ops.convert_to_tensor(boxes)
    if boxes.ndim == 0 or boxes.shape[-1] != 4:
        raise ShapeError(f"boxes hold four numbers each; got an array of shape {tuple(boxes.shape)}")
    return boxes


def _columns(boxes: Any) -> list[Any]:
    return [boxes[..., place : place + 1] for place in range(4)]


def _join(*columns: Any) -> Any:
    return ops.concatenate(list(columns), axis=-1)


def _to_corners(boxes: Any, source: str) -> Any:
    a, b, c, d = _columns(boxes)
    match source:
        case "xywh":
            return _join(a, b, a + c, b + d)
        case "yxyx":
            return _join(b, a, d, c)
        case "center_xywh":
            return _join(a - c / 2, b - d / 2, a + c / 2, b + d / 2)
        case "center_yxhw":
            return _join(b - d / 2, a - c / 2, b + d / 2, a + c / 2)
    return boxes


def _from_corners(boxes: Any, target: str) -> Any:
    left, top, right, bottom = _columns(boxes)
    match target:
        case "xywh":
            return _join(left, top, right - left, bottom - top)
        case "yxyx":
            return _join(top, left, bottom, right)
        case "center_xywh":
            return _join((left + right) / 2, (top + bottom) / 2, right - left, bottom - top)
        case "center_yxhw":
            return _join((top + bottom) / 2, (left + right) / 2, bottom - top, right - left)
    return boxes


def convert_format(
    boxes: Any,
    source: str,
    target: str,
    height: Any = None,
    width: Any = None,
    dtype: Any = "float32",
) -> Any:
    """Write boxes in another format.

    Args:
        boxes: tensor (..., 4); or a dict whose "boxes" are such a tensor, of which the rest is kept.
        source: str, the format of `boxes`: "xyxy", "yxyx", "xywh", "center_xywh", "center_yxhw", or the first four after
            "rel_" as parts of the picture's size. Capitals count as small letters.
        target: str, the format that is wanted.
        height: int or None, height of the picture; needed where one of the formats is relative.
        width: int or None, width of the picture.
        dtype: str, default "float32".

    Raises:
        ArgumentError: there is no such format; a relative format without the picture's size.
        ShapeError: boxes of other than four numbers.

    Example:

    >>> import numpy as np
    >>> from pipekeras.utils import bounding_boxes
    >>> bounding_boxes.convert_format(np.array([[10, 20, 30, 40]]), "xyxy", "rel_xyxy", height=200, width=100).numpy().tolist()
    [[0.10000000149011612, 0.10000000149011612, 0.30000001192092896, 0.20000000298023224]]
    """
    if isinstance(boxes, dict):
        return {**boxes, "boxes": convert_format(boxes["boxes"], source, target, height, width, dtype)}
    source, target = _format(source), _format(target)
    found = ops.cast(_four(boxes), dtype)
    if source == target:
        return found
    relative = source.startswith("rel_"), target.startswith("rel_")
    if any(relative) and (height is None or width is None):
        raise ArgumentError(
            f"boxes go from {source!r} to {target!r} only where height and width of the picture are known",
            mend="give height and width",
        )
    kind = "float32" if not str(found.dtype).startswith(("float", "bfloat")) else found.dtype
    found = _to_corners(ops.cast(found, kind), source.removeprefix("rel_"))
    if relative[0] != relative[1]:
        size = [ops.cast(extent, kind) for extent in (width, height, width, height)]
        found = _join(*(c * s if relative[0] else c / s for c, s in zip(_columns(found), size, strict=True)))
    return ops.cast(_from_corners(found, target.removeprefix("rel_")), dtype)


def _sized(boxes: Any, form: str, image_shape: Sequence[int] | None) -> Any:
    """Return boxes as corners in pixels."""
    form = _format(form)
    if form.startswith("rel_") and image_shape is None:
        raise ArgumentError(f"boxes in the format {form!r} need image_shape, the size of the picture")
    height, width = (None, None) if image_shape is None else tuple(image_shape)[:2]
    return convert_format(boxes, form, "xyxy", height, width)


def compute_iou(
    boxes1: Any,
    boxes2: Any,
    bounding_box_format: str,
    use_masking: bool = False,
    mask_val: float = -1,
    image_shape: Sequence[int] | None = None,
) -> Any:
    """Return how far each box of one set overlaps each of another: the area that two share over the area of both.

    Args:
        boxes1: tensor (m, 4) or (batch, m, 4).
        boxes2: tensor (n, 4) or (batch, n, 4).
        bounding_box_format: str, the format of both, as in `convert_format`.
        use_masking: bool, default False; whether pairs with a box of negative numbers alone get `mask_val`.
        mask_val: float, default -1.
        image_shape: tuple (height, width, ...) or None; needed by relative formats.

    Returns: tensor (m, n), or (batch, m, n) where one of the sets is a batch.

    Raises:
        ShapeError: boxes in other than two or three axes.

    Example:

    >>> import numpy as np
    >>> from pipekeras.utils import bounding_boxes
    >>> bounding_boxes.compute_iou(np.array([[0, 0, 4, 4]]), np.array([[2, 0, 4, 4]]), "xyxy").numpy().tolist()
    [[0.5]]
    """
    given = [_four(boxes1), _four(boxes2)]
    for boxes in given:
        if boxes.ndim not in (2, 3):
            raise ShapeError(f"compute_iou() takes boxes (n, 4) or (batch, n, 4); got shape {tuple(boxes.shape)}")
    first, second = (_sized(boxes, bounding_box_format, image_shape) for boxes in given)
    first, second = first[..., :, None, :], second[..., None, :, :]
    corner = ops.maximum(first[..., :2], second[..., :2])
    shared = ops.prod(ops.maximum(ops.minimum(first[..., 2:], second[..., 2:]) - corner, 0.0), axis=-1)
    areas = [ops.prod(boxes[..., 2:] - boxes[..., :2], axis=-1) for boxes in (first, second)]
    both = areas[0] + areas[1] - shared
    found = ops.where(both == 0, 0.0, shared / ops.where(both == 0, 1.0, both))
    if not use_masking:
        return found
    hidden = [ops.all(boxes < 0, axis=-1) for boxes in given]
    pairs = ops.logical_or(hidden[0][..., :, None], hidden[1][..., None, :])
    return ops.where(pairs, ops.cast(mask_val, found.dtype), found)


def compute_ciou(
    boxes1: Any, boxes2: Any, bounding_box_format: str, image_shape: Sequence[int] | None = None
) -> Any:
    """Return the complete overlap of pairs of boxes, which also counts how far apart and how differently shaped they are.

    Formula: iou - d^2 / c^2 - a v, with d between the centres, c the diagonal around both boxes,
    v = 4 / pi^2 (atan(w1 / h1) - atan(w2 / h2))^2 and a = v / (1 - iou + v).

    Args:
        boxes1: tensor (..., 4).
        boxes2: tensor (..., 4).
        bounding_box_format: str, as in `convert_format`.
        image_shape: tuple (height, width, ...) or None; needed by relative formats.

    Returns: tensor (...), one number for each pair.

    Example:

    >>> import numpy as np
    >>> from pipekeras.utils import bounding_boxes
    >>> same = np.array([[1, 2, 5, 6]])
    >>> round(float(bounding_boxes.compute_ciou(same, same, "xyxy")[0]), 4)
    1.0

    Source: Zheng et al., Distance-IoU Loss (2020).
    """
    first, second = (_sized(boxes, bounding_box_format, image_shape) for boxes in (boxes1, boxes2))
    little = epsilon()
    sizes = [boxes[..., 2:] - boxes[..., :2] for boxes in (first, second)]
    over = ops.minimum(first[..., 2:], second[..., 2:]) - ops.maximum(first[..., :2], second[..., :2])
    shared = ops.prod(ops.maximum(over, 0.0), axis=-1)
    both = ops.prod(sizes[0], axis=-1) + ops.prod(sizes[1], axis=-1) - shared + little
    iou = shared / both
    around = ops.maximum(first[..., 2:], second[..., 2:]) - ops.minimum(first[..., :2], second[..., :2])
    apart = (first[..., 2:] + first[..., :2] - second[..., 2:] - second[..., :2]) / 2
    slopes = [ops.arctan(size[..., 0] / (size[..., 1] + little)) for size in sizes]
    unlike = 4 / math.pi**2 * ops.square(slopes[1] - slopes[0])
    weight = unlike / (unlike - iou + (1 + little))
    distance = ops.sum(ops.square(apart), axis=-1) / (ops.sum(ops.square(around), axis=-1) + little)
    return iou - (distance + unlike * weight)


def clip_to_image_size(
    bounding_boxes: dict[str, Any], height: Any = None, width: Any = None, bounding_box_format: str = "xyxy"
) -> dict[str, Any]:
    """Cut boxes at the edges of the picture; the label of one that has nothing left becomes -1.

    Args:
        bounding_boxes: dict of "boxes" (..., n, 4) and "labels" (..., n).
        height: int, height of the picture; needed by "xyxy".
        width: int, width of the picture.
        bounding_box_format: str, "xyxy" or "rel_xyxy".

    Raises:
        ArgumentError: another format, or no size of the picture.

    Example:

    >>> import numpy as np
    >>> from pipekeras.utils import bounding_boxes
    >>> cut = bounding_boxes.clip_to_image_size({"boxes": np.array([[-5, 2, 9, 99]]), "labels": np.array([1])}, 20, 30)
    >>> cut["boxes"].numpy().tolist()
    [[0, 2, 9, 20]]
    """
    form = _format(bounding_box_format)
    if form not in ("xyxy", "rel_xyxy"):
        raise ArgumentError(f"boxes are cut in the formats 'xyxy' and 'rel_xyxy', not {bounding_box_format!r}")
    if form == "rel_xyxy":
        height = width = 1
    elif height is None or width is None:
        raise ArgumentError("boxes in the format 'xyxy' are cut where height and width of the picture are given")
    boxes, labels = _four(bounding_boxes["boxes"]), ops.convert_to_tensor(bounding_boxes["labels"])
    left, top, right, bottom = _columns(boxes)
    cut = _join(ops.clip(left, 0, width), ops.clip(top, 0, height), ops.clip(right, 0, width), ops.clip(bottom, 0, height))
    area = (cut[..., 2] - cut[..., 0]) * (cut[..., 3] - cut[..., 1])
    left_over = ops.where(area > 0, labels, ops.cast(-1, labels.dtype))
    return {**bounding_boxes, "boxes": ops.cast(cut, boxes.dtype), "labels": left_over}


def _corners_only(what: str, form: str) -> None:
    if _format(form) != "xyxy":
        raise ArgumentError(f"{what}() moves boxes in the format 'xyxy', not {form!r}", mend="use convert_format() before")


def crop(boxes: Any, top: int, left: int, height: int, width: int, bounding_box_format: str = "xyxy") -> Any:
    """Return boxes as they are in a part of the picture, cut at its edges.

    Args:
        boxes: tensor (..., 4) in pixels.
        top: int, rows above the part.
        left: int, columns to the left of the part.
        height: int, rows of the part.
        width: int, columns of the part.
        bounding_box_format: str, "xyxy".

    Example:

    >>> import numpy as np
    >>> from pipekeras.utils import bounding_boxes
    >>> bounding_boxes.crop(np.array([[10, 20, 50, 60]]), 10, 20, 40, 25).numpy().tolist()
    [[0, 10, 25, 40]]
    """
    _corners_only("crop", bounding_box_format)
    x1, y1, x2, y2 = _columns(_four(boxes))
    return _join(ops.clip(x1 - left, 0, width), ops.clip(y1 - top, 0, height), ops.clip(x2 - left, 0, width),
                 ops.clip(y2 - top, 0, height))  # fmt: skip


def pad(
    boxes: Any, top: int, left: int, height: Any = None, width: Any = None, bounding_box_format: str = "xyxy"
) -> Any:
    """Return boxes as they are after rows and columns were put before the picture.

    Args:
        boxes: tensor (..., 4) in pixels.
        top: int, rows above.
        left: int, columns to the left.
        height: int or None; boxes in pixels do not depend on it.
        width: int or None; as `height`.
        bounding_box_format: str, "xyxy".

    Example:

    >>> import numpy as np
    >>> from pipekeras.utils import bounding_boxes
    >>> bounding_boxes.pad(np.array([[10, 20, 50, 60]]), top=1, left=2).numpy().tolist()
    [[12, 21, 52, 61]]
    """
    _corners_only("pad", bounding_box_format)
    x1, y1, x2, y2 = _columns(_four(boxes))
    return _join(x1 + left, y1 + top, x2 + left, y2 + top)


def affine_transform(
    boxes: Any,
    angle: Any,
    translate_x: Any,
    translate_y: Any,
    scale: Any,
    shear_x: Any,
    shear_y: Any,
    height: int,
    width: int,
    center_x: float | None = None,
    center_y: float | None = None,
    bounding_box_format: str = "xyxy",
) -> Any:
    """Return the boxes around boxes that were turned, moved, stretched and slanted with their picture.

    Args:
        boxes: tensor (batch, n, 4), or (n, 4) with one row of options.
        angle: tensor (batch,), degrees.
        translate_x: tensor (batch,), part of the way from the first column to the last.
        translate_y: tensor (batch,), part of the way from the first row to the last.
        scale: tensor (batch,), 1 for the size as it is.
        shear_x: tensor (batch,), degrees.
        shear_y: tensor (batch,), degrees.
        height: int, of the picture.
        width: int, of the picture.
        center_x: float or None, what is turned about, as part of the width; default the middle.
        center_y: float or None, as part of the height; default the middle.
        bounding_box_format: str, "xyxy".

    Example:

    >>> import numpy as np
    >>> from pipekeras.utils import bounding_boxes
    >>> one, zero = np.ones(1), np.zeros(1)
    >>> boxes = np.array([[[2.0, 2.0, 4.0, 6.0]]])
    >>> bounding_boxes.affine_transform(boxes, zero, 0.5 * one, zero, one, zero, zero, 11, 11).numpy().tolist()
    [[[7.0, 2.0, 9.0, 6.0]]]
    """
    _corners_only("affine_transform", bounding_box_format)
    boxes = _four(boxes)
    alone = boxes.ndim == 2
    found = ops.cast(boxes[None] if alone else boxes, "float32")
    middle_x = (width - 1) * 0.5 if center_x is None else center_x * (width - 1)
    middle_y = (height - 1) * 0.5 if center_y is None else center_y * (height - 1)

    def column(value: Any, factor: float = 1.0) -> Any:
        return ops.reshape(ops.cast(value, "float32") * factor, (-1, 1, 1))

    turn = column(angle, math.pi / 180)
    slant_x, slant_y = (ops.tan(column(value, math.pi / 180)) for value in (shear_x, shear_y))
    move_x, move_y, stretch = column(translate_x, width - 1), column(translate_y, height - 1), column(scale)
    c, d = slant_y * ops.cos(turn) - ops.sin(turn), ops.cos(turn) + slant_y * ops.sin(turn)
    a, b = ops.cos(turn) - slant_x * c, ops.sin(turn) + slant_x * d
    x1, y1, x2, y2 = _columns(found)
    x = _join(x1, x2, x1, x2) - middle_x + move_x
    y = _join(y1, y1, y2, y2) - middle_y + move_y
    moved_x = stretch * (a * x + b * y) + middle_x
    moved_y = stretch * (c * x + d * y) + middle_y
    edges = (ops.min(moved_x, -1), ops.min(moved_y, -1), ops.max(moved_x, -1), ops.max(moved_y, -1))
    made = ops.cast(ops.stack(list(edges), axis=-1), boxes.dtype)
    return made[0] if alone else made


def _variance(variance: Any) -> Any:
    if variance is None:
        return None
    variance = ops.convert_to_tensor(variance, "float32")
    if tuple(variance.shape)[-1:] != (4,):
        raise ArgumentError(f"variance holds four numbers; got the shape {tuple(variance.shape)}")
    return variance


def _delta_format(name: str) -> None:
    if name not in _DELTAS:
        raise ArgumentError(f"deltas have the format 'center_xywh' or 'center_yxhw', not {name!r}")


def encode_box_to_deltas(
    anchors: Any,
    boxes: Any,
    anchor_format: str,
    box_format: str,
    encoding_format: str = "center_yxhw",
    variance: Sequence[float] | None = None,
    image_shape: Sequence[int] | None = None,
) -> Any:
    """Return boxes as distances from anchors: centres in sizes of the anchor, sizes as logarithms of ratios.

    Args:
        anchors: tensor (n, 4).
        boxes: tensor (n, 4) or (batch, n, 4).
        anchor_format: str, as in `convert_format`.
        box_format: str, as in `convert_format`.
        encoding_format: str, "center_yxhw" (default) or "center_xywh".
        variance: four floats by which the distances are divided, or None.
        image_shape: tuple (height, width, ...) or None; needed by relative formats.

    Raises:
        ArgumentError: a variance of other than four numbers, another encoding format.

    Example:

    >>> import numpy as np
    >>> from pipekeras.utils import bounding_boxes
    >>> deltas = bounding_boxes.encode_box_to_deltas(np.array([[0, 0, 4, 4]]), np.array([[2, 0, 6, 4]]), "xyxy", "xyxy")
    >>> deltas.numpy().tolist()
    [[0.0, 0.5, 0.0, 0.0]]
    """
    _delta_format(encoding_format)
    divisor = _variance(variance)
    here = convert_format(_sized(anchors, anchor_format, image_shape), "xyxy", encoding_format)
    there = convert_format(_sized(boxes, box_format, image_shape), "xyxy", encoding_format)
    size = ops.maximum(here[..., 2:], epsilon())
    moved = (there[..., :2] - here[..., :2]) / size
    stretched = ops.log(ops.maximum(there[..., 2:], epsilon()) / size)
    deltas = ops.concatenate([moved, stretched], axis=-1)
    return deltas if divisor is None else deltas / divisor


def decode_deltas_to_boxes(
    anchors: Any,
    boxes_delta: Any,
    anchor_format: str,
    box_format: str,
    encoded_format: str = "center_yxhw",
    variance: Sequence[float] | None = None,
    image_shape: Sequence[int] | None = None,
) -> Any:
    """Return the boxes that `encode_box_to_deltas` described.

    Args:
        anchors: tensor (n, 4), or a dict of such tensors.
        boxes_delta: tensor (n, 4) or (batch, n, 4), or a dict with the names of `anchors`.
        anchor_format: str, as in `convert_format`.
        box_format: str, the format that is wanted.
        encoded_format: str, "center_yxhw" (default) or "center_xywh".
        variance: four floats that the distances were divided by, or None.
        image_shape: tuple (height, width, ...) or None; needed by relative formats.

    Raises:
        ArgumentError: a variance of other than four numbers, another encoding format.

    Example:

    >>> import numpy as np
    >>> from pipekeras.utils import bounding_boxes
    >>> anchors, deltas = np.array([[0, 0, 4, 4]]), np.array([[0.0, 0.5, 0.0, 0.0]])
    >>> bounding_boxes.decode_deltas_to_boxes(anchors, deltas, "xyxy", "xyxy").numpy().tolist()
    [[2.0, 0.0, 6.0, 4.0]]
    """
    _delta_format(encoded_format)
    if isinstance(anchors, dict):
        return {
            level: decode_deltas_to_boxes(
                one, boxes_delta[level], anchor_format, box_format, encoded_format, variance, image_shape
            )
            for level, one in anchors.items()
        }
    factor = _variance(variance)
    deltas = ops.cast(boxes_delta, "float32")
    if factor is not None:
        deltas = deltas * factor
    here = convert_format(_sized(anchors, anchor_format, image_shape), "xyxy", encoded_format)
    moved = deltas[..., :2] * here[..., 2:] + here[..., :2]
    found = ops.concatenate([moved, ops.exp(deltas[..., 2:]) * here[..., 2:]], axis=-1)
    height, width = (None, None) if image_shape is None else tuple(image_shape)[:2]
    return convert_format(found, encoded_format, box_format, height, width)
