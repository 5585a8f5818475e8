"""Functions of neural networks with TensorFlow's arguments and layouts."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras import ops, random
from pipekeras.core.errors import ArgumentError
from pipekeras.graph.tensor import Tensor, convert


def l2_normalize(x: Any, axis: Any = None, epsilon: float = 1e-12, name: str | None = None, dim: Any = None) -> Tensor:
    """Divide by the root of the sum of squares along axes."""
    x = convert(x)
    places = dim if axis is None and dim is not None else axis
    return x * ops.rsqrt(ops.maximum(ops.sum(ops.square(x), places, True), epsilon))


def normalize(tensor: Any, ord: Any = "euclidean", axis: Any = None, name: str | None = None) -> tuple[Tensor, Tensor]:
    """A tensor divided by its norm, and the norm."""
    from pipekeras.compatibility.tensorflow.tensors import norm

    size = norm(tensor, ord, axis, True)
    return convert(tensor) / size, size


def crelu(features: Any, axis: int = -1, name: str | None = None) -> Tensor:
    """The rectifier of x and of -x side by side."""
    x = convert(features)
    return ops.relu(ops.concatenate([x, -x], axis))


def bias_add(value: Any, bias: Any, data_format: str | None = None, name: str | None = None) -> Tensor:
    """Add one number to each channel."""
    x, b = convert(value), convert(bias)
    if data_format is not None and data_format.upper().startswith("NC"):
        return x + ops.reshape(b, (-1, *(1,) * (x.ndim - 2)))
    return x + b


def moments(x: Any, axes: Any, shift: Any = None, keepdims: bool = False, name: str | None = None) -> tuple[Tensor, Tensor]:
    """Mean and variance over axes."""
    return ops.moments(x, axes, keepdims)


def batch_normalization(x: Any, mean: Any, variance: Any, offset: Any, scale: Any, variance_epsilon: float,
                        name: str | None = None) -> Tensor:  # fmt: skip
    """(x - mean) / sqrt(variance + epsilon) * scale + offset; all broadcast."""
    factor = ops.rsqrt(convert(variance) + variance_epsilon)
    if scale is not None:
        factor = factor * scale
    result = (convert(x) - mean) * factor
    return result if offset is None else result + offset


def dropout(x: Any, rate: float = 0.5, noise_shape: Any = None, seed: Any = None, name: str | None = None) -> Tensor:
    """Set a share of the elements to 0 and scale up the rest."""
    return random.dropout(x, float(rate), noise_shape, seed)


def embedding_lookup(params: Any, ids: Any, max_norm: float | None = None, name: str | None = None) -> Tensor:
    """Rows of a table by number."""
    rows = ops.take(params, ids, 0)
    if max_norm is None:
        return rows
    size = ops.sqrt(ops.sum(ops.square(rows), -1, True))
    return ops.where(size > max_norm, rows * max_norm / ops.maximum(size, max_norm), rows)


def l2_loss(t: Any, name: str | None = None) -> Tensor:
    """Half the sum of squares."""
    return ops.sum(ops.square(t)) * 0.5


def log_poisson_loss(targets: Any, log_input: Any, compute_full_loss: bool = False, name: str | None = None) -> Tensor:
    """exp(c) - z * c for log-rates c and counts z."""
    if compute_full_loss:
        raise ArgumentError("tf.nn.log_poisson_loss: compute_full_loss is not supported")
    return ops.exp(log_input) - ops.multiply(targets, log_input)


def sigmoid_cross_entropy_with_logits(labels: Any = None, logits: Any = None, name: str | None = None) -> Tensor:
    """Cross-entropy of two-way probabilities given by logits, element by element."""
    return ops.binary_crossentropy(labels, logits, from_logits=True)


def softmax_cross_entropy_with_logits(labels: Any = None, logits: Any = None, axis: int = -1, name: str | None = None,
                                      dim: Any = None) -> Tensor:  # fmt: skip
    """Cross-entropy of class probabilities given by logits."""
    return ops.categorical_crossentropy(labels, logits, from_logits=True, axis=axis if dim is None else dim)


def sparse_softmax_cross_entropy_with_logits(labels: Any = None, logits: Any = None, name: str | None = None) -> Tensor:
    """Cross-entropy of class numbers against logits."""
    return ops.sparse_categorical_crossentropy(labels, logits, from_logits=True)


def weighted_cross_entropy_with_logits(labels: Any, logits: Any, pos_weight: Any, name: str | None = None) -> Tensor:
    """Cross-entropy of two-way probabilities given by logits; positive ones count `pos_weight` times."""
    z, x = convert(labels), convert(logits)
    return (1.0 - z) * x + (1.0 + (pos_weight - 1.0) * z) * ops.softplus(-x)


def mean_sigmoid_cross_entropy(multi_class_labels: Any, logits: Any, weights: Any = 1.0, label_smoothing: float = 0,
                               scope: Any = None, **options: Any) -> Tensor:  # fmt: skip
    """Mean cross-entropy of two-way probabilities given by logits."""
    labels = convert(multi_class_labels, convert(logits).dtype) * (1.0 - label_smoothing) + 0.5 * label_smoothing
    return _weighted_mean(sigmoid_cross_entropy_with_logits(labels, logits), weights)


def mean_softmax_cross_entropy(onehot_labels: Any, logits: Any, weights: Any = 1.0, label_smoothing: float = 0,
                               scope: Any = None, **options: Any) -> Tensor:  # fmt: skip
    """Mean cross-entropy of class probabilities given by logits."""
    x = convert(logits)
    labels = convert(onehot_labels, x.dtype) * (1.0 - label_smoothing) + label_smoothing / float(x.shape[-1] or 1)
    return _weighted_mean(softmax_cross_entropy_with_logits(labels, x), weights)


def mean_squared_error(labels: Any, predictions: Any, weights: Any = 1.0, scope: Any = None, **options: Any) -> Tensor:
    """Mean of the squared differences."""
    return _weighted_mean(ops.square(ops.subtract(predictions, labels)), weights)


def _weighted_mean(values: Tensor, weights: Any) -> Tensor:
    """Sum of weighted values over the number of those whose weight is not 0."""
    weight = ops.broadcast_to(convert(weights, values.dtype), values.shape)
    count = ops.cast(ops.count_nonzero(weight), values.dtype)
    return ops.divide_no_nan(ops.sum(values * weight), count)


def ctc_loss(labels: Any, logits: Any, label_length: Any, logit_length: Any, logits_time_major: bool = True,
             unique: Any = None, blank_index: int = 0, name: str | None = None) -> Tensor:  # fmt: skip
    """Negative logarithm of the probability of labels over all ways to place them in time."""
    x = convert(logits)
    if logits_time_major:
        x = ops.transpose(x, (1, 0, 2))
    blank = blank_index if blank_index >= 0 else (x.shape[-1] or 0) + blank_index
    return ops.ctc_loss(labels, x, label_length, logit_length, blank)


def _per_axis(values: Any, rank: int, first: bool) -> Any:
    """The spatial part of strides or window sizes that may be given for all axes."""
    if values is None or isinstance(values, int):
        return values
    numbers = [int(item) for item in values]
    if len(numbers) == rank + 2:
        return tuple(numbers[2:] if first else numbers[1:-1])
    return numbers[0] if len(numbers) == 1 else tuple(numbers)


def _format(data_format: str | None) -> tuple[str, bool]:
    first = data_format is not None and data_format.upper().startswith("NC")
    return ("channels_first" if first else "channels_last"), first


def convolution(input: Any, filters: Any = None, strides: Any = 1, padding: Any = "VALID", data_format: str | None = None,
                dilations: Any = None, name: str | None = None, filter: Any = None) -> Tensor:  # fmt: skip
    """Convolution with kernels (*window, channels in, channels out)."""
    x = convert(input)
    layout, first = _format(data_format)
    rank = x.ndim - 2
    return ops.conv(x, filters if filters is not None else filter, _per_axis(strides, rank, first), padding.lower(), layout,
                    _per_axis(1 if dilations is None else dilations, rank, first))  # fmt: skip


def depthwise_convolution(input: Any, filter: Any, strides: Any, padding: str, data_format: str | None = None,
                          dilations: Any = None, name: str | None = None) -> Tensor:  # fmt: skip
    """Convolution of each channel by itself."""
    layout, first = _format(data_format)
    return ops.depthwise_conv(input, filter, _per_axis(strides, 2, first), padding.lower(), layout,
                              _per_axis(1 if dilations is None else dilations, 2, first))  # fmt: skip


def transposed_convolution(input: Any, filters: Any, output_shape: Any, strides: Any, padding: str = "SAME",
                           data_format: str = "NHWC", dilations: Any = None, name: str | None = None) -> Tensor:  # fmt: skip
    """Transposed convolution; `output_shape` chooses among the sizes that fit."""
    x, kernel = convert(input), convert(filters)
    layout, first = _format(data_format)
    steps = _per_axis(strides, x.ndim - 2, first)
    numbers = (steps,) * (x.ndim - 2) if isinstance(steps, int) else steps
    wanted = [int(n) for n in np.asarray(output_shape).tolist()]
    wanted = wanted[2:] if first else wanted[1:-1]
    own = x.shape[2:] if first else x.shape[1:-1]
    extra = []
    for size, length, step, window in zip(wanted, own, numbers, kernel.shape, strict=False):
        # Without extra elements the result has (n - 1) * stride + window elements, less the padding.
        least = (length or 0) * step if padding.lower() == "same" else ((length or 0) - 1) * step + (window or 1)
        extra.append(size - least)
    if any(extra) and padding.lower() != "valid":
        raise ArgumentError(f"tf.nn.conv2d_transpose: sizes {tuple(wanted)} do not fit strides {tuple(numbers)}")
    result = ops.conv_transpose(x, kernel, steps, padding.lower(), None, layout)
    if any(extra):
        widths = [(0, 0), (0, 0), *[(0, n) for n in extra]] if first else [(0, 0), *[(0, n) for n in extra], (0, 0)]
        return ops.pad(result, widths)
    return result


def max_pool(input: Any, ksize: Any, strides: Any, padding: str, data_format: str | None = None,
             name: str | None = None) -> Tensor:  # fmt: skip
    """Largest element of each window."""
    x = convert(input)
    layout, first = _format(data_format)
    rank = x.ndim - 2
    return ops.max_pool(x, _per_axis(ksize, rank, first), _per_axis(strides, rank, first), padding.lower(), layout)


def average_pool(input: Any, ksize: Any, strides: Any, padding: str, data_format: str | None = None,
                 name: str | None = None) -> Tensor:  # fmt: skip
    """Mean of each window."""
    x = convert(input)
    layout, first = _format(data_format)
    rank = x.ndim - 2
    return ops.average_pool(x, _per_axis(ksize, rank, first), _per_axis(strides, rank, first), padding.lower(), layout)


def zero_fraction(value: Any, name: str | None = None) -> Tensor:
    """Share of the elements that are 0."""
    return ops.mean(ops.cast(ops.equal(value, 0), "float32"))
