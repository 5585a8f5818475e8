"""EfficientNets of the second version: smaller kernels, and whole convolutions in the first stages."""

from __future__ import annotations

import math
from typing import Any

from pipekeras.applications.building import Network
from pipekeras.applications.efficientnet import DEVIATION, MEAN, Blocks, convolution_initializer
from pipekeras.applications.imagenet_utils import decode_predictions as decode_predictions
from pipekeras.applications.imagenet_utils import preparation
from pipekeras.layers import DepthwiseConv2D, Normalization, Rescaling
from pipekeras.models import Model

# Blocks, filters in and out, expansion, stride; the first three stages are of whole convolutions.
_B = ((1, 32, 16, 1, 1), (2, 16, 32, 4, 2), (2, 32, 48, 4, 2), (3, 48, 96, 4, 2), (5, 96, 112, 6, 1), (8, 112, 192, 6, 2))
_S = ((2, 24, 24, 1, 1), (4, 24, 48, 4, 2), (4, 48, 64, 4, 2), (6, 64, 128, 4, 2), (9, 128, 160, 6, 1),
      (15, 160, 256, 6, 2))  # fmt: skip
_M = ((3, 24, 24, 1, 1), (5, 24, 48, 4, 2), (5, 48, 80, 4, 2), (7, 80, 160, 4, 2), (14, 160, 176, 6, 1),
      (18, 176, 304, 6, 2), (5, 304, 512, 6, 1))  # fmt: skip
_L = ((4, 32, 32, 1, 1), (7, 32, 64, 4, 2), (7, 64, 96, 4, 2), (10, 96, 192, 4, 2), (19, 192, 224, 6, 1),
      (25, 224, 384, 6, 2), (7, 384, 640, 6, 1))  # fmt: skip
_WHOLE = 3
_NETWORKS = {
    "B0": (_B, 1.0, 1.0, 224), "B1": (_B, 1.0, 1.1, 240), "B2": (_B, 1.1, 1.2, 260), "B3": (_B, 1.2, 1.4, 300),
    "S": (_S, 1.0, 1.0, 384), "M": (_M, 1.0, 1.0, 480), "L": (_L, 1.0, 1.0, 480),
}  # fmt: skip
"""Stages, width, depth and usual rows."""
_DROP_RATE = 0.2


class _Blocks(Blocks):
    momentum = 0.9

    def filters(self, count: float) -> int:
        """Return a number of filters, made wider and rounded to the nearest multiple of 8, however far that is."""
        return max(8, int(count * self.width + 4) // 8 * 8)

    def second(self, x: Any, whole: bool, drop: float, name: str, given: int, wanted: int, factor: int, strides: int) -> Any:
        kept, inner = x, given * factor
        if whole:
            kernel = 3
            if factor != 1:
                x = self.conv(x, inner, f"{name}expand_conv", kernel_size=3, strides=strides, use_bias=False)
                x = self.normal(x, f"{name}expand_bn", f"{name}expand_activation")
                kernel = 1
            stride = strides if factor == 1 else 1
            x = self.conv(x, wanted, f"{name}project_conv", kernel_size=kernel, strides=stride, use_bias=False)
            x = self.normal(x, f"{name}project_bn", f"{name}project_activation" if factor == 1 else None)
        else:
            x = self.conv(x, inner, f"{name}expand_conv", kernel_size=1, use_bias=False)
            x = self.normal(x, f"{name}expand_bn", f"{name}expand_activation")
            x = DepthwiseConv2D(
                3,
                strides=strides,
                padding="same",
                use_bias=False,
                depthwise_initializer=convolution_initializer(),
                name=f"{name}dwconv2",
            )(x)
            x = self.normal(x, f"{name}bn", f"{name}activation")
            x = self.excited(x, name, given, inner)
            x = self.conv(x, wanted, f"{name}project_conv", kernel_size=1, use_bias=False)
            x = self.normal(x, f"{name}project_bn", None)
        return self.added(x, kept, drop, name) if strides == 1 and given == wanted else x


def _prepared(x: Any, variant: str, axis: int) -> Any:
    if not variant.startswith("B"):
        return Rescaling(1.0 / 128.0, offset=-1)(x)
    x = Rescaling(1.0 / 255.0)(x)
    # The layer counts the channels' axis from the front.
    axis = axis % 4
    return Normalization(axis=axis, mean=list(MEAN), variance=[value**2 for value in DEVIATION])(x)


def _efficientnet(variant: str, prepare: bool, network: Network) -> Model:
    stages, width, depth, _ = _NETWORKS[variant]
    blocks = _Blocks(network, width)
    x = network.inputs
    if prepare and network.channels(x) == 3:
        x = _prepared(x, variant, network.axis)
    x = blocks.conv(x, blocks.filters(stages[0][1]), "stem_conv", kernel_size=3, strides=2, use_bias=False)
    x = blocks.normal(x, "stem_bn", "stem_activation")
    counts = [math.ceil(depth * stage[0]) for stage in stages]
    # The chance to be left out rises by the stages' published lengths, not by those made deeper.
    done, total = 0, float(sum(stage[0] for stage in stages))
    for place, ((_, given, wanted, factor, strides), count) in enumerate(zip(stages, counts, strict=True), start=1):
        for index in range(count):
            x = blocks.second(
                x,
                place <= _WHOLE,
                _DROP_RATE * done / total,
                f"block{place}{chr(97 + index)}_",
                blocks.filters(given if index == 0 else wanted),
                blocks.filters(wanted),
                factor,
                strides if index == 0 else 1,
            )
            done += 1
    x = blocks.conv(x, blocks.filters(1280), "top_conv", kernel_size=1, use_bias=False)
    x = blocks.normal(x, "top_bn", "top_activation")
    return network.finish(x, lambda x: blocks.top(x, _DROP_RATE))


def _builder(variant: str) -> Any:
    title = f"EfficientNetV2{variant}"
    own_name = f"efficientnetv2-{variant.lower()}"
    size = _NETWORKS[variant][3]

    def build(
        include_top: bool = True,
        weights: Any = "imagenet",
        input_tensor: Any = None,
        input_shape: Any = None,
        pooling: str | None = None,
        classes: int = 1000,
        classifier_activation: Any = "softmax",
        include_preprocessing: bool = True,
        name: str = own_name,
    ) -> Model:
        network = Network(
            name, include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, size, 32
        )
        network.names_pooling = True
        return _efficientnet(variant, include_preprocessing, network)

    build.__name__ = build.__qualname__ = title
    build.__doc__ = f"""Build {title}; pictures have values 0 to 255, the network rescales them itself.

    Args:
        include_top: bool, whether the network ends in a classifier, default True.
        weights: None (random), "imagenet" (a file on this computer, the default) or the path of a file.
        input_tensor: tensor to begin with, or None.
        input_shape: rows, columns, channels; default {size} rows and columns, 3 channels.
        pooling: end of a network without classifier: None, "avg" or "max".
        classes: int, default 1000.
        classifier_activation: default "softmax".
        include_preprocessing: bool, whether the network begins by rescaling, default True.
        name: str.

    Input shape -> output shape:
        (batch, rows, columns, 3) -> (batch, classes)

    Source:
        M. Tan and Q. Le (2021), EfficientNetV2: smaller models and faster training.
    """
    return build


EfficientNetV2B0, EfficientNetV2B1, EfficientNetV2B2, EfficientNetV2B3 = (_builder(name) for name in ("B0", "B1", "B2", "B3"))
EfficientNetV2S, EfficientNetV2M, EfficientNetV2L = (_builder(name) for name in ("S", "M", "L"))

preprocess_input = preparation("efficientnet_v2")
