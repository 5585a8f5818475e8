"""MobileNetV3: MobileNet's inverted blocks with weighed channels, its stages found by search."""

from __future__ import annotations

from typing import Any

from pipekeras.applications.building import Network, divisible, halving_pad
from pipekeras.applications.imagenet_utils import decode_predictions as decode_predictions
from pipekeras.applications.imagenet_utils import preparation
from pipekeras.layers import (
    Activation,
    Add,
    BatchNormalization,
    Conv2D,
    DepthwiseConv2D,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    Multiply,
    ReLU,
    Rescaling,
    ZeroPadding2D,
)
from pipekeras.models import Model

_LARGE = (
    (1, 16, 3, 1, False, "relu"),
    (4, 24, 3, 2, False, "relu"),
    (3, 24, 3, 1, False, "relu"),
    (3, 40, 5, 2, True, "relu"),
    (3, 40, 5, 1, True, "relu"),
    (3, 40, 5, 1, True, "relu"),
    (6, 80, 3, 2, False, "hard_swish"),
    (2.5, 80, 3, 1, False, "hard_swish"),
    (2.3, 80, 3, 1, False, "hard_swish"),
    (2.3, 80, 3, 1, False, "hard_swish"),
    (6, 112, 3, 1, True, "hard_swish"),
    (6, 112, 3, 1, True, "hard_swish"),
    (6, 160, 5, 2, True, "hard_swish"),
    (6, 160, 5, 1, True, "hard_swish"),
    (6, 160, 5, 1, True, "hard_swish"),
)
"""Blocks of the large network: expansion, filters, kernel, stride, whether channels are weighed, activation."""
_SMALL = (
    (1, 16, 3, 2, True, "relu"),
    (72 / 16, 24, 3, 2, False, "relu"),
    (88 / 24, 24, 3, 1, False, "relu"),
    (4, 40, 5, 2, True, "hard_swish"),
    (6, 40, 5, 1, True, "hard_swish"),
    (6, 40, 5, 1, True, "hard_swish"),
    (3, 48, 5, 1, True, "hard_swish"),
    (3, 48, 5, 1, True, "hard_swish"),
    (6, 96, 5, 2, True, "hard_swish"),
    (6, 96, 5, 1, True, "hard_swish"),
    (6, 96, 5, 1, True, "hard_swish"),
)
_WEIGHED_SHARE = 0.25


class _Builder:
    """Blocks of one network; a minimalistic one has small kernels, no weighing and ReLU alone."""

    def __init__(self, network: Network, minimalistic: bool) -> None:
        self.network, self.minimalistic = network, minimalistic

    def activate(self, x: Any, kind: str = "hard_swish") -> Any:
        return ReLU()(x) if self.minimalistic or kind == "relu" else Activation("hard_swish")(x)

    def normal(self, x: Any, name: str) -> Any:
        return BatchNormalization(axis=self.network.axis, epsilon=1e-3, momentum=0.999, name=name)(x)

    def convolve(self, x: Any, filters: int, name: str, strides: int = 1, kernel: int = 1, bias: bool = False) -> Any:
        return Conv2D(filters, kernel, strides=strides, padding="same", use_bias=bias, name=name)(x)

    def weigh(self, x: Any, prefix: str) -> Any:
        channels = self.network.channels(x)
        share = GlobalAveragePooling2D(keepdims=True, name=f"{prefix}squeeze_excite_avg_pool")(x)
        share = self.convolve(share, divisible(channels * _WEIGHED_SHARE), f"{prefix}squeeze_excite_conv", bias=True)
        share = ReLU(name=f"{prefix}squeeze_excite_relu")(share)
        share = self.convolve(share, channels, f"{prefix}squeeze_excite_conv_1", bias=True)
        share = ReLU(6.0)(share + 3.0) * (1.0 / 6.0)
        return Multiply(name=f"{prefix}squeeze_excite_mul")([x, share])

    def block(self, x: Any, number: int, filters: int, expansion: float, kernel: int, strides: int, weighed: bool,
              kind: str) -> Any:  # fmt: skip
        prefix = f"expanded_conv_{number}_" if number else "expanded_conv_"
        kept, channels = x, self.network.channels(x)
        if number:
            x = self.convolve(x, divisible(channels * expansion), f"{prefix}expand")
            x = self.activate(self.normal(x, f"{prefix}expand_bn"), kind)
        kernel = 3 if self.minimalistic else kernel
        if strides == 2:
            x = ZeroPadding2D(halving_pad(x, kernel, self.network.first), name=f"{prefix}depthwise_pad")(x)
        padding = "same" if strides == 1 else "valid"
        x = DepthwiseConv2D(kernel, strides=strides, padding=padding, use_bias=False, name=f"{prefix}depthwise")(x)
        x = self.activate(self.normal(x, f"{prefix}depthwise_bn"), kind)
        if weighed and not self.minimalistic:
            x = self.weigh(x, prefix)
        x = self.normal(self.convolve(x, filters, f"{prefix}project"), f"{prefix}project_bn")
        return Add(name=f"{prefix}add")([kept, x]) if strides == 1 and channels == filters else x


