"""Convolutions, normalisations and losses with keras.backend's arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipekeras import ops
from pipekeras.core import configuration
from pipekeras.core.errors import ArgumentError
from pipekeras.graph.tensor import Tensor, convert


def _channels_first(data_format: str | None) -> bool:
    return (data_format or configuration.image_data_format()) == "channels_first"


def bias_add(x: Any, bias: Any, data_format: str | None = None) -> Tensor:
    """Add a bias to each channel, or one of the shape of a sample."""
    x, bias = convert(x), convert(bias)
    if bias.ndim == 1 and _channels_first(data_format) and x.ndim > 2:
        return x + ops.reshape(bias, (-1, *(1,) * (x.ndim - 2)))
    return x + bias


def batch_normalization(x: Any, mean: Any, var: Any, beta: Any, gamma: Any, axis: int = -1, epsilon: float = 1e-3) -> Tensor:
    """Normalise with given moments."""
    return ops.batch_normalization(x, ops.ravel(mean), ops.ravel(var), axis, None if beta is None else ops.ravel(beta),
                                   None if gamma is None else ops.ravel(gamma), epsilon)  # fmt: skip


def normalize_batch_in_training(x: Any, gamma: Any, beta: Any, reduction_axes: Any, epsilon: float = 1e-3) -> Any:
    """Normalise with the batch's own moments; returns the result, the mean and the variance."""
    mean, variance = ops.moments(x, list(reduction_axes), keepdims=True)
    result = (convert(x) - mean) * ops.rsqrt(variance + epsilon)
    shape = mean.shape
    if gamma is not None:
        result = result * ops.reshape(gamma, [-1 if n != 1 else 1 for n in shape])
    if beta is not None:
        result = result + ops.reshape(beta, [-1 if n != 1 else 1 for n in shape])
    return result, ops.squeeze(mean, list(reduction_axes)), ops.squeeze(variance, list(reduction_axes))


def binary_focal_crossentropy(target: Any, output: Any, apply_class_balancing: bool = False, alpha: float = 0.25,
                              gamma: float = 2.0, from_logits: bool = False) -> Tensor:  # fmt: skip
    """Cross-entropy of two-way probabilities in which sure predictions count less, element by element."""
    p = ops.sigmoid(output) if from_logits else convert(output)
    t = ops.cast(target, p.dtype)
    plain = ops.binary_crossentropy(t, p)
    sure = t * p + (1.0 - t) * (1.0 - p)
    result = ops.power(1.0 - sure, gamma) * plain
    return result * (t * alpha + (1.0 - t) * (1.0 - alpha)) if apply_class_balancing else result


def ctc_batch_cost(y_true: Any, y_pred: Any, input_length: Any, label_length: Any) -> Tensor:
    """CTC loss of each sample (batch, 1), from probabilities; the last class is the blank."""
    predictions = convert(y_pred)
    logits = ops.log(predictions + configuration.epsilon())
    loss = ops.ctc_loss(y_true, logits, ops.reshape(label_length, (-1,)), ops.reshape(input_length, (-1,)),
                        (predictions.shape[-1] or 1) - 1)  # fmt: skip
    return ops.expand_dims(loss, 1)


def ctc_decode(y_pred: Any, input_length: Any, greedy: bool = True, beam_width: int = 100, top_paths: int = 1) -> Any:
    """Label sequences of probabilities (batch, time, classes); the last class is the blank."""
    predictions = convert(y_pred)
    logits = ops.log(predictions + configuration.epsilon())
    labels, scores = ops.ctc_decode(logits, ops.reshape(input_length, (-1,)), "greedy" if greedy else "beam_search", beam_width,
                                    top_paths, True, (predictions.shape[-1] or 1) - 1)  # fmt: skip
    return list(ops.unstack(labels)), scores


def convolution(x: Any, kernel: Any, strides: Any = 1, padding: str = "valid", data_format: str | None = None,
                dilation_rate: Any = 1) -> Tensor:  # fmt: skip
    """Convolution; padding "causal" looks back only."""
    x, kernel = convert(x), convert(kernel)
    if padding == "causal":
        rate = dilation_rate if isinstance(dilation_rate, int) else dilation_rate[0]
        before = ((kernel.shape[0] or 1) - 1) * rate
        widths = [(0, 0)] * x.ndim
        widths[2 if _channels_first(data_format) else 1] = (before, 0)
        x, padding = ops.pad(x, widths), "valid"
    return ops.conv(x, kernel, strides, padding, data_format, dilation_rate)


