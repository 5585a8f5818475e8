"""Residual networks: blocks that add to what they read. The second version normalises before each convolution."""

from __future__ import annotations

from typing import Any

from pipekeras.applications.building import Network
from pipekeras.applications.imagenet_utils import decode_predictions as decode_predictions
from pipekeras.applications.imagenet_utils import preparation
from pipekeras.layers import Activation, Add, BatchNormalization, Conv2D, MaxPooling2D, ZeroPadding2D
from pipekeras.models import Model

_EPSILON = 1.001e-5


class _Blocks:
    def __init__(self, network: Network) -> None:
        self.network = network

    def normal(self, x: Any, name: str, activate: bool = True) -> Any:
        x = BatchNormalization(axis=self.network.axis, epsilon=_EPSILON, name=f"{name}_bn")(x)
        return Activation("relu", name=f"{name}_relu")(x) if activate else x

    def first(self, x: Any, filters: int, strides: int, shortcut: bool, name: str) -> Any:
        """Block of the first version: normalisation after each convolution, rectifier after the sum."""
        kept = x
        if shortcut:
            kept = Conv2D(4 * filters, 1, strides=strides, name=f"{name}_0_conv")(x)
            kept = self.normal(kept, f"{name}_0", activate=False)
        x = Conv2D(filters, 1, strides=strides, name=f"{name}_1_conv")(x)
        x = self.normal(x, f"{name}_1")
        x = Conv2D(filters, 3, padding="same", name=f"{name}_2_conv")(x)
        x = self.normal(x, f"{name}_2")
        x = Conv2D(4 * filters, 1, name=f"{name}_3_conv")(x)
        x = self.normal(x, f"{name}_3", activate=False)
        x = Add(name=f"{name}_add")([kept, x])
        return Activation("relu", name=f"{name}_out")(x)

    def second(self, x: Any, filters: int, strides: int, shortcut: bool, name: str) -> Any:
        """Block of the second version: normalisation and rectifier first, the sum last."""
        ready = self.normal(x, f"{name}_preact")
        if shortcut:
            kept = Conv2D(4 * filters, 1, strides=strides, name=f"{name}_0_conv")(ready)
        else:
            kept = MaxPooling2D(1, strides=strides)(x) if strides > 1 else x
        x = Conv2D(filters, 1, use_bias=False, name=f"{name}_1_conv")(ready)
        x = self.normal(x, f"{name}_1")
        x = ZeroPadding2D(((1, 1), (1, 1)), name=f"{name}_2_pad")(x)
        x = Conv2D(filters, 3, strides=strides, use_bias=False, name=f"{name}_2_conv")(x)
        x = self.normal(x, f"{name}_2")
        x = Conv2D(4 * filters, 1, name=f"{name}_3_conv")(x)
        return Add(name=f"{name}_out")([kept, x])


def _resnet(depths: tuple[int, ...], version: int, name: str, include_top: bool, weights: Any, input_tensor: Any,
            input_shape: Any, pooling: str | None, classes: int, activation: Any) -> Model:  # fmt: skip
    network = Network(name, include_top, weights, input_tensor, input_shape, pooling, classes, activation, 224, 32)
    network.names_pooling = True
    blocks = _Blocks(network)
    x = ZeroPadding2D(((3, 3), (3, 3)), name="conv1_pad")(network.inputs)
    x = Conv2D(64, 7, strides=2, name="conv1_conv")(x)
    if version == 1:
        x = blocks.normal(x, "conv1")
    x = ZeroPadding2D(((1, 1), (1, 1)), name="pool1_pad")(x)
    x = MaxPooling2D(3, strides=2, name="pool1_pool")(x)
    for stage, (count, filters) in enumerate(zip(depths, (64, 128, 256, 512), strict=True), start=2):
        for number in range(1, count + 1):
            label = f"conv{stage}_block{number}"
            if version == 1:
                x = blocks.first(x, filters, 2 if number == 1 and stage > 2 else 1, number == 1, label)
            else:
                x = blocks.second(x, filters, 2 if number == count and stage < 5 else 1, number == 1, label)
    if version == 2:
        x = blocks.normal(x, "post")
    return network.finish(x)


_DOCUMENTATION = """Build {title}.

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

    Source:
        K. He, X. Zhang, S. Ren and J. Sun (2016), Deep residual learning for image recognition; Identity mappings in
        deep residual networks.
    """


def _builder(title: str, depths: tuple[int, ...], version: int) -> Any:
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
        return _resnet(depths, version, name, include_top, weights, input_tensor, input_shape, pooling, classes,
                       classifier_activation)  # fmt: skip

    build.__name__ = build.__qualname__ = title
    build.__doc__ = _DOCUMENTATION.format(title=title)
    return build


ResNet50 = _builder("ResNet50", (3, 4, 6, 3), 1)
ResNet101 = _builder("ResNet101", (3, 4, 23, 3), 1)
ResNet152 = _builder("ResNet152", (3, 8, 36, 3), 1)
ResNet50V2 = _builder("ResNet50V2", (3, 4, 6, 3), 2)
ResNet101V2 = _builder("ResNet101V2", (3, 4, 23, 3), 2)
ResNet152V2 = _builder("ResNet152V2", (3, 8, 36, 3), 2)

preprocess_input = preparation("resnet")
