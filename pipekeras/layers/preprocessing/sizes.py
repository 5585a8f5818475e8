"""Pictures made higher or wider by chance while training."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from pipekeras import random
from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import register
from pipekeras.graph.tensor import Tensor
from pipekeras.layers.base.arguments import choice
from pipekeras.layers.preprocessing.augmentation import RandomPictureLayer, bounds
from pipekeras.layers.preprocessing.host_layer import refuse_within
from pipekeras.layers.preprocessing.pictures import INTERPOLATIONS


class _RandomSide(RandomPictureLayer):
    """A layer that draws one side of a batch's pictures anew.

    Compiled programs are made for sizes that are known, so the layer is applied to the data before them.
    """

    runs_on_host: ClassVar[bool] = True
    place: ClassVar[int]

    def __init__(
        self,
        factor: Any,
        interpolation: str = "bilinear",
        seed: int | None = None,
        data_format: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(seed, data_format, **options)
        self.factor = factor
        self.interpolation = choice(self, "interpolation", interpolation, INTERPOLATIONS)
        low, high = bounds(self, "factor", factor, -1.0, np.inf)
        if low <= -1.0:
            raise ConfigurationError(f"{type(self).__name__}: factor must be above -1, or nothing is left; got {factor!r}")
        self.__dict__["_bounds"] = (low, high)

    def call(self, inputs: Any, training: Any = True) -> Any:
        """Return the pictures with one side drawn anew while training, as they are otherwise."""
        if inputs.data is None:
            refuse_within(self)
            return self.compute_output_spec(inputs)
        return super().call(inputs, training)

    def changed(self, pictures: Any) -> Any:
        """Return pictures of another size."""
        sides = list(self.sides(pictures))
        low, high = self._bounds
        factor = random.uniform((), low, high, seed=self.seed_generator)
        sides[self.place] = max(1, int(sides[self.place] * (1.0 + float(factor))))
        return self.resized(pictures, sides[0], sides[1], self.interpolation)

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Return a placeholder of pictures one side of which is not known."""
        inputs = args[0] if args else kwargs["inputs"]
        return Tensor.symbolic(self.compute_output_shape(inputs.shape), self.compute_dtype)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input shape without the side that is drawn."""
        shape = list(input_shape)
        shape[self.rows_axis(shape) + self.place] = None
        return tuple(shape)


@register("layer")
class RandomHeight(_RandomSide):
    """Make the pictures of a batch higher or lower by chance while training.

    The layer belongs to the beginning of a model, where it is applied to the data, each batch by itself. What follows must
    take pictures of any height: convolutions and global pooling do.

    Args:
        factor: float f for rows of (1 - f) to (1 + f) times as many, or two floats; -0.2 and 0.3 for 80 % to 130 %.
        interpolation: "bilinear" (default), "nearest", "bicubic", "lanczos3" or "lanczos5".
        seed: int or None.
        data_format: "channels_last", "channels_first" or None (the setting).
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, rows, columns, channels) -> (batch, drawn, columns, channels).

    Raises:
        ConfigurationError: a factor that leaves nothing.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RandomHeight((0.5, 0.5))(np.ones((2, 4, 4, 3)), training=True).shape
    (2, 6, 4, 3)

    Source:
        Keras 2, https://keras.io/2.18/api/layers/preprocessing_layers/image_augmentation/random_height/
    """

    place = 0


@register("layer")
class RandomWidth(_RandomSide):
    """Make the pictures of a batch wider or narrower by chance while training.

    The layer belongs to the beginning of a model, where it is applied to the data, each batch by itself. What follows must
    take pictures of any width: convolutions and global pooling do.

    Args:
        factor: float f for columns of (1 - f) to (1 + f) times as many, or two floats; -0.2 and 0.3 for 80 % to 130 %.
        interpolation: "bilinear" (default), "nearest", "bicubic", "lanczos3" or "lanczos5".
        seed: int or None.
        data_format: "channels_last", "channels_first" or None (the setting).
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, rows, columns, channels) -> (batch, rows, drawn, channels).

    Raises:
        ConfigurationError: a factor that leaves nothing.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RandomWidth((0.5, 0.5))(np.ones((2, 4, 4, 3)), training=True).shape
    (2, 4, 6, 3)

    Source:
        Keras 2, https://keras.io/2.18/api/layers/preprocessing_layers/image_augmentation/random_width/
    """

    place = 1
