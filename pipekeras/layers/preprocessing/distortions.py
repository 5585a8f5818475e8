"""Pictures slanted, warped, blurred, or with a part erased, by chance while training."""

from __future__ import annotations

from typing import Any

from pipekeras import ops, random
from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import choice, whole_number
from pipekeras.layers.preprocessing.augmentation import MovingLayer, RandomPictureLayer
from pipekeras.layers.preprocessing.colours import ColourLayer, share


def drawn_box(layer: RandomPictureLayer, pictures: Any, tall: Any, wide: Any) -> tuple[Any, Any]:
    """Return which pixels lie in a box at a drawn place, and the share of the pixels that do.

    Args:
        layer: who draws.
        pictures: batch.
        tall: share of the rows, (batch, 1, 1, 1).
        wide: share of the columns, (batch, 1, 1, 1).
    """
    inside: Any = None
    first = layer.rows_axis(pictures.shape)
    size: Any = 1.0
    for axis, part in ((first + 1, wide), (first, tall)):
        count = pictures.shape[axis]
        length = part * count
        start = layer.drawn(pictures, 0.0, 1.0) * (count - length)
        shape = [1, 1, 1, 1]
        shape[axis] = count
        place = ops.reshape(ops.arange(count, dtype=pictures.dtype), shape)
        within = ops.logical_and(place >= start, place < start + length)
        inside = within if inside is None else ops.logical_and(inside, within)
        size = size * part
    return inside, size


