"""Pooling to a given number of places, whatever the size of the input."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from pipekeras import ops
from pipekeras.core.errors import ShapeError
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import data_format as checked_data_format
from pipekeras.layers.base.arguments import sizes
from pipekeras.layers.base.input_spec import InputSpec
from pipekeras.layers.base.layer import Layer


def bounds(length: int, count: int) -> list[tuple[int, int]]:
    """Return the windows, as (first, past the last), that divide `length` elements into `count` places."""
    return [((place * length) // count, -(-((place + 1) * length) // count)) for place in range(count)]


class _AdaptivePooling(Layer):
    """Base of layers that pool to a given size."""

    rank: ClassVar[int]

    def __init__(self, output_size: Any, data_format: str | None, **options: Any) -> None:
        super().__init__(**options)
        self.output_size = sizes(self, "output_size", output_size, self.rank)
        self.data_format = checked_data_format(self, data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def pool_axis(self, values: Any, axis: int, length: int, count: int) -> Any:
        """Pool one axis."""
        raise NotImplementedError

    def call(self, inputs: Any) -> Any:
        """Return the pooled inputs."""
        first = 2 if self.data_format == "channels_first" else 1
        outputs = inputs
        for axis, count in enumerate(self.output_size, start=first):
            length = inputs.shape[axis]
            if length is None:
                raise ShapeError(f"{self.describe()} needs an input of known size; got {tuple(inputs.shape)}")
            outputs = self.pool_axis(outputs, axis, length, count)
        return outputs

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape with output_size as spatial axes."""
        if self.data_format == "channels_first":
            return (*input_shape[:2], *self.output_size)
        return (input_shape[0], *self.output_size, input_shape[-1])


class _AdaptiveAveragePooling(_AdaptivePooling):
    def pool_axis(self, values: Any, axis: int, length: int, count: int) -> Any:
        """Return the means of the windows along an axis: a product with a matrix of weights."""
        weights = np.zeros((length, count), values.dtype)
        for place, (first, last) in enumerate(bounds(length, count)):
            weights[first:last, place] = 1.0 / (last - first)
        moved = ops.moveaxis(values, axis, -1)
        return ops.moveaxis(ops.matmul(moved, ops.convert_to_tensor(weights)), -1, axis)


class _AdaptiveMaxPooling(_AdaptivePooling):
    def pool_axis(self, values: Any, axis: int, length: int, count: int) -> Any:
        """Return the largest elements of the windows along an axis; short windows repeat their last element."""
        windows = bounds(length, count)
        widest = max(last - first for first, last in windows)
        indices = np.array([[min(first + step, last - 1) for step in range(widest)] for first, last in windows], "int32")
        taken = ops.take(values, ops.convert_to_tensor(indices), axis=axis)
        return ops.max(taken, axis=axis + 1)


@register("layer")
class AdaptiveAveragePooling1D(_AdaptiveAveragePooling):
    """Mean element of each of a given number of windows over sequences.

    Formula: y[b, o, c] = mean of x[b, i, c] for floor(o n / m) <= i < ceil((o + 1) n / m), from n places to m.

    Args:
        output_size: int, number of places of the output.
        data_format: "channels_last" (default) or "channels_first".
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, steps, channels) -> (batch, output_size, channels).

    Raises:
        ConfigurationError: an argument has a wrong value.
        ShapeError: the size of the input is not known.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.AdaptiveAveragePooling1D(2)(np.zeros((4, 10, 3))).shape
    (4, 2, 3)
    """

    rank = 1

    def __init__(self, output_size: Any, data_format: str | None = None, **options: Any) -> None:
        super().__init__(output_size, data_format, **options)


