"""EfficientNets B0 to B7: one network, made deeper, wider and finer by fixed factors."""

from __future__ import annotations

import math
from typing import Any

from pipekeras.applications.building import Network, halving_pad
from pipekeras.applications.imagenet_utils import decode_predictions as decode_predictions
from pipekeras.applications.imagenet_utils import preparation
from pipekeras.initializers import VarianceScaling
from pipekeras.layers import (
    Activation,
    Add,
    BatchNormalization,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Dropout,
    GlobalAveragePooling2D,
    Multiply,
    Normalization,
    Rescaling,
    Reshape,
    ZeroPadding2D,
)
from pipekeras.models import Model

# Kernel, blocks, filters in and out, expansion, stride.
_STAGES = ((3, 1, 32, 16, 1, 1), (3, 2, 16, 24, 6, 2), (5, 2, 24, 40, 6, 2), (3, 3, 40, 80, 6, 2), (5, 3, 80, 112, 6, 1),
           (5, 4, 112, 192, 6, 2), (3, 1, 192, 320, 6, 1))  # fmt: skip
_SCALES = ((1.0, 1.0, 224, 0.2), (1.0, 1.1, 240, 0.2), (1.1, 1.2, 260, 0.3), (1.2, 1.4, 300, 0.3), (1.4, 1.8, 380, 0.4),
           (1.6, 2.2, 456, 0.4), (1.8, 2.6, 528, 0.5), (2.0, 3.1, 600, 0.5))  # fmt: skip
"""Width, depth, rows, dropout of B0 to B7."""
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_SQUEEZE = 0.25
_DROP_RATE = 0.2


def convolution_initializer() -> VarianceScaling:
    return VarianceScaling(2.0, "fan_out", "truncated_normal")


def _classifier() -> VarianceScaling:
    return VarianceScaling(1.0 / 3.0, "fan_out", "uniform")


