"""MobileNets: a convolution of each channel by itself, then one across channels."""

from __future__ import annotations

from typing import Any

from pipekeras.applications.building import Network, divisible, halving_pad
from pipekeras.applications.imagenet_utils import decode_predictions as decode_predictions
from pipekeras.applications.imagenet_utils import preparation
from pipekeras.core.older_places import older_names
from pipekeras.layers import (
    Activation,
    Add,
    BatchNormalization,
    Conv2D,
    DepthwiseConv2D,
    Dropout,
    GlobalAveragePooling2D,
    ReLU,
    Reshape,
    ZeroPadding2D,
)
from pipekeras.models import Model

_FIRST = ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *((512, 1),) * 5, (1024, 2), (1024, 1))
"""Filters and strides of MobileNet's blocks."""
_SECOND = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
"""MobileNetV2's stages: expansion, filters, blocks, stride of the first."""


def _usual_size(input_shape: Any) -> str:
    return str(input_shape[0]) if input_shape is not None and input_shape[0] else "224"


def MobileNet(
    input_shape: Any = None,
    alpha: float = 1.0,
    depth_multiplier: int = 1,
    dropout: float = 0.001,
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str | None = None,
) -> Model:
    """Build MobileNet.

    Args:
        input_shape: rows, columns, channels; default 224 x 224 x 3; at least 32 rows and columns.
        alpha: float, factor of all numbers of filters, default 1.
        depth_multiplier: int, filters for each channel of the depthwise convolutions, default 1.
        dropout: float, before the classifier, default 0.001.
        include_top: bool, whether the network ends in a classifier, default True.
        weights: None (random), "imagenet" (a file on this computer, the default) or the path of a file.
        input_tensor: tensor to begin with, or None.
        pooling: end of a network without classifier: None, "avg" or "max".
        classes: int, default 1000.
        classifier_activation: default "softmax".
        name: str or None.

    Input shape -> output shape:
        (batch, rows, columns, 3) -> (batch, classes)

    Source:
        A. Howard and others (2017), MobileNets: efficient convolutional neural networks for mobile vision applications.
    """
    label = name or f"mobilenet_{alpha:0.2f}_{_usual_size(input_shape)}"
    network = Network(label, include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, 224, 32)

    def normal(x: Any, name: str) -> Any:
        x = BatchNormalization(axis=network.axis, name=f"{name}_bn")(x)
        return ReLU(6.0, name=f"{name}_relu")(x)

    x = Conv2D(int(32 * alpha), 3, padding="same", use_bias=False, strides=2, name="conv1")(network.inputs)
    x = normal(x, "conv1")
    for number, (filters, strides) in enumerate(_FIRST, start=1):
        if strides == 2:
            x = ZeroPadding2D(((0, 1), (0, 1)), name=f"conv_pad_{number}")(x)
        x = DepthwiseConv2D(
            3,
            padding="same" if strides == 1 else "valid",
            depth_multiplier=depth_multiplier,
            strides=strides,
            use_bias=False,
            name=f"conv_dw_{number}",
        )(x)
        x = normal(x, f"conv_dw_{number}")
        x = Conv2D(int(filters * alpha), 1, padding="same", use_bias=False, name=f"conv_pw_{number}")(x)
        x = normal(x, f"conv_pw_{number}")

    def top(x: Any) -> Any:
        x = GlobalAveragePooling2D(keepdims=True)(x)
        x = Dropout(dropout, name="dropout")(x)
        x = Conv2D(classes, 1, padding="same", name="conv_preds")(x)
        x = Reshape((classes,), name="reshape_2")(x)
        return Activation(classifier_activation, name="predictions")(x)

    return network.finish(x, top)


def MobileNetV2(
    input_shape: Any = None,
    alpha: float = 1.0,
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str | None = None,
) -> Model:
    """Build MobileNetV2; arguments as for `MobileNet`.

    Input shape -> output shape:
        (batch, rows, columns, 3) -> (batch, classes)

    Source:
        M. Sandler and others (2018), MobileNetV2: inverted residuals and linear bottlenecks.
    """
    label = name or f"mobilenetv2_{alpha:0.2f}_{_usual_size(input_shape)}"
    network = Network(label, include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, 224, 32)

    def normal(x: Any, name: str, activation: str | None = None) -> Any:
        x = BatchNormalization(axis=network.axis, epsilon=1e-3, momentum=0.999, name=name)(x)
        return x if activation is None else ReLU(6.0, name=activation)(x)

    x = Conv2D(divisible(32 * alpha), 3, strides=2, padding="same", use_bias=False, name="Conv1")(network.inputs)
    x = normal(x, "bn_Conv1", "Conv1_relu")
    number = 0
    for expansion, filters, count, first_stride in _SECOND:
        wanted = divisible(filters * alpha)
        for place in range(count):
            strides = first_stride if place == 0 else 1
            prefix = f"block_{number}_" if number else "expanded_conv_"
            kept, channels = x, network.channels(x)
            if number:
                x = Conv2D(expansion * channels, 1, padding="same", use_bias=False, name=f"{prefix}expand")(x)
                x = normal(x, f"{prefix}expand_BN", f"{prefix}expand_relu")
            if strides == 2:
                x = ZeroPadding2D(halving_pad(x, 3, network.first), name=f"{prefix}pad")(x)
            x = DepthwiseConv2D(
                3,
                strides=strides,
                use_bias=False,
                padding="same" if strides == 1 else "valid",
                name=f"{prefix}depthwise",
            )(x)
            x = normal(x, f"{prefix}depthwise_BN", f"{prefix}depthwise_relu")
            x = Conv2D(wanted, 1, padding="same", use_bias=False, name=f"{prefix}project")(x)
            x = normal(x, f"{prefix}project_BN")
            if channels == wanted and strides == 1:
                x = Add(name=f"{prefix}add")([kept, x])
            number += 1
    last = divisible(1280 * alpha) if alpha > 1 else 1280
    x = Conv2D(last, 1, use_bias=False, name="Conv_1")(x)
    x = normal(x, "Conv_1_bn", "out_relu")
    return network.finish(x, lambda x: network.predictions(GlobalAveragePooling2D()(x)))


__getattr__ = older_names(__name__)

preprocess_input = preparation("mobilenet")
