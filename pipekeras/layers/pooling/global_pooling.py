"""One element for each channel: the largest or the mean of all places."""

from __future__ import annotations

from typing import Any, ClassVar

from pipekeras import ops
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import data_format as checked_data_format
from pipekeras.layers.base.input_spec import InputSpec
from pipekeras.layers.base.layer import Layer


class _GlobalPooling(Layer):
    """Base of layers that pool all places."""

    rank: ClassVar[int]
    built_from_start = True

    def __init__(self, data_format: str | None, keepdims: bool, **options: Any) -> None:
        super().__init__(**options)
        self.data_format = checked_data_format(self, data_format)
        self.keepdims = keepdims
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def axes(self) -> tuple[int, ...]:
        """Return the numbers of the spatial axes."""
        first = 2 if self.data_format == "channels_first" else 1
        return tuple(range(first, first + self.rank))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape without the spatial axes, or with size 1 there."""
        axes = self.axes()
        if self.keepdims:
            return tuple(1 if axis in axes else size for axis, size in enumerate(input_shape))
        return tuple(size for axis, size in enumerate(input_shape) if axis not in axes)


class _GlobalMaxPooling(_GlobalPooling):
    def call(self, inputs: Any) -> Any:
        """Return the largest elements."""
        return ops.max(inputs, axis=self.axes(), keepdims=self.keepdims)


class _GlobalAveragePooling(_GlobalPooling):
    def call(self, inputs: Any) -> Any:
        """Return the means."""
        return ops.mean(inputs, axis=self.axes(), keepdims=self.keepdims)


@register("layer", aliases=("GlobalMaxPool1D",))
class GlobalMaxPooling1D(_GlobalMaxPooling):
    """Largest element of each channel over all places of sequences.

    Formula: y[b, c] = max over all places i of x[b, i, c].

    Args:
        data_format: "channels_last" (default) or "channels_first".
        keepdims: bool, default False; whether the spatial axes stay, with size 1.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, steps, channels) -> (batch, channels).

    Raises:
        ConfigurationError: data_format has a wrong value.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.GlobalMaxPooling1D()(np.zeros((4, 10, 3))).shape
    (4, 3)
    """

    rank = 1

    def __init__(self, data_format: str | None = None, keepdims: bool = False, **options: Any) -> None:
        super().__init__(data_format, keepdims, **options)


@register("layer", aliases=("GlobalMaxPool2D",))
class GlobalMaxPooling2D(_GlobalMaxPooling):
    """Largest element of each channel over all places of images.

    Formula: y[b, c] = max over all places i of x[b, i, c].

    Args:
        data_format: "channels_last" (default) or "channels_first".
        keepdims: bool, default False; whether the spatial axes stay, with size 1.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, rows, columns, channels) -> (batch, channels).

    Raises:
        ConfigurationError: data_format has a wrong value.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.GlobalMaxPooling2D()(np.zeros((4, 10, 8, 3))).shape
    (4, 3)
    """

    rank = 2

    def __init__(self, data_format: str | None = None, keepdims: bool = False, **options: Any) -> None:
        super().__init__(data_format, keepdims, **options)


@register("layer", aliases=("GlobalMaxPool3D",))
class GlobalMaxPooling3D(_GlobalMaxPooling):
    """Largest element of each channel over all places of volumes.

    Formula: y[b, c] = max over all places i of x[b, i, c].

    Args:
        data_format: "channels_last" (default) or "channels_first".
        keepdims: bool, default False; whether the spatial axes stay, with size 1.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, depth, rows, columns, channels) -> (batch, channels).

    Raises:
        ConfigurationError: data_format has a wrong value.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.GlobalMaxPooling3D()(np.zeros((1, 4, 6, 8, 3))).shape
    (1, 3)
    """

    rank = 3

    def __init__(self, data_format: str | None = None, keepdims: bool = False, **options: Any) -> None:
        super().__init__(data_format, keepdims, **options)


@register("layer", aliases=("GlobalAvgPool1D",))
class GlobalAveragePooling1D(_GlobalAveragePooling):
    """Mean element of each channel over all places of sequences; masked steps do not count.

    Formula: y[b, c] = mean over all places i of x[b, i, c].

    Args:
        data_format: "channels_last" (default) or "channels_first".
        keepdims: bool, default False; whether the spatial axes stay, with size 1.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, steps, channels) -> (batch, channels).

    Raises:
        ConfigurationError: data_format has a wrong value.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.GlobalAveragePooling1D()(np.zeros((4, 10, 3))).shape
    (4, 3)
    """

    rank = 1

    def __init__(self, data_format: str | None = None, keepdims: bool = False, **options: Any) -> None:
        super().__init__(data_format, keepdims, **options)
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None) -> Any:
        """Return the means of the steps that are not masked."""
        if mask is None:
            return super().call(inputs)
        steps = self.axes()[0]
        weights = ops.expand_dims(ops.cast(mask, inputs.dtype), 2 if steps == 1 else 1)
        total = ops.sum(inputs * weights, axis=steps, keepdims=self.keepdims)
        return total / ops.sum(weights, axis=steps, keepdims=self.keepdims)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return None: the steps are gone."""
        return None


@register("layer", aliases=("GlobalAvgPool2D",))
class GlobalAveragePooling2D(_GlobalAveragePooling):
    """Mean element of each channel over all places of images.

    Formula: y[b, c] = mean over all places i of x[b, i, c].

    Args:
        data_format: "channels_last" (default) or "channels_first".
        keepdims: bool, default False; whether the spatial axes stay, with size 1.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, rows, columns, channels) -> (batch, channels).

    Raises:
        ConfigurationError: data_format has a wrong value.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.GlobalAveragePooling2D()(np.zeros((4, 10, 8, 3))).shape
    (4, 3)
    """

    rank = 2

    def __init__(self, data_format: str | None = None, keepdims: bool = False, **options: Any) -> None:
        super().__init__(data_format, keepdims, **options)


@register("layer", aliases=("GlobalAvgPool3D",))
class GlobalAveragePooling3D(_GlobalAveragePooling):
    """Mean element of each channel over all places of volumes.

    Formula: y[b, c] = mean over all places i of x[b, i, c].

    Args:
        data_format: "channels_last" (default) or "channels_first".
        keepdims: bool, default False; whether the spatial axes stay, with size 1.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, depth, rows, columns, channels) -> (batch, channels).

    Raises:
        ConfigurationError: data_format has a wrong value.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.GlobalAveragePooling3D()(np.zeros((1, 4, 6, 8, 3))).shape
    (1, 3)
    """

    rank = 3

    def __init__(self, data_format: str | None = None, keepdims: bool = False, **options: Any) -> None:
        super().__init__(data_format, keepdims, **options)