class Blocks:
    """What blocks of these networks, and of those of the second version, are made of."""

    momentum = 0.99

    def __init__(self, network: Network, width: float) -> None:
        self.network, self.width = network, width

    def filters(self, count: float) -> int:
        """Return a number of filters, made wider and rounded to a multiple of 8."""
        count *= self.width
        made = max(8, int(count + 4) // 8 * 8)
        return int(made + 8 if made < 0.9 * count else made)

    def normal(self, x: Any, name: str, activation: str | None) -> Any:
        """Return normalised values, with the activation of that name."""
        x = BatchNormalization(axis=self.network.axis, momentum=self.momentum, name=name)(x)
        return x if activation is None else Activation("swish", name=activation)(x)

    def conv(self, x: Any, filters: int, name: str, **options: Any) -> Any:
        """Return a convolution."""
        return Conv2D(filters, padding=options.pop("padding", "same"), kernel_initializer=convolution_initializer(), name=name,
                      **options)(x)  # fmt: skip

    def block(self, x: Any, drop: float, name: str, given: int, wanted: int, kernel: int, strides: int, factor: int) -> Any:
        kept, inner = x, given * factor
        if factor != 1:
            x = self.conv(x, inner, f"{name}expand_conv", kernel_size=1, use_bias=False)
            x = self.normal(x, f"{name}expand_bn", f"{name}expand_activation")
        if strides == 2:
            x = ZeroPadding2D(halving_pad(x, kernel, self.network.first), name=f"{name}dwconv_pad")(x)
        x = DepthwiseConv2D(
            kernel,
            strides=strides,
            padding="valid" if strides == 2 else "same",
            use_bias=False,
            depthwise_initializer=convolution_initializer(),
            name=f"{name}dwconv",
        )(x)
        x = self.normal(x, f"{name}bn", f"{name}activation")
        x = self.excited(x, name, given, inner)
        x = self.conv(x, wanted, f"{name}project_conv", kernel_size=1, use_bias=False)
        x = self.normal(x, f"{name}project_bn", None)
        return self.added(x, kept, drop, name) if strides == 1 and given == wanted else x

    def excited(self, x: Any, name: str, given: int, inner: int) -> Any:
        """Return channels weighed by what all of them show together."""
        seen = GlobalAveragePooling2D(name=f"{name}se_squeeze")(x)
        seen = Reshape((inner, 1, 1) if self.network.first else (1, 1, inner), name=f"{name}se_reshape")(seen)
        seen = self.conv(seen, max(1, int(given * _SQUEEZE)), f"{name}se_reduce", kernel_size=1, activation="swish")
        seen = self.conv(seen, inner, f"{name}se_expand", kernel_size=1, activation="sigmoid")
        return Multiply(name=f"{name}se_excite")([x, seen])

    def added(self, x: Any, kept: Any, drop: float, name: str) -> Any:
        """Return the sum with what the block began with, now and then for some pictures without the block."""
        if drop > 0:
            x = Dropout(drop, noise_shape=(None, 1, 1, 1), name=f"{name}drop")(x)
        return Add(name=f"{name}add")([x, kept])

    def top(self, x: Any, dropout: float) -> Any:
        """Return the classifier's output."""
        x = GlobalAveragePooling2D(name="avg_pool")(x)
        x = Dropout(dropout, name="top_dropout")(x)
        network = self.network
        return Dense(
            network.classes, activation=network.activation, kernel_initializer=_classifier(), name="predictions"
        )(x)


def _efficientnet(number: int, include_top: bool, weights: Any, input_tensor: Any, input_shape: Any, pooling: str | None,
                  classes: int, activation: Any, name: str) -> Model:  # fmt: skip
    width, depth, size, dropout = _SCALES[number]
    network = Network(name, include_top, weights, input_tensor, input_shape, pooling, classes, activation, size, 32)
    network.names_pooling = True
    blocks = Blocks(network, width)
    x = Rescaling(1.0 / 255.0)(network.inputs)
    x = Normalization(axis=network.axis)(x)
    if weights == "imagenet":
        # The published weights hold variances where deviations belong; this undoes it.
        x = Rescaling([1.0 / math.sqrt(value) for value in DEVIATION])(x)
    x = ZeroPadding2D(halving_pad(x, 3, network.first), name="stem_conv_pad")(x)
    x = blocks.conv(x, blocks.filters(32), "stem_conv", kernel_size=3, strides=2, padding="valid", use_bias=False)
    x = blocks.normal(x, "stem_bn", "stem_activation")
    counts = [math.ceil(depth * stage[1]) for stage in _STAGES]
    done, total = 0, float(sum(counts))
    for place, ((kernel, _, given, wanted, factor, strides), count) in enumerate(zip(_STAGES, counts, strict=True), start=1):
        for index in range(count):
            x = blocks.block(
                x,
                _DROP_RATE * done / total,
                f"block{place}{chr(97 + index)}_",
                blocks.filters(given if index == 0 else wanted),
                blocks.filters(wanted),
                kernel,
                strides if index == 0 else 1,
                factor,
            )
            done += 1
    x = blocks.conv(x, blocks.filters(1280), "top_conv", kernel_size=1, use_bias=False)
    x = blocks.normal(x, "top_bn", "top_activation")
    return network.finish(x, lambda x: blocks.top(x, dropout))


def _builder(number: int) -> Any:
    title = f"EfficientNetB{number}"
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
        return _efficientnet(
            number, include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name
        )

    build.__name__ = build.__qualname__ = title
    build.__doc__ = f"""Build {title}; pictures have values 0 to 255, the network rescales them itself.

    Args:
        include_top: bool, whether the network ends in a classifier, default True.
        weights: None (random), "imagenet" (a file on this computer, the default) or the path of a file.
        input_tensor: tensor to begin with, or None.
        input_shape: rows, columns, channels; default {_SCALES[number][2]} rows and columns, 3 channels.
        pooling: end of a network without classifier: None, "avg" or "max".
        classes: int, default 1000.
        classifier_activation: default "softmax".
        name: str.

    Input shape -> output shape:
        (batch, rows, columns, 3) -> (batch, classes)

    Source:
        M. Tan and Q. Le (2019), EfficientNet: rethinking model scaling for convolutional neural networks.
    """
    return build


EfficientNetB0, EfficientNetB1, EfficientNetB2, EfficientNetB3 = (_builder(number) for number in range(4))
EfficientNetB4, EfficientNetB5, EfficientNetB6, EfficientNetB7 = (_builder(number) for number in range(4, 8))

preprocess_input = preparation("efficientnet")
