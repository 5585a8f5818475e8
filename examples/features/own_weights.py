"""Rows 1.3 and 1.7: a layer that owns a variable, and the life of a layer; the image's size is not known before the data."""

import numpy as np

import pipekeras as pk
from pipekeras import backend as K
from pipekeras import ops
from pipekeras.layers import Layer

pk.utils.set_random_seed(7)
x = np.sin(np.arange(1, 31)).reshape(-1, 3)


class Bias(Layer):
    """Add a variable that the layer made by itself."""

    def build(self, input_shape):
        self.shift = K.variable(np.full(input_shape[-1], 0.5))
        self.trainable_weights = [self.shift]

    def call(self, inputs):
        return inputs + self.shift

    def get_output_shape_for(self, input_shape):
        return input_shape


model = pk.Sequential([pk.Input((3,))]) | Bias()
model.compile(pk.optimizers.SGD(0.5), "mse")
model.fit(x, x, epochs=5, batch_size=10, verbose=0)
print("learned", *(f"{value:.4f}" for value in model.get_weights()[0]), "")


class InstanceNormalization(Layer):
    """Every channel of every picture to mean 0 and variance 1."""

    def __init__(self, epsilon=1e-5, **options):
        super().__init__(**options)
        self.epsilon = epsilon

    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=input_shape[-1:], initializer="ones")
        self.offset = self.add_weight(name="offset", shape=input_shape[-1:], initializer="zeros")

    def call(self, inputs):
        mean = ops.mean(inputs, axis=(1, 2), keepdims=True)
        variance = ops.mean(ops.square(inputs - mean), axis=(1, 2), keepdims=True)
        return self.scale * (inputs - mean) / ops.sqrt(variance + self.epsilon) + self.offset

    def get_config(self):
        return super().get_config() | {"epsilon": self.epsilon}


image = pk.Input((None, None, 3))
model = pk.Model(image, image | InstanceNormalization())
pictures = np.sin(np.arange(1, 97)).reshape(2, 4, 4, 3)
found = model.predict(pictures, verbose=0)
print("dim", *found.shape, "weights", model.count_params(), "")
print("mean", str(bool((abs(found.mean(axis=(1, 2))) < 1e-5).all())).upper(),
      "sd", str(bool((abs((found**2).mean(axis=(1, 2)) - 1) < 1e-3).all())).upper(), "")
print("config", f"{model.layers[1].get_config()['epsilon']:.0e}", "")
