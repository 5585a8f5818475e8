# ruff: noqa: F401 - an import here is what makes a layer public
"""Layers: what models are made of.

Each import line below enters a file's layers into the registry and gives them their public names.
"""

from __future__ import annotations

from pipekeras.core import registry
from pipekeras.core.older_places import older_names
from pipekeras.graph import layer_graph
from pipekeras.layers.activation.activation import Activation
from pipekeras.layers.activation.rectifiers import ELU, LeakyReLU, PReLU, ReLU, Softmax, ThresholdedReLU
from pipekeras.layers.attention.attention import AdditiveAttention, Attention
from pipekeras.layers.attention.group_query_attention import GroupedQueryAttention
from pipekeras.layers.attention.multi_head_attention import MultiHeadAttention
from pipekeras.layers.base import operation_call
from pipekeras.layers.base.configs import deserialize, serialize
from pipekeras.layers.base.dtype_policy import DTypePolicy
from pipekeras.layers.base.input_spec import InputSpec
from pipekeras.layers.base.layer import Layer
from pipekeras.layers.convolution.by_channel import DepthwiseConv1D, DepthwiseConv2D, SeparableConv1D, SeparableConv2D
from pipekeras.layers.convolution.convolution import Conv1D, Conv2D, Conv3D
from pipekeras.layers.convolution.transposed import Conv1DTranspose, Conv2DTranspose, Conv3DTranspose
from pipekeras.layers.core.dense import Dense
from pipekeras.layers.core.einsum_dense import EinsumDense
from pipekeras.layers.core.embedding import Embedding
from pipekeras.layers.core.function_layer import Lambda
from pipekeras.layers.core.identity import Identity
from pipekeras.layers.core.input_layer import Input, InputLayer
from pipekeras.layers.core.masking import Masking
from pipekeras.layers.core.reversible_embedding import ReversibleEmbedding
from pipekeras.layers.core.wrapper import Wrapper
from pipekeras.layers.legacy.convolutions import (
    AtrousConvolution1D,
    AtrousConvolution2D,
    Convolution2D,
    Convolution3D,
)
from pipekeras.layers.legacy.dense_kinds import Highway, MaxoutDense
from pipekeras.layers.legacy.locally_connected import LocallyConnected1D, LocallyConnected2D
from pipekeras.layers.legacy.merge import Merge
from pipekeras.layers.merging.concatenate import Concatenate
from pipekeras.layers.merging.dot import Dot
from pipekeras.layers.merging.elementwise import Add, Average, Maximum, Minimum, Multiply, Subtract
from pipekeras.layers.merging.functions import add, average, concatenate, dot, maximum, minimum, multiply, subtract
from pipekeras.layers.normalization.batch_normalization import BatchNormalization
from pipekeras.layers.normalization.group_normalization import GroupNormalization
from pipekeras.layers.normalization.sample_normalization import LayerNormalization, RMSNormalization, UnitNormalization
from pipekeras.layers.normalization.spectral_normalization import SpectralNormalization
from pipekeras.layers.pooling.adaptive_pooling import (
    AdaptiveAveragePooling1D,
    AdaptiveAveragePooling2D,
    AdaptiveAveragePooling3D,
    AdaptiveMaxPooling1D,
    AdaptiveMaxPooling2D,
    AdaptiveMaxPooling3D,
)
from pipekeras.layers.pooling.global_pooling import (
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalAveragePooling3D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    GlobalMaxPooling3D,
)
from pipekeras.layers.pooling.pooling import (
    AveragePooling1D,
    AveragePooling2D,
    AveragePooling3D,
    MaxPooling1D,
    MaxPooling2D,
    MaxPooling3D,
)
from pipekeras.layers.preprocessing.augmentation import (
    RandomBrightness,
    RandomContrast,
    RandomCrop,
    RandomFlip,
    RandomRotation,
    RandomTranslation,
    RandomZoom,
)
from pipekeras.layers.preprocessing.bounding_boxes import MaxNumBoundingBoxes
from pipekeras.layers.preprocessing.categories import CategoryEncoding, Discretization
from pipekeras.layers.preprocessing.colours import (
    RandomColorDegeneration,
    RandomColorJitter,
    RandomGrayscale,
    RandomHue,
    RandomSaturation,
    RandomSharpness,
)
from pipekeras.layers.preprocessing.distortions import (
    RandomElasticTransform,
    RandomErasing,
    RandomGaussianBlur,
    RandomPerspective,
    RandomShear,
)
from pipekeras.layers.preprocessing.hashing import HashedCrossing, Hashing
from pipekeras.layers.preprocessing.local_contrast import ContrastLimitedAdaptiveHistogramEqualization
from pipekeras.layers.preprocessing.lookups import IntegerLookup, StringLookup
from pipekeras.layers.preprocessing.mixing import AugMix, CutMix, MixUp, RandAugment
from pipekeras.layers.preprocessing.numeric import Normalization, Rescaling
from pipekeras.layers.preprocessing.pictures import CenterCrop, Resizing
from pipekeras.layers.preprocessing.pipeline import Pipeline
from pipekeras.layers.preprocessing.sizes import RandomHeight, RandomWidth
from pipekeras.layers.preprocessing.spectrograms import MelSpectrogram, STFTSpectrogram
from pipekeras.layers.preprocessing.text_vectorization import TextVectorization
from pipekeras.layers.preprocessing.tones import (
    AutoContrast,
    Equalization,
    RandomInvert,
    RandomPosterization,
    Solarization,
)
from pipekeras.layers.recurrent.bidirectional import Bidirectional
from pipekeras.layers.recurrent.conv_lstm import ConvLSTM1D, ConvLSTM2D, ConvLSTM3D
from pipekeras.layers.recurrent.gru import GRU, GRUCell
from pipekeras.layers.recurrent.lstm import LSTM, LSTMCell
from pipekeras.layers.recurrent.recurrence import RNN
from pipekeras.layers.recurrent.simple_rnn import SimpleRNN, SimpleRNNCell
from pipekeras.layers.recurrent.stacked_cells import StackedRNNCells
from pipekeras.layers.recurrent.time_distributed import TimeDistributed
from pipekeras.layers.regularization.dropout import Dropout
from pipekeras.layers.regularization.noise import (
    ActivityRegularization,
    AlphaDropout,
    GaussianDropout,
    GaussianNoise,
    SpatialDropout1D,
    SpatialDropout2D,
    SpatialDropout3D,
)
from pipekeras.layers.reshaping.cropping import Cropping1D, Cropping2D, Cropping3D
from pipekeras.layers.reshaping.flatten import Flatten
from pipekeras.layers.reshaping.permute import Permute
from pipekeras.layers.reshaping.repeat_vector import RepeatVector
from pipekeras.layers.reshaping.reshape import Reshape
from pipekeras.layers.reshaping.up_sampling import UpSampling1D, UpSampling2D, UpSampling3D
from pipekeras.layers.reshaping.zero_padding import ZeroPadding1D, ZeroPadding2D, ZeroPadding3D

GroupQueryAttention = GroupedQueryAttention

for _entry in registry.entries("layer"):
    # Keras' other names of a layer, such as MaxPool2D, are names here too.
    for _alias in _entry.aliases:
        globals().setdefault(_alias, _entry.value)

__all__ = sorted(
    {"merge"}
    | {
        _name
        for _name, _value in globals().items()
        if not _name.startswith("_") and callable(_value) and _value is not older_names
    }
)

layer_graph.install_recorder(operation_call.record)

__getattr__ = older_names(__name__)
