"""Xception: separable convolutions with residual links."""

from __future__ import annotations

from typing import Any

from pipekeras.applications.building import Network
from pipekeras.applications.imagenet_utils import decode_predictions as decode_predictions
from pipekeras.applications.imagenet_utils import preparation
from pipekeras.layers import Activation, BatchNormalization, Conv2D, MaxPooling2D, SeparableConv2D, add
from pipekeras.models import Model


def Xception(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "xception",
) -> Model:
    """Build Xception.

    Args:
        include_top: bool, whether the network ends in a classifier, default True.
        weights: None (random), "imagenet" (a file on this computer, the default) or the path of a file.
        input_tensor: tensor to begin with, or None.
        input_shape: rows, columns, channels; default 299 x 299 x 3; at least 71 rows and columns.
        pooling: end of a network without classifier: None, "avg" or "max".
        classes: int, default 1000.
        classifier_activation: default "softmax".
        name: str.

    Input shape -> output shape:
        (batch, rows, columns, 3) -> (batch, classes)

    Source:
        F. Chollet (2017), Xception: deep learning with depthwise separable convolutions.
    """
    network = Network(name, include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, 299, 71)

    def separable(x: Any, filters: int, label: str, before: bool, after: bool = False) -> Any:
        if before:
            x = Activation("relu", name=f"{label}_act")(x)
        x = SeparableConv2D(filters, 3, padding="same", use_bias=False, name=label)(x)
        x = BatchNormalization(axis=network.axis, name=f"{label}_bn")(x)
        return Activation("relu", name=f"{label}_act")(x) if after else x

    x = network.inputs
    for number, (filters, strides) in enumerate(((32, 2), (64, 1)), start=1):
        label = f"block1_conv{number}"
        x = Conv2D(filters, 3, strides=strides, use_bias=False, name=label)(x)
        x = BatchNormalization(axis=network.axis, name=f"{label}_bn")(x)
        x = Activation("relu", name=f"{label}_act")(x)
    for block, sizes in ((2, (128, 128)), (3, (256, 256)), (4, (728, 728)), *((n, (728,) * 3) for n in range(5, 13)),
                         (13, (728, 1024))):  # fmt: skip
        kept = x
        if len(sizes) == 2:
            kept = Conv2D(sizes[1], 1, strides=2, padding="same", use_bias=False)(x)
            kept = BatchNormalization(axis=network.axis)(kept)
        for number, filters in enumerate(sizes, start=1):
            x = separable(x, filters, f"block{block}_sepconv{number}", before=block > 2 or number > 1)
        if len(sizes) == 2:
            x = MaxPooling2D(3, strides=2, padding="same", name=f"block{block}_pool")(x)
        x = add([x, kept])
    x = separable(x, 1536, "block14_sepconv1", before=False, after=True)
    x = separable(x, 2048, "block14_sepconv2", before=False, after=True)
    return network.finish(x)

preprocess_input = preparation("xception")
