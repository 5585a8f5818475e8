"""Rows 2.3 to 2.5 and 4.8: optimizers, losses and metrics by name and as objects; two clouds of points told apart."""

import numpy as np

import pipekeras as pk
from pipekeras import activations, initializers, losses, metrics, ops, optimizers, regularizers
from pipekeras.layers import Dense

x = np.sin(np.arange(1, 241)).reshape(-1, 4)
labels = np.tile([0, 1, 2], 20)
one_hot = pk.utils.to_categorical(labels, 3)


def try_out(optimizer, loss, measured, y):
    pk.utils.set_random_seed(13)
    hidden = Dense(8, activation=activations.relu, kernel_initializer=initializers.GlorotUniform(seed=1),
                   kernel_regularizer=regularizers.l2(1e-3))
    model = pk.Sequential([pk.Input((4,))]) | hidden | Dense(3, activation="softmax")
    model.compile(optimizer, loss, metrics=measured)
    history = model.fit(x, y, epochs=2, batch_size=20, verbose=0, shuffle=False).history
    print(*(f"{history[name][1]:.4f}" for name in sorted(history)), "")


try_out("sgd", "categorical_crossentropy", ["accuracy"], one_hot)
try_out(optimizers.SGD(0.01), losses.CategoricalCrossentropy(), [metrics.CategoricalAccuracy()], one_hot)
try_out("adagrad", "sparse_categorical_crossentropy", ["sparse_categorical_accuracy"], labels)
try_out(optimizers.Adagrad(), losses.SparseCategoricalCrossentropy(), [metrics.SparseCategoricalAccuracy()], labels)
try_out("rmsprop", "kl_divergence", ["mae", metrics.AUC()], one_hot)
try_out(optimizers.Adam(0.01), "cosine_similarity", [metrics.Precision(), metrics.Recall()], one_hot)


def largest(y_true, y_pred):
    return ops.max(y_pred)


try_out("nadam", "mse", [largest], one_hot)

ring = np.column_stack([np.cos(np.arange(1, 501)), np.sin(np.arange(1, 501))])
points, side = np.concatenate([ring, ring + 3]), np.repeat([0, 1], 500)
pk.utils.set_random_seed(14)
model = pk.Sequential([pk.Input((2,))]) | Dense(1, activation="sigmoid")
model.compile(optimizers.Adam(0.1), "binary_crossentropy", metrics=["binary_accuracy"])
history = model.fit(points, side, epochs=5, verbose=0, validation_data=(points, side))
print("apart", str(history.history["val_binary_accuracy"][4] > 0.99).upper(), "")
direct = model(points[:3]).numpy()
print("same", str(bool((abs(direct - model.predict(points[:3], batch_size=128, verbose=0)) < 1e-6).all())).upper(), "")
