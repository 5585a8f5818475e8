"""Rows 3.6 and 3.7: the layers of the manual and their options."""

import warnings

import numpy as np

import pipekeras as pk
from pipekeras import layers

pk.utils.set_random_seed(16)


def count(layer, *shape):
    model = pk.Sequential([pk.Input(shape), layer])
    print(*model.output_shape[1:], "|", model.count_params(), "")


count(layers.Activation("hard_sigmoid"), 4)
count(layers.Dropout(0.5), 4)
count(layers.Flatten(), 2, 3)
count(layers.Reshape((3, 2)), 6)
count(layers.Permute((2, 1)), 2, 3)
count(layers.RepeatVector(3), 4)
count(layers.ActivityRegularization(l1=0.1), 4)
count(layers.Masking(mask_value=0.0), 3, 2)
count(layers.Highway(activation="tanh"), 4)
count(layers.MaxoutDense(3, nb_feature=2), 4)
count(layers.Conv1D(2, 3, padding="causal", dilation_rate=2), 8, 3)
count(layers.Conv2D(2, (3, 3), strides=(2, 2), padding="same"), 8, 8, 3)
count(layers.Conv2D(2, 3, data_format="channels_first"), 3, 8, 8)
count(layers.MaxPooling1D(2), 8, 3)
count(layers.AveragePooling2D((2, 2)), 8, 8, 3)
count(layers.GlobalMaxPooling1D(), 8, 3)
count(layers.Embedding(10, 3, mask_zero=True), 5)
count(layers.SimpleRNN(4, go_backwards=True, return_sequences=True), 5, 3)
count(layers.GRU(4, dropout=0.1, recurrent_dropout=0.1, unroll=True), 5, 3)
count(layers.LSTM(4, recurrent_activation="hard_sigmoid", unit_forget_bias=True,
                  kernel_constraint=pk.constraints.MaxNorm(2), recurrent_regularizer=pk.regularizers.L2(0.01)), 5, 3)

kernel = np.arange(1, 7).reshape((2, 3), order="F")
model = pk.Sequential([pk.Input((2,)), layers.Dense(3, weights=[kernel, np.array([1, 2, 3])])])
print("initial", *(int(v) for v in model.get_weights()[0].ravel(order="F")), *(int(v) for v in model.get_weights()[1]), "")

stateful = pk.Sequential([layers.LSTM(2, stateful=True, batch_input_shape=(1, 2, 1))])
x = np.array([0.5, -0.5]).reshape(1, 2, 1)
first = stateful.predict(x, batch_size=1, verbose=0)
second = stateful.predict(x, batch_size=1, verbose=0)
stateful.reset_states()
third = stateful.predict(x, batch_size=1, verbose=0)
print("stateful", str(np.array_equal(first, second)).upper(), str(np.array_equal(first, third)).upper(), "")

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    pk.Input((5,)) | layers.Embedding(10, 3, mask_zero=True) | layers.Flatten() | layers.Dense(1)
print("mask", "a mask ends here" if caught else "passed", "")
