"""The tones of pictures: each value is changed by itself, or by the values of its channel."""

from __future__ import annotations

from typing import Any

from pipekeras import ops, random
from pipekeras.core.registry import register
from pipekeras.layers.preprocessing.colours import ColourLayer, rescaled, share


@register("layer")
class AutoContrast(ColourLayer):
    """Stretch each channel of a picture to the whole range of values.

    Formula: y = (x - low) / (high - low), low and high the channel's extremes; a channel of one value stays.

    Args:
        value_range: smallest and largest value of the pictures, default 0 and 255.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any pictures -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.AutoContrast()(np.array([[[[100.0], [150.0]]]])).numpy().ravel().tolist()
    [0.0, 255.0]
    """

    hidden_config = ("seed",)

    def __init__(self, value_range: Any = (0, 255), data_format: str | None = None, **options: Any) -> None:
        super().__init__(value_range, None, data_format, **options)

    def call(self, inputs: Any, training: Any = True) -> Any:
        """Return the stretched pictures, while training or not."""
        return super().call(inputs, True)

    def changed(self, pictures: Any) -> Any:
        """Return the stretched pictures."""
        values = rescaled(pictures, self.value_range, (0.0, 255.0))
        # The first two axes behind the batch, as in Keras, whatever the format.
        low, high = ops.min(values, axis=(1, 2), keepdims=True), ops.max(values, axis=(1, 2), keepdims=True)
        flat = ops.equal(low, high)
        scale = 255.0 / ops.where(flat, ops.ones_like(high), high - low)
        made = rescaled(ops.clip(values * scale - low * scale, 0.0, 255.0), (0.0, 255.0), self.value_range)
        return ops.where(flat, pictures, made)


@register("layer")
class Equalization(ColourLayer):
    """Spread the values of each channel of the pictures evenly over the range: histogram equalisation.

    Formula: y = round(255 (C(x) - c) / (n - c)), C the number of values in bins up to that of x, c the first C above 0.

    Args:
        value_range: smallest and largest value of the pictures, default 0 and 255.
        bins: int, default 256; bins of the histogram, which is one for the whole batch.
        data_format: "channels_last", "channels_first" or None (the setting).
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any pictures -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Equalization()(np.array([[[[10.0], [11.0], [12.0]]]])).numpy().ravel().tolist()
    [0.0, 128.0, 255.0]
    """

    hidden_config = ("seed",)

    def __init__(self, value_range: Any = (0, 255), bins: int = 256, data_format: str | None = None, **options: Any) -> None:
        super().__init__(value_range, None, data_format, **options)
        self.bins = bins

    def changed(self, pictures: Any) -> Any:
        """Return pictures whose values are spread."""
        axis, channels = self.channels(pictures)
        return ops.concatenate([self._spread(channel) for channel in channels], axis=axis)

    def _spread(self, channel: Any) -> Any:
        values = rescaled(channel, self.value_range, (0.0, 255.0))
        places = ops.cast(ops.clip(values / 255.0 * (self.bins - 1), 0, self.bins - 1), "int32")
        counts = ops.bincount(ops.reshape(places, (-1,)), minlength=self.bins)[: self.bins]
        running = ops.cast(ops.cumsum(counts), values.dtype)
        total = running[-1]
        first = ops.min(ops.where(running > 0, running, total))
        rest = total - first
        table = ops.clip(ops.round((running - first) * 255.0 / ops.where(rest > 0, rest, ops.ones_like(rest))), 0.0, 255.0)
        made = ops.where(rest > 0, ops.take(table, places), values)
        return rescaled(made, (0.0, 255.0), self.value_range)


@register("layer")
class Solarization(ColourLayer):
    """Brighten pictures and invert the values above a threshold, both drawn for each picture while training.

    Args:
        addition_factor: float f for 0 to f of the range, or two floats; what is added.
        threshold_factor: the same for the threshold above which values are inverted.
        value_range: smallest and largest value of the pictures, default 0 and 255.
        seed: int or None.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any pictures -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Solarization()(np.array([[[[10.0], [200.0]]]])).numpy().ravel().tolist()
    [245.0, 55.0]
    """

    def __init__(
        self,
        addition_factor: Any = 0.0,
        threshold_factor: Any = 0.0,
        value_range: Any = (0, 255),
        seed: int | None = None,
        data_format: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(value_range, seed, data_format, **options)
        self.addition_factor = share(self, "addition_factor", addition_factor)
        self.threshold_factor = share(self, "threshold_factor", threshold_factor)

    def changed(self, pictures: Any) -> Any:
        """Return solarized pictures."""
        (low, high), (under, over) = self.addition_factor, self.threshold_factor
        added = self.drawn(pictures, low, high * 255.0)
        threshold = self.drawn(pictures, under, over * 255.0)
        values = ops.clip(rescaled(pictures, self.value_range, (0.0, 255.0)) + added, 0.0, 255.0)
        return rescaled(ops.where(values < threshold, values, 255.0 - values), (0.0, 255.0), self.value_range)


@register("layer")
class RandomInvert(ColourLayer):
    """Invert the colours of some pictures while training.

    Args:
        factor: float f, or two floats between which it is drawn; the share of the pictures, default 1.
        value_range: smallest and largest value of the pictures, default 0 and 255.
        seed: int or None.
        data_format: "channels_last", "channels_first" or None (the setting).
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any pictures -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RandomInvert((1.0, 1.0))(np.array([[[[10.0]]]])).numpy().ravel().tolist()
    [245.0]
    """

    def __init__(
        self,
        factor: Any = 1.0,
        value_range: Any = (0, 255),
        seed: int | None = None,
        data_format: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(value_range, seed, data_format, **options)
        self.factor = share(self, "factor", factor)

    def changed(self, pictures: Any) -> Any:
        """Return pictures of which some are inverted."""
        return ops.where(self.happens(pictures, self.factor), self.value_range[1] - pictures, pictures)


@register("layer")
class RandomPosterization(ColourLayer):
    """Leave fewer bits of the values of pictures while training.

    Args:
        factor: int b from 1 to 8, or two: bits that are kept, drawn from 1 up to b, or between two numbers; the upper end
            is not drawn unless it is the lower one too.
        value_range: smallest and largest value of the pictures, default 0 and 255.
        data_format: "channels_last", "channels_first" or None (the setting).
        seed: int or None.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any pictures -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RandomPosterization((2, 2))(np.array([[[[10.0], [130.0]]]])).numpy().ravel().tolist()
    [0.0, 128.0]
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
        self.factor = share(self, "factor", factor, 1, 8)

    def changed(self, pictures: Any) -> Any:
        """Return pictures of fewer different values."""
        low, high = (int(end) for end in self.factor)
        shape = (ops.shape(pictures)[0], 1, 1, 1)
        bits: Any = random.randint(shape, low, high, seed=self.seed_generator) if low < high else low
        step = ops.power(ops.cast(2.0, pictures.dtype), ops.cast(8 - bits, pictures.dtype))
        values = ops.floor(rescaled(pictures, self.value_range, (0.0, 255.0)))
        return rescaled(ops.floor(values / step) * step, (0.0, 255.0), self.value_range)
