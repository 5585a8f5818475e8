"""Rows 0.1 to 0.5: a sequential model grown by pipes, options of layers, compile, fit, evaluate, predict."""

import numpy as np

import pipekeras as pk
from pipekeras.layers import Dense

pk.utils.set_random_seed(1)


def waves(rows, columns):
    return np.sin(np.arange(1, rows * columns + 1)).reshape(rows, columns)


model = pk.Sequential()
model |= Dense(32, activation="relu", input_shape=(8,), bias_initializer=pk.initializers.Constant(2.0))
model |= Dense(16, activation="tanh", kernel_initializer="orthogonal",
               kernel_regularizer=pk.regularizers.L1(0.001), bias_regularizer=pk.regularizers.L2(0.001))
model |= Dense(2)
print("layers", len(model.layers), "weights", model.count_params(), "")
print("bias", *(int(value) for value in model.get_weights()[1][:3]), "")
kernel = model.get_weights()[0]
print("glorot within", str(bool(abs(kernel).max() <= np.sqrt(6 / (8 + 32)))).upper(), "")

model.compile(optimizer=pk.optimizers.RMSprop(learning_rate=0.01), loss="mse", metrics=["mae"])

x = waves(100, 8)
y = np.column_stack([x.sum(axis=1), x[:, 0]])
fresh = waves(20, 8)
history = model.fit(x, y, epochs=4, batch_size=32, verbose=0,
                    validation_data=(fresh, np.column_stack([fresh.sum(axis=1), fresh[:, 0]])))
print("loss", *(f"{value:.4f}" for value in history.history["loss"]), "")
print("val_loss", *(f"{value:.4f}" for value in history.history["val_loss"]), "")

history = model.fit(x, y, epochs=1, validation_split=0.2, verbose=0)
print("split", *(f"{value:.4f}" for value in history.history["val_loss"]), "")

scores = model.evaluate(x, y, verbose=0, return_dict=True)
print("evaluate", f"{scores['loss']:.4f}", f"{scores['mae']:.4f}", "")
print("predict", *model.predict(x, batch_size=32, verbose=0).shape, "")
batches = pk.data.Dataset.from_tensor_slices((x, y)).batch(25)
scores = model.evaluate(batches, verbose=0, return_dict=True)
print("dataset", f"{scores['loss']:.4f}", "")
