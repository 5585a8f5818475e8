"""Pictures changed by chance while training: mirrored, turned, moved, zoomed, recoloured, cut."""

from __future__ import annotations

import math
from typing import Any

from pipekeras import ops, random
from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import choice, whole_number
from pipekeras.layers.base.arguments import data_format as checked_data_format
from pipekeras.layers.preprocessing.pictures import PictureLayer

_FILL_MODES = ("reflect", "constant", "wrap", "nearest")
_FLIPS = ("horizontal", "vertical", "horizontal_and_vertical")


def bounds(layer: PictureLayer, name: str, factor: Any, least: float, most: float) -> tuple[float, float]:
    """Return the lower and upper end of a factor: a number means both signs, a pair both ends."""
    pair = (-abs(factor), abs(factor)) if isinstance(factor, int | float) else tuple(float(end) for end in factor)
    if len(pair) != 2 or pair[0] > pair[1] or pair[0] < least or pair[1] > most:
        raise ConfigurationError(
            f"{type(layer).__name__}: {name} must be a number, or two rising ones, between {least:g} and {most:g}; "
            f"not {factor!r}"
        )
    return pair[0], pair[1]


class RandomPictureLayer(PictureLayer):
    """A layer that draws for each picture of a batch by itself."""

    def __init__(self, seed: int | None = None, data_format: str | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.seed = seed
        self.data_format = checked_data_format(self, data_format)
        self.seed_generator = random.SeedGenerator(seed)

    def call(self, inputs: Any, training: Any = True) -> Any:
        """Return the pictures, changed while training."""
        values = inputs if inputs.dtype == self.compute_dtype else ops.cast(inputs, self.compute_dtype)
        if not training:
            return values
        single = len(values.shape) == 3
        made = self.changed(ops.expand_dims(values, 0) if single else values)
        return ops.squeeze(made, 0) if single else made

    def changed(self, pictures: Any) -> Any:
        """Return a changed batch."""
        raise NotImplementedError

    def drawn(self, pictures: Any, low: float, high: float) -> Any:
        """Return one number for each picture, shape (batch, 1, 1, 1)."""
        return random.uniform((ops.shape(pictures)[0], 1, 1, 1), low, high, self.compute_dtype, seed=self.seed_generator)

    def happens(self, pictures: Any, chance: tuple[float, float]) -> Any:
        """Return whether something happens to each picture, its chance drawn between two numbers, shape (batch, 1, 1, 1)."""
        return self.drawn(pictures, 0.0, 1.0) < self.drawn(pictures, *chance)

    def grey(self, pictures: Any) -> Any:
        """Return pictures without colours, one channel."""
        return ops.image.rgb_to_grayscale(pictures, data_format=self.data_format)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input shape."""
        return input_shape


class MovingLayer(RandomPictureLayer):
    """A layer that reads each pixel of a picture from another place."""

    def __init__(self, fill_mode: str, interpolation: str, fill_value: float, **options: Any) -> None:
        super().__init__(**options)
        self.fill_mode = choice(self, "fill_mode", fill_mode, _FILL_MODES)
        self.interpolation = choice(self, "interpolation", interpolation, ("nearest", "bilinear"))
        self.fill_value = fill_value

    def moved(self, pictures: Any, parts: list[Any]) -> Any:
        """Return pictures read at a x + b y + c and d x + e y + f; the six parts are (batch, 1, 1, 1) or numbers."""
        like = self.drawn(pictures, 0.0, 0.0) * 0.0
        columns = [ops.reshape(like + part, (-1, 1)) for part in [*parts, 0.0, 0.0]]
        return ops.image.affine_transform(
            pictures,
            ops.concatenate(columns, axis=1),
            interpolation=self.interpolation,
            fill_mode=self.fill_mode,
            fill_value=self.fill_value,
            data_format=self.data_format,
        )


@register("layer")
class RandomFlip(RandomPictureLayer):
    """Mirror pictures by chance while training.

    Args:
        mode: "horizontal", "vertical" or "horizontal_and_vertical" (default).
        seed: int or None.
        data_format: "channels_last", "channels_first" or None (the setting).
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any pictures -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RandomFlip("horizontal")(np.ones((2, 4, 4, 3)), training=False).shape
    (2, 4, 4, 3)
    """

    def __init__(
        self, mode: str = "horizontal_and_vertical", seed: int | None = None, data_format: str | None = None, **options: Any
    ) -> None:
        super().__init__(seed, data_format, **options)
        self.mode = choice(self, "mode", mode, _FLIPS)

    def changed(self, pictures: Any) -> Any:
        """Return pictures of which about half are mirrored."""
        axis = self.rows_axis(pictures.shape)
        if "vertical" in self.mode:
            pictures = ops.where(self.drawn(pictures, 0.0, 1.0) < 0.5, ops.flip(pictures, axis), pictures)
        if "horizontal" in self.mode:
            pictures = ops.where(self.drawn(pictures, 0.0, 1.0) < 0.5, ops.flip(pictures, axis + 1), pictures)
        return pictures


@register("layer")
class RandomRotation(MovingLayer):
    """Turn pictures by chance while training.

    Args:
        factor: float f for angles of -f to f turns, or two floats.
        fill_mode: "reflect" (default), "constant", "wrap" or "nearest"; what lies outside of a picture.
        interpolation: "bilinear" (default) or "nearest".
        seed: int or None.
        fill_value: float, the value outside for "constant".
        data_format: "channels_last", "channels_first" or None (the setting).
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any pictures -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RandomRotation(0.1)(np.ones((2, 4, 4, 3))).shape
    (2, 4, 4, 3)
    """

    def __init__(
        self,
        factor: Any,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(fill_mode, interpolation, fill_value, seed=seed, data_format=data_format, **options)
        self.factor = factor
        self.__dict__["_bounds"] = bounds(self, "factor", factor, -1.0, 1.0)

    def changed(self, pictures: Any) -> Any:
        """Return turned pictures."""
        low, high = (2 * math.pi * end for end in self._bounds)
        angle = self.drawn(pictures, low, high)
        cosine, sine = ops.cos(angle), ops.sin(angle)
        rows, columns = (side - 1 for side in self.sides(pictures))
        across = (columns - (cosine * columns - sine * rows)) / 2.0
        down = (rows - (sine * columns + cosine * rows)) / 2.0
        return self.moved(pictures, [cosine, -sine, across, sine, cosine, down])


@register("layer")
class RandomTranslation(MovingLayer):
    """Move pictures by chance while training.

    Args:
        height_factor: float f for -f to f of the rows, or two floats; positive moves down.
        width_factor: the same for the columns; positive moves to the right.
        fill_mode: "reflect" (default), "constant", "wrap" or "nearest"; what lies outside of a picture.
        interpolation: "bilinear" (default) or "nearest".
        seed: int or None.
        fill_value: float, the value outside for "constant".
        data_format: "channels_last", "channels_first" or None (the setting).
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any pictures -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RandomTranslation(0.2, 0.2)(np.ones((2, 4, 4, 3))).shape
    (2, 4, 4, 3)
    """

    def __init__(
        self,
        height_factor: Any,
        width_factor: Any,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(fill_mode, interpolation, fill_value, seed=seed, data_format=data_format, **options)
        self.height_factor = height_factor
        self.width_factor = width_factor
        self.__dict__["_down"] = bounds(self, "height_factor", height_factor, -1.0, 1.0)
        self.__dict__["_across"] = bounds(self, "width_factor", width_factor, -1.0, 1.0)

    def changed(self, pictures: Any) -> Any:
        """Return moved pictures."""
        rows, columns = self.sides(pictures)
        down = self.drawn(pictures, *self._down) * rows
        across = self.drawn(pictures, *self._across) * columns
        return self.moved(pictures, [1.0, 0.0, -across, 0.0, 1.0, -down])


@register("layer")
class RandomZoom(MovingLayer):
    """Zoom pictures by chance while training.

    Args:
        height_factor: float f for -f to f, or two floats; positive zooms out, negative in.
        width_factor: the same for the columns; None keeps the proportions.
        fill_mode: "reflect" (default), "constant", "wrap" or "nearest"; what lies outside of a picture.
        interpolation: "bilinear" (default) or "nearest".
        seed: int or None.
        fill_value: float, the value outside for "constant".
        data_format: "channels_last", "channels_first" or None (the setting).
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any pictures -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RandomZoom(0.2)(np.ones((2, 4, 4, 3))).shape
    (2, 4, 4, 3)
    """

    def __init__(
        self,
        height_factor: Any,
        width_factor: Any = None,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(fill_mode, interpolation, fill_value, seed=seed, data_format=data_format, **options)
        self.height_factor = height_factor
        self.width_factor = width_factor
        self.__dict__["_down"] = bounds(self, "height_factor", height_factor, -1.0, 1.0)
        given = width_factor is not None
        self.__dict__["_across"] = bounds(self, "width_factor", width_factor, -1.0, 1.0) if given else None

    def changed(self, pictures: Any) -> Any:
        """Return zoomed pictures."""
        rows, columns = (side - 1 for side in self.sides(pictures))
        tall = 1.0 + self.drawn(pictures, *self._down)
        wide = tall if self._across is None else 1.0 + self.drawn(pictures, *self._across)
        across, down = (1.0 - wide) * (columns / 2.0), (1.0 - tall) * (rows / 2.0)
        return self.moved(pictures, [wide, 0.0, across, 0.0, tall, down])


@register("layer")
class RandomContrast(RandomPictureLayer):
    """Change the contrast of pictures by chance while training.

    Formula: y = (x - mean) c + mean, the mean of each channel, c between 1 - f and 1 + f.

    Args:
        factor: float f, or two floats: how much less and how much more.
        value_range: smallest and largest value of the pictures, default 0 and 255.
        seed: int or None.
        data_format: "channels_last", "channels_first" or None (the setting).
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any pictures -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RandomContrast(0.2)(np.ones((2, 4, 4, 3))).shape
    (2, 4, 4, 3)
    """

    def __init__(
        self,
        factor: Any,
        value_range: Any = (0, 255),
        seed: int | None = None,
        data_format: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(seed, data_format, **options)
        self.factor = factor
        self.value_range = tuple(value_range)
        lower, upper = (factor, factor) if isinstance(factor, int | float) else factor
        if lower < 0 or upper < 0 or lower > 1:
            raise ConfigurationError(f"RandomContrast: factor must be between 0 and 1, not {factor!r}")
        self.__dict__["_bounds"] = (1.0 - lower, 1.0 + upper)

    def changed(self, pictures: Any) -> Any:
        """Return pictures with more or less contrast."""
        axis = self.rows_axis(pictures.shape)
        mean = ops.mean(pictures, axis=(axis, axis + 1), keepdims=True)
        made = (pictures - mean) * self.drawn(pictures, *self._bounds) + mean
        return ops.clip(made, *self.value_range)


@register("layer")
class RandomBrightness(RandomPictureLayer):
    """Make pictures brighter or darker by chance while training.

    Args:
        factor: float f for -f to f of the range of values, or two floats.
        value_range: smallest and largest value of the pictures, default 0 and 255.
        seed: int or None.
        data_format: "channels_last", "channels_first" or None (the setting).
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any pictures -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RandomBrightness(0.2)(np.ones((2, 4, 4, 3))).shape
    (2, 4, 4, 3)
    """

    def __init__(
        self,
        factor: Any,
        value_range: Any = (0, 255),
        seed: int | None = None,
        data_format: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(seed, data_format, **options)
        self.factor = factor
        self.value_range = tuple(value_range)
        self.__dict__["_bounds"] = bounds(self, "factor", factor, -1.0, 1.0)

    def changed(self, pictures: Any) -> Any:
        """Return brighter or darker pictures."""
        low, high = self.value_range
        return ops.clip(pictures + self.drawn(pictures, *self._bounds) * (high - low), low, high)


@register("layer")
class RandomCrop(RandomPictureLayer):
    """Cut a part out of pictures, by chance while training, else from the middle; smaller pictures are resized.

    Args:
        height: int, rows.
        width: int, columns.
        seed: int or None.
        data_format: "channels_last", "channels_first" or None (the setting).
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, rows, columns, channels) -> (batch, height, width, channels).

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RandomCrop(2, 2)(np.ones((2, 4, 4, 3))).shape
    (2, 2, 2, 3)
    """

    def __init__(
        self, height: int, width: int, seed: int | None = None, data_format: str | None = None, **options: Any
    ) -> None:
        super().__init__(seed, data_format, **options)
        self.height = whole_number(self, "height", height)
        self.width = whole_number(self, "width", width)

    def call(self, inputs: Any, training: Any = True) -> Any:
        """Return parts of the pictures."""
        values = inputs if inputs.dtype == self.compute_dtype else ops.cast(inputs, self.compute_dtype)
        rows, columns = self.sides(values)
        if not training or rows < self.height or columns < self.width:
            return self.resized(self.middle(values, self.height, self.width), self.height, self.width)
        axis = self.rows_axis(values.shape)
        for place, (have, want) in enumerate(((rows, self.height), (columns, self.width))):
            start = random.randint((), 0, have - want + 1, seed=self.seed_generator)
            values = ops.take(values, start + ops.arange(want), axis + place)
        return values

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape with the new size."""
        return self.sized(input_shape, self.height, self.width)