def transposed_convolution(x: Any, kernel: Any, output_shape: Any, strides: Any = 1, padding: str = "valid",
                           data_format: str | None = None, dilation_rate: Any = 1) -> Tensor:  # fmt: skip
    """Transposed convolution to a given shape."""
    from pipekeras.compatibility.tensorflow.neural import transposed_convolution as run

    if dilation_rate not in (1, (1, 1), (1, 1, 1)):
        raise ArgumentError("K.conv2d_transpose: dilation is not supported")
    return run(x, kernel, output_shape, strides, padding, "NCHW" if _channels_first(data_format) else "NHWC")


def depthwise_convolution(x: Any, depthwise_kernel: Any, strides: Any = 1, padding: str = "valid",
                          data_format: str | None = None, dilation_rate: Any = 1) -> Tensor:  # fmt: skip
    """Convolution of each channel by itself."""
    return ops.depthwise_conv(x, depthwise_kernel, strides, padding, data_format, dilation_rate)


def separable_convolution(x: Any, depthwise_kernel: Any, pointwise_kernel: Any, strides: Any = 1, padding: str = "valid",
                          data_format: str | None = None, dilation_rate: Any = 1) -> Tensor:  # fmt: skip
    """Convolution of each channel by itself, then over the channels."""
    return ops.separable_conv(x, depthwise_kernel, pointwise_kernel, strides, padding, data_format, dilation_rate)


def pool(x: Any, pool_size: Any, strides: Any = 1, padding: str = "valid", data_format: str | None = None,
         pool_mode: str = "max") -> Tensor:  # fmt: skip
    """Largest ("max") or mean ("avg") element of each window."""
    if pool_mode not in ("max", "avg"):
        raise ArgumentError(f"pool_mode must be 'max' or 'avg', not {pool_mode!r}")
    return (ops.max_pool if pool_mode == "max" else ops.average_pool)(x, pool_size, strides, padding, data_format)


def _padded(x: Any, widths: Sequence[Any], data_format: str | None) -> Tensor:
    pairs = [tuple(int(item) for item in pair) for pair in widths]
    x = convert(x)
    around = [(0, 0), (0, 0), *pairs] if _channels_first(data_format) and x.ndim > 3 else [(0, 0), *pairs, (0, 0)]
    return ops.pad(x, around)


def temporal_padding(x: Any, padding: Any = (1, 1)) -> Tensor:
    """Add zeros before and after the time steps of (batch, time, features)."""
    return _padded(x, [padding], "channels_last")


def spatial_2d_padding(x: Any, padding: Any = ((1, 1), (1, 1)), data_format: str | None = None) -> Tensor:
    """Add zeros around the height and width of images."""
    return _padded(x, padding, data_format)


def spatial_3d_padding(x: Any, padding: Any = ((1, 1), (1, 1), (1, 1)), data_format: str | None = None) -> Tensor:
    """Add zeros around the depth, height and width of volumes."""
    return _padded(x, padding, data_format)


def resize_images(x: Any, height_factor: int, width_factor: int, data_format: str, interpolation: str = "nearest") -> Tensor:
    """Make images larger by whole factors."""
    x = convert(x)
    place = 2 if data_format == "channels_first" else 1
    if interpolation == "nearest":
        return ops.repeat(ops.repeat(x, int(height_factor), place), int(width_factor), place + 1)
    size = ((x.shape[place] or 0) * int(height_factor), (x.shape[place + 1] or 0) * int(width_factor))
    return ops.image.resize(x, size, interpolation, data_format=data_format)


def resize_volumes(x: Any, depth_factor: int, height_factor: int, width_factor: int, data_format: str) -> Tensor:
    """Make volumes larger by whole factors."""
    place = 2 if data_format == "channels_first" else 1
    for offset, factor in enumerate((depth_factor, height_factor, width_factor)):
        x = ops.repeat(x, int(factor), place + offset)
    return convert(x)
