"""VGG: stacks of 3 x 3 convolutions between poolings."""

from __future__ import annotations

from typing import Any

from pipekeras.applications.building import Network
from pipekeras.layers import Conv2D, Dense, Flatten, MaxPooling2D
from pipekeras.models import Model


def _vgg(network: Network, depths: tuple[int, ...]) -> Model:
    x = network.inputs
    for block, (count, filters) in enumerate(zip(depths, (64, 128, 256, 512, 512), strict=True), start=1):
        for number in range(1, count + 1):
            x = Conv2D(filters, 3, activation="relu", padding="same", name=f"block{block}_conv{number}")(x)
        x = MaxPooling2D(2, strides=2, name=f"block{block}_pool")(x)

    def top(x: Any) -> Any:
        x = Flatten(name="flatten")(x)
        x = Dense(4096, activation="relu", name="fc1")(x)
        x = Dense(4096, activation="relu", name="fc2")(x)
        return network.predictions(x)

    return network.finish(x, top)


def VGG16(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "vgg16",
) -> Model:
    """Build VGG16.

    Args:
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

    Raises:
        DataError: the weights are not on this computer.

    Example:
        >>> from pipekeras.applications import VGG16
        >>> VGG16(include_top=False, weights=None, input_shape=(32, 32, 3)).output_shape
        (None, 1, 1, 512)

    Source:
        K. Simonyan and A. Zisserman (2015), Very deep convolutional networks for large-scale image recognition.
    """
    network = Network(name, include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, 224, 32)
    return _vgg(network, (2, 2, 3, 3, 3))


def VGG19(
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "vgg19",
) -> Model:
    """Build VGG19; arguments as for `VGG16`.

    Source:
        K. Simonyan and A. Zisserman (2015), Very deep convolutional networks for large-scale image recognition.
    """
    network = Network(name, include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, 224, 32)
    return _vgg(network, (2, 2, 4, 4, 4))
