"""InceptionV3: convolutions of several sizes side by side."""

from __future__ import annotations

from typing import Any

from pipekeras.applications.building import Network
from pipekeras.layers import Activation, AveragePooling2D, BatchNormalization, Conv2D, MaxPooling2D, concatenate
from pipekeras.models import Model


def InceptionV3(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "inception_v3",
) -> Model:
    """Build InceptionV3.

    Args:
        include_top: bool, whether the network ends in a classifier, default True.
        weights: None (random), "imagenet" (a file on this computer, the default) or the path of a file.
        input_tensor: tensor to begin with, or None.
        input_shape: rows, columns, channels; default 299 x 299 x 3; at least 75 rows and columns.
        pooling: end of a network without classifier: None, "avg" or "max".
        classes: int, default 1000.
        classifier_activation: default "softmax".
        name: str.

    Input shape -> output shape:
        (batch, rows, columns, 3) -> (batch, classes)

    Source:
        C. Szegedy and others (2016), Rethinking the inception architecture for computer vision.
    """
    network = Network(name, include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, 299, 75)
    axis = network.axis

    def conv(x: Any, filters: int, rows: int, columns: int, padding: str = "same", strides: int = 1) -> Any:
        x = Conv2D(filters, (rows, columns), strides=strides, padding=padding, use_bias=False)(x)
        x = BatchNormalization(axis=axis, scale=False)(x)
        return Activation("relu")(x)

    def averaged(x: Any, filters: int) -> Any:
        return conv(AveragePooling2D(3, strides=1, padding="same")(x), filters, 1, 1)

    x = conv(network.inputs, 32, 3, 3, "valid", 2)
    x = conv(x, 32, 3, 3, "valid")
    x = conv(x, 64, 3, 3)
    x = MaxPooling2D(3, strides=2)(x)
    x = conv(x, 80, 1, 1, "valid")
    x = conv(x, 192, 3, 3, "valid")
    x = MaxPooling2D(3, strides=2)(x)
    for number, pooled in enumerate((32, 64, 64)):
        one = conv(x, 64, 1, 1)
        five = conv(conv(x, 48, 1, 1), 64, 5, 5)
        three = conv(conv(conv(x, 64, 1, 1), 96, 3, 3), 96, 3, 3)
        x = concatenate([one, five, three, averaged(x, pooled)], axis=axis, name=f"mixed{number}")
    three = conv(x, 384, 3, 3, "valid", 2)
    double = conv(conv(conv(x, 64, 1, 1), 96, 3, 3), 96, 3, 3, "valid", 2)
    x = concatenate([three, double, MaxPooling2D(3, strides=2)(x)], axis=axis, name="mixed3")
    for number, inner in enumerate((128, 160, 160, 192), start=4):
        one = conv(x, 192, 1, 1)
        seven = conv(conv(conv(x, inner, 1, 1), inner, 1, 7), 192, 7, 1)
        double = conv(conv(conv(x, inner, 1, 1), inner, 7, 1), inner, 1, 7)
        double = conv(conv(double, inner, 7, 1), 192, 1, 7)
        x = concatenate([one, seven, double, averaged(x, 192)], axis=axis, name=f"mixed{number}")
    three = conv(conv(x, 192, 1, 1), 320, 3, 3, "valid", 2)
    seven = conv(conv(conv(conv(x, 192, 1, 1), 192, 1, 7), 192, 7, 1), 192, 3, 3, "valid", 2)
    x = concatenate([three, seven, MaxPooling2D(3, strides=2)(x)], axis=axis, name="mixed8")
    for number in range(2):
        one = conv(x, 320, 1, 1)
        three = conv(x, 384, 1, 1)
        wide, tall = conv(three, 384, 1, 3), conv(three, 384, 3, 1)
        three = concatenate([wide, tall], axis=axis, name=f"mixed9_{number}")
        double = conv(conv(x, 448, 1, 1), 384, 3, 3)
        wide, tall = conv(double, 384, 1, 3), conv(double, 384, 3, 1)
        double = concatenate([wide, tall], axis=axis)
        x = concatenate([one, three, double, averaged(x, 192)], axis=axis, name=f"mixed{9 + number}")
    return network.finish(x)
