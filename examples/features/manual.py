"""Rows 3.1 to 3.5 and 3.8: input shapes, merging, metrics that are functions, batches, shared models, nodes."""

import numpy as np

import pipekeras as pk
from pipekeras import ops
from pipekeras.layers import Add, Average, Concatenate, Dense, Dot, Embedding, Lambda, Multiply, TimeDistributed

pk.utils.set_random_seed(15)
shapes = [
    pk.Sequential([Dense(3, input_shape=(4,))]),
    pk.Sequential([Dense(3, batch_input_shape=(None, 4))]),
    pk.Sequential([Dense(3, input_dim=4)]),
    pk.Sequential([Embedding(10, 3, input_length=4)]),
]
print("weights", *(model.count_params() for model in shapes), "")

a, b = pk.Input((2, 3)), pk.Input((2, 3))
merged = [
    [a, b] | Add(), [a, b] | Concatenate(axis=1), [a, b] | Multiply(), [a, b] | Average(), [a, b] | Dot(axes=2),
    [a, b] | Dot(axes=2, normalize=True), [a, b] | Lambda(lambda both: both[0] - 2 * both[1]),
]
model = pk.Model([a, b], merged)
left = np.sin(np.arange(1, 7)).reshape((1, 2, 3), order="F")
right = np.cos(np.arange(1, 7)).reshape((1, 2, 3), order="F")
for part in model.predict([left, right], verbose=0):
    print(*part.shape, f"{part.sum(dtype=float):.4f}", "")

x = np.sin(np.arange(1, 161)).reshape(-1, 4)
y = (x[:, 0] > 0).astype(int)
model = pk.Sequential([pk.Input((4,))]) | Dense(1, activation="sigmoid")


def spread(y_true, y_pred):
    return ops.max(y_pred) - ops.min(y_pred)


model.compile(pk.optimizers.SGD(0.1, momentum=0.9, nesterov=True), "binary_crossentropy", metrics=["accuracy", spread])
print("batch", *(f"{value:.4f}" for value in model.train_on_batch(x, y)), "")
print("test", *(f"{value:.4f}" for value in model.test_on_batch(x, y)), "")
print("classes", *model.predict_classes(x, verbose=0)[:5, 0], "")
print("probabilities", *(f"{value:.4f}" for value in model.predict_proba(x, verbose=0)[:2, 0]), "")

inner = pk.Sequential([pk.Input((4,))]) | Dense(2)
each = pk.Input((3, 4)) | TimeDistributed(inner)
print("each", *each.shape[1:], "")

shared = Dense(2)
one, two = pk.Input((4,)), pk.Input((4,))
first, second = one | shared, two | shared
print("nodes", *shared.get_output_shape_at(0)[1:], str(shared.get_input_at(1).name == two.name).upper(), "")
