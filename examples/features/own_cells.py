"""Row 1.5: a recurrent cell of one's own, run over time by RNN, and a layer that varies the LSTM."""

import numpy as np

import pipekeras as pk
from pipekeras import ops
from pipekeras.initializers import GlorotUniform, Orthogonal
from pipekeras.layers import LSTM, RNN, Dense, Layer, SimpleRNN

pk.utils.set_random_seed(9)


class MinimalCell(Layer):
    """tanh(x W + h U)."""

    def __init__(self, units, **options):
        super().__init__(**options)
        self.units = self.state_size = units

    def build(self, input_shape):
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], self.units), initializer=GlorotUniform(seed=1))
        self.recurrent_kernel = self.add_weight(
            name="recurrent_kernel", shape=(self.units, self.units), initializer=Orthogonal(seed=2)
        )

    def call(self, inputs, states):
        output = ops.tanh(ops.dot(inputs, self.kernel) + ops.dot(states[0], self.recurrent_kernel))
        return output, [output]


# The language fills arrays column by column.
x = np.sin(np.arange(1, 241)).reshape((10, 6, 4), order="F")
model = pk.Sequential([pk.Input((6, 4))]) | RNN(MinimalCell(3)) | Dense(1, kernel_initializer=GlorotUniform(seed=3))
model.compile("sgd", "mse")
history = model.fit(x, x[:, 5, 0], epochs=3, batch_size=5, verbose=0, shuffle=False).history["loss"]
print("loss", *(f"{value:.4f}" for value in history), "")
print("weights", model.count_params(), "")

rnn = SimpleRNN(3, use_bias=False, kernel_initializer=GlorotUniform(seed=1), recurrent_initializer=Orthogonal(seed=2))
plain = pk.Sequential([pk.Input((6, 4))]) | rnn | Dense(1, kernel_initializer=GlorotUniform(seed=3))
plain.compile("sgd", "mse")
history_plain = plain.fit(x, x[:, 5, 0], epochs=3, batch_size=5, verbose=0, shuffle=False).history["loss"]
print("as built in", str(bool(np.max(np.abs(np.subtract(history, history_plain))) < 1e-5)).upper(), "")


class HalvedLSTM(LSTM):
    """An LSTM whose output is halved."""

    def call(self, sequences, **options):
        return 0.5 * super().call(sequences, **options)


variant, usual = HalvedLSTM(3, seed=4), LSTM(3, seed=4)
half, whole = variant(x), usual(x)
variant.set_weights(usual.get_weights())
assert np.allclose(2 * variant(x).numpy(), whole.numpy(), atol=1e-6) and half.shape == (10, 3)