def _build(blocks: tuple[tuple[float, int, int, int, bool, str], ...], last: int, alpha: float, minimalistic: bool,
           dropout_rate: float, include_preprocessing: bool, pooling: str | None, *network: Any) -> Model:  # fmt: skip
    made = Network(*network)
    builder = _Builder(made, minimalistic)
    x = Rescaling(1 / 127.5, offset=-1.0)(made.inputs) if include_preprocessing else made.inputs
    x = builder.convolve(x, 16, "conv", strides=2, kernel=3)
    x = builder.activate(builder.normal(x, "conv_bn"))
    for number, (expansion, filters, kernel, strides, weighed, kind) in enumerate(blocks):
        x = builder.block(x, number, divisible(filters * alpha), expansion, kernel, strides, weighed, kind)
    x = builder.convolve(x, divisible(made.channels(x) * 6), "conv_1")
    x = builder.activate(builder.normal(x, "conv_1_bn"))
    if not made.include_top and pooling is not None:
        x = (GlobalAveragePooling2D(name="avg_pool") if pooling == "avg" else GlobalMaxPooling2D(name="max_pool"))(x)

    def top(x: Any) -> Any:
        x = GlobalAveragePooling2D(keepdims=True)(x)
        x = builder.convolve(x, divisible(last * alpha) if alpha > 1 else last, "conv_2", bias=True)
        x = builder.activate(x)
        x = Dropout(dropout_rate)(x) if dropout_rate > 0 else x
        x = Flatten()(builder.convolve(x, made.classes, "logits", bias=True))
        return Activation(made.activation, name="predictions")(x)

    made.pooling = None
    return made.finish(x, top)


def MobileNetV3Large(
    input_shape: Any = None,
    alpha: float = 1.0,
    minimalistic: bool = False,
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    classes: int = 1000,
    pooling: str | None = None,
    dropout_rate: float = 0.2,
    classifier_activation: Any = "softmax",
    include_preprocessing: bool = True,
    name: str = "MobileNetV3Large",
) -> Model:
    """Build the large MobileNetV3.

    Args:
        input_shape: rows, columns, channels; default any x any x 3; at least 32 rows and columns.
        alpha: float, factor of all numbers of filters, default 1.
        minimalistic: bool, kernels of 3, ReLU alone and no weighing of channels, default False.
        include_top: bool, whether the network ends in a classifier, default True.
        weights: None (random), "imagenet" (a file on this computer, the default) or the path of a file.
        input_tensor: tensor to begin with, or None.
        classes: int, default 1000.
        pooling: end of a network without classifier: None, "avg" or "max".
        dropout_rate: float, before the classifier, default 0.2.
        classifier_activation: default "softmax".
        include_preprocessing: bool, whether pictures with values 0 to 255 are rescaled by the network, default True.
        name: str.

    Input shape -> output shape:
        (batch, rows, columns, 3) -> (batch, classes)

    Source:
        A. Howard and others (2019), Searching for MobileNetV3.
    """
    shape = input_shape if input_shape is not None else _any_size()
    return _build(
        _LARGE, 1280, alpha, minimalistic, dropout_rate, include_preprocessing, pooling, name, include_top, weights,
        input_tensor, shape, pooling, classes, classifier_activation, 224, 32,
    )  # fmt: skip


def MobileNetV3Small(
    input_shape: Any = None,
    alpha: float = 1.0,
    minimalistic: bool = False,
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    classes: int = 1000,
    pooling: str | None = None,
    dropout_rate: float = 0.2,
    classifier_activation: Any = "softmax",
    include_preprocessing: bool = True,
    name: str = "MobileNetV3Small",
) -> Model:
    """Build the small MobileNetV3; arguments as for `MobileNetV3Large`.

    Input shape -> output shape:
        (batch, rows, columns, 3) -> (batch, classes)

    Source:
        A. Howard and others (2019), Searching for MobileNetV3.
    """
    shape = input_shape if input_shape is not None else _any_size()
    return _build(
        _SMALL, 1024, alpha, minimalistic, dropout_rate, include_preprocessing, pooling, name, include_top, weights,
        input_tensor, shape, pooling, classes, classifier_activation, 224, 32,
    )  # fmt: skip


def _any_size() -> tuple[int | None, ...]:
    from pipekeras.core import configuration

    return (3, None, None) if configuration.image_data_format() == "channels_first" else (None, None, 3)

preprocess_input = preparation("mobilenet_v3")
