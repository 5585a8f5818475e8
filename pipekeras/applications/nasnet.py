"""NASNet: two kinds of cells found by search, repeated; each cell reads the outputs of the two before it."""

from __future__ import annotations

from typing import Any

from pipekeras.applications.building import Network, halving_pad
from pipekeras.applications.imagenet_utils import decode_predictions as decode_predictions
from pipekeras.applications.imagenet_utils import preparation
from pipekeras.core.errors import ConfigurationError
from pipekeras.layers import (
    Activation,
    Add,
    AveragePooling2D,
    BatchNormalization,
    Concatenate,
    Conv2D,
    Cropping2D,
    GlobalAveragePooling2D,
    MaxPooling2D,
    SeparableConv2D,
    ZeroPadding2D,
)
from pipekeras.models import Model

_NORMAL = (
    (("separable", 5, "h", "normal_left1"), ("separable", 3, "p", "normal_right1"), "normal_add_1"),
    (("separable", 5, "p", "normal_left2"), ("separable", 3, "p", "normal_right2"), "normal_add_2"),
    (("average", 1, "h", "normal_left3"), ("same", 1, "p", ""), "normal_add_3"),
    (("average", 1, "p", "normal_left4"), ("average", 1, "p", "normal_right4"), "normal_add_4"),
    (("separable", 3, "h", "normal_left5"), ("same", 1, "h", ""), "normal_add_5"),
)
"""Sums of a normal cell: two branches (kind, kernel or stride, what it reads, its name) and the sum's name.

h is the input after a convolution, p the output of the cell before it; numbers are earlier sums.
"""
_REDUCTION = (
    (("halving", 5, "h", "reduction_left1"), ("halving", 7, "p", "reduction_right1"), "reduction_add_1"),
    (("maximum", 2, "h", "reduction_left2"), ("halving", 7, "p", "reduction_right2"), "reduction_add_2"),
    (("average", 2, "h", "reduction_left3"), ("halving", 5, "p", "reduction_right3"), "reduction_add3"),
    (("same", 1, "1", ""), ("average", 1, "0", "reduction_left4"), None),
    (("separable", 3, "0", "reduction_left4"), ("maximum", 2, "h", "reduction_right5"), "reduction_add4"),
)


