"""A layer of one's own: it makes its weights when it sees its first input, and trains like any other."""

import numpy as np

from pipekeras import Input, Sequential, compile, fit, ops
from pipekeras.layers import Dense, Layer
from pipekeras.saving import load_model
from pipekeras.utils import set_random_seed


class Linear(Layer):
    """A product with a matrix, as Dense without a bias."""

    def __init__(self, output_dim, **kwargs):
        super().__init__(**kwargs)
        self.output_dim = output_dim

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[-1], self.output_dim), initializer="random_normal", trainable=True
        )

    def call(self, inputs):
        return ops.matmul(inputs, self.kernel)


set_random_seed(3)
generator = np.random.default_rng(3)
x = generator.normal(size=(1000, 32))
y = np.eye(10)[(x @ generator.normal(size=(32, 10))).argmax(axis=1)]

history = (
    Sequential([Input((32,))])
    | Linear(output_dim=64)
    | Dense(10, activation="softmax")
    | compile(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])
    | fit(x, y, epochs=20, batch_size=32, verbose=2)
)

history.model.save("linear.keras")
again = load_model("linear.keras", custom_objects={"Linear": Linear})
print("The same after loading:", np.array_equal(again.predict(x, verbose=0), history.model.predict(x, verbose=0)))
