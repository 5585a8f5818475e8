"""Rows 4.1 to 4.7: deferred build, models in models, shared embeddings, layers in layers, extra losses, training."""

import numpy as np

import pipekeras as pk
from pipekeras import ops
from pipekeras.layers import (
    BatchNormalization,
    Concatenate,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    GlobalMaxPooling2D,
    Layer,
    Reshape,
)

pk.utils.set_random_seed(18)
late = pk.Sequential() | Dense(8, activation="relu") | Dense(2)
print("before", len(late.weights), end=" ")
late.build((None, 16))
print("after", len(late.weights), late.count_params(), "")

encoder_input = pk.Input((8, 8, 1))
encoder = pk.Model(encoder_input, encoder_input | Conv2D(4, 3, activation="relu") | GlobalMaxPooling2D(), name="encoder")
decoder_input = pk.Input((4,))
decoder = pk.Model(decoder_input, decoder_input | Dense(64) | Reshape((8, 8, 1)), name="decoder")
whole_input = pk.Input((8, 8, 1))
autoencoder = pk.Model(whole_input, decoder(encoder(whole_input)), name="autoencoder")
print("parts", encoder.count_params(), decoder.count_params(), autoencoder.count_params(), "")

words = Embedding(20, 3)
title, body = pk.Input((4,), dtype="int32"), pk.Input((6,), dtype="int32")
joined = [title | words | Reshape((12,)), body | words | Reshape((18,))] | Concatenate()
both = pk.Model([title, body], [joined | Dense(1), joined | Dense(2)])
print("shared", both.count_params(), len(both.outputs), "")


class Scaled(Layer):
    """A dense layer inside, a loss of its own, and twice the output while training."""

    def __init__(self, units, strength=0.1, **options):
        super().__init__(**options)
        self.units, self.strength = units, strength
        self.inner = Dense(units, kernel_initializer="ones", kernel_regularizer=pk.regularizers.L2(0.01))

    def call(self, inputs, training=None):
        self.add_loss(self.strength * ops.sum(ops.abs(inputs)))
        out = self.inner(inputs)
        return out * 2 if training else out

    def get_config(self):
        return super().get_config() | {"units": self.units, "strength": self.strength}


scaled = Scaled(2)
x = ops.convert_to_tensor([[1.0, -2.0], [3.0, 4.0]])
print("values", *(f"{v:g}" for v in scaled(x).numpy()[:, 0]), *(f"{v:g}" for v in scaled(x, training=True).numpy()[:, 0]), "")
losses = sorted(round(float(loss), 4) for loss in scaled.losses)
print("losses", *(f"{loss:g}" for loss in losses), "weights", len(scaled.weights), "")

inputs = pk.Input((2,))
model = pk.Model(inputs, inputs | Scaled(2) | BatchNormalization() | Dropout(0.5))
again = pk.Model.from_config(model.get_config(), custom_objects={"Scaled": Scaled})
print("again", str(again.count_params() == model.count_params()).upper(), "")
square = np.arange(1, 5).reshape((2, 2), order="F")
fixed = model.predict(square, verbose=0)
print("inference", str(bool((fixed == model.predict(square, verbose=0)).all())).upper(), "")


class AutoEncoder(pk.Model):
    """Six numbers through three."""

    def __init__(self):
        super().__init__()
        self.encode, self.decode = Dense(3, activation="relu"), Dense(6)

    def call(self, inputs):
        return self.decode(self.encode(inputs))


model = AutoEncoder()
model.build((None, 6))
print("subclass", len(model.layers), len(model.weights), model.count_params(), "")
