"""Rows 1.1 and 1.2: tensor functions of the backend, and a lambda layer made of them."""

import numpy as np

import pipekeras as pk
from pipekeras import backend as K
from pipekeras.layers import Dense, Lambda

pk.utils.set_random_seed(6)
x = np.sin(np.arange(1, 13)).reshape(-1, 4)


def show(name, tensor):
    print(name, *(f"{value:.4f}" for value in np.ravel(K.eval(tensor))), "")


show("mean", K.mean(K.constant(x), axis=1))
show("square", K.sum(K.square(K.constant(x))))
show("kept", K.max(K.constant(x), axis=0, keepdims=True))
show("clip", K.clip(K.constant([-2, 0.5, 3]), 0, 1))
kernel = K.variable(x)
print("shape", *K.int_shape(kernel), "")


def antirectify(x):
    x -= K.mean(x, axis=1, keepdims=True)
    return K.l2_normalize(x, axis=1)


model = pk.Sequential([pk.Input((4,))]) | Lambda(antirectify, output_shape=(4,)) | Dense(1)
model.compile("sgd", "mse")
history = model.fit(x, x[:, 0], epochs=2, batch_size=3, verbose=0)
print("loss", *(f"{value:.4f}" for value in history.history["loss"]), "")