class _Cells:
    """Cells of one network."""

    def __init__(self, axis: int, first: bool) -> None:
        self.axis, self.first = axis, first

    def normal(self, x: Any, name: str) -> Any:
        return BatchNormalization(axis=self.axis, momentum=0.9997, epsilon=1e-3, name=name)(x)

    def convolve(self, x: Any, filters: int, name: str, kernel: int = 1, strides: int = 1, padding: str = "same") -> Any:
        return Conv2D(filters, kernel, strides=strides, padding=padding, use_bias=False, name=name,
                      kernel_initializer="he_normal")(x)  # fmt: skip

    def separable(self, x: Any, filters: int, kernel: int, label: str, halve: bool) -> Any:
        """Twice: ReLU, separable convolution, normalisation; the first may halve rows and columns."""
        for number in (1, 2):
            x = Activation("relu")(x)
            strides = 2 if halve and number == 1 else 1
            if strides == 2:
                x = ZeroPadding2D(halving_pad(x, kernel, self.first), name=f"separable_conv_1_pad_{label}")(x)
            x = SeparableConv2D(filters, kernel, strides=strides, use_bias=False, name=f"separable_conv_{number}_{label}",
                                padding="valid" if strides == 2 else "same")(x)  # fmt: skip
            x = self.normal(x, f"separable_conv_{number}_bn_{label}")
        return x

    def fitted(self, p: Any, x: Any, filters: int, label: str) -> Any:
        """The output of the cell before, brought to the size of x and the number of filters."""
        if p is None:
            return x
        # Keras compares the second axis from the end, also of channels_first.
        if p.shape[2] != x.shape[2]:
            p = Activation("relu", name=f"adjust_relu_1_{label}")(p)
            halves = []
            for number, moved in ((1, p), (2, Cropping2D(((1, 0), (1, 0)))(ZeroPadding2D(((0, 1), (0, 1)))(p)))):
                half = AveragePooling2D(1, strides=2, name=f"adjust_avg_pool_{number}_{label}")(moved)
                halves.append(self.convolve(half, filters // 2, f"adjust_conv_{number}_{label}"))
            return self.normal(Concatenate(axis=self.axis)(halves), f"adjust_bn_{label}")
        if p.shape[self.axis] != filters:
            p = self.convolve(Activation("relu")(p), filters, f"adjust_conv_projection_{label}")
            return self.normal(p, f"adjust_bn_{label}")
        return p

    def cell(self, x: Any, before: Any, filters: int, label: str, reduces: bool) -> Any:
        kind = "reduction" if reduces else "normal"
        p = self.fitted(before, x, filters, label)
        h = self.convolve(Activation("relu")(x), filters, f"{kind}_conv_1_{label}")
        h = self.normal(h, f"{kind}_bn_1_{label}")
        padded = ZeroPadding2D(halving_pad(h, 3, self.first), name=f"{kind}_pad_1_{label}")(h) if reduces else h
        sums: list[Any] = []

        def branch(how: str, size: int, source: str, name: str) -> Any:
            value = {"h": h, "p": p}[source] if source in "hp" else sums[int(source)]
            label_here = f"{name}_{label}"
            if how == "same":
                return value
            if how in ("separable", "halving"):
                return self.separable(value, filters, size, label_here, how == "halving")
            pool = AveragePooling2D if how == "average" else MaxPooling2D
            if size == 2:
                return pool(3, strides=2, padding="valid", name=label_here)(padded)
            return pool(3, strides=1, padding="same", name=label_here)(value)

        for left, right, name in _REDUCTION if reduces else _NORMAL:
            added = Add(name=f"{name}_{label}") if name else Add()
            sums.append(added([branch(*left), branch(*right)]))
        joined = sums[1:] if reduces else [p, *sums]
        return Concatenate(axis=self.axis, name=f"{kind}_concat_{label}")(joined)


def NASNet(
    input_shape: Any = None,
    penultimate_filters: int = 4032,
    num_blocks: int = 6,
    stem_block_filters: int = 96,
    skip_reduction: bool = True,
    filter_multiplier: int = 2,
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    default_size: int | None = None,
    classifier_activation: Any = "softmax",
    name: str = "NASNet",
) -> Model:
    """Build a NASNet of any size.

    Args:
        input_shape: rows, columns, channels; default `default_size`; at least 32 rows and columns.
        penultimate_filters: int, filters of the last cell's output, a multiple of 24 * filter_multiplier ** 2.
        num_blocks: int, normal cells between two reductions.
        stem_block_filters: int, filters of the first convolution.
        skip_reduction: bool, whether a cell after a reduction reads the cell before the reduction, default True.
        filter_multiplier: int, factor of the filters at each reduction.
        include_top: bool, whether the network ends in a classifier, default True.
        weights: None (random), "imagenet" (a file on this computer, the default) or the path of a file.
        input_tensor: tensor to begin with, or None.
        pooling: end of a network without classifier: None, "avg" or "max".
        classes: int, default 1000.
        default_size: int, rows and columns of pictures when `input_shape` is not given, default 331.
        classifier_activation: default "softmax".
        name: str.

    Input shape -> output shape:
        (batch, rows, columns, 3) -> (batch, classes)

    Raises:
        ConfigurationError: `penultimate_filters` is no multiple of what it must be.

    Source:
        B. Zoph and others (2018), Learning transferable architectures for scalable image recognition.
    """
    if penultimate_filters % (24 * filter_multiplier**2):
        raise ConfigurationError(
            f"{name}: penultimate_filters must be a multiple of {24 * filter_multiplier**2}, not {penultimate_filters}"
        )
    network = Network(name, include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation,
                      default_size or 331, 32)  # fmt: skip
    cells = _Cells(network.axis, network.first)
    filters = penultimate_filters // 24
    x = cells.convolve(network.inputs, stem_block_filters, "stem_conv1", 3, 2, "valid")
    x, before = cells.normal(x, "stem_bn1"), None
    for number, share in ((1, filter_multiplier**2), (2, filter_multiplier)):
        x, before = cells.cell(x, before, filters // share, f"stem_{number}", True), x
    for stage in range(3):
        width = filters * filter_multiplier**stage
        if stage:
            reduced = cells.cell(x, before, width, f"reduce_{stage * num_blocks}", True)
            before, x = (before if skip_reduction else x), reduced
        for number in range(num_blocks):
            label = str(stage * num_blocks + number + (1 if stage else 0))
            x, before = cells.cell(x, before, width, label, False), x
    return network.finish(Activation("relu")(x), lambda x: network.predictions(GlobalAveragePooling2D()(x)))


def NASNetLarge(
    input_shape: Any = None,
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "nasnet_large",
) -> Model:
    """Build the NASNet of 6 cells between reductions and 4032 filters; arguments as for `NASNet`.

    Input shape -> output shape:
        (batch, rows, columns, 3) -> (batch, classes)

    Source:
        B. Zoph and others (2018), Learning transferable architectures for scalable image recognition.
    """
    return NASNet(input_shape, 4032, 6, 96, True, 2, include_top, weights, input_tensor, pooling, classes, 331,
                  classifier_activation, name)  # fmt: skip


def NASNetMobile(
    input_shape: Any = None,
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: Any = "softmax",
    name: str = "nasnet_mobile",
) -> Model:
    """Build the NASNet of 4 cells between reductions and 1056 filters; arguments as for `NASNet`.

    Input shape -> output shape:
        (batch, rows, columns, 3) -> (batch, classes)

    Source:
        B. Zoph and others (2018), Learning transferable architectures for scalable image recognition.
    """
    if not include_top and input_shape is None:
        input_shape = (224, 224, 3)
    return NASNet(input_shape, 1056, 4, 32, False, 2, include_top, weights, input_tensor, pooling, classes, 224,
                  classifier_activation, name)  # fmt: skip

preprocess_input = preparation("nasnet")
