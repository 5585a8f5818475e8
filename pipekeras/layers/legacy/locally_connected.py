"""Convolutions that share no weights: every place has a kernel of its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras import ops
from pipekeras.core import configuration
from pipekeras.core.errors import ShapeError
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import product, whole_number
from pipekeras.layers.convolution.convolution import SpatialLayer
from pipekeras.nn import constraints, initializers, regularizers


class _LocallyConnected(SpatialLayer):
    """Base of locally connected layers."""

    paddings = ("valid",)
    hidden_config = ("implementation",)

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any,
        padding: str,
        data_format: str | None,
        activation: Any,
        use_bias: bool,
        kernel_initializer: Any,
        bias_initializer: Any,
        kernel_regularizer: Any,
        bias_regularizer: Any,
        activity_regularizer: Any,
        kernel_constraint: Any,
        bias_constraint: Any,
        **options: Any,
    ) -> None:
        super().__init__(
            kernel_size, strides, padding, data_format, 1, activation, use_bias, bias_initializer,
            bias_regularizer, bias_constraint, activity_regularizer=activity_regularizer, **options,
        )  # fmt: skip
        self.filters = whole_number(self, "filters", filters)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)

    def build(self, input_shape: Any) -> None:
        """Make kernel (places, window * channels, filters) and bias (*places, filters)."""
        channels = self.input_channels(input_shape)
        places = self.output_spatial(input_shape)
        count = product(places)
        if count is None:
            raise ShapeError(f"{self.describe()} needs an input of known size; got {tuple(input_shape)}")
        window = product(self.kernel_size)
        assert window is not None
        self.kernel = self.add_weight(
            shape=(count, window * channels, self.filters),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
        )
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(*(int(size or 0) for size in places), self.filters),
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
            )
        self.__dict__["_places"] = _window_elements(self.spatial(input_shape), self.kernel_size, self.strides, places)

    def call(self, inputs: Any) -> Any:
        """Return the weighted sums of all windows."""
        spatial = self.output_spatial(inputs.shape)
        outputs = _weighted(inputs, self.kernel, self._places, spatial, self.data_format == "channels_first")
        if self.bias is not None:
            outputs = outputs + self.bias
        if self.data_format == "channels_first":
            outputs = ops.transpose(outputs, (0, outputs.ndim - 1, *range(1, outputs.ndim - 1)))
        return self.activation(outputs)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape with fewer places and `filters` channels."""
        return self.with_channels(input_shape[0], self.output_spatial(input_shape), self.filters)


def _weighted(inputs: Any, kernel: Any, elements: np.ndarray, spatial: Any, first: bool) -> Any:
    """Sums of every window weighted by the kernel of its place, channels last."""
    moved = ops.transpose(inputs, (0, *range(2, inputs.ndim), 1)) if first else inputs
    channels = moved.shape[-1]
    flat = ops.reshape(moved, (-1, product(moved.shape[1:-1]), channels))
    # (batch, places, window, channels)
    windows = ops.take(flat, ops.convert_to_tensor(elements), axis=1)
    if first:
        # Keras' kernels run over channels first when the data do.
        windows = ops.transpose(windows, (0, 1, 3, 2))
    seen = ops.reshape(windows, (-1, elements.shape[0], elements.shape[1] * channels))
    sums = ops.einsum("bpi,pif->bpf", seen, kernel)
    return ops.reshape(sums, (-1, *(int(size or 0) for size in spatial), kernel.shape[-1]))


