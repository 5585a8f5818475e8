"""One or more cases for every layer: constructor arguments and input shapes (without the batch axis)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Case:
    """A layer, the keywords that make it, and what it is called on.

    Args:
        name: class name.
        keywords: constructor arguments.
        shapes: shape of the input, or a list of shapes.
        integers: int, inputs are whole numbers below it instead of normal floats.
        random: whether outputs differ from call to call while training.
        smooth: whether finite differences can check the gradient.
    """

    name: str
    keywords: dict[str, Any] = field(default_factory=dict)
    shapes: Any = (5,)
    integers: int = 0
    random: bool = False
    smooth: bool = True

    def __str__(self) -> str:
        inner = ",".join(f"{key}={value}" for key, value in self.keywords.items())
        return f"{self.name}({inner})".replace(" ", "")


IMAGE = (6, 7, 4)
CHANNELS_FIRST = {"data_format": "channels_first"}

CASES = [
    Case("Dense", {"units": 3}),
    Case("Dense", {"units": 3, "activation": "tanh", "use_bias": False, "kernel_initializer": "he_normal"}, (4, 5)),
    Case("Dense", {"units": 2, "kernel_regularizer": "l2", "bias_constraint": "non_neg", "activity_regularizer": "l1"}),
    Case("Activation", {"activation": "relu"}, smooth=False),
    Case("Activation", {"activation": "softmax"}),
    Case("ReLU", {"max_value": 1.0, "negative_slope": 0.1, "threshold": 0.2}, smooth=False),
    Case("ReLU", {}, smooth=False),
    Case("LeakyReLU", {"negative_slope": 0.2}, smooth=False),
    Case("PReLU", {"alpha_initializer": "ones", "shared_axes": [1]}, (3, 4), smooth=False),
    Case("PReLU", {}, (3, 4), smooth=False),
    Case("ELU", {"alpha": 0.7}, smooth=False),
    Case("ThresholdedReLU", {"theta": 0.5}, smooth=False),
    Case("Softmax", {"axis": 1}, (3, 4)),
    Case("Softmax", {"axis": [1, 2]}, (3, 4)),
    Case("Identity"),
    Case("Masking", {"mask_value": 0.0}, (4, 3)),
    Case("Embedding", {"input_dim": 9, "output_dim": 3}, (4,), integers=9),
    Case("Embedding", {"input_dim": 9, "output_dim": 3, "mask_zero": True, "embeddings_regularizer": "l2"}, (4,), integers=9),
    Case("Dropout", {"rate": 0.5}, random=True),
    Case("Dropout", {"rate": 0.3, "seed": 3, "noise_shape": (None, 1)}, random=True),
    Case("GaussianNoise", {"stddev": 0.5}, random=True),
    Case("GaussianDropout", {"rate": 0.5}, random=True),
    Case("AlphaDropout", {"rate": 0.5}, random=True),
    Case("SpatialDropout1D", {"rate": 0.5}, (4, 3), random=True),
    Case("SpatialDropout2D", {"rate": 0.5}, IMAGE, random=True),
    Case("SpatialDropout2D", {"rate": 0.5, **CHANNELS_FIRST}, IMAGE, random=True),
    Case("SpatialDropout3D", {"rate": 0.5}, (3, 3, 2, 2), random=True),
    Case("ActivityRegularization", {"l1": 0.1, "l2": 0.2}),
    Case("Flatten", {}, (2, 3, 4)),
    Case("Flatten", CHANNELS_FIRST, (2, 3, 4)),
    Case("Flatten", {}, ()),
    Case("Reshape", {"target_shape": (3, -1)}, (2, 6)),
    Case("Reshape", {"target_shape": (12,)}, (2, 6)),
    Case("Permute", {"dims": (2, 3, 1)}, (2, 3, 4)),
    Case("RepeatVector", {"n": 3}),
    Case("Cropping1D", {"cropping": (1, 2)}, (6, 2)),
    Case("Cropping2D", {"cropping": ((1, 2), (0, 3))}, IMAGE),
    Case("Cropping2D", {"cropping": (1, 2), **CHANNELS_FIRST}, (2, 6, 7)),
    Case("Cropping3D", {"cropping": 1}, (4, 5, 6, 2)),
    Case("ZeroPadding1D", {"padding": (1, 2)}, (4, 2)),
    Case("ZeroPadding1D", {"padding": 1, **CHANNELS_FIRST}, (4, 2)),
    Case("ZeroPadding2D", {"padding": ((1, 2), (0, 3))}, (3, 4, 2)),
    Case("ZeroPadding2D", {"padding": 2, **CHANNELS_FIRST}, (3, 4, 2)),
    Case("ZeroPadding3D", {"padding": (1, 2, 3)}, (2, 2, 2, 1)),
    Case("UpSampling1D", {"size": 3}, (4, 2)),
    Case("UpSampling2D", {"size": (2, 3)}, (3, 4, 2)),
    Case("UpSampling2D", {"size": 2, "interpolation": "bilinear"}, (3, 4, 2)),
    Case("UpSampling2D", {"size": 2, "interpolation": "bicubic", **CHANNELS_FIRST}, (2, 4, 5)),
    Case("UpSampling2D", {"size": 2, "interpolation": "lanczos3"}, (5, 4, 2)),
    Case("UpSampling3D", {"size": (1, 2, 3)}, (2, 2, 2, 2)),
    Case("Add", {}, [(3, 4), (3, 4), (3, 4)]),
    Case("Add", {}, [(3, 4), (4,)]),
    Case("Subtract", {}, [(3, 4), (3, 4)]),
    Case("Multiply", {}, [(3, 4), (1, 4)]),
    Case("Average", {}, [(4,), (4,), (4,)]),
    Case("Maximum", {}, [(4,), (4,)]),
    Case("Minimum", {}, [(4,), (4,), (4,)]),
    Case("Concatenate", {}, [(3, 4), (3, 2)]),
    Case("Concatenate", {"axis": 1}, [(3, 4), (2, 4)]),
    Case("Dot", {"axes": 1}, [(4,), (4,)]),
    Case("Dot", {"axes": (2, 1), "normalize": True}, [(3, 4), (4, 2)]),
    Case("Dot", {"axes": -1}, [(3, 4), (2, 4)]),
    Case("Dot", {"axes": (1, 2)}, [(3, 4), (2, 3)]),
    Case("BatchNormalization", {}),
    Case("BatchNormalization", {"axis": 1, "center": False, "momentum": 0.9}, (4, 3, 2)),
    Case("BatchNormalization", {"scale": False, "epsilon": 0.01, "beta_regularizer": "l2"}, (4, 3)),
    Case("LayerNormalization", {}, (3, 4)),
    Case("LayerNormalization", {"axis": [1, 2], "center": False}, (3, 4)),
    Case("LayerNormalization", {"axis": 1, "scale": False}, (3, 4)),
    Case("GroupNormalization", {"groups": 2}, (3, 3, 4)),
    Case("GroupNormalization", {"groups": -1, "axis": 1, "scale": False}, (4, 3, 3)),
    Case("RMSNormalization", {}, (3, 4)),
    Case("SpectralNormalization", {"layer": ("layer", "Dense", {"units": 3, "name": "inner"}), "power_iterations": 2}),
    Case("UnitNormalization", {"axis": 1}, (3, 4)),
    Case("Conv1D", {"filters": 3, "kernel_size": 3}, (7, 4)),
    Case("Conv1D", {"filters": 3, "kernel_size": 2, "padding": "causal", "dilation_rate": 2}, (7, 4)),
    Case("Conv1D", {"filters": 4, "kernel_size": 3, "strides": 2, "groups": 2, "padding": "same"}, (8, 4)),
    Case("Conv1D", {"filters": 2, "kernel_size": 3, "activation": "tanh", **CHANNELS_FIRST}, (4, 7)),
    Case("Conv2D", {"filters": 3, "kernel_size": 3, "kernel_regularizer": "l2"}, IMAGE),
    Case("Conv2D", {"filters": 2, "kernel_size": (3, 2), "strides": (2, 1), "padding": "same", "use_bias": False}, IMAGE),
    Case("Conv2D", {"filters": 4, "kernel_size": 2, "dilation_rate": 2, "groups": 2, **CHANNELS_FIRST}, (4, 6, 7)),
    Case("Conv3D", {"filters": 2, "kernel_size": 2, "strides": 2, "padding": "same"}, (4, 5, 3, 2)),
    Case("Conv3D", {"filters": 2, "kernel_size": (1, 2, 3)}, (4, 5, 3, 2)),
    Case("Conv1DTranspose", {"filters": 3, "kernel_size": 3, "strides": 2}, (5, 4)),
    Case("Conv1DTranspose", {"filters": 3, "kernel_size": 3, "strides": 2, "padding": "same", "output_padding": 1}, (5, 4)),
    Case("Conv2DTranspose", {"filters": 3, "kernel_size": 3, "strides": 2, "padding": "same"}, (3, 4, 2)),
    Case("Conv2DTranspose", {"filters": 3, "kernel_size": 2, "dilation_rate": 2, **CHANNELS_FIRST}, (2, 3, 4)),
    Case("Conv3DTranspose", {"filters": 2, "kernel_size": 2, "strides": 2}, (2, 3, 2, 2)),
    Case("DepthwiseConv1D", {"kernel_size": 3, "depth_multiplier": 2}, (7, 3)),
    Case("DepthwiseConv2D", {"kernel_size": 3, "strides": 2, "padding": "same"}, IMAGE),
    Case("DepthwiseConv2D", {"kernel_size": 2, "dilation_rate": 2, "depth_multiplier": 2, **CHANNELS_FIRST}, (3, 6, 7)),
    Case("SeparableConv1D", {"filters": 5, "kernel_size": 3, "padding": "same"}, (7, 3)),
    Case("SeparableConv2D", {"filters": 5, "kernel_size": 3, "depth_multiplier": 2, "padding": "same"}, IMAGE),
    Case("SeparableConv2D", {"filters": 5, "kernel_size": 2, "strides": 2, **CHANNELS_FIRST}, (3, 6, 7)),
    Case("MaxPooling1D", {"pool_size": 2}, (7, 3)),
    Case("MaxPooling2D", {"pool_size": (3, 2), "strides": 2, "padding": "same"}, IMAGE),
    Case("MaxPooling2D", {"pool_size": 2, **CHANNELS_FIRST}, (3, 6, 7)),
    Case("MaxPooling3D", {"pool_size": 2, "strides": 1}, (3, 4, 3, 2)),
    Case("AveragePooling1D", {"pool_size": 3, "strides": 2, "padding": "same"}, (7, 3)),
    Case("AveragePooling2D", {"pool_size": 2}, IMAGE),
    Case("AveragePooling2D", {"pool_size": 3, "strides": 2, "padding": "same", **CHANNELS_FIRST}, (3, 6, 7)),
    Case("AveragePooling3D", {"pool_size": 2}, (4, 4, 3, 2)),
    *[Case(f"Global{kind}Pooling{rank}D", {"keepdims": keep}, (*(4, 3, 2)[:rank], 3))
      for kind in ("Max", "Average") for rank in (1, 2, 3) for keep in (False, True)],
    Case("GlobalAveragePooling2D", CHANNELS_FIRST, (3, 4, 5)),
    Case("GlobalMaxPooling1D", CHANNELS_FIRST, (3, 4)),
    *[Case(f"Adaptive{kind}Pooling{rank}D", {"output_size": 3}, (*(7, 4, 3)[:rank], 2))
      for kind in ("Max", "Average") for rank in (1, 2, 3)],
    Case("AdaptiveAveragePooling2D", {"output_size": (2, 3), **CHANNELS_FIRST}, (2, 5, 4)),
    Case("AdaptiveMaxPooling2D", {"output_size": (2, 3), **CHANNELS_FIRST}, (2, 5, 4)),
    Case("SimpleRNN", {"units": 3}, (4, 5)),
    Case("SimpleRNN", {"units": 3, "return_sequences": True, "go_backwards": True, "use_bias": False}, (4, 5)),
    Case("LSTM", {"units": 3}, (4, 5)),
    Case("LSTM", {"units": 3, "return_sequences": True, "recurrent_activation": "hard_sigmoid", "seed": 1}, (4, 5),
         smooth=False),
    Case("LSTM", {"units": 3, "return_state": True, "kernel_regularizer": "l2", "unit_forget_bias": False}, (4, 5)),
    Case("LSTM", {"units": 3, "dropout": 0.3, "recurrent_dropout": 0.2}, (4, 5), random=True),
    Case("GRU", {"units": 3}, (4, 5)),
    Case("GRU", {"units": 3, "reset_after": False, "return_sequences": True, "return_state": True}, (4, 5)),
    Case("GRU", {"units": 3, "go_backwards": True, "recurrent_activation": "tanh"}, (4, 5)),
    Case("RNN", {"cell": ("layer", "SimpleRNNCell", {"units": 3, "name": "c"}), "return_sequences": True}, (3, 4)),
    Case("RNN", {"cell": ("layer", "StackedRNNCells", {"cells": [
        ("layer", "LSTMCell", {"units": 3, "name": "a"}), ("layer", "GRUCell", {"units": 2, "name": "b"})],
        "name": "s"})}, (3, 4)),
    Case("Bidirectional", {"layer": ("layer", "LSTM", {"units": 2, "return_sequences": True, "name": "r"})}, (3, 4)),
    Case("Bidirectional", {"layer": ("layer", "GRU", {"units": 2, "name": "r"}), "merge_mode": "ave"}, (3, 4)),
    Case("Bidirectional", {"layer": ("layer", "LSTM", {"units": 2, "return_state": True, "name": "r"})}, (3, 4)),
    Case("TimeDistributed", {"layer": ("layer", "Dense", {"units": 2, "name": "d"})}, (3, 4)),
    Case("TimeDistributed", {"layer": ("layer", "Conv2D", {"filters": 2, "kernel_size": 2, "name": "d"})}, (2, 3, 3, 1)),
    Case("ConvLSTM1D", {"filters": 2, "kernel_size": 2, "return_sequences": True}, (2, 4, 3)),
    Case("ConvLSTM2D", {"filters": 2, "kernel_size": 2, "padding": "same", "strides": 2}, (2, 4, 3, 2)),
    Case("ConvLSTM2D", {"filters": 2, "kernel_size": 2, "return_state": True, **CHANNELS_FIRST}, (2, 2, 4, 3)),
    Case("ConvLSTM3D", {"filters": 1, "kernel_size": 2}, (2, 2, 3, 2, 1)),
    Case("EinsumDense", {"equation": "abc,cd->abd", "output_shape": (None, 6), "bias_axes": "d"}, (3, 4)),
    Case("EinsumDense", {"equation": "...x,xy->...y", "output_shape": 5, "activation": "tanh"}, (2, 3, 4)),
    Case("EinsumDense", {"equation": "abc,cde->abde", "output_shape": (None, 2, 3), "bias_axes": "de"}, (3, 4)),
    Case("EinsumDense", {"equation": "ab...,bc->ac...", "output_shape": 5, "bias_axes": "c"}, (3, 4)),
    Case("Attention", {}, [(3, 4), (5, 4)]),
    Case("Attention", {"use_scale": True, "score_mode": "concat"}, [(3, 4), (5, 4), (5, 4)]),
    Case("AdditiveAttention", {}, [(3, 4), (5, 4)]),
    Case("MultiHeadAttention", {"num_heads": 2, "key_dim": 3}, [(3, 4), (5, 4)]),
    Case("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, "output_shape": 6, "use_gate": True},
         [(3, 4), (5, 3), (5, 2)]),
    Case("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, "attention_axes": 2, "use_bias": False}, [(2, 3, 4), (2, 5, 4)]),
    Case("MultiHeadAttention", {"num_heads": 1, "key_dim": 3, "sliding_window": 2}, [(4, 4), (4, 4)]),
    Case("GroupQueryAttention", {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2}, [(3, 4), (5, 4)]),
    Case("Rescaling", {"scale": 0.5, "offset": -1.0}),
    Case("Rescaling", {"scale": [0.5, 2.0], "offset": [1.0, 2.0]}, (3, 2)),
    Case("Normalization", {}, (3, 4)),
    Case("Normalization", {"axis": None, "mean": 2.0, "variance": 4.0}, (3, 4)),
    Case("Normalization", {"axis": (1, -1), "invert": True}, (3, 4)),
    Case("Discretization", {"bin_boundaries": [-0.5, 0.0, 0.7]}, (4,), smooth=False),
    Case("Discretization", {"bin_boundaries": [-0.5, 0.0, 0.7], "output_mode": "one_hot"}, (4,), smooth=False),
    Case("Discretization", {"bin_boundaries": [-0.5, 0.7], "output_mode": "count"}, (4,), smooth=False),
    Case("CategoryEncoding", {"num_tokens": 5}, (3,), integers=5),
    Case("CategoryEncoding", {"num_tokens": 5, "output_mode": "one_hot"}, (3,), integers=5),
    Case("CategoryEncoding", {"num_tokens": 5, "output_mode": "count"}, (3,), integers=5),
    Case("Highway", {"activation": "tanh"}),
    Case("MaxoutDense", {"units": 3, "nb_feature": 2}, smooth=False),
    Case("LocallyConnected1D", {"filters": 2, "kernel_size": 3, "strides": 2}, (7, 3)),
    Case("LocallyConnected2D", {"filters": 2, "kernel_size": (2, 3), "activation": "tanh"}, (4, 5, 2)),
    Case("LocallyConnected2D", {"filters": 2, "kernel_size": 2, "use_bias": False, **CHANNELS_FIRST}, (2, 3, 4)),
    *[Case("Merge", {"mode": mode}, [(4,), (4,)]) for mode in ("sum", "mul", "ave", "dot", "cos", "concat")],
    Case("Merge", {"mode": "max"}, [(4,), (4,), (4,)], smooth=False),
]