@register("layer")
class RandomShear(MovingLayer):
    """Slant pictures by chance while training.

    Formula: the value at (x, y) is read at (x + a y, b x + y), a and b drawn for each picture with one sign.

    Args:
        x_factor: float f for -f to f, or two floats; how far rows are moved, as a share of their number.
        y_factor: the same for columns.
        interpolation: "bilinear" (default) or "nearest".
        fill_mode: "reflect" (default), "constant", "wrap" or "nearest"; what lies outside of a picture.
        fill_value: float, the value outside for "constant".
        data_format: "channels_last", "channels_first" or None (the setting).
        seed: int or None.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any pictures -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RandomShear(0.2, 0.1)(np.ones((2, 4, 4, 3))).shape
    (2, 4, 4, 3)
    """

    def __init__(
        self,
        x_factor: Any = 0.0,
        y_factor: Any = 0.0,
        interpolation: str = "bilinear",
        fill_mode: str = "reflect",
        fill_value: float = 0.0,
        data_format: str | None = None,
        seed: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(fill_mode, interpolation, fill_value, seed=seed, data_format=data_format, **options)
        self.x_factor = self._ends("x_factor", x_factor)
        self.y_factor = self._ends("y_factor", y_factor)

    def _ends(self, name: str, factor: Any) -> tuple[float, float]:
        found = share(self, name, factor, -1.0 if isinstance(factor, list | tuple) else 0.0)
        return (-found[1], found[1]) if isinstance(factor, int | float) else found

    def changed(self, pictures: Any) -> Any:
        """Return slanted pictures."""
        sign = ops.cast(ops.where(self.drawn(pictures, 0.0, 1.0) > 0.5, -1.0, 1.0), pictures.dtype)
        down, across = self.drawn(pictures, *self.y_factor) * sign, self.drawn(pictures, *self.x_factor) * sign
        return self.moved(pictures, [1.0, across, 0.0, down, 1.0, 0.0])


@register("layer")
class RandomPerspective(MovingLayer):
    """Look at pictures from another side by chance while training.

    Args:
        factor: float f for 0 to f, or two floats; the chance that a picture is changed, default 1.
        scale: float from 0 to 1, how far corners move, default 1.
        interpolation: "bilinear" (default) or "nearest".
        fill_value: float, the value outside of a picture.
        seed: int or None.
        data_format: "channels_last", "channels_first" or None (the setting).
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any pictures -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RandomPerspective(scale=0.3)(np.ones((2, 4, 4, 3))).shape
    (2, 4, 4, 3)
    """

    def __init__(
        self,
        factor: Any = 1.0,
        scale: float = 1.0,
        interpolation: str = "bilinear",
        fill_value: float = 0.0,
        seed: int | None = None,
        data_format: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__("constant", interpolation, fill_value, seed=seed, data_format=data_format, **options)
        self.factor = share(self, "factor", factor)
        if not isinstance(scale, int | float) or not 0 <= scale <= 1:
            raise ConfigurationError(f"RandomPerspective: scale must be a number between 0 and 1, not {scale!r}")
        self.scale = scale

    def changed(self, pictures: Any) -> Any:
        """Return pictures of which some are seen from another side."""
        rows, columns = (float(side - 1) for side in self.sides(pictures))
        count = ops.shape(pictures)[0]
        corners = ops.convert_to_tensor([[[0.0, 0.0], [columns, 0.0], [0.0, rows], [columns, rows]]], pictures.dtype)
        moved = random.uniform((count, 4, 2), -0.5 * self.scale, 0.5 * self.scale, pictures.dtype, seed=self.seed_generator)
        start = corners + moved * 0.0
        made = ops.image.perspective_transform(
            pictures,
            start,
            start + start * moved,
            interpolation=self.interpolation,
            fill_value=self.fill_value,
            data_format=self.data_format,
        )
        return ops.where(self.happens(pictures, self.factor), made, pictures)


@register("layer")
class RandomElasticTransform(MovingLayer):
    """Bend pictures by chance while training, as if drawn on rubber.

    Args:
        factor: float f for 0 to f, or two floats; the chance that a picture is changed, default 1.
        scale: float s for 0 to s, or two floats; how strongly.
        interpolation: "bilinear" (default) or "nearest".
        fill_mode: "reflect" (default), "constant", "wrap" or "nearest"; what lies outside of a picture.
        fill_value: float, the value outside for "constant".
        value_range: smallest and largest value of the pictures, default 0 and 255.
        seed: int or None.
        data_format: "channels_last", "channels_first" or None (the setting).
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any pictures -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RandomElasticTransform()(np.ones((2, 8, 8, 3))).shape
    (2, 8, 8, 3)
    """

    def __init__(
        self,
        factor: Any = 1.0,
        scale: Any = 1.0,
        interpolation: str = "bilinear",
        fill_mode: str = "reflect",
        fill_value: float = 0.0,
        value_range: Any = (0, 255),
        seed: int | None = None,
        data_format: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(fill_mode, interpolation, fill_value, seed=seed, data_format=data_format, **options)
        self.factor = share(self, "factor", factor)
        self.scale = share(self, "scale", scale)
        self.value_range = tuple(value_range)

    def changed(self, pictures: Any) -> Any:
        """Return pictures of which some are bent."""
        if not self.scale[1] or not self.factor[1]:
            return pictures
        rows, columns = self.sides(pictures)
        strength = random.uniform((), *self.scale, pictures.dtype, seed=self.seed_generator)
        made = ops.image.elastic_transform(
            pictures,
            alpha=max(rows, columns) * 0.1 * strength,
            sigma=min(rows, columns) * 0.05 * strength,
            interpolation=self.interpolation,
            fill_mode=self.fill_mode,
            fill_value=self.fill_value,
            seed=self.seed_generator,
            data_format=self.data_format,
        )
        return ops.clip(ops.where(self.happens(pictures, self.factor), made, pictures), *self.value_range)


@register("layer")
class RandomGaussianBlur(ColourLayer):
    """Blur some pictures while training.

    Args:
        factor: float f for 0 to f, or two floats; the chance that a picture is changed, default 1.
        kernel_size: odd int, or two of them: rows and columns that are averaged, default 3.
        sigma: float s for 0 to s, or two floats; the width of the bell, in pixels.
        value_range: smallest and largest value of the pictures, default 0 and 255.
        data_format: "channels_last", "channels_first" or None (the setting).
        seed: int or None.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any pictures -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RandomGaussianBlur()(np.ones((2, 4, 4, 3))).shape
    (2, 4, 4, 3)
    """

    def __init__(
        self,
        factor: Any = 1.0,
        kernel_size: Any = 3,
        sigma: Any = 1.0,
        value_range: Any = (0, 255),
        data_format: str | None = None,
        seed: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(value_range, seed, data_format, **options)
        self.factor = share(self, "factor", factor)
        sizes = kernel_size if isinstance(kernel_size, list | tuple) else (kernel_size, kernel_size)
        self.kernel_size = tuple(whole_number(self, "kernel_size", size) for size in sizes)
        if len(self.kernel_size) != 2 or any(size % 2 == 0 for size in self.kernel_size):
            raise ConfigurationError(f"RandomGaussianBlur: kernel_size must be odd, one or two numbers; not {kernel_size!r}")
        self.sigma = share(self, "sigma", sigma)

    def changed(self, pictures: Any) -> Any:
        """Return pictures of which some are blurred."""
        width = random.uniform((2,), *self.sigma, pictures.dtype, seed=self.seed_generator) + 1e-6
        made = ops.image.gaussian_blur(pictures, kernel_size=self.kernel_size, sigma=width, data_format=self.data_format)
        return self.clipped(ops.where(self.happens(pictures, self.factor), made, pictures))


@register("layer")
class RandomErasing(ColourLayer):
    """Fill a box of some pictures with noise or a value while training.

    Args:
        factor: float f for 0 to f, or two floats; the chance that a picture is changed, default 1.
        scale: float s for 0 to s, or two floats; the share of the pixels, default 0.02 to 0.33.
        fill_value: number, three numbers, or None (default: noise).
        value_range: smallest and largest value of the pictures, default 0 and 255.
        seed: int or None.
        data_format: "channels_last", "channels_first" or None (the setting).
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any pictures -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RandomErasing(fill_value=7)(np.ones((2, 4, 4, 3))).shape
    (2, 4, 4, 3)
    """

    def __init__(
        self,
        factor: Any = 1.0,
        scale: Any = (0.02, 0.33),
        fill_value: Any = None,
        value_range: Any = (0, 255),
        seed: int | None = None,
        data_format: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(value_range, seed, data_format, **options)
        self.factor = share(self, "factor", factor)
        self.scale = share(self, "scale", scale)
        if isinstance(fill_value, list | tuple) and len(fill_value) != 3:
            raise ConfigurationError(f"RandomErasing: fill_value must be one number or three, not {fill_value!r}")
        self.fill_value = fill_value

    def changed(self, pictures: Any) -> Any:
        """Return pictures of which some have an erased box."""
        tall, wide = (ops.sqrt(self.drawn(pictures, *self.scale)) for _ in range(2))
        inside, _ = drawn_box(self, pictures, tall, wide)
        if self.fill_value is None:
            noise = random.normal(ops.shape(pictures), dtype=pictures.dtype, seed=self.seed_generator)
            filling = noise * self.value_range[1]
        else:
            shape = (1, 1, 1, -1) if self.data_format == "channels_last" else (1, -1, 1, 1)
            filling = ops.reshape(ops.cast(ops.convert_to_tensor(self.fill_value), pictures.dtype), shape)
        erased = ops.where(inside, self.clipped(filling), pictures)
        return ops.where(self.happens(pictures, self.factor), erased, pictures)


def interpolated(layer: Any, name: str) -> str:
    """Return how values between pixels are found."""
    return choice(layer, "interpolation", name, ("nearest", "bilinear"))
