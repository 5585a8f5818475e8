"""Models of every kind of layer, saved by Keras and read here, and the other way round, in both formats."""

import numpy as np
import pytest

import pipekeras.layers
from pipekeras import saving

keras = pytest.importorskip("keras")
L = keras.layers


def chain(shape, *layers):
    tensor = start = keras.Input(shape)
    for layer in layers:
        tensor = layer(tensor)
    return keras.Model(start, tensor)


def on_input(shape, function):
    start = keras.Input(shape)
    return keras.Model(start, function(start))


def several_states():
    start = keras.Input((5, 2))
    output, *states = L.LSTM(3, return_state=True)(start)
    return keras.Model(start, [output, L.LSTM(3)(start, initial_state=states)])


def shared_inner_model():
    inner = chain((4,), L.Dense(4), L.BatchNormalization())
    start = keras.Input((4,))
    once = inner(start)
    twice = inner(once)
    return keras.Model(start, [L.Dense(1)(twice), twice])


def adapted():
    layer = L.Normalization()
    layer.adapt(np.random.default_rng(0).normal(2.0, 3.0, (20, 4)).astype("float32"))
    return chain((4,), layer)


MODELS = {
    "Dense": lambda: chain((4,), L.Dense(3, activation="gelu", kernel_constraint="max_norm")),
    "Conv1D": lambda: chain((6, 2), L.Conv1D(3, 2, padding="causal", dilation_rate=2)),
    "Conv2D": lambda: chain((8, 8, 2), L.Conv2D(3, 2, strides=2, padding="same"), L.MaxPooling2D(), L.Flatten(), L.Dense(2)),
    "Conv2DTranspose": lambda: chain((4, 4, 2), L.Conv2DTranspose(3, 2, strides=2)),
    "SeparableConv2D": lambda: chain((5, 5, 2), L.SeparableConv2D(3, 2, depth_multiplier=2)),
    "DepthwiseConv2D": lambda: chain((5, 5, 2), L.DepthwiseConv2D(2)),
    "LSTM": lambda: chain((5, 2), L.LSTM(3)),
    "GRU": lambda: chain((5, 2), L.GRU(2, reset_after=False)),
    "Bidirectional": lambda: chain((5, 2), L.Bidirectional(L.LSTM(3))),
    "TimeDistributed": lambda: chain((5, 2), L.TimeDistributed(L.Dense(3))),
    "RNN": lambda: chain((5, 2), L.RNN([L.LSTMCell(3), L.GRUCell(2)])),
    "Embedding": lambda: keras.Sequential([keras.Input((5,)), L.Embedding(10, 3, mask_zero=True), L.LSTM(2)]),
    "LayerNormalization": lambda: chain((4,), L.LayerNormalization(), L.GroupNormalization(2), L.UnitNormalization()),
    "PReLU": lambda: chain((4,), L.PReLU(alpha_initializer="ones"), L.LeakyReLU(negative_slope=0.1), L.ELU(), L.Softmax()),
    "EinsumDense": lambda: chain((4,), L.EinsumDense("ab,bc->ac", 3, bias_axes="c")),
    "Dropout": lambda: chain((4,), L.Dropout(0.3), L.GaussianNoise(0.1), L.AlphaDropout(0.1), L.ActivityRegularization(0.1)),
    "Reshape": lambda: chain((8,), L.Reshape((4, 2)), L.Permute((2, 1)), L.Flatten(), L.RepeatVector(3)),
    "ZeroPadding2D": lambda: chain((4, 4, 2), L.ZeroPadding2D(1), L.Cropping2D(1), L.UpSampling2D(2)),
    "GlobalAveragePooling2D": lambda: chain((4, 4, 2), L.AveragePooling2D((2, 2)), L.GlobalAveragePooling2D()),
    "Rescaling": lambda: chain((4,), L.Rescaling(0.5, 1.0)),
    "Normalization": adapted,
    "SpectralNormalization": lambda: chain((4,), L.SpectralNormalization(L.Dense(3))),
    "Concatenate": lambda: on_input((4,), lambda t: L.Concatenate()([L.Add()([t, t]), L.Dot(-1)([t, t])])),
    "MultiHeadAttention": lambda: on_input((5, 4), lambda t: L.MultiHeadAttention(2, 3)(t, t)),
    "Attention": lambda: on_input((5, 4), lambda t: L.Attention(use_scale=True)([t, t])),
    "AdditiveAttention": lambda: on_input((5, 4), lambda t: L.AdditiveAttention()([t, t])),
    "LSTM with states": several_states,
    "model in a model": shared_inner_model,
    "stack in a stack": lambda: keras.Sequential([keras.Input((4,)), keras.Sequential([L.Dense(3), L.Dense(2)]), L.Dense(1)]),
}


# JAX takes seconds to compile these; equal weights at equal places are enough here.
SLOW = ("LSTM", "GRU", "RNN", "Bidirectional", "Embedding", "LSTM with states")
SLOW += ("MultiHeadAttention", "Attention", "AdditiveAttention", "SpectralNormalization")


def outputs(model, x):
    found = model(x)
    return [np.asarray(part) for part in (found if isinstance(found, (list, tuple)) else [found])]


@pytest.mark.parametrize("name", MODELS)
def test_to_and_fro(name, tmp_path):
    if name.isidentifier() and not hasattr(pipekeras.layers, name):
        pytest.skip(f"pipekeras has no {name} yet")
    keras.utils.set_random_seed(1)
    real = MODELS[name]()
    shape = (3, *real.inputs[0].shape[1:])
    generator = np.random.default_rng(0)
    x = generator.integers(0, 10, shape) if name == "Embedding" else generator.normal(size=shape)
    x = x.astype("float32")
    slow = name in SLOW
    expected = None if slow else outputs(real, x)

    def check(model):
        for one, other in zip(model.get_weights(), real.get_weights(), strict=True):
            np.testing.assert_array_equal(one, other)
        if not slow:
            for one, other in zip(outputs(model, x), expected, strict=True):
                np.testing.assert_allclose(one, other, rtol=0, atol=1e-5)

    for ending in ("keras",) if slow else ("keras", "h5"):
        real.save(tmp_path / f"real.{ending}")
        mine = saving.load_model(tmp_path / f"real.{ending}", compile=False)
        check(mine)
    mine.save(tmp_path / "mine.keras")
    check(keras.saving.load_model(tmp_path / "mine.keras", compile=False))
