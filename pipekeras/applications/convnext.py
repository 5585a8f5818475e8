"""Convolutional networks in the manner of transformers: large kernels by channel, then dense layers at every place."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.applications.building import Network
from pipekeras.applications.imagenet_utils import decode_predictions as decode_predictions
from pipekeras.applications.imagenet_utils import preparation
from pipekeras.core.registry import register
from pipekeras.layers import (
    Activation,
    Conv2D,
    Dense,
    GlobalAveragePooling2D,
    Input,
    Layer,
    LayerNormalization,
    Normalization,
)
from pipekeras.models import Model, Sequential

_EPSILON = 1e-6
_MEAN, _DEVIATION = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)
_NETWORKS = {
    "Tiny": ((3, 3, 9, 3), (96, 192, 384, 768)),
    "Small": ((3, 3, 27, 3), (96, 192, 384, 768)),
    "Base": ((3, 3, 27, 3), (128, 256, 512, 1024)),
    "Large": ((3, 3, 27, 3), (192, 384, 768, 1536)),
    "XLarge": ((3, 3, 27, 3), (256, 512, 1024, 2048)),
}
"""Blocks and channels of the four stages."""


@register("network part")
class LayerScale(Layer):
    """Multiply each channel by a number that is learnt, small at first.

    Formula: y = gamma x.

    Args:
        init_values: float, what gamma begins with.
        projection_dim: int, number of channels.
        **options: name, trainable, dtype.

    Input shape -> output shape: (batch, ..., channels) -> the same.

    Source: Touvron et al. (2021), Going deeper with image transformers.
    """

    def __init__(self, init_values: float, projection_dim: int, **options: Any) -> None:
        super().__init__(**options)
        self.init_values = init_values
        self.projection_dim = projection_dim

    def build(self, input_shape: Any) -> None:
        """Make gamma (channels)."""
        from pipekeras.initializers import Constant

        self.gamma = self.add_weight((self.projection_dim,), Constant(self.init_values), name="variable")

    def call(self, inputs: Any) -> Any:
        """Return gamma times the inputs."""
        return ops.multiply(inputs, self.gamma)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input shape."""
        return input_shape


def _normal(name: str | None = None) -> LayerNormalization:
    return LayerNormalization(epsilon=_EPSILON, name=name)


def _block(x: Any, channels: int, name: str) -> Any:
    kept = x
    x = Conv2D(channels, 7, padding="same", groups=channels, name=f"{name}_depthwise_conv")(x)
    x = _normal(f"{name}_layernorm")(x)
    x = Dense(4 * channels, name=f"{name}_pointwise_conv_1")(x)
    x = Activation("gelu", name=f"{name}_gelu")(x)
    x = Dense(channels, name=f"{name}_pointwise_conv_2")(x)
    x = LayerScale(1e-6, channels, name=f"{name}_layer_scale")(x)
    return kept + Activation("linear", name=f"{name}_identity")(x)


def _convnext(variant: str, prepare: bool, network: Network) -> Model:
    depths, channels = _NETWORKS[variant]
    name, x = network.name, network.inputs
    if prepare and network.channels(x) == 3:
        variance = [value**2 for value in _DEVIATION]
        x = Normalization(mean=list(_MEAN), variance=variance, name=f"{name}_prestem_normalization")(x)
    for stage, (depth, wide) in enumerate(zip(depths, channels, strict=True)):
        if stage == 0:
            parts = [Conv2D(wide, 4, strides=4, name=f"{name}_stem_conv"), _normal(f"{name}_stem_layernorm")]
            label = f"{name}_stem"
        else:
            number = stage - 1
            parts = [
                _normal(f"{name}_downsampling_layernorm_{number}"),
                Conv2D(wide, 2, strides=2, name=f"{name}_downsampling_conv_{number}"),
            ]
            label = f"{name}_downsampling_block_{number}"
        x = Sequential([Input(tuple(x.shape[1:])), *parts], name=label)(x)
        for number in range(depth):
            x = _block(x, wide, f"{name}_stage_{stage}_block_{number}")
    if not network.include_top:
        x = _normal()(network.pooled(x))
        network.pooling = None

    def top(x: Any) -> Any:
        x = GlobalAveragePooling2D(name=f"{name}_head_gap")(x)
        x = _normal(f"{name}_head_layernorm")(x)
        return Dense(network.classes, activation=network.activation, name=f"{name}_head_dense")(x)

    return network.finish(x, top)


def _builder(variant: str) -> Any:
    title = f"ConvNeXt{variant}"
    own_name = f"convnext_{variant.lower()}"

    def build(
        include_top: bool = True,
        include_preprocessing: bool = True,
        weights: Any = "imagenet",
        input_tensor: Any = None,
        input_shape: Any = None,
        pooling: str | None = None,
        classes: int = 1000,
        classifier_activation: Any = "softmax",
        name: str = own_name,
    ) -> Model:
        network = Network(
            name, include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, 224, 32
        )
        return _convnext(variant, include_preprocessing, network)

    build.__name__ = build.__qualname__ = title
    build.__doc__ = f"""Build {title}; pictures have values 0 to 255, the network normalises them itself.

    Args:
        include_top: bool, whether the network ends in a classifier, default True.
        include_preprocessing: bool, whether the network begins by normalising, default True.
        weights: None (random), "imagenet" (a file on this computer, the default) or the path of a file.
        input_tensor: tensor to begin with, or None.
        input_shape: rows, columns, channels; default 224 rows and columns, 3 channels.
        pooling: end of a network without classifier: None, "avg" or "max".
        classes: int, default 1000.
        classifier_activation: default "softmax".
        name: str.

    Input shape -> output shape:
        (batch, rows, columns, 3) -> (batch, classes)

    Source:
        Z. Liu et al. (2022), A ConvNet for the 2020s.
    """
    return build


ConvNeXtTiny, ConvNeXtSmall, ConvNeXtBase, ConvNeXtLarge, ConvNeXtXLarge = (
    _builder(name) for name in ("Tiny", "Small", "Base", "Large", "XLarge")
)

preprocess_input = preparation("convnext")
