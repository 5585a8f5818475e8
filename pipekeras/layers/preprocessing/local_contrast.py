"""Contrast evened out place by place."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import sizes
from pipekeras.layers.preprocessing.colours import ColourLayer, rescaled

_LEVELS = 256


@register("layer")
class ContrastLimitedAdaptiveHistogramEqualization(ColourLayer):
    """Even out the contrast of each part of pictures by the values of that part, noise kept in check.

    Formula: values go through the running histogram of their tile, interpolated between the four tiles around; a bin
    holds at most clip_limit times the mean, and what is more is shared among all bins.

    Args:
        value_range: smallest and largest value of the pictures, default 0 and 255.
        clip_limit: float, default 4; 0 or less clips nothing.
        tile_grid_size: two ints, default (8, 8); tiles along rows and columns.
        data_format: "channels_last", "channels_first" or None (the setting).
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any pictures -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.ContrastLimitedAdaptiveHistogramEqualization(tile_grid_size=(2, 2))(np.ones((1, 8, 8, 3))).shape
    (1, 8, 8, 3)

    Source: Zuiderveld (1994), Contrast limited adaptive histogram equalization.
    """

    hidden_config = ("seed",)

    def __init__(
        self,
        value_range: Any = (0, 255),
        clip_limit: float = 4.0,
        tile_grid_size: Any = (8, 8),
        data_format: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(value_range, None, data_format, **options)
        self.clip_limit = clip_limit
        self.tile_grid_size = sizes(self, "tile_grid_size", tile_grid_size, 2)

    def call(self, inputs: Any, training: Any = True) -> Any:
        """Return the pictures evened out, while training or not."""
        return super().call(inputs, True)

    def changed(self, pictures: Any) -> Any:
        """Return the pictures evened out."""
        first = self.data_format == "channels_first"
        values = ops.transpose(pictures, (0, 2, 3, 1)) if first else pictures
        values = rescaled(self._evened(rescaled(values, self.value_range, (0.0, 255.0))), (0.0, 255.0), self.value_range)
        return ops.transpose(values, (0, 3, 1, 2)) if first else values

    def _evened(self, values: Any) -> Any:
        _, rows, columns, channels = values.shape
        down, across = self.tile_grid_size
        tall, wide = -(-rows // down), -(-columns // across)
        more = ((0, 0), (0, tall * down - rows), (0, wide * across - columns), (0, 0))
        filled = ops.pad(values, more, mode="symmetric") if more[1][1] or more[2][1] else values
        levels = ops.cast(ops.clip(filled, 0.0, 255.0), "int32")
        tiles = ops.transpose(ops.reshape(levels, (-1, down, tall, across, wide, channels)), (0, 1, 3, 5, 2, 4))
        tables = self._tables(ops.reshape(tiles, (-1, down, across, channels, tall * wide)), tall * wide)
        # A border of copies, so that every pixel lies between four tiles.
        tables = ops.concatenate([tables[:, :1], tables, tables[:, -1:]], axis=1)
        tables = ops.concatenate([tables[:, :, :1], tables, tables[:, :, -1:]], axis=2)
        flat = ops.reshape(tables, (-1,))
        place = ops.reshape(ops.arange(ops.shape(values)[0], dtype="int32"), (-1, 1, 1, 1)) * ((down + 2) * (across + 2))

        def between(count: int, size: int, tiles: int, shape: tuple[int, ...]) -> tuple[Any, Any, Any]:
            spot = (ops.arange(count, dtype=values.dtype) - size / 2.0) / size + 1.0
            low = ops.floor(spot)
            ends = [ops.cast(ops.clip(end, 0.0, tiles + 1.0), "int32") for end in (low, low + 1.0)]
            return ops.reshape(ends[0], shape), ops.reshape(ends[1], shape), ops.reshape(spot - low, shape)

        top, bottom, lower = between(tall * down, tall, down, (1, -1, 1, 1))
        left, right, further = between(wide * across, wide, across, (1, 1, -1, 1))
        channel = ops.reshape(ops.arange(channels, dtype="int32"), (1, 1, 1, -1))

        def read(row: Any, column: Any) -> Any:
            tile = place + row * (across + 2) + column
            return ops.take(flat, (tile * channels + channel) * _LEVELS + levels)

        above = read(top, left) * (1.0 - further) + read(top, right) * further
        below = read(bottom, left) * (1.0 - further) + read(bottom, right) * further
        return (above * (1.0 - lower) + below * lower)[:, :rows, :columns]

    def _tables(self, tiles: Any, pixels: int) -> Any:
        """Return for each tile what each level becomes, (batch, down, across, channels, levels)."""
        counts = ops.sum(ops.one_hot(tiles, _LEVELS, dtype=self.compute_dtype), axis=-2)
        if self.clip_limit > 0:
            kept = ops.minimum(counts, self.clip_limit * pixels / _LEVELS)
            counts = kept + ops.sum(counts - kept, axis=-1, keepdims=True) / _LEVELS
        running = ops.cumsum(counts, axis=-1)
        least = ops.min(running, axis=-1, keepdims=True)
        rest = pixels - least
        rest = ops.where(ops.equal(rest, 0.0), ops.ones_like(rest), rest)
        return ops.clip((running - least) * 255.0 / rest, 0.0, 255.0)