@register("layer")
class AdaptiveAveragePooling2D(_AdaptiveAveragePooling):
    """Mean element of each of a given number of windows over images.

    Formula: y[b, o, c] = mean of x[b, i, c] for floor(o n / m) <= i < ceil((o + 1) n / m), from n places to m.

    Args:
        output_size: int or (rows, columns), number of places of the output.
        data_format: "channels_last" (default) or "channels_first".
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, rows, columns, channels) -> (batch, *output_size, channels).

    Raises:
        ConfigurationError: an argument has a wrong value.
        ShapeError: the size of the input is not known.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.AdaptiveAveragePooling2D(2)(np.zeros((4, 10, 8, 3))).shape
    (4, 2, 2, 3)
    """

    rank = 2

    def __init__(self, output_size: Any, data_format: str | None = None, **options: Any) -> None:
        super().__init__(output_size, data_format, **options)


@register("layer")
class AdaptiveAveragePooling3D(_AdaptiveAveragePooling):
    """Mean element of each of a given number of windows over volumes.

    Formula: y[b, o, c] = mean of x[b, i, c] for floor(o n / m) <= i < ceil((o + 1) n / m), from n places to m.

    Args:
        output_size: int or three numbers, number of places of the output.
        data_format: "channels_last" (default) or "channels_first".
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, depth, rows, columns, channels) -> (batch, *output_size, channels).

    Raises:
        ConfigurationError: an argument has a wrong value.
        ShapeError: the size of the input is not known.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.AdaptiveAveragePooling3D(2)(np.zeros((1, 4, 6, 8, 3))).shape
    (1, 2, 2, 2, 3)
    """

    rank = 3

    def __init__(self, output_size: Any, data_format: str | None = None, **options: Any) -> None:
        super().__init__(output_size, data_format, **options)


@register("layer")
class AdaptiveMaxPooling1D(_AdaptiveMaxPooling):
    """Largest element of each of a given number of windows over sequences.

    Formula: y[b, o, c] = max of x[b, i, c] for floor(o n / m) <= i < ceil((o + 1) n / m), from n places to m.

    Args:
        output_size: int, number of places of the output.
        data_format: "channels_last" (default) or "channels_first".
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, steps, channels) -> (batch, output_size, channels).

    Raises:
        ConfigurationError: an argument has a wrong value.
        ShapeError: the size of the input is not known.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.AdaptiveMaxPooling1D(2)(np.zeros((4, 10, 3))).shape
    (4, 2, 3)
    """

    rank = 1

    def __init__(self, output_size: Any, data_format: str | None = None, **options: Any) -> None:
        super().__init__(output_size, data_format, **options)


@register("layer")
class AdaptiveMaxPooling2D(_AdaptiveMaxPooling):
    """Largest element of each of a given number of windows over images.

    Formula: y[b, o, c] = max of x[b, i, c] for floor(o n / m) <= i < ceil((o + 1) n / m), from n places to m.

    Args:
        output_size: int or (rows, columns), number of places of the output.
        data_format: "channels_last" (default) or "channels_first".
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, rows, columns, channels) -> (batch, *output_size, channels).

    Raises:
        ConfigurationError: an argument has a wrong value.
        ShapeError: the size of the input is not known.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.AdaptiveMaxPooling2D(2)(np.zeros((4, 10, 8, 3))).shape
    (4, 2, 2, 3)
    """

    rank = 2

    def __init__(self, output_size: Any, data_format: str | None = None, **options: Any) -> None:
        super().__init__(output_size, data_format, **options)


@register("layer")
class AdaptiveMaxPooling3D(_AdaptiveMaxPooling):
    """Largest element of each of a given number of windows over volumes.

    Formula: y[b, o, c] = max of x[b, i, c] for floor(o n / m) <= i < ceil((o + 1) n / m), from n places to m.

    Args:
        output_size: int or three numbers, number of places of the output.
        data_format: "channels_last" (default) or "channels_first".
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, depth, rows, columns, channels) -> (batch, *output_size, channels).

    Raises:
        ConfigurationError: an argument has a wrong value.
        ShapeError: the size of the input is not known.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.AdaptiveMaxPooling3D(2)(np.zeros((1, 4, 6, 8, 3))).shape
    (1, 2, 2, 2, 3)
    """

    rank = 3

    def __init__(self, output_size: Any, data_format: str | None = None, **options: Any) -> None:
        super().__init__(output_size, data_format, **options)
