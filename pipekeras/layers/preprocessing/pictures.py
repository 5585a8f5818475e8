"""Pictures brought to one size."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import choice, whole_number
from pipekeras.layers.base.arguments import data_format as checked_data_format
from pipekeras.layers.base.layer import Layer

INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")


class PictureLayer(Layer):
    """Base of the layers that take one picture or a batch of pictures."""

    def rows_axis(self, shape: Any) -> int:
        """Return the axis of the rows; columns are on the next."""
        rank = len(shape)
        if rank not in (3, 4):
            raise ShapeError(
                f"{self.describe()} needs pictures of shape (rows, columns, channels), or a batch; got {tuple(shape)}"
            )
        return rank - 3 if self.data_format == "channels_last" else rank - 2

    def sides(self, inputs: Any) -> tuple[int, int]:
        """Return the numbers of rows and columns, which must be known."""
        axis = self.rows_axis(inputs.shape)
        rows, columns = inputs.shape[axis], inputs.shape[axis + 1]
        if rows is None or columns is None:
            raise ShapeError(f"{self.describe()} needs pictures of known size; got {tuple(inputs.shape)}")
        return rows, columns

    def cut(self, inputs: Any, top: int, left: int, rows: int, columns: int) -> Any:
        """Return a part of the pictures."""
        axis = self.rows_axis(inputs.shape)
        index: list[Any] = [slice(None)] * len(inputs.shape)
        index[axis], index[axis + 1] = slice(top, top + rows), slice(left, left + columns)
        return inputs[tuple(index)]

    def resized(
        self, inputs: Any, rows: int, columns: int, interpolation: str = "bilinear", antialias: bool = False
    ) -> Any:
        """Return the pictures in another size."""
        return ops.image.resize(inputs, (rows, columns), interpolation, antialias, data_format=self.data_format)

    def middle(self, inputs: Any, rows: int, columns: int) -> Any:
        """Return the middle of the pictures, with the proportions of rows and columns."""
        have_rows, have_columns = self.sides(inputs)
        keep_rows = min(have_rows, max(int(have_columns * rows / columns), 1))
        keep_columns = min(have_columns, max(int(have_rows * columns / rows), 1))
        top, left = (have_rows - keep_rows) // 2, (have_columns - keep_columns) // 2
        return self.cut(inputs, top, left, keep_rows, keep_columns)

    def sized(self, shape: Any, rows: int, columns: int) -> tuple[int | None, ...]:
        """Return a shape with other numbers of rows and columns."""
        axis = self.rows_axis(shape)
        made = list(shape)
        made[axis], made[axis + 1] = rows, columns
        return tuple(made)


@register("layer")
class Resizing(PictureLayer):
    """Bring pictures to one size.

    Args:
        height: int, rows.
        width: int, columns.
        interpolation: "bilinear" (default), "nearest", "bicubic", "lanczos3" or "lanczos5".
        crop_to_aspect_ratio: bool, default False; whether to cut the middle out rather than distort.
        pad_to_aspect_ratio: bool, default False; whether to fill up rather than distort.
        fill_mode: "constant"; what pictures are filled up with.
        fill_value: float, default 0.
        antialias: bool, default False; whether all elements count that one of a smaller picture covers.
        data_format: "channels_last", "channels_first" or None (the setting).
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, rows, columns, channels) -> (batch, height, width, channels).

    Raises:
        ConfigurationError: an unknown interpolation.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Resizing(1, 1)(np.arange(4.0).reshape(1, 2, 2, 1)).shape
    (1, 1, 1, 1)
    """

    def __init__(
        self,
        height: int,
        width: int,
        interpolation: str = "bilinear",
        crop_to_aspect_ratio: bool = False,
        pad_to_aspect_ratio: bool = False,
        fill_mode: str = "constant",
        fill_value: float = 0.0,
        antialias: bool = False,
        data_format: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.height = whole_number(self, "height", height)
        self.width = whole_number(self, "width", width)
        self.interpolation = choice(self, "interpolation", interpolation, INTERPOLATIONS)
        if crop_to_aspect_ratio and pad_to_aspect_ratio:
            raise ConfigurationError("Resizing: crop_to_aspect_ratio and pad_to_aspect_ratio exclude each other")
        self.crop_to_aspect_ratio = crop_to_aspect_ratio
        self.pad_to_aspect_ratio = pad_to_aspect_ratio
        self.fill_mode = choice(self, "fill_mode", fill_mode, ("constant",))
        self.fill_value = fill_value
        self.antialias = bool(antialias)
        self.data_format = checked_data_format(self, data_format)

    def call(self, inputs: Any) -> Any:
        """Return the pictures in the new size."""
        if self.crop_to_aspect_ratio:
            inputs = self.middle(inputs, self.height, self.width)
        elif self.pad_to_aspect_ratio:
            inputs = self._filled(inputs)
        return self.resized(inputs, self.height, self.width, self.interpolation, self.antialias)

    def _filled(self, inputs: Any) -> Any:
        rows, columns = self.sides(inputs)
        # As much on both sides, as Keras fills up; an odd line is left out.
        more_rows = max(int(columns * self.height / self.width) - rows, 0) // 2
        more_columns = max(int(rows * self.width / self.height) - columns, 0) // 2
        axis = self.rows_axis(inputs.shape)
        pads = [(0, 0)] * len(inputs.shape)
        pads[axis], pads[axis + 1] = (more_rows, more_rows), (more_columns, more_columns)
        return ops.pad(inputs, pads, constant_values=self.fill_value)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape with the new size."""
        return self.sized(input_shape, self.height, self.width)


@register("layer")
class CenterCrop(PictureLayer):
    """Cut the middle out of pictures; smaller ones are resized first.

    Args:
        height: int, rows.
        width: int, columns.
        data_format: "channels_last", "channels_first" or None (the setting).
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, rows, columns, channels) -> (batch, height, width, channels).

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.CenterCrop(1, 1)(np.arange(9.0).reshape(1, 3, 3, 1)).numpy().ravel()
    array([4.], dtype=float32)
    """

    def __init__(self, height: int, width: int, data_format: str | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.height = whole_number(self, "height", height)
        self.width = whole_number(self, "width", width)
        self.data_format = checked_data_format(self, data_format)

    def call(self, inputs: Any) -> Any:
        """Return the middle of the pictures."""
        rows, columns = self.sides(inputs)
        if rows >= self.height and columns >= self.width:
            top, left = (rows - self.height) // 2, (columns - self.width) // 2
            return self.cut(inputs, top, left, self.height, self.width)
        return self.resized(self.middle(inputs, self.height, self.width), self.height, self.width)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape with the new size."""
        return self.sized(input_shape, self.height, self.width)
