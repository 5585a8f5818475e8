"""Noise and other disturbances that are there while training only."""

from __future__ import annotations

import math
from typing import Any

from pipekeras import ops, random
from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import data_format as checked_data_format
from pipekeras.layers.base.arguments import fraction, number
from pipekeras.layers.base.input_spec import InputSpec
from pipekeras.layers.base.layer import Layer
from pipekeras.layers.regularization.dropout import Dropout
from pipekeras.nn import regularizers


class _Noise(Layer):
    built_from_start = True

    def __init__(self, seed: int | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.seed = seed
        self.supports_masking = True

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input shape."""
        return input_shape


@register("layer")
class GaussianNoise(_Noise):
    """Add normal noise while training.

    Formula: y = x + n, n normal with mean 0 and standard deviation stddev; y = x outside of training.

    Args:
        stddev: float, 0 to 1.
        seed: int or None.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any -> the same.

    Raises:
        ConfigurationError: stddev is outside of 0 to 1.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.GaussianNoise(0.1)(np.array([1.0]))
    Tensor([1.], shape=(1,), dtype=float32)
    """

    def __init__(self, stddev: float, seed: int | None = None, **options: Any) -> None:
        super().__init__(seed, **options)
        self.stddev = fraction(self, "stddev", stddev)
        if stddev > 0:
            self.seed_generator = random.SeedGenerator(seed)

    def call(self, inputs: Any, training: Any = False) -> Any:
        """Return the inputs, with noise while training."""
        if not training or self.stddev == 0:
            return inputs
        noise = random.normal(ops.shape(inputs), 0.0, self.stddev, dtype=self.compute_dtype, seed=self.seed_generator)
        return inputs + noise


@register("layer")
class GaussianDropout(_Noise):
    """Multiply by normal noise around 1 while training.

    Formula: y = x n, n normal with mean 1 and standard deviation sqrt(rate / (1 - rate)); y = x outside of training.

    Args:
        rate: float, 0 to below 1.
        seed: int or None.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any -> the same.

    Raises:
        ConfigurationError: rate is outside of 0 to 1.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.GaussianDropout(0.1)(np.array([1.0]))
    Tensor([1.], shape=(1,), dtype=float32)

    Source: Srivastava et al., Dropout: a simple way to prevent neural networks from overfitting, JMLR 2014.
    """

    def __init__(self, rate: float, seed: int | None = None, **options: Any) -> None:
        super().__init__(seed, **options)
        self.rate = fraction(self, "rate", rate)
        if rate == 1:
            raise ConfigurationError("GaussianDropout: rate must be below 1")
        if rate > 0:
            self.seed_generator = random.SeedGenerator(seed)

    def call(self, inputs: Any, training: Any = False) -> Any:
        """Return the inputs, times noise while training."""
        if not training or self.rate == 0:
            return inputs
        deviation = math.sqrt(self.rate / (1.0 - self.rate))
        noise = random.normal(ops.shape(inputs), 1.0, deviation, dtype=self.compute_dtype, seed=self.seed_generator)
        return inputs * noise


@register("layer")
class AlphaDropout(_Noise):
    """Dropout that keeps the mean and variance of inputs with mean 0 and variance 1; made for the selu activation.

    Formula: dropped elements become alpha' = -1.7580993; y = a x + b, with a and b that restore mean and variance.

    Args:
        rate: float, 0 to 1.
        noise_shape: tuple of int or None; shape of the mask, 1 where elements are dropped together.
        seed: int or None.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any -> the same.

    Raises:
        ConfigurationError: rate is outside of 0 to 1.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.AlphaDropout(0.1)(np.array([1.0]))
    Tensor([1.], shape=(1,), dtype=float32)

    Source: Klambauer et al., Self-normalizing neural networks, 2017.
    """

    def __init__(self, rate: float, noise_shape: Any = None, seed: int | None = None, **options: Any) -> None:
        super().__init__(seed, **options)
        self.rate = fraction(self, "rate", rate)
        self.noise_shape = None if noise_shape is None else tuple(noise_shape)
        if rate > 0:
            self.seed_generator = random.SeedGenerator(seed)

    def call(self, inputs: Any, training: Any = False) -> Any:
        """Return the inputs, with elements dropped while training."""
        if not training or self.rate == 0:
            return inputs
        dropped = -1.6732632423543772848170429916717 * 1.0507009873554804934193349852946
        shape = ops.shape(inputs)
        if self.noise_shape is not None:
            shape = tuple(
                own if wanted is None else wanted for own, wanted in zip(shape, self.noise_shape, strict=True)
            )
        kept = ops.greater_equal(random.uniform(shape, seed=self.seed_generator), self.rate)
        factor = ((1 - self.rate) * (1 + self.rate * dropped**2)) ** -0.5
        offset = -factor * dropped * self.rate
        return ops.where(kept, inputs, dropped) * factor + offset


class _SpatialDropout(Dropout):
    """Base of layers that drop whole feature maps."""

    hidden_config = ("noise_shape", "trainable")
    rank = 1

    def __init__(
        self, rate: float, data_format: str | None = None, seed: int | None = None, name: str | None = None, dtype: Any = None,
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(rate, seed=seed, name=name, dtype=dtype, **options)
        if self.rank > 1:
            self.data_format = checked_data_format(self, data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def call(self, inputs: Any, training: Any = False) -> Any:
        """Return the inputs, with feature maps dropped while training."""
        if not training or self.rate == 0:
            return inputs
        shape = ops.shape(inputs)
        ones = (1,) * self.rank
        first = getattr(self, "data_format", "channels_last") == "channels_first"
        mask_shape = (shape[0], shape[1], *ones) if first else (shape[0], *ones, shape[-1])
        return random.dropout(inputs, self.rate, noise_shape=mask_shape, seed=self.seed_generator)

    def _configuration(self) -> dict[str, Any]:
        # Keras writes the plain name of the type here.
        return {**super()._configuration(), "dtype": self.dtype}


@register("layer")
class SpatialDropout1D(_SpatialDropout):
    """Drop whole features of sequences while training.

    Formula: y = x m / (1 - rate), with m the same for all time steps.

    Args:
        rate: float, 0 to 1.
        seed: int or None.
        name: str.
        dtype: str.
        **options: trainable, input_shape.

    Input shape -> output shape: (batch, time, features) -> the same.

    Raises:
        ConfigurationError: rate is outside of 0 to 1.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> y = layers.SpatialDropout1D(0.5, seed=1)(np.ones((1, 3, 8)), training=True).numpy()
    >>> bool((y == y[:, :1]).all())
    True

    Source: Tompson et al., Efficient object localization using convolutional networks, 2015.
    """

    rank = 1

    def __init__(
        self, rate: float, seed: int | None = None, name: str | None = None, dtype: Any = None, **options: Any
    ) -> None:
        super().__init__(rate, None, seed, name, dtype, **options)


@register("layer")
class SpatialDropout2D(_SpatialDropout):
    """Drop whole channels of images while training.

    Formula: y = x m / (1 - rate), with m the same for all pixels.

    Args:
        rate: float, 0 to 1.
        data_format: "channels_last" (default) or "channels_first".
        seed: int or None.
        name: str.
        dtype: str.
        **options: trainable, input_shape.

    Input shape -> output shape: (batch, rows, columns, channels) -> the same.

    Raises:
        ConfigurationError: rate is outside of 0 to 1.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.SpatialDropout2D(0.5)(np.ones((1, 3, 3, 8))).shape
    (1, 3, 3, 8)

    Source: Tompson et al., Efficient object localization using convolutional networks, 2015.
    """

    rank = 2

    def __init__(
        self, rate: float, data_format: str | None = None, seed: int | None = None, name: str | None = None, dtype: Any = None,
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(rate, data_format, seed, name, dtype, **options)


@register("layer")
class SpatialDropout3D(_SpatialDropout):
    """Drop whole channels of volumes while training.

    Formula: y = x m / (1 - rate), with m the same along all three spatial axes.

    Args:
        rate: float, 0 to 1.
        data_format: "channels_last" (default) or "channels_first".
        seed: int or None.
        name: str.
        dtype: str.
        **options: trainable, input_shape.

    Input shape -> output shape: (batch, d1, d2, d3, channels) -> the same.

    Raises:
        ConfigurationError: rate is outside of 0 to 1.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.SpatialDropout3D(0.5)(np.ones((1, 2, 2, 2, 4))).shape
    (1, 2, 2, 2, 4)

    Source: Tompson et al., Efficient object localization using convolutional networks, 2015.
    """

    rank = 3

    def __init__(
        self, rate: float, data_format: str | None = None, seed: int | None = None, name: str | None = None, dtype: Any = None,
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(rate, data_format, seed, name, dtype, **options)


@register("layer")
class ActivityRegularization(Layer):
    """Pass the input on and add a penalty on its size to the loss.

    Formula: penalty = l1 sum |x| + l2 sum x^2, divided by the batch size.

    Args:
        l1: float, 0 or more, default 0.
        l2: float, 0 or more, default 0.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: any -> the same.

    Raises:
        ConfigurationError: l1 or l2 is not a number.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layer = layers.ActivityRegularization(l1=0.5)
    >>> y = layer(np.array([[1.0, -3.0]]))
    >>> float(layer.losses[0])
    2.0
    """

    built_from_start = True
    hidden_config = ("activity_regularizer",)

    def __init__(self, l1: float = 0.0, l2: float = 0.0, **options: Any) -> None:
        options.pop("activity_regularizer", None)
        super().__init__(activity_regularizer=regularizers.L1L2(l1=l1, l2=l2), **options)
        self.l1 = number(self, "l1", l1)
        self.l2 = number(self, "l2", l2)
        self.supports_masking = True

    def call(self, inputs: Any) -> Any:
        """Return the inputs."""
        return inputs

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input shape."""
        return input_shape
