"""Pictures with what was found on them; drawn with matplotlib, which is asked for when the first gallery is made.

>>> import numpy as np
>>> from pipekeras import visualization
>>> image = np.zeros((1, 6, 6, 3))
>>> boxes = {"boxes": np.array([[[1, 1, 4, 4]]]), "labels": np.array([[0]])}
>>> visualization.draw_bounding_boxes(image, boxes, "xyxy", color=(9, 9, 9), line_thickness=1)[0, 1, :, 0].tolist()
[0, 9, 9, 9, 9, 0]
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from pipekeras.core import configuration
from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.utils import bounding_boxes as box_formats

__all__ = [
    "draw_bounding_boxes",
    "draw_segmentation_masks",
    "plot_bounding_box_gallery",
    "plot_image_gallery",
    "plot_segmentation_mask_gallery",
]


def _pictures(images: Any, data_format: str | None) -> np.ndarray:
    """Return pictures (batch, height, width, channels) as floats."""
    array = np.array(images, dtype="float32")
    if array.ndim == 3:
        array = array[None]
    if array.ndim != 4:
        raise ShapeError(f"pictures have the shape (batch, height, width, channels); got {array.shape}")
    first = (data_format or configuration.image_data_format()) == "channels_first"
    array = np.moveaxis(array, 1, -1) if first else array
    return np.repeat(array, 3, axis=-1) if array.shape[-1] == 1 else array[..., :3].copy()


def _whole(images: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(images), 0, 255).astype("uint8")


def draw_bounding_boxes(
    images: Any,
    bounding_boxes: dict[str, Any],
    bounding_box_format: str,
    class_mapping: dict[int, str] | None = None,
    color: Sequence[int] = (128, 128, 128),
    line_thickness: int = 2,
    text_thickness: int = 1,
    font_scale: float = 1.0,
    data_format: str | None = None,
) -> np.ndarray:
    """Draw boxes on pictures; the names of `class_mapping` are written by galleries, which have fonts.

    Args:
        images: array (batch, height, width, channels) of colours from 0 to 255.
        bounding_boxes: dict of "boxes" (batch, n, 4) and "labels" (batch, n); boxes of the label -1 are left out.
        bounding_box_format: str, as in `utils.bounding_boxes.convert_format`.
        class_mapping: dict of label to name, which must be None here.
        color: three numbers from 0 to 255.
        line_thickness: int, pixels, default 2.
        text_thickness: int; of text, which there is none of.
        font_scale: float; as `text_thickness`.
        data_format: "channels_last", "channels_first", or None (the setting).

    Returns: array of uint8 (batch, height, width, 3).

    Raises:
        ArgumentError: a class_mapping is given.
    """
    if class_mapping is not None:
        raise ArgumentError("names are written on galleries alone", mend="use plot_bounding_box_gallery(class_mapping=)")
    found = _whole(_pictures(images, data_format))
    height, width = found.shape[1:3]
    corners = _corners(bounding_boxes["boxes"], bounding_box_format, height, width)
    labels = np.asarray(bounding_boxes["labels"]).reshape(corners.shape[:2])
    for picture, boxes, marks in zip(found, corners, labels, strict=True):
        for (left, top, right, bottom), label in zip(np.rint(boxes).astype(int).tolist(), marks, strict=True):
            if label != -1:
                _frame(picture, left, top, right, bottom, color, line_thickness)
    return found


def _corners(boxes: Any, form: str, height: int, width: int) -> np.ndarray:
    array = np.asarray(boxes)
    if array.ndim == 2:
        array = array[None]
    return np.asarray(box_formats.convert_format(array, form, "xyxy", height, width))


def _frame(picture: np.ndarray, left: int, top: int, right: int, bottom: int, color: Any, thickness: int) -> None:
    """Draw the sides of a box, half of their thickness on either side of its edges."""
    outer, inner = (thickness - 1) // 2, thickness // 2
    rows, columns = picture.shape[:2]

    def paint(y1: int, y2: int, x1: int, x2: int) -> None:
        picture[max(y1, 0) : max(min(y2 + 1, rows), 0), max(x1, 0) : max(min(x2 + 1, columns), 0)] = color

    for edge in (top, bottom):
        paint(edge - outer, edge + inner, left - outer, right + inner)
    for edge in (left, right):
        paint(top - outer, bottom + inner, edge - outer, edge + inner)


def _class_colors(count: int) -> dict[int, tuple[int, int, int]]:
    """Colours that are far from each other, the same for the same number."""
    import colorsys

    made = {}
    for number in range(count):
        parts = colorsys.hsv_to_rgb(number * 0.618033988749895 % 1.0, 0.75, 0.95)
        made[number] = tuple(round(255 * part) for part in parts)
    return made  # type: ignore[return-value]


def draw_segmentation_masks(
    images: Any,
    segmentation_masks: Any,
    num_classes: int | None = None,
    color_mapping: dict[int, Sequence[int]] | None = None,
    alpha: float = 0.8,
    blend: bool = True,
    ignore_index: int = -1,
    data_format: str | None = None,
) -> np.ndarray:
    """Colour pictures by the class of each pixel.

    Args:
        images: array (batch, height, width, channels) of colours from 0 to 255.
        segmentation_masks: array (batch, height, width) or (batch, height, width, 1) of classes.
        num_classes: int or None, default by the largest class.
        color_mapping: dict of class to colour; default colours of our own.
        alpha: float from 0 to 1, default 0.8, how much of the colour is seen.
        blend: bool, default True; False shows the colours alone.
        ignore_index: int, default -1, class of pixels that are left as they are.
        data_format: "channels_last", "channels_first", or None (the setting).

    Returns: array of uint8 (batch, height, width, 3).
    """
    pictures = _pictures(images, data_format)
    masks = np.asarray(segmentation_masks).astype(int)
    if masks.ndim == 2:
        masks = masks[None]
    if masks.ndim == 4:
        masks = masks[..., 0] if masks.shape[-1] == 1 else masks[:, 0]
    if masks.shape != pictures.shape[:3]:
        raise ShapeError(f"masks of shape {masks.shape} do not fit pictures of shape {pictures.shape}")
    colors = color_mapping or _class_colors(int(max(masks.max(initial=0) + 1, num_classes or 0)))
    painted = pictures.copy() if blend else np.zeros_like(pictures)
    for label, color in colors.items():
        where = (masks == int(label)) & (masks != ignore_index)
        shade = np.asarray(color, "float32")
        painted[where] = (1 - alpha) * pictures[where] + alpha * shade if blend else shade
    return _whole(painted)


def plot_image_gallery(
    images: Any,
    y_true: Any = None,
    y_pred: Any = None,
    label_map: dict[Any, str] | None = None,
    rows: int | None = None,
    cols: int | None = None,
    value_range: Sequence[float] = (0, 255),
    scale: float = 2,
    path: Any = None,
    show: bool | None = None,
    transparent: bool = True,
    dpi: int = 60,
    legend_handles: Any = None,
    data_format: str | None = None,
) -> Any:
    """Show pictures in rows and columns.

    Args:
        images: array (batch, height, width, channels), or a data set, of which the first batch is shown.
        y_true: array of labels, written above; or None.
        y_pred: array of labels that a model gave, or None.
        label_map: dict of label to name.
        rows: int, default as many as make the gallery about square.
        cols: int.
        value_range: pair of the darkest and the brightest value.
        scale: float, inches of a picture's side, default 2.
        path: file to be written, or None.
        show: bool; default whether there is no path.
        transparent: bool, default True, of the file.
        dpi: int, dots per inch of the file.
        legend_handles: matplotlib's handles of a legend, or None.
        data_format: "channels_last", "channels_first", or None (the setting).

    Returns: matplotlib's figure.

    Raises:
        ArgumentError: both a path and show.
    """
    import matplotlib.pyplot as plt

    if path is not None and show:
        raise ArgumentError("a gallery is either shown or written: give path or show, not both")
    if hasattr(images, "__iter__") and not hasattr(images, "shape") and not isinstance(images, list | tuple):
        images = next(iter(images))
        images = images[0] if isinstance(images, tuple) else images
    low, high = (float(edge) for edge in value_range)
    pictures = _whole((_pictures(images, data_format) - low) * (255 / (high - low)))
    count = len(pictures)
    if rows is None and cols is None:
        cols = math.ceil(math.sqrt(count))
    cols = cols or math.ceil(count / (rows or 1))
    rows = rows or math.ceil(count / cols)
    figure, places = plt.subplots(rows, cols, figsize=(cols * scale, rows * scale), squeeze=False, layout="tight")
    for number, place in enumerate(places.flat):
        place.axis("off")
        if number < count:
            place.imshow(pictures[number])
            lines = [
                f"{what}: {_label(values[number], label_map)}"
                for what, values in (("true", y_true), ("predicted", y_pred))
                if values is not None
            ]
            if lines:
                place.set_title("\n".join(lines), fontsize=8)
    if legend_handles is not None:
        figure.legend(handles=legend_handles, loc="lower center")
    if path is not None:
        figure.savefig(path, transparent=transparent, dpi=dpi)
        plt.close(figure)
    elif show is None or show:
        plt.show()
    return figure


def _shade(color: Sequence[int]) -> tuple[float, float, float]:
    red, green, blue = (part / 255 for part in color)
    return red, green, blue


def _label(value: Any, names: dict[Any, str] | None) -> str:
    plain = np.asarray(value).item() if np.size(value) == 1 else np.asarray(value).tolist()
    return str((names or {}).get(plain, plain) if not isinstance(plain, list) else plain)


def plot_bounding_box_gallery(
    images: Any,
    bounding_box_format: str,
    y_true: dict[str, Any] | None = None,
    y_pred: dict[str, Any] | None = None,
    value_range: Sequence[float] = (0, 255),
    true_color: Sequence[int] = (0, 188, 212),
    pred_color: Sequence[int] = (255, 235, 59),
    line_thickness: int = 2,
    font_scale: float = 1.0,
    text_thickness: int | None = None,
    class_mapping: dict[int, str] | None = None,
    ground_truth_mapping: dict[int, str] | None = None,
    prediction_mapping: dict[int, str] | None = None,
    legend: bool = False,
    legend_handles: Any = None,
    rows: int | None = None,
    cols: int | None = None,
    data_format: str | None = None,
    **kwargs: Any,
) -> Any:
    """Show pictures with the boxes that are known and those that a model gave.

    Args:
        images: array (batch, height, width, channels).
        bounding_box_format: str, as in `utils.bounding_boxes.convert_format`.
        y_true: dict of "boxes" and "labels", or None.
        y_pred: dict of "boxes" and "labels", or None.
        value_range: pair of the darkest and the brightest value.
        true_color: colour of known boxes.
        pred_color: colour of boxes of a model.
        line_thickness: int, pixels, default 2.
        font_scale: float, size of names, default 1.
        text_thickness: int; 2 and more write names boldly.
        class_mapping: dict of label to name, written beside boxes.
        ground_truth_mapping: dict for known boxes, default class_mapping.
        prediction_mapping: dict for boxes of a model, default class_mapping.
        legend: bool, default False; whether colours are explained.
        legend_handles: matplotlib's handles of a legend, or None.
        rows: int or None.
        cols: int or None.
        data_format: "channels_last", "channels_first", or None (the setting).
        **kwargs: further arguments of `plot_image_gallery`.

    Returns: matplotlib's figure.
    """
    import matplotlib.pyplot as plt
    from matplotlib import patches

    low, high = (float(edge) for edge in value_range)
    pictures = (_pictures(images, data_format) - low) * (255 / (high - low))
    names = []
    for given, color, mapping in (
        (y_true, true_color, ground_truth_mapping or class_mapping),
        (y_pred, pred_color, prediction_mapping or class_mapping),
    ):
        if given is None:
            continue
        pictures = draw_bounding_boxes(
            pictures, given, bounding_box_format, color=color, line_thickness=line_thickness, data_format="channels_last"
        )
        names.append((given, color, mapping))
    if legend and legend_handles is None:
        shades = [("truth", true_color, y_true), ("prediction", pred_color, y_pred)]
        legend_handles = [
            patches.Patch(color=_shade(color), label=word) for word, color, given in shades if given is not None
        ]
    path, show = kwargs.pop("path", None), kwargs.pop("show", None)
    figure = plot_image_gallery(
        pictures, rows=rows, cols=cols, show=False, legend_handles=legend_handles, data_format="channels_last", **kwargs
    )
    height, width = np.shape(pictures)[1:3]
    for given, color, mapping in names:
        if mapping is None:
            continue
        corners = _corners(given["boxes"], bounding_box_format, height, width)
        labels = np.asarray(given["labels"]).reshape(corners.shape[:2])
        for place, boxes, marks in zip(figure.axes, corners, labels, strict=False):
            for box, label in zip(boxes, marks, strict=True):
                if label != -1:
                    place.text(box[0], box[1], mapping.get(int(label), str(label)), color=_shade(color),
                               fontsize=8 * font_scale, weight="bold" if (text_thickness or 1) > 1 else "normal")  # fmt: skip
    if path is not None:
        figure.savefig(path, transparent=kwargs.get("transparent", True), dpi=kwargs.get("dpi", 60))
        plt.close(figure)
    elif show is None or show:
        plt.show()
    return figure


def plot_segmentation_mask_gallery(
    images: Any,
    num_classes: int,
    value_range: Sequence[float] = (0, 255),
    y_true: Any = None,
    y_pred: Any = None,
    color_mapping: dict[int, Sequence[int]] | None = None,
    blend: bool = True,
    alpha: float = 0.8,
    ignore_index: int = -1,
    data_format: str | None = None,
    **kwargs: Any,
) -> Any:
    """Show pictures beside their masks, the known ones and those that a model gave.

    Args:
        images: array (batch, height, width, channels).
        num_classes: int, number of classes.
        value_range: pair of the darkest and the brightest value.
        y_true: array (batch, height, width) of classes, or None.
        y_pred: array of classes that a model gave, or None.
        color_mapping: dict of class to colour.
        blend: bool, default True; whether the picture is seen through the colours.
        alpha: float, default 0.8, how much of the colour is seen.
        ignore_index: int, default -1, class of pixels that are left as they are.
        data_format: "channels_last", "channels_first", or None (the setting).
        **kwargs: further arguments of `plot_image_gallery`.

    Returns: matplotlib's figure.
    """
    low, high = (float(edge) for edge in value_range)
    pictures = (_pictures(images, data_format) - low) * (255 / (high - low))
    shown = [_whole(pictures)]
    shown.extend(
        draw_segmentation_masks(pictures, masks, num_classes, color_mapping, alpha, blend, ignore_index, "channels_last")
        for masks in (y_true, y_pred)
        if masks is not None
    )
    beside = np.stack(shown, axis=1).reshape(-1, *shown[0].shape[1:])
    rows, cols = kwargs.pop("rows", len(shown[0])), kwargs.pop("cols", len(shown))
    return plot_image_gallery(beside, rows=rows, cols=cols, data_format="channels_last", **kwargs)
