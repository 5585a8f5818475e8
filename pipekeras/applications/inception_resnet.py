"""InceptionResNetV2: Inception's branches added to what they read."""

from __future__ import annotations

from typing import Any

from pipekeras.applications.building import Network
from pipekeras.layers import (
    Activation,
    Add,
    AveragePooling2D,
    BatchNormalization,
    Concatenate,
    Conv2D,
    MaxPooling2D,
    Rescaling,
)
from pipekeras.models import Model

_Branch = tuple[tuple[int, int, int], ...]
_RESIDUAL: dict[str, tuple[_Branch, ...]] = {
    "block35": (((32, 1, 1),), ((32, 1, 1), (32, 3, 3)), ((32, 1, 1), (48, 3, 3), (64, 3, 3))),
    "block17": (((192, 1, 1),), ((128, 1, 1), (160, 1, 7), (192, 7, 1))),
    "block8": (((192, 1, 1),), ((192, 1, 1), (224, 1, 3), (256, 3, 1))),
}
"""Filters, rows and columns of the convolutions in each branch of the residual blocks."""


def InceptionResNetV2(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "inception_resnet_v2",
) -> Model:
    """Build InceptionResNetV2; arguments as for `InceptionV3`.

    Input shape -> output shape:
        (batch, rows, columns, 3) -> (batch, classes)

    Source:
        C. Szegedy, S. Ioffe, V. Vanhoucke and A. Alemi (2017), Inception-v4, Inception-ResNet and the impact of
        residual connections on learning.
    """
    network = Network(name, include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, 299, 75)
    axis = network.axis

    def conv(x: Any, filters: int, rows: int, columns: int, padding: str = "same", strides: int = 1,
             label: str | None = None) -> Any:  # fmt: skip
        x = Conv2D(filters, (rows, columns), strides=strides, padding=padding, use_bias=False, name=label)(x)
        x = BatchNormalization(axis=axis, scale=False, name=None if label is None else f"{label}_bn")(x)
        return Activation("relu", name=None if label is None else f"{label}_ac")(x)

    def residual(x: Any, scale: float, kind: str, number: int, activate: bool = True) -> Any:
        ends = []
        for branch in _RESIDUAL[kind]:
            made = x
            for filters, rows, columns in branch:
                made = conv(made, filters, rows, columns)
            ends.append(made)
        label = f"{kind}_{number}"
        mixed = Concatenate(axis=axis, name=f"{label}_mixed")(ends)
        up = Conv2D(network.channels(x), 1, padding="same", name=f"{label}_conv")(mixed)
        x = Add()([x, Rescaling(scale)(up)])
        return Activation("relu", name=f"{label}_ac")(x) if activate else x

    x = conv(network.inputs, 32, 3, 3, "valid", 2)
    x = conv(x, 32, 3, 3, "valid")
    x = conv(x, 64, 3, 3)
    x = MaxPooling2D(3, strides=2)(x)
    x = conv(x, 80, 1, 1, "valid")
    x = conv(x, 192, 3, 3, "valid")
    x = MaxPooling2D(3, strides=2)(x)
    one = conv(x, 96, 1, 1)
    five = conv(conv(x, 48, 1, 1), 64, 5, 5)
    three = conv(conv(conv(x, 64, 1, 1), 96, 3, 3), 96, 3, 3)
    pooled = conv(AveragePooling2D(3, strides=1, padding="same")(x), 64, 1, 1)
    x = Concatenate(axis=axis, name="mixed_5b")([one, five, three, pooled])
    for number in range(1, 11):
        x = residual(x, 0.17, "block35", number)
    three = conv(x, 384, 3, 3, "valid", 2)
    double = conv(conv(conv(x, 256, 1, 1), 256, 3, 3), 384, 3, 3, "valid", 2)
    x = Concatenate(axis=axis, name="mixed_6a")([three, double, MaxPooling2D(3, strides=2)(x)])
    for number in range(1, 21):
        x = residual(x, 0.1, "block17", number)
    first = conv(conv(x, 256, 1, 1), 384, 3, 3, "valid", 2)
    second = conv(conv(x, 256, 1, 1), 288, 3, 3, "valid", 2)
    third = conv(conv(conv(x, 256, 1, 1), 288, 3, 3), 320, 3, 3, "valid", 2)
    x = Concatenate(axis=axis, name="mixed_7a")([first, second, third, MaxPooling2D(3, strides=2)(x)])
    for number in range(1, 10):
        x = residual(x, 0.2, "block8", number)
    x = residual(x, 1.0, "block8", 10, activate=False)
    return network.finish(conv(x, 1536, 1, 1, label="conv_7b"))
