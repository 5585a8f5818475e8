"""The colours of pictures: evened out by their own values, or changed by chance while training."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import register
from pipekeras.layers.preprocessing.augmentation import RandomBrightness, RandomContrast, RandomPictureLayer


def value_range_of(layer: Any, given: Any) -> tuple[float, float]:
    """Return the smallest and largest value of pictures."""
    pair = tuple(given) if isinstance(given, list | tuple) else ()
    if len(pair) != 2 or pair[0] == pair[1]:
        raise ConfigurationError(f"{type(layer).__name__}: value_range must be two different numbers, not {given!r}")
    return min(pair), max(pair)


def share(layer: Any, name: str, factor: Any, least: float = 0.0, most: float = 1.0) -> tuple[float, float]:
    """Return the ends between which a number is drawn: a single number means from `least` to it."""
    pair = (least, factor) if isinstance(factor, int | float) else tuple(factor) if isinstance(factor, list | tuple) else ()
    if len(pair) != 2 or not all(isinstance(end, int | float) and least <= end <= most for end in pair):
        raise ConfigurationError(
            f"{type(layer).__name__}: {name} must be a number, or two, between {least:g} and {most:g}; not {factor!r}"
        )
    return min(pair), max(pair)


def rescaled(values: Any, before: tuple[float, float], after: tuple[float, float]) -> Any:
    """Return values of one range as those of another."""
    if before == after:
        return values
    return (values - before[0]) / (before[1] - before[0]) * (after[1] - after[0]) + after[0]


class ColourLayer(RandomPictureLayer):
    """A layer that changes colours, of the values in `value_range`."""

    def __init__(self, value_range: Any, seed: Any = None, data_format: Any = None, **options: Any) -> None:
        super().__init__(seed, data_format, **options)
        self.value_range = value_range_of(self, value_range)

    def clipped(self, pictures: Any) -> Any:
        """Return pictures with values of the range only."""
        return ops.clip(pictures, *self.value_range)

    def channels(self, pictures: Any) -> tuple[int, list[Any]]:
        """Return the axis of the channels, and the pictures' channels."""
        axis = 3 if self.data_format == "channels_last" else 1
        return axis, ops.split(pictures, pictures.shape[axis], axis=axis)


@register("layer")
class RandomGrayscale(RandomPictureLayer):
    """Take the colours out of some pictures while training.

    Args:
        factor: float from 0 to 1, the share of the pictures, default 0.5.
        data_format: "channels_last", "channels_first" or None (the setting).
        seed: int or None.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: pictures of 3 channels -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RandomGrayscale(1.0)(np.array([[[[100.0, 0.0, 0.0]]]])).numpy().round().ravel().tolist()
    [30.0, 30.0, 30.0]
    """

    hidden_config = ("seed",)

    def __init__(
        self, factor: float = 0.5, data_format: str | None = None, seed: int | None = None, **options: Any
    ) -> None:
        super().__init__(seed, data_format, **options)
        if not isinstance(factor, int | float) or not 0 <= factor <= 1:
            raise ConfigurationError(f"RandomGrayscale: factor must be a number between 0 and 1, not {factor!r}")
        self.factor = factor

    def changed(self, pictures: Any) -> Any:
        """Return pictures of which some are grey."""
        return ops.where(self.happens(pictures, (self.factor, self.factor)), self.grey(pictures), pictures)


