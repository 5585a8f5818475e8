"""DenseNet: each convolution reads what all before it in its block have made."""

from __future__ import annotations

from typing import Any

from pipekeras.applications.building import Network
from pipekeras.applications.imagenet_utils import decode_predictions as decode_predictions
from pipekeras.applications.imagenet_utils import preparation
from pipekeras.layers import (
    Activation,
    AveragePooling2D,
    BatchNormalization,
    Concatenate,
    Conv2D,
    MaxPooling2D,
    ZeroPadding2D,
)
from pipekeras.models import Model

_EPSILON = 1.001e-5
_GROWTH = 32


def DenseNet(
    blocks: Any,
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "densenet",
) -> Model:
    """Build a DenseNet with any number of layers.

    Args:
        blocks: four numbers of layers, one for each block.
        include_top: bool, whether the network ends in a classifier, default True.
        weights: None (random), "imagenet" (a file on this computer, the default) or the path of a file.
        input_tensor: tensor to begin with, or None.
        input_shape: rows, columns, channels; default 224 x 224 x 3; at least 32 rows and columns.
        pooling: end of a network without classifier: None, "avg" or "max".
        classes: int, default 1000.
        classifier_activation: default "softmax".
        name: str.

    Input shape -> output shape:
        (batch, rows, columns, 3) -> (batch, classes)

    Source:
        G. Huang, Z. Liu, L. van der Maaten and K. Weinberger (2017), Densely connected convolutional networks.
    """
    network = Network(name, include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, 224, 32)
    network.names_pooling = True

    def normal(x: Any, bn: str, relu: str) -> Any:
        x = BatchNormalization(axis=network.axis, epsilon=_EPSILON, name=bn)(x)
        return Activation("relu", name=relu)(x)

    x = ZeroPadding2D(((3, 3), (3, 3)))(network.inputs)
    x = Conv2D(64, 7, strides=2, use_bias=False, name="conv1_conv")(x)
    x = normal(x, "conv1_bn", "conv1_relu")
    x = ZeroPadding2D(((1, 1), (1, 1)))(x)
    x = MaxPooling2D(3, strides=2, name="pool1")(x)
    for stage, count in enumerate(blocks, start=2):
        for number in range(1, count + 1):
            label = f"conv{stage}_block{number}"
            made = normal(x, f"{label}_0_bn", f"{label}_0_relu")
            made = Conv2D(4 * _GROWTH, 1, use_bias=False, name=f"{label}_1_conv")(made)
            made = normal(made, f"{label}_1_bn", f"{label}_1_relu")
            made = Conv2D(_GROWTH, 3, padding="same", use_bias=False, name=f"{label}_2_conv")(made)
            x = Concatenate(axis=network.axis, name=f"{label}_concat")([x, made])
        if stage <= len(blocks):
            x = normal(x, f"pool{stage}_bn", f"pool{stage}_relu")
            x = Conv2D(network.channels(x) // 2, 1, use_bias=False, name=f"pool{stage}_conv")(x)
            x = AveragePooling2D(2, strides=2, name=f"pool{stage}_pool")(x)
    return network.finish(normal(x, "bn", "relu"))


def _builder(title: str, blocks: tuple[int, ...]) -> Any:
    own_name = title.lower()

    def build(
        include_top: bool = True,
        weights: Any = "imagenet",
        input_tensor: Any = None,
        input_shape: Any = None,
        pooling: str | None = None,
        classes: int = 1000,
        classifier_activation: Any = "softmax",
        name: str = own_name,
    ) -> Model:
        return DenseNet(blocks, include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name)

    build.__name__ = build.__qualname__ = title
    build.__doc__ = f"Build {title}; arguments as for `DenseNet`, without the numbers of layers."
    return build


DenseNet121 = _builder("DenseNet121", (6, 12, 24, 16))
DenseNet169 = _builder("DenseNet169", (6, 12, 32, 32))
DenseNet201 = _builder("DenseNet201", (6, 12, 48, 32))

preprocess_input = preparation("densenet")
