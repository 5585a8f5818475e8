"""The largest or mean element of each window."""

from __future__ import annotations

from typing import Any, ClassVar

from pipekeras import ops
from pipekeras.core.errors import ShapeError
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import choice, sizes
from pipekeras.layers.base.arguments import data_format as checked_data_format
from pipekeras.layers.base.input_spec import InputSpec
from pipekeras.layers.base.layer import Layer
from pipekeras.ops.windows import output_length


class _Pooling(Layer):
    """Base of layers that pool windows."""

    rank: ClassVar[int]
    built_from_start = True

    def __init__(self, pool_size: Any, strides: Any, padding: str, data_format: str | None, **options: Any) -> None:
        super().__init__(**options)
        self.pool_size = sizes(self, "pool_size", pool_size, self.rank)
        self.strides = self.pool_size if strides is None else sizes(self, "strides", strides, self.rank)
        self.padding = choice(self, "padding", padding, ("valid", "same"))
        self.data_format = checked_data_format(self, data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape with one place for each window."""
        shape = list(input_shape)
        first = 2 if self.data_format == "channels_first" else 1
        for axis, (window, stride) in enumerate(zip(self.pool_size, self.strides, strict=True), start=first):
            shape[axis] = output_length(shape[axis], window, stride, 1, self.padding)
            if shape[axis] is not None and shape[axis] <= 0:
                raise ShapeError(
                    f"{self.describe()}: a window of {self.pool_size} does not fit into an input of shape "
                    f"{tuple(input_shape)}",
                    mend="use padding='same', a smaller pool_size, or fewer pooling layers before it",
                )
        return tuple(shape)


class _MaxPooling(_Pooling):
    def call(self, inputs: Any) -> Any:
        """Return the largest elements."""
        return ops.max_pool(inputs, self.pool_size, self.strides, self.padding, self.data_format)


class _AveragePooling(_Pooling):
    def call(self, inputs: Any) -> Any:
        """Return the means."""
        return ops.average_pool(inputs, self.pool_size, self.strides, self.padding, self.data_format)


@register("layer", aliases=("MaxPool1D",))
class MaxPooling1D(_MaxPooling):
    """Largest element of each window of sequences, channel by channel.

    Formula: y[b, o, c] = max over k of x[b, o * strides + k, c].

    Args:
        pool_size: int, default 2; size of the window.
        strides: int, default pool_size; how far the window moves.
        padding: "valid" (default) or "same".
        data_format: "channels_last" (default) or "channels_first".
        name: str.
        **options: trainable, dtype, input_shape.

    Input shape -> output shape: (batch, steps, channels) -> (batch, new_steps, channels).

    Raises:
        ConfigurationError: an argument has a wrong value.
        ShapeError: the window does not fit into the input.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.MaxPooling1D(2)(np.zeros((4, 10, 3))).shape
    (4, 5, 3)
    """

    rank = 1

    def __init__(
        self,
        pool_size: Any = 2,
        strides: Any = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(pool_size, strides, padding, data_format, name=name, **options)


@register("layer", aliases=("MaxPool2D",))
class MaxPooling2D(_MaxPooling):
    """Largest element of each window of images, channel by channel.

    Formula: y[b, o, c] = max over k of x[b, o * strides + k, c].

    Args:
        pool_size: int or (rows, columns), default (2, 2); size of the window.
        strides: int or (rows, columns), default pool_size; how far the window moves.
        padding: "valid" (default) or "same".
        data_format: "channels_last" (default) or "channels_first".
        name: str.
        **options: trainable, dtype, input_shape.

    Input shape -> output shape: (batch, rows, columns, channels) -> (batch, new_rows, new_columns, channels).

    Raises:
        ConfigurationError: an argument has a wrong value.
        ShapeError: the window does not fit into the input.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.MaxPooling2D(2)(np.zeros((4, 10, 8, 3))).shape
    (4, 5, 4, 3)
    """

    rank = 2

    def __init__(
        self,
        pool_size: Any = (2, 2),
        strides: Any = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(pool_size, strides, padding, data_format, name=name, **options)


@register("layer", aliases=("MaxPool3D",))
class MaxPooling3D(_MaxPooling):
    """Largest element of each window of volumes, channel by channel.

    Formula: y[b, o, c] = max over k of x[b, o * strides + k, c].

    Args:
        pool_size: int or three numbers, default (2, 2, 2); size of the window.
        strides: int or three numbers, default pool_size; how far the window moves.
        padding: "valid" (default) or "same".
        data_format: "channels_last" (default) or "channels_first".
        name: str.
        **options: trainable, dtype, input_shape.

    Input shape -> output shape: (batch, depth, rows, columns, channels) -> (batch, new_depth, new_rows, new_columns, channels).

    Raises:
        ConfigurationError: an argument has a wrong value.
        ShapeError: the window does not fit into the input.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.MaxPooling3D(2)(np.zeros((1, 4, 6, 8, 3))).shape
    (1, 2, 3, 4, 3)
    """

    rank = 3

    def __init__(
        self,
        pool_size: Any = (2, 2, 2),
        strides: Any = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(pool_size, strides, padding, data_format, name=name, **options)


@register("layer", aliases=("AvgPool1D",))
class AveragePooling1D(_AveragePooling):
    """Mean element of each window of sequences, channel by channel.

    Formula: y[b, o, c] = mean over k of x[b, o * strides + k, c]; padding does not count.

    Args:
        pool_size: int, default 2; size of the window.
        strides: int, default pool_size; how far the window moves.
        padding: "valid" (default) or "same".
        data_format: "channels_last" (default) or "channels_first".
        name: str.
        **options: trainable, dtype, input_shape.

    Input shape -> output shape: (batch, steps, channels) -> (batch, new_steps, channels).

    Raises:
        ConfigurationError: an argument has a wrong value.
        ShapeError: the window does not fit into the input.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.AveragePooling1D(2)(np.zeros((4, 10, 3))).shape
    (4, 5, 3)
    """

    rank = 1

    def __init__(
        self,
        pool_size: Any = 2,
        strides: Any = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(pool_size, strides, padding, data_format, name=name, **options)


@register("layer", aliases=("AvgPool2D",))
class AveragePooling2D(_AveragePooling):
    """Mean element of each window of images, channel by channel.

    Formula: y[b, o, c] = mean over k of x[b, o * strides + k, c]; padding does not count.

    Args:
        pool_size: int or (rows, columns), default (2, 2); size of the window.
        strides: int or (rows, columns), default pool_size; how far the window moves.
        padding: "valid" (default) or "same".
        data_format: "channels_last" (default) or "channels_first".
        name: str.
        **options: trainable, dtype, input_shape.

    Input shape -> output shape: (batch, rows, columns, channels) -> (batch, new_rows, new_columns, channels).

    Raises:
        ConfigurationError: an argument has a wrong value.
        ShapeError: the window does not fit into the input.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.AveragePooling2D(2)(np.zeros((4, 10, 8, 3))).shape
    (4, 5, 4, 3)
    """

    rank = 2

    def __init__(
        self,
        pool_size: Any = (2, 2),
        strides: Any = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(pool_size, strides, padding, data_format, name=name, **options)


@register("layer", aliases=("AvgPool3D",))
class AveragePooling3D(_AveragePooling):
    """Mean element of each window of volumes, channel by channel.

    Formula: y[b, o, c] = mean over k of x[b, o * strides + k, c]; padding does not count.

    Args:
        pool_size: int or three numbers, default (2, 2, 2); size of the window.
        strides: int or three numbers, default pool_size; how far the window moves.
        padding: "valid" (default) or "same".
        data_format: "channels_last" (default) or "channels_first".
        name: str.
        **options: trainable, dtype, input_shape.

    Input shape -> output shape: (batch, depth, rows, columns, channels) -> (batch, new_depth, new_rows, new_columns, channels).

    Raises:
        ConfigurationError: an argument has a wrong value.
        ShapeError: the window does not fit into the input.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.AveragePooling3D(2)(np.zeros((1, 4, 6, 8, 3))).shape
    (1, 2, 3, 4, 3)
    """

    rank = 3

    def __init__(
        self,
        pool_size: Any = (2, 2, 2),
        strides: Any = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(pool_size, strides, padding, data_format, name=name, **options)