@register("layer")
class RandomColorDegeneration(ColourLayer):
    """Take some of the colour out of pictures while training.

    Formula: y = x + f (grey(x) - x), f drawn for each picture.

    Args:
        factor: float f for 0 to f, or two floats; 0 keeps the colours, 1 leaves grey.
        value_range: smallest and largest value of the pictures, default 0 and 255.
        data_format: "channels_last", "channels_first" or None (the setting).
        seed: int or None.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: pictures of 3 channels -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RandomColorDegeneration((0.0, 0.0))(np.array([[[[100.0, 0.0, 0.0]]]])).numpy().ravel().tolist()
    [100.0, 0.0, 0.0]
    """

    def __init__(
        self,
        factor: Any,
        value_range: Any = (0, 255),
        data_format: str | None = None,
        seed: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(value_range, seed, data_format, **options)
        self.factor = share(self, "factor", factor)

    def changed(self, pictures: Any) -> Any:
        """Return paler pictures."""
        return self.clipped(pictures + self.drawn(pictures, *self.factor) * (self.grey(pictures) - pictures))


@register("layer")
class RandomHue(ColourLayer):
    """Turn the hue of pictures by chance while training.

    Args:
        factor: float f for 0 to f, or two floats; 1 is half a turn, either way.
        value_range: smallest and largest value of the pictures, default 0 and 255.
        data_format: "channels_last", "channels_first" or None (the setting).
        seed: int or None.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: pictures of 3 channels -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RandomHue((1.0, 1.0))(np.array([[[[255.0, 0.0, 0.0]]]])).numpy().round().ravel().tolist()
    [0.0, 255.0, 255.0]
    """

    def __init__(
        self,
        factor: Any,
        value_range: Any = (0, 255),
        data_format: str | None = None,
        seed: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(value_range, seed, data_format, **options)
        self.factor = share(self, "factor", factor)

    def changed(self, pictures: Any) -> Any:
        """Return pictures of another hue."""
        sign = ops.where(self.drawn(pictures, 0.0, 1.0) > 0.5, -1.0, 1.0)
        turn = ops.cast(sign, pictures.dtype) * self.drawn(pictures, *self.factor) * 0.5
        values = rescaled(pictures, self.value_range, (0.0, 1.0))
        axis, (hue, depth, light) = self.channels(ops.image.rgb_to_hsv(values, data_format=self.data_format))
        hue = hue + turn
        hue = ops.where(hue > 1.0, hue - 1.0, ops.where(hue < 0.0, hue + 1.0, hue))
        made = ops.image.hsv_to_rgb(ops.concatenate([hue, depth, light], axis=axis), data_format=self.data_format)
        return rescaled(ops.clip(made, 0.0, 1.0), (0.0, 1.0), self.value_range)


@register("layer")
class RandomSaturation(ColourLayer):
    """Make the colours of pictures weaker or stronger by chance while training.

    Formula: the saturation is multiplied by f / (1 - f); 0.5 keeps the colours, 0 leaves grey, 1 makes them full.

    Args:
        factor: float f for 0 to f, or two floats.
        value_range: smallest and largest value of the pictures, default 0 and 255.
        data_format: "channels_last", "channels_first" or None (the setting).
        seed: int or None.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: pictures of 3 channels -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RandomSaturation((0.0, 0.0))(np.array([[[[100.0, 50.0, 0.0]]]])).numpy().round().ravel().tolist()
    [100.0, 100.0, 100.0]
    """

    def __init__(
        self,
        factor: Any,
        value_range: Any = (0, 255),
        data_format: str | None = None,
        seed: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(value_range, seed, data_format, **options)
        self.factor = share(self, "factor", factor)

    def changed(self, pictures: Any) -> Any:
        """Return pictures with weaker or stronger colours."""
        drawn = self.drawn(pictures, *self.factor)
        hsv = ops.image.rgb_to_hsv(pictures, data_format=self.data_format)
        axis, (hue, depth, light) = self.channels(hsv)
        depth = self.clipped(depth * (drawn / (1.0 - drawn + 1e-7)))
        return ops.image.hsv_to_rgb(ops.concatenate([hue, depth, light], axis=axis), data_format=self.data_format)


@register("layer")
class RandomSharpness(ColourLayer):
    """Blur or sharpen pictures by chance while training.

    Formula: y = x + (1 - 2 f) (smooth(x) - x), smooth a mean of 3 x 3 pixels whose middle counts five times.

    Args:
        factor: float f for 0 to f, or two floats; 0 blurs, 0.5 keeps, 1 sharpens.
        value_range: smallest and largest value of the pictures, default 0 and 255.
        data_format: "channels_last", "channels_first" or None (the setting).
        seed: int or None.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any pictures -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RandomSharpness((0.5, 0.5))(np.array([[[[10.0], [20.0]]]])).numpy().ravel().tolist()
    [10.0, 20.0]
    """

    def __init__(
        self,
        factor: Any,
        value_range: Any = (0, 255),
        data_format: str | None = None,
        seed: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(value_range, seed, data_format, **options)
        self.factor = share(self, "factor", factor)

    def changed(self, pictures: Any) -> Any:
        """Return blurred or sharpened pictures."""
        count = pictures.shape[3 if self.data_format == "channels_last" else 1]
        weights = [[1.0, 1.0, 1.0], [1.0, 5.0, 1.0], [1.0, 1.0, 1.0]]
        kernel = ops.tile(ops.reshape(ops.cast(ops.convert_to_tensor(weights), pictures.dtype) / 13.0, (3, 3, 1, 1)),
                          (1, 1, count, 1))  # fmt: skip
        smooth = ops.depthwise_conv(pictures, kernel, strides=1, padding="same", data_format=self.data_format)
        return self.clipped(pictures + (1.0 - 2.0 * self.drawn(pictures, *self.factor)) * (smooth - pictures))


@register("layer")
class RandomColorJitter(ColourLayer):
    """Change brightness, contrast, saturation and hue of pictures by chance while training, one after the other.

    Args:
        value_range: smallest and largest value of the pictures, default 0 and 255.
        brightness_factor: factor of RandomBrightness, or None.
        contrast_factor: factor of RandomContrast, or None.
        saturation_factor: factor of RandomSaturation, or None.
        hue_factor: factor of RandomHue, or None.
        seed: int or None.
        data_format: "channels_last", "channels_first" or None (the setting).
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: pictures of 3 channels -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RandomColorJitter(brightness_factor=0.1, hue_factor=0.1)(np.ones((2, 4, 4, 3))).shape
    (2, 4, 4, 3)
    """

    def __init__(
        self,
        value_range: Any = (0, 255),
        brightness_factor: Any = None,
        contrast_factor: Any = None,
        saturation_factor: Any = None,
        hue_factor: Any = None,
        seed: int | None = None,
        data_format: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(value_range, seed, data_format, **options)
        self.brightness_factor, self.contrast_factor = brightness_factor, contrast_factor
        self.saturation_factor, self.hue_factor = saturation_factor, hue_factor
        makers: list[tuple[Any, Any]] = [
            (RandomBrightness, brightness_factor),
            (RandomContrast, contrast_factor),
            (RandomSaturation, saturation_factor),
            (RandomHue, hue_factor),
        ]
        self.steps = [
            make(factor, value_range=self.value_range, seed=seed, data_format=self.data_format, dtype=self._dtype_policy)
            for make, factor in makers
            if factor is not None
        ]

    def changed(self, pictures: Any) -> Any:
        """Return pictures in other colours."""
        for step in self.steps:
            pictures = step.changed(pictures)
        return pictures