def local_convolution(inputs: Any, kernel: Any, kernel_size: Any, strides: Any, data_format: str | None = None) -> Any:
    """Convolution with a kernel of its own at every place.

    Formula: y[b, o, f] = sum_(k, c) x[b, o * strides + k, c] kernel[o, (k, c), f].

    Args:
        inputs: tensor.
        kernel: tensor of shape (places, window * channels, filters).
        kernel_size: tuple of int, sizes of the window.
        strides: tuple of int, how far it moves.
        data_format: "channels_last", "channels_first", or None (the setting).

    Input shape -> output shape:
        (batch, *sizes, channels) -> (batch, *places, filters)

    Raises:
        ShapeError: the kernel does not fit the places, or the window and channels.

    >>> import numpy as np
    >>> kernel = np.array([[[1.0], [1.0]], [[2.0], [2.0]]], "float32")
    >>> local_convolution(np.ones((1, 3, 1), "float32"), kernel, 2, 1).numpy().ravel()
    array([2., 4.], dtype=float32)
    """
    inputs, kernel = ops.convert_to_tensor(inputs), ops.convert_to_tensor(kernel)
    first = (data_format or configuration.image_data_format()) == "channels_first"
    sizes = inputs.shape[2:] if first else inputs.shape[1:-1]
    window = (kernel_size,) * len(sizes) if isinstance(kernel_size, int) else tuple(kernel_size)
    steps = (strides,) * len(sizes) if isinstance(strides, int) else tuple(strides)
    places = [(size - seen) // step + 1 for size, seen, step in zip(sizes, window, steps, strict=True)]
    elements = _window_elements(sizes, window, steps, places)
    wanted = (elements.shape[0], elements.shape[1] * (inputs.shape[1 if first else -1] or 0))
    if kernel.ndim != 3 or tuple(kernel.shape[:2]) != wanted:
        raise ShapeError(f"the kernel must have the shape ({wanted[0]}, {wanted[1]}, filters); got {tuple(kernel.shape)}")
    outputs = _weighted(inputs, kernel, elements, places, first)
    return ops.transpose(outputs, (0, outputs.ndim - 1, *range(1, outputs.ndim - 1))) if first else outputs


def _window_elements(lengths: Any, window: Any, strides: Any, places: Any) -> np.ndarray:
    """Return (places, window): the flat number of each element that each window sees."""
    grids = [
        np.arange(count)[:, None] * stride + np.arange(size)[None, :]
        for count, size, stride in zip(places, window, strides, strict=True)
    ]
    flat = np.zeros((1, 1), "int64")
    for grid, length in zip(grids, lengths, strict=True):
        flat = flat[:, None, :, None] * length + grid[None, :, None, :]
        flat = flat.reshape(flat.shape[0] * flat.shape[1], flat.shape[2] * flat.shape[3])
    return flat.astype("int32")


@register("layer")
class LocallyConnected1D(_LocallyConnected):
    """Convolution over sequences with a kernel of its own at every place.

    Formula: y[b, o, f] = activation(sum_(k, c) x[b, o * strides + k, c] kernel[o, (k, c), f] + bias[o, f]).

    Args:
        filters: int, number of output channels.
        kernel_size: int, size of the window.
        strides: int, default 1; how far the window moves.
        padding: "valid".
        data_format: "channels_last" (default) or "channels_first".
        activation: name, function or None (linear).
        use_bias: bool, default True.
        kernel_initializer: name or initializer, default "glorot_uniform".
        bias_initializer: name or initializer, default "zeros".
        kernel_regularizer: name, regularizer or None.
        bias_regularizer: name, regularizer or None.
        activity_regularizer: name, regularizer or None.
        kernel_constraint: name, constraint or None.
        bias_constraint: name, constraint or None.
        implementation: int, accepted for scripts that set it.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, steps, channels) -> (batch, new_steps, filters).

    Raises:
        ShapeError: the length of the input is not known.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.LocallyConnected1D(4, 3)(np.zeros((2, 10, 5))).shape
    (2, 8, 4)
    """

    rank = 1

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str | None = None,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        implementation: int = 1,
        **options: Any,
    ) -> None:
        super().__init__(
            filters, kernel_size, strides, padding, data_format, activation, use_bias, kernel_initializer,
            bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint,
            bias_constraint, **options,
        )  # fmt: skip


@register("layer")
class LocallyConnected2D(_LocallyConnected):
    """Convolution over images with a kernel of its own at every place.

    Formula: y[b, o, f] = activation(sum_(k, c) x[b, o * strides + k, c] kernel[o, (k, c), f] + bias[o, f]).

    Args:
        filters: int, number of output channels.
        kernel_size: int or (rows, columns), size of the window.
        strides: int or (rows, columns), default (1, 1); how far the window moves.
        padding: "valid".
        data_format: "channels_last" (default) or "channels_first".
        activation: name, function or None (linear).
        use_bias: bool, default True.
        kernel_initializer: name or initializer, default "glorot_uniform".
        bias_initializer: name or initializer, default "zeros".
        kernel_regularizer: name, regularizer or None.
        bias_regularizer: name, regularizer or None.
        activity_regularizer: name, regularizer or None.
        kernel_constraint: name, constraint or None.
        bias_constraint: name, constraint or None.
        implementation: int, accepted for scripts that set it.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, rows, columns, channels) -> (batch, new_rows, new_columns, filters).

    Raises:
        ShapeError: the size of the input is not known.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.LocallyConnected2D(4, 3)(np.zeros((2, 6, 7, 3))).shape
    (2, 4, 5, 4)
    """

    rank = 2

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        implementation: int = 1,
        **options: Any,
    ) -> None:
        super().__init__(
            filters, kernel_size, strides, padding, data_format, activation, use_bias, kernel_initializer,
            bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint,
            bias_constraint, **options,
        )  # fmt: skip
