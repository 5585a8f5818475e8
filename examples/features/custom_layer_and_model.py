"""Rows 0.7 and 0.8: a layer and a model as classes."""

import numpy as np

import pipekeras as pk
from pipekeras import ops
from pipekeras.layers import Activation, Dense, Layer

pk.utils.set_random_seed(3)


def waves(rows, columns):
    return np.sin(np.arange(1, rows * columns + 1)).reshape(rows, columns)


class Linear(Layer):
    """A product with a kernel."""

    def __init__(self, output_dim, **options):
        super().__init__(**options)
        self.output_dim = output_dim

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel",
            shape=(input_shape[-1], self.output_dim),
            initializer=pk.initializers.GlorotUniform(seed=5),
            trainable=True,
        )

    def call(self, inputs):
        return ops.dot(inputs, self.kernel)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.output_dim)


model = pk.Sequential([pk.Input((5,))]) | Linear(4) | Activation("relu") | Linear(1)
model.compile("sgd", "mse")
x = waves(40, 5)
history = model.fit(x, x.sum(axis=1), epochs=3, batch_size=10, verbose=0, shuffle=False)
print("weights", model.count_params(), "")
print("loss", *(f"{value:.4f}" for value in history.history["loss"]), "")


class Classes(pk.Model):
    """A hidden layer and class probabilities."""

    def __init__(self, classes):
        super().__init__()
        self.hidden = Dense(8, activation="relu")
        self.out = Dense(classes, activation="softmax")

    def call(self, inputs):
        return inputs | self.hidden | self.out


model = Classes(2)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x, np.tile([0, 1], 20), epochs=2, batch_size=10, verbose=0, shuffle=False)
print("custom", *(f"{value:.4f}" for value in history.history["loss"]), "")
