"""Row 0.6: several inputs and outputs, a shared layer, a residual link."""

import numpy as np

import pipekeras as pk
from pipekeras.layers import Add, Concatenate, Dense

pk.utils.set_random_seed(2)


def waves(rows, columns):
    return np.sin(np.arange(1, rows * columns + 1)).reshape(rows, columns)


left, right = pk.Input((6,), name="left"), pk.Input((6,), name="right")
shared = Dense(6, activation="relu")
a, b = left | shared, right | shared
linked = [a, left] | Add()
joined = [linked, b] | Concatenate()
score = joined | Dense(1, name="score")
kind = joined | Dense(3, activation="softmax", name="kind")
model = pk.Model([left, right], [score, kind])
print("layers", len(model.layers), "weights", model.count_params(), "")

model.compile(
    optimizer="adam",
    loss={"score": "mse", "kind": "sparse_categorical_crossentropy"},
    loss_weights={"score": 1.0, "kind": 0.5},
)
x = waves(60, 6)
history = model.fit(
    {"left": x, "right": -x},
    {"score": x[:, 0], "kind": np.tile([0, 1, 2], 20)},
    epochs=3, batch_size=20, verbose=0, shuffle=False,
)
print("loss", *(f"{value:.4f}" for value in history.history["loss"]), "")
found = model.predict([x, -x], verbose=0)
print("outputs", *found[0].shape, *found[1].shape, "")
